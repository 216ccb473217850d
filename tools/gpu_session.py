"""Everything that waits for a GPU, in one command of at most nine minutes.

    uv run python tools/gpu_session.py                        on the machine with the GPU
    uv run python tools/gpu_session.py --only tests fused     some of the parts
    uv run python tools/gpu_session.py --dry-run              on a CPU and as small as can be: would it run?

    tests     the tests that are skipped without a GPU
    fused     benchmarks/fused_lif.py --device cuda, against SpikingJelly's Triton kernels
    amp       a training step in float32, float16 and bfloat16: time, memory, gradient
    resnet    a training step of spiking ResNet-18 at 32 x 32 and 224 x 224, ours and SpikingJelly's
    ch11      chapter 11's preset "full", as many of its epochs as the time allows
    ch16      chapter 16's recipe, by the command that the chapter gives

Each part (gpu_parts.py) is a process with a limit of its own: what hangs is ended with all that it started, what fails
stops nothing, and what it found until then is kept. assets/results/gpu_<part>.json gets its figures, how it ended,
machine and versions; a dry run writes to --out only. Exit code 1 where a part failed or was stopped.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "assets" / "results"
MINUTES, MARGIN = 9.0, 10.0  # seconds kept back for writing
DONE, FAILED, STOPPED, LATE = "done", "failed", "stopped at its limit", "no time left"
DRY_PATIENCE = 20  # a dry run may wait for a busy machine
TAIL = 30  # lines of output that are kept of a part that did not end well


@dataclass(frozen=True)
class Part:
    """Something to run.

    Args:
        name: what it is called; its result is gpu_<name>.json.
        limit: seconds after which it is ended.
        least: seconds without which it is not worth starting; the parts before leave it so many.
        command: arguments for Python, from the checkout; {json}, {seconds} and {device} are filled in.
        small: the same for a dry run.
    """

    name: str
    limit: float
    least: float
    command: tuple[str, ...]
    small: tuple[str, ...]


def _own(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    command = ("tools/gpu_parts.py", name, "--json", "{json}", "--seconds", "{seconds}", "--device", "{device}")
    return command, (*command, "--small")


FUSED = ("benchmarks/fused_lif.py", "--device", "{device}", "--json", "{json}")
PARTS = (
    Part("tests", 120, 20, *_own("tests")),
    Part("fused", 120, 30, (*FUSED, "--rounds", "5"), (*FUSED, "--check")),
    Part("amp", 50, 15, *_own("amp")),
    Part("resnet", 70, 20, *_own("resnet")),
    Part("ch11", 170, 40, *_own("ch11")),
    Part("ch16", 300, 60, *_own("ch16")),
)


def session(parts: Sequence[Part], out: Path, seconds: float, device: str, small: bool) -> dict[str, str]:
    """Run the parts one after another, write their results, and return how each ended."""
    deadline, ended, about = time.monotonic() + seconds - MARGIN, {}, surroundings(device)
    out.mkdir(parents=True, exist_ok=True)
    for n, part in enumerate(parts):
        left = deadline - time.monotonic() - sum(later.least for later in parts[n + 1 :])
        allowed = min(part.limit * (DRY_PATIENCE if small else 1), left)
        print(f"== {part.name} (at most {max(0, allowed):.0f} s)", flush=True)
        result = run(part, allowed, device, small) if allowed >= part.least else {"status": LATE}
        report = {"part": part.name, **result, "dry_run": small, **about}
        (out / f"gpu_{part.name}.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        print(*result.get("output", []), f"   {result['status']}, {result.get('seconds', 0)} s", sep="\n", flush=True)
        ended[part.name] = result["status"]
    return ended


def run(part: Part, allowed: float, device: str, small: bool) -> dict[str, Any]:
    """Run a part in a process of its own for so many seconds at most, and return its result."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        found, log = Path(folder, "figures.json"), Path(folder, "log")
        words = {"{json}": str(found), "{seconds}": f"{allowed - min(8, allowed / 4):.0f}", "{device}": device}
        command = [words.get(word, word) for word in (part.small if small else part.command)]
        start = time.monotonic()
        with log.open("wb") as file:
            code = _watched([sys.executable, "-W", "ignore", *command], file, allowed)
        result = {"status": {None: STOPPED, 0: DONE}.get(code, FAILED), "seconds": round(time.monotonic() - start, 1)}
        result |= {"limit": round(allowed, 1), "command": " ".join(part.small if small else part.command)}
        if code != 0:
            result["output"] = _anonymous(log.read_text(encoding="utf-8", errors="replace")).splitlines()[-TAIL:]
        return result | {"figures": _figures(found)}


def _watched(command: list[str], log: Any, allowed: float) -> int | None:
    """The exit code of a process, or None if it and all that it started had to be ended."""
    own_group = {} if os.name == "nt" else {"start_new_session": True}
    env = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "COURSE_SNN_LANG": "en"}
    process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env=env, **own_group)
    try:
        return process.wait(allowed)
    except subprocess.TimeoutExpired:
        return None
    finally:
        _end(process)


def _end(process: subprocess.Popen) -> None:
    """End a process, if it runs, and what it started."""
    if os.name == "nt":
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):  # of what has ended; macOS refuses zombies
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _figures(path: Path) -> Any:
    """What a part wrote, without what the report says anyway."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return {key: value for key, value in found.items() if key not in ("machine", "versions")}


def _anonymous(text: str) -> str:
    """Output without folders of this machine: results are published."""
    places = {str(ROOT): ".", sys.prefix: "<python>", sys.base_prefix: "<python>", str(Path.home()): "~"}
    for place, name in places.items():
        text = text.replace(place, name)
    return text.replace(tempfile.gettempdir(), "<tmp>")


def surroundings(device: str) -> dict[str, Any]:
    """Machine and versions, those of CUDA included."""
    import torch

    from course_snn.course.machine import data_source, machine, versions

    cuda = torch.version.cuda if device == "cuda" else None
    try:
        triton = metadata.version("triton")
    except metadata.PackageNotFoundError:
        triton = None
    return {
        "device": device,
        "machine": machine(),
        "data": data_source()["sets"],
        "versions": versions() | {"cuda": cuda, "triton": triton},
    }


def main() -> int:
    import torch

    names = [part.name for part in PARTS]
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", nargs="+", choices=names, default=names, help="some of the parts")
    parser.add_argument("--minutes", type=float, default=MINUTES, help=f"for all of it (default {MINUTES:g})")
    parser.add_argument("--dry-run", action="store_true", help="on the CPU, as small as can be")
    parser.add_argument("--out", type=Path, help="where results go (default assets/results; none in a dry run)")
    options = parser.parse_args()
    if not options.dry_run and not torch.cuda.is_available():
        print("there is no GPU that torch can use; --dry-run tries everything out on the CPU")
        return 2
    with tempfile.TemporaryDirectory() as nowhere:
        out = options.out or (Path(nowhere) if options.dry_run else RESULTS)
        parts = [part for part in PARTS if part.name in options.only]
        seconds = 60 * options.minutes * (DRY_PATIENCE if options.dry_run else 1)
        ended = session(parts, out, seconds, "cpu" if options.dry_run else "cuda", options.dry_run)
    print(*(f"{name}: {how}" for name, how in ended.items()), sep="\n")
    return int(any(how in (FAILED, STOPPED) for how in ended.values()))


if __name__ == "__main__":
    sys.exit(main())
