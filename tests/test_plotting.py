"""Every plotting function: what it draws is what it was given, in both languages, without a missing glyph."""

from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from matplotlib.patches import FancyArrowPatch
from together import each_of

from course_snn import figure, language, plotting
from course_snn.language import Label, speaking
from course_snn.plotting import events
from course_snn.simulator import Simulator
from course_snn.surrogate import Rectangle, SignSwish, Surrogate
from course_snn.training import Epoch, History
from course_snn.training.timetable import timetable

RNG = np.random.default_rng(0)
SPIKES = RNG.random((50, 8)) < 0.2
TRACE = np.cumsum(RNG.normal(size=(50, 3)), axis=0)
T, W = np.arange(-20, 21), np.sign(np.arange(-20, 21)) * np.exp(-np.abs(np.arange(-20, 21)) / 10)


def trained(*accuracies, loss=0.5):
    return History(Epoch(i + 1, loss, a / 2, 0.5, a, 1.0, 0.1) for i, a in enumerate(accuracies))


EVENTS = {"t": np.sort(RNG.integers(0, 90_000, 300)), "p": RNG.integers(0, 2, 300)}
EVENTS |= {"x": RNG.integers(0, 12, 300), "y": RNG.integers(0, 10, 300)}

GROUPS = [{"name": name, "x": x, "y": 0.5} for name, x in zip("abc", (0.0, 0.5, 1.0), strict=True)]
NET = {"nodes": [{"name": "a"}, {"name": "b", "column": 1}], "edges": [{"pre": "a", "post": "b", "delay": 2}]}
LINKS = [{"pre": pre, "post": post, "weight": w, "delay": 1} for pre, post, w in (("a", "b", 1), ("c", "b", -1))]

CALLS = {
    "raster": lambda ax: plotting.raster(SPIKES, ax=ax),
    "voltage": lambda ax: plotting.voltage(TRACE[:, 0], SPIKES[:, 0], v_threshold=1.0, v_reset=-1.0, ax=ax),
    "voltage of three": lambda ax: plotting.voltage(TRACE, SPIKES[:, :3], 1.0, dt=0.5, ax=ax),
    "heatmap": lambda ax: plotting.heatmap(TRACE, ax=ax),
    "bars3d": lambda ax: plotting.bars3d(np.abs(TRACE[:4]), ax=ax),
    "spikes_1d": lambda ax: plotting.spikes_1d(SPIKES, ax=ax),
    "spikes_1d in Hz": lambda ax: plotting.spikes_1d(SPIKES, dt=1.0, ax=ax),
    "feature_maps": lambda ax: plotting.feature_maps(RNG.random((6, 4, 5)) < 0.3, 2, 3, ax=ax),
    "fi_curve": lambda ax: plotting.fi_curve([0, 1, 2], [0, 0.1, 0.3], np.sqrt, rheobase=0.5, ax=ax),
    "weight_traces": lambda ax: plotting.weight_traces(TRACE, ax=ax),
    "weight_matrix": lambda ax: plotting.weight_matrix(TRACE, ax=ax),
    "stdp_window": lambda ax: plotting.stdp_window(T, W, ax=ax),
    "current": lambda ax: plotting.current(TRACE[:, 0], ax=ax),
    "tuning_curves": lambda ax: plotting.tuning_curves([0.2, 0.5, 0.8], 0.1, 0, 1, x=0.4, ax=ax),
    "weight_images": lambda ax: plotting.weight_images(RNG.normal(size=(10, 64)), 8, 8, ax=ax),
    "receptive_fields": lambda ax: plotting.receptive_fields(RNG.random((7, 64)), 8, 8, ncols=4, ax=ax),
    "gradient_bars": lambda ax: plotting.gradient_bars(TRACE[:12, 0], ax=ax),
    "gradient_flow": lambda ax: plotting.gradient_flow(np.exp(-np.abs(TRACE)), leak=0.8, ax=ax),
    "gradient_flow of one": lambda ax: plotting.gradient_flow(0.5 ** np.arange(10), ax=ax),
    "speed_bars": lambda ax: plotting.speed_bars({"fused": [8, 12.5], "stepping": [1, 1]}, ["A", "B"], ax=ax),
    "surrogate_shape": lambda ax: plotting.surrogate_shape(SignSwish(), ax=ax),
    "unrolled": lambda ax: plotting.unrolled(3, ax=ax),
    "pipeline": lambda ax: plotting.pipeline([[1, 1, None], [2, 2, 10]], ax=ax),
    "timetable": lambda ax: plotting.timetable(timetable(3, 4, "1f1b", backward=2), ax=ax),
    "graph": lambda ax: plotting.graph(NET, ax=ax),
    "graphs": lambda ax: plotting.graphs(NET, {**NET, "edges": []}, ax=ax),
    "network_graph": lambda ax: plotting.network_graph(GROUPS, LINKS, ax=ax),
    "layer_health": lambda ax: plotting.layer_health([0.1, 0.0, 0.9], [1e-2, 0.0, 1.0], ["IF", "IF", "LIF"], ax=ax),
    "confusion": lambda ax: plotting.confusion([[5, 1, 0], [0, 7, 2], [0, 0, 9]], "abc", ax=ax),
    "gallery": lambda ax: plotting.gallery(np.eye(8)[None].repeat(12, 0), [f"{k} → 9" for k in range(12)], ax=ax),
    "event_cloud": lambda ax: plotting.event_cloud(EVENTS, ax=ax, most=200),
    "event_frames": lambda ax: plotting.event_frames(RNG.poisson(0.3, (13, 2, 10, 12)), ax=ax),
    "event_rate": lambda ax: plotting.event_rate(EVENTS, [0, 30_000, 60_000], ax=ax),
    "pixel_events": lambda ax: plotting.pixel_events(TRACE[:, 0], [3.5, 9.0], [1, 0], 0.4, ax=ax),
    "psp_sum": lambda ax: plotting.psp_sum(np.maximum(TRACE, 0), v_threshold=1.0, ax=ax),
    "spike_credit": lambda ax: plotting.spike_credit([[3], [8, 20], []], 12, lambda t: (t > 0) * 1.0, 30, ax=ax),
    "learning_curves": lambda ax: plotting.learning_curves(trained(0.5, 0.8, 0.9), ax=ax),
    "learning_curves of two": lambda ax: plotting.learning_curves(
        {"A": trained(0.5, 0.8), "B": [trained(0.4, 0.6), trained(0.2, 0.8)]}, ax=ax
    ),
}
WITHOUT_WORDS = tuple(  # no label of an axis
    CALLS[name] for name in ("feature_maps", "gallery", "event_frames", "receptive_fields", "graph", "graphs")
)
SOLID = (CALLS["bars3d"], CALLS["event_cloud"])


