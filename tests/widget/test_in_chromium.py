"""Every widget in a real browser, without Jupyter: it draws, speaks, obeys mouse and keyboard, and cleans up."""

from __future__ import annotations

import pytest
from mounted import INK, params, saved, show, speak

from course_snn import widget
from course_snn.widget.base import PageWidget
from course_snn.widget.guess import Kept

pytestmark = pytest.mark.browser
NAMES = [  # questions are asked with arguments; test_guess_in_chromium.py holds them
    name
    for name, cls in vars(widget).items()
    if isinstance(cls, type) and issubclass(cls, PageWidget) and not issubclass(cls, Kept)
]


def misfits(page, view):
    """Say at which widths of the page a canvas is not drawn anew, or the widget is wider than its place."""
    for width in (1000, 420, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_function(
            "() => [...document.querySelectorAll('.csnn-canvas')].every(c => c.width === c.clientWidth)"
        )
        needed, given = view.locator(".csnn").evaluate("e => [e.scrollWidth, e.clientWidth]")
        if needed > given:
            yield f"at {width} px it needs {needed} px, and has {given}"
    ink = page.evaluate(INK, "one")
    if len(set(ink)) < len(ink):
        yield "two canvases show the same"


def misspoken(page, view, heading):
    """Say where texts and pictures do not follow the language, there and back."""
    english = page.evaluate(INK, "one")
    for lang, title in (("zh", heading[0]), ("both", " · ".join(heading)), ("en", heading[1])):
        speak(page, lang)
        if (shown := view.locator("h4").inner_text()) != title:
            yield f"in {lang} its title is {shown}"
        if english and (page.evaluate(INK, "one") == english) != (lang == "en"):
            yield f"its pictures in {lang}"


def deaf_sliders(page, view):
    """Say which visible sliders do not obey the keyboard, or do not tell Python once."""
    sliders = view.locator(".csnn-panel .csnn-range:visible")
    for index in range(sliders.count()):
        slider = sliders.nth(index)
        before, count = slider.input_value(), saved(page)
        slider.focus()
        page.keyboard.press("ArrowLeft" if before == slider.get_attribute("max") else "ArrowRight")
        if slider.input_value() == before or saved(page) != count + 1:
            yield f"slider {index} stays at {before}, or is saved {saved(page) - count} times"


def unnamed(view):
    """Return the controls that a screen reader has no name for."""
    return view.locator("input, select, button, canvas").evaluate_all(
        "all => all.filter(e => !(e.closest('label') || e.textContent || e.ariaLabel)).map(e => e.outerHTML)"
    )


def left_behind(page, view, heading):
    """Say what a view that is gone still listens to."""
    page.evaluate("views.one.dispose()")
    if page.evaluate("views.one.model.heard.size"):
        yield "it listens to the model"
    speak(page, "zh")
    if view.locator("h4").inner_text() != heading[1]:
        yield "it follows the language"


@pytest.fixture
def still(page):
    """The page of a reader who asked for less motion: what moves by itself stands still until Play."""
    page.emulate_media(reduced_motion="reduce")
    yield page
    page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("name", NAMES)
def test_a_widget_fits_speaks_obeys_and_leaves_nothing_behind(still, name):
    page = still
    view, heading = show(page, name), getattr(widget, name).heading
    faults = [*misfits(page, view), *misspoken(page, view, heading), *deaf_sliders(page, view), *unnamed(view)]
    faults += left_behind(page, view, heading)
    assert not faults, "\n".join(faults)


def test_two_views_do_not_disturb_each_other(page):
    show(page, "LIFExplorer", id="one")
    show(page, "LIFExplorer", id="two")
    before = page.evaluate(INK, "two")
    page.locator("#one .csnn-range").first.focus()
    page.keyboard.press("PageUp")
    assert page.evaluate(INK, "one") != before
    assert page.evaluate(INK, "two") == before
    assert params(page, "one")["current"] > params(page, "two")["current"]


def test_python_can_move_the_page(page):
    view = show(page, "LIFExplorer")
    page.evaluate(
        """() => {
          const { model } = views.one;
          model.set('params', { ...model.get('params'), tau: 40 });
          for (const callback of model.heard.keys()) callback();
        }"""
    )
    assert "40 ms" in view.inner_text()


def test_spikes_by_mouse(page):
    view = show(page, "STDPBench", pre=[15, 35], post=[])
    track = view.locator(".csnn-track").first
    box = track.bounding_box()

    def at(step):
        return box["x"] + box["width"] * (step + 0.5) / 100

    y = box["y"] + 15
    page.mouse.click(at(70), y)
    assert params(page)["pre"] == [15, 35, 70]
    page.mouse.move(at(15), y)
    page.mouse.down()
    page.mouse.move(at(30), y, steps=5)
    page.mouse.move(at(50), y, steps=5)  # over the spike at 35
    page.mouse.up()
    assert params(page)["pre"] == [35, 50, 70]
    page.mouse.dblclick(at(35), y)
    assert params(page)["pre"] == [50, 70]
    assert saved(page) >= 3


def test_spikes_by_keyboard(page):
    view = show(page, "DelayExplorer", spikes=[10, 12])
    view.locator(".csnn-mark").first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")  # 11, past 12 to 13, 14
    assert params(page)["spikes"] == [12, 14]
    page.keyboard.press("PageUp")
    assert params(page)["spikes"] == [12, 24]
    page.keyboard.press("Delete")
    assert params(page)["spikes"] == [12]
    view.locator(".csnn-track").focus()
    page.keyboard.press("Enter")
    assert params(page)["spikes"] == [12, 50]


def test_editing_a_train_makes_it_the_learners_own(page):
    view = show(page, "STPExplorer")
    view.locator(".csnn-track").click(position={"x": 8, "y": 10})
    assert params(page)["pattern"] == "custom" and len(params(page)["spikes"]) == 17
    view.locator("select").select_option("burst")
    assert params(page)["spikes"][-1] == 160


def test_drawing_a_picture(page):
    view = show(page, "EncoderPlayground", encoder="linear", T=5)
    view.get_by_role("button", name="Clear").click()
    canvas = view.locator(".csnn-drawable")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 2, steps=40)
    page.mouse.up()
    image = params(page)["image"]
    assert image[:16] == [1] * 16 and not any(image[16:])
    canvas.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    assert params(page)["image"][16] == 1
    count = "spikes in all\n256"
    assert count in view.inner_text()


