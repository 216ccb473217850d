"""What several exercises of chapter 02 share."""

import math

import torch

from course_snn.course.exercise import Finding


def bool_tensor(spikes):
    """Say that spikes are one tensor of bool, if these are not."""
    if not torch.is_tensor(spikes):
        raise Finding(
            "要返回一个张量：步放在列表里的话用 torch.stack，数组用 torch.from_numpy。",
            "A tensor is wanted: join a list of steps with torch.stack, turn an array into one with torch.from_numpy.",
        )
    if spikes.dtype != torch.bool:
        raise Finding(
            "脉冲应当是 torch.bool，不是浮点数或整数：比较的结果本来就是 bool，不用转换。",
            "Spikes are torch.bool, neither floats nor integers: a comparison returns bool already, leave it so.",
        )


def stable(x, T, last=None, log=torch.log, least=0.0):
    """``log_latency`` before it is rounded."""
    last = T - 1 if last is None else last
    return (-log((x + (1 - x) * math.exp(-last)).clamp(min=least))).clamp(max=last)


QUARTERS = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0])
