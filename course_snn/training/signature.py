"""What a run is, as short texts by path: whatever changes it changes them; what it leaves behind is not in them."""

from __future__ import annotations

import functools
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

import torch
from torch import nn

from course_snn import unrolling
from course_snn.training.description import Description
from course_snn.training.own_code import written
from course_snn.training.text import checksum, plain

PYTHON = f"Python {sys.version_info.major}.{sys.version_info.minor}"
AT_MOST = 8  # differences that a message tells
HOW_FAST = {"params", "fused", "foreach", "capturable", "differentiable"}  # options that change no result
FUSED_S = {"_step_supports_amp_scaling"}  # what an optimizer notes that updates all weights in one kernel
SCHEDULED = {"initial_lr", "max_lr", "min_lr", "base_momentum", "max_momentum"}  # what a schedule notes in a group
NOT_FOR_ANSWERS = re.compile(r"(^|\.)(surrogate|surrogate_function|detach_reset|momentum|inplace|hook \d+)(\.|$)")
CODE = re.compile(r",? ?code [0-9a-f]{8}$")

_begun: WeakKeyDictionary[torch.optim.Optimizer, tuple[dict, dict]] = WeakKeyDictionary()


class Signature:
    """What a run must share with a checkpoint to go on from it.

    What changes while the run goes on (a counter, a threshold that a loss sets) is state: it is noticed by looking
    again whenever a checkpoint is written, and not compared.

    Args:
        net: the network; it is reset, so that its state is the one of every start.
        parts: functions and other parts of the run by name.
        fixed: the rest, as texts by path.
    """

    def __init__(self, net: nn.Module, parts: Mapping[str, Any], fixed: Mapping[str, str]) -> None:
        unrolling.reset_net(net)
        self._net, self._parts, self._fixed = net, parts, fixed
        self._start = describe(net, parts)
        self._changing: set[str] = set()

    def plain(self) -> dict:
        """Return it to be saved, after a look at what has changed since the start."""
        now = describe(self._net, self._parts)
        for part in ("network", "run"):
            before, after = self._start[part], now[part]
            self._changing |= {path for path in {**before, **after} if before.get(path) != after.get(path)}
        return self._start | {"run": self._start["run"] | self._fixed, "changing": sorted(self._changing)}

    def differences(self, theirs: Mapping) -> list[str]:
        """Return a line for each difference to a saved one, none where the run is the same."""
        self._changing |= {*theirs["changing"]}
        ours = self._start | {"run": self._start["run"] | self._fixed}
        known = theirs["python"] == PYTHON, self._changing
        return _told([line for part in ("network", "run") for line in _differ(theirs[part], ours[part], *known)])

    def unknown(self, theirs: Mapping) -> str:
        """Return what cannot be compared, in words; an empty text where there is nothing."""
        names = [f"{path} ({why})" for path, why in (theirs["unknown"] | self._start["unknown"]).items()]
        if theirs["python"] != PYTHON:
            names.insert(0, f"the code of your functions ({theirs['python']} there, {PYTHON} here)")
        more = f" and {len(names) - AT_MOST} more" if len(names) > AT_MOST else ""
        return ", ".join(names[:AT_MOST]) + more


def describe(net: nn.Module, parts: Mapping[str, Any]) -> dict:
    """Return the texts about a network and about parts of its run, and what cannot be read."""
    description = Description()
    description.module("", net, saved=True)
    network, description.lines = description.lines, {}
    for name, thing in parts.items():
        description.add(name, thing)
    return {"network": network, "run": description.lines, "unknown": description.unknown, "python": PYTHON}


def answers_differ(net: nn.Module, theirs: Mapping) -> tuple[list[str], list[str]]:
    """Return in which settings a network answers differently from a saved one, and where its code is another."""
    ours = describe(net, {})["network"]
    both = {**theirs["network"], **ours}
    found = _differ(theirs["network"], ours, theirs["python"] == PYTHON, {*theirs["changing"]})
    found = [line for line in found if not _only_trains(*line, both)]
    code = [line for line in found if CODE.sub("", line[1]) == CODE.sub("", line[2]) or line[0].startswith("class ")]
    return _told([line for line in found if line not in code]), _told(code)


