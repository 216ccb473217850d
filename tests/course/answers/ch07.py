# %% 07.psp_scale wrong: the brackets are still missing
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1.0 / math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s)


# %% 07.psp_scale wrong: each exponential is divided by on its own
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / math.exp(-t_peak / tau) - 1 / math.exp(-t_peak / tau_s)


# %% 07.psp_scale wrong: the two exponentials are exchanged
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau_s) - math.exp(-t_peak / tau))


# %% 07.psp_scale wrong: the peak itself and not its inverse
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s)


# %% 07.psp_scale wrong: the exponents have the wrong sign
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(t_peak / tau) - math.exp(t_peak / tau_s))


# %% 07.psp_scale wrong: the exponentials are added
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau) + math.exp(-t_peak / tau_s))


# %% 07.psp_scale wrong: the value of one pair of time constants
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 2.1165


# %% 07.psp_scale wrong: rounded to two decimals
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return round(1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s)), 2)


# %% 07.psp_scale wrong: the time of the peak and not the scale
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return t_peak


# %% 07.psp_scale wrong: the factor of the current with I_0 of one
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return tau_s / (tau - tau_s)


# %% 07.psp_scale wrong: the synaptic time constant is always 3.75
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / 3.75))


# %% 07.psp_scale wrong: the peak is set to the time constant of the membrane
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-tau / tau) - math.exp(-tau / tau_s))


# %% 07.psp_scale wrong: the slow exponential only
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / math.exp(-t_peak / tau)


# %% 07.psp_scale wrong: the value is printed and not returned
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    print(1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s)))


# %% 07.psp_scale wrong: a threshold that nobody has given
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return v_threshold / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s))


# %% 07.psp_scale wrong: the time of the peak is made a whole step
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    t_peak = round(t_peak)
    return 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s))


# %% 07.psp_scale wrong: the area is one and not the peak
def psp_scale(tau, tau_s):
    return 1 / (tau - tau_s)


# %% 07.psp_scale wrong: the time of the peak with the decimal logarithm
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log10(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s))


# %% 07.psp_scale wrong: the largest value at whole steps in place of the peak
def psp_scale(tau, tau_s):
    values = [math.exp(-t / tau) - math.exp(-t / tau_s) for t in range(500)]
    return 1 / max(values)


# %% 07.psp_scale right: equal time constants are refused
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    if tau == tau_s:
        raise ValueError("tau and tau_s must differ")
    return 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s))


# %% 07.psp_scale right: 0-d tensors in single precision
def psp_scale(tau, tau_s):
    tau, tau_s = torch.as_tensor(tau, dtype=torch.float32), torch.as_tensor(tau_s, dtype=torch.float32)
    t_peak = tau * tau_s * torch.log(tau / tau_s) / (tau - tau_s)
    return 1 / (torch.exp(-t_peak / tau) - torch.exp(-t_peak / tau_s))


# %% 07.psp_scale right: the brackets are set
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s))


# %% 07.psp_scale right: the peak gets a name
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    peak = math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s)
    v_threshold = 1.0
    V_0 = v_threshold / peak
    return V_0


# %% 07.psp_scale right: the library's time of the peak
def psp_scale(tau, tau_s):
    t = peak_time(tau, tau_s)
    return (math.exp(-t / tau) - math.exp(-t / tau_s)) ** -1


# %% 07.psp_scale right: without the time of the peak
def psp_scale(tau, tau_s):
    ratio = tau / tau_s
    return ratio ** (tau_s / (tau - tau_s)) * tau / (tau - tau_s)


# %% 07.psp_scale right: numpy
import numpy as np


def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * np.log(tau / tau_s) / (tau - tau_s)
    slow, fast = np.exp(-t_peak / np.array([tau, tau_s]))
    return 1 / (slow - fast)


# %% 07.psp_scale right: 0-d tensors in double precision
def psp_scale(tau, tau_s):
    tau, tau_s = torch.tensor(float(tau)).double(), torch.tensor(float(tau_s)).double()
    t_peak = tau * tau_s * torch.log(tau / tau_s) / (tau - tau_s)
    return (torch.exp(-t_peak / tau) - torch.exp(-t_peak / tau_s)).reciprocal()


