"""State: reset, shapes, copies and moves, for every stateful class of the library, found automatically."""

import copy
import importlib
import io
from collections import deque
from pathlib import Path

import pytest
import torch
from together import each_of
from torch import nn

import course_snn
from course_snn import encoding, functional, layer, learning, neuron, simulator, state, synapse, unsupervised
from course_snn.training import pipeline

NOT_SCIENCE = {"__init__", "language", "figure", "plotting"}
for path in Path(course_snn.__file__).parent.glob("*.py"):
    if path.stem not in NOT_SCIENCE:
        importlib.import_module(f"course_snn.{path.stem}")

ABSTRACT = {
    neuron.Neuron,
    encoding.Encoder,
    encoding.TrainEncoder,
    synapse.Transformer,
    synapse.Connection,
    learning.Traces,  # run inside the two classes that use it
}
T, N = 20, 4
ANALOGUE = torch.rand(T, 3, N, generator=torch.Generator().manual_seed(0)) * 2
UNIT = ANALOGUE / 2
SPIKES = UNIT < 0.4
TRAIN = SPIKES[:, 0]


def stdp_module(**options):
    node = simulator.LIFNode([3, 2], 100.0, 1.0, tau=5.0)
    return learning.STDPModule(synapse.ExpDecayCurrent(3.0), synapse.Linear(N, 2), node, 10.0, 10.0, 0.1, **options)


def chain():
    whole = simulator.Simulator()
    for module in (synapse.ExpDecayCurrent(3.0), synapse.ConstantDelay(2), synapse.Linear(N, 2)):
        whole.append(module)
    return whole


def pipe():
    whole = pipeline.ModelPipeline()
    for node in (neuron.LIFNode(3.0), neuron.IFNode()):
        whole.append(node)
    return whole


