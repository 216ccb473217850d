"""Sums of the rows that spikes name: the product with the matrix that they stand for, in every precision and order."""

import itertools

import pytest
import torch
from together import each_of

from course_snn.kernel import plan, sparse, threads


def drawn(events, rows, pre, post, dtype=torch.float32, seed=0):
    g = torch.Generator().manual_seed(seed)
    row, source = torch.randint(0, rows + 2, (events,), generator=g), torch.randint(0, pre, (events,), generator=g)
    return torch.randn(post, pre, generator=g, dtype=dtype), row, source


def dense(row, source, rows, pre, dtype=torch.float32):
    spikes = torch.zeros(rows, pre, dtype=dtype)
    for r, s in zip(row.tolist(), source.tolist(), strict=True):
        if r < rows:
            spikes[r, s] += 1  # twice the same spike counts twice
    return spikes


SIZES = [(0, 3, 4, 5), (1, 1, 1, 1), (40, 6, 5, 3), (300, 20, 7, 33), (5, 1, 100, 1), (64, 4, 2, 70)]


@each_of("events, rows, pre, post", SIZES)
@each_of("dtype", [torch.float32, torch.float64])
@each_of("compiled", [True, False])
def test_it_is_the_product(events, rows, pre, post, dtype, compiled):
    weight, row, source = drawn(events, rows, pre, post, dtype)
    one, two = weight.clone().requires_grad_(), weight.clone().requires_grad_()
    with pytest.MonkeyPatch.context() as patch:
        if not compiled:
            patch.setattr(sparse, "available", lambda: False)
        out = sparse.gathered(one, row, source, rows)
        by = torch.randn(rows, post, dtype=dtype)
        (out * by).sum().backward()
    want = dense(row, source, rows, pre, dtype) @ two.t()
    (want * by).sum().backward()
    torch.testing.assert_close(out, want, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(one.grad, two.grad, atol=1e-5, rtol=1e-5)
    assert out.shape == (rows, post) and out.dtype == dtype


def test_compiled_or_not_the_same():
    weight, row, source = drawn(500, 30, 11, 17)
    assert plan.available()
    fast = sparse.gathered(weight, row, source, 30)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sparse, "available", lambda: False)
        assert torch.allclose(sparse.gathered(weight, row, source, 30), fast, atol=1e-6)


def test_threads_share_the_columns(monkeypatch):
    weight, row, source = drawn(400, 50, 9, 129)
    want = sparse.gathered(weight, row, source, 50)
    asked = []

    def shared(work, width, size, least=64):
        cuts = [0, 1, 40, 97, width]
        asked.append([work(low, high) for low, high in itertools.pairwise(cuts)])

    monkeypatch.setattr(sparse, "in_parallel", shared)
    assert torch.equal(sparse.gathered(weight, row, source, 50), want) and len(asked) == 1
    assert threads.in_parallel is not shared


def test_weights_of_every_layout():
    weight, row, source = drawn(60, 8, 6, 4)
    want = dense(row, source, 8, 6) @ weight.t()
    for laid in (weight.t().contiguous().t(), torch.stack([weight, weight], -1)[..., 0], weight.expand(4, 6)):
        for index in (row, torch.stack([row, row], -1)[:, 0]):
            torch.testing.assert_close(sparse.gathered(laid, index, source, 8), want, atol=1e-5, rtol=1e-5)
    assert not sparse.gathered(weight, row, source, 8).requires_grad


def test_it_can_be_differentiated_again():
    weight, row, source = drawn(20, 4, 3, 2, torch.float64)
    weight.requires_grad_()
    assert torch.autograd.gradcheck(lambda w: sparse.gathered(w, row, source, 4), weight)
    assert torch.autograd.gradgradcheck(lambda w: sparse.gathered(w, row, source, 4) ** 2, weight)


def test_what_comes_too_late_does_not_count():
    weight = torch.eye(2)
    row, source = torch.tensor([0, 5, 2, 9]), torch.tensor([0, 1, 1, 0])
    assert sparse.gathered(weight, row, source, 3).tolist() == [[1, 0], [0, 0], [0, 1]]
    assert not sparse.gathered(weight, row + 10, source, 3).any()
