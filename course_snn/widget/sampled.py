"""Widgets on the package's samples: small trained networks, so that a chapter can open with what it will train."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import nn

from .. import layer, neuron, synapse
from ..event_driven import Tempotron
from ..language import tr
from . import stored
from .classifier import DrawDigit, VoteExplorer
from .events import SENT, EventPlayer, FrameExplorer
from .fashion import EnergyCalculator, SpikeBrowser
from .gestures import CLIPS, FRAMES, GestureVotes
from .recurrent import ColumnReader
from .tempotron import TempotronReader
from .unsupervised import GrowingFields

Arrays = Mapping[str, np.ndarray]  # name -> uint8, as it travels


@dataclass(frozen=True)
class Pictures:
    """Labelled pictures, as the widgets take them: images [n, 1, 28, 28] in [0, 1], labels [n]."""

    images: torch.Tensor
    labels: torch.Tensor


def grey(bytes_: np.ndarray) -> torch.Tensor:
    """One byte a pixel as pictures [n, 1, 28, 28] in [0, 1]."""
    return torch.from_numpy(bytes_.reshape(-1, 1, 28, 28).copy()).float() / 255


def numbers(bytes_: np.ndarray, *shape: int) -> torch.Tensor:
    """Bytes as float32 of that shape."""
    return torch.from_numpy(bytes_.view("<f4").reshape(shape).copy())


def draw_digit(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> DrawDigit:
    """Make a DrawDigit of its stored trained network and data."""
    return DrawDigit(numbers(held["weight"], 10, -1), grey(held["examples"]), **values)


def vote_explorer(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> VoteExplorer:
    """Make a VoteExplorer of its stored trained network and data."""
    shown = Pictures(grey(held["images"]), torch.from_numpy(held["labels"].astype(np.int64)))
    return VoteExplorer(numbers(held["weight"], 10, -1), shown, **values)


def tempotron_reader(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> TempotronReader:
    """Make a TempotronReader of its stored trained network and data."""
    weight, settings = numbers(held["weight"], -1, 784), state["net"]
    net = Tempotron(784, len(weight), settings["T"], settings["tau"], settings["tau_s"])
    net.weight.data = weight
    return TempotronReader(net, Pictures(grey(held["pictures"]), torch.tensor(state["labels"])), **values)


def spike_browser(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> SpikeBrowser:
    """Make a SpikeBrowser of its stored trained network and data."""
    conv, norm = nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16, eps=0.0)  # folded in already: nothing is left of it
    conv.weight.data = torch.tensor(state["weight"]).reshape(16, 1, 3, 3)
    conv.bias.data = torch.tensor(state["bias"])
    names = [tr(*pair) for pair in state["names"]]
    return SpikeBrowser(nn.Sequential(conv, norm), grey(held["pictures"]), names, **values)


def energy_calculator(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> EnergyCalculator:
    """Make an EnergyCalculator of its stored counted layers."""
    return EnergyCalculator(state["layers"], **values)


def column_reader(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> ColumnReader:
    """Make a ColumnReader of its stored trained network and data."""
    left = iter(numbers(held["numbers"], -1))
    nets = {tr(*net["name"]): nn.Sequential(*(_layer(spec, left) for spec in net["layers"])) for net in state["nets"]}
    classes = tuple(tr(*pair) for pair in state["classes"])
    return ColumnReader(nets, grey(held["pictures"]), torch.tensor(state["labels"]), classes, **values)


def _layer(spec: dict[str, Any], left: Any) -> nn.Module:
    """One layer of ColumnReader's description; its weights are the next numbers."""
    if spec["kind"] == "linear":
        made = nn.Linear(spec["inputs"], spec["outputs"])
        for part in (made.weight, made.bias):
            part.data = torch.stack([next(left) for _ in range(part.numel())]).reshape(part.shape)
        return made
    if spec["kind"] == "loop":
        around = layer.LinearRecurrentContainer(_layer(spec["neuron"], left), spec["size"], spec["size"])
        around.rc = _layer(spec["linear"], left)
        return around
    if spec["kind"] == "filter":
        return synapse.LowPassSynapse(1 / spec["rate"])
    if spec["tau"]:
        return neuron.LIFNode(spec["tau"], spec["threshold"])
    return neuron.IFNode(spec["threshold"])


def event_player(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> EventPlayer:
    """Make an EventPlayer of its stored recording."""
    return EventPlayer(_events(held), state["height"], state["width"], **values)


def frame_explorer(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> FrameExplorer:
    """Make a FrameExplorer of its stored recording."""
    return FrameExplorer(_events(held), state["height"], state["width"], **values)


def _events(held: Arrays) -> dict[str, np.ndarray]:
    return {key: held[name].view(kind).copy() for name, (key, kind) in SENT.items()}


def gesture_votes(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> GestureVotes:
    """Make a GestureVotes of its stored trained network and data."""
    both = torch.from_numpy(held["pictures"].reshape(CLIPS, FRAMES, 1, *state["size"]).copy())
    clips = torch.cat([both % 16, both // 16], dim=2).float()  # OFF, ON
    classes = [tr(*pair) for pair in state["classes"]]
    return GestureVotes(None, clips, state["labels"], classes, outputs=state["outputs"], **values)


def growing_fields(state: dict[str, Any], held: Arrays, values: dict[str, Any]) -> GrowingFields:
    """Make a GrowingFields of its stored fields."""
    return GrowingFields(**values)


MAKE: dict[str, Callable[[dict[str, Any], Arrays, dict[str, Any]], Any]] = {
    "ColumnReader": column_reader,
    "DrawDigit": draw_digit,
    "EnergyCalculator": energy_calculator,
    "EventPlayer": event_player,
    "FrameExplorer": frame_explorer,
    "GestureVotes": gesture_votes,
    "GrowingFields": growing_fields,
    "SpikeBrowser": spike_browser,
    "TempotronReader": tempotron_reader,
    "VoteExplorer": vote_explorer,
}


def made(name: str, values: dict[str, Any]) -> Any:
    """The widget of that name on its shipped sample."""
    found = stored.sample(name)
    held = {part["path"][0]: np.frombuffer(base64.b64decode(part["data"]), np.uint8) for part in found["buffers"]}
    known = {control.name for control in stored.widget_class(name).parameters}
    params = {key: value for key, value in found["state"]["params"].items() if key in known}
    return MAKE[name](found["state"], held, params | values)


for _name in MAKE:
    stored.sampled(_name, made)
