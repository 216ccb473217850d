"""fit: equal to the loop that a book would print; repeatable; clear about what went wrong."""

import functools
import threading

import pytest
import torch
from small import BATCHES, data, fit, network, plain, rewiring, same
from torch import nn
from torch.nn import functional as F

from course_snn import encoding, functional, language, training
from course_snn.training import loop


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


# ---------------------------------------------------------------- against the plain loop


@pytest.mark.parametrize("loss", ["cross-entropy", "mse"])
def test_equals_the_plain_loop(loss):
    ours, theirs, (x, labels) = plain(), plain(), data()
    options = dict(T=4, epochs=5, batch_size=len(x), lr=0.05, schedule=None)
    options |= dict(loss=training.rate_mse) if loss == "mse" else {}
    history = training.fit(ours, (x, labels), **options)
    optimizer, losses = torch.optim.Adam(theirs.parameters(), 0.05), []
    for _ in range(5):
        theirs[2].reset()
        rate = sum(theirs(x) for _ in range(4)) / 4
        value = F.mse_loss(rate, torch.eye(3)[labels]) if loss == "mse" else F.cross_entropy(rate, labels)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        losses.append(value.item())
    assert history["train_loss"] == pytest.approx(losses, rel=1e-4)
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-4)


def test_every_sample_is_seen_once_in_each_epoch_in_another_order():
    x, labels = torch.arange(70.0).reshape(70, 1).expand(-1, 12), data()[1]
    seen = []
    training.fit(
        plain(), (x, labels), T=1, epochs=2, batch_size=16, augment=lambda batch: seen.append(batch[:, 0]) or batch
    )
    assert [len(batch) for batch in seen] == [16, 16, 16, 16, 6] * 2
    first, second = torch.cat(seen[:BATCHES]), torch.cat(seen[BATCHES:])
    assert first.sort().values.tolist() == second.sort().values.tolist() == list(range(70))
    assert not torch.equal(first, second) and not torch.equal(first, x[:, 0])


def test_means_are_over_samples_not_over_batches():
    x, labels = data()
    options = dict(T=4, epochs=1, lr=1e-12, batch_size=16)
    history = training.fit(plain(), (x, labels), (x, labels), validation=(x, labels), **options)
    row = history.epochs[0]
    for loss, accuracy in [(row.validation_loss, row.validation_accuracy), history.test[:2]]:
        assert row.train_loss == pytest.approx(loss, abs=1e-6)  # nothing was learned in between
        assert row.train_accuracy == accuracy


def test_learns():
    history = fit(network(), epochs=25, lr=0.05)
    assert history.best.validation_accuracy >= 0.9 and history["train_loss"][-1] < history["train_loss"][0]


def test_equals_the_plain_loop_where_everything_random_is_used():
    """The order of the samples, dropout, Poisson spikes and rewiring come from the seed and the epoch, as written."""
    ours, theirs, (x, labels), losses = network(), network(), data(), []
    history = fit(ours, validation=None)
    optimizer = rewiring(theirs.parameters())
    swings = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.02, total_steps=4 * BATCHES)
    with torch.random.fork_rng():
        for epoch in range(1, 5):
            mixed, total = 3 * 1_000_003 + epoch, 0.0
            order = torch.randperm(70, generator=torch.Generator().manual_seed(mixed))
            torch.manual_seed(mixed)
            for batch in range(BATCHES):
                part = order[16 * batch : 16 * (batch + 1)]
                functional.reset_net(theirs)
                spikes = encoding.PoissonEncoder().spike_train(x[part], 3).float()
                value = F.cross_entropy(functional.unroll(theirs, spikes).mean(0), labels[part])
                optimizer.zero_grad()
                value.backward()
                optimizer.step()
                total += value.item() * len(part)
                if (epoch, batch) != (4, BATCHES - 1):
                    swings.step()
            losses.append(total / 70)
    assert history["train_loss"] == pytest.approx(losses, rel=1e-6)
    functional.reset_net(theirs)
    assert same(ours, theirs)


# ---------------------------------------------------------------- randomness


def test_repeatable_and_the_outer_random_numbers_stay():
    one, two, three = network(), network(), network()
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    fit(one)
    assert torch.equal(torch.rand(3), expected)
    fit(two)
    fit(three, seed=4)
    assert same(one, two) and not same(one, three)


