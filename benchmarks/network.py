"""course_snn.network against SPAIC and BindsNET: the same networks, data, weights, loss, optimiser and threads.

    uv run --no-sync python benchmarks/network.py --setup [--peers FOLDER]      once: the peers' environments
    uv run --no-sync python benchmarks/network.py [--peers FOLDER] [--rounds 9] [--only training] [--json FILE]

training   a step (input, run, loss, backward, optimiser) of 784-100-10 with latency code on batches of 100 digits,
           clif and lif; T = 20 is 20 ms at dt = 1, T = 200 is 20 ms at SPAIC's default dt = .1: time constants are in
           ms (a = exp(-dt/tau)), the delay is one step (.1 ms then), inputs are not scaled by dt. SPAIC clamps the V0
           of clif to 1, so it gets weights and a learning rate times 6.75, which is the same network; it trains V0 too.
loop       1,000 + 1,000 lif neurons, each group connected to the other (delay 1), 100 inputs, forward only, T = 100.
           BindsNET's LIFNodes with rest, reset and refractory time 0 are the same neuron, but it keeps voltage,
           refractory count and spikes of a run, and a monitor's record, where SPAIC and we count spikes.
time       our training step for T = 50 ... 800.
build      1,000 groups of 10 neurons and 3,000 random connections: made, and built.
touching   adding, replacing and deleting a group with connections in networks of 100, 1,000 and 4,000 groups.
parts      copying, selecting, merging and deleting parts of 10, 100 and 1,000 groups.

Sides that ran a case agree first: "same" is the share of samples whose spike counts are all equal (a voltage that
rounding carries over the threshold changes one), and losses and gradients of the first step are kept in the report.
Then they take turns, each in a process of its own. ratio: median over the rounds of (their time / ours in the same
round), and its quartiles; cpu the same of the processor's time, which other programs disturb less (with more threads
it counts their waiting). More threads than idle cores wait for each other: look at the load that is printed.
Targets: training >= 4; loop >= 1; twice the steps at most 2.2 times the time; build < 2 s; same >= 90 %. Exit code 1
where one is missed or a side cannot run.
"""

from __future__ import annotations

import argparse
import functools
import json
import math
import os
import tempfile
from pathlib import Path

import peers
import torch
from peers import OURS, PeerError, Side

from course_snn import data
from course_snn.course.machine import data_source, machine, versions

BATCHES, BATCH, LEARNING_RATE = 8, 100, 0.01
W_MEAN, W_STD = 0.005, 0.15  # SPAIC's .05 leaves clif silent (spaic_silence.py)
INPUTS, LOOP, LOOP_T = 100, 1000, 100
STEPS = 50, 100, 200, 400, 800
LARGE, TOO_SLOW, SAME = 4.0, 2.2, 0.9


@functools.cache
def mnist() -> data.Images:
    return data.mnist()[0].subset(BATCHES * BATCH)


def digits(T: int) -> dict[str, torch.Tensor]:
    """Batches of MNIST on T grey levels, which every latency code, rounding or truncating, puts on the same step."""
    shown, g = mnist(), torch.Generator().manual_seed(0)
    x, last = shown.images.reshape(BATCHES, BATCH, 784).float(), T - 1
    step = (last * (1 - x)).round()
    x = torch.where(step == 0, 1.0, torch.where(step == last, 0.0, 1 - (step + 0.25) / last))
    w1, w2 = (W_MEAN + W_STD * torch.randn(shape, generator=g) for shape in ((100, 784), (10, 100)))
    return {"images": x, "labels": shown.labels.reshape(BATCHES, BATCH).long(), "w1": w1, "w2": w2}


def loop(batch: int) -> dict[str, torch.Tensor]:
    """Input spikes [T, N, 100] and weights with which both groups fire in about 9 % of the steps."""
    g = torch.Generator().manual_seed(0)
    w_in = 0.02 + 0.2 * torch.randn(LOOP, INPUTS, generator=g)
    w_ab, w_ba = (0.05 * torch.randn(LOOP, LOOP, generator=g) for _ in range(2))
    spikes = (torch.rand(LOOP_T, batch, INPUTS, generator=g) < 0.1).float()
    return {"w_in": w_in, "w_ab": w_ab, "w_ba": w_ba, "spikes": spikes}


