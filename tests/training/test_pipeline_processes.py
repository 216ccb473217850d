"""Two processes: torch's own pipeline with a part of a network in each; blocks computed again under a wrapper."""

import pytest
import torch
from patience import PATIENCE
from torch import nn
from torch.nn.functional import cross_entropy

from course_snn import functional, neuron
from course_snn.training import launch, over_time, pipeline

T, N, CHUNKS = 5, 8, 4


def whole():
    torch.manual_seed(0)
    first = nn.Sequential(nn.Linear(6, 16), nn.BatchNorm1d(16).eval(), neuron.LIFNode())
    return [first, nn.Sequential(nn.Linear(16, 16), neuron.LIFNode(), nn.Linear(16, 3), neuron.LIFNode())]


def batch():
    generator = torch.Generator().manual_seed(1)
    return torch.rand(T, N, 6, generator=generator) * 3, torch.randint(3, (N,), generator=generator)


def loss(y, labels):
    return cross_entropy(y.mean(0), labels)


def in_pipeline(rank):
    x_seq, labels = batch()
    examples = [x_seq[:, : N // CHUNKS], torch.zeros(T, N // CHUNKS, 16)]
    found = {}
    for kind in ("gpipe", "1f1b"):
        part = whole()[rank]
        of = pipeline.stage(part, rank, 2, examples[rank])
        plan = pipeline.schedule(of, CHUNKS, loss, kind)
        for _ in range(2):  # twice: nothing is left from the first batch
            part.zero_grad()
            mean = pipeline.train_step(plan, of, *((x_seq, None) if rank == 0 else (None, labels)))
        state = {name: value.clone() for name, value in part.state_dict().items()}
        found[kind] = [p.grad for p in part.parameters()], mean, state
    return found


def recomputed(team, how):
    """Gradients of blocks computed again, each rank with half of the batch."""
    x_seq, labels = batch()
    net = nn.Sequential(*whole())
    wrapped = team.wrap(net, how)
    for _ in range(2):
        wrapped.zero_grad()
        functional.reset_net(wrapped)
        y = over_time.recomputed(wrapped, x_seq[:, team.rank :: 2], block=2)
        loss(y, labels[team.rank :: 2]).backward()
    return [p.grad.full_tensor() if hasattr(p.grad, "full_tensor") else p.grad for p in net.parameters()]


def work(team):
    return in_pipeline(team.rank), {how: recomputed(team, how) for how in ("ddp", "fsdp")}


def test_gradients_are_those_of_one_process():
    ranks = launch(work, timeout=PATIENCE)
    parts, (x_seq, labels) = whole(), batch()
    wanted = loss(functional.unroll(nn.Sequential(*parts), x_seq), labels)
    wanted.backward()
    for rank, (part, (staged, shared)) in enumerate(zip(parts, ranks, strict=True)):
        for grads, mean, state in staged.values():
            assert_equal(grads, [p.grad for p in part.parameters()])
            assert mean is None if rank == 0 else abs(mean - wanted) < 1e-6
            assert all(torch.equal(value, part.state_dict()[name]) for name, value in state.items())
        for grads in shared.values():
            assert_equal(grads, [p.grad for p in nn.Sequential(*parts).parameters()])


def assert_equal(found, wanted):
    for a, b in zip(found, wanted, strict=True):
        assert (a - b).norm() <= 1e-6 * b.norm()


def test_the_shape_that_goes_out_is_found_without_a_trace():
    part, x = (
        nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3), neuron.IFNode(), nn.Dropout()),
        torch.rand(T, 4, 2, 6, 6),
    )
    before, dice = {name: value.clone() for name, value in part.state_dict().items()}, torch.get_rng_state()
    from course_snn.training.stage import _tried

    assert _tried(part, x).shape == (T, 4, 3, 4, 4)
    assert all(torch.equal(value, before[name]) for name, value in part.state_dict().items())
    assert part[2].v == 0.0 and part.training and torch.equal(dice, torch.get_rng_state())


def test_a_stage_is_told_what_is_wrong():
    for call, message in (
        (lambda: pipeline.stage(whole()[0], 2, 2, torch.ones(T, 2, 6)), "0 … 1 for 2 stages, got 2"),
        (lambda: pipeline.stage(whole()[0], 0, 2, torch.ones(T)), r"\[T, n, …\]"),
        (lambda: pipeline.schedule(None, 4, loss, "1f1"), "Did you mean '1f1b'"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