def test_looking_at_other_data_does_not_change_the_training():
    one, two = network(), network()
    fit(one, test=data(20, 2))
    poisson = encoding.PoissonEncoder()
    training.fit(two, data(), T=3, epochs=4, batch_size=16, encode=poisson, optimizer=rewiring, seed=3, progress=False)
    assert same(one, two)


# ---------------------------------------------------------------- how a batch runs


def test_three_ways_to_run_over_time():
    x, labels = data()
    nets = [plain() for _ in range(3)]
    ways = [
        dict(T=4),
        dict(encode=lambda x: x.expand(4, *x.shape)),
        dict(run=lambda net, x: torch.stack([net(x) for _ in range(4)])),
    ]
    for net, way in zip(nets, ways, strict=True):
        training.fit(net, (x, labels), epochs=1, **way)
    for net in nets[1:]:
        torch.testing.assert_close(net[1].weight, nets[0][1].weight)
    still = plain()
    training.fit(still, (x, labels), epochs=1, T=4, encode=lambda x: x * 1.0)
    torch.testing.assert_close(still[1].weight, nets[0][1].weight)


def test_leaves_the_network_reset_and_in_eval_mode():
    net = network()
    fit(net, epochs=1)
    assert net[3].v == 0.0 and not any(module.training for module in net.modules())


def test_images_and_labels_by_name():
    class Images:
        images, labels = data()

    one, two = plain(), plain()
    training.fit(one, Images(), T=2, epochs=1)
    training.fit(two, data(), T=2, epochs=1)
    assert same(one, two)


def test_amp_computes_in_bfloat16_and_keeps_the_weights_whole():
    dtypes = []

    class Spy(nn.Linear):
        def forward(self, x):
            dtypes.append(super().forward(x).dtype)
            return super().forward(x)

    net = nn.Sequential(nn.Flatten(), Spy(12, 3))
    history = training.fit(net, data(), validation=data(), T=1, epochs=20, lr=0.05, amp=True)
    assert set(dtypes) == {torch.bfloat16} and net[1].weight.dtype == torch.float32
    assert history.best.validation_accuracy > 0.9


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_trains_and_resumes_on_a_gpu_in_float16(tmp_path):
    net = network()
    options = dict(device="cuda", amp=True, schedule=None, lr=0.05)
    fit(net, tmp_path, epochs=15, **options)
    history = fit(network(9), tmp_path, epochs=30, resume=True, **options)
    assert len(history) == 30 and history.best.validation_accuracy >= 0.9
    assert net[1].weight.device.type == "cuda" and net[1].weight.dtype == torch.float32


# ---------------------------------------------------------------- optimizer, schedule, listeners


def rates(**options):
    return training.fit(plain(), data(), T=1, epochs=2, batch_size=16, **options)["lr"]


def test_schedules_are_torch_s():
    steps = 2 * BATCHES

    def last(make):
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], 0.1, momentum=0.9)
        schedule, seen = make(optimizer), []
        for _ in range(steps):
            seen.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        return [seen[BATCHES - 1], seen[-1]]

    one_cycle = last(lambda o: torch.optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=steps))
    assert rates(lr=0.1) == pytest.approx(one_cycle)
    assert rates(lr=0.1, optimizer=torch.optim.SGD) == pytest.approx(one_cycle)
    cosine = last(lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, steps))
    assert rates(lr=0.1, schedule="cosine") == pytest.approx(cosine)
    assert rates(lr=0.1, schedule=lambda o, n: torch.optim.lr_scheduler.StepLR(o, n // 2)) == pytest.approx([0.1, 0.01])
    assert rates(schedule=None) == [1e-3, 1e-3]


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda params: torch.optim.SGD(params, 0.3),
        functools.partial(torch.optim.SGD, lr=0.3),
        lambda params, lr=0.3: torch.optim.SGD(params, lr),
    ],
)
def test_optimizers_may_be_functions(optimizer):
    assert rates(optimizer=optimizer, schedule=None) == [0.3, 0.3]


def test_an_optimizer_may_be_given():
    net = plain()
    optimizer = torch.optim.Adam([{"params": net[1].parameters(), "lr": 0.02}, {"params": net[3].parameters()}])
    before = net[3].weight.clone()
    history = training.fit(net, data(), T=4, epochs=1, optimizer=optimizer, schedule=None)
    assert history["lr"] == [0.02] and not torch.equal(net[3].weight, before)