# How to make one of each class, and what to feed it.
EXAMPLES = {
    neuron.IFNode: (neuron.IFNode, ANALOGUE),
    neuron.LIFNode: (lambda: neuron.LIFNode(3.0, v_reset=torch.linspace(-1, 0.5, N)), ANALOGUE),
    neuron.DeltaLIFNode: (lambda: neuron.DeltaLIFNode(torch.linspace(2, 9, N), dt=0.5), ANALOGUE),
    neuron.PLIFNode: (lambda: neuron.PLIFNode(3.0), ANALOGUE),
    neuron.RIFNode: (lambda: neuron.RIFNode(-0.1, 0.5, v_reset=None), ANALOGUE),
    neuron.CLIFNode: (lambda: neuron.CLIFNode(tau_q=torch.linspace(1, 8, N)), ANALOGUE),
    pipeline.ModelPipeline: (pipe, ANALOGUE),
    neuron.IzhikevichNode: (
        lambda: neuron.IzhikevichNode(c=torch.linspace(-65, -50, N), v_threshold=-40.0, u_init=-20.0),
        ANALOGUE,
    ),
    simulator.IFNode: (lambda: simulator.IFNode([3, N], 1.0, 1.0, -0.2), ANALOGUE),
    simulator.LIFNode: (lambda: simulator.LIFNode([3, N], 2.0, 1.0, tau=3.0), ANALOGUE),
    simulator.ClockDriven: (lambda: simulator.ClockDriven(neuron.LIFNode(4.0), [3, N], 2.0), ANALOGUE),
    simulator.Simulator: (chain, SPIKES),
    encoding.ConstantEncoder: (encoding.ConstantEncoder, UNIT),
    encoding.PoissonEncoder: (encoding.PoissonEncoder, UNIT),
    encoding.PeriodicEncoder: (lambda: encoding.PeriodicEncoder(TRAIN[:8]), UNIT),
    encoding.LatencyEncoder: (lambda: encoding.LatencyEncoder(9), UNIT),
    encoding.GaussianTuningCurveEncoder: (lambda: encoding.GaussianTuningCurveEncoder(0.0, 1.0, 5, 9), UNIT),
    synapse.SpikeCurrent: (synapse.SpikeCurrent, SPIKES),
    synapse.ExpDecayCurrent: (lambda: synapse.ExpDecayCurrent(5.0), SPIKES),
    synapse.STPTransformer: (lambda: synapse.STPTransformer(0.3, 5.0, 20.0), SPIKES),
    synapse.ConstantDelay: (lambda: synapse.ConstantDelay(3), ANALOGUE),
    synapse.Linear: (lambda: synapse.Linear(N, 2), ANALOGUE),
    synapse.GaussianLinear: (lambda: synapse.GaussianLinear(N, 2, 0.1), ANALOGUE),
    synapse.LowPassSynapse: (lambda: synapse.LowPassSynapse(5.0, learnable=True), ANALOGUE),
    layer.NeuNorm: (lambda: layer.NeuNorm(2), ANALOGUE.reshape(T, 1, 2, 3, 2)),
    layer.Dropout: (layer.Dropout, ANALOGUE),
    layer.Dropout2d: (lambda: layer.Dropout2d(0.5), ANALOGUE.reshape(T, 1, 3, 2, 2)),
    layer.ElementWiseRecurrentContainer: (
        lambda: layer.ElementWiseRecurrentContainer(neuron.IFNode(), torch.add),
        ANALOGUE,
    ),
    layer.LinearRecurrentContainer: (lambda: layer.LinearRecurrentContainer(neuron.IFNode(0.2), N, N), ANALOGUE),
    learning.STDPModule: (stdp_module, SPIKES),
    learning.STDPUpdater: (lambda: learning.STDPUpdater(10.0, 20.0, 0.1), SPIKES),
    unsupervised.WinnerTakeAll: (lambda: unsupervised.WinnerTakeAll(N, 3, v_threshold=0.5).eval(), TRAIN),
}
WITHOUT_MEMORY = {
    encoding.ConstantEncoder,
    encoding.PoissonEncoder,
    encoding.LatencyEncoder,
    encoding.GaussianTuningCurveEncoder,
    synapse.SpikeCurrent,
    synapse.Linear,
    synapse.GaussianLinear,
    layer.Dropout,
    layer.Dropout2d,
}  # fmt: skip  (a call of the two train encoders starts them anew; a mask is the same with the same seed)
each = each_of("kind", EXAMPLES)


def descendants(cls):
    for child in cls.__subclasses__():
        if child.__module__.startswith("course_snn."):
            yield child
            yield from descendants(child)


def make(kind):
    torch.manual_seed(7)  # initial weights
    return EXAMPLES[kind][0]()


def run(module, kind, xs=None):
    """Return all that the module gives out over time; seeds and weights are set to the same start."""
    xs = EXAMPLES[kind][1] if xs is None else xs
    torch.manual_seed(0)
    if isinstance(module, learning.STDPUpdater):
        connection = synapse.Linear(N, N)
        return torch.stack([module.update(connection, x, x) or connection.weight.clone() for x in xs])
    if isinstance(module, learning.STDPModule):
        module.connection.weight.fill_(0.02)
    if isinstance(module, encoding.Encoder):
        module(xs[0])
        return torch.stack([module.step() for _ in range(T)])
    return torch.stack([module(x) for x in xs])


def test_no_stateful_class_is_forgotten():
    ours = {kind for kind in descendants(state.Stateful) if not kind.__module__.startswith("course_snn.course")}
    assert ours - ABSTRACT == set(EXAMPLES), "give the new class a line in EXAMPLES"


@each
def test_reset_run_reset(kind):
    module = make(kind)
    first = run(module, kind)
    again = run(module, kind)
    module.reset()
    after_reset = run(module, kind)
    functional.reset_net(nn.Sequential(module))
    after_reset_net = run(module, kind)
    assert torch.equal(first, after_reset) and torch.equal(first, after_reset_net)
    assert torch.equal(first, run(make(kind), kind))
    if kind not in WITHOUT_MEMORY:
        assert not torch.equal(first, again)  # the test can tell


