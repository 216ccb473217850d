"""Exercise 14.w_for."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms / frame_ms - 1)


def _vary(rng):
    frame = 10.0 * drawn.whole(rng, 2, 5)
    return (
        (60.0 * drawn.whole(rng, 3, 9), 60.0),
        (frame * drawn.whole(rng, 3, 9), frame),
        (frame * drawn.one_of(rng, 1.25, 1.5, 1.75), frame),
        (frame * drawn.one_of(rng, 2.25, 2.5, 3.5), frame),
    )


EXERCISE = Exercise(
    id="14.w_for",
    solution=w_for,
    vary=_vary,
    cases=((180.0, 60.0), (600.0, 60.0), (90.0, 60.0), (120.0, 100.0), (100.0, 50.0)),
    mistakes=(
        Mistake(
            lambda tau_ms, frame_ms: -math.log(tau_ms - 1),
            "τ 要以帧为单位：先除以一帧的毫秒数。",
            "τ counts in frames: divide by the milliseconds of a frame first.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: -w_for(tau_ms, frame_ms),
            "符号反了：τ 大，σ(w) = 1/τ 就小，w 是负的。",
            "The sign is wrong: a large τ means a small σ(w) = 1/τ, so w is negative.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: 1 / (1 + math.exp(-frame_ms / tau_ms)),
            "这是把 1/τ 又代进了 σ；要解的是 σ(w) = 1/τ。",
            "That puts 1/τ through σ once more; what is to be solved is σ(w) = 1/τ.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: -math.log(tau_ms / frame_ms),
            "少了一个 1：由 1 + e⁻ʷ = τ，得 e⁻ʷ = τ - 1。",
            "A 1 is missing: 1 + e⁻ʷ = τ gives e⁻ʷ = τ - 1.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: -math.log(tau_ms / frame_ms + 1),
            "1 的符号反了：由 1 + e⁻ʷ = τ，得 e⁻ʷ = τ - 1。",
            "The 1 has the wrong sign: 1 + e⁻ʷ = τ gives e⁻ʷ = τ - 1.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: 1 - math.log(tau_ms / frame_ms),
            "1 放到对数外面了：是 ln(τ - 1)，不是 ln τ - 1。",
            "The 1 stands outside of the logarithm: it is ln(τ - 1), not ln τ - 1.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: -math.log(tau_ms / 60 - 1),
            "一帧不一定是 60 毫秒：用参数 frame_ms。",
            "A frame does not always last 60 milliseconds: use the argument frame_ms.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: -math.log(1 - frame_ms / tau_ms),
            "你解的不是 σ(w) = 1/τ：由它得 e⁻ʷ = τ - 1，其中 τ = tau_ms / frame_ms，不是 1 - 1/τ。",
            "That does not solve σ(w) = 1/τ, which gives e⁻ʷ = τ - 1 with τ = tau_ms / frame_ms, not 1 - 1/τ.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: -math.log(tau_ms * frame_ms - 1),
            "乘反了：以帧为单位，τ = tau_ms / frame_ms。",
            "Multiplied, not divided: in frames, τ = tau_ms / frame_ms.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: -math.log10(tau_ms / frame_ms - 1),
            "e⁻ʷ 的底是 e：用自然对数 math.log，不是 log10。",
            "The base of e⁻ʷ is e: use the natural logarithm math.log, not log10.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: -math.log(tau_ms // frame_ms - 1),
            "// 是整除，小数部分没有了（τ = 1.5 成了 1，对数里成了 0）：用 /。",
            "// drops the decimals (τ = 1.5 becomes 1, and 0 stands in the logarithm): use /.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: frame_ms / tau_ms,
            "这是 σ(w) = 1/τ，不是 w：还要由它解出 w。",
            "That is σ(w) = 1/τ, not w: solve it for w.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: 1 / (tau_ms / frame_ms - 1),
            "这是 eʷ：还要取对数。",
            "That is eʷ: take the logarithm.",
        ),
        Mistake(
            lambda tau_ms, frame_ms: math.log(math.exp(frame_ms / tau_ms) - 1),
            "这里每步的衰减是 σ(w) = 1/τ 本身，不是 1 - exp(-1/τ)。",
            "The decay of a step is σ(w) = 1/τ itself here, not 1 - exp(-1/τ).",
        ),
    ),
    hints=(
        ("以帧为单位，τ = tau_ms / frame_ms。", "In frames, τ = tau_ms / frame_ms."),
        ("σ(w) = 1/(1 + e⁻ʷ) = 1/τ，所以 1 + e⁻ʷ = τ。", "σ(w) = 1/(1 + e⁻ʷ) = 1/τ, and so 1 + e⁻ʷ = τ."),
        ("e⁻ʷ = τ - 1，取对数：w = -ln(τ - 1)。", "e⁻ʷ = τ - 1; take the logarithm: w = -ln(τ - 1)."),
    ),
)
