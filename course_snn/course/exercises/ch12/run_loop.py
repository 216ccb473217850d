"""Exercise 12.run_loop."""

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def run_loop(f, x_seq):
    y, ys = 0.0, []
    for x in x_seq:
        y = f(y, x)
        ys.append(y)
    return ys


def last_minus_twice_now(y, x):
    return y - 2 * x


def add(y, x):
    return y + x


def half_of_last_and_now(y, x):
    return y / 2 + x


def _loop(order=True, carry=True, start=0.0, early=False, back=1):
    """``run_loop`` with one thing done wrong; ``back`` is how many steps ago the output used was."""

    def answer(f, x_seq):
        ys, notes = [start] * back, []
        for x in x_seq:
            ys.append(f(ys[-back], x) if order else f(x, ys[-back]))
            notes.append(ys[-2] if early else ys[-1])
            ys[-1] = ys[-1] if carry else 0.0
        return notes

    return answer


def _kept_from_call_to_call():
    kept = []

    def answer(f, x_seq):
        if f is last_minus_twice_now:  # the first case: the cell has just been run
            kept.clear()
        kept.extend(run_loop(f, x_seq))
        return list(kept)

    return answer


def half_of_last_minus_now(y, x):
    return y / 2 - x


def _vary(rng):
    def inputs(count):
        return drawn.numbers(rng, count, 0.5, 8.0, 0.5)

    return (
        (half_of_last_and_now, [*inputs(2), 0.0, *inputs(2)]),
        (half_of_last_minus_now, inputs(4)),
        (add, [-1.5, *inputs(drawn.whole(rng, 2, 4)), 0.0]),
        (half_of_last_and_now, []),
    )


EXERCISE = Exercise(
    id="12.run_loop",
    solution=run_loop,
    vary=_vary,
    cases=(
        (last_minus_twice_now, [1.0, 10.0, 100.0]),
        (half_of_last_and_now, [1.0, 0.0, 0.0, 8.0]),
        (add, [1.5, 0.0, -1.0, 2.0]),
        (add, []),
    ),
    keeps=True,
    mistakes=(
        Mistake(
            _loop(order=False),
            "参数的次序反了：先上一步的输出 y，再这一步的输入 x，即 f(y, x)。",
            "The arguments are exchanged: first the last output y, then the input x of this step, f(y, x).",
        ),
        Mistake(
            _loop(carry=False),
            "每一步都从 0 开始，回路断了：要把这一步的输出留给下一步。",
            "Every step starts from 0, so the loop is open: keep this step's output for the next.",
        ),
        Mistake(
            lambda f, x_seq: _loop(start=x_seq[0] if x_seq else 0.0)(f, x_seq),
            "第一步之前没有输出：y 从 0 开始，不是从 x[0] 开始。",
            "Before the first step there is no output: y starts at 0, not at x[0].",
        ),
        Mistake(
            lambda f, x_seq: x_seq[:1] + _loop(start=(x_seq or [0.0])[0])(f, x_seq[1:]),
            "第一个输出不是 x[0] 本身，而是 f(0, x[0])：第一步也要经过 f。",
            "The first output is not x[0] itself but f(0, x[0]): the first step goes through f as well.",
        ),
        Mistake(
            _loop(early=True),
            "晚了一步：第 t 步记下的应当是新的 y[t]，不是旧的 y[t-1]。",
            "One step late: step t notes down the new y[t], not the old y[t-1].",
        ),
        Mistake(
            lambda f, x_seq: [0.0, *run_loop(f, x_seq)],
            "多了开头的 0：它是第一步之前的状态，不是某一步的输出。",
            "The 0 in front is one too many: it is the state before the first step, not an output.",
        ),
        Mistake(
            lambda f, x_seq: [0.0, *run_loop(f, x_seq)][-1],
            "只返回了最后一步的输出：每一步的都要记进列表。",
            "Only the last output comes back: note down that of every step in a list.",
        ),
        Mistake(_loop(start=1.0), "从 1 开始了：y[-1] = 0。", "That starts from 1: y[-1] = 0."),
        Mistake(
            lambda f, x_seq: run_loop(f, x_seq)[:-1],
            "少了最后一步：循环要走遍 x_seq 的每一项。",
            "The last step is missing: the loop goes through all of x_seq.",
        ),
        Mistake(
            _loop(back=2),
            "用了两步以前的输出：f 要的是上一步的 y[t-1]。",
            "That uses the output of two steps ago: f wants y[t-1], that of the last step.",
        ),
        Mistake(
            lambda f, x_seq: [f(x_seq[t - 1] if t else 0.0, x) for t, x in enumerate(x_seq)],
            "留给下一步的是输入 x；回路要留的是输出 y。",
            "What you keep for the next step is the input x; a loop keeps the output y.",
        ),
        Mistake(
            lambda f, x_seq: run_loop(f, x_seq[:1]) or None,
            "第一步就返回了：return 要放在循环之后，不要缩进到循环里面。",
            "That returns in the first step: return belongs behind the loop, not indented into it.",
        ),
        Mistake(
            lambda f, x_seq: run_loop(add, x_seq),
            "你只是把输入加了起来：每一步要调用 f(y, x)。",
            "You only add up the inputs: call f(y, x) in each step.",
        ),
        Mistake(
            _kept_from_call_to_call(),
            "上一次调用的输出还留着：列表要在函数里面新建，不能放在参数的默认值里或函数外面。",
            "The outputs of the last call are still there: make the list inside the function, not as a default of "
            "an argument or outside.",
        ),
    ),
    hints=(
        ("循环之前令 y = 0.0，准备一个空列表。", "Before the loop set y = 0.0 and make an empty list."),
        ("每一步：y = f(y, x)，再把 y 记下来。", "In each step: y = f(y, x), then note y down."),
        (
            "等号右边的 y 是上一步的，左边的是这一步的。",
            "On the right of = stands the last step's y, on the left this step's.",
        ),
    ),
)
