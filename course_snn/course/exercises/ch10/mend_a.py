"""Exercise 10.mend_a."""

from course_snn.course import treatment
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises.ch10.shared import NAMES, UNCHANGED, named, treated_by


def mend_a(net):
    fault = "silent"
    net[6].v_threshold = 1.0
    return fault, net


EXERCISE = Exercise(
    id="10.mend_a",
    solution=mend_a,
    run=treatment.tried,
    cases=(("A",),),
    seconds=20.0,
    mistakes=(
        Mistake(
            named(mend_a, "vanishing"),
            "病名不对：看“发放率”一列，第 6 层一个脉冲也没有。",
            "The name is wrong: look at the firing rate, layer 6 gives no spike at all.",
        ),
        Mistake(
            named(mend_a, "saturated"),
            "病名说反了：饱和是总在发放，而第 6 层一个脉冲也没有。",
            "The name is the opposite: saturated means firing all the time, and layer 6 gives no spike at all.",
        ),
        Mistake(
            treated_by("silent", lambda net: None),
            UNCHANGED[0],
            UNCHANGED[1],
        ),
    ),
    hints=(
        *NAMES,
        (
            "它之前的 BN 正常工作，输入电流的大小没有问题。那么是什么让神经元够不着？把 net[6] 的参数和 "
            "net[2] 的比一比。",
            "The BN before it works, so the currents are of a normal size. What then keeps the neurons from "
            "firing? "
            "Compare the parameters of net[6] with those of net[2].",
        ),
        ("net[6].v_threshold 应当是 1.0。", "net[6].v_threshold should be 1.0."),
    ),
)
