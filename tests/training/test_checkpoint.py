"""Stopped in every way there is, a run ends as if it had not been; and what is on the disk is checked."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from patience import PATIENCE
from small import BATCHES, data, fit, network
from torch import nn

from course_snn import encoding, language, training
from course_snn.training import CheckpointError, checkpoint, loop, signature


class Killed(BaseException):
    """What no code catches."""


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(autouse=True)
def _ctrl_c_interrupts():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="module")
def whole():
    """A run that nothing disturbed."""
    net = network()
    return net, fit(net)


def assert_same(net, history, whole):
    for name, value in whole[0].state_dict().items():
        assert torch.equal(net.state_dict()[name], value), name
    assert [row._replace(seconds=0) for row in history.epochs] == [row._replace(seconds=0) for row in whole[1].epochs]


def resumed(folder):
    seed = 99 if (folder / "latest.pt").exists() or (folder / "previous.pt").exists() else 0
    net = network(seed)  # whose weights must all come from the checkpoint
    return net, fit(net, folder, resume=True)


def press(*_):
    signal.raise_signal(signal.SIGINT)


# ---------------------------------------------------------------- stopped and resumed


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_killed_in_the_middle_of_an_epoch(tmp_path, whole):
    script = str(Path(__file__).with_name("small.py"))
    died = subprocess.run([sys.executable, script, tmp_path], timeout=PATIENCE)
    assert died.returncode == -signal.SIGKILL
    state = torch.load(tmp_path / "latest.pt", weights_only=True)
    assert (state["epoch"], state["batch"], len(state["rows"])) == (2, 2, 1)
    assert_same(*resumed(tmp_path), whole)


@pytest.mark.parametrize("step", [1, 2, 3, 4, 5, 6])
def test_killed_while_files_are_written_and_renamed(tmp_path, monkeypatch, whole, step):
    real, left = os.replace, step

    def replace(a, b):
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed
        real(a, b)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(os, "replace", replace)
        fit(network(), tmp_path)
    assert_same(*resumed(tmp_path), whole)


@pytest.mark.parametrize("batch", [1, BATCHES, BATCHES + 3])
def test_ctrl_c_in_a_batch(tmp_path, whole, batch):
    with pytest.raises(training.Interrupted) as stopped:
        fit(network(), tmp_path, at=(batch, press))
    done, rest = divmod(batch, BATCHES)
    assert stopped.value.history is training.last_history() and len(training.last_history()) == batch // (BATCHES + 1)
    assert re.search(r"resume=True", str(stopped.value))
    state = torch.load(tmp_path / "latest.pt", weights_only=True)
    assert (state["epoch"], state["batch"]) == ((done + 1, rest) if rest else (done, BATCHES))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert_same(*resumed(tmp_path), whole)


def test_ctrl_c_while_testing(tmp_path, monkeypatch):
    monkeypatch.setattr(loop, "TEST_BATCH", 10)
    pressed = []

    def loss(out, labels):
        if len(labels) == 10 and not pressed:  # the first batch of the test set
            pressed.append(press())
        return training.rate_cross_entropy(out, labels)

    with pytest.raises(training.Interrupted, match=f"after 0 epochs and {BATCHES} of {BATCHES}"):
        fit(network(), tmp_path, loss=loss)
    one, two = network(), network(99)
    assert_same(two, fit(two, tmp_path, loss=loss, resume=True), (one, fit(one, loss=loss)))


@pytest.mark.parametrize("epoch", [1, 4])
def test_ctrl_c_after_an_epoch(tmp_path, whole, epoch):
    with pytest.raises(training.Interrupted, match=f"after {epoch} epochs and 0 of"):
        fit(network(), tmp_path, on_epoch=lambda row: row.epoch == epoch and press())
    assert_same(*resumed(tmp_path), whole)


def test_second_ctrl_c_stops_at_once_and_the_last_checkpoint_holds(tmp_path, whole):
    with pytest.raises(KeyboardInterrupt) as stopped:
        fit(network(), tmp_path, at=(BATCHES + 2, lambda: (press(), press())))
    assert type(stopped.value) is KeyboardInterrupt
    assert_same(*resumed(tmp_path), whole)


def test_without_a_folder_ctrl_c_keeps_the_history():
    with pytest.raises(training.Interrupted, match="checkpoint=folder"):
        fit(network(), at=(2 * BATCHES + 1, press))
    assert len(training.last_history()) == 2


def test_an_own_optimizer_and_schedule_resume_too(tmp_path):
    def options():
        return dict(
            optimizer=lambda params: torch.optim.SGD(params, 0.1, momentum=0.9),
            schedule=lambda optimizer, steps: torch.optim.lr_scheduler.StepLR(optimizer, 3, 0.5),
        )

    one, two = network(), network()
    full = fit(one, **options())
    with pytest.raises(training.Interrupted):
        fit(two, tmp_path, **options(), at=(8, press))
    two = network(5)
    assert_same(two, fit(two, tmp_path, **options(), resume=True), (one, full))


# ---------------------------------------------------------------- what lies in the folder


def test_a_finished_run_is_loaded_and_the_best_epoch_too(tmp_path, whole):
    fit(network(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["best.pt", "latest.pt", "previous.pt"]
    assert_same(*resumed(tmp_path), whole)
    net = training.load(network(7), tmp_path / "best.pt")
    row = torch.load(tmp_path / "best.pt", weights_only=True)["epoch"]
    assert row[0] == whole[1].best.epoch
    scores = training.evaluate(net, data(30, 1), T=3, encode=encoding.PoissonEncoder(), seed=3)
    assert (scores.loss, scores.accuracy) == (whole[1].best.test_loss, whole[1].best.test_accuracy)


def test_resume_without_a_checkpoint_starts(tmp_path, whole):
    net = network()
    assert_same(net, fit(net, tmp_path / "new", resume=True), whole)


def test_without_resume_an_older_run_is_put_aside(tmp_path):
    fit(network(), tmp_path, epochs=1)
    old = (tmp_path / "latest.pt").read_bytes()
    fit(network(), tmp_path, epochs=1, seed=4)
    assert (tmp_path / "latest.old.pt").read_bytes() == old != (tmp_path / "latest.pt").read_bytes()
    assert len(torch.load(tmp_path / "previous.pt", weights_only=True)["rows"]) == 0  # of the new run


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (dict(seed=4), r"seed: 3 there, 4 here"),
        (dict(batch_size=8), r"batch_size: 16 there, 8 here"),
        (dict(optimizer=torch.optim.Adam), r"optimizer: AdamRewiring there, torch\.Adam here"),
        (dict(lr=0.5), r"optimizer\.lr: 0\.02 there, 0\.5 here"),
        (dict(epochs=9, T=2), r"epochs: 1 there, 9 here\n  T: 3 there, 2 here"),
        (dict(loss=training.rate_mse), "loss: rate_cross_entropy there, rate_mse here"),
    ],
)
def test_a_checkpoint_of_another_run_says_what_differs(one_epoch, changes, message):
    with pytest.raises(CheckpointError, match=message):
        fit(network(), one_epoch, **(dict(epochs=1, resume=True) | changes))


@pytest.fixture(scope="module")
def one_epoch(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    fit(network(), folder, epochs=1)
    return folder


def test_a_checkpoint_of_another_network_or_of_other_data(one_epoch):
    other = nn.Sequential(nn.Flatten(), nn.Linear(12, 3))
    with pytest.raises(
        CheckpointError, match=r"parts: 0, 1, 2, 3, 4, 5 there, 0, 1 here\n(.*\n)*  2: torch\.BatchNorm1d there, - here"
    ):
        fit(other, one_epoch, epochs=1, resume=True)
    x, labels = data()
    for name, there in [((x[:50], labels[:50]), "train: 70 x"), ((x, labels.flip(0)), r"train labels: \[70\]")]:
        with pytest.raises(CheckpointError, match=f"{there}.* there"):
            training.fit(network(), name, T=3, epochs=1, checkpoint=one_epoch, resume=True)
    with pytest.raises(CheckpointError, match=r"weights of another network: [^$]*0\.weight"):
        training.load(nn.Sequential(nn.Linear(12, 3)), one_epoch / "best.pt", check=False)


def test_without_a_schedule_more_epochs_may_follow(tmp_path):
    one, two = network(), network()
    fit(one, schedule=None, epochs=3)
    fit(two, tmp_path, schedule=None, epochs=2)
    fit(two, tmp_path, schedule=None, epochs=3, resume=True)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


# ---------------------------------------------------------------- damage


def cut(file):
    file.write_bytes(file.read_bytes()[:-1000])


def flip(file):
    weight = torch.load(file, weights_only=True)["net"]["1.weight"].numpy().tobytes()
    content = bytearray(file.read_bytes())
    content[content.index(weight) + 2] ^= 1
    file.write_bytes(bytes(content))


def empty(file):
    file.write_bytes(b"")


@pytest.mark.parametrize("damage", [cut, flip, empty])
def test_a_damaged_checkpoint_is_set_aside_and_the_one_before_is_taken(tmp_path, whole, damage):
    with pytest.raises(training.Interrupted):
        fit(network(), tmp_path, at=(2 * BATCHES + 2, press))
    damage(tmp_path / "latest.pt")
    with pytest.warns(UserWarning, match=r"latest\.pt is damaged \(.*latest\.damaged\.pt") as seen:
        assert_same(*resumed(tmp_path), whole)
    assert seen[0].filename == str(Path(fit.__code__.co_filename)), "the warning points at the call of fit"
    assert (tmp_path / "latest.damaged.pt").exists()


def test_nothing_whole_is_left(tmp_path):
    fit(network(), tmp_path, epochs=2)
    cut(tmp_path / "latest.pt")
    cut(tmp_path / "previous.pt")
    with pytest.warns(UserWarning), pytest.raises(CheckpointError, match=r"latest\.damaged\.pt, previous\.damaged\.pt"):
        fit(network(), tmp_path, epochs=2, resume=True)
    cut(tmp_path / "best.pt")
    with pytest.raises(CheckpointError, match=r"best\.pt is damaged"):
        training.load(network(), tmp_path / "best.pt")
    with pytest.raises(FileNotFoundError, match="no checkpoint"):
        training.load(network(), tmp_path / "gone.pt")


class Evil:
    def __reduce__(self):
        return print, ("code ran",)


@pytest.mark.parametrize("content", [Evil(), {"weight": torch.ones(2)}, [1, 2]])
def test_a_foreign_file_is_refused_and_no_code_in_it_runs(tmp_path, capsys, content):
    torch.save(content, tmp_path / "latest.pt")
    with pytest.raises(CheckpointError, match=r"not written by training\.fit"):
        fit(network(), tmp_path, epochs=1, resume=True)
    assert "code ran" not in capsys.readouterr().out


def test_only_plain_values_are_written(tmp_path):
    folder = checkpoint.Folder(tmp_path, signature.Signature(network(), {}, {}))
    with pytest.raises(CheckpointError, match=r"checkpoint\['net'\]\[1\] is Evil"):
        folder.save({"net": [1, Evil()]})
