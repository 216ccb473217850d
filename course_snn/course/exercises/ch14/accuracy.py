"""Exercise 14.accuracy."""

import torch
from torch import nn

from course_snn import functional, neuron
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, frames.transpose(0, 1))
    gesture = sorted(range(11), key=str)
    labels = torch.tensor(gesture)[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()


_GESTURES = torch.tensor(sorted(range(11), key=str))


def _accuracy(reset=True, order=lambda frames: frames.transpose(0, 1), label=_GESTURES, vote=lambda out: out.mean(0)):
    """``accuracy`` with some of its bugs left in it, or new ones."""

    def wrong(net, frames, targets):
        if reset:
            functional.reset_net(net)
        out = functional.unroll(net, order(frames))
        return (vote(out).argmax(1) == label[targets]).float().mean().item()

    return wrong


def _reset_once(net, frames, targets):
    functional.reset_net(net)
    votes = torch.stack([functional.unroll(net, clip[:, None]).mean(0)[0] for clip in frames])
    return (votes.argmax(1) == _GESTURES[targets]).float().mean().item()


def _seen(net, frames):
    return torch.stack([net(frame) for frame in frames.transpose(0, 1)])


def _clips(n, seed):
    """Return a network that has just seen something else, n clips of 12 frames, and targets, 3 of 4 as it votes."""
    generator = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):  # the layer draws its first weights from the learner's stream
        net = nn.Sequential(nn.Flatten(), neuron.IFNode(), nn.Linear(12, 11, bias=False)).requires_grad_(False).eval()
    net[2].weight.copy_(torch.eye(11, 12) + 0.1 * torch.randn(11, 12, generator=generator))
    frames = 0.3 * torch.rand(n, 12, 12, generator=generator)
    frames[torch.arange(n), :, torch.arange(n) % 11] += 0.2
    frames = frames.reshape(n, 12, 2, 2, 3)
    order = _seen(net, frames).mean(0).argsort(1, descending=True)
    gestures = order[:, 0].clone()
    gestures[::4] = order[::4, 1]
    gestures[4::8] = order[4::8, 2]
    functional.reset_net(net)
    _seen(net, -2 * frames.flip(0))
    return net, frames, _GESTURES.argsort()[gestures]


def _vary(rng):
    """Clips whose votes are not nearly tied."""

    def clear(case):
        functional.reset_net(case[0])
        votes = _seen(case[0], case[1]).mean(0)
        functional.reset_net(case[0])
        _seen(case[0], -2 * case[1].flip(0))
        return drawn.apart(votes)

    return tuple(drawn.until(lambda n=n: _clips(n, drawn.whole(rng, 3, 10**6)), clear) for n in (12, 12, 18))


EXERCISE = Exercise(
    id="14.accuracy",
    solution=accuracy,
    vary=_vary,
    cases=(_clips(12, 0), _clips(12, 1), _clips(22, 2)),
    mistakes=(
        Mistake(
            _accuracy(False, lambda frames: frames, torch.arange(11)),
            "三只虫都还在：状态、时间维、标签的次序。",
            "All three bugs are still there: the state, the dimension of time, the order of the labels.",
        ),
        Mistake(
            _accuracy(True, lambda frames: frames, torch.arange(11)),
            "重置对了，还有两只虫：时间在哪一维？第 2 类是哪个手势？",
            "The reset is right; two bugs are left: which dimension is time? Which gesture is target 2?",
        ),
        Mistake(
            _accuracy(label=torch.arange(11)),
            "还有一只虫：标签按文件夹名的字典序编号，2 号是“10”。只换算标签这一边，并用上它。",
            "One bug is left: targets are in the order of strings, number 2 is '10'. Translate these alone.",
        ),
        Mistake(
            _accuracy(order=lambda frames: frames),
            "还有一只虫：unroll 要时间在前，[T, N, …]。片段数恰好等于帧数时，不会报错。",
            "One bug is left: unroll takes time first, [T, N, …]. With as many clips as frames no error tells you.",
        ),
        Mistake(
            _accuracy(order=lambda frames: frames.reshape(frames.shape[1], len(frames), 2, 2, 3)),
            "reshape 只是重新分组，不会把两维对调：用 transpose(0, 1) 把时间移到前面。",
            "reshape only regroups and does not exchange dimensions: transpose(0, 1) brings time to the front.",
        ),
        Mistake(
            _accuracy(False),
            "还有一只虫：网络刚看过别的录像。在 unroll 之前重置：functional.reset_net(net)。",
            "One bug is left: the network has just seen other recordings. First functional.reset_net(net).",
        ),
        Mistake(
            _reset_once,
            "只重置了一次：一段接一段地做时，每段之前都要重置。",
            "Reset once only: if you go clip by clip, reset before each of them.",
        ),
        Mistake(
            _accuracy(label=_GESTURES.argsort()),
            "映射的方向反了：targets 是在排好的名单里的位置，名单的第 targets 项才是手势。",
            "The map goes the wrong way: a target is a place in the sorted list; the gesture is what stands there.",
        ),
        Mistake(
            _accuracy(label=torch.tensor([0, 1, 10, 3, 4, 5, 6, 7, 8, 9, 2])),
            "不只是 2 和 10 互换：'10' 插到 '2' 前面，'2' 到 '9' 都往后移了一位。",
            "2 and 10 do not just change places: '10' moves in before '2', and '2' to '9' all move one place on.",
        ),
        Mistake(
            _accuracy(label=torch.tensor([0, 1, 9, 2, 3, 4, 5, 6, 7, 8, 9])),
            "先把 2 改成 10，后一步又把这个 10 改成了 9：先记住原来的编号，或者查表。",
            "2 becomes 10, and the next line makes that 10 a 9: remember the original numbers, or use a table.",
        ),
        Mistake(
            _accuracy(vote=lambda out: out[-1]),
            "只有最后一帧投票：票是所有帧的，out.mean(0)。",
            "Only the last frame votes: all frames do, out.mean(0).",
        ),
        Mistake(
            _accuracy(vote=lambda out: out.mean(1)),
            "对片段求了平均：out 是 [T, N, 11]，时间是第 0 维。",
            "That is the mean over the clips: out is [T, N, 11], time is dimension 0.",
        ),
        Mistake(
            lambda net, frames, targets: accuracy(net, frames, targets) * len(targets),
            "这是答对的段数：除以片段总数才是准确率。",
            "That is how many are right: divide by the number of clips for the accuracy.",
        ),
    ),
    hints=(
        (
            "三只虫：第一行之前、第一行、最后一行。",
            "Three bugs: before the first line, in it, and in the last line.",
        ),
        (
            "reset_net(net)；frames.transpose(0, 1)；把 sorted(range(11), key=str) 打印出来看看。",
            "reset_net(net); frames.transpose(0, 1); print sorted(range(11), key=str) and look.",
        ),
        (
            "labels = torch.tensor(sorted(range(11), key=str))[targets]，再与预测比较。",
            "labels = torch.tensor(sorted(range(11), key=str))[targets]; compare the prediction with these.",
        ),
    ),
)
