"""Training over time: what is computed again equals BPTT; truncated and online rules equal what is written by hand."""

import random
from collections import deque

import numpy as np
import pytest
import torch
from nodes import NODES, RESETS
from together import each_of
from torch import nn
from torch.nn.functional import cross_entropy

from course_snn import encoding, functional, layer, neuron, surrogate, synapse
from course_snn.monitor import Monitor
from course_snn.pooling import SpikeMaxPool2d
from course_snn.state import Stateful
from course_snn.training import over_time

LABELS = torch.tensor([0, 1, 2, 3])


def noise(*shape, seed=0):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed))


def dense(node=neuron.LIFNode, **how):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 12), node(**how), nn.Linear(12, 4), neuron.LIFNode())


def convolutional():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(2, 8, 3, padding=1), nn.BatchNorm2d(8), SpikeMaxPool2d(neuron.IFNode(detach_reset=True)),
        nn.Conv2d(8, 8, 3, padding=1), neuron.LIFNode(), layer.NeuNorm(8), nn.Flatten(), nn.Linear(72, 4),
    ).eval()  # fmt: skip


def recurrent():
    torch.manual_seed(0)
    inside = nn.Sequential(nn.Linear(6, 6), neuron.IFNode())
    return nn.Sequential(layer.ElementWiseRecurrentContainer(inside, torch.add), nn.Linear(6, 4))


class Own(Stateful):
    """State in lists, which is appended to in place, and a learnt start."""

    def __init__(self):
        super().__init__()
        self.start = nn.Parameter(torch.tensor(0.3))
        self.declare("past", deque())
        self.declare("kept", {"sum": None})

    def forward(self, x):
        self.past.append(x)
        if len(self.past) > 3:
            self.past.popleft()
        before = self.kept["sum"]
        self.kept = {"sum": x * self.start if before is None else before * 0.9 + x}
        return sum(self.past) + self.kept["sum"]


def of_own():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(6, 6), Own(), neuron.LIFNode(), nn.Linear(6, 4))


def synapses():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(6, 8), neuron.IFNode(), synapse.ExpDecayCurrent(3.0), synapse.ConstantDelay(2), nn.Linear(8, 5),
        neuron.LIFNode(), synapse.STPTransformer(0.3, 5.0, 20.0), layer.Dropout(0.3), nn.Linear(5, 4),
    )  # fmt: skip


SOME = {"IF", "LIF", "LIF, learnt tau", "PLIF"}
NETS = {
    f"{name}, {kind} reset": lambda n=n, v=v: dense(n, v_reset=v)
    for name, n in NODES.items()
    if name in SOME
    for kind, v in RESETS.items()
}
NETS |= {
    "CLIF": lambda: dense(neuron.CLIFNode),
    "Izhikevich": lambda: dense(neuron.IzhikevichNode),
    "loop": recurrent,
    "own state": of_own,
    "synapses": synapses,
}


def learnt(net, run, x, seed=5):
    """Outputs, gradients (of the input too), and the state that is left."""
    functional.reset_net(net)
    net.zero_grad()
    x = x.clone().requires_grad_()
    torch.manual_seed(seed)
    y = run(net, x)
    cross_entropy(y.mean(0), LABELS).backward()
    state = [m.v.detach() for m in net.modules() if isinstance(m, neuron.Neuron)]
    return [
        y.detach(),
        torch.zeros(()) if x.grad is None else x.grad,
        *(torch.zeros(()) if p.grad is None else p.grad for p in net.parameters()),
        *state,
    ]


def assert_same(found, wanted, within=1e-6):
    assert len(found) == len(wanted)
    for a, b in zip(found, wanted, strict=True):
        assert a.shape == b.shape and (a - b).abs().max() <= within * max(1.0, b.abs().max())
        assert (a - b).norm() <= within * b.norm() + 1e-9


