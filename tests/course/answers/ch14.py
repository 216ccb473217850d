# %% 14.backwards wrong: ON and OFF stay
def backwards(frames):
    return frames.flip(0)

# %% 14.backwards wrong: the order stays
def backwards(frames):
    return frames.flip(1)

# %% 14.backwards wrong: left and right change places too
def backwards(frames):
    return frames.flip(0, 1, 3)

# %% 14.backwards wrong: everything is reversed
def backwards(frames):
    return frames.flip(0, 1, 2, 3)

# %% 14.backwards wrong: rows reversed in place of the polarity
def backwards(frames):
    return frames.flip(0, 2)

# %% 14.backwards wrong: polarity and rows
def backwards(frames):
    return frames.flip(1, 2)

# %% 14.backwards wrong: a tensor has no negative step
def backwards(frames):
    return frames[::-1, ::-1]

# %% 14.backwards wrong: the first frame is lost
def backwards(frames):
    return torch.stack([frames[t, [1, 0]] for t in range(len(frames) - 1, 0, -1)])

# %% 14.backwards wrong: OFF is overwritten before it is kept
def backwards(frames):
    back = frames.flip(0)
    off = back[:, 0]
    back[:, 0] = back[:, 1]
    back[:, 1] = off
    return back

# %% 14.backwards wrong: counts change their sign
def backwards(frames):
    return -frames.flip(0)

# %% 14.backwards wrong: the ones become zeros
def backwards(frames):
    return 1 - frames.flip(0)

# %% 14.backwards wrong: rolled, not reversed
def backwards(frames):
    return frames.roll(1, 0).flip(1)

# %% 14.backwards wrong: the second flip is thrown away
def backwards(frames):
    back = frames.flip(0)
    back.flip(1)
    return back

# %% 14.backwards wrong: both flips along time
def backwards(frames):
    return frames.flip(0).flip(0)

# %% 14.backwards wrong: reshaped from [T, 2] to [2, T]
def backwards(frames):
    return frames.transpose(0, 1).flip(0, 1)

# %% 14.backwards wrong: the recording given is changed in place
def backwards(frames):
    frames.copy_(frames.flip(0, 1))
    return frames

# %% 14.backwards wrong: both channels hold ON
def backwards(frames):
    back = frames.flip(0)
    return torch.stack([back[:, 1], back[:, 1]], dim=1)

# %% 14.backwards wrong: twenty frames, whatever comes
def backwards(frames):
    return frames[torch.arange(19, -1, -1)][:, [1, 0]]

# %% 14.backwards wrong: nothing comes back
def backwards(frames):
    frames = frames.flip(0, 1)

# %% 14.backwards right: flip
def backwards(frames):
    return frames.flip(0, 1)

# %% 14.backwards right: indices
def backwards(frames):
    T = frames.shape[0]
    return frames[torch.arange(T - 1, -1, -1)][:, [1, 0]]

# %% 14.backwards right: frame by frame
def backwards(frames):
    back = torch.empty_like(frames)
    for t in range(len(frames)):
        back[len(frames) - 1 - t, 0] = frames[t, 1]
        back[len(frames) - 1 - t, 1] = frames[t, 0]
    return back

# %% 14.backwards right: numpy and back
import numpy as np


def backwards(frames):
    return torch.from_numpy(np.ascontiguousarray(frames.numpy()[::-1, ::-1]))

# %% 14.backwards right: parts put together
def backwards(frames):
    off, on = frames.unbind(1)
    return torch.stack((on, off), dim=1).flip(dims=[0])

# %% 14.backwards right: roll for the channels, a reversed list
def backwards(frames):
    return torch.stack(list(reversed(frames.unbind(0)))).roll(1, dims=1)

# %% 14.backwards right: dimensions counted from the end
def backwards(frames):
    return frames.flip(-4).flip(-3)

# %% 14.voting wrong: neighbours belong to different classes
def voting(spikes, classes):
    return spikes.float().reshape(len(spikes), -1, classes).mean(1)

# %% 14.voting wrong: the sum of the votes
def voting(spikes, classes):
    return spikes.float().reshape(len(spikes), classes, -1).sum(2)

# %% 14.voting wrong: one vote is enough
def voting(spikes, classes):
    return spikes.float().reshape(len(spikes), classes, -1).amax(2)

