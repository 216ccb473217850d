"""resume=True goes on with the same run only: every change of it is named, and nothing else is taken for one."""

import functools
import itertools
import subprocess
import sys
import textwrap
import warnings
from collections import OrderedDict

import pytest
import torch
from small import data
from torch import nn

from course_snn import encoding, functional, layer, neuron, surrogate, training
from course_snn.training import CheckpointError

X, LABELS = data()
SCALE = 1.0


def net(tau=2.0, threshold=1.0, reset=0.0, slope=None, detach=False, cls=neuron.LIFNode, p=0.2, act=nn.Identity, **bn):
    torch.manual_seed(0)
    options = dict(v_threshold=threshold, v_reset=reset, surrogate=slope, detach_reset=detach)
    options |= {} if cls is neuron.IFNode else dict(tau=tau)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(12, 8), nn.BatchNorm1d(8, **bn), cls(**options), nn.Dropout(p), act(), nn.Linear(8, 3)
    )


def conv(pool=2, **options):
    torch.manual_seed(0)
    options = dict(padding=1) | options
    body = nn.Sequential(nn.Conv2d(1, 4, 3, **options), nn.MaxPool2d(pool, 1), neuron.IFNode(), nn.Flatten())
    return nn.Sequential(body, nn.LazyLinear(3))


def go(network, folder, epochs=1, **changes):
    options = dict(T=2, batch_size=35, schedule=None, progress=False, checkpoint=folder, train=(X, LABELS)) | changes
    return training.fit(network, options.pop("train"), epochs=epochs, **options)


def resumed(first, second, folder, epochs=2):
    """Run the first, go on with the second; each is (network, changes)."""
    go(first[0], folder, **first[1])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return go(second[0], folder, epochs, resume=True, **second[1])


def refused(first, second, folder):
    with pytest.raises(CheckpointError) as error:
        resumed(first, second, folder)
    return str(error.value)


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


def own_classes(k=1.0, charge="v + x", scale=1.0):
    """A notebook's cell: it is executed anew each time, as after an edit."""
    cell = f"""
    import torch
    from torch import nn
    from course_snn import neuron
    K = {k}
    def bent(x):
        return x * K
    class Own(neuron.Neuron):
        def __init__(self, scale):
            super().__init__()
            self.scale = scale
            self._twice = [lambda x: bent(x) * 2, scale]
        def charge(self, v, x):
            return self._twice[0](self.scale * ({charge})) / 2
    """
    namespace = {"__name__": "__main__"}
    exec(textwrap.dedent(cell), namespace)
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 8), namespace["Own"](scale), nn.Linear(8, 3))


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
        (dict(encode=train_(0)), dict(encode=train_(1)), "encode.out_spike: [2, 35, 12] torch.bool"),
        (dict(loss=training.rate_mse), dict(loss=other_code), "loss: rate_mse there, other_code, code"),
        (dict(run=lambda net, x: net(x)[None]), dict(run=lambda net, x: net(2 * x)[None]), "run: <lambda>, code"),
        (dict(train=(X, LABELS)), dict(train=(SAMPLES, LABELS)), "train inputs: [70, 1, 3, 4] torch.float32"),
        (dict(train=(X, LABELS)), dict(train=(X, LABELS.flip(0))), "train labels: [70] torch.int64"),
        (dict(test=(X[:9], LABELS[:9])), dict(test=(X[9:18], LABELS[9:18])), "test inputs"),
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
    assert seen[0].filename == __file__
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


# ---------------------------------------------------------------- the same run, though something is another


class Leaky(nn.Module):
    """A learner's own neuron without a reset, that counts, keeps a list, and notes the shape it saw."""

    def __init__(self, tau):
        super().__init__()
        self.tau, self.calls, self.shape, self.log = tau, 0, None, []
        self.register_buffer("trace", torch.zeros(()), persistent=False)

    def forward(self, x):
        self.calls += 1
        self.note(x)
        self.log.append(float(x.detach().mean()))
        self.trace = self.trace + 1
        return x / self.tau

    def note(self, x):
        self.shape = x.shape


