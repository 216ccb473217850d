"""PageWidget: a widget that simulates in the page, with a static picture for where widgets do not run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import anywidget
import traitlets
from matplotlib.figure import Figure

from .. import figure as pictures
from ..figure import GREY
from . import stored
from .control import Control, Text
from .stored import JS, module_files, module_text

__all__ = ["JS", "PageWidget", "blank", "module_files", "module_text"]
STILL = "运行这个单元格，图就会动 · Run the cell to make it live"


def blank(*heights: float, width: float = 7.0) -> tuple[Figure, Any]:
    """A figure with one row of axes for each height (inches). Not pyplot's: a notebook would show that once more."""
    figure = Figure(figsize=(width, sum(heights)), layout="constrained")
    return figure, figure.subplots(len(heights), height_ratios=heights)


class PageWidget(anywidget.AnyWidget):
    """Base of the course's widgets. A subclass names its `heading`, `parameters`, `scripts` and draws `figure()`.

    `params` holds every control's value; the page writes it back when the learner lets a slider go, so that
    `widget.params` is what the learner chose. Assigning some of them in Python moves the page and leaves the rest.
    Unknown names and values out of range raise ValueError.
    """

    heading: ClassVar[Text]
    parameters: ClassVar[tuple[Control, ...]] = ()
    scripts: ClassVar[tuple[str, ...]]

    title = traitlets.List(traitlets.Unicode()).tag(sync=True)
    controls = traitlets.List(traitlets.Dict()).tag(sync=True)
    params = traitlets.Dict().tag(sync=True)

    _css = (JS / "kit.css").read_text(encoding="utf-8")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "scripts" in vars(cls):  # not for the subclass that traitlets makes of each instance
            cls._esm = module_text(*cls.scripts)
        stored.register(cls)

    def __init__(self, **values: Any) -> None:
        super().__init__(
            title=list(self.heading),
            controls=[control.spec() for control in self.parameters],
            params=values,
        )

    @traitlets.validate("params")
    def _complete(self, proposal: Mapping[str, Any]) -> dict[str, Any]:
        given = proposal["value"]
        by_name = {control.name: control for control in self.parameters}
        unknown = [name for name in given if name not in by_name]
        if unknown:
            raise ValueError(f"{type(self).__name__} has no parameter {unknown[0]!r}. It takes: {', '.join(by_name)}.")
        now = self.params
        return {
            name: control.accept(given.get(name, now.get(name, control.value))) for name, control in by_name.items()
        }

    @classmethod
    def sample(cls, **values: Any) -> Any:
        """The widget on the small trained network, or the recording, that the package ships, with some parameters.

        Raises:
            ValueError: this widget has no sample; an unknown parameter or a value out of range.
        """
        return stored.from_sample(cls.__name__, values)

    def storable(self) -> dict[str, Any]:
        """The parameters that a notebook keeps of the widget."""
        return self.params

    def figure(self) -> Figure:
        """The widget's picture at its present `params`, drawn by course_snn.plotting."""
        raise NotImplementedError(f"{type(self).__name__} must draw its static picture in figure().")

    def picture(self) -> Figure:
        """The static picture with a line below that says how the widget comes alive, in both languages."""
        figure = self.figure()
        if pictures.can_draw(STILL):
            figure.supxlabel(STILL, x=1.0, ha="right", fontsize=7.5, color=GREY)
        return figure

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        coarse = pictures.PIXELS_PER_INCH  # it is seen where the widget itself cannot be
        picture = pictures.bundle(self.picture(), coarse)
        kept = stored.bundle(self)
        live = {stored.MIME: kept} if kept else {}
        return {**picture, **live, **data}, {**pictures.metadata(picture, coarse), **metadata}
