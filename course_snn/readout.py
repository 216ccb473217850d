"""What is read from output neurons: losses on firing rates, spike clusters, similar trains, targets, thresholds.

Import the losses on rates from ``course_snn.training``, all else from ``course_snn.functional``.
"""

import torch
from torch import nn
from torch.nn import functional as F

from course_snn.arguments import keep, whole

KERNEL_PARAMETER = {"linear": None, "polynomial": "d", "sigmoid": "alpha", "gaussian": "sigma"}
NEARLY = 1e-6  # the cross entropy has an infinite slope at similarities of exactly 0 and 1


def rate_cross_entropy(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of softmax(r) and the labels, where r is the mean of ``out`` over time.

        L = -1/N Σ_n log softmax(r_n)[label_n],    r_n = 1/T Σ_t out[t, n]

    Rates lie in [0, 1], so that a softmax of them is never sharp; voltages or weighted sums have no such limit.

    Args:
        out: spikes, or real numbers such as voltages [T, N, C].
        labels: the right classes [N], int64, or their probabilities [N, C] (soft labels).
    """
    return F.cross_entropy(out.mean(0), labels)


def rate_mse(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the mean squared difference of the firing rates and one-hot labels.

        L = 1/(N C) Σ_n Σ_c (r_nc - [c = label_n])²,    r_n = 1/T Σ_t out[t, n]

    Args:
        out: spikes [T, N, C].
        labels: the right classes [N], int64; their neuron should fire in every step, the others never. Or the rates
            themselves [N, C] (soft labels).
    """
    rate = out.mean(0)
    wanted = labels if labels.dim() == 2 else F.one_hot(labels, rate.shape[1])
    return F.mse_loss(rate, wanted.to(rate.dtype))


def spike_cluster(
    v: torch.Tensor, v_threshold: float | torch.Tensor, T_in: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Group the spikes of every neuron into clusters and say which voltages to raise or lower for one more or less.

    Two neighbouring spikes belong to one cluster when at most T_in steps lie between them. A neuron gets one more
    cluster most easily at ``k_positive``, where v is highest among the steps that are further than T_in from all
    spikes; one less at ``k_negative``, the last spike of its smallest cluster. With N_d wanted clusters:

        v_positive, v_negative = (v * k_positive).sum(0), (v * k_negative).sum(0)
        loss = ((N_o < N_d) * (v_threshold - v_positive) + (N_o > N_d) * (v_negative - v_threshold)).sum()

    Args:
        v: voltages before the reset.
        v_threshold: threshold, a number or a tensor [N].
        T_in: the largest distance in steps inside a cluster, at least 0.

    Shapes:
        v [T, N] -> N_o [N] (number of clusters, as floats), k_positive and k_negative [T, N] (bool, at most one
        True for a neuron; none where there is no such step).

    Raises:
        TypeError: T_in is not a whole number.
        ValueError: v is not [T, N], or T_in < 0.

    Source: Gu, Xiao, Pan & Tang, STCA: Spatio-Temporal Credit Assignment … (IJCAI 2019).
    """
    if v.dim() != 2:
        raise ValueError(f"spike_cluster takes voltages [T, N], got the shape {tuple(v.shape)}: flatten(1) may help.")
    T_in = whole("T_in", T_in, at_least=0)
    spike = v >= v_threshold
    t = torch.arange(len(v), device=v.device)
    count = F.pad(spike.cumsum(0), (0, 0, 1, 0))  # [T + 1, N]: spikes before each step
    since = count[(t - T_in).clamp_min(0)]
    starts = spike & (count[:-1] == since)  # no spike in the T_in steps before
    near = count[(t + T_in + 1).clamp_max(len(v))] > since
    k_positive = ~near & _is_max(v.masked_fill(near, -torch.inf))
    return starts.sum(0).to(v.dtype), k_positive, _last_of_the_smallest(spike, starts)


def _last_of_the_smallest(spike: torch.Tensor, starts: torch.Tensor) -> torch.Tensor:
    cluster = (starts.cumsum(0) - 1).clamp_min(0)  # number of the cluster that each spike belongs to
    size = torch.zeros_like(cluster).scatter_add_(0, cluster, spike.long())
    smallest = size.masked_fill(size == 0, len(spike) + 1).argmin(0)
    inside = spike & (cluster == smallest)
    return inside & _is_max(inside.cumsum(0))


def _is_max(x: torch.Tensor) -> torch.Tensor:
    """True at the first maximum over time, [T, N]."""
    return torch.zeros_like(x, dtype=torch.bool).scatter_(0, x.argmax(0, keepdim=True), True)


def kernel_dot_product(x: torch.Tensor, y: torch.Tensor, kernel: str = "linear", *args: float) -> torch.Tensor:
    """Return the inner products κ(x_i, y_j) of two sets of vectors in the space of a kernel.

        linear: x·y;  polynomial: (x·y)^d;  sigmoid: σ(α x·y);  gaussian: exp(-|x - y|² / (2σ²))

    Args:
        x: N vectors. y: K vectors.
        kernel: one of the four names.
        args: the kernel's parameter d, α or σ; nothing for linear.

    Shapes:
        x [N, M], y [K, M] -> [N, K].

    Raises:
        TypeError: the parameter is missing, or there are too many.
        ValueError: an unknown kernel, or σ ≤ 0.
    """
    if kernel not in KERNEL_PARAMETER:
        raise ValueError(f"kernel must be one of {', '.join(map(repr, KERNEL_PARAMETER))}; got {kernel!r}.")
    parameter = KERNEL_PARAMETER[kernel]
    if len(args) != (parameter is not None):
        raise TypeError(f"the kernel {kernel!r} takes {parameter or 'no parameter'} after its name, got {args}.")
    dot = x @ y.t()
    if kernel == "linear":
        return dot
    if kernel == "polynomial":
        return dot ** args[0]
    if kernel == "sigmoid":
        return torch.sigmoid(args[0] * dot)
    if args[0] <= 0:
        raise ValueError(f"sigma must be greater than 0, got {args[0]}.")
    distance = x.square().sum(1)[:, None] + y.square().sum(1) - 2 * dot
    return torch.exp(-distance.clamp_min(0) / (2 * args[0] ** 2))  # rounding may give a little less than 0


def spike_similar_loss(
    spikes: torch.Tensor, labels: torch.Tensor, kernel_type: str = "linear", loss_type: str = "mse", *args: float
) -> torch.Tensor:
    """Make the spike trains of samples that share a label alike, and those of all others unlike.

        sim[i, j] = 1 if i and j share a label, else 0;  sim_p[i, j] = κ(s_i, s_j), for linear / (|s_i| |s_j|)

    Args:
        spikes: output spikes; from a network's [T, N, C] give ``out.transpose(0, 1)``.
        labels: 0/1 for each class; a sample may have several labels.
        kernel_type: "linear", "sigmoid" or "gaussian", see ``kernel_dot_product``.
        loss_type: how sim and sim_p are compared: "mse", "l1" or "bce" (binary cross entropy).
        args: the kernel's parameter.

    Shapes:
        spikes [N, …], labels [N, C] -> a scalar, the mean over all N² pairs.

    Raises:
        ValueError: an unknown kernel or loss, or another N in labels than in spikes.
    """
    if kernel_type == "polynomial":
        raise ValueError("spike_similar_loss needs a kernel with values in [0, 1]: linear, sigmoid or gaussian.")
    losses = {"mse": F.mse_loss, "l1": F.l1_loss, "bce": F.binary_cross_entropy}
    if loss_type not in losses:
        raise ValueError(f"loss_type must be one of {', '.join(map(repr, losses))}; got {loss_type!r}.")
    if len(spikes) != len(labels):
        raise ValueError(f"spikes [N, …] and labels [N, C] must agree in N, got {len(spikes)} and {len(labels)}.")
    with torch.autocast(spikes.device.type, enabled=False):  # sums of spikes need more than sixteen bits
        s = spikes.flatten(1).to(torch.promote_types(spikes.dtype, torch.float32))
        sim_p = kernel_dot_product(s, s, kernel_type, *args)
        if kernel_type == "linear":
            length = s.norm(dim=1)
            length = length.masked_fill(length == 0, 1)  # a silent sample: similarity 0, and no infinite gradient
            sim_p = sim_p / (length[:, None] * length)
            if loss_type == "bce":
                sim_p = NEARLY + (1 - 2 * NEARLY) * sim_p.clamp(0, 1)
        sim = (labels.to(s) @ labels.to(s).t()).clamp_max(1)
        return losses[loss_type](sim_p, sim)


def set_threshold_margin(
    output_layer: nn.Module,
    label_one_hot: torch.Tensor,
    eval_threshold: float = 1.0,
    threshold0: float = 0.9,
    threshold1: float = 1.1,
) -> None:
    """Make the output layer's task harder while it trains, so that it decides with a margin afterwards.

    In training the neuron of the right class gets the higher threshold1, all others the lower threshold0; in
    evaluation (``net.eval()``) all get eval_threshold. Call it before the network runs on a batch.

    Args:
        output_layer: the neurons of the output, one for each class.
        label_one_hot: 1 for the right class, 0 for the others.
        eval_threshold: threshold in evaluation.
        threshold0: threshold of the wrong classes' neurons in training.
        threshold1: threshold of the right class's neuron in training.

    Shapes:
        label_one_hot [N, C], where the layer gives [N, C] spikes at each step.

    Raises:
        TypeError: output_layer is not a neuron.
        ValueError: a threshold that is not above v_reset.
    """
    if not hasattr(output_layer, "v_threshold"):
        raise TypeError(f"output_layer must be a neuron such as net[-1], got {type(output_layer).__name__}.")
    lowest, v_reset = min(eval_threshold, threshold0, threshold1), output_layer.v_reset
    if v_reset is not None and not (torch.as_tensor(v_reset) < lowest).all():
        raise ValueError(f"every threshold must lie above v_reset = {v_reset}, but the lowest is {lowest}.")
    margin = torch.where(label_one_hot == 1, threshold1, threshold0)
    # of this batch only, so not in the state_dict
    keep(output_layer, "v_threshold", margin if output_layer.training else float(eval_threshold), persistent=False)


def redundant_one_hot(labels: torch.Tensor, num_classes: int, n: int) -> torch.Tensor:
    """Return one-hot targets for an output layer with n neurons for each class: n ones, all else zeros.

    Args:
        labels: class numbers from 0 to num_classes - 1.
        num_classes: number of classes C.
        n: number of neurons for each class.

    Shapes:
        labels [N] (whole numbers) -> [N, C·n].
    """
    return F.one_hot(labels, num_classes).repeat_interleave(n, dim=-1).to(torch.get_default_dtype())


def first_spike_index(spikes: torch.Tensor) -> torch.Tensor:
    """Return True where a neuron spikes for the first time, False everywhere else.

    Args:
        spikes: spikes with time as the *last* dimension; from [T, N, C] give ``out.movedim(0, -1)``.

    Shapes:
        spikes [*, T] -> bool [*, T].
    """
    spiked = spikes != 0
    return spiked & (spiked.cumsum(-1) == 1)
