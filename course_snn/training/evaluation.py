"""Running a network on labelled data in memory: one batch, or all of them for loss and accuracy."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from course_snn import functional
from course_snn.arguments import whole
from course_snn.training.loss import correct, rate_cross_entropy, rate_mse
from course_snn.training.scores import Scores
from course_snn.training.source import Source, Tensors, as_input, tensors


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
            object.__setattr__(self, "T", whole("T", self.T, at_least=1))
        if self.run is None and self.encode is None and self.T is None:
            raise ValueError(
                "how long shall the network see each input? Give T=… time steps, or encode=… (an encoder, or a "
                "function x -> [T, N, …]), or run=… (a function (net, x) -> [T, N, classes])."
            )

    def __call__(self, x: torch.Tensor, labels: torch.Tensor, source: Source) -> tuple[torch.Tensor, torch.Tensor]:
        """Return (out [T, N, C], loss) for the inputs x [N, …] of one batch of the source."""
        functional.reset_net(self.net)
        with self._precision():
            out = self._over_time(x) if self.run is None else self.run(self.net, x)
        if not torch.is_tensor(out) or out.dim() != 3 or out.shape[1] != len(x):
            got = list(out.shape) if torch.is_tensor(out) else type(out).__name__
            raise ValueError(
                f"the network must give [T, N, classes] for a batch of N = {len(x)}, but gave {got}: "
                "flatten before the last layer, and keep time first."
            )
        out = out.float()  # spikes may be bool, and under AMP outputs are half as long
        return out, self._loss(out, labels, source)

    def _loss(self, out: torch.Tensor, labels: torch.Tensor, source: Source) -> torch.Tensor:
        if self.counts_classes:  # before a GPU stumbles over a label, after which it needs a new process
            source.check_labels(out.shape[2])
        try:
            return self.loss(out, labels)
        except (IndexError, RuntimeError):
            source.check_labels(out.shape[2])
            raise

    @property
    def counts_classes(self) -> bool:
        """Whether the loss is one of ours, for which each class is one output; in your own, labels may mean more."""
        return self.loss in (rate_cross_entropy, rate_mse)

    @property
    def dtype(self) -> torch.dtype:
        """What the network computes in."""
        weights = (p.dtype for p in self.net.parameters() if p.is_floating_point())
        return next(weights, torch.get_default_dtype())

    def load(self, name: str, data: Any, batch_size: int, raw: bool = False) -> Tensors:
        """Return a data set in memory, in place; ``raw``: whatever is not the network's dtype may stay so."""
        x, labels = tensors(name, data, self.device, self.dtype)
        if self.encode is None and self.run is None and not raw:
            x = as_input(f"{name}'s input", x, self.dtype)
        return Tensors(name, x, labels, whole("batch_size", batch_size, at_least=1))

    def _over_time(self, x: torch.Tensor) -> torch.Tensor:
        if self.encode is None:
            return functional.unroll(self.net, as_input("what augment gave", x, self.dtype), T=self.T)
        if spike_train := getattr(self.encode, "spike_train", None):  # an encoder of course_snn.encoding
            return functional.unroll(self.net, spike_train(x, self.T).to(self.dtype))
        encoded = as_input("what encode gave", self.encode(x), self.dtype)
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
        test: data with ``.images`` [M, …] and ``.labels`` [M], or the two as a pair (x, labels); tensors or numpy
            arrays. Inputs are turned into the network's dtype; bytes 0 … 255 are refused unless ``encode`` or ``run``
            takes them.
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
    forward = Forward(net, T, loss, encode, run, amp, device)
    source = forward.load("test", test, batch_size)
    with seeded(seed, device):
        return scores(forward, source)


@torch.no_grad()
def scores(forward: Forward, source: Source, between: Callable = lambda: None) -> Scores:
    """Return the scores on all batches of a source; ``between`` is called before each."""
    start, net, samples = time.perf_counter(), forward.net, 0
    training = [module for module in net.modules() if module.training]
    net.eval()
    total = right = torch.zeros((), device=forward.device)
    try:
        for x, labels in source.batches():
            between()
            out, value = forward(x, labels, source)
            total = total + value * len(out[0])
            right = right + correct(out, labels)
            samples += len(labels)
    finally:
        for module in training:
            module.training = True
        functional.reset_net(net)
    return Scores(total.item() / samples, right.item() / samples, time.perf_counter() - start)


def place(net: nn.Module, device: torch.device | str | None) -> torch.device:
    """Move the network to the device, or find out where it is."""
    if device is None:
        return next((p.device for p in net.parameters()), torch.device("cpu"))
    net.to(device)
    return torch.device(device)


@contextlib.contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Within the block torch's generators start from the seed; afterwards they are what they were."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(whole("seed", seed, at_least=0))
        yield
