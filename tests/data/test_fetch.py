"""Downloads: resumed, checked, atomic, quick to give up; against servers on this machine."""

import errno
import queue
import socket
import ssl
import threading
import urllib.error
from dataclasses import replace

import pytest
from tiny_set import CONTENTS, IMAGES, put
from together import each_of

from course_snn.data import fetch
from course_snn.data.fetch import DownloadFailed, download
from course_snn.language import speaking, tr

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


@each_of(("flaw", "cause"), [({"wrong": True}, "checksum"), ({"page": "hidden"}, "a web page"), ({"cut": 0}, "bytes")])
def test_a_wrong_file_never_gets_its_name(tiny, start, flaw, cause):
    collection = tiny(start(**flaw))
    with speaking("en"), pytest.raises(DownloadFailed, match=cause):
        download(collection)
    assert names(collection) <= {PART}


def test_an_endless_file_is_cut_short(tiny, start, monkeypatch):
    mirror = start()
    monkeypatch.setattr(mirror, "body", lambda name: b"x" * 10**7)
    collection = tiny(mirror)
    read, unpack = [], fetch.contents.unpack
    monkeypatch.setattr(fetch.contents, "unpack", lambda raw, most: read.append(len(raw)) or unpack(raw, most))
    with pytest.raises(DownloadFailed):
        download(collection)
    assert read and max(read) <= IMAGES.size + (1 << 17)


def test_mirrors_without_the_file_are_not_asked_again(start):
    gone, sound = start(status=404), start()
    with speaking("en"):
        found, refusals = fetch.quickest([gone.url, sound.url], f"{IMAGES.name}.gz")
    assert found == [sound.url] and list(refusals) == [gone.url] and "HTTP 404" in refusals[gone.url].en


@pytest.fixture
def waits(monkeypatch):
    """How long ``quickest`` would wait, on a clock that stands still; mirrors called "silent" never answer."""
    waits = []

    class Answers(queue.Queue):
        def get(self, timeout):
            waits.append(timeout)
            return super().get(block=False)

        def put(self, answer):
            if "silent" not in answer[0]:
                super().put(answer)

    class Thread:
        def __init__(self, target, daemon):
            self.start = target

    monkeypatch.setattr(fetch.queue, "Queue", Answers)
    monkeypatch.setattr(fetch.threading, "Thread", Thread)
    monkeypatch.setattr(fetch.time, "monotonic", lambda: 0.0)
    monkeypatch.setattr(fetch, "_refusal", lambda url: None if "sound" in url else tr("没有", "it has none"))
    return waits


def test_the_quickest_mirror_comes_first_and_a_silent_one_is_waited_for_a_moment(waits):
    found, refusals = fetch.quickest(["silent/", "sound/"], "file")
    assert found == ["sound/"] and list(refusals) == ["silent/"]
    assert waits == [fetch.ANSWER_SECONDS, fetch.GRACE_SECONDS]


def test_when_nobody_answers_it_gives_up(tiny, waits, monkeypatch):
    monkeypatch.setenv("COURSE_SNN_OFFLINE", "0")
    collection = replace(tiny(), mirrors=("silent/", "none/"))
    with speaking("en"), pytest.raises(DownloadFailed, match="no mirror can be used"):
        download(collection)
    assert waits == [fetch.ANSWER_SECONDS] * 2 and fetch.ANSWER_SECONDS <= 10
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


def test_a_mirror_that_is_not_to_be_asked_still_sends(tiny, start):
    assert download(tiny(start(no_head=True))) == CONTENTS


def test_a_web_page_is_no_mirror(tiny, start):
    mirror = start(page="told")
    with speaking("en"), pytest.raises(DownloadFailed, match=r"no mirror can be used: it gives a web page"):
        download(tiny(mirror))
    assert {what.split()[0] for what, _ in mirror.log} == {"HEAD"}


def test_the_cause_is_kept(tiny, start, monkeypatch):
    """Each cause once, with the hosts that it holds for."""
    refused = ssl.SSLCertVerificationError(1, "CERTIFICATE_VERIFY_FAILED")
    refused.verify_message = "self-signed certificate in certificate chain"

    def fail(url, *arguments, **named):
        raise urllib.error.URLError(refused) if "secure" in url else TimeoutError()

    start()
    monkeypatch.setattr(fetch, "_open", fail)
    both = replace(tiny(), mirrors=("https://secure.example/a/", "https://slow.example/"))
    with speaking("en"), pytest.raises(DownloadFailed) as caught:
        download(both)
    assert "secure.example: its certificate cannot be verified (self-signed" in str(caught.value)
    assert "slow.example: no answer in time" in str(caught.value)
    with speaking("zh"), pytest.raises(DownloadFailed, match="没有镜像可用：证书无法验证"):
        download(replace(both, mirrors=both.mirrors[:1]))


def test_a_proxy_that_is_not_running_is_named_without_its_password(tiny, start, monkeypatch):
    start()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    monkeypatch.setenv("http_proxy", f"http://user:secret@127.0.0.1:{port}")
    monkeypatch.delenv("no_proxy", raising=False)
    refused = rf"through the proxy 127.0.0.1:{port} \(the connection is refused\)"
    with speaking("en"), pytest.raises(DownloadFailed, match=refused) as caught:
        download(replace(tiny(), mirrors=("http://mirror.invalid/",)))
    assert "secret" not in str(caught.value)


def test_a_proxy_that_wants_a_login_is_named(tiny, start, monkeypatch):
    proxy = start(status=407)
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.delenv("no_proxy", raising=False)
    with speaking("en"), pytest.raises(DownloadFailed, match=r"the proxy asks for a login \(HTTP 407\)"):
        download(replace(tiny(), mirrors=("http://mirror.invalid/",)))


@each_of(
    ("number", "cause"),
    [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "this place is read-only"), (errno.EACCES, "no permission")],
)
def test_a_disk_that_refuses_is_not_blamed_on_the_mirrors(tiny, start, monkeypatch, number, cause):
    first, second = start(), start()

    def refuse(*arguments):
        asked.append(arguments[0])
        raise OSError(number, "its own words")

    asked = []
    with monkeypatch.context() as patch:
        patch.setattr(fetch, "_transfer", refuse)
        with speaking("en"), pytest.raises(DownloadFailed, match=rf"cannot write to .*: {cause} \(its own words\)"):
            download(tiny(first, second))
    assert len(asked) == 1


def test_a_disk_that_cannot_lock_is_named(tiny, start, monkeypatch):
    def refuse(*arguments, **named):
        raise NotImplementedError("FileSystem does not appear to support flock")

    monkeypatch.setattr("filelock.FileLock.acquire", refuse)
    with speaking("en"), pytest.raises(DownloadFailed, match="support flock"):
        download(tiny(start()))


def test_a_damaged_file_stays_beside_the_sound_one(tiny, start):
    collection = tiny(start())
    path = put(collection)
    path.write_bytes(b"damaged")
    assert download(collection) == CONTENTS
    assert path.read_bytes() == CONTENTS[IMAGES.name]
    assert path.with_name(f"{path.name}.corrupt").read_bytes() == b"damaged"


def test_a_folder_that_cannot_be_written_is_named(tiny, start):
    collection = tiny(start())
    collection.raw.parent.write_text("a file stands where the folder should")
    with speaking("en"), pytest.raises(DownloadFailed, match=r"Tiny.*a file stands where a folder should"):
        download(collection)
