"""Docstrings of the library: present, one sentence first, every parameter named; every promised name is there."""

import importlib
import inspect
import re
from pathlib import Path
from typing import TypeVar

import pytest

import course_snn

NOT_MINE = {"__init__", "language", "figure", "plotting"}
HOME = Path(course_snn.__file__).parent
MODULES = [
    importlib.import_module(".".join(path.relative_to(HOME.parent).with_suffix("").parts))
    for folder in (HOME, HOME / "data", HOME / "training")
    for path in sorted(folder.glob("*.py"))
    if path.stem not in NOT_MINE
]
PROMISED = {
    "neuron": {"Neuron", "IFNode", "LIFNode", "PLIFNode", "RIFNode"},
    "surrogate": {"Sigmoid", "ATan", "Rectangle", "BilinearLeakyReLU", "SignSwish"},
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


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.__name__)
def test_modules_say_what_they_are_for(module):
    assert re.match(r"[A-Z].+[.:]", module.__doc__ or "")


@pytest.mark.parametrize("name", THINGS)
def test_docstring_starts_with_one_line_and_a_full_stop(name):
    doc = THINGS[name].__doc__  # its own, not an inherited one
    assert doc, f"{name} has no docstring"
    first, *rest = inspect.cleandoc(doc).split("\n")
    assert len(first) > 20 and first.endswith((".", ":"))
    assert not rest or not rest[0].strip(), "an empty line must follow the first"


@pytest.mark.parametrize("name", CLASSES)
def test_methods_have_docstrings(name):
    missing = [
        f"{name}.{method}"
        for method, code in vars(CLASSES[name]).items()
        if inspect.isfunction(code) and not method.startswith("_")
        if method != "forward" and not inspect.getdoc(getattr(CLASSES[name], method))
    ]
    assert not missing


@pytest.mark.parametrize("name", CLASSES)
def test_every_parameter_is_explained(name):
    cls = CLASSES[name]
    family = " ".join(base.__doc__ or "" for base in cls.__mro__ if base.__module__.startswith("course_snn"))
    if issubclass(cls, Exception) and "__init__" not in vars(cls):
        return  # takes a message
    named = [n for n, p in inspect.signature(cls).parameters.items() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    missing = [p for p in named if not re.search(rf"\b{p}\b[^:\n]*:", family)]
    assert not missing, f"{name} does not explain {missing}"
