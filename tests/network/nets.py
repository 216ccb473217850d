"""Small networks, and what is said of all of them: a snapshot to compare, a plain loop that runs them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import torch

from course_snn import functional
from course_snn import network as spaic

S = torch.tensor([[int(c) for c in row] for row in ("101101011011", "011011101101", "110100110110")]).float().t()[None]
W1, W2 = torch.tensor([[0.81, 0.62, 0.43], [-0.52, 0.93, 0.74]]), torch.tensor([[0.94, 0.53], [-0.41, 1.27]])


def abc(model: str = "lif") -> Any:
    """Groups a(2) b(3) c(2), ab: a > b, bc: b > c: the start of every example of the contract."""
    net = spaic.Network()
    net.a, net.b, net.c = (spaic.NeuronGroup(n, model) for n in (2, 3, 2))
    net.ab, net.bc = spaic.Connection(net.a, net.b), spaic.Connection(net.b, net.c)
    return net


def two_layers(model: str = "lif", factor: float = 1.0, bias: Any = None, delay: int = 1, **param: Any) -> Any:
    """The network of the contract's vectors: 3 trains, 2 neurons, 2 neurons."""
    net = spaic.Network()
    net.input = spaic.Encoder(3, "null")
    net.layer1, net.layer2 = spaic.NeuronGroup(2, model, param=param), spaic.NeuronGroup(2, model, param=param)
    net.con1 = spaic.Connection(net.input, net.layer1, delay=delay, weight=factor * W1, bias=bias)
    net.con2 = spaic.Connection(net.layer1, net.layer2, delay=delay, weight=factor * W2)
    net.output = spaic.Decoder(net.layer2)
    net.set_runtime(12.0)
    return net


def small(seed: int = 0, model: str = "lif", encoding: str = "latency") -> Any:
    """Six inputs, five neurons, three neurons, all that fit needs."""
    torch.manual_seed(seed)
    net = spaic.Network()
    net.input = spaic.Encoder(6, encoding)
    net.layer1, net.layer2 = spaic.NeuronGroup(5, model), spaic.NeuronGroup(3, model)
    net.con1 = spaic.Connection(net.input, net.layer1, w_mean=0.5, w_std=0.4)
    net.con2 = spaic.Connection(net.layer1, net.layer2, w_mean=0.5, w_std=0.4, bias=True)
    net.output = spaic.Decoder(net.layer2)
    net.learner = spaic.STCA(0.5, net)
    net.optim = spaic.Adam(lr=0.02)
    net.set_runtime(8.0)
    return net


def labelled(samples: int = 24, inputs: int = 6, classes: int = 3, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Data in which class k has input k bright."""
    g = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, classes, (samples,), generator=g)
    x = 0.4 * torch.rand(samples, inputs, generator=g)
    x[torch.arange(samples), labels] += 0.6
    return x, labels


def names(assembly: Any) -> list[str]:
    return list(assembly.assemblies)


def links(assembly: Any) -> dict[str, str]:
    """Each connection of the whole tree as "pre>post", by address."""
    found = assembly.paths()
    links = {path: part for part, path in found.items() if isinstance(part, spaic.Connection)}
    return {path: ">".join(found.get(end, "?") for end in part.ends) for path, part in links.items()}


def snapshot(*things: Any) -> dict[int, Any]:
    """All that is known of everything that can be reached from here: members, homes, ends, flags, numbers."""
    found, waiting = {}, list(things)
    while waiting:
        part = waiting.pop()
        if id(part) in found or not hasattr(part, "homes"):
            continue
        members = {name: inner for name, inner in part._modules.items() if hasattr(inner, "homes")}
        held = {name: value for name, value in vars(part).items() if hasattr(value, "watches") and name[0] != "_"}
        near = [*members.values(), *part.homes, *getattr(part, "joins", ()), *getattr(part, "ends", ())]
        near += [each for value in held.values() for each in value.watches]
        found[id(part)] = {
            "members": _ids(members), "homes": [(id(home), name) for home, name in part.homes.items()],
            "joins": list(map(id, getattr(part, "joins", ()))), "ends": list(map(id, getattr(part, "ends", ()))),
            "hidden": getattr(part, "hidden", None), "held": _ids(held), "target": id(getattr(part, "target", None)),
            "watches": {name: list(map(id, value.watches)) for name, value in held.items()},
            "numbers": {name: (id(p), p.detach().tolist()) for name, p in part._parameters.items() if p is not None},
        }  # fmt: skip
        waiting += near
        if getattr(part, "target", None) is not None:
            waiting.append(part.target)
    return found


def _ids(table: dict[str, Any]) -> list[tuple[str, int]]:
    return [(name, id(value)) for name, value in table.items()]


def states(net: Any, groups: Iterable[Any] | None = None) -> dict[str, torch.Tensor]:
    """What the neurons remember, by address and variable."""
    groups = {p: path for p, path in net.paths().items() if isinstance(p, spaic.NeuronGroup)}
    return {f"{path}.{name}": getattr(g.neuron, name) for g, path in groups.items() for name in g.neuron._initial}


def outcome(net: Any, x: Any, T: float, again: Any = None, loss: Any = None) -> dict[str, torch.Tensor]:
    """Everything that a run and a continued one give: outputs, gradients, states.

    Args:
        net: with one decoder. x: data, or a dict. T: ms of the first run. again: data of the second; None: the same.
        loss: function of the output; by default a weighted sum.
    """
    net.zero_grad()
    found, total = {}, 0.0
    for k, data in enumerate((x, x if again is None else again)):
        net.feed(data)
        out = (net.run if k == 0 else net.run_continue)(T)
        found[f"out {k}"] = out.detach()
        weights = torch.linspace(0.3, 1.7, out.numel()).view(out.shape).to(out)
        total = total + ((out * weights).sum() if loss is None else loss(out))
        found |= {f"state {k} {name}": torch.as_tensor(v).detach() for name, v in states(net).items()}
    if torch.is_tensor(total) and total.requires_grad:
        total.backward()
    for name, p in net.named_parameters():
        found[f"grad {name}"] = torch.zeros_like(p) if p.grad is None else p.grad
    functional.reset_net(net)
    return found


def assert_same(one: dict[str, torch.Tensor], two: dict[str, torch.Tensor], tolerance: float = 0.0) -> None:
    assert one.keys() == two.keys(), set(one) ^ set(two)
    for name, value in one.items():
        if tolerance == 0:
            assert torch.equal(value, two[name]), name
        else:
            torch.testing.assert_close(
                value, two[name], atol=tolerance, rtol=tolerance, msg=lambda m, n=name: f"{n}: {m}"
            )
