"""One of torch's optimisers and learning rate schedules by its name."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

import torch
from torch.optim import lr_scheduler

from course_snn.arguments import number
from course_snn.network.attached import Attached
from course_snn.spelling import accepted, chosen

LENGTH = {
    "StepLR": "step_size", "CosineAnnealingLR": "T_max", "OneCycleLR": "total_steps", "LinearLR": "total_iters",
    "ConstantLR": "total_iters", "PolynomialLR": "total_iters", "CosineAnnealingWarmRestarts": "T_0",
}  # fmt: skip


def _names(module: Any, base: type) -> dict[str, type]:
    return {n: c for n, c in vars(module).items() if inspect.isclass(c) and issubclass(c, base) and c is not base}


class Optimizer(Attached):
    """One of torch's optimisers by its name, for what the learners of a network train.

    Args:
        optimizer: its name, such as "Adam". lr: learning rate; None: torch's own.
        schedule: name of one of torch's schedules, stepped once a batch. maxstep: its length in steps.
        name: what it is called where no variable gives a name.
        options: more parameters of the optimiser.

    Raises:
        ValueError: an unknown name. TypeError: a parameter that it does not have.
    """

    def __init__(
        self,
        optimizer: str,
        lr: float | None = None,
        schedule: str | None = None,
        maxstep: int | None = None,
        name: str | None = None,
        **options: Any,
    ) -> None:
        kind = chosen("optimiser", optimizer, _names(torch.optim, torch.optim.Optimizer))
        given = options if lr is None else {"lr": float(number("lr", lr, above=0)), **options}
        self.optimizer, self.options = optimizer, accepted(optimizer, kind, given, ("params",), Optimizer)
        self.schedule: str | None = None
        self.maxstep, self.schedule_options = maxstep, {}
        self._kind, self._live, self._swing, self._saved = kind, None, None, {}
        if schedule is not None:
            self.set_schedule(schedule, maxstep)
        super().__init__((), name)

    def set_schedule(self, name: str, maxstep: int | None = None, **options: Any) -> None:
        """Choose a schedule of the learning rate.

        Args:
            name: such as "StepLR". maxstep: its length in steps. options: more of its parameters.
        """
        kind = chosen("schedule", name, _names(lr_scheduler, lr_scheduler.LRScheduler))
        if maxstep is not None and name in LENGTH:
            options = {LENGTH[name]: maxstep, **options}
        if name == "OneCycleLR":
            options = {"max_lr": self.options.get("lr", 1e-3), **options}
        needed = () if maxstep is not None or name not in LENGTH else (LENGTH[name],)
        accepted(name, kind, options, ("optimizer", *needed))
        self.schedule, self.maxstep, self.schedule_options = name, maxstep, options
        self._swing = None
        self._saved.pop("schedule", None)

    def make(self, parameters: Iterable[torch.nn.Parameter]) -> torch.optim.Optimizer:
        """Return torch's optimiser.

        Args:
            parameters: what it shall train.
        """
        fused = {} if "fused" in self.options or self.optimizer not in ("Adam", "AdamW", "SGD") else {"fused": True}
        return self._kind(list(parameters), **self.options, **fused)

    def swing(self, optimizer: torch.optim.Optimizer, batches: int | None = None) -> Any:
        """Return torch's schedule for an optimiser, at its beginning, or None without one.

        Args:
            optimizer: torch's. batches: number of steps, where ``maxstep`` was not given.
        """
        if self.schedule is None:
            return None
        for group in optimizer.param_groups:  # an earlier schedule may have left another rate
            group["lr"] = group.pop("initial_lr", group["lr"])
        options = dict(self.schedule_options)
        if self.schedule in LENGTH and batches is not None:
            options.setdefault(LENGTH[self.schedule], batches)
        if self.schedule in LENGTH and LENGTH[self.schedule] not in options:
            raise ValueError(f"{self.schedule} needs its length: give maxstep=… steps.")
        kind = chosen("schedule", self.schedule, _names(lr_scheduler, lr_scheduler.LRScheduler))
        return kind(optimizer, **accepted(self.schedule, kind, options, ("optimizer",)))

    def take(self, parameters: list[torch.nn.Parameter]) -> torch.optim.Optimizer:
        """Return torch's optimiser for these; what it remembers of them stays as long as they are the same.

        Args:
            parameters: what to train.
        """
        held = [] if self._live is None else [p for group in self._live.param_groups for p in group["params"]]
        if list(map(id, held)) != list(map(id, parameters)):
            self._live, self._swing = self.make(parameters), None
            if self._saved.pop("shapes", None) == _shapes(self._live):  # else they are of other weights
                self._live.load_state_dict(self._saved.pop("optimizer"))
            else:
                self._saved = {}
        return self._ready()

    def memory(self) -> dict[str, Any]:
        """Return what torch's optimiser and its schedule remember, for a file; empty: nothing yet."""
        if self._live is None:
            return self._saved
        found = {"optimizer": self._live.state_dict(), "shapes": _shapes(self._live)}
        return found if self._swing is None else {**found, "schedule": self._swing.state_dict()}

    def remember(self, memory: dict[str, Any]) -> None:
        """Begin with what ``memory`` returned.

        Args:
            memory: of an optimiser of the same name for the same weights.
        """
        self._live, self._swing, self._saved = None, None, dict(memory)

    def __getstate__(self) -> dict[str, Any]:  # of copies and pickles: torch's own hold on to what is not copied
        return super().__getstate__() | {"_live": None, "_swing": None, "_saved": self.memory()}

    def zero_grad(self) -> None:
        """Forget the gradients."""
        self._ready().zero_grad(set_to_none=True)

    def step(self) -> None:
        """Take one step, and one of the schedule."""
        live = self._ready()
        if self.schedule == "ReduceLROnPlateau":
            raise ValueError("ReduceLROnPlateau waits for losses of validation: use it with fit(validation=…).")
        if self.schedule is not None and self._swing is None:
            self._swing = self._goes_on(live) if "schedule" in self._saved else self.swing(live)
        live.step()
        if self._swing is not None:
            self._swing.step()

    def _goes_on(self, live: torch.optim.Optimizer) -> Any:
        before = [{key: value for key, value in group.items() if key != "params"} for group in live.param_groups]
        swing = self.swing(live)  # which puts the rates back to the beginning
        swing.load_state_dict(self._saved.pop("schedule"))
        for group, held in zip(live.param_groups, before, strict=True):
            group.update(held)
        return swing

    def _ready(self) -> torch.optim.Optimizer:
        if self._live is None:
            raise ValueError("this optimiser has nothing to train yet: it belongs to a network that was built.")
        return self._live


