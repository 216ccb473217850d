"""Checkpoints: files that are whole or absent, and are loaded as numbers only, never as code.

A folder holds ``latest.pt`` (go on from here), ``previous.pt`` (the one before, in case) and, if the run validates,
``best.pt`` (the weights of its best epoch).
"""

from __future__ import annotations

import os
import pickle
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from torch import nn

from course_snn.drafts import draft
from course_snn.state import Stateful
from course_snn.training.own_code import given
from course_snn.training.signature import Signature, answers_differ

FORMAT = "course_snn.training 2"
OLDER = "course_snn.training 1"  # without the settings of the network
PLAIN = (bool, int, float, str, type(None), torch.Tensor)


class CheckpointError(RuntimeError):
    """A checkpoint that cannot be used; the message names the file, what is wrong and what to do."""


class Damaged(Exception):
    """A file that is not what was once written."""


class Folder:
    """The checkpoints of one run.

    Args:
        path: the folder; it is made with the first checkpoint.
        signature: what a run must share with a checkpoint to go on from it.
    """

    def __init__(self, path: str | os.PathLike, signature: Signature) -> None:
        self.path = Path(path).expanduser()
        self.signature = signature

    def fresh(self) -> None:
        """Put the checkpoints of an earlier run out of the way, as ``latest.old.pt`` and so on."""
        for name in ("latest", "previous", "best"):
            file = self.path / f"{name}.pt"
            if file.exists():
                os.replace(file, file.with_suffix(".old.pt"))

    def save(self, state: dict) -> None:
        """Write ``latest.pt``; the one that was there becomes ``previous.pt``."""
        self._write(self.path / "latest.pt", state, aside=self.path / "previous.pt")

    def save_best(self, weights: Mapping, epoch: tuple) -> None:
        """Write ``best.pt``: the weights, the settings of the network, and the epoch's row."""
        self._write(self.path / "best.pt", {"net": dict(weights), "epoch": list(epoch)})

    def _write(self, path: Path, state: dict, aside: Path | None = None) -> None:
        state = state | {"format": FORMAT, "signature": self.signature.plain()}
        _check_plain(state, "checkpoint")
        with draft(path, synced=True, aside=aside) as file:
            torch.save(state, file)

    def load(self) -> dict | None:
        """Return the newest whole checkpoint, or None where there is none yet.

        A damaged file is renamed to ``….damaged.pt`` with a warning, and the one before it is taken.

        Raises:
            CheckpointError: every checkpoint here is damaged, or belongs to another run.
        """
        aside = []
        for name in ("latest.pt", "previous.pt"):
            file = self.path / name
            if not file.exists():
                continue
            try:
                state = _read(file)
            except Damaged as reason:
                aside.append(file.with_suffix(".damaged.pt"))
                os.replace(file, aside[-1])
                warnings.warn(f"{file} is damaged ({reason}) and is now {aside[-1].name}.", stacklevel=3)
                continue
            self._compare(file, state)
            return state
        if aside:
            raise CheckpointError(
                f"no whole checkpoint is left in {self.path}: {', '.join(file.name for file in aside)} cannot be "
                "read. Call fit again to start from the beginning."
            )
        return None

    def _compare(self, file: Path, state: Mapping) -> None:
        if state["format"] == OLDER:
            raise CheckpointError(
                f"{file} was written by an older version, which did not record the settings of a run, so that nobody "
                "can tell whether this is the same one. Give resume=False or another folder to start a new run; "
                "training.load still loads its weights."
            )
        wrong, unknown = self.signature.differences(state["signature"]), self.signature.unknown(state["signature"])
        if wrong:
            raise CheckpointError(
                f"{file} belongs to another run:\n  " + "\n  ".join(wrong) + "\nGive the same as there to go on with "
                "that run, or resume=False or another folder to start a new one."
                + (f" Not compared: {unknown}." if unknown else "")
            )
        if unknown:
            warnings.warn(f"{file} is taken up; not compared: {unknown}.", stacklevel=4)


