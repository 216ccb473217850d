"""The ten operations of Assembly: what is there afterwards, and that a refused one has changed nothing."""

import copy
import pickle

import pytest
import torch
from nets import abc, links, names, snapshot
from together import each_of

from course_snn.network import (
    STCA,
    Adam,
    Assembly,
    Connection,
    Decoder,
    Encoder,
    Network,
    NeuronGroup,
    Projection,
    StateMonitor,
)


def column(net):
    """A member "col" of two groups and the connection between them, joined to c."""
    net.col = Assembly()
    net.col.exc, net.col.inh = NeuronGroup(3), NeuronGroup(2)
    net.col.loop = Connection(net.col.exc, net.col.inh)
    net.down = Connection(net.col.inh, net.c)
    return net


# ---------------------------------------------------------------- the table, row by row


def test_add_assembly():
    net = abc()
    net.add_assembly("d", d := NeuronGroup(4))
    assert names(net) == ["a", "b", "c", "d"] and net.d is d and net.at("d") is d and d.owner is net


def test_del_assembly_takes_its_connections_along():
    for given in ({"name": "b"}, {"assembly": None}):
        net = abc()
        net.del_assembly(**(given if "name" in given else {"assembly": net.b}))
        assert names(net) == ["a", "c"] and links(net) == {}
        assert not net.a.joins and not net.c.joins and not hasattr(net, "ab")


def test_del_assembly_removes_connections_that_end_inside_it_wherever_they_lie():
    net = column(abc())
    net.more = Assembly()
    net.more.up = Connection(net.a, net.col.exc)
    net.del_assembly(net.col)
    assert links(net) == {"ab": "a>b", "bc": "b>c"} and names(net) == ["a", "b", "c", "more"]
    outer = Network()
    outer.inner = column(abc())
    outer.into = Connection(outer.inner.a, outer.inner.col.exc)
    outer.inner.del_assembly(name="col")  # of a part of a larger tree
    assert links(outer) == {"inner.ab": "inner.a>inner.b", "inner.bc": "inner.b>inner.c"}


def test_what_was_deleted_can_be_used_again():
    net = column(abc())
    col = net.col
    net.del_assembly(name="col")
    assert col.owner is None and links(col) == {"loop": "exc>inh"}
    net.add_assembly("again", col)
    assert links(net) == {"ab": "a>b", "bc": "b>c", "again.loop": "again.exc>again.inh"}


def test_copy_assembly_of_a_group_and_of_a_network():
    net = abc()
    assert net.copy_assembly("d", net.a) is net.d
    assert names(net) == ["a", "b", "c", "d"] and links(net) == {"ab": "a>b", "bc": "b>c"} and net.d.num == 2
    net = Network()
    net.copy_assembly("sub", other := abc())
    assert names(net) == ["sub"] and links(net) == {"sub.ab": "sub.a>sub.b", "sub.bc": "sub.b>sub.c"}
    assert torch.equal(net.sub.ab.weight, other.ab.weight) and net.sub.ab.weight is not other.ab.weight
    assert links(other) == {"ab": "a>b", "bc": "b>c"} and all(end.owner is net.sub for end in net.sub.ab.ends)


def test_a_copy_can_be_edited_as_its_original():
    net = Network()
    net.copy_assembly("sub", abc())
    net.sub.del_assembly(name="b")
    assert links(net) == {} and names(net.sub) == ["a", "c"]
    net.copy_assembly("more", abc())
    net.more.replace_assembly("b", NeuronGroup(3))
    assert net.more.ab.post is net.more.b is net.more.bc.pre


def test_copy_assembly_of_itself_and_without_what_leaves():
    net = abc()
    net.copy_assembly("sub", net)
    assert names(net) == ["a", "b", "c", "sub"] and names(net.sub) == ["a", "b", "c"]
    assert links(net) == {"ab": "a>b", "bc": "b>c", "sub.ab": "sub.a>sub.b", "sub.bc": "sub.b>sub.c"}
    net = column(abc())
    net.col.out = Connection(net.col.exc, net.a)
    net.copy_assembly("col2", net.col)
    assert set(links(net)) == {"ab", "bc", "down", "col.loop", "col.out", "col2.loop"}