# %% 14.voting wrong: always 10 neurons a class
def voting(spikes, classes):
    return F.avg_pool1d(spikes.float(), 10)

# %% 14.voting wrong: always 11 classes
def voting(spikes, classes):
    return spikes.float().reshape(len(spikes), 11, -1).mean(2)

# %% 14.voting wrong: groups as large as there are classes
def voting(spikes, classes):
    return F.avg_pool1d(spikes.float(), classes)

# %% 14.voting wrong: the mean over the classes
def voting(spikes, classes):
    return spikes.float().reshape(len(spikes), classes, -1).mean(1)

# %% 14.voting wrong: divided by the number of classes
def voting(spikes, classes):
    return spikes.float().reshape(len(spikes), classes, -1).sum(2) / classes

# %% 14.voting wrong: the share of all votes
def voting(spikes, classes):
    votes = spikes.float().reshape(len(spikes), classes, -1).sum(2)
    return votes / votes.sum(1, keepdim=True)

# %% 14.voting wrong: the class with the most votes
def voting(spikes, classes):
    return spikes.float().reshape(len(spikes), classes, -1).mean(2).argmax(1)

# %% 14.voting wrong: a majority, yes or no
def voting(spikes, classes):
    return (spikes.float().reshape(len(spikes), classes, -1).mean(2) > 0.5).float()

# %% 14.voting wrong: the batch is averaged away
def voting(spikes, classes):
    return spikes.float().reshape(len(spikes), classes, -1).mean(2).mean(0)

# %% 14.voting wrong: only the first neuron of each class
def voting(spikes, classes):
    k = spikes.shape[1] // classes
    return spikes.float()[:, ::k]

# %% 14.voting wrong: rounded down to whole votes
def voting(spikes, classes):
    k = spikes.shape[1] // classes
    return spikes.float().reshape(len(spikes), classes, k).sum(2) // k

# %% 14.voting wrong: samples and classes are mixed
def voting(spikes, classes):
    return spikes.float().reshape(classes, len(spikes), -1).mean(2).T

# %% 14.voting wrong: k is not a whole number
def voting(spikes, classes):
    k = spikes.shape[1] / classes
    return torch.stack([spikes.float()[:, c * k : (c + 1) * k].mean(1) for c in range(classes)], dim=1)

# %% 14.voting wrong: the last neuron of each class is left out
def voting(spikes, classes):
    k = spikes.shape[1] // classes
    return torch.stack([spikes.float()[:, c * k : (c + 1) * k - 1].sum(1) / k for c in range(classes)], dim=1)

# %% 14.voting wrong: [classes, N]
def voting(spikes, classes):
    k = spikes.shape[1] // classes
    return torch.stack([spikes.float()[:, c * k : (c + 1) * k].mean(1) for c in range(classes)])

# %% 14.voting right: reshape and mean
def voting(spikes, classes):
    return spikes.float().reshape(len(spikes), classes, -1).mean(2)

# %% 14.voting right: unflatten
def voting(spikes, classes):
    return spikes.float().unflatten(1, (classes, -1)).mean(dim=-1)

# %% 14.voting right: AvgPool1d
def voting(spikes, classes):
    k = spikes.shape[1] // classes
    return nn.AvgPool1d(k)(spikes.float()[:, None, :])[:, 0]

# %% 14.voting right: class by class
def voting(spikes, classes):
    N, neurons = spikes.shape
    k = neurons // classes
    votes = torch.zeros(N, classes)
    for c in range(classes):
        votes[:, c] = spikes[:, c * k : (c + 1) * k].sum(1) / k
    return votes

# %% 14.voting right: chunks
def voting(spikes, classes):
    return torch.stack([group.float().mean(1) for group in spikes.chunk(classes, dim=1)], dim=1)

# %% 14.voting right: a matrix product, float64
def voting(spikes, classes):
    k = spikes.shape[1] // classes
    members = torch.eye(classes, dtype=torch.float64).repeat_interleave(k, dim=0)
    return spikes.double() @ members / k

# %% 14.voting right: without a change of type
def voting(spikes, classes):
    return spikes.reshape(len(spikes), classes, -1).mean(2)

# %% 14.w_for wrong: the sign
def w_for(tau_ms, frame_ms):
    return math.log(tau_ms / frame_ms - 1)

# %% 14.w_for wrong: the 1 is forgotten
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms / frame_ms)

