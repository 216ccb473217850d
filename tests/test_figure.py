"""Fonts without a missing glyph, pictures in both languages, small and the same from run to run."""

import base64
import io

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from traitlets.config import Config

from course_snn import figure, language
from course_snn.language import Label, speaking, tr


@pytest.fixture(autouse=True)
def _style(course_style, monkeypatch):
    monkeypatch.setattr(language, "_chosen", "zh")


def labelled() -> Figure:
    """A figure with a bilingual text wherever matplotlib can show one."""
    fig, (left, right) = plt.subplots(1, 2)
    left.plot([0, 1], [0, 1], label=tr("曲线", "curve"))
    left.legend(title=tr("图例", "legend"))
    left.set(title=tr("标题", "title"), xlabel=tr("横轴 $x$", "x axis $x$"), ylabel=tr("纵轴", "y axis"))
    left.set_xticks([0, 1], [tr("零", "zero"), tr("一", "one")])
    left.annotate(tr("注", "note"), (0.5, 0.5))
    image = right.imshow(np.eye(2))
    fig.colorbar(image, label=tr("权重", "weight"))
    right.set_yticks([0, 1], [tr("甲", "first"), "b"])
    fig.suptitle(tr("总题", "headline"))
    return fig


def texts_drawn(fig, lang, monkeypatch) -> set[str]:
    drawn, draw = set(), mpl.text.Text.draw
    monkeypatch.setattr(mpl.text.Text, "draw", lambda self, r: (drawn.add(str.__str__(self.get_text())), draw(self, r)))
    figure.png(fig, lang)
    monkeypatch.undo()
    return drawn


ZH = {"曲线", "图例", "标题", "横轴 $x$", "纵轴", "零", "一", "注", "权重", "甲", "总题"}
EN = {"curve", "legend", "title", "x axis $x$", "y axis", "zero", "one", "note", "weight", "first", "headline"}


@pytest.mark.parametrize(("lang", "shown", "hidden"), [("zh", ZH, EN), ("en", EN, ZH), ("both", ZH, EN)])
def test_every_text_follows_the_language(lang, shown, hidden, monkeypatch):
    drawn = texts_drawn(labelled(), lang, monkeypatch)
    assert shown <= drawn
    assert not hidden & drawn


def test_the_figure_is_left_as_it_was():
    fig = labelled()
    before = figure.png(fig)
    figure.png(fig, "en")
    assert figure.png(fig) == before == figure.png(fig, "zh")
    assert isinstance(fig.axes[0].get_xlabel(), Label)
    assert not any("format_ticks" in vars(axis.get_major_formatter()) for axis in fig.findobj(mpl.axis.Axis))


def test_switched_back_after_an_error(monkeypatch):
    fig = labelled()
    before = fig.dpi, fig.canvas, fig.get_layout_engine()
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda canvas: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        figure.png(fig, "en")
    assert (fig.dpi, fig.canvas, fig.get_layout_engine()) == before
    assert fig.axes[0].get_title("left") == "标题"
    assert not any("format_ticks" in vars(axis.get_major_formatter()) for axis in fig.findobj(mpl.axis.Axis))


def test_3d_axes_and_categories_follow_too(monkeypatch):
    fig = plt.figure()
    fig.add_subplot(121, projection="3d").set_zlabel(tr("高", "height"))
    fig.add_subplot(122).bar([tr("兴奋", "excitatory"), tr("抑制", "inhibitory")], [1, 2])
    assert {"height", "excitatory", "inhibitory"} <= texts_drawn(fig, "en", monkeypatch)


def test_bundle_is_english_with_chinese_beside_it():
    fig = labelled()
    data = figure.bundle(fig)
    assert set(data) == {"image/png", figure.MIME, "text/plain"}
    assert base64.b64decode(data["image/png"]) == figure.png(fig, "en")
    assert base64.b64decode(data[figure.MIME]["zh"]) == figure.png(fig, "zh")


def test_bundle_of_a_plain_figure_holds_one_picture():
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    data = figure.bundle(fig)
    assert set(data) == {"image/png", figure.MIME, "text/plain"}
    assert set(data[figure.MIME]) == {"dark"}


@pytest.mark.parametrize(
    "make", [lambda ax: ax.set_xticks([0], [tr("零", "zero")]), lambda ax: ax.set_xlabel(tr("零", "0"))]
)
def test_has_labels(make):
    fig, ax = plt.subplots()
    assert not figure.has_labels(fig)
    make(ax)
    assert figure.has_labels(fig)


def test_pictures_are_the_same_every_time_small_and_sharp():
    first, second = (figure.png(labelled(), "zh") for _ in range(2))
    assert first == second
    assert len(first) < 40_000
    picture = Image.open(io.BytesIO(first))
    assert (picture.mode, picture.size) == ("P", (1008, 432))


