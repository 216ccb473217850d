# ruff: noqa

# %% 03.exp_decay wrong: decays in the step of a spike as well
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i - i / tau + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: the current becomes the amplitude instead of rising by it
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        if s:
            i = amplitude
        else:
            i = i - i / tau
        out.append(i)
    return out


# %% 03.exp_decay wrong: exponential factor instead of an Euler step
def exp_decay(spikes, tau, amplitude):
    import math

    i, out = 0.0, []
    for s in spikes:
        if s:
            i = i + amplitude
        else:
            i = i * math.exp(-1 / tau)
        out.append(i)
    return out


# %% 03.exp_decay wrong: the amplitude is always 1
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i - i / tau * (1 - s) + s
        out.append(i)
    return out


# %% 03.exp_decay wrong: recorded before the update
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        out.append(i)
        i = i - i / tau * (1 - s) + amplitude * s
    return out


# %% 03.exp_decay wrong: the start is recorded as well
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, [0.0]
    for s in spikes:
        i = i - i / tau * (1 - s) + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: never decays
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: only the part that leaks away is kept
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i + amplitude if s else i / tau
        out.append(i)
    return out


# %% 03.exp_decay wrong: decays only in the steps with a spike
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i - i / tau * s + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: the current grows between the spikes
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i + i / tau * (1 - s) + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: starts at the amplitude
def exp_decay(spikes, tau, amplitude):
    i, out = amplitude, []
    for s in spikes:
        i = i - i / tau * (1 - s) + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: only the currents at the spikes are recorded
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        if s:
            i += amplitude
            out.append(i)
        else:
            i -= i / tau
    return out


# %% 03.exp_decay wrong: returns only the last current
def exp_decay(spikes, tau, amplitude):
    i = 0.0
    for s in spikes:
        i = i - i / tau * (1 - s) + amplitude * s
    return i


# %% 03.exp_decay wrong: the inverse of a Python bool is taken bit by bit
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i - i / tau * (~s) + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: a list as default is kept between calls
def exp_decay(spikes, tau, amplitude, out=[]):
    i = 0.0
    for s in spikes:
        i = i - i / tau * (1 - s) + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: the amplitude is divided by tau
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i - i / tau * (1 - s) + amplitude / tau * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: whole-number division
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i - i // tau * (1 - s) + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: the current cannot exceed the amplitude
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = min(i + amplitude, amplitude) if s else i - i / tau
        out.append(i)
    return out


# %% 03.exp_decay wrong: the time constant of the chapter
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i - i / 10 * (1 - s) + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: a current only in the steps of the spikes
def exp_decay(spikes, tau, amplitude):
    return [amplitude * s for s in spikes]


# %% 03.exp_decay wrong: returns after the first step
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i - i / tau * (1 - s) + amplitude * s
        out.append(i)
        return out


# %% 03.exp_decay wrong: the current starts again from 0 in each step
def exp_decay(spikes, tau, amplitude):
    out = []
    for s in spikes:
        i = 0.0
        i = i - i / tau * (1 - s) + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay wrong: a constant amount is lost in each step
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i + amplitude if s else max(0.0, i - amplitude / tau)
        out.append(i)
    return out


# %% 03.exp_decay right: a tensor in place of the list
def exp_decay(spikes, tau, amplitude):
    out = torch.zeros(len(spikes), dtype=torch.float64)
    i = 0.0
    for t, s in enumerate(spikes):
        i = i + amplitude if s else i - i / tau
        out[t] = i
    return out


# %% 03.exp_decay wrong: the list of spikes is overwritten
def exp_decay(spikes, tau, amplitude):
    i = 0.0
    for t, s in enumerate(spikes):
        i = i + amplitude if s else i - i / tau
        spikes[t] = i
    return spikes


# %% 03.exp_decay right: the equation
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i - i / tau * (1 - s) + amplitude * s
        out.append(i)
    return out


# %% 03.exp_decay right: if and else
def exp_decay(spikes, tau, amplitude):
    out = []
    for s in spikes:
        before = out[-1] if out else 0
        if s:
            out.append(before + amplitude)
        else:
            out.append(before * (1 - 1 / tau))
    return out


# %% 03.exp_decay right: accumulate, a tuple
from itertools import accumulate


def exp_decay(spikes, tau, amplitude):
    def step(i, s):
        return i + amplitude if s else i - i / tau

    return tuple(accumulate(spikes, step, initial=0.0))[1:]