def leaky(tau=2.0):
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 8), Leaky(tau), layer.Dropout(0.1), nn.Linear(8, 3))


def test_a_network_whose_first_epoch_failed(tmp_path):
    network, healthy = leaky(), leaky()
    with pytest.raises(ZeroDivisionError), pytest.MonkeyPatch.context() as patch:
        patch.setattr("course_snn.training.run.correct", lambda *batch: 1 / 0)
        go(network, tmp_path)
    network[2].log.clear()  # of a list that grows nobody can tell that it is state before the first checkpoint
    go(network, tmp_path, resume=True)
    go(healthy, tmp_path / "other")
    assert torch.equal(network[1].weight, healthy[1].weight)


def test_a_network_that_was_run_before(tmp_path):
    def ran(network):
        functional.unroll(network, X[:5], T=3)
        return network

    resumed((leaky(), {}), (ran(leaky()), {}), tmp_path / "a")
    resumed((ran(leaky()), {}), (leaky(), {}), tmp_path / "b")
    same = leaky()
    resumed((same, {}), (same, {}), tmp_path / "c")
    encoder = encoding.LatencyEncoder(4)
    encoder.spike_train(X[:2])
    change = dict(encode=encoder, T=None)
    resumed((ran(net()), change), (net(), dict(encode=encoding.LatencyEncoder(4), T=None)), tmp_path / "d")
    assert "2.tau: 2.0 there, 9.0 here" in refused((leaky(), {}), (leaky(9.0), {}), tmp_path / "e")


def test_a_neuron_of_spikingjelly_that_was_run_before(tmp_path):
    sj = pytest.importorskip("spikingjelly.activation_based.neuron")

    def make(tau=2.0):
        torch.manual_seed(0)
        return nn.Sequential(nn.Flatten(), nn.Linear(12, 8), sj.LIFNode(tau), nn.Linear(8, 3))

    run = make()
    run(X[:5])
    resumed((make(), {}), (run, {}), tmp_path / "a")
    assert "2.tau: 2.0 there, 4.0 here" in refused((make(), {}), (make(4.0), {}), tmp_path / "b")


@pytest.mark.parametrize("schedule", ["one_cycle", "cosine", None, lambda o, n: torch.optim.lr_scheduler.StepLR(o, 1)])
def test_an_optimizer_that_was_run_before(tmp_path, schedule):
    network = net()
    optimizer = torch.optim.SGD(network.parameters(), 0.1, momentum=0.9)
    options = dict(optimizer=optimizer, schedule=schedule)
    go(network, tmp_path, 2, **options)
    for _ in range(2):
        with pytest.raises(CheckpointError, match="T: 2 there, 3 here"):
            go(network, tmp_path, 2, resume=True, T=3, **options)
        go(network, tmp_path, 2, resume=True, **options)
    with pytest.raises(CheckpointError, match=r"optimizer\.lr: 0\.1 there, 0\.5 here"):
        fresh = net()
        optimizer = torch.optim.SGD(fresh.parameters(), 0.5, momentum=0.9)
        go(fresh, tmp_path, 2, resume=True, optimizer=optimizer, schedule=schedule)


def test_the_same_function_typed_again_with_comments_and_other_names(tmp_path):
    def first(x):
        return torch.where(x > 0.5, x, 0.5 * x)

    def first_again(image):
        """Dim what is dark."""

        # a comment
        return torch.where(image > 0.5, image, 0.5 * image)

    first_again.__name__ = "first"
    resumed((net(), dict(augment=first)), (net(), dict(augment=first_again)), tmp_path / "a")
    resumed((net(), dict(encode=lambda x: x * 2)), (net(), dict(encode=lambda x: x * 2)), tmp_path / "b")
    resumed((own_classes(), {}), (own_classes(), {}), tmp_path / "c")  # the cell was executed again