# %% 07.voltage wrong: inputs that did not fire count as spikes at -1
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times[None, :]
    return (weights * psp_kernel(t, 15.0, 3.75)).sum(1)


# %% 07.voltage wrong: spikes in step 0 are dropped too
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times > 0)
    return (weights * k).sum(1)


# %% 07.voltage wrong: inputs that did not fire are moved to step 0
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times.clamp(min=0)
    return psp_kernel(t, 15.0, 3.75) @ weights


# %% 07.voltage wrong: time starts at 1
def voltage(weights, times, T):
    t = torch.arange(1, T + 1)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


# %% 07.voltage wrong: one step too many
def voltage(weights, times, T):
    t = torch.arange(T + 1)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


# %% 07.voltage wrong: the last step is missing
def voltage(weights, times, T):
    t = torch.arange(T - 1)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


# %% 07.voltage wrong: summed over time and not over the inputs
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(0)


# %% 07.voltage wrong: the difference of times is turned round
def voltage(weights, times, T):
    t = times - torch.arange(T)[:, None]
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


# %% 07.voltage wrong: the weights are forgotten
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return k.sum(1)


# %% 07.voltage wrong: the two time constants are exchanged
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 3.75, 15.0) * (times >= 0)
    return 2 * (weights * k).sum(1)


# %% 07.voltage wrong: the fast exponential is missing
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = torch.exp(-t / 15.0) * (t >= 0) * (times >= 0)
    return (weights * k).sum(1)


# %% 07.voltage wrong: the mean over the inputs and not the sum
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).mean(1)


# %% 07.voltage wrong: negative weights count as positive
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights.abs() * k).sum(1)


# %% 07.voltage wrong: the potential is never below zero
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1).clamp(min=0)


# %% 07.voltage wrong: the weights of silent inputs are set to zero for the caller too
def voltage(weights, times, T):
    weights[times < 0] = 0.0
    t = torch.arange(T)[:, None] - times
    return (weights * psp_kernel(t, 15.0, 3.75)).sum(1)


# %% 07.voltage wrong: the largest potential and not all of them
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1).max()


# %% 07.voltage wrong: only the last input is left
def voltage(weights, times, T):
    V = torch.zeros(T)
    for w, t_i in zip(weights, times):
        if t_i >= 0:
            V = w * psp_kernel(torch.arange(T) - t_i, 15.0, 3.75)
    return V


# %% 07.voltage wrong: the potentials of the inputs are not summed
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return weights * k


# %% 07.voltage wrong: stops at the first input that did not fire
def voltage(weights, times, T):
    V = torch.zeros(T)
    for w, t_i in zip(weights, times):
        if t_i < 0:
            break
        V = V + w * psp_kernel(torch.arange(T) - t_i, 15.0, 3.75)
    return V


# %% 07.voltage wrong: plain numbers are given to a kernel that takes tensors
def voltage(weights, times, T):
    V = []
    for t in range(T):
        V.append(sum(w * psp_kernel(t - int(t_i), 15.0, 3.75) for w, t_i in zip(weights, times) if t_i >= 0))
    return torch.tensor(V)


# %% 07.voltage wrong: always 100 steps
def voltage(weights, times, T):
    t = torch.arange(100)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


# %% 07.voltage right: without a gradient
def voltage(weights, times, T):
    with torch.no_grad():
        t = torch.arange(T)[:, None] - times
        k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
        return (weights * k).sum(1)


# %% 07.voltage wrong: the times that were given are changed in place
def voltage(weights, times, T):
    times[times < 0] = T
    t = torch.arange(T)[:, None] - times
    return (weights * psp_kernel(t, 15.0, 3.75)).sum(1)


# %% 07.voltage right: everything in float32
def voltage(weights, times, T):
    t = torch.arange(T, dtype=torch.float32)[:, None] - times.float()
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return k @ weights.float()


# %% 07.voltage right: a table and a mask
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times[None, :]
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (k * weights).sum(dim=1)


# %% 07.voltage right: torch.where
def voltage(weights, times, T):
    table = torch.arange(T).unsqueeze(1) - times.unsqueeze(0)
    k = torch.where(times >= 0, psp_kernel(table, 15.0, 3.75), 0.0)
    return k @ weights


