"""Draw the picture of each chapter, course_snn/course/web/cards/NN.svg: `uv run python tools/draw_cards.py`.

320 by 180, without text, in three tones that stand out against a light and a dark ground alike. Curves are computed
from the chapter's own equations, so that a picture shows what the chapter shows.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "course_snn" / "course" / "web" / "cards"
INK, BLUE, ORANGE = "#7a8793", "#3d85c6", "#d9782d"
Points = Iterable[tuple[float, float]]


def card(*parts: str) -> str:
    """The picture of its parts."""
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" style="display:block;width:100%;height:auto">'
    group = '<g fill="none" stroke-linecap="round" stroke-linejoin="round" stroke-width="3">'
    return f"{head}{group}{''.join(parts)}</g></svg>\n"


def path(d: str, colour: str = INK, width: float = 3, more: str = "") -> str:
    return f'<path d="{d}" stroke="{colour}" stroke-width="{width}"{" " + more if more else ""}/>'


def line(points: Points, colour: str = INK, width: float = 3, more: str = "") -> str:
    return path("M" + "L".join(f"{x:.4g} {y:.4g}" for x, y in points), colour, width, more)


def dots(points: Points, r: float, colour: str) -> str:
    """Filled discs, as a path of points with round ends."""
    return path("".join(f"M{x:.4g} {y:.4g}h0" for x, y in points), colour, 2 * r)


def ring(x: float, y: float, r: float, colour: str = INK, lit: bool = False) -> str:
    """A neuron; one that fires is filled."""
    colour, fill = (ORANGE, ORANGE) if lit else (colour, "none")
    return f'<circle cx="{x:.4g}" cy="{y:.4g}" r="{r:.4g}" stroke="{colour}" fill="{fill}"/>'


def box(x: float, y: float, w: float, h: float, colour: str = INK, fill: str = "none", opacity: float = 1) -> str:
    shade = f' fill-opacity="{opacity:.2g}"' if fill != "none" else ""
    place = f'x="{x:.4g}" y="{y:.4g}" width="{w:.4g}" height="{h:.4g}" rx="3"'
    return f'<rect {place} stroke="{colour}" fill="{fill}"{shade}/>'


DASHED = 'stroke-dasharray="7 7"'


def start_here() -> str:
    """A way with a station for each chapter; the first is lit."""
    way = [(30 + 260 * k / 16, 90 + 46 * math.sin(k * math.pi / 4)) for k in range(17)]
    return card(line(way, INK, 2), dots(way[1:], 5, INK), dots(way[:1], 9, ORANGE), ring(*way[0], 16, ORANGE))


def lif_neuron() -> str:
    """A membrane that charges, fires, falls back, and charges again."""
    v, trace, spikes = 0.0, [], []
    for step in range(260):
        v += (1.45 - v) / 55
        trace.append((30 + step, 150 - 90 * v))
        if v >= 1:
            spikes.append(30 + step)
            trace.append((30 + step, 150))
            v = 0.0
    strikes = path("".join(f"M{x} 60V26" for x in spikes), ORANGE, 4)
    return card(path("M30 60H290", INK, 2, DASHED), line(trace, BLUE), strikes)


def encoders() -> str:
    """Heights become rows of spikes: the higher, the denser."""
    parts = []
    for row, count in enumerate((16, 9, 5, 2)):
        y = 38 + 36 * row
        parts.append(box(30, y - 10, 5 * count, 20, BLUE, BLUE, 0.35))
        spikes = "".join(f"M{140 + 150 * (k + 0.5) / count:.4g} {y - 11}v22" for k in range(count))
        parts.append(path(f"M136 {y + 11}H292", INK, 1.5) + path(spikes, ORANGE))
    return card(*parts)


def synapses() -> str:
    """Spikes that arrive, and the current that each of them adds before it decays."""
    arrivals, current, trace = (20, 60, 80, 100, 190), 0.0, []
    for step in range(260):
        current = current * math.exp(-1 / 28) + (step in arrivals)
        trace.append((30 + step, 152 - 40 * current))
    spikes = path("".join(f"M{30 + k} 24v22" for k in arrivals), ORANGE, 4)
    return card(path("M30 46H290", INK, 1.5), spikes, line(trace, BLUE), path("M30 152H290", INK, 1.5))


def simulator() -> str:
    """A pipeline: each stage does at a tick what the stage before it did one tick earlier."""
    parts = []
    for stage in range(4):
        for tick in range(7):
            on = (tick - stage) % 3 == 0 and tick >= stage
            parts.append(box(41 + 34 * tick, 24 + 34 * stage, 26, 26, ORANGE if on else INK, ORANGE if on else "none"))
    return card(*parts)


def stdp() -> str:
    """The learning window: stronger where the input came first, weaker where it came late."""
    before = [(160 - t, 90 + 58 * math.exp(-t / 34)) for t in range(2, 131, 4)]
    after = [(160 + t, 90 - 66 * math.exp(-t / 34)) for t in range(2, 131, 4)]
    axes = path("M26 90H294M160 20V160", INK, 1.5)
    return card(axes, line(before, BLUE, 4), line(after, ORANGE, 4))


def unsupervised_digits() -> str:
    """Receptive fields: strokes that have grown in a row of cells, one of them the winner."""
    strokes = (
        "M0-16C-16-16-16 16 0 16S16-16 0-16z", "M-5-10L2-16V16", "M-11-8C-8-20 14-18 9-5L-12 15H12",
        "M-10-15H11L-1-3C16-1 12 17-10 15", "M6 16V-16L-12 6H12", "M10-16H-9L-10-3C14-8 14 18-10 15",
        "M8-16C-16-6-14 16 1 16S14-4-10 4", "M-11-16H12L-4 16",
    )  # fmt: skip
    parts = []
    for k, stroke in enumerate(strokes):
        x, y, won = 61 + 66 * (k % 4), 52 + 76 * (k // 4), k == 5
        parts.append(box(x - 27, y - 30, 54, 60, ORANGE if won else INK))
        blur = path(stroke, ORANGE if won else BLUE, 9, 'opacity=".35"') + path(stroke, ORANGE if won else BLUE, 4)
        parts.append(f'<g transform="translate({x} {y})">{blur}</g>')
    return card(*parts)


def tempotron() -> str:
    """The same spikes in two orders: one voltage reaches the threshold, the other does not."""

    def voltage(times: Iterable[int]) -> list[tuple[float, float]]:
        kernel = [math.exp(-t / 50) - math.exp(-t / 14) for t in range(261)]
        return [(30 + t, 150 - 62 * sum(kernel[t - s] for s in times if s <= t)) for t in range(0, 261, 3)]

    lower, upper = voltage((10, 80, 150, 205)), voltage((60, 85, 105, 120))
    return card(path("M30 52H290", INK, 2, DASHED), line(lower, BLUE), line(upper, ORANGE, 4))


def surrogate_gradients() -> str:
    """The step that has no slope, and the bell that lends it one."""
    bell = [(x, 150 - 92 / math.cosh((x - 160) / 24) ** 2) for x in range(30, 291, 4)]
    return card(line(bell, ORANGE, 4), path("M30 150H160V36H290", BLUE, 4))


def single_layer_mnist() -> str:
    """Pixels on the left, ten neurons on the right, one of which answers."""
    inputs = [(46 + 22 * (k % 4), 57 + 22 * (k // 4)) for k in range(16)]
    bright = {1, 2, 6, 9, 10, 13}
    outputs = [(250, 22 + 15.1 * k) for k in range(10)]
    wires = "".join(f"M126 {57 + 22 * r}L243 {y:.4g}" for r in range(4) for _, y in outputs)
    pixels = [box(x - 9, y - 9, 18, 18, BLUE, BLUE, 0.9 if k in bright else 0.12) for k, (x, y) in enumerate(inputs)]
    cells = [ring(x, y, 5.5, lit=k == 7) for k, (x, y) in enumerate(outputs)]
    return card(path(wires, INK, 0.8, 'opacity=".5"'), path("M126 101L243 127.7", ORANGE), *pixels, *cells)


def conv_mnist() -> str:
    """A window that slides over the picture, and the maps that it fills."""
    grid = "".join(f"M{30 + 20 * k} 40V140M30 {40 + 20 * k}H130" for k in range(6))
    maps = [box(200 + 14 * k, 34 + 14 * k, 70, 70, BLUE, BLUE, 0.12) for k in range(4)]
    window = box(50, 60, 60, 60, ORANGE, ORANGE, 0.25)
    beam = path("M110 60L255 97M110 120L255 107", ORANGE, 1.5)
    return card(path(grid, INK, 1.5), *maps, window, beam, box(250, 94, 16, 16, ORANGE, ORANGE))


def fashion_mnist() -> str:
    """A shirt, drawn by spikes."""
    shirt = "M118 34C130 52 190 52 202 34L252 62L232 98L208 86V156H112V86L88 98L68 62z"
    rng = random.Random(4)
    inside = [(rng.uniform(116, 204), rng.uniform(60, 150)) for _ in range(46)]
    sleeves = [(rng.uniform(84, 110), rng.uniform(62, 82)) for _ in range(8)]
    sleeves += [(rng.uniform(210, 236), rng.uniform(62, 82)) for _ in range(8)]
    return card(path(shirt, BLUE, 4), dots(inside + sleeves, 2.6, ORANGE))


def recurrent() -> str:
    """A ring of neurons round which a spike travels."""
    places = [(160 + 62 * math.cos(a), 90 + 62 * math.sin(a)) for a in (k * math.pi / 4 for k in range(8))]
    arrows = []
    for k in range(8):
        start, end = (math.pi / 4 * (k + part) for part in (0.27, 0.73))
        (x, y), (u, v) = ((160 + 62 * math.cos(a), 90 + 62 * math.sin(a)) for a in (start, end))
        arrows.append(path(f"M{x:.4g} {y:.4g}A62 62 0 0 1 {u:.4g} {v:.4g}", ORANGE if k in (5, 6) else INK))
    cells = [ring(x, y, 11, BLUE, lit=k == 7) for k, (x, y) in enumerate(places)]
    return card(
        *arrows, *cells, path("M28 90H84M72 80L86 90L72 100", INK), path("M236 90H292M280 80L294 90L280 100", INK)
    )


def event_data() -> str:
    """Events of an edge that turns, in space and time: a screw of points."""
    on, off = [], []
    for step in range(120):
        angle, x = step / 12, 60 + 1.75 * step
        for side, found in ((1, on), (-1, off)):
            r = 46 * side
            found.append((x + 0.6 * r * math.sin(angle), 92 - r * math.cos(angle)))
    axes = path("M30 158H294M284 151L295 158L284 165M30 158V24", INK, 2)
    return card(axes, dots(on, 3, ORANGE), dots(off, 3, BLUE))


def dvs_gesture() -> str:
    """An arm that swings round, as a cloud of events."""
    rng = random.Random(2)
    cloud, older = [], []
    for _ in range(150):
        r, angle = rng.uniform(44, 70), rng.uniform(0.15, 1.55) * math.pi
        at = 160 + r * math.cos(angle), 90 + r * math.sin(angle)
        (cloud if angle > 1.05 * math.pi else older).append(at)
    body = path("M160 90m-13 0a13 13 0 1 0 26 0a13 13 0 1 0-26 0M160 103V150M160 112L160 148", INK)
    swing = path("M192 24A74 74 0 0 1 234 82M222 75L234 84L242 71", INK)
    return card(dots(older, 2.4, BLUE), dots(cloud, 3, ORANGE), body, line([(160, 112), (166, 50)], INK, 4), swing)


def building_networks() -> str:
    """Groups that are joined: blocks, connections, one of them back to itself."""
    places = {"a": (34, 66), "b": (132, 26), "c": (132, 106), "d": (232, 66)}
    blocks = [box(x, y, 54, 48, BLUE, BLUE, 0.15) for x, y in places.values()]
    joins = "M88 84L128 58M88 96L128 122M186 50L228 80M186 130L228 100M159 74V102"
    heads = (
        "M118 58L129 57L125 67M118 113L129 123L117 124M221 69L229 81L217 80M217 99L229 99L222 110M153 95L159 103L165 95"
    )
    loop = path("M249 66C240 26 280 26 270 63M263 54L270 64L278 55", ORANGE)
    cells = [(x + 14 + 13 * k, y + 24) for x, y in places.values() for k in range(3)]
    return card(*blocks, path(joins, INK), path(heads, INK), loop, dots(cells, 3.5, BLUE))


def large_scale() -> str:
    """Processes side by side, and the chunks that travel through them."""
    parts = []
    for row in range(4):
        y = 24 + 36 * row
        parts.append(path(f"M30 {y + 13}H290", INK, 1.5))
        for chunk in range(4):
            parts.append(box(34 + 32 * (row + chunk), y, 27, 26, BLUE, BLUE, 0.2 + 0.2 * chunk))
    return card(*parts, path("M262 30C306 60 306 116 262 148M276 145L261 149L266 135", ORANGE))


MOTIFS: tuple[Callable[[], str], ...] = (
    start_here, lif_neuron, encoders, synapses, simulator, stdp, unsupervised_digits, tempotron, surrogate_gradients,
    single_layer_mnist, conv_mnist, fashion_mnist, recurrent, event_data, dvs_gesture, building_networks, large_scale,
)  # fmt: skip


def main() -> None:
    """Write all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for number, motif in enumerate(MOTIFS):
        (FOLDER / f"{number:02d}.svg").write_text(motif(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
