"""The chapters as a graph of what needs what, drawn from their tables, with the fast path marked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from course_snn.course.chapters import find
from course_snn.language import Label, escaped

WIDTH, ROW, NODE, HEIGHT, WAY = 360, 92, 78, 50, 12  # px; WAY is the width that a line needs between nodes
SHORT = {
    "00": Label("从这里开始", "Start"),
    "01": Label("LIF 神经元", "LIF neuron"),
    "02": Label("编码器", "Encoders"),
    "03": Label("突触", "Synapses"),
    "04": Label("仿真器", "Simulator"),
    "05": Label("STDP", "STDP"),
    "06": Label("无监督", "No labels"),
    "07": Label("Tempotron", "Tempotron"),
    "08": Label("替代梯度", "Surrogates"),
    "09": Label("单层网络", "One layer"),
    "10": Label("卷积、医生", "Convolution"),
    "11": Label("衣服、能耗", "Energy"),
    "12": Label("循环", "Recurrence"),
    "13": Label("事件数据", "Events"),
    "14": Label("手势", "Gestures"),
    "15": Label("搭建网络", "Building"),
    "16": Label("大规模", "Scaling up"),
}

Needs = Mapping[str, Collection[str]]
Place = tuple[float, int]


def closure(needs: Needs) -> dict[str, frozenset[str]]:
    """All that each chapter needs, directly or through another one."""
    found: dict[str, frozenset[str]] = {}
    for key in sorted(needs):  # a chapter needs earlier ones only
        found[key] = frozenset(needs[key]).union(*(found[one] for one in needs[key]))
    return found


def edges(needs: Needs) -> list[tuple[str, str]]:
    """The arrows, from what is needed to what needs it, without those that follow from others."""
    whole = closure(needs)
    return [
        (one, key)
        for key in sorted(needs)
        for one in sorted(needs[key])
        if not any(one in whole[other] for other in needs[key])
    ]


def rows(needs: Needs) -> list[list[str]]:
    """The chapters row by row: each below all that it needs; chapter 00 beside 01, which nothing needs."""
    level: dict[str, int] = {}
    for key in sorted(needs):
        level[key] = 1 + max((level[one] for one in needs[key]), default=-1)
    return [[key for key in sorted(level) if level[key] == row] for row in range(1 + max(level.values()))]


def picture(needs: Needs, path: Sequence[str], pages: Collection[str]) -> str:
    """The graph as SVG.

    Args:
        needs: of each chapter ("02") the chapters that its table names.
        path: the chapters of the fast path, in order; a step of it that no table asks for is drawn as well, dashed.
        pages: the names of the pages that there are to link to.
    """
    lines = edges(needs)
    steps = [step for step in pairwise(path) if step in lines]
    extra = [step for step in pairwise(path) if step not in lines]
    order = _ordered(rows(needs), [*lines, *extra])
    places = _places(order)
    drawn = [_line(line, places, "path" if line in steps else "", len(order)) for line in lines]
    drawn += [_line(line, places, "path asked", len(order)) for line in extra]
    nodes = [_node(key, places[key], key in path, pages) for key in sorted(needs)]
    height = ROW * len(order) - (ROW - HEIGHT) + 8
    name = "章与章的先修关系 · Which chapter needs which"
    return (
        f'<svg class="needs" viewBox="0 0 {WIDTH} {height}" role="group" aria-label="{name}">{_HEADS}'
        f"{''.join(drawn)}{''.join(nodes)}</svg>"
    )


_HEAD = (
    '<marker id="{0}" class="{1}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" '
    'markerUnits="userSpaceOnUse" orient="auto">'
    '<path d="M0 0L8 4L0 8z"/></marker>'
)
_HEADS = f"<defs>{_HEAD.format('needs-head', 'head')}{_HEAD.format('needs-path', 'head path')}</defs>"


def _ordered(levels: list[list[str]], lines: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The rows with a name for each line that passes a row ("09>15"), put in an order with few crossings."""
    at = {key: row for row, keys in enumerate(levels) for key in keys}
    order = [list(keys) for keys in levels]
    ways = []
    for one, key in lines:
        passed = [f"{one}>{key}" for _ in range(at[one] + 1, at[key])]
        for row, name in enumerate(passed, at[one] + 1):
            order[row].append(name)
        ways.append((at[one], [one, *passed, key]))
    links = [(row + n, a, b) for row, way in ways for n, (a, b) in enumerate(pairwise(way))]
    for sweep in range(12):
        down = sweep % 2 == 0
        for row in range(1, len(order)) if down else range(len(order) - 2, -1, -1):
            beside = {name: n for n, name in enumerate(order[row - 1 if down else row + 1])}
            order[row].sort(key=lambda name: _middle(name, row, links, beside, down))
    return order


