"""Exercises of chapter 13: event data."""

import numpy as np
import torch

from course_snn.course.exercise import Exercise, Mistake


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


def _once(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    frames[frame, p, y, x] += 1
    return frames


def _surface(future=False, forget=False, add=False, early=False):
    """``time_surface`` with one thing done wrong."""

    def answer(events, T, tau, height, width):
        t = events["t"] - events["t"][0]
        frames = []
        for j in range(T):
            end = t[-1] * (j if early else j + 1) / T
            seen = (t <= end) & (t > end - t[-1] / T) if forget else (t <= end) | future
            place = events["p"][seen], events["y"][seen], events["x"][seen]
            if add:
                frames.append(np.zeros((2, height, width)))
                np.add.at(frames[-1], place, np.exp((t[seen] - end) / tau))
            else:
                latest = np.full((2, height, width), -np.inf)
                np.maximum.at(latest, place, t[seen])
                frames.append(np.exp((latest - end) / tau))
        return np.stack(frames)

    return answer


def _stream(n, seed, size=3, last=1000):
    rng = np.random.default_rng(seed)
    t = np.sort(rng.integers(0, last, n)) + 500
    x, y, p = rng.integers(0, size, n), rng.integers(0, size, n), rng.integers(0, 2, n)
    return {"t": t, "x": x, "y": y, "p": p}


_FEW = _stream(12, 1)
_FRAMES = np.array([0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2])
_SAME = (np.array([0, 0, 0]), np.array([2, 2, 0]), np.array([1, 1, 2]), np.array([1, 1, 0]), 1, 3, 3)
_LENGTHS = torch.tensor([6, 6, 5, 5, 7])

EXERCISES = (
    Exercise(
        id="13.frame_numbers",
        solution=frame_numbers,
        cases=((10, 3), (11, 4), (12, 4), (23, 5), (5, 1)),
        mistakes=(
            Mistake(
                lambda n, T: np.arange(n) // (n // T),
                "除不尽时多出了第 T 帧：余下的事件要归最后一帧（编号 T − 1）。",
                "Where the division leaves a rest there is a frame T: the rest belongs to the last frame, T − 1.",
            ),
            Mistake(
                lambda n, T: np.arange(n) // -(-n // T),
                "每帧的事件数应当向下取整：你向上取整了，最后一帧反而少了，甚至一个也没有。",
                "The share of a frame is rounded down: you rounded up, and the last frame gets less, or nothing.",
            ),
            Mistake(
                lambda n, T: np.arange(n) * T // n,
                "你把余数摊给了好几帧。公式里前 T − 1 帧一样多，余数全归最后一帧。",
                "You spread the rest over several frames. In the formula the first T − 1 are equal, and the last takes "
                "all of the rest.",
            ),
            Mistake(
                lambda n, T: np.arange(n) % T,
                "你像发牌一样轮流分。事件是按时间排好的，相邻的事件要放进同一帧。",
                "You deal the events out like cards. They are sorted by time; neighbours belong into the same frame.",
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
        cases=(_SAME, (_FRAMES, _FEW["x"], _FEW["y"], _FEW["p"], 3, 3, 3)),
        mistakes=(
            Mistake(
                _once,
                "同一帧、同一像素的两个事件只算了一次：frames[…] += 1 先读一遍、再写一遍，"
                "重复的下标只写一个。要用 np.add.at。",
                "Two events of one pixel in one frame counted once: frames[…] += 1 reads everything, then writes, and "
                "of equal indices one write survives. Use np.add.at.",
            ),
            Mistake(
                lambda f, x, y, p, T, h, w: add_up(f, y, x, p, T, h, w),
                "x 和 y 换了位置：下标的顺序是 [帧, 极性, 行 y, 列 x]。",
                "x and y changed places: the order of indices is [frame, polarity, row y, column x].",
            ),
            Mistake(
                lambda f, x, y, p, T, h, w: add_up(f, x, y, 1 - p, T, h, w),
                "极性反了：通道 0 是 OFF（p = 0），通道 1 是 ON（p = 1）。",
                "The polarities are swapped: channel 0 is OFF (p = 0), channel 1 is ON (p = 1).",
            ),
            Mistake(
                lambda f, x, y, p, T, h, w: add_up(f * 0, x, y, p, T, h, w),
                "所有事件都进了第 0 帧：第一个下标是 frame。",
                "All events went into frame 0: the first index is frame.",
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
            (np.array([0, 20]), 10),
        ),
        mistakes=(
            Mistake(
                lambda t, d: (t - t[0]) // d,
                "时长恰好是整数帧时，最后一个事件独自多占了一帧。最后一帧包括它的右端。",
                "Where the frames fill the recording exactly, the last event alone makes one frame more. The last "
                "frame includes its upper end.",
            ),
            Mistake(
                lambda t, d: np.minimum(t // d, max(1, int(np.ceil(t[-1] / d))) - 1),
                "时间要从第一个事件算起：先减去 t[0]。",
                "Time counts from the first event: subtract t[0] first.",
            ),
            Mistake(
                lambda t, d: np.minimum((t - t[0]) // d, max(1, int((t[-1] - t[0]) // d)) - 1),
                "帧数应当向上取整：向下取整时，结尾不足一帧的那一段被并进了前一帧，那一帧就长于 Δ。",
                "The number of frames is rounded up: rounded down, the end that does not fill a frame falls into the "
                "one before, which is then longer than Δ.",
            ),
            Mistake(
                lambda t, d: np.minimum(
                    np.round((t - t[0]) / d).astype(int), max(1, int(np.ceil((t[-1] - t[0]) / d))) - 1
                ),
                "帧号是向下取整，不是四舍五入：第 j 帧从 jΔ 开始。",
                "Frame numbers are rounded down, not to the nearest: frame j begins at jΔ.",
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
        mistakes=(
            Mistake(
                lambda lengths, T: (torch.arange(T)[:, None] < lengths).t(),
                "转置了：时间在前，形状是 [T, N]。",
                "Transposed: time comes first, [T, N].",
            ),
            Mistake(
                lambda lengths, T: torch.arange(T)[:, None] <= lengths,
                "每个序列都多了一步：长度为 3 的序列，真实的步是 0、1、2。",
                "One step too many for each sequence: of length 3, the real steps are 0, 1, 2.",
            ),
            Mistake(
                lambda lengths, T: torch.arange(T)[:, None] >= lengths,
                "真假反了：真实的步是 True，补上去的是 False。",
                "True and False are swapped: real steps are True, padding is False.",
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
        id="13.true_gestures",
        solution=true_gestures,
        cases=((torch.arange(11),), (torch.tensor([2, 2, 3, 10, 0]),)),
        mistakes=(
            Mistake(
                lambda targets: targets,
                "文件夹名是字符串，'10' 排在 '2' 前面：目标 2 是文件夹 '10'，不是 '2'。",
                "Folder names are text, and '10' comes before '2': target 2 is the folder '10', not '2'.",
            ),
            Mistake(
                lambda targets: torch.tensor(sorted(range(11), key=str)).argsort()[targets],
                "方向反了：你由手势求目标。要由目标求文件夹的名字：folders[target]。",
                "The wrong way round: you go from gesture to target. Wanted is the folder's name: folders[target].",
            ),
            Mistake(
                lambda targets: torch.tensor(sorted(range(1, 12), key=str))[targets],
                "文件夹从 0 数到 10，不是从 1 数到 11：第一个手势在文件夹 '0' 里。",
                "The folders count from 0 to 10, not from 1 to 11: the first gesture is in folder '0'.",
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
    Exercise(
        id="13.time_surface",
        solution=time_surface,
        cases=((_stream(8, 2), 4, 300.0, 3, 3), (_stream(40, 3), 3, 200.0, 3, 3), (_stream(5, 4), 1, 1e3, 3, 3)),
        mistakes=(
            Mistake(
                _surface(future=True),
                "有的值大于 1：第 j 帧看见了未来的事件。只能用 t ≤ end 的事件。",
                "Some values exceed 1: frame j sees events of the future. Use those with t ≤ end only.",
            ),
            Mistake(
                _surface(forget=True),
                "你只看了本帧之内的事件。时间面记得每个像素最近的事件，不管它多久以前发生。",
                "You look at the events within the frame only. A time surface remembers the latest event of a pixel, "
                "however long ago.",
            ),
            Mistake(
                _surface(add=True),
                "你把同一像素的所有事件都加起来了。时间面只看最近的那一个。",
                "You add up all events of a pixel. A time surface looks at the latest only.",
            ),
            Mistake(
                _surface(early=True),
                "每一帧都早了一帧：第 j 帧的时刻 end 是 t[-1] · (j + 1) / T，最后一帧就是录像的终点。",
                "Each frame is one frame early: end of frame j is t[-1] · (j + 1) / T, and the last is the end of the "
                "recording.",
            ),
        ),
        hints=(
            (
                "逐帧做：算出 end，挑出 t ≤ end 的事件，求每个像素每种极性最近的时刻。",
                "For each frame: compute end, take the events with t ≤ end, find the latest per pixel and polarity.",
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
)
