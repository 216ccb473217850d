"""What a training step takes, in bytes, as a function of steps, samples, optimizer and way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from course_snn.arguments import whole
from course_snn.spelling import chosen

OPTIMIZERS = {"sgd": (0, 0), "momentum": (1, 0), "adam": (2, 2), "adamw": (2, 2)}  # copies kept; of one weight in use
WAYS = ("bptt", "recomputed", "truncated", "online")


class Memory(NamedTuple):
    """Bytes that a training step needs, by what they are for; ``total`` is their sum.

    Args:
        parameters: weights and buffers, float32 whatever the precision (autocast).
        gradients: one number for each parameter that learns.
        optimizer: what it remembers: nothing ("sgd"), one number a parameter ("momentum"), or two ("adam", "adamw").
        data: the batch itself.
        activations: what is kept for the backward pass.
        states: of the neurons, after the last step.
        working: what else is there at the fullest moment, such as gradients of activations on their way.
    """

    parameters: int
    gradients: int
    optimizer: int
    data: int
    activations: int
    states: int
    working: int

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self)

    def __str__(self) -> str:
        rows = [*self._asdict().items(), ("total", self.total)]
        return "\n".join(f"{name:<12}{value / 2**20:>10.2f} MiB" for name, value in rows)


class Line(NamedTuple):
    """Bytes fixed + batch (sample + T step).

    Args:
        fixed: whatever the batch.
        sample: for each sample, however many steps.
        step: for each sample and step.
    """

    fixed: int
    sample: int
    step: int

    def at(self, T: int, batch: int) -> int:
        """Return the bytes of ``batch`` samples over ``T`` steps."""
        return self.fixed + batch * (self.sample + T * self.step)

    @classmethod
    def through(cls, values: Sequence[int], runs: Sequence[tuple[int, int]]) -> Line:
        """Return the line through the values of three runs: the second has more samples, the third more steps."""
        (T, N), (_, more_N), (more_T, _) = runs
        step = (values[2] - values[0]) // (N * (more_T - T))
        sample = (values[1] - values[0]) // (more_N - N) - T * step
        return cls(values[0] - N * (sample + T * step), sample, step)


class Cost(NamedTuple):
    """What a network needs for one step of training, as lines in T and the batch; ``memory`` puts the numbers in.

    Args:
        parameters: bytes of weights and buffers. gradients: of what learns. largest: of the largest such weight.
        data: bytes of a batch. kept: for the backward pass. states: of the neurons.
        moments: the moments of forward and backward that may be the fullest, without parameters and data.
    """

    parameters: int
    gradients: int
    largest: int
    data: Line
    kept: Line
    states: Line
    moments: tuple[Line, ...]

    def memory(
        self, T: int, batch: int, optimizer: str = "adam", way: str = "bptt", block: int | None = None
    ) -> Memory:
        """Return the bytes for ``T`` steps of ``batch`` samples; see ``estimate``."""
        copies, in_use = chosen("optimizer", optimizer, OPTIMIZERS)
        steps = steps_kept(T, way, block)
        kept, states = self.kept.at(steps, batch), self.states.at(T, batch)
        peak = max(line.at(steps, batch) for line in self.moments) - self.gradients
        if way in ("truncated", "online"):
            peak += self.largest  # a gradient on its way to those of the blocks before
        working = max(peak, states + in_use * self.largest) - kept - states
        bounds = (-(-T // steps) - 1) * states if way == "recomputed" else 0  # from which all blocks but one begin
        data = self.data.at(T, batch)
        return Memory(
            self.parameters, self.gradients, copies * self.gradients, data, kept + bounds, states, max(0, working)
        )


def fullest(moments: Iterable[Line]) -> tuple[Line, ...]:
    """Return the lines that are not below another one in all three numbers."""
    ordered, best = sorted(set(moments), key=sum, reverse=True), []
    for line in ordered:
        if not any(all(a <= b for a, b in zip(line, other, strict=True)) for other in best):
            best.append(line)
    return tuple(best)


def steps_kept(T: int, way: str, block: int | None) -> int:
    """Return how many steps are kept at the same time."""
    chosen("way", way, dict.fromkeys(WAYS))
    if way in ("bptt", "online"):
        return T if way == "bptt" else 1
    if block is None:
        raise ValueError(f'way="{way}" needs block=…, the number of steps that are kept at the same time.')
    if whole("block", block, at_least=1) > T:
        raise ValueError(f"block must not be longer than T={T}, got {block}.")
    return block
