"""Parameters that learn: whatever is given as nn.Parameter is found by an optimizer, and its gradient is right."""

import copy
import io
import math

import pytest
import torch
from nodes import noise
from torch import nn

from course_snn import event_driven, functional, layer, neuron, simulator, surrogate, synapse

SMOOTH = surrogate.Sigmoid(2.0)


class Soft(surrogate.Surrogate):
    """Spikes that are their own primitive, so that finite differences of the network are its gradients."""

    def forward(self, x):
        return torch.sigmoid(4 * x)


def izhikevich(**given):
    """One that crosses its threshold slowly, so that soft spikes have a slope."""
    return neuron.IzhikevichNode(
        **{"c": -79.0, "v_threshold": -77.5, "v_init": -77.6, "u_init": -4.0, "dt": 0.02} | given, surrogate=Soft()
    )


# name: what takes a tensor of values, its value, and whether it may differ from neuron to neuron
GIVEN = {
    "IF θ": (lambda p: neuron.IFNode(p, surrogate=Soft()), 0.8),
    "IF θ, soft": (lambda p: neuron.IFNode(p, None, Soft()), 0.8),
    "IF v_reset": (lambda p: neuron.IFNode(1.0, p, Soft()), -0.2),
    "LIF τ": (lambda p: neuron.LIFNode(p, surrogate=Soft()), 2.7),
    "LIF θ": (lambda p: neuron.LIFNode(2.0, p, surrogate=Soft()), 0.8),
    "LIF v_reset": (lambda p: neuron.LIFNode(2.0, 1.0, p, Soft()), -0.2),
    "PLIF θ": (lambda p: neuron.PLIFNode(2.0, p, surrogate=Soft()), 0.8),
    "RIF v_reset": (lambda p: neuron.RIFNode(-0.2, None, 1.0, p, Soft()), -0.2),
    "delta LIF τ": (lambda p: neuron.DeltaLIFNode(p, surrogate=Soft(), dt=0.5), 2.7),
    "delta LIF v_reset": (lambda p: neuron.DeltaLIFNode(2.0, 1.0, p, Soft()), -0.2),
    "CLIF τ_m": (lambda p: neuron.CLIFNode(p, surrogate=Soft()), 5.0),
    "CLIF τ_p": (lambda p: neuron.CLIFNode(tau_p=p, V0=6.75, surrogate=Soft()), 12.0),
    "CLIF τ_q": (lambda p: neuron.CLIFNode(tau_q=p, V0=6.75, surrogate=Soft()), 7.0),
    "CLIF V0": (lambda p: neuron.CLIFNode(V0=p, surrogate=Soft()), 6.0),
    "CLIF θ": (lambda p: neuron.CLIFNode(v_threshold=p, surrogate=Soft()), 0.8),
    "Izhikevich a": (lambda p: izhikevich(a=p), 0.02),
    "Izhikevich b": (lambda p: izhikevich(b=p), 0.2),
    "Izhikevich c": (lambda p: izhikevich(c=p), -79.0),
    "Izhikevich d": (lambda p: izhikevich(d=p), 8.0),
    "Izhikevich θ": (lambda p: izhikevich(v_threshold=p), -77.5),
    "Izhikevich v_init": (lambda p: izhikevich(v_init=p), -77.6),
    "Izhikevich u_init": (lambda p: izhikevich(u_init=p), -4.0),
    "low-pass τ": (synapse.LowPassSynapse, 3.0),
    "current A": (synapse.SpikeCurrent, 0.7),
    "exponential τ": (synapse.ExpDecayCurrent, 3.0),
    "exponential A": (lambda p: synapse.ExpDecayCurrent(3.0, p), 0.7),
    "STP V": (lambda p: synapse.STPTransformer(p, 5.0, 7.0), 0.4),
    "STP τ_f": (lambda p: synapse.STPTransformer(0.4, p, 7.0), 5.0),
    "STP τ_d": (lambda p: synapse.STPTransformer(0.4, 5.0, p), 7.0),
    "NeuNorm k": (lambda p: torch.manual_seed(0) and layer.NeuNorm(2, p), 0.8),
}
SPIKES = (noise(6, 3, 2, 1, 4) > 0.3).double()
CURRENTS = (2 * noise(6, 3, 4) + 0.5).double()