def test_copies_do_not_depend_on_the_order_of_parts():
    net = Network()
    exc, inh = NeuronGroup(3), NeuronGroup(2)
    net.both = Projection(exc, inh)  # before the groups that it joins
    net.exc, net.inh = exc, inh
    net.loop = Connection(exc, exc)
    twin = copy.deepcopy(net)
    assert links(twin) == links(net) and set(links(net).values()) == {"exc>exc", "exc>inh"}
    for connection in (part for part in twin.paths() if isinstance(part, Connection)):
        assert all(end in (twin.exc, twin.inh) for end in connection.ends)
        assert all(connection in end.joins for end in connection.ends)


def test_states_of_a_copy_are_fresh():
    net = abc()
    net.input = Encoder(2, "null")
    net.con = Connection(net.input, net.a, weight=torch.eye(2))
    net.input(torch.full((1, 3, 2), 0.3))
    net.run(3.0)
    net.copy_assembly("twin", net.a)
    assert torch.is_tensor(net.a.neuron.v) and not torch.is_tensor(net.twin.neuron.v)


def test_replace_assembly():
    for given in ("b", None):
        net, new = abc(), NeuronGroup(3, "if")
        weights = net.ab.weight.detach().clone()
        net.replace_assembly(given or net.b, new)
        assert names(net) == ["a", "b", "c"] and net.b is new and new.owner is net
        assert links(net) == {"ab": "a>b", "bc": "b>c"} and torch.equal(net.ab.weight, weights)
        assert net.ab in new.joins and net.bc in new.joins


def test_replace_assembly_takes_both_ends_of_a_self_connection():
    net = abc()
    net.bb = Connection(net.b, net.b)
    old = net.b
    net.replace_assembly("b", NeuronGroup(3))
    assert net.bb.pre is net.bb.post is net.b and not old.joins and old.owner is None
    assert links(net) == {"ab": "a>b", "bc": "b>c", "bb": "b>b"}


def test_replace_assembly_of_other_sizes():
    net = abc()
    with pytest.raises(ValueError, match=r"'ab' has weights \[3, 2\], but would join 2 to 5 neurons"):
        net.replace_assembly("b", NeuronGroup(5))
    net = abc()
    net.d = NeuronGroup(4)
    net.replace_assembly("d", NeuronGroup(9))  # nothing ends there
    assert net.d.num == 9 and names(net) == ["a", "b", "c", "d"]


def test_who_reads_the_old_one_reads_the_new_one():
    net = abc()
    net.out, net.seen, net.learner = Decoder(net.b), StateMonitor(net.b, "V"), STCA(0.5, [net.b, net.c])
    net.replace_assembly("b", new := NeuronGroup(3, "if"))
    assert net.out.target is new and net.seen.target is new and net.seen.watches == (new,)
    assert net.learner.watches == (new, net.c)
    net.run(2.0)
    assert net.seen.values.shape == (1, 3, 2)


def test_only_who_lies_in_the_tree_turns_to_the_new_one():
    net, other = abc(), abc()
    net.seen = loose = StateMonitor(net.b)
    net.seen = held = StateMonitor(net.b)  # the other has lost its place
    other.seen = elsewhere = StateMonitor(net.b)
    moved = Assembly()
    net.sub = moved
    moved.seen = held
    del net.seen
    moved.out = Decoder(net.b)
    old = net.b
    net.replace_assembly("b", NeuronGroup(3))
    assert held.target is net.b and moved.out.target is net.b
    assert loose.target is old and elsewhere.target is old


@each_of("copied", [copy.deepcopy, lambda net: pickle.loads(pickle.dumps(net))])
def test_copies_know_their_own_readers(copied):
    net = abc()
    net.out, net.seen, net.learner = Decoder(net.b), StateMonitor(net.b, "V"), STCA(0.5, [net.b, net.c])
    twin = copied(net)
    twin.replace_assembly("b", new := NeuronGroup(3, "if"))
    assert twin.out.target is new and twin.seen.target is new and twin.learner.watches == (new, twin.c)
    assert net.out.target is net.b and net.seen.target is net.b and net.learner.watches == (net.b, net.c)


def test_a_failed_block_leaves_readers_that_turn():
    net = abc()
    net.seen = StateMonitor(net.b)
    with pytest.raises(KeyError), net:
        net.more = StateMonitor(net.b)
        del net.seen
        raise KeyError
    net.replace_assembly("b", new := NeuronGroup(3))
    assert net.seen.target is new