@each
def test_writing_to_a_state_does_not_change_what_reset_restores(kind):
    module = make(kind)
    expected = run(module, kind)
    module.reset()
    for part in module.modules():
        for name in getattr(part, "_initial", {}):
            if torch.is_tensor(getattr(part, name)):
                getattr(part, name).zero_()
    module.reset()
    assert torch.equal(run(module, kind), expected)


@each
def test_copy_and_pickle_in_the_middle_of_a_run(kind):
    module = make(kind)
    xs = EXAMPLES[kind][1]
    run(module, kind, xs[:9])
    file = io.BytesIO()
    if not isinstance(module, (learning.STDPModule, learning.STDPUpdater)):  # f_w may be any function
        torch.save(module, file)
        file.seek(0)
    copies = [copy.deepcopy(module)] + ([torch.load(file, weights_only=False)] if file.getbuffer().nbytes else [])
    rest = run(module, kind, xs[9:])
    for twin in copies:
        assert torch.equal(run(twin, kind, xs[9:]), rest)
        twin.reset()
        assert torch.equal(run(twin, kind), run(make(kind), kind))


@each
def test_state_dict_round_trip(kind):
    module, other = make(kind), EXAMPLES[kind][0]()
    run(module, kind)
    other.load_state_dict(module.state_dict())
    other.reset(), module.reset()
    assert torch.equal(run(other, kind), run(module, kind))
    assert not {"v", "i", "x", "trace_pre", "out_spike"} & set(module.state_dict())  # memories are not weights


@each
def test_double_and_other_devices(kind):
    module = make(kind).double()
    if EXAMPLES[kind][1] is ANALOGUE:
        out = run(module, kind, ANALOGUE.double())
        assert out.dtype in (torch.double, torch.bool)
        torch.testing.assert_close(out[:2].double(), run(make(kind), kind)[:2].double(), rtol=1e-5, atol=1e-5)
    module.to("meta")
    held = [getattr(m, n) for m in module.modules() for n in getattr(m, "_initial", {})]
    assert all(value.is_meta for value in [*held, *module.buffers()] if torch.is_tensor(value))
    module.reset()
    held = [getattr(m, n) for m in module.modules() for n in getattr(m, "_initial", {})]
    assert all(value.is_meta for value in held if torch.is_tensor(value))


SHAPED = [k for k in EXAMPLES if issubclass(k, (neuron.Neuron, synapse.Transformer)) and k is not synapse.SpikeCurrent]


@each_of("kind", [*SHAPED, synapse.ConstantDelay, learning.STDPUpdater])
def test_state_of_another_batch_raises_and_says_reset_net(kind):
    module, xs = make(kind), EXAMPLES[kind][1]
    run(module, kind, xs)
    with pytest.raises(ValueError, match=r"shape \(3, 4\).*shape \(2, 4\).*functional\.reset_net"):
        run(module, kind, xs[:, :2])
    module.reset()
    run(module, kind, xs[:, :2])


def test_a_copy_can_be_made_while_the_state_hangs_on_a_graph():
    node, x = neuron.LIFNode(), torch.rand(3, requires_grad=True)
    node(x)
    twin = copy.deepcopy(node)
    assert node.v.requires_grad and not twin.v.requires_grad and torch.equal(twin.v, node.v)


def test_own_state_needs_one_line_and_reset_none():
    class Counter(state.Stateful):
        def __init__(self):
            super().__init__()
            self.declare("count", 0.0)

        def forward(self, x):
            self.count = self.state("count", like=x) + x
            return self.count

    counter = Counter()
    counter(torch.ones(2))
    assert counter(torch.ones(2)).tolist() == [2, 2]
    counter.reset()
    assert counter(torch.ones(5)).tolist() == [1] * 5


def test_reset_reaches_the_modules_inside():
    class Pair(state.Stateful):
        def __init__(self):
            super().__init__()
            self.node = neuron.IFNode()

        def forward(self, x):
            return self.node(x)

    pair = Pair()
    pair(torch.ones(1) / 2)
    pair.reset()
    assert pair.node.v == 0.0


