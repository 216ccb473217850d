"""NetworkCanvas: draw a network of single neurons, run it, and read the Python that builds it."""

from __future__ import annotations

from matplotlib.figure import Figure

from .. import plotting
from ..language import tr
from .base import PageWidget, blank
from .control import Slider
from .network_code import code
from .network_examples import EXAMPLES
from .network_graph import Graph


class NetworkCanvas(PageWidget):
    """Draw groups and connections, run them step by step, see for every edit the line of Python that does the same.

    Every group is one neuron, so that a weight is a number. Time goes in steps t = 0, 1, …, 59:

        current(t) = Σ weight · O_pre[t − delay];  if: h = V + I;  lif: h = aV + I, a = exp(−1/tau_m)
        O = h >= v_th;  V = 0 where O, else h

    Args:
        graph: {"groups": […], "connections": […]} as in ``network_graph.Graph``, or the name of an example:
            "chain", "fan_in", "self_loop", "mutual", "delay_line", "ring".
        speed: steps a second.

    Source: after SPAIC (Hong et al., 2024), whose networks are such graphs of assemblies and connections.
    """

    heading = ("网络画布", "Network canvas")
    scripts = (
        "graph.js", "graph_run.js", "graph_code.js", "graph_routes.js", "graph_scene.js", "graph_trace.js",
        "graph_inspector.js", "graph_hands.js", "network_canvas.js",
    )  # fmt: skip
    parameters = (
        Graph("graph", "fan_in", ("图", "Graph"), EXAMPLES),
        Slider("speed", 4, ("速度", "Speed"), 1, 20, 1, "", ("步/秒", "steps/s")),
    )

    def code(self) -> str:
        """The Python that builds the learner's graph with course_snn.network and runs it; the page shows the same."""
        return code(self.params["graph"])

    def figure(self) -> Figure:
        figure, ax = blank(2.7)
        shown = {"input": tr("输入", "input"), "if": "IF", "lif": "LIF"}
        groups = [group | {"text": shown[group["kind"]]} for group in self.params["graph"]["groups"]]
        plotting.network_graph(groups, self.params["graph"]["connections"], ax=ax)
        return figure
