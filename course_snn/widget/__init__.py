"""Widgets that simulate in the page: each follows the course language and holds a static picture of itself."""

from .encoders import EncoderPlayground, TuningCurves
from .lang_switch import LangSwitch
from .lif import FICurve, LIFExplorer
from .pipeline import PipelineStepper
from .stdp import STDPBench
from .synapses import DelayExplorer, STPExplorer

__all__ = [
    "DelayExplorer",
    "EncoderPlayground",
    "FICurve",
    "LIFExplorer",
    "LangSwitch",
    "PipelineStepper",
    "STDPBench",
    "STPExplorer",
    "TuningCurves",
]
