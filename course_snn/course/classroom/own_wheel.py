"""A wheel of the course as it is installed here, without a tool that builds: for machines that get it from no index."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

import course_snn
from course_snn.course.originals import versions
from course_snn.course.results import FOLDERS

PROJECT = "course-snn"
_WHEEL = "Wheel-Version: 1.0\nGenerator: course-snn\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_COMMANDS = "[console_scripts]\ncourse-snn = course_snn.course.cli:main\n"
_LEFT_OUT = {"__pycache__", "notebooks"}


def wheel() -> tuple[str, bytes]:
    """Return file name and content of the wheel: the package, its notebooks and logged results; no JupyterLab parts."""
    known = metadata.distribution(PROJECT)
    info = f"course_snn-{known.version}.dist-info"
    contents = _package() | {f"course_snn/notebooks/{name}": content for name, content in versions().items()}
    contents |= {
        f"{info}/METADATA": (known.read_text("METADATA") or "").encode(),
        f"{info}/WHEEL": _WHEEL.encode(),
        f"{info}/entry_points.txt": _COMMANDS.encode(),
    }
    lines = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in contents.items()]
    contents[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # the same bytes each time
    return f"course_snn-{known.version}-py3-none-any.whl", packed.getvalue()


def versions_here() -> list[str]:
    """Return what the course needs in the versions that are installed here, "torch==2.11.0"."""
    needed = [Requirement(line) for line in metadata.requires(PROJECT) or []]
    names = [one.name for one in needed if one.marker is None or one.marker.evaluate()]
    return sorted({f"{name}=={Version(metadata.version(name)).public}" for name in names})


def _package() -> dict[str, bytes]:
    folder = Path(course_snn.__file__).parent
    files = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    kept = {f"course_snn/{inner.as_posix()}": path for inner, path in files.items() if not _LEFT_OUT & {*inner.parts}}
    results = {f"course_snn/assets/results/{path.name}": path for where in FOLDERS for path in where.glob("*.json")}
    return {name: path.read_bytes() for name, path in (kept | results).items()}


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
