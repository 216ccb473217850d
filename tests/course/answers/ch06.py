# %% 06.learn_row wrong: the given weights are changed in place
def learn_row(w, j, x, lr, x_target):
    w[j] = (w[j] + lr * (x - x_target)).clamp(0, 1)
    return w


# %% 06.learn_row wrong: a second name is no copy
def learn_row(w, j, x, lr, x_target):
    new = w
    new[j] += lr * (x - x_target)
    new[j] = new[j].clamp(0, 1)
    return new


# %% 06.learn_row wrong: detach shares the memory of the given weights
def learn_row(w, j, x, lr, x_target):
    new = w.detach()
    new[j] = torch.clamp(new[j] + lr * (x - x_target), 0, 1)
    return new


# %% 06.learn_row wrong: the weights are not clipped
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = new[j] + lr * (x - x_target)
    return new


# %% 06.learn_row wrong: clipped from below only
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = (new[j] + lr * (x - x_target)).clamp(min=0)
    return new


# %% 06.learn_row wrong: clipped from above only
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = (new[j] + lr * (x - x_target)).clamp(max=1)
    return new


# %% 06.learn_row wrong: the change is clipped and not the weight
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] += (lr * (x - x_target)).clamp(0, 1)
    return new


# %% 06.learn_row wrong: the clipped row is computed and thrown away
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] += lr * (x - x_target)
    new[j].clamp(0, 1)
    return new


# %% 06.learn_row wrong: every neuron learns
def learn_row(w, j, x, lr, x_target):
    return (w + lr * (x - x_target)).clamp(0, 1)


# %% 06.learn_row wrong: a column learns in place of a row
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[:, j] = (new[:, j] + lr * (x[j] - x_target)).clamp(0, 1)
    return new


# %% 06.learn_row wrong: the sign is turned round
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = (new[j] - lr * (x - x_target)).clamp(0, 1)
    return new


# %% 06.learn_row wrong: x_target is left out
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = (new[j] + lr * x).clamp(0, 1)
    return new


# %% 06.learn_row wrong: x_target is always 0.3
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = (new[j] + lr * (x - 0.3)).clamp(0, 1)
    return new


# %% 06.learn_row wrong: the learning rate stands at the trace only
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = (new[j] + lr * x - x_target).clamp(0, 1)
    return new


# %% 06.learn_row wrong: only the row comes back
def learn_row(w, j, x, lr, x_target):
    return (w[j] + lr * (x - x_target)).clamp(0, 1)


# %% 06.learn_row wrong: the trace is only compared with its target
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = torch.where(x > x_target, new[j] + lr, new[j] - lr).clamp(0, 1)
    return new


# %% 06.learn_row wrong: silent inputs do not get weaker
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = (new[j] + lr * (x - x_target).clamp(min=0)).clamp(0, 1)
    return new


# %% 06.learn_row wrong: neuron 0 is taken for no winner
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    if not j:
        return new
    new[j] = (new[j] + lr * (x - x_target)).clamp(0, 1)
    return new


# %% 06.learn_row wrong: the row is counted from one
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j - 1] = (new[j - 1] + lr * (x - x_target)).clamp(0, 1)
    return new


# %% 06.learn_row wrong: the row is brought back to its old sum at once
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = (new[j] + lr * (x - x_target)).clamp(0, 1)
    new[j] *= w[j].sum() / new[j].sum()
    return new


# %% 06.learn_row wrong: a soft bound in place of clipping
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = new[j] + lr * (x - x_target) * new[j] * (1 - new[j])
    return new


# %% 06.learn_row right: every row is clipped, which changes nothing where weights lie between 0 and 1
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = new[j] + lr * (x - x_target)
    return new.clamp(0, 1)


# %% 06.learn_row right: clone, then the row
def learn_row(w, j, x, lr, x_target):
    w = w.clone()
    w[j] = (w[j] + lr * (x - x_target)).clamp(0, 1)
    return w


# %% 06.learn_row right: one-hot factor for the row
def learn_row(w, j, x, lr, x_target):
    is_winner = F.one_hot(torch.as_tensor(j), len(w)).to(w.dtype)
    learnt = (w + lr * (x - x_target)).clamp(0, 1)
    return torch.where(is_winner[:, None] > 0, learnt, w)


# %% 06.learn_row right: numpy on a copy
import numpy as np


def learn_row(w, j, x, lr, x_target):
    new = w.numpy().copy()
    new[j] = np.clip(new[j] + lr * (x.numpy() - x_target), 0, 1)
    return torch.from_numpy(new)


# %% 06.learn_row right: a loop over the inputs
def learn_row(w, j, x, lr, x_target):
    new = torch.empty_like(w)
    new.copy_(w)
    for i in range(w.shape[1]):
        new[j, i] = min(max(float(w[j, i]) + lr * (float(x[i]) - x_target), 0.0), 1.0)
    return new


# %% 06.learn_row right: rows are stacked again
def learn_row(w, j, x, lr, x_target):
    rows = [torch.clip(row + lr * (x - x_target), 0, 1) if k == j else row for k, row in enumerate(w)]
    return torch.stack(rows)


