"""Exercise 16.label_order."""

from itertools import permutations

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch16.relabelled import greedy, one_after_the_other, swaps, tried


def label_order(confusion):
    counts = confusion.tolist()
    classes = range(len(counts))

    def right(order):
        return sum(counts[label][output] for output, label in enumerate(order))

    best = max(permutations(classes), key=right)
    return list(best) if 2 * right(best) > sum(map(sum, counts)) else None


def _order(best, share=0.5, strict=True, gives=lambda order, counts: order):
    """An answer that finds ``best(counts)``, and gives None where not more than a share is right."""

    def answer(confusion):
        order = best(confusion)
        right = sum(confusion[label, output].item() for output, label in enumerate(order))
        least = share * confusion.sum().item()
        found = right > least if strict else right >= least
        return gives(order, confusion) if found else None

    return answer


def _best(counts):
    return label_order(counts) or list(
        max(permutations(range(len(counts))), key=lambda order: counts[list(order), range(len(order))].sum())
    )


def _always(best):
    return lambda confusion: best(confusion)


def _inverted(confusion):
    return torch.tensor(_best(confusion)).argsort().tolist() if label_order(confusion) else None


def _if_one_to_one(best):
    """``best``, and None where a label comes twice."""
    return lambda confusion: _order(best)(confusion) if len(set(best(confusion))) == len(confusion) else None


def _rows(confusion):
    """The largest of each row, if those are different columns and more than half."""
    found = _if_one_to_one(lambda counts: counts.argmax(0).tolist())(confusion.T)
    return found and list(found)


def _of(orders):
    """The best of some orders only."""
    return _order(lambda counts: max(orders(len(counts)), key=lambda o: counts[o, range(len(o))].sum().item()))


def _each_class(confusion):
    """The order only where more than half of each class are right with it."""
    order = _best(confusion)
    right, rows = confusion[order, range(len(order))], confusion.sum(1)[order]
    return order if (2 * right > rows).all() else None


def _balanced(confusion):
    """Rows made shares before they are compared."""
    rows = confusion / confusion.sum(1, keepdim=True)
    order = list(max(permutations(range(len(rows))), key=lambda o: rows[list(o), range(len(o))].sum().item()))
    return order if rows[order, range(len(rows))].mean() > 0.5 else None


_CONFUSIONS = (
    [[1, 18, 1], [2, 1, 17], [15, 3, 2]],
    [[30, 2, 1], [3, 28, 4], [0, 5, 27]],
    [[9, 0, 1], [8, 1, 1], [10, 0, 0]],
    [[40, 38, 2, 0], [36, 3, 1, 0], [2, 0, 5, 33], [1, 0, 34, 5]],
    [[2, 3, 40, 1, 4], [45, 1, 0, 2, 2], [5, 2, 1, 38, 4], [1, 41, 3, 0, 5], [3, 0, 2, 6, 39]],
    [[3, 5], [4, 4]],
    [[5, 5], [0, 0]],
    [[0, 3, 90], [1, 2, 2], [4, 2, 1]],
    [[1, 6, 1], [1, 0, 8], [30, 14, 9]],
    [[60, 40, 0], [9, 1, 0], [0, 2, 30]],
)


def _vary(rng):
    """The visible confusions with other numbers of labels and outputs; where the order was right, it still is."""

    def renumbered(counts):
        counts = torch.tensor(counts)
        labels, outputs = (drawn.shuffled(rng, range(len(counts))) for _ in range(2))
        order = label_order(counts)
        right = order == list(range(len(counts)))
        return counts[labels][:, labels if right else outputs]

    return tuple((renumbered(counts),) for counts in _CONFUSIONS)


