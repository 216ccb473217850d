"""What several exercises of chapter 15 share: networks from a line of text, and what was changed in one."""

import torch

from course_snn import network
from course_snn.course.exercise import Finding
from course_snn.course.plain import clipped


def drawn(text, sizes, seed=0):
    """Return a network of IF groups from "input>a 1, a>b 0 back, b>output": the connections in their order.

    Each has its ends, its delay and, if it is not called after its ends, its name; what leads to "output" is a decoder.

    Args:
        text: the connections. sizes: neurons of each part, by name; "input" is the encoder.
        seed: of the weights, some of which are negative.
    """
    net, chance = network.Network(), torch.Generator().manual_seed(seed)
    for name, num in sizes.items():
        setattr(net, name, network.Encoder(num, "null") if name == "input" else network.NeuronGroup(num, "if"))
    for link in text.split(", "):
        ends, *more = link.split()
        names = ends.split(">")
        if names[1] == "output":
            net.output = network.Decoder(getattr(net, names[0]))
            continue
        pre, post = (getattr(net, name) for name in names)
        weight = torch.rand(post.num, pre.num, generator=chance) - 0.3
        made = network.Connection(pre, post, delay=int(more[0]), weight=weight)
        net.add_connection(more[1] if more[1:] else network.connection.free_name(net, pre, post), made)
    net.set_runtime(8.0)
    return net


def noted(net):
    """Return what a network is made of: parts with size and whether hidden, connections with ends, delay, weights."""
    parts = {path: (part.num, part.hidden) for part, path in net.paths().items() if isinstance(part, _NODES)}
    links = {
        path: (*(end.address() for end in part.ends), part.delay, part.effective().detach().clone())
        for part, path in net.paths().items()
        if isinstance(part, network.Connection)
    }
    return parts, links


_NODES = (network.NeuronGroup, network.Encoder, network.Decoder)


def check_parts(before, now):
    """Raise Finding if groups were removed, added, hidden or put in another order.

    Args:
        before, now: as ``noted`` gives them.
    """
    for name, (_, hidden) in before[0].items():
        if name not in now[0]:
            raise Finding(f"{name} 不见了：集群都要留着。", f"{name} has gone: keep all groups.")
        if now[0][name][1] != hidden:
            raise Finding(f"{name} 还隐藏着：用 assembly_show 让它回来。", f"{name} is still hidden: show it again.")
    for name in now[0]:
        if name not in before[0]:
            raise Finding(f"多了一个 {name}：不要添加集群。", f"There is a new part {name}: add none.")
    if list(before[0]) != list(now[0]):
        raise Finding("集群的次序变了：不要删去再添加。", "The groups are in another order: delete and add none.")


def check_links(before, now, changing=False):
    """Raise Finding if connections were removed, added, turned round or given other weights, or other delays.

    Args:
        before, now: as ``noted`` gives them. changing: whether delays may be others.
    """
    more = [name for name in now[1] if name not in before[1]]
    for name, (pre, post, delay, weight) in before[1].items():
        if name not in now[1] and more:
            raise Finding(
                f"连接 {name} 换了名称，现在叫 {more[0]}：名称保持不变。",
                f"The connection {name} has another name now, {more[0]}: keep its name.",
            )
        if name not in now[1]:
            raise Finding(f"连接 {name} 不见了。", f"The connection {name} has gone.")
        pre_now, post_now, delay_now, weight_now = now[1][name]
        if (pre_now, post_now) != (pre, post):
            raise Finding(
                f"{name} 应从 {pre} 到 {post}，现在是从 {pre_now} 到 {post_now}。",
                f"{name} should lead from {pre} to {post}, and leads from {pre_now} to {post_now} now.",
            )
        if weight.shape != weight_now.shape or not torch.allclose(weight, weight_now):
            raise Finding(
                f"{name} 的权重变了：权重的值都要和原来一样。",
                f"The weights of {name} have changed: their values have to be as they were.",
            )
        if not changing and delay != delay_now:
            raise Finding(f"{name} 的延迟变了。", f"The delay of {name} has changed.")
    if more:
        raise Finding(f"多了一条连接 {more[0]}。", f"There is a new connection {more[0]}.")


def called(answer, *arguments):
    """Return what an answer returns; a ValueError of the library, which says what to do, becomes a Finding.

    Args:
        answer: the learner's function. arguments: for it.
    """
    try:
        return answer(*arguments)
    except ValueError as error:
        text = said(error)
        raise Finding(f"出错了（ValueError）：{text}", f"It raised a ValueError: {text}") from None


def said(error):
    """Return the text of an error, short.

    Args:
        error: the exception.
    """
    return clipped(lambda: error, 160)
