# ruff: noqa

# %% 01.euler_step wrong: the leak has the wrong sign
def euler_step(v, i, r, tau, dt):
    return v + dt / tau * (v + r * i)


# %% 01.euler_step wrong: the input has the wrong sign
def euler_step(v, i, r, tau, dt):
    return v + dt / tau * (-v - r * i)


# %% 01.euler_step wrong: the step dt is missing
def euler_step(v, i, r, tau, dt):
    return v + (-v + r * i) / tau


# %% 01.euler_step wrong: the resistance is missing
def euler_step(v, i, r, tau, dt):
    return v + dt / tau * (-v + i)


# %% 01.euler_step wrong: returns only the change
def euler_step(v, i, r, tau, dt):
    return dt / tau * (-v + r * i)


# %% 01.euler_step wrong: returns the derivative
def euler_step(v, i, r, tau, dt):
    return (-v + r * i) / tau


# %% 01.euler_step wrong: multiplies by tau instead of dividing
def euler_step(v, i, r, tau, dt):
    return v + dt * tau * (-v + r * i)


# %% 01.euler_step wrong: whole-number division
def euler_step(v, i, r, tau, dt):
    return v + dt // tau * (-v + r * i)


# %% 01.euler_step wrong: the exact solution instead of an Euler step
def euler_step(v, i, r, tau, dt):
    return r * i + (v - r * i) * math.exp(-dt / tau)


# %% 01.euler_step wrong: backward Euler instead of forward
def euler_step(v, i, r, tau, dt):
    return (v + dt / tau * r * i) / (1 + dt / tau)


# %% 01.euler_step wrong: the resistance also multiplies the leak
def euler_step(v, i, r, tau, dt):
    return v + dt / tau * r * (-v + i)


# %% 01.euler_step wrong: no leak
def euler_step(v, i, r, tau, dt):
    return v + dt / tau * r * i


# %% 01.euler_step wrong: the input is not scaled by dt / tau
def euler_step(v, i, r, tau, dt):
    return v - dt / tau * v + r * i


# %% 01.euler_step wrong: the time constant of the chapter in place of the parameter
def euler_step(v, i, r, tau, dt):
    return v + dt / 20 * (-v + r * i)


# %% 01.euler_step wrong: resets at the threshold, which was to be left aside
def euler_step(v, i, r, tau, dt):
    v = v + dt / tau * (-v + r * i)
    if v >= 1:
        v = 0.0
    return v


# %% 01.euler_step wrong: the potential is cut off at 0
def euler_step(v, i, r, tau, dt):
    return max(0.0, v + dt / tau * (-v + r * i))


# %% 01.euler_step wrong: no leak when there is no current
def euler_step(v, i, r, tau, dt):
    if not i:
        return v
    return v + dt / tau * (-v + r * i)


# %% 01.euler_step wrong: forgets to return
def euler_step(v, i, r, tau, dt):
    v = v + dt / tau * (-v + r * i)


# %% 01.euler_step wrong: returns a pair
def euler_step(v, i, r, tau, dt):
    v = v + dt / tau * (-v + r * i)
    return v, v >= 1


# %% 01.euler_step wrong: r and tau are exchanged
def euler_step(v, i, r, tau, dt):
    return v + dt / r * (-v + tau * i)


# %% 01.euler_step wrong: takes two half steps
def euler_step(v, i, r, tau, dt):
    for _ in range(2):
        v = v + dt / 2 / tau * (-v + r * i)
    return v


# %% 01.euler_step wrong: rounds the potential
def euler_step(v, i, r, tau, dt):
    return round(v + dt / tau * (-v + r * i), 2)


# %% 01.euler_step wrong: the old potential is not added but multiplied
def euler_step(v, i, r, tau, dt):
    return v * dt / tau * (-v + r * i)


# %% 01.euler_step wrong: a bracket is called like a function
def euler_step(v, i, r, tau, dt):
    return v + dt / tau(-v + r * i)


# %% 01.euler_step wrong: the current is divided by the resistance
def euler_step(v, i, r, tau, dt):
    return v + dt / tau * (-v + i / r)


# %% 01.euler_step wrong: a tensor of one element in brackets instead of a number
def euler_step(v, i, r, tau, dt):
    return torch.tensor([v + dt / tau * (-v + r * i)])


# %% 01.euler_step right: one line
def euler_step(v, i, r, tau, dt):
    return v + dt / tau * (-v + r * i)


# %% 01.euler_step right: weighted mean of old potential and steady state
def euler_step(v, i, r, tau, dt):
    a = dt / tau
    return (1 - a) * v + a * r * i


