"""Wrong answers to the exercises of chapter 13: functions with one thing done wrong, for their mistakes."""

import numpy as np
import torch


def numbered(n, T, most):
    return np.minimum(np.arange(n) // (n // T), most)


def added(width_first=False, dtype=float, value=1):
    """``add_up`` with another order of the indices, type or worth of an event."""

    def answer(frame, x, y, p, T, height, width):
        frames = np.zeros((T, 2, width, height) if width_first else (T, 2, height, width), dtype)
        np.add.at(frames, (frame, p, x, y) if width_first else (frame, p, y, x), value)
        return frames

    return answer


def once(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    frames[frame, p, y, x] += 1
    return frames


def row_too_long(frame, x, y, p, T, height, width):
    index = ((frame * 2 + p) * width + x) * height + y
    return np.bincount(index, minlength=T * 2 * height * width).reshape(T, 2, height, width)


def bins(t, duration, frames=None, number=np.floor_divide):
    """``duration_bins`` with another number of frames, or another number of an event."""
    span = t[-1] - t[0]
    frames = max(1, int(np.ceil(span / duration))) if frames is None else frames
    return np.minimum(number(t - t[0], duration), frames - 1)


def in_turn(targets):
    targets = torch.where(targets == 2, 10, targets)
    return torch.where(targets > 2, targets - 1, targets)


def surface(
    moment=lambda t, j, T: t[-1] * (j + 1) / T,
    seen=lambda t, end, before: t <= end,
    place=lambda p, y, x: (p, y, x),
    value=lambda age, tau: np.exp(-age / tau),
    first=False,
    never=lambda end, tau, t0: 0.0,
):
    """``time_surface`` with one thing done wrong; ``before`` is the moment of the frame before."""

    def answer(events, T, tau, height, width):
        t0, before, frames = events["t"][0], -1, []
        t = events["t"] - t0
        for j in range(T):
            end = moment(t, j, T)
            chosen = seen(t, end, before)
            at = place(*(events[name][chosen] for name in "pyx"))
            which = np.full((2, height, width), np.inf if first else -np.inf)
            (np.minimum if first else np.maximum).at(which, at, t[chosen])
            age = end - np.where(np.isinf(which), 0, which)
            frames.append(np.where(np.isinf(which), never(end, tau, t0), value(age, tau)))
            before = end
        return np.stack(frames)

    return answer


def all_events(events, T, tau, height, width):
    t, frames = events["t"] - events["t"][0], np.zeros((T, 2, height, width))
    for j in range(T):
        end = t[-1] * (j + 1) / T
        seen = t <= end
        place = events["p"][seen], events["y"][seen], events["x"][seen]
        np.add.at(frames[j], place, np.exp((t[seen] - end) / tau))
    return frames


def in_float32(events, T, tau, height, width):
    t = events["t"].astype(np.float32)
    frames = np.zeros((T, 2, height, width), dtype=np.float32)
    for j in range(T):
        end = np.float32(t[0] + (t[-1] - t[0]) * np.float32((j + 1) / T))
        for i in np.flatnonzero(t <= end):
            frames[j, events["p"][i], events["y"][i], events["x"][i]] = np.exp((t[i] - end) / np.float32(tau))
    return frames


def from_zero(events, T, tau, height, width):
    t0, last = events["t"][0], events["t"][-1]
    return surface(moment=lambda t, j, T: last * (j + 1) / T - t0)(events, T, tau, height, width)
