"""A guess that meets the truth, another tab or the wrong button, in a real browser."""

from __future__ import annotations

import pytest
from mounted import params
from test_guess_in_chromium import HOST, ask, kept, record, tell
from together import each_of

pytestmark = pytest.mark.browser


@pytest.fixture
def host(page):
    page.evaluate(HOST)
    page.evaluate("document.body.style.minHeight = '4000px'")
    yield page


def test_the_truth_in_view_seals_on_disk_too(host):
    """The host is slow and answers in any order; what it has at last is sealed."""
    host.set_viewport_size({"width": 1000, "height": 1400})
    host.evaluate("""() => {
      let waits = 300;
      courseSnn.guesses.set = async (id, v) => {
        await new Promise(done => setTimeout(done, waits));
        waits = 0;
        kept[id] = v;
      };
    }""")
    view = ask(host, "GuessChoice")
    truth = tell(host, "GuessChoice")
    host.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    view.get_by_role("button", name="weaker").click()
    truth.locator(".csnn-g-words").wait_for()
    host.evaluate("window.courseGuesses.writes.get('t.choice')")
    assert kept(host) == {"t.choice": record("down", True)}


def test_another_tab_is_told_and_tells(host):
    host.evaluate("""() => {
      window.other = new BroadcastChannel('course-guess');
      window.heard = [];
      other.onmessage = ({ data }) => heard.push(data);
    }""")
    view = ask(host, "GuessChoice")
    view.get_by_role("button", name="weaker").click()
    host.wait_for_function("heard.length === 1")
    assert host.evaluate("heard") == [{"id": "t.choice", "record": record("down")}]
    host.evaluate("r => other.postMessage({ id: 't.choice', record: r })", record("up", True))
    view.locator("[aria-pressed=true]:disabled", has_text="stronger").wait_for()
    assert kept(host) == {"t.choice": record("down")} and host.evaluate("heard.length") == 1  # shown, not written again
    host.evaluate("other.postMessage({ id: 't.choice', record: null }); other.close()")
    host.wait_for_function("!document.querySelector('#one [aria-pressed=true]')")


@each_of("name", ["GuessNumber", "GuessOrder", "GuessCurve"])
def test_the_right_button_neither_draws_nor_drags(host, name):
    host.evaluate("document.body.innerHTML = ''")
    view = ask(host, name)
    box = view.locator(".csnn-g-item, canvas").first.bounding_box()
    host.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    host.mouse.down(button="right")
    host.mouse.move(box["x"] + box["width"] / 2 + 40, box["y"] + 90, steps=4)
    host.mouse.up(button="right")
    assert kept(host) == {} and params(host)["value"] is None
    assert view.locator(".csnn-g-held").count() == 0
