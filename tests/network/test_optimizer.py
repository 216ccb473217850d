"""Optimisers and schedules by name: those of torch, what they remember, what is misspelt."""

import copy

import pytest
import torch
from nets import labelled, small
from together import each_of

from course_snn.network import SGD, STCA, Adam, AdamW, Connection, NeuronGroup, Optimizer, Rprop

X, LABELS = labelled(16)


def steps(net, optimizer, n=4):
    """So many steps by hand; optimizer: with zero_grad and step."""
    for _ in range(n):
        loss = torch.nn.functional.cross_entropy(net(X), LABELS)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def same(one, two):
    return all(torch.equal(p, q) for p, q in zip(one.parameters(), two.parameters(), strict=True))


@each_of("spec, plain", [
    (lambda: Adam(lr=0.02), lambda p: torch.optim.Adam(p, 0.02, fused=True)),
    (lambda: AdamW(0.02, weight_decay=0.1), lambda p: torch.optim.AdamW(p, 0.02, weight_decay=0.1, fused=True)),
    (lambda: SGD(0.1, momentum=0.9), lambda p: torch.optim.SGD(p, 0.1, momentum=0.9, fused=True)),
    (lambda: Rprop(0.01), lambda p: torch.optim.Rprop(p, 0.01)),
    (lambda: Optimizer("NAdam", 0.01), lambda p: torch.optim.NAdam(p, 0.01)),
    (lambda: Optimizer("Adam"), lambda p: torch.optim.Adam(p, fused=True)),
    (lambda: Optimizer("Adam", LR=0.02), lambda p: torch.optim.Adam(p, 0.02, fused=True)),
])  # fmt: skip
def test_it_is_torchs(spec, plain):
    net, other = small(), small()
    net.optim = spec()
    net.build()
    steps(net, net.optim)
    other.build()
    steps(other, plain(other.learner.parameters()))
    assert same(net, other) and not same(net, small())


def schedules(optimizer, n):
    rates, spec = [], optimizer
    weight = torch.nn.Parameter(torch.zeros(1))
    live = spec.take([weight])
    for _ in range(n):
        weight.grad = torch.ones(1)
        spec.step()
        rates.append(live.param_groups[0]["lr"])
    return rates


@each_of("name, maxstep, options, make", [
    ("StepLR", 3, dict(gamma=0.5), lambda o: torch.optim.lr_scheduler.StepLR(o, 3, 0.5)),
    ("CosineAnnealingLR", 10, {}, lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, 10)),
    ("OneCycleLR", 10, {}, lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.1, 10)),
    ("ExponentialLR", None, dict(gamma=0.9), lambda o: torch.optim.lr_scheduler.ExponentialLR(o, 0.9)),
    ("LambdaLR", None, dict(lr_lambda=lambda k: 1 / (k + 1)),
     lambda o: torch.optim.lr_scheduler.LambdaLR(o, lambda k: 1 / (k + 1))),
])  # fmt: skip
def test_schedules_are_torchs(name, maxstep, options, make):
    spec = Adam(lr=0.1)
    spec.set_schedule(name, maxstep, **options)
    plain = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], 0.1)
    swing, want = make(plain), []
    for _ in range(9):
        plain.step(), swing.step()
        want.append(plain.param_groups[0]["lr"])
    assert schedules(spec, 9) == pytest.approx(want)


def test_a_schedule_by_keyword():
    assert schedules(Adam(lr=0.8, schedule="StepLR", maxstep=2), 5) == pytest.approx([0.8, 0.08, 0.08, 0.008, 0.008])


