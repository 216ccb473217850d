"""Exercise 06.compete."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch06.shared import everybody, last, tensor_of


def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    winner = (v - theta).argmax()
    if v[winner] - theta[winner] >= v_threshold:
        spikes[winner] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


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


def _all_that_are_level(v, theta, v_threshold):
    above = v - theta
    spikes = ((above >= v_threshold) & (above == above.max())).float()
    return spikes, 0 * v if spikes.any() else v


def _vary(rng):
    """Halves, so that what is level is level exactly; each case names the leads v − θ."""

    def case(leads, theta=None):
        order = drawn.shuffled(rng, range(len(leads)))
        theta = drawn.grid(rng, (len(leads),), 0.5, 3.0, 0.5) if theta is None else torch.tensor(theta)
        return (torch.tensor(leads) + theta)[order], theta[order], th

    th = drawn.one_of(rng, 1.5, 2.0, 2.5)
    first, second, third = (th + 0.5 * k for k in drawn.some(rng, 3, range(1, 6)))
    high = drawn.number(rng, 4.0, 6.0, 0.5)
    return (
        case([first, second, third]),
        case([th + 1.0, th + 0.5, 0.5], [0.5, high, 0.0]),  # another has the highest potential
        case([th - 0.5, th, 0.5]),  # just at the threshold
        case([0.5, th - 0.5, 0.0]),  # nobody
        case([0.5, 0.0, -0.5], [high, 0.5, 1.0]),  # nor here, though v exceeds the threshold
        case([0.5, 0.0, 0.0], [0.0, 0.5, 0.0]),
        case([first, first, th, 0.0]),  # a tie
        (torch.tensor([third + 1.0, 1.0]), torch.tensor([0.5, 0.0]), th),
    )


EXERCISE = Exercise(
    id="06.compete",
    solution=compete,
    vary=_vary,
    cases=(
        (tensor_of(1.0, 5.0, 3.0), tensor_of(0.0, 3.5, 0.5), 2.0),
        (tensor_of(6.0, 3.0, 0.5), tensor_of(3.0, 0.5, 0.0), 2.0),
        (tensor_of(1.0, 1.5, 0.5), tensor_of(0.0, 0.25, 0.0), 2.0),
        (tensor_of(3.0, 1.0, 2.0), tensor_of(2.5, 0.5, 1.5), 1.5),
        (tensor_of(2.0, 1.0, 1.5), tensor_of(0.0, 0.0, 0.0), 2.0),
        (tensor_of(0.5, 1.5, 2.0, 1.0), tensor_of(0.0, 0.0, 0.5, 0.0), 1.0),
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
        Mistake(everybody, "一步里只能有一个胜者。", "Only one neuron may win a step."),
        Mistake(_all_that_are_level, "打平时只让编号最小的发放。", "In a tie only the smallest number fires."),
        Mistake(_compete(choose=last), "打平时编号最小的赢。", "In a tie the smallest number wins."),
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
)
