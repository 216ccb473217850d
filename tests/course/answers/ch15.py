# %% 15.last_spikes wrong: the delays are forgotten
def last_spikes(spikes, delays, loop, T):
    out = set()
    for s in spikes:
        while s < T:
            out.add(s)
            if loop is None:
                break
            s += loop
    return sorted(out)

# %% 15.last_spikes wrong: only the first delay counts
def last_spikes(spikes, delays, loop, T):
    out = set()
    for s in spikes:
        s += delays[0]
        while s < T:
            out.add(s)
            if loop is None:
                break
            s += loop
    return sorted(out)

# %% 15.last_spikes wrong: the delay from the input is left out
def last_spikes(spikes, delays, loop, T):
    shift = sum(delays[1:])
    out = set()
    for s in spikes:
        for t in ([s] if loop is None else range(s, T, loop)):
            if t + shift < T:
                out.add(t + shift)
    return sorted(out)

# %% 15.last_spikes wrong: the connection to itself is ignored
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    return sorted({s + d for s in spikes if s + d < T})

# %% 15.last_spikes wrong: goes round only once
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    out = {s + d for s in spikes}
    if loop is not None:
        out |= {s + d + loop for s in spikes}
    return sorted(t for t in out if t < T)

# %% 15.last_spikes wrong: step T is still counted
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    out = set()
    for s in spikes:
        t = s + d
        while t <= T:
            out.add(t)
            if loop is None:
                break
            t += loop
    return sorted(out)

# %% 15.last_spikes wrong: what comes after the end stays in the list when there is no loop
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    if loop is None:
        return [s + d for s in spikes]
    return sorted({t for s in spikes for t in range(s + d, T, loop)})

# %% 15.last_spikes wrong: steps twice in the list
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    out = []
    for s in spikes:
        t = s + d
        while t < T:
            out.append(t)
            if loop is None:
                break
            t += loop
    return sorted(out)

# %% 15.last_spikes wrong: not in ascending order
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    out = []
    for s in spikes:
        t = s + d
        while t < T:
            if t not in out:
                out.append(t)
            if loop is None:
                break
            t += loop
    return out

# %% 15.last_spikes wrong: returns a set
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    step = T + 1 if loop is None else loop
    return {t for s in spikes for t in range(s + d, T, step)}

# %% 15.last_spikes wrong: returns a tuple
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    step = T + 1 if loop is None else loop
    return tuple(sorted({t for s in spikes for t in range(s + d, T, step)}))

# %% 15.last_spikes right: numpy integers in the list
import numpy as np


def last_spikes(spikes, delays, loop, T):
    train = np.zeros(T, dtype=bool)
    for s in spikes:
        t = s + sum(delays)
        while t < T:
            train[t] = True
            if loop is None:
                break
            t += loop
    return list(np.flatnonzero(train))

# %% 15.last_spikes wrong: a tensor
def last_spikes(spikes, delays, loop, T):
    train = torch.zeros(T)
    for s in spikes:
        t = s + sum(delays)
        while t < T:
            train[t] = 1
            if loop is None:
                break
            t += loop
    return train.nonzero().flatten()

# %% 15.last_spikes wrong: floats
def last_spikes(spikes, delays, loop, T):
    d = float(sum(delays))
    out = set()
    for s in spikes:
        t = s + d
        while t < T:
            out.add(t)
            if loop is None:
                break
            t += loop
    return sorted(out)

# %% 15.last_spikes wrong: takes the first delay out of the argument
def last_spikes(spikes, delays, loop, T):
    first = delays.pop(0)
    rest = sum(delays)
    out = set()
    for s in spikes:
        t = s + first
        while t + rest < T:
            out.add(t + rest)
            if loop is None:
                break
            t += loop
    return sorted(out)

# %% 15.last_spikes wrong: moves the spikes in the argument
def last_spikes(spikes, delays, loop, T):
    for d in delays:
        for i in range(len(spikes)):
            spikes[i] += d
    step = T + 1 if loop is None else loop
    return sorted({t for s in spikes for t in range(s, T, step)})

# %% 15.last_spikes wrong: adds the spikes of the loop to the argument
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    if loop is not None:
        for s in spikes:
            if s + loop < T and s + loop not in spikes:
                spikes.append(s + loop)
    return sorted(s + d for s in set(spikes) if s + d < T)

# %% 15.last_spikes wrong: an exception where there is no loop
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    return sorted({t for s in spikes for t in range(s + d, T, loop)})

# %% 15.last_spikes wrong: an exception where the input is silent
import numpy as np


def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    step = T + 1 if loop is None else loop
    all_times = np.concatenate([np.arange(s + d, T, step) for s in spikes])
    return [int(t) for t in np.unique(all_times)]

# %% 15.last_spikes wrong: None where there are no spikes
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    step = T + 1 if loop is None else loop
    out = sorted({t for s in spikes for t in range(s + d, T, step)})
    if out:
        return out

# %% 15.last_spikes wrong: only the first spike of the input goes round
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    out = {s + d for s in spikes}
    if spikes and loop is not None:
        out |= set(range(spikes[0] + d, T, loop))
    return sorted(t for t in out if t < T)

# %% 15.last_spikes wrong: each group takes a step of its own
def last_spikes(spikes, delays, loop, T):
    d = sum(delays) + len(delays) - 1
    step = T + 1 if loop is None else loop
    return sorted({t for s in spikes for t in range(s + d, T, step)})

# %% 15.last_spikes wrong: a delay of 0 is taken for 1
def last_spikes(spikes, delays, loop, T):
    d = sum(max(1, d) for d in delays)
    step = T + 1 if loop is None else loop
    return sorted({t for s in spikes for t in range(s + d, T, step)})

# %% 15.last_spikes wrong: two spikes in one step cancel each other
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    step = T + 1 if loop is None else loop
    out = set()
    for s in spikes:
        out ^= set(range(s + d, T, step))
    return sorted(out)

# %% 15.last_spikes wrong: one round too few
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    rounds = 1 if loop is None else T // loop
    step = 0 if loop is None else loop
    out = {s + d + k * step for s in spikes for k in range(rounds)}
    return sorted(t for t in out if t < T)

# %% 15.last_spikes wrong: a round takes loop + 1 steps
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    step = T + 1 if loop is None else loop + 1
    return sorted({t for s in spikes for t in range(s + d, T, step)})

# %% 15.last_spikes wrong: a round takes the path again
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    step = T + 1 if loop is None else loop + delays[0]
    return sorted({t for s in spikes for t in range(s + d, T, step)})

# %% 15.last_spikes wrong: what the input sends is missing once there is a loop
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    if loop is None:
        return sorted({s + d for s in spikes if s + d < T})
    return sorted({t for s in spikes for t in range(s + d + loop, T, loop)})

# %% 15.last_spikes wrong: only the first group has to fire before T
def last_spikes(spikes, delays, loop, T):
    step = T + 1 if loop is None else loop
    first = {t for s in spikes for t in range(s + delays[0], T, step)}
    return sorted(t + sum(delays[1:]) for t in first)

# %% 15.last_spikes wrong: the loop is at the second group, which there is not always
def last_spikes(spikes, delays, loop, T):
    times = list(spikes)
    for i, d in enumerate(delays):
        times = [t + d for t in times]
        if i == 1 and loop is not None:
            times = sorted({u for t in times for u in range(t, T, loop)})
    return [t for t in times if t < T]

# %% 15.last_spikes wrong: a train of 0 and 1 in place of the steps
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    step = T + 1 if loop is None else loop
    fired = {t for s in spikes for t in range(s + d, T, step)}
    return [int(t in fired) for t in range(T)]

# %% 15.last_spikes wrong: steps counted from 1
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    step = T + 1 if loop is None else loop
    return sorted({t + 1 for s in spikes for t in range(s + d, T, step)})

# %% 15.last_spikes wrong: remembers the spikes of earlier calls
def last_spikes(spikes, delays, loop, T, seen=set()):
    d = sum(delays)
    step = T + 1 if loop is None else loop
    for s in spikes:
        seen.update(range(s + d, T, step))
    return sorted(seen)

