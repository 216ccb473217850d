"""The marked cell in which the course's new text stands below a cell that the learner changed too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from course_snn.course.cells import Cell, source

KEY = "course-beside"  # in a cell's metadata: which cell it stands below, and what it said when it was made
_ZH = "**课程更新了上面这一格**，而你也改过它：你的写法没有动，课程的新写法在下面。看过之后，可以删去这一格。"
_EN = (
    "**The course has changed the cell above**, and so have you: yours was left as it is, the course's new text stands "
    "below. Delete this cell when you have read it."
)
_LANGUAGES = {"code": "python", "raw": ""}


def beside(cell: Cell) -> Cell:
    """A text cell that says in both languages what has happened, and shows the course's cell without running it."""
    text = source(cell)
    if cell["cell_type"] != "markdown":
        longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        text = f"{fence}{_LANGUAGES[cell['cell_type']]}\n{text}\n{fence}"
    told = f'<div lang="zh">\n\n{_ZH}\n\n</div>\n\n<div lang="en">\n\n{_EN}\n\n</div>\n\n---\n\n{text}'
    attached = {"attachments": cell["attachments"]} if "attachments" in cell else {}
    return {
        "cell_type": "markdown",
        "id": f"{cell['id'][:52]}-{_digest(text)[:8]}",
        "metadata": {KEY: {"cell": cell["id"], "digest": _digest(told)}},
        "source": told.splitlines(keepends=True),
        **attached,
    }


def is_stale(cell: Cell, both: Collection[str]) -> bool:
    """Whether this is such a cell that nobody wrote in, below one that now gets another."""
    made = cell.get("metadata", {}).get(KEY)
    if not isinstance(made, dict):
        return False
    return made.get("cell") in both and made.get("digest") == _digest(source(cell))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