device = "cpu"


def to_the_device(x):
    return x if device else None


def test_what_does_not_belong_to_the_run(tmp_path, monkeypatch):
    class Writer:
        def add_scalar(self, *what):
            pass

    seen = []
    go(net(), tmp_path / "a", encode=to_the_device)
    (tmp_path / "a").rename(tmp_path / "b")  # another folder
    go(
        net(),
        tmp_path / "b",
        2,
        resume=True,
        encode=to_the_device,
        device="cpu",
        save_every=0,
        writer=Writer(),
        on_epoch=seen.append,
    )
    monkeypatch.setattr(sys.modules[__name__], "device", "cuda")
    go(
        net(),
        tmp_path / "b",
        3,
        resume=True,
        encode=to_the_device,
        device=torch.device("cpu"),
        train=(X.double(), LABELS.int()),
    )
    assert len(seen) == 1


def test_thresholds_that_a_loss_sets_are_state(tmp_path):
    def margin(network, keep):
        def loss(out, labels):
            keep(network[-1], nn.functional.one_hot(labels, 3))
            return training.rate_mse(out, labels)

        return loss

    def ours(output, one_hot):
        functional.set_threshold_margin(output, one_hot, 0.95)

    def saved(output, one_hot):  # as a buffer that state_dict holds
        if hasattr(output, "v_threshold"):
            del output.v_threshold
        if output.training:
            output.register_buffer("v_threshold", torch.where(one_hot == 1, 1.1, 0.9))
        else:
            output.v_threshold = 0.95

    def make(threshold=1.0):
        torch.manual_seed(0)
        return nn.Sequential(nn.Flatten(), nn.Linear(12, 3), neuron.LIFNode(v_threshold=threshold))

    for keep in (ours, saved):
        for test in (None, (X[:35], LABELS[:35])):
            folder = tmp_path / f"{keep.__name__} {test is None}"
            run = dict(T=2, batch_size=35, schedule=None, progress=False, checkpoint=folder, resume=True)
            first, second = make(), make()
            training.fit(first, (X, LABELS), test, epochs=1, loss=margin(first, keep), **run)
            training.fit(first, (X, LABELS), test, epochs=2, loss=margin(first, keep), **run)
            training.fit(second, (X, LABELS), test, epochs=3, loss=margin(second, keep), **run)
            assert torch.equal(
                training.load(make(), folder / "best.pt")[1].weight, training.load(first, folder / "best.pt")[1].weight
            )


SCRIPT = """
import sys, torch
from torch import nn
from course_snn import neuron, surrogate, training
{blank}
torch.set_num_threads(1)
SIZES = {{"a", "b", "c"}}
def scale(x):{comment}
    return x * 0.5 if "a" in SIZES else x
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.kinds = nn.Linear(4, 3), {{"x", "y", "z"}}
        self.spike = neuron.LIFNode(surrogate=surrogate.ATan(), v_threshold={threshold})
    def forward(self, x):
        return self.spike(self.fc(x)) if str(x.dtype) in {{"torch.float32", "torch.float64"}} else x
torch.manual_seed({seed})
x, y = torch.arange(40.0).reshape(10, 4) / 40, torch.arange(10) % 3
run = lambda net, x: torch.stack([net(x) for _ in range(3)])
h = training.fit(Net(), (x, y), epochs={epochs}, run=run, augment=scale, schedule=None, progress=False,
                 checkpoint=sys.argv[1], resume=True)
print(len(h))
"""


def test_after_a_restart_of_the_kernel(tmp_path):
    def start(**changes):
        options = dict(blank="", comment="", threshold=0.5, seed=0, epochs=1) | changes
        file = tmp_path / f"{len(list(tmp_path.iterdir()))}.py"
        file.write_text(SCRIPT.format(**options))
        return subprocess.run(
            [sys.executable, "-W", "error::UserWarning", file, tmp_path / "run"],
            capture_output=True,
            text=True,
            timeout=120,
        )

    assert start().stdout == "1\n"
    again = start(blank="\n\n# moved\n", comment="  # halve", seed=5, epochs=2)
    assert again.stdout == "2\n", again.stderr
    assert "spike.v_threshold: 0.5 there, 0.6 here" in start(threshold=0.6, epochs=3).stderr


