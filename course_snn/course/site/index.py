"""The first page of the site: what the course is, a card for each chapter, how to get it."""

from __future__ import annotations

import torch

from course_snn import simulator
from course_snn.course.site import frame, reading
from course_snn.course.site.chapter import ChapterPage
from course_snn.course.site.pictures import Files, shown
from course_snn.language import Label, escaped, html

WIDTH, HEIGHT, TOP = 560, 170, 26
SECONDS = 3.2  # that the drawing takes, as in site.css
COMMAND = "pip install uv && uv run course-snn lab"


def index(site: frame.Site, place: Files) -> str:
    """The page as HTML."""
    first = next((page for page in site.pages if page.lead.zh), None)
    lead = first.lead if first else Label("", "")
    sections = "".join(_part(name, pages, place) for name, pages in frame.parts(site))
    start = site.pages[min(1, len(site.pages) - 1)] if site.pages else None
    main = f"{_hero(site, lead, start)}{sections}{_get()}"
    picture = next(
        (place.place(page.picture[0].raw, page.picture[0].ending) for page in site.pages if page.picture), ""
    )
    return frame.framed(site, "index.html", frame.NAME, lead, main, "index", picture)


def _hero(site: frame.Site, lead: Label, start: ChapterPage | None) -> str:
    chapters, exercises = len(site.pages), sum(len(page.exercises) for page in site.pages)
    numbers = html(
        f"{chapters} 章 · {exercises} 道当场批改的练习 · 不需要显卡，也不需要联网",
        f"{chapters} chapters · {exercises} exercises that mark themselves · no GPU, no network",
    )
    button = f'<a class="button" href="{start.file_name}">{html("开始读", "Start reading")}</a>' if start else ""
    get = f'<a class="button quiet" href="#start">{html("在自己的电脑上运行", "Run it on your computer")}</a>'
    return (
        f'<section class="hero"><div><h1>{escaped(frame.NAME)}</h1><p class="lead">{escaped(lead)}</p>'
        f'<p class="facts">{numbers}</p>'
        f'<p class="actions">{button}{get}<a class="button quiet" id="resume" hidden></a></p></div>{trace()}</section>'
    )


def _part(name: Label, pages: list[ChapterPage], place: Files) -> str:
    cards = "".join(_card(page, place) for page in pages)
    return f'<section class="part"><h2>{escaped(name)}</h2><ul class="cards">{cards}</ul></section>'


def _card(page: ChapterPage, place: Files) -> str:
    chapter = page.chapter
    title = escaped(Label(chapter.title_zh, chapter.title_en))
    picture = shown(page.picture, place, Label("", ""))  # says nothing that the title does not
    about = Label(reading.first_sentences(page.lead.zh, 60), reading.first_sentences(page.lead.en, 130))
    facts = [html(f"{page.minutes} 分钟", f"{page.minutes} min")] if page.minutes else []
    if count := len(page.exercises):
        facts.append(html(f"{count} 道练习", f"{count} exercise{'s' * (count > 1)}"))
    return (
        f'<li class="card" data-chapter="{chapter.key}"><div class="picture">{picture}</div>'
        f'<h3><a href="{page.file_name}"><b>{chapter.key}</b> {title}</a></h3>'
        f'<p>{escaped(about)}</p><p class="facts">{" · ".join(facts)}</p></li>'
    )


def _get() -> str:
    return (
        f'<section class="get" id="start"><h2>{html("在自己的电脑上运行", "Run it on your computer")}</h2><p>'
        + html(
            "这里可以读、可以拖动滑块。要改代码、做练习、当场批改，就在课程的文件夹里用 Python 3.11 或更新的版本运行：",
            "Here you can read and drag sliders. To change the code and do the exercises, which mark themselves, run "
            "this in the folder of the course, with Python 3.11 or newer:",
        )
        + f'</p><pre class="command"><code>{escaped(COMMAND)}</code></pre><p>'
        + html(
            "课程在 JupyterLab 里打开，只在你的电脑上运行；第一次会安装需要的一切。",
            "The course opens in JupyterLab and runs on your computer only; the first start installs all it needs.",
        )
        + "</p></section>"
    )


def trace() -> str:
    """The membrane of one neuron under a constant current, simulated by the course, as a drawing that draws itself."""
    node, steps = simulator.LIFNode([1], r=9.0, v_threshold=1.0, tau=20.0), 230
    spikes, v = zip(*((bool(node(0.13 if t > 8 else 0.0)), float(node.v)) for t in range(steps)), strict=True)
    x = [WIDTH * t / (steps - 1) for t in range(steps)]
    y = [HEIGHT - 8 - (HEIGHT - 8 - TOP - 10) * value for value in torch.tensor(v).clamp(0, 1).tolist()]
    line = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))
    ticks = "".join(
        f'<path class="spike" style="animation-delay:{SECONDS * a / WIDTH:.2f}s" d="M{a:.1f} {TOP - 4}v-20"/>'
        for a, s in zip(x, spikes, strict=True)
        if s
    )
    threshold = f'<path class="threshold" d="M0 {TOP + 10}H{WIDTH}"/>'
    return (
        f'<svg class="trace" viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true" focusable="false">{threshold}'
        f'<path class="voltage" pathLength="1" d="{line}"/>{ticks}</svg>'
    )
