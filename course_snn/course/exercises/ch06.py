"""Exercises of chapter 06: digits without labels."""

import itertools
import math

import torch
from torch.nn import functional as F

from course_snn.course.compare import difference
from course_snn.course.exercise import Exercise, Finding, Mistake


def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    winner = (v - theta).argmax()
    if v[winner] - theta[winner] >= v_threshold:
        spikes[winner] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


def learn_row(w, j, x, lr, x_target):
    w = w.clone()
    w[j] = (w[j] + lr * (x - x_target)).clamp(0, 1)
    return w


def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + theta_plus * counts
    return theta - theta / tau_theta


def label_neurons(counts, labels):
    members = F.one_hot(labels, 10).float()
    response = counts.t() @ members / members.sum(0).clamp(min=1)
    return response.argmax(1)


def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros(len(w))
    return counts


def soft_vote(train_counts, train_labels, test_counts):
    members = F.one_hot(train_labels, 10).float()
    response = train_counts.t() @ members / members.sum(0).clamp(min=1)
    share = response / response.sum(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share).argmax(1)


def _compete(
    choose=lambda v, theta: v - theta, fires=lambda v, theta, th: v - theta >= th, after=lambda v, spikes: 0 * v
):
    """``compete`` with one thing done wrong; ``after`` gives the potentials after a spike."""

    def answer(v, theta, v_threshold):
        spikes = torch.zeros_like(v)
        winner = choose(v, theta).argmax()
        if fires(v, theta, v_threshold)[winner]:
            spikes[winner] = 1.0
            v = after(v, spikes)
        return spikes, v

    return answer


def _last(v, theta):
    return torch.where(v - theta == (v - theta).max(), torch.arange(len(v)), -1)


def _everybody(v, theta, v_threshold):
    spikes = (v - theta >= v_threshold).float()
    return spikes, 0 * v if spikes.any() else v


def _all_that_are_level(v, theta, v_threshold):
    above = v - theta
    spikes = ((above >= v_threshold) & (above == above.max())).float()
    return spikes, 0 * v if spikes.any() else v


def _learnt(change, clip=lambda row: row.clamp(0, 1), row=lambda j: j):
    """``learn_row`` with one thing done wrong: ``change(w_j, x, lr, x_target)``."""

    def answer(w, j, x, lr, x_target):
        w, j = w.clone(), row(j)
        w[j] = clip(w[j] + change(w[j], x, lr, x_target))
        return w

    return answer


def _towards(w, x, lr, x_target):
    return lr * (x - x_target)


def _show(leak=True, adapted=True, inhibited=True):
    """``show_sample`` with some of its three bugs."""
    return _shown(
        charge=lambda v, i, tau: v - v / tau + i if leak else v + i,
        choose=lambda v, theta: v - theta if adapted else v,
        after=lambda v, j: 0 * v if inhibited else torch.where(torch.arange(len(v)) == j, 0.0, v),
    )


def _shown(
    charge=lambda v, i, tau: v - v / tau + i,
    choose=lambda v, theta: v - theta,
    lead=lambda v, theta: v - theta,
    after=lambda v, j: 0 * v,
    exceeds=False,
    raised=0.0,
    steps=slice(None),
):
    """``show_sample`` with one thing done wrong."""

    def answer(w, theta, spikes, tau, v_threshold):
        v, counts, theta = torch.zeros(len(w)), torch.zeros(len(w)), theta.clone()
        for s in spikes[steps]:
            v = charge(v, w @ s, tau)
            j = choose(v, theta).argmax()
            if lead(v, theta)[j] > v_threshold if exceeds else lead(v, theta)[j] >= v_threshold:
                counts[j] += 1
                theta[j] += raised
                v = after(v, j)
        return counts

    return answer


def _clears_always(w, theta, spikes, tau, v_threshold):
    return sum(show_sample(w, theta, s[None], tau, v_threshold) for s in spikes)