# %% 03.exp_decay right: the synapse of the library
def exp_decay(spikes, tau, amplitude):
    s = synapse.ExpDecayCurrent(float(tau), float(amplitude))
    return [s(torch.tensor([bool(spike)])).item() for spike in spikes]


# %% 03.exp_decay right: list of tensors without dimensions
def exp_decay(spikes, tau, amplitude):
    i, out = torch.zeros((), dtype=torch.float64), []
    for s in torch.tensor(spikes, dtype=torch.bool):
        i = torch.where(s, i + amplitude, i - i / tau)
        out.append(i)
    return out


# %% 03.exp_decay right: numpy, a list at the end
import numpy as np


def exp_decay(spikes, tau, amplitude):
    s = np.array(spikes, dtype=float)
    out = np.zeros(len(s))
    for t in range(len(s)):
        i = out[t - 1] if t > 0 else 0.0
        out[t] = i - i / tau * (1 - s[t]) + amplitude * s[t]
    return list(out)


# %% 03.exp_decay right: closed sum over the spikes so far
def exp_decay(spikes, tau, amplitude):
    keep = 1 - 1 / tau
    out = []
    for t in range(len(spikes)):
        total = 0.0
        for k in range(t + 1):
            if spikes[k]:
                silent = sum(1 for s in spikes[k + 1 : t + 1] if not s)
                total += amplitude * keep**silent
        out.append(total)
    return out


# %% 03.stp_step wrong: the second update reads the new x
def stp_step(x, v, s, v_base, tau_f, tau_d):
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    x = x + (1 - x) / tau_d - v_new * x * s
    return x, v_new, v_new * x * s


# %% 03.stp_step wrong: the current uses the old x
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x * s


# %% 03.stp_step wrong: the current uses the old v
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v * x_new * s


# %% 03.stp_step wrong: the current uses both old values
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v * x * s


# %% 03.stp_step wrong: v and x are returned in the wrong order
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return v_new, x_new, v_new * x_new * s


# %% 03.stp_step wrong: the current comes first
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return v_new * x_new * s, x_new, v_new


# %% 03.stp_step wrong: the two time constants are exchanged
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_f - v * x * s
    v_new = v + (v_base - v) / tau_d + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: there is a current without a spike
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new


# %% 03.stp_step wrong: the stock is used up without a spike
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: the release fraction rises without a spike
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v)
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: nothing recovers without a spike
def stp_step(x, v, s, v_base, tau_f, tau_d):
    if s == 0:
        return x, v, 0.0
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: nothing recovers in the step of a spike
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d * (1 - s) - v * x * s
    v_new = v + (v_base - v) / tau_f * (1 - s) + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: the stock loses the fraction at rest instead of v
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v_base * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: v rises by a fraction v instead of v_base
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: v falls back to 0 instead of v_base
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v - v / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: the stock recovers to v_base
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (v_base - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: the stock does not recover
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: a spike adds to the stock
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d + v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: v rises without regard to the distance from 1
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: the old values are returned
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x, v, v_new * x_new * s


# %% 03.stp_step wrong: only the current is returned
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return v_new * x_new * s


# %% 03.stp_step wrong: nothing is returned without a spike
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    if s:
        return x_new, v_new, v_new * x_new


# %% 03.stp_step wrong: the current is None without a spike
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new if s else None


# %% 03.stp_step wrong: whole-number division
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) // tau_d - v * x * s
    v_new = v + (v_base - v) // tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: exponential recovery instead of an Euler step
def stp_step(x, v, s, v_base, tau_f, tau_d):
    import math

    x_new = 1 - (1 - x) * math.exp(-1 / tau_d) - v * x * s
    v_new = v_base - (v_base - v) * math.exp(-1 / tau_f) + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step wrong: the stock recovers after the loss, from the value just reduced
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x - v * x * s
    x_new = x_new + (1 - x_new) / tau_d
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step right: one tensor of three numbers
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return torch.tensor([x_new, v_new, v_new * x_new * s], dtype=torch.float64)


# %% 03.stp_step right: x and v are kept between 0 and 1, where they are anyway
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = min(1.0, max(0.0, x + (1 - x) / tau_d - v * x * s))
    v_new = min(1.0, max(0.0, v + (v_base - v) / tau_f + v_base * (1 - v) * s))
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step right: new names
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step right: both at once
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x, v = x + (1 - x) / tau_d - v * x * s, v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x, v, v * x * s


