"""The openings of the chapters in Chromium: they move by themselves, obey a hand, and let the camera go."""

from __future__ import annotations

import pytest
from mounted import INK, params, show

from course_snn import widget
from course_snn.widget import stored

pytestmark = pytest.mark.browser
OPENINGS = ("SpikingSheet", "ChargingNeuron", "TwoEars", "GrowingSynapse", "LivingFields", "EventEye", "TurnVotes")
CHANGED = f"before => JSON.stringify(({INK})('one')) !== before"
STILL = """() => new Promise(done => {
  let n = 0;
  const tick = () => { n += 1; if (n > 5) done(); else requestAnimationFrame(tick); };
  tick();
})"""
CAMERA = """() => {
  const picture = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
  const ctx = picture.getContext('2d');
  let x = 0;
  window.shutter = setInterval(() => {
    ctx.fillStyle = '#333'; ctx.fillRect(0, 0, 64, 48);
    ctx.fillStyle = '#eee'; ctx.fillRect((x += 3) % 64, 10, 12, 20);
  }, 30);
  window.asked = [];
  window.stream = picture.captureStream();
  const getUserMedia = async wish => { window.asked.push(wish); return window.stream; };
  Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia }, configurable: true });
}"""
ON = "window.stream.getTracks().some(track => track.readyState === 'live')"


def ink(page):
    return page.evaluate(f"JSON.stringify(({INK})('one'))")


@pytest.mark.parametrize("name", OPENINGS)
def test_an_opening_moves_by_itself_and_stands_still_on_pause(page, name):
    view = show(page, name)
    page.wait_for_function(CHANGED, arg=ink(page))
    view.get_by_role("button", name="Pause").click()
    before = ink(page)
    page.evaluate(STILL)
    assert ink(page) == before and view.bounding_box()["height"] <= 600
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("document.body.replaceChildren()")
    view = show(page, name)
    before = ink(page)
    page.evaluate(STILL)
    assert ink(page) == before and view.get_by_role("button", name="Play").count() == 1
    page.emulate_media(reduced_motion="no-preference")


def drag(page, view, start, end):
    box = view.locator("canvas").bounding_box()
    page.mouse.move(box["x"] + start[0] * box["width"], box["y"] + start[1] * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + end[0] * box["width"], box["y"] + end[1] * box["height"], steps=4)
    page.mouse.up()


@pytest.mark.parametrize(
    "name, start, end, then",
    [
        ("ChargingNeuron", (0.15, 0.3), (0.05, 0.3), lambda p: p["current"] < 0.12),
        ("TwoEars", (0.6, 0.2), (0.3, 0.3), lambda p: p["angle"] < -30),
        ("GrowingSynapse", (0.4, 0.7), (0.1, 0.7), lambda p: p["lag"] < -20),
    ],
)
def test_an_opening_obeys_the_hand(page, name, start, end, then):
    view = show(page, name)
    drag(page, view, start, end)
    assert then(params(page)), params(page)


@pytest.mark.parametrize("name", ["SpikingSheet", "EventEye", "TurnVotes"])
def test_the_keyboard_is_a_hand_too(page, name):
    page.emulate_media(reduced_motion="reduce")  # nothing moves by itself
    view = show(page, name)
    alone = ink(page)
    view.locator("canvas").focus()
    page.keyboard.press("Control+ArrowLeft")
    assert ink(page) == alone
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(CHANGED, arg=alone)  # the invitation to move has gone
    page.keyboard.press("Escape")
    page.wait_for_function(f"before => JSON.stringify(({INK})('one')) === before", arg=alone)
    page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("name", ["EventEye", "TurnVotes"])
def test_the_camera_is_asked_for_on_a_click_and_let_go(page, name):
    page.evaluate(CAMERA)
    view = show(page, name)
    assert page.evaluate("asked.length") == 0
    view.get_by_role("button", name="Use my camera").click()
    view.get_by_role("button", name="Stop the camera").wait_for()
    assert page.evaluate("asked") == [{"video": {"width": 320, "height": 240, "facingMode": "user"}, "audio": False}]
    page.wait_for_function(CHANGED, arg=ink(page))
    view.get_by_role("button", name="Stop the camera").click()
    assert not page.evaluate(ON)
    page.evaluate(CAMERA)
    view.get_by_role("button", name="Use my camera").click()
    view.get_by_role("button", name="Stop the camera").wait_for()
    page.evaluate("views.one.dispose()")
    assert not page.evaluate(ON)
    page.evaluate("clearInterval(shutter)")


def test_without_a_camera_the_clip_plays_on(page):
    view = show(page, "EventEye")
    page.evaluate("Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true })")
    view.get_by_role("button", name="Use my camera").click()
    view.get_by_text("No camera to use").wait_for()
    before = ink(page)
    page.wait_for_function(CHANGED, arg=before)
    assert ink(page) != before and view.get_by_role("button", name="Use my camera").count() == 1


def test_a_field_is_erased_by_a_click(page):
    page.emulate_media(reduced_motion="reduce")
    view = show(page, "LivingFields")
    before = ink(page)
    box = view.locator("canvas").bounding_box()
    page.mouse.click(box["x"] + 0.55 * box["width"], box["y"] + 60)
    assert ink(page) != before
    page.emulate_media(reduced_motion="no-preference")


def test_every_opening_is_small_enough_to_be_stored_whole():
    assert [name for name in OPENINGS if stored.bundle(getattr(widget, name)()).get("sample")] == []
