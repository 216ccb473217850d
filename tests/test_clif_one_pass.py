"""The current-based LIF neuron in one pass over a sequence, against stepping."""

import math

import pytest
import torch
from nodes import SURROGATES, noise
from together import each_of
from torch import nn

from course_snn import clif, functional, kernel
from course_snn.monitor import Monitor
from course_snn.neuron import CLIFNode
from course_snn.pooling import SpikeMaxPool2d

STATE = "m", "s", "e", "v"
LENGTHS = 1, clif.BLOCK, clif.BLOCK + 1, 3 * clif.BLOCK + 5


def node_of(g: str = "Sigmoid", detach: bool = False, **options) -> CLIFNode:
    return CLIFNode(v_threshold=0.7, surrogate=SURROGATES[g], detach_reset=detach, **options)


def some_state(*shape: int) -> dict[str, torch.Tensor]:
    """What an earlier input may have left."""
    return {name: noise(*shape, seed=seed).abs() for seed, name in enumerate(STATE, 1)}


def in_one_pass(node: CLIFNode, x: torch.Tensor, T: int | None = None) -> torch.Tensor:
    spikes = node.in_one_pass(x, T)
    assert spikes is not None
    return spikes


def results(node: CLIFNode, x: torch.Tensor, run, penalty: bool = False) -> list[torch.Tensor]:
    """Spikes and the state left behind; the gradients of a loss of all of them in x and in the first state.

    With ``penalty`` the gradients of the size of those gradients instead.
    """
    node.reset()
    x, state = x.clone().requires_grad_(), some_state(*x.shape[1:])
    for name, value in state.items():
        setattr(node, name, value.requires_grad_())
    given = [run(node, x), *(getattr(node, name) for name in STATE)]
    loss = sum((y * noise(*y.shape, seed=8)).sum() for y in given)
    how = {"allow_unused": True, "materialize_grads": True}  # no state depends on the last voltage
    gradients = torch.autograd.grad(loss, [x, *state.values()], create_graph=penalty, **how)
    if penalty:
        return [*torch.autograd.grad(sum(g.square().sum() for g in gradients), [x, *state.values()], **how)]
    return [*(y.detach() for y in given), *gradients]


def assert_same(ours: list[torch.Tensor], stepped: list[torch.Tensor], rtol: float = 1e-5) -> None:
    assert torch.equal(ours[0], stepped[0])
    for a, b in zip(ours[1:], stepped[1:], strict=True):
        torch.testing.assert_close(a, b, rtol=rtol, atol=3 * rtol * b.abs().max().item())


@each_of("g", SURROGATES)
@each_of("detach", [False, True])
@each_of("T", LENGTHS)
def test_one_pass_equals_stepping(T, detach, g):
    node, x = node_of(g, detach), 0.4 * noise(T, 3, 7) + 0.1
    rtol = 1e-4 if g == "SignSwish" else 1e-5  # its gradients explode
    assert_same(results(node, x, in_one_pass), results(node, x, functional.stepped), rtol)


def test_one_pass_is_no_further_from_double_precision_than_stepping():
    x, node, exact = 0.4 * noise(60, 3, 7) + 0.1, CLIFNode(tau_p=8.2, v_threshold=5.0), {}
    for name, run, y in (
        ("double", functional.stepped, x.double()),
        ("one pass", in_one_pass, x),
        ("stepped", functional.stepped, x),
    ):
        node.reset()
        run(node, y)
        exact[name] = torch.stack([node.e, node.v])
    one_pass, stepped = ((exact[name] - exact["double"]).abs().max() for name in ("one pass", "stepped"))
    assert one_pass < 3 * stepped


@each_of("options", [{"tau_m": 1.0}, {"tau_m": 500.0}, {"tau_p": 9.0}, {"dt": 0.1}, {"dt": 8.0}, {"V0": 1.0}])
def test_one_pass_with_other_time_constants(options):
    node, x = node_of(**options), 0.4 * noise(40, 3, 7) + 0.1
    assert_same(results(node, x, in_one_pass), results(node, x, functional.stepped), rtol=3e-5)