# %% 06.compete wrong: the threshold must be exceeded
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = (v - theta).argmax()
    if v[j] - theta[j] > v_threshold:
        spikes[j] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: the winner is chosen without its adaptive threshold
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = v.argmax()
    if v[j] - theta[j] >= v_threshold:
        spikes[j] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: the adaptive threshold is left out where the threshold is tested
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = (v - theta).argmax()
    if v[j] >= v_threshold:
        spikes[j] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: only the winner goes back to zero
def compete(v, theta, v_threshold):
    spikes, v = torch.zeros_like(v), v.clone()
    j = (v - theta).argmax()
    if v[j] - theta[j] >= v_threshold:
        spikes[j] = 1.0
        v[j] = 0.0
    return spikes, v


# %% 06.compete wrong: only the losers go back to zero
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = (v - theta).argmax()
    if v[j] - theta[j] >= v_threshold:
        spikes[j] = 1.0
        v = v * spikes
    return spikes, v


# %% 06.compete wrong: nobody goes back to zero
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    above = v - theta
    j = above.argmax()
    if above[j] >= v_threshold:
        spikes[j] = 1.0
    return spikes, v


# %% 06.compete wrong: everybody above the threshold fires
def compete(v, theta, v_threshold):
    spikes = (v - theta >= v_threshold).to(v.dtype)
    if spikes.any():
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: the winner fires even below the threshold
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    spikes[(v - theta).argmax()] = 1.0
    return spikes, torch.zeros_like(v)


# %% 06.compete wrong: the potentials are cleared even if nobody fires
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = (v - theta).argmax()
    if v[j] - theta[j] >= v_threshold:
        spikes[j] = 1.0
    return spikes, torch.zeros_like(v)


# %% 06.compete wrong: the potentials stand before the spikes
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = (v - theta).argmax()
    if v[j] - theta[j] >= v_threshold:
        spikes[j] = 1.0
        v = torch.zeros_like(v)
    return v, spikes


# %% 06.compete wrong: the number of the winner in place of the spikes
def compete(v, theta, v_threshold):
    j = (v - theta).argmax()
    if v[j] - theta[j] >= v_threshold:
        return j, torch.zeros_like(v)
    return torch.zeros_like(v), v


# %% 06.compete wrong: the threshold is subtracted in place of a reset to zero
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = (v - theta).argmax()
    if v[j] - theta[j] >= v_threshold:
        spikes[j] = 1.0
        v = v - v_threshold
    return spikes, v


# %% 06.compete wrong: the adaptive threshold is added
def compete(v, theta, v_threshold):
    above = v + theta
    spikes = torch.zeros_like(v)
    j = above.argmax()
    if above[j] >= v_threshold:
        spikes[j] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: nothing comes back if nobody fires
def compete(v, theta, v_threshold):
    j = (v - theta).argmax()
    if v[j] - theta[j] >= v_threshold:
        spikes = torch.zeros_like(v)
        spikes[j] = 1.0
        return spikes, torch.zeros_like(v)


# %% 06.compete wrong: neuron 0 is taken for no winner
def compete(v, theta, v_threshold):
    above = v - theta
    winner = int(above.argmax()) if above.max() >= v_threshold else None
    spikes = torch.zeros_like(v)
    if winner:
        spikes[winner] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: potentials go back to minus theta
def compete(v, theta, v_threshold):
    above = v - theta
    spikes = torch.zeros_like(v)
    if above.max() >= v_threshold:
        spikes[above.argmax()] = 1.0
        above = torch.zeros_like(v)
    return spikes, above


# %% 06.compete wrong: the threshold is always 1
def compete(v, theta, v_threshold=1.0):
    spikes = torch.zeros_like(v)
    j = (v - theta).argmax()
    if v[j] - theta[j] >= 1.0:
        spikes[j] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: the last one wins a tie
def compete(v, theta, v_threshold):
    above = v - theta
    spikes = torch.zeros_like(v)
    j = len(v) - 1 - int(above.flip(0).argmax())
    if above[j] >= v_threshold:
        spikes[j] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: all that are level fire together
def compete(v, theta, v_threshold):
    above = v - theta
    spikes = ((above == above.max()) & (above >= v_threshold)).to(v.dtype)
    return spikes, torch.zeros_like(v) if spikes.any() else v


# %% 06.compete right: True and False for 1.0 and 0.0
def compete(v, theta, v_threshold):
    above = v - theta
    spikes = torch.zeros(len(v), dtype=torch.bool)
    if above.max() >= v_threshold:
        spikes[above.argmax()] = True
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete right: whole numbers for 1.0 and 0.0
def compete(v, theta, v_threshold):
    above = v - theta
    j = above.argmax()
    if above[j] >= v_threshold:
        return F.one_hot(j, len(v)), torch.zeros_like(v)
    return torch.zeros(len(v), dtype=torch.int64), v


