"""What a notebook keeps of a widget: its name, its parameters and its data, never its code.

The code always comes from the installed package, by the name; so a notebook that nobody trusts runs nothing of its own.
"""

from __future__ import annotations

import base64
import inspect
import json
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

MIME = "application/vnd.course-snn.widget+json"
MOST_BYTES = 20_000  # of a bundle that holds its data; a larger one names the package's sample
JS = Path(__file__).parent / "js"
SHARED = ("text.js", "colour.js", "controls.js", "layout.js", "play.js", "common.js", "plot.js")
SAMPLES = Path(__file__).parent / "samples"
NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
OF_JUPYTER = {"layout", "tabbable", "tooltip"}  # traits that every ipywidget has

_CLASSES: dict[str, Any] = {}  # name -> a subclass of PageWidget, which this module does not import
_SAMPLED: dict[str, Any] = {}  # name -> how a widget is made from its sample


def module_files(*scripts: str) -> list[Path]:
    """The files that make the ES module of a widget: the shared ones, then its own scripts."""
    return [JS / name for name in (*SHARED, *scripts)]


@cache
def module_text(*scripts: str) -> str:
    """The ES module of a widget (no build step)."""
    return "\n".join(path.read_text(encoding="utf-8") for path in module_files(*scripts))


def register(cls: Any) -> None:
    """Make a widget of the course known by its name; not the subclass of the same name that each instance gets."""
    if cls.__module__.startswith(f"{__package__}.") and cls.__base__.__name__ != cls.__name__:
        _CLASSES[cls.__name__] = cls


def names() -> tuple[str, ...]:
    """The names of all widgets that can be mounted from the package."""
    return tuple(sorted(_CLASSES.keys() & set(sys.modules[__package__].__all__)))


def widget_class(name: str) -> Any:
    """The class of that name.

    Raises:
        KeyError: no widget of the course is called so.
    """
    if name not in names():
        raise KeyError(f"the course has no widget {name!r}. It has: {', '.join(names())}.")
    return _CLASSES[name]


def module(name: str) -> str:
    """The JavaScript of a widget, an ES module; raises KeyError for an unknown name."""
    return module_text(*widget_class(name).scripts)


def sample(name: str) -> dict[str, Any] | None:
    """The shipped sample of a widget, {"name", "state", "buffers", "measured"}; None where it has none."""
    cls, path = widget_class(name), SAMPLES / f"{name}.json"
    if not path.is_file():
        return None
    found = json.loads(path.read_text(encoding="utf-8"))
    own = {"title": cls.heading, "controls": [control.spec() for control in cls.parameters]}
    return found | {"state": _shorter(own) | found["state"]}


def sampled(name: str, make: Callable[[str, dict[str, Any]], Any]) -> None:
    """Say how the widget of that name is made from its sample, with some parameters."""
    _SAMPLED[name] = make


def from_sample(name: str, values: dict[str, Any]) -> Any:
    """The widget of that name on its sample.

    Raises:
        ValueError: it has none.
    """
    if name not in _SAMPLED:
        raise ValueError(f"{name} needs no trained network and has no sample; {', '.join(sorted(_SAMPLED))} have one.")
    return _SAMPLED[name](name, values)


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
    if name not in names() or widget._esm != _CLASSES[name]._esm:
        return None
    found = whole(widget)
    found["state"]["params"] = _shorter(widget.storable())
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


def catalogue() -> dict[str, Any]:
    """What the server tells of each widget without importing it, as `catalogue.json` keeps it (`tools/catalogue.py`).

    name -> {"files", "title", "controls", "closed"}: a notebook changes neither what its controls accept nor, where a
    widget is closed, its data. A widget that needs arguments has no controls here.
    """
    found = {}
    for name in names():
        cls = widget_class(name)
        needed = [p for p in inspect.signature(cls).parameters.values() if p.default is p.empty and p.kind in NAMED]
        controls = None if needed else [control.spec() for control in cls.parameters]
        entry = {"title": list(cls.heading), "controls": controls, "closed": closed(name)}
        found[name] = {"files": [path.name for path in module_files(*cls.scripts)]} | entry
    return found
