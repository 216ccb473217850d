"""The samples that the package ships: small, made by the script, and as good as they say."""

from __future__ import annotations

import json

import pytest
import torch
from together import each_of

from course_snn import encoding, functional, neuron, widget
from course_snn.data import garments, standin
from course_snn.widget import sampled, stored

each_sample = each_of("name", sorted(sampled.MAKE))


def test_there_is_one_for_every_widget_that_needs_a_trained_network():
    assert {path.stem for path in stored.SAMPLES.glob("*.json")} == set(sampled.MAKE)
    assert {"ColumnReader", "DrawDigit", "EventPlayer", "GestureVotes", "GrowingFields"} <= set(sampled.MAKE)


@each_sample
def test_a_sample_is_small_and_says_how_it_was_made(name):
    path = stored.SAMPLES / f"{name}.json"
    assert path.stat().st_size <= 200_000
    found = json.loads(path.read_text(encoding="utf-8"))
    assert found["name"] == name and set(found) == {"name", "state", "buffers", "measured", "command"}
    assert found["command"] == f"uv run python tools/train_samples.py {name}"
    assert not {"title", "controls"} & set(found["state"])  # the class's own


@each_sample
def test_the_widget_of_a_sample_is_the_sample(name):
    made = getattr(widget, name).sample()
    sample, whole = stored.sample(name), stored.whole(made)
    assert {part["path"][0]: part["data"] for part in whole["buffers"]} == {
        part["path"][0]: part["data"] for part in sample["buffers"]
    }
    assert json.loads(json.dumps(whole["state"])) == sample["state"]
    assert stored.bundle(made).get("sample", False) == stored.closed(name)


def test_parameters_can_be_chosen_and_are_checked():
    assert widget.DrawDigit.sample(T=12).params["T"] == 12
    with pytest.raises(ValueError, match=r"T=1000 does not fit"):
        widget.DrawDigit.sample(T=1000)
    with pytest.raises(ValueError, match=r"LIFExplorer needs no trained network.*DrawDigit"):
        widget.LIFExplorer.sample()


def reached(name, **which):
    """What a sample says of its accuracy on the stand-in's test pictures."""
    rows = stored.sample(name)["measured"]
    [row] = [row for row in rows if row["data"] == "stand-in, test" and which.items() <= row.items()]
    return row["accuracy"]


def digits():
    _, (images, labels) = standin.digits()
    return images.float() / 255, labels


@each_of("name", ["DrawDigit", "VoteExplorer"])
def test_the_digit_layer_is_as_good_as_it_says(name):
    images, labels = digits()
    weight = torch.from_numpy(getattr(widget, name).sample()._w)
    torch.manual_seed(1)
    spikes = encoding.PoissonEncoder().spike_train(images.flatten(1), T=50).float()
    right = functional.unroll(neuron.LIFNode(tau=2.0), spikes @ weight.t()).sum(0).argmax(1) == labels
    assert right.float().mean().item() == pytest.approx(reached(name), abs=0.02)  # other noise


def test_the_tempotron_is_as_good_as_it_says():
    images, labels = digits()
    times = (19 * (1 - images)).round().long().masked_fill(images <= 0, -1).flatten(1)
    with torch.no_grad():
        best = widget.TempotronReader.sample()._net(times).reshape(len(times), 10, -1).amax(2).argmax(1)
    assert (best == labels).float().mean().item() == pytest.approx(reached("TempotronReader"), abs=1e-4)


def test_the_column_readers_are_as_good_as_they_say():
    _, (images, labels) = garments.garments()
    columns = (images.float() / 255).permute(2, 0, 1)  # [T = 28, N, 28]
    made = widget.ColumnReader.sample()
    for (_, net), kind in zip(made._nets.items(), ("plain", "loop", "filter"), strict=True):
        with torch.no_grad():
            right = functional.unroll(net, columns).sum(0).argmax(1) == labels
        functional.reset_net(net)
        assert right.float().mean().item() == pytest.approx(reached("ColumnReader", net=kind), abs=1e-3), kind


def test_the_votes_on_gestures_are_mostly_right():
    made = widget.GestureVotes.sample()
    right = made._out["forward"].sum(1).argmax(1) == torch.tensor(made.labels)
    assert right.float().mean() >= 0.7
    assert (made._out["mixed"].sum(1).argmax(1) == torch.tensor(made.labels)).float().mean() < right.float().mean()