# %% 06.compete wrong: the v that was given is cleared in place
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = (v - theta).argmax()
    if v[j] - theta[j] >= v_threshold:
        spikes[j] = 1.0
        v.zero_()
    return spikes, v


# %% 06.compete right: argmax, then the test
def compete(v, theta, v_threshold):
    above = v - theta
    j = above.argmax()
    spikes = torch.zeros_like(v)
    if above[j] >= v_threshold:
        spikes[j] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete right: early return, one-hot
def compete(v, theta, v_threshold):
    best, j = (v - theta).max(0)
    if best < v_threshold:
        return torch.zeros_like(v), v
    return F.one_hot(j, len(v)).float(), 0.0 * v


# %% 06.compete right: without an if
def compete(v, theta, v_threshold):
    above = v - theta
    fires = (above.max() >= v_threshold).to(v.dtype)
    spikes = fires * (torch.arange(len(v)) == above.argmax()).to(v.dtype)
    return [spikes, v * (1 - fires)]


# %% 06.compete right: a loop over the neurons
def compete(v, theta, v_threshold):
    winner, best = None, float("-inf")
    for k in range(len(v)):
        lead = float(v[k] - theta[k])
        if lead > best:
            winner, best = k, lead
    spikes = torch.zeros(len(v))
    if best >= v_threshold:
        spikes[winner] = 1.0
        return spikes, torch.zeros(len(v))
    return spikes, v


# %% 06.compete right: numpy, and tensors come back
import numpy as np


def compete(v, theta, v_threshold):
    above = (v - theta).numpy()
    spikes = np.zeros(len(above), dtype=np.float32)
    after = v.numpy().copy()
    if np.max(above) >= v_threshold:
        spikes[np.argmax(above)] = 1.0
        after[:] = 0.0
    return torch.from_numpy(spikes), torch.from_numpy(after)


# %% 06.after_sample wrong: decays first and adds then
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta - theta / tau_theta
    return theta + counts * theta_plus


# %% 06.after_sample wrong: the decay is forgotten
def after_sample(theta, counts, theta_plus, tau_theta):
    return theta + counts * theta_plus


# %% 06.after_sample wrong: the spikes are forgotten
def after_sample(theta, counts, theta_plus, tau_theta):
    return theta - theta / tau_theta


# %% 06.after_sample wrong: decays once for every spike
def after_sample(theta, counts, theta_plus, tau_theta):
    new = theta.clone()
    for j in range(len(new)):
        for _ in range(int(counts[j])):
            new[j] = new[j] + theta_plus
            new[j] = new[j] - new[j] / tau_theta
    return new


# %% 06.after_sample wrong: many spikes of a neuron count as one
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + (counts > 0) * theta_plus
    return theta - theta / tau_theta


# %% 06.after_sample wrong: all thresholds rise by the spikes of all neurons
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + counts.sum() * theta_plus
    return theta - theta / tau_theta


# %% 06.after_sample wrong: silent neurons do not decay
def after_sample(theta, counts, theta_plus, tau_theta):
    risen = theta + counts * theta_plus
    return torch.where(counts > 0, risen - risen / tau_theta, theta)


# %% 06.after_sample wrong: only silent neurons decay
def after_sample(theta, counts, theta_plus, tau_theta):
    return torch.where(counts > 0, theta + counts * theta_plus, theta - theta / tau_theta)


# %% 06.after_sample wrong: spikes lower the threshold
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta - counts * theta_plus
    return theta - theta / tau_theta


# %% 06.after_sample wrong: the decay has the wrong sign
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + counts * theta_plus
    return theta + theta / tau_theta


# %% 06.after_sample wrong: only the share 1/tau is left
def after_sample(theta, counts, theta_plus, tau_theta):
    return (theta + counts * theta_plus) / tau_theta


# %% 06.after_sample wrong: the exact exponential in place of the step
def after_sample(theta, counts, theta_plus, tau_theta):
    import math

    return (theta + counts * theta_plus) * math.exp(-1 / tau_theta)


# %% 06.after_sample wrong: the time constant is always 1e5
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + counts * theta_plus
    return theta - theta / 1e5


# %% 06.after_sample wrong: theta_plus is always 0.2
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + 0.2 * counts
    return theta - theta / tau_theta


# %% 06.after_sample wrong: the decay is taken from the old thresholds
def after_sample(theta, counts, theta_plus, tau_theta):
    return theta + counts * theta_plus - theta / tau_theta


# %% 06.after_sample wrong: the rise is divided by tau_theta as well
def after_sample(theta, counts, theta_plus, tau_theta):
    return theta + (counts * theta_plus - theta) / tau_theta


# %% 06.after_sample wrong: thresholds are multiplied in place of added to
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta * (1 + counts * theta_plus)
    return theta - theta / tau_theta


# %% 06.after_sample wrong: computed but not returned
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + counts * theta_plus
    theta = theta - theta / tau_theta


