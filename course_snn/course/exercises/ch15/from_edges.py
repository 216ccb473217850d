"""Exercise 15.from_edges, the challenge."""

import torch

from course_snn import network
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises.ch15.table import tried


def from_edges(groups, edges):
    net = network.Network()
    for place, (name, num) in enumerate(groups):
        part = network.Encoder(num, "null") if place == 0 else network.NeuronGroup(num, "if")
        net.add_assembly(name, part)
    for pre, post, w, delay in edges:
        ends = net.at(pre), net.at(post)
        weight = torch.full((ends[1].num, ends[0].num), w)
        net.add_connection(f"{pre}_{post}", network.Connection(*ends, delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.at(groups[-1][0])))
    return net


def _builder(
    part=lambda place, num: network.Encoder(num, "null") if place == 0 else network.NeuronGroup(num, "if"),
    name=lambda pre, post: f"{pre}_{post}",
    link=lambda pre, post, w, delay: network.Connection(
        pre, post, delay=delay, weight=torch.full((post.num, pre.num), w)
    ),
    turned=False,
    reads=-1,
    decodes="spike_counts",
    adds=True,
    output="output",
    gives=lambda net: net,
):
    """``from_edges`` with one thing done wrong."""

    def answer(groups, edges):
        net = network.Network()
        for place, (key, num) in enumerate(groups):
            net.add_assembly(key, part(place, num))
        for pre, post, w, delay in edges:
            ends = (net.at(post), net.at(pre)) if turned else (net.at(pre), net.at(post))
            made = link(*ends, w, delay)
            if adds:
                net.add_connection(name(pre, post), made)
        if output:
            net.add_assembly(output, network.Decoder(net.at(groups[reads][0]), decodes))
        return gives(net)

    return answer


def _linked(make):
    return _builder(link=lambda pre, post, w, delay: make(pre, post, torch.full((post.num, pre.num), w), w, delay))


def _weighs(change):
    return _linked(
        lambda pre, post, weight, w, delay: network.Connection(
            pre, post, delay=delay, weight=torch.full((post.num, pre.num), change(w, pre, post))
        )
    )


def _without(out):
    return lambda groups, edges: from_edges(groups, [edge for edge in edges if not out(*edge[2:])])


def _first_come(groups, edges):
    """Makes groups only where an edge names them."""
    used = [(name, num) for name, num in groups if any(name in edge[:2] for edge in edges)]
    return from_edges(used or groups[:1], edges)


