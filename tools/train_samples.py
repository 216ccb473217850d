"""Train the small networks that widgets ship, so that they live before the learner has trained one.

Each sample, course_snn/widget/samples/<Name>.json, holds what the page needs ("state", "buffers") and "measured": how
good its network is, on which data, by which command. A network learns from the real set and from its stand-in together;
validation pictures show whether the recipe is sound, the test sets are read once. No picture of MNIST or Fashion-MNIST
is shipped: those in the samples are the stand-ins' test pictures.

Usage, where MNIST and Fashion-MNIST lie in $COURSE_SNN_DATA (all of it: about ten minutes on two cores):
    uv run python tools/train_samples.py [Name …]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F

from course_snn import data, encoding, energy, functional, layer, neuron, pooling, surrogate, synapse, training, widget
from course_snn.data import garments, standin
from course_snn.data.images import Images
from course_snn.event_driven import Tempotron
from course_snn.language import tr
from course_snn.widget import stored

COMMAND = "uv run python tools/train_samples.py"
Measured = list[dict[str, Any]]


def sets(load: Callable, make: Callable) -> tuple[Images, Images, Images, Images]:
    """(to learn from, to choose by, the real test set, the stand-in's test set); both trains are joined."""
    train, test = load()
    if train.stand_in:
        sys.exit("the real set was not found: set COURSE_SNN_DATA to the folder that holds it")
    rest, kept = data.split(train, 0.1)
    small = [Images(x[:, None].float() / 255, y.long(), train.classes, "stand-in") for x, y in make()]
    copies = max(1, len(rest) // 4 // len(small[0]))  # the stand-in makes a fifth of what is seen
    images = torch.cat([rest.images, *[small[0].images] * copies])
    labels = torch.cat([rest.labels, *[small[0].labels] * copies])
    return replace(rest, images=images, labels=labels), kept, test, small[1]


def measured(name: str, accuracy: Callable[[Images], float], kept: Images, test: Images, small: Images) -> Measured:
    """The rows of "measured": validation, the real test set, and the stand-in's, which a test computes again."""
    rows = [(f"{name}, validation", kept), (f"{name}, test", test), ("stand-in, test", small)]
    found = [{"data": label, "pictures": len(part), "accuracy": round(accuracy(part), 4)} for label, part in rows]
    print(*found, sep="\n", flush=True)
    return found


def spread(small: Images, each: int) -> Images:
    """``each`` pictures of every class, the classes mixed."""
    order = torch.stack([(small.labels == c).nonzero()[:each, 0] for c in range(10)], 1).flatten()
    return replace(small, images=small.images[order], labels=small.labels[order])


def digit_layer() -> tuple[nn.Module, Measured, Images]:
    """The layer of chapter 9, by its recipe: Poisson spikes, T = 5, cross-entropy of the counts."""
    learn, *judges = sets(data.mnist, standin.digits)
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Flatten(),
        nn.Linear(784, 10, bias=False),
        neuron.LIFNode(tau=2.0, surrogate=surrogate.Sigmoid(4.0)),
    )
    poisson = encoding.PoissonEncoder()

    def loss(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(out.sum(0), labels)

    training.fit(net, learn, validation=judges[0], T=5, epochs=4, lr=1e-2, encode=poisson, loss=loss)

    def accuracy(pictures: Images) -> float:
        torch.manual_seed(1)
        return training.evaluate(net, pictures, T=50, encode=poisson).accuracy

    return net, measured("MNIST", accuracy, *judges), judges[2]


def draw_digit(net: nn.Module, found: Measured, small: Images) -> tuple[Any, Measured]:
    return widget.DrawDigit(net[1].weight, spread(small, 2).images), found


def vote_explorer(net: nn.Module, found: Measured, small: Images) -> tuple[Any, Measured]:
    return widget.VoteExplorer(net[1].weight, spread(small, 10)), found


def tempotron_reader() -> tuple[Any, Measured]:
    """Chapter 7's: latencies, the best neuron of each class, cross-entropy; here three neurons a class."""
    learn, *judges = sets(data.mnist, standin.digits)
    torch.manual_seed(0)
    net = Tempotron(784, 30, T=20)

    def run(net: nn.Module, x: torch.Tensor) -> torch.Tensor:
        times = (19 * (1 - x)).round().long().masked_fill(x <= 0, -1).flatten(1)
        return net(times).reshape(len(x), 10, -1).amax(2)[None]

    def loss(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(5 * out[0], labels)

    training.fit(net, learn, validation=judges[0], epochs=3, lr=5e-3, run=run, loss=loss)
    with torch.no_grad():

        def accuracy(part: Images) -> float:
            right = [run(net, x)[0].argmax(1) for x in part.images.split(1000)]
            return (torch.cat(right) == part.labels).float().mean().item()

        return widget.TempotronReader(net, spread(judges[2], 2)), measured("MNIST", accuracy, *judges)


def fashion_net() -> tuple[nn.Module, Measured, Images]:
    """Chapter 11's network, T = 4."""
    learn, *judges = sets(data.fashion_mnist, garments.garments)
    torch.manual_seed(0)

    def spiking() -> nn.Module:
        return neuron.IFNode(surrogate=surrogate.ATan(), detach_reset=True)

    def block(into: int, out: int) -> list[nn.Module]:
        conv = nn.Conv2d(into, out, 3, padding=1, bias=False)
        return [conv, nn.BatchNorm2d(out), spiking(), pooling.SpikeMaxPool2d()]

    dense = [nn.Linear(49 * 32, 128, bias=False), nn.BatchNorm1d(128), spiking(), nn.Linear(128, 10)]
    net = nn.Sequential(*block(1, 16), *block(16, 32), nn.Flatten(), *dense).to(memory_format=torch.channels_last)
    settings = {"validation": judges[0], "optimizer": torch.optim.AdamW, "lr": 5e-3, "T": 4}
    training.fit(net, learn.subset(30_000), epochs=2, **settings)
    return net, measured("Fashion-MNIST", lambda part: training.evaluate(net, part, T=4).accuracy, *judges), judges[2]


def spike_browser(net: nn.Module, found: Measured, small: Images) -> tuple[Any, Measured]:
    shown = spread(small, 1)
    return widget.SpikeBrowser(net[:3], shown.images, shown.classes), found


def energy_calculator(net: nn.Module, found: Measured, small: Images) -> tuple[Any, Measured]:
    bill = energy.count(net, small.images[:200], 4)
    rates = [*(each.rate for each in bill.layers[1:]), 0.0]  # as the next layer receives them
    names = ("Conv 1", "Conv 2", "FC 1", "FC 2")
    layers = [
        {"name": name, "macs": each.dense, "neurons": each.outputs, "rate": rate}
        for name, each, rate in zip(names, bill.layers, rates, strict=True)
    ]
    return widget.EnergyCalculator(layers), found


def column_reader() -> tuple[Any, Measured]:
    """Chapter 12's three networks."""
    learn, *judges = sets(data.fashion_mnist, garments.garments)
    names = {"plain": tr("普通", "plain"), "loop": tr("反馈", "feedback")}
    names["filter"] = tr("有状态突触", "stateful synapse")
    settings = {"encode": data.columns, "loss": training.rate_mse, "batch_size": 512, "lr": 0.02, "epochs": 8}
    nets, found = {}, []
    for kind, name in names.items():
        torch.manual_seed(0)
        node = neuron.IFNode(surrogate=surrogate.ATan(), detach_reset=(kind == "loop"))
        middle = {
            "plain": [node],
            "loop": [layer.LinearRecurrentContainer(node, 32, 32)],
            "filter": [node, synapse.LowPassSynapse(tau=2.0, learnable=True)],
        }[kind]
        last = [nn.Linear(32, 10), neuron.IFNode(surrogate=surrogate.ATan())]
        net = nn.Sequential(nn.Linear(28, 32), *middle, *last)
        training.fit(net, learn, validation=judges[0], **settings)

        def accuracy(part: Images, net: nn.Module = net) -> float:
            return training.evaluate(net, part, encode=data.columns).accuracy

        found += [{"net": kind} | row for row in measured("Fashion-MNIST", accuracy, *judges)]
        nets[name] = net.eval()
    shown = spread(judges[2], 2)
    return widget.ColumnReader(nets, shown.images, shown.labels, shown.classes, image=4), found


def gesture_votes() -> tuple[Any, Measured]:
    """Chapter 14's small network, on synthetic gestures of a 32 × 32 camera."""
    train, test = data.synthetic_gestures(2, data.EventCamera(32, 32))
    rest, kept = train.split_by_subject(train.subjects.unique()[-4:])
    frames = {name: part.frames("time", T=20) for name, part in (("rest", rest), ("kept", kept), ("test", test))}
    torch.manual_seed(0)

    def node() -> nn.Module:
        return neuron.PLIFNode(2.0, surrogate=surrogate.ATan(), detach_reset=True)

    def block(into: int, out: int) -> nn.Module:
        conv = nn.Conv2d(into, out, 3, padding=1, bias=False)
        return nn.Sequential(conv, nn.BatchNorm2d(out), node(), pooling.SpikeMaxPool2d())

    loop = layer.LinearRecurrentContainer(node(), 128, 128)
    last = [nn.Dropout(0.3), nn.Linear(128, 110, bias=False), nn.BatchNorm1d(110), node(), nn.AvgPool1d(10)]
    first = [nn.Flatten(), nn.Linear(512, 128, bias=False), nn.BatchNorm1d(128), loop]
    net = nn.Sequential(block(2, 16), block(16, 32), block(32, 32), *first, *last)

    def watch(net: nn.Module, clips: torch.Tensor) -> torch.Tensor:
        functional.reset_net(net)
        return functional.unroll(net, data.time_first(clips))

    def loss(out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return F.cross_entropy(10 * out.mean(0), labels)

    def shift(clips: torch.Tensor) -> torch.Tensor:
        dx, dy = torch.randint(-3, 4, (2,)).tolist()
        return clips.roll((dy, dx), (3, 4))

    pairs = {name: (part.images.sqrt(), part.labels) for name, part in frames.items()}
    recipe = {"lr": 3e-3, "batch_size": 32, "loss": loss, "run": watch, "augment": shift, "device": "cpu"}
    training.fit(net, pairs["rest"], validation=pairs["kept"], epochs=14, **recipe)
    net.eval()
    found = []
    with torch.no_grad():
        for name, (x, y) in (("validation", pairs["kept"]), ("test", pairs["test"])):
            answers = torch.cat([watch(net, part).mean(0).argmax(1) for part in x.split(32)])
            accuracy = (answers == y).float().mean().item()
            found.append({"data": f"synthetic gestures, {name}", "clips": len(y), "accuracy": round(accuracy, 4)})
    print(*found, sep="\n", flush=True)
    x, y = pairs["test"]
    two = torch.cat([(y == gesture).nonzero().flatten()[:2] for gesture in range(11)])
    return widget.GestureVotes(net, x[two], y[two], data.GESTURES, clip=6), found


def event_player() -> tuple[Any, Measured]:
    """The bundled gesture's first 0.9 s: all of it would be too large."""
    events = widget.EventPlayer.example()
    first = events["t"] - events["t"][0] < 900_000
    return widget.EventPlayer({key: array[first] for key, array in events.items()}), []


def write(name: str, made: Any, found: Measured) -> None:
    """Write a sample in one line; it must not be larger than 200 kB."""
    made = smaller(made) if name == "GestureVotes" else made
    sample = stored.whole(made) | {"measured": found, "command": f"{COMMAND} {name}"}
    for key in ("title", "controls"):  # the class's own, which may change
        del sample["state"][key]
    path = stored.SAMPLES / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(sample, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{name}: {path.stat().st_size} bytes", flush=True)


def smaller(made: widget.GestureVotes, side: int = 15) -> widget.GestureVotes:
    """The same widget with clips of 15 × 15 pixels."""
    shown = F.adaptive_max_pool2d(made._clips.flatten(0, 1), side)
    off, on = shown.clamp(0, 15).round().to(torch.uint8).unbind(1)
    made.size, made.pictures = [side, side], (off + 16 * on).numpy().tobytes()
    return made


def main(wanted: list[str]) -> None:
    alone = {
        "TempotronReader": tempotron_reader,
        "ColumnReader": column_reader,
        "GestureVotes": gesture_votes,
        "EventPlayer": event_player,
        "FrameExplorer": lambda: (widget.FrameExplorer(), []),
        "GrowingFields": lambda: (widget.GrowingFields(), []),
    }
    together = {
        digit_layer: {"DrawDigit": draw_digit, "VoteExplorer": vote_explorer},
        fashion_net: {"SpikeBrowser": spike_browser, "EnergyCalculator": energy_calculator},
    }
    for name, make in alone.items():
        if not wanted or name in wanted:
            write(name, *make())
    for train, makers in together.items():
        chosen = {name: make for name, make in makers.items() if not wanted or name in wanted}
        trained = train() if chosen else None
        for name, make in chosen.items():
            write(name, *make(*trained))


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(sys.argv[1:])
