"""GIFs in JupyterLab: labextension/static/motion.js, in a page that plays the part of JupyterLab."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
import torch
from mounted import speak

from course_snn.data import event_gif

pytestmark = pytest.mark.browser
MODULE = (Path(__file__).parents[2] / "labextension/static/motion.js").read_text(encoding="utf-8")
LAB = """async ([module, gif]) => {
  class Widget {
    constructor() { this.node = document.createElement('div'); }
    addClass(name) { this.node.classList.add(name); }
    dispose() { this.node.remove(); }
  }
  const { plugin } = await import(URL.createObjectURL(new Blob([module], { type: 'text/javascript' })));
  const made = await plugin(async () => ({ Widget }));
  made.activate(null, { addFactory: factory => { window.factory = factory; } });
  window.shown = factory.createRenderer();
  document.body.append(shown.node);
  await shown.renderModel({ data: { 'image/gif': gif, 'text/plain': 'a moving dot' }, metadata: {} });
}"""
FIRST = "[...document.querySelector('canvas').getContext('2d').getImageData(0, 0, 6, 6).data].join()"


def opened(page):
    frames = torch.zeros(3, 2, 6, 6)
    frames[0, 1, 0, 0] = frames[1, 1, 2, 2] = frames[2, 1, 4, 4] = 1
    gif = event_gif(frames, seconds=0.2, scale=1, repeats=50)
    page.evaluate(LAB, [MODULE, base64.b64encode(gif).decode()])
    return page.locator("img"), page.locator("canvas"), page.get_by_role("button")


def test_a_gif_plays_until_it_is_paused_and_then_shows_its_first_picture(page):
    moving, first, button = opened(page)
    assert page.evaluate("factory.mimeTypes[0] + factory.safe + (factory.defaultRank < 90)") == "image/giftruetrue"
    assert moving.is_visible() and not first.is_visible() and button.inner_text().strip() == "Pause"
    assert (
        moving.get_attribute("alt") == "a moving dot"
        and moving.evaluate("e => e.decode().then(() => e.naturalWidth)") == 6
    )
    button.click()
    assert first.is_visible() and not moving.is_visible() and button.inner_text().strip() == "Play"
    speak(page, "zh")
    assert button.inner_text().strip() == "播放"
    pixels = [int(part) for part in page.evaluate(FIRST).split(",")]
    assert pixels[:4] != pixels[4:8] and pixels[4 * 14 : 4 * 15] == pixels[4:8]  # the dot stands where it was at first
    button.click()
    assert moving.is_visible() and moving.evaluate("e => e.decode().then(() => e.naturalWidth)") == 6
    page.evaluate("shown.dispose()")
    assert button.count() == 0


def test_with_reduced_motion_it_waits_for_the_button(page):
    page.emulate_media(reduced_motion="reduce")
    try:
        moving, first, button = opened(page)
        assert first.is_visible() and not moving.is_visible() and not moving.get_attribute("src")
        button.click()
        assert moving.is_visible() and button.inner_text().strip() == "Pause"
    finally:
        page.emulate_media(reduced_motion="no-preference")