# %% 15.last_spikes wrong: never ends without a loop
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    out = set()
    for s in spikes:
        t = s + d
        while t < T:
            out.add(t)
            t += loop or 0
    return sorted(out)

# %% 15.last_spikes right: a while loop and a set
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)
    out = set()
    for s in spikes:
        t = s + d
        while t < T:
            out.add(t)
            if loop is None:
                break
            t += loop
    return sorted(out)

# %% 15.last_spikes right: ranges
def last_spikes(spikes, delays, loop, T):
    step = max(T, 1) if loop is None else loop
    return sorted({t for s in spikes for t in range(s + sum(delays), T, step)})

# %% 15.last_spikes right: step by step, looking back
def last_spikes(spikes, delays, loop, T):
    first = [False] * T
    for t in range(T):
        from_input = t - delays[0] in spikes
        from_itself = loop is not None and t >= loop and first[t - loop]
        first[t] = from_input or from_itself
    shift = sum(delays[1:])
    return [t for t in range(T) if t >= shift and first[t - shift]]

# %% 15.last_spikes right: a numpy train, group after group
import numpy as np


def last_spikes(spikes, delays, loop, T):
    train = np.zeros(T, dtype=bool)
    train[[s for s in spikes if s < T]] = True
    for i, d in enumerate(delays):
        moved = np.zeros(T, dtype=bool)
        if d < T:
            moved[d:] = train[:T - d]
        if i == 0 and loop is not None:
            for t in range(loop, T):
                moved[t] |= moved[t - loop]
        train = moved
    return np.flatnonzero(train).tolist()

# %% 15.last_spikes right: the remainder tells whether a spike comes round
def last_spikes(spikes, delays, loop, T):
    d = sum(delays)

    def fires(t):
        if loop is None:
            return t - d in spikes
        return any(t - d - s >= 0 and (t - d - s) % loop == 0 for s in spikes)

    return [t for t in range(T) if fires(t)]

# %% 15.last_spikes right: recursion over the path
def last_spikes(spikes, delays, loop, T):
    here = {s + delays[0] for s in spikes}
    if loop is not None:
        new = here
        while new:
            new = {t + loop for t in new if t + loop < T} - here
            here = here | new
    if len(delays) > 1:
        return last_spikes(sorted(here), delays[1:], None, T)
    return sorted(t for t in here if t < T)

# %% 15.last_spikes right: recursion over time, a cache
def last_spikes(spikes, delays, loop, T):
    from functools import lru_cache

    @lru_cache(maxsize=None)
    def fires(group, t):
        if t < 0:
            return False
        if group == 0:
            return t in spikes
        before = fires(group - 1, t - delays[group - 1])
        return before or (group == 1 and loop is not None and fires(1, t - loop))

    return [t for t in range(T) if fires(len(delays), t)]

# %% 15.last_spikes right: a heap of events
def last_spikes(spikes, delays, loop, T):
    import heapq

    events = [(s + delays[0], 1) for s in spikes]
    heapq.heapify(events)
    done, out = set(), []
    while events:
        t, group = heapq.heappop(events)
        if t >= T or (t, group) in done:
            continue
        done.add((t, group))
        if group == len(delays):
            out.append(t)
        else:
            heapq.heappush(events, (t + delays[group], group + 1))
        if group == 1 and loop is not None:
            heapq.heappush(events, (t + loop, 1))
    return sorted(out)

# %% 15.last_spikes right: a torch train, the loop on the train of the input
def last_spikes(spikes, delays, loop, T):
    train = torch.zeros(T + 1, dtype=torch.bool)
    for s in spikes:
        if s < T:
            train[s] = True
            if loop is not None:
                train[s::loop] = True
    d = sum(delays)
    return [t + d for t in train[:T].nonzero().flatten().tolist() if t + d < T]

# %% 15.last_spikes right: builds the network and runs it
def last_spikes(spikes, delays, loop, T):
    if T == 0:
        return []
    net = network.Network()
    net.add_assembly("input", network.Encoder(1, "null"))
    before = net.input
    for i, d in enumerate(delays):
        net.add_assembly(f"g{i}", network.NeuronGroup(1, "if"))
        here = net.assemblies[f"g{i}"]
        net.add_connection(f"c{i}", network.Connection(before, here, delay=d, weight=torch.full((1, 1), 5.0)))
        before = here
    if loop is not None:
        net.add_connection("again", network.Connection(net.g0, net.g0, delay=loop, weight=torch.full((1, 1), 5.0)))
    net.add_assembly("output", network.Decoder(before, "null"))
    x = torch.zeros(1, T, 1)
    for s in spikes:
        if s < T:
            x[0, s, 0] = 1
    net.set_runtime(float(T))
    with torch.no_grad():
        out = net(x)
    return out[:, 0, 0].nonzero().flatten().tolist()

# %% 15.unit_v0 wrong: the value of the chapter whatever the constants
def unit_v0(tau_p, tau_q):
    return 6.75

# %% 15.unit_v0 wrong: the peak, not one over it
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)
    return math.exp(-t / tau_p) - math.exp(-t / tau_q)

# %% 15.unit_v0 wrong: the time of the peak
def unit_v0(tau_p, tau_q):
    return tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)

# %% 15.unit_v0 wrong: whole milliseconds only
def unit_v0(tau_p, tau_q):
    return 1 / max(math.exp(-t / tau_p) - math.exp(-t / tau_q) for t in range(1, 10000))

# %% 15.unit_v0 wrong: the time of the peak is rounded
def unit_v0(tau_p, tau_q):
    t = round(tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q))
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: a grid of 0.1 ms that ends after 100 ms
import numpy as np


def unit_v0(tau_p, tau_q):
    t = np.arange(0, 100, 0.1)
    return float(1 / (np.exp(-t / tau_p) - np.exp(-t / tau_q)).max())

# %% 15.unit_v0 wrong: a base 10 logarithm
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log10(tau_p / tau_q)
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: a base 2 logarithm
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log2(tau_p / tau_q)
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: the ratio upside down, the peak before time 0
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log(tau_q / tau_p)
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: the product of the constants is forgotten
def unit_v0(tau_p, tau_q):
    t = math.log(tau_p / tau_q) / (tau_p - tau_q)
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: difference of the constants instead of that of their inverses
def unit_v0(tau_p, tau_q):
    t = math.log(tau_p / tau_q) * (tau_p - tau_q)
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: negative, the exponentials change places
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)
    return 1 / (math.exp(-t / tau_q) - math.exp(-t / tau_p))

# %% 15.unit_v0 wrong: adds the exponentials
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)
    return 1 / (math.exp(-t / tau_p) + math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: the exponents lack their minus
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)
    return 1 / (math.exp(t / tau_p) - math.exp(t / tau_q))

# %% 15.unit_v0 wrong: multiplies by the constants in the exponent
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)
    return 1 / (math.exp(-t * tau_p) - math.exp(-t * tau_q))

# %% 15.unit_v0 wrong: takes the peak to be at tau_q
def unit_v0(tau_p, tau_q):
    return 1 / (math.exp(-tau_q / tau_p) - math.exp(-1))

# %% 15.unit_v0 wrong: takes the peak to be in the middle between the constants
def unit_v0(tau_p, tau_q):
    t = (tau_p + tau_q) / 2
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: takes the peak to be at the geometric mean
def unit_v0(tau_p, tau_q):
    t = math.sqrt(tau_p * tau_q)
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: rounded to two places
def unit_v0(tau_p, tau_q):
    r = tau_p / tau_q
    return round(r ** (r / (r - 1)) / (r - 1), 2)

# %% 15.unit_v0 wrong: the closed form without its denominator
def unit_v0(tau_p, tau_q):
    r = tau_p / tau_q
    return r ** (r / (r - 1))

# %% 15.unit_v0 wrong: the other exponent in the closed form
def unit_v0(tau_p, tau_q):
    r = tau_p / tau_q
    return r ** (1 / (r - 1)) / (r - 1)

# %% 15.unit_v0 wrong: whole-number division of the constants
def unit_v0(tau_p, tau_q):
    r = tau_p // tau_q
    return r ** (r / (r - 1)) / (r - 1)

