"""The parts of gpu_session.py that are no programs of their own; each writes what it has found as it goes on.

uv run python tools/gpu_parts.py amp --json FILE [--device cpu --small --seconds 60]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import torch
from gpu_steps import Step, T, chapter11, our_resnet, sgd, their_resnet
from torch.nn import functional as F

from course_snn import data, functional, training

ROOT = Path(__file__).resolve().parents[1]
RECIPE = ["--model", "sew_resnet18", "--train-crop-size", "32", "--lr", "0.1"]
FULL = "--data cifar10 --T 4 --epochs 30 -b 128 --amp fp16 --channels-last -j 8"
Save = Callable[[dict[str, Any]], None]


class Case(NamedTuple):
    """A training step: its network's stem, rows of an image, images."""

    stem: str
    size: int
    batch: int


CASES = {"32x32": Case("cifar", 32, 128), "224x224": Case("imagenet", 224, 32)}
SMALL = {"32x32": Case("cifar", 8, 2)}


class Options(NamedTuple):
    """How a part is run: where, until when, whether as small as can be."""

    device: str
    until: float
    small: bool

    @property
    def left(self) -> float:
        """Seconds."""
        return self.until - time.monotonic()


def tests(options: Options, save: Save) -> int:
    """Run the tests that need a GPU: those of that name, in the files that ask for one."""
    import pytest

    files = [
        str(path) for path in sorted((ROOT / "tests").rglob("test_*.py")) if "needs a GPU" in path.read_text("utf-8")
    ]
    report = Path(sys.argv[sys.argv.index("--json") + 1]).with_suffix(".xml")
    chosen = ["-k", "gpu and float16"] if options.small else ["-k", "gpu"]
    code = pytest.main(["-q", "-n0", "-p", "no:cacheprovider", f"--junitxml={report}", *chosen, *files])
    suite = next(ET.parse(report).getroot().iter("testsuite"))
    failed = [case.get("name") for case in suite.iter("testcase") if {"failure", "error"} & {part.tag for part in case}]
    save({key: int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped")} | {"failed": failed})
    return int(code)


def amp(options: Options, save: Save) -> None:
    """Time a step of chapter 11's network in three precisions, and compare gradients with those of float32."""
    wide, batch = ((4, 8, 16), 4) if options.small else ((128, 128, 2048), 128)
    x, labels = torch.rand(batch, 1, 28, 28, device=options.device), torch.arange(batch, device=options.device) % 10
    found, exact = {}, None
    for dtype in (torch.float32, torch.bfloat16) if options.small else (torch.float32, torch.float16, torch.bfloat16):
        torch.manual_seed(0)
        net = chapter11(*wide).to(options.device)
        step = Step(net, partial(functional.unroll, net, T=T), functional.reset_net, dtype)
        first = step.gradient(x, labels)
        exact = first if exact is None else exact
        name = str(dtype).removeprefix("torch.")
        found[name] = step.measured(x, labels, 0 if options.small else options.left / 6)
        found[name]["gradient_cosine"] = round(F.cosine_similarity(first, exact, 0).item(), 4)
        save(found)


def resnet(options: Options, save: Save) -> None:
    """Time a step of spiking ResNet-18, ours and SpikingJelly's, in float32 and mixed precision."""
    cases = SMALL if options.small else CASES
    found: dict[str, Any] = {name: {"batch": case.batch, "T": T} for name, case in cases.items()}
    turns = len(cases) * (2 if options.small else 4)
    for name, case in cases.items():
        x, labels = torch.rand(case.batch, 3, case.size, case.size), torch.arange(case.batch) % 10
        x, labels = x.to(options.device, memory_format=torch.channels_last), labels.to(options.device)
        for side, make in {"ours": our_resnet, "theirs": their_resnet}.items():
            for dtype in (torch.float32,) if options.small else (torch.float32, torch.float16):
                torch.manual_seed(0)
                net, run, reset = make(case.stem, options.small)
                net.to(options.device, memory_format=torch.channels_last)
                how = f"{side} {str(dtype).removeprefix('torch.')}"
                found[name][how] = Step(net, run, reset, dtype).measured(
                    x, labels, 0 if options.small else options.left / turns
                )
                save(found)
                turns -= 1


def ch11(options: Options, save: Save) -> None:
    """Train chapter 11's network of the preset "full" by its recipe, until the time is up."""
    train, test = data.fashion_mnist()
    rest, kept = data.split(train, 0.1)
    if options.small:
        rest, kept, test = rest.subset(64), kept.subset(32), test.subset(32)
    epochs, wide = (2, (2, 2, 8)) if options.small else (64, (128, 128, 2048))
    torch.manual_seed(0)
    net = chapter11(*wide, rate_output=True)
    found: dict[str, Any] = {"planned_epochs": epochs, "data": train.source, "epochs": []}

    def after(row: training.Epoch) -> None:
        figures = {"seconds": round(row.seconds, 2), "train_loss": round(row.train_loss, 4)}
        found["epochs"].append(figures | {"validation_accuracy": row.validation_accuracy})
        save(found)
        if options.left < 1.5 * row.seconds + 5:
            raise TimeUp

    how = {"T": T, "batch_size": 128, "lr": 0.1, "optimizer": sgd, "schedule": "cosine", "loss": training.rate_mse}
    how |= {"amp": options.device == "cuda", "device": options.device, "progress": False}
    with contextlib.suppress(TimeUp):
        training.fit(net, rest, validation=kept, epochs=epochs, on_epoch=after, **how)
    found["test_accuracy"] = training.evaluate(net, test, T=T, device=options.device, loss=training.rate_mse).accuracy
    save(found)


def ch16(options: Options, save: Save) -> int:
    """Train by the command that chapter 16 gives, until the time is up; the lines that it prints are the figures."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        recipe = [*RECIPE, *FULL.split()]
        if options.small:
            recipe = [*RECIPE, "--data", drawn(Path(folder, "pictures")), *["--T", "1", "--epochs", "1", "-b", "4"]]
        module = ["-m", "course_snn.training.large", *recipe, "--device", options.device]
        command = [sys.executable, "-W", "ignore", *module, "--output-dir", str(Path(folder, "logs"))]
        found: dict[str, Any] = {"command": " ".join(recipe).replace(folder, "…"), "epochs": [], "test": None}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
            clock = threading.Timer(options.left, process.terminate)
            clock.start()
            for line in process.stdout:
                if re.match(r"\d+/\d+  ", line):
                    found["epochs"].append(line.strip())
                elif line.startswith("test  "):
                    found["test"] = line.strip()
                save(found)
            clock.cancel()
    return 0 if found["epochs"] else 1


def drawn(folder: Path) -> str:
    """Write a few of the pictures that stand in for CIFAR-10 as a folder of images, and return its path."""
    from torchvision.transforms.functional import to_pil_image

    from course_snn.data.textures import textures

    for part, (images, labels) in zip(("train", "val"), textures(), strict=True):
        for n in range(8):
            place = folder / part / str(labels[n].item())
            place.mkdir(parents=True, exist_ok=True)
            to_pil_image(images[n]).save(place / f"{n}.png")
    return str(folder)


class TimeUp(Exception):
    """No time for another epoch."""


PARTS = {part.__name__: part for part in (tests, amp, resnet, ch11, ch16)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("part", choices=PARTS)
    parser.add_argument("--json", type=Path, required=True, help="where the figures go")
    parser.add_argument("--device", default="cuda", choices=["cpu", "cuda"])
    parser.add_argument("--seconds", type=float, default=60, help="how long it may take")
    parser.add_argument("--small", action="store_true", help="as small as can be")
    given = parser.parse_args()

    def save(found: dict[str, Any]) -> None:
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")

    options = Options(given.device, time.monotonic() + given.seconds, given.small)
    return PARTS[given.part](options, save) or 0


if __name__ == "__main__":
    sys.exit(main())
