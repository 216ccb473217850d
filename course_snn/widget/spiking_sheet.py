"""SpikingSheet: the opening of chapter 00, a sheet of spiking neurons that the learner touches."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure

from ..figure import BLUE, GREY, ORANGE
from ..language import tr
from .base import PageWidget
from .control import STEP_UNIT, Slider

ROWS, COLUMNS, STEPS, RESTLESS = 17, 42, 11, 0.12  # … steps of the picture; the most that noise pushes in a step


class SpikingSheet(PageWidget):
    """Leaky integrate-and-fire neurons side by side; each spike pushes the eight neighbours, and waves spread.

        v ← v − v/τ + w · (neighbours that fired in the last step) + what the hand pushes in;   v ≥ 1: a spike, v = 0

    A neuron that fired hears nothing for the refractory period, so that a wave does not turn back.

    Source: waves in excitable media, Wiener & Rosenblueth 1946, Arch. Inst. Cardiol. México 16; Greenberg & Hastings
    1978, SIAM J. Appl. Math. 34.
    """

    heading = ("一片会发脉冲的神经元", "A sheet of spiking neurons")
    scripts = ("opening.js", "spiking_sheet.js")
    parameters = (
        Slider("w", 0.4, ("邻居脉冲的推力", "Push of a neighbour's spike"), 0.1, 1.0, 0.01, "w", digits=2),
        Slider("tau", 5.0, ("膜时间常数", "Membrane time constant"), 1.0, 20.0, 0.5, "τ", STEP_UNIT, 1),
        Slider("refractory", 8, ("不应期", "Refractory period"), 1, 30, 1, "", STEP_UNIT),
    )

    def run(self, pushes: torch.Tensor) -> torch.Tensor:
        """Which neurons fire in each step, bool [T, rows, columns], for what is pushed in, [T, rows, columns]."""
        p, around = self.params, torch.ones(1, 1, 3, 3, dtype=torch.double)
        around[0, 0, 1, 1] = 0
        v, fired, rest, out = torch.zeros_like(pushes[0]), torch.zeros_like(pushes[0]), torch.zeros_like(pushes[0]), []
        for push in pushes:
            heard = torch.nn.functional.conv2d(fired[None, None], around, padding=1)[0, 0]
            awake = rest == 0
            v = torch.where(awake, v + (-v / p["tau"] + p["w"] * heard + push), v)
            fired = (awake & (v >= 1)).to(v.dtype)
            rest = torch.where(fired > 0, p["refractory"], (rest - 1).clamp(min=0))
            v = v * (1 - fired)
            out.append(fired.bool())
        return torch.stack(out)

    def figure(self) -> Figure:
        draw = torch.Generator().manual_seed(0)
        pushes = RESTLESS * torch.rand(STEPS, ROWS, COLUMNS, generator=draw, dtype=torch.double)
        pushes[0, 7:10, 11:14] = pushes[4, 4:7, 29:32] = 1
        fired = self.run(pushes)
        since = [STEPS - 1 - fired[:, y, x].nonzero()[:, 0] for y in range(ROWS) for x in range(COLUMNS)]
        ages = [int(ago.min()) if len(ago) else STEPS for ago in since]
        light = torch.exp(-torch.tensor(ages) / 4.0)
        x, y = [n % COLUMNS for n in range(len(ages))], [-(n // COLUMNS) for n in range(len(ages))]
        figure = Figure(figsize=(7.0, 3.0), layout="constrained")
        ax = figure.subplots()
        ax.scatter(x, y, s=3, color=GREY, linewidths=0)
        ax.scatter(x, y, s=(4 + 36 * light).tolist(), color=ORANGE, alpha=light.tolist(), linewidths=0)
        ax.scatter([12, 30], [-8, -5], s=60, facecolor="none", edgecolor=BLUE)
        name = tr("蓝圈：碰过的地方；橙色：刚刚发放的神经元", "blue: where it was touched; orange: has just fired")
        ax.set(aspect="equal", title=name)
        ax.set_axis_off()
        return figure
