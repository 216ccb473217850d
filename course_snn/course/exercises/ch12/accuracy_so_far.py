"""Exercise 12.accuracy_so_far."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def accuracy_so_far(out, labels):
    votes = out.cumsum(0)
    return (votes.argmax(2) == labels).float().mean(1)


def _right(out, labels):
    return (out.cumsum(0).argmax(2) == labels).float()


def _label_in_a_tie(out, labels):
    votes = out.cumsum(0)
    own = votes.gather(2, labels.expand(len(out), -1)[..., None])[..., 0]
    return (own == votes.amax(2)).float().mean(1)


_FEW = torch.tensor([[[0.0, 1, 0], [0, 0, 1]], [[0, 1, 0], [1, 0, 0]], [[1, 0, 0], [0, 0, 1]], [[1, 0, 0], [0, 0, 0]]])
_OUT = (torch.rand(5, 6, 4, generator=torch.Generator().manual_seed(0)) < 0.4).float()
_LABELS = torch.tensor([0, 1, 2, 3, 1, 0])


def _vary(rng):
    def case(T, N, C):
        return drawn.spikes(rng, T, N, C), torch.tensor([drawn.whole(rng, 0, C - 1) for _ in range(N)])

    few = torch.tensor(drawn.shuffled(rng, [0, 2]))
    return (_FEW, few), case(drawn.whole(rng, 5, 7), 6, 4), case(4, 3, 3), case(5, 1, 4)


EXERCISE = Exercise(
    id="12.accuracy_so_far",
    solution=accuracy_so_far,
    vary=_vary,
    cases=(
        (_FEW, torch.tensor([0, 2])),
        (_OUT, _LABELS),
        (_OUT[:4, :3], _LABELS[:3]),
        (_OUT[:, 3:4], _LABELS[3:4]),
    ),
    keeps=True,
    mistakes=(
        Mistake(
            lambda out, labels: (out.argmax(2) == labels).float().mean(1),
            "只看了当前这一列的输出：要把到这一列为止的票数累加起来（cumsum）。",
            "That looks at this column's output alone: add up the votes until now (cumsum).",
        ),
        Mistake(
            lambda out, labels: _right(out, labels).mean(),
            "只得到一个数：对图片求平均，时间步要留下，结果的形状是 [T]。",
            "A single number: average over the pictures and keep the time steps; the result is [T].",
        ),
        Mistake(
            lambda out, labels: _right(out, labels).sum(1),
            "这是答对的张数：除以图片总数才是准确率。",
            "That is how many are right: divide by the number of pictures for the accuracy.",
        ),
        Mistake(
            lambda out, labels: _right(out, labels).sum(1) / len(out),
            "答对的张数要除以图片数 N，不是时间步数 T。",
            "Divide the number of right answers by that of pictures, N, not by that of steps, T.",
        ),
        Mistake(
            lambda out, labels: _right(out, labels).mean(0),
            "对时间求了平均，每张图片一个数；要对图片求平均，每一步一个数。",
            "That is the mean over time, a number a picture; average over the pictures, to a number a step.",
        ),
        Mistake(
            lambda out, labels: 1 - _right(out, labels).mean(1),
            "这是错误率；准确率是答对的比例。",
            "That is the share of wrong answers; accuracy is that of the right ones.",
        ),
        Mistake(
            lambda out, labels: _right(out.flip(0), labels).mean(1),
            "时间反了：第 t 项只能用前 t+1 列。",
            "Time runs backwards: entry t may use the first t+1 columns only.",
        ),
        Mistake(
            lambda out, labels: (out.flip(0).cumsum(0).flip(0).argmax(2) == labels).float().mean(1),
            "票是从最后一列加起的：第 t 项要用前 t+1 列，不是后面的列。",
            "Votes are added from the last column on: entry t uses the first t+1 columns, not those that follow.",
        ),
        Mistake(
            lambda out, labels: (out.cumsum(1).argmax(2) == labels).float().mean(1),
            "累加错了维：cumsum(1) 把不同图片的票加在一起；时间是第 0 维。",
            "The wrong dimension: cumsum(1) adds the votes of different pictures; time is dimension 0.",
        ),
        Mistake(
            lambda out, labels: (out.cumsum(2).argmax(2) == labels).float().mean(1),
            "累加错了维：cumsum(2) 把不同类的票加在一起；时间是第 0 维。",
            "The wrong dimension: cumsum(2) adds the votes of different classes; time is dimension 0.",
        ),
        Mistake(
            lambda out, labels: _right(out, labels)[-1].mean().repeat(len(out)),
            "每一步都是最后的准确率：第 t 项只能用前 t+1 列。",
            "Every step has the final accuracy: entry t may use the first t+1 columns only.",
        ),
        Mistake(
            lambda out, labels: ((out.cumsum(0) - out).argmax(2) == labels).float().mean(1),
            "少了当前这一列：第 t 项要用 0 到 t 列，out[:t] 只到 t-1，应写 out[: t + 1]。",
            "The column itself is missing: entry t uses columns 0 to t; out[:t] ends at t-1, take out[: t + 1].",
        ),
        Mistake(
            lambda out, labels: _right(out, labels).cummax(0).values.mean(1),
            "一旦答对就一直算对了：答案可能变来变去，每一步只看当时得票最多的类。",
            "Once right counts as right for ever: an answer may change; each step counts its own leader.",
        ),
        Mistake(
            lambda out, labels: (out.argmax(2) == labels).float().mean(1).cumsum(0) / torch.arange(1, len(out) + 1),
            "这是各列准确率的平均：先把票累加起来，再看谁最多。",
            "That averages the accuracies of the columns: add up the votes first, then ask who leads.",
        ),
        Mistake(
            lambda out, labels: (out.shape[2] - 1 - out.cumsum(0).flip(2).argmax(2) == labels).float().mean(1),
            "票数并列时，你取了编号最大的类：取编号最小的，argmax 就是这样。",
            "In a tie you take the class with the largest number: take the smallest, as argmax does.",
        ),
        Mistake(
            _label_in_a_tie,
            "票数并列时你都算对了：并列时答案只有一个，是编号最小的类。",
            "In a tie you count every leader as right: the answer is one class, that of the smallest number.",
        ),
    ),
    hints=(
        ("out 的形状是 [T, N, C]；时间是第 0 维。", "out is [T, N, C]; time is dimension 0."),
        ("votes = out.cumsum(0) 是到每一步为止的票数。", "votes = out.cumsum(0) holds the votes up to each step."),
        (
            "(votes.argmax(2) == labels) 的形状是 [T, N]，对 N 求平均。",
            "(votes.argmax(2) == labels) is [T, N]; take the mean over N.",
        ),
    ),
)
