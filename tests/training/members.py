"""What the processes of a team do in the tests; as a script, with a folder and the step in which rank 1 is killed."""

import contextlib
import copy
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import torch
from torch import nn

from course_snn import functional, training
from course_snn.drafts import draft
from course_snn.neuron import LIFNode
from course_snn.training import run, synchronised, team

T, STEPS, EVERY = 5, 12, 3  # fit takes as many steps: 4 epochs of 3 batches
X = torch.rand(T, 9, 1, 8, 8, generator=torch.Generator().manual_seed(1)) * 3
Y = torch.arange(9) % 3


class Own(nn.Module):
    """As learners write networks: a class that the library does not know; it counts how often it is called."""

    def __init__(self, drop=0.0):
        super().__init__()
        self.conv, self.norm, self.lif = nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), LIFNode()
        self.drop, self.out, self.calls = nn.Dropout(drop), nn.Linear(144, 3), []

    def forward(self, x):
        CALLS.append(len(x))
        return self.out(self.lif(self.drop(self.norm(self.conv(x)))).flatten(1))


CALLS = []


class Remembers(nn.Module):
    """A learner's class with a state that nobody declared: it must be stepped, also where FSDP derives from it."""

    def __init__(self):
        super().__init__()
        self.weight, self.sum = nn.Parameter(torch.ones(4, 1)), 0.0

    def forward(self, x):
        self.sum = self.sum + x.flatten(1)[:, :1] @ self.weight.T
        return self.sum


def plain(normalised=True):
    torch.manual_seed(0)
    norm = nn.BatchNorm2d(4) if normalised else nn.Identity()
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, bias=not normalised), norm, LIFNode(), nn.Flatten(), nn.Linear(144, 3), LIFNode()
    )


def own(drop=0.0):
    torch.manual_seed(0)
    return Own(drop)


def loss(net, x, y, T=None):
    functional.reset_net(net)
    return nn.functional.cross_entropy(functional.unroll(net, x, T).mean(0) * 4, y)


def sgd(net):
    return torch.optim.SGD(net.parameters(), 0.5, momentum=0.9)


def backward(members, net, order):
    part, weight = members.split(order)
    with synchronised.absent(weight == 0):
        (loss(net, X[:, part], Y[part]) * weight).backward()


def step(members, net, optimizer, order):
    optimizer.zero_grad()
    backward(members, net, order)
    optimizer.step()


def seen(members, net):
    """Gradients and buffers, whole."""
    grads = {
        name.removeprefix("module."): p.grad.full_tensor() if hasattr(p.grad, "full_tensor") else p.grad.clone()
        for name, p in net.named_parameters()
    }
    return grads, {name: b.clone() for name, b in team.bare(net).named_buffers()}


def everything(members, folder, killed_at):
    """Write down all that two processes are asked, for they are started once; then rank 1 is killed, once."""
    folder = Path(folder)
    if members.restart == 0:
        torch.save(said(members, folder), folder / f"{members.rank}.pt")
        members.wait()
    return fitted(members, plain()[:-1], folder / "killed", killed_at)


def said(members, folder):
    said = {"total": members.total(torch.tensor([members.rank + 1.0])), "any": members.any(members.rank == 1)}
    said |= {"none": members.any(False), "shared": members.share({"rank": members.rank, "device": "any"})}
    members.wait()
    for how in ("ddp", "fsdp"):
        for make in (plain, own):
            for n in (9, 1):  # parts of 5 and 4; of 1 and none
                net = members.wrap(training.synchronise(make()), how)
                CALLS.clear()
                backward(members, net, torch.arange(n))
                if make is own:  # met before
                    CALLS.clear()
                    net.zero_grad()
                    backward(members, net, torch.arange(n))
                said[how, make.__name__, n] = seen(members, net)
                said["calls", how, make.__name__, n] = len(CALLS)
        said["accumulated", how] = accumulated(members, how)
        said["state", how] = taken_up(members, how)
    net = members.wrap(training.synchronise(own(drop=0.5)))
    part, _ = members.split(torch.arange(3))  # 2 and 1: what is tried must be tried on both
    loss(net, X[0, part], Y[part], T).backward()
    with torch.no_grad():
        said["remembers"] = functional.unroll(members.wrap(Remembers(), "fsdp"), X)
    said["apart"] = apart(members)
    said["by hand"] = by_hand(members, folder / "by hand")
    said["fit"] = fitted(members, plain()[:-1], folder / "fit")
    said["fit fsdp"] = fitted(members, plain()[:-1], folder / "fsdp", wrap="fsdp")
    for how in ("ddp", "fsdp"):
        fitted(members, plain()[:-1], folder / f"half {how}", epochs=2, schedule=None, wrap=how)
    print("all", "said")
    return said


