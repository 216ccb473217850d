"""The page's random numbers in Python, so that a widget and its static picture show the same noise."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

_MASK = 0xFFFFFFFF  # JavaScript's bit operations work on 32 bits


def mulberry32(seed: int) -> Iterator[float]:
    """Uniform numbers in [0, 1), the same as `mulberry32` of js/common.js gives for the seed.

    Source: Tommy Ettinger's mulberry32 (public domain).
    """
    while True:
        seed = (seed + 0x6D2B79F5) & _MASK
        t = (seed ^ (seed >> 15)) * (1 | seed) & _MASK
        t = (t + ((t ^ (t >> 7)) * (61 | t) & _MASK)) & _MASK ^ t
        yield ((t ^ (t >> 14)) & _MASK) / 2**32


def uniform(seed: int, count: int) -> np.ndarray:
    """The first ``count`` numbers of ``mulberry32(seed)``, at once."""
    at = (np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x6D2B79F5)).astype(np.uint32)
    t = (at ^ (at >> np.uint32(15))) * (np.uint32(1) | at)  # uint32 wraps around as the page's numbers do
    t = (t + (t ^ (t >> np.uint32(7))) * (np.uint32(61) | t)) ^ t
    return (t ^ (t >> np.uint32(14))) / 2**32
