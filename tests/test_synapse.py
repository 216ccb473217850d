"""Transformers and connections: vectors, closed forms, SpikingJelly as an independent implementation."""

import math

import pytest
import torch
from spikingjelly.activation_based import layer as sj

from course_snn import synapse


def bits(*values):
    return torch.tensor(values, dtype=torch.bool).reshape(-1, 1)


def run(module, xs):
    return torch.stack([module(x) for x in xs])


def random_spikes(T, n, rate, seed=0):
    return torch.rand(T, n, generator=torch.Generator().manual_seed(seed)) < rate


# ---------------------------------------------------------------- transformers


def test_spike_current():
    assert run(synapse.SpikeCurrent(0.4), bits(1, 0, 1)).flatten().tolist() == pytest.approx([0.4, 0, 0.4])
    assert synapse.SpikeCurrent()(bits(1)).dtype == torch.get_default_dtype()


def test_exp_decay_vector():
    i = run(synapse.ExpDecayCurrent(5.0, 1.0), bits(1, 0, 0, 1, 0, 0, 0)).flatten()
    assert i.tolist() == pytest.approx([1, 0.8, 0.64, 1.64, 1.312, 1.0496, 0.83968])


def test_exp_decay_is_the_sum_of_what_every_spike_left():
    s, tau, amplitude = random_spikes(60, 4, 0.3), 7.0, 2.5
    quiet = (~s).double().cumsum(0)  # a spike's share decays in the steps without a spike
    share = (1 - 1 / tau) ** (quiet[:, None] - quiet[None]) * s.double()[None]  # [t, k, n]: left at t of spike k
    past = torch.ones(60, 60).tril()[..., None]
    expected = amplitude * (share * past).sum(1)
    torch.testing.assert_close(run(synapse.ExpDecayCurrent(tau, amplitude), s).double(), expected, rtol=1e-5, atol=1e-6)


def test_exp_decay_equals_spikingjelly_filter():
    s = random_spikes(50, 6, 0.4)
    torch.testing.assert_close(run(synapse.ExpDecayCurrent(10.0), s), run(sj.SynapseFilter(tau=10.0), s.float()))


def test_outputs_of_earlier_steps_do_not_change():
    module = synapse.ExpDecayCurrent(5.0)
    first = module(bits(1))
    module(bits(0))
    assert first.item() == 1


def test_stp_vectors():
    stp, seen = synapse.STPTransformer(0.5, tau_f=20.0, tau_d=10.0), []
    for s in bits(1, 0, 1, 1, 0, 0, 1):
        seen.append([stp(s).item(), stp.x.item(), stp.v.item()])
    expected = [
        [0.375, 0.5, 0.75],
        [0, 0.55, 0.7375],
        [0.16227069, 0.189375, 0.856875],
        [0.09849600, 0.10816679, 0.91059375],
        [0, 0.19735011, 0.89006406],
        [0, 0.27761510, 0.87056088],
        [0.09916762, 0.10817274, 0.91675240],
    ]
    torch.testing.assert_close(torch.tensor(seen), torch.tensor(expected), rtol=1e-5, atol=1e-7)


def test_stp_vector_facilitating():
    i = run(synapse.STPTransformer(0.2, 50.0, 200.0), bits(1, 1, 1, 1)).flatten()
    assert i.tolist() == pytest.approx([0.288, 0.24870241, 0.15527679, 0.07575871])


