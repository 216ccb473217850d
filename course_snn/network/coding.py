"""Encoders, where data become spikes, and decoders, where spikes become a result."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

import torch

from course_snn import encoding
from course_snn.network.events import Events, latency_events
from course_snn.network.links import enter
from course_snn.network.parts import NeuronGroup, Node, given_to
from course_snn.spelling import accepted, chosen, parameters, takes

# ---------------------------------------------------------------- encoders


def latency(x: torch.Tensor, T: int) -> Events:
    """One spike for each input, the earlier the larger x in [0, 1]: ``encoding.LatencyEncoder``."""
    return latency_events(encoding.LatencyEncoder(T).times(x), T)


def poisson(x: torch.Tensor, T: int, dt: float, unit_conversion: float = 1.0) -> torch.Tensor:
    """A spike in each step with probability x · unit_conversion · dt: ``encoding.PoissonEncoder``."""
    return encoding.PoissonEncoder().spike_train(x * (unit_conversion * dt), T)


def null(x: torch.Tensor, T: int) -> torch.Tensor:
    """Trains [N, T, num] as they are."""
    if x.dim() != 3 or x.shape[1] != T:
        raise ValueError(f'encoding "null" takes trains [N, T, num] with T = {T} steps, got {list(x.shape)}.')
    return x.transpose(0, 1)


ENCODINGS: dict[str, Callable] = {"latency": latency, "poisson": poisson, "null": null}


def encoder_type(name: str) -> Callable:
    """Register an encoding of your own: ``@encoder_type("burst")`` above a function (x, T, its parameters …).

    It gets x [N, num] and the number of steps, and, if it has a parameter ``dt``, the length of one in ms; it returns
    spikes [T, N, num].

    Args:
        name: what it is called.
    """
    return enter("encoder_type", ENCODINGS, name)


class Encoder(Node):
    """Where data enters: call it with a batch, ``net.input(x)``, and the next run turns that into spikes.

    Args:
        num: number of inputs. encoding: "latency", "poisson", "null" (trains [N, T, num]), or your own.
        shape: [C, H, W] of pictures, for convolutions.
        param: parameters of the encoding by name, or give them as keywords.
        name: what it is called where no variable gives a name.

    Shapes:
        x [N, num], or [N, …] with num numbers a sample; trains [N, T, num].

    Raises:
        TypeError: parameters that the encoding does not have. ValueError: an unknown encoding, or data that do not fit.
    """

    receives = False
    not_settings: ClassVar = {*Node.not_settings, "data"}

    def __init__(
        self,
        num: int | None = None,
        encoding: str = "null",
        shape: Iterable[int] | None = None,
        param: dict[str, Any] | None = None,
        name: str | None = None,
        **more: Any,
    ) -> None:
        given, make = given_to("Encoder", param, more), chosen("encoding", encoding, ENCODINGS)
        given = accepted(f"Encoder(encoding={encoding!r})", make, given, (*list(parameters(make))[:2], "dt"), Encoder)
        super().__init__(num, shape, name)
        vars(self).update(encoding=encoding, param=given, data=None)

    def forward(self, x: Any) -> None:
        x = torch.as_tensor(x)
        if x.dtype == torch.uint8:
            raise ValueError(f"{self.address()} takes numbers, got bytes (uint8): for images give x.float() / 255.")
        x = x if x.is_floating_point() else x.to(torch.get_default_dtype())
        x = x.unsqueeze(0) if x.dim() == 1 else x
        if self.encoding != "null" and x.dim() > 2:
            x = x.flatten(1)
        if not x.dim() or x.shape[-1] != self.num or not len(x):
            raise ValueError(f"{self.address()} takes [N, {self.num}], got {list(x.shape)}.")
        vars(self)["data"] = x

    def encode(self, T: int, dt: float, like: torch.Tensor) -> Events | torch.Tensor:
        """Return the spikes of the data [T, N, num].

        Args:
            T: number of steps. dt: length of one in ms. like: a tensor of the device and dtype that are wanted.

        Raises:
            ValueError: there is no data, or spikes of another shape came out.
        """
        if self.data is None:
            raise ValueError(f"{self.address()}: no data, call net.{self.address()}(x) first.")
        make = ENCODINGS[self.encoding]
        spikes = make(self.data.to(like.device), T, **self.param, **({"dt": dt} if takes(make, "dt") else {}))
        if isinstance(spikes, Events):
            return spikes
        if not torch.is_tensor(spikes) or tuple(spikes.shape) != (T, len(self.data), self.num):
            got = list(spikes.shape) if torch.is_tensor(spikes) else type(spikes).__name__
            raise ValueError(
                f"encoding {self.encoding!r} must give spikes [T, N, num] = {[T, len(self.data), self.num]}, got {got}."
            )
        return spikes.to(like.dtype)

    def extra_repr(self) -> str:
        return f"{self.num}, {self.encoding!r}"


# ---------------------------------------------------------------- decoders


def spike_counts(spikes: torch.Tensor) -> torch.Tensor:
    """Number of spikes of each neuron."""
    return spikes.sum(0)


def spike_rates(spikes: torch.Tensor) -> torch.Tensor:
    """Spikes of each neuron per step."""
    return spikes.mean(0)


def first_spike(spikes: torch.Tensor) -> torch.Tensor:
    """Step of each neuron's first spike, T where there is none; the earliest wins. It has no gradient."""
    spiked = spikes.detach() != 0
    return torch.where(spiked.any(0), spiked.int().argmax(0), len(spikes))