# %% 06.after_sample wrong: the counts are added as an index
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta.clone()
    theta[counts.long().clamp(max=len(theta) - 1)] += theta_plus
    return theta - theta / tau_theta


# %% 06.after_sample wrong: the theta that was given is changed in place
def after_sample(theta, counts, theta_plus, tau_theta):
    theta += counts * theta_plus
    theta -= theta / tau_theta
    return theta


# %% 06.after_sample right: addcmul and the factor that survives
def after_sample(theta, counts, theta_plus, tau_theta):
    return torch.addcmul(theta, counts.to(theta), torch.full_like(theta, theta_plus)) * (1 - 1 / tau_theta)


# %% 06.after_sample right: in two lines
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + counts * theta_plus
    return theta - theta / tau_theta


# %% 06.after_sample right: with the factor that survives
def after_sample(theta, counts, theta_plus, tau_theta):
    return (1 - 1 / tau_theta) * (theta + theta_plus * counts)


# %% 06.after_sample right: a loop over neurons and their spikes
def after_sample(theta, counts, theta_plus, tau_theta):
    new = []
    for value, count in zip(theta.tolist(), counts.tolist()):
        for _ in range(int(count)):
            value += theta_plus
        new.append(value - value / tau_theta)
    return torch.tensor(new)


# %% 06.after_sample right: numpy in double precision
import numpy as np


def after_sample(theta, counts, theta_plus, tau_theta):
    new = np.asarray(theta, dtype=np.float64) + np.asarray(counts) * theta_plus
    return torch.tensor(new * (1 - 1 / tau_theta))


# %% 06.after_sample right: torch.add with alpha
def after_sample(theta, counts, theta_plus, tau_theta):
    risen = torch.add(theta, counts, alpha=theta_plus)
    decay = risen / tau_theta
    return torch.sub(risen, decay)


# %% 06.label_neurons wrong: sums in place of means
def label_neurons(counts, labels):
    total = torch.stack([counts[labels == c].sum(0) for c in range(10)])
    return total.argmax(0)


# %% 06.label_neurons wrong: the mean of a class without samples is nan and wins
def label_neurons(counts, labels):
    mean = torch.stack([counts[labels == c].mean(0) for c in range(10)])
    return mean.argmax(0)


# %% 06.label_neurons wrong: argmax runs over the neurons
def label_neurons(counts, labels):
    mean = torch.stack([counts[labels == c].sum(0) / max(int((labels == c).sum()), 1) for c in range(10)])
    return mean.argmax(1)


# %% 06.label_neurons wrong: counts among the classes that occur
def label_neurons(counts, labels):
    mean = torch.stack([counts[labels == c].mean(0) for c in labels.unique()])
    return mean.argmax(0)


# %% 06.label_neurons wrong: the last class is left out
def label_neurons(counts, labels):
    mean = torch.zeros(10, counts.shape[1])
    for c in range(9):
        if (labels == c).any():
            mean[c] = counts[labels == c].mean(0)
    return mean.argmax(0)


# %% 06.label_neurons wrong: classes are counted from 1
def label_neurons(counts, labels):
    mean = torch.zeros(10, counts.shape[1])
    for c in range(1, 10):
        if (labels == c).any():
            mean[c] = counts[labels == c].mean(0)
    return mean.argmax(0)


# %% 06.label_neurons wrong: divided by all samples and not by those of the class
def label_neurons(counts, labels):
    mean = torch.stack([counts[labels == c].sum(0) / len(labels) for c in range(10)])
    return mean.argmax(0)


# %% 06.label_neurons wrong: the label of the one sample that excites most
def label_neurons(counts, labels):
    return labels[counts.argmax(0)]


# %% 06.label_neurons wrong: the most frequent label among the samples with a response
def label_neurons(counts, labels):
    names = []
    for j in range(counts.shape[1]):
        seen = labels[counts[:, j] > 0]
        names.append(int(torch.bincount(seen, minlength=10).argmax()))
    return torch.tensor(names)


# %% 06.label_neurons wrong: the mean over samples with a response only
def label_neurons(counts, labels):
    mean = torch.zeros(10, counts.shape[1])
    for c in range(10):
        chosen = counts[labels == c]
        mean[c] = chosen.sum(0) / (chosen > 0).sum(0).clamp(min=1)
    return mean.argmax(0)


# %% 06.label_neurons wrong: the largest response in place of the mean
def label_neurons(counts, labels):
    most = torch.zeros(10, counts.shape[1])
    for c in range(10):
        if (labels == c).any():
            most[c] = counts[labels == c].amax(0)
    return most.argmax(0)


# %% 06.label_neurons wrong: the median in place of the mean
def label_neurons(counts, labels):
    middle = torch.zeros(10, counts.shape[1])
    for c in range(10):
        if (labels == c).any():
            middle[c] = counts[labels == c].median(0).values
    return middle.argmax(0)


# %% 06.label_neurons wrong: the means and not the names
def label_neurons(counts, labels):
    mean = torch.zeros(10, counts.shape[1])
    for c in range(10):
        if (labels == c).any():
            mean[c] = counts[labels == c].mean(0)
    return mean.max(0).values