# %% 07.voltage right: only the inputs that fired
def voltage(weights, times, T):
    fired = times != -1
    weights, times = weights[fired], times[fired]
    return torch.einsum("i,ti->t", weights, psp_kernel(torch.arange(T)[:, None] - times, 15.0, 3.75))


# %% 07.voltage right: a loop over the inputs
def voltage(weights, times, T):
    V = torch.zeros(T)
    for w, t_i in zip(weights, times):
        if t_i >= 0:
            V = V + w * psp_kernel(torch.arange(T) - t_i, 15.0, 3.75)
    return V


# %% 07.voltage right: the formula of the kernel with math
def voltage(weights, times, T):
    t_peak = peak_time(15.0, 3.75)
    v_0 = 1 / (math.exp(-t_peak / 15.0) - math.exp(-t_peak / 3.75))
    V = [0.0] * T
    for i in range(len(times)):
        start = int(times[i])
        if start < 0:
            continue
        for t in range(start, T):
            V[t] += float(weights[i]) * v_0 * (math.exp(-(t - start) / 15.0) - math.exp(-(t - start) / 3.75))
    return torch.tensor(V)


# %% 07.voltage right: silent inputs are moved beyond the end on a copy
def voltage(weights, times, T):
    late = torch.where(times < 0, torch.full_like(times, T), times)
    t = torch.arange(T)[:, None] - late
    return psp_kernel(t, 15.0, 3.75).matmul(weights)


# %% 07.peak_gradient wrong: inputs that did not fire get a gradient
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return psp_kernel(t_max - times, 15.0, 3.75)


