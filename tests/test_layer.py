"""Layers: vectors, closed forms, torch's and SpikingJelly's own; stepped and unrolled give the same."""

import pytest
import torch
from scipy.fft import dctn
from spikingjelly.activation_based import layer as sj
from spikingjelly.activation_based import neuron as sj_neuron
from spikingjelly.activation_based import surrogate as sj_surrogate
from torch import nn

from course_snn import functional, layer, neuron, surrogate, synapse

T, N = 6, 4


def run(module, xs):
    return torch.stack([module(x) for x in xs])


def random(*shape, seed=0):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed))


def with_gradients(net, x, drive=run):
    """Output, gradient of the input, gradients of the parameters."""
    functional.reset_net(net)
    net.zero_grad()
    x = x.clone().requires_grad_()
    y = drive(net, x)
    (y * torch.linspace(1, 2, y.numel()).reshape(y.shape)).sum().backward()
    return [y, x.grad, *(p.grad for p in net.parameters())]


# ---------------------------------------------------------------- NeuNorm


def test_neunorm_vector():
    norm = layer.NeuNorm(2, k=0.9)
    norm.w.data = torch.tensor([1.0, 2.0]).reshape(2, 1, 1)
    s = torch.tensor([[1.0, 0.0], [1.0, 1.0]]).reshape(1, 2, 1, 2)
    expected = torch.tensor([[0.95, -0.025, 0.9, 0.95], [0.905, -0.0475, 0.81, 0.905]])
    torch.testing.assert_close(run(norm, [s, s]).flatten(1), expected)


def test_neunorm_equals_spikingjelly():
    ours, theirs = layer.NeuNorm(3, 0.7), sj.NeuNorm(3, 5, 4, 0.7)
    theirs.w.data = ours.w.data.expand(3, 5, 4).clone()
    s = (random(T, N, 3, 5, 4) < 0.4).float()
    (y1, x1, w1), (y2, x2, w2) = with_gradients(ours, s), with_gradients(theirs, s)
    torch.testing.assert_close((y1, x1, w1), (y2, x2, w2.sum((1, 2), keepdim=True)))


def test_neunorm_settles_at_the_mean_activity():
    norm, s = layer.NeuNorm(8), (random(1, 8, 2, 2) < 0.5).float()
    run(norm, [s] * 200)
    torch.testing.assert_close(norm.x, s.mean(1, keepdim=True) / 8)


# ---------------------------------------------------------------- AXAT, DCT, ChannelsMaxPool


def test_axat():
    module = layer.AXAT(2, 3)
    bound = module.A.abs().max().item()
    assert 0 < bound <= 2**-0.5
    module.A.data = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert module(x).tolist() == [[1, 2, 3], [3, 4, 7], [4, 6, 10]]
    many = random(2, 5, 2, 2)
    torch.testing.assert_close(module(many), torch.einsum("oi,tnij,pj->tnop", module.A, many, module.A))
    many = many.double().requires_grad_()
    assert torch.autograd.gradcheck(module.double(), many)


