"""One call that writes down what a chapter measured, and holds it to a band.

A band says what must come out on every machine ("at least 0.97"), so the line a reader sees shows the band and not
the digits; a value without a band is exact, and is shown. `course-snn run` collects both.
"""

from __future__ import annotations

import json
import math
import numbers
import os
import re

from course_snn.language import escaped, html, in_notebook, tr

FILE_VARIABLE = "COURSE_SNN_RECORD"
CHAPTER_VARIABLE = "COURSE_SNN_CHAPTER"
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")


class OutOfBand(AssertionError):
    """A measured value that lies outside the band it was promised to keep."""


def record(
    name: str,
    value: float | bool | str,
    unit: str = "",
    at_least: float | None = None,
    at_most: float | None = None,
    shown: bool = True,
) -> None:
    """Show a result, write it to the file COURSE_SNN_RECORD names, and raise OutOfBand if it left its band.

    Args:
        name: lower-case identifier, dots allowed: "accuracy", "stdp.weight_after".
        value: a finite number (also a tensor or array of one element), a bool or a text.
        unit: unit of the value, "" for none.
        at_least, at_most: the band, ends included; only for numbers.
        shown: False writes the result without showing it, for seconds and the like, which no two runs share.

    Raises:
        ValueError, TypeError: for a name, value or band that is not as described.
        OutOfBand: the value lies outside the band; it is written to the file all the same.
    """
    value = _plain(value)
    _check_arguments(name, value, unit, at_least, at_most)
    ok = (at_least is None or value >= at_least) and (at_most is None or value <= at_most)
    append({"name": name, "value": value, "unit": unit, "at_least": at_least, "at_most": at_most, "ok": ok})
    band = _band(at_least, at_most)
    if not ok:
        raise OutOfBand(
            tr(
                f"{name} = {_with_unit(value, unit)}，应当 {band}；请查看这一格用到的参数和随机种子",
                f"{name} = {_with_unit(value, unit)}, but must be {band}; look at the parameters and the seed "
                "that this cell uses",
            )
        )
    if shown:
        _show(name, _with_unit(value, unit), f"{band}{' ' + unit if unit else ''}" if band else "")


def append(entry: dict[str, object]) -> None:
    """Add one entry, with the chapter it belongs to, to the file that `course-snn run` reads; nothing otherwise."""
    if path := os.environ.get(FILE_VARIABLE):
        line = json.dumps({"chapter": os.environ.get(CHAPTER_VARIABLE, ""), **entry}, ensure_ascii=False)
        with open(path, "a", encoding="utf-8") as file:
            file.write(line + "\n")


def describe(entry: dict[str, object]) -> str:
    """A written entry with its value and its band, for a summary: "accuracy = 0.981 (≥ 0.97)"."""
    band = _band(entry["at_least"], entry["at_most"])
    return f"{entry['name']} = {_with_unit(entry['value'], entry['unit'])}" + (f" ({band})" if band else "")


def _plain(value: object) -> float | bool | str:
    """A Python number from a tensor, array or numpy scalar of one element."""
    if hasattr(value, "item"):
        try:
            return value.item()
        except (RuntimeError, ValueError) as error:
            raise TypeError(f"record takes one number, a bool or a text, but got {value!r}") from error
    return value


def _check_arguments(name: str, value: object, unit: str, at_least: float | None, at_most: float | None) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(
            f"record's name is {name!r}, but must be lower-case letters, digits and underscores, "
            'beginning with a letter, for example "spike_count"'
        )
    if not isinstance(unit, str):
        raise TypeError(f"record's unit for {name} is {unit!r}, but must be a text")
    if not isinstance(value, (bool, str, numbers.Real)):
        raise TypeError(f"record takes a number, a bool or a text for {name}, but got {value!r}")
    if isinstance(value, numbers.Real) and not math.isfinite(value):
        raise ValueError(f"record needs a finite number for {name}, but got {value!r}")
    if (at_least, at_most) == (None, None):
        return
    if isinstance(value, (bool, str)):
        raise TypeError(f"record takes a band only with a number, but {name} is {value!r}")
    for end in (at_least, at_most):
        if end is not None and (isinstance(end, bool) or not isinstance(end, numbers.Real) or not math.isfinite(end)):
            raise ValueError(f"the band of {name} has an end {end!r}, but it must be a finite number")
    if at_least is not None and at_most is not None and at_least > at_most:
        raise ValueError(f"the band of {name} is empty: at_least={at_least} lies above at_most={at_most}")


def _band(at_least: float | None, at_most: float | None) -> str:
    if at_least is not None and at_most is not None:
        return f"= {at_least:g}" if at_least == at_most else f"∈ [{at_least:g}, {at_most:g}]"
    if at_least is not None:
        return f"≥ {at_least:g}"
    return "" if at_most is None else f"≤ {at_most:g}"


def _with_unit(value: float | bool | str, unit: str) -> str:
    number = f"{value:.6g}" if isinstance(value, float) else str(value)
    return f"{number} {unit}" if unit else number


def _show(name: str, value: str, band: str) -> None:
    """In a notebook show the line in both languages, elsewhere print it in English."""
    plain = f"{name} {band}: yes" if band else f"{name} = {value}"
    if not in_notebook():
        print(plain)
        return
    from IPython.display import display

    verdict = f"{escaped(band)}{html('：是', ': yes')}" if band else f"= {escaped(value)}"
    display({"text/plain": plain, "text/html": f"<code>{name}</code> {verdict}"}, raw=True)
