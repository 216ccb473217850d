"""What a result depends on beside the code: the machine, the versions, the data."""

from __future__ import annotations

import os
import platform
import re
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement

from course_snn.data import files, search

COURSE = "course-snn"


def versions() -> dict[str, str | None]:
    """The installed version of each package the course stands on; None where it is missing."""
    packages = (COURSE, *(pin.name for pin in requirements()))
    return {"python": platform.python_version()} | {package: version(package) for package in packages}


def requirements() -> list[Requirement]:
    """The pins of the installed course (those of pyproject.toml) that hold on this machine."""
    try:
        found = [Requirement(line) for line in dict.fromkeys(metadata.requires(COURSE) or [])]
    except metadata.PackageNotFoundError:
        return []
    return [pin for pin in found if pin.marker is None or pin.marker.evaluate({"extra": ""})]


def version(package: str) -> str | None:
    """The installed version of a package; None if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def machine() -> dict[str, Any]:
    """Processor, cores, memory in GiB, graphics card and system; what cannot be found out is None."""
    return {
        "system": f"{platform.system()} {platform.release()}",
        "architecture": platform.machine(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": _memory(),
        "gpu": gpu(),
    }


def data_source() -> dict[str, Any]:
    """Where data sets are read from, and which real sets lie there; for the others there are stand-ins.

    The folder is told by the variable that names it, never by its path: reports are published.
    """
    real = [collection.name for collection in files.COLLECTIONS if files.state(collection) == files.PRESENT]
    named = os.environ.get(search.FOLDER_VARIABLE, "").strip()
    return {
        "source": "folder" if real else "stand-in",
        "folder": search.FOLDER_VARIABLE if named else "the user's own data folder",
        "sets": real,
    }


def gpu() -> str | None:
    """The name of the first graphics card that torch can use."""
    try:
        import torch
    except ImportError:
        return None
    if torch.cuda.is_available():
        return torch.cuda.get_device_name(0)
    return "Apple MPS" if torch.backends.mps.is_available() else None


def _processor() -> str | None:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or None


def _memory() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (AttributeError, ValueError, OSError):
        return None  # Windows
