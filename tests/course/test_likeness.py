"""What wrong answers have in common is named, and nothing is named that they do not."""

import numpy as np
import torch
from together import each_of

from course_snn.course.likeness import likeness

WANT = [torch.tensor([0.0, 2.0, 5.0, 7.0]), torch.tensor([1.0, -4.0, 9.5])]
SQUARE = [torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([[0.0, 5.0, 2.0], [1.0, 1.0, 1.0]])]
NO_CASES = ((), ())


def name(relation, want=WANT, cases=NO_CASES):
    found = likeness([relation(w) for w in want], want, cases)
    return None if found is None else found.en


@each_of(
    "relation, want, says",
    [
        (lambda w: -w, WANT, "sign"),
        (lambda w: w + 0.5, WANT, "too large by 0.5"),
        (lambda w: w - 1, WANT, "too small by 1"),
        (lambda w: 3 * w, WANT, "3 times"),
        (lambda w: w / 4, WANT, "0.25 times"),
        (lambda w: w.flip(0), WANT, "reversed"),
        (lambda w: w.flip(0), [*WANT, torch.tensor([3.0])], "reversed"),
        (lambda w: w[:-1], WANT, "last one is missing"),
        (lambda w: w[1:], WANT, "first one is missing"),
        (lambda w: torch.cat([torch.zeros(1), w[:-1]]), WANT, "One step late"),
        (lambda w: torch.cat([w[1:], torch.zeros(1)]), WANT, "One step early"),
        (lambda w: w.floor(), WANT, "cut off"),
        (lambda w: w[None], WANT, "dimension of length 1"),
        (lambda w: w.t(), SQUARE, "Rows and columns"),
        (lambda w: ~w, [torch.tensor([True, False]), torch.tensor([False, False])], "Exactly the opposite"),
        (lambda w: w * float("nan"), WANT, "nan"),
        (lambda w: torch.exp(w + 1000) / torch.exp(w + 1000), WANT, "∞/∞"),
        (lambda w: w[::-1], [(1.0, 2.0), (3.0, 5.0)], "wrong order"),
        (lambda w: (w[0], -w[1]), [(1.0, 2.0), (3.0, 5.0)], "Returned value 2: Every sign"),
        (lambda w: 7.0, [1.0, 2.0, 3.0], "Whatever the arguments"),
    ],
)
def test_a_common_relation_is_named(relation, want, says):
    assert says in name(relation, want, ((),) * len(want))


def test_an_argument_that_comes_back_is_named():
    cases = ((np.array([3.0, 4.0]), 1), (np.array([9.0]), 2))
    assert "argument 1" in likeness([case[0] for case in cases], [1.0, 2.0], cases).en


@each_of(
    "relation",
    [
        lambda w: w * w,
        lambda w: w + torch.arange(float(len(w))),
        lambda w: -w if w[0] else w * 2,  # one relation in one case, another in the other
        lambda w: w.flip(0) if w[0] else w + 1,
        lambda w: None,
        lambda w: "text",
        lambda w: object(),
        lambda w: torch.zeros(17),
    ],
)
def test_what_is_not_the_same_in_all_cases_has_no_name(relation):
    assert name(relation) is None


def test_right_numbers_have_no_fault_to_name():
    for want in ([([1.0, 2.0], [True, False]), ([3.0], [False])], [(1.0, 2.0), (3.0, 3.0)]):
        assert likeness(want, want, NO_CASES) is None


def test_a_share_that_is_0_or_1_need_not_be_rounded():
    shares = [torch.tensor([0.25, 0.75]), torch.tensor([0.5, 1.0])]
    assert name(lambda w: w.round(), shares) is None


def test_a_single_case_of_zeros_says_nothing_about_signs():
    assert (
        likeness([torch.ones(2)], [torch.zeros(2)], ((),)) is None
        or "sign" not in likeness([torch.ones(2)], [torch.zeros(2)], ((),)).en
    )


def test_parts_that_are_no_numbers_are_not_in_another_order():
    want, cases = [(1.0, 2.0, 3.0), (4.0, 5.0, 6.0)], ((), ())
    assert "wrong order" in likeness([(w[1], w[0], w[2]) for w in want], want, cases).en
    assert likeness([(w[0], None, ...) for w in want], want, cases) is None
