"""Run what a widget computes in the page under node, without a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE

from course_snn.widget.base import PageWidget, module_text

# One line of JSON in, one out: [[function, arguments], …] -> [result, …]. NaN and Infinity come back as null.
SERVE = """
import {{ createInterface }} from 'node:readline';
import * as page from {module};
const plain = (key, value) => ArrayBuffer.isView(value) ? Array.from(value) : value;
for await (const line of createInterface({{ input: process.stdin }})) {{
  console.log(JSON.stringify(JSON.parse(line).map(([name, args]) => page[name](...args)), plain));
}}
"""


def node_binary() -> str:
    """The node inside playwright's wheel, else the one on PATH; the test is skipped where there is neither."""
    try:
        import playwright
    except ImportError:
        found = None
    else:
        driver = Path(playwright.__file__).parent / "driver"
        found = next((str(driver / name) for name in ("node", "node.exe") if (driver / name).exists()), None)
    found = found or shutil.which("node")
    if found is None:
        pytest.skip("no node: install playwright (its wheel holds one) or node itself")
    return found


class Page:
    """The exported functions of one widget's module: `page(name, *arguments)`, or many calls at once."""

    def __init__(self, widget: type[PageWidget], folder: Path) -> None:
        module = folder / f"{widget.__name__}.mjs"
        module.write_text(module_text(*widget.scripts), encoding="utf-8")
        self.errors = module.with_suffix(".log")
        command = [node_binary(), "--input-type=module", "--eval", SERVE.format(module=json.dumps(module.as_uri()))]
        with self.errors.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, encoding="utf-8"
            )

    def __call__(self, name: str, *arguments: Any) -> Any:
        return self.all([(name, arguments)])[0]

    def all(self, calls: list[tuple[str, tuple]]) -> list[Any]:
        """The results of several calls."""
        self.process.stdin.write(json.dumps([[name, list(arguments)] for name, arguments in calls]) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, self.errors.read_text(encoding="utf-8")
        return json.loads(answer)

    def close(self) -> None:
        self.process.communicate(timeout=PATIENCE)  # closes its stdin, which ends it
