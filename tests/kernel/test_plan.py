"""The fused path: spikes equal to stepping bit for bit, gradients equal to autograd's and to SpikingJelly's."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from nodes import NODES, RESETS, SURROGATES, grads, noise
from patience import PATIENCE
from spikingjelly.activation_based import neuron as sj
from spikingjelly.activation_based import surrogate as sj_surrogate
from together import each_of

from course_snn import functional, kernel, surrogate
from course_snn.kernel import charges, plan, sequence, threads
from course_snn.kernel.charges import CHARGES
from course_snn.neuron import IFNode, LIFNode, Neuron, PLIFNode


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    assert kernel.available()


def assert_same(fused: list[torch.Tensor], stepped: list[torch.Tensor]) -> None:
    for a, b in zip(fused[:2], stepped[:2], strict=True):
        assert torch.equal(a.view(torch.int32), b.view(torch.int32))
    for a, b in zip(fused[2:], stepped[2:], strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


def fused(node: Neuron, x_seq: torch.Tensor) -> torch.Tensor:
    assert kernel.fits(node, x_seq)
    return node.sequence(x_seq)


@each_of("slope", SURROGATES)
@each_of("model", NODES)
def test_equals_stepping(model, slope):
    x, v = noise(9, 3, 7) + 0.4, noise(3, 7, seed=1)
    for v_reset in RESETS.values():
        for detach in (False, True):
            node = NODES[model](v_threshold=0.7, v_reset=v_reset, surrogate=SURROGATES[slope], detach_reset=detach)
            assert_same(grads(node, x, v, fused), grads(node, x, v, functional.stepped))


@each_of("model", NODES)
@each_of("v_reset", RESETS.values())
def test_no_bit_differs_in_a_million(model, v_reset):
    node = NODES[model](v_threshold=1.0, v_reset=v_reset)
    x = 2 * noise(5, 200_003)
    x[:, ::2] = (4 * x[:, ::2]).round() / 4  # many of these meet the threshold exactly
    with torch.no_grad():
        both = []
        for run in (fused, functional.stepped):
            node.reset()
            both += [run(node, x).view(torch.int32), node.v.view(torch.int32)]
    assert both[0].bool().float().mean() > 0.02
    assert torch.equal(both[0], both[2])
    assert torch.equal(both[1], both[3])


THEIRS = {
    "IF": (IFNode, sj.IFNode, {}),
    "LIF": (LIFNode, sj.LIFNode, {"tau": 2.7}),
    "PLIF": (PLIFNode, sj.ParametricLIFNode, {"init_tau": 2.7}),
}


@each_of("slope", ["Sigmoid", "ATan"])
@each_of("v_reset", RESETS.values())
@each_of("model", THEIRS)
def test_equals_spikingjelly(model, v_reset, slope):
    ours, theirs, parameters = THEIRS[model]
    g = sj_surrogate.Sigmoid(4.0) if slope == "Sigmoid" else sj_surrogate.ATan(2.0)
    x, weight, results = noise(8, 4, 33) + 0.5, noise(8, 4, 33, seed=3), []
    for node in (
        ours(**parameters, v_reset=v_reset, surrogate=SURROGATES[slope]),
        theirs(**parameters, v_reset=v_reset, surrogate_function=g, step_mode="m"),
    ):
        leaf = x.clone().requires_grad_()
        s = fused(node, leaf) if isinstance(node, Neuron) else node(leaf)
        results.append([s.detach(), *torch.autograd.grad((s * weight).sum(), [leaf, *node.parameters()])])
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


@each_of("g", SURROGATES.values())
def test_slopes_are_right_to_a_few_roundings(g):
    """A first step of IF from v = 0 has ds/dx = g'(x - θ); compared with the slope in double precision."""
    x = torch.linspace(-12, 12, 20_000).requires_grad_()  # misses the kinks
    spikes, _ = kernel.run(x[None], torch.zeros(()).expand(x.shape), "if", v_threshold=0.0, surrogate=g)
    (slope,) = torch.autograd.grad(spikes.sum(), x)
    exact = g.slope(-x.detach().double().abs())  # all are even; on this side σ(1 - σ) loses nothing
    far = {surrogate.SignSwish: 5e-7, surrogate.Gaussian: 1e-12}  # goes through 0; the exponent is a rounded square
    atol = far.get(type(g), 1e-35)
    torch.testing.assert_close(slope.double(), exact, rtol=1e-6, atol=atol)