# %% 01.euler_step right: augmented assignment
def euler_step(v, i, r, tau, dt):
    v += dt * (r * i - v) / tau
    return v


# %% 01.euler_step right: named derivative, early return without current
def euler_step(v, i, r, tau, dt):
    if i == 0:
        return v - dt * v / tau
    dv = (r * i - v) / tau
    return v + dt * dv


# %% 01.euler_step right: tensor without dimensions, 32 bits
def euler_step(v, i, r, tau, dt):
    v, i = torch.as_tensor(v), torch.as_tensor(i)
    return v + dt / tau * (-v + r * i)


# %% 01.euler_step right: numpy scalar, 64 bits
import numpy as np


def euler_step(v, i, r, tau, dt):
    return np.float64(v) + np.float64(dt) / tau * (np.float64(r) * i - v)


# %% 01.euler_step right: lerp
def euler_step(v, i, r, tau, dt):
    start = torch.tensor(float(v), dtype=torch.float64)
    end = torch.tensor(float(r * i), dtype=torch.float64)
    return torch.lerp(start, end, dt / tau).item()


# %% 01.euler_step right: inner function for the derivative
def euler_step(v, i, r, tau, dt):
    def slope(u):
        return (-(u - 0.0) + r * i) / tau

    return v + dt * slope(v)


# %% 01.lif_trace wrong: fires only above the threshold, not at it
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        fired = v > v_threshold
        spikes.append(fired)
        if fired:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: the two lists are returned in the wrong order
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if spikes[-1]:
            v = 0.0
    return spikes, trace


# %% 01.lif_trace wrong: records the potential after the reset
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        if v >= v_threshold:
            spikes.append(True)
            v = 0.0
        else:
            spikes.append(False)
        trace.append(v)
    return trace, spikes


# %% 01.lif_trace wrong: records the potential before charging
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        trace.append(v)
        v = v + (-v + r * i) / tau
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: no reset
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
    return trace, spikes


# %% 01.lif_trace wrong: soft reset, subtracts the threshold
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v -= v_threshold
    return trace, spikes


# %% 01.lif_trace wrong: the spike is recorded one step late
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    crossed = False
    for i in currents:
        if crossed:
            v = 0.0
        spikes.append(crossed)
        v = v + (-v + r * i) / tau
        trace.append(v)
        crossed = v >= v_threshold
    return trace, spikes


# %% 01.lif_trace wrong: the recorded potential is cut off at the threshold
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(min(v, v_threshold))
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: records only the spikes, nothing in the silent steps
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        if v >= v_threshold:
            spikes.append(True)
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: returns the numbers of the steps with a spike
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for t, i in enumerate(currents):
        v = v + (-v + r * i) / tau
        trace.append(v)
        if v >= v_threshold:
            spikes.append(t)
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: returns after the first step
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
        return trace, spikes


# %% 01.lif_trace wrong: the potential of the start is recorded as well
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [0.0], [False]
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: the threshold is always 1
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= 1.0)
        if v >= 1.0:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: no leak
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + r * i / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: steps without a current are skipped
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        if not i:
            continue
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: the neuron rests for a step after a spike
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    fired = False
    for i in currents:
        if fired:
            v = 0.0
        else:
            v = v + (-v + r * i) / tau
        trace.append(v)
        fired = v >= v_threshold
        spikes.append(fired)
    return trace, spikes


# %% 01.lif_trace wrong: stops at the first spike
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
            break
    return trace, spikes


# %% 01.lif_trace wrong: the lists are kept between calls
def lif_trace(currents, r, tau, v_threshold, trace=[], spikes=[]):
    v = 0.0
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: the lists are emptied in every step
def lif_trace(currents, r, tau, v_threshold):
    v = 0.0
    for i in currents:
        trace, spikes = [], []
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: returns only the potentials
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace


# %% 01.lif_trace wrong: one list of pairs instead of two lists
def lif_trace(currents, r, tau, v_threshold):
    v, out = 0.0, []
    for i in currents:
        v = v + (-v + r * i) / tau
        out.append((v, v >= v_threshold))
        if v >= v_threshold:
            v = 0.0
    return out


# %% 01.lif_trace wrong: compares before charging
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        fired = v >= v_threshold
        if fired:
            v = 0.0
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(fired)
    return trace, spikes


# %% 01.lif_trace wrong: resets to the threshold by a slip
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = v_threshold
    return trace, spikes