# %% 03.stp_step right: x first, then v, which does not need x
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x = x + (1 - x) / tau_d - v * x * s
    v = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return [x, v, v * x * s]


# %% 03.stp_step right: early return without a spike
def stp_step(x, v, s, v_base, tau_f, tau_d):
    recovered = x + (1 - x) / tau_d
    fallen = v + (v_base - v) / tau_f
    if not s:
        return recovered, fallen, 0
    recovered -= v * x
    fallen += v_base * (1 - v)
    return recovered, fallen, fallen * recovered


# %% 03.stp_step right: tensors without dimensions, 32 bits
def stp_step(x, v, s, v_base, tau_f, tau_d):
    x, v, s = torch.tensor(float(x)), torch.tensor(float(v)), torch.tensor(float(s))
    x_new = x + (1 - x) / tau_d - v * x * s
    v_new = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return x_new, v_new, v_new * x_new * s


# %% 03.stp_step right: numpy, two equations in one array
import numpy as np


def stp_step(x, v, s, v_base, tau_f, tau_d):
    old = np.array([x, v], dtype=np.float64)
    rest, tau = np.array([1.0, v_base]), np.array([tau_d, tau_f])
    kick = np.array([-v * x, v_base * (1 - v)])
    new = old + (rest - old) / tau + kick * s
    return new[0], new[1], new.prod() * s


# %% 03.delay_line wrong: a delay of 0 fails
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        out = self.queue.pop(0)
        self.queue.append(x)
        return out


# %% 03.delay_line wrong: a delay of 0 returns 0
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        self.queue.append(x)
        if len(self.queue) == 1:
            return 0
        return self.queue.pop(0)


# %% 03.delay_line wrong: one step too late
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * (d + 1)

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: one step too early
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * max(d - 1, 0)

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: last in, first out
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop()


# %% 03.delay_line wrong: all lines share one queue
class DelayLine:
    queue = []

    def __init__(self, d):
        self.queue.extend([0] * d)

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: None instead of 0 at the start
class DelayLine:
    def __init__(self, d):
        self.queue = [None] * d

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: nothing is stored, always 0
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * (d + 1)

    def push(self, x):
        return self.queue[0]


# %% 03.delay_line wrong: a 0 is not put into the queue
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        if x:
            self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: returns the whole queue
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        self.queue.append(x)
        self.queue.pop(0)
        return self.queue


# %% 03.delay_line wrong: a negative index that means the front when the delay is 0
class DelayLine:
    def __init__(self, d):
        self.d = d
        self.queue = [0] * d

    def push(self, x):
        out = self.queue[-self.d]
        self.queue.append(x)
        return out


# %% 03.delay_line wrong: the first input fills the line
class DelayLine:
    def __init__(self, d):
        self.d = d
        self.queue = []

    def push(self, x):
        if not self.queue:
            self.queue = [x] * self.d
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: after the first zeros the input comes through without delay
class DelayLine:
    def __init__(self, d):
        self.queue = d

    def push(self, x):
        if self.queue > 0:
            self.queue -= 1
            return 0
        return x


