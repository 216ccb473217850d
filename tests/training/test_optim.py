"""AdamRewiring: torch's Adam where nothing dies, the old rule's vectors, a constant number of connections."""

import copy
import io
import pickle

import pytest
import torch
from torch import nn

from course_snn import training
from course_snn.training import AdamRewiring


def parameter(*values):
    return nn.Parameter(torch.tensor(values))


def step(optimizer, p, *gradient):
    p.grad = torch.tensor(gradient)
    optimizer.step()
    return p.tolist()


def close(*values):
    return pytest.approx(values, rel=1e-6, abs=1e-7)


# ---------------------------------------------------------------- the old rule


def test_vectors_of_the_old_rule():
    p = parameter(1.0, -1.0, 0.0, 1e-4)
    optimizer = AdamRewiring([p], lr=0.1, T=0.0, l1=0.0, reactivate=False)
    assert step(optimizer, p, 1.0, 1.0, 1.0, 1.0) == close(0.9, -1.1, 0, 0)
    assert step(optimizer, p, -1.0, -1.0, -1.0, -5.0) == close(0.9052632, -1.0947368, 0, 0)
    assert optimizer.live == [2]
    p = parameter(1.0, -1.0)
    assert step(AdamRewiring([p], lr=0.1, T=0.0, l1=0.5, reactivate=False), p, 1.0, -1.0) == close(0.4, -0.4)


def test_noise_of_the_old_rule_has_the_width_T_times_the_step():
    p = nn.Parameter(torch.full([20_000], 5.0))
    optimizer = AdamRewiring([p], lr=0.1, T=0.3, l1=0.0, reactivate=False)
    p.grad = torch.ones_like(p)
    optimizer.step()
    assert p.mean().item() == pytest.approx(4.9, abs=0.01)
    assert p.std().item() == pytest.approx(0.3, rel=0.03)  # lr / (1 - 0.9) = 1


# ---------------------------------------------------------------- Deep R


@pytest.mark.parametrize("reactivate", [True, False])
def test_is_adam_where_nothing_dies(reactivate):
    ours, theirs = (nn.Linear(4, 3) for _ in range(2))
    nn.init.uniform_(ours.weight, 1, 2)
    theirs.load_state_dict(ours.state_dict())
    a = AdamRewiring(ours.parameters(), 0.01, T=0.0, l1=0.0, reactivate=reactivate)
    b = torch.optim.Adam(theirs.parameters(), 0.01)
    for k in range(20):
        x = torch.randn(8, 4, generator=torch.Generator().manual_seed(k))
        for net, optimizer in ((ours, a), (theirs, b)):
            optimizer.zero_grad()
            net(x).square().sum().backward()
            optimizer.step()
    assert torch.equal(ours.weight, theirs.weight)
    assert torch.equal(ours.bias, theirs.bias)


def test_pull_and_noise_have_the_paper_s_strength():
    p = nn.Parameter(torch.full([200, 100], 5.0) * (-1.0) ** torch.arange(100))
    optimizer = AdamRewiring([p], lr=0.1, l1=2.0, T=0.8)
    p.grad = torch.zeros_like(p)
    optimizer.step()
    theta = p.abs()
    assert theta.mean().item() == pytest.approx(5 - 0.1 * 2, abs=0.01)
    assert theta.std().item() == pytest.approx((2 * 0.1 * 0.8) ** 0.5, rel=0.02)


def test_what_crosses_zero_dies_and_as_many_come_back_at_zero():
    p = nn.Parameter(torch.tensor([[0.05, -0.05, 1.0, -1.0, 0.0, 0.0, 0.0, 0.0]]))
    optimizer = AdamRewiring([p], lr=0.1, T=0.0, l1=0.0)
    assert step(optimizer, p, [1.0, -1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0])[0] == close(0, 0, 0.9, -1.1, 0, 0, 0, 0)
    sign = optimizer.state[p]["sign"][0]
    assert optimizer.live == [4] and sign[2] == 1 and sign[3] == -1
    (born,) = (sign[[0, 1, 4, 5, 6, 7]] != 0).nonzero(as_tuple=True)
    assert len(born) == 2


