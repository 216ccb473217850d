"""Exercise 15.superfluous."""

import torch

from course_snn import network
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises.ch15.shared import called, check_links, check_parts, noted
from course_snn.course.exercises.ch15.wired import WIRED, trains, wired


def superfluous(net, x):
    whole = net(x)
    for name, group in net.assemblies.items():
        if not isinstance(group, network.NeuronGroup) or group is net.output.target:
            continue
        group.assembly_hide()
        rest = net(x)
        group.assembly_show()
        if torch.equal(rest, whole):
            return name
    return None


def _tried(answer, name):
    net, x = wired(name), trains()
    before = noted(net)
    given = called(answer, net, x)
    now = noted(net)
    check_parts(before, now)
    check_links(before, now)
    if not torch.equal(x, trains()):
        raise Finding("x 被就地改掉了：让它保持原样。", "x was changed in place: leave it as it is.")
    if isinstance(given, network.Assembly):
        raise Finding(
            "返回的是集群本身：要它的名称，一个字符串。", "The group itself came back: return its name, a string."
        )
    return given


def _search(same=torch.equal, show=True, found=True, candidates=None, give=lambda name: name):
    """``superfluous`` with one thing done wrong."""

    def answer(net, x):
        whole, names = net(x), candidates(net) if candidates else _groups(net)
        for name in names:
            net.at(name).assembly_hide()
            rest = net(x)
            if show:
                net.at(name).assembly_show()
            if bool(same(rest, whole)) is found:
                return give(name)
        return None

    return answer


def _groups(net):
    return [n for n, g in net.assemblies.items() if isinstance(g, network.NeuronGroup) and n != "out"]


def _ones(net, x):
    return superfluous(net, torch.ones_like(x))


def _forgets_the_whole(net, x):
    whole = net(x)
    for name in _groups(net):
        net.at(name).assembly_hide()
        rest = net(x)
        net.at(name).assembly_show()
        if torch.equal(rest, whole):
            return name
        whole = rest
    return None


def _no_path(net, x):
    useful = {net.output.target}
    for _ in net.assemblies:
        useful |= {c.pre for c in net.connections.values() if c.post in useful}
    return next((name for name in _groups(net) if net.at(name) not in useful), None)


def _quietest(net, x):
    counts = {}
    for name in _groups(net):
        monitor = network.SpikeMonitor(net.at(name))
        net.seen = monitor
        net(x)
        counts[name] = monitor.spk_count.sum().item()
        del net.seen
    return min(counts, key=lambda name: counts[name])


def _no_way_out(net, x):
    sends = {c.pre for c in net.connections.values()}
    return next((name for name in _groups(net) if net.at(name) not in sends), None)


def _weakest(net, x):
    strength = {name: sum(c.weight.abs().sum().item() for c in net.connections.values() if c.pre is net.at(name))
                for name in _groups(net)}  # fmt: skip
    return min(strength, key=lambda name: strength[name])


def _deletes(net, x):
    whole = net(x)
    for name in _groups(net):
        net.del_assembly(name=name)
        if torch.equal(net(x), whole):
            return name
    return None


