"""The house rules: who may import whom, how light an import is, how long a file may be."""

import subprocess
import sys

from package import FILES, NAMES, ROOT, imports, layer

STANDARD = set(sys.stdlib_module_names)
COMPILERS = {"numba", "llvmlite", "triton"}
# What a science module may need besides torch, anywhere in it; everything inside a package may need what it may.
NEEDS = {
    "course_snn.language": {"jupyter_core", "IPython"},
    "course_snn.figure": {"matplotlib", "PIL"},
    "course_snn.picture": {"matplotlib", "PIL", "numpy"},
    "course_snn.plotting": {"matplotlib", "mpl_toolkits", "numpy", "scipy"},
}
DRAWING = ("course_snn.figure", "course_snn.picture", "course_snn.plotting")


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def roots(names: frozenset[str]) -> set[str]:
    return {name.partition(".")[0] for name in names} - STANDARD


SCIENCE = [name for name in NAMES if layer(name) == 0]
COMPILED = {name for name in NAMES if roots(imports(name, at_import_time=True)) & COMPILERS}


def test_every_file_is_a_module_that_the_walk_finds():
    assert set(FILES.values()) == set(ROOT.rglob("*.py"))  # a folder without __init__.py would escape the rules


def test_imports_point_down():
    upward = [
        f"{name} (layer {layer(name)}) may not import {other} (layer {layer(other)})"
        for name in NAMES
        for other in sorted(imports(name))
        if within(other, "course_snn") and layer(other) > layer(name)
    ]
    assert not upward, "\n".join(upward)


def circles() -> dict[str, set[str]]:
    """Return the modules that import each other, and which ones; imports inside functions count."""
    needs = {name: imports(name) & set(NAMES) - {name} for name in NAMES}
    before = None
    while before != set(needs):  # without those that need none of the rest, and those that none of the rest needs
        before = set(needs)
        wanted = set().union(*needs.values())
        needs = {name: others & before for name, others in needs.items() if others & before and name in wanted}
    return needs


def test_no_circles_lazy_imports_counted():
    assert not circles()


def test_science_needs_torch_only():
    more = {}
    for name in SCIENCE:
        allowed = {"torch", "course_snn"}.union(*(needs for home, needs in NEEDS.items() if within(name, home)))
        if name in COMPILED:
            allowed |= {*COMPILERS, "numpy"}
        if found := roots(imports(name)) - allowed:
            more[name] = found
    assert not more


def test_compiled_loops_live_in_kernel_and_are_imported_where_they_are_needed_only():
    assert COMPILED and not [name for name in COMPILED if not within(name, "course_snn.kernel")]
    early = {name: imports(name, at_import_time=True) & COMPILED for name in set(NAMES) - COMPILED}
    assert not {name: found for name, found in early.items() if found}


def test_a_file_is_one_sitting():
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in FILES.values()}
    assert not {path: n for path, n in lines.items() if n > 300}


def test_importing_science_loads_torch_and_nothing_else_and_stays_offline():
    plain = [name for name in SCIENCE if name not in COMPILED and not any(within(name, home) for home in DRAWING)]
    code = f"""
import sys
import torch

def watch(event, args):
    if event.startswith("socket.") and event != "socket.gethostname":
        raise RuntimeError(f"{{event}} while importing")

sys.addaudithook(watch)
before = set(sys.modules)
import {", ".join(plain)}
heavy = {{name.partition(".")[0] for name in set(sys.modules) - before}} - set(sys.stdlib_module_names)
assert heavy == {{"course_snn"}}, heavy
import course_snn.data, course_snn.training
assert "torch._dynamo" not in sys.modules, "torch's compiler, which takes as long to load as torch"
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
