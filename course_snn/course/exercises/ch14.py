"""Exercises of chapter 14: classifying DVS gestures."""

import math

import torch
from torch import nn

from course_snn import functional, neuron
from course_snn.course.exercise import Exercise, Mistake


def backwards(frames):
    return frames.flip(0).flip(1)


def voting(spikes, classes):
    return spikes.reshape(len(spikes), classes, -1).mean(2)


def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms / frame_ms - 1)


def decide(out, margin):
    first, second = out.cumsum(0).topk(2, dim=2).values.unbind(2)
    sure = first - second >= margin
    sure[-1] = True
    t = sure.float().argmax(0)
    return out.cumsum(0).argmax(2)[t, torch.arange(out.shape[1])], t + 1


def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, frames.transpose(0, 1))
    gesture = sorted(range(11), key=str)
    labels = torch.tensor(gesture)[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()


def _decide(margin_of=lambda first, second: first - second, more=0.0, shift=1, adding=True, end=True, answer="then"):
    """``decide`` with one thing done wrong."""

    def wrong(out, margin):
        votes = out.cumsum(0) if adding else out
        first, second = votes.topk(2, dim=2).values.unbind(2)
        sure = margin_of(first, second) >= margin + more
        if end:
            sure[-1] = True
        t = sure.float().argmax(0)
        at_the_end = votes[-1].argmax(1)
        then = votes.argmax(2)[t, torch.arange(out.shape[1])]
        return (then if answer == "then" else at_the_end), t + shift

    return wrong


def _accuracy(reset=True, time_first=True, order=True, inverse=False):
    """``accuracy`` with some of its bugs left in it."""

    def wrong(net, frames, targets):
        if reset:
            functional.reset_net(net)
        out = functional.unroll(net, frames.transpose(0, 1) if time_first else frames)
        gesture = torch.tensor(sorted(range(11), key=str))
        labels = (gesture.argsort() if inverse else gesture)[targets] if order else targets
        return (out.mean(0).argmax(1) == labels).float().mean().item()

    return wrong


def _judged(answer, seed):
    """Try an ``accuracy`` on as many clips as frames, after the network has seen something else."""
    generator = torch.Generator().manual_seed(seed)
    net = nn.Sequential(nn.Flatten(), nn.Linear(32, 11), neuron.LIFNode(tau=8.0))
    with torch.no_grad():
        net[1].weight.copy_(torch.randn(11, 32, generator=generator))
        net[1].bias.fill_(2.0)
        frames = torch.rand(40, 1, 2, 4, 4, generator=generator) + torch.rand(40, 40, 2, 4, 4, generator=generator)
        labels = functional.unroll(net, frames.transpose(0, 1)).mean(0).argmax(1)
        functional.reset_net(net)
        labels[::4] = torch.randint(11, (10,), generator=generator)
        targets = torch.tensor(sorted(range(11), key=str)).argsort()[labels]
        functional.unroll(net, -30 * frames.transpose(0, 1))
        return answer(net, frames, targets)


_FRAMES = torch.arange(3 * 2 * 2 * 3.0).reshape(3, 2, 2, 3)
_OUT = torch.tensor(  # [T, N, C], tenths: one clip that is soon clear, one that changes its mind, one undecided
    [
        [[3, 0, 0], [2, 0, 0], [1, 1, 0]],
        [[3, 1, 0], [0, 2, 0], [0, 1, 1]],
        [[4, 0, 1], [0, 4, 0], [1, 0, 0]],
        [[3, 0, 0], [0, 5, 0], [0, 0, 3]],
    ]
)

EXERCISES = (
    Exercise(
        id="14.backwards",
        solution=backwards,
        cases=((_FRAMES,), (_FRAMES[:1],), (_FRAMES.flip(3) ** 2,)),
        mistakes=(
            Mistake(
                lambda frames: frames.flip(0),
                "次序倒过来了，极性还没有：倒着放时，变亮成了变暗，两个通道要互换。",
                "The order is reversed, the polarity is not: backwards, brighter is darker; exchange the channels.",
            ),
            Mistake(
                lambda frames: frames.flip(1),
                "通道换了，时间还是正着走：第 0 维才是时间。",
                "The channels are exchanged, but time still runs forwards: dimension 0 is time.",
            ),
            Mistake(
                lambda frames: frames.flip(0).flip(1).flip(3),
                "你把画面也左右翻转了：倒放不是照镜子，空间不动。",
                "You have mirrored the picture as well: a film played backwards is not a mirror; leave space alone.",
            ),
            Mistake(
                lambda frames: -frames.flip(0),
                "事件的个数不会是负的：极性写在通道里，互换通道，不要变号。",
                "Counts of events are never negative: polarity is the channel, so exchange them, without a minus.",
            ),
        ),
        hints=(
            ("frames 的形状是 [T, 2, H, W]：时间是第 0 维。", "frames is [T, 2, H, W]: time is dimension 0."),
            (
                "倒着看，变亮（ON）就成了变暗（OFF）：通道是第 1 维。",
                "Seen backwards, brighter (ON) is darker (OFF): the channels are dimension 1.",
            ),
            ("张量的 flip(d) 把第 d 维倒过来，用两次。", "A tensor's flip(d) reverses dimension d; use it twice."),
        ),
    ),
    Exercise(
        id="14.voting",
        solution=voting,
        cases=(
            (torch.tensor([[1.0, 1, 0, 0, 0, 1], [0, 0, 1, 1, 1, 1]]), 3),
            (torch.tensor([[1.0, 1, 0, 0, 0, 1], [0, 0, 1, 1, 1, 1]]), 2),
            ((torch.arange(110.0).remainder(7) < 3).float().repeat(4, 1), 11),
        ),
        mistakes=(
            Mistake(
                lambda spikes, classes: spikes.reshape(len(spikes), -1, classes).mean(1),
                "分组错了：第一类是最前面连着的几个神经元，不是每隔几个取一个。",
                "The groups are wrong: the first class owns the first few neurons in a row, not every so manyth.",
            ),
            Mistake(
                lambda spikes, classes: spikes.reshape(len(spikes), classes, -1).sum(2),
                "这是票数；要的是平均：每一票占 1/k。",
                "That is the number of votes; take the mean, so that each vote is worth 1/k.",
            ),
            Mistake(
                lambda spikes, classes: spikes.reshape(len(spikes), classes, -1).amax(2),
                "最大值只问有没有人投票；投票要看有多少人。",
                "The maximum asks whether anybody voted; what counts is how many.",
            ),
            Mistake(
                lambda spikes, classes: spikes.reshape(len(spikes), classes, -1).mean(2).argmax(1),
                "先不要选出冠军：返回每一类的平均票数，[N, classes]。",
                "Do not name the winner yet: return the mean votes of each class, [N, classes].",
            ),
        ),
        hints=(
            ("每类有 k = 神经元数 / classes 个神经元。", "Each class has k = neurons / classes neurons."),
            (
                "spikes.reshape(N, classes, -1) 把连着的 k 个分到一组。",
                "spikes.reshape(N, classes, -1) puts k neighbours into a group.",
            ),
            ("再对最后一维求平均：.mean(2)。", "Then the mean over the last dimension: .mean(2)."),
        ),
    ),
    Exercise(
        id="14.w_for",
        solution=w_for,
        cases=((120.0, 60.0), (600.0, 60.0), (90.0, 60.0), (120.0, 100.0)),
        mistakes=(
            Mistake(
                lambda tau_ms, frame_ms: -math.log(tau_ms - 1),
                "τ 要以帧为单位：先除以一帧的毫秒数。",
                "τ counts in frames: divide by the milliseconds of a frame first.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: math.log(tau_ms / frame_ms - 1),
                "符号反了：τ 大，σ(w) = 1/τ 就小，w 是负的。",
                "The sign is wrong: a large τ means a small σ(w) = 1/τ, so w is negative.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: 1 / (1 + math.exp(-frame_ms / tau_ms)),
                "这是把 1/τ 又代进了 σ；要解的是 σ(w) = 1/τ。",
                "That puts 1/τ through σ once more; what is to be solved is σ(w) = 1/τ.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: -math.log(tau_ms / frame_ms),
                "少了一个 1：由 1 + e⁻ʷ = τ，得 e⁻ʷ = τ - 1。",
                "A 1 is missing: 1 + e⁻ʷ = τ gives e⁻ʷ = τ - 1.",
            ),
        ),
        hints=(
            ("以帧为单位，τ = tau_ms / frame_ms。", "In frames, τ = tau_ms / frame_ms."),
            ("σ(w) = 1/(1 + e⁻ʷ) = 1/τ，所以 1 + e⁻ʷ = τ。", "σ(w) = 1/(1 + e⁻ʷ) = 1/τ, and so 1 + e⁻ʷ = τ."),
            ("e⁻ʷ = τ - 1，取对数：w = -ln(τ - 1)。", "e⁻ʷ = τ - 1; take the logarithm: w = -ln(τ - 1)."),
        ),
    ),
    Exercise(
        id="14.decide",
        solution=decide,
        cases=((_OUT, 2), (_OUT, 6), (_OUT, 50), (_OUT / 10, 0.45)),
        mistakes=(
            Mistake(
                _decide(adding=False),
                "只看了当前这一帧：票要从第一帧起累加（cumsum）。",
                "That looks at one frame alone: votes add up from the first frame on (cumsum).",
            ),
            Mistake(
                _decide(shift=0),
                "帧数差一：看完第 0 帧就决定，用了 1 帧。",
                "Off by one: whoever decides after frame 0 has used 1 frame.",
            ),
            Mistake(
                _decide(end=False),
                "到最后还拿不定的片段，也要在第 T 帧作答：argmax 在全是 False 时给出 0。",
                "A clip that is never sure must answer at frame T: argmax gives 0 where all are False.",
            ),
            Mistake(
                _decide(answer="end"),
                "答案要在作决定的那一帧取，不能等到最后。",
                "Take the answer at the frame of the decision, not at the end.",
            ),
            Mistake(
                _decide(margin_of=lambda first, second: first),
                "比的是领先多少：减去第二名的票数。",
                "What counts is the lead: subtract the votes of the second.",
            ),
        ),
        hints=(
            (
                "votes = out.cumsum(0)；votes.topk(2, dim=2).values 是前两名的票数。",
                "votes = out.cumsum(0); votes.topk(2, dim=2).values holds the votes of the first two.",
            ),
            (
                "sure = 领先 >= margin，形状 [T, N]；再令 sure[-1] = True。",
                "sure = lead >= margin, of shape [T, N]; then set sure[-1] = True.",
            ),
            (
                "t = sure.float().argmax(0) 是第一个 True；答案是 votes.argmax(2)[t, torch.arange(N)]，帧数是 t + 1。",
                "t = sure.float().argmax(0) is the first True; the answer is votes.argmax(2)[t, torch.arange(N)], the "
                "number of frames t + 1.",
            ),
        ),
    ),
    Exercise(
        id="14.accuracy",
        solution=accuracy,
        run=_judged,
        cases=((0,), (1,), (2,)),
        mistakes=(
            Mistake(
                _accuracy(False, False, False),
                "三只虫都还在：状态、时间维、标签的次序。",
                "All three bugs are still there: the state, the dimension of time, the order of the labels.",
            ),
            Mistake(
                _accuracy(True, False, False),
                "重置对了，还有两只虫：时间在哪一维？第 2 类是哪个手势？",
                "The reset is right; two bugs are left: which dimension is time? Which gesture is target 2?",
            ),
            Mistake(
                _accuracy(True, True, False),
                "还有一只虫：标签按文件夹名的字典序编号，2 号是“10”。",
                "One bug is left: targets count the folder names in the order of strings, and number 2 is '10'.",
            ),
            Mistake(
                _accuracy(True, False, True),
                "还有一只虫：unroll 要时间在前，[T, N, …]。片段数恰好等于帧数，所以没有报错。",
                "One bug is left: unroll takes time first, [T, N, …]. With as many clips as frames no error tells you.",
            ),
            Mistake(
                _accuracy(False, True, True),
                "还有一只虫：网络刚看过别的片段，先重置。",
                "One bug is left: the network has just seen another clip. Reset it first.",
            ),
            Mistake(
                _accuracy(inverse=True),
                "映射的方向反了：targets 是在排好的名单里的位置，名单的第 targets 项才是手势。",
                "The map goes the wrong way: a target is a place in the sorted list; the gesture is what stands there.",
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
    ),
)
