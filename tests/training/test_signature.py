"""resume=True goes on with the same run only: every change of it is named, and nothing else is taken for one."""

import functools
import itertools
import sys
from collections import OrderedDict

import pytest
import torch
from runs import LABELS, X, conv, go, net, own_classes, refused, resumed
from torch import nn

from course_snn import encoding, neuron, surrogate, training
from course_snn.training import CheckpointError

SCALE = 1.0


# ---------------------------------------------------------------- another network


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(tau=20.0), "3.tau: 2.0 there, 20.0 here"),
        (dict(threshold=0.2), "3.v_threshold: 1.0 there, 0.2 here"),
        (dict(reset=None), "3.v_reset: 0.0 there, None here"),
        (dict(slope=surrogate.Sigmoid(8.0)), "3.surrogate.alpha: 1.0 there, 8.0 here"),
        (dict(slope=surrogate.ATan()), "3.surrogate: Sigmoid there, ATan here"),
        (dict(detach=True), "3.detach_reset: False there, True here"),
        (dict(cls=neuron.IFNode), "3: LIFNode there, IFNode here"),
        (dict(p=0.5), "4.p: 0.2 there, 0.5 here"),
        (dict(act=nn.ReLU), "5: torch.Identity there, torch.ReLU here"),
        (dict(momentum=0.3), "2.momentum: 0.1 there, 0.3 here"),
        (dict(eps=1e-3), "2.eps: 1e-05 there, 0.001 here"),
    ],
)
def test_another_constructor_value(tmp_path, change, message):
    text = refused((net(), {}), (net(**change), {}), tmp_path)
    assert f"\n  {message}\n" in text and text.count("\n") == 2, text


@pytest.mark.parametrize(
    "change",
    [dict(stride=2, padding=2), dict(padding=0), dict(dilation=2), dict(padding_mode="circular"), dict(pool=1)],
)
def test_another_convolution_or_pooling(tmp_path, change):
    name = "0.1.kernel_size" if "pool" in change else f"0.0.{next(iter(change))}"
    assert f"{name}: " in refused((conv(), {}), (conv(**change), {}), tmp_path)


def test_a_frozen_parameter_another_order_and_shared_modules(tmp_path):
    frozen = net()
    frozen[1].bias.requires_grad_(False)
    assert "1.bias: parameter [8] torch.float32 there, parameter [8] torch.float32, frozen here" in refused(
        (net(), {}), (frozen, {}), tmp_path / "a"
    )

    def two(*order):
        torch.manual_seed(0)
        parts = {"flat": nn.Flatten(), "a": neuron.LIFNode(), "b": nn.Dropout(0.0), "c": nn.Linear(12, 3)}
        return nn.Sequential(OrderedDict((name, parts[name]) for name in order))

    swapped = refused((two("flat", "a", "b", "c"), {}), (two("flat", "b", "a", "c"), {}), tmp_path / "b")
    assert "parts: flat, a, b, c there, flat, b, a, c here" in swapped
    one = neuron.LIFNode()
    shared = nn.Sequential(nn.Flatten(), one, one, nn.Linear(12, 3))
    apart = nn.Sequential(nn.Flatten(), neuron.LIFNode(), neuron.LIFNode(), nn.Linear(12, 3))
    assert "2: LIFNode there, the same as 1 here" in refused((apart, {}), (shared, {}), tmp_path / "c")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(charge="v + 2 * x"), "class Own.charge: charge, code"),
        (dict(k=3.0), "bent.K: 1.0 there, 3.0 here"),
        (dict(scale=0.5), "2.scale: 1.0 there, 0.5 here"),
    ],
)
def test_own_classes_with_another_code_or_value(tmp_path, change, message):
    text = refused((own_classes(), {}), (own_classes(**change), {}), tmp_path)
    assert message in text and "0x" not in text


class Saved(nn.Module):
    """Its time constants are saved with the weights."""

    def __init__(self, tau):
        super().__init__()
        self.register_buffer("tau", tau)
        self.register_buffer("mean", torch.zeros(8))

    def forward(self, x):
        self.mean.mul_(0.9).add_(0.1 * x.detach().mean(0))
        return x / self.tau - self.mean


def test_time_constants_that_are_saved_are_settings_still(tmp_path):
    def make(tau):
        torch.manual_seed(0)
        return nn.Sequential(nn.Flatten(), nn.Linear(12, 8), Saved(torch.full([8], tau)), nn.Linear(8, 3))

    assert "2.tau: buffer [8] torch.float32 " in refused((make(2.0), {}), (make(20.0), {}), tmp_path / "a")
    resumed((make(2.0), {}), (make(2.0), {}), tmp_path / "b")
    loaded = training.load(make(20.0), tmp_path / "b" / "best.pt")  # they come with the weights
    assert torch.equal(loaded[2].tau, torch.full([8], 2.0))


