"""Spikes as a list of who fired when: for trains that are nearly empty, such as those of a latency code."""

from __future__ import annotations

import functools
from typing import NamedTuple

import torch

from course_snn.kernel import sparse


class Events(NamedTuple):
    """Spikes of N samples of num neurons over T steps: the spike e lies in step row[e] // N of sample row[e] % N.

    Args:
        T, N, num: sizes.
        row: t · N + n of each spike, int64; from T · N on it comes too late to be seen. source: its neuron, int64.
    """

    T: int
    N: int
    num: int
    row: torch.Tensor
    source: torch.Tensor

    def dense(self, dtype: torch.dtype = torch.float32) -> torch.Tensor:
        """Return the spikes 0.0/1.0 as [T, N, num]."""
        spikes = torch.zeros(self.T * self.N, self.num, dtype=dtype, device=self.row.device)
        inside = self.row < len(spikes)
        spikes[self.row[inside], self.source[inside]] = 1
        return spikes.view(self.T, self.N, self.num)

    def delayed(self, steps: int, before: torch.Tensor | None = None) -> Events:
        """Return what arrives ``steps`` steps later, in the steps 0 … T - 1.

        Args:
            steps: how many. before: spikes [D, N, num] of the D steps before, which may still be on their way.
        """
        row, source = self.row + steps * self.N, self.source  # those that come too late are passed over later
        if before is not None and steps:
            last = before[-steps:]
            step, n, old = last.nonzero(as_tuple=True)
            row, source = torch.cat([row, (step + steps - len(last)) * self.N + n]), torch.cat([source, old])
        return self._replace(row=row, source=source)

    def times(self, weight: torch.Tensor, bias: torch.Tensor | None = None) -> torch.Tensor:
        """Return spikes @ weightᵀ + bias for weight [post, num], as [T, N, post].

        Args:
            weight: [post, num]. bias: [post].
        """
        currents = sparse.gathered(weight, self.row, self.source, self.T * self.N)
        currents = currents if bias is None else currents + bias
        return currents.view(self.T, self.N, -1)


def latency_events(time: torch.Tensor, T: int) -> Events:
    """Return one spike for each input.

    Args:
        time: its step [N, num], int64. T: number of steps.
    """
    n, source = _places(*time.shape, time.device)
    return Events(T, len(time), time.shape[1], torch.addcmul(n, time, n.new_tensor(len(time))).flatten(), source)


@functools.lru_cache(4)
def _places(N: int, num: int, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """The sample [N, 1] and the input [N · num] of each spike; the same for every batch."""
    with torch.inference_mode(False):  # it is kept
        inputs = torch.arange(num, device=device).repeat(N)
        return torch.arange(N, device=device)[:, None], inputs
