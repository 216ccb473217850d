"""TwoEars: the opening of chapter 03, a source to drag, two ears, and the neuron that tells where the sound is."""

from __future__ import annotations

import math

import torch
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from .. import simulator, synapse
from ..figure import BLUE, GOLD, GREY, ORANGE, PINK
from ..language import tr
from .base import PageWidget
from .control import Slider

EARS, SOUND, TICK = 0.2, 343.0, 2.5e-5  # m between the ears, m/s, s in a step
LONGEST = 24  # steps of the longest delay; the detectors are 0 … LONGEST
KICK = 1.4  # current of a spike: one alone lifts V to 0.7, two within a step of each other cross 1


class TwoEars(PageWidget):
    """A sound reaches one ear before the other; of 25 coincidence detectors those fire whose delays make up for it.

        t = distance / c at each ear;   detector k fires where t_L + k·Δ = t_R + (24 − k)·Δ   (Δ = 0.025 ms)

    Far from the head the difference is t_L − t_R = D sin θ / c, with D = 0.2 m between the ears and c = 343 m/s.

    Source: Jeffress 1948, J. Comp. Physiol. Psychol. 41; found in the barn owl by Carr & Konishi 1990, J. Neurosci. 10.
    """

    heading = ("两只耳朵，一个方向", "Two ears, one direction")
    scripts = ("opening.js", "lif.js", "two_ears.js")
    parameters = (
        Slider("angle", 35, ("方向（右为正）", "Direction (right is positive)"), -90, 90, 1, "θ", ("°", "°")),
        Slider("distance", 0.45, ("距离", "Distance"), 0.2, 0.6, 0.01, "", ("m", "m"), 2),
    )

    def source(self) -> tuple[float, float]:
        """Metres to the right of the middle of the head, and in front of it."""
        turn = math.radians(self.params["angle"])
        return self.params["distance"] * math.sin(turn), self.params["distance"] * math.cos(turn)

    def arrivals(self) -> tuple[float, float]:
        """When a click reaches the left and the right ear, in seconds."""
        x, y = self.source()
        return math.hypot(x + EARS / 2, y) / SOUND, math.hypot(x - EARS / 2, y) / SOUND

    def late(self) -> int:
        """By how many steps the right ear is later than the left."""
        left, right = self.arrivals()
        return math.floor((right - left) / TICK + 0.5)

    def detectors(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The spikes [T, 25] of the detectors, and their potentials [T, 25]."""
        late = self.late()
        clicks = torch.zeros(2 * LONGEST + 3, 2)
        clicks[max(0, -late), 0] = clicks[max(0, late), 1] = KICK
        lines = [(synapse.ConstantDelay(k), synapse.ConstantDelay(LONGEST - k)) for k in range(LONGEST + 1)]
        cells = simulator.LIFNode([LONGEST + 1], 1.0, 1.0, 0.0, 2.0)
        seen = []
        for left, right in clicks:
            spikes = cells(torch.stack([a(left) + b(right) for a, b in lines]))
            seen.append((spikes.clone(), cells.v.clone()))
        return torch.stack([s for s, _ in seen]), torch.stack([v for _, v in seen])

    def figure(self) -> Figure:
        fired = self.detectors()[0].any(0)
        x, y = self.source()
        figure = Figure(figsize=(7.0, 4.0), layout="constrained")
        ax = figure.subplots()
        for radius in (0.08, 0.16, 0.24, 0.32):
            ax.add_patch(Circle((x, y), radius, fill=False, color=GOLD, alpha=0.9 - 2 * radius))
        ax.add_patch(Circle((0, 0), 0.092, facecolor="white", edgecolor=GREY, linewidth=3))
        for side, colour in ((-1, BLUE), (1, PINK)):
            row = -0.2 - 0.08 * (side > 0)
            ax.plot([side * 0.1, side * 0.52, side * 0.52, -side * 0.5], [0, -0.05, row, row], color=colour)
            ax.add_patch(Circle((side * 0.1, 0), 0.02, color=colour))
        for k, fires in enumerate(fired.tolist()):
            face = ORANGE if fires else "white"
            ax.add_patch(Circle((k / LONGEST - 0.5, -0.24), 0.014, facecolor=face, edgecolor=GREY, zorder=3))
        ax.add_patch(Circle((x, y), 0.025, color=GOLD, zorder=3))
        ax.annotate(tr("声源", "source"), (x, y), (8, 4), textcoords="offset points")
        ax.set(xlim=(-0.66, 0.66), ylim=(-0.33, 0.63), aspect="equal")
        ax.set_axis_off()
        return figure
