"""Learners: gradients against the contract's vectors and a plain loop, STDP against hand and a plain loop."""

import math

import pytest
import torch
from nets import S, abc, small, two_layers
from together import each_of

from course_snn import surrogate
from course_snn.network import (
    STBP,
    STCA,
    STDP,
    Backend,
    Connection,
    Decoder,
    Encoder,
    Network,
    NeuronGroup,
    SpikeMonitor,
    StateMonitor,
)
from course_snn.network.learner import Learner

COUNTS = {"if": (6, 1), "lif": (6, 1), "clif x6": (4, 0)}
STCA_VECTORS = {
    "if": ([[4.05, 6.135, 5.195], [-2.54, -1.27, -1.27]], [[6, 4], [-5, -2.5]]),
    "lif": ([[3.64697, 5.69382, 4.7586], [-2.09548, -1.11416, -1.11314]], [[6, 3.8825], [-3.56953, -2.00068]]),
    "clif x6": (
        [[0.40186, 0.37906, 0.40342], [-0.02507, -0.02526, -0.02399]],
        [[0.59387, 0.29435], [-0.28244, -0.14159]],
    ),
}
STBP_VECTORS = {  # of SPAIC, whose surrogate is lower by sqrt(2 pi alpha) = sqrt(pi)
    "if": ([[0.67165, 0.74134, 0.6938], [-0.73027, -0.50947, -0.50716]], [[2.39128, 1.06447], [-2.85644, -1.25159]]),
    "lif": ([[0.6485, 0.72179, 0.65395], [-0.47604, -0.36513, -0.33995]], [[2.50506, 1.06235], [-2.25687, -1.06317]]),
}
SPAIC_STBP_CLIF = (
    [[0.13431, 0.11483, 0.14198], [-0.00297, -0.00314, -0.00265]],
    [[0.34245, 0.16237], [-0.14864, -0.07166]],
)


def network(name, learner):
    model, _, factor = name.partition(" x")
    param = {"V0": 1.0} if model == "clif" else {}
    net = two_layers(model, factor=float(factor or 1), **param)
    net.learner = learner(0.5, net)
    return net


def gradients(net):
    net.input(S)
    out = net.run()
    (out[0, 0] - 0.5 * out[0, 1]).backward()
    return out, net.con1.weight.grad, net.con2.weight.grad


@each_of("name", STCA_VECTORS)
def test_stca_is_the_contracts(name):
    out, *grads = gradients(network(name, STCA))
    assert tuple(out[0].tolist()) == COUNTS[name]
    for grad, want in zip(grads, STCA_VECTORS[name], strict=True):
        torch.testing.assert_close(grad, torch.tensor(want), atol=2e-5, rtol=0)


@each_of("name", STBP_VECTORS)
def test_stbp_is_the_contracts_with_the_papers_height(name):
    """One factor sqrt(2 pi a) for each spike that the gradient passes: one in layer 2, two in layer 1."""
    height = math.sqrt(2 * math.pi * 0.5)
    _, grad1, grad2 = gradients(network(name, STBP))
    torch.testing.assert_close(grad1, height**2 * torch.tensor(STBP_VECTORS[name][0]), atol=5e-5, rtol=0)
    torch.testing.assert_close(grad2, height * torch.tensor(STBP_VECTORS[name][1]), atol=5e-5, rtol=0)


class Lower(surrogate.Surrogate):
    """SPAIC's: exp(-x²/2a) / (2 pi a)."""

    def slope(self, x):
        return torch.exp(-(x**2)) / math.pi


def test_stbp_through_clif_is_the_contracts():
    """There the gradient passes spikes again through E, so no single factor: the lower surrogate itself."""

    class Spaic(STBP):
        def surrogate(self):
            return Lower()

    _, *grads = gradients(network("clif x6", Spaic))
    for grad, want in zip(grads, SPAIC_STBP_CLIF, strict=True):
        torch.testing.assert_close(grad, torch.tensor(want), atol=2e-5, rtol=0)
    high = gradients(network("clif x6", STBP))[1]
    assert not torch.allclose(high, math.pi * grads[0], rtol=0.01)


# ---------------------------------------------------------------- a plain loop, written again


