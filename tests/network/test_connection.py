"""Connections: masks and bounds that hold whatever trains, biases, shapes, projections and policies."""

import pytest
import torch
from nets import S, abc, two_layers
from together import each_of

from course_snn import learning
from course_snn.network import (
    STCA,
    STDP,
    Assembly,
    Connection,
    Decoder,
    Encoder,
    Network,
    NeuronGroup,
    Projection,
    excluded,
    included,
)

OPTIMIZERS = {
    "SGD": lambda p: torch.optim.SGD(p, 0.5, momentum=0.9, weight_decay=0.1),
    "Adam": lambda p: torch.optim.Adam(p, 0.1, weight_decay=0.1),
    "AdamW": lambda p: torch.optim.AdamW(p, 0.1, weight_decay=0.3),
    "Rprop": lambda p: torch.optim.Rprop(p, 0.1),
}
LINKS = {"one_to_one": {}, "sparse": {"density": 0.4}, "random": {"probability": 0.5}}


def masked(link, itself=False, **more):
    torch.manual_seed(0)
    net = Network()
    net.input, net.group = Encoder(6, "null"), NeuronGroup(6)
    net.feed_in = Connection(net.input, net.group, "full", w_mean=0.3)
    net.con = Connection(net.group if itself else net.input, net.group, link, **{**LINKS[link], **more})
    net.output, net.learner = Decoder(net.group), STCA(0.5, net)
    return net


@each_of("name", OPTIMIZERS)
@each_of("link", LINKS)
@each_of("itself", [False, True])
def test_what_is_not_connected_never_is(link, name, itself):
    net = masked(link, itself, bias=True, w_min=-0.5, w_max=2.0)
    absent = net.con.weight == 0
    assert absent.any() and not absent.all() and torch.equal(absent, net.con.mask == 0)
    optimizer, before = OPTIMIZERS[name](net.learner.parameters()), net.con.weight.detach().clone()
    x = (torch.rand(4, 9, 6) < 0.6).float()
    for _ in range(6):
        net.input(x)
        out = net.run(9.0)
        optimizer.zero_grad()
        (out - torch.arange(6)).square().sum().backward()
        optimizer.step()
    assert not net.con.weight[absent].any() and not net.con.effective()[absent].any()
    assert not torch.equal(net.con.weight, before) and net.con.weight[~absent].any()


def test_stdp_makes_no_synapses_where_there_are_none():
    net = masked("sparse")
    net.learner = STDP("full", net.con, Apost=0.2, Apre=0.1, w_min=0.1, w_max=1.0)  # even where 0 is out of bounds
    absent = net.con.mask == 0
    for _ in range(3):
        net.input((torch.rand(4, 9, 6) < 0.6).float())
        net.run(9.0)
    assert not net.con.weight[absent].any() and (net.con.weight[~absent] >= 0.1).all()


def test_random_has_no_synapse_of_a_neuron_with_itself():
    net = abc()
    for k in range(5):
        net.add_connection(f"own{k}", Connection(net.b, net.b, "random", probability=1.0))
        assert not net.at(f"own{k}").weight.diagonal().any() and net.at(f"own{k}").weight.count_nonzero() == 6
    assert Connection(net.a, net.c, "random", probability=1.0).weight.count_nonzero() == 4  # not one group


# ---------------------------------------------------------------- bounds


def test_weights_stop_at_their_bounds():
    net = two_layers()
    net.learner = STCA(0.5, net)
    con = Connection(net.input, net.layer1, weight=torch.tensor([[-3.0, 0.5, 3.0], [0.0, 9.0, 0.1]]), w_min=-1, w_max=1)
    assert torch.equal(con.weight, torch.tensor([[-1, 0.5, 1], [0, 1, 0.1]]))
    net.del_connection(name="con1")
    net.con1 = con
    net.learner.set_optimizer("SGD", lr=1.0)
    for _ in range(4):
        net.input(S)
        out = net.run()
        net.learner.optim_zero_grad()
        (-out[0, 0] * 2 + out[0, 1]).backward()
        net.learner.optim_step()
        assert con.weight.abs().max() <= 1  # at once, not only in the next run
    with torch.no_grad():
        con.weight.fill_(5.0)
    net.run()
    assert con.weight.max() == 1 and con.effective().max() == 1


def test_only_one_bound():
    net = abc()
    assert Connection(net.a, net.b, w_min=0.0, w_std=3.0).weight.min() == 0
    assert Connection(net.a, net.b, w_max=0.0, w_std=3.0).weight.max() == 0
    con = Connection(net.a, net.b, "sparse", density=0.5, w_min=0.5)
    assert not con.weight[con.mask == 0].any() and (con.weight[con.mask == 1] >= 0.5).all()


