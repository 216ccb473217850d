"""Weight functions and bounds: closed forms, and every way in which a bound could be left."""

import itertools
import math

import pytest
import torch
from together import each_of
from torch import nn

from course_snn import learning, plasticity, synapse


def linear(*weights):
    connection = synapse.Linear(len(weights), 1)
    connection.weight = torch.tensor([weights])
    return connection


def change(w, paired, rate=1.0, **options):
    """Return the weights ``w`` after one change by the rule."""
    connection = linear(*w)
    plasticity.WeightRule(**options).change(connection, rate, torch.tensor([paired]))
    return connection.weight[0].tolist()


def test_soft_bound_is_the_distance_to_the_bound_ahead():
    w = torch.tensor([0.0, 0.25, 1.0])
    assert learning.soft_bound(w, True).tolist() == [1, 0.75, 0]
    assert learning.soft_bound(w, False).tolist() == [0, 0.25, 1]
    assert learning.soft_bound(w, torch.tensor([True, False, False]), -1.0, 3.0).tolist() == [3, 1.25, 2]


def test_repeated_growth_follows_the_closed_form():
    """Each spike after the synapse leaves (1 - η x) of the way to the bound: w_n = 1 - (1 - w_0) Π (1 - η x_k)."""
    line, rule, left = linear(0.3), learning.STDPUpdater(5.0, 5.0, 0.05), 0.7
    for t in range(30):
        rule.update(line, torch.tensor([t == 0]), torch.tensor([t % 3 == 1]))
        left *= 1 - 0.05 * 0.8**t if t % 3 == 1 else 1
    assert line.weight.item() == pytest.approx(1 - left, rel=1e-6) and left < 0.65


def test_the_sign_of_the_change_decides_which_bound_applies():
    expected = [0.5 + 0.1 * 0.5, 0.2 - 0.1 * 0.2]
    assert change([0.5, 0.2], [1.0, -1.0], rate=0.1) == pytest.approx(expected)
    assert change([0.5, 0.2], [-1.0, 1.0], rate=-0.1) == pytest.approx(expected)
    for rate, inverse in ((-0.1, False), (0.1, True)):  # anti-STDP: pre before post weakens, in proportion to w - w_min
        line, rule = linear(0.9), learning.STDPUpdater(10.0, 10.0, rate)
        rule.update(line, torch.tensor([True]), torch.tensor([False]), inverse=inverse)
        rule.update(line, torch.tensor([False]), torch.tensor([True]), inverse=inverse)
        assert line.weight.item() == pytest.approx(0.9 * (1 - 0.1 * 0.9))


@each_of("gated", [True, False])
@each_of("inverse", [True, False])
@each_of("rate", [0.2, 3.0, -40.0, 1e30])
@each_of("f_w", [learning.soft_bound, lambda w: 1.0, learning.proportional])
def test_no_way_out_of_the_bounds(gated, inverse, rate, f_w):
    """Overshooting steps, both sides in one step, batches, inverse, starts outside: never out, never NaN."""
    draw = torch.Generator().manual_seed(0)
    line = linear(-7.0, -0.1, 0.0, 0.4, 1.0, 1.2, 30.0)
    rule = learning.STDPUpdater(50.0, 30.0, rate, f_w, gated, w_min=0.0, w_max=1.0)
    for _ in range(60):
        pre, post = torch.rand(3, 7, generator=draw) < 0.5, torch.rand(3, 1, generator=draw) < 0.5
        rule.update(line, pre, post, inverse=inverse)
    assert torch.isfinite(line.weight).all() and line.weight.min() >= 0 and line.weight.max() <= 1


@each_of("first", [0, 5])
def test_one_order_for_ever_stays_inside(first):
    line, rule = linear(0.5), learning.STDPUpdater(20.0, 20.0, 0.2)
    for t in range(3000):
        rule.update(line, torch.tensor([t % 400 == first]), torch.tensor([t % 400 == 5 - first]))
    end = line.weight.item()
    assert 0.5 < end <= 1 if first == 0 else 0 <= end < 0.5


def test_a_weight_from_outside_stays_until_its_first_change_and_starts_at_the_bound():
    assert change([-3.0, 5.0], [0.0, 0.0]) == [-3, 5]
    assert change([-3.0, 5.0], [0.25, -0.25]) == [0.25, 0.75]
    assert change([-3.0, 5.0], [-0.25, 0.25]) == [0, 1]
    line, rule = linear(-3.0, 5.0), learning.STDPUpdater(10.0, 10.0, 0.1)
    rule.update(line, torch.zeros(2), torch.ones(1))  # no pre spike yet: nothing is paired
    assert line.weight.tolist() == [[-3, 5]]


