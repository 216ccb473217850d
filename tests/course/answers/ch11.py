# %% 11.spike_count wrong: the count of a soft reset
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return int(T * current / theta)

# %% 11.spike_count wrong: without a case for no current or a negative one
def spike_count(current, theta, T):
    k = math.ceil(theta / current)
    return T // k

# %% 11.spike_count wrong: only zero is a special case, not a negative current
def spike_count(current, theta, T):
    if current == 0:
        return 0
    return T // math.ceil(theta / current)

# %% 11.spike_count wrong: > for >= at the threshold
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    k = math.floor(theta / current) + 1
    return T // k

# %% 11.spike_count wrong: the simulation fires above the threshold only
def spike_count(current, theta, T):
    v, n = 0.0, 0
    for _ in range(T):
        v += current
        if v > theta:
            n += 1
            v = 0.0
    return n

# %% 11.spike_count wrong: rounded down, not up
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return T // max(1, math.floor(theta / current))

# %% 11.spike_count wrong: rounded to the nearest
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return T // max(1, round(theta / current))

# %% 11.spike_count wrong: a fraction, not a number of spikes
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return T / math.ceil(theta / current)

# %% 11.spike_count wrong: the step of the first spike
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return math.ceil(theta / current)

# %% 11.spike_count wrong: the threshold is taken to be 1
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return T // math.ceil(1 / current)

# %% 11.spike_count wrong: the number of steps is taken to be 4
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return 4 // math.ceil(theta / current)

# %% 11.spike_count wrong: one spike too many
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return 1 + T // math.ceil(theta / current)

# %% 11.spike_count wrong: the last step is missing
def spike_count(current, theta, T):
    v, n = 0.0, 0
    for _ in range(T - 1):
        v += current
        if v >= theta:
            n += 1
            v = 0.0
    return n

# %% 11.spike_count wrong: soft reset
def spike_count(current, theta, T):
    v, n = 0.0, 0
    for _ in range(T):
        v += current
        if v >= theta:
            n += 1
            v -= theta
    return n

# %% 11.spike_count wrong: no reset
def spike_count(current, theta, T):
    v, n = 0.0, 0
    for _ in range(T):
        v += current
        if v >= theta:
            n += 1
    return n

# %% 11.spike_count wrong: the threshold is looked at before the current is added
def spike_count(current, theta, T):
    v, n = 0.0, 0
    for _ in range(T):
        if v >= theta:
            n += 1
            v = 0.0
        v += current
    return n

# %% 11.spike_count wrong: a step is lost after each spike
def spike_count(current, theta, T):
    v, n = 0.0, 0
    for _ in range(T):
        if v >= theta:
            v = 0.0
        else:
            v += current
            if v >= theta:
                n += 1
    return n

# %% 11.spike_count wrong: stops after the first spike
def spike_count(current, theta, T):
    v = 0.0
    for _ in range(T):
        v += current
        if v >= theta:
            return 1
    return 0

# %% 11.spike_count wrong: the train, not its count
def spike_count(current, theta, T):
    v, train = 0.0, []
    for _ in range(T):
        v += current
        train.append(v >= theta)
        if v >= theta:
            v = 0.0
    return train

# %% 11.spike_count wrong: nothing comes back without a current
def spike_count(current, theta, T):
    if current > 0:
        return T // math.ceil(theta / current)

# %% 11.spike_count right: the formula
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return T // math.ceil(theta / current)

# %% 11.spike_count right: a simulation
def spike_count(current, theta, T):
    v, n = 0.0, 0
    for _ in range(T):
        v = v + current
        if v >= theta:
            n, v = n + 1, 0.0
    return n

# %% 11.spike_count right: steps counted, no reset needed
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    k = 1
    while k <= T and k * current < theta:
        k += 1
    return T // k

# %% 11.spike_count right: the neuron of the library
def spike_count(current, theta, T):
    node = neuron.IFNode(v_threshold=float(theta))
    x = torch.tensor([float(current)], dtype=torch.float64)
    return sum(node(x).sum() for _ in range(T))

# %% 11.spike_count right: numpy scalar
import numpy as np


def spike_count(current, theta, T):
    return np.floor(T / np.ceil(theta / current)) if current > 0 else np.float64(0)

