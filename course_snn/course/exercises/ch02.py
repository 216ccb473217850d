"""Exercises of chapter 02: encoders."""

import math

import torch

from course_snn import encoding
from course_snn.course.exercise import Exercise, Mistake


def poisson_encode(x, T):
    return torch.rand(T, *x.shape) < x


def latency_times(x, T):
    return ((T - 1) * (1 - x)).round().long()


def log_latency(x, T):
    time = -torch.logaddexp(torch.log(x), torch.log1p(-x) - (T - 1))
    return time.round()


def centres(x_min, x_max, m):
    spacing = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) / 2 * spacing for j in range(1, m + 1)]


class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        reference, train = x[0], []
        for now in x:
            on = now - reference >= self.threshold
            off = reference - now >= self.threshold
            reference = reference + self.threshold * (on.float() - off.float())
            train.append(torch.stack([on, off]))
        return torch.stack(train)


def rates(answer, x, T):
    """Judge random spikes: return how often each pixel fired, in the last row how often it fired with its neighbour.

    All rows but the last hold the same rates, so that the shape is that of the spikes and can be judged as well.
    A picture that is black all over is judged strictly: 1 everywhere if a single pixel ever fires.
    """
    with torch.random.fork_rng(devices=[]):  # the learner's own random numbers go on as if nothing had happened
        torch.manual_seed(2313)  # one of the first 4000 numbers is exactly 0
        spikes = answer(x, T)
    if not torch.is_tensor(spikes):
        return spikes
    if spikes.shape != (T, *x.shape):
        return spikes.float()
    if spikes.dtype != torch.bool:
        return "dtype is not torch.bool"
    rows = spikes.float().mean(0).expand(T, *x.shape).clone()
    rows[-1] = (spikes & spikes.roll(1, dims=1)).float().mean(0)
    return rows if x.any() else spikes.any().float().expand(T, *x.shape)


def finite_times(answer, x, T):
    """Run ``log_latency``; what overflowed reads -inf, as a float or after a cast to int64."""
    time = answer(x, T)
    if not torch.is_tensor(time):
        return time
    return time.double().nan_to_num(nan=-math.inf, posinf=math.inf, neginf=-math.inf).where(time > -1e9, -math.inf)


def _naive(x, T):
    alpha = torch.exp(torch.tensor(T - 1.0)) - 1
    return ((T - 1) - torch.log(alpha * x + 1)).round()


def _stable(x, T, last=None, log=torch.log):
    """``log_latency`` without a guard for x = 0."""
    last = T - 1 if last is None else last
    return (-log(x + (1 - x) * math.exp(-last))).clamp(max=last)


def _delta(start=lambda x: x[0], follow=None, on=lambda d, th: d >= th, stack=torch.stack):
    """``DeltaEncoder`` with one thing done wrong."""
    follow = follow or (lambda reference, now, step: reference + step)

    def with_threshold(threshold):
        def encode(x):
            reference, train = start(x), []
            for now in x:
                up, down = on(now - reference, threshold), on(reference - now, threshold)
                reference = follow(reference, now, threshold * (up.float() - down.float()))
                train.append(stack([up, down]))
            return torch.stack(train)

        return encode

    return with_threshold


_GREY = torch.tensor([[0.0, 0.1, 0.5], [0.5, 0.8, 1.0]])
_QUARTERS = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0])
_SLOW = torch.tensor([0.0, 0.125, 0.25, 0.375, 0.5, 0.5, 0.375, 0.25, 0.125, 0.0])
_JUMP = torch.tensor(  # [T, 3]: a jump of two and a half thresholds, a small dip, silence
    [[1.0, 0.5, 0.0], [2.25, 0.5, 0.0], [2.25, 0.0, 0.0], [2.25, 0.0, 0.25], [1.0, 0.5, 0.0]]
)

