"""STPExplorer and DelayExplorer: what a synapse makes of the spikes that reach it."""

from __future__ import annotations

from typing import Any

import torch
from matplotlib.figure import Figure

from .. import plotting, synapse
from ..figure import BLUE, PINK
from ..language import tr
from .base import PageWidget, blank
from .control import STEP_UNIT, Choice, Slider, SpikeTimes, Toggle
from .noise import mulberry32


def spike_train(times: list[int], steps: int) -> torch.Tensor:
    """Spikes at the given steps as bool [steps, 1]."""
    train = torch.zeros(steps, 1, dtype=torch.bool)
    train[times] = True
    return train


class STPExplorer(PageWidget):
    """Short-term plasticity: resource x, release v and the current of each spike. Give `spikes` to choose the train."""

    heading = (
        "短期可塑性：越用越强，还是越用越弱？",
        "Short-term plasticity: does use strengthen or tire a synapse?",
    )
    scripts = ("lane.js", "stp_explorer.js")
    steps = 200
    parameters = (
        Slider("v_base", 0.5, ("静息释放比例", "Release at rest"), 0.01, 0.8, 0.01, "V", digits=2, more=True),
        Slider("tau_f", 20.0, ("易化时间常数", "Facilitation time constant"), 1.0, 200.0, 1.0, "τ_{f}", STEP_UNIT),
        Slider("tau_d", 10.0, ("抑制时间常数", "Depression time constant"), 1.0, 200.0, 1.0, "τ_{d}", STEP_UNIT),
        Choice(
            "pattern",
            "regular",
            ("输入模式", "Input pattern"),
            {
                "regular": ("规则发放", "regular"),
                "burst": ("一串脉冲，停顿，再一个", "a burst, a pause, one more"),
                "random": ("随机发放", "random"),
                "custom": ("自己放置", "placed by hand"),
            },
        ),
        Toggle("used", False, ("输出用掉的量", "Output what is used up"), more=True),
        Slider("interval", 12, ("脉冲间隔", "Steps between spikes"), 2, 40, 1, unit=STEP_UNIT, more=True),
        SpikeTimes("spikes", [10, 22, 34, 46], ("输入脉冲", "input spikes"), steps),
    )

    def __init__(self, **values: Any) -> None:
        by_hand = {"pattern": "custom"} if "spikes" in values else {}
        super().__init__(**by_hand | values)

    def spike_times(self) -> list[int]:
        """The input spikes of the chosen pattern, as the page lays them out."""
        p = self.params
        first, apart = 10, p["interval"]
        if p["pattern"] == "custom":
            return p["spikes"]
        if p["pattern"] == "burst":
            burst = list(range(first, first + 6 * apart, apart))
            return [t for t in [*burst, max(160, burst[-1] + 20)] if t < self.steps]
        if p["pattern"] == "random":
            uniform = mulberry32(7)
            return [t for t in range(self.steps) if next(uniform) < 1 / apart]
        return list(range(first, self.steps, apart))

    def figure(self) -> Figure:
        p = self.params
        train = spike_train(self.spike_times(), self.steps)
        output = "before" if p["used"] else "after"
        module = synapse.STPTransformer(p["v_base"], p["tau_f"], p["tau_d"], output)
        i, x, v = zip(*((module(s).item(), module.x.item(), module.v.item()) for s in train), strict=True)
        figure, (top, bottom) = blank(1.8, 1.5)
        top.step(range(self.steps), x, where="post", color=BLUE, label=tr("资源 $x$", "resource $x$"))
        top.step(range(self.steps), v, where="post", color=PINK, label=tr("释放比例 $v$", "release $v$"))
        top.set(xlim=(0, self.steps - 1), ylim=(0, 1.05))
        top.legend(ncols=2, loc="lower right", bbox_to_anchor=(1, 1))
        plotting.current(i, ax=bottom)
        bottom.set(xlim=top.get_xlim(), ylabel=tr("输出电流 $i$", "output current $i$"))
        return figure


class DelayExplorer(PageWidget):
    """Spikes through ConstantDelay, then through ExpDecayCurrent: in at t, out at t + delay, a current that fades."""

    heading = ("延迟与突触电流：脉冲何时到达，留下什么？", "Delay and current: when a spike arrives and what it leaves")
    scripts = ("lane.js", "delay_explorer.js")
    steps = 100
    parameters = (
        Slider("delay", 8, ("延迟", "Delay"), 0, 40, 1, "d", STEP_UNIT),
        Slider("tau", 10.0, ("电流时间常数", "Current time constant"), 1.0, 50.0, 0.5, "τ", STEP_UNIT, digits=1),
        Slider("amplitude", 1.0, ("每个脉冲的电流", "Current of a spike"), 0.1, 2.0, 0.05, "A", digits=2),
        SpikeTimes("spikes", [10, 30, 34, 38, 65], ("输入脉冲", "input spikes"), steps),
    )

    def figure(self) -> Figure:
        p = self.params
        train = spike_train(p["spikes"], self.steps)
        delay, decay = synapse.ConstantDelay(p["delay"]), synapse.ExpDecayCurrent(p["tau"], p["amplitude"])
        late = torch.stack([delay(s) for s in train])
        current = [decay(s).item() for s in late]
        figure, (top, bottom) = blank(0.9, 1.9)
        plotting.raster(torch.hstack([late, train]), ax=top)
        top.set(xlabel="", ylabel="", yticks=[0, 1], yticklabels=[tr("延迟后", "delayed"), tr("输入", "input")])
        plotting.current(current, ax=bottom)
        bottom.set(xlim=top.get_xlim(), ylabel=tr("突触电流 $i$", "synaptic current $i$"))
        return figure