# %% 03.delay_line wrong: the delay is always 2
class DelayLine:
    def __init__(self, d):
        self.queue = [0, 0]

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: puts in at the wrong end
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        self.queue.insert(0, x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: forgets to return
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        self.queue.append(x)
        self.queue.pop(0)


# %% 03.delay_line wrong: the oldest is read but never removed
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        self.queue.append(x)
        return self.queue[0]


# %% 03.delay_line wrong: a queue of limited length has dropped the oldest before it is read
from collections import deque


class DelayLine:
    def __init__(self, d):
        self.queue = deque([0] * d, maxlen=max(d, 1))

    def push(self, x):
        self.queue.append(x)
        return self.queue[0]


# %% 03.delay_line wrong: the line holds whole numbers only
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        self.queue.append(int(x))
        return self.queue.pop(0)


# %% 03.delay_line wrong: the queue is a local name
class DelayLine:
    def __init__(self, d):
        queue = [0] * d

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: holds the first d inputs and delays nothing after the end of the ring
class DelayLine:
    def __init__(self, d):
        self.d, self.t = d, 0
        self.queue = [0] * (d + 1)

    def push(self, x):
        if self.t <= self.d:
            self.queue[self.t] = x
        out = self.queue[self.t - self.d] if self.t >= self.d else 0
        self.t += 1
        return out


# %% 03.delay_line wrong: the queue is set up again with each push
class DelayLine:
    def __init__(self, d):
        self.d = d

    def push(self, x):
        self.queue = [0] * self.d
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line right: floats of 32 bits in a tensor
class DelayLine:
    def __init__(self, d):
        self.queue = torch.zeros(d)

    def push(self, x):
        self.queue = torch.cat([self.queue, torch.tensor([float(x)])])
        out, self.queue = self.queue[0], self.queue[1:]
        return out.item()


# %% 03.delay_line right: list
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line right: deque
from collections import deque


class DelayLine:
    def __init__(self, d):
        self.queue = deque([0.0] * d)

    def push(self, x):
        self.queue.append(x)
        return self.queue.popleft()


# %% 03.delay_line right: the whole history
class DelayLine:
    def __init__(self, d):
        self.d = d
        self.queue = []

    def push(self, x):
        self.queue.append(x)
        t = len(self.queue) - 1
        return self.queue[t - self.d] if t >= self.d else 0


# %% 03.delay_line right: ring
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * (d + 1)
        self.t = 0

    def push(self, x):
        n = len(self.queue)
        self.queue[self.t % n] = x
        self.t += 1
        return self.queue[self.t % n]


# %% 03.delay_line right: early return at delay 0
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        if not self.queue:
            return x
        out = self.queue[0]
        self.queue = self.queue[1:] + [x]
        return out


# %% 03.delay_line right: numpy, shifted by roll
import numpy as np


class DelayLine:
    def __init__(self, d):
        self.queue = np.zeros(d + 1)

    def push(self, x):
        self.queue = np.roll(self.queue, 1)
        self.queue[0] = x
        return self.queue[-1]


# %% 03.delay_line right: tensor in 64 bits, returns a tensor without dimensions
class DelayLine:
    def __init__(self, d):
        self.queue = torch.zeros(d, dtype=torch.float64)

    def push(self, x):
        longer = torch.cat([self.queue, torch.tensor([x], dtype=torch.float64)])
        self.queue = longer[1:]
        return longer[0]


# %% 03.delay_line right: limited deque read before it is filled
from collections import deque


class DelayLine:
    def __init__(self, d):
        self.queue = deque([0] * (d + 1), maxlen=d + 1)

    def push(self, x):
        self.queue.append(x)
        return self.queue[0]


# %% 03.wire wrong: row and column are exchanged
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[pre, post] += strength
    return w


# %% 03.wire wrong: the shape is [in_num, out_num]
def wire(synapses, in_num, out_num):
    w = torch.zeros(in_num, out_num)
    for pre, post, strength in synapses:
        w[pre, post] += strength
    return w


# %% 03.wire wrong: the last of several synapses wins
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] = strength
    return w


# %% 03.wire wrong: indexing by lists adds only one of several synapses
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    pre = [s[0] for s in synapses]
    post = [s[1] for s in synapses]
    w[post, pre] += torch.tensor([float(s[2]) for s in synapses])
    return w


# %% 03.wire wrong: whole numbers only
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num, dtype=torch.long)
    for pre, post, strength in synapses:
        w[post, pre] += int(strength)
    return w


# %% 03.wire wrong: nested lists instead of a tensor
def wire(synapses, in_num, out_num):
    w = [[0.0] * in_num for _ in range(out_num)]
    for pre, post, strength in synapses:
        w[post][pre] += strength
    return w


# %% 03.wire wrong: all rows are the same list
def wire(synapses, in_num, out_num):
    w = [[0.0] * in_num] * out_num
    for pre, post, strength in synapses:
        w[post][pre] += strength
    return torch.tensor(w)


# %% 03.wire wrong: 1 instead of the strength
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += 1
    return w


# %% 03.wire wrong: counts the neurons from 1
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post - 1, pre - 1] += strength
    return w


# %% 03.wire wrong: a triple is taken for (post, pre, w)
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for post, pre, strength in synapses:
        w[post, pre] += strength
    return w


# %% 03.wire wrong: transposed at the end
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return w.T


# %% 03.wire wrong: synapses in both directions
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
        if pre < out_num and post < in_num and pre != post:
            w[pre, post] += strength
    return w