# %% 01.lif_trace wrong: negative potentials are cut off at 0
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = max(0.0, v + (-v + r * i) / tau)
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: the time constant is left out
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i)
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: charges by the exact solution, not by an Euler step
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = r * i + (v - r * i) * math.exp(-1 / tau)
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace right: 1 and 0 for True and False
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        if v >= v_threshold:
            spikes.append(1)
            v = 0.0
        else:
            spikes.append(0)
    return trace, spikes


# %% 01.lif_trace right: floats 1.0 and 0.0 for True and False
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        s = float(v >= v_threshold)
        spikes.append(s)
        v = v * (1 - s)
    return trace, spikes


# %% 01.lif_trace right: tensors for the lists
def lif_trace(currents, r, tau, v_threshold):
    v = 0.0
    trace = torch.zeros(len(currents), dtype=torch.float64)
    spikes = torch.zeros(len(currents), dtype=torch.bool)
    for t, i in enumerate(currents):
        v = v + (-v + r * i) / tau
        trace[t] = v
        if v >= v_threshold:
            spikes[t] = True
            v = 0.0
    return trace, spikes


# %% 01.lif_trace right: numpy arrays for the lists
import numpy as np


def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in np.asarray(currents, dtype=float):
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        v = 0.0 if v >= v_threshold else v
    return np.array(trace), np.array(spikes, dtype=bool)


# %% 01.lif_trace wrong: the list of currents is emptied
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    while currents:
        v = v + (-v + r * currents.pop(0)) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace right: tensors without dimensions, 32 bits
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = torch.tensor(0.0), [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v.item())
        spikes.append((v >= v_threshold).item())
        if spikes[-1]:
            v = torch.tensor(0.0)
    return trace, spikes


# %% 01.lif_trace right: plain loop
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        fired = v >= v_threshold
        spikes.append(fired)
        if fired:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace right: tuples for lists, in a list
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, (), ()
    for i in currents:
        v += (r * i - v) / tau
        trace += (v,)
        spikes += (v >= v_threshold,)
        v *= not spikes[-1]
    return [trace, spikes]


# %% 01.lif_trace right: generator of pairs and zip
def lif_trace(currents, r, tau, v_threshold):
    def walk():
        v = 0.0
        for i in currents:
            v = v * (1 - 1 / tau) + r * i / tau
            fired = not v < v_threshold
            yield v, fired
            if fired:
                v = 0.0

    pairs = list(walk())
    return [v for v, _ in pairs], [s for _, s in pairs]


# %% 01.lif_trace right: index loop, spikes computed from the trace at the end
def lif_trace(currents, r, tau, v_threshold):
    trace = [0.0] * len(currents)
    for t in range(len(currents)):
        before = 0.0 if t == 0 or trace[t - 1] >= v_threshold else trace[t - 1]
        trace[t] = before + (r * currents[t] - before) / tau
    return trace, [v >= v_threshold for v in trace]


# %% 01.lif_trace right: numpy scalars
import numpy as np


def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = np.float64(0), [], []
    for i in np.array(currents, dtype=np.float64):
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        v = np.where(v >= v_threshold, 0.0, v)
    return trace, spikes


# %% 01.lif_trace right: tensors without dimensions, 64 bits, numpy lists at the end
def lif_trace(currents, r, tau, v_threshold):
    v = torch.zeros((), dtype=torch.float64)
    trace, spikes = [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v.clone())
        spikes.append(v >= v_threshold)
        v = torch.where(v >= v_threshold, torch.zeros_like(v), v)
    return trace, spikes


# %% 01.lif_trace right: a small class
class Cell:
    def __init__(self, r, tau, v_threshold):
        self.r, self.tau, self.v_threshold, self.v = r, tau, v_threshold, 0.0

    def step(self, i):
        charged = self.v + (-self.v + self.r * i) / self.tau
        fired = charged >= self.v_threshold
        self.v = 0.0 if fired else charged
        return charged, fired


def lif_trace(currents, r, tau, v_threshold):
    cell = Cell(r, tau, v_threshold)
    trace, spikes = [], []
    for i in currents:
        charged, fired = cell.step(i)
        trace.append(charged)
        spikes.append(fired)
    return trace, spikes


# %% 01.rheobase wrong: the resting potential is ignored
def rheobase(r, v_threshold, v_reset):
    return v_threshold / r


# %% 01.rheobase wrong: threshold and rest are exchanged
def rheobase(r, v_threshold, v_reset):
    return (v_reset - v_threshold) / r


# %% 01.rheobase wrong: rest is added
def rheobase(r, v_threshold, v_reset):
    return (v_threshold + v_reset) / r


