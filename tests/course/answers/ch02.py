# ruff: noqa

# %% 02.poisson_encode wrong: floats instead of bool
def poisson_encode(x, T):
    return (torch.rand(T, *x.shape) < x).float()


# %% 02.poisson_encode wrong: small whole numbers instead of bool
def poisson_encode(x, T):
    return (torch.rand(T, *x.shape) < x).to(torch.uint8)


# %% 02.poisson_encode wrong: one coin for the whole picture in each step
def poisson_encode(x, T):
    coin = torch.rand(T, *[1] * x.dim())
    return coin < x


# %% 02.poisson_encode wrong: one coin per pixel for all steps
def poisson_encode(x, T):
    coin = torch.rand(x.shape)
    return (coin < x).expand(T, *x.shape)


# %% 02.poisson_encode wrong: the comparison is the wrong way round
def poisson_encode(x, T):
    return torch.rand(T, *x.shape) > x


# %% 02.poisson_encode wrong: normal instead of uniform random numbers
def poisson_encode(x, T):
    return torch.randn(T, *x.shape) < x


# %% 02.poisson_encode wrong: time in the last dimension
def poisson_encode(x, T):
    return torch.rand(*x.shape, T) < x.unsqueeze(-1)


# %% 02.poisson_encode wrong: a Poisson count above 0, so white does not always fire
def poisson_encode(x, T):
    return torch.poisson(x.expand(T, *x.shape)) > 0


# %% 02.poisson_encode wrong: a threshold instead of chance
def poisson_encode(x, T):
    return (x > 0.5).expand(T, *x.shape).clone()


# %% 02.poisson_encode wrong: evenly spaced spikes instead of chance
def poisson_encode(x, T):
    total = x * torch.arange(T + 1).reshape(-1, *[1] * x.dim())
    return total.floor().diff(dim=0) > 0


# %% 02.poisson_encode wrong: all the spikes in the first steps
def poisson_encode(x, T):
    t = torch.arange(T).reshape(-1, *[1] * x.dim())
    return t < (x * T).round()


# %% 02.poisson_encode wrong: works only for pictures with one dimension
def poisson_encode(x, T):
    return torch.rand(T, len(x)) < x


# %% 02.poisson_encode wrong: works only for pictures with two dimensions
def poisson_encode(x, T):
    h, w = x.shape
    return torch.rand(T, h, w) < x


# %% 02.poisson_encode wrong: only one step
def poisson_encode(x, T):
    return torch.rand_like(x) < x


# %% 02.poisson_encode wrong: one step too few
def poisson_encode(x, T):
    return torch.stack([torch.rand_like(x) < x for _ in range(1, T)])


# %% 02.poisson_encode wrong: every pixel fires with the mean brightness
def poisson_encode(x, T):
    return torch.rand(T, *x.shape) < x.mean()


# %% 02.poisson_encode wrong: the brightness is ignored
def poisson_encode(x, T):
    return torch.randint(0, 2, (T, *x.shape)).bool()


# %% 02.poisson_encode wrong: brightness is first divided by the brightest pixel
def poisson_encode(x, T):
    return torch.rand(T, *x.shape) < x / x.max()


# %% 02.poisson_encode wrong: brightness only in tenths
def poisson_encode(x, T):
    return torch.randint(0, 10, (T, *x.shape)) < 10 * x


# %% 02.poisson_encode wrong: the picture is flattened
def poisson_encode(x, T):
    x = x.flatten()
    return torch.rand(T, x.numel()) < x


# %% 02.poisson_encode wrong: a list of steps instead of a tensor
def poisson_encode(x, T):
    return [torch.rand_like(x) < x for _ in range(T)]


# %% 02.poisson_encode wrong: the number of steps is always 100
def poisson_encode(x, T):
    return torch.rand(100, *x.shape) < x


# %% 02.poisson_encode wrong: the spike counts instead of the spikes
def poisson_encode(x, T):
    return torch.distributions.Binomial(T, x).sample()


# %% 02.poisson_encode wrong: every pixel that is not black fires in the first step
def poisson_encode(x, T):
    spikes = torch.rand(T, *x.shape) < x
    spikes[0] = x > 0
    return spikes


# %% 02.poisson_encode wrong: a pixel never fires twice in a row
def poisson_encode(x, T):
    spikes = torch.rand(T, *x.shape) < x
    for t in range(1, T):
        spikes[t] &= ~spikes[t - 1]
    return spikes