def _everybody_counts(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        fires, v = _everybody(v - v / tau + w @ s, theta, v_threshold)
        counts = counts + fires
    return counts


def _twice(answer, *case):
    """Try an answer twice on the same case: what a call leaves behind shows in the second."""
    first, second = answer(*case), answer(*case)
    if difference(second, first) is not None:
        raise Finding(
            "用同样的参数再调用一次，结果变了：每个样本都要从静息（v = 0）和给定的参数开始，不留下上一次的东西。",
            "Called once more with the same arguments, it returns something else: each sample begins at rest (v = 0), "
            "with the arguments as given and nothing left from before.",
        )
    return first


def _bugs(leak, adapted, inhibited):
    """The mistake that still has some of the three bugs."""
    left = [
        text
        for mended, text in (
            (
                leak,
                (
                    "膜电位那一行：它和第 01 章的方程差了什么？",
                    "the membrane potential lacks a term of the equation of chapter 01.",
                ),
            ),
            (adapted, ("选胜者时忘了各自的阈值 theta。", "the choice of the winner forgets the thresholds theta.")),
            (inhibited, ("胜者赢了以后，输家保留了膜电位。", "after a win the losers keep their membrane potential.")),
        )
        if not mended
    ]
    zh, en = left[0]
    number = ("", "One bug is", "Two bugs are", "All three bugs are")[len(left)]
    return Mistake(
        _show(leak, adapted, inhibited), f"还剩 {len(left)} 个错。{zh}", f"{number} left. {en[0].upper()}{en[1:]}"
    )


def _response(counts, labels, by=lambda members: members.sum(0)):
    """The mean responses [out, 10]; ``by`` says what the sums are divided by."""
    members = F.one_hot(labels, 10).float()
    return counts.t() @ members / by(members).clamp(min=1)


def _of_class(reduce, classes=range(10)):
    """``label_neurons`` with something else than the mean: ``reduce(counts of the class)`` -> [out]."""

    def answer(counts, labels):
        rows = torch.zeros(10, counts.shape[1])
        for c in classes:
            if (labels == c).any():
                rows[c] = reduce(counts[labels == c])
        return rows.argmax(0)

    return answer


def _vote(
    response=_response,
    share=lambda r: r / r.sum(1, keepdim=True).clamp(min=1e-9),
    cast=lambda counts: counts,
    pick=lambda votes: votes.argmax(1),
):
    """``soft_vote`` with one thing done wrong."""
    return lambda train, labels, test: pick(cast(test) @ share(response(train, labels)))


def _one_name(train_counts, train_labels, test_counts):
    names = F.one_hot(label_neurons(train_counts, train_labels), 10).float()
    return (test_counts @ names / names.sum(0).clamp(min=1)).argmax(1)


def _tensor(*values):
    return torch.tensor(values)


def _numbers(*shape, seed=0, most=4):
    return torch.randint(most, shape, generator=torch.Generator().manual_seed(seed)).float()


def _spikes(*shape, seed=0):
    return (torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < 0.4).float()


_W = _tensor([0.5, 0.2, 0.9], [0.1, 0.98, 0.02], [0.3, 0.3, 0.3])
_LABELS = torch.tensor([0, 0, 0, 5, 5, 9])
_COUNTS = _tensor(  # sum against mean, class 9, silent, a tie, yes or no, the largest, the middle
    [3.0, 0.0, 0.0, 2.0, 9.0, 0.0, 1.0],
    [3.0, 0.0, 0.0, 2.0, 0.0, 4.0, 1.0],
    [0.0, 0.0, 0.0, 2.0, 0.0, 4.0, 7.0],
    [4.0, 1.0, 0.0, 2.0, 2.0, 5.0, 2.0],
    [1.0, 0.0, 0.0, 2.0, 2.0, 0.0, 2.0],
    [0.0, 2.0, 0.0, 1.0, 2.0, 0.0, 0.0],
)
_MANY = torch.randint(10, (60,), generator=torch.Generator().manual_seed(5))
_TRAIN, _TEST = _numbers(60, 12, seed=23, most=5), _numbers(40, 12, seed=2, most=5)
_WEIGHTS = torch.rand(5, 8, generator=torch.Generator().manual_seed(3))
_THETA = _tensor(0.0, 0.6, 1.2, 0.3, 0.0)
_FEW = _tensor([1, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1], [0, 0, 0, 1], [0, 4, 0, 0], [0, 0, 2, 1]).float()
_ASKED = _tensor([2, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0], [1, 1, 0, 0], [0, 1, 3, 0], [0, 3, 0, 4]).float()
_TRAIN[:, 3] = 0  # a silent neuron

EXERCISES = (
    Exercise(
        id="06.learn_row",
        solution=learn_row,
        cases=(
            (_W, 0, _tensor(1.5, 0.0, 2.0), 0.1, 0.3),
            (_W, 1, _tensor(0.2, 1.0, 0.0), 0.1, 0.4),
            (_W, 2, _tensor(0.0, 0.5, 0.0), 0.5, 0.2),
        ),
        keeps=True,
        mistakes=(
            Mistake(
                lambda w, j, x, lr, x_target: (w + lr * (x - x_target)).clamp(0, 1),
                "所有神经元都学了：只改胜者的那一行 w[j]。",
                "Every neuron learns: change only the winner's row w[j].",
            ),
            Mistake(
                _learnt(_towards, clip=lambda row: row),
                "权重跑出了 [0, 1]：改完以后要截断（clamp 不改原来的张量，要用它的返回值）。",
                "The weights leave [0, 1]: clip them (clamp leaves its tensor as it is: use what it returns).",
            ),
            Mistake(_learnt(_towards, clip=lambda row: row.clamp(min=0)), "权重不超过 1。", "No weight exceeds 1."),
            Mistake(_learnt(_towards, clip=lambda row: row.clamp(max=1)), "权重不小于 0。", "No weight is below 0."),
            Mistake(
                _learnt(lambda *a: _towards(*a).clamp(0, 1), clip=lambda row: row),
                "要截断的是改完以后的权重，不是变化量。",
                "Clip the weight after the change, not the change.",
            ),
            Mistake(_learnt(lambda *a: _towards(*a).clamp(min=0)), "沉默的输入要减弱。", "Silent inputs get weaker."),
            Mistake(_learnt(lambda w, x, lr, goal: lr * x), "忘了减去 x_target。", "Subtract x_target."),
            Mistake(_learnt(lambda *a: -_towards(*a)), "符号反了。", "The sign is wrong: active inputs grow."),
            Mistake(_learnt(lambda w, x, lr, g: lr * (x - 0.3)), "x_target 不总是 0.3。", "x_target need not be 0.3."),
            Mistake(_learnt(lambda w, x, lr, g: lr * x - g), "lr 要乘整个括号。", "lr multiplies the whole bracket."),
            Mistake(
                _learnt(lambda w, x, lr, x_target: lr * (2.0 * (x > x_target) - 1)),
                "变化量与 x - x_target 成正比，不只看谁大谁小。",
                "The change is in proportion to x - x_target; do not merely compare the two.",
            ),
            Mistake(_learnt(_towards, row=lambda j: j - 1), "j 从 0 数起。", "j counts from 0."),
            Mistake(lambda w, j, *a: learn_row(w, j, *a) if j else w.clone(), "j = 0 也算数。", "j = 0 counts too."),
            Mistake(lambda w, j, *a: learn_row(w, j, *a)[j], "要返回全部权重。", "Return all weights, not a row."),
            Mistake(
                lambda w, j, x, *a: learn_row(w.t(), j, x[j], *a).t(),
                "改行，不改列。",
                "Change the row, not the column.",
            ),
        ),
        hints=(
            ("胜者是第 j 行，其余各行不变。", "The winner is row j; all other rows stay."),
            (
                "变化量是 lr * (x - x_target)，对每个输入各不相同。",
                "The change is lr * (x - x_target), different for each input.",
            ),
            (
                "先 w = w.clone()，再给 w[j] 赋值，最后用 .clamp(0, 1)。",
                "First w = w.clone(), then assign to w[j], with .clamp(0, 1) at the end.",
            ),
        ),
    ),
    Exercise(
        id="06.compete",
        solution=compete,
        cases=(
            (_tensor(1.0, 5.0, 3.0), _tensor(0.0, 3.5, 0.5), 2.0),
            (_tensor(6.0, 3.0, 0.5), _tensor(3.0, 0.5, 0.0), 2.0),
            (_tensor(1.0, 1.5, 0.5), _tensor(0.0, 0.25, 0.0), 2.0),
            (_tensor(3.0, 1.0, 2.0), _tensor(2.5, 0.5, 1.5), 1.5),
            (_tensor(2.0, 1.0, 1.5), _tensor(0.0, 0.0, 0.0), 2.0),
            (_tensor(0.5, 1.5, 2.0, 1.0), _tensor(0.0, 0.0, 0.5, 0.0), 1.0),
        ),
        keeps=True,
        mistakes=(
            Mistake(
                _compete(choose=lambda v, theta: v),
                "你选了膜电位最高的神经元；应当选比自己的阈值高出最多的，即 v - theta 最大的那个。",
                "You pick the highest membrane potential; pick who is furthest above its own threshold, the largest "
                "v - theta.",
            ),
            Mistake(
                _compete(choose=lambda v, theta: v + theta, fires=lambda v, theta, th: v + theta >= th),
                "theta 让神经元更难发放：要减去它，不是加上。",
                "theta makes it harder to fire: subtract it instead of adding it.",
            ),
            Mistake(_compete(fires=lambda v, h, th: v >= th), "比较时也要减去 theta。", "Compare v - theta, not v."),
            Mistake(_compete(fires=lambda v, h, th: v - h > th), "等于阈值也发放：>=。", "Use >=: equal fires too."),
            Mistake(_compete(fires=lambda v, h, th: v - h >= 1), "阈值是 v_threshold。", "Use v_threshold, not 1."),
            Mistake(_compete(fires=lambda v, h, th: v < 1e9), "没到阈值不发放。", "Nobody fires below threshold."),
            Mistake(_everybody, "一步里只能有一个胜者。", "Only one neuron may win a step."),
            Mistake(_all_that_are_level, "打平时只让编号最小的发放。", "In a tie only the smallest number fires."),
            Mistake(_compete(choose=_last), "打平时编号最小的赢。", "In a tie the smallest number wins."),
            Mistake(_compete(after=lambda v, s: v * (1 - s)), "所有神经元都回到 0。", "All neurons go back to 0."),
            Mistake(_compete(after=lambda v, s: v * s), "胜者也要回到 0。", "The winner goes back to 0 too."),
            Mistake(_compete(after=lambda v, s: v), "有人发放，v 就全部回到 0。", "After a spike all v go back to 0."),
            Mistake(lambda v, h, th: (compete(v, h, th)[0], 0 * v), "没人发放，v 不变。", "Without a spike v stays."),
            Mistake(
                _compete(fires=lambda v, theta, th: (v - theta >= th) & (torch.arange(len(v)) > 0)),
                "0 号也可以是胜者：if winner 把它当成了“没有”。",
                "Neuron 0 may win too: if winner takes it for none.",
            ),
        ),
        hints=(
            ("先算每个神经元离阈值还有多远：v - theta。", "First see how far each neuron has come: v - theta."),
            (
                "argmax 给出最大者的下标；再问它到没到 v_threshold。",
                "argmax gives the index of the largest; then ask whether it has reached v_threshold.",
            ),
            (
                "到了：spikes[winner] = 1.0，v = torch.zeros_like(v)；没到：什么都不变。",
                "If it has: spikes[winner] = 1.0 and v = torch.zeros_like(v); if not, nothing changes.",
            ),
        ),
    ),
    Exercise(
        id="06.after_sample",
        solution=after_sample,
        cases=(
            (_tensor(0.0, 2.0, 5.0), _tensor(3.0, 0.0, 1.0), 0.2, 10.0),
            (_tensor(1.0, 1.0, 1.0), _tensor(0.0, 0.0, 0.0), 0.5, 4.0),
            (_tensor(1.0, 0.0, 2.5, 4.0), _tensor(2.0, 1.0, 5.0, 0.0), 0.5, 8.0),
        ),
        keeps=True,
        mistakes=(
            Mistake(lambda h, n, p, tau: h + p * n, "没有按 tau_theta 衰减。", "Nothing decays by tau_theta."),
            Mistake(lambda h, n, p, tau: h - h / tau, "忘了脉冲的份。", "What the spikes add is missing."),
            Mistake(
                lambda theta, counts, theta_plus, tau: theta - theta / tau + theta_plus * counts,
                "顺序不对：脉冲先抬高阈值，样本结束时再衰减。",
                "The order is wrong: the spikes raise the threshold first, then, after the sample, it decays.",
            ),
            Mistake(lambda h, n, p, tau: after_sample(h, n > 0, p, tau), "每个脉冲加一次。", "Every spike counts."),
            Mistake(lambda h, n, p, tau: after_sample(h, n.sum(), p, tau), "只加自己的脉冲。", "Add own spikes only."),
            Mistake(
                lambda h, n, p, tau: torch.where(n > 0, after_sample(h, n, p, tau), h),
                "没有发放的神经元也要衰减。",
                "The thresholds of neurons that did not fire decay as well.",
            ),
            Mistake(
                lambda h, n, p, tau: torch.where(n > 0, h + p * n, h - h / tau),
                "发放过的神经元也要衰减。",
                "The thresholds of neurons that did fire decay as well.",
            ),
            Mistake(lambda h, n, p, tau: after_sample(h, n, -p, tau), "脉冲让阈值升高。", "Spikes raise thresholds."),
            Mistake(lambda h, n, p, tau: after_sample(h, n, p, -tau), "衰减是减，不是加。", "Subtract the decay."),
            Mistake(
                lambda h, n, p, tau: (h + p * n) / tau,
                "theta / tau_theta 是减去的那一份，不是留下的。",
                "theta / tau_theta is what goes, not what stays.",
            ),
            Mistake(
                lambda h, n, p, tau: (h + p * n) * math.exp(-1 / tau),
                "这是精确的指数衰减；这里只走一步：减去 theta / tau_theta。",
                "That is the exact exponential decay; here it is one step: subtract theta / tau_theta.",
            ),
            Mistake(lambda h, n, p, tau: h + (p * n - h) / tau, "脉冲的份不要除。", "The rise is not divided."),
            Mistake(lambda h, n, p, tau: after_sample(h, n, 0.2, tau), "用 theta_plus。", "Use theta_plus, not 0.2."),
        ),
        hints=(
            ("两件事：脉冲抬高，时间降低。", "Two things happen: spikes raise it, time lowers it."),
            ("抬高的总量是 theta_plus * counts。", "In all it rises by theta_plus * counts."),
            ("然后减去新的 theta 除以 tau_theta。", "Then subtract the new theta divided by tau_theta."),
        ),
    ),
    Exercise(
        id="06.label_neurons",
        solution=label_neurons,
        cases=((_COUNTS, _LABELS), (_TRAIN, _MANY)),
        keeps=True,
        mistakes=(
            Mistake(
                lambda counts, labels: (counts.t() @ F.one_hot(labels, 10).float()).argmax(1),
                "你比的是总和：样本多的类别占了便宜。要比每个样本的平均响应。",
                "You compare sums, which favours classes with many samples: compare the mean response to a sample.",
            ),
            Mistake(lambda c, y: y[c.argmax(0)], "要看一个类别的全部样本。", "Look at all samples of a class."),
            Mistake(lambda c, y: label_neurons((c > 0).float(), y), "脉冲的个数也要算。", "Average how many spikes."),
            Mistake(
                lambda c, y: torch.stack([c[y == k].mean(0) for k in range(10)]).argmax(0),
                "没有样本的类别，平均成了 nan，还当了最大值：把它算作 0。",
                "The mean of a class without samples becomes nan and is taken for the largest: count it as 0.",
            ),
            Mistake(
                lambda c, y: torch.stack([c[y == k].mean(0) for k in y.unique()]).argmax(0),
                "你返回的是“出现过的类别里的第几个”：要的是类别本身，0 到 9。",
                "You return a position among the classes that occur: return the class itself, 0 to 9.",
            ),
            Mistake(lambda c, y: _response(c, y).argmax(0), "argmax 要沿着类别。", "argmax runs over the classes."),
            Mistake(lambda c, y: _response(c, y).argmin(1), "要最强的类别。", "Take the strongest class."),
            Mistake(
                lambda c, y: 9 - _response(c, y).flip(1).argmax(1), "平手取较小的类别。", "The smaller class wins."
            ),
            Mistake(
                lambda c, y: label_neurons(c, y).masked_fill(c.sum(0) == 0, -1),
                "从不响应的神经元，各类别打平，都是 0：名字是最小的类别 0，不是 -1。",
                "For a neuron that never responds all classes tie at 0: its name is the smallest class, 0, not -1.",
            ),
            Mistake(_of_class(lambda c: c.mean(0), range(9)), "漏掉了类别 9。", "Class 9 is left out."),
            Mistake(
                _of_class(lambda c: c.sum(0) / (c > 0).sum(0).clamp(min=1)),
                "没有脉冲的样本也要算进平均。",
                "Samples without a spike count in the mean as well.",
            ),
            Mistake(_of_class(lambda c: c.amax(0)), "比平均，不比最大。", "Compare means, not maxima."),
            Mistake(_of_class(lambda c: c.median(0).values), "比平均，不比中位数。", "Compare means, not medians."),
            Mistake(_of_class(lambda c: c.sum(0) // len(c)), "平均不要取整。", "Do not round the means."),
            Mistake(_of_class(lambda c: c.mean().expand(c.shape[1])), "各神经元各求平均。", "A mean for each neuron."),
            Mistake(lambda c, y: _response(c, y).amax(1), "要类别：用 argmax。", "Return the class: use argmax."),
        ),
        hints=(
            (
                "对每个神经元、每个类别，求脉冲数的平均：一张 [out, 10] 的表。",
                "For each neuron and class average the spike counts: a table [out, 10].",
            ),
            (
                "F.one_hot(labels, 10).float() 是 [N, 10]；counts.t() 乘它就得到总和。",
                "F.one_hot(labels, 10).float() is [N, 10]; counts.t() times it gives the sums.",
            ),
            (
                "再除以每个类别的样本数（没有样本的类别除以 1），最后 argmax(1)。",
                "Divide by the number of samples of each class (by 1 where there are none), then argmax(1).",
            ),
        ),
    ),
    Exercise(
        id="06.show_sample",
        solution=show_sample,
        run=_twice,
        cases=(
            (_tensor([1.0, 0.0], [1.0, 0.5]), _tensor(0.0, 0.0), _tensor([1.0, 0.0], [0.0, 1.0], [0.0, 0.0]), 2.0, 1.0),
            (_WEIGHTS, _THETA, _spikes(30, 8, seed=0), 3.0, 2.0),
            (_WEIGHTS, _THETA.flip(0), _spikes(20, 8, seed=1), 4.0, 1.5),
        ),
        keeps=True,
        mistakes=(
            *(_bugs(*mended) for mended in itertools.product((False, True), repeat=3) if not all(mended)),
            Mistake(_shown(charge=lambda v, i, tau: v + (i - v) / tau), "输入不除以 tau。", "Do not divide the input."),
            Mistake(_shown(charge=lambda v, i, tau: (v + i) * (1 - 1 / tau)), "先漏电，再加输入。", "Leak, then add."),
            Mistake(_shown(charge=lambda v, i, tau: v / tau + i), "v / tau 是漏掉的。", "v / tau leaks away."),
            Mistake(_shown(exceeds=True), "等于阈值也发放：>= 没有错。", "Equal fires too: >= was right."),
            Mistake(_shown(lead=lambda v, theta: v), "比较的是 v[j] - theta[j]。", "Compare v[j] - theta[j]."),
            Mistake(_clears_always, "没有胜者时，膜电位留到下一步。", "Without a winner the potentials stay."),
            Mistake(_everybody_counts, "一步里只能有一个胜者。", "Only one neuron may win a step."),
            Mistake(lambda *a: (show_sample(*a) > 0).float(), "要数脉冲：+= 1。", "Count the spikes: += 1."),
            Mistake(lambda w, h, s, *a: show_sample(w, h, s, *a) / len(s), "要个数，不要率。", "Counts, not rates."),
            Mistake(_shown(raised=0.2), "网络已经学好：theta 不再升高。", "The network has learnt: theta stays."),
            Mistake(_shown(steps=slice(1)), "只走了一步：return 在循环里。", "One step only: return is in the loop."),
            Mistake(_shown(steps=slice(1, None)), "漏掉了第一步。", "The first step is left out."),
            Mistake(_shown(choose=_last), "打平时编号最小的赢。", "In a tie the smallest number wins."),
        ),
        hints=(
            (
                "三行各有一个错：积分、选胜者、胜者发放之后。",
                "Three lines have one bug each: the integration, the choice of the winner, and what its spike does.",
            ),
            (
                "漏电：v - v / tau；胜者：v - theta 的 argmax。",
                "The leak is v - v / tau; the winner is the argmax of v - theta.",
            ),
            (
                "胜者发放之后，所有神经元都回到 0：v = torch.zeros(len(w))。",
                "After the winner's spike all neurons go back to 0: v = torch.zeros(len(w)).",
            ),
        ),
    ),
    Exercise(
        id="06.soft_vote",
        solution=soft_vote,
        cases=((_FEW, _tensor(1, 1, 1, 1, 4, 9), _ASKED), (_TRAIN, _MANY, _TEST)),
        mistakes=(
            Mistake(
                _one_name,
                "每个神经元还是只投给一个类别：让它按平均响应的比例，投给所有类别。",
                "Each neuron still votes for one class only: let it vote for all, in proportion to its mean responses.",
            ),
            Mistake(
                _vote(share=lambda r: F.one_hot(r.argmax(1), 10) * (r.sum(1, keepdim=True) > 0).float()),
                "每个神经元把整票投给了一个类别：让它按平均响应的比例，投给所有类别。",
                "Each neuron casts its whole vote for one class: let it vote for all, in proportion to its means.",
            ),
            Mistake(
                _vote(response=lambda counts, labels: counts.t() @ F.one_hot(labels, 10).float()),
                "平均之前忘了除以各类别的样本数：样本多的类别得票太多。",
                "The responses are sums, not means: classes with many samples get too many votes.",
            ),
            Mistake(_vote(share=lambda r: r), "每行要除以它的和。", "Divide each row by its sum."),
            Mistake(
                _vote(share=lambda r: r / r.sum(1, keepdim=True)),
                "从不响应的神经元那一行成了 0/0 = nan，毁了所有的票：让它的比例都是 0。",
                "The row of a neuron that never responds becomes 0/0 = nan and spoils all votes: let its shares be 0.",
            ),
            Mistake(
                _vote(response=lambda c, y: torch.stack([c[y == k].mean(0) for k in range(10)], 1)),
                "没有样本的类别，平均成了 nan：把它算作 0。",
                "The mean of a class without samples becomes nan: count it as 0.",
            ),
            Mistake(_vote(share=lambda r: r / r.sum(0).clamp(min=1e-9)), "每行的和为 1。", "Each row sums to 1."),
            Mistake(
                _vote(share=lambda r: r / r.amax(1, keepdim=True).clamp(min=1e-9)),
                "每行要除以它的和，不是它的最大值。",
                "Divide each row by its sum, not by its largest value.",
            ),
            Mistake(_vote(share=lambda r: r / (r.sum(1, keepdim=True) + 1)), "不要给和加 1。", "Add no 1 to the sums."),
            Mistake(_vote(share=lambda r: r.softmax(1)), "除以和，不用 softmax。", "Divide by the sum: no softmax."),
            Mistake(_vote(cast=lambda c: (c > 0).float()), "发放几次就投几票。", "A vote for every spike."),
            Mistake(
                _vote(response=lambda c, y: _response(c, y) * (torch.arange(10) < 9)),
                "漏掉了类别 9：一共 10 类，0 到 9。",
                "Class 9 is left out: there are 10 classes, 0 to 9.",
            ),
            Mistake(lambda train, y, test: soft_vote(train, y, train), "票数用 test_counts。", "Cast test_counts."),
            Mistake(_vote(pick=lambda votes: votes), "要类别：argmax(1)。", "Return the classes: use argmax(1)."),
            Mistake(_vote(pick=lambda votes: votes.argmax(0)), "argmax 要沿着类别。", "argmax runs over the classes."),
            Mistake(_vote(pick=lambda v: 9 - v.flip(1).argmax(1)), "平手取较小的类别。", "The smaller class wins."),
            Mistake(
                _vote(pick=lambda votes: torch.where(votes.sum(1) > 0, votes.argmax(1), -1)),
                "没有票的图，各类别打平，都是 0：答案是最小的类别 0，不是 -1。",
                "For a picture without votes all classes tie at 0: the answer is the smallest class, 0, not -1.",
            ),
        ),
        hints=(
            (
                "先求平均响应表 [out, 10]，和 label_neurons 一样。",
                "Begin with the table of mean responses [out, 10], as in label_neurons.",
            ),
            (
                "每行除以该行的和，就是这个神经元在各类别上的比例（除数至少取 1e-9）。",
                "Each row divided by its sum holds the neuron's shares of the classes (divide by at least 1e-9).",
            ),
            (
                "test_counts @ share 是每个样本的得票 [M, 10]，再 argmax(1)。",
                "test_counts @ share are the votes of each sample [M, 10]; then argmax(1).",
            ),
        ),
    ),
)
