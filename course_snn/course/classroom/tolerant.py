"""Reading the cells of a notebook, whatever editors, mail programs and students have done to the file."""

from __future__ import annotations

import ast
import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from course_snn.language import Label, tr

LARGEST = 50_000_000  # bytes; pictures make notebooks large
LONGEST_CELL = 200_000  # characters of code; our longest cell has 3 000
MOST_CELLS, MOST_CODE = 5_000, 2_000_000  # cells; characters in all of them: our longest chapter has 100 and 60 000
DEEPEST = 120  # levels of a syntax tree: whoever walks through it takes three of Python's levels for each
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
_ID = re.compile(r"[\w-]{1,64}", re.ASCII)  # as nbformat has it
_MAGIC = re.compile(r"^(\s*)([%!]|\?).*$|^(\s*)[\w.]+\?{1,2}\s*$", re.MULTILINE)
_OUTPUT_OF = re.compile(r"^(\s*[\w, ]+=\s*)[%!].*$", re.MULTILINE)  # files = !ls


class Unreadable(Exception):
    """A file that is no notebook; says why in both languages."""

    def __init__(self, reason: Label) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Cell:
    """A code cell: where it stands (code and text cells counted from 1), its id and tags, its code, its syntax tree.

    ``tree`` is None where the code is not Python; ``fault`` says what is wrong then.
    """

    number: int
    id: str
    tags: tuple[str, ...]
    code: str
    tree: ast.Module | None
    fault: str = ""

    @property
    def name(self) -> str:
        """The id, else the number."""
        return self.id or f"cell {self.number}"


@dataclass(frozen=True)
class Notebook:
    """The code cells of a notebook and its metadata."""

    cells: tuple[Cell, ...]
    metadata: dict


def notebook(content: bytes) -> Notebook:
    """Return the cells of a notebook of nbformat 3 or 4, valid or not.

    Raises:
        Unreadable: it is no notebook, or cut off.
    """
    try:
        data = json.loads(_text(content))
    except (ValueError, RecursionError):
        raise Unreadable(
            tr("不是完整的笔记文件（JSON 读不通，可能被截断）", "not a whole notebook (the JSON is broken, or cut off)")
        ) from None
    if not isinstance(data, dict):
        raise Unreadable(tr("不是笔记文件", "not a notebook"))
    sheets = data.get("worksheets") if isinstance(data.get("worksheets"), list) else [data]
    raw = [cell for sheet in sheets if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))]
    if not any(isinstance(cell, dict) and "cell_type" in cell for cell in raw):
        raise Unreadable(tr("笔记里没有单元格", "a notebook without cells"))
    if len(raw) > MOST_CELLS:
        raise Unreadable(tr(f"有 {len(raw)} 个单元格", f"{len(raw)} cells"))
    codes = [(number, cell, _code(cell)) for number, cell in enumerate(raw, 1) if _is_code(cell)]
    if sum(len(code) for *_, code in codes) > MOST_CODE:
        raise Unreadable(tr("代码太长", "too much code"))
    cells = [_cell(number, cell, code) for number, cell, code in codes]
    return Notebook(tuple(cells), _dict(data.get("metadata")))


def read_bytes(path: Path) -> bytes:
    """Return the content of a file that may be anything; a pipe does not hang, a link is not followed.

    Raises:
        Unreadable: too large, a link, or it cannot be read.
    """
    try:
        if path.is_symlink() or not path.is_file():
            raise Unreadable(tr("不是普通文件", "not a plain file"))
        with open(path, "rb", opener=_no_link) as file:  # somebody may have put another file in its place meanwhile
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unreadable(tr("不是普通文件", "not a plain file"))
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Unreadable(tr(f"读不了：{error.strerror}", f"cannot be read: {error.strerror}")) from error
    if len(content) > LARGEST:
        raise Unreadable(tr("文件太大", "too large for a notebook"))
    return content


def _no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))


def parse(code: str) -> ast.Module:
    """Return the syntax tree of code that nobody trusts.

    Raises:
        ValueError: it is not Python, or so deeply nested that Python cannot read it; says why.
    """
    if len(code) > LONGEST_CELL:
        raise ValueError(f"{len(code)} characters in one cell")
    try:
        tree = ast.parse(code)
        if len(code) > DEEPEST and _depth(tree) > DEEPEST:
            raise ValueError(f"nested more than {DEEPEST} levels deep")
        return tree
    except SyntaxError as error:
        raise ValueError(f"SyntaxError: {error.msg} (line {error.lineno})") from error
    except (RecursionError, MemoryError, ValueError, OverflowError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error


def _depth(tree: ast.AST) -> int:
    level, depth = [tree], 0
    while level and depth <= DEEPEST:
        level, depth = [child for node in level for child in ast.iter_child_nodes(node)], depth + 1
    return depth


def _text(content: bytes) -> str:
    for mark, encoding in _BOMS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("gb18030", "replace")


def _code(raw: dict) -> str:
    source = raw.get("source", raw.get("input", ""))
    parts = source if isinstance(source, list) else [source]
    code = "".join(part for part in parts if isinstance(part, str)).replace("\r\n", "\n").replace("\r", "\n")
    return code.encode("utf-8", "replace").decode()  # half a character (\ud800) becomes ?


def _cell(number: int, raw: dict, code: str) -> Cell:
    tags = tuple(tag for tag in _list(_dict(raw.get("metadata")).get("tags")) if isinstance(tag, str))
    name = raw["id"] if isinstance(raw.get("id"), str) and _ID.fullmatch(raw["id"]) else ""
    for version in (code, plain_python(code)):
        try:
            return Cell(number, name, tags, version, parse(version))
        except ValueError as error:
            fault = f"{error}"
    return Cell(number, name, tags, code, None, fault)


def plain_python(code: str) -> str:
    """Return a cell without IPython's magic: lines such as ``%timeit …`` do nothing, and keep their place."""
    head = _OUTPUT_OF.sub(r"\1None", re.sub(r"\A(\s*)%%.*", r"\1pass", code))
    return _MAGIC.sub(lambda found: f"{found[1] or found[3] or ''}pass", head)


def _is_code(cell: object) -> bool:
    return isinstance(cell, dict) and cell.get("cell_type") == "code"


def _list(value: object) -> list:
    return value if isinstance(value, list) else []


def _dict(value: object) -> dict:
    return value if isinstance(value, dict) else {}
