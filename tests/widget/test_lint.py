"""The page's JavaScript passes the linter, each module as it is joined, and a finding names the file it stands in."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from course_snn.widget import LIFExplorer
from course_snn.widget.base import module_text

ROOT = Path(__file__).resolve().parents[2]
spec = importlib.util.spec_from_file_location("lint_js", ROOT / "tools" / "lint_js.py")
lint_js = importlib.util.module_from_spec(spec)
spec.loader.exec_module(lint_js)


@pytest.fixture(autouse=True)
def _linter():
    if lint_js.linter() is None:
        missing = f"no JavaScript linter: {lint_js.INSTALL}"
        pytest.fail(missing) if os.environ.get("CI") == "true" else pytest.skip(missing)


def test_no_module_has_a_finding(tmp_path):
    modules = lint_js.sources()
    assert lint_js.lint(modules, tmp_path / "js") == []
    joined = (tmp_path / "js" / "LIFExplorer.mjs").read_text(encoding="utf-8")
    assert joined == module_text(*LIFExplorer.scripts)  # what the page gets
    everything = {path for folder in ("course_snn", "labextension") for path in (ROOT / folder).rglob("*.js")}
    assert {path for files in modules.values() for path in files} == everything


def test_a_finding_names_its_file_and_a_shared_name_may_be_used_by_one_of_two(tmp_path):
    texts = {
        "shared.js": "function used() { return 1; }\nfunction unused() { return 2; }\n",
        "one.js": "export const a = missing;\n",
        "two.js": "export const b = 1;\nif (b == 2) used();\n",
        "broken.js": "export const c = ;\n",
    }
    files = {name: tmp_path / name for name in texts}
    for name, path in files.items():
        path.write_text(texts[name], encoding="utf-8")
    modules = {f"{name}.mjs": [files["shared.js"], files[f"{name}.js"]] for name in ("one", "two", "broken")}
    found = [line.removeprefix(f"{tmp_path}{os.sep}") for line in lint_js.lint(modules, tmp_path / "js")]
    told = [(line.split(" ")[0], line.rsplit("/", 1)[-1].rstrip(")")) for line in found]
    assert ("shared.js:2:10", "noUnusedVariables") in told
    assert {("one.js:1:18", "noUndeclaredVariables"), ("two.js:2:7", "noDoubleEquals")} <= set(told)
    assert any(place.startswith("broken.js:1:") for place, _ in told)
    assert not any(place.startswith("shared.js:1:") and rule == "noUnusedVariables" for place, rule in told)
