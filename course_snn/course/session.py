"""The first cell of every chapter."""

import os

import torch
from IPython import get_ipython

from course_snn import figure
from course_snn.course import interpreter
from course_snn.course.record import CHAPTER_VARIABLE
from course_snn.language import announce


def begin(chapter: str, seed: int = 0) -> None:
    """Prepare a chapter: fonts and style of the figures, figures in both languages, and the random seed.

    Says so where another Python runs the notebook than the one that the course was opened with.

    Args:
        chapter: two digits, for example "01".
        seed: seed of torch, so that everybody sees the same numbers.
    """
    shell = get_ipython()
    if shell is not None:
        shell.run_line_magic("matplotlib", "inline")
        figure.register(shell)
    figure.use_style()  # after the inline backend, which sets a style of its own
    os.environ.setdefault(CHAPTER_VARIABLE, chapter)
    torch.manual_seed(seed)
    if advice := interpreter.another():
        announce(advice)