class Window(torch.autograd.Function):
    """1 for |x| <= alpha."""

    @staticmethod
    def forward(ctx, x, alpha):
        ctx.save_for_backward(x)
        ctx.alpha = alpha
        return (x >= 0).to(x)

    @staticmethod
    def backward(ctx, grad):
        return grad * (ctx.saved_tensors[0].abs() <= ctx.alpha), None


class Bell(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, alpha):
        ctx.save_for_backward(x)
        ctx.alpha = alpha
        return (x >= 0).to(x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        return grad * torch.exp(-(x**2) / (2 * ctx.alpha)) / math.sqrt(2 * math.pi * ctx.alpha), None


class Cell:
    """A neuron in plain Python."""

    def __init__(self, model, fire, n, tau_m=None, tau_p=12.0, tau_q=8.0, V0=6.75):
        tau_m = tau_m or (20.0 if model == "clif" else 8.0)
        self.model, self.fire, self.V0 = model, fire, V0
        self.v = self.m = self.s = self.e = torch.zeros(n)
        self.am, self.ap, self.aq = (math.exp(-1 / tau) for tau in (tau_m, tau_p, tau_q))

    def __call__(self, current):
        if self.model == "clif":
            self.m, self.s = self.ap * self.m + self.V0 * current, self.aq * self.s + self.V0 * current
            o = self.fire(self.m - self.s - self.e - 1)
            self.e = self.am * self.e + o
            return o
        h = (self.v if self.model == "if" else self.am * self.v) + current
        o = self.fire(h - 1)
        self.v = (1 - o.detach()) * h
        return o


def plain(model, learner, alpha, w1, w2, back, bias, x, delays):
    kind = Window if learner is STCA else Bell
    one, two = (Cell(model, lambda v: kind.apply(v, alpha), n) for n in (w1.shape[0], w2.shape[0]))
    o1, o2, zero = [], [], torch.zeros
    for t in range(len(x)):
        late = [o[t - d] if t >= d else zero(n) for o, d, n in ((x, delays[0], x.shape[1]), (o1, delays[2], len(w1)))]
        o1.append(one(w1 @ late[0] + back @ late[1] + bias))
        o2.append(two(w2 @ (o1[t - delays[1]] if t >= delays[1] else zero(len(w1)))))
    return torch.stack(o2)


@each_of("model", ["if", "lif", "clif"])
@each_of("learner, alpha", [(STCA, 0.5), (STCA, 1.3), (STBP, 0.5), (STBP, 0.2)])
@each_of("delays", [(1, 1, 1), (0, 0, 2), (3, 2, 1)])
def test_gradients_are_those_of_a_plain_loop(model, learner, alpha, delays):
    torch.manual_seed(sum(delays))
    k = 2.0 if model == "clif" else 1.0
    w1, w2, back = (0.4 * k * torch.randn(*shape) + 0.3 for shape in ((4, 3), (2, 4), (4, 4)))
    bias, x, weights = torch.randn(4) * 0.1, (torch.rand(24, 3) < 0.6).float(), torch.rand(24, 2)
    net = Network()
    net.input, net.one, net.two = Encoder(3, "null"), NeuronGroup(4, model), NeuronGroup(2, model)
    net.c1 = Connection(net.input, net.one, delay=delays[0], weight=w1, bias=bias)
    net.c2 = Connection(net.one, net.two, delay=delays[1], weight=w2)
    net.back = Connection(net.one, net.one, delay=delays[2], weight=back)
    net.output, net.learner = Decoder(net.two, "null"), learner(alpha, net)
    net.input(x[None])
    out = net.run(24.0)[:, 0]
    (out * weights).sum().backward()
    leaves = [v.clone().requires_grad_() for v in (w1, w2, back, bias)]
    want = plain(model, learner, alpha, *leaves, x, delays)
    (want * weights).sum().backward()
    assert torch.equal(out, want) and out.sum() > 0
    for part, leaf in zip((net.c1.weight, net.c2.weight, net.back.weight, net.c1.bias), leaves, strict=True):
        torch.testing.assert_close(part.grad, leaf.grad, atol=2e-5, rtol=1e-4)


# ---------------------------------------------------------------- who learns


def test_a_learner_of_a_part_trains_that_part():
    net = small()
    for given, want in [
        (net, [net.con1.weight, net.con2.weight, net.con2.bias]), (net.layer1, [net.con1.weight]),
        (net.layer2, [net.con2.weight, net.con2.bias]), (net.con1, [net.con1.weight]),
        ([net.con2, net.layer1], [net.con2.weight, net.con2.bias, net.con1.weight]), ([net, net.con1], None),
    ]:  # fmt: skip
        learner = STCA(0.5, given)
        assert list(map(id, learner.parameters())) == list(map(id, want or STCA(0.5, net).parameters()))
    del net.learner
    net.one, net.two = STCA(0.5, net.layer1), STBP(0.7, net.layer2)
    net.build()
    assert isinstance(net.layer1.neuron.surrogate, surrogate.BilinearLeakyReLU)
    assert isinstance(net.layer2.neuron.surrogate, surrogate.Gaussian) and net.layer2.neuron.surrogate.variance == 0.7


def test_parameters_of_neurons_learn_with_their_group():
    net = two_layers("lif", tau_m=torch.nn.Parameter(torch.tensor([6.0, 9.0])))
    net.learner = STCA(0.5, net)
    names = {id(p): name for name, p in net.named_parameters()}
    assert {names[id(p)] for p in net.learner.parameters()} == set(names.values())
    assert net.layer1.neuron.tau is not net.layer2.neuron.tau or len(names) == 3
    assert {names[id(p)] for p in STCA(0.5, net.con1).parameters()} == {"con1.weight"}
    gradients(net)
    assert net.layer1.neuron.tau.grad.abs().sum() > 0


def test_a_new_group_gets_the_surrogate_of_the_learner():
    net = small()
    net(torch.rand(2, 6))
    net.replace_assembly("layer1", NeuronGroup(5, "if"))
    net(torch.rand(2, 6)).sum().backward()
    assert isinstance(net.layer1.neuron.surrogate, surrogate.BilinearLeakyReLU) and net.con1.weight.grad is not None
    net.learner = STBP(0.5, net)  # another one
    net(torch.rand(2, 6))
    assert isinstance(net.layer1.neuron.surrogate, surrogate.Gaussian)


def test_frozen_weights_stay():
    net = small()
    net.learner.set_optimizer("AdamW", lr=0.1)
    net.con1.weight.requires_grad_(False)
    before = [p.detach().clone() for p in net.parameters()]
    net.learner.optim_zero_grad()
    net(torch.rand(8, 6)).sum().backward()
    net.learner.optim_step()
    assert torch.equal(net.con1.weight, before[0])
    assert not torch.equal(net.con2.bias, before[-1])


def test_learning_by_hand():
    torch.manual_seed(0)
    net = small()
    x, labels = torch.rand(16, 6), torch.randint(0, 3, (16,))
    net.learner.set_optimizer("Adam", lr=0.05)
    net.learner.set_schedule("StepLR", maxstep=5, gamma=0.5)
    losses = []
    for _ in range(11):
        loss = torch.nn.functional.cross_entropy(net(x), labels)
        net.learner.optim_zero_grad()
        loss.backward()
        net.learner.optim_step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] and net.learner.optimizer._live.param_groups[0]["lr"] == pytest.approx(0.0125)


