"""Learners: STCA and STBP choose the gradient of a spike, STDP changes weights in every step of a run."""

from __future__ import annotations

import math
from typing import Any

import torch

from course_snn import learning, surrogate
from course_snn.arguments import number
from course_snn.network.assembly import Assembly
from course_snn.network.attached import Attached
from course_snn.network.connection import Connection
from course_snn.network.names import innermost, unheard
from course_snn.network.optimizer import Optimizer
from course_snn.network.parts import NeuronGroup
from course_snn.spelling import chosen

FORGETS = {"full": 0.0, "nearest": 1.0, "full_online_stdp": 0.0, "nearest_online_stdp": 1.0}  # STDP: at a new spike

__all__ = ["STBP", "STCA", "STDP", "GradientLearner", "Learner"]


class Learner(Attached):
    """Base of what makes a network, or a part of it, learn.

    Args:
        trainable: the network, an assembly, a group (the connections that end there), a connection, or a list of these;
            in a ``with`` block it may be left out.
        name: what it is called where no variable gives a name.
    """

    def __init__(self, trainable: Any = None, name: str | None = None) -> None:
        if type(self) is Learner:
            raise TypeError("give the rule by its own name: STCA(0.5, net), STBP(0.5, net) or STDP('full', net).")
        trainable = innermost() if trainable is None else trainable
        parts = list(trainable) if isinstance(trainable, (list, tuple)) else [trainable]
        if not parts or not all(isinstance(part, (Assembly, Connection)) for part in parts):
            raise TypeError(
                f"{type(self).__name__} needs what shall learn: a network, groups or connections, "
                f"as in {type(self).__name__}(trainable=net)."
            )
        super().__init__(parts, name)

    def connections(self) -> list[Connection]:
        """Return the connections that learn."""
        found: dict[Connection, None] = {}
        for part in self.watches:
            if isinstance(part, Connection):
                found[part] = None
            elif isinstance(part, NeuronGroup):
                roots = part.roots()
                here = (c for c in part.joins if c.post is part and any(c.lies_in(root) for root in roots))
                found |= dict.fromkeys(here)
            else:
                found |= dict.fromkeys(c for c in part.paths() if isinstance(c, Connection))
        return list(found)


class GradientLearner(Learner):
    """Base of learners that follow a gradient through time.

    Args:
        alpha: width of the surrogate's window. trainable, name: as in ``Learner``.
    """

    def __init__(self, alpha: float = 0.5, trainable: Any = None, name: str | None = None) -> None:
        if isinstance(alpha, (Assembly, Connection)):
            raise TypeError(f"{type(self).__name__} takes alpha first: {type(self).__name__}(0.5, net).")
        self.watches = ()
        self.alpha = alpha
        self.optimizer: Optimizer | None = None
        super().__init__(trainable, name)

    @property
    def alpha(self) -> float:
        """Width of the surrogate's window."""
        return self._alpha

    @alpha.setter
    def alpha(self, alpha: float) -> None:
        self._alpha = float(number("alpha", alpha, above=0))
        for part in self.watches:
            part.touch()

    def surrogate(self) -> surrogate.Surrogate:
        """Return the derivative of a spike that it stands for."""
        raise NotImplementedError(f"{type(self).__name__} must define surrogate().")

    def groups(self) -> list[NeuronGroup]:
        """Return the groups that learn, their time constants and thresholds included where these are parameters."""
        assemblies = (part for part in self.watches if isinstance(part, Assembly))
        return list({g: None for part in assemblies for g in part.tree() if isinstance(g, NeuronGroup)})

    def prepare(self) -> None:
        """Give the groups that learn its surrogate."""
        for group in {*self.groups(), *(c.post for c in self.connections())}:
            group.neuron.surrogate = self.surrogate()

    def parameters(self) -> list[torch.nn.Parameter]:
        """Return what learns: weights, biases, and parameters of neurons."""
        return list({p: None for part in (*self.connections(), *self.groups()) for p in part.parameters()})

    def set_optimizer(self, name: str, lr: float | None = None, **options: Any) -> None:
        """Choose one of torch's optimisers by its name, for this learner alone.

        Args:
            name: such as "Adam". lr: learning rate. options: more of its parameters.
        """
        with unheard():
            self.optimizer = Optimizer(name, lr, **options)

    def set_schedule(self, name: str, maxstep: int | None = None, **options: Any) -> None:
        """Choose one of torch's learning rate schedules by its name, stepped once a batch.

        Args:
            name: such as "StepLR". maxstep: its length in steps. options: more of its parameters.
        """
        if self.optimizer is None:
            raise ValueError("set_schedule belongs to an optimiser: call set_optimizer first.")
        self.optimizer.set_schedule(name, maxstep, **options)

    def optim_zero_grad(self) -> None:
        """Forget the gradients."""
        self._own().zero_grad()

    def optim_step(self) -> None:
        """Take one step of the optimiser, and of its schedule; weights stop at their bounds."""
        self._own().step()
        for connection in self.connections():
            connection.confine()

    def _own(self) -> Optimizer:
        if self.optimizer is None:
            raise ValueError("this learner has no optimiser: call set_optimizer('Adam', lr=1e-3) first.")
        self.optimizer.take(self.parameters())
        return self.optimizer


