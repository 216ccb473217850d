"""Data as people have it: numpy, bytes, other dtypes, wrong labels; and batches from any source."""

import numpy as np
import pytest
import torch
from small import data
from torch import nn

from course_snn import encoding, training
from course_snn.training.evaluation import Forward
from course_snn.training.run import Run, Settings
from course_snn.training.source import Source, Tensors

X, LABELS = data()
BITS = X > 0.3


def net(dtype=torch.float32):
    torch.manual_seed(0)
    return nn.Sequential(nn.Flatten(), nn.Linear(12, 3)).to(dtype)


def weights(train, dtype=torch.float32, **changes):
    network = net(dtype)
    options = dict(T=2, epochs=1, batch_size=16, progress=False) | changes
    training.fit(network, train, options.pop("test", train), **options)
    return network[1].weight.detach()


class Images:
    images, labels = X.numpy(), LABELS.numpy()


# ---------------------------------------------------------------- what is accepted


@pytest.mark.parametrize(
    "train",
    [
        Images(),
        (X.numpy(), LABELS.numpy()),
        (X.double(), LABELS),
        (X.double().numpy(), LABELS.to(torch.uint8)),
        (X.numpy()[::-1][::-1], LABELS.numpy().astype(np.int16)[::-1][::-1]),  # negative strides on the way
        (X.numpy().astype(">f4"), LABELS.numpy().astype(">i4")),
        (X.clone().requires_grad_(), LABELS.int()),
        [X, LABELS.to(torch.uint16)],
    ],
)
def test_the_same_data_in_another_dress_gives_the_same_weights(train):
    assert torch.equal(weights(train), weights((X, LABELS)))


def test_arrays_that_cannot_be_written_are_copied():
    x, labels = X.numpy().copy(), LABELS.numpy().copy()
    x.flags.writeable = labels.flags.writeable = False
    assert torch.equal(weights((x, labels)), weights((X, LABELS)))


@pytest.mark.parametrize("dtype", [torch.bool, torch.uint8, torch.int64, torch.float16, torch.uint16])
def test_spikes_of_any_dtype_reach_the_network_as_its_own(dtype):
    assert torch.equal(weights((BITS.to(dtype), LABELS)), weights((BITS.float(), LABELS)))


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_network_s_dtype_counts(dtype):
    found = weights((X, LABELS), dtype)
    assert found.dtype == dtype and torch.equal(found, weights((X.to(dtype), LABELS), dtype))


@pytest.mark.parametrize("T", [np.int64(2), np.uint8(2), torch.tensor(2), torch.tensor([2])])
def test_whole_numbers_of_numpy_and_torch(T):
    assert torch.equal(weights((X, LABELS), T=T, epochs=T - 1, batch_size=T * 8), weights((X, LABELS)))
    assert training.evaluate(net(), (X, LABELS), T=T)[:2] == training.evaluate(net(), (X, LABELS), T=2)[:2]


@pytest.mark.parametrize("T", [np.bool_(True), torch.tensor(True), np.float64(2), torch.tensor(2.0), "2"])
def test_what_is_no_whole_number(T):
    with pytest.raises(TypeError, match="T must be a whole number"):
        training.evaluate(net(), (X, LABELS), T=T)


def test_bytes_may_go_to_an_encoder_or_augment_that_takes_them():
    pixels = (X * 255).round().to(torch.uint8)
    wanted = weights((pixels.float() / 255, LABELS))
    assert torch.equal(weights((pixels, LABELS), encode=lambda x: x / 255), wanted)
    assert torch.equal(weights((pixels, LABELS), augment=lambda x: x.float() / 255, test=(X, LABELS)), wanted)
    ones = encoding.ConstantEncoder()
    assert torch.equal(weights((BITS.byte(), LABELS), encode=ones), weights((BITS.float(), LABELS), encode=ones))


# ---------------------------------------------------------------- what is refused, and how


PIXELS = (X * 255).round()
HIGH, LOW = LABELS.clone(), LABELS.clone()
HIGH[7], LOW[9] = 3, -1


