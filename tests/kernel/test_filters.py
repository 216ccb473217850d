"""Two filters in one compiled pass: equal to the matrices of clif and to the recursion, values, gradients, seconds."""

import math

import pytest
import torch
from together import each_of

from course_snn import clif, kernel
from course_snn.kernel.filters import two_filters

pytestmark = pytest.mark.skipif(not kernel.available(), reason="needs the compiled loops")
NUMBERS = (6.75, *(math.exp(-1 / tau) for tau in (20.0, 12.0, 8.0)))


def both(x, m, s, T):
    """What the compiled pass gives, and what the matrices give."""
    by_matrices = lambda x, m, s: clif.filtered_by_matrices(x, m, s, T, NUMBERS)  # noqa: E731
    return two_filters(x, m, s, T, NUMBERS, by_matrices), by_matrices(x, m, s)


def recursion(x, m, s, T):
    V0, a_m, a_p, a_q = NUMBERS
    out, m, s, x = [], m.double(), s.double(), x.double()
    for t in range(T):
        before, now = m - s, x[min(t, len(x) - 1)]
        m, s = a_p * m + V0 * now, a_q * s + V0 * now
        out.append(m - s - a_m * before)
    return torch.stack(out), m, s


def given(steps, shape, grad=True):
    g = torch.Generator().manual_seed(0)
    x, m, s = (torch.randn(size, generator=g) for size in ((steps, *shape), shape, shape))
    return [t.requires_grad_(grad) for t in (x, m, s)]


@each_of("steps, T, shape", [(1, 1, (3, 5)), (7, 7, (3, 5)), (40, 40, (2, 700)), (1, 9, (2, 5)), (5, 5, (2, 3, 4, 6))])
def test_equals_the_matrices_and_the_recursion(steps, T, shape):
    x, m, s = given(steps, shape)
    g = torch.Generator().manual_seed(1)
    ours, theirs = both(x, m, s, T)
    for a, b, c in zip(ours, theirs, recursion(x, m, s, T), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-4)
        torch.testing.assert_close(a, c.float(), rtol=1e-4, atol=1e-4)
    weights = [torch.randn(y.shape, generator=g) for y in ours]
    grads = [torch.autograd.grad(ys, (x, m, s), weights) for ys in (ours, recursion(x, m, s, T))]
    for a, b in zip(*grads, strict=True):
        torch.testing.assert_close(a, b.float(), rtol=1e-4, atol=1e-3)


def test_channels_last_and_repeated_inputs_lie_as_they_came():
    x, m, s = given(4, (2, 3, 4, 6), grad=False)
    last = torch.stack([t.contiguous(memory_format=torch.channels_last) for t in x])
    ours, theirs = both(last, m, s, 4)
    torch.testing.assert_close(ours[0], theirs[0], rtol=1e-4, atol=1e-4)
    still = x[:1].expand(4, -1, -1, -1, -1)
    torch.testing.assert_close(both(still, m, s, 4)[0], both(x[:1], m, s, 4)[0])


@each_of("which", [(0,), (1, 2), (0, 2)])
def test_gradients_of_some_outputs_only(which):
    x, m, s = given(6, (2, 5))
    ours, theirs = both(x, m, s, 6)
    for a, b in zip(
        *(torch.autograd.grad([ys[i].square().sum() for i in which], (x, m, s)) for ys in (ours, theirs)), strict=True
    ):
        torch.testing.assert_close(a, b, rtol=1e-3, atol=1e-2)


def test_a_second_derivative():
    x, m, s = given(5, (2, 4))
    seconds = []
    for ys in both(x + m, m, s, 5):  # one of its inputs was computed from the other
        first = torch.autograd.grad(ys[0].square().sum(), (x, m), create_graph=True)
        seconds.append(torch.autograd.grad(sum(g.square().sum() for g in first), m)[0])
    torch.testing.assert_close(*seconds, rtol=1e-3, atol=1e-1)
