"""MemoryTrace and ColumnReader: how long a spike is remembered, and how networks read a picture column by column."""

from __future__ import annotations

from typing import Any

import torch
import traitlets
from matplotlib.figure import Figure
from torch import nn

from .. import functional, layer, neuron, plotting, synapse
from ..figure import BLUE, CYCLE, GREY, ORANGE
from ..language import Label, tr
from .base import PageWidget, blank
from .control import STEP_UNIT, Choice, Slider, SpikeTimes
from .digits import pictures

STEPS = 60


class MemoryTrace(PageWidget):
    """The same spikes into a LIF neuron, a low-pass synapse behind it, and the same neuron with feedback to itself."""

    heading = ("记忆的痕迹：一个脉冲能记多久", "Memory trace: how long is a spike remembered?")
    scripts = ("lane.js", "memory_trace.js")
    parameters = (
        Slider("tau", 2.0, ("膜时间常数", "Membrane time constant"), 1.0, 20.0, 0.5, "τ", STEP_UNIT, 1),
        Slider("tau_syn", 10.0, ("突触时间常数", "Synapse time constant"), 1.0, 100.0, 0.5, "τ_{syn}", STEP_UNIT, 1),
        Slider("w_in", 2.5, ("输入权重", "Input weight"), 0.0, 10.0, 0.1, "w_{in}", digits=1, more=True),
        Slider("w_fb", 1.5, ("反馈权重", "Feedback weight"), -5.0, 5.0, 0.1, "w_{fb}", digits=1),
        SpikeTimes("start", [10], ("兴奋性输入", "exciting spikes"), STEPS),
        SpikeTimes("stop", [], ("抑制性输入", "inhibiting spikes"), STEPS),
    )

    def run(self) -> dict[str, tuple[torch.Tensor, torch.Tensor] | torch.Tensor]:
        """What the page shows: (v, spikes) of the "plain" and the "loop" neuron, and "y" of the synapse, all [T]."""
        p = self.params
        x = torch.zeros(STEPS, 1, 1, dtype=torch.double)
        x[p["start"]] += p["w_in"]
        x[p["stop"]] -= p["w_in"]
        plain, loop = (neuron.LIFNode(p["tau"]) for _ in range(2))
        around = layer.ElementWiseRecurrentContainer(loop, lambda y, x: x + p["w_fb"] * y)
        rows = {}
        for name, node, net in (("plain", plain, plain), ("loop", loop, around)):
            steps = [(net(now), node.v) for now in x]
            rows[name] = tuple(torch.stack(part).flatten() for part in zip(*((v, s) for s, v in steps), strict=True))
        y = functional.unroll(synapse.LowPassSynapse(p["tau_syn"]), rows["plain"][1].reshape(-1, 1, 1))
        return rows | {"y": y.flatten()}

    def figure(self) -> Figure:
        rows = self.run()
        figure, (top, middle, bottom) = blank(1.3, 1.2, 1.5)
        plotting.voltage(*rows["plain"], v_threshold=1.0, ax=top)
        middle.plot(rows["y"].numpy(), color=BLUE)
        plotting.voltage(*rows["loop"], v_threshold=1.0, ax=bottom)
        middle.set(xlim=top.get_xlim(), ylabel=tr("滤波 $y$", "filter $y$"))
        top.set(xlabel="", ylabel=tr("无反馈 $v$", "plain $v$"))
        bottom.set(ylabel=tr("自反馈 $v$", "loop $v$"))
        for ax in (top, middle, bottom):
            for name, colour in (("start", GREY), ("stop", ORANGE)):
                for t in self.params[name]:
                    ax.axvline(t, color=colour, linewidth=0.8, linestyle=":")
        return figure


PICTURES, SIDE = 20, 28
ORDERS = {
    "left": ("从左到右", "left to right"),
    "right": ("从右到左", "right to left"),
    "mixed": ("打乱", "mixed up"),
}


