"""DirectionBench and GestureVotes: how neurons see which way a thing turns, and how votes on a gesture add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
import traitlets
from matplotlib.figure import Figure
from torch import nn

from .. import functional, neuron, plotting, synapse
from ..arguments import as_numbers
from ..data import given
from ..figure import BLUE, GREY, ORANGE
from ..language import Label, say, tr
from ..plotting.events import event_colours
from .base import PageWidget, blank
from .control import STEP_UNIT, Choice, Slider

PIXELS, STEPS = 12, 96
TURNS = {"cw": ("顺时针", "clockwise"), "ccw": ("逆时针", "counter-clockwise")}


class DirectionBench(PageWidget):
    """An arm passes a ring of 12 pixels; detectors between neighbours fire for one direction, if τ fits the speed."""

    heading = ("方向检测器：尾巴加同时", "Direction detectors: a tail and a coincidence")
    scripts = ("direction_bench.js",)
    parameters = (
        Choice("turn", "cw", ("手臂转向", "The arm turns"), TURNS),
        Slider("period", 24, ("转一圈的步数", "Steps in a turn"), 12, 96, 1, "", STEP_UNIT),
        Slider("tau", 3.0, ("尾巴的时间常数", "Time constant of the tail"), 1.0, 40.0, 0.5, "τ", STEP_UNIT, 1),
        Slider("threshold", 1.4, ("阈值", "Threshold"), 1.05, 2.0, 0.05, "θ", digits=2, more=True),
    )

    def run(self) -> dict[str, torch.Tensor]:
        """What the page shows: spikes of the "pixels" and of the detectors "cw" and "ccw", [T, 12] each."""
        p = self.params
        place = torch.arange(STEPS) * PIXELS // p["period"]
        enters = torch.cat([torch.ones(1, dtype=torch.bool), place.diff() > 0])
        pixels = torch.zeros(STEPS, PIXELS, dtype=torch.double)
        pixels[enters, ((1 if p["turn"] == "cw" else -1) * place[enters]) % PIXELS] = 1
        tail = functional.unroll(synapse.LowPassSynapse(p["tau"]), pixels[:, None])[:, 0]
        rows = {"pixels": pixels}
        for name, step in (("cw", -1), ("ccw", 1)):  # the neighbour's spike meets this pixel's tail
            drive = tail + pixels.roll(step, 1)
            rows[name] = functional.unroll(neuron.LIFNode(1.0, p["threshold"]).double(), drive[:, None])[:, 0]
        return rows

    def figure(self) -> Figure:
        rows = self.run()
        figure, axes = blank(1.5, 1.1, 1.3)
        for ax, (name, spikes) in zip(axes, rows.items(), strict=True):
            plotting.raster(spikes, ax=ax, color={"pixels": GREY, "cw": BLUE, "ccw": ORANGE}[name])
            label = tr("像素", "pixels") if name == "pixels" else tr(*TURNS[name])
            ax.set(ylabel=label, ylim=(-0.6, PIXELS - 0.4))
        for ax in axes[:-1]:
            ax.set(xlabel="")
        return figure


CLIPS, FRAMES, MOST, SIDE = 22, 20, 15, 32
ORDERS = {
    "forward": ("正着放", "forwards"),
    "backward": ("倒着放", "backwards"),
    "mixed": ("打乱帧的次序", "frames mixed up"),
}


class GestureVotes(PageWidget):
    """Clips of gestures, played forwards, backwards or mixed up; the votes so far, and when the lead is large enough.

    Args:
        net: [N, 2, H, W] -> [N, classes] at each step; without one nobody votes.
        clips: [22, T = 20, 2, H, W], as the network takes them: counts of events, or their roots. The page shows whole
            numbers up to 15, and larger frames as 32 × 32; without clips there is nothing to see.
        labels: [22], the number of each clip's class: a tensor, an array or a list.
        classes: the names of the classes.
        outputs: of a network that is not at hand, order -> [22][T][classes] for each of ``ORDERS``; then no net.

    Raises:
        TypeError: labels that are no whole numbers.
        ValueError: another shape of clips, labels or outputs; a label without a class.
    """

    heading = ("手势投票：看多久才有把握？", "Votes on a gesture: how long until it is sure?")
    scripts = ("gesture_votes.js",)
    pictures = traitlets.Bytes().tag(sync=True)  # one byte a pixel, OFF + 16·ON
    size = traitlets.List(traitlets.Int()).tag(sync=True)
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    classes = traitlets.List().tag(sync=True)
    outputs = traitlets.Dict().tag(sync=True)  # order -> [22][T][classes]
    parameters = (
        Slider("clip", 0, ("片段", "Clip"), 0, CLIPS - 1, 1, more=True),
        Slider("seen", 8, ("已看的帧数", "Frames seen"), 0, FRAMES, 1),
        Slider("margin", 2.0, ("作答所需的领先", "Lead needed to answer"), 0.1, 10.0, 0.1, digits=1),
        Choice("order", "forward", ("放映", "Played"), ORDERS),
    )

    def __init__(
        self,
        net: nn.Module | None = None,
        clips: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
        classes: Sequence[Label] = (tr("甲", "A"), tr("乙", "B")),
        outputs: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        clips = given.tensor("clips", torch.zeros(CLIPS, FRAMES, 2, 16, 16) if clips is None else clips)
        self._clips = as_numbers(clips.detach().cpu())
        if self._clips.dim() != 5 or tuple(self._clips.shape[:3]) != (CLIPS, FRAMES, 2):
            raise ValueError(f"GestureVotes takes clips [{CLIPS}, {FRAMES}, 2, H, W], got {list(self._clips.shape)}.")
        self._classes = tuple(classes)
        if not self._classes:
            raise ValueError("GestureVotes needs the name of one class at least, got none.")
        labels = [n % len(self._classes) for n in range(CLIPS)] if labels is None else labels
        found = given.integers("labels", labels, below=len(self._classes)).tolist()
        if len(found) != CLIPS:
            raise ValueError(f"GestureVotes takes a label for each of its {CLIPS} clips, got {len(found)} labels.")
        super().__init__(**values)
        self.labels = found
        self.classes = [[say(name, "zh"), say(name, "en")] for name in self._classes]
        shown = self._clips.flatten(0, 1)
        if max(shown.shape[2:]) > SIDE:
            shown = nn.functional.adaptive_max_pool2d(shown, SIDE)
        self.size = list(shown.shape[2:])
        off, on = shown.clamp(0, MOST).round().to(torch.uint8).unbind(1)
        self.pictures = (off + 16 * on).numpy().tobytes()
        seen = (lambda order: self._watch(net, order)) if outputs is None else lambda order: _as_given(outputs[order])
        self._out = {order: seen(order) for order in ORDERS}
        self.outputs = {order: (1e4 * out).round().div(1e4).tolist() for order, out in self._out.items()}

    @torch.no_grad()
    def _watch(self, net: nn.Module | None, order: str) -> torch.Tensor:
        """The network's output at each frame, [22, T, classes]."""
        if net is None:
            return torch.zeros(CLIPS, FRAMES, len(self._classes))
        functional.reset_net(net)
        weight = next(net.parameters(), self._clips)
        out = functional.unroll(net, played(self._clips, order).transpose(0, 1).contiguous().to(weight.device))
        functional.reset_net(net)
        if tuple(out.shape) != (FRAMES, CLIPS, len(self._classes)):
            raise ValueError(
                f"GestureVotes needs a network that gives [N, {len(self._classes)}] at each step, one number for each "
                f"class; over {FRAMES} steps of {CLIPS} clips it gave {list(out.shape)}."
            )
        return out.transpose(0, 1).double().cpu()

    def decision(self) -> tuple[int, int]:
        """After how many frames the chosen clip is answered, and with which class."""
        votes = self._out[self.params["order"]][self.params["clip"]].cumsum(0)
        first, second = votes.topk(2, dim=1).values.unbind(1)
        sure = (first - second >= self.params["margin"]).nonzero().flatten().tolist()
        at = sure[0] if sure else FRAMES - 1
        return at + 1, int(votes[at].argmax())

    def figure(self) -> Figure:
        p, (frames, answer) = self.params, self.decision()
        votes = self._out[p["order"]][p["clip"]].cumsum(0)
        figure = Figure(figsize=(7.0, 3.2), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.7))
        left.imshow(event_colours(played(self._clips, p["order"])[p["clip"]])[max(p["seen"], 1) - 1])
        left.set(xticks=[], yticks=[], xlabel=tr(f"第 {p['seen']} 帧", f"frame {p['seen']}"))
        left.set_title(self._classes[self.labels[p["clip"]]])
        for c, name in enumerate(self._classes):
            leads = c == answer
            style = {"color": BLUE, "linewidth": 2} if leads else {"color": GREY, "linewidth": 0.8, "alpha": 0.6}
            right.plot(range(1, FRAMES + 1), votes[:, c], label=name if leads else None, **style)
        right.axvline(frames, color=ORANGE, linestyle=":")
        right.set(xlim=(0, FRAMES), xlabel=tr("看过的帧数", "frames seen"), ylabel=tr("累计的票", "votes so far"))
        right.legend(loc="upper left")
        return figure


def _as_given(outputs: Any) -> torch.Tensor:
    return torch.tensor(outputs, dtype=torch.double)


def played(clips: torch.Tensor, order: str) -> torch.Tensor:
    """Return clips [N, T, 2, H, W] as they are played; backwards, what became brighter becomes darker.

    Args:
        clips: counts of events, OFF and ON.
        order: "forward", "backward" or "mixed"; mixed is the same for every clip.
    """
    T = clips.shape[1]
    if order == "mixed":
        return clips[:, [(7 * t + 3) % T for t in range(T)]]
    return clips.flip(1).flip(2) if order == "backward" else clips
