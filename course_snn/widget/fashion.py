"""SpikeBrowser and EnergyCalculator: what a learnt encoder fires, and what the spikes of a network cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import traitlets
from matplotlib.figure import Figure
from torch import nn
from torch.nn import functional as F

from .. import functional, neuron, plotting
from ..figure import BLUE, CYCLE, GREY
from ..language import Label, tr
from .base import PageWidget, blank
from .classifier import bundled
from .control import Choice, Slider, Toggle

SIDE, CHANNELS, STEPS, PICTURES = 28, 16, 16, 10
SHOWN = {
    "spikes": ("这一步的脉冲", "spikes of this step"),
    "count": ("到这一步为止的脉冲数", "spikes up to this step"),
    "current": ("输入电流", "input current"),
}


class SpikeBrowser(PageWidget):
    """The first {convolution, batch normalisation, IF neurons} of a network as an encoder, channel by channel and step
    by step; the page computes it.

    Args:
        encoder: nn.Sequential(Conv2d(1, C, 3, padding=1), BatchNorm2d(C), …) with C ≥ 16, of which the first 16 are
            shown; without it 16 edge detectors.
        images: [10, 1, 28, 28] or [10, 28, 28] in [0, 1]; without them the ten bundled digits.
        names: 10 names of the pictures.
        values: parameters by name.
    """

    heading = ("脉冲浏览器：通道 × 时间", "Spike browser: channel × time")
    scripts = ("spiking_layer.js", "spike_browser.js")
    pictures = traitlets.Bytes().tag(sync=True)
    weight = traitlets.List(traitlets.Float()).tag(sync=True)  # [16 * 9], the batch normalisation folded in
    bias = traitlets.List(traitlets.Float()).tag(sync=True)
    names = traitlets.List().tag(sync=True)
    parameters = (
        Slider("image", 0, ("图片", "Picture"), 0, PICTURES - 1, 1, more=True),
        Slider("channel", 0, ("通道", "Channel"), 0, CHANNELS - 1, 1, more=True),
        Slider("t", 1, ("时间步", "Time step"), 1, STEPS, 1, "t"),
        Choice("show", "spikes", ("显示", "Show"), SHOWN),
        Slider("threshold", 1.0, ("阈值", "Threshold"), 0.2, 4.0, 0.05, "θ", digits=2),
        Toggle("soft", False, ("软重置（减去阈值）", "Soft reset (subtract the threshold)"), more=True),
    )

    def __init__(
        self, encoder: nn.Sequential | None = None, images: Any = None, names: Sequence[str] = (), **values: Any
    ) -> None:
        self._weight, self._bias = _edges() if encoder is None else folded(encoder)
        pictures = (bundled() if images is None else torch.as_tensor(images).detach().cpu()).reshape(-1, SIDE, SIDE)
        if len(pictures) != PICTURES:
            raise ValueError(f"SpikeBrowser takes {PICTURES} pictures, got {len(pictures)}.")
        self._pixels = pictures.mul(255).round().to(torch.uint8)
        super().__init__(**values)
        self.pictures = self._pixels.numpy().tobytes()
        self.weight, self.bias = self._weight.flatten().tolist(), self._bias.tolist()
        self.names = [_pair(name) for name in names or [str(n) for n in range(PICTURES)]]

    def currents(self) -> torch.Tensor:
        """What the neurons of each channel receive from the chosen picture in every step, [16, 28, 28]."""
        picture = self._pixels[self.params["image"]].double() / 255
        return F.conv2d(picture[None, None], self._weight[:, None], self._bias, padding=1)[0]

    def spikes(self) -> torch.Tensor:
        """Their spikes, [T = 16, 16, 28, 28]."""
        p = self.params
        node = neuron.IFNode(v_threshold=p["threshold"], v_reset=None if p["soft"] else 0.0)
        return functional.unroll(node, self.currents()[None], T=STEPS)[:, 0]

    def figure(self) -> Figure:
        p, spikes = self.params, self.spikes()
        figure = Figure(figsize=(7.0, 3.4), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 2.4))
        left.imshow(self._pixels[p["image"]].numpy(), cmap="gray_r")
        left.set(xticks=[], yticks=[], title=tr(*self.names[p["image"]]))
        shown = {
            "spikes": lambda: spikes[p["t"] - 1],
            "count": lambda: spikes[: p["t"]].mean(0),
            "current": lambda: (self.currents() / (2 * p["threshold"])).clamp(0, 1),
        }[p["show"]]()
        plotting.feature_maps(shown, 4, 4, ax=right)
        zh, en = SHOWN[p["show"]]
        right.set_title(tr(f"$t = {p['t']}$：{zh}", f"$t = {p['t']}$: {en}"))
        return figure


def folded(encoder: nn.Sequential) -> tuple[torch.Tensor, torch.Tensor]:
    """The first 16 filters [16, 3, 3] and biases [16] of a convolution with the batch normalisation after it folded in:

    γ (W x + b - μ) / √(σ² + ε) + β = W' x + b'
    """
    conv, norm = encoder[0], encoder[1]
    fits = isinstance(conv, nn.Conv2d) and conv.weight.shape[1:] == (1, 3, 3) and isinstance(norm, nn.BatchNorm2d)
    if not fits or conv.out_channels < CHANNELS or conv.padding != (1, 1) or conv.stride != (1, 1):
        raise ValueError(
            f"SpikeBrowser takes Conv2d(1, C, 3, padding=1) with C ≥ {CHANNELS}, then BatchNorm2d(C); got {encoder}."
        )
    weight, mean, variance, gamma, beta = (
        part.detach().cpu().double()
        for part in (conv.weight, norm.running_mean, norm.running_var, norm.weight, norm.bias)
    )
    scale = gamma / (variance + norm.eps).sqrt()
    offset = 0.0 if conv.bias is None else conv.bias.detach().cpu().double()
    return (weight[:, 0] * scale[:, None, None])[:CHANNELS], (beta + (offset - mean) * scale)[:CHANNELS]


def _edges() -> tuple[torch.Tensor, torch.Tensor]:
    """Sixteen edge detectors, turned by 22.5° each."""
    angle = torch.arange(CHANNELS, dtype=torch.double)[:, None, None] * torch.pi / 8
    place = torch.arange(-1, 2, dtype=torch.double)
    return (angle.cos() * place + angle.sin() * place[:, None]) / 3, torch.zeros(CHANNELS, dtype=torch.double)


def _pair(name: str) -> list[str]:
    return [name.zh, name.en] if isinstance(name, Label) else [str(name), str(name)]


LAYERS = (  # the network of the course, with rates as they are after training
    {"name": ("Conv 1", "Conv 1"), "macs": 112896, "neurons": 12544, "rate": 0.34},
    {"name": ("Conv 2", "Conv 2"), "macs": 903168, "neurons": 6272, "rate": 0.36},
    {"name": ("FC 1", "FC 1"), "macs": 200704, "neurons": 128, "rate": 0.28},
    {"name": ("FC 2", "FC 2"), "macs": 1280, "neurons": 10, "rate": 0.0},
)
PARTS = {
    "first": ("第一层的乘加", "multiply-accumulates, first layer"),
    "rest": ("其余各层的乘加", "multiply-accumulates, other layers"),
    "spikes": ("脉冲引起的累加", "accumulations by spikes"),
    "neurons": ("膜电位的更新", "membrane updates"),
    "memory": ("读写存储器", "memory accesses"),
}
PICOJOULE = ("皮焦", "pJ")


class EnergyCalculator(PageWidget):
    """Energy of one picture: a network of ReLUs against the same network of IF neurons, on hardware you choose.

    Args:
        layers: for each layer with weights "name", "macs" (multiply-accumulates of one dense pass), "neurons" and
            "rate" (spikes per neuron and step of its neurons, *as the next layer receives them*).
        values: parameters by name.
    """

    heading = ("能耗计算器：脉冲真的更省吗", "Energy calculator: do spikes really save?")
    scripts = ("energy_calculator.js",)
    layers = traitlets.List().tag(sync=True)
    parameters = (
        Slider("T", 4, ("时间步数", "Time steps"), 1, 32, 1, "T"),
        Slider("scale", 1.0, ("实测发放率的倍数", "Measured rates times"), 0.0, 5.0, 0.05, "s", digits=2),
        Slider("mac", 4.6, ("一次乘加", "One multiply-accumulate"), 0.1, 10.0, 0.1, "E_{MAC}", PICOJOULE, 1, more=True),
        Slider("add", 0.9, ("一次累加", "One accumulation"), 0.1, 5.0, 0.1, "E_{AC}", PICOJOULE, 1, more=True),
        Slider(
            "memory", 0.0, ("一次存储器读写", "One memory access"), 0.0, 20.0, 0.5, "E_{mem}", PICOJOULE, 1, more=True
        ),
        Toggle("once", True, ("第一层只算一次（静止图片）", "First layer once (still picture)"), more=True),
        Toggle("skip", True, ("硬件能跳过零", "The hardware skips zeros")),
    )

    def __init__(self, layers: Sequence[Mapping[str, Any]] = LAYERS, **values: Any) -> None:
        super().__init__(**values)
        wanted = {"name", "macs", "neurons", "rate"}
        for each in layers:
            if set(each) != wanted:
                raise ValueError(f"each layer has {', '.join(sorted(wanted))}; got {', '.join(sorted(each))}.")
        numbers = ("macs", "neurons", "rate")
        self.layers = [{"name": _pair(x["name"]) if isinstance(x["name"], str) else list(x["name"])}
                       | {key: float(x[key]) for key in numbers} for x in layers]  # fmt: skip

    def energy(self) -> dict[str, dict[str, float]]:
        """The parts of the energy of one picture in pJ: of the "ann" and of the "snn"."""
        p = self.params
        first, rest = self.layers[0]["macs"], sum(x["macs"] for x in self.layers[1:])
        rates = [p["scale"] * x["rate"] if p["skip"] else 1.0 for x in self.layers]
        synops = p["T"] * sum(min(r, 1.0) * x["macs"] for r, x in zip(rates, self.layers[1:], strict=False))
        passes = 1 if p["once"] else p["T"]
        ann = {"first": p["mac"] * first, "rest": p["mac"] * rest, "memory": p["memory"] * (first + rest)}
        updates = p["T"] * sum(x["neurons"] for x in self.layers)
        snn = {
            "first": p["mac"] * first * passes,
            "spikes": p["add"] * synops,
            "neurons": p["add"] * updates,
            "memory": p["memory"] * (first * passes + 3 * synops + 2 * updates),  # weight, and v read and written
        }
        return {"ann": ann, "snn": snn}

    def figure(self) -> Figure:
        figure, ax = blank(2.3)
        parts = self.energy()
        for row, name in enumerate(("ann", "snn")):
            left = 0.0
            for number, (key, label) in enumerate(PARTS.items()):
                value = parts[name].get(key, 0.0) / 1000
                colour = (*CYCLE[:4], GREY)[number] if key != "first" else BLUE
                ax.barh(row, value, left=left, color=colour, label=tr(*label) if row == 0 else None)
                left += value
        ax.set(
            yticks=(0, 1),
            yticklabels=("ANN", "SNN"),
            ylim=(1.6, -0.6),
            xlabel=tr("每张图的能量 (nJ)", "energy of a picture (nJ)"),
        )
        ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.0))
        return figure