EXERCISE = Exercise(
    id="15.superfluous",
    solution=superfluous,
    run=_tried,
    seconds=10.0,
    cases=tuple((name,) for name in WIRED),
    mistakes=(
        Mistake(
            _search(show=False),
            "隐藏之后没有恢复：每试一个，先 assembly_show() 再试下一个，不然损毁会累积。",
            "What was hidden is not shown again: after each try call assembly_show(), or the lesions add up.",
        ),
        Mistake(
            _search(found=False),
            "正好反了：你返回了第一个隐藏后结果会变的集群。",
            "The other way round: that is the first group whose hiding changes the result.",
        ),
        Mistake(
            _search(same=lambda a, b: torch.equal(a.argmax(1), b.argmax(1))),
            "只比了谁最大（argmax）：解码器的结果要完全相同，每个数都一样。",
            "Only the largest (argmax) was compared: the decoder's result has to be the same in every number.",
        ),
        Mistake(
            _search(same=lambda a, b: a[0].equal(b[0])),
            "只比了第一个样本：对一批里的每个样本，结果都要一样。",
            "Only the first sample was compared: the result has to be the same for all samples of the batch.",
        ),
        Mistake(
            _search(same=lambda a, b: (a == b).any()),
            "有一个数相同就算数了：要所有的数都相同（all，或 torch.equal）。",
            "One equal number was enough: all of them have to be equal (all, or torch.equal).",
        ),
        Mistake(
            _search(same=lambda a, b: a.sum() == b.sum()),
            "只比了总和（或差的和）：一个数大了，另一个小了，总和也会相同。每个数都要相同。",
            "Only the totals were compared, or the sum of the differences: one number may rise while another falls. "
            "Every number has to be the same.",
        ),
        Mistake(
            _search(same=lambda a, b: torch.equal(a.mean(0), b.mean(0))),
            "只比了各样本的平均：对一批里的每个样本，结果都要一样。",
            "Only the mean over the samples was compared: the result has to be the same for each of the batch.",
        ),
        Mistake(
            _search(same=lambda a, b: a[:, 0].equal(b[:, 0])),
            "只比了第一个神经元：解码器给出的每个数都要相同。",
            "Only the first neuron was compared: every number of the decoder has to be the same.",
        ),
        Mistake(
            _search(same=torch.allclose),
            "差不多相等还不够：要完全相等，用 torch.equal，不是 torch.allclose。",
            "About equal is not enough: they have to be exactly equal, torch.equal and not torch.allclose.",
        ),
        Mistake(
            _search(same=lambda a, b: (a - b).abs().mean() < 0.5),
            "差不多相等还不够：每个数都要完全相等，用 torch.equal。",
            "About equal is not enough: every number has to be exactly equal, torch.equal.",
        ),
        Mistake(
            _ones,
            "给网络的应是 x，不是别的输入：别的输入下多余的，对 x 未必多余。",
            "Give the network x and no other input: what is superfluous for another input may matter for x.",
        ),
        Mistake(
            _forgets_the_whole,
            "总是和完整的网络比：whole 只算一次，不要换成隐藏了前一个集群的结果。",
            "Compare with the whole network each time: its result stays, and is not replaced by that with the last "
            "group hidden.",
        ),
        Mistake(
            _no_path,
            "走不到解码器的集群当然多余，但走得到的也可能多余：权重可能是 0，脉冲可能太迟。隐藏起来试一试。",
            "A group from which no way leads to the decoder is superfluous, but so may be others: weights may be 0, "
            "spikes come too late. Hide it and see.",
        ),
        Mistake(
            lambda net, x: list(net.assemblies).index(superfluous(net, x)),
            "返回的是它的序号：要它的名称，一个字符串。",
            "That is its number: return its name, a string.",
        ),
        Mistake(
            lambda net, x: "b",
            "总是 b：每个网络里多余的集群不同，一个一个地隐藏，比较 net(x)。",
            "Always b: each network has another superfluous group, so hide one after the other and compare net(x).",
        ),
        Mistake(
            _search(candidates=lambda net: list(net.assemblies)),
            "net.assemblies 里还有编码器和解码器，还有它读的集群，这些不能隐藏：只试其余的集群。",
            "net.assemblies holds the encoder, the decoder and the group that it reads as well, which cannot be "
            "hidden: try the other groups only.",
        ),
        Mistake(
            _search(candidates=lambda net: [*_groups(net)[:-1], "out", *_groups(net)[-1:]]),
            "解码器读的集群不能隐藏：跳过 net.output.target。",
            "The group that the decoder reads cannot be hidden: skip net.output.target.",
        ),
        Mistake(
            _search(give=lambda name: [name]),
            "返回的是列表：只要那个名称，一个字符串。",
            "A list came back: return the name alone, a string.",
        ),
        Mistake(
            _quietest,
            "发放最少的集群未必多余，发放很多的也可能没用：把它隐藏起来，看结果变不变。",
            "The group with the fewest spikes need not be superfluous, and one with many may be: hide it and see "
            "whether the result changes.",
        ),
        Mistake(
            _weakest,
            "发出的权重最小未必多余：信号也可能根本不来，或来得太迟。隐藏起来试一试。",
            "The group with the smallest weights need not be superfluous: spikes may never come, or come too late. "
            "Hide it and see.",
        ),
        Mistake(
            _no_way_out,
            "没有发出连接的集群当然多余，但有连接的也可能多余：隐藏起来试一试。",
            "A group without outgoing connections is superfluous, but so may be one that has some: hide it and see.",
        ),
        Mistake(
            lambda net, x: _groups(net)[-1],
            "总是最后一个：一个一个地隐藏，比较 net(x)。",
            "Always the last one: hide one after the other and compare net(x).",
        ),
        Mistake(
            lambda net, x: _groups(net)[0],
            "总是第一个：隐藏之后的 net(x) 真的与原来的比较过吗？",
            "Always the first one: was net(x) after hiding really compared with the one before?",
        ),
        Mistake(
            _deletes,
            "删掉就回不来了：用 assembly_hide 和 assembly_show。",
            "What is deleted does not come back: use assembly_hide and assembly_show.",
        ),
    ),
    hints=(
        (
            "先算 whole = net(x)。再对每个集群：隐藏、再算一次、恢复、比较。",
            "First whole = net(x). Then for each group: hide it, run again, show it, compare.",
        ),
        (
            "for name, group in net.assemblies.items()：跳过不是 network.NeuronGroup 的，还有 net.output.target。",
            "for name, group in net.assemblies.items(): skip what is no network.NeuronGroup, and net.output.target.",
        ),
        (
            "group.assembly_hide(); rest = net(x); group.assembly_show(); torch.equal(rest, whole) 为真，就返回 name。",
            "group.assembly_hide(); rest = net(x); group.assembly_show(); return name where torch.equal(rest, whole).",
        ),
    ),
)
