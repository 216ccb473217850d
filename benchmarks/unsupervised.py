"""STDP in a winner-take-all layer against BindsNET and Brian2: the same network, the same spikes, learning.

    uv run --no-sync python benchmarks/unsupervised.py [--json FILE]

784 inputs, 400 neurons, 50 steps a digit, one digit after another. All start with the same weights and get the same
Poisson spikes. No simulator has our competition and our STDP ready made: that is what their hooks are for (BindsNET: a
subclass of Nodes and one of LearningRule; Brian2: a network operation, all digits of a round in one run). On the first
digits each is checked to count the same spikes and to learn the same weights; then they take turns, so that what else
the machine does meets all. Each has a process of its own, with what it needs from PyPI (`uv run --with`): BindsNET a
newer torch than the project's, Brian2 for Python 3.11 an older numpy.

    ms        median time of one digit; quartiles of the rounds
    ratio     median over the rounds of (their time / ours in the same round)
    readable  our own loop in torch, which defines what the compiled one computes

A peer that cannot be had is reported with its error. Exit code 1 if one of them disagrees or is faster than ours.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

from course_snn import data, unsupervised
from course_snn.course.machine import machine, versions

INPUTS, NEURONS, T, DRIVE = 784, 400, 50, 30.0
Learn = Callable[[torch.Tensor], torch.Tensor]  # spikes [T, N, in] -> counts [N, out]


def fresh() -> unsupervised.WinnerTakeAll:
    torch.manual_seed(0)
    return unsupervised.WinnerTakeAll(INPUTS, NEURONS)


def ours() -> tuple[Learn, Callable[[], torch.Tensor]]:
    net = fresh()
    return net.learn, lambda: net.weight


def readable() -> tuple[Learn, Callable[[], torch.Tensor]]:
    net = fresh()

    def learn(spikes: torch.Tensor) -> torch.Tensor:
        counts = torch.zeros(spikes.shape[1], NEURONS, dtype=torch.int64)
        with torch.no_grad():
            net._present_stepped(spikes, counts, learning=True)
        return counts

    return learn, lambda: net.weight


def bindsnet() -> tuple[Learn, Callable[[], torch.Tensor]]:
    from bindsnet.learning.learning import LearningRule
    from bindsnet.network import Network
    from bindsnet.network.nodes import Input, Nodes
    from bindsnet.network.topology import Connection

    start = fresh()

    class Competing(Nodes):
        def __init__(self) -> None:
            super().__init__(n=NEURONS, traces=False)
            self.v, self.theta = torch.zeros(1, NEURONS), torch.zeros(NEURONS)
            self.counts = torch.zeros(NEURONS, dtype=torch.int64)

        def forward(self, x: torch.Tensor) -> None:
            self.v = self.v - self.v / start.tau + x
            above = (self.v - self.theta)[0]
            winner = above.argmax()
            self.s = torch.zeros(1, NEURONS, dtype=torch.bool)
            if above[winner] >= start.v_threshold:
                self.s[0, winner] = True
                self.theta[winner] += start.theta_plus
                self.counts[winner] += 1
                self.v = torch.zeros(1, NEURONS)
            super().forward(x)

        def reset_state_variables(self) -> None:
            super().reset_state_variables()
            self.v, self.counts = torch.zeros(1, NEURONS), torch.zeros(NEURONS, dtype=torch.int64)

    class TowardsTarget(LearningRule):
        def update(self, **kwargs) -> None:
            if self.target.s.any():
                j, w = self.target.s[0].nonzero().item(), self.connection.w
                w[:, j] = (w[:, j] + start.learning_rate * (self.source.x[0] - start.x_target)).clamp(0, 1)

    network = Network(dt=1.0)
    inputs = Input(n=INPUTS, traces=True, traces_additive=True, tc_trace=decay_time(start.traces.tau_pre))
    neurons = Competing()
    options = {"update_rule": TowardsTarget, "nu": start.learning_rate, "norm": start.w_sum}
    synapses = Connection(inputs, neurons, w=start.weight.t().contiguous(), **options)
    network.add_layer(inputs, "X")
    network.add_layer(neurons, "Y")
    network.add_connection(synapses, "X", "Y")

    def learn(spikes: torch.Tensor) -> torch.Tensor:
        result = []
        for n in range(spikes.shape[1]):
            network.run({"X": spikes[:, n : n + 1].clone()}, time=T, one_step=True)  # a reset writes to them
            neurons.theta -= neurons.theta / start.tau_theta
            result.append(neurons.counts)
            network.reset_state_variables()
        return torch.stack(result)

    return learn, lambda: synapses.w.detach().t()


def decay_time(tau: float) -> float:
    """The time constant whose exp(-1/time) is 1 - 1/tau."""
    return -1 / float(torch.tensor(1 - 1 / tau, dtype=torch.float64).log())


def brian2() -> tuple[Learn, Callable[[], torch.Tensor]]:
    import brian2 as b
    import numpy as np

    start = fresh()
    b.defaultclock.dt = 1 * b.ms
    names = {"tau": start.tau * b.ms, "tau_pre": start.traces.tau_pre * b.ms}
    source = b.SpikeGeneratorGroup(INPUTS, [], [] * b.ms)
    traces = b.NeuronGroup(INPUTS, "dx/dt = -x/tau_pre : 1", method="euler", namespace=names)
    neurons = b.NeuronGroup(NEURONS, "dv/dt = -v/tau : 1\ntheta : 1", method="euler", namespace=names)
    to_traces = b.Synapses(source, traces, on_pre="x_post += 1")
    to_traces.connect(j="i")
    synapses = b.Synapses(source, neurons, "w : 1", on_pre="v_post += w")
    synapses.connect()
    synapses.w = start.weight.t().reshape(-1).double().numpy()
    counts, digits = np.zeros(NEURONS, int), []
    v, theta, x = (g.variables[name].get_value() for g, name in ((neurons, "v"), (neurons, "theta"), (traces, "x")))
    weight = synapses.variables["w"].get_value().reshape(INPUTS, NEURONS)

    @b.network_operation(when="end")
    def compete(t) -> None:
        above = v - theta
        winner = np.argmax(above)
        if above[winner] >= start.v_threshold:
            counts[winner] += 1
            theta[winner] += start.theta_plus
            weight[:, winner] = np.clip(weight[:, winner] + start.learning_rate * (x - start.x_target), 0, 1)
            v[:] = 0
        if round(t / b.ms) % T == T - 1:
            weight[:, counts > 0] *= start.w_sum / weight[:, counts > 0].sum(0)
            theta[:] *= 1 - 1 / start.tau_theta
            digits.append(torch.from_numpy(counts.copy()))
            counts[:], v[:], x[:] = 0, 0, 0

    network = b.Network(source, traces, neurons, to_traces, synapses, compete)

    def learn(spikes: torch.Tensor) -> torch.Tensor:
        digits.clear()
        n, t, i = spikes.transpose(0, 1).nonzero().t().numpy()
        source.set_spikes(i, (n * T + t) * b.ms + network.t)
        network.run(T * spikes.shape[1] * b.ms)
        return torch.stack(digits)

    return learn, lambda: torch.from_numpy(weight.T.copy()).float()


SIDES = {  # how to build it, and what it needs beside the project
    "ours": (ours, ()),
    "BindsNET": (bindsnet, ("bindsnet>=0.3.4",)),  # wants torch >= 2.14, and gets it
    "Brian2": (brian2, ("brian2", "torch==2.11.*", "numpy<2.4")),  # 2.9, the last for Python 3.11, needs ndarray.ptp
    "readable": (readable, ()),
}


class Side:
    """One side in a process of its own, which learns one chunk of digits for each line that it reads."""

    def __init__(self, name: str, options: argparse.Namespace) -> None:
        packages = [word for package in SIDES[name][1] for word in ("--with", package)]
        command = ["uv", "run", "--no-sync", *packages] if packages else []
        command += ["python" if packages else sys.executable, __file__, "--serve", name]
        command += ["--rounds", str(options.rounds), "--digits", str(options.digits)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def learn(self) -> dict:
        """What the process says of its next chunk: {"seconds": a digit} or {"error": why there is none}."""
        try:
            self.process.stdin.write("\n")
            self.process.stdin.flush()
        except OSError:
            return {"error": f"the process ended with code {self.process.wait()}"}
        for line in self.process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        return {"error": f"the process ended with code {self.process.wait()}"}


def digits(options: argparse.Namespace) -> tuple[torch.Tensor, ...]:
    """The spikes of each round; the first chunk is for comparing, not for timing."""
    shown = data.mnist()[0].subset(options.digits * (options.rounds + 1)).images
    spikes = unsupervised.poisson_spikes(shown, T, DRIVE, torch.Generator().manual_seed(0))
    return spikes.split(options.digits, dim=1)


def version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def serve(name: str, options: argparse.Namespace) -> None:
    first, *rest = digits(options)
    try:
        learn, weight = SIDES[name][0]()
    except Exception as error:
        print(json.dumps({"error": f"{type(error).__name__}: {error}"}), flush=True)
        return
    sys.stdin.readline()
    reference, reference_weight = ours()
    same = (learn(first) == reference(first)).all(1).double().mean().item()  # what compiles at first use does it here
    answer = {"same_counts": same, "weight_gap": (weight() - reference_weight()).abs().max().item()}
    answer["versions"] = {package: version(package) for package in ("torch", "numpy", name.lower()) if version(package)}
    print(json.dumps(answer), flush=True)
    for chunk in rest:
        sys.stdin.readline()
        start = time.perf_counter()
        learn(chunk)
        print(json.dumps({"seconds": (time.perf_counter() - start) / chunk.shape[1]}), flush=True)


def measure(options: argparse.Namespace) -> tuple[dict[str, dict], dict[str, str]]:
    """Results of the sides that work, and why the others do not."""
    sides = {name: Side(name, options) for name in SIDES}
    first = {name: side.learn() for name, side in sides.items()}
    missing = {name: answer["error"] for name, answer in first.items() if "error" in answer}
    times = {name: [] for name in sides if name not in missing}
    for _ in range(options.rounds):
        for name, values in times.items():
            values.append(sides[name].learn()["seconds"])
    results = {}
    for name, values in times.items():
        low, middle, high = (round(1000 * q, 3) for q in statistics.quantiles(values, n=4))
        ratio = statistics.median(a / b for a, b in zip(values, times["ours"], strict=True))
        results[name] = {"ms": middle, "ms_low": low, "ms_high": high, "ratio": round(ratio, 1)} | first[name]
    return results, missing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=9, help="rounds (default 9)")
    parser.add_argument("--digits", type=int, default=20, help="digits a side learns in a round (default 20)")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options)
        return 0
    results, missing = measure(options)
    print(f"{torch.get_num_threads()} threads, load {os.getloadavg()[0]:.1f}, torch {torch.__version__}")
    failed = False
    for name, r in results.items():
        print(
            f"{name:9} {r['ms']:8.2f} ms a digit ({r['ms_low']:.2f}-{r['ms_high']:.2f})  ratio {r['ratio']:6.1f}  "
            f"same spikes {r['same_counts']:.0%}  weights differ by {r['weight_gap']:.1e}"
        )
        failed |= r["same_counts"] < 0.9 or r["weight_gap"] > 0.1 or r["ratio"] < 1
    for name, reason in missing.items():
        print(f"{name:9} missing: {reason}")
    if options.json:
        report = {"machine": machine(), "versions": versions(), "threads": torch.get_num_threads()}
        report |= {"network": {"inputs": INPUTS, "neurons": NEURONS, "steps": T, "drive": DRIVE}}
        report |= {"rounds": options.rounds, "digits": options.digits, "sides": results, "missing": missing}
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