# %% 01.rheobase wrong: multiplies by the resistance
def rheobase(r, v_threshold, v_reset):
    return (v_threshold - v_reset) * r


# %% 01.rheobase wrong: the brackets are missing
def rheobase(r, v_threshold, v_reset):
    return v_threshold - v_reset / r


# %% 01.rheobase wrong: whole-number division
def rheobase(r, v_threshold, v_reset):
    return (v_threshold - v_reset) // r


# %% 01.rheobase wrong: the resistance is ignored
def rheobase(r, v_threshold, v_reset):
    return v_threshold - v_reset


# %% 01.rheobase wrong: the value of the chapter
def rheobase(r, v_threshold, v_reset):
    return 1 / 9


# %% 01.rheobase wrong: upside down
def rheobase(r, v_threshold, v_reset):
    return r / (v_threshold - v_reset)


# %% 01.rheobase wrong: the sign of each potential is dropped
def rheobase(r, v_threshold, v_reset):
    return (abs(v_threshold) - abs(v_reset)) / r


# %% 01.rheobase wrong: right only for two negative potentials
def rheobase(r, v_threshold, v_reset):
    return (abs(v_reset) - abs(v_threshold)) / r


# %% 01.rheobase wrong: rounded to three digits after the point
def rheobase(r, v_threshold, v_reset):
    return round((v_threshold - v_reset) / r, 3)


# %% 01.rheobase wrong: cut to a whole number
def rheobase(r, v_threshold, v_reset):
    return int((v_threshold - v_reset) / r)


# %% 01.rheobase wrong: rest is subtracted after the division
def rheobase(r, v_threshold, v_reset):
    i = v_threshold / r
    return i - v_reset


# %% 01.rheobase wrong: a threshold of 0 is taken for a missing one
def rheobase(r, v_threshold, v_reset):
    v_threshold = v_threshold or 1.0
    return (v_threshold - v_reset) / r


# %% 01.rheobase wrong: a negative resting potential is taken as 0
def rheobase(r, v_threshold, v_reset):
    if v_reset > 0:
        return (v_threshold - v_reset) / r
    return v_threshold / r


# %% 01.rheobase wrong: nothing is returned when rest is 0
def rheobase(r, v_threshold, v_reset):
    if v_reset != 0:
        return (v_threshold - v_reset) / r


# %% 01.rheobase wrong: converts to milliamperes
def rheobase(r, v_threshold, v_reset):
    return (v_threshold - v_reset) / r * 1000


# %% 01.rheobase wrong: only prints
def rheobase(r, v_threshold, v_reset):
    i = (v_threshold - v_reset) / r
    print(i)


# %% 01.rheobase wrong: a little above the critical current
def rheobase(r, v_threshold, v_reset):
    return (v_threshold - v_reset) / r + 0.01


# %% 01.rheobase right: absolute value of the distance
def rheobase(r, v_threshold, v_reset):
    return abs(v_threshold - v_reset) / r


# %% 01.rheobase right: never below 0
def rheobase(r, v_threshold, v_reset):
    return max(0.0, (v_threshold - v_reset) / r)


# %% 01.rheobase right: one line
def rheobase(r, v_threshold, v_reset):
    return (v_threshold - v_reset) / r


# %% 01.rheobase right: two fractions
def rheobase(r, v_threshold, v_reset):
    return v_threshold / r - v_reset / r


# %% 01.rheobase right: conductance
def rheobase(r, v_threshold, v_reset):
    g = 1 / r
    return g * (v_threshold - v_reset)


# %% 01.rheobase right: tensor without dimensions, 32 bits
def rheobase(r, v_threshold, v_reset):
    return (torch.tensor(float(v_threshold)) - v_reset) / r


# %% 01.rheobase right: numpy
import numpy as np


def rheobase(r, v_threshold, v_reset):
    return np.divide(np.subtract(v_threshold, v_reset), r)


# %% 01.rheobase right: Fraction made a float
from fractions import Fraction


def rheobase(r, v_threshold, v_reset):
    return float((Fraction(v_threshold) - Fraction(v_reset)) / Fraction(r))


# %% 01.rheobase right: early return
def rheobase(r, v_threshold, v_reset):
    if not v_reset:
        return v_threshold / r
    distance = v_threshold - v_reset
    return distance / r


# %% 01.firing_rate wrong: returns the interval, not the rate
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return tau * math.log(r * i / (r * i - v_threshold))


