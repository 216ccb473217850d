"""The first cell of every chapter."""

import os

import torch
from IPython import get_ipython

from course_snn import figure
from course_snn.course import handed_out, interpreter, progress, unreached
from course_snn.course.record import CHAPTER_VARIABLE
from course_snn.language import announce
from course_snn.widget import guess_memory


def begin(chapter: str, seed: int = 0, *, exam: bool = False, student: str = "", variant: str = "") -> None:
    """Prepare a chapter: fonts and style of the figures, figures in both languages, the random seed, guesses that last.

    From then on a check that a cell holds but does not reach is told. Says so where another Python runs the notebook
    than the one that the course was opened with.

    Args:
        chapter: two digits, for example "01".
        seed: seed of torch, so that everybody sees the same numbers.
        exam: if True, `course.check` says passed or not yet, and nothing more.
        student: the number of the student whom the notebook was made for.
        variant: the seed of the students' own cases; "" for the cases of the course.
    """
    handed_out.declare(exam, student, variant)
    shell = get_ipython()
    if shell is not None:
        shell.run_line_magic("matplotlib", "inline")
        figure.register(shell)
        unreached.watch(shell)
    figure.use_style()  # after the inline backend, which sets a style of its own
    os.environ.setdefault(CHAPTER_VARIABLE, chapter)
    torch.manual_seed(seed)
    guess_memory.keep_in(progress.guesses, progress.keep_guess)
    if advice := interpreter.another():
        announce(advice)