def test_dct_vectors():
    torch.testing.assert_close(layer.DCT(2)(torch.tensor([[1.0, 2.0], [3.0, 4.0]])), torch.tensor([[5.0, -1], [-2, 0]]))
    expected = torch.tensor([[5.0, -1, 9, -1], [-4, 0, -4, 0], [21, -1, 25, -1], [-4, 0, -4, 0]])
    torch.testing.assert_close(layer.DCT(2)(torch.arange(16.0).reshape(4, 4)), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("n", [1, 3, 4])
def test_dct_equals_scipy_on_every_block(n):
    x = random(2, 3, 24, 12).double()
    y = layer.DCT(n).double()(x)
    for i in range(0, 24, n):
        for j in range(0, 12, n):
            block = (..., slice(i, i + n), slice(j, j + n))
            expected = torch.from_numpy(dctn(x[block].numpy(), axes=(-2, -1), norm="ortho"))
            torch.testing.assert_close(y[block], expected, rtol=1e-6, atol=1e-6)


def test_dct_is_an_axat_and_no_parameter():
    dct, axat = layer.DCT(6), layer.AXAT(6, 6)
    axat.A.data = dct.K
    x = random(3, 6, 6)
    torch.testing.assert_close(dct(x), axat(x))
    assert not dct.state_dict() and dct.double().K.dtype == torch.double


@pytest.mark.parametrize("shape", [(3, 6, 5, 4), (3, 6, 5), (3, 6)])
def test_channels_max_pool_equals_pooling_over_depth(shape):
    assert layer.ChannelsMaxPool(nn.MaxPool1d(2, 2))(torch.arange(8.0).reshape(1, 4, 1, 2)).tolist() == [
        [[[2, 3]], [[6, 7]]]
    ]
    x = random(*shape)
    for size, stride, padding in ((2, 2, 0), (3, 1, 1), (3, 2, 0)):
        pooled = layer.ChannelsMaxPool(nn.MaxPool1d(size, stride, padding))(x)
        deep = x.reshape(3, 1, 6, -1, 1)
        expected = nn.functional.max_pool3d(deep, (size, 1, 1), (stride, 1, 1), (padding, 0, 0))
        assert torch.equal(pooled, expected.reshape(3, -1, *shape[2:]))


# ---------------------------------------------------------------- dropout


@pytest.mark.parametrize("kind", ["Dropout", "Dropout2d"])
def test_dropout_equals_spikingjelly(kind):
    ours, theirs = getattr(layer, kind)(0.3), getattr(sj, kind)(0.3)
    x = random(T, N, 20, 3, 3)
    out = []
    for module in (ours, theirs):
        torch.manual_seed(1)
        out.append(with_gradients(module, x))
    torch.testing.assert_close(*out)
    assert (out[0][0] == 0).any()


@pytest.mark.parametrize("kind", [layer.Dropout, layer.Dropout2d])
def test_the_mask_holds_until_reset(kind):
    torch.manual_seed(0)
    drop, x = kind(0.25), torch.ones(10, 400, 2, 2)
    first = drop(x)
    assert torch.equal(drop(x), first) and torch.equal(drop(2 * x), 2 * first)
    assert first.unique().tolist() == [0.0, pytest.approx(1 / 0.75)]
    draws = 4000 if kind is layer.Dropout2d else 16000
    assert (first == 0).float().mean().item() == pytest.approx(0.25, abs=5 * (0.25 * 0.75 / draws) ** 0.5)
    assert ((first.flatten(2) == 0).float().mean(2) % 1 == 0).all() == (kind is layer.Dropout2d)  # whole channels
    drop.eval()
    assert torch.equal(drop(x), x)  # the mask waits
    assert torch.equal(drop.train()(x), first)
    drop.reset()
    assert not torch.equal(drop(x), first)
    drop.reset()
    assert drop(x[:3]).shape == (3, 400, 2, 2)  # another batch is welcome after a reset


def test_dropout_of_nothing_and_of_spikes():
    assert torch.equal(layer.Dropout(0.0)(torch.ones(9)), torch.ones(9))
    assert layer.Dropout(0.5)(torch.ones(9, dtype=torch.bool)).dtype == torch.float


# ---------------------------------------------------------------- recurrent containers


def test_element_wise_takes_the_last_output_first_as_spikingjelly_does():
    x = torch.tensor([[1.0], [10.0], [100.0]])
    for container in (layer.ElementWiseRecurrentContainer, sj.ElementWiseRecurrentContainer):
        assert run(container(nn.Identity(), lambda y, x: y - 2 * x), x).flatten().tolist() == [-2, -22, -222]


def test_a_loop_keeps_a_neuron_firing():
    x = torch.zeros(8, 1)
    x[0] = 1.5
    assert run(layer.ElementWiseRecurrentContainer(neuron.IFNode(), torch.add), x).flatten().tolist() == [1] * 8
    assert run(neuron.IFNode(), x).sum() == 1


def pair(kind, bias=True):
    ours = neuron.LIFNode(1.5, surrogate=surrogate.ATan(), detach_reset=True)
    theirs = sj_neuron.LIFNode(1.5, surrogate_function=sj_surrogate.ATan(), detach_reset=True)
    if kind == "element-wise":
        f = lambda y, x: x - 0.7 * y  # noqa: E731
        return layer.ElementWiseRecurrentContainer(ours, f), sj.ElementWiseRecurrentContainer(theirs, f)
    torch.manual_seed(0)
    mine = layer.LinearRecurrentContainer(nn.Sequential(ours, nn.Linear(5, 3)), 5, 3, bias)
    other = sj.LinearRecurrentContainer(nn.Sequential(theirs, nn.Linear(5, 3)), 5, 3, bias)
    other.load_state_dict(mine.state_dict())
    return mine, other


@pytest.mark.parametrize(("kind", "bias"), [("element-wise", True), ("linear", True), ("linear", False)])
def test_containers_equal_spikingjelly(kind, bias):
    x = 4 * random(T, N, 5)
    ours, theirs = (with_gradients(net, x) for net in pair(kind, bias))
    assert len(ours) == len(theirs) and ours[0].unique().numel() > 1
    torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("kind", ["element-wise", "linear"])
def test_a_container_refuses_another_batch_until_reset(kind):
    container, x = pair(kind)[0], random(N, 5)
    container(x)
    with pytest.raises(ValueError, match=r"functional\.reset_net"):
        container(x[:2])
    functional.reset_net(container)
    assert container(x[:2]).shape[0] == 2


# ---------------------------------------------------------------- stepped and unrolled


def image_net(*tail):
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), neuron.LIFNode(1.2), *tail, nn.Flatten(), nn.LazyLinear(3))


def line_net(*tail):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(5, 6), *tail, nn.Linear(6, 3), neuron.LIFNode(1.2))