# %% 01.firing_rate wrong: rounds the interval up
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1 / math.ceil(tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: does not look whether the current is enough
def firing_rate(i, r, tau, v_threshold):
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: divides by 0 exactly at the rheobase
def firing_rate(i, r, tau, v_threshold):
    if r * i < v_threshold:
        return 0.0
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: decadic logarithm
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1 / (tau * math.log10(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: the fraction in the logarithm is upside down
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1 / (tau * math.log((r * i - v_threshold) / (r * i)))


# %% 01.firing_rate wrong: returns nothing below the rheobase
def firing_rate(i, r, tau, v_threshold):
    if r * i > v_threshold:
        return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: the time constant is missing
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1 / math.log(r * i / (r * i - v_threshold))


# %% 01.firing_rate wrong: the time constant is in the numerator
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return tau / math.log(r * i / (r * i - v_threshold))


# %% 01.firing_rate wrong: in hertz instead of spikes per step
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1000 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: infinite below the rheobase
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return math.inf
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: compares the current itself with the threshold
def firing_rate(i, r, tau, v_threshold):
    if i <= v_threshold:
        return 0.0
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: the rheobase of the chapter as a constant
def firing_rate(i, r, tau, v_threshold):
    if i <= 1 / 9:
        return 0.0
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: the threshold is always 1
def firing_rate(i, r, tau, v_threshold):
    if r * i <= 1:
        return 0.0
    return 1 / (tau * math.log(r * i / (r * i - 1)))


# %% 01.firing_rate wrong: the interval of Euler's method instead of the exact one
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return math.log(1 - 1 / tau) / math.log(1 - v_threshold / (r * i))


# %% 01.firing_rate wrong: catches the errors but is negative for a negative current
def firing_rate(i, r, tau, v_threshold):
    try:
        return 1 / (tau * math.log(r * i / (r * i - v_threshold)))
    except (ValueError, ZeroDivisionError):
        return 0.0


# %% 01.firing_rate wrong: one step is added to the interval
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)) + 1)


# %% 01.firing_rate wrong: asks only whether there is a current
def firing_rate(i, r, tau, v_threshold):
    if i == 0:
        return 0.0
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: the absolute value hides that the current is too weak
def firing_rate(i, r, tau, v_threshold):
    if r * i == v_threshold:
        return 0.0
    return 1 / (tau * math.log(abs(r * i / (r * i - v_threshold))))


# %% 01.firing_rate wrong: the brackets in the denominator are missing
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1 / tau * math.log(r * i / (r * i - v_threshold))


# %% 01.firing_rate wrong: the resistance is missing in the logarithm
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1 / (tau * math.log(i / (i - v_threshold)))


# %% 01.firing_rate wrong: not a number below the rheobase
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return float("nan")
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: the rate is cut off at one spike per step
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return min(1.0, 1 / (tau * math.log(r * i / (r * i - v_threshold))))


# %% 01.firing_rate right: i compared with a quotient instead of r * i
def firing_rate(i, r, tau, v_threshold):
    if i <= v_threshold / r:
        return 0.0
    T = tau * math.log(r * i / (r * i - v_threshold))
    return 1 / T


# %% 01.firing_rate right: early return
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return 0.0
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate right: log1p and a whole number 0
def firing_rate(i, r, tau, v_threshold):
    drive = r * i
    return -1 / (tau * math.log1p(-v_threshold / drive)) if drive > v_threshold else 0


# %% 01.firing_rate right: difference of logarithms
def firing_rate(i, r, tau, v_threshold):
    if not r * i > v_threshold:
        return 0.0
    T = tau * (math.log(r * i) - math.log(r * i - v_threshold))
    return T**-1


# %% 01.firing_rate right: tensor without dimensions, 32 bits
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return torch.tensor(0.0)
    return 1 / (tau * torch.log(torch.tensor(r * i / (r * i - v_threshold))))


# %% 01.firing_rate right: numpy scalar
import numpy as np


def firing_rate(i, r, tau, v_threshold):
    drive = np.float64(r) * np.float64(i)
    if drive <= v_threshold:
        return np.float64(0)
    return 1 / (np.float64(tau) * np.log(drive / (drive - v_threshold)))


# %% 01.firing_rate right: nested condition with a name for the interval
def firing_rate(i, r, tau, v_threshold):
    rate = 0.0
    steady = r * i
    if steady > v_threshold:
        interval = -tau * math.log((steady - v_threshold) / steady)
        rate = 1.0 / interval
    return rate


# %% 01.firing_rate right: infinite interval, whose inverse is 0
def firing_rate(i, r, tau, v_threshold):
    T = math.inf
    if r * i > v_threshold:
        T = tau * math.log(r * i / (r * i - v_threshold))
    return 1 / T