# %% 06.label_neurons wrong: one-hot rows in place of class numbers
def label_neurons(counts, labels):
    mean = torch.zeros(10, counts.shape[1])
    for c in range(10):
        if (labels == c).any():
            mean[c] = counts[labels == c].mean(0)
    return F.one_hot(mean.argmax(0), 10)


# %% 06.label_neurons wrong: the weakest class
def label_neurons(counts, labels):
    mean = torch.zeros(10, counts.shape[1])
    for c in range(10):
        if (labels == c).any():
            mean[c] = counts[labels == c].mean(0)
    return mean.argmin(0)


# %% 06.label_neurons wrong: the means are rounded to whole numbers
def label_neurons(counts, labels):
    mean = torch.zeros(10, counts.shape[1])
    for c in range(10):
        n = int((labels == c).sum())
        if n:
            mean[c] = counts[labels == c].sum(0) // n
    return mean.argmax(0)


# %% 06.label_neurons wrong: one name for all neurons
def label_neurons(counts, labels):
    mean = torch.zeros(10)
    for c in range(10):
        if (labels == c).any():
            mean[c] = counts[labels == c].mean()
    return mean.argmax().repeat(counts.shape[1])


# %% 06.label_neurons wrong: a neuron that never responds is called -1
def label_neurons(counts, labels):
    hot = F.one_hot(labels, 10).to(counts)
    mean = hot.T @ counts / hot.sum(0).clamp(min=1)[:, None]
    names = mean.argmax(0)
    names[counts.sum(0) == 0] = -1
    return names


# %% 06.label_neurons wrong: the larger number wins a tie
def label_neurons(counts, labels):
    hot = F.one_hot(labels, 10).to(counts)
    mean = hot.T @ counts / hot.sum(0).clamp(min=1)[:, None]
    return 9 - mean.flip(0).argmax(0)


# %% 06.label_neurons right: class numbers as floats
def label_neurons(counts, labels):
    hot = F.one_hot(labels, 10).to(counts)
    mean = hot.T @ counts / hot.sum(0).clamp(min=1)[:, None]
    return mean.argmax(0).float()


# %% 06.label_neurons right: a list of whole numbers
def label_neurons(counts, labels):
    hot = F.one_hot(labels, 10).to(counts)
    mean = hot.T @ counts / hot.sum(0).clamp(min=1)[:, None]
    return mean.argmax(0).tolist()


# %% 06.label_neurons right: a loop over the classes
def label_neurons(counts, labels):
    mean = torch.zeros(10, counts.shape[1])
    for c in range(10):
        members = counts[labels == c]
        if len(members) > 0:
            mean[c] = members.mean(dim=0)
    return mean.argmax(dim=0)


# %% 06.label_neurons right: one-hot and a matrix product
def label_neurons(counts, labels):
    hot = F.one_hot(labels, 10).to(counts.dtype)
    mean = (hot.T @ counts) / hot.sum(0).clamp(min=1).unsqueeze(1)
    return mean.argmax(0)


# %% 06.label_neurons right: nan becomes 0
def label_neurons(counts, labels):
    mean = torch.stack([counts[labels == c].mean(0) for c in range(10)]).nan_to_num(0.0)
    return mean.max(0).indices


# %% 06.label_neurons right: index_add and bincount
def label_neurons(counts, labels):
    total = torch.zeros(10, counts.shape[1]).index_add_(0, labels, counts)
    n = torch.bincount(labels, minlength=10).clamp(min=1)
    return torch.argmax(total / n[:, None], 0)


# %% 06.label_neurons right: plain loops
def label_neurons(counts, labels):
    names = torch.zeros(counts.shape[1], dtype=torch.int64)
    for j in range(counts.shape[1]):
        best = -1.0
        for c in range(10):
            values = [float(counts[n, j]) for n in range(len(labels)) if int(labels[n]) == c]
            mean = sum(values) / len(values) if values else 0.0
            if mean > best:
                best, names[j] = mean, c
    return names


# %% 06.label_neurons right: numpy in double precision
import numpy as np


def label_neurons(counts, labels):
    counts, labels = counts.numpy().astype(float), labels.numpy()
    mean = np.array([counts[labels == c].mean(0) if (labels == c).any() else counts[0] * 0 for c in range(10)])
    return torch.from_numpy(mean.argmax(0))


# %% 06.show_sample wrong: the leak is still missing
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: the winner is still chosen without theta
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = v.argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: still only the winner goes back to zero
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v[j] = 0.0
    return counts


# %% 06.show_sample wrong: the code as it was given
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v + w @ s
        j = v.argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v[j] = 0.0
    return counts