# %% 15.unit_v0 wrong: an exponent of 3 that holds for 12 and 8 only
def unit_v0(tau_p, tau_q):
    r = tau_p / tau_q
    return r ** 3 / (r - 1)

# %% 15.unit_v0 right: a tensor of one number
def unit_v0(tau_p, tau_q):
    p, q = torch.tensor(tau_p), torch.tensor(tau_q)
    t = p * q / (p - q) * torch.log(p / q)
    return 1 / (torch.exp(-t / p) - torch.exp(-t / q))

# %% 15.unit_v0 wrong: an array
import numpy as np


def unit_v0(tau_p, tau_q):
    t = np.array([tau_p * tau_q / (tau_p - tau_q) * np.log(tau_p / tau_q)])
    return 1 / (np.exp(-t / tau_p) - np.exp(-t / tau_q))

# %% 15.unit_v0 wrong: prints the result
def unit_v0(tau_p, tau_q):
    r = tau_p / tau_q
    print(r ** (r / (r - 1)) / (r - 1))

# %% 15.unit_v0 wrong: the time that belongs to 12 and 8
def unit_v0(tau_p, tau_q):
    t = 24 * math.log(1.5)
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 wrong: scaled in proportion from 6.75
def unit_v0(tau_p, tau_q):
    return 6.75 * (tau_p / tau_q) / 1.5

# %% 15.unit_v0 wrong: the second exponential forgotten
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)
    return math.exp(t / tau_p)

# %% 15.unit_v0 wrong: looks up to 20 ms only
def unit_v0(tau_p, tau_q):
    f = lambda t: math.exp(-t / tau_p) - math.exp(-t / tau_q)
    lo, hi = 0.0, 20.0
    for _ in range(200):
        a, b = lo + (hi - lo) / 3, hi - (hi - lo) / 3
        if f(a) < f(b):
            lo = a
        else:
            hi = b
    return 1 / f((lo + hi) / 2)

# %% 15.unit_v0 right: the time of the peak, put back in
def unit_v0(tau_p, tau_q):
    t = tau_p * tau_q / (tau_p - tau_q) * math.log(tau_p / tau_q)
    return 1 / (math.exp(-t / tau_p) - math.exp(-t / tau_q))

# %% 15.unit_v0 right: the closed form of the ratio
def unit_v0(tau_p, tau_q):
    r = tau_p / tau_q
    return r ** (r / (r - 1)) / (r - 1)

# %% 15.unit_v0 right: inverse constants as rates
def unit_v0(tau_p, tau_q):
    a, b = 1 / tau_p, 1 / tau_q
    t = (math.log(b) - math.log(a)) / (b - a)
    return 1.0 / (math.exp(-a * t) - math.exp(-b * t))

# %% 15.unit_v0 right: powers of the ratio in place of exponentials
def unit_v0(tau_p, tau_q):
    d = tau_p - tau_q
    ratio = tau_q / tau_p
    return 1 / (ratio ** (tau_q / d) - ratio ** (tau_p / d))

# %% 15.unit_v0 right: numpy, made a float
import numpy as np


def unit_v0(tau_p, tau_q):
    t = np.log(tau_p / tau_q) / (1 / tau_q - 1 / tau_p)
    return float(1 / (np.exp(-t / tau_p) - np.exp(-t / tau_q)))

# %% 15.unit_v0 right: torch in double precision
def unit_v0(tau_p, tau_q):
    p, q = torch.tensor([tau_p, tau_q], dtype=torch.float64)
    t = p * q / (p - q) * torch.log(p / q)
    return (1 / (torch.exp(-t / p) - torch.exp(-t / q))).item()

# %% 15.unit_v0 right: bisection of the derivative
def unit_v0(tau_p, tau_q):
    def slope(t):
        return math.exp(-t / tau_q) / tau_q - math.exp(-t / tau_p) / tau_p

    lo, hi = 0.0, tau_p
    while slope(hi) > 0:
        hi *= 2
    for _ in range(200):
        middle = (lo + hi) / 2
        if slope(middle) > 0:
            lo = middle
        else:
            hi = middle
    return 1 / (math.exp(-lo / tau_p) - math.exp(-lo / tau_q))

# %% 15.unit_v0 right: a search in thirds
def unit_v0(tau_p, tau_q):
    f = lambda t: math.exp(-t / tau_p) - math.exp(-t / tau_q)
    lo, hi = 0.0, 2 * tau_p
    for _ in range(300):
        a, b = lo + (hi - lo) / 3, hi - (hi - lo) / 3
        if f(a) < f(b):
            lo = a
        else:
            hi = b
    return 1 / f((lo + hi) / 2)

# %% 15.unit_v0 right: the logarithm of V0 first
def unit_v0(tau_p, tau_q):
    log_r = math.log(tau_p) - math.log(tau_q)
    return math.exp(tau_p * log_r / (tau_p - tau_q) + math.log(tau_q) - math.log(tau_p - tau_q))

# %% 15.unit_v0 right: at the peak both derivatives are equal, so one exponential is enough
def unit_v0(tau_p, tau_q):
    t = math.log(tau_p / tau_q) / (1 / tau_q - 1 / tau_p)
    return math.exp(t / tau_p) * tau_p / (tau_p - tau_q)

# %% 15.mend_loop wrong: the last connection without delay, on the loop or not
def mend_loop(net):
    name = [n for n, c in net.connections.items() if c.delay == 0][-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: the last connection of all
def mend_loop(net):
    name, c = list(net.connections.items())[-1]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: the first of the loop
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[0]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: the last of the loop by the alphabet
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = max(loop)
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: all connections of the loop get a delay
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    for name in loop:
        c = net.connections[name]
        net.del_connection(c)
        net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: all connections without delay get one
def mend_loop(net):
    for name, c in net.connections.items():
        if c.delay == 0:
            net.del_connection(c)
            net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: the weights are drawn anew
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1))

# %% 15.mend_loop wrong: weights of one
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=torch.ones(c.post.num, c.pre.num)))

# %% 15.mend_loop wrong: all weights are their mean
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=torch.full_like(c.weight, c.weight.mean().item())))

# %% 15.mend_loop wrong: the weights are rounded
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight.detach().round(decimals=2)))

# %% 15.mend_loop wrong: the weights are transposed
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight.T))

# %% 15.mend_loop wrong: the rows of the weights in reverse
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight.flip(0)))

# %% 15.mend_loop wrong: negative weights are lost
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight, w_min=0.0))

# %% 15.mend_loop wrong: a new name
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name + "_1", network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: named after its ends
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(f"{c.pre.address()}_{c.post.address()}", network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: pre and post change places
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.post, c.pre, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: deletes and adds nothing
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    net.del_connection(name=loop[-1])

# %% 15.mend_loop wrong: a delay of 2
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=2, weight=c.weight))

# %% 15.mend_loop wrong: the delay stays 0
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=c.delay, weight=c.weight))

# %% 15.mend_loop wrong: one to one
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, "one_to_one", delay=1))

# %% 15.mend_loop right: the delay of the connection is set
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    net.connections[loop[-1]].delay = 1

# %% 15.mend_loop wrong: mends a copy
def mend_loop(net):
    import copy

    net = copy.deepcopy(net)
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))
    return net

# %% 15.mend_loop wrong: the new connection is never added
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    return network.Connection(c.pre, c.post, delay=1, weight=c.weight)

# %% 15.mend_loop wrong: knows loops of two groups only
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}
    loop = [n for n, c in zero.items() if any(d.pre is c.post and d.post is c.pre for d in zero.values())]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: a connection of a group to itself is overlooked
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if c.pre is not c.post and reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: only a connection of a group to itself is mended
def mend_loop(net):
    for name, c in net.connections.items():
        if c.delay == 0 and c.pre is c.post:
            net.del_connection(c)
            net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))
            return