# %% 11.spike_count right: floor division of the negative
def spike_count(current, theta, T):
    return 0 if current <= 0 else int(T // -(-theta // current))

# %% 11.spike_count wrong: takes the current for a tensor
def spike_count(current, theta, T):
    k = torch.ceil(theta / current)
    return torch.where(current > 0, T // k, torch.zeros_like(k))

# %% 11.spike_count wrong: never more than one interval in a step, but counted from the rate
def spike_count(current, theta, T):
    return round(T * min(1.0, max(0.0, current / theta)))

# %% 11.spike_count wrong: the voltage goes back to the rest after each step without a spike
def spike_count(current, theta, T):
    return T if current >= theta else 0

# %% 11.spike_count wrong: the number of intervals, rounded to the nearest
def spike_count(current, theta, T):
    if current <= 0:
        return 0
    return round(T / math.ceil(theta / current))

# %% 11.spike_count wrong: only the sign of the current is forgotten
def spike_count(current, theta, T):
    if current == 0:
        return 0
    return T // math.ceil(theta / abs(current))

# %% 11.spike_count right: a generator and itertools
import itertools


def spike_count(current, theta, T):
    steps = itertools.accumulate(range(T), lambda v, _: (0.0 if v >= theta else v) + current, initial=0.0)
    return sum(v >= theta for v in list(steps)[1:])

# %% 11.or_pool wrong: average pooling
def or_pool(spikes):
    return F.avg_pool2d(spikes.float(), 2)

# %% 11.or_pool wrong: the count of spikes
def or_pool(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, 2, W // 2, 2).sum((3, 5))

# %% 11.or_pool wrong: AND in place of OR
def or_pool(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, 2, W // 2, 2).amin((3, 5))

# %% 11.or_pool wrong: the parity of the four
def or_pool(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, 2, W // 2, 2).sum((3, 5)) % 2

# %% 11.or_pool wrong: four pixels in a row
def or_pool(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, W // 2, 4).amax(4)

# %% 11.or_pool wrong: the wrong axes
def or_pool(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, 2, W // 2, 2).amax((2, 4))

# %% 11.or_pool wrong: pools batch and channels, as for [C, H, W]
def or_pool(spikes):
    a = torch.maximum(spikes[:, ::2, ::2], spikes[:, 1::2, ::2])
    b = torch.maximum(spikes[:, ::2, 1::2], spikes[:, 1::2, 1::2])
    return torch.maximum(a, b)

# %% 11.or_pool wrong: only the diagonal is looked at
def or_pool(spikes):
    return torch.maximum(spikes[..., ::2, ::2], spikes[..., 1::2, 1::2])

# %% 11.or_pool wrong: only the first pixel
def or_pool(spikes):
    return spikes[..., ::2, ::2]

# %% 11.or_pool wrong: the width is not halved
def or_pool(spikes):
    return torch.maximum(spikes[..., ::2, :], spikes[..., 1::2, :])

# %% 11.or_pool wrong: windows overlap
def or_pool(spikes):
    a = torch.maximum(spikes[..., :-1, :], spikes[..., 1:, :])
    return torch.maximum(a[..., :-1], a[..., 1:])

# %% 11.or_pool wrong: square pictures only
def or_pool(spikes):
    N, C, H, _ = spikes.shape
    return spikes.reshape(N, C, H // 2, 2, H // 2, 2).amax((3, 5))

# %% 11.or_pool wrong: the pair of values and indices is not taken apart
def or_pool(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, 2, W // 2, 2).max(3).max(4)

# %% 11.or_pool wrong: indices in place of values
def or_pool(spikes):
    N, C, H, W = spikes.shape
    squares = spikes.reshape(N, C, H // 2, 2, W // 2, 2).transpose(3, 4).flatten(4)
    return squares.float().max(4).indices

# %% 11.or_pool wrong: the sum is not cut off at 1
def or_pool(spikes):
    s = spikes.float()
    return s[..., ::2, ::2] + s[..., 1::2, ::2] + s[..., ::2, 1::2] + s[..., 1::2, 1::2]

# %% 11.or_pool wrong: only the first channel is filled
def or_pool(spikes):
    N, C, H, W = spikes.shape
    pooled = torch.zeros(N, C, H // 2, W // 2, dtype=spikes.dtype)
    for i in range(H // 2):
        for j in range(W // 2):
            pooled[:, 0, i, j] = spikes[:, 0, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].amax((1, 2))
    return pooled

# %% 11.or_pool right: reshape and amax
def or_pool(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, 2, W // 2, 2).amax((3, 5))

# %% 11.or_pool right: maximum of slices
def or_pool(spikes):
    rows = torch.maximum(spikes[:, :, ::2], spikes[:, :, 1::2])
    return torch.maximum(rows[..., ::2], rows[..., 1::2])

# %% 11.or_pool right: plain loops
def or_pool(spikes):
    N, C, H, W = spikes.shape
    pooled = torch.zeros(N, C, H // 2, W // 2, dtype=spikes.dtype)
    for i in range(H // 2):
        for j in range(W // 2):
            pooled[:, :, i, j] = spikes[:, :, 2 * i : 2 * i + 2, 2 * j : 2 * j + 2].amax((2, 3))
    return pooled

# %% 11.or_pool right: unfold
def or_pool(spikes):
    return spikes.unfold(2, 2, 2).unfold(3, 2, 2).flatten(4).amax(-1)

# %% 11.or_pool right: OR of comparisons, in the type given
def or_pool(spikes):
    s = spikes > 0
    pooled = s[..., ::2, ::2] | s[..., 1::2, ::2] | s[..., ::2, 1::2] | s[..., 1::2, 1::2]
    return pooled.to(spikes.dtype)

# %% 11.or_pool right: numpy and back
def or_pool(spikes):
    s = spikes.detach().numpy()
    N, C, H, W = s.shape
    return torch.from_numpy(s.reshape(N, C, H // 2, 2, W // 2, 2).max(axis=(3, 5)))

# %% 11.or_pool right: nn.MaxPool2d, as only the result is checked
def or_pool(spikes):
    return nn.MaxPool2d(2)(spikes.float())

# %% 11.or_pool wrong: | does not take floats
def or_pool(spikes):
    return spikes[..., ::2, ::2] | spikes[..., 1::2, ::2] | spikes[..., ::2, 1::2] | spikes[..., 1::2, 1::2]

# %% 11.or_pool wrong: bool comes back, not floats
def or_pool(spikes):
    N, C, H, W = spikes.shape
    return spikes.reshape(N, C, H // 2, 2, W // 2, 2).bool().any(5).any(3)

# %% 11.or_pool right: F.max_pool2d
def or_pool(spikes):
    return F.max_pool2d(spikes.float(), 2).to(spikes.dtype)

# %% 11.or_pool right: De Morgan with products
def or_pool(spikes):
    q = 1 - spikes
    return 1 - q[..., ::2, ::2] * q[..., 1::2, ::2] * q[..., ::2, 1::2] * q[..., 1::2, 1::2]

# %% 11.or_pool wrong: whole numbers come back
def or_pool(spikes):
    return (nn.functional.max_pool2d(spikes, 2) > 0).int()

# %% 11.or_pool wrong: the spikes given are changed in place
def or_pool(spikes):
    pooled = spikes[..., ::2, ::2]
    for i, j in ((0, 1), (1, 0), (1, 1)):
        pooled[spikes[..., i::2, j::2] > 0] = 1.0
    return pooled

# %% 11.or_pool wrong: the height is not halved
def or_pool(spikes):
    return torch.maximum(spikes[..., ::2], spikes[..., 1::2])

# %% 11.or_pool wrong: pools over all pictures
def or_pool(spikes):
    return nn.MaxPool2d(2)(spikes).amax(0)

# %% 11.or_pool right: the probability that none is silent, in float64
def or_pool(spikes):
    s = spikes.double()
    return 1 - torch.stack([1 - s[..., i::2, j::2] for i in (0, 1) for j in (0, 1)]).prod(0)

# %% 11.synops wrong: all pictures together
def synops(spikes, fan_out):
    return spikes.sum() * fan_out

# %% 11.synops wrong: divided by the steps, not the pictures
def synops(spikes, fan_out):
    return spikes.sum() * fan_out / spikes.shape[0]

# %% 11.synops wrong: divided by the steps as well
def synops(spikes, fan_out):
    T, N = spikes.shape[:2]
    return spikes.sum() * fan_out / (T * N)

# %% 11.synops wrong: the firing rate times the fan-out
def synops(spikes, fan_out):
    return spikes.float().mean() * fan_out

# %% 11.synops wrong: the fan-out is left out
def synops(spikes, fan_out):
    return spikes.sum() / spikes.shape[1]

# %% 11.synops wrong: neurons are counted, firing or not
def synops(spikes, fan_out):
    return spikes.numel() / spikes.shape[1] * fan_out

# %% 11.synops wrong: a neuron counts once however often it fires
def synops(spikes, fan_out):
    return (spikes.sum(0) > 0).sum() / spikes.shape[1] * fan_out

# %% 11.synops wrong: rounded down to whole numbers
def synops(spikes, fan_out):
    return spikes.sum() // spikes.shape[1] * fan_out

# %% 11.synops wrong: only the last step
def synops(spikes, fan_out):
    return spikes[-1].sum() / spikes.shape[1] * fan_out

# %% 11.synops wrong: a number for each step
def synops(spikes, fan_out):
    return spikes.flatten(1).sum(1) / spikes.shape[1] * fan_out

# %% 11.synops wrong: len() counts the steps
def synops(spikes, fan_out):
    return spikes.sum() / len(spikes) * fan_out

# %% 11.synops wrong: divided by the fan-out
def synops(spikes, fan_out):
    return spikes.sum() / spikes.shape[1] / fan_out

# %% 11.synops wrong: divided by the number of neurons of a picture as well
def synops(spikes, fan_out):
    return spikes.sum() / spikes[0].numel() * fan_out

# %% 11.synops wrong: expects [T, N, C, H, W]
def synops(spikes, fan_out):
    T, N, C, H, W = spikes.shape
    return spikes.sum() / N * fan_out

# %% 11.synops wrong: the batch is taken to be 100
def synops(spikes, fan_out):
    return spikes.sum() / 100 * fan_out

# %% 11.synops wrong: the largest picture
def synops(spikes, fan_out):
    return spikes.transpose(0, 1).flatten(1).sum(1).max() * fan_out

# %% 11.synops wrong: printed, not returned
def synops(spikes, fan_out):
    print(spikes.sum() / spikes.shape[1] * fan_out)

# %% 11.synops right: a 0-d tensor
def synops(spikes, fan_out):
    return spikes.sum() * fan_out / spikes.shape[1]

# %% 11.synops right: a float
def synops(spikes, fan_out):
    return float(spikes.sum()) / spikes.size(1) * fan_out

# %% 11.synops right: rate times neurons times steps
def synops(spikes, fan_out):
    T, N = spikes.shape[:2]
    return spikes.double().mean() * T * (spikes[0].numel() // N) * fan_out

# %% 11.synops right: the mean of the pictures
def synops(spikes, fan_out):
    return (spikes.double().transpose(0, 1).flatten(1).sum(1) * fan_out).mean()

# %% 11.synops right: plain loops
def synops(spikes, fan_out):
    total = 0
    T, N = spikes.shape[:2]
    for t in range(T):
        for n in range(N):
            total += int(spikes[t, n].sum()) * fan_out
    return total / N

# %% 11.synops right: numpy
import numpy as np


def synops(spikes, fan_out):
    return np.count_nonzero(spikes.detach().numpy()) * fan_out / spikes.shape[1]

# %% 11.synops right: count_nonzero
def synops(spikes, fan_out):
    return torch.count_nonzero(spikes).item() * fan_out / len(spikes[0])

# %% 11.synops wrong: a number for each picture
def synops(spikes, fan_out):
    return spikes.transpose(0, 1).flatten(1).sum(1) * fan_out

# %% 11.synops wrong: the first picture alone
def synops(spikes, fan_out):
    return spikes[:, 0].sum() * fan_out

# %% 11.synops right: the mean of the floats
def synops(spikes, fan_out):
    T, N = spikes.shape[:2]
    return spikes.mean() * (spikes.numel() / N) * fan_out

# %% 11.synops wrong: pictures without spikes are left out of the mean
def synops(spikes, fan_out):
    each = spikes.transpose(0, 1).flatten(1).sum(1)
    return each[each > 0].mean() * fan_out

# %% 11.synops wrong: the median
def synops(spikes, fan_out):
    return spikes.transpose(0, 1).flatten(1).sum(1).median() * fan_out

# %% 11.synops wrong: the last picture alone
def synops(spikes, fan_out):
    return spikes[:, -1].sum() * fan_out

# %% 11.synops wrong: neurons in place of pictures
def synops(spikes, fan_out):
    return spikes.sum() / spikes.shape[-1] * fan_out

# %% 11.synops right: einsum of a flat view
def synops(spikes, fan_out):
    flat = spikes.flatten(1)
    return torch.einsum("tn->", flat) * (fan_out / spikes.size(1))

# %% 11.saving wrong: T is left out
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving wrong: T is always 4
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * 4 * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving wrong: SNN by ANN
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return snn / ann

# %% 11.saving wrong: the first layer counted with accumulations
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 0.9 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving wrong: the first layer in every step
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = T * (4.6 * macs[0] + 0.9 * sum(r * m for r, m in zip(rates, macs[1:])))
    return ann / snn

# %% 11.saving wrong: the first layer is forgotten in the SNN
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving wrong: the first layer is forgotten in both
def saving(macs, rates, T):
    ann = 4.6 * sum(macs[1:])
    snn = 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving wrong: rates are matched with the layers they come from
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs))
    return ann / snn

# %% 11.saving wrong: an addition of 0.1 pJ
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.1 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving wrong: 3.7 pJ, the multiplication alone
def saving(macs, rates, T):
    ann = 3.7 * sum(macs)
    snn = 3.7 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving wrong: the mean rate for all layers
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    rate = sum(rates) / max(1, len(rates))
    snn = 4.6 * macs[0] + 0.9 * T * rate * sum(macs[1:])
    return ann / snn

# %% 11.saving wrong: the ANN runs T times
def saving(macs, rates, T):
    ann = 4.6 * T * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving wrong: spikes are multiplied too
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 4.6 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving wrong: the part saved, not the ratio
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return 1 - snn / ann

# %% 11.saving wrong: rounded to a whole number
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return round(ann / snn)

# %% 11.saving wrong: the rates are left out
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * T * sum(macs[1:])
    return ann / snn

# %% 11.saving wrong: the list given loses its first entry
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    first = macs.pop(0)
    snn = 4.6 * first + 0.9 * T * sum(r * m for r, m in zip(rates, macs))
    return ann / snn

# %% 11.saving wrong: the loop runs past the end of the rates
def saving(macs, rates, T):
    ann = snn = 0.0
    for l in range(len(macs)):
        ann += 4.6 * macs[l]
        snn += 4.6 * macs[l] if l == 0 else 0.9 * T * rates[l] * macs[l]
    return ann / snn

# %% 11.saving wrong: the last layer is left out
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0]
    for l in range(1, len(rates)):
        snn += 0.9 * T * rates[l - 1] * macs[l]
    return ann / snn

# %% 11.saving right: sum and zip
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann / snn

# %% 11.saving right: loop with indices
def saving(macs, rates, T):
    ann, snn = 0.0, 0.0
    for l in range(len(macs)):
        ann += macs[l] * 4.6e-12
        snn += macs[l] * 4.6e-12 if l == 0 else macs[l] * rates[l - 1] * T * 0.9e-12
    return ann / snn

# %% 11.saving right: numpy
import numpy as np


def saving(macs, rates, T):
    m, r = np.asarray(macs, dtype=float), np.asarray(rates, dtype=float)
    return 4.6 * m.sum() / (4.6 * m[0] + 0.9 * T * (m[1:] * r).sum())

# %% 11.saving right: torch, float64
def saving(macs, rates, T):
    m = torch.as_tensor(macs, dtype=torch.float64)
    r = torch.as_tensor(rates, dtype=torch.float64)
    return m.sum() * 4.6 / (m[0] * 4.6 + T * (m[1:] @ r) * 0.9)

# %% 11.saving right: unpacking, an early return
def saving(macs, rates, T):
    first, *rest = macs
    if not len(rest):
        return 1.0
    synops = T * math.fsum(m * r for m, r in zip(rest, rates, strict=True))
    return (first + sum(rest)) / (first + synops * 0.9 / 4.6)

# %% 11.saving right: rates padded in front
def saving(macs, rates, T):
    energy = 0
    for l, (m, r) in enumerate(zip(macs, [None, *rates])):
        energy += m * (4.6 if l == 0 else 0.9 * T * r)
    return sum(m * 4.6 for m in macs) / energy

# %% 11.saving wrong: takes the lists for tensors
def saving(macs, rates, T):
    return 4.6 * macs.sum() / (4.6 * macs[0] + 0.9 * T * (macs[1:] * rates).sum())

# %% 11.saving wrong: differences, not a ratio
def saving(macs, rates, T):
    ann = 4.6 * sum(macs)
    snn = 4.6 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:]))
    return ann - snn

# %% 11.saving wrong: only the synapses after the first layer
def saving(macs, rates, T):
    return 4.6 * sum(macs[1:]) / (0.9 * T * sum(r * m for r, m in zip(rates, macs[1:])))

# %% 11.saving wrong: one layer is not an SNN
def saving(macs, rates, T):
    if not rates:
        return 0
    ann = 4.6 * sum(macs)
    return ann / (4.6 * macs[0] + 0.9 * T * sum(r * m for r, m in zip(rates, macs[1:])))

# %% 11.saving wrong: the bill of the claim
def saving(macs, rates, T):
    return 4.6 / (0.1 * rates[0])

# %% 11.saving right: a fraction, step by step
from fractions import Fraction


def saving(macs, rates, T):
    energy = Fraction(46, 10) * macs[0]
    for t in range(T):
        for m, r in zip(macs[1:], rates):
            energy += Fraction(9, 10) * m * Fraction(r)
    return Fraction(46, 10) * sum(macs) / energy

# %% 11.converted wrong: the start at half the threshold is forgotten
def converted(a, top, T):
    n = torch.clamp(torch.floor(torch.as_tensor(a) * T / top), 0, T)
    return n / T * top

# %% 11.converted wrong: round goes to the even number in a tie
def converted(a, top, T):
    n = torch.clamp(torch.round(torch.as_tensor(a) * T / top), 0, T)
    return n / T * top

# %% 11.converted wrong: rounded up
def converted(a, top, T):
    n = torch.clamp(torch.ceil(torch.as_tensor(a) * T / top), 0, T)
    return n / T * top

# %% 11.converted wrong: negative activations give negative outputs
def converted(a, top, T):
    n = torch.clamp(torch.floor(torch.as_tensor(a) * T / top + 0.5), max=T)
    return n / T * top

# %% 11.converted wrong: no ceiling
def converted(a, top, T):
    n = torch.clamp(torch.floor(torch.as_tensor(a) * T / top + 0.5), min=0)
    return n / T * top

# %% 11.converted wrong: the number of spikes
def converted(a, top, T):
    return torch.clamp(torch.floor(torch.as_tensor(a) * T / top + 0.5), 0, T)

# %% 11.converted wrong: the rate, not times top
def converted(a, top, T):
    return torch.clamp(torch.floor(torch.as_tensor(a) * T / top + 0.5), 0, T) / T

# %% 11.converted wrong: not divided by T
def converted(a, top, T):
    return torch.clamp(torch.floor(torch.as_tensor(a) * T / top + 0.5), 0, T) * top

# %% 11.converted wrong: top is taken to be 1
def converted(a, top, T):
    n = torch.clamp(torch.floor(torch.as_tensor(a) * T + 0.5), 0, T)
    return n / T

# %% 11.converted wrong: the ceiling is 1 in place of T
def converted(a, top, T):
    n = torch.clamp(torch.floor(torch.as_tensor(a) * T / top + 0.5), 0, 1)
    return n / T * top

# %% 11.converted wrong: half the threshold is added after the division
def converted(a, top, T):
    n = torch.clamp(torch.floor(torch.as_tensor(a) * T / top + top / 2), 0, T)
    return n / T * top

# %% 11.converted wrong: the start is added in every step
def converted(a, top, T):
    n = torch.clamp(torch.floor((torch.as_tensor(a) + top / 2) * T / top), 0, T)
    return n / T * top

# %% 11.converted wrong: half a step is taken off
def converted(a, top, T):
    n = torch.clamp(torch.floor(torch.as_tensor(a) * T / top - 0.5), 0, T)
    return n / T * top

# %% 11.converted wrong: ReLU without stairs
def converted(a, top, T):
    return torch.clamp(torch.as_tensor(a), 0, top)

# %% 11.converted wrong: at most T - 1 spikes
def converted(a, top, T):
    n = torch.clamp(torch.floor(torch.as_tensor(a) * T / top + 0.5), 0, T - 1)
    return n / T * top

# %% 11.converted wrong: whole numbers lost by // at the end
def converted(a, top, T):
    n = torch.clamp(torch.floor(torch.as_tensor(a) * T / top + 0.5), 0, T)
    return n // T * top

# %% 11.converted wrong: activations above top give nothing
def converted(a, top, T):
    a = torch.as_tensor(a)
    n = torch.floor(a * T / top + 0.5)
    return torch.where((a >= 0) & (a <= top), n / T * top, torch.zeros_like(n))

# %% 11.converted wrong: in a tie the voltage has to exceed the threshold
def converted(a, top, T):
    n = torch.clamp(torch.ceil(torch.as_tensor(a) * T / top + 0.5) - 1, 0, T)
    return n / T * top

# %% 11.converted right: floor and clamp
def converted(a, top, T):
    n = torch.floor(torch.as_tensor(a) * T / top + 0.5).clamp(0, T)
    return n / T * top

# %% 11.converted right: clamped before the floor
def converted(a, top, T):
    x = torch.clamp(torch.as_tensor(a) * T / top + 0.5, 0, T)
    return top * torch.floor(x) / T

# %% 11.converted right: the conserved sum
def converted(a, top, T):
    a = torch.as_tensor(a).clamp(0, top)
    return torch.div(top / 2 + a * T, top, rounding_mode="floor").clamp(0, T) * (top / T)

# %% 11.converted right: torch.where for the three cases
def converted(a, top, T):
    a = torch.as_tensor(a)
    n = torch.floor((a * T + top / 2) / top)
    n = torch.where(a < 0, torch.zeros_like(n), n)
    n = torch.where(a > top, torch.full_like(n, T), n)
    return n * top / T

# %% 11.converted right: numpy and back
import numpy as np


def converted(a, top, T):
    n = np.clip(np.floor(np.asarray(a) * T / top + 0.5), 0, T)
    return torch.as_tensor(n / T * top)

# %% 11.converted wrong: only for numbers
def converted(a, top, T):
    n = math.floor(a * T / top + 0.5)
    return min(max(n, 0), T) / T * top

# %% 11.converted right: floor and clamp as methods
def converted(a, top, T):
    return (a * T / top + 0.5).floor().clamp(0, T) / T * top

# %% 11.converted right: a numpy array comes back
import numpy as np


def converted(a, top, T):
    return np.clip(np.floor(np.asarray(a) * T / top + 0.5), 0, T) / T * top

# %% 11.converted right: a loop over the steps
def converted(a, top, T):
    a = torch.as_tensor(a)
    v, n = torch.full_like(a, top / 2), torch.zeros_like(a)
    for _ in range(T):
        v = v + a
        s = (v >= top).to(a.dtype)
        n, v = n + s, v - s * top
    return n / T * top

# %% 11.converted wrong: hard reset
def converted(a, top, T):
    v, n = torch.full_like(a, top / 2), torch.zeros_like(a)
    for _ in range(T):
        v = v + a
        s = (v >= top).to(a.dtype)
        n, v = n + s, v * (1 - s)
    return n / T * top

# %% 11.converted wrong: the simulation starts at zero
def converted(a, top, T):
    v, n = torch.zeros_like(a), torch.zeros_like(a)
    for _ in range(T):
        v = v + a
        s = (v >= top).to(a.dtype)
        n, v = n + s, v - s * top
    return n / T * top

# %% 11.converted wrong: int() cuts towards zero
def converted(a, top, T):
    return (a / top * T).int().clamp(0, T) / T * top

# %% 11.converted wrong: only a list of one dimension
def converted(a, top, T):
    return torch.tensor([min(max(math.floor(x / top * T + 0.5), 0), T) / T * top for x in a.tolist()])

# %% 11.converted right: floats of a list, and shape put back
def converted(a, top, T):
    values = [min(max(math.floor(x / top * T + 0.5), 0), T) / T * top for x in a.flatten().tolist()]
    return torch.tensor(values, dtype=torch.float64).view(a.shape)