# ---------------------------------------------------------------- weights, biases, errors


def test_the_default_weights_are_spaics():
    torch.manual_seed(0)
    net = Network()
    net.a, net.b = NeuronGroup(200), NeuronGroup(300)
    con = Connection(net.a, net.b)
    assert con.weight.shape == (300, 200) and con.bias is None and con.mask is None and con.delay == 1
    assert abs(con.weight.mean() - 0.005) < 0.001 and abs(con.weight.std() - 0.05) < 0.001
    sparse = Connection(net.a, net.b, "sparse")
    assert abs((sparse.weight != 0).float().mean() - 0.1) < 0.01


def test_own_weights_are_copied():
    net, numbers = abc(), torch.ones(3, 2)
    con = Connection(net.a, net.b, weight=numbers, bias=torch.tensor([1.0, 2.0, 3.0], requires_grad=True))
    numbers.zero_()
    assert con.weight.tolist() == [[1, 1]] * 3 and con.bias.is_leaf and con.weight.requires_grad
    assert Connection(net.a, net.b, weight=numbers.numpy()).weight.shape == (3, 2)
    assert Connection(net.a, net.b, weight=[[1, 2]] * 3, bias=True).bias.tolist() == [0, 0, 0]
    assert Connection(net.a, net.b, bias=False).bias is None


WRONG = {
    "shape": (dict(weight=torch.ones(2, 3)), ValueError, r"weight must be \[post, pre\] = \[3, 2\], got \[2, 3\]"),
    "a word": (dict(weight="big"), TypeError, r"weight must be numbers \[post, pre\] = \[3, 2\], got str"),
    "ragged": (dict(weight=[[1], [1, 2], [3]]), TypeError, "weight must be numbers"),
    "nan": (dict(weight=torch.full((3, 2), float("nan"))), ValueError, "finite"),
    "bias shape": (dict(bias=[1.0, 2.0]), ValueError, r"bias must be \[post\] = \[3\], got \[2\]"),
    "bias number": (dict(bias=0.5), ValueError, r"bias must be \[post\] = \[3\], got \[\]"),
    "link": (dict(link_type="ful"), ValueError, "no link_type 'ful'. Did you mean 'full'.*one_to_one"),
    "link is no name": (dict(link_type=None), ValueError, "no link_type None"),
    "sizes": (dict(link_type="one_to_one"), ValueError, "one_to_one joins groups of one size, got 2 and 3"),
    "density": (dict(link_type="sparse", density=1.5), ValueError, "density is a probability"),
    "bounds": (dict(w_min=1.0, w_max=0.0), ValueError, "w_min must not lie above w_max"),
    "bound": (dict(w_min="low"), TypeError, "w_min"),
    "typo": (dict(wieght=1), TypeError, r"\(link_type='full'\) has no parameter 'wieght'. Did you mean 'weight'"),
    "typo of a link": (dict(link_type="sparse", desity=0.5), TypeError, "'desity'. Did you mean 'density'"),
    "another link's": (dict(density=0.5), TypeError, "has no parameter 'density'.*It takes w_mean, w_std"),
    "in param": (dict(param={"w_men": 0.5}), TypeError, "no parameter 'w_men'. Did you mean 'w_mean'"),
    "twice": (dict(w_mean=1, param={"W_mean": 2}), TypeError, "got 'w_mean' twice"),
}  # fmt: skip


@each_of("case", WRONG)
def test_errors(case):
    given, error, message = WRONG[case]
    net = abc()
    with pytest.raises(error, match=message):
        Connection(net.a, net.b, **given)
    assert list(net.a.joins) == [net.ab]


ENDS = {
    "assembly": (lambda n: Connection(n, n.b), "is an assembly: connect groups, or use Projection"),
    "into an assembly": (lambda n: Connection(n.a, n.sub), "sub is an assembly: connect groups, or use Projection"),
    "into an encoder": (lambda n: Connection(n.a, Encoder(3)), "cannot end at Encoder"),
    "from a decoder": (lambda n: Connection(Decoder(n.a), n.b), "cannot begin at Decoder"),
    "from a connection": (lambda n: Connection(n.ab, n.b), "cannot begin at Connection"),
    "from a name": (lambda n: Connection("a", n.b), "cannot begin at str"),
    "to nothing": (lambda n: Connection(n.a, None), "cannot end at NoneType"),
}