# %% 14.w_for wrong: milliseconds taken for frames
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms - 1)

# %% 14.w_for wrong: frames are always 60 ms
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms / 60 - 1)

# %% 14.w_for wrong: frame by tau
def w_for(tau_ms, frame_ms):
    return -math.log(abs(frame_ms / tau_ms - 1))

# %% 14.w_for wrong: multiplied, not divided
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms * frame_ms - 1)

# %% 14.w_for wrong: plus 1
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms / frame_ms + 1)

# %% 14.w_for wrong: base 10
def w_for(tau_ms, frame_ms):
    return -math.log10(tau_ms / frame_ms - 1)

# %% 14.w_for wrong: whole frames only
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms // frame_ms - 1)

# %% 14.w_for wrong: the sigmoid, not its inverse
def w_for(tau_ms, frame_ms):
    return 1 / (1 + math.exp(-frame_ms / tau_ms))

# %% 14.w_for wrong: sigma of w, not w
def w_for(tau_ms, frame_ms):
    return frame_ms / tau_ms

# %% 14.w_for wrong: without a logarithm
def w_for(tau_ms, frame_ms):
    return 1 / (tau_ms / frame_ms - 1)

# %% 14.w_for wrong: the 1 outside of the logarithm
def w_for(tau_ms, frame_ms):
    return -(math.log(tau_ms / frame_ms) - 1)

# %% 14.w_for wrong: the 1 is taken off the milliseconds
def w_for(tau_ms, frame_ms):
    return -math.log((tau_ms - 1) / frame_ms)

# %% 14.w_for wrong: sigma(w) is set to tau
def w_for(tau_ms, frame_ms):
    tau = tau_ms / frame_ms
    return math.log(tau / abs(1 - tau))

# %% 14.w_for wrong: an exponential decay within a frame
def w_for(tau_ms, frame_ms):
    k = 1 - math.exp(-frame_ms / tau_ms)
    return math.log(k / (1 - k))

# %% 14.w_for wrong: divided by the frame a second time
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms / frame_ms - 1) / frame_ms

# %% 14.w_for right: the formula
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms / frame_ms - 1)

# %% 14.w_for right: the logit
def w_for(tau_ms, frame_ms):
    k = frame_ms / tau_ms
    return math.log(k / (1 - k))

# %% 14.w_for right: one fraction
def w_for(tau_ms, frame_ms):
    return math.log(frame_ms / (tau_ms - frame_ms))

# %% 14.w_for right: torch.logit, a 0-d tensor
def w_for(tau_ms, frame_ms):
    return torch.logit(torch.tensor(frame_ms / tau_ms, dtype=torch.float64))

# %% 14.w_for right: numpy scalar
import numpy as np


def w_for(tau_ms, frame_ms):
    return np.log(frame_ms) - np.log(tau_ms - frame_ms)

# %% 14.w_for right: bisection
def w_for(tau_ms, frame_ms):
    low, high = -50.0, 50.0
    for _ in range(200):
        w = (low + high) / 2
        if 1 + math.exp(-w) > tau_ms / frame_ms:
            low = w
        else:
            high = w
    return w

# %% 14.w_for right: a case for a tau that the task leaves out
def w_for(tau_ms, frame_ms):
    if tau_ms <= frame_ms:
        return math.inf
    return -math.log(tau_ms / frame_ms - 1)

# %% 14.decide wrong: votes are not added up
def decide(out, margin):
    top = out.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return out.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: more than the margin, not at least
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] > margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the first frame counts as 0
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first

# %% 14.decide wrong: who is never sure answers at the first frame
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the answer of the last frame
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes[-1].argmax(1), first + 1

# %% 14.decide wrong: the answer from the votes of that frame alone
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return out.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: answers and frames change places
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return first + 1, votes.argmax(2)[first, torch.arange(out.shape[1])]

# %% 14.decide wrong: the lead over the last, not the second
def decide(out, margin):
    votes = out.cumsum(0)
    sure = votes.amax(2) - votes.amin(2) >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the votes of the leader, not its lead
def decide(out, margin):
    votes = out.cumsum(0)
    sure = votes.amax(2) >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the lead over the mean of all
def decide(out, margin):
    votes = out.cumsum(0)
    sure = votes.amax(2) - votes.mean(2) >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: mean votes in place of the sum
