"""ResidualExplorer: what a chain of residual blocks passes on, plain or SEW, and what comes back as gradient."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullFormatter
from torch import nn

from .. import functional, neuron, surrogate
from ..figure import BLUE, GREY, ORANGE, PALE
from ..language import tr
from .base import PageWidget, blank
from .control import Choice, Slider, SpikeTimes

if TYPE_CHECKING:
    from ..model.block import SpikingBasicBlock

STEPS, FLOOR = 16, 1e-9
CONNECT = {
    "plain": ("普通：神经元(x + F)", "plain: neuron(x + F)"),
    "add": ("SEW ADD：x + s", "SEW ADD: x + s"),
    "and": ("SEW AND：x · s", "SEW AND: x · s"),
    "iand": ("SEW IAND：x · (1 − s)", "SEW IAND: x · (1 − s)"),
}


class Passed(NamedTuple):
    """What a chain did.

    Args:
        out: x and the outputs of the blocks [depth + 1, T].
        shortcut: gradient of the sum of the last output in x and each output, through the shortcuts alone
            [depth + 1, T]. whole: the same through the convolutions too.
    """

    out: torch.Tensor
    shortcut: torch.Tensor
    whole: torch.Tensor


class ResidualExplorer(PageWidget):
    """Put spikes into a chain of equal residual blocks and see what each block passes on, and the gradient back.

    The blocks are ``model.SpikingBasicBlock`` with one channel and one pixel, without normalisation: the first
    convolution multiplies by 2, the second by ``weight``, then ``bias`` is added.

    Args:
        values: parameters by name: connect ("plain", "add", "and", "iand"), node ("if", "lif"), depth, weight, bias,
            spikes (time steps at which the input is 1).
    """

    heading = (
        "残差块：原样传下去了吗，梯度回得来吗？",
        "Residual blocks: is it passed on, does the gradient come back?",
    )
    scripts = ("lane.js", "residual.js", "residual_explorer.js")
    parameters = (
        Choice("connect", "plain", ("怎样合起来", "How the two ways are joined"), CONNECT),
        Choice(
            "node", "lif", ("神经元", "Neuron"), {"if": ("IF", "IF"), "lif": ("LIF，τ = 2", "LIF, τ = 2")}, more=True
        ),
        Slider("depth", 4, ("块数", "Blocks"), 1, 8, 1),
        Slider("weight", 0.0, ("第二个卷积的权重", "Weight of the second convolution"), -2.0, 2.0, 0.25, "w", digits=2),
        Slider("bias", 0.0, ("偏置", "Bias"), -1.0, 2.0, 0.25, "b", digits=2, more=True),
        SpikeTimes("spikes", [1, 2, 5, 6, 7, 11, 14], ("输入脉冲 x", "input spikes x"), STEPS),
    )

    def blocks(self) -> list[SpikingBasicBlock]:
        """The chain, as the library builds it."""
        from ..model.block import SpikingBasicBlock  # here: torchvision takes a second, in every chapter

        p = self.params

        def node() -> nn.Module:
            how = dict(surrogate=surrogate.ATan(), detach_reset=True)
            return neuron.IFNode(**how) if p["node"] == "if" else neuron.LIFNode(2.0, **how)

        connect = None if p["connect"] == "plain" else p["connect"]
        made = [SpikingBasicBlock(1, 1, node=node, connect=connect, norm_layer=nn.Identity) for _ in range(p["depth"])]
        for block in made:
            for conv, value in ((block.conv1, 2.0), (block.conv2, p["weight"])):
                conv.weight.data.zero_()[0, 0, 1, 1] = value
            block.conv2.bias = nn.Parameter(torch.tensor([p["bias"]]))
        return made

    def run(self) -> Passed:
        """Outputs and gradients, by autograd."""
        x = torch.zeros(STEPS)
        x[self.params["spikes"]] = 1
        out, whole = _gradients(x, self.blocks())
        cut = self.blocks()
        for block in cut:
            block.conv2.register_forward_hook(lambda module, args, y: y.detach())
        return Passed(out, _gradients(x, cut)[1], whole)

    def figure(self) -> Figure:
        passed = self.run()
        figure, (top, bottom) = blank(0.9 + 0.24 * self.params["depth"], 1.9)
        _outputs(passed.out, top)
        blocks = range(len(passed.out))
        for values, colour, style, name in (
            (passed.shortcut, BLUE, "-", tr("只经过捷径", "through the shortcuts alone")),
            (passed.whole, ORANGE, "--", tr("全部", "through both ways")),
        ):
            bottom.semilogy(blocks, values.abs().mean(1).clamp(FLOOR), style, color=colour, marker="o", label=name)
        bottom.yaxis.set_minor_formatter(NullFormatter())
        bottom.set(xticks=blocks, ylim=(bottom.get_ylim()[0] / 2, 2 * bottom.get_ylim()[1]))
        bottom.set(xlabel=tr("块（0：输入）", "block (0: input)"), ylabel=tr("平均 |梯度|", "mean |gradient|"))
        bottom.legend()
        return figure


def _gradients(x: torch.Tensor, blocks: list[SpikingBasicBlock]) -> tuple[torch.Tensor, torch.Tensor]:
    seen = [x.reshape(-1, 1, 1, 1, 1).requires_grad_()]  # [T, N, C, H, W]
    for block in blocks:
        seen.append(functional.unroll(block, seen[-1]))
    found = torch.autograd.grad(seen[-1].sum(), seen)
    return torch.stack([y.detach().flatten() for y in seen]), torch.stack([g.flatten() for g in found])


def _outputs(out: torch.Tensor, ax: Axes) -> None:
    """A row for the input and each block; a number where it is not 0, grey where it is as the input."""
    for row, values in enumerate(out.tolist()):
        for t, value in enumerate(values):
            same = value == out[0, t]
            ax.add_patch(_square(t, row, BLUE if value and same else ORANGE if value else PALE, same))
            if value or not same:
                ax.text(t, row, f"{value:g}", ha="center", va="center", fontsize=8, color="white" if value else ORANGE)
    names = [tr("输入 x", "input x"), *(tr(f"块 {k}", f"block {k}") for k in range(1, len(out)))]
    ax.set_yticks(range(len(out)), names)
    ax.set(xlim=(-0.6, out.shape[1] - 0.4), ylim=(len(out) - 0.4, -0.6), xticks=range(0, out.shape[1], 5))
    ax.set_title(
        tr("每步的输出；橙色：和输入不同", "outputs at each step; orange: not as the input"), fontsize=9.5, color=GREY
    )


def _square(t: int, row: int, colour: str, same: bool) -> Rectangle:
    return Rectangle((t - 0.42, row - 0.38), 0.84, 0.76, facecolor=colour, edgecolor="none" if same else ORANGE)
