"""What of a wrong answer is drawn, and that the drawing says what the numbers say."""

import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest
import torch
from together import each_of
from toy import DOUBLE

from course_snn.course.contrast import LINES, MAP, POINTS, SPIKES, bins, contrast, envelope, limits
from course_snn.course.exercise import find
from course_snn.course.judge import judge
from course_snn.course.overlay import LEFT, MOST_BYTES, RIGHT, overlay

RAMP = np.arange(10.0)
SVG = "{http://www.w3.org/2000/svg}"


def drawn(found) -> ET.Element:
    """The picture, parsed; its HTML must be well-formed."""
    markup = overlay(found, "f([1, <2])")
    assert "f([1, &lt;2])" in markup and len(re.search("<svg.*?</svg>", markup)[0].encode()) <= MOST_BYTES
    return ET.fromstring(markup.replace("&emsp;", " ").replace("<br>", "<br/>")).find(f"{SVG}svg")


def corners(d: str) -> np.ndarray:
    """The points of a path of M and l, read independently of how it was written; NaN between its parts."""
    points, x, y = [], 0.0, 0.0
    for command, a, b in re.findall(r"([Ml])(-?\d+) ?(-?\d+)", d):
        x, y = (float(a), float(b)) if command == "M" else (x + float(a), y + float(b))
        points += [(np.nan, np.nan)] * (command == "M" and bool(points)) + [(x, y)]
    return np.array(points)


def by_class(svg: ET.Element, name: str) -> list[str]:
    return [path.get("d") for path in svg.iter(f"{SVG}path") if path.get("class") == name]


@each_of(
    "got, want, kind",
    [
        (RAMP + 1, RAMP, LINES),
        ((RAMP + 1).tolist(), torch.tensor(RAMP), LINES),
        (RAMP[:-1], RAMP, LINES),
        ((3.0, RAMP + 1), (3.0, RAMP), LINES),
        ({"v": RAMP + 1}, {"v": RAMP}, LINES),
        (RAMP[:, None] + 1, RAMP[:, None], LINES),
        (np.stack([RAMP] * 4, 1) + 1, np.stack([RAMP] * 4, 1), LINES),
        (RAMP.astype(int) + 1, RAMP.astype(int), POINTS),
        ((None, 1, 2, 3, 4, 5, 6, 7), (None, None, 2, 3, 4, 5, 6, 7), LINES),
        (RAMP > 4, RAMP > 5, SPIKES),
        (np.ones((3, 5)), np.eye(3, 5), MAP),
        (np.full(10, np.nan), RAMP, LINES),
        (np.where(RAMP > 4, np.inf, RAMP), RAMP, LINES),
        (RAMP, RAMP, None),
        (RAMP.astype(int), RAMP, None),
        (3.0, RAMP, None),
        (RAMP[:5] + 1, RAMP[:5], None),
        (None, RAMP, None),
        ("text", RAMP, None),
        (np.ones((30, 30)), np.eye(30), None),
        (np.ones((3, 4, 5)), np.zeros((3, 4, 5)), None),
        (np.ones((10, 3)), np.ones((10, 4)), None),
    ],
)
def test_the_shape_decides_what_is_drawn(got, want, kind):
    found = contrast(got, want)
    assert (found and found.kind) == kind
    if found:
        drawn(found)


