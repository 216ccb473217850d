"""What several exercises of chapter 13 share."""

import numpy as np


def events_of(t, x, y, p):
    return {"t": np.array(t), "x": np.array(x), "y": np.array(y), "p": np.array(p)}


def stream(n, seed, first=500, width=3, height=3, last=1000):
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, last, n)) + first
    return events_of(t, rng.integers(0, width, n), rng.integers(0, height, n), rng.integers(0, 2, n))


WHOLE = (
    "帧号是整数，要用来当下标：先取整，结果的类型也要是整数（astype(int)）。",
    "A frame number is a whole number, used as an index: round down, and give the array a type of integers "
    "(astype(int)).",
)
