"""The one sequential map in the page: matplotlib's viridis, and a part of it that stands out against the paper."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
from colour_vision import contrast, lab, linear

from course_snn import widget
from course_snn.widget import TuningCurves
from course_snn.widget.base import PageWidget

AT = np.linspace(0, 1, 101)


def test_the_map_is_viridis(page_of):
    there = np.array([page_of(TuningCurves)("viridis", float(at)) for at in AT])
    assert np.abs(there - 255 * mpl.colormaps["viridis"](AT)[:, :3]).max() < 5  # of 255


def test_the_colours_of_an_order_grow_evenly_and_stand_out(page_of):
    for dark, papers in ((False, ["#ffffff"]), (True, ["#111111", "#1c2027"])):
        texts = [page_of(TuningCurves)("scaleColour", float(at), dark) for at in AT]
        colours = ["#" + "".join(f"{int(part):02x}" for part in text[4:-1].split()) for text in texts]
        assert min(contrast(colour, paper) for colour in colours for paper in papers) >= 3
        growth = np.diff([lab(linear(colour))[0] for colour in colours])
        assert growth.min() > -0.5 and growth.sum() > 40  # whole numbers of 0 … 255 are no finer


def test_no_widget_runs_around_the_wheel_of_hues():
    kinds = [kind for kind in vars(widget).values() if isinstance(kind, type) and issubclass(kind, PageWidget)]
    assert [kind.__name__ for kind in kinds if "hsl(" in kind._esm] == []
