"""The form of an answer: what is left of its code without what can be changed and nothing is changed.

Two answers have the same form if their syntax trees differ in these only:

- spaces, line breaks, brackets that change nothing, quotes, comments, docstrings, annotations, ``pass``;
- names of parameters, of local variables and of the helpers that the answer brings along;
- how a library is called: ``import torch as t`` and ``t.exp``, ``from torch import exp`` and ``exp``, ``torch.exp``;
- the order of keyword arguments and of helpers; code at the top of a cell that the answer does not use.

All else counts: constants (1 and 1.0 differ), operators and their order, attributes, methods, functions of libraries
and of the chapter. Code that Python cannot read is compared word by word. Nothing is run.
"""

from __future__ import annotations

import ast
import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from course_snn.course.classroom.scopes import COMPREHENSIONS, Scope, dotted, params, statement_binds
from course_snn.course.classroom.tolerant import parse

_PIECE = re.compile(
    r"""#[^\n]*|(?:\b[rbfuRBFU]{1,2})?(?:"{3}[\s\S]*?(?:"{3}|\Z)|'{3}[\s\S]*?(?:'{3}|\Z)"""
    r"""|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|\d[\w.]*|\w+|\s+|\*\*|//|[<>=!]=|[\s\S]"""
)
_CHECK = re.compile(r"^[ \t]*(?:\w+\.)*(?:check|require)\(\s*[\"']\d\d\..*$", re.MULTILINE)
_STRUCTURE = {"(", ")", "Name", "Expr", "Constant", "Call", "Assign", "Return", "args", "None", "BinOp", "UnaryOp"}
_STRUCTURE |= {"BoolOp", "Compare", "arguments", "Subscript", "Tuple", "List"}
_SKIPPED = {"ctx", "kind", "type_comment", "type_params", "type_ignores", "simple", "is_async"}


@dataclass(frozen=True)
class Form:
    """The form of one answer.

    Args:
        key: equal for equal forms.
        tree: whether it was made of the syntax tree; False if of the words.
        counts: how often each word stands in it, all names of the answer's own as "#".
        names: the names of the answer's own.
    """

    key: str
    tree: bool
    counts: Counter
    names: frozenset[str]


def form(code: str, answer: str, needs: Sequence[ast.stmt] = ()) -> Form:
    """Return the form of an answer.

    Args:
        code: its cell.
        answer: the expression that is checked, "euler_step".
        needs: statements of other cells that it may need.
    """
    try:
        body = [*needs, *parse(code).body]
        writer = _Writer(body)
        writer.answer(answer)
    except (ValueError, RecursionError, MemoryError):  # not Python, too deep, a number too long to be written
        found = words(without_check(code))
        return Form(_digest(["words", *found]), False, Counter(found), frozenset())
    counts = Counter("#" if one.startswith("#") else one for one in writer.out if one not in _STRUCTURE)
    return Form(_digest(writer.out), True, counts, frozenset(name for _, name in writer.numbers))


def pieces(code: str) -> list[str]:
    """Return the code cut into words, spaces and comments; joined they are the code again, whatever it is."""
    return _PIECE.findall(code)


def words(code: str) -> list[str]:
    """Return the words of the code, without spaces and comments."""
    return [piece for piece in pieces(code) if not piece.isspace() and not piece.startswith("#")]


def comments(code: str) -> set[str]:
    """Return the comments that say something, without their signs."""
    found = (piece.strip("# \t") for piece in pieces(code) if piece.startswith("#"))
    return {text for text in found if len(text) > 2}


def without_check(code: str) -> str:
    """Return the code of a cell without the line that checks it, and without spaces at the ends of lines."""
    lines = [line.rstrip() for line in _CHECK.sub("", code).split("\n")]
    return "\n".join(lines).strip("\n")


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


