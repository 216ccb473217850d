"""Every figure of the course: a function that takes its data and `ax=`, draws, and returns the axes.

Time comes first in all data: `[T, N]`, T time steps of N neurons. Data may be tensors, arrays or lists; it is copied,
never changed. Without `ax` a new figure is made; nothing is shown: that is for the notebook or `plt.show()`. Labels
are in both languages (see `course_snn.language`). Importing this package sets the course's figure style, since a
figure made before that would have no Chinese font.
"""

from course_snn import figure as _figure
from course_snn.plotting.canvas import network_graph
from course_snn.plotting.curves import fi_curve, stdp_window, tuning_curves
from course_snn.plotting.events import event_cloud, event_frames, event_rate, pixel_events
from course_snn.plotting.fields import receptive_fields
from course_snn.plotting.gradients import gradient_bars, gradient_flow, speed_bars, surrogate_shape, unrolled
from course_snn.plotting.health import confusion, gallery, layer_health
from course_snn.plotting.maps import bars3d, heatmap, weight_images, weight_matrix
from course_snn.plotting.networks import graph, graphs
from course_snn.plotting.potentials import psp_sum, spike_credit
from course_snn.plotting.schedules import timetable
from course_snn.plotting.spikes import feature_maps, raster, spikes_1d
from course_snn.plotting.stages import pipeline
from course_snn.plotting.traces import current, voltage, weight_traces
from course_snn.plotting.training import learning_curves

__all__ = [
    "bars3d", "confusion", "current", "event_cloud", "event_frames", "event_rate", "feature_maps", "fi_curve",
    "gallery", "gradient_bars", "gradient_flow", "graph", "graphs", "heatmap", "layer_health", "learning_curves",
    "network_graph",
    "pipeline", "pixel_events", "psp_sum", "raster", "receptive_fields", "speed_bars", "spike_credit", "spikes_1d",
    "stdp_window", "surrogate_shape", "timetable", "tuning_curves", "unrolled", "voltage", "weight_images",
    "weight_matrix", "weight_traces",
]  # fmt: skip

_figure.use_style()
