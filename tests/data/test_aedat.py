"""AEDAT 3.1: as SpikingJelly reads it where it is right, and what it passes over in silence."""

import numpy as np
import pytest
from spikingjelly.datasets.utils import load_aedat_v3
from tiny_gesture import aedat, packet, trial_events

from course_snn.data.aedat import AedatError, read
from course_snn.language import speaking


@pytest.fixture
def put(tmp_path):
    def put(content):
        path = tmp_path / "user01_lab.aedat"
        path.write_bytes(content)
        return path

    return put


def same(found, events):
    return all(np.array_equal(found[key], events[key]) for key in "txyp")


@pytest.mark.parametrize("step", [1, 700, 10_000])
def test_as_spikingjelly_reads_it(put, step):
    events = trial_events(0)
    path = put(aedat(events, step))
    found = read(path)
    assert same(found, events) and same(found, load_aedat_v3(path))
    assert [found[key].dtype for key in "txyp"] == [np.int64, np.int16, np.int16, np.uint8]


@pytest.mark.parametrize("written", [True, False])
def test_room_for_more_events_than_there_are(put, written):
    events = trial_events(1)
    path = put(aedat(events, room=50, written=written))
    assert same(read(path), events)
    if written:
        assert len(load_aedat_v3(path)["t"]) == len(events["t"]) + 5 * 50  # events that never were


def test_invalid_events_are_left_out(put):
    events = trial_events(2)
    invalid = np.arange(len(events["t"])) % 3 == 0
    body = aedat(events, 10_000, invalid=invalid.astype(int))
    assert same(read(put(body)), {key: array[~invalid] for key, array in events.items()})


def test_times_beyond_31_bits(put):
    events = trial_events(3)
    late = events | {"t": events["t"] + (3 << 31)}
    path = put(aedat(late))
    assert same(read(path), late) and same(load_aedat_v3(path), late)


def test_the_largest_coordinates(put):
    events = {"t": np.array([1]), "x": np.array([0x7FFF]), "y": np.array([0x7FFF]), "p": np.array([1])}
    assert same(read(put(aedat(events))), events)


def test_a_recording_without_events(put):
    header = aedat(trial_events(0))[:62]
    header = header[: header.index(b"#!END-HEADER") + 14]
    assert len(read(put(header))["t"]) == 0
    assert len(read(put(header + packet({k: v[:0] for k, v in trial_events(0).items()})))["t"]) == 0


@pytest.mark.parametrize("cut", [1, 4, 8, 5600, 5620])  # within an event, between two, within a header
def test_a_file_that_was_cut_off(put, cut):
    content = aedat(trial_events(0), 700)
    with (
        speaking("en"),
        pytest.raises(AedatError, match=rf"cut off or damaged \(the packet at byte \d+ of {len(content) - cut}"),
    ):
        read(put(content[:-cut]))


@pytest.mark.parametrize("content", [b"", b"hello", b"#!AER-DAT3.1\r\n#Format: RAW\r\n", aedat(trial_events(0))[14:]])
def test_something_else(put, content):
    with pytest.raises(AedatError) as caught:
        read(put(content))
    assert "not an AEDAT 3 file" in caught.value.reason.en and f"{len(content)} 字节" in caught.value.reason.zh


def test_bytes_that_are_no_packet(put):
    content = bytearray(aedat(trial_events(0), 700))
    at = content.index(b"#!END-HEADER\r\n") + 14 + 36
    content[at + 4] = 9  # events of nine bytes
    with pytest.raises(AedatError):
        read(put(bytes(content)))