def test_no_spike_differs_in_a_million_but_where_v_is_the_threshold():
    x, node = 0.5 * noise(40, 25_000) + 0.15, node_of()
    with torch.no_grad():
        spikes = in_one_pass(node, x)
        node.reset()
        given = torch.zeros_like(x)
        close = torch.zeros(x.shape[1:], dtype=torch.bool)
        for t, now in enumerate(x):
            given[t] = node(now)
            close |= (node.v - 0.7).abs() < 2e-5
    assert given.mean() > 0.05 and close.float().mean() < 0.01
    assert torch.equal(spikes[:, ~close], given[:, ~close])


@each_of("g", SURROGATES)
@each_of("detach", [False, True])
def test_second_derivatives_are_those_of_stepping(detach, g):
    node, x = node_of(g, detach), 0.4 * noise(6, 3, 7) + 0.1
    for a, b in zip(*(results(node, x, run, penalty=True) for run in (in_one_pass, functional.stepped)), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4 * b.abs().max().item())


@each_of("T", LENGTHS)
def test_a_still_input(T):
    node, x = node_of(), 0.2 * noise(1, 3, 7) + 0.1
    still = results(node, x, lambda node, x: in_one_pass(node, x, T))
    assert_same(still, results(node, x, lambda node, x: functional.stepped(node, x.expand(T, *x.shape[1:]))))
    once = functional.unroll(node_of(), x[0], T)
    assert torch.equal(once, functional.unroll(node_of(), x.expand(T, *x.shape[1:])))


@each_of("cuts", [(3,), (16, 17), (1, 2, 30, 31)])
def test_state_goes_on_from_call_to_call(cuts):
    x, node = 0.4 * noise(40, 3, 7) + 0.1, node_of()

    def in_parts(node, x):
        return torch.cat([in_one_pass(node, part) for part in x.tensor_split(cuts)])

    assert_same(results(node, x, in_parts), results(node, x, functional.stepped))
    assert_same(results(node, x, in_parts), results(node, x, in_one_pass))


def test_stepping_goes_on_where_one_pass_ended():
    x, node = 0.4 * noise(40, 3, 7) + 0.1, node_of()
    mixed = results(node, x, lambda node, x: torch.cat([in_one_pass(node, x[:9]), functional.stepped(node, x[9:])]))
    assert_same(mixed, results(node, x, functional.stepped))


@each_of(
    "layout",
    [
        lambda x: x.flatten(0, 1).contiguous(memory_format=torch.channels_last).unflatten(0, x.shape[:2]),
        lambda x: x[:, :1].expand(x.shape),
        lambda x: torch.cat([x, x], 1)[:, :3],
        lambda x: x.transpose(0, 1).contiguous().transpose(0, 1),
        lambda x: x[:, :, :, :1],
    ],
)
def test_any_layout(layout):
    strange = layout(0.4 * noise(20, 3, 6, 5, 4) + 0.1)
    ours = results(node_of(), strange, in_one_pass)
    assert_same(ours, results(node_of(), strange.contiguous(), functional.stepped))
    with torch.no_grad():
        spikes = in_one_pass(node_of(), strange)
    if strange[0].is_contiguous(memory_format=torch.channels_last):
        assert spikes[0].is_contiguous(memory_format=torch.channels_last)


class Changed(CLIFNode):
    def charge(self, v, x):
        return super().charge(v, -x)


class Fires(CLIFNode):
    def fire(self, v):
        return self.surrogate(v - 0.1)


class Resets(CLIFNode):
    def after_spike(self, v, spike):
        return super().after_spike(v, 0.5 * spike)


def with_own_fire():
    node = CLIFNode()
    node.fire = lambda v: node.surrogate(v - 0.1)
    return node


