"""unroll against the loop that it replaces: values, gradients, state left behind, what is computed how often."""

import copy
import random
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from spikingjelly.activation_based import layer as sj_layer
from spikingjelly.activation_based import neuron as sj
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm, weight_norm
from torch.utils.checkpoint import checkpoint

from course_snn import encoding, functional, layer, neuron, state, synapse
from course_snn.monitor import Monitor

T, N = 5, 3


def conv_net():
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), neuron.IFNode(), nn.MaxPool2d(2),
        nn.Conv2d(4, 4, 3, padding=1), neuron.LIFNode(2.0, v_reset=None), nn.Flatten(),
        nn.Linear(64, 10), neuron.PLIFNode(1.5, v_threshold=0.2),
    ).eval()  # fmt: skip
    for index in (4, 7):
        net[index].weight.data *= 4  # so that every layer fires
    return net


class Custom(nn.Module):
    """A network that is not a Sequential, with a skip connection between spikes."""

    def __init__(self):
        super().__init__()
        self.inside, self.left, self.right = nn.Linear(6, 8), neuron.LIFNode(1.5), neuron.IFNode()
        self.between = nn.Linear(8, 8)

    def forward(self, x):
        s = self.left(self.inside(x))
        return s + self.right(self.between(s))


def loop(net, x, steps=None):
    return torch.stack([net(now) for now in (x if steps is None else [x] * steps)])


def outcome(net, run, x):
    """Output, gradients of input and parameters, and final voltages."""
    functional.reset_net(net)
    net.zero_grad()
    x = x.clone().requires_grad_()
    y = run(net, x)
    (y * torch.linspace(1, 2, y.numel()).reshape(y.shape)).sum().backward()
    grads = [p.grad.clone() for p in net.parameters()]
    return [y, x.grad, *grads, *[m.v for m in net.modules() if isinstance(m, neuron.Neuron)]]


@pytest.mark.parametrize("still", [False, True], ids=["sequence", "still"])
@pytest.mark.parametrize(("make", "shape"), [(conv_net, (1, 8, 8)), (Custom, (6,))], ids=["conv", "custom"])
def test_equal_to_stepping(make, shape, still):
    net = make()
    x = 3 * torch.rand(*([N] if still else [T, N]), *shape, generator=torch.Generator().manual_seed(1))
    steps = T if still else None
    ours = outcome(net, lambda net, x: functional.unroll(net, x, steps), x)
    theirs = outcome(net, lambda net, x: loop(net, x, steps), x)
    assert ours[0].shape[:2] == (T, N) and 0 < ours[0].mean() < 1
    for one, other in zip(ours, theirs, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)


def test_batch_norm_in_training_sees_all_steps_as_spikingjelly_does():
    ours, theirs = nn.Sequential(nn.BatchNorm2d(2), neuron.IFNode()), sj_layer.BatchNorm2d(2, step_mode="m")
    x = torch.randn(T, N, 2, 4, 4)
    functional.unroll(ours, x)
    theirs(x)
    torch.testing.assert_close(ours[0].running_mean, theirs.running_mean)
    torch.testing.assert_close(ours[0].running_var, theirs.running_var)


def test_a_still_image_is_computed_once_until_the_first_neuron():
    net, seen = conv_net(), {}
    for index in (0, 4, 7):
        net[index].register_forward_hook(lambda m, i, y, index=index: seen.update({index: len(y)}))
    functional.unroll(net, torch.rand(N, 1, 8, 8), T=T)
    assert seen == {0: N, 4: T * N, 7: T * N}


def test_a_network_without_neurons_repeats_its_output():
    net = nn.Linear(4, 2)
    x = torch.rand(N, 4)
    assert torch.equal(functional.unroll(net, x, T=T), net(x).expand(T, N, 2))


