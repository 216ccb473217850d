"""The ten operations against the table that the page's stepper is held to: one contract, three implementations."""

import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from together import each_of

from course_snn import network

sys.path.insert(0, str(Path(__file__).parents[1] / "widget"))
from operations import VECTORS

sys.path.pop(0)


def example():
    with network.Network() as net:
        a, b, c = (network.NeuronGroup(n) for n in (2, 3, 2))
        ab, bc = network.Connection(a, b), network.Connection(b, c)
    return net


def walk(part, within=""):
    """Yield (path, part) of all that is visible inside, the tree depth first, with parts as ``part`` holds them."""
    for name, inner in part.assemblies.items():
        if not inner.hidden:
            yield within + name, inner
            yield from walk(inner, f"{within}{name}.")


def links(part, within=""):
    for name, connection in part.connections.items():
        yield within + name, connection
    for name, inner in part.assemblies.items():
        if not inner.hidden:
            yield from links(inner, f"{within}{name}.")


def seen(part):
    members = list(walk(part))
    paths = {inner: path for path, inner in reversed(members)}
    joined = [[name, *(paths[end] for end in c.ends)] for name, c in links(part) if all(e in paths for e in c.ends)]
    return [path for path, _ in members], sorted(joined)


@each_of("row", VECTORS)
def test_every_row_of_the_table(row):
    scope = {"A": example(), "example": example, "network": network}
    for i, line in enumerate(row["lines"], start=1):
        refused = row["raises"] and i == len(row["lines"])
        with pytest.raises(ValueError) if refused else nullcontext():
            exec(line, scope)
    assert seen(scope[row["seen"]]) == (row["members"], sorted(row["connections"]))