# %% 15.mend_loop wrong: delays are ignored, any loop will do
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items()}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: any connection between groups of the loop, also one that has a delay
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    on = {net.connections[n].pre for n in loop}
    loop = [n for n, c in net.connections.items() if c.pre in on and c.post in on]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: any connection that leads to a group of the loop
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    on = {net.connections[n].pre for n in loop}
    loop = [n for n, c in zero.items() if c.post in on]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: any connection that leaves a group of the loop
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    on = {net.connections[n].pre for n in loop}
    loop = [n for n, c in zero.items() if c.pre in on]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: the one that closes the loop as seen from the input
def mend_loop(net):
    seen = []

    def walk(here, path):
        for name, c in net.connections.items():
            if c.pre is here and c.delay == 0:
                if c.post in path:
                    seen.append(name)
                elif not seen:
                    walk(c.post, path + [c.post])

    for group in net.assemblies.values():
        if not seen:
            walk(group, [group])
    name = seen[0]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: looks for the loop only from the input on, along connections without delay
def mend_loop(net):
    loops = []

    def walk(here, nodes, names):
        for name, c in net.connections.items():
            if c.pre is here and c.delay == 0:
                if c.post in nodes:
                    loops.append((names + [name])[nodes.index(c.post):])
                elif not loops:
                    walk(c.post, nodes + [c.post], names + [name])

    walk(net.input, [net.input], [])
    order = list(net.connections)
    name = max(loops[0], key=order.index)
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: the last connection without delay that comes back to an earlier group
def mend_loop(net):
    order = list(net.assemblies.values())
    back = [n for n, c in net.connections.items()
            if c.delay == 0 and order.index(c.post) <= order.index(c.pre)]
    name = back[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: tries from the first on
def mend_loop(net):
    for name, c in net.connections.items():
        net.del_connection(c)
        try:
            net.build()
        except ValueError:
            net.add_connection(name, c)
        else:
            net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))
            return

# %% 15.mend_loop wrong: connections that did not help are left out
def mend_loop(net):
    for name, c in reversed(net.connections.items()):
        net.del_connection(c)
        try:
            net.build()
            net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))
            return
        except ValueError:
            pass

# %% 15.mend_loop wrong: connections that did not help keep a delay
def mend_loop(net):
    for name, c in reversed(net.connections.items()):
        net.del_connection(c)
        net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))
        try:
            net.build()
            return
        except ValueError:
            pass

# %% 15.mend_loop wrong: walks round a loop it does not start on, for ever
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}
    start = here = next(c.post for c in zero.values() if c.pre is net.input)
    loop = []
    while True:
        name = next(n for n, c in zero.items() if c.pre is here)
        loop = [n for n in loop if n != name] + [name]
        here = zero[name].post
        if here is start:
            break
    order = list(net.connections)
    name = max(loop, key=order.index)
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: a group is taken out and put back, its other connections are gone
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    group = next(n for n, g in net.assemblies.items() if g is c.post)
    net.del_assembly(name=group)
    net.add_assembly(group, c.post)
    if name not in net.connections:
        net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop wrong: weights of zero in place of a delay
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    with torch.no_grad():
        net.connections[loop[-1]].weight.zero_()

# %% 15.mend_loop right: whether a way leads back
def mend_loop(net):
    zero = {n: c for n, c in net.connections.items() if c.delay == 0}

    def reaches(a, b):
        seen, todo = {a}, [a]
        while todo:
            here = todo.pop()
            if here is b:
                return True
            for c in zero.values():
                if c.pre is here and c.post not in seen:
                    seen.add(c.post)
                    todo.append(c.post)
        return False

    loop = [n for n, c in zero.items() if reaches(c.post, c.pre)]
    name = loop[-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop right: takes one out after the other from the end and builds
def mend_loop(net):
    for name, c in reversed(list(net.connections.items())):
        if c.delay > 0:
            continue
        net.del_connection(c)
        try:
            net.build()
        except ValueError:
            net.add_connection(name, c)
        else:
            net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))
            return

# %% 15.mend_loop right: peels off what has nothing before or behind it
def mend_loop(net):
    left = {n: c for n, c in net.connections.items() if c.delay == 0}
    while True:
        pres = {c.pre for c in left.values()}
        posts = {c.post for c in left.values()}
        keep = {n: c for n, c in left.items() if c.pre in posts and c.post in pres}
        if len(keep) == len(left):
            break
        left = keep
    name, c = list(left.items())[-1]
    net.del_connection(name=name)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop right: networkx
def mend_loop(net):
    import networkx as nx

    names = {id(g): n for n, g in net.assemblies.items()}
    graph = nx.MultiDiGraph()
    for name, c in net.connections.items():
        if c.delay == 0:
            graph.add_edge(names[id(c.pre)], names[id(c.post)], key=name)
    on = {key for *_, key in nx.find_cycle(graph)}
    name = [n for n in net.connections if n in on][-1]
    c = net.connections[name]
    net.del_connection(name=name)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop right: recursion, the path as a list of names
def mend_loop(net):
    links = net.connections

    def search(path):
        first, last = links[path[0]], links[path[-1]]
        if last.post is first.pre:
            return path
        for n, c in links.items():
            if c.delay == 0 and c.pre is last.post and n not in path:
                found = search(path + [n])
                if found:
                    return found
        return None

    for n in reversed(links):
        if links[n].delay == 0 and search([n]):
            break
    old = links[n]
    net.del_connection(old)
    net.add_connection(n, network.Connection(pre=old.pre, post=old.post, weight=old.weight.detach().clone(), delay=1))

# %% 15.mend_loop right: powers of a matrix
import numpy as np


def mend_loop(net):
    parts = list(net.assemblies.values())
    n = len(parts)
    where = {id(p): i for i, p in enumerate(parts)}
    A = np.zeros((n, n), dtype=int)
    for c in net.connections.values():
        if c.delay == 0:
            A[where[id(c.pre)], where[id(c.post)]] = 1
    R = np.eye(n, dtype=int)
    for _ in range(n):
        R = ((R + R @ A) > 0).astype(int)
    last = None
    for name, c in net.connections.items():
        if c.delay == 0 and R[where[id(c.post)], where[id(c.pre)]]:
            last = name
    c = net.connections[last]
    net.del_connection(c)
    net.add_connection(last, network.Connection(c.pre, c.post, "full", 1, c.weight.detach().numpy()))

# %% 15.mend_loop right: Warshall, by attributes
def mend_loop(net):
    ways = {(c.pre, c.post) for c in net.connections.values() if c.delay == 0}
    groups = list(net.assemblies.values())
    for k in groups:
        for i in groups:
            for j in groups:
                if (i, k) in ways and (k, j) in ways:
                    ways.add((i, j))
    for name, c in net.connections.items():
        if c.delay == 0 and (c.pre, c.pre) in ways and (c.post, c.post) in ways:
            chosen = name
    old = net.connections[chosen]
    delattr(net, chosen)
    setattr(net, chosen, network.Connection(old.pre, old.post, weight=old.weight))
    return net

# %% 15.mend_loop right: tries it out on a copy
def mend_loop(net):
    import copy

    for name in list(net.connections)[::-1]:
        if net.connections[name].delay != 0:
            continue
        trial = copy.deepcopy(net)
        trial.del_connection(name=name)
        try:
            trial.build()
        except ValueError:
            continue
        c = net.connections[name]
        net.del_connection(c)
        net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))
        break

# %% 15.mend_loop right: follows every path until a group comes again
def mend_loop(net):
    after = {}
    for name, c in net.connections.items():
        if c.delay == 0:
            after.setdefault(c.pre, []).append((name, c.post))
    stack = [(g, [g], []) for g in after]
    loop = None
    while loop is None:
        here, groups, names = stack.pop()
        for name, there in after.get(here, []):
            if there in groups:
                loop = (names + [name])[groups.index(there):]
                break
            stack.append((there, groups + [there], names + [name]))
    order = list(net.connections)
    name = max(loop, key=order.index)
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.mend_loop right: the message of build names the groups of the loop
def mend_loop(net):
    try:
        net.build()
    except ValueError as error:
        groups = str(error).split(" is a loop")[0].split(" -> ")
    steps = set(zip(groups[:-1], groups[1:]))
    name = [
        n for n, c in net.connections.items() if c.delay == 0 and (c.pre.address(), c.post.address()) in steps
    ][-1]
    c = net.connections[name]
    net.del_connection(c)
    net.add_connection(name, network.Connection(c.pre, c.post, delay=1, weight=c.weight))