def test_state_goes_on_between_two_calls_and_reset_ends_it():
    net = conv_net()
    x = 3 * torch.rand(2 * T, N, 1, 8, 8)
    whole = functional.unroll(net, x)
    functional.reset_net(net)
    halves = torch.cat([functional.unroll(net, x[:T]), functional.unroll(net, x[T:])])
    assert torch.equal(whole, halves)
    with pytest.raises(ValueError, match="reset_net"):
        functional.unroll(net, torch.rand(T, N + 1, 1, 8, 8))


def test_a_foreign_neuron_is_stepped():
    net = nn.Sequential(nn.Linear(4, 4), sj.IFNode(), nn.Linear(4, 4), neuron.IFNode())
    x = 3 * torch.rand(T, N, 4)
    stepped = loop(net, x)
    functional.reset_net(net)
    assert torch.equal(functional.unroll(net, x), stepped)


def test_an_encoder_draws_every_step_anew_and_gives_numbers():
    net = nn.Sequential(encoding.PoissonEncoder(), nn.Linear(50, 50), neuron.IFNode())
    with Monitor(net[0], "output") as seen:
        functional.unroll(net, torch.full((N, 50), 0.5), T=T)
    assert seen["output"].shape == (T, N, 50) and not torch.equal(seen["output"][0], seen["output"][1])
    torch.manual_seed(3)
    spikes = functional.unroll(encoding.PoissonEncoder(), torch.full((N, 50), 0.3), T=T)
    assert spikes.dtype == torch.float32 and set(spikes.unique().tolist()) == {0.0, 1.0}


def test_a_monitor_sees_every_step():
    net, x = conv_net(), 3 * torch.rand(T, N, 1, 8, 8)
    with Monitor(net[-1], "v", "output") as seen:
        y = functional.unroll(net, x)
    assert torch.equal(seen["output"].float(), y) and seen["v"].shape == (T, N, 10)
    assert torch.equal(seen["v"][-1], net[-1].v)
    functional.reset_net(net)
    with Monitor(net[7], "output") as layer, Monitor(net[0], "output") as still:
        functional.unroll(net, x[0], T=T)
    assert layer["output"].shape == (T, N, 10) and still["output"].shape == (T, N, 4, 8, 8)


