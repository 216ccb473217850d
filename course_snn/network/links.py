"""Link types: which neurons a connection joins, with which weights to begin with. One's own is a function."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import torch
from torch.nn import functional as F

from course_snn.arguments import number, whole

MEAN, STD = 0.005, 0.05  # of SPAIC's weights


class Wiring(NamedTuple):
    """What a link type gives for two groups.

    Args:
        weight: to begin with, [post, pre] unless ``apply`` wants another shape.
        mask: 1 where there is a synapse, of the shape of the weight; None: everywhere.
        apply: function (spikes [B, pre], weight, bias) -> currents [B, post]; None: spikes @ weightᵀ + bias.
        outputs: the length of a bias; None: one for each neuron after the synapses.
    """

    weight: torch.Tensor
    mask: torch.Tensor | None = None
    apply: Callable | None = None
    outputs: int | None = None


def full(pre: Any, post: Any, w_mean: float = MEAN, w_std: float = STD) -> Wiring:
    """Every neuron to every neuron, w ~ N(w_mean, w_std²)."""
    return Wiring(_normal((post.num, pre.num), w_mean, w_std))


def one_to_one(pre: Any, post: Any, w_mean: float = 0.05) -> Wiring:
    """Neuron i to neuron i, w = w_mean; the groups are of one size."""
    if pre.num != post.num:
        raise ValueError(f"one_to_one joins groups of one size, got {pre.num} and {post.num} neurons.")
    one = torch.eye(post.num)
    return Wiring(number("w_mean", w_mean) * one, one)


def sparse(pre: Any, post: Any, density: float = 0.1, w_mean: float = MEAN, w_std: float = STD) -> Wiring:
    """Each pair of neurons with probability ``density``."""
    return Wiring(_normal((post.num, pre.num), w_mean, w_std), _drawn("density", density, pre, post))


def random(pre: Any, post: Any, probability: float = 0.1, w_mean: float = MEAN, w_std: float = STD) -> Wiring:
    """Each pair of neurons with ``probability``, but within one group no neuron with itself."""
    mask = _drawn("probability", probability, pre, post)
    return Wiring(_normal((post.num, pre.num), w_mean, w_std), mask.fill_diagonal_(0) if pre is post else mask)


class Convolution(NamedTuple):
    """The convolution of a ``conv`` link, between groups of the shape [C, H, W].

    Args:
        shape: of the pictures before it, [C, H, W]. stride, padding: as in ``torch.nn.Conv2d``.
    """

    shape: tuple[int, ...]
    stride: int
    padding: int

    def __call__(self, spikes: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        pictures = spikes.unflatten(1, self.shape)
        return F.conv2d(pictures, weight, bias, self.stride, self.padding).flatten(1)


def conv(
    pre: Any,
    post: Any,
    kernel_size: int = 3,
    stride: int = 1,
    padding: int = 0,
    w_mean: float = 0.05,
    w_std: float = 0.05,
) -> Wiring:
    """A convolution from pictures to pictures: both groups have ``shape=[C, H, W]``."""
    for end in (pre, post):
        if end.shape is None or len(end.shape) != 3:
            raise ValueError(f"conv joins groups with shape=[C, H, W], but {end.address()} has {_shape(end)}.")
    kernel_size, stride = whole("kernel_size", kernel_size, at_least=1), whole("stride", stride, at_least=1)
    padding, (channels, *size) = whole("padding", padding, at_least=0), pre.shape
    wanted = [post.shape[0], *((n + 2 * padding - kernel_size) // stride + 1 for n in size)]
    if list(post.shape) != wanted:
        raise ValueError(
            f"kernel_size={kernel_size}, stride={stride}, padding={padding} makes pictures {wanted} of "
            f"{list(pre.shape)}, but {post.address()} has the shape {list(post.shape)}."
        )
    weight = _normal((post.shape[0], channels, kernel_size, kernel_size), w_mean, w_std)
    return Wiring(weight, None, Convolution(tuple(pre.shape), stride, padding), post.shape[0])


LINKS: dict[str, Callable] = {
    "full": full, "one_to_one": one_to_one, "sparse": sparse, "random": random, "conv": conv,
}  # fmt: skip
OWN: set[Callable] = set(LINKS.values())


def link_type(name: str) -> Callable:
    """Register a link type of your own: ``@link_type("ring")`` above a function (pre, post, its parameters …).

    The function returns the weights [post, pre], or a pair (weights, mask), or a ``Wiring``; ``pre.num`` and
    ``post.num`` are the sizes of the groups. Then ``Connection(a, b, link_type="ring", …)`` takes its parameters.

    Args:
        name: what it is called.
    """
    return enter("link_type", LINKS, name)


def enter(what: str, table: dict[str, Callable], name: str) -> Callable:
    """Return a decorator that puts a function or class into ``table``; it may be run again, as a notebook's cell is.

    Args:
        what: what the table holds. table: the table. name: its name there.

    Raises:
        ValueError: the name of a built-in one.
    """
    if not isinstance(name, str) or not name:
        raise ValueError(f'{what} needs a name, such as @network.{what}("mine"); got {name!r}.')

    def keep(made: Callable) -> Callable:
        if name in table and (getattr(table[name], "__module__", "") or "").startswith("course_snn."):
            raise ValueError(f"{what} {name!r} is built in: choose another name.")
        table[name] = made
        return made

    return keep


def wired(made: Any, link: str) -> Wiring:
    """Return what a link type gave as a ``Wiring``.

    Args:
        made: weights, a pair (weights, mask) or a ``Wiring``. link: its name, for the error.
    """
    parts = made if isinstance(made, tuple) else (made,)
    wiring = made if isinstance(made, Wiring) else Wiring(*parts) if 1 <= len(parts) <= 2 else None
    if wiring is None or not torch.is_tensor(wiring.weight):
        raise TypeError(f"link_type {link!r} must return weights [post, pre], or (weights, mask); got {made!r}.")
    return wiring


def as_weight(name: str, value: Any, shape: Iterable[int], what: str) -> torch.Tensor:
    """Return numbers that a caller gave as a tensor of their own, of the shape that is needed.

    Args:
        name: of the argument. value: numbers, lists, arrays or a tensor. shape: what is needed. what: it in words.

    Raises:
        TypeError: no numbers. ValueError: another shape, or numbers that are not finite.
    """
    try:
        weight = torch.as_tensor(value, dtype=torch.get_default_dtype()).detach().clone()
    except (TypeError, ValueError, RuntimeError):
        raise TypeError(f"{name} must be numbers {what} = {list(shape)}, got {type(value).__name__}.") from None
    if list(weight.shape) != list(shape):
        raise ValueError(f"{name} must be {what} = {list(shape)}, got {list(weight.shape)}.")
    if not weight.isfinite().all():
        raise ValueError(f"{name} must be finite numbers, got nan or inf.")
    return weight


def _normal(shape: tuple[int, ...], mean: float, std: float) -> torch.Tensor:
    return number("w_mean", mean) + number("w_std", std, at_least=0) * torch.randn(shape)


def _drawn(name: str, part: float, pre: Any, post: Any) -> torch.Tensor:
    if not 0 <= (part := float(number(name, part, at_least=0))) <= 1:
        raise ValueError(f"{name} is a probability, from 0 to 1; got {part:g}.")
    return (torch.rand(post.num, pre.num) < part).to(torch.get_default_dtype())


def _shape(group: Any) -> str:
    return f"{group.num} neurons" if group.shape is None else f"shape={list(group.shape)}"


def flat(shape: Iterable[int]) -> int:
    """Return how many neurons have this shape."""
    return math.prod(shape)
