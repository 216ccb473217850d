"""Exercises of chapter 04: the clock-driven simulator."""

import math

import torch

from course_snn.course.exercise import Exercise, Mistake


def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


def arrival(n, fast, t):
    if fast and t == 0:
        return 0
    return t + n - 1


def spike_count(steps, r, i, v_threshold):
    if r * i <= 0:
        return 0
    charges = math.ceil(v_threshold / (r * i))
    return (steps - 1) // charges


def one_step_late(spikes):
    late = torch.zeros_like(spikes)
    late[1:] = spikes[:-1]
    return late


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


class Times:
    """A toy module that multiplies; a learner who calls it on an empty slot is told so."""

    def __init__(self, factor: int) -> None:
        self.factor = factor

    def __call__(self, x: int) -> int:
        if x is None:
            raise TypeError(
                "这个槽位是 None，信号还没有到，不要调用模块 · "
                "this slot is None, nothing has arrived: do not call the module"
            )
        return self.factor * x

    def __repr__(self) -> str:
        return f"×{self.factor}"


class Total:
    """A toy module with a state: the sum of all it was given since its reset."""

    def __init__(self) -> None:
        self.reset()

    def __call__(self, x: int) -> int:
        self.sum += x
        return self.sum

    def reset(self) -> None:
        self.sum = 0

    def __repr__(self) -> str:
        return "Σ"


def _try_step(answer, modules, slots, x):
    """Return the slots as a tuple, so that the verdict can name the slot that differs."""
    after = answer(modules, slots, x)
    return tuple(after) if isinstance(after, (list, tuple)) else after


def _try_simulator(answer, modules, fast, inputs):
    """Return what comes out for ``inputs``, then, after a reset, for the same inputs again."""
    sim = answer(modules, fast)
    out = [sim.step(x) for x in inputs]
    if any(x is ... for x in out):
        return ...
    sim.reset()
    return tuple(out + [sim.step(x) for x in inputs])


def _step_with(modules, slots, x, order=reversed, empty=lambda i, slots: None, late=False):
    """``pipeline_step`` with one thing done wrong."""
    if not late:
        slots[0] = x
    for i in order(range(len(modules))):
        slots[i + 1] = empty(i, slots) if slots[i] is None else modules[i](slots[i])
    if late:
        slots[0] = x
    return slots


class _FrontToBack(MiniSimulator):
    def step(self, x):
        self.filling = True
        return super().step(x)


class _AlwaysFilling(MiniSimulator):
    def step(self, x):
        self.filling = self.fast
        return super().step(x)


class _NeverFilling(MiniSimulator):
    def step(self, x):
        self.filling = False
        return super().step(x)


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


class _KeepsModules(MiniSimulator):
    def reset(self):
        self.slots = [None] * (len(self.modules) + 1)
        self.filling = self.fast


_TOY = [Times(1), Times(10), Times(100)]

