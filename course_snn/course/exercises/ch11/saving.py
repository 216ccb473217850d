"""Exercise 11.saving."""

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0]
    for m, r in zip(macs[1:], rates, strict=True):
        snn = snn + 0.9 * T * r * m
    return ann / snn


def _saving(
    first=lambda m, T: 4.6 * m, steps=lambda T: T, spike=0.9, ann=lambda macs, T: 4.6 * sum(macs), rates=lambda r: r
):
    """``saving`` with one thing done wrong."""

    def answer(macs, r, T):
        pairs = zip(macs[1:], rates(r), strict=False)
        return ann(macs, T) / (first(macs[0], T) + spike * steps(T) * sum(m * rate for m, rate in pairs))

    return answer


def _rates_of_the_same_layer(macs, rates, T):
    return 4.6 * sum(macs) / (4.6 * macs[0] + 0.9 * T * sum(m * r for m, r in zip(macs, rates, strict=False)))


def _multiplied(macs, rates, T):
    used = zip(macs[1:], rates, strict=True)
    return 3.7 * sum(macs) / (3.7 * macs[0] + 0.9 * T * sum(m * r for m, r in used))


def _mean(rates):
    return [sum(rates) / max(1, len(rates))] * len(rates)


_MACS = [112896, 451584, 100352, 1280]


def _vary(rng):
    def macs(count):
        return [100 * drawn.whole(rng, 1, 40) for _ in range(count)]

    def rates(count):
        return drawn.numbers(rng, count, 0.05, 0.5, 0.05)

    return (
        (macs(2), rates(1), 1),
        (macs(4), drawn.some(rng, 3, (0.05, 0.1, 0.15, 0.2, 0.3)), drawn.one_of(rng, 2, 6, 8)),
        (macs(3), rates(2), drawn.one_of(rng, 3, 5)),
        (macs(1), [], 4),
    )


EXERCISE = Exercise(
    id="11.saving",
    solution=saving,
    vary=_vary,
    cases=(
        ([100, 100], [0.5], 1),
        (_MACS, [0.12, 0.1, 0.15], 4),
        ([1000, 1000, 10], [0.05, 0.3], 2),
        ([1000], [], 4),
        (_MACS[:2], [0.5], 8),
    ),
    keeps=True,
    mistakes=(
        Mistake(
            _saving(steps=lambda T: 1),
            "漏了 T：发放率是每一步的，T 步就有 T 倍的脉冲。",
            "T is missing: a rate is per step, and T steps hold T times as many spikes.",
        ),
        Mistake(
            _saving(steps=lambda T: 4),
            "步数不总是 4：用上参数 T。",
            "The number of steps is not always 4: make use of T.",
        ),
        Mistake(
            _saving(first=lambda m, T: 0.9 * m),
            "第一层的输入是灰度值，不是脉冲：那里做的是乘加，每次 4.6 pJ。",
            "The first layer reads grey values, not spikes: it multiplies and accumulates, 4.6 pJ each.",
        ),
        Mistake(
            _saving(spike=0.1),
            "0.1 pJ 是整数加法：另一边用的是 32 位浮点数，这边也要用浮点加法 0.9 pJ。",
            "0.1 pJ is an integer addition: the other side counts 32-bit floats, so take 0.9 pJ here as well.",
        ),
        Mistake(
            _saving(spike=4.6),
            "脉冲是 0 和 1，不用乘：一次累加 0.9 pJ，不是 4.6。",
            "Spikes are 0 and 1 and need no multiplication: an accumulation takes 0.9 pJ, not 4.6.",
        ),
        Mistake(
            _saving(rates=lambda r: [1.0, *r][:-1]),
            "发放率错开了一层：rates[0] 是第一层神经元的，它们的脉冲进入第二层，即 macs[1]。",
            "The rates are one layer off: rates[0] belongs to the first neurons, whose spikes enter the second "
            "layer, macs[1].",
        ),
        Mistake(
            _rates_of_the_same_layer,
            "rates[l] 乘错了层：脉冲从第 l 层进入第 l+1 层，所以 rates[0] 配 macs[1]。",
            "rates[l] goes with the wrong layer: these spikes enter layer l + 1, so rates[0] goes with macs[1].",
        ),
        Mistake(
            _saving(rates=_mean),
            "各层的发放率不能先平均：每层的 rates[l] 乘自己那一层的 macs。",
            "Do not average the rates first: each rate goes with the macs of its own layer.",
        ),
        Mistake(
            _saving(rates=lambda r: [1.0] * len(r)),
            "漏了发放率：只有脉冲才引起累加。",
            "The rates are missing: only spikes cause accumulations.",
        ),
        Mistake(
            _saving(rates=lambda r: r[:-1]),
            "SNN 里漏了最后一层。",
            "The last layer is missing in the SNN.",
        ),
        Mistake(
            _saving(first=lambda m, T: 4.6 * m * T),
            "静止的图片，第一层只算一次，不必乘以 T。",
            "With a still picture the first layer is computed once, not T times.",
        ),
        Mistake(
            _saving(first=lambda m, T: 0.0),
            "SNN 里漏了第一层：那里照样是 macs[0] 次乘加。",
            "The first layer is missing in the SNN: it takes macs[0] multiply-accumulates as ever.",
        ),
        Mistake(
            _saving(first=lambda m, T: 0.0, ann=lambda macs, T: 4.6 * sum(macs[1:])),
            "两边都漏了第一层：它没有省，但能量要算上。",
            "The first layer is missing on both sides: nothing is saved there, but its energy counts.",
        ),
        Mistake(
            _saving(ann=lambda macs, T: 4.6 * sum(macs) * T),
            "ANN 只算一遍，不必乘以 T。",
            "The ANN runs once, not T times.",
        ),
        Mistake(
            _multiplied,
            "3.7 pJ 只是乘法；一次乘加是 4.6 pJ。",
            "3.7 pJ is the multiplication alone; a multiply-accumulate takes 4.6 pJ.",
        ),
        Mistake(
            lambda macs, rates, T: 1 / saving(macs, rates, T),
            "上下颠倒了：节省的倍数是 ANN 的能量除以 SNN 的。",
            "Upside down: the saving is the energy of the ANN divided by that of the SNN.",
        ),
        Mistake(
            lambda macs, rates, T: 1 - 1 / saving(macs, rates, T),
            "这是省下的那一份；要的是倍数，ANN 的能量除以 SNN 的。",
            "That is the part saved; wanted is the ratio, the energy of the ANN divided by that of the SNN.",
        ),
    ),
    hints=(
        (
            "第一层：macs[0] 次乘加，每次 4.6 pJ，只算一次。",
            "First layer: macs[0] multiply-accumulates of 4.6 pJ, once.",
        ),
        (
            "第 l 层（l ≥ 1）：macs[l] · rates[l-1] · T 次累加，每次 0.9 pJ。",
            "Layer l (l ≥ 1): macs[l] · rates[l-1] · T accumulations of 0.9 pJ.",
        ),
        (
            "ANN：每层 macs[l] 次乘加，每次 4.6 pJ；返回 ann / snn。",
            "The ANN: macs[l] multiply-accumulates of 4.6 pJ in each layer; return ann / snn.",
        ),
    ),
)
