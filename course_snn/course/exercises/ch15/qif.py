"""Exercise 15.QIF."""

import torch

from course_snn import neuron
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises.ch15.trial import tried


class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x


def _model(charge, begin=None):
    """A class with another ``charge(self, v, x)``, or another start ``begin(self, k, v_c, v_th)``."""

    class Wrong(QIF):
        def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
            if begin is None:
                super().__init__(k, v_c, v_th)
            else:
                begin(self, k, v_c, v_th)

    if charge is not None:
        Wrong.charge = charge
    return Wrong


def _started(**how):
    """A start with other settings of the base class."""

    def begin(self, k, v_c, v_th):
        neuron.Neuron.__init__(self, **{"v_threshold": v_th, "v_reset": 0.0, **how})
        self.k, self.v_c = k, v_c

    return begin


def _swapped(self, k, v_c, v_th):
    neuron.Neuron.__init__(self, v_th, 0.0)
    self.k, self.v_c = v_c, k


def _constants(self, k, v_c, v_th):
    neuron.Neuron.__init__(self, v_th, 0.0)
    self.k, self.v_c = 1.0, 0.5


def _in_place(self, v, x):
    v += self.k * v * (v - self.v_c) + x
    return v


def _resets(self, v, x):
    charged = QIF.charge(self, v, x)
    return torch.where(charged >= self.v_threshold, torch.zeros_like(charged), charged)


def _resets_to_v_c(self, k, v_c, v_th):
    neuron.Neuron.__init__(self, v_th, v_c)
    self.k, self.v_c = k, v_c


def _fires_at_v_c(self, k, v_c, v_th):
    neuron.Neuron.__init__(self, v_c, 0.0)
    self.k, self.v_c = k, v_c


def _whole_k(self, k, v_c, v_th):
    QIF.__init__(self, int(k), v_c, v_th)


def _no_base(self, k, v_c, v_th):
    self.k, self.v_c = k, v_c


class _Named(neuron.Neuron):
    def __init__(self, a=1.0, v_crit=0.5, v_threshold=1.0):
        super().__init__(v_threshold)


