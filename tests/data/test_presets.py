"""One variable chooses the size of the experiments."""

import pytest

from course_snn.data import choose, preset
from course_snn.language import speaking


@pytest.mark.parametrize(
    ("value", "expected"), [(None, "laptop"), ("", "laptop"), ("laptop", "laptop"), ("full", "full")]
)
def test_the_variable_chooses(monkeypatch, value, expected):
    if value is not None:
        monkeypatch.setenv("COURSE_SNN_PRESET", value)
    assert preset() == expected
    assert choose(laptop=3, full=100) == {"laptop": 3, "full": 100}[expected]


def test_any_other_value_is_an_error_that_names_both(monkeypatch):
    monkeypatch.setenv("COURSE_SNN_PRESET", "huge")
    with speaking("en"), pytest.raises(ValueError, match=r"'huge'.*'laptop' or 'full'"):
        choose(laptop=1, full=2)
