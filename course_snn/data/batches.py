"""CIFAR-10's batches: pickles of 2009, read without running anything that a pickle may ask for."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import torch

PIXELS = 3 * 32 * 32
RECONSTRUCT = cast("Callable", np.zeros(0).__reduce__()[0])  # numpy's own name for it changes
ARRAYS: dict[tuple[str, str], Callable] = {  # all that such a file may name: what arrays are built from
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("numpy.core.multiarray", "_reconstruct"): RECONSTRUCT,
    ("numpy._core.multiarray", "_reconstruct"): RECONSTRUCT,
}


class _Plain(pickle.Unpickler):
    """Numbers, bytes, text, lists, dicts and arrays; anything else is refused before it is called."""

    def find_class(self, module: str, name: str) -> Callable:
        """Return what arrays are built from."""
        if (module, name) not in ARRAYS:
            raise pickle.UnpicklingError(f"{module}.{name} has no business in a file of pictures; it was not run")
        return ARRAYS[module, name]


def plain(content: bytes) -> Any:
    """Return what a pickle holds, if these are numbers, bytes, text, lists, dicts and numpy arrays.

    Args:
        content: the pickle; text of Python 2 is read as bytes.

    Raises:
        pickle.UnpicklingError: it names any other class or function; nothing of it was run.
    """
    return _Plain(io.BytesIO(content), encoding="bytes").load()


def batch(content: bytes) -> tuple[torch.Tensor, torch.Tensor]:
    """Return (images, labels) of one batch.

    Args:
        content: the bytes of ``data_batch_1`` … ``test_batch``.

    Shapes:
        uint8 [N, 3, 32, 32], red, green and blue, and int64 [N].

    Raises:
        ValueError: it holds something else.

    Source: Krizhevsky 2009, "Learning multiple layers of features from tiny images", Toronto.
    """
    found = plain(content)
    try:
        pixels, labels = np.asarray(found[b"data"]), np.asarray(found[b"labels"])
        if pixels.dtype != np.uint8 or pixels.shape != (len(labels), PIXELS) or labels.dtype.kind not in "iu":
            raise ValueError(f"data of {pixels.dtype} {list(pixels.shape)}, labels {list(labels.shape)}")
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f"no batch of CIFAR-10: {error}; wanted are b'data' uint8 [N, 3072], b'labels' [N]."
        ) from error
    return torch.from_numpy(pixels.copy()).view(-1, 3, 32, 32), torch.from_numpy(labels.astype(np.int64))


def pairs(found: dict[str, bytes]) -> tuple[tuple[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
    """Return ((images, labels), (images, labels)) to train and to test.

    Args:
        found: the content of each batch; each is dropped once it is read, so that memory holds the pictures once.
    """
    read = {name: batch(found.pop(name)) for name in sorted(found)}
    test = read.pop("test_batch")
    images, labels = zip(*read.values(), strict=True)
    return (torch.cat(images), torch.cat(labels)), test
