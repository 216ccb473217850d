# ruff: noqa

# %% 04.pipeline_step wrong: goes from the first module to the last
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in range(len(modules)):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: a 0 in a slot is taken for nothing
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = modules[i](slots[i]) if slots[i] else None
    return slots


# %% 04.pipeline_step wrong: the new input is put in only after the first module has read
def pipeline_step(modules, slots, x):
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    slots[0] = x
    return slots


# %% 04.pipeline_step wrong: the old value stays on the right of an empty slot
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        if slots[i] is not None:
            slots[i + 1] = modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: modules are called with None
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: returns only the exit
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots[-1]


# %% 04.pipeline_step wrong: the input slot is left out of the result
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots[1:]


# %% 04.pipeline_step wrong: the first module is never called
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in range(len(modules) - 1, 0, -1):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: the last module is never called
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in range(len(modules) - 2, -1, -1):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: slots move on without their modules
def pipeline_step(modules, slots, x):
    return [x] + slots[:-1]


# %% 04.pipeline_step wrong: stops at the first empty slot
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        if slots[i] is None:
            slots[i + 1] = None
            break
        slots[i + 1] = modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: does nothing when the new input is None
def pipeline_step(modules, slots, x):
    if x is None:
        return slots
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: every module is called twice
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        if slots[i] is None or modules[i](slots[i]) is None:
            slots[i + 1] = None
        else:
            slots[i + 1] = modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: the modules are taken in the wrong order
def pipeline_step(modules, slots, x):
    slots[0] = x
    modules = modules[::-1]
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: forgets to return
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])


# %% 04.pipeline_step wrong: a slot too many at the end
def pipeline_step(modules, slots, x):
    slots.insert(0, x)
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: reads one slot past the end
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(slots))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: the copy has the new values too, because it is no copy
def pipeline_step(modules, slots, x):
    old = slots
    slots[0] = x
    for i, m in enumerate(modules):
        slots[i + 1] = m(old[i]) if old[i] is not None else None
    return slots


# %% 04.pipeline_step wrong: the new input is never put in
def pipeline_step(modules, slots, x):
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: 0 is written on the right of an empty slot
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = 0 if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: the results are put in where they were read
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: returns in the loop, after the last module
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
        return slots


# %% 04.pipeline_step wrong: the input is kept in a default list from the first call on
def pipeline_step(modules, slots, x, kept=[]):
    if not kept:
        kept.extend(slots)
    kept[0] = x
    for i in reversed(range(len(modules))):
        kept[i + 1] = None if kept[i] is None else modules[i](kept[i])
    return list(kept)


# %% 04.pipeline_step wrong: the list of modules is emptied
def pipeline_step(modules, slots, x):
    slots[0] = x
    new = [None] * len(slots)
    while modules:
        i = len(modules) - 1
        m = modules.pop()
        new[i + 1] = None if slots[i] is None else m(slots[i])
    new[0] = x
    return new


# %% 04.pipeline_step right: front to back on a copy
def pipeline_step(modules, slots, x):
    old = [x] + list(slots[1:])
    new = [x]
    for m, signal in zip(modules, old):
        new.append(None if signal is None else m(signal))
    return new


# %% 04.pipeline_step right: last to first, in place
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i])
    return slots


# %% 04.pipeline_step right: new list from last to first
def pipeline_step(modules, slots, x):
    read = [x, *slots[1:-1]]
    new = [x] + [None] * len(modules)
    for i in range(len(modules) - 1, -1, -1):
        if read[i] is not None:
            new[i + 1] = modules[i](read[i])
    return new


# %% 04.pipeline_step right: while loop on a copy, a tuple
def pipeline_step(modules, slots, x):
    out = list(slots)
    out[0] = x
    i = len(modules)
    while i > 0:
        left = out[i - 1]
        if left is None:
            out[i] = None
        else:
            out[i] = modules[i - 1](left)
        i -= 1
    return tuple(out)


# %% 04.pipeline_step right: comprehension over reversed pairs
def pipeline_step(modules, slots, x):
    pairs = list(zip(modules, [x] + list(slots[1:-1])))
    outs = [None if s is None else m(s) for m, s in reversed(pairs)]
    return [x] + outs[::-1]


