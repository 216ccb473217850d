"""DVS128 Gesture from a tiny archive in the true formats: all the way, after every break, with every kind of damage."""

import errno
import functools
import hashlib
import io
import os
import re
import shutil
import tarfile

import numpy as np
import pytest
from spikingjelly.datasets.dvs128_gesture import DVS128Gesture
from tiny_gesture import SPAN, START, TRIALS, aedat, gesture_tar, labels, tar, trial_events, trial_files
from together import each_of

from course_snn import data
from course_snn.data import GESTURES, dvs128
from course_snn.data.files import DataError
from course_snn.language import speaking


@pytest.fixture
def base(tmp_path, monkeypatch):
    """The folder of the set, empty but for what a test puts there."""
    monkeypatch.setenv("COURSE_SNN_DATA", str(tmp_path))
    monkeypatch.setattr(dvs128, "COUNTS", {"train": 24, "test": 12})
    (tmp_path / "DVS128Gesture").mkdir()
    return tmp_path / "DVS128Gesture"


@pytest.fixture
def fetched(base, monkeypatch):
    """Put an archive, whole or changed, where the learner puts it: ``fetched(**{"file": new content})``."""

    def fetched(**changed):
        path = gesture_tar(base / "download" / dvs128.ARCHIVE, **changed)
        monkeypatch.setattr(dvs128, "MD5", hashlib.md5(path.read_bytes()).hexdigest())
        return path

    return fetched


def refused(match):
    with speaking("en"), pytest.raises(DataError, match=match) as caught:
        data.dvs128_gesture()
    return str(caught.value)


def test_page_name_and_checksum_are_spikingjellys():
    assert (dvs128.ARCHIVE, dvs128.PAGE, dvs128.MD5) in DVS128Gesture.resource_url_md5()
    assert DVS128Gesture.get_H_W() == (dvs128.SIZE, dvs128.SIZE)


def test_all_the_way(base, fetched, capsys):
    fetched()
    with speaking("en"):
        train, test = data.dvs128_gesture()
    assert "DVS128 Gesture: the real set, from the data folder; 24 to train, 12 to test." in capsys.readouterr().out
    assert (len(train), len(test), train.source, train.stand_in) == (24, 12, "folder", False)
    assert set(train.subjects.tolist()) == {1, 22} and set(test.subjects.tolist()) == {24}
    assert train.classes is GESTURES and train.labels.tolist() == sorted(2 * [*range(11), 7])
    assert not list(base.rglob("*.part"))


def test_every_recording_is_its_own_interval(fetched):
    fetched()
    recordings = [r for split in data.dvs128_gesture() for r in split]
    expected = []
    for split, trials in TRIALS.items():
        rows = []
        for seed, trial in enumerate(trials):
            events = trial_events(seed + 10 * len(split))
            for n, (number, start, end) in enumerate(labels(trial)):
                if trial == "user22_led" and n == 9:
                    end = START + 10 * SPAN  # its label would end within gesture 10
                here = (events["t"] >= start) & (events["t"] < end)
                rows.append((number - 1, trial, {key: array[here] for key, array in events.items()}))
        expected += sorted(rows, key=lambda row: row[:2])
    assert len(recordings) == len(expected) == 36
    for (events, label), (wanted, _, stream) in zip(recordings, expected, strict=True):
        assert label == wanted
        assert np.array_equal(events["t"], stream["t"] - stream["t"][0]) and events["t"].dtype == np.int64
        assert all(np.array_equal(events[key], stream[key]) for key in "xyp")


def spikingjelly_reads(base):
    """Every recording as SpikingJelly sees it, with the gesture that it really is."""
    found = []
    for train in (True, False):
        folder = DVS128Gesture(base, train=train)
        found += [(events, int(folder.classes[target])) for events, target in folder]
    return found


def test_spikingjelly_reads_what_we_prepared(base, fetched):
    fetched()
    ours = [r for split in data.dvs128_gesture() for r in split]
    theirs = sorted(spikingjelly_reads(base)[:24], key=lambda pair: pair[1]) + sorted(
        spikingjelly_reads(base)[24:], key=lambda pair: pair[1]
    )
    for (events, label), (raw, number) in zip(ours, theirs, strict=True):
        assert label == number and np.array_equal(events["t"], raw["t"] - raw["t"][0])
        assert all(np.array_equal(events[key], raw[key]) for key in "xyp")


