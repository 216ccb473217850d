"""What the spikes of a network cost: synaptic operations layer by layer, and the joules of SNN and ANN."""

import math
from functools import partial
from typing import Any, NamedTuple

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm as BatchNorm
from torch.nn.utils.parametrize import ParametrizationList

from course_snn import synapse, trial, unrolling
from course_snn.language import Label, escaped, html_table, plain_table, tr
from course_snn.layer import AXAT, LinearRecurrentContainer
from course_snn.neuron import Neuron

MAC, AC = 4.6e-12, 0.9e-12  # joules of a 32-bit float multiply-accumulate and of an accumulate, 45 nm (Horowitz 2014)

CONVOLUTIONS = nn.Conv1d, nn.Conv2d, nn.Conv3d
TRANSPOSED = nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d
KNOWN = nn.Linear, *CONVOLUTIONS, *TRANSPOSED, AXAT, synapse.Linear, synapse.GaussianLinear


class Layer(NamedTuple):
    """One layer with weights; operations are those of one sample, the mean over the batch.

    Args:
        name: its name inside the network, with its kind: "0 Conv2d".
        rate: spikes per input and step, as they enter the layer; NaN where what enters are no spikes.
        times: how many times it is computed for a sample: T, or once where the same still input would enter T times.
        acs: accumulates that spikes cause: the synaptic operations.
        macs: multiply-accumulates, where what enters are no spikes.
        dense: multiply-accumulates of an ANN's one pass through the layer.
        outputs: numbers that the layer gives in one pass: the neurons behind it, if no pooling comes between.
    """

    name: str
    rate: float
    times: float
    acs: float
    macs: float
    dense: float
    outputs: float


class Count:
    """What ``count`` found; in a notebook it shows as a table in both languages.

    Args:
        layers: the layers with weights, in the order of their calls.
        uncounted: names of modules with weights that the library cannot count; what they cost comes on top.
        samples: size of the batch.
    """

    def __init__(self, layers: list[Layer], uncounted: list[str], samples: int) -> None:
        self.layers, self.uncounted, self.samples = layers, uncounted, samples

    @property
    def acs(self) -> float:
        """Synaptic operations (accumulates) of a sample; times ``samples``, those of the batch."""
        return sum(layer.acs for layer in self.layers)

    @property
    def macs(self) -> float:
        """Multiply-accumulates of a sample in the layers that no spikes enter."""
        return sum(layer.macs for layer in self.layers)

    @property
    def dense(self) -> float:
        """Multiply-accumulates of a sample in an ANN of the same layers, which computes each of them once."""
        return sum(layer.dense for layer in self.layers)

    @property
    def snn_joules(self) -> float:
        """Energy of the operations of a sample: MAC · macs + AC · acs, without membrane updates and memory."""
        return MAC * self.macs + AC * self.acs

    @property
    def ann_joules(self) -> float:
        """Energy of the operations of a sample in the ANN: MAC · dense."""
        return MAC * self.dense

    @property
    def saving(self) -> float:
        """How many times as much energy the ANN takes; infinite for a network without any operation."""
        return self.ann_joules / self.snn_joules if self.snn_joules else math.inf

    def _rows(self) -> list[list[str]]:
        rows = []
        for layer in [*self.layers, Layer("", math.nan, math.nan, self.acs, self.macs, self.dense, 0)]:
            shares = ["" if not layer.name else "–" if math.isnan(layer.rate) else f"{layer.rate:.3f}"]
            shares.append(f"{layer.times:g}" if layer.name else "")
            joules = 1e9 * (MAC * layer.macs + AC * layer.acs), 1e9 * MAC * layer.dense
            operations = [f"{number:,.0f}" for number in (layer.acs, layer.macs, layer.dense)]
            rows.append([*shares, *operations, *(f"{number:,.1f}" for number in joules)])
        return rows

    def _names(self) -> list[str]:
        return [*(layer.name for layer in self.layers), tr("合计", "total")]

    def _repr_html_(self) -> str:
        rows = [[escaped(name), *cells] for name, cells in zip(self._names(), self._rows(), strict=True)]
        notes = "".join(f"<p>{escaped(note)}</p>" for note in self._notes())
        return html_table(rows, [escaped(head) for head in _heads()]) + notes

    def __repr__(self) -> str:
        rows = [[name, *cells] for name, cells in zip(self._names(), self._rows(), strict=True)]
        return "\n".join([plain_table(rows, _heads()), *(note.en for note in self._notes())])

    def _notes(self) -> list[Label]:
        if not self.uncounted:
            return []
        names = ", ".join(self.uncounted)
        zh, en = "没有算进去（不知道它们怎样使用权重）：", "not counted (how they use their weights is not known): "
        return [tr(zh, en) + names]


