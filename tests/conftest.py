"""What every test shares: nothing a test does reaches the learner's own progress, settings or history."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("COURSE_SNN_RECORD", raising=False)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT
