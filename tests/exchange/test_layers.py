"""Each layer and container that both libraries have, written by hand in both; and what is refused, with its path."""

from __future__ import annotations

import copy
import subprocess
import sys

import pytest
import torch
from spikingjelly.activation_based import base
from spikingjelly.activation_based import functional as sj_functional
from spikingjelly.activation_based import layer as sj
from spikingjelly.activation_based import neuron as sj_neuron
from spikingjelly.activation_based import surrogate as sj_surrogate
from spikingjelly.activation_based.model import sew_resnet, spiking_resnet
from together import each_of
from torch import nn
from torchvision.models.resnet import BasicBlock
from twins import assert_twins, noise

from course_snn import functional, layer, model, neuron, pooling, surrogate, synapse
from course_snn.exchange import from_spikingjelly, to_spikingjelly

LINE, IMAGE, VOLUME = (4, 6), (4, 6, 6), (4, 4, 4, 4)
ATAN = sj_surrogate.ATan()
torch.manual_seed(0)  # for the layers that are made here


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(1)


def lif() -> nn.Module:
    return neuron.LIFNode(1.5, 0.3, surrogate=surrogate.ATan())


def sj_lif(mode: str = "s") -> nn.Module:
    return sj_neuron.LIFNode(1.5, v_threshold=0.3, surrogate_function=ATAN, step_mode=mode)


