"""Building the wheel, as a release does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from patience import PATIENCE


def build_wheel(source: Path, out: Path) -> Path:
    """Build the wheel of a folder by this environment's hatchling, without the network; returns the file."""
    code = "import hatchling.build, sys; hatchling.build.build_wheel(sys.argv[1])"
    command = [sys.executable, "-c", code, str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=PATIENCE)
    return next(out.glob("*.whl"))
