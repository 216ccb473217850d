"""What users of SpikingJelly look for under this name: reset, unroll, and what is read from output spikes."""

from course_snn.readout import (
    first_spike_index,
    kernel_dot_product,
    redundant_one_hot,
    set_threshold_margin,
    spike_cluster,
    spike_similar_loss,
)
from course_snn.unrolling import Steps, detach_net, over_time, reset_net, running, stepped, unroll, watched

__all__ = [
    "Steps", "detach_net", "first_spike_index", "kernel_dot_product", "over_time", "redundant_one_hot", "reset_net",
    "running", "set_threshold_margin", "spike_cluster", "spike_similar_loss", "stepped", "unroll", "watched",
]  # fmt: skip
