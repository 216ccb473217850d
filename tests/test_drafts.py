"""A file is seen whole or not at all."""

import os
import stat
import sys
import threading

import pytest
from patience import PATIENCE

from course_snn import drafts


def test_it_takes_its_place_when_all_is_written(tmp_path):
    path = tmp_path / "new" / "file.bin"
    with drafts.draft(path) as file:
        file.write(b"whole")
        assert not path.exists()
    assert path.read_bytes() == b"whole" and os.listdir(path.parent) == ["file.bin"]


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_what_fails_leaves_the_old_file_and_no_draft(tmp_path, shared, error):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    with pytest.raises(error), drafts.draft(path, shared=shared) as file:
        file.write(b"half")
        raise error
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["file.bin"]


def test_what_a_killed_program_left_is_written_over(tmp_path):
    (tmp_path / "file.bin.part").write_bytes(b"half of something longer")
    with drafts.draft(tmp_path / "file.bin") as file:
        file.write(b"whole")
    assert os.listdir(tmp_path) == ["file.bin"] and (tmp_path / "file.bin").read_bytes() == b"whole"


def test_many_may_write_a_shared_file(tmp_path):
    path, barrier = tmp_path / "file.bin", threading.Barrier(8)

    def write(n):
        with drafts.draft(path, shared=True) as file:
            file.write(b"%d" % n * 1000)
            barrier.wait(timeout=PATIENCE)  # all are writing at once
            file.write(b"%d" % n * 1000)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert os.listdir(tmp_path) == ["file.bin"]
    assert len(path.read_bytes()) == 2000 and len(set(path.read_bytes())) == 1


def test_the_disk_is_waited_for_before_the_rename(tmp_path, monkeypatch):
    path, seen = tmp_path / "file.bin", []
    monkeypatch.setattr(drafts.os, "fsync", lambda number: seen.append((path.exists(), os.fstat(number).st_size)))
    with drafts.draft(path) as file:
        file.write(b"12345")
    assert seen == []
    path.unlink()
    with drafts.draft(path, synced=True) as file:
        file.write(b"12345")
    assert seen == [(False, 5)]


def test_the_one_before_is_set_aside(tmp_path):
    for content in (b"1", b"2", b"3"):
        with drafts.draft(tmp_path / "latest", aside=tmp_path / "previous") as file:
            file.write(content)
    assert (tmp_path / "latest").read_bytes() == b"3" and (tmp_path / "previous").read_bytes() == b"2"


@pytest.mark.skipif(sys.platform == "win32", reason="modes are another thing there")
def test_the_mode_is_handed_on(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")
    path.chmod(0o640)
    with drafts.draft(path) as file:
        file.write(b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