def test_works_under_autocast_no_grad_deepcopy_and_state_dict():
    net, x = conv_net(), 3 * torch.rand(N, 1, 8, 8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        y = functional.unroll(net, x, T=T)
    assert y.dtype == torch.float32 and net[2].v.dtype == torch.float32
    functional.reset_net(net)
    with torch.no_grad():
        expected = functional.unroll(net, x, T=T)
    assert not expected.requires_grad
    twin = copy.deepcopy(net)
    functional.reset_net(twin)
    twin.load_state_dict(net.state_dict())
    assert torch.equal(functional.unroll(twin, x, T=T), expected)


def test_a_delay_line_and_a_current_keep_their_own_state():
    net = nn.Sequential(synapse.ConstantDelay(2), synapse.ExpDecayCurrent(3.0))
    x = (torch.rand(T, N, 4) < 0.5).float()
    stepped = loop(net, x)
    functional.reset_net(net)
    assert torch.equal(functional.unroll(net, x), stepped)


@pytest.mark.parametrize(
    ("x", "steps", "error", "message"),
    [
        (torch.rand(3), None, ValueError, r"\[T, N, …\]"),
        (torch.rand(3, 4), 0, ValueError, "at least 1"),
        (torch.rand(3, 4), 2.0, TypeError, "whole number"),
        (torch.rand(3, 4), True, TypeError, "whole number"),
    ],
)
def test_what_is_wrong_is_said(x, steps, error, message):
    with pytest.raises(error, match=message):
        functional.unroll(neuron.IFNode(), x, steps)


def test_a_layer_that_moves_the_batch_is_named_and_leaves_no_trace():
    net = nn.Sequential(nn.Flatten(0), neuron.IFNode())
    with pytest.raises(ValueError, match="batch dimension first"):
        functional.unroll(net, torch.rand(T, N, 7))
    assert functional.running() is None

    class Pair(nn.Module):
        def forward(self, x):
            return x, x

    with pytest.raises(TypeError, match="one tensor"):
        functional.unroll(Pair(), torch.rand(T, N, 7))


class Skip(nn.Module):
    """A connection around the first neuron: for a still input N on one side, T·N on the other."""

    def __init__(self, join):
        super().__init__()
        self.node, self.join = neuron.IFNode(), join

    def forward(self, x):
        return self.join(x, self.node(x))


JOINS = {
    "sum": torch.add,
    "product": torch.mul,
    "cat": lambda a, b: torch.cat([a, b], 1),
    "stack": lambda a, b: torch.stack([a, b], 1).flatten(1),
    "bmm": lambda a, b: torch.bmm(a[:, None], b[:, :, None]).flatten(1),
}


@pytest.mark.parametrize("join", JOINS.values(), ids=JOINS)
def test_a_skip_around_the_first_neuron_says_what_to_do(join):
    net, x = Skip(join), torch.rand(N, 4)
    with pytest.raises(ValueError, match=r"x\.expand\(T"):
        functional.unroll(net, x, T=T)
    functional.reset_net(net)
    whole = functional.unroll(net, x.expand(T, *x.shape))
    functional.reset_net(net)
    assert torch.equal(whole, loop(net, x, T))


@pytest.mark.parametrize(
    "net",
    [
        nn.Sequential(nn.Linear(5, 3), neuron.IFNode()),  # takes 5 features, not 4
        nn.Sequential(neuron.IFNode(), nn.Linear(N, T * N)),
        Skip(lambda a, b: b + torch.ones(7, 4)),
    ],
)
def test_another_mistake_is_not_called_a_skip(net):
    with pytest.raises(RuntimeError) as caught:
        functional.unroll(net, torch.rand(N, 4), T=T)
    assert "expand" not in str(caught.value)


# ---------------------------------------------------------------- modules of somebody else


class Keeps(nn.Module):
    """A leaky integrator that keeps its state in its own way and has no reset()."""

    def __init__(self, how):
        super().__init__()
        self.how, self.mem, self.past, self.held = how, None, [], {"v": None}
        self.box = SimpleNamespace(v=None)
        self.register_buffer("v", None)

    def read(self):
        places = {"attribute": self.mem, "dict": self.held["v"], "object": self.box.v, "buffer": self.v}
        return (self.past[-1] if self.past else None) if self.how == "list" else places[self.how]

    def write(self, v):
        if self.how == "attribute":
            self.mem = v
        elif self.how == "list":
            self.past.append(v)
        elif self.how == "dict":
            self.held["v"] = v
        elif self.how == "object":
            self.box.v = v
        else:
            self.v = v

    def forward(self, x):
        before = self.read()
        v = x if before is None else 0.5 * before + x
        self.write(v)
        return v


class InPlace(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.register_buffer("mem", torch.zeros(size))

    def forward(self, x):
        self.mem.mul_(0.5).add_(x.sum(0))
        return x + self.mem


class InNumPy(nn.Module):
    def __init__(self):
        super().__init__()
        self.mem = np.zeros(4, np.float32)

    def forward(self, x):
        self.mem *= 0.5
        self.mem += x.detach().numpy().sum(0)
        return x + torch.from_numpy(self.mem.copy())


class Counts(nn.Module):
    """Gives another answer at every call."""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        return x * self.calls


OTHERS = {how: lambda how=how: Keeps(how) for how in ("attribute", "list", "dict", "object", "buffer")}
OTHERS |= {"in place": lambda: InPlace(4), "a count": Counts, "NumPy": InNumPy}


@pytest.mark.parametrize("still", [False, True], ids=["sequence", "still"])
@pytest.mark.parametrize("make", OTHERS.values(), ids=OTHERS)
def test_a_module_that_keeps_a_state_of_its_own_is_stepped(make, still):
    def net():
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(4, 4), neuron.LIFNode(), make(), nn.Linear(4, 4), neuron.IFNode())

    x, steps = 3 * torch.rand(*([N] if still else [T, N]), 4), T if still else None
    for calls in (1, 2):  # the second knows what the first found out
        ours, theirs = net(), net()
        for _ in range(calls):
            got, want = functional.unroll(ours, x, steps), loop(theirs, x, steps)
        assert torch.equal(got, want)
        assert torch.equal(ours[1].v, theirs[1].v)


def test_a_state_too_large_to_be_noted_is_found_at_the_first_meeting():
    wide = 1 << 17
    x = torch.rand(T, N, wide)
    assert torch.equal(functional.unroll(InPlace(wide), x), loop(InPlace(wide), x))


class Notes(nn.Module):
    """Only remembers what it saw, as many do for a figure."""

    def forward(self, x):
        self.seen = x
        return x


def test_after_the_call_a_module_remembers_what_the_loop_would_leave():
    net, x = nn.Sequential(neuron.IFNode(), Notes()), torch.rand(T, N, 4)
    y = functional.unroll(net, x)
    assert net[1].seen.shape == (N, 4) and torch.equal(net[1].seen, y[-1])


def test_a_module_without_a_state_is_not_stepped():
    calls = []

    class Doubles(nn.Module):
        def __init__(self):
            super().__init__()
            self.factor, self.table = 2.0, torch.arange(3.0)

        def forward(self, x):
            calls.append(len(x))
            return self.factor * x

    net = nn.Sequential(Doubles(), neuron.IFNode(), Doubles())
    for _ in range(2):
        calls.clear()  # the first time copies are tried, too
        functional.unroll(net, torch.rand(N, 4), T=T)
        functional.reset_net(net)
    assert calls == [N, T * N]


# ---------------------------------------------------------------- random numbers


class Draws(nn.Module):
    def __init__(self, draw):
        super().__init__()
        self.draw, self.generator = draw, torch.Generator().manual_seed(0)

    def forward(self, x):
        return self.draw(x, self.generator)


GENERATOR, RNG = torch.Generator().manual_seed(0), np.random.default_rng(0)


class DrawsFromAGlobal(nn.Module):
    def forward(self, x):
        return (torch.rand(x.shape, generator=GENERATOR) < x).float()


class DrawsFromNumPy(nn.Module):
    def forward(self, x):
        return torch.as_tensor(RNG.random(x.shape)).lt(x).float()


DICE = {
    "a global generator": DrawsFromAGlobal,
    "a generator of NumPy": DrawsFromNumPy,
    "own Poisson": lambda: Draws(lambda x, g: (torch.rand_like(x) < x).float()),
    "own generator": lambda: Draws(lambda x, g: (torch.rand(x.shape, generator=g) < x).float()),
    "functional dropout": lambda: Draws(lambda x, g: nn.functional.dropout(2 * x, 0.5) / 2),
    "NumPy": lambda: Draws(lambda x, g: torch.as_tensor(np.random.rand(*x.shape)).float().lt(x).float()),
    "Python": lambda: Draws(lambda x, g: x.clone().apply_(lambda p: float(random.random() < p))),
    "nn.Dropout": lambda: nn.Sequential(nn.Dropout(0.5), nn.Hardtanh(0, 1)),
}


@pytest.mark.parametrize("make", DICE.values(), ids=DICE)
def test_a_still_input_draws_random_numbers_at_every_step(make):
    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    net = nn.Sequential(make(), neuron.IFNode(v_threshold=0.5))
    counts = functional.unroll(net, torch.full((2000, 1), 0.5), T=20).sum(0)
    assert counts.mean() == pytest.approx(10, abs=0.3)
    assert counts.var() == pytest.approx(5, rel=0.2)  # T/4; one draw for all steps gives 100


def test_without_a_neuron_too():
    torch.manual_seed(0)
    y = functional.unroll(Draws(lambda x, g: torch.rand_like(x)), torch.zeros(N, 4), T=T)
    assert len(y.flatten().unique()) == T * N * 4


def test_a_layer_in_eval_mode_draws_nothing_and_is_shared():
    seen, net = [], nn.Sequential(nn.Dropout(0.5), nn.Linear(4, 4), neuron.IFNode()).eval()
    net[1].register_forward_hook(lambda m, i, y: seen.append(len(y)))
    functional.unroll(net, torch.rand(N, 4), T=T)
    assert seen == [N]


def test_statistics_are_updated_once_although_the_first_try_is_taken_back():
    ours = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.5), neuron.IFNode())
    twin = copy.deepcopy(ours)
    x = torch.rand(N, 4)
    torch.manual_seed(0)
    y = functional.unroll(ours, x, T=T)
    torch.manual_seed(0)
    assert torch.equal(y, functional.unroll(twin, x.expand(T, N, 4)))
    for a, b in zip(ours.buffers(), twin.buffers(), strict=True):
        assert torch.equal(a, b)


