# %% 05.stdp_window wrong: the left half has no minus sign
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * math.exp(-shift / tau_plus)
    if shift < 0:
        return a_minus * math.exp(shift / tau_minus)
    return 0


# %% 05.stdp_window wrong: the left half grows with the distance
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * math.exp(-shift / tau_plus)
    elif shift < 0:
        return -a_minus * math.exp(-shift / tau_minus)
    else:
        return 0.0


# %% 05.stdp_window wrong: the right half grows with the distance
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift == 0:
        return 0.0
    if shift > 0:
        return a_plus * math.exp(shift / tau_plus)
    return -a_minus * math.exp(shift / tau_minus)


# %% 05.stdp_window wrong: shift is taken for t_pre - t_post
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    shift = -shift
    if shift > 0:
        return a_plus * math.exp(-shift / tau_plus)
    if shift < 0:
        return -a_minus * math.exp(shift / tau_minus)
    return 0.0


# %% 05.stdp_window wrong: the two time constants are exchanged
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * math.exp(-shift / tau_minus)
    if shift < 0:
        return -a_minus * math.exp(shift / tau_plus)
    return 0.0


# %% 05.stdp_window wrong: the two amplitudes are exchanged
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_minus * math.exp(-shift / tau_plus)
    if shift < 0:
        return -a_plus * math.exp(shift / tau_minus)
    return 0.0


# %% 05.stdp_window wrong: a shift of zero counts as pre first
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift >= 0:
        return a_plus * math.exp(-shift / tau_plus)
    return -a_minus * math.exp(shift / tau_minus)


# %% 05.stdp_window wrong: a shift of zero counts as post first
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    return a_plus * math.exp(-shift / tau_plus) if shift > 0 else -a_minus * math.exp(shift / tau_minus)


# %% 05.stdp_window wrong: a shift of zero returns nothing
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * math.exp(-shift / tau_plus)
    elif shift < 0:
        return -a_minus * math.exp(shift / tau_minus)


# %% 05.stdp_window wrong: a shift of zero gives the difference of the amplitudes
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    result = 0.0
    if shift >= 0:
        result += a_plus * math.exp(-shift / tau_plus)
    if shift <= 0:
        result -= a_minus * math.exp(shift / tau_minus)
    return result


# %% 05.stdp_window wrong: both halves use tau_plus
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    decay = math.exp(-abs(shift) / tau_plus)
    if shift > 0:
        return a_plus * decay
    if shift < 0:
        return -a_minus * decay
    return 0.0


# %% 05.stdp_window wrong: both halves use a_plus
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * math.exp(-shift / tau_plus)
    if shift < 0:
        return -a_plus * math.exp(shift / tau_minus)
    return 0.0


# %% 05.stdp_window wrong: the values of the figure stand in place of the parameters
def stdp_window(shift, a_plus=1.0, a_minus=0.5, tau_plus=17.0, tau_minus=34.0):
    if shift > 0:
        return 1.0 * math.exp(-shift / 17)
    if shift < 0:
        return -0.5 * math.exp(shift / 34)
    return 0.0


# %% 05.stdp_window wrong: the discrete decay of a trace instead of the exponential
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * (1 - 1 / tau_plus) ** shift
    if shift < 0:
        return -a_minus * (1 - 1 / tau_minus) ** (-shift)
    return 0.0