def _shapes(optimizer: torch.optim.Optimizer) -> list[list[int]]:
    return [list(p.shape) for group in optimizer.param_groups for p in group["params"]]


def Adam(lr: float = 1e-3, schedule: str | None = None, maxstep: int | None = None, **options: Any) -> Optimizer:
    """Return ``Optimizer("Adam", …)``.

    Args:
        lr, schedule, maxstep, options: as in ``Optimizer``.
    """
    return Optimizer("Adam", lr, schedule, maxstep, **options)


def AdamW(lr: float = 1e-3, schedule: str | None = None, maxstep: int | None = None, **options: Any) -> Optimizer:
    """Return ``Optimizer("AdamW", …)``.

    Args:
        lr, schedule, maxstep, options: as in ``Optimizer``.
    """
    return Optimizer("AdamW", lr, schedule, maxstep, **options)


def SGD(lr: float = 1e-3, schedule: str | None = None, maxstep: int | None = None, **options: Any) -> Optimizer:
    """Return ``Optimizer("SGD", …)``.

    Args:
        lr, schedule, maxstep, options: as in ``Optimizer``.
    """
    return Optimizer("SGD", lr, schedule, maxstep, **options)


def Rprop(lr: float = 1e-2, schedule: str | None = None, maxstep: int | None = None, **options: Any) -> Optimizer:
    """Return ``Optimizer("Rprop", …)``.

    Args:
        lr, schedule, maxstep, options: as in ``Optimizer``.
    """
    return Optimizer("Rprop", lr, schedule, maxstep, **options)
