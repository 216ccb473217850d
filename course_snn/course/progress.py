"""What the learner has done so far, kept on disk across restarts of kernel and machine."""

import json
import os
from pathlib import Path

import platformdirs

from course_snn.course.files import write_text


def path() -> Path:
    """Return the file that holds the progress: in ``COURSE_SNN_HOME``, or in the user's own data folder."""
    home = os.environ.get("COURSE_SNN_HOME")
    return (Path(home) if home else platformdirs.user_data_path("course-snn")) / "progress.json"


def load() -> dict:
    """Return {"passed": [exercise ids], "hints": {exercise id: hints seen}}.

    A file that cannot be read is set aside under the name ``progress.damaged.json``, never overwritten.
    """
    file = path()
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return {"passed": [str(name) for name in data["passed"]], "hints": dict(data["hints"])}
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        file.replace(file.with_name("progress.damaged.json"))
    return {"passed": [], "hints": {}}


def passed(exercise_id: str) -> None:
    """Note that an exercise is passed."""
    data = load()
    if exercise_id not in data["passed"]:
        data["passed"].append(exercise_id)
        _save(data)


def next_hint(exercise_id: str) -> int:
    """Return how many hints of an exercise were seen before, and count one more."""
    data = load()
    seen = int(data["hints"].get(exercise_id, 0))
    data["hints"][exercise_id] = seen + 1
    _save(data)
    return seen


def reset() -> None:
    """Forget all progress; what was there is kept beside it as ``progress.before-reset.json``."""
    file = path()
    if file.exists():
        file.replace(file.with_name("progress.before-reset.json"))


def _save(data: dict) -> None:
    file = path()
    try:
        write_text(file, json.dumps(data, ensure_ascii=False, indent=1))
    except OSError as error:  # a read-only disk must not break the lesson
        print(f"[course-snn] progress is not saved: {error}. Set COURSE_SNN_HOME to a folder you can write.")
