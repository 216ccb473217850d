"""Many cases in one test: none is left out, and none hides another."""

import pytest
from together import each_of


def test_every_failing_case_is_listed(tmp_path):
    seen = []

    @each_of("a, b", [(1, 2), (3, 3), (5, 6)])
    @each_of("extra", "xy")
    def check(a, b, extra, where):
        seen.append((a, b, extra, where))
        assert a == b
        with pytest.raises(ValueError):
            float(extra)

    with pytest.raises(AssertionError) as caught:
        check(where=tmp_path)
    assert len(seen) == 6 and {case[3] for case in seen} == {tmp_path}
    told = str(caught.value)
    assert "2 of 3 cases" in told and told.count("2 of 2 cases") == 2
    assert "{'a': 1, 'b': 2}" in told and "{'a': 5, 'b': 6}" in told and "3" not in told.replace("of 3 cases", "")


def test_a_case_that_raises_or_does_not_raise_fails():
    @each_of("value", ["1", "x"])
    def check(value):
        with pytest.raises(ValueError):
            float(value)

    with pytest.raises(AssertionError, match=r"(?s)1 of 2 cases.*'value': '1'.*DID NOT RAISE"):
        check()
    with pytest.raises(AssertionError, match=r"'key': 0.*KeyError"):
        each_of("key", [0])(lambda key: {}[key])()


def test_no_cases_are_a_mistake():
    with pytest.raises(AssertionError, match="no cases for a"):
        each_of("a", [])(lambda a: None)()


@each_of("name", ["a", "b"])
def test_fixtures_reach_it(tmp_path, name):
    (tmp_path / name).touch(exist_ok=False)
    assert name == "a" or (tmp_path / "a").exists()
