"""An IPython extension: a name that nobody has defined yet usually stands in a cell above that has not been run."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from course_snn.language import announce, tr


def load_ipython_extension(shell: Any) -> None:
    """Say so after the error, in kernels that the course starts."""
    shell.set_custom_exc((NameError,), _explained)


def _explained(
    shell: Any, kind: type[NameError], error: NameError, trace: TracebackType, tb_offset: int | None = None
) -> list[str]:
    """Show the error as ever, and below it what to do."""
    shown = shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset)
    shell._showtraceback(kind, error, shown)
    name = getattr(error, "name", None)
    if name and not isinstance(error, UnboundLocalError):
        announce(
            tr(
                f"`{name}` 在这个内核里还没有定义。它多半来自前面没有运行过的单元格：在菜单里选"
                "“运行 → 运行所选单元格上方的所有单元格”（Run → Run All Above Selected Cell），再运行这一格。",
                f"`{name}` is not defined in this kernel yet. It most likely stands in a cell above that has not been "
                "run: choose Run → Run All Above Selected Cell in the menu, then run this cell again.",
            )
        )
    return shown
