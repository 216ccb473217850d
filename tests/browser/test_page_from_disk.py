"""A chapter's page opened from the disk: the switch works, widgets live, nothing is fetched."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from driver import browser_page
from playwright.sync_api import expect

from course_snn.course.page import FIGURE_MIME, STATE_MIME, VIEW_MIME, page

COUNTER = """
export default {
  initialize({ model }) { model.set('count', model.get('count') + 1); },
  render({ model, el }) {
    const button = el.appendChild(document.createElement('button'));
    const show = () => { button.textContent = `count ${model.get('count')} bytes ${model.get('data').byteLength}`; };
    button.className = 'counter';
    button.onclick = () => { model.set('count', model.get('count') + 1); model.save_changes(); };
    model.on('change:count', show);
    show();
  }
};
"""
BROKEN = "export default { render() { throw new Error('no') } };"
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg=="


@pytest.fixture
def built(tmp_path: Path) -> Path:
    v4 = nbformat.v4
    states = {
        "one": {
            "state": {"_esm": COUNTER, "count": 3},
            "buffers": [{"path": ["data"], "encoding": "base64", "data": "AAECAw=="}],
        },
        "two": {"state": {"_esm": BROKEN}, "buffers": []},
    }
    cells = [v4.new_markdown_cell('<div lang="zh">\n\n中文 $x$\n\n</div>\n\n<div lang="en">\n\nEnglish $x$\n\n</div>')]
    for data in (
        {VIEW_MIME: {"model_id": "one"}, "image/png": PIXEL},
        {VIEW_MIME: {"model_id": "two"}, "image/png": PIXEL},
        {FIGURE_MIME: {"zh": PIXEL}, "image/png": PIXEL},
    ):
        cells.append(v4.new_code_cell("show()", outputs=[v4.new_output("display_data", data)]))
    notebook = v4.new_notebook(cells=cells, metadata={"widgets": {STATE_MIME: {"state": states}}})
    path = tmp_path / "page.html"
    path.write_text(page(notebook, "页", "Page", "both"), encoding="utf-8")
    return path


def test_a_page_from_the_disk(built: Path, tmp_path: Path, shots: Path) -> None:
    with browser_page(tmp_path / "profile") as tab:
        fetched: list[str] = []
        tab.on("request", lambda request: fetched.append(request.url))
        tab.goto(built.as_uri())
        english = tab.locator("main").get_by_text("English")

        counter = tab.locator(".counter")
        expect(counter).to_have_text("count 4 bytes 4")  # initialize ran, and the binary value came back
        counter.click()
        expect(counter).to_have_text("count 5 bytes 4")
        expect(tab.locator(".course-widget")).to_have_count(1)  # the broken one stays its picture
        expect(tab.locator(".course-widget img")).to_be_visible()

        expect(english).to_be_visible()
        tab.get_by_role("button", name="中文").click()
        expect(english).to_be_hidden()
        expect(tab.locator(".figure-zh")).to_be_visible()
        expect(tab.locator(".figure-en")).to_be_hidden()
        tab.get_by_role("button", name="English").click()
        expect(english).to_be_visible()
        expect(tab.locator(".figure-en")).to_be_visible()
        expect(tab.locator(".figure-zh")).to_be_hidden()
        tab.screenshot(path=shots / "page.png")

        tab.reload()
        assert tab.evaluate("document.body.dataset.courseLang") == "en"  # remembered
        assert [url for url in fetched if not url.startswith(("file:", "blob:", "data:"))] == []
        assert tab.errors == []