# %% 03.wire wrong: returns after the first synapse
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
        return w


# %% 03.wire wrong: random where there is no synapse
def wire(synapses, in_num, out_num):
    w = torch.rand(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] = 0
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return w


# %% 03.wire wrong: ones where there is no synapse
def wire(synapses, in_num, out_num):
    w = torch.ones(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] = 0
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return w


# %% 03.wire wrong: skips neuron 0
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        if pre and post:
            w[post, pre] += strength
    return w


# %% 03.wire wrong: skips synapses between equal numbers
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        if pre != post:
            w[post, pre] += strength
    return w


# %% 03.wire wrong: the mean of several synapses instead of the sum
def wire(synapses, in_num, out_num):
    w, n = torch.zeros(out_num, in_num), torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
        n[post, pre] += 1
    return w / n.clamp(min=1)


# %% 03.wire wrong: the strongest of several synapses instead of the sum
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] = max(float(w[post, pre]), strength)
    return w


# %% 03.wire wrong: divided by zero where there is no synapse
def wire(synapses, in_num, out_num):
    w, n = torch.zeros(out_num, in_num), torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
        n[post, pre] += 1
    return w * n / n


# %% 03.wire wrong: inhibitory synapses become excitatory
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += abs(strength)
    return w


# %% 03.wire wrong: an empty list cannot be unpacked
def wire(synapses, in_num, out_num):
    pre, post, strength = zip(*synapses)
    w = torch.zeros(out_num, in_num)
    w.index_put_((torch.tensor(post), torch.tensor(pre)), torch.tensor(strength, dtype=torch.float32), accumulate=True)
    return w


# %% 03.wire wrong: the size is taken from the largest number in the list
def wire(synapses, in_num, out_num):
    in_num = max(pre for pre, _, _ in synapses) + 1
    out_num = max(post for _, post, _ in synapses) + 1
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return w


# %% 03.wire wrong: a flat tensor without its two dimensions
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num * in_num)
    for pre, post, strength in synapses:
        w[post * in_num + pre] += strength
    return w


# %% 03.wire wrong: the strengths of all synapses onto a neuron are scaled to 1
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
    total = w.sum(1, keepdim=True)
    return torch.where(total != 0, w / total, w)


# %% 03.wire wrong: a tensor without content is filled only in part
def wire(synapses, in_num, out_num):
    w = torch.full((out_num, in_num), float("nan"))
    for pre, post, strength in synapses:
        w[post, pre] = w[post, pre].nan_to_num() + strength
    return w


# %% 03.wire right: floats of 64 bits
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num, dtype=torch.float64)
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return w


# %% 03.wire right: a Parameter
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return torch.nn.Parameter(w)


# %% 03.wire wrong: the list of synapses is emptied
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    while synapses:
        pre, post, strength = synapses.pop()
        w[post, pre] += strength
    return w


# %% 03.wire right: loop
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return w


# %% 03.wire right: index_put_ that accumulates
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    if not synapses:
        return w
    pre, post, strength = (torch.tensor(column) for column in zip(*synapses))
    return w.index_put((post, pre), strength.float(), accumulate=True)


# %% 03.wire right: nested lists, made a tensor at the end
def wire(synapses, in_num, out_num):
    rows = [[0.0 for _ in range(in_num)] for _ in range(out_num)]
    for pre, post, strength in synapses:
        rows[post][pre] += strength
    return torch.tensor(rows)


# %% 03.wire right: comprehension over all pairs
def wire(synapses, in_num, out_num):
    return torch.tensor(
        [[float(sum(w for a, b, w in synapses if a == i and b == j)) for i in range(in_num)] for j in range(out_num)]
    )


# %% 03.wire right: numpy
import numpy as np


def wire(synapses, in_num, out_num):
    w = np.zeros((out_num, in_num), dtype=np.float32)
    for pre, post, strength in synapses:
        w[post][pre] = w[post][pre] + strength
    return torch.from_numpy(w)


# %% 03.wire right: the other way round, then transposed
def wire(synapses, in_num, out_num):
    w = torch.zeros(in_num, out_num)
    for pre, post, strength in synapses:
        w[pre, post] += strength
    return w.T


# %% 03.wire right: a dictionary of sums
from collections import defaultdict


