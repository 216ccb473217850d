"""Learning without labels: neurons that compete for each sample, and STDP for the one that wins.

The layer is the network of Diehl & Cook (2015), simplified: the neurons and the synapses have no conductances, the
second population that carried the inhibition is one line of code, and STDP reads the trace before the synapse only.
"""

import functools

import torch
import torch.nn.functional as F

from course_snn.arguments import one_number, unit_range, whole
from course_snn.kernel.threads import in_parallel
from course_snn.learning import Traces
from course_snn.state import Stateful
from course_snn.synapse import as_float_spikes


class WinnerTakeAll(Stateful):
    """Leaky neurons with adaptive thresholds that inhibit each other and learn what they respond to.

    One time step of one sample, with s the spikes that come in:

        x ← x - x/τ_pre + s                          the trace before the synapses
        v ← v - v/τ + W s                            every neuron integrates
        j = argmax(v - θ) spikes if v_j - θ_j ≥ v_threshold, and then
            θ_j ← θ_j + θ_plus                       homeostasis: who wins will find it harder
            w_j ← clip(w_j + η (x - x_target), 0, 1) STDP: active inputs up, silent ones down
            v ← 0                                    lateral inhibition: everybody starts again

    and after each sample

        w_j ← w_j · w_sum / Σ_i w_ji                 for all j that have spiked
        θ ← θ - θ/τ_θ

    Without inhibition every neuron above its threshold spikes, learns and starts again on its own. Learning takes
    the samples one after another; ``eval()`` and ``respond`` leave weights and thresholds as they are. ``reset()``
    forgets v and x, that is, the sample; what has been learnt stays.

    Args:
        in_features: number of inputs.
        out_features: number of neurons.
        tau: time constant τ ≥ 1 of the neurons, in steps.
        tau_pre: time constant τ_pre ≥ 1 of the trace, in steps.
        v_threshold: threshold without adaptation.
        theta_plus: what a spike adds to the threshold of its neuron, θ_plus ≥ 0.
        tau_theta: time constant τ_θ ≥ 1 of the adaptation, in samples.
        learning_rate: η.
        x_target: trace at which a weight stays as it is.
        w_sum: sum of the weights of each neuron; 0.1 · in_features when not given.
        inhibition: if False, the neurons do not compete.

    Shapes:
        one step: s [in] -> spikes [out], bool; ``learn`` and ``respond``: [T, N, in] -> [N, out], int64.
        ``weight`` [out, in] and ``theta`` [out] are plain tensors.

    Source: Diehl & Cook 2015, Frontiers in Computational Neuroscience 9:99, simplified.
    """

    weight: torch.Tensor
    theta: torch.Tensor

    def __init__(
        self,
        in_features: int,
        out_features: int,
        tau: float = 50.0,
        tau_pre: float = 10.0,
        v_threshold: float = 10.0,
        theta_plus: float = 0.2,
        tau_theta: float = 1e5,
        learning_rate: float = 0.01,
        x_target: float = 0.3,
        w_sum: float | None = None,
        inhibition: bool = True,
    ) -> None:
        super().__init__()
        self.in_features = whole("in_features", in_features, at_least=1)
        self.out_features = whole("out_features", out_features, at_least=1)
        self.tau = one_number("tau", tau, at_least=1)
        self.v_threshold = one_number("v_threshold", v_threshold, above=0)
        self.theta_plus = one_number("theta_plus", theta_plus, at_least=0)
        self.tau_theta = one_number("tau_theta", tau_theta, at_least=1)
        self.learning_rate = one_number("learning_rate", learning_rate, at_least=0)
        self.x_target = one_number("x_target", x_target, at_least=0)
        self.w_sum = 0.1 * in_features if w_sum is None else one_number("w_sum", w_sum, above=0)
        self.inhibition = inhibition
        self.traces = Traces(tau_pre, tau_pre, learning_rate, torch.ones_like, gated=True)  # x only, y is not used
        weight = torch.rand(in_features, out_features).t()  # laid out input by input, as the spikes need it
        self.register_buffer("weight", weight)
        self.register_buffer("theta", torch.zeros(out_features))
        self.declare("v", 0.0)
        self._normalise(range(out_features))

    @torch.no_grad()
    def forward(self, s: torch.Tensor) -> torch.Tensor:
        s = as_float_spikes("WinnerTakeAll", s).to(self.weight.dtype)
        if s.shape != (self.in_features,):
            raise ValueError(
                f"WinnerTakeAll takes one time step of one sample, [{self.in_features}], got {tuple(s.shape)}; "
                "give whole samples [T, N, in] to learn() or respond()."
            )
        if self.training:
            self.traces.see_pre(s)
        self.v = self._integrate(s)
        spikes = self._compete()
        if self.training:
            for j in spikes.nonzero()[:, 0]:
                self.theta[j] += self.theta_plus
                change = self.learning_rate * (self.traces.trace_pre - self.x_target)
                self.weight[j] = (self.weight[j] + change).clamp(0, 1)
        return spikes

    def _integrate(self, s: torch.Tensor) -> torch.Tensor:
        """v - v/τ + W s, input by input: the spikes are few, and the order of a sum decides its last bit."""
        v = self.state("v", like=self.theta)
        v = v - v / self.tau
        for i in s.nonzero()[:, 0]:
            v = v + self.weight[:, i]
        return v

    def _compete(self) -> torch.Tensor:
        """Return who spikes, and set back who has to start again."""
        above = self.v - self.theta
        spikes = above >= self.v_threshold
        if not self.inhibition:
            self.v = self.v.masked_fill(spikes, 0.0)
        elif spikes.any():
            winner = above.argmax()
            spikes = torch.arange(self.out_features, device=winner.device) == winner
            self.v = torch.zeros_like(self.v)
        return spikes

    def _normalise(self, neurons) -> None:
        for j in neurons:
            total = self.weight[j].double().sum()
            if total > 0:
                self.weight[j] *= (self.w_sum / total).to(self.weight.dtype)

    def learn(self, spikes: torch.Tensor) -> torch.Tensor:
        """Show the samples one after another and learn from each; return how often each neuron spiked.

        Args:
            spikes: [T, N, in], bool or 0/1. Samples do not see each other's voltages and traces.

        Raises:
            TypeError: not a tensor.
            ValueError: another shape, or numbers other than 0 and 1.
        """
        return self._present(spikes, learning=True)

    def respond(self, spikes: torch.Tensor) -> torch.Tensor:
        """Show the samples without learning; return how often each neuron spiked.

        Args:
            spikes: [T, N, in], bool or 0/1.

        Raises:
            TypeError: not a tensor.
            ValueError: another shape, or numbers other than 0 and 1.
        """
        return self._present(spikes, learning=False)

    @torch.no_grad()
    def _present(self, spikes: torch.Tensor, learning: bool) -> torch.Tensor:
        if not torch.is_tensor(spikes) or spikes.dtype != torch.bool:
            spikes = as_float_spikes("WinnerTakeAll", spikes) != 0
        if spikes.dim() != 3 or spikes.shape[2] != self.in_features:
            raise ValueError(
                f"WinnerTakeAll shows samples [T, N, {self.in_features}], got {tuple(spikes.shape)}: "
                "time first, and images flattened."
            )
        counts = torch.zeros(spikes.shape[1], self.out_features, dtype=torch.int64, device=spikes.device)
        self.reset()
        if compiled() and self.weight.dtype == torch.float32 and self.weight.device.type == "cpu":
            self._present_compiled(spikes, counts, learning)
        else:
            self._present_stepped(spikes, counts, learning)
        return counts

    def _present_stepped(self, spikes: torch.Tensor, counts: torch.Tensor, learning: bool) -> None:
        """What the compiled loop computes, to be read: every sample, every step."""
        mode = self.training
        self.train(learning)
        for n in range(spikes.shape[1]):
            for s in spikes[:, n]:
                counts[n] += self(s)
            if learning:
                self._normalise(counts[n].nonzero()[:, 0])
                self.theta -= self.theta / self.tau_theta
            self.reset()
        self.train(mode)

    def _present_compiled(self, spikes: torch.Tensor, counts: torch.Tensor, learning: bool) -> None:
        """The same in one compiled loop; samples that are only looked at are shared out between the threads."""
        if not self.weight.t().is_contiguous():
            self.weight = self.weight.t().contiguous().t()
        arrays = spikes.contiguous().numpy(), self.weight.t().numpy(), self.theta.numpy(), counts.numpy()
        rates = self.learning_rate, self.x_target, self.theta_plus, self.tau_theta
        loop = compiled()
        numbers = tuple(map(loop.F, (self.tau, self.traces.tau_pre, self.v_threshold, *rates)))

        def work(low: int, high: int) -> None:
            loop.present(*arrays, learning, self.inhibition, numbers, self.w_sum, low, high)

        if learning:
            work(0, spikes.shape[1])
        else:
            in_parallel(work, spikes.shape[1], spikes.numel())


