"""The examiners of chapter 16: each goes wrong in its own way, and each fault shows where the others do not."""

import pytest
import torch
from torch import nn

from course_snn import functional, neuron
from course_snn.course import examiners


@pytest.fixture(scope="module")
def case():
    """A network that tells apart ten noisy patterns, each the same number in one of ten places."""
    torch.manual_seed(0)
    labels = torch.arange(200)[torch.randperm(200)] % 10
    images = nn.functional.one_hot(labels, 10).float() + 0.2 * torch.rand(200, 10)
    net = nn.Sequential(nn.Linear(10, 10, bias=False), nn.BatchNorm1d(10), neuron.IFNode(v_threshold=2.0))
    nn.init.eye_(net[0].weight)
    net.train()
    for _ in range(50):
        functional.reset_net(net)
        functional.unroll(net, images, T=2)
    return net, images, labels


def right(found):
    predicted, compared = found
    return (predicted == compared).float()


def test_the_sound_one_does_not_mind_how_it_is_given_the_pictures_and_leaves_the_network_alone(case):
    net, images, labels = case
    before = {name: value.clone() for name, value in net.state_dict().items()}
    by_class = labels.argsort(stable=True)
    assert right(examiners.sound(net, images, labels, batch_size=20)).mean() == 1
    assert right(examiners.sound(net, images[by_class], labels[by_class], batch_size=7)).mean() == 1
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items()) and net.training


def test_a_normalises_by_the_batch_and_so_minds_a_batch_of_one_class(case):
    net, images, labels = case
    by_class = labels.argsort(stable=True)
    assert right(examiners.examiner("A")(net, images, labels, batch_size=20)).mean() > 0.95
    assert right(examiners.examiner("A")(net, images[by_class], labels[by_class], batch_size=20)).mean() < 0.5


def test_b_has_another_order_of_folders_and_so_one_wrong_name_for_each_class(case):
    net, images, labels = case
    predicted, compared = examiners.examiner("B")(net, images, labels, batch_size=20)
    assert right((predicted, compared)).mean() == 0 and torch.equal(predicted, labels)
    assert len({*zip(predicted.tolist(), compared.tolist(), strict=True)}) == 10


def test_c_keeps_the_state_and_so_only_its_first_batch_is_right(case):
    net, images, labels = case
    correct = right(examiners.examiner("C")(net, images, labels, batch_size=20))
    assert correct[:20].mean() == 1 and correct[20:].mean() < 0.9
    assert right(examiners.examiner("C")(net, images, labels, batch_size=200)).mean() == 1


def test_an_unknown_examiner():
    with pytest.raises(ValueError, match='"A", "B" and "C", got \'D\''):
        examiners.examiner("D")
