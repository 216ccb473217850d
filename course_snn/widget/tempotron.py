"""TempotronBench and TempotronReader: spikes add up to a voltage; ten trained neurons read a digit."""

from __future__ import annotations

from typing import Any

import torch
import traitlets
from matplotlib.figure import Figure
from torch.func import functional_call
from torch.nn import functional as F

from .. import plotting
from ..event_driven import Tempotron, psp_kernel
from ..figure import GREY, INK, ORANGE
from ..language import tr
from .base import PageWidget, blank
from .classifier import bundled
from .control import STEP_UNIT, Slider, SpikeTimes

STEPS = 60
INPUTS = ("a", "b", "c")


def _weight(name: str, value: float) -> Slider:
    label = (f"{name.upper()} 的权重", f"Weight of {name.upper()}")
    return Slider(f"w_{name}", value, label, -2.0, 2.0, 0.01, f"w_{{{name}}}", digits=2)


class TempotronBench(PageWidget):
    """Three inputs with draggable spikes, their potentials and the voltage, t_max, and the credit of every spike."""

    heading = ("Tempotron 实验台：拖动脉冲，看谁得到功劳", "Tempotron bench: drag the spikes, see who gets the credit")
    scripts = ("lane.js", "psp.js", "tempotron_bench.js")
    parameters = (
        _weight("a", 0.7),
        _weight("b", 0.5),
        _weight("c", -0.4),
        Slider("tau", 15.0, ("膜时间常数", "Membrane time constant"), 6.0, 40.0, 0.5, "τ", STEP_UNIT, 1, more=True),
        Slider(
            "tau_s", 3.75, ("突触时间常数", "Synapse time constant"), 0.25, 5.0, 0.25, "τ_{s}", STEP_UNIT, 2, more=True
        ),
        Slider("rate", 0.1, ("学习率", "Learning rate"), 0.01, 0.5, 0.01, "η", digits=2, more=True),
        SpikeTimes("a", [8], ("输入 A 的脉冲", "spikes of input A"), STEPS),
        SpikeTimes("b", [14], ("输入 B 的脉冲", "spikes of input B"), STEPS),
        SpikeTimes("c", [30], ("输入 C 的脉冲", "spikes of input C"), STEPS),
    )

    def run(self) -> tuple[torch.Tensor, int, list[float]]:
        """The potentials of the inputs [T, 3], the time t_max of their sum's peak, and ∂V_max/∂w of each input.

        To the library every spike is an input of its own; those of one input share its weight.
        """
        p = self.params
        owner = [k for k, name in enumerate(INPUTS) for _ in p[name]]
        if not owner:
            return torch.zeros(STEPS, 3), 0, [0.0] * 3
        times = torch.tensor([[t for name in INPUTS for t in p[name]]])
        shares = F.one_hot(torch.tensor(owner), len(INPUTS)).double().t()  # [3, spikes]
        weights = torch.tensor([p[f"w_{name}"] for name in INPUTS], dtype=torch.double, requires_grad=True)
        net = Tempotron(len(owner), len(INPUTS), STEPS, p["tau"], p["tau_s"]).double()
        psp = functional_call(net, {"weight": weights[:, None] * shares}, (times, "v"))[0]  # [3, T]
        v_max, t_max = psp.sum(0).max(0)
        (gradient,) = torch.autograd.grad(v_max, weights)
        return psp.detach().t(), int(t_max), gradient.tolist()

    def figure(self) -> Figure:
        p = self.params
        psp, t_max, _ = self.run()
        figure, (top, middle, bottom) = blank(0.9, 1.9, 1.5)
        train = torch.zeros(STEPS, 3, dtype=torch.bool)
        for k, name in enumerate(reversed(INPUTS)):  # A on top
            train[p[name], k] = True
        plotting.raster(train, ax=top)
        top.set(
            xlabel="", ylabel="", yticks=[0, 1, 2], yticklabels=[tr(n.upper(), n.upper()) for n in reversed(INPUTS)]
        )
        plotting.psp_sum(psp, v_threshold=1.0, ax=middle)
        plotting.spike_credit(
            [p[name] for name in INPUTS], t_max, lambda t: psp_kernel(t, p["tau"], p["tau_s"]), STEPS, ax=bottom
        )
        middle.set_xlabel("")
        top.set_xlim(middle.get_xlim())
        return figure


PICTURES, SIDE, CLASSES = 20, 28, 10


def latency(image: torch.Tensor, T: int) -> torch.Tensor:
    """Spike times round((T - 1)(1 - x)), bright pixels first; a black pixel stays silent, -1."""
    return ((T - 1) * (1 - image)).round().long().masked_fill(image <= 0, -1)