# %% 04.pipeline_step right: recursion from the end
def pipeline_step(modules, slots, x):
    def move(i):
        if i < 0:
            return
        slots[i + 1] = modules[i](slots[i]) if slots[i] is not None else None
        move(i - 1)

    slots[0] = x
    move(len(modules) - 1)
    return slots


# %% 04.arrival wrong: one step too late
def arrival(n, fast, t):
    if fast and t == 0:
        return 0
    return t + n


# %% 04.arrival wrong: ignores the fast start
def arrival(n, fast, t):
    return t + n - 1


# %% 04.arrival wrong: with a fast start every input arrives at once
def arrival(n, fast, t):
    return t if fast else t + n - 1


# %% 04.arrival wrong: with a fast start everything arrives in step 0
def arrival(n, fast, t):
    if fast:
        return 0
    return t + n - 1


# %% 04.arrival wrong: step 0 arrives at once without a fast start as well
def arrival(n, fast, t):
    if t == 0:
        return 0
    return t + n - 1


# %% 04.arrival wrong: the meaning of fast is the wrong way round
def arrival(n, fast, t):
    if not fast and t == 0:
        return 0
    return t + n - 1


# %% 04.arrival wrong: the first input takes one step with a fast start
def arrival(n, fast, t):
    if fast and t == 0:
        return 1
    return t + n - 1


# %% 04.arrival wrong: only the delay, not the step
def arrival(n, fast, t):
    if fast and t == 0:
        return 0
    return n - 1


# %% 04.arrival wrong: nothing is returned with a fast start after step 0
def arrival(n, fast, t):
    if fast:
        if t == 0:
            return 0
    else:
        return t + n - 1


# %% 04.arrival wrong: or in place of and
def arrival(n, fast, t):
    if fast or t == 0:
        return 0
    return t + n - 1


# %% 04.arrival wrong: a fast start makes all signals one step faster
def arrival(n, fast, t):
    if fast:
        return max(0, t + n - 2)
    return t + n - 1


# %% 04.arrival wrong: counts the steps from 1
def arrival(n, fast, t):
    if fast and t == 0:
        return 1
    return t + n


# %% 04.arrival wrong: with a fast start the first n - 1 inputs arrive in step 0
def arrival(n, fast, t):
    if fast and t < n:
        return 0
    return t + n - 1


# %% 04.arrival wrong: the three modules of the chapter
def arrival(n, fast, t):
    if fast and t == 0:
        return 0
    return t + 2


# %% 04.arrival wrong: multiplies
def arrival(n, fast, t):
    if fast and t == 0:
        return 0
    return t * n - 1


# %% 04.arrival wrong: after a fast start the second input takes the place of the first
def arrival(n, fast, t):
    if fast and t == 0:
        return 0
    if fast:
        return t + n - 2
    return t + n - 1


# %% 04.arrival wrong: forgets to return
def arrival(n, fast, t):
    step = 0 if fast and t == 0 else t + n - 1


# %% 04.arrival wrong: a text instead of True
def arrival(n, fast, t):
    if fast == "True" and t == 0:
        return 0
    return t + n - 1


# %% 04.arrival wrong: returns all steps in which the input is at the exit
def arrival(n, fast, t):
    if fast and t == 0:
        return list(range(n))
    return [t + n - 1]


# %% 04.arrival wrong: the first input of a fast start is taken for the last copy
def arrival(n, fast, t):
    if fast and t == 0:
        return n - 1
    return t + n - 1


# %% 04.arrival wrong: too early by one
def arrival(n, fast, t):
    if fast and t == 0:
        return 0
    return t + n - 2


# %% 04.arrival right: provides for a chain without modules
def arrival(n, fast, t):
    if n == 0:
        return t
    if fast and t == 0:
        return 0
    return t + n - 1


# %% 04.arrival right: the whole number as a float
def arrival(n, fast, t):
    if fast and t == 0:
        return 0.0
    return float(t + n - 1)


# %% 04.arrival right: early return
def arrival(n, fast, t):
    if fast and t == 0:
        return 0
    return t + n - 1


# %% 04.arrival right: one line
def arrival(n, fast, t):
    return 0 if fast and not t else n - 1 + t


# %% 04.arrival right: nested branches
def arrival(n, fast, t):
    delay = n - 1
    if fast:
        if t < 1:
            delay = 0
    return t + delay


