"""Opening the course in JupyterLab, on this machine only and behind its token."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from course_snn.course import interpreter, start, update
from course_snn.course.chapters import (
    CHAPTERS,
    FOLDER_VARIABLE,
    IN_CHECKOUT,
    Chapter,
    ChapterError,
    holds_chapters,
    notebook_path,
)
from course_snn.course.files import write_text
from course_snn.course.finding import command as called
from course_snn.course.folder import learner_dir, named, remember
from course_snn.course.options import tell
from course_snn.course.originals import is_original
from course_snn.language import tr

DEFAULT_PORT = 8888
EDITING = ("--ServerApp.contents_manager_class=course_snn.course.editing.Originals",)
LOCALE = {"zh": "zh_CN", "en": "en"}


def run_lab(
    chapter: Chapter | None = None,
    lang: str | None = None,
    port: int = DEFAULT_PORT,
    browser: bool = True,
    extra: Sequence[str] = (),
    edit: bool = False,
) -> int:
    """Serve the learner's folder until the learner stops it (Ctrl-C); returns JupyterLab's exit status.

    The folder is made the first time. What is newer in the course is told, never brought in unasked.

    Args:
        chapter: opened first; chapter 00 by default.
        lang: shown first where the learner has not yet used the switch; the system's language by default.
        port: wished for; JupyterLab takes the next free one.
        extra: more options for `jupyter lab`, which win over ours.
        edit: serve the course's own notebooks instead, for those who change the course.
    """
    folder = originals() if edit else _prepared(learner_dir())
    command = lab_command(folder, chapter, port, browser, [*(EDITING if edit else ()), *extra])
    _warn_of_strays(folder)
    with _first_language(lang) as environment:
        environment[FOLDER_VARIABLE] = str(folder)  # kernels and server speak of the same chapters
        process = subprocess.Popen(command, env=environment)
        before = signal.signal(signal.SIGTERM, _leave)
        try:
            return _wait(process)
        finally:
            if process.poll() is None:  # no server stays behind when its command is ended
                process.terminate()
                process.wait()
            signal.signal(signal.SIGTERM, before)


def originals() -> Path:
    """The folder of the course's own notebooks, where they may be changed."""
    if not holds_chapters(IN_CHECKOUT):
        raise ChapterError(
            tr(
                "--edit 只用于课程的源代码目录：装好的课程每次更新都会换掉自带的笔记",
                "--edit is for a checkout of the course: the notebooks of an installed one are replaced by each update",
            )
        )
    return IN_CHECKOUT


def _prepared(folder: Path) -> Path:
    """Make the folder if it is not there, mend what a new Python would call modified, tell what there is to know."""
    made = None if named() else start.ready(folder)
    if made:
        _say(f"你的笔记放在 {folder}（刚刚建好）", f"your notebooks are in {folder} (just made)")
    if is_original(folder):
        return folder
    if not made:
        _look_for_news(folder)
    if not named():
        remember(folder)
    return folder


def _look_for_news(folder: Path) -> None:
    with contextlib.suppress(OSError, ChapterError):  # read-only, or without a source: the lesson goes on
        if news := ", ".join(chapter.key for chapter in update.newer(folder)):
            what = called("update")
            _say(
                f"课程有了新版本（第 {news} 章）。运行 {what} 取来，你的答案都会留着",
                f"newer chapters are available ({news}): {what} brings them and keeps your answers",
            )
    with contextlib.suppress(OSError):
        update.refresh(folder)


def _say(zh: str, en: str) -> None:
    print(f"course-snn: {tell(zh, en)}", file=sys.stderr)


def _warn_of_strays(folder: Path) -> None:
    from course_snn.course import kernelspecs  # here: Jupyter takes a while to import

    for stray in kernelspecs.strays(folder):
        print(f"course-snn: {stray.found}; {kernelspecs.CHOOSE}", file=sys.stderr)


def _leave(*_: object) -> None:
    """Turn a kill into an exit that passes through `finally`; one is enough (uv sends its own on top)."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sys.exit(143)


def _wait(process: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:  # JupyterLab got it too, and asks whether to stop
            continue


def lab_command(
    folder: Path, chapter: Chapter | None, port: int = DEFAULT_PORT, browser: bool = True, extra: Sequence[str] = ()
) -> list[str]:
    """The command line that serves a folder: this Python's JupyterLab and kernel, bound to 127.0.0.1, token kept."""
    path = notebook_path(chapter or CHAPTERS[0], folder)
    ours = {
        "--ServerApp.ip": "127.0.0.1",
        "--ServerApp.port": str(port),
        "--ServerApp.root_dir": str(folder),
        "--ServerApp.kernel_spec_manager_class": "course_snn.course.kernelspecs.OwnPython",
        "--LabApp.default_url": f"/lab/tree/{path.name}",
        "--LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
        "--LabApp.news_url": "None",
    }
    theirs = {option.partition("=")[0] for option in extra}
    options = [f"{name}={value}" for name, value in ours.items() if name not in theirs]
    return [sys.executable, "-m", "jupyterlab", *options, *([] if browser else ["--no-browser"]), *extra]


@contextlib.contextmanager
def _first_language(lang: str | None) -> Iterator[dict[str, str]]:
    """An environment in which JupyterLab, menus and course, starts in `lang` unless the learner chose otherwise.

    The wish goes in as a default in a folder of its own, so that none of the learner's settings is written.
    """
    defaults: dict[str, dict[str, str]] = {"course-lang:plugin": {"lang": lang}} if lang else {}
    if lang in LOCALE:
        defaults["@jupyterlab/translation-extension:plugin"] = {"locale": LOCALE[lang]}
    with tempfile.TemporaryDirectory(prefix="course-snn-lab-") as folder:
        without_graders(Path(folder))
        if defaults:
            write_text(Path(folder, "labconfig", "default_setting_overrides.json"), json.dumps(defaults))
        more = os.environ.get("JUPYTER_CONFIG_PATH")
        own = {"JUPYTER_CONFIG_PATH": os.pathsep.join([folder, *([more] if more else [])])}
        yield dict(os.environ) | interpreter.told() | own


def without_graders(folder: Path) -> None:
    """Write settings into a folder of Jupyter's: a lesson shows no buttons of nbgrader, nor waits for it to start.

    A teacher's environment has it (with the classic notebook, which it needs); plain `jupyter lab` shows it.
    """
    parts = ("formgrader", "validate_assignment", "assignment_list", "course_list")
    servers = {"notebook": False} | {f"nbgrader.server_extensions.{part}": False for part in parts}
    pages = {"@jupyter/nbgrader": True, "@jupyter-notebook/lab-extension": True}
    write_text(folder / "jupyter_server_config.json", json.dumps({"ServerApp": {"jpserver_extensions": servers}}))
    write_text(folder / "labconfig" / "page_config.json", json.dumps({"disabledExtensions": pages}))