# %% 01.identify wrong: returned in the wrong order
def identify(probe):
    a, b = probe(0.001, 2)
    tau = a / (2 * a - b)
    r = a * tau / 0.001
    return tau, r


# %% 01.identify wrong: the values of the chapter
def identify(probe):
    return 9.0, 20.0


# %% 01.identify wrong: too few steps to reach the steady state
def identify(probe):
    trace = probe(0.001, 20)
    r = trace[-1] / 0.001
    tau = r * 0.001 / trace[0]
    return r, tau


# %% 01.identify wrong: the strong current makes the neuron fire, its peak is taken for the steady state
def identify(probe):
    trace = probe(5.0, 5000)
    r = max(trace) / 5.0
    tau = r * 5.0 / trace[0]
    return r, tau


# %% 01.identify wrong: tau as the whole step in which 63 per cent are reached
def identify(probe):
    trace = probe(0.001, 5000)
    r = trace[-1] / 0.001
    tau = next(k for k, v in enumerate(trace) if v >= (1 - math.exp(-1)) * trace[-1]) + 1
    return r, tau


# %% 01.identify wrong: rounds to whole numbers
def identify(probe):
    a, b = probe(0.001, 2)
    tau = a / (2 * a - b)
    return round(a * tau / 0.001), round(tau)


# %% 01.identify wrong: tau from the exact solution instead of Euler's method
def identify(probe):
    trace = probe(0.001, 5000)
    steady = trace[-1]
    tau = -1 / math.log(1 - trace[0] / steady)
    return steady / 0.001, tau


# %% 01.identify wrong: does not divide by the current
def identify(probe):
    a, b = probe(0.001, 2)
    tau = a / (2 * a - b)
    return a * tau, tau


# %% 01.identify wrong: divides by a current of 0
def identify(probe):
    trace = probe(0, 1000)
    r = trace[-1] / 0
    return r, r * 0 / trace[0]


# %% 01.identify wrong: takes the first entry for the potential before the first step
def identify(probe):
    v0, v1, v2 = probe(0.001, 3)
    tau = v1 / (2 * v1 - v2)
    r = v1 * tau / 0.001
    return r, tau


# %% 01.identify wrong: believes that a second call goes on from the first
def identify(probe):
    a = probe(0.001, 1)[0]
    b = probe(0.001, 1)[0]
    tau = a / (2 * a - b)
    return a * tau / 0.001, tau


# %% 01.identify wrong: takes the ratio of successive changes for 1 / tau
def identify(probe):
    a, b = probe(0.001, 2)
    tau = a / (b - a)
    return a * tau / 0.001, tau


# %% 01.identify wrong: the returned list is treated as one number
def identify(probe):
    a = probe(0.001, 1)
    b = probe(0.001, 2) - a
    tau = a / (a - b)
    return a * tau / 0.001, tau


# %% 01.identify wrong: only r is returned
def identify(probe):
    trace = probe(0.001, 5000)
    return trace[-1] / 0.001


# %% 01.identify wrong: a grid of whole numbers
def identify(probe):
    target = probe(0.001, 30)
    best, answer = math.inf, None
    for r in range(1, 41):
        for tau in range(2, 61):
            v, error = 0.0, 0.0
            for k in range(30):
                v += (-v + r * 0.001) / tau
                error += (v - target[k]) ** 2
            if error < best:
                best, answer = error, (r, tau)
    return answer


# %% 01.identify wrong: tau is taken from the first step as if r were 1
def identify(probe):
    trace = probe(0.001, 5000)
    r = trace[-1] / 0.001
    tau = 0.001 / trace[0]
    return r, tau


# %% 01.identify wrong: the arguments of probe are exchanged
def identify(probe):
    a, b = probe(2, 0.001)
    tau = a / (2 * a - b)
    return a * tau / 0.001, tau


# %% 01.identify wrong: tau is one too small
def identify(probe):
    a, b = probe(0.001, 2)
    tau = (b - a) / (2 * a - b)
    return a * tau / 0.001, tau


# %% 01.identify wrong: r is measured right but tau is a constant
def identify(probe):
    trace = probe(0.001, 5000)
    return trace[-1] / 0.001, 20.0


# %% 01.identify wrong: computes both and returns nothing
def identify(probe):
    a, b = probe(0.001, 2)
    tau = a / (2 * a - b)
    r = a * tau / 0.001


# %% 01.identify wrong: a current of 0.1, at which some of the neurons fire
def identify(probe):
    trace = probe(0.1, 5000)
    r = trace[-1] / 0.1
    tau = r * 0.1 / trace[0]
    return r, tau


