"""Layers beside neurons: dropout that holds still, normalisation by the neighbours, transforms, recurrent loops."""

import math
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F

from course_snn.arguments import as_numbers, keep, number, whole
from course_snn.state import Stateful


class NeuNorm(Stateful):
    """Each place inhibits its own spikes by the activity of all channels there: x ← k·x + (1-k)/C² Σ_c s, y = s - w·x.

    It stands after the neurons that follow a convolution: Conv2d, LIFNode, NeuNorm.

    Args:
        in_channels: number of channels C.
        k: how much of the activity x is kept from step to step, in [0, 1].

    Shapes:
        s [N, C, H, W] -> [N, C, H, W]; the learnt ``w`` [C, 1, 1] starts uniform in [-1, 1].

    Raises:
        ValueError: another number of channels, or k outside [0, 1].

    Source: Wu, Deng, Li, Zhu & Shi, Direct Training for Spiking Neural Networks (AAAI 2019).
    """

    k: float | torch.Tensor
    x: torch.Tensor

    def __init__(self, in_channels: int, k: float = 0.9) -> None:
        super().__init__()
        self.in_channels = whole("in_channels", in_channels, at_least=1)
        keep(self, "k", number("k", k, at_least=0))
        if not (torch.as_tensor(self.k) <= 1).all():
            raise ValueError(f"k is a share that is kept, in [0, 1]; got {k}.")
        self.w = nn.Parameter(torch.empty(in_channels, 1, 1).uniform_(-1, 1))
        self.declare("x", 0.0)

    def forward(self, s: torch.Tensor) -> torch.Tensor:
        if s.dim() < 3 or s.shape[-3] != self.in_channels:
            raise ValueError(f"NeuNorm takes spikes [N, {self.in_channels}, H, W], got the shape {tuple(s.shape)}.")
        s = as_numbers(s)
        activity = s.sum(-3, keepdim=True)
        self.x = self.k * self.state("x", like=activity) + (1 - self.k) / self.in_channels**2 * activity
        return s - self.w * self.x