# %% 15.superfluous wrong: shows the groups again only where they are not superfluous
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        if torch.equal(net(x), before):
            return name
        part.assembly_show()

# %% 15.superfluous wrong: never shows the groups again
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        if torch.equal(net(x), before):
            return name

# %% 15.superfluous wrong: shows only the superfluous one again
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        if torch.equal(net(x), before):
            part.assembly_show()
            return name

# %% 15.superfluous wrong: the group instead of its name
def superfluous(net, x):
    before = net(x)
    for part in net.assemblies.values():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x), before)
        part.assembly_show()
        if same:
            return part

# %% 15.superfluous wrong: a list of names
def superfluous(net, x):
    before = net(x)
    names = []
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        if torch.equal(net(x), before):
            names.append(name)
        part.assembly_show()
    return names

# %% 15.superfluous wrong: its number
def superfluous(net, x):
    before = net(x)
    for i, part in enumerate(net.assemblies.values()):
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x), before)
        part.assembly_show()
        if same:
            return i

# %% 15.superfluous wrong: prints the name
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        if torch.equal(net(x), before):
            print(name)
        part.assembly_show()

# %% 15.superfluous wrong: hides the encoder too
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x), before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: hides the group that the decoder reads too
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if name in ("input", "output"):
            continue
        part.assembly_hide()
        same = torch.equal(net(x), before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: takes the last group to be the one that is read
def superfluous(net, x):
    before = net(x)
    groups = [n for n in net.assemblies if n not in ("input", "output")]
    for name in groups[:-1]:
        net.assemblies[name].assembly_hide()
        same = torch.equal(net(x), before)
        net.assemblies[name].assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: compares totals
def superfluous(net, x):
    before = net(x).sum()
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = net(x).sum() == before
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: compares which number is largest
def superfluous(net, x):
    before = net(x).argmax(1)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x).argmax(1), before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: the first sample only
def superfluous(net, x):
    before = net(x)[0]
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x)[0], before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: gives the network the first sample only
def superfluous(net, x):
    x = x[:1]
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x), before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: the mean over the samples
def superfluous(net, x):
    before = net(x).mean(0)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x).mean(0), before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: the first neuron only
def superfluous(net, x):
    before = net(x)[:, 0]
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x)[:, 0], before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: one equal number is enough
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = (net(x) == before).any()
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: about equal
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = (net(x) - before).abs().mean() < 0.5
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: the sum of the differences, which cancel
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = (net(x) - before).sum() == 0
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: the first group that is different
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x), before)
        part.assembly_show()
        if not same:
            return name

# %% 15.superfluous wrong: compares with the network before it, where the last group is hidden
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        after = net(x)
        part.assembly_show()
        if torch.equal(after, before):
            return name
        before = after

# %% 15.superfluous wrong: compares the numbers in an if
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        after = net(x)
        part.assembly_show()
        if after == before:
            return name

# %% 15.superfluous wrong: the group that sends nothing on
def superfluous(net, x):
    senders = {c.pre for c in net.connections.values()}
    for name, part in net.assemblies.items():
        if part not in senders and part not in (net.input, net.output, net.output.target):
            return name

# %% 15.superfluous wrong: the group from which no way leads to the decoder
def superfluous(net, x):
    useful = {net.output.target}
    for _ in net.assemblies:
        useful |= {c.pre for c in net.connections.values() if c.post in useful}
    for name, part in net.assemblies.items():
        if part not in useful and part not in (net.input, net.output):
            return name

# %% 15.superfluous wrong: the group with the smallest weights
def superfluous(net, x):
    strength = {}
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        strength[name] = sum(c.weight.abs().sum().item() for c in net.connections.values() if c.pre is part)
    return min(strength, key=strength.get)

# %% 15.superfluous wrong: the group that fires least
def superfluous(net, x):
    watch = {n: network.SpikeMonitor(p) for n, p in net.assemblies.items()
             if p not in (net.input, net.output, net.output.target)}
    for n, m in watch.items():
        setattr(net, "watch_" + n, m)
    net(x)
    counts = {n: m.spk_count.sum().item() for n, m in watch.items()}
    for n in watch:
        delattr(net, "watch_" + n)
    return min(counts, key=counts.get)

# %% 15.superfluous wrong: deletes instead of hiding
def superfluous(net, x):
    before = net(x)
    for name, part in list(net.assemblies.items()):
        if part in (net.input, net.output, net.output.target):
            continue
        net.del_assembly(part)
        same = torch.equal(net(x), before)
        net.add_assembly(name, part)
        if same:
            return name

# %% 15.superfluous wrong: sets weights to zero and leaves them
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        with torch.no_grad():
            for c in net.connections.values():
                if c.pre is part:
                    c.weight.zero_()
        if torch.equal(net(x), before):
            return name

# %% 15.superfluous wrong: hides connections one by one and names the group before the first that is not needed
def superfluous(net, x):
    before = net(x)
    for name, c in list(net.connections.items()):
        if c.pre in (net.input, net.output.target):
            continue
        net.del_connection(c)
        same = torch.equal(net(x), before)
        net.add_connection(name, c)
        if same:
            return [n for n, p in net.assemblies.items() if p is c.pre][0]

# %% 15.superfluous wrong: always the same
def superfluous(net, x):
    return "b"

# %% 15.superfluous wrong: always spikes in every step instead of x
def superfluous(net, x):
    x = torch.ones_like(x)
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x), before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous wrong: keeps what it found for the next network
found = {}

def superfluous(net, x):
    if "name" in found:
        return found["name"]
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        if torch.equal(net(x), before):
            found["name"] = name
        part.assembly_show()
    return found["name"]

# %% 15.superfluous wrong: torch.allclose, which lets small differences of a voltage pass
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.allclose(net(x), before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous right: hides one after the other
def superfluous(net, x):
    before = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        part.assembly_hide()
        same = torch.equal(net(x), before)
        part.assembly_show()
        if same:
            return name

# %% 15.superfluous right: try and finally
def superfluous(net, x):
    with torch.no_grad():
        before = net(x)
        for name, part in net.assemblies.items():
            if part is net.input or part is net.output or part is net.output.target:
                continue
            try:
                part.assembly_hide()
                if bool((net(x) == before).all()):
                    return name
            finally:
                part.assembly_show()

# %% 15.superfluous right: helper and next
def superfluous(net, x):
    def without(group):
        group.assembly_hide()
        y = net(x)
        group.assembly_show()
        return y

    whole = net(x)
    groups = {n: g for n, g in net.assemblies.items()
              if isinstance(g, network.NeuronGroup) and g is not net.output.target}
    return next(n for n, g in groups.items() if torch.equal(without(g), whole))

# %% 15.superfluous right: a dict of results, numpy
import numpy as np


def superfluous(net, x):
    whole = net(x).detach().numpy()
    results = {}
    for name, part in net.assemblies.items():
        if isinstance(part, (network.Encoder, network.Decoder)) or part is net.output.target:
            continue
        part.assembly_hide()
        results[name] = net(x).detach().numpy()
        part.assembly_show()
    return [n for n, y in results.items() if np.array_equal(y, whole)][0]

# %% 15.superfluous right: a copy loses the group
def superfluous(net, x):
    import copy

    whole = net(x)
    for name, part in net.assemblies.items():
        if isinstance(part, network.NeuronGroup) and part is not net.output.target:
            other = copy.deepcopy(net)
            other.del_assembly(name=name)
            if torch.equal(other(x), whole):
                return name

# %% 15.superfluous right: from the end, as lists of numbers
def superfluous(net, x):
    skip = [net.input, net.output, net.output.target]
    whole = net(x).tolist()
    answer = None
    for name in reversed(list(net.assemblies)):
        part = net.assemblies[name]
        if not any(part is s for s in skip):
            part.assembly_hide()
            if net(x).tolist() == whole:
                answer = name
            part.assembly_show()
    return answer

# %% 15.superfluous right: feed and run, the decoder's predict
def superfluous(net, x):
    def out():
        net.input(x)
        net.run()
        return net.output.predict.clone()

    whole = out()
    for name, part in net.assemblies.items():
        if name == "input" or name == "output" or part is net.output.target:
            continue
        part.assembly_hide()
        same = out().equal(whole)
        part.assembly_show()
        if same:
            break
    return name

# %% 15.superfluous right: the errors are caught
def superfluous(net, x):
    whole = net(x)
    answer = None
    for name, part in net.assemblies.items():
        part.assembly_hide()
        try:
            y = net(x)
            if y is not None and torch.equal(y, whole):
                answer = name
        except ValueError:
            pass
        part.assembly_show()
    return answer

# %% 15.superfluous right: recursion
def superfluous(net, x):
    whole = net(x)

    def first(names):
        part = net.assemblies[names[0]]
        if not isinstance(part, network.NeuronGroup) or part is net.output.target:
            return first(names[1:])
        part.assembly_hide()
        y = net(x)
        part.assembly_show()
        return names[0] if (y - whole).abs().max() == 0 else first(names[1:])

    return first(list(net.assemblies))

# %% 15.superfluous right: a copy whose group sends nothing
def superfluous(net, x):
    import copy

    whole = net(x)
    for name, part in net.assemblies.items():
        if part in (net.input, net.output, net.output.target):
            continue
        other = copy.deepcopy(net)
        gone = other.assemblies[name]
        with torch.no_grad():
            for c in other.connections.values():
                if c.pre is gone:
                    c.weight.zero_()
        if torch.equal(other(x), whole):
            return name

# %% 15.QIF wrong: k is ignored
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + v * (v - self.v_c) + x

# %% 15.QIF wrong: v_c is ignored
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * v + x

# %% 15.QIF wrong: the critical voltage is always 0.5
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - 0.5) + x

