"""Training a network over time: ``fit`` and ``evaluate``, losses on spikes, histories, checkpoints, rewiring."""

from course_snn.training import memory, over_time, pipeline
from course_snn.training.checkpoint import CheckpointError, load
from course_snn.training.evaluation import evaluate
from course_snn.training.history import Epoch, History, last_history
from course_snn.training.interrupt import Interrupted
from course_snn.training.launching import launch
from course_snn.training.loop import fit
from course_snn.training.loss import rate_cross_entropy, rate_mse
from course_snn.training.meeting import TeamError
from course_snn.training.optim import AdamRewiring
from course_snn.training.scores import Scores
from course_snn.training.source import Source
from course_snn.training.stream import Loaded
from course_snn.training.synchronised import SynchronisedBatchNorm, synchronise
from course_snn.training.team import ALONE, Team, join

__all__ = [
    "ALONE", "AdamRewiring", "CheckpointError", "Epoch", "History", "Interrupted", "Loaded", "Scores", "Source",
    "SynchronisedBatchNorm", "Team", "TeamError", "evaluate", "fit", "join", "last_history", "launch", "load", "memory",
    "over_time", "pipeline", "rate_cross_entropy", "rate_mse", "synchronise",
]  # fmt: skip
