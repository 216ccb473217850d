"""A training step of spiking ResNet-18 at T = 4 against SpikingJelly's on the CPU: forward, backward, SGD.

    uv run python benchmarks/large_scale.py [--rounds 9] [--threads 1] [--cpu] [--json FILE]

Both sides (large_scale_sides.py) have the same weights, images and loss, and take turns of one step, each in a process
of its own.

    ratio       median over the rounds of (their time / our time in the same round), and its quartiles
    last        the same against SpikingJelly with the channels last in memory too
    bound       (their time / time of their convolutions, by torch's profiler): the ratio of a library that spent no
                time on anything else, if its convolutions were no faster
    kept        MiB that autograd keeps for the backward pass
    peak        growth of the largest resident memory by a step (Linux): median of five processes of their own, for it
                changes by up to two thirds from one to the next; glibc does not always fill a gap with what fits in
    gradient    relative norm of the difference of all gradients in a first step, theirs to ours, the channels first and
                an image for each step, so that both round alike; and theirs to theirs with weights that differ by 1e-7:
                in a deep spiking network in training one spike more changes all that follow

Then the cost of ours for 2 and 4 times as many time steps, and samples: time and memory per step and sample, relative
to the first. Targets: ratio >= 1.3, peak at most half, cost linear (at most 1.15 times as much for each).
Exit code 1 where one is missed.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from large_scale_sides import Case, gradient, parts, step_of
from turns import in_turns, quartiles

from course_snn.course.machine import machine, versions

CASES = {
    "32x32, ImageNet stem": Case("imagenet", 32, 64),
    "32x32, CIFAR stem": Case("cifar", 32, 16),
    "112x112": Case("imagenet", 112, 8),
}
RATIO, MEMORY, LINEAR, TOLERANCE = 1.3, 0.5, 1.15, 1e-3
PROCESSES = {"peak": 5, "kept": 1}
SMALL = Case("cifar", 16, 8, 2)


def alone(what: str, side: str, case: Case) -> float | None:
    """``what`` ("peak" or "kept") of one side in fresh processes, the median; None where the system does not tell."""
    if what == "peak" and not Path("/proc/self/clear_refs").exists():
        return None
    script = Path(__file__).with_name("large_scale_sides.py")
    command = [sys.executable, "-W", "ignore", script, what, side, *map(str, case)]
    found = (subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(PROCESSES[what]))
    return statistics.median(float(done.stdout) for done in found)


def agreement(case: Case) -> tuple[float, float]:
    """Relative norms of the difference of all gradients: of ours to theirs, and of theirs after a change of 1e-7."""
    case = case._replace(batch=4)
    theirs = gradient("theirs", case)
    others = gradient("ours", case), gradient("theirs", case, jitter=1e-7)
    return tuple(((g - theirs).norm() / theirs.norm()).item() for g in others)


def compare(case: Case, rounds: int, threads: int, clock: Callable[[], float]) -> dict[str, float | dict | None]:
    """The steps in turns, where their time goes, and memory."""
    sides = {side: (side, case, threads) for side in ("theirs", "ours", "theirs last")}
    times = in_turns(step_of, sides, rounds, 0.0, clock)
    low, ratio, high = quartiles(times["theirs"], times["ours"])
    spent, (difference, chaos) = {side: parts(side, case) for side in ("theirs", "ours")}, agreement(case)
    return {
        **{f"{side}_ms": 1000 * statistics.median(t) for side, t in times.items()},
        **{"ratio": ratio, "ratio_low": low, "ratio_high": high},
        "ratio_last": quartiles(times["theirs last"], times["ours"])[1],
        "bound": sum(spent["theirs"].values()) / spent["theirs"]["convolution"],
        **{"gradient": difference, "gradient_after_1e-7": chaos},
        **{f"{what}_{side}": alone(what, side, case) for what in ("kept", "peak") for side in ("theirs", "ours")},
        "parts_ms": {side: {what: round(ms, 1) for what, ms in found.items()} for side, found in spent.items()},
    }


def missed(r: dict) -> list[str]:
    """Which targets a case misses."""
    found = ["ratio"] if r["ratio"] < RATIO else []
    found += ["gradient"] if r["gradient"] > TOLERANCE else []
    return found + (["peak"] if r["peak_theirs"] and r["peak_ours"] > MEMORY * r["peak_theirs"] else [])


def show(name: str, r: dict) -> None:
    """Print a case: a line of figures, and a line for each side's time."""
    print(
        f"{name:20} {r['theirs_ms']:8.0f} {r['ours_ms']:8.0f} {r['ratio']:6.2f} {r['ratio_low']:6.2f}-"
        f"{r['ratio_high']:.2f} {r['ratio_last']:6.2f} {r['bound']:6.2f} "
        f"{r['gradient']:8.0e}, {r['gradient_after_1e-7']:.0e} "
        f"{r['kept_ours']:7.0f} of {r['kept_theirs']:5.0f} {r['peak_ours'] or 0:7.0f} of {r['peak_theirs'] or 0:5.0f}"
        f"  {'missed: ' if missed(r) else ''}{', '.join(missed(r))}",
        flush=True,
    )
    for side, found in r["parts_ms"].items():
        print(f"    {side:6} " + ", ".join(f"{what} {ms:.0f}" for what, ms in found.items()) + " ms")