@each_of("make, error, message", [
    (lambda n: STCA(n, 0.5), TypeError, r"STCA takes alpha first: STCA\(0.5, net\)"),
    (lambda n: STBP(0.5), TypeError, r"STBP needs what shall learn.*STBP\(trainable=net\)"),
    (lambda n: STCA(0.5, []), TypeError, "needs what shall learn"),
    (lambda n: STCA(0.5, "net"), TypeError, "needs what shall learn"),
    (lambda n: STCA(0, n), ValueError, "alpha"), (lambda n: STCA("wide", n), TypeError, "alpha"),
    (lambda n: STDP("fulll", n), ValueError, "no STDP rule 'fulll'. Did you mean 'full'"),
    (lambda n: STDP("full", n, w_min=2.0), ValueError, "w_min must not lie above w_max"),
    (lambda n: STDP("full", n, tau=0), ValueError, "tau"),
    (lambda n: STDP("full", n, Apots=0.1), TypeError, "has no parameter 'Apots'. Did you mean 'Apost'"),
    (lambda n: STCA(0.5, n, alhpa=1), TypeError, "has no parameter 'alhpa'. Did you mean 'alpha'"),
    (lambda n: STCA(alpha=0.5, pathway=n), TypeError, "has no parameter 'pathway'"),
    (lambda n: Learner(n), TypeError, "by its own name"),
    (lambda n: STCA(0.5, n).optim_step(), ValueError, "no optimiser: call set_optimizer"),
    (lambda n: STCA(0.5, n).set_schedule("StepLR"), ValueError, "call set_optimizer first"),
])  # fmt: skip
def test_errors(make, error, message):
    with pytest.raises(error, match=message):
        make(abc())


