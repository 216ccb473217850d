"""What an answer changes for the whole process is put back."""

import builtins
import os
import random
import sys
import warnings

import numpy as np
import torch
from together import each_of

from course_snn.course import guard

CHANGES = {
    "torch's random numbers": (lambda: torch.manual_seed(99), lambda: torch.get_rng_state().tolist()),
    "NumPy's random numbers": (lambda: np.random.seed(99), lambda: np.random.get_state()[1].tolist()),
    "Python's random numbers": (lambda: random.seed(99), random.getstate),
    "default type": (lambda: torch.set_default_dtype(torch.float64), torch.get_default_dtype),
    "gradients off": (lambda: torch.set_grad_enabled(False), torch.is_grad_enabled),
    "threads": (lambda: torch.set_num_threads(torch.get_num_threads() + 1), torch.get_num_threads),
    "anomaly": (lambda: torch.autograd.set_detect_anomaly(True), torch.is_anomaly_enabled),
    "recursion": (lambda: sys.setrecursionlimit(12345), sys.getrecursionlimit),
    "folder": (lambda: os.chdir(os.sep), os.getcwd),
    "a new variable": (lambda: os.environ.update(COURSE_TEST="1"), lambda: os.environ.get("COURSE_TEST")),
    "a lost variable": (lambda: os.environ.pop("PATH", None), lambda: os.environ.get("PATH")),
    "search path": (lambda: sys.path.insert(0, "elsewhere"), lambda: list(sys.path)),
    "stderr": (lambda: setattr(sys, "stderr", None), lambda: sys.stderr),
    "warnings": (lambda: warnings.simplefilter("ignore"), lambda: list(warnings.filters)),
    "printing of tensors": (
        lambda: torch.set_printoptions(precision=1),
        lambda: vars(torch._tensor_str.PRINT_OPTS).copy(),
    ),
    "built-in functions": (lambda: setattr(builtins, "sum", max), lambda: builtins.sum),
    "printing": (lambda: np.set_printoptions(precision=2), lambda: np.get_printoptions()["precision"]),
}


@each_of("name", CHANGES)
def test_it_is_as_before_whether_the_answer_ends_or_is_stopped(name):
    change, read = CHANGES[name]
    before = read()

    def answer():
        change()
        while name == "threads":  # one of them is stopped: each costs its limit
            pass

    guard.call(answer, 0.2)
    assert read() == before
