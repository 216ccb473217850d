"""GrowingSynapse: the opening of chapter 05, a synapse that grows or withers with the order of two spikes."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from .. import learning, plotting, synapse
from ..figure import GREEN, GREY, PINK
from ..language import tr
from .base import PageWidget
from .control import Slider

TAU, START, PAIRINGS = 20.0, 0.3, 60  # steps of 1 ms; the weight at first; as many pairings as Bi and Poo made
MS = ("ms", "ms")


class GrowingSynapse(PageWidget):
    """Neuron A fires at 0, neuron B at a time that the learner drags, again and again; the synapse learns by STDP.

        Δw = η (1 − w) e^{−Δt/τ} where B is later (Δt > 0),   −η w e^{Δt/τ} where it is earlier   (τ = 20 ms)

    Pairs are far apart: the traces of one have faded before the next. Computed by learning.STDPUpdater in steps of
    1 ms, in which a trace loses 1/τ of itself; a tie learns from both.

    Source: Bi & Poo 1998, J. Neurosci. 18 (60 pairings); traces as in Morrison, Diesmann & Gerstner 2008, Biol. Cybern.
    98, soft bounds as in Gütig et al. 2003, J. Neurosci. 23.
    """

    heading = ("谁先，谁后：突触长粗，突触变细", "Which comes first: a synapse grows, a synapse withers")
    scripts = ("opening.js", "stdp.js", "growing_synapse.js")
    parameters = (
        Slider("lag", 10, ("B 比 A 晚", "B fires after A by"), -40, 40, 1, "Δt", MS),
        Slider("rate", 0.15, ("学习率", "Learning rate"), 0.01, 0.3, 0.01, "η", digits=2),
    )

    def weights(self, count: int = PAIRINGS) -> list[float]:
        """The weight at the start and after each of ``count`` pairings."""
        lag, w = self.params["lag"], [START]
        connection = synapse.Linear(1, 1)
        connection.weight.fill_(w[0])
        for _ in range(count):
            updater = learning.STDPUpdater(TAU, TAU, self.params["rate"], f_w=learning.soft_bound, gated=True)
            for t in range(abs(lag) + 1):
                before, after = (torch.tensor([[t == at]]) for at in (max(0, -lag), max(0, lag)))
                updater.update(connection, before, after)
            w.append(connection.weight.item())
        return w

    def figure(self) -> Figure:
        w = self.weights()
        figure = Figure(figsize=(7.0, 3.4), layout="constrained")
        top, bottom = figure.subplots(2, 1, height_ratios=(1, 1.2))
        for x, name, colour in ((0, "A", GREEN), (4, "B", PINK)):
            top.add_patch(Circle((x, 0), 0.5, facecolor="white", edgecolor=colour, linewidth=3, zorder=3))
            top.text(x, 0, name, ha="center", va="center", color=colour, size=14, zorder=4)
        top.plot([0.5, 3], [0.25, 0.25], color=GREY, linewidth=1 + 14 * w[0])
        top.plot([0.5, 3], [-0.25, -0.25], color="C0", linewidth=1 + 14 * w[-1])
        top.annotate(tr("之前", "before"), (3.1, 0.25), va="center", color=GREY)
        top.annotate(tr("之后", "after"), (3.1, -0.25), va="center", color="C0")
        top.set(xlim=(-0.7, 4.7), ylim=(-0.6, 0.6), aspect="equal")
        top.set_axis_off()
        plotting.weight_traces(w, ax=bottom)
        bottom.set(ylim=(0, 1), xlabel=tr("第几次配对", "pairing"))
        return figure