# ---------------------------------------------------------------- threads, checkpoints, tracing


class InAThread(nn.Module):
    """Runs its part as nn.DataParallel runs its replicas."""

    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(self.inner, x).result()


def test_a_part_in_another_thread_is_the_loop_or_an_error():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 4), InAThread(neuron.LIFNode()))
    x = 3 * torch.rand(T, N, 4)
    got = functional.unroll(net, x)
    functional.reset_net(net)
    assert torch.equal(got, loop(net, x))


def test_what_loses_its_state_in_threads_is_refused():
    class Box(state.Stateful):
        def __init__(self):
            super().__init__()
            self.inner = neuron.LIFNode()

        forward = InAThread.forward

    with pytest.raises(RuntimeError, match=r"another thread.*DistributedDataParallel"):
        functional.unroll(nn.Sequential(nn.Flatten(), Box()), torch.rand(T, N, 4))
    parallel = nn.DataParallel(neuron.LIFNode())
    assert torch.equal(
        functional.unroll(parallel, torch.ones(T, N, 4)), functional.unroll(neuron.LIFNode(), torch.ones(T, N, 4))
    )
    parallel.device_ids = [0, 1]
    with pytest.raises(RuntimeError, match=r"DataParallel.*DistributedDataParallel"):
        functional.unroll(parallel, torch.rand(T, N, 4))


