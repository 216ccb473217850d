"""Spiking ResNets against torchvision's names and SpikingJelly's models with the same weights."""

from __future__ import annotations

import copy
import pickle
from functools import partial

import pytest
import torch
import torchvision
from resnets import T, images, ours, results, same_weights, theirs
from spikingjelly.activation_based import neuron as sj_neuron
from spikingjelly.activation_based import surrogate as sj_surrogate
from spikingjelly.activation_based.model import sew_resnet, spiking_resnet
from together import each_of
from torch import nn

from course_snn import functional, model
from course_snn.model.block import convolved
from course_snn.neuron import IFNode, LIFNode, PLIFNode
from course_snn.surrogate import ATan, Sigmoid

CLASSES = 7
THEIRS = {"surrogate_function": sj_surrogate.ATan(), "detach_reset": True, "num_classes": CLASSES}
PARAMETRIC = partial(PLIFNode, 2.0, surrogate=Sigmoid(4.0), v_reset=None)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(1)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def plain(depth: int, neuron=sj_neuron.IFNode, **options) -> nn.Module:
    make = getattr(spiking_resnet, f"spiking_resnet{depth}")
    return make(pretrained=False, spiking_neuron=neuron, **THEIRS | options)


def sew(depth: int, connect: str, **options) -> nn.Module:
    make = getattr(sew_resnet, f"sew_resnet{depth}")
    return make(pretrained=False, cnf=connect.upper(), spiking_neuron=sj_neuron.IFNode, **THEIRS | options)


@pytest.mark.parametrize("depth", [18, 34, 50])
def test_names_are_torchvisions_and_spikingjellys(depth):
    names = list(getattr(torchvision.models, f"resnet{depth}")(num_classes=CLASSES).state_dict())
    for stem in ("imagenet", "cifar"):
        for net in (
            getattr(model, f"spiking_resnet{depth}")(stem=stem, num_classes=CLASSES),
            getattr(model, f"sew_resnet{depth}")(stem=stem, num_classes=CLASSES),
        ):
            assert list(net.state_dict()) == names
    assert set(plain(depth).state_dict()) == set(sew(depth, "add").state_dict()) == set(names)


