"""A widget in a page of Chromium, without Jupyter: put it there, read what it shows and holds."""

from __future__ import annotations

import json

from course_snn import widget

MOUNT = """async ([module, css, state, id]) => {
  if (!document.getElementById('kit')) {
    document.head.insertAdjacentHTML('beforeend', `<style id="kit">${css}</style>`);
  }
  document.body.insertAdjacentHTML('beforeend', `<div id="${id}"></div>`);
  const heard = new Map();
  const model = {
    saved: 0, heard,
    get: name => state[name]?.bytes ? new DataView(Uint8Array.from(state[name].bytes).buffer) : state[name],
    set: (name, value) => { state[name] = value; }, save_changes: () => { model.saved += 1; },
    on: (event, callback) => heard.set(callback, event), off: (event, callback) => heard.delete(callback),
  };
  const url = URL.createObjectURL(new Blob([module], { type: 'text/javascript' }));
  const dispose = (await import(url)).default.render({ model, el: document.getElementById(id) });
  (window.views ??= {})[id] = { model, dispose };
}"""
INK = """id => [...document.querySelectorAll(`#${id} canvas`)].map(c => {
  const data = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
  let sum = 0;
  for (let k = 0; k < data.length; k += 1) sum = (sum * 31 + data[k]) >>> 0;
  return sum;
})"""


def sendable(value):
    """JSON for what Jupyter sends as it is: bytes reach the page as a DataView."""
    return {"bytes": list(value)} if isinstance(value, bytes) else str(value)


def show(page, name, id="one", **values):
    made = getattr(widget, name)(**values)
    sent = made.get_state()
    state = {key: value for key, value in sent.items() if not key.startswith("_") and key != "layout"}
    page.evaluate(MOUNT, [sent["_esm"], sent["_css"], json.loads(json.dumps(state, default=sendable)), id])
    return page.locator(f"#{id}")


def speak(page, lang):
    page.evaluate(
        "lang => { document.body.dataset.courseLang = lang; window.dispatchEvent(new CustomEvent('course-lang')); }",
        lang,
    )


def params(page, id="one"):
    return page.evaluate("id => views[id].model.get('params')", id)


def saved(page, id="one"):
    return page.evaluate("id => views[id].model.saved", id)
