"""Exercise 03.stp_step."""

import math

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def stp_step(x, v, s, v_base, tau_f, tau_d):
    new_x = x + (1 - x) / tau_d - v * x * s
    new_v = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return new_x, new_v, new_v * new_x * s


def _stp(new_x=None, new_v=None, current=None):
    """Return ``stp_step`` with some of its lines replaced; ``current`` takes x, v, x', v' and s."""

    def wrong(x, v, s, v_base, tau_f, tau_d):
        after_x, after_v, _ = stp_step(x, v, s, v_base, tau_f, tau_d)
        after_x = new_x(x, v, s, v_base, tau_f, tau_d) if new_x else after_x
        after_v = new_v(x, v, s, v_base, tau_f, tau_d) if new_v else after_v
        return after_x, after_v, current(x, v, after_x, after_v, s) if current else after_v * after_x * s

    return wrong


def _vary(rng):
    def case(s, x=None):
        v, v_base = drawn.number(rng, 0.3, 0.9, 0.05), drawn.number(rng, 0.1, 0.6, 0.1)
        x = drawn.number(rng, 0.3, 0.9, 0.05) if x is None else x
        return x, v, s, v_base, *drawn.some(rng, 2, (10.0, 20.0, 25.0, 40.0, 50.0, 100.0))

    return case(1, 1.0), case(0), case(1), case(1)


