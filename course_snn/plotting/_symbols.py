"""What a drawing of a graph is made of: text that grows with the page, boxes, arrows, marks."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.font_manager import FontProperties
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Patch, Rectangle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import text_to_path

from course_snn.figure import GOLD, GREEN, GREY, INK, ORANGE, PALE, PINK
from course_snn.language import Label
from course_snn.plotting._routes import Rect

TAG, SMALL, MIDDLE = 6.0, 7.0, 9.0  # sizes of text, in points of a page that shows the drawing as it is
DEEP = "#00507D"  # a blue that is darker than orange also where there is no colour
FACES = {"group": "#E8F2F9", "encoder": "#E2F3EC", "decoder": "#FBF1DC"}
BANDS = {"encoder": GREEN, "decoder": GOLD}
LINES = {"excitatory": DEEP, "inhibitory": ORANGE, "mixed": GREY, "read": GREY}
MARKS = {"new": GREEN, "gone": PINK, "changed": GOLD}
HEAT = LinearSegmentedColormap.from_list("spikes", ["#FFFFFF", GOLD])
ONE_SIGN = 0.5  # of |w|: above it a connection excites or inhibits as a whole
DASHED, DOTTED = (0, (4, 2.5)), (0, (1, 1.6))


class Scaled(Text):
    """Text whose size is given in units of the axes' data, so that it keeps its place in what is drawn around it.

    Args:
        x, y: where. text: what. size: in data units. options: of ``matplotlib.text.Text``.
    """

    def __init__(self, x: float, y: float, text: str, size: float, **options: Any) -> None:
        super().__init__(x, y, text, **options)
        self.size = size

    def _fit(self) -> None:
        if self.axes is None:
            return
        (x0, _), (x1, _) = self.axes.transData.transform([(0, 0), (1, 0)])
        points = self.size * abs(x1 - x0) * 72 / self.get_figure(root=True).dpi
        if abs(points - self.get_fontsize()) > 1e-9:
            self.set_fontsize(points)

    def draw(self, renderer: Any, *args: Any, **kwargs: Any) -> None:
        self._fit()
        super().draw(renderer, *args, **kwargs)

    def get_window_extent(self, *args: Any, **kwargs: Any) -> Any:
        self._fit()
        return super().get_window_extent(*args, **kwargs)


def text_width(text: str, size: float) -> float:
    """Return how wide a text is, in points; of a Label the wider of its languages.

    Args:
        text: what. size: in points.
    """
    if isinstance(text, Label):
        return max(text_width(text.zh, size), text_width(text.en, size))
    return _width(str(text), tuple(mpl.rcParams["font.family"])) * size


@functools.lru_cache(4096)
def _width(text: str, family: tuple[str, ...]) -> float:
    font = FontProperties(family=list(family), size=100)
    return text_to_path.get_text_width_height_descent(text, font, ismath=False)[0] / 100


def sign(edge: Mapping[str, Any]) -> str:
    """Return what a connection does: "excitatory", "inhibitory", "mixed"; or "read", by a decoder.

    Args:
        edge: with mean and size of its weights.
    """
    if edge["link"] == "read":
        return "read"
    share = edge["mean"] / edge["size"] if edge["size"] else 0.0
    return "excitatory" if share > ONE_SIGN else "inhibitory" if share < -ONE_SIGN else "mixed"


def write(ax: Axes, x: float, y: float, text: str, size: float, **options: Any) -> Scaled:
    """Write text into axes, and return it.

    Args:
        x, y: where. text: what. size: in data units. options: of ``matplotlib.text.Text``.
    """
    given = {"ha": "center", "va": "center", "color": INK, "zorder": 6, **options}
    return ax.add_artist(Scaled(x, y, text, size, **given))


def box(ax: Axes, rect: Rect, kind: str, face: str, hidden: bool, scale: float) -> Patch:
    """Draw and return the box of a group (round), an encoder or a decoder (with a band where the world is).

    Args:
        rect: where. kind: which. face: its colour. hidden: grey and dashed. scale: of lines.
    """
    style = {"facecolor": "white" if hidden else face, "edgecolor": GREY if hidden else INK, "zorder": 4,
             "linestyle": DASHED if hidden else "-", "linewidth": 0.9 * scale}  # fmt: skip
    size = (rect.right - rect.left, rect.bottom - rect.top)
    if kind == "group":
        return round_box(ax, rect, 6.0, **style)
    x = rect.left if kind == "encoder" else rect.right - 4
    ax.add_patch(Rectangle((x, rect.top), 4, size[1], color=PALE if hidden else BANDS[kind], linewidth=0, zorder=4.5))
    return ax.add_patch(Rectangle((rect.left, rect.top), *size, **style))


def frame(ax: Axes, rect: Rect, name: str, hidden: bool, depth: int, scale: float) -> Patch:
    """Draw and return the frame around an assembly, with its name.

    Args:
        rect: where. name: of the assembly. hidden: dashed. depth: larger for what lies inside. scale: of lines.
    """
    style = {"facecolor": "#607D8B12", "edgecolor": GREY, "linewidth": 0.8 * scale, "zorder": 1 + depth / 1000}
    write(ax, rect.left + 7, rect.top + 8, name, 8.0, ha="left", color=GREY)
    return round_box(ax, rect, 8.0, linestyle=DASHED if hidden else "-", **style)


def round_box(ax: Axes, rect: Rect, radius: float, **style: Any) -> Patch:
    """Draw and return a rectangle with round corners.

    Args:
        rect: where. radius: of the corners. style: of the patch.
    """
    corners = f"round,pad=0,rounding_size={radius}"
    size = (rect.right - rect.left, rect.bottom - rect.top)
    return ax.add_patch(FancyBboxPatch((rect.left, rect.top), *size, boxstyle=corners, **style))


def arrow(ax: Axes, path: Path, kind: str, hidden: bool, width: float, scale: float) -> Patch:
    """Draw and return an edge: with a head, or, where it inhibits, with a bar.

    Args:
        path: where. kind: of ``LINES``. hidden: grey and dashed. width: of the line. scale: of the page.
    """
    style = "|-|,widthA=0,widthB=.42" if kind == "inhibitory" else "-|>,head_length=.42,head_width=.17"
    patch = FancyArrowPatch(path=path, arrowstyle=style, mutation_scale=(8 + 2 * width) * scale, zorder=3)
    patch.set(color="#A9B4BB" if hidden else LINES[kind], linewidth=width * scale, capstyle="butt")
    patch.set(linestyle=DASHED if hidden else DOTTED if kind == "read" else "-")
    return ax.add_patch(patch)


def halo(ax: Axes, path: Path, mark: str, scale: float) -> Patch:
    """Draw and return the light band around what is new (whole) or gone (broken).

    Args:
        path: of an edge, or around a box. mark: of ``MARKS``. scale: of the page.
    """
    broken = {"linestyle": (0, (1.2, 0.8))} if mark == "gone" else {}
    patch = FancyArrowPatch(path=path, arrowstyle="-", zorder=2, capstyle="butt", **broken)
    patch.set(color=MARKS[mark], alpha=0.45, linewidth=7 * scale)
    return ax.add_patch(patch)


def tag(ax: Axes, x: float, y: float, text: str) -> None:
    """Draw the small dark tag of what a monitor records.

    Args:
        x, y: its middle. text: what it says.
    """
    half = text_width(text, TAG) / 2 + 3
    round_box(ax, Rect(x - half, y - 4.5, x + half, y + 4.5), 2.5, facecolor=INK, edgecolor="none", zorder=5)
    write(ax, x, y, text, TAG, color="white")