def test_an_unroll_inside_the_thread_sees_its_steps():
    class Over(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = nn.Sequential(nn.Linear(4, 4), neuron.LIFNode())

        def forward(self, x):
            return functional.unroll(self.net, x)

    net, x = Over(), 3 * torch.rand(T, N, 4)
    got = InAThread(net)(x)
    functional.reset_net(net)
    assert torch.equal(got, loop(net.net, x))


class Checkpointed(nn.Module):
    def __init__(self, inner, **options):
        super().__init__()
        self.inner, self.options = inner, options

    def forward(self, x):
        return checkpoint(self.inner, x, **self.options)


@pytest.mark.parametrize("reentrant", [False, True])
@pytest.mark.parametrize("run", [functional.unroll, loop], ids=["unroll", "loop"])
def test_a_state_is_not_computed_again_in_the_backward_pass(run, reentrant):
    net = nn.Sequential(nn.Linear(4, 4), Checkpointed(neuron.LIFNode(), use_reentrant=reentrant))
    y = run(net, 3 * torch.rand(T, N, 4))
    with pytest.raises(RuntimeError, match=r"torch\.utils\.checkpoint.*reset_net"):
        y.sum().backward()


def test_layers_without_state_and_blocks_that_reset_may_be_checkpointed():
    torch.manual_seed(0)
    net, x = nn.Sequential(nn.Linear(4, 4), neuron.LIFNode(), nn.Linear(4, 4)), 3 * torch.rand(T, N, 4)

    def whole(x):
        functional.reset_net(net)
        return functional.unroll(net, x)

    plain = torch.autograd.grad(whole(x).square().sum(), net[0].weight)[0]
    again = torch.autograd.grad(checkpoint(whole, x, use_reentrant=False).square().sum(), net[0].weight)[0]
    torch.testing.assert_close(again, plain)
    light = nn.Sequential(Checkpointed(net[0], use_reentrant=False), net[1], net[2])
    functional.reset_net(net)
    part = torch.autograd.grad(functional.unroll(light, x).square().sum(), net[0].weight)[0]
    torch.testing.assert_close(part, plain)


def test_tracing_is_refused_and_export_works():
    class Over(nn.Module):
        def __init__(self):
            super().__init__()
            self.net = nn.Sequential(nn.Linear(4, 5), neuron.LIFNode(), nn.Linear(5, 3), neuron.IFNode())

        def forward(self, x):
            functional.reset_net(self.net)
            y = functional.unroll(self.net, x, T=T)
            functional.reset_net(self.net)
            return y

    net, x = Over(), 3 * torch.rand(N, 4)
    with pytest.raises(RuntimeError, match=r"torch\.export"):
        torch.jit.trace(net, (x,))
    exported = torch.export.export(net, (x,), strict=False).module()
    other = 3 * torch.rand(N, 4)
    assert torch.equal(exported(other), net(other))


# ---------------------------------------------------------------- truncated backpropagation


@pytest.mark.parametrize("foreign", [False, True], ids=["ours", "foreign"])
def test_detach_net_keeps_values_and_ends_gradients(foreign):
    torch.manual_seed(0)
    node = Keeps("attribute") if foreign else neuron.LIFNode()
    net = nn.Sequential(nn.Linear(4, 4), node, synapse.ConstantDelay(1), sj.IFNode())
    x = torch.rand(2 * T, N, 4)
    first = x[:T].clone().requires_grad_()
    functional.unroll(net, first)
    held = net[1].mem if foreign else net[1].v
    functional.detach_net(net)
    after = net[1].mem if foreign else net[1].v
    assert torch.equal(held, after) and not after.requires_grad and not net[2].queue[0].requires_grad
    later = x[T:].clone().requires_grad_()
    functional.unroll(net, later).sum().backward()
    assert later.grad is not None and first.grad is None


# ---------------------------------------------------------------- what people give


@pytest.mark.parametrize("steps", [np.int64(T), np.uint8(T), torch.tensor(T)], ids=repr)
def test_T_may_be_any_whole_number(steps):
    x = torch.rand(N, 4)
    assert torch.equal(functional.unroll(neuron.IFNode(), x, steps), functional.unroll(neuron.IFNode(), x, T))


@pytest.mark.parametrize("still", [False, True], ids=["sequence", "still"])
def test_spikes_may_be_bool_and_words_whole_numbers(still):
    torch.manual_seed(0)
    net, x = nn.Sequential(nn.Linear(4, 4), neuron.LIFNode()), torch.rand(*([N] if still else [T, N]), 4) < 0.5
    y = functional.unroll(net, x, T if still else None)
    functional.reset_net(net)
    assert torch.equal(y, functional.unroll(net, x.float(), T if still else None))
    words, net = (
        torch.arange(N) if still else torch.arange(T * N).view(T, N),
        nn.Sequential(nn.Embedding(20, 4), net[1]),
    )
    functional.reset_net(net)
    y = functional.unroll(net, words, T if still else None)
    functional.reset_net(net)
    assert torch.equal(y, loop(net, words, T if still else None))


@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.int64])
def test_neurons_take_whole_numbers(dtype):
    x = torch.randint(0, 2, (T, N, 4))
    y = functional.unroll(neuron.LIFNode(), x.to(dtype))
    assert torch.equal(y, functional.unroll(neuron.LIFNode(), x.float()))


