"""When each stage of a pipeline computes which chunk of a batch, and how long it waits."""

from collections.abc import Callable
from typing import NamedTuple

from course_snn.arguments import one_number, whole
from course_snn.spelling import chosen


class Slot(NamedTuple):
    """A stretch of time in which a stage computes one chunk.

    Args:
        stage: number of the stage, from 0.
        start: when it begins, where the forward pass of a chunk through a stage takes 1. end: when it ends.
        chunk: number of the chunk (microbatch), from 0.
        what: "forward" or "backward".
    """

    stage: int
    start: float
    end: float
    chunk: int
    what: str


def _gpipe(stage: int, stages: int, chunks: int) -> list[tuple[str, int]]:
    """All forwards, then all backwards, the last chunk first."""
    there, back = range(chunks), reversed(range(chunks))
    return [*(("forward", chunk) for chunk in there), *(("backward", chunk) for chunk in back)]


def _one_f_one_b(stage: int, stages: int, chunks: int) -> list[tuple[str, int]]:
    """As many forwards as stages follow, then one forward and one backward in turn, then the backwards left."""
    ahead = min(stages - 1 - stage, chunks)
    order = [("forward", chunk) for chunk in range(ahead)]
    for chunk in range(chunks - ahead):
        order += [("forward", ahead + chunk), ("backward", chunk)]
    return order + [("backward", chunk) for chunk in range(chunks - ahead, chunks)]


SCHEDULES: dict[str, Callable[[int, int, int], list[tuple[str, int]]]] = {"gpipe": _gpipe, "1f1b": _one_f_one_b}


def timetable(stages: int, chunks: int, schedule: str = "gpipe", backward: float = 1.0) -> list[Slot]:
    """Return when each stage computes which chunk: as early as its order and the neighbouring stages allow.

        forward of chunk m at stage s:   after stage s-1 is done with it
        backward of chunk m at stage s:  after stage s+1 is done with it; at the last stage after its forward

    "gpipe": all forwards, then all backwards in the opposite order. "1f1b": a stage begins with a backward as soon as
    it can, so that it holds the activations of at most S-s chunks (s from 0) and not of all M; the weights change after
    the last chunk ("flush"), where PipeDream itself goes on with old weights. Both take (M + S - 1)(1 + backward).

    Args:
        stages: number of stages S.
        chunks: number of chunks M (microbatches) of a batch.
        schedule: "gpipe" or "1f1b".
        backward: how long the backward pass of a chunk takes, where its forward pass takes 1; 2 is usual.

    Raises:
        ValueError: another schedule, or fewer than one stage or chunk.

    Source: Huang et al., GPipe (NeurIPS 2019), figure 2; Narayanan et al., PipeDream (SOSP 2019); with the flush:
    Narayanan et al., Memory-Efficient Pipeline-Parallel DNN Training (ICML 2021).
    """
    stages, chunks = whole("stages", stages, at_least=1), whole("chunks", chunks, at_least=1)
    length = {"forward": 1.0, "backward": one_number("backward", backward, above=0)}
    order = chosen("schedule", schedule, SCHEDULES)
    waiting = [order(stage, stages, chunks) for stage in range(stages)]
    done: dict[tuple[str, int, int], float] = {}
    free, rows = [0.0] * stages, []
    while any(waiting):
        for stage, todo in enumerate(waiting):
            while todo and (ready := _ready(stage, *todo[0], stages, done)) is not None:
                what, chunk = todo.pop(0)
                start = max(free[stage], ready)
                free[stage] = done[what, stage, chunk] = start + length[what]
                rows.append(Slot(stage, start, free[stage], chunk, what))
    return sorted(rows, key=lambda row: (row.start, row.stage))


def _ready(stage: int, what: str, chunk: int, stages: int, done: dict[tuple[str, int, int], float]) -> float | None:
    """Return when what it needs is there, None if that is not known yet."""
    if what == "forward":
        return 0.0 if stage == 0 else done.get(("forward", stage - 1, chunk))
    return done.get(("forward", stage, chunk) if stage == stages - 1 else ("backward", stage + 1, chunk))


def bubble(rows: list[Slot]) -> float:
    """Return the share of time in which stages wait, from the first start to the last end.

        1 - busy / (S · time) = 1 - S M (1 + b) / (S (M + S - 1)(1 + b)) = (S - 1) / (M + S - 1)

    for both schedules of ``timetable`` and any length b of a backward pass.

    Args:
        rows: a timetable.
    """
    stages = len({row.stage for row in rows})
    time = max(row.end for row in rows) - min(row.start for row in rows)
    return 1 - sum(row.end - row.start for row in rows) / (stages * time)


def held(rows: list[Slot]) -> list[int]:
    """Return for each stage of how many chunks at most it keeps the activations at the same time.

    Args:
        rows: a timetable.
    """
    most = []
    for stage in sorted({row.stage for row in rows}):
        now, peak = 0, 0
        for row in sorted((row for row in rows if row.stage == stage), key=lambda row: row.start):
            now += 1 if row.what == "forward" else -1
            peak = max(peak, now)
        most.append(peak)
    return most
