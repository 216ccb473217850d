"""What the processes of a team do in the tests; as a script, with a folder and the step in which rank 1 is killed."""

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
from course_snn.training import synchronised, team

T, STEPS, EVERY = 5, 12, 3
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


def plain(normalised=True):
    torch.manual_seed(0)
    norm = nn.BatchNorm2d(4) if normalised else nn.Identity()
    return nn.Sequential(nn.Conv2d(1, 4, 3), norm, LIFNode(), nn.Flatten(), nn.Linear(144, 3), LIFNode())


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
    return learn(members, folder / "killed", killed_at)


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
    said["apart"] = apart(members)
    said["end"] = learn(members, folder / "one"), learn_by_hand(members, folder / "other")
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
    net = members.wrap(plain(normalised=False), how)
    for order in torch.arange(8).split(4):
        part, weight = members.split(order)
        this = loss(net, X[:, part], Y[part]) * weight / 2
        if order[0] == 0:
            with members.unsynced(net):
                this.backward()
        else:
            this.backward()
    return seen(members, net)[0]


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


def learn(members, folder, killed_at=None):
    """Twelve steps by Adam with checkpoints, whose samples depend on the step alone; a sum over all weights."""
    net = members.wrap(training.synchronise(plain()))
    optimizer = torch.optim.Adam(net.parameters(), 1e-2)

    def keep(now):
        return {"net": members.weights(net), "optimizer": members.optimizer_state(net, optimizer), "step": now}

    now, file = 0, Path(folder) / "latest.pt"
    if file.exists():
        state = torch.load(file, weights_only=True)
        members.load_weights(net, state["net"])
        members.load_optimizer(net, optimizer, state["optimizer"])
        now = state["step"]
    return go(members, net, file, now, killed_at, lambda order: step(members, net, optimizer, order), keep)


def learn_by_hand(members, folder, killed_at=None):
    """The same without DDP and optimizer, which take seconds to import."""
    net = training.synchronise(plain())

    def descend(order):
        net.zero_grad()
        backward(members, net, order)
        with torch.no_grad():
            for p in net.parameters():
                p -= 0.5 * members.total(p.grad) / members.size

    now, file = 0, Path(folder) / "latest.pt"
    if file.exists():
        state = torch.load(file, weights_only=True)
        net.load_state_dict(state["net"])
        now = state["step"]
    return go(members, net, file, now, killed_at, descend, lambda now: {"net": net.state_dict(), "step": now})


def go(members, net, file, now, killed_at, step, keep):
    while now < STEPS:
        if (members.rank, members.restart, now) == (1, 0, killed_at):
            os.kill(os.getpid(), signal.SIGKILL)
        step(torch.randperm(9, generator=torch.Generator().manual_seed(now))[:7])
        now += 1
        if now % EVERY == 0:
            state = keep(now)
            if members.first:
                with draft(file) as opened:
                    torch.save(state, opened)
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
        end = learn_by_hand(members, sys.argv[1], int(sys.argv[2]))
        if members.first:
            Path(sys.argv[1], "end.txt").write_text(f"{end} {members.restart}", encoding="utf-8")