class STCA(GradientLearner):
    """Gradient through time with ds/dv = 1 for |v - v_th| ≤ alpha, 0 elsewhere.

    Source: Gu, Xiao, Pan & Tang 2019, STCA: Spatio-Temporal Credit Assignment … (IJCAI).
    """

    def surrogate(self) -> surrogate.Surrogate:
        return surrogate.BilinearLeakyReLU(a=1.0, b=0.0, c=self.alpha)


class STBP(GradientLearner):
    """Gradient through time with ds/dv = exp(-(v - v_th)²/(2 alpha)) / √(2π alpha).

    Source: Wu, Deng, Li, Zhu & Shi 2018, Frontiers in Neuroscience 12 (h₄).
    """

    def surrogate(self) -> surrogate.Surrogate:
        return surrogate.Gaussian(self.alpha)


class STDP(Learner):
    """Weights change in every step of a run in training mode (``net.train()``), by pairs of spikes:

        full:     x ← d x + s;            nearest:  x ← d x (1 - s) + s,    d = e^(-dt/tau), for both sides
        Δw = Apost s_post x_pre - Apre x_post s_pre,   averaged over the batch, then w_min ≤ w ≤ w_max

    At the end of a run the weights of each neuron are scaled to the sum ``w_norm``, if that is given.

    Args:
        rule: "full" or "nearest". trainable, name: as in ``Learner``.
        Apost, Apre: step up at a spike after the synapse, step down at one before it.
        tau: of both traces, in ms. w_min, w_max: bounds. w_norm: Σ|w| of each neuron, or None.

    Source: Morrison, Diesmann & Gerstner 2008, Biological Cybernetics 98.
    """

    def __init__(
        self,
        rule: str = "full",
        trainable: Any = None,
        Apost: float = 0.01,
        Apre: float = 1e-4,
        tau: float = 20.0,
        w_min: float = 0.0,
        w_max: float = 1.0,
        w_norm: float | None = None,
        name: str | None = None,
    ) -> None:
        self.forgets, self.rule = chosen("STDP rule", rule, FORGETS), rule
        self.Apost, self.Apre = float(number("Apost", Apost)), float(number("Apre", Apre))
        self.tau = float(number("tau", tau, above=0))
        self.w_min, self.w_max = float(number("w_min", w_min)), float(number("w_max", w_max))
        if self.w_min > self.w_max:
            raise ValueError(f"w_min must not lie above w_max, got w_min={w_min} and w_max={w_max}.")
        self.w_norm = None if w_norm is None else float(number("w_norm", w_norm, above=0))
        self.dt = 1.0
        self._traces: dict[Connection, tuple[Any, Any]] = {}
        super().__init__(trainable, name)

    def begin(self, connection: Connection, left: dict[Any, Any]) -> None:
        """Start from the traces that an earlier run left, or from none.

        Args:
            connection: that learns. left: what the earlier run left.
        """
        self._traces[connection] = left.get(connection, (0.0, 0.0))

    def traces(self, connection: Connection) -> tuple[Any, Any]:
        """Return the traces (before, after) as they are now.

        Args:
            connection: that learns.
        """
        return self._traces.get(connection, (0.0, 0.0))

    @torch.no_grad()
    def change(self, connection: Connection, weight: torch.Tensor, pre: torch.Tensor, post: torch.Tensor):
        """Return the weights after one step of spikes.

        Args:
            connection: that learns. weight: as they are. pre: spikes [N, pre]. post: spikes [N, post].
        """
        d = math.exp(-self.dt / self.tau)
        x, y = (d * trace * (1 - self.forgets * s) + s
                for trace, s in zip(self._traces[connection], (pre, post), strict=True))  # fmt: skip
        self._traces[connection] = x, y
        up, down = learning.pairing(connection, x, post), learning.pairing(connection, pre, y)
        changed = (weight + self.Apost * up - self.Apre * down).clamp(self.w_min, self.w_max)
        return changed if connection.mask is None else changed * connection.mask

    @torch.no_grad()
    def end(self, connection: Connection, weight: torch.Tensor) -> None:
        """Keep the weights of the end of a run.

        Args:
            connection: that learns. weight: after the last step.
        """
        if self.w_norm is not None:
            total = weight.abs().flatten(1).sum(1).clamp_min(1e-12)
            weight = weight * (self.w_norm / total).view(-1, *[1] * (weight.dim() - 1))
        connection.weight.data.copy_(weight)  # .data: a graph that holds the old ones may still want its backward pass