def test_a_step_that_is_too_large_ends_at_the_bound():
    assert change([0.5, 0.5], [1.0, -1.0], rate=7.0) == [1, 0]
    assert change([0.5, 0.5], [1.0, -1.0], rate=7.0, w_min=-2, w_max=3.5) == [3.5, -2]


def test_bounds_may_differ_from_synapse_to_synapse():
    low, high = torch.tensor([0.0, 0.2, -1.0]), torch.tensor([1.0, 0.3, 1.0])
    assert change([0.5, 0.25, 0.0], [1.0, 1.0, -1.0], 0.1, w_min=low, w_max=high) == pytest.approx([0.55, 0.255, -0.1])
    assert change([0.5, 0.25, 0.0], [9.0, 9.0, -9.0], w_min=low, w_max=high) == pytest.approx([1, 0.3, -1])
    assert change([0.5, 0.25, 0.0], [9.0, 9.0, -9.0], w_min=low) == pytest.approx([1, 1, -1])  # one number, one tensor
    rule = learning.STDPUpdater(10.0, 10.0, 0.1, w_max=high).double()
    assert rule.traces.rule.w_max.dtype == torch.double  # they move with the module


def test_one_function_serves_both_directions_without_bounds():
    assert change([0.5, 0.5], [3.0, -3.0], f_w=lambda w: 1.0) == [3.5, -2.5]
    assert change([2.0, -2.0], [1.0, -1.0], f_w=learning.proportional) == pytest.approx([4, -4], abs=1e-5)


def test_a_pair_of_functions_gives_each_direction_its_own():
    up_to_two, halving = (lambda w: 2 - w), (lambda w: 0.5)
    assert change([0.5, 0.5], [0.1, -0.1], f_w=(up_to_two, halving)) == pytest.approx([0.65, 0.45])
    line = linear(0.5, 0.5).double()
    plasticity.WeightRule(f_w=[lambda w: 0.1, lambda w: 0.1]).change(line, 1.0, torch.tensor([[1.0, -1.0]]).double())
    assert line.weight[0].tolist() == pytest.approx([0.6, 0.4], rel=1e-12)  # 0.1 in 64 bits


def test_another_function_with_bounds_is_cut_off_there():
    assert change([0.5, 0.5], [3.0, -3.0], f_w=lambda w: 1.0, w_min=0, w_max=1) == [1, 0]
    assert change([0.5, 0.5], [3.0, -3.0], f_w=lambda w: 1.0, w_min=0) == [3.5, 0]
    assert change([0.5, 0.5], [3.0, -3.0], f_w=lambda w: 1.0, w_max=1) == [1, -2.5]


@each_of("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_the_bounds_hold_in_every_precision(dtype):
    weight = torch.linspace(-0.5, 1.5, 41, dtype=dtype)[None]
    fc = nn.Linear(41, 1, bias=False, dtype=dtype)
    with torch.no_grad():
        fc.weight.copy_(weight)
    for paired in itertools.chain([torch.full((1, 41), 0.3)] * 40, [torch.full((1, 41), -2.0)] * 3):
        plasticity.WeightRule().change(fc, 0.9, paired)
        assert 0 <= fc.weight.min() <= fc.weight.max() <= 1
    assert fc.weight.dtype == dtype and fc.weight.requires_grad


def test_a_shared_weight_is_changed_for_both_who_share_it():
    one, two = nn.Linear(2, 1), nn.Linear(2, 1)
    two.weight = one.weight
    before = one.weight.detach().clone()
    plasticity.WeightRule(f_w=lambda w: 1.0).change(one, 1.0, torch.ones(1, 2))
    torch.testing.assert_close(two.weight.detach(), before + 1)


@each_of(
    ("options", "error", "message"),
    [
        ({"w_min": 2.0}, ValueError, "w_min must not lie above w_max, got w_min=2.0 and w_max=1.0"),
        ({"w_min": torch.tensor([0.0, 2.0])}, ValueError, "w_min must not lie above w_max"),
        ({"f_w": learning.proportional, "w_min": 1, "w_max": 0}, ValueError, "w_min must not lie above w_max"),
        ({"w_max": math.inf}, ValueError, "w_max must be finite"),
        ({"w_max": "much"}, TypeError, "w_max must be a number"),
        ({"f_w": None}, TypeError, "f_w must be a function of the weight, .* or a pair"),
        ({"f_w": (learning.proportional,)}, TypeError, "f_w must be a function of the weight, .* or a pair"),
        ({"f_w": (learning.proportional, 1.0)}, TypeError, "f_w must be a function of the weight, .* or a pair"),
        ({"w_max": torch.ones(3, 2)}, ValueError, r"must fit a weight of \(1, 2\), got \(3, 2\)"),
    ],
)
def test_errors_say_what_is_accepted(options, error, message):
    with pytest.raises(error, match=message):
        change([0.5, 0.5], [1.0, 1.0], **options)
