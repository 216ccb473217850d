"""Exercises of chapter 13: event data."""

import numpy as np
import torch

from course_snn.course.exercise import KIND, Exercise, Mistake
from course_snn.course.exercises import ch13_wrong as wrong


def frame_numbers(n, T):
    return np.minimum(np.arange(n) // (n // T), T - 1)


def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, p, y, x), 1)
    return frames


def duration_bins(t, duration):
    t = t - t[0]
    frames = max(1, int(np.ceil(t[-1] / duration)))
    return np.minimum(t // duration, frames - 1)


def real_steps(lengths, T):
    return torch.arange(T)[:, None] < lengths


def true_gestures(targets):
    folders = sorted(range(11), key=str)
    return torch.tensor(folders)[targets]


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


def _last_event_moved(t, duration):
    return np.append((t - t[0])[:-1] // duration, duration_bins(t, duration)[-1])


def _both_channels(events, T, tau, height, width):
    alone = events | {"p": events["p"] * 0}
    return time_surface(alone, T, tau, height, width)[:, :1].repeat(2, axis=1)


def _gestures(table):
    return lambda targets: torch.tensor(table)[targets]


def _events(t, x, y, p):
    return {"t": np.array(t), "x": np.array(x), "y": np.array(y), "p": np.array(p)}


def _stream(n, seed, first=500, width=3, height=3, last=1000):
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, last, n)) + first
    return _events(t, rng.integers(0, width, n), rng.integers(0, height, n), rng.integers(0, 2, n))


_FEW = _stream(12, 1)
_FRAMES = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
_SAME = (np.array([0, 0, 0]), np.array([2, 2, 0]), np.array([1, 1, 2]), np.array([1, 1, 0]), 1, 3, 3)
_MANY = np.zeros(300, dtype=int)
_LENGTHS = torch.tensor([6, 6, 5, 5, 7])
_BY_NAME = sorted(range(11), key=str)
_SPREAD = (
    "你把余数摊给了好几帧。公式里前 T − 1 帧一样多，余数全归最后一帧。",
    "You spread the rest over several frames. In the formula the first T − 1 are equal, and the last takes all of "
    "the rest.",
)
_WHOLE = (
    "帧号是整数，要用来当下标：先取整，结果的类型也要是整数（astype(int)）。",
    "A frame number is a whole number, used as an index: round down, and give the array a type of integers "
    "(astype(int)).",
)
_FROM_FIRST = ("时间要从第一个事件算起：先减去 t[0]。", "Time counts from the first event: subtract t[0] first.")
_BOOL = (
    "数值对，但掩码要用布尔张量：True 和 False，不是 1 和 0。比较的结果本身就是布尔的。",
    "The values are right, but a mask is a tensor of True and False, not of 1 and 0. A comparison gives just that.",
)


