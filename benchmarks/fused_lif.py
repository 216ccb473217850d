"""The fused LIF neuron against SpikingJelly's multi-step LIF: a forward and a backward pass.

    uv run python benchmarks/fused_lif.py [--rounds 15] [--json FILE]
    uv run python benchmarks/fused_lif.py --device cuda     on a GPU, where SpikingJelly takes its Triton kernels
    uv run python benchmarks/fused_lif.py --check           do the two agree? Nothing is measured

Both get the same input [T, N, F] and the same gradient of the spikes, hard reset, tau = 2, with the surrogate that
SpikingJelly takes when none is given (Sigmoid(4)). The two take turns of a tenth of a second, each in a process of its
own, as a training loop would run them. (``--alone``: one pass at a time.)

    ratio    median over the rounds of (their time / our time in the same round), and its quartiles; ours keeps some
             of the memory that a pass frees (course_snn.kernel.memory), which is part of why it is faster
    fit      the same with our passes run as ``training.fit`` runs them (kept_memory); "both": theirs as well, so that
             what the memory brings is on both sides
    copy     our time over the time of copying the input once: 5 passes over memory (read x and write s; read x and
             the gradient, write the gradient) are what the arithmetic alone cannot avoid, about 2.5 copies
    peak     growth of the largest resident memory in a fresh process that runs one such pass, in MiB (Linux)
    first    seconds from the first fused call to its result in a fresh process, the compiled loops on disk

Targets: ratio >= 8 at the first three shapes, 20 at the last; peak not above theirs; first < 1 s; on a GPU ratio >= 1.
Exit code 1 where one is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import torch
from spikingjelly.activation_based import functional as sj_functional
from spikingjelly.activation_based import neuron as sj
from turns import in_turns, quartiles, seconds

from course_snn import kernel
from course_snn.course.machine import machine, versions
from course_snn.neuron import LIFNode
from course_snn.surrogate import Sigmoid

TARGETS = {(16, 32, 8192): 8.0, (4, 64, 25088): 8.0, (8, 256, 1024): 8.0, (100, 128, 10): 20.0}
TURN = 0.1  # seconds
FIRST_CALL = """
import time, torch
from course_snn.neuron import LIFNode
x = torch.rand(4, 8, 100)
start = time.perf_counter()
LIFNode().sequence(x)
print(time.perf_counter() - start)
"""


def pass_of(side: str, shape: tuple[int, ...], device: str = "cpu") -> Callable[[], torch.Tensor]:
    """A function that runs forward and backward once and returns the gradient of the input."""
    x = torch.randn(shape, generator=torch.Generator().manual_seed(0)).to(device).requires_grad_()
    grad = torch.ones(shape, device=device)
    ours, theirs = LIFNode(surrogate=Sigmoid(4.0)).to(device), sj.LIFNode(step_mode="m").to(device)

    def run() -> torch.Tensor:
        x.grad = None
        if side == "ours":
            ours.reset()
            ours.sequence(x).backward(grad)
        else:
            sj_functional.reset_net(theirs)
            theirs(x).backward(grad)
        if device == "cuda":
            torch.cuda.synchronize()
        return x.grad

    return run


def agree(shape: tuple[int, ...], device: str) -> None:
    """Raise an AssertionError unless both give the same gradient."""
    ours, theirs = pass_of("ours", shape, device), pass_of("theirs", shape, device)
    torch.testing.assert_close(ours(), theirs(), rtol=1e-4, atol=1e-5)


def compare(shape: tuple[int, ...], rounds: int, turn: float, device: str) -> dict[str, float]:
    """The two in turns, after a check that they agree."""
    agree(shape, device)
    sides = {f"{side}{how}": (side, shape, device) for side in ("theirs", "ours") for how in ("", " kept")}
    times = in_turns(pass_of, sides, rounds, turn)
    source, copy = torch.randn(shape, device=device), torch.empty(shape, device=device)

    def copy_once() -> None:
        copy.copy_(source)
        if device == "cuda":
            torch.cuda.synchronize()

    copies = [seconds(copy_once, turn) for _ in range(rounds)]
    low, ratio, high = quartiles(times["theirs"], times["ours"])
    theirs_ms, ours_ms, kept_ms = (1000 * statistics.median(times[side]) for side in ("theirs", "ours", "ours kept"))
    return {
        "theirs_ms": theirs_ms,
        "ours_ms": ours_ms,
        "ratio": ratio,
        "ratio_low": low,
        "ratio_high": high,
        "ours_kept_ms": kept_ms,
        "ratio_fit": quartiles(times["theirs"], times["ours kept"])[1],
        "ratio_both_kept": quartiles(times["theirs kept"], times["ours kept"])[1],
        "copy": ours_ms / (1000 * statistics.median(copies)),
    }


def child(*arguments: str, **environment: str) -> str:
    """Standard output of a fresh Python with ``arguments``."""
    env = os.environ | environment
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return subprocess.run([sys.executable, *arguments], check=True, capture_output=True, text=True, env=env).stdout


def peak(side: str, shape: tuple[int, ...], device: str) -> float | None:
    """Growth of the largest memory by one pass, in MiB; None where the system does not tell (not Linux)."""
    if device == "cuda":
        run = pass_of(side, shape, device)
        run()
        torch.cuda.reset_peak_memory_stats()
        before = torch.cuda.memory_allocated()
        run()
        return (torch.cuda.max_memory_allocated() - before) / 2**20
    if not Path("/proc/self/clear_refs").exists():
        return None
    return float(child(__file__, "--peak", side, *map(str, shape)))


def print_peak(side: str, *shape: str) -> None:
    def largest() -> float:
        return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) / 1024

    pass_of(side, (2, 2, 2))()  # what is loaded once does not count
    run = pass_of(side, tuple(map(int, shape)))
    Path("/proc/self/clear_refs").write_text("5")  # the largest so far is forgotten
    before = largest()
    run()
    print(largest() - before)


def first_call() -> float:
    """Seconds of the first fused call of a fresh process, where an earlier one has left its compiled files."""
    with tempfile.TemporaryDirectory() as folder:
        return min(float(child("-c", FIRST_CALL, PYTHONPYCACHEPREFIX=folder)) for _ in range(4))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=15, help="rounds for each shape (default 15)")
    parser.add_argument("--device", default="cpu", choices=["cpu", "cuda"], help="where both run (default cpu)")
    parser.add_argument("--alone", action="store_true", help="take turns after each single pass")
    parser.add_argument("--check", action="store_true", help="compare the gradients at a small shape, and no times")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--peak", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        print_peak(*options.peak)
        return 0
    if not kernel.available(options.device):
        print(f"there is no fused path to measure on {options.device}: numba, Triton or the device is missing")
        return 1
    if options.check:
        agree((5, 3, 40), options.device)
        return 0
    print(f"{torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f}, torch {torch.__version__}")
    print(
        f"{'[T, N, F]':18} {'theirs':>9} {'ours':>9} {'ratio':>6} {'quartiles':>12} {'fit':>5} {'both':>5} {'copy':>5} "
        f"{'peak MiB':>14}  [ms]"
    )
    results, missed = {}, 0
    for shape, target in TARGETS.items():
        r = compare(shape, options.rounds, 0.0 if options.alone else TURN, options.device)
        r |= {f"peak_{side}": peak(side, shape, options.device) for side in ("ours", "theirs")}
        miss = (
            r["ratio"] < (target if options.device == "cpu" else 1)
            or (r["peak_ours"] or 0) > (r["peak_theirs"] or 0) + 1
        )
        missed += miss
        spread = f"{r['ratio_low']:.1f}-{r['ratio_high']:.1f}"
        print(
            f"{list(shape)!s:18} {r['theirs_ms']:9.2f} {r['ours_ms']:9.2f} {r['ratio']:6.1f} {spread:>12} "
            f"{r['ratio_fit']:5.1f} {r['ratio_both_kept']:5.1f} {r['copy']:5.1f} "
            f"{r['peak_ours'] or 0:6.0f} {r['peak_theirs'] or 0:7.0f}{'  missed' if miss else ''}"
        )
        results["x".join(map(str, shape))] = {key: value and round(value, 2) for key, value in r.items()}
    first = first_call()
    print(f"first fused call of a process: {first:.2f} s")
    if options.json:
        report = {"machine": machine(), "versions": versions(), "rounds": options.rounds, "alone": options.alone}
        report |= {
            "device": options.device,
            "threads": torch.get_num_threads(),
            "first_call_seconds": round(first, 2),
            "shapes": results,
        }
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return int(missed > 0 or first >= 1)


if __name__ == "__main__":
    sys.exit(main())
