"""Exercises of chapter 03: synapses."""

import math
import random

import torch

from course_snn.course.compare import brief
from course_snn.course.exercise import CONTAINER, KIND, Exercise, Finding, Mistake


def exp_decay(spikes, tau, amplitude):
    i, currents = 0.0, []
    for s in spikes:
        i = i + amplitude if s else i - i / tau
        currents.append(i)
    return currents


def stp_step(x, v, s, v_base, tau_f, tau_d):
    new_x = x + (1 - x) / tau_d - v * x * s
    new_v = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return new_x, new_v, new_v * new_x * s


class DelayLine:
    def __init__(self, d):
        self.queue = [0.0] * d

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


def wire(synapses, in_num, out_num):
    weight = torch.zeros(out_num, in_num)
    for pre, post, w in synapses:
        weight[post, pre] += w
    return weight


def locate(left, right, longest):
    matches = {}
    for d in range(-longest, longest + 1):
        early, late = (left, right) if d >= 0 else (right, left)
        matches[d] = sum(a and b for a, b in zip(early, late[abs(d) :], strict=False))
    return max(matches, key=matches.get)


def _decay(after, start=False):
    """Return ``exp_decay`` with another update, ``after(i, s, tau, amplitude)``; from 0 or from the amplitude."""

    def wrong(spikes, tau, amplitude):
        i, currents = amplitude if start else 0.0, []
        for s in spikes:
            i = after(i, s, tau, amplitude)
            currents.append(i)
        return currents

    return wrong


def _stp(new_x=None, new_v=None, current=None):
    """Return ``stp_step`` with some of its lines replaced; ``current`` takes x, v, x', v' and s."""

    def wrong(x, v, s, v_base, tau_f, tau_d):
        after_x, after_v, _ = stp_step(x, v, s, v_base, tau_f, tau_d)
        after_x = new_x(x, v, s, v_base, tau_f, tau_d) if new_x else after_x
        after_v = new_v(x, v, s, v_base, tau_f, tau_d) if new_v else after_v
        return after_x, after_v, current(x, v, after_x, after_v, s) if current else after_v * after_x * s

    return wrong


def _line(push, start=lambda d: [0.0] * d):
    """Return a delay line whose ``push`` is a function of its queue, its delay and the input."""

    class Line:
        def __init__(self, d):
            self.d, self.queue = d, start(d)

        def push(self, x):
            return push(self.queue, self.d, x)

    return Line


def _through(queue, d, x):
    queue.append(x)
    return queue.pop(0)


def _number(value):
    """Return what ``push`` returned as a float."""
    if value is ...:
        raise Finding("push() 还没写完：把 ... 换成你的代码。", "push() is not finished: replace the ... by your code.")
    if value is None:
        raise Finding(
            "push() 返回了 None：别忘了 return；线里一开始装的是 d 个 0，不是 None。",
            "push() returned None: remember return, and let the line begin with d zeros, not with None.",
        )
    try:
        return float(value)
    except (TypeError, ValueError, RuntimeError):
        raise Finding(
            f"push() 每次只返回一个数，得到的却是 {brief(value)}。",
            f"push() returns one number each time, but returned {brief(value)}.",
        ) from None


def _run_line(answer, d, inputs):
    """Return what one line gives; the same with a second line between its calls must be the same."""
    line = answer(d)
    first = line.push(inputs[0])
    if first is ... and getattr(line, "queue", None) is ...:
        return ...
    alone = [_number(value) for value in [first, *map(line.push, inputs[1:])]]
    line, other = answer(d), answer(d + 1)
    together = [_number((line.push(x), other.push(-x))[0]) for x in inputs]
    if together != alone:
        raise Finding(
            "两条延迟线互相干扰了：队列要属于各自的对象，在 __init__ 里写 self.queue = …，不要放在类里或默认参数里。",
            "Two delay lines disturb each other: a queue belongs to its own object, self.queue = … in __init__, not to "
            "the class or to a default argument.",
        )
    return alone


def _add(weight, row, column, w):
    weight[row, column] += w


def _put(weight, row, column, w):
    weight[row, column] = w


def _wired(enter):
    """Return ``wire`` with another way to enter a synapse: ``enter(weight, pre, post, w)``."""

    def wrong(synapses, in_num, out_num):
        weight = torch.zeros(out_num, in_num)
        for synapse in synapses:
            enter(weight, *synapse)
        return weight

    return wrong