def wire(synapses, in_num, out_num):
    total = defaultdict(float)
    for pre, post, strength in synapses:
        total[post, pre] += strength
    w = torch.zeros((out_num, in_num))
    for place, strength in total.items():
        w[place] = strength
    return w


# %% 03.wire right: flat index and bincount
def wire(synapses, in_num, out_num):
    place = torch.tensor([post * in_num + pre for pre, post, _ in synapses], dtype=torch.long)
    strength = torch.tensor([w for _, _, w in synapses], dtype=torch.float64)
    flat = torch.bincount(place, weights=strength, minlength=in_num * out_num)
    return flat.reshape(out_num, in_num).float()


# %% 03.locate wrong: the sign is the wrong way round
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return -max(range(-longest, longest + 1), key=hits)


# %% 03.locate wrong: the upper end of the range is not tried
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return max(range(-longest, longest), key=hits)


# %% 03.locate wrong: both ends of the range are not tried
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return max(range(-longest + 1, longest), key=hits)


# %% 03.locate wrong: only a later right ear is tried
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return max(range(longest + 1), key=hits)


# %% 03.locate wrong: returns the place in the list of counts
def locate(left, right, longest):
    counts = []
    for d in range(-longest, longest + 1):
        counts.append(sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right)))
    return counts.index(max(counts))


# %% 03.locate wrong: returns the largest count
def locate(left, right, longest):
    counts = []
    for d in range(-longest, longest + 1):
        counts.append(sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right)))
    return max(counts)


# %% 03.locate wrong: the difference of the first spikes
def locate(left, right, longest):
    return right.index(True) - left.index(True)


# %% 03.locate wrong: the difference of the mean times
def locate(left, right, longest):
    def mean(ear):
        times = [t for t, s in enumerate(ear) if s]
        return sum(times) / len(times)

    return round(mean(right) - mean(left))


# %% 03.locate wrong: reads past the end of the list
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)))

    return max(range(-longest, longest + 1), key=hits)


# %% 03.locate wrong: a negative start of a slice takes the end of the list
def locate(left, right, longest):
    def hits(d):
        return sum(a and b for a, b in zip(left, right[d:]))

    return max(range(-longest, longest + 1), key=hits)


# %% 03.locate wrong: the size without the sign
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return abs(max(range(-longest, longest + 1), key=hits))


# %% 03.locate wrong: the fewest coincidences
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return min(range(-longest, longest + 1), key=hits)


# %% 03.locate wrong: a fixed range instead of longest
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return max(range(-6, 7), key=hits)


# %% 03.locate wrong: demands that every spike has a partner
def locate(left, right, longest):
    for d in range(-longest, longest + 1):
        if all(right[t + d] for t in range(len(left)) if left[t] and 0 <= t + d < len(right)):
            return d


# %% 03.locate wrong: takes the first difference with any coincidence
def locate(left, right, longest):
    for d in range(-longest, longest + 1):
        if any(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right)):
            return d


# %% 03.locate wrong: counts steps with a spike in either ear
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] or right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return max(range(-longest, longest + 1), key=hits)


# %% 03.locate wrong: the best count is not remembered, the last difference wins
def locate(left, right, longest):
    best, answer = 0, 0
    for d in range(-longest, longest + 1):
        n = sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))
        if n > best:
            answer = d
    return answer


# %% 03.locate wrong: one too many
def locate(left, right, longest):
    counts = []
    for d in range(-longest, longest + 1):
        counts.append(sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right)))
    return counts.index(max(counts)) - longest + 1


# %% 03.locate wrong: compares spike number k with spike number k
def locate(left, right, longest):
    a = [t for t, s in enumerate(left) if s]
    b = [t for t, s in enumerate(right) if s]
    gaps = sorted(y - x for x, y in zip(a, b))
    return max(-longest, min(longest, gaps[len(gaps) // 2]))


# %% 03.locate wrong: returns the difference with its count
def locate(left, right, longest):
    best = (-1, 0)
    for d in range(-longest, longest + 1):
        n = sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))
        best = max(best, (n, d))
    return best


# %% 03.locate wrong: the mean of all differences within the range
def locate(left, right, longest):
    gaps = []
    for t in range(len(left)):
        for d in range(-longest, longest + 1):
            if 0 <= t + d < len(right) and left[t] and right[t + d]:
                gaps.append(d)
    return round(sum(gaps) / len(gaps))


# %% 03.locate wrong: the difference in the number of spikes
def locate(left, right, longest):
    return sum(right) - sum(left)


# %% 03.locate wrong: lists are multiplied as if they were arrays
def locate(left, right, longest):
    counts = {d: sum(left * right[d:]) for d in range(longest + 1)}
    return max(counts, key=counts.get)


# %% 03.locate right: the whole number as a float
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return float(max(range(-longest, longest + 1), key=hits))


# %% 03.locate right: of equal counts the last, but there are none
def locate(left, right, longest):
    best, answer = -1, 0
    for d in range(-longest, longest + 1):
        n = sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))
        if n >= best:
            best, answer = n, d
    return answer