def equal(net: nn.Module, other: nn.Module) -> bool:
    """Whether outputs are the same to the last bit; gradients and statistics are compared on the way, in both modes."""
    same = True
    same_weights(net, other)
    for training in (False, True):
        net.train(training), other.train(training)
        (y, grads, stats), (z, wanted, left) = results(net, images(), ours), results(other, images(), theirs)
        same = same and y.unique().numel() > 5 and torch.equal(y, z)
        assert len(grads) == len(wanted) and any(bool(g.any()) for g in grads[: len(grads) // 2])
        for found, right in zip(grads, wanted, strict=True):  # sums in another order, so to the scale of the whole
            torch.testing.assert_close(found, right, rtol=0, atol=1e-4 * right.abs().max().item() + 1e-9)
        torch.testing.assert_close(stats, left)
    return same


def test_outputs_and_gradients_are_spikingjellys():
    assert equal(model.spiking_resnet18(num_classes=CLASSES), plain(18))


@pytest.mark.parametrize("connect", ["add", "and", "iand"])
def test_outputs_and_gradients_of_sew_are_spikingjellys(connect):
    assert equal(model.sew_resnet18(connect=connect, num_classes=CLASSES), sew(18, connect))


def test_bottlenecks_are_spikingjellys():
    assert equal(model.spiking_resnet50(num_classes=CLASSES), plain(50))
    assert equal(model.sew_resnet50(num_classes=CLASSES), sew(50, "add"))


def test_iand_in_a_bottleneck_is_the_papers_and_spikingjellys_with_its_two_exchanged(monkeypatch):
    net, other = model.sew_resnet50(connect="iand", num_classes=CLASSES), sew(50, "iand")
    same_weights(net, other)
    net.eval(), other.eval()
    with torch.no_grad():
        y, z = ours(net, images()), theirs(other, images())
        assert not torch.equal(y, z)
        exchanged = sew_resnet.sew_function
        monkeypatch.setattr(sew_resnet, "sew_function", lambda x, y, cnf: exchanged(y, x, cnf))
        assert torch.equal(y, theirs(other, images()))


def test_neurons_that_learn_have_spikingjellys_names():
    options = {"surrogate_function": sj_surrogate.Sigmoid(4.0), "v_reset": None, "detach_reset": False}
    net = model.spiking_resnet18(node=PARAMETRIC, num_classes=CLASSES)
    assert equal(net, plain(18, sj_neuron.ParametricLIFNode, **options))
    add = model.sew_resnet18(node=PARAMETRIC, num_classes=CLASSES)
    assert "layer2.0.downsample_sn.w" in dict(add.named_parameters())
    make = partial(sew_resnet.sew_resnet18, cnf="ADD", spiking_neuron=sj_neuron.ParametricLIFNode)
    assert set(add.state_dict()) == set(make(**THEIRS).state_dict())


def test_a_still_image_is_the_repeated_one_and_its_first_convolution_is_computed_once():
    net = model.sew_resnet18(stem="cifar", num_classes=CLASSES).eval()
    x, batches = images()[0, :, :, :16, :16], []
    net.conv1.register_forward_hook(lambda conv, args, y: batches.append(len(y)))
    with torch.no_grad():
        still = functional.unroll(net, x, T=3)
        functional.reset_net(net)
        torch.testing.assert_close(still, functional.unroll(net, x.expand(3, *x.shape)))
    assert batches == [len(x), 3 * len(x)] and still.shape == (3, len(x), CLASSES)


def test_unrolled_is_stepped():
    net = model.spiking_resnet18(node=partial(LIFNode, 1.5), stem="cifar", num_classes=CLASSES).eval()
    x_seq = images()[..., :8, :8]
    with torch.no_grad():
        y = functional.unroll(net, x_seq)
        functional.reset_net(net)
        torch.testing.assert_close(y, torch.stack([net(x) for x in x_seq]))


def test_the_stem_for_small_images_keeps_their_size():
    net = model.spiking_resnet18(stem="cifar", num_classes=10)
    shapes = {}
    for name in ("conv1", "layer1", "layer4"):
        getattr(net, name).register_forward_hook(lambda _, args, y, name=name: shapes.update({name: y.shape[-1]}))
    net(torch.rand(1, 3, 32, 32))
    assert shapes == {"conv1": 32, "layer1": 32, "layer4": 4}
    assert net.conv1.weight.std().item() == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.1)  # He's, as the others


def test_the_same_seed_gives_torchvisions_weights():
    torch.manual_seed(3)
    wanted = torchvision.models.resnet18(num_classes=CLASSES).state_dict()
    torch.manual_seed(3)
    found = model.sew_resnet18(num_classes=CLASSES).state_dict()
    assert all(torch.equal(found[name], wanted[name]) for name in wanted)


def test_options_reach_torchvision():
    net = model.sew_resnet50(num_classes=3, zero_init_residual=True, groups=2, norm_layer=partial(nn.GroupNorm, 4))
    assert net.fc.out_features == 3 and net.layer1[0].conv2.groups == 2 and isinstance(net.bn1, nn.GroupNorm)
    assert not net.layer1[0].bn3.weight.any() and net.layer1[0].bn1.weight.all()
    assert "connect='add'" in repr(net)


def test_a_block_that_starts_at_zero_passes_spikes_on_with_add_and_iand():
    for connect in ("add", "iand"):
        block = model.sew_resnet18(connect=connect, zero_init_residual=True).layer1[0]
        x = (images()[0, :, :1, :8, :8] > 1).float().expand(-1, 64, -1, -1)
        assert torch.equal(block(x), x)


def test_the_neuron_is_the_one_that_was_asked_for_each_with_parameters_of_its_own():
    alpha = nn.Parameter(torch.tensor(3.0))
    net = model.sew_resnet18(node=partial(LIFNode, 3.0, surrogate=ATan(alpha)), num_classes=2)
    neurons = [m for m in net.modules() if isinstance(m, LIFNode)]
    assert len(neurons) == 1 + 2 * 8 + 3 and not [m for m in net.modules() if isinstance(m, nn.ReLU)]
    assert len({id(m.surrogate.alpha) for m in neurons}) == len(neurons) and all(m.tau == 3.0 for m in neurons)
    default = model.spiking_resnet18().sn1
    assert type(default) is IFNode and default.detach_reset and default.surrogate.alpha == 2.0


def test_it_is_copied_and_pickled():
    net = model.sew_resnet18(stem="cifar", num_classes=2).eval()
    x_seq = images()[:T, :, :, :8, :8]
    with torch.no_grad():
        y = ours(net, x_seq)
        for twin in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
            assert torch.equal(y, ours(twin, x_seq))


def test_errors_say_what_is_accepted():
    for make, error, words in [
        (partial(model.sew_resnet18, connect="or"), ValueError, "no way to connect 'or'. There are add, and, iand"),
        (partial(model.sew_resnet18, connect=None), ValueError, "There are add, and, iand"),
        (partial(model.sew_resnet18, connect="ADD"), ValueError, "Did you mean 'add'"),
        (partial(model.spiking_resnet18, stem="cifar10"), ValueError, "Did you mean 'cifar'.*imagenet: 7x7"),
        (partial(model.spiking_resnet18, num_clases=10), TypeError, "Did you mean 'num_classes'"),
        (partial(model.spiking_resnet18, node=IFNode()), TypeError, "got IFNode: give a class, or functools.partial"),
        (partial(model.spiking_resnet18, node=lambda: None), TypeError, "returned NoneType"),
        (partial(model.SpikingResNet, nn.Linear, [1] * 4), TypeError, "BasicBlock, Bottleneck, got 'Linear'"),
    ]:
        with pytest.raises(error, match=words):
            make()


@each_of("side", [1, 2, 3])
@each_of("conv", [{}, {"stride": 2}, {"kernel_size": 5, "padding": 2}, {"padding": 0, "kernel_size": 1}, {"groups": 2}])
def test_places_of_a_kernel_that_meet_zeros_only_are_left_out(side, conv):
    layer = nn.Conv2d(**{"in_channels": 4, "out_channels": 6, "kernel_size": 3, "padding": 1} | conv)
    layer = layer.to(memory_format=torch.channels_last)
    x, found = torch.randn(3, 4, side, side).requires_grad_(), []
    for y in (convolved(layer, x), layer(x)):
        found.append([y, *torch.autograd.grad(y.square().sum(), [x, *layer.parameters()])])
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b)


def test_channels_last_is_the_same_network():
    net, twin = (model.sew_resnet18(stem="cifar", num_classes=CLASSES) for _ in range(2))
    same_weights(net, twin)
    net.eval(), twin.eval()
    net.to(memory_format=torch.channels_last)
    x_seq = images()[..., :8, :8]
    with torch.no_grad():
        torch.testing.assert_close(ours(net, x_seq), ours(twin, x_seq), rtol=1e-3, atol=1e-3)