@each_of("name", NETS)
def test_blocks_computed_again_give_outputs_gradients_and_state_of_unroll(name):
    net, x = NETS[name](), noise(11, 4, 6) * 2
    if name == "Izhikevich":
        x = x * 40
    wanted = learnt(net, functional.unroll, x)
    assert wanted[1].abs().max() > 0
    for block in (None, 1, 4, 50):
        found = learnt(net, lambda net, x, k=block: over_time.recomputed(net, x, block=k), x)
        assert_same(found, wanted, 2e-5 if "CLIF" in name else 1e-6)


def test_still_input_and_images():
    net, x = convolutional(), noise(4, 2, 6, 6)
    wanted = learnt(net, lambda net, x: functional.unroll(net, x, 7), x)
    assert_same(learnt(net, lambda net, x: over_time.recomputed(net, x, 7, block=3), x), wanted)
    one = x[:1]
    functional.reset_net(net)
    y = functional.unroll(net, one, 7)
    functional.reset_net(net)
    assert torch.equal(over_time.recomputed(net, one, 7, block=3), y)


def test_under_autocast():
    net, x = dense(), noise(9, 4, 6)
    with torch.autocast("cpu", torch.bfloat16):
        wanted = learnt(net, functional.unroll, x)
    with torch.autocast("cpu", torch.bfloat16):
        y = over_time.recomputed(net.requires_grad_(), x, block=3)
    assert y.dtype == wanted[0].dtype

    def run(net, x):
        with torch.autocast("cpu", torch.bfloat16):
            return over_time.recomputed(net, x, block=3)

    def by_unroll(net, x):
        with torch.autocast("cpu", torch.bfloat16):
            return functional.unroll(net, x)

    found, wanted = learnt(net, run, x), learnt(net, by_unroll, x)
    assert_same(found, wanted, 1e-2)  # sums of sixteen bits in another order
    assert torch.equal(found[0], wanted[0])


def test_without_a_graph_it_is_unroll():
    net, x = dense(), noise(9, 4, 6) > 0
    for context in (torch.no_grad, torch.inference_mode):
        with context():
            functional.reset_net(net)
            wanted = functional.unroll(net, x)
            functional.reset_net(net)
            assert torch.equal(over_time.recomputed(net, x, block=4), wanted)


def blockwise(net, x, block):
    return torch.cat([functional.unroll(net, part) for part in x.split(block)])


class Numpy(nn.Module):
    """Somebody's noise."""

    def forward(self, x):
        return x * float(np.random.rand() + random.random())


@each_of("maker", [nn.Dropout, lambda: layer.Dropout(0.5), Numpy, encoding.PoissonEncoder])
def test_random_numbers_are_the_same_again(maker):
    net = nn.Sequential(nn.Linear(6, 8), nn.Sigmoid(), maker(), nn.Linear(8, 4), neuron.LIFNode())
    x = noise(9, 4, 6) * 2

    def seeded(run):
        np.random.seed(3)
        random.seed(3)
        return learnt(net, run, x)

    seeded(lambda net, x: over_time.recomputed(net, x, block=3))  # the first time it is tried
    found = seeded(lambda net, x: over_time.recomputed(net, x, block=3))
    after = torch.rand(3), np.random.rand(), random.random()
    wanted = seeded(lambda net, x: blockwise(net, x, 3))
    assert_same(found, wanted)
    assert torch.equal(after[0], torch.rand(3)) and after[1:] == (np.random.rand(), random.random())


def test_goes_on_from_a_state_and_can_be_cut():
    net, x = dense(), noise(12, 4, 6)

    def twice(run):
        def both(net, x):
            first = run(net, x[:6])
            return torch.cat([first, run(net, x[6:])])

        return both

    def cut(run):
        def both(net, x):
            first = run(net, x[:6])
            functional.detach_net(net)
            return torch.cat([first, run(net, x[6:])])

        return both

    again = lambda net, x: over_time.recomputed(net, x, block=2)  # noqa: E731
    whole = learnt(net, twice(functional.unroll), x)
    assert_same(learnt(net, twice(again), x), whole)
    parts = learnt(net, cut(functional.unroll), x)
    assert_same(learnt(net, cut(again), x), parts)
    assert (parts[2] - whole[2]).abs().max() > 1e-4