class ColumnReader(PageWidget):
    """Trained networks read one of 20 pictures a column at a time; the page runs them and shows their votes so far.

    Args:
        nets: name -> a network of Linear, IFNode, LIFNode, LowPassSynapse and LinearRecurrentContainer in a row.
        images: [20, 1, 28, 28] or [20, 28, 28] in [0, 1]; without them the ten bundled digits, twice.
        labels: [20], the class of each picture.
        classes: the names of the classes.
    """

    heading = ("列阅读器：一列一列地看图，随时投票", "Column reader: read a picture by its columns, vote all the time")
    scripts = ("column_reader.js",)
    pictures = traitlets.Bytes().tag(sync=True)  # one byte a pixel
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    classes = traitlets.List().tag(sync=True)
    nets = traitlets.List().tag(sync=True)
    numbers = traitlets.Bytes().tag(sync=True)  # all weights, float32
    parameters = (
        Slider("image", 0, ("测试图片", "Test picture"), 0, PICTURES - 1, 1),
        Slider("seen", 14, ("已看的列数", "Columns seen"), 0, SIDE, 1),
        Choice("order", "left", ("阅读次序", "Order of reading"), ORDERS),
    )

    def __init__(
        self,
        nets: dict[str, nn.Module] | None = None,
        images: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
        classes: tuple[Label, ...] = tuple(tr(str(n), str(n)) for n in range(10)),
        **values: Any,
    ) -> None:
        self._nets = dict(nets or {})
        self._images = _bundled() if images is None else images.detach().cpu().reshape(-1, SIDE, SIDE)
        if len(self._images) != PICTURES:
            raise ValueError(f"ColumnReader takes {PICTURES} pictures, got {len(self._images)}.")
        self._classes = classes
        super().__init__(**values)
        self.labels = [n % 10 for n in range(PICTURES)] if labels is None else labels.tolist()
        self.classes = [[name.zh, name.en] for name in classes]
        self.pictures = (self._images * 255).round().to(torch.uint8).numpy().tobytes()
        weights: list[torch.Tensor] = []
        self.nets = [
            {"name": _pair(name), "layers": [_layer(part, weights) for part in net]} for name, net in self._nets.items()
        ]
        flat = [w.detach().cpu().float().flatten() for w in weights] or [torch.zeros(0)]
        self.numbers = torch.cat(flat).numpy().tobytes()

    def columns(self) -> torch.Tensor:
        """The columns of the chosen picture in the order of reading, [T = 28, 1, 28]."""
        picture = (self._images[self.params["image"]] * 255).round() / 255  # as the page has it
        return picture.t()[reading_order(self.params["order"])][:, None]

    def votes(self) -> dict[str, torch.Tensor]:
        """Output spikes of each network, summed over the columns up to and including each: [T = 28, classes]."""
        votes = {}
        for name, net in self._nets.items():
            functional.reset_net(net)
            with torch.no_grad():
                votes[name] = functional.unroll(net, self.columns())[:, 0].cumsum(0)
            functional.reset_net(net)
        return votes

    def figure(self) -> Figure:
        figure = Figure(figsize=(7.0, 3.0), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.5))
        seen, votes = self.params["seen"], self.votes()
        picture = self.columns()[:, 0].t().numpy()
        left.imshow(picture, cmap="gray", vmin=0, vmax=1)
        left.axvspan(seen - 0.5, SIDE - 0.5, color=BLUE, alpha=0.45, linewidth=0)
        left.set(xticks=[], yticks=[], xlabel=tr(f"已看 {seen} 列", f"{seen} columns seen"))
        left.set_title(self._classes[self.labels[self.params["image"]]])
        for k, (name, count) in enumerate(votes.items()):
            height = 0.8 / len(votes)
            at = torch.arange(count.shape[1]) - 0.4 + height * (k + 0.5)
            right.barh(at.numpy(), (count[seen - 1] * (seen > 0)).numpy(), height, color=CYCLE[k], label=name)
        right.set(xlim=(0, SIDE), ylim=(len(self._classes) - 0.5, -0.5), xlabel=tr("票数", "votes"))
        right.set_yticks(range(len(self._classes)), self._classes)
        if votes:
            right.legend(loc="lower right")
        return figure


def reading_order(order: str) -> list[int]:
    """The places of the 28 columns in the order in which they are read; "mixed" is the same for every picture."""
    forward = list(range(SIDE))
    return {"left": forward, "right": forward[::-1], "mixed": [(11 * t + 5) % SIDE for t in forward]}[order]


def _layer(part: nn.Module, weights: list[torch.Tensor]) -> dict[str, Any]:
    """One layer as the page needs it; its weights are appended to the others, in the order of the layers."""
    if isinstance(part, nn.Linear):
        weights += [part.weight, torch.zeros(part.out_features) if part.bias is None else part.bias]
        return {"kind": "linear", "inputs": part.in_features, "outputs": part.out_features}
    if isinstance(part, layer.LinearRecurrentContainer):
        linear, node = _layer(part.rc, weights), _layer(part.sub_module, weights)
        return {"kind": "loop", "linear": linear, "neuron": node, "size": part.out_features}
    if isinstance(part, synapse.LowPassSynapse):
        return {"kind": "filter", "rate": 1 / part.tau}
    if isinstance(part, (neuron.IFNode, neuron.LIFNode)) and part.v_reset == 0:
        tau = part.tau if isinstance(part, neuron.LIFNode) else 0
        return {"kind": "neuron", "tau": float(tau), "threshold": float(part.v_threshold)}
    raise TypeError(
        f"ColumnReader cannot run {part} in the page; it knows Linear, IFNode, LIFNode (v_reset=0), LowPassSynapse "
        "and LinearRecurrentContainer."
    )


def _pair(name: str) -> list[str]:
    return [name.zh, name.en] if isinstance(name, Label) else [name, name]


def _bundled() -> torch.Tensor:
    """The ten bundled digits, twice, three times enlarged, in a dark frame."""
    large = pictures().repeat(2, 1, 1).repeat_interleave(3, 1).repeat_interleave(3, 2)
    return nn.functional.pad(large, (2, 2, 2, 2))
