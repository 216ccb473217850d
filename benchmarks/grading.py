"""How long 100 hand-ins of one chapter take to grade, as homework, with cases of each student's own, and as an exam.

    uv run python benchmarks/grading.py [--count 100] [--chapter 01] [plain own exam]

Of a hundred, seventy are right, twenty have a named mistake, five are unfinished, two never end, three are cut off. An
exam has cases of each student's own, and a sandbox for each hand-in. The target is 180 s on two quiet cores; Linux with
bubblewrap. Seconds include the start of the sandboxes; the load of the machine is printed, and counts.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "course"))
from hand_ins import solved

from course_snn.course.classroom import grade as grading
from course_snn.course.exercise import chapter_exercises

WAYS = ("plain", "own", "exam")
TARGET = 180.0  # s


def hand_ins(folder: Path, chapter: str, count: int, way: str) -> None:
    """Write the class's notebooks into a folder."""
    first = chapter_exercises(chapter)[0]
    mistake = f"def {first.name}(*values):\n    return 0.0"
    loop = f"def {first.name}(*values):\n    while True:\n        pass"
    for number in range(count):
        part = 100 * number / count
        answers = {} if part < 70 else {first.name: mistake} if part < 90 else {first.name: loop} if part < 92 else {}
        if 92 <= part < 97:
            answers = {one.name: f"def {one.name}(*values):\n    ..." for one in chapter_exercises(chapter)}
        notebook = solved(chapter, **answers)
        if way != "plain":
            own = {"chapters": [chapter], "exam": way == "exam", "seed": "b", "made": ""}
            notebook["metadata"]["course"] = {"assignment": own, "student": {"id": f"{number:03}", "name": ""}}
        content = json.dumps(notebook, ensure_ascii=False).encode()
        (folder / f"{chapter}_{number:03}.ipynb").write_bytes(content if part < 97 else content[: len(content) // 2])


def main() -> int:
    """Measure; returns 1 where the target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ways", nargs="*", help=f"of {WAYS}; all by default")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--chapter", default="01")
    args = parser.parse_args()
    missed = False
    for way in args.ways or WAYS:
        with tempfile.TemporaryDirectory() as scratch:
            hand_ins(Path(scratch), args.chapter, args.count, way)
            began = time.perf_counter()
            grades = grading.grade(Path(scratch), seed="b", workers=2)
            took = time.perf_counter() - began
        states = Counter(mark.state for row in grades.rows for mark in row.states.values())
        load = os.getloadavg()[0]
        print(f"{way:6} {args.count} hand-ins of {args.chapter}: {took:6.1f} s  load {load:.1f}  {dict(states)}")
        missed |= took > TARGET
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
