"""A picture in the dark: same pixels, other colours; data keep theirs; the palette's colours tell lines apart."""

import base64
import io

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from course_snn import figure, picture, plotting
from course_snn.language import tr

# Viénot, Brettel & Mollon 1999, Color Research & Application 24: what a deuteranope sees of linear RGB.
DEUTERANOPIA = np.array([[0.29275, 0.70725, 0.0], [0.29275, 0.70725, 0.0], [-0.02234, 0.02234, 1.0]])
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
EVERYTHING = np.eye(3)
WHITE = np.array([0.9505, 1.0, 1.089])


@pytest.fixture(autouse=True)
def _style(course_style):
    pass


def linear(colour):
    colour = np.asarray(colour)
    return np.where(colour <= 0.04045, colour / 12.92, ((colour + 0.055) / 1.055) ** 2.4)


def lab(colour, seen=EVERYTHING):
    """CIELAB (1976) of an sRGB colour, as seen through a matrix on linear RGB."""
    t = TO_XYZ @ np.clip(seen @ linear(colour), 0, 1) / WHITE
    f = np.where(t > (6 / 29) ** 3, np.cbrt(t), t * (29 / 6) ** 2 / 3 + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def contrast(one, two):
    """WCAG 2.1's ratio of relative luminances."""
    low, high = sorted(TO_XYZ[1] @ linear(c) for c in (one, two))
    return (high + 0.05) / (low + 0.05)


def on_a_dark_page(name):
    return picture.in_the_dark(np.array([to_rgb(name)]))[0]


def pictures(fig, lang="en"):
    """Return the pixels of a figure on a light and on a dark page, [height, width, 3]."""
    light, palette = figure.both_lights(fig, lang)
    return [np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) for png in (light, figure.dark_png(light, palette))]


def test_the_page_is_dark_and_what_was_ink_is_light():
    fig, ax = plt.subplots(figsize=(3, 2))
    ax.plot([0, 1], [0, 1], color=figure.INK)
    light, dark = pictures(fig)
    assert (light[0, 0] == 255).all()
    assert (dark[0, 0] == 0x11).all()
    ink = (light < 60).all(-1)
    assert ink.any()
    assert (dark[ink] > 180).all()


def test_an_edge_stays_a_mixture_of_line_and_page():
    line = np.array([0.0, 0.4, 0.7])
    covers = np.linspace(0, 1, 11)[:, None]
    dark = picture.in_the_dark(1 - covers * (1 - line))
    share = (dark - dark[0]) / (dark[-1] - dark[0])
    assert np.allclose(share, share[:, :1])  # between page and line, and nowhere else
    assert (np.diff(share[:, 0]) > 0).all()


def test_what_a_colour_map_drew_keeps_its_colours():
    fig, (left, middle, right) = plt.subplots(1, 3, figsize=(8, 2.5))
    fig.colorbar(left.imshow(np.arange(9).reshape(3, 3), cmap="gray_r"))
    left.text(0, 0, "over an image", color="black")
    middle.pcolormesh(np.arange(12).reshape(3, 4))
    right.scatter([0, 1], [0, 1], c=[0.0, 1.0], s=400, cmap="viridis")
    light, dark = pictures(fig)
    for artist in (left.images[0], middle.collections[0]):
        box = artist.get_window_extent().transformed(plt.matplotlib.transforms.Affine2D().scale(figure.DPI / fig.dpi))
        rows, columns = slice(-int(box.y1) + 4, -int(box.y0) - 4), slice(int(box.x0) + 4, int(box.x1) - 4)
        assert np.array_equal(light[rows, columns], dark[rows, columns])
        assert light[rows, columns].size
    purple, yellow = (np.multiply(plt.get_cmap("viridis")(value)[:3], 255) for value in (0.0, 1.0))
    for colour in (purple, yellow):
        spot = np.abs(light.astype(int) - colour).max(-1) < 12
        assert spot.sum() > 300
        assert (np.abs(dark[spot].astype(int) - colour).max(-1) < 12).mean() > 0.95
    assert (dark[0, 0] == 0x11).all()


