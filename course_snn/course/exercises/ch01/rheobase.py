"""Exercise 01.rheobase."""

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def rheobase(r, v_threshold, v_reset):
    return (v_threshold - v_reset) / r


def _vary(rng):
    r = float(drawn.whole(rng, 3, 12))
    return (
        (r, drawn.number(rng, 0.7, 1.9, 0.1), 0.0),
        (r, drawn.number(rng, 0.9, 1.9, 0.1), drawn.number(rng, 0.1, 0.8, 0.1)),
        (drawn.number(rng, 30.0, 80.0, 5.0), -drawn.number(rng, 45.0, 55.0, 1.0), -drawn.number(rng, 60.0, 70.0, 1.0)),
        (r, 0.0, -drawn.number(rng, 10.0, 20.0, 1.0)),
        (drawn.number(rng, 110.0, 190.0, 10.0), 0.75, -drawn.number(rng, 0.1, 0.4, 0.1)),
    )


EXERCISE = Exercise(
    id="01.rheobase",
    solution=rheobase,
    vary=_vary,
    cases=((9.0, 1.0, 0.0), (2.0, 1.5, 0.5), (50.0, -50.0, -65.0), (20.0, 0.0, -15.0), (160.0, 0.75, -0.25)),
    tolerance=1e-5,
    mistakes=(
        Mistake(
            lambda r, v_threshold, v_reset: v_threshold / r,
            "只有当静息电位为 0 时才对：要的是阈值与静息电位之差。",
            "Right only if the resting potential is 0: what counts is the distance from rest to threshold.",
        ),
        Mistake(
            lambda r, v_threshold, v_reset: (v_threshold - v_reset) * r,
            "乘反了：电流 = 电压 ÷ 电阻。",
            "Upside down: current = voltage ÷ resistance.",
        ),
        Mistake(
            lambda r, v_threshold, v_reset: r / (v_threshold - v_reset),
            "上下颠倒了：电流 = 电压 ÷ 电阻，电阻在分母上。",
            "Upside down: current = voltage ÷ resistance, so the resistance is the divisor.",
        ),
        Mistake(
            lambda r, v_threshold, v_reset: v_threshold - v_reset,
            "还没有除以电阻 r。",
            "Not yet divided by the resistance r.",
        ),
        Mistake(
            lambda r, v_threshold, v_reset: (v_reset - v_threshold) / r,
            "差的方向反了：阈值高于静息电位。",
            "The difference is the wrong way round: the threshold lies above rest.",
        ),
        Mistake(
            lambda r, v_threshold, v_reset: (v_threshold + v_reset) / r,
            "要的是阈值与静息电位之差，不是和。",
            "The difference between threshold and rest is wanted, not the sum.",
        ),
        Mistake(
            lambda r, v_threshold, v_reset: v_threshold - v_reset / r,
            "少了括号：除法先算，只有 v_reset 被除了。写成 (v_threshold - v_reset) / r。",
            "Brackets are missing, so only v_reset is divided. Write (v_threshold - v_reset) / r.",
        ),
        Mistake(
            lambda r, v_threshold, v_reset: ((v_threshold or 1.0) - v_reset) / r,
            "阈值可以是 0：0 不等于“没有给”，照样算。",
            "The threshold may be 0: that does not mean “not given”; calculate with it as with any other.",
        ),
        Mistake(
            lambda r, v_threshold, v_reset: (v_threshold - max(0.0, v_reset)) / r,
            "静息电位可以是负的，同样要减去。",
            "Rest may be negative, and is subtracted all the same.",
        ),
        Mistake(
            lambda r, v_threshold, v_reset: round((v_threshold - v_reset) / r, 3),
            "不要四舍五入：小电流会只剩一两位数字。",
            "Do not round: of a small current only a digit or two would be left.",
        ),
    ),
    hints=(
        ("电流恒定时，电位最终停在哪里？", "Where does the potential end up under a constant current?"),
        ("稳态电位是 v_reset + r * i。", "The steady state is v_reset + r * i."),
        ("令稳态恰好等于 v_threshold，解出 i。", "Let the steady state equal v_threshold and solve for i."),
    ),
)
