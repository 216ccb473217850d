"""Exercises of chapter 06: digits without labels."""

import torch
from torch.nn import functional as F

from course_snn.course.exercise import Exercise, Mistake


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


def _compete(adapted=True, one=True, everybody=True, strict=False):
    """``compete`` with one thing done wrong."""

    def answer(v, theta, v_threshold):
        above = v - theta
        if one:
            ready = torch.zeros(len(v), dtype=torch.bool)
            ready[(above if adapted else v).argmax()] = True
        else:
            ready = torch.ones(len(v), dtype=torch.bool)
        spikes = (ready & (above > v_threshold if strict else above >= v_threshold)).float()
        back = torch.ones_like(v) if everybody and spikes.any() else spikes
        return spikes, v * (1 - back)

    return answer


def _show(leak=True, adapted=True, inhibited=True):
    """``show_sample`` with some of its three bugs."""

    def answer(w, theta, spikes, tau, v_threshold):
        v, counts = torch.zeros(len(w)), torch.zeros(len(w))
        for s in spikes:
            v = (v - v / tau if leak else v) + w @ s
            j = (v - theta if adapted else v).argmax()
            if v[j] - theta[j] >= v_threshold:
                counts[j] += 1
                v = torch.zeros(len(w)) if inhibited else torch.where(torch.arange(len(w)) == j, 0.0, v)
        return counts

    return answer


def _vote(members, counts, test_counts, by_mean=True, share=True):
    response = counts.t() @ members
    response = response / members.sum(0).clamp(min=1) if by_mean else response
    weight = response / response.sum(1, keepdim=True).clamp(min=1e-9) if share else response
    return (test_counts @ weight).argmax(1)


def _one_name(train_counts, train_labels, test_counts):
    names = F.one_hot(label_neurons(train_counts, train_labels), 10).float()
    return (test_counts @ names / names.sum(0).clamp(min=1)).argmax(1)


def _tensor(*values):
    return torch.tensor(values)


def _numbers(*shape, seed=0, most=4):
    return torch.randint(most, shape, generator=torch.Generator().manual_seed(seed)).float()


def _spikes(*shape, seed=0):
    return (torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < 0.4).float()


_W = _tensor([0.5, 0.2, 0.9], [0.1, 0.98, 0.02])
_LABELS = torch.tensor([0, 0, 0, 0, 1, 1, 2, 2, 2, 3])
_COUNTS = _numbers(10, 6)
_COUNTS[4:6] += 2  # class 1 is small but loud: sums and means differ
_MANY = torch.randint(10, (60,), generator=torch.Generator().manual_seed(5))
_TRAIN, _TEST = _numbers(60, 12, seed=1, most=5), _numbers(40, 12, seed=2, most=5)
_WEIGHTS = torch.rand(5, 8, generator=torch.Generator().manual_seed(3))

