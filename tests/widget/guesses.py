"""One question of every kind, for the tests of guesses: how it is asked, what is guessed, what is true."""

from __future__ import annotations

import math

TEXT = ("会怎样？", "What will happen?")
STEPS = ("步", "steps")
NUMBER = {"guess_id": "t.number", "question": TEXT, "low": 0, "high": 40, "unit": STEPS}
LOG = {"guess_id": "t.log", "question": TEXT, "low": 1, "high": 100_000, "unit": ("", ""), "log": True}
CHOICE = {
    "guess_id": "t.choice",
    "question": TEXT,
    "options": {"up": ("变强", "stronger"), "down": ("变弱", "weaker"), "same": ("不变", "no change")},
}
ORDER = {
    "guess_id": "t.order",
    "question": TEXT,
    "items": {"a": ("甲", "first"), "b": ("乙", "second"), "c": ("丙", "third"), "d": ("丁", "fourth")},
    "unit": ("%", "%"),
}
CURVE = {
    "guess_id": "t.curve",
    "question": TEXT,
    "x": (0, 200),
    "y": (0, 1.2),
    "xlabel": ("时间步", "time step"),
    "ylabel": ("膜电位", "potential"),
    "given": [1 - math.exp(-t / 20) for t in range(41)],
    "lines": [(1.0, ("阈值", "threshold"))],
    "marks": [(150, ("断电", "off"))],
}
KINDS = {
    "GuessNumber": NUMBER,
    "GuessChoice": CHOICE,
    "GuessOrder": ORDER,
    "GuessCurve": CURVE,
}
GUESSES = {"GuessNumber": 12, "GuessChoice": "up", "GuessOrder": ["b", "a", "c", "d"], "GuessCurve": [0.5] * 41}
TRUTHS = {
    "GuessNumber": 20,
    "GuessChoice": "down",
    "GuessOrder": {"a": 1, "b": 12, "c": 5, "d": 30},
    "GuessCurve": [0.9 * (1 - math.exp(-t / 20)) for t in range(200)],
}
