"""Every widget at four widths, in both themes: what has room on a screen, what a finger hits, what looks alike."""

from __future__ import annotations

import importlib
import inspect
import itertools
import pkgutil

import pytest
from colour_vision import apart, contrast, lightness_apart
from guesses import KINDS, TRUTHS
from mounted import show, speak

from course_snn import widget
from course_snn.widget.base import PageWidget

pytestmark = pytest.mark.browser
WIDTHS = (930, 720, 480, 382)
ASKED = KINDS | {"Truth": {"guess_id": "t.number", "value": TRUTHS["GuessNumber"]}}
LINES = {"solid", "dashed", "dotted", "dashdot"}
MEASURE = """() => {
  const box = e => e.getBoundingClientRect(), root = document.querySelector('.csnn');
  const [stage, panel] = ['stage', 'panel'].map(part => root.querySelector(`.csnn-${part}`));
  const shown = e => box(e).height > 0;
  const main = [...panel.children].filter(e => shown(e) && e.tagName !== 'DETAILS');
  const fold = panel.querySelector('summary');
  const bottom = Math.max(...[stage, fold, ...main].filter(e => e && shown(e)).map(e => box(e).bottom));
  const reach = e => {                     // with what its ::after adds
    const more = getComputedStyle(e, '::after'), { width, height } = box(e);
    if (more.content === 'none' || more.position !== 'absolute') return [width, height];
    const [left, right, top, under] = [more.left, more.right, more.top, more.bottom].map(parseFloat);
    return [width - left - right, height - top - under];
  };
  const targets = [...root.querySelectorAll('button, input, select, summary, [tabindex="0"]')].filter(shown);
  return {
    height: box(root).height, over: root.scrollWidth - root.clientWidth, together: bottom - box(stage).top,
    beside: box(panel).left < box(stage).left, below: box(panel).top >= box(stage).bottom,
    empty: !panel.children.length, main: main.length, open: Boolean(panel.querySelector('details[open]')),
    small: targets.filter(e => {
      const label = e.tagName === 'INPUT' && e.closest('label');
      return Math.min(...(label ? [box(label).width, box(label).height] : reach(e))) < 23.9;
    }).map(e => e.outerHTML.slice(0, 90)),
  };
}"""
LEGENDS = """() => [...document.querySelectorAll('.csnn-legend')].map(legend => [...legend.children].map(
  item => [getComputedStyle(item).getPropertyValue('--mark').trim(), item.dataset.mark, item.textContent]))"""


def classes():
    """Return every widget that a module of the package defines, bases left out."""
    modules = [
        importlib.import_module(found.name) for found in pkgutil.iter_modules(widget.__path__, "course_snn.widget.")
    ]
    made = {
        kind
        for module in modules
        for kind in vars(module).values()
        if inspect.isclass(kind) and issubclass(kind, PageWidget) and kind.__module__ == module.__name__
    }
    return {kind for kind in made if not any(kind in other.__bases__ for other in made) and kind is not PageWidget}


NAMES = sorted(kind.__name__ for kind in classes())


def test_no_widget_is_forgotten():
    assert NAMES and [name for name in NAMES if not hasattr(widget, name)] == []


@pytest.fixture
def touched(page):
    """The page of somebody who has a finger, and asked for less motion."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("document.body.style.margin = 0")
    assert page.evaluate("matchMedia('(pointer: coarse)').matches")
    yield page
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": False})
    page.emulate_media(reduced_motion="no-preference")


def settle(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.evaluate(MEASURE)


def crowded(page):
    """Say what has no room, at four widths and in both languages."""
    for width, lang in [*((width, "en") for width in WIDTHS), (930, "zh"), (382, "zh")]:
        speak(page, lang)
        now, where = settle(page, width), f"at {width} px, {lang}:"
        if now["over"] > 0:
            yield f"{where} {now['over']} px wider than its place"
        if width == 930 and now["height"] > 600:
            yield f"{where} {now['height']} px high"
        if width < 720 and now["together"] > 640:
            yield f"{where} picture and main controls take {now['together']} px"
        if not (now["empty"] or now["below"] or (width == 930 and now["beside"])):
            yield f"{where} the controls stand neither beside the picture nor below it"
        if now["main"] > 3 or (width < 720 and now["open"]):
            yield f"{where} {now['main']} main controls, More open: {now['open']}"
        yield from (f"{where} less than 24 px: {target}" for target in now["small"])


def confusing(page):
    """Say which marks of a legend cannot be told apart, or from the paper, in either theme."""
    for light in ("true", "false"):
        page.evaluate("light => { document.body.dataset.jpThemeLight = light; }", light)
        paper = page.evaluate(
            "getComputedStyle(document.querySelector('.csnn')).getPropertyValue('--csnn-paper').trim()"
        )
        for legend in page.evaluate(LEGENDS):
            for colour, _, text in legend:
                if contrast(colour, paper) < 3:
                    yield f"{text}: {colour} on {paper}"
            for (one, mark, a), (two, other, b) in itertools.combinations(legend, 2):
                far = apart(one, two), lightness_apart(one, two)
                if far[0] < 15 or far[1] < 4:
                    yield f"{a} and {b}: {one} and {two}, ΔE {far[0]:.1f} to a deuteranope, ΔL {far[1]:.1f}"
                if mark == other and mark in LINES:
                    yield f"{a} and {b} are both {mark}"


@pytest.mark.parametrize("name", NAMES)
def test_a_widget_has_room_and_its_colours_can_be_told_apart(touched, name):
    show(touched, name, **ASKED.get(name, {}))
    faults = [*crowded(touched), *confusing(touched)]
    assert not faults, "\n".join(faults)
