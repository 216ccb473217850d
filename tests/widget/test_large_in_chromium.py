"""The widgets of chapter 16 by mouse and keyboard, in a real browser."""

from __future__ import annotations

import pytest
from mounted import INK, params, saved, show

pytestmark = pytest.mark.browser


def told(view):
    return view.locator("[role=status]").inner_text()


def test_going_through_a_timetable_by_keyboard(page):
    view = show(page, "PipelineTimetable", stages=4, chunks=6, schedule="gpipe", backward=1.0)
    canvas = view.locator("canvas")
    canvas.focus()
    before = page.evaluate(INK, "one")
    page.keyboard.press("ArrowRight")
    assert told(view) == "At 0 stage 0 begins the forward pass of chunk 0, and then keeps 1 chunk."
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")  # the same chunk, a stage later
    assert told(view).startswith("At 2 stage 1 begins the forward pass of chunk 1, and then keeps 2")
    page.keyboard.press("ArrowUp")
    for _ in range(20):
        page.keyboard.press("ArrowRight")  # to the last box of the stage
    assert told(view).startswith("At 17 stage 0 begins the backward pass of chunk 0, and then keeps 1")
    assert page.evaluate(INK, "one") != before
    page.keyboard.press("Escape")
    assert page.evaluate(INK, "one") == before and told(view).startswith("Point at a box")


def test_pointing_at_a_box_of_a_timetable(page):
    view = show(page, "PipelineTimetable", stages=4, chunks=6, schedule="1f1b", backward=1.0)
    box = view.locator("canvas").bounding_box()
    unit = (box["width"] - 66 - 70) / 18  # margins; 18 is all the time
    page.mouse.move(box["x"] + 66 + 4.5 * unit, box["y"] + 12 + 3.5 * 62)
    assert told(view).startswith("At 4 stage 3 begins the backward pass of chunk 0, and then keeps 1")
    page.mouse.move(box["x"] + 66 + 4.5 * unit, box["y"] + 12 + 0.5 * 62)  # stage 0 waits
    assert told(view).startswith("Point at a box")
    view.locator("select").select_option("gpipe")
    assert view.locator(".csnn-stats output").all_inner_texts() == ["18.0", "33.3 %", "3 / 9", "6 chunks"]


def test_a_spike_goes_through_the_blocks(page):
    view = show(page, "ResidualExplorer", connect="add", spikes=[])
    outputs = view.locator(".csnn-stats output")
    assert outputs.all_inner_texts() == ["is the input", "0", "1", "1"]
    before = page.evaluate(INK, "one")
    track = view.locator(".csnn-track")
    track.focus()
    page.keyboard.press("Enter")
    assert params(page)["spikes"] == [8] and page.evaluate(INK, "one")[0] != before[0]
    assert outputs.all_inner_texts() == ["is the input", "1", "1", "1"]
    view.locator("select").first.select_option("plain")
    assert outputs.all_inner_texts()[:2] == ["differs at 1 of 16", "0"]


def test_dragging_the_steps_of_the_calculator(page):
    view = show(page, "MemoryCalculator")
    assert not view.get_by_text("Steps of a block").is_visible()
    view.locator("select").nth(1).select_option("truncated")
    assert view.get_by_text("Steps of a block").is_visible()
    box = view.locator(".csnn-drag").bounding_box()
    total, count = view.locator(".csnn-stats output").first.inner_text(), saved(page)
    page.mouse.move(box["x"] + 54 + 5, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 14, box["y"] + 50, steps=8)
    page.mouse.up()
    assert params(page)["T"] == 64 and saved(page) == count + 1
    view.locator("select").nth(1).select_option("bptt")
    assert view.locator(".csnn-stats output").first.inner_text() != total
