"""Which weights lie before a tensor: read off the graph that autograd has recorded, not guessed from the calls."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import torch
from torch.autograd.graph import Node, get_gradient_edge

BIAS = {"Addmm": 0, "Addbmm": 0, "Baddbmm": 0, "Addmv": 0, "Addr": 0, "Convolution": 2}  # where an operation takes it
BESIDE = {"Add", "Sub", "Rsub", "Cat", "Stack", "CopySlices"}  # what joins the signal here does not carry it on
SCALES = {"Mul", "Div", "Addcmul", "Addcdiv", "Lerp", "Pow", "Where", "PreluKernel", "Maximum", "Minimum"}


def nodes_of(value: object) -> list[Node]:
    """Return the operations that made the tensors in ``value``; tensors without gradient have none.

    For a leaf it is the operation that collects its gradient.
    """
    return [get_gradient_edge(tensor).node for tensor in tensors_in(value) if tensor.requires_grad]


def tensors_in(value: object) -> list[torch.Tensor]:
    """Return the tensors in ``value``: a tensor, or tuples, lists and dicts of them."""
    if torch.is_tensor(value):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, (tuple, list)) else ()
    return [tensor for part in parts for tensor in tensors_in(part)]


class Ancestry:
    """The graph between some tensors and what they were computed from.

    Args:
        roots: operations to look back from. borders: operations to look no further back than (spikes).
        data: operations whose results are signals, not weights, whatever they were computed from.
        cut: results of layers whose own weights the graph does not hold: what lies before them is not the nearest.
        never: tensors that do not count as weights.
    """

    def __init__(
        self, roots: Iterable[Node], borders: set[Node], data: set[Node], cut: set[Node], never: Iterable[torch.Tensor]
    ) -> None:
        self.borders, self.cut, self.never = borders, cut, {id(tensor) for tensor in never}
        nodes, users = _behind(roots, borders)
        self.signals: set[Node] = set()  # operations whose result depends on the data
        waiting = [node for node in nodes if node in borders or node in data]
        while waiting:
            if (node := waiting.pop()) not in self.signals:
                self.signals.add(node)
                waiting += users[node]

    def nearest(self, roots: Iterable[Node]) -> list[torch.Tensor] | None:
        """Return the weights met first on each way back from ``roots``; None: they are not in the graph.

        Weights are what a product, a convolution or a look-up takes beside the signal. Only where there are none, a
        bias, a scale or the like counts.
        """
        found, beside, waiting, passed = {}, {}, list(roots), set()
        while waiting:
            node = waiting.pop()
            if node in passed or node in self.borders:
                continue
            passed.add(node)
            if node in self.cut:
                return None
            weights, others = self._joining(node)
            found |= weights
            beside |= others
            if not weights:
                waiting += [child for child, _ in node.next_functions if child in self.signals]
        return list((found or beside).values())

    def _joining(self, node: Node) -> tuple[dict[int, torch.Tensor], dict[int, torch.Tensor]]:
        """The leaves that this operation joins to the signal by id: those that carry it on, and the others."""
        kind = re.sub(r"Backward\d*$", "", node.name()).rpartition("::")[2]
        weights, others = {}, {}
        for place, (child, _) in enumerate(node.next_functions):
            if child is None or child in self.signals:
                continue
            for leaf in leaves([child]):
                carries = place != BIAS.get(kind) and kind not in BESIDE and "Norm" not in kind
                carries = carries and (kind not in SCALES or sum(size > 1 for size in leaf.shape) > 1)
                if id(leaf) not in self.never:
                    (weights if carries else others)[id(leaf)] = leaf
        return weights, others


def leaves(roots: Iterable[Node]) -> list[torch.Tensor]:
    """Return all tensors that collect a gradient behind ``roots``."""
    found: set[Any] = _behind(roots, set())[0]  # torch does not say which nodes have a variable
    return [node.variable for node in found if node.name().endswith("::AccumulateGrad")]


def _behind(roots: Iterable[Node], borders: set[Node]) -> tuple[set[Node], dict[Node, list[Node]]]:
    """The operations behind ``roots`` as far as ``borders``, and for each the operations that use its result."""
    nodes: set[Node] = set()
    users: dict[Node, list[Node]] = defaultdict(list)
    waiting = list(roots)
    while waiting:  # not recursive: a thousand steps make a deep graph
        node = waiting.pop()
        if node in nodes:
            continue
        nodes.add(node)
        for child, _ in () if node in borders else node.next_functions:
            if child is not None:
                users[child].append(node)
                waiting.append(child)
    return nodes, users
