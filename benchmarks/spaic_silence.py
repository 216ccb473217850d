"""Facts for the bug hunt of chapter 15: the network of SPAIC's own example, as SPAIC 0.6.3 runs it, is silent.

    uv run --no-sync python benchmarks/spaic_silence.py [--peers FOLDER] [--batches 40] [--json FILE]

784-100-10 with latency code, spike counts, STCA(alpha .5), Adam, default weights N(.005, .05^2), batches of 100 digits.
SPAIC runs in its own environment (``network.py --setup``). Each case: the model, steps and dt; V0 as SPAIC leaves it,
or forced to what its own formula gives (6.75), which takes two private dictionaries of its backend.

    v0_formula, v0_used    V0 that the model computes, and after the build; v0_after: after training
    spikes                 of layers 1 and 2 in a batch, mean of a neuron and sample, in the first and the last batch
    v_max                  largest voltage in a batch (first, last); the threshold is 1
    window                 share of voltages with |V - 1| < .5, where STCA lets a gradient through (first, last); it has
                           to be reached in both layers before anything is learnt
    gradients              norms in the first step; weights_moved: largest change of a weight in all steps
    train, test            accuracy; always the same class (its share: about 10 %) where nothing fires
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import torch

SEED, BATCH, ALPHA = 0, 100, 0.5
SEED_TIME = 200.0  # run_time of the example, in ms; with the default dt that is 2,000 steps
CASES = {  # name: model, dt, run time, V0, learning rate (the example's is .01), batches (None: as many as asked for)
    "clif, dt 1, 20 ms": ("clif", 1.0, 20.0, None, 0.01, None),
    "clif, dt .1, 20 ms": ("clif", 0.1, 20.0, None, 0.01, None),
    "clif, dt .1, 200 ms": ("clif", 0.1, SEED_TIME, None, 0.01, 2),
    "clif, dt 1, 20 ms, V0 forced": ("clif", 1.0, 20.0, 6.75, 0.01, None),
    "clif, dt 1, 20 ms, V0 forced, lr .001": ("clif", 1.0, 20.0, 6.75, 0.001, None),
    "clif, dt .1, 20 ms, V0 forced": ("clif", 0.1, 20.0, 6.75, 0.01, None),
    "lif, dt 1, 20 ms": ("lif", 1.0, 20.0, None, 0.01, None),
    "lif, dt 1, 20 ms, lr .001": ("lif", 1.0, 20.0, None, 0.001, None),
}


def build(model: str, dt: float, lr: float):
    """The example's network; returns it, its backend and monitors of the voltages of both layers."""
    import spaic
    from network_sides import spaic_net

    def add(net) -> None:
        net.input = spaic.Encoder(num=784, coding_method="latency")
        net.layer1 = spaic.NeuronGroup(100, model=model)
        net.layer2 = spaic.NeuronGroup(10, model=model)
        net.connection1 = spaic.Connection(net.input, net.layer1, link_type="full")
        net.connection2 = spaic.Connection(net.layer1, net.layer2, link_type="full")
        net.output = spaic.Decoder(num=10, dec_target=net.layer2, coding_method="spike_counts")
        for name in ("layer1", "layer2"):
            for variable in "VO":
                setattr(net, f"{name}_{variable}", spaic.StateMonitor(getattr(net, name), variable))
        net.learner = spaic.Learner(trainable=net, algorithm="STCA", alpha=ALPHA)
        net.learner.set_optimizer("Adam", lr)

    return spaic_net(dt, add)


def force(net, v0: float) -> None:
    """Set V0 and take its clamp away."""
    backend = net._backend
    for key in [key for key in backend._parameters_dict if "V0" in key]:
        backend._clamp_parameter_dict.pop(key)
        backend._parameters_dict[key].data.fill_(v0)
    backend.initial_step()


def v0s(net) -> list[float]:
    return [round(value.item(), 4) for key, value in net._backend._parameters_dict.items() if "V0" in key]


def seen(net) -> dict[str, dict[str, float]]:
    """Spikes, largest voltage and the share within STCA's window of the run before."""
    found = {}
    for name in ("layer1", "layer2"):
        v, o = (torch.as_tensor(getattr(net, f"{name}_{variable}").values) for variable in "VO")  # [N, neurons, T]
        found[name] = {
            "spikes": round(o.sum(-1).float().mean().item(), 5),
            "v_max": round(v.max().item(), 4),
            "window": round(((v - 1).abs() < ALPHA).float().mean().item(), 6),
        }
    return found