def run(make, value: torch.Tensor) -> torch.Tensor:
    module = make(value).double()
    takes_spikes = isinstance(module, (synapse.Transformer, layer.NeuNorm))
    x = SPIKES if isinstance(module, layer.NeuNorm) else SPIKES[:, :, 0, 0] if takes_spikes else CURRENTS
    y = functional.unroll(module, x)
    return (y * noise(*y.shape, seed=3).double()).sum()


@pytest.mark.parametrize("per_neuron", [False, True], ids=["one", "per neuron"])
@pytest.mark.parametrize("name", GIVEN)
def test_gradient_equals_finite_differences(name, per_neuron):
    make, at = GIVEN[name]
    start = torch.full((4,) if per_neuron else (), at, dtype=torch.double) + (
        0.01 * noise(4).double() if per_neuron else 0
    )
    parameter = nn.Parameter(start.clone())
    module = make(parameter)
    assert any(p is parameter for p in module.parameters())
    run(make, parameter).backward()
    for index in range(start.numel()):
        step = torch.zeros_like(start).view(-1)
        step[index] = 1e-6
        step = step.view(start.shape)
        slope = (run(make, start + step) - run(make, start - step)) / 2e-6
        assert parameter.grad.view(-1)[index].item() == pytest.approx(slope.item(), rel=1e-4, abs=1e-6)


SURROGATES = {
    "Sigmoid α": (surrogate.Sigmoid, 2.0),
    "ATan α": (surrogate.ATan, 2.0),
    "Rectangle w": (surrogate.Rectangle, 1.3),
    "Bilinear a": (lambda p: surrogate.BilinearLeakyReLU(p, 0.01, 0.5), 1.2),
    "Bilinear b": (lambda p: surrogate.BilinearLeakyReLU(1.0, p, 0.5), 0.1),
    "Bilinear c": (lambda p: surrogate.BilinearLeakyReLU(1.0, 0.1, p), 0.4),
    "SignSwish β": (surrogate.SignSwish, 3.0),
    "Gaussian variance": (surrogate.Gaussian, 0.4),
}


@pytest.mark.parametrize("name", SURROGATES)
def test_a_surrogate_learns_as_if_the_spike_were_its_primitive(name):
    make, at = SURROGATES[name]
    x, weight = noise(50).double(), noise(50, seed=1).double()
    parameter = nn.Parameter(torch.tensor(at, dtype=torch.double))
    g = make(parameter)
    assert [*g.parameters()] == [parameter]
    spikes = g(x)
    assert torch.equal(spikes, (x >= 0).double())
    (spikes * weight).sum().backward()

    def smooth(value):
        return (make(value).primitive(x) * weight).sum().item()

    assert parameter.grad.item() == pytest.approx((smooth(at + 1e-6) - smooth(at - 1e-6)) / 2e-6, rel=1e-4)


@pytest.mark.parametrize("name", SURROGATES)
def test_a_surrogate_learns_inside_a_network(name):
    make, at = SURROGATES[name]
    parameter = nn.Parameter(torch.full((4,), at))
    node = neuron.LIFNode(surrogate=make(parameter))
    functional.unroll(node, (noise(6, 3, 4) + 0.5).requires_grad_()).sum().backward()
    assert parameter.grad.count_nonzero() > 0
    before = parameter.detach().clone()
    torch.optim.SGD(node.parameters(), lr=0.1).step()
    assert not torch.equal(before, node.surrogate.get_parameter(name.split()[1].translate(LATIN)))


LATIN = str.maketrans({"α": "alpha", "β": "beta", "w": "width"})


