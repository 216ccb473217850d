"""What a notebook says to a widget is data: whatever does not fit is refused, before any of it reaches the page."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path

import pytest
from node_page import node_binary
from patience import PATIENCE

from course_snn import widget
from course_snn.widget import stored

ROOT = Path(__file__).resolve().parents[2]
GUARD = ROOT / "labextension" / "static" / "stored.js"
ASK = """
import {{ readFileSync }} from 'node:fs';
import {{ stateOf }} from {guard};
console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(([bundle, entry, sample]) => {{
  try {{ return stateOf(bundle, entry, sample); }} catch (error) {{ return `${{error.name}}: ${{error.message}}`; }}
}})));
"""


def guard(*questions):
    """What becomes of each (bundle, entry of the catalogue, sample)."""
    command = [node_binary(), "--input-type=module", "--eval", ASK.format(guard=json.dumps(GUARD.as_uri()))]
    done = subprocess.run(
        command, input=json.dumps(questions), capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE
    )
    assert not done.returncode, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def catalogue():
    return stored.catalogue()


def made(name, **values):
    return stored.bundle(getattr(widget, name)(**values))


def ready(catalogue):
    """Every widget that needs no argument."""
    return [name for name in stored.names() if catalogue[name]["controls"] is not None]


def test_what_the_course_stores_is_accepted_as_it_is(catalogue):
    names = ready(catalogue)
    sent = [made(name) for name in names]
    got = guard(*([bundle, catalogue[name], stored.sample(name)] for name, bundle in zip(names, sent, strict=True)))
    for name, bundle, found in zip(names, sent, got, strict=True):
        assert isinstance(found, dict), (name, found)
        assert found["state"]["params"] == (bundle.get("params") or bundle["state"]["params"]), name
        if "state" in bundle:
            kept = {part["path"][0]: part["data"] for part in found["buffers"]}
            assert kept == {part["path"][0]: part["data"] for part in bundle["buffers"]}
            assert {**bundle["state"], **dict.fromkeys(kept)} == found["state"]


def changed(bundle, path, value):
    """A copy of the bundle with one thing in it replaced."""
    copy = json.loads(json.dumps(bundle))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = value
    return copy


REFUSED = [
    ("LIFExplorer", ["state", "params", "tau"], 1e9),
    ("LIFExplorer", ["state", "params", "dt"], 1e-9),
    ("LIFExplorer", ["state", "params", "dt"], "1"),
    ("LIFExplorer", ["state", "params", "tau"], None),
    ("LIFExplorer", ["state", "params", "leak"], "<img src=x onerror=alert(1)>"),
    ("TuningCurves", ["state", "params", "m"], 5.5),
    ("STDPBench", ["state", "params", "pre"], list(range(1000))),
    ("STDPBench", ["state", "params", "pre"], {"length": 1e9}),
    ("STDPBench", ["state", "params", "f"], "__proto__"),
    ("EncoderPlayground", ["state", "params", "image"], [0.5]),
    ("EncoderPlayground", ["state", "params", "image"], [1e9] * 256),
    ("NetworkCanvas", ["state", "params", "graph", "groups", 0, "x"], 1e9),
    ("WinnerRace", ["buffers", 0, "path"], ["__proto__", "polluted"]),
    ("WinnerRace", ["buffers", 0, "path"], ["params"]),
    ("WinnerRace", ["buffers", 0, "data"], "<script>"),
    ("WinnerRace", ["buffers", 0, "data"], 7),
    ("EnergyCalculator", ["state", "layers"], "x" * 30000),
    ("EnergyCalculator", ["state", "layers"], [0] * 9000),
    ("EnergyCalculator", ["state", "more"], {"T": 1e9}),
    ("EnergyCalculator", ["state", "more"], {"low": 5, "high": 5}),
    ("EnergyCalculator", ["state", "more"], {"low": 0, "high": 5, "log": True}),
    ("EnergyCalculator", ["state", "more"], {"low": 0, "high": 5, "step": 1e-9}),
    ("EnergyCalculator", ["state", "more"], {"x": [1e15, 1e15]}),
    ("EnergyCalculator", ["state", "layers", 0, "macs"], 1e300),
]


def test_what_would_freeze_or_break_the_page_is_refused(catalogue):
    questions = [[changed(made(name), path, value), catalogue[name], None] for name, path, value in REFUSED]
    for case, answer in zip(REFUSED, guard(*questions), strict=True):
        assert isinstance(answer, str) and answer.startswith("TypeError"), (case, answer)


def test_the_package_decides_what_controls_and_title_are(catalogue):
    bundle = made("LIFExplorer")
    bundle["state"]["title"] = ["<b>", "<b>"]
    bundle["state"]["controls"][1]["high"] = 1e12
    bundle["state"]["_esm"] = "export default { render() { window.owned = true } }"
    [found] = guard([bundle, catalogue["LIFExplorer"], None])
    assert found["state"]["title"] == list(widget.LIFExplorer.heading)
    assert found["state"]["controls"] == json.loads(json.dumps(catalogue["LIFExplorer"]["controls"]))
    assert "_esm" not in found["state"]


def test_a_closed_widget_takes_nothing_but_parameters(catalogue):
    data = base64.b64encode(b"\xff" * 400).decode()
    bundle = {
        "name": "EventPlayer",
        "state": {"width": 1e9, "height": 1e9, "params": {"at": 80}},
        "buffers": [{"path": ["times"], "data": data}],
    }
    sample = stored.sample("EventPlayer")
    [found] = guard([bundle, catalogue["EventPlayer"], sample])
    assert found["state"]["params"]["at"] == 80 and found["state"]["width"] == sample["state"]["width"]
    assert found["buffers"] == sample["buffers"]


def test_a_widget_with_its_own_controls_may_bring_small_ones_only(catalogue):
    slider = {"kind": "slider", "name": "a", "value": 1, "low": 0, "high": 2, "step": 1, "label": ["甲", "a"]}
    entry = {"controls": None, "title": ["甲", "a"], "closed": False}
    bad = [slider | {"high": 1e300}, slider | {"step": 1e-9}, slider | {"kind": "toString"}, slider | {"high": 0}]
    questions = [[{"name": "X", "state": {"controls": [spec], "params": {}}}, entry, None] for spec in (slider, *bad)]
    good, *refused = guard(*questions)
    assert good["state"]["params"] == {"a": 1}
    assert all(isinstance(answer, str) for answer in refused)