# %% 02.poisson_encode wrong: only one random list for all rows of the picture
def poisson_encode(x, T):
    coin = torch.rand(T, *x.shape[-1:])
    while coin.dim() < x.dim() + 1:
        coin = coin.unsqueeze(1)
    return coin < x


# %% 02.poisson_encode wrong: the random numbers are kept between calls
KEPT = {}


def poisson_encode(x, T):
    key = (T, *x.shape)
    if key not in KEPT:
        KEPT[key] = torch.rand(T, *x.shape)
    return KEPT[key] < x


# %% 02.poisson_encode wrong: the seed is set inside, every call gives the same spikes
def poisson_encode(x, T):
    torch.manual_seed(0)
    return torch.rand(T, *x.shape) < x


# %% 02.poisson_encode wrong: black fires with a chance of one in 16 million
def poisson_encode(x, T):
    return torch.rand(T, *x.shape) <= x


# %% 02.poisson_encode wrong: a numpy array of bool instead of a tensor
import numpy as np


def poisson_encode(x, T):
    return np.random.rand(T, *x.shape) < x.numpy()


# %% 02.poisson_encode right: rand_like of the repeated picture
def poisson_encode(x, T):
    return torch.rand_like(x.unsqueeze(0).repeat(T, *[1] * x.dim())) < x


# %% 02.poisson_encode right: rand and a comparison
def poisson_encode(x, T):
    return torch.rand(T, *x.shape) < x


# %% 02.poisson_encode right: bernoulli
def poisson_encode(x, T):
    return torch.bernoulli(x.expand(T, *x.shape)).bool()


# %% 02.poisson_encode right: a comprehension, stacked
def poisson_encode(x, T):
    return torch.stack([torch.rand(x.shape) < x for _ in range(T)])


# %% 02.poisson_encode right: numpy random numbers in 64 bits
import numpy as np


def poisson_encode(x, T):
    coin = np.random.default_rng().random((T, *x.shape))
    return torch.from_numpy(np.asarray(coin < x.numpy()))


# %% 02.poisson_encode right: the encoder of the library
def poisson_encode(x, T):
    return encoding.PoissonEncoder().spike_train(x, T)


# %% 02.poisson_encode right: a distribution
def poisson_encode(x, T):
    return torch.distributions.Bernoulli(probs=x).sample((T,)).to(torch.bool)


# %% 02.poisson_encode right: plain Python, one pixel at a time
import random


def poisson_encode(x, T):
    spikes = torch.zeros(T, x.numel(), dtype=torch.bool)
    for t in range(T):
        for k, p in enumerate(x.flatten().tolist()):
            spikes[t, k] = random.random() < p
    return spikes.reshape(T, *x.shape)


# %% 02.poisson_encode right: filled step by step
def poisson_encode(x, T):
    spikes = torch.empty((T,) + tuple(x.shape), dtype=torch.bool)
    for t in range(T):
        spikes[t] = torch.rand(x.shape, dtype=torch.float64) < x
    return spikes


# %% 02.latency_times wrong: T instead of T - 1
def latency_times(x, T):
    return torch.round(T * (1 - x))


# %% 02.latency_times wrong: bright fires late
def latency_times(x, T):
    return torch.round((T - 1) * x)


# %% 02.latency_times wrong: rounds down
def latency_times(x, T):
    return ((T - 1) * (1 - x)).floor()


# %% 02.latency_times wrong: cuts off what follows the point
def latency_times(x, T):
    return ((T - 1) * (1 - x)).long()


# %% 02.latency_times wrong: rounds up
def latency_times(x, T):
    return torch.ceil((T - 1) * (1 - x))


# %% 02.latency_times wrong: rounds halves up
def latency_times(x, T):
    return torch.floor((T - 1) * (1 - x) + 0.5)


# %% 02.latency_times wrong: does not round
def latency_times(x, T):
    return (T - 1) * (1 - x)


# %% 02.latency_times wrong: the brackets are missing
def latency_times(x, T):
    return torch.round(T - 1 * (1 - x))


# %% 02.latency_times wrong: the product is rounded before it is subtracted, so halves go the other way
def latency_times(x, T):
    return (T - 1) - torch.round((T - 1) * x)


# %% 02.latency_times wrong: counts the steps from 1
def latency_times(x, T):
    return torch.round((T - 1) * (1 - x)) + 1


# %% 02.latency_times wrong: returns the spike train instead of the times
def latency_times(x, T):
    t = torch.round((T - 1) * (1 - x))
    steps = torch.arange(T).reshape(-1, *[1] * x.dim())
    return steps == t


