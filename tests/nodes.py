"""Every neuron whose charge the loops know, every reset and surrogate, and the gradients to compare."""

import torch

from course_snn import surrogate
from course_snn.neuron import DeltaLIFNode, IFNode, LIFNode, Neuron, PLIFNode, RIFNode


class Triangle(surrogate.Surrogate):
    """A learner's own."""

    def slope(self, x):
        return (1 - x.abs()).relu()


NODES = {
    "IF": IFNode,
    "LIF": lambda **kw: LIFNode(3.0, **kw),
    "LIF, tau 2": LIFNode,
    "LIF, learnt tau": lambda **kw: LIFNode(torch.nn.Parameter(torch.tensor(2.7)), **kw),
    "delta LIF": lambda **kw: DeltaLIFNode(3.0, **kw),
    "delta LIF, learnt tau": lambda **kw: DeltaLIFNode(torch.nn.Parameter(torch.tensor(2.7)), **kw),
    "PLIF": lambda **kw: PLIFNode(2.6, **kw),
    "RIF": lambda **kw: RIFNode(-0.2, amplitude=1.0, **kw),
}
SURROGATES = {
    "Sigmoid": surrogate.Sigmoid(4.0),
    "ATan": surrogate.ATan(),
    "Rectangle": surrogate.Rectangle(0.8),
    "Bilinear": surrogate.BilinearLeakyReLU(),
    "SignSwish": surrogate.SignSwish(),
    "Gaussian": surrogate.Gaussian(),
    "own": Triangle(),
}
RESETS = {"hard": 0.0, "hard, below 0": -0.3, "soft": None}


def noise(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def grads(node: Neuron, x: torch.Tensor, v: torch.Tensor, run) -> list[torch.Tensor]:
    """Spikes, last voltage, and the gradients of a loss of both in x, in the first voltage and in parameters."""
    x, v = x.clone().requires_grad_(), v.clone().requires_grad_()
    node.v = v
    s = run(node, x)
    loss = sum((y * noise(*y.shape, seed=seed).to(y.device)).sum() for y, seed in ((s, 8), (node.v, 9)))
    wanted = [x, v, *node.parameters()]
    return [s.detach(), node.v.detach(), *torch.autograd.grad(loss, wanted)]