def test_a_surrogate_without_a_primitive_says_what_is_missing():
    class Own(surrogate.Surrogate):
        def __init__(self):
            super().__init__()
            self.height = nn.Parameter(torch.tensor(1.0))

        def slope(self, x):
            return self.height * (1 - x.abs()).relu()

    with pytest.raises(NotImplementedError, match=r"primitive.*learn through"):
        Own()(torch.zeros(3, requires_grad=True)).sum().backward()


@pytest.mark.parametrize(
    "times", [torch.tensor([[0, 2, 5]]), torch.tensor([[0.3, 2.8, 5.1]])], ids=["whole", "between"]
)
@pytest.mark.parametrize("name", ["tau", "tau_s"])
def test_a_tempotron_learns_its_time_constants(name, times):
    values = {"tau": 15.0, "tau_s": 3.0}

    def total(value):
        torch.manual_seed(0)
        net = event_driven.Tempotron(3, 2, 12, **(values | {name: value})).double()
        return net(times.double() if times.is_floating_point() else times, "v").sum()

    parameter = nn.Parameter(torch.tensor(values[name], dtype=torch.double))
    total(parameter).backward()
    slope = (total(values[name] + 1e-5) - total(values[name] - 1e-5)) / 2e-5
    assert parameter.grad.item() == pytest.approx(slope.item(), rel=1e-4)


def test_a_tensor_that_requires_a_gradient_stays_the_same_tensor():
    tau = torch.tensor(3.0, requires_grad=True)
    node = neuron.LIFNode(tau)
    functional.unroll(node, noise(5, 2, 3) + 1).sum().backward()
    assert tau.grad.item() != 0 and [*node.parameters()] == [tau]
    twin = copy.deepcopy(node)
    assert [p.item() for p in twin.parameters()] == [3.0] and twin.tau is not tau


def test_a_frozen_parameter_can_be_thawed():
    tau = nn.Parameter(torch.tensor(3.0), requires_grad=False)
    node, x = neuron.LIFNode(tau), noise(5, 2, 3) + 1
    assert [*node.parameters()] == [tau]
    functional.unroll(node, x)
    tau.requires_grad_()
    node.reset()
    functional.unroll(node, x).sum().backward()
    assert tau.grad.item() != 0


def test_what_was_computed_from_parameters_is_refused():
    p = nn.Parameter(torch.tensor(1.0))
    with pytest.raises(ValueError, match=r"tau was computed.*nn\.Parameter"):
        neuron.LIFNode(1 + p.exp())


def test_an_optimizer_finds_a_time_constant():
    """Inputs were filtered with τ = 6; the node begins at 2."""
    torch.manual_seed(0)
    x = torch.rand(60, 20, 1)
    teacher = synapse.LowPassSynapse(6.0)
    pupil = synapse.LowPassSynapse(nn.Parameter(torch.tensor(2.0)))
    wanted, optimizer = functional.unroll(teacher, x), torch.optim.Adam(pupil.parameters(), lr=0.1)
    for _ in range(200):
        functional.reset_net(pupil)
        loss = (functional.unroll(pupil, x) - wanted).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert pupil.tau.item() == pytest.approx(6, rel=0.01)


# ---------------------------------------------------------------- what defines a network is saved with it


HETERO = {
    "LIF": lambda: neuron.LIFNode(1 + 9 * torch.rand(4), 0.5 + torch.rand(4), -torch.rand(4)),
    "surrogate": lambda: neuron.IFNode(surrogate=surrogate.ATan(1 + torch.rand(4))),
    "low-pass": lambda: synapse.LowPassSynapse(1 + 9 * torch.rand(4)),
    "STP": lambda: synapse.STPTransformer(torch.rand(4), 1 + 9 * torch.rand(4), 1 + 9 * torch.rand(4)),
    "exponential": lambda: synapse.ExpDecayCurrent(1 + 9 * torch.rand(4), torch.rand(4)),
    "simulator": lambda: simulator.LIFNode([2, 4], torch.rand(2, 4), 0.5 + torch.rand(2, 4), 0.0, 1 + torch.rand(2, 4)),
    "tempotron": lambda: event_driven.Tempotron(4, 3, 10, torch.tensor(9.0), torch.tensor(2.0), torch.rand(3) + 0.5),
}


