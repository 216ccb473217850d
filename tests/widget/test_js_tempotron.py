"""What TempotronBench and TempotronReader compute in the page: kernel, voltages, gradients, steps of learning."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from together import each_of

from course_snn import event_driven
from course_snn.widget import TempotronBench, TempotronReader
from course_snn.widget.tempotron import latency

SETTINGS = [
    {},
    {"a": [0, 5, 40], "b": [59], "c": [], "w_a": 1.3, "w_c": -2.0},
    {"a": [3], "b": [4], "c": [10, 11, 12], "w_c": -0.9, "tau": 30.0, "tau_s": 0.5},
    {"a": [], "b": [], "c": [20], "w_c": -1.0, "tau": 6.0, "tau_s": 5.0},
]


@pytest.fixture
def page(page_of):
    return page_of(TempotronBench)


@each_of("tau, tau_s", [(15.0, 3.75), (6.0, 5.0), (40.0, 0.25)])
def test_kernel_equals_the_library(page, tau, tau_s):
    t = torch.linspace(-5, 80, 200, dtype=torch.double)
    there = page("pspAt", t.tolist(), tau, tau_s)
    np.testing.assert_allclose(there, event_driven.psp_kernel(t, tau, tau_s), atol=1e-12)
    assert page("peakTime", tau, tau_s) == pytest.approx(event_driven.peak_time(tau, tau_s))


@each_of("values", SETTINGS)
def test_bench_equals_the_tempotron(page, values):
    bench = TempotronBench(**values)
    psp, t_max, gradient = bench.run()
    there = page("respond", bench.params)
    np.testing.assert_allclose(np.array(there["psp"]).T, psp, atol=1e-12)
    np.testing.assert_allclose(there["v"], psp.sum(1), atol=1e-12)
    assert there["t_max"] == t_max
    np.testing.assert_allclose(there["gradient"], gradient, atol=1e-12)


def test_only_an_error_moves_the_weights_and_each_by_its_share(page):
    p = TempotronBench(rate=0.2).params
    r = page("respond", p)
    assert r["v_max"] >= 1  # it fires with what it starts with
    assert page("learned", p, True) == {f"w_{name}": p[f"w_{name}"] for name in "abc"}
    less = page("learned", p, False)
    for name, share in zip("abc", r["gradient"], strict=True):
        assert less[f"w_{name}"] == pytest.approx(p[f"w_{name}"] - 0.2 * share, abs=1e-4)
    assert page("respond", p | less)["v_max"] < r["v_max"]
    assert less["w_c"] == p["w_c"]  # its spike comes after the peak


def test_learning_ends_at_the_goal_and_within_the_sliders(page):
    p = TempotronBench(w_a=0.1, w_b=-0.2, w_c=-2.0, a=[5], b=[8], c=[30]).params
    for _ in range(60):
        p = p | page("learned", p, True)
    assert page("respond", p)["v_max"] >= 1
    held = TempotronBench(w_a=1.95, w_b=-1.3, w_c=0.0, rate=0.5, a=[10], b=[9], c=[]).params
    assert 0 < page("respond", held)["v_max"] < 1
    assert page("learned", held, True)["w_a"] == 2  # the end of its slider


def test_a_voltage_that_never_rises_cannot_learn(page):
    """Its peak is the rest before the first spike, where no input has earned anything."""
    p = TempotronBench(w_a=-1.0, w_b=-1.0, w_c=-1.0, a=[5], b=[8], c=[30]).params
    assert page("respond", p)["gradient"] == [0, 0, 0] and page("learned", p, True)["w_a"] == -1


@each_of("brightness", [1.0, 0.35])
@each_of("members", [1, 3])
def test_reader_equals_the_tempotron(page_of, brightness, members):
    page, generator = page_of(TempotronReader), torch.Generator().manual_seed(0)
    net = event_driven.Tempotron(784, 10 * members, 20, 12.0, 3.0)
    net.weight.data = torch.randn(10 * members, 784, generator=generator) / 8
    reader = TempotronReader(net, image=4, brightness=brightness)
    image = (reader._pictures[4].double() / 255 * brightness).tolist()
    times, v = reader.run()
    assert page("latencyTimes", image, 20) == times.tolist()
    there = page("classVoltages", times.tolist(), net.weight.flatten().tolist(), reader.net)
    np.testing.assert_allclose(np.reshape(there, (20, 10)), v, atol=1e-4)
    for now in (0, 9, 19):
        best = page("ahead", there, now)
        np.testing.assert_allclose(best["best"], v[: now + 1].amax(0), atol=1e-4)
        assert best["winner"] == (v[: now + 1].amax(0).argmax() if v[: now + 1].max() > 0 else -1)
    assert page("ahead", there, 0)["winner"] == -1  # K(0) = 0: nobody has moved yet


def test_the_templates_read_their_own_digits():
    for label in range(10):
        _, v = TempotronReader(image=label).run()
        top = v.amax(0)
        assert top.argmax() == label and top[label] > 1


def test_what_is_sent_is_what_python_has():
    net = event_driven.Tempotron(784, 20, 25)
    reader = TempotronReader(net)
    sent = np.frombuffer(reader.weight, "<f4").reshape(20, 784)
    np.testing.assert_array_equal(sent, net.weight.detach())
    assert reader.net == {"T": 25, "tau": 15.0, "tau_s": 3.75} and len(reader.pictures) == 20 * 784
    assert reader.labels == list(range(10)) * 2


def test_latency_leaves_black_pixels_silent():
    x = torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0])
    assert latency(x, 5).tolist() == [-1, 3, 2, 1, 0]


def test_another_net_is_refused():
    with pytest.raises(ValueError, match="784 inputs and a multiple of 10 neurons; this one has 784 and 12"):
        TempotronReader(event_driven.Tempotron(784, 12, 20))
