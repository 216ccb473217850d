"""Other simulators, each in an environment of its own, as long-living processes that speak JSON lines."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import platformdirs

VARIABLE = "COURSE_SNN_PEERS"  # names the folder with the environments
PACKAGES = {  # what each needs; the rest is what PyPI resolves
    "SPAIC": ("SPAIC==0.6.3.0.0", "torch==2.11.*"),  # asks for any torch: the course's own, for the same arithmetic
    "BindsNET": ("bindsnet==0.3.4",),  # wants torch >= 2.14, and gets it
}
OURS = "ours"


def folder(given: Path | None) -> Path:
    """The folder with the environments: as given, else by its variable, else in the user's cache."""
    named = os.environ.get(VARIABLE, "").strip()
    return given or Path(named or platformdirs.user_cache_path("course-snn") / "peers")


def python(peer: str, place: Path) -> Path:
    """The interpreter of a peer's environment; that of this process for ours."""
    if peer == OURS:
        return Path(sys.executable)
    return place / peer.lower() / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def set_up(place: Path) -> None:
    """Make the environments that are missing, from PyPI (about 5 GB each on Linux, where torch brings CUDA)."""
    for peer, packages in PACKAGES.items():
        if not python(peer, place).exists():
            subprocess.run(["uv", "venv", "--python", "3.11", place / peer.lower()], check=True)
        subprocess.run(["uv", "pip", "install", "--python", python(peer, place), *packages], check=True)


class PeerError(RuntimeError):
    """What a peer's process said instead of an answer."""


class Side:
    """One simulator in a process of its own, which runs ``network_sides.py``.

    Args:
        peer: "ours" or a peer. place: folder with the environments. threads: of torch.
    """

    def __init__(self, peer: str, place: Path, threads: int) -> None:
        self.peer, script = peer, Path(__file__).with_name("network_sides.py")
        command = [python(peer, place), "-W", "ignore", script, peer, str(threads)]
        env = os.environ | {"OMP_NUM_THREADS": str(threads), "MPLBACKEND": "agg"}
        if peer != OURS:
            env.pop("PYTHONPATH", None)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8"}
        self.process = subprocess.Popen(command, env=env, **pipes)

    def ask(self, **request: object) -> dict:
        """The answer to one request: prepare = a case, turn = seconds, or measure = a case."""
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            answer = json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            raise PeerError(f"{self.peer}: the process ended with code {self.process.wait()}") from None
        if "error" in answer:
            raise PeerError(f"{self.peer}: {answer['error']}")
        return answer

    def close(self) -> None:
        """End the process."""
        self.process.stdin.close()
        self.process.wait()

    def __enter__(self) -> Side:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def in_turns(sides: dict[str, Side], rounds: int, turn: float) -> dict[str, list[dict[str, float]]]:
    """Answers to a turn of each side in each round; who begins changes from round to round."""
    times = {name: [] for name in sides}
    for number in range(rounds):
        names = list(sides)
        for name in names if number % 2 else reversed(names):
            times[name].append(sides[name].ask(turn=turn))
            time.sleep(0.02)  # its threads fall asleep
    return times


def spread(turns: list[dict[str, float]]) -> dict[str, float]:
    """Median and quartiles of the time of a pass, and the median of the processor's time, in milliseconds."""
    low, middle, high = statistics.quantiles([1000 * turn["seconds"] for turn in turns], n=4)
    cpu = statistics.median(1000 * turn["cpu"] for turn in turns)
    return {"ms": round(middle, 3), "low": round(low, 3), "high": round(high, 3), "cpu_ms": round(cpu, 3)}


def ratios(theirs: list[dict[str, float]], ours: list[dict[str, float]], what: str = "seconds") -> dict[str, float]:
    """Median and quartiles of their time / ours, round by round."""
    low, middle, high = statistics.quantiles([a[what] / b[what] for a, b in zip(theirs, ours, strict=True)], n=4)
    return {"ratio": round(middle, 2), "low": round(low, 2), "high": round(high, 2)}
