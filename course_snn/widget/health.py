"""LayerDoctor: a deep chain of spiking layers; turn the knobs and see where it falls silent or stops learning."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch.nn.functional import layer_norm

from .. import neuron, plotting, surrogate
from .base import PageWidget, blank
from .control import Slider, Toggle
from .noise import mulberry32

NEURONS, STEPS, SEED = 16, 16, 10


class LayerDoctor(PageWidget):
    """Firing rate and relative gradient ‖∂L/∂W‖ / ‖W‖ of each layer, and all spikes, of a chain of IF or LIF layers.

    Each layer has 16 neurons; their weights lie between -g/16 and 3g/16, so that a layer multiplies the firing rate
    by at most about g/θ. The loss asks half of the last layer to fire in 60 % of the steps, the other half in 10 %.
    """

    heading = ("逐层体检：发放率与梯度", "Layer by layer: firing rate and gradient")
    scripts = ("layer_doctor.js",)
    parameters = (
        Slider("gain", 0.8, ("权重大小", "Size of the weights"), 0.1, 6.0, 0.05, "g", digits=2),
        Slider("threshold", 1.0, ("阈值", "Threshold"), 0.1, 4.0, 0.05, "θ", digits=2),
        Slider(
            "alpha", 2.0, ("替代梯度的陡峭程度", "Steepness of the surrogate"), 0.5, 40.0, 0.5, "α", digits=1, more=True
        ),
        Slider("depth", 6, ("层数", "Layers"), 1, 10, 1, more=True),
        Toggle("leak", False, ("泄漏（LIF，τ = 2）", "Leak (LIF, τ = 2)"), more=True),
        Toggle("normalise", False, ("归一化输入电流", "Normalise the currents")),
    )

    def network(self) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """The constant input [16] and the weights [16, 16] of each layer, float64, as the page makes them."""
        draw, depth = mulberry32(SEED), self.params["depth"]

        def number(count: int) -> torch.Tensor:
            return torch.tensor([next(draw) for _ in range(count)], dtype=torch.float64)

        x = 0.1 + 0.8 * number(NEURONS)
        weights = [(4 * number(NEURONS * NEURONS) - 1).reshape(NEURONS, NEURONS) for _ in range(depth)]
        return x, [(self.params["gain"] / NEURONS * w).requires_grad_() for w in weights]

    def examine(self) -> tuple[list[float], list[float]]:
        """Rates and relative gradients of the layers, by torch's autograd."""
        p = self.params
        x, weights = self.network()
        s, rates = x.expand(STEPS, NEURONS), []
        for w in weights:
            current = s @ w.t()
            if p["normalise"]:
                current = layer_norm(current, current.shape)
            kind = neuron.LIFNode if p["leak"] else neuron.IFNode
            node = kind(v_threshold=p["threshold"], surrogate=surrogate.ATan(p["alpha"]))
            s = torch.stack([node(now) for now in current])
            rates.append(s.mean().item())
        wanted = torch.where(torch.arange(NEURONS) < NEURONS // 2, 0.6, 0.1)
        ((s.mean(0) - wanted) ** 2).mean().backward()
        return rates, [(w.grad.norm() / w.detach().norm()).item() for w in weights]

    def figure(self) -> Figure:
        figure, ax = blank(0.9 + 0.26 * self.params["depth"])
        plotting.layer_health(*self.examine(), ax=ax)
        return figure