# ---------------------------------------------------------------- loading weights


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(tau=20.0), "3.tau: 2.0 there, 20.0 here"),
        (dict(threshold=0.2), "3.v_threshold: 1.0 there, 0.2 here"),
        (dict(reset=None), "3.v_reset: 0.0 there, None here"),
        (dict(cls=neuron.IFNode), "3: LIFNode there, IFNode here"),
        (dict(eps=1e-3), "2.eps"),
    ],
)
def test_load_refuses_a_network_that_would_answer_otherwise(tmp_path, change, message):
    go(net(), tmp_path)
    with pytest.raises(CheckpointError, match=f"answers otherwise:\n  {message}.*\n.*check=False"):
        training.load(net(**change), tmp_path / "best.pt")
    loaded = training.load(net(**change), tmp_path / "best.pt", check=False)
    assert torch.equal(loaded[1].weight, torch.load(tmp_path / "best.pt")["net"]["1.weight"])


@pytest.mark.parametrize(
    "change",
    [
        dict(slope=surrogate.ATan()),
        dict(slope=surrogate.Sigmoid(3.0)),
        dict(detach=True),
        dict(p=0.7),
        dict(momentum=0.5),
    ],
)
def test_load_takes_a_network_that_only_learns_otherwise(tmp_path, change):
    go(net(), tmp_path)
    frozen = net(**change)
    frozen[1].requires_grad_(False)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        training.load(frozen, tmp_path / "latest.pt")


def test_load_warns_of_other_code(tmp_path):
    go(own_classes(), tmp_path)
    with pytest.warns(UserWarning, match=r"other code: class Own\.charge"):
        training.load(own_classes(charge="x + v"), tmp_path / "best.pt")


# ---------------------------------------------------------------- files of the older version


def older(folder, without=()):
    go(net(torch.arange(1.0, 9)), folder)
    for name in ("latest", "best"):
        state = torch.load(folder / f"{name}.pt")
        state["format"], state["signature"] = "course_snn.training 1", {"network": "Sequential of 204 numbers"}
        for key in without:
            state["net"].pop(key, None)
        torch.save(state, folder / f"{name}.pt")
    (folder / "previous.pt").unlink()


def test_weights_of_the_older_version_are_loaded_but_its_runs_are_not_resumed(tmp_path):
    older(tmp_path)
    loaded = training.load(net(torch.arange(1.0, 9)), tmp_path / "best.pt")
    assert torch.equal(loaded[1].weight, torch.load(tmp_path / "best.pt")["net"]["1.weight"])
    with pytest.raises(CheckpointError, match=r"older version, which did not record the settings.*resume=False"):
        go(net(torch.arange(1.0, 9)), tmp_path, 2, resume=True)


def test_time_constants_that_the_older_version_did_not_save(tmp_path):
    older(tmp_path, without=["3.tau"])

    def make():
        network = net(torch.arange(1.0, 9))
        tau = network[3].tau
        del network[3].tau
        network[3].register_buffer("tau", tau)  # saved from now on
        return network

    with pytest.warns(UserWarning, match=r"older version, which did not save 3\.tau: the values with which"):
        loaded = training.load(make(), tmp_path / "best.pt")
    assert torch.equal(loaded[3].tau, torch.arange(1.0, 9))
    state = torch.load(tmp_path / "best.pt")
    del state["net"]["1.weight"]
    torch.save(state, tmp_path / "best.pt")
    with pytest.raises(CheckpointError, match=r"another network[^$]*Missing key[^$]*1\.weight"):
        training.load(net(torch.arange(1.0, 9)), tmp_path / "best.pt")
