"""How long tests wait for another process: long enough for any machine, so that only what hangs is ended."""

import time
from collections.abc import Callable

PATIENCE = 240  # seconds


def until(holds: Callable[[], bool]) -> None:
    """Wait until it holds; raises TimeoutError if it never does."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not after {PATIENCE} s")
        time.sleep(0.05)
