"""What is computed about guesses in the page and in Python is the same, and is what it should be."""

from __future__ import annotations

import json
import math
import random
import subprocess
from itertools import pairwise

import numpy as np
import pytest
from guesses import CHOICE, CURVE, GUESSES, KINDS, LOG, NUMBER, ORDER, TRUTHS
from node_page import node_binary
from patience import PATIENCE
from together import each_of

from course_snn import widget
from course_snn.widget import guess_words, stored


@pytest.fixture
def page(page_of):
    return page_of(widget.Truth)


def spec(name, **values):
    return getattr(widget, name)(**values).spec


NUMBERS = [0, 0.5, 1, 2.5, -2.5, 12, 19.96, 99.5, 860, 0.0449, 1234.5, 1e-7, -0.04, 99_999.5]


def test_numbers_are_written_alike(page):
    for one in (spec("GuessNumber", **NUMBER), spec("GuessNumber", **NUMBER, digits=2), spec("GuessNumber", **LOG)):
        for value in NUMBERS:
            assert page("amount", value, one) == guess_words.amount(value, one)
    assert guess_words.amount(2.5, {"digits": 0}) == "3"  # a half goes up, in both
    assert guess_words.measure(7, {"digits": 0, "unit": ("%", "%")}) == ("7%", "7%")
    assert guess_words.measure(-0.04, {"digits": 1, "unit": ("毫伏", "mV")}) == ("0.0 毫伏", "0.0 mV")


SAID = [
    ("GuessNumber", NUMBER, 12, 20, "You guessed 12 steps, it is 20 steps: 8 steps apart."),
    ("GuessNumber", NUMBER, 20, 20.3, "You guessed 20 steps, and it is 20 steps."),
    ("GuessNumber", LOG, 430, 860, "You guessed 430, it is 860, 2.0 times your guess."),
    ("GuessNumber", LOG, 9000, 30, "You guessed 9000, it is 30; your guess is 300 times that."),
    ("GuessNumber", LOG, 850, 860, "You guessed 850, it is 860: 10 apart."),
    ("GuessChoice", CHOICE, "up", "down", "You guessed “stronger”, it is “weaker”."),
    ("GuessChoice", CHOICE, "up", "up", "You guessed “stronger”, and so it is."),
    ("GuessOrder", ORDER, list("abcd"), list("abcd"), "Your order is the one that was found."),
    ("GuessOrder", ORDER, list("abcd"), list("bacd"), "Compared two by two, 1 of 6 pairs is the other way round."),
    ("GuessOrder", ORDER, list("abcd"), list("dcba"), "Compared two by two, 6 of 6 pairs are the other way round."),
    (
        "GuessCurve", CURVE | {"given": ((), ())}, [0.5] * 41, [(0, 200), (0.5, 0.9)],
        "On average 0.20 apart. Farthest at time step 200: you drew 0.50, it is 0.90.",
    ),
]  # fmt: skip


@each_of("name, values, guess, truth, said", SAID)
def test_distances_are_said_alike_and_in_plain_words(page, name, values, guess, truth, said):
    one = spec(name, **values)
    here = guess_words.distance_words(one, guess, truth)
    assert here[1] == said
    assert page("distanceWords", one, guess, truth) == list(here)


def test_a_curve_says_where_it_is_empty_and_forgives_the_last_steps(page):
    half = [None, None, 1, 2, None, None, None, 5, 6, None]
    assert page("gaps", None, 9) == [[0, 9]] and page("gaps", [1, 2], 1) == []
    assert page("gaps", half, 9) == [[0, 2], [3, 7], [8, 9]]
    assert page("finished", half, 1) == [*half[:-1], 6]
    assert page("finished", half, 2) == [1, 1, 1, 2, None, None, None, 5, 6, 6]
    assert page("finished", [None] * 3, 1) == [None] * 3