# %% 07.peak_gradient wrong: the weight is left in the gradient
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return weights * psp_kernel(t_max - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: the gradient at the end of the window
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    return psp_kernel(T - 1 - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: the lowest moment in place of the highest
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_min = voltage(weights, times, T).argmin()
    return psp_kernel(t_min - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: the difference of times is turned round
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return psp_kernel(times - t_max, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: the value of the peak in place of its time
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    v_max = voltage(weights, times, T).max()
    return psp_kernel(v_max - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: one step behind the peak
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax() + 1
    return psp_kernel(t_max - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: the sign is that of going downhill
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return -psp_kernel(t_max - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: the gradient is summed over all moments
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t = torch.arange(T)[:, None] - times
    return (psp_kernel(t, 15.0, 3.75) * (times >= 0)).sum(0)


# %% 07.peak_gradient wrong: the largest potential of each input on its own
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t = torch.arange(T)[:, None] - times
    return (psp_kernel(t, 15.0, 3.75) * (times >= 0)).amax(0)


# %% 07.peak_gradient wrong: nothing is learnt below the threshold
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    V = voltage(weights, times, T)
    if V.max() < 1:
        return torch.zeros_like(weights)
    return psp_kernel(V.argmax() - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: inhibitory inputs have the opposite sign
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return weights.sign() * psp_kernel(t_max - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: the gradient is scaled to length one
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    k = psp_kernel(t_max - times, 15.0, 3.75) * (times >= 0)
    return k / k.norm().clamp(min=1e-9)


# %% 07.peak_gradient wrong: only who fired before the peak counts, with a credit of one
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return ((times < t_max) & (times >= 0)).float()


# %% 07.peak_gradient wrong: the peak is searched in the absolute potential
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).abs().argmax()
    return psp_kernel(t_max - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: a spike in step 0 is taken for no spike
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return psp_kernel(t_max - times, 15.0, 3.75) * (times > 0)


# %% 07.peak_gradient wrong: the peak of the unweighted potentials
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(torch.ones_like(weights), times, T).argmax()
    return psp_kernel(t_max - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: one number for all inputs
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return (psp_kernel(t_max - times, 15.0, 3.75) * (times >= 0)).sum()


# %% 07.peak_gradient wrong: without the row of the peak, a whole table comes back
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t = torch.arange(T)[:, None] - times
    return psp_kernel(t, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient wrong: the fast time constant is left out
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t = voltage(weights, times, T).argmax() - times
    return torch.exp(-t / 15.0) * (t >= 0) * (times >= 0)


# %% 07.peak_gradient right: torch.autograd.grad on a copy
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    w = weights.clone().requires_grad_()
    return torch.autograd.grad(voltage(w, times, T).max(), w)[0]


# %% 07.peak_gradient right: the kernel at the time of the peak
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return psp_kernel(t_max - times, 15.0, 3.75) * (times >= 0)


# %% 07.peak_gradient right: autograd
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    w = weights.detach().clone().requires_grad_(True)
    voltage(w, times, T).max().backward()
    return w.grad


# %% 07.peak_gradient right: a row of the table
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    table = psp_kernel(torch.arange(T)[:, None] - times, 15.0, 3.75) * (times != -1)
    return table[(table @ weights).argmax()]


# %% 07.peak_gradient right: torch.where and a whole number for the time
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    V = voltage(weights, times, T)
    t_max = max(range(T), key=lambda t: V[t])
    credit = psp_kernel(t_max - times, 15.0, 3.75)
    return torch.where(times >= 0, credit, torch.zeros_like(credit))


# %% 07.peak_gradient right: a loop over the inputs
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = int(voltage(weights, times, T).argmax())
    gradient = torch.zeros(len(weights))
    for i in range(len(weights)):
        if 0 <= times[i] <= t_max:
            gradient[i] = psp_kernel(torch.tensor(float(t_max - times[i])), 15.0, 3.75)
    return gradient


# %% 07.peak_gradient right: the derivative of each weight by a one in its place
def voltage(weights, times, T):
    t = torch.arange(T)[:, None] - times
    k = psp_kernel(t, 15.0, 3.75) * (times >= 0)
    return (weights * k).sum(1)


def peak_gradient(weights, times, T):
    t_max = voltage(weights, times, T).argmax()
    return torch.stack([voltage(one, times, T)[t_max] for one in torch.eye(len(weights))])


# %% 07.margin_loss wrong: the mean over neurons too
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - (1 - margin)).clamp(min=0)
    return (lack**2).mean()


# %% 07.margin_loss wrong: not divided by the number of samples
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - (1 - margin)).clamp(min=0)
    return (lack**2).sum()


# %% 07.margin_loss wrong: not squared
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - (1 - margin)).clamp(min=0)
    return lack.sum() / len(v_max)


# %% 07.margin_loss wrong: doing better is punished as well
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - (1 - margin))
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: the margins are on the wrong side
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 - margin - v_max, v_max - (1 + margin)).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: the right neuron only
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = (1 + margin - v_max[right]).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: the other neurons only
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = (v_max[~right] - (1 - margin)).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: the margin is left out
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 - v_max, v_max - 1).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: the margin is always 0.5
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1.5 - v_max, v_max - 0.5).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: who is wrong is punished by the distance from the threshold without margin
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    wrong = torch.where(right, v_max < 1 + margin, v_max > 1 - margin)
    return (wrong * (v_max - 1) ** 2).sum() / len(v_max)


# %% 07.margin_loss wrong: the margin counts only for neurons on the wrong side of the threshold
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    wrong = (v_max >= 1) != right
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin)
    return (wrong * lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: all other neurons must stay below 1 + d
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 - margin).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: only the strongest of the others is punished
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = (1 + margin - v_max[right]).clamp(min=0)
    rival = v_max.masked_fill(right, -1e9).amax(1)
    return (lack**2 + (rival - 1 + margin).clamp(min=0) ** 2).sum() / len(v_max)


# %% 07.margin_loss wrong: squared before it is cut off
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin) ** 2
    return lack.clamp(min=0).sum() / len(v_max)


# %% 07.margin_loss wrong: divided by the number of neurons
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return (lack**2).sum() / v_max.shape[1]


# %% 07.margin_loss wrong: one loss for each sample
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return (lack**2).sum(1)


# %% 07.margin_loss wrong: always ten classes
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, 10).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: only as many classes as the labels happen to show
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: the square of the sum
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return lack.sum() ** 2 / len(v_max)


# %% 07.margin_loss wrong: the square root is taken
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return ((lack**2).sum() / len(v_max)).sqrt()


# %% 07.margin_loss wrong: the others are compared with the right neuron and not with the threshold
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    own = v_max[right][:, None]
    lack = (v_max - own + margin).clamp(min=0).masked_fill(right, 0.0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: halved
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return 0.5 * (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: a plain number through which no gradient passes
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return ((lack**2).sum() / len(v_max)).item()


# %% 07.margin_loss right: scatter
def margin_loss(v_max, labels, margin):
    right = torch.zeros_like(v_max).scatter_(1, labels[:, None], 1.0)
    lack = (right * (1 + margin - v_max) + (1 - right) * (v_max - 1 + margin)).clamp(min=0)
    return (lack**2).sum() / v_max.size(0)


# %% 07.margin_loss right: an empty batch would be 0
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return (lack**2).sum() / max(len(v_max), 1)


# %% 07.margin_loss right: torch.where
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - (1 - margin)).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss right: relu and a mean over samples
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    of_right = F.relu(1 + margin - v_max) ** 2
    of_others = F.relu(v_max - 1 + margin) ** 2
    return torch.where(right, of_right, of_others).sum(1).mean()


# %% 07.margin_loss right: signs of plus and minus one
def margin_loss(v_max, labels, margin):
    sign = 2 * F.one_hot(labels, v_max.size(1)).to(v_max.dtype) - 1
    return (margin - sign * (v_max - 1)).clamp(min=0).square().sum() / v_max.size(0)


# %% 07.margin_loss right: plain loops
def margin_loss(v_max, labels, margin):
    total = 0.0
    N, C = v_max.shape
    for n in range(N):
        for c in range(C):
            if c == labels[n]:
                lack = 1 + margin - v_max[n, c]
            else:
                lack = v_max[n, c] - (1 - margin)
            if lack > 0:
                total = total + lack**2
    return total / N


# %% 07.margin_loss right: gather and double precision
def margin_loss(v_max, labels, margin):
    v = v_max.double()
    own = v.gather(1, labels[:, None])
    punish = ((v - 1 + margin).clamp(min=0) ** 2).sum()
    punish = punish - ((own - 1 + margin).clamp(min=0) ** 2).sum()
    punish = punish + ((1 + margin - own).clamp(min=0) ** 2).sum()
    return punish / len(v)


# %% 07.margin_loss right: a mask from comparing class numbers
def margin_loss(v_max, labels, margin):
    right = torch.arange(v_max.shape[1]) == labels[:, None]
    bound = torch.where(right, 1 + margin, 1 - margin)
    wrong = (v_max < bound) == right
    return (wrong * (v_max - bound) ** 2).sum() / labels.numel()


# %% 07.order_detector wrong: the two weights are exchanged
def order_detector(gap):
    w_a, w_b = -1.0, 1.2
    return w_a, w_b


# %% 07.order_detector wrong: two equal weights
def order_detector(gap):
    w_a, w_b = 0.6, 0.6
    return w_a, w_b


# %% 07.order_detector wrong: A alone, without B
def order_detector(gap):
    w_a, w_b = 1.2, 0.0
    return w_a, w_b


# %% 07.order_detector wrong: B alone, without A
def order_detector(gap):
    w_a, w_b = 0.0, 1.2
    return w_a, w_b


# %% 07.order_detector wrong: too weak to fire at all
def order_detector(gap):
    w_a, w_b = 0.5, -0.5
    return w_a, w_b


# %% 07.order_detector wrong: A is so strong that B cannot hold it down
def order_detector(gap):
    w_a, w_b = 3.0, -1.0
    return w_a, w_b


# %% 07.order_detector wrong: B is too weak to hold A down from afar
def order_detector(gap):
    w_a, w_b = 1.2, -0.3
    return w_a, w_b


# %% 07.order_detector wrong: both always fire
def order_detector(gap):
    w_a, w_b = 2.0, 2.0
    return w_a, w_b


# %% 07.order_detector wrong: exactly one, which a short gap never reaches
def order_detector(gap):
    w_a, w_b = 1.0, -1.0
    return w_a, w_b


# %% 07.order_detector wrong: two excitatory weights for a gap of 12 only
def order_detector(gap):
    w_a, w_b = 0.08, 0.97
    return w_a, w_b


# %% 07.order_detector wrong: just enough for the gap itself and not for one step less
def order_detector(gap):
    reached = psp_kernel(torch.tensor(float(min(gap, 7))), 15.0, 3.75).item()
    w_a, w_b = 1.001 / reached, -2.0
    return w_a, w_b


# %% 07.order_detector wrong: the weight grows with the gap
def order_detector(gap):
    w_a, w_b = gap / 10, -gap / 10
    return w_a, w_b


# %% 07.order_detector wrong: A is inhibitory and B excitatory
def order_detector(gap):
    w_a, w_b = -0.5, 1.5
    return w_a, w_b


# %% 07.order_detector wrong: only one weight comes back
def order_detector(gap):
    w_a, w_b = 1.3, -1.5
    return w_a


# %% 07.order_detector wrong: nothing comes back
def order_detector(gap):
    w_a, w_b = 1.3, -1.5


# %% 07.order_detector wrong: right for short gaps only
def order_detector(gap):
    if gap < 10:
        return 1.3, -1.5
    return 1.3, -0.2


# %% 07.order_detector wrong: right for long gaps only
def order_detector(gap):
    w_a, w_b = 1.02, -1.0
    return w_a, w_b


# %% 07.order_detector wrong: returns whether it fires and not the weights
def order_detector(gap):
    w_a, w_b = 1.3, -1.5
    return w_a >= 1 > w_b


# %% 07.order_detector wrong: inhibition first, so the order of the two numbers is B, A
def order_detector(gap):
    w_a, w_b = 1.3, -1.5
    return w_b, w_a


# %% 07.order_detector wrong: the peak reaches 1 between two steps only
def order_detector(gap):
    at_the_top = psp_kernel(torch.tensor(peak_time(15.0, 3.75)), 15.0, 3.75).item()
    w_a, w_b = (1.0 / at_the_top, -1.0) if gap > 8 else (1.3, -1.5)
    return w_a, w_b


# %% 07.order_detector right: excitation by A and inhibition by B
def order_detector(gap):
    w_a, w_b = 1.2, -1.0
    return w_a, w_b


# %% 07.order_detector right: stronger on both sides
def order_detector(gap):
    w_a, w_b = 1.3, -1.5
    return w_a, w_b


# %% 07.order_detector right: computed from the kernel with some to spare
def order_detector(gap):
    K = lambda t: psp_kernel(torch.tensor(float(t)), 15.0, 3.75)
    w_a = 1.05 / K(min(gap - 1, 7))
    w_b = -1.5 * w_a
    return w_a, w_b


# %% 07.order_detector right: a list of numpy scalars
def order_detector(gap):
    import numpy as np

    weights = np.array([1.25, -1.4])
    return [weights[0], weights[1]]


# %% 07.order_detector right: a tensor of two weights
def order_detector(gap):
    return torch.tensor([1.25, -1.25])


# %% 07.order_detector right: a search over a grid
def order_detector(gap):
    t = torch.arange(0, 200)
    K = lambda start: psp_kernel(t - start, 15.0, 3.75)
    for w_a in torch.arange(1.0, 2.0, 0.05).tolist():
        for w_b in torch.arange(-2.0, 0.0, 0.1).tolist():
            gaps = (gap - 1, gap, gap + 1)
            fires = all((w_a * K(10) + w_b * K(10 + g)).max() >= 1.02 for g in gaps)
            silent = all((w_b * K(10) + w_a * K(10 + g)).max() < 0.98 for g in gaps)
            if fires and silent:
                return w_a, w_b


# %% 07.psp_scale wrong: the peak is scaled to the threshold twice
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau_s)) ** 2


