"""What every test shares: nothing a test does reaches the learner's own progress, settings or history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from wheels import build_wheel

from course_snn import language
from course_snn.course import chapters

ROOT = Path(__file__).resolve().parents[1]
REAL_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("COURSE_SNN_RECORD", raising=False)


@pytest.fixture
def real_data(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with the whole of the real MNIST and Fashion-MNIST, where this machine has it."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"there is no {REAL_DATA}")
    monkeypatch.setenv("COURSE_SNN_DATA", str(REAL_DATA))
    return REAL_DATA


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in which the course looks for its notebooks."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    monkeypatch.setenv(chapters.FOLDER_VARIABLE, str(folder))
    return folder


@pytest.fixture
def course_style(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The course's figure style in a matplotlib of its own, without a window; the figures are closed afterwards."""
    import matplotlib as mpl  # here: most tests draw nothing
    from matplotlib import pyplot

    from course_snn import figure

    monkeypatch.setattr(language, "_chinese_drawable", True)
    with mpl.rc_context():
        mpl.use("agg")
        figure.use_style()
        yield
    pyplot.close("all")


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def wheel_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of the checkout, built once for all tests of a process."""
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))
