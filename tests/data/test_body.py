"""Limbs as pictures: areas in closed form, what is in front hides what is behind, arms keep their length."""

import math

import numpy as np
import pytest
import torch

from course_snn.data.body import LEFT, RIGHT, Limb, body, draw, person, unlike

BLACK, LIGHT = torch.zeros(60, 80), torch.ones(60, 80)


def limb(start, end, radius, brightness, frames=3):
    return Limb(*(np.tile(np.array(point, dtype=float), (frames, 1)) for point in (start, end)), radius, brightness)


@pytest.mark.parametrize("end", [(2.0, 0.0), (0.0, 1.2), (1.5, -1.0), (0.0, 0.0)])
def test_the_area_is_that_of_a_line_with_round_ends(end):
    pictures = draw([limb((0, 0), end, 0.5, 1.0)], np.full((3, 2), (30.0, 30.0)), 10.0, BLACK, LIGHT)
    area = 2 * 5 * 10 * math.hypot(*end) + math.pi * 25
    assert pictures.sum((1, 2)).tolist() == pytest.approx([area] * 3, rel=0.02)
    ink = pictures[0] / pictures[0].sum()
    assert (ink.sum(0) @ torch.arange(80.0), ink.sum(1) @ torch.arange(60.0)) == pytest.approx(
        (30 + 5 * end[0], 30 + 5 * end[1]), abs=0.1
    )


def test_what_is_in_front_hides_what_is_behind():
    behind, front = limb((0, 0), (0, 0), 1.0, 0.2), limb((0, 0), (0, 0), 0.5, 0.8)
    middle = np.full((3, 2), (40.0, 30.0))
    picture = draw([behind, front], middle, 10.0, torch.full((60, 80), 0.5), 2 * LIGHT)[0]
    assert (picture[30, 40], picture[30, 48], picture[30, 55]) == pytest.approx((1.6, 0.4, 1.0))


def test_limbs_move_with_their_joints():
    start = np.stack([np.linspace(0, 2, 20), np.zeros(20)], axis=1)  # more pictures than a chunk
    pictures = draw([Limb(start, start, 0.4, 1.0)], np.full((20, 2), (20.0, 30.0)), 10.0, BLACK, LIGHT)
    x = pictures.sum(1) @ torch.arange(80.0) / pictures.sum((1, 2))
    assert x.tolist() == pytest.approx((20 + 10 * start[:, 0]).tolist(), abs=0.05)


def test_right_is_on_the_left_of_the_picture():
    who, elbow, hand = person(3), np.full((2, 2), (0.0, 0.2)), np.full((2, 2), (0.0, 0.4))
    limbs = body(who, {RIGHT: (elbow, hand), LEFT: (elbow, hand)})
    shoulders = [limb.start[0, 0] for limb in limbs[3::3]]
    assert shoulders == pytest.approx([-who.shoulders, who.shoulders])


def test_people_are_themselves_and_differ():
    assert person(4) == person(4) and len({person(n) for n in range(29)}) == 29
    for n in range(29):
        assert abs(math.log(person(n).skin / person(n).shirt)) > 0.3
    drawn = [unlike([0.5, 0.2], np.random.default_rng(n)) for n in range(200)]
    assert min(drawn) >= 0.06 and max(drawn) <= 0.9
    assert all(abs(math.log(value / other)) > 0.3 for value in drawn for other in (0.5, 0.2))
