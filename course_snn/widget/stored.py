"""What a notebook keeps of a widget: its name, its parameters and its data, never its code.

The code always comes from the installed package, by the name; so a notebook that nobody trusts runs nothing of its own.
"""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any

MIME = "application/vnd.course-snn.widget+json"
MOST_BYTES = 20_000  # of a bundle that holds its data; a larger one names the package's sample
JS = Path(__file__).parent / "js"
SAMPLES = Path(__file__).parent / "samples"
OF_JUPYTER = {"layout", "tabbable", "tooltip"}  # traits that every ipywidget has

_CLASSES: dict[str, Any] = {}  # name -> a subclass of PageWidget, which this module does not import


def module_files(*scripts: str) -> list[Path]:
    """The files that make the ES module of a widget: the shared ones, then its own scripts."""
    return [JS / name for name in ("common.js", "plot.js", *scripts)]


@cache
def module_text(*scripts: str) -> str:
    """The ES module of a widget (no build step)."""
    return "\n".join(path.read_text(encoding="utf-8") for path in module_files(*scripts))


def register(cls: Any) -> None:
    """Make a widget of the course known by its name."""
    if cls.__module__.startswith(f"{__package__}."):
        _CLASSES[cls.__name__] = cls


def names() -> tuple[str, ...]:
    """The names of all widgets that can be mounted from the package."""
    return tuple(sorted(_CLASSES))


def widget_class(name: str) -> Any:
    """The class of that name.

    Raises:
        KeyError: no widget of the course is called so.
    """
    if name not in _CLASSES:
        raise KeyError(f"the course has no widget {name!r}. It has: {', '.join(names())}.")
    return _CLASSES[name]


def module(name: str) -> str:
    """The JavaScript of a widget, an ES module; raises KeyError for an unknown name."""
    return module_text(*widget_class(name).scripts)


def sample(name: str) -> dict[str, Any] | None:
    """The shipped sample of a widget, {"name", "state", "buffers", "measured"}; None where it has none."""
    path = SAMPLES / f"{widget_class(name).__name__}.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def whole(widget: Any) -> dict[str, Any]:
    """Name, every synced trait and every buffer (base64) of a widget."""
    state, buffers = {}, []
    for key, value in sorted(widget.get_state().items()):
        if key.startswith("_") or key in OF_JUPYTER:
            continue
        if isinstance(value, bytes | bytearray | memoryview):
            buffers.append({"path": [key], "data": base64.b64encode(value).decode()})
        else:
            state[key] = _shorter(value)
    return {"name": type(widget).__name__, "state": state, "buffers": buffers}


def bundle(widget: Any) -> dict[str, Any] | None:
    """What an output keeps under `MIME`: all of a small widget, the parameters of a large one, which has a sample.

    A learner's own subclass is unknown to the package, and has no bundle.
    """
    name = type(widget).__name__
    if name not in _CLASSES or widget._esm != _CLASSES[name]._esm:
        return None
    found = whole(widget)
    if closed(name) or len(json.dumps(found, ensure_ascii=False).encode()) > MOST_BYTES:
        return {"name": name, "sample": True, "params": found["state"]["params"]}
    return found


@cache
def closed(name: str) -> bool:
    """Whether a widget's data are always the sample's: it has one that is larger than a bundle may be."""
    path = SAMPLES / f"{name}.json"
    return path.is_file() and path.stat().st_size > MOST_BYTES


def _shorter(value: Any) -> Any:
    """The value with six digits of each number that is not whole: pictures are not stored to sixteen."""
    if isinstance(value, float):
        return float(f"{value:.6g}")
    if isinstance(value, dict):
        return {key: _shorter(entry) for key, entry in value.items()}
    return [_shorter(entry) for entry in value] if isinstance(value, list | tuple) else value
