"""A small exercise, and what learners may answer to it."""

import sys
import time

import torch

from course_snn.course.exercise import Exercise, Mistake


def double(x):
    return 2 * x


DOUBLE = Exercise(
    id="99.double",
    solution=double,
    cases=((1.0,), (torch.tensor([1.0, 2.0]),), (0.25,)),
    mistakes=(
        Mistake(lambda x: x, "忘了乘以二。", "The factor is missing."),
        Mistake(lambda x: -2 * x, "符号反了。", "Wrong sign."),
        Mistake(lambda x: x**2, "这是平方。", "That is the square."),
    ),
    hints=(("一", "one"), ("二", "two"), ("三", "three")),
    seconds=0.3,
)


def forever(x):
    while True:
        pass


def never_reached(x):
    v = 0.0
    while v < 1.0:
        v = v + 0.0
    return v


def slow_sum(x):
    total = 0
    for k in range(10**12):
        total += k
    return total


def swallowing(x):
    end = time.monotonic() + 4  # not for ever: nothing can stop it, and the tests go on
    while time.monotonic() < end:
        try:  # noqa: SIM105 - what a learner may write
            time.sleep(0.001)
        except:  # noqa: E722
            pass


def printing_forever(x):
    while True:
        print("x" * 1000)


def recursive(x):
    return recursive(x)


def hoard(x=1):
    held = []
    while True:
        held.append([x] * 10)


def leaves(x):
    sys.exit(3)