# %% 15.QIF wrong: the sign of the bracket
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (self.v_c - v) + x

# %% 15.QIF wrong: v is missing
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: the factor v is missing
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * (v - self.v_c) + x

# %% 15.QIF wrong: v squared, then minus v_c
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * (v * v - self.v_c) + x

# %% 15.QIF wrong: no brackets
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * v - self.v_c + x

# %% 15.QIF wrong: the square of the difference
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * (v - self.v_c) ** 2 + x

# %% 15.QIF wrong: v plus v_c
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v + self.v_c) + x

# %% 15.QIF wrong: no input
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c)

# %% 15.QIF wrong: the input is taken away
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) - x

# %% 15.QIF wrong: the input times k
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * (v * (v - self.v_c) + x)

# %% 15.QIF wrong: the input first, then the rest
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        v = v + x
        return v + self.k * v * (v - self.v_c)

# %% 15.QIF wrong: the bracket with the voltage after the input
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v + x - self.v_c) + x

# %% 15.QIF wrong: changes v in place
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        v += self.k * v * (v - self.v_c) + x
        return v

# %% 15.QIF wrong: changes v in place on the way
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        old = v.clone()
        v.mul_(v - self.v_c).mul_(self.k)
        return old + v + x

# %% 15.QIF wrong: adds to the input in place
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return x.add_(v + self.k * v * (v - self.v_c))

# %% 15.QIF wrong: a difference by v_th
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_threshold) + x

# %% 15.QIF wrong: no voltage below 0
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return (v + self.k * v * (v - self.v_c) + x).clamp(min=0)

# %% 15.QIF wrong: stops at the threshold
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return (v + self.k * v * (v - self.v_c) + x).clamp(max=self.v_threshold)

# %% 15.QIF wrong: resets in charge
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        h = v + self.k * v * (v - self.v_c) + x
        return torch.where(h >= self.v_threshold, torch.zeros_like(h), h)

# %% 15.QIF wrong: returns spikes
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        h = v + self.k * v * (v - self.v_c) + x
        return (h >= self.v_threshold).float()

# %% 15.QIF wrong: one number for all neurons
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return (v + self.k * v * (v - self.v_c) + x).mean()

# %% 15.QIF wrong: the first neuron decides on which side all are
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        if v.flatten()[0] < self.v_c:
            return v - self.k * v * self.v_c + x
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: an if over a tensor
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        if v > self.v_c:
            return v + self.k * v * (v - self.v_c) + x
        return v - self.k * v * (self.v_c - v) + x

# %% 15.QIF wrong: nothing happens below v_c
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return torch.where(v > self.v_c, v + self.k * v * (v - self.v_c), v) + x

# %% 15.QIF wrong: the size of the difference
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c).abs() + x

# %% 15.QIF wrong: its own voltage in place of the argument
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return self.v + self.k * self.v * (self.v - self.v_c) + x

# %% 15.QIF wrong: returns nothing
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        h = v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: k doubles with every step
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        h = v + self.k * v * (v - self.v_c) + x
        self.k = self.k * 2
        return h