# %% 07.psp_scale wrong: the exponentials are multiplied
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau) * math.exp(-t_peak / tau_s))


# %% 07.psp_scale wrong: the same time constant in both
def psp_scale(tau, tau_s):
    t_peak = tau * tau_s * math.log(tau / tau_s) / (tau - tau_s)
    return 1 / (math.exp(-t_peak / tau) - math.exp(-t_peak / tau))


# %% 07.psp_scale right: one over the largest value on a very fine grid
def psp_scale(tau, tau_s):
    t = torch.linspace(0, 5 * tau, 200001, dtype=torch.float64)
    return 1 / (torch.exp(-t / tau) - torch.exp(-t / tau_s)).max()


# %% 07.voltage wrong: each input is scaled to a sum of one
def voltage(weights, times, T):
    k = psp_kernel(torch.arange(T)[:, None] - times, 15.0, 3.75) * (times >= 0)
    return k @ (weights / weights.sum())


# %% 07.voltage wrong: the neuron is reset once it has fired
def voltage(weights, times, T):
    k = psp_kernel(torch.arange(T)[:, None] - times, 15.0, 3.75) * (times >= 0)
    V = k @ weights
    fired = (V >= 1).nonzero()
    if len(fired):
        V[int(fired[0]) + 1 :] = 0
    return V


