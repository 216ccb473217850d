"""Which Python a notebook runs in: ours, whatever kernels the learner has installed beside it."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from ipykernel.kernelspec import RESOURCES
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager, NoSuchKernel

from course_snn.language import Label, tr

ADVICE = "course_snn.first_cells"  # says what to do about a name that stands in a cell above


class OwnPython(KernelSpecManager):
    """Kernel specs among which "python3" is this very interpreter, not one of that name installed by somebody else."""

    def find_kernel_specs(self) -> dict[str, str]:
        """Return the folder of each kernel by its name."""
        return super().find_kernel_specs() | {NATIVE_KERNEL_NAME: RESOURCES}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """Return the kernel of that name."""
        if kernel_name.lower() == NATIVE_KERNEL_NAME:
            spec = self._get_kernel_spec_by_name(NATIVE_KERNEL_NAME, RESOURCES)
            spec.argv = [*spec.argv, f"--IPKernelApp.extensions={ADVICE}"]
            return spec
        return super().get_kernel_spec(kernel_name)


CHOOSE = tr(
    "打开它，在菜单“内核 → 更改内核…”里选“Python 3 (ipykernel)”，然后保存",
    'open it, choose "Python 3 (ipykernel)" in the menu Kernel → Change Kernel…, and save it',
)


@dataclass(frozen=True)
class Stray:
    """A notebook that asks for another Python than this one; `python` is None if its kernel is not installed here."""

    notebook: str
    kernel: str
    python: str | None

    @property
    def found(self) -> Label:
        """What is wrong with it."""
        if self.python is None:
            return tr(
                f"{self.notebook} 指定的内核 {self.kernel} 没有安装",
                f"{self.notebook} names the kernel {self.kernel}, which is not installed",
            )
        return tr(
            f"{self.notebook} 指定的内核 {self.kernel} 是另一个 Python：{self.python}",
            f"{self.notebook} names the kernel {self.kernel}, which is another Python: {self.python}",
        )


def strays(folder: Path) -> list[Stray]:
    """The notebooks of a folder whose kernel, as they name it, is not this Python."""
    specs = OwnPython()
    found = []
    for path in sorted(folder.glob("*.ipynb")):
        name = _kernel(path)
        if name is not None and not ours(python := python_of(specs, name)):
            found.append(Stray(path.name, name, python))
    return found


def python_of(specs: KernelSpecManager, name: str) -> str | None:
    """The program that a kernel starts; None if there is no such kernel."""
    try:
        return specs.get_kernel_spec(name).argv[0]
    except (NoSuchKernel, OSError, ValueError, IndexError):  # not there, unreadable, no JSON, without a program
        return None


def ours(python: str | None) -> bool:
    """Whether a kernel's program is this Python: Jupyter puts its own in place of a bare "python"."""
    if python is None:
        return False
    if python in {
        "python",
        f"python{sys.version_info.major}",
        f"python{sys.version_info.major}.{sys.version_info.minor}",
    }:
        return True
    theirs, own = (os.path.realpath(Path(program).parent) for program in (python, sys.executable))
    return os.path.normcase(theirs) == os.path.normcase(own)


def _kernel(path: Path) -> str | None:
    """The kernel that a notebook names; None if it names none, or cannot be read (Jupyter will say so)."""
    try:
        name = json.loads(path.read_bytes())["metadata"]["kernelspec"]["name"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return name if isinstance(name, str) else None