class _Writer:
    """Writes trees as a flat list of words, in which own names are numbers in the order in which they come up."""

    def __init__(self, body: Sequence[ast.stmt]) -> None:
        self.out: list[str] = []
        self.numbers: dict[tuple[int, str], int] = {}  # (scope, name)
        self._module, self._keep = Scope("module", None, body), []
        self._makers: dict[str, list[ast.stmt]] = {}
        for statement in body:
            for name in statement_binds(statement):
                self._makers.setdefault(name, []).append(statement)
        self._waiting: list[ast.stmt] = []

    def answer(self, expression: str) -> None:
        """Write the expression, then every statement that made a name in it, and so on."""
        self._node(ast.parse(expression.strip(), mode="eval").body, self._module)
        done = set()
        while self._waiting:
            statement = self._waiting.pop(0)
            if id(statement) not in done:
                done.add(id(statement))
                self._block([statement], self._module)

    def _inner(self, kind: str, parent: Scope, body: Sequence[ast.AST], names: Sequence[str] = ()) -> Scope:
        made = Scope(kind, parent, body, names)
        self._keep.append(made)  # its id must stay its own
        return made

    def _name(self, name: str, scope: Scope) -> str:
        home = scope.home(name)
        if home is None:
            return f"global {name}"
        if home.kind == "class":
            return f".{name}"
        if name in home.imports:
            return f"global {home.imports[name]}"
        if home is self._module and (id(home), name) not in self.numbers:
            self._waiting += self._makers.get(name, ())
        return f"#{self.numbers.setdefault((id(home), name), len(self.numbers))}"

    def _node(self, node: object, scope: Scope) -> None:
        if isinstance(node, list):
            self.out.append("(")
            for item in node:
                self._node(item, scope)
            self.out.append(")")
        elif not isinstance(node, ast.AST):
            self.out.append(repr(node))
        elif special := getattr(self, f"_{type(node).__name__}", None):
            special(node, scope)
        elif isinstance(node, COMPREHENSIONS):
            self._comprehension(node, scope)
        else:
            self.out.append(type(node).__name__)
            for name, value in ast.iter_fields(node):
                self._field(name, value, scope)

    def _field(self, name: str, value: object, scope: Scope) -> None:
        if name in ("body", "orelse", "finalbody") and isinstance(value, list):
            self._block(value, scope)
        elif name in ("name", "rest") and isinstance(value, str):  # of an exception, or of a part of a pattern
            self.out.append(self._name(value, scope))
        elif name not in _SKIPPED:
            self._node(value, scope)

    def _block(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        self.out.append("(")
        for statement in body:
            if not _says_nothing(statement):
                self._node(statement, scope)
        self.out.append(")")

    def _Name(self, node: ast.Name, scope: Scope) -> None:
        self.out.append(self._name(node.id, scope))

    def _Attribute(self, node: ast.Attribute, scope: Scope) -> None:
        if path := dotted(node):
            root = self._name(path[0], scope)
            if root.startswith("global "):
                self.out.append(".".join([root, *path[1:]]))
                return
        self._node(node.value, scope)
        self.out.append(f".{node.attr}")

    def _Constant(self, node: ast.Constant, scope: Scope) -> None:
        self.out.append(repr(node.value))

    def _AnnAssign(self, node: ast.AnnAssign, scope: Scope) -> None:
        self._node(ast.Assign([node.target], node.value), scope)

    def _Call(self, node: ast.Call, scope: Scope) -> None:
        self.out.append("Call")
        self._node(node.func, scope)
        self._node(node.args, scope)
        own = scope.function(node.func.id) if isinstance(node.func, ast.Name) else None
        places = {one.arg: f"{place:03}" for place, one in enumerate(params(own.args))} if own else {}
        named = [(places.get(one.arg or "", one.arg or ""), one) for one in node.keywords]
        if all(name for name, _ in named):  # after **more the order may matter
            named.sort(key=lambda pair: pair[0])
        for name, one in named:
            self.out.append(f"{name}=")
            self._node(one.value, scope)

    def _FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> None:
        self.out += [type(node).__name__, self._name(node.name, scope)]
        self._node(node.decorator_list, scope)
        self._block(node.body, self._called_with(node.args, node.body, scope))

    _AsyncFunctionDef = _FunctionDef

    def _Lambda(self, node: ast.Lambda, scope: Scope) -> None:
        self.out.append("Lambda")
        self._node(node.body, self._called_with(node.args, [node.body], scope))

    def _called_with(self, args: ast.arguments, body: Sequence[ast.AST], scope: Scope) -> Scope:
        """Write parameters and their defaults; return the scope of the body."""
        self._node([args.defaults, args.kw_defaults], scope)
        every = [*params(args), *filter(None, (args.vararg, args.kwarg))]
        inner = self._inner("function", scope, body, [one.arg for one in every])
        kinds = (len(args.posonlyargs), len(args.args), len(args.kwonlyargs), bool(args.vararg), bool(args.kwarg))
        self.out.append("args")
        self.out += [f"args {kinds}", *(self._name(one.arg, inner) for one in every)]
        return inner

    def _ClassDef(self, node: ast.ClassDef, scope: Scope) -> None:
        self.out += ["ClassDef", self._name(node.name, scope)]
        self._node([node.decorator_list, node.bases, node.keywords], scope)
        self._block(node.body, self._inner("class", scope, node.body))

    def _comprehension(self, node: ast.AST, scope: Scope) -> None:
        generators: list[ast.comprehension] = node.generators  # ty: ignore[unresolved-attribute]
        stored = [one for part in generators for one in ast.walk(part.target) if isinstance(one, ast.Name)]
        inner = self._inner("function", scope, [], [one.id for one in stored])
        self.out.append(type(node).__name__)
        for number, part in enumerate(generators):
            self._node(part.iter, inner if number else scope)
            self._node([part.target, part.ifs], inner)
        results = [getattr(node, name) for name in ("elt", "key", "value") if hasattr(node, name)]
        self._node(results, inner)


def _says_nothing(node: ast.stmt) -> bool:
    """Whether a statement changes nothing: a docstring, ``...``, an annotation, an import (names tell)."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    return isinstance(node, (ast.Pass, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal))
