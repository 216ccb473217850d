"""Exercise 05.change_coins."""

import functools
import math

import torch

from course_snn import learning, synapse
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn


def change_coins(goal, tau, lr):
    shifts = []
    while abs(goal) > 1e-3 * lr and len(shifts) < 12:
        n = 1
        while lr * (1 - 1 / tau) ** n > abs(goal):
            n = n + 1
        coin = math.copysign(lr * (1 - 1 / tau) ** n, goal)
        shifts.append(n if goal > 0 else -n)
        goal = goal - coin
    return shifts


def _changed_by(answer, goal, tau, lr):
    """Play the answer's pairs to a real synapse, one after the other, and return the change they make."""
    shifts = answer(goal, tau, lr)
    if shifts is None or shifts is ...:
        return shifts
    first = _whole(shifts)
    shifts = _whole(answer(goal, tau, lr))
    if len(shifts) > len(first) and shifts[: len(first)] == first:
        raise Finding(
            "用同样的参数再调用一次，列表更长了：上一次的还留在里面。每次调用都要从新的空列表开始。",
            "Called once more with the same arguments, it returns a longer list: what was there the first time is "
            "still in it. Begin every call with a new, empty list.",
        )
    if len(shifts) > 12:
        raise Finding("至多用 12 对脉冲，你用了更多。", "Use 12 pairs at most; yours are more.")
    total = sum(_pair(shift, tau, lr) for shift in shifts)
    near = [wanted for wanted in (goal, -goal) if abs(total - wanted) < 0.0101 * lr]  # exchanged signs are as near
    return near[0] if near else total


def _whole(shifts) -> list[int]:
    try:
        shifts = list(shifts)
        whole = [int(shift) for shift in shifts]
        if all(number == shift for number, shift in zip(whole, shifts, strict=True)):
            return whole
    except (TypeError, ValueError, RuntimeError, OverflowError):
        if isinstance(shifts, list) and any(shift is ... for shift in shifts):
            raise  # says that the answer is not finished
    raise Finding(
        "应返回一列整数，每对脉冲一个：t_post − t_pre。",
        "Return a list of whole numbers, one for each pair of spikes: t_post − t_pre.",
    )


@functools.cache
def _pair(shift: int, tau: float, lr: float) -> float:
    """Return the weight change that one pair makes, post ``shift`` steps after pre, under the gated rule."""
    connection = synapse.Linear(1, 1)
    connection.weight.zero_()
    updater = learning.STDPUpdater(tau, tau, lr, f_w=lambda w: 1.0, gated=True)
    first = max(0, -shift)
    for t in range(min(abs(shift), 500) + 1):
        updater.update(connection, torch.tensor([t == first]), torch.tensor([t == first + shift]))
    return connection.weight.item()


def _paid(coin, smallest=1, largest=500, error=0.005, pairs=12):
    """Change given with coins of another value, ``coin(n, tau)`` in units of lr; always the nearest coin."""

    def answer(goal, tau, lr):
        shifts, rest = [], goal / lr
        values = {n: coin(n, tau) for n in range(smallest, largest)}
        while abs(rest) > error and len(shifts) < pairs:
            n = min(values, key=lambda k: abs(abs(rest) - values[k]))
            shifts.append(n if rest > 0 else -n)
            rest -= math.copysign(values[n], rest)
        return shifts

    return answer


def _coin(n, tau):
    return (1 - 1 / tau) ** n


def _vary(rng):
    """Goals for which the solution needs a few pairs fewer than are allowed."""

    def case(tau, lr, sign):
        within = drawn.until(
            lambda: sign * drawn.number(rng, 0.6, 4.0, 0.01),
            lambda goal: 2 <= len(change_coins(goal * lr, tau, lr)) <= 9,
        )
        return round(within * lr, 4), tau, lr

    return case(20.0, 0.1, 1), case(10.0, 0.1, -1), case(5.0, 0.05, drawn.one_of(rng, -1, 1))


