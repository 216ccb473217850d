"""Exercise 02.poisson_encode."""

import torch

from course_snn.course.exercise import Exercise, Finding, Mistake
from course_snn.course.exercises import drawn
from course_snn.course.exercises.ch02.shared import bool_tensor


def poisson_encode(x, T):
    return torch.rand(T, *x.shape) < x


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


_GREY = torch.tensor([[0.0, 0.1, 0.4], [0.6, 0.8, 1.0]])


def _vary(rng):
    grey = [0.0, *drawn.some(rng, 4, (0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9)), 1.0]
    one, two = drawn.some(rng, 2, (0.2, 0.3, 0.4, 0.6, 0.7))
    return (
        (torch.tensor(drawn.shuffled(rng, grey)).reshape(2, 3), 4000),
        (torch.tensor([one, two, one]), 4000),
        (torch.full((40, 50), drawn.number(rng, 0.15, 0.35, 0.05)), 12),
        (torch.zeros(drawn.one_of(rng, (3, 2), (6,), (1, 6))), 4000),
    )


EXERCISE = Exercise(
    id="02.poisson_encode",
    solution=poisson_encode,
    vary=_vary,
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
)