def test_curves_are_compared_as_numpy_compares_them(page):
    draw = random.Random(1)
    one = spec("GuessCurve", **CURVE)
    at = guess_words.abscissas(one)
    assert at[0] == 40 and at[-1] == 200 and len(at) == 41
    np.testing.assert_allclose(page("abscissas", one), at)
    for _ in range(5):
        guess = [draw.uniform(0, 1.2) for _ in at]
        xs = [*sorted(draw.uniform(0, 200) for _ in range(60)), 200.0]
        ys = [draw.uniform(0, 1.2) for _ in xs]
        grid = np.linspace(40, 200, 201)
        gap = np.abs(np.interp(grid, at, guess) - np.interp(grid, xs, ys))
        here, there = guess_words.curve_distance(one, guess, (xs, ys)), page("curveDistance", one, guess, [xs, ys])
        assert here["mean"] == pytest.approx(gap.mean()) and here["x"] == pytest.approx(grid[gap.argmax()])
        assert there == pytest.approx(here)


def test_what_is_not_drawn_is_not_compared(page):
    one = spec("GuessCurve", **CURVE | {"given": ((), ())})
    half = [0.5] * 21 + [None] * 20
    for found in (
        guess_words.curve_distance(one, half, ([0, 200], [0, 1])),
        page("curveDistance", one, half, [[0, 200], [0, 1]]),
    ):
        assert found["mean"] == pytest.approx(0.2525) and found["x"] == 0  # at 100 steps, the last not among them
    assert guess_words.curve_distance(one, [None] * 41, ([0, 200], [0, 1])) is None
    assert page("curveDistance", one, [None] * 41, [[0, 200], [0, 1]]) is None


def test_steps_of_the_scale(page):
    linear, log = spec("GuessNumber", **NUMBER), spec("GuessNumber", **LOG)
    assert page("fromScale", linear, 0.301) == 12 and page("fromScale", log, 0.5) == 320
    assert page("nextOnScale", linear, 12, -1) == 11 and page("nextOnScale", linear, 40, 10) == 40
    assert page("nextOnScale", linear, None, 1) == 20
    value, seen = 1, []
    for _ in range(120):
        value = page("nextOnScale", log, value, 1)
        seen.append(value)
    assert seen[-1] == 100_000 and all(a <= b for a, b in pairwise(seen)) and len(set(seen)) >= 90
    narrow = spec("GuessNumber", **LOG | {"low": 10, "high": 30})
    assert page("nextOnScale", narrow, 10, 1) == 11  # two figures are coarser than a hundredth of this scale
    assert page("scaleMarks", log, 12) == [10**k for k in range(6)]
    assert page("scaleMarks", spec("GuessNumber", **LOG | {"low": 5, "high": 60}), 9) == [5, 10, 20, 50]


def test_strokes_and_keys_draw_lines(page):
    empty = [None] * 41
    line = page("stroke", empty, {"k": 3, "y": 0.3}, {"k": 7, "y": 0.7})
    assert line[3:8] == pytest.approx([0.3, 0.4, 0.5, 0.6, 0.7]) and line[:3] + line[8:] == [None] * 36
    assert page("stroke", line, {"k": 7, "y": 0.7}, {"k": 3, "y": 0.7})[3:8] == pytest.approx([0.7] * 5)
    assert page("stroke", empty, {"k": 0, "y": 1}, {"k": 0, "y": 1}) == [1] + [None] * 40
    flat = [0.5] * 41
    moved = page("nudged", flat, 0, 0.2, [0, 1.2])
    assert moved[0] == pytest.approx(0.7) and moved[5:] == [0.5] * 36 and moved[1] == pytest.approx(0.66)
    assert page("nudged", flat, 4, 5, [0, 1.2])[20] == 1.2
    assert page("reordered", list("abcd"), "a", 2) == list("bcad")
    assert page("reordered", list("abcd"), "d", -3) == list("dabc")


DAMAGED = [
    None,
    3,
    "x",
    [],
    {"value": {}},
    {"value": [1]},
    {"value": "zzz"},
    {"value": 1e9},
    {"value": [None] * 3},
    {"value": True},
]


@each_of("name", list(KINDS))
def test_what_does_not_belong_to_a_question_counts_as_no_guess(page, name):
    made = getattr(widget, name)(**KINDS[name])
    for record in DAMAGED:
        assert page("soundRecord", made.spec, record) == made._sound(record) == {"value": None, "sealed": False}
    kept = {"value": GUESSES[name], "sealed": True}
    assert page("soundRecord", made.spec, kept) == made._sound(kept) == kept
    assert made._sound({"value": math.nan}) == {"value": None, "sealed": False}


