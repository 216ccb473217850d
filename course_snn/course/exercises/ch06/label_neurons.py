"""Exercise 06.label_neurons."""

import torch
from torch.nn import functional as F

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch06.shared import MANY, TRAIN, mean_response, tensor_of


def label_neurons(counts, labels):
    members = F.one_hot(labels, 10).float()
    response = counts.t() @ members / members.sum(0).clamp(min=1)
    return response.argmax(1)


def _of_class(reduce, classes=range(10)):
    """``label_neurons`` with something else than the mean: ``reduce(counts of the class)`` -> [out]."""

    def answer(counts, labels):
        rows = torch.zeros(10, counts.shape[1])
        for c in classes:
            if (labels == c).any():
                rows[c] = reduce(counts[labels == c])
        return rows.argmax(0)

    return answer


_LABELS = torch.tensor([0, 0, 0, 5, 5, 9])
_COUNTS = tensor_of(  # sum against mean, class 9, silent, a tie, yes or no, the largest, the middle
    [3.0, 0.0, 0.0, 2.0, 9.0, 0.0, 1.0],
    [3.0, 0.0, 0.0, 2.0, 0.0, 4.0, 1.0],
    [0.0, 0.0, 0.0, 2.0, 0.0, 4.0, 7.0],
    [4.0, 1.0, 0.0, 2.0, 2.0, 5.0, 2.0],
    [1.0, 0.0, 0.0, 2.0, 2.0, 0.0, 2.0],
    [0.0, 2.0, 0.0, 1.0, 2.0, 0.0, 0.0],
)


def _vary(rng):
    """Neuron 3 never responds, no other is level; some classes have no samples, class 9 has."""

    def case():
        classes = [*drawn.some(rng, 6, range(9)), 9]
        labels = torch.tensor([*classes, *(drawn.one_of(rng, *classes) for _ in range(drawn.whole(rng, 25, 40)))])
        counts = drawn.grid(rng, (len(labels), 12), 0, 4, 1)
        counts[:, 3] = 0
        counts[labels == 9, 5] += 2
        return counts, labels

    def clear(case):
        means = mean_response(*case)
        return drawn.apart(means[means.sum(1) > 0])

    return (drawn.until(case, clear),)


EXERCISE = Exercise(
    id="06.label_neurons",
    solution=label_neurons,
    vary=_vary,
    cases=((_COUNTS, _LABELS), (TRAIN, MANY)),
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
        Mistake(lambda c, y: mean_response(c, y).argmax(0), "argmax 要沿着类别。", "argmax runs over the classes."),
        Mistake(lambda c, y: mean_response(c, y).argmin(1), "要最强的类别。", "Take the strongest class."),
        Mistake(
            lambda c, y: 9 - mean_response(c, y).flip(1).argmax(1), "平手取较小的类别。", "The smaller class wins."
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
        Mistake(lambda c, y: mean_response(c, y).amax(1), "要类别：用 argmax。", "Return the class: use argmax."),
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
)
