"""Names and the with form: in every scope, in threads and tasks, and after an exception."""

import asyncio
import threading
import types

import pytest
import torch
from nets import abc, links, names, snapshot
from together import each_of

from course_snn import network as spaic
from course_snn.network import STCA, Adam, Assembly, Connection, Decoder, Encoder, Network, NeuronGroup, StateMonitor

CELL = """
with spaic.Network() as net:
    input = spaic.Encoder(3)
    layer = spaic.NeuronGroup(2)
    con = spaic.Connection(input, layer)
    output = spaic.Decoder(layer)
    monitor = spaic.StateMonitor(layer, "V")
    learner = spaic.STCA(0.5, net)
    optim = spaic.Adam(lr=0.1)
"""
WANTED = ["input", "layer", "con", "output"], ["monitor", "learner", "optim"]


def said(net):
    held = [name for name, value in vars(net).items() if hasattr(value, "watches")]
    return [name for name in net._modules], held


def test_in_a_function():
    with Network() as net:
        input = Encoder(3)
        layer = NeuronGroup(2)
        con = Connection(input, layer)
        output = Decoder(layer)
        monitor = StateMonitor(layer, "V")
        learner = STCA(0.5)  # of the network whose block it is
        optim = Adam(lr=0.1)
    assert said(net) == WANTED and net.con is con and net.output is output and net.monitor is monitor
    assert net.learner is learner and learner.watches == (net,) and net.optim is optim


def test_in_a_class_body():
    class Holder:
        net = Network()
        with net:
            input = Encoder(3)
            layer = NeuronGroup(2)
            con = Connection(input, layer)

    assert said(Holder.net) == (["input", "layer", "con"], []) and Holder.con.owner is Holder.net


def test_in_a_cell_of_a_notebook_and_in_a_module():
    space = {"spaic": spaic, "unrelated": object()}
    exec(CELL, space)
    assert said(space["net"]) == WANTED
    exec(CELL, space)  # the cell once more: a new network, the old variables
    assert said(space["net"]) == WANTED
    module = types.ModuleType("scratch")
    module.spaic = spaic
    exec(CELL, vars(module))
    assert said(module.net) == WANTED
    one, two = {"spaic": spaic}, {}
    exec(CELL, one, two)  # globals and locals apart
    assert said(two["net"]) == WANTED


def test_a_second_block_goes_on():
    net = Network()
    with net:
        a = NeuronGroup(2)
    with net:
        b = NeuronGroup(3)
        ab = Connection(a, b)
    assert names(net) == ["a", "b"] and net.ab is ab
    for _ in range(2):  # a cell that is run again
        with net:
            b = NeuronGroup(3)
    assert names(net) == ["a", "b", "b_1", "b_2"]


def test_nested():
    with Network() as net:
        with Assembly() as column:
            exc = NeuronGroup(3)
            inh = NeuronGroup(2)
            loop = Connection(exc, inh)
            with Assembly() as core:
                deep = NeuronGroup(1)
        out = NeuronGroup(2)
        con = Connection(inh, out)
    assert names(net) == ["column", "out"] and names(net.column) == ["exc", "inh", "core"]
    assert links(net) == {"con": "column.inh>out", "column.loop": "column.exc>column.inh"}
    assert deep.address() == "column.core.deep" and loop.owner is column and core.owner is column and con.owner is net


def test_loops_and_parts_without_a_variable():
    with Network() as net:
        layers = [NeuronGroup(n) for n in (2, 3, 4)]
        for k in range(2):
            Connection(layers[k], layers[k + 1])
        for n in range(2):
            last = NeuronGroup(n + 1)
        NeuronGroup(5, name="chosen")
    assert names(net) == ["neurongroup", "neurongroup_1", "neurongroup_2", "neurongroup_3", "last", "chosen"]
    assert list(net.connections) == ["connection", "connection_1"] and net.last is last and net.last.num == 2
    assert net.neurongroup_2 is layers[2]


def test_a_variable_called_as_a_method():
    with Network() as net:
        run = NeuronGroup(2)
        plan = NeuronGroup(2)
    assert names(net) == ["run_1", "plan_1"] and net.run_1 is run and net.plan_1 is plan


def test_nothing_is_overwritten_by_a_name_that_was_not_given():
    net = Network()
    net.stca_1 = first = STCA(0.5, net)
    for k in range(3):
        with net:
            STCA(0.1 * (k + 1), net)
    assert net.stca_1 is first and [net.stca.alpha, net.stca_2.alpha, net.stca_3.alpha] == pytest.approx(
        [0.1, 0.2, 0.3]
    )


def test_what_was_given_a_place_by_hand_is_left_alone():
    with Network() as net:
        net.first = group = NeuronGroup(2)
        net.column = Assembly()
        net.column.inner = inner = NeuronGroup(3)
        net.column.seen = monitor = StateMonitor(inner)
        net.learner = learner = STCA(0.5, net)
        learner.set_optimizer("Adam", lr=0.1)  # belongs to the learner
    assert names(net) == ["first", "column"] and names(net.column) == ["inner"] and group.owner is net
    assert said(net) == (["first", "column"], ["learner"]) and net.column.seen is monitor
    assert net.plan.optimizers == [] and len(net.plan.monitors) == 1


