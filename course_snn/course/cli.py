"""The entry point of the command `course-snn`: settle the language, run the command, tell errors plainly."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence
from itertools import pairwise

from course_snn.data import search
from course_snn.language import language, set_language

USAGE_ERROR = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run `course-snn` with the given arguments (those of the process by default) and exit with its status."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):  # a console that lacks a character must not end the command
            stream.reconfigure(errors="replace")
    try:
        # Before the commands are imported: their help is written in the language that holds then.
        set_language(asked_language(arguments))
        language()
    except ValueError as error:
        sys.exit(_fail(error))
    from course_snn.course.chapters import FOLDER_VARIABLE, ChapterError
    from course_snn.course.commands import app

    for variable in (search.FOLDER_VARIABLE, FOLDER_VARIABLE):
        if named := os.environ.get(variable, "").strip():  # kernels run in another folder than this command
            os.environ[variable] = os.path.abspath(os.path.expanduser(named))
    try:
        app(args=arguments, prog_name="course-snn")
    except ChapterError as error:
        sys.exit(_fail(error))
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def asked_language(arguments: Sequence[str]) -> str | None:
    """What `--lang X` or `--lang=X` says, wherever it stands; None if it is not given."""
    for argument, following in pairwise([*arguments, ""]):
        if argument == "--lang":
            return following
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
    return None


def _fail(error: Exception) -> int:
    print(f"course-snn: {error}", file=sys.stderr)
    return USAGE_ERROR