def _both_ways(weight, pre, post, w):
    weight[post, pre] += w
    if pre != post and pre < len(weight) and post < weight.shape[1]:
        weight[pre, post] += w


def _number_of_synapses(synapses, in_num, out_num):
    return wire([(pre, post, 1.0) for pre, post, _ in synapses], in_num, out_num)


def _elsewhere(value):
    """Return ``wire`` with another value than 0 where there is no synapse."""
    return lambda *case: torch.where(_number_of_synapses(*case) > 0, wire(*case), torch.tensor(value))


def _unpacked(synapses, in_num, out_num):
    pre, post, w = zip(*synapses, strict=True)
    return wire(list(zip(pre, post, w, strict=True)), in_num, out_num)


def _smallest(synapses, in_num, out_num):
    return wire(synapses, max(s[0] for s in synapses) + 1, max(s[1] for s in synapses) + 1)


def two_ears(difference: int, seed: int, steps: int = 600) -> tuple[list[bool], list[bool]]:
    """Return what both ears hear of one noisy source: right hears ``difference`` steps after left (before, if < 0).

    A third of the spikes get lost on each side, and each ear adds some of its own.
    """
    rng = random.Random(seed)
    source = [rng.random() < 0.05 for _ in range(steps + 2 * 20)]

    def ear(lag: int) -> list[bool]:
        heard = (source[20 + t - lag] and rng.random() < 0.67 for t in range(steps))
        return [bool(spike) or rng.random() < 0.01 for spike in heard]

    return ear(0), ear(difference)


def _counts(left, right, delays):
    """Return for every delay how many spikes meet."""
    first, second = ({t for t, s in enumerate(ear) if s} for ear in (left, right))
    return {d: len({t + d for t in first} & second) for d in delays}


def _best(left, right, delays):
    counts = _counts(left, right, delays)
    return max(counts, key=counts.get)


def _all(longest):
    return range(-longest, longest + 1)


def _mean_time(ear):
    return sum(t for t, s in enumerate(ear) if s) / sum(ear)