EXERCISE = Exercise(
    id="15.QIF",
    solution=QIF,
    run=tried,
    seconds=10.0,
    cases=(({},), ({"k": 0.5, "v_c": 0.8, "v_th": 2.0},), ({"v_c": 0.2},)),
    measured=(
        "1 charge 的结果；2、3 它对 v、对 x 的梯度；4 各步之后的膜电位；5 各步的脉冲",
        "1 what charge gives; 2, 3 its gradients by v and x; 4 the voltages after each step; 5 the spikes",
    ),
    mistakes=(
        Mistake(
            _model(lambda self, v, x: v + self.k * v * (self.v_c - v) + x),
            "符号反了：v 低于 v_c 时要往 0 落，括号里是 v - v_c。",
            "The sign is wrong: below v_c the voltage falls to 0, so the bracket is v - v_c.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * (v - self.v_c) + x),
            "少了一个因子 v：是 k·v·(v - v_c)，这样 v = 0 才能静止。",
            "A factor v is missing: it is k·v·(v - v_c), so that v = 0 is at rest.",
        ),
        Mistake(
            _model(lambda self, v, x: self.k * v * (v - self.v_c) + x),
            "这只是变化量：charge 要返回新的电位，加在旧的 v 上。",
            "That is the change only: charge returns the new voltage, so add it to the old v.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * v * (v - self.v_c)),
            "输入没有进来：最后加上 x。",
            "The input does not get in: add x at the end.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * (v * (v - self.v_c) + x)),
            "x 也乘以 k 了：k 只乘 v·(v - v_c)。",
            "x is multiplied by k, too: k belongs to v·(v - v_c) only.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * (v + x) * (v + x - self.v_c) + x),
            "先加了输入，再算平方项：右边的 v 都是这一步之前的。",
            "The input was added before the square: every v on the right is the one before this step.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * v * v - self.v_c + x),
            "括号：v 乘以整个 (v - v_c)。",
            "Brackets: v is multiplied by all of (v - v_c).",
        ),
        Mistake(
            _model(lambda self, v, x: v + v * (v - self.v_c) + x),
            "没有用上 k：是 k·v·(v - v_c)，用 self.k。",
            "k is not used: it is k·v·(v - v_c), with self.k.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * v * v + x),
            "没有用上 v_c：v 要乘以 (v - v_c)，不是 v。",
            "v_c is not used: v is multiplied by (v - v_c), not by v.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * v * (v - 0.5) + x),
            "v_c 总是 0.5 了：用 self.v_c。",
            "v_c is always 0.5 in your answer: use self.v_c.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * v * (v - self.v_threshold) + x),
            "括号里减的是阈值：应是 v - v_c，用 self.v_c。",
            "The bracket subtracts the threshold: it is v - v_c, with self.v_c.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * (v * v - self.v_c) + x),
            "括号：是 v·(v - v_c)，v_c 也要乘以 v。",
            "Brackets: it is v·(v - v_c), where v_c is multiplied by v, too.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * (v - self.v_c) ** 2 + x),
            "是 v·(v - v_c)，不是 (v - v_c) 的平方：在 v = 0 处它要是 0。",
            "It is v·(v - v_c) and not the square of (v - v_c): it has to be 0 at v = 0.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * v * (v + self.v_c) + x),
            "符号反了：括号里是 v - v_c，不是 v + v_c。",
            "The sign is wrong: the bracket is v - v_c, not v + v_c.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * v * (v - self.v_c) - x),
            "输入的符号反了：加上 x。",
            "The sign of the input is wrong: add x.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * v * (v + x - self.v_c) + x),
            "括号里的 v 是这一步之前的：那里不要加 x。",
            "The v in the bracket is the one before this step: do not add x there.",
        ),
        Mistake(
            _model(lambda self, v, x: v + self.k * v * (v - self.v_c).abs() + x),
            "不要取绝对值：v 低于 v_c 时，v - v_c 是负的，v 才会落回去。",
            "Take no absolute value: below v_c the bracket is negative, so that v falls back.",
        ),
        Mistake(
            _model(lambda self, v, x: torch.where(v > self.v_c, QIF.charge(self, v, x), v + x)),
            "v 低于 v_c 时式子也成立：v 往 0 落，不是停在那里。",
            "The equation holds below v_c as well: v falls to 0 there, and does not stay.",
        ),
        Mistake(
            _model(lambda self, v, x: QIF.charge(self, v, x).clamp(min=0)),
            "电位可以低于 0：不要截断。",
            "A voltage may lie below 0: do not cut it off.",
        ),
        Mistake(
            _model(lambda self, v, x: QIF.charge(self, v, x).clamp(max=self.v_threshold)),
            "电位可以高于阈值：不要截断，发放和重置由基类来做。",
            "A voltage may lie above the threshold: do not cut it off; the base class fires and resets.",
        ),
        Mistake(
            _model(_resets),
            "不要在 charge 里重置：这样基类看不到越过阈值的电位，神经元从不发放。",
            "Do not reset in charge: the base class then sees no voltage above the threshold, and nothing ever fires.",
        ),
        Mistake(
            _model(lambda self, v, x: QIF.charge(self, self.v, x)),
            "要用参数 v，不是 self.v。",
            "Use the argument v, not self.v.",
        ),
        Mistake(
            _model(None, _resets_to_v_c),
            "重置到 v_c 了：要硬重置到 0，v_reset=0.0。",
            "That resets to v_c: reset to 0, v_reset=0.0.",
        ),
        Mistake(
            _model(None, _fires_at_v_c),
            "阈值用成了 v_c：发放是在 v_th，v_threshold=v_th。",
            "The threshold is v_c in your answer: it fires at v_th, v_threshold=v_th.",
        ),
        Mistake(
            _model(None, _whole_k),
            "k 被取整了：它是浮点数，原样存成 self.k。",
            "k was made a whole number: it is a float, so keep it as it is in self.k.",
        ),
        Mistake(
            _model(lambda self, v, x: QIF.charge(self, v.detach(), x)),
            "对 v 的梯度断了：不要 detach，直接用 v。",
            "The gradient by v is cut off: no detach, use v itself.",
        ),
        Mistake(
            _model(None, _started(v_threshold=1.0)),
            "阈值没有用 v_th：在 __init__ 里写 super().__init__(v_threshold=v_th, …)。",
            "The threshold is not v_th: in __init__ write super().__init__(v_threshold=v_th, …).",
        ),
        Mistake(
            _model(None, _started(v_reset=None)),
            "这是软重置，减去阈值：要硬重置到 0，v_reset=0.0。",
            "That is a soft reset, which subtracts the threshold: reset to 0, v_reset=0.0.",
        ),
        Mistake(
            _model(None, _swapped),
            "k 和 v_c 对调了：看看 __init__ 里的赋值。",
            "k and v_c have changed places: look at the assignments in __init__.",
        ),
        Mistake(
            _model(None, _constants),
            "参数没有用上：k 和 v_c 要存成 self.k 和 self.v_c，不能总是默认值。",
            "The parameters are not used: keep k and v_c as self.k and self.v_c, and not always the defaults.",
        ),
        Mistake(
            _model(_in_place),
            "v 被就地改掉了（+= 之类）：状态张量从不就地修改，写成 v + …，得到新的张量。",
            "v was changed in place (+= and the like): state tensors never are; write v + …, which is a new tensor.",
        ),
        Mistake(
            _model(None, _no_base),
            "__init__ 的第一行要调用 super().__init__(v_threshold=v_th, v_reset=0.0)，不然阈值和状态都没有。",
            "Begin __init__ with super().__init__(v_threshold=v_th, v_reset=0.0): without it there is no threshold and "
            "no state.",
        ),
        Mistake(
            _Named,
            "__init__ 的参数要依次叫 k、v_c、v_th：NeuronGroup 按这些名称给它参数。",
            "The parameters of __init__ are to be called k, v_c, v_th: NeuronGroup gives them by these names.",
        ),
    ),
    hints=(
        (
            "__init__ 里先调用 super().__init__(v_threshold=v_th, v_reset=0.0)，再存下 self.k 和 self.v_c。",
            "In __init__ call super().__init__(v_threshold=v_th, v_reset=0.0) first, then keep self.k and self.v_c.",
        ),
        (
            "charge(self, v, x) 只是那个式子；发放和重置由基类来做。",
            "charge(self, v, x) is just the equation; the base class fires and resets.",
        ),
        (
            "charge 里只有一行：return v + self.k * v * (v - self.v_c) + x",
            "charge has one line: return v + self.k * v * (v - self.v_c) + x",
        ),
    ),
)