def test_state_goes_on_from_call_to_call():
    x, once, twice = noise(10, 4, 5) + 0.3, LIFNode(), LIFNode()
    s = fused(once, x)
    assert torch.equal(s, torch.cat([fused(twice, x[:4]), fused(twice, x[4:])]))
    assert torch.equal(once.v, twice.v)
    assert once.v.shape == (4, 5)


def test_gradient_flows_through_the_state_into_the_call_before():
    x = (noise(10, 4, 5) + 0.3).requires_grad_()
    once, twice = LIFNode(), LIFNode()
    (whole,) = torch.autograd.grad((fused(once, x) * noise(10, 4, 5, seed=2)).sum(), x)
    s = torch.cat([fused(twice, x[:4]), fused(twice, x[4:])])
    (parts,) = torch.autograd.grad((s * noise(10, 4, 5, seed=2)).sum(), x)
    torch.testing.assert_close(whole, parts)


def test_a_still_input():
    x, weight, v0 = (noise(4, 50) + 0.6).requires_grad_(), noise(6, 4, 50, seed=2), torch.zeros(4, 50)
    s_still, v_still = kernel.run(x[None], v0, "lif", 3.0, T=6)
    s, v = kernel.run(x.expand(6, 4, 50), v0, "lif", 3.0)
    assert torch.equal(s_still, s)
    assert torch.equal(v_still, v)
    a, b = (torch.autograd.grad((spikes * weight).sum(), x)[0] for spikes in (s_still, s))
    torch.testing.assert_close(a, b)


@each_of(
    "layout",
    [
        lambda x: x.flatten(0, 1).contiguous(memory_format=torch.channels_last).unflatten(0, x.shape[:2]),
        lambda x: x[:, :1].expand(x.shape),  # the same sample N times: copied
        lambda x: torch.cat([x, x], 1)[:, :3],  # steps that do not lie one after the other
        lambda x: x.transpose(0, 1).contiguous().transpose(0, 1),  # batch first in memory: copied
    ],
)
def test_any_layout(layout):
    x, node = noise(4, 3, 6, 5, 5) + 0.4, LIFNode()
    strange = layout(x)
    plain = strange.contiguous()
    assert_same(grads(node, strange, noise(3, 6, 5, 5), fused), grads(node, plain, noise(3, 6, 5, 5), fused))
    if strange[0].is_contiguous(memory_format=torch.channels_last):
        assert fused(node, strange)[0].is_contiguous(memory_format=torch.channels_last)


def test_only_the_input_is_kept():
    x = noise(20, 8, 100).requires_grad_()
    kept = []
    with torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        LIFNode().sequence(x)
    assert sum(t.untyped_storage().nbytes() for t in kept if t.data_ptr() != x.data_ptr()) <= 8
    assert any(t.data_ptr() == x.data_ptr() for t in kept)
    with torch.no_grad(), torch.autograd.graph.saved_tensors_hooks(lambda t: kept.append(t) or t, lambda t: t):
        kept.clear()
        assert not LIFNode().sequence(x).requires_grad
    assert not kept


