"""Which names a piece of code binds, and to which of its functions a name belongs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Scope:
    """The names of a module, function, comprehension or class.

    Args:
        kind: "module", "function" or "class".
        parent: the scope around it; None for a module.
        body: what stands in it.
        names: those it has from the start, such as parameters.
    """

    def __init__(self, kind: str, parent: Scope | None, body: Sequence[ast.AST], names: Sequence[str] = ()) -> None:
        self.kind, self.parent = kind, parent
        self.bound, self.imports = set(names), {}
        self._functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self._elsewhere: dict[str, str] = {}  # names of ``global`` and ``nonlocal``
        imported: dict[str, set[str]] = {}
        for name, meaning in _bindings(body):
            if isinstance(meaning, str):
                imported.setdefault(name, set()).add(meaning)
            elif isinstance(meaning, (ast.Global, ast.Nonlocal)):
                if parent is not None:  # at the top it says nothing
                    self._elsewhere[name] = "module" if isinstance(meaning, ast.Global) else "function"
            else:
                self._function(name, meaning)
                self.bound.add(name)
        for name, meanings in imported.items():
            if name not in self.bound and len(meanings) == 1:
                self.imports[name] = meanings.pop()
            self.bound.add(name)
        self.bound -= set(self._elsewhere)

    def _function(self, name: str, node: ast.AST) -> None:
        if isinstance(node, _FUNCTIONS) and name not in self.bound:
            self._functions[name] = node
        else:
            self._functions.pop(name, None)  # defined twice: who knows which is called

    def home(self, name: str) -> Scope | None:
        """Return the scope that a name belongs to here; None for what comes from outside the code."""
        scope, start = self, True
        while scope is not None:
            kind = scope._elsewhere.get(name) if start or scope.kind != "class" else None
            if kind == "module":
                while scope.parent is not None:
                    scope = scope.parent
                return scope if name in scope.bound else None
            if kind is None and name in scope.bound and (start or scope.kind != "class"):
                return scope
            scope, start = scope.parent, False
        return None

    def function(self, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return the definition of the function of that name, if the code has just one."""
        home = self.home(name)
        return home._functions.get(name) if home and home.kind != "class" else None


def params(args: ast.arguments) -> list[ast.arg]:
    """Return the parameters that have a name of their own, in order."""
    return [*args.posonlyargs, *args.args, *args.kwonlyargs]


def dotted(node: ast.Attribute) -> list[str] | None:
    """Return ["torch", "nn", "functional"] for ``torch.nn.functional``; None if it does not begin with a name."""
    path, inner = [], node
    while isinstance(inner, ast.Attribute):
        path.append(inner.attr)
        inner = inner.value
    return [inner.id, *reversed(path)] if isinstance(inner, ast.Name) else None


def statement_binds(node: ast.stmt) -> set[str]:
    """Return the names that a statement binds, or changes a part of: ``table["x"] = 1``."""
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    roots = {root for target in targets if (root := _root(target))}
    return roots | {name for name, _ in _bindings([node])}


def _root(target: ast.AST | None) -> str:
    while isinstance(target, (ast.Subscript, ast.Attribute)):
        target = target.value
    return target.id if isinstance(target, ast.Name) else ""


def _bindings(body: Sequence[ast.AST]) -> Iterator[tuple[str, ast.AST | str]]:
    """Yield each name that is bound in ``body``, not in functions and classes in it, and by what.

    An import says what the name means, as text: "torch.nn.functional".
    """
    waiting = [(node, False) for node in reversed(body)]
    while waiting:
        node, inside = waiting.pop()  # inside a comprehension only := binds
        yield from _binding(node, inside)
        if not isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.Lambda)):
            inside = inside or isinstance(node, COMPREHENSIONS)
            waiting += [(child, inside) for child in reversed([*ast.iter_child_nodes(node)])]


def _binding(node: ast.AST, inside: bool) -> Iterator[tuple[str, ast.AST | str]]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if not inside:
            yield name, node
        case ast.NamedExpr(target=ast.Name(id=name)):
            yield name, node
        case ast.FunctionDef(name=str(name)) | ast.AsyncFunctionDef(name=str(name)) | ast.ClassDef(name=str(name)):
            yield name, node
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name, node
        case ast.MatchMapping(rest=str(name)):
            yield name, node
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            yield from ((name, node) for name in names)
        case ast.Import(names=names):
            for one in names:
                root = one.name.partition(".")[0]
                yield (one.asname, one.name) if one.asname else (root, root)
        case ast.ImportFrom(names=names):
            home = "." * node.level + (node.module or "")
            for one in names:
                yield one.asname or one.name, f"{home}.{one.name}"
