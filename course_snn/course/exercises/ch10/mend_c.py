"""Exercise 10.mend_c."""

import torch

from course_snn.course import treatment
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises.ch10.shared import NAMES, UNCHANGED, named, treated_by


def mend_c(net):
    fault = "saturated"
    with torch.no_grad():
        net[5].bias.zero_()
    return fault, net


EXERCISE = Exercise(
    id="10.mend_c",
    solution=mend_c,
    run=treatment.tried,
    cases=(("C",),),
    seconds=20.0,
    mistakes=(
        Mistake(
            named(mend_c, "silent"),
            "病名不对：沉默的是后面的层，第一个生病的第 6 层每一步都在发放。",
            "The name is wrong: the later layers are silent; layer 6, the first that is ill, fires all the time.",
        ),
        Mistake(
            named(mend_c, "vanishing"),
            "病名不对：先看发放率，第一个生病的第 6 层每一步都在发放。",
            "The name is wrong: see the firing rates first; layer 6, the first that is ill, fires all the time.",
        ),
        Mistake(
            treated_by("saturated", lambda net: None),
            UNCHANGED[0],
            UNCHANGED[1],
        ),
        Mistake(
            treated_by("saturated", lambda net: net[4].weight.div_(10)),
            "缩小卷积的权重没有用：后面的 BN 会把它除回来。是什么在 BN 之后又加了上去？",
            "Smaller convolution weights do not help: the BN behind them divides that out. What is added after it?",
        ),
    ),
    hints=(
        *NAMES,
        (
            "第 6 层的电流来自 net[5]，一个 BN：先归一化，再乘 weight，最后加 bias。打印这两个参数。",
            "The current of layer 6 comes from net[5], a BN: it normalises, multiplies by weight and adds "
            "bias. Print "
            "the two.",
        ),
        (
            "偏置应当是 0：with torch.no_grad(): net[5].bias.zero_()",
            "The bias should be 0: with torch.no_grad(): net[5].bias.zero_()",
        ),
    ),
)