EXERCISE = Exercise(
    id="15.from_edges",
    solution=from_edges,
    run=tried,
    seconds=10.0,
    keeps=True,
    measured=("网络对随机脉冲的结果", "what the network makes of random spikes"),
    cases=(
        ([("input", 2), ("a", 3), ("b", 1)], [("input", "a", 0.6, 1), ("a", "b", 0.5, 2)]),
        (
            [("input", 3), ("late", 2), ("early", 2)],
            [("early", "late", 0.7, 0), ("input", "early", 0.5, 0), ("late", "early", -0.4, 1)],
        ),
        (
            [("input", 2), ("c", 2), ("b", 1), ("a", 2)],
            [("input", "c", 1.0, 1), ("c", "c", 0.5, 3), ("c", "b", 0.0, 1), ("b", "a", 1.0, 0), ("c", "a", 0.3, 1)],
        ),
        ([("input", 2), ("a", 2), ("alone", 3)], [("input", "a", 1.0, 1)]),
        ([("spikes", 1), ("a", 2), ("b", 2)], [("a", "b", 0.5, 1)]),
        ([("input", 2), ("a", 1)], []),
    ),
    mistakes=(
        Mistake(
            _builder(adds=False),
            "连接造出来了，却没有加进网络：net.add_connection(名称, 连接)。",
            "The connections were made but not added to the network: net.add_connection(name, connection).",
        ),
        Mistake(
            _linked(lambda pre, post, weight, w, delay: network.Connection(pre, post, weight=weight)),
            "延迟没有用上：每条连接给 delay=…，不给就是 1。",
            "The delays are not used: give each connection its delay=…; without it is 1.",
        ),
        Mistake(
            _linked(lambda pre, post, weight, w, delay: network.Connection(pre, post, weight=weight, delay=delay or 1)),
            "延迟 0 被当成“没有给”了：0 是一个真正的值。",
            "A delay of 0 was taken for none: 0 is a value of its own.",
        ),
        Mistake(
            _linked(
                lambda pre, post, weight, w, delay: network.Connection(
                    pre, post, weight=weight if w else None, delay=delay
                )
            ),
            "权重 0 被当成“没有给”了，于是随机抽了一组：0 是一个真正的值。",
            "A weight of 0 was taken for none, and weights were drawn at random: 0 is a value of its own.",
        ),
        Mistake(
            _linked(lambda pre, post, weight, w, delay: network.Connection(pre, post, delay=delay)),
            "权重各不相同（不给 weight，就是随机抽的）：给 weight，形状是 [post, pre]，处处是 w。",
            "The weights differ among themselves (without weight they are drawn at random): give weight, of the shape "
            "[post, pre], w everywhere.",
        ),
        Mistake(
            _weighs(lambda w, pre, post: w / pre.num),
            "权重被突触前的神经元数除过了：每个权重都等于 w。",
            "The weight was divided by the number of neurons before the synapses: each weight is w.",
        ),
        Mistake(
            _weighs(lambda w, pre, post: abs(w)),
            "负的权重成了正的：w 可以是负数，那是抑制。",
            "Negative weights became positive: w may be negative, which is inhibition.",
        ),
        Mistake(
            _weighs(lambda w, pre, post: max(w, 0.0)),
            "负的权重成了 0（w_min？）：w 可以是负数，那是抑制。",
            "Negative weights became 0 (w_min?): w may be negative, which is inhibition.",
        ),
        Mistake(
            _weighs(lambda w, pre, post: int(w)),
            "权重的小数部分被舍掉了：w 是浮点数。",
            "The decimals of the weights were cut off: w is a float.",
        ),
        Mistake(
            _without(lambda w, delay: w == 0.0),
            "权重是 0 的连接没有建：表里的每一行都是一条连接。",
            "Connections of weight 0 are missing: each row of the table is a connection.",
        ),
        Mistake(
            _linked(lambda pre, post, weight, w, delay: network.Connection(pre, post, weight=weight, delay=delay + 1)),
            "每条连接的延迟都多了 1：照表里的给。",
            "Each delay is one too large: give it as the table has it.",
        ),
        Mistake(
            lambda groups, edges: from_edges(groups, [edge for edge in edges if edge[0] != edge[1]]),
            "一个集群到它自己的连接没有建：pre 和 post 可以相同。",
            "Connections of a group to itself are missing: pre and post may be the same.",
        ),
        Mistake(
            _builder(output="out"),
            '解码器要叫 "output"。',
            'The decoder is to be called "output".',
        ),
        Mistake(
            _builder(link=lambda pre, post, w, delay: network.Connection(pre, post, delay=delay, weight=w)),
            "weight 要一个形状是 [post, pre] 的张量，不是一个数：torch.full((post.num, pre.num), w)。",
            "weight takes a tensor of the shape [post, pre], not a number: torch.full((post.num, pre.num), w).",
        ),
        Mistake(
            _builder(
                link=lambda pre, post, w, delay: network.Connection(
                    pre, post, delay=delay, weight=torch.full((pre.num, post.num), w)
                )
            ),
            "权重的形状反了：[post, pre]，行是突触后的神经元。",
            "The shape of the weights is the other way round: [post, pre], a row for each neuron after the synapses.",
        ),
        Mistake(
            _builder(
                link=lambda pre, post, w, delay: network.Connection(pre, post, "one_to_one", delay=delay, w_mean=w)
            ),
            "每一对神经元都要连：link_type 用默认的 full，大小不同的集群也就能连。",
            "Every pair of neurons is joined: leave link_type at full, which also joins groups of different sizes.",
        ),
        Mistake(
            _builder(turned=True),
            "连接的两端反了：从 pre 出发，到 post 为止。",
            "The ends are exchanged: a connection leads from pre to post.",
        ),
        Mistake(
            _builder(name=lambda pre, post: f"{post}_{pre}"),
            "连接的名称反了：先 pre，后 post，中间一条下划线。",
            "The names are the wrong way round: pre first, then post, with an underscore between.",
        ),
        Mistake(
            _builder(name=lambda pre, post: f"{pre}{post}"),
            "连接的名称是 pre_post，中间有一条下划线。",
            "The connections are called pre_post, with an underscore between.",
        ),
        Mistake(
            _builder(part=lambda place, num: network.NeuronGroup(num, "if")),
            '第一个是输入：它是 network.Encoder(num, "null")，不是神经元集群。',
            'The first one is the input: network.Encoder(num, "null"), no group of neurons.',
        ),
        Mistake(
            _builder(part=lambda place, num: network.NeuronGroup(num) if place else network.Encoder(num, "null")),
            '神经元模型不对：要 "if"；不写就是 "lif"。',
            'The model of the neurons should be "if"; left out, it is "lif".',
        ),
        Mistake(
            _builder(
                part=lambda place, num: network.NeuronGroup(num, "if") if place else network.Encoder(num, "poisson")
            ),
            '编码器的编码应是 "null"：脉冲原样进来。',
            'The encoding should be "null": spikes go in as they are.',
        ),
        Mistake(
            _builder(reads=1),
            "解码器读的不是最后一个集群：groups[-1]。",
            "The decoder does not read the last group: groups[-1].",
        ),
        Mistake(
            _builder(decodes="spike_rates"),
            "解码方式应是 spike_counts，默认就是它。",
            "The decoding should be spike_counts, which is the default.",
        ),
        Mistake(
            _builder(output=None),
            "还少一个解码器：net.output = network.Decoder(最后一个集群)。",
            "The decoder is missing: net.output = network.Decoder(the last group).",
        ),
        Mistake(
            _builder(gives=lambda net: None),
            "网络搭好了，却没有返回：return net。",
            "The network was built but not returned: return net.",
        ),
        Mistake(
            _first_come,
            "没有连接的集群也要建：先按 groups 建好全部集群，再连。",
            "Groups without connections have to be there, too: make all of groups first, then connect.",
        ),
    ),
    hints=(
        (
            "先走一遍 groups：net.add_assembly(name, …)，第一个是编码器；再走一遍 edges。",
            "Go through groups first: net.add_assembly(name, …), the first an encoder; then through edges.",
        ),
        (
            "net.at(name) 按名称找到一个部件；权重是 torch.full((post.num, pre.num), w)。",
            "net.at(name) finds a part by its name; the weights are torch.full((post.num, pre.num), w).",
        ),
        (
            'net.add_connection(f"{pre}_{post}", network.Connection(net.at(pre), net.at(post), delay=delay, '
            "weight=…))；最后 net.output = network.Decoder(net.at(groups[-1][0]))，返回 net。",
            'net.add_connection(f"{pre}_{post}", network.Connection(net.at(pre), net.at(post), delay=delay, '
            "weight=…)); in the end net.output = network.Decoder(net.at(groups[-1][0])), and return net.",
        ),
    ),
)
