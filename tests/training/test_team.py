"""One process: what each of a team gets of a batch, that alone nothing happens, and who waits in vain."""

import contextlib
import os
import socket
import subprocess
import sys
from datetime import timedelta

import pytest
import torch
from members import X, loss, plain, sgd
from together import each_of
from torch import nn

from course_snn.training import ALONE, Team, TeamError, join, meeting, synchronise, team

NAMES = ("RANK", "WORLD_SIZE", "LOCAL_RANK", "LOCAL_WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")


def by_hand(n, size):
    """Deal n samples out like cards; who has none gets the first one back, for nothing."""
    hands = [[] for _ in range(size)]
    for sample in range(n):
        hands[sample % size].append(10 + sample)
    return [(hand, len(hand) * size / n) if hand else ([10], 0.0) for hand in hands]


@each_of("n, size", [(n, size) for n in range(1, 14) for size in range(1, 6)])
def test_a_batch_is_dealt_out_and_weighted_so_that_the_mean_over_processes_is_its_mean(n, size):
    parts = [Team(rank, size).split(torch.arange(10, 10 + n)) for rank in range(size)]
    assert [(part.tolist(), weight) for part, weight in parts] == by_hand(n, size)
    losses = torch.rand(10 + n, dtype=torch.float64)
    averaged = sum(weight * losses[part].mean() for part, weight in parts) / size
    torch.testing.assert_close(averaged, losses[10:].mean())


@each_of("order", [torch.arange(0), torch.zeros(2, 2), torch.tensor(3)])
def test_a_batch_is_a_row_of_samples(order):
    with pytest.raises(ValueError, match=r"numbers of its samples \[n\]"):
        ALONE.split(order)


def test_alone_nothing_happens():
    net, order, x = plain(), torch.arange(3), torch.tensor([2.0])
    optimizer = sgd(net)
    loss(net, X[:, :3], order).backward()
    optimizer.step()
    assert ALONE.split(order) == (order, 1.0) and ALONE.split(order)[0] is order
    assert ALONE.total(x) is x and ALONE.any(True) and not ALONE.any(False) and ALONE.share(x) is x and ALONE.first
    ALONE.wait()
    assert ALONE.wrap(net) is net and ALONE.wrap(net, "fsdp") is net
    with ALONE.unsynced(net):
        pass
    held = ALONE.weights(net)
    assert list(held) == list(net.state_dict())
    ALONE.load_weights(net, held)
    ALONE.load_optimizer(net, optimizer, ALONE.optimizer_state(net, optimizer))
    with pytest.raises(ValueError, match='"ddp" or "fsdp"'):
        ALONE.wrap(net, "tensor")


def test_training_alone_imports_none_of_the_engines():
    code = """
import sys, course_snn.training as t, torch
with t.join() as team:
    net = team.wrap(torch.nn.Linear(2, 2)); team.weights(net); team.wait()
    assert team is t.ALONE and not torch.distributed.is_initialized()
heavy = ("torch.distributed.fsdp", "torch.distributed.checkpoint", "torch.distributed.tensor", "torch._dynamo")
assert not [name for name in heavy if name in sys.modules], [name for name in heavy if name in sys.modules]
"""
    environment = {"PATH": ""} | {k: v for k, v in os.environ.items() if k not in NAMES}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr


def test_batch_normalisation_in_one_process_is_torchs():
    net, twin = synchronise(plain()), plain()
    assert list(net.state_dict()) == list(twin.state_dict())
    for n in (9, 5):
        for one in (net, twin):
            loss(one, X[:, :n], torch.arange(n) % 3).backward()
    for one in (net, twin):
        one.eval()
    assert torch.equal(loss(net, X, torch.arange(9) % 3), loss(twin, X, torch.arange(9) % 3))
    assert all(map(torch.equal, net.state_dict().values(), twin.state_dict().values()))


def test_a_normalisation_with_a_forward_of_its_own_stays():
    class Own(nn.BatchNorm2d):
        def forward(self, x):
            return 2 * super().forward(x)

    class Renamed(nn.BatchNorm1d):
        pass

    net = synchronise(nn.Sequential(Own(2), Renamed(3), nn.BatchNorm3d(3), nn.LayerNorm(3)))
    assert [type(m).__name__ for m in net] == ["Own", *["SynchronisedBatchNorm"] * 2, "LayerNorm"]


@pytest.fixture
def rank_0_of_2(monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RANK", "0")
    monkeypatch.setenv("WORLD_SIZE", "2")
    return monkeypatch


def test_who_never_comes_is_named(rank_0_of_2):
    with contextlib.closing(socket.socket()) as free:
        free.bind((meeting.HERE, 0))
        port = free.getsockname()[1]
    rank_0_of_2.setenv("MASTER_PORT", str(port))
    with pytest.raises(TeamError, match=r"rank 0 of 2 waited 0.2 s .* for rank 1, which did not come") as error:
        join(timeout=timedelta(seconds=0.2)).__enter__()
    assert error.value.rank == 1 and not torch.distributed.is_initialized()


def test_half_an_environment_is_told(rank_0_of_2):
    with pytest.raises(TeamError, match="MASTER_PORT is not: start with torchrun"):
        join().__enter__()


def test_a_team_by_itself_says_where_it_computes():
    with join(device="meta") as members:
        assert members.device.type == "meta" and members.size == 1
    assert team.bare(nn.Linear(1, 1)).in_features == 1