def voltage_sum(voltages: torch.Tensor) -> torch.Tensor:
    """Sum of each neuron's voltages over time."""
    return voltages.sum(0)


def final_step_voltage(voltages: torch.Tensor) -> torch.Tensor:
    """Voltage of each neuron after the last step."""
    return voltages[-1]


def every_step(spikes: torch.Tensor) -> torch.Tensor:
    """The spikes themselves, [T, N, n]."""
    return spikes


DECODINGS: dict[str, Callable] = {
    "spike_counts": spike_counts, "spike_rates": spike_rates, "first_spike": first_spike, "voltage_sum": voltage_sum,
    "final_step_voltage": final_step_voltage, "null": every_step,
}  # fmt: skip


def decoder_type(name: str) -> Callable:
    """Register a decoding of your own: ``@decoder_type("last")`` above a function (spikes) or (voltages), [T, N, n].

    Args:
        name: what it is called.
    """
    return enter("decoder_type", DECODINGS, name)


class Decoder(Node):
    """Where a result is read: after each run ``predict`` holds one number for each neuron of its target, [N, n].

    Args:
        target: the group that is read.
        decoding: "spike_counts", "spike_rates", "first_spike", "voltage_sum", "final_step_voltage", "null" (all spikes
            [T, N, n]), or your own.
        num: number of neurons of the target, if you want it checked.
        name: what it is called where no variable gives a name.
    """

    sends = receives = False
    not_settings: ClassVar = {*Node.not_settings, "predict"}
    fresh: ClassVar = {"predict": None}

    def __init__(
        self, target: Any = None, decoding: str = "spike_counts", num: int | None = None, name: str | None = None,
        **more: Any,
    ) -> None:  # fmt: skip
        given_to("Decoder", None, more, ("target", "decoding", "num"), "decoding")
        self.check_turn(target)
        chosen("decoding", decoding, DECODINGS)
        if num is not None and num != target.num:
            raise ValueError(f"{target.address()} has {target.num} neurons, but num={num}.")
        super().__init__(target.num, None, name)
        vars(self).update(decoding=decoding, target=target, predict=None)

    def settle(self) -> None:
        self.target.readers[self] = None

    def is_about(self, part: Any, roots: list[Any]) -> bool:
        """Return whether it reads this part, and lies somewhere inside these.

        Args:
            part: a part. roots: assemblies.
        """
        return self.target is part and any(self.lies_in(root) for root in roots)

    def check_turn(self, target: Any) -> None:
        """Raise ValueError if it could not read this.

        Args:
            target: what it would read.
        """
        if not isinstance(target, NeuronGroup):
            raise ValueError(f"Decoder reads a group: Decoder(target=net.layer2), got {type(target).__name__}.")

    def turn(self, old: Any, new: Any) -> None:
        """Read ``new`` from now on.

        Args:
            old: what it read. new: a group.
        """
        vars(self).update(target=new, num=new.num, predict=None)
        self.settle()
        self.touch()

    def leaves(self, inside: set[int]) -> bool:
        return id(self.target) not in inside

    @property
    def wants(self) -> str:
        """The variable of its target that it reads: "O", the spikes, or "v", the voltages."""
        return "v" if takes(DECODINGS[self.decoding], "voltages") else "O"

    def read(self, seen: torch.Tensor) -> torch.Tensor:
        """Decode spikes or voltages [T, N, n] and keep the result as ``predict``.

        Args:
            seen: what it ``wants``.
        """
        vars(self)["predict"] = DECODINGS[self.decoding](seen)
        return self.predict

    @property
    def scores(self) -> torch.Tensor:
        """``predict`` as [steps, N, n] numbers of which the largest wins."""
        value = -self.predict if DECODINGS[self.decoding] is first_spike else self.predict
        value = value if value.is_floating_point() else value.to(torch.get_default_dtype())
        return value if value.dim() == 3 else value[None]

    def extra_repr(self) -> str:
        return f"{self.target.address()}, {self.decoding!r}"