def growth(rounds: int, threads: int, clock: Callable[[], float]) -> dict[str, dict[str, float | None]]:
    """Time and peak memory of ours per time step and sample, relative to the smallest."""
    cases = {"1": SMALL}
    for times in (2, 4):
        cases[f"T x {times}"] = SMALL._replace(steps=times * SMALL.steps)
        cases[f"N x {times}"] = SMALL._replace(batch=times * SMALL.batch)
    seconds = in_turns(step_of, {name: ("ours", case, threads) for name, case in cases.items()}, rounds, 0.3, clock)
    memory = {name: alone("peak", "ours", case) for name, case in cases.items()}
    found = {}
    for name, case in cases.items():
        samples = case.batch * case.steps / (SMALL.batch * SMALL.steps)
        time = statistics.median(a / b for a, b in zip(seconds[name], seconds["1"], strict=True)) / samples
        found[name] = {"time": time, "peak": memory["1"] and memory[name] / memory["1"] / samples}
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="rounds for each case (default 9)")
    parser.add_argument("--threads", type=int, default=1, help="threads of each side (default 1)")
    parser.add_argument("--cpu", action="store_true", help="processor time in place of the wall's: on a busy machine")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    clock = time.process_time if options.cpu else time.perf_counter
    print(f"{options.threads} threads, load {os.getloadavg()[0]:.1f}, torch {torch.__version__}")
    print(
        f"{'':20} {'theirs':>8} {'ours':>8} {'ratio':>6} {'quartiles':>11} {'last':>6} {'bound':>6} {'gradient':>15} "
        f"{'kept':>16} {'peak':>16}  [ms, MiB]"
    )
    cases, failed = {}, False
    for name, case in CASES.items():
        if options.only in name:
            cases[name] = compare(case, options.rounds, options.threads, clock)
            show(name, cases[name])
            failed |= bool(missed(cases[name]))
    print("per time step and sample, relative to T = 2, N = 8:")
    linear = growth(options.rounds, options.threads, clock)
    for name, r in linear.items():
        too_much = any((value or 0) > LINEAR for value in r.values())
        print(f"    {name:6} time {r['time']:.2f}, peak {r['peak'] or 0:.2f}{'  missed' if too_much else ''}")
        failed |= too_much
    if options.json:
        report = {"machine": machine(), "versions": versions(), "rounds": options.rounds, "threads": options.threads}
        report |= {"clock": clock.__name__, "load": round(os.getloadavg()[0], 1)}
        report |= {"cases": {name: rounded(r) for name, r in cases.items()}, "linear": linear}
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return int(failed)


def rounded(r: dict) -> dict:
    """Three digits are enough."""
    return {key: float(f"{value:.3g}") if isinstance(value, float) else value for key, value in r.items()}


if __name__ == "__main__":
    sys.exit(main())