# %% 07.voltage wrong: the kernel is counted from the first spike of all
def voltage(weights, times, T):
    k = psp_kernel(torch.arange(T)[:, None] - (times - times[times >= 0].min()), 15.0, 3.75) * (times >= 0)
    return k @ weights


# %% 07.voltage right: a convolution of spike trains with the kernel, as a list
def voltage(weights, times, T):
    arriving = [0.0] * T
    for w, t in zip(weights.tolist(), times.tolist()):
        if t >= 0:
            arriving[t] += w
    k = psp_kernel(torch.arange(T), 15.0, 3.75).tolist()
    return [sum(arriving[s] * k[t - s] for s in range(t + 1)) for t in range(T)]


# %% 07.peak_gradient wrong: the error against the threshold stands before the kernel
def peak_gradient(weights, times, T):
    psp = psp_kernel(torch.arange(T)[:, None] - times, 15.0, 3.75) * (times >= 0)
    V = psp @ weights
    return (1 - V.max()) * psp[V.argmax()]


# %% 07.peak_gradient wrong: a softmax over time in place of the peak
def peak_gradient(weights, times, T):
    psp = psp_kernel(torch.arange(T)[:, None] - times, 15.0, 3.75) * (times >= 0)
    return (psp @ weights).softmax(0) @ psp


