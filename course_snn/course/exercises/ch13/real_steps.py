"""Exercise 13.real_steps."""

import torch

from course_snn.course.exercise import KIND, Exercise, Mistake
from course_snn.course.exercises import drawn


def real_steps(lengths, T):
    return torch.arange(T)[:, None] < lengths


_LENGTHS = torch.tensor([6, 6, 5, 5, 7])
_BOOL = (
    "数值对，但掩码要用布尔张量：True 和 False，不是 1 和 0。比较的结果本身就是布尔的。",
    "The values are right, but a mask is a tensor of True and False, not of 1 and 0. A comparison gives just that.",
)


def _vary(rng):
    def case(T, count, most):
        return torch.tensor([drawn.whole(rng, 1, most) for _ in range(count)]), T

    T = drawn.whole(rng, 5, 8)
    return case(T, drawn.whole(rng, 3, 5), T), case(T, 2, T - 2), (torch.tensor([3, 3]), 3)


EXERCISE = Exercise(
    id="13.real_steps",
    solution=real_steps,
    vary=_vary,
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
)
