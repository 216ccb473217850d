"""Where compiled loops are kept from one start of Python to the next."""

import functools
import os
import stat
import tempfile
from pathlib import Path

from numba import config, njit

VARIABLE = "NUMBA_CACHE_DIR"
TRITON = {"TRITON_CACHE_DIR", "TRITON_HOME"}


@functools.cache
def kept() -> bool:
    """Return whether numba can keep compiled loops: it is given a temporary folder if it finds no place by itself.

    By itself it takes the folder of the package or one in the user's own cache. Where neither can be written, it
    would refuse to compile.
    """
    if _finds_a_place():
        return True
    before = os.environ.get(VARIABLE)
    try:
        _use(str(temporary_folder()))
    except OSError:
        return False
    if _finds_a_place():
        return True
    _use(before)
    return False


def keep_triton() -> None:
    """Give Triton a temporary folder where it cannot write its own in the user's; it would refuse to compile."""
    if TRITON.isdisjoint(os.environ):
        try:
            own = Path.home() / ".triton" / "cache"
            own.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=own).close()
        except (OSError, RuntimeError):  # RuntimeError: nobody knows where the user's folder is
            os.environ["TRITON_CACHE_DIR"] = str(temporary_folder())


def temporary_folder() -> Path:
    """Return a folder in the system's temporary one that nobody else can write: what lies there will be run."""
    folder = Path(tempfile.gettempdir(), f"course-snn-loops-{getattr(os, 'getuid', lambda: 'own')()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise NotADirectoryError(f"{folder} is not a folder")
    if hasattr(os, "getuid") and (status.st_uid != os.getuid() or status.st_mode & 0o022):
        return Path(tempfile.mkdtemp(prefix="course-snn-loops-"))
    return folder


def _finds_a_place() -> bool:
    try:
        njit(cache=True)(_finds_a_place)  # looks for a place, compiles nothing
    except RuntimeError:  # "no locator available"
        return False
    return True


def _use(folder: str | None) -> None:
    """Tell numba, which reads the variable again at times, and the programs that are started from here."""
    os.environ.pop(VARIABLE, None) if folder is None else os.environ.update({VARIABLE: folder})
    config.CACHE_DIR = folder or ""  # ty: ignore[missing-attribute]
