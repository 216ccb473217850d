"""The course panel leads to an exercise: whatever was in view before, and however late JupyterLab draws the cells."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
from driver import LabPage
from playwright.sync_api import Route, expect
from three_chapters import END, GO, at, chapter, exercise, heading, long, note, seen, start

RHEOBASE = "01_lif_neuron.ipynb ex-01-rheobase"
TO_THE_END = """() => {
  const { outerNode, widgets } = window.jupyterapp.shell.currentWidget.content;
  outerNode.scrollTo(0, outerNode.scrollHeight);
  const exercise = widgets.find(cell => cell.model.id === 'ex-01-rheobase').node;
  const drawn = widgets.every(cell => cell.model.type !== 'markdown' || cell.renderer.node.hasChildNodes());
  return drawn && exercise.getBoundingClientRect().bottom < outerNode.getBoundingClientRect().top;
}"""
ACTIVE = "window.jupyterapp.shell.currentWidget?.content?.activeCell"
TASK_ON_TOP = """() => {
  const { outerNode, widgets } = window.jupyterapp.shell.currentWidget.content;
  const task = widgets.find(cell => cell.model.id === 'task').node.getBoundingClientRect();
  return task.height > outerNode.clientHeight && Math.abs(task.top - outerNode.getBoundingClientRect().top) < 30;
}"""


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One chapter; the task of its first exercise is longer than the window is high."""
    task = f"{heading('练习 1：走一步', 'Exercise 1: one step', 3)}\n\n{2 * long('task')[1]}"
    rows = [
        ("task", task), exercise("01.euler_step"), long("filler1"), long("filler2"),
        ("h-two", heading("基强度", "The rheobase")), exercise("01.rheobase"), long("filler3"),
    ]  # fmt: skip
    return [chapter(tmp_path_factory.mktemp("source") / "01_lif_neuron.ipynb", "Neurons", 40, *rows)]


def test_from_the_end_of_a_chapter_every_way_leads_back_up(lab: LabPage, passed: Path) -> None:
    note(passed, "01.euler_step")
    start(lab)
    lab.page.locator('[data-key="chapter 01"]').click()
    lab.wait_loaded()
    for way in (GO, '.course-sections [data-key="01 01.rheobase"]', f"{END} li a"):
        lab.page.wait_for_function(TO_THE_END)
        assert seen(lab) != RHEOBASE
        lab.page.locator(way).click()
        at(lab, RHEOBASE)
        lab.page.wait_for_timeout(500)  # and there it stays
        assert seen(lab) == RHEOBASE, way


def test_an_exercise_is_reached_though_its_chapter_is_drawn_late(lab: LabPage, passed: Path) -> None:
    note(passed, "01.rheobase")
    start(lab)
    expect(lab.page.locator(GO)).to_contain_text("Continue with 01.euler_step")
    held: list[Route] = []
    released = Event()
    lab.page.route("**/static/lab/*.js*", lambda route: route.continue_() if released.is_set() else held.append(route))
    lab.page.locator(GO).click()
    lab.page.wait_for_function(f"() => {ACTIVE}?.model.id === 'ex-01-euler_step' && {ACTIVE}.node.isConnected")
    lab.page.wait_for_timeout(1000)  # in which one could believe that everything stays where it is
    assert held  # what JupyterLab needs to draw text
    released.set()
    for route in held:
        route.continue_()
    lab.page.wait_for_function(TASK_ON_TOP)
    lab.page.wait_for_function(f"() => {ACTIVE}.node.contains(document.activeElement)")  # the keyboard is there, too
