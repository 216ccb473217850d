"""The language switch in a real JupyterLab: prose, figures, contents, menus, memory."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import matplotlib as mpl
import nbformat
import pytest
from driver import LabPage, Server, new_page
from matplotlib.figure import Figure
from PIL import Image
from playwright.sync_api import BrowserContext, expect

from course_snn import figure
from course_snn.course.store import canonical, serialise
from course_snn.language import tr

FIGURE = ".course-figure img"
SAVED = "course-lang/plugin.jupyterlab-settings"


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
    shown = v4.new_code_cell("'figure'", execution_count=1)
    shown.outputs = [
        v4.new_output(
            "display_data",
            {"image/png": ENGLISH, "application/vnd.course-snn.figure+json": {"zh": CHINESE}, "text/plain": "curve"},
            metadata={"image/png": {"width": 100}},
        )
    ]
    cells = [v4.new_markdown_cell(f"# {heading}"), v4.new_markdown_cell(prose), shown]
    path = tmp_path_factory.mktemp("source") / "bilingual.ipynb"
    path.write_text(serialise(canonical(v4.new_notebook(cells=cells))), encoding="utf-8")
    return [path, chapter(path.with_name("01_chapter.ipynb"))]


def chapter(path: Path) -> Path:
    """A chapter by its name, with a figure as the course draws it and more prose than fits on a line."""
    with mpl.rc_context():
        figure.use_style()
        drawn = Figure(figsize=(7, 2))
        drawn.subplots().set_title(tr("标题", "title"))
        data = figure.bundle(drawn)
    cell = nbformat.v4.new_code_cell("'drawn'", execution_count=1)
    cell.outputs = [nbformat.v4.new_output("display_data", data, metadata=figure.metadata(data))]
    prose = '<div lang="zh">\n\n字\n\n</div>\n\n<div lang="en">\n\n' + "One sentence is long. " * 40 + "\n\n</div>"
    damaged = {"image/png": data["image/png"], figure.MIME: {"zh": "@@@", "dark": {"en": "%%%", "zh": [1]}}}
    half = nbformat.v4.new_code_cell("'half'", execution_count=2)
    half.outputs = [nbformat.v4.new_output("display_data", damaged, metadata=figure.metadata(data))]
    cells = [nbformat.v4.new_markdown_cell(prose), cell, half]
    path.write_text(serialise(canonical(nbformat.v4.new_notebook(cells=cells))), encoding="utf-8")
    return path


PIXEL = """async image => {
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
    canvas.getContext('2d').drawImage(image, 0, 0);
    return [...canvas.getContext('2d').getImageData(0, 0, 1, 1).data].slice(0, 3);
}"""


def figure_colour(lab: LabPage) -> str:
    return {(0, 0, 128): "en", (178, 34, 34): "zh"}[tuple(lab.page.locator(FIGURE).evaluate(PIXEL))]


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


def test_figures_are_dark_on_a_dark_page_in_both_languages(lab: LabPage, shots: Path) -> None:
    lab.open_notebook("01_chapter.ipynb")
    shown, damaged = lab.page.locator(FIGURE).first, lab.page.locator(FIGURE).last
    shown.wait_for()
    seen = {}
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        lab.page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        light = str(theme.endswith("Light")).lower()
        lab.page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=light)
        for lang in ("zh", "en"):
            lab.switch_language(lang)
            assert shown.evaluate(PIXEL) == [255 if light == "true" else 0x11] * 3
            assert damaged.evaluate(PIXEL) == [255] * 3  # its light English picture, whatever is wrong beside it
            seen[theme, lang] = shown.evaluate("image => fetch(image.src).then(r => r.blob()).then(b => b.text())")
        lab.screenshot(shots / f"figure_{theme.split()[-1]}.png")
    assert len(set(seen.values())) == 4


def test_a_chapter_is_as_wide_as_its_figures(lab: LabPage) -> None:
    lab.open_notebook("01_chapter.ipynb")
    lab.page.locator(FIGURE).first.wait_for()
    size = "e => e.getBoundingClientRect().width"
    figure_width = lab.page.locator(FIGURE).first.evaluate(size)
    assert lab.page.locator(".jp-MarkdownOutput > div[lang=en]").evaluate(size) == pytest.approx(figure_width, abs=2)
    letters = """p => {
        const range = document.createRange(), text = p.firstChild, top = () => range.getBoundingClientRect().height;
        range.setStart(text, 0);
        for (let k = 1; k < text.length; k++) { range.setEnd(text, k); if (top() > 40) return k; }
        return text.length;
    }"""
    assert 60 <= lab.page.locator(".jp-MarkdownOutput > div[lang=en] p").evaluate(letters) <= 95  # in one line


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


SLOW_TO_SAVE = """(() => {
    const send = window.fetch;
    window.fetch = async (...request) => {
        const { method, url } = request[0];
        if (method === 'PUT' && url.includes('course-lang')) await new Promise(done => setTimeout(done, 500));
        return send(...request);
    };
})()"""


def test_a_page_that_was_left_writes_nothing_into_the_next_one(
    lab: LabPage, server: Server, window: BrowserContext
) -> None:
    """What the other tests stand on: a page starts with the settings that it was given."""
    page = new_page(window)
    page.add_init_script(SLOW_TO_SAVE)
    before = LabPage(page, server)
    before.open_notebook("bilingual.ipynb")
    before.switch_language("zh")  # on being left this page makes the menus Chinese
    page.evaluate("jupyterapp.commands.execute('course-lang:both') && null")
    before.leave()
    assert '"lang": "both"' in (server.settings / SAVED).read_text(encoding="utf-8")
    lab.open_notebook("bilingual.ipynb")
    assert not list((server.settings / "@jupyterlab" / "translation-extension").glob("*.jupyterlab-settings"))
    assert "File" in lab.menus()


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
