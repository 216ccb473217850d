"""Exercises of chapter 02: encoders."""

import math

import torch

from course_snn.course.exercise import CONTAINER, Exercise, Finding, Mistake
from course_snn.course.exercises.ch02_challenge import DELTA, bool_tensor


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


def _near(rate, p, n):
    """Whether a rate of n tosses is within 5 standard deviations of p; 0 and 1 must be met exactly."""
    return (rate - p).abs() <= 5 * (p * (1 - p) / n).sqrt() + 1e-6


def _independent(spikes):
    """Say which of the tosses for an even grey, [T, H, W], hang together."""
    n, rate = spikes[0].numel(), spikes.float().mean((1, 2))
    pairs = [(spikes[:, 1:], spikes[:, :-1]), (spikes[:, :, 1:], spikes[:, :, :-1])]
    if (rate % 1 == 0).all() or not all(_near((a & b).float().mean((1, 2)), rate**2, n).all() for a, b in pairs):
        raise Finding(
            "像素不是各掷各的：每个像素要有自己的随机数，形状是 [T, …]。",
            "The pixels do not toss on their own: each needs a random number of its own, of shape [T, …].",
        )
    if not _near((spikes[1:] & spikes[:-1]).float().mean((1, 2)), rate[1:] * rate[:-1], n).all():
        raise Finding(
            "一步与上一步有关联：每一步都要重新掷硬币。",
            "A step depends on the one before: every step needs a fresh toss.",
        )
    if not _near(rate, rate.mean(), n).all():
        raise Finding(
            "各步的发放率不一样：每一步都要以同样的概率 x 发放，第 0 步也不例外。",
            "The steps have different rates: each fires with the same probability x, step 0 as well.",
        )


def rates(answer, x, T):
    """Judge random spikes: return how often each pixel fired, exactly x where chance explains the rest."""
    with torch.random.fork_rng(devices=[]):  # the learner's own random numbers go on as if nothing had happened
        torch.manual_seed(2313)  # one of the first 4000 numbers is exactly 0
        spikes, again = answer(x.clone(), T), answer(x.clone(), T)
    if spikes is None or spikes is ...:
        return spikes
    if torch.is_tensor(spikes) and spikes.shape != (T, *x.shape):
        raise Finding(
            f"形状应为 {(T, *x.shape)}：时间是第一维，后面是 x 的形状。得到的是 {tuple(spikes.shape)}。",
            f"Expected shape {(T, *x.shape)}: time first, then the shape of x. Got {tuple(spikes.shape)}.",
        )
    bool_tensor(spikes)
    rate, n = spikes.float().mean(0), T
    if x.numel() > 1000:
        x, rate, n = x[0, 0], rate.mean(), T * x.numel()
        _independent(spikes)
    likely = _near(rate, x, n)
    if x.any() and likely.all() and torch.equal(spikes, again):
        raise Finding(
            "再调用一次，脉冲一模一样：每次都要用新的随机数，函数里不要设种子，也不要留着上次的。",
            "A second call gives the same spikes: each call takes new random numbers; set no seed inside, keep none.",
        )
    rough = (20 * rate).round() / 20  # two answers with the same fault differ by chance
    return torch.where(likely, x, rough.where((rough - x).abs() > 1e-3, rate))


def finite_times(answer, x, T):
    """Run ``log_latency``; what overflowed reads -inf, as a float or after a cast to int64."""
    right, time = log_latency(x, T), answer(x, T)
    if not torch.is_tensor(time):
        return time
    time = time.double().nan_to_num(nan=-math.inf, posinf=math.inf, neginf=-math.inf).where(time > -1e9, -math.inf)
    if T > 700 and time.shape == x.shape and torch.equal((time - right).abs() > 1e-4, x == 0):
        raise Finding(
            f"只有 x = 0 不对，得到 {time[x == 0][0]:.4g}：e^-(T-1) 太小，变成了 0，而 ln 0 是无穷大。"
            f"x = 0 要在第 T - 1 = {T - 1} 步发放：用 clamp(max=T - 1)，或单独处理。",
            f"Only x = 0 is wrong, with {time[x == 0][0]:.4g}: e^-(T-1) became 0, and ln 0 is infinite. "
            f"x = 0 fires at T - 1 = {T - 1}: use clamp(max=T - 1), or treat it on its own.",
        )
    return time