@each_of("case", ENDS)
def test_ends(case):
    make, message = ENDS[case]
    net = abc()
    net.sub = Assembly()
    with pytest.raises(ValueError, match=message):
        make(net)


# ---------------------------------------------------------------- gradients of what STDP pairs


def test_pairing_is_the_gradient_of_the_currents():
    torch.manual_seed(0)
    net = Network()
    net.input, net.maps = Encoder(shape=[2, 5, 5]), NeuronGroup(shape=[3, 2, 2])
    net.flat = NeuronGroup(50)
    for con in (Connection(net.input, net.maps, "conv", kernel_size=3, stride=2),
                Connection(net.flat, net.maps), Connection(net.flat, net.maps, "sparse", density=0.5)):  # fmt: skip
        pre, post = torch.rand(4, 50), torch.rand(4, 12)
        (con(pre) * post).sum().div(4).backward()
        torch.testing.assert_close(learning.pairing(con, pre, post), con.weight.grad)
        with torch.no_grad():
            torch.testing.assert_close(learning.pairing(con, pre, post), con.weight.grad)


# ---------------------------------------------------------------- projections


def populations():
    net = Network()
    net.one, net.two = Assembly(), Assembly()
    for side in (net.one, net.two):
        side.exc, side.inh = NeuronGroup(3, neuron_type="exc"), NeuronGroup(2, neuron_type=["inh", "pv"])
    return net


def joined(projection):
    return sorted(tuple(end.address() for end in c.ends) for c in projection.connections.values())


def test_a_projection_joins_all_pairs():
    net = populations()
    net.all = Projection(net.one, net.two, link_type="sparse", delay=2, density=0.5, w_max=0.0)
    assert list(net.all.connections) == ["exc_exc", "exc_inh", "inh_exc", "inh_inh"]
    assert len(joined(net.all)) == 4 and joined(net.all)[1] == ("one.exc", "two.inh")
    assert all((c.delay, c.link_type, c.w_max) == (2, "sparse", 0.0) for c in net.all.connections.values())
    assert net.at("all.exc_inh").weight.shape == (2, 3)
    net.run(3.0)
    assert joined(Projection(net.one.exc, net.two)) == [("one.exc", "two.exc"), ("one.exc", "two.inh")]
    assert len(joined(Projection(net, net))) == 16


POLICIES = {
    "included": (included("exc", "inh"), [("one.exc", "two.inh")]),
    "included before": (included("exc"), [("one.exc", "two.exc"), ("one.exc", "two.inh")]),
    "included after": (included(None, ["pv"]), [("one.exc", "two.inh"), ("one.inh", "two.inh")]),
    "excluded": (excluded("exc", "exc"), [("one.exc", "two.inh"), ("one.inh", "two.exc"), ("one.inh", "two.inh")]),
    "excluded after": (excluded(post_types=["inh", "x"]), [("one.exc", "two.exc"), ("one.inh", "two.exc")]),
    "both": ([excluded("exc", "exc"), included("exc")], [("one.exc", "two.inh")]),
    "a function": (lambda pre, post: pre.num > post.num, [("one.exc", "two.inh")]),
    "by name": (["every", included("exc")], [("one.exc", "two.exc"), ("one.exc", "two.inh")]),
}  # fmt: skip


@each_of("case", POLICIES)
def test_policies(case):
    policies, want = POLICIES[case]
    net = populations()
    assert joined(Projection(net.one, net.two, policies)) == want


def test_projections_that_join_nothing():
    net = populations()
    assert len(joined(Projection(net.one, net.one, "not_itself"))) == 2
    with pytest.raises(ValueError, match="no pair of groups of one and two is left"):
        Projection(net.one, net.two, included("nobody"))
    with pytest.raises(ValueError, match=r"no policy 'evry'\. Did you mean 'every'"):
        Projection(net.one, net.two, "evry")
    with pytest.raises(TypeError, match="policies are functions"):
        Projection(net.one, net.two, [3])
    with pytest.raises(ValueError, match="joins groups and assemblies, got str"):
        Projection("one", net.two)
    with pytest.raises(TypeError, match="no parameter 'w_men'"):
        Projection(net.one, net.two, w_men=0.1)
    assert all(c.post is net.one.exc or c.pre is net.one.exc for c in net.one.exc.joins)


def test_a_projection_that_is_in_no_network_does_not_learn_with_its_groups():
    net = populations()
    net.all = Projection(net.one, net.two)
    Projection(net.one, net.two)  # dropped
    assert set(STCA(0.5, net.two.exc).connections()) == {net.all.exc_exc, net.all.inh_exc}
