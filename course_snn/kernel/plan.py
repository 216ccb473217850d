"""What a fused call computes, in plain numbers, and when it computes what stepping would.

Stepping a neuron reads and writes a dozen tensors of the size of the input in every step, and autograd keeps most of
them. Here one compiled loop reads x and writes the spikes; only x is kept, and the backward pass computes the voltages
again in the cache. The spikes are the same to the last bit, the gradients up to rounding (tests/kernel/).
numba compiles the loops for the CPU, Triton for a GPU; without them ``available()`` is False and neurons are stepped.
"""

import functools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import torch

from course_snn import surrogate as surrogates
from course_snn.kernel import memory
from course_snn.kernel.charges import CHARGES

SURROGATES = {  # as numbered in slopes_cpu: (number, what it is made of, the numbers a, b, c of the loops)
    surrogates.Sigmoid: (0, ("alpha",), lambda alpha: (alpha, 0, 0)),
    surrogates.ATan: (1, ("alpha",), lambda alpha: (alpha / 2, math.pi / 2 * alpha, 0)),
    surrogates.Rectangle: (2, ("width",), lambda width: (1 / width, 0, width / 2)),
    surrogates.BilinearLeakyReLU: (3, ("a", "b", "c"), lambda a, b, c: (a, b, c)),
    surrogates.SignSwish: (4, ("beta",), lambda beta: (beta, 0, 0)),
}
GIVEN = 5  # any other surrogate: its own slope(x) is called on all steps at once
EQUATIONS = "forward", "sequence", "still", "fire", "after_spike", "v_rest", "jump"  # what a node must not have changed


class Plan(NamedTuple):
    """What a fused call computes, in plain numbers.

    Args:
        charge: name of a row of ``charges.CHARGES``. k: its parameter.
        v_threshold: threshold θ. v_reset: voltage after a spike, None for the soft reset.
        jump: what a soft reset takes from the voltage.
        surrogate: derivative of a spike.
        detach_reset: if True, no gradient flows back through the reset.
        steps: number of time steps.
        pool: whether the spikes are pooled in the same pass.
    """

    charge: str
    k: float | torch.Tensor
    v_threshold: float
    v_reset: float | None
    jump: float
    surrogate: surrogates.Surrogate
    detach_reset: bool
    steps: int
    pool: bool = False

    def window(self, x: torch.Tensor) -> tuple[int, int]:
        """Columns and channels of pictures whose spikes are pooled; 0, 0: none are."""
        return (x.shape[-1], x.shape[2]) if self.pool else (0, 0)

    def equation(self) -> tuple[float | torch.Tensor, ...]:
        """Return k, θ, v_rest, hard, jump of ``neurons_cpu.step_row``."""
        hard = self.v_reset is not None
        return self.k, self.v_threshold, self.v_reset or 0.0, float(hard), self.v_reset if hard else -self.jump

    def derivatives(self) -> tuple[float | torch.Tensor, ...]:
        """Return the surrogate's a, b, c; dv/ds = jump_0 - jump_h h; dh/dx; dh/dv."""
        if self.detach_reset:
            reset = (0.0, 0.0)
        else:
            reset = (-self.jump, 0.0) if self.v_reset is None else (self.v_reset, 1.0)
        row = CHARGES[self.charge]
        return *self.slope[1], *reset, row.dx(self.k), row.dv(self.k)

    @property
    def slope(self) -> tuple[int, tuple[float, float, float]]:
        """The surrogate's number in the loops, and its numbers a, b, c."""
        number, names, numbers = SURROGATES.get(type(self.surrogate), (GIVEN, (), None))
        values = [getattr(self.surrogate, name) for name in names]
        if numbers is None or not all(isinstance(value, float) for value in values):
            return GIVEN, (0.0, 0.0, 0.0)
        return number, numbers(*values)


@functools.cache
def compiled(device: str = "cpu"):
    """Return the module with the loops for ``device``, whose import compiles or loads them; raises where that fails."""
    if device == "cuda":
        from course_snn.kernel import cache, neurons_gpu

        cache.keep_triton()

        return neurons_gpu
    from course_snn.kernel import neurons_cpu

    memory.keep_some()
    return neurons_cpu