def _naive(x, T):
    alpha = torch.exp(torch.tensor(T - 1.0)) - 1
    return ((T - 1) - torch.log(alpha * x + 1)).round()


def _stable(x, T, last=None, log=torch.log, least=0.0):
    """``log_latency`` before it is rounded."""
    last = T - 1 if last is None else last
    return (-log((x + (1 - x) * math.exp(-last)).clamp(min=least))).clamp(max=last)


def _centres(first=-0.5, spacing=lambda x_min, x_max, m: (x_max - x_min) / (m - 2), count=lambda m: m):
    """``centres`` with one thing done wrong; ``first`` is the first centre, in spacings from x_min."""

    def wrong(x_min, x_max, m):
        d = spacing(x_min, x_max, m)
        return [x_min + (first + k) * d for k in range(count(m))]

    return wrong


_GREY = torch.tensor([[0.0, 0.1, 0.4], [0.6, 0.8, 1.0]])
_QUARTERS = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0])
EXERCISES = (
    Exercise(
        id="02.poisson_encode",
        solution=poisson_encode,
        cases=(
            (_GREY, 4000),
            (torch.tensor([0.3, 0.3, 0.9]), 4000),
            (torch.full((40, 50), 0.15), 12),
            (torch.zeros(2, 3), 4000),
        ),
        run=rates,
        measured=("每个像素多久发放一次", "how often each pixel fires"),
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
                lambda x, T: (x >= 0.5).expand(T, *x.shape),
                "这是与固定的阈值比较，没有随机性：亮的总是发放，暗的从不发放。要以概率 x 掷硬币。",
                "That compares with a fixed threshold: bright pixels always fire, dark ones never. Toss a coin "
                "with probability x.",
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
                lambda x, T: torch.rand(T, *x.shape) < 0.5,
                "没有用上 x：每个像素都以 0.5 的概率发放。",
                "x is not used: every pixel fires with a probability of 0.5.",
            ),
            Mistake(
                lambda x, T: torch.rand(T, *x.shape) < x.mean(),
                "每个像素按自己的亮度发放，不是按整张图的平均亮度。",
                "Each pixel fires by its own brightness, not by the mean of the picture.",
            ),
            Mistake(
                lambda x, T: torch.rand(T, *x.shape) < x / x.max(),
                "x 已经在 [0, 1] 里，就是概率：不要再除以最大值。",
                "x lies in [0, 1] already and is the probability: do not divide it by the largest.",
            ),
            Mistake(
                lambda x, T: torch.randn(T, *x.shape) < x,
                "randn 是正态分布；这里要 [0, 1) 上的均匀分布，用 rand。",
                "randn is the normal distribution; take rand, which is uniform on [0, 1).",
            ),
            Mistake(
                lambda x, T: torch.poisson(x.expand(T, *x.shape)) > 0,
                "poisson 给出个数，至少一个的概率是 1 - e^-x，不是 x：x = 1 也不会每步都发放。",
                "poisson gives counts, and at least one comes with probability 1 - e^-x, not x: not even white "
                "fires in every step.",
            ),
            Mistake(
                lambda x, T: torch.rand_like(x) < x,
                "时间这一维不见了：要 T 步，形状 [T, …]。",
                "There is no dimension of time: T steps are wanted, of shape [T, …].",
            ),
            Mistake(
                lambda x, T: torch.rand(T - 1, *x.shape) < x,
                "少了一步：一共要 T 步。",
                "One step too few: T are wanted.",
            ),
            Mistake(
                lambda x, T: torch.rand(T, x.numel()) < x.flatten(),
                "图被压平了：保持 x 的形状，结果是 [T, …]。",
                "The picture was flattened: keep the shape of x, so that the result is [T, …].",
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
        cases=(
            (_QUARTERS, 6),
            (torch.arange(17) / 16, 20),
            (torch.tensor([[0.0, 0.25, 0.5], [0.125, 0.75, 0.375]]), 9),
            (torch.tensor([0.25, 0.5, 0.75]), 513),
            (torch.tensor(0.25), 5),
            (torch.tensor([0.0, 1.0]), 1),
        ),
        exact=(CONTAINER,),
        keeps=True,
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
                lambda x, T: ((T - 1) * (1 - x)).round(decimals=1),
                "要取整到整数，不是保留一位小数。",
                "Round to whole numbers, not to one digit after the point.",
            ),
            Mistake(
                lambda x, T: ((T - 1) * (1 - x)).long(),
                "小数被直接截掉了，long() 和 floor() 都这样。先 round()，再转成整数。",
                "The fraction is cut off, as long() and floor() do. First round(), then turn into whole numbers.",
            ),
            Mistake(
                lambda x, T: ((T - 1) * (1 - x)).ceil(),
                "ceil 总是进位。取最近的整数：用 torch.round。",
                "ceil always goes up. Take the nearest whole number: torch.round.",
            ),
            Mistake(
                lambda x, T: ((T - 1) * (1 - x) + 0.5).floor(),
                "恰好一半时要取偶数，而不是一律进位：用 torch.round。",
                "Halves go to the even neighbour, not always up: use torch.round.",
            ),
            Mistake(
                lambda x, T: (T - 1) - ((T - 1) * x).round(),
                "先取整再相减，一半就取到了另一边：先算出 (T - 1) * (1 - x)，最后取整。",
                "Rounded before subtracting, halves go the other way: work out (T - 1) * (1 - x), and round at the "
                "end.",
            ),
            Mistake(
                lambda x, T: (T - 1) * (1 - x).round(),
                "取整太早了：先乘以 T - 1，再取整，否则只剩下最早和最晚两种时间。",
                "Rounded too soon: multiply by T - 1 first, or else only the first and the last step remain.",
            ),
            Mistake(
                lambda x, T: (T - 1 * (1 - x)).round(),
                "少了括号：T - 1 * (…) 先乘后减。写成 (T - 1) * (1 - x)。",
                "Brackets are missing: T - 1 * (…) multiplies first. Write (T - 1) * (1 - x).",
            ),
            Mistake(
                lambda x, T: ((T - 1) * (1 - x / x.max())).round(),
                "x 已经在 [0, 1] 里：不要再除以最大值。",
                "x lies in [0, 1] already: do not divide it by the largest.",
            ),
            Mistake(
                lambda x, T: latency_times(x, 100),
                "步数是参数 T，不一定是 100。",
                "The number of steps is the argument T; it need not be 100.",
            ),
            Mistake(
                lambda x, T: latency_times(x, T).where(x > 0, -1),
                "x = 0 也要发放，在最后一步 T - 1。",
                "x = 0 fires as well, in the last step T - 1.",
            ),
            Mistake(
                lambda x, T: torch.arange(T).reshape(-1, *[1] * x.dim()) == latency_times(x, T),
                "这是整个脉冲序列。要的只是每个脉冲的时间步，形状与 x 相同。",
                "That is the whole spike train. Only the time steps are wanted, of the same shape as x.",
            ),
            Mistake(
                lambda x, T: latency_times(x.flatten(), T),
                "形状丢了：不要压平，结果的形状与 x 相同。",
                "The shape is lost: do not flatten; the result has the shape of x.",
            ),
            Mistake(
                lambda x, T: latency_times(x, T).tolist(),
                "要返回张量，不是列表。",
                "Return a tensor, not a list.",
            ),
            Mistake(
                lambda x, T: torch.tensor([round((T - 1) * (1 - float(v))) for v in x]),
                "这只对一维的 x 行得通：不用循环，张量的运算本来就是逐元素的。",
                "That works for an x of one dimension only: leave out the loop, tensors calculate element by element.",
            ),
            Mistake(
                lambda x, T: latency_times(x, T).to(torch.uint8),
                "8 位整数最大到 255，步数可以更多：用 long() 或保留浮点数。",
                "Integers of 8 bits end at 255, and there may be more steps: use long(), or stay with floats.",
            ),
            Mistake(
                lambda x, T: _stable(x, T).round(),
                "这是对数延迟。这一题是线性的：(T - 1) * (1 - x)。",
                "That is the logarithmic code. Here it is linear: (T - 1) * (1 - x).",
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
            (torch.tensor([0.0, 0.125, 0.5, 1.0]), 3),
            (torch.tensor([0.0, 0.001, 0.5, 1.0]), 1000),
            (torch.tensor([[0.0, 1e-30, 0.2], [0.01, 1.0, 0.0]]), 60),
            (torch.tensor([0.5, 0.0, 0.0]), 2000),
        ),
        run=finite_times,
        exact=(CONTAINER,),
        keeps=True,
        mistakes=(
            Mistake(
                _naive,
                "α 溢出成了 inf。先把公式化简，让大数根本不出现。",
                "α overflowed to inf. Rearrange the formula first, so that the large number never appears.",
            ),
            Mistake(
                lambda x, T: (-torch.log(x)).clamp(max=T - 1).round(),
                "漏掉了 (1 - x) e^-(T-1) 这一项：T 小的时候它不能忽略。",
                "The term (1 - x) e^-(T-1) is missing: for a small T it cannot be neglected.",
            ),
            Mistake(
                lambda x, T: (-torch.log(x)).round(),
                "漏掉了 (1 - x) e^-(T-1) 这一项：没有它，最暗的像素永远等不到脉冲。",
                "The term (1 - x) e^-(T-1) is missing: without it the darkest pixels wait for ever.",
            ),
            Mistake(
                lambda x, T: (-torch.log(x + math.exp(1 - T))).clamp(max=T - 1).round(),
                "e^-(T-1) 前面的因子 1 - x 漏掉了：T 小的时候它有影响。",
                "The factor 1 - x before e^-(T-1) is missing: for a small T it matters.",
            ),
            Mistake(
                lambda x, T: -_stable(x, T).round(),
                "符号反了：时间不会是负数，前面要有负号。",
                "The sign is wrong: a time is never negative; put a minus in front.",
            ),
            Mistake(
                lambda x, T: _stable(x, T, last=T).round(),
                "差了一步：指数里是 T - 1，最晚的脉冲在第 T - 1 步。",
                "Off by one: the exponent holds T - 1, and the latest spike is at step T - 1.",
            ),
            Mistake(
                lambda x, T: log_latency(x, T) + (x == 0),
                "x = 0 晚了一步：从 0 数起，最后一步是 T - 1，不是 T。",
                "x = 0 is one step late: counted from 0, the last step is T - 1, not T.",
            ),
            Mistake(
                lambda x, T: _stable(x, T, log=torch.log2).round(),
                "要的是自然对数 ln，不是以 2 为底。",
                "The natural logarithm is wanted, not the one to base 2.",
            ),
            Mistake(
                lambda x, T: _stable(x, T, log=torch.log10).round(),
                "要的是自然对数 ln，不是以 10 为底。",
                "The natural logarithm is wanted, not the one to base 10.",
            ),
            Mistake(
                lambda x, T: _stable(x, T),
                "时间步是整数：还要四舍五入。",
                "Time steps are whole numbers: round the result.",
            ),
            Mistake(
                lambda x, T: _stable(x, T).floor(),
                "小数被截掉了：取最近的整数，用 round()。",
                "The fraction is cut off: take the nearest whole number, round().",
            ),
            Mistake(
                lambda x, T: (-torch.log(x + (1 - x) * math.exp(T - 1))).clamp(max=T - 1).round(),
                "指数的符号反了：是 e^-(T-1)。",
                "The exponent has the wrong sign: it is e^-(T-1).",
            ),
            Mistake(
                lambda x, T: latency_times(x, T) if T > 80 else log_latency(x, T),
                "T 大的时候你换成了线性延迟。化简后的公式对任何 T 都成立。",
                "For a large T you turn to the linear code. The rearranged formula holds for any T.",
            ),
            Mistake(
                lambda x, T: log_latency(x[x > 0], T),
                "x = 0 的元素不见了：结果的形状与 x 相同，x = 0 对应 T - 1。",
                "The elements with x = 0 are gone: the result has the shape of x, and x = 0 belongs to T - 1.",
            ),
            Mistake(
                lambda x, T: torch.arange(T).reshape(-1, *[1] * x.dim()) == log_latency(x, T),
                "这是整个脉冲序列。要的只是每个脉冲的时间步，形状与 x 相同。",
                "That is the whole spike train. Only the time steps are wanted, of the same shape as x.",
            ),
            Mistake(
                lambda x, T: log_latency(x, T).tolist(),
                "要返回张量，不是列表。",
                "Return a tensor, not a list.",
            ),
        ),
        hints=(
            ("用化简后的公式：-ln(x + (1 - x) e^-(T-1))。", "Use the rearranged formula: -ln(x + (1 - x) e^-(T-1))."),
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
        cases=((0.0, 1.0, 6), (-10.0, 30.0, 8), (2.0, 3.0, 3), (0.5, 2.25, 5)),
        tolerance=1e-5,
        mistakes=(
            Mistake(
                _centres(first=-1.5),
                "j 从 1 数到 m，不是从 0 数起：你的所有中心都向左偏了一格。",
                "j runs from 1 to m, not from 0: all your centres are one spacing too far left.",
            ),
            Mistake(
                lambda x_min, x_max, m: torch.linspace(x_min, x_max, m),
                "两端的中心应当各自超出数据范围半格，而不是落在端点上。",
                "The outermost centres lie half a spacing outside the range, not on its ends.",
            ),
            Mistake(
                _centres(first=0),
                "第一个中心在 x_min 左边半格，不在 x_min 上。",
                "The first centre lies half a spacing left of x_min, not on it.",
            ),
            Mistake(
                _centres(first=0.5),
                "第一个中心在 x_min 左边半格，不在右边：是 2j - 3，不是 2j - 1。",
                "The first centre lies half a spacing left of x_min, not right of it: 2j - 3, not 2j - 1.",
            ),
            Mistake(
                _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / (m - 1)),
                "间距的分母是 m - 2：数据范围里恰好容得下 m - 2 格。",
                "The spacing is divided by m - 2: that many spacings fit into the range.",
            ),
            Mistake(
                _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / m),
                "间距的分母是 m - 2，不是 m：数据范围里恰好容得下 m - 2 格。",
                "The spacing is divided by m - 2, not m: that many spacings fit into the range.",
            ),
            Mistake(
                _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / m - 2),
                "少了括号：/ m - 2 先除后减。写成 / (m - 2)。",
                "Brackets are missing: / m - 2 divides first. Write / (m - 2).",
            ),
            Mistake(
                _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) // (m - 2)),
                "间距不一定是整数：用 /，不用 //。",
                "The spacing need not be a whole number: use /, not //.",
            ),
            Mistake(
                _centres(first=-1),
                "(2j - 3) / 2 不是整数：用 /，不用 //。",
                "(2j - 3) / 2 is not a whole number: use /, not //.",
            ),
            Mistake(
                _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / (m - 2) / 1.5),
                "相邻的中心相距 d。d / 1.5 是曲线的宽度 σ，这里用不着。",
                "Neighbouring centres are d apart. d / 1.5 is the width σ of the curves, which is not needed here.",
            ),
            Mistake(
                _centres(spacing=lambda x_min, x_max, m: x_max / (m - 2)),
                "间距要用整个范围 x_max - x_min，不是 x_max。",
                "The spacing takes the whole range, x_max - x_min, not x_max.",
            ),
            Mistake(
                lambda x_min, x_max, m: [mu - x_min for mu in centres(x_min, x_max, m)],
                "忘了从 x_min 出发。",
                "The starting point x_min is missing.",
            ),
            Mistake(
                lambda x_min, x_max, m: [x_min + (2 * j - 3) * (x_max - x_min) / (m - 2) for j in range(1, m + 1)],
                "忘了除以 2：相邻的中心隔得太远了。",
                "Not yet divided by 2: the centres lie too far apart.",
            ),
            Mistake(
                _centres(spacing=lambda x_min, x_max, m: (x_max - x_min) / 4, count=lambda m: 6),
                "个数是参数 m，不总是 6。",
                "The number is the argument m, not always 6.",
            ),
            Mistake(
                lambda x_min, x_max, m: centres(x_min, x_max, m)[:1],
                "只有第一个：return 写在循环里面。把它移到循环之后。",
                "Only the first: the return stands inside the loop. Move it below.",
            ),
            Mistake(
                lambda x_min, x_max, m: centres(x_min, x_max, m)[-1],
                "只有最后一个：循环里的每个值都要收进列表。",
                "Only the last: collect each value of the loop in a list.",
            ),
            Mistake(
                lambda x_min, x_max, m: [min(max(mu, x_min), x_max) for mu in centres(x_min, x_max, m)],
                "两端的中心本来就在数据范围之外：不要拉回来。",
                "The outermost centres do lie outside the range: do not pull them in.",
            ),
            Mistake(
                lambda x_min, x_max, m: [round(mu, 2) for mu in centres(x_min, x_max, m)],
                "不要四舍五入。",
                "Do not round.",
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
    DELTA,
)
