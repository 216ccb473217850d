"""Training a network over time: ``fit`` and ``evaluate``, losses on spikes, histories, checkpoints, rewiring."""

from course_snn.training import memory
from course_snn.training.checkpoint import CheckpointError, load
from course_snn.training.evaluation import evaluate
from course_snn.training.history import Epoch, History, last_history
from course_snn.training.interrupt import Interrupted
from course_snn.training.loop import fit
from course_snn.training.loss import rate_cross_entropy, rate_mse
from course_snn.training.optim import AdamRewiring
from course_snn.training.scores import Scores

__all__ = [
    "AdamRewiring", "CheckpointError", "Epoch", "History", "Interrupted", "Scores", "evaluate", "fit", "last_history",
    "load", "memory", "rate_cross_entropy", "rate_mse",
]  # fmt: skip