def _templates() -> Tempotron:
    """Ten neurons that reach 1.5 with the bundled digit of their own, and stay near 0 with the others."""
    net = Tempotron(SIDE * SIDE, CLASSES, 20)
    potential = net.psp_kernel(7 - latency(bundled().flatten(1), 20).float(), net.tau, net.tau_s)
    potential = potential * (bundled().flatten(1) > 0)
    net.weight.data = 1.5 * torch.linalg.solve(potential @ potential.t() + torch.eye(CLASSES), potential)
    return net


class TempotronReader(PageWidget):
    """A digit arrives as spikes, bright pixels first; the voltages of ten classes race, step by step.

    Args:
        net: a trained Tempotron of 784 inputs and 10·k neurons, k in a row for each class; else ten templates.
        test: labelled pictures, the first 20 of which are shown, with ``.images`` [n, 1, 28, 28] in [0, 1] and
            ``.labels``; without them the ten bundled digits, twice.
        values: parameters by name.
    """

    heading = ("读一个数字：亮的像素先到", "Read a digit: bright pixels arrive first")
    scripts = ("psp.js", "tempotron_reader.js")
    weight = traitlets.Bytes().tag(sync=True)
    pictures = traitlets.Bytes().tag(sync=True)
    labels = traitlets.List(traitlets.Int()).tag(sync=True)
    net = traitlets.Dict().tag(sync=True)
    parameters = (
        Slider("image", 0, ("测试图片", "Test picture"), 0, PICTURES - 1, 1),
        Slider("brightness", 1.0, ("亮度", "Brightness"), 0.1, 1.0, 0.05, digits=2),
        Slider("seen", 1.0, ("看到的时间", "Time seen"), 0.0, 1.0, 0.05, digits=2),
    )

    def __init__(self, net: Tempotron | None = None, test: Any = None, **values: Any) -> None:
        self._net = _templates() if net is None else net
        if self._net.in_features != SIDE * SIDE or self._net.out_features % CLASSES:
            raise ValueError(
                f"net must have {SIDE * SIDE} inputs and a multiple of {CLASSES} neurons; this one has "
                f"{self._net.in_features} and {self._net.out_features}."
            )
        images, labels = (bundled(), torch.arange(CLASSES)) if test is None else (test.images, test.labels)
        order = torch.arange(PICTURES) % len(images)
        self._pictures = images[order].detach().cpu().reshape(PICTURES, -1).mul(255).round().byte()
        super().__init__(**values)
        self.weight = self._net.weight.detach().cpu().float().numpy().astype("<f4").tobytes()
        self.pictures, self.labels = self._pictures.numpy().tobytes(), labels[order].tolist()
        self.net = {name: getattr(self._net, name) for name in ("T", "tau", "tau_s")}

    def run(self) -> tuple[torch.Tensor, torch.Tensor]:
        """The spike times of the picture, [784], and the voltage of each class, that of its best neuron, [T, 10]."""
        image = self._pictures[self.params["image"]].double() / 255 * self.params["brightness"]
        times = latency(image, self._net.T)
        with torch.no_grad():
            v = self._net(times[None], "v")[0]
        return times, v.reshape(CLASSES, -1, self._net.T).amax(1).t()

    def step(self) -> int:
        """The last time step that is seen."""
        return round(self.params["seen"] * (self._net.T - 1))

    def figure(self) -> Figure:
        times, v = self.run()
        now = self.step()
        figure = Figure(figsize=(7.0, 2.7), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 2.2))
        arrived = ((times >= 0) & (times <= now)) * (1 - times / self._net.T)
        left.imshow(arrived.reshape(SIDE, SIDE).numpy(), cmap="gray", vmin=0, vmax=1)
        left.set(xticks=[], yticks=[], title=tr("已经到达的脉冲", "spikes so far"))
        top, best = v[: now + 1].amax(0).max(0)
        best = best.item() if top > 0 else None  # nobody has left the rest
        for c in range(CLASSES):
            ahead = {"color": ORANGE, "linewidth": 2.2, "zorder": 3} if c == best else {"color": GREY, "linewidth": 0.9}
            right.plot(v[:, c].numpy(), **ahead)
        right.axhline(1, color=INK, linestyle="--", linewidth=0.8)
        right.axvline(now, color=INK, linewidth=0.8, linestyle=":")
        right.set(
            xlim=(0, len(v) - 1),
            xticks=range(0, len(v), 5),
            xlabel=tr("时间步", "time step"),
            ylabel=tr("膜电位 $V$", "potential $V$"),
        )
        named = "–" if best is None else best
        right.set_title(tr(f"领先：{named}", f"ahead: {named}"))
        return figure
