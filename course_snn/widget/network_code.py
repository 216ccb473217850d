"""A graph of NetworkCanvas as lines of Python for course_snn.network; js/graph_code.js writes the same text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .network_graph import STEPS


def group_call(group: Mapping[str, Any]) -> str:
    """The expression that makes a group."""
    if group["kind"] == "input":
        return 'network.Encoder(1, "null")'
    leak = f"tau_m={group['tau_m']!r}, " if group["kind"] == "lif" else ""
    return f'network.NeuronGroup(1, "{group["kind"]}", {leak}v_th={group["v_th"]!r})'


def connection_call(con: Mapping[str, Any]) -> str:
    """The expression that makes a connection."""
    return (
        f"network.Connection(net.{con['pre']}, net.{con['post']}, weight=[[{con['weight']!r}]], delay={con['delay']})"
    )


def train_line(group: Mapping[str, Any], steps: int = STEPS) -> str:
    """The line that says when an input fires; t is a column of steps."""
    every = f"t % {group['every']} == 0" if group["every"] else ""
    listed = f"torch.isin(t, torch.tensor({group['times']}))" if group["times"] else ""
    if every and listed:
        train = f"(({every}) | {listed}).float()"
    elif every or listed:
        train = f"({every}).float()" if every else f"{listed}.float()"
    else:
        train = f"torch.zeros(1, {steps}, 1)"
    return f'inputs["{group["name"]}"] = {train}'


def code(graph: Mapping[str, Any], steps: int = STEPS) -> str:
    """The whole graph, from the imports to the run."""
    trains = [group for group in graph["groups"] if group["kind"] == "input"]
    lines = ["from course_snn import network", "", "net = network.Network()"]
    lines += [f'net.add_assembly("{group["name"]}", {group_call(group)})' for group in graph["groups"]]
    lines += [f'net.add_connection("{con["name"]}", {connection_call(con)})' for con in graph["connections"]]
    if not trains:
        return "\n".join(lines)
    data = [f"t = torch.arange({steps}).reshape(1, -1, 1)  # [N, T, num]", "inputs = {}"]
    data += [train_line(group, steps) for group in trains]
    return "\n".join(["import torch", *lines, "", *data, "net.input(inputs)", f"net.run({steps})"])
