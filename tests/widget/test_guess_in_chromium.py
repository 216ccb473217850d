"""Guessing by mouse, keyboard and finger in a real browser; what is kept, and how the truth appears over it."""

from __future__ import annotations

import pytest
from guesses import CURVE, GUESSES, KINDS, TRUTHS
from mounted import INK, params, saved, show, speak
from together import each_of

from course_snn import widget

pytestmark = pytest.mark.browser

SPOKEN = [("en", "Make a guess", "."), ("zh", "先猜一猜", "。"), ("both", "先猜一猜 · Make a guess", ".")]
HOST = """() => {
  const kept = window.kept = {};
  const guesses = { get: async id => kept[id] ?? null, set: async (id, v) => { kept[id] = v; } };
  window.courseSnn = { host: 'lab', guesses };
}"""


@pytest.fixture
def host(page):
    """The page of a host that keeps guesses; `kept()` is what it has."""
    page.evaluate(HOST)
    page.evaluate("document.body.style.minHeight = '4000px'")
    yield page


def kept(page):
    return page.evaluate("window.kept")


def ask(page, name, id="one"):
    return show(page, name, id, **KINDS[name])


def tell(page, name, id="two"):
    return show(page, "Truth", id, guess_id=KINDS[name]["guess_id"], value=TRUTHS[name])


def touch(page, points):
    """One finger along some points of the page."""
    cdp = page.context.new_cdp_session(page)
    send = lambda kind, at: cdp.send(  # noqa: E731
        "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in at]}
    )
    send("touchStart", points[:1])
    for point in points[1:]:
        send("touchMove", [point])
    send("touchEnd", [])
    cdp.detach()


def drag(page, points):
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point, steps=4)
    page.mouse.up()


def record(value, sealed=False):
    return {"value": value, "sealed": sealed}


@each_of("hand", [drag, touch])
def test_a_number_by_mouse_and_finger(host, hand):
    host.evaluate("document.body.innerHTML = ''; for (const id in window.kept) delete window.kept[id]")
    view = ask(host, "GuessNumber")
    box = view.locator("canvas").bounding_box()
    at = lambda part: (box["x"] + 30 + part * (box["width"] - 60), box["y"] + 70)  # noqa: E731
    hand(host, [at(0.1), at(0.2), at(0.3)])
    assert params(host) == record(12) and kept(host) == {"t.number": record(12)} and saved(host) == 1
    assert view.get_by_role("slider").get_attribute("aria-valuetext") == "12 steps"
    assert view.get_by_role("status").inner_text() == "Kept. You can change it until the answer appears."


def test_a_number_by_keyboard(host):
    view = ask(host, "GuessNumber")
    scale = view.get_by_role("slider", name="What will happen?")
    scale.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "PageUp"):
        host.keyboard.press(key)
    assert kept(host) == {"t.number": record(30)}
    host.keyboard.press("End")
    assert params(host)["value"] == 40
    host.keyboard.press("Home")
    assert params(host)["value"] == 0 and scale.get_attribute("aria-valuenow") == "0"


def test_one_of_the_cards(host):
    view = ask(host, "GuessChoice")
    view.get_by_role("button", name="weaker").click()
    assert kept(host) == {"t.choice": record("down")}
    view.get_by_role("button", name="stronger").focus()
    host.keyboard.press("Enter")
    assert kept(host) == {"t.choice": record("up")}
    box = view.get_by_role("button", name="no change").bounding_box()
    touch(host, [(box["x"] + 20, box["y"] + 20)])
    host.wait_for_function("window.kept['t.choice'].value === 'same'")
    pressed = view.locator(".csnn-g-card").evaluate_all("cards => cards.map(c => c.getAttribute('aria-pressed'))")
    assert pressed == ["false", "false", "true"]


@each_of("hand", [drag, touch])
def test_an_order_by_mouse_and_finger(host, hand):
    host.evaluate("document.body.innerHTML = ''; for (const id in window.kept) delete window.kept[id]")
    view = ask(host, "GuessOrder")
    boxes = [item.bounding_box() for item in view.locator(".csnn-g-item").all()]
    middle = [(box["x"] + 60, box["y"] + box["height"] / 2) for box in boxes]
    hand(host, [middle[0], middle[1], middle[2]])
    assert kept(host) == {"t.order": record(list("bcad"))}
    assert view.get_by_role("button", name="first, place 3 of 4").is_visible()


