"""What PipelineTimetable computes in the page: the timetable of training.pipeline, and who keeps how many chunks."""

from __future__ import annotations

import pytest
from together import each_of

from course_snn.training import pipeline
from course_snn.widget import PipelineTimetable

SHAPES = [(1, 1), (1, 5), (4, 1), (2, 2), (3, 8), (4, 6), (8, 3), (8, 16)]


@pytest.fixture
def page(page_of):
    return page_of(PipelineTimetable)


@each_of("stages, chunks", SHAPES)
@each_of("schedule", ["gpipe", "1f1b"])
@each_of("backward", [1.0, 2.5])
def test_equals_the_library(page, stages, chunks, schedule, backward):
    made = PipelineTimetable(stages=stages, chunks=chunks, schedule=schedule, backward=backward)
    rows = made.rows()
    seen = page("timetable", made.params)
    assert [tuple(row[key] for key in pipeline.Slot._fields) for row in seen] == [tuple(row) for row in rows]
    share, most = page.all([("bubble", (seen,)), ("held", (seen,))])
    assert share == pytest.approx(pipeline.bubble(rows)) == pytest.approx((stages - 1) / (chunks + stages - 1))
    assert most == pipeline.held(rows)
    assert most[0] == (chunks if schedule == "gpipe" else min(stages, chunks))


def test_chunks_kept_at_a_moment_never_exceed_the_most(page):
    rows = page("timetable", PipelineTimetable(schedule="1f1b").params)
    moments = [row["start"] for row in rows]
    kept = page.all([("held", (rows, time)) for time in moments])
    assert [max(column) for column in zip(*kept, strict=True)] == page("held", rows)
    assert page("held", rows, rows[-1]["end"]) == [0] * 4  # all done


def test_what_a_stage_does_at_a_time(page):
    rows = page("timetable", PipelineTimetable(stages=2, chunks=2, backward=1.0).params)
    found = page.all(
        [("slotAt", (rows, stage, time)) for stage, time in ((0, 0.5), (1, 0.5), (1, 1.0), (0, 3.5), (0, 4.0))]
    )
    assert [slot and (slot["chunk"], slot["what"]) for slot in found] == [
        (0, "forward"), None, (0, "forward"), None, (1, "backward"),
    ]  # fmt: skip