@each_of("make, error, message", [
    (lambda: Optimizer("Rpop"), ValueError, "no optimiser 'Rpop'. Did you mean 'Rprop'"),
    (lambda: Optimizer("adam"), ValueError, "no optimiser 'adam'. Did you mean 'Adam'"),
    (lambda: Optimizer(torch.optim.Adam), ValueError, "no optimiser"),
    (lambda: Adam(leraning_rate=1), TypeError, "Adam has no parameter 'leraning_rate'.*It takes lr, betas"),
    (lambda: Adam(wieght_decay=1), TypeError, "no parameter 'wieght_decay'. Did you mean 'weight_decay'"),
    (lambda: Adam(0.1, shedule="StepLR"), TypeError, "no parameter 'shedule'. Did you mean 'schedule'"),
    (lambda: SGD(lr=-1), ValueError, "lr"), (lambda: SGD(lr="fast"), TypeError, "lr"),
    (lambda: Adam(schedule="StepLr"), ValueError, "no schedule 'StepLr'. Did you mean 'StepLR'"),
    (lambda: Adam().set_schedule("StepLR", gama=1), TypeError, "StepLR has no parameter 'gama'. Did you mean 'gamma'"),
    (lambda: Adam().set_schedule("ExponentialLR"), TypeError, "ExponentialLR needs 'gamma'"),
    (lambda: schedules(Adam(schedule="StepLR"), 1), ValueError, "StepLR needs its length: give maxstep"),
    (lambda: schedules(Adam(schedule="ReduceLROnPlateau"), 1), ValueError, "ReduceLROnPlateau waits.*fit"),
    (lambda: Adam().step(), ValueError, "nothing to train yet"),
    (lambda: Adam().zero_grad(), ValueError, "nothing to train yet"),
])  # fmt: skip
def test_errors(make, error, message):
    with pytest.raises(error, match=message):
        make()


# ---------------------------------------------------------------- in a network


@each_of("schedule", [None, "StepLR", "OneCycleLR"])
def test_the_networks_optimiser_by_hand_survives_a_copy(schedule):
    net = small()
    net.optim = Adam(lr=0.05, schedule=schedule, maxstep=7 if schedule == "OneCycleLR" else 2)
    net.build()
    steps(net, net.optim, 3)
    twin = copy.deepcopy(net)
    assert same(net, twin)
    twin.build()
    steps(net, net.optim, 3)
    steps(twin, twin.optim, 3)
    assert same(net, twin)  # moments and schedule went on
    fresh = small()
    fresh.load_state_dict(copy.deepcopy(net.state_dict()))
    fresh.optim = Adam(lr=0.05)
    fresh.build()
    steps(net, net.optim, 1)
    steps(fresh, fresh.optim, 1)
    assert not same(net, fresh)


def test_after_an_edit_it_trains_what_is_there():
    net = small()
    net.optim = Adam(lr=0.05)
    net.build()
    steps(net, net.optim, 2)
    before = net.optim._live
    net.extra = NeuronGroup(2)
    net.more = Connection(net.layer1, net.extra)
    net.back = Connection(net.extra, net.layer2, w_mean=1.0)
    assert len(net.plan.groups) == 3
    steps(net, net.optim, 1)
    assert net.optim._live is not before and net.back.weight.grad is not None
    held = {id(p) for group in net.optim._live.param_groups for p in group["params"]}
    assert held == {id(p) for p in net.parameters()}
    net.del_assembly(name="extra")
    net.build()
    steps(net, net.optim, 1)
    kept = net.optim._live
    net.replace_assembly("layer1", NeuronGroup(5, "if"))  # weights and memory stay
    net.build()
    assert net.optim._live is kept


def test_memory_of_other_weights_is_left_out():
    one, two = small(), small()
    for net in (one, two):
        net.build()
    steps(one, one.optim, 2)
    memory = one.optim.memory()
    two.lone = NeuronGroup(3)
    two.own = Connection(two.lone, two.lone)
    two.optim.remember(memory)
    two.build()
    assert two.optim.memory()["optimizer"]["state"] == {}
    three = small()
    three.optim.remember(memory)
    three.build()
    assert three.optim.memory()["optimizer"]["state"].keys() == memory["optimizer"]["state"].keys()


def test_how_many_optimisers():
    net = small()
    net.learner.set_optimizer("SGD", lr=0.1)
    with pytest.raises(ValueError, match="one optimiser, and this network has 2: delete all but one"):
        net.fit((X, LABELS), epochs=1, progress=False)
    del net.optim
    net.fit((X, LABELS), epochs=1, progress=False)
    net.learner.optimizer = None
    with pytest.raises(ValueError, match=r"one optimiser, and this network has 0: net.optim = Adam"):
        net.fit((X, LABELS), epochs=1, progress=False)
    net.learner.optimizer = net.optim = SGD(0.1)  # the same, twice
    net.fit((X, LABELS), epochs=1, progress=False)
    net.optim = net.learner.optimizer = None
    del net.learner
    with pytest.raises(ValueError, match="nothing to train: give the network a learner"):
        net.fit((X, LABELS), epochs=1, progress=False)
    net.inner = small()  # a network with its own
    net.learner, net.optim = STCA(0.5, net), SGD(0.1)
    assert net.plan.optimizer() is net.optim
