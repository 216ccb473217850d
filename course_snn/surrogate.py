"""Surrogate gradients: exact 0/1 spikes forward, a smooth slope backward.

A spike is the Heaviside step of x = v - v_threshold. Its true derivative is 0 almost everywhere, so no
gradient passes; a surrogate keeps the step and replaces only the derivative (Neftci, Mostafa & Zenke 2019).

The width of a slope says which neurons take part in learning. Its height is a common factor of a layer's gradient,
which Adam divides out, as long as no gradient passes the reset (``detach_reset``) or a recurrent connection; else it
enters the factor of every time step (Zenke & Vogels 2021, Neural Computation 33).
"""

import math

import torch
from torch import nn
from torch.func import functional_call

from course_snn.arguments import keep, number

FAR = 1e6  # an infinite threshold is that far away
FLAT = 1e3  # beyond it σ is 0 or 1, also in double precision; infinite x would give inf · 0


class _Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x: torch.Tensor, surrogate: "Surrogate", *learnt: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(x)
        ctx.surrogate, ctx.names, ctx.learnt = surrogate, tuple(_learnt(surrogate)), learnt
        return (x >= 0).to(x.dtype)

    @staticmethod
    def backward(ctx, grad: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        (x,) = ctx.saved_tensors
        grad_x = grad * ctx.surrogate.slope(x)
        if not any(ctx.needs_input_grad[2:]):
            return grad_x, None, *[None] * len(ctx.learnt)
        again = torch.is_grad_enabled()  # a second derivative is wanted
        with torch.enable_grad():
            x = (x if again else x.detach()).clamp(-FAR, FAR)
            # other names: x may have been computed from the parameters, a way which autograd takes by grad_x
            learnt = {f"surrogate.{name}": p.view_as(p) for name, p in zip(ctx.names, ctx.learnt, strict=True)}
            smooth = functional_call(_Primitive(ctx.surrogate), learnt, x)
            grads = torch.autograd.grad(smooth, list(learnt.values()), grad, create_graph=again, allow_unused=True)
        return grad_x, None, *grads


def _learnt(surrogate: "Surrogate") -> dict[str, torch.Tensor]:
    return {name: p for name, p in surrogate._parameters.items() if p is not None and p.requires_grad}


class _Primitive(nn.Module):
    """The smooth step of a surrogate as a module, whose parameters can be replaced for a call."""

    def __init__(self, surrogate: "Surrogate") -> None:
        super().__init__()
        self.surrogate = surrogate

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.surrogate.primitive(x)


class Surrogate(nn.Module):
    """Base of all surrogates: s = H(x) forward, ds/dx = slope(x) backward; a subclass writes ``slope``.

    A parameter of the surrogate (α, a width, …) may be a number, a tensor with one for each neuron, or an
    ``nn.Parameter``, which learns as if the spike were ``primitive``: ds/dα = ∂g(x)/∂α.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return _Spike.apply(x, self, *_learnt(self).values())

    def slope(self, x: torch.Tensor) -> torch.Tensor:
        """Return the derivative that the backward pass uses, same shape as ``x``."""
        raise NotImplementedError(f"{type(self).__name__} must define slope(x), the derivative used backward.")

    def primitive(self, x: torch.Tensor) -> torch.Tensor:
        """Return the smooth step whose derivative is ``slope``, for figures and tests."""
        raise NotImplementedError(
            f"{type(self).__name__} does not define primitive(x), the smooth step; its parameters learn through that."
        )


class Sigmoid(Surrogate):
    """g(x) = σ(αx), g'(x) = α σ(αx) (1 - σ(αx)).

    Args:
        alpha: steepness α > 0; the slope at 0 is α/4.
    """

    alpha: float | torch.Tensor

    def __init__(self, alpha: float = 1.0) -> None:
        super().__init__()
        keep(self, "alpha", number("alpha", alpha, above=0))

    def slope(self, x: torch.Tensor) -> torch.Tensor:
        s = torch.sigmoid(self.alpha * x)
        return self.alpha * s * (1 - s)

    def primitive(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.alpha * x)


class ATan(Surrogate):
    """g(x) = arctan(παx/2)/π + 1/2, g'(x) = (α/2) / (1 + (παx/2)²)  (Fang et al. 2021).

    Args:
        alpha: steepness α > 0; the slope at 0 is α/2.
    """

    alpha: float | torch.Tensor

    def __init__(self, alpha: float = 2.0) -> None:
        super().__init__()
        keep(self, "alpha", number("alpha", alpha, above=0))

    def slope(self, x: torch.Tensor) -> torch.Tensor:
        return self.alpha / 2 / (1 + (math.pi / 2 * self.alpha * x) ** 2)

    def primitive(self, x: torch.Tensor) -> torch.Tensor:
        return torch.atan(math.pi / 2 * self.alpha * x) / math.pi + 0.5


class Rectangle(Surrogate):
    """g(x) = clip(x/w + 1/2, 0, 1), g'(x) = 1/w for |x| < w/2 and 0 outside  (Wu et al. 2018).

    Args:
        width: full width w > 0 of the window around the threshold.
    """

    width: float | torch.Tensor

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        keep(self, "width", number("width", width, above=0))

    def slope(self, x: torch.Tensor) -> torch.Tensor:
        return (x.abs() < self.width / 2).to(x.dtype) / self.width

    def primitive(self, x: torch.Tensor) -> torch.Tensor:
        return (x / self.width + 0.5).clamp(0, 1)


class BilinearLeakyReLU(Surrogate):
    """g'(x) = a for |x| ≤ c and b outside: a ramp with leaky ends, g(0) = 1/2.

    Args:
        a: slope inside. b: slope outside, so that no neuron is without any gradient. c: half width > 0.
    """

    a: float | torch.Tensor
    b: float | torch.Tensor
    c: float | torch.Tensor

    def __init__(self, a: float = 1.0, b: float = 0.01, c: float = 0.5) -> None:
        super().__init__()
        keep(self, "a", number("a", a))
        keep(self, "b", number("b", b))
        keep(self, "c", number("c", c, above=0))

    def slope(self, x: torch.Tensor) -> torch.Tensor:
        return torch.where(x.abs() <= self.c, self.a, self.b).to(x.dtype)

    def primitive(self, x: torch.Tensor) -> torch.Tensor:
        inside = x.clamp(-self.c, self.c)  # ty: ignore[no-matching-overload]  # the stub: two numbers or two tensors
        return 0.5 + self.a * inside + self.b * (x - inside)


class SignSwish(Surrogate):
    """g'(x) = β (2 - βx tanh(βx/2)) / (1 + cosh(βx)): steep, with negative lobes  (Darabi et al. 2018).

    Its primitive was made to imitate sign(x), so it rises by 2 where the other surrogates rise by 1.

    Args:
        beta: steepness β > 0; the slope at 0 is β.
    """

    beta: float | torch.Tensor

    def __init__(self, beta: float = 5.0) -> None:
        super().__init__()
        keep(self, "beta", number("beta", beta, above=0))

    def slope(self, x: torch.Tensor) -> torch.Tensor:
        y = (self.beta * x).clamp(-FLAT, FLAT)
        # 1/(1 + cosh y) = 2 σ(y) σ(-y), which does not overflow
        return self.beta * (2 - y * torch.tanh(y / 2)) * 2 * torch.sigmoid(y) * torch.sigmoid(-y)

    def primitive(self, x: torch.Tensor) -> torch.Tensor:
        y = (self.beta * x).clamp(-FLAT, FLAT)
        s = torch.sigmoid(y)
        return 2 * s * (1 + y * (1 - s)) - 0.5


class Gaussian(Surrogate):
    """g(x) = Φ(x/√a), g'(x) = exp(-x²/(2a)) / √(2πa): the normal distribution  (h₄ of Wu et al. 2018).

    Args:
        variance: a > 0, the square of the width; the slope at 0 is 1/√(2πa), 0.564 for 0.5.
    """

    variance: float | torch.Tensor

    def __init__(self, variance: float = 0.5) -> None:
        super().__init__()
        keep(self, "variance", number("variance", variance, above=0))

    def slope(self, x: torch.Tensor) -> torch.Tensor:
        return torch.exp(-(x * x) / (2 * self.variance)) / (2 * math.pi * self.variance) ** 0.5

    def primitive(self, x: torch.Tensor) -> torch.Tensor:
        return 0.5 * (1 + torch.erf(x / (2 * self.variance) ** 0.5))
