"""The fence around answers: bubblewrap, what can be seen through it, and whether it works on this machine."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import platformdirs

import course_snn
from course_snn.course.classroom.error import ClassroomError
from course_snn.language import Label, tr

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/nix")
_FILES = (
    "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/alternatives", "/etc/fonts", "/etc/localtime",
    "/sys/devices/system/cpu",
)  # fmt: skip


class NoSandbox(ClassroomError):
    """This machine has no sandbox; the message says why, and what to do."""


@lru_cache
def obstacle() -> Label | None:
    """Return why this machine has no sandbox, and what to do; None if it has one (which is tried)."""
    trust = tr(
        "或者用 --trust：答案就在这台机器上直接运行，没有任何保护。",
        "Or give --trust: the answers then run on this machine without any protection.",
    )
    if not sys.platform.startswith("linux"):
        return tr("只有 Linux 上才有沙箱（bubblewrap）；", "There is a sandbox (bubblewrap) on Linux only. ") + trust
    if not shutil.which("bwrap"):
        return (
            tr(
                "没有找到 bubblewrap。请安装：sudo apt-get install bubblewrap（或 dnf、pacman）。",
                "bubblewrap is not installed: sudo apt-get install bubblewrap (or dnf, pacman). ",
            )
            + trust
        )
    probe = [
        *_fence(),
        *_mounts(Path("/desk")),
        "/bin/sh",
        "-c",
        "test $$ -lt 10 && touch /desk/a && ! touch /usr/a 2>/dev/null",
    ]
    ran = subprocess.run(probe, capture_output=True, text=True, errors="replace", check=False)
    if ran.returncode == 0:
        return None
    told = ran.stderr.strip().splitlines()[-1:] or [f"{ran.returncode}"]
    return (
        tr(
            f"bubblewrap 在这里不能工作（{told[0]}）：系统多半禁止了用户命名空间。"
            "请管理员打开 kernel.unprivileged_userns_clone（Debian）或 kernel.apparmor_restrict_unprivileged_userns=0"
            "（Ubuntu）；在 Docker 里要加 --security-opt seccomp=unconfined 和 --security-opt systempaths=unconfined。",
            f"bubblewrap does not work here ({told[0]}): user namespaces are probably forbidden. Ask for "
            "kernel.unprivileged_userns_clone=1 (Debian) or kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); "
            "in Docker for --security-opt seccomp=unconfined --security-opt systempaths=unconfined. ",
        )
        + trust
    )


def fenced(work: Path) -> list[str]:
    """Return the command that runs another in the sandbox, where only the folder ``work`` can be written to."""
    return [*_fence(), *_mounts(work), "--chdir", f"{work}"]


@lru_cache
def _fence() -> tuple[str, ...]:
    """Return the part of the command that takes everything away."""
    known = subprocess.run(["bwrap", "--help"], capture_output=True, text=True, check=False)
    known = known.stdout + known.stderr
    inner = ["--disable-userns"] if "--disable-userns" in known else []  # since 0.8
    return (
        "bwrap", "--unshare-all", "--unshare-user", *inner, "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL",
        "--die-with-parent", "--new-session", "--hostname", "course",
    )  # fmt: skip


def _mounts(work: Path) -> list[str]:
    """Return the part of the command that says what can be seen: the system, Python and the course, all read-only."""
    mounts = ["--proc", "/proc", "--dev", "/dev"]
    for place in _SYSTEM:
        if os.path.islink(place):
            mounts += ["--symlink", os.readlink(place), place]
        elif os.path.isdir(place):
            mounts += ["--ro-bind", place, place]
    for place in _FILES:
        mounts += ["--ro-bind-try", place, place]
    compiled = compiled_elsewhere()  # of what is seen anyway, not of what else was ever run here
    ours = [compiled / place.relative_to(place.anchor) for place in (*_python(), Path("/usr"))] if compiled else []
    for place in filter(None, (*_python(), *filter(Path.is_dir, ours), loops_elsewhere())):
        mounts += ["--ro-bind", f"{place}", f"{place}"]
    for place in _secret():
        mounts += ["--tmpfs", f"{place}", "--remount-ro", f"{place}"]
    mounts += ["--tmpfs", f"{work}", "--tmpfs", "/dev/shm", *_fonts(work)]
    if not any(place.is_relative_to("/tmp") for place in _python()):
        mounts += ["--symlink", f"{work}", "/tmp"]
    return [*mounts, "--remount-ro", "/dev", "--remount-ro", "/"]


def _secret() -> list[Path]:
    """Return the folders of the course in which solutions stand; in the sandbox they are empty."""
    course = Path(course_snn.__file__).parent
    inner = (Path("course", "exercises"), Path("course", "site"), Path("notebooks"))
    places = {place / path for place in (course, course.resolve()) for path in inner}
    if compiled := compiled_elsewhere():
        places |= {compiled / path.relative_to(path.anchor) for path in places}
    return sorted(path for path in places if path.is_dir())


def compiled_elsewhere() -> Path | None:
    """Return the folder in which this Python keeps what it has compiled; None if that lies beside the sources."""
    prefix = sys.pycache_prefix
    return Path(prefix).resolve() if prefix and Path(prefix).is_dir() else None


def loops_elsewhere() -> Path | None:
    """Return the folder in which numba keeps compiled loops; None if that lies beside the sources."""
    from numba import config

    if config.CACHE_DIR:
        return Path(config.CACHE_DIR).resolve()
    own = platformdirs.user_cache_path("numba", appauthor=False)
    beside = Path(course_snn.__file__).parent / "kernel"
    return own.resolve() if own.is_dir() and not os.access(beside, os.W_OK) else None


@lru_cache
def _python() -> tuple[Path, ...]:
    """Return the folders of this Python, its libraries and the course."""
    import torch

    libraries = [*site.getsitepackages(), site.getusersitepackages(), Path(torch.__file__).parents[1]]
    places = [sys.prefix, sys.base_prefix, sys.exec_prefix, *libraries, Path(course_snn.__file__).parent]
    found = sorted({path for place in places for path in (Path(place), Path(place).resolve()) if path.is_dir()})
    return tuple(path for path in found if not path.is_relative_to("/usr"))


def _fonts(work: Path) -> list[str]:
    """Return the mounts of matplotlib's list of fonts, which would take seconds to make."""
    import matplotlib

    lists = sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))
    return [word for path in lists for word in ("--ro-bind", f"{path}", f"{work / path.name}")]
