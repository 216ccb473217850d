"""What several exercises of chapter 10 share."""

import torch


def named(mend, fault):
    """The right treatment under a wrong name."""
    return lambda net: (fault, mend(net)[1])


def treated_by(fault, treatment):
    """The right name, and a treatment that does not help."""

    def answer(net):
        with torch.no_grad():
            treatment(net)
        return fault, net

    return answer


def spikes_of(*shape, seed):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) < 0.3


UNCHANGED = (
    "病名对了，但交回来的网络和病人没有两样：是改动没有写进网络（赋值用 =，方法要加括号），是换上的与原来相同，"
    "还是交回的不是治过的那一个？",
    "The name is right, but the network that comes back is like the patient: was the change not made (assign by =, "
    "call a method with brackets), is the new part the same as the old one, or is it not the treated network?",
)
NAMES = (
    (
        "先看表的最后一列，从上往下找第一个不健康的层：它的那个词就是病名。",
        "Read the last column from the top: the word of the first layer that is not healthy is the name of the fault.",
    ),
)
