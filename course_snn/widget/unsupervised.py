"""GrowingFields and WinnerRace: neurons that compete for digits, and the fields that STDP gives them."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import torch
import traitlets
from matplotlib.figure import Figure

from .. import plotting, unsupervised
from ..data import standin
from ..language import tr
from .base import PageWidget, blank
from .control import Choice, Slider, Toggle
from .digits import digit
from .noise import uniform

SIDE, NEURONS, STEPS, DRIVE, DIGITS = 8, 16, 20, 12.0, 400
PIXELS = SIDE * SIDE
RACE_STEPS, NAMES = 40, (3, 5, 8)
SEED = Slider("seed", 1, ("随机种子", "Random seed"), 0, 99, 1, more=True)
INHIBITION = Toggle("inhibition", True, ("侧抑制", "Lateral inhibition"))


def adaptation(j: int, name: int) -> Slider:
    """The slider for θ of the j-th neuron of the race."""
    label = f"神经元 {name} 的自适应阈值", f"Adaptation of neuron {name}"
    return Slider(f"theta_{j}", 0.0, label, 0.0, 40.0, 1.0, f"θ_{{{name}}}", more=True)


@cache
def pictures() -> np.ndarray:
    """The 400 digits that the fields grow from, uint8 [400, 64], grey values 0 … 16, in random order."""
    small, _ = standin.small_digits()
    order = torch.randperm(len(small), generator=torch.Generator().manual_seed(0))[:DIGITS]
    return small[order].reshape(DIGITS, PIXELS).byte().numpy()


def page_spikes(picture: np.ndarray, steps: int, seed: int) -> torch.Tensor:
    """Poisson spikes [steps, 1, 64] of a picture: the page's spikesOf, with the page's noise."""
    p = np.minimum(1, DRIVE * picture.astype(float) / max(1, picture.sum()))
    spikes, on = np.zeros((steps, 1, len(p)), bool), p > 0
    spikes[:, 0, on] = uniform(seed, steps * on.sum()).reshape(steps, -1) < p[on]
    return torch.from_numpy(spikes)


class GrowingFields(PageWidget):
    """Sixteen neurons learn 400 digits without labels while you watch: their fields, thresholds and shares."""

    heading = ("看感受野长出来", "Watch receptive fields grow")
    scripts = ("picture.js", "winner.js", "fields.js", "growing_fields.js")
    pictures = traitlets.Bytes().tag(sync=True)
    parameters = (
        Slider(
            "theta_plus",
            0.2,
            ("每个脉冲让阈值升高", "A spike raises the threshold by"),
            0.0,
            1.0,
            0.05,
            "θ_{+}",
            digits=2,
        ),
        Slider("rate", 0.03, ("学习率", "Learning rate"), 0.0, 0.2, 0.01, "η", digits=2),
        INHIBITION,
        SEED,
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.pictures = pictures().tobytes()

    def network(self) -> unsupervised.WinnerTakeAll:
        """The network before it has seen a digit."""
        p = self.params
        net = unsupervised.WinnerTakeAll(
            PIXELS, NEURONS, tau=20.0, tau_pre=5.0, v_threshold=4.0, theta_plus=p["theta_plus"], tau_theta=300.0,
            learning_rate=p["rate"], x_target=0.4, inhibition=p["inhibition"],
        )  # fmt: skip
        start = uniform(p["seed"], NEURONS * PIXELS).reshape(NEURONS, PIXELS)
        net.weight[:] = torch.from_numpy(start * net.w_sum / start.sum(1, keepdims=True))
        return net

    def grown(self, seen: int = DIGITS) -> tuple[unsupervised.WinnerTakeAll, torch.Tensor]:
        """The network after ``seen`` digits, and the spikes of its neurons for each of them, [seen, 16]."""
        net, first = self.network(), 1000 * (self.params["seed"] + 1)
        shown = [page_spikes(pictures()[n % DIGITS], STEPS, first + n) for n in range(seen)]
        return net, net.learn(torch.cat(shown, dim=1))

    def figure(self) -> Figure:
        net, counts = self.grown()
        figure = Figure(figsize=(7.0, 3.4), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.1))
        plotting.receptive_fields(net.weight, SIDE, SIDE, ncols=4, ax=left)
        right.bar(range(NEURONS), (counts.sum(0) / counts.sum().clamp(min=1)).numpy())
        right.axhline(1 / NEURONS, linestyle="--", color="0.5")
        right.set(xlabel=tr("神经元", "neuron"), ylabel=tr("占全部脉冲的份额", "share of all spikes"))
        return figure


class WinnerRace(PageWidget):
    """Three neurons with the digits 3, 5 and 8 as their fields race for the threshold; one wins, all start again."""

    heading = ("三个神经元的竞赛", "A race of three neurons")
    scripts = ("picture.js", "winner.js", "winner_race.js")
    weight = traitlets.Bytes().tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    parameters = (
        Choice("digit", "3", ("数字", "Digit"), {str(label): (str(label), str(label)) for label in range(10)}),
        Slider("threshold", 30.0, ("阈值", "Threshold"), 5.0, 60.0, 1.0, "V_{th}"),
        *(adaptation(j, name) for j, name in enumerate(NAMES)),
        INHIBITION,
        SEED,
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.weight = self.fields().numpy().astype("<f4").tobytes()
        self.pictures = bytes(grey for label in range(10) for grey in digit(label))
        self.names = [str(name) for name in NAMES]

    @staticmethod
    def fields() -> torch.Tensor:
        """The weights [3, 64]: pictures of the three digits, each with the sum 6.4."""
        shown = torch.tensor([digit(name) for name in NAMES]).float()
        return 6.4 * shown / shown.sum(1, keepdim=True)

    def race(self) -> tuple[torch.Tensor, torch.Tensor]:
        """v - θ before anybody starts again [T, 3], and the spikes [T, 3]."""
        p = self.params
        net = unsupervised.WinnerTakeAll(
            PIXELS, len(NAMES), tau=20.0, v_threshold=p["threshold"], inhibition=p["inhibition"]
        ).eval()
        net.weight[:] = self.fields()
        net.theta[:] = torch.tensor([p[f"theta_{j}"] for j in range(len(NAMES))])
        above, spikes, v = [], [], torch.zeros(len(NAMES))
        for s in page_spikes(np.array(digit(int(p["digit"]))), RACE_STEPS, p["seed"])[:, 0]:
            above.append(v - v / net.tau + net.weight @ s.float() - net.theta)
            spikes.append(net(s))
            v = net.v
        return torch.stack(above), torch.stack(spikes)

    def figure(self) -> Figure:
        above, spikes = self.race()
        figure, (top, bottom) = blank(2.0, 1.1)
        for j, name in enumerate(NAMES):
            top.plot(above[:, j], label=tr(f"神经元 {name}", f"neuron {name}"))
        top.axhline(self.params["threshold"], linestyle="--", color="0.5")
        top.set_ylabel("$v - θ$")
        top.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
        plotting.raster(spikes, ax=bottom)
        bottom.set(yticks=range(len(NAMES)), yticklabels=[str(name) for name in NAMES], ylabel="")
        bottom.set_xlim(top.get_xlim())
        return figure