# %% 02.latency_times wrong: divides by the brightest value first
def latency_times(x, T):
    return torch.round((T - 1) * (1 - x / x.max()))


# %% 02.latency_times wrong: rounds x before the multiplication
def latency_times(x, T):
    return (T - 1) * torch.round(1 - x)


# %% 02.latency_times wrong: the shape is lost
def latency_times(x, T):
    return torch.round((T - 1) * (1 - x.flatten()))


# %% 02.latency_times wrong: a list instead of a tensor
def latency_times(x, T):
    return torch.round((T - 1) * (1 - x)).tolist()


# %% 02.latency_times wrong: the number of steps is always 100
def latency_times(x, T):
    return torch.round(99 * (1 - x))


# %% 02.latency_times wrong: the inverse 1 / x instead of 1 - x
def latency_times(x, T):
    return torch.round((T - 1) / x).clamp(max=T - 1)


# %% 02.latency_times wrong: rounds to one digit after the point
def latency_times(x, T):
    return torch.round((T - 1) * (1 - x), decimals=1)


# %% 02.latency_times wrong: works only for a tensor with one dimension
def latency_times(x, T):
    return torch.tensor([round((T - 1) * (1 - float(v))) for v in x])


# %% 02.latency_times wrong: black never fires, its time is -1
def latency_times(x, T):
    t = torch.round((T - 1) * (1 - x))
    return torch.where(x == 0, -1.0, t)


# %% 02.latency_times wrong: uses the rounding of Python on a whole tensor
def latency_times(x, T):
    return int(round((T - 1) * (1 - x)))


# %% 02.latency_times wrong: logarithmic instead of linear
def latency_times(x, T):
    return torch.round(-torch.log(x + (1 - x) * math.exp(1 - T))).clamp(max=T - 1)


# %% 02.latency_times wrong: the rounded value is computed and not used
def latency_times(x, T):
    t = (T - 1) * (1 - x)
    t.round()
    return t


# %% 02.latency_times wrong: one index serves as the number of steps
def latency_times(x, T):
    return torch.round((len(x) - 1) * (1 - x))


# %% 02.latency_times wrong: x is changed in place
def latency_times(x, T):
    x.sub_(1).mul_(-(T - 1))
    return x.round_()


# %% 02.latency_times wrong: integers of 8 bits, which end at 255
def latency_times(x, T):
    return torch.round((T - 1) * (1 - x)).to(torch.uint8)


# %% 02.latency_times right: the brackets are multiplied out
def latency_times(x, T):
    return torch.round((T - 1) - (T - 1) * x)


# %% 02.latency_times right: 64 bits
def latency_times(x, T):
    return torch.round((T - 1) * (1 - x.double()))


# %% 02.latency_times right: one line
def latency_times(x, T):
    return torch.round((T - 1) * (1 - x))


# %% 02.latency_times right: whole numbers
def latency_times(x, T):
    return ((T - 1) * (1 - x)).round().long()


# %% 02.latency_times right: numpy
import numpy as np


def latency_times(x, T):
    return torch.as_tensor(np.rint((T - 1) * (1 - x.numpy())))


# %% 02.latency_times right: the rounding of Python, element by element
def latency_times(x, T):
    t = (T - 1) * (1 - x)
    return torch.tensor([round(u) for u in t.flatten().tolist()]).reshape(x.shape)


# %% 02.latency_times right: halves treated by hand
def latency_times(x, T):
    t = (T - 1) * (1 - x)
    low = t.floor()
    rest = t - low
    up = (rest > 0.5) | ((rest == 0.5) & (low % 2 == 1))
    return torch.where(up, low + 1, low)


# %% 02.latency_times right: out of place steps with 32-bit whole numbers
def latency_times(x, T):
    dark = torch.ones_like(x) - x
    dark = dark.mul(T - 1)
    return torch.round(dark).to(torch.int32)


# %% 02.log_latency wrong: the formula as it stands, which overflows
def log_latency(x, T):
    alpha = torch.exp(torch.tensor(T - 1.0)) - 1
    return torch.round((T - 1) - torch.log(alpha * x + 1))


# %% 02.log_latency wrong: 64 bits do not reach T = 1000 either
def log_latency(x, T):
    alpha = torch.exp(torch.tensor(T - 1.0, dtype=torch.float64)) - 1
    return torch.round((T - 1) - torch.log(alpha * x + 1))


# %% 02.log_latency wrong: infinite at x = 0
def log_latency(x, T):
    return torch.round(-torch.log(x + (1 - x) * math.exp(-(T - 1))))


