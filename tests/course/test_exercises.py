"""Every exercise of every chapter: the solution passes, each wrong answer is refused and named."""

import ast
import builtins
import json
import re

import pytest

from course_snn.course import exercise as exercises
from course_snn.course.chapters import CHAPTERS, notebooks_dir

ALL = [exercise for chapter in CHAPTERS for exercise in exercises.chapter_exercises(chapter.key)]
MISTAKES = [
    pytest.param(exercise, mistake, id=f"{exercise.id}-{number}")
    for exercise in ALL
    for number, mistake in enumerate(exercise.mistakes)
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_the_solution_passes(exercise):
    verdict = exercises.judge(exercise, exercise.solution)
    assert verdict.passed, verdict


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_the_shown_source_is_the_solution(exercise):
    namespace = dict(vars(__import__(exercise.solution.__module__, fromlist=["x"])))
    exec(exercises.solution_source(exercise.id), namespace)
    assert exercises.judge(exercise, namespace[exercise.name]).passed


def names(tree: ast.AST, kind: type[ast.expr_context]) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, kind)}


def defined(tree: ast.AST) -> set[str]:
    found = names(tree, ast.Store)
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
    return found


@pytest.mark.parametrize("chapter", [c for c in CHAPTERS if c.ready], ids=lambda chapter: chapter.key)
def test_the_solutions_run_in_the_notebook(chapter):
    cells = json.loads((notebooks_dir() / chapter.file_name).read_text(encoding="utf-8"))["cells"]
    there = set(dir(builtins))
    for cell in cells:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            there |= defined(ast.parse(source))
            for identity in re.findall(r'course\.check\("([^"]+)"', source):
                solution = ast.parse(exercises.solution_source(identity))
                assert names(solution, ast.Load) - defined(solution) <= there, identity


@pytest.mark.parametrize(("exercise", "mistake"), MISTAKES)
def test_a_likely_mistake_is_refused_and_named(exercise, mistake):
    verdict = exercises.judge(exercise, mistake.wrong)
    assert not verdict.passed
    assert verdict.reason.zh == mistake.zh and verdict.reason.en == mistake.en


@pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.id)
def test_an_exercise_is_complete(exercise):
    assert len(exercise.mistakes) >= 3 and len(exercise.hints) == 3
    texts = [(mistake.zh, mistake.en) for mistake in exercise.mistakes] + list(exercise.hints)
    for zh, en in texts:
        assert CHINESE.search(zh) and en and not CHINESE.search(en)


def test_every_ready_chapter_from_01_on_has_three_exercises_and_a_challenge():
    for chapter in CHAPTERS:
        if chapter.ready and chapter.number != 0:
            assert len(exercises.chapter_exercises(chapter.key)) >= 4, chapter