def count(net: nn.Module, x: torch.Tensor, T: int | None = None) -> Count:
    """Run a copy of ``net`` on one batch and count what the spikes that really arrive make each layer compute.

        acs = Σ_t Σ_i s_i[t] f_i      (f_i: the number of outputs that input i reaches, exact at the borders)

    Where what enters a layer is anything but 0 and 1 it computes ``dense`` multiply-accumulates each time: the first
    layer with direct coding, once with ``T`` and a still x, T times with a sequence. All weights count, also those
    that are 0. Biases, batch normalisation (which can be folded into the weights), membrane updates and memory do not.
    The network itself is not changed: neither its state nor its statistics, nor the stream of random numbers.

    Args:
        net: the network, in the mode (train or eval) that you want to know about.
        x: a batch, a still [N, …] with T, or a sequence [T, N, …].
        T: number of time steps for a still input.

    Source: Horowitz, Computing's Energy Problem (ISSCC 2014), for the joules.
    """
    meters: list[_Meter] = []  # in the order of the first calls
    with trial.on_a_copy(net, x) as twin, torch.no_grad():
        run = unrolling.chosen(twin, x.clone(), T)  # before anybody counts
        for name, module in twin.named_modules():
            if _known(module):
                for meter in _meters(name, module, twin):
                    module.register_forward_hook(partial(meter.see, meters), with_kwargs=True)
        run(x.clone())
        counted = {meter.module for meter in meters}
        unknown = [f"{name} {type(m).__name__}".strip() for name, m in twin.named_modules() if _unknown(m, counted)]
    steps, samples = (len(x), x.shape[1]) if T is None else (T, len(x))
    return Count([meter.close(steps, samples) for meter in meters], unknown, samples)


class _Meter:
    """What one layer is made to compute, added up over all its calls.

    Args:
        name: how the layer is called. module: the layer. part: those of a Linear's inputs that this meter is for.
    """

    def __init__(self, name: str, module: nn.Module, part: slice = slice(None)) -> None:
        self.name, self.module, self.part = name, module, part
        self.only_spikes = True
        self.stepped = self.at_once = 0  # calls for one step, and for all steps at once
        self.times = self.inputs = self.outputs = self.arrived = self.acs = self.dense = self.analogue = 0

    def see(self, meters: list["_Meter"], module: nn.Module, args: tuple, kwargs: dict, y: torch.Tensor) -> None:
        """Count one call of the layer, which returned ``y``."""
        if self not in meters:
            meters.append(self)
        x, *others = (*args, *kwargs.values())
        x, steps = x[..., self.part], unrolling.running()
        self.at_once += steps is not None
        self.stepped += steps is None
        self.times += 1 if steps is None or x.shape[0] % (steps.T * steps.N) else steps.T
        self.inputs, self.outputs = self.inputs + x.numel(), self.outputs + y.numel()
        dense, self.analogue = _dense(module, x, y), self.analogue + _after_the_spikes(module, x, y)
        self.dense += dense
        self.only_spikes &= bool(((x == 0) | (x == 1)).all())
        if self.only_spikes:
            self.arrived += x.sum(dtype=torch.double).item()
            self.acs += _accumulates(module, x, others)

    def close(self, steps: int, samples: int) -> Layer:
        """Return what a batch of so many samples over so many steps made the layer compute, for a sample."""
        acs, macs = (self.acs, self.analogue) if self.only_spikes else (0, self.dense)
        rate = self.arrived / self.inputs if self.only_spikes else math.nan
        times = self.times / (self.at_once + self.stepped / steps)  # a layer may stand at several places
        passes = samples * times
        return Layer(self.name, rate, times, acs / samples, macs / samples, self.dense / passes, self.outputs / passes)


