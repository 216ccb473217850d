"""Exercise 02.DeltaEncoder."""

import torch

from course_snn import encoding
from course_snn.course.exercise import CONTAINER, KIND, Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch02.shared import bool_tensor


class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        reference, train = x[0], []
        for now in x:
            on = now - reference >= self.threshold
            off = reference - now >= self.threshold
            reference = reference + self.threshold * (on.float() - off.float())
            train.append(torch.stack([on, off]))
        return torch.stack(train)


def trains(answer, threshold, *signals):
    """Run ``DeltaEncoder``: one encoder for all signals; return the last train."""
    encoder = answer(threshold)
    if not callable(encoder):
        raise Finding(
            "类要继承 encoding.TrainEncoder：第一行保持原样。",
            "The class inherits from encoding.TrainEncoder: leave its first line as it is.",
        )
    if isinstance(encoder, torch.nn.Module) and not hasattr(encoder, "_backward_hooks"):
        raise Finding(
            "__init__ 里少了 super().__init__()：基类要先准备好。",
            "super().__init__() is missing in __init__: the base class must be made ready first.",
        )
    for signal in signals:
        train = encoder(signal)
    if train is None or train is ...:
        return train
    if not torch.is_tensor(train) or train.shape == (len(signal), 2, *signal.shape[1:]):
        bool_tensor(train)
    return train


def _delta(start=lambda x: x[0], follow=None, on=lambda d, th: d >= th, stack=torch.stack, keeps=False):
    """``DeltaEncoder`` with one thing done wrong."""
    follow = follow or (lambda reference, now, step: reference + step)

    def with_threshold(threshold):
        kept = []

        def encode(x):
            reference, train = kept[0] if kept else start(x), []
            for now in x:
                up, down = on(now - reference, threshold), on(reference - now, threshold)
                reference = follow(reference, now, threshold * (up.float() - down.float()))
                train.append(stack([up, down]))
            kept[:] = [reference] if keeps else []
            return torch.stack(train)

        return encode

    return with_threshold


def _several(threshold):
    """``DeltaEncoder`` whose reference makes up for several thresholds in one step."""
    return _delta(follow=lambda reference, now, step: reference + threshold * ((now - reference) / threshold).trunc())(
        threshold
    )


def _all_move(reference, now, step):
    return reference + step.clamp(min=0).max() + step.clamp(max=0).min()


_SLOW = torch.tensor([0.0, 0.125, 0.25, 0.375, 0.5, 0.5, 0.375, 0.25, 0.125, 0.0])
_JUMP = torch.tensor(  # [T, 3]: a jump of two and a half thresholds, a small dip, silence
    [[1.0, 0.5, 0.0], [2.25, 0.5, 0.0], [2.25, 0.0, 0.0], [2.5, 0.0, 0.25], [1.0, 0.5, 0.0], [1.0, 1.0, 0.0]]
)


def _vary(rng):
    up, down = drawn.whole(rng, 3, 6), drawn.whole(rng, 2, 6)
    slow = torch.tensor([0.0, *[0.125] * up, 0.0, *[-0.125] * down]).cumsum(0)
    jumps = drawn.grid(rng, (7, 3), 0.0, 2.5, 0.25)
    th = drawn.one_of(rng, 0.5, 0.75)
    wide = drawn.grid(rng, (5, 3, 2), 0.0, 2.0, 0.25)
    return (0.25, slow), (th, jumps), (th, jumps, jumps.flip(0)), (0.25, wide)


