"""Equal and different answers."""

import numpy as np
import torch
from together import each_of

from course_snn.course.compare import CONTAINER, KIND, brief, difference
from course_snn.course.plain import Large, Other


@each_of(
    "got, want, says",
    [
        ([1, 2, 3], torch.tensor([1.0, 2.0]), "shape"),
        (torch.tensor([1.0, 2.5]), torch.tensor([1.0, 2.0]), "position [1]"),
        ((1.0,), (1.0, 2.0), "2 values"),
        ((1.0, 3.0), (1.0, 2.0), "value 2"),
        (1.1, 1.0, "value"),
        (float("nan"), 1.0, "value"),
        ({1: 2}, 1.0, "dict"),
        ({1: 2}, {1: 3}, "value"),
        ({2: 2}, {1: 2}, "value"),
        ([None, 1], [None, 2], "value 2"),
        (Other("Tensor", "sparse"), torch.ones(2), "Tensor"),
        (Large("list", (10**7,)), torch.ones(2), "far too large"),
        ([torch.zeros(2), torch.zeros(2)], [torch.zeros(2), torch.ones(3)], "shape"),
        (torch.tensor([1.0, 2.0, 3.0]), (1.0, 2.0), "2 values"),
        (Other("function", "f"), Other("function", "f"), "Expected"),
        (None, 1.0, "None"),
    ],
)
def test_a_difference_is_said(got, want, says):
    assert says in difference(got, want).text.en


@each_of(
    "got, want",
    [
        ([True, False], torch.tensor([1, 0])),
        (1, 1.0),
        (torch.tensor(2.0), 2.0),
        ([1.0], (np.array(1.0),)),
        ("a", "a"),
        ([1.0, float("nan")], [1.0, float("nan")]),  # a mistake that makes a nan is recognised
        ((1, 2), [1, 2]),
        ((1, 2), torch.tensor([1, 2])),
        (torch.tensor([1.0, 2.0]), (1.0, 2.0)),
        ([torch.tensor(1.0), torch.tensor(2.0)], [1.0, 2.0]),
        ([[torch.tensor(1.0)], [torch.tensor(2.0)]], torch.tensor([[1.0], [2.0]])),
        ([(1, 2), (3, 4)], [(1, 2), (3, 4)]),
        ({"a": 1}, {"a": torch.tensor(1)}),
    ],
)
def test_equal_values_of_other_types_are_equal(got, want):
    assert difference(got, want) is None


@each_of(
    "got, want, exact, says",
    [
        (1.0, True, KIND, "expected bool"),
        (True, 1, KIND, "expected whole numbers, got bool"),
        (1, 1.0, KIND, "expected floats"),
        (np.uint8(1), 1, KIND, None),
        (np.bool_(True), True, KIND, None),
        (torch.tensor(1.0, dtype=torch.float64), 1.0, KIND, None),
        ([1.0], torch.tensor([1.0]), CONTAINER, "as torch.Tensor"),
        ((1.0,), [1.0], CONTAINER, "as list"),
        (np.float32(1), 1.0, CONTAINER, None),
        ((True, 1), (True, 1.0), KIND, "Returned value 2"),
    ],
)
def test_promises_are_compared_where_asked(got, want, exact, says):
    assert difference(got, want) is None
    found = difference(got, want, exact=frozenset({exact}))
    assert found is None if says is None else says in found.text.en


def test_values_are_shown_briefly():
    assert brief(torch.arange(6.0).reshape(2, 3)) == "[0, 1, 2, 3, …] (2, 3)"
    assert brief([1.0, 2.5]) == "[1, 2.5]" and brief(...) == "Ellipsis"
    assert len(brief("x" * 1000)) == 60