def test_state_is_left_alone_by_the_backward_pass():
    net, x = dense(), noise(9, 4, 6)
    y = over_time.recomputed(net, x, block=4)
    functional.reset_net(net)
    functional.unroll(net, x * 2)  # another batch in between
    v = net[1].v
    cross_entropy(y.mean(0), LABELS).backward()
    assert net[1].v is v
    functional.reset_net(net)
    assert net[1].v == 0.0


def test_gradients_by_torch_autograd_grad_and_twice():
    net, x = dense(), noise(9, 4, 6)
    y = over_time.recomputed(net, x, block=4)
    loss = cross_entropy(y.mean(0), LABELS)
    first = torch.autograd.grad(loss, list(net.parameters()), retain_graph=True)
    loss.backward()
    assert_same([p.grad for p in net.parameters()], first)


def test_only_states_and_one_block_are_kept():
    net, x = dense(), noise(64, 4, 6)

    def kept(run):
        functional.reset_net(net)
        saved = []
        with torch.autograd.graph.saved_tensors_hooks(lambda t: saved.append(t.numel()) or t, lambda t: t):
            run()
        return sum(saved)

    whole = kept(lambda: functional.unroll(net, x))
    assert kept(lambda: over_time.recomputed(net, x)) == x.numel() < whole / 5  # the input, which is there anyway


def test_a_monitor_hears_every_step_once():
    net, x = dense(), noise(9, 4, 6)
    functional.reset_net(net)
    with Monitor(net[1], "output", "v") as heard:
        y = over_time.recomputed(net, x, block=4)
        cross_entropy(y.mean(0), LABELS).backward()
    with Monitor(net[1], "output", "v") as wanted:
        functional.reset_net(net)
        functional.unroll(net, x)
    assert len(heard) == 9
    assert all(torch.equal(heard[name], wanted[name]) for name in ("output", "v"))


class Hidden(nn.Module):
    def __init__(self):
        super().__init__()
        self.v = 0.0

    def forward(self, x):
        self.v = 0.5 * self.v + x
        return self.v


class Deep(nn.Module):
    """A state that no attribute shows."""

    def __init__(self):
        super().__init__()
        self.boxes = [[[[[0.0]]]]]

    def forward(self, x):
        inner = self.boxes[0][0][0][0]
        inner[0] = inner[0] + 1.0
        return x * inner[0]


class Reset(Hidden):
    def reset(self):
        self.v = 0.0


class HalfDeclared(Stateful):
    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        return x * self.calls


@each_of("kind", [Hidden, Deep, Reset, HalfDeclared])
def test_a_hidden_state_is_refused_by_name(kind):
    net = nn.Sequential(nn.Linear(6, 4), kind())
    with pytest.raises(ValueError, match=rf"{kind.__name__} \(1\).*Stateful"):
        over_time.recomputed(net, noise(9, 4, 6))


def test_spikingjelly_is_refused_by_name():
    from spikingjelly.activation_based import neuron as theirs

    with pytest.raises(ValueError, match=r"LIFNode \(1\).*from_spikingjelly"):
        over_time.recomputed(nn.Sequential(nn.Linear(6, 4), theirs.LIFNode()), noise(9, 4, 6))


class Harmless(nn.Module):
    """A container with a reset and a shape that stands in it, so that it is stepped."""

    def __init__(self):
        super().__init__()
        self.body = dense()

    def reset(self):
        functional.reset_net(self.body)

    def forward(self, x):
        return self.body(x.view(4, 6))


