"""Exercise 07.order_detector."""

import torch

from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.event_driven import Tempotron


def order_detector(gap):
    w_a, w_b = 1.2, -0.9
    return w_a, w_b


def _fires(answer, gap):
    """Whether the neuron fires for A first and is silent for B first, at the gap itself and one step more or less."""
    weights = answer(gap)
    if weights is None or weights is ... or (isinstance(weights, tuple) and weights == (..., ...)):
        return None if weights is None else ...
    net = Tempotron(2, 1, 80)
    net.weight.data = torch.tensor([_two(weights)])
    gaps = (gap - 1, gap, gap + 1), (gap + 1, gap, gap - 1)  # what is hardest comes first
    times = [[5, 5 + apart] for apart in gaps[0]] + [[5 + apart, 5] for apart in gaps[1]]
    with torch.no_grad():
        fires = (net(torch.tensor(times)).flatten() >= 1).tolist()
    for apart, fired, wanted in zip(gaps[0] + gaps[1], fires, [True] * 3 + [False] * 3, strict=True):
        if fired is not wanted:
            raise _wrong_order(wanted, apart)
    return True


def _two(weights) -> list[float]:
    try:
        values = list(weights)
        numbers = [float(value) for value in values]
    except (TypeError, ValueError, RuntimeError):
        if isinstance(weights, tuple) and any(value is ... for value in weights):
            raise  # says that the answer is not finished
        numbers = []
    if len(numbers) != 2:
        raise Finding("应返回两个数：return w_a, w_b。", "Return two numbers: return w_a, w_b.")
    return numbers


def _wrong_order(wanted: bool, apart: int) -> Finding:
    if wanted:
        return Finding(
            f"A 先来、B 晚 {apart} 步时应当发放，它却沉默。",
            f"With A first and B {apart} steps later it should fire, but it is silent.",
        )
    return Finding(
        f"B 先来、A 晚 {apart} 步时应当沉默，它却发放。",
        f"With B first and A {apart} steps later it should be silent, but it fires.",
    )


def _vary(rng):
    return tuple((drawn.whole(rng, *ends),) for ends in ((5, 6), (7, 11), (13, 18), (19, 20)))


EXERCISE = Exercise(
    id="07.order_detector",
    solution=order_detector,
    vary=_vary,
    run=_fires,
    cases=((5,), (8,), (12,), (20,)),
    mistakes=(
        Mistake(
            lambda gap: (2.0, 0.5),
            "两种次序它都发放：让 B 去抑制（负权重），而且强到压得住 A。",
            "It fires for both orders: let B inhibit, with a negative weight that is strong enough to hold A down.",
        ),
        Mistake(
            lambda gap: (0.8, -0.9),
            "A 先来时它从不发放：A 的权重要大于 1，独自就能过阈值，不等 B 来。",
            "It never fires with A first: A needs a weight above 1, to pass the threshold alone, before B comes.",
        ),
        Mistake(
            lambda gap: (1.2, -0.5),
            "相隔久了就不灵：20 步之后，B 的抑制已经消退，A 又能过阈值了。让 B 更负一些。",
            "It fails when the gap is long: 20 steps later B's inhibition has faded, and A passes the threshold. "
            "Make B more negative.",
        ),
        Mistake(
            lambda gap: (1.05, -1.0),
            "相隔短时不灵：A 还没爬到 1，B 就来了。让 A 强一些。",
            "It fails when the gap is short: B comes before A has climbed to 1. Make A stronger.",
        ),
    ),
    hints=(
        (
            "A 先来时，峰值在 B 到达之前就过了阈值；B 再来也晚了。",
            "If A comes first, the peak passes the threshold before B arrives; then B is too late.",
        ),
        (
            "B 先来时，它留下的负电位还在，A 的峰要低于 1。",
            "If B comes first, what is left of its negative potential must keep A's peak below 1.",
        ),
        (
            "A 略大于 1，例如 1.2；B 为负，相隔 20 步时还要管用，所以要接近 -1。",
            "A slightly above 1, say 1.2; B negative, and near -1 since it must still work 20 steps later.",
        ),
    ),
)