# %% 05.stdp_window wrong: the exponent is divided in whole numbers
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * math.exp(-(shift // tau_plus))
    if shift < 0:
        return -a_minus * math.exp(shift // tau_minus)
    return 0.0


# %% 05.stdp_window wrong: the time constant is taken for a half-life
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * 2 ** (-shift / tau_plus)
    if shift < 0:
        return -a_minus * 2 ** (shift / tau_minus)
    return 0.0


# %% 05.stdp_window wrong: the result is printed and not returned
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        dw = a_plus * math.exp(-shift / tau_plus)
    elif shift < 0:
        dw = -a_minus * math.exp(shift / tau_minus)
    else:
        dw = 0.0
    print(dw)


# %% 05.stdp_window wrong: a straight line instead of an exponential
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * max(0.0, 1 - shift / tau_plus)
    if shift < 0:
        return -a_minus * max(0.0, 1 + shift / tau_minus)
    return 0.0


# %% 05.stdp_window wrong: nothing beyond one step is told apart, since shift is made whole
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    shift = int(shift)
    if shift > 0:
        return a_plus * math.exp(-shift / tau_plus)
    if shift < 0:
        return -a_minus * math.exp(shift / tau_minus)
    return 0.0


# %% 05.stdp_window wrong: takes tensors only where shift is a number
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    up = a_plus * torch.exp(-shift / tau_plus)
    down = -a_minus * torch.exp(shift / tau_minus)
    return torch.where(shift > 0, up, torch.where(shift < 0, down, torch.zeros_like(up)))


# %% 05.stdp_window right: both branches are computed, one is used
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    up = a_plus * math.exp(-shift / tau_plus)
    down = -a_minus * math.exp(shift / tau_minus)
    return up if shift > 0 else down if shift < 0 else 0.0


# %% 05.stdp_window right: if, elif, else with math
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift > 0:
        return a_plus * math.exp(-shift / tau_plus)
    elif shift < 0:
        return -a_minus * math.exp(shift / tau_minus)
    else:
        return 0


# %% 05.stdp_window right: numpy scalars
import numpy as np


def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift == 0:
        return np.float64(0.0)
    return a_plus * np.exp(-shift / tau_plus) if shift > 0 else -a_minus * np.exp(shift / tau_minus)


# %% 05.stdp_window right: 0-d tensors in double precision
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    shift = torch.as_tensor(shift, dtype=torch.float64)
    up = a_plus * torch.exp(-shift.abs() / tau_plus)
    down = -a_minus * torch.exp(-shift.abs() / tau_minus)
    return torch.where(shift > 0, up, torch.where(shift < 0, down, torch.zeros_like(up)))


# %% 05.stdp_window right: pick amplitude and time constant first
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if not shift:
        return 0.0
    a, tau = (a_plus, tau_plus) if shift > 0 else (-a_minus, tau_minus)
    return a * math.exp(-abs(shift) / tau)


# %% 05.stdp_window right: comparisons as factors
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    d = abs(shift)
    return (shift > 0) * a_plus * math.exp(-d / tau_plus) - (shift < 0) * a_minus * math.exp(-d / tau_minus)


# %% 05.trace_step wrong: the spike is divided by tau like the input of a LIF neuron
def trace_step(x, s, tau):
    return x + (s - x) / tau


# %% 05.trace_step wrong: the spike is forgotten
def trace_step(x, s, tau):
    return x - x / tau


# %% 05.trace_step wrong: the leak is forgotten
def trace_step(x, s, tau):
    return x + s


# %% 05.trace_step wrong: the leak has the wrong sign
def trace_step(x, s, tau):
    return x + x / tau + s


# %% 05.trace_step wrong: a spike sets the trace back to one instead of adding one
def trace_step(x, s, tau):
    if s:
        return 1.0
    return x - x / tau


# %% 05.trace_step wrong: the new spike decays in its own step
def trace_step(x, s, tau):
    x = x + s
    return x - x / tau


# %% 05.trace_step wrong: only the share 1/tau survives
def trace_step(x, s, tau):
    return x / tau + s


# %% 05.trace_step wrong: the exact exponential in place of the Euler step
def trace_step(x, s, tau):
    return x * math.exp(-1 / tau) + s


# %% 05.trace_step wrong: tau is always 20
def trace_step(x, s, tau):
    tau = 20
    return x - x / tau + s


# %% 05.trace_step wrong: the leak is divided in whole numbers
def trace_step(x, s, tau):
    return x - x // tau + s


# %% 05.trace_step wrong: the trace is cut off at one
def trace_step(x, s, tau):
    return min(x - x / tau + s, 1.0)


# %% 05.trace_step wrong: the trace is reset after a spike
def trace_step(x, s, tau):
    x = x - x / tau + s
    if x >= 1.0:
        x = 0.0
    return x


# %% 05.trace_step wrong: the trace does not leak in a step with a spike
def trace_step(x, s, tau):
    if s == 1.0:
        return x + 1.0
    return x - x / tau


# %% 05.trace_step wrong: returns nothing in a step without a spike
def trace_step(x, s, tau):
    x = x - x / tau
    if s:
        return x + s


# %% 05.trace_step wrong: a constant leak of 1/tau
def trace_step(x, s, tau):
    return x - 1 / tau + s


# %% 05.trace_step wrong: the result is kept in a name and never returned
def trace_step(x, s, tau):
    x_new = x - x / tau + s


# %% 05.trace_step wrong: returns the change and not the new value
def trace_step(x, s, tau):
    return -x / tau + s


# %% 05.trace_step right: in two steps that change a number of its own
def trace_step(x, s, tau):
    x -= x / tau
    x += s
    return x


# %% 05.trace_step right: takes single numbers only
def trace_step(x, s, tau):
    return float(x) * (1 - 1 / tau) + float(s)


# %% 05.trace_step wrong: takes tensors only where x and s are numbers
def trace_step(x, s, tau):
    return x.mul(1 - 1 / tau).add(s)


# %% 05.trace_step right: as in the text
def trace_step(x, s, tau):
    return x - x / tau + s


# %% 05.trace_step right: with the factor that survives
def trace_step(x, s, tau):
    decay = 1 - 1 / tau
    return decay * x + s


# %% 05.trace_step right: a double-precision tensor
def trace_step(x, s, tau):
    x = torch.as_tensor(x, dtype=torch.float64)
    return x - x / tau + torch.as_tensor(s)


# %% 05.trace_step right: numpy
import numpy as np


def trace_step(x, s, tau):
    return np.multiply(x, 1 - 1 / tau) + s


# %% 05.trace_step right: Euler's step from a derivative
def trace_step(x, s, tau):
    def dx_dt(value):
        return -value / tau

    dt = 1
    x = x + dt * dx_dt(x)
    return x + s


# %% 05.stdp_step wrong: the outer products are transposed
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * (torch.outer(x, post) - torch.outer(pre, y))
    return w, x, y


# %% 05.stdp_step wrong: the weight is changed before the traces
def stdp_step(w, x, y, pre, post, tau, lr):
    w = w + lr * torch.outer(post, x) - lr * torch.outer(y, pre)
    x = x - x / tau + pre
    y = y - y / tau + post
    return w, x, y


# %% 05.stdp_step wrong: the two signs are exchanged
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w - lr * torch.outer(post, x) + lr * torch.outer(y, pre)
    return w, x, y


# %% 05.stdp_step wrong: the weights only grow
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    return w + lr * torch.outer(post, x), x, y


# %% 05.stdp_step wrong: the weights only shrink
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    return w - lr * torch.outer(y, pre), x, y


# %% 05.stdp_step wrong: updates in every step, without the gate
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * x[None, :] - lr * y[:, None]
    return w, x, y


# %% 05.stdp_step wrong: the traces come back in the wrong order
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * (torch.outer(post, x) - torch.outer(y, pre))
    return w, y, x


# %% 05.stdp_step wrong: only the weight comes back
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    return w + lr * (torch.outer(post, x) - torch.outer(y, pre))


# %% 05.stdp_step wrong: the learning rate is forgotten
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + torch.outer(post, x) - torch.outer(y, pre)
    return w, x, y


# %% 05.stdp_step wrong: the learning rate stands at the first term only
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * torch.outer(post, x) - torch.outer(y, pre)
    return w, x, y


# %% 05.stdp_step wrong: spikes instead of traces are multiplied
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * torch.outer(post, pre) - lr * torch.outer(post, pre)
    return w, x, y


# %% 05.stdp_step wrong: f(w) is w and not one
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * w.abs() * (torch.outer(post, x) - torch.outer(y, pre))
    return w, x, y


# %% 05.stdp_step wrong: the weights are clipped to lie between 0 and 1
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * (torch.outer(post, x) - torch.outer(y, pre))
    return w.clamp(0, 1), x, y


# %% 05.stdp_step wrong: one spike anywhere opens the gate for all neurons
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    if post.any():
        w = w + lr * torch.outer(torch.ones_like(post), x)
    if pre.any():
        w = w - lr * torch.outer(y, torch.ones_like(pre))
    return w, x, y


# %% 05.stdp_step wrong: a step with spikes on both sides changes nothing
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    if post.any() and not pre.any():
        w = w + lr * torch.outer(post, x)
    elif pre.any() and not post.any():
        w = w - lr * torch.outer(y, pre)
    return w, x, y


# %% 05.stdp_step wrong: the trace of pre is updated with the spikes divided by tau
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x + (pre - x) / tau
    y = y + (post - y) / tau
    w = w + lr * (torch.outer(post, x) - torch.outer(y, pre))
    return w, x, y


# %% 05.stdp_step wrong: the old trace of post is used for the weight
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y_new = y - y / tau + post
    w = w + lr * (torch.outer(post, x) - torch.outer(y, pre))
    return w, x, y_new


# %% 05.stdp_step wrong: the trace of post comes back as it was
def stdp_step(w, x, y, pre, post, tau, lr):
    x_new = x - x / tau + pre
    y_new = y - y / tau + post
    w = w + lr * (torch.outer(post, x_new) - torch.outer(y_new, pre))
    return w, x_new, y


# %% 05.stdp_step wrong: only the first post neuron learns
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w.clone()
    for j in range(len(post)):
        if post[j] > 0:
            w[j] += lr * x
            break
    for i in range(len(pre)):
        if pre[i] > 0:
            w[:, i] -= lr * y
    return w, x, y


# %% 05.stdp_step wrong: plain products that do not fit together
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * (post * x - y * pre)
    return w, x, y


# %% 05.stdp_step wrong: the w that was given is changed in place
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w += lr * torch.outer(post, x)
    w -= lr * torch.outer(y, pre)
    return w, x, y


# %% 05.stdp_step wrong: the traces that were given are changed in place
def stdp_step(w, x, y, pre, post, tau, lr):
    x.mul_(1 - 1 / tau).add_(pre)
    y.mul_(1 - 1 / tau).add_(post)
    return w + lr * (torch.outer(post, x) - torch.outer(y, pre)), x, y


# %% 05.stdp_step right: with torch.outer
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w + lr * torch.outer(post, x) - lr * torch.outer(y, pre)
    return w, x, y


# %% 05.stdp_step right: broadcasting, and a list comes back
def stdp_step(w, x, y, pre, post, tau, lr):
    x = (1 - 1 / tau) * x + pre
    y = (1 - 1 / tau) * y + post
    return [w + lr * (post[:, None] * x[None, :] - y[:, None] * pre[None, :]), x, y]


# %% 05.stdp_step right: plain loops
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    new = w.clone()
    for j in range(w.shape[0]):
        for i in range(w.shape[1]):
            if post[j] == 1.0:
                new[j, i] = new[j, i] + lr * x[i]
            if pre[i] == 1.0:
                new[j, i] = new[j, i] - lr * y[j]
    return new, x, y


# %% 05.stdp_step right: einsum
def stdp_step(w, x, y, pre, post, tau, lr):
    x, y = x - x / tau + pre, y - y / tau + post
    gain = torch.einsum("j,i->ji", post, x)
    loss = torch.einsum("j,i->ji", y, pre)
    return w + lr * gain - lr * loss, x, y


# %% 05.stdp_step right: rows and columns by mask
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w.clone()
    w[post > 0] += lr * x
    w[:, pre > 0] -= lr * y[:, None]
    return w, x, y


# %% 05.batch_change wrong: the sum and not the mean
def batch_change(pre, post):
    return post.T @ pre


# %% 05.batch_change wrong: the matrix is transposed
def batch_change(pre, post):
    return pre.T @ post / len(pre)


# %% 05.batch_change wrong: the mean of the products is the product of the means
def batch_change(pre, post):
    return torch.outer(post.mean(0), pre.mean(0))


# %% 05.batch_change wrong: divided by the number of inputs
def batch_change(pre, post):
    return post.T @ pre / pre.shape[1]


# %% 05.batch_change wrong: divided by one sample too few
def batch_change(pre, post):
    return post.T @ pre / (len(pre) - 1)


# %% 05.batch_change wrong: one number in place of a matrix
def batch_change(pre, post):
    return (post[:, :, None] * pre[:, None, :]).mean()


# %% 05.batch_change wrong: only the last sample is left
def batch_change(pre, post):
    for n in range(len(pre)):
        change = torch.outer(post[n], pre[n])
    return change / len(pre)


# %% 05.batch_change wrong: the last sample is left out
def batch_change(pre, post):
    total = torch.zeros(post.shape[1], pre.shape[1])
    for n in range(len(pre) - 1):
        total += torch.outer(post[n], pre[n])
    return total / len(pre)


# %% 05.batch_change wrong: the mean over samples with a spike pair only
def batch_change(pre, post):
    pairs = post[:, :, None] * pre[:, None, :]
    return pairs.sum(0) / (pairs > 0).sum(0).clamp(min=1)


# %% 05.batch_change wrong: the mean runs over the outputs
def batch_change(pre, post):
    return (post[:, :, None] * pre[:, None, :]).mean(1)


# %% 05.batch_change wrong: whole numbers only
def batch_change(pre, post):
    return post.T @ pre // len(pre)


# %% 05.batch_change wrong: the largest product in place of the mean
def batch_change(pre, post):
    return (post[:, :, None] * pre[:, None, :]).amax(0)


# %% 05.batch_change wrong: always divided by 4
def batch_change(pre, post):
    return torch.einsum("nj,ni->ji", post, pre) / 4


# %% 05.batch_change wrong: the batch dimension is kept
def batch_change(pre, post):
    return post[:, :, None] * pre[:, None, :] / len(pre)


# %% 05.batch_change wrong: samples are mixed, since both are summed first
def batch_change(pre, post):
    return torch.outer(post.sum(0), pre.sum(0)) / len(pre)


# %% 05.batch_change wrong: torch.outer is given matrices
def batch_change(pre, post):
    return torch.outer(post, pre).mean(0)


# %% 05.batch_change wrong: the products are turned into yes and no
def batch_change(pre, post):
    return ((post.T @ pre) > 0).float() / len(pre)


# %% 05.batch_change right: einsum keeps the samples, then the mean
def batch_change(pre, post):
    return torch.einsum("nj,ni->nji", post, pre).mean(0)


# %% 05.batch_change right: makes everything float32
def batch_change(pre, post):
    return post.float().T @ pre.float() / len(pre)


# %% 05.batch_change right: one matrix product
def batch_change(pre, post):
    return post.T @ pre / pre.shape[0]


# %% 05.batch_change right: einsum
def batch_change(pre, post):
    return torch.einsum("nj,ni->ji", post, pre) / len(post)


# %% 05.batch_change right: broadcast, then the mean
def batch_change(pre, post):
    return (post.unsqueeze(2) * pre.unsqueeze(1)).mean(dim=0)


# %% 05.batch_change right: a loop over the samples
def batch_change(pre, post):
    N = len(pre)
    change = torch.zeros(post.shape[1], pre.shape[1], dtype=pre.dtype)
    for a, b in zip(post, pre):
        change = change + torch.outer(a, b) / N
    return change


# %% 05.batch_change right: a stack in a comprehension
def batch_change(pre, post):
    return torch.stack([torch.outer(post[n], pre[n]) for n in range(pre.size(0))]).mean(0)


# %% 05.batch_change right: four loops over single numbers
def batch_change(pre, post):
    N, n_in = pre.shape
    n_out = post.shape[1]
    rows = [[sum(float(post[n, j] * pre[n, i]) for n in range(N)) / N for i in range(n_in)] for j in range(n_out)]
    return torch.tensor(rows)


# %% 05.change_coins wrong: income and expense are exchanged
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.005 and len(shifts) < 12:
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append(-sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins wrong: coins are counted from zero, so every shift is one too small
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.005 and len(shifts) < 12:
        values = [q**k for k in range(1, 500)]
        n = min(range(len(values)), key=lambda k: abs(abs(rest) - values[k]))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * values[n]
    return shifts


# %% 05.change_coins wrong: a pair in the same step is taken for a coin of value one
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.005 and len(shifts) < 12:
        n = min(range(0, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins wrong: the coins are worth exp(-n/tau)
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    while abs(rest) > 0.005 and len(shifts) < 12:
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - math.exp(-k / tau)))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * math.exp(-n / tau)
    return shifts


# %% 05.change_coins wrong: the learning rate is forgotten
def change_coins(goal, tau, lr):
    shifts, rest = [], goal
    q = 1 - 1 / tau
    while abs(rest) > 0.005 and len(shifts) < 12:
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins wrong: tau is always 20
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / 20
    while abs(rest) > 0.005 and len(shifts) < 12:
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins wrong: negative goals give an empty list
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while rest > 0.005 and len(shifts) < 12:
        n = 1
        while q**n > rest:
            n += 1
        shifts.append(n)
        rest -= q**n
    return shifts


# %% 05.change_coins wrong: the sign of a negative goal is lost
def change_coins(goal, tau, lr):
    shifts, rest = [], abs(goal) / lr
    q = 1 - 1 / tau
    while rest > 0.005 and len(shifts) < 12:
        n = 1
        while q**n > rest:
            n += 1
        shifts.append(n)
        rest -= q**n
    return shifts


# %% 05.change_coins wrong: one pair only, the nearest
def change_coins(goal, tau, lr):
    q = 1 - 1 / tau
    n = min(range(1, 500), key=lambda k: abs(abs(goal) / lr - q**k))
    shifts = [n if goal > 0 else -n]
    return shifts


# %% 05.change_coins wrong: only coins of one step, without the small change
def change_coins(goal, tau, lr):
    q = 1 - 1 / tau
    number = round(abs(goal) / lr / q)
    shifts = [1 if goal > 0 else -1] * number
    return shifts


# %% 05.change_coins wrong: stops at an error of a tenth
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.1:
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins wrong: pays in coins of about a tenth and needs more than 12
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    smallest = max(1, round(math.log(0.1) / math.log(q)))
    while abs(rest) > 0.005:
        sign = 1 if rest > 0 else -1
        n = smallest
        while q**n > abs(rest):
            n += 1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins wrong: the pairs come back as pairs of times
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.005 and len(shifts) < 12:
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append((0, n) if sign > 0 else (n, 0))
        rest -= sign * q**n
    return shifts


# %% 05.change_coins wrong: shifts that are no whole numbers
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > q:
        sign = 1 if rest > 0 else -1
        shifts.append(sign * 1)
        rest -= sign * q
    if rest:
        n = math.log(abs(rest)) / math.log(q)
        shifts.append(n if rest > 0 else -n)
    return shifts


# %% 05.change_coins wrong: the number of pairs and not the shifts
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.005 and len(shifts) < 12:
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return len(shifts)


# %% 05.change_coins wrong: the list is kept between two calls
def change_coins(goal, tau, lr, shifts=[]):
    rest = goal / lr
    q = 1 - 1 / tau
    for _ in range(12):
        if abs(rest) < 0.005:
            break
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins wrong: goes on until nothing at all is left, which never happens
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while rest != 0:
        n = 1
        while q**n > abs(rest) and n < 500:
            n += 1
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins wrong: only 20 kinds of coin
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.005 and len(shifts) < 12:
        fitting = [k for k in range(1, 21) if q**k <= abs(rest)]
        if not fitting:
            break
        n = fitting[0]
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins right: whole numbers as floats
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.002 and len(shifts) < 12:
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1.0 if rest > 0 else -1.0
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins right: fills up to 12 with pairs that are too far apart to matter
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.002 and len(shifts) < 12:
        n = min(range(1, 500), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts + [100000] * (12 - len(shifts))


# %% 05.change_coins right: always the nearest coin
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    q = 1 - 1 / tau
    while abs(rest) > 0.002 and len(shifts) < 12:
        n = min(range(1, 300), key=lambda k: abs(abs(rest) - q**k))
        sign = 1 if rest > 0 else -1
        shifts.append(sign * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins right: nearest coin by the logarithm
def change_coins(goal, tau, lr):
    shifts = []
    q = 1 - 1 / tau
    rest = goal / lr
    for _ in range(12):
        if abs(rest) < 1e-3:
            break
        exact = math.log(abs(rest)) / math.log(q)
        low = max(1, math.floor(exact))
        n = low if abs(abs(rest) - q**low) < abs(abs(rest) - q ** (low + 1)) else low + 1
        sign = math.copysign(1, rest)
        shifts.append(int(sign) * n)
        rest -= sign * q**n
    return shifts


# %% 05.change_coins right: torch, and a tuple of numpy whole numbers
import numpy as np


def change_coins(goal, tau, lr):
    steps = torch.arange(1, 400)
    coins = lr * (1 - 1 / tau) ** steps.double()
    shifts, rest = (), float(goal)
    while abs(rest) > 0.002 * lr and len(shifts) < 12:
        k = (coins - abs(rest)).abs().argmin()
        shifts += (np.int64(np.sign(rest)) * np.int64(steps[k]),)
        rest -= math.copysign(float(coins[k]), rest)
    return shifts


# %% 05.change_coins right: pairs of the same step fill the list up to 12
def change_coins(goal, tau, lr):
    q = 1 - 1 / tau
    rest = abs(goal) / lr
    sign = 1 if goal >= 0 else -1
    shifts = []
    for _ in range(12):
        values = {n: q**n for n in range(1, 300)}
        n, value = min(values.items(), key=lambda item: abs(abs(rest) - item[1]))
        if abs(rest) < 0.002:
            shifts.append(0)
            continue
        direction = 1 if rest > 0 else -1
        shifts.append(sign * direction * n)
        rest = rest - direction * value
    return shifts


# %% 05.change_coins right: both signs are tried for every pair
def change_coins(goal, tau, lr):
    value = {n: (1 - 1 / tau) ** n for n in range(1, 300)}
    value |= {-n: -v for n, v in value.items()}
    shifts, rest = [], goal / lr
    while abs(rest) >= 0.003:
        best = min(value, key=lambda n: abs(rest - value[n]))
        shifts.append(best)
        rest = rest - value[best]
    return shifts


# %% 05.stdp_window wrong: a Gaussian in place of the exponential
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift == 0:
        return 0.0
    if shift > 0:
        return a_plus * math.exp(-((shift / tau_plus) ** 2))
    return -a_minus * math.exp(-((shift / tau_minus) ** 2))


# %% 05.stdp_window wrong: the signs of the two halves are exchanged
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if shift == 0:
        return 0.0
    return -a_plus * math.exp(-shift / tau_plus) if shift > 0 else a_minus * math.exp(shift / tau_minus)


# %% 05.stdp_window wrong: pairs more than one time constant apart are left out
def stdp_window(shift, a_plus, a_minus, tau_plus, tau_minus):
    if 0 < shift <= tau_plus:
        return a_plus * math.exp(-shift / tau_plus)
    if -tau_minus <= shift < 0:
        return -a_minus * math.exp(shift / tau_minus)
    return 0.0


# %% 05.stdp_window right: a lambda with a dictionary
stdp_window = lambda shift, *a: {
    1: lambda: a[0] * math.exp(-shift / a[2]),
    0: lambda: 0,
    -1: lambda: -a[1] * math.exp(shift / a[3]),
}[(shift > 0) - (shift < 0)]()


# %% 05.trace_step wrong: leaks twice
def trace_step(x, s, tau):
    x = x - x / tau
    return x - x / tau + s


# %% 05.trace_step wrong: the larger of the old trace and the spike
def trace_step(x, s, tau):
    return max(x - x / tau, s)


# %% 05.trace_step wrong: the spike jumps by tau
def trace_step(x, s, tau):
    return x - x / tau + s * tau


# %% 05.trace_step right: a 0-d tensor comes back
def trace_step(x, s, tau):
    return torch.tensor([x * (tau - 1) / tau, s]).sum()


# %% 05.stdp_step wrong: both changes have a plus
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    return w + lr * torch.outer(post, x) + lr * torch.outer(y, pre), x, y


# %% 05.stdp_step wrong: the column loses before the row gains, so the loss is scaled down
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    w = w * (1 - lr * torch.outer(y, pre))
    return w + lr * torch.outer(post, x), x, y


# %% 05.stdp_step wrong: only weights with a spike on both sides change
def stdp_step(w, x, y, pre, post, tau, lr):
    x = x - x / tau + pre
    y = y - y / tau + post
    both = torch.outer(post, pre)
    return w + lr * both * (x[None] - y[:, None]), x, y


# %% 05.stdp_step right: a matrix product of columns and rows
def stdp_step(w, x, y, pre, post, tau, lr):
    x = torch.lerp(x, torch.zeros_like(x), 1 / tau) + pre
    y = torch.lerp(y, torch.zeros_like(y), 1 / tau) + post
    change = torch.stack([post, -y], 1) @ torch.stack([x, pre])
    return w.add(change, alpha=lr), x, y


# %% 05.batch_change wrong: the median of the products
def batch_change(pre, post):
    return (post[:, :, None] * pre[:, None, :]).median(0).values


# %% 05.batch_change wrong: only the first sample
def batch_change(pre, post):
    return torch.outer(post[0], pre[0])


# %% 05.batch_change wrong: the running mean is divided again and again
def batch_change(pre, post):
    change = torch.zeros(post.shape[1], pre.shape[1])
    for a, b in zip(post, pre):
        change = (change + torch.outer(a, b)) / len(pre)
    return change


# %% 05.batch_change right: bmm over the samples, as a nested list
def batch_change(pre, post):
    return torch.bmm(post[:, :, None], pre[:, None, :]).mean(0).tolist()


# %% 05.change_coins wrong: the number of steps comes back as tau times the logarithm, rounded
def change_coins(goal, tau, lr):
    sign = 1 if goal > 0 else -1
    return [sign * round(-tau * math.log(min(abs(goal) / lr, 0.95)))]


# %% 05.change_coins wrong: thirteen pairs
def change_coins(goal, tau, lr):
    shifts, rest = [], goal / lr
    for _ in range(13):
        n = min(range(1, 300), key=lambda k: abs(abs(rest) - (1 - 1 / tau) ** k))
        shifts.append(n if rest > 0 else -n)
        rest -= math.copysign((1 - 1 / tau) ** n, rest)
    return shifts


# %% 05.change_coins wrong: what is left is never made smaller
def change_coins(goal, tau, lr):
    shifts = []
    while len(shifts) < 12:
        n = min(range(1, 300), key=lambda k: abs(abs(goal) - lr * (1 - 1 / tau) ** k))
        shifts.append(n if goal > 0 else -n)
    return shifts


# %% 05.change_coins right: a recursion that gives an array
import numpy as np


def change_coins(goal, tau, lr):
    if abs(goal) < 2e-3 * lr:
        return np.array([], dtype=int)
    n = min(range(1, 300), key=lambda k: abs(abs(goal) - lr * (1 - 1 / tau) ** k))
    step = int(math.copysign(n, goal))
    return np.append(np.array([step]), change_coins(goal - math.copysign(lr * (1 - 1 / tau) ** n, goal), tau, lr))