@functools.cache
def compiled():
    """Return the module with the compiled loop (compiled once ever), or None where numba is missing or cannot."""
    try:
        from course_snn.kernel import winners_cpu
    except Exception:  # be slow, not broken
        return None
    return winners_cpu


def poisson_spikes(images: torch.Tensor, T: int, drive: float, generator: torch.Generator | None = None):
    """Turn each image into Poisson spikes, ``drive`` of them a step on average, however bright the image is.

        p_i = min(1, drive · x_i / Σ_k x_k),   pixel i spikes in each step with probability p_i

    ``PoissonEncoder`` with the brightness taken out, and random numbers for pixels above 0 only: one in five of MNIST.

    Args:
        images: pixels in [0, 1], [N, …].
        T: number of steps.
        drive: spikes to expect in a step, all pixels together.
        generator: source of the random numbers; torch's own when not given.

    Shapes:
        -> [T, N, pixels], bool; a black image stays silent.

    Raises:
        TypeError: not floating-point numbers.
        ValueError: values outside [0, 1], or T < 1.
    """
    unit_range("poisson_spikes", images)
    p = images.flatten(1).to(torch.promote_types(images.dtype, torch.float32))  # sixteen bits blur small rates
    p = (one_number("drive", drive, above=0) * p / p.sum(1, keepdim=True).clamp(min=1e-9)).clamp(max=1)
    on = p > 0
    spikes = torch.zeros(whole("T", T, at_least=1), *p.shape, dtype=torch.bool, device=p.device)
    spikes[:, on] = torch.rand(T, int(on.sum()), generator=generator, dtype=p.dtype, device=p.device) < p[on]
    return spikes