def test_stepping_through_the_pipeline(page):
    view = show(page, "PipelineStepper")
    step = view.get_by_role("button", name="Step")
    outputs = []
    for _ in range(4):
        step.click()
        outputs.append(view.locator(".csnn-token").last.inner_text())
    assert outputs == ["None", "None", "1000", "2000"]
    view.locator(".csnn-switch").click()
    assert view.locator("tbody tr").nth(1).locator("td").all_inner_texts() == ["2", "2", "10", "1000"]
    view.get_by_role("button", name="Reset").click()
    assert params(page)["step"] == 0
    view.get_by_role("button", name="Play").click()
    page.wait_for_function("views.one.model.get('params').step === 7 && views.one.model.saved > 5")


def test_dragging_in_a_chart(page):
    view = show(page, "FICurve")
    box = view.locator(".csnn-drag").bounding_box()
    page.mouse.move(box["x"] + 54, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 14, box["y"] + 50, steps=10)
    page.mouse.up()
    assert params(page)["current"] == 0.5


COUNT_FRAMES = """() => {
  window.frames_asked = 0;
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = callback => { window.frames_asked += 1; return ask(callback); };
  window.waitFrames = async count => { for (let k = 0; k < count; k += 1) await new Promise(ask); };
}"""


def asks_for_no_more_frames(page):
    page.evaluate("waitFrames(3)")  # what was asked for before
    before = page.evaluate("frames_asked")
    page.evaluate("waitFrames(10)")
    return page.evaluate("frames_asked") == before


