"""How a network that was made of a table is held against the table."""

import torch

from course_snn import network
from course_snn.course.exercise import Finding
from course_snn.course.exercises.ch15.shared import called, said

STEPS = 12


def trains(num):
    """Return what goes in, [3, 12, num]."""
    return (torch.rand(3, STEPS, num, generator=torch.Generator().manual_seed(1)) < 0.5).float()


def tried(answer, groups, edges):
    """Return what the network that an answer makes gives for random spikes, if it is what the table says.

    Args:
        answer: the learner's function. groups, edges: the table.
    """
    given, (groups, edges) = (groups, edges), (list(groups), list(edges))  # an answer may change what it is given
    net = called(answer, *given)
    if net is ... or net is None:
        return net
    if not isinstance(net, network.Network):
        kind = type(net).__name__
        raise Finding(f"应返回一个 network.Network，得到的是 {kind}。", f"Return a network.Network; got {kind}.")
    _check_parts(net, groups)
    _check_edges(net, edges)
    if net.output.target is not net.at(groups[-1][0]):
        last = groups[-1][0]
        raise Finding(f"output 应读最后一个集群 {last}。", f"output should read the last group, {last}.")
    if (how := net.output.decoding) != "spike_counts":
        raise Finding(f"解码方式应是 spike_counts，不是 {how}。", f"The decoding should be spike_counts, not {how}.")
    return _run(net, trains(groups[0][1]))


def _run(net, x):
    try:
        net.set_runtime(float(STEPS))
        return net(x)
    except ValueError as error:
        raise Finding(f"网络运行不了：{said(error)}", f"The network does not run: {said(error)}") from None


def _check_parts(net, groups):
    wanted = {**dict(groups), "output": dict(groups)[groups[-1][0]]}
    have = net.assemblies
    if lost := [name for name in wanted if name not in have]:
        names = ", ".join(have) or "-"
        raise Finding(f"没有 {lost[0]}：网络里只有 {names}。", f"There is no {lost[0]}: the network has {names}.")
    if more := [name for name in have if name not in wanted]:
        raise Finding(f"多了一个 {more[0]}。", f"There is one part too many, {more[0]}.")
    for place, (name, num) in enumerate(groups):
        part = have[name]
        said = f"{type(part).__name__}({getattr(part, 'num', 0)}, {_kind(part)!r})"
        want = f"Encoder({num}, 'null')" if place == 0 else f"NeuronGroup({num}, 'if')"
        if said != want:
            raise Finding(f"{name} 应是 {want}，得到的是 {said}。", f"{name} should be {want}, and is {said}.")


def _kind(part):
    return getattr(part, "encoding", getattr(part, "neuron_model", None))


def _check_edges(net, edges):
    wanted = {f"{pre}_{post}": (pre, post, w, delay) for pre, post, w, delay in edges}
    have = net.connections
    if lost := [name for name in wanted if name not in have]:
        names = ", ".join(have) or "-"
        raise Finding(f"没有连接 {lost[0]}：有的是 {names}。", f"There is no connection {lost[0]}, only {names}.")
    if more := [name for name in have if name not in wanted]:
        raise Finding(f"多了一条连接 {more[0]}。", f"There is one connection too many, {more[0]}.")
    for name, (pre, post, w, delay) in wanted.items():
        c = have[name]
        if c.pre is not net.at(pre) or c.post is not net.at(post):
            raise Finding(f"{name} 应从 {pre} 到 {post}。", f"{name} should lead from {pre} to {post}.")
        if c.delay != delay:
            raise Finding(
                f"{name} 的延迟应是 {delay}，得到的是 {c.delay}。",
                f"{name} should have delay={delay}, and has {c.delay}.",
            )
        _check_weights(name, c, w)


def _check_weights(name, c, w):
    weight = c.effective().detach()
    if c.bias is not None:
        raise Finding(f"{name} 有偏置：不要偏置。", f"{name} has a bias: there should be none.")
    if torch.allclose(weight, torch.full_like(weight, w)):
        return
    if torch.allclose(weight, weight.flatten()[0]):
        value = f"{weight.flatten()[0]:.4g}"
        raise Finding(
            f"{name} 的权重应处处是 {w:g}，得到的处处是 {value}。",
            f"All weights of {name} should be {w:g}, and all are {value}.",
        )
    raise Finding(
        f"{name} 的权重应处处是 {w:g}，现在各不相同。", f"All weights of {name} should be {w:g}, and they differ."
    )
