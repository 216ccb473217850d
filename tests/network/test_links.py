"""Link types: which synapses there are, with which weights."""

import pytest
import torch
from nets import abc
from together import each_of
from torch import nn

from course_snn.network import Connection, Encoder, Network, NeuronGroup, StateMonitor


def maps(pre, post):
    net = Network()
    net.pre, net.post = Encoder(shape=pre, encoding="null"), NeuronGroup(shape=post, neuron_model="if", v_th=1e6)
    return net


def test_full_takes_mean_and_deviation():
    torch.manual_seed(0)
    net = maps([100], [50])
    weight = Connection(net.pre, net.post, w_mean=2.0, w_std=0.5).weight
    assert weight.shape == (50, 100) and abs(weight.mean() - 2) < 0.05 and abs(weight.std() - 0.5) < 0.05
    assert (Connection(net.pre, net.post, w_mean=2.0, w_std=0.0).weight == 2).all()


def test_one_to_one_is_the_identity():
    net = maps([4], [4])
    assert torch.equal(Connection(net.pre, net.post, "one_to_one").weight, 0.05 * torch.eye(4))
    con = Connection(net.pre, net.post, "one_to_one", weight=torch.arange(16.0).view(4, 4))
    assert torch.equal(con.weight, torch.diag(torch.tensor([0.0, 5.0, 10.0, 15.0])))


@each_of("link, name", [("sparse", "density"), ("random", "probability")])
def test_as_many_synapses_as_asked_for(link, name):
    torch.manual_seed(1)
    net = maps([200], [100])
    for part in (0.0, 0.1, 0.5, 1.0):
        con = Connection(net.pre, net.post, link, **{name: part})
        assert abs((con.weight != 0).float().mean() - part) < 0.02
        assert torch.equal(con.mask, (con.weight != 0).float())
    for bad in (-0.1, 1.1, "x", None):
        with pytest.raises((TypeError, ValueError), match=name):
            Connection(net.pre, net.post, link, **{name: bad})


@each_of("given, post", [(dict(), [3, 4, 3]), (dict(kernel_size=5, padding=2), [3, 6, 5]),
                         (dict(kernel_size=2, stride=2), [3, 3, 2])])  # fmt: skip
def test_conv_is_torchs(given, post):
    torch.manual_seed(0)
    for stepped in (False, True):
        net = maps([2, 6, 5], post)
        net.con = Connection(net.pre, net.post, "conv", delay=1, bias=[0.5, -1.0, 2.0], **given)
        net.seen = StateMonitor(net.post, "Isyn")
        layer = nn.Conv2d(2, 3, **{"kernel_size": 3, **given})
        with torch.no_grad():
            layer.weight.copy_(net.con.weight), layer.bias.copy_(net.con.bias)
        x = (torch.rand(3, 4, 60) < 0.4).float()
        net.build(stepped=stepped)
        net.pre(x)
        net.run(4.0)
        late = torch.cat([torch.zeros(3, 1, 60), x[:, :-1]], 1)
        want = layer(late.view(12, 2, 6, 5)).view(3, 4, -1).transpose(1, 2)
        torch.testing.assert_close(net.seen.values, want.detach())


CONV = {
    "no shape": (([12], [3, 4, 3]), {}, r"conv joins groups with shape=\[C, H, W\], but pre has shape=\[12\]"),
    "sizes": (([2, 6, 5], [3, 4, 4]), {}, r"makes pictures \[3, 4, 3\] of \[2, 6, 5\], but post has the shape"),
    "kernel": (([2, 6, 5], [3, 4, 3]), {"kernel_size": 0}, "kernel_size"),
    "stride": (([2, 6, 5], [3, 4, 3]), {"stride": 1.5}, "stride"),
    "padding": (([2, 6, 5], [3, 4, 3]), {"padding": -1}, "padding"),
    "weight": (([2, 6, 5], [3, 4, 3]), {"weight": torch.ones(3, 2)}, r"\[out, in, k, k\] = \[3, 2, 3, 3\]"),
    "bias": (([2, 6, 5], [3, 4, 3]), {"bias": torch.ones(36)}, r"bias must be \[\w+\] = \[3\]"),
}  # fmt: skip


@each_of("case", CONV)
def test_conv_errors(case):
    shapes, given, message = CONV[case]
    net = maps(*shapes)
    with pytest.raises((TypeError, ValueError), match=message):
        Connection(net.pre, net.post, "conv", **given)


def test_a_group_behind_a_convolution_is_replaced_by_one_of_its_shape():
    net = maps([2, 6, 5], [3, 4, 3])
    net.con = Connection(net.pre, net.post, "conv")
    with pytest.raises(ValueError, match="'con' has weights"):
        net.replace_assembly("post", NeuronGroup(36))
    net.replace_assembly("post", NeuronGroup(shape=[3, 4, 3]))
    net.out = NeuronGroup(2)
    net.flat = Connection(net.post, net.out)  # flattens by itself
    net.pre(torch.ones(1, 2, 60))
    net.run(2.0)


def test_weights_follow_torchs_seed():
    torch.manual_seed(5)
    one = abc()
    torch.manual_seed(5)
    two = abc()
    assert torch.equal(one.ab.weight, two.ab.weight) and not torch.equal(one.ab.weight, abc().ab.weight)
