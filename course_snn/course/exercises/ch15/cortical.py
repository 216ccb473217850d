"""Exercise 15.cortical."""

from course_snn import network
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.plain import clipped

TYPES = {
    "exc": ("exc",), "deep": ("deep", "exc"), "twin": ("deep", "exc"), "wide": ("exc", "wide"),
    "inh": ("fast", "inh"), "slow": ("exceptional", "inh"),
}  # fmt: skip


def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return pre.owner is post.owner and "exc" in post.neuron_type


def cortex():
    """Return two columns by name, left and right, each with six groups; they lie in no network."""
    columns = {}
    for name in ("left", "right"):
        column = columns[name] = network.Assembly()
        for group, types in TYPES.items():
            setattr(column, group, network.NeuronGroup(2, "if", neuron_type=types))
    return columns


def _tried(answer, pre, post):
    columns = cortex()
    ends = [columns[column].at(group) for column, group in (end.split(".") for end in (pre, post))]
    given = answer(*ends)
    if given is ... or given is None:
        return given
    if type(given).__name__ not in ("bool", "bool_"):
        said = clipped(lambda: repr(given), 40)
        raise Finding(f"应返回 True 或 False，得到的是 {said}。", f"Return True or False; got {said}.")
    if answer(*ends) != given:
        raise Finding(
            "同一对问两次，答案不一样：规则只看 pre 和 post，不要记住以前问过什么。",
            "Asked twice about the same pair it answers differently: a rule depends on pre and post, and remembers "
            "nothing.",
        )
    return bool(given)


def _exc(group):
    return "exc" in group.neuron_type


def _first(group):
    return group.neuron_type[0] == "exc"


def _last(group):
    return group.neuron_type[-1] == "exc"


def _only(group):
    return group.neuron_type == ("exc",)


def _part(group):
    return "exc" in " ".join(group.neuron_type)


def _rule(exc=lambda pre, post: pre is not post, inh=lambda pre, post: pre.owner is post.owner and _exc(post), of=_exc):
    """A policy by what an excitatory and what an inhibitory group reaches."""
    return lambda pre, post: bool((exc if of(pre) else inh)(pre, post))


def _own(receives):
    """What an inhibitory group reaches: groups of its own column that ``receives`` says yes to."""
    return lambda pre, post: pre.owner is post.owner and receives(post)


WORDS = (
    (
        _first,
        "只看了 neuron_type 的第一个词：exc 可以在任何位置，用 in 来问。",
        "Only the first word of neuron_type was looked at: exc may stand anywhere, so ask with in.",
    ),
    (
        _last,
        "只看了 neuron_type 的最后一个词：exc 可以在任何位置，用 in 来问。",
        "Only the last word of neuron_type was looked at: exc may stand anywhere, so ask with in.",
    ),
    (
        _only,
        'exc 不一定是 neuron_type 里唯一的词：不要和 ("exc",) 比，用 in 来问。',
        'exc need not be the only word of neuron_type: do not compare with ("exc",), but ask with in.',
    ),
    (
        _part,
        "只有一部分是 exc 的词（如 exceptional）不算：整个词要相同，用 in 来问元组。",
        "A word of which exc is only a part, such as exceptional, does not count: ask the tuple with in.",
    ),
)

