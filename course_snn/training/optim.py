"""Optimizers: Adam that rewires a sparse network while it learns (Deep R)."""

from __future__ import annotations

import math

import torch

from course_snn.arguments import number, whole


class AdamRewiring(torch.optim.Adam):
    """Adam with Deep R: connections that shrink to nothing die, and as many others come to life.

        w = s·θ with a fixed sign s = ±1 and a strength θ ≥ 0;  s = 0: the connection is dormant, w = 0
        θ ← θ - s·(Adam's step) - lr·l1 + √(2 lr T)·ξ,    ξ ~ N(0, 1)
        θ < 0: the connection goes dormant, and a dormant one, drawn at random, starts at θ = 0 with a random sign

    So the number of live connections of each tensor stays, while those that serve the task remain. Tensors with
    fewer than two dimensions (biases, the parameters of a batch normalisation or of a neuron) are no connections
    and follow plain Adam. Adam's running means go on for dormant connections too.

    ``reactivate=False`` is the rule of SpikingFlow (2020), for every parameter: nothing comes back, a parameter that
    reaches 0 stays there, and the other two terms are  - lr/(1 - β₁ᵗ)·(l1·s + T·ξ)  on w itself (noise without its
    root).

    Args:
        params: parameters, or groups of them; each group may have its own lr, l1, T and density.
        lr: learning rate, also a schedule's.
        betas: decay of Adam's running means.
        eps: keeps Adam's denominator from 0.
        l1: strength of the pull towards 0.
        T: temperature: how strong the noise is by which connections search.
        density: part of the connections that live, in (0, 1]; at construction others, chosen at random, are set to 0.
            Where fewer are not 0, the rest begin at θ = 0. None: those live that are not 0 at the first step.
        reactivate: whether dormant connections come back.
        seed: of the choice, the noise and the signs.

    Raises:
        TypeError, ValueError: parameters out of range, or without a density a tensor of zeros.

    Source: Bellec, Kappel, Maass & Legenstein 2018, Deep Rewiring, ICLR; Adam: Kingma & Ba 2015, ICLR.
    """

    def __init__(
        self,
        params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        l1: float = 1e-5,
        T: float = 1e-5,
        density: float | None = None,
        reactivate: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__(params, lr, betas, eps)
        number("l1", l1, at_least=0)
        number("T", T, at_least=0)
        self.reactivate = reactivate
        self._random = torch.Generator().manual_seed(whole("seed", seed, at_least=0))
        ours = {"l1": l1, "T": T, "density": density}
        self.defaults |= ours
        for group in self.param_groups:
            for name, value in ours.items():
                group.setdefault(name, value)
            if group["density"] is not None:
                self._thin_out(group)

    @torch.no_grad()
    def step(self, closure=None):
        """Take one step of Adam, then rewire; ``closure`` as in every torch optimizer."""
        first = {p: self._signs(group, p) for group, p in self._connections() if "sign" not in self.state[p]}
        loss = super().step(closure)
        for group, p in self._connections():
            if p.grad is None:
                continue
            sign = self.state[p].setdefault("sign", first.get(p))
            (self._rewire if self.reactivate else self._prune)(group, p, sign)
        return loss

    @property
    def live(self) -> list[int]:
        """How many connections live, for each tensor of connections."""
        return [
            int(self.state[p]["sign"].count_nonzero()) if "sign" in self.state[p] else self._number(group, p)
            for group, p in self._connections()
        ]

    def state_dict(self) -> dict:
        """Return the state as every torch optimizer does, with that of the random numbers."""
        return super().state_dict() | {"random": self._random.get_state()}

    def load_state_dict(self, state_dict: dict) -> None:
        """Go on from a state that ``state_dict`` gave."""
        super().load_state_dict(state_dict)
        self._random.set_state(state_dict["random"].cpu())

    def __getstate__(self) -> dict:  # copies and pickles: torch takes three attributes of its own
        return super().__getstate__() | {"reactivate": self.reactivate, "random": self._random.get_state()}

    def __setstate__(self, state: dict) -> None:
        ours = {name: state[name] for name in ("reactivate", "random") if name in state}
        super().__setstate__({name: value for name, value in state.items() if name not in ours})
        if ours:  # load_state_dict comes here without
            self.reactivate = ours["reactivate"]
            self._random = torch.Generator()
            self._random.set_state(ours["random"].cpu())

    def _connections(self):
        for group in self.param_groups:
            yield from ((group, p) for p in group["params"] if p.dim() > 1 or not self.reactivate)

    def _number(self, group: dict, p: torch.Tensor) -> int:
        return int(p.count_nonzero()) if group["density"] is None else max(1, round(group["density"] * p.numel()))

    def _signs(self, group: dict, p: torch.Tensor) -> torch.Tensor:
        sign = p.sign()
        if self.reactivate:
            if not self._number(group, p):
                raise ValueError(f"all weights of {list(p.shape)} are 0, so none would live: give a density.")
            self._awaken(sign, self._number(group, p) - int(sign.count_nonzero()))
        return sign

    def _awaken(self, sign: torch.Tensor, count: int) -> None:
        if count > 0:
            dormant = (sign == 0).flatten().nonzero().flatten()
            chosen = dormant[torch.randperm(len(dormant), generator=self._random)[:count].to(sign.device)]
            sign.view(-1)[chosen] = torch.randint(0, 2, (count,), generator=self._random).to(sign) * 2 - 1

    def _rewire(self, group: dict, p: torch.Tensor, sign: torch.Tensor) -> None:
        lr = float(group["lr"])
        strength = sign * p - lr * group["l1"]
        if group["T"]:
            strength += math.sqrt(2 * lr * group["T"]) * self._noise(p)
        alive = sign != 0
        dies = alive & (strength < 0)
        p.copy_(torch.where(alive & ~dies, sign * strength, 0.0))
        if count := int(dies.sum()):
            sign[dies] = 0
            self._awaken(sign, count)

    def _prune(self, group: dict, p: torch.Tensor, sign: torch.Tensor) -> None:
        rate = float(group["lr"]) / (1 - group["betas"][0] ** float(self.state[p]["step"]))
        p -= rate * group["l1"] * sign
        if group["T"]:
            p += rate * group["T"] * self._noise(p)
        sign[sign * p <= 0] = 0
        p *= sign != 0

    def _noise(self, p: torch.Tensor) -> torch.Tensor:
        return torch.randn(p.shape, generator=self._random, dtype=p.dtype).to(p.device)

    @torch.no_grad()
    def _thin_out(self, group: dict) -> None:
        density = number("density", group["density"], above=0)
        if density > 1:
            raise ValueError(f"density is the part of the connections that live, at most 1, got {density}.")
        for p in group["params"]:
            if p.dim() < 2 and self.reactivate:
                continue
            rank = torch.rand(p.numel(), generator=self._random).to(p.device).masked_fill(p.flatten() == 0, -1)
            p.view(-1)[rank.argsort(descending=True)[self._number(group, p) :]] = 0