@pytest.mark.parametrize("still", [False, True], ids=["sequence", "still"])
def test_a_train_encoder_in_a_network_that_is_stepped_gives_one_step_a_call(still):
    encoder, x = encoding.LatencyEncoder(4), torch.rand(N, 4)
    given, steps = (x, 6) if still else (x.expand(6, N, 4), None)
    train = encoder.spike_train(x, 6).float()
    torch.manual_seed(0)
    foreign, own = nn.Sequential(encoder, nn.Linear(4, 4), sj.IFNode()), nn.Linear(4, 4)
    boxed = layer.ElementWiseRecurrentContainer(nn.Sequential(encoder, own, neuron.IFNode()), lambda y, x: x)
    for net, rest in ((foreign, foreign[1:]), (boxed, boxed.sub_module[1:])):
        for _ in range(2):  # every unroll lays out its train anew
            functional.reset_net(net)
            y = functional.unroll(net, given, steps)
        functional.reset_net(net)
        assert torch.equal(y, loop(rest, train))


@pytest.mark.parametrize("foreign", [Notes, lambda: Keeps("attribute"), lambda: Draws(lambda x, g: torch.rand_like(x))])
def test_who_listens_hears_each_step_once_although_a_first_try_was_taken_back(foreign):
    calls = []
    net = nn.Sequential(foreign(), nn.Linear(4, 4), neuron.LIFNode())
    net[1].register_forward_hook(lambda m, i, y: calls.append(len(y)))
    with Monitor(net[2], "v", "output") as seen, Monitor(net[0], "output") as first:
        y = functional.unroll(net, torch.rand(N, 4), T=T)
    assert seen["v"].shape == (T, N, 4) and torch.equal(seen["output"].float(), y)
    assert first["output"].shape == (T, N, 4)
    assert sum(calls) == T * N