@each_of("seed, length", [(0, 8), (1, 60), (2, 240), (3, 5000)])
def test_lines_pass_through_the_data_within_a_pixel(seed, length):
    rng = np.random.default_rng(seed)
    want, got = rng.normal(size=length), rng.normal(size=length)
    got[length // 2] = 1.2 * want.max()  # a spike, which resampling must not lose
    svg = drawn(contrast(got, want))
    low, high, _ = limits(want, got)
    step, tall = (RIGHT - LEFT - 16) / (length - 1), 120 - 8
    for name, values in (("ours", want), ("yours", got)):
        points = corners(by_class(svg, name)[0])
        index = (points[:, 0] - LEFT - 8) / step
        assert index[0] == pytest.approx(0, abs=max(1, length / 240)) and (np.diff(points[:, 0]) >= 0).all()
        height = (8 + 120 - 4 - points[:, 1]) / tall * (high - low) + low
        pixel = (high - low) / tall
        assert height.max() == pytest.approx(values.max(), abs=pixel)
        assert height.min() == pytest.approx(values.min(), abs=pixel)
        if length <= 240:
            assert height == pytest.approx(values, abs=pixel) and index == pytest.approx(np.arange(length), abs=0.5)


def test_what_is_unknown_leaves_a_gap_and_what_explodes_is_cut():
    want, got = RAMP.copy(), RAMP.copy()
    got[3], got[7] = np.nan, 1e300
    found = contrast(got, want)
    points = corners(by_class(drawn(found), "yours")[0])
    assert np.isnan(points[:, 0]).sum() == 1 and np.nanmin(points[:, 1]) >= 8
    assert limits(want, got)[:2] == (0, 9 + 1.5 * 9) and limits(want, got)[2]
    assert "cut off" in overlay(found) and "cut off" not in overlay(contrast(RAMP + 1, RAMP))
    assert limits(np.array([0.1, 0.1 + 1e-9]), np.array([0.2]))[1] == 0.2  # rounding is no range


def test_spikes_stand_on_two_sides():
    want, got = np.zeros(12), np.zeros(12)
    want[[2, 5]], got[[3, 5, 9]] = 1, 1
    svg = drawn(contrast(got, want))
    for name, sign, places in (("ours", "-", [2, 5]), ("yours", "", [3, 5, 9])):
        sticks = re.findall(r"M(\d+) \d+v(-?)\d+", by_class(svg, name)[0])
        assert [side for _, side in sticks] == [sign] * len(places)
        assert [(int(x) - LEFT - 8) / ((RIGHT - LEFT - 16) / 11) for x, _ in sticks] == pytest.approx(places, abs=0.1)


def test_only_traces_that_differ_are_drawn():
    want = np.stack([RAMP] * 3, 1)
    got = want.copy()
    got[4, 1] += 1
    assert len(by_class(drawn(contrast(got, want)), "ours")) == 1


def test_a_map_holds_its_levels_and_frames_what_differs():
    rng = np.random.default_rng(5)
    want = rng.integers(0, 7, size=(6, 9)) * 1.0
    want[0, :2] = 0, 6
    got = want.copy()
    got[2, 3:5] = 6 - want[2, 3:5] + (want[2, 3:5] == 3)
    svg = drawn(contrast(got, want))
    for name, values in (("ours", want), ("yours", got)):
        found = np.zeros(want.shape)
        group = next(one for one in svg.iter(f"{SVG}g") if one.get("class") == name)
        for path in group.iter(f"{SVG}path"):
            for x, y, wide in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path.get("d")):
                found[int(y), int(x) : int(x) + int(wide)] = int(path.get("data-level"))
        assert (found == values).all()
    assert by_class(svg, "differs") == ["M3 2h2M3 3h2M3 2v1M5 2v1"]
    wide = drawn(contrast(np.ones((3, 40)), np.zeros((3, 40))))
    assert float(wide.get("viewBox").split()[2]) <= 600


def test_the_worst_answers_fit():
    rng = np.random.default_rng(0)
    for want, got in (
        (rng.normal(size=(200_000, 1)), rng.normal(size=(200_000, 1))),
        (rng.normal(size=(3000, 4)), rng.normal(size=(3000, 4)) * 1e9),
        (rng.integers(0, 2, (4000, 4)), rng.integers(0, 2, (4000, 4))),
        (rng.integers(0, 99, 60), rng.integers(0, 99, 60)),
        (rng.normal(size=(20, 20)), rng.normal(size=(20, 20))),
    ):
        assert len(drawn(contrast(got, want))) > 1  # `drawn` sees that it is small enough


def test_an_envelope_keeps_the_extremes_of_every_bin():
    values = np.sin(np.arange(1000.0))
    edges = bins(1000, 50)
    for number, part in enumerate(envelope(values, edges)):
        piece = values[edges[number] : edges[number + 1]]
        assert {value for _, value in part} == {piece.min(), piece.max()}
        assert all(values[index] == value for index, value in part)


def test_a_verdict_draws_the_first_wrong_case_that_makes_a_picture():
    exercise = replace(DOUBLE, cases=((1.0,), (torch.arange(9.0),), (torch.arange(3.0),)))
    verdict = judge(exercise, lambda x: 2 * x + 1)
    assert "double(1)" in verdict.call and "(9,)" in verdict.picture and 'class="ours"' in verdict._repr_html_()
    assert "(9,)" not in judge(replace(exercise, cases=exercise.cases[1:]), lambda x: 2 * x + 1).picture
    assert judge(exercise, lambda x: 2 * x).picture == judge(exercise, lambda x: 1 / 0).picture == ""
    assert judge(exercise, lambda x: 2 * x + 1).picture == verdict.picture
    assert judge(find("01.rheobase"), lambda *given: 0.0).picture == ""