# %% 06.show_sample wrong: the input is divided by tau too
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v + (w @ s - v) / tau
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: the leak comes after the input
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v + w @ s
        v = v - v / tau
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: only the share 1/tau stays
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: the threshold must be exceeded
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] > v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: the potentials are cleared in every step
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
        v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: everybody above the threshold fires
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        fires = v - theta >= v_threshold
        counts += fires
        if fires.any():
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: many spikes count as one
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] = 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: the threshold of the winner goes on rising
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    theta = theta.clone()
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            theta[j] += 0.2
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: firing rates in place of counts
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts / len(spikes)


# %% 06.show_sample wrong: the potentials are kept between two calls
def show_sample(w, theta, spikes, tau, v_threshold, memory={}):
    counts = torch.zeros(len(w))
    v = memory.get("v", torch.zeros(len(w)))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    memory["v"] = v
    return counts


# %% 06.show_sample wrong: the winner is tested against the threshold without theta
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: returns in the first step
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
        return counts


# %% 06.show_sample wrong: the first time step is left out
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for t in range(1, len(spikes)):
        v = v - v / tau + w @ spikes[t]
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: the network goes on learning
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    x = torch.zeros(w.shape[1])
    for s in spikes:
        x = x - x / 10 + s
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            w[j] = (w[j] + 0.01 * (x - 0.3)).clamp(0, 1)
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample wrong: the last one wins a tie
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        above = v - theta
        j = int((above == above.max()).nonzero()[-1])
        if above[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample right: counts in whole numbers
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w), dtype=torch.int64)
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample right: three lines mended
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v[:] = 0.0
    return counts


# %% 06.show_sample right: with a name for the lead
def show_sample(w, theta, spikes, tau, v_threshold):
    v = torch.zeros_like(theta)
    counts = torch.zeros_like(theta)
    for s in spikes:
        v = (1 - 1 / tau) * v + (w * s).sum(1)
        lead, j = (v - theta).max(0)
        if lead >= v_threshold:
            counts[j] += 1.0
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample right: all currents first
def show_sample(w, theta, spikes, tau, v_threshold):
    currents = spikes.to(w.dtype) @ w.T
    v = torch.zeros(w.shape[0])
    winners = []
    for current in currents:
        v = v - v / tau + current
        above = v - theta
        if above.max() >= v_threshold:
            winners.append(int(above.argmax()))
            v = v * 0
    return torch.bincount(torch.tensor(winners, dtype=torch.int64), minlength=len(w)).float()


# %% 06.show_sample right: an inner function for one step
def show_sample(w, theta, spikes, tau, v_threshold):
    def step(v, s):
        v = v - v / tau + w @ s
        above = v - theta
        j = above.argmax()
        hot = torch.zeros(len(w))
        if above[j] < v_threshold:
            return v, hot
        hot[j] = 1.0
        return torch.zeros(len(w)), hot

    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v, hot = step(v, s)
        counts = counts + hot
    return counts


# %% 06.soft_vote wrong: a silent neuron divides by zero and makes every vote nan
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True)
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote wrong: shares within a class in place of shares of a neuron
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    total = mean.sum(0, keepdim=True)
    share = torch.where(total > 0, mean / total.clamp(min=1e-9), 0.0)
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote wrong: no shares, so busy neurons have more say
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    return (test_counts @ mean).argmax(1)


# %% 06.soft_vote wrong: sums in place of means
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    total = train_counts.T @ hot
    share = total / total.sum(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote wrong: each neuron gives its whole vote to one class
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = F.one_hot(mean.argmax(1), 10).to(mean) * (mean.sum(1, keepdim=True) > 0)
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote wrong: the votes and not the classes
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    return test_counts @ share


# %% 06.soft_vote wrong: argmax runs over the pictures
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share).argmax(0)


# %% 06.soft_vote wrong: the training pictures are classified
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    return (train_counts @ share).argmax(1)


# %% 06.soft_vote wrong: a softmax in place of shares
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    return (test_counts @ mean.softmax(1)).argmax(1)