def test_we_read_what_spikingjelly_prepared(base, fetched, monkeypatch):
    path = fetched()
    md5 = hashlib.md5(path.read_bytes()).hexdigest()
    monkeypatch.setattr(DVS128Gesture, "resource_url_md5", lambda: [(dvs128.ARCHIVE, "", md5)])
    DVS128Gesture(base, train=True)
    theirs = [list(split) for split in data.dvs128_gesture()]
    shutil.rmtree(base / "events_np")
    for ours, others in zip(data.dvs128_gesture(), theirs, strict=True):
        for n, ((events, label), (other, theirs)) in enumerate(zip(ours, others, strict=True)):
            clipped = ours.subjects[n] == 22 and label == 8
            assert label == theirs and (len(events["t"]) < len(other["t"])) == bool(clipped)
            assert all(np.array_equal(events[key], other[key][: len(events["t"])]) for key in "txyp")


def test_the_label_is_the_gesture_not_the_place_in_the_alphabet(base, fetched):
    fetched()
    train, _ = data.dvs128_gesture()
    folder = DVS128Gesture(base, train=True)
    assert folder.classes[2] == "10"  # SpikingJelly's target 2 is gesture 11
    assert [path.parent.name for path in train.events.paths] == [str(label) for label in train.labels.tolist()]


def test_a_split_by_person(fetched):
    fetched()
    train, test = data.dvs128_gesture(test_subjects=[22])
    assert set(train.subjects.tolist()) == {1, 24} and set(test.subjects.tolist()) == {22} and len(test) == 12
    with pytest.raises(ValueError, match=r"\[1, 22, 24\]"):
        data.dvs128_gesture(test_subjects=[29])


def test_frames(fetched):
    fetched()
    train, _ = data.dvs128_gesture()
    frames = train[:3].frames("duration", duration=100)
    assert frames.images.shape[2:] == (2, 128, 128) and frames.images.sum() == sum(len(e["t"]) for e, _ in train[:3])


def test_once_prepared_nothing_else_is_needed(base, fetched):
    fetched()
    data.dvs128_gesture()
    shutil.rmtree(base / "download")
    shutil.rmtree(base / "extract")
    assert len(data.dvs128_gesture()[0]) == 24


def test_it_is_not_there(base):
    message = refused("downloaded by hand")
    for needed in (dvs128.PAGE, dvs128.MD5, "3 GB", "5 GB", str(base / "download"), "synthetic_gestures"):
        assert needed in message
    assert list(base.iterdir()) == []
    base.rmdir()
    refused("downloaded by hand")
    with speaking("zh"), pytest.raises(DataError, match="手动下载"):
        data.dvs128_gesture()


def test_an_archive_that_did_not_arrive_whole_is_kept(base, fetched):
    path = fetched()
    content = path.read_bytes()[:-100]
    path.write_bytes(content)
    refused(r"has the MD5 .* did not arrive whole")
    assert path.read_bytes() == content and not (base / "extract").exists()


@pytest.mark.parametrize("after", [0, 1, 13])
def test_an_interrupted_split_goes_on(base, fetched, monkeypatch, after):
    path = fetched()
    saved, save = [], dvs128._save

    def stop(*arguments):
        if len(saved) == after:
            raise KeyboardInterrupt
        saved.append(arguments[0])
        save(*arguments)

    monkeypatch.setattr(dvs128, "_save", stop)
    with pytest.raises(KeyboardInterrupt):
        data.dvs128_gesture()
    assert path.is_file() and not (base / "events_np").exists()
    path.unlink()  # unpacked already: not needed again
    monkeypatch.setattr(dvs128, "_save", lambda *a: saved.append(a[0]) or save(*a))
    saved.clear()
    train, test = data.dvs128_gesture()
    assert len(saved) == 36 - after // 12 * 12 and len(train) + len(test) == 36


