"""One variable chooses the size of the experiments."""

import pytest

from course_snn.data import choose, preset
from course_snn.language import speaking


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, "laptop"), ("", "laptop"), ("laptop", "laptop"), ("full", "full"), ("quick", "quick")],
)
def test_the_variable_chooses(monkeypatch, value, expected):
    monkeypatch.delenv("COURSE_SNN_PRESET", raising=False)
    if value is not None:
        monkeypatch.setenv("COURSE_SNN_PRESET", value)
    assert preset() == expected
    assert choose(laptop=3, full=100) == {"laptop": 3, "full": 100, "quick": 3}[expected]
    assert choose(laptop=3, full=100, quick=0) == {"laptop": 3, "full": 100, "quick": 0}[expected]


def test_any_other_value_is_an_error_that_names_them(monkeypatch):
    monkeypatch.setenv("COURSE_SNN_PRESET", "huge")
    with speaking("en"), pytest.raises(ValueError, match=r"'huge'.*'laptop', 'full' or 'quick'"):
        choose(laptop=1, full=2)
