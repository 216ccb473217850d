"""Two processes: what they compute together is what one computes; who fails is named; who was killed goes on."""

import contextlib
import io
import random
import subprocess
import sys
from pathlib import Path

import members
import pytest
import torch
from members import CALLS, STEPS, X, Y, everything, fitted, loss, own, plain, raises, sgd, stays
from patience import PATIENCE
from together import each_of

from course_snn.training import ALONE, TeamError, launch, load

KILLED_AT = random.SystemRandom().randrange(STEPS)


@pytest.fixture(scope="module")
def once(tmp_path_factory):
    """The folder, the results, what was printed and what was complained about, of one launch: each takes seconds."""
    folder, printed, told = tmp_path_factory.mktemp("team"), io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(told):
        ends = launch(everything, str(folder), KILLED_AT, restarts=1, timeout=PATIENCE)
    return folder, ends, printed.getvalue(), told.getvalue()


@pytest.fixture(scope="module")
def together(once):
    """What each of the two said."""
    return [torch.load(once[0] / f"{rank}.pt", weights_only=True) for rank in range(2)]


def one_process(make, n):
    net = make()
    loss(net, X[:, :n], Y[:n]).backward()
    return {name: p.grad for name, p in net.named_parameters()}, dict(net.named_buffers())


def far(found, expected, bound=1e-7):
    """What differs by more than the bound, relative to the largest value that is expected."""
    if found.keys() != expected.keys():
        return found.keys() ^ expected.keys()
    gaps = {name: (found[name] - expected[name]).abs().max().item() for name in found}
    scale = max(1, *(value.abs().max() for value in expected.values()))
    return {name: gap for name, gap in gaps.items() if not gap < bound * scale}


def test_they_talk(together):
    for said in together:
        assert said["total"].tolist() == [3.0] and said["any"] is True and said["none"] is False
        assert said["shared"] == {"rank": 0, "device": "any"}


@each_of(("how", "make", "n"), [(how, make, n) for how in ("ddp", "fsdp") for make in (plain, own) for n in (9, 1)])
def test_gradients_and_statistics_are_one_processs(together, how, make, n):
    grads, buffers = one_process(make, n)
    for said in together:
        assert not far(said[how, make.__name__, n][0], grads, 3e-7)
        if make is plain:  # the other one ran twice
            assert not far(said[how, make.__name__, n][1], buffers)


def test_unroll_sends_all_steps_through_a_shared_network_at_once(together):
    assert all(said["calls", how, "own", 9] == 1 for said in together for how in ("ddp", "fsdp"))
    CALLS.clear()


def test_unroll_steps_what_keeps_a_state_also_where_it_is_shared_out(together):
    expected = X.flatten(2)[..., :1].cumsum(0).expand(-1, -1, 4)
    assert all(torch.allclose(said["remembers"], expected) for said in together)


def test_without_synchronisation_batch_normalisation_differs(together):
    """The trap: each process normalises by its own part; so the test above would see a difference."""
    grads, _ = one_process(plain, 9)
    assert max((together[0]["apart"][name] / 2 - g).abs().max() for name, g in grads.items()) > 1e-3


@each_of("how", ["ddp", "fsdp"])
def test_accumulated_gradients_are_those_of_the_whole(together, how):
    net = plain(normalised=False)
    loss(net, X[:, :8], Y[:8]).backward()
    for said in together:
        assert not far(said["accumulated", how][1], {name: p.grad for name, p in net.named_parameters()})


def test_the_first_part_is_not_averaged_yet(together):
    one, two = (said["accumulated", "ddp"][0] for said in together)
    assert max((one[name] - two[name]).abs().max() for name in one) > 1e-3


@each_of("how", ["ddp", "fsdp"])
def test_weights_and_optimizer_go_out_whole_and_come_in_again(together, how):
    net = plain(normalised=False)
    optimizer = sgd(net)
    for order in (torch.arange(9), torch.arange(9).flip(0)):
        members.step(ALONE, net, optimizer, order)
    for said in together:
        (straight, again), state = said["state", how]
        assert all(map(torch.equal, straight.values(), again.values()))
        assert not far(straight, net.state_dict())
        ours = optimizer.state_dict()
        assert state["param_groups"] == ours["param_groups"]
        for number, of_one in ours["state"].items():
            assert not far(state["state"][number], of_one)


def test_who_raises_is_named_with_the_cause_though_the_other_waits():
    with pytest.raises(TeamError) as error:
        launch(raises, timeout=PATIENCE)
    text = str(error.value)
    assert text.startswith("rank 1 of 2 raised ValueError: look here") and 'raise ValueError("look here")' in text
    assert error.value.rank == 1 and "launched.py" not in text


def test_who_does_not_end_is_ended():
    with pytest.raises(TeamError, match=r"after 0.1 s rank 0, 1 of 2 was not done and has been ended"):
        launch(stays, **{"timeout": 0.1})  # its own limit, not a wait of the test


def test_a_killed_fit_goes_on_as_if_nothing_had_been(once, together):
    _, ends, printed, told = once
    for said, (weights, rows, test) in zip(together, ends, strict=True):
        expected = said["fit"]
        assert all(map(torch.equal, expected[0].values(), weights.values())), f"killed in batch {KILLED_AT}"
        assert (rows, test) == expected[1:], f"killed in batch {KILLED_AT}"
    assert told.startswith("rank 1 of 2 was killed (SIGKILL)") and "All 2 start anew (1 of 1)." in told
    assert "[0] all said\n" in printed


@each_of("way", ["fit", "fit fsdp"])
def test_fit_in_two_processes_is_fit_in_one(together, way):
    weights, rows, test = fitted(ALONE, plain()[:-1], None)
    assert rows[-1][1] < 0.8 * rows[0][1]  # it learns
    for said in together:
        assert not far(said[way][0], weights, 2e-6)  # after twelve steps of Adam
        torch.testing.assert_close(torch.tensor(said[way][1]), torch.tensor(rows))
        torch.testing.assert_close(said[way][2], test)


@each_of("how", ["ddp", "fsdp"])
def test_a_run_of_two_goes_on_in_one_and_its_weights_load(once, together, how):
    folder = once[0] / f"half {how}"
    load(plain()[:-1], folder / "best.pt")
    weights, rows, _ = fitted(ALONE, plain()[:-1], folder, schedule=None)
    straight, expected, _ = fitted(ALONE, plain()[:-1], None, schedule=None)
    assert not far(weights, straight, 2e-6)
    torch.testing.assert_close(torch.tensor(rows), torch.tensor(expected))


def test_torchrun_starts_a_killed_run_anew(together, tmp_path):
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--standalone", "--max-restarts=1"]
    run = [*torchrun, members.__file__, str(tmp_path), str(KILLED_AT)]
    run = subprocess.run(run, capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == 0, f"killed in step {KILLED_AT}\n{run.stderr}"
    assert Path(tmp_path, "end.txt").read_text(encoding="utf-8") == f"{together[0]['by hand']} 1", KILLED_AT


@each_of(
    ("wrong", "message"),
    [
        (dict(processes=0), "processes"), (dict(threads=1.5), "threads"), ({"timeout": 0}, "timeout"),
        (dict(restarts=-1), "restarts"),
    ],
)  # fmt: skip
def test_what_launch_does_not_take(wrong, message):
    with pytest.raises((TypeError, ValueError), match=message):
        launch(stays, **wrong)


def test_what_cannot_be_sent_is_told():
    with pytest.raises(TypeError, match="sent to other processes, which failed"):
        launch(stays, (item for item in "abc"))