# %% 01.identify wrong: 400 steps, too few for the slower neurons
def identify(probe):
    trace = probe(0.001, 400)
    r = trace[-1] / 0.001
    tau = r * 0.001 / trace[0]
    return r, tau


# %% 01.identify right: a negative current, at which nothing fires
def identify(probe):
    a, b = probe(-1.0, 2)
    tau = a / (2 * a - b)
    r = a * tau / -1.0
    return r, tau


# %% 01.identify wrong: a current of 1.0, at which some of the neurons fire in the first step
def identify(probe):
    a, b = probe(1.0, 2)
    tau = a / (2 * a - b)
    return a * tau, tau


# %% 01.identify wrong: a dictionary instead of two numbers
def identify(probe):
    a, b = probe(0.001, 2)
    tau = a / (2 * a - b)
    return {"r": a * tau / 0.001, "tau": tau}


# %% 01.identify right: two steps with a tiny current
def identify(probe):
    c = 0.001
    a, b = probe(c, 2)
    tau = a / (2 * a - b)
    return a * tau / c, tau


# %% 01.identify right: ratio of the changes, a list
def identify(probe):
    c = 1e-4
    trace = probe(c, 3)
    keep = (trace[1] - trace[0]) / trace[0]
    tau = 1 / (1 - keep)
    r = trace[0] * tau / c
    return [r, tau]


# %% 01.identify right: the current is halved until nothing fires
def identify(probe):
    c = 1.0
    while max(probe(c, 3)) >= 1:
        c /= 2
    v1, v2, _ = probe(c, 3)
    tau = v1 / (v1 - (v2 - v1))
    return v1 * tau / c, tau


# %% 01.identify right: least squares with numpy
import numpy as np


def identify(probe):
    c = 1e-3
    v = np.array([0.0] + list(probe(c, 50)))
    A = np.stack([-v[:-1] / c, np.ones(50)], 1)
    (leak, gain), *_ = np.linalg.lstsq(A, np.diff(v) / c, rcond=None)
    return gain / leak, 1 / leak


# %% 01.identify right: steady state after very many steps
def identify(probe):
    c = 1e-4
    trace = probe(c, 20000)
    r = trace[-1] / c
    tau = r * c / trace[0]
    return r, tau


# %% 01.identify right: tensors in 64 bits
def identify(probe):
    c = 0.002
    v = torch.tensor(probe(c, 2), dtype=torch.float64)
    tau = v[0] / (2 * v[0] - v[1])
    return v[0] * tau / c, tau


# %% 01.identify right: a tensor of two numbers unpacked as numpy floats
import numpy as np


def identify(probe):
    first, second = np.asarray(probe(1e-3, 2), dtype=np.float64)
    step = second - first
    inverse = 1 - step / first
    return first / inverse / 1e-3, 1 / inverse


# %% 01.identify right: a closure and a longer trace averaged
def identify(probe):
    c = 0.0005

    def inverse(v, before, after):
        return 1 - (after - v) / (v - before)

    trace = [0.0] + probe(c, 10)
    inv = sum(inverse(trace[k + 1], trace[k], trace[k + 2]) for k in range(3)) / 3
    tau = 1 / inv
    return trace[1] * tau / c, tau


# %% 01.euler_step wrong: the potential is never above the steady state
def euler_step(v, i, r, tau, dt):
    return min(r * i, v + dt / tau * (-v + r * i))


# %% 01.euler_step wrong: the size of the leak is taken, so a negative potential leaks the wrong way
def euler_step(v, i, r, tau, dt):
    return v + dt / tau * (-abs(v) + r * i)


# %% 01.euler_step wrong: midpoint rule
def euler_step(v, i, r, tau, dt):
    half = v + dt / 2 / tau * (-v + r * i)
    return v + dt / tau * (-half + r * i)


# %% 01.euler_step wrong: goes by whole steps and ends at dt
def euler_step(v, i, r, tau, dt):
    for _ in range(int(dt)):
        v = v + (-v + r * i) / tau
    return v


# %% 01.euler_step right: numpy array without dimensions, filled in place
import numpy as np


def euler_step(v, i, r, tau, dt):
    out = np.array(v, dtype=float)
    out -= dt * v / tau
    out += np.multiply(r, i) * dt / tau
    return out


# %% 01.lif_trace wrong: resets as soon as the threshold lies one charge ahead
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v + (-v + r * i) / tau >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: a large negative potential counts as a spike
def lif_trace(currents, r, tau, v_threshold):
    v, trace, spikes = 0.0, [], []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(abs(v) >= v_threshold)
        if spikes[-1]:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: both names stand for the same list
