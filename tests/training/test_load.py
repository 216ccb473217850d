"""load: the network answers as the saved one, or an error says what differs; files of the older version."""

import warnings

import pytest
import torch
from runs import go, net, own_classes

from course_snn import neuron, surrogate, training
from course_snn.training import CheckpointError

# ---------------------------------------------------------------- loading weights


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(tau=20.0), "3.tau: 2.0 there, 20.0 here"),
        (dict(threshold=0.2), "3.v_threshold: 1.0 there, 0.2 here"),
        (dict(reset=None), "3.v_reset: 0.0 there, None here"),
        (dict(cls=neuron.IFNode), "3: LIFNode there, IFNode here"),
        (dict(eps=1e-3), "2.eps"),
    ],
)
def test_load_refuses_a_network_that_would_answer_otherwise(tmp_path, change, message):
    go(net(), tmp_path)
    with pytest.raises(CheckpointError, match=f"answers otherwise:\n  {message}.*\n.*check=False"):
        training.load(net(**change), tmp_path / "best.pt")
    loaded = training.load(net(**change), tmp_path / "best.pt", check=False)
    assert torch.equal(loaded[1].weight, torch.load(tmp_path / "best.pt")["net"]["1.weight"])


@pytest.mark.parametrize(
    "change",
    [
        dict(slope=surrogate.ATan()),
        dict(slope=surrogate.Sigmoid(3.0)),
        dict(detach=True),
        dict(p=0.7),
        dict(momentum=0.5),
    ],
)
def test_load_takes_a_network_that_only_learns_otherwise(tmp_path, change):
    trained = net()
    go(trained, tmp_path)
    frozen = net(**change)
    frozen[1].requires_grad_(False)
    frozen[1].register_forward_hook(lambda module, args, out: print("seen"))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        training.load(frozen, tmp_path / "latest.pt")
    assert all(torch.equal(mine, kept) for mine, kept in zip(frozen.parameters(), trained.parameters(), strict=True))


def test_load_warns_of_other_code(tmp_path):
    go(own_classes(), tmp_path)
    with pytest.warns(UserWarning, match=r"other code: class Own\.charge") as told:
        training.load(own_classes(charge="x + v"), tmp_path / "best.pt")
    assert len(told) == 1


# ---------------------------------------------------------------- files of the older version


def older(folder, without=()):
    go(net(torch.arange(1.0, 9)), folder)
    for name in ("latest", "best"):
        state = torch.load(folder / f"{name}.pt")
        state["format"], state["signature"] = "course_snn.training 1", {"network": "Sequential of 204 numbers"}
        for key in without:
            state["net"].pop(key, None)
        torch.save(state, folder / f"{name}.pt")
    (folder / "previous.pt").unlink()


def test_weights_of_the_older_version_are_loaded_but_its_runs_are_not_resumed(tmp_path):
    older(tmp_path)
    loaded = training.load(net(torch.arange(1.0, 9)), tmp_path / "best.pt")
    assert torch.equal(loaded[1].weight, torch.load(tmp_path / "best.pt")["net"]["1.weight"])
    with pytest.raises(CheckpointError, match=r"older version, which did not record the settings.*resume=False"):
        go(net(torch.arange(1.0, 9)), tmp_path, 2, resume=True)


def test_time_constants_that_the_older_version_did_not_save(tmp_path):
    older(tmp_path, without=["3.tau"])

    def make():
        network = net(torch.arange(1.0, 9))
        tau = network[3].tau
        del network[3].tau
        network[3].register_buffer("tau", tau)  # saved from now on
        return network

    with pytest.warns(UserWarning, match=r"older version, which did not save 3\.tau: the values with which"):
        loaded = training.load(make(), tmp_path / "best.pt")
    assert torch.equal(loaded[3].tau, torch.arange(1.0, 9))
    state = torch.load(tmp_path / "best.pt")
    del state["net"]["1.weight"]
    torch.save(state, tmp_path / "best.pt")
    with pytest.raises(CheckpointError, match=r"another network[^$]*Missing key[^$]*1\.weight"):
        training.load(net(torch.arange(1.0, 9)), tmp_path / "best.pt")