# %% 02.log_latency wrong: a small number keeps the logarithm finite, but 0 does not come out at T - 1
def log_latency(x, T):
    return torch.round(-torch.log(x + (1 - x) * math.exp(-(T - 1)) + 1e-10))


# %% 02.log_latency wrong: x is kept above a small number
def log_latency(x, T):
    x = x.clamp(min=1e-6)
    return torch.round(-torch.log(x + (1 - x) * math.exp(-(T - 1))))


# %% 02.log_latency wrong: not rounded
def log_latency(x, T):
    return (-torch.log(x + (1 - x) * math.exp(-(T - 1)))).clamp(max=T - 1)


# %% 02.log_latency wrong: infinity becomes 0
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    return torch.nan_to_num(t, posinf=0.0).round()


# %% 02.log_latency wrong: 0 fires at T instead of T - 1
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    t = torch.where(x == 0, float(T), t)
    return torch.round(t)


# %% 02.log_latency wrong: decadic logarithm
def log_latency(x, T):
    t = -torch.log10(x + (1 - x) * math.exp(-(T - 1)))
    return t.clamp(max=T - 1).round()


# %% 02.log_latency wrong: the minus sign is missing
def log_latency(x, T):
    t = torch.log(x + (1 - x) * math.exp(-(T - 1)))
    return t.clamp(min=-(T - 1)).round()


# %% 02.log_latency wrong: rounds down
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    return t.clamp(max=T - 1).floor()


# %% 02.log_latency wrong: T instead of T - 1 in the exponent
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-T))
    return t.clamp(max=T).round()


# %% 02.log_latency wrong: the second term is left out, small T come out wrong
def log_latency(x, T):
    return (-torch.log(x)).clamp(max=T - 1).round()


# %% 02.log_latency wrong: the factor 1 - x is missing
def log_latency(x, T):
    t = -torch.log(x + math.exp(-(T - 1)))
    return t.clamp(max=T - 1).round()


# %% 02.log_latency wrong: the smallest positive float in place of 0 gives 87 at T = 1000
def log_latency(x, T):
    y = x + (1 - x) * math.exp(-(T - 1))
    y = y.clamp(min=torch.finfo(torch.float32).tiny)
    return -torch.log(y).round()


# %% 02.log_latency wrong: linear latency as soon as T is large
def log_latency(x, T):
    if T > 80:
        return torch.round((T - 1) * (1 - x))
    return torch.round(-torch.log(x + (1 - x) * math.exp(-(T - 1))))


# %% 02.log_latency wrong: asks a whole tensor whether it is 0
def log_latency(x, T):
    if x == 0:
        return torch.tensor(T - 1.0)
    return torch.round(-torch.log(x + (1 - x) * math.exp(-(T - 1))))


# %% 02.log_latency wrong: math.log of a tensor
def log_latency(x, T):
    return round(-math.log(x + (1 - x) * math.exp(-(T - 1))))


# %% 02.log_latency wrong: the exponent has the wrong sign and overflows
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(T - 1))
    return t.clamp(max=T - 1).round()


# %% 02.log_latency wrong: the last step is always 999
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    return t.clamp(max=999).round()


# %% 02.log_latency wrong: the values at x = 0 are left out, the shape shrinks
def log_latency(x, T):
    x = x[x > 0]
    return torch.round(-torch.log(x + (1 - x) * math.exp(-(T - 1))))


# %% 02.log_latency wrong: not-a-number is replaced, infinity is not
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    return torch.nan_to_num(t, nan=T - 1.0).round()


# %% 02.log_latency wrong: logarithm of base 2
def log_latency(x, T):
    t = -torch.log2(x + (1 - x) * math.exp(-(T - 1)))
    return t.clamp(max=T - 1).round()


# %% 02.log_latency wrong: returns the spike train
def log_latency(x, T):
    t = (-torch.log(x + (1 - x) * math.exp(-(T - 1)))).clamp(max=T - 1).round()
    return torch.arange(T).reshape(-1, *[1] * x.dim()) == t


# %% 02.log_latency wrong: x is changed in place
def log_latency(x, T):
    black = x == 0
    x[black] = 1.0
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    t[black] = T - 1
    return t.round()


# %% 02.log_latency right: clamp after the logarithm
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    return t.clamp(max=T - 1).round()


# %% 02.log_latency right: where
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(1 - T))
    return torch.where(x > 0, t, float(T - 1)).round()


# %% 02.log_latency right: logaddexp
def log_latency(x, T):
    t = -torch.logaddexp(torch.log(x), torch.log1p(-x) - (T - 1))
    return torch.round(t)


