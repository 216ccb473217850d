"""What two processes do together in test_fit_together; a module of its own, for processes import it."""

import signal

import torch
from small import data
from torch import nn

from course_snn import neuron, training
from course_snn.training import Interrupted, run
from course_snn.training.stream import Loaded

X, LABELS = data()
X, LABELS = X[:67], LABELS[:67]  # batches of 16 and one of 3: parts of different sizes


def net(bn=True):
    torch.manual_seed(0)
    norm = nn.BatchNorm1d(10) if bn else nn.Identity()
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 10), norm, neuron.LIFNode(), nn.Linear(10, 3))


def go(team, network, at=None, **changes):
    """A run; ``at`` = (batch, act) of this process."""
    options = dict(T=2, epochs=3, batch_size=16, optimizer=torch.optim.SGD, lr=0.1, progress=False, team=team)
    options |= dict(validation=(X[:33], LABELS[:33]), test=(X[:1], LABELS[:1])) | changes
    seen = []

    def step(self, part):
        learn(self, part)
        seen.append(1)
        if at is not None and len(seen) == at[0]:
            at[1](self)

    learn, run.Run._learn = run.Run._learn, step
    try:
        return training.fit(network, options.pop("train", (X, LABELS)), **options)
    finally:
        run.Run._learn = learn


def numbers(network, history):
    weights = {name: value.clone() for name, value in network.state_dict().items()}
    rows = [row._replace(seconds=0.0) for row in history.epochs]
    return weights, rows, history.test[:2]


def way(team, bn, **changes):
    network = net(bn)
    if bn:
        training.synchronise(network)
    history = go(team, network, **changes)
    if changes.get("wrap") == "fsdp" and team.size > 1:
        whole = team.weights(network)
        return (whole, [row._replace(seconds=0.0) for row in history.epochs], history.test[:2])
    return numbers(network, history)


WAYS = {
    "ddp": dict(bn=True),
    "from a loader": dict(bn=True, train="loader"),
    "in pieces, averaged, clipped": dict(bn=False, accumulate=3, average=0.8, clip=0.3),
    "fsdp": dict(bn=False, wrap="fsdp", average=0.8, clip=0.3, accumulate=2),
}


def loader():
    return Loaded(torch.utils.data.TensorDataset(X, LABELS), 16)


def all_ways(team):
    results = {}
    for name, options in WAYS.items():
        options = dict(options)
        if options.get("train") == "loader":
            options["train"] = loader()
        results[name] = way(team, **options)
    return results


def disturbed(team, folder):
    """Ctrl-C at one of them; nan at one of them; an end that is taken up again, in pieces (FSDP) too."""
    told = {}

    def press(_):
        if team.rank == team.size - 1:
            signal.raise_signal(signal.SIGINT)

    def spoil(run):
        if team.rank == team.size - 1:
            run.losses[run.batch - 1] = float("nan")

    try:
        go(team, net(bn=False), (7, press), checkpoint=folder / "pressed")
    except Interrupted as error:
        told["pressed"] = str(error)
    try:
        go(team, net(bn=False), (7, spoil))
    except FloatingPointError as error:
        told["spoilt"] = str(error)

    def fail(_):
        raise ZeroDivisionError

    for name, options in WAYS.items():
        options = dict(options) | dict(checkpoint=folder / name, save_every=0)
        bn, loads = options.pop("bn"), options.get("train") == "loader"
        for resume in (False, True):
            options |= dict(train=loader()) if loads else {}
            network = net(bn)
            training.synchronise(network) if bn else None
            try:
                history = go(team, network, None if resume else (8, fail), resume=resume, **options)
            except ZeroDivisionError:
                continue
        weights = team.weights(network) if options.get("wrap") == "fsdp" else numbers(network, history)[0]
        told[name] = (weights, [row._replace(seconds=0.0) for row in history.epochs], history.test[:2])
    return told