def test_an_interrupted_write_is_not_taken_for_a_recording(base, fetched, monkeypatch):
    fetched()

    def stop(file, **arrays):
        file.write(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(dvs128.np, "savez_compressed", stop)
        with pytest.raises(KeyboardInterrupt):
            data.dvs128_gesture()
    assert not list(base.rglob("*.npz"))
    assert all(len(events["t"]) for split in data.dvs128_gesture() for events, _ in split)


@pytest.mark.parametrize("half", [(), ("extract",), ("extract", "events_np")])
def test_what_spikingjelly_left_half_done_is_named(base, fetched, half):
    path = fetched()
    (base / "events_np.building").touch()
    for name in half:
        (base / name).mkdir()
    message = refused("SpikingJelly was interrupted")
    for name in ("events_np.building", *half):
        assert str(base / name) in message
    assert "keep DvsGesture.tar.gz" in message and path.is_file()
    follow(message)
    assert len(data.dvs128_gesture()[0]) == 24


def follow(message):
    """Delete what the message says, and nothing else."""
    for name in re.search(r"Delete (.*), and run this cell again", message)[1].split(", "):
        path = dvs128.Path(name)
        shutil.rmtree(path) if path.is_dir() else path.unlink()


CUT = aedat(trial_events(51))[:-3]
SHORT = aedat({key: array[:200] for key, array in trial_events(51).items()})  # ends before the last gestures
NO_HEADER = aedat(trial_events(51))[40:]


@pytest.mark.parametrize(
    ("name", "body", "match"),
    [
        ("trials_to_test.txt", None, r"not complete: no trials_to_test\.txt"),
        ("user22_led.aedat", None, r"not complete: no user22_led\.aedat"),
        ("user22_led_labels.csv", None, r"not complete: no user22_led_labels\.csv"),
        ("user22_led.aedat", CUT, r"user22_led\.aedat: cut off or damaged"),
        ("user22_led.aedat", SHORT, r"no events in user22_led\.aedat, \d+ … \d+ µs"),
        ("user22_led.aedat", NO_HEADER, r"user22_led\.aedat: not an AEDAT 3 file"),
        ("user22_led.aedat", b"", r"user22_led\.aedat: not an AEDAT 3 file \(0 bytes"),
        ("user22_led_labels.csv", b"class,start,end\n1,2\n", r"user22_led_labels\.csv cannot be understood"),
        ("user22_led_labels.csv", b"class,start,end\n12,2,3\n", r"cannot be understood"),
        ("user22_led_labels.csv", b"class,start,end\none,2,3\n", r"cannot be understood"),
        ("user22_led_labels.csv", b"", r"cannot be understood"),
        ("trials_to_train.txt", b"../../user01_lab.aedat", r"'\.\./\.\./user01_lab\.aedat' .* is no trial"),
    ],
)
def test_what_is_damaged_is_named_with_what_to_delete(base, fetched, name, body, match):
    """Damage in the unpacked files, as a disk or a half-made copy leaves it; following the message heals it."""
    path = fetched()
    for file, content in trial_files().items():
        target = base / "extract" / "DvsGesture" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        content = body if file == name else content
        if content is not None:
            target.write_bytes(content)
    before = path.read_bytes()
    message = refused(match)
    assert str(base / "extract") in message and path.read_bytes() == before
    part = base / "events_np.part"  # recordings that were split before the damage was met
    assert part.exists() == (str(part) in message)
    assert not (base / "events_np").exists()
    follow(message)
    assert len(data.dvs128_gesture()[0]) == 24


def test_an_archive_with_another_inside(base, monkeypatch):
    path = tar(base / "download" / dvs128.ARCHIVE, {"DvsGesture/../../evil.txt": b"evil"})
    monkeypatch.setattr(dvs128, "MD5", hashlib.md5(path.read_bytes()).hexdigest())
    refused("was not unpacked")
    assert not list(base.parent.rglob("evil*")) and path.is_file()


def test_a_lost_recording_is_noticed(base, fetched):
    fetched()
    data.dvs128_gesture()
    next((base / "events_np" / "train").rglob("*.npz")).unlink()
    message = refused("holds 23 recordings instead of 24")
    follow(message)
    assert len(data.dvs128_gesture()[0]) == 24


@pytest.mark.parametrize("lost", [0, 1])
def test_a_file_that_names_nobody_is_named(base, fetched, lost):
    """A copy beside the recordings, or one of them under another name, which is then lost."""
    fetched()
    data.dvs128_gesture()
    path = next((base / "events_np" / "train" / "7").glob("*.npz"))
    odd = path.with_name("userX_1.npz")
    (path.replace if lost else functools.partial(shutil.copy, path))(odd)
    message = refused(r"userX_1\.npz is no name of a recording")
    assert re.findall(r"Delete (.*), and run", message) == [str(odd)]
    follow(message)
    if lost:
        follow(refused("holds 23 recordings instead of 24"))
    assert len(data.dvs128_gesture()[0]) == 24


def rotten(content):
    """One bit in the packed numbers is another."""
    return content[:90] + bytes([content[90] ^ 7]) + content[91:]


def empty(_):
    with io.BytesIO() as file:
        np.savez(file, **dict.fromkeys("txyp", np.zeros(0, int)))
        return file.getvalue()


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"no zip", rotten, empty])
def test_a_damaged_recording_is_named(base, fetched, damage):
    fetched()
    train, _ = data.dvs128_gesture()
    path = train.events.paths[5]
    path.write_bytes(damage(path.read_bytes()))
    with speaking("en"), pytest.raises(DataError, match=rf"{path.name} is damaged\. Delete .*events_np,"):
        train[5]


def test_unsorted_times_are_sorted(base, fetched):
    events = trial_events(51)
    order = np.arange(len(events["t"]))
    order[100:110] = order[100:110][::-1]
    fetched(**{"user22_led.aedat": aedat({key: array[order] for key, array in events.items()})})
    for split in data.dvs128_gesture():
        assert all((np.diff(events["t"]) >= 0).all() for events, _ in split)


