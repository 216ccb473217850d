"""Docstrings of the library: present, one sentence first, every parameter named; every promised name is there."""

import importlib
import inspect
import re
from typing import TypeVar

from package import FILES, NAMES, layer

NOT_MINE = {"course_snn.language", "course_snn.figure"}
DRAWING = "course_snn.plotting"
TRITON = "course_snn.kernel.neurons_gpu"  # importable on Linux only


def ruled(name: str) -> bool:
    """Whether the rules hold for a module: for science and what trains and feeds it, but for pictures."""
    return layer(name) < 2 and name not in {*NOT_MINE, TRITON} and not name.startswith(DRAWING)


MODULES = [importlib.import_module(name) for name in NAMES if ruled(name) and FILES[name].stem != "__init__"]
PROMISED = {
    "membrane": {"Neuron"},
    "neuron": {"IFNode", "LIFNode", "DeltaLIFNode", "PLIFNode", "RIFNode"},
    "clif": {"CLIFNode"},
    "izhikevich": {"IzhikevichNode"},
    "surrogate": {"Sigmoid", "ATan", "Rectangle", "BilinearLeakyReLU", "SignSwish", "Gaussian"},
    "simulator": {"Simulator", "ClockDriven", "IFNode", "LIFNode"},
    "encoding": {
        "ConstantEncoder",
        "PeriodicEncoder",
        "LatencyEncoder",
        "PoissonEncoder",
        "GaussianTuningCurveEncoder",
    },
    "synapse": {
        "SpikeCurrent",
        "ExpDecayCurrent",
        "STPTransformer",
        "LowPassSynapse",
        "ConstantDelay",
        "Linear",
        "GaussianLinear",
    },
    "layer": {
        "NeuNorm",
        "DCT",
        "AXAT",
        "Dropout",
        "Dropout2d",
        "ChannelsMaxPool",
        "ElementWiseRecurrentContainer",
        "LinearRecurrentContainer",
    },
    "readout": {
        "spike_cluster",
        "spike_similar_loss",
        "kernel_dot_product",
        "set_threshold_margin",
        "redundant_one_hot",
        "first_spike_index",
    },
    "event_driven": {"GaussianTuning", "Tempotron", "psp_kernel"},
    "learning": {"STDPModule", "STDPUpdater", "pairing"},
    "unrolling": {"reset_net", "unroll"},
    "unsupervised": {"WinnerTakeAll", "assign_labels", "poisson_spikes", "predict"},
    "monitor": {"Monitor"},
    "diagnosis": {"examine"},
    "energy": {"count"},
    "model.resnet": {f"{kind}_resnet{depth}" for kind in ("spiking", "sew") for depth in (18, 34, 50)},
    "model.weights": {"load_weights"},
    "exchange.spikingjelly": {"to_spikingjelly", "from_spikingjelly"},
}


def public(module):
    for name, thing in vars(module).items():
        mine = getattr(thing, "__module__", None) == module.__name__ and not isinstance(thing, TypeVar)
        if not name.startswith("_") and mine:
            yield name, thing


THINGS = {f"{m.__name__.removeprefix('course_snn.')}.{name}": thing for m in MODULES for name, thing in public(m)}
CLASSES = {name: thing for name, thing in THINGS.items() if inspect.isclass(thing)}


def test_promised_names_exist():
    assert {f"{module}.{name}" for module, names in PROMISED.items() for name in names} <= set(THINGS)


def test_modules_say_what_they_are_for():
    assert not [m.__name__ for m in MODULES if not re.match(r"[A-Z].+[.:]", m.__doc__ or "")]


def test_docstrings_start_with_one_line_and_a_full_stop():
    wrong = []
    for name, thing in THINGS.items():
        first, *rest = inspect.cleandoc(thing.__doc__ or "").split("\n")  # its own, not an inherited one
        if len(first) <= 20 or not first.endswith((".", ":")):
            wrong.append(f"{name}: {first!r}")
        if rest and rest[0].strip():
            wrong.append(f"{name}: an empty line must follow the first")
    assert not wrong, "\n".join(wrong)


def test_methods_have_docstrings():
    missing = [
        f"{name}.{method}"
        for name, cls in CLASSES.items()
        for method, code in vars(cls).items()
        if inspect.isfunction(code) and not method.startswith("_")
        if method != "forward" and not inspect.getdoc(getattr(cls, method))
    ]
    assert not missing


def test_every_parameter_is_explained():
    missing = []
    for name, cls in CLASSES.items():
        family = " ".join(base.__doc__ or "" for base in cls.__mro__ if base.__module__.startswith("course_snn"))
        if issubclass(cls, type) or (issubclass(cls, BaseException) and "__init__" not in vars(cls)):
            continue  # what makes classes, or takes a message
        for parameter, p in inspect.signature(cls).parameters.items():
            explained = re.search(rf"\b{parameter}\b[^:\n]*:", family)
            if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and not explained:
                missing.append(f"{name}: {parameter}")
    assert not missing, "\n".join(missing)