# %% 02.log_latency right: numpy in 64 bits
import numpy as np


def log_latency(x, T):
    y = x.numpy().astype(np.float64)
    with np.errstate(divide="ignore"):
        t = -np.log(y + (1 - y) * np.exp(-(T - 1.0)))
    return torch.as_tensor(np.rint(np.minimum(t, T - 1)))


# %% 02.log_latency right: plain Python, whole numbers
def log_latency(x, T):
    times = []
    for v in x.flatten().tolist():
        y = v + (1 - v) * math.exp(-(T - 1))
        times.append(T - 1 if y == 0 else round(-math.log(y)))
    return torch.tensor(times).reshape(x.shape)


# %% 02.log_latency right: a mask on a copy
def log_latency(x, T):
    black = x == 0
    y = x.clone()
    y[black] = 1.0
    t = -torch.log(y + (1 - y) * math.exp(-(T - 1)))
    t[black] = T - 1
    return t.round().int()


# %% 02.log_latency right: the term is left out only where it cannot matter
def log_latency(x, T):
    if T > 200:
        return (-torch.log(x)).clamp(max=T - 1).round()
    return torch.round(-torch.log(x.double() + (1 - x.double()) * math.exp(1 - T)))


# %% 02.log_latency right: infinity replaced
def log_latency(x, T):
    small = torch.exp(torch.tensor(-(T - 1.0)))
    t = -torch.log(x + (1 - x) * small)
    return torch.nan_to_num(t, posinf=float(T - 1)).round().long()


# %% 02.centres wrong: j counts from 0
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) / 2 * d for j in range(m)]


# %% 02.centres wrong: the last centre is missing
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, m)]


# %% 02.centres wrong: evenly from x_min to x_max
def centres(x_min, x_max, m):
    return torch.linspace(x_min, x_max, m)


# %% 02.centres wrong: m instead of m - 2
def centres(x_min, x_max, m):
    d = (x_max - x_min) / m
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, m + 1)]


# %% 02.centres wrong: m - 1 instead of m - 2
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 1)
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, m + 1)]


# %% 02.centres wrong: x_min is not added
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [(2 * j - 3) / 2 * d for j in range(1, m + 1)]


# %% 02.centres wrong: whole-number division of the half spacing
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) // 2 * d for j in range(1, m + 1)]


# %% 02.centres wrong: whole-number division of the spacing
def centres(x_min, x_max, m):
    d = (x_max - x_min) // (m - 2)
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, m + 1)]


# %% 02.centres wrong: the brackets of the denominator are missing
def centres(x_min, x_max, m):
    d = (x_max - x_min) / m - 2
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, m + 1)]


# %% 02.centres wrong: the order is reversed
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) / 2 * d for j in range(m, 0, -1)]


# %% 02.centres wrong: not divided by 2
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) * d for j in range(1, m + 1)]


# %% 02.centres wrong: the first centre lies on x_min
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (j - 1) * d for j in range(1, m + 1)]


# %% 02.centres wrong: the first centre lies half a spacing to the right of x_min
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 1) / 2 * d for j in range(1, m + 1)]


# %% 02.centres wrong: the width sigma instead of the spacing
def centres(x_min, x_max, m):
    sigma = (x_max - x_min) / (m - 2) / 1.5
    return [x_min + (2 * j - 3) / 2 * sigma for j in range(1, m + 1)]


# %% 02.centres wrong: returns only the last centre
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    for j in range(1, m + 1):
        mu = x_min + (2 * j - 3) / 2 * d
    return mu


# %% 02.centres wrong: returns after the first centre
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    out = []
    for j in range(1, m + 1):
        out.append(x_min + (2 * j - 3) / 2 * d)
        return out


# %% 02.centres wrong: x_max alone instead of the range
def centres(x_min, x_max, m):
    d = x_max / (m - 2)
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, m + 1)]


# %% 02.centres wrong: always the six neurons of the figure
def centres(x_min, x_max, m):
    d = (x_max - x_min) / 4
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, 7)]


# %% 02.centres wrong: arange leaves out the last centre
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return torch.arange(m - 1) * d + x_min - d / 2


# %% 02.centres wrong: centres outside the range are pulled in
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [min(max(x_min + (2 * j - 3) / 2 * d, x_min), x_max) for j in range(1, m + 1)]


# %% 02.centres wrong: a generator that is empty after one use
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return (x_min + (2 * j - 3) / 2 * d for j in range(1, m + 1))


# %% 02.centres wrong: a column instead of a list
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    j = torch.arange(1, m + 1).unsqueeze(1)
    return x_min + (2 * j - 3) / 2 * d


