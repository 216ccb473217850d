"""The surrogates that both libraries have, with the same derivative of a spike.

    ours                          SpikingJelly's
    Sigmoid(alpha)                Sigmoid(alpha)                       (its default is 4, ours 1)
    ATan(alpha)                   ATan(alpha)
    Gaussian(variance)            Erf(1 / √(2 variance))
    Rectangle(width)              Rect(1 / width)
    BilinearLeakyReLU(a, b, c)    PiecewiseLeakyReLU(w=c, c=b)         where a = 1 / (2 c)

The last pair differs in one point: exactly at |x| = c the slope is a here and b there.
"""

from __future__ import annotations

import math
from typing import Any

from course_snn import surrogate
from course_snn.exchange.walk import Refused, one_number

KNOWN = "Sigmoid, ATan, Gaussian (Erf), Rectangle (Rect), BilinearLeakyReLU (PiecewiseLeakyReLU)"


def to_spikingjelly(ours: Any) -> Any:
    """Return SpikingJelly's surrogate for one of ours.

    Raises:
        Refused: it has none.
    """
    from spikingjelly.activation_based import surrogate as theirs

    value = {name: one_number(f"surrogate.{name}", getattr(ours, name)) for name in _names(ours)}
    kind = type(ours)
    if kind is surrogate.Sigmoid:
        return theirs.Sigmoid(value["alpha"])
    if kind is surrogate.ATan:
        return theirs.ATan(value["alpha"])
    if kind is surrogate.Gaussian:
        return theirs.Erf(1 / math.sqrt(2 * value["variance"]))
    if kind is surrogate.Rectangle:
        return theirs.Rect(1 / value["width"])
    if kind is surrogate.BilinearLeakyReLU:
        if not math.isclose(value["a"], 1 / (2 * value["c"])):
            raise Refused(f"whose surrogate has a={value['a']:g}: PiecewiseLeakyReLU has a = 1/(2c)")
        return theirs.PiecewiseLeakyReLU(w=value["c"], c=value["b"])
    raise Refused(f"whose surrogate {_named(ours)} is in one of them only; in both are {KNOWN}")


def from_spikingjelly(theirs: Any) -> surrogate.Surrogate:
    """Return our surrogate for one of SpikingJelly's.

    Raises:
        Refused: there is none.
    """
    from spikingjelly.activation_based import surrogate as library

    kind = type(theirs)
    if not getattr(theirs, "spiking", True):
        raise Refused("whose surrogate has spiking=False: it gives the smooth step in place of spikes")
    if kind is library.Sigmoid:
        return surrogate.Sigmoid(one_number("alpha", theirs.alpha))
    if kind is library.ATan:
        return surrogate.ATan(one_number("alpha", theirs.alpha))
    if kind is library.Erf:
        return surrogate.Gaussian(1 / (2 * one_number("alpha", theirs.alpha) ** 2))
    if kind is library.Rect:
        return surrogate.Rectangle(1 / one_number("alpha", theirs.alpha))
    if kind is library.PiecewiseLeakyReLU:
        w, c = one_number("w", theirs.w), one_number("c", theirs.c)
        return surrogate.BilinearLeakyReLU(a=1 / (2 * w), b=c, c=w)
    raise Refused(f"whose surrogate {_named(theirs)} is in one of them only; in both are {KNOWN}")


def _names(ours: Any) -> list[str]:
    """Return the names of the quantities of one of our surrogates."""
    return sorted(getattr(ours, "__dict__", {}).get("_kept", ()))


def _named(thing: Any) -> str:
    return getattr(thing, "__name__", type(thing).__name__)