# ---------------------------------------------------------------- other functions, data, optimizers


def scaled(x, by=1.0):
    return x * by


def times(k):
    return lambda x: x * k


def halved(x):
    return scaled(x) / SCALE


class Shift:
    def __init__(self, by):
        self.by = by

    def __call__(self, x):
        return x + self.by

    def method(self, x):
        return x - self.by


def other_code(out, labels):
    return training.rate_mse(out, labels) * 2


def adam(lr=1e-3, **options):
    return lambda params: torch.optim.Adam(params, lr, **options)


def groups(lr, swap=False):
    def make(params):
        params = list(params)
        first, last = (params[2:], params[:2]) if swap else (params[:2], params[2:])
        return torch.optim.SGD([{"params": first, "lr": lr}, {"params": last}], 0.1)

    return make


def train_(k):
    train = torch.zeros(2, 35, 12, dtype=torch.bool)
    train[k] = True
    return encoding.PeriodicEncoder(train)


SAMPLES = X.clone()
SAMPLES[3, 0, 0, 0] += 1e-3


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        (dict(encode=lambda x: x), dict(encode=lambda x: 0 * x), "encode: <lambda>, code"),
        (dict(encode=times(1.0)), dict(encode=times(2.0)), "encode.k: 1.0 there, 2.0 here"),
        (dict(encode=scaled), dict(encode=lambda x: scaled(x, 2.0)), "encode: scaled, code"),
        (
            dict(encode=functools.partial(scaled, by=1.0)),
            dict(encode=functools.partial(scaled, by=2.0)),
            "encode.by: 1",
        ),
        (dict(encode=Shift(0.0)), dict(encode=Shift(0.5)), "encode.by: 0.0 there, 0.5 here"),
        (dict(encode=Shift(0.0).method), dict(encode=Shift(0.5).method), "encode.self.by: 0.0 there, 0.5 here"),
        (dict(encode=torch.relu), dict(encode=torch.sigmoid), "encode: torch.relu there, torch.sigmoid here"),
        (
            dict(encode=encoding.LatencyEncoder(4), T=None),
            dict(encode=encoding.LatencyEncoder(16), T=None),
            "encode.max_spike_time: 4 there, 16 here",
        ),
        (
            dict(encode=train_(0), validation=None),  # which takes batches of 35 only
            dict(encode=train_(1), validation=None),
            "encode.out_spike: [2, 35, 12] torch.bool",
        ),
        (dict(loss=training.rate_mse), dict(loss=other_code), "loss: rate_mse there, other_code, code"),
        (dict(run=lambda net, x: net(x)[None]), dict(run=lambda net, x: net(2 * x)[None]), "run: <lambda>, code"),
        (dict(train=(X, LABELS)), dict(train=(SAMPLES, LABELS)), "train inputs: [70, 1, 3, 4] torch.float32"),
        (dict(train=(X, LABELS)), dict(train=(X, LABELS.flip(0))), "train labels: [70] torch.int64"),
        (dict(test=(X[:9], LABELS[:9])), dict(test=(X[9:18], LABELS[9:18])), "test inputs"),
        (dict(validation=(X[:9], LABELS[:9])), dict(validation=(X[9:18], LABELS[9:18])), "validation inputs"),
        (dict(validation=0.1), dict(validation=0.2), "validation: 7 of train, [7] torch.int64"),
        (dict(), dict(validation=None), "validation: 7 of train, [7] torch.int64"),
        (dict(validation=0), dict(validation=(X[:9], LABELS[:9])), "validation: none there, 9 x [1, 3, 4] here"),
        (dict(optimizer=adam(1e-3)), dict(optimizer=adam(1e-2)), "optimizer.lr: 0.001 there, 0.01 here"),
        (dict(optimizer=adam()), dict(optimizer=adam(amsgrad=True)), "optimizer.amsgrad: False there, True here"),
        (dict(optimizer=groups(0.1)), dict(optimizer=groups(0.2)), "optimizer group 1.lr: 0.1 there, 0.2 here"),
        (dict(optimizer=groups(0.1)), dict(optimizer=groups(0.1, True)), "optimizer group 1 learns: 1.weight, 1.bias"),
        (
            dict(optimizer=functools.partial(training.AdamRewiring, seed=0)),
            dict(optimizer=functools.partial(training.AdamRewiring, seed=1)),
            "optimizer._random: Generator, seed 0 there",
        ),
        (
            dict(schedule=lambda o, n: torch.optim.lr_scheduler.StepLR(o, 3)),
            dict(schedule=lambda o, n: torch.optim.lr_scheduler.StepLR(o, 4)),
            "schedule: <lambda>, code",
        ),
        (dict(batch_size=35), dict(batch_size=7), "batch_size: 35 there, 7 here"),
        (dict(amp=False), dict(amp=True), "amp: False there, True here"),
    ],
)
def test_another_part_of_the_run(tmp_path, before, after, message):
    before, after = (dict(change) for change in (before, after))
    for change in (before, after):
        if "test" in change:
            change["train"] = (X, LABELS)
    text = refused_with_test(before, after, tmp_path)
    assert f"\n  {message}" in text and "0x" not in text, text