# ---------------------------------------------------------------- found by an attack from outside


class ReadsV(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.lif = nn.Linear(4, 4), neuron.LIFNode(v_threshold=float("inf"))

    def forward(self, x):
        self.lif(self.fc(x))
        return self.lif.v


class Micro(ReadsV):
    """Three steps of the neuron in each step of the network."""

    def __init__(self):
        super().__init__()
        self.lif = neuron.LIFNode(v_threshold=0.2)

    def forward(self, x):
        for _ in range(3):
            y = self.lif(self.fc(x))
        return y


class UnrollsInside(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 4), neuron.LIFNode())

    def forward(self, x):
        return functional.unroll(self.body, 3 * x, T=3).mean(0)


class Hebb(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.ones(4), requires_grad=False)

    def forward(self, x):
        y = x * self.w
        self.w.data += 0.1 * y.mean()
        return y


class Average:
    def __init__(self):
        self.v = 0.0

    def __call__(self, x):
        self.v = 0.5 * self.v + x
        return self.v


class Helper(nn.Module):
    def __init__(self):
        super().__init__()
        self.average, self.hidden, self.np, self.count = Average(), [Keeps("attribute")], np, np.int64(0)

    def forward(self, x):
        self.count += 1
        return self.average(self.hidden[0](x)) * float(self.count)


class Direct(ReadsV):
    def forward(self, x):
        return self.lif.forward(self.fc(x)) + self.lif.v


