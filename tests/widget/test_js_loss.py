"""What LossBench computes in the page: losses and pushes against torch autograd, and the facts of chapter 10."""

from __future__ import annotations

import pytest
from together import each_of

from course_snn.widget import LossBench
from course_snn.widget.loss import LOSSES


@pytest.fixture
def page(page_of):
    return page_of(LossBench)


@each_of("loss", LOSSES)
@each_of("right, others", [(0.0, 0.0), (0.3, 0.0), (1.0, 0.0), (0.2, 0.7), (1.0, 1.0)])
def test_equals_autograd(page, loss, right, others):
    bench = LossBench(loss=loss, right=right, others=others)
    seen = page("judge", bench.params, right)
    assert (seen["loss"], seen["right"], seen["others"]) == pytest.approx(bench.judge(right), abs=1e-12)


def test_the_faulty_loss_likes_ignorance_better_than_a_perfect_answer(page):
    faulty = [page("judge", LossBench().params, r) for r in (0.0, 0.2, 0.4, 1.0)]
    assert faulty[3]["loss"] > faulty[0]["loss"]
    assert faulty[1]["right"] > 0 > faulty[2]["right"]  # up below 0.27, down above
    proper = page("judge", LossBench(loss="mse").params, 1.0)
    assert proper["loss"] == proper["right"] == proper["others"] == 0
