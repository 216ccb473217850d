# %% 13.frame_numbers wrong: the remainder is spread over all frames
def frame_numbers(n, T):
    return np.arange(n) * T // n

# %% 13.frame_numbers wrong: the remainder makes frames of its own
def frame_numbers(n, T):
    return np.arange(n) // (n // T)

# %% 13.frame_numbers wrong: shares are rounded up
def frame_numbers(n, T):
    return np.minimum(np.arange(n) // -(-n // T), T - 1)

# %% 13.frame_numbers wrong: the first frames take the remainder
def frame_numbers(n, T):
    return np.concatenate([np.full(len(part), j) for j, part in enumerate(np.array_split(np.arange(n), T))])

# %% 13.frame_numbers wrong: the first frame takes the remainder
def frame_numbers(n, T):
    return np.maximum(0, (np.arange(n) - n % T) // (n // T))

# %% 13.frame_numbers wrong: the remainder is dropped
def frame_numbers(n, T):
    return np.repeat(np.arange(T), n // T)

# %% 13.frame_numbers wrong: the remainder goes to frame 0
def frame_numbers(n, T):
    j = np.arange(n) // (n // T)
    j[j >= T] = 0
    return j

# %% 13.frame_numbers wrong: counted from 1
def frame_numbers(n, T):
    return np.minimum(np.arange(n) // (n // T), T - 1) + 1

# %% 13.frame_numbers wrong: floats
def frame_numbers(n, T):
    return np.minimum(np.floor(np.arange(n) / (n // T)), T - 1)

# %% 13.frame_numbers wrong: fractions
def frame_numbers(n, T):
    return np.minimum(np.arange(n) / (n // T), T - 1)

# %% 13.frame_numbers wrong: dealt out like cards
def frame_numbers(n, T):
    return np.arange(n) % T

# %% 13.frame_numbers wrong: the last number is T
def frame_numbers(n, T):
    return np.minimum(np.arange(n) // (n // T), T)

# %% 13.frame_numbers wrong: how many events each frame has
def frame_numbers(n, T):
    counts = np.full(T, n // T)
    counts[-1] += n % T
    return counts

# %% 13.frame_numbers wrong: the number of frames is taken to be 10
def frame_numbers(n, T):
    return np.minimum(np.arange(n) // (n // 10), 9)

# %% 13.frame_numbers wrong: the index is divided by T
def frame_numbers(n, T):
    return np.minimum(np.arange(n) // T, T - 1)

# %% 13.frame_numbers wrong: the index counts from 1
def frame_numbers(n, T):
    return np.minimum(np.arange(1, n + 1) // (n // T), T - 1)

# %% 13.frame_numbers wrong: the last number for the remainder is one short
def frame_numbers(n, T):
    return np.clip(np.arange(n) // (n // T), 0, T - 2)

# %% 13.frame_numbers right: minimum
def frame_numbers(n, T):
    return np.minimum(np.arange(n) // (n // T), T - 1)

# %% 13.frame_numbers right: repeat with counts
def frame_numbers(n, T):
    counts = [n // T] * T
    counts[-1] += n % T
    return np.repeat(np.arange(T), counts)

# %% 13.frame_numbers right: a filled array
def frame_numbers(n, T):
    j = np.full(n, T - 1)
    share = n // T
    for frame in range(T - 1):
        j[frame * share : (frame + 1) * share] = frame
    return j

# %% 13.frame_numbers right: comprehension
def frame_numbers(n, T):
    return np.array([min(i // (n // T), T - 1) for i in range(n)])

# %% 13.frame_numbers right: searchsorted among the borders
def frame_numbers(n, T):
    return np.searchsorted(np.arange(1, T) * (n // T), np.arange(n), side="right")

# %% 13.frame_numbers right: divmod, clip, small integers
def frame_numbers(n, T):
    q, _ = np.divmod(np.arange(n, dtype=np.int32), n // T)
    return q.clip(max=T - 1)

# %% 13.frame_numbers right: a list
def frame_numbers(n, T):
    return [min(i // (n // T), T - 1) for i in range(n)]

# %% 13.frame_numbers right: a tensor
def frame_numbers(n, T):
    return torch.clamp(torch.arange(n) // (n // T), max=T - 1)

# %% 13.add_up wrong: += counts an index once
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    frames[frame, p, y, x] += 1
    return frames

# %% 13.add_up wrong: marks, does not count
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    frames[frame, p, y, x] = 1
    return frames

# %% 13.add_up wrong: x and y change places
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, p, x, y), 1)
    return frames

# %% 13.add_up wrong: width before height
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, width, height))
    np.add.at(frames, (frame, p, x, y), 1)
    return frames

# %% 13.add_up wrong: ON and OFF change places
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, 1 - p, y, x), 1)
    return frames

# %% 13.add_up wrong: the polarity is left out
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, 0, y, x), 1)
    return frames

# %% 13.add_up wrong: OFF takes away what ON adds
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, p, y, x), 2 * p - 1)
    return frames

# %% 13.add_up wrong: polarity first, then time
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((2, T, height, width))
    np.add.at(frames, (p, frame, y, x), 1)
    return frames

# %% 13.add_up wrong: returns what add.at returns
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    return np.add.at(frames, (frame, p, y, x), 1)

# %% 13.add_up wrong: a byte is too small for the counts
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width), dtype=np.uint8)
    np.add.at(frames, (frame, p, y, x), 1)
    return frames

# %% 13.add_up wrong: bool
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width), dtype=bool)
    np.add.at(frames, (frame, p, y, x), True)
    return frames

# %% 13.add_up wrong: flat, without the length
def add_up(frame, x, y, p, T, height, width):
    index = ((frame * 2 + p) * height + y) * width + x
    return np.bincount(index).reshape(T, 2, height, width)

# %% 13.add_up wrong: the stride of a row is the height
def add_up(frame, x, y, p, T, height, width):
    index = ((frame * 2 + p) * width + x) * height + y
    return np.bincount(index, minlength=T * 2 * height * width).reshape(T, 2, height, width)

# %% 13.add_up wrong: as many frames as there are numbers
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((frame.max() + 1, 2, height, width))
    np.add.at(frames, (frame, p, y, x), 1)
    return frames

# %% 13.add_up wrong: the events of each frame are divided by their number
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, p, y, x), 1)
    return frames / np.maximum(1, frames.sum((1, 2, 3), keepdims=True))

# %% 13.add_up wrong: all frames in one
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (slice(None), p, y, x), 1)
    return frames

# %% 13.add_up wrong: index_put_ does not accumulate by itself
def add_up(frame, x, y, p, T, height, width):
    frames = torch.zeros(T, 2, height, width)
    at = tuple(torch.as_tensor(np.asarray(a)).long() for a in (frame, p, y, x))
    frames.index_put_(at, torch.ones(len(x)))
    return frames.numpy()

# %% 13.add_up wrong: the last event is left out
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    for i in range(len(x) - 1):
        frames[frame[i], p[i], y[i], x[i]] += 1
    return frames

# %% 13.add_up right: add.at
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, p, y, x), 1)
    return frames

# %% 13.add_up right: bincount
def add_up(frame, x, y, p, T, height, width):
    shape = (T, 2, height, width)
    index = np.ravel_multi_index((frame, p, y, x), shape)
    return np.bincount(index, minlength=T * 2 * height * width).reshape(shape)

# %% 13.add_up right: a plain loop
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width), dtype=int)
    for j, xi, yi, pi in zip(frame, x, y, p):
        frames[j, pi, yi, xi] += 1
    return frames

# %% 13.add_up right: unique indices with counts
def add_up(frame, x, y, p, T, height, width):
    where, counts = np.unique(np.stack([frame, p, y, x]), axis=1, return_counts=True)
    frames = np.zeros((T, 2, height, width), dtype=np.float32)
    frames[tuple(where)] = counts
    return frames

# %% 13.add_up right: a histogram
def add_up(frame, x, y, p, T, height, width):
    edges = [np.arange(m + 1) - 0.5 for m in (T, 2, height, width)]
    return np.histogramdd(np.stack([frame, p, y, x], axis=1), bins=edges)[0]

# %% 13.add_up right: torch and back
def add_up(frame, x, y, p, T, height, width):
    frames = torch.zeros(T, 2, height, width)
    at = tuple(torch.as_tensor(np.asarray(a)).long() for a in (frame, p, y, x))
    frames.index_put_(at, torch.ones(len(x)), accumulate=True)
    return frames.numpy()

# %% 13.add_up right: a tensor
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width), dtype=np.float32)
    np.add.at(frames, (frame, p, y, x), 1)
    return torch.from_numpy(frames)

# %% 13.add_up right: bincount with an index by hand
def add_up(frame, x, y, p, T, height, width):
    index = ((frame * 2 + p) * height + y) * width + x
    return np.bincount(index, minlength=T * 2 * height * width).reshape(T, 2, height, width)

# %% 13.duration_bins wrong: times are not taken from the first event on
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // duration))
    return np.minimum(t // duration, T - 1)

# %% 13.duration_bins wrong: the last event at the end gets a frame of its own
def duration_bins(t, duration):
    return (t - t[0]) // duration

# %% 13.duration_bins wrong: as many frames as fit in whole, the tail in the last
def duration_bins(t, duration):
    T = max(1, int(t[-1] - t[0]) // duration)
    return np.minimum((t - t[0]) // duration, T - 1)

# %% 13.duration_bins wrong: the tail is dropped
def duration_bins(t, duration):
    T = max(1, int(t[-1] - t[0]) // duration)
    j = (t - t[0]) // duration
    return j[j < T]

# %% 13.duration_bins wrong: borders belong to the frame before
def duration_bins(t, duration):
    return np.maximum(0, -(-(t - t[0]) // duration) - 1)

# %% 13.duration_bins wrong: a frame for no time is forgotten
def duration_bins(t, duration):
    T = -(-int(t[-1] - t[0]) // duration)
    return np.minimum((t - t[0]) // duration, T - 1)

# %% 13.duration_bins wrong: frames counted from 1
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // duration))
    return np.minimum((t - t[0]) // duration, T - 1) + 1

# %% 13.duration_bins wrong: the last number is T
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // duration))
    return np.minimum((t - t[0]) // duration, T)

# %% 13.duration_bins wrong: fractions
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // duration))
    return np.minimum((t - t[0]) / duration, T - 1)

# %% 13.duration_bins wrong: rounded to the nearest
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // duration))
    return np.minimum(np.rint((t - t[0]) / duration).astype(int), T - 1)

# %% 13.duration_bins wrong: frames stretched to be equal
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // duration))
    length = max(1, int(t[-1] - t[0]))
    return np.minimum((t - t[0]) * T // length, T - 1)

# %% 13.duration_bins wrong: 50 milliseconds, whatever is asked
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // 50000))
    return np.minimum((t - t[0]) // 50000, T - 1)

# %% 13.duration_bins wrong: the recording given is shifted in place
def duration_bins(t, duration):
    t -= t[0]
    T = max(1, -(-int(t[-1]) // duration))
    return np.minimum(t // duration, T - 1)

# %% 13.duration_bins wrong: the number of frames
def duration_bins(t, duration):
    return max(1, int(np.ceil((t[-1] - t[0]) / duration)))

# %% 13.duration_bins wrong: how many events each frame has
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // duration))
    return np.bincount(np.minimum((t - t[0]) // duration, T - 1), minlength=T)

# %% 13.duration_bins wrong: the time since the border
def duration_bins(t, duration):
    return (t - t[0]) % duration

# %% 13.duration_bins wrong: only the last event is put back, not all at the end
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // duration))
    j = (t - t[0]) // duration
    j[-1] = T - 1
    return j

# %% 13.duration_bins wrong: the length of t takes the place of its duration
def duration_bins(t, duration):
    T = max(1, -(-len(t) // duration))
    return np.minimum((t - t[0]) // duration, T - 1)

# %% 13.duration_bins right: minimum
def duration_bins(t, duration):
    passed = t - t[0]
    T = max(1, -(-int(passed[-1]) // duration))
    return np.minimum(passed // duration, T - 1)

# %% 13.duration_bins right: math.ceil
import math


def duration_bins(t, duration):
    T = max(1, math.ceil((t[-1] - t[0]) / duration))
    return np.clip((t - t[0]) // duration, 0, T - 1)

# %% 13.duration_bins right: searchsorted among the inner borders
def duration_bins(t, duration):
    T = max(1, int(np.ceil((t[-1] - t[0]) / duration)))
    return np.searchsorted(np.arange(1, T) * duration, t - t[0], side="right")

# %% 13.duration_bins right: a plain loop
def duration_bins(t, duration):
    first, last = int(t[0]), int(t[-1])
    T = 1
    while T * duration < last - first:
        T += 1
    j = np.zeros(len(t), dtype=np.int64)
    for i, time in enumerate(t):
        j[i] = min((int(time) - first) // duration, T - 1)
    return j

# %% 13.duration_bins right: the events at the upper end moved
def duration_bins(t, duration):
    passed = t - t[0]
    j = passed // duration
    at_end = (passed > 0) & (passed == passed[-1]) & (passed % duration == 0)
    return j - at_end

# %% 13.duration_bins right: digitize
def duration_bins(t, duration):
    passed = t - t[0]
    T = max(1, (int(passed[-1]) + duration - 1) // duration)
    return np.minimum(np.digitize(passed, np.arange(T + 1) * duration) - 1, T - 1)

# %% 13.duration_bins right: a list
def duration_bins(t, duration):
    T = max(1, -(-int(t[-1] - t[0]) // duration))
    return [min(int(time - t[0]) // duration, T - 1) for time in t]

# %% 13.duration_bins wrong: whole numbers, but floats
def duration_bins(t, duration):
    T = max(1, np.ceil((t[-1] - t[0]) / duration))
    return np.minimum(np.floor((t - t[0]) / duration), T - 1)

# %% 13.real_steps wrong: [N, T], the batch first
def real_steps(lengths, T):
    return torch.arange(T)[None, :] < lengths[:, None]

# %% 13.real_steps wrong: one step too many
def real_steps(lengths, T):
    return torch.arange(T)[:, None] <= lengths[None, :]

# %% 13.real_steps wrong: one step too few
def real_steps(lengths, T):
    return torch.arange(1, T + 1)[:, None] < lengths[None, :]

# %% 13.real_steps wrong: True for the padding
def real_steps(lengths, T):
    return torch.arange(T)[:, None] >= lengths[None, :]

# %% 13.real_steps wrong: floats
def real_steps(lengths, T):
    return (torch.arange(T)[:, None] < lengths[None, :]).float()

# %% 13.real_steps wrong: integers
def real_steps(lengths, T):
    mask = torch.zeros(T, len(lengths), dtype=torch.int64)
    for n, length in enumerate(lengths):
        mask[:length, n] = 1
    return mask

# %% 13.real_steps wrong: T is ignored, the longest decides
def real_steps(lengths, T):
    return torch.arange(int(lengths.max()))[:, None] < lengths[None, :]

# %% 13.real_steps wrong: shapes do not broadcast
def real_steps(lengths, T):
    return torch.arange(T) < lengths

# %% 13.real_steps wrong: padding in front
def real_steps(lengths, T):
    return torch.arange(T)[:, None] >= T - lengths[None, :]

# %% 13.real_steps wrong: only the last real step
def real_steps(lengths, T):
    return torch.arange(T)[:, None] == lengths[None, :] - 1

# %% 13.real_steps wrong: the shortest decides for all
def real_steps(lengths, T):
    return (torch.arange(T)[:, None] < lengths.min()).expand(T, len(lengths))

# %% 13.real_steps wrong: the first is left out
def real_steps(lengths, T):
    mask = torch.zeros(T, len(lengths), dtype=torch.bool)
    for n in range(1, len(lengths)):
        mask[: lengths[n], n] = True
    return mask

# %% 13.real_steps wrong: ends one before the length
def real_steps(lengths, T):
    mask = torch.zeros(T, len(lengths), dtype=torch.bool)
    for n in range(len(lengths)):
        for t in range(int(lengths[n]) - 1):
            mask[t, n] = True
    return mask

# %% 13.real_steps wrong: a ragged list
def real_steps(lengths, T):
    return [torch.ones(int(length), dtype=torch.bool) for length in lengths]

# %% 13.real_steps wrong: reshaped in place of transposed
def real_steps(lengths, T):
    return (torch.arange(T)[None, :] < lengths[:, None]).reshape(T, -1)

# %% 13.real_steps wrong: the mask of the last sample only
def real_steps(lengths, T):
    for n in range(len(lengths)):
        mask = torch.arange(T) < lengths[n]
    return mask

# %% 13.real_steps wrong: torch.zeros without a type makes floats
def real_steps(lengths, T):
    mask = torch.zeros(T, len(lengths))
    for n, length in enumerate(lengths):
        mask[: int(length), n] = True
    return mask

# %% 13.real_steps right: broadcasting
def real_steps(lengths, T):
    return torch.arange(T)[:, None] < lengths[None, :]

# %% 13.real_steps right: transposed
def real_steps(lengths, T):
    return (torch.arange(T).expand(len(lengths), T) < lengths.unsqueeze(1)).T

# %% 13.real_steps right: slices
def real_steps(lengths, T):
    mask = torch.zeros(T, len(lengths), dtype=torch.bool)
    for n, length in enumerate(lengths.tolist()):
        mask[:length, n] = True
    return mask

# %% 13.real_steps right: nested comprehension
def real_steps(lengths, T):
    return torch.tensor([[t < length for length in lengths.tolist()] for t in range(T)])

# %% 13.real_steps right: stack
def real_steps(lengths, T):
    return torch.stack([lengths > t for t in range(T)])

# %% 13.real_steps right: numpy and back
def real_steps(lengths, T):
    return torch.from_numpy(np.less.outer(np.arange(T), lengths.numpy()))

# %% 13.real_steps right: ones counted down
def real_steps(lengths, T):
    left = lengths - (torch.ones(T, len(lengths), dtype=lengths.dtype).cumsum(0) - 1)
    return left.gt(0)

# %% 13.real_steps right: pad_sequence
from torch.nn.utils.rnn import pad_sequence


def real_steps(lengths, T):
    parts = [torch.ones(int(length), dtype=torch.bool) for length in lengths]
    parts.append(torch.ones(T, dtype=torch.bool))
    return pad_sequence(parts)[:, :-1]

# %% 13.real_steps right: a numpy array of bool
def real_steps(lengths, T):
    return np.arange(T)[:, None] < lengths.numpy()[None, :]

# %% 13.time_surface wrong: only events within the frame
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    before = t[0] - 1
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        last = np.full((2, height, width), -np.inf)
        seen = (t > before) & (t <= now)
        np.maximum.at(last, (p[seen], y[seen], x[seen]), t[seen])
        surface[j] = np.exp(-(now - last) / tau)
        before = now
    return surface

# %% 13.time_surface wrong: the first event of a pixel, not the latest
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        first = np.full((2, height, width), np.inf)
        seen = t <= now
        np.minimum.at(first, (p[seen], y[seen], x[seen]), t[seen])
        surface[j] = np.where(np.isinf(first), 0, np.exp(-(now - np.where(np.isinf(first), now, first)) / tau))
    return surface

# %% 13.time_surface wrong: events at the very moment are not seen
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        last = np.full((2, height, width), -np.inf)
        seen = t < now
        np.maximum.at(last, (p[seen], y[seen], x[seen]), t[seen])
        surface[j] = np.exp(-(now - last) / tau)
    return surface

# %% 13.time_surface wrong: moments are counted from 0, not from the first event
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[-1] * (j + 1) / T
        last = np.full((2, height, width), -np.inf)
        seen = t <= now
        np.maximum.at(last, (p[seen], y[seen], x[seen]), t[seen])
        surface[j] = np.exp(-(now - last) / tau)
    return surface

# %% 13.time_surface wrong: moments at the beginning of the frames
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * j / T
        last = np.full((2, height, width), -np.inf)
        seen = t <= now
        np.maximum.at(last, (p[seen], y[seen], x[seen]), t[seen])
        surface[j] = np.exp(-(now - last) / tau)
    return surface

# %% 13.time_surface wrong: pixels that never fired count from time 0
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        last = np.zeros((2, height, width))
        seen = t <= now
        np.maximum.at(last, (p[seen], y[seen], x[seen]), t[seen])
        surface[j] = np.exp(-(now - last) / tau)
    return surface

# %% 13.time_surface wrong: an event at time 0 is taken for none
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    t = t - t[0]
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[-1] * (j + 1) / T
        last = np.zeros((2, height, width))
        seen = t <= now
        np.maximum.at(last, (p[seen], y[seen], x[seen]), t[seen])
        surface[j] = np.where(last > 0, np.exp(-(now - last) / tau), 0.0)
    return surface

# %% 13.time_surface wrong: all events add up
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        seen = t <= now
        np.add.at(surface[j], (p[seen], y[seen], x[seen]), np.exp(-(now - t[seen]) / tau))
    return surface

# %% 13.time_surface wrong: the age, not its exponential
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = (now - t[i]) / tau
    return surface

# %% 13.time_surface wrong: the exponential without tau
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = np.exp(-(now - t[i]))
    return surface

# %% 13.time_surface wrong: tau is taken for milliseconds
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = np.exp(-(now - t[i]) / (1000 * tau))
    return surface

# %% 13.time_surface wrong: x and y change places
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], x[i], y[i]] = np.exp(-(now - t[i]) / tau)
    return surface

# %% 13.time_surface wrong: both polarities in one channel
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, :, y[i], x[i]] = np.exp(-(now - t[i]) / tau)
    return surface

# %% 13.time_surface wrong: the first T - 1 moments run to the end already
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j, now in enumerate(np.linspace(t[0], t[-1], T)):
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = np.exp(-(now - t[i]) / tau)
    return surface

# %% 13.time_surface wrong: the times given are shifted in place
def time_surface(events, T, tau, height, width):
    t, x, y, p = (events[k] for k in "txyp")
    t -= t[0]
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[-1] * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = np.exp(-(now - t[i]) / tau)
    return surface

# %% 13.time_surface wrong: later events are seen as well
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in range(len(t)):
            surface[j, p[i], y[i], x[i]] = np.exp(-abs(now - t[i]) / tau)
    return surface

# %% 13.time_surface wrong: the moments are by number of events
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    share = max(1, len(t) // T)
    for j in range(T):
        seen = range(min(len(t), (j + 1) * share))
        now = t[seen[-1]]
        for i in seen:
            surface[j, p[i], y[i], x[i]] = np.exp(-(now - t[i]) / tau)
    return surface

# %% 13.time_surface wrong: absolute times in float32
def time_surface(events, T, tau, height, width):
    t = np.asarray(events["t"]).astype(np.float32)
    x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "xyp")
    surface = np.zeros((T, 2, height, width), dtype=np.float32)
    for j in range(T):
        now = np.float32(t[0] + (t[-1] - t[0]) * np.float32((j + 1) / T))
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = np.exp(-(now - t[i]) / np.float32(tau))
    return surface

# %% 13.time_surface wrong: the sign in the exponent
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = np.exp((now - t[i]) / tau)
    return surface

# %% 13.time_surface right: maximum.at
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        seen = t <= now
        last = np.full((2, height, width), -np.inf)
        np.maximum.at(last, (p[seen], y[seen], x[seen]), t[seen])
        surface[j] = np.exp(-(now - last) / tau)
    return surface

# %% 13.time_surface right: later events overwrite earlier ones
def time_surface(events, T, tau, height, width):
    t, x, y, p = events["t"], events["x"], events["y"], events["p"]
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in range(len(t)):
            if t[i] <= now:
                surface[j, p[i], y[i], x[i]] = np.exp(-(now - t[i]) / tau)
    return surface

# %% 13.time_surface right: one pass, a state that is kept from frame to frame
def time_surface(events, T, tau, height, width):
    t = np.asarray(events["t"], dtype=np.float64)
    t = t - t[0]
    last, frames, i = np.full((2, height, width), np.nan), [], 0
    for j in range(T):
        now = t[-1] * (j + 1) / T
        while i < len(t) and t[i] <= now:
            last[events["p"][i], events["y"][i], events["x"][i]] = t[i]
            i += 1
        frames.append(np.nan_to_num(np.exp(-(now - last) / tau), nan=0.0))
    return np.stack(frames)

# %% 13.time_surface right: a dictionary of latest times
def time_surface(events, T, tau, height, width):
    t = [int(v) for v in events["t"]]
    where = [tuple(map(int, w)) for w in zip(events["p"], events["y"], events["x"])]
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        latest = {w: time for time, w in zip(t, where) if time <= now}
        for w, time in latest.items():
            surface[(j, *w)] = np.exp(-(now - time) / tau)
    return surface

# %% 13.time_surface right: the largest of all exponentials, float32
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width), dtype=np.float32)
    now = t[0] + (t[-1] - t[0]) * np.arange(1, T + 1) / T
    age = now[:, None] - t[None, :]
    frame, i = np.nonzero(age >= 0)
    np.maximum.at(surface, (frame, p[i], y[i], x[i]), np.exp(-age[frame, i] / tau))
    return surface

# %% 13.time_surface right: frame from frame, by decay
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface, state = np.zeros((T, 2, height, width)), np.zeros((2, height, width))
    before, done = t[0], 0
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        state = state * np.exp(-(now - before) / tau)
        until = np.searchsorted(t, now, side="right")
        for i in range(done, until):
            state[p[i], y[i], x[i]] = np.exp(-(now - t[i]) / tau)
        surface[j], before, done = state, now, until
    return surface

# %% 13.time_surface right: a tensor of float32
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = torch.zeros(T, 2, height, width)
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = float(np.exp(-(now - t[i]) / tau))
    return surface

# %% 13.true_gestures wrong: the inverse
def true_gestures(targets):
    order = sorted(str(g) for g in range(11))
    place = torch.tensor([order.index(str(g)) for g in range(11)])
    return place[targets]

# %% 13.true_gestures wrong: nothing changes
def true_gestures(targets):
    return targets

# %% 13.true_gestures wrong: numbers sorted as numbers
def true_gestures(targets):
    return torch.tensor(sorted(range(11)))[targets]

# %% 13.true_gestures wrong: 2 and 10 change places, the rest stays
def true_gestures(targets):
    order = torch.arange(11)
    order[2], order[10] = 10, 2
    return order[targets]

# %% 13.true_gestures wrong: only number 2 is put right
def true_gestures(targets):
    return torch.where(targets == 2, torch.full_like(targets, 10), targets)

# %% 13.true_gestures wrong: one after the other, so that 10 becomes 9
def true_gestures(targets):
    gestures = targets.clone()
    gestures[gestures == 2] = 10
    gestures[gestures > 2] -= 1
    return gestures

# %% 13.true_gestures wrong: a shift of the wrong sign
def true_gestures(targets):
    gestures = torch.where(targets > 2, targets + 1, targets)
    return torch.where(targets == 2, torch.full_like(targets, 10), gestures)

# %% 13.true_gestures wrong: counted from 1
def true_gestures(targets):
    return torch.tensor([0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9])[targets] + 1

# %% 13.true_gestures wrong: folders named 1 to 11
def true_gestures(targets):
    return torch.tensor([int(s) for s in sorted(str(g) for g in range(1, 12))])[targets]

# %% 13.true_gestures wrong: text, not numbers
def true_gestures(targets):
    order = sorted(str(g) for g in range(11))
    return [order[t] for t in targets.tolist()]

# %% 13.true_gestures wrong: 10 before 1
def true_gestures(targets):
    return torch.tensor([0, 10, 1, 2, 3, 4, 5, 6, 7, 8, 9])[targets]

# %% 13.true_gestures wrong: floats
def true_gestures(targets):
    return torch.Tensor([0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9])[targets]

# %% 13.true_gestures wrong: the table itself, whatever the targets
def true_gestures(targets):
    return torch.tensor([0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9])

# %% 13.true_gestures wrong: the targets themselves are sorted as text
def true_gestures(targets):
    return torch.tensor([int(s) for s in sorted(str(int(t)) for t in targets)])

# %% 13.true_gestures wrong: 0 and 1 are shifted too
def true_gestures(targets):
    return torch.where(targets == 2, torch.full_like(targets, 10), targets - 1)

# %% 13.true_gestures wrong: the targets given are changed in place
def true_gestures(targets):
    two, more = targets == 2, targets > 2
    targets[more] -= 1
    targets[two] = 10
    return targets

# %% 13.true_gestures wrong: works for one target only
def true_gestures(targets):
    return [0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9][targets]

# %% 13.true_gestures wrong: the last number is missing from the table
def true_gestures(targets):
    return torch.tensor([int(s) for s in sorted(str(g) for g in range(10))])[targets]

# %% 13.true_gestures right: a table of sorted names
def true_gestures(targets):
    names = sorted(str(g) for g in range(11))
    return torch.tensor([int(name) for name in names])[targets]

# %% 13.true_gestures right: a table by hand
def true_gestures(targets):
    return torch.tensor([0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9])[targets]

# %% 13.true_gestures right: three cases
def true_gestures(targets):
    moved = torch.where(targets > 2, targets - 1, targets)
    return torch.where(targets == 2, torch.full_like(targets, 10), moved)

# %% 13.true_gestures right: sorted with a key, take
def true_gestures(targets):
    return torch.take(torch.tensor(sorted(range(11), key=str)), targets)

# %% 13.true_gestures right: element by element
def true_gestures(targets):
    gestures = targets.clone()
    for i, t in enumerate(targets.tolist()):
        if t == 2:
            gestures[i] = 10
        elif t > 2:
            gestures[i] = t - 1
    return gestures

# %% 13.true_gestures right: numpy and back
def true_gestures(targets):
    order = np.sort(np.arange(11).astype(str)).astype(int)
    return torch.from_numpy(order[targets.numpy()])

# %% 13.true_gestures right: a list of numbers
def true_gestures(targets):
    order = [0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9]
    return [order[t] for t in targets.tolist()]

# %% 13.true_gestures right: a comprehension
def true_gestures(targets):
    order = sorted(range(11), key=str)
    return torch.tensor([order[int(t)] for t in targets])

# %% 13.frame_numbers wrong: equally spaced numbers, cut
def frame_numbers(n, T):
    return np.linspace(0, T - 1, n).astype(int)

# %% 13.frame_numbers wrong: from the last frame to the first
def frame_numbers(n, T):
    return T - 1 - np.minimum(np.arange(n) // (n // T), T - 1)

# %% 13.frame_numbers wrong: the same number for all events
def frame_numbers(n, T):
    for i in range(n):
        j = min(i // (n // T), T - 1)
    return np.full(n, j)

# %% 13.frame_numbers right: how many borders lie before each event
def frame_numbers(n, T):
    borders = n // T * np.arange(1, T)
    return (np.arange(n)[:, None] >= borders).sum(1)

# %% 13.add_up wrong: starts from ones
def add_up(frame, x, y, p, T, height, width):
    frames = np.ones((T, 2, height, width))
    np.add.at(frames, (frame, p, y, x), 1)
    return frames

# %% 13.add_up wrong: only ON events are counted
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, p, y, x), p)
    return frames

# %% 13.add_up wrong: frames add up, too
def add_up(frame, x, y, p, T, height, width):
    frames = np.zeros((T, 2, height, width))
    np.add.at(frames, (frame, p, y, x), 1)
    return frames.cumsum(0)

# %% 13.add_up right: a Counter, nested lists
from collections import Counter


def add_up(frame, x, y, p, T, height, width):
    counts = Counter(zip(frame.tolist(), p.tolist(), y.tolist(), x.tolist()))
    return [
        [[[counts[j, c, row, column] for column in range(width)] for row in range(height)] for c in range(2)]
        for j in range(T)
    ]

# %% 13.duration_bins wrong: durations counted from the end
def duration_bins(t, duration):
    j = (t[-1] - t) // duration
    return j.max() - j

# %% 13.duration_bins wrong: gaps between events are divided
def duration_bins(t, duration):
    return np.append(0, np.diff(t) // duration)

# %% 13.duration_bins wrong: every event is moved by one moment
def duration_bins(t, duration):
    return np.maximum(t - t[0] - 1, 0) // duration

# %% 13.duration_bins right: the last moment moved by one
def duration_bins(t, duration):
    span = int(t[-1] - t[0])
    inside = np.minimum(t - t[0], max(span - 1, 0)) if span % duration == 0 else t - t[0]
    return inside // duration

# %% 13.real_steps wrong: lengths are changed in place
def real_steps(lengths, T):
    mask = torch.zeros(T, len(lengths), dtype=torch.bool)
    for t in range(T):
        mask[t] = lengths > 0
        lengths -= 1
    return mask

# %% 13.real_steps wrong: only the longest counts
def real_steps(lengths, T):
    return (torch.arange(T)[:, None] < lengths.max()).expand(T, len(lengths))

# %% 13.real_steps wrong: all are real
def real_steps(lengths, T):
    return torch.ones(T, len(lengths), dtype=torch.bool)

# %% 13.real_steps right: a list of lists
def real_steps(lengths, T):
    return [[bool(t < n) for n in lengths] for t in range(T)]

# %% 13.time_surface wrong: the surface adds up from frame to frame
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = np.exp(-(now - t[i]) / tau)
    return surface.cumsum(0)

# %% 13.time_surface wrong: a power of two
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    surface = np.zeros((T, 2, height, width))
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            surface[j, p[i], y[i], x[i]] = 2.0 ** (-(now - t[i]) / tau)
    return surface

# %% 13.time_surface wrong: one array for all frames
def time_surface(events, T, tau, height, width):
    t, x, y, p = (np.asarray(events[k]).astype(np.int64) for k in "txyp")
    frame, frames = np.zeros((2, height, width)), []
    for j in range(T):
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        for i in np.flatnonzero(t <= now):
            frame[p[i], y[i], x[i]] = np.exp(-(now - t[i]) / tau)
        frames.append(frame)
    return np.stack(frames)

# %% 13.time_surface right: a list of frames
import math


def time_surface(events, T, tau, height, width):
    t = [int(time) for time in events["t"]]
    latest, frames = {}, []
    for j in range(T):
        for time, *place in zip(t, events["p"], events["y"], events["x"]):
            if (time - t[0]) * T <= (t[-1] - t[0]) * (j + 1):
                latest[tuple(place)] = time
        now = t[0] + (t[-1] - t[0]) * (j + 1) / T
        frames.append(
            [
                [[math.exp((latest.get((p, y, x), -math.inf) - now) / tau) for x in range(width)] for y in range(height)]
                for p in range(2)
            ]
        )
    return frames

# %% 13.true_gestures wrong: the numbers from 1 sorted as text, and 0 in front
def true_gestures(targets):
    return torch.tensor([0, *sorted(range(1, 11), key=str)])[targets - 1]

# %% 13.true_gestures wrong: a remainder
def true_gestures(targets):
    return (targets + 8) % 11

# %% 13.true_gestures wrong: only the first of several targets equal to 2
def true_gestures(targets):
    found = [int(t) - (t > 2).item() for t in targets]
    if 2 in targets.tolist():
        found[targets.tolist().index(2)] = 10
    return torch.tensor(found)

# %% 13.true_gestures right: index_select, small integers
def true_gestures(targets):
    table = torch.tensor(sorted(range(11), key=str), dtype=torch.int8)
    return table.index_select(0, targets)