class Bench:
    """One run: options, a folder for data, the report."""

    def __init__(self, options: argparse.Namespace, scratch: Path) -> None:
        self.options, self.scratch, self.place = options, scratch, peers.folder(options.peers)
        self.cases, self.versions, self.missing, self.missed = {}, {}, {}, []

    def stored(self, tensors: dict[str, torch.Tensor]) -> str:
        path = self.scratch / "data.pt"
        torch.save(tensors, path)
        return str(path)

    def sides(self, names: list[str], threads: int) -> dict[str, Side]:
        """Those that have an environment."""
        for name in names:
            if not peers.python(name, self.place).exists():
                self.missing[name] = "no environment: run with --setup"
        return {name: Side(name, self.place, threads) for name in names if name not in self.missing}

    def prepared(self, sides: dict[str, Side], case: dict) -> dict[str, dict]:
        """What each side computed first; a side that fails is closed, dropped and reported."""
        answers = {}
        for name, side in list(sides.items()):
            try:
                answers[name] = side.ask(prepare=case)
                self.versions[side.peer] = answers[name].pop("versions")
            except PeerError as error:
                print(f"  {error}")
                self.missing[f"{name}, {case['kind']}"] = str(error)
                sides.pop(name).close()
        return answers

    def compare(self, title: str, names: list[str], case: dict, threads: int, target: float) -> None:
        """Ours against the others: do they agree, and who is faster."""
        sides = self.sides(names, threads)
        answers = self.prepared(sides, case)
        times = peers.in_turns(sides, self.options.rounds, self.options.turn)
        for side in sides.values():
            side.close()
        result = {name: peers.spread(values) | agreement(answers, name) for name, values in times.items()}
        for name in times:
            if result[name]["same"] < SAME:
                self.missed.append(f"{title}: {name} computes something else")
            if name != OURS and OURS in times:
                for key, what in (("ratio", "seconds"), ("cpu_ratio", "cpu")):
                    result[name][key] = peers.ratios(times[name], times[OURS], what)
                if result[name]["ratio"]["ratio"] < target:
                    self.missed.append(f"{title}: {name}")
        self.cases[title] = {key: value for key, value in case.items() if key != "data"} | {
            "threads": threads,
            "load": round(os.getloadavg()[0], 1),
            "sides": result,
        }
        show(title, result)

    def training(self) -> None:
        for T, dt in ((20, 1.0), (200, 0.1)):
            stored = self.stored(digits(T))
            for model in ("clif", "lif"):
                case = {"kind": "training", "model": model, "T": T, "dt": dt, "lr": LEARNING_RATE, "data": stored}
                for threads in self.options.threads:
                    self.compare(f"{model} T={T} threads={threads}", [OURS, "SPAIC"], case, threads, LARGE)

    def loop(self) -> None:
        for batch in (1, 32):
            case = {"kind": "loop", "neurons": LOOP, "T": LOOP_T, "batch": batch, "data": self.stored(loop(batch))}
            for threads in self.options.threads:
                names = [OURS, "SPAIC", "BindsNET"]
                self.compare(f"loop batch={batch} threads={threads}", names, case, threads, 1.0)

    def time(self) -> None:
        """Each T in a process of its own, in turns."""
        for model in ("clif", "lif"):
            sides = {}
            for T in STEPS:
                side = Side(OURS, self.place, 1)
                case = {"kind": "training", "model": model, "T": T, "dt": 20 / T, "lr": LEARNING_RATE}
                if self.prepared({str(T): side}, case | {"data": self.stored(digits(T))}):
                    sides[str(T)] = side
            times = peers.in_turns(sides, self.options.rounds, self.options.turn)
            for side in sides.values():
                side.close()
            result = {T: peers.spread(values) for T, values in times.items()}
            pairs = [(str(T), str(2 * T)) for T in STEPS if str(2 * T) in times]
            growth = {f"{b}/{a}": peers.ratios(times[b], times[a])["ratio"] for a, b in pairs}
            self.missed += [f"{model}: {name} takes {g} times" for name, g in growth.items() if g > TOO_SLOW]
            self.cases[f"time {model}"] = {"threads": 1, "steps": result, "growth": growth}
            print(f"time {model}: " + ", ".join(f"T {T} {r['ms']:.1f} ms" for T, r in result.items()), growth)

    def measured(self, title: str, peer: str, case: dict) -> dict[str, float]:
        """Seconds of what a fresh process does once."""
        seconds = {}
        for side in self.sides([peer], 1).values():
            with side:
                try:
                    seconds = side.ask(measure=case)
                except PeerError as error:
                    self.missing[f"{peer}, {title}"] = str(error)
        print(f"{title:28} {peer:6} " + "  ".join(f"{name} {1000 * s:.3f} ms" for name, s in seconds.items()))
        return {name: round(s, 7) for name, s in seconds.items()}

    def build(self) -> None:
        case = {"kind": "build", "groups": 1000}
        times = {OURS: 3, "SPAIC": 1}  # SPAIC takes minutes
        result = {peer: [self.measured("build", peer, case) for _ in range(n)] for peer, n in times.items()}
        self.cases["build"] = result
        if max(sum(seconds.values()) for seconds in result[OURS]) >= 2:
            self.missed.append("build: 2 s")

    def touching(self) -> None:
        for groups, connections in ((100, 3), (1000, 3), (4000, 3), (1000, 30), (1000, 300)):
            title = f"touching {connections} of {groups}"
            case = {"kind": "touching", "groups": groups, "connections": connections}
            self.cases[title] = self.measured(title, OURS, case)
        self.growth("touching 3 of {}", (100, 1000, 4000))
        self.growth("touching {} of 1000", (3, 30, 300))

    def parts(self) -> None:
        for groups in (10, 100, 1000):
            case = {"kind": "parts", "groups": groups, "repeats": 5}
            self.cases[f"parts of {groups}"] = self.measured(f"parts of {groups}", OURS, case)
        self.growth("parts of {}", (10, 100, 1000))

    def growth(self, title: str, sizes: tuple[int, ...]) -> None:
        """Exponent of the time in the size between the last two sizes: 0 does not grow, 1 is linear."""
        below, above = (self.cases[title.format(size)] for size in sizes[-2:])
        step = math.log(sizes[-1] / sizes[-2])
        exponents = {name: round(math.log(above[name] / below[name]) / step, 2) for name in below if name in above}
        self.cases[f"{title.format('n')}: exponent"] = exponents
        print(f"{title.format('n')}: exponent {exponents}")