def run(optimizer, p, steps, seed=0):
    g = torch.Generator().manual_seed(seed)
    for _ in range(steps):
        p.grad = torch.randn(p.shape, generator=g)
        optimizer.step()


def test_the_number_of_live_connections_stays_while_they_change():
    p = nn.Parameter(torch.randn(20, 30, generator=torch.Generator().manual_seed(0)) * 0.1)
    optimizer = AdamRewiring([p], lr=0.02, l1=1e-2, T=1e-3, density=0.2)
    assert p.count_nonzero() == 120 and optimizer.live == [120]
    before = p.detach() != 0
    for k in range(50):
        run(optimizer, p, 1, seed=k)
        assert optimizer.live == [120]
        sign = optimizer.state[p]["sign"]
        assert (p[sign == 0] == 0).all() and (p * sign >= 0).all()
    assert 20 < (before & (sign == 0)).sum() < 120


def test_newborn_signs_and_places_are_fair():
    p = nn.Parameter(torch.cat([torch.full([1, 2000], 1e-3), torch.zeros(1, 6000)], dim=1))
    optimizer = AdamRewiring([p], lr=0.1, T=0.0, l1=0.0)
    p.grad = torch.ones_like(p)
    optimizer.step()
    sign = optimizer.state[p]["sign"][0]
    assert sign.abs().sum() == 2000 and abs(sign.sum()) < 5 * 2000**0.5
    assert (sign[:2000] != 0).sum() == pytest.approx(500, abs=100)  # the dead may be drawn again, as all others


def test_biases_follow_plain_adam():
    net, plain = nn.Linear(3, 2), nn.Linear(3, 2)
    plain.load_state_dict(net.state_dict())
    nn.init.zeros_(net.bias), nn.init.zeros_(plain.bias)
    for layer, optimizer in [(net, AdamRewiring(net.parameters(), l1=1.0, T=1.0)), (plain, None)]:
        optimizer = optimizer or torch.optim.Adam(layer.parameters())
        layer.weight.grad, layer.bias.grad = torch.ones(2, 3), torch.tensor([1.0, -2.0])
        optimizer.step()
    assert torch.equal(net.bias, plain.bias) and net.bias.count_nonzero() == 2


def test_state_goes_on_exactly():
    def make():
        p = nn.Parameter(torch.randn(10, 10, generator=torch.Generator().manual_seed(1)) * 0.1)
        return p, AdamRewiring([p], lr=0.02, T=1e-3, density=0.3)

    p, optimizer = make()
    run(optimizer, p, 10)
    q, copied = make()
    q.data.copy_(p.data)
    copied.load_state_dict(copy.deepcopy(optimizer.state_dict()))
    run(optimizer, p, 10, seed=1)
    run(copied, q, 10, seed=1)
    assert torch.equal(p, q) and copied.live == [30]


def test_seed_decides():
    weights = []
    for seed in (0, 0, 1):
        p = nn.Parameter(torch.ones(10, 10))
        run(AdamRewiring([p], T=1e-2, density=0.3, seed=seed), p, 3)
        weights.append(p)
    assert torch.equal(weights[0], weights[1]) and not torch.equal(weights[0], weights[2])


def test_groups_have_their_own_density():
    a, b = nn.Parameter(torch.ones(10, 10)), nn.Parameter(torch.ones(10, 10))
    optimizer = AdamRewiring([{"params": [a], "density": 0.1}, {"params": [b]}], density=0.5)
    assert optimizer.live == [10, 50]