def load(net: nn.Module, path: str | os.PathLike, *, check: bool = True) -> nn.Module:
    """Load the weights of a checkpoint, for example ``runs/one/best.pt``, into ``net`` and return it.

    Of a run that averages its weights these are the averaged ones.

    Args:
        net: a network of the same shape and settings as the one that was saved.
        path: the file.
        check: refuse a network with other settings (time constants, thresholds, strides …), which would answer
            otherwise than the saved one; False: only the weights must fit.

    Raises:
        FileNotFoundError: no such file.
        CheckpointError: a damaged file, weights of another network, or other settings.
    """
    path = Path(path).expanduser()
    try:
        state = _read(path)
    except Damaged as reason:
        raise CheckpointError(f"{path} is damaged: {reason}. Try previous.pt or best.pt beside it.") from None
    if check and state["format"] != OLDER:
        _check_answers(net, path, state["signature"])
    if state.get("average") is not None:
        state = state | {"net": state["average"]}
    missing = load_weights(net, state, f"{path} holds the weights of another network: ")
    if missing:
        warnings.warn(
            f"{path} was written by an older version, which did not save {', '.join(missing)}: the values with which "
            "you made the network are used.",
            stacklevel=2,
        )
    return net


def _check_answers(net: nn.Module, path: Path, theirs: Mapping) -> None:
    settings, code = answers_differ(net, theirs)
    if settings:
        raise CheckpointError(
            f"{path} was saved from a network that answers otherwise:\n  " + "\n  ".join(settings) + "\nMake the "
            "network as it was there. If you want its weights in this one, give load(net, path, check=False)."
        )
    if code:
        warnings.warn(f"{path} was saved from a network with other code: {'; '.join(code)}.", stacklevel=3)


def load_weights(net: nn.Module, state: Mapping, complaint: str = "", put: Callable | None = None) -> list[str]:
    """Load the weights of a checkpoint; return the names of those that an older version did not save.

    ``put`` takes the place of ``net.load_state_dict`` where the network is wrapped for several processes.
    What the run itself had changed (a threshold that was a number and became a tensor) may be missing or too much.
    """
    weights, here = dict(state["net"]), net.state_dict()
    run_s = state["signature"]["changing"] if state["format"] == FORMAT else []
    older = _hyperparameters(net) if state["format"] == OLDER else set()
    for name in run_s:
        if name in weights and getattr(here.get(name), "shape", None) != weights[name].shape:
            del weights[name]
    missing = [name for name in here if name not in weights and name in {*run_s, *older}]
    try:
        (put or net.load_state_dict)(weights | {name: here[name] for name in missing})
    except RuntimeError as error:
        raise CheckpointError(f"{complaint}{error}") from None
    return [name for name in missing if name in older]


def _hyperparameters(net: nn.Module) -> set[str]:
    """The tensors that the constructors of our modules were given: time constants, thresholds, one for each neuron."""
    return {
        f"{path}.{name}".lstrip(".")
        for path, module in net.named_modules()
        if isinstance(module, Stateful)
        for name in given(type(module))
    }


def _read(file: Path) -> dict:
    if not file.exists():
        raise FileNotFoundError(f"there is no checkpoint {file}; fit writes best.pt only where it has validation data.")
    try:
        with zipfile.ZipFile(file) as archive:  # torch.load itself checks no checksums
            if bad := archive.testzip():
                raise Damaged(f"wrong checksum of {bad}")
        state = torch.load(file, map_location="cpu", weights_only=True)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
        raise Damaged(str(error).split("\n")[0]) from error
    except pickle.UnpicklingError:
        state = None  # whole, but more than numbers
    if not isinstance(state, dict) or state.get("format") not in (FORMAT, OLDER):
        raise CheckpointError(f"{file} was not written by training.fit: move it away, or give another folder.")
    return state


def _check_plain(value: object, where: str) -> None:
    if isinstance(value, Mapping):
        for key, item in value.items():
            _check_plain(item, f"{where}[{key!r}]")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            _check_plain(item, f"{where}[{index}]")
    elif type(value) not in PLAIN and not isinstance(value, torch.Tensor):
        raise CheckpointError(
            f"{where} is {type(value).__name__}, which cannot be loaded again without running code. Keep numbers, "
            "texts and tensors in the state of your network, optimizer or schedule."
        )
