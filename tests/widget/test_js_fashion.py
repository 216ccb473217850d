"""What SpikeBrowser and EnergyCalculator compute in the page: the library's encoder, sums done by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from together import each_of
from torch import nn

from course_snn import neuron
from course_snn.widget import EnergyCalculator, SpikeBrowser
from course_snn.widget.fashion import LAYERS, folded


@pytest.fixture
def browser(page_of):
    return page_of(SpikeBrowser)


@pytest.fixture
def energy(page_of):
    return page_of(EnergyCalculator)


def trained(channels=16):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, channels, 3, padding=1), nn.BatchNorm2d(channels), neuron.IFNode()).double()
    for part in (net[1].running_mean, net[1].weight.data, net[1].bias.data):
        part.add_(torch.randn(channels, dtype=torch.double) * 0.3)
    net[1].running_var.uniform_(0.05, 2)
    return net.eval()


def test_folding_keeps_what_the_layers_compute():
    net, x = trained(20), torch.rand(1, 1, 28, 28, dtype=torch.double)
    weight, bias = folded(net)
    out = nn.functional.conv2d(x, weight[:, None], bias, padding=1)
    np.testing.assert_allclose(out, net[1](net[0](x))[:, :16].detach(), rtol=1e-6, atol=1e-6)


@each_of("soft", [False, True])
@each_of("threshold", [0.3, 1.0])
def test_page_fires_as_the_library(browser, soft, threshold):
    images = torch.rand(10, 1, 28, 28, generator=torch.manual_seed(1))
    made = SpikeBrowser(trained(), images, soft=soft, threshold=threshold, image=4)
    picture = (np.frombuffer(made.pictures, np.uint8).reshape(10, 784)[4] / 255).tolist()
    current = browser("currents", picture, made.weight, made.bias)
    np.testing.assert_allclose(current, made.currents().flatten(), atol=1e-12)
    spikes = np.array(browser("encode", current, {"threshold": threshold, "soft": soft}))
    assert 0 < spikes.mean() < 1
    assert np.array_equal(spikes, made.spikes().flatten(1))
    rate = made.spikes()[:5, 3].mean().item()
    assert browser("rateOf", spikes.tolist(), 3, 5) == pytest.approx(rate)


def test_constant_current_fires_every_ceil_theta_over_i(browser):
    current = [0.5, 0.4, 0.3, 1.7, -0.2]
    spikes = np.array(browser("encode", current, {"threshold": 1.0, "soft": False}, 12))
    assert spikes.sum(0).tolist() == [6, 4, 3, 12, 0]


def test_what_a_channel_shows(browser):
    current = np.zeros(16 * 784)
    current[784] = 0.7  # channel 1, top left: fires in step 2, 4, …
    spikes = browser("encode", current.tolist(), {"threshold": 1.0, "soft": False})
    shown = [
        browser("shade", current.tolist(), spikes, 1, 3, {"show": show, "threshold": 1.0})[0]
        for show in ("spikes", "count", "current")
    ]
    assert shown == pytest.approx([0, 1 / 3, 0.35])


def test_browser_says_what_it_takes():
    with pytest.raises(ValueError, match="takes 10 pictures, got 3"):
        SpikeBrowser(images=torch.zeros(3, 28, 28))
    with pytest.raises(ValueError, match="C ≥ 16"):
        SpikeBrowser(trained(8))


@each_of(
    "values", [{}, {"T": 9, "scale": 2.5, "memory": 5.0}, {"once": False, "mac": 1.0}, {"skip": False}, {"scale": 5.0}]
)
def test_energy_equals_python(energy, values):
    made = EnergyCalculator(**values)
    for name, parts in energy("energy", made.layers, made.params).items():
        assert parts == pytest.approx(made.energy()[name])


def test_energy_by_hand(energy):
    layers = [
        {"name": "a", "macs": 1000, "neurons": 10, "rate": 0.1},
        {"name": "b", "macs": 500, "neurons": 5, "rate": 0},
    ]
    made = EnergyCalculator(layers, T=4)
    assert made.energy()["ann"] == {"first": 4600, "rest": 2300, "memory": 0}
    assert made.energy()["snn"] == pytest.approx({"first": 4600, "spikes": 180, "neurons": 54, "memory": 0})
    assert energy("saving", made.layers, made.params)["times"] == pytest.approx(6900 / 4834)


def test_break_even_is_where_the_two_agree(energy):
    made = EnergyCalculator(T=8)
    s = energy("breakEven", made.layers, made.params)
    assert energy("saving", made.layers, made.params | {"scale": s})["times"] == pytest.approx(1)
    assert energy("breakEven", made.layers, made.params | {"add": 5.0, "mac": 0.1}) is None


def test_a_layer_needs_all_its_numbers():
    with pytest.raises(ValueError, match="each layer has macs, name, neurons, rate"):
        EnergyCalculator([{"name": "a", "macs": 1}])
    assert len(LAYERS) == 4
