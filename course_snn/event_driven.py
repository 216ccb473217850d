"""Event-driven: numbers as spike times, and a neuron whose voltage is known at any time without stepping there."""

import math

import torch
from torch import nn
from torch.nn import functional as F

from course_snn.arguments import finite, keep, number, whole
from course_snn.tuning import tuning_curves, tuning_times


class GaussianTuning(nn.Module):
    """Population code: each value is told by m neurons with bell-shaped tuning curves; the nearer, the earlier.

        t_j = round(L (1 - g_j(x))) with L = T = ``max_spike_time`` (``tuning.tuning_times``)

    and the curves g_j of ``tuning.tuning_curves``. A neuron whose t_j is T does not fire (-1), so the latest spike is
    at T - 1, the last step of a ``Tempotron`` of T steps.

    Args:
        n: number of features.
        m: number of neurons for each value, at least 3.
        x_min, x_max: range of each feature, tensors [n], or floats that hold for all.

    Source: Bohte, Kok & La Poutré 2002, Neurocomputing 48.
    """

    mu: torch.Tensor
    sigma: torch.Tensor

    def __init__(self, n: int, m: int, x_min: torch.Tensor | float, x_max: torch.Tensor | float) -> None:
        super().__init__()
        self.n, self.m = whole("n", n, at_least=1), whole("m", m, at_least=3)
        ends = []
        for name, end in (("x_min", x_min), ("x_max", x_max)):
            end = torch.as_tensor(end)
            if end.shape not in ((), (n,)):
                raise ValueError(
                    f"{name} must be a number or a tensor [{n}], one end of the range for each feature; "
                    f"got the shape {list(end.shape)}."
                )
            ends.append(end.expand(n))
        mu, sigma = tuning_curves(*ends, m)
        self.register_buffer("mu", mu)  # [n, m]
        self.register_buffer("sigma", sigma)  # [n]

    def encode(self, x: torch.Tensor, max_spike_time: int = 50) -> torch.Tensor:
        """Return the spike times [N, n, k, m] (int64, -1: no spike) of ``x`` [N, n, k], k values of each feature."""
        finite("GaussianTuning", x)
        T = whole("max_spike_time", max_spike_time, at_least=1)
        if x.dim() != 3 or x.shape[1] != self.n:
            raise ValueError(f"GaussianTuning encodes x of shape [N, {self.n}, k], got {list(x.shape)}.")
        return tuning_times(x, self.mu[:, None], self.sigma[:, None], T)

    forward = encode


Number = float | torch.Tensor


def peak_time(tau: Number, tau_s: Number) -> Number:
    """Return the time after a spike at which its potential peaks: t* = τ τ_s ln(τ/τ_s) / (τ - τ_s)."""
    ratio = tau / tau_s
    log = torch.log(ratio) if torch.is_tensor(ratio) else math.log(ratio)
    return tau * tau_s * log / (tau - tau_s)


def _exp(x: Number) -> Number:
    return torch.exp(x) if torch.is_tensor(x) else math.exp(x)


def psp_scale(tau: Number, tau_s: Number) -> Number:
    """Return V₀ = 1 / (exp(-t*/τ) - exp(-t*/τ_s)), which makes the potential of a spike peak at exactly 1."""
    t = peak_time(tau, tau_s)
    return 1 / (_exp(-t / tau) - _exp(-t / tau_s))


def psp_kernel(t: torch.Tensor, tau: Number, tau_s: Number) -> torch.Tensor:
    """Return the postsynaptic potential K(t) of a spike at time 0: a quick rise to 1, then a slow decay.

        K(t) = V₀ (exp(-t/τ) - exp(-t/τ_s)) for t ≥ 0, and 0 before the spike

    Args:
        t: time since the spike, any shape.
        tau: membrane time constant τ.
        tau_s: time constant τ_s of the synaptic current, below τ.

    Source: Gütig & Sompolinsky 2006, Nature Neuroscience 9.
    """
    t = t.clamp(min=0)  # K(0) = 0
    return psp_scale(tau, tau_s) * (torch.exp(-t / tau) - torch.exp(-t / tau_s))


