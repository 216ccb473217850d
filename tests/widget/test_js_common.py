"""The shared half of the page: language, mathematics in labels, numbers, ticks."""

from __future__ import annotations

import json
import subprocess

import numpy as np
import pytest
from node_page import node_binary
from together import each_of

from course_snn.widget import LIFExplorer
from course_snn.widget.base import module_text


@pytest.fixture
def page(page_of):
    return page_of(LIFExplorer)


@each_of("lang, text", [("zh", "膜电位"), ("en", "potential"), ("both", "膜电位 · potential")])
def test_say(page, lang, text):
    assert page("say", ["膜电位", "potential"], lang) == text
    assert page("say", ["$τ$", "$τ$"], lang) == "$τ$"


def test_pieces(page):
    cut = [(p["text"], p["math"], p["sub"]) for p in page("pieces", "a $V_{th}$ b")]
    assert cut == [("a ", False, False), ("V", True, False), ("th", True, True), (" b", False, False)]


def test_numbers_have_a_true_minus_and_no_minus_zero(page):
    calls = [("number", (-1.5, 1)), ("number", (-0.001, 2)), ("number", (None, 2)), ("number", (2, 0))]
    assert page.all(calls) == ["−1.5", "0.00", "–", "2"]


def test_ticks(page):
    assert page("ticks", 0, 200, 5) == [0, 50, 100, 150, 200]
    assert page("ticks", -0.05, 1.14, 5) == [0, 0.5, 1]


def test_bytes_become_numbers_wherever_they_begin(tmp_path):
    sent = np.array([1.5, -2.25, 1e9], np.float32)
    module = tmp_path / "page.mjs"
    module.write_text(module_text(*LIFExplorer.scripts), encoding="utf-8")
    code = f"""
        import {{ unpack }} from {json.dumps(module.as_uri())};
        const whole = Uint8Array.from({[7, 7, 7, *sent.tobytes(), 9]});
        const model = {{ get: (name) => name === 'weight' && new DataView(whole.buffer, 3, {sent.nbytes}) }};
        const bytes = unpack(model, 'weight', Uint8Array);
        bytes[0] += 1;  // a copy: the model keeps what it was sent
        console.log(JSON.stringify([...unpack(model, 'weight', Float32Array), bytes.length]));"""
    command = [node_binary(), "--input-type=module", "--eval", code]
    shown = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout
    assert json.loads(shown) == [*sent.tolist(), sent.nbytes]
