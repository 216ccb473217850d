"""The current-based LIF neuron (CLIF): every input is a difference of two exponentials, every spike a falling one.

Over a whole sequence it is a filter of the input, then a leaky neuron with a soft reset, which the kernel has. With
P = M - S, and E written through it as E[t] = P[t] - V[t]:

    V[t] = a_m (V[t-1] - θ/a_m s[t-1]) + X[t],    X[t] = P[t] - a_m P[t-1]
"""

import functools
import math
from typing import Any, cast

import torch

from course_snn import kernel
from course_snn.arguments import keep, number, one_number
from course_snn.kernel.filters import two_filters
from course_snn.membrane import Neuron
from course_snn.surrogate import Surrogate

BLOCK = 16  # steps that one matrix takes, so that T steps cost T times as much (measured: longer is slower)
SHORTEST = 0.3  # a_m below which the rounding of θ/a_m would show


class CLIFNode(Neuron):
    """Current-based leaky integrate and fire: a pulse makes a smooth PSP, a spike leaves a trace that pulls V down.

        M ← a_p M + V0 x,   S ← a_q S + V0 x,   V = M - S - E,   s = H(V - θ),   E ← a_m E + θ s,   a_* = exp(-dt/τ_*)

    E acts from the next step on, and there is no other reset; the gradient passes through s into E unless
    ``detach_reset``. V0 makes 1 the peak of the PSP of a pulse x = 1, at t = ln(τ_p/τ_q) τ_p τ_q / (τ_p - τ_q) after
    it, in continuous time. The steps are samples of that PSP, so they reach the peak where it falls on a step; else the
    highest is less than 1, by about dt²/(8 τ_p τ_q) at most (0.13 % by default).

    Under ``unroll`` it is computed in one pass where τ, θ and V0 are numbers: spikes, states and gradients are those of
    stepping up to rounding, so a V that lies on the threshold to the last digits may decide differently.

    Args:
        tau_m: time constant of E, in ms.
        tau_p: time constant of M: how slowly a PSP falls, in ms, above ``tau_q``.
        tau_q: time constant of S: how slowly a PSP rises, in ms.
        v_threshold: threshold voltage θ, and what a spike adds to E.
        V0: factor of the input; None: b^(b/(b-1)) / (b-1) with b = τ_p/τ_q, of the values that are given here (6.75
            for 12 and 8); it stays when these change.
        surrogate: the derivative of a spike in the backward pass; ``Sigmoid()`` when not given.
        dt: length of a step in ms; a plain attribute, which may be changed.
        detach_reset: if True, no gradient flows back through E.

    All but ``dt`` may be a tensor with a value for each neuron, or an ``nn.Parameter``, which is learnt.

    Raises:
        ValueError: tau_p not above tau_q, or what ``Neuron`` refuses.

    Source: Gu, Xiao, Pan & Tang, STCA (IJCAI 2019), with the two time constants of SPAIC's ``clif``; Gütig &
    Sompolinsky 2006, Nature Neuroscience 9, for the PSP.
    """

    tau_m: float | torch.Tensor
    tau_p: float | torch.Tensor
    tau_q: float | torch.Tensor
    V0: float | torch.Tensor
    m: float | torch.Tensor
    s: float | torch.Tensor
    e: float | torch.Tensor

    def __init__(
        self,
        tau_m: float | torch.Tensor = 20.0,
        tau_p: float | torch.Tensor = 12.0,
        tau_q: float | torch.Tensor = 8.0,
        v_threshold: float | torch.Tensor = 1.0,
        V0: float | torch.Tensor | None = None,
        surrogate: Surrogate | None = None,
        dt: float = 1.0,
        detach_reset: bool = False,
    ) -> None:
        super().__init__(v_threshold, None, surrogate, detach_reset)
        tau_p, tau_q = number("tau_p", tau_p, above=0), number("tau_q", tau_q, above=0)
        _check_order(tau_p, tau_q)
        keep(self, "tau_m", number("tau_m", tau_m, above=0))
        keep(self, "tau_p", tau_p)
        keep(self, "tau_q", tau_q)
        keep(self, "V0", number("V0", unit_gain(tau_p, tau_q) if V0 is None else V0, above=0))
        self.dt = one_number("dt", dt, above=0)
        for name in "mse":
            self.declare(name, 0.0)

    @property
    def v_floor(self) -> float:
        return -math.inf  # nothing starts again from a reset

    def decays(self) -> tuple[float | torch.Tensor, ...]:
        """Return a_m, a_p, a_q: what a step leaves of E, M and S."""
        taus = self.tau_m, self.tau_p, self.tau_q
        return tuple(torch.exp(-self.dt / t) if torch.is_tensor(t) else math.exp(-self.dt / t) for t in taus)

    def charge(self, v: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        (_, a_p, a_q), x_in = self.decays(), self.V0 * x
        self.m = a_p * self.state("m", like=x) + x_in
        self.s = a_q * self.state("s", like=x) + x_in
        return self.m - self.s - self.state("e", like=x)

    def after_spike(self, v: torch.Tensor, spike: torch.Tensor) -> torch.Tensor:
        a_m, *_ = self.decays()
        self.e = a_m * self.state("e", like=v) + self.jump * (spike.detach() if self.detach_reset else spike)
        return v

    def fused(self) -> tuple[str, float | torch.Tensor]:
        return "rif", self.decays()[0] - 1  # of what comes out of the filter

    def in_one_pass(self, x_seq: torch.Tensor, T: int | None = None, pool: bool = False) -> torch.Tensor | None:
        numbers: Any = self.V0, *self.decays()
        a_m = numbers[1]
        if pool or not all(isinstance(n, float) for n in numbers) or a_m < SHORTEST:
            return None  # pooling keeps no spikes, but the last ones lead to V
        if not kernel.fits(self, x_seq) or not _multiplies_exactly(x_seq.device):
            return None
        m, s, e, _ = (self.state(name, like=x_seq[0]) for name in ("m", "s", "e", "v"))
        drive, self.m, self.s = filtered(x_seq, m, s, len(x_seq) if T is None else T, numbers)
        theta, jump = cast("float", self.v_threshold), cast("float", self.jump) / a_m  # as fits has seen
        how = theta, None, self.surrogate, self.detach_reset
        spikes, left = kernel.run(drive, m - s - e / a_m, *self.fused(), *how, jump=jump)
        self.e = a_m * (self.m - self.s - left)
        self.v = left + jump * (spikes[-1].detach() if self.detach_reset else spikes[-1])
        return spikes


def unit_gain(tau_p: float | torch.Tensor, tau_q: float | torch.Tensor):
    """Return V0 = b^(b/(b-1)) / (b-1), b = τ_p/τ_q, with which V0 (exp(-t/τ_p) - exp(-t/τ_q)) has its peak at 1."""
    b = tau_p / tau_q
    gain = b ** (b / (b - 1)) / (b - 1)
    return gain.detach() if torch.is_tensor(gain) else gain


def _check_order(tau_p: float | torch.Tensor, tau_q: float | torch.Tensor) -> None:
    above = torch.as_tensor(tau_p) - torch.as_tensor(tau_q)
    if (above == 0).any():
        raise ValueError(
            f"tau_p and tau_q are equal ({tau_p}): M - S would always be 0. The limit is the alpha function "
            "t exp(-t/τ), which this neuron does not have; give them a small distance."
        )
    if (above < 0).any():
        raise ValueError(f"tau_p, by which a PSP falls, must be above tau_q, by which it rises; got {tau_p}, {tau_q}.")


def _multiplies_exactly(device: torch.device) -> bool:
    """Whether a product of float32 matrices is one, not one of shorter numbers (TF32, bf16), as may be chosen."""
    backend: Any = torch.backends.cuda if device.type == "cuda" else torch.backends.mkldnn
    return backend.matmul.fp32_precision in ("none", "ieee")


def filtered(
    x_seq: torch.Tensor, m: torch.Tensor, s: torch.Tensor, T: int, numbers: tuple[float, ...]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return X[t] = P[t] - a_m P[t-1] of ``T`` steps, and M and S after them; compiled on the CPU.

    Args:
        x_seq: input [T, N, …], or [1, N, …] of a still one.
        m: M before the first step, [N, …]. s: S.
        T: number of steps.
        numbers: V0, a_m, a_p, a_q.

    Shapes:
        returns [T, N, …], [N, …], [N, …]; they lie in memory as the input does (channels last).
    """
    by_matrices = functools.partial(filtered_by_matrices, T=T, numbers=numbers)
    if x_seq.is_cpu and x_seq.dtype == m.dtype == s.dtype == torch.float32 and kernel.available():
        return two_filters(x_seq, m, s, T, numbers, by_matrices)
    return by_matrices(x_seq, m, s)


def filtered_by_matrices(
    x_seq: torch.Tensor, m: torch.Tensor, s: torch.Tensor, T: int, numbers: tuple[float, ...]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return what ``filtered`` does, block by block of steps, each a product with a matrix.

    Args:
        x_seq, m, s, T, numbers: as in ``filtered``.

    Shapes:
        as in ``filtered``.
    """
    order = sorted(range(1, x_seq.dim()), key=x_seq.stride, reverse=True)
    back = [1 + order.index(d) for d in range(1, x_seq.dim())]
    as_rows = x_seq.permute(0, *order)
    x, state = as_rows.flatten(1), torch.stack([m, s]).permute(0, *order).flatten(1)  # [T or 1, width], [2, width]
    still, parts = len(x) == 1, []
    with torch.autocast(x.device.type, enabled=False):
        for now in [x] * math.ceil(T / BLOCK) if still else x.split(BLOCK):
            steps = min(BLOCK, T - BLOCK * len(parts))
            by = matrix(steps, still, numbers, x.device)
            part, state = (by @ torch.cat([now, state])).split([steps, 2])
            parts.append(part)
    drive, state = (
        y.unflatten(1, as_rows.shape[1:]).permute(0, *back)
        for y in (torch.cat(parts) if len(parts) > 1 else parts[0], state)
    )
    return drive, state[0], state[1]


@functools.lru_cache(64)
def matrix(steps: int, still: bool, numbers: tuple[float, ...], device: torch.device) -> torch.Tensor:
    """Return what takes the input of all steps, M and S to X of all steps, and M and S after them.

    Shapes:
        [steps + 2, steps + 2]; [steps + 2, 3] of a still input, the same at each step.
    """
    V0, a_m, a_p, a_q = numbers
    with torch.inference_mode(False), torch.no_grad():  # it is kept
        t = torch.arange(steps + 1, dtype=torch.float64, device="cpu")  # row 0 is the time before the first step
        lag, none = t[:, None] - t[1:], torch.zeros(steps + 1, 1, dtype=torch.float64, device="cpu")
        by_p, by_q = (torch.where(lag >= 0, V0 * a ** lag.clamp(min=0), 0.0) for a in (a_p, a_q))
        m = torch.cat([by_p, (a_p**t)[:, None], none], 1)
        s = torch.cat([by_q, none, (a_q**t)[:, None]], 1)
        p = m - s
        whole = torch.cat([p[1:] - a_m * p[:-1], m[-1:], s[-1:]])
        if still:
            whole = torch.cat([whole[:, :steps].sum(1, keepdim=True), whole[:, steps:]], 1)
        return whole.to(device, torch.float32)
