"""How the course's figures look, and how one figure is kept in two languages.

`use_style()` sets fonts and colours; `register()` makes a notebook store every figure that holds a `Label` in
Chinese and in English, so that the language switch can change the picture without a kernel.
"""

from __future__ import annotations

import base64
import contextlib
import functools
import io
import logging
import unicodedata
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager, ft2font
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import PlaceHolderLayoutEngine
from matplotlib.text import Text
from PIL import Image

from course_snn import picture
from course_snn.language import Label, language, say, set_chinese_drawable

FONT = Path(__file__).with_name("assets") / "fonts" / "CourseSansSC-Regular.otf"
SYSTEM_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Hiragino Sans GB",
    "Microsoft YaHei", "SimHei", "WenQuanYi Micro Hei", "Droid Sans Fallback",
)  # fmt: skip
MIME = "application/vnd.course-snn.figure+json"
DPI = 144
PIXELS_PER_INCH = 96  # how large a page shows the picture; the rest of DPI is sharpness

# Okabe and Ito's palette, which people of every colour vision can tell apart.
BLUE, ORANGE, GREEN, PINK, GOLD, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
CYCLE = (BLUE, ORANGE, GREEN, PINK, GOLD, SKY)
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1, 1, 1)))  # so that lines differ in print too
INK, GREY, PALE = "#263238", "#78868F", "#E3E8EB"

STYLE = {
    "figure.figsize": (7.0, 3.0),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "figure.facecolor": "white",
    "savefig.dpi": DPI,
    "savefig.facecolor": "white",
    "font.size": 9.5,
    "text.color": INK,
    "axes.unicode_minus": True,
    "axes.prop_cycle": mpl.cycler(color=CYCLE) + mpl.cycler(linestyle=DASHES),
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.titlepad": 8,
    "axes.titlecolor": INK,
    "axes.labelsize": 9.5,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "grid.color": PALE,
    "grid.linewidth": 0.8,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "image.cmap": "viridis",
    "mathtext.fontset": "stix",
}


def use_style() -> None:
    """Set matplotlib's fonts, colours and sizes for the course; figures made afterwards have them."""
    mpl.rcParams.update(STYLE)
    chinese = chinese_font()
    # The Chinese family stands first: a label that holds $maths$ takes only the first one for its text.
    mpl.rcParams["font.family"] = [name for name in (chinese, "DejaVu Sans") if name]
    set_chinese_drawable(chinese is not None)


def chinese_font() -> str | None:
    """The family that draws Chinese here: the course's own font, else one of the system's, else None."""
    with contextlib.suppress(OSError, RuntimeError):  # not there, or damaged
        return _load(str(FONT))
    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in SYSTEM_FONTS if name in installed), None)


@functools.cache
def _load(path: str) -> str:
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path).get_name()


def can_draw(text: str) -> bool:
    """Whether the fonts in use have a glyph for every character of the text."""
    needed = {ord(char) for char in text if not char.isspace() and unicodedata.category(char)[0] != "C"}
    for family in mpl.rcParams["font.family"]:
        with contextlib.suppress(ValueError):  # a family that is not installed draws nothing
            needed -= _glyphs(font_manager.findfont(family, fallback_to_default=False))
    return not needed


@functools.cache
def _glyphs(path: str) -> frozenset[int]:
    return frozenset(ft2font.FT2Font(path).get_charmap())


def png(fig: Figure, lang: str | None = None, dpi: float = DPI) -> bytes:
    """The figure as a PNG of few colours, its labels in `lang` ("zh" or "en"; default: the current one).

    Compared with `savefig` the file is a third of the size and the same, byte for byte, from run to run.
    """
    return both_lights(fig, lang, dpi)[0]


def both_lights(fig: Figure, lang: str | None = None, dpi: float = DPI) -> tuple[bytes, bytes]:
    """The figure as a PNG, and the palette with which `dark_png` shows it on a dark page."""
    # A working layout engine has made room for every text; otherwise the page is cut to what is drawn.
    idle = isinstance(fig.get_layout_engine(), PlaceHolderLayoutEngine | None)

    def cut() -> Image.Image:
        raw = io.BytesIO()
        fig.savefig(raw, format="png", dpi=dpi, bbox_inches="tight", pil_kwargs={"compress_level": 1})
        return Image.open(raw).convert("RGB")

    # matplotlib gives a figure without engine the default one after such a cut, unless there is no default.
    with _spoken(fig, lang or language()), mpl.rc_context({"figure.constrained_layout.use": False}):
        fig.draw_without_rendering()  # the first layout of a figure differs a little from all later ones
        with contextlib.nullcontext(cut) if idle else _laid_out(fig, dpi) as drawn:
            return picture.small(drawn(), picture.mapped(fig, drawn), picture.COLOURS if dpi >= DPI else picture.FEW)


