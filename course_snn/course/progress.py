"""What the learner has done so far, kept on disk across restarts of kernel and machine.

Nothing here raises: whatever happens to the file, the lesson goes on, and the learner is told what is wrong with it.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import platformdirs
from filelock import FileLock, Timeout

from course_snn.course.files import write_text
from course_snn.language import Label, announce, tr

VARIABLE = "COURSE_SNN_HOME"
LOCK_SECONDS = 5.0
GUESS_BYTES, ID_LENGTH = 20_000, 100  # a guess is small: a number, an order, a drawn curve
UNREADABLE = OSError, ValueError, RecursionError, MemoryError  # ValueError: no JSON, no text; the others: nested, huge
GUESS_DEPTH = 8  # lists and objects within each other
Result = TypeVar("Result")
_unsaved: dict[Path, dict] = {}  # what could not be written, kept as long as this kernel lives


class SettledError(ValueError):
    """A guess whose truth was shown stays as it was, until it is forgotten."""


def path() -> Path:
    """Return the file that holds the progress: in ``COURSE_SNN_HOME``, or in the user's own data folder.

    ``~`` is the user's own folder, and a relative name is one in it: the same from a notebook and on a command line.
    """
    named = os.environ.get(VARIABLE, "").strip()
    if not named:
        return platformdirs.user_data_path("course-snn") / "progress.json"
    with contextlib.suppress(RuntimeError):  # nobody knows where the user's folder is
        return Path.home() / Path(named).expanduser() / "progress.json"
    return Path(named).absolute() / "progress.json"


def load() -> dict:
    """Return {"passed": [exercise ids], "hints": {exercise id: hints seen}}, and "guesses" if there are any.

    A file whose content is damaged is set aside under a new name; what can still be read in it is kept.
    """
    file = path()
    with _alone(file) as alone:
        return _with_unsaved(file, _read(file, alone) or _empty())


def passed(exercise_id: str) -> list[str]:
    """Note that an exercise is passed, and return the ids of those that were passed before."""

    def add(data: dict) -> list[str]:
        before = [*data["passed"]]
        if exercise_id not in before:
            data["passed"].append(exercise_id)
        return before

    return _change(add)


def next_hint(exercise_id: str) -> int:
    """Return how many hints of an exercise were seen before, and count one more."""

    def add(data: dict) -> int:
        seen = data["hints"].get(exercise_id, 0)
        data["hints"][exercise_id] = seen + 1
        return seen

    return _change(add)


def guesses() -> dict[str, Any]:
    """Return what was guessed, by the id of the question."""
    return load().get("guesses", {})


def keep_guess(guess_id: str, value: Any) -> bool:
    """Keep a guess, None forgets it; return whether that lies on disk.

    Raises:
        ValueError: the value is no JSON, longer than 20 kB or nested deeper than 8, or the id is empty or longer than
            100 characters.
        SettledError: the truth was shown with the guess that is kept, and this is another one, or not settled.
    """
    if not _is_guess(guess_id, value):
        raise ValueError(
            f"The guess {str(guess_id)[:ID_LENGTH]!r} cannot be kept: its id has 1 to {ID_LENGTH} characters, its "
            f"value is JSON (no NaN, no infinity) of at most {GUESS_BYTES // 1000} kB, nested at most "
            f"{GUESS_DEPTH} deep."
        )

    def change(data: dict) -> None:
        if value is not None and _settled(data.get("guesses", {}).get(guess_id), value):
            raise SettledError(
                f"The guess {guess_id!r} is settled: its truth was shown. Forget it (null) to guess again."
            )
        others = {name: kept for name, kept in data.get("guesses", {}).items() if name != guess_id}
        data["guesses"] = others | ({} if value is None else {guess_id: value})

    _change(change)
    return path() not in _unsaved


def _settled(kept: Any, value: Any) -> bool:
    """Whether a value would change a record that is sealed."""
    if not isinstance(kept, dict) or kept.get("sealed") is not True:
        return False
    sealed = isinstance(value, dict) and value.get("sealed") is True
    return not sealed or value.get("value") != kept.get("value")


def _is_guess(name: object, value: object) -> bool:
    try:
        size, deep = len(_compact(value).encode()), _depth(value)
    except (TypeError, *UNREADABLE):
        return False
    return isinstance(name, str) and 0 < len(name) <= ID_LENGTH and size <= GUESS_BYTES and deep <= GUESS_DEPTH


def _compact(value: object) -> str:
    return json.dumps(value, allow_nan=False, ensure_ascii=False, separators=(",", ":"))


def _depth(value: object) -> int:
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else None
    return 0 if parts is None else 1 + max(map(_depth, parts), default=0)


def reset() -> bool:
    """Forget all progress, keeping what was there beside it under a new name; return whether that could be done."""
    file = path()
    with _alone(file):
        _unsaved.pop(file, None)
        return not os.path.lexists(file) or _set_aside(file, "before-reset") is not None


def _change(change: Callable[[dict], Result]) -> Result:
    """Read the progress, change it and write it, with no other kernel in between."""
    file = path()
    with contextlib.suppress(OSError):  # told when it comes to writing
        file.parent.mkdir(parents=True, exist_ok=True)
    with _alone(file) as alone:
        kept = _read(file, alone)
        data = _with_unsaved(file, kept or _empty())
        before = {**data, "passed": [*data["passed"]], "hints": {**data["hints"]}}
        result = change(data)
        if data != before or file in _unsaved:
            saved = alone and kept is not None and _write(file, data)
            _unsaved.pop(file, None) if saved else _unsaved.update({file: data})
    return result


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[bool]:
    """Keep other kernels from the file during the block; False: one of them does not let go of it."""
    lock = FileLock(file.with_name("progress.lock"), timeout=LOCK_SECONDS)
    held = True
    try:
        if file.parent.is_dir():
            lock.acquire()
    except Timeout:
        held = False
        _tell_unsaved(
            tr(f"另一个程序一直占着 {lock.lock_file}", f"another program keeps hold of {lock.lock_file}"),
            tr("关掉别的笔记的内核，再试一次", "Shut down the kernels of other notebooks and try again"),
        )
    except (OSError, NotImplementedError):  # a folder that is read-only, a disk without locks: write as it comes
        pass
    try:
        yield held
    finally:
        lock.release()


def _read(file: Path, alone: bool) -> dict | None:
    """Return what the file holds; None if there is something that must not be written over.

    What is damaged is set aside if the file is ours ``alone``, and what could be read in it takes its place.
    """
    try:
        content = json.loads(file.read_bytes())  # UTF-8 with or without a BOM, UTF-16
    except FileNotFoundError:
        return _empty()
    except OSError as error:
        _tell_unsaved(tr(f"{file} 读不出来（{error}）", f"{file} cannot be read ({error})"), _elsewhere())
        return None
    except UNREADABLE:
        content = None
    data = _sound(content)
    if content == data:
        return data
    copy = _set_aside(file, "damaged") if alone else None
    if copy is None:
        return None
    found = len(data["passed"])
    announce(
        tr(
            f"进度文件 {file} 已损坏：其中还能读出 {found} 个通过的练习，其余的从头记起。原文件保存为 {copy.name}。",
            f"The file {file} with your progress is damaged: {found} passed exercise(s) could still be read in it, the "
            f"rest begins anew. The damaged file is kept as {copy.name}.",
        )
    )
    _write(file, data)
    return data


def _sound(content: object) -> dict:
    """Return what of any JSON content can be understood."""
    content = content if isinstance(content, dict) else {}
    names, hints = content.get("passed"), content.get("hints")
    names, hints = names if isinstance(names, list) else [], hints if isinstance(hints, dict) else {}
    data = content | {
        "passed": list(dict.fromkeys(name for name in names if isinstance(name, str))),
        "hints": {name: seen for name, seen in hints.items() if type(seen) is int and seen >= 0},
    }
    if "guesses" not in data:  # nothing was guessed, or the file is older than guesses
        return data
    kept = data["guesses"] if isinstance(data["guesses"], dict) else {}
    return data | {"guesses": {name: value for name, value in kept.items() if _is_guess(name, value)}}


def _empty() -> dict:
    return {"passed": [], "hints": {}}


def _with_unsaved(file: Path, data: dict) -> dict:
    """Add what this kernel could not write."""
    more = _unsaved.get(file, _empty())
    hints = {name: max(seen, data["hints"].get(name, 0)) for name, seen in more["hints"].items()}
    names = list(dict.fromkeys([*data["passed"], *more["passed"]]))
    merged = data | {"passed": names, "hints": data["hints"] | hints}
    if "guesses" in more:
        merged["guesses"] = data.get("guesses", {}) | more["guesses"]
    return merged


def _set_aside(file: Path, why: str) -> Path | None:
    """Rename the file to a name that is free, and return it; None if that cannot be done."""
    names = (f"{file.stem}.{why}{f'-{number}' if number > 1 else ''}{file.suffix}" for number in count(1))
    copy = next(copy for copy in map(file.with_name, names) if not os.path.lexists(copy))
    try:
        return file.rename(copy)
    except OSError as error:
        _tell_unsaved(tr(f"{file} 不能改名（{error}）", f"{file} cannot be renamed ({error})"), _elsewhere())
        return None


def _write(file: Path, data: dict) -> bool:
    try:
        write_text(file, _text(data))
    except UNREADABLE as error:
        _tell_unsaved(tr(f"{file} 写不进去（{error}）", f"{file} cannot be written ({error})"), _elsewhere())
        return False
    return True


def _text(data: dict) -> str:
    """The progress as JSON, with each guess on one line: a drawn curve has many numbers."""
    text = json.dumps({name: value for name, value in data.items() if name != "guesses"}, indent=1)
    if "guesses" not in data:
        return text
    lines = ",\n".join(f"  {json.dumps(name)}: {_compact(value)}" for name, value in data["guesses"].items())
    return f'{text.removesuffix("}").rstrip()},\n "guesses": {{\n{lines}\n }}\n}}'


def _tell_unsaved(why: Label, advice: Label) -> None:
    announce(
        tr(
            f"进度没有保存：{why.zh}。这次通过的练习在重启内核之前仍然算数。{advice.zh}。",
            f"Progress is not saved: {why.en}. What you pass now counts until the kernel is restarted. {advice.en}.",
        )
    )


def _elsewhere() -> Label:
    return tr(
        f"请修好它，或把环境变量 {VARIABLE} 设为一个可写的文件夹",
        f"Mend it, or set the environment variable {VARIABLE} to a folder you can write",
    )
