"""Every widget in Python: its parameters, its errors, its picture, and what it sends to the page."""

from __future__ import annotations

import base64

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from together import each_of

from course_snn import figure, widget
from course_snn.language import speaking
from course_snn.widget.base import PageWidget
from course_snn.widget.control import Slider
from course_snn.widget.guess import Kept

WIDGETS = [  # questions are asked with arguments; tests of their own hold them
    value
    for value in vars(widget).values()
    if isinstance(value, type) and issubclass(value, PageWidget) and not issubclass(value, Kept)
]
SETTINGS = [
    (widget.SpikingSheet, {"w": 1.0, "tau": 1.0, "refractory": 1}),
    (widget.ChargingNeuron, {"current": 0.0, "tau": 60.0}),
    (widget.TwoEars, {"angle": -90, "distance": 0.2}),
    (widget.GrowingSynapse, {"lag": -40, "rate": 0.3}),
    (widget.LivingFields, {"seed": 99}),
    (widget.EventEye, {"contrast": 0.8, "refractory": 50.0}),
    (widget.TurnVotes, {"turn": "ccw", "contrast": 0.8, "tau": 1.0}),
    (widget.LIFExplorer, {"leak": False, "dt": 0.5, "current": 0.05}),
    (widget.LIFExplorer, {"dt": 5.0, "tau": 5.0, "current": 0.5}),
    (widget.FICurve, {"leak": False}),
    (widget.FICurve, {"refractory": 10.0, "dt": 5.0, "tau": 5.0}),
    (widget.EncoderPlayground, {"encoder": "periodic", "pattern": "1000"}),
    (widget.EncoderPlayground, {"encoder": "constant", "threshold": 1.0}),
    (widget.EncoderPlayground, {"encoder": "log", "T": 100}),
    (widget.TuningCurves, {"m": 3, "T": 50, "x": 1.0}),
    (widget.STPExplorer, {"pattern": "burst", "interval": 40}),
    (widget.STPExplorer, {"spikes": []}),
    (widget.DelayExplorer, {"delay": 0, "spikes": []}),
    (widget.PipelineStepper, {"example": "spikes", "fast": True}),
    (widget.STDPBench, {"gated": False, "pre": [], "post": []}),
    (widget.STDPBench, {"f": "soft", "inverse": True}),
    (widget.DrawDigit, {"encoder": "constant", "T": 1, "centre": False}),
    (widget.DrawDigit, {"image": [0.0] * 784, "T": 100, "tau": 20.0}),
    (widget.VoteExplorer, {"encoder": "constant", "tau": 10.0, "threshold": 4.0, "T": 50}),
    (widget.SurrogatePlayground, {"surrogate": "none", "T": 2, "tau": 1.0, "input": 0.0}),
    (widget.SurrogatePlayground, {"surrogate": "signswish", "alpha": 20.0, "reset": "soft", "loss": "all"}),
    (widget.GradientFlow, {"surrogate": "rectangle", "tau": 1.0, "T": 5, "mean": 0.0}),
    (widget.GradientFlow, {"surrogate": "signswish", "alpha": 20.0, "T": 100, "mean": 6.0}),
    (widget.LayerDoctor, {"gain": 6.0, "depth": 10, "threshold": 0.1}),
    (widget.LayerDoctor, {"gain": 0.1, "depth": 1, "leak": True, "normalise": True, "alpha": 40.0}),
    (widget.LossBench, {"loss": "cross_entropy", "right": 1.0, "others": 1.0}),
    (widget.MemoryTrace, {"tau": 1.0, "w_fb": -5.0, "start": [], "stop": [0, 59]}),
    (widget.ColumnReader, {"seen": 0, "order": "mixed"}),
    (widget.SpikeBrowser, {"show": "current", "threshold": 4.0, "t": 16, "image": 9}),
    (widget.TempotronBench, {"a": [], "b": [], "c": []}),
    (widget.TempotronBench, {"a": [59], "w_a": -2.0, "tau": 6.0, "tau_s": 5.0}),
    (widget.TempotronReader, {"image": 19, "brightness": 0.1, "seen": 0.0}),
    (widget.EventPlayer, {"at": 0.0, "window": 5, "polarity": "on"}),
    (widget.EventPlayer, {"at": 100.0, "by": "number", "number": 5000, "polarity": "off"}),
    (widget.FrameExplorer, {"T": 2, "duration": 600, "way": "duration"}),
    (widget.FrameExplorer, {"T": 16, "duration": 60, "way": "time"}),
    (widget.GrowingFields, {"theta_plus": 0.0, "inhibition": False}),
    (widget.GrowingFields, {"rate": 0.2, "seed": 99}),
    (widget.WinnerRace, {"digit": "9", "threshold": 60.0, "theta_0": 40.0}),
    (widget.WinnerRace, {"inhibition": False, "threshold": 5.0}),
    (widget.DirectionBench, {"turn": "ccw", "period": 96, "tau": 40.0, "threshold": 1.05}),
    (widget.GestureVotes, {"clip": 21, "seen": 0, "margin": 10.0, "order": "backward"}),
    (widget.OperationStepper, {"operation": "assembly_show"}),
    (widget.OperationStepper, {"done": [{"do": "merge_assembly"}] * 3 + [{"do": "assembly_hide", "of": "a"}]}),
    (widget.NetworkCanvas, {"graph": {}}),
    (widget.NetworkCanvas, {"graph": "delay_line", "speed": 20}),
    (widget.MemoryCalculator, {"net": "chapter_11", "way": "recomputed", "T": 3, "block": 32}),
    (widget.MemoryCalculator, {"net": "resnet50_imagenet", "precision": "bfloat16", "way": "online", "still": False}),
    (widget.PipelineTimetable, {"stages": 1, "chunks": 1, "schedule": "1f1b"}),
    (widget.PipelineTimetable, {"stages": 8, "chunks": 16, "backward": 1.5}),
    (widget.ResidualExplorer, {"connect": "and", "depth": 8, "spikes": []}),
    (widget.ResidualExplorer, {"connect": "add", "node": "if", "weight": 2.0, "bias": -1.0}),
    (widget.EnergyCalculator, {"scale": 0.0, "memory": 20.0, "T": 32, "once": False, "skip": False}),
]


