"""Exercise 13.time_surface."""

import numpy as np

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch13.shared import events_of, stream


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
            age = np.where(np.isinf(which), 0, end - which)
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


def time_surface(events, T, tau, height, width):
    t = events["t"] - events["t"][0]
    frames = []
    for j in range(T):
        end = t[-1] * (j + 1) / T
        seen = t <= end
        latest = np.full((2, height, width), -np.inf)
        np.maximum.at(latest, (events["p"][seen], events["y"][seen], events["x"][seen]), t[seen])
        frames.append(np.exp((latest - end) / tau))
    return np.stack(frames)


def _both_channels(events, T, tau, height, width):
    alone = events | {"p": events["p"] * 0}
    return time_surface(alone, T, tau, height, width)[:, :1].repeat(2, axis=1)


def _vary(rng):
    """Numbers of frames that are powers of 2: the moments are exact, and an event may lie just there."""

    def events(count, height, width, first, last=1000):
        t = np.concatenate([[0], np.sort(rng.integers(1, last, count)), [last]])
        x, y, p = (rng.integers(0, most, count + 2) for most in (width, height, 2))
        return events_of(first + t, x, y, p)

    start, tau = 100 * drawn.whole(rng, 2, 9), 50.0 * drawn.whole(rng, 3, 8)
    here, there = drawn.shuffled(rng, [0, 1])
    level = events_of(
        [start, start + 100, start + 200, start + 400], [0, 1, 1, 0], [1, 0, here, there], [1, 0, here, 1]
    )
    return (
        (level, 2, tau, 2, 3),
        (events(drawn.whole(rng, 8, 12), 3, 4, start), 4, tau, 3, 4),
        (events(30, 3, 3, start), 4, 200.0, 3, 3),
        (events(10, 3, 3, 10**9), 2, 300.0, 3, 3),
    )