EXERCISE = Exercise(
    id="02.DeltaEncoder",
    solution=DeltaEncoder,
    vary=_vary,
    cases=(
        (0.25, _SLOW),
        (0.5, _JUMP),
        (0.25, torch.ones(4)),
        (0.5, _JUMP, _JUMP.flip(0)),
        (0.25, _JUMP.reshape(6, 3, 1).expand(6, 3, 2)),
    ),
    run=trains,
    exact=(KIND, CONTAINER),
    keeps=True,
    mistakes=(
        Mistake(
            _delta(follow=lambda reference, now, step: now),
            "你比较的是相邻两步。变化很慢时每一步都不到阈值，就永远没有脉冲：要与上一次发放时的参考值比较。",
            "You compare neighbouring steps. A slow change never reaches the threshold in one step: compare "
            "with the reference of the last spike.",
        ),
        Mistake(
            _delta(follow=lambda reference, now, step: torch.where(step != 0, now, reference)),
            "参考值应当恰好移动一个阈值，而不是跳到当前值：否则零头被丢掉，还原出来的信号会漂移。",
            "Move the reference by exactly one threshold instead of to the present value: the remainder gets "
            "lost, and the rebuilt signal drifts.",
        ),
        Mistake(
            _several,
            "一步最多移动一个阈值：一次追上好几格，脉冲却只有一个，还原出来的信号就不够了。",
            "At most one threshold in a step: if the reference makes up for several at once, there is but one "
            "spike to rebuild them from.",
        ),
        Mistake(
            _delta(follow=lambda reference, now, step: reference),
            "参考值一直没有动：发放之后要让它移动一个阈值。",
            "The reference never moves: after a spike it must move by one threshold.",
        ),
        Mistake(
            _delta(follow=lambda reference, now, step: reference + step.clamp(min=0)),
            "参考值只会升：发了降脉冲，就减去一个阈值。",
            "The reference only rises: after a down spike subtract one threshold.",
        ),
        Mistake(
            _delta(follow=lambda reference, now, step: reference - step),
            "参考值移反了：升脉冲之后加，降脉冲之后减，它要追上信号。",
            "The reference moves the wrong way: up after an up spike, down after a down spike, so that it "
            "follows the signal.",
        ),
        Mistake(
            _delta(follow=lambda reference, now, step: reference + step.sign()),
            "参考值移动的是阈值 threshold，不是 1。",
            "The reference moves by threshold, not by 1.",
        ),
        Mistake(
            _delta(follow=_all_move),
            "一个像素发放，所有像素的参考值都动了：每个像素只移动自己的。",
            "One pixel fires, and the reference of all moves: each pixel moves its own only.",
        ),
        Mistake(
            _delta(start=lambda x: torch.zeros_like(x[0])),
            "参考值从第一个样本 x[0] 开始，不是从 0 开始：接收端已经知道起点。",
            "The reference starts at the first sample x[0], not at 0: the receiver knows where it starts.",
        ),
        Mistake(
            _delta(start=lambda x: x[0].clone(), keeps=True),
            "新的信号来了，参考值还是上一个信号留下的：在 encode 里从 x[0] 重新开始，不要存在 self 里。",
            "A new signal comes, and the reference is still that of the last: start afresh at x[0] in encode, "
            "do not keep it in self.",
        ),
        Mistake(
            _delta(follow=lambda reference, now, step: reference.add_(step)),
            "参考值就是输入的第一行，改它就改了输入：从 x[0].clone() 开始，或写 reference = reference + …。",
            "The reference is the first row of the input, and changing it changes that: start from "
            "x[0].clone(), or write reference = reference + ….",
        ),
        Mistake(
            _delta(on=lambda difference, threshold: difference > threshold),
            "刚好等于阈值也要发放：用 >=，不是 >。",
            "A change equal to the threshold fires too: use >=, not >.",
        ),
        Mistake(
            _delta(stack=lambda pair: torch.stack(pair[::-1])),
            "两个通道的顺序反了：先“变亮”，后“变暗”。",
            "The two channels are exchanged: first rising, then falling.",
        ),
        Mistake(
            _delta(stack=lambda pair: torch.stack([pair[0] | pair[1]] * 2)),
            "两个通道总是一起发放：升和降要分开判断，不要用绝对值。",
            "Both channels always fire together: test rising and falling on their own, without the absolute value.",
        ),
        Mistake(
            _delta(stack=lambda pair: torch.stack(pair, dim=-1)),
            "通道应当是第二维：形状是 [T, 2, …]。",
            "The channels are the second dimension: the shape is [T, 2, …].",
        ),
        Mistake(
            lambda threshold: lambda x: DeltaEncoder(threshold)(x).transpose(0, 1),
            "时间应当是第一维，通道是第二维：形状是 [T, 2, …]。",
            "Time comes first and the channels second: the shape is [T, 2, …].",
        ),
        Mistake(
            _delta(stack=lambda pair: pair[0].int() - pair[1].int()),
            "要两个通道，不是一个带正负号的：升和降各用一个通道，都是 bool。",
            "Two channels are wanted, not one with signs: one for up and one for down, both bool.",
        ),
        Mistake(
            lambda threshold: lambda x: DeltaEncoder(0.1)(x),
            "阈值是参数 threshold，不一定是 0.1。",
            "The threshold is the argument threshold; it need not be 0.1.",
        ),
    ),
    hints=(
        (
            "记住一个参考值，它从 x[0] 开始；逐步与它比较。",
            "Keep a reference that starts at x[0], and compare with it step by step.",
        ),
        (
            "on = now - reference >= threshold，off 反过来；发放后参考值加上或减去一个阈值。",
            "on = now - reference >= threshold, off the other way round; then move the reference by one threshold.",
        ),
        (
            "每步用 torch.stack([on, off]) 放在一起，最后用 torch.stack 把所有步叠成 [T, 2, …]。",
            "Join each step with torch.stack([on, off]), and in the end all steps with torch.stack to [T, 2, …].",
        ),
    ),
)
