"""The READMEs say what was measured, and point at what is there."""

import importlib.util
import itertools
import json
import re

import pytest
from bilingual import ROOT
from PIL import Image

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
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#]+)\)", text) + re.findall(r'\bsrc(?:set)?="([^"]+)"', text)
    assert [target for target in targets if "://" not in target and not (ROOT / target).exists()] == []


@pytest.mark.parametrize("lang", PAGES)
def test_every_picture_is_described_small_and_still_where_motion_is_unwanted(lang):
    text = PAGES[lang].read_text(encoding="utf-8")
    described = re.findall(r"!\[(.*?)\]", text) + re.findall(r"<img [^>]*alt=\"([^\"]*)\"", text)
    assert len(described) == text.count("![") + text.count("<img") >= 5 and all(described)
    animations = set(re.findall(r'"(assets/hero/\w+)_(?:light|dark)\.webp"', text))
    assert len(animations) == 4
    for name, theme in itertools.product(animations, ("light", "dark")):
        assert f'"{name}_{theme}.webp"' in text and f'"{name}_{theme}_still.webp"' in text
        with (
            Image.open(ROOT / f"{name}_{theme}.webp") as film,
            Image.open(ROOT / f"{name}_{theme}_still.webp") as still,
        ):
            assert film.n_frames > 10 and getattr(still, "n_frames", 1) == 1
            assert film.size == still.size and 480 <= film.width <= 640
    pictures = re.findall(r'(?:\]\(|")(assets/[^)"]+)', text)
    assert max((ROOT / picture).stat().st_size for picture in pictures if "results" not in picture) <= 400_000


def test_every_animation_is_shown():
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES.values())
    assert [path.name for path in (ROOT / "assets" / "hero").iterdir() if f"assets/hero/{path.name}" not in text] == []


def test_the_claim_on_running_times_is_what_the_last_run_measured():
    seconds = sorted(row["seconds"] for row in json.loads(readme_table.RESULTS.read_text(encoding="utf-8"))["chapters"])
    assert len(seconds) == 17 and seconds[-2] < 5 * 60 and 6 * 60 + 20 < seconds[-1] < 6 * 60 + 40
    for page, words in (("en", ("sixteen of the seventeen", "six and a half")), ("zh", ("十七章里有十六章", "六分半"))):
        assert all(word in PAGES[page].read_text(encoding="utf-8") for word in words)


def test_both_pages_show_the_same_commands():
    pages = [page.read_text(encoding="utf-8") for page in PAGES.values()]
    commands = [sorted(re.findall(r"uv run course-snn \w+", page)) for page in pages]
    assert commands[0] == commands[1] != []
