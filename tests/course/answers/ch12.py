# %% 12.half_life wrong: the continuous half-life
def half_life(tau):
    return tau * math.log(2)

# %% 12.half_life wrong: negative
def half_life(tau):
    return math.log(2) / math.log(1 - 1 / tau)

# %% 12.half_life wrong: numerator and denominator change places
def half_life(tau):
    return math.log(1 - 1 / tau) / math.log(0.5)

# %% 12.half_life wrong: rounded up to whole steps
def half_life(tau):
    return math.ceil(math.log(0.5) / math.log(1 - 1 / tau))

# %% 12.half_life wrong: rounded
def half_life(tau):
    return round(math.log(0.5) / math.log(1 - 1 / tau))

# %% 12.half_life wrong: counts whole steps
def half_life(tau):
    v, n = 1.0, 0
    while v > 0.5:
        v *= 1 - 1 / tau
        n += 1
    return n

# %% 12.half_life wrong: a base 10 logarithm by a natural one
def half_life(tau):
    return math.log10(0.5) / math.log(1 - 1 / tau)

# %% 12.half_life wrong: the factor is 1/tau
def half_life(tau):
    return math.log(0.5) / math.log(1 / tau)

# %% 12.half_life wrong: the factor is 1 + 1/tau
def half_life(tau):
    return math.log(0.5) / math.log(1 + 1 / tau)

# %% 12.half_life wrong: half of tau
def half_life(tau):
    return tau / 2

# %% 12.half_life wrong: one half divided by what is left
def half_life(tau):
    return 0.5 / (1 - 1 / tau)

# %% 12.half_life wrong: a power in place of a logarithm
def half_life(tau):
    return 0.5 ** (1 - 1 / tau)

# %% 12.half_life wrong: tau is taken to be 10
def half_life(tau):
    return math.log(0.5) / math.log(1 - 1 / 10)

