"""fit and the Trainer over two processes: what one process would learn, also stopped and taken up again."""

import pairs
import pytest
import torch
from patience import PATIENCE
from pictures import folder

from course_snn import language
from course_snn.training import ALONE, launch


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    home = tmp_path_factory.mktemp("two")
    folder(home / "pictures", classes=3, train=8, val=3)
    return *launch(pairs.everything, home, timeout=PATIENCE), home


@pytest.mark.parametrize("name", pairs.WAYS)
def test_two_processes_learn_what_one_does(told, name):
    weights, rows, test = pairs.go(ALONE, **pairs.WAYS[name])
    for theirs in told[:2]:
        found, others, tested = theirs[name]
        assert found or theirs is told[1]  # of a network in parts the first process has the whole
        for key, value in found.items():
            torch.testing.assert_close(value, weights[key], rtol=1e-5, atol=1e-5)
        for one, two in zip(others, rows, strict=True):
            assert one == pytest.approx(two, rel=1e-4)
        assert tested == pytest.approx(test, rel=1e-4)


@pytest.mark.parametrize("name", pairs.WAYS)
def test_a_run_that_failed_within_an_epoch_goes_on_to_the_last_digit(told, name):
    for theirs in told[:2]:
        one, two = theirs[name], theirs[f"{name}, resumed"]
        assert all(torch.equal(one[0][key], two[0][key]) for key in one[0])
        assert one[1:] == two[1:]


def test_ctrl_c_at_one_stops_all_at_the_same_batch(told):
    with language.speaking("en"):
        for theirs in told[:2]:
            assert "1 epochs and 2 of 5 batches" in theirs["pressed"] or "1 轮又 2/5 批" in theirs["pressed"]
    state = torch.load(told[2] / "pressed" / "latest.pt", weights_only=True)
    assert (state["epoch"], state["batch"]) == (2, 2)


def test_a_loss_that_is_lost_at_one_stops_all(told):
    for theirs in told[:2]:
        assert "the loss became nan in epoch 2, batch 2 of 5" in theirs["spoilt"]


def test_the_trainer_over_two_processes(told, tmp_path):
    rows, test = pairs.trained(told[2] / "pictures", tmp_path)
    for theirs in told[:2]:
        others, tested = theirs["trainer"]
        assert others[0] == pytest.approx(rows[0], rel=1e-2) and tested == pytest.approx(test, rel=1e-2)
    assert sum(path.endswith("best.pt") for path in pairs.files(told[2] / "runs")) == 1