def lif_trace(currents, r, tau, v_threshold):
    v = 0.0
    trace = spikes = []
    for i in currents:
        v = v + (-v + r * i) / tau
        trace.append(v)
        spikes.append(v >= v_threshold)
        if v >= v_threshold:
            v = 0.0
    return trace, spikes


# %% 01.lif_trace wrong: the spikes are written over the currents
def lif_trace(currents, r, tau, v_threshold):
    v, trace = 0.0, []
    for t, i in enumerate(currents):
        v = v + (-v + r * i) / tau
        trace.append(v)
        currents[t] = v >= v_threshold
        if v >= v_threshold:
            v = 0.0
    return trace, currents


# %% 01.lif_trace right: a fold over pairs, arrays made of strings of steps at the end
import functools
import numpy as np


def lif_trace(currents, r, tau, v_threshold):
    def charge(done, i):
        before = 0.0 if done[-1][1] else done[-1][0]
        v = before + (r * i - before) / tau
        return done + [(v, bool(v >= v_threshold))]

    done = functools.reduce(charge, currents, [(0.0, False)])[1:]
    return np.array([v for v, _ in done], dtype=np.float32), tuple(s for _, s in done)


# %% 01.rheobase wrong: never below a hundredth
def rheobase(r, v_threshold, v_reset):
    return max(0.01, (v_threshold - v_reset) / r)


# %% 01.rheobase wrong: whole numbers only
def rheobase(r, v_threshold, v_reset):
    return (int(v_threshold) - int(v_reset)) / r


# %% 01.rheobase wrong: a list of one number
def rheobase(r, v_threshold, v_reset):
    return [(v_threshold - v_reset) / r]


# %% 01.rheobase wrong: tries currents a thousandth apart
def rheobase(r, v_threshold, v_reset):
    i = 0.0
    while v_reset + r * i < v_threshold:
        i += 0.001
    return i


# %% 01.rheobase right: bisection
def rheobase(r, v_threshold, v_reset):
    low, high = 0.0, 1e6
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if v_reset + r * middle < v_threshold else (low, middle)
    return high


# %% 01.firing_rate wrong: tests the size of the current, whatever its sign
def firing_rate(i, r, tau, v_threshold):
    drive = abs(r * i)
    if drive <= v_threshold:
        return 0.0
    return 1 / (tau * math.log(drive / (drive - v_threshold)))


# %% 01.firing_rate wrong: a text when there is no spike
def firing_rate(i, r, tau, v_threshold):
    if r * i <= v_threshold:
        return "silent"
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: silent up to a current a little above the rheobase
def firing_rate(i, r, tau, v_threshold):
    if r * i <= 1.1 * v_threshold:
        return 0.0
    return 1 / (tau * math.log(r * i / (r * i - v_threshold)))


# %% 01.firing_rate wrong: counts the spikes of a thousand Euler steps
def firing_rate(i, r, tau, v_threshold):
    v, n = 0.0, 0
    for _ in range(1000):
        v = v + (-v + r * i) / tau
        if v >= v_threshold:
            n, v = n + 1, 0.0
    return n / 1000


# %% 01.firing_rate right: what fails is caught, and what is negative too
def firing_rate(i, r, tau, v_threshold):
    try:
        return max(0.0, 1 / (tau * math.log(r * i / (r * i - v_threshold))))
    except (ValueError, ZeroDivisionError):
        return 0


# %% 01.identify wrong: r from a current at which the neuron fires, tau right
def identify(probe):
    a, b = probe(0.001, 2)
    return max(probe(1.0, 500)), a / (2 * a - b)


# %% 01.identify wrong: half-life instead of time constant
def identify(probe):
    trace = probe(0.001, 20000)
    half = next(k for k, v in enumerate(trace) if v >= trace[-1] / 2) + 1
    return trace[-1] / 0.001, half / math.log(2)


# %% 01.identify wrong: asks the black box for its parameters
def identify(probe):
    return probe.r, probe.tau


# %% 01.identify wrong: rounds to one digit after the point
def identify(probe):
    a, b = probe(0.001, 2)
    tau = a / (2 * a - b)
    return round(a * tau / 0.001, 1), round(tau, 1)


# %% 01.identify right: a current so weak that it takes 64 bits, waits until nothing changes
def identify(probe):
    steps = 16
    while True:
        v = probe(1e-6, steps)
        if abs(v[-1] - v[-2]) <= 1e-9 * v[-1]:
            return v[-1] / 1e-6, v[-1] / v[0]
        steps *= 2
