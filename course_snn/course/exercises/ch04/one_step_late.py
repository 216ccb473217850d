"""Exercise 04.one_step_late."""

import torch

from course_snn.course.exercise import CONTAINER, KIND, Exercise, Mistake
from course_snn.course.exercises import drawn


def one_step_late(spikes):
    late = torch.zeros_like(spikes)
    late[1:] = spikes[:-1]
    return late


def _vary(rng):
    T, n = drawn.whole(rng, 5, 8), drawn.whole(rng, 2, 4)
    return (
        (drawn.spikes(rng, T).bool(),),
        (drawn.spikes(rng, T, n).bool(),),
        (drawn.spikes(rng, 1, 1, n + 1).bool(),),
        (drawn.spikes(rng, 4, n, 2),),
        (drawn.spikes(rng, T).long(),),
    )


EXERCISE = Exercise(
    id="04.one_step_late",
    solution=one_step_late,
    vary=_vary,
    exact=(CONTAINER, KIND),
    keeps=True,
    cases=(
        (torch.tensor([0, 1, 0, 0, 1, 1]).bool(),),
        (torch.tensor([[1, 0], [0, 1], [0, 1], [1, 0], [1, 1]]).bool(),),
        (torch.tensor([[[1, 0, 1]]]).bool(),),
        (torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),),
        (torch.tensor([1, 1, 0, 1]),),
    ),
    mistakes=(
        Mistake(
            lambda s: torch.cat([s[1:], torch.zeros_like(s[:1])]),
            "方向反了：时钟驱动的脉冲来得晚，不是早。",
            "The wrong way: the clock-driven spike comes later, not earlier.",
        ),
        Mistake(
            lambda s: torch.roll(s, 1, dims=0),
            "最后一步的脉冲绕回了开头：roll 会转圈，第 0 步应当没有脉冲。",
            "The last spikes came round to the start: roll wraps; in step 0 there must be none.",
        ),
        Mistake(
            lambda s: torch.cat([torch.zeros_like(s[:1]), s]),
            "多了一步：开头补一步，末尾就要去掉一步，形状不变。",
            "One step too many: a step added at the start must go at the end; the shape stays.",
        ),
        Mistake(
            lambda s: s[:-1].clone(),
            "少了一步：末尾去掉一步，开头就要补一步没有脉冲的，形状不变。",
            "One step too few: a step taken off the end needs one without spikes at the start; the shape stays.",
        ),
        Mistake(
            lambda s: torch.cat([torch.zeros_like(s[..., :1]), s[..., :-1]], dim=-1),
            "移错了维：时间是第一维，你移动的是神经元。",
            "The wrong dimension: time comes first, and you moved the neurons.",
        ),
        Mistake(
            lambda s: one_step_late(s).bool(),
            "类型变了：给的是 float 或整数，返回的也要是，不要都变成 bool。",
            "The type changed: floats stay floats and whole numbers whole numbers, not all bool.",
        ),
        Mistake(
            lambda s: one_step_late(s).float(),
            "类型变了：bool 要还是 bool。用 torch.zeros_like(spikes)，或者给 torch.zeros 加上 dtype=spikes.dtype。",
            "The type changed: bool stays bool. Use torch.zeros_like(spikes), or torch.zeros with dtype=spikes.dtype.",
        ),
        Mistake(
            lambda s: one_step_late(s).numpy(),
            "要返回张量，不是 NumPy 数组：最后用 torch.from_numpy(…)。",
            "A tensor is wanted, not a NumPy array: torch.from_numpy(…) at the end.",
        ),
        Mistake(
            lambda s: list(one_step_late(s)),
            "要返回一个张量，不是列表：最后用 torch.stack(…)。",
            "One tensor is wanted, not a list: torch.stack(…) at the end.",
        ),
        Mistake(
            lambda s: torch.cat([s[:1], s[:-1]]),
            "第 0 步应当没有脉冲：不要留着原来的第 0 步。",
            "In step 0 there must be no spike: do not keep the old step 0.",
        ),
        Mistake(
            lambda s: torch.cat([torch.zeros_like(s[:2]), s[:-2]])[: len(s)],
            "晚了两步：只晚一步。",
            "Two steps late: only one step is wanted.",
        ),
        Mistake(
            lambda s: torch.cat([torch.zeros_like(s[:1]), s[:1].expand_as(s)[1:]]),
            "还没读就被覆盖了：第 0 步的脉冲一路传了下去。写到新的张量里，或者从最后一步往前移。",
            "Overwritten before it was read: the spikes of step 0 spread over all steps. Write to a new tensor, or "
            "move from the last step to the first.",
        ),
        Mistake(
            lambda s: torch.cat([torch.zeros(1, s.shape[1], dtype=s.dtype), s[:-1]]),
            "只对两维的张量有效：形状是 [T, …]，可以只有 [T]，也可以更多维；用 torch.zeros_like(spikes[:1])。",
            "That works for two dimensions only: the shape is [T, …], just [T] or with more dimensions; use "
            "torch.zeros_like(spikes[:1]).",
        ),
        Mistake(
            lambda s: torch.cat([torch.zeros_like(s[1])[None], s[:-1]]),
            "T 可以是 1：这时没有 spikes[1]，用 spikes[:1] 或 spikes[0]。",
            "T may be 1: then there is no spikes[1]; use spikes[:1] or spikes[0].",
        ),
    ),
    hints=(
        (
            "新序列的第 t 步等于旧序列的第 t - 1 步；第 0 步没有脉冲。",
            "Step t of the new train is step t - 1 of the old one; step 0 has no spike.",
        ),
        (
            "先用 torch.zeros_like 造一个同样形状的空序列。",
            "Make an empty train of the same shape with torch.zeros_like.",
        ),
        ("再写 late[1:] = spikes[:-1]，最后返回 late。", "Then late[1:] = spikes[:-1], and return late."),
    ),
)
