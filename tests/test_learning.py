"""STDP: the seed's runs, the pair window in closed form, SpikingJelly's gated learner, own synapses."""

import pytest
import torch
from spikingjelly.activation_based import learning as sj_learning
from spikingjelly.activation_based import neuron as sj_neuron
from torch import nn

from course_snn import learning, simulator, synapse


def spikes(*values):
    return torch.tensor(values, dtype=torch.bool)


def linear(*weights):
    """Return a Linear whose weights are given row by row, a row for each neuron after the synapse."""
    weight = torch.tensor(weights, dtype=torch.float).reshape(len(weights), -1)
    connection = synapse.Linear(weight.shape[1], weight.shape[0])
    connection.weight = weight
    return connection


def one(w):
    return 1.0


# ---------------------------------------------------------------- STDPModule


def seed_module(**options):
    parts = synapse.SpikeCurrent(0.5), linear([0.004, 0.006]), simulator.IFNode([1], 50.0, 1.0)
    return learning.STDPModule(*parts, 10.0, 10.0, 1e-3, **{"f_w": learning.proportional, **options})


def seed_inputs():
    return [spikes(t % 2 == 0, t % 2 == 0) if t < 100 else spikes(False, True) for t in range(200)]


@pytest.mark.parametrize(
    ("gated", "count", "w100", "w200"),
    [
        (False, 38, [0.0056704, 0.0085055], [0.0046387, 0.0172095]),
        (True, 25, [0.0039970, 0.0059956], [0.0040111, 0.0059904]),
    ],
    ids=["every-step", "gated"],
)
def test_stdp_module_of_the_seed(gated, count, w100, w200):
    module, post, weights = seed_module(gated=gated), [], []
    sim = simulator.Simulator()
    sim.append(module)
    for t, pre in enumerate(seed_inputs()):
        if sim.step(pre).item():
            post.append(t)
        weights.append(module.connection.weight.flatten().tolist())
    assert len(post) == count and post[:5] == [9, 17, 25, 33, 41]
    assert weights[99] == pytest.approx(w100, rel=1e-4)
    assert weights[199] == pytest.approx(w200, rel=1e-4)


def test_stdp_module_is_three_steps_deep():
    module = learning.STDPModule(
        synapse.SpikeCurrent(), linear([2.0]), simulator.IFNode([1], 1.0, 1.0), 10.0, 10.0, 0.0
    )
    assert [module(spikes(t == 4)).item() for t in range(9)] == [t == 7 for t in range(9)]
    assert [type(m).__name__ for m in module.module_list] == [
        "SpikeCurrent", "ConstantDelay", "Linear", "ConstantDelay", "IFNode",
    ]  # fmt: skip


def test_reset_forgets_activity_and_keeps_weights():
    module = seed_module()
    for pre in seed_inputs()[:50]:
        module(pre)
    learned = module.connection.weight.clone()
    module.reset()
    assert torch.equal(module.connection.weight, learned) and not torch.equal(learned, linear([0.004, 0.006]).weight)
    assert module.traces.trace_pre == module.traces.trace_post == 0.0
    assert module.module_list[4].v.item() == 0 and not module.module_list[1].queue


# ---------------------------------------------------------------- STDPUpdater


def test_updater_vectors_every_step():
    connection, updater, seen = linear([0.5, 0.5]), learning.STDPUpdater(10.0, 10.0, 0.1, f_w=one, gated=False), []
    for pre, post in [((1, 0), 0), ((0, 0), 1), ((0, 1), 0), ((0, 0), 0)]:
        updater.update(connection, spikes(*pre), spikes(post))
        seen.append(connection.weight.flatten().tolist())
    expected = [[0.6, 0.5], [0.59, 0.4], [0.581, 0.41], [0.5729, 0.419]]
    torch.testing.assert_close(torch.tensor(seen), torch.tensor(expected))


def test_updater_averages_a_batch():
    connection, updater = linear([0.5, 0.5]), learning.STDPUpdater(10.0, 10.0, 0.1, f_w=one, gated=False)
    updater.update(connection, spikes([1, 0], [1, 1]), spikes([0], [1]))
    assert connection.weight.flatten().tolist() == pytest.approx([0.55, 0.5])