def apart(members):
    """DDP with torch's own batch normalisation: rank 0's statistics are everybody's."""
    net = members.wrap(plain())
    backward(members, net, torch.arange(9))
    backward(members, net, torch.arange(9))  # buffers come from rank 0 before each pass
    return seen(members, net)[0]


def accumulated(members, how):
    """A batch in two parts, of which the first is not averaged yet."""
    net, mine = members.wrap(plain(normalised=False), how), {}
    for order in torch.arange(8).split(4):
        part, weight = members.split(order)
        with members.unsynced(net) if order[0] == 0 else contextlib.nullcontext():
            (loss(net, X[:, part], Y[part]) * weight / 2).backward()  # DDP decides in the forward pass
        mine = mine if order[0] else seen(members, net)[0] if how == "ddp" else {}
    return mine, seen(members, net)[0]


def taken_up(members, how):
    """Two steps; the state after the first put into a new network, which takes the second."""
    net = members.wrap(plain(normalised=False), how)
    optimizer = sgd(net)
    step(members, net, optimizer, torch.arange(9))
    weights = members.share({name: w.clone() for name, w in members.weights(net).items()})
    state = copy.deepcopy(members.share(members.optimizer_state(net, optimizer)))  # an optimizer takes it as it is
    again = members.wrap(nn.Sequential(*plain(normalised=False)), how)
    new = sgd(again)
    members.load_weights(again, weights)
    members.load_optimizer(again, new, state)
    for one, its in ((net, optimizer), (again, new)):
        step(members, one, its, torch.arange(9).flip(0))
    two = members.share(members.weights(net)), members.share(members.weights(again))
    return two, members.share(members.optimizer_state(again, new))


def fitted(members, net, folder, killed_at=None, epochs=4, **options):
    """Whole weights and history of four epochs of fit in batches of 4, 4 and 1; rank 1 may be killed in one of them."""
    seen, learn = [], run.Run._learn

    def counting(self, part):
        if (members.rank, members.restart, len(seen)) == (1, 0, killed_at):
            os.kill(os.getpid(), signal.SIGKILL)
        seen.append(part.weight)
        learn(self, part)

    options |= dict(checkpoint=folder, save_every=0, resume=folder is not None, progress=False, team=members)
    run.Run._learn = counting
    try:
        history = training.fit(
            net, (X[0], Y), T=3, epochs=epochs, batch_size=4, lr=0.02, validation=(X[1], Y), test=(X[2], Y), **options
        )
    finally:
        run.Run._learn = learn
    rows = [list(row._replace(seconds=0.0)) for row in history.epochs]
    return members.share(members.weights(net)), rows, list(history.test[:2])


def by_hand(members, folder, killed_at=None):
    """Twelve steps with checkpoints, whose samples depend on the step alone; digits of a sum over all weights.

    Without DDP and optimizers, which take seconds to import.
    """
    net, now, file = training.synchronise(plain()), 0, Path(folder) / "latest.pt"
    if file.exists():
        state = torch.load(file, weights_only=True)
        net.load_state_dict(state["net"])
        now = state["step"]
    while now < STEPS:
        if (members.rank, members.restart, now) == (1, 0, killed_at):
            os.kill(os.getpid(), signal.SIGKILL)
        net.zero_grad()
        backward(members, net, torch.randperm(9, generator=torch.Generator().manual_seed(now))[:7])
        with torch.no_grad():
            for p in net.parameters():
                p -= 0.5 * members.total(p.grad) / members.size
        now += 1
        if now % EVERY == 0:
            if members.first:
                with draft(file) as opened:
                    torch.save({"net": net.state_dict(), "step": now}, opened)
            members.wait()
    return f"{sum(p.double().abs().sum() for p in net.parameters()).item():.12f}"


def raises(members):
    if members.rank == 1:
        raise ValueError("look here")
    members.wait()


def stays(members):
    while True:
        pass


if __name__ == "__main__":
    torch.set_num_threads(1)
    with team.join(timeout=timedelta(minutes=10)) as members:
        end = by_hand(members, sys.argv[1], int(sys.argv[2]))
        if members.first:
            Path(sys.argv[1], "end.txt").write_text(f"{end} {members.restart}", encoding="utf-8")
