"""LivingFields: the opening of chapter 06, receptive fields that grow while you watch."""

from __future__ import annotations

from typing import Any

import torch
import traitlets
from matplotlib.figure import Figure

from .. import plotting
from ..language import tr
from .base import PageWidget
from .control import Slider
from .unsupervised import SIDE, GrowingFields, pictures

KEPT = 180  # digits, so that the stored widget stays small


class LivingFields(PageWidget):
    """Sixteen neurons see digit after digit without labels; each that wins pulls its field towards what it saw.

    The network of GrowingFields (unsupervised.WinnerTakeAll: the strongest fires, STDP moves its weights, its threshold
    rises), fed with 180 of the same digits. A field that is clicked is erased and grows again.

    Source: Diehl & Cook 2015, Front. Comput. Neurosci. 9.
    """

    heading = ("没有老师，感受野自己长出来", "No teacher: fields grow by themselves")
    scripts = ("opening.js", "winner.js", "fields.js", "living_fields.js")
    pictures = traitlets.Bytes().tag(sync=True)
    parameters = (
        Slider("speed", 10, ("每秒看几个数字", "Digits per second"), 1, 60, 1),
        Slider("seed", 1, ("从哪里开始（随机种子）", "Where it begins (random seed)"), 0, 99, 1),
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.pictures = pictures()[:KEPT].tobytes()

    def weights(self, seen: int = KEPT) -> torch.Tensor:
        """The fields [16, 64] after ``seen`` digits."""
        return GrowingFields(seed=self.params["seed"]).grown(seen)[0].weight

    def figure(self) -> Figure:
        figure = Figure(figsize=(7.0, 3.2), layout="constrained")
        ax = figure.subplots()
        plotting.receptive_fields(self.weights(), SIDE, SIDE, ncols=8, ax=ax)
        ax.set_title(tr(f"看过 {KEPT} 个数字之后", f"after {KEPT} digits"))
        return figure
