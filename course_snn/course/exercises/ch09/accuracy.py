"""Exercise 09.accuracy."""

import torch

from course_snn import functional
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch09.shared import Batch, forgetful, input_of, small_net


def accuracy(net, x_seq, labels):
    functional.reset_net(net)
    rate = functional.unroll(net, x_seq).mean(0)
    return (rate.argmax(1) == labels).float().mean().item()


def _measured(answer, batch):
    """The accuracy that the answer gives for a network that has seen other data before; and once more."""
    net, x_seq = small_net(), input_of(batch.T, batch.N, 1)
    rate = functional.unroll(net, x_seq).mean(0)
    labels, last = rate.argmax(1), 9 - rate.flip(1).argmax(1)  # the first and the last of the best
    other = torch.where(last == labels, (labels + 1) % 10, last)
    labels[list(batch.others)] = other[list(batch.others)]
    weight, got = net[1].weight.clone(), []
    with torch.no_grad():
        functional.unroll(net, -9 * torch.ones(3, batch.N, 16))  # somebody else's input: voltages are left over
        for _ in range(2):
            got.append(answer(net, x_seq, labels))
    if got[0] is None or got[0] is ...:
        return got[0]
    if not torch.equal(net[1].weight, weight):
        raise Finding(
            "网络的权重被改掉了：量准确率不改网络，只重置膜电位。",
            "The weights of the network were changed: measuring leaves the network as it is and resets voltages only.",
        )
    if any(getattr(value, "ndim", 0) or isinstance(value, (list, tuple)) for value in got):
        raise Finding(
            "返回的是许多数；准确率是一个数：答对的比例，对所有的图求平均。",
            "Many numbers come back; an accuracy is one number, the share of right answers: average over the pictures.",
        )
    return got


def _accuracy(
    before=functional.reset_net,
    unroll=functional.unroll,
    rates=lambda out: out.mean(0),
    decide=lambda rate: rate.argmax(1),
    share=lambda right: right.float().mean().item(),
    after=id,
):
    """``accuracy`` with one thing done wrong."""

    def answer(net, x_seq, labels):
        before(net)
        rate = rates(unroll(net, x_seq))
        after(net)
        return share(decide(rate) == labels)

    return answer


def _vary(rng):
    wrong = sorted(drawn.some(rng, drawn.whole(rng, 2, 4), range(1, 10)))
    return (
        (Batch(drawn.whole(rng, 5, 9), 10, "", tuple(wrong)),),
        (Batch(drawn.whole(rng, 4, 7), drawn.whole(rng, 6, 9), "", (0, 2)),),
        (Batch(drawn.whole(rng, 4, 7), drawn.whole(rng, 6, 9)),),
    )


EXERCISE = Exercise(
    id="09.accuracy",
    solution=accuracy,
    vary=_vary,
    run=_measured,
    measured=("同一批量两次的准确率", "the accuracy of the same batch, measured twice"),
    cases=((Batch(6, 10, "", range(1, 10, 3)),), (Batch(4, 10, "", range(0, 8, 2)),), (Batch(5, 7),)),
    mistakes=(
        Mistake(
            _accuracy(before=id, decide=lambda rate: rate.argmax(0)),
            "两只虫都还在：膜电位没有重置，argmax 的维度也不对。",
            "Both bugs are still there: the voltages are not reset, and argmax takes the wrong dimension.",
        ),
        Mistake(
            _accuracy(before=id),
            "维度对了，还有一只虫：网络带着以前的膜电位开始，先调用 reset_net(net)。",
            "The dimension is right; one bug is left: the network starts with old voltages. Call reset_net first.",
        ),
        Mistake(
            _accuracy(decide=lambda rate: rate.argmax(0)),
            "重置对了，还有一只虫：argmax(0) 在样本里挑（恰好 10 个，不报错），应在类别里挑。",
            "One bug is left: argmax(0) chooses among the samples (10 of them, so no error), not the classes.",
        ),
        Mistake(
            _accuracy(before=id, after=functional.reset_net),
            "算完才重置太晚了：传进来的网络可能刚看过别的图。在前向之前重置。",
            "A reset afterwards comes too late: the network may have seen other data. Reset before the forward.",
        ),
        Mistake(
            _accuracy(unroll=forgetful),
            "每一步都重置了，网络记不住前一步：只在开始时重置一次。",
            "It is reset in every time step and remembers nothing: reset once, at the start.",
        ),
        Mistake(
            _accuracy(rates=lambda out: out[-1]),
            "你只看了最后一步的脉冲；要看整段时间的发放率。",
            "You look at the spikes of the last step only; take the firing rate over all steps.",
        ),
        Mistake(
            _accuracy(rates=lambda out: out, decide=lambda out: out.argmax(2)),
            "你一步一步地判断；先对时间求平均，每张图只判断一次。",
            "You judge step by step; average over time first and decide once for each picture.",
        ),
        Mistake(
            _accuracy(decide=lambda rate: 9 - rate.flip(1).argmax(1)),
            "平票时取了编号大的；取编号小的，argmax(1) 就是这样。",
            "In a tie the larger number wins; it should be the smaller, as with argmax(1).",
        ),
        Mistake(
            _accuracy(decide=lambda rate: rate.argmin(1)),
            "取了发放率最小的；判断是发放率最大的那个。",
            "The smallest rate is taken; the decision is the largest.",
        ),
        Mistake(
            _accuracy(decide=lambda rate: rate.amax(1)),
            "拿发放率与标签比了；要比的是最大者的编号：argmax，不是 max 的值。",
            "A rate is compared with the label; compare the place of the largest: argmax, not the value of max.",
        ),
        Mistake(
            _accuracy(share=lambda right: 1 - right.float().mean().item()),
            "这是错误率；准确率是答对的比例。",
            "That is the share of errors; the accuracy is the share of right answers.",
        ),
        Mistake(
            _accuracy(share=lambda right: right.sum().item()),
            "这是答对的张数；还要除以图的张数。",
            "That is the number of right answers; divide by the number of pictures.",
        ),
        Mistake(
            _accuracy(share=lambda right: int(right.sum()) // len(right)),
            "// 舍去了小数：用 / 相除。",
            "The decimals are lost by //: divide by /.",
        ),
        Mistake(
            _accuracy(share=lambda right: right[0].float().item()),
            "只看了第一张图：对所有的图求平均。",
            "Only the first picture counts: average over all of them.",
        ),
    ),
    hints=(
        (
            "有两只虫：一只在前向之前，一只在最后一行。",
            "There are two bugs: one before the forward, one in the last line.",
        ),
        ("rate 的形状是 [N, 10]：第 1 维是类别。", "rate has the shape [N, 10]: dimension 1 holds the classes."),
        (
            "第一行加上 functional.reset_net(net)，并改成 argmax(1)。",
            "Begin with functional.reset_net(net), and write argmax(1).",
        ),
    ),
)
