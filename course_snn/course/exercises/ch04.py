"""Exercises of chapter 04: the clock-driven simulator."""

import copy
import itertools
import math
from collections.abc import Callable

import torch

from course_snn.course.compare import brief
from course_snn.course.exercise import CONTAINER, KIND, Exercise, Finding, Mistake


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
    if i == 0 or steps == 0:
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
    """A toy module that multiplies."""

    def __init__(self, factor: int) -> None:
        self.factor, self.__name__ = factor, f"×{factor}"

    def __call__(self, x: int) -> int:
        return self.factor * _arrived(x)


class Total:
    """A toy module with a state: the sum of all it was given since its reset."""

    __name__ = "Σ"

    def __init__(self) -> None:
        self.reset()

    def __call__(self, x: int) -> int:
        self.sum += _arrived(x)
        return self.sum

    def reset(self) -> None:
        self.sum = 0


def _arrived(x):
    if x is None:
        raise Finding(
            "左边的槽位是 None 时，信号还没有到：不要调用模块，右边直接写 None。",
            "Where the slot on the left is None, nothing has arrived: do not call the module, write None on its right.",
        )
    return x


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
    _unchanged(given, counted)
    if not isinstance(after, (list, tuple)) or len(after) != len(modules) + 1:
        raise Finding(
            f"要返回所有的槽位：{len(modules)} 个模块有 {len(modules) + 1} 个槽位，得到的却是 {brief(after)}。",
            f"All {len(modules) + 1} slots of the {len(modules)} modules are wanted, but {brief(after)} came back.",
        )
    return tuple(after)


def _unchanged(given, modules):
    if given != modules:
        raise Finding("modules 被改掉了：要保持原样。", "modules was changed: leave it as it is.")


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


def _period(r, i, v_threshold, rounded=math.ceil):
    return max(1, rounded(v_threshold / (r * i)))


def _counting(count):
    """Return ``spike_count`` with another formula, ``count(steps, r, i, v_threshold)``."""
    return lambda steps, r, i, th: 0 if i == 0 or steps == 0 else count(steps, r, i, th)


def _try_simulator(answer, modules, fast, inputs):
    """Return what comes out for ``inputs``, then, after a reset, for the same inputs again."""
    mine, others, given = copy.deepcopy(modules), copy.deepcopy(modules), list(modules)
    sim = answer(given, fast)
    first = sim.step(inputs[0])
    if first is ... and set(vars(sim)) <= {"modules", "fast"}:
        return ...
    out = [_signal(value) for value in [first, *map(sim.step, inputs[1:])]]
    _unchanged(given, modules)
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


_TOY = [Times(1), Times(10), Times(100)]

