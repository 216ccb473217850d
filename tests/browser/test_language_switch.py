"""The language switch in a real JupyterLab: prose, figures, contents, menus, memory."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import nbformat
import pytest
from driver import LabPage
from PIL import Image
from playwright.sync_api import expect

from course_snn.course.store import canonical, serialise

FIGURE = ".course-figure img"


def png(colour: str) -> str:
    out = io.BytesIO()
    Image.new("RGB", (200, 100), colour).save(out, "PNG")
    return base64.b64encode(out.getvalue()).decode()


ENGLISH, CHINESE = png("navy"), png("firebrick")


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    v4 = nbformat.v4
    heading = '<span lang="zh">膜电位</span><span class="lang-sep"> · </span><span lang="en">Membrane</span>'
    prose = (
        '<div lang="zh">\n\n电位**上升**，$\\tau$ 大则慢。\n\n</div>\n\n'
        '<div lang="en">\n\nThe voltage **rises**, slowly if $\\tau$ is large.\n\n</div>'
    )
    figure = v4.new_code_cell("'figure'", execution_count=1)
    figure.outputs = [
        v4.new_output(
            "display_data",
            {"image/png": ENGLISH, "application/vnd.course-snn.figure+json": {"zh": CHINESE}, "text/plain": "curve"},
            metadata={"image/png": {"width": 100}},
        )
    ]
    cells = [v4.new_markdown_cell(f"# {heading}"), v4.new_markdown_cell(prose), figure]
    path = tmp_path_factory.mktemp("source") / "bilingual.ipynb"
    path.write_text(serialise(canonical(v4.new_notebook(cells=cells))), encoding="utf-8")
    return [path]


def figure_colour(lab: LabPage) -> str:
    source = lab.page.locator(FIGURE).get_attribute("src")
    return {ENGLISH: "en", CHINESE: "zh"}[source.removeprefix("data:image/png;base64,")]


def test_it_hides_the_other_language_and_everything_follows(lab: LabPage, shots: Path) -> None:
    lab.open_notebook("bilingual.ipynb")
    lab.page.wait_for_selector(FIGURE)
    english, chinese = "The voltage", "电位"

    assert lab.language() == "en"  # a system and a browser in English
    assert lab.shows(english)
    assert not lab.shows(chinese)
    assert figure_colour(lab) == "en"
    assert lab.contents() == ["Membrane"]
    lab.screenshot(shots / "switch_en.png")

    lab.switch_language("zh")
    assert lab.shows(chinese)
    assert not lab.shows(english)
    assert figure_colour(lab) == "zh"
    expect(lab.page.locator(".jp-tocItem-content")).to_have_text(["膜电位"])

    lab.switch_language("both")
    assert lab.shows(chinese)
    assert lab.shows(english)
    assert figure_colour(lab) == "zh"
    expect(lab.page.locator(".jp-tocItem-content")).to_have_text(["膜电位 · Membrane"])

    lab.switch_language("en")
    assert lab.shows(english)
    assert not lab.shows(chinese)
    expect(lab.page.locator(".jp-tocItem-content")).to_have_text(["Membrane"])


def test_the_notebook_was_not_trusted(lab: LabPage) -> None:
    lab.open_notebook("bilingual.ipynb")
    trusted = "window.jupyterapp.shell.currentWidget.content.widgets.find(c => c.model.type === 'code').model.trusted"
    assert lab.page.evaluate(trusted) is False
    lab.page.wait_for_selector(FIGURE)
    assert lab.page.locator(FIGURE).evaluate("image => [image.naturalWidth, image.width, image.alt]") == [
        200,
        100,
        "curve",
    ]


def test_hidden_formulas_are_typeset_at_their_size(lab: LabPage) -> None:
    lab.open_notebook("bilingual.ipynb")
    formulas = lab.page.locator("mjx-container")
    expect(formulas).to_have_count(2)
    lab.switch_language("both")
    widths = formulas.evaluate_all("nodes => nodes.map(node => node.getBoundingClientRect().width)")
    assert widths[0] == pytest.approx(widths[1])
    assert widths[0] > 3


def test_button_and_shortcut_go_round(lab: LabPage) -> None:
    lab.open_notebook("bilingual.ipynb")
    button = lab.page.locator('.jp-NotebookPanel-toolbar [data-command="course-lang:cycle"]')
    expect(button).to_have_text("EN")
    button.click()
    expect(button).to_have_text("中/EN")
    lab.page.keyboard.press("Alt+l")
    expect(button).to_have_text("中")
    assert lab.shows("电位")


def test_choice_is_remembered_and_the_menus_follow_after_a_reload(lab: LabPage, shots: Path) -> None:
    lab.open_notebook("bilingual.ipynb")
    assert "File" in lab.menus()
    lab.switch_language("zh")
    offer = lab.page.get_by_role("button", name="重新载入")
    offer.wait_for()
    lab.switch_language("en")  # the menus are English already: nothing to offer any more
    expect(offer).to_have_count(0)
    lab.switch_language("zh")
    offer.wait_for()
    lab.screenshot(shots / "switch_offer.png")
    offer.click()
    lab.page.wait_for_function("document.querySelector('#jp-MainMenu')?.innerText.includes('文件')")
    lab.wait_loaded()
    assert lab.language() == "zh"
    assert not lab.shows("The voltage")
    lab.screenshot(shots / "switch_zh.png")

    lab.switch_language("en")
    lab.page.get_by_role("button", name="Reload", exact=True).wait_for()
    lab.reload()
    assert lab.language() == "en"
    assert "File" in lab.menus()


def test_python_reads_what_the_switch_saved(lab: LabPage) -> None:
    lab.open_notebook("bilingual.ipynb")
    lab.set_cell("'figure'", "from course_snn.language import language\nprint('spoken:', language())")
    lab.run_cell()
    output = lab.page.locator(".jp-OutputArea-output", has_text="spoken:")
    expect(output).to_have_text("spoken: en")
    lab.switch_language("zh")
    lab.page.wait_for_function("document.querySelector('.jp-toast-button, .Toastify__toast') !== null")
    lab.run_cell()
    expect(output).to_have_text("spoken: zh")


def test_a_setting_that_changes_afterwards_asks_no_questions(lab: LabPage) -> None:
    lab.open_notebook("bilingual.ipynb")
    lab.switch_language("zh")
    lab.page.get_by_role("button", name="重新载入").wait_for()
    seen = """async () => {
      await window.jupyterapp.commands.execute('apputils:change-theme', { theme: 'JupyterLab Dark' });
      const { settings } = window.jupyterapp.serviceManager;
      return (await settings.fetch('@jupyterlab/apputils-extension:themes')).schema.title;
    }"""
    title = lab.page.evaluate(seen)
    lab.page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    expect(lab.page.locator(".jp-Dialog")).to_have_count(0)
    assert title == "Theme"  # what the server hands out is in the language of the page until the page is left
