"""The exercises of chapter 16 against torch itself, and their cases against what their texts promise."""

from itertools import permutations

import pytest
import torch
from torch import nn

from course_snn import functional, neuron
from course_snn.course.exercises.ch16 import (
    activations,
    gpipe,
    label_order,
    line,
    my_trainer,
    recompute,
    ring,
    split,
    table,
)
from course_snn.training import timetable
from course_snn.training.team import Team


def built(layers, shape):
    """Return the layers of the exercise as torch's own."""
    parts = []
    for kind, *settings in layers:
        if kind == "conv":
            channels, kernel, padding = settings
            parts.append(nn.Conv2d(shape[0], channels, kernel, padding=padding))
        elif kind == "pool":
            parts.append(nn.MaxPool2d(*settings))
        elif kind == "linear":
            parts += [nn.Flatten(), nn.Linear(torch.Size(shape).numel(), *settings)]
        else:
            parts.append(neuron.LIFNode())
        shape = nn.Sequential(*parts[-2 if kind == "linear" else -1 :])(torch.zeros(1, *shape)).shape[1:]
    net = nn.Sequential(*parts)
    functional.reset_net(net)
    return net


def kept(net, x, T):
    """Return the bytes that autograd keeps of a still input, parameters and single numbers apart."""
    parameters, found = {p.untyped_storage().data_ptr() for p in net.parameters()}, {}

    def pack(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in parameters and storage.nbytes() > 4:
            found[storage.data_ptr()] = tensor, storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        y = functional.unroll(net, x, T)
    assert y.requires_grad
    return sum(nbytes for _, nbytes in found.values())


def test_activations_are_the_bytes_that_autograd_keeps():
    for layers, shape, T, batch, _ in activations.EXERCISE.cases:
        x = torch.rand(batch, *shape)
        assert kept(built(layers, shape), x, T) == activations.activations(layers, shape, T, batch, 4), layers


@pytest.mark.parametrize("size", [1, 2, 3, 6])
def test_the_ring_sums_and_each_rank_sends_one_chunk_a_round(size):
    parts = [[torch.rand(c + 1) for c in range(size)] for _ in range(size)]
    way = line._Line(parts)
    made = ring.ring(parts, way)
    total = [torch.stack(chunks).sum(0) for chunks in zip(*parts, strict=True)]
    assert way.rounds == 2 * (size - 1)
    assert all(torch.allclose(chunk, total[c]) for row in made for c, chunk in enumerate(row))


def test_the_average_over_ranks_is_the_mean_over_the_batch():
    loss = torch.rand(40, dtype=torch.float64)
    for order, size in split.EXERCISE.cases:
        found = sum(weight * loss[part].mean() for part, weight in split.split(order, size)) / size
        assert torch.isclose(found, loss[order].mean(), atol=1e-12)


@pytest.mark.parametrize(("stages", "chunks"), [(1, 3), (2, 1), (3, 4), (4, 8)])
def test_equally_fast_stages_follow_the_formulas_of_gpipe(stages, chunks):
    f, b = 2.0, 3.0
    there, back, bubble = gpipe.gpipe([f] * stages, [b] * stages, chunks)
    turn = (stages - 1 + chunks) * f
    assert there == [[(s + m) * f for m in range(chunks)] for s in range(stages)]
    assert back == [[turn + (stages - 1 - s + chunks - 1 - m) * b for m in range(chunks)] for s in range(stages)]
    assert bubble == pytest.approx((stages - 1) / (chunks + stages - 1))


def test_the_timetables_break_no_rule():
    assert all(table.tried(gpipe.gpipe, *case) for case in gpipe.EXERCISE.cases)


def test_recomputed_blocks_find_the_gradient_of_a_network_of_the_library():
    net = nn.Sequential(nn.Linear(4, 3, bias=False), neuron.LIFNode(tau=3.0, v_reset=None))
    w, x = net[0].weight, 3 * torch.rand(7, 2, 4)

    def run(w, x, v):
        net[1].reset()
        net[1].v = v
        return functional.unroll(net, x), net[1].v

    functional.reset_net(net)
    y = functional.unroll(net, x)
    grad = torch.rand_like(y)
    (want,) = torch.autograd.grad(y, w, grad)
    assert want.abs().sum() > 0
    for k in (1, 2, 3, 7, 9):
        torch.testing.assert_close(recompute.recompute(run, w, x, torch.zeros(2, 3), k, grad), want)


def test_the_best_order_is_the_only_one():
    for (confusion,) in label_order.EXERCISE.cases:
        classes = range(len(confusion))
        right = sorted(confusion[list(order), classes].sum().item() for order in permutations(classes))
        if label_order.label_order(confusion) is not None:
            assert right[-1] > right[-2] and 2 * right[-1] > confusion.sum()
        else:
            assert 2 * right[-1] <= confusion.sum()


@pytest.mark.parametrize(("stages", "chunks", "b"), [(1, 2, 1.0), (3, 5, 2.0), (4, 2, 0.5)])
def test_equally_fast_stages_follow_the_timetable_of_the_library(stages, chunks, b):
    there, back, share = gpipe.gpipe([1.0] * stages, [b] * stages, chunks)
    rows = timetable.timetable(stages, chunks, "gpipe", backward=b)
    assert {(row.what, row.stage, row.chunk): row.start for row in rows} == {
        (what, s, m): table[s][m]
        for what, table in (("forward", there), ("backward", back))
        for s in range(stages)
        for m in range(chunks)
    }
    assert share == pytest.approx(timetable.bubble(rows))


def test_parts_and_weights_are_those_of_a_team():
    for order, size in split.EXERCISE.cases:
        for rank, (part, weight) in enumerate(split.split(order, size)):
            its_part, its_weight = Team(rank=rank, size=size).split(order)
            assert torch.equal(part, its_part) and weight == its_weight


class Pictures(torch.utils.data.Dataset):
    classes, targets = ("dark", "light"), [0, 1] * 8

    def __len__(self):
        return len(self.targets)

    def __getitem__(self, number):
        return torch.full((3, 4, 4), 0.2 + 0.6 * self.targets[number]), self.targets[number]


class Small(my_trainer.MyTrainer):
    def load_data(self, args):
        return Pictures(), Pictures(), None

    def load_model(self, args, num_classes):
        return nn.Sequential(nn.Flatten(), nn.Linear(48, num_classes), neuron.IFNode())


@pytest.mark.parametrize("mix", [[], ["--mixup-alpha", "0.2"]])
def test_the_changed_trainer_trains(tmp_path, mix):
    trainer = Small()
    given = [
        "--data",
        str(tmp_path),
        "--skip",
        "1",
        "--epochs",
        "3",
        "--output-dir",
        str(tmp_path / "runs"),
        "--quiet",
        *mix,
    ]
    args = trainer.get_args_parser().parse_args([*given, "--opt", "adam", "--lr", "0.05", "--device", "cpu"])
    history = trainer.main(args)
    assert len(history.epochs) == 3
    assert [folder.name[-6:] for folder in (tmp_path / "runs").iterdir()] == ["_skip1"]
