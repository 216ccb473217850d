"""Exercise 01.identify."""

import math
from collections.abc import Callable

from course_snn.course.compare import difference
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn


def identify(probe):
    current = 0.01
    v = probe(current, 2000)
    r = v[-1] / current
    tau = v[-1] / v[0]
    return r, tau


def black_box(r: float, tau: float) -> Callable[[float, int], list[float]]:
    """Return ``probe(current, steps)``: the voltages of a LIF neuron with r and tau that the caller does not know."""

    def probe(current: float, steps: int) -> list[float]:
        v, voltages = 0.0, []
        for _ in range(steps):
            v = v + (r * current - v) / tau
            voltages.append(v)
            v = 0.0 if v >= 1.0 else v
        return voltages

    return probe


def _experiment(answer, probe):
    """Run ``identify``, and if its numbers are wrong, say what kept its experiments from telling."""
    traces = []

    def watched(current, steps):
        traces.append(probe(current, steps))
        return list(traces[-1])

    found = answer(watched)
    if difference(found, identify(probe)) and traces and all(len(v) > 9 for v in traces):
        if all(max(v) >= 1.0 for v in traces):
            raise Finding(
                "在你的电流下神经元发放了，发放之后重置，量不到稳态。用小得多的电流。",
                "At your current the neuron fires, and a reset keeps it from the steady state. Take a far weaker one.",
            )
        if all(abs(v[-1] - v[-2]) > 1e-6 * abs(v[-1]) for v in traces):
            raise Finding(
                "走完你的步数，电位还在变：最后一个电位还不是稳态。多走一些步，或者只比较头两步。",
                "After your steps the potential still changes: the last one is not the steady state. Take many more "
                "steps, or compare the first two only.",
            )
    return found


def _found(change):
    """``identify`` whose two numbers, right as they are, are then spoilt."""
    return lambda probe: change(*identify(probe))


def _vary(rng):
    return tuple(
        (black_box(drawn.number(rng, 4.25, 36.25, 0.25), drawn.number(rng, 7.75, 90.75, 0.25)),) for _ in range(2)
    )


EXERCISE = Exercise(
    id="01.identify",
    solution=identify,
    vary=_vary,
    cases=(
        (black_box(9.0, 20.0),),
        (black_box(4.25, 7.75),),
        (black_box(36.25, 8.25),),
        (black_box(15.25, 90.75),),
    ),
    run=_experiment,
    mistakes=(
        Mistake(
            _found(lambda r, tau: (tau, r)),
            "两个返回值的顺序反了：先 r，后 tau。",
            "The two values are in the wrong order: first r, then tau.",
        ),
        Mistake(
            lambda probe: (probe(0.01, 2000)[-1], identify(probe)[1]),
            "稳态电位是 r × 电流，还要除以电流才是 r。",
            "The steady state is r × current: divide by the current to get r.",
        ),
        Mistake(
            _found(lambda r, tau: (r, -1 / math.log(1 - 1 / tau))),
            "你按连续时间的指数曲线求 tau。黑箱走的是欧拉法：到稳态的距离每步乘以 1 - 1/tau。",
            "You take tau from the exponential curve of continuous time. The black box takes Euler steps: each "
            "multiplies the distance to the steady state by 1 - 1/tau.",
        ),
        Mistake(
            _found(lambda r, tau: (r / tau * (tau - 1), tau - 1)),
            "tau 少了 1，由它算出的 r 也小了：列表的第 0 个电位已经走了一步。",
            "tau is 1 too small, and so is r, computed from it: the potential at index 0 has taken a step.",
        ),
        Mistake(
            _found(lambda r, tau: (round(r), round(tau))),
            "r 和 tau 不一定是整数：不要取整。",
            "r and tau need not be whole numbers: do not round.",
        ),
        Mistake(
            lambda probe: (9.0, 20.0),
            "这是正文里那个神经元。检查用的是别的神经元：要做实验，调用 probe。",
            "That is the neuron of the text. The check has others: do an experiment, call probe.",
        ),
        Mistake(
            _found(lambda r, tau: r),
            "要返回两个数：return r, tau。",
            "Two numbers are wanted: return r, tau.",
        ),
    ),
    hints=(
        (
            "选一个很小的电流，让神经元永远不发放，等它进入稳态。",
            "Choose a current so weak that the neuron never fires, and wait for the steady state.",
        ),
        (
            "稳态告诉你 r；第一步走了多远告诉你 tau。",
            "The steady state tells r; the size of the first step tells tau.",
        ),
        (
            "第一步从 0 走到 r*i/tau，所以 tau = v[-1] / v[0]。",
            "The first step goes from 0 to r*i/tau, so tau = v[-1] / v[0].",
        ),
    ),
)
