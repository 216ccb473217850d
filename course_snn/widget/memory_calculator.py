"""MemoryCalculator: what a training step takes in memory, and how fast it could be at best."""

from __future__ import annotations

from typing import NamedTuple

import traitlets
from matplotlib.figure import Figure

from ..figure import CYCLE, GREY, INK
from ..language import tr
from ..training.memory import Memory
from .base import PageWidget, blank
from .control import Choice, Slider, Toggle
from .memory_table import NETS, entry, table

GB = 1e9
MOST_STEPS = 64
WAYS = {
    "bptt": ("BPTT：存下所有步", "BPTT: all steps are kept"),
    "recomputed": ("分块重算", "blocks computed again"),
    "truncated": ("截断 BPTT", "truncated BPTT"),
    "online": ("在线（SLTT）", "online (SLTT)"),
}
PARTS = {
    "parameters": ("参数", "parameters"),
    "gradients": ("梯度", "gradients"),
    "optimizer": ("优化器", "optimizer"),
    "data": ("数据", "data"),
    "activations": ("为反向保存的激活", "activations kept"),
    "states": ("膜电位", "voltages"),
    "working": ("临时", "in passing"),
}
OPTIMIZERS = {"sgd": "SGD", "momentum": "SGD + momentum", "adam": "Adam, AdamW"}
UPDATES = {"sgd": 3, "momentum": 5, "adam": 7}  # numbers an update reads and writes for each parameter


class Machine(NamedTuple):
    """What a machine can do at most.

    Args:
        name: in both languages. memory: bytes.
        float32, bfloat16: floating-point operations a second. bandwidth: bytes a second from and to memory.
    """

    name: tuple[str, str]
    memory: float
    float32: float
    bfloat16: float
    bandwidth: float


MACHINES = {
    "laptop": Machine(("笔记本 8 GB", "laptop 8 GB"), 8 * GB, 0.32e12, 0.32e12, 51e9),
    "gpu24": Machine(("GPU 24 GB", "GPU 24 GB"), 24 * GB, 82.6e12, 165e12, 1008e9),
    "gpu80": Machine(("GPU 80 GB", "GPU 80 GB"), 80 * GB, 156e12, 312e12, 2039e9),
}


class Speed(NamedTuple):
    """What a step computes and moves.

    Args:
        operations: floating-point operations, forward and backward. relative: to those of BPTT.
        moved: bytes from and to memory.
        seconds: by machine, at best.
    """

    operations: float
    relative: float
    moved: float
    seconds: dict[str, float]


