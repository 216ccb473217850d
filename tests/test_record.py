"""`record`: what it shows, what it writes, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from course_snn import course
from course_snn.course.record import OutOfBand, describe, record
from course_snn.language import speaking


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "results.jsonl"
    monkeypatch.setenv("COURSE_SNN_RECORD", str(path))
    monkeypatch.setenv("COURSE_SNN_CHAPTER", "01")
    return path


def entries(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_course_offers_it_even_after_its_module_was_imported() -> None:
    assert course.record is record


def test_seconds_are_written_and_not_shown(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record("train_seconds", 12.5, "s", shown=False)
    assert capsys.readouterr().out == "" and entries(written)[0]["value"] == 12.5
    with pytest.raises(OutOfBand):
        record("train_seconds", 12.5, "s", at_most=10, shown=False)


def test_a_value_without_a_band_is_shown_and_written(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record("spike_count", 2, unit="spikes")
    assert capsys.readouterr().out == "spike_count = 2 spikes\n"
    assert entries(written) == [
        {
            "chapter": "01",
            "name": "spike_count",
            "value": 2,
            "unit": "spikes",
            "at_least": None,
            "at_most": None,
            "ok": True,
        }
    ]


@pytest.mark.parametrize(
    ("band", "line"),
    [
        ({"at_least": 0.97}, "accuracy ≥ 0.97: yes\n"),
        ({"at_most": 1}, "accuracy ≤ 1: yes\n"),
        ({"at_least": 0.5, "at_most": 1}, "accuracy ∈ [0.5, 1]: yes\n"),
        ({"at_least": 0.98}, "accuracy ≥ 0.98: yes\n"),  # the ends belong to the band
    ],
)
def test_a_band_is_shown_in_place_of_the_digits(
    band: dict, line: str, written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record("accuracy", 0.98, **band)
    assert capsys.readouterr().out == line
    assert entries(written)[0]["value"] == 0.98


@pytest.mark.parametrize("value", [0.96, torch.tensor(0.96, dtype=torch.float64), np.float64(0.96)])
def test_out_of_band_raises_and_is_written_all_the_same(value: object, written: Path) -> None:
    with speaking("en"), pytest.raises(OutOfBand, match=r"accuracy = 0\.96, but must be ≥ 0\.97"):
        record("accuracy", value, at_least=0.97)
    with speaking("zh"), pytest.raises(AssertionError, match="应当 ≥"):
        record("accuracy", value, at_least=0.97)
    assert [(entry["value"], entry["ok"]) for entry in entries(written)] == [(0.96, False)] * 2


def test_nothing_is_written_unless_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    record("spike_count", 2)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (("Spike count", 1), ValueError, "lower-case"),
        (("", 1), ValueError, "lower-case"),
        (("x", float("nan")), ValueError, "finite"),
        (("x", float("inf")), ValueError, "finite"),
        (("x", None), TypeError, "a number, a bool or a text"),
        (("x", torch.zeros(2)), TypeError, "one number"),
        (("x", 1, 2), TypeError, "unit"),
        (("x", True, "", 0), TypeError, "band only with a number"),
        (("x", "yes", "", 0), TypeError, "band only with a number"),
        (("x", 1, "", float("nan")), ValueError, "finite number"),
        (("x", 1, "", 2, 1), ValueError, "empty"),
    ],
)
def test_bad_arguments_are_refused(arguments: tuple, error: type, message: str, written: Path) -> None:
    with pytest.raises(error, match=message):
        record(*arguments)
    assert not written.exists()


def test_describe_gives_value_and_band() -> None:
    entry = {"name": "accuracy", "value": 0.98123456, "unit": "", "at_least": 0.97, "at_most": None}
    assert describe(entry) == "accuracy = 0.981235 (≥ 0.97)"
    assert describe(entry | {"value": 12, "unit": "mV", "at_least": None}) == "accuracy = 12 mV"
