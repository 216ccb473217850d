"""What goes into the sandbox: enough to try an answer, and nothing of what is right or wrong."""

import base64
import inspect
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from course_snn.course import exercises, judge
from course_snn.course.chapters import ready_chapters
from course_snn.course.classroom import fence
from course_snn.course.classroom.shipped import shipped
from course_snn.course.classroom.trying import opened
from course_snn.course.exercise import chapter_exercises, find

# Their ``run`` compares with the solution itself: who looks for it in there finds its code.
COMPARED_INSIDE = {
    "01.identify", "02.log_latency", "07.margin_loss", "09.rate_mse", "09.train_step", "16.label_order",
}  # fmt: skip


@pytest.fixture(scope="module")
def contents():
    """What is sent for each exercise, as bytes."""
    every = [one for chapter in ready_chapters() for one in chapter_exercises(chapter.key)]
    return {one.id: base64.b64decode(shipped(one.id, "s", "e", "1").content) for one in every}


def test_no_word_on_mistakes_and_no_hint_goes_in(contents):
    searched = 0
    for name, content in contents.items():
        one = find(name)
        secrets = [text for mistake in one.mistakes for text in (mistake.zh, mistake.en)]
        for secret in [*secrets, *(text for hint in one.hints for text in hint)]:
            assert secret.encode() not in content, f"{name}: {secret}"
            searched += 1
    assert searched > 3000


def test_no_solution_goes_in_but_those_that_trying_takes(contents):
    found = {name for name, content in contents.items() if any(code in content for code in _codes(find(name)))}
    assert found == COMPARED_INSIDE


def _codes(one):
    parts = vars(one.solution).values() if inspect.isclass(one.solution) else [one.solution]
    codes = [part.__code__.co_code for part in parts if hasattr(part, "__code__")]
    assert codes
    return [code for code in codes if len(code) > 40]  # shorter ones are alike


@pytest.mark.parametrize("name", ["01.identify", "03.delay_line", "04.pipeline_step", "15.cortical"])
def test_what_comes_out_tries_an_answer_as_the_exercise_does(name):
    one = find(name)
    trial = opened(shipped(name, "s").content)
    outcomes = judge.attempt_within(judge.PATIENCE, trial, one.solution)
    assert judge.assess(_with_cases(one, "s"), outcomes).passed


def _with_cases(one, hidden):
    from course_snn.course.classroom.hidden import tested

    return tested(one.id, hidden)


def test_it_is_opened_where_there_are_no_exercises(contents, tmp_path):
    (tmp_path / "contents").write_bytes(pickle.dumps(contents))
    look = """
import importlib.abc, pickle, sys
class Nothing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.startswith(("course_snn.course.exercises.", "course_snn.course.site")):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Nothing())
failed = []
for name, content in pickle.load(open(sys.argv[1], "rb")).items():
    try:
        assert pickle.loads(content)[0] == name
    except Exception as error:
        failed.append((name, error))
print(failed)
"""
    done = subprocess.run(
        [sys.executable, "-c", look, tmp_path / "contents"], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_exercises_and_notebooks_cannot_be_seen_in_the_sandbox():
    if reason := fence.obstacle():
        pytest.skip(reason.en)
    folder = Path(exercises.__file__).parent
    places = f"{folder} {folder.parents[1] / 'notebooks'} {fence.compiled_elsewhere() or ''}"
    look = f"find {places} -type f '(' -path '*/exercises/*' -o -name '*.ipynb' ')' 2>/dev/null"
    done = subprocess.run(
        [*fence.fenced(Path("/desk")), "/bin/sh", "-c", look], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""
