"""Groups of neurons, and the models they know."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

import torch

from course_snn import neuron
from course_snn.arguments import whole
from course_snn.network.assembly import Assembly
from course_snn.network.links import enter
from course_snn.spelling import accepted, chosen, meant, parameters

SPAIC_SAYS = {
    "model": "neuron_model", "dec_target": "target", "neuron_number": "num", "max_delay": "delay", "min_delay": "delay",
}  # fmt: skip


class Node(Assembly):
    """What connections begin and end at: a number of neurons, or of inputs.

    Args:
        num: how many, a whole number ≥ 1; may be left out where a shape is given.
        shape: [C, H, W] of pictures, or None.
        name: what it is called where no variable gives a name.
    """

    sends = receives = True

    def __init__(self, num: int | None, shape: Iterable[int] | None = None, name: str | None = None) -> None:
        super().__init__(name)
        if shape is not None:
            shape = [whole("shape", n, at_least=1) for n in shape]
        if num is None and shape is None:
            raise TypeError(f"{type(self).__name__} needs num, the number of neurons, or shape=[C, H, W].")
        num = math.prod(shape) if num is None else whole("num", num, at_least=1)
        if shape is not None and math.prod(shape) != num:
            raise ValueError(f"shape={shape} holds {math.prod(shape)} neurons, but num={num}.")
        vars(self).update(num=num, shape=shape)


# ---------------------------------------------------------------- groups


def _if(v_th: Any = 1.0) -> neuron.Neuron:
    return neuron.IFNode(v_threshold=v_th, detach_reset=True)


def _lif(dt: float, tau_m: Any = 8.0, v_th: Any = 1.0) -> neuron.Neuron:
    return neuron.DeltaLIFNode(tau_m, v_threshold=v_th, detach_reset=True, dt=dt)


def _clif(dt: float, tau_m: Any = 20.0, tau_p: Any = 12.0, tau_q: Any = 8.0, v_th: Any = 1.0, V0: Any = None):
    return neuron.CLIFNode(tau_m, tau_p, tau_q, v_threshold=v_th, V0=V0, dt=dt)


def _izh(dt: float, a: Any = 0.02, b: Any = 0.2, d: Any = 8.0, v_th: Any = 30.0, Vreset: Any = -65.0):
    return neuron.IzhikevichNode(a, b, Vreset, d, v_threshold=v_th, dt=dt)


MODELS: dict[str, Callable] = {"if": _if, "lif": _lif, "clif": _clif, "izh": _izh}


def neuron_model(name: str) -> Callable:
    """Register a neuron model of your own: ``@neuron_model("qif")`` above a subclass of ``neuron.Neuron``.

    Or above a function that returns a neuron. Its parameters become those of ``NeuronGroup(n, "qif", …)``; one that is
    called ``dt`` gets the length of a step in ms.

    Args:
        name: what it is called.
    """
    return enter("neuron_model", MODELS, name)


class NeuronGroup(Node):
    """A number of neurons of one model:

        "if"    v = v + I;  spike where v ≥ v_th, then v = 0
        "lif"   v = e^(-dt/τ_m) v + I;  spike where v ≥ v_th, then v = 0
        "clif"  m = e^(-dt/τ_p) m + V₀I, s = e^(-dt/τ_q) s + V₀I, v = m - s - e;  after a spike e rises by v_th
        "izh"   Izhikevich's two equations

    Args:
        num: how many. neuron_model: "if", "lif", "clif", "izh", or your own (see ``neuron_model``).
        shape: [C, H, W] of pictures, for convolutions.
        neuron_type: a word or several, such as "exc", for the policies of a Projection.
        param: parameters of the model by name, or give them as keywords: ``tau_m=8.0``; times in ms.
        name: what it is called where no variable gives a name.

    Raises:
        TypeError: parameters that the model does not have. ValueError: an unknown model.

    Source: models as in SPAIC (Hong et al. 2024); CLIF: Gu et al. 2019 (STCA); Izhikevich 2003.
    """

    def __init__(
        self,
        num: int | None = None,
        neuron_model: str = "lif",
        shape: Iterable[int] | None = None,
        neuron_type: Iterable[str] | str = (),
        param: dict[str, Any] | None = None,
        name: str | None = None,
        **more: Any,
    ) -> None:
        given = given_to("NeuronGroup", param, more)
        make = chosen("neuron_model", neuron_model, MODELS)
        given = accepted(f"NeuronGroup(neuron_model={neuron_model!r})", make, given, ("dt",), NeuronGroup)
        types = (neuron_type,) if isinstance(neuron_type, str) else tuple(neuron_type)
        super().__init__(num, shape, name)
        vars(self).update(neuron_model=neuron_model, neuron_type=types, param=given, dt=1.0)
        self.neuron = self._made()

    def _made(self) -> Any:
        make = MODELS[self.neuron_model]
        made = make(**self.param, **({"dt": self.dt} if "dt" in parameters(make) else {}))
        if not isinstance(made, neuron.Neuron):
            raise TypeError(f"neuron_model {self.neuron_model!r} must give a neuron.Neuron, got {type(made).__name__}.")
        return made

    def set_dt(self, dt: float) -> None:
        """Let a step last ``dt`` ms.

        Args:
            dt: in ms.
        """
        if dt == self.dt:
            return
        old, begun = self.neuron, self._made()
        vars(self)["dt"] = dt
        if hasattr(old, "dt"):
            old.dt = dt
        elif "dt" in parameters(MODELS[self.neuron_model]):
            self.neuron = new = self._made()
            new.surrogate = old.surrogate
            for like in (*old.parameters(), *old.buffers()):
                new.to(like)
            for name, value in old._parameters.items():  # what has been learnt stays, whatever a step is now
                if value is not None and not torch.equal(value, begun._parameters[name].to(value)):
                    new._parameters[name] = value

    def extra_repr(self) -> str:
        return f"{self.num}, {self.neuron_model!r}"


def given_to(
    who: str, param: dict | None, more: dict[str, Any], takes: tuple[str, ...] | None = None, coding: str = "encoding"
) -> dict[str, Any]:
    """Return what is given by ``param`` and as keywords, after a look for the spelling of SPAIC on PyPI.

    Args:
        who: whose parameters. param: by name. more: as keywords. takes: all that there are; None: not known here.
        coding: what SPAIC's coding_method is called.
    """
    given = {**(param or {}), **more}
    for name in given:
        if ours := {**SPAIC_SAYS, "coding_method": coding}.get(name):
            raise TypeError(f"{who} calls {name!r} {ours!r}: give {ours}=….")
    if takes is not None and given:
        name = next(iter(given))
        raise TypeError(f"{who} has no parameter {name!r}.{meant(name, takes)} It takes {', '.join(takes)}.")
    return given