def penalty(node: Neuron, x: torch.Tensor, v: torch.Tensor, run) -> list[torch.Tensor]:
    """The gradients of the size of a gradient (in x, in the first voltage, in parameters)."""
    x, v = x.clone().requires_grad_(), v.clone().requires_grad_()
    node.v, wanted = v, [x, v, *node.parameters()]
    s = run(node, x + v / 8)  # one of its inputs was computed from the other
    loss = (s * noise(*s.shape, seed=8)).sum() + (node.v * noise(*v.shape, seed=9)).sum()
    first = torch.autograd.grad(loss, wanted, create_graph=True)
    size = sum(g.square().sum() for g in first) + sum(0 * value.sum() for value in wanted)  # a slope may be constant
    return [*first, *torch.autograd.grad(size, wanted)]


@each_of("slope", SURROGATES)
@each_of("model", NODES)
def test_second_derivatives_are_those_of_stepping(model, slope):
    x, v = noise(5, 3, 7) + 0.4, noise(3, 7, seed=1)
    for v_reset in RESETS.values():
        node = NODES[model](v_threshold=0.7, v_reset=v_reset, surrogate=SURROGATES[slope])
        for a, b in zip(*(penalty(node, x, v, run) for run in (fused, functional.stepped)), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)


class Reversed(LIFNode):
    def charge(self, v, x):
        return super().charge(v, -x)


class Noisy(surrogate.Sigmoid):
    def forward(self, x):
        return super().forward(x + 1e-3)


@each_of(
    ("node", "x"),
    [
        (LIFNode(), noise(4, 2, 3).double()),
        (LIFNode(v_threshold=torch.ones(3)), noise(4, 2, 3)),
        (LIFNode(tau=torch.full((3,), 2.0)), noise(4, 2, 3)),
        (Reversed(), noise(4, 2, 3)),
        (LIFNode(surrogate=Noisy()), noise(4, 2, 3)),
        (LIFNode(), noise(4, 0, 3)),
    ],
)
def test_what_does_not_fit_is_stepped(node, x):
    assert not kernel.fits(node, x)
    s = node.sequence(x)
    node.reset()
    assert torch.equal(s, functional.stepped(node, x))


def test_a_surrogate_with_a_tensor_as_parameter():
    x, v = noise(5, 2, 3), torch.zeros(2, 3)
    node = LIFNode(surrogate=surrogate.ATan(torch.tensor([1.0, 2.0, 3.0])))
    assert_same(grads(node, x, v, fused), grads(node, x, v, functional.stepped))


def test_without_numba_neurons_are_stepped(monkeypatch):
    x, node = noise(5, 2, 3), LIFNode()
    s = fused(node, x)
    monkeypatch.setitem(sys.modules, "course_snn.kernel.neurons_cpu", None)  # importing it raises
    monkeypatch.delattr("course_snn.kernel.neurons_cpu", raising=False)
    plan.hindrance.cache_clear()
    kernel.compiled.cache_clear()
    node.reset()
    assert not kernel.available()
    assert torch.equal(node.sequence(x), s)
    plan.hindrance.cache_clear()


@pytest.mark.parametrize("mode", [torch.no_grad, torch.inference_mode])
def test_the_first_call_may_be_without_gradients(mode, monkeypatch):
    plan.hindrance.cache_clear()
    with mode():
        assert kernel.available()
    plan.hindrance.cache_clear()
    monkeypatch.setattr(plan, "_try", lambda *_: 1 / 0)  # compiles, but does not run
    assert not kernel.available()
    plan.hindrance.cache_clear()


@pytest.mark.skipif(torch.cuda.is_available(), reason="for machines without a GPU")
def test_a_gpu_that_is_not_there():
    assert not kernel.available("cuda")
    assert not kernel.fits(LIFNode(), torch.rand(2, 3, 4, device="meta"))


def test_many_threads_at_once(monkeypatch):
    monkeypatch.setattr(threads, "PARALLEL_FROM", 0)
    monkeypatch.setattr(torch, "get_num_threads", lambda: 3)
    x, v = noise(6, 5, 1001) + 0.3, noise(5, 1001, seed=1)
    nodes = [PLIFNode() for _ in range(8)]
    with ThreadPoolExecutor(4) as learners:
        results = list(learners.map(lambda node: grads(node, x, v, fused), nodes))
    stepped = grads(PLIFNode(), x, v, functional.stepped)
    for result in results:
        assert torch.equal(result[0], stepped[0])
        torch.testing.assert_close(result[2:], stepped[2:], rtol=1e-4, atol=1e-4)