def test_merge_assembly():
    net, other = abc(), abc()
    net.merge_assembly(other)
    assert names(net) == ["a", "b", "c", "a_1", "b_1", "c_1"]
    assert links(net) == {"ab": "a>b", "bc": "b>c", "ab_1": "a_1>b_1", "bc_1": "b_1>c_1"}
    assert net.a_1 is other.a and net.ab_1 is other.ab and names(other) == ["a", "b", "c"]
    assert other.a.owner is other and other.a.address() == "a"
    net.merge_assembly(other)  # all of it is here
    assert len(names(net)) == 6
    more = abc()
    more.learner, more.seen, more.optim = STCA(0.5, more), StateMonitor(more.a), Adam()
    net.merge_assembly(more)
    assert names(net)[-3:] == ["a_2", "b_2", "c_2"] and not hasattr(net, "learner") and not hasattr(net, "seen")


def test_select_assembly():
    net = abc()
    before = snapshot(net)[id(net)]
    for given in (["a", "b"], [net.a, net.b], ["a", net.b, "a"]):
        new = net.select_assembly(given, name="half")
        assert names(new) == ["a", "b"] and links(new) == {"ab": "a>b"} and new.ab is net.ab and new.name == "half"
    assert snapshot(net)[id(net)] == before and net.a.owner is net
    assert names(net.select_assembly("c")) == ["c"] and names(net.select_assembly([])) == []
    new = column(net).select_assembly(["col", "c"])
    assert links(new) == {"down": "col.inh>c", "col.loop": "col.exc>col.inh"}


def test_select_assembly_takes_the_connections_of_a_projection():
    net = abc()
    net.all = Projection(net.a, net.c)
    new = net.select_assembly(["a", "c"])
    assert list(links(new).values()) == ["a>c"]


def test_add_connection():
    net = abc()
    net.add_connection("ac", Connection(net.a, net.c))
    assert links(net) == {"ab": "a>b", "bc": "b>c", "ac": "a>c"} and net.ac in net.a.joins
    net = column(abc())
    net.add_connection("deep", Connection(net.a, net.col.exc))
    net.add_connection("all", Projection(net.col, net.c))
    assert links(net)["deep"] == "a>col.exc" and len(net.all.connections) == 2


def test_del_connection():
    for given in ({"name": "ab"}, {}):
        net = abc()
        net.del_connection(**(given or {"connection": net.ab}))
        assert links(net) == {"bc": "b>c"} and names(net) == ["a", "b", "c"] and not net.a.joins
    net = abc()
    del net.ab
    assert links(net) == {"bc": "b>c"}
    del net.b
    assert names(net) == ["a", "c"] and links(net) == {}


def test_hide_and_show():
    net = column(abc())
    weight = net.ab.weight
    net.b.assembly_hide()
    assert {net.plan.paths[g] for g in net.plan.groups} == {"a", "c", "col.exc", "col.inh"}
    assert {net.plan.paths[c] for c in net.plan.connections} == {"down", "col.loop"} and not net.b.visible
    net.col.assembly_hide()
    assert [net.plan.paths[g] for g in net.plan.groups] == ["a", "c"] and net.plan.connections == []
    assert not net.col.exc.visible and not net.col.exc.hidden
    net.col.assembly_show()
    net.b.assembly_show()
    assert len(net.plan.groups) == 5 and len(net.plan.connections) == 4 and net.ab.weight is weight


def test_a_group_hidden_with_its_owner_stays_hidden_whoever_selects_it():
    net = column(abc())
    net.col.select_assembly(["exc"])  # which holds it too, and is shown
    net.col.assembly_hide()
    assert [net.plan.paths[g] for g in net.plan.groups] == ["a", "b", "c"]


# ---------------------------------------------------------------- refused


def outside():
    other = Network()
    other.far = NeuronGroup(2)
    return other


