"""Whether a network can compute a block of time steps a second time: what keeps it from it is refused by name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm, _NormBase

from course_snn import listeners, snapshot, steps, survey
from course_snn.arguments import as_numbers
from course_snn.state import Stateful
from course_snn.training.states import States

OTHERWISE = "Call .eval() on it to use its fixed statistics, or use a normalisation of single samples (nn.GroupNorm)"
_trusted: WeakKeyDictionary[nn.Module, int] = WeakKeyDictionary()  # how many modules a network had when it was tried


def refuse_batch_statistics(net: nn.Module, why: str, otherwise: str = OTHERWISE) -> None:
    """Raise ValueError for a layer that takes the statistics of the samples that it sees.

    Args:
        net: the network. why: what is wrong with it here. otherwise: what to do.
    """
    for name, module in net.named_modules():
        batch = isinstance(module, _BatchNorm) and (module.training or module.running_mean is None)
        moves = isinstance(module, _NormBase) and module.training and module.track_running_stats
        if batch or moves:
            raise ValueError(f"{_called(name, module)} takes statistics of the batch: {why} {otherwise}.")


def refuse_hidden_state(net: nn.Module, x_seq: torch.Tensor) -> None:
    """Raise ValueError for modules that somebody else wrote and that keep a state nobody can put back.

    Some steps are run twice, from the same declared state, through a copy of the network, once for each network.

    Args:
        net: the network. x_seq: some steps, [few, N, …].

    Raises:
        TypeError: the network cannot be copied.
    """
    found = strangers(net)
    if not found or survey.Parts(net).shared_out or _trusted.get(net) == sum(1 for _ in net.modules()):
        return  # what FSDP shared out cannot be copied; attributes that change are still seen, see Network
    try:
        twin = snapshot.copy_of(net)
    except Exception as error:
        raise TypeError(
            f"before its first use the network is tried on a copy, because it holds modules of your own "
            f"({_listed(found)}), and it cannot be copied: {error}"
        ) from error
    names = {name for name, _ in found}
    if bad := _change(twin, names, x_seq):
        raise _hidden(bad)
    _trusted[net] = sum(1 for _ in net.modules())


def strangers(net: nn.Module) -> list[tuple[str, nn.Module]]:
    """Return the modules that somebody else wrote, with their names.

    Args:
        net: the network.
    """
    return [(name, module) for name, module in net.named_modules() if not survey.is_known(module)]


def _hidden(bad: list[tuple[str, nn.Module]]) -> ValueError:
    return ValueError(
        f"{_listed(bad)} keeps a state that is not declared: it changes in a call, and cannot be put back when a block "
        "is computed again. Derive the module from course_snn.state.Stateful and declare its state; SpikingJelly's "
        "modules: course_snn.exchange.spikingjelly.from_spikingjelly(net)."
    )


def _change(twin: nn.Module, names: set[str], x_seq: torch.Tensor) -> list[tuple[str, nn.Module]]:
    """Return which of the named modules hold something else after some steps, or all if a second run differs."""
    tried = [(name, module) for name, module in twin.named_modules() if name in names]
    parts, states = survey.Parts(twin), States(twin)
    notes = [(name, module, snapshot.Note(module, _undeclared(module))) for name, module in tried]
    trial, held = survey.Trial(parts, x_seq.device), states.now()
    with torch.no_grad(), listeners.deaf(()), steps.run(steps.OneByOne()):
        first = steps.stepped(twin, as_numbers(x_seq))
        bad = [(name, module) for name, module, note in notes if note.differs()]
        states.put(held)
        trial.dice_back()
        second = steps.stepped(twin, as_numbers(x_seq))
    trial.dice_back()
    return bad or ([] if torch.equal(first, second) else tried)


def _undeclared(module: nn.Module) -> list[str] | None:
    """Names of the attributes that should stay; None: all of them."""
    if not isinstance(module, Stateful):
        return None
    own = {"_initial", "_began", "_task", "_lent", *module._initial, *snapshot.PLAIN}
    return [name for name in vars(module) if name not in own]


class Network:
    """What a block needs from a network to be computed again: its state, its random numbers, and that it is the same.

    Args:
        net: the network.
    """

    def __init__(self, net: nn.Module) -> None:
        self.net, self.states = net, States(net)
        found = strangers(net)
        self.sources = survey.sources([module for _, module in found])
        self.notes = [(name, module, snapshot.Note(module, _undeclared(module))) for name, module in found]
        self.shared_out = survey.Parts(net).shared_out  # weights are gathered for a call, and let go
        self.first = self._held()

    def _held(self) -> list[tuple[str, Any, int]]:
        held = [] if self.shared_out else [*self.net.named_parameters(), *self.net.named_buffers()]
        return [(name, tensor, snapshot.version(tensor)) for name, tensor in held]

    def unchanged(self, when: str) -> None:
        """Raise RuntimeError if a weight or a buffer is another one now, or was written to.

        Args:
            when: since when, for the error.
        """
        for (name, was, version), (_, now, later) in zip(self.first, self._held(), strict=True):
            if was is not now or version != later:
                raise RuntimeError(
                    f"{name} was changed {when}: what is computed again would differ from what was computed. Let "
                    "nothing write to weights and buffers between the forward and the end of the backward pass: no "
                    "learning rule inside the network, optimizer.step() after backward()."
                )

    def unmoved(self) -> None:
        """Raise an error if a call changed weights or buffers, or the attributes of a module of somebody else."""
        self.unchanged("by the network itself in a call")
        if bad := [(name, module) for name, module, note in self.notes if note.differs()]:
            raise _hidden(bad)

    def again(self, run: Callable[[torch.Tensor], torch.Tensor]) -> Callable[[torch.Tensor], torch.Tensor]:
        """Return ``run``, whose calls after the first start from what the first one started from, unheard.

        Args:
            run: takes a block of steps through the network.
        """
        held, dice, calls = self.states.now(), [read() for read, _ in self.sources], []
        modes = [(module, module.training) for module in self.net.modules()]
        watched = [module for module in self.net.modules() if steps.watched(module)]

        def block(x: torch.Tensor) -> torch.Tensor:
            calls.append(None)
            if len(calls) == 1:
                return run(x)
            self.unchanged("since the forward pass")
            with self.states.as_of(held), self._dice(dice), _modes(modes), _quiet(watched):
                return run(x)

        return block

    @contextmanager
    def _dice(self, then: list[Any]) -> Iterator[None]:
        """Random numbers of Python and NumPy as they were (torch's own are torch.utils.checkpoint's matter)."""
        now = [read() for read, _ in self.sources]
        for (_, write), state in zip(self.sources, then, strict=True):
            write(state)
        try:
            yield
        finally:
            for (_, write), state in zip(self.sources, now, strict=True):
                write(state)


@contextmanager
def _modes(then: list[tuple[nn.Module, bool]]) -> Iterator[None]:
    """Within the block each module is training, or not, as it was then."""
    now = [module.training for module, _ in then]
    for module, training in then:
        module.training = training
    try:
        yield
    finally:
        for (module, _), training in zip(then, now, strict=True):
            module.training = training


@contextmanager
def _quiet(watched: list[nn.Module]) -> Iterator[None]:
    """Within the block no monitor hears a call, but what was stepped because it was watched is stepped again."""
    hooks = [module.register_forward_hook(_nothing) for module in watched]
    try:
        with listeners.deaf(()):
            yield
    finally:
        for hook in hooks:
            hook.remove()


def _nothing(module: nn.Module, inputs: tuple, output: object) -> None:
    """A hook that does nothing: who has one is stepped."""


def _called(name: str, module: nn.Module) -> str:
    return f"{type(module).__name__} ({name})" if name else type(module).__name__


def _listed(found: list[tuple[str, nn.Module]]) -> str:
    return ", ".join(_called(name, module) for name, module in found)
