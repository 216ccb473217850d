"""Exercise 03.delay_line."""

from course_snn.course.compare import brief
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn


class DelayLine:
    def __init__(self, d):
        self.queue = [0.0] * d

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


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


def _vary(rng):
    def inputs(count):
        return drawn.shuffled(rng, [*drawn.numbers(rng, count - 1, -4.0, 8.0, 0.25), 0.0])

    d = drawn.whole(rng, 3, 5)
    return (1, inputs(5)), (2, inputs(5)), (d, inputs(d + 3)), (0, inputs(3))


EXERCISE = Exercise(
    id="03.delay_line",
    solution=DelayLine,
    vary=_vary,
    cases=(
        (2, [1.0, 2.0, 3.0, 4.0, 5.0]),
        (1, [5.0, 0.0, -7.5, 1.25, 2.0]),
        (3, [0.5, 0.0, 2.25, -1.0, 4.0, 8.0]),
        (0, [4.5, 0.0, -2.0]),
    ),
    run=_run_line,
    measured=("每次 push() 返回的数", "what push() returned, call by call"),
    mistakes=(
        Mistake(
            _line(lambda queue, d, x: x),
            "放进去的立刻又出来了，等于没有延迟：从一端放进，从另一端取出最早的那一个，即 append(x) 和 pop(0)。",
            "What goes in comes straight out again, so there is no delay: put in at one end, and take the oldest "
            "out at the other, append(x) and pop(0).",
        ),
        Mistake(
            _line(_through, lambda d: [0.0] * max(d - 1, 0)),
            "早了一步：延迟 d 步，就要先输出 d 个零。",
            "One step too early: a delay of d steps puts out d zeros first.",
        ),
        Mistake(
            _line(_through, lambda d: [0.0] * (d + 1)),
            "晚了一步：延迟 0 步时，输入应当在当步原样输出。",
            "One step too late: with a delay of 0 steps an input comes out in its own step.",
        ),
        Mistake(
            _line(lambda queue, d, x: (queue.pop(0), queue.append(x))[0]),
            "d 为 0 时队列是空的，没有东西可取：先放进 x，再取出最早的。",
            "With d = 0 the queue is empty and there is nothing to take: put x in first, then take the oldest.",
        ),
        Mistake(
            _line(lambda queue, d, x: _through(queue, d, x) if d else 0.0),
            "d 为 0 时，放进什么就该返回什么，不是 0。",
            "With d = 0 what goes in comes straight out, not 0.",
        ),
        Mistake(
            _line(lambda queue, d, x: _through(queue, d, x) if x else queue.pop(0)),
            "放进 0 的那一步没有排进队列：0 也是一个数，照样要等 d 步。",
            "A 0 was not put into the queue: it is a number like any other and waits its d steps.",
        ),
        Mistake(
            _line(lambda queue, d, x: (queue or queue.extend([x] * d), _through(queue, d, x))[1], lambda d: []),
            "开头的 d 次要返回 0：队列里先放 d 个 0，不是 d 个第一次的输入。",
            "The first d calls return 0: begin with d zeros in the queue, not with d copies of the first input.",
        ),
        Mistake(
            _line(lambda queue, d, x: queue.pop() if queue else x),
            "d 个零之后就没有延迟了：输入也要排进队列，等上 d 步。",
            "After the d zeros nothing is delayed any more: the inputs have to go into the queue too.",
        ),
        Mistake(
            _line(_through, lambda d: [0.0, 0.0]),
            "延迟总是 2 步：队列里先放 d 个 0。",
            "The delay is always 2: begin with d zeros in the queue.",
        ),
        Mistake(
            _line(lambda queue, d, x: (queue.append(x), queue[0])[1]),
            "每次返回的是同一个：读了最早的那一个，却没有把它取走，用 pop(0)。",
            "It is always the same one that comes back: the oldest is read but not taken out, use pop(0).",
        ),
        Mistake(
            _line(lambda queue, d, x: 0.0),
            "总是返回 0：放进去的数没有存下来。",
            "It always returns 0: what was put in is not stored.",
        ),
        Mistake(
            _line(lambda queue, d, x: 0.0 if d else x),
            "放进去的数没有留到下一次：队列只在 __init__ 里造一次，不要在 push() 里重新造。",
            "What was put in is gone at the next call: make the queue once, in __init__, not again in push().",
        ),
        Mistake(
            _line(lambda queue, d, x: _through(queue, d, int(x))),
            "小数部分丢了：放进什么，就原样送出什么。",
            "The decimals got lost: what goes in comes out as it was.",
        ),
    ),
    hints=(
        ("用一个列表当队列：从一端进，从另一端出。", "Use a list as a queue: in at one end, out at the other."),
        (
            "一开始队列里放 d 个 0.0，这就是最先出来的 d 个值。",
            "Start with d times 0.0 in the queue: these are the first d values to come out.",
        ),
        (
            "push：self.queue.append(x)，然后 return self.queue.pop(0)。",
            "push: self.queue.append(x), then return self.queue.pop(0).",
        ),
    ),
)