EXERCISES = (
    Exercise(
        id="06.compete",
        solution=compete,
        cases=(
            (_tensor(1.0, 5.0, 3.0), _tensor(0.0, 3.5, 0.5), 2.0),
            (_tensor(4.0, 3.0, 0.5), _tensor(0.0, 0.0, 0.0), 2.0),
            (_tensor(1.0, 1.5, 0.5), _tensor(0.0, 0.2, 0.0), 2.0),
            (_tensor(2.0, 1.0, 1.5), _tensor(0.0, 0.0, 0.0), 2.0),
        ),
        mistakes=(
            Mistake(
                _compete(adapted=False),
                "你选了膜电位最高的神经元；应当选比自己的阈值高出最多的，即 v - theta 最大的那个。",
                "You pick the highest membrane potential; pick who is furthest above its own threshold, the largest "
                "v - theta.",
            ),
            Mistake(
                _compete(one=False),
                "过了阈值的神经元都发放了：一步里只能有一个胜者。",
                "All neurons above their thresholds spike: only one may win a step.",
            ),
            Mistake(
                _compete(everybody=False),
                "只有胜者回到 0 了：侧抑制让所有神经元都从头开始。",
                "Only the winner goes back to 0: lateral inhibition makes everybody start again.",
            ),
            Mistake(
                _compete(strict=True),
                "恰好到达阈值也要发放：比较用 >=。",
                "Exactly at the threshold counts as well: compare with >=.",
            ),
        ),
        hints=(
            (
                "先算每个神经元离阈值还有多远：v - theta。",
                "First see how far each neuron has come: v - theta.",
            ),
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
        id="06.learn_row",
        solution=learn_row,
        cases=(
            (_W, 0, _tensor(1.5, 0.0, 2.0), 0.1, 0.3),
            (_W, 1, _tensor(0.2, 1.0, 0.0), 0.1, 0.4),
            (_W, 1, _tensor(0.0, 0.0, 0.0), 0.5, 0.2),
        ),
        mistakes=(
            Mistake(
                lambda w, j, x, lr, x_target: (w + lr * (x - x_target)).clamp(0, 1),
                "所有神经元都学了：只改胜者的那一行 w[j]。",
                "Every neuron learns: change only the winner's row w[j].",
            ),
            Mistake(
                lambda w, j, x, lr, x_target: torch.where(
                    (torch.arange(len(w)) == j)[:, None], w + lr * (x - x_target), w
                ),
                "权重跑出了 [0, 1]：改完以后要截断。",
                "The weights leave [0, 1]: clip them after the change.",
            ),
            Mistake(
                lambda w, j, x, lr, x_target: learn_row(w, j, x, lr, 0.0),
                "没有减去 x_target：这样权重只升不降，沉默的输入也不会减弱。",
                "x_target is missing: weights only rise, and silent inputs never get weaker.",
            ),
            Mistake(
                lambda w, j, x, lr, x_target: learn_row(w, j, x, -lr, x_target),
                "符号反了：刚刚活跃的输入（迹大于 x_target）应当增强。",
                "The wrong sign: inputs that have just been active (a trace above x_target) get stronger.",
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
        id="06.after_sample",
        solution=after_sample,
        cases=(
            (_tensor(0.0, 2.0, 5.0), _tensor(3.0, 0.0, 1.0), 0.2, 10.0),
            (_tensor(1.0, 1.0, 1.0), _tensor(0.0, 0.0, 0.0), 0.5, 4.0),
        ),
        mistakes=(
            Mistake(
                lambda theta, counts, theta_plus, tau_theta: theta + theta_plus * counts,
                "忘了衰减：很久没赢的神经元，阈值应当慢慢降下来。",
                "The decay is missing: the threshold of a neuron that has not won for long comes down slowly.",
            ),
            Mistake(
                lambda theta, counts, theta_plus, tau_theta: theta - theta / tau_theta + theta_plus * counts,
                "顺序不对：脉冲先抬高阈值，样本结束时再衰减。",
                "The order is wrong: the spikes raise the threshold first, then, after the sample, it decays.",
            ),
            Mistake(
                lambda theta, counts, theta_plus, tau_theta: after_sample(
                    theta, (counts > 0).float(), theta_plus, tau_theta
                ),
                "每个脉冲都要加一次 theta_plus，不是每个样本加一次。",
                "Every spike adds theta_plus, not every sample.",
            ),
        ),
        hints=(
            ("两件事：脉冲抬高，时间降低。", "Two things happen: spikes raise it, time lowers it."),
            ("抬高的总量是 theta_plus * counts。", "In all it rises by theta_plus * counts."),
            (
                "然后减去新的 theta 除以 tau_theta。",
                "Then subtract the new theta divided by tau_theta.",
            ),
        ),
    ),
    Exercise(
        id="06.label_neurons",
        solution=label_neurons,
        cases=((_COUNTS, _LABELS), (_TRAIN, _MANY), (_COUNTS[:5], _LABELS[:5])),
        mistakes=(
            Mistake(
                lambda counts, labels: (counts.t() @ F.one_hot(labels, 10).float()).argmax(1),
                "你比的是总和：样本多的类别占了便宜。要比每个样本的平均响应。",
                "You compare sums, which favours classes with many samples: compare the mean response to a sample.",
            ),
            Mistake(
                lambda counts, labels: labels[counts.argmax(0)],
                "你只看了响应最强的那一个样本：要看每个类别的全部样本。",
                "You look at the one sample with the strongest response: look at all samples of each class.",
            ),
            Mistake(
                lambda counts, labels: (
                    F.one_hot(labels, 10).float().t()
                    @ (counts > 0).float()
                    / F.one_hot(labels, 10).sum(0).clamp(min=1)[:, None]
                ).argmax(0),
                "你只问有没有脉冲：脉冲的个数也是信息，请平均个数。",
                "You only ask whether there was a spike: their number tells more; average the numbers.",
            ),
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
        cases=tuple(
            (_WEIGHTS, _tensor(0.0, 0.6, 1.2, 0.3, 0.0), _spikes(30, 8, seed=seed), 3.0, 2.0) for seed in range(3)
        ),
        mistakes=(
            Mistake(
                _show(leak=False, adapted=False, inhibited=False),
                "三个错都还在。先看膜电位那一行：它和第 01 章的方程差了什么？",
                "All three bugs are still there. Begin with the line of the membrane potential: what of the equation "
                "of chapter 01 is missing?",
            ),
            Mistake(
                _show(leak=False),
                "还剩一个错：膜电位不漏电。",
                "One bug is left: the membrane potential does not leak.",
            ),
            Mistake(
                _show(adapted=False),
                "还剩一个错：选胜者时忘了各自的阈值 theta。",
                "One bug is left: the choice of the winner forgets the thresholds theta.",
            ),
            Mistake(
                _show(inhibited=False),
                "还剩一个错：胜者没有抑制别人，输家保留了膜电位。",
                "One bug is left: the winner inhibits nobody, the losers keep their membrane potential.",
            ),
            Mistake(
                _show(adapted=False, inhibited=False),
                "漏电修好了，还剩两个错：看看怎样选胜者，以及胜者赢了以后发生什么。",
                "The leak is right, two bugs are left: look at how the winner is chosen and at what a win does.",
            ),
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
        cases=((_TRAIN, _MANY, _TEST), (_COUNTS, _LABELS, _COUNTS)),
        mistakes=(
            Mistake(
                _one_name,
                "每个神经元还是只投给一个类别：让它按平均响应的比例，投给所有类别。",
                "Each neuron still votes for one class only: let it vote for all, in proportion to its mean responses.",
            ),
            Mistake(
                lambda counts, labels, test: _vote(F.one_hot(labels, 10).float(), counts, test, by_mean=False),
                "平均之前忘了除以各类别的样本数：样本多的类别得票太多。",
                "The responses are sums, not means: classes with many samples get too many votes.",
            ),
            Mistake(
                lambda counts, labels, test: _vote(F.one_hot(labels, 10).float(), counts, test, share=False),
                "没有归一化：爱发放的神经元票太重。让每个神经元的比例之和为 1。",
                "Not normalised: busy neurons have too much weight. Let the shares of each neuron sum to 1.",
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
