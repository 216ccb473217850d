"""Exercise 05.stdp_step."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * torch.outer(post, x)
    w = w - lr * torch.outer(y, pre)
    return w, x, y


def _rule(change, late=False, f=lambda w: 1.0):
    """``stdp_step`` with another change of the weights: ``change(x, y, pre, post)``, without the learning rate."""

    def answer(w, x, y, pre, post, tau, lr):
        new_x, new_y = x - x / tau + pre, y - y / tau + post
        seen = (x, y) if late else (new_x, new_y)
        return w + lr * f(w) * change(*seen, pre, post), new_x, new_y

    return answer


def _pairs(x, y, pre, post):
    return torch.outer(post, x) - torch.outer(y, pre)


def _gained(x, y, pre, post):
    return torch.outer(post, x)


def _lost(x, y, pre, post):
    return torch.outer(y, pre)


def _anyone(spikes):
    return torch.ones_like(spikes) * spikes.any()


def _low_pass_step(w, x, y, pre, post, tau, lr):
    x, y = x + (pre - x) / tau, y + (post - y) / tau
    return w + lr * _pairs(x, y, pre, post), x, y


_W = torch.tensor([[0.5, 1.4], [-0.3, 0.4]])
_X, _Y = torch.tensor([0.6, 0.3]), torch.tensor([0.2, 0.9])
_STEPS = (
    *(
        (_W, _X, _Y, torch.tensor(pre), torch.tensor(post), 10.0, 0.1)
        for pre, post in [([1.0, 0.0], [0.0, 0.0]), ([0.0, 0.0], [0.0, 1.0]), ([1.0, 0.0], [1.0, 1.0])]
    ),
    (torch.zeros(2, 3), torch.ones(3), _Y, torch.tensor([0.0, 1.0, 1.0]), torch.tensor([1.0, 0.0]), 4.0, 0.5),
)


def _vary(rng):
    def step(pre, post, tau, lr):
        inputs, outputs = len(pre), len(post)
        x, y = drawn.grid(rng, (inputs,), 0.1, 1.2, 0.1), drawn.grid(rng, (outputs,), 0.1, 1.2, 0.1)
        w = drawn.grid(rng, (outputs, inputs), -0.5, 1.5, 0.1)
        return w, x, y, torch.tensor(pre), torch.tensor(post), tau, lr

    tau, other = drawn.some(rng, 2, (4.0, 5.0, 8.0, 10.0, 20.0))
    lr = drawn.one_of(rng, 0.05, 0.1, 0.2)
    return (
        step([0.0, 1.0, 0.0], [0.0, 0.0], tau, lr),
        step([0.0, 0.0], drawn.one_of(rng, [1.0, 0.0], [0.0, 1.0]), other, 0.5),
        step(drawn.one_of(rng, [1.0, 0.0], [0.0, 1.0]), [1.0, 1.0], tau, lr),
        step([1.0, 0.0, 1.0], drawn.one_of(rng, [1.0, 0.0], [0.0, 1.0]), other, lr),
    )


EXERCISE = Exercise(
    id="05.stdp_step",
    solution=stdp_step,
    vary=_vary,
    cases=_STEPS,
    keeps=True,
    mistakes=(
        Mistake(
            _rule(_pairs, late=True),
            "顺序反了：先更新两条迹，再用新的迹去改权重。",
            "The order is wrong: update both traces first, then change the weight with the new traces.",
        ),
        Mistake(
            lambda w, x, y, pre, post, tau, lr: (
                w + lr * (torch.outer(post, x - x / tau + pre) - torch.outer(y, pre)),
                *stdp_step(w, x, y, pre, post, tau, lr)[1:],
            ),
            "减弱时用的还是旧的 y：两条迹都先更新，再改权重。",
            "What is subtracted still uses the old y: update both traces first, then change the weight.",
        ),
        Mistake(
            _rule(lambda *a: -_pairs(*a)),
            "符号反了：post 发放时权重加上 x，pre 发放时权重减去 y。",
            "The signs are exchanged: add x where post fires, subtract y where pre fires.",
        ),
        Mistake(
            _rule(lambda x, y, pre, post: torch.outer(post, y) - torch.outer(x, pre)),
            "迹用反了：post 发放时看的是 pre 的迹 x，pre 发放时看的是 post 的迹 y。",
            "The traces are exchanged: a post spike reads the trace x of pre, a pre spike the trace y of post.",
        ),
        Mistake(
            _rule(lambda *a: _pairs(*a).t()),
            "转置了：权重的形状是 [out, in]，行是 post，列是 pre。",
            "Transposed: the weight is [out, in], its rows are post, its columns pre.",
        ),
        Mistake(
            _rule(lambda x, y, pre, post: x[None, :] - y[:, None]),
            "你每一步都改了权重：只有 post 发放的行才加，只有 pre 发放的列才减。",
            "You change the weight in every step: add only in rows where post fires, subtract only in columns "
            "where pre fires.",
        ),
        Mistake(
            _rule(lambda x, y, pre, post: _pairs(x, y, _anyone(pre), _anyone(post))),
            "只要有一个神经元发放，你就改了所有的行或列：各看各的脉冲。",
            "One spike anywhere changes all rows or columns: each neuron opens its own row or column only.",
        ),
        Mistake(
            _rule(lambda x, y, pre, post: _pairs(x, y, pre, post) * (post.any() != pre.any())),
            "同一步两边都有脉冲时，也要又加又减：两句话互不排斥。",
            "In a step with spikes on both sides do both, add and subtract: neither excludes the other.",
        ),
        Mistake(_rule(_gained), "pre 发放的列还要减去 lr * y。", "In the columns where pre fires subtract lr * y."),
        Mistake(
            _rule(lambda *a: -_lost(*a)),
            "权重只减不增：post 发放的行还要加上 lr * x。",
            "The weights only shrink: add lr * x in the rows where post fires.",
        ),
        Mistake(
            lambda w, x, y, pre, post, tau, lr: stdp_step(w, x, y, pre, post, tau, 1.0),
            "忘了学习率：两项都要乘 lr。",
            "The learning rate is missing: both terms are multiplied by lr.",
        ),
        Mistake(
            lambda w, x, y, pre, post, tau, lr: _rule(lambda *a: _gained(*a) - _lost(*a) / lr)(
                w, x, y, pre, post, tau, lr
            ),
            "第二项忘了学习率：两项都要乘 lr。",
            "The second term lacks the learning rate: both are multiplied by lr.",
        ),
        Mistake(_rule(_pairs, f=torch.abs), "f = 1：变化量与权重无关。", "f = 1: the change does not depend on w."),
        Mistake(
            lambda *a: (stdp_step(*a)[0].clamp(0, 1), *stdp_step(*a)[1:]),
            "这里不截断：权重可以小于 0，也可以大于 1。",
            "Nothing is clipped here: weights may be below 0 or above 1.",
        ),
        Mistake(
            _low_pass_step,
            "迹里的脉冲被除以 τ 了：每个脉冲让迹增加整整 1。",
            "The spikes in the traces are divided by τ: every spike adds a full 1 to a trace.",
        ),
        Mistake(
            lambda w, x, y, pre, post, tau, lr: (stdp_step(w, x, y, pre, post, tau, lr)[0], x, y),
            "权重对了，返回的迹却还是旧的：返回更新后的 x 和 y。",
            "The weights are right, but the traces come back as they were: return the new x and y.",
        ),
        Mistake(lambda *a: stdp_step(*a)[0], "三样都要：return w, x, y。", "All three are wanted: return w, x, y."),
    ),
    hints=(
        ("四行代码：x、y、加、减，就按这个顺序。", "Four lines: x, y, add, subtract, in this order."),
        (
            "torch.outer(a, b) 的形状是 [len(a), len(b)]，第 (j, i) 个元素是 a[j] * b[i]。",
            "torch.outer(a, b) has the shape [len(a), len(b)]; its element (j, i) is a[j] * b[i].",
        ),
        (
            "加的是 lr * torch.outer(post, x)，减的是 lr * torch.outer(y, pre)。",
            "Add lr * torch.outer(post, x), subtract lr * torch.outer(y, pre).",
        ),
    ),
)