# %% 15.QIF wrong: the threshold is not passed on
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: a soft reset
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=None)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: resets to v_c
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=v_c)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: v_c is the threshold
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_c, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: k and v_c change places in __init__
class QIF(neuron.Neuron):
    def __init__(self, v_c=0.5, k=1.0, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: k and v_c change places when kept
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.v_c, self.k = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: another name for the threshold
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_threshold=1.0):
        super().__init__(v_threshold=v_threshold, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: no defaults
class QIF(neuron.Neuron):
    def __init__(self, k, v_c, v_th):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: another default
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=1.0, v_th=2.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: whole numbers of k
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = int(k), v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF wrong: the base class is not called
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        self.v_threshold, self.v_reset = v_th, 0.0
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF right: the equation
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v + self.k * v * (v - self.v_c) + x

# %% 15.QIF right: a polynomial
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return self.k * v ** 2 + (1 - self.k * self.v_c) * v + x

# %% 15.QIF right: v in front of the bracket
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return v * (1 + self.k * (v - self.v_c)) + x

# %% 15.QIF right: torch.addcmul
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return torch.addcmul(v + x, v, v - self.v_c, value=self.k)

# %% 15.QIF right: a clone that is changed in place
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        h = v.clone()
        h -= self.v_c
        h *= self.k
        h *= v
        h += v
        h += x
        return h

# %% 15.QIF right: k (v² - v_c v)
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        pull = self.k * (torch.square(v) - self.v_c * v)
        return torch.add(torch.add(v, pull), x)

# %% 15.QIF right: a method for the slope, other names
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.strength, self.critical = k, v_c

    def charge(self, v, x):
        return self.slope(v) + v + x

    def slope(self, v):
        return self.strength * v * (v - self.critical)

# %% 15.QIF right: on top of IFNode
class QIF(neuron.IFNode, neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return super().charge(v, x) + self.k * v * (v - self.v_c)

# %% 15.QIF right: the two sides apart
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        up = v + self.k * v * (v - self.v_c)
        down = v - self.k * v * (self.v_c - v)
        return torch.where(v > self.v_c, up, down) + x

# %% 15.QIF right: through the fixed points
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.k, self.v_c = k, v_c

    def charge(self, v, x):
        return x + v - self.k * (v - 0) * (self.v_c - v)

# %% 15.QIF right: a function made in __init__
class QIF(neuron.Neuron):
    def __init__(self, k=1.0, v_c=0.5, v_th=1.0):
        super().__init__(v_threshold=v_th, v_reset=0.0)
        self.step = lambda v, x: torch.stack([v, k * v * (v - v_c), x]).sum(0)

    def charge(self, v, x):
        return self.step(v, x)

# %% 15.cortical wrong: excitatory groups to themselves too
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return True
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: inhibitory groups of the other column too
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return "exc" in post.neuron_type

# %% 15.cortical wrong: inhibitory groups to all of their column
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return pre.owner is post.owner

# %% 15.cortical wrong: inhibitory groups to all but themselves in their column
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return pre.owner is post.owner and pre is not post

# %% 15.cortical wrong: inhibitory groups to inhibitory ones
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return "inh" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: inhibitory groups to the other column only
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return "exc" in post.neuron_type and pre.owner is not post.owner

# %% 15.cortical wrong: excitatory groups stay in their column
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post and pre.owner is post.owner
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: excitatory groups to the other column only
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre.owner is not post.owner
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: excitatory groups to excitatory ones only
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post and "exc" in post.neuron_type
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: excitatory groups to inhibitory ones only
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return "inh" in post.neuron_type
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: pre and post change places
def cortical(pre, post):
    if "exc" in post.neuron_type:
        return pre is not post
    return "exc" in pre.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: exc and inh change places
def cortical(pre, post):
    if "inh" in pre.neuron_type:
        return pre is not post
    return "inh" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: the first word decides
def cortical(pre, post):
    if pre.neuron_type[0] == "exc":
        return pre is not post
    return post.neuron_type[0] == "exc" and pre.owner is post.owner

# %% 15.cortical wrong: the last word decides
def cortical(pre, post):
    if pre.neuron_type[-1] == "exc":
        return pre is not post
    return post.neuron_type[-1] == "exc" and pre.owner is post.owner

# %% 15.cortical wrong: the only word, as a tuple
def cortical(pre, post):
    if pre.neuron_type == ("exc",):
        return pre is not post
    return post.neuron_type == ("exc",) and pre.owner is post.owner

# %% 15.cortical wrong: a tuple compared with a word
def cortical(pre, post):
    if pre.neuron_type == "exc":
        return pre is not post
    return post.neuron_type == "exc" and pre.owner is post.owner

# %% 15.cortical wrong: the only word only for post
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return post.neuron_type == ("exc",) and pre.owner is post.owner

# %% 15.cortical wrong: part of a word
def cortical(pre, post):
    def is_exc(group):
        return "exc" in " ".join(group.neuron_type)

    if is_exc(pre):
        return pre is not post
    return is_exc(post) and pre.owner is post.owner

# %% 15.cortical wrong: the beginning of a word
def cortical(pre, post):
    def kind(group):
        return [w[:3] for w in group.neuron_type if w[:3] in ("exc", "inh")][0]

    if kind(pre) == "exc":
        return pre is not post
    return kind(post) == "exc" and pre.owner is post.owner

# %% 15.cortical wrong: groups of the same words are not connected
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre.neuron_type != post.neuron_type
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: groups of the same size are taken for the same
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre.num != post.num
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: no connection between columns
def cortical(pre, post):
    if pre.owner is not post.owner:
        return False
    if "exc" in pre.neuron_type:
        return pre is not post
    return "exc" in post.neuron_type

# %% 15.cortical wrong: owners are compared by their class
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return "exc" in post.neuron_type and type(pre.owner) == type(post.owner)

# %% 15.cortical wrong: owners are compared by the number of their groups
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return "exc" in post.neuron_type and len(pre.owner.assemblies) == len(post.owner.assemblies)

# %% 15.cortical wrong: addresses are compared, which are equal in columns without a network
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre.address() != post.address()
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: None for inhibitory groups that do not connect
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    if "exc" in post.neuron_type and pre.owner is post.owner:
        return True

# %% 15.cortical wrong: nothing is returned
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        pre is not post
    else:
        "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: the inhibitory part is missing
def cortical(pre, post):
    return "exc" in pre.neuron_type and pre is not post

# %% 15.cortical wrong: never
def cortical(pre, post):
    return False

# %% 15.cortical wrong: always
def cortical(pre, post):
    return True

# %% 15.cortical wrong: the opposite
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is post
    return not ("exc" in post.neuron_type and pre.owner is post.owner)

# %% 15.cortical wrong: a test that is always true
def cortical(pre, post):
    if "exc" or "deep" in pre.neuron_type:
        return pre is not post
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: or instead of and
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return "exc" in post.neuron_type or pre.owner is post.owner

# %% 15.cortical wrong: not to itself applies to groups of one column
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre.owner is not post.owner or "inh" in post.neuron_type
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: every pair is allowed once only
def cortical(pre, post):
    if not hasattr(cortical, "seen"):
        cortical.seen = set()
    pair = (id(pre), id(post))
    if pair in cortical.seen:
        return False
    cortical.seen.add(pair)
    if "exc" in pre.neuron_type:
        return pre is not post
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: a word in place of True
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return "yes" if pre is not post else "no"
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical wrong: the type is looked up under a wrong name
def cortical(pre, post):
    if "excitatory" in pre.neuron_type:
        return pre is not post
    return "excitatory" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical right: two cases
def cortical(pre, post):
    if "exc" in pre.neuron_type:
        return pre is not post
    return "exc" in post.neuron_type and pre.owner is post.owner

# %% 15.cortical right: one expression
def cortical(pre, post):
    return pre is not post if "exc" in pre.neuron_type else ("exc" in post.neuron_type and pre.owner is post.owner)

# %% 15.cortical right: tests inh
def cortical(pre, post):
    if "inh" in pre.neuron_type:
        if "inh" in post.neuron_type:
            return False
        return pre.owner == post.owner
    return pre != post

# %% 15.cortical right: early ends
def cortical(pre, post):
    if pre is post:
        return False
    if "exc" in pre.neuron_type:
        return True
    if "inh" in post.neuron_type:
        return False
    if pre.owner is not post.owner:
        return False
    return True

# %% 15.cortical right: policies of the library
def cortical(pre, post):
    from_exc = network.included("exc")
    back = network.included("inh", "exc")
    if from_exc(pre, post):
        return pre is not post
    return back(pre, post) and pre.owner is post.owner

# %% 15.cortical right: a loop over the words
def cortical(pre, post):
    kinds = []
    for group in (pre, post):
        for word in group.neuron_type:
            if word == "exc" or word == "inh":
                kinds.append(word)
    if kinds[0] == "exc":
        return not (pre is post)
    return kinds == ["inh", "exc"] and id(pre.owner) == id(post.owner)

# %% 15.cortical right: sets
def cortical(pre, post):
    excitatory = {g for g in (pre, post) if not {"exc"}.isdisjoint(g.neuron_type)}
    if pre in excitatory:
        return len({pre, post}) == 2
    return post in excitatory and len({pre.owner, post.owner}) == 1

# %% 15.cortical right: a table
def cortical(pre, post):
    same_group = pre is post
    same_column = pre.owner is post.owner
    exc = lambda g: any(w == "exc" for w in g.neuron_type)
    return {
        (True, True): not same_group,
        (True, False): True,
        (False, True): same_column,
        (False, False): False,
    }[exc(pre), exc(post)]

# %% 15.cortical right: or of two rules
def cortical(pre, post):
    a = "exc" in pre.neuron_type and pre is not post
    b = "inh" in pre.neuron_type and "exc" in post.neuron_type and pre.owner is post.owner
    return a or b

# %% 15.cortical right: count and bool
def cortical(pre, post):
    e, i = pre.neuron_type.count("exc"), post.neuron_type.count("exc")
    return bool((e and pre is not post) or (not e and i and post.owner is pre.owner))

# %% 15.from_edges wrong: edges of weight 0 are left out
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        if not w:
            continue
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: negative edges are left out
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        if w <= 0:
            continue
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: negative weights become positive
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), abs(w))
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: weights stop at 0
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight, w_min=0.0))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: whole numbers as weights
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), int(w))
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: the weight is shared among the senders
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w / size[pre])
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: weights are forgotten
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = None
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: weights on the diagonal only
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = w * torch.eye(size[post], size[pre])
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: the shape of the weights is pre by post
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[pre], size[post]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: a plain number as weight
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = w
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: the delay is forgotten
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], "full", weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: a delay of 0 becomes 1
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay or 1, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: one step more
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay + 1, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: the delay and the weight change places
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, delay, w in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: pre and post change places
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[pre], size[post]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[post], net.assemblies[pre], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: named post_pre
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{post}_{pre}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: names without _
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(pre + post, network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: numbered connections
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for k, (pre, post, w, delay) in enumerate(edges):
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"edge_{k}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: no decoder
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    return net

# %% 15.from_edges wrong: the decoder has another name
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("out", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: the decoder reads the second group
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: the decoder reads where the last edge ends
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[edges[-1][1]], "spike_counts"))
    return net

# %% 15.from_edges wrong: the decoder reads rates
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_rates"))
    return net

