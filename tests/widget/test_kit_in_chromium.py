"""What the shared kit does in a browser: controls under More, one Play button, less motion, paper."""

from __future__ import annotations

import pytest
from mounted import INK, params, saved, show, speak
from test_in_chromium import COUNT_FRAMES, asks_for_no_more_frames
from test_room_in_chromium import ASKED, NAMES

pytestmark = pytest.mark.browser


def narrow(page):
    page.set_viewport_size({"width": 398, "height": 900})


def test_more_is_reached_by_keyboard_and_says_what_was_changed(page):
    narrow(page)
    view = show(page, "LIFExplorer")
    fold, dot = view.locator("details"), view.get_by_label("changed")
    assert not fold.evaluate("e => e.open") and not dot.is_visible()
    height = view.locator(".csnn-stage").bounding_box()["height"]
    view.locator("summary").focus()
    page.keyboard.press("Enter")
    assert fold.evaluate("e => e.open") and view.locator(".csnn-stage").bounding_box()["height"] == height
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    assert params(page)["r"] == pytest.approx(9.1) and saved(page) == 1 and dot.is_visible()
    page.keyboard.press("ArrowLeft")
    assert not dot.is_visible()
    speak(page, "zh")
    assert view.locator("summary").inner_text() == "更多" and fold.evaluate("e => e.open")


def test_a_value_under_more_that_python_gave_is_told(page):
    narrow(page)
    assert show(page, "LIFExplorer", threshold=1.5).get_by_label("changed").is_visible()
    assert not show(page, "LIFExplorer", id="two", current=0.3).get_by_label("changed").is_visible()


def test_more_is_open_where_that_costs_no_height(page):
    page.set_viewport_size({"width": 950, "height": 900})
    assert show(page, "EventPlayer").locator("details").evaluate("e => e.open")
    assert not show(page, "FICurve", id="two").locator("details").evaluate("e => e.open")


def test_the_secondary_controls_of_a_narrow_widget_work(page):
    narrow(page)
    view = show(page, "EncoderPlayground", encoder="constant")
    view.locator("summary").click()
    assert view.locator("details .csnn-control:visible").all_inner_texts() == ["Brightness of the pen\n1.00"]


BUTTONS = """label => [...document.querySelectorAll('button')].filter(
  b => b.textContent === label || b.classList.contains('csnn-play')).map(
  b => `${b.textContent} ${b.className} ${b === b.closest('.csnn-actions')?.lastElementChild}`)"""


@pytest.mark.parametrize(("lang", "label"), [("zh", "播放"), ("en", "Play")])
def test_every_play_button_stands_last_and_looks_the_same(page, lang, label):
    speak(page, lang)
    page.emulate_media(reduced_motion="reduce")
    players, looks = set(), set()
    for name in NAMES:
        show(page, name, id=name, **ASKED.get(name, {}))
        found = page.evaluate(BUTTONS, label)
        looks.update(found)
        players.update([name] if found else [])
        page.evaluate("name => { views[name].dispose(); document.getElementById(name).remove(); }", name)
    page.emulate_media(reduced_motion="no-preference")
    assert {"EventPlayer", "GrowingFields", "PipelineStepper", "NetworkCanvas", "GestureVotes"} < players
    assert looks == {f"{label} csnn-button csnn-primary csnn-play true"}


def test_what_is_scrolled_away_stops_and_does_not_start_by_itself(page):
    page.evaluate(COUNT_FRAMES)
    view = show(page, "EventPlayer", at=0.0, speed=0.05)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"height: 4000px\"></p>')")
    view.get_by_role("button", name="Play").click()
    page.wait_for_function("frames_asked > 3")
    page.evaluate("window.scrollTo(0, 3000)")
    page.wait_for_function("document.querySelector('.csnn-play').textContent === 'Play'")
    assert asks_for_no_more_frames(page) and saved(page) == 1
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("waitFrames(5)")
    assert view.get_by_role("button", name="Play").count() == 1


def test_what_starts_by_itself_goes_on_when_it_is_seen_again_until_somebody_pauses_it(page):
    page.evaluate(COUNT_FRAMES)
    view = show(page, "ChargingNeuron")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<p style=\"height: 4000px\"></p>')")
    label = "document.querySelector('.csnn-play').textContent"
    page.wait_for_function(f"{label} === 'Pause'")
    page.evaluate("window.scrollTo(0, 3000)")
    page.wait_for_function(f"{label} === 'Play'")
    page.evaluate("window.scrollTo(0, 0)")
    page.wait_for_function(f"{label} === 'Pause'")
    view.get_by_role("button", name="Pause").click()
    page.evaluate("window.scrollTo(0, 3000)")
    page.evaluate("waitFrames(5)")
    page.evaluate("window.scrollTo(0, 0)")
    page.evaluate("waitFrames(5)")
    assert page.evaluate(label) == "Play" and asks_for_no_more_frames(page)


def test_with_reduced_motion_nothing_starts_by_itself_and_the_button_works(page):
    page.emulate_media(reduced_motion="reduce")
    try:
        page.evaluate(COUNT_FRAMES)
        view = show(page, "ChargingNeuron")
        page.evaluate("waitFrames(5)")
        assert asks_for_no_more_frames(page)
        view.get_by_role("button", name="Play").click()
        assert view.get_by_role("button", name="Pause").count() == 1 and not asks_for_no_more_frames(page)
    finally:
        page.emulate_media(reduced_motion="no-preference")


def test_on_paper_the_picture_stands_alone_in_light_colours(page):
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    view = show(page, "DrawDigit")
    dark = page.evaluate(INK, "one")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    try:
        assert view.locator("canvas:visible").count() == 5
        assert view.locator("button:visible, input:visible, select:visible").count() == 0
        assert view.locator(".csnn").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
        assert page.evaluate(INK, "one") != dark
    finally:
        page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(INK, "one") == dark