# %% 04.arrival right: walked through step by step
def arrival(n, fast, t):
    place = [None] * (n + 1)
    step = 0
    while True:
        place[0] = step
        order = range(n) if fast and step == 0 else range(n - 1, -1, -1)
        for k in order:
            place[k + 1] = place[k]
        if place[n] == t:
            return step
        step += 1


# %% 04.arrival right: tensor without dimensions
def arrival(n, fast, t):
    travel = torch.tensor(n - 1) * (1 - int(bool(fast) and t == 0))
    return travel + t


# %% 04.arrival right: numpy integer
import numpy as np


def arrival(n, fast, t):
    return np.where(fast and t == 0, 0, np.int64(t) + n - 1)[()]


# %% 04.arrival right: without branches
def arrival(n, fast, t):
    return (t + n - 1) * (not (fast and t == 0))


# %% 04.spike_count wrong: forgets that the spike comes a step late
def spike_count(steps, r, i, v_threshold):
    if i == 0:
        return 0
    return steps // math.ceil(v_threshold / (r * i))


# %% 04.spike_count wrong: rounds the number of charges down
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) // max(1, math.floor(v_threshold / (r * i)))


# %% 04.spike_count wrong: rounds the number of charges to the nearest
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) // max(1, round(v_threshold / (r * i)))


# %% 04.spike_count wrong: the number of charges is not whole, what is left over is kept
def spike_count(steps, r, i, v_threshold):
    if steps == 0:
        return 0
    return int((steps - 1) * r * i / v_threshold)


# %% 04.spike_count wrong: divides by 0 without a current
def spike_count(steps, r, i, v_threshold):
    if steps == 0:
        return 0
    return (steps - 1) // math.ceil(v_threshold / (r * i))


# %% 04.spike_count wrong: -1 spikes in no step
def spike_count(steps, r, i, v_threshold):
    if i == 0:
        return 0
    return (steps - 1) // math.ceil(v_threshold / (r * i))


# %% 04.spike_count wrong: the late step is counted in every period
def spike_count(steps, r, i, v_threshold):
    if i == 0:
        return 0
    return steps // (math.ceil(v_threshold / (r * i)) + 1)


# %% 04.spike_count wrong: the result is not whole
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) / math.ceil(v_threshold / (r * i))


# %% 04.spike_count wrong: the number of periods is rounded up
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return math.ceil((steps - 1) / math.ceil(v_threshold / (r * i)))


# %% 04.spike_count wrong: the resistance is ignored
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) // math.ceil(v_threshold / i)


# %% 04.spike_count wrong: the threshold is always 1
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) // math.ceil(1 / (r * i))


# %% 04.spike_count wrong: the brackets around steps - 1 are missing
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return max(0, steps - 1 // math.ceil(v_threshold / (r * i)))


# %% 04.spike_count wrong: the threshold must be exceeded
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) // (math.floor(v_threshold / (r * i)) + 1)


# %% 04.spike_count wrong: whole-number division before rounding up
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) // max(1, math.ceil(v_threshold // (r * i)))


# %% 04.spike_count wrong: nothing is returned without a current
def spike_count(steps, r, i, v_threshold):
    if i > 0:
        return max(0, steps - 1) // math.ceil(v_threshold / (r * i))


# %% 04.spike_count wrong: divides by the resistance
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) // math.ceil(v_threshold * r / i)


# %% 04.spike_count wrong: two steps late
def spike_count(steps, r, i, v_threshold):
    if i == 0:
        return 0
    return max(0, steps - 2) // math.ceil(v_threshold / (r * i))


# %% 04.spike_count wrong: takes a weak current for none
def spike_count(steps, r, i, v_threshold):
    if r * i < v_threshold or steps == 0:
        return 0
    return (steps - 1) // math.ceil(v_threshold / (r * i))


# %% 04.spike_count wrong: the period instead of the count
def spike_count(steps, r, i, v_threshold):
    if i == 0:
        return 0
    return math.ceil(v_threshold / (r * i))


# %% 04.spike_count wrong: the steps of the spikes instead of their number
def spike_count(steps, r, i, v_threshold):
    if i == 0:
        return []
    n = math.ceil(v_threshold / (r * i))
    return list(range(n, steps, n))


