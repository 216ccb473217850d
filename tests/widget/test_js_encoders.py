"""What EncoderPlayground and TuningCurves compute in the page: reference.md 2.3 and course_snn.encoding."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from together import each_of

from course_snn import encoding
from course_snn.data.standin import small_digits
from course_snn.widget import EncoderPlayground, TuningCurves
from course_snn.widget.digits import digit
from course_snn.widget.noise import mulberry32


@pytest.fixture
def page(page_of):
    return page_of(EncoderPlayground)


def test_latency_vectors(page):
    x = [0, 0.25, 0.5, 0.75, 1]
    assert page("latencyTimes", x, 6, "linear") == [5, 4, 2, 1, 0]
    assert page("latencyTimes", x, 6, "log") == [5, 1, 1, 0, 0]


@each_of("T", [1, 2, 5, 20, 100, 1000])
@each_of("kind", ["linear", "log"])
def test_latency_equals_the_encoder(page, T, kind):
    x = torch.cat([torch.linspace(0, 1, 501), torch.rand(200, generator=torch.Generator().manual_seed(0))])
    encoder = encoding.LatencyEncoder(T, kind)
    encoder(x)
    assert page("latencyTimes", x.tolist(), T, kind) == encoder.spike_time.tolist()


def test_halves_round_to_even(page):
    assert page.all([("roundHalfEven", (x,)) for x in (0.5, 1.5, 2.5, -0.5, 2.4, 2.6)]) == [0, 2, 2, 0, 2, 3]


def test_poisson_is_seeded_and_has_the_right_rate(page):
    x = [0.0, 0.1, 0.5, 0.9, 1.0]
    train = np.array(page("poissonTrain", x, 4000, 3))
    uniform = mulberry32(3)
    expected = np.array([[next(uniform) < value for value in x] for _ in range(4000)])
    np.testing.assert_array_equal(train, expected)
    np.testing.assert_allclose(train.mean(axis=0), x, atol=4 * 0.5 / np.sqrt(4000))


def test_a_black_pixel_never_fires_a_white_one_always(page):
    assert next(mulberry32(2463401483)) == 0  # the smallest random number there is
    assert page("poissonTrain", [0.0, 1.0], 1, 2463401483) == [[0, 1]] == page("poissonTrain", [0.0, 1.0], 1, 3)


def test_static_picture_shows_the_spikes_of_the_page(page):
    for encoder in ("poisson", "linear", "log", "constant", "periodic"):
        playground = EncoderPlayground(encoder=encoder)
        assert page("encode", playground.params) == playground.spikes().int().tolist()


def test_constant_and_periodic(page):
    p = {"image": [0.2, 0.8], "T": 7, "threshold": 0.5, "pattern": "101", "seed": 0}
    assert [row[1] for row in page("encode", p | {"encoder": "periodic"})] == [1, 0, 1, 1, 0, 1, 1]
    assert page("encode", p | {"encoder": "constant"}) == [[0, 1]] * 7
    encoder = encoding.PeriodicEncoder(torch.tensor([True, False, True]))
    expected = encoder.spike_train(T=7).int().tolist()
    assert [row[0] for row in page("periodicTrain", [1], 7, 0.5, [1, 0, 1])] == expected


@each_of("kind", ["linear", "log"])
def test_reading_a_latency_back_undoes_it(page, kind):
    times = list(range(10))
    back = page("decode", page("oneSpike", times, 10), 9, kind)
    assert page("latencyTimes", back, 10, kind) == times
    assert page("decode", page("oneSpike", times, 10), 4, kind)[5:] == [0] * 5  # not fired yet: nothing known


def test_reading_a_rate_back_counts(page):
    assert page("decode", [[1, 0], [1, 1], [0, 0], [1, 0]], 3, "poisson") == [0.75, 0.25]


def test_tuning_vectors(page_of):
    page = page_of(TuningCurves)
    out = page("populationCode", 0.25, 6, 10)
    assert out["times"] == [8, 2, 2, 8, -1, -1]
    assert page("tuningCurves", 6)["centres"] == pytest.approx([-0.125, 0.125, 0.375, 0.625, 0.875, 1.125])


@each_of("m", [3, 6, 11, 16])
@each_of("T", [5, 10, 47])
def test_tuning_equals_the_encoder(page_of, m, T):
    page = page_of(TuningCurves)
    encoder = encoding.GaussianTuningCurveEncoder(0.0, 1.0, m, T)
    x = np.linspace(0, 1, 41)
    encoder(torch.tensor(x, dtype=torch.float32)[:, None])
    ours = np.array([out["times"] for out in page.all([("populationCode", (value, m, T)) for value in x])])
    theirs = encoder.spike_time[:, 0].numpy()
    assert (ours == theirs).mean() > 0.995  # a float32 half may round the other way
    assert np.abs(np.where(ours < 0, T - 1, ours) - np.where(theirs < 0, T - 1, theirs)).max() <= 1


def test_pictures(page):
    checker = np.array(page("picture", "checker")).reshape(16, 16)
    assert checker[0, 0] == 0 and checker[0, 4] == 1 and checker[4, 4] == 0
    assert page("picture", "gradient")[:16] == pytest.approx(np.linspace(0, 1, 16).tolist())
    assert not any(page("picture", "empty"))


def test_bundled_digits_are_those_of_scikit_learn():
    images, labels = small_digits()  # read from its file: importing scikit-learn takes seconds
    for label in range(10):
        assert digit(label) in images[labels == label].flatten(1).int().tolist()


def test_enlarged_digits_keep_their_ink():
    for label, picture in enumerate(EncoderPlayground().digits):
        assert len(picture) == 256 and min(picture) >= 0 and max(picture) <= 1
        assert np.sum(picture) == pytest.approx(np.sum(digit(label)) / 16 * (14 / 8) ** 2, rel=0.03)