# not laid out by the formatter, so that a mistake fits into three lines: the wrong function, what to tell, twice
EXERCISES = (
    Exercise(
        id="04.pipeline_step",
        solution=pipeline_step,
        run=_try_step,
        measured=("这一步之后的槽位", "the slots after the step"),
        cases=(
            (_TOY, [4, 4, 30, 2000], 5),
            (_TOY, [None, None, None, None], 1),
            (_TOY, [2, 2, 10, None], 3),
            (_TOY, [7, None, 40, 3000], 8),
            ([Times(2), Times(3)], [0, 6, 9], 4),
            (_TOY, [3, 0, 20, 4000], 0),
            (_TOY, [3, 3, 20, 4000], None),
        ),
        mistakes=(
            Mistake(_step_with(order=iter),
                "信号瞬移了：从前往后算，后面的模块读到的是本步的新值。从最后一个模块开始。",
                "The signal teleports: front to back, a module reads what was written in this very step. "
                "Begin with the last module."),
            Mistake(_step_with(x_at="end"),
                "输入晚了一步：先把 x 放进 slots[0]，再让模块读。",
                "The input is one step late: put x into slots[0] first, then let the modules read."),
            Mistake(_step_with(x_at="nowhere"),
                "没有用上 x：新的输入要先放进 slots[0]。",
                "x is not used: the new input goes into slots[0] first."),
            Mistake(_step_with(empty=lambda i, slots: 0),
                "None 不是 0：还没有信号的地方，输出仍然是 None。",
                "None is not 0: where no signal has arrived, the output is still None."),
            Mistake(_step_with(is_empty=lambda signal: not signal),
                "0 也是信号，不是 None：判断时写 is None。",
                "0 is a signal, not None: ask with is None."),
            Mistake(_step_with(empty=lambda i, slots: slots[i + 1]),
                "空缺也要往前走：左边是 None 时，右边的槽位要写成 None，不能留着旧值。",
                "A gap travels too: where the left slot is None, write None to the right of it instead of keeping the "
                "old value."),
            Mistake(lambda modules, slots, x: slots if x is None else pipeline_step(modules, slots, x),
                "x 是 None 时，这一步照样要走：slots[0] 写成 None，链里的信号继续前进。",
                "With x = None the step is taken all the same: None goes into slots[0], and the signals move on."),
            Mistake(lambda modules, slots, x: [x, *slots[:-1]],
                "信号往前挪了，却没有经过模块：右边写的是 modules[i](slots[i])。",
                "The signals move on without passing the modules: write modules[i](slots[i]) on the right."),
            Mistake(_step_with(order=lambda steps: reversed(steps[1:])),
                "第 0 个模块没有被调用：i 要一直走到 0。",
                "Module 0 is never called: i has to go down to 0."),
            Mistake(lambda modules, slots, x: pipeline_step(modules[::-1], slots, x),
                "模块的次序反了：modules[i] 读 slots[i]，写 slots[i + 1]。",
                "The modules are in the wrong order: modules[i] reads slots[i] and writes slots[i + 1]."),
        ),
        hints=(
            ("每个模块要读左边槽位在这一步之前的值。先写哪个槽位，才不会毁掉别人还要读的值？",
             "Each module must read what its left slot held before this step. Which slot can you write first "
             "without destroying what another still has to read?"),
            ("最右边的槽位没有人再读。所以 i 从 len(modules) - 1 走到 0。",
             "Nobody reads the last slot any more. So i runs from len(modules) - 1 down to 0."),
            ("slots[i + 1] = None if slots[i] is None else modules[i](slots[i])；开头先写 slots[0] = x。",
             "slots[i + 1] = None if slots[i] is None else modules[i](slots[i]); and slots[0] = x at the start."),
        ),
    ),
    Exercise(
        id="04.arrival",
        solution=arrival,
        cases=((3, False, 0), (3, False, 4), (3, True, 0), (3, True, 1), (7, True, 10), (1, False, 0), (5, True, 2)),
        mistakes=(
            Mistake(lambda n, fast, t: 0 if fast and t == 0 else t + n,
                "多了一步：输入在第 t 步就走过了第一个模块，只剩下 n - 1 步要走。",
                "One step too many: in step t the input already passes the first module; n - 1 steps remain."),
            Mistake(lambda n, fast, t: 0 if fast and t == 0 else t + n - 2,
                "少了一步：第 t 步走过第一个模块，还有 n - 1 个模块，每个一步。",
                "One step too few: step t passes the first module; n - 1 modules remain, a step each."),
            Mistake(lambda n, fast, t: 1 if fast and t == 0 else t + n - 1,
                "快速启动时，第 0 步的输入就在第 0 步出来：步从 0 数起。",
                "With a fast start the input of step 0 leaves in step 0 itself: steps count from 0."),
            Mistake(lambda n, fast, t: t + n - 1,
                "fast=True 时，第 0 步的输入当步就走完整条链。",
                "With fast=True the input of step 0 runs through the whole chain at once."),
            Mistake(lambda n, fast, t: t if fast else t + n - 1,
                "fast 只填满第一步。之后的输入照样一步走一个模块。",
                "fast fills the chain in the first step only. Later inputs still pass one module a step."),
            Mistake(lambda n, fast, t: 0 if fast else t + n - 1,
                "快速启动时，只有第 0 步的输入当步出来：后来的输入照样一步走一个模块。",
                "With a fast start only the input of step 0 leaves at once: later ones pass one module a step."),
            Mistake(lambda n, fast, t: 0 if t == 0 else t + n - 1,
                "不是快速启动时，第 0 步的输入也要一步走一个模块。",
                "Without a fast start the input of step 0, too, passes one module a step."),
            Mistake(lambda n, fast, t: 0 if fast or t == 0 else t + n - 1,
                "两个条件要同时成立：fast 并且 t == 0，用 and，不是 or。",
                "Both conditions must hold: fast and t == 0, with and, not or."),
            Mistake(lambda n, fast, t: arrival(n, not fast, t),
                "fast 用反了：fast=True 时，第 0 步的输入才当步走完整条链。",
                "fast is the wrong way round: with fast=True the input of step 0 runs through the chain at once."),
            Mistake(lambda n, fast, t: 0 if fast and t == 0 else t + n - 1 - fast,
                "快速启动之后，信号照样一步走一个模块：t > 0 时 fast 没有影响。",
                "After a fast start signals still pass one module a step: for t > 0 fast makes no difference."),
            Mistake(lambda n, fast, t: 0 if fast and t == 0 else n - 1,
                "忘了加上输入自己出发的那一步 t。",
                "The step t in which the input sets out is missing."),
            Mistake(lambda n, fast, t: 0 if fast and t == 0 else t + 2,
                "不是每条链都有三个模块：用上 n。",
                "Not every chain has three modules: make use of n."),
        ),
        hints=(
            ("在三个模块的例子里数一数：输入 1（第 0 步）在第几步变成输出 1000？",
             "Count in the example with three modules: in which step does input 1 (step 0) become output 1000?"),
            ("一步走一个模块，第一个模块就在第 t 步走过。",
             "One module a step, and the first module is passed in step t itself."),
            ("一般情形是 t + n - 1；只有 fast 且 t == 0 例外，答案是 0。",
             "In general t + n - 1; the one exception is fast with t == 0, where it is 0."),
        ),
    ),
    Exercise(
        id="04.spike_count",
        solution=spike_count,
        cases=(
            (257, 1.0, 1 / 64, 1.0),
            (256, 1.0, 1 / 64, 1.0),
            (100, 2.0, 0.15, 1.0),
            (200, 0.5, 0.75, 4.0),
            (50, 1.0, 0.0, 1.0),
            (10, 5.0, 1.0, 1.0),
            (0, 1.0, 0.25, 1.0),
            (1, 1.0, 2.0, 1.0),
            (300_000_000, 1.0, 2.0**-20, 1.0),
        ),
        mistakes=(
            Mistake(_counting(lambda steps, r, i, th: steps // _period(r, i, th)),
                "忘了晚一步：最后一步才越过阈值的话，它的脉冲已经来不及发出。",
                "The one step between crossing and spike is missing: what crosses in the last step fires too late."),
            Mistake(_counting(lambda steps, r, i, th: max(0, steps - 2) // _period(r, i, th)),
                "晚了两步：越过阈值的下一步就发出脉冲，只晚一步。",
                "Two steps late: the spike is emitted in the step after the crossing, one step late."),
            Mistake(lambda steps, r, i, th: -1 if steps == 0 else spike_count(steps, r, i, th),
                "一次也没有调用时，脉冲数是 0：steps 为 0 要先处理，(steps - 1) 会变成 -1。",
                "Without a call there are 0 spikes: treat steps = 0 first, for (steps - 1) becomes -1."),
            Mistake(_counting(lambda steps, r, i, th: (steps - 1) // _period(r, i, th, math.floor)),
                "取整的方向反了：充电的次数不够整数时要多充一次，向上取整。",
                "Rounded the wrong way: if the number of charges is not whole, one more is needed; round up."),
            Mistake(_counting(lambda steps, r, i, th: (steps - 1) // _period(r, i, th, round)),
                "不能四舍五入：充电的次数不够整数时要多充一次，向上取整。",
                "Not to the nearest: if the number of charges is not whole, one more is needed; round up."),
            Mistake(_counting(lambda steps, r, i, th: int((steps - 1) * r * i / th)),
                "充电的次数要先取整：硬重置会丢掉超过阈值的那部分，不会留到下一个周期。",
                "Round the number of charges first: a hard reset throws away what lies above the threshold."),
            Mistake(_counting(lambda steps, r, i, th: steps // (_period(r, i, th) + 1)),
                "只有第一个脉冲晚一步：之后每个周期还是充电的次数，不加 1。",
                "The late step counts once: the period remains the number of charges, without 1 more."),
            Mistake(_counting(lambda steps, r, i, th: (steps - 1) // (math.floor(th / (r * i)) + 1)),
                "恰好等于阈值也算越过：向上取整，不要取整之后再加 1。",
                "Exactly the threshold is enough: round up instead of rounding down and adding 1."),
            Mistake(_counting(lambda steps, r, i, th: max(0, steps - 1 - _period(r, i, th)) // _period(r, i, th)),
                "少了一个脉冲：第一个周期末尾也有脉冲，不要减去第一个周期。",
                "One spike too few: the first period ends with a spike, too; do not take it off."),
            Mistake(_counting(lambda steps, r, i, th: (steps - 1) / _period(r, i, th)),
                "脉冲的个数是整数：没走完的周期不算，用 //。",
                "The number of spikes is whole: a period that is not complete does not count, use //."),
            Mistake(_counting(lambda steps, r, i, th: math.ceil((steps - 1) / _period(r, i, th))),
                "没走完的周期没有脉冲：周期的个数要向下取整。",
                "A period that is not complete has no spike: round the number of periods down."),
            Mistake(_counting(lambda steps, r, i, th: (steps - 1) // _period(1.0, i, th)),
                "忘了 r：每次充电加 r * i。",
                "r is missing: a charge adds r * i."),
            Mistake(_counting(lambda steps, r, i, th: (steps - 1) // _period(r, i, 1.0)),
                "忘了 v_threshold：阈值不总是 1。",
                "v_threshold is missing: the threshold is not always 1."),
            Mistake(_counting(lambda steps, r, i, th: max(0, steps - 1 // _period(r, i, th))),
                "少了括号：先算 steps - 1，再除，即 (steps - 1) // k。",
                "The brackets are missing: first steps - 1, then divide, (steps - 1) // k."),
            Mistake(lambda steps, r, i, th: _period(r, i, th) if i else 0,
                "这是两个脉冲之间的步数。要的是一共几个脉冲。",
                "That is the number of steps between two spikes. The number of spikes is wanted."),
        ),
        hints=(
            ("从 0 充到阈值要充几次？每次加 r * i。", "How many charges from 0 to the threshold? Each adds r * i."),
            ("设要 k 次。第 k - 1 步越过阈值，第 k 步发出脉冲，之后每 k 步一个。",
             "Say k. Step k - 1 crosses the threshold, step k hands out the spike, then one every k steps."),
            ("脉冲在 k、2k、3k …… 数到第 steps - 1 步：(steps - 1) // k，k 向上取整；没有电流或 steps 为 0 时是 0。",
             "Spikes at k, 2k, … up to step steps - 1: (steps - 1) // k, k rounded up; 0 without current or steps."),
        ),
    ),
    Exercise(
        id="04.one_step_late",
        solution=one_step_late,
        exact=(CONTAINER, KIND),
        keeps=True,
        cases=(
            (torch.tensor([0, 1, 0, 0, 1, 1]).bool(),),
            (torch.tensor([[1, 0], [0, 1], [0, 1], [1, 0], [1, 1]]).bool(),),
            (torch.tensor([[[1, 0, 1]]]).bool(),),
            (torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]),),
            (torch.tensor([1, 1, 0, 1]),),
        ),
        mistakes=(
            Mistake(lambda s: torch.cat([s[1:], torch.zeros_like(s[:1])]),
                "方向反了：时钟驱动的脉冲来得晚，不是早。",
                "The wrong way: the clock-driven spike comes later, not earlier."),
            Mistake(lambda s: torch.roll(s, 1, dims=0),
                "最后一步的脉冲绕回了开头：roll 会转圈，第 0 步应当没有脉冲。",
                "The last spikes came round to the start: roll wraps; in step 0 there must be none."),
            Mistake(lambda s: torch.cat([torch.zeros_like(s[:1]), s]),
                "多了一步：开头补一步，末尾就要去掉一步，形状不变。",
                "One step too many: a step added at the start must go at the end; the shape stays."),
            Mistake(lambda s: s[:-1].clone(),
                "少了一步：末尾去掉一步，开头就要补一步没有脉冲的，形状不变。",
                "One step too few: a step taken off the end needs one without spikes at the start; the shape stays."),
            Mistake(lambda s: torch.cat([torch.zeros_like(s[..., :1]), s[..., :-1]], dim=-1),
                "移错了维：时间是第一维，你移动的是神经元。",
                "The wrong dimension: time comes first, and you moved the neurons."),
            Mistake(lambda s: one_step_late(s).bool(),
                "类型变了：给的是 float 或整数，返回的也要是，不要都变成 bool。",
                "The type changed: floats stay floats and whole numbers whole numbers, not all bool."),
            Mistake(lambda s: one_step_late(s).float(),
                "类型变了：bool 要还是 bool。用 torch.zeros_like(spikes)，或者给 torch.zeros 加上 dtype=spikes.dtype。",
                "The type changed: bool stays bool. Use torch.zeros_like(spikes), or torch.zeros with "
                "dtype=spikes.dtype."),
            Mistake(lambda s: one_step_late(s).numpy(),
                "要返回张量，不是 NumPy 数组：最后用 torch.from_numpy(…)。",
                "A tensor is wanted, not a NumPy array: torch.from_numpy(…) at the end."),
            Mistake(lambda s: list(one_step_late(s)),
                "要返回一个张量，不是列表：最后用 torch.stack(…)。",
                "One tensor is wanted, not a list: torch.stack(…) at the end."),
            Mistake(lambda s: torch.cat([s[:1], s[:-1]]),
                "第 0 步应当没有脉冲：不要留着原来的第 0 步。",
                "In step 0 there must be no spike: do not keep the old step 0."),
            Mistake(lambda s: torch.cat([torch.zeros_like(s[:2]), s[:-2]])[: len(s)],
                "晚了两步：只晚一步。",
                "Two steps late: only one step is wanted."),
            Mistake(lambda s: torch.cat([torch.zeros_like(s[:1]), s[:1].expand_as(s)[1:]]),
                "还没读就被覆盖了：第 0 步的脉冲一路传了下去。写到新的张量里，或者从最后一步往前移。",
                "Overwritten before it was read: the spikes of step 0 spread over all steps. Write to a new tensor, or "
                "move from the last step to the first."),
            Mistake(lambda s: torch.cat([torch.zeros(1, s.shape[1], dtype=s.dtype), s[:-1]]),
                "只对两维的张量有效：形状是 [T, …]，可以只有 [T]，也可以更多维；用 torch.zeros_like(spikes[:1])。",
                "That works for two dimensions only: the shape is [T, …], just [T] or with more dimensions; use "
                "torch.zeros_like(spikes[:1])."),
            Mistake(lambda s: torch.cat([torch.zeros_like(s[1])[None], s[:-1]]),
                "T 可以是 1：这时没有 spikes[1]，用 spikes[:1] 或 spikes[0]。",
                "T may be 1: then there is no spikes[1]; use spikes[:1] or spikes[0]."),
        ),
        hints=(
            ("新序列的第 t 步等于旧序列的第 t - 1 步；第 0 步没有脉冲。",
             "Step t of the new train is step t - 1 of the old one; step 0 has no spike."),
            ("先用 torch.zeros_like 造一个同样形状的空序列。",
             "Make an empty train of the same shape with torch.zeros_like."),
            ("再写 late[1:] = spikes[:-1]，最后返回 late。", "Then late[1:] = spikes[:-1], and return late."),
        ),
    ),
    Exercise(
        id="04.mini_simulator",
        solution=MiniSimulator,
        run=_try_simulator,
        measured=("各步的输出，reset() 之后再来一遍", "what the steps returned, then once more after reset()"),
        cases=(
            (_TOY, False, [1, 2, 3, 4, 5, 6, 7]),
            (_TOY, True, [1, 2, 3, 4, 5, 6, 7]),
            ([Total(), Times(10), Total()], True, [1, 2, 3, 4, 5]),
            ([Times(1), Times(10)], True, [1, 2, None, 3, 4]),
            ([Total(), Total()], False, [1, 0, 2, 0, 0, 3]),
            (_TOY, True, [None, 1, 2, 3, 4]),
        ),
        mistakes=(
            Mistake(_filling(lambda sim: True),
                "信号瞬移了：除了快速启动的第一步，都要从最后一个模块算起。",
                "The signal teleports: except in the fast first step, begin with the last module."),
            Mistake(_filling(lambda sim: sim.fast),
                "fast 只管第一步：从第二步起，都要从最后一个模块算起。",
                "fast concerns the first step only: from the second on, begin with the last module."),
            Mistake(_filling(lambda sim: False),
                "fast=True 时，第一步要从前往后走完整条链。",
                "With fast=True the first step runs the whole chain front to back."),
            Mistake(_filling(lambda sim: sim.filling or (not sim.fast and _is_empty(sim))),
                "fast=False 时没有快速启动：第一步也从最后一个模块算起。",
                "With fast=False there is no fast start: the first step, too, begins with the last module."),
            Mistake(_filling(lambda sim: sim.fast and sim.slots[-1] is None),
                "第一步只有一个，不能看出口是不是 None：出口后来也可能空着。用一个变量记住走没走过第一步。",
                "Only the first step is the first; an exit that is None does not tell, for it may be empty later, too. "
                "Remember in a variable whether the first step was taken."),
            Mistake(_filling(lambda sim: sim.fast and _is_empty(sim)),
                "送进 None 的一步也是第一步：之后不再快速启动。",
                "A step with None is a first step as well: there is no fast start after it."),
            Mistake(_WholeSteps,
                "快速启动不是把第一步重复 n 遍：每个模块只调用一次，否则有状态的模块会多算。",
                "A fast start is not the first step repeated n times: each module is called once, or modules with a "
                "state count too much."),
            Mistake(_stepping(lambda sim, step, x: (step(x), step(x))[1] if sim.filling else step(x)),
                "快速启动的第一步走了两遍：从前往后走完就返回，不要再从后往前走。",
                "The fast first step is taken twice: after going front to back do not go back to front as well."),
            Mistake(_stepping(lambda sim, step, x: (sim.slots[-1], step(x))[0]),
                "出口的值晚了一步：先走这一步，再读 slots[-1]。",
                "The exit is read one step late: take the step first, then read slots[-1]."),
            Mistake(_stepping(lambda sim, step, x: None if x is None else step(x)),
                "输入是 None 时，这一步照样要走：链里的信号继续前进。",
                "With None as input the step is taken all the same: the signals in the chain move on."),
            Mistake(_moving(lambda module, signal, old: module(signal) if signal else None),
                "0 也是信号，不是 None：判断时写 is None。",
                "0 is a signal, not None: ask with is None."),
            Mistake(_moving(lambda module, signal, old: old if signal is None else module(signal)),
                "空缺也要往前走：左边是 None 时，右边的槽位要写成 None，不能留着旧值。",
                "A gap travels too: where the left slot is None, write None to the right of it instead of keeping the "
                "old value."),
            Mistake(_FillsOnce,
                "reset() 之后的第一步又是第一步：fast 应当再次填满整条链。",
                "After reset() the next step is a first step again: fast must fill the chain once more."),
            Mistake(_KeepsSlots,
                "reset() 没有清空槽位：上一次的信号还在里面。",
                "reset() did not empty the slots: signals of the last run are still in them."),
            Mistake(_resetting(lambda modules: []),
                "reset() 没有重置模块：有 reset 方法的模块都要重置。",
                "reset() did not reset the modules: every module that has a reset method must be reset."),
            Mistake(_resetting(lambda modules: [m for m in modules if _can_reset(m)][:1]),
                "只重置了第一个有 reset() 的模块：每一个都要重置。",
                "Only the first module with a reset() was reset: reset every one."),
            Mistake(_resetting(lambda modules: itertools.takewhile(_can_reset, modules)),
                "遇到没有 reset() 的模块就停下了：跳过它，后面的照样要重置。",
                "It stops at the first module without a reset(): pass over it and reset those after it."),
            Mistake(_resetting(lambda modules: modules),
                '不是每个模块都有 reset()：先用 hasattr(module, "reset") 问一问。',
                'Not every module has a reset(): ask with hasattr(module, "reset") first.'),
        ),
        hints=(
            ("step 的主体就是练习 1。再记住一件事：这是不是第一步。",
             "The body of step is exercise 1. Remember one thing more: whether this is the first step."),
            ("fast 且是第一步时从前往后，每个模块调用一次；其余从后往前。",
             "Front to back, each module once, if fast and the first step; back to front otherwise."),
            ('reset 清空槽位，恢复“第一步”的记号，并对每个 hasattr(module, "reset") 的模块调用 reset()。',
             "reset empties the slots, restores the mark of the first step, and calls reset() of every module with "
             'hasattr(module, "reset").'),
        ),
    ),
)  # fmt: skip