def agreement(answers: dict[str, dict], name: str) -> dict[str, object]:
    """How a side's first pass compares with ours (without ours: with the first side)."""
    mine, other = answers[name], answers.get(OURS) or next(iter(answers.values()))
    a, b = torch.tensor(mine["counts"]).double(), torch.tensor(other["counts"]).double()
    found = {"same": (a == b).all(1).double().mean().item(), "mean_count": round(a.mean().item(), 4)}
    return found | {key: mine[key] for key in ("loss", "gradients") if key in mine}


def show(title: str, result: dict[str, dict]) -> None:
    print(f"{title}, load {os.getloadavg()[0]:.1f}")
    for name, r in result.items():
        ratio = r.get("ratio")
        line = f"  {name:9} {r['ms']:9.2f} ms ({r['low']:.2f}-{r['high']:.2f})  same {r['same']:.0%}"
        line += f"  {r['mean_count']:.3f} spikes a neuron"
        line += f"  cpu {r['cpu_ms']:.2f} ms"
        if ratio:
            line += f"  ratio {ratio['ratio']:.1f} ({ratio['low']:.1f}-{ratio['high']:.1f})"
            line += f", cpu {r['cpu_ratio']['ratio']:.1f}"
        print(line)


PARTS = "training", "loop", "time", "build", "touching", "parts"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", type=Path, help=f"folder with the peers' environments (default ${peers.VARIABLE})")
    parser.add_argument("--setup", action="store_true", help="make the environments with uv, then stop")
    parser.add_argument("--rounds", type=int, default=9, help="rounds for each case (default 9)")
    parser.add_argument("--turn", type=float, default=0.5, help="seconds of a turn (default 0.5)")
    parser.add_argument("--threads", type=int, nargs="+", default=[2, 1], help="threads of torch (default 2 1)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="some of the parts")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    options = parser.parse_args()
    if options.setup:
        peers.set_up(peers.folder(options.peers))
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(options, Path(scratch))
        for part in options.only:
            getattr(bench, part)()
    for name, reason in bench.missing.items():
        print(f"missing: {name}: {reason}")
    print("missed: " + ("; ".join(bench.missed) or "nothing"))
    if options.json:
        report = {"machine": machine(), "versions": versions(), "data": data_source(), "peers": bench.versions}
        report |= {"rounds": options.rounds, "turn": options.turn, "cases": bench.cases, "missing": bench.missing}
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return int(bool(bench.missed or bench.missing))


if __name__ == "__main__":
    raise SystemExit(main())
