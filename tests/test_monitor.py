"""Monitor: what it records, how much it keeps, that it goes away."""

import pytest
import torch
from torch import nn

from course_snn import encoding, learning, neuron, simulator, synapse
from course_snn.monitor import Monitor


def run(module, T=10):
    for t in range(T):
        module(torch.full([2, 3], t / 10))


def test_records_voltage_and_spikes_of_every_call():
    node = neuron.IFNode()
    with Monitor(node, "v", "output") as seen:
        run(node)
    assert len(seen) == 10 and seen["v"].shape == seen["output"].shape == (10, 2, 3)
    assert seen["output"].dtype == torch.bool and seen["output"][:, 0, 0].nonzero().flatten().tolist() == [
        4,
        6,
        8,
    ]
    assert seen["v"][:4, 0, 0].tolist() == pytest.approx([0, 0.1, 0.3, 0.6])


def test_records_are_copies_without_a_graph():
    node, x = neuron.IFNode(), torch.rand(2, requires_grad=True)
    with Monitor(node, "v") as seen:
        node(x)
        node.v.detach().zero_()
    assert not seen["v"].requires_grad and torch.equal(seen["v"][0], x.detach())


def test_memory_is_bounded_and_holds_the_newest():
    node = neuron.IFNode(v_threshold=100.0)
    with Monitor(node, "v", "output", capacity=4) as seen:
        run(node)
        assert len(seen) == 4 and seen.dropped == 6 and seen.calls == 10
        assert seen["v"][:, 0, 0].tolist() == pytest.approx([2.1, 2.8, 3.6, 4.5])
        seen.clear()
        assert len(seen) == seen.dropped == seen.calls == 0
        run(node, 3)
    assert len(seen) == 3


def test_every():
    node = neuron.IFNode(v_threshold=100.0)
    with Monitor(node, "v", every=4) as seen:
        run(node)
    assert seen["v"][:, 0, 0].tolist() == pytest.approx([0, 1.0, 3.6])  # calls 0, 4 and 8


def test_removal_ends_recording_and_keeps_records():
    node = neuron.IFNode()
    seen = Monitor(node, "output")
    run(node, 2)
    seen.remove()
    run(node, 2)
    assert len(seen) == 2 and not node._forward_hooks
    with pytest.raises(ZeroDivisionError), Monitor(node, "v"):
        raise ZeroDivisionError
    assert not node._forward_hooks


def test_any_module_and_dotted_names():
    module = learning.STDPModule(
        synapse.SpikeCurrent(), synapse.Linear(2, 1), simulator.IFNode([1], 1.0, 1.0), 10.0, 10.0, 0.1
    )
    linear = nn.Linear(2, 2)
    with Monitor(module, "connection.weight", "output") as a, Monitor(linear, "weight", "output") as b:
        for _ in range(3):
            module(torch.tensor([True, False]))
            linear(torch.ones(2))
    assert a["connection.weight"].shape == (3, 1, 2) and a["output"].dtype == torch.bool
    assert (a["connection.weight"].diff(dim=0)[:, 0, 0] > 0).all()
    assert b["weight"].shape == (3, 2, 2) and b["output"].dtype == torch.float


def test_a_simulator_is_recorded_from_its_first_output_on():
    sim = simulator.Simulator(fast=False)
    sim.append(encoding.ConstantEncoder())
    sim.append(simulator.IFNode([1], 1.0, 2.0))
    with Monitor(sim, "output") as seen:
        for _ in range(6):
            sim.step(torch.ones(1))
    assert seen["output"].flatten().tolist() == [False, False, True, False, True]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: Monitor(neuron.IFNode()), ValueError, "say what to record"),
        (
            lambda: Monitor(neuron.IFNode(), "w"),
            AttributeError,
            "IFNode has no 'w' to record; its state variables: v",
        ),
        (lambda: Monitor(nn.Linear(1, 1), "weight.x"), AttributeError, "Parameter has no 'x'"),
        (lambda: Monitor(neuron.IFNode(), "v", every=0), ValueError, "every must be at least 1"),
        (lambda: Monitor(neuron.IFNode(), "v", capacity=0), ValueError, "capacity must be at least 1"),
        (lambda: Monitor(neuron.IFNode(), "v")["output"], KeyError, "was not recorded; recorded are v"),
        (lambda: Monitor(neuron.IFNode(), "v")["v"], ValueError, "has not been called"),
    ],
)
def test_errors_say_what_is_accepted(make, error, message):
    with pytest.raises(error, match=message):
        make()