def refused_with_test(before, after, folder):
    def start(change, **more):
        options = dict(T=2, batch_size=35, schedule=None, progress=False, checkpoint=folder) | change | more
        epochs = 3 if options["schedule"] else more.pop("epochs")
        options["epochs"] = epochs
        return training.fit(net(), options.pop("train", (X, LABELS)), options.pop("test", None), **options)

    start(before, epochs=1)
    with pytest.raises(CheckpointError) as error:
        start(after, epochs=2, resume=True)
    return str(error.value)


def test_a_global_that_a_function_reads(tmp_path, monkeypatch):
    go(net(), tmp_path, encode=halved)
    monkeypatch.setattr(sys.modules[__name__], "SCALE", 2.0)
    with pytest.raises(CheckpointError, match=r"encode\.SCALE: 1\.0 there, 2\.0 here"):
        go(net(), tmp_path, 2, encode=halved, resume=True)


def test_a_function_that_a_function_calls(tmp_path, monkeypatch):
    go(net(), tmp_path, encode=halved)
    monkeypatch.setattr(sys.modules[__name__], "scaled", lambda x: x * 3)
    with pytest.raises(CheckpointError, match=r"encode\.scaled: scaled, code .* there, <lambda>, code .* here"):
        go(net(), tmp_path, 2, encode=halved, resume=True)


def test_images_of_any_dtype_are_compared(tmp_path):
    half = nn.Sequential(nn.Flatten(), nn.Linear(12, 3)).bfloat16()
    text = refused((half, {}), (half, dict(train=(SAMPLES + 0.1, LABELS))), tmp_path)
    assert "train inputs: [70, 1, 3, 4] torch.bfloat16" in text


def test_a_message_tells_eight_differences_and_counts_the_rest(tmp_path):
    def deep(tau):
        torch.manual_seed(0)
        return nn.Sequential(nn.Flatten(), *[neuron.LIFNode(tau) for _ in range(12)], nn.Linear(12, 3))

    text = refused((deep(2.0), {}), (deep(3.0), {}), tmp_path)
    assert text.count(".tau: 2.0 there, 3.0 here") == 8 and "\n  and 4 more\n" in text


# ---------------------------------------------------------------- what cannot be compared is named


def test_what_cannot_be_compared_is_named(tmp_path):
    def noisy(source):
        return lambda x: x + next(source)

    go(net(), tmp_path, augment=noisy(0.0 for _ in itertools.count()))
    with pytest.warns(UserWarning, match=r"not compared: augment\.source \(generator shows nothing") as seen:
        go(net(), tmp_path, 2, augment=noisy(0.0 for _ in itertools.count()), resume=True)
    assert seen[0].filename == go.__code__.co_filename, "it points at the call of fit"
    with pytest.raises(CheckpointError, match=r"T: 2 there, 3 here\n.*Not compared: augment\.source"):
        go(net(), tmp_path, 3, augment=noisy(0.0 for _ in itertools.count()), resume=True, T=3)


def test_of_another_python_the_code_is_not_compared_but_the_rest_is(tmp_path, monkeypatch):
    from course_snn.training import signature

    go(net(), tmp_path, encode=lambda x: x)
    monkeypatch.setattr(signature, "PYTHON", "Python 3.99")
    with pytest.warns(
        UserWarning, match=r"not compared: the code of your functions \(Python 3\.1\d there, Python 3\.99"
    ):
        go(net(), tmp_path, 2, encode=lambda x: x * 1, resume=True)
    with pytest.raises(CheckpointError, match=r"3\.tau"):
        go(net(3.0), tmp_path, 2, encode=lambda x: x, resume=True)
