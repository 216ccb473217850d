"""The ready-made graphs of NetworkCanvas."""

from __future__ import annotations

import math
from typing import Any


def _input(name: str, x: float, y: float, every: int = 0, times: tuple[int, ...] = ()) -> dict[str, Any]:
    return {"name": name, "kind": "input", "x": x, "y": y, "every": every, "times": times}


def _neuron(name: str, x: float, y: float, **more: float) -> dict[str, Any]:
    return {"name": name, "kind": "lif" if "tau_m" in more else "if", "x": x, "y": y, **more}


def _link(pre: str, post: str, weight: float = 1.0, delay: int = 1) -> dict[str, Any]:
    return {"pre": pre, "post": post, "weight": weight, "delay": delay}


def _ring(count: int = 6) -> dict[str, Any]:
    """A spike that goes round: six neurons on a circle, two steps from one to the next."""
    turn = [2 * math.pi * (k / count - 0.5) for k in range(count)]
    names = "abcdef"[:count]
    groups = [
        _neuron(name, 0.62 + 0.36 * math.cos(a), 0.5 + 0.5 * math.sin(a)) for name, a in zip(names, turn, strict=True)
    ]
    links = [_link(pre, post, delay=2) for pre, post in zip(names, names[1:] + names[0], strict=True)]
    return {"groups": [_input("x1", 0.0, 0.5, times=(1,)), *groups], "connections": [_link("x1", "a"), *links]}


CHAIN = {
    "groups": [
        _input("x1", 0.04, 0.5, every=8),
        *(_neuron(n, x, 0.5) for n, x in zip("abc", (0.34, 0.65, 0.96), strict=True)),
    ],
    "connections": [_link("x1", "a"), _link("a", "b", delay=3), _link("b", "c", delay=3)],
}
FAN_IN = {
    "groups": [
        _input("x1", 0.08, 0.05, every=4),
        _input("x2", 0.08, 0.5, every=6),
        _input("x3", 0.08, 0.95, every=7),
        _neuron("a", 0.6, 0.5, tau_m=4.0),
    ],
    "connections": [_link("x1", "a", 0.6), _link("x2", "a", 0.6), _link("x3", "a", 0.6)],
}
SELF_LOOP = {
    "groups": [_input("x1", 0.1, 0.55, times=(3,)), _neuron("a", 0.5, 0.55), _neuron("b", 0.9, 0.55, tau_m=8.0)],
    "connections": [_link("x1", "a"), _link("a", "a", delay=5), _link("a", "b", 0.6, 2)],
}
MUTUAL = {
    "groups": [
        _input("x1", 0.08, 0.1, every=3),
        _input("x2", 0.08, 0.9, every=4),
        _neuron("a", 0.6, 0.1, tau_m=8.0),
        _neuron("b", 0.6, 0.9, tau_m=8.0),
    ],
    "connections": [_link("x1", "a", 0.6), _link("x2", "b", 0.6), _link("a", "b", -0.8), _link("b", "a", -0.8)],
}
DELAY_LINE = {
    "groups": [
        _input("x1", 0.06, 0.2, times=(2, 22, 42)),
        _input("x2", 0.06, 0.8, times=(8, 22, 36)),
        *(_neuron(name, 0.8, y, tau_m=2.0) for name, y in zip("abc", (0.0, 0.5, 1.0), strict=True)),
    ],
    "connections": [
        *(_link("x1", post, 0.7, delay) for post, delay in zip("abc", (7, 4, 1), strict=True)),
        *(_link("x2", post, 0.7, delay) for post, delay in zip("abc", (1, 4, 7), strict=True)),
    ],
}
EXAMPLES = {
    "chain": (("链：一个接一个", "chain: one after another"), CHAIN),
    "fan_in": (("汇聚：碰到一起才发放", "fan-in: fires when they meet"), FAN_IN),
    "self_loop": (("自环：一直发放下去", "self-loop: keeps firing"), SELF_LOOP),
    "mutual": (("互相抑制", "mutual inhibition"), MUTUAL),
    "delay_line": (("延迟线：读出时间差", "delay line: reads a time difference"), DELAY_LINE),
    "ring": (("环：脉冲绕圈走", "ring: a spike goes round"), _ring()),
}
