"""Exercise 13.frame_numbers."""

import numpy as np

from course_snn.course.exercise import KIND, Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch13.shared import WHOLE


def numbered(n, T, most):
    return np.minimum(np.arange(n) // (n // T), most)


def frame_numbers(n, T):
    return np.minimum(np.arange(n) // (n // T), T - 1)


_SPREAD = (
    "你把余数摊给了好几帧。公式里前 T − 1 帧一样多，余数全归最后一帧。",
    "You spread the rest over several frames. In the formula the first T − 1 are equal, and the last takes all of "
    "the rest.",
)


def _vary(rng):
    T, more = drawn.whole(rng, 3, 6), drawn.whole(rng, 7, 9)
    return (
        (T * drawn.whole(rng, 2, 4) + drawn.whole(rng, 1, T - 1), T),
        (T * drawn.whole(rng, 2, 4), T),
        (2 * more - drawn.whole(rng, 1, 3), more),
        (4 * more + drawn.whole(rng, 2, 5), more),
        (drawn.whole(rng, 3, 8), 1),
    )


EXERCISE = Exercise(
    id="13.frame_numbers",
    solution=frame_numbers,
    vary=_vary,
    cases=((10, 3), (11, 4), (12, 4), (23, 5), (7, 4), (5, 1)),
    exact=(KIND,),
    mistakes=(
        Mistake(
            lambda n, T: np.arange(n) // (n // T),
            "除不尽时多出了第 T 帧：余下的事件要归最后一帧（编号 T − 1）。",
            "Where the division leaves a rest there is a frame T: the rest belongs to the last frame, T − 1.",
        ),
        Mistake(
            lambda n, T: np.minimum(np.arange(n) // -(-n // T), T - 1),
            "每帧的事件数应当向下取整：你向上取整了，最后一帧反而少了，甚至一个也没有。",
            "The share of a frame is rounded down: you rounded up, and the last frame gets less, or nothing.",
        ),
        Mistake(lambda n, T: np.arange(n) * T // n, *_SPREAD),
        Mistake(
            lambda n, T: np.repeat(np.arange(T), [n // T + (j < n % T) for j in range(T)]),
            *_SPREAD,
        ),
        Mistake(
            lambda n, T: np.arange(n) % T,
            "你像发牌一样轮流分。事件是按时间排好的，相邻的事件要放进同一帧。",
            "You deal the events out like cards. They are sorted by time; neighbours belong into the same frame.",
        ),
        Mistake(
            lambda n, T: np.maximum(0, (np.arange(n) - n % T) // (n // T)),
            "余数给了第一帧：它归最后一帧。",
            "The first frame takes the rest: it belongs to the last.",
        ),
        Mistake(
            lambda n, T: numbered(n, T, n) * (numbered(n, T, n) < T),
            "余下的事件进了第 0 帧：它们归最后一帧，编号 T − 1。",
            "The rest went into frame 0: it belongs to the last frame, T − 1.",
        ),
        Mistake(
            lambda n, T: np.repeat(np.arange(T), n // T),
            "余下的事件丢了：结果要有 n 个帧号，余数归最后一帧。",
            "The rest is lost: the result has n numbers, and the last frame takes the rest.",
        ),
        Mistake(
            lambda n, T: numbered(n, T, T),
            "帧从 0 数起，最后一帧是 T − 1，没有第 T 帧。",
            "Frames count from 0: the last is T − 1, and there is no frame T.",
        ),
        Mistake(
            lambda n, T: np.minimum(np.arange(1, n + 1) // (n // T), T - 1),
            "事件也从 0 数起：你从 1 数起，每一帧都早开始了一个事件。",
            "Events count from 0 as well: you count from 1, so that each frame begins one event early.",
        ),
        Mistake(lambda n, T: frame_numbers(n, T) * 1.0, *WHOLE),
        Mistake(lambda n, T: np.minimum(np.arange(n) / (n // T), T - 1), *WHOLE),
        Mistake(
            lambda n, T: np.minimum(np.arange(n) // T, T - 1),
            "除错了数：每帧有 n // T 个事件，第 i 个事件之前装满了 i // (n // T) 帧。",
            "The wrong divisor: a frame has n // T events, so before event i there are i // (n // T) full frames.",
        ),
        Mistake(
            lambda n, T: np.append(np.full(T - 1, n // T), n // T + n % T),
            "这是每帧有几个事件；要的是每个事件在第几帧，共 n 个数。",
            "That is how many events each frame has; wanted is the frame of each event, n numbers.",
        ),
    ),
    hints=(
        (
            "先算每帧的份额 n // T，再问：第 i 个事件之前已经装满了几帧？",
            "First the share n // T of a frame; then: how many frames are full before event i?",
        ),
        (
            "np.arange(n) // (n // T) 给出帧号；只有多出来的那几个要改。",
            "np.arange(n) // (n // T) numbers the frames; only the rest needs mending.",
        ),
        (
            "np.minimum(…, T - 1) 把超出的帧号压回最后一帧。",
            "np.minimum(…, T - 1) brings numbers that are too large back to the last frame.",
        ),
    ),
)