def test_a_container_of_somebody_without_state_is_taken():
    net, x = Harmless(), noise(9, 4, 6)
    wanted = learnt(net, functional.unroll, x)
    assert_same(learnt(net, lambda net, x: over_time.recomputed(net, x, block=4), x), wanted)


def test_batch_norm_in_training_is_refused_and_as_it_is_in_eval():
    net, x = convolutional().train(), noise(5, 4, 2, 6, 6)
    runs = [
        lambda: over_time.recomputed(net, x),
        lambda: over_time.truncated_step(net, x, lambda y: y.mean(), 2),
        lambda: over_time.online_step(net, x, lambda y: y.mean()),
    ]
    before = {name: value.clone() for name, value in net.state_dict().items()}
    for run in runs:
        with pytest.raises(ValueError, match=r"BatchNorm2d \(1\).*\.eval\(\)"):
            run()
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    net[1].eval()
    assert_same(learnt(net, lambda net, x: over_time.recomputed(net, x, block=2), x), learnt(net, functional.unroll, x))


def test_weights_that_change_before_the_backward_pass_are_named():
    net, x = dense(), noise(9, 4, 6)
    loss = cross_entropy(over_time.recomputed(net, x, block=4).mean(0), LABELS)
    with torch.no_grad():
        net[2].weight += 0.1
    with pytest.raises(RuntimeError, match=r"2\.weight was changed since"):
        loss.backward()


class Learner(nn.Linear):
    """Changes its weight in each call."""

    def forward(self, x):
        y = super().forward(x)
        with torch.no_grad():
            self.weight *= 0.9
        return y


def test_a_network_that_changes_its_own_weights_is_named():
    with pytest.raises((RuntimeError, ValueError), match=r"Learner \(0\)|weight was changed by the network"):
        over_time.recomputed(nn.Sequential(Learner(6, 4), neuron.LIFNode()), noise(9, 4, 6))


# truncated and online


def loss(y):
    return cross_entropy(y.mean(0), LABELS)


@each_of("block", [1, 3, 4, 9, 20])
def test_truncated_is_the_loop_by_hand(block):
    net, x = dense(), noise(9, 4, 6)
    total = torch.zeros(())
    for part in x.split(block):
        y = functional.unroll(net, part)
        (loss(y) * len(part) / 9).backward()
        total += loss(y).detach() * len(part) / 9
        functional.detach_net(net)
    wanted = [p.grad for p in net.parameters()]
    functional.reset_net(net)
    net.zero_grad()
    found = over_time.truncated_step(net, x, loss, block)
    assert_same([p.grad for p in net.parameters()], wanted)
    assert found.loss == pytest.approx(total.item(), rel=1e-6) and found.y.shape == (9, 4, 4)
    assert net[1].v.grad_fn is None
    functional.reset_net(net)
    assert torch.equal(found.y, functional.unroll(net, x))


def test_one_block_of_all_steps_is_bptt_and_the_objective_is_never_below():
    net, x = dense(), noise(9, 4, 6)
    wanted = learnt(net, functional.unroll, x)[2:6]
    functional.reset_net(net)
    net.zero_grad()
    whole = over_time.truncated_step(net, x, loss, 9)
    assert_same([p.grad for p in net.parameters()], wanted)
    functional.reset_net(net)
    assert over_time.truncated_step(net, x, loss, 3).loss >= whole.loss


def test_targets_for_each_step_are_cut_into_the_same_blocks():
    net, x, targets = dense(), noise(9, 4, 6), noise(9, 4, 4, seed=3)
    mean = lambda y, wanted: ((y - wanted) ** 2).mean()  # noqa: E731
    found = over_time.truncated_step(net, x, mean, 4, targets=targets)
    functional.reset_net(net)
    assert found.loss == pytest.approx(mean(functional.unroll(net, x), targets).item(), rel=1e-5)
    functional.reset_net(net)
    assert over_time.online_step(net, x, mean, targets=targets).loss == pytest.approx(found.loss.item(), rel=1e-5)