each_widget = each_of("cls", WIDGETS)


def test_all_widgets_are_here():
    assert {cls.__name__ for cls in WIDGETS} >= {
        "ColumnReader", "DelayExplorer", "EncoderPlayground", "FICurve", "LIFExplorer", "MemoryTrace",
        "PipelineStepper", "STDPBench", "STPExplorer", "TuningCurves",
    }  # fmt: skip


@each_widget
def test_defaults_are_accepted_and_complete(cls):
    assert cls().params == {control.name: control.accept(control.value) for control in cls.parameters}


def test_unknown_parameter_lists_the_accepted_ones():
    with pytest.raises(ValueError, match=r"STDPBench has no parameter 'tua'\. It takes: tau_pre, .*, post\."):
        widget.STDPBench(tua=3)


@each_widget
def test_out_of_range_says_the_range(cls):
    made = cls()
    for slider in (control for control in cls.parameters if isinstance(control, Slider)):
        for value in (slider.high + 1, slider.low - 1, float("nan"), "3", True):
            with pytest.raises(ValueError, match=rf"{slider.name}=.* from {slider.low:g} to {slider.high:g}"):
                made.params = {slider.name: value}


@each_of(
    "make, said",
    [
        (lambda: widget.LIFExplorer(leak=1), "True or False"),
        (lambda: widget.STDPBench(f="two"), "one of 'one', 'soft'"),
        (lambda: widget.STDPBench(pre=[100]), "from 0 to 99"),
        (lambda: widget.STDPBench(pre=[1.5]), "whole time steps"),
        (lambda: widget.STDPBench(pre=3), "a list of"),
        (lambda: widget.TuningCurves(m=5.5), "a whole number"),
        (lambda: widget.EncoderPlayground(image=[0.5]), "256 numbers from 0 to 1"),
        (lambda: widget.EncoderPlayground(image=[2.0] * 256), "256 numbers from 0 to 1"),
    ],
)
def test_errors_say_what_is_accepted(make, said):
    with pytest.raises(ValueError, match=said):
        make()


def test_setting_params_is_checked_too():
    explorer = widget.LIFExplorer()
    with pytest.raises(ValueError, match="tau"):
        explorer.params = {"tau": -1}
    assert explorer.params["tau"] == 20
    explorer.params = {"tau": 30}
    assert explorer.params["tau"] == 30 and explorer.params["r"] == 9
    explorer.params = {"r": 5}
    assert explorer.params["tau"] == 30 and explorer.params["r"] == 5


def test_spikes_are_sorted_and_given_spikes_are_shown():
    assert widget.STDPBench(pre=[9, 3, 9]).params["pre"] == [3, 9]
    assert widget.STPExplorer(spikes=[5]).params["pattern"] == "custom"
    assert widget.STPExplorer().params["pattern"] == "regular"


@each_widget
def test_page_gets_one_module_and_the_same_limits(cls):
    sent = cls().get_state()
    assert sent["_esm"].count("export default") == 1
    assert [spec["name"] for spec in sent["controls"]] == [control.name for control in cls.parameters]
    assert all(len(text) == 2 and all(text) for text in [sent["title"]] + [s["label"] for s in sent["controls"]])
    assert "http" not in sent["_esm"] + sent["_css"]


@each_widget
def test_bundle_holds_view_and_the_same_pictures_whatever_is_spoken(cls):
    with speaking("zh"), figure.strict_glyphs():
        data, _ = cls()._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    english, chinese = (base64.b64decode(png) for png in (data["image/png"], data[figure.MIME]["zh"]))
    for png in (english, chinese):
        assert png.startswith(b"\x89PNG") and len(png) < 67_000
    assert english != chinese
    with speaking("en"):
        again = figure.png(cls().picture(), "en", figure.PIXELS_PER_INCH)
    assert again == english


@each_of("which, values", SETTINGS)
def test_the_ends_of_the_range_can_be_drawn(which, values):
    with speaking("zh"), figure.strict_glyphs():
        canvas = FigureCanvasAgg(which(**values).figure())
        canvas.draw()  # raises where a glyph is missing
    assert canvas.figure.axes