REFUSED = {
    "a name that is taken": (lambda n: n.add_assembly("a", NeuronGroup(1)), "'a' is taken"),
    "a name of a connection": (lambda n: n.add_assembly("ab", NeuronGroup(1)), "'ab' is taken"),
    "the same object": (lambda n: n.add_assembly("x", n.a), "already in .* as 'a'"),
    "itself": (lambda n: n.add_assembly("x", n), "inside itself"),
    "its holder": (lambda n: n.col.add_assembly("x", n), "inside itself"),
    "a word": (lambda n: n.add_assembly("x y", NeuronGroup(1)), "name that Python can write"),
    "a keyword": (lambda n: n.add_assembly("class", NeuronGroup(1)), "name that Python can write"),
    "a method": (lambda n: n.add_assembly("run", NeuronGroup(1)), "means something else"),
    "no name": (lambda n: n.add_assembly(None, NeuronGroup(1)), "name that Python can write"),
    "a connection as assembly": (lambda n: n.add_assembly("x", Connection(n.a, n.b)), "use add_connection"),
    "a number as assembly": (lambda n: n.add_assembly("x", 3), "add_assembly takes"),
    "del: unknown name": (lambda n: n.del_assembly(name="q"), "'q' is not in .*a, b, c"),
    "del: almost": (lambda n: n.del_assembly(name="coll"), "Did you mean 'col'"),
    "del: foreign": (lambda n: n.del_assembly(outside().far), "is not in .*a, b, c"),
    "del: not a direct member": (lambda n: n.del_assembly(n.col.exc), "is not in .*a, b, c"),
    "del: connection's name": (lambda n: n.del_assembly(name="ab"), "'ab' is not in"),
    "del: connection": (lambda n: n.del_assembly(n.ab), "'ab' is not in"),
    "copy: taken": (lambda n: n.copy_assembly("a", n.b), "'a' is taken"),
    "copy: connection": (lambda n: n.copy_assembly("x", n.ab), "copy_assembly copies"),
    "replace: unknown": (lambda n: n.replace_assembly("q", NeuronGroup(2)), "'q' is not in"),
    "replace: by a member": (lambda n: n.replace_assembly("a", n.c), "already in"),
    "replace: size": (lambda n: n.replace_assembly("b", NeuronGroup(5)), r"'ab' has weights \[3, 2\]"),
    "replace: later size": (lambda n: n.replace_assembly("c", NeuronGroup(3)), "'bc' has weights"),
    "replace: ends inside": (lambda n: n.replace_assembly("col", NeuronGroup(2)), "'down' ends inside 'col'"),
    "replace: by its holder": (lambda n: n.col.replace_assembly("exc", n), "inside itself"),
    "replace: by a connection": (lambda n: n.replace_assembly("lone", n.ab), "replace_assembly"),
    "replace: by no part": (lambda n: n.replace_assembly("a", 3), "no part|replace_assembly"),
    "replace: by an assembly": (lambda n: n.replace_assembly("a", Assembly()), "connect groups"),
    "replace: receives nothing": (lambda n: n.replace_assembly("b", Encoder(3)), "cannot end at"),
    "replace: watched": (lambda n: n.replace_assembly("watched", NeuronGroup(2, "if")), "has no variable 'm'"),
    "merge: itself": (lambda n: n.merge_assembly(n), "inside itself"),
    "merge: its holder": (lambda n: n.col.merge_assembly(n), "inside itself"),
    "merge: a name": (lambda n: n.merge_assembly("a"), "merge_assembly takes"),
    "select: unknown": (lambda n: n.select_assembly(["a", "q"]), "'q' is not in"),
    "select: foreign": (lambda n: n.select_assembly(["a", outside().far]), "is not in"),
    "select: connection": (lambda n: n.select_assembly(["ab"]), "'ab' is not in"),
    "add_connection: taken": (lambda n: n.add_connection("ab", Connection(n.a, n.c)), "'ab' is taken"),
    "add_connection: here": (lambda n: n.add_connection("x", n.ab), "already in"),
    "add_connection: foreign": (lambda n: n.add_connection("x", Connection(n.a, outside().far)), "'far' of 'x'"),
    "add_connection: of the net in col": (lambda n: n.col.add_connection("x", Connection(n.a, n.col.exc)), "is not in"),
    "add_connection: group": (lambda n: n.add_connection("x", NeuronGroup(2)), "add_connection takes a Connection"),
    "add_connection: assembly": (lambda n: n.add_connection("x", Assembly()), "add_connection takes a Connection"),
    "add_connection: number": (lambda n: n.add_connection("x", 2), "add_connection takes a Connection"),
    "add_connection: projection": (lambda n: n.col.add_connection("x", n.spare), "'a' of 'x' is not in"),
    "del_connection: unknown": (lambda n: n.del_connection(name="q"), "'q' is not in .*ab, bc"),
    "del_connection: group": (lambda n: n.del_connection(n.a), "'a' is not in"),
    "del_connection: of a member": (lambda n: n.del_connection(n.col.loop), "'col.loop' is not in"),
    "assign: taken": (lambda n: setattr(n, "a", NeuronGroup(2)), "'a' is taken"),
    "assign: twice": (lambda n: setattr(n, "z", n.a), "already in"),
    "assign: a number over a part": (lambda n: setattr(n, "a", 3), "'a' is a part of"),
}  # fmt: skip