EXERCISE = Exercise(
    id="16.label_order",
    solution=label_order,
    vary=_vary,
    run=lambda answer, confusion: tried(answer, confusion, label_order(confusion.clone())),
    cases=tuple((torch.tensor(counts),) for counts in _CONFUSIONS),
    keeps=True,
    mistakes=(
        Mistake(
            _inverted,
            "方向反了：要的是每个输出（列）对应的标签（行），你返回的是每个标签对应的输出。",
            "The wrong way round: wanted is the label (row) for each output (column), and that is the output for each "
            "label.",
        ),
        Mistake(
            lambda confusion: confusion.argmax(0).tolist(),
            "每列各取最大的，可能有两个输出取到同一个标签，而且从不返回 None：次序要一一对应，使对的总数最大，"
            "超过一半才算。",
            "With the largest of each column two outputs may get the same label, and there is never a None: the order "
            "has to be one-to-one, with as many right as possible, and more than half.",
        ),
        Mistake(
            lambda confusion: confusion.argmax(1).tolist(),
            "每行各取最大的，给出的是每个标签的输出，可能重复，而且从不返回 None：要的是每个输出的标签，一一对应，"
            "超过一半才算。",
            "The largest of each row gives the output for each label, perhaps twice the same, and never None: "
            "wanted is "
            "the label for each output, one-to-one, with more than half right.",
        ),
        Mistake(
            _order(lambda counts: counts.argmax(0).tolist()),
            "每列各取最大的，可能有两个输出取到同一个标签：次序要一一对应，使对的总数最大。",
            "With the largest of each column two outputs may get the same label: the order has to be one-to-one, with "
            "as many right in all as possible.",
        ),
        Mistake(
            _order(greedy),
            "先取最大的、再取剩下的，未必最好：有时要放弃最大的一个，总数才最大。试遍所有的次序。",
            "The largest first and then the rest is not always best: sometimes the largest has to be given up for the "
            "largest total. Try all orders.",
        ),
        Mistake(
            _order(one_after_the_other),
            "一个输出一个输出地取最大的、还没用过的标签，未必最好：试遍所有的次序。",
            "To take for one output after the other the largest label that is free is not always best: try all orders.",
        ),
        Mistake(
            _always(_best),
            "少了 None：最好的次序也不超过一半时，原因不在次序。",
            "None is missing: where even the best order has not more than half right, the order is not the cause.",
        ),
        Mistake(
            _order(_best, strict=False),
            "恰好一半还不算：要超过一半，>，不是 >=。",
            "Exactly half is not enough: more than half, > and not >=.",
        ),
        Mistake(
            _order(_best, share=0.7),
            "界限是一半，不是更高：超过 50 % 就算。",
            "The limit is half, not more: above 50 % it counts.",
        ),
        Mistake(
            lambda confusion: label_order(confusion) if 2 * confusion.diagonal().sum() <= confusion.sum() else None,
            "次序本来就对时，也要返回它，[0, 1, …]，不是 None。",
            "Where the order is right as it is, return it all the same, [0, 1, …], and not None.",
        ),
        Mistake(
            lambda confusion: list(range(len(confusion))) if 2 * confusion.diagonal().sum() > confusion.sum() else None,
            "只看了现在的次序：要试遍所有的次序。",
            "Only the present order was looked at: try all of them.",
        ),
        Mistake(
            lambda confusion: list(range(len(confusion))),
            "总是 [0, 1, …]：要找出使对的总数最大的次序。",
            "Always [0, 1, …]: find the order with as many right as possible.",
        ),
        Mistake(
            _balanced,
            "各行先除以了总和：各类的张数可能不同，要数的是图片，不是各类的平均。",
            "The rows were divided by their sums: classes may have different numbers of pictures, and what counts are "
            "pictures, not the mean over the classes.",
        ),
        Mistake(
            lambda confusion: list(
                min(permutations(range(len(confusion))), key=lambda o: confusion[list(o), range(len(o))].sum())
            ),
            "这是对的最少的次序：要最多的，max。",
            "That is the order with the fewest right: wanted is the most, max.",
        ),
        Mistake(
            lambda confusion: None,
            "总是 None：要找出使对的总数最大的次序，超过一半就返回它。",
            "Always None: find the order with as many right as possible, and return it where that is more than half.",
        ),
        Mistake(
            lambda confusion: (
                None
                if label_order(confusion) is None
                else confusion[label_order(confusion), range(len(confusion))].tolist()
            ),
            "这是对的张数：要返回的是次序，标签的编号。",
            "Those are the numbers of pictures that are right: return the order, the numbers of labels.",
        ),
        Mistake(
            lambda confusion: (
                None
                if label_order(confusion) is None
                else confusion[label_order(confusion), range(len(confusion))].sum().item()
            ),
            "这是对的总数：要返回的是次序，一个列表。",
            "That is how many are right in all: return the order, a list.",
        ),
        Mistake(
            lambda confusion: label_order(confusion) or [],
            "原因不在次序时返回 None，不是空列表。",
            "Where the order is not the cause, return None, not an empty list.",
        ),
        Mistake(
            _if_one_to_one(lambda counts: counts.argmax(0).tolist()),
            "每列各取最大的，两个输出取到同一个标签时就放弃了：那时也有最好的次序，试遍所有的。",
            "The largest of each column, and None where two outputs get the same label: there is a best order "
            "then, too, so try all.",
        ),
        Mistake(
            _if_one_to_one(lambda counts: counts.argmax(1).tolist()),
            "每行各取最大的，给出的是每个标签的输出：要的是每个输出的标签，而且要试遍所有的次序。",
            "The largest of each row gives the output for each label: wanted is the label for each output, and "
            "all orders have to be tried.",
        ),
        Mistake(
            _rows,
            "每行各取最大的，给出的是每个标签的输出：要的是每个输出的标签，而且要试遍所有的次序。",
            "The largest of each row gives the output for each label: wanted is the label for each output, and "
            "all orders have to be tried.",
        ),
        Mistake(
            _of(lambda classes: [[(c + by) % classes for c in range(classes)] for by in range(classes)]),
            "只试了循环移动：次序可以是任意的排列，permutations(range(C))。",
            "Only rotations were tried: any permutation may be the order, permutations(range(C)).",
        ),
        Mistake(
            _of(swaps),
            "只试了对换两个标签：次序可以是任意的排列，permutations(range(C))。",
            "Only swaps of two labels were tried: any permutation may be the order, permutations(range(C)).",
        ),
        Mistake(
            _each_class,
            "要数的是全部图片：合起来超过一半就行，不必每一类都超过一半。",
            "All pictures count together: more than half of them is enough, and not every class needs more than half.",
        ),
        Mistake(
            lambda confusion: _order(_best, share=1 / len(confusion))(confusion),
            "界限是一半，不是瞎猜的 1/C。",
            "The limit is half, not the 1/C of a blind guess.",
        ),
    ),
    hints=(
        (
            "一种次序 order 对的张数，是 confusion[order[j], j] 对所有 j 的和。",
            "With an order, confusion[order[j], j] summed over all j are right.",
        ),
        (
            "类最多 6 个：itertools.permutations(range(C)) 只有 720 种，全部试一遍，用 max(…, key=…)。",
            "There are at most 6 classes: itertools.permutations(range(C)) has 720 orders, so try all, by "
            "max(…, key=…).",
        ),
        (
            "best = max(permutations(range(C)), key=right)；如果 2 * right(best) > confusion.sum()，返回 "
            "list(best)，否则 None。",
            "best = max(permutations(range(C)), key=right); where 2 * right(best) > confusion.sum(), return "
            "list(best), "
            "else None.",
        ),
    ),
)