class MemoryCalculator(PageWidget):
    """Memory of a training step by parts, for each way of learning over T, against three machines; and time at best.

    Memory is ``training.memory.estimate``'s, from a table computed by it (``memory_table``). Time is a roofline: the
    longer of operations / peak and bytes / bandwidth, which nothing reaches. Operations: forward once and backward
    twice, a convolution once more where a block is computed again. Bytes: what is kept is written and read twice, its
    gradient written and read; a rule of thumb. Machines: a CPU of 4 cores at 2.5 GHz, 32 float32 operations a cycle and
    core, two channels of DDR4-3200; RTX 4090; A100 80 GB SXM, as in their maker's data sheets, float32 in TF32, as
    PyTorch computes convolutions there.

    Args:
        values: parameters by name: net ("chapter_11", "resnet18_cifar" … "resnet50_imagenet"), T, batch, precision
            ("float32", "bfloat16"), way ("bptt", "recomputed", "truncated", "online"), block, optimizer, still.

    Source: Williams, Waterman & Patterson 2009, Communications of the ACM 52 (roofline); NVIDIA Ada GPU architecture
    (2022) and A100 data sheet (2021).
    """

    heading = ("内存和速度计算器：装得下吗？", "Memory and speed calculator: does it fit?")
    scripts = ("memory_cost.js", "memory_calculator.js")
    table = traitlets.Dict().tag(sync=True)
    machines = traitlets.Dict().tag(sync=True)
    parameters = (
        Choice("net", "resnet18_cifar", ("网络", "Network"), {key: net.name for key, net in NETS.items()}),
        Slider("T", 16, ("时间步数", "Time steps"), 1, MOST_STEPS, 1, "T"),
        Slider("batch", 64, ("批大小", "Batch"), 1, 512, 1, "N", more=True),
        Choice("way", "bptt", ("怎样学过时间", "Learning over time"), WAYS),
        Slider("block", 4, ("一块几步", "Steps of a block"), 1, 32, 1, "k"),
        Choice(
            "precision", "float32", ("精度", "Precision"),
            {"float32": ("32 位", "32 bits"), "bfloat16": ("16 位（autocast）", "16 bits (autocast)")}, more=True,
        ),
        Choice(
            "optimizer", "adam", ("优化器", "Optimizer"), {key: (name, name) for key, name in OPTIMIZERS.items()},
            more=True,
        ),
        Toggle("still", True, ("静止图片（只算一次）", "Still picture (computed once)"), more=True),
    )  # fmt: skip

    def __init__(self, **values: object) -> None:
        super().__init__(**values)
        self.table, self.machines = table(), {key: machine._asdict() for key, machine in MACHINES.items()}

    def memory(self, T: int | None = None, way: str | None = None) -> Memory:
        """The bytes at the present parameters, or at another T or way."""
        p = self.params
        T, way = p["T"] if T is None else T, p["way"] if way is None else way
        cost = entry(p["net"], p["precision"], p["still"]).cost
        return cost.memory(T, p["batch"], p["optimizer"], way, min(p["block"], T))

    def speed(self) -> Speed:
        """Operations, bytes moved and the time at best."""
        p = self.params
        found, again = entry(p["net"], p["precision"], p["still"]), p["way"] == "recomputed"
        T, N = p["T"], p["batch"]
        block = {"bptt": T, "online": 1}.get(p["way"], min(p["block"], T))
        pieces = -(-T // block)
        operations = (4 if again else 3) * N * (pieces * found.once + T * found.step)
        cost = found.cost
        once = cost.kept.fixed + N * cost.kept.sample
        moved = (7 if again else 5) * (pieces * once + N * T * cost.kept.step)
        moved += cost.gradients * (3 * pieces + UPDATES[p["optimizer"]])
        seconds = {
            key: max(operations / getattr(machine, p["precision"]), moved / machine.bandwidth)
            for key, machine in MACHINES.items()
        }
        return Speed(operations, operations / (3 * N * (found.once + T * found.step)), moved, seconds)

    def figure(self) -> Figure:
        figure, (bars, curves) = blank(1.7, 2.6)
        now, left = self.memory(), 0.0
        colours = (INK, CYCLE[0], GREY, CYCLE[5], CYCLE[1], CYCLE[4], CYCLE[3])
        for (key, name), colour in zip(PARTS.items(), colours, strict=True):
            value = getattr(now, key) / GB
            bars.barh(0, value, left=left, color=colour, edgecolor="white", linewidth=0.5, label=tr(*name))
            left += value
        bars.set(yticks=(), xlabel=tr("训练一步需要的内存 (GB)", "memory of a training step (GB)"))
        bars.legend(ncols=4, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        steps = range(1, MOST_STEPS + 1)
        for (way, name), style in zip(WAYS.items(), ("-", "--", ":", "-."), strict=True):
            curves.loglog(steps, [self.memory(T, way).total / GB for T in steps], style, label=tr(*name))
        for machine in MACHINES.values():
            curves.axhline(machine.memory / GB, color=GREY, linewidth=0.8)
            curves.text(MOST_STEPS, machine.memory / GB, tr(*machine.name), ha="right", va="bottom", fontsize=8)
        curves.set(xlabel="$T$", ylabel=tr("内存 (GB)", "memory (GB)"))
        curves.legend()
        return figure