@pytest.mark.parametrize(
    ("train", "error", "message"),
    [
        (
            (PIXELS.byte(), LABELS),
            ValueError,
            r"train's input holds whole numbers from 0 to .*uint8.*x\.float\(\) / 255",
        ),
        ((PIXELS.long(), LABELS), ValueError, r"from 0 to .*int64.*x\.float\(\) / 255"),
        ((PIXELS.numpy().astype(np.uint16), LABELS), ValueError, r"uint16.*x\.float\(\) / 255"),
        ((-BITS.int(), LABELS), ValueError, "from -1 to 0"),
        ((X + 1j, LABELS), TypeError, r"complex.*\.real"),
        ((X, LABELS.float()), ValueError, r"whole numbers \[M\]; got torch\.float32 \[70\].*labels\.long\(\)"),
        ((X, nn.functional.one_hot(LABELS)), ValueError, r"int64 \[70, 3\].*labels\.argmax\(1\)"),
        ((X, LABELS[:, None]), ValueError, r"\[70, 1\].*labels\.flatten\(\)"),
        ((X, HIGH), ValueError, r"train has the label 3 \(sample 7\); labels go from 0 to 2, .* 3 classes"),
        ((X, LOW.numpy()), ValueError, r"train has the label -1 \(sample 9\)"),
        ((X[:0], LABELS[:0]), ValueError, "at least one input"),
        ((X, [0] * 70), TypeError, r"tensors or numpy arrays .*got list"),
        ((np.array(["a", "b"]), LABELS[:2]), TypeError, r"got ndarray of <U1"),
        ((np.array([None, 1]), LABELS[:2]), TypeError, r"got ndarray of object"),
    ],
)
def test_errors_name_the_fault_and_the_way_out(train, error, message):
    with pytest.raises(error, match=message):
        weights(train, test=None)
    with pytest.raises(error, match=message.replace("train", "test")):
        training.evaluate(net(), train, T=2)


@pytest.mark.parametrize("name", ["test", "validation"])
def test_a_label_of_another_set_is_found_before_the_first_epoch_ends(name):
    seen = []
    with pytest.raises(ValueError, match=rf"{name} has the label 3 \(sample 7\)"):
        weights((X, LABELS), **{name: (X, HIGH)}, augment=lambda x: seen.append(1) or x)
    assert len(seen) == 1


def test_an_own_loss_may_mean_something_else_by_labels():
    def parity(out, labels):
        return nn.functional.cross_entropy(out.mean(0), labels % 2)

    weights((X, HIGH), loss=parity)
    with pytest.raises(ValueError, match=r"label 3 \(sample 7\)"):
        weights((X, HIGH), loss=lambda out, labels: nn.functional.cross_entropy(out[-1], labels))
    with pytest.raises(IndexError, match="my own"):
        weights((X, LABELS), loss=lambda out, labels: (_ for _ in ()).throw(IndexError("my own")))


def test_inputs_of_another_shape_are_tried_before_training():
    seen = []
    for name in ("test", "validation"):
        with pytest.raises(ValueError, match=rf"{name} has inputs \[1, 3, 3\], train has \[1, 3, 4\], .* not take"):
            weights((X, LABELS), **{name: (X[..., :3], LABELS)}, augment=lambda x: seen.append(1) or x)
    assert not seen
    weights((X, LABELS), test=(X.flatten(1).double(), LABELS))  # this network takes both
    torch.testing.assert_close(weights((X, LABELS), test=(X.flatten(1), LABELS)), weights((X, LABELS)), rtol=0, atol=0)


# ---------------------------------------------------------------- batches from elsewhere


class Stream(Source):
    """The batches of ``Tensors``, made one by one, as a loader would."""

    def __init__(self, inner):
        self.inner, self.made = inner, []

    def __len__(self):
        return len(self.inner)

    def batches(self, seed=None, start=0):
        for k, batch in enumerate(self.inner.batches(seed, start), start):
            self.made.append((seed, k))
            yield batch

    def settings(self):
        return {"stream": "1"}


def go(source, validation, seed=0):
    network = net()
    forward = Forward(network, 2, training.rate_mse, None, None, False, torch.device("cpu"))
    optimizer = torch.optim.Adam(network.parameters(), 0.01)
    history = Run(Settings(forward, optimizer, None, 2, seed, None, 60.0), source, validation).go(False, None, None)
    return network[1].weight.detach(), history["train_loss"], history["validation_loss"]


def test_a_run_draws_from_any_source():
    train, validation = Tensors("train", X, LABELS, 16), Tensors("validation", X, LABELS, 500)
    stream = Stream(train)
    ours, theirs = go(train, validation), go(stream, Stream(validation))
    assert torch.equal(ours[0], theirs[0]) and ours[1:] == theirs[1:]
    assert [k for _, k in stream.made] == [0, 1, 2, 3, 4] * 2 and len({seed for seed, _ in stream.made}) == 2


def test_batches_of_an_epoch_from_any_batch_on():
    source = Tensors("train", X, LABELS, 16)
    whole, rest = list(source.batches(5)), list(source.batches(5, start=3))
    assert len(whole) == len(source) == 5 and [len(x) for x, _ in whole] == [16] * 4 + [6]
    for (x, labels), (y, others) in zip(whole[3:], rest, strict=True):
        assert torch.equal(x, y) and torch.equal(labels, others)
    assert torch.equal(torch.cat([x for x, _ in source.batches()]), X)
    assert not torch.equal(whole[0][0], next(source.batches(6))[0])