# %% 07.peak_gradient wrong: inputs after the peak get a negative share
def peak_gradient(weights, times, T):
    psp = psp_kernel(torch.arange(T)[:, None] - times, 15.0, 3.75) * (times >= 0)
    t_max = (psp @ weights).argmax()
    return psp[t_max] - (times > t_max).float()


# %% 07.peak_gradient right: differences of two voltages, as a list
def peak_gradient(weights, times, T):
    psp = psp_kernel(torch.arange(T)[:, None] - times, 15.0, 3.75).double() * (times >= 0)
    w, base = weights.double(), (psp @ weights.double()).max()
    return [float(((psp @ (w + 1e-6 * one)).max() - base) / 1e-6) for one in torch.eye(len(w), dtype=torch.float64)]


# %% 07.margin_loss wrong: absolute values in place of squares
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin)
    return lack.abs().sum() / len(v_max)


# %% 07.margin_loss wrong: half a margin on each side
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin / 2 - v_max, v_max - 1 + margin / 2).clamp(min=0)
    return (lack**2).sum() / len(v_max)


# %% 07.margin_loss wrong: a new tensor made of the numbers
def margin_loss(v_max, labels, margin):
    right = F.one_hot(labels, v_max.shape[1]).bool()
    lack = torch.where(right, 1 + margin - v_max, v_max - 1 + margin).clamp(min=0)
    return torch.tensor(float((lack**2).sum()) / len(v_max))


# %% 07.margin_loss right: a sum over the samples with F.relu, shape [1]-free
def margin_loss(v_max, labels, margin):
    losses = []
    for row, label in zip(v_max, labels):
        aim = torch.full_like(row, 1 - margin)
        aim[label] = 1 + margin
        side = torch.full_like(row, -1.0)
        side[label] = 1.0
        losses.append(F.relu(side * (aim - row)).pow(2).sum())
    return torch.stack(losses).mean()


# %% 07.order_detector wrong: strings
def order_detector(gap):
    return "1.2", "minus one"


# %% 07.order_detector wrong: three weights
def order_detector(gap):
    return 1.3, -1.5, 0.0


# %% 07.order_detector wrong: the inhibition is far too strong and on the wrong input
def order_detector(gap):
    w_a, w_b = -20.0, 5.0
    return w_a, w_b


# %% 07.order_detector right: a row of 0-d tensors
def order_detector(gap):
    return tuple(torch.tensor([1.3, -1.5], dtype=torch.float64))
