"""What is said of a treatment is true of it: named wrongly, not done, done elsewhere, or a cure."""

import copy

import pytest
import torch
from together import each_of
from torch import nn

from course_snn import neuron, surrogate
from course_snn.course import patients, treatment
from course_snn.course.exercise import Finding


def said(name, answer):
    with pytest.raises(Finding) as found:
        treatment.tried(answer, name)
    assert found.value.zh != found.value.en
    return found.value.en


def doing(fault, change):
    def answer(net):
        with torch.no_grad():
            change(net)
        return fault, net

    return answer


def on_a_copy(net):
    cured = copy.deepcopy(net)
    cured[6].v_threshold = 1.0
    return "silent", net


@each_of(
    "name, answer, text",
    [
        ("A", lambda net: None, "Nothing came back"),
        ("A", lambda net: net, "Two things are to be returned, as in return fault, net; got one Sequential"),
        ("A", lambda net: (net, "silent"), "The other way round"),
        ("A", lambda net: ("silent", net[6]), "the whole network, treated; got IFNode"),
        ("A", lambda net: ("silent", "net"), "the whole network, treated; got str"),
        (
            "A",
            doing("silent", lambda net: net.__setitem__(6, nn.ReLU())),
            "net[6] was a layer of kind IFNode and is now",
        ),
        ("A", doing(..., lambda net: setattr(net[6], "v_threshold", 1.0)), "fault is still ..."),
        ("A", doing("Silent", lambda net: None), "got 'Silent'"),
        ("A", doing(torch.ones(3), lambda net: None), "got tensor([1., 1., 1.])"),
        ("A", doing("vanishing", lambda net: None), 'The fault is not "vanishing"'),
        ("A", doing("silent", lambda net: None), "nothing has changed"),
        ("A", on_a_copy, "nothing has changed"),
        ("A", doing("silent", lambda net: setattr(net[6], "v_threshold", 20.0)), "nothing has changed"),
        ("A", doing("silent", lambda net: setattr(net[6], "threshold", 1.0)), "net[6] (IFNode) had no threshold"),
        ("A", doing("silent", lambda net: setattr(net[7], "v_threshold", 1.0)), "net[7] (MaxPool2d) had no v_thresh"),
        ("B", doing("vanishing", lambda net: setattr(net[11].surrogate, "alpha", 2.0)), "had no surrogate.alpha"),
        ("B", doing("vanishing", lambda net: setattr(net[11], "other", surrogate.ATan())), "had no other"),
        ("B", doing("vanishing", lambda net: setattr(net[11], "surrogate", None)), "cannot be run any more"),
        (
            "C",
            doing("saturated", lambda net: net[10].bias.add_(1)),
            "changed net[10], and the doctor still finds 6 IFN",
        ),
        ("C", doing("saturated", lambda net: net[10].bias.add_(1)), "The cause is in layer 6, which was not treated"),
        ("C", doing("saturated", lambda net: net[5].bias.sub_(1)), "The place is right, the change is not yet"),
    ],
)
def test_what_is_wrong_is_said_as_it_is(name, answer, text):
    assert text in said(name, answer)


def as_an_if(net):
    net[6] = neuron.IFNode(surrogate=surrogate.ATan())
    return ["silent", net]


@each_of(
    "name, answer",
    [
        ("A", as_an_if),
        ("A", lambda net: ("silent", patients.healthy().eval())),
        ("B", doing("vanishing", lambda net: setattr(net[11].surrogate, "width", 1.0))),
        ("C", doing("saturated", lambda net: setattr(net[5], "bias", None))),
        ("C", doing("saturated", lambda net: setattr(net[6], "v_threshold", 10.0))),
    ],
)
def test_whatever_cures_is_a_cure(name, answer):
    fault, found = treatment.tried(answer, name)
    assert fault == {"A": "silent", "B": "vanishing", "C": "saturated"}[name] and found == "healthy"


def test_an_untouched_stub_is_not_started():
    assert treatment.tried(lambda net: (..., net), "A") is ... and treatment.tried(lambda net: ..., "A") is ...
