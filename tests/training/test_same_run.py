"""What a run leaves behind, a restarted kernel, comments and other names make no other run: it goes on."""

import subprocess
import sys

import pytest
import torch
from patience import PATIENCE
from runs import LABELS, X, go, net, own_classes, refused, resumed
from torch import nn

from course_snn import encoding, functional, layer, neuron, training
from course_snn.training import CheckpointError

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
    assert len(resumed((net(), dict(augment=first)), (net(), dict(augment=first_again)), tmp_path / "a").epochs) == 2
    assert (
        len(
            resumed((net(), dict(encode=lambda x: x * 2)), (net(), dict(encode=lambda x: x * 2)), tmp_path / "b").epochs
        )
        == 2
    )
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
        for kept, validation in (("latest", None), ("best", (X[:35], LABELS[:35]))):
            folder = tmp_path / f"{keep.__name__} {kept}"
            run = dict(T=2, batch_size=35, schedule=None, progress=False, checkpoint=folder, resume=True)
            run |= dict(validation=validation)
            first, second = make(), make()
            training.fit(first, (X, LABELS), epochs=1, loss=margin(first, keep), **run)
            training.fit(first, (X, LABELS), epochs=2, loss=margin(first, keep), **run)
            training.fit(second, (X, LABELS), epochs=3, loss=margin(second, keep), **run)
            file = folder / f"{kept}.pt"
            assert torch.equal(training.load(make(), file)[1].weight, training.load(first, file)[1].weight)


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
            timeout=PATIENCE,
        )

    assert start().stdout == "1\n"
    again = start(blank="\n\n# moved\n", comment="  # halve", seed=5, epochs=2)
    assert again.stdout == "2\n", again.stderr
    assert "spike.v_threshold: 0.5 there, 0.6 here" in start(threshold=0.6, epochs=3).stderr
