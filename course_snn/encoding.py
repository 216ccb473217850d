"""Encoders: from numbers to spike trains.

Every encoder is used the same way: ``encoder(x)`` takes what to encode, ``encoder.step()`` gives the spikes
of one time step, ``encoder.spike_train(x, T)`` gives all of them at once as [T, …]. Spikes are bool.
"""

import torch

from course_snn import unrolling
from course_snn.arguments import finite, unit_range, whole
from course_snn.state import Stateful
from course_snn.tuning import tuning_curves, tuning_times


class Encoder(Stateful):
    """Base of all encoders.

    A new encoder that draws each step afresh writes ``draw(x)``; one that lays out a whole train first is a
    ``TrainEncoder`` and writes ``encode(x)``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.declare("x", None)

    def draw(self, x: torch.Tensor) -> torch.Tensor:
        """Return one time step of bool spikes for ``x``, same shape as ``x``."""
        raise NotImplementedError(f"{type(self).__name__} must define draw(x): one time step of spikes for x.")

    def check(self, x: torch.Tensor) -> None:
        """Raise an error if ``x`` cannot be encoded; called once for each new ``x``."""
        finite(type(self).__name__, x)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Take ``x`` and return the spikes of its first time step."""
        self.check(x)
        self.x = x
        return self.step()

    def step(self) -> torch.Tensor:
        """Return the spikes of the next time step."""
        if self.x is None:
            raise RuntimeError(f"nothing to encode yet: call {type(self).__name__}'s encoder(x) before step().")
        return self.draw(self.x)

    def spike_train(self, x: torch.Tensor, T: int) -> torch.Tensor:
        """Return ``T`` time steps of spikes for ``x`` at once, bool, [T, …]."""
        whole("T", T, at_least=1)
        self.reset()
        return torch.stack([self(x)] + [self.step() for _ in range(T - 1)])


class ConstantEncoder(Encoder):
    """Spike in every step where x > 0, never elsewhere."""

    def draw(self, x: torch.Tensor) -> torch.Tensor:
        return x > 0


class PoissonEncoder(Encoder):
    """Rate code: in each step spike with probability x, independently of all other steps.

        s = u < x,   u uniform on [0, 1)

    This is the Bernoulli approximation of a Poisson train: over T steps the count has mean T·x and variance
    T·x(1 - x). x is a floating-point tensor in [0, 1]: 0 never fires, 1 always does. u has at least 32 bits, since
    sixteen cannot tell small rates apart.
    """

    def check(self, x: torch.Tensor) -> None:
        unit_range("PoissonEncoder", x)

    def draw(self, x: torch.Tensor) -> torch.Tensor:
        return torch.rand_like(x, dtype=torch.promote_types(x.dtype, torch.float32)) < x


class TrainEncoder(Encoder):
    """Base of the encoders that lay out a whole train ``out_spike`` [T, …] and play it over and over.

    ``encoder(x)`` lays out the train and returns it; ``step()`` then returns out_spike[0], out_spike[1], …,
    and starts again after the last. A new encoder writes ``encode(x)``.

    Inside ``functional.unroll`` a still input x [N, …] becomes ``spike_train(x, T)``: each unroll lays out a new train
    and plays it from its first step, whether or not the encoder was reset before.
    """

    _during: object = None  # the pass of an unroll, in which each call is one step, that the train was laid out in

    def __init__(self) -> None:
        super().__init__()
        self.declare("out_spike", None)
        self.declare("index", 0)

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        """Return the whole train for ``x``, bool, [T, …]."""
        raise NotImplementedError(f"{type(self).__name__} must define encode(x): the whole train [T, …].")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        now = unrolling.stepping()
        if now is None:
            return self._lay_out(x)
        if now is not self._during:
            self._during = now
            self._lay_out(x)
        self._stands_still(torch.equal(x, self.x))
        return self.step()

    def still(self, x: torch.Tensor, T: int) -> torch.Tensor:
        """Return ``spike_train(x, T)`` and stand where ``T`` calls of ``step()`` would: unroll asks for it."""
        train = self._lay_out(x)
        self.index = T % len(train)
        return played(train, T)

    def sequence(self, x_seq: torch.Tensor) -> torch.Tensor:
        """Return ``still(x, T)`` for a sequence [T, N, …] that holds the same x at each step.

        Raises:
            ValueError: the input changes from step to step.
        """
        train = self.still(x_seq[0], len(x_seq))
        self._stands_still((x_seq == x_seq[:1]).all())
        return train

    def _lay_out(self, x: torch.Tensor) -> torch.Tensor:
        self.check(x)
        self.x, self.out_spike, self.index = x, self.encode(x), 0
        return self.out_spike

    def _stands_still(self, same: bool | torch.Tensor) -> None:
        if not same:
            raise ValueError(
                f"{type(self).__name__} lays out one whole train for an input that stands still, but this input "
                "changes from step to step: give a still x [N, …] with the number of steps, unroll(net, x, T=…)."
            )

    def step(self) -> torch.Tensor:
        """Return out_spike[index] and move index on by one, back to 0 after the last."""
        if self.out_spike is None:
            raise RuntimeError(f"nothing to play yet: call {type(self).__name__}'s encoder(x) before step().")
        spike = self.out_spike[self.index]
        self.index = (self.index + 1) % len(self.out_spike)
        return spike

    def spike_train(self, x: torch.Tensor, T: int | None = None) -> torch.Tensor:
        """Return the train for ``x``, bool, [T, …]; with ``T`` it is cut or repeated to that many steps."""
        return played(self(x), T)