EXERCISES = (
    Exercise(
        id="04.pipeline_step",
        solution=pipeline_step,
        run=_try_step,
        cases=(
            (_TOY, [4, 4, 30, 2000], 5),
            (_TOY, [None, None, None, None], 1),
            (_TOY, [2, 2, 10, None], 3),
            (_TOY, [7, None, 40, 3000], 8),
            ([Times(2), Times(3)], [0, 6, 9], 4),
        ),
        mistakes=(
            Mistake(
                lambda *a: _step_with(*a, order=iter),
                "信号瞬移了：从前往后算，后面的模块读到的是本步的新值。从最后一个模块开始。",
                "The signal teleports: front to back, a module reads what was written in this very step. "
                "Begin with the last module.",
            ),
            Mistake(
                lambda *a: _step_with(*a, late=True),
                "输入晚了一步：先把 x 放进 slots[0]，再让模块读。",
                "The input is one step late: put x into slots[0] first, then let the modules read.",
            ),
            Mistake(
                lambda *a: _step_with(*a, empty=lambda i, slots: 0),
                "None 不是 0：还没有信号的地方，输出仍然是 None。",
                "None is not 0: where no signal has arrived, the output is still None.",
            ),
            Mistake(
                lambda *a: _step_with(*a, empty=lambda i, slots: slots[i + 1]),
                "空缺也要往前走：左边是 None 时，右边的槽位要写成 None，不能留着旧值。",
                "A gap travels too: where the left slot is None, write None to the right of it instead of keeping the "
                "old value.",
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
    ),
    Exercise(
        id="04.arrival",
        solution=arrival,
        cases=((3, False, 0), (3, False, 4), (3, True, 0), (3, True, 1), (7, True, 10), (1, False, 0)),
        mistakes=(
            Mistake(
                lambda n, fast, t: 0 if fast and t == 0 else t + n,
                "多了一步：输入在第 t 步就走过了第一个模块，只剩下 n - 1 步要走。",
                "One step too many: in step t the input already passes the first module; n - 1 steps remain.",
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
                lambda n, fast, t: 0 if fast and t == 0 else n - 1,
                "忘了加上输入自己出发的那一步 t。",
                "The step t in which the input sets out is missing.",
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
    ),
    Exercise(
        id="04.spike_count",
        solution=spike_count,
        cases=(
            (257, 1.0, 1 / 64, 1.0),
            (256, 1.0, 1 / 64, 1.0),
            (100, 2.0, 0.15, 1.0),
            (50, 1.0, 0.0, 1.0),
            (10, 5.0, 1.0, 1.0),
        ),
        mistakes=(
            Mistake(
                lambda steps, r, i, th: 0 if r * i <= 0 else steps // math.ceil(th / (r * i)),
                "忘了晚一步：最后一步才越过阈值的话，它的脉冲已经来不及发出。",
                "The one step between crossing and spike is missing: what crosses in the last step fires too late.",
            ),
            Mistake(
                lambda steps, r, i, th: 0 if r * i <= 0 else (steps - 1) // max(1, math.floor(th / (r * i))),
                "取整的方向反了：充电的次数不够整数时要多充一次，向上取整。",
                "Rounded the wrong way: if the number of charges is not whole, one more is needed; round up.",
            ),
            Mistake(
                lambda steps, r, i, th: int(steps * r * i / th),
                "总电荷除以阈值不对：硬重置会丢掉超过阈值的那部分。",
                "Total charge over threshold is not it: a hard reset throws away what lies above the threshold.",
            ),
            Mistake(
                lambda steps, r, i, th: 0 if r * i <= 0 else (steps - 1) // (math.ceil(th / (r * i)) + 1),
                "重置不另外花一步：发出脉冲的那一步先重置，接着就充电。",
                "The reset takes no step of its own: the step that hands out the spike resets, then charges.",
            ),
        ),
        hints=(
            ("从 0 充到阈值要充几次？每次加 r * i。", "How many charges from 0 to the threshold? Each adds r * i."),
            (
                "设要 k 次。第 k - 1 步越过阈值，第 k 步发出脉冲，之后每 k 步一个。",
                "Say k. Step k - 1 crosses the threshold, step k hands out the spike, then one every k steps.",
            ),
            (
                "脉冲在 k、2k、3k …… 数到第 steps - 1 步：(steps - 1) // k，其中 k 向上取整。没有电流时返回 0。",
                "Spikes at k, 2k, 3k, … up to step steps - 1: (steps - 1) // k, with k rounded up. No current: 0.",
            ),
        ),
    ),
    Exercise(
        id="04.one_step_late",
        solution=one_step_late,
        cases=(
            (torch.tensor([0, 1, 0, 0, 1, 1]).bool(),),
            (torch.tensor([[1, 0], [0, 1], [0, 1], [1, 0], [1, 1]]).bool(),),
            (torch.tensor([[1, 0, 1]]).bool(),),
        ),
        mistakes=(
            Mistake(
                lambda s: torch.cat([s[1:], torch.zeros_like(s[:1])]),
                "方向反了：时钟驱动的脉冲来得晚，不是早。",
                "The wrong way: the clock-driven spike comes later, not earlier.",
            ),
            Mistake(
                lambda s: torch.roll(s, 1, dims=0),
                "最后一步的脉冲绕回了开头：roll 会转圈，第 0 步应当没有脉冲。",
                "The last spikes came round to the start: roll wraps; in step 0 there must be none.",
            ),
            Mistake(
                lambda s: torch.cat([torch.zeros_like(s[:1]), s]),
                "多了一步：开头补一步，末尾就要去掉一步，形状不变。",
                "One step too many: a step added at the start must go at the end; the shape stays.",
            ),
            Mistake(
                lambda s: torch.cat([torch.zeros_like(s[..., :1]), s[..., :-1]], dim=-1),
                "移错了维：时间是第一维，你移动的是神经元。",
                "The wrong dimension: time comes first, and you moved the neurons.",
            ),
        ),
        hints=(
            (
                "新序列的第 t 步等于旧序列的第 t - 1 步；第 0 步没有脉冲。",
                "Step t of the new train is step t - 1 of the old one; step 0 has no spike.",
            ),
            (
                "先用 torch.zeros_like 造一个同样形状的空序列。",
                "Make an empty train of the same shape with torch.zeros_like.",
            ),
            ("再写 late[1:] = spikes[:-1]，最后返回 late。", "Then late[1:] = spikes[:-1], and return late."),
        ),
    ),
    Exercise(
        id="04.mini_simulator",
        solution=MiniSimulator,
        run=_try_simulator,
        cases=(
            (_TOY, False, [1, 2, 3, 4, 5, 6, 7]),
            (_TOY, True, [1, 2, 3, 4, 5, 6, 7]),
            ([Total(), Times(10), Total()], True, [1, 2, 3, 4, 5]),
            ([Times(1), Times(10)], True, [1, 2, None, 3, 4]),
        ),
        mistakes=(
            Mistake(
                _FrontToBack,
                "信号瞬移了：除了快速启动的第一步，都要从最后一个模块算起。",
                "The signal teleports: except in the fast first step, begin with the last module.",
            ),
            Mistake(
                _AlwaysFilling,
                "fast 只管第一步：从第二步起，都要从最后一个模块算起。",
                "fast concerns the first step only: from the second on, begin with the last module.",
            ),
            Mistake(
                _NeverFilling,
                "fast=True 时，第一步要从前往后走完整条链。",
                "With fast=True the first step runs the whole chain front to back.",
            ),
            Mistake(
                _WholeSteps,
                "快速启动不是把第一步重复 n 遍：每个模块只调用一次，否则有状态的模块会多算。",
                "A fast start is not the first step repeated n times: each module is called once, or modules with a "
                "state count too much.",
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
                _KeepsModules,
                "reset() 没有重置模块：有 reset 方法的模块都要重置。",
                "reset() did not reset the modules: every module that has a reset method must be reset.",
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
    ),
)