# ---------------------------------------------------------------- state in containers, reset in networks


class Remembers(state.Stateful):
    """Keeps its inputs in every kind of container."""

    def __init__(self):
        super().__init__()
        self.declare("past", [])
        self.declare("queue", deque(maxlen=2))
        self.declare("named", {})

    def forward(self, x):
        self.past.append(x)
        self.queue.append((x, 2 * x))
        self.named["last"] = [x]
        return x

    def tensors(self):
        return [*self.past, *(t for pair in self.queue for t in pair), *self.named.get("last", [])]


def test_state_in_lists_queues_and_dicts_moves_and_copies():
    module = Remembers()
    for _ in range(3):
        module(torch.rand(2, requires_grad=True) * 2)
    twin = copy.deepcopy(module)
    file = io.BytesIO()
    torch.save(module, file)
    file.seek(0)
    for other in (twin, torch.load(file, weights_only=False)):
        assert len(other.tensors()) == 8 and other.queue.maxlen == 2
        assert all(torch.equal(a, b) for a, b in zip(other.tensors(), module.tensors(), strict=True))
        assert not any(t.requires_grad for t in other.tensors())
    module.detach()
    assert not any(t.requires_grad for t in module.tensors())
    assert {t.dtype for t in module.double().tensors()} == {torch.double}
    assert all(t.is_meta for t in module.to("meta").tensors())
    module.reset()
    assert not module.tensors() and not module._initial["past"]


def test_a_tensor_assigned_later_moves_too():
    node = neuron.LIFNode()
    node.tau = torch.full((3,), 2.0)
    assert node.double().tau.dtype == torch.double


@each_of("make", [lambda v: neuron.LIFNode(v_reset=v), lambda v: simulator.LIFNode([2], 1.0, 1.0, v)])
def test_another_v_reset_counts_from_the_next_reset_on(make):
    node = make(0.0)
    (node if isinstance(node, neuron.Neuron) else node.model).v_reset = 0.25
    assert torch.as_tensor(node.v).eq(0).all()
    node.reset()
    assert torch.as_tensor(node.v).eq(0.25).all()


def test_another_release_at_rest_counts_from_the_next_reset_on():
    synapses = synapse.STPTransformer(0.5, 5.0, 5.0)
    synapses.v_base = 0.25
    synapses.reset()
    assert synapses.v == 0.25


class Counted(state.Stateful):
    resets = 0

    def __init__(self, inner):
        super().__init__()
        self.inner = inner
        self.declare("v", 0.0)

    def reset(self):
        Counted.resets += 1
        super().reset()


def test_each_module_is_reset_once_however_deep():
    net = neuron.IFNode()
    for _ in range(40):
        net = Counted(net)
    for reset, resets in ((lambda: functional.reset_net(net), 40), (net.reset, 40)):
        Counted.resets = 0
        reset()
        assert Counted.resets == resets


@each_of("base", [nn.Module, state.Stateful])
def test_a_reset_may_call_reset_net_of_itself(base):
    class Net(base):
        def __init__(self):
            super().__init__()
            self.node = neuron.IFNode()
            if base is state.Stateful:
                self.declare("own", 0.0)

        def reset(self):
            functional.reset_net(self)

    net = Net()
    for reset in (net.reset, lambda: functional.reset_net(net), lambda: functional.reset_net(nn.Sequential(net))):
        net.node(torch.full((2,), 0.5))
        net.own = 3.0
        reset()
        assert net.node.v == 0.0
        assert base is nn.Module or net.own == 0.0


def test_an_error_in_a_reset_does_not_stop_the_next_one():
    class Broken(nn.Module):
        def reset(self):
            raise ValueError("broken")

    node = neuron.IFNode()
    node(torch.ones(2) / 2)
    with pytest.raises(ValueError, match="broken"):
        functional.reset_net(nn.Sequential(node, Broken()))
    functional.reset_net(node)
    assert node.v == 0.0