def test_fewer_colours_are_not_seen():
    fig = labelled()
    full = io.BytesIO()
    small = io.BytesIO(figure.png(fig, "zh"))
    fig.savefig(full, dpi=figure.DPI)
    exact, small = (np.asarray(Image.open(data).convert("RGB"), float) for data in (full, small))
    assert np.sqrt(((exact - small) ** 2).mean()) < 3


def test_without_a_layout_engine_nothing_is_cut_off():
    fig = plt.figure(layout="none")
    fig.add_axes((0, 0, 1, 1)).set_title(tr("标题", "title"))
    first, second = figure.png(fig), figure.png(fig)
    assert Image.open(io.BytesIO(first)).size[1] > 432  # the title stands above the figure's own 3 inches
    assert first == second
    assert fig.get_layout_engine() is None


def test_a_page_shows_the_picture_at_96_dots_per_inch():
    data = figure.bundle(labelled())
    assert figure.metadata(data) == {mime: {"width": 672, "height": 288} for mime in ("image/png", figure.MIME)}


def test_a_notebook_stores_both_languages():
    shell = InteractiveShell(config=Config({"HistoryManager": {"enabled": False}}))
    figure.register(shell)
    png = shell.display_formatter.formatters["image/png"]
    png.for_type(Figure, lambda fig: b"what %matplotlib inline would give")
    fig = labelled()
    data, meta = shell.display_formatter.format(fig)
    assert {mime: data[mime] for mime in figure.bundle(fig)} == figure.bundle(fig)
    assert meta["image/png"]["width"] == 672


def test_font_holds_all_of_gb2312_and_stays_small():
    hanzi = {
        bytes((0xA0 + row, 0xA0 + cell)).decode("gb2312", "ignore") for row in range(16, 88) for cell in range(1, 95)
    }
    glyphs = set(map(chr, TTFont(figure.FONT).getBestCmap()))
    assert len(hanzi - {""}) == 6763
    assert hanzi - {""} <= glyphs
    assert set("−µ·→≥≤≈²³±×αβγδτΔμσ，。：；（）、“”…—") <= glyphs
    assert figure.FONT.stat().st_size < 1_450_000
    assert "SIL OPEN FONT LICENSE" in figure.FONT.with_name("OFL.txt").read_text(encoding="utf-8")


def test_the_chinese_family_stands_first():
    assert mpl.rcParams["font.family"] == ["Course Sans SC", "DejaVu Sans"]


@pytest.mark.parametrize("text", ["膜电位 $V$", "−1 µV → 2", "饕餮"])
def test_strict_passes_what_can_be_drawn(text):
    fig, ax = plt.subplots()
    ax.set_title(text)
    with figure.strict_glyphs():
        figure.png(fig)
    assert figure.can_draw(text)


@pytest.mark.parametrize("text", ["脉冲 \U00020000", "\U00020001 $V$"])
def test_strict_raises_for_a_missing_glyph(text):
    fig, ax = plt.subplots()
    ax.set_title(text)
    with figure.strict_glyphs(), pytest.raises((UserWarning, RuntimeError), match=r"[Gg]lyph"):
        figure.png(fig)
    assert not figure.can_draw(text)


def test_a_label_no_font_can_draw_is_shown_in_english(monkeypatch):
    fig, ax = plt.subplots()
    ax.set_title(tr("\U00020000", "rare"))
    with figure.strict_glyphs():
        assert "rare" in texts_drawn(fig, "zh", monkeypatch)


def test_english_without_any_chinese_font(monkeypatch, tmp_path):
    monkeypatch.setattr(figure, "FONT", tmp_path / "gone.otf")
    monkeypatch.setattr(figure, "SYSTEM_FONTS", ())
    figure.use_style()
    assert figure.chinese_font() is None
    assert mpl.rcParams["font.family"] == ["DejaVu Sans"]
    with speaking("zh"), figure.strict_glyphs():
        fig = labelled()
        assert fig.axes[0].get_xlabel() == "x axis $x$"
        assert figure.png(fig, "zh") == figure.png(fig, "en")
        assert "zh" not in figure.bundle(fig)[figure.MIME]


def test_a_damaged_font_is_not_used(monkeypatch, tmp_path):
    (tmp_path / "bad.otf").write_bytes(b"not a font")
    monkeypatch.setattr(figure, "FONT", tmp_path / "bad.otf")
    monkeypatch.setattr(figure, "SYSTEM_FONTS", ("DejaVu Sans",))
    assert figure.chinese_font() == "DejaVu Sans"  # the next in line
