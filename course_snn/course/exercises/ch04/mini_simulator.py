"""Exercise 04.mini_simulator."""

import copy
import itertools

from course_snn.course.compare import brief
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch04.shared import TOY, Times, has_arrived, unchanged


class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.reset()

    def step(self, x):
        n = len(self.modules)
        self.slots[0] = x
        for i in range(n) if self.filling else reversed(range(n)):
            signal = self.slots[i]
            self.slots[i + 1] = None if signal is None else self.modules[i](signal)
        self.filling = False
        return self.slots[n]

    def reset(self):
        self.slots = [None] * (len(self.modules) + 1)
        self.filling = self.fast
        for module in self.modules:
            if hasattr(module, "reset"):
                module.reset()


class Total:
    """A toy module with a state: the sum of all it was given since its reset."""

    __name__ = "Σ"

    def __init__(self) -> None:
        self.reset()

    def __call__(self, x: int) -> int:
        self.sum += has_arrived(x)
        return self.sum

    def reset(self) -> None:
        self.sum = 0


def _try_simulator(answer, modules, fast, inputs):
    """Return what comes out for ``inputs``, then, after a reset, for the same inputs again."""
    mine, others, given = copy.deepcopy(modules), copy.deepcopy(modules), list(modules)
    sim = answer(given, fast)
    first = sim.step(inputs[0])
    if first is ... and set(vars(sim)) <= {"modules", "fast"}:
        return ...
    out = [_signal(value) for value in [first, *map(sim.step, inputs[1:])]]
    unchanged(given, modules)
    sim.reset()
    again = [_signal(sim.step(x)) for x in inputs]
    sim, other = answer(mine, fast), answer(others, fast)
    if [(sim.step(x), other.step(7))[0] for x in inputs] != out:
        raise Finding(
            "两个仿真器互相干扰了：槽位要属于各自的对象，在 __init__ 里写 self.slots = …，不要放在类里。",
            "Two simulators disturb each other: the slots belong to each object, self.slots = … in __init__, not to "
            "the class.",
        )
    return tuple(out + again)


def _signal(value):
    """Return what ``step`` returned, if it is one value."""
    if value is ...:
        raise Finding("step() 还没写完：把 ... 换成你的代码。", "step() is not finished: replace the ... by your code.")
    if isinstance(value, (list, tuple, dict)):
        raise Finding(
            f"step() 只返回出口的那一个值，得到的却是 {brief(value)}。",
            f"step() returns only the one value at the exit, but returned {brief(value)}.",
        )
    return value


def _filling(when):
    """Return a simulator whose step goes front to back if ``when(sim)`` says so."""

    class Wrong(MiniSimulator):
        def step(self, x):
            self.filling = when(self)
            return super().step(x)

    return Wrong


def _stepping(step):
    """Return a simulator with another step, ``step(sim, right_step, x)``."""

    class Wrong(MiniSimulator):
        def step(self, x):
            return step(self, super().step, x)

    return Wrong


def _moving(output):
    """Return a simulator that writes ``output(module, signal, old)`` to the slot on the right."""

    class Wrong(MiniSimulator):
        def step(self, x):
            n = len(self.modules)
            self.slots[0] = x
            for i in range(n) if self.filling else reversed(range(n)):
                self.slots[i + 1] = output(self.modules[i], self.slots[i], self.slots[i + 1])
            self.filling = False
            return self.slots[n]

    return Wrong


def _resetting(which):
    """Return a simulator that resets the modules ``which(modules)``."""

    class Wrong(MiniSimulator):
        def reset(self):
            self.slots, self.filling = [None] * (len(self.modules) + 1), self.fast
            for module in which(self.modules):
                module.reset()

    return Wrong


def _is_empty(sim):
    return all(slot is None for slot in sim.slots)


def _can_reset(module):
    return hasattr(module, "reset")


class _WholeSteps(MiniSimulator):
    def step(self, x):
        filling, self.filling = self.filling, False
        for _ in range(len(self.modules) - 1 if filling else 0):
            super().step(x)
        return super().step(x)


class _KeepsSlots(MiniSimulator):
    def reset(self):
        slots = getattr(self, "slots", None)
        super().reset()
        self.slots = slots or self.slots


class _FillsOnce(MiniSimulator):
    def reset(self):
        again = hasattr(self, "slots")
        super().reset()
        self.filling = self.fast and not again


def _vary(rng):
    toy, some = [Times(k) for k in drawn.some(rng, 3, range(2, 11))], [drawn.whole(rng, 1, 9) for _ in range(7)]
    return (
        (toy, False, some[:6]),
        (toy, True, some),
        ([Total(), toy[0], Total()], True, some[1:6]),
        (toy[:2], True, [*some[4:6], None, *some[:2]]),
        ([Total(), Total()], False, [some[1], 0, some[3], 0, 0, some[5]]),
        (toy, True, [None, *some[2:6]]),
    )