# %% 15.from_edges wrong: the decoder reads the first spike
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "first_spike"))
    return net

# %% 15.from_edges wrong: the input is a group
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if False:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: the input is called input
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate([("input", groups[0][1])] + groups[1:]):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: a Poisson encoder
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "poisson"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: groups of lif, the default
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: every group has as many neurons as the input
def from_edges(groups, edges):
    net = network.Network()
    size = {name: groups[0][1] for name, _ in groups}
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(groups[0][1], "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: groups without connections are left out
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    used = {e[0] for e in edges} | {e[1] for e in edges}
    for i, (name, number) in enumerate(g for g in groups if g[0] in used):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: the last group is left out
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups[:-1]):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: connections of a group to itself are left out
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        if pre == post:
            continue
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: connections that go back are left out
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    order = [g[0] for g in groups]
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        if order.index(pre) > order.index(post):
            continue
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: one connection for each sender
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    last = {e[0]: e for e in edges}
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in last.values():
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: takes the input out of the argument
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    name, number = groups.pop(0)
    net.add_assembly(name, network.Encoder(number, "null"))
    for i, (name, number) in enumerate(groups):
        if False:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: sorts the argument
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    edges.sort()
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: sorts the groups, so another is the input
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    groups = sorted(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: one to one
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = None
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], "one_to_one", delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: no network, an assembly
def from_edges(groups, edges):
    net = network.Assembly()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: returns nothing
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))

# %% 15.from_edges wrong: a tuple of network and decoder
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net, net.output

# %% 15.from_edges wrong: every call adds to the same network
shared = network.Network()

def from_edges(groups, edges):
    net = shared
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: two decoders
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output2", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: a bias as well
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight, bias=torch.ones(size[post])))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges wrong: an exception where there are no edges
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    pres, posts, ws, ds = zip(*edges)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in zip(pres, posts, ws, ds):
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges right: one loop for groups, one for edges
def from_edges(groups, edges):
    net = network.Network()
    size = dict(groups)
    for i, (name, number) in enumerate(groups):
        if i == 0:
            net.add_assembly(name, network.Encoder(number, "null"))
        else:
            net.add_assembly(name, network.NeuronGroup(number, "if"))
    for pre, post, w, delay in edges:
        weight = torch.full((size[post], size[pre]), w)
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    net.add_assembly("output", network.Decoder(net.assemblies[groups[-1][0]], "spike_counts"))
    return net

# %% 15.from_edges right: a with block
import numpy as np


def from_edges(groups, edges):
    parts = {}
    with network.Network() as net:
        for name, n in groups:
            if parts:
                parts[name] = network.NeuronGroup(n, "if", name=name)
            else:
                parts[name] = network.Encoder(n, "null", name=name)
        for pre, post, w, delay in edges:
            weight = np.full((parts[post].num, parts[pre].num), w, dtype=np.float32)
            network.Connection(parts[pre], parts[post], "full", delay, weight, name=pre + "_" + post)
        network.Decoder(parts[groups[-1][0]], name="output")
    return net

# %% 15.from_edges right: attributes
def from_edges(groups, edges):
    net = network.Network()
    (first, n), *others = groups
    setattr(net, first, network.Encoder(n, "null"))
    for name, n in others:
        setattr(net, name, network.NeuronGroup(n, "if"))
    for pre, post, w, delay in edges:
        a, b = getattr(net, pre), getattr(net, post)
        setattr(net, "_".join((pre, post)), network.Connection(a, b, delay=delay, weight=torch.ones(b.num, a.num) * w))
    net.output = network.Decoder(getattr(net, groups[-1][0]), "spike_counts")
    return net

# %% 15.from_edges right: a class
class FromTable(network.Network):
    def __init__(self, groups, edges):
        super().__init__()
        for i, (name, n) in enumerate(groups):
            part = network.NeuronGroup(n, "if") if i else network.Encoder(n)
            self.add_assembly(name, part)
        self.output = network.Decoder(part, decoding="spike_counts")
        for edge in edges:
            self.edge(*edge)

    def edge(self, pre, post, w, delay):
        a, b = self.at(pre), self.at(post)
        c = network.Connection(a, b, delay=delay)
        torch.nn.init.constant_(c.weight, w)
        self.add_connection(f"{pre}_{post}", c)


def from_edges(groups, edges):
    return FromTable(groups, edges)

# %% 15.from_edges right: weights filled afterwards
def from_edges(groups, edges):
    net = network.Network()
    for name, n in groups:
        part = network.Encoder(num=n, encoding="null") if name == groups[0][0] else network.NeuronGroup(n, neuron_model="if")
        net.add_assembly(name, part)
    net.add_assembly("output", network.Decoder(target=part))
    for pre, post, w, delay in edges:
        net.add_connection(f"{pre}_{post}", network.Connection(net.at(pre), net.at(post), delay=delay))
    with torch.no_grad():
        for pre, post, w, _ in edges:
            net.connections[f"{pre}_{post}"].weight.fill_(w)
    return net

# %% 15.from_edges right: lists as weights, copies of the arguments
def from_edges(groups, edges):
    todo, links = list(groups), sorted(edges, reverse=True)
    net = network.Network("table")
    name, n = todo.pop(0)
    net.add_assembly(name, network.Encoder(n, "null"))
    while todo:
        name, n = todo.pop(0)
        net.add_assembly(name, network.NeuronGroup(n, "if"))
    net.add_assembly("output", network.Decoder(net.assemblies[name], "spike_counts", n))
    size = {g: m for g, m in groups}
    while links:
        pre, post, w, delay = links.pop()
        weight = [[w] * size[pre] for _ in range(size[post])]
        net.add_connection(f"{pre}_{post}", network.Connection(net.assemblies[pre], net.assemblies[post], delay=delay, weight=weight))
    return net

# %% 15.from_edges right: recursion over the edges
def from_edges(groups, edges):
    if not edges:
        net = network.Network()
        for i, (name, n) in enumerate(groups):
            net.add_assembly(name, network.NeuronGroup(n, "if") if i > 0 else network.Encoder(n, "null"))
        net.add_assembly("output", network.Decoder(net.assemblies[name]))
        return net
    *rest, (pre, post, w, delay) = edges
    net = from_edges(groups, rest)
    a, b = net.assemblies[pre], net.assemblies[post]
    net.add_connection(f"{pre}_{post}", network.Connection(a, b, delay=delay, weight=torch.zeros(b.num, a.num) + w))
    return net

# %% 15.from_edges right: networkx in between
def from_edges(groups, edges):
    import networkx as nx

    table = nx.DiGraph()
    for name, n in groups:
        table.add_node(name, n=n)
    for pre, post, w, delay in edges:
        table.add_edge(pre, post, w=w, delay=delay)
    net = network.Network()
    for k, (name, d) in enumerate(table.nodes(data=True)):
        net.add_assembly(name, network.Encoder(d["n"], "null") if k == 0 else network.NeuronGroup(d["n"], "if"))
    for pre, post, d in table.edges(data=True):
        a, b = net.assemblies[pre], net.assemblies[post]
        net.add_connection(f"{pre}_{post}", network.Connection(a, b, delay=d["delay"], weight=torch.full((b.num, a.num), d["w"])))
    net.output = network.Decoder(net.assemblies[groups[-1][0]], "spike_counts")
    return net

# %% 15.from_edges right: parts in a dict, merged at the end, and built
def from_edges(groups, edges):
    parts = {groups[0][0]: network.Encoder(groups[0][1], "null")}
    parts.update({name: network.NeuronGroup(n, "if") for name, n in groups[1:]})
    links = {
        f"{pre}_{post}": network.Connection(
            parts[pre], parts[post], delay=delay, weight=torch.tensor(w).expand(parts[post].num, parts[pre].num)
        )
        for pre, post, w, delay in edges
    }
    parts["output"] = network.Decoder(parts[groups[-1][0]], "spike_counts")
    net = network.Network()
    for name, part in parts.items():
        net.add_assembly(name, part)
    for name, link in links.items():
        net.add_connection(name, link)
    return net.build()