EXERCISE = Exercise(
    id="15.cortical",
    solution=cortical,
    run=_tried,
    cases=(
        ("left.exc", "left.inh"),
        ("left.inh", "left.exc"),
        ("left.inh", "left.inh"),
        ("left.exc", "left.exc"),
        ("left.deep", "left.deep"),
        ("left.deep", "left.inh"),
        ("left.inh", "left.deep"),
        ("left.exc", "left.deep"),
        ("left.exc", "right.exc"),
        ("left.deep", "right.deep"),
        ("left.deep", "left.twin"),
        ("left.wide", "left.inh"),
        ("left.inh", "left.wide"),
        ("right.deep", "left.inh"),
        ("left.inh", "right.exc"),
        ("left.inh", "left.slow"),
        ("left.inh", "right.slow"),
        ("left.slow", "left.exc"),
        ("left.slow", "left.inh"),
        ("left.slow", "right.inh"),
        ("right.slow", "left.inh"),
    ),
    mistakes=(
        Mistake(
            lambda pre, post: True,
            "每一对都连上了：有些不该连，看看 neuron_type 和 owner。",
            "Every pair is joined: some must not be; look at neuron_type and owner.",
        ),
        Mistake(
            lambda pre, post: False,
            "一对也没连：neuron_type 是由词组成的元组，要用 in 来问，不能用 ==。",
            "No pair is joined: neuron_type is a tuple of words; ask by in, not by ==.",
        ),
        Mistake(
            _rule(exc=lambda pre, post: True),
            "兴奋性集群连到它自己了：要除去 pre is post。",
            "An excitatory group is joined to itself: leave out pre is post.",
        ),
        Mistake(
            _rule(exc=lambda pre, post: pre is not post and pre.owner is post.owner),
            "兴奋性集群没有伸到别的柱：它要连到两个柱的所有集群，只除去它自己。",
            "Excitatory groups do not reach the other column: they reach every group of both, but for themselves.",
        ),
        Mistake(
            _rule(exc=lambda pre, post: pre is not post and _exc(post)),
            "兴奋性到抑制性的连接没有了：抑制性集群由谁来驱动？",
            "Excitatory to inhibitory is missing: what would drive the inhibitory groups?",
        ),
        Mistake(
            _rule(exc=lambda pre, post: not _exc(post)),
            "兴奋性集群只连了抑制性的：它也要连到别的兴奋性集群。",
            "Excitatory groups reach inhibitory ones only: they should reach other excitatory groups, too.",
        ),
        Mistake(
            _rule(inh=lambda pre, post: _exc(post)),
            "抑制性集群伸到别的柱了：它只留在自己的柱里，owner 要是同一个。",
            "Inhibitory groups reach the other column: they stay within their own, where the owner is the same.",
        ),
        Mistake(
            _rule(inh=lambda pre, post: pre.owner is post.owner),
            "抑制性集群连到抑制性的（就是它自己）了：它只连兴奋性集群。",
            "Inhibitory groups reach inhibitory ones (here themselves): they reach excitatory groups only.",
        ),
        Mistake(
            _rule(inh=lambda pre, post: pre.owner is post.owner and pre is not post),
            "几乎对了，但抑制性集群只连兴奋性集群：别的抑制性集群也要除去，不只是它自己。",
            "Almost: but inhibitory groups reach excitatory groups only, so leave out all inhibitory ones, not only "
            "themselves.",
        ),
        Mistake(
            _rule(inh=lambda pre, post: pre is not post),
            "抑制性集群什么都连：它只连自己柱里的兴奋性集群。",
            "Inhibitory groups reach everything: they should reach the excitatory groups of their own column only.",
        ),
        Mistake(
            _rule(inh=lambda pre, post: False),
            "抑制性集群一条连接也没有发出：在自己的柱里，它要抑制兴奋性集群。",
            "Inhibitory groups send nothing: within their own column they inhibit the excitatory groups.",
        ),
        Mistake(
            _rule(inh=lambda pre, post: pre.owner is not post.owner and _exc(post)),
            "自己的柱和别的柱弄反了：owner 是同一个对象，才是同一个柱。",
            "Own and other column have changed places: where the owner is the same object, it is one column.",
        ),
        *(
            Mistake(_rule(inh=_own(post), of=pre), zh, en)
            for is_exc, zh, en in WORDS
            for pre, post in ((is_exc, _exc), (_exc, is_exc), (is_exc, is_exc))
        ),
        Mistake(
            _rule(inh=_own(lambda post: not _exc(post))),
            "抑制性集群连到抑制性的了：它只连自己柱里的兴奋性集群。",
            "Inhibitory groups reach inhibitory ones: they reach the excitatory groups of their own column.",
        ),
        Mistake(
            _rule(exc=lambda pre, post: pre.owner is not post.owner),
            "兴奋性集群只连到别的柱了：它也要连到自己柱里的其余集群。",
            "Excitatory groups reach the other column only: they reach the other groups of their own, too.",
        ),
        Mistake(
            _rule(of=lambda group: not _exc(group), inh=_own(lambda post: not _exc(post))),
            "兴奋性和抑制性对调了：伸到所有集群的是有 exc 的。",
            "Excitatory and inhibitory have changed places: it is those with exc that reach all groups.",
        ),
        Mistake(
            _rule(inh=lambda pre, post: pre.owner is post.owner or _exc(post)),
            "抑制性集群的两个条件要同时成立：用 and，不是 or。",
            "The two conditions for inhibitory groups have to hold together: and, not or.",
        ),
        Mistake(
            _rule(exc=lambda pre, post: pre.neuron_type != post.neuron_type),
            "词相同的集群未必是同一个：只除去它自己，pre is post。",
            "Groups of the same words need not be the same group: leave out only the group itself, pre is post.",
        ),
        Mistake(
            _rule(exc=lambda pre, post: pre.num != post.num),
            "大小相同的集群未必是同一个：只除去它自己，pre is post。",
            "Groups of the same size need not be the same group: leave out only the group itself, pre is post.",
        ),
        Mistake(
            _rule(exc=lambda pre, post: pre.address() != post.address()),
            "名称或地址相同的集群未必是同一个：两个柱里都有同名的。只除去它自己，pre is post。",
            "Groups of the same name or address need not be the same group: both columns have groups of that name. "
            "Leave out only the group itself, pre is post.",
        ),
        Mistake(
            _rule(exc=lambda pre, post: pre.owner is not post.owner or not _exc(post)),
            "自己柱里别的兴奋性集群也要连：只除去它自己，pre is post。",
            "The other excitatory groups of its own column are reached, too: leave out only the group itself, pre is "
            "post.",
        ),
        Mistake(
            lambda pre, post: not cortical(pre, post),
            "正好反了：该连的返回 True，不该连的返回 False。",
            "Exactly the other way round: True is for what shall be joined.",
        ),
        Mistake(
            lambda pre, post: cortical(post, pre),
            "pre 和 post 反了：连接从 pre 出发，到 post 为止。",
            "pre and post have changed places: a connection begins at pre and ends at post.",
        ),
    ),
    hints=(
        (
            "先分两种情况：pre 是兴奋性的，即 neuron_type 里有 exc；或者不是。",
            "Two cases first: pre is excitatory, that is, exc is among its neuron_type; or it is not.",
        ),
        (
            "兴奋性的情况只有一个例外：pre is post。抑制性的情况有两个条件：同一个 owner，post 是兴奋性的。",
            "The excitatory case has one exception, pre is post. The inhibitory case has two conditions: the same "
            "owner, and an excitatory post.",
        ),
        (
            "兴奋性：return pre is not post；抑制性：两个条件用 and 连起来。",
            "Excitatory: return pre is not post; inhibitory: the two conditions, joined by and.",
        ),
    ),
)