EXERCISE = Exercise(
    id="04.mini_simulator",
    solution=MiniSimulator,
    vary=_vary,
    run=_try_simulator,
    measured=("各步的输出，reset() 之后再来一遍", "what the steps returned, then once more after reset()"),
    cases=(
        (TOY, False, [1, 2, 3, 4, 5, 6, 7]),
        (TOY, True, [1, 2, 3, 4, 5, 6, 7]),
        ([Total(), Times(10), Total()], True, [1, 2, 3, 4, 5]),
        ([Times(1), Times(10)], True, [1, 2, None, 3, 4]),
        ([Total(), Total()], False, [1, 0, 2, 0, 0, 3]),
        (TOY, True, [None, 1, 2, 3, 4]),
    ),
    mistakes=(
        Mistake(
            _filling(lambda sim: True),
            "信号瞬移了：除了快速启动的第一步，都要从最后一个模块算起。",
            "The signal teleports: except in the fast first step, begin with the last module.",
        ),
        Mistake(
            _filling(lambda sim: sim.fast),
            "fast 只管第一步：从第二步起，都要从最后一个模块算起。",
            "fast concerns the first step only: from the second on, begin with the last module.",
        ),
        Mistake(
            _filling(lambda sim: False),
            "fast=True 时，第一步要从前往后走完整条链。",
            "With fast=True the first step runs the whole chain front to back.",
        ),
        Mistake(
            _filling(lambda sim: sim.filling or (not sim.fast and _is_empty(sim))),
            "fast=False 时没有快速启动：第一步也从最后一个模块算起。",
            "With fast=False there is no fast start: the first step, too, begins with the last module.",
        ),
        Mistake(
            _filling(lambda sim: sim.fast and sim.slots[-1] is None),
            "第一步只有一个，不能看出口是不是 None：出口后来也可能空着。用一个变量记住走没走过第一步。",
            "Only the first step is the first; an exit that is None does not tell, for it may be empty later, too. "
            "Remember in a variable whether the first step was taken.",
        ),
        Mistake(
            _filling(lambda sim: sim.fast and _is_empty(sim)),
            "送进 None 的一步也是第一步：之后不再快速启动。",
            "A step with None is a first step as well: there is no fast start after it.",
        ),
        Mistake(
            _WholeSteps,
            "快速启动不是把第一步重复 n 遍：每个模块只调用一次，否则有状态的模块会多算。",
            "A fast start is not the first step repeated n times: each module is called once, or modules with a "
            "state count too much.",
        ),
        Mistake(
            _stepping(lambda sim, step, x: (step(x), step(x))[1] if sim.filling else step(x)),
            "快速启动的第一步走了两遍：从前往后走完就返回，不要再从后往前走。",
            "The fast first step is taken twice: after going front to back do not go back to front as well.",
        ),
        Mistake(
            _stepping(lambda sim, step, x: (sim.slots[-1], step(x))[0]),
            "出口的值晚了一步：先走这一步，再读 slots[-1]。",
            "The exit is read one step late: take the step first, then read slots[-1].",
        ),
        Mistake(
            _stepping(lambda sim, step, x: None if x is None else step(x)),
            "输入是 None 时，这一步照样要走：链里的信号继续前进。",
            "With None as input the step is taken all the same: the signals in the chain move on.",
        ),
        Mistake(
            _moving(lambda module, signal, old: module(signal) if signal else None),
            "0 也是信号，不是 None：判断时写 is None。",
            "0 is a signal, not None: ask with is None.",
        ),
        Mistake(
            _moving(lambda module, signal, old: old if signal is None else module(signal)),
            "空缺也要往前走：左边是 None 时，右边的槽位要写成 None，不能留着旧值。",
            "A gap travels too: where the left slot is None, write None to the right of it instead of keeping the "
            "old value.",
        ),
        Mistake(
            _FillsOnce,
            "reset() 之后的第一步又是第一步：fast 应当再次填满整条链。",
            "After reset() the next step is a first step again: fast must fill the chain once more.",
        ),
        Mistake(
            _KeepsSlots,
            "reset() 没有清空槽位：上一次的信号还在里面。",
            "reset() did not empty the slots: signals of the last run are still in them.",
        ),
        Mistake(
            _resetting(lambda modules: []),
            "reset() 没有重置模块：有 reset 方法的模块都要重置。",
            "reset() did not reset the modules: every module that has a reset method must be reset.",
        ),
        Mistake(
            _resetting(lambda modules: [m for m in modules if _can_reset(m)][:1]),
            "只重置了第一个有 reset() 的模块：每一个都要重置。",
            "Only the first module with a reset() was reset: reset every one.",
        ),
        Mistake(
            _resetting(lambda modules: itertools.takewhile(_can_reset, modules)),
            "遇到没有 reset() 的模块就停下了：跳过它，后面的照样要重置。",
            "It stops at the first module without a reset(): pass over it and reset those after it.",
        ),
        Mistake(
            _resetting(lambda modules: modules),
            '不是每个模块都有 reset()：先用 hasattr(module, "reset") 问一问。',
            'Not every module has a reset(): ask with hasattr(module, "reset") first.',
        ),
    ),
    hints=(
        (
            "step 的主体就是练习 1。再记住一件事：这是不是第一步。",
            "The body of step is exercise 1. Remember one thing more: whether this is the first step.",
        ),
        (
            "fast 且是第一步时从前往后，每个模块调用一次；其余从后往前。",
            "Front to back, each module once, if fast and the first step; back to front otherwise.",
        ),
        (
            'reset 清空槽位，恢复“第一步”的记号，并对每个 hasattr(module, "reset") 的模块调用 reset()。',
            "reset empties the slots, restores the mark of the first step, and calls reset() of every module with "
            'hasattr(module, "reset").',
        ),
    ),
)
