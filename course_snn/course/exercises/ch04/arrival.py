"""Exercise 04.arrival."""

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def arrival(n, fast, t):
    if fast and t == 0:
        return 0
    return t + n - 1


def _vary(rng):
    n, long, t = drawn.whole(rng, 3, 6), drawn.whole(rng, 7, 12), drawn.whole(rng, 2, 9)
    return (n, False, 0), (long, False, t), (n, True, 0), (n, True, 1), (long, True, t), (1, False, t)


EXERCISE = Exercise(
    id="04.arrival",
    solution=arrival,
    vary=_vary,
    cases=((3, False, 0), (3, False, 4), (3, True, 0), (3, True, 1), (7, True, 10), (1, False, 0), (5, True, 2)),
    mistakes=(
        Mistake(
            lambda n, fast, t: 0 if fast and t == 0 else t + n,
            "多了一步：输入在第 t 步就走过了第一个模块，只剩下 n - 1 步要走。",
            "One step too many: in step t the input already passes the first module; n - 1 steps remain.",
        ),
        Mistake(
            lambda n, fast, t: 0 if fast and t == 0 else t + n - 2,
            "少了一步：第 t 步走过第一个模块，还有 n - 1 个模块，每个一步。",
            "One step too few: step t passes the first module; n - 1 modules remain, a step each.",
        ),
        Mistake(
            lambda n, fast, t: 1 if fast and t == 0 else t + n - 1,
            "快速启动时，第 0 步的输入就在第 0 步出来：步从 0 数起。",
            "With a fast start the input of step 0 leaves in step 0 itself: steps count from 0.",
        ),
        Mistake(
            lambda n, fast, t: t + n - 1,
            "fast=True 时，第 0 步的输入当步就走完整条链。",
            "With fast=True the input of step 0 runs through the whole chain at once.",
        ),
        Mistake(
            lambda n, fast, t: t if fast else t + n - 1,
            "fast 只填满第一步。之后的输入照样一步走一个模块。",
            "fast fills the chain in the first step only. Later inputs still pass one module a step.",
        ),
        Mistake(
            lambda n, fast, t: 0 if fast else t + n - 1,
            "快速启动时，只有第 0 步的输入当步出来：后来的输入照样一步走一个模块。",
            "With a fast start only the input of step 0 leaves at once: later ones pass one module a step.",
        ),
        Mistake(
            lambda n, fast, t: 0 if t == 0 else t + n - 1,
            "不是快速启动时，第 0 步的输入也要一步走一个模块。",
            "Without a fast start the input of step 0, too, passes one module a step.",
        ),
        Mistake(
            lambda n, fast, t: 0 if fast or t == 0 else t + n - 1,
            "两个条件要同时成立：fast 并且 t == 0，用 and，不是 or。",
            "Both conditions must hold: fast and t == 0, with and, not or.",
        ),
        Mistake(
            lambda n, fast, t: arrival(n, not fast, t),
            "fast 用反了：fast=True 时，第 0 步的输入才当步走完整条链。",
            "fast is the wrong way round: with fast=True the input of step 0 runs through the chain at once.",
        ),
        Mistake(
            lambda n, fast, t: 0 if fast and t == 0 else t + n - 1 - fast,
            "快速启动之后，信号照样一步走一个模块：t > 0 时 fast 没有影响。",
            "After a fast start signals still pass one module a step: for t > 0 fast makes no difference.",
        ),
        Mistake(
            lambda n, fast, t: 0 if fast and t == 0 else n - 1,
            "忘了加上输入自己出发的那一步 t。",
            "The step t in which the input sets out is missing.",
        ),
        Mistake(
            lambda n, fast, t: 0 if fast and t == 0 else t + 2,
            "不是每条链都有三个模块：用上 n。",
            "Not every chain has three modules: make use of n.",
        ),
    ),
    hints=(
        (
            "在三个模块的例子里数一数：输入 1（第 0 步）在第几步变成输出 1000？",
            "Count in the example with three modules: in which step does input 1 (step 0) become output 1000?",
        ),
        (
            "一步走一个模块，第一个模块就在第 t 步走过。",
            "One module a step, and the first module is passed in step t itself.",
        ),
        (
            "一般情形是 t + n - 1；只有 fast 且 t == 0 例外，答案是 0。",
            "In general t + n - 1; the one exception is fast with t == 0, where it is 0.",
        ),
    ),
)