# %% 06.soft_vote wrong: a class without samples is nan
def soft_vote(train_counts, train_labels, test_counts):
    mean = torch.stack([train_counts[train_labels == c].mean(0) for c in range(10)], 1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote wrong: one spike is one vote, however often a neuron fires
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    return ((test_counts > 0).float() @ share).argmax(1)


# %% 06.soft_vote wrong: one is added to every sum so that it is never zero
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / (mean.sum(1, keepdim=True) + 1)
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote wrong: divided by the largest mean of a row and not by its sum
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.amax(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote wrong: only as many classes as occur in the labels
def soft_vote(train_counts, train_labels, test_counts):
    classes = train_labels.unique()
    mean = torch.stack([train_counts[train_labels == c].mean(0) for c in classes], 1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote wrong: the last class is forgotten
def soft_vote(train_counts, train_labels, test_counts):
    mean = torch.zeros(train_counts.shape[1], 10)
    for c in range(9):
        if (train_labels == c).any():
            mean[:, c] = train_counts[train_labels == c].mean(0)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote wrong: one answer for all test pictures together
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share).sum(0).argmax()


# %% 06.soft_vote wrong: a zero is put into the counts for silent neurons, but nan is left in the shares
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True)
    silent = train_counts.sum(0) == 0
    votes = test_counts.clone()
    votes[:, silent] = 0
    return (votes @ share).argmax(1)


# %% 06.soft_vote wrong: a picture without any votes gets -1
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    votes = test_counts @ (mean / mean.sum(1, keepdim=True).clamp(min=1e-9))
    return torch.where(votes.sum(1) > 0, votes.argmax(1), -1)


# %% 06.soft_vote wrong: the larger number wins a tie
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    votes = test_counts @ (mean / mean.sum(1, keepdim=True).clamp(min=1e-9))
    return 9 - votes.flip(1).argmax(1)


# %% 06.soft_vote right: a list of whole numbers
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    votes = test_counts @ (mean / mean.sum(1, keepdim=True).clamp(min=1e-9))
    return [int(row.argmax()) for row in votes]


# %% 06.soft_vote right: a loop that needs floats
def soft_vote(train_counts, train_labels, test_counts):
    mean = torch.zeros(train_counts.shape[1], 10)
    for c in range(10):
        chosen = train_counts[train_labels == c]
        if len(chosen):
            mean[:, c] = chosen.mean(0)
    share = torch.nan_to_num(mean / mean.sum(1, keepdim=True))
    return (test_counts @ share).argmax(1)


# %% 06.soft_vote right: one-hot and matrix products
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).float()
    mean = train_counts.float().T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-12)
    return (test_counts.float() @ share).argmax(1)


# %% 06.soft_vote right: a loop over the classes, nan becomes 0
def soft_vote(train_counts, train_labels, test_counts):
    columns = []
    for c in range(10):
        members = train_counts[train_labels == c].float()
        columns.append(members.sum(0) / max(len(members), 1))
    mean = torch.stack(columns, dim=1)
    share = (mean / mean.sum(dim=1, keepdim=True)).nan_to_num()
    return torch.argmax(test_counts.float() @ share, dim=1)


# %% 06.soft_vote right: einsum in double precision
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).double()
    mean = torch.einsum("nj,nc->jc", train_counts.double(), hot) / hot.sum(0).clamp(min=1)
    total = mean.sum(1, keepdim=True)
    share = torch.where(total > 0, mean / torch.where(total > 0, total, 1.0), 0.0)
    return torch.einsum("nj,jc->nc", test_counts.double(), share).argmax(1)


# %% 06.soft_vote right: numpy
import numpy as np


def soft_vote(train_counts, train_labels, test_counts):
    train, labels, test = (np.asarray(a) for a in (train_counts, train_labels, test_counts))
    mean = np.zeros((train.shape[1], 10))
    for c in np.unique(labels):
        mean[:, c] = train[labels == c].mean(axis=0)
    total = mean.sum(axis=1, keepdims=True)
    share = np.divide(mean, total, out=np.zeros_like(mean), where=total > 0)
    return torch.from_numpy((test @ share).argmax(axis=1))


# %% 06.soft_vote right: silent neurons are left out of the vote
def soft_vote(train_counts, train_labels, test_counts):
    total = torch.zeros(10, train_counts.shape[1]).index_add_(0, train_labels, train_counts.float())
    mean = (total / torch.bincount(train_labels, minlength=10).clamp(min=1)[:, None]).T
    speaks = mean.sum(1) > 0
    share = mean[speaks] / mean[speaks].sum(1)[:, None]
    return (test_counts[:, speaks].float() @ share).max(1).indices


# %% 06.learn_row wrong: the learning rate shrinks the old weights, too
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = ((1 - lr) * new[j] + lr * (x - x_target)).clamp(0, 1)
    return new


# %% 06.learn_row wrong: all rows but the winner's learn
def learn_row(w, j, x, lr, x_target):
    new = (w + lr * (x - x_target)).clamp(0, 1)
    new[j] = w[j]
    return new


# %% 06.learn_row wrong: the trace is compared with the weight and not with its target
def learn_row(w, j, x, lr, x_target):
    new = w.clone()
    new[j] = (new[j] + lr * (x - new[j])).clamp(0, 1)
    return new


# %% 06.learn_row right: scatter of one row
def learn_row(w, j, x, lr, x_target):
    change = torch.zeros_like(w).index_add(0, torch.tensor([j]), (x - x_target)[None], alpha=lr)
    return torch.clamp(w + change, 0, 1).tolist()


# %% 06.compete wrong: the lead is taken relative to theta
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = (v / (theta + 1)).argmax()
    if v[j] >= v_threshold + theta[j]:
        spikes[j] = 1.0
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: the theta of the winner rises
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    j = (v - theta).argmax()
    if v[j] - theta[j] >= v_threshold:
        spikes[j] = 1.0
        theta[j] += 0.2
        v = torch.zeros_like(v)
    return spikes, v


# %% 06.compete wrong: only neurons above the threshold go back to zero
def compete(v, theta, v_threshold):
    spikes = torch.zeros_like(v)
    above = v - theta
    if above.max() >= v_threshold:
        spikes[above.argmax()] = 1.0
        v = torch.where(above >= v_threshold, 0.0, v)
    return spikes, v