def _middle(name: str, row: int, links: Sequence[tuple[int, str, str]], beside: Mapping[str, int], down: bool) -> float:
    """The mean place of those to which it is joined in the row above (below)."""
    joined = [
        a if down else b for at, a, b in links if (at == row - 1 and b == name if down else at == row and a == name)
    ]
    found = [beside[one] for one in joined if one in beside]
    return sum(found) / len(found) if found else (len(beside) - 1) / 2


def _places(order: Sequence[Sequence[str]]) -> dict[str, Place]:
    """The middle of each name in its row, by name; of a line that passes several rows by "09>15 3"."""
    found = {}
    for row, names in enumerate(order):
        widths = [WAY if ">" in name else NODE for name in names]
        gap = (WIDTH - sum(widths)) / (len(names) + 1) if len(names) > 3 else 24
        x = (WIDTH - sum(widths) - gap * (len(names) - 1)) / 2
        for name, width in zip(names, widths, strict=True):
            found[f"{name} {row}" if ">" in name else name] = (x + width / 2, row)
            x += width + gap
    return found


def _line(line: tuple[str, str], places: Mapping[str, Place], kind: str, count: int) -> str:
    (one, key), (x, row), (end, last) = line, places[line[0]], places[line[1]]
    head = "needs-path" if "path" in kind else "needs-head"
    label = f'class="{f"line {kind}".strip()}" data-from="{one}" data-to="{key}" marker-end="url(#{head})"'
    if row == last:  # in one row: over what stands between
        side, top, above = (30 if end > x else -30), _top(row), _top(row) - 30
        d = f"M{x + side:.1f} {top}C{x + side:.1f} {above} {end - side:.1f} {above} {end - side:.1f} {top - 1}"
        return f'<path {label} d="{d}"/>'
    way = [(x, _top(row) + HEIGHT)]
    for between in range(row + 1, last):
        at = places[f"{one}>{key} {between}"][0]
        way += [(at, _top(between)), (at, _top(between) + HEIGHT)]
    way.append((end, _top(last) - 1))
    d = f"M{way[0][0]:.1f} {way[0][1]:.1f}"
    for (a, b), (c, e) in pairwise(way):
        d += f"V{e:.1f}" if a == c else f"C{a:.1f} {(b + e) / 2:.1f} {c:.1f} {(b + e) / 2:.1f} {c:.1f} {e:.1f}"
    return f'<path {label} d="{d}"/>'


def _top(row: int) -> float:
    return 4 + ROW * row


def _node(key: str, place: Place, marked: bool, pages: Collection[str]) -> str:
    x, y, chapter, short = place[0] - NODE / 2, _top(place[1]), find(key), SHORT[key]
    full = f"{key} {chapter.title_zh} · {chapter.title_en}"
    text = (
        f'<text class="number" x="{place[0]:.1f}" y="{y + 16:.1f}">{key}</text>'
        f'<text lang="zh" x="{place[0]:.1f}" y="{y + 31:.1f}">{escaped(short.zh)}</text>'
        f'<text lang="en" x="{place[0]:.1f}" y="{y + 31:.1f}">{escaped(short.en)}</text>'
    )
    box = f'<rect x="{x:.1f}" y="{y:.1f}" width="{NODE}" height="{HEIGHT}" rx="9"/>'
    inner = f"<title>{escaped(full)}</title>{box}{text}"
    kind = "node path" if marked else "node"
    page = f"{chapter.slug}.html"
    if page not in pages:
        return f'<g class="{kind}" data-chapter="{key}">{inner}</g>'
    return f'<a class="{kind}" data-chapter="{key}" href="{page}">{inner}</a>'
