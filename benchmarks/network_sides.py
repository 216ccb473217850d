"""What one simulator does in its process for ``network.py``: it prepares a case, then runs it for a turn at a time.

A peer's environment holds torch and the peer, nothing of the course, so this file imports no more until it must.
Requests and answers are JSON lines:

    {"prepare": case}    build it and run it once -> what it computed, so that sides can be compared
    {"turn": seconds}    -> {"seconds": of a pass, the mean over as many as fill the turn, "cpu": of the processor}
    {"measure": case}    -> seconds of what is done once (``network_edits.py``)
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import time
from collections.abc import Callable
from importlib import metadata

import torch
from torch.nn import functional as F

V0 = 6.75  # of a clif neuron: b^(b/(b-1)) / (b-1), b = 12/8
Pass = Callable[[], dict]


def loss_of(counts: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Cross entropy of the counts after (o - mean) / (std + 0.1) over the batch, as in SPAIC's examples."""
    return F.cross_entropy((counts - counts.mean().detach()) / (counts.std().detach() + 0.1), labels)


# ------------------------------------------------------------------ ours
def ours_training(case: dict, data: dict[str, torch.Tensor]) -> Pass:
    from course_snn.network import STCA, Backend, Connection, Decoder, Encoder, Network, NeuronGroup

    class Net(Network):
        def __init__(self) -> None:
            super().__init__()
            self.input = Encoder(784, encoding="latency")
            self.layer1 = NeuronGroup(100, neuron_model=case["model"])
            self.layer2 = NeuronGroup(10, neuron_model=case["model"])
            self.connection1 = Connection(self.input, self.layer1, link_type="full", weight=data["w1"], delay=1)
            self.connection2 = Connection(self.layer1, self.layer2, link_type="full", weight=data["w2"], delay=1)
            self.output = Decoder(target=self.layer2, decoding="spike_counts")
            self.learner = STCA(0.5, self)

    net = Net()
    net.build(Backend(dt=case["dt"]))
    net.set_runtime(case["T"] * case["dt"])
    optimiser = torch.optim.Adam(net.parameters(), lr=case["lr"])
    batches = itertools.cycle(zip(data["images"], data["labels"], strict=True))

    def step() -> dict:
        images, labels = next(batches)
        net.input(images)
        net.run()
        counts = net.output.predict
        loss = loss_of(counts, labels)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        weights = net.connection1.weight, net.connection2.weight
        return {"counts": counts, "loss": loss, "gradients": [w.grad for w in weights]}

    return step


def ours_loop(case: dict, data: dict[str, torch.Tensor]) -> Pass:
    from course_snn.network import Backend, Connection, Decoder, Encoder, Network, NeuronGroup

    class Net(Network):
        def __init__(self) -> None:
            super().__init__()
            self.input = Encoder(data["w_in"].shape[1], encoding="null")
            self.a = NeuronGroup(case["neurons"], neuron_model="lif")
            self.b = NeuronGroup(case["neurons"], neuron_model="lif")
            self.into = Connection(self.input, self.a, link_type="full", weight=data["w_in"], delay=1)
            self.ab = Connection(self.a, self.b, link_type="full", weight=data["w_ab"], delay=1)
            self.ba = Connection(self.b, self.a, link_type="full", weight=data["w_ba"], delay=1)
            self.output = Decoder(target=self.b, decoding="spike_counts")

    net = Net()
    net.build(Backend(dt=1.0))
    net.set_runtime(float(case["T"]))

    def forward() -> dict:
        with torch.no_grad():
            net.input(data["spikes"].transpose(0, 1))  # [N, T, inputs]
            net.run()
        return {"counts": net.output.predict}

    return forward


# ------------------------------------------------------------------ SPAIC 0.6.3
def spaic_net(dt: float, add: Callable) -> object:
    """A SPAIC network on the CPU; ``add(net)`` gives it its parts."""
    import spaic

    class Net(spaic.Network):
        def __init__(self) -> None:
            super().__init__()
            add(self)

    net, backend = Net(), spaic.Torch_Backend("cpu")
    backend.dt = dt
    net.set_backend(backend)
    net.build()
    return net


def spaic_training(case: dict, data: dict[str, torch.Tensor]) -> Pass:
    import spaic

    # its V0 is clamped to 1 whatever one gives: weights times 6.75 make the network that a V0 of 6.75 would
    scale = V0 if case["model"] == "clif" else 1.0

    def add(net) -> None:
        net.input = spaic.Encoder(num=784, coding_method="latency")
        net.layer1 = spaic.NeuronGroup(100, model=case["model"])
        net.layer2 = spaic.NeuronGroup(10, model=case["model"])
        links = (net.input, net.layer1, "w1"), (net.layer1, net.layer2, "w2")
        net.connection1, net.connection2 = (
            spaic.Connection(pre, post, link_type="full", weight=scale * data[name].numpy())
            for pre, post, name in links
        )
        net.output = spaic.Decoder(num=10, dec_target=net.layer2, coding_method="spike_counts")
        net.learner = spaic.Learner(trainable=net, algorithm="STCA", alpha=0.5)
        net.learner.set_optimizer("Adam", case["lr"] * scale)  # Adam then takes the same steps

    net = spaic_net(case["dt"], add)
    weights = [net.connection1.weight.value, net.connection2.weight.value]
    batches = itertools.cycle(zip(data["images"], data["labels"], strict=True))

    def step() -> dict:
        images, labels = next(batches)
        net.input(images)
        net.run(case["T"] * case["dt"])
        counts = net.output.predict
        loss = loss_of(counts, labels)
        net.learner.optim_zero_grad()
        loss.backward()
        net.learner.optim_step()
        return {"counts": counts, "loss": loss, "gradients": [scale * w.grad for w in weights]}

    return step


