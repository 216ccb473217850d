"""Schedules that wait for progress, optimizers that need a closure, and torch's other optimizers."""

import functools

import pytest
import torch
from small import data, fit, plain, same
from torch import nn

from course_snn import training

PLATEAU = torch.optim.lr_scheduler.ReduceLROnPlateau


@pytest.mark.parametrize(
    "schedule",
    [
        PLATEAU,
        functools.partial(PLATEAU, patience=0, factor=0.5, threshold=0.05),
        lambda optimizer, batches: PLATEAU(optimizer, patience=0, factor=0.5, threshold=0.05),
        functools.partial(PLATEAU, mode="max", patience=0),
    ],
)
@pytest.mark.parametrize("validated", [True, False])
def test_a_schedule_that_waits_for_progress_hears_of_each_epoch_once(tmp_path, schedule, validated):
    validation = data(30, 1) if validated else None
    options = dict(T=2, validation=validation, batch_size=16, lr=0.02, progress=False, schedule=schedule)
    whole = training.fit(plain(), data(), epochs=8, **options)
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], 0.02)
    theirs = schedule(optimizer) if schedule is PLATEAU or hasattr(schedule, "func") else schedule(optimizer, 40)
    rates = []
    for row in whole.epochs:
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        heard = (row.validation_loss, row.validation_accuracy) if validated else (row.train_loss, row.train_accuracy)
        theirs.step(heard[theirs.mode == "max"])
    assert whole["lr"] == rates
    for epochs in (3, 8):  # more epochs may follow, and the memory of the schedule is kept
        again = training.fit(plain(), data(), epochs=epochs, checkpoint=tmp_path, resume=True, **options)
    assert [row._replace(seconds=0) for row in again.epochs] == [row._replace(seconds=0) for row in whole.epochs]


class NeedsClosure(torch.optim.SGD):
    def step(self, closure):
        return super().step(closure)


@pytest.mark.parametrize("optimizer", [torch.optim.LBFGS, NeedsClosure, lambda params: torch.optim.LBFGS(params)])
def test_an_optimizer_that_needs_a_closure_is_refused_at_the_start(tmp_path, optimizer):
    with pytest.raises(ValueError, match=r"(LBFGS|NeedsClosure) computes .* closure.* Use Adam, AdamW or SGD"):
        fit(plain(), tmp_path / "new", optimizer=optimizer)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "name", ["Adam", "AdamW", "NAdam", "RAdam", "Adagrad", "RMSprop", "SGD", "ASGD", "Rprop", "Adamax"]
)
def test_torch_s_other_optimizers_train_and_resume(tmp_path, name):
    optimizer = getattr(torch.optim, name)
    one, two = plain(), plain()
    fit(one, optimizer=optimizer, epochs=2)
    with pytest.raises(ZeroDivisionError):
        fit(two, tmp_path, optimizer=optimizer, epochs=2, at=(7, lambda: 1 / 0), save_every=0)
    fit(two, tmp_path, optimizer=optimizer, epochs=2, resume=True)
    assert same(one, two)
