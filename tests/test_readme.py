"""The READMEs say what was measured, and point at what is there."""

import importlib.util
import json
import re

import pytest
from bilingual import ROOT

spec = importlib.util.spec_from_file_location("readme_table", ROOT / "tools" / "readme_table.py")
readme_table = importlib.util.module_from_spec(spec)
spec.loader.exec_module(readme_table)

PAGES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}


@pytest.mark.parametrize("lang", PAGES)
def test_the_chapter_table_is_what_the_last_run_measured(lang):
    report = json.loads(readme_table.RESULTS.read_text(encoding="utf-8"))
    text = PAGES[lang].read_text(encoding="utf-8")
    assert readme_table.filled(lang, text, report) == text
    assert report["ok"] and {row["chapter"] for row in report["chapters"]} == {
        path.name[:2] for path in (ROOT / "notebooks").glob("*.ipynb")
    }


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_links_and_pictures_are_there(name):
    targets = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


def test_both_pages_show_the_same_commands():
    pages = [page.read_text(encoding="utf-8") for page in PAGES.values()]
    commands = [sorted(re.findall(r"uv run course-snn \w+", page)) for page in pages]
    assert commands[0] == commands[1] != []