def test_an_order_by_keyboard_and_as_it_stands(host):
    view = ask(host, "GuessOrder")
    view.get_by_role("button", name="This is my order").click()
    assert kept(host) == {"t.order": record(list("abcd"))}
    item = view.locator(".csnn-g-item").nth(3)
    item.focus()
    host.keyboard.press("ArrowUp")
    host.keyboard.press("ArrowUp")
    assert kept(host) == {"t.order": record(list("adbc"))}
    assert item.evaluate("item => document.activeElement === item")  # it keeps the focus where it goes
    host.keyboard.press("ArrowDown")
    assert kept(host) == {"t.order": record(list("abdc"))}


@each_of("hand", [drag, touch])
def test_a_curve_by_mouse_and_finger(host, hand):
    host.evaluate("document.body.innerHTML = ''; for (const id in window.kept) delete window.kept[id]")
    view = ask(host, "GuessCurve")
    empty = host.evaluate(INK, "one")
    box = view.locator("canvas").bounding_box()
    x = lambda t: box["x"] + 54 + t / 200 * (box["width"] - 68)  # noqa: E731
    y = lambda v: box["y"] + 16 + (1 - v / 1.2) * (270 - 16 - 36)  # noqa: E731
    hand(host, [(x(40), y(0.9)), (x(100), y(0.9)), (x(120), y(0.6))])
    half = params(host)["value"]
    assert half[0] == pytest.approx(0.9, abs=0.02) and half[20] == pytest.approx(0.6, abs=0.02) and half[30] is None
    assert "draw on to the end" in view.get_by_role("status").inner_text()
    hand(host, [(x(120), y(0.6)), (x(199.9), y(0.0))])
    whole = params(host)["value"]
    assert None not in whole and whole[30] == pytest.approx(0.3, abs=0.03) and whole[-1] == pytest.approx(0, abs=0.02)
    assert kept(host) == {"t.curve": record(whole)} and host.evaluate(INK, "one") != empty
    hand(host, [(x(150), y(1.1)), (x(160), y(1.1))])  # a part is drawn anew
    assert params(host)["value"][28] == pytest.approx(1.1, abs=0.02)
    assert params(host)["value"][:25] == whole[:25] and params(host)["value"][35:] == whole[35:]


def test_a_curve_by_keyboard(host):
    view = ask(host, "GuessCurve")
    line = view.get_by_role("slider", name="What will happen?")
    line.focus()
    host.keyboard.press("ArrowRight")
    assert kept(host) == {}  # a point was chosen, nothing is drawn
    host.keyboard.press("ArrowUp")
    whole = params(host)["value"]
    start = CURVE["given"][-1]
    assert whole[0] == pytest.approx(start, abs=1e-4) == whole[-1] and whole[5] == pytest.approx(start + 0.03, abs=1e-4)
    for key in ("End", "PageDown", "Shift+ArrowDown"):
        host.keyboard.press(key)
    assert params(host)["value"][-1] == pytest.approx(start - 0.3, abs=1e-4)
    assert line.get_attribute("aria-valuetext") == "time step 200: 0.56" and kept(host)["t.curve"] == params(host)


KERNEL = """([id, record]) => {
  for (const { model } of Object.values(views).filter(view => view.model.get('guess_id') === id)) {
    model.set('params', record);
    [...model.heard.keys()].forEach(hear => hear());
  }
}"""


@each_of("name", list(KINDS))
def test_the_truth_is_covered_until_there_is_a_guess_and_seals_it(host, name):
    host.evaluate("document.body.innerHTML = ''; for (const id in window.kept) delete window.kept[id]")
    host.set_viewport_size({"width": 1000, "height": 1400})
    view, truth, id = ask(host, name), tell(host, name), KINDS[name]["guess_id"]
    words, cover = truth.locator(".csnn-g-words"), truth.locator(".csnn-g-cover")
    assert "you have not guessed yet" in cover.inner_text() and not words.is_visible()
    host.evaluate(KERNEL, [id, record(GUESSES[name])])
    assert words.inner_text().startswith(("You guessed", "Compared", "On average")) and not cover.is_visible()
    host.wait_for_function("id => window.kept[id]?.sealed", arg=id)
    assert params(host, "two") == kept(host)[id] == record(GUESSES[name], True)
    assert "the guess is settled" in view.get_by_role("status").inner_text()
    for place in view.locator("canvas, .csnn-g-card, .csnn-g-item").all()[:2]:
        place.click(force=True)
        for kind in ("keydown", "keyup"):
            place.evaluate("(e, kind) => e.dispatchEvent(new KeyboardEvent(kind, { key: 'ArrowUp' }))", kind)
    assert kept(host)[id] == params(host, "two") and params(host)["value"] == GUESSES[name]
    view.get_by_role("button", name="Forget and guess again").click()
    assert kept(host) == {id: None} and cover.is_visible()