@pytest.fixture(autouse=True)
def _fresh(course_style, monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def segments(ax) -> np.ndarray:
    return np.array([s for c in ax.collections if hasattr(c, "get_segments") for s in c.get_segments()])


def spike_marks(ax) -> list:
    return [line for line in ax.lines if line.get_label() == "_spikes"]


def test_every_function_is_called_here():
    assert {name.split()[0] for name in CALLS} == set(plotting.__all__)


@each_of("call", CALLS.values())
def test_draws_into_the_given_axes(call):
    ax = plt.figure().add_subplot(projection="3d") if call in SOLID else plt.subplots()[1]
    before = len(plt.get_fignums())
    assert call(ax) is ax
    assert len(plt.get_fignums()) == before
    plt.close("all")


def outside(fig):
    """Return by how many inches a figure goes beyond its page: left, below, right, above."""
    fig.canvas.draw()
    box, page = fig.get_tightbbox(), fig.bbox_inches
    return [max(0.0, over - 0.02) for over in (-box.x0, -box.y0, box.x1 - page.x1, box.y1 - page.y1)]


@pytest.mark.parametrize("name", CALLS)
def test_a_picture_is_labelled_in_both_languages_whole_and_small(name, recwarn):
    call, worded = CALLS[name], CALLS[name] not in WITHOUT_WORDS
    with speaking("zh"):
        ax = call(None)
        chinese = ax.get_xlabel()
    with speaking("en"), figure.strict_glyphs():
        english = call(None).get_xlabel()
        pictures = {lang: figure.png(ax.figure, lang) for lang in ("zh", "en")}
    assert all(len(picture) < 40_000 for picture in pictures.values())
    if worded:
        assert isinstance(english, Label) and english == english.en == chinese.en
        assert chinese == chinese.zh == english.zh != english
        assert pictures["zh"] != pictures["en"]
    assert outside(ax.figure) == [0.0] * 4
    assert not recwarn.list


@each_of("name", ["spikes_1d", "heatmap", "bars3d"])
def test_pictures_are_the_same_every_time(name):
    first, second = (figure.png(CALLS[name](None).figure) for _ in range(2))
    assert first == second


def test_data_is_neither_changed_nor_shared():
    v = torch.tensor(TRACE, requires_grad=True)
    ax = plotting.voltage(v)
    with torch.no_grad():
        v.zero_()
    assert np.array_equal(ax.lines[0].get_ydata(), TRACE[:, 0])


@each_of("convert", [torch.tensor, np.array, np.ndarray.tolist, lambda x: torch.tensor(x).bfloat16()])
def test_raster_draws_each_spike_at_its_step_and_neuron(convert):
    drawn = segments(plotting.raster(convert(SPIKES)))
    assert {(int(s[0, 0]), round(s[:, 1].mean())) for s in drawn} == set(zip(*np.nonzero(SPIKES), strict=True))
    assert len(drawn) == SPIKES.sum()


def test_raster_of_one_neuron_in_ms():
    ax = plotting.raster(SPIKES[:, 0], dt=0.5)
    assert np.allclose(segments(ax)[:, 0, 0], 0.5 * np.flatnonzero(SPIKES[:, 0]))
    assert ax.get_xlabel() == "time (ms)"


def test_silence_can_be_drawn():
    assert len(segments(plotting.raster(np.zeros((5, 2))))) == 0
    figure.png(plotting.spikes_1d(np.zeros((5, 2))).figure)
    figure.png(plotting.voltage(np.zeros(5), np.zeros(5)).figure)


def test_voltage_shows_trace_levels_and_spikes():
    ax = plotting.voltage(TRACE[:, 0], SPIKES[:, 0], v_threshold=torch.tensor(1.5), v_reset=-0.5, dt=0.1)
    trace, threshold, reset, marks = ax.lines
    assert np.array_equal(trace.get_ydata(), TRACE[:, 0])
    assert np.allclose(trace.get_xdata(), 0.1 * np.arange(50))
    assert set(threshold.get_ydata()) == {1.5}
    assert set(reset.get_ydata()) == {-0.5}
    assert np.allclose(marks.get_xdata(), 0.1 * np.flatnonzero(SPIKES[:, 0]))
    assert [text.get_text() for text in ax.texts] == ["threshold", "reset"]


def test_voltage_of_several_neurons_marks_spikes_in_their_colours():
    ax = plotting.voltage(TRACE, SPIKES[:, :3])
    assert [len(marks.get_xdata()) for marks in spike_marks(ax)] == SPIKES[:, :3].sum(axis=0).tolist()
    assert [m.get_color() for m in spike_marks(ax)] == [line.get_color() for line in ax.lines[:3]]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["neuron 0", "neuron 1", "neuron 2"]


def test_heatmap_has_time_to_the_right():
    image = plotting.heatmap(TRACE, dt=2.0).images[0]
    assert np.array_equal(image.get_array(), TRACE.T)
    assert image.get_extent() == [-1.0, 99.0, -0.5, 2.5]


def test_bars_are_as_high_as_the_values():
    ax = plotting.bars3d([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    boxes = np.array(ax.collections[0]._faces).reshape(6, -1, 3)  # 6 bars of 6 faces of 4 corners
    found = {tuple(box.mean(axis=0)[:2].round(6)): box[:, 2].max() for box in boxes}
    assert found == {(n, t): 1.0 + 2 * t + n for t in range(3) for n in range(2)}


@each_of(("dt", "scale"), [(None, 1), (2.0, 500)])
def test_spikes_1d_gives_firing_rates(dt, scale):
    ax = plotting.spikes_1d(SPIKES, dt=dt)
    assert len(segments(ax)) == SPIKES.sum()
    rates = [bar.get_width() for bar in ax.child_axes[0].patches]
    assert np.allclose(rates, SPIKES.sum(axis=0) / 50 * scale)


def test_feature_maps_fill_the_grid_row_by_row():
    maps = RNG.random((6, 4, 5))
    picture = plotting.feature_maps(maps, 2, 3).images[0].get_array()
    assert picture.shape == (2 * 4 + 1, 3 * 5 + 2)
    for c, one in enumerate(maps):
        y, x = (c // 3) * 5, (c % 3) * 6
        assert np.array_equal(picture[y : y + 4, x : x + 5], one)
    assert np.ma.getmaskarray(picture)[4].all()  # the gap between the rows


@each_of(("grid", "shape"), [((None, None), (8, 11)), ((1, None), (2, 35)), ((None, 3), (11, 8))])
def test_feature_maps_choose_the_rest_of_the_grid(grid, shape):
    picture = plotting.feature_maps(np.zeros((12, 2, 2)), *grid).images[0].get_array()
    assert picture.shape == shape


def test_fi_curve():
    ax = plotting.fi_curve([2, 0, 1], [0.3, 0, 0.1], analytic=[0.31, 0, 0.11], rheobase=0.5)
    theory, measured, rheobase = ax.lines
    assert np.array_equal(theory.get_xydata(), [[0, 0], [1, 0.11], [2, 0.31]])  # sorted, or the line would jump
    assert np.array_equal(measured.get_xydata(), [[2, 0.3], [0, 0], [1, 0.1]])
    assert rheobase.get_xdata() == [0.5, 0.5]


def test_weight_traces_flatten_a_matrix_for_each_step():
    w = torch.arange(24.0).reshape(4, 2, 3)
    ax = plotting.weight_traces(w)
    assert np.array_equal([line.get_ydata() for line in ax.lines], w.reshape(4, 6).T)


@each_of(("w", "limits"), [([[0, 2.0]], (0, 2)), ([[-3.0, 2]], (-3, 3)), ([[0.0, 0]], (0, 1))])
def test_weight_matrix_is_white_at_zero(w, limits):
    image = plotting.weight_matrix(w).images[0]
    assert np.array_equal(image.get_array(), w)
    assert image.get_clim() == limits
    assert np.allclose(image.to_rgba(np.zeros((1, 1)))[0, 0, :3], 1, atol=0.05)


def test_stdp_window_is_not_joined_across_zero():
    lines = [line for line in plotting.stdp_window(T[::-1], W[::-1]).lines if len(line.get_xdata()) != 2]
    assert np.array_equal(np.concatenate([line.get_xydata() for line in lines]), np.stack([T, W], axis=1))
    assert [len(line.get_xdata()) for line in lines] == [20, 1, 20]
    assert lines[0].get_color() != lines[2].get_color()


def test_receptive_fields_stand_row_by_row_each_as_dark_as_its_strongest():
    w = np.array([[4.0, 1.0, 0.0, 2.0], [0.5, 0.0, 0.0, 0.25], [0.0, 0.0, 0.0, 0.0]])
    ax = plotting.receptive_fields(w, 2, 2, ncols=2, names="ab-")
    sheet = ax.images[0].get_array()
    np.testing.assert_array_equal(sheet[:2, :2], [[1.0, 0.25], [0.0, 0.5]])
    np.testing.assert_array_equal(sheet[:2, 3:], [[1.0, 0.0], [0.0, 0.5]])
    assert (sheet[3:, :2] == 0).all() and [text.get_text() for text in ax.texts] == ["a", "b", "-"]
    with pytest.raises(ValueError, match="height \\* width is 6"):
        plotting.receptive_fields(w, 2, 3)
    with pytest.raises(ValueError, match="names must name each of the 3 neurons"):
        plotting.receptive_fields(w, 2, 2, names="ab")


def test_weight_images_stand_row_by_row_with_zero_white():
    w = np.arange(1, 4)[:, None] * np.ones((3, 4))
    image = plotting.weight_images(w, 2, 2, ncols=2).images[0]
    sheet = np.ma.filled(image.get_array(), np.nan)
    assert sheet.shape == (6, 6)
    assert (sheet[:2, :2] == 1).all() and (sheet[:2, 4:] == 2).all() and (sheet[4:, :2] == 3).all()
    assert np.isnan(sheet[4:, 4:]).all()
    assert image.norm.vmin == -image.norm.vmax


def test_current():
    (line,) = plotting.current(TRACE[:, 0]).lines
    assert np.array_equal(line.get_ydata(), TRACE[:, 0])
    assert line.get_drawstyle() == "steps-mid"


def test_tuning_curves_peak_at_mu_and_mark_the_responses():
    ax = plotting.tuning_curves([0.0, 0.5], [0.1, 0.2], 0, 1, x=0.3)
    curves = [line for line in ax.lines if len(line.get_xdata()) == 400]
    assert [line.get_xdata()[line.get_ydata().argmax()] for line in curves] == pytest.approx([0, 0.5], abs=2e-3)
    dots = [line.get_ydata()[0] for line in ax.lines if line.get_marker() == "o"]
    assert dots == pytest.approx([np.exp(-4.5), np.exp(-0.5)])


@each_of("fast", [True, False])
def test_pipeline_colours_a_value_by_the_input_it_came_from(fast):
    simulator, states = Simulator(fast=fast), []
    for factor in (1, 10, 100):
        simulator.append(Times(factor))
    for x in (1.0, 2.0, 3.0, 4.0):
        simulator.step(torch.tensor([x]))
        states.append(list(simulator.pipeline))
    ax = plotting.pipeline(states, modules=["a", "b", "c"])
    shown = {text.get_position(): text.get_text() for text in ax.texts}
    values = {text.get_position(): float(text.get_text()) for text in ax.texts if text.get_text() != "–"}
    assert shown[0, 3] == ("1000" if fast else "–")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["input", "a", "b", "c"]
    for (step, slot), box in zip(values, ax.patches, strict=True):
        source = round(values[step, slot] / [1, 1, 10, 1000][slot]) - 1  # which input times the factors so far
        assert mpl.colors.same_color(box.get_facecolor()[:3], figure.CYCLE[source])


def test_learning_curves_draw_each_run_and_the_mean_of_repeated_ones():
    ax = CALLS["learning_curves of two"](None)
    named = {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}
    assert [*named] == ["A", "B", "training", "validation"]
    assert np.allclose(named["B"].get_xydata(), [[1, 0.3], [2, 0.7]]) and named["B"].get_linestyle() == "-"
    dashed = [line.get_ydata() for line in ax.lines if line.get_linestyle() == "--" and len(line.get_xdata())]
    assert np.allclose(dashed, [[0.25, 0.4], [0.15, 0.35]])  # training, of each run
    low_and_high = ax.collections[1].get_paths()[0].vertices
    assert {tuple(point.round(6)) for point in low_and_high} == {(1, 0.2), (1, 0.4), (2, 0.6), (2, 0.8)}
    assert ax.yaxis.get_major_formatter()(0.5) == "50%"


def test_learning_curves_of_another_quantity():
    ax = plotting.learning_curves(trained(0.5, 0.8), quantity="train_accuracy")
    assert np.array_equal(ax.lines[0].get_ydata(), [0.25, 0.4])
    assert ax.get_ylabel() == "training accuracy" and ax.get_legend() is None


def test_learning_curves_without_validation_show_the_training():
    history = History(row._replace(validation_loss=None, validation_accuracy=None) for row in trained(0.5, 0.8).epochs)
    ax = plotting.learning_curves(history, "loss")
    assert np.array_equal(ax.lines[0].get_ydata(), [0.5, 0.5]) and ax.get_ylabel() == "loss"
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["training"]
    named = plotting.learning_curves({"A": history})
    assert [text.get_text() for text in named.get_legend().get_texts()] == ["A", "training"]


def test_surrogate_shape_draws_step_primitive_and_slope():
    _, step, primitive, slope = plotting.surrogate_shape(Rectangle(0.5), reach=1.0).lines
    x = np.array(step.get_xdata())
    assert np.array_equal(step.get_ydata(), x >= 0)
    assert np.allclose(primitive.get_ydata(), np.clip(x / 0.5 + 0.5, 0, 1))
    assert np.array_equal(slope.get_ydata(), 2.0 * (np.abs(x) < 0.25))


def test_surrogate_without_a_primitive_is_drawn_without_it():
    class Triangle(Surrogate):
        def slope(self, x):
            return (1 - x.abs()).clamp(min=0)

    assert len(plotting.surrogate_shape(Triangle()).lines) == 3


@each_of("T", [1, 4])
def test_unrolled_has_each_dependency_once(T):
    ax = plotting.unrolled(T)
    assert [text.get_text() for text in ax.texts if text.get_text().startswith("$")] == [
        f"${name}_{t}$" for t in range(1, T + 1) for name in "xhsv"
    ]
    assert sum(isinstance(p, mpl.patches.FancyArrowPatch) for p in ax.patches) == 5 * T - 1


def test_gradient_bars_are_coloured_by_sign():
    bars = plotting.gradient_bars([0.5, -0.25, 0.0]).patches
    assert [bar.get_height() for bar in bars] == [0.5, -0.25, 0.0]
    assert bars[0].get_facecolor() == bars[2].get_facecolor() != bars[1].get_facecolor()


def test_gradient_flow_shows_median_and_leak():
    flow = np.stack([np.ones(5), 0.1 ** np.arange(5), 0.5 ** np.arange(5)], axis=1)
    median, leak = plotting.gradient_flow(flow, leak=0.8).lines
    assert np.allclose(median.get_ydata(), 0.5 ** np.arange(5))
    assert np.allclose(leak.get_ydata(), 0.8 ** np.arange(5))


def test_gradient_flow_of_nothing_can_be_drawn():
    (median,) = plotting.gradient_flow([1.0, 0.0, 0.0]).lines
    assert (np.array(median.get_ydata()) > 0).all()


def test_speed_bars_stand_side_by_side():
    ax = plotting.speed_bars({"a": [2, 3], "b": [1, 1], "c": [0.5, 4]}, ["x", "y"])
    assert [bar.get_height() for bar in ax.patches] == [2, 3, 1, 1, 0.5, 4]
    edges = sorted((bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches)
    assert all(right <= left + 1e-9 for (_, right), (left, _) in pairwise(edges))
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["x", "y"]


class Times(torch.nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return x * self.factor

    def reset(self):
        pass


@each_of(
    ("call", "kind", "message"),
    [
        (lambda: plotting.raster(np.zeros((2, 3, 4))), ValueError, r"\[T, N\] or \[T\].*\[2, 3, 4\].*x\[:, 0\]"),
        (lambda: plotting.raster([[0, 2]]), ValueError, "0/1, but holds 2"),
        (lambda: plotting.raster([[0, float("nan")]]), ValueError, "holds nan"),
        (lambda: plotting.raster(np.zeros((0, 3))), ValueError, r"nothing to draw.*\[0, 3\]"),
        (lambda: plotting.raster([[1], [1, 0]]), TypeError, "spikes must be numbers"),
        (lambda: plotting.raster("abc"), TypeError, "spikes must be numbers"),
        (lambda: plotting.raster([1, 0], dt=0), ValueError, "positive, but is 0"),
        (lambda: plotting.voltage(0.5), ValueError, "record it at every time step"),
        (lambda: plotting.voltage([0.1, 0.2], [0, 1, 0]), ValueError, r"same shape.*\[3\] and \[2\]"),
        (lambda: plotting.voltage(np.zeros((5, 7)), np.zeros((5, 7))), ValueError, r"7 neurons.*raster\(\)"),
        (lambda: plotting.heatmap([1, 2]), ValueError, r"\[T, N\]"),
        (lambda: plotting.bars3d(TRACE, ax=plt.subplots()[1]), TypeError, 'projection="3d"'),
        (lambda: plotting.feature_maps(np.zeros((6, 2, 2)), 2, 2), ValueError, r"6 feature maps.*2 \* 2 = 4"),
        (lambda: plotting.feature_maps(np.full((6, 2, 2), 3)), ValueError, r"\[0, 1\], but go from 3 to 3"),
        (lambda: plotting.fi_curve([1, 2], [1]), ValueError, r"rates and currents.*\[1\] and \[2\]"),
        (lambda: plotting.fi_curve([1, 2], [1, 2], analytic=[1]), ValueError, "analytic and currents"),
        (lambda: plotting.stdp_window([1, 2], [1]), ValueError, "delta_w and delta_t"),
        (lambda: plotting.tuning_curves([0, 1], 0.0, 0, 1), ValueError, "sigma must be positive"),
        (lambda: plotting.tuning_curves([0, 1], [1.0], 0, 1), ValueError, "sigma and mu"),
        (lambda: plotting.tuning_curves([0, 1], 1, 1, 0), ValueError, "x_min must be smaller"),
        (lambda: plotting.unrolled(0), ValueError, "at least 1"),
        (lambda: plotting.gradient_bars([[1, 2]]), ValueError, r"gradient must have the shape \[T\]"),
        (lambda: plotting.speed_bars({"a": [1, 2]}, ["x"]), ValueError, "2 ratios, but there are 1 shapes"),
        (lambda: plotting.pipeline([]), ValueError, "equally long"),
        (lambda: plotting.pipeline([[1, 2], [1]]), ValueError, "equally long"),
        (lambda: plotting.pipeline([[1, 2]], modules=["a", "b"]), ValueError, "must name 1 modules.*names 2"),
        (lambda: plotting.learning_curves({}), ValueError, "runs is empty"),
        (lambda: plotting.learning_curves([0.1, 0.2]), TypeError, "history of training.fit.*got 0.1"),
        (lambda: plotting.learning_curves({"A": trained()}), ValueError, "A holds no train_accuracy: no epochs"),
        (lambda: plotting.learning_curves(trained(0.5), "speed"), ValueError, "no speed, only epoch, train_loss"),
        (lambda: plotting.learning_curves([trained(1), trained(1, 1)]), ValueError, r"\[1, 2\] epochs"),
    ],
)
def test_errors_say_what_is_accepted(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_layer_health_shows_rates_and_gradients_and_names_a_zero():
    ax = CALLS["layer_health"](None)
    assert [bar.get_width() for bar in ax.patches] == pytest.approx([0.1, 0.0, 0.9])
    gradients = ax.child_axes[0]
    assert [bar.get_x() + bar.get_width() for bar in gradients.patches] == pytest.approx([1e-2, 1.0])
    assert [text.get_text() for text in gradients.texts] == ["0"] and gradients.get_xscale() == "log"
    assert plotting.layer_health([0.0], [0.0]).child_axes[0].texts  # nothing learns: still a picture
    unknown = plotting.layer_health([0.1] * 3, [np.nan, 0.5, np.inf]).child_axes[0]
    assert [text.get_text() for text in unknown.texts] == ["–", "∞"] and len(unknown.patches) == 1


def test_confusion_shades_the_mistakes_only():
    ax = CALLS["confusion"](None)
    assert np.asarray(ax.images[0].get_array()).tolist() == [[0, 1, 0], [0, 0, 2], [0, 0, 0]]
    assert {text.get_text() for text in ax.texts} == {"5", "1", "7", "2", "9"}


def test_gallery_keeps_images_and_titles_apart():
    ax = CALLS["gallery"](None)
    assert len(ax.images) == len(ax.texts) == 12
    assert ax.images[10].get_extent()[2] > ax.images[0].get_extent()[2]  # the second row lies below


@each_of(
    ("call", "said"),
    [
        (lambda: plotting.layer_health([0.1], [1.0, 2.0]), "same shape"),
        (lambda: plotting.layer_health([0.1], [-1.0]), "cannot be negative"),
        (lambda: plotting.layer_health([0.1], [1.0], ["a", "b"]), "name each of the 1 layers"),
        (lambda: plotting.confusion([[1, 2]]), "square"),
        (lambda: plotting.gallery(np.zeros((2, 4, 4)), ["a"]), "name each of the 2 images"),
    ],
)
def test_health_figures_say_what_is_wrong(call, said):
    with pytest.raises(ValueError, match=said):
        call()


def test_events_are_drawn_where_they_are():
    ax = plotting.event_cloud(EVENTS)
    t, x, y = ax.collections[0]._offsets3d
    assert np.allclose(np.asarray(t) * 1000, EVENTS["t"]) and np.array_equal(x, EVENTS["x"])
    assert np.array_equal(-np.asarray(y), EVENTS["y"])
    assert len(plotting.event_cloud(EVENTS, most=50).collections[0]._offsets3d[0]) == 50
    with pytest.raises(TypeError, match="event_cloud needs axes made with"):
        plotting.event_cloud(EVENTS, ax=plt.subplots()[1])


ODD_EVENTS = [
    (np.zeros((5, 4)), TypeError, r"a dict .*array with these fields.* but got ndarray"),
    ([1, 2, 3], TypeError, "but got list"),
    (None, TypeError, "but got NoneType"),
    ({"t": [1], "x": [1]}, ValueError, r"y, p is missing; here are: \['t', 'x'\]"),
    (EVENTS | {"x": EVENTS["x"][:5]}, ValueError, "x and t must have the same shape"),
    (EVENTS | {"p": 2 * EVENTS["p"] - 1}, ValueError, r"p must be 1 \(ON\) or 0 \(OFF\), but holds -1.*give p > 0"),
    (EVENTS | {"t": EVENTS["t"] * np.nan}, ValueError, "t must be finite numbers, but holds nan"),
    (EVENTS | {"t": ["a"] * 300}, TypeError, "t must be numbers"),
    (dict.fromkeys("txyp", ()), ValueError, "t holds nothing to draw"),
]


@each_of(("odd", "kind", "said"), ODD_EVENTS)
def test_odd_events_are_named(odd, kind, said):
    for draw in (plotting.event_cloud, plotting.event_rate):
        with pytest.raises(kind, match=said):
            draw(odd)


def test_odd_arguments_of_events_are_named():
    for draw, said in (
        (lambda: plotting.event_rate(EVENTS, bin_ms=0), "bin_ms must be greater than 0"),
        (lambda: plotting.event_rate(EVENTS | {"t": EVENTS["t"] + 10**15}), r"count from the start .* t - t\[0\]"),
        (lambda: plotting.event_rate(EVENTS | {"t": EVENTS["t"] - 10**6}), "count from the start"),
        (lambda: plotting.event_cloud(EVENTS, most=0), "most must be"),
        (lambda: plotting.event_frames(np.zeros((4, 2, 8, 8)), ncols=0), "ncols must be"),
        (lambda: plotting.pixel_events([0.0, 1.0], [0.5], [-1], 0.4), "polarities must be 1"),
    ):
        with pytest.raises(ValueError, match=said):
            draw()


@each_of("make", [torch.from_numpy, list, lambda column: column[::-1]])
def test_events_in_other_containers_and_orders(make):
    other = {key: make(column) for key, column in EVENTS.items()}
    counted = sum((patch.get_data().values * 10.0).sum() for patch in plotting.event_rate(other).patches)
    assert round(counted) == 300
    fields = np.rec.fromarrays(list(EVENTS.values()), names=list(EVENTS))
    t, _, _ = plotting.event_cloud(fields).collections[0]._offsets3d
    assert np.allclose(np.asarray(t) * 1000, EVENTS["t"])


def test_colours_of_frames():
    frames = np.zeros((1, 2, 1, 4))
    frames[0, 0, 0, 1] = frames[0, 1, 0, 2] = 1
    frames[0, :, 0, 3] = 100
    white, off, on, both = events.event_colours(frames / 1.0)[0, 0]
    assert tuple(white) == (255, 255, 255) and off[2] > off[0] and on[0] > on[2] and both.sum() < off.sum()
    one = frames.clip(0, 1)
    assert mpl.colors.to_hex(events.event_colours(one)[0, 0, 1] / 255) == figure.BLUE.lower()
    assert mpl.colors.to_hex(events.event_colours(one)[0, 0, 2] / 255) == figure.ORANGE.lower()
    assert (events.event_colours(np.zeros((2, 2, 3, 3))) == 255).all()
    for wrong in (np.zeros((1, 3, 4, 4)), -frames):
        with pytest.raises(ValueError, match="OFF and ON"):
            events.event_colours(wrong)


@pytest.mark.parametrize("side, ncols", [(8, 2), (20, 10), (128, 5)])
def test_titles_of_frames_stand_clear_of_the_row_above(side, ncols):
    ax = plotting.event_frames(np.zeros((2 * ncols, 2, side, side)), titles=["Ågy"] * 2 * ncols, ncols=ncols)
    ax.figure.draw_without_rendering()
    above, title = ax.images[0].get_window_extent(), ax.texts[ncols].get_window_extent()
    assert title.y1 <= above.y0 and title.y0 >= ax.images[ncols].get_window_extent().y1 - 1


def test_frames_have_one_title_each():
    ax = plotting.event_frames(np.zeros((4, 2, 8, 8)), titles="abcd", ncols=2)
    assert [text.get_text() for text in ax.texts] == list("abcd")
    with pytest.raises(ValueError, match="each of the 4 frames, but there are 3"):
        plotting.event_frames(np.zeros((4, 2, 8, 8)), titles="abc")


def test_rate_counts_every_event():
    ax = plotting.event_rate(EVENTS, bin_ms=5.0)
    counted = sum((patch.get_data().values * 5.0).sum() for patch in ax.patches)
    assert round(counted) == 300


def test_a_pixel_remembers_a_threshold_more_after_each_event():
    ax = plotting.pixel_events(TRACE[:, 0], [3.5, 9.0, 12.0], [1, 0, 0], 0.4)
    levels = ax.patches[0].get_data().values - TRACE[0, 0]
    assert np.allclose(levels, [0, 0.4, 0, -0.4])


def test_potentials_add_up_and_the_peak_is_marked():
    psp = np.array([[0.0, 0.0], [3.0, 0.0], [2.0, 2.0], [0.0, 1.0]])
    ax = plotting.psp_sum(psp, v_threshold=4.5)
    *parts, total, threshold, at, peak = ax.lines
    assert np.array_equal([line.get_ydata() for line in parts], psp.T)
    assert total.get_ydata().tolist() == [0, 3, 4, 1] and threshold.get_ydata()[0] == 4.5 < ax.get_ylim()[1]
    assert at.get_xdata()[0] == peak.get_xdata()[0] == 2


def test_credit_is_read_at_the_spikes():
    ax = plotting.spike_credit([[3], [8, 20]], 12, lambda t: t.clamp(min=0) / 10, 30)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in dots] == [(3, 0.9), (8, 0.4), (20, 0)]
    assert dots[2].get_markerfacecolor() == "white" != dots[1].get_markerfacecolor()


def arrows(*links):
    """Return the arrows of a graph of a, b and c in a row, and the texts beside them."""
    named = [dict(zip(("pre", "post", "weight", "delay"), link, strict=True)) for link in links]
    ax = plotting.network_graph(GROUPS, named)
    found = [patch for patch in ax.patches if isinstance(patch, FancyArrowPatch)]
    return found, [text.get_text() for text in ax.texts if "d" in text.get_text()]


def test_network_graph_sets_inhibition_off_by_line_and_head_and_not_by_colour_alone():
    (excites, inhibits), texts = arrows(("a", "b", 0.5, 2), ("b", "c", -0.25, 1))
    assert texts == ["0.5 · d2", "−0.25 · d1"]
    assert excites.get_linestyle() != inhibits.get_linestyle() and excites.get_edgecolor() != inhibits.get_edgecolor()
    assert type(excites.get_arrowstyle()) is not type(inhibits.get_arrowstyle())
    (bar,) = (line for line in inhibits.axes.lines if line.get_gid() == "bar")
    assert bar.get_linestyle() == "-" and np.ptp(bar.get_xdata()) < 1e-9  # across the arrow, which runs level


def test_network_graph_keeps_the_way_back_and_the_way_past_a_box_apart():
    (there, back), _ = arrows(("a", "b", 1, 1), ("b", "a", 1, 1))
    middles = [patch.get_path().vertices.mean(0) for patch in (there, back)]
    assert abs(middles[0][1] - middles[1][1]) > 0.05
    (past, loop), _ = arrows(("a", "c", 1, 1), ("b", "b", 1, 1))
    assert abs(past.get_path().vertices[1][1] - 0.5) > 0.1 and loop.get_path().vertices[:, 1].min() < 0.3


def test_network_graph_says_what_is_wrong():
    with pytest.raises(ValueError, match="ends at 'z', but the groups are a, b, c"):
        plotting.network_graph(GROUPS, [{"pre": "a", "post": "z"}])
    with pytest.raises(ValueError, match="a mark is 'old', but must be one of None, new, gone, hidden"):
        plotting.network_graph([GROUPS[0] | {"mark": "old"}], [])


def test_a_timetable_has_a_box_for_each_slot_in_fills_that_differ_in_lightness():
    rows = timetable(3, 4, "1f1b", backward=2)
    ax = plotting.timetable(rows)
    boxes = [patch for patch in ax.patches if patch.get_label() in ("forward", "backward")]
    found = {(round(b.get_y() + 0.4), b.get_x(), b.get_x() + b.get_width(), b.get_label()) for b in boxes}
    assert found == {(row.stage, row.start, row.end, row.what) for row in rows} and len(boxes) == len(rows)
    assert [int(text.get_text()) for text in ax.texts] == [row.chunk for row in rows]
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["stage 0", "stage 1", "stage 2"]
    fills = [patch.get_facecolor()[:3] for patch in ax.get_legend().get_patches()]
    grey = sorted(np.dot(fill, (0.2126, 0.7152, 0.0722)) for fill in fills)
    assert all(lighter - darker > 0.15 for darker, lighter in pairwise(grey))


def test_a_timetable_says_what_is_wrong():
    with pytest.raises(ValueError, match="nothing to draw"):
        plotting.timetable([])
    with pytest.raises(ValueError, match="sideways"):
        plotting.timetable([(0, 0, 1, 0, "sideways")])
