"""Networks of groups and connections, as in SPAIC: draw, run, watch, train, change and save them."""

from course_snn.network import library
from course_snn.network.assembly import Assembly
from course_snn.network.backend import Backend
from course_snn.network.coding import Decoder, Encoder, decoder_type, encoder_type
from course_snn.network.connection import Connection, Projection, excluded, included, policy
from course_snn.network.learner import STBP, STCA, STDP
from course_snn.network.links import Wiring, link_type
from course_snn.network.monitor import SpikeMonitor, StateMonitor
from course_snn.network.net import Network
from course_snn.network.optimizer import SGD, Adam, AdamW, Optimizer, Rprop
from course_snn.network.parts import NeuronGroup, neuron_model
from course_snn.network.plan import Plan

Torch_Backend = Backend  # as SPAIC calls it

__all__ = [
    "SGD", "STBP", "STCA", "STDP", "Adam", "AdamW", "Assembly", "Backend", "Connection", "Decoder", "Encoder",
    "Network", "NeuronGroup", "Optimizer", "Plan", "Projection", "Rprop", "SpikeMonitor", "StateMonitor",
    "Torch_Backend", "Wiring", "decoder_type", "encoder_type", "excluded", "included", "library", "link_type",
    "neuron_model", "policy",
]  # fmt: skip