@pytest.mark.parametrize("period", [1, 2, 5, 20])
@pytest.mark.parametrize(("v_base", "tau_f", "tau_d"), [(0.5, 5.0, 30.0), (0.05, 80.0, 10.0)])
def test_stp_settles_at_its_fixed_point(v_base, tau_f, tau_d, period):
    # v and, given v, x are linear in their values after the last spike: solve v = f(v), x = g(x).
    a, b, n = 1 - 1 / tau_f, 1 - 1 / tau_d, period - 1
    rise = (a - v_base) * v_base * (1 - a**n) + v_base / tau_f + v_base
    v = rise / (1 - (a - v_base) * a**n)
    before = v_base + (v - v_base) * a**n
    x = ((b - before) * (1 - b**n) + 1 / tau_d) / (1 - (b - before) * b**n)
    stp = synapse.STPTransformer(v_base, tau_f, tau_d)
    for t in range(1500 // period * period + 1):
        i = stp(torch.tensor([1.0 if t % period == 0 else 0.0], dtype=torch.double))
    assert (stp.x.item(), stp.v.item(), i.item()) == pytest.approx((x, v, x * v), rel=1e-6)


@pytest.mark.parametrize(("v_base", "tau_f", "tau_d"), [(0.5, 1.0, 800.0), (0.05, 530.0, 130.0), (0.2, 300.0, 300.0)])
@pytest.mark.parametrize("period", [20, 50, 200])
def test_stp_before_settles_as_tsodyks_and_markram_have_it(v_base, tau_f, tau_d, period):
    # in continuous time: v recovers, then x·v is released; Euler steps of 1 differ from it by about 1 / tau
    b, a = (math.exp(-period / tau) if tau > 1 else 0.0 for tau in (tau_f, tau_d))
    v = v_base / (1 - (1 - v_base) * b)
    x = (1 - a) / (1 - (1 - v) * a)
    stp = synapse.STPTransformer(v_base, tau_f, tau_d, output="before")
    for t in range(6000 // period * period + 1):
        i = stp(torch.tensor([t % period == 0]))
    assert i.item() == pytest.approx(v * x, rel=0.01)


def test_stp_before_delivers_what_is_used():
    s = random_spikes(300, 4, 0.2)
    stp, rest = synapse.STPTransformer(0.4, 30.0, 50.0, output="before").double(), torch.ones(4, dtype=torch.double)
    delivered, refilled = torch.zeros(2, 4, dtype=torch.double)
    for spike in s.double():
        refilled += (1 - rest) / 50
        delivered += stp(spike)
        rest = stp.x
    torch.testing.assert_close(1 + refilled - delivered, stp.x)
    assert synapse.STPTransformer(0.5, 20.0, 10.0, output="before")(bits(1)).item() == 0.5


def test_stp_outputs_share_one_state():
    s = random_spikes(100, 3, 0.3)
    after, before = synapse.STPTransformer(0.3, 20.0, 40.0), synapse.STPTransformer(0.3, 20.0, 40.0, "before")
    x = v = None
    for spike in s:
        used = (v * x if x is not None else 0.3) * spike
        i, j = after(spike), before(spike)
        x, v = after.x, after.v
        assert torch.equal(x, before.x) and torch.equal(v, before.v)
        torch.testing.assert_close(i, v * x * spike)
        torch.testing.assert_close(j, used)


def test_stp_depresses_or_facilitates():
    every_fifth = bits(*[t % 5 == 0 for t in range(31)])
    depressing = run(synapse.STPTransformer(0.5, 1.0, 40.0), every_fifth)[::5]
    facilitating = run(synapse.STPTransformer(0.05, 100.0, 2.0), every_fifth)[::5]
    assert (depressing.diff(dim=0) < 0).all() and (facilitating[:4].diff(dim=0) > 0).all()


# ---------------------------------------------------------------- LowPassSynapse


def test_low_pass_vector_and_bool_spikes():
    expected = [1, 0.9, 0.81, 1.81, 2.81, 2.529]
    assert run(synapse.LowPassSynapse(10.0), bits(1, 0, 0, 1, 1, 0)).flatten().tolist() == pytest.approx(expected)
    assert synapse.LowPassSynapse(1.0)(bits(1)).dtype == torch.get_default_dtype()


@pytest.mark.parametrize("learnable", [False, True])
@pytest.mark.parametrize("analogue", [False, True])
def test_low_pass_equals_spikingjelly_in_values_and_gradients(learnable, analogue):
    results = []
    for module in (synapse.LowPassSynapse(3.0, learnable), sj.SynapseFilter(3.0, learnable)):
        x = torch.randn(15, 4, 5, generator=torch.Generator().manual_seed(0))
        x = (x if analogue else (x > 0.5).float()).requires_grad_()
        i = run(module, x)
        (i * torch.linspace(-1, 2, 15)[:, None, None]).sum().backward()
        results.append([i, x.grad, *(p.grad for p in module.parameters())])
    assert len(results[0]) == 2 + learnable
    torch.testing.assert_close(*results, rtol=1e-4, atol=1e-5)


def test_low_pass_gradients_and_one_call_for_a_sequence():
    module, x = synapse.LowPassSynapse(4.0, learnable=True).double(), torch.rand(6, 3).double().requires_grad_()

    def sequence(x, w):
        module.reset()
        return module.sequence(x)

    assert torch.autograd.gradcheck(sequence, (x, module.w))
    whole = sequence(x, None)
    module.reset()
    assert torch.equal(run(module, x), whole) and torch.equal(module.i, whole[-1])
    module.reset()
    assert torch.equal(torch.cat([module.sequence(x[:2]), module.sequence(x[2:])]), whole)


def test_low_pass_learns_its_time_constant():
    s, module = random_spikes(60, 8, 0.2), synapse.LowPassSynapse(3.0, learnable=True)
    assert module.tau == pytest.approx(3.0) and set(module.state_dict()) == {"w"}
    wanted, optimizer = synapse.LowPassSynapse(9.0).sequence(s), torch.optim.Adam(module.parameters(), 0.1)
    for _ in range(60):
        module.reset()
        loss = (module.sequence(s) - wanted).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert module.tau == pytest.approx(9.0, rel=0.05)


def test_low_pass_holds_a_slow_decay_in_sixteen_bits():
    module = synapse.LowPassSynapse(1000.0)
    i = module.sequence(torch.tensor([1.0] * 50 + [0.0] * 1000, dtype=torch.bfloat16)[:, None])
    assert i.dtype == torch.bfloat16 and i[-1].item() == pytest.approx(50 * 0.999**1000, rel=0.01)
    assert module.i.dtype == torch.float


# ---------------------------------------------------------------- connections


@pytest.mark.parametrize(("delay", "out"), [(0, [1, 2, 3, 4, 5]), (1, [0, 1, 2, 3, 4]), (2, [0, 0, 1, 2, 3])])
def test_delay_is_first_in_first_out(delay, out):
    x = torch.arange(1.0, 6.0).reshape(-1, 1)
    assert run(synapse.ConstantDelay(delay), x).flatten().tolist() == out
    assert torch.equal(run(synapse.ConstantDelay(delay), x), run(sj.Delay(delay), x))


def test_delay_keeps_what_it_was_given():
    delay, x = synapse.ConstantDelay(1), torch.ones(2)
    delay(x)
    x.zero_()  # a learner reuses the buffer
    assert delay(x).tolist() == [1, 1]
    assert delay(torch.zeros(2)).dtype == torch.float
    spikes = synapse.ConstantDelay(1)
    assert spikes(bits(1)).dtype == torch.bool and spikes(bits(0)).item() is True


def test_linear():
    torch.manual_seed(0)
    linear = synapse.Linear(200, 50)
    assert linear.weight.shape == (50, 200) and not list(linear.parameters())
    assert linear.weight.min() >= 0 and linear.weight.max() < 1 / 128
    assert linear.weight.mean().item() == pytest.approx(1 / 256, rel=0.02)
    for x in (torch.rand(200), torch.rand(3, 200), torch.rand(2, 3, 200)):
        torch.testing.assert_close(linear(x), torch.einsum("oi,...i->...o", linear.weight, x))


def test_gaussian_linear_adds_fresh_noise():
    torch.manual_seed(0)
    noisy, x = synapse.GaussianLinear(3, 10_000, 0.5), torch.rand(2, 3)
    noise = noisy(x) - x @ noisy.weight.t()
    assert noise.std(1).tolist() == pytest.approx([0.5, 0.5], rel=5 / (2 * 10_000) ** 0.5)
    assert abs(noise.mean()) < 5 * 0.5 / 20_000**0.5 and not torch.equal(noise[0], noise[1])
    assert not torch.equal(noisy(x), noisy(x))


def test_own_transformer_and_connection_in_a_few_lines():
    class AlphaCurrent(synapse.Transformer):
        def __init__(self, tau):
            super().__init__()
            self.tau = tau
            self.declare("rise", 0.0)
            self.declare("i", 0.0)

        def current(self, s):
            self.rise = self.state("rise", like=s) * (1 - 1 / self.tau) + s
            self.i = self.state("i", like=s) * (1 - 1 / self.tau) + self.rise / self.tau
            return self.i

    class OneToOne(synapse.Connection):
        def forward(self, x):
            return 2 * x

    i = run(torch.nn.Sequential(AlphaCurrent(4.0), OneToOne()), bits(1, *[0] * 20)).flatten()
    assert i.argmax() in (2, 3) and i[-1] < i.max() / 4


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: synapse.SpikeCurrent("1"), TypeError, "amplitude must be a number"),
        (
            lambda: synapse.SpikeCurrent()(torch.tensor([0.5])),
            ValueError,
            "takes spikes: bool, or numbers that are 0 or 1",
        ),
        (lambda: synapse.SpikeCurrent()(True), TypeError, "takes spikes as a tensor, got bool"),
        (lambda: synapse.ExpDecayCurrent(0.5), ValueError, "tau must be at least 1"),
        (lambda: synapse.LowPassSynapse(0.5), ValueError, "tau must be at least 1"),
        (lambda: synapse.LowPassSynapse(1.0, learnable=True), ValueError, "tau must be greater than 1"),
        (lambda: synapse.LowPassSynapse()(1.0), TypeError, "takes a tensor, got float"),
        (lambda: synapse.STPTransformer(0.0, 5.0, 5.0), ValueError, "v_base must be greater than 0"),
        (lambda: synapse.STPTransformer(1.1, 5.0, 5.0), ValueError, r"in \(0, 1\]"),
        (lambda: synapse.STPTransformer(0.5, 0.5, 5.0), ValueError, "tau_f must be at least 1"),
        (lambda: synapse.STPTransformer(0.5, 5.0, 0.5), ValueError, "tau_d must be at least 1"),
        (lambda: synapse.STPTransformer(0.5, 5.0, 5.0, "old"), ValueError, 'output must be "after" or "before"'),
        (lambda: synapse.Transformer()(bits(1)), NotImplementedError, r"must define current\(s\)"),
        (lambda: synapse.ConstantDelay(-1), ValueError, "delay_time must be at least 0"),
        (lambda: synapse.ConstantDelay(1.0), TypeError, "delay_time must be a whole number"),
        (lambda: synapse.ConstantDelay()(1.0), TypeError, "takes a tensor, got float"),
        (lambda: synapse.Linear(0, 1), ValueError, "in_num must be at least 1"),
        (lambda: synapse.Linear(1, 2.0), TypeError, "out_num must be a whole number"),
        (lambda: synapse.Linear(2, 1)(torch.rand(3)), ValueError, r"\[N, …, 2\], got shape \(3,\)"),
        (
            lambda: synapse.Linear(2, 1)(bits(1, 1).flatten()),
            TypeError,
            r"put a transformer such as SpikeCurrent\(\)",
        ),
        (lambda: synapse.GaussianLinear(2, 1, -0.1), ValueError, "std must be at least 0"),
        (lambda: synapse.GaussianLinear(2, 1, 0.1)(0.3), TypeError, "GaussianLinear carries currents"),
    ],
)
def test_errors_say_what_is_accepted(make, error, message):
    with pytest.raises(error, match=message):
        make()
