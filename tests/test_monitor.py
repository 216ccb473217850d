"""Monitor: what it records, how much it keeps, that it goes away."""

import copy
import gc
import io
import pickle
import threading
import weakref

import pytest
import torch
from torch import nn
from torch.nn.modules import module as torch_module

from course_snn import encoding, functional, learning, listeners, neuron, simulator, synapse
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
    seen.remove()  # a second time does no harm
    assert len(seen) == 2
    with pytest.raises(ZeroDivisionError), Monitor(node, "v") as broken_off:
        raise ZeroDivisionError
    run(node, 1)
    assert len(broken_off) == 0 and not torch_module._global_forward_hooks


def saved(net):
    file = io.BytesIO()
    torch.save(net, file)
    return file.getvalue()


COPIES = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda net: pickle.loads(pickle.dumps(net)),
    "torch.save": lambda net: torch.load(io.BytesIO(saved(net)), weights_only=False),
}


@pytest.mark.parametrize("copied", COPIES.values(), ids=COPIES)
def test_a_copy_made_meanwhile_is_watched_by_nobody(copied):
    net = nn.Sequential(nn.Linear(3, 3), neuron.IFNode())
    run(net, 4)
    unwatched, keys = saved(net), list(net.state_dict())
    with Monitor(net[1], "v", "output") as seen, Monitor(net[0], "output"):
        seen.records["v"].extend(torch.rand(100, 2, 3))
        twin = copied(net)
        assert len(saved(net)) == len(unwatched) and list(net.state_dict()) == keys
        run(twin, 3)
        assert len(seen) == 100 and seen.calls == 0
        assert listeners.of(net[1]) == [seen] and not listeners.of(twin[1])
    for module in (*net.modules(), *twin.modules()):
        assert not (module._forward_hooks or module._forward_pre_hooks or module._backward_hooks)


def test_several_watch_one_module_and_leave_one_by_one():
    node = neuron.IFNode()
    first, second = Monitor(node, "v"), Monitor(node, "output", every=2)
    run(node, 2)
    first.remove()
    run(node, 2)
    second.remove()
    run(node, 2)
    assert len(first) == second.calls // 2 == len(second) == 2


def test_one_that_nobody_holds_stops_and_lets_the_module_go():
    node = neuron.IFNode()
    gone = weakref.ref(node)
    Monitor(node, "v")
    gc.collect()
    assert not listeners.of(node) and not torch_module._global_forward_hooks
    node.watch = Monitor(node, "v")  # a circle, for the garbage collector
    del node
    gc.collect()
    assert gone() is None and not torch_module._global_forward_hooks


def test_a_copy_of_the_monitor_keeps_the_records_and_adds_none():
    net = nn.Sequential(neuron.IFNode())
    with Monitor(net[0], "v") as seen:
        run(net, 2)
        for twin in (copy.deepcopy(seen), pickle.loads(pickle.dumps(seen))):
            twin.module(torch.ones(2, 3))
            run(net, 1)
            assert len(twin) == 2 and torch.equal(twin["v"], seen["v"][:2])
    assert len(seen) == 4


def test_threads_record_each_their_own():
    nodes, seen = [neuron.IFNode(v_threshold=1e9) for _ in range(4)], {}

    def work(n):
        for _ in range(50):
            with Monitor(nodes[n], "v") as seen[n]:
                nodes[n].reset()
                run(nodes[n], 3)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(len(seen[n]) == seen[n].calls == 3 for n in range(4)) and not torch_module._global_forward_hooks


def test_inference_mode_and_unroll_see_each_step():
    net = nn.Sequential(nn.Linear(3, 3), neuron.IFNode())
    with torch.inference_mode(), Monitor(net[1], "v") as seen, Monitor(net[0], "output") as current:
        functional.unroll(net, torch.rand(2, 3), T=5)
    assert seen["v"].shape == current["output"].shape == (5, 2, 3)


def test_any_module_and_dotted_names():
    module = learning.STDPModule(
        synapse.SpikeCurrent(), synapse.Linear(2, 1), simulator.IFNode([1], 1.0, 1.0), 10.0, 10.0, 0.1,
        learning.proportional, gated=False,
    )  # fmt: skip
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
