"""How far a guess lies from the truth, and how that is said: what guess_words.js computes, for pictures and Python."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from .control import Text

GRID = 200  # intervals at which two curves are compared
Spec = Mapping[str, Any]
Drawn = Sequence[float | None]  # a curve the learner drew; None where nothing is drawn yet


def rounded(value: float, digits: int) -> float:
    """Round at `digits` decimals, a half upwards; negative digits round to tens, hundreds …"""
    power = 10 ** abs(digits)
    return math.floor(value / power + 0.5) * power if digits < 0 else math.floor(value * power + 0.5) / power


def decimals(value: float, figures: int) -> int:
    """Decimals that leave `figures` significant figures."""
    size, digits = abs(value), figures - 1
    if size == 0:
        return 0
    while size >= 10:
        size, digits = size / 10, digits - 1
    while size < 1 and digits < 9:
        size, digits = size * 10, digits + 1
    return digits


def fixed(value: float, digits: int) -> str:
    """Fixed decimals with a true minus sign, as `number` of common.js writes them."""
    text = f"{rounded(value, digits):.{digits}f}"
    return (text[1:] if text.startswith("-") and not float(text) else text).replace("-", "−")


def amount(value: float, spec: Spec) -> str:
    """The number as it is shown: fixed decimals; whole, or of three figures, where the scale is logarithmic."""
    if not spec.get("log"):
        return fixed(value, spec["digits"])
    return fixed(value, 0 if value == int(value) else max(0, decimals(value, 3)))


def measure(value: float, spec: Spec) -> Text:
    """A number with its unit, in both languages."""
    text = amount(value, spec)
    zh, en = (f"{text}{'' if unit.startswith('%') else ' '}{unit}" if unit else text for unit in spec["unit"])
    return zh, en


def difference(value: float, spec: Spec) -> Text:
    """A difference with its unit: that of two percentages is in percentage points."""
    points = spec["unit"][0] == "%"
    return measure(value, {**spec, "unit": ("个百分点", "percentage points")} if points else spec)


def _number(spec: Spec, guess: float, truth: float) -> Text:
    g, t = measure(guess, spec), measure(truth, spec)
    if g[1] == t[1]:
        return f"你猜 {g[0]}，实际也是 {t[0]}。", f"You guessed {g[1]}, and it is {t[1]}."
    zh, en = f"你猜 {g[0]}，实际是 {t[0]}", f"You guessed {g[1]}, it is {t[1]}"
    ratio = max(guess, truth) / min(guess, truth) if spec["log"] else 1.0
    if ratio < 1.05:
        gap = difference(abs(guess - truth), spec)
        return f"{zh}，相差 {gap[0]}。", f"{en}: {gap[1]} apart."
    times = fixed(ratio, 1 if ratio < 10 else 0)
    if truth > guess:
        return f"{zh}，是你猜的 {times} 倍。", f"{en}, {times} times your guess."
    return f"{zh}，你猜的是它的 {times} 倍。", f"{en}; your guess is {times} times that."


def _choice(spec: Spec, guess: str, truth: str) -> Text:
    g, t = spec["options"][guess], spec["options"][truth]
    if guess == truth:
        return f"你猜“{g[0]}”，实际也是。", f"You guessed “{g[1]}”, and so it is."
    return f"你猜“{g[0]}”，实际是“{t[0]}”。", f"You guessed “{g[1]}”, it is “{t[1]}”."


def swapped(guess: Sequence[str], truth: Sequence[str]) -> int:
    """How many pairs of an order stand the other way round in another one."""
    return sum(truth.index(a) > truth.index(b) for a, b in combinations(guess, 2))


def _order(_: Spec, guess: Sequence[str], truth: Sequence[str]) -> Text:
    pairs, wrong = math.comb(len(guess), 2), swapped(guess, truth)
    if wrong == 0:
        return "你排的次序与实际相同。", "Your order is the one that was found."
    return (
        f"两两比较，{pairs} 对里有 {wrong} 对与实际相反。",
        f"Compared two by two, {wrong} of {pairs} pairs {'is' if wrong == 1 else 'are'} the other way round.",
    )


def interpolate(xs: Sequence[float], ys: Drawn, x: float) -> float | None:
    """The straight line between the two nearest points of a curve; None outside of it. `xs` rise."""
    if not xs or x < xs[0] or x > xs[-1]:
        return None
    low = min(max(bisect_right(xs, x) - 1, 0), max(len(xs) - 2, 0))
    high = min(low + 1, len(xs) - 1)
    left, right = ys[low], ys[high]
    if left is None or right is None:
        return None
    if xs[high] == xs[low]:
        return left
    return left + ((right - left) * (x - xs[low])) / (xs[high] - xs[low])


def abscissas(spec: Spec) -> list[float]:
    """Where the points of a drawn curve stand."""
    (a, b), n = spec["draw"], spec["points"]
    return [a + ((b - a) * k) / (n - 1) for k in range(n - 1)] + [b]


def curve_distance(spec: Spec, guess: Drawn, truth: Sequence[Sequence[float]]) -> dict[str, float] | None:
    """The mean distance of a drawn curve from the true one and its largest: mean, x, guess, truth; or None."""
    at, (a, b), (xs, ys) = abscissas(spec), spec["draw"], truth
    gaps = []
    for k in range(GRID + 1):
        x = b if k == GRID else a + ((b - a) * k) / GRID
        g, t = interpolate(at, guess, x), interpolate(xs, ys, x)
        if g is not None and t is not None:
            gaps.append((abs(g - t), x, g, t))
    if not gaps:
        return None
    _, x, g, t = max(gaps, key=lambda gap: gap[0])
    return {"mean": sum(gap[0] for gap in gaps) / len(gaps), "x": x, "guess": g, "truth": t}


def _curve(spec: Spec, guess: Drawn, truth: Sequence[Sequence[float]]) -> Text:
    d = curve_distance(spec, guess, truth)
    if d is None:
        return "", ""
    mean, x = difference(d["mean"], spec), fixed(d["x"], spec["xdigits"])
    g, t = (measure(d[key], spec) for key in ("guess", "truth"))
    return (
        f"平均相差 {mean[0]}。相差最大处，{spec['xlabel'][0]}为 {x}：你画的是 {g[0]}，实际是 {t[0]}。",
        f"On average {mean[1]} apart. Farthest at {spec['xlabel'][1]} {x}: you drew {g[1]}, it is {t[1]}.",
    )


WORDS = {"number": _number, "choice": _choice, "order": _order, "curve": _curve}


def distance_words(spec: Spec, guess: Any, truth: Any) -> Text:
    """The distance between a guess and the truth in plain words: (Chinese, English)."""
    return WORDS[spec["kind"]](spec, guess, truth)
