"""What MemoryTrace and ColumnReader compute in the page: reference.md 2.8, the library's modules, closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from together import each_of
from torch import nn

from course_snn import layer, neuron, synapse
from course_snn.language import tr
from course_snn.widget import ColumnReader, MemoryTrace
from course_snn.widget.recurrent import reading_order

P = {"start": [10], "stop": [], "tau": 2, "tau_syn": 10, "w_in": 2.5, "w_fb": 0}


@pytest.fixture
def trace(page_of):
    return page_of(MemoryTrace)


@pytest.fixture
def reader(page_of):
    return page_of(ColumnReader)


def test_filter_of_the_reference(trace):
    # a neuron that fires at 0, 3 and 4; SynapseFilter(tau=10) makes 1, .9, .81, 1.81, 2.81, 2.529 of it
    out = trace("simulateMemory", P | {"start": [0, 3, 4]}, 6)
    assert out["plain"]["s"] == [1, 0, 0, 1, 1, 0]
    assert out["y"] == pytest.approx([1, 0.9, 0.81, 1.81, 2.81, 2.529])


@each_of("tau, tau_syn, w_in, w_fb", [(2, 10, 2.5, 1.5), (1, 1, 1, 5), (7.5, 63.5, 3.3, -1.3), (20, 2, 9.9, 4)])
def test_equals_the_library(trace, tau, tau_syn, w_in, w_fb):
    draw = np.random.default_rng(3)
    start, stop = (np.flatnonzero(draw.random(60) < p).tolist() for p in (0.35, 0.1))
    made = MemoryTrace(start=start, stop=stop, tau=tau, tau_syn=tau_syn, w_in=w_in, w_fb=w_fb)
    rows, page = made.run(), trace("simulateMemory", made.params)
    for name in ("plain", "loop"):
        np.testing.assert_allclose(page[name]["v"], rows[name][0], atol=1e-12)
        assert page[name]["s"] == rows[name][1].tolist()
    assert sum(page["plain"]["s"]) > 0
    np.testing.assert_allclose(page["y"], rows["y"], rtol=1e-12)


def test_a_loop_as_strong_as_tau_never_stops_until_it_is_inhibited(trace):
    for w_fb, last in ((1.9, 10), (2.0, 59)):
        assert trace("lastSpike", trace("simulateMemory", P | {"w_fb": w_fb})["loop"]["s"]) == last
    stopped = trace("simulateMemory", P | {"w_fb": 2, "stop": [45]})["loop"]["s"]
    assert stopped == [0] * 10 + [1] * 35 + [0] * 15


def test_half_life(trace):
    assert trace("halfLife", 2) == pytest.approx(1)
    assert trace("halfLife", 1) == 0
    assert 0.99 ** trace("halfLife", 100) == pytest.approx(0.5)


def networks(seed=0):
    """Three small networks with random weights that fire, in double precision so that no threshold is a tie."""
    torch.manual_seed(seed)
    nets = {
        tr("无反馈", "plain"): nn.Sequential(
            nn.Linear(28, 12), neuron.LIFNode(2.5), nn.Linear(12, 10), neuron.IFNode()
        ),
        "filter": nn.Sequential(
            nn.Linear(28, 12), neuron.IFNode(), synapse.LowPassSynapse(6.0, True), nn.Linear(12, 10), neuron.IFNode()
        ),
        "loop": nn.Sequential(
            nn.Linear(28, 12),
            layer.LinearRecurrentContainer(neuron.IFNode(), 12, 12),
            nn.Linear(12, 10, bias=False),
            neuron.IFNode(),
        ),
    }
    for net in nets.values():
        for weight in net.parameters():
            weight.data = (weight.data * 2).float().double() if weight.dim() else weight.data.double()
    return nets


@each_of("order", ["left", "right", "mixed"])
def test_votes_equal_the_networks(reader, order):
    images = torch.rand(20, 1, 28, 28, generator=torch.manual_seed(1), dtype=torch.double)
    made = ColumnReader(networks(), images, torch.arange(20) % 10, order=order, image=7)
    numbers = np.frombuffer(made.numbers, np.float32).tolist()
    pixels = np.frombuffer(made.pictures, np.uint8).reshape(20, 784)
    nets = reader("assemble", made.nets, numbers)
    assert [net["name"] for net in nets] == [["无反馈", "plain"], ["filter", "filter"], ["loop", "loop"]]
    for net, votes in zip(nets, made.votes().values(), strict=True):
        assert 0 < votes[-1].sum() < 280
        assert reader("readVotes", net, (pixels[7] / 255).tolist(), order) == votes.tolist()


def test_orders_of_reading(reader):
    for order in ("left", "right", "mixed"):
        places = reader("readingOrder", order)
        assert places == reading_order(order) and sorted(places) == list(range(28))


def test_leader(reader):
    assert reader("leader", [0, 2, 2]) == 1
    assert reader("leader", [0, 0, 0]) == -1


def test_errors_say_what_is_accepted():
    with pytest.raises(ValueError, match="takes 20 pictures, got 3"):
        ColumnReader(images=torch.zeros(3, 28, 28))
    with pytest.raises(TypeError, match=r"cannot run Conv2d.* knows Linear"):
        ColumnReader({"net": nn.Sequential(nn.Conv2d(1, 1, 3))})
