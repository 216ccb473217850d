"""Running a network on labelled data in memory: one batch, or all of them for loss and accuracy."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import nn

from course_snn import functional
from course_snn.arguments import whole
from course_snn.training.loss import correct, rate_cross_entropy


class Scores(NamedTuple):
    """What ``evaluate`` found.

    Args:
        loss: mean over the samples.
        accuracy: part of them that were classified rightly, in [0, 1].
        seconds: how long it took.
    """

    loss: float
    accuracy: float
    seconds: float


@dataclass(frozen=True)
class Forward:
    """How one batch goes through a network: encode, run over time, compute the loss.

    Args:
        net, T, loss, encode, run, amp, device: as in ``evaluate``.
    """

    net: nn.Module
    T: int | None
    loss: Callable
    encode: Callable | None
    run: Callable | None
    amp: bool
    device: torch.device

    def __post_init__(self) -> None:
        if self.T is not None:
            whole("T", self.T, at_least=1)
        if self.run is None and self.encode is None and self.T is None:
            raise ValueError(
                "how long shall the network see each input? Give T=… time steps, or encode=… (an encoder, or a "
                "function x -> [T, N, …]), or run=… (a function (net, x) -> [T, N, classes])."
            )

    def __call__(self, x: torch.Tensor, labels: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (out [T, N, C], loss) for the inputs x [N, …] of one batch."""
        functional.reset_net(self.net)
        with self._precision():
            out = self._over_time(x) if self.run is None else self.run(self.net, x)
        if out.dim() != 3 or out.shape[1] != len(x):
            raise ValueError(
                f"the network must give [T, N, classes] for a batch of N = {len(x)}, but gave {list(out.shape)}: "
                "flatten before the last layer, and keep time first."
            )
        out = out.float()  # spikes may be bool, and under AMP outputs are half as long
        return out, self.loss(out, labels)

    def _over_time(self, x: torch.Tensor) -> torch.Tensor:
        if self.encode is None:
            return functional.unroll(self.net, x, T=self.T)
        if hasattr(self.encode, "spike_train"):  # an encoder of course_snn.encoding
            return functional.unroll(self.net, self.encode.spike_train(x, self.T).to(x.dtype))
        encoded = self.encode(x)
        if encoded.dim() > 1 and encoded.shape[1] == len(x) and encoded.dim() == x.dim() + 1:
            return functional.unroll(self.net, encoded)
        return functional.unroll(self.net, encoded, T=self.T)

    def _precision(self) -> contextlib.AbstractContextManager:
        if not self.amp:
            return contextlib.nullcontext()
        return torch.autocast(self.device.type, torch.float16 if self.device.type == "cuda" else torch.bfloat16)


def evaluate(
    net: nn.Module,
    test: Any,
    *,
    T: int | None = None,
    batch_size: int = 500,
    loss: Callable = rate_cross_entropy,
    encode: Callable | None = None,
    run: Callable | None = None,
    device: torch.device | str | None = None,
    amp: bool = False,
    seed: int = 0,
) -> Scores:
    """Return loss and accuracy of ``net`` on ``test``, in eval mode and without gradients.

    Args:
        net: the network; it keeps its mode, and is reset before each batch and at the end.
        test: data with ``.images`` [M, …] and ``.labels`` [M], or the two tensors (x, labels).
        T: number of time steps.
        batch_size: samples that run at once.
        loss: function (out [T, N, C], labels [N]) -> one number.
        encode: an encoder, or a function x -> [T, N, …] (or x -> [N, …], then run for T steps).
        run: function (net, x [N, …]) -> out [T, N, C]; by default ``functional.unroll``.
        device: where to compute; by default where the network is.
        amp: compute in half precision where that is safe (bfloat16 on a CPU, float16 on a GPU).
        seed: of random encoders; torch's own generator is put back afterwards.

    Raises:
        TypeError, ValueError: data, times or outputs that are not as described.
    """
    device = place(net, device)
    x, labels = tensors("test", test, device)
    forward = Forward(net, T, loss, encode, run, amp, device)
    with seeded(seed, device):
        return scores(forward, x, labels, whole("batch_size", batch_size, at_least=1))


@torch.no_grad()
def scores(
    forward: Forward, x: torch.Tensor, labels: torch.Tensor, batch_size: int, between: Callable = lambda: None
) -> Scores:
    """Return the scores on tensors that are in place; ``between`` is called before each batch."""
    start, net = time.perf_counter(), forward.net
    training = [module for module in net.modules() if module.training]
    net.eval()
    total = right = torch.zeros((), device=x.device)
    try:
        for at in range(0, len(x), batch_size):
            between()
            batch = slice(at, at + batch_size)
            out, value = forward(x[batch], labels[batch])
            total = total + value * len(out[0])
            right = right + correct(out, labels[batch])
    finally:
        for module in training:
            module.training = True
        functional.reset_net(net)
    return Scores(total.item() / len(x), right.item() / len(x), time.perf_counter() - start)


def place(net: nn.Module, device: torch.device | str | None) -> torch.device:
    """Move the network to the device, or find out where it is."""
    if device is None:
        return next((p.device for p in net.parameters()), torch.device("cpu"))
    net.to(device)
    return torch.device(device)


def tensors(name: str, data: Any, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Return inputs and labels of a data set as two tensors on the device."""
    pair = (data.images, data.labels) if hasattr(data, "images") and hasattr(data, "labels") else data
    if not (isinstance(pair, (tuple, list)) and len(pair) == 2 and all(map(torch.is_tensor, pair))):
        raise TypeError(
            f"{name} must have .images and .labels (what course_snn.data gives), or be two tensors (x, labels); "
            f"got {type(data).__name__}."
        )
    x, labels = pair
    if labels.dtype != torch.int64 or labels.dim() != 1 or len(labels) != len(x) or not len(x):
        raise ValueError(
            f"{name} needs one label for each of at least one input, int64 [M]; got {labels.dtype} "
            f"{list(labels.shape)} for inputs {list(x.shape)}."
        )
    return x.contiguous().to(device), labels.to(device)


@contextlib.contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Within the block torch's generators start from the seed; afterwards they are what they were."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(whole("seed", seed, at_least=0))
        yield
