"""What two processes do together in test_fit_together, in one launch: to start them takes longer than all of it."""

import signal
from pathlib import Path

import torch
from small import data
from small_trainer import MANY, Small, options
from torch import nn
from torch.utils.data import TensorDataset

from course_snn import neuron, training
from course_snn.training import Interrupted, Loaded, run

X, LABELS = (part[:67] for part in data())  # batches of 16 and one of 3: parts of different sizes; of one: nobody's
WAYS = {
    "ddp": dict(bn=True),
    "loaded": dict(bn=True, loads=True),
    "in pieces, averaged, clipped": dict(accumulate=3, average=0.8, clip=0.3),
    "fsdp": dict(wrap="fsdp", average=0.8, clip=0.3, accumulate=2),
}


def net(bn=False):
    torch.manual_seed(0)
    norm = nn.BatchNorm1d(10) if bn else nn.Identity()
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 10), norm, neuron.LIFNode(), nn.Linear(10, 3))


def go(team, bn=False, loads=False, at=None, **changes):
    """A run and what came of it; ``at`` = (batch, act) of this process."""
    options = dict(T=2, epochs=3, batch_size=16, optimizer=torch.optim.SGD, lr=0.1, progress=False, team=team)
    options |= dict(validation=(X[:33], LABELS[:33]), test=(X[:1], LABELS[:1])) | changes
    train, seen, learn = Loaded(TensorDataset(X, LABELS), 16) if loads else (X, LABELS), [], run.Run._learn

    def step(self, part):
        learn(self, part)
        seen.append(1)
        if at is not None and len(seen) == at[0]:
            at[1](self)

    run.Run._learn, network = step, net(bn)
    try:
        history = training.fit(network, train, **options)
    finally:
        run.Run._learn = learn
    return team.weights(network), [row._replace(seconds=0.0) for row in history.epochs], history.test[:2]


def press(_):
    signal.raise_signal(signal.SIGINT)


def spoil(this):
    this.losses[this.batch - 1] = float("nan")


def fail(_):
    raise ZeroDivisionError


def error_of(kind, *arguments, **options):
    try:
        go(*arguments, **options)
    except kind as error:
        return str(error)
    return "no error"


def everything(team, folder):
    """All ways; Ctrl-C at the last of them; nan there; runs that failed in a batch and went on; a Trainer."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    last, told = team.rank == team.size - 1, {}
    for name, way in WAYS.items():
        told[name] = go(team, **way)
        home = folder / name
        error_of(ZeroDivisionError, team, at=(8, fail), checkpoint=home, save_every=0, **way)
        told[f"{name}, resumed"] = go(team, checkpoint=home, resume=True, save_every=0, **way)
    told["pressed"] = error_of(Interrupted, team, at=(7, press) if last else None, checkpoint=folder / "pressed")
    told["spoilt"] = error_of(FloatingPointError, team, at=(7, spoil) if last else None)
    told["trainer"] = trained(folder / "pictures", folder / "runs")
    return told


def trained(pictures, output):
    trainer = Small()
    more = ["--epochs", "1", *MANY[4:8], "--device", "cpu"]
    history = trainer.main(options(trainer, pictures, output, *more))
    return [row._replace(seconds=0.0) for row in history.epochs], history.test[:2]


def files(folder):
    return sorted(str(path.relative_to(folder)) for path in Path(folder).rglob("*.p*t"))
