"""The two loops of ``neurons_cpu`` for a GPU, in Triton: the same arguments, but tensors, and all neurons at once.

A program takes a block of neurons through all steps, the voltages in registers. Forward it reads x and writes the
spikes; backward it computes h again, into the room where the gradient of x goes, and overwrites it on the way back.
"""

from contextlib import nullcontext
from types import FunctionType

import torch
import triton
import triton.language as tl

from course_snn.kernel.charges import CHARGES, Charge

SIGMOID, ATAN, RECTANGLE, BILINEAR, SIGNSWISH, GIVEN = (tl.constexpr(n) for n in range(6))  # surrogate
BLOCK = 256  # neurons of a program


def here(body: FunctionType):
    """Return the body compiled for a GPU; Triton wants to see ``tl`` among the globals of every function."""
    return triton.jit(FunctionType(body.__code__, globals(), body.__name__))


BODIES = {row.number: Charge(row.number, *map(here, row[1:])) for row in CHARGES.values()}


def number(value):
    """Return what a loop takes for a number: a float, or a tensor of one number, which is learnt."""
    return value if torch.is_tensor(value) else float(value)


@triton.jit
def slope(surrogate: tl.constexpr, x, a, b, c):
    """Return ds/dx of the surrogate at x = h - theta."""
    if surrogate == SIGMOID:
        e = tl.exp(-tl.abs(a * x))
        r = 1.0 / (1.0 + e)
        ds = a * e * r * r
    elif surrogate == ATAN:
        ds = a / (1.0 + b * x * (b * x))
    elif surrogate == RECTANGLE:
        ds = tl.where(tl.abs(x) < c, a, 0.0)
    elif surrogate == BILINEAR:
        ds = tl.where(tl.abs(x) <= c, a, b)
    else:
        y = tl.abs(a * x)
        e = tl.exp(-y)
        r = 1.0 / (1.0 + e)
        ds = a * (2.0 - y * (1.0 - e) * r) * 2.0 * e * r * r
    return ds


@triton.jit
def after_spike(h, theta, hard, jump):
    """Return the voltage after the reset, as in neurons_cpu.step_row."""
    s = (h >= theta).to(tl.float32)
    return (1.0 - hard * s) * h + s * jump


@triton.jit
def forward_kernel(
    x, v0, out, v_last, width, x_step, v0_step, k, theta, v_rest, hard, jump,
    steps: tl.constexpr, charged: tl.constexpr, learnt: tl.constexpr, keep_h: tl.constexpr, block: tl.constexpr,
):  # fmt: skip
    """A block of neurons through all steps."""
    j = tl.program_id(0).to(tl.int64) * block + tl.arange(0, block)
    inside = j < width
    if learnt:
        k = tl.load(k)
    v = tl.load(v0 + j * v0_step, mask=inside, other=0.0)
    for t in range(steps):
        now = tl.load(x + tl.cast(t, tl.int64) * x_step + j, mask=inside, other=0.0)
        h = charged(v, now, k, v_rest)
        v = after_spike(h, theta, hard, jump)
        written = h if keep_h else (h >= theta).to(tl.float32)
        tl.store(out + tl.cast(t, tl.int64) * width + j, written, mask=inside)
    tl.store(v_last + j, v, mask=inside)


