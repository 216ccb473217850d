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
from course_snn.training.team import ALONE, Team, bare


@dataclass(frozen=True)
class Forward:
    """How one batch goes through a network: encode, run over time, compute the loss.

    Args:
        net, T, loss, encode, run, amp, device: as in ``evaluate``; ``amp`` may also be the dtype of half precision.
        team: the processes that share each batch.
        wrapped: the network in the wrapper of its team, None if it has none.
        measure: function (out [T, N, C], labels) -> two counts, of samples that were right and that were right among
            five; None: the first only, by ``loss.correct``.
    """

    net: nn.Module
    T: int | None
    loss: Callable
    encode: Callable | None
    run: Callable | None
    amp: bool | torch.dtype
    device: torch.device
    team: Team = ALONE
    wrapped: nn.Module | None = None
    measure: Callable | None = None

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
            out = self._over_time(x) if self.run is None else self.run(self.through, x)
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
    def through(self) -> nn.Module:
        """What a batch goes through: the network, in its wrapper if it has one."""
        return self.net if self.wrapped is None else self.wrapped

    @property
    def counts_classes(self) -> bool:
        """Whether the loss is one of ours, for which each class is one output; in your own, labels may mean more."""
        return self.loss in (rate_cross_entropy, rate_mse) or getattr(self.loss, "counts_classes", False)

    @property
    def dtype(self) -> torch.dtype:
        """What the network computes in."""
        weights = (p.dtype for p in self.net.parameters() if p.is_floating_point())
        return next(weights, torch.get_default_dtype())

    def load(self, name: str, data: Any, batch_size: int, raw: bool = False) -> Source:
        """Return a data set in memory, in place; ``raw``: whatever is not the network's dtype may stay so."""
        if isinstance(data, Source):
            data.place(name, self.device)
            return data
        x, labels = tensors(name, data, self.device, self.dtype)
        if self.encode is None and self.run is None and not raw:
            x = as_input(f"{name}'s input", x, self.dtype)
        return Tensors(name, x, labels, whole("batch_size", batch_size, at_least=1))

    def _over_time(self, x: torch.Tensor) -> torch.Tensor:
        if self.encode is None:
            return functional.unroll(self.through, as_input("what augment gave", x, self.dtype), T=self.T)
        if spike_train := getattr(self.encode, "spike_train", None):  # an encoder of course_snn.encoding
            return functional.unroll(self.through, spike_train(x, self.T).to(self.dtype))
        encoded = as_input("what encode gave", self.encode(x), self.dtype)
        if encoded.dim() > 1 and encoded.shape[1] == len(x) and encoded.dim() == x.dim() + 1:
            return functional.unroll(self.through, encoded)
        return functional.unroll(self.through, encoded, T=self.T)

    @property
    def half(self) -> torch.dtype | None:
        """The dtype of half precision, None where all is computed in the network's own."""
        if isinstance(self.amp, torch.dtype):
            return self.amp
        return (torch.float16 if self.device.type == "cuda" else torch.bfloat16) if self.amp else None

    def _precision(self) -> contextlib.AbstractContextManager:
        return contextlib.nullcontext() if self.half is None else torch.autocast(self.device.type, self.half)


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
    amp: bool | torch.dtype = False,
    seed: int = 0,
    team: Team = ALONE,
) -> Scores:
    """Return loss and accuracy of ``net`` on ``test``, in eval mode and without gradients.

    Args:
        net: the network; it keeps its mode, and is reset before each batch and at the end.
        test: data with ``.images`` [M, …] and ``.labels`` [M] (or soft labels [M, C]), or the two as a pair
            (x, labels); tensors or numpy arrays; or a ``Source``, such as ``Loaded``. Inputs are turned into the
            network's dtype; bytes 0 … 255 are refused unless ``encode`` or ``run`` takes them.
        T: number of time steps.
        batch_size: samples that run at once, in all processes of a team together.
        loss: function (out [T, N, C], labels [N]) -> one number.
        encode: an encoder, or a function x -> [T, N, …] (or x -> [N, …], then run for T steps).
        run: function (net, x [N, …]) -> out [T, N, C]; by default ``functional.unroll``.
        device: where to compute; by default where the network is.
        amp: compute in half precision where that is safe (bfloat16 on a CPU, float16 on a GPU; or the dtype you give).
        seed: of random encoders; torch's own generator is put back afterwards.
        team: the processes that evaluate together, each a part of every batch; all of them get the scores of the whole.

    Raises:
        TypeError, ValueError: data, times or outputs that are not as described.
    """
    device = place(net, device)
    forward = Forward(bare(net), T, loss, encode, run, amp, device, team, net)
    source = forward.load("test", test, batch_size)
    return look_once(forward, source, seed)[0]


def look_once(forward: Forward, source: Source, seed: int) -> tuple[Scores, float | None]:
    """Return what ``look`` does, of a source that is not needed afterwards; ``seed`` is that of random encoders."""
    try:
        with seeded(seed, forward.device):
            return look(forward, source)
    finally:
        source.rest()


def scores(forward: Forward, source: Source, between: Callable = lambda: None) -> Scores:
    """Return the scores on all batches of a source; ``between`` is called before each."""
    return look(forward, source, between)[0]


@torch.no_grad()
def look(forward: Forward, source: Source, between: Callable = lambda: None) -> tuple[Scores, float | None]:
    """Return the scores on all batches of a source, each sample counted once, and the part that is right among five.

    Args:
        forward: how a batch goes through the network.
        source: the batches; over a team each process runs a part of every one.
        between: called before each.
    """
    start, net, team, samples = time.perf_counter(), forward.through, forward.team, 0
    training = [module for module in net.modules() if module.training]
    net.eval()
    total = torch.zeros((), device=forward.device)
    right = torch.zeros(1 if forward.measure is None else 2, device=forward.device)
    try:
        for x, labels, weight, _ in source.parts(team):
            between()
            out, value = forward(x, labels, source)
            if weight:  # else it is a sample of another process, run to keep step
                total = total + value * len(labels)
                right += correct(out, labels) if forward.measure is None else forward.measure(out, labels)
                samples += len(labels)
    finally:
        for module in training:
            module.training = True
        functional.reset_net(net)
    counts = [team.total(count).reshape(-1).tolist() for count in (total, right)]
    samples = int(team.total(torch.tensor(samples, device=forward.device)))
    (loss,), (first, *five) = ([count / samples for count in some] for some in counts)
    return Scores(loss, first, time.perf_counter() - start), five[0] if five else None


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