def playing(page, **values):
    page.evaluate(COUNT_FRAMES)
    view = show(page, "EventPlayer", **values)
    view.get_by_role("button", name="Play").click()
    page.wait_for_function("frames_asked > 3 && views.one.model.get('params')")
    return view


def test_events_play_to_the_end_once(page):
    view = playing(page, at=60.0, speed=2.0)
    page.wait_for_function("views.one.model.get('params').at === 100")
    assert view.get_by_role("button", name="Play").count() == 1
    assert saved(page) == 1 and asks_for_no_more_frames(page)
    view.get_by_role("button", name="Play").click()  # once more, from the beginning
    page.evaluate("waitFrames(3)")
    view.get_by_role("button", name="Pause").click()
    assert params(page)["at"] < 100 and asks_for_no_more_frames(page)


@pytest.mark.parametrize(
    "go_away",
    [
        "document.getElementById('one').style.display = 'none'",
        "document.getElementById('one').remove()",
        "views.one.dispose()",
    ],
)
def test_events_stop_when_nobody_can_see_them(page, go_away):
    playing(page, at=0.0, speed=0.05)
    page.evaluate(go_away)
    assert asks_for_no_more_frames(page)


def test_events_by_keyboard_and_mouse(page):
    view = show(page, "EventPlayer", at=50.0, window=100)
    scene, rate = view.locator("canvas").all()
    rate.focus()
    page.keyboard.press("ArrowRight")
    assert params(page)["at"] == pytest.approx(50 + 100 / 12, abs=0.01)  # a window of 100 ms in 1.2 s
    page.keyboard.press("ArrowLeft")
    before = page.evaluate(INK, "one")
    page.keyboard.press("Shift+ArrowLeft")  # turns the cloud, and nothing else
    after = page.evaluate(INK, "one")
    assert after[0] != before[0] and after[1] == before[1] and params(page)["at"] == pytest.approx(50, abs=0.01)
    page.keyboard.press(" ")
    assert view.get_by_role("button", name="Pause").count() == 1
    page.keyboard.press(" ")
    box = rate.bounding_box()
    page.mouse.click(box["x"] + 54, box["y"] + 30)
    assert params(page)["at"] < 1
    box = scene.bounding_box()
    before = page.evaluate(INK, "one")
    page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 140, steps=3)
    page.mouse.up()
    assert page.evaluate(INK, "one")[0] != before[0]


def test_only_on_or_only_off(page):
    view = show(page, "EventPlayer")
    pictures = []
    for choice in ("both", "on", "off"):
        view.locator("select").nth(1).select_option(choice)
        pictures.append(page.evaluate(INK, "one")[0])
    assert len(set(pictures)) == 3
    view.locator("select").first.select_option("number")
    assert (
        view.get_by_text("Number of events", exact=True).is_visible()
        and not view.get_by_text("Time window", exact=True).is_visible()
    )
    on, off = (int(text) for text in view.locator(".csnn-stats output").all_inner_texts()[2:])
    assert on + off == 500


def test_data_that_cannot_be_drawn_end_the_widget_and_no_other(page):
    view = show(page, "LIFExplorer", id="one")
    show(page, "LIFExplorer", id="two")
    page.evaluate(
        """() => {
          const { model } = views.one;
          model.set('params', { ...model.get('params'), dt: Symbol('no number') });
          for (const callback of model.heard.keys()) callback();
        }"""
    )
    assert "cannot be drawn" in view.inner_text()
    before = page.evaluate(INK, "two")
    page.locator("#two .csnn-range").first.focus()
    page.keyboard.press("PageUp")
    assert page.evaluate(INK, "two") != before
