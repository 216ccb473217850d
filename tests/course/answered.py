"""Answers to every exercise that people who had not seen the solutions wrote from the task text alone.

They lie in ``answers/chNN.py``, one section an answer: ``# %% <exercise> right|wrong: <what it is>``. By hand,
``uv run python tests/course/answered.py 03`` prints what the judge says to each answer of chapter 03, and counts.
"""

import ast
import importlib
import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from course_snn.course import chapters
from course_snn.course.exercise import Exercise, chapter_exercises, find, solution_source
from course_snn.course.judge import judge
from course_snn.course.verdict import Verdict

FOLDER = Path(__file__).parent / "answers"
HEAD = re.compile(r"^# %% (\d\d\.\w+) (right|wrong): (.+)$")
ACCEPTED, NAMED, LOCATED = "accepted", "named", "located"


@dataclass(frozen=True)
class Answer:
    """One answer as it stands in a cell."""

    exercise: str
    right: bool
    what: str
    source: str

    def judged(self, variant: Callable[[Exercise], Exercise] = lambda exercise: exercise) -> Verdict:
        """Run the cell where the chapter's imports and the solutions of its other exercises are known; judge it."""
        exercise = unhurried(self.exercise, variant)
        namespace = dict(surroundings(self.exercise[:2]))
        exec(compile(self.source, f"<ipython-input {self.exercise}>", "exec"), namespace)
        return judge(exercise, namespace[exercise.name])


def unhurried(exercise_id: str, variant: Callable[[Exercise], Exercise] = lambda exercise: exercise) -> Exercise:
    """Return an exercise, or what ``variant`` makes of it, with time enough for a loaded machine."""
    return patient(variant(find(exercise_id)))


@lru_cache
def patient(exercise: Exercise) -> Exercise:
    """Return an exercise with more time; endless answers cost it once each."""
    return replace(exercise, seconds=max(exercise.seconds, 5.0))


def answers(chapter: str) -> list[Answer]:
    """Read the answers of a chapter ("03")."""
    found: list[Answer] = []
    parts: list[list[str]] = []
    for line in (FOLDER / f"ch{chapter}.py").read_text(encoding="utf-8").splitlines():
        if line.startswith("# %%"):
            head = HEAD.match(line)
            if head is None:
                raise ValueError(f"ch{chapter}.py: {line!r} is not '# %% <exercise> right|wrong: <what it is>'")
            parts.append([])
            found.append(Answer(head[1], head[2] == "right", head[3], ""))
        elif parts:
            parts[-1].append(line)
    return [replace(answer, source="\n".join(lines).strip()) for answer, lines in zip(found, parts, strict=True)]


def surroundings(chapter: str) -> dict:
    """Return the names that a cell of the chapter may use: its imports, and the answers to its exercises."""
    if chapter not in _SURROUNDINGS:
        file = chapters.notebooks_dir() / chapters.find(chapter).file_name
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        namespace: dict = {}
        for exercise in chapter_exercises(chapter):  # a shown solution may use what stands beside it
            namespace |= vars(importlib.import_module(exercise.solution.__module__))
        for source in ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"):
            imports = [node for node in ast.parse(source).body if isinstance(node, (ast.Import, ast.ImportFrom))]
            exec(compile(ast.Module(imports, []), chapter, "exec"), namespace)
        for exercise in chapter_exercises(chapter):
            exec(solution_source(exercise.id), namespace)
        _SURROUNDINGS[chapter] = namespace
    return _SURROUNDINGS[chapter]


_SURROUNDINGS: dict[str, dict] = {}


def sort(verdict: Verdict) -> str:
    """Say whether an answer was accepted, its mistake named, or only the place told where it differs."""
    return ACCEPTED if verdict.passed else NAMED if verdict.named else LOCATED


def main(names: list[str]) -> None:
    """Print the verdict on every answer, and the counts."""
    counts: Counter = Counter()
    for answer in (answer for chapter in names for answer in answers(chapter)):
        verdict = answer.judged()
        outcome = sort(verdict)
        counts[("right" if answer.right else "wrong", outcome)] += 1
        odd, kind = ("!!" if answer.right is not verdict.passed else "  "), ("right" if answer.right else "wrong")
        print(f"{odd} {answer.exercise} {kind}: {answer.what}\n     {outcome}: {verdict!r}")
    print(*(f"{kind} {outcome}: {number}" for (kind, outcome), number in sorted(counts.items())), sep="\n")


if __name__ == "__main__":
    main(sys.argv[1:] or sorted(path.stem[2:] for path in FOLDER.glob("ch*.py")))