def last_first(y: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    return x - 0.7 * y


def loops() -> tuple[nn.Module, nn.Module]:
    ours = layer.LinearRecurrentContainer(nn.Sequential(lif(), nn.Linear(6, 3)), 6, 3, bias=False)
    theirs = sj.LinearRecurrentContainer(nn.Sequential(sj_lif(), nn.Linear(6, 3)), 6, 3, False, "m")
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def norms() -> tuple[nn.Module, nn.Module]:
    ours, theirs = layer.NeuNorm(4, 0.7), sj.NeuNorm(4, 1, 1, 0.7, step_mode="m")
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


# ours, theirs in multi-step mode, the shape of an input without [T, N]
HAND_WRITTEN = {
    "Dropout": (layer.Dropout(0.4), sj.Dropout(0.4, "m"), LINE),
    "Dropout2d": (layer.Dropout2d(0.4), sj.Dropout2d(0.4, "m"), IMAGE),
    "SynapseFilter": (synapse.LowPassSynapse(4.0), sj.SynapseFilter(4.0, step_mode="m"), LINE),
    "SynapseFilter learnt": (synapse.LowPassSynapse(4.0, True), sj.SynapseFilter(4.0, True, "m"), LINE),
    "Delay": (synapse.ConstantDelay(2), sj.Delay(2, "m"), LINE),
    "no Delay": (synapse.ConstantDelay(0), sj.Delay(0, "m"), LINE),
    "NeuNorm": (*norms(), IMAGE),
    "linear loop": (*loops(), (2, 6)),
    "loop": (
        layer.ElementWiseRecurrentContainer(lif(), last_first),
        sj.ElementWiseRecurrentContainer(sj_lif(), last_first, "m"),
        LINE,
    ),
    "Flatten": (nn.Flatten(), sj.Flatten(step_mode="m"), IMAGE),
}


@each_of("name", HAND_WRITTEN)
def test_layers_beside_neurons(name):
    ours, theirs, shape = HAND_WRITTEN[name]
    x_seq = noise(*shape)
    assert type(to_spikingjelly(ours)) is type(theirs) and type(from_spikingjelly(theirs)) is type(ours)
    for mine, other in [(ours, theirs), (ours, to_spikingjelly(ours)), (from_spikingjelly(theirs), theirs)]:
        assert_twins(mine, copy.deepcopy(other), x_seq)
    assert_twins(ours, to_spikingjelly(ours, "s"), x_seq, "s")


def torch_layers() -> list[tuple[nn.Module, tuple[int, ...]]]:
    """Every layer of torch that goes over, with the shape of an input."""
    dims = {1: LINE, 2: IMAGE, 3: VOLUME}
    found = [(nn.Linear(6, 3, bias=False), LINE), (nn.GroupNorm(2, 4), IMAGE), (nn.Upsample(scale_factor=2), IMAGE)]
    found += [(nn.LayerNorm(6), LINE), (nn.PReLU(4), LINE), (nn.GLU(1), LINE), (nn.Unflatten(1, (2, 2)), LINE)]
    found += [(nn.AvgPool1d(2), (6,)), (nn.LocalResponseNorm(2), IMAGE), (nn.PixelShuffle(2), IMAGE)]
    found += [(nn.BatchNorm1d(6), (6,)), (nn.UpsamplingNearest2d(scale_factor=2), IMAGE), (nn.Softmax2d(), IMAGE)]
    found += [(kind(dim=1), LINE) for kind in (nn.Softmax, nn.LogSoftmax, nn.Softmin)]
    found += [(kind(), LINE) for kind in (nn.ReLU, nn.Tanh, nn.Identity, nn.Hardsigmoid, nn.Softplus, nn.Dropout)]
    for d, shape in dims.items():
        conv, turned = getattr(nn, f"Conv{d}d"), getattr(nn, f"ConvTranspose{d}d")
        found.append((conv(4, 6, 3, 2, 1, groups=2, padding_mode="circular"), shape))
        found.append((turned(4, 3, 3, 2, 1, 1, bias=False), shape))
        found += [(getattr(nn, f"{name}{d}d")(2), shape) for name in ("MaxPool", "AvgPool", "AdaptiveAvgPool")]
        found += [(getattr(nn, f"{name}{d}d")(2), shape) for name in ("AdaptiveMaxPool", "ZeroPad")]
        found += [(getattr(nn, f"{name}{d}d")(4), shape) for name in ("BatchNorm", "InstanceNorm")]
        found += [(getattr(nn, f"Dropout{d}d")(0.3), shape), (getattr(nn, f"ReflectionPad{d}d")(1), shape)]
    return found


@each_of(("module", "shape"), torch_layers())
def test_layers_of_torch(module, shape):
    x_seq = noise(*shape, seed=2)
    renamed = isinstance(module, nn.PReLU)
    for training in (True, False):
        ours = nn.Sequential(module, synapse.LowPassSynapse(3.0)).train(training)
        multi, single = to_spikingjelly(ours), to_spikingjelly(ours, "s")
        back = from_spikingjelly(multi)
        assert renamed or type(back[0]) in (type(module), nn.Sequential)
        assert all(found.training == training for found in (multi, single, back, multi[0], single[0], back[0]))
        for mine, theirs in [(copy.deepcopy(ours), multi), (back, to_spikingjelly(ours))]:
            assert_twins(mine, theirs, x_seq, renamed=renamed)
        assert_twins(ours, single, x_seq, "s")
        if not renamed:
            assert list(multi.state_dict()) == list(ours.state_dict())


def test_pooled_spikes():
    for node in (None, lif(), neuron.PLIFNode(1.5)):
        net = nn.Sequential(nn.Conv2d(4, 3, 1), pooling.SpikeMaxPool2d(node))
        assert_twins(net, to_spikingjelly(net), noise(*IMAGE))


def test_containers_that_run_steps_become_a_sequential():
    block = lambda mode: [sj.Linear(6, 5, step_mode=mode), nn.BatchNorm1d(5), sj_lif(mode)]  # noqa: E731
    for theirs in (
        sj.MultiStepContainer(*block("s")),
        sj.StepModeContainer(True, "m", *block("s")),
        nn.Sequential(sj.SeqToANNContainer(*block("s")[:2]), sj_lif("m")),
        nn.Sequential(sj.StepModeContainer(False, "m", *block("s")[:2]), sj_lif("m")),
        nn.Sequential(sj.MultiStepContainer(nn.Sequential(*block("s"))), sj.Delay(1, "m")),
    ):
        theirs.eval()
        ours = from_spikingjelly(theirs)
        assert not [part for part in ours.modules() if isinstance(part, base.StepModule)]
        assert_twins(ours, theirs, noise(6))


def test_what_spikingjelly_has_under_another_name():
    for theirs, kind, shape in [
        (sj.VotingLayer(3, step_mode="m"), nn.AvgPool1d, (6,)),
        (sj.ThresholdDependentBatchNorm2d(0.5, 1.5, 4), nn.BatchNorm2d, IMAGE),
        (sj_neuron.SimpleIFNode(1.0, None, ATAN, step_mode="m"), neuron.IFNode, LINE),
        (sj_neuron.SimpleLIFNode(2.0, True, surrogate_function=ATAN, step_mode="m"), neuron.LIFNode, LINE),
        (sj_neuron.SimpleLIFNode(2.0, False, surrogate_function=ATAN, step_mode="m"), neuron.DeltaLIFNode, LINE),
    ]:
        ours = from_spikingjelly(theirs)
        assert type(ours) is kind
        assert_twins(ours, theirs, noise(*shape))


def test_a_module_that_is_used_twice_stays_one_and_tied_weights_stay_tied():
    conv = nn.Conv2d(4, 4, 3, padding=1)
    net = nn.Sequential(conv, lif(), conv, nn.Conv2d(4, 4, 3, padding=1))
    net[3].weight = conv.weight
    for twin in (to_spikingjelly(net), from_spikingjelly(to_spikingjelly(net))):
        assert twin[0] is twin[2] and twin[3].weight is twin[0].weight and twin[0].weight is not conv.weight
    assert_twins(net, to_spikingjelly(net), noise(*IMAGE))


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.node = nn.Conv2d(4, 4, 3, padding=1), lif()

    def forward(self, x):
        return x + self.node(self.conv(x))


def test_a_forward_of_ones_own_is_kept_in_single_step_mode():
    net = nn.Sequential(Residual(), lif(), nn.Flatten())
    with pytest.raises(TypeError, match=r'\n  0: Residual, whose own forward.* give step_mode="s"\n'):
        to_spikingjelly(net)
    twin, x_seq = to_spikingjelly(net, "s"), noise(*IMAGE)
    assert type(twin[0]) is Residual and type(twin[0].node) is sj_neuron.LIFNode
    assert_twins(net, twin, x_seq, "s")
    assert_twins(from_spikingjelly(twin), twin, x_seq, "s")
    sj_functional.set_step_mode(twin, "m")
    assert_twins(net, twin, x_seq)
    with pytest.raises(TypeError, match=r"0: Residual, whose own forward.*set_step_mode\(net, 's'\) first"):
        from_spikingjelly(twin)


@each_of("connect", [None, "iand"])
def test_spiking_resnets(connect):
    torch.manual_seed(0)
    net = model.SpikingResNet(BasicBlock, [1, 1, 1, 1], connect=connect, stem="cifar", num_classes=3).eval()
    x_seq = noise(3, 8, 8)[:2, :2]
    assert_twins(net, to_spikingjelly(net), x_seq)
    assert_twins(net, to_spikingjelly(net, "s"), x_seq, "s")
    common = {"num_classes": 3, "spiking_neuron": sj_neuron.IFNode, "surrogate_function": ATAN, "detach_reset": True}
    if connect is None:
        theirs = spiking_resnet.SpikingResNet(spiking_resnet.BasicBlock, [1, 1, 1, 1], **common)
    else:
        theirs = sew_resnet.SEWResNet(sew_resnet.BasicBlock, [1, 1, 1, 1], cnf=connect.upper(), **common)
    sj_functional.set_step_mode(theirs.eval(), "m")
    ours, x_seq = from_spikingjelly(theirs), noise(3, 16, 16)[:2, :2]
    assert_twins(ours, theirs, x_seq)
    assert_twins(ours, to_spikingjelly(ours), x_seq)  # and handed back


def test_importing_it_does_not_load_spikingjelly():
    code = "import sys, course_snn.exchange; assert not [n for n in sys.modules if n.startswith('spikingjelly')]"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_network_that_ran_is_converted_as_after_a_reset():
    net = nn.Sequential(nn.Linear(6, 5), lif(), synapse.ConstantDelay(1))
    fresh, x_seq = to_spikingjelly(net), noise(6)
    y = functional.unroll(net, x_seq)
    y.sum().backward()
    assert y.any() and torch.equal(to_spikingjelly(net)(x_seq), y)
    fresh(x_seq).sum().backward()
    assert torch.equal(functional.unroll(from_spikingjelly(fresh), x_seq), y)
