"""What has no counterpart in the other library is named with its path in the network, and all of it at once."""

from __future__ import annotations

import pytest
import torch
from spikingjelly.activation_based import layer as sj
from spikingjelly.activation_based import neuron as sj_neuron
from spikingjelly.activation_based import surrogate as sj_surrogate
from torch import nn

from course_snn import clif, encoding, layer, neuron, surrogate
from course_snn.exchange import from_spikingjelly, to_spikingjelly


def refused(convert, net: nn.Module) -> str:
    with pytest.raises(TypeError, match=r"no counterpart in .* for\n") as error:
        convert(net)
    return str(error.value)


def test_what_cannot_go_to_spikingjelly_is_named_with_its_path():
    learnt = nn.Parameter(torch.tensor(1.5))
    net = nn.Sequential(
        nn.Sequential(nn.Linear(3, 3), clif.CLIFNode()),
        encoding.PoissonEncoder(),
        layer.LinearRecurrentContainer(nn.Sequential(neuron.RIFNode()), 3, 3),
        neuron.LIFNode(learnt),
        neuron.IFNode(torch.tensor([1.0, 2.0])),
        neuron.IFNode(surrogate=surrogate.SignSwish()),
        neuron.IFNode(surrogate=surrogate.BilinearLeakyReLU(2.0)),
        neuron.IFNode(surrogate=surrogate.ATan(learnt)),
        neuron.PLIFNode(torch.tensor([2.0, 3.0])),
        layer.ChannelsMaxPool(nn.MaxPool1d(2)),
        nn.LSTM(3, 3),
        sj_neuron.LIFNode(step_mode="m"),
        type("MyNode", (neuron.IFNode,), {})(),
    )
    message = refused(to_spikingjelly, net)
    for line in [
        "0.1: CLIFNode, which SpikingJelly does not have",
        "1: PoissonEncoder, which SpikingJelly does not have",
        "2.sub_module.0: RIFNode, whose w may leave (-1, 0)",
        "3: LIFNode, whose tau learns: it takes a fixed number",
        "4: IFNode, whose v_threshold has a value for each neuron",
        "5: IFNode, whose surrogate SignSwish is in one of them only; in both are Sigmoid, ATan",
        "6: IFNode, whose surrogate has a=2: PiecewiseLeakyReLU has a = 1/(2c)",
        "7: IFNode, whose surrogate.alpha learns",
        "8: PLIFNode, whose w has a value for each neuron",
        "9: ChannelsMaxPool, which SpikingJelly does not have",
        "10: LSTM, for which there is no rule",
        "11: LIFNode, which is SpikingJelly's already",
        "12: MyNode, which SpikingJelly does not have",
    ]:
        assert f"\n  {line}" in message
    assert "\nThere is one for neurons IFNode, LIFNode" in message and "0.0" not in message
    assert "the network itself: CLIFNode" in refused(to_spikingjelly, clif.CLIFNode())


def test_what_cannot_come_from_spikingjelly_is_named_with_its_path():
    smooth = sj_surrogate.ATan()
    smooth.set_spiking_mode(False)
    fast = sj_neuron.LIFNode(step_mode="m", decay_input=False)
    fast.tau = 1.0
    net = nn.Sequential(
        nn.Sequential(sj.Linear(3, 3, step_mode="m"), sj_neuron.KLIFNode(step_mode="m")),
        sj_neuron.LIFNode(),
        sj_neuron.IFNode(surrogate_function=sj_surrogate.SoftSign(), step_mode="m"),
        sj_neuron.IFNode(surrogate_function=smooth, step_mode="m"),
        sj_neuron.IFNode(v_threshold=-1.0, step_mode="m"),
        fast,
        sj.NeuNorm(3, 4, 4, step_mode="m"),
        sj.SeqToANNContainer(nn.Linear(3, 3), sj_neuron.LIFNode()),
        nn.Flatten(2),
        nn.Softmax(1),
        sj.TLastMultiStepContainer(sj_neuron.LIFNode()),
        sj.WSConv2d(3, 3, 1, step_mode="m"),
        sj_neuron.SimpleLIFNode(2.0, True, v_reset=0.5, step_mode="m"),
        neuron.LIFNode(),
        type("MyNode", (sj_neuron.IFNode,), {})(step_mode="m"),
    )
    message = refused(from_spikingjelly, net)
    for line in [
        "0.1: KLIFNode, which course_snn does not have",
        "1: LIFNode, whose step_mode is 's' where it is given [T, N, …]",
        "2: IFNode, whose surrogate SoftSign is in one of them only",
        "3: IFNode, whose surrogate has spiking=False",
        "4: IFNode, whose v_threshold=-1.0 is not above v_reset=0.0",
        "5: LIFNode, with tau=1 and decay_input=False",
        "6: NeuNorm, whose w is [3, 4, 4]",
        "7: SeqToANNContainer, in which a module keeps a state",
        "8: Flatten, which is torch's own and would see [T, N, …] as one batch: use layer.Flatten",
        "9: Softmax, which is torch's own and would see [T, N, …] as one batch: put it into a SeqToANNContainer",
        "10: TLastMultiStepContainer, which course_snn does not have",
        "11: WSConv2d, which course_snn does not have",
        "12: SimpleLIFNode, which starts at 0, not at its v_reset=0.5",
        "13: LIFNode, which is ours already",
        "14: MyNode, which course_snn does not have",
    ]:
        assert f"\n  {line}" in message, line


def test_arguments():
    with pytest.raises(ValueError, match="step_mode must be 's'"):
        to_spikingjelly(neuron.IFNode(), "multi")
    for convert in (to_spikingjelly, from_spikingjelly):
        with pytest.raises(TypeError, match=r"a network is a torch\.nn\.Module, got type"):
            convert(nn.Linear)