@pytest.mark.parametrize("make", HETERO.values(), ids=HETERO)
def test_values_for_each_neuron_are_saved_and_move(make):
    one, other, file = make(), make(), io.BytesIO()
    torch.save(one.state_dict(), file)
    file.seek(0)
    other.load_state_dict(torch.load(file, weights_only=True))
    x = torch.rand(2, 4) * 5 if isinstance(one, event_driven.Tempotron) else (torch.rand(2, 4) < 0.5).float()
    for _ in range(3):
        assert torch.equal(one(x), other(x))
    held = [*one.double().state_dict().values(), *one.to("meta").state_dict().values()]
    assert held and {t.dtype for t in held} == {torch.double} and held[-1].is_meta


def test_the_threshold_margin_of_one_batch_is_not_saved():
    node = neuron.LIFNode()
    functional.set_threshold_margin(node, torch.eye(3))
    assert node.v_threshold.shape == (3, 3) and not node.state_dict()


# ---------------------------------------------------------------- a read-out that never spikes


@pytest.mark.parametrize("v_reset", [0.0, None], ids=["hard", "soft"])
@pytest.mark.parametrize("theta", [math.inf, torch.full((4,), math.inf)], ids=["number", "tensor"])
@pytest.mark.parametrize(
    "g", [SMOOTH, surrogate.ATan(), surrogate.Rectangle(), surrogate.SignSwish(), surrogate.Gaussian()], ids=repr
)
def test_an_infinite_threshold_integrates_without_spikes(theta, v_reset, g):
    x, node = (noise(6, 3, 4) + 1).requires_grad_(), neuron.LIFNode(2.0, theta, v_reset, g)
    assert functional.unroll(node, x).count_nonzero() == 0
    (gradient,) = torch.autograd.grad(node.v.sum(), x)
    v = torch.zeros(3, 4)
    for now in x:
        v = v + (now - v) / 2
    torch.testing.assert_close(node.v, v)
    torch.testing.assert_close(gradient, torch.tensor([0.5**k for k in range(6, 0, -1)])[:, None, None].expand(6, 3, 4))


def test_some_neurons_may_be_read_out_and_others_fire():
    theta = torch.tensor([1.0, math.inf])
    for v_reset in (0.0, None):
        s = functional.unroll(neuron.IFNode(theta, v_reset), torch.full((4, 1, 2), 0.6))
        assert s.sum(0).tolist() == [[2, 0]]
    with pytest.raises(ValueError, match="finite or inf"):
        neuron.IFNode(-math.inf)
    with pytest.raises(ValueError, match="must be finite"):
        neuron.LIFNode(math.inf)


def test_an_infinite_threshold_gives_a_learnt_surrogate_no_gradient():
    for make in (surrogate.Sigmoid, surrogate.ATan, surrogate.SignSwish, surrogate.Gaussian):
        node = neuron.LIFNode(2.0, math.inf, surrogate=make(nn.Parameter(torch.tensor(2.0))))
        functional.unroll(node, noise(5, 2, 3).requires_grad_()).sum().backward()
        (parameter,) = node.parameters()
        assert parameter.grad.item() == pytest.approx(0, abs=1e-5)


def test_what_is_assigned_later_is_kept_as_if_it_had_been_given():
    node = neuron.LIFNode()
    node.tau = torch.tensor([2.0, 3.0])
    assert set(node.state_dict()) == {"tau"}
    node.tau = 4.0
    assert node.tau == 4.0 and not node.state_dict()
    node.v_threshold = nn.Parameter(torch.tensor(0.5))
    node.v_threshold = 1.0
    assert not [*node.parameters()]


def test_a_learnt_time_constant_for_each_neuron():
    node = neuron.PLIFNode(torch.tensor([2.0, 3.0, 5.0]))
    torch.testing.assert_close(node.tau, torch.tensor([2.0, 3.0, 5.0]))
    functional.unroll(node, noise(5, 2, 3) + 1).sum().backward()
    assert node.w.grad.count_nonzero() == 3