def around(fig, text):
    """Return rows and columns of a text in the pictures of its figure."""
    scale = figure.DPI / fig.dpi
    box = text.get_window_extent()
    return slice(-int(box.y1 * scale), -int(box.y0 * scale) or None), slice(int(box.x0 * scale), int(box.x1 * scale))


def test_titles_above_frames_lie_on_the_page_and_not_on_the_frames():
    frames = np.random.default_rng(0).poisson(0.3, (4, 2, 16, 16))
    ax = plotting.event_frames(frames, ncols=2, titles=["up", "down", "left", "right"])
    light, dark = pictures(ax.figure)
    for text in ax.texts:
        rows, columns = around(ax.figure, text)
        page = light[rows, columns].min(-1) == 255
        assert page.mean() > 0.3 and (dark[rows, columns][page] == 0x11).mean() > 0.95


def test_numbers_on_colours_can_be_read_in_both_lights():
    ax = plotting.timetable([(0, 0, 1, 0, "forward"), (0, 1, 3, 0, "backward")])
    for seen in pictures(ax.figure):
        for text in ax.texts:
            inside = seen[around(ax.figure, text)].reshape(-1, 3) / 255
            brightness = TO_XYZ[1] @ linear(inside).T
            assert (brightness.max() + 0.05) / (brightness.min() + 0.05) > 4.5


def test_looking_for_it_leaves_the_figure_as_it_was():
    fig, ax = plt.subplots()
    fig.colorbar(ax.scatter([0, 1], [0, 1], c=[0.0, 1.0], label=tr("点", "points")))
    ax.imshow(np.eye(3))
    before = figure.bundle(fig)
    assert figure.bundle(fig) == before


def test_lines_of_one_figure_differ_for_a_deuteranope_in_both_lights():
    close = []
    for light in (to_rgb, on_a_dark_page):
        colours = {name: light(name) for name in figure.CYCLE}
        for k, one in enumerate(figure.CYCLE):
            for other in figure.CYCLE[:k]:
                seen = [lab(colours[name], DEUTERANOPIA) for name in (one, other)]
                if np.linalg.norm(seen[0] - seen[1]) < 8:
                    close.append((light.__name__, one, other))
    assert not close
    assert len(set(map(str, figure.DASHES))) == len(figure.DASHES) == len(figure.CYCLE)  # and in print


def test_text_can_be_read_and_lines_be_seen_in_the_dark():
    night = np.full(3, picture.NIGHT)
    assert contrast(on_a_dark_page(figure.INK), night) > 7
    assert contrast(on_a_dark_page(figure.GREY), night) > 4.5
    faint = [name for name in figure.CYCLE if contrast(on_a_dark_page(name), night) < 3]
    assert not faint


def test_default_map_grows_lighter_and_never_darker():
    shades = [lab(colour[:3])[0] for colour in plt.get_cmap(plt.rcParams["image.cmap"])(np.linspace(0, 1, 40))]
    assert (np.diff(shades) > 0).all()


def test_dark_png_refuses_what_does_not_fit():
    png, palette = figure.both_lights(plt.figure(figsize=(1, 1)))
    with pytest.raises(ValueError, match="does not fit this PNG: it takes one of"):
        figure.dark_png(png, palette + bytes(3))
    raw = io.BytesIO()
    Image.new("RGB", (2, 2)).save(raw, "PNG")
    with pytest.raises(ValueError, match="takes one of 0"):
        figure.dark_png(raw.getvalue(), palette)


def test_a_bundle_holds_a_palette_for_each_picture():
    fig, ax = plt.subplots()
    ax.set_title(tr("标题", "title"))
    data = figure.bundle(fig)
    pngs = {"en": data["image/png"], "zh": data[figure.MIME]["zh"]}
    for lang, palette in data[figure.MIME]["dark"].items():
        dark = figure.dark_png(*map(base64.b64decode, (pngs[lang], palette)))
        assert Image.open(io.BytesIO(dark)).convert("RGB").getpixel((0, 0)) == (0x11,) * 3
    assert set(data[figure.MIME]["dark"]) == {"en", "zh"}