def test_in_a_new_process_and_its_child():
    """numba is loaded at the first fused call, not before; a forked child has threads of its own."""
    code = """
import os, sys, torch
from course_snn import functional, kernel, neuron
from course_snn.kernel import threads
assert "numba" not in sys.modules
threads.PARALLEL_FROM = 0
torch.get_num_threads = lambda: 2
x = torch.rand(4, 2, 1000)
s = functional.unroll(neuron.LIFNode(), x)
assert "numba" in sys.modules
if hasattr(os, "fork"):
    pid = os.fork()
    if pid == 0:
        os._exit(0 if torch.equal(neuron.LIFNode().sequence(x), s) else 3)
    assert os.waitpid(pid, 0)[1] == 0
"""
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, timeout=PATIENCE)


@each_of("tau", [3, np.float32(3)])
def test_a_parameter_set_to_a_number_of_another_kind_is_stepped(tau):
    x, node, same = noise(5, 3, 7) + 0.4, LIFNode(3.0), LIFNode(3.0)
    node.tau = tau
    assert not kernel.fits(node, x)
    assert torch.equal(node.sequence(x), same.sequence(x)) and torch.equal(node.v, same.v)


# ---------------------------------------------------------------- the table of charges, and a jump of its own


@each_of("name", CHARGES)
def test_the_slopes_of_a_charge_are_those_of_its_h(name):
    row = CHARGES[name]
    v, x, k = (torch.tensor(value, dtype=torch.double, requires_grad=True) for value in (0.3, 0.9, 1.7))
    gradients = torch.autograd.grad(row.h(v, x, k, -0.2), (v, x, k), allow_unused=True)
    dk = row.dk(v, x, k, -0.2).item() if name != "if" else 0.0  # it has no k
    expected = [row.dv(1.7), row.dx(1.7), dk]
    assert [0.0 if g is None else g.item() for g in gradients] == pytest.approx(expected)


def test_the_numbers_of_the_charges_are_their_places():
    assert [row.number for row in CHARGES.values()] == list(range(len(CHARGES)))


@each_of("detach", [False, True])
@each_of("slope", SURROGATES)
def test_a_soft_reset_may_take_something_else_than_the_threshold(slope, detach):
    class Jumps(LIFNode):
        jump = 0.4

    node = Jumps(3.0, 0.7, None, SURROGATES[slope], detach)
    assert not kernel.fits(node, noise(5, 3, 7))  # changed in a subclass, so stepped
    x, v = noise(5, 3, 7) + 0.4, noise(3, 7, seed=1)

    def run(node, x):
        how = node.v_threshold, node.v_reset, node.surrogate, node.detach_reset
        s, node.v = kernel.run(x, node.v, "lif", 3.0, *how, jump=0.4)
        return s

    assert_same(grads(node, x, v, run), grads(node, x, v, functional.stepped))


def test_an_own_neuron_needs_one_row_of_the_table(monkeypatch):
    """The readable loop takes the row at once; the compiled ones when they are compiled anew."""

    class Half(Neuron):
        def charge(self, v, x):
            return 0.5 * v + x

    row = charges.Charge(len(CHARGES), lambda v, x, k, v_rest: k * v + x, lambda k: 1.0, lambda k: k, lambda v, *_: v)
    monkeypatch.setitem(CHARGES, "half", row)
    x = noise(5, 3, 7)
    how = plan.Plan("half", 0.5, 1.0, 0.0, 1.0, SURROGATES["ATan"], False, 5)
    spikes, v = sequence.loop(how, x, torch.zeros(3, 7), 0.5)
    node = Half(surrogate=SURROGATES["ATan"])
    assert torch.equal(spikes, node.sequence(x)) and torch.equal(v, node.v)