EXERCISE = Exercise(
    id="13.time_surface",
    solution=time_surface,
    vary=_vary,
    cases=(
        (events_of([500, 600, 700, 900], [0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 0, 1]), 2, 256.0, 2, 3),
        (stream(8, 2), 4, 300.0, 3, 4),
        (stream(40, 3), 4, 200.0, 3, 3),
        (stream(12, 4, first=10**9), 2, 300.0, 3, 3),
        (stream(5, 5, first=0), 1, 1e4, 3, 3),
    ),
    keeps=True,
    mistakes=(
        Mistake(
            surface(seen=lambda t, end, before: t < np.inf),
            "有的值大于 1：第 j 帧看见了未来的事件。只能用 t ≤ t_j 的事件。",
            "Some values exceed 1: frame j sees events of the future. Use those with t ≤ t_j only.",
        ),
        Mistake(
            surface(seen=lambda t, end, before: (t <= end) & (t > before)),
            "你只看了本帧之内的事件。时间面记得每个像素最近的事件，不管它多久以前发生。",
            "You look at the events within the frame only. A time surface remembers the latest, however long ago.",
        ),
        Mistake(
            surface(seen=lambda t, end, before: t < end),
            "恰好在 t_j 这一刻的事件也算：t ≤ t_j，不是 t < t_j。",
            "An event at the very moment t_j counts: t ≤ t_j, not t < t_j.",
        ),
        Mistake(
            all_events,
            "你把同一像素的所有事件都加起来了。时间面只看最近的那一个。",
            "You add up all events of a pixel. A time surface looks at the latest only.",
        ),
        Mistake(
            surface(first=True),
            "你看的是每个像素最早的事件：要最近的那一个。",
            "You look at the first event of each pixel: take the latest.",
        ),
        Mistake(
            surface(moment=lambda t, j, T: t[-1] * j / T),
            "每一帧都早了一帧：t_j 是第 j 帧的末尾，在全程的 (j + 1)/T 处，最后一帧就是录像的终点。",
            "Each frame is one frame early: t_j is its end, (j + 1)/T of the way, at last that of the recording.",
        ),
        Mistake(
            surface(moment=lambda t, j, T: np.linspace(0, t[-1], T)[j]),
            "T 个时刻是各帧的末尾，在全程的 (j + 1)/T 处，不含起点。",
            "The moments are the ends of the T frames, (j + 1)/T of the way; the start is not one of them.",
        ),
        Mistake(
            from_zero,
            "时刻要从第一个事件算起：先减去 t[0]，或者用 t[0] + (t[-1] − t[0])·(j + 1)/T。",
            "Moments count from the first event: subtract t[0] first, or take t[0] + (t[-1] − t[0])·(j + 1)/T.",
        ),
        Mistake(
            surface(never=lambda end, tau, t0: np.exp(-(end + t0) / tau)),
            "从没发过的像素应当是 0：你当它在时刻 0 发过。最近的时刻从 −∞ 开始。",
            "A pixel that never sent an event is 0, not as if it had sent one at time 0: start the latest at −∞.",
        ),
        Mistake(
            surface(seen=lambda t, end, before: (t > 0) & (t <= end)),
            "第一个事件（减去 t[0] 之后时刻是 0）也是事件：不能用 0 表示“从没发过”，用 −∞。",
            "The first event, at time 0 after t[0] is subtracted, is an event: let not 0 but −∞ stand for never.",
        ),
        Mistake(
            surface(value=lambda age, tau: age / tau),
            "这是年龄 (t_j − t)/τ；时间面是 e 的负年龄次方，刚发过的是 1。",
            "That is the age, (t_j − t)/τ; a time surface is e to the minus age, 1 just after an event.",
        ),
        Mistake(
            surface(value=lambda age, tau: np.exp(-age)),
            "指数里少了 τ：年龄要除以 tau。",
            "τ is missing in the exponent: divide the age by tau.",
        ),
        Mistake(
            surface(value=lambda age, tau: np.exp(-age / (1000 * tau))),
            "tau 和 t 都以微秒为单位：不要再乘以 1000。",
            "tau and t are both in microseconds: do not multiply by 1000.",
        ),
        Mistake(
            surface(value=lambda age, tau: np.exp(age / tau)),
            "指数的符号反了：越久越小，exp(−(t_j − t)/τ)。",
            "The sign of the exponent is wrong: it gets smaller with time, exp(−(t_j − t)/τ).",
        ),
        Mistake(
            surface(place=lambda p, y, x: (p, x, y)),
            "x 和 y 换了位置：下标的顺序是 [极性, 行 y, 列 x]。",
            "x and y changed places: the order of indices is [polarity, row y, column x].",
        ),
        Mistake(
            _both_channels,
            "两种极性混在一起了：每种极性各有自己的通道，下标里要有 p。",
            "The two polarities are mixed: each has a channel of its own; use p as an index.",
        ),
        Mistake(
            in_float32,
            "时刻很大时 float32 不够精确：先用整数减去 t[0]，或者用 float64。",
            "float32 is too coarse for large times: subtract t[0] as whole numbers first, or use float64.",
        ),
    ),
    hints=(
        (
            "逐帧做：算出 t_j（下面叫 end），挑出 t ≤ end 的事件，求每个像素每种极性最近的时刻。",
            "For each frame: t_j (end, below), the events with t ≤ end, the latest of them per pixel and polarity.",
        ),
        (
            "latest 从 −∞ 开始，np.maximum.at(latest, (p, y, x), t) 留下最大的时刻；exp(−∞) 恰好是 0。",
            "Start latest at −∞; np.maximum.at(latest, (p, y, x), t) keeps the largest time; exp(−∞) is just 0.",
        ),
        (
            "np.exp((latest - end) / tau) 是一帧；最后 np.stack(frames)。",
            "np.exp((latest - end) / tau) is one frame; np.stack(frames) at the end.",
        ),
    ),
)