class AXAT(nn.Module):
    """Y = A X Aᵀ with a learnt A, for every matrix X in the last two dimensions.

    Args:
        in_features: rows and columns of X.
        out_features: rows and columns of Y.

    Shapes:
        x [*, in_features, in_features] -> [*, out_features, out_features]; ``A`` [out_features, in_features]
        starts as the weight of a ``nn.Linear`` does.
    """

    def __init__(self, in_features: int, out_features: int) -> None:
        super().__init__()
        in_features, out_features = whole("in_features", in_features, 1), whole("out_features", out_features, 1)
        self.A = nn.Parameter(torch.empty(out_features, in_features))
        nn.init.kaiming_uniform_(self.A, a=math.sqrt(5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.A @ as_numbers(x) @ self.A.t()


class DCT(nn.Module):
    """Discrete cosine transform of square blocks: Y = K X Kᵀ for each block X (an AXAT with a fixed A).

        K[0, j] = √(1/n),  K[i, j] = √(2/n) cos((j + 1/2) π i / n)

    Args:
        kernel_size: side n of a block.

    Shapes:
        x [*, H, W] -> [*, H, W], where n divides H and W.

    Raises:
        ValueError: n does not divide H and W.

    Source: Ahmed, Natarajan & Rao, Discrete Cosine Transform (IEEE Transactions on Computers, 1974).
    """

    K: torch.Tensor

    def __init__(self, kernel_size: int) -> None:
        super().__init__()
        self.kernel_size = n = whole("kernel_size", kernel_size, at_least=1)
        i, j = torch.arange(n, dtype=torch.double)[:, None], torch.arange(n, dtype=torch.double)
        K = torch.cos((j + 0.5) * math.pi * i / n) * math.sqrt(2 / n)
        K[0] = math.sqrt(1 / n)
        self.register_buffer("K", K.to(torch.get_default_dtype()), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        n = self.kernel_size
        if x.dim() < 2 or x.shape[-2] % n or x.shape[-1] % n:
            raise ValueError(f"DCT takes [*, H, W] with H and W divisible by kernel_size={n}, got {tuple(x.shape)}.")
        columns = (self.K @ as_numbers(x).unflatten(-2, (-1, n))).flatten(-3, -2)
        return (columns.unflatten(-1, (-1, n)) @ self.K.t()).flatten(-2)


class ChannelsMaxPool(nn.Module):
    """Max pooling over neighbouring channels instead of neighbouring places.

    Args:
        pool: the pooling, for example ``nn.MaxPool1d(2)``.

    Shapes:
        x [N, C, *] -> [N, C_out, *], C_out being what ``pool`` makes of C.
    """

    def __init__(self, pool: nn.MaxPool1d) -> None:
        super().__init__()
        if not isinstance(pool, nn.MaxPool1d):
            raise TypeError(f"pool must be a nn.MaxPool1d, for example nn.MaxPool1d(2), got {pool!r}.")
        self.pool = pool

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.dim() < 2:
            raise ValueError(f"ChannelsMaxPool takes [N, C, …], got the shape {tuple(x.shape)}.")
        places_first = as_numbers(x).reshape(*x.shape[:2], -1).transpose(1, 2)
        return self.pool(places_first).transpose(1, 2).reshape(len(x), -1, *x.shape[2:])


class Dropout(Stateful):
    """Dropout whose mask is drawn once and then held until ``reset()``: y = x·mask / (1-p), in training only.

    A mask drawn anew at every step, as ``nn.Dropout`` does it, would average out over the steps of one sample.

    Args:
        p: probability that an element is set to 0, in [0, 1).

    Shapes:
        any; the same shape at every step until ``reset()``.

    Raises:
        ValueError: p outside [0, 1), or another shape than the mask was drawn for.

    Source: Lee et al., Enabling Spike-based Backpropagation … (Frontiers in Neuroscience, 2020).
    """

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        if torch.is_tensor(p):
            raise TypeError(f"p is one probability for all elements, a number in [0, 1); got a tensor {p}.")
        self.p = number("p", p, at_least=0)
        if self.p >= 1:
            raise ValueError(f"p must lie in [0, 1): with p = {p} nothing would be left.")
        self.declare("mask", None)

    def draw(self, x: torch.Tensor) -> torch.Tensor:
        """Return a new mask for ``x``: 0 with probability p, else 1/(1-p)."""
        return F.dropout(_ones(x, x.shape), self.p)

    def _held(self, x: torch.Tensor) -> torch.Tensor:
        if self.mask is None:
            self.mask = self.draw(x)
        return self.state("mask", like=x)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x * self._held(x) if self.training else x

    def sequence(self, x_seq: torch.Tensor) -> torch.Tensor:
        return x_seq * self._held(x_seq[0]) if self.training else x_seq


class Dropout2d(Dropout):
    """``Dropout`` of whole channels: a channel is either kept everywhere or set to 0 everywhere.

    Args:
        p: probability that a channel is set to 0, in [0, 1).

    Shapes:
        [N, C, H, W].
    """

    def __init__(self, p: float = 0.2) -> None:
        super().__init__(p)

    def draw(self, x: torch.Tensor) -> torch.Tensor:
        """Return a new mask for ``x``: 0 for a channel with probability p, else 1/(1-p)."""
        if x.dim() != 4:
            raise ValueError(f"Dropout2d takes [N, C, H, W], got the shape {tuple(x.shape)}: use Dropout.")
        return F.dropout2d(_ones(x, [*x.shape[:2], 1, 1]), self.p).expand(x.shape)


def _ones(x: torch.Tensor, shape: torch.Size | list[int]) -> torch.Tensor:
    return torch.ones(shape, dtype=x.dtype if x.is_floating_point() else torch.get_default_dtype(), device=x.device)


class ElementWiseRecurrentContainer(Stateful):
    """A loop around a module: y[t] = sub_module(f(y[t-1], x[t])), with y[-1] = 0.

    The last output comes *first* in f, as in SpikingJelly; its tutorial writes f(x[t], y[t-1]), but its code
    calls f(y[t-1], x[t]). For a sum there is no difference.

    Args:
        sub_module: what the loop goes around, a neuron for example; its output has the shape of its input.
        element_wise_function: f(y, x), for example ``torch.add``.

    Shapes:
        x [N, …] -> y [N, …], the same shape.

    Raises:
        TypeError: f cannot be called.
        ValueError: sub_module changes the shape.
    """

    def __init__(
        self, sub_module: nn.Module, element_wise_function: Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
    ) -> None:
        super().__init__()
        if not callable(element_wise_function):
            raise TypeError(f"element_wise_function must be a function f(y, x), got {element_wise_function!r}.")
        self.sub_module = sub_module
        self.element_wise_function = element_wise_function
        self.declare("y", 0.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = as_numbers(x)
        y = self.sub_module(self.element_wise_function(self.state("y", like=x), x))
        self.y = _with_shape(y, x.shape, "use LinearRecurrentContainer")
        return y


class LinearRecurrentContainer(Stateful):
    """A fully connected loop around a module: y[t] = sub_module(W [x[t], y[t-1]] + b), with y[-1] = 0.

    Args:
        sub_module: what the loop goes around, from in_features to out_features; a neuron for example.
        in_features: size of x[t], and of what sub_module is given.
        out_features: size of y[t].
        bias: whether there is a b.

    Shapes:
        x [N, …, in_features] -> y [N, …, out_features]; ``rc`` is the Linear that holds
        W [in_features, in_features + out_features] and b.

    Raises:
        ValueError: an input or an output of sub_module with another last dimension.
    """

    def __init__(self, sub_module: nn.Module, in_features: int, out_features: int, bias: bool = True) -> None:
        super().__init__()
        self.in_features = whole("in_features", in_features, at_least=1)
        self.out_features = whole("out_features", out_features, at_least=1)
        self.rc = nn.Linear(in_features + out_features, in_features, bias)
        self.sub_module = sub_module
        self.declare("y", 0.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if x.shape[-1] != self.in_features:
            raise ValueError(
                f"LinearRecurrentContainer takes [N, …, {self.in_features}], got the shape {tuple(x.shape)}."
            )
        x = as_numbers(x)
        last = self.state("y", like=x[..., :1].expand(*x.shape[:-1], self.out_features))
        y = self.sub_module(self.rc(torch.cat([x, last], dim=-1)))
        self.y = _with_shape(y, last.shape, "give it as out_features")
        return y


def _with_shape(y: torch.Tensor, shape: tuple[int, ...], instead: str) -> torch.Tensor:
    if y.shape != torch.Size(shape):
        raise ValueError(
            f"the sub_module gave the shape {tuple(y.shape)} where the loop needs {tuple(shape)}: {instead}."
        )
    return y