def spaic_loop(case: dict, data: dict[str, torch.Tensor]) -> Pass:
    import spaic

    def add(net) -> None:
        net.input = spaic.Encoder(num=data["w_in"].shape[1], coding_method="null")
        net.a = spaic.NeuronGroup(case["neurons"], model="lif")
        net.b = spaic.NeuronGroup(case["neurons"], model="lif")
        net.into = spaic.Connection(net.input, net.a, link_type="full", weight=data["w_in"].numpy())
        net.ab = spaic.Connection(net.a, net.b, link_type="full", weight=data["w_ab"].numpy())
        net.ba = spaic.Connection(net.b, net.a, link_type="full", weight=data["w_ba"].numpy())
        net.output = spaic.Decoder(num=case["neurons"], dec_target=net.b, coding_method="spike_counts")

    net, spikes = spaic_net(1.0, add), data["spikes"].transpose(0, 1)  # [N, T, inputs]

    def forward() -> dict:
        with torch.no_grad():
            net.input(spikes)
            net.run(float(case["T"]))
            return {"counts": net.output.predict}

    return forward


# ------------------------------------------------------------------ BindsNET
def bindsnet_loop(case: dict, data: dict[str, torch.Tensor]) -> Pass:
    from bindsnet.network import Network
    from bindsnet.network.monitors import Monitor
    from bindsnet.network.nodes import Input, LIFNodes
    from bindsnet.network.topology import Connection

    net = Network(dt=1.0, batch_size=data["spikes"].shape[1], learning=False)
    # rest, reset and refractory time of 0 make its neuron SPAIC's lif: v = exp(-dt/tau) v + I
    same = {"thresh": 1.0, "rest": 0.0, "reset": 0.0, "refrac": 0, "tc_decay": 8.0}
    parts = {"X": Input(n=data["w_in"].shape[1])} | {name: LIFNodes(n=case["neurons"], **same) for name in "AB"}
    for name, part in parts.items():
        net.add_layer(part, name)
    for pre, post, weight in (("X", "A", "w_in"), ("A", "B", "w_ab"), ("B", "A", "w_ba")):
        net.add_connection(Connection(parts[pre], parts[post], w=data[weight].t().contiguous()), pre, post)
    monitor = Monitor(parts["B"], state_vars=["s"], time=case["T"])
    net.add_monitor(monitor, "spikes")

    def forward() -> dict:
        with torch.no_grad():
            net.reset_state_variables()
            net.run({"X": data["spikes"].clone()}, time=case["T"])  # a run may write to what it is given
        return {"counts": monitor.get("s").sum(0)}

    return forward


MAKERS = {
    ("ours", "training"): ours_training,
    ("ours", "loop"): ours_loop,
    ("SPAIC", "training"): spaic_training,
    ("SPAIC", "loop"): spaic_loop,
    ("BindsNET", "loop"): bindsnet_loop,
}


# ------------------------------------------------------------------ serving
class Server:
    """Answers requests; holds the pass that was prepared last."""

    def __init__(self, peer: str) -> None:
        self.peer, self.run = peer, None

    def prepare(self, case: dict) -> dict:
        self.run = None  # the memory of the case before
        data = torch.load(case["data"], weights_only=True)
        self.run = MAKERS[self.peer, case["kind"]](case, data)
        first, answer = self.run(), {}
        answer["counts"] = first["counts"].detach().reshape(first["counts"].shape[0], -1).tolist()
        if "loss" in first:
            answer["loss"] = first["loss"].item()
            answer["gradients"] = [g.norm().item() for g in first["gradients"]]
        for _ in range(2):
            self.run()
        return answer | {"versions": versions(self.peer), "threads": torch.get_num_threads()}

    def turn(self, seconds: float) -> dict:
        start, busy, passes = time.perf_counter(), time.process_time(), 0
        while not passes or time.perf_counter() - start < seconds:
            self.run()
            passes += 1
        return {"seconds": (time.perf_counter() - start) / passes, "cpu": (time.process_time() - busy) / passes}

    def measure(self, case: dict) -> dict:
        import network_edits

        return network_edits.MEASURES[self.peer, case["kind"]](case)


def versions(peer: str) -> dict[str, str]:
    names = "torch", "numpy", {"ours": "course-snn"}.get(peer, peer)
    return {"python": sys.version.split()[0]} | {name: metadata.version(name) for name in names}


def serve(peer: str, threads: int) -> None:
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a peer prints is no answer
    torch.set_num_threads(threads)
    server = Server(peer)
    for line in sys.stdin:
        [(name, argument)] = json.loads(line).items()
        try:
            answer = getattr(server, name)(argument)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
