"""Where and how finely a network runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from course_snn.arguments import number, whole


class Backend:
    """Where and how finely a network runs.

    Args:
        dt: length of a step in ms.
        device: such as "cpu" or "cuda"; None: where the network is.
        seed: of what is random in its runs: the k-th run after ``build`` is the same each time; None: torch's own.
    """

    backend_name = "pytorch"

    def __init__(self, dt: float = 1.0, device: torch.device | str | None = None, seed: int | None = None) -> None:
        if isinstance(dt, (str, torch.device)):
            raise TypeError(f"Backend takes dt first, in ms: Backend(device={str(dt)!r}).")
        self.dt = float(number("dt", dt, above=0))
        self.device = None if device is None else torch.device(device)
        self.seed = None if seed is None else whole("seed", seed, at_least=0)

    def steps(self, run_time: float | None) -> int:
        """Return how many steps a time has.

        Args:
            run_time: in ms.

        Raises:
            ValueError: no time, or one that is no multiple of dt.
        """
        if run_time is None:
            raise ValueError("how long? Call net.set_runtime(20.0) first, or run(20.0), in ms.")
        run_time = float(number("run_time", run_time, above=0))
        steps = round(run_time / self.dt)
        if steps < 1 or abs(steps * self.dt - run_time) > 1e-6 * run_time:
            raise ValueError(f"run_time={run_time:g} ms is no multiple of dt={self.dt:g} ms.")
        return steps

    @contextmanager
    def drawing(self, run: int, device: torch.device) -> Iterator[None]:
        """Within the block random numbers are those of this run.

        Args:
            run: its number since ``build``. device: where it computes.
        """
        if self.seed is None:
            yield
            return
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            torch.manual_seed(self.seed + 1_000_003 * run)
            yield

    def __repr__(self) -> str:
        return f"Backend(dt={self.dt:g}, device={self.device}, seed={self.seed})"