def test_gated_updater_vector():
    connection, updater, changes = (
        linear([0.5, 0.5]),
        learning.STDPUpdater(10.0, 10.0, 0.1, one, gated=True),
        [],
    )
    for pre, post in [((1, 0), 0), ((1, 0), 1), ((0, 1), 0)]:
        before = connection.weight.clone()
        updater.update(connection, spikes(*pre), spikes(post))
        changes.append((connection.weight - before).flatten().tolist())
    torch.testing.assert_close(torch.tensor(changes), torch.tensor([[0, 0], [0.09, 0], [0, -0.09]]))


def test_gated_updater_equals_spikingjelly():
    fc, sn = nn.Linear(5, 3, bias=False), sj_neuron.IFNode()
    nn.init.uniform_(fc.weight, 0, 0.6, generator=torch.Generator().manual_seed(0))
    learner = sj_learning.STDPLearner("s", fc, sn, 7.0, 4.0, f_pre=torch.ones_like, f_post=torch.ones_like)
    ours, updater = linear(*[[0.0] * 5] * 3), learning.STDPUpdater(7.0, 4.0, 0.1, one, gated=True)
    theirs, fired = torch.zeros(3, 5), 0
    with torch.no_grad():
        for pre in torch.rand(60, 1, 5, generator=torch.Generator().manual_seed(1)) < 0.4:
            post = sn(fc(pre.float()))
            fired += post.sum()
            theirs += learner.step(on_grad=False, scale=0.1)
            updater.update(ours, pre, post)
    assert fired > 20
    torch.testing.assert_close(ours.weight, theirs, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("apart", [-40, -7, -1, 0, 1, 7, 40])
@pytest.mark.parametrize("inverse", [False, True])
def test_pair_window(apart, inverse):
    tau_pre, tau_post, rate = 15.0, 25.0, 0.01
    connection, updater = linear([0.5]), learning.STDPUpdater(tau_pre, tau_post, rate, f_w=one, gated=True)
    for t in range(100):
        updater.update(connection, spikes(t == 50), spikes(t == 50 + apart), inverse=inverse)
    tau = tau_pre if apart > 0 else tau_post
    expected = (apart > 0) - (apart < 0)
    expected *= rate * (1 - 1 / tau) ** abs(apart) * (-1 if inverse else 1)
    assert connection.weight.item() - 0.5 == pytest.approx(expected, abs=1e-7)


def run_seed_updater(steps):
    def f_w(w):
        return w.abs() / (w.abs().sum() + 1e-6)

    connection, node = linear([0.004, 0.006]), simulator.LIFNode([1], 10.0, 1.0, tau=100.0)
    sim = simulator.Simulator()
    for module in (synapse.SpikeCurrent(0.5), connection, node):
        sim.append(module)
    updater = learning.STDPUpdater(50.0, 100.0, 0.1, f_w=f_w, gated=False)
    post, weights = [], []
    for t in range(steps):
        if t >= 250:
            pre = spikes(False, t % 2 == 0)
        else:
            pre = spikes(True, True) if t % 2 == 0 else spikes((t // 2) % 2 == 0, (t // 2) % 2 == 1)
        out = sim.step(pre)
        updater.update(connection, pre, out)
        weights.append(connection.weight.flatten().tolist())
        if out.item():
            post.append(t)
    return post, weights


def test_stdp_updater_of_the_seed():
    post, w = run_seed_updater(500)
    assert len(post) == 120 and post[:6] == [15, 19, 22, 24, 26, 28] and post[-1] == 252
    assert w[0] == pytest.approx([0.04399600, 0.06599400], rel=1e-5)
    assert w[1] == pytest.approx([0.1231953, 0.1247935], rel=1e-5)
    assert w[249] == pytest.approx([9.8711, 2.7580], rel=1e-3)
    assert w[499] == pytest.approx([-213.5565, -0.28551], rel=5e-3)  # unstable by design: rounding grows


def test_anti_stdp_is_stdp_with_the_rate_negated():
    weights = []
    for rate, inverse in [(0.1, True), (-0.1, False)]:
        connection, updater = linear([0.5, 0.2]), learning.STDPUpdater(10.0, 20.0, rate)
        for pre, post in [((1, 0), 0), ((0, 1), 1)]:
            updater.update(connection, spikes(*pre), spikes(post), inverse=inverse)
        weights.append(connection.weight)
    torch.testing.assert_close(*weights)
    assert weights[0][0, 0] < 0.5


def test_proportional_is_spikingflows_weight_function():
    connection, updater = (
        linear([-0.5, 0.25]),
        learning.STDPUpdater(10.0, 10.0, 0.1, learning.proportional, gated=False),
    )
    updater.update(connection, spikes(1, 1), spikes(0))
    assert connection.weight.flatten().tolist() == pytest.approx([-0.45, 0.275], abs=1e-6)


def test_the_default_is_gated_and_softly_bound():
    connection, updater = linear([0.5, 0.2]), learning.STDPUpdater(10.0, 10.0, 0.1)
    updater.update(connection, spikes(1, 1), spikes(0))
    assert connection.weight.flatten().tolist() == pytest.approx([0.5, 0.2])  # no spike after it: nothing grows
    updater.update(connection, spikes(0, 0), spikes(1))
    assert connection.weight.flatten().tolist() == pytest.approx([0.5 + 0.09 * 0.5, 0.2 + 0.09 * 0.8])
    updater.update(connection, spikes(1, 0), spikes(0))
    assert connection.weight.flatten().tolist() == pytest.approx([0.545 * (1 - 0.09), 0.272])


# ---------------------------------------------------------------- torch's own layers


def draw(*shape, seed, rate=0.4):
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < rate


CONVOLUTIONS = {
    "plain": nn.Conv2d(2, 3, 3),
    "stride": nn.Conv2d(2, 3, 3, stride=2, padding=1),
    "leftover": nn.Conv2d(2, 3, 2, stride=3),
    "oblong": nn.Conv2d(2, 4, (1, 3), stride=(2, 1), padding=(0, 2), dilation=(1, 2)),
    "groups": nn.Conv2d(4, 6, 3, padding=1, groups=2),
    "depthwise": nn.Conv2d(4, 4, 3, groups=4),
    "same": nn.Conv2d(2, 3, 4, padding="same"),
    "circular": nn.Conv2d(2, 3, 3, padding=1, padding_mode="circular"),
    "reflect": nn.Conv2d(2, 3, 3, padding=(1, 2), padding_mode="reflect"),
    "replicate": nn.Conv2d(2, 3, 3, padding=2, padding_mode="replicate", bias=False),
    "1d": nn.Conv1d(2, 3, 3, stride=2, padding=1),
    "3d": nn.Conv3d(2, 3, 2, stride=(1, 2, 1), padding=1),
}


@pytest.mark.filterwarnings("ignore:Using padding='same'")
@pytest.mark.parametrize("name", CONVOLUTIONS)
def test_pairing_of_a_convolution_is_the_gradient_of_post_times_its_output(name):
    conv = CONVOLUTIONS[name]
    pre = draw(5, conv.in_channels, *[9, 8, 7][: conv.weight.dim() - 2], seed=0).float()
    out = conv(pre)
    post = draw(*out.shape, seed=1).float()
    (expected,) = torch.autograd.grad((out * post).sum(), conv.weight)
    with torch.no_grad():
        torch.testing.assert_close(learning.pairing(conv, pre, post), expected / 5)
        torch.testing.assert_close(learning.pairing(conv, pre[0], post[0]), learning.pairing(conv, pre[:1], post[:1]))
        assert not learning.pairing(conv, pre[:0], post[:0]).any()


def test_a_convolution_learns_as_the_linear_layer_of_one_place():
    """A kernel as large as the picture is a Linear layer; its windows one by one are a batch of such pictures."""
    conv, fc = nn.Conv2d(2, 3, (2, 4), stride=(2, 1)), nn.Linear(16, 3)
    nn.init.uniform_(conv.weight, 0.2, 0.8)
    start = conv.weight.detach().clone()
    with torch.no_grad():
        fc.weight.copy_(start.flatten(1))
    by_conv, by_fc = learning.STDPUpdater(7.0, 4.0, 0.1), learning.STDPUpdater(7.0, 4.0, 0.1 * 3)
    for t in range(20):
        pre, post = draw(1, 2, 6, 4, seed=t), draw(1, 3, 3, 1, seed=100 + t)
        by_conv.update(conv, pre, post)
        windows = pre[0].unflatten(1, (3, 2)).transpose(0, 1).flatten(1)  # [places, in]
        by_fc.update(fc, windows, post[0, :, :, 0].t())
    torch.testing.assert_close(conv.weight.flatten(1), fc.weight)
    assert (conv.weight - start).abs().max() > 0.05


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_nn_linear_learns_as_ours_in_every_precision(dtype):
    ours, theirs = linear(*[[0.5] * 5] * 3), nn.Linear(5, 3, dtype=dtype)
    nn.init.constant_(theirs.weight, 0.5)
    bias, weight = theirs.bias.clone(), theirs.weight
    updaters = [learning.STDPUpdater(7.0, 4.0, 0.1) for _ in range(2)]
    for t in range(40):
        pre, post = draw(4, 5, seed=t), draw(4, 3, seed=100 + t)
        updaters[0].update(ours, pre, post)
        updaters[1].update(theirs, pre, post)
    assert theirs.weight is weight and weight.dtype == dtype and weight.requires_grad
    assert updaters[1].traces.trace_pre.dtype == torch.promote_types(dtype, torch.float32)
    torch.testing.assert_close(
        weight.detach().float(), ours.weight, atol=0.05 if dtype == torch.bfloat16 else 1e-5, rtol=0
    )
    assert torch.equal(theirs.bias, bias) and (ours.weight - 0.5).abs().max() > 0.01


def test_stdp_module_around_nn_linear_equals_that_around_ours():
    units = []
    for connection in (linear([0.5, 0.3]), nn.Linear(2, 1, bias=False)):
        with torch.no_grad():
            connection.weight.copy_(torch.tensor([[0.5, 0.3]]))
        parts = synapse.SpikeCurrent(), connection, simulator.IFNode([1], 1.0, 1.0)
        units.append(learning.STDPModule(*parts, 10.0, 10.0, 0.1))
    trains = [torch.stack([unit(s) for s in draw(50, 2, seed=3)]) for unit in units]
    assert torch.equal(*trains) and 5 < trains[0].sum() < 50
    torch.testing.assert_close(units[0].connection.weight, units[1].connection.weight.detach())


def test_stdp_module_around_a_convolution():
    conv = nn.Conv2d(1, 2, 3, padding=1)
    nn.init.constant_(conv.weight, 0.5)
    unit = learning.STDPModule(synapse.SpikeCurrent(), conv, simulator.IFNode([2, 2, 4, 4], 1.0, 1.0), 10.0, 10.0, 0.01)
    for t in range(12):
        out = unit(draw(2, 1, 4, 4, seed=t))
    assert out.shape == (2, 2, 4, 4) and out.dtype == torch.bool
    assert (conv.weight != 0.5).all() and 0 <= conv.weight.min() <= conv.weight.max() <= 1


# ---------------------------------------------------------------- empty batches


@pytest.mark.parametrize("gated", [True, False])
def test_an_empty_batch_changes_nothing(gated):
    for connection, pre, post in (
        (linear([0.5, 0.5]), spikes([1, 0], [1, 1]), spikes([0], [1])),
        (nn.Conv2d(1, 1, 2), spikes([[[1, 0], [1, 1]]]), spikes([[[1]]])),
    ):
        updater, fresh = learning.STDPUpdater(10.0, 10.0, 0.1, gated=gated), connection.weight.detach().clone()
        updater.update(connection, pre[:0], post[:0])
        assert torch.equal(connection.weight, fresh)
        updater.update(connection, pre, post)
        learned, traces = connection.weight.detach().clone(), updater.traces.trace_pre
        updater.update(connection, pre[:0], post[:0])
        assert torch.equal(connection.weight, learned) and updater.traces.trace_pre is traces
        assert not torch.equal(fresh, learned)


def test_an_empty_batch_through_the_module_teaches_nothing():
    node = nn.Hardtanh(0, 1)  # keeps the empty batch as it is
    unit = learning.STDPModule(synapse.SpikeCurrent(), linear([0.5, 0.5]), node, 10.0, 10.0, 0.1, gated=False)
    for _ in range(3):
        assert unit(torch.zeros(0, 2)).shape == (0, 1)
    assert unit.connection.weight.tolist() == [[0.5, 0.5]]


# ---------------------------------------------------------------- your own synapse and rule


def test_own_connection_registers_its_pairing():
    class OneToOne(synapse.Connection):
        def __init__(self, n):
            super().__init__()
            self.register_buffer("weight", torch.full([n], 0.5))

        def forward(self, x):
            return x * self.weight

    connection, updater = OneToOne(2), learning.STDPUpdater(10.0, 10.0, 0.1, one, gated=False)
    with pytest.raises(TypeError, match=r"OneToOne.*learning\.pairing\.register"):
        updater.update(connection, spikes(1, 0), spikes(0, 0))
    updater.reset()

    @learning.pairing.register
    def _(connection: OneToOne, pre, post):
        return (pre * post).reshape(-1, pre.shape[-1]).mean(0)

    updater.update(connection, spikes(1, 0), spikes(0, 0))
    assert connection.weight.tolist() == pytest.approx([0.6, 0.5])


def test_own_rule_in_a_few_lines():
    class Hebb(learning.STDPUpdater):
        def update(self, connection, pre, post):
            connection.weight += self.traces.learning_rate * learning.pairing(connection, pre.float(), post.float())

    connection = linear([0.5, 0.5])
    Hebb(1.0, 1.0, 0.1).update(connection, spikes(1, 0), spikes(1))
    assert connection.weight.flatten().tolist() == pytest.approx([0.6, 0.5])


# ---------------------------------------------------------------- bad input


def update(pre, post, connection=None):
    learning.STDPUpdater(10.0, 10.0, 0.1).update(connection or linear([0.5, 0.5], [0.5, 0.5], [0.5, 0.5]), pre, post)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: learning.STDPUpdater(0.5, 10.0, 0.1), ValueError, "tau_pre must be at least 1"),
        (lambda: learning.STDPUpdater(10.0, 0.5, 0.1), ValueError, "tau_post must be at least 1"),
        (lambda: learning.STDPUpdater(10.0, 10.0, "fast"), TypeError, "learning_rate must be a number"),
        (lambda: learning.STDPUpdater(10.0, 10.0, 0.1, f_w=1.0), TypeError, "f_w must be a function"),
        (lambda: seed_module(f_w=None), TypeError, "f_w must be a function"),
        (lambda: update([1, 0], spikes(1, 0, 0)), TypeError, "takes spikes as a tensor, got list"),
        (lambda: update(torch.tensor([0.5, 0]), spikes(1, 0, 0)), ValueError, "numbers that are 0 or 1"),
        (
            lambda: update(spikes(1, 0), spikes(1)),
            ValueError,
            r"weight of \(3, 2\)",
        ),  # would broadcast silently
        (lambda: update(spikes(1), spikes(1, 0, 0)), ValueError, r"weight of \(3, 2\)"),
        (lambda: update(spikes([1, 0], [1, 0]), spikes([1, 0, 0])), ValueError, "batches of one size"),
        (
            lambda: update(spikes(1, 0), spikes(1), nn.Bilinear(2, 1, 1)),
            TypeError,
            "does not know how Bilinear connects",
        ),
        (
            lambda: update(spikes(1, 0), spikes(1), nn.utils.parametrizations.weight_norm(nn.Linear(2, 1))),
            TypeError,
            "computed anew from other parameters",
        ),
        (
            lambda: update(spikes(1, 0), spikes(1), nn.utils.spectral_norm(nn.Linear(2, 1))),
            TypeError,
            "computed anew from other parameters",
        ),
        (
            lambda: update(spikes(1), spikes(1), linear([1.0]).type(torch.int64)),
            TypeError,
            "floating-point weights.*int64",
        ),
        (lambda: update(spikes([[[1]]]), spikes([[[1]]]), nn.Conv2d(2, 1, 1)), ValueError, r"pairs pre \[N, 2, …\]"),
        (lambda: update(spikes([[[1, 1]]]), spikes([[[1]]]), nn.Conv2d(1, 1, 1)), ValueError, r"post \(1, 1, 1, 2\)"),
    ],
)
def test_errors_say_what_is_accepted(call, error, message):
    with pytest.raises(error, match=message):
        call()