# %% 04.spike_count wrong: infinitely many charges are not a whole number
def spike_count(steps, r, i, v_threshold):
    n = math.ceil(v_threshold / (r * i) if i else math.inf)
    return max(0, steps - 1) // n


# %% 04.spike_count wrong: one spike too few, the first period is taken off
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    n = math.ceil(v_threshold / (r * i))
    return max(0, (steps - 1 - n) // n)


# %% 04.spike_count wrong: at most one spike
def spike_count(steps, r, i, v_threshold):
    if i == 0:
        return 0
    return int(steps > math.ceil(v_threshold / (r * i)))


# %% 04.spike_count wrong: a simulation, step by step
def spike_count(steps, r, i, v_threshold):
    v, crossed, n = 0.0, False, 0
    for _ in range(steps):
        if crossed:
            n, v = n + 1, 0.0
        v += r * i
        crossed = v >= v_threshold
    return n


# %% 04.spike_count right: divided twice
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) // math.ceil(v_threshold / r / i)


# %% 04.spike_count right: the whole number as a float
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0.0
    return float((steps - 1) // math.ceil(v_threshold / (r * i)))


# %% 04.spike_count right: the number of charges in 32 bits
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    n = torch.ceil(torch.tensor(v_threshold / (r * i))).long().item()
    return (steps - 1) // n


# %% 04.spike_count right: early return
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return (steps - 1) // math.ceil(v_threshold / (r * i))


# %% 04.spike_count right: one line with max
def spike_count(steps, r, i, v_threshold):
    return max(0, steps - 1) // math.ceil(v_threshold / (r * i)) if i > 0 else 0


# %% 04.spike_count right: the length of the range of spike steps
def spike_count(steps, r, i, v_threshold):
    if not r * i:
        return 0
    charges = math.ceil(v_threshold / (r * i))
    return len(range(charges, steps, charges))


# %% 04.spike_count right: numpy integer
import numpy as np


def spike_count(steps, r, i, v_threshold):
    if i <= 0:
        return np.int64(0)
    n = np.ceil(v_threshold / (r * i))
    return np.int64(np.maximum(steps - 1, 0) // n)


# %% 04.spike_count right: tensor without dimensions, 64 bits
def spike_count(steps, r, i, v_threshold):
    if i == 0:
        return torch.tensor(0)
    n = torch.ceil(torch.tensor(v_threshold / (r * i), dtype=torch.float64)).long()
    return torch.div(torch.tensor(max(steps - 1, 0)), n, rounding_mode="floor")


# %% 04.spike_count right: counts periods in a loop
def spike_count(steps, r, i, v_threshold):
    if i == 0:
        return 0
    period = math.ceil(v_threshold / (r * i))
    n = 0
    while (n + 1) * period + 1 <= steps:
        n += 1
    return n


# %% 04.one_step_late wrong: the last step comes back at the start
def one_step_late(spikes):
    return torch.roll(spikes, 1, 0)


# %% 04.one_step_late wrong: one step early
def one_step_late(spikes):
    out = torch.zeros_like(spikes)
    out[:-1] = spikes[1:]
    return out


# %% 04.one_step_late wrong: always bool
def one_step_late(spikes):
    out = torch.zeros_like(spikes, dtype=torch.bool)
    out[1:] = spikes[:-1].bool()
    return out


# %% 04.one_step_late wrong: always float
def one_step_late(spikes):
    out = torch.zeros(spikes.shape)
    out[1:] = spikes[:-1]
    return out


# %% 04.one_step_late wrong: one step longer
def one_step_late(spikes):
    return torch.cat([torch.zeros_like(spikes[:1]), spikes])


# %% 04.one_step_late wrong: one step shorter
def one_step_late(spikes):
    return spikes[:-1]


# %% 04.one_step_late wrong: the first step is kept instead of silence
def one_step_late(spikes):
    return torch.cat([spikes[:1], spikes[:-1]])


# %% 04.one_step_late wrong: shifts in the last dimension
def one_step_late(spikes):
    out = torch.zeros_like(spikes)
    out[..., 1:] = spikes[..., :-1]
    return out


# %% 04.one_step_late wrong: rolls the flattened tensor
def one_step_late(spikes):
    out = torch.roll(spikes, 1)
    out[0] = 0
    return out


# %% 04.one_step_late wrong: returns the train as it is
def one_step_late(spikes):
    return spikes


# %% 04.one_step_late wrong: overwritten while it is still needed, the first step spreads
def one_step_late(spikes):
    out = spikes.clone()
    for t in range(1, len(out)):
        out[t] = out[t - 1]
    out[0] = 0
    return out


# %% 04.one_step_late wrong: a list instead of a tensor
def one_step_late(spikes):
    return [torch.zeros_like(spikes[0])] + [spikes[t] for t in range(len(spikes) - 1)]


# %% 04.one_step_late wrong: works only with two dimensions
def one_step_late(spikes):
    first = torch.zeros(1, spikes.shape[1], dtype=spikes.dtype)
    return torch.cat([first, spikes[:-1]])


# %% 04.one_step_late wrong: two steps late
def one_step_late(spikes):
    out = torch.zeros_like(spikes)
    out[2:] = spikes[:-2]
    return out


# %% 04.one_step_late wrong: pads the last dimension
def one_step_late(spikes):
    return torch.nn.functional.pad(spikes, (1, 0))[..., :-1]


# %% 04.one_step_late wrong: the first step is full of spikes
def one_step_late(spikes):
    out = torch.ones_like(spikes)
    out[1:] = spikes[:-1]
    return out


# %% 04.one_step_late wrong: the first step is a tensor of floats, bool is lost
def one_step_late(spikes):
    return torch.cat([torch.zeros(1, *spikes.shape[1:]), spikes[:-1]])


# %% 04.one_step_late wrong: the shapes do not fit
def one_step_late(spikes):
    out = torch.zeros_like(spikes)
    out[1:] = spikes
    return out


# %% 04.one_step_late wrong: every spike lasts for two steps
def one_step_late(spikes):
    out = spikes.clone()
    out[1:] = torch.maximum(spikes[1:], spikes[:-1])
    return out


# %% 04.one_step_late wrong: the prepared tensor is returned empty
def one_step_late(spikes):
    out = torch.zeros_like(spikes)
    for t in range(1, len(spikes)):
        out[t - 1] == spikes[t]
    return out


# %% 04.one_step_late wrong: forgets to return
def one_step_late(spikes):
    out = torch.zeros_like(spikes)
    out[1:] = spikes[:-1]


# %% 04.one_step_late wrong: numpy array instead of a tensor
def one_step_late(spikes):
    import numpy as np

    out = np.zeros_like(spikes.numpy())
    out[1:] = spikes[:-1].numpy()
    return out


# %% 04.one_step_late wrong: fails when there is a single step
def one_step_late(spikes):
    return torch.stack([torch.zeros_like(spikes[1])] + [spikes[t - 1] for t in range(1, len(spikes))])


# %% 04.one_step_late wrong: the given train is changed
def one_step_late(spikes):
    for t in reversed(range(1, len(spikes))):
        spikes[t] = spikes[t - 1]
    spikes[0] = 0
    return spikes


# %% 04.one_step_late right: roll, then silence in step 0; no train of no steps comes
def one_step_late(spikes):
    out = torch.roll(spikes, 1, dims=0)
    out[0] = 0
    return out


# %% 04.one_step_late right: prepared tensor
def one_step_late(spikes):
    out = torch.zeros_like(spikes)
    out[1:] = spikes[:-1]
    return out


# %% 04.one_step_late right: cat
def one_step_late(spikes):
    return torch.cat([torch.zeros_like(spikes[:1]), spikes[:-1]])


# %% 04.one_step_late right: roll and clear on a new tensor
def one_step_late(spikes):
    out = spikes.roll(1, 0)
    out[:1] = 0
    return out


# %% 04.one_step_late right: loop and stack
def one_step_late(spikes):
    before = torch.zeros_like(spikes[0])
    out = []
    for now in spikes:
        out.append(before)
        before = now
    return torch.stack(out)


# %% 04.one_step_late right: new_zeros and copy_
def one_step_late(spikes):
    T, *rest = spikes.shape
    out = spikes.new_zeros((T, *rest))
    out[1:].copy_(spikes[: T - 1])
    return out


# %% 04.one_step_late right: numpy and back
import numpy as np


def one_step_late(spikes):
    a = spikes.detach().cpu().numpy()
    late = np.concatenate([np.zeros_like(a[:1]), a[:-1]], axis=0)
    return torch.from_numpy(late).to(spikes)


# %% 04.one_step_late right: matrix of the shift
def one_step_late(spikes):
    T = spikes.shape[0]
    shift = torch.diag(torch.ones(T - 1, dtype=torch.float64), -1)
    flat = spikes.reshape(T, -1).double()
    return (shift @ flat).reshape(spikes.shape).to(spikes.dtype)


# %% 04.mini_simulator wrong: the fast start is ignored
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots = [None] * (len(modules) + 1)

    def step(self, x):
        self.slots[0] = x
        for i in reversed(range(len(self.modules))):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        return self.slots[-1]

    def reset(self):
        self.slots = [None] * (len(self.modules) + 1)
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: every step goes front to back
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots = [None] * (len(modules) + 1)

    def step(self, x):
        self.slots[0] = x
        for i in range(len(self.modules)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        return self.slots[-1]

    def reset(self):
        self.slots = [None] * (len(self.modules) + 1)
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: with fast every step goes front to back
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots = [None] * (len(modules) + 1)

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        return self.slots[-1]

    def reset(self):
        self.slots = [None] * (len(self.modules) + 1)
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: the fast start is done again and again as long as the exit is empty
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots = [None] * (len(modules) + 1)

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        filling = self.fast and self.slots[-1] is None
        for i in range(n) if filling else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        return self.slots[-1]

    def reset(self):
        self.slots = [None] * (len(self.modules) + 1)
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: the fast start feeds the first input for n steps, modules are called many times
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def move(self, x):
        self.slots[0] = x
        for i in reversed(range(len(self.modules))):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)

    def step(self, x):
        for _ in range(len(self.modules) if self.fast and self.first else 1):
            self.move(x)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: after the fast start the first step moves on once more
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        if self.fast and self.first:
            for i, m in enumerate(self.modules):
                self.slots[i + 1] = None if self.slots[i] is None else m(self.slots[i])
        self.first = False
        for i in reversed(range(len(self.modules))):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: reset leaves the slots as they are
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.first = True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: after a reset there is no fast start
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots = [None] * (len(self.modules) + 1)
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: reset does not reset the modules
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.reset()

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True


# %% 04.mini_simulator wrong: reset expects that every module has a reset
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            m.reset()


# %% 04.mini_simulator wrong: reset stops at the first module without a reset
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        try:
            for m in self.modules:
                m.reset()
        except AttributeError:
            pass


# %% 04.mini_simulator wrong: reset is named but not called
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset


# %% 04.mini_simulator wrong: a 0 is taken for nothing
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = self.modules[i](s) if s else None
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: None leaves the old value on the right
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            if self.slots[i] is not None:
                self.slots[i + 1] = self.modules[i](self.slots[i])
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: modules are called with None
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            self.slots[i + 1] = self.modules[i](self.slots[i])
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: returns all the slots
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: fast is turned off for good by the first step
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots = [None] * (len(modules) + 1)

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.fast = False
        return self.slots[-1]

    def reset(self):
        self.slots = [None] * (len(self.modules) + 1)
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: the slots belong to the class and are shared
class MiniSimulator:
    slots = []

    def __init__(self, modules, fast):
        self.modules, self.fast, self.first = modules, fast, True
        while len(self.slots) < len(modules) + 1:
            self.slots.append(None)

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[n]

    def reset(self):
        for k in range(len(self.slots)):
            self.slots[k] = None
        self.first = True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: one slot too few
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * len(modules), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * len(self.modules), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: the first step is done with fast even if fast is False
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: a step with None stops the whole pipeline
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        if x is None:
            return None
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: the exit is returned one step late
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        out = self.slots[-1]
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return out

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: the fast start puts the input itself into every slot
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        n = len(self.modules)
        if self.fast and self.first:
            self.slots = [x] * (n + 1)
        self.slots[0] = x
        for i in reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: reset removes the modules
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()
        self.modules, self.slots, self.first = [], [None], True


# %% 04.mini_simulator wrong: only the first module is reset
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()
                break


# %% 04.mini_simulator wrong: the flag of the first step is never taken down
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        if self.fast and self.first:
            for i in range(n):
                s = self.slots[i]
                self.slots[i + 1] = None if s is None else self.modules[i](s)
            first = False
        else:
            for i in reversed(range(n)):
                s = self.slots[i]
                self.slots[i + 1] = None if s is None else self.modules[i](s)
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: a step with None does not count as the first step
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        if x is not None:
            self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator right: the modules are reset when the simulator is made
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.reset()

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator right: refuses to be made without modules
class MiniSimulator:
    def __init__(self, modules, fast):
        if not modules:
            raise ValueError("give at least one module")
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator right: a flag for the first step
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator right: a count of steps and a helper
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = list(modules), fast
        self.clear()

    def clear(self):
        self.count = 0
        self.slots = [None for _ in range(len(self.modules) + 1)]

    def pass_on(self, i):
        signal = self.slots[i]
        self.slots[i + 1] = self.modules[i](signal) if signal is not None else None

    def step(self, x):
        self.slots[0] = x
        order = list(range(len(self.modules)))
        if not (self.fast and self.count == 0):
            order.reverse()
        for i in order:
            self.pass_on(i)
        self.count += 1
        return self.slots[-1]

    def reset(self):
        self.clear()
        for m in self.modules:
            reset = getattr(m, "reset", None)
            if callable(reset):
                reset()


# %% 04.mini_simulator right: new list of slots in each step
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots = None

    def step(self, x):
        n = len(self.modules)
        if self.slots is None and self.fast:
            new = [x]
            for m in self.modules:
                new.append(None if new[-1] is None else m(new[-1]))
        else:
            read = [x] + (self.slots[1:n] if self.slots is not None else [None] * (n - 1))
            new = [None] * (n + 1)
            new[0] = x
            for i in range(n - 1, -1, -1):
                if read[i] is not None:
                    new[i + 1] = self.modules[i](read[i])
        self.slots = new
        return new[n]

    def reset(self):
        self.slots = None
        for m in self.modules:
            try:
                again = m.reset
            except AttributeError:
                continue
            again()


# %% 04.mini_simulator right: only the places between modules are kept
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.outputs = [None] * len(modules)
        self.filled = not fast

    def call(self, i, signal):
        self.outputs[i] = None if signal is None else self.modules[i](signal)
        return self.outputs[i]

    def step(self, x):
        if not self.filled:
            self.filled = True
            for i in range(len(self.modules)):
                x = self.call(i, x)
            return x
        for i in range(len(self.modules) - 1, 0, -1):
            self.call(i, self.outputs[i - 1])
        self.call(0, x)
        return self.outputs[-1]

    def reset(self):
        self.outputs = [None] * len(self.modules)
        self.filled = not self.fast
        [m.reset() for m in self.modules if hasattr(m, "reset")]


# %% 04.mini_simulator right: two methods, chosen at each reset
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.start_again()

    def start_again(self):
        self.slots = [None] * (len(self.modules) + 1)
        self.move = self.fill if self.fast else self.shift

    def one(self, i):
        if self.slots[i] is None:
            self.slots[i + 1] = None
        else:
            self.slots[i + 1] = self.modules[i](self.slots[i])

    def fill(self):
        for i in range(len(self.modules)):
            self.one(i)
        self.move = self.shift

    def shift(self):
        for i in range(len(self.modules))[::-1]:
            self.one(i)

    def step(self, x):
        self.slots[0] = x
        self.move()
        return self.slots[-1]

    def reset(self):
        self.start_again()
        for m in self.modules:
            if "reset" in dir(m):
                m.reset()


# %% 04.pipeline_step wrong: remembers the modules of the first call
def pipeline_step(modules, slots, x, first=[]):
    if not first:
        first.extend(modules)
    slots[0] = x
    for i in reversed(range(len(first))):
        slots[i + 1] = None if slots[i] is None else first[i](slots[i])
    return slots


# %% 04.pipeline_step wrong: the modules are reversed in place
def pipeline_step(modules, slots, x):
    slots[0] = x
    modules.reverse()
    for k, m in enumerate(modules):
        i = len(modules) - 1 - k
        slots[i + 1] = None if slots[i] is None else m(slots[i])
    return slots


# %% 04.pipeline_step wrong: an output of 0 is taken for nothing
def pipeline_step(modules, slots, x):
    slots[0] = x
    for i in reversed(range(len(modules))):
        slots[i + 1] = None if slots[i] is None else modules[i](slots[i]) or None
    return slots


# %% 04.pipeline_step right: a tuple made by map on a copy
def pipeline_step(modules, slots, x):
    def out(module, signal):
        return module(signal) if signal is not None else None

    return (x, *map(out, modules, (x, *slots[1:])))


# %% 04.arrival wrong: True counts as 1 and is subtracted
def arrival(n, fast, t):
    return t + n - 1 - fast * (n - 1)


# %% 04.arrival wrong: the number of steps on the way
def arrival(n, fast, t):
    return 1 if fast and t == 0 else n


# %% 04.arrival wrong: divides
def arrival(n, fast, t):
    return 0 if fast and t == 0 else (t + n - 1) / n


# %% 04.arrival right: a sum of booleans
def arrival(n, fast, t):
    return t + sum(not (fast and t == 0) for _ in range(1, n))


# %% 04.spike_count wrong: a leaky neuron is assumed
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0 or r * i <= v_threshold:
        return 0
    return (steps - 1) // math.ceil(math.log(r * i / (r * i - v_threshold)))


# %% 04.spike_count wrong: a spike in step 0 is counted as well
def spike_count(steps, r, i, v_threshold):
    if i == 0 or steps == 0:
        return 0
    return 1 + (steps - 1) // math.ceil(v_threshold / (r * i))


# %% 04.spike_count right: floor of minus for ceil
def spike_count(steps, r, i, v_threshold):
    k = -(-v_threshold // (r * i)) if i else float("inf")
    return int(max(steps - 1, 0) // k)


# %% 04.one_step_late wrong: always whole numbers
def one_step_late(spikes):
    out = torch.zeros(spikes.shape, dtype=torch.long)
    out[1:] = spikes[:-1]
    return out


# %% 04.one_step_late wrong: the last step is cleared in place first
def one_step_late(spikes):
    spikes[-1] = 0
    return spikes.roll(1, 0)


# %% 04.one_step_late wrong: the order in time is reversed
def one_step_late(spikes):
    return spikes.flip(0)


# %% 04.one_step_late right: index of the step before, and a mask
def one_step_late(spikes):
    t = torch.arange(len(spikes))
    keep = (t > 0).reshape(-1, *[1] * (spikes.ndim - 1))
    return torch.where(keep, spikes[(t - 1).clamp(min=0)], torch.zeros((), dtype=spikes.dtype))


# %% 04.mini_simulator wrong: the list of modules is emptied by the simulator
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = [modules.pop(0) for _ in range(len(modules))], fast
        self.slots, self.first = [None] * (len(self.modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: only a number counts as a signal that is above 0
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None or s <= 0 else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: the last module is reset only
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        self.slots[0] = x
        n = len(self.modules)
        for i in range(n) if self.fast and self.first else reversed(range(n)):
            s = self.slots[i]
            self.slots[i + 1] = None if s is None else self.modules[i](s)
        self.first = False
        return self.slots[-1]

    def reset(self):
        self.slots, self.first = [None] * (len(self.modules) + 1), True
        for m in self.modules[-1:]:
            if hasattr(m, "reset"):
                m.reset()


# %% 04.mini_simulator wrong: step is still the stub
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.slots, self.first = [None] * (len(modules) + 1), True

    def step(self, x):
        return ...

    def reset(self):
        self.first = True


# %% 04.mini_simulator right: a generator that is sent the inputs
class MiniSimulator:
    def __init__(self, modules, fast):
        self.modules, self.fast = modules, fast
        self.start()

    def start(self):
        self.line = self.run()
        next(self.line)

    def run(self):
        slots, order = [None] * len(self.modules), slice(None) if self.fast else slice(None, None, -1)
        signal = yield
        while True:
            for i in range(len(self.modules))[order]:
                given = slots[i - 1] if i else signal
                slots[i] = None if given is None else self.modules[i](given)
            order = slice(None, None, -1)
            signal = yield slots[-1]

    def step(self, x):
        return self.line.send(x)

    def reset(self):
        self.start()
        for m in self.modules:
            getattr(m, "reset", lambda: None)()
