"""Exercise 05.batch_change."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def batch_change(pre, post):
    return torch.einsum("ni,nj->ji", pre, post) / len(pre)


def _products(pre, post):
    return post[:, :, None] * pre[:, None, :]


_PRE = torch.tensor([[1.0, 0.0, 1.0], [0.5, 0.5, 0.0]])
_POST = torch.tensor([[1.0, 0.0], [1.0, 1.0]])


def _vary(rng):
    a, b = drawn.some(rng, 2, (2, 3, 5, 6))
    return (
        (drawn.grid(rng, (a, 3), 0.0, 2.0, 0.5), drawn.spikes(rng, a, 2)),
        (drawn.grid(rng, (1, 2), 0.5, 2.0, 0.5), torch.tensor([[1.0, 0.0, 1.0]])),
        (drawn.spikes(rng, b, 4), drawn.grid(rng, (b, 3), 0.0, 2.0, 0.25)),
    )


EXERCISE = Exercise(
    id="05.batch_change",
    solution=batch_change,
    vary=_vary,
    cases=((_PRE, _POST), (_PRE[:1], _POST[:1]), (torch.eye(4), torch.eye(4)[:, :3])),
    mistakes=(
        Mistake(
            lambda pre, post: post.t() @ pre,
            "这是总和：还要除以样本数 N。",
            "That is the sum: divide by the number of samples N.",
        ),
        Mistake(
            lambda pre, post: torch.outer(post.mean(0), pre.mean(0)),
            "先平均再相乘，会把不同样本的脉冲配成一对；应当先在每个样本里相乘，再平均。",
            "Averaging first pairs spikes of different samples: multiply within each sample, then average.",
        ),
        Mistake(
            lambda pre, post: torch.outer(post.sum(0), pre.sum(0)) / len(pre),
            "先求和再相乘，会把不同样本的脉冲配成一对；应当先在每个样本里相乘，再对样本平均。",
            "Summing first pairs spikes of different samples: multiply within each sample, then average over them.",
        ),
        Mistake(
            lambda pre, post: pre.t() @ post / len(pre),
            "转置了：结果的形状应当与权重相同，是 [out, in]。",
            "Transposed: the result must have the shape of the weight, [out, in].",
        ),
        Mistake(
            lambda pre, post: post.t() @ pre / pre.shape[1],
            "除以了输入的个数：应当除以样本数 len(pre)。",
            "Divided by the number of inputs: divide by the number of samples, len(pre).",
        ),
        Mistake(
            lambda pre, post: post.t() @ pre / 4,
            "除数写死成 4 了：除以样本数 len(pre)。",
            "The divisor is always 4: divide by the number of samples, len(pre).",
        ),
        Mistake(
            lambda pre, post: _products(pre, post).mean(),
            "你对全部元素求了平均：只对样本（第 0 维）平均，结果是 [out, in]。",
            "You average over all elements: average over the samples only (dimension 0); the result is [out, in].",
        ),
        Mistake(
            lambda pre, post: _products(pre, post).mean(1),
            "平均错了维：对样本（第 0 维）平均。",
            "Averaged over the wrong dimension: average over the samples (dimension 0).",
        ),
        Mistake(
            lambda pre, post: _products(pre, post) / len(pre),
            "还没有对样本求和：结果的形状是 [out, in]，不带 N。",
            "The sum over the samples is missing: the result is [out, in], without N.",
        ),
        Mistake(
            lambda pre, post: torch.outer(post[-1], pre[-1]) / len(pre),
            "只剩最后一个样本：循环里要把每个样本的乘积累加起来。",
            "Only the last sample is left: the loop must add up the products of all samples.",
        ),
        Mistake(
            lambda pre, post: post[:-1].t() @ pre[:-1] / len(pre),
            "漏掉了最后一个样本。",
            "The last sample is left out.",
        ),
        Mistake(
            lambda pre, post: _products(pre, post).sum(0) / (_products(pre, post) > 0).sum(0).clamp(min=1),
            "你只除以乘积不为 0 的样本数：除以全部样本数 N。",
            "You divide by the number of samples whose product is not 0: divide by all N.",
        ),
        Mistake(
            lambda pre, post: _products(pre, post).amax(0),
            "你取了最大的乘积：要的是平均。",
            "That is the largest product: take the mean.",
        ),
    ),
    hints=(
        (
            "每个样本 n 给出一个矩阵，第 (j, i) 个元素是 post[n, j] * pre[n, i]。",
            "Each sample n gives a matrix whose element (j, i) is post[n, j] * pre[n, i].",
        ),
        (
            "对 n 求和正是一次矩阵乘法：[out, N] 乘 [N, in]。",
            "The sum over n is one matrix product: [out, N] times [N, in].",
        ),
        ("post.t() @ pre，再除以 len(pre)。", "post.t() @ pre, divided by len(pre)."),
    ),
)
