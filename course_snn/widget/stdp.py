"""STDPBench: place spikes before and after a synapse and see what its weight learns from them."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure

from .. import learning, plotting, synapse
from ..language import tr
from .base import PageWidget, blank
from .control import STEP_UNIT, Choice, Slider, SpikeTimes, Toggle

STEPS = 100


class STDPBench(PageWidget):
    """Draggable pre and post spikes, the traces x and y, the weight, and the STDP window with the present pairs."""

    heading = ("STDP 实验台：拖动脉冲，观察权重", "STDP bench: drag the spikes, watch the weight")
    scripts = ("lane.js", "stdp.js", "stdp_bench.js")
    parameters = (
        Slider("tau_pre", 10.0, ("突触前迹时间常数", "Pre trace time constant"), 2.0, 50.0, 1.0, "τ_{pre}", STEP_UNIT),
        Slider(
            "tau_post", 10.0, ("突触后迹时间常数", "Post trace time constant"), 2.0, 50.0, 1.0, "τ_{post}", STEP_UNIT
        ),
        Slider("rate", 0.05, ("学习率", "Learning rate"), 0.0, 0.1, 0.001, "η", digits=3),
        Slider("weight", 0.5, ("初始权重", "Weight at the start"), 0.0, 1.0, 0.01, "w_{0}", digits=2, more=True),
        Choice(
            "f",
            "one",
            ("权重函数", "Weight function"),
            {
                "one": ("f(w) = 1", "f(w) = 1"),
                "soft": ("软边界：增 1 − w，减 w", "soft bound: up 1 − w, down w"),
                "proportional": ("f(w) = |w| + 10⁻⁶", "f(w) = |w| + 10⁻⁶"),
            },
            more=True,
        ),
        Toggle("gated", True, ("仅在脉冲时更新", "Update only at spikes"), more=True),
        Toggle("inverse", False, ("反 STDP", "Anti-STDP"), more=True),
        SpikeTimes("pre", [15, 35, 55], ("突触前脉冲", "spikes before the synapse"), STEPS),
        SpikeTimes("post", [20, 38, 50], ("突触后脉冲", "spikes after the synapse"), STEPS),
    )

    def learn(self, pre: list[int], post: list[int], steps: int) -> tuple[torch.Tensor, list[float]]:
        """Run learning.STDPUpdater on spikes at the given steps: the trains, bool [steps, 2], and w after each step."""
        p = self.params
        train = torch.zeros(steps, 2, dtype=torch.bool)
        train[pre, 0], train[post, 1] = True, True
        f_w = {"one": torch.ones_like, "soft": learning.soft_bound, "proportional": learning.proportional}[p["f"]]
        updater = learning.STDPUpdater(p["tau_pre"], p["tau_post"], p["rate"], f_w=f_w, gated=p["gated"])
        connection = synapse.Linear(1, 1)
        connection.weight.fill_(p["weight"])
        w = []
        for before, after in train:
            updater.update(connection, before.reshape(1, 1), after.reshape(1, 1), inverse=p["inverse"])
            w.append(connection.weight.item())
        return train, w

    def figure(self) -> Figure:
        p = self.params
        train, w = self.learn(p["pre"], p["post"], STEPS)
        figure, (top, middle, bottom) = blank(0.9, 1.4, 1.9)
        plotting.raster(train.flip(1), ax=top)  # before the synapse on top
        top.set(xlabel="", ylabel="", yticks=[0, 1], yticklabels=[tr("突触后", "post"), tr("突触前", "pre")])
        plotting.weight_traces(w, ax=middle)
        middle.set_xlim(top.get_xlim())
        plotting.stdp_window(*self._window(), ax=bottom)
        low, high = bottom.get_ylim()
        room = 0.1 * p["rate"]  # a window that is flat looks flat, however little is left of its traces
        bottom.set_ylim(min(low, -room), max(high, room))
        return figure

    def _window(self, reach: int = 50) -> tuple[list[int], list[float]]:
        """Change of weight by one pair, for every second lag post - pre within ± reach."""
        fade = 1 if self.params["gated"] else int(8 * max(self.params["tau_pre"], self.params["tau_post"]))
        lags = [lag for lag in range(-reach, reach + 1) if lag % 2 or not lag]
        ends = [self.learn([max(0, -lag)], [max(0, lag)], abs(lag) + fade)[1][-1] for lag in lags]
        return lags, [end - self.params["weight"] for end in ends]
