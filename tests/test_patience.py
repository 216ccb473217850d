"""No test depends on how fast a machine is: whoever waits for something waits as long as patience.py says."""

import ast
from pathlib import Path

import patience
import pytest

WAITS = {"wait", "join", "communicate", "get"}  # of processes, threads, barriers and queues


def impatient(source: str) -> list[int]:
    """The lines that wait for a number of seconds of their own."""
    found = []
    for call in (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)):
        named = [word.value for word in call.keywords if word.arg == "timeout"]
        if isinstance(call.func, ast.Attribute) and call.func.attr in WAITS:
            named += call.args[:1]
        if any(isinstance(value, ast.Constant) and isinstance(value.value, int | float) for value in named):
            found.append(call.lineno)
    return found


def test_nobody_waits_for_a_time_of_his_own(root: Path) -> None:
    found = [
        f"{path.relative_to(root)}:{line}"
        for path in sorted((root / "tests").rglob("*.py"))
        for line in impatient(path.read_text(encoding="utf-8"))
    ]
    assert not found, f"wait for patience.PATIENCE instead: {', '.join(found)}"


def test_such_a_wait_would_be_seen() -> None:
    for line in ("subprocess.run(x, timeout=60)", "process.wait(20)", "barrier.wait(timeout=0.5)", "thread.join(5)"):
        assert impatient(f"pass\n{line}") == [2], line
    for line in ("subprocess.run(x, timeout=PATIENCE)", "process.wait()", "', '.join(x)", "asks(5)"):
        assert impatient(line) == [], line


def test_what_never_holds_ends_in_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = iter([False, False, True])
    patience.until(lambda: next(seen))
    monkeypatch.setattr(patience, "PATIENCE", 0)
    with pytest.raises(TimeoutError):
        patience.until(lambda: False)