@contextlib.contextmanager
def _laid_out(fig: Figure, dpi: float) -> Iterator[Callable[[], Image.Image]]:
    """Within the block the layout of a figure stays; yields what draws it, which `savefig` would do twice each time."""
    canvas, engine, own = fig.canvas, fig.get_layout_engine(), fig.dpi
    try:
        agg = FigureCanvasAgg(fig)
        fig.dpi = dpi
        if engine is not None and fig.axes:
            engine.execute(fig)
        fig.set_layout_engine("none")

        def drawn() -> Image.Image:
            agg.draw()
            dots = agg.buffer_rgba()  # [height, width, 4]
            return Image.frombuffer("RGBA", dots.shape[1::-1], dots).convert("RGB")

        yield drawn
    finally:
        fig.dpi = own
        fig.set_layout_engine(engine)
        fig.set_canvas(canvas)


dark_png = picture.dark


@contextlib.contextmanager
def _spoken(fig: Figure, lang: str) -> Iterator[None]:
    """Within the block every Label in the figure reads in `lang`; in English where no font can draw it."""

    def said(text: str) -> str:
        if not isinstance(text, Label):
            return text
        return say(text, lang if can_draw(text.zh) else "en")

    labels = [(text, text.get_text()) for text in fig.findobj(Text) if isinstance(text.get_text(), Label)]
    formatters = _formatters(fig)
    try:
        for text, label in labels:
            text.set_text(said(label))
        for formatter in formatters:  # tick labels are written anew by their formatter at each drawing
            formatter.format_ticks = functools.partial(_format_ticks, formatter.format_ticks, said)
        yield
    finally:
        for formatter in formatters:
            del formatter.format_ticks  # the class's own shows again
        for text, label in labels:
            text.set_text(label)


def _format_ticks(original: Callable, said: Callable[[str], str], values: Any) -> list[str]:
    return [said(text) for text in original(values)]


def _formatters(fig: Figure) -> list:
    axes = fig.findobj(Axis)
    found = {id(f): f for axis in axes for f in (axis.get_major_formatter(), axis.get_minor_formatter())}
    return list(found.values())  # shared axes share one


def has_labels(fig: Figure) -> bool:
    """Whether any text in the figure is bilingual."""
    if any(isinstance(text.get_text(), Label) for text in fig.findobj(Text)):
        return True
    ticks = (axis.get_major_formatter().format_ticks(axis.get_majorticklocs()) for axis in fig.findobj(Axis))
    return any(isinstance(text, Label) for texts in ticks for text in texts)


def bundle(fig: Figure, dpi: float = DPI) -> dict[str, Any]:
    """The figure as a notebook stores it: PNG in English, beside it the Chinese one if the two differ, and palettes.

    Under `MIME`: "zh", a PNG, and "dark", by language the palette for `dark_png`, 3 bytes a colour; all in base64.
    """
    if not has_labels(fig):
        english, palette = both_lights(fig, dpi=dpi)
        return _bundle(fig, english, {"dark": {"en": _base64(palette)}})
    (english, palette), (chinese, other) = both_lights(fig, "en", dpi), both_lights(fig, "zh", dpi)
    dark = {"en": _base64(palette)}
    if chinese == english:
        return _bundle(fig, english, {"dark": dark})
    return _bundle(fig, english, {"zh": _base64(chinese), "dark": dark | {"zh": _base64(other)}})


def _bundle(fig: Figure, english: bytes, more: dict[str, Any]) -> dict[str, Any]:
    return {"image/png": _base64(english), MIME: more, "text/plain": repr(fig)}


def metadata(data: dict[str, Any], dpi: float = DPI) -> dict[str, dict[str, int]]:
    """How large a page should show the pictures of a `bundle`, in CSS pixels: the finer dots are for sharpness."""
    width, height = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).size
    size = {"width": int(width * PIXELS_PER_INCH / dpi), "height": int(height * PIXELS_PER_INCH / dpi)}
    return {mime: size for mime in data if mime != "text/plain"}


def register(ip: Any) -> None:
    """Let an IPython shell store every matplotlib figure it displays as its `bundle`."""
    formatters = ip.display_formatter.formatters

    def show(fig: Figure) -> tuple[dict[str, Any], dict[str, Any]]:
        formatters["image/png"].pop(Figure, None)  # `%matplotlib inline` puts its own back, which would win
        data = bundle(fig)
        return data, metadata(data)

    ip.display_formatter.mimebundle_formatter.for_type(Figure, show)


@contextlib.contextmanager
def strict_glyphs() -> Iterator[None]:
    """Within the block a character that no font can draw is an error instead of a box; for tests."""
    logger, handler = logging.getLogger("matplotlib.mathtext"), _Raise()
    logger.addHandler(handler)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("error", message=r"Glyph .* missing from")
            yield
    finally:
        logger.removeHandler(handler)


class _Raise(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        if "does not have a glyph" in (message := record.getMessage()):
            raise RuntimeError(message)  # text with $maths$ is logged where plain text warns


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