class PeriodicEncoder(TrainEncoder):
    """Play a given train over and over: out_spike[0], …, out_spike[T-1], out_spike[0] …, one step a call.

    Args:
        out_spike: the train, bool, [T, …] with T ≥ 1.
    """

    def __init__(self, out_spike: torch.Tensor) -> None:
        super().__init__()
        self.set_out_spike(out_spike)

    def set_out_spike(self, out_spike: torch.Tensor) -> None:
        """Play ``out_spike`` (bool, [T, …]) from now on, from its first step."""
        if not torch.is_tensor(out_spike) or out_spike.dtype != torch.bool:
            raise TypeError("out_spike must be a bool tensor [T, …]; turn 0/1 numbers into spikes with .bool().")
        if out_spike.dim() == 0 or len(out_spike) == 0:
            raise ValueError(f"out_spike needs at least one time step, got shape {tuple(out_spike.shape)}.")
        self.declare("out_spike", out_spike)
        self.declare("index", 0)

    still, sequence = Encoder.still, Encoder.sequence  # the train goes on from call to call, whatever the input

    def forward(self, x=None) -> torch.Tensor:
        """Return the next step of the train; no input is needed."""
        return self.step()

    def spike_train(self, x=None, T: int | None = None) -> torch.Tensor:
        """Return one period, or ``T`` steps, from the start, bool, [T, …]."""
        return played(self.out_spike, T)


class LatencyEncoder(TrainEncoder):
    """Time code: the stronger the input, the earlier its one spike.

        linear:  t = round((T - 1)(1 - x))
        log:     t = round((T - 1) - ln(αx + 1)),  α = e^(T-1) - 1

    The log form is computed as -ln(x + (1 - x) e^-(T-1)), which never overflows. Halves round to even.

    Args:
        max_spike_time: number of time steps T ≥ 1; the latest spike is at T - 1.
        function_type: "linear" or "log".

    Shapes:
        ``encoder(x)``: x […], floating point in [0, 1] -> out_spike [T, …]; ``spike_time`` […], int64.
    """

    def __init__(self, max_spike_time: int, function_type: str = "linear") -> None:
        super().__init__()
        self.max_spike_time = whole("max_spike_time", max_spike_time, at_least=1)
        if function_type not in ("linear", "log"):
            raise ValueError(f'function_type must be "linear" or "log", got {function_type!r}.')
        self.function_type = function_type
        self.declare("spike_time", None)

    def check(self, x: torch.Tensor) -> None:
        unit_range("LatencyEncoder", x)

    def times(self, x: torch.Tensor) -> torch.Tensor:
        """Return the step of each spike, int64, of the shape of ``x``."""
        self.check(x)
        last = self.max_spike_time - 1
        if self.function_type == "linear":
            time = last * (1 - x)
        else:
            x = x.double()
            time = -torch.logaddexp(x.log(), torch.log1p(-x) - last)
        return time.round().long()

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        self.spike_time = self.times(x)
        return one_spike(self.spike_time, self.max_spike_time)


class GaussianTuningCurveEncoder(TrainEncoder):
    """Population code: m neurons with bell-shaped tuning curves share one value; the nearer, the earlier.

        t_j = round(L (1 - g_j(x))) with L = T - 1 and g_j of ``tuning.tuning_curves``

    A neuron whose t_j is L, the last step of the train, does not fire. (``event_driven.GaussianTuning`` makes no train
    and takes L = T.)

    Args:
        x_min, x_max: range of the data, floats or tensors [M] for M features.
        tuning_curve_num: number m ≥ 3 of neurons for each feature.
        max_spike_time: number of time steps T ≥ 2.

    Shapes:
        ``encoder(x)``: x [N, M] -> out_spike [T, N, M, m]; ``spike_time`` [N, M, m], int64, -1: no spike.

    Source: Bohte, Kok & La Poutré 2002, Neurocomputing 48.
    """

    mu: torch.Tensor
    sigma: torch.Tensor
    spike_time: torch.Tensor | None

    def __init__(self, x_min, x_max, tuning_curve_num: int, max_spike_time: int) -> None:
        super().__init__()
        self.tuning_curve_num = whole("tuning_curve_num", tuning_curve_num, at_least=3)
        self.max_spike_time = whole("max_spike_time", max_spike_time, at_least=2)
        mu, sigma = tuning_curves(x_min, x_max, tuning_curve_num)
        self.register_buffer("mu", mu)  # [M, m] or [m]
        self.register_buffer("sigma", sigma)  # [M] or []
        self.declare("spike_time", None)

    def check(self, x: torch.Tensor) -> None:
        finite("GaussianTuningCurveEncoder", x)
        features = self.sigma.numel() if self.sigma.dim() else None
        if x.dim() != 2 or features not in (None, x.shape[1]):
            wanted = "[N, M]" if features is None else f"[N, {features}]"
            raise ValueError(f"GaussianTuningCurveEncoder encodes x of shape {wanted}, got {tuple(x.shape)}.")

    def encode(self, x: torch.Tensor) -> torch.Tensor:
        self.spike_time = tuning_times(x, self.mu, self.sigma, self.max_spike_time - 1)
        return one_spike(self.spike_time, self.max_spike_time)


def played(train: torch.Tensor, T: int | None = None) -> torch.Tensor:
    """Return ``train`` [T, …], cut or repeated to ``T`` steps if that is given."""
    T = len(train) if T is None else whole("T", T, at_least=1)
    return train[torch.arange(T, device=train.device) % len(train)]


def one_spike(time: torch.Tensor, T: int) -> torch.Tensor:
    """Return the train [T, …] with one spike at ``time`` […], or none where that is not in 0 … T-1."""
    steps = torch.arange(T, device=time.device).reshape(T, *[1] * time.dim())
    return steps == time
