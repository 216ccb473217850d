"""Every exercise of every chapter: the solution passes, each wrong answer is refused and named."""

import ast
import builtins
import copy
import importlib
import json
import re
import warnings

import pytest
from answered import unhurried

from course_snn.course import exercise as exercises
from course_snn.course.chapters import CHAPTERS, notebooks_dir
from course_snn.course.judge import judge

BY_CHAPTER = {chapter.key: exercises.chapter_exercises(chapter.key) for chapter in CHAPTERS}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
each_chapter = pytest.mark.parametrize("chapter", [key for key, found in BY_CHAPTER.items() if found])


def judged(exercise, answer):
    """Judge without hurry: how long an answer takes here says nothing about it."""
    return judge(unhurried(exercise.id), answer)


def shown_answer(exercise):
    """Make the answer out of the source that the learner is shown, where it stands among its module's imports."""
    namespace = dict(vars(importlib.import_module(exercise.solution.__module__)))
    exec(exercises.solution_source(exercise.id), namespace)
    return namespace[exercise.name]


@each_chapter
def test_the_shown_solutions_pass(chapter):
    verdicts = [judged(exercise, shown_answer(exercise)) for exercise in BY_CHAPTER[chapter]]
    assert not [verdict for verdict in verdicts if not verdict.passed]


@each_chapter
def test_solutions_run_without_a_warning(chapter):
    with warnings.catch_warnings(record=True) as warned:  # the judge looks at none
        warnings.simplefilter("always")
        for exercise in BY_CHAPTER[chapter]:
            for case in copy.deepcopy(exercise.cases):
                exercise.run(exercise.solution, *case)
    assert not [f"{one.filename}:{one.lineno} {one.message}" for one in warned]


@each_chapter
def test_likely_mistakes_are_refused_and_named(chapter):
    missed = []
    for exercise in BY_CHAPTER[chapter]:
        for number, mistake in enumerate(exercise.mistakes):
            verdict = judged(exercise, mistake.wrong)
            if verdict.passed or (verdict.reason.zh, verdict.reason.en) != (mistake.zh, mistake.en):
                missed.append(f"{exercise.id}, mistake {number}: {verdict}")
    assert not missed, "\n".join(missed)


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
    there, unknown, checked = set(dir(builtins)), {}, []
    for source in ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"):
        there |= defined(ast.parse(source))
        for identity in re.findall(r'course\.check\("([^"]+)"', source):
            checked.append(identity)
            solution = ast.parse(exercises.solution_source(identity))
            if missing := names(solution, ast.Load) - defined(solution) - there:
                unknown[identity] = missing
    assert not unknown
    assert sorted(checked) == sorted(exercise.id for exercise in BY_CHAPTER[chapter.key])


def test_every_exercise_is_complete():
    lacking = []
    for exercise in sum(BY_CHAPTER.values(), ()):
        if len(exercise.mistakes) < 3 or len(exercise.hints) != 3:
            lacking.append(f"{exercise.id}: {len(exercise.mistakes)} mistakes, {len(exercise.hints)} hints")
        for zh, en in [(mistake.zh, mistake.en) for mistake in exercise.mistakes] + list(exercise.hints):
            if not CHINESE.search(zh) or not en or CHINESE.search(en):
                lacking.append(f"{exercise.id}: {zh!r}, {en!r}")
    assert not lacking, "\n".join(lacking)


def test_every_ready_chapter_from_01_on_has_three_exercises_and_a_challenge():
    ready = [chapter.key for chapter in CHAPTERS if chapter.ready and chapter.number != 0]
    assert ready and not [key for key in ready if len(BY_CHAPTER[key]) < 4]
