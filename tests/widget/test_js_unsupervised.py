"""What GrowingFields and WinnerRace compute in the page: unsupervised.WinnerTakeAll on the page's own spikes."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from course_snn.widget import GrowingFields, WinnerRace
from course_snn.widget.digits import digit
from course_snn.widget.unsupervised import NEURONS, PIXELS, page_spikes, pictures


@pytest.fixture
def page(page_of):
    return page_of(GrowingFields)


@pytest.mark.parametrize(
    "options",
    [{}, {"theta_plus": 0.0}, {"inhibition": False}, {"seed": 7, "rate": 0.1}],
    ids=["default", "no homeostasis", "no inhibition", "other"],
)
def test_page_learns_what_the_layer_learns(page, options):
    drawn, seen = GrowingFields(**options), 60
    net, counts = drawn.grown(seen)
    there = page("grow", None, pictures()[:seen].flatten().tolist(), drawn.params, seen)
    assert there["wins"] == counts.sum(0).tolist() and there["last"] == counts[-1].tolist()
    np.testing.assert_allclose(np.reshape(there["weight"], (NEURONS, PIXELS)), net.weight, atol=1e-5)
    np.testing.assert_allclose(there["theta"], net.theta, atol=1e-4)


def test_going_on_is_starting_again(page):
    p, shown = GrowingFields().params, pictures()[:50].flatten().tolist()
    half = page("grow", None, shown, p, 30)
    assert page("grow", half, shown, p, 80) == page("grow", None, shown, p, 80)
    assert page("grow", half, shown, p, 10) == page("grow", None, shown, p, 10)


def test_chances_are_those_of_the_encoder(page):
    five = np.array(digit(5))
    p = np.array(page("chances", five.tolist(), 12.0))
    assert p.sum() == pytest.approx(12.0) and (p[five == 0] == 0).all()
    mean = page_spikes(five, 5000, 3).float().mean(0)[0].numpy()
    assert (np.abs(mean - p) <= 4.5 * np.sqrt(p * (1 - p) / 5000) + 1e-9).all()


def test_sheet_holds_every_field(page):
    weight = np.arange(NEURONS * PIXELS, dtype=float)
    sheet = np.reshape(page("sheet", weight.tolist()), (35, 35))
    assert sheet[0, 0] == 0 and sheet[34, 34] == 1
    np.testing.assert_allclose(sheet[9:17, 18:26].ravel(), weight.reshape(16, 64)[6] / weight.max())


@pytest.mark.parametrize(
    "options",
    [{}, {"inhibition": False, "threshold": 20.0}, {"digit": "8", "theta_2": 15.0, "seed": 4}],
    ids=["default", "no inhibition", "adapted"],
)
def test_race_equals_the_layer(page_of, options):
    drawn = WinnerRace(**options)
    there = page_of(WinnerRace)(
        "race", drawn.params, drawn.fields().flatten().tolist(), digit(int(drawn.params["digit"]))
    )
    above, spikes = drawn.race()
    np.testing.assert_allclose(there["above"], above, atol=1e-4)
    assert there["spikes"] == [step.nonzero()[:, 0].tolist() for step in spikes] and spikes.any()


def test_who_knows_the_digit_wins_the_race():
    for name, wanted in (("3", 0), ("5", 1), ("8", 2)):
        assert WinnerRace(digit=name).race()[1].sum(0).argmax() == wanted
    spikes = WinnerRace(inhibition=False, threshold=20.0).race()[1]
    assert (spikes.sum(0) > 0).all() and torch.equal(WinnerRace().race()[1].sum(1).max(), torch.tensor(1))
