"""Checks of what a caller gives."""

import numpy as np
import pytest
import torch

from course_snn import arguments


@pytest.mark.parametrize(("shape", "sizes"), [(3, [3]), ([2, 3], [2, 3]), ((1,), [1]), (torch.Size([4]), [4])])
def test_as_shape(shape, sizes):
    assert list(arguments.as_shape(shape)) == sizes and isinstance(arguments.as_shape(shape), torch.Size)


@pytest.mark.parametrize("bad", [0, -1, 2.0, [2, 0], "ab", None])
def test_as_shape_errors(bad):
    with pytest.raises(ValueError, match="positive integers"):
        arguments.as_shape(bad)


@pytest.mark.parametrize("value", [1, 1.5, np.float32(1.5), np.int64(2), torch.tensor([1.0, 2.0])])
def test_number_takes_what_computations_give(value):
    assert arguments.number("x", value, above=0.5, at_least=1) is not None


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (True, TypeError, "x must be a number or a tensor, got True"),
        ("1", TypeError, "x must be a number or a tensor"),
        (None, TypeError, "x must be a number or a tensor"),
        (float("inf"), ValueError, "x must be finite"),
        (torch.tensor([1.0, float("nan")]), ValueError, "x must be finite"),
        (1, ValueError, "x must be greater than 1"),
        (torch.tensor([3.0, 1.5]), ValueError, "x must be at least 2"),
    ],
)
def test_number_errors(value, error, message):
    with pytest.raises(error, match=message):
        arguments.number("x", value, above=1, at_least=2)


def test_whole():
    assert type(arguments.whole("n", np.int64(3), at_least=1)) is int
    for bad in (True, 1.0, "1", None):
        with pytest.raises(TypeError, match="n must be a whole number"):
            arguments.whole("n", bad, at_least=1)
    with pytest.raises(ValueError, match="n must be at least 2, got 1"):
        arguments.whole("n", 1, at_least=2)


def test_one_number_for_all():
    assert arguments.one_number("x", torch.tensor(2.0), at_least=1) == 2.0
    with pytest.raises(ValueError, match="one number for all neurons"):
        arguments.one_number("x", torch.ones(3))
    with pytest.raises(ValueError, match="at least 1"):
        arguments.one_number("x", 0.5, at_least=1)


def test_number_takes_whole_numbers_in_tensors_and_refuses_what_is_no_number():
    assert arguments.number("x", torch.tensor([2, 3])).dtype == torch.float32
    for bad in (torch.tensor([True]), torch.tensor([1j])):
        with pytest.raises(TypeError, match="real numbers"):
            arguments.number("x", bad)
    with pytest.raises(ValueError, match="empty tensor"):
        arguments.number("x", torch.tensor([]))


@pytest.mark.parametrize("value", [np.int64(3), np.uint8(3), torch.tensor(3), torch.tensor([3])])
def test_whole_takes_what_arrays_give(value):
    assert type(arguments.whole("n", value, at_least=1)) is int
