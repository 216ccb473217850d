"""Exercise 15.cortical."""

from course_snn import network
from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.plain import clipped

TYPES = {"exc": ("exc",), "deep": ("deep", "exc"), "inh": ("fast", "inh"), "slow": ("inh",)}


def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return pre.owner is post.owner and "exc" in post.neuron_type


def cortex():
    """Return two columns, left and right, each with four groups."""
    whole = network.Assembly()
    for name in ("left", "right"):
        column = network.Assembly()
        for group, types in TYPES.items():
            setattr(column, group, network.NeuronGroup(2, "if", neuron_type=types))
        setattr(whole, name, column)
    return whole


def _tried(answer, pre, post):
    whole = cortex()
    given = answer(whole.at(pre), whole.at(post))
    if given is ... or given is None or type(given).__name__ in ("bool", "bool_"):
        return given if given is None or given is ... else bool(given)
    said = clipped(lambda: repr(given), 40)
    raise Finding(f"应返回 True 或 False，得到的是 {said}。", f"Return True or False; got {said}.")


def _exc(group):
    return "exc" in group.neuron_type


def _first(group):
    return group.neuron_type[0] == "exc"


def _rule(exc=lambda pre, post: pre is not post, inh=lambda pre, post: pre.owner is post.owner and _exc(post), of=_exc):
    """A policy by what an excitatory and what an inhibitory group reaches."""
    return lambda pre, post: bool((exc if of(pre) else inh)(pre, post))


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
        ("right.deep", "left.inh"),
        ("left.inh", "right.exc"),
        ("left.inh", "left.slow"),
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
        Mistake(
            _rule(of=_first),
            "只看了 neuron_type 的第一个词：exc 可以在任何位置，用 in 来问。",
            "Only the first word of neuron_type was looked at: exc may stand anywhere, so ask with in.",
        ),
        Mistake(
            _rule(inh=lambda pre, post: pre.owner is post.owner and _first(post), of=_first),
            "只看了 neuron_type 的第一个词：exc 可以在任何位置，用 in 来问。",
            "Only the first word of neuron_type was looked at: exc may stand anywhere, so ask with in.",
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
