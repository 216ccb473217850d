"""Clock-driven simulation: nodes whose spike leaves one step after the crossing, and their pipeline."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn

from course_snn import neuron
from course_snn.arguments import as_shape, keep, number
from course_snn.state import Attribute, Stateful


class ClockDriven(Stateful):
    """Drive a neuron's own equations the clock-driven way, so that a plot of v shows every crossing.

    One call does: reset the neurons that crossed in the previous call and hand out their spikes; charge with
    r·i; note who reaches the threshold now; clamp v to [v_reset, v_threshold]. The spike train is that of
    ``neuron(r * i)``, one step later, as long as no input pushes v below v_reset, where v is clamped. The voltages of
    ``CLIFNode`` and ``IzhikevichNode``, which fall lower by themselves, are clamped at the threshold only.

    Args:
        model: a ``neuron.Neuron`` with a hard reset, or a ``CLIFNode``: the membrane equations.
        shape: shape of the neurons, for example [1] or [batch, n].
        r: membrane resistance, a float or a tensor of ``shape``; voltage = r · current.

    Shapes:
        ``node(i)`` takes a current, a float or a tensor that broadcasts to ``shape``, and returns bool spikes
        of ``shape``; ``node.v`` is readable after every step.

    Raises:
        TypeError: a model that is not a ``neuron.Neuron``.
        ValueError: a soft reset, a tensor parameter or input that does not fit ``shape``.

    Source: the conventions of SpikingFlow (2020), SpikingJelly's first release.
    """

    r: float | torch.Tensor
    v: torch.Tensor
    pending: torch.Tensor

    def __init__(self, model: neuron.Neuron, shape: int | Sequence[int], r: float | torch.Tensor) -> None:
        super().__init__()
        if not isinstance(model, neuron.Neuron):
            raise TypeError(f"model must be a neuron.Neuron, for example neuron.LIFNode(), got {model!r}.")
        if model.v_floor is None:
            raise ValueError("the clock-driven drive clamps v to [v_reset, v_threshold]: give v_reset a number.")
        self.shape = as_shape(shape)
        self.model = model
        keep(self, "r", number("r", r))
        for name, value in [("r", self.r), ("v_threshold", self.v_threshold), ("v_reset", self.v_reset)]:
            if torch.is_tensor(value) and value.shape != self.shape:
                raise ValueError(f"{name} has shape {tuple(value.shape)}, but the neurons have {tuple(self.shape)}.")
        self.declare("v", Attribute("v_start"))
        self.declare("pending", torch.zeros(self.shape, dtype=torch.bool))

    @property
    def v_threshold(self) -> float | torch.Tensor:
        return self.model.v_threshold

    @property
    def v_reset(self) -> float | torch.Tensor | None:
        return self.model.v_reset

    @property
    def v_start(self) -> torch.Tensor:
        """The voltages before the first step: v_reset for every neuron, or where its model starts."""
        return (torch.zeros_like(self.v) if "v" in vars(self) else torch.zeros(self.shape)) + self.model.start_of("v")

    @torch.no_grad()
    def forward(self, i: float | torch.Tensor) -> torch.Tensor:
        spike = self.pending
        v = self.model.after_spike(self.v, spike.to(self.v.dtype))
        v = self.model.charge(v, self.r * self._current(i))
        if v.shape != self.shape:
            raise ValueError(
                f"charge of {type(self.model).__name__} gave shape {tuple(v.shape)}, but the neurons have "
                f"{tuple(self.shape)}: tensors such as tau must have the shape of the neurons."
            )
        self.pending = self.model.fire(v).bool()
        top, bottom = (torch.as_tensor(u, dtype=v.dtype).to(v.device) for u in (self.v_threshold, self.model.v_floor))
        self.v = torch.minimum(v, top).maximum(bottom)
        return spike

    def _current(self, i: float | torch.Tensor) -> torch.Tensor:
        if not torch.is_tensor(i):
            i = number("the current", i)
        i = torch.as_tensor(i, dtype=self.v.dtype, device=self.v.device)
        try:
            return i.expand(self.shape)
        except RuntimeError:
            raise ValueError(
                f"this node has shape {tuple(self.shape)} and cannot take a current of shape "
                f"{tuple(i.shape)}: give a number, or a tensor that broadcasts to the node's shape (for a "
                "batch, make the node [batch, n])."
            ) from None


class IFNode(ClockDriven):
    """Clock-driven integrate and fire: v ← v + r·i.

    Args:
        shape: shape of the neurons.
        r: membrane resistance (float or tensor of ``shape``).
        v_threshold: threshold voltage (float or tensor of ``shape``).
        v_reset: reset voltage and lower bound of v (float or tensor of ``shape``).
    """

    def __init__(self, shape, r, v_threshold, v_reset=0.0) -> None:
        super().__init__(neuron.IFNode(v_threshold, v_reset), shape, r)


class LIFNode(ClockDriven):
    """Clock-driven leaky integrate and fire: v ← v + (r·i - (v - v_reset)) / τ.

    Args:
        shape: shape of the neurons.
        r: membrane resistance (float or tensor of ``shape``).
        v_threshold: threshold voltage (float or tensor of ``shape``).
        v_reset: reset voltage, resting voltage and lower bound of v (float or tensor of ``shape``).
        tau: membrane time constant τ ≥ 1 in steps.
    """

    def __init__(self, shape, r, v_threshold, v_reset=0.0, tau=1.0) -> None:
        super().__init__(neuron.LIFNode(tau, v_threshold, v_reset), shape, r)


class Simulator(Stateful):
    """Run modules in a chain, one time step per call, the way signals travel along axons.

    With modules M₀ … Mₙ₋₁ the slots ``pipeline[0…n]`` hold the input and the n outputs. In each step every
    module reads what its left neighbour held *before* the step, so a signal advances by one module a step and
    the first output appears in step n. With ``fast=True`` the first step runs the whole chain once on the
    first input, so that there is an output from the start.

    Args:
        fast: fill the pipeline in the first step.

    Raises:
        RuntimeError: ``step`` without any module.

    Source: SpikingFlow (2020), ``simulating.Simulator``.
    """

    pipeline: list[Any]
    simulated_steps: int

    def __init__(self, fast: bool = True) -> None:
        super().__init__()
        self.fast = fast
        self.module_list = nn.ModuleList()
        self.declare("pipeline", [None])
        self.declare("simulated_steps", 0)

    def append(self, new_module: nn.Module) -> None:
        """Add ``new_module`` at the end of the chain; its output slot is empty until a signal reaches it."""
        if not isinstance(new_module, nn.Module):
            raise TypeError(f"append takes a torch.nn.Module, got {type(new_module).__name__}.")
        self.module_list.append(new_module)
        self.pipeline.append(None)
        self._initial["pipeline"].append(None)

    def step(self, input_data):
        """Feed ``input_data`` for one step and return the chain's output, None while nothing has arrived."""
        return self(input_data)

    @torch.no_grad()
    def forward(self, input_data):
        n = len(self.module_list)
        if n == 0:
            raise RuntimeError("the simulator is empty: append(module) at least one module before step().")
        self.pipeline[0] = input_data
        filling = self.fast and self.simulated_steps == 0
        for i in range(n) if filling else reversed(range(n)):
            signal = self.pipeline[i]
            self.pipeline[i + 1] = None if signal is None else self.module_list[i](signal)
        self.simulated_steps += 1
        return self.pipeline[n]
