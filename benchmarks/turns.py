"""Timing sides in turns, each in a process of its own, so that none inherits another's memory."""

from __future__ import annotations

import multiprocessing
import statistics
import time
from collections.abc import Callable
from contextlib import nullcontext

from course_snn.kernel.memory import kept_memory


def seconds(run: Callable[[], object], turn: float, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of a pass, the mean over as many as fill a turn."""
    start, passes = clock(), 0
    while not passes or clock() - start < turn:
        run()
        passes += 1
    return (clock() - start) / passes


def quartiles(above: list[float], below: list[float]) -> list[float]:
    """Lower quartile, median and upper quartile of above / below, round by round."""
    return statistics.quantiles([a / b for a, b in zip(above, below, strict=True)], n=4)


def in_turns(
    make: Callable, sides: dict[str, tuple], rounds: int, turn: float, clock: Callable[[], float] = time.perf_counter
) -> dict[str, list[float]]:
    """Seconds of a pass of each side in each round.

    Args:
        make: function at the top of a module; make(*arguments) is what one pass calls.
        sides: name -> arguments; a name that ends in " kept" runs under ``kept_memory``, as ``fit`` does.
        clock: ``time.process_time`` counts the processor's time, which others on the machine change less.
    """
    spawn = multiprocessing.get_context("spawn")
    lines, workers = {}, []
    for name, arguments in sides.items():
        lines[name], theirs = spawn.Pipe()
        workers.append(
            spawn.Process(target=_serve, args=(theirs, make, arguments, name.endswith(" kept"), clock), daemon=True)
        )
        workers[-1].start()
        theirs.close()
        lines[name].recv()
    times = {name: [] for name in sides}
    for _ in range(rounds):
        for name, line in lines.items():
            line.send(turn)
            times[name].append(line.recv())
            time.sleep(0.02)  # its threads fall asleep
    for line in lines.values():
        line.send(None)
    for worker in workers:
        worker.join()
    return times


def _serve(line, make: Callable, arguments: tuple, kept: bool, clock: Callable[[], float]) -> None:
    run = make(*arguments)
    with kept_memory() if kept else nullcontext():
        for _ in range(3):
            run()
        line.send("ready")
        while (turn := line.recv()) is not None:
            line.send(seconds(run, turn, clock))