@each_of("name", list(KINDS))
def test_the_truth_of_python_is_the_page_s(page, name):
    made = getattr(widget, name)(**KINDS[name])
    made.params = {"value": GUESSES[name]}
    truth = widget.Truth(made.guess_id, TRUTHS[name])
    assert page("distanceWords", truth.spec, truth.value, truth.truth["value"]) == list(truth.words())


KEPT = """
globalThis.window = new EventTarget();
globalThis.document = { hidden: false };
globalThis.CustomEvent ??= class extends Event { constructor(type, { detail }) { super(type); this.detail = detail; } };
const spec = { kind: 'number', low: 0, high: 40 }, disk = {}, tries = [], shown = {};
globalThis.localStorage = { getItem: key => shown[key] ?? null, setItem: (key, value) => { shown[key] = value; } };
const view = (params, kernel) => {
  const kit = {
    params, model: { kernel, get: name => ({ guess_id: 'id', spec })[name] },
    listen: (target, type, hear) => target.addEventListener(type, hear),
    change: values => { Object.assign(kit.params, values); kit.drawn?.(); }, redraw: () => kit.drawn?.(),
  };
  return new Kept(kit);
};
const host = { get: async id => disk[id] ?? null, set: async (id, v) => { tries.push(v); disk[id] = v; } };
window.courseSnn = { guesses: host };
const idle = async () => { for (let k = 0; k < 50; k += 1) await null; };
const show = ({ value, sealed }) => ({ value, sealed });
const out = {};

const friend = view({ value: 9, sealed: true }, false);
out.friend = show(friend);
const mine = view({ value: 9, sealed: false }, undefined);
mine.kit.drawn = () => mine.seal();
mine.seal();
out.early = [show(mine), [...tries]];                    // the host has not answered
await idle();
out.late = [show(mine), disk.id, show(friend)];          // the kernel's guess, sealed by the view that shows the truth
await friend.put(3);
out.settled = [show(friend), disk.id];                   // a settled guess is not changed
tries.length = 0;
await mine.put(null);
await idle();
out.forgotten = [show(friend), [...tries]];
tries.length = 0;
await friend.put(4);
await idle();
out.order = [...tries];                                  // the guess, then its seal
host.set = async () => { throw Object.assign(new Error(), { status: 409 }); };
disk.id = { value: 5, sealed: true };                    // settled in another tab
mine.kit.params = { value: 4, sealed: false };
friend.kit.params = { value: 4, sealed: false };
await friend.put(6);
await idle();
out.conflict = [show(mine), show(friend), { ...shown }];
host.set = async () => { throw Object.assign(new Error(), { status: 507 }); };
await friend.put(null);
await friend.put(8);
await idle();
out.full = JSON.parse(shown['course-snn:guess:id']);
console.log(JSON.stringify(out));
process.exit();
"""


def record(value, sealed=False):
    return {"value": value, "sealed": sealed}


def test_what_is_kept_in_a_page_and_in_which_order(tmp_path):
    module = tmp_path / "kept.mjs"
    module.write_text(stored.module_text(*widget.Truth.scripts) + KEPT, encoding="utf-8")
    done = subprocess.run(
        [node_binary(), str(module)], capture_output=True, text=True, encoding="utf-8", timeout=PATIENCE
    )
    assert not done.returncode, done.stderr
    found = json.loads(done.stdout)
    assert found["friend"] == record(None)  # a notebook without a kernel says nothing of a guess
    assert found["early"] == [record(9), []]
    assert found["late"] == [record(9, True)] * 3
    assert found["settled"] == [record(9, True)] * 2
    assert found["forgotten"] == [record(None), [None]]
    assert found["order"] == [record(4), record(4, True)]
    assert found["conflict"] == [record(5, True), record(5, True), {"course-snn:guess:id": "null"}]
    assert found["full"] == record(8, True)


def test_the_page_s_model_says_that_it_has_no_kernel():
    text = (stored.JS.parents[1] / "course" / "web" / "model.js").read_text(encoding="utf-8")
    assert "this.kernel = false" in text
