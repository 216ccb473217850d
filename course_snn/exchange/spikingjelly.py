"""To SpikingJelly and back: the same spikes and the same gradients, or an error that names what has no counterpart."""

from __future__ import annotations

from typing import Any

from torch import nn

from course_snn.exchange import layers, neurons, surrogates
from course_snn.exchange.walk import Refused, Rule, Walk, has_own_forward, in_place
from course_snn.state import Stateful

KNOWN = f"neurons {neurons.KNOWN}; surrogates {surrogates.KNOWN}; {layers.KNOWN}"
BOTH_MODES = (  # whose own forward is right for [N, …] and for [T, N, …]
    "course_snn.model.",
    "spikingjelly.activation_based.model.spiking_resnet",
    "spikingjelly.activation_based.model.sew_resnet",
)
MODES = ("s", "m")


def to_spikingjelly(net: nn.Module, step_mode: str = "m") -> nn.Module:
    """Return the same network built of SpikingJelly's modules, with copies of the weights, in its reset state.

    In multi-step mode ``sj(x_seq)`` gives the spikes and gradients of ``functional.unroll(net, x_seq)``, in single-step
    mode ``sj(x)`` those of ``net(x)``, up to rounding. Which classes correspond is said in ``exchange.neurons``,
    ``surrogates`` and ``layers``. Parameters keep their names, except those of layers that SpikingJelly has in no
    multi-step form (``nn.PReLU``), which move into a ``SeqToANNContainer``: "2.weight" becomes "2.0.weight". What
    listens to neurons (monitors, hooks) stays behind, as does the state that they hold.

    A module with a ``forward`` of its own keeps it around the converted parts. It is written for one step, so it needs
    step_mode="s"; if it is right for [T, N, …] too, call ``functional.set_step_mode(sj, "m")`` of SpikingJelly
    afterwards. The networks of ``course_snn.model`` are right for both, and so are those of SpikingJelly's that
    ``from_spikingjelly`` has taken over, which come back as they were.

    Args:
        net: a network for one step, as ``unroll`` runs it; it stays as it is.
        step_mode: "m": the result takes [T, N, …]; "s": [N, …], one step.

    Raises:
        TypeError: the network holds what has no counterpart; each part is named with its path and the reason.
        ValueError: another step mode.
    """
    if step_mode not in MODES:
        raise ValueError(f"step_mode must be 's' (one step) or 'm' (all steps at once), got {step_mode!r}.")
    rules = {**layers.to_spikingjelly(), **neurons.to_spikingjelly()}
    return Walk(rules, _foreign_to_them, "SpikingJelly", KNOWN).convert(net, step_mode)


def from_spikingjelly(net: nn.Module) -> nn.Module:
    """Return the same network built of our modules, for one step, with copies of the weights, in its reset state.

    ``functional.unroll(ours, x_seq)`` gives the spikes and gradients of the network in multi-step mode, ``ours(x)``
    those in single-step mode, up to rounding. A normalisation that trains inside a ``MultiStepContainer`` takes its
    statistics step by step there, and over all steps under ``unroll``. Layers become torch's own, with the same names
    of parameters; neurons and the rest as said in ``exchange.neurons``, ``surrogates`` and ``layers``. ``store_v_seq``
    has no meaning here: ``monitor.Monitor`` records.

    A module with a ``forward`` of its own keeps it around the converted parts: it must be written for one step.
    SpikingJelly's ResNets are; ``course_snn.model`` has them too, and their ``state_dict`` loads there.

    Args:
        net: a network of SpikingJelly's modules; it stays as it is.

    Raises:
        TypeError: the network holds what has no counterpart; each part is named with its path and the reason.
    """
    rules = {**layers.from_spikingjelly(), **neurons.from_spikingjelly()}
    mode = _mode_of(net) if isinstance(net, nn.Module) else "s"
    walk = Walk({kind: _in_its_mode(rule) for kind, rule in rules.items()}, _foreign_to_us, "course_snn", KNOWN)
    return walk.convert(net, mode)


def _foreign_to_them(module: Any, mode: str, walk: Walk) -> nn.Module:
    """The rule for whatever has no rule on the way to SpikingJelly."""
    if isinstance(module, Stateful) or (_is_ours(module) and not _knows_both_modes(module)):
        raise Refused("which SpikingJelly does not have")
    if _of_spikingjelly(module) and not _takes_parts(module):
        raise Refused("which is SpikingJelly's already: convert networks of course_snn only")
    return _around(module, mode, walk, 'give step_mode="s"')


def _foreign_to_us(module: Any, mode: str, walk: Walk) -> nn.Module:
    """The rule for whatever has no rule on the way from SpikingJelly."""
    if isinstance(module, Stateful):
        raise Refused("which is ours already: convert networks of SpikingJelly only")
    if _of_spikingjelly(module) and not _takes_parts(module):
        raise Refused("which course_snn does not have")
    found = _around(module, mode, walk, "call SpikingJelly's functional.set_step_mode(net, 's') first, if it can")
    if _of_spikingjelly(module):
        for part in module.children():  # their models ask a layer which mode they are in
            if type(part).__module__.startswith("torch.nn"):
                vars(part)["step_mode"] = "s"
    return found


def _around(module: nn.Module, mode: str, walk: Walk, instead: str) -> nn.Module:
    """Return a module of somebody else as it is, around the counterparts of its parts."""
    if type(module).__module__.startswith("torch.nn"):
        raise Refused("for which there is no rule")
    if mode == "m" and has_own_forward(module) and not _knows_both_modes(module):
        raise Refused(f"whose own forward is for one step, or for [T, N, …], which nobody can tell: {instead}")
    return in_place(module, mode, walk)


def _knows_both_modes(module: nn.Module) -> bool:
    return type(module).__module__.startswith(BOTH_MODES)


def _takes_parts(module: nn.Module) -> bool:
    """Whether it is a network of SpikingJelly's, which runs with parts of either library."""
    return bool(list(module.children())) and _knows_both_modes(module)


def _is_ours(module: nn.Module) -> bool:
    return type(module).__module__.startswith("course_snn.")


def _of_spikingjelly(module: nn.Module) -> bool:
    """Whether the class is SpikingJelly's, or a subclass of one of its layers and neurons."""
    return any(kind.__module__.startswith("spikingjelly.") for kind in type(module).__mro__)


def _mode_of(net: nn.Module) -> str:
    """Return "m" if any module outside of the containers that run single steps is in multi-step mode."""
    waiting = [net]
    while waiting:
        module = waiting.pop()
        if _own_mode(module) == "m":
            return "m"
        if not hasattr(module, "_memories"):
            waiting.extend(module.children())
    return "s"


def _own_mode(module: nn.Module) -> str | None:
    """Return the step mode of a module of SpikingJelly's; None: it has none."""
    from spikingjelly.activation_based.base import MultiStepModule

    return getattr(module, "step_mode", "m" if isinstance(module, MultiStepModule) else None)


def _in_its_mode(rule: Rule) -> Rule:
    """Return the rule, for a module that is in the step mode of what is around it."""

    def checked(module: Any, mode: str, walk: Walk) -> nn.Module:
        own = _own_mode(module) or mode
        if own != mode and not isinstance(module, nn.Linear):  # whose result does not depend on it
            around = "one step" if mode == "s" else "[T, N, …]"
            raise Refused(f"whose step_mode is {own!r} where it is given {around}: use functional.set_step_mode")
        return rule(module, mode, walk)

    return checked
