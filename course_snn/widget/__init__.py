"""Widgets that simulate in the page: each follows the course language and holds a static picture of itself."""

from . import sampled  # noqa: F401  (registers how widgets are made from their samples)
from .classifier import DrawDigit, VoteExplorer
from .encoders import EncoderPlayground, TuningCurves
from .events import EventPlayer, FrameExplorer
from .fashion import EnergyCalculator, SpikeBrowser
from .gestures import DirectionBench, GestureVotes
from .guess import GuessChoice, GuessCurve, GuessNumber, GuessOrder
from .health import LayerDoctor
from .lang_switch import LangSwitch
from .lif import FICurve, LIFExplorer
from .loss import LossBench
from .memory_calculator import MemoryCalculator
from .network_canvas import NetworkCanvas
from .operation_stepper import OperationStepper
from .pipeline import PipelineStepper
from .recurrent import ColumnReader, MemoryTrace
from .residual import ResidualExplorer
from .stdp import STDPBench
from .surrogate import GradientFlow, SurrogatePlayground
from .synapses import DelayExplorer, STPExplorer
from .tempotron import TempotronBench, TempotronReader
from .timetable import PipelineTimetable
from .truth import Truth
from .unsupervised import GrowingFields, WinnerRace

__all__ = [
    "ColumnReader",
    "DelayExplorer",
    "DirectionBench",
    "DrawDigit",
    "EncoderPlayground",
    "EnergyCalculator",
    "EventPlayer",
    "FICurve",
    "FrameExplorer",
    "GestureVotes",
    "GradientFlow",
    "GrowingFields",
    "GuessChoice",
    "GuessCurve",
    "GuessNumber",
    "GuessOrder",
    "LIFExplorer",
    "LangSwitch",
    "LayerDoctor",
    "LossBench",
    "MemoryCalculator",
    "MemoryTrace",
    "NetworkCanvas",
    "OperationStepper",
    "PipelineStepper",
    "PipelineTimetable",
    "ResidualExplorer",
    "STDPBench",
    "STPExplorer",
    "SpikeBrowser",
    "SurrogatePlayground",
    "TempotronBench",
    "TempotronReader",
    "Truth",
    "TuningCurves",
    "VoteExplorer",
    "WinnerRace",
]
