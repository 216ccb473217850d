"""Exercise 13.duration_bins."""

import numpy as np

from course_snn.course.exercise import KIND, Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch13.shared import WHOLE


def bins(t, duration, frames=None, number=np.floor_divide):
    """``duration_bins`` with another number of frames, or another number of an event."""
    span = t[-1] - t[0]
    frames = max(1, int(np.ceil(span / duration))) if frames is None else frames
    return np.minimum(number(t - t[0], duration), frames - 1)


def duration_bins(t, duration):
    t = t - t[0]
    frames = max(1, int(np.ceil(t[-1] / duration)))
    return np.minimum(t // duration, frames - 1)


def _last_event_moved(t, duration):
    return np.append((t - t[0])[:-1] // duration, duration_bins(t, duration)[-1])


_FROM_FIRST = ("时间要从第一个事件算起：先减去 t[0]。", "Time counts from the first event: subtract t[0] first.")


def _vary(rng):
    def moments(count, first, last):
        between = np.sort(rng.integers(1, last, count))
        return first + np.concatenate([[0], between, [last]])

    d, n, first = drawn.whole(rng, 4, 12), drawn.whole(rng, 2, 4), drawn.whole(rng, 15, 120)
    return (
        (moments(4, 0, n * d), d),
        (moments(3, first, n * d), d),
        (moments(4, first, n * d + drawn.whole(rng, 1, d - 1)), d),
        (np.array([first] * 3), d),
        (first + np.array([0, drawn.whole(rng, 1, d), *[n * d] * 3]), d),
        (first + np.array([0, d, d, n * d + 1]), d),
        (np.array([first]), d),
    )


EXERCISE = Exercise(
    id="13.duration_bins",
    solution=duration_bins,
    vary=_vary,
    cases=(
        (np.array([0, 1, 2, 5, 9, 10]), 5),
        (np.array([100, 105, 125]), 10),
        (np.array([40, 43, 55, 56, 63]), 10),
        (np.array([7, 7, 7]), 10),
        (np.array([3, 9, 23, 23, 23]), 10),
        (np.array([0, 20]), 10),
        (np.array([8]), 4),
    ),
    exact=(KIND,),
    keeps=True,
    mistakes=(
        Mistake(
            lambda t, d: (t - t[0]) // d,
            "时长恰好是整数帧时，末尾的事件独自多占了一帧。最后一帧包括它的右端。",
            "An event at the very end gets a frame of its own: the last frame includes its upper end.",
        ),
        Mistake(lambda t, d: np.minimum(t // d, max(1, int(np.ceil(t[-1] / d))) - 1), *_FROM_FIRST),
        Mistake(lambda t, d: np.minimum(t // d, max(1, int(np.ceil((t[-1] - t[0]) / d))) - 1), *_FROM_FIRST),
        Mistake(
            lambda t, d: bins(t, d, max(1, int((t[-1] - t[0]) // d))),
            "帧数应当向上取整：向下取整时，结尾不足一帧的那一段被并进了前一帧，那一帧就长于 Δ。",
            "The number of frames is rounded up: rounded down, the last frame takes the tail and is longer than Δ.",
        ),
        Mistake(
            lambda t, d: bins(t, d, number=lambda t, d: np.rint(t / d).astype(int)),
            "帧号是向下取整，不是四舍五入：第 j 帧从 jΔ 开始。",
            "Frame numbers are rounded down, not to the nearest: frame j begins at jΔ.",
        ),
        Mistake(
            lambda t, d: (t - t[0])[(t - t[0]) // d < max(1, (t[-1] - t[0]) // d)] // d,
            "结尾的事件丢了：每个事件都有帧号，帧数要向上取整。",
            "The events at the end are lost: each event has a frame, and the number of frames is rounded up.",
        ),
        Mistake(
            lambda t, d: np.maximum(0, -(-(t - t[0]) // d) - 1),
            "中间的边界归后一帧：第 j 帧是 jΔ ≤ t − t[0] < (j+1)Δ；只有最后一帧包括右端。",
            "A border belongs to the frame that begins there, jΔ ≤ t − t[0]; only the last includes its upper end.",
        ),
        Mistake(
            lambda t, d: bins(t, d, int(np.ceil((t[-1] - t[0]) / d))),
            "所有事件同时发生时，帧数成了 0，帧号成了 −1：至少要有 1 帧，max(1, …)。",
            "Where all events share one moment you get frame −1: there is at least 1 frame, max(1, …).",
        ),
        Mistake(
            _last_event_moved,
            "恰好落在右端的可以不止一个事件：都要归最后一帧，不能只改最后一个。",
            "Several events may lie at the upper end: all belong to the last frame, not only the very last event.",
        ),
        Mistake(lambda t, d: duration_bins(t, d) * 1.0, *WHOLE),
        Mistake(lambda t, d: bins(t, d, number=np.true_divide), *WHOLE),
        Mistake(
            lambda t, d: (t - t[0]) % d,
            "这是离边界多久（余数 %）；帧号是整除 //。",
            "That is the time since the border (the rest, %); the frame number is the whole part, //.",
        ),
        Mistake(
            lambda t, d: max(1, int(np.ceil((t[-1] - t[0]) / d))),
            "这是帧数；要的是每个事件的帧号，与 t 一样长。",
            "That is the number of frames; wanted is the frame of each event, as many as t.",
        ),
        Mistake(
            lambda t, d: np.bincount(duration_bins(t, d)),
            "这是每帧有几个事件；要的是每个事件在第几帧，与 t 一样长。",
            "That is how many events each frame has; wanted is the frame of each event, as many as t.",
        ),
    ),
    hints=(
        (
            "先减去 t[0]。帧号是 t // duration，帧数是 ⌈总时长 / duration⌉，至少为 1。",
            "Subtract t[0]. The frame number is t // duration; there are ⌈span / duration⌉ frames, at least 1.",
        ),
        (
            "想一想 t = 0、10，duration = 10：应当是一帧，而 10 // 10 = 1 却是第二帧。",
            "Think of t = 0, 10 with duration = 10: one frame, yet 10 // 10 = 1 would be a second.",
        ),
        (
            "np.minimum(t // duration, frames - 1)，其中 frames = max(1, int(np.ceil(t[-1] / duration)))。",
            "np.minimum(t // duration, frames - 1), where frames = max(1, int(np.ceil(t[-1] / duration))).",
        ),
    ),
)