# not laid out by the formatter, so that a mistake fits into three lines: the wrong function, what to tell, twice
EXERCISES = (
    Exercise(
        id="03.exp_decay",
        solution=exp_decay,
        keeps=True,
        cases=(
            ([True, False, False, True, False, False, False], 5.0, 1.0),
            ([True, True, True, False, False], 4.0, 2.0),
            ([False, True, False, False, False, True], 10.0, 0.5),
        ),
        mistakes=(
            Mistake(_decay(lambda i, s, tau, a: a if s else i - i / tau),
                "你让电流“变成”了 amplitude：之前剩下的电流被抹掉了。脉冲要在原有电流上加 amplitude。",
                "Your current becomes amplitude, which wipes out what was left of it. A spike adds amplitude to it."),
            Mistake(_decay(lambda i, s, tau, a: i - i / tau + a * s),
                "到来脉冲的那一步不衰减：这一步只加 amplitude。",
                "There is no decay in the step of a spike: that step only adds amplitude."),
            Mistake(_decay(lambda i, s, tau, a: i + a if s else i + i / tau),
                "符号反了：没有脉冲时电流要减少 i/tau，不是增加。",
                "The sign is wrong: without a spike the current loses i/tau, it does not gain it."),
            Mistake(_decay(lambda i, s, tau, a: i + 1 if s else i - i / tau),
                "忘了 amplitude：一个脉冲加的不总是 1。",
                "amplitude is missing: what a spike adds is not always 1."),
            Mistake(_decay(lambda i, s, tau, a: i + a / tau if s else i - i / tau),
                "脉冲加的就是 amplitude，不要除以 tau。",
                "A spike adds amplitude itself, not divided by tau."),
            Mistake(lambda *a: [0.0, *exp_decay(*a)[:-1]],
                "差了一步：先更新电流，再记录它；脉冲到来的当步就有电流。",
                "Off by one: update the current first, then record it; it flows in the very step of the spike."),
            Mistake(lambda *a: [0.0, *exp_decay(*a)],
                "多了一个：开头的 0 不用记，只记每一步更新之后的电流。",
                "One too many: the 0 at the start is not recorded, only the current after each step."),
            Mistake(_decay(lambda i, s, tau, a: i + a if s else i * math.exp(-1 / tau)),
                "这是连续时间的衰减因子。这里走的是欧拉步：没有脉冲时减少 i/tau，剩下 (1 - 1/tau) 倍。",
                "That is the factor of continuous time. Here take an Euler step: without a spike the current loses "
                "i/tau and keeps 1 - 1/tau of itself."),
            Mistake(_decay(lambda i, s, tau, a: i + a * s),
                "电流只增不减：没有脉冲的步里，它要减少 i/tau。",
                "The current only grows: in a step without a spike it loses i/tau."),
            Mistake(_decay(lambda i, s, tau, a: i + a if s else i / tau),
                "i/tau 是漏掉的部分，不是剩下的部分：要从 i 里减去它。",
                "i/tau is the part that leaks away, not the part that stays: subtract it from i."),
            Mistake(_decay(lambda i, s, tau, a: i - i / tau + a if s else i),
                "衰减放错了地方：没有脉冲的步才衰减，有脉冲的步不衰减。",
                "The decay is in the wrong steps: it belongs into those without a spike, not into those with one."),
            Mistake(_decay(lambda i, s, tau, a: a * s),
                "只有脉冲到来的那一步有电流：上一步的电流没有留下来，i 要在循环之前设为 0，一步步更新。",
                "There is a current only in the steps of the spikes: nothing is left of the step before. Set i to 0 "
                "before the loop and update it step by step."),
            Mistake(_decay(lambda i, s, tau, a: i + a if s else i - i / tau, start=True),
                "一开始电流是 0，不是 amplitude。",
                "The current starts at 0, not at amplitude."),
            Mistake(_decay(lambda i, s, tau, a: i + a if s else max(0.0, i - a / tau)),
                "每步减少的不是固定的 amplitude/tau，而是当时电流的 1/tau：电流越小，减得越少。",
                "A step does not lose a fixed amplitude/tau but 1/tau of the present current: the smaller the current, "
                "the smaller the loss."),
            Mistake(_decay(lambda i, s, tau, a: i + a if s else i - i // tau),
                "// 是整除，会舍掉小数：要用 /。",
                "// divides to whole numbers and drops the rest: use /."),
            Mistake(_decay(lambda i, s, tau, a: i + i / tau * (1 + s) + a * s),
                "~ 对 Python 的 True 和 False 是按位取反：~False 是 -1，~True 是 -2。要用 not s 或 1 - s。",
                "~ inverts the bits of Python's True and False: ~False is -1 and ~True is -2. Use not s or 1 - s."),
            Mistake(lambda *a: exp_decay(*a)[-1],
                "只返回了最后一个电流：每一步的都要，放进一个列表。",
                "Only the last current came back: every step's is wanted, in a list."),
            Mistake(lambda *a: exp_decay(*a)[:1],
                "第一步之后就返回了：return 缩进得太多，要放在循环外面。",
                "It returns after the first step: return is indented too far and belongs outside the loop."),
            Mistake(lambda spikes, *a: [i for i, s in zip(exp_decay(spikes, *a), spikes, strict=True) if s],
                "只记录了有脉冲的步：没有脉冲的步也要记。",
                "Only the steps with a spike are recorded: those without belong into the list as well."),
        ),
        hints=(
            ("每一步只有两种情况：有脉冲，或者没有。", "A step is one of two kinds: with a spike, or without."),
            ("没有脉冲时走一步欧拉法：电流减少 i / tau。", "Without a spike, by an Euler step, it loses i / tau."),
            ("i = i + amplitude if s else i - i / tau，然后 currents.append(i)。",
             "i = i + amplitude if s else i - i / tau, then currents.append(i)."),
        ),
    ),
    Exercise(
        id="03.stp_step",
        solution=stp_step,
        cases=(
            (1.0, 0.5, 1, 0.5, 20.0, 10.0),
            (0.5, 0.75, 0, 0.5, 20.0, 10.0),
            (0.55, 0.7375, 1, 0.5, 20.0, 10.0),
            (0.9, 0.3, 1, 0.2, 50.0, 200.0),
        ),
        mistakes=(
            Mistake(_stp(new_x=lambda x, v, s, b, f, d: stp_step(x, stp_step(x, v, s, b, f, d)[1], s, b, f, d)[0]),
                "更新 x 时用了新的 v。两个更新都要用旧值：先把新值存进别的变量。",
                "You updated x with the new v. Both updates read the old values: keep the new ones in variables of "
                "their own."),
            Mistake(_stp(current=lambda x, v, new_x, new_v, s: v * x * s),
                "输出用的是旧值。这里约定：输出用更新之后的 x 和 v。",
                "The output uses the old values. Here it takes x and v after their update."),
            Mistake(_stp(current=lambda x, v, new_x, new_v, s: new_v * x * s),
                "输出里的 x 还是旧的：要用更新之后的。",
                "The x of the output is still the old one: take it after the update."),
            Mistake(_stp(current=lambda x, v, new_x, new_v, s: v * new_x * s),
                "输出里的 v 还是旧的：要用更新之后的。",
                "The v of the output is still the old one: take it after the update."),
            Mistake(_stp(new_v=lambda x, v, s, b, f, d: v + (b - v) / f + b * s),
                "少了因子 (1 - v)：没有它，v 会超过 1，释放的比库存还多。",
                "The factor (1 - v) is missing: without it v passes 1 and more is released than there is."),
            Mistake(_stp(new_v=lambda x, v, s, b, f, d: v + (b - v) / f + v * (1 - v) * s),
                "脉冲让 v 走过剩余距离的 v_base 倍，不是 v 倍：v_base * (1 - v) * s。",
                "A spike moves v by the fraction v_base of what remains, not by v: v_base * (1 - v) * s."),
            Mistake(_stp(new_v=lambda x, v, s, b, f, d: v - v / f + b * (1 - v) * s),
                "v 落回的是 v_base，不是 0：恢复项是 (v_base - v) / tau_f。",
                "v falls back to v_base, not to 0: its recovery is (v_base - v) / tau_f."),
            Mistake(_stp(new_v=lambda x, v, s, b, f, d: v + (b - v) / f + b * (1 - v)),
                "没有脉冲时 v 也升高了：更新 v 的最后一项要乘以 s。",
                "v rises without a spike too: multiply the last term of its update by s."),
            Mistake(_stp(new_x=lambda x, v, s, b, f, d: x + (1 - x) / d - v * x),
                "没有脉冲时库存也减少了：v * x 要乘以 s。",
                "The stock shrinks without a spike too: multiply v * x by s."),
            Mistake(_stp(new_x=lambda x, v, s, b, f, d: x + (1 - x) / d - b * x * s),
                "脉冲用掉库存的 v 倍，不是 v_base 倍：v 才是现在的释放比例。",
                "A spike uses the fraction v of the stock, not v_base: v is the release fraction as it is now."),
            Mistake(_stp(new_x=lambda x, v, s, b, f, d: x + (1 - x) / d + v * x * s),
                "符号反了：脉冲用掉库存，要减去 v * x。",
                "The sign is wrong: a spike uses up stock, so subtract v * x."),
            Mistake(_stp(new_x=lambda x, v, s, b, f, d: x + (b - x) / d - v * x * s),
                "库存恢复到 1，不是 v_base：恢复项是 (1 - x) / tau_d。",
                "The stock recovers to 1, not to v_base: its recovery is (1 - x) / tau_d."),
            Mistake(_stp(new_x=lambda x, v, s, b, f, d: x - v * x * s),
                "库存没有恢复：少了 (1 - x) / tau_d。",
                "The stock does not recover: (1 - x) / tau_d is missing."),
            Mistake(_stp(new_x=lambda x, v, s, b, f, d: x - v * x * s + (1 - x + v * x * s) / d),
                "恢复项用的是减少之后的 x。恢复和消耗都从旧的 x 算起。",
                "The recovery uses x after the loss. Both, recovery and loss, start from the old x."),
            Mistake(lambda x, v, s, *a: stp_step(x, v, s, *a) if s else (x, v, 0.0),
                "没有脉冲时什么都没变：恢复项每一步都有，只有带 s 的项要等脉冲。",
                "Nothing changes without a spike: recovery goes on in every step, only the terms with s wait for one."),
            Mistake(_stp(
                    new_x=lambda x, v, s, b, f, d: x - v * x if s else x + (1 - x) / d,
                    new_v=lambda x, v, s, b, f, d: v + b * (1 - v) if s else v + (b - v) / f,
                ),
                "有脉冲的那一步没有恢复：恢复项每一步都有。",
                "Nothing recovers in the step of a spike: recovery goes on in every step."),
            Mistake(_stp(current=lambda x, v, new_x, new_v, s: new_v * new_x),
                "没有脉冲时也有电流：输出要乘以 s。",
                "A current flows without a spike: multiply the output by s."),
            Mistake(lambda x, v, s, v_base, tau_f, tau_d: stp_step(x, v, s, v_base, tau_d, tau_f),
                "两个时间常数用反了：x 用 tau_d，v 用 tau_f。",
                "The time constants are exchanged: x takes tau_d, v takes tau_f."),
            Mistake(lambda x, v, *a: (x, v, stp_step(x, v, *a)[2]),
                "返回的是旧的 x 和 v：要返回更新之后的。",
                "The old x and v came back: return them after the update."),
            Mistake(lambda *a: stp_step(*a)[2],
                "只返回了电流：要返回三个值，return new_x, new_v, 电流。",
                "Only the current came back: three values are wanted, return new_x, new_v, current."),
            Mistake(_stp(current=lambda x, v, new_x, new_v, s: new_v * new_x if s else None),
                "没有脉冲时电流是 0，不是 None。",
                "Without a spike the current is 0, not None."),
            Mistake(_stp(
                    new_x=lambda x, v, s, b, f, d: x + (1 - x) // d - v * x * s,
                    new_v=lambda x, v, s, b, f, d: v + (b - v) // f + b * (1 - v) * s,
                ),
                "// 是整除，会舍掉小数：要用 /。",
                "// divides to whole numbers and drops the rest: use /."),
            Mistake(_stp(
                    new_x=lambda x, v, s, b, f, d: 1 - (1 - x) * math.exp(-1 / d) - v * x * s,
                    new_v=lambda x, v, s, b, f, d: b - (b - v) * math.exp(-1 / f) + b * (1 - v) * s,
                ),
                "恢复用了指数。上面的更新走的是欧拉步：(1 - x) / tau_d 和 (v_base - v) / tau_f。",
                "The recovery uses exponentials. The update above takes an Euler step: (1 - x) / tau_d and "
                "(v_base - v) / tau_f."),
        ),
        hints=(
            ("三行代码：新的 x，新的 v，最后是电流。",
             "Three lines: the new x, the new v, and then the current."),
            ("每个更新 = 旧值 + 恢复项 + 脉冲项 × s；两行都只读旧的 x 和 v。",
             "Each update = old value + recovery + spike term × s; both lines read only the old x and v."),
            ("new_x = x + (1 - x) / tau_d - v * x * s；new_v 照着写；电流是 new_v * new_x * s。",
             "new_x = x + (1 - x) / tau_d - v * x * s; new_v likewise; the current is new_v * new_x * s."),
        ),
    ),
    Exercise(
        id="03.delay_line",
        solution=DelayLine,
        cases=(
            (2, [1.0, 2.0, 3.0, 4.0, 5.0]),
            (1, [5.0, 0.0, -7.5, 1.25, 2.0]),
            (3, [0.5, 0.0, 2.25, -1.0, 4.0, 8.0]),
            (0, [4.5, 0.0, -2.0]),
        ),
        run=_run_line,
        measured=("每次 push() 返回的数", "what push() returned, call by call"),
        mistakes=(
            Mistake(_line(lambda queue, d, x: x),
                "放进去的立刻又出来了，等于没有延迟：从一端放进，从另一端取出最早的那一个，即 append(x) 和 pop(0)。",
                "What goes in comes straight out again, so there is no delay: put in at one end, and take the oldest "
                "out at the other, append(x) and pop(0)."),
            Mistake(_line(_through, lambda d: [0.0] * max(d - 1, 0)),
                "早了一步：延迟 d 步，就要先输出 d 个零。",
                "One step too early: a delay of d steps puts out d zeros first."),
            Mistake(_line(_through, lambda d: [0.0] * (d + 1)),
                "晚了一步：延迟 0 步时，输入应当在当步原样输出。",
                "One step too late: with a delay of 0 steps an input comes out in its own step."),
            Mistake(_line(lambda queue, d, x: (queue.pop(0), queue.append(x))[0]),
                "d 为 0 时队列是空的，没有东西可取：先放进 x，再取出最早的。",
                "With d = 0 the queue is empty and there is nothing to take: put x in first, then take the oldest."),
            Mistake(_line(lambda queue, d, x: _through(queue, d, x) if d else 0.0),
                "d 为 0 时，放进什么就该返回什么，不是 0。",
                "With d = 0 what goes in comes straight out, not 0."),
            Mistake(_line(lambda queue, d, x: _through(queue, d, x) if x else queue.pop(0)),
                "放进 0 的那一步没有排进队列：0 也是一个数，照样要等 d 步。",
                "A 0 was not put into the queue: it is a number like any other and waits its d steps."),
            Mistake(_line(lambda queue, d, x: (queue or queue.extend([x] * d), _through(queue, d, x))[1], lambda d: []),
                "开头的 d 次要返回 0：队列里先放 d 个 0，不是 d 个第一次的输入。",
                "The first d calls return 0: begin with d zeros in the queue, not with d copies of the first input."),
            Mistake(_line(lambda queue, d, x: queue.pop() if queue else x),
                "d 个零之后就没有延迟了：输入也要排进队列，等上 d 步。",
                "After the d zeros nothing is delayed any more: the inputs have to go into the queue too."),
            Mistake(_line(_through, lambda d: [0.0, 0.0]),
                "延迟总是 2 步：队列里先放 d 个 0。",
                "The delay is always 2: begin with d zeros in the queue."),
            Mistake(_line(lambda queue, d, x: (queue.append(x), queue[0])[1]),
                "每次返回的是同一个：读了最早的那一个，却没有把它取走，用 pop(0)。",
                "It is always the same one that comes back: the oldest is read but not taken out, use pop(0)."),
            Mistake(_line(lambda queue, d, x: 0.0),
                "总是返回 0：放进去的数没有存下来。",
                "It always returns 0: what was put in is not stored."),
            Mistake(_line(lambda queue, d, x: 0.0 if d else x),
                "放进去的数没有留到下一次：队列只在 __init__ 里造一次，不要在 push() 里重新造。",
                "What was put in is gone at the next call: make the queue once, in __init__, not again in push()."),
            Mistake(_line(lambda queue, d, x: _through(queue, d, int(x))),
                "小数部分丢了：放进什么，就原样送出什么。",
                "The decimals got lost: what goes in comes out as it was."),
        ),
        hints=(
            ("用一个列表当队列：从一端进，从另一端出。", "Use a list as a queue: in at one end, out at the other."),
            ("一开始队列里放 d 个 0.0，这就是最先出来的 d 个值。",
             "Start with d times 0.0 in the queue: these are the first d values to come out."),
            ("push：self.queue.append(x)，然后 return self.queue.pop(0)。",
             "push: self.queue.append(x), then return self.queue.pop(0)."),
        ),
    ),
    Exercise(
        id="03.wire",
        solution=wire,
        exact=(CONTAINER, KIND),
        keeps=True,
        cases=(
            ([(0, 1, 0.5), (2, 0, -1.0), (2, 1, 0.25)], 3, 2),
            ([(0, 0, 0.25), (1, 0, 0.5), (0, 0, 0.5), (1, 0, -0.75)], 2, 2),
            ([(1, 3, 2.0), (0, 1, -3.0), (0, 1, 1.0), (1, 1, 1.0)], 2, 4),
            ([], 2, 3),
        ),
        mistakes=(
            Mistake(lambda *case: wire(*case).t(),
                "行列颠倒了：行是突触后神经元，列是突触前神经元，形状是 [out_num, in_num]。",
                "Rows and columns are exchanged: a row is a postsynaptic neuron, a column a presynaptic one; the shape "
                "is [out_num, in_num]."),
            Mistake(_wired(_add),
                "行和列用反了：每项是 (pre, post, w)，第几行由 post 决定，第几列由 pre 决定。",
                "Rows and columns are exchanged: an item is (pre, post, w), post chooses the row and pre the column."),
            Mistake(_wired(lambda weight, pre, post, w: _put(weight, post, pre, w)),
                "两个神经元之间可以有不止一个突触：强度要相加，不是覆盖。",
                "Two neurons may share more than one synapse: their strengths add up, the last does not replace "
                "the first."),
            Mistake(_wired(lambda weight, pre, post, w: _put(weight, post, pre, max(float(weight[post, pre]), w))),
                "你取了最大的强度：几个突触的强度要相加，负的也一样。",
                "You took the largest strength: the strengths of several synapses add up, negative ones too."),
            Mistake(lambda *case: wire(*case) / _number_of_synapses(*case).clamp(min=1),
                "你取了平均：两个神经元之间几个突触的强度要相加。",
                "You took the mean: the strengths of several synapses between two neurons add up."),
            Mistake(_number_of_synapses,
                "你数的是突触的个数。要填的是强度 w。",
                "You count the synapses. Their strength w is wanted."),
            Mistake(lambda *case: wire(*case).tolist(),
                "数值对，但这是嵌套的列表，Linear 要的是张量：最后用 torch.tensor(…)。",
                "The values are right, but these are nested lists and Linear needs a tensor: torch.tensor(…) at the "
                "end."),
            Mistake(lambda *case: wire(*case).reshape(-1),
                "这是一长列数：要排成 [out_num, in_num] 的矩阵，用 reshape(out_num, in_num)。",
                "That is one long row of numbers: it should be a matrix [out_num, in_num], reshape(out_num, in_num)."),
            Mistake(lambda *case: wire(*case).long(),
                "小数丢了：矩阵要装浮点数。",
                "The decimals got lost: the matrix has to hold floats."),
            Mistake(_wired(lambda weight, pre, post, w: _add(weight, post - 1, pre - 1, w)),
                "神经元从 0 数起，和下标一样：不要减 1。",
                "Neurons are counted from 0 like positions: do not subtract 1."),
            Mistake(_wired(lambda weight, pre, post, w: _add(weight, slice(None), pre, w)),
                "每一行都一样：[[0.0] * in_num] * out_num 里的各行是同一个列表，或者没有用上 post。",
                "All rows are alike: those of [[0.0] * in_num] * out_num are one and the same list, or post was not "
                "used."),
            Mistake(_wired(_both_ways),
                "突触有方向：只从 pre 到 post，反方向不要填。",
                "A synapse has a direction: only from pre to post; enter nothing the other way round."),
            Mistake(lambda synapses, in_num, out_num: wire(synapses[:1], in_num, out_num) if synapses else None,
                "填完第一个突触就返回了：return 要放在循环外面。",
                "It returns after the first synapse: return belongs outside the loop."),
            Mistake(_elsewhere(1.0),
                "没有突触的地方是 1：要从全零的矩阵开始，torch.zeros。",
                "There is a 1 where there is no synapse: start from zeros, torch.zeros."),
            Mistake(_elsewhere(math.nan),
                "没有突触的地方是 nan：那里要填 0。从 torch.zeros 开始，也不要用 0 去除 0。",
                "There is a nan where there is no synapse, and 0 belongs there: start from torch.zeros, and do not "
                "divide 0 by 0."),
            Mistake(_wired(lambda weight, pre, post, w: pre and post and _add(weight, post, pre, w)),
                "漏了第 0 个神经元的突触：0 也是一个神经元的编号。",
                "The synapses of neuron 0 are left out: 0 is the number of a neuron, too."),
            Mistake(_wired(lambda weight, pre, post, w: pre == post or _add(weight, post, pre, w)),
                "编号相同的也要填：突触前后是两组神经元，各自从 0 数起。",
                "Enter equal numbers as well: pre and post are two groups of neurons, each counted from 0."),
            Mistake(_wired(lambda weight, pre, post, w: _add(weight, post, pre, abs(w))),
                "负号丢了：抑制性突触的强度是负数。",
                "The sign got lost: the strength of an inhibitory synapse is negative."),
            Mistake(_unpacked,
                "清单可以是空的：这时没有东西可以拆开，要返回全零的矩阵。",
                "The list may be empty: then there is nothing to take apart, and the matrix of zeros is wanted."),
            Mistake(_smallest,
                "大小由 in_num 和 out_num 决定，不是清单里最大的编号：有的神经元没有突触，清单也可以是空的。",
                "in_num and out_num give the size, not the largest number in the list: some neurons have no synapse, "
                "and the list may be empty."),
        ),
        hints=(
            ("先造一个全零矩阵，再逐个填突触。", "Start from a matrix of zeros, then enter the synapses one by one."),
            ("形状是 [out_num, in_num]：第几行由 post 决定。", "The shape is [out_num, in_num]: post chooses the row."),
            ("对每个突触：weight[post, pre] += w。", "For each synapse: weight[post, pre] += w."),
        ),
    ),
    Exercise(
        id="03.locate",
        solution=locate,
        cases=(
            (*two_ears(14, 1), 16),
            (*two_ears(-5, 2, steps=500), 8),
            (*two_ears(0, 3), 12),
            (*two_ears(12, 4, steps=700), 12),
            (*two_ears(-9, 5), 9),
        ),
        mistakes=(
            Mistake(lambda left, right, longest: -locate(left, right, longest),
                "符号反了：左耳先听到时，答案是正数。",
                "The sign is wrong: the answer is positive when the left ear hears first."),
            Mistake(lambda left, right, longest: abs(locate(left, right, longest)),
                "少了符号：右耳先听到时，答案是负数。",
                "The sign is missing: the answer is negative when the right ear hears first."),
            Mistake(lambda left, right, longest: _best(left, right, range(longest + 1)),
                "负的时间差没有算上：d 要从 -longest 试起；d < 0 时 right[d:] 取到的是末尾几个，要把左右耳互换。",
                "Negative differences do not count: d starts at -longest, and for d < 0, where right[d:] would take "
                "the last few elements, exchange the ears."),
            Mistake(lambda left, right, longest: locate(left, right, longest) + longest,
                "你返回的是第几个检测器。要返回它对应的时间差：减去 longest。",
                "You return the number of the detector. What is wanted is its time difference: subtract longest."),
            Mistake(lambda left, right, longest: _best(left, right, range(-longest, longest)),
                "少试了一个：range 不含终点，最大的时间差是 longest。",
                "One is missing: range leaves out its end, and the largest difference is longest."),
            Mistake(lambda left, right, longest: _best(left, right, range(1 - longest, longest)),
                "两头各少试了一个：时间差从 -longest 到 longest，都包括在内。",
                "One is missing at each end: the differences go from -longest to longest, both included."),
            Mistake(lambda left, right, longest: right.index(True) - left.index(True),
                "只比较第一个脉冲太冒险：它可能是噪声，也可能丢了。要让所有脉冲一起投票。",
                "To compare only the first spikes is risky: one may be noise, one may be lost. Let all spikes vote."),
            Mistake(lambda left, right, longest: max(_counts(left, right, _all(longest)).values()),
                "你返回的是最大的计数。要返回计数最大的那个时间差 d。",
                "You return the largest count. What is wanted is the difference d that has it."),
            Mistake(lambda left, right, longest: max((n, d) for d, n in _counts(left, right, _all(longest)).items()),
                "只返回时间差：不要连计数一起返回。",
                "Return the difference alone, without its count."),
            Mistake(lambda left, right, longest: min(counts := _counts(left, right, _all(longest)), key=counts.get),
                "你选了重合最少的：要选重合最多的。",
                "You chose the fewest coincidences: choose the most."),
            Mistake(lambda left, right, longest: next(d for d, n in _counts(left, right, _all(longest)).items() if n),
                "一找到重合就返回了：不相干的脉冲也会碰巧重合。要比较所有的 d，选重合最多的。",
                "It returns at the first coincidence: spikes that do not belong together also meet by chance. Compare "
                "all d and choose the most coincidences."),
            Mistake(lambda left, right, longest: max(d for d, n in _counts(left, right, _all(longest)).items() if n),
                "留下的是最后一个：找到更大的计数时，要同时记住这个计数和它的 d。",
                "The last one is what remains: when you find a larger count, remember both that count and its d."),
            Mistake(lambda left, right, longest: None,
                "返回了 None：忘了 return，或者要求每个脉冲都对得上。有的脉冲丢了，选重合最多的那个 d。",
                "None came back: return is missing, or every spike had to find its partner. Some are lost: choose the "
                "d with the most coincidences."),
            Mistake(lambda left, right, longest: round(_mean_time(right) - _mean_time(left)),
                "平均时刻说明不了问题：丢掉的和混进来的脉冲会让它偏很多。要一个 d 一个 d 地数重合。",
                "Mean times do not tell: lost and added spikes shift them far. Count the coincidences, d by d."),
        ),
        hints=(
            ("对每个候选时间差 d，数一数有多少个脉冲对得上。",
             "For every candidate difference d, count how many spikes meet."),
            ("d ≥ 0 时，left[t] 要和 right[t + d] 比；d < 0 时，左右互换。",
             "For d ≥ 0 compare left[t] with right[t + d]; for d < 0 exchange the ears."),
            ("sum(a and b for a, b in zip(left, right[d:])) 就是一个重合检测器的计数；返回计数最大的 d。",
             "sum(a and b for a, b in zip(left, right[d:])) is what one coincidence detector counts; return the d "
             "with the largest count."),
        ),
    ),
)  # fmt: skip
