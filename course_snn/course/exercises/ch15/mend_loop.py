"""Exercise 15.mend_loop."""

from course_snn import network
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises.ch15.shared import called, check_links, check_parts, drawn, noted, said

SIZES = {"input": 2, "a": 2, "b": 3, "c": 2, "d": 3}


def mend_loop(net):
    for connection in reversed(list(net.connections.values())):
        if connection.delay > 0:
            continue
        connection.delay = 1
        try:
            net.build()
            return
        except ValueError:  # the loop is still there: it does not go through this one
            connection.delay = 0


def _tried(answer, text):
    net = drawn(text, {name: num for name, num in SIZES.items() if name in text})
    before = noted(net)
    given = called(answer, net)
    now = noted(net)
    check_parts(before, now)
    check_links(before, now, changing=True)
    changed = [name for name, link in now[1].items() if link[2] != before[1][name][2]]
    if not changed:
        if given is ...:
            return ...
        raise Finding("网络和原来一样，什么也没有改变。", "The network is as it was: nothing has changed.")
    name = changed[0]
    if len(changed) > 1:
        names = ", ".join(changed)
        raise Finding(f"不止一条连接的延迟变了：{names}。", f"More than one delay has changed: {names}.")
    if now[1][name][2] != 1:
        raise Finding(f"{name} 的延迟应当是 1。", f"The delay of {name} should be 1.")
    try:
        net.build()
    except ValueError as error:
        raise Finding(
            f"改了 {name}，网络还是建不起来：{said(error)}",
            f"With another delay of {name} the network still does not build: {said(error)}",
        ) from None
    return name


def _replaced(net, name, delay=1, weight=True, turned=False, kept=True, new_name=None):
    old = net.connections[name]
    ends = old.ends[::-1] if turned else old.ends
    given = {"weight": old.weight.t() if turned else old.weight} if weight else {}
    made = network.Connection(*ends, delay=delay, **given)
    net.del_connection(old)
    if kept:
        net.add_connection(new_name or name, made)


def _wanted(net):
    """The name of the connection that is to be mended."""
    copy = network.Network()
    copy.copy_assembly("copy", net)
    before = {name: c.delay for name, c in copy.copy.connections.items()}
    mend_loop(copy.copy)
    return next(name for name, c in copy.copy.connections.items() if c.delay != before[name])


def _on_loop(net):
    """The names of all connections of the loop, in their order."""
    found = []
    for name, c in net.connections.items():
        reached, waiting = set(), [c.post]
        while waiting:
            part = waiting.pop()
            if part not in reached:
                reached.add(part)
                waiting += [o.post for o in net.connections.values() if o.pre is part and o.delay == 0]
        if c.delay == 0 and c.pre in reached:
            found.append(name)
    return found


def _at(choose, **how):
    return lambda net: _replaced(net, choose(net), **how)


def _all(net):
    for name in [name for name, c in net.connections.items() if c.delay == 0]:
        _replaced(net, name)


def _closing(net):
    """The connection that closes the loop for one who walks on from group to group, beginning with the first."""
    found = []

    def walk(here, path):
        for name, c in net.connections.items():
            if c.pre is here and c.delay == 0:
                if c.post in path:
                    found.append(name)
                elif not found:
                    walk(c.post, [*path, c.post])

    for group in net.assemblies.values():
        walk(group, [group])
    return found[0]


def _comes_back(net):
    order = list(net.assemblies.values())
    back = [c for c in net.connections.items() if c[1].delay == 0 and order.index(c[1].post) <= order.index(c[1].pre)]
    return back[-1][0]


def _hides(net):
    net.connections[_on_loop(net)[-1]].post.assembly_hide()


def _deletes_group(net):
    net.del_assembly(net.connections[_on_loop(net)[-1]].post)