# %% 06.compete right: sorting, and lists come back
def compete(v, theta, v_threshold):
    order = sorted(range(len(v)), key=lambda k: (-(v[k] - theta[k]).item(), k))
    wins = v[order[0]] - theta[order[0]] >= v_threshold
    spikes = [1.0 if wins and k == order[0] else 0.0 for k in range(len(v))]
    return spikes, [0.0 if wins else float(value) for value in v]


# %% 06.after_sample wrong: decays by a fixed step
def after_sample(theta, counts, theta_plus, tau_theta):
    return theta + counts * theta_plus - 1 / tau_theta


# %% 06.after_sample wrong: the mean of the counts for everybody
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + counts.mean() * theta_plus
    return theta - theta / tau_theta


# %% 06.after_sample wrong: decays twice
def after_sample(theta, counts, theta_plus, tau_theta):
    theta = theta + counts * theta_plus
    theta = theta - theta / tau_theta
    return theta - theta / tau_theta


# %% 06.after_sample right: lerp to zero
def after_sample(theta, counts, theta_plus, tau_theta):
    return torch.lerp(theta + theta_plus * counts, torch.zeros(len(theta)), 1 / tau_theta)


# %% 06.label_neurons wrong: the class of the largest share of the spikes of a class
def label_neurons(counts, labels):
    hot = F.one_hot(labels, 10).to(counts)
    total = hot.T @ counts
    return (total / total.sum(1, keepdim=True).clamp(min=1)).argmax(0)


# %% 06.label_neurons wrong: each class takes one neuron
def label_neurons(counts, labels):
    hot = F.one_hot(labels, 10).to(counts)
    mean = hot.T @ counts / hot.sum(0).clamp(min=1)[:, None]
    names = torch.zeros(counts.shape[1], dtype=torch.int64)
    for c in range(10):
        names[mean[c].argmax()] = c
    return names


# %% 06.label_neurons wrong: the classes 1 to 10
def label_neurons(counts, labels):
    hot = F.one_hot(labels, 10).to(counts)
    return (hot.T @ counts / hot.sum(0).clamp(min=1)[:, None]).argmax(0) + 1


# %% 06.label_neurons right: a dictionary of means
import numpy as np


def label_neurons(counts, labels):
    mean = {int(c): counts[labels == c].double().mean(0) for c in labels.unique()}
    zero = torch.zeros(counts.shape[1], dtype=torch.float64)
    return np.array([max(range(10), key=lambda c: mean.get(c, zero)[j].item()) for j in range(counts.shape[1])])


# %% 06.show_sample wrong: a rest of one step after each spike
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts, rest = torch.zeros(len(w)), torch.zeros(len(w)), False
    for s in spikes:
        if rest:
            rest = False
            continue
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
            rest = True
    return counts


# %% 06.show_sample wrong: the threshold is subtracted from all
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = v - v / tau + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = v - v_threshold
    return counts


# %% 06.show_sample wrong: potentials do not fall below zero and leak by a fixed step
def show_sample(w, theta, spikes, tau, v_threshold):
    v, counts = torch.zeros(len(w)), torch.zeros(len(w))
    for s in spikes:
        v = (v - 1 / tau).clamp(min=0) + w @ s
        j = (v - theta).argmax()
        if v[j] - theta[j] >= v_threshold:
            counts[j] += 1
            v = torch.zeros_like(v)
    return counts


# %% 06.show_sample right: compete does the race
def show_sample(w, theta, spikes, tau, v_threshold):
    v, total = torch.zeros(len(w)), 0
    for s in spikes:
        fired, v = compete(v * (1 - 1 / tau) + w @ s, theta, v_threshold)
        total = total + fired
    return list(total)


# %% 06.soft_vote wrong: the shares are squared
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    return (test_counts @ share**2).argmax(1)


# %% 06.soft_vote wrong: the loudest neuron alone decides
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    return mean[test_counts.argmax(1)].argmax(1)


# %% 06.soft_vote wrong: the votes are divided by the number of neurons of a class
def soft_vote(train_counts, train_labels, test_counts):
    hot = F.one_hot(train_labels, 10).to(train_counts)
    mean = train_counts.T @ hot / hot.sum(0).clamp(min=1)
    share = mean / mean.sum(1, keepdim=True).clamp(min=1e-9)
    members = F.one_hot(mean.argmax(1), 10).sum(0).clamp(min=1)
    return (test_counts @ share / members).argmax(1)


# %% 06.soft_vote right: F.normalize and a loop over the pictures
def soft_vote(train_counts, train_labels, test_counts):
    mean = torch.zeros(train_counts.shape[1], 10)
    for c in range(10):
        chosen = train_counts[train_labels == c]
        mean[:, c] = chosen.sum(0) / max(len(chosen), 1)
    share = F.normalize(mean, p=1, dim=1)
    return torch.tensor([int((row @ share).argmax()) for row in test_counts])