def assign_labels(counts: torch.Tensor, labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Name each neuron after the class to which it responds most, on average over the samples of the class.

        label_j = argmax_c mean(counts_nj, n in class c)

    Args:
        counts: spikes of each neuron for each sample, [N, out].
        labels: the class of each sample, [N], int64.
        classes: number of classes.

    Shapes:
        -> [out], int64; -1 for a neuron that never spiked.

    Raises:
        ValueError: labels that do not belong to the counts, or beyond ``classes``.

    Source: Diehl & Cook 2015, Frontiers in Computational Neuroscience 9:99.
    """
    if counts.dim() != 2 or labels.shape != counts.shape[:1]:
        shapes = f"{tuple(labels.shape)}, {tuple(counts.shape)}"
        raise ValueError(f"one label for each sample, a row of counts [N, out]: got {shapes}.")
    if len(labels) and (labels.min() < 0 or labels.max() >= classes):
        raise ValueError(f"labels must lie in 0 … {classes - 1}, got {labels.min()} … {labels.max()}: check classes.")
    members = F.one_hot(labels, classes).float()  # [N, classes]
    response = counts.float().t() @ members / members.sum(0).clamp(min=1)
    return response.argmax(1).masked_fill(counts.sum(0) == 0, -1)


def predict(counts: torch.Tensor, neuron_labels: torch.Tensor, classes: int) -> torch.Tensor:
    """Return the class whose neurons spiked most, on average over the neurons of the class.

    Args:
        counts: spikes of each neuron for each sample, [N, out].
        neuron_labels: the class of each neuron, [out]; neurons with -1 have no say.
        classes: number of classes.

    Shapes:
        -> [N], int64; -1 for a sample at which no neuron that has a label spiked.

    Raises:
        ValueError: labels that do not belong to the neurons.

    Source: Diehl & Cook 2015, Frontiers in Computational Neuroscience 9:99.
    """
    if counts.dim() != 2 or neuron_labels.shape != counts.shape[1:]:
        shapes = f"{tuple(neuron_labels.shape)}, {tuple(counts.shape)}"
        raise ValueError(f"one label for each neuron, a column of counts [N, out]: got {shapes}.")
    members = F.one_hot(neuron_labels + 1, classes + 1)[:, 1:].float()  # [out, classes]
    votes = counts.float() @ members / members.sum(0).clamp(min=1)
    return votes.argmax(1).masked_fill(votes.sum(1) == 0, -1)