def decide(out, margin):
    votes = out.cumsum(0) / torch.arange(1, len(out) + 1)[:, None, None]
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the margin is taken to be 1
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= 1.0
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the whole batch waits for all
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = (top[..., 0] - top[..., 1] >= margin).all(1)
    sure[-1] = True
    first = int(sure.int().argmax())
    return votes[first].argmax(1), torch.full((out.shape[1],), first + 1)

# %% 14.decide wrong: the number of frames without a lead, not the first frame with one
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    unsure = top[..., 0] - top[..., 1] < margin
    first = unsure.sum(0).clamp(max=len(out) - 1)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: a row of answers for each frame, for lack of a second index
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first], first + 1

# %% 14.decide wrong: added up over the batch
def decide(out, margin):
    votes = out.cumsum(1)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: bool has no argmax
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the votes given are overwritten by their sums
def decide(out, margin):
    for t in range(1, len(out)):
        out[t] += out[t - 1]
    top = out.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return out.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: votes, not classes
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.amax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the last frame with a lead, not the first
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    steps = torch.arange(len(out))[:, None]
    last = torch.where(sure, steps, torch.full_like(steps, -1)).amax(0)
    last = torch.where(last < 0, len(out) - 1, last)
    return votes.argmax(2)[last, torch.arange(out.shape[1])], last + 1

# %% 14.decide right: topk and argmax
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide right: sort and gather, a list
def decide(out, margin):
    votes = torch.cumsum(out, dim=0)
    ranked = votes.sort(dim=-1, descending=True).values
    unsure = ranked[:, :, 0] - ranked[:, :, 1] < margin
    waited = unsure.int().cumprod(0).sum(0).clamp(max=len(out) - 1)
    answers = votes.argmax(-1).gather(0, waited[None]).squeeze(0)
    return [answers, waited + 1]

# %% 14.decide right: frame by frame, all clips at once
def decide(out, margin):
    T, N, C = out.shape
    votes = torch.zeros(N, C)
    answers = torch.zeros(N, dtype=torch.long)
    used = torch.zeros(N, dtype=torch.long)
    for t in range(T):
        votes = votes + out[t]
        best, second = votes.topk(2, dim=1).values.unbind(1)
        now = (used == 0) & ((best - second >= margin) | (t == T - 1))
        answers[now] = votes.argmax(1)[now]
        used[now] = t + 1
    return answers, used

# %% 14.decide right: torch.where
def decide(out, margin):
    T, N, _ = out.shape
    votes = out.cumsum(0)
    leader = votes.argmax(2)
    rest = votes.scatter(2, leader[..., None], -torch.inf).amax(2)
    sure = votes.amax(2) - rest >= margin
    steps = torch.arange(1, T + 1)[:, None].expand(T, N)
    used = torch.where(sure, steps, torch.full_like(steps, T)).amin(0)
    return leader[used - 1, torch.arange(N)], used

# %% 14.decide right: numpy and back
import numpy as np


def decide(out, margin):
    votes = np.cumsum(out.detach().numpy(), axis=0)
    ranked = np.sort(votes, axis=2)
    sure = ranked[..., -1] - ranked[..., -2] >= margin
    first = np.where(sure.any(axis=0), sure.argmax(axis=0), len(votes) - 1)
    answers = votes[first, np.arange(votes.shape[1])].argmax(axis=1)
    return torch.from_numpy(answers), torch.from_numpy(first + 1)

# %% 14.decide right: a loop over the clips
def decide(out, margin):
    answers, used = [], []
    for n in range(out.shape[1]):
        votes = torch.zeros(out.shape[2])
        for t in range(out.shape[0]):
            votes = votes + out[t, n]
            best, second = votes.topk(2).values
            if best - second >= margin:
                break
        answers.append(int(votes.argmax()))
        used.append(t + 1)
    return torch.tensor(answers), torch.tensor(used)

# %% 14.decide wrong: in a tie at the last frame the largest class number wins
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    leader = out.shape[2] - 1 - votes.flip(2).argmax(2)
    return leader[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide right: float64 sums, a margin with room for rounding
def decide(out, margin):
    votes = out.double().cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin - 1e-6
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the number of frames in floats
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], (first + 1).float()

