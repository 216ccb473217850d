"""An archive fetched by hand: never changed, never outside its folder, and a break costs little."""

import hashlib
import os
import tarfile

import pytest
from tiny_gesture import tar

from course_snn.data import archive
from course_snn.data.files import DataError
from course_snn.language import speaking

CONTENT = {"Set/a.bin": os.urandom(5000), "Set/b.txt": b"b", "Set/deep/c.txt": b"c"}


@pytest.fixture
def packed(tmp_path):
    return tar(tmp_path / "set.tar.gz", CONTENT)


def files_in(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_checksum(packed):
    archive.check(packed, hashlib.md5(packed.read_bytes()).hexdigest())


def test_a_wrong_checksum_keeps_the_file(packed):
    before = packed.read_bytes()
    with (
        speaking("en"),
        pytest.raises(DataError, match=rf"\({len(before)} bytes\) has the MD5 \w+, not 123.*stays as it is"),
    ):
        archive.check(packed, "123")
    assert packed.read_bytes() == before


def test_all_of_it(packed, tmp_path):
    archive.unpack(packed, tmp_path / "out")
    assert files_in(tmp_path / "out") == CONTENT
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "set.tar.gz"]


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_break_leaves_no_folder_and_is_resumed(packed, tmp_path, monkeypatch, written):
    copied, copy = [], archive.shutil.copyfileobj

    def stop(source, target, length):
        if len(copied) == written:
            target.write(b"half")
            raise KeyboardInterrupt
        copied.append(target.name)
        copy(source, target, length)

    monkeypatch.setattr(archive.shutil, "copyfileobj", stop)
    with pytest.raises(KeyboardInterrupt):
        archive.unpack(packed, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    written = None  # from now on it goes well
    archive.unpack(packed, tmp_path / "out")
    assert len(copied) == len(CONTENT)  # none of them twice
    assert files_in(tmp_path / "out") == CONTENT


@pytest.mark.parametrize("name", ["../evil", "/evil", "Set/../../evil", "..\\evil", "C:evil", "Set/..", "."])
def test_nothing_is_written_outside(tmp_path, name):
    path = tar(tmp_path / "in" / "set.tar.gz", {"Set/good": b"good", name: b"evil"})
    with speaking("en"), pytest.raises(DataError, match="was not unpacked"):
        archive.unpack(path, tmp_path / "in" / "out")
    everything = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sorted(path.name for path in everything) == ["good", "set.tar.gz"]
    assert not (tmp_path / "in" / "out").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_no_links_and_no_devices(tmp_path, kind):
    member = tarfile.TarInfo("Set/link")
    member.type, member.linkname = kind, "/etc/passwd"
    path = tar(tmp_path / "set.tar.gz", {"Set/link": member})
    with pytest.raises(DataError, match="Set/link"):
        archive.unpack(path, tmp_path / "out")
    assert not (tmp_path / "out").exists() and files_in(tmp_path / "out.part") == {}


def test_folders_are_passed_over(tmp_path):
    member = tarfile.TarInfo("Set")
    member.type = tarfile.DIRTYPE
    archive.unpack(tar(tmp_path / "set.tar.gz", {"Set": member, "Set/a": b"a"}), tmp_path / "out")
    assert files_in(tmp_path / "out") == {"Set/a": b"a"}


@pytest.mark.parametrize(
    "damage", [lambda b: b[: len(b) // 2], lambda b: b[:20], lambda b: b"no archive", lambda b: b""]
)
def test_a_damaged_archive_is_kept_and_named(packed, tmp_path, damage):
    content = damage(packed.read_bytes())
    packed.write_bytes(content)
    with speaking("en"), pytest.raises(DataError, match=r"set\.tar\.gz cannot be unpacked.*stays as it is"):
        archive.unpack(packed, tmp_path / "out")
    assert packed.read_bytes() == content and not (tmp_path / "out").exists()


def test_a_full_disk_is_the_systems_error(packed, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.shutil, "copyfileobj", full)
    with pytest.raises(OSError, match="No space left"):
        archive.unpack(packed, tmp_path / "out")
    assert packed.is_file() and not (tmp_path / "out").exists()