# %% 02.centres wrong: the formula is given a list
def centres(x_min, x_max, m):
    j = list(range(1, m + 1))
    return x_min + (2 * j - 3) / 2 * (x_max - x_min) / (m - 2)


# %% 02.centres wrong: rounded to two digits
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [round(x_min + (2 * j - 3) / 2 * d, 2) for j in range(1, m + 1)]


# %% 02.centres right: a numpy array
import numpy as np


def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return np.linspace(x_min - d / 2, x_max + d / 2, m)


# %% 02.centres right: an error message for m below 3
def centres(x_min, x_max, m):
    if m < 3:
        raise ValueError("m must be at least 3")
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, m + 1)]


# %% 02.centres right: comprehension
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, m + 1)]


# %% 02.centres right: linspace
def centres(x_min, x_max, m):
    half = (x_max - x_min) / (m - 2) / 2
    return torch.linspace(x_min - half, x_max + half, m)


# %% 02.centres right: arange, tensor in 64 bits
def centres(x_min, x_max, m):
    j = torch.arange(1, m + 1, dtype=torch.float64)
    return x_min + (2 * j - 3) / 2 * (x_max - x_min) / (m - 2)


# %% 02.centres right: spacing added step by step
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    mu = x_min - d / 2
    out = []
    for _ in range(m):
        out.append(mu)
        mu += d
    return out


# %% 02.centres right: counted from 0, as a tuple
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return tuple(x_min + (k - 0.5) * d for k in range(m))


# %% 02.centres right: numpy turned into a list
import numpy as np


def centres(x_min, x_max, m):
    j = np.arange(1, m + 1)
    return (x_min + (j - 1.5) * (x_max - x_min) / (m - 2)).tolist()


# %% 02.centres right: a list of tensors without dimensions
def centres(x_min, x_max, m):
    d = torch.tensor((x_max - x_min) / (m - 2))
    return [x_min + (j - 1.5) * d for j in range(1, m + 1)]


# %% 02.DeltaEncoder wrong: fires only above the threshold, not at it
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref > self.threshold, ref - now > self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the reference jumps to the signal
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = torch.where(up | down, now, ref)
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: compares with the step before
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        change = torch.diff(x, dim=0, prepend=x[:1])
        return torch.stack([change >= self.threshold, -change >= self.threshold], 1)


# %% 02.DeltaEncoder wrong: up and down are exchanged
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([down, up]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the channels come before time
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, ups, downs = x[0].clone(), [], []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            ups.append(up)
            downs.append(down)
        return torch.stack([torch.stack(ups), torch.stack(downs)])


# %% 02.DeltaEncoder wrong: the channels come last
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down], -1))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: floats instead of bool
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), torch.zeros(len(x), 2, *x.shape[1:])
        for t, now in enumerate(x):
            out[t, 0] = now - ref >= self.threshold
            out[t, 1] = ref - now >= self.threshold
            ref = ref + self.threshold * (out[t, 0] - out[t, 1])
        return out