def test_sltt_is_autograd_with_the_path_through_time_cut():
    net, x = dense(neuron.LIFNode, v_reset=None), noise(9, 4, 6)
    total = 0.0
    for now in x:  # one graph for all steps: only the state is cut
        total = total + loss(net(now)[None]) / 9
        for node in (net[1], net[3]):
            node.v = node.v.detach()
    total.backward()
    wanted = [p.grad for p in net.parameters()]
    functional.reset_net(net)
    net.zero_grad()
    found = over_time.online_step(net, x, loss, "sltt")
    assert_same([p.grad for p in net.parameters()], wanted)
    assert found.loss == pytest.approx(total.item(), rel=1e-5)


def test_still_input_online_is_that_of_a_sequence():
    x = noise(4, 6) * 2
    for rule in over_time.RULES:
        grads = []
        for args in ({"x": x, "T": 5}, {"x": x.expand(5, *x.shape)}):
            net = dense()
            over_time.online_step(net, **args, loss=loss, rule=rule)
            grads.append([p.grad for p in net.parameters()])
        assert_same(*grads)


def by_hand(net, x, decay, scale):
    """OTTT of Linear-LIF-Linear-LIF with a soft reset, in NumPy's way: no autograd."""
    (w1, b1), (w2, b2) = ((m.weight.detach(), m.bias.detach()) for m in (net[0], net[2]))
    slope, T = net[1].surrogate.slope, len(x)
    v1, v2 = torch.zeros(4, 12), torch.zeros(4, 4)
    a1, a2, c = torch.zeros(4, 6), torch.zeros(4, 12), 0.0
    grads = [torch.zeros_like(p) for p in net.parameters()]
    for now in x:
        a1, c = decay * a1 + now, decay * c + 1
        h1 = decay * v1 + scale * (now @ w1.t() + b1)
        s1 = (h1 >= 1).float()
        a2 = decay * a2 + s1
        h2 = decay * v2 + scale * (s1 @ w2.t() + b2)
        s2 = (h2 >= 1).float()
        v1, v2 = h1 - s1, h2 - s2
        error = (torch.softmax(s2, 1) - nn.functional.one_hot(LABELS, 4)) / 4 / T
        g2 = error * slope(h2 - 1) * scale
        g1 = (g2 @ w2) * slope(h1 - 1) * scale
        for total, part in zip(grads, (g1.t() @ a1, g1.sum(0) * c, g2.t() @ a2, g2.sum(0) * c), strict=True):
            total += part
    return grads


@each_of(("node", "decay", "scale"), [(neuron.LIFNode, 0.5, 0.5), (neuron.IFNode, 1.0, 1.0)])
def test_ottt_is_the_trace_written_by_hand(node, decay, scale):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 12), node(v_reset=None), nn.Linear(12, 4), node(v_reset=None))
    x = noise(9, 4, 6) * 2
    over_time.online_step(net, x, loss, "ottt")
    assert_same([p.grad for p in net.parameters()], by_hand(net, x, decay, scale), 2e-6)


@each_of("node", [neuron.LIFNode, neuron.IFNode, neuron.PLIFNode, neuron.DeltaLIFNode, neuron.RIFNode])
def test_ottt_of_one_layer_is_bptt(node):
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(6, 4), node(v_reset=None, detach_reset=True))
    x = noise(9, 4, 6) * 2
    mean = lambda y: ((y - 0.3) ** 2).mean()  # noqa: E731  (a mean over steps: the same objective)
    mean(functional.unroll(net, x)).backward()
    wanted = [p.grad for p in net[0].parameters()]
    functional.reset_net(net)
    net.zero_grad()
    over_time.online_step(net, x, mean, "ottt")
    assert_same([p.grad for p in net[0].parameters()], wanted)
    assert not [m for m in net.modules() if m._forward_hooks or m._forward_pre_hooks]