EXERCISES = (
    Exercise(
        id="02.poisson_encode",
        solution=poisson_encode,
        cases=((_GREY, 4000), (torch.tensor([0.3, 0.3, 0.9]), 4000), (torch.zeros(2, 3), 4000)),
        run=rates,
        tolerance=0.05,
        mistakes=(
            Mistake(
                lambda x, T: torch.rand(T, *x.shape) > x,
                "大小号反了：越亮的像素发放得越少。rand 小于 x 的概率才是 x。",
                "The wrong way round: bright pixels fire least. It is rand < x that holds with probability x.",
            ),
            Mistake(
                lambda x, T: torch.rand(T, *x.shape) <= x,
                "几乎对了，可是全黑的像素也会发放：rand 取自 [0, 1)，偶尔恰好是 0，而 0 <= 0 成立。用 <，不用 <=。",
                "Nearly, but a black pixel fires now and then: rand lies in [0, 1) and is sometimes exactly 0, and "
                "0 <= 0 holds. Use <, not <=.",
            ),
            Mistake(
                lambda x, T: (torch.rand_like(x) < x).expand(T, *x.shape),
                "只掷了一次硬币，然后重复了 T 次。每一步都要重新掷。",
                "One toss of the coin, repeated T times. Every step needs a fresh one.",
            ),
            Mistake(
                lambda x, T: torch.rand(T, *[1] * x.dim()) < x,
                "所有像素共用了同一个随机数，它们总是一起发放。每个像素要有自己的随机数。",
                "All pixels share one random number, so that they fire together. Each pixel needs its own.",
            ),
            Mistake(
                lambda x, T: (torch.rand(T, *x.shape) < x).float(),
                "脉冲应当是 torch.bool，不是浮点数或整数：比较的结果本来就是 bool，不用转换。",
                "Spikes are torch.bool, neither floats nor integers: a comparison returns bool already, leave it so.",
            ),
            Mistake(
                lambda x, T: (torch.rand(T, *x.shape) < x).movedim(0, -1),
                "时间应当是第一维：形状是 [T, …]。",
                "Time comes first: the shape is [T, …].",
            ),
            Mistake(
                lambda x, T: torch.rand(T, *x.shape) < x / T,
                "x 是每一步的概率，不用再除以 T。",
                "x is the probability of each step; do not divide it by T.",
            ),
            Mistake(
                lambda x, T: torch.randn(T, *x.shape) < x,
                "randn 是正态分布；这里要 [0, 1) 上的均匀分布，用 rand。",
                "randn is the normal distribution; take rand, which is uniform on [0, 1).",
            ),
        ),
        hints=(
            (
                "每一步、每个像素各掷一枚硬币，正面的概率是 x。",
                "Toss one coin for every step and every pixel; it shows heads with probability x.",
            ),
            (
                "[0, 1) 上的均匀随机数小于 x 的概率恰好是 x。",
                "A random number that is uniform on [0, 1) is less than x with probability x, exactly.",
            ),
            (
                "torch.rand(T, *x.shape) 给出 [T, …] 个随机数，再与 x 比较。",
                "torch.rand(T, *x.shape) gives random numbers [T, …]; compare them with x.",
            ),
        ),
    ),
    Exercise(
        id="02.latency_times",
        solution=latency_times,
        cases=((_QUARTERS, 6), (torch.arange(17) / 16, 20), (torch.tensor([0.0, 1.0]), 1)),
        mistakes=(
            Mistake(
                lambda x, T: ((T - 1) * x).round(),
                "方向反了：刺激越强，脉冲越早。",
                "The wrong way round: the stronger the stimulus, the earlier the spike.",
            ),
            Mistake(
                lambda x, T: (T * (1 - x)).round(),
                "差了一步：共 T 步，从 0 数起，最后一步是 T - 1。",
                "Off by one: there are T steps counted from 0, so the last one is T - 1.",
            ),
            Mistake(
                lambda x, T: (T - 1) * (1 - x),
                "时间步是整数：还要四舍五入。",
                "Time steps are whole numbers: round the result.",
            ),
            Mistake(
                lambda x, T: ((T - 1) * (1 - x)).long(),
                "long() 把小数直接截掉。先 round()，再转成整数。",
                "long() cuts the fraction off. First round(), then turn into whole numbers.",
            ),
            Mistake(
                lambda x, T: ((T - 1) * (1 - x) + 0.5).floor(),
                "恰好一半时要取偶数，而不是一律进位：用 torch.round。",
                "Halves go to the even neighbour, not always up: use torch.round.",
            ),
            Mistake(
                lambda x, T: (T - 1) * (1 - x).round(),
                "取整太早了：先乘以 T - 1，再取整，否则只剩下最早和最晚两种时间。",
                "Rounded too soon: multiply by T - 1 first, or else only the first and the last step remain.",
            ),
        ),
        hints=(
            (
                "x = 1 对应第 0 步，x = 0 对应第 T - 1 步，中间是一条直线。",
                "x = 1 belongs to step 0, x = 0 to step T - 1, with a straight line in between.",
            ),
            ("这条直线是 (T - 1) * (1 - x)。", "The line is (T - 1) * (1 - x)."),
            (
                "最后用 torch.round 取整：它恰好把一半取到偶数。",
                "Round at the end with torch.round, which takes halves to the even neighbour.",
            ),
        ),
    ),
    Exercise(
        id="02.log_latency",
        solution=log_latency,
        cases=(
            (_QUARTERS, 6),
            (torch.tensor([0.0, 0.001, 0.5, 1.0]), 1000),
            (torch.tensor([0.0, 1e-30, 0.2]), 60),
        ),
        run=finite_times,
        mistakes=(
            Mistake(
                _naive,
                "α 溢出成了 inf。先把公式化简，让大数根本不出现。",
                "α overflowed to inf. Rearrange the formula first, so that the large number never appears.",
            ),
            Mistake(
                lambda x, T: (-torch.log(x + (1 - x) * math.exp(-(T - 1)))).round(),
                "快成功了：T = 1000 时 e^-(T-1) 下溢为 0，于是 x = 0 得到 -ln 0 = inf。它应当在 T - 1 发放。",
                "Nearly: at T = 1000 e^-(T-1) underflows to 0, and x = 0 gives -ln 0 = inf instead of T - 1.",
            ),
            Mistake(
                lambda x, T: (-torch.log(x)).round(),
                "漏掉了 (1 - x) e^-(T-1) 这一项：没有它，最暗的像素永远等不到脉冲。",
                "The term (1 - x) e^-(T-1) is missing: without it the darkest pixels wait for ever.",
            ),
            Mistake(
                lambda x, T: _stable(x, T, log=lambda y: -torch.log(y)).round(),
                "符号反了：时间不会是负数，前面要有负号。",
                "The sign is wrong: a time is never negative; put a minus in front.",
            ),
            Mistake(
                lambda x, T: _stable(x, T, last=T).round(),
                "差了一步：指数里是 T - 1，最晚的脉冲在第 T - 1 步。",
                "Off by one: the exponent holds T - 1, and the latest spike is at step T - 1.",
            ),
            Mistake(
                lambda x, T: _stable(x, T, log=torch.log2).round(),
                "要的是自然对数 ln，不是以 2 为底。",
                "The natural logarithm is wanted, not the one to base 2.",
            ),
            Mistake(
                lambda x, T: _stable(x, T),
                "时间步是整数：还要四舍五入。",
                "Time steps are whole numbers: round the result.",
            ),
        ),
        hints=(
            (
                "用化简后的公式：-ln(x + (1 - x) e^-(T-1))。",
                "Use the rearranged formula: -ln(x + (1 - x) e^-(T-1)).",
            ),
            (
                "T = 1000 时 math.exp(-999) 就是 0。只有 x = 0 会出问题：这时直接得到 T - 1。",
                "At T = 1000 math.exp(-999) is 0. Only x = 0 suffers; there the time is T - 1.",
            ),
            (
                "用 .clamp(max=T - 1) 收住 inf；或者用 torch.logaddexp 始终在对数里计算。",
                "Catch the inf with .clamp(max=T - 1); or stay in logarithms with torch.logaddexp.",
            ),
        ),
    ),
    Exercise(
        id="02.centres",
        solution=centres,
        cases=((0.0, 1.0, 6), (-10.0, 30.0, 8), (2.0, 3.0, 3)),
        mistakes=(
            Mistake(
                lambda x_min, x_max, m: [x_min + (2 * j - 3) / 2 * (x_max - x_min) / (m - 2) for j in range(m)],
                "j 从 1 数到 m，不是从 0 数起：你的所有中心都向左偏了一格。",
                "j runs from 1 to m, not from 0: all your centres are one spacing too far left.",
            ),
            Mistake(
                lambda x_min, x_max, m: torch.linspace(x_min, x_max, m),
                "两端的中心应当各自超出数据范围半格，而不是落在端点上。",
                "The outermost centres lie half a spacing outside the range, not on its ends.",
            ),
            Mistake(
                lambda x_min, x_max, m: [x_min + (2 * j - 3) / 2 * (x_max - x_min) / (m - 1) for j in range(1, m + 1)],
                "间距的分母是 m - 2：数据范围里恰好容得下 m - 2 格。",
                "The spacing is divided by m - 2: that many spacings fit into the range.",
            ),
            Mistake(
                lambda x_min, x_max, m: [(2 * j - 3) / 2 * (x_max - x_min) / (m - 2) for j in range(1, m + 1)],
                "忘了从 x_min 出发。",
                "The starting point x_min is missing.",
            ),
            Mistake(
                lambda x_min, x_max, m: [x_min + (2 * j - 3) * (x_max - x_min) / (m - 2) for j in range(1, m + 1)],
                "忘了除以 2：相邻的中心隔得太远了。",
                "Not yet divided by 2: the centres lie too far apart.",
            ),
        ),
        hints=(
            ("先算间距：(x_max - x_min) / (m - 2)。", "First the spacing: (x_max - x_min) / (m - 2)."),
            (
                "第一个中心在 x_min 左边半格，之后每次向右走一格。",
                "The first centre lies half a spacing left of x_min; each next one is a spacing further right.",
            ),
            (
                "对 j = 1 … m 计算 x_min + (2 * j - 3) / 2 * spacing，即 range(1, m + 1)。",
                "For j = 1 … m take x_min + (2 * j - 3) / 2 * spacing, that is range(1, m + 1).",
            ),
        ),
    ),
    Exercise(
        id="02.DeltaEncoder",
        solution=DeltaEncoder,
        cases=((0.25, _SLOW), (0.5, _JUMP), (0.25, torch.ones(4))),
        run=lambda answer, threshold, x: answer(threshold)(x),
        mistakes=(
            Mistake(
                _delta(follow=lambda reference, now, step: now),
                "你比较的是相邻两步。变化很慢时每一步都不到阈值，就永远没有脉冲：要与上一次发放时的参考值比较。",
                "You compare neighbouring steps. A slow change never reaches the threshold in one step: "
                "compare with the reference of the last spike.",
            ),
            Mistake(
                _delta(follow=lambda reference, now, step: torch.where(step != 0, now, reference)),
                "参考值应当恰好移动一个阈值，而不是跳到当前值：否则零头被丢掉，还原出来的信号会漂移。",
                "Move the reference by exactly one threshold instead of to the present value: the remainder gets "
                "lost, and the rebuilt signal drifts.",
            ),
            Mistake(
                _delta(start=lambda x: torch.zeros_like(x[0])),
                "参考值从第一个样本 x[0] 开始，不是从 0 开始：接收端已经知道起点。",
                "The reference starts at the first sample x[0], not at 0: the receiver knows where it starts.",
            ),
            Mistake(
                _delta(on=lambda difference, threshold: difference > threshold),
                "刚好等于阈值也要发放：用 >=，不是 >。",
                "A change equal to the threshold fires too: use >=, not >.",
            ),
            Mistake(
                _delta(stack=lambda pair: torch.stack(pair[::-1])),
                "两个通道的顺序反了：先“变亮”，后“变暗”。",
                "The two channels are exchanged: first rising, then falling.",
            ),
            Mistake(
                _delta(follow=lambda reference, now, step: reference),
                "参考值一直没有动：发放之后要让它移动一个阈值。",
                "The reference never moves: after a spike it must move by one threshold.",
            ),
            Mistake(
                _delta(stack=lambda pair: torch.stack(pair, dim=-1)),
                "通道应当是第二维：形状是 [T, 2, …]。",
                "The channels are the second dimension: the shape is [T, 2, …].",
            ),
        ),
        hints=(
            (
                "记住一个参考值，它从 x[0] 开始；逐步与它比较。",
                "Keep a reference that starts at x[0], and compare with it step by step.",
            ),
            (
                "on = now - reference >= threshold，off 反过来；发放后参考值加上或减去一个阈值。",
                "on = now - reference >= threshold, off the other way round; then move the reference by one threshold.",
            ),
            (
                "每步用 torch.stack([on, off]) 放在一起，最后用 torch.stack 把所有步叠成 [T, 2, …]。",
                "Join each step with torch.stack([on, off]), and in the end all steps with torch.stack to [T, 2, …].",
            ),
        ),
    ),
)
