"""The bar: seen while it runs, gone without a trace when it is done, in a notebook and in a terminal."""

import io
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from course_snn import language
from course_snn.course.execute import execute
from course_snn.course.store import canonical
from course_snn.language import tr
from course_snn.training import progress


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")
    monkeypatch.setattr(progress, "WAIT", 0.0)
    monkeypatch.setattr(progress, "SECONDS", 0.0)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def draw(monkeypatch, screen, **options):
    monkeypatch.setattr(sys, "stderr", screen)
    bar = progress.Bar(total=4, **options)
    for k in range(4 - bar.done):
        bar.advance(lambda k=k: tr(f"批 {k}", f"batch {k}"))
    bar.close()
    return screen.getvalue()


def test_terminal_shows_the_note_and_wipes_the_line(monkeypatch):
    shown = draw(monkeypatch, Terminal())
    assert "batch 2" in shown and "3/4" in shown and "\n" not in shown
    assert shown.rsplit("\r", 2)[-2].strip() == "" and shown.endswith("\r")


def test_a_resumed_bar_starts_where_the_run_does(monkeypatch):
    shown = draw(monkeypatch, Terminal(), done=2)
    assert "3/4" in shown and "1/4" not in shown


def test_silent_in_a_file_when_asked_and_in_short_runs(monkeypatch):
    assert draw(monkeypatch, io.StringIO()) == ""
    assert draw(monkeypatch, Terminal(), show=False) == ""
    monkeypatch.setattr(progress, "WAIT", 60.0)
    assert draw(monkeypatch, Terminal()) == ""


NOTEBOOK = """
from course_snn.language import tr
from course_snn.training import progress
progress.WAIT = progress.SECONDS = 0.0
sent = []
publish = get_ipython().display_pub.publish
get_ipython().display_pub.publish = lambda *args, **kw: (sent.append(kw or args), publish(*args, **kw))
print("before")
bar = progress.Bar(3)
for _ in range(3):
    bar.advance(lambda: tr("第 1 轮", "epoch 1"))
bar.close()
print("after")
get_ipython().display_pub.publish = publish
assert "<progress max=\\"3\\" value=\\"2\\">" in str(sent) and "epoch 1" in str(sent) and "第 1 轮" in str(sent), sent
"""


def test_a_notebook_stores_nothing_of_it(tmp_path):
    notebook = new_notebook(cells=[new_code_cell(NOTEBOOK)])
    failure = execute(notebook, "00", tmp_path).failure
    assert failure is None, failure
    raw = [output.get("data", {}) for output in notebook.cells[0].outputs if output.output_type != "stream"]
    assert raw == [] and not notebook.metadata.get("widgets")
    nbformat.validate(notebook)
    (output,) = canonical(notebook).cells[0].outputs
    assert output.text == "before\nafter\n"