class Tempotron(nn.Module):
    """Neurons that answer whether their voltage reaches the threshold at any time, and learn when it should.

        V(t) = Σ_i w_i K(t - t_i),  K = ``psp_kernel``,  t = 0 … T-1
        V_max = V(t_max) = max_t V(t),  ∂V_max/∂w_i = K(t_max - t_i)

    No step depends on the one before. The spikes are sorted into a sparse matrix, a row for each time, a column for
    each input; times the weights it gives what arrives at each time, and one product with the kernel gives V at all
    times. Memory grows with the number of spikes, not with inputs × T.

    Args:
        in_features: number of inputs, each with at most one spike.
        out_features: number of neurons.
        T: number of time steps.
        tau: membrane time constant τ, in steps; an ``nn.Parameter`` is learnt, as in what follows.
        tau_s: time constant τ_s of the synaptic current, 0 < τ_s < τ.
        v_threshold: voltage at which a neuron fires, a number or a tensor [out_features].

    Shapes:
        in_spikes [N, in_features]: times, whole or not; below 0: no spike; from T on: too late to matter.
        "v" -> V, [N, out_features, T]; "v_max" -> [N, out_features]; "spikes" -> t_max where the threshold is
        reached, else -1, [N, out_features], with the gradient of Σ_t t softmax(V)_t.

    Raises:
        TypeError, ValueError: spikes that are no tensor [N, in_features], NaN among them, or another ``ret_type``.

    Source: Gütig & Sompolinsky 2006, Nature Neuroscience 9; all times at once as in SpikingFlow (2020).
    """

    tau: float | torch.Tensor
    tau_s: float | torch.Tensor
    v_threshold: float | torch.Tensor

    def __init__(
        self,
        in_features: int,
        out_features: int,
        T: int,
        tau: float = 15.0,
        tau_s: float = 3.75,
        v_threshold: float = 1.0,
    ) -> None:
        super().__init__()
        self.in_features = whole("in_features", in_features, at_least=1)
        self.out_features = whole("out_features", out_features, at_least=1)
        self.T = whole("T", T, at_least=1)
        for name, value in (("tau_s", tau_s), ("tau", tau)):
            keep(self, name, number(name, value, above=0))
            if torch.is_tensor(value) and value.dim():
                raise ValueError(f"{name} is one number for all neurons, got the shape {tuple(value.shape)}.")
        if not self.tau > self.tau_s:
            raise ValueError(
                f"tau must be greater than {float(tau_s):g}, the tau_s of the current; got {float(tau):g}."
            )
        keep(self, "v_threshold", number("v_threshold", v_threshold, above=0))
        self.weight = nn.Parameter(torch.empty(out_features, in_features))
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))  # as nn.Linear

    psp_kernel = staticmethod(psp_kernel)

    def forward(self, in_spikes: torch.Tensor, ret_type: str = "v_max") -> torch.Tensor:
        if ret_type not in ("v", "v_max", "spikes"):
            raise ValueError(f'ret_type must be "v", "v_max" or "spikes", got {ret_type!r}.')
        v = self.voltage(in_spikes)
        if ret_type == "v":
            return v
        v_max, t_max = v.max(2)
        if ret_type == "v_max":
            return v_max
        soft = v.softmax(2) @ torch.arange(self.T, dtype=v.dtype, device=v.device)
        time = t_max + (soft - soft.detach())  # the value of t_max, the gradient of soft
        return torch.where(v_max >= self.v_threshold, time, -1.0)

    def voltage(self, in_spikes: torch.Tensor) -> torch.Tensor:
        """Return V(t) at t = 0 … T-1, [N, out_features, T], for the spike times [N, in_features]."""
        self.check(in_spikes)
        t = torch.arange(self.T, dtype=self.weight.dtype, device=in_spikes.device)
        since = t - t[:, None]  # [arrival, t]
        if not in_spikes.is_floating_point():
            return self.arriving(in_spikes) @ psp_kernel(since, self.tau, self.tau_s)
        v, scale = 0.0, psp_scale(self.tau, self.tau_s)
        for tau, sign in ((self.tau, 1), (self.tau_s, -1)):  # each exponential decays from spike to step by itself
            decay = torch.exp(-since.clamp(min=0) / tau) * (since >= 0)
            v = v + sign * scale * self.arriving(in_spikes, tau) @ decay
        return v

    def arriving(self, in_spikes: torch.Tensor, tau: Number | None = None) -> torch.Tensor:
        """Return the sum of weights whose spikes arrive at each step, [N, out_features, T].

        A spike between two steps arrives at the later one, decayed with time constant ``tau`` on the way.
        """
        n, i = ((in_spikes >= 0) & (in_spikes <= self.T - 1)).nonzero(as_tuple=True)
        time = in_spikes[n, i]
        step = time.ceil().long()
        share = torch.ones_like(time, dtype=self.weight.dtype) if tau is None else torch.exp((time - step) / tau)
        where, size = torch.stack([n * self.T + step, i]), (len(in_spikes) * self.T, self.in_features)
        with torch.sparse.check_sparse_tensor_invariants(enable=False):  # they hold; checking takes as long as the rest
            spikes = torch.sparse_coo_tensor(where, share, size)
        return (spikes @ self.weight.t()).reshape(-1, self.T, self.out_features).transpose(1, 2)

    def check(self, in_spikes: torch.Tensor) -> None:
        """Raise an error unless ``in_spikes`` holds spike times [N, in_features]."""
        if not torch.is_tensor(in_spikes) or in_spikes.dtype == torch.bool:
            kind = in_spikes.dtype if torch.is_tensor(in_spikes) else type(in_spikes).__name__
            raise TypeError(f"Tempotron takes a tensor of spike times, got {kind}; a time below 0 means no spike.")
        if in_spikes.dim() != 2 or in_spikes.shape[1] != self.in_features:
            raise ValueError(
                f"Tempotron takes spike times [N, {self.in_features}], got {list(in_spikes.shape)}: flatten "
                "all dimensions after the first, for example times.flatten(1)."
            )
        if in_spikes.is_floating_point() and in_spikes.isnan().any():
            raise ValueError("Tempotron got NaN among the spike times; for an input without a spike write -1.")

    @staticmethod
    def mse_loss(v_max: torch.Tensor, v_threshold, label: torch.Tensor, num_classes: int) -> torch.Tensor:
        """Return the squared distance to the threshold of the neurons that answer wrongly, summed, per sample.

            E = 1/N Σ_n Σ_c [(V_max ≥ V_th) ≠ (c = label)] (V_max - V_th)²

        Neuron c should reach the threshold for class c alone; whoever does right adds nothing and learns nothing.

        Args:
            v_max: highest voltages, [N, num_classes].
            v_threshold: threshold, a number or a tensor [N, num_classes].
            label: classes, int64 [N].
            num_classes: number of classes.

        Raises:
            ValueError: ``v_max`` of another shape.
        """
        if v_max.shape != (len(label), num_classes):
            raise ValueError(f"v_max must be [N = {len(label)}, num_classes = {num_classes}], got {list(v_max.shape)}.")
        wrong = (v_max >= v_threshold) != F.one_hot(label, num_classes).bool()
        return ((v_max - v_threshold) * wrong).square().sum() / len(label)