def test_writer_and_on_epoch_hear_of_each_epoch():
    class Writer(list):
        def add_scalar(self, *what):
            self.append(what)

    writer, rows = Writer(), []
    history = fit(network(), epochs=2, writer=writer, on_epoch=rows.append, test=data(20, 2))
    assert rows == history.epochs
    charts = {f"{name}/{part}" for name in ("loss", "accuracy") for part in ("train", "validation", "test")}
    assert {name for name, *_ in writer} == charts | {"lr"}
    assert ("accuracy/validation", rows[1].validation_accuracy, 2) in writer and len(writer) == 12
    assert writer[-2:] == [("loss/test", history.test.loss, 2), ("accuracy/test", history.test.accuracy, 2)]


def test_runs_in_a_thread():
    thread = threading.Thread(target=lambda: fit(network(), epochs=1))
    thread.start()
    thread.join()
    assert len(training.last_history()) == 1


# ---------------------------------------------------------------- what goes wrong


def test_a_loss_that_is_not_finite_stops_the_run():
    calls = []

    def loss(out, labels):
        calls.append(1)
        return training.rate_cross_entropy(out, labels) * (float("nan") if len(calls) == 7 else 1)

    with pytest.raises(FloatingPointError, match=r"became nan in epoch 2, batch 2 of 5.*learning rate.*detach_reset"):
        training.fit(plain(), data(), T=2, epochs=3, batch_size=16, loss=loss)
    assert len(training.last_history()) == 1
    x, labels = data()
    x[3, 0, 0, 0] = float("inf")
    with pytest.raises(FloatingPointError, match="training data holds nan or inf"):
        training.fit(nn.Sequential(nn.Flatten(), nn.Linear(12, 3)), (x, labels), T=2, epochs=1)


def test_a_checkpoint_is_never_written_after_a_loss_that_is_not_finite(tmp_path):
    with pytest.raises(FloatingPointError, match=r"load best\.pt"):
        fit(network(), tmp_path, save_every=0, loss=lambda out, labels: out.sum() * float("nan"))
    state = torch.load(tmp_path / "latest.pt", weights_only=True)
    assert (state["epoch"], state["batch"]) == (1, 0)  # the start


X, LABELS = data()


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        (dict(T=None), ValueError, "Give T=… time steps, or encode=…"),
        (dict(T=0), ValueError, "T must be at least 1"),
        (dict(epochs=0), ValueError, "epochs must be at least 1"),
        (dict(batch_size=1.5), TypeError, "batch_size must be a whole number"),
        (dict(seed=-1), ValueError, "seed must be at least 0"),
        (dict(train=X), TypeError, r"train must have \.images and \.labels.*got Tensor"),
        (dict(train=(X, LABELS.float())), ValueError, r"whole numbers \[M\]; got torch.float32 \[70\].*labels\.long"),
        (dict(train=(X, LABELS[:5])), ValueError, r"\[5\] for inputs \[70, 1, 3, 4\]"),
        (dict(test=(X[:0], LABELS[:0])), ValueError, "test needs one label"),
        (dict(schedule="linear"), ValueError, '"one_cycle", "cosine", None .*got \'linear\''),
        (dict(optimizer="adam"), TypeError, "class of torch.optim.*got 'adam'"),
        (dict(optimizer=torch.optim.SGD(plain().parameters())), ValueError, "parameters of another network"),
        (dict(optimizer=lambda params: torch.optim.SGD(params), lr=0.1), ValueError, "leave out lr=0.1"),
        (dict(lr=0), ValueError, "lr must be greater than 0"),
        (dict(net=nn.Flatten()), ValueError, "Flatten has no parameter that could learn"),
        (dict(resume=True), ValueError, "resume=True needs checkpoint"),
        (dict(net=nn.Conv2d(1, 2, 1)), ValueError, r"give \[T, N, classes\] .* N = 70, but gave \[2, 70, 2, 3, 4\]"),
        (dict(run=lambda net, x: net(x)), ValueError, r"but gave \[70, 3\]"),
    ],
)
def test_errors_say_what_is_accepted(changes, error, message):
    options = dict(net=plain(), train=(X, LABELS), T=2, epochs=1) | changes
    with pytest.raises(error, match=message):
        loop.fit(options.pop("net"), options.pop("train"), options.pop("test", None), **options)
