"""Exercise 04.pipeline_step."""

from collections.abc import Callable

from course_snn.course.compare import brief
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch04.shared import TOY, Times, unchanged


def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


class _Counted:
    """A module that counts its calls."""

    def __init__(self, module: Callable) -> None:
        self.module, self.calls = module, 0

    def __call__(self, x):
        self.calls += 1
        return self.module(x)


def _try_step(answer, modules, slots, x):
    """Return the slots after the step; see that there are all of them and that the modules are left alone."""
    counted = [_Counted(module) for module in modules]
    given = list(counted)
    after = answer(given, slots, x)
    if after is ... or after is None:
        return after
    if any(module.calls > 1 for module in counted):
        raise Finding(
            "有的模块在这一步里被调用了不止一次：每个模块最多调用一次，输出存下来再用。",
            "A module was called more than once in this step: call each at most once, and keep its output.",
        )
    unchanged(given, counted)
    if not isinstance(after, (list, tuple)) or len(after) != len(modules) + 1:
        raise Finding(
            f"要返回所有的槽位：{len(modules)} 个模块有 {len(modules) + 1} 个槽位，得到的却是 {brief(after)}。",
            f"All {len(modules) + 1} slots of the {len(modules)} modules are wanted, but {brief(after)} came back.",
        )
    return tuple(after)


def _step_with(order=reversed, empty=lambda i, slots: None, x_at="start", is_empty=lambda signal: signal is None):
    """Return ``pipeline_step`` with one thing done wrong."""

    def wrong(modules, slots, x):
        if x_at == "start":
            slots[0] = x
        for i in order(range(len(modules))):
            slots[i + 1] = empty(i, slots) if is_empty(slots[i]) else modules[i](slots[i])
        if x_at == "end":
            slots[0] = x
        return slots

    return wrong


def _vary(rng):
    toy = [Times(k) for k in drawn.some(rng, 3, range(2, 11))]

    def slots(*gaps):
        return [None if k in gaps else drawn.whole(rng, 1, 60) for k in range(4)]

    zero = [drawn.whole(rng, 1, 9), 0, *slots()[:2]]
    return (
        (toy, slots(), drawn.whole(rng, 1, 9)),
        (toy, slots(0, 1, 2, 3), drawn.whole(rng, 1, 9)),
        (toy, slots(drawn.whole(rng, 1, 3)), drawn.whole(rng, 1, 9)),
        (toy[:2], [0, *slots()[:2]], drawn.whole(rng, 1, 9)),
        (toy, zero, 0),
        (toy, slots(), None),
    )


EXERCISE = Exercise(
    id="04.pipeline_step",
    solution=pipeline_step,
    vary=_vary,
    run=_try_step,
    measured=("这一步之后的槽位", "the slots after the step"),
    cases=(
        (TOY, [4, 4, 30, 2000], 5),
        (TOY, [None, None, None, None], 1),
        (TOY, [2, 2, 10, None], 3),
        (TOY, [7, None, 40, 3000], 8),
        ([Times(2), Times(3)], [0, 6, 9], 4),
        (TOY, [3, 0, 20, 4000], 0),
        (TOY, [3, 3, 20, 4000], None),
    ),
    mistakes=(
        Mistake(
            _step_with(order=iter),
            "信号瞬移了：从前往后算，后面的模块读到的是本步的新值。从最后一个模块开始。",
            "The signal teleports: front to back, a module reads what was written in this very step. "
            "Begin with the last module.",
        ),
        Mistake(
            _step_with(x_at="end"),
            "输入晚了一步：先把 x 放进 slots[0]，再让模块读。",
            "The input is one step late: put x into slots[0] first, then let the modules read.",
        ),
        Mistake(
            _step_with(x_at="nowhere"),
            "没有用上 x：新的输入要先放进 slots[0]。",
            "x is not used: the new input goes into slots[0] first.",
        ),
        Mistake(
            _step_with(empty=lambda i, slots: 0),
            "None 不是 0：还没有信号的地方，输出仍然是 None。",
            "None is not 0: where no signal has arrived, the output is still None.",
        ),
        Mistake(
            _step_with(is_empty=lambda signal: not signal),
            "0 也是信号，不是 None：判断时写 is None。",
            "0 is a signal, not None: ask with is None.",
        ),
        Mistake(
            _step_with(empty=lambda i, slots: slots[i + 1]),
            "空缺也要往前走：左边是 None 时，右边的槽位要写成 None，不能留着旧值。",
            "A gap travels too: where the left slot is None, write None to the right of it instead of keeping the "
            "old value.",
        ),
        Mistake(
            lambda modules, slots, x: slots if x is None else pipeline_step(modules, slots, x),
            "x 是 None 时，这一步照样要走：slots[0] 写成 None，链里的信号继续前进。",
            "With x = None the step is taken all the same: None goes into slots[0], and the signals move on.",
        ),
        Mistake(
            lambda modules, slots, x: [x, *slots[:-1]],
            "信号往前挪了，却没有经过模块：右边写的是 modules[i](slots[i])。",
            "The signals move on without passing the modules: write modules[i](slots[i]) on the right.",
        ),
        Mistake(
            _step_with(order=lambda steps: reversed(steps[1:])),
            "第 0 个模块没有被调用：i 要一直走到 0。",
            "Module 0 is never called: i has to go down to 0.",
        ),
        Mistake(
            lambda modules, slots, x: pipeline_step(modules[::-1], slots, x),
            "模块的次序反了：modules[i] 读 slots[i]，写 slots[i + 1]。",
            "The modules are in the wrong order: modules[i] reads slots[i] and writes slots[i + 1].",
        ),
    ),
    hints=(
        (
            "每个模块要读左边槽位在这一步之前的值。先写哪个槽位，才不会毁掉别人还要读的值？",
            "Each module must read what its left slot held before this step. Which slot can you write first "
            "without destroying what another still has to read?",
        ),
        (
            "最右边的槽位没有人再读。所以 i 从 len(modules) - 1 走到 0。",
            "Nobody reads the last slot any more. So i runs from len(modules) - 1 down to 0.",
        ),
        (
            "slots[i + 1] = None if slots[i] is None else modules[i](slots[i])；开头先写 slots[0] = x。",
            "slots[i + 1] = None if slots[i] is None else modules[i](slots[i]); and slots[0] = x at the start.",
        ),
    ),
)
