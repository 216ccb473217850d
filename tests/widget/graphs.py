"""Graphs for NetworkCanvas: given ones in short, and random ones."""

from __future__ import annotations

import random

from course_snn.widget import NetworkCanvas

STEPS = 60


def graph(*groups, links=()):
    """A graph as the widget holds it: groups "x1" are inputs; links are (pre, post, weight, delay)."""
    named = ("pre", "post", "weight", "delay")
    connections = [dict(zip(named, link, strict=True)) for link in links]
    return NetworkCanvas(graph={"groups": list(groups), "connections": connections}).params["graph"]


def random_graph(seed, count=8):
    """Any graph: some connections without delay, but those only from earlier to later groups, so they close no loop."""
    r = random.Random(seed)
    groups = [
        {"name": f"x{k}", "kind": "input", "every": r.randint(0, 5), "times": [r.randrange(STEPS)]} for k in (1, 2)
    ]
    for k in range(count - 2):
        kind = r.choice(("if", "lif"))
        more = {"tau_m": r.choice((1.5, 4, 8, 20))} if kind == "lif" else {}
        groups.append({"name": "abcdefgh"[k], "kind": kind, "v_th": r.choice((0.5, 0.8, 1.0)), **more})
    links = []
    for _ in range(3 * count):
        pre, post = r.randrange(count), r.randrange(2, count)
        delay = r.randint(0 if pre < post else 1, 6)
        links.append((groups[pre]["name"], groups[post]["name"], r.choice((-0.7, -0.1, 0.1, 0.3, 0.6, 1.0)), delay))
    r.shuffle(groups)
    return graph(*groups, links=links)
