"""SpikeMaxPool2d against torch's MaxPool2d."""

import pytest
import torch
from torch import nn

from course_snn import kernel
from course_snn.pooling import SpikeMaxPool2d


def both(x: torch.Tensor) -> list[tuple[torch.Tensor, torch.Tensor]]:
    results = []
    for pool in (SpikeMaxPool2d(), nn.MaxPool2d(2)):
        leaf = x.clone().requires_grad_()
        y = pool(leaf)
        weight = torch.randn(y.shape, generator=torch.Generator().manual_seed(1))
        results.append((y.detach(), *torch.autograd.grad((y * weight).sum(), leaf)))
    return results


@pytest.mark.parametrize("size", [(3, 8, 6, 6), (2, 5, 7, 9), (2, 1, 4, 4), (40, 32, 14, 14), (1, 3, 2, 2)])
@pytest.mark.parametrize("kind", ["spikes", "numbers", "channels first", "double"])
def test_equals_max_pool(kind, size):
    x = torch.randn(size, generator=torch.Generator().manual_seed(0))
    x = x if kind == "numbers" else (x > 0.8).to(x.dtype)
    x = x if kind == "channels first" else x.contiguous(memory_format=torch.channels_last)
    (y, grad), (y_torch, grad_torch) = both(x.double() if kind == "double" else x)
    assert torch.equal(y, y_torch)
    assert torch.equal(grad, grad_torch)
    assert y.stride() == y_torch.stride() or 1 in size


def test_without_numba(monkeypatch):
    monkeypatch.setattr(kernel, "available", lambda: False)
    (y, grad), (y_torch, grad_torch) = both(torch.rand(2, 3, 4, 4).contiguous(memory_format=torch.channels_last))
    assert torch.equal(y, y_torch)
    assert torch.equal(grad, grad_torch)