def _meters(name: str, module: nn.Module, net: nn.Module) -> list[_Meter]:
    """One meter for a layer, two for the W [x, y] of a recurrent container: y are spikes even where x is not."""
    called = f"{name} {type(module).__name__}".strip()
    parent = net.get_submodule(name.rpartition(".")[0])
    if not (isinstance(parent, LinearRecurrentContainer) and parent.rc is module):
        return [_Meter(called, module)]
    size = parent.in_features
    return [_Meter(f"{called} (x)", module, slice(size)), _Meter(f"{called} (y)", module, slice(size, None))]


def _dense(module: nn.Module, x: torch.Tensor, y: torch.Tensor) -> int:
    """Multiply-accumulates of the call if nothing is left out; at the borders, zeros that pad a convolution count."""
    if isinstance(module, AXAT):
        return x.numel() * len(module.A) + _after_the_spikes(module, x, y)
    if isinstance(module, TRANSPOSED):
        return x.numel() * module.weight[0].numel()
    return y.numel() * (module.weight[0].numel() if isinstance(module, CONVOLUTIONS) else x.shape[-1])


def _after_the_spikes(module: nn.Module, x: torch.Tensor, y: torch.Tensor) -> int:
    """Multiply-accumulates that are left where spikes enter: the second product of A X Aᵀ."""
    return y.numel() * module.A.shape[1] if isinstance(module, AXAT) else 0


def _accumulates(module: Any, x: torch.Tensor, others: list) -> float:
    """Accumulates that the spikes ``x`` cause: each as many as there are outputs that it reaches."""
    if not isinstance(module, (*CONVOLUTIONS, *TRANSPOSED)):
        return x.sum(dtype=torch.double).item() * len(module.A if isinstance(module, AXAT) else module.weight)
    groups, channels = module.groups, -len(module.kernel_size) - 1
    in_group = (
        x.float().unflatten(channels, (groups, -1)).sum(channels)
    )  # all channels of a group reach the same outputs
    return _ones(module)(in_group, *others).sum(dtype=torch.double).item() * (module.out_channels // groups)


def _ones(module: nn.Module) -> nn.Module:
    """The same convolution with one channel for each group, and weights of 1."""
    kind = next(kind for kind in (*CONVOLUTIONS, *TRANSPOSED) if isinstance(module, kind))
    names = "kernel_size", "stride", "padding", "dilation", "groups", "padding_mode"
    names += ("output_padding",) if isinstance(module, TRANSPOSED) else ()
    how = {name: getattr(module, name) for name in names}
    device = module.weight.device
    ones = nn.utils.skip_init(kind, module.groups, module.groups, bias=False, device=device, dtype=torch.float, **how)
    nn.init.ones_(ones.weight)  # skip_init draws no random numbers: what a network draws stays what it would be
    return ones


def _known(module: nn.Module) -> bool:
    """Whether it is one of the layers that are counted, or a subclass that computes the same."""
    return any(isinstance(module, kind) and type(module).forward is kind.forward for kind in KNOWN)


def _unknown(module: nn.Module, counted: set[nn.Module]) -> bool:
    """Whether the module has weights of its own that are not counted; single numbers such as τ are none."""
    if module in counted or isinstance(module, (BatchNorm, ParametrizationList)):
        return False
    if isinstance(module, Neuron):
        return any(weight.dim() > 1 for weight in module.parameters(recurse=False))
    weights = [weight for weight in module.parameters(recurse=False) if weight.dim() > 0]
    return bool(weights) or any(b.dim() > 1 and b.is_floating_point() for b in module.buffers(recurse=False))


def _heads() -> list[Label]:
    return [
        tr("层", "layer"),
        tr("进入的发放率", "rate entering"),
        tr("次数", "times"),
        tr("突触操作", "synaptic operations"),
        tr("乘加", "MACs"),
        tr("ANN 的乘加", "MACs of the ANN"),
        tr("能量 (nJ)", "energy (nJ)"),
        tr("ANN 的能量 (nJ)", "energy of the ANN (nJ)"),
    ]
