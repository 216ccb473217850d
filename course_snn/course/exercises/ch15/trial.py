"""How a model of neurons that a learner wrote is tried: by itself, and as a group in a network."""

from inspect import Parameter, signature

import torch

from course_snn import network, neuron
from course_snn.course.exercise import Finding
from course_snn.network import parts

KEY = "qif, as it is checked"
DEFAULTS = {"k": 1.0, "v_c": 0.5, "v_th": 1.0}
VOLTAGES = [[0.2, 0.0], [0.5, 0.7], [-0.4, 0.9], [0.3, 0.3], [0.8, 0.1], [1.5, -1.0], [0.6, 0.4], [0.9, 0.5]]
PUSH = [[0.4, 0.6], [0.0, 0.0], [0.3, -0.2], [0.0, 0.3], [0.3, 0.9], [0.0, 0.0], [-0.5, 0.2], [1.2, 0.0]]


def tried(answer, param):
    """Return what charge gives with its two gradients, and voltages and spikes of a group of two such neurons.

    Args:
        answer: the learner's class. param: its parameters by name; all three are given by their places.
    """
    if not isinstance(answer, type):
        return answer if answer is ... else type(answer).__name__
    if not issubclass(answer, neuron.Neuron):
        raise Finding(
            "类要继承 neuron.Neuron：class QIF(neuron.Neuron)。",
            "The class must inherit from neuron.Neuron: class QIF(neuron.Neuron).",
        )
    _check_parameters(answer)
    by_place = len(param) == len(DEFAULTS)
    charged = _charged(answer(*param.values()) if by_place else answer(**param))
    if charged is ...:
        return ...
    parts.MODELS[KEY] = answer  # of the module: in the sandbox of a class, what was imported from it is a copy
    try:
        return *charged, *_run(param)
    finally:
        del parts.MODELS[KEY]


def _check_parameters(answer):
    """Raise Finding if the parameters have other names, another order or other defaults."""
    found = signature(answer).parameters
    if list(found)[: len(DEFAULTS)] != list(DEFAULTS):
        names = ", ".join(found)
        raise Finding(
            f"__init__ 的参数应依次是 k、v_c、v_th，得到的是 {names}。",
            f"The parameters of __init__ should be k, v_c, v_th in this order, and are {names}.",
        )
    for name, default in DEFAULTS.items():
        given = found[name].default
        if given is Parameter.empty:
            raise Finding(
                f"参数 {name} 没有默认值，应写成 {name}={default}。",
                f"The parameter {name} has no default: write {name}={default}.",
            )
        if given != default:
            raise Finding(
                f"参数 {name} 的默认值应是 {default}，你写的是 {given}。",
                f"The default of the parameter {name} should be {default}, and you wrote {given}.",
            )


def _charged(made):
    """Return what ``charge`` gives, and how its sum changes with v and with x."""
    begin = torch.tensor(VOLTAGES, requires_grad=True), torch.tensor(PUSH, requires_grad=True)
    v, x = (tensor * 1.0 for tensor in begin)
    charged = made.charge(v, x)
    for name, now, before in zip("vx", (v, x), begin, strict=True):
        if not torch.equal(now, before):
            raise Finding(
                f"{name} 被就地改掉了（+=、add_ 之类）：状态和输入从不就地修改，写成 v + …，得到新的张量。",
                f"{name} was changed in place (+=, add_ and the like): states and inputs never are; write v + …, which "
                "is a new tensor.",
            )
    if charged is ...:
        return ...
    if not torch.is_tensor(charged) or charged.shape != v.shape:
        kind = list(charged.shape) if torch.is_tensor(charged) else type(charged).__name__
        raise Finding(
            f"charge 应返回与 v 同样形状 {list(v.shape)} 的张量，得到的是 {kind}。",
            f"charge should return a tensor of the shape of v, {list(v.shape)}, and returned {kind}.",
        )
    if not charged.requires_grad:
        raise Finding(
            "梯度断了：charge 返回的是电位，不是脉冲（不要和阈值比较）；只用 torch 的运算，不要 detach、item、numpy。",
            "The gradient is cut off: charge returns voltages and no spikes (compare with no threshold), by torch "
            "operations only, without detach, item or numpy.",
        )
    slopes = torch.autograd.grad(charged.sum(), begin, allow_unused=True, materialize_grads=True)
    return charged.detach(), *slopes


def _run(param):
    net = network.Network()
    net.input = network.Encoder(2, "null")
    net.group = network.NeuronGroup(2, KEY, param=param)
    net.link = network.Connection(net.input, net.group, weight=torch.eye(2), delay=0)
    net.v, net.spikes = network.StateMonitor(net.group, "v"), network.StateMonitor(net.group, "O")
    net.input(torch.tensor([PUSH]))
    net.run(float(len(PUSH)))
    return net.v.values[0].t(), net.spikes.values[0].t()  # [T, 2]
