"""Exercise 13.add_up."""

import numpy as np

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch13.shared import stream


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


def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, p, y, x), 1)
    return frames


_FEW = stream(12, 1)
_FRAMES = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
_SAME = (np.array([0, 0, 0]), np.array([2, 2, 0]), np.array([1, 1, 2]), np.array([1, 1, 0]), 1, 3, 3)
_MANY = np.zeros(300, dtype=int)


def _vary(rng):
    def events(count, T, height, width):
        frame = np.sort(rng.integers(0, T, count))
        x, y, p = (rng.integers(0, most, count) for most in (width, height, 2))
        return [frame, x, y, p]

    def case(count, T, height, width, more=0):
        return *(np.append(a, a[-1]) for a in events(count, T, height, width)), T + more, height, width

    spot = np.full(drawn.whole(rng, 260, 400), drawn.whole(rng, 0, 1))
    return (
        case(drawn.whole(rng, 8, 12), 3, 3, 3),
        case(drawn.whole(rng, 8, 12), 2, 3, 5, more=2),
        case(drawn.whole(rng, 8, 12), 2, 4, 2),
        (spot * 0, spot, spot, spot, 1, 2, 2),
    )


EXERCISE = Exercise(
    id="13.add_up",
    solution=add_up,
    vary=_vary,
    cases=(
        _SAME,
        (_FRAMES, _FEW["x"], _FEW["y"], _FEW["p"], 3, 3, 3),
        (_FRAMES // 2, _FEW["x"], _FEW["y"], _FEW["p"], 4, 3, 5),
        (_MANY, _MANY, _MANY, _MANY, 1, 2, 2),
    ),
    keeps=True,
    mistakes=(
        Mistake(
            once,
            "同一帧、同一像素的两个事件只算了一次：用下标赋值（= 1、+= 1）时，重复的下标只写一次。要用 np.add.at。",
            "Two events of one pixel and frame count once: = 1 and += 1 write equal indices once. Use np.add.at.",
        ),
        Mistake(
            lambda f, x, y, p, T, h, w: add_up(f, y, x, p, T, h, w),
            "x 和 y 换了位置：下标的顺序是 [帧, 极性, 行 y, 列 x]。",
            "x and y changed places: the order of indices is [frame, polarity, row y, column x].",
        ),
        Mistake(
            added(width_first=True),
            "宽和高换了位置：形状是 [T, 2, height, width]，下标的顺序是 [帧, 极性, 行 y, 列 x]。",
            "Width and height changed places: the shape is [T, 2, height, width], the indices [frame, p, y, x].",
        ),
        Mistake(
            row_too_long,
            "一维下标算错了：行 y 乘以一行的长度 width，再加列 x，即 ((frame·2 + p)·height + y)·width + x。",
            "The flat index is wrong: y times the width, plus x: ((frame·2 + p)·height + y)·width + x.",
        ),
        Mistake(
            lambda f, x, y, p, T, h, w: add_up(f, x, y, 1 - p, T, h, w),
            "极性反了：通道 0 是 OFF（p = 0），通道 1 是 ON（p = 1）。",
            "The polarities are swapped: channel 0 is OFF (p = 0), channel 1 is ON (p = 1).",
        ),
        Mistake(
            lambda f, x, y, p, T, h, w: add_up(f, x, y, p * 0, T, h, w),
            "两种极性进了同一个通道：第二个下标是 p。",
            "Both polarities went into one channel: the second index is p.",
        ),
        Mistake(
            lambda f, x, y, p, T, h, w: added(value=2 * p - 1)(f, x, y, p, T, h, w),
            "OFF 事件被减掉了：两种极性各有通道，每个事件都加 1。",
            "OFF events are subtracted: each polarity has a channel of its own, and every event adds 1.",
        ),
        Mistake(
            lambda f, x, y, p, T, h, w: added(value=p)(f, x, y, p, T, h, w),
            "只数了 ON 事件：每个事件都加 1，不管极性。",
            "Only ON events are counted: every event adds 1, whatever its polarity.",
        ),
        Mistake(
            lambda f, x, y, p, T, h, w: add_up(f, x, y, p, T, h, w).swapaxes(0, 1),
            "极性在前、时间在后了：形状是 [T, 2, height, width]。",
            "Polarity comes first, then time: the shape is [T, 2, height, width].",
        ),
        Mistake(
            lambda f, x, y, p, T, h, w: add_up(f * 0, x, y, p, T, h, w),
            "所有事件都进了第 0 帧：第一个下标是 frame。",
            "All events went into frame 0: the first index is frame.",
        ),
        Mistake(
            added(dtype=np.uint8),
            "uint8 最大只到 255，再加就从 0 重新数起：换一种装得下更大数的类型。",
            "uint8 ends at 255 and starts again at 0: take a type that holds larger counts.",
        ),
        Mistake(
            lambda f, x, y, p, T, h, w: add_up(f, x, y, p, f.max() + 1, h, w),
            "最后几帧可能没有事件：帧数是 T，不是 frame.max() + 1。",
            "The last frames may have no events: there are T frames, not frame.max() + 1.",
        ),
        Mistake(
            lambda f, x, y, p, T, h, w: add_up(f[:-1], x[:-1], y[:-1], p[:-1], T, h, w),
            "少数了最后一个事件。",
            "The last event is left out.",
        ),
    ),
    hints=(
        (
            "准备一个全零数组 [T, 2, height, width]，每个事件在自己的格子里加一。",
            "Start from zeros [T, 2, height, width]; each event adds one in a cell of its own.",
        ),
        (
            "不用循环也行，但小心重复的下标：+= 只加一次。",
            "It works without a loop, but mind equal indices: += adds once only.",
        ),
        (
            "np.add.at(frames, (frame, p, y, x), 1) 对每个事件都加一。",
            "np.add.at(frames, (frame, p, y, x), 1) adds one for every event.",
        ),
    ),
)