# %% 03.locate right: spikes are carried round the end, which hardly matters
def locate(left, right, longest):
    a, b = torch.tensor(left).float(), torch.tensor(right).float()
    counts = [(torch.roll(a, d) * b).sum().item() for d in range(-longest, longest + 1)]
    return counts.index(max(counts)) - longest


# %% 03.locate right: counts are divided by the length of the overlap
def locate(left, right, longest):
    def share(d):
        pairs = [(left[t], right[t + d]) for t in range(len(left)) if 0 <= t + d < len(right)]
        return sum(a and b for a, b in pairs) / len(pairs)

    return max(range(-longest, longest + 1), key=share)


# %% 03.locate right: equal silence counts as well
def locate(left, right, longest):
    def alike(d):
        pairs = [(left[t], right[t + d]) for t in range(len(left)) if 0 <= t + d < len(right)]
        return sum(a == b for a, b in pairs) / len(pairs)

    return max(range(-longest, longest + 1), key=alike)


# %% 03.locate right: a key function
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return max(range(-longest, longest + 1), key=hits)


# %% 03.locate right: slices for both signs
def locate(left, right, longest):
    counts = {}
    for d in range(-longest, longest + 1):
        a, b = (left, right[d:]) if d >= 0 else (left[-d:], right)
        counts[d] = sum(1 for x, y in zip(a, b) if x and y)
    return max(counts, key=counts.get)


# %% 03.locate right: sets of spike times
def locate(left, right, longest):
    a = {t for t, s in enumerate(left) if s}
    b = {t for t, s in enumerate(right) if s}
    counts = [len({t + d for t in a} & b) for d in range(-longest, longest + 1)]
    return counts.index(max(counts)) - longest


# %% 03.locate right: numpy correlation, a numpy integer
import numpy as np


def locate(left, right, longest):
    full = np.correlate(np.array(right, dtype=float), np.array(left, dtype=float), "full")
    middle = len(left) - 1
    near = full[middle - longest : middle + longest + 1]
    return np.argmax(near) - longest


# %% 03.locate right: torch with padding, a tensor without dimensions
def locate(left, right, longest):
    a = torch.tensor(left, dtype=torch.float64)
    b = torch.nn.functional.pad(torch.tensor(right, dtype=torch.float64), (longest, longest))
    windows = b.unfold(0, len(left), 1)
    return (windows * a).sum(1).argmax() - longest


# %% 03.locate right: a count of all differences
from collections import Counter


def locate(left, right, longest):
    later = [t for t, s in enumerate(right) if s]
    gaps = Counter(b - a for a, s in enumerate(left) if s for b in later if abs(b - a) <= longest)
    return gaps.most_common(1)[0][0]


# %% 03.locate right: delay lines and coincidences, step by step
def locate(left, right, longest):
    best, answer = -1, None
    for k in range(2 * longest + 1):
        a = [False] * k + list(left)
        b = [False] * longest + list(right)
        n = 0
        for x, y in zip(a, b):
            if x and y:
                n += 1
        if n > best:
            best, answer = n, k - longest
    return answer


# %% 03.exp_decay wrong: the currents are rounded to whole numbers
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i + amplitude if s else i - i / tau
        out.append(round(i))
    return out


# %% 03.exp_decay wrong: several spikes in a row add up only once
def exp_decay(spikes, tau, amplitude):
    i, out, before = 0.0, [], False
    for s in spikes:
        if s and not before:
            i += amplitude
        elif not s:
            i -= i / tau
        before = s
        out.append(i)
    return out


# %% 03.exp_decay wrong: the list is printed instead of returned
def exp_decay(spikes, tau, amplitude):
    i, out = 0.0, []
    for s in spikes:
        i = i + amplitude if s else i - i / tau
        out.append(i)
    print(out)


