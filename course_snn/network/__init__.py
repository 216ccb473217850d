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
from course_snn.spelling import meant

Torch_Backend, Library = Backend, library  # as SPAIC calls them
ELSEWHERE = {
    "Learner": "give the rule by its own name: STCA(0.5, net), STBP(0.5, net) or STDP('full', net)",
    "MNIST": "use train, test = course_snn.data.mnist()",
    "FashionMNIST": "use train, test = course_snn.data.fashion_mnist()",
    "Dataset": "net.fit takes data with .images and .labels, or a pair (x, labels)",
    "Dataloader": "net.fit(train, test, epochs=…, batch_size=…) makes the batches itself",
    "Node": "use Encoder where data enter, Decoder where a result is read",
    "NetModule": "a neuron_model, encoder_type, decoder_type or link_type of your own is a decorated function",
}  # names of SPAIC that have no counterpart here

__all__ = [
    "SGD", "STBP", "STCA", "STDP", "Adam", "AdamW", "Assembly", "Backend", "Connection", "Decoder", "Encoder",
    "Library", "Network", "NeuronGroup", "Optimizer", "Plan", "Projection", "Rprop", "SpikeMonitor", "StateMonitor",
    "Torch_Backend", "Wiring", "decoder_type", "encoder_type", "excluded", "included", "library", "link_type",
    "neuron_model", "policy",
]  # fmt: skip


def __getattr__(name: str):
    said = f" {ELSEWHERE[name]}." if name in ELSEWHERE else meant(name, __all__)
    raise AttributeError(f"course_snn.network has no {name!r}.{said}")
