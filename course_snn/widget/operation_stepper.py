"""OperationStepper: the ten operations of an Assembly, guessed first and then done, on the example a > b > c."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from matplotlib.figure import Figure

from .. import plotting
from ..language import tr
from .assembly_model import FIRST, OPERATIONS, START, Link, Member, State, operate, visible
from .base import PageWidget, blank
from .control import Choice, Control

LABELS = {
    "add_assembly": ("add_assembly 添加", "add_assembly"),
    "del_assembly": ("del_assembly 删除", "del_assembly"),
    "copy_assembly": ("copy_assembly 复制", "copy_assembly"),
    "replace_assembly": ("replace_assembly 替换", "replace_assembly"),
    "merge_assembly": ("merge_assembly 并入", "merge_assembly"),
    "select_assembly": ("select_assembly 选取", "select_assembly"),
    "add_connection": ("add_connection 添加连接", "add_connection"),
    "del_connection": ("del_connection 删除连接", "del_connection"),
    "assembly_hide": ("assembly_hide 隐藏", "assembly_hide"),
    "assembly_show": ("assembly_show 显示", "assembly_show"),
}


@dataclass(frozen=True)
class Operations(Control):
    """A list of operations, each {"do": name, …its arguments}, that can be done one after another on the example."""

    kind: ClassVar[str] = "operations"

    def accept(self, value: Any) -> list[dict[str, Any]]:
        accepted = "a list of operations such as {'do': 'del_assembly', 'of': 'b'}"
        if isinstance(value, (str, Mapping)) or not isinstance(value, Sequence):
            raise self.refuse(value, accepted)
        state = START
        for op in value:
            if not isinstance(op, Mapping) or op.get("do") not in OPERATIONS:
                raise self.refuse(op, f"{accepted}; there are {', '.join(OPERATIONS)}")
            try:
                state, _ = operate(state, op)
            except (ValueError, TypeError) as error:
                raise self.refuse(op, f"what can be done there ({error})") from None
        return [dict(op) for op in value]


class OperationStepper(PageWidget):
    """Choose an operation, guess what it leaves, do it: pictures before and after, the line of Python, the rule.

    `params["done"]` lists the operations that were done; they go on from a(2), b(3), c(2) with ab: a > b, bc: b > c.
    """

    heading = ("Assembly 的十种操作：先猜，再走一步", "Ten operations on an assembly: guess, then step")
    scripts = (
        "graph_routes.js", "assembly.js", "operation_fields.js", "operation_picture.js", "operation_stepper.js",
    )  # fmt: skip
    parameters = (
        Choice("operation", "del_assembly", ("操作", "Operation"), LABELS),
        Operations("done", [], ("做过的操作", "Operations done")),
    )

    def step(self) -> tuple[State, State]:
        """Before and after: of the last operation done, or else of the chosen one on the example."""
        done = self.params["done"] or [op for op in (FIRST[self.params["operation"]],) if op]
        state = part = START
        before = START
        for op in done:
            before = state
            state, new = operate(state, op)
            part = new or state
        return before, part

    def figure(self) -> Figure:
        before, after = self.step()
        spots = _spots(before, after)
        rows = -(-len(spots) // 6)
        figure, axes = blank(*[1.9 if rows == 1 else 1.2 + 1.2 * rows] * 2)
        titles = (tr("之前", "before"), tr("之后", "after"))
        marks = (_marks(before, after, "gone"), _marks(after, before, "new"))
        for ax, state, mark, title in zip(axes, (before, after), marks, titles, strict=True):
            groups = [
                {"name": m.path, "x": spots[m.path][0], "y": spots[m.path][1], "text": str(m.num), "mark": mark[m.id]}
                for m in state.members
                if m.num is not None
            ]
            named = [
                {"name": c.path.split(".")[-1], "pre": c.pre, "post": c.post, "mark": mark[c.id]}
                for c in state.connections
            ]
            plotting.network_graph(groups, named, ax=ax)
            ax.set_title(title)
            if rows == 1:
                ax.set_ylim(0.95, 0.05)
            ax.set_xlabel(
                ""
                if ax is axes[0]
                else tr(
                    "绿粗线：新的；橙虚线：没了；灰点线：隐藏", "green: new; orange, dashed: gone; grey, dotted: hidden"
                )
            )
        return figure


def _marks(state: State, other: State, mark: str) -> dict[int, str | None]:
    """What happens to each object, by its id."""
    shown = visible(state)
    seen = {thing.id for thing in (*shown.members, *shown.connections)}
    kept = {thing.id for thing in (*other.members, *other.connections)}
    every: tuple[Member | Link, ...] = (*state.members, *state.connections)
    return {thing.id: mark if thing.id not in kept else None if thing.id in seen else "hidden" for thing in every}


def _spots(before: State, after: State) -> dict[str, tuple[float, float]]:
    """Where each group stands, six to a row, the same before and after."""
    groups = dict.fromkeys(m.path for m in (*before.members, *after.members) if m.num is not None)
    rows = -(-len(groups) // 6)
    return {path: (0.02 + 0.19 * (k % 6), (k // 6 + 0.5) / rows) for k, path in enumerate(groups)}
