"""Exercise 09.steps_needed."""

import math

from course_snn.course.exercise import KIND, Exercise, Mistake
from course_snn.course.exercises import drawn


def steps_needed(p, error):
    return math.ceil(p * (1 - p) / error**2)


def _vary(rng):
    """Two quotients that are exactly whole; the others are not nearly so."""

    def case():
        return drawn.number(rng, 0.1, 0.9, 0.05), drawn.number(rng, 0.02, 0.3, 0.01)

    def clear(case):
        quotient = case[0] * (1 - case[0]) / case[1] ** 2
        return quotient > 1.5 and drawn.off_whole(quotient)

    return (
        (0.5, drawn.one_of(rng, 1 / 4, 1 / 8, 1 / 16)),
        (drawn.one_of(rng, 0.25, 0.75), 0.125),
        *(drawn.until(case, clear) for _ in range(4)),
        (drawn.one_of(rng, 0.4, 0.5, 0.6), drawn.number(rng, 0.6, 0.9, 0.1)),
    )


EXERCISE = Exercise(
    id="09.steps_needed",
    solution=steps_needed,
    vary=_vary,
    exact=(KIND,),
    cases=((0.5, 0.25), (0.2, 0.03), (0.9, 0.07), (0.25, 0.125), (0.3, 0.15), (0.5, 0.75)),
    mistakes=(
        Mistake(
            lambda p, error: math.ceil(p * (1 - p) / error),
            "误差还要平方：T = p(1-p)/误差²。误差减半，步数要变成四倍。",
            "The error must be squared: T = p(1-p)/error². Half the error takes four times the steps.",
        ),
        Mistake(
            lambda p, error: math.ceil(math.sqrt(p * (1 - p)) / error),
            "这是标准差与误差之比；步数是它的平方，p(1-p)/误差²。",
            "That is the ratio of standard deviation and error; the number of steps is its square, p(1-p)/error².",
        ),
        Mistake(
            lambda p, error: math.ceil(p * (1 - p) * error**2),
            "误差乘了上去：应当除以误差²，误差越小，步数越多。",
            "The error is multiplied: divide by error², since a smaller error takes more steps.",
        ),
        Mistake(
            lambda p, error: math.floor(p * (1 - p) / error**2),
            "步数要向上取整：向下取整时误差还略大于要求。",
            "Round up: rounded down, the error is still a little larger than allowed.",
        ),
        Mistake(
            lambda p, error: round(p * (1 - p) / error**2),
            "不能四舍五入：舍去的时候误差还略大于要求，总要向上取整。",
            "Do not round to the nearest: where that goes down, the error is still too large. Always round up.",
        ),
        Mistake(
            lambda p, error: math.floor(p * (1 - p) / error**2) + 1,
            "恰好等于 error 也算“不超过”：商是整数时不要再加一步。",
            "Exactly error does not exceed error: where the quotient is whole, add no further step.",
        ),
        Mistake(
            lambda p, error: math.ceil(p / error**2),
            "少了因子 1-p：每一步的方差是 p(1-p)，不是 p。",
            "The factor 1-p is missing: the variance of one step is p(1-p), not p.",
        ),
        Mistake(
            lambda p, error: math.ceil((1 - p) / error**2),
            "少了因子 p：每一步的方差是 p(1-p)，不是 1-p。",
            "The factor p is missing: the variance of one step is p(1-p), not 1-p.",
        ),
        Mistake(
            lambda p, error: math.ceil(0.25 / error**2),
            "没有用到 p：0.25 只是 p = 0.5 时的方差。",
            "p is not used: 0.25 is the variance for p = 0.5 only.",
        ),
        Mistake(
            lambda p, error: p * (1 - p) / error**2,
            "步数是整数：用 math.ceil 向上取整。",
            "A number of steps is whole: round up with math.ceil.",
        ),
        Mistake(
            lambda p, error: float(math.ceil(p * (1 - p) / error**2)),
            "步数是整数 100，不是 100.0：math.ceil 给出整数，np.ceil 和 // 给出浮点数。",
            "A number of steps is whole, 100 and not 100.0: math.ceil gives an int, np.ceil and // a float.",
        ),
    ),
    hints=(
        ("从 sqrt(p(1-p)/T) ≤ error 出发，解出 T。", "Start from sqrt(p(1-p)/T) ≤ error and solve for T."),
        ("两边平方：p(1-p)/T ≤ error²。", "Square both sides: p(1-p)/T ≤ error²."),
        ("T 至少是 p(1-p)/error²，用 math.ceil 向上取整。", "T is at least p(1-p)/error²; round up with math.ceil."),
    ),
)