# %% 12.half_life wrong: whole-number division
def half_life(tau):
    return math.log(0.5) / math.log(1 - 1 // tau)

# %% 12.half_life wrong: the time until 1/e is left
def half_life(tau):
    return -1 / math.log(1 - 1 / tau)

# %% 12.half_life wrong: one step too many
def half_life(tau):
    return 1 + math.log(0.5) / math.log(1 - 1 / tau)

# %% 12.half_life wrong: a difference of logarithms
def half_life(tau):
    return math.log(0.5) - math.log(1 - 1 / tau)

# %% 12.half_life right: the formula
def half_life(tau):
    return math.log(0.5) / math.log(1 - 1 / tau)

# %% 12.half_life right: a logarithm to the base 1 - 1/tau
def half_life(tau):
    return math.log(1 / 2, 1 - 1 / tau)

# %% 12.half_life right: base 2
def half_life(tau):
    return -1 / math.log2((tau - 1) / tau)

# %% 12.half_life right: log1p, numpy
import numpy as np


def half_life(tau):
    return -np.log(2.0) / np.log1p(-1.0 / tau)

# %% 12.half_life right: torch, float64
def half_life(tau):
    keep = torch.as_tensor(1 - 1 / tau, dtype=torch.float64)
    return torch.tensor(0.5, dtype=torch.float64).log() / keep.log()

# %% 12.half_life right: bisection
def half_life(tau):
    low, high = 0.0, 2.0 * tau
    for _ in range(200):
        middle = (low + high) / 2
        if (1 - 1 / tau) ** middle > 0.5:
            low = middle
        else:
            high = middle
    return (low + high) / 2

# %% 12.half_life right: a case for tau = 1, which the task leaves out
def half_life(tau):
    if tau == 1:
        return 0.0
    return math.log(0.5) / math.log(1 - 1 / tau)

# %% 12.run_loop wrong: the input comes first
def run_loop(f, x_seq):
    ys, y = [], 0.0
    for x in x_seq:
        y = f(x, y)
        ys.append(y)
    return ys

# %% 12.run_loop wrong: the last output is never kept
def run_loop(f, x_seq):
    ys, y = [], 0.0
    for x in x_seq:
        ys.append(f(y, x))
    return ys

# %% 12.run_loop wrong: the start at 0 is among the outputs
def run_loop(f, x_seq):
    ys = [0.0]
    for x in x_seq:
        ys.append(f(ys[-1], x))
    return ys

# %% 12.run_loop wrong: begins with the first input as output
def run_loop(f, x_seq):
    ys = []
    for t in range(len(x_seq)):
        if t == 0:
            ys.append(x_seq[0])
        else:
            ys.append(f(ys[t - 1], x_seq[t]))
    return ys

# %% 12.run_loop wrong: accumulate without a start
from itertools import accumulate


def run_loop(f, x_seq):
    return list(accumulate(x_seq, f))

# %% 12.run_loop wrong: the last output only
def run_loop(f, x_seq):
    y = 0.0
    for x in x_seq:
        y = f(y, x)
    return y

# %% 12.run_loop wrong: starts from 1
def run_loop(f, x_seq):
    ys, y = [], 1.0
    for x in x_seq:
        y = f(y, x)
        ys.append(y)
    return ys

# %% 12.run_loop wrong: the output before the step is kept
def run_loop(f, x_seq):
    ys, y = [], 0.0
    for x in x_seq:
        ys.append(y)
        y = f(y, x)
    return ys

# %% 12.run_loop wrong: the last step is missing
def run_loop(f, x_seq):
    ys, y = [], 0.0
    for t in range(len(x_seq) - 1):
        y = f(y, x_seq[t])
        ys.append(y)
    return ys

# %% 12.run_loop wrong: the output of two steps ago
def run_loop(f, x_seq):
    ys = [0.0, 0.0]
    for x in x_seq:
        ys.append(f(ys[-2], x))
    return ys[2:]

# %% 12.run_loop wrong: the last input takes the place of the last output
def run_loop(f, x_seq):
    ys, last = [], 0.0
    for x in x_seq:
        ys.append(f(last, x))
        last = x
    return ys

# %% 12.run_loop wrong: outputs are kept from call to call
def run_loop(f, x_seq, ys=[]):
    y = 0.0
    for x in x_seq:
        y = f(y, x)
        ys.append(y)
    return ys

# %% 12.run_loop wrong: the inputs given are overwritten
def run_loop(f, x_seq):
    y = 0.0
    for t in range(len(x_seq)):
        y = f(y, x_seq[t])
        x_seq[t] = y
    return x_seq

# %% 12.run_loop wrong: outputs are cut to whole numbers
def run_loop(f, x_seq):
    ys = torch.zeros(len(x_seq), dtype=torch.int64)
    y = 0
    for t, x in enumerate(x_seq):
        ys[t] = y = int(f(y, x))
    return ys.tolist()

# %% 12.run_loop wrong: ys[t - 1] of step 0 is the last element of an empty list
def run_loop(f, x_seq):
    ys = []
    for t in range(len(x_seq)):
        ys.append(f(ys[t - 1], x_seq[t]))
    return ys

# %% 12.run_loop wrong: returns in the first step
def run_loop(f, x_seq):
    ys, y = [], 0.0
    for x in x_seq:
        y = f(y, x)
        ys.append(y)
        return ys

# %% 12.run_loop wrong: a generator, not a list
def run_loop(f, x_seq):
    y = 0.0
    for x in x_seq:
        y = f(y, x)
        yield y

# %% 12.run_loop wrong: a sum in place of f
def run_loop(f, x_seq):
    ys, y = [], 0.0
    for x in x_seq:
        y = y + x
        ys.append(y)
    return ys

# %% 12.run_loop wrong: an output of 0 is taken for no output
def run_loop(f, x_seq):
    ys, y = [], None
    for x in x_seq:
        y = f(y or x, x)
        ys.append(y)
    return ys

# %% 12.run_loop right: a plain loop
def run_loop(f, x_seq):
    ys = []
    y = 0
    for x in x_seq:
        y = f(y, x)
        ys.append(y)
    return ys

# %% 12.run_loop right: accumulate from 0
from itertools import accumulate


def run_loop(f, x_seq):
    return list(accumulate(x_seq, f, initial=0))[1:]

# %% 12.run_loop right: comprehension with an assignment, a tuple
def run_loop(f, x_seq):
    y = 0.0
    return tuple([y := f(y, x) for x in x_seq])

# %% 12.run_loop right: indices
def run_loop(f, x_seq):
    ys = [0.0] * len(x_seq)
    for t in range(len(x_seq)):
        ys[t] = f(ys[t - 1] if t > 0 else 0.0, x_seq[t])
    return ys

# %% 12.run_loop right: a class
class Loop:
    def __init__(self, f):
        self.f = f
        self.y = 0.0

    def __call__(self, x):
        self.y = self.f(self.y, x)
        return self.y


def run_loop(f, x_seq):
    return list(map(Loop(f), x_seq))

# %% 12.run_loop right: recursion
def run_loop(f, x_seq):
    if len(x_seq) == 0:
        return []
    before = run_loop(f, x_seq[:-1])
    return before + [f(before[-1] if before else 0, x_seq[-1])]

# %% 12.run_loop right: a tensor for a list
def run_loop(f, x_seq):
    ys, y = torch.zeros(len(x_seq), dtype=torch.float64), 0.0
    for t, x in enumerate(x_seq):
        y = f(y, x)
        ys[t] = y
    return ys

# %% 12.low_pass_step wrong: decays in every step
def low_pass_step(i, s, tau):
    return i - i / tau + s

# %% 12.low_pass_step wrong: the gate is the wrong way round
def low_pass_step(i, s, tau):
    return i - s * i / tau + s

# %% 12.low_pass_step wrong: the spike adds nothing
def low_pass_step(i, s, tau):
    return i - (1 - s) * i / tau

# %% 12.low_pass_step wrong: the sign of the decay
def low_pass_step(i, s, tau):
    return i + (1 - s) * i / tau + s

# %% 12.low_pass_step wrong: the spike is taken off
def low_pass_step(i, s, tau):
    return i - (1 - s) * i / tau - s

# %% 12.low_pass_step wrong: not divided by tau
def low_pass_step(i, s, tau):
    return i - (1 - s) * i + s

# %% 12.low_pass_step wrong: multiplied by tau
def low_pass_step(i, s, tau):
    return i - (1 - s) * i * tau + s

# %% 12.low_pass_step wrong: the spike is divided by tau as well
def low_pass_step(i, s, tau):
    return i - ((1 - s) * i - s) / tau

# %% 12.low_pass_step wrong: a spike sets the current to 1
def low_pass_step(i, s, tau):
    return (1 - s) * (i - i / tau) + s

# %% 12.low_pass_step wrong: the spike decays at once
def low_pass_step(i, s, tau):
    return (i + s) * (1 - 1 / tau)

# %% 12.low_pass_step wrong: only the change
def low_pass_step(i, s, tau):
    return -(1 - s) * i / tau + s

# %% 12.low_pass_step wrong: tau is taken to be 10
def low_pass_step(i, s, tau):
    return i - (1 - s) * i / 10 + s

# %% 12.low_pass_step wrong: whole-number division
def low_pass_step(i, s, tau):
    return i - (1 - s) * i // tau + s

# %% 12.low_pass_step wrong: what decays is kept, not what is left
def low_pass_step(i, s, tau):
    return (1 - s) * i / tau + s * (i + 1)

# %% 12.low_pass_step wrong: the exponential of the exact solution
def low_pass_step(i, s, tau):
    return i * math.exp(-(1 - float(s)) / tau) + s

# %% 12.low_pass_step wrong: the current stops at 1
def low_pass_step(i, s, tau):
    i = i - (1 - s) * i / tau + s
    return torch.clamp(torch.as_tensor(i), max=1.0)

# %% 12.low_pass_step wrong: current and spike come back
def low_pass_step(i, s, tau):
    i = i - (1 - s) * i / tau + s
    return i, s

# %% 12.low_pass_step wrong: the branch with a spike returns nothing
def low_pass_step(i, s, tau):
    if s == 0:
        return i - i / tau
    i = i + 1

# %% 12.low_pass_step right: the equation
def low_pass_step(i, s, tau):
    return i - (1 - s) * i / tau + s

# %% 12.low_pass_step right: factored
def low_pass_step(i, s, tau):
    return i * (1 - (1 - s) / tau) + s

# %% 12.low_pass_step right: the two cases, weighted
def low_pass_step(i, s, tau):
    quiet = i - i / tau
    fired = i + 1
    return s * fired + (1 - s) * quiet

# %% 12.low_pass_step right: torch.where
def low_pass_step(i, s, tau):
    i = torch.as_tensor(i)
    return torch.where(torch.as_tensor(s) > 0, i + 1, i * (1 - 1 / tau))

# %% 12.low_pass_step right: the synapse of the library
def low_pass_step(i, s, tau):
    syn = synapse.LowPassSynapse(tau)
    s = torch.as_tensor(s, dtype=torch.float64)
    i = torch.as_tensor(i, dtype=torch.float64)
    syn(torch.zeros_like(i + s))
    syn.i = i + torch.zeros_like(s)
    return syn(s)

# %% 12.low_pass_step right: if, for numbers
def low_pass_step(i, s, tau):
    if s:
        return i + 1
    return i - i / tau

# %% 12.low_pass_step right: the spike times 1.0
def low_pass_step(i, s, tau):
    return i - i * (1 - s) / tau + s * 1.0

# %% 12.low_pass_step right: -= and +=
def low_pass_step(i, s, tau):
    i -= (1 - s) * i / tau
    i += s
    return i

# %% 12.accuracy_so_far wrong: the votes of each step by themselves
def accuracy_so_far(out, labels):
    return (out.float().argmax(2) == labels).float().mean(1)

# %% 12.accuracy_so_far wrong: votes are added over the batch
def accuracy_so_far(out, labels):
    return (out.float().cumsum(1).argmax(2) == labels).float().mean(1)

# %% 12.accuracy_so_far wrong: votes are added over the classes
def accuracy_so_far(out, labels):
    return (out.float().cumsum(2).argmax(2) == labels).float().mean(1)

# %% 12.accuracy_so_far wrong: the mean over time, one number a picture
def accuracy_so_far(out, labels):
    return (out.float().cumsum(0).argmax(2) == labels).float().mean(0)

# %% 12.accuracy_so_far wrong: a single number
def accuracy_so_far(out, labels):
    return (out.float().cumsum(0).argmax(2) == labels).float().mean()

# %% 12.accuracy_so_far wrong: the final accuracy, repeated
def accuracy_so_far(out, labels):
    final = (out.float().sum(0).argmax(1) == labels).float().mean()
    return final.repeat(len(out))

# %% 12.accuracy_so_far wrong: the argmax over the batch
def accuracy_so_far(out, labels):
    return (out.float().cumsum(0).argmax(1) == labels).float().mean(1)

# %% 12.accuracy_so_far wrong: the column of this step is not counted yet
def accuracy_so_far(out, labels):
    votes = out.float().cumsum(0) - out.float()
    return (votes.argmax(2) == labels).float().mean(1)

# %% 12.accuracy_so_far wrong: the number of right answers
def accuracy_so_far(out, labels):
    return (out.float().cumsum(0).argmax(2) == labels).sum(1)

# %% 12.accuracy_so_far wrong: percent
def accuracy_so_far(out, labels):
    return 100 * (out.float().cumsum(0).argmax(2) == labels).float().mean(1)

# %% 12.accuracy_so_far wrong: the part of errors
def accuracy_so_far(out, labels):
    return (out.float().cumsum(0).argmax(2) != labels).float().mean(1)

# %% 12.accuracy_so_far wrong: bool has no mean
def accuracy_so_far(out, labels):
    return (out.float().cumsum(0).argmax(2) == labels).mean(1)

# %% 12.accuracy_so_far wrong: votes are added from the end
def accuracy_so_far(out, labels):
    votes = out.float().flip(0).cumsum(0).flip(0)
    return (votes.argmax(2) == labels).float().mean(1)

# %% 12.accuracy_so_far wrong: once right counts as right for ever
def accuracy_so_far(out, labels):
    right = out.float().cumsum(0).argmax(2) == labels
    return (right.int().cumsum(0) > 0).float().mean(1)

# %% 12.accuracy_so_far wrong: the running mean of the accuracies of the steps
def accuracy_so_far(out, labels):
    right = (out.float().argmax(2) == labels).float().mean(1)
    return right.cumsum(0) / torch.arange(1, len(out) + 1)

# %% 12.accuracy_so_far wrong: right answers are divided by the number of steps
def accuracy_so_far(out, labels):
    return (out.float().cumsum(0).argmax(2) == labels).sum(1) / out.shape[0]

# %% 12.accuracy_so_far wrong: the last column is missing
def accuracy_so_far(out, labels):
    curve = []
    for t in range(1, len(out)):
        curve.append((out[:t].float().sum(0).argmax(1) == labels).float().mean())
    return torch.stack(curve)

# %% 12.accuracy_so_far wrong: the slice ends before the column
def accuracy_so_far(out, labels):
    return torch.stack([(out[:t].float().sum(0).argmax(1) == labels).float().mean() for t in range(len(out))])

# %% 12.accuracy_so_far wrong: the spikes given are overwritten by their sums
def accuracy_so_far(out, labels):
    for t in range(1, len(out)):
        out[t] += out[t - 1]
    return (out.argmax(2) == labels).float().mean(1)

# %% 12.accuracy_so_far right: cumsum
def accuracy_so_far(out, labels):
    return (out.cumsum(0).argmax(2) == labels).float().mean(1)

# %% 12.accuracy_so_far right: a loop over the columns
def accuracy_so_far(out, labels):
    votes, curve = torch.zeros(out.shape[1:]), []
    for step in out:
        votes = votes + step
        curve.append((votes.argmax(1) == labels).float().mean())
    return torch.stack(curve)

# %% 12.accuracy_so_far right: running rates, float64
def accuracy_so_far(out, labels):
    T, N, C = out.shape
    rates = out.double().cumsum(dim=0) / torch.arange(1, T + 1).view(T, 1, 1)
    return (rates.max(dim=-1).indices == labels.unsqueeze(0)).sum(dim=1).double() / N

# %% 12.accuracy_so_far right: numpy and back
import numpy as np


def accuracy_so_far(out, labels):
    votes = np.cumsum(out.detach().numpy().astype(np.float64), axis=0)
    return torch.from_numpy((votes.argmax(-1) == labels.numpy()).mean(axis=1))

# %% 12.accuracy_so_far right: a matrix of ones below the diagonal
def accuracy_so_far(out, labels):
    T = out.shape[0]
    votes = torch.einsum("ts,snc->tnc", torch.ones(T, T).tril(), out.float())
    return votes.argmax(2).eq(labels).float().mean(1)

# %% 12.accuracy_so_far right: a filled tensor
def accuracy_so_far(out, labels):
    curve = torch.zeros(len(out))
    for t in range(len(out)):
        guess = out[: t + 1].sum(0).argmax(1)
        curve[t] = sum(int(g) == int(l) for g, l in zip(guess, labels)) / len(labels)
    return curve

# %% 12.accuracy_so_far right: a list of floats
def accuracy_so_far(out, labels):
    return [(out[: t + 1].sum(0).argmax(1) == labels).float().mean().item() for t in range(len(out))]

# %% 12.accuracy_so_far wrong: in a tie the largest class number wins
def accuracy_so_far(out, labels):
    votes = out.cumsum(0).flip(2)
    return (out.shape[2] - 1 - votes.argmax(2) == labels).float().mean(1)

# %% 12.accuracy_so_far wrong: in a tie the label is among the winners
def accuracy_so_far(out, labels):
    votes = out.float().cumsum(0)
    own = votes.gather(2, labels.expand(len(out), -1)[..., None])[..., 0]
    return (own == votes.amax(2)).float().mean(1)

# %% 12.slope_of_w wrong: the current is brought up to date before p
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        i = i - (1 - s) * k * i + s
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: the old account is not carried on
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = -(1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: the old account does not decay
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: the sign of the new term
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p + (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: the derivative by k, not by w
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: k in place of k (1 - k)
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: the derivative of the loss is left out
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += p
    return slope

# %% 12.slope_of_w wrong: only the last step counts
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope = g * p
    return slope

# %% 12.slope_of_w wrong: p of the step before
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        slope += g * p
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
    return slope

# %% 12.slope_of_w wrong: the current decays in every step
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: p without the gate
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - k) * p - i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: spikes do not reach the current
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: the current starts at 1
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i, p, slope = 1.0, 0.0, 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: the mean over the steps
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope / max(1, len(s_seq))

# %% 12.slope_of_w wrong: the sign in the exponent
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: w is used for k
def slope_of_w(s_seq, g_seq, w):
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * w) * p - (1 - s) * i * w * (1 - w)
        i = i - (1 - s) * w * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: returns in the first step
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
        return slope

# %% 12.slope_of_w right: the recursion
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w right: two cases
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i, p, slope = 0.0, 0.0, 0.0
    for t in range(len(s_seq)):
        if s_seq[t]:
            i = i + 1
        else:
            p, i = (1 - k) * p - i * k * (1 - k), (1 - k) * i
        slope = slope + g_seq[t] * p
    return slope

# %% 12.slope_of_w right: lists of currents first, then of p
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    currents, ps = [0.0], [0.0]
    for s in s_seq:
        currents.append(currents[-1] * (1 - (1 - s) * k) + s)
    for t, s in enumerate(s_seq):
        ps.append((1 - (1 - s) * k) * ps[-1] - (1 - s) * currents[t] * k * (1 - k))
    return sum(g * p for g, p in zip(g_seq, ps[1:]))

# %% 12.slope_of_w right: backwards in time
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    before, i = [], 0.0
    for s in s_seq:
        before.append(i)
        i = i - (1 - s) * i * k + s
    back = by_k = 0.0
    for s, g, i in reversed(list(zip(s_seq, g_seq, before))):
        back += g
        by_k -= back * (1 - s) * i
        back *= 1 - (1 - s) * k
    return by_k * k * (1 - k)

# %% 12.slope_of_w right: automatic differentiation in float64, a 0-d tensor
def slope_of_w(s_seq, g_seq, w):
    w = torch.tensor(float(w), dtype=torch.float64, requires_grad=True)
    i, loss = torch.zeros((), dtype=torch.float64), 0 * w
    for s, g in zip(s_seq, g_seq):
        i = i - (1 - s) * i * torch.sigmoid(w) + s
        loss = loss + g * i
    return torch.autograd.grad(loss, w)[0]

# %% 12.slope_of_w right: numpy
import numpy as np


def slope_of_w(s_seq, g_seq, w):
    s, g = np.asarray(s_seq, dtype=float), np.asarray(g_seq, dtype=float)
    k = 1 / (1 + np.exp(-w))
    quiet, i, p = 1 - s, 0.0, np.zeros(len(s) + 1)
    for t in range(len(s)):
        p[t + 1] = (1 - quiet[t] * k) * p[t] - quiet[t] * i * k * (1 - k)
        i += s[t] - quiet[t] * i * k
    return np.dot(g, p[1:])

# %% 12.half_life wrong: the steps until one half is lost of what was there at tau steps
def half_life(tau):
    return tau * (1 - 0.5 ** (1 / tau))

# %% 12.half_life wrong: one half to the power of tau
def half_life(tau):
    return 0.5**tau

# %% 12.half_life wrong: printed, not returned
def half_life(tau):
    print(math.log(0.5) / math.log(1 - 1 / tau))

# %% 12.half_life right: two points of the straight line of logarithms
def half_life(tau):
    after = [math.log(1.0), math.log(1 - 1 / tau)]
    slope = after[1] - after[0]
    return (math.log(0.5) - after[0]) / slope

# %% 12.run_loop wrong: from the last input to the first
def run_loop(f, x_seq):
    ys, y = [], 0.0
    for x in reversed(x_seq):
        y = f(y, x)
        ys.append(y)
    return ys

# %% 12.run_loop wrong: outputs are added to the last ones
def run_loop(f, x_seq):
    ys, y = [], 0.0
    for x in x_seq:
        y += f(y, x)
        ys.append(y)
    return ys

# %% 12.run_loop wrong: the inputs are used up
def run_loop(f, x_seq):
    ys, y = [], 0.0
    while x_seq:
        y = f(y, x_seq.pop(0))
        ys.append(y)
    return ys

# %% 12.run_loop right: reduce
from functools import reduce


def run_loop(f, x_seq):
    return reduce(lambda ys, x: ys + [f(ys[-1] if ys else 0.0, x)], x_seq, [])

# %% 12.low_pass_step wrong: the same amount is lost in every quiet step
def low_pass_step(i, s, tau):
    return i - (1 - s) / tau + s

# %% 12.low_pass_step wrong: the current is rounded
def low_pass_step(i, s, tau):
    return round(i - (1 - s) * i / tau + s, 1)

# %% 12.low_pass_step wrong: a spike adds as much again
def low_pass_step(i, s, tau):
    return 2 * i if s else i - i / tau

# %% 12.low_pass_step right: a power
def low_pass_step(i, s, tau):
    return i * (1 - 1 / tau) ** (1 - s) + s

# %% 12.accuracy_so_far wrong: half of the old votes is forgotten
def accuracy_so_far(out, labels):
    votes, curve = torch.zeros_like(out[0]), []
    for now in out:
        votes = votes / 2 + now
        curve.append((votes.argmax(1) == labels).float().mean())
    return torch.stack(curve)

# %% 12.accuracy_so_far wrong: the share of votes that the label has
def accuracy_so_far(out, labels):
    votes = out.cumsum(0)
    own = votes.gather(2, labels.expand(len(out), -1)[..., None])[..., 0]
    return (own / votes.sum(2).clamp(min=1)).mean(1)

# %% 12.accuracy_so_far wrong: right if the label has a vote
def accuracy_so_far(out, labels):
    votes = out.cumsum(0)
    own = votes.gather(2, labels.expand(len(out), -1)[..., None])[..., 0]
    return (own > 0).float().mean(1)

# %% 12.accuracy_so_far right: means of votes, numpy floats
def accuracy_so_far(out, labels):
    T = len(out)
    means = out.cumsum(0) / torch.arange(1, T + 1)[:, None, None]
    return (means.argmax(2) == labels[None]).double().mean(1).numpy()

# %% 12.slope_of_w wrong: the loss, not its slope
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = loss = 0.0
    for s, g in zip(s_seq, g_seq):
        i = i - (1 - s) * k * i + s
        loss += g * i
    return loss

# %% 12.slope_of_w wrong: g from the end
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq[::-1]):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += g * p
    return slope

# %% 12.slope_of_w wrong: the signs of g only
def slope_of_w(s_seq, g_seq, w):
    k = 1 / (1 + math.exp(-w))
    i = p = slope = 0.0
    for s, g in zip(s_seq, g_seq):
        p = (1 - (1 - s) * k) * p - (1 - s) * i * k * (1 - k)
        i = i - (1 - s) * k * i + s
        slope += (g > 0) * p - (g < 0) * p
    return slope

# %% 12.slope_of_w right: a difference quotient in float64
def slope_of_w(s_seq, g_seq, w):
    def loss(w):
        k, i, total = 1 / (1 + math.exp(-w)), 0.0, 0.0
        for s, g in zip(s_seq, g_seq):
            i = i - (1 - s) * i * k + s
            total += g * i
        return total

    return (loss(w + 1e-5) - loss(w - 1e-5)) / 2e-5