EXERCISE = Exercise(
    id="03.stp_step",
    solution=stp_step,
    vary=_vary,
    cases=(
        (1.0, 0.5, 1, 0.5, 20.0, 10.0),
        (0.5, 0.75, 0, 0.5, 20.0, 10.0),
        (0.55, 0.7375, 1, 0.5, 20.0, 10.0),
        (0.9, 0.3, 1, 0.2, 50.0, 200.0),
    ),
    mistakes=(
        Mistake(
            _stp(new_x=lambda x, v, s, b, f, d: stp_step(x, stp_step(x, v, s, b, f, d)[1], s, b, f, d)[0]),
            "更新 x 时用了新的 v。两个更新都要用旧值：先把新值存进别的变量。",
            "You updated x with the new v. Both updates read the old values: keep the new ones in variables of "
            "their own.",
        ),
        Mistake(
            _stp(current=lambda x, v, new_x, new_v, s: v * x * s),
            "输出用的是旧值。这里约定：输出用更新之后的 x 和 v。",
            "The output uses the old values. Here it takes x and v after their update.",
        ),
        Mistake(
            _stp(current=lambda x, v, new_x, new_v, s: new_v * x * s),
            "输出里的 x 还是旧的：要用更新之后的。",
            "The x of the output is still the old one: take it after the update.",
        ),
        Mistake(
            _stp(current=lambda x, v, new_x, new_v, s: v * new_x * s),
            "输出里的 v 还是旧的：要用更新之后的。",
            "The v of the output is still the old one: take it after the update.",
        ),
        Mistake(
            _stp(new_v=lambda x, v, s, b, f, d: v + (b - v) / f + b * s),
            "少了因子 (1 - v)：没有它，v 会超过 1，释放的比库存还多。",
            "The factor (1 - v) is missing: without it v passes 1 and more is released than there is.",
        ),
        Mistake(
            _stp(new_v=lambda x, v, s, b, f, d: v + (b - v) / f + v * (1 - v) * s),
            "脉冲让 v 走过剩余距离的 v_base 倍，不是 v 倍：v_base * (1 - v) * s。",
            "A spike moves v by the fraction v_base of what remains, not by v: v_base * (1 - v) * s.",
        ),
        Mistake(
            _stp(new_v=lambda x, v, s, b, f, d: v - v / f + b * (1 - v) * s),
            "v 落回的是 v_base，不是 0：恢复项是 (v_base - v) / tau_f。",
            "v falls back to v_base, not to 0: its recovery is (v_base - v) / tau_f.",
        ),
        Mistake(
            _stp(new_v=lambda x, v, s, b, f, d: v + (b - v) / f + b * (1 - v)),
            "没有脉冲时 v 也升高了：更新 v 的最后一项要乘以 s。",
            "v rises without a spike too: multiply the last term of its update by s.",
        ),
        Mistake(
            _stp(new_x=lambda x, v, s, b, f, d: x + (1 - x) / d - v * x),
            "没有脉冲时库存也减少了：v * x 要乘以 s。",
            "The stock shrinks without a spike too: multiply v * x by s.",
        ),
        Mistake(
            _stp(new_x=lambda x, v, s, b, f, d: x + (1 - x) / d - b * x * s),
            "脉冲用掉库存的 v 倍，不是 v_base 倍：v 才是现在的释放比例。",
            "A spike uses the fraction v of the stock, not v_base: v is the release fraction as it is now.",
        ),
        Mistake(
            _stp(new_x=lambda x, v, s, b, f, d: x + (1 - x) / d + v * x * s),
            "符号反了：脉冲用掉库存，要减去 v * x。",
            "The sign is wrong: a spike uses up stock, so subtract v * x.",
        ),
        Mistake(
            _stp(new_x=lambda x, v, s, b, f, d: x + (b - x) / d - v * x * s),
            "库存恢复到 1，不是 v_base：恢复项是 (1 - x) / tau_d。",
            "The stock recovers to 1, not to v_base: its recovery is (1 - x) / tau_d.",
        ),
        Mistake(
            _stp(new_x=lambda x, v, s, b, f, d: x - v * x * s),
            "库存没有恢复：少了 (1 - x) / tau_d。",
            "The stock does not recover: (1 - x) / tau_d is missing.",
        ),
        Mistake(
            _stp(new_x=lambda x, v, s, b, f, d: x - v * x * s + (1 - x + v * x * s) / d),
            "恢复项用的是减少之后的 x。恢复和消耗都从旧的 x 算起。",
            "The recovery uses x after the loss. Both, recovery and loss, start from the old x.",
        ),
        Mistake(
            lambda x, v, s, *a: stp_step(x, v, s, *a) if s else (x, v, 0.0),
            "没有脉冲时什么都没变：恢复项每一步都有，只有带 s 的项要等脉冲。",
            "Nothing changes without a spike: recovery goes on in every step, only the terms with s wait for one.",
        ),
        Mistake(
            _stp(
                new_x=lambda x, v, s, b, f, d: x - v * x if s else x + (1 - x) / d,
                new_v=lambda x, v, s, b, f, d: v + b * (1 - v) if s else v + (b - v) / f,
            ),
            "有脉冲的那一步没有恢复：恢复项每一步都有。",
            "Nothing recovers in the step of a spike: recovery goes on in every step.",
        ),
        Mistake(
            _stp(current=lambda x, v, new_x, new_v, s: new_v * new_x),
            "没有脉冲时也有电流：输出要乘以 s。",
            "A current flows without a spike: multiply the output by s.",
        ),
        Mistake(
            lambda x, v, s, v_base, tau_f, tau_d: stp_step(x, v, s, v_base, tau_d, tau_f),
            "两个时间常数用反了：x 用 tau_d，v 用 tau_f。",
            "The time constants are exchanged: x takes tau_d, v takes tau_f.",
        ),
        Mistake(
            lambda x, v, *a: (x, v, stp_step(x, v, *a)[2]),
            "返回的是旧的 x 和 v：要返回更新之后的。",
            "The old x and v came back: return them after the update.",
        ),
        Mistake(
            lambda *a: stp_step(*a)[2],
            "只返回了电流：要返回三个值，return new_x, new_v, 电流。",
            "Only the current came back: three values are wanted, return new_x, new_v, current.",
        ),
        Mistake(
            _stp(current=lambda x, v, new_x, new_v, s: new_v * new_x if s else None),
            "没有脉冲时电流是 0，不是 None。",
            "Without a spike the current is 0, not None.",
        ),
        Mistake(
            _stp(
                new_x=lambda x, v, s, b, f, d: x + (1 - x) // d - v * x * s,
                new_v=lambda x, v, s, b, f, d: v + (b - v) // f + b * (1 - v) * s,
            ),
            "// 是整除，会舍掉小数：要用 /。",
            "// divides to whole numbers and drops the rest: use /.",
        ),
        Mistake(
            _stp(
                new_x=lambda x, v, s, b, f, d: 1 - (1 - x) * math.exp(-1 / d) - v * x * s,
                new_v=lambda x, v, s, b, f, d: b - (b - v) * math.exp(-1 / f) + b * (1 - v) * s,
            ),
            "恢复用了指数。上面的更新走的是欧拉步：(1 - x) / tau_d 和 (v_base - v) / tau_f。",
            "The recovery uses exponentials. The update above takes an Euler step: (1 - x) / tau_d and "
            "(v_base - v) / tau_f.",
        ),
    ),
    hints=(
        ("三行代码：新的 x，新的 v，最后是电流。", "Three lines: the new x, the new v, and then the current."),
        (
            "每个更新 = 旧值 + 恢复项 + 脉冲项 × s；两行都只读旧的 x 和 v。",
            "Each update = old value + recovery + spike term × s; both lines read only the old x and v.",
        ),
        (
            "new_x = x + (1 - x) / tau_d - v * x * s；new_v 照着写；电流是 new_v * new_x * s。",
            "new_x = x + (1 - x) / tau_d - v * x * s; new_v likewise; the current is new_v * new_x * s.",
        ),
    ),
)
