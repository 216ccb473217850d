"""Numbers, texts and arrays as one line each: equal where the values are, wherever they lie in memory."""

from __future__ import annotations

import zlib
from enum import Enum
from pathlib import PurePath
from typing import Any

import numpy as np
import torch

SIMPLE = (bool, int, float, complex, str, bytes, type(None), type(...), range, slice, torch.dtype, torch.layout)
BRACKETS: dict[type, str] = {tuple: "()", torch.Size: "()", list: "[]", set: "{}", frozenset: "{}", dict: "{}"}
FEW = 4  # numbers of an array that are written out
LONG = 60


def plain(value: Any, depth: int = 6) -> str | None:
    """Return the text of a value that is nothing but numbers and texts; None for anything else."""
    if isinstance(value, torch.device):
        return "a device"
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, (np.generic, PurePath)):
        value = value.item() if isinstance(value, np.generic) else str(value)
    if type(value) in SIMPLE:
        return _short(repr(value), type(value).__name__)
    if type(value) not in BRACKETS or not depth:
        return None
    pairs = value.items() if isinstance(value, dict) else ((item,) for item in value)
    inside = []
    for pair in pairs:
        texts = [text for item in pair if (text := plain(item, depth - 1)) is not None]
        if len(texts) < len(pair):
            return None
        inside.append(": ".join(texts))
    left, right = BRACKETS[type(value)]
    text = ", ".join(sorted(inside) if left == "{" else inside)
    return _short(f"{left}{text}{right}", f"{type(value).__name__} of {len(value)}")


def numbers(value: torch.Tensor | np.ndarray) -> str:
    """Return the text of an array: its numbers if it has few, else shape, dtype and a checksum of its content."""
    if isinstance(value, torch.Tensor):
        flat = value.detach().to("cpu").to_dense().reshape(-1).resolve_conj().contiguous()
        content = flat.view(torch.uint8).numpy()  # bytes: numpy knows no bfloat16
    else:
        flat = value.reshape(-1)
        content = repr(flat.tolist()).encode() if value.dtype == object else value.tobytes()
    if len(flat) <= FEW:
        return f"{value.tolist()} {value.dtype}"
    return f"{list(value.shape)} {value.dtype} {checksum(content)}"


def checksum(data: Any) -> str:
    """Return eight letters that differ where the bytes do."""
    return f"{zlib.crc32(data):08x}"


def _short(text: str, kind: str) -> str:
    return text if len(text) <= LONG else f"{kind} {checksum(text.encode())}"