class OwnWeight(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight, self.mem = nn.Parameter(torch.rand(4, 4)), 0.0

    def forward(self, x):
        self.mem = 0.5 * self.mem + x @ self.weight
        return self.mem


def twice():
    filtered = synapse.LowPassSynapse(5.0)
    return nn.Sequential(filtered, nn.Linear(4, 4), filtered)


STRANGE = {
    "reads v": ReadsV,
    "micro steps": Micro,
    "unrolls inside": UnrollsInside,
    "a weight that learns by itself": Hebb,
    "state in helpers": lambda: nn.Sequential(Helper(), neuron.IFNode()),
    "calls forward": Direct,
    "weight_norm on an own module": lambda: weight_norm(OwnWeight()),
    "one module at two places": twice,
    "spectral norm": lambda: nn.Sequential(spectral_norm(nn.Linear(4, 4)), neuron.IFNode()),
}


@pytest.mark.parametrize("still", [False, True], ids=["sequence", "still"])
@pytest.mark.parametrize("make", STRANGE.values(), ids=STRANGE)
def test_strange_networks_give_what_the_loop_gives(make, still):
    x, steps = 2 * torch.rand(*([N] if still else [T, N]), 4), T if still else None
    torch.manual_seed(0)
    ours = make()
    torch.manual_seed(0)
    theirs = make()
    for _ in range(2):
        torch.testing.assert_close(functional.unroll(ours, x, steps), loop(theirs, x, steps))


class NumPyNoise(nn.Module):
    def forward(self, x):
        return x + torch.from_numpy(np.random.randn(*x.shape)).float()


def poisson_hook(m, args):
    return ((torch.rand_like(args[0]) < args[0]).float(),)


def test_random_numbers_of_numpy_by_name_and_of_a_hook():
    np.random.seed(0)
    torch.manual_seed(0)
    noisy, hook = nn.Sequential(NumPyNoise(), neuron.IFNode(0.5)), nn.Sequential(nn.Identity(), neuron.IFNode(0.5))
    hook[0].register_forward_pre_hook(poisson_hook)
    for net, still in ((noisy, 0.0), (hook, 0.5)):
        assert functional.unroll(net, torch.full((2000, 1), still), T=20).sum(0).var() == pytest.approx(5, rel=0.3)


class Beside(nn.Module):
    def __init__(self):
        super().__init__()
        self.lif, self.drop = neuron.IFNode(), nn.Dropout(0.5)

    def forward(self, x):
        return 0 * self.lif(x) + self.drop(x)


def test_one_sample_draws_anew_beside_a_neuron():
    assert functional.unroll(Beside(), torch.ones(1, 50), T=40).std(0).min() > 0


def test_a_checkpoint_is_not_computed_again_after_a_reset():
    for run in (functional.unroll, loop):
        net = nn.Sequential(nn.Linear(4, 4), Checkpointed(neuron.LIFNode(), use_reentrant=True))
        y = run(net, 3 * torch.rand(T, N, 4))
        functional.reset_net(net)
        with pytest.raises(RuntimeError, match=r"torch\.utils\.checkpoint"):
            y.sum().backward()


def test_a_whole_unroll_of_an_own_network_may_be_checkpointed():
    torch.manual_seed(0)
    net, x = Custom(), torch.rand(T, N, 6, requires_grad=True)

    def whole(x):
        functional.reset_net(net)
        return functional.unroll(net, x)

    plain = torch.autograd.grad(whole(x).square().sum(), x)[0]
    again = torch.autograd.grad(checkpoint(whole, x, use_reentrant=False).square().sum(), x)[0]
    torch.testing.assert_close(again, plain)


@pytest.mark.parametrize("make", [Custom, lambda: nn.Sequential(nn.Linear(6, 8), neuron.LIFNode())])
def test_torch_compile_leaves_unroll_alone(make):
    net, x = make(), 3 * torch.rand(T, N, 6)
    want = functional.unroll(net, x)
    functional.reset_net(net)
    compiled = torch.compile(lambda x: 2 * functional.unroll(net, x), backend="eager")
    with torch.no_grad():
        assert torch.equal(compiled(x), 2 * want)


def test_an_own_network_under_inference_mode():
    net, x = Custom(), torch.rand(T, N, 6)
    with torch.inference_mode():
        first = functional.unroll(net, x)
        functional.reset_net(net)
        assert torch.equal(functional.unroll(net, x), first)


class Boxed(nn.Module):
    def __init__(self):
        super().__init__()
        self.box = SimpleNamespace(v=None)
        self.alias = self.held = [torch.zeros(4)]

    def forward(self, x):
        self.box.v = x if self.box.v is None else 0.5 * self.box.v + x
        self.held[0] = self.held[0] + x
        return self.box.v + self.held[0]


def test_detach_net_cuts_in_objects_and_keeps_what_is_shared():
    net = nn.Sequential(nn.Linear(4, 4), Boxed())
    for _ in range(3):
        functional.unroll(net, torch.rand(T, N, 4)).sum().backward()
        functional.detach_net(net)
    assert net[1].held is net[1].alias and not net[1].held[0].requires_grad and not net[1].box.v.requires_grad