@each_of("name", list(KINDS))
def test_the_truth_without_a_guess(host, name):
    host.evaluate("document.body.innerHTML = ''; for (const id in window.kept) delete window.kept[id]")
    getattr(widget, name)(**KINDS[name])  # asked elsewhere
    truth = tell(host, name)
    assert not truth.get_by_role("button", name="Guess first").is_visible()  # the question is not in the page
    truth.get_by_role("button", name="Show the answer").click()
    assert truth.locator(".csnn-g-words").inner_text().startswith("No guess was made.")
    assert kept(host) == {KINDS[name]["guess_id"]: record(None, True)}


def test_guess_first_leads_to_the_question(host):
    ask(host, "GuessChoice")
    host.evaluate("document.body.insertAdjacentHTML('beforeend', '<div style=\"height: 3000px\"></div>')")
    truth = tell(host, "GuessChoice")
    truth.get_by_role("button", name="Guess first").click()
    host.wait_for_function("document.activeElement.matches('#one .csnn-g-card')")
    host.wait_for_function("document.getElementById('two').getBoundingClientRect().top > innerHeight")
    host.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    host.keyboard.press("Enter")
    assert kept(host) == {"t.choice": record("up")}  # not sealed: the truth is far below


def test_what_the_host_kept_is_there_again(host):
    host.evaluate("value => { window.kept['t.number'] = value; }", record(7, True))
    view = ask(host, "GuessNumber")
    host.wait_for_function(
        "views.one.model && document.querySelector('#one canvas').getAttribute('aria-valuenow') === '7'"
    )
    assert view.get_by_role("button", name="Forget and guess again").is_visible()
    host.evaluate("window.kept['t.choice'] = { value: { x: 1 } }")  # damaged
    assert ask(host, "GuessChoice", "three").locator("[aria-pressed=true]").count() == 0


def test_without_a_host_the_browser_keeps_it_and_a_host_that_fails_does_not_lose_it(page):
    page.evaluate("""() => {
      const box = new Map();
      Object.defineProperty(window, 'localStorage', { configurable: true, value: {
        getItem: key => box.get(key) ?? null, setItem: (key, value) => box.set(key, value), box } });
    }""")
    ask(page, "GuessChoice").get_by_role("button", name="weaker").click()
    assert page.evaluate("JSON.parse(localStorage.getItem('course-snn:guess:t.choice'))") == record("down")
    page.evaluate(
        "window.courseSnn = { guesses: { get: () => Promise.reject(Error()), set: () => Promise.reject(Error()) } }"
    )
    again = ask(page, "GuessChoice", "two")
    again.locator("[aria-pressed=true]", has_text="weaker").wait_for()
    again.get_by_role("button", name="no change").click()
    page.wait_for_function("localStorage.getItem('course-snn:guess:t.choice').includes('same')")


@each_of("name", list(KINDS))
def test_questions_and_truths_speak_both_languages_are_low_and_fit_a_phone(host, name):
    host.evaluate("document.body.innerHTML = ''")
    host.evaluate("([id, r]) => { window.kept[id] = r; }", [KINDS[name]["guess_id"], record(GUESSES[name])])
    ask(host, name)
    tell(host, name)
    for width, limit in ((930, 600), (382, 600)):
        host.set_viewport_size({"width": width, "height": 900})
        for lang, title, end in SPOKEN:
            speak(host, lang)
            host.wait_for_function("lang => document.body.dataset.courseLang === lang", arg=lang)
            for id in ("one", "two"):
                view = host.locator(f"#{id}")
                box = view.locator(".csnn").bounding_box()
                assert box["height"] <= limit and box["width"] <= width, f"{name} {id}: {box} at {width}"
                assert not view.locator(".csnn").evaluate("e => e.scrollWidth > e.clientWidth + 1")
            assert host.locator("#one .csnn-title").inner_text() == title
            assert host.locator("#two .csnn-g-words").inner_text().endswith(end)
    nameless = "e => [...e.querySelectorAll('button, canvas')].some(c => !(c.ariaLabel || c.textContent.trim()))"
    assert not host.locator("#one").evaluate(nameless) and not host.locator("#two").evaluate(nameless)
