"""A modelled event camera: any brightness movie in, events {"t", "x", "y", "p"} out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch

from course_snn.arguments import number, whole
from course_snn.data import given

DARK = 0.02  # what a pixel reports in the dark, as a part of full brightness: log(0) does not happen


@dataclass(frozen=True)
class EventCamera:
    """An event camera: each pixel follows log brightness and reports every change by more than a threshold.

        L = log(I + I_dark);   an ON event whenever L rises by C_on above the level M that the pixel remembers,
        an OFF event whenever it falls by C_off below it;   then M ← M ± C

    Between two pictures of the movie L runs in a straight line, so an event has its time within the step. No two
    pixels have the same thresholds; after an event a pixel is blind for a while, and what it would have reported then
    is lost; and now and then it reports something that did not happen.

    Args:
        height: pixels from top to bottom.
        width: pixels from left to right.
        contrast: mean threshold C: 0.18 is a change of brightness by about a fifth.
        mismatch: standard deviation of the thresholds from pixel to pixel, as a part of C.
        refractory: blind time of a pixel after an event, in seconds.
        noise: invented events in each pixel, per second.
        seed: of the thresholds: another seed is another camera of the same make.

    Raises:
        TypeError, ValueError: sizes below 1, a contrast that is not above 0, or negative numbers.

    Source: the pixel of Lichtsteiner, Posch & Delbruck 2008, IEEE J. Solid-State Circuits 43; interpolation between
    pictures as in Rebecq, Gehrig & Scaramuzza 2018, ESIM, CoRL.
    """

    height: int = 64
    width: int = 64
    contrast: float = 0.18
    mismatch: float = 0.04
    refractory: float = 2e-3
    noise: float = 0.15
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("height", "width"):
            object.__setattr__(self, name, whole(name, getattr(self, name), at_least=1))
        whole("seed", self.seed, at_least=0)
        number("contrast", self.contrast, above=0)
        for name in ("mismatch", "refractory", "noise"):
            number(name, getattr(self, name), at_least=0)

    def thresholds(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Return C_on and C_off of every pixel, float32 [H, W]."""
        spread = np.random.default_rng(self.seed).normal(1, self.mismatch, (2, self.height, self.width))
        on, off = torch.from_numpy(self.contrast * spread.clip(0.3, 3)).float()
        return on, off

    def record(self, movie: torch.Tensor, rate: float, seed: int = 0) -> dict[str, np.ndarray]:
        """Return the events that this camera sees in a movie, in the order of time.

        Args:
            movie: brightness [F, H, W], 0 (black) … 1 (white) or more.
            rate: pictures per second.
            seed: of the noise.

        Shapes:
            returns {"t": int64 microseconds, "x": int16, "y": int16, "p": uint8 (1 = ON)}, each [events].

        Raises:
            TypeError, ValueError: a movie of another size, of a single picture, or with negative brightness; a
                rate that is not above 0; a seed that is no whole number from 0 on.
        """
        movie = given.tensor("movie", movie)
        rate, seed = number("rate", rate, above=0), whole("seed", seed, at_least=0)
        if movie.dim() != 3 or tuple(movie.shape[1:]) != (self.height, self.width) or len(movie) < 2:
            raise ValueError(
                f"this camera takes movies [F ≥ 2, {self.height}, {self.width}], got {list(movie.shape)}: make the "
                "movie as large as the sensor, or EventCamera(height=…, width=…) as large as the movie."
            )
        if not bool((movie >= 0).all()) or bool((movie == torch.inf).any()):
            raise ValueError("a movie holds brightness, which is 0 or more; this one has negative numbers, nan or inf.")
        t, pixel, p = _crossings(torch.log(movie.float() + DARK).flatten(1), *self.thresholds())
        t, pixel, p = self._with_noise(t / rate, pixel, p, (len(movie) - 1) / rate, seed)
        kept = after_refractory(t, pixel, self.refractory)
        t, pixel, p = t[kept], pixel[kept], p[kept]
        order = np.argsort(t, kind="stable")
        y, x = np.divmod(pixel[order], self.width)
        return {
            "t": (t[order] * 1e6).astype(np.int64),
            "x": x.astype(np.int16),
            "y": y.astype(np.int16),
            "p": p[order].astype(np.uint8),
        }

    def _with_noise(self, t, pixel, p, seconds: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        rng = np.random.default_rng([seed, 1])
        count = rng.poisson(self.noise * seconds * self.height * self.width)
        return (
            np.concatenate([t, rng.uniform(0, seconds, count)]),
            np.concatenate([pixel, rng.integers(self.height * self.width, size=count)]),
            np.concatenate([p, rng.integers(2, size=count)]),
        )


def _crossings(level: torch.Tensor, on: torch.Tensor, off: torch.Tensor) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return time (in steps), pixel and polarity of every threshold crossing of ``level`` [F, H·W]."""
    on, off = on.flatten(), off.flatten()
    up, down = 1 / on, 1 / off
    memory = torch.empty_like(level)  # what each pixel remembered before each step
    memory[0] = level[0]
    count = torch.zeros_like(level)  # thresholds crossed in each step, negative for OFF
    for f in range(1, len(level)):
        change = level[f] - memory[f - 1]
        torch.mul(change, torch.where(change > 0, up, down), out=count[f]).trunc_()
        torch.addcmul(memory[f - 1], count[f], torch.where(change > 0, on, off), out=memory[f])
    f, pixel = (count != 0).nonzero(as_tuple=True)
    n = count[f, pixel]
    threshold = torch.where(n > 0, on[pixel], off[pixel]) * n.sign()
    before = (memory[f - 1, pixel] - level[f - 1, pixel]).double()  # from the line's start to the remembered level
    slope = (level[f, pixel] - level[f - 1, pixel]).double()
    times = n.abs().long()
    which = torch.arange(len(n)).repeat_interleave(times)
    k = torch.arange(len(which)) - (times.cumsum(0) - times)[which] + 1
    part = (before[which] + k * threshold[which]) / slope[which]  # 0 / 0 where rounding left a whole threshold over
    t = f[which] - 1 + part.nan_to_num(0).clamp(0, 1)
    return t.numpy(), pixel[which].numpy(), (n[which] > 0).long().numpy()


def after_refractory(t: np.ndarray, pixel: np.ndarray, refractory: float) -> np.ndarray:
    """Return which events are left when a pixel is blind for a while after each event that it reports.

    Args:
        t: times of the events in seconds, in any order.
        pixel: the pixel of each event, a number.
        refractory: blind time in seconds.

    Shapes:
        returns the places of the events that are left, by pixel and time.
    """
    kept = np.lexsort((t, pixel))
    while True:
        soon = (np.diff(pixel[kept]) == 0) & (np.diff(t[kept]) < refractory)
        first = soon & ~np.concatenate([[False], soon[:-1]])  # of several in a row; the others are asked again
        if not first.any():
            return kept
        kept = kept[np.concatenate([[True], ~first])]
