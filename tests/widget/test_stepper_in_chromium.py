"""OperationStepper in a real browser: guess, step, go on, go back."""

from __future__ import annotations

import pytest
from mounted import params, saved, show

pytestmark = pytest.mark.browser


def paths(view, which):
    """The names in one of the two pictures, read as text of SVG."""
    return (
        view.locator("svg")
        .nth(which)
        .evaluate("svg => [...svg.querySelectorAll('.csnn-path')].map(e => e.textContent)")
    )


def marked(view, which, mark):
    return view.locator("svg").nth(which).locator(f".{mark}").count()


def test_guess_step_and_go_on(page):
    view = show(page, "OperationStepper")
    step = view.locator(".csnn-primary")
    assert view.locator("svg").count() == 1 and "Tick your guess" in view.inner_text()
    for name in ("b", "ab"):
        view.get_by_label(name, exact=True).uncheck()
    step.click()
    assert "4 of 5 right" in view.inner_text() and "removes every connection that ends at it" in view.inner_text()
    assert view.locator(".csnn-tick .wrong").count() == 1  # bc, which was left ticked
    assert paths(view, 0) == ["a", "b", "c"] and paths(view, 1) == ["a", "c"]
    assert marked(view, 0, "gone") == 3 and marked(view, 1, "new") == 0
    assert params(page)["done"] == [{"do": "del_assembly", "of": "b"}] and saved(page) == 1
    step.click()  # the next operation, on what is left
    view.get_by_label("Operation").select_option("merge_assembly")
    step.click()
    assert paths(view, 1) == ["a", "c", "a_1", "b", "c_1"] and marked(view, 1, "new") == 5
    assert view.locator(".csnn-trail li").all_inner_texts() == ["A.del_assembly(A.b)", "A.merge_assembly(example())"]
    view.get_by_role("button", name="Back").click()
    assert paths(view, 0) == ["a", "c"]
    view.get_by_role("button", name="Reset").click()
    assert params(page)["done"] == [] and paths(view, 0) == ["a", "b", "c"]


def test_what_is_refused_changes_nothing(page):
    view = show(page, "OperationStepper", operation="replace_assembly")
    view.get_by_label("size of the new one").select_option("5")
    assert view.locator("code").inner_text() == "A.replace_assembly(A.b, network.NeuronGroup(5))"
    view.locator(".csnn-primary").click()
    assert "Nothing has changed. ValueError: ab has weights [3, 2]" in view.inner_text()
    assert params(page)["done"] == [] and paths(view, 0) == paths(view, 1) == ["a", "b", "c"]


def test_hide_and_show(page):
    view = show(page, "OperationStepper", operation="assembly_show")
    step = view.locator(".csnn-primary")
    assert step.is_disabled() and "choose another operation" in view.inner_text()
    view.get_by_label("Operation").select_option("assembly_hide")
    step.click()
    assert marked(view, 1, "hidden") == 3 and paths(view, 1) == ["a", "b", "c"]
    step.click()
    view.get_by_label("Operation").select_option("assembly_show")
    step.click()
    assert marked(view, 0, "hidden") == 3 and marked(view, 1, "hidden") == 0


def test_a_part_is_shown_and_a_stays(page):
    view = show(page, "OperationStepper", operation="select_assembly")
    view.locator(".csnn-primary").click()
    assert paths(view, 1) == ["a", "b"] and marked(view, 0, "gone") == 0
    view.locator(".csnn-primary").click()
    assert paths(view, 0) == ["a", "b", "c"]


@pytest.mark.parametrize("width", [930, 382])
def test_it_fits(page, width):
    page.set_viewport_size({"width": width + 16, "height": 900})
    done = [{"do": "copy_assembly", "name": "sub", "of": "A"}, {"do": "merge_assembly"}]
    view = show(page, "OperationStepper", operation="add_connection", done=done)
    view.locator(".csnn-primary").click()
    assert view.bounding_box()["height"] <= (600 if width == 930 else 1000)
    needed, given = view.locator(".csnn").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert needed <= given
