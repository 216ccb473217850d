"""Widgets that simulate in the page: each follows the course language and holds a static picture of itself."""

from .classifier import DrawDigit, VoteExplorer
from .encoders import EncoderPlayground, TuningCurves
from .fashion import EnergyCalculator, SpikeBrowser
from .health import LayerDoctor
from .lang_switch import LangSwitch
from .lif import FICurve, LIFExplorer
from .loss import LossBench
from .pipeline import PipelineStepper
from .recurrent import ColumnReader, MemoryTrace
from .stdp import STDPBench
from .surrogate import GradientFlow, SurrogatePlayground
from .synapses import DelayExplorer, STPExplorer

__all__ = [
    "ColumnReader",
    "DelayExplorer",
    "DrawDigit",
    "EncoderPlayground",
    "EnergyCalculator",
    "FICurve",
    "GradientFlow",
    "LIFExplorer",
    "LangSwitch",
    "LayerDoctor",
    "LossBench",
    "MemoryTrace",
    "PipelineStepper",
    "STDPBench",
    "STPExplorer",
    "SpikeBrowser",
    "SurrogatePlayground",
    "TuningCurves",
    "VoteExplorer",
]