def _only_trains(path: str, there: str, here: str, lines: Mapping[str, str]) -> bool:
    """Whether a difference cannot change an answer; shapes of weights are left to torch."""
    owner, _, name = path.rpartition(".")
    dropout = "Dropout" in there and "Dropout" in here
    dropped = name == "p" and "Dropout" in lines.get(owner, "")
    weights = there.startswith(("parameter", "buffer")) and here.startswith(("parameter", "buffer"))
    return bool(NOT_FOR_ANSWERS.search(path)) or dropout or dropped or weights


def options(optimizer: torch.optim.Optimizer, net: nn.Module) -> dict[str, str]:
    """Return the settings of an optimizer as they are before a schedule changes them, and what each group learns.

    Of one that a run has left as it is now, they are those with which that run began.
    """
    now = _options(optimizer, net)
    began, left = _begun.get(optimizer, (now, None))
    began = began if now == left else now
    _begun[optimizer] = began, now
    return began


def leave(optimizer: torch.optim.Optimizer, net: nn.Module) -> None:
    """Note how a run leaves its optimizer: its options are now the schedule's."""
    if optimizer in _begun:
        _begun[optimizer] = _begun[optimizer][0], _options(optimizer, net)


def _options(optimizer: torch.optim.Optimizer, net: nn.Module) -> dict[str, str]:
    names = {id(p): name for name, p in net.named_parameters()}
    lines = {}
    for k, group in enumerate(optimizer.param_groups):
        path = "optimizer" if len(optimizer.param_groups) == 1 else f"optimizer group {k + 1}"
        values = {name: value for name, value in group.items() if name not in HOW_FAST | SCHEDULED}
        lines |= {f"{path}.{name}": plain(_number(value)) or type(value).__name__ for name, value in values.items()}
        learns = [names.get(id(p)) or f"another {list(p.shape)}" for p in group["params"]]
        text = ", ".join(learns)
        lines[f"{path} learns"] = text if len(text) <= 80 else f"{len(learns)} tensors {checksum(text.encode())}"
    return lines


def _number(value: Any) -> Any:
    return value.item() if torch.is_tensor(value) and value.numel() == 1 else value


@functools.cache  # not at import: a first optimizer makes torch load its compiler, which takes as long as torch
def _books() -> set[str]:
    """Return what torch itself writes into an optimizer."""
    return {*vars(torch.optim.SGD([torch.zeros(1)])), "step", "_opt_called", "grad_scale", "found_inf", *FUSED_S}


def own_settings(optimizer: torch.optim.Optimizer) -> dict[str, Any]:
    """Return what an optimizer holds beside its groups, such as the generator of its random numbers."""
    skipped = _books() | written(type(optimizer))
    return {name: value for name, value in vars(optimizer).items() if name not in skipped}


def _differ(
    theirs: Mapping[str, str], ours: Mapping[str, str], same_python: bool, ignored: set[str]
) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for path in {**theirs, **ours}:
        there, here = theirs.get(path, "-"), ours.get(path, "-")
        if not same_python:
            there, here = CODE.sub("", there), CODE.sub("", here)
        if there == here or path in ignored:
            continue
        if not any(path.startswith((f"{above}.", f"{above}[", f"{above}(")) for above, *_ in found):
            found.append((path, there, here))  # of another class or function nothing inside is told
    return sorted(found, key=lambda line: line[0].startswith("class "))


def _told(found: Iterable[tuple[str, str, str]]) -> list[str]:
    lines = [f"{path}: {there} there, {here} here" for path, there, here in found]
    more = len(lines) - AT_MOST
    return lines if more <= 0 else [*lines[:AT_MOST], f"and {more} more"]