def test_learns_with_a_fifth_of_the_connections_and_finds_the_inputs_that_matter():
    g = torch.Generator().manual_seed(0)
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(40, 30), nn.ReLU(), nn.Linear(30, 2))
    optimizer = AdamRewiring(net.parameters(), lr=0.01, l1=0.2, T=1e-6, density=0.2)

    def forward():
        x = torch.randn(128, 40, generator=g)
        return net(x), (x[:, 3] * x[:, 7] > 0).long()

    for _ in range(400):
        optimizer.zero_grad()
        nn.functional.cross_entropy(*forward()).backward()
        optimizer.step()
    out, labels = forward()
    assert optimizer.live == [240, 12] and net[0].weight.count_nonzero() <= 240
    assert (out.argmax(1) == labels).float().mean() > 0.95
    strength = net[0].weight.abs().sum(0)
    assert strength[[3, 7]].sum() > 0.7 * strength.sum()  # 2 of 40 inputs


def test_closure():
    p = parameter([1.0, 2.0])
    optimizer = AdamRewiring([p])

    def closure():
        optimizer.zero_grad()
        loss = p.square().sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 5


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        (dict(l1=-1), ValueError, "l1 must be at least 0"),
        (dict(T="hot"), TypeError, "T must be a number"),
        (dict(density=0), ValueError, "density must be greater than 0"),
        (dict(density=1.5), ValueError, "at most 1, got 1.5"),
        (dict(seed=-1), ValueError, "seed must be at least 0"),
        (dict(lr=-1.0), ValueError, "learning rate"),
    ],
)
def test_errors_say_what_is_accepted(options, error, message):
    with pytest.raises(error, match=message):
        AdamRewiring([nn.Parameter(torch.ones(2, 2))], **options)


def test_zeros_need_a_density():
    p = nn.Parameter(torch.zeros(10, 10))
    with pytest.raises(ValueError, match=r"all weights of \[10, 10\] are 0.*give a density"):
        run(AdamRewiring([p]), p, 1)
    optimizer = AdamRewiring([p], density=0.3, T=0.0)
    assert optimizer.live == [30] and not p.any()
    run(optimizer, p, 5)
    assert optimizer.live == [30] and p.any()


# ---------------------------------------------------------------- copies


EXPORTS = [getattr(training, name) for name in training.__all__]
OPTIMIZERS = [thing for thing in EXPORTS if isinstance(thing, type) and issubclass(thing, torch.optim.Optimizer)]


def saved(pair):
    file = io.BytesIO()
    torch.save(pair, file)
    file.seek(0)
    return torch.load(file, weights_only=False)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda pair: pickle.loads(pickle.dumps(pair)), saved])
@pytest.mark.parametrize("steps", [0, 7])
@pytest.mark.parametrize("options", [{}, dict(reactivate=False, T=1e-2), dict(density=0.4, T=1e-2, seed=3)])
@pytest.mark.parametrize("cls", OPTIMIZERS)
def test_a_copy_goes_on_as_the_original(cls, options, steps, copied):
    g = torch.Generator().manual_seed(1)
    net = [nn.Parameter(torch.randn(10, 10, generator=g) * 0.1), nn.Parameter(torch.randn(10, generator=g))]
    optimizer = cls([{"params": net[:1], "lr": 0.05}, {"params": net[1:]}], lr=0.02, **options)
    take(optimizer, net, steps)
    other_net, other = copied((net, optimizer))
    assert type(other) is cls and other.defaults == optimizer.defaults
    for group, its in zip(optimizer.param_groups, other.param_groups, strict=True):
        assert {k: v for k, v in group.items() if k != "params"} == {k: v for k, v in its.items() if k != "params"}
    take(optimizer, net, 5)
    untouched = [p.clone() for p in other_net]
    take(other, other_net, 5)
    assert all(torch.equal(p, q) for p, q in zip(net, other_net, strict=True))
    assert not torch.equal(untouched[0], other_net[0]), "the copy has weights of its own"
    if hasattr(optimizer, "live"):
        assert other.live == optimizer.live and other.reactivate == optimizer.reactivate


def take(optimizer, net, steps):
    g = torch.Generator().manual_seed(2)
    for _ in range(steps):
        for p in net:
            p.grad = torch.randn(p.shape, generator=g)
        optimizer.step()
