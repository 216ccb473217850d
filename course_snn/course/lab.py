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

from course_snn.course import interpreter
from course_snn.course.chapters import CHAPTERS, Chapter, ChapterError, notebook_path, notebooks_dir, only_packaged
from course_snn.course.files import write_text
from course_snn.language import tr

DEFAULT_PORT = 8888
LOCALE = {"zh": "zh_CN", "en": "en"}


def run_lab(
    chapter: Chapter | None = None,
    lang: str | None = None,
    port: int = DEFAULT_PORT,
    browser: bool = True,
    extra: Sequence[str] = (),
) -> int:
    """Serve the notebooks folder until the learner stops it (Ctrl-C); returns JupyterLab's exit status.

    Args:
        chapter: opened first; chapter 00 by default.
        lang: shown first where the learner has not yet used the switch; the system's language by default.
        port: wished for; JupyterLab takes the next free one.
        extra: more options for `jupyter lab`, which win over ours.
    """
    command = lab_command(chapter, port, browser, extra)
    _warn_of_strays()
    with _first_language(lang) as environment:
        process = subprocess.Popen(command, env=environment)
        before = signal.signal(signal.SIGTERM, _leave)
        try:
            return _wait(process)
        finally:
            if process.poll() is None:  # no server stays behind when its command is ended
                process.terminate()
                process.wait()
            signal.signal(signal.SIGTERM, before)


def _warn_of_strays() -> None:
    from course_snn.course import kernelspecs  # here: Jupyter takes a while to import

    for stray in kernelspecs.strays(notebooks_dir()):
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
    chapter: Chapter | None, port: int = DEFAULT_PORT, browser: bool = True, extra: Sequence[str] = ()
) -> list[str]:
    """The command line that serves the course: this Python's JupyterLab and kernel, bound to 127.0.0.1, token kept."""
    if only_packaged():
        raise ChapterError(
            tr(
                "还没有属于你的笔记。先运行 course-snn start 课程，再进入那个文件夹运行 course-snn lab",
                "there are no notebooks of your own yet. Run `course-snn start FOLDER` first, then `course-snn lab` in "
                "that folder",
            )
        )
    path = notebook_path(chapter or CHAPTERS[0])
    ours = {
        "--ServerApp.ip": "127.0.0.1",
        "--ServerApp.port": str(port),
        "--ServerApp.root_dir": str(notebooks_dir()),
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
    environment = dict(os.environ) | interpreter.told()
    if lang is None:
        yield environment
        return
    defaults: dict[str, dict[str, str]] = {"course-lang:plugin": {"lang": lang}}
    if lang in LOCALE:
        defaults["@jupyterlab/translation-extension:plugin"] = {"locale": LOCALE[lang]}
    with tempfile.TemporaryDirectory(prefix="course-snn-lab-") as folder:
        write_text(Path(folder, "labconfig", "default_setting_overrides.json"), json.dumps(defaults))
        more = os.environ.get("JUPYTER_CONFIG_PATH")
        yield environment | {"JUPYTER_CONFIG_PATH": os.pathsep.join([folder, *([more] if more else [])])}
