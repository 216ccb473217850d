"""Exercise 10.mend_b."""

from course_snn import surrogate
from course_snn.course import treatment
from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises.ch10.shared import UNCHANGED, named, treated_by


def mend_b(net):
    fault = "vanishing"
    net[11].surrogate = surrogate.ATan()
    return fault, net


EXERCISE = Exercise(
    id="10.mend_b",
    solution=mend_b,
    run=treatment.tried,
    cases=(("B",),),
    seconds=20.0,
    mistakes=(
        Mistake(
            named(mend_b, "silent"),
            "病名不对：每一层都在正常地发放。看“相对梯度”一列。",
            "The name is wrong: every layer fires as it should. Look at the relative gradient.",
        ),
        Mistake(
            named(mend_b, "saturated"),
            "病名不对：没有哪一层总在发放。看“相对梯度”一列。",
            "The name is wrong: no layer fires all the time. Look at the relative gradient.",
        ),
        Mistake(
            treated_by("vanishing", lambda net: None),
            UNCHANGED[0],
            UNCHANGED[1],
        ),
        Mistake(
            treated_by("vanishing", lambda net: net[9].weight.mul_(10)),
            "放大权重没有用：BN 会把它除回来，而断掉的是第 11 层的斜率。",
            "Larger weights do not help: BN divides them out again, and what is broken is the slope in layer 11.",
        ),
    ),
    hints=(
        (
            "发放率都正常，梯度却有好几层是 0。梯度从输出往回走：从下往上看，它断在哪一层？",
            "All rates are fine, but the gradient of several layers is 0. It comes from the output: read "
            "upwards; at which "
            "layer does it break off?",
        ),
        (
            "第 11 层有 100 % 的斜率是平坦的。打印 net[11].surrogate，看看它的宽度。",
            "In layer 11 the slope is flat for 100 % of the neurons. Print net[11].surrogate and look at its width.",
        ),
        (
            "像别的层那样：net[11].surrogate = surrogate.ATan()",
            "As in the other layers: net[11].surrogate = surrogate.ATan()",
        ),
    ),
)