def facts(case: tuple, data: dict[str, torch.Tensor], batches: int) -> dict[str, object]:
    """Train one case and look at it; runs in SPAIC's environment."""
    import numpy as np
    from network_sides import loss_of

    model, dt, time, v0, lr, few = case
    torch.manual_seed(SEED)
    np.random.seed(SEED)
    net = build(model, dt, lr)
    found = {"steps": round(time / dt), "dt": dt, "lr": lr}
    if model == "clif":
        found |= {"v0_formula": net.layer1.model._parameter_variables["V0"].item(), "v0_used": v0s(net)}
    if v0 is not None:
        force(net, v0)
        found["v0_used"] = v0s(net)
    weights = [net.connection1.weight.value, net.connection2.weight.value]
    start, right = [w.detach().clone() for w in weights], 0
    batches = few or batches
    for i in range(batches):
        net.input(data["images"][i])
        net.run(time)
        loss = loss_of(net.output.predict, data["labels"][i])
        net.learner.optim_zero_grad()
        loss.backward()
        if i == 0:
            found["first"], found["gradients"] = seen(net), [w.grad.norm().item() for w in weights]
        net.learner.optim_step()
        right += (net.output.predict.argmax(1) == data["labels"][i]).sum().item()
    found |= {"last": seen(net), "batches": batches, "train": round(right / (batches * BATCH), 4)}
    found["weights_moved"] = [(w - s).abs().max().item() for w, s in zip(weights, start, strict=True)]
    found |= {"loss": loss.item()} | ({"v0_after": v0s(net)} if model == "clif" else {})
    return found if few else found | {"test": test(net, time, data)}


def test(net, time: float, data: dict[str, torch.Tensor]) -> float:
    right = 0
    with torch.no_grad():
        for images, labels in zip(data["test_images"], data["test_labels"], strict=True):
            net.input(images)
            net.run(time)
            right += (net.output.predict.argmax(1) == labels).sum().item()
    return round(right / data["test_labels"].numel(), 4)


def serve(path: str, batches: int) -> None:
    """All cases, printed as one JSON line; SPAIC's environment runs this."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    torch.set_num_threads(1)
    data, found = torch.load(path, weights_only=True), {}
    for name, case in CASES.items():
        found[name] = facts(case, data, batches)
        print(name, json.dumps(found[name]), file=sys.stderr, flush=True)
    versions = {name: metadata.version(name) for name in ("SPAIC", "torch", "numpy")}
    print(json.dumps({"peer": {"python": sys.version.split()[0]} | versions, "cases": found}), file=answers, flush=True)


def digits(batches: int, tests: int) -> dict[str, torch.Tensor]:
    from course_snn import data

    found = {}
    for prefix, images, count in zip(("", "test_"), data.mnist(), (batches, tests), strict=True):
        some = images.subset(count * BATCH)
        found[f"{prefix}images"] = some.images.reshape(count, BATCH, 784).float()
        found[f"{prefix}labels"] = some.labels.reshape(count, BATCH).long()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--peers", type=Path, help="folder with the peers' environments, as for network.py")
    parser.add_argument("--batches", type=int, default=40, help="batches to train (default 40)")
    parser.add_argument("--tests", type=int, default=20, help="batches to test (default 20)")
    parser.add_argument("--json", type=Path, help="also write the facts to this file")
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.batches)
        return 0
    import peers

    from course_snn.course.machine import data_source, machine

    interpreter = peers.python("SPAIC", peers.folder(options.peers))
    if not interpreter.exists():
        print("SPAIC has no environment: run network.py --setup first")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "data.pt"
        torch.save(digits(options.batches, options.tests), path)
        command = [interpreter, "-W", "ignore", __file__, "--serve", path, "--batches", str(options.batches)]
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        output = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=env).stdout
    report = {"machine": machine(), "data": data_source(), "seed": SEED, "batch": BATCH, "alpha": ALPHA}
    report |= {"command": f"python benchmarks/spaic_silence.py --batches {options.batches} --tests {options.tests}"}
    report |= json.loads(output)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
