"""evaluate: counted by hand, whatever the batch size; nothing is left behind. The two losses."""

import pytest
import torch
from small import data, network
from torch import nn

from course_snn import encoding, neuron, training


class Images:
    images = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.6, 0.0], [0.6, 0.0]])
    labels = torch.tensor([0, 1, 1, 0, 1])


@pytest.mark.parametrize("batch_size", [1, 2, 5, 500])
def test_counts_by_hand(batch_size):
    scores = training.evaluate(neuron.IFNode(), Images(), T=2, batch_size=batch_size)
    rates = torch.tensor([[1.0, 0], [0, 1], [1, 0], [0.5, 0], [0.5, 0]])  # 0.6 fires in the second step only
    expected = nn.functional.cross_entropy(rates, Images.labels).item()
    assert scores.accuracy == pytest.approx(3 / 5) and scores.loss == pytest.approx(expected)
    assert scores.seconds > 0


def test_leaves_no_trace():
    net = network()
    net[2].eval()  # frozen on purpose
    before = {name: value.clone() for name, value in net.state_dict().items()}
    torch.manual_seed(1)
    expected = torch.rand(2)
    torch.manual_seed(1)
    training.evaluate(net, data(), T=3, encode=encoding.PoissonEncoder())
    assert torch.equal(torch.rand(2), expected)
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert net.training and net[4].training and not net[2].training and net[3].v == 0.0
    assert all(p.grad is None for p in net.parameters())


def test_random_encoders_give_the_same_for_the_same_seed():
    def loss(seed):
        return training.evaluate(nn.Flatten(), data(), T=2, encode=encoding.PoissonEncoder(), seed=seed).loss

    assert loss(0) == loss(0) != loss(1)


def test_own_run_and_loss():
    scores = training.evaluate(
        nn.Identity(), Images(), run=lambda net, x: net(x)[None].bool(), loss=lambda out, labels: out.sum() * 0 + 7
    )
    assert scores.loss == pytest.approx(7)


def test_losses_in_closed_form():
    out = torch.tensor([[[1.0, 0, 0]], [[1, 1, 0]]])  # T = 2, rates 1, 1/2, 0
    label = torch.tensor([1])
    e = torch.tensor([1.0, 0.5, 0]).exp()
    assert training.rate_cross_entropy(out, label).item() == pytest.approx(-(e[1] / e.sum()).log().item())
    assert training.rate_mse(out, label).item() == pytest.approx((1 + 0.25 + 0) / 3)


def test_errors():
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        training.evaluate(neuron.IFNode(), Images(), T=1, batch_size=0)
    with pytest.raises(TypeError, match="test must have"):
        training.evaluate(neuron.IFNode(), [1, 2, 3], T=1)
    with pytest.raises(TypeError, match="T must be a whole number"):
        training.evaluate(neuron.IFNode(), Images(), encode=encoding.PoissonEncoder())