# %% 02.DeltaEncoder wrong: the reference starts at 0
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = torch.zeros_like(x[0]), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the reference is the input's own first step, which is changed
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0], []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref += self.threshold * up.to(x.dtype) - self.threshold * down.to(x.dtype)
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: one reference for all pixels
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].mean(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * (up.float().mean() - down.float().mean())
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the reference is moved for all pixels when one fires
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            if up.any():
                ref = ref + self.threshold
            if down.any():
                ref = ref - self.threshold
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the reference never moves
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            out.append(torch.stack([now - ref >= self.threshold, ref - now >= self.threshold]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the reference moves only upwards
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the reference moves away from the signal
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref - self.threshold * up + self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the first step has no output
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x[1:]:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the absolute change, both channels fire together
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            fired = (now - ref).abs() >= self.threshold
            ref = ref + self.threshold * fired * torch.sign(now - ref)
            out.append(torch.stack([fired, fired]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the reference is kept from one signal to the next
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold
        self.ref = None

    def encode(self, x):
        if self.ref is None:
            self.ref = x[0].clone()
        out = []
        for now in x:
            up, down = now - self.ref >= self.threshold, self.ref - now >= self.threshold
            self.ref = self.ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the threshold is a constant
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = 0.1

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: works only for a single pixel
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = float(x[0]), torch.zeros(len(x), 2, dtype=torch.bool)
        for t in range(len(x)):
            if x[t] - ref >= self.threshold:
                out[t, 0] = True
                ref += self.threshold
            elif ref - x[t] >= self.threshold:
                out[t, 1] = True
                ref -= self.threshold
        return out


# %% 02.DeltaEncoder wrong: catches up with several notches in one step
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            notches = torch.trunc((now - ref) / self.threshold)
            ref = ref + self.threshold * notches
            out.append(torch.stack([notches > 0, notches < 0]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the reference moves by 1 instead of the threshold
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + up.to(x.dtype) - down.to(x.dtype)
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: forgets to call the base class
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: no return
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        spikes = torch.stack(out)


# %% 02.DeltaEncoder wrong: a list instead of a tensor
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return out


# %% 02.DeltaEncoder wrong: only one channel, up as 1 and down as -1
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            step = (now - ref >= self.threshold).int() - (ref - now >= self.threshold).int()
            ref = ref + self.threshold * step
            out.append(step)
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the spikes come one step late
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref = x[0].clone()
        out = torch.zeros(len(x) + 1, 2, *x.shape[1:], dtype=torch.bool)
        for t, now in enumerate(x):
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out[t + 1, 0], out[t + 1, 1] = up, down
        return out[:-1]


# %% 02.DeltaEncoder wrong: the class does not inherit from TrainEncoder
class DeltaEncoder:
    def __init__(self, threshold):
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder right: levels counted in thresholds
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        start, level, out = x[0], torch.zeros_like(x[0]), []
        for now in x:
            notches = (now - start) / self.threshold - level
            up, down = notches >= 1, notches <= -1
            level = level + up.to(x.dtype) - down.to(x.dtype)
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder right: tensors, step by step
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder right: output prepared, where
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref = x[0]
        out = torch.zeros((x.shape[0], 2) + tuple(x.shape[1:]), dtype=torch.bool)
        for t in range(1, x.shape[0]):
            out[t, 0] = x[t] >= ref + self.threshold
            out[t, 1] = x[t] <= ref - self.threshold
            ref = torch.where(out[t, 0], ref + self.threshold, ref)
            ref = torch.where(out[t, 1], ref - self.threshold, ref)
        return out


# %% 02.DeltaEncoder right: numpy
import numpy as np


class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        signal = x.numpy()
        ref = signal[0].copy()
        out = np.zeros((len(signal), 2, *signal.shape[1:]), dtype=bool)
        for t, now in enumerate(signal):
            gap = now - ref
            out[t, 0] = gap >= self.threshold
            out[t, 1] = gap <= -self.threshold
            ref = ref + np.sign(gap) * (np.abs(gap) >= self.threshold) * np.float32(self.threshold)
        return torch.from_numpy(out)


# %% 02.DeltaEncoder right: plain loops over flattened pixels
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        T, flat = len(x), x.reshape(len(x), -1)
        out = torch.zeros(T, 2, flat.shape[1], dtype=torch.bool)
        for k in range(flat.shape[1]):
            values = flat[:, k].tolist()
            ref = values[0]
            for t, value in enumerate(values):
                if value - ref >= self.threshold:
                    out[t, 0, k] = True
                    ref += self.threshold
                elif ref - value >= self.threshold:
                    out[t, 1, k] = True
                    ref -= self.threshold
        return out.reshape(T, 2, *x.shape[1:])


# %% 02.DeltaEncoder right: two lists stacked in the second dimension, 64 bits
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = float(threshold)

    def encode(self, x):
        x = x.double()
        ref = x[0].clone()
        ups, downs = [], []
        for t in range(len(x)):
            gap = x[t] - ref
            ups.append(gap >= self.threshold)
            downs.append(-gap >= self.threshold)
            ref[ups[t]] += self.threshold
            ref[downs[t]] -= self.threshold
        return torch.stack((torch.stack(ups), torch.stack(downs)), dim=1)


# %% 02.poisson_encode wrong: the columns share their random numbers
def poisson_encode(x, T):
    if x.dim() < 2:
        return torch.rand(T, *x.shape) < x
    return torch.rand(T, *x.shape[:-1], 1) < x


# %% 02.poisson_encode wrong: one coin for two steps
def poisson_encode(x, T):
    coin = torch.rand((T + 1) // 2, *x.shape).repeat_interleave(2, 0)[:T]
    return coin < x


# %% 02.poisson_encode wrong: rounded before the comparison, so a grey of 0.15 becomes 0.1 or 0.2
def poisson_encode(x, T):
    return torch.rand(T, *x.shape) < x.round(decimals=1)


# %% 02.poisson_encode wrong: fires less and less
def poisson_encode(x, T):
    fade = torch.linspace(1.0, 0.9, T).reshape(-1, *[1] * x.dim())
    return torch.rand(T, *x.shape) < x * fade


# %% 02.poisson_encode right: uniform numbers on a grid of many levels, written into zeros
def poisson_encode(x, T):
    out = torch.zeros(T, *x.shape).bool()
    out[torch.empty(T, *x.shape).uniform_() < x] = True
    return out


# %% 02.latency_times wrong: a numpy array instead of a tensor
import numpy as np


def latency_times(x, T):
    return np.rint((T - 1) * (1 - x.numpy()))


# %% 02.latency_times wrong: never before step 1
def latency_times(x, T):
    return torch.round((T - 1) * (1 - x)).clamp(min=1)


# %% 02.latency_times wrong: the smallest value is subtracted first
def latency_times(x, T):
    return torch.round((T - 1) * (1 - (x - x.min())))


# %% 02.latency_times wrong: rounds halves down
def latency_times(x, T):
    return torch.ceil((T - 1) * (1 - x) - 0.5)


# %% 02.latency_times right: lerp between the last step and the first, a double
def latency_times(x, T):
    last = torch.full_like(x, T - 1, dtype=torch.float64)
    return torch.lerp(last, torch.zeros_like(last), x.double()).round()


# %% 02.log_latency wrong: looks for black only in the first element
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    if x.flatten()[0] == 0:
        t.view(-1)[0] = T - 1
    return t.round()


# %% 02.log_latency wrong: the times count from 1
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    return t.clamp(max=T - 1).round() + 1


# %% 02.log_latency wrong: everything darker than a thousandth counts as black
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    return torch.where(x <= 1e-3, float(T - 1), t).round()


# %% 02.log_latency wrong: a plain list for a tensor
def log_latency(x, T):
    t = -torch.log(x + (1 - x) * math.exp(-(T - 1)))
    return t.clamp(max=T - 1).round().tolist()


# %% 02.log_latency right: in 64 bits with the exponent added up as a maximum and a rest
def log_latency(x, T):
    y = x.to(torch.float64)
    a, b = torch.log(y), torch.log1p(-y) + (1 - T)
    top = torch.maximum(a, b)
    return -(top + torch.log(torch.exp(a - top) + torch.exp(b - top))).round()


# %% 02.centres wrong: two neurons too few, those inside the range
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) / 2 * d for j in range(2, m)]


# %% 02.centres wrong: a neuron too many
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [x_min + (2 * j - 3) / 2 * d for j in range(1, m + 2)]


# %% 02.centres wrong: spacings of m - 2, but centred on a range that begins at 0
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return torch.linspace(-d / 2, x_max - x_min + d / 2, m)


# %% 02.centres wrong: the pairs of centre and width
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    return [(x_min + (2 * j - 3) / 2 * d, d / 1.5) for j in range(1, m + 1)]


# %% 02.centres right: a cumulative sum
def centres(x_min, x_max, m):
    d = (x_max - x_min) / (m - 2)
    steps = torch.full((m,), d, dtype=torch.float64)
    steps[0] = x_min - d / 2
    return steps.cumsum(0)


# %% 02.DeltaEncoder wrong: starts from the last sample
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[-1].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: down spikes only when nobody rises
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            if up.any():
                down = torch.zeros_like(down)
            ref = ref + self.threshold * up - self.threshold * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the reference of the next step is half-way between
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            up, down = now - ref >= self.threshold, ref - now >= self.threshold
            ref = torch.where(up | down, (ref + now) / 2, ref)
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder wrong: the threshold is relative to the reference
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.threshold = threshold

    def encode(self, x):
        ref, out = x[0].clone(), []
        for now in x:
            step = self.threshold * ref.abs().clamp(min=1e-3)
            up, down = now - ref >= step, ref - now >= step
            ref = ref + step * up - step * down
            out.append(torch.stack([up, down]))
        return torch.stack(out)


# %% 02.DeltaEncoder right: recursion over the steps, threshold kept as a buffer
class DeltaEncoder(encoding.TrainEncoder):
    def __init__(self, threshold):
        super().__init__()
        self.register_buffer("threshold", torch.as_tensor(threshold))

    def encode(self, x):
        def walk(rest, ref):
            if len(rest) == 0:
                return []
            gap = rest[0] - ref
            sign = gap.sign() * (gap.abs() >= self.threshold)
            return [torch.stack([sign > 0, sign < 0])] + walk(rest[1:], ref + sign * self.threshold)

        return torch.stack(walk(x, x[0]))