def test_empty_lines_in_a_label_file(fetched):
    body = trial_files()["user22_led_labels.csv"]
    fetched(**{"user22_led_labels.csv": body + b"  \r\n\r\n"})
    assert len(data.dvs128_gesture()[0]) == 24


def by_hand(path, into):
    """Unpack the archive as a learner would, and delete it."""
    with tarfile.open(path) as tar:
        tar.extractall(into, filter="data")
    path.unlink()


NEAR = {
    "no folder download": lambda base, path: path.rename(base / path.name),
    "in the data folder": lambda base, path: path.rename(base.parent / path.name),
    "(1)": lambda base, path: path.rename(path.with_name("DvsGesture.tar (1).gz")),
    "small letters": lambda base, path: path.rename(path.with_name("dvsgesture (2).tar.gz")),
    "a damaged copy beside": lambda base, path: [
        shutil.copy(path, path.with_name("DvsGesture (1).tar.gz")), path.write_bytes(b"<html>"),
    ],
    "unpacked by hand": lambda base, path: by_hand(path, path.parent),
    "unpacked into a folder more": lambda base, path: by_hand(path, base / "extract" / "DvsGesture"),
    "unpacked beside": lambda base, path: by_hand(path, base),
    "another name": lambda base, path: base.rename(base.with_name("dvs128_gesture")),
    "a mark at the start of texts": lambda base, path: [
        by_hand(path, base / "extract"),
        [
            text.write_bytes(b"\xef\xbb\xbf" + text.read_bytes())
            for pattern in ("*.csv", "*.txt") for text in (base / "extract" / "DvsGesture").glob(pattern)
        ],
    ],
}  # fmt: skip


@each_of("how", NEAR)
def test_near_names_are_found(base, fetched, how):
    shutil.rmtree(base.parent)
    assert not dvs128.present()
    NEAR[how](base, fetched())
    assert dvs128.present()
    assert [len(split) for split in data.dvs128_gesture()] == [24, 12]


def test_the_variable_may_name_its_own_folder(base, fetched, monkeypatch):
    fetched()
    monkeypatch.setenv("COURSE_SNN_DATA", str(base))
    assert len(data.dvs128_gesture()[0]) == 24 and (base / "events_np").is_dir()


def test_what_was_unpacked_by_hand_is_never_deleted_with_the_rest(base, fetched):
    """The message names the folder of the trials, not the one that may hold the archive too."""
    by_hand(fetched(), base / "download")
    (base / "download" / "DvsGesture" / "user22_led.aedat").write_bytes(CUT)
    message = refused(r"user22_led\.aedat: cut off or damaged")
    deleted = re.search(r"Delete (.*), and run this cell again", message)[1].split(", ")
    assert deleted == [str(base / "download" / "DvsGesture"), str(base / "events_np.part")]
    assert f"is at {dvs128.PAGE}" in message  # there is no archive to keep


@each_of(
    ("content", "reason"),
    [(b"", "it is empty"), (b"<!DOCTYPE html>", "it is a web page"), (b"\x1f\x8bx", "did not arrive whole")],
)
def test_what_the_archive_is_instead_is_told_twice(base, fetched, content, reason):
    path = fetched()
    path.write_bytes(content)
    assert refused(reason) == refused("stays as it is")
    assert path.read_bytes() == content


def test_unfinished_downloads_are_named(base):
    (base / "download").mkdir()
    for name in ("DvsGesture.tar.gz.crdownload", "DvsGesture.tar"):
        (base / "download" / name).write_bytes(b"half")
    message = refused("downloaded by hand")
    assert "DvsGesture.tar (an archive: unpack it here), DvsGesture.tar.gz.crdownload (an unf" in message
    assert not dvs128.present()


@each_of(("number", "cause"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "this place is read-only")])
def test_a_disk_that_refuses_is_named_and_it_goes_on(base, fetched, monkeypatch, number, cause):
    shutil.rmtree(base)
    fetched()

    def refuse(*arguments):
        raise OSError(number, "its own words")

    with monkeypatch.context() as patch:
        patch.setattr(dvs128, "_save", refuse)
        refused(rf"it stopped at .*: {cause} \(its own words\)\. Unpacking and splitting take about 15 GB")
    assert len(data.dvs128_gesture()[0]) == 24


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="links of another kind")
def test_what_cannot_be_opened_is_named(base, fetched):
    fetched()
    train, _ = data.dvs128_gesture()
    train.events.paths[5].unlink()
    train.events.paths[5].symlink_to("nowhere")
    with speaking("en"), pytest.raises(DataError, match=r"npz: a link that leads nowhere"):
        train[5]
    shutil.rmtree(base)
    base.write_bytes(b"")
    refused(r"DVS128Gesture: a file, not a folder")