EXERCISE = Exercise(
    id="05.change_coins",
    solution=change_coins,
    vary=_vary,
    run=_changed_by,
    measured=("权重的变化", "change of the weight"),
    cases=((0.37, 20.0, 0.1), (-0.253, 20.0, 0.1), (0.06, 10.0, 0.1), (0.1234, 5.0, 0.05)),
    mistakes=(
        Mistake(
            lambda goal, tau, lr: [-shift for shift in change_coins(goal, tau, lr)],
            "方向反了：要让权重变大，post 必须在 pre 之后，shift 为正。",
            "The wrong way: to raise the weight post must come after pre, with a positive shift.",
        ),
        Mistake(
            lambda goal, tau, lr: change_coins(goal, tau, lr)[:1],
            "只用了一对脉冲：一对最多改变 lr·(1-1/τ)，剩下的目标还要继续凑。",
            "Only one pair: it can change the weight by lr·(1-1/τ) at most; go on until nothing is left.",
        ),
        Mistake(
            lambda goal, tau, lr: [1 if goal > 0 else -1] * round(abs(goal) / (lr * (1 - 1 / tau))),
            "只用了最大的硬币（shift = ±1），凑不出零头：最后几对换成更大的间隔。",
            "Only the largest coin (a shift of ±1) cannot make small change: use longer shifts for the remainder.",
        ),
        Mistake(
            lambda goal, tau, lr: change_coins(abs(goal), tau, lr),
            "目标为负时要让权重变小：post 在前，shift 为负。",
            "A negative goal lowers the weight: post comes first, the shift is negative.",
        ),
        Mistake(
            lambda goal, tau, lr: change_coins(max(goal, 0.0), tau, lr),
            "目标为负时什么也没做：post 在前，shift 为负，权重就减小。",
            "For a negative goal nothing happens: post first, with a negative shift, lowers the weight.",
        ),
        Mistake(
            _paid(_coin, smallest=0),
            "同一步的一对脉冲不值钱：硬币从 n = 1 开始。",
            "A pair in the same step is worth nothing: the coins begin with n = 1.",
        ),
        Mistake(
            _paid(lambda n, tau: math.exp(-n / tau)),
            "硬币的面值是 lr·(1 − 1/τ)ⁿ，不是 lr·exp(−n/τ)：差一点点，凑几次就超出误差了。",
            "A coin is worth lr·(1 − 1/τ)ⁿ, not lr·exp(−n/τ): a small difference, but it adds up beyond the error.",
        ),
        Mistake(
            lambda goal, tau, lr: _paid(_coin)(goal, tau, 1.0),
            "忘了学习率：一对脉冲值 lr·(1 − 1/τ)ⁿ。",
            "The learning rate is missing: a pair is worth lr·(1 − 1/τ)ⁿ.",
        ),
        Mistake(
            lambda goal, tau, lr: _paid(_coin)(goal, 20.0, lr),
            "tau 写死成 20 了：用参数 tau。",
            "tau is always 20 here: use the argument tau.",
        ),
        Mistake(
            lambda goal, tau, lr: [s - (1 if s > 0 else -1) for s in _paid(_coin)(goal, tau, lr)],
            "间隔都小了一步：硬币从 n = 1 数起，不从 0。",
            "Every shift is one step too short: coins are counted from n = 1, not from 0.",
        ),
        Mistake(
            _paid(_coin, error=0.1),
            "停得太早：误差要小于 lr 的百分之一。",
            "It stops too early: the error must be below one hundredth of lr.",
        ),
    ),
    hints=(
        (
            "相隔 n 步的一对脉冲是一枚面值 lr·(1-1/τ)ⁿ 的硬币：像找零一样，从大到小地用。",
            "A pair n steps apart is a coin worth lr·(1-1/τ)ⁿ: give change, largest coins first.",
        ),
        (
            "每次挑不超过剩余目标的最大硬币，即最小的 n，然后从目标里减去它。",
            "Each time take the largest coin that does not exceed what is left, the smallest n, and subtract it.",
        ),
        (
            "先按 |goal| 凑，goal 为负时把每个 shift 取负；剩下不到 lr 的千分之一就停。",
            "Work with |goal| and negate every shift if goal is negative; stop when less than lr/1000 is left.",
        ),
    ),
)