EXERCISES = (
    Exercise(
        id="13.frame_numbers",
        solution=frame_numbers,
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
                lambda n, T: wrong.numbered(n, T, n) * (wrong.numbered(n, T, n) < T),
                "余下的事件进了第 0 帧：它们归最后一帧，编号 T − 1。",
                "The rest went into frame 0: it belongs to the last frame, T − 1.",
            ),
            Mistake(
                lambda n, T: np.repeat(np.arange(T), n // T),
                "余下的事件丢了：结果要有 n 个帧号，余数归最后一帧。",
                "The rest is lost: the result has n numbers, and the last frame takes the rest.",
            ),
            Mistake(
                lambda n, T: wrong.numbered(n, T, T),
                "帧从 0 数起，最后一帧是 T − 1，没有第 T 帧。",
                "Frames count from 0: the last is T − 1, and there is no frame T.",
            ),
            Mistake(
                lambda n, T: np.minimum(np.arange(1, n + 1) // (n // T), T - 1),
                "事件也从 0 数起：你从 1 数起，每一帧都早开始了一个事件。",
                "Events count from 0 as well: you count from 1, so that each frame begins one event early.",
            ),
            Mistake(lambda n, T: frame_numbers(n, T) * 1.0, *_WHOLE),
            Mistake(lambda n, T: np.minimum(np.arange(n) / (n // T), T - 1), *_WHOLE),
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
    ),
    Exercise(
        id="13.add_up",
        solution=add_up,
        cases=(
            _SAME,
            (_FRAMES, _FEW["x"], _FEW["y"], _FEW["p"], 3, 3, 3),
            (_FRAMES // 2, _FEW["x"], _FEW["y"], _FEW["p"], 4, 3, 5),
            (_MANY, _MANY, _MANY, _MANY, 1, 2, 2),
        ),
        keeps=True,
        mistakes=(
            Mistake(
                wrong.once,
                "同一帧、同一像素的两个事件只算了一次：用下标赋值（= 1、+= 1）时，重复的下标只写一次。要用 np.add.at。",
                "Two events of one pixel and frame count once: = 1 and += 1 write equal indices once. Use np.add.at.",
            ),
            Mistake(
                lambda f, x, y, p, T, h, w: add_up(f, y, x, p, T, h, w),
                "x 和 y 换了位置：下标的顺序是 [帧, 极性, 行 y, 列 x]。",
                "x and y changed places: the order of indices is [frame, polarity, row y, column x].",
            ),
            Mistake(
                wrong.added(width_first=True),
                "宽和高换了位置：形状是 [T, 2, height, width]，下标的顺序是 [帧, 极性, 行 y, 列 x]。",
                "Width and height changed places: the shape is [T, 2, height, width], the indices [frame, p, y, x].",
            ),
            Mistake(
                wrong.row_too_long,
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
                lambda f, x, y, p, T, h, w: wrong.added(value=2 * p - 1)(f, x, y, p, T, h, w),
                "OFF 事件被减掉了：两种极性各有通道，每个事件都加 1。",
                "OFF events are subtracted: each polarity has a channel of its own, and every event adds 1.",
            ),
            Mistake(
                lambda f, x, y, p, T, h, w: wrong.added(value=p)(f, x, y, p, T, h, w),
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
                wrong.added(dtype=np.uint8),
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
    ),
    Exercise(
        id="13.duration_bins",
        solution=duration_bins,
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
                lambda t, d: wrong.bins(t, d, max(1, int((t[-1] - t[0]) // d))),
                "帧数应当向上取整：向下取整时，结尾不足一帧的那一段被并进了前一帧，那一帧就长于 Δ。",
                "The number of frames is rounded up: rounded down, the last frame takes the tail and is longer than Δ.",
            ),
            Mistake(
                lambda t, d: wrong.bins(t, d, number=lambda t, d: np.rint(t / d).astype(int)),
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
                lambda t, d: wrong.bins(t, d, int(np.ceil((t[-1] - t[0]) / d))),
                "所有事件同时发生时，帧数成了 0，帧号成了 −1：至少要有 1 帧，max(1, …)。",
                "Where all events share one moment you get frame −1: there is at least 1 frame, max(1, …).",
            ),
            Mistake(
                _last_event_moved,
                "恰好落在右端的可以不止一个事件：都要归最后一帧，不能只改最后一个。",
                "Several events may lie at the upper end: all belong to the last frame, not only the very last event.",
            ),
            Mistake(lambda t, d: duration_bins(t, d) * 1.0, *_WHOLE),
            Mistake(lambda t, d: wrong.bins(t, d, number=np.true_divide), *_WHOLE),
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
    ),
    Exercise(
        id="13.real_steps",
        solution=real_steps,
        cases=((_LENGTHS, 7), (torch.tensor([1, 3]), 4), (torch.tensor([2, 2, 2]), 2)),
        exact=(KIND,),
        keeps=True,
        mistakes=(
            Mistake(
                lambda lengths, T: (torch.arange(T)[:, None] < lengths).t(),
                "转置了：时间在前，形状是 [T, N]。",
                "Transposed: time comes first, [T, N].",
            ),
            Mistake(
                lambda lengths, T: (torch.arange(T) < lengths[:, None]).reshape(T, -1),
                "reshape 只是重新排列，不会把行变成列：要转置（.T），时间在前。",
                "reshape only regroups and does not make rows into columns: transpose (.T), time comes first.",
            ),
            Mistake(
                lambda lengths, T: torch.arange(T)[:, None] <= lengths,
                "每个序列都多了一步：长度为 3 的序列，真实的步是 0、1、2。",
                "One step too many for each sequence: of length 3, the real steps are 0, 1, 2.",
            ),
            Mistake(
                lambda lengths, T: torch.arange(1, T + 1)[:, None] < lengths,
                "每个序列都少了一步：长度为 3 的序列，真实的步是 0、1、2。",
                "One step too few for each sequence: of length 3, the real steps are 0, 1, 2.",
            ),
            Mistake(
                lambda lengths, T: torch.arange(T)[:, None] >= lengths,
                "真假反了：真实的步是 True，补上去的是 False。",
                "True and False are swapped: real steps are True, padding is False.",
            ),
            Mistake(
                lambda lengths, T: torch.arange(T)[:, None] >= T - lengths,
                "零补在后面，不在前面：真实的步在开头。",
                "The padding is behind, not in front: real steps come first.",
            ),
            Mistake(lambda lengths, T: (torch.arange(T)[:, None] < lengths).float(), *_BOOL),
            Mistake(lambda lengths, T: (torch.arange(T)[:, None] < lengths).long(), *_BOOL),
            Mistake(
                lambda lengths, T: torch.arange(int(lengths.max()))[:, None] < lengths,
                "没有用 T：T 可以比最长的还大，那时最后几步全是 False。",
                "T is not used: it may exceed the longest length, and then the last steps are False for all.",
            ),
            Mistake(
                lambda lengths, T: torch.arange(T)[:, None] == lengths - 1,
                "只有最后一个真实的步是 True：它之前的步也都是真的。",
                "Only the last real step is True: those before it are real as well.",
            ),
        ),
        hints=(
            (
                "第 n 个序列的第 t 步是真的，当且仅当 t < lengths[n]。",
                "Step t of sequence n is real if and only if t < lengths[n].",
            ),
            ("让 [T, 1] 与 [N] 相比较，广播会给出 [T, N]。", "Compare [T, 1] with [N]: broadcasting gives [T, N]."),
            ("写作 torch.arange(T)[:, None] < lengths。", "In code: torch.arange(T)[:, None] < lengths."),
        ),
    ),
    Exercise(
        id="13.time_surface",
        solution=time_surface,
        cases=(
            (_events([500, 600, 700, 900], [0, 1, 1, 0], [1, 0, 0, 1], [1, 0, 0, 1]), 2, 256.0, 2, 3),
            (_stream(8, 2), 4, 300.0, 3, 4),
            (_stream(40, 3), 4, 200.0, 3, 3),
            (_stream(12, 4, first=10**9), 2, 300.0, 3, 3),
            (_stream(5, 5, first=0), 1, 1e4, 3, 3),
        ),
        keeps=True,
        mistakes=(
            Mistake(
                wrong.surface(seen=lambda t, end, before: t < np.inf),
                "有的值大于 1：第 j 帧看见了未来的事件。只能用 t ≤ t_j 的事件。",
                "Some values exceed 1: frame j sees events of the future. Use those with t ≤ t_j only.",
            ),
            Mistake(
                wrong.surface(seen=lambda t, end, before: (t <= end) & (t > before)),
                "你只看了本帧之内的事件。时间面记得每个像素最近的事件，不管它多久以前发生。",
                "You look at the events within the frame only. A time surface remembers the latest, however long ago.",
            ),
            Mistake(
                wrong.surface(seen=lambda t, end, before: t < end),
                "恰好在 t_j 这一刻的事件也算：t ≤ t_j，不是 t < t_j。",
                "An event at the very moment t_j counts: t ≤ t_j, not t < t_j.",
            ),
            Mistake(
                wrong.all_events,
                "你把同一像素的所有事件都加起来了。时间面只看最近的那一个。",
                "You add up all events of a pixel. A time surface looks at the latest only.",
            ),
            Mistake(
                wrong.surface(first=True),
                "你看的是每个像素最早的事件：要最近的那一个。",
                "You look at the first event of each pixel: take the latest.",
            ),
            Mistake(
                wrong.surface(moment=lambda t, j, T: t[-1] * j / T),
                "每一帧都早了一帧：t_j 是第 j 帧的末尾，在全程的 (j + 1)/T 处，最后一帧就是录像的终点。",
                "Each frame is one frame early: t_j is its end, (j + 1)/T of the way, at last that of the recording.",
            ),
            Mistake(
                wrong.surface(moment=lambda t, j, T: np.linspace(0, t[-1], T)[j]),
                "T 个时刻是各帧的末尾，在全程的 (j + 1)/T 处，不含起点。",
                "The moments are the ends of the T frames, (j + 1)/T of the way; the start is not one of them.",
            ),
            Mistake(
                wrong.from_zero,
                "时刻要从第一个事件算起：先减去 t[0]，或者用 t[0] + (t[-1] − t[0])·(j + 1)/T。",
                "Moments count from the first event: subtract t[0] first, or take t[0] + (t[-1] − t[0])·(j + 1)/T.",
            ),
            Mistake(
                wrong.surface(never=lambda end, tau, t0: np.exp(-(end + t0) / tau)),
                "从没发过的像素应当是 0：你当它在时刻 0 发过。最近的时刻从 −∞ 开始。",
                "A pixel that never sent an event is 0, not as if it had sent one at time 0: start the latest at −∞.",
            ),
            Mistake(
                wrong.surface(seen=lambda t, end, before: (t > 0) & (t <= end)),
                "第一个事件（减去 t[0] 之后时刻是 0）也是事件：不能用 0 表示“从没发过”，用 −∞。",
                "The first event, at time 0 after t[0] is subtracted, is an event: let not 0 but −∞ stand for never.",
            ),
            Mistake(
                wrong.surface(value=lambda age, tau: age / tau),
                "这是年龄 (t_j − t)/τ；时间面是 e 的负年龄次方，刚发过的是 1。",
                "That is the age, (t_j − t)/τ; a time surface is e to the minus age, 1 just after an event.",
            ),
            Mistake(
                wrong.surface(value=lambda age, tau: np.exp(-age)),
                "指数里少了 τ：年龄要除以 tau。",
                "τ is missing in the exponent: divide the age by tau.",
            ),
            Mistake(
                wrong.surface(value=lambda age, tau: np.exp(-age / (1000 * tau))),
                "tau 和 t 都以微秒为单位：不要再乘以 1000。",
                "tau and t are both in microseconds: do not multiply by 1000.",
            ),
            Mistake(
                wrong.surface(value=lambda age, tau: np.exp(age / tau)),
                "指数的符号反了：越久越小，exp(−(t_j − t)/τ)。",
                "The sign of the exponent is wrong: it gets smaller with time, exp(−(t_j − t)/τ).",
            ),
            Mistake(
                wrong.surface(place=lambda p, y, x: (p, x, y)),
                "x 和 y 换了位置：下标的顺序是 [极性, 行 y, 列 x]。",
                "x and y changed places: the order of indices is [polarity, row y, column x].",
            ),
            Mistake(
                _both_channels,
                "两种极性混在一起了：每种极性各有自己的通道，下标里要有 p。",
                "The two polarities are mixed: each has a channel of its own; use p as an index.",
            ),
            Mistake(
                wrong.in_float32,
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
    ),
    Exercise(
        id="13.true_gestures",
        solution=true_gestures,
        cases=((torch.arange(11),), (torch.tensor([2, 2, 3, 10, 0]),), (torch.tensor([7]),)),
        exact=(KIND,),
        keeps=True,
        mistakes=(
            Mistake(
                lambda targets: targets,
                "文件夹名是字符串，'10' 排在 '2' 前面：目标 2 是文件夹 '10'，不是 '2'。",
                "Folder names are text, and '10' comes before '2': target 2 is the folder '10', not '2'.",
            ),
            Mistake(
                lambda targets: torch.tensor(_BY_NAME).argsort()[targets],
                "方向反了：你由手势求目标。要由目标求文件夹的名字：folders[target]。",
                "The wrong way round: you go from gesture to target. Wanted is the folder's name: folders[target].",
            ),
            Mistake(
                _gestures(sorted(range(1, 12), key=str)),
                "文件夹从 0 数到 10，不是从 1 数到 11：第一个手势在文件夹 '0' 里。",
                "The folders count from 0 to 10, not from 1 to 11: the first gesture is in folder '0'.",
            ),
            Mistake(
                _gestures([0, 1, 10, 3, 4, 5, 6, 7, 8, 9, 2]),
                "不只是 2 和 10 互换：'10' 插到 '2' 前面，'2' 到 '9' 都往后移了一位。",
                "2 and 10 do not just change places: '10' moves in before '2', and '2' to '9' all move one place on.",
            ),
            Mistake(
                _gestures([0, 1, 10, 3, 4, 5, 6, 7, 8, 9, 10]),
                "只改了 2：'10' 插到 '2' 前面，后面的目标 3 到 10 也都移了一位。",
                "Only 2 is put right: '10' moves in before '2', and so targets 3 to 10 have moved as well.",
            ),
            Mistake(
                wrong.in_turn,
                "先把 2 改成 10，后一步又把这个 10 改成了 9：先记住原来的目标，或者查表。",
                "2 becomes 10, and the next line makes that 10 a 9: remember the original targets, or use a table.",
            ),
            Mistake(
                lambda targets: torch.where(targets == 2, 10, targets + (targets > 2)),
                "移反了方向：目标 3 是文件夹 '2'，所以大于 2 的要减 1。",
                "A shift the wrong way: target 3 is the folder '2', so those above 2 get 1 less.",
            ),
            Mistake(
                lambda targets: torch.tensor(_BY_NAME),
                "这是整张表，没有用 targets：返回表的第 targets 项，folders[targets]。",
                "That is the whole table, whatever the targets: return its entries, folders[targets].",
            ),
            Mistake(
                lambda targets: torch.tensor(sorted(targets.tolist(), key=str)),
                "要排序的是文件夹的名字，不是 targets 本身：先排好名单，再查 targets。",
                "Sort the names of the folders, not the targets themselves; then look the targets up in that list.",
            ),
            Mistake(
                lambda targets: [str(_BY_NAME[target]) for target in targets.tolist()],
                "返回的是文字：名字要变成数，int(name)。",
                "That returns text: turn the names into numbers, int(name).",
            ),
            Mistake(
                lambda targets: torch.tensor(_BY_NAME)[targets].float(),
                "手势的编号是整数，这里成了浮点数：用 torch.tensor（小写）建表，它保留整数。",
                "Numbers of gestures are whole, and these are floats: torch.tensor (small t) keeps integers.",
            ),
        ),
        hints=(
            (
                "DatasetFolder 把文件夹名当作文字来排序。把 '0' … '10' 排一排，看看谁在第 2 位。",
                "DatasetFolder sorts folder names as text. Sort '0' … '10' that way: who is in place 2?",
            ),
            (
                "sorted(range(11), key=str) 就是文件夹的顺序。",
                "sorted(range(11), key=str) is the order of the folders.",
            ),
            (
                "写作 torch.tensor(sorted(range(11), key=str))[targets]。",
                "torch.tensor(sorted(range(11), key=str))[targets]",
            ),
        ),
    ),
)
