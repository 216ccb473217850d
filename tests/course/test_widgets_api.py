"""What the server tells of the widgets is what the package says, without importing torch."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from patience import PATIENCE

from course_snn.course.server import widgets_api
from course_snn.widget import stored

ROOT = Path(__file__).resolve().parents[2]


def test_the_catalogue_is_up_to_date() -> None:
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import catalogue
    finally:
        sys.path.remove(str(ROOT / "tools"))
    assert catalogue.FILE.read_text(encoding="utf-8") == catalogue.text(), "run: uv run python tools/catalogue.py"


def test_the_module_is_the_class_s_own_and_says_what_it_accepts() -> None:
    for name in stored.names():
        text = widgets_api.module(name)
        whole = stored.module(name)
        assert text.startswith(whole)
        said = text[len(whole) :].strip().removeprefix("export const catalogue = ").removesuffix(";")
        assert json.loads(said) == json.loads(json.dumps(stored.catalogue()[name]))


def test_the_server_does_not_load_torch() -> None:
    code = "import sys; from course_snn.course.server import widgets_api as w; w.module('DrawDigit')"
    code += "; print({'torch', 'numpy', 'course_snn.widget'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE)
    assert done.stdout.strip() == "set()", done.stderr
