"""Connection: synapses from one group to another; Projection: from all groups of one assembly to those of another."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from course_snn import learning
from course_snn.arguments import number, whole
from course_snn.network.assembly import Assembly
from course_snn.network.links import LINKS, Wiring, as_weight, enter, wired
from course_snn.network.names import Joint, free, unheard
from course_snn.network.parts import SPAIC_SAYS, Node, given_to
from course_snn.network.tree import twin_of
from course_snn.spelling import accepted, chosen, meant, parameters

__all__ = ["POLICIES", "Connection", "Projection", "excluded", "included", "policy"]


class Connection(Joint):
    """Synapses from the neurons of one group to those of another:

        I_post[t] = W O_pre[t - delay] + bias

    A spike takes ``delay`` steps, at least one where connections close a loop. W is multiplied by its mask in every
    run, so that what is not connected never is.

    Args:
        pre: the group or encoder before the synapses. post: the group after them, which may be the same.
        link_type: "full", "one_to_one", "sparse", "random", "conv", or your own (see ``link_type``).
        delay: in steps, a whole number ≥ 0.
        weight: numbers [post, pre] to begin with (conv: [out, in, k, k]); by default what the link type draws.
        bias: None, True (zeros to begin with), or one number for each neuron; it enters every step, and learns.
        w_min, w_max: where weights stop.
        name: what it is called where no variable gives a name.
        param: parameters of the link type, by name; or give them as keywords: ``density=0.2``.

    Shapes:
        spikes [B, pre] -> currents [B, post].

    Raises:
        TypeError: parameters that the link type does not have.
        ValueError: ends that are no groups, numbers of a wrong shape, an unknown link type.

    Source: Hong et al. 2024, SPAIC: A Spike-Based Artificial Intelligence Computing Framework.
    """

    mask: torch.Tensor | None

    def __init__(
        self,
        pre: Any,
        post: Any,
        link_type: str = "full",
        delay: int = 1,
        weight: Any = None,
        bias: Any = None,
        w_min: float | None = None,
        w_max: float | None = None,
        name: str | None = None,
        param: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        _check_ends(pre, post)
        link = chosen("link_type", link_type, LINKS)
        ends = list(parameters(link))[:2]
        given = accepted(
            f"Connection(link_type={link_type!r})", link, given_to("Connection", param, more), ends, Connection
        )
        wiring = wired(link(pre, post, **given), link_type)
        _check_bounds(w_min, w_max)
        super().__init__(pre, post, name)
        self.delay = delay
        vars(self).update(link_type=link_type, param=given)
        vars(self).update(apply=wiring.apply, w_min=w_min, w_max=w_max)
        begin = self._begin(wiring, weight)
        self.register_buffer("mask", None if wiring.mask is None else wiring.mask.to(begin))
        self.weight = nn.Parameter(begin if self.mask is None else begin * self.mask)
        self.bias = self._bias(bias, wiring)
        self.confine()

    @property
    def delay(self) -> int:
        """After how many steps a spike arrives."""
        return self._delay

    @delay.setter
    def delay(self, delay: int) -> None:
        vars(self)["_delay"] = whole("delay", delay, at_least=0)
        self.touch()

    def _begin(self, wiring: Wiring, weight: Any) -> torch.Tensor:
        if wiring.apply is None and tuple(wiring.weight.shape) != (self.post.num, self.pre.num):
            raise ValueError(
                f"link_type {self.link_type!r} must give weights [post, pre] = {[self.post.num, self.pre.num]}, got "
                f"{list(wiring.weight.shape)}."
            )
        what = "[post, pre]" if wiring.apply is None else "[out, in, k, k]"
        return as_weight("weight", wiring.weight if weight is None else weight, wiring.weight.shape, what)

    def _bias(self, bias: Any, wiring: Wiring) -> nn.Parameter | None:
        if bias is None or bias is False:
            return None
        n = self.post.num if wiring.outputs is None else wiring.outputs
        return nn.Parameter(torch.zeros(n) if bias is True else as_weight("bias", bias, [n], "[post]"))

    def check_fits(self, pre: Any, post: Any) -> None:
        """Raise ValueError if its weights do not fit these ends.

        Args:
            pre: where it would begin. post: where it would end.
        """
        _check_ends(pre, post)
        same = [(a.num, a.shape) == (b.num, b.shape) for a, b in zip((pre, post), self.ends, strict=True)]
        fits = all(same) if self.apply is not None else (post.num, pre.num) == tuple(self.weight.shape)
        if not fits:
            raise ValueError(
                f"{self.address()!r} has weights {list(self.weight.shape)}, but would join {pre.num} to {post.num} "
                "neurons."
            )

    @torch.no_grad()
    def confine(self) -> None:
        """Put weights that an optimiser moved out of w_min … w_max back to the bound."""
        if self.w_min is None and self.w_max is None:
            return
        within = self.weight.clamp(self.w_min, self.w_max)
        within = within if self.mask is None else within * self.mask
        if not torch.equal(within, self.weight):
            self.weight.copy_(within)

    def effective(self) -> torch.Tensor:
        """Return the weights of the synapses that there are: weight · mask."""
        return self.weight if self.mask is None else self.weight * self.mask

    def forward(self, spikes: torch.Tensor, weight: torch.Tensor | None = None) -> torch.Tensor:
        weight = self.effective() if weight is None else weight
        return (F.linear if self.apply is None else self.apply)(spikes, weight, self.bias)

    def extra_repr(self) -> str:
        ends = " -> ".join(end.address() for end in self.ends)
        return f"{ends}, {self.link_type}, delay={self.delay}, weight={list(self.weight.shape)}"

    def __deepcopy__(self, memo: dict) -> Connection:
        new = type(self).__new__(type(self))
        memo[id(self)] = new
        nn.Module.__init__(new)
        for key, value in vars(self).items():
            if key not in ("ends", "homes"):
                vars(new)[key] = copy.deepcopy(value, memo)
        vars(new).update(homes={}, ends=tuple(twin_of(end, memo) for end in self.ends))
        return new


@learning.pairing.register(Connection)
def _(connection: Connection, pre: torch.Tensor, post: torch.Tensor) -> torch.Tensor:
    if connection.apply is not None:
        with torch.enable_grad():  # Σ post · ∂(currents)/∂w is what pairs them, whatever shares a weight
            weight = connection.weight.detach().requires_grad_()
            currents = connection.apply(pre, weight, None)
            return torch.autograd.grad(currents, weight, post / max(len(pre), 1))[0]
    paired = post.t() @ pre / max(len(pre), 1)
    return paired if connection.mask is None else paired * connection.mask


# ---------------------------------------------------------------- projections


def every(pre: Any, post: Any) -> bool:
    """Connect every pair of groups."""
    return True


def not_itself(pre: Any, post: Any) -> bool:
    """Connect a group with the others, not with itself."""
    return pre is not post


POLICIES: dict[str, Callable] = {"every": every, "not_itself": not_itself}


def policy(name: str) -> Callable:
    """Register a policy of your own: ``@policy("same_size")`` above a function (pre, post) -> bool.

    Args:
        name: what it is called.
    """
    return enter("policy", POLICIES, name)


def included(pre_types: Iterable[str] | str | None = None, post_types: Iterable[str] | str | None = None) -> Callable:
    """Return a policy: connect groups of these ``neuron_type`` only; None: of any.

    Args:
        pre_types: of the group before. post_types: of the group after.
    """
    before, after = _types(pre_types), _types(post_types)
    return lambda pre, post: _has_one(pre, before) and _has_one(post, after)


def excluded(pre_types: Iterable[str] | str | None = None, post_types: Iterable[str] | str | None = None) -> Callable:
    """Return a policy: connect all but pairs whose groups are of these ``neuron_type``; None: of any.

    Args:
        pre_types: of the group before. post_types: of the group after.
    """
    out = included(pre_types, post_types)
    return lambda pre, post: not out(pre, post)


class Projection(Assembly):
    """A connection for each pair of groups of two assemblies that all policies allow.

    The connections lie in it, called "<pre>_<post>".

    Args:
        pre: a group, or an assembly whose groups shall send. post: the same for those that shall receive.
        policies: one, or several: functions (pre, post) -> bool, or names of registered ones; without, all pairs.
        link_type, delay: as in ``Connection``. name: what it is called where no variable gives a name.
        param: parameters of the link type, and ``weight``, ``bias``, ``w_min``, ``w_max`` of ``Connection``; or give
            them as keywords.

    Raises:
        ValueError: no pair is left, or a policy of unknown name.
    """

    projects = True

    def __init__(
        self,
        pre: Assembly,
        post: Assembly,
        policies: Any = (),
        link_type: str = "full",
        delay: int = 1,
        name: str | None = None,
        param: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        rules = [policies] if isinstance(policies, str) or callable(policies) else list(policies)
        rules = [chosen("policy", rule, POLICIES) if isinstance(rule, str) else rule for rule in rules]
        if not all(callable(rule) for rule in rules):
            raise TypeError(f"policies are functions (pre, post) -> bool, got {policies!r}.")
        pairs = [(a, b) for a in _groups(pre) for b in _groups(post, receives=True) if all(r(a, b) for r in rules)]
        if not pairs:
            raise ValueError(f"Projection: no pair of groups of {pre.address()} and {post.address()} is left to join.")
        takes = [
            n for make in (Projection, Connection, chosen("link_type", link_type, LINKS)) for n in parameters(make)
        ]
        for word in {**(param or {}), **more}:
            if str(word).lower() not in (name.lower() for name in (*takes, *SPAIC_SAYS)):
                raise TypeError(f"Projection has no parameter {word!r}.{meant(word, takes)}")
        with unheard():
            made = [Connection(a, b, link_type, delay, **{**(param or {}), **more}) for a, b in pairs]
        super().__init__(name)
        for connection, (a, b) in zip(made, pairs, strict=True):
            self._attach(free_name(self, a, b), connection)


def free_name(assembly: Assembly, pre: Any, post: Any) -> str:
    """Return a free name for a connection between two parts: "<pre>_<post>".

    Args:
        assembly: where it shall go. pre, post: its ends.
    """
    return free(assembly, "_".join(end.address().rpartition(".")[2].lower() for end in (pre, post)))


def _groups(assembly: Any, receives: bool = False) -> list[Any]:
    if not isinstance(assembly, Assembly):
        raise ValueError(f"Projection joins groups and assemblies, got {type(assembly).__name__}.")
    return [part for part in assembly.tree() if isinstance(part, Node) and (part.receives if receives else part.sends)]


def _types(types: Iterable[str] | str | None) -> set[str] | None:
    return None if types is None else {types} if isinstance(types, str) else set(types)


def _has_one(group: Any, types: set[str] | None) -> bool:
    return types is None or not types.isdisjoint(getattr(group, "neuron_type", ()))


def _check_ends(pre: Any, post: Any) -> None:
    for end, role, able in ((pre, "begin", "sends"), (post, "end", "receives")):
        if isinstance(end, Assembly) and not isinstance(end, Node):
            raise ValueError(f"{end.address()} is an assembly: connect groups, or use Projection.")
        if not isinstance(end, Node) or not getattr(end, able):
            raise ValueError(f"a connection cannot {role} at {type(end).__name__}: connect groups of neurons.")


def _check_bounds(w_min: float | None, w_max: float | None) -> None:
    low, high = (None if v is None else number(n, v) for n, v in (("w_min", w_min), ("w_max", w_max)))
    if low is not None and high is not None and low > high:
        raise ValueError(f"w_min must not lie above w_max, got w_min={w_min} and w_max={w_max}.")