@each_of(
    ("make", "convert"),
    [
        (CLIFNode, torch.Tensor.double),
        (lambda: CLIFNode(torch.tensor(20.0)), None),
        (lambda: CLIFNode(tau_q=nn.Parameter(torch.tensor(8.0))), None),
        (lambda: CLIFNode(V0=torch.full((7,), 6.0)), None),
        (lambda: CLIFNode(v_threshold=torch.ones(7)), None),
        (lambda: CLIFNode(v_threshold=math.inf), None),
        (lambda: CLIFNode(tau_m=0.5), None),  # a_m is so small that θ/a_m would be rounded
        (Changed, None),
        (Fires, None),
        (Resets, None),
        (with_own_fire, None),
    ],
)
def test_what_does_not_fit_is_stepped(make, convert):
    x = 0.4 * noise(20, 3, 7) + 0.1
    x = x if convert is None else convert(x)
    with torch.no_grad():
        assert make().in_one_pass(x) is None
        one, other = make(), make()
        assert torch.equal(functional.unroll(one, x), functional.stepped(other, x))
        assert all(torch.equal(getattr(one, name), getattr(other, name)) for name in STATE)


def test_where_torch_multiplies_with_shorter_numbers_it_is_stepped():
    settings, x = torch.backends.mkldnn.matmul, noise(20, 3, 7)
    before = settings.fp32_precision
    for precision, fits in (("bf16", False), ("ieee", True)):
        try:
            settings.fp32_precision = precision
            assert (node_of().in_one_pass(x) is not None) == fits
        finally:
            settings.fp32_precision = before


def test_without_numba_it_is_stepped(monkeypatch):
    monkeypatch.setattr(kernel.plan, "available", lambda *_: False)
    assert node_of().in_one_pass(noise(20, 3, 7)) is None


def test_autocast_does_not_shorten_the_filter():
    x = 0.4 * noise(20, 3, 7) + 0.1
    spikes, node = in_one_pass(node_of(), x), node_of()
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(in_one_pass(node, x), spikes)
    assert node.m.dtype == torch.float32


def test_the_first_call_may_be_without_gradients():
    clif.matrix.cache_clear()
    with torch.inference_mode():
        in_one_pass(node_of(), noise(5, 2, 3))
    x = noise(5, 2, 3).requires_grad_()
    in_one_pass(node_of(), x).sum().backward()
    assert x.grad.count_nonzero()


def test_a_changed_step_counts_from_then_on():
    x, node = 0.4 * noise(20, 3, 7) + 0.1, node_of()
    in_one_pass(node, x)
    node.dt = 0.25
    assert_same(results(node, x, in_one_pass), results(node_of(dt=0.25), x, functional.stepped))


def test_a_monitor_sees_every_step():
    x, node, other = 0.4 * noise(20, 3, 7) + 0.1, node_of(), node_of()
    with Monitor(node, *STATE, "output") as seen:
        functional.unroll(node, x)
    volts = torch.stack([(other(now), other.v)[1] for now in x])
    assert torch.equal(seen["v"], volts) and torch.equal(seen["output"], volts >= 0.7)
    torch.testing.assert_close(seen["v"][1:], (seen["m"] - seen["s"])[1:] - seen["e"][:-1])


def test_a_state_of_another_batch_is_refused_in_one_pass_too():
    node = node_of()
    functional.unroll(node, noise(4, 3, 7))
    with pytest.raises(ValueError, match=r"shape \(3, 7\).*functional\.reset_net"):
        functional.unroll(node, noise(4, 2, 7))


def test_its_spikes_can_be_pooled():
    x = (0.6 * noise(60, 6, 6, 4) + 0.2).contiguous(memory_format=torch.channels_last).unflatten(0, (20, 3))
    pooled, plain, found = node_of(), node_of(), []
    for node, net in ((pooled, SpikeMaxPool2d(pooled)), (plain, nn.Sequential(plain, nn.MaxPool2d(2)))):
        leaf = x.clone().requires_grad_()
        y = functional.unroll(net, leaf)
        found.append([y, node.v, node.e, *torch.autograd.grad((y * noise(*y.shape)).sum() + node.v.sum(), leaf)])
    assert found[0][0].any()
    for a, b in zip(*found, strict=True):
        torch.testing.assert_close(a, b)
