"""Where compiled loops are kept when neither package nor home can be written."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from course_snn.kernel import cache

PICKY = """
import sys, tempfile
from pathlib import Path
allowed, whole = sys.argv[1], tempfile.TemporaryFile
def refuse(*args, dir=None, **options):
    if not allowed or not str(dir).startswith(allowed):
        raise PermissionError(13, "Permission denied", str(dir))
    return whole(*args, dir=dir, **options)
tempfile.TemporaryFile = refuse  # by which numba tries a folder

from course_snn.kernel.cache import kept
print(kept())
from course_snn.kernel.pooling_cpu import pool
import numpy as np
out, place = np.zeros(1, np.float32), np.zeros(1, np.uint8)
pool(np.float32([1, 5, 3, 2]), out, place, 2, 2, 1, 0, 1)
print(out[0], place[0])
"""


def where_only(allowed: str, tmp: Path) -> tuple[list[str], list[Path]]:
    """What a Python prints that may write loops to one folder only; and what it left in its temporary one."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    command = [sys.executable, "-W", "ignore", "-c", PICKY, allowed]
    done = subprocess.run(command, env=environment | {"TMPDIR": str(tmp)}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.split(), list(tmp.rglob("*.nbi"))


@pytest.mark.skipif(sys.platform == "win32", reason="its temporary folder goes by another variable")
def test_a_read_only_package_and_home_leave_the_temporary_folder(tmp_path):
    said, left = where_only(str(tmp_path), tmp_path)
    assert said == ["True", "5.0", "1"]
    assert left and all("course-snn-loops-" in str(file) for file in left)


@pytest.mark.skipif(sys.platform == "win32", reason="its temporary folder goes by another variable")
def test_loops_are_compiled_even_if_nothing_can_be_written(tmp_path):
    said, left = where_only("", tmp_path)
    assert said == ["False", "5.0", "1"] and not left


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="modes are another thing there")
def test_the_temporary_folder_is_the_users_own(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = cache.temporary_folder()
    assert cache.temporary_folder() == folder and stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o777)  # anybody may have put something there that would be run
    other = cache.temporary_folder()
    assert other != folder and other.parent == tmp_path and stat.S_IMODE(other.stat().st_mode) == 0o700
    folder.rmdir()
    folder.symlink_to(other)
    with pytest.raises(NotADirectoryError):
        cache.temporary_folder()


def test_triton_is_given_a_folder_only_if_it_has_none(tmp_path, monkeypatch):
    for name in cache.TRITON:
        monkeypatch.setenv(name, "")  # so that it is put back as it was
        monkeypatch.delenv(name)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    cache.keep_triton()
    assert "TRITON_CACHE_DIR" not in os.environ
    (tmp_path / "file").touch()
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "file")
    cache.keep_triton()
    assert Path(os.environ["TRITON_CACHE_DIR"]).parent == tmp_path