EXERCISE = Exercise(
    id="15.mend_loop",
    solution=mend_loop,
    run=_tried,
    measured=("延迟变成 1 的那条连接", "the connection whose delay is 1 now"),
    seconds=10.0,
    cases=(
        ("input>a 1, a>b 0, b>a 0 back, b>d 0",),
        ("input>c 0, c>c 0, c>d 0, d>output",),
        ("c>a 0, a>b 0, b>c 0, input>a 0, b>d 0, d>d 2, b>output",),
        ("a>b 0, b>d 0, d>a 0 home, a>b 3, input>a 1, c>a 0",),
        ("d>b 0, b>d 0, input>b 2, b>a 1, a>b 0",),
        ("d>c 0 y, c>d 0 z, input>a 1, a>b 0",),
    ),
    mistakes=(
        Mistake(
            _at(lambda net: _on_loop(net)[0]),
            "改的是回路里最先的一条：题目要最后的一条，从后往前试。",
            "The first connection of the loop was mended: the task wants the last, so try them from the end.",
        ),
        Mistake(
            _at(lambda net: [name for name, c in net.connections.items() if c.delay == 0][-1]),
            "最后一条延迟为 0 的连接不一定在回路上：改了之后能建起来，才是它。",
            "The last connection without delay need not lie on the loop: it does if the network builds afterwards.",
        ),
        Mistake(
            _at(lambda net: next(name for name, c in net.connections.items() if c.delay == 0)),
            "你改了第一条延迟为 0 的连接：要改的是回路上的，并且是其中最后的一条。",
            "You mended the first connection without delay: it has to lie on the loop, and to be the last of those.",
        ),
        Mistake(
            _at(lambda net: list(net.connections)[-1]),
            "你改了 net.connections 里最后的一条，但它不一定在圈上。",
            "You mended the last of net.connections, which need not lie on the loop.",
        ),
        Mistake(
            _at(lambda net: max(_on_loop(net))),
            "“排在最后”指 net.connections 里的次序，不是名称按字母的次序。",
            "The last is the last in net.connections, not the last name in the alphabet.",
        ),
        Mistake(
            _at(_closing),
            "你改的是沿着连接走时回到起点的那一条：题目要圈上在 net.connections 里排在最后的。",
            "You mended the connection that comes back to where a walk began: the task wants the one on the loop that "
            "is last in net.connections.",
        ),
        Mistake(
            _at(_comes_back),
            "你看的是集群的先后（回到前面的集群）：题目要圈上在 net.connections 里排在最后的。",
            "You looked at the order of the groups (back to an earlier one): the task wants the connection on the loop "
            "that is last in net.connections.",
        ),
        Mistake(
            lambda net: [_replaced(net, name) for name in _on_loop(net)],
            "圈上的每条都改了：打断它只要一条，排在最后的那条。",
            "All connections of the loop were changed: one is enough to break it, the last of them.",
        ),
        Mistake(
            _all,
            "所有延迟为 0 的连接都改了：打断回路只要一条，其余的保持原样。",
            "All connections without delay were changed: one is enough to break the loop; leave the others alone.",
        ),
        Mistake(
            _at(_wanted, weight=False),
            "权重和原来的不一样（不给 weight，就重新抽）：新的连接要用原来的权重，weight=old.weight。",
            "The weights are not those of the old connection (without weight they are drawn anew): they stay, so give "
            "the new one weight=old.weight.",
        ),
        Mistake(
            _at(_wanted, turned=True),
            "新的连接两端反了：从 old.pre 到 old.post。",
            "The ends of the new connection are exchanged: from old.pre to old.post.",
        ),
        Mistake(
            _at(_wanted, kept=False),
            "连接只是删掉了：还要把有延迟的新连接加进来，名称不变。",
            "The connection was only removed: add the new one, with its delay, under the same name.",
        ),
        Mistake(
            _at(_wanted, new_name="mended"),
            "新的连接换了名称：用原来的名称加进来。",
            "The new connection has another name: add it under that of the old one.",
        ),
        Mistake(
            _at(_wanted, delay=2),
            "延迟应当是 1，你给了 2。",
            "The delay should be 1, and you gave 2.",
        ),
        Mistake(
            _hides,
            "隐藏一个集群也能打断回路，但它就不参加了：集群都要留着，只改一条连接的延迟。",
            "Hiding a group breaks the loop, too, but then it takes no part: keep all groups, and change one delay.",
        ),
        Mistake(
            _deletes_group,
            "删去集群，它的连接也全没了：只改一条连接的延迟。",
            "With a group all its connections have gone: change the delay of one connection only.",
        ),
        Mistake(
            lambda net: None,
            "网络和原来一样：要改的是 net 本身（不是副本），圈上有一条连接的延迟要变成 1。",
            "The network is as it was: change net itself, and no copy, so that one delay on the loop becomes 1.",
        ),
    ),
    hints=(
        (
            "net.build() 会说明回路在哪里；用 try … except ValueError 可以试出改得对不对。",
            "net.build() says where the loop is; with try … except ValueError you can find out whether a change helps.",
        ),
        (
            "从后往前（reversed(list(net.connections.items()))）试每条延迟为 0 的连接：让它的延迟变成 1，再 build。",
            "Try each connection of delay 0 from the end, reversed(list(net.connections.items())): give it a delay of "
            "1, and build.",
        ),
        (
            "直接写 connection.delay = 1；net.build() 抛出 ValueError，就写回 connection.delay = 0，试前面的一条；"
            "不抛出，就找到了。",
            "Set connection.delay = 1; where net.build() raises a ValueError, set connection.delay = 0 again and try "
            "the one before; where it does not, you have found it.",
        ),
    ),
)