# %% 03.exp_decay right: a numpy row in 32 bits from a generator
import numpy as np


def exp_decay(spikes, tau, amplitude):
    def currents(i=0.0):
        for s in spikes:
            i += amplitude if s else -i / tau
            yield i

    return np.fromiter(currents(), dtype=np.float32)


# %% 03.stp_step wrong: the output forgets the stock
def stp_step(x, v, s, v_base, tau_f, tau_d):
    new_x = x + (1 - x) / tau_d - v * x * s
    new_v = v + (v_base - v) / tau_f + v_base * (1 - v) * s
    return new_x, new_v, new_v * s


# %% 03.stp_step wrong: half of it is still the stub
def stp_step(x, v, s, v_base, tau_f, tau_d):
    new_x = x + (1 - x) / tau_d - v * x * s
    return new_x, ..., ...


# %% 03.stp_step wrong: the sign of the recovery of v is the wrong way round
def stp_step(x, v, s, v_base, tau_f, tau_d):
    new_x = x + (1 - x) / tau_d - v * x * s
    new_v = v + (v - v_base) / tau_f + v_base * (1 - v) * s
    return new_x, new_v, new_v * new_x * s


# %% 03.stp_step right: the values that are left, in complements
def stp_step(x, v, s, v_base, tau_f, tau_d):
    used, rest = 1 - x, 1 - v
    used = used - used / tau_d + v * x * s
    rest = rest - (v_base - v) / tau_f - v_base * rest * s
    return 1 - used, 1 - rest, (1 - used) * (1 - rest) if s else 0.0


# %% 03.delay_line wrong: a queue as default argument is shared by all
class DelayLine:
    def __init__(self, d, queue=[]):
        self.queue = queue
        self.queue.extend([0] * d)

    def push(self, x):
        self.queue.append(x)
        return self.queue.pop(0)


# %% 03.delay_line wrong: negative numbers become 0
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        self.queue.append(max(x, 0))
        return self.queue.pop(0)


# %% 03.delay_line wrong: push is still the stub
class DelayLine:
    def __init__(self, d):
        self.queue = [0] * d

    def push(self, x):
        return ...


# %% 03.delay_line right: a dictionary by time
class DelayLine:
    def __init__(self, d):
        self.d, self.t, self.coming = d, 0, {}

    def push(self, x):
        self.coming[self.t + self.d] = x
        self.t += 1
        return self.coming.pop(self.t - 1, 0)


# %% 03.wire wrong: a numpy array instead of a tensor
import numpy as np


def wire(synapses, in_num, out_num):
    w = np.zeros((out_num, in_num))
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return w


# %% 03.wire wrong: forgets to return
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength


# %% 03.wire wrong: the list is sorted in place
def wire(synapses, in_num, out_num):
    synapses.sort()
    w = torch.zeros(out_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return w


# %% 03.wire wrong: uses in_num for both sides
def wire(synapses, in_num, out_num):
    w = torch.zeros(in_num, in_num)
    for pre, post, strength in synapses:
        w[post, pre] += strength
    return w


# %% 03.wire right: products of one-hot rows
def wire(synapses, in_num, out_num):
    w = torch.zeros(out_num, in_num, dtype=torch.float64)
    for pre, post, strength in synapses:
        w = w + strength * torch.outer(torch.eye(out_num)[post], torch.eye(in_num)[pre])
    return w


# %% 03.locate wrong: the range of the first example
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    return max(range(-12, 13), key=hits)


# %% 03.locate wrong: a left lag is looked for in the first 600 steps only, in a list that may be shorter
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(600 - longest) if t + d >= 0)

    return max(range(-longest, longest + 1), key=hits)


# %% 03.locate wrong: prints the answer
def locate(left, right, longest):
    def hits(d):
        return sum(left[t] and right[t + d] for t in range(len(left)) if 0 <= t + d < len(right))

    print(max(range(-longest, longest + 1), key=hits))


# %% 03.locate right: a convolution by FFT
import numpy as np


def locate(left, right, longest):
    n = 2 * len(left)
    product = np.conj(np.fft.rfft(left, n)) * np.fft.rfft(right, n)
    counts = np.fft.irfft(product, n)
    return max(range(-longest, longest + 1), key=lambda d: round(counts[d % n]))