# ---------------------------------------------------------------- STDP


def pair(rule="full", trains=("101001", "010010"), N=1, **more):
    net = Network()
    net.input, net.group = Encoder(2, "null"), NeuronGroup(2, "if")
    net.con = Connection(net.input, net.group, weight=[[0.6, 0.5], [0.3, 0.8]])
    net.learner = STDP(rule, net, **{"Apost": 0.1, "Apre": 0.05, **more})
    net.w, net.spikes = StateMonitor(net.con, "weight"), SpikeMonitor(net.group)
    x = torch.tensor([[float(c) for c in row] for row in trains]).t()[None].repeat(N, 1, 1)
    net.input(x)
    return net


FULL = torch.tensor([
    [0.6, 0.5, 0.3, 0.8], [0.6, 0.5, 0.3, 0.8], [0.74048, 0.59512, 0.44048, 0.89512],
    [0.74048, 0.59512, 0.44048, 0.89512], [0.74048, 0.54988, 0.44048, 0.84988], [0.9114, 0.72688, 0.6114, 1.0],
])  # fmt: skip


def test_stdp_is_the_contracts():
    for N in (1, 4):  # the mean over a batch of equal samples
        net = pair(N=N)
        net.run(6.0)
        torch.testing.assert_close(net.w.values.permute(2, 0, 1).reshape(6, 4), FULL, atol=2e-5, rtol=0)
        assert ["".join(str(int(s)) for s in row) for row in net.spikes.values[0]] == ["001001", "001001"]
        torch.testing.assert_close(net.con.weight.flatten(), FULL[-1], atol=2e-5, rtol=0)


def rule_by_hand(kind, w, pre, post, Apost, Apre, tau=20.0):
    """w after each step for one sample; pre [T, 2], post [T, 2]."""
    d, x, y, found = math.exp(-1 / tau), torch.zeros(2), torch.zeros(2), []
    for s, o in zip(pre, post, strict=True):
        if kind == "full":
            x, y = d * x + s, d * y + o
        else:
            x, y = d * x * (1 - s) + s, d * y * (1 - o) + o
        w = (w + Apost * torch.outer(o, x) - Apre * torch.outer(y, s)).clamp(0, 1)
        found.append(w)
    return torch.stack(found, -1)


@each_of("kind", ["full", "nearest", "full_online_stdp", "nearest_online_stdp"])
def test_stdp_against_the_rule_written_again(kind):
    torch.manual_seed(2)
    net = pair(kind)
    x = (torch.rand(1, 40, 2) < 0.4).float()
    net.input(x)
    net.run(40.0)
    start, post = torch.tensor([[0.6, 0.5], [0.3, 0.8]]), net.spikes.values[0].t()
    want = rule_by_hand(kind.split("_")[0], start, x[0], post, 0.1, 0.05)
    torch.testing.assert_close(net.w.values, want)
    assert not torch.equal(want[..., 0], want[..., -1])


def test_nearest_forgets_at_a_new_spike():
    """The contract's vector, which rescales in every step: runs of one step, rescaled after each."""
    net = pair("nearest", w_norm=1.0)
    net.replace_assembly("group", NeuronGroup(2, "if", v_th=1.0001))  # SPAIC does not fire at the tie of step 2
    with torch.no_grad():
        net.con.weight /= net.con.weight.sum(1, keepdim=True)  # SPAIC's build does it
    found, spikes, trains = [], [], net.input.data
    for t in range(6):
        net.input(trains[:, t : t + 1])
        (net.run if t == 0 else net.run_continue)(1.0)
        found.append(net.con.weight.flatten().tolist())
        spikes.append(net.spikes.values[0, 0, -1].item())
    want = torch.tensor([
        *[[0.54545, 0.45455, 0.27273, 0.72727]] * 3, [0.5403, 0.4597, 0.31026, 0.68974],
        [0.56728, 0.43272, 0.32576, 0.67424], [0.54677, 0.45323, 0.29381, 0.70619],
    ])  # fmt: skip
    assert spikes == [0, 0, 0, 1, 0, 0]
    torch.testing.assert_close(torch.tensor(found), want, atol=2e-5, rtol=0)


