"""Networks to begin with, and to change."""

from __future__ import annotations

from course_snn.arguments import number
from course_snn.network.assembly import Assembly
from course_snn.network.coding import Decoder, Encoder
from course_snn.network.connection import Connection
from course_snn.network.learner import STCA
from course_snn.network.monitor import StateMonitor
from course_snn.network.net import Network
from course_snn.network.optimizer import Adam
from course_snn.network.parts import NeuronGroup


class ExampleNet(Network):
    """SPAIC's first network: 784 inputs by a latency code, 100 and 10 neurons, STCA.

    Args:
        neuron_model: of both groups. encoding: of the pictures.
    """

    def __init__(self, neuron_model: str = "clif", encoding: str = "latency") -> None:
        super().__init__()
        self.input = Encoder(num=784, encoding=encoding)
        self.layer1 = NeuronGroup(100, neuron_model=neuron_model)
        self.layer2 = NeuronGroup(10, neuron_model=neuron_model)
        self.connection1 = Connection(self.input, self.layer1, link_type="full")
        self.connection2 = Connection(self.layer1, self.layer2, link_type="full")
        self.output = Decoder(decoding="spike_counts", target=self.layer2)
        self.monitor1 = StateMonitor(self.layer1, "V")
        self.learner1 = STCA(0.5, self)
        self.optim = Adam(lr=0.01, schedule="StepLR", maxstep=1000)


class Column(Assembly):
    """A patch of cortex: excitatory and inhibitory LIF neurons, joined at random, and an entry for spikes from outside.

        entry -> exc, inh      drive
        exc   -> exc, inh      weight
        inh   -> exc, inh      -g · weight

    There are fewer inhibitory neurons, so their synapses are stronger; where g · inh > exc inhibition wins, and the
    column fires asynchronously and irregularly. ``entry`` passes on each spike that it gets with a weight of 1:

        net.feeding = Connection(net.source, net.column.entry, "one_to_one", w_mean=1.0)

    With the defaults and 15 spikes a second in each fibre (dt = 1 ms) neurons fire 12 to 22 times a second on average,
    at intervals whose coefficient of variation is 0.8; with ``inh`` hidden in nearly every step (benchmarks/column.py).

    Args:
        exc, inh, entry: numbers of neurons.
        density: probability that a neuron sends to another; from the entry a third of that.
        weight: of an excitatory synapse, in units of the threshold.
        g: how many times as strong an inhibitory synapse is.
        drive: weight of a synapse from the entry.
        delay: within the column, in steps. tau_m: in ms.

    Source: Brunel 2000, Dynamics of sparsely connected networks of excitatory and inhibitory spiking neurons.
    """

    def __init__(
        self, exc: int = 80, inh: int = 20, entry: int = 80, density: float = 0.2, weight: float = 0.1, g: float = 7.0,
        drive: float = 0.4, delay: int = 1, tau_m: float = 20.0, name: str | None = None,
    ) -> None:  # fmt: skip
        super().__init__(name)
        for what, value in (("weight", weight), ("g", g), ("drive", drive)):
            number(what, value, at_least=0)
        self.entry = NeuronGroup(entry, "if", neuron_type="entry")
        self.exc = NeuronGroup(exc, "lif", tau_m=tau_m, neuron_type="exc")
        self.inh = NeuronGroup(inh, "lif", tau_m=tau_m, neuron_type="inh")
        senders = {"entry": (drive, density / 3), "exc": (weight, density), "inh": (-g * weight, density)}
        for pre, (w, probability) in senders.items():
            bound = {"w_max": 0.0} if pre == "inh" else {"w_min": 0.0}  # Dale's law, also where the column learns
            for post in ("exc", "inh"):
                link = {"link_type": "random", "probability": probability, "w_mean": w, "w_std": 0.0, **bound}
                joined = Connection(getattr(self, pre), getattr(self, post), delay=delay, **link)
                setattr(self, f"{pre}_{post}", joined)


class TwoColumns(Network):
    """Two columns one after the other: what the excitatory neurons of the first send enters the second.

    Args:
        size: number of excitatory neurons of a column, and of its fibres; a quarter as many inhibit.
        back: weight of a synapse from the second column back to the inhibitory neurons of the first.
    """

    def __init__(self, size: int = 80, back: float = 0.1) -> None:
        super().__init__()
        self.source = Encoder(size, encoding="poisson")
        self.first, self.second = Column(size, size // 4, size), Column(size, size // 4, size)
        self.feed_first = Connection(self.source, self.first.entry, "one_to_one", w_mean=1.0)
        self.up = Connection(self.first.exc, self.second.entry, "one_to_one", w_mean=1.0)
        self.down = Connection(self.second.exc, self.first.inh, "random", delay=3, w_mean=back, w_std=0.0)
        self.output = Decoder(decoding="spike_rates", target=self.second.exc)
