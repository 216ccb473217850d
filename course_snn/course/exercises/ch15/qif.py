"""Exercise 15.QIF."""

import torch

from course_snn import network, neuron
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises.ch15.shared import said
from course_snn.network.parts import MODELS

KEY = "qif, as it is checked"
PUSH = [[0.4, 0.6], [0.0, 0.0], [0.3, -0.2], [0.0, 0.3], [0.3, 0.9], [0.0, 0.0], [-0.5, 0.2], [1.2, 0.0]]


class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x


def _tried(answer, param, inputs):
    """Register the class as a model, run a group of two neurons; return voltages and spikes of all steps."""
    if not isinstance(answer, type):
        return answer if answer is ... else type(answer).__name__
    if not issubclass(answer, neuron.Neuron):
        raise Finding(
            "类要继承 neuron.Neuron：class QIF(neuron.Neuron)。",
            "The class must inherit from neuron.Neuron: class QIF(neuron.Neuron).",
        )
    MODELS[KEY] = answer
    try:
        return _run(param, inputs)
    finally:
        del MODELS[KEY]


def _run(param, inputs):
    net = network.Network()
    net.input = network.Encoder(2, "null")
    try:
        net.group = network.NeuronGroup(2, KEY, param=param)
    except TypeError as error:
        if "no parameter" not in str(error):
            raise
        raise Finding(
            f"参数的名称不对，应是 k、v_c、v_th：{said(error)}",
            f"The parameters are not called k, v_c, v_th: {said(error)}",
        ) from None
    net.link = network.Connection(net.input, net.group, weight=torch.eye(2), delay=0)
    net.v, net.spikes = network.StateMonitor(net.group, "v"), network.StateMonitor(net.group, "O")
    net.input(torch.tensor([inputs]))
    net.run(float(len(inputs)))
    return net.v.values[0].t(), net.spikes.values[0].t()  # [T, 2]


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


def _no_base(self, k, v_c, v_th):
    self.k, self.v_c = k, v_c


class _Named(neuron.Neuron):
    def __init__(self, a=1.0, v_crit=0.5, v_threshold=1.0):
        super().__init__(v_threshold)


EXERCISE = Exercise(
    id="15.QIF",
    solution=QIF,
    run=_tried,
    seconds=10.0,
    cases=(({}, PUSH), ({"k": 0.5, "v_c": 0.8, "v_th": 2.0}, PUSH), ({"v_c": 0.2}, PUSH)),
    measured=("各步之后的膜电位，以及各步的脉冲", "membrane potential after each step, and the spikes"),
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
            "v 被就地改掉了（+=）：状态张量从不就地修改，写成 v + …，得到新的张量。",
            "v was changed in place (+=): state tensors never are; write v + …, which is a new tensor.",
        ),
        Mistake(
            _model(None, _no_base),
            "__init__ 的第一行要调用 super().__init__(v_threshold=v_th, v_reset=0.0)，不然阈值和状态都没有。",
            "Begin __init__ with super().__init__(v_threshold=v_th, v_reset=0.0): without it there is no threshold and "
            "no state.",
        ),
        Mistake(
            _Named,
            "__init__ 的参数要叫 k、v_c、v_th：NeuronGroup 按这些名称给它参数。",
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