@functools.cache
def hindrance(device: str = "cpu") -> Exception | None:
    """Return what keeps the compiled loops from being used here; compiles them (once ever) or loads them (0.7 s)."""
    try:
        _try(compiled(device), device)
    except Exception as error:  # missing, broken, or not able to compile on this machine: be slow, not broken
        return error.with_traceback(None)  # which would keep all that its frames hold
    return None


def available(device: str = "cpu") -> bool:
    """Whether the compiled loops can be used here; the SNN is slow, not broken, where they cannot."""
    return hindrance(device) is None


def _try(loops, device: str) -> None:
    """Take one neuron through one step: Triton compiles at the first call, and needs a C compiler for it."""
    with torch.no_grad():
        one, none = torch.ones(1, device=device), torch.empty(0, device=device)
        x, v0, out, v, grad_s, grad_v, grad_x = (one.clone() for _ in range(7))
        flat = [t.numpy() if device == "cpu" else t for t in (x, v0, out, v, grad_s, grad_v, grad_x, none)]
    x, v0, out, v, grad_s, grad_v, grad_x, none = flat
    plan = Plan("if", 0.0, 1.0, 0.0, 1.0, surrogates.Sigmoid(), False, 1)
    equation, factors = tuple(map(loops.number, plan.equation())), tuple(map(loops.number, plan.derivatives()))
    loops.forward(0, False, x, v0, out, v, (1, 1, 64, 1, 0, 0), equation, 0, 1)
    sizes = 1, 1, 64, 1, 1, 1, 0, 0
    loops.backward(0, 0, False, x, v0, grad_s, grad_v, none, grad_x, none, sizes, equation, factors, 0, 1)


def fits(node: Any, x_seq: torch.Tensor) -> bool:  # Any: neuron.Neuron, which imports this package
    """Whether ``run`` computes what stepping ``node`` through ``x_seq`` [T, N, …] would.

    It does for the charges of the table with numbers as parameters and any ``Surrogate``, for float32 on the CPU or a
    GPU. A subclass that changes an equation is stepped, and so is a node with a parameter that is a tensor with a value
    for each neuron or that is learnt, k excepted.
    """
    if not _unchanged(type(node)) or not {*EQUATIONS, "charge"}.isdisjoint(vars(node)):
        return False
    if not _has_given_slope(node.surrogate) or torch.compiler.is_compiling():
        return False
    if not (isinstance(node.v_threshold, float) and isinstance(node.v_reset, (float, type(None)))):
        return False
    if node.v_threshold == math.inf or not isinstance(node.jump, float):
        return False
    if not _plain(x_seq, [getattr(node, name) for name in node._initial]):
        return False
    return _one_number(*node.fused(), x_seq) and available(x_seq.device.type)


def _plain(x_seq: torch.Tensor, state: list) -> bool:
    tensors = [x_seq, *(value for value in state if torch.is_tensor(value))]
    if not all(t.dtype == torch.float32 and t.layout == torch.strided and t.device == x_seq.device for t in tensors):
        return False
    return x_seq.device.type in ("cpu", "cuda") and x_seq.dim() > 1 and x_seq.numel() > 0


def _one_number(charge: str, k: float | torch.Tensor, x_seq: torch.Tensor) -> bool:
    if not isinstance(k, torch.Tensor):
        return isinstance(k, float)
    divides = charge == "lif" and x_seq.device.type == "cuda"  # by a tensor torch does it more exactly than Triton
    return k.dim() == 0 and k.dtype == torch.float32 and k.device == x_seq.device and not divides


@functools.lru_cache(256)
def _unchanged(cls: type) -> bool:
    """Whether a class of neurons has the equations that its ``fused`` and its ``in_one_pass`` stand for."""
    same = all(issubclass(_owner(cls, "in_one_pass"), _owner(cls, name)) for name in EQUATIONS)
    return same and _owner(cls, "charge") is _owner(cls, "fused")


def _owner(cls: type, name: str) -> type:
    return next((base for base in cls.__mro__ if name in vars(base)), object)


def _has_given_slope(grad: Callable) -> bool:
    """Whether a surrogate is what the loops take it for: a slope, and no parameter that learns."""
    if not isinstance(grad, surrogates.Surrogate) or type(grad).forward is not surrogates.Surrogate.forward:
        return False
    if grad._forward_hooks or grad._forward_pre_hooks or grad._backward_hooks or grad._backward_pre_hooks:
        return False
    return not (grad._parameters or grad._modules) or not any(p.requires_grad for p in grad.parameters())
