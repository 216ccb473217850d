"""Exercise 07.peak_gradient."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch07.shared import TIMES, W, psp_at
from course_snn.course.exercises.ch07.voltage import voltage
from course_snn.event_driven import psp_kernel


def peak_gradient(weights, times, T):
    since = torch.arange(T)[:, None] - times
    psp = psp_kernel(since, 15.0, 3.75) * (times >= 0)
    t_max = (psp @ weights).argmax()
    return psp[t_max]


def _gradient(choose):
    """A gradient read at another place: ``choose(potentials [T, inputs], voltage [T], weights)``."""

    def answer(weights, times, T):
        psp = psp_at(times, T)
        return choose(psp, psp @ weights, weights)

    return answer


def _first_crossing(psp, v, weights):
    over = (v >= 1).nonzero()
    return psp[over[0, 0]] if len(over) else psp[v.argmax()]


_GRADIENTS = (  # each voltage has one peak only
    (W, TIMES, 30),
    (torch.tensor([1.5, 0.9, -2.0]), torch.tensor([0, 6, 18]), 40),
    (torch.tensor([0.5, -2.0, 0.25]), torch.tensor([2, 12, 6]), 30),
    (torch.tensor([-0.5, 0.9, 0.4]), torch.tensor([0, 4, -1]), 25),
)


def _vary(rng):
    def clear(case):
        v = voltage(*case)
        return v.max() > 0.1 and drawn.apart(v)

    def case(*times, T=30):
        return drawn.until(lambda: (drawn.grid(rng, (len(times),), -1.5, 1.5, 0.1), torch.tensor(times), T), clear)

    first, second, third = sorted(drawn.some(rng, 3, range(1, 16)))
    return (
        case(first, -1, third, second),
        case(0, second, third, T=40),
        case(third, first, 0),
        case(second, 0, -1, T=25),
    )


EXERCISE = Exercise(
    id="07.peak_gradient",
    solution=peak_gradient,
    vary=_vary,
    cases=_GRADIENTS,
    keeps=True,
    mistakes=(
        Mistake(
            _gradient(lambda psp, v, w: psp[-1]),
            "你读的是最后一步的电位；应当读 t_max 那一步，即 V 最大的时刻。",
            "You read the potentials in the last step; read them at t_max, where V is largest.",
        ),
        Mistake(
            _gradient(lambda psp, v, w: psp.sum(0)),
            "你把所有时刻加了起来：V_max 只看 t_max 这一个时刻。",
            "You summed over all times: V_max depends on t_max alone.",
        ),
        Mistake(
            _gradient(lambda psp, v, w: psp[v.argmax()] * w),
            "多乘了权重：w_i K 对 w_i 求导，只剩 K。",
            "A weight too many: the derivative of w_i K with respect to w_i is K alone.",
        ),
        Mistake(
            _gradient(lambda psp, v, w: psp[v.argmax()] * w.sign()),
            "抑制性的输入也一样：导数是 K，与权重的正负无关。",
            "Inhibitory inputs are no exception: the derivative is K, whatever the sign of the weight.",
        ),
        Mistake(
            lambda weights, times, T: psp_at(times, T, silent=False)[voltage(weights, times, T).argmax()],
            "没有发放的输入（时刻 -1）没有功劳，它的梯度是 0。",
            "An input that did not fire (time -1) earns nothing: its gradient is 0.",
        ),
        Mistake(
            lambda weights, times, T: peak_gradient(weights, times, T) * (times > 0),
            "第 0 步的脉冲也有功劳：只有 -1 表示没有脉冲。",
            "A spike in step 0 earns its share: only -1 means no spike.",
        ),
        Mistake(
            _gradient(_first_crossing),
            "你读的是第一次过阈值的时刻；要改变的是峰值，所以读 t_max。",
            "You read the first crossing of the threshold; what shall change is the peak, so read t_max.",
        ),
        Mistake(
            _gradient(lambda psp, v, w: psp[v.argmax()] * (v.max() >= 1)),
            "没到阈值时也有梯度：正是这时才要把峰值推高。",
            "There is a gradient below the threshold, too: that is when the peak must be raised.",
        ),
        Mistake(_gradient(lambda psp, v, w: psp[v.argmin()]), "找最高的时刻。", "Find the highest moment."),
        Mistake(_gradient(lambda psp, v, w: psp[v.abs().argmax()]), "V 不取绝对值。", "Take V, not |V|."),
        Mistake(
            _gradient(lambda psp, v, w: psp[psp.sum(1).argmax()]),
            "找 t_max 时忘了权重：t_max 是加权之和 V 最大的时刻。",
            "t_max is found without the weights: it is where the weighted sum V is largest.",
        ),
        Mistake(_gradient(lambda psp, v, w: psp[v.argmax()] > 0), "功劳是 K，不是 1。", "The share is K, not 1."),
        Mistake(_gradient(lambda psp, v, w: psp.amax(0)), "都在 t_max 读。", "Read all inputs at t_max."),
        Mistake(_gradient(lambda psp, v, w: psp[v.argmax()].sum()), "每个输入一个数。", "One number per input."),
        Mistake(_gradient(lambda psp, v, w: psp), "只要 t_max 那一行。", "Take the row of t_max only."),
        Mistake(
            _gradient(lambda psp, v, w: psp[v.argmax()] / psp[v.argmax()].norm()),
            "梯度不要归一化。",
            "Do not scale the gradient to length 1.",
        ),
        Mistake(
            lambda weights, times, T: (
                psp_kernel(voltage(weights, times, T).argmax() + 1 - times, 15.0, 3.75) * (times >= 0)
            ),
            "晚了一步：argmax 给出的就是 t_max。",
            "One step late: argmax gives t_max itself.",
        ),
    ),
    hints=(
        (
            "V 是权重的线性函数：在一个固定的时刻 t，∂V/∂w_i = K(t - t_i)。",
            "V is linear in the weights: at a fixed time t, ∂V/∂w_i = K(t - t_i).",
        ),
        ("先算出 V，再用 argmax() 找到 t_max。", "Compute V first, then find t_max with argmax()."),
        (
            "电位表的第 t_max 行就是答案：psp[t_max]，没有发放的输入那一列是 0。",
            "Row t_max of the table of potentials is the answer: psp[t_max], 0 where an input did not fire.",
        ),
    ),
)
