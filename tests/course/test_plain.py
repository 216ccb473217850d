"""Any value becomes plain data, and comes back as far as it can be compared."""

import json
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st
from together import each_of

from course_snn.course.compare import difference
from course_snn.course.plain import MOST_NUMBERS, Large, Other, clipped, decode, encode

numbers = st.none() | st.booleans() | st.integers(-(10**300), 10**300) | st.floats() | st.text(max_size=20)
values = st.recursive(numbers, lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner), max_leaves=12)


@given(values)
def test_plain_values_survive_json(value):
    back = decode(json.loads(json.dumps(encode(value), allow_nan=False)))
    assert repr(back) == repr(_as_floats(value))


def _as_floats(value):
    """Whole numbers that a float cannot hold come back as floats."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(_as_floats, value))
    return float(value) if type(value) is int and abs(value) >= 2**53 else value


@each_of(
    "value",
    [
        torch.arange(6).reshape(2, 3),
        torch.tensor(1.5, requires_grad=True) * 2,
        torch.tensor([True, False]),
        torch.ones(3, dtype=torch.bfloat16),
        torch.arange(6.0).reshape(2, 3).t(),
        np.arange(4, dtype=np.uint8),
        np.float32(2.5),
        np.bool_(True),
        np.zeros((0, 3)),
        {"a": [1, (2.0, torch.ones(1))]},
    ],
)
def test_arrays_come_back_with_shape_and_type(value):
    back = decode(json.loads(json.dumps(encode(value))))
    assert difference(back, value, 0.0, frozenset({"kind", "container"})) is None


@each_of(
    "value, kind",
    [
        (torch.ones(2).to_sparse(), "Tensor"),
        (torch.ones(2, dtype=torch.complex64), "Tensor"),
        (np.array(["a"]), "ndarray"),
        (1j, "complex"),
        (object(), "object"),
        (len, "builtin_function_or_method"),
        (iter([]), "list_iterator"),
        (type("Evil", (), {"__repr__": lambda self: 1 / 0})(), "Evil"),
    ],
)
def test_everything_else_becomes_a_name(value, kind):
    back = decode(encode(value))
    assert isinstance(back, Other) and back.kind == kind and "0x" not in back.text


def test_what_is_too_large_keeps_its_size_only():
    assert decode(encode(torch.zeros(MOST_NUMBERS + 1))) == Large("tensor", (MOST_NUMBERS + 1,))
    assert decode(encode([0.0] * (MOST_NUMBERS + 1))) == Large("list", (MOST_NUMBERS + 1,))
    endless = []
    endless.append(endless)
    assert decode(encode(endless)) == Large("list", (1,))


def test_whole_numbers_beyond_floats_are_infinite():
    assert decode(encode(10**5000)) == math.inf and decode(encode(-(10**5000))) == -math.inf
    assert decode(encode(2**60)) == 2.0**60


def test_fractions_and_decimals_are_numbers():
    assert decode(encode(Fraction(1, 4))) == decode(encode(Decimal("0.25"))) == 0.25


def test_text_can_be_printed_whatever_a_learner_puts_into_it():
    assert clipped(lambda: "\ud800 bad").encode() == b"? bad"


def test_text_is_clipped_whatever_happens():
    assert clipped(lambda: "x" * 10**6) == "x" * 299 + "…" and clipped(lambda: 1 / 0) == "(ZeroDivisionError)"