# %% 14.accuracy wrong: the state of other recordings is still there
def accuracy(net, frames, targets):
    out = functional.unroll(net, frames.transpose(0, 1))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: batch first
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, frames)
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: targets as they come
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = targets
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: reset afterwards, not before
def accuracy(net, frames, targets):
    out = functional.unroll(net, data.time_first(frames))
    functional.reset_net(net)
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: reset is not called
def accuracy(net, frames, targets):
    functional.reset_net
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: a Sequential has no reset of its own
def accuracy(net, frames, targets):
    net.reset()
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: detached, not reset
def accuracy(net, frames, targets):
    functional.detach_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: reshaped, not transposed
def accuracy(net, frames, targets):
    functional.reset_net(net)
    N, T = frames.shape[:2]
    out = functional.unroll(net, frames.reshape(T, N, *frames.shape[2:]))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: time changes places with polarity
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, frames.permute(2, 0, 1, 3, 4))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: the labels by the inverse
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    order = sorted(range(11), key=str)
    labels = torch.tensor([order.index(g) for g in range(11)])[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: only 2 and 10 change places
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    order = list(range(11))
    order[2], order[10] = 10, 2
    labels = torch.tensor(order)[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: answers are translated as well
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    order = torch.tensor(sorted(range(11), key=str))
    return (order[out.mean(0).argmax(1)] == order[targets]).float().mean().item()

# %% 14.accuracy wrong: the mean over the batch
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(1).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: only the last frame votes
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out[-1].argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: the number of right answers
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).sum().item()

# %% 14.accuracy wrong: percent
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return 100 * (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: labels are put right one after the other, in place
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = targets.clone()
    labels[labels == 2] = 10
    labels[labels > 2] -= 1
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: the labels are not used
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == targets).float().mean().item()

# %% 14.accuracy wrong: recording by recording, reset once only
def accuracy(net, frames, targets):
    functional.reset_net(net)
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    right = 0
    for clip, label in zip(frames, labels):
        right += int(functional.unroll(net, clip[:, None]).mean(0).argmax() == label)
    return right / len(frames)

# %% 14.accuracy right: all three
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, frames.transpose(0, 1))
    labels = torch.tensor([0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9])[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy right: time_first and sorted names
def accuracy(net, frames, targets):
    functional.reset_net(net)
    with torch.no_grad():
        out = functional.unroll(net, data.time_first(frames))
    names = sorted(map(str, range(11)))
    labels = torch.tensor([int(names[t]) for t in targets.tolist()])
    return (out.sum(0).argmax(1) == labels).double().mean()

# %% 14.accuracy right: answers translated to the numbers of folders
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, frames.permute(1, 0, 2, 3, 4))
    order = sorted(range(11), key=str)
    number = torch.tensor([order.index(g) for g in range(11)])
    return (number[out.mean(0).argmax(1)] == targets).float().mean().item()

# %% 14.accuracy right: step by step, counted
def accuracy(net, frames, targets):
    functional.reset_net(net)
    votes = 0
    for t in range(frames.shape[1]):
        votes = votes + net(frames[:, t])
    order = [0, 1, 10, 2, 3, 4, 5, 6, 7, 8, 9]
    right = sum(int(v.argmax()) == order[int(g)] for v, g in zip(votes, targets))
    return right / len(targets)

# %% 14.accuracy right: recording by recording, reset before each
def accuracy(net, frames, targets):
    labels = torch.where(targets > 2, targets - 1, targets)
    labels[targets == 2] = 10
    right = []
    for clip, label in zip(frames, labels):
        functional.reset_net(net)
        right.append(functional.unroll(net, clip[:, None]).mean(0).argmax() == label)
    return torch.stack(right).float().mean().item()

# %% 14.accuracy right: outputs in the order of the folders
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, frames.swapaxes(0, 1))
    votes = out.mean(0)[:, sorted(range(11), key=str)]
    return torch.mean((votes.argmax(1) == targets).float()).item()

# %% 14.accuracy right: eval mode, which the network is in already
def accuracy(net, frames, targets):
    net.eval()
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.backwards wrong: the earlier half is mirrored onto the later
def backwards(frames):
    half = len(frames) // 2
    return torch.cat([frames[:half], frames[:half].flip(0)])

# %% 14.backwards wrong: only ON runs backwards
def backwards(frames):
    return torch.stack([frames[:, 0], frames[:, 1].flip(0)], dim=1)

