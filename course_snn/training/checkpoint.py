"""Checkpoints: files that are whole or absent, and are loaded as numbers only, never as code.

A folder holds ``latest.pt`` (go on from here), ``previous.pt`` (the one before, in case) and ``best.pt`` (weights).
"""

from __future__ import annotations

import os
import pickle
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

FORMAT = "course_snn.training 1"
PLAIN = (bool, int, float, str, type(None), torch.Tensor)


class CheckpointError(RuntimeError):
    """A checkpoint that cannot be used; the message names the file, what is wrong and what to do."""


class Damaged(Exception):
    """A file that is not what was once written."""


class Folder:
    """The checkpoints of one run.

    Args:
        path: the folder; it is made with the first checkpoint.
        signature: what a run must share with a checkpoint to go on from it, as short texts under short names.
    """

    def __init__(self, path: str | os.PathLike, signature: Mapping[str, str]) -> None:
        self.path = Path(path).expanduser()
        self.signature = dict(signature)

    def fresh(self) -> None:
        """Put the checkpoints of an earlier run out of the way, as ``latest.old.pt`` and so on."""
        for name in ("latest", "previous", "best"):
            file = self.path / f"{name}.pt"
            if file.exists():
                os.replace(file, file.with_suffix(".old.pt"))

    def save(self, state: dict) -> None:
        """Write ``latest.pt``; the one that was there becomes ``previous.pt``."""
        latest, draft = self.path / "latest.pt", self.path / "latest.pt.part"
        _write(draft, state | {"format": FORMAT, "signature": self.signature})
        if latest.exists():
            os.replace(latest, self.path / "previous.pt")
        os.replace(draft, latest)

    def save_best(self, net: nn.Module, epoch: tuple) -> None:
        """Write ``best.pt``: the weights and the epoch's row."""
        best, draft = self.path / "best.pt", self.path / "best.pt.part"
        _write(draft, {"format": FORMAT, "net": net.state_dict(), "epoch": list(epoch)})
        os.replace(draft, best)

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
            self._compare(file, state["signature"])
            return state
        if aside:
            raise CheckpointError(
                f"no whole checkpoint is left in {self.path}: {', '.join(file.name for file in aside)} cannot be "
                "read. Call fit again to start from the beginning."
            )
        return None

    def _compare(self, file: Path, theirs: Mapping[str, str]) -> None:
        names = dict.fromkeys([*self.signature, *theirs])
        wrong = [name for name in names if self.signature.get(name) != theirs.get(name)]
        if wrong:
            lines = [f"  {name}: {theirs.get(name, '-')} there, {self.signature.get(name, '-')} here" for name in wrong]
            raise CheckpointError(
                f"{file} belongs to another run:\n" + "\n".join(lines) + "\nGive the same as there to go on with "
                "that run, or resume=False or another folder to start a new one."
            )


def load(net: nn.Module, path: str | os.PathLike) -> nn.Module:
    """Load the weights of a checkpoint, for example ``runs/one/best.pt``, into ``net`` and return it.

    Args:
        net: a network of the same shape as the one that was saved.
        path: the file.

    Raises:
        FileNotFoundError: no such file.
        CheckpointError: a damaged file, or weights of another network.
    """
    path = Path(path).expanduser()
    try:
        net.load_state_dict(_read(path)["net"])
    except Damaged as reason:
        raise CheckpointError(f"{path} is damaged: {reason}. Try previous.pt or best.pt beside it.") from None
    except RuntimeError as error:
        raise CheckpointError(f"{path} holds the weights of another network: {error}") from None
    return net


def _read(file: Path) -> dict:
    if not file.exists():
        raise FileNotFoundError(f"there is no checkpoint {file}.")
    try:
        with zipfile.ZipFile(file) as archive:  # torch.load itself checks no checksums
            if bad := archive.testzip():
                raise Damaged(f"wrong checksum of {bad}")
        state = torch.load(file, map_location="cpu", weights_only=True)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError) as error:
        raise Damaged(str(error).split("\n")[0]) from error
    except pickle.UnpicklingError:
        state = None  # whole, but more than numbers
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise CheckpointError(f"{file} was not written by training.fit: move it away, or give another folder.")
    return state


def _write(draft: Path, state: dict) -> None:
    """Write the file and wait until it lies on the disk, so that a rename cannot overtake its content."""
    _check_plain(state, "checkpoint")
    draft.parent.mkdir(parents=True, exist_ok=True)
    with open(draft, "wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())


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
