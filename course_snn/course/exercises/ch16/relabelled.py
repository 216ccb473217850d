"""How an order of labels is tried: is it one, and are more than half of the pictures right with it?"""

import torch

from course_snn.course.exercise import Finding


def tried(answer, confusion, want):
    """Return the order that an answer gives, if it is one.

    Args:
        answer: the learner's function. confusion: pictures of each label (row) and output (column).
        want: the right order, or None.
    """
    classes = len(confusion)
    made = answer(confusion)
    if made is ...:
        return ...
    if made is None:
        if want is not None:
            share = confusion[want, range(classes)].sum() / confusion.sum()
            if want == sorted(want):
                raise Finding(
                    f"返回了 None，但次序本来就对，{100 * share:.0f} % 是对的：返回 [0, 1, …]。",
                    f"None came back, but the order is right as it is, with {100 * share:.0f} %: return [0, 1, …].",
                )
            raise Finding(
                f"返回了 None，但换一种标签次序，就有 {100 * share:.0f} % 是对的。",
                f"None came back, but with another order of labels {100 * share:.0f} % are right.",
            )
        return None
    order = _listed(made, classes)
    if want is None:
        share = confusion[order, range(classes)].sum() / confusion.sum()
        raise Finding(
            f"这种次序也只有 {100 * share:.0f} % 是对的：不超过一半，原因不在次序，应返回 None。",
            f"With this order only {100 * share:.0f} % are right: that is not more than half, so the order is not the "
            "cause; return None.",
        )
    return order


def _listed(made, classes):
    """Return an order as a list of whole numbers, if it is one."""
    if torch.is_tensor(made) or hasattr(made, "tolist"):
        made = made.tolist()
    if not isinstance(made, (list, tuple)) or len(made) != classes:
        got = len(made) if isinstance(made, (list, tuple)) else type(made).__name__
        raise Finding(
            f"应返回一个有 {classes} 个标签的列表，得到的是 {got}。",
            f"Return a list of {classes} labels; got {got}.",
        )
    try:
        order = [int(label) for label in made]
    except (TypeError, ValueError):
        raise Finding("列表里应当都是整数。", "The list should hold whole numbers.") from None
    if any(not isinstance(label, int) and float(label) != whole for label, whole in zip(made, order, strict=True)):
        raise Finding("列表里应当都是整数。", "The list should hold whole numbers.")
    if twice := [label for label in order if order.count(label) > 1]:
        raise Finding(
            f"标签 {twice[0]} 出现了两次：每个标签恰好对应一个输出。",
            f"Label {twice[0]} comes twice: each label belongs to exactly one output.",
        )
    if foreign := [label for label in order if not 0 <= label < classes]:
        raise Finding(
            f"没有标签 {foreign[0]}：从 0 到 {classes - 1}。",
            f"There is no label {foreign[0]}: they are 0 to {classes - 1}.",
        )
    return order


def greedy(counts):
    """Return the order that takes the largest count first, then the largest among what is left."""
    left, order = counts.float().clone(), [0] * len(counts)
    for _ in order:
        label, output = divmod(left.argmax().item(), len(counts))
        order[output] = label
        left[label], left[:, output] = -1, -1
    return order


def one_after_the_other(counts):
    """Return the order that takes, output by output, the largest label that is still free."""
    order = []
    for output in range(len(counts)):
        order.append(max((c for c in range(len(counts)) if c not in order), key=lambda c: counts[c, output].item()))
    return order


def swaps(classes):
    """Return all orders that swap two labels at most."""
    orders = [list(range(classes))]
    for a in range(classes):
        for b in range(a):
            orders.append([{a: b, b: a}.get(c, c) for c in range(classes)])
    return orders
