"""Networks to begin with, and to change."""

from __future__ import annotations

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
