"""Timetables: those of the papers, and what holds for every one."""

import itertools

import pytest
from together import each_of

from course_snn.training.timetable import SCHEDULES, bubble, held, timetable

GPIPE = """
F0 F1 F2 F3 .. .. .. .. .. .. B3 B2 B1 B0
.. F0 F1 F2 F3 .. .. .. .. B3 B2 B1 B0 ..
.. .. F0 F1 F2 F3 .. .. B3 B2 B1 B0 .. ..
.. .. .. F0 F1 F2 F3 B3 B2 B1 B0 .. .. ..
"""  # Huang et al. 2019, figure 2c, four stages and four microbatches

ONE_F_ONE_B = """
F0 F1 F2 F3 .. .. .. B0 .. B1 .. B2 .. B3
.. F0 F1 F2 .. .. B0 F3 B1 .. B2 .. B3 ..
.. .. F0 F1 .. B0 F2 B1 F3 B2 .. B3 .. ..
.. .. .. F0 B0 F1 B1 F2 B2 F3 B3 .. .. ..
"""  # Narayanan et al. 2019: the last stage alternates from the start, stage s admits S - s chunks; then the flush


def drawn(rows, stages):
    ticks = int(max(row.end for row in rows))
    table = [[".."] * ticks for _ in range(stages)]
    for row in rows:
        for tick in range(int(row.start), int(row.end)):
            table[row.stage][tick] = f"{row.what[0].upper()}{row.chunk}"
    return "\n" + "\n".join(" ".join(line) for line in table) + "\n"


@each_of(("schedule", "wanted"), [("gpipe", GPIPE), ("1f1b", ONE_F_ONE_B)])
def test_four_stages_and_four_chunks_as_published(schedule, wanted):
    assert drawn(timetable(4, 4, schedule), 4) == wanted


def test_pipedream_begins_as_published():
    """Backward twice as long as forward, eight chunks: stage 0 waits for the first gradient, then takes turns."""
    first = [(row.start, row.what[0], row.chunk) for row in timetable(4, 8, "1f1b", backward=2) if row.stage == 0]
    assert first[:8] == [
        (0, "f", 0), (1, "f", 1), (2, "f", 2), (3, "f", 3), (10, "b", 0), (12, "f", 4), (13, "b", 1), (15, "f", 5),
    ]  # fmt: skip
    last = [row.what[0] + str(row.chunk) for row in timetable(4, 8, "1f1b", backward=2) if row.stage == 3]
    assert last == [f"{way}{chunk}" for chunk in range(8) for way in "fb"]


@each_of(
    ("schedule", "stages", "chunks", "backward"),
    list(itertools.product(SCHEDULES, (1, 2, 4, 5), (1, 3, 4, 9), (1, 2, 0.5))),
)
def test_what_holds_for_every_timetable(schedule, stages, chunks, backward):
    rows = timetable(stages, chunks, schedule, backward)
    end = {(row.what, row.stage, row.chunk): row.end for row in rows}
    assert len(rows) == len(end) == 2 * stages * chunks
    for row in rows:
        assert row.end - row.start == (1 if row.what == "forward" else backward)
        if row.what == "forward":
            needed = end["forward", row.stage - 1, row.chunk] if row.stage else 0
        else:
            last = row.stage == stages - 1
            needed = end["forward", row.stage, row.chunk] if last else end["backward", row.stage + 1, row.chunk]
        assert row.start >= needed
    for stage in range(stages):
        own = sorted((row.start, row.end) for row in rows if row.stage == stage)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(own))
    share = bubble(rows)
    assert share == pytest.approx((stages - 1) / (stages - 1 + chunks))  # Huang et al. 2019
    assert share / (1 - share) == pytest.approx((stages - 1) / chunks)  # Narayanan et al. 2021 (Megatron): (p - 1)/m
    most = [chunks] * stages if schedule == "gpipe" else [min(stages - s, chunks) for s in range(stages)]
    assert held(rows) == most


def test_errors():
    for call in (lambda: timetable(0, 1), lambda: timetable(2, 0), lambda: timetable(2, 2, backward=0)):
        with pytest.raises(ValueError, match="must be"):
            call()
    with pytest.raises(ValueError, match="Did you mean 'gpipe'"):
        timetable(2, 2, "gpip")
