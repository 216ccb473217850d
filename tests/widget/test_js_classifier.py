"""What DrawDigit and VoteExplorer compute in the page: course_snn's neurons, the page's noise, MNIST's framing."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
import torch
from together import each_of

from course_snn import functional, neuron
from course_snn.widget import DrawDigit, VoteExplorer
from course_snn.widget.classifier import bundled, centred, layer_input, templates
from course_snn.widget.noise import mulberry32, uniform

WEIGHT = torch.randn(10, 784, generator=torch.Generator().manual_seed(0)) / 8


@pytest.fixture
def page(page_of):
    return page_of(DrawDigit)


def test_noise_at_once_is_the_noise_one_by_one():
    for seed in (0, 1, 99, 2**32 - 1):
        assert uniform(seed, 500).tolist() == list(islice(mulberry32(seed), 500))


@each_of("encoder", ["poisson", "constant"])
@each_of("tau, T", [(2.0, 30), (1.0, 5), (7.5, 60)])
def test_page_equals_the_network(page, encoder, tau, T):
    drawn = DrawDigit(WEIGHT, encoder=encoder, tau=tau, T=T, centre=False, image=bundled()[5].flatten().tolist())
    there = page("classify", drawn.params, WEIGHT.flatten().tolist())
    current = layer_input(np.array(drawn.params["image"]), WEIGHT.numpy(), encoder, T, 1)
    node, v, spikes = neuron.LIFNode(tau=tau), [], []
    for x in current:
        spikes.append(node(x))
        v.append(node.v)
    assert there["spikes"] == torch.cat(spikes).int().tolist() == drawn.output()[1].flatten().int().tolist()
    np.testing.assert_allclose(there["v"], torch.cat(v), atol=1e-4)
    assert there["counts"] == torch.stack(spikes).cumsum(0).int().flatten().tolist()


def test_poisson_input_has_the_mean_of_the_constant_one():
    image = bundled()[2].flatten().numpy()
    steady = layer_input(image, WEIGHT.numpy(), "constant", 1, 0)[0]
    noisy = layer_input(image, WEIGHT.numpy(), "poisson", 4000, 3)
    error = noisy.std(0) / 4000**0.5
    assert ((noisy.mean(0) - steady).abs() < 4.5 * error).all()


def test_votes_equal_argmax(page):
    counts = torch.randint(0, 4, (6, 10), generator=torch.Generator().manual_seed(1))
    flat = counts.flatten().tolist()
    assert page.all([("winner", (flat, 10 * t, 10)) for t in range(6)]) == counts.argmax(1).tolist()


def test_centring_equals_python_and_does_what_it_says(page):
    drawn = torch.zeros(28, 28)
    drawn[2:12, 3:9] = 1
    drawn[2:4, 3:14] = 0.6
    here = centred(drawn.numpy())
    np.testing.assert_allclose(page("centred", drawn.flatten().tolist()), here.ravel(), atol=1e-6)
    place = np.arange(28)
    assert here.sum(0) @ place / here.sum() == pytest.approx(14, abs=0.05)
    assert here.sum(1) @ place / here.sum() == pytest.approx(14, abs=0.05)
    down, right = np.nonzero(here > 0.1)
    assert 20 <= max(np.ptp(down), np.ptp(right)) + 1 <= 23
    moved = torch.roll(drawn, (9, 6), (0, 1))
    np.testing.assert_allclose(centred(moved.numpy()), here, atol=1e-6)


def test_what_is_centred_already_stays_as_it_is(page):
    digit = torch.zeros(28, 28)
    digit[4:24, 10:19] = torch.rand(20, 9, generator=torch.Generator().manual_seed(0)) / 4 + 0.5
    digit[14:24, 10:19] += 0.1  # heavier below: rows 4 … 23 alone have their centre at 13.5
    assert centred(digit.numpy()).tolist() == digit.tolist()
    np.testing.assert_allclose(page("centred", digit.flatten().tolist()), digit.flatten())
    assert page("centred", torch.roll(digit, 2, 1).flatten().tolist()) != digit.roll(2, 1).flatten().tolist()


def test_an_empty_drawing_stays_empty(page):
    assert set(page("centred", [0] * 784)) == {0}
    assert centred(np.zeros((28, 28))).sum() == 0


def test_the_pen_is_round_and_never_erases(page):
    image = [0.3] * 784
    inked = np.reshape(page("inked", image, 14.5, 10.5), (28, 28))
    assert inked[10, 14] == 1
    assert inked[10, 13] == inked[10, 15] == inked[9, 14] == inked[11, 14] == pytest.approx(0.75)
    assert (inked[np.hypot(*(np.indices((28, 28)) - np.array([10, 14])[:, None, None])) > 1.5] == 0.3).all()


def test_templates_answer_their_own_digit():
    current = bundled().flatten(1) @ templates().T
    assert current.diagonal().min() > 1.5
    assert (current - current.diagonal().diag()).abs().max() < 0.3


@each_of("encoder, tau, threshold", [("poisson", 2.0, 1.0), ("constant", 5.0, 0.6)])
def test_explorer_scores_as_the_network_does(page_of, encoder, tau, threshold):
    page = page_of(VoteExplorer)
    explorer = VoteExplorer(WEIGHT)
    pictures = [(picture / 255).tolist() for picture in explorer._pictures]
    calls = [
        ("layerInput", (picture, WEIGHT.flatten().tolist(), {"encoder": encoder, "T": 50, "seed": 1000 + n}))
        for n, picture in enumerate(pictures)
    ]
    scored = page("scoreAll", page.all(calls), list(range(10)), {"tau": tau, "threshold": threshold})
    np.testing.assert_allclose(np.array(scored["right"]) / 10, explorer.right(encoder, tau, threshold))


def test_explorer_agrees_with_training_evaluate_on_constant_input():
    node = neuron.LIFNode()
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 10, bias=False), node)
    net[1].weight.data = templates()
    x = bundled().mul(255).round() / 255
    with torch.no_grad():
        out = functional.unroll(net, x[:, None], T=12)
    right = (out.mean(0).argmax(1) == torch.arange(10)).float().mean()
    assert VoteExplorer().right("constant", 2.0, 1.0)[11] == pytest.approx(right.item())


def test_wrong_weights_are_refused():
    with pytest.raises(ValueError, match=r"weight must have the shape \[10, 784\]"):
        DrawDigit(torch.zeros(784, 10))