@triton.jit
def backward_kernel(
    x, v0, grad_s, grad_v, slopes, hidden, grad_x, grad_v0, sums, width, x_step, v0_step, s_step, v_step,
    k, theta, v_rest, hard, jump, a, b, c, jump_0, jump_h,
    steps: tl.constexpr, charged: tl.constexpr, slope_in_x: tl.constexpr, slope_in_v: tl.constexpr,
    slope_in_k: tl.constexpr, surrogate: tl.constexpr, learn: tl.constexpr, still: tl.constexpr,
    need_v0: tl.constexpr, learnt: tl.constexpr, block: tl.constexpr,
):  # fmt: skip
    """A block of neurons through all steps for h, then back through time for the gradients."""
    j = tl.program_id(0).to(tl.int64) * block + tl.arange(0, block)
    inside = j < width
    if learnt:
        k = tl.load(k)
    to_x, to_v = slope_in_x(k), slope_in_v(k)
    first = tl.load(v0 + j * v0_step, mask=inside, other=0.0)
    v = first
    for t in range(steps):
        h = charged(v, tl.load(x + tl.cast(t, tl.int64) * x_step + j, mask=inside, other=0.0), k, v_rest)
        v = after_spike(h, theta, hard, jump)
        tl.store(hidden + tl.cast(t, tl.int64) * width + j, h, mask=inside)
    tl.debug_barrier()  # a thread may read what its neighbour has written
    grad = tl.load(grad_v + j * v_step, mask=inside, other=0.0)  # dL/dv after the last step
    together, total = tl.full([block], 0.0, tl.float32), tl.full([block], 0.0, tl.float32)
    for back in range(steps):
        now = tl.cast(steps - 1 - back, tl.int64)
        h = tl.load(hidden + now * width + j, mask=inside, other=0.0)
        if surrogate == GIVEN:
            ds = tl.load(slopes + now * width + j, mask=inside, other=0.0)
        else:
            ds = slope(surrogate, h - theta, a, b, c)
        from_s = tl.load(grad_s + now * s_step + j, mask=inside, other=0.0)
        s = (h >= theta).to(tl.float32)
        g = grad * (1.0 - hard * s) + (from_s + grad * (jump_0 - jump_h * h)) * ds
        if learn:  # with v before this step
            before = tl.load(hidden + (now - 1) * width + j, mask=inside & (now > 0), other=0.0)
            v = tl.where(now > 0, after_spike(before, theta, hard, jump), first)
            total += g * slope_in_k(v, tl.load(x + now * x_step + j, mask=inside, other=0.0), k, v_rest)
        if still:
            together += g * to_x
        else:
            tl.store(grad_x + now * width + j, g * to_x, mask=inside)
        grad = g * to_v
    if still:
        tl.store(grad_x + j, together, mask=inside)
    if need_v0:
        tl.store(grad_v0 + j, grad, mask=inside)
    if learn:
        tl.store(sums + j, total, mask=inside)


def forward(charge, keep_h, x, v0, out, v_last, sizes, numbers, low, high) -> None:
    """Take all neurons through all steps; the arguments of ``neurons_cpu.forward``."""
    steps, width, _, x_step, _, _ = sizes
    row, k = _row(charge, numbers[0])
    with _on(x):
        forward_kernel[(triton.cdiv(width, BLOCK),)](
            x, v0, out, v_last, width, x_step, int(v0.numel() > 1), k, *numbers[1:],
            steps=steps, charged=row.h, learnt=torch.is_tensor(k), keep_h=keep_h, block=BLOCK, enable_fp_fusion=False,
        )  # fmt: skip


def backward(
    charge, surrogate, learn, x, v0, grad_s, grad_v, slopes, grad_x, grad_v0, sizes, numbers, factors, low, high
) -> torch.Tensor | float:
    """Write the gradients of all neurons and return dL/dk; the arguments of ``neurons_cpu.backward``."""
    steps, width, _, x_step, s_step, out_step, _, _ = sizes
    row, k = _row(charge, numbers[0])
    still = steps > 1 and out_step == 0
    hidden = x.new_empty(steps * width) if still else grad_x
    sums = x.new_empty(width if learn else 0)
    with _on(x):
        backward_kernel[(triton.cdiv(width, BLOCK),)](
            x, v0, grad_s, grad_v, slopes, hidden, grad_x, grad_v0, sums,
            width, x_step, int(v0.numel() > 1), s_step, int(grad_v.numel() > 1), k, *numbers[1:], *factors[:5],
            steps=steps, charged=row.h, slope_in_x=row.dx, slope_in_v=row.dv, slope_in_k=row.dk, surrogate=surrogate,
            learn=learn, still=still,
            need_v0=grad_v0.numel() > 0, learnt=torch.is_tensor(k), block=BLOCK, enable_fp_fusion=False,
        )  # fmt: skip
    return sums.sum(dtype=torch.float64) if learn else 0.0


def _row(charge: int, k) -> tuple[Charge, float | torch.Tensor]:
    """LIF as PLIF: on a GPU torch divides by a number by multiplying with its reciprocal in single precision."""
    if charge == CHARGES["lif"].number:
        charge, k = CHARGES["plif"].number, (1 / torch.tensor(k, dtype=torch.float32)).item()
    return BODIES[charge], k


def _on(x: torch.Tensor):
    return torch.cuda.device(x.device) if x.is_cuda else nullcontext()
