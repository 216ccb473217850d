"""The table of charges: what the compiled loops know of each neuron model, a row for each.

The bodies are plain arithmetic: numba compiles them for the CPU, Triton for a GPU, and tensors go through them in the
readable loop of ``sequence``. ``h`` does what ``charge`` of the neuron does, operation by operation, so that no bit
of a spike differs.
"""

from collections.abc import Callable
from typing import NamedTuple


class Charge(NamedTuple):
    """One row: a neuron model as the compiled loops know it.

    Args:
        number: what the compiled loops call it.
        h: voltage after the charge, of (v, x, k, v_rest).
        dx: ∂h/∂x, of k.
        dv: ∂h/∂v, of k.
        dk: ∂h/∂k, of (v, x, k, v_rest); for a model whose k is not learnt the loops never ask.
    """

    number: int
    h: Callable
    dx: Callable
    dv: Callable
    dk: Callable


def one(k):
    """Return 1: what comes in is added as it is."""
    return 1.0


def itself(k):
    """Return the factor k of the input."""
    return k


def inverse(k):
    """Return 1/k, the share of the input that τ = k lets in."""
    return 1.0 / k


def rest(k):
    """Return 1 - k, the share of the voltage that stays."""
    return 1.0 - k


def rest_of_inverse(k):
    """Return 1 - 1/k, the share of the voltage that τ = k leaves."""
    return 1.0 - 1.0 / k


def more(k):
    """Return 1 + k, by which the voltage is multiplied."""
    return 1.0 + k


def integrate(v, x, k, v_rest):
    """Return h of ``IFNode``."""
    return v + x


def leak(v, x, k, v_rest):
    """Return h of ``LIFNode``; k = τ."""
    return v + (x - (v - v_rest)) / k


def leak_by_tau(v, x, k, v_rest):
    """Return ∂h/∂τ of ``LIFNode``."""
    return -(x - (v - v_rest)) / (k * k)


def approach(v, x, k, v_rest):
    """Return h of ``PLIFNode``; k = 1/τ."""
    return v + (x - (v - v_rest)) * k


def distance(v, x, k, v_rest):
    """Return ∂h/∂k of ``PLIFNode``."""
    return x - (v - v_rest)


def pull(v, x, k, v_rest):
    """Return h of ``RIFNode`` (k = w) and ``DeltaLIFNode`` (k = exp(-dt/τ) - 1)."""
    return v + k * (v - v_rest) + x


def away(v, x, k, v_rest):
    """Return ∂h/∂k of ``RIFNode`` and ``DeltaLIFNode``."""
    return v - v_rest


CHARGES = {
    "if": Charge(0, integrate, one, one, away),
    "lif": Charge(1, leak, inverse, rest_of_inverse, leak_by_tau),  # k = τ
    "plif": Charge(2, approach, itself, rest, distance),  # k = 1/τ
    "rif": Charge(3, pull, one, more, away),  # k = w
}
