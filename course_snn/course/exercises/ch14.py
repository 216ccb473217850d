"""Exercises of chapter 14: classifying DVS gestures."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from course_snn import functional, neuron
from course_snn.course.exercise import KIND, Exercise, Mistake


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


def _votes(spikes, classes):
    return spikes.reshape(len(spikes), classes, -1)


def _decide(
    lead=lambda first, second, votes: first - second,
    more=0.0,
    shift=1,
    votes_of=lambda out: out.cumsum(0),
    end=True,
    found=lambda sure: sure.float().argmax(0),
    answer=lambda votes, out, t: votes.argmax(2)[t, torch.arange(out.shape[1])],
):
    """``decide`` with one thing done wrong; ``more`` is added to the margin."""

    def wrong(out, margin):
        votes = votes_of(out)
        first, second = votes.topk(2, dim=2).values.unbind(2)
        sure = lead(first, second, votes) >= margin + more
        if end:
            sure[-1] = True
        t = found(sure)
        return answer(votes, out, t), t + shift

    return wrong


def _all_at_once(sure):
    return sure.all(1).float().argmax().expand(sure.shape[1])


def _last(sure):
    last = torch.where(sure, torch.arange(len(sure))[:, None], -1).amax(0)
    return torch.where(last < 0, len(sure) - 1, last)


def _largest(votes, out, t):
    return votes.shape[2] - 1 - votes.flip(2).argmax(2)[t, torch.arange(out.shape[1])]


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


_FRAMES = torch.arange(3 * 2 * 2 * 3.0).reshape(3, 2, 2, 3)
_SPIKES = torch.tensor([[1.0, 1, 0, 0, 0, 1], [0, 0, 1, 1, 1, 1]])
_OUT = torch.tensor(  # [T, N, C]: soon clear, changes its mind, a tie, sure and unsure again, a third that rises
    [
        [[1.0, 0, 0], [0.5, 0, 0], [0, 0.25, 0], [0, 0, 1], [2, 1.75, 0], [1, 1, 0]],
        [[0.25, 0.25, 0], [0, 0.75, 0], [0, 0, 0.25], [0, 1, 0], [0.75, 0, 1], [0.25, 0, 0]],
        [[1, 0, 0.25], [0, 1, 0], [0, 0.25, 0.25], [0, 1, 0], [0, 1, 0], [0.5, 0, 0]],
        [[0.75, 0, 0], [0, 1.25, 0], [0, 0, 0], [0, 1, 0.25], [0, 1, 0], [0.5, 0, 0]],
    ]
)
_TWO = torch.randint(5, (6, 3, 2), generator=torch.Generator().manual_seed(3)) / 4


EXERCISES = (
    Exercise(
        id="14.backwards",
        solution=backwards,
        cases=((_FRAMES,), (_FRAMES.flip(3)[:2] ** 2,), (_FRAMES.repeat(2, 1, 1, 1) % 7,)),
        keeps=True,
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
                lambda frames: frames.flip(0, 1, 2, 3),
                "你把画面也翻转了：只有时间和极性要变，空间不动，不要翻转第 2、3 维。",
                "You have turned the picture as well: only time and polarity change; leave dimensions 2 and 3 alone.",
            ),
            Mistake(
                lambda frames: frames.flip(0, 2),
                "翻转的是画面的行（第 2 维）；极性是第 1 维。",
                "You have flipped the rows of the picture, dimension 2; polarity is dimension 1.",
            ),
            Mistake(
                lambda frames: frames.flip(1, 2),
                "极性换了，但另一个翻转的是画面的行（第 2 维）；时间是第 0 维。",
                "Polarity is exchanged, but the other flip is along the rows, dimension 2; time is dimension 0.",
            ),
            Mistake(
                lambda frames: -frames.flip(0),
                "事件的个数不会是负的：极性写在通道里，互换通道，不要变号。",
                "Counts of events are never negative: polarity is the channel, so exchange them, without a minus.",
            ),
            Mistake(
                lambda frames: 1 - frames.flip(0),
                "不是 0 变 1、1 变 0：极性写在通道里，要把两个通道互换。",
                "Not 0 to 1 and 1 to 0: polarity is the channel, so the two channels change places.",
            ),
            Mistake(
                lambda frames: frames.flip(0)[:, [1, 1]],
                "两个通道成了一样的：互换时前一个先被盖掉了。用 flip(1)，或者先留一份副本（clone）。",
                "Both channels are the same now: one was overwritten before it was moved. Use flip(1), or keep a copy "
                "(clone).",
            ),
            Mistake(
                lambda frames: frames.roll(1, 0).flip(1),
                "roll 只是把最后一帧移到最前面；倒放要把次序整个反过来，flip(0)。",
                "roll only moves the last frame to the front; backwards means the whole order reversed, flip(0).",
            ),
            Mistake(
                lambda frames: frames.transpose(0, 1).flip(0, 1),
                "时间和极性换了位置：形状还是 [T, 2, H, W]，不要转置。",
                "Time and polarity changed places: the shape stays [T, 2, H, W], so do not transpose.",
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
            (_SPIKES, 3),
            (_SPIKES, 2),
            ((torch.arange(110.0).remainder(7) < 3).float().repeat(4, 1), 11),
            ((torch.arange(60.0).remainder(5) < 2).float().reshape(3, 20), 4),
        ),
        keeps=True,
        mistakes=(
            Mistake(
                lambda spikes, classes: spikes.reshape(len(spikes), -1, classes).mean(1),
                "分组错了：第一类是最前面连着的几个神经元，不是每隔几个取一个。",
                "The groups are wrong: the first class owns the first few neurons in a row, not every so manyth.",
            ),
            Mistake(
                lambda spikes, classes: _votes(spikes, classes).sum(2),
                "这是票数；要的是平均：每一票占 1/k。",
                "That is the number of votes; take the mean, so that each vote is worth 1/k.",
            ),
            Mistake(
                lambda spikes, classes: _votes(spikes, classes).amax(2),
                "最大值只问有没有人投票；投票要看有多少人。",
                "The maximum asks whether anybody voted; what counts is how many.",
            ),
            Mistake(
                lambda spikes, classes: _votes(spikes, classes).mean(2).argmax(1),
                "先不要选出冠军：返回每一类的平均票数，[N, classes]。",
                "Do not name the winner yet: return the mean votes of each class, [N, classes].",
            ),
            Mistake(
                lambda spikes, classes: F.avg_pool1d(spikes, 10),
                "每类的神经元数不一定是 10，类数也不一定是 11：k = 神经元数 / classes。",
                "A class does not always have 10 neurons, nor are there always 11 classes: k = neurons / classes.",
            ),
            Mistake(
                lambda spikes, classes: spikes.reshape(len(spikes), 11, -1).mean(2),
                "类数不一定是 11：用参数 classes。",
                "There are not always 11 classes: use the argument classes.",
            ),
            Mistake(
                lambda spikes, classes: F.avg_pool1d(spikes, classes),
                "每组应有 k = 神经元数 / classes 个，不是 classes 个。",
                "A group has k = neurons / classes neurons, not classes.",
            ),
            Mistake(
                lambda spikes, classes: _votes(spikes, classes).mean(1),
                "对类求了平均：要对每一类的 k 个神经元求平均，也就是最后一维。",
                "That is the mean over the classes: take it over the k neurons of each class, the last dimension.",
            ),
            Mistake(
                lambda spikes, classes: _votes(spikes, classes).sum(2) / classes,
                "除错了数：每类有 k 个神经元，除以 k，不是除以 classes。",
                "The wrong divisor: a class has k neurons; divide by k, not by classes.",
            ),
            Mistake(
                lambda spikes, classes: _votes(spikes, classes).sum(2) / spikes.sum(1, keepdim=True),
                "这是占全部票数的比例；要除以每类的神经元数 k。",
                "That is the share of all votes; divide by the number of neurons of a class, k.",
            ),
            Mistake(
                lambda spikes, classes: (_votes(spikes, classes).mean(2) > 0.5).float(),
                "这是多数表决，只剩“是”或“不是”；要的是平均票数本身。",
                "That is a majority, yes or no; wanted is the mean number of votes itself.",
            ),
            Mistake(
                lambda spikes, classes: _votes(spikes, classes).mean(2).mean(0),
                "把不同的样本也平均掉了：每个样本一行，[N, classes]。",
                "The samples are averaged away as well: a row for each, [N, classes].",
            ),
            Mistake(
                lambda spikes, classes: _votes(spikes, classes)[:, :, 0],
                "只看了每类的第一个神经元：k 个都要算。",
                "Only the first neuron of each class votes: count all k.",
            ),
            Mistake(
                lambda spikes, classes: _votes(spikes, classes)[:, :, :-1].sum(2) / _votes(spikes, classes).shape[2],
                "每类漏了最后一个神经元：切片到 (c + 1) * k 为止，不减 1。",
                "The last neuron of each class is left out: the slice ends at (c + 1) * k, without - 1.",
            ),
            Mistake(
                lambda spikes, classes: spikes.reshape(classes, len(spikes), -1).mean(2).t(),
                "样本和类混在一起了：第 0 维是样本，要先留住它，reshape(N, classes, -1)。",
                "Samples and classes are mixed: dimension 0 holds the samples and stays, reshape(N, classes, -1).",
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
        cases=((180.0, 60.0), (600.0, 60.0), (90.0, 60.0), (120.0, 100.0), (100.0, 50.0)),
        mistakes=(
            Mistake(
                lambda tau_ms, frame_ms: -math.log(tau_ms - 1),
                "τ 要以帧为单位：先除以一帧的毫秒数。",
                "τ counts in frames: divide by the milliseconds of a frame first.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: -w_for(tau_ms, frame_ms),
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
            Mistake(
                lambda tau_ms, frame_ms: -math.log(tau_ms / frame_ms + 1),
                "1 的符号反了：由 1 + e⁻ʷ = τ，得 e⁻ʷ = τ - 1。",
                "The 1 has the wrong sign: 1 + e⁻ʷ = τ gives e⁻ʷ = τ - 1.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: 1 - math.log(tau_ms / frame_ms),
                "1 放到对数外面了：是 ln(τ - 1)，不是 ln τ - 1。",
                "The 1 stands outside of the logarithm: it is ln(τ - 1), not ln τ - 1.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: -math.log(tau_ms / 60 - 1),
                "一帧不一定是 60 毫秒：用参数 frame_ms。",
                "A frame does not always last 60 milliseconds: use the argument frame_ms.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: -math.log(1 - frame_ms / tau_ms),
                "你解的不是 σ(w) = 1/τ：由它得 e⁻ʷ = τ - 1，其中 τ = tau_ms / frame_ms，不是 1 - 1/τ。",
                "That does not solve σ(w) = 1/τ, which gives e⁻ʷ = τ - 1 with τ = tau_ms / frame_ms, not 1 - 1/τ.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: -math.log(tau_ms * frame_ms - 1),
                "乘反了：以帧为单位，τ = tau_ms / frame_ms。",
                "Multiplied, not divided: in frames, τ = tau_ms / frame_ms.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: -math.log10(tau_ms / frame_ms - 1),
                "e⁻ʷ 的底是 e：用自然对数 math.log，不是 log10。",
                "The base of e⁻ʷ is e: use the natural logarithm math.log, not log10.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: -math.log(tau_ms // frame_ms - 1),
                "// 是整除，小数部分没有了（τ = 1.5 成了 1，对数里成了 0）：用 /。",
                "// drops the decimals (τ = 1.5 becomes 1, and 0 stands in the logarithm): use /.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: frame_ms / tau_ms,
                "这是 σ(w) = 1/τ，不是 w：还要由它解出 w。",
                "That is σ(w) = 1/τ, not w: solve it for w.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: 1 / (tau_ms / frame_ms - 1),
                "这是 eʷ：还要取对数。",
                "That is eʷ: take the logarithm.",
            ),
            Mistake(
                lambda tau_ms, frame_ms: math.log(math.exp(frame_ms / tau_ms) - 1),
                "这里每步的衰减是 σ(w) = 1/τ 本身，不是 1 - exp(-1/τ)。",
                "The decay of a step is σ(w) = 1/τ itself here, not 1 - exp(-1/τ).",
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
        cases=((_OUT, 1.0), (_OUT, 2.0), (_OUT, 50.0), (_OUT[:3, :5], 0.5), (_TWO, 0.75)),
        exact=(KIND,),
        keeps=True,
        mistakes=(
            Mistake(
                _decide(votes_of=lambda out: out),
                "只看了当前这一帧：票要从第一帧起累加（cumsum）。",
                "That looks at one frame alone: votes add up from the first frame on (cumsum).",
            ),
            Mistake(
                _decide(votes_of=lambda out: out.cumsum(0) / torch.arange(1, len(out) + 1)[:, None, None]),
                "领先多少要按票数的总和算，不是按平均：不要除以帧数。",
                "The lead counts in the sum of the votes, not in their mean: do not divide by the number of frames.",
            ),
            Mistake(
                _decide(votes_of=lambda out: out.cumsum(1)),
                "累加错了维：cumsum(1) 把不同片段的票加在一起；时间是第 0 维。",
                "Added up along the wrong dimension: cumsum(1) adds the votes of different clips; time is dimension 0.",
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
                _decide(answer=lambda votes, out, t: votes[-1].argmax(1)),
                "答案要在作决定的那一帧取，不能等到最后。",
                "Take the answer at the frame of the decision, not at the end.",
            ),
            Mistake(
                _decide(answer=lambda votes, out, t: out.argmax(2)[t, torch.arange(out.shape[1])]),
                "帧找对了，答案却只看了那一帧的票：要看到那一帧为止的总和。",
                "The frame is right, but the answer looks at its votes alone: take the sum up to that frame.",
            ),
            Mistake(
                _decide(answer=lambda votes, out, t: votes.amax(2)[t, torch.arange(out.shape[1])]),
                "答案是类的编号，不是它的票数：argmax，不是 max。",
                "The answer is the number of a class, not its votes: argmax, not max.",
            ),
            Mistake(
                _decide(answer=lambda votes, out, t: votes.argmax(2)[t]),
                "每段只取自己那一列：votes.argmax(2)[t, torch.arange(N)]，只写 [t] 会取出整行。",
                "Each clip takes its own column: votes.argmax(2)[t, torch.arange(N)]; with [t] alone come whole rows.",
            ),
            Mistake(
                _decide(answer=_largest),
                "票数并列时，你取了编号最大的类：取编号最小的，argmax 就是这样。",
                "In a tie you take the class with the largest number: take the smallest, as argmax does.",
            ),
            Mistake(
                _decide(lead=lambda first, second, votes: first),
                "比的是领先多少：减去第二名的票数。",
                "What counts is the lead: subtract the votes of the second.",
            ),
            Mistake(
                _decide(lead=lambda first, second, votes: first - votes.amin(2)),
                "比的是领先第二名多少，不是领先最后一名。",
                "What counts is the lead over the second, not over the last.",
            ),
            Mistake(
                _decide(lead=lambda first, second, votes: first - votes.mean(2)),
                "比的是领先第二名多少，不是比平均多多少。",
                "What counts is the lead over the second, not over the mean.",
            ),
            Mistake(
                _decide(more=0.125),
                "领先恰好 margin 票也作答：“至少”是 >=，不是 >。",
                "A lead of exactly margin is enough: at least means >=, not >.",
            ),
            Mistake(
                lambda out, margin: decide(out, 1.0),
                "margin 不一定是 1：用参数。",
                "margin is not always 1: use the argument.",
            ),
            Mistake(
                _decide(found=_all_at_once),
                "你让整批一起等：每段各有自己的决定时刻，对第 0 维（时间）找。",
                "The whole batch waits: each clip decides in its own time; search along dimension 0, time.",
            ),
            Mistake(
                _decide(found=lambda sure: (~sure).sum(0).clamp(max=len(sure) - 1), end=False),
                "你数的是拿不定的帧共有几个；要的是第一个拿得定的帧，后来的不算。",
                "You count all frames that are unsure; wanted is the first that is sure, whatever comes later.",
            ),
            Mistake(
                _decide(found=_last, end=False),
                "你取了最后一个拿得定的帧：要第一个。",
                "You take the last frame that is sure: take the first.",
            ),
            Mistake(
                lambda out, margin: tuple(part * 1.0 for part in decide(out, margin)),
                "数值对，但答案和帧数都应是整数张量。",
                "The values are right, but answers and numbers of frames are tensors of integers.",
            ),
            Mistake(
                lambda out, margin: (decide(out, margin)[0], decide(out, margin)[1] * 1.0),
                "数值对，但帧数应是整数张量。",
                "The values are right, but the numbers of frames are a tensor of integers.",
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
    ),
)
