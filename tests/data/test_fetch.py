"""Downloads: resumed, checked, atomic, quick to give up; against servers on this machine."""

import gzip
import socket
import threading
import time

import pytest
from tiny_set import CONTENTS, IMAGES, put

from course_snn.data import fetch
from course_snn.data.fetch import DownloadFailed, download

PART = f"{IMAGES.name}.gz.part"


def names(collection):
    return {path.name for path in collection.raw.iterdir()} - {".download.lock"}


def test_all_four_files_arrive_unpacked_and_nothing_else_stays(tiny, start):
    collection = tiny(start())
    assert download(collection) == CONTENTS
    assert {name: (collection.raw / name).read_bytes() for name in names(collection)} == CONTENTS


def test_only_what_is_missing_is_fetched(tiny, start):
    mirror = start()
    collection = tiny(mirror)
    put(collection).unlink()
    assert download(collection) == CONTENTS
    assert [what for what, _ in mirror.log if what.startswith("GET")] == [f"GET {IMAGES.name}.gz"]


def test_the_next_mirror_goes_on_where_the_first_broke_off(tiny, start):
    broken, sound = start(cut=10_000), start()
    assert download(tiny(broken, sound)) == CONTENTS
    assert sound.asked(IMAGES.name) == ["bytes=10000-"]


def test_the_next_run_goes_on_where_this_one_broke_off(tiny, start):
    broken, sound = start(cut=10_000), start()
    with pytest.raises(DownloadFailed, match=r"10000 / \d+ bytes"):
        download(tiny(broken))
    collection = tiny(sound)
    assert names(collection) == {PART}
    assert download(collection) == CONTENTS
    assert sound.asked(IMAGES.name) == ["bytes=10000-"]
    assert names(collection) == set(CONTENTS)


def test_a_busy_mirror_does_not_cost_what_has_arrived(tiny, start):
    broken, busy, sound = start(cut=10_000), start(busy=True), start()
    assert download(tiny(broken, busy, sound)) == CONTENTS
    assert sound.asked(IMAGES.name) == ["bytes=10000-"]


def test_a_server_that_cannot_resume_sends_it_all(tiny, start):
    mirror = start(resumes=False)
    collection = tiny(mirror)
    collection.raw.mkdir(parents=True)
    (collection.raw / PART).write_bytes(b"x" * 5000)
    assert download(collection) == CONTENTS
    assert len(mirror.asked(IMAGES.name)) == 1


@pytest.mark.parametrize("length", [5000, 10**6], ids=["shorter", "longer than the file"])
def test_a_wrong_part_is_thrown_away(tiny, start, length):
    mirror = start()
    collection = tiny(mirror)
    collection.raw.mkdir(parents=True)
    (collection.raw / PART).write_bytes(b"x" * length)
    assert download(collection) == CONTENTS
    assert mirror.asked(IMAGES.name) == [f"bytes={length}-", ""]


def test_a_complete_part_needs_only_to_be_unpacked(tiny, start):
    mirror = start()
    collection = tiny(mirror)
    collection.raw.mkdir(parents=True)
    (collection.raw / PART).write_bytes(mirror.body(IMAGES.name))
    assert download(collection) == CONTENTS


def test_a_mirror_with_another_file_is_passed_over(tiny, start):
    wrong, sound = start(wrong=True), start()
    assert download(tiny(wrong, sound)) == CONTENTS
    assert sound.asked(IMAGES.name) == [""]


def test_a_wrong_file_never_gets_its_name(tiny, start):
    collection = tiny(start(wrong=True))
    with pytest.raises(DownloadFailed, match="SHA-256"):
        download(collection)
    assert names(collection) == set()


def test_an_endless_file_is_cut_short(tiny, start, monkeypatch):
    mirror = start()
    monkeypatch.setattr(mirror, "body", lambda name: b"x" * 10**7)
    collection = tiny(mirror)
    read = []
    monkeypatch.setattr(fetch.files.RawFile, "unpacked", lambda file, path: read.append(path.stat().st_size))
    with pytest.raises(DownloadFailed):
        download(collection)
    assert read and max(read) <= IMAGES.size + (1 << 16)


def test_a_bomb_is_not_unpacked(tmp_path, monkeypatch):
    class Watched(gzip.GzipFile):
        def read(self, size=-1):
            asked.append(size)
            return super().read(size)

    asked = []
    (tmp_path / "bomb.gz").write_bytes(gzip.compress(bytes(10**6)))
    monkeypatch.setattr(gzip, "open", Watched)
    assert IMAGES.unpacked(tmp_path / "bomb.gz") is None
    assert asked == [IMAGES.size + 1]


def test_mirrors_without_the_file_are_not_asked_again(start):
    gone, sound = start(status=404), start()
    assert fetch.quickest([gone.url, sound.url], f"{IMAGES.name}.gz") == [sound.url]


def test_the_quickest_mirror_comes_first_and_a_silent_one_is_not_waited_for(start, monkeypatch):
    monkeypatch.setattr(fetch, "GRACE_SECONDS", 0.1)
    sound = start()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        before = time.perf_counter()
        assert fetch.quickest([url, sound.url], f"{IMAGES.name}.gz") == [sound.url]
        assert time.perf_counter() - before < 1.5


def test_when_nobody_answers_it_gives_up_soon(tiny, start, monkeypatch):
    monkeypatch.setattr(fetch, "ANSWER_SECONDS", 0.3)
    mirror = start()
    collection = tiny(mirror)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mirror.url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        before = time.perf_counter()
        with pytest.raises(DownloadFailed, match=r"no mirror|没有镜像"):
            download(tiny(mirror))
        assert time.perf_counter() - before < 1.5
    assert not collection.raw.exists()


def test_offline_asks_nobody(tiny, start, monkeypatch):
    mirror = start()
    monkeypatch.setenv("COURSE_SNN_OFFLINE", "1")
    with pytest.raises(DownloadFailed, match="COURSE_SNN_OFFLINE"):
        download(tiny(mirror))
    assert mirror.log == []


def test_two_at_once_fetch_each_file_once(tiny, start):
    mirror = start()
    collection = tiny(mirror)
    results = []
    threads = [threading.Thread(target=lambda: results.append(download(collection))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [CONTENTS] * 3
    assert sorted(what for what, _ in mirror.log if what.startswith("GET")) == sorted(f"GET {n}.gz" for n in CONTENTS)


def test_a_folder_that_cannot_be_written_is_named(tiny, start):
    collection = tiny(start())
    collection.raw.parent.write_text("a file stands where the folder should")
    with pytest.raises(DownloadFailed, match="Tiny"):
        download(collection)