def test_ottt_is_that_of_spikingjelly():
    from spikingjelly.activation_based import layer as layers
    from spikingjelly.activation_based import neuron as theirs
    from spikingjelly.activation_based import surrogate as slopes

    x, how = noise(9, 4, 2, 6, 6) * 2, {"v_reset": None}
    torch.manual_seed(0)
    weights = [nn.Conv2d(2, 5, 3, bias=False), nn.Conv2d(5, 6, 3, bias=False), nn.Linear(24, 4, bias=False)]
    ours = [neuron.LIFNode(4.0, surrogate=surrogate.Sigmoid(4.0), **how) for _ in weights]
    their = [theirs.OTTTLIFNode(4.0, decay_input=True, surrogate_function=slopes.Sigmoid(4.0), **how) for _ in weights]

    def net(nodes):
        first, second, last = nodes
        return [weights[0], first, weights[1], second, nn.Flatten(), weights[2], last]

    over_time.online_step(nn.Sequential(*net(ours)), x, loss, "ottt")
    wanted, trace = [w.weight.grad.clone() for w in weights], torch.zeros_like(x[0])
    for w in weights:
        w.zero_grad()
    sequential = layers.OTTTSequential(*net(their))
    for now in x:
        trace = 0.75 * trace + now
        (loss(sequential([now, trace])[0][None]) / 9).backward()
    assert_same([w.weight.grad for w in weights], wanted, 2e-6)


def test_a_read_out_without_neurons_has_no_trace():
    torch.manual_seed(0)
    net, x = nn.Sequential(nn.Linear(6, 12), neuron.LIFNode(v_reset=None), nn.Linear(12, 4)), noise(9, 4, 6) * 2
    grads = {}
    for rule in over_time.RULES:
        functional.reset_net(net)
        net.zero_grad()
        over_time.online_step(net, x, loss, rule)
        grads[rule] = [p.grad.clone() for p in net.parameters()]
    assert_same(grads["ottt"][2:], grads["sltt"][2:])
    assert (grads["ottt"][0] - grads["sltt"][0]).norm() > 0.1 * grads["sltt"][0].norm()


def test_memory_of_online_rules_does_not_grow_with_the_steps():
    def most(rule, T):
        net, x = dense(), noise(4, 6)
        alive, peak = [0], [0]

        class Kept:
            def __init__(self, tensor):
                self.tensor = tensor
                alive[0] += 1
                peak[0] = max(peak[0], alive[0])

            def __del__(self):
                alive[0] -= 1

        with torch.autograd.graph.saved_tensors_hooks(Kept, lambda kept: kept.tensor):
            over_time.online_step(net, x, loss, rule, T)
        return peak[0]

    for rule in over_time.RULES:
        assert most(rule, 3) == most(rule, 30)


def test_errors_say_what_to_do():
    net, x = dense(), noise(9, 4, 6)
    cases = [
        (lambda: over_time.recomputed(net, [1.0]), TypeError, "torch.as_tensor"),
        (lambda: over_time.recomputed(net, x, block=0), ValueError, "block must be at least 1"),
        (lambda: over_time.recomputed(net, noise(6)), ValueError, r"\[T, N, …\]"),
        (lambda: over_time.truncated_step(net, x, lambda y: y, 3), TypeError, "one number"),
        (lambda: over_time.truncated_step(net, x, loss, 3, targets=x[:2]), ValueError, "each of the 9 steps"),
        (lambda: over_time.online_step(net, x, loss, "otttt"), ValueError, "Did you mean 'ottt'"),
        (lambda: over_time.online_step(dense(neuron.CLIFNode), x, loss, "ottt"), TypeError, "CLIFNode has more"),
        (
            lambda: over_time.online_step(dense(tau=torch.linspace(2, 5, 12)), x, loss, "ottt"),
            ValueError,
            "λ from 0.5 to 0.8",
        ),
    ]
    for call, error, message in cases:
        functional.reset_net(net)
        with pytest.raises(error, match=message):
            call()