NETS = {
    "NeuNorm": lambda: image_net(layer.NeuNorm(4)),
    "Dropout": lambda: image_net(layer.Dropout(0.3)),
    "Dropout2d": lambda: image_net(layer.Dropout2d(0.3)),
    "Dropout first": lambda: nn.Sequential(layer.Dropout(0.3), image_net()),
    "DCT": lambda: image_net(layer.DCT(3)),
    "AXAT": lambda: image_net(layer.AXAT(6, 4)),
    "ChannelsMaxPool": lambda: image_net(layer.ChannelsMaxPool(nn.MaxPool1d(2))),
    "ElementWise": lambda: line_net(layer.ElementWiseRecurrentContainer(neuron.IFNode(), torch.add)),
    "Linear": lambda: line_net(layer.LinearRecurrentContainer(neuron.IFNode(0.3), 6, 6)),
    "nested": lambda: line_net(
        layer.LinearRecurrentContainer(nn.Sequential(synapse.LowPassSynapse(3.0), pair("element-wise")[0]), 6, 6)
    ),
    "LowPassSynapse": lambda: line_net(synapse.LowPassSynapse(3.0, learnable=True)),
}


@pytest.mark.parametrize("still", [False, True], ids=["sequence", "still"])
@pytest.mark.parametrize("name", NETS)
def test_unrolled_equals_stepped(name, still):
    net, steps = NETS[name](), T if still else None
    shape = (5,) if isinstance(net[0], nn.Linear) else (1, 6, 6)
    x = 3 * random(*([N] if still else [T, N]), *shape)
    functional.unroll(net, x, steps)  # gives the lazy layer its size
    results = []
    for drive in (lambda net, x: functional.unroll(net, x, steps), lambda net, x: run(net, [x] * T if still else x)):
        torch.manual_seed(3)
        results.append(with_gradients(net, x, drive))
    assert results[0][0].shape[:2] == (T, N) and results[0][1].abs().sum() > 0
    torch.testing.assert_close(*results, rtol=1e-4, atol=1e-5)
    functional.unroll(net, x, steps)  # the state goes on: a second stretch of time
    with torch.autocast("cpu", dtype=torch.bfloat16):
        functional.reset_net(net)
        assert functional.unroll(net, x, steps).isfinite().all()


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: layer.NeuNorm(2, 1.1), ValueError, r"in \[0, 1\]; got 1.1"),
        (lambda: layer.NeuNorm(0), ValueError, "in_channels must be at least 1"),
        (lambda: layer.NeuNorm(2)(torch.ones(1, 3, 4, 4)), ValueError, r"\[N, 2, H, W\], got the shape \(1, 3, 4, 4\)"),
        (lambda: layer.AXAT(2.0, 1), TypeError, "in_features must be a whole number"),
        (lambda: layer.DCT(0), ValueError, "kernel_size must be at least 1"),
        (lambda: layer.DCT(4)(torch.ones(8, 6)), ValueError, r"divisible by kernel_size=4, got \(8, 6\)"),
        (lambda: layer.ChannelsMaxPool(nn.MaxPool2d(2)), TypeError, r"nn\.MaxPool1d\(2\), got MaxPool2d"),
        (
            lambda: layer.ChannelsMaxPool(nn.MaxPool1d(2))(torch.ones(3)),
            ValueError,
            r"\[N, C, …\], got the shape \(3,\)",
        ),
        (lambda: layer.Dropout(1.0), ValueError, r"p must lie in \[0, 1\)"),
        (lambda: layer.Dropout(-0.1), ValueError, "p must be at least 0"),
        (lambda: layer.Dropout2d()(torch.ones(2, 3)), ValueError, r"\[N, C, H, W\].*use Dropout"),
        (
            lambda: run(layer.Dropout(), [torch.ones(3), torch.ones(2)]),
            ValueError,
            r"'mask' of shape \(3,\).*reset_net",
        ),
        (lambda: layer.ElementWiseRecurrentContainer(nn.Identity(), "+"), TypeError, r"a function f\(y, x\)"),
        (
            lambda: layer.ElementWiseRecurrentContainer(nn.Linear(3, 2), torch.add)(torch.ones(1, 3)),
            ValueError,
            r"shape \(1, 2\) where the loop needs \(1, 3\): use LinearRecurrentContainer",
        ),
        (
            lambda: layer.LinearRecurrentContainer(nn.Identity(), 3, 2)(torch.ones(1, 3)),
            ValueError,
            r"shape \(1, 3\) where the loop needs \(1, 2\): give it as out_features",
        ),
        (
            lambda: layer.LinearRecurrentContainer(nn.Identity(), 3, 3)(torch.ones(1, 2)),
            ValueError,
            r"\[N, …, 3\], got the shape \(1, 2\)",
        ),
    ],
)
def test_errors_say_what_is_accepted(make, error, message):
    with pytest.raises(error, match=message):
        make()
