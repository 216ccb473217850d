"""What lies in the folder: genuine to the last bit, or set aside."""

import gzip
from pathlib import Path

import pytest
from tiny_set import CONTENTS, IMAGES, put

from course_snn.data import files


@pytest.mark.parametrize("packed", [False, True])
def test_genuine_files_are_read(tiny, packed):
    collection = tiny()
    assert files.state(collection) == files.MISSING
    put(collection, packed)
    assert files.read(collection) == (CONTENTS, [])
    assert files.state(collection) == files.PRESENT


def flipped(content):
    return content[:2000] + bytes([content[2000] ^ 1]) + content[2001:]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("damage", [lambda c: c[:-1], lambda c: c[:700], lambda c: b"", lambda c: c + b"!", flipped])
def test_damaged_files_are_set_aside(tiny, packed, damage):
    collection = tiny()
    path = put(collection, packed)
    path.write_bytes(damage(path.read_bytes()))
    found, damaged = files.read(collection)
    assert IMAGES.name not in found and len(found) == 3
    assert damaged == [path.with_name(path.name + ".corrupt")]
    assert damaged[0].exists() and not path.exists()
    assert files.state(collection) == files.DAMAGED
    for other in set(collection.raw.iterdir()) - set(damaged):
        other.unlink()
    assert files.state(collection) == files.DAMAGED  # says more than MISSING


def test_a_damaged_plain_file_does_not_hide_a_sound_packed_one(tiny):
    collection = tiny()
    path = put(collection)
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes()))
    path.write_bytes(b"")
    found, damaged = files.read(collection)
    assert found == CONTENTS and [p.name for p in damaged] == [f"{IMAGES.name}.corrupt"]
    assert files.state(collection) == files.PRESENT


def test_in_a_read_only_folder_a_damaged_file_stays_and_is_refused(tiny, monkeypatch):
    def refuse(*arguments):
        raise PermissionError(13, "read-only")

    collection = tiny()
    path = put(collection)
    path.write_bytes(b"")
    monkeypatch.setattr(Path, "replace", refuse)
    for _ in range(2):
        found, damaged = files.read(collection)
        assert damaged == [path] and IMAGES.name not in found


def test_reading_writes_nothing(tiny):
    collection = tiny()
    put(collection)
    before = sorted(collection.raw.parent.rglob("*"))
    files.read(collection)
    assert sorted(collection.raw.parent.rglob("*")) == before


def test_the_folder_is_the_named_one_or_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path))
    assert files.folder() == tmp_path
    assert files.MNIST.raw == tmp_path / "MNIST" / "raw"
    monkeypatch.setenv("COURSE_SNN_DATA", "~/sets")
    assert files.folder() == Path.home() / "sets"
    for unset in ("", " "):
        monkeypatch.setenv("COURSE_SNN_DATA", unset)
        assert files.folder().parts[-2:] == ("course-snn", "data")


@pytest.mark.parametrize(("value", "offline"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_offline_by_variable(monkeypatch, value, offline):
    monkeypatch.setenv("COURSE_SNN_OFFLINE", value)
    assert files.offline() is offline


def test_tests_see_no_data_and_no_network():
    assert files.offline()
    assert {files.state(collection) for collection in files.COLLECTIONS} == {files.MISSING}
