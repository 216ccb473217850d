"""Widgets that simulate in the page: each follows the course language and holds a static picture of itself."""

from . import sampled  # noqa: F401  (registers how widgets are made from their samples)
from .charging import ChargingNeuron
from .classifier import DrawDigit, VoteExplorer
from .encoders import EncoderPlayground, TuningCurves
from .event_eye import EventEye, TurnVotes
from .events import EventPlayer, FrameExplorer
from .fashion import EnergyCalculator, SpikeBrowser
from .gestures import DirectionBench, GestureVotes
from .guess import GuessChoice, GuessCurve, GuessNumber, GuessOrder
from .health import LayerDoctor
from .lang_switch import LangSwitch
from .lif import FICurve, LIFExplorer
from .living_fields import LivingFields
from .loss import LossBench
from .memory_calculator import MemoryCalculator
from .network_canvas import NetworkCanvas
from .operation_stepper import OperationStepper
from .pairing import GrowingSynapse
from .pipeline import PipelineStepper
from .recurrent import ColumnReader, MemoryTrace
from .residual import ResidualExplorer
from .spiking_sheet import SpikingSheet
from .stdp import STDPBench
from .surrogate import GradientFlow, SurrogatePlayground
from .synapses import DelayExplorer, STPExplorer
from .tempotron import TempotronBench, TempotronReader
from .timetable import PipelineTimetable
from .truth import Truth
from .two_ears import TwoEars
from .unsupervised import GrowingFields, WinnerRace

__all__ = [
    "ChargingNeuron",
    "ColumnReader",
    "DelayExplorer",
    "DirectionBench",
    "DrawDigit",
    "EncoderPlayground",
    "EnergyCalculator",
    "EventEye",
    "EventPlayer",
    "FICurve",
    "FrameExplorer",
    "GestureVotes",
    "GradientFlow",
    "GrowingFields",
    "GrowingSynapse",
    "GuessChoice",
    "GuessCurve",
    "GuessNumber",
    "GuessOrder",
    "LIFExplorer",
    "LangSwitch",
    "LayerDoctor",
    "LivingFields",
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
    "SpikingSheet",
    "SurrogatePlayground",
    "TempotronBench",
    "TempotronReader",
    "Truth",
    "TuningCurves",
    "TurnVotes",
    "TwoEars",
    "VoteExplorer",
    "WinnerRace",
]
