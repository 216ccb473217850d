"""What a notebook keeps of a widget: data only, small, and enough to make the same widget again."""

from __future__ import annotations

import base64
import json

import pytest
from together import each_of

from course_snn import widget
from course_snn.widget import stored
from course_snn.widget.base import PageWidget
from course_snn.widget.guess import Kept

CLASSES = [cls for cls in vars(widget).values() if isinstance(cls, type) and issubclass(cls, PageWidget)]
PLAIN = [cls for cls in CLASSES if not issubclass(cls, Kept)]  # guesses need to know what is asked
each_widget = each_of("cls", PLAIN)


def test_every_widget_is_known_by_its_name():
    assert set(stored.names()) == {cls.__name__ for cls in CLASSES}


def test_a_guess_is_kept_with_its_question():
    asked = widget.GuessNumber("00.test", ("几个？", "How many?"), 0, 10)
    found = stored.bundle(asked)
    assert found["name"] == "GuessNumber" and found["state"]["question"] == ["几个？", "How many?"]
    assert found["state"]["params"] == {"value": None, "sealed": False}


@each_widget
def test_a_bundle_is_small_data_without_code(cls):
    found = stored.bundle(cls())
    text = json.dumps(found, ensure_ascii=False)
    assert found["name"] == cls.__name__ and len(text.encode()) <= stored.MOST_BYTES
    assert "export default" not in text and "_esm" not in text
    params = (found if "sample" in found else found["state"])["params"]
    assert set(params) == {control.name for control in cls.parameters}


@each_widget
def test_the_module_is_the_class_s_own(cls):
    assert stored.module(cls.__name__) == cls._esm


def test_all_that_is_synced_is_kept_bytes_too():
    race = widget.WinnerRace(digit="5")
    found = stored.bundle(race)
    assert found["state"]["params"]["digit"] == "5" and found["state"]["title"] == list(race.heading)
    data = {entry["path"][0]: base64.b64decode(entry["data"]) for entry in found["buffers"]}
    assert data == {"weight": race.weight, "pictures": race.pictures}
    assert not {"layout", "tabbable", "tooltip"} & set(found["state"])


def test_a_large_widget_keeps_its_parameters_and_names_the_sample():
    found = stored.bundle(widget.DrawDigit(T=12))
    assert found["sample"] is True and found["params"]["T"] == 12 and "state" not in found


def test_a_learners_own_subclass_stays_a_picture():
    class Mine(widget.LIFExplorer):
        scripts = ("lif.js", "lif_explorer.js")

    class LIFExplorer(widget.LIFExplorer):  # no name takes the place of ours
        scripts = ("lif.js",)

    assert stored.bundle(Mine()) is None and stored.bundle(LIFExplorer()) is None
    assert stored.widget_class("LIFExplorer") is widget.LIFExplorer
    data, _ = Mine()._repr_mimebundle_()
    assert stored.MIME not in data and "image/png" in data


def test_an_unknown_name_says_which_there_are():
    with pytest.raises(KeyError, match=r"no widget 'Nothing'.*DrawDigit"):
        stored.module("Nothing")


def test_the_output_carries_picture_view_and_data():
    data, metadata = widget.LIFExplorer(tau=40)._repr_mimebundle_()
    assert data[stored.MIME]["state"]["params"]["tau"] == 40
    assert {"image/png", "application/vnd.jupyter.widget-view+json", stored.MIME} <= set(data)
    assert stored.MIME not in metadata