def test_in_a_class_with_a_method():
    class Net(Network):
        def __init__(self):
            super().__init__()
            self.before = NeuronGroup(2)
            with self:
                after = NeuronGroup(3)
                self.mine = NeuronGroup(1)
                con = Connection(self.before, after)

    assert names(Net()) == ["before", "mine", "after"] and links(Net()) == {"con": "before>after"}
    with Network() as outer:
        sub = Net()
        other = Net()
    assert names(outer) == ["sub", "other"] and names(sub) == ["before", "mine", "after"] and other.owner is outer


def test_threads_do_not_hear_each_other():
    found, barrier = {}, threading.Barrier(4)

    def build(k):
        with Network() as net:
            barrier.wait()
            first = NeuronGroup(k + 1)
            barrier.wait()
            second = NeuronGroup(k + 2)
            barrier.wait()
            con = Connection(first, second)
        found[k] = net

    with Network() as here:
        workers = [threading.Thread(target=build, args=(k,)) for k in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert names(here) == [] and all(links(net) == {"con": "first>second"} for net in found.values())
    assert [found[k].first.num for k in range(4)] == [1, 2, 3, 4]


def test_tasks_do_not_hear_each_other():
    async def build(k):
        with Network() as net:
            first = NeuronGroup(k + 1)
            await asyncio.sleep(0)
            second = NeuronGroup(k + 2)
            await asyncio.sleep(0)
            con = Connection(first, second)
        return net

    async def both():
        return await asyncio.gather(*map(build, range(3)))

    nets = asyncio.run(both())
    assert all(links(net) == {"con": "first>second"} and names(net) == ["first", "second"] for net in nets)


# ---------------------------------------------------------------- after an exception


class Stop(Exception):
    pass


def edits(net):
    """Every kind of change, one after another."""
    yield lambda: setattr(net, "d", NeuronGroup(2))
    yield lambda: Connection(net.a, net.c)
    yield lambda: net.add_connection("ac", Connection(net.a, net.c))
    yield lambda: setattr(net, "seen", StateMonitor(net.a))
    yield lambda: setattr(net.col, "seen", StateMonitor(net.a))
    yield lambda: setattr(net.col, "extra", NeuronGroup(1))
    yield lambda: net.copy_assembly("twin", net.col)
    yield lambda: net.merge_assembly(abc())
    yield lambda: net.replace_assembly("b", NeuronGroup(3))
    yield lambda: net.b.assembly_hide()
    yield lambda: net.del_connection(name="bc")
    yield lambda: net.col.del_assembly(name="exc")
    yield lambda: net.del_assembly(name="a")
    yield lambda: delattr(net, "learner")


@each_of("last", range(14))
def test_an_exception_leaves_the_network_as_it_was(last):
    net = abc()
    net.col = Assembly()
    net.col.exc, net.learner, net.out = NeuronGroup(2), STCA(0.5, [net.b]), Decoder(net.b)
    net.into = Connection(net.a, net.col.exc)
    outer = Network()
    outer.net = net
    before, parts = snapshot(outer), list(net._modules)
    with pytest.raises(Stop), net:
        lost = NeuronGroup(4)
        for k, edit in enumerate(edits(net)):
            if k <= last:
                edit()
        raise Stop
    assert snapshot(outer) == before and list(net._modules) == parts and lost.owner is None
    with net:
        found = NeuronGroup(4)
    assert net.found is found


def test_an_exception_in_an_inner_block():
    with pytest.raises(Stop), Network() as net:
        a = NeuronGroup(2)
        with Assembly() as column:
            NeuronGroup(3)
            raise Stop
    assert said(net) == ([], []) and names(column) == [] and a.owner is None
    with Network() as net:
        a = NeuronGroup(2)
        with pytest.raises(Stop), Assembly() as column:
            NeuronGroup(3)
            raise Stop
        b = NeuronGroup(2)
    assert names(net) == ["a", "column", "b"] and names(net.column) == [] and b.owner is net
    NeuronGroup(1)  # heard by nobody
    assert names(net) == ["a", "column", "b"]


def test_a_part_that_could_not_be_made_leaves_nothing():
    with Network() as net:
        a = NeuronGroup(2)
        for wrong in (lambda: NeuronGroup(2, tau=3), lambda: Connection(a, a, wieght=1), lambda: Encoder(0)):
            with pytest.raises((TypeError, ValueError)):
                wrong()
        before = snapshot(net)
        with pytest.raises(ValueError, match="no policy"):
            spaic.Projection(a, a, policies="unknown")
        assert snapshot(net) == before
    assert names(net) == ["a"] and list(net.connections) == []


def test_an_unpicklable_world_is_no_matter():
    with Network() as net:
        weights = torch.ones(2, 2)
        a = NeuronGroup(2)
        b = a
        same = [a, b]
        aa = Connection(a, a, weight=weights)
    assert names(net) == ["a"] and net.aa is aa and same[0] is net.a