def test_stdp_of_a_batch_is_the_mean_and_of_one_step():
    torch.manual_seed(0)
    net = pair()
    x = (torch.rand(3, 1, 2) < 0.7).float()
    pre, post = torch.rand(3, 2), torch.rand(3, 2)
    rule = net.learner
    rule.begin(net.con, {})
    both = rule.change(net.con, net.con.weight.detach(), pre, post)
    each = []
    for k in range(3):
        rule.begin(net.con, {})
        each.append(rule.change(net.con, net.con.weight.detach(), pre[k : k + 1], post[k : k + 1]))
    torch.testing.assert_close(both, torch.stack(each).mean(0))
    net.input(x)
    net.run(1.0)


def test_stdp_learns_in_training_mode_only_and_goes_on():
    net, start = pair(), torch.tensor([[0.6, 0.5], [0.3, 0.8]])
    net.eval()
    net.run(6.0)
    assert torch.equal(net.con.weight, start)
    net.train()
    one = pair()
    one.input(torch.cat([one.input.data, one.input.data], 1))
    one.run(12.0)
    net.run(6.0)
    net.run_continue(6.0)
    torch.testing.assert_close(net.con.weight, one.con.weight)
    torch.testing.assert_close(net.w.values, one.w.values)
    with torch.no_grad():
        net.con.weight.copy_(start)
    net.run(6.0)  # from rest: no traces either
    torch.testing.assert_close(net.con.weight.flatten(), FULL[-1], atol=2e-5, rtol=0)


def test_stdp_at_another_time_step():
    net = pair()
    net.build(Backend(dt=0.5)).run(3.0)
    d = math.exp(-0.5 / 20)
    assert net.w.values[0, 0, 2].item() == pytest.approx(0.6 + 0.1 * (1 + d**2) - 0.05, abs=1e-6)


def test_stdp_in_a_loop_and_beside_a_gradient():
    found = []
    for stepped in (False, True):
        torch.manual_seed(1)
        net = two_layers("lif")
        net.own = Connection(net.layer1, net.layer1, "random", probability=1.0, w_mean=0.5)
        net.rule = STDP("full", net.own, Apost=0.1, Apre=0.02)
        net.learner = STCA(0.5, net.con2)
        net.build(stepped=stepped).input(S)
        before = net.own.weight.detach().clone()
        net.run().sum().backward()
        assert not torch.equal(net.own.weight, before) and not net.own.weight.diagonal().any()
        assert net.own.weight.grad is None and net.con2.weight.grad.any()
        found.append(net.own.weight.detach().clone())
        net.run().sum().backward()  # a change in place between forward and backward would be an error
    torch.testing.assert_close(*found)


def test_w_norm_rescales_each_row_at_the_end_of_a_run():
    net = pair(w_norm=2.0)
    net.run(6.0)
    torch.testing.assert_close(net.con.weight.sum(1), torch.tensor([2.0, 2.0]))
    want = FULL[-1].view(2, 2)
    torch.testing.assert_close(net.con.weight, want / want.sum(1, keepdim=True) * 2, atol=2e-5, rtol=0)
    torch.testing.assert_close(net.w.values[..., -1].flatten(), FULL[-1], atol=2e-5, rtol=0)


def test_what_stdp_changes_follows_no_gradient():
    net, by_rule = small(), small()
    for each in (net, by_rule):
        each.rule = STDP("full", each.con1, Apost=0.05, w_min=-1.0)
    x = torch.rand(4, 6)
    net.learner.set_optimizer("AdamW", lr=0.1)
    by_rule(x)
    net(x).sum().backward()
    net.learner.optim_step()
    assert net.con1.weight.grad is None and torch.equal(net.con1.weight, by_rule.con1.weight)
    assert not torch.equal(net.con2.weight, by_rule.con2.weight)