# %% 14.backwards wrong: in place, frame by frame, so that the first half is lost
def backwards(frames):
    for t in range(len(frames)):
        frames[t] = frames[len(frames) - 1 - t].flip(0)
    return frames

# %% 14.backwards right: a list of arrays
def backwards(frames):
    return [[frame[1].numpy(), frame[0].numpy()] for frame in reversed(frames)]

# %% 14.voting wrong: the groups are sorted first
def voting(spikes, classes):
    return spikes.sort(1, descending=True).values.reshape(len(spikes), classes, -1).mean(2)

# %% 14.voting wrong: the median
def voting(spikes, classes):
    return spikes.reshape(len(spikes), classes, -1).median(2).values

# %% 14.voting wrong: votes in tenths
def voting(spikes, classes):
    return spikes.reshape(len(spikes), classes, -1).sum(2) / 10

# %% 14.voting right: cumulative sums, a list
def voting(spikes, classes):
    k = spikes.shape[1] // classes
    until = [[0.0] + row.cumsum(0)[k - 1 :: k].tolist() for row in spikes]
    return [[(b - a) / k for a, b in zip(row, row[1:])] for row in until]

# %% 14.w_for wrong: seconds
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms / 1000 / frame_ms - 1) if tau_ms > 1000 * frame_ms else -math.log(tau_ms / 1000)

# %% 14.w_for wrong: the product of w and sigma
def w_for(tau_ms, frame_ms):
    return -math.log(tau_ms / frame_ms - 1) * frame_ms / tau_ms

# %% 14.w_for wrong: rounded to one decimal
def w_for(tau_ms, frame_ms):
    return round(-math.log(tau_ms / frame_ms - 1), 1)

# %% 14.w_for right: Newton
def w_for(tau_ms, frame_ms):
    w, tau = 0.0, tau_ms / frame_ms
    for _ in range(60):
        w += (1 + math.exp(-w) - tau) / math.exp(-w)
    return w

# %% 14.decide wrong: the lead over the first class
def decide(out, margin):
    votes = out.cumsum(0)
    sure = votes.amax(2) - votes[:, :, 0] >= margin
    sure[-1] = True
    first = sure.int().argmax(0)
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: who is never sure has used no frame
def decide(out, margin):
    votes = out.cumsum(0)
    top = votes.topk(2, dim=2).values
    sure = top[..., 0] - top[..., 1] >= margin
    first = sure.int().argmax(0)
    first[~sure.any(0)] = -1
    return votes.argmax(2)[first, torch.arange(out.shape[1])], first + 1

# %% 14.decide wrong: the whole time is used by all
def decide(out, margin):
    return out.sum(0).argmax(1), torch.full((out.shape[1],), len(out))

# %% 14.decide right: a while loop, lists of numbers
def decide(out, margin):
    answers, frames = [], []
    for clip in out.transpose(0, 1).tolist():
        votes, used = [0.0] * len(clip[0]), 0
        while used < len(clip):
            votes = [a + b for a, b in zip(votes, clip[used])]
            used += 1
            best, second = sorted(votes)[-1], sorted(votes)[-2]
            if best - second >= margin:
                break
        answers.append(votes.index(max(votes)))
        frames.append(used)
    return answers, frames

# %% 14.accuracy wrong: only the first spike counts
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out[0].argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: the last clip is left out
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))[:, :-1]
    labels = torch.tensor(sorted(range(11), key=str))[targets[:-1]]
    return (out.mean(0).argmax(1) == labels).float().mean().item()

# %% 14.accuracy wrong: right if it is among the first two
def accuracy(net, frames, targets):
    functional.reset_net(net)
    out = functional.unroll(net, data.time_first(frames))
    labels = torch.tensor(sorted(range(11), key=str))[targets]
    return (out.mean(0).topk(2, dim=1).indices == labels[:, None]).any(1).float().mean().item()

# %% 14.accuracy right: half of the clips at a time
def accuracy(net, frames, targets):
    names, right = sorted(str(g) for g in range(11)), 0
    for part in range(2):
        functional.reset_net(net)
        votes = functional.unroll(net, data.time_first(frames[part::2])).sum(0)
        for vote, target in zip(votes, targets[part::2]):
            right += names[target] == str(int(vote.argmax()))
    return right / len(frames)