@each_of("case", REFUSED)
def test_refused_operations_change_nothing(case):
    act, message = REFUSED[case]
    net = column(abc())
    net.lone, net.watched = NeuronGroup(2), NeuronGroup(2, "clif")
    net.out, net.learner, net.seen = Decoder(net.c), STCA(0.5, net.b), StateMonitor(net.watched, "M")
    vars(net)["spare"] = Projection(net.a, net.col)  # not in the network
    before = snapshot(net)
    with pytest.raises(ValueError, match=message):
        act(net)
    after = snapshot(net)
    for part in before:
        assert after[part] == before[part]
    assert {key: value for key, value in after.items() if key in before} == before


@each_of("act", [lambda n: n.del_assembly(), lambda n: n.del_assembly(n.a, "a"), lambda n: n.del_connection(),
                 lambda n: n.del_connection(n.ab, "ab")])  # fmt: skip
def test_exactly_one_of_the_part_and_its_name(act):
    net = abc()
    before = snapshot(net)
    with pytest.raises(TypeError, match="one of the two"):
        act(net)
    assert snapshot(net) == before


# ---------------------------------------------------------------- what is shared


def test_deleting_what_is_shared():
    net, other = abc(), abc()
    net.merge_assembly(other)
    other.del_assembly(name="b")  # the other's own business
    assert names(other) == ["a", "c"] and links(other) == {}
    assert names(net) == ["a", "b", "c", "a_1", "b_1", "c_1"] and links(net)["ab_1"] == "a_1>b_1"
    net.del_assembly(name="c_1")
    assert names(other) == ["a", "c"] and "bc_1" not in links(net) and other.c.owner is other
    half = net.select_assembly(["a", "b"])
    net.del_assembly(name="a")
    assert names(half) == ["a", "b"] and links(half) == {"ab": "a>b"}
    assert half.ab in half.a.joins


def test_within_one_tree_a_part_may_have_two_homes():
    net = column(abc())
    net.col.add_assembly("guest", net.a)
    assert net.a.address() == "a" and net.at("col.guest") is net.a and net.paths()[net.a] == "a"
    net.del_assembly(name="a")  # it is still inside
    assert links(net)["ab"] == "col.guest>b" and not hasattr(net, "a")
    net.col.del_assembly(name="guest")
    assert "ab" not in links(net)


def test_deleting_a_select_leaves_the_network_whole():
    net = abc()
    half = net.select_assembly(["a", "b"])
    half.del_assembly(name="a")
    assert links(net) == {"ab": "a>b", "bc": "b>c"} and links(half) == {} and net.ab in net.a.joins


# ---------------------------------------------------------------- addresses, and other ways to the same


def test_paths_are_addresses():
    net = column(abc())
    assert net.at("col.exc") is net.col.exc and net.col.exc.address() == "col.exc"
    assert net.at("col.loop") is net.col.loop and net.col.loop.address() == "col.loop"
    assert "col.loop.weight" in net.state_dict()
    for path, message in [("col.exx", "col has exc, inh, loop. Did you mean 'exc'"), ("q", "has a, b, c"), ("a.x", "")]:
        with pytest.raises(ValueError, match=f"there is no part '{path}': .*{message}"):
            net.at(path)


def test_torchs_own_ways_of_adding_are_the_same():
    net = Network()
    net.add_module("a", a := NeuronGroup(2))
    net.register_module("b", NeuronGroup(2))
    assert a.owner is net and names(net) == ["a", "b"]
    with pytest.raises(ValueError, match="'a' is taken"):
        net.add_module("a", NeuronGroup(3))


def test_replacing_leaves_connections_of_other_networks():
    net = abc()
    half = net.select_assembly(["a", "b"])
    half.own = Connection(half.b, half.a)
    net.replace_assembly("b", NeuronGroup(3))
    assert half.own.pre is half.b and links(net) == {"ab": "a>b", "bc": "b>c"}
