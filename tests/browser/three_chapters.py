"""Three small chapters with exercises, and the steps of a learner who goes through them with the course panel."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from driver import PANEL, LabPage
from ipykernel.ipkernel import IPythonKernel

from course_snn.course.store import canonical, serialise

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
ROW, GO, END = ".course-chapter", ".course-go", f"{PANEL} .course-end"
ACTIVE = """() => {
  const panel = window.jupyterapp.shell.currentWidget, cell = panel?.content?.activeCell;
  if (!cell?.node.isConnected) return null;
  const box = cell.node.getBoundingClientRect(), frame = panel.content.outerNode.getBoundingClientRect();
  const shown = box.top > frame.top - 30 && box.top < frame.bottom - 30;
  return shown ? `${panel.context.path} ${cell.model.id}` : null;
}"""


def heading(zh: str, en: str, level: int = 2) -> str:
    mark = "#" * level
    return f'{mark} <span lang="zh">{zh}</span><span class="lang-sep"> · </span><span lang="en">{en}</span>'


def prose(zh: str, en: str) -> str:
    return f'<div lang="zh">\n\n{zh}\n\n</div>\n\n<div lang="en">\n\n{en}\n\n</div>'


def chapter(path: Path, title: str, minutes: int, *cells: tuple[str, str]) -> Path:
    table = prose(f"| 阅读 |\n|---|\n| 约 {minutes} 分钟 |", f"| Reading |\n|---|\n| about {minutes} minutes |")
    rows = [("title", heading("标题", title, 1)), ("goals", table), ("begin", "from course_snn import course"), *cells]
    made = [
        getattr(nbformat.v4, f"new_{kind}_cell")(source, id=name)
        for name, source in rows
        for kind in ["code" if name.startswith(("ex-", "begin", "code")) else "markdown"]
    ]
    notebook = canonical(nbformat.v4.new_notebook(cells=made))
    notebook.metadata = {"kernelspec": KERNEL, "language_info": dict(IPythonKernel.language_info)}
    path.write_text(serialise(notebook), encoding="utf-8")
    return path


def exercise(name: str) -> tuple[str, str]:
    function = name[3:]
    return f"ex-{name.replace('.', '-')}", f'def {function}(*_):\n    ...\n\n\ncourse.check("{name}", {function})'


def long(name: str) -> tuple[str, str]:
    return name, prose("很长的一段。\n\n" * 12, "A long passage.\n\n" * 12)


LEAK = prose("电荷从膜上漏走。", "Charge leaks through the membrane.")
LINKS = (
    "from IPython.display import HTML\n"
    'HTML(\'<a class="jump" data-course-exercise="03.wire" href="03_synapses.ipynb">to the wiring</a>\')'
)


def three_chapters(folder: Path) -> list[Path]:
    """Write the chapters into a folder."""
    one, two = (
        ("h-one", heading("练习 1：走一步", "Exercise 1: one step", 3)),
        ("h-two", heading("基强度", "The rheobase")),
    )
    return [
        chapter(folder / "00_start_here.ipynb", "Start", 10, ("code-links", LINKS)),
        chapter(
            folder / "01_lif_neuron.ipynb", "Neurons", 40,
            ("circuit", f"{heading('漏电的电容', 'A leaky capacitor')}\n\n{LEAK}"), one, exercise("01.euler_step"),
            long("filler1"), long("filler2"), two, exercise("01.rheobase"), long("filler3"),
        ),
        chapter(
            folder / "03_synapses.ipynb", "Synapses", 60,
            long("filler1"), long("filler2"), long("filler3"),
            ("wiring", heading("练习 4：接线", "Exercise 4: wiring", 3)), exercise("03.wire"), long("filler4"),
        ),
    ]  # fmt: skip


def note(file: Path, *names: str) -> None:
    file.write_text(json.dumps({"passed": list(names), "hints": {}}), encoding="utf-8")


def start(lab: LabPage) -> None:
    lab.page.set_viewport_size({"width": 1366, "height": 768})
    lab.page.goto(f"{lab.server.url}/lab?token={lab.server.token}&reset")
    lab.page.wait_for_selector("#jupyterlab-splash", state="detached")
    lab.page.locator(ROW).first.wait_for()
    # JupyterLab opens its launcher a second later, which takes the keyboard from whoever has it
    lab.page.wait_for_function("document.activeElement?.closest('.jp-Launcher')")


def at(lab: LabPage, place: str) -> None:
    """Wait until the notebook in front shows this cell, which is the active one."""
    lab.page.wait_for_function(f"place => ({ACTIVE})() === place", arg=place)


def seen(lab: LabPage) -> str | None:
    """The notebook in front and its active cell, if that is in the view."""
    return lab.page.evaluate(f"({ACTIVE})()")
