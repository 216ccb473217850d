"""What all pages of the site have in common: head, header, side bar, footer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import course_snn
from course_snn.course.page import asset, filled
from course_snn.course.site.chapter import ChapterPage
from course_snn.course.site.reading import first_sentences
from course_snn.course.site.widgets import Widgets
from course_snn.language import Label, escaped, html

NAME = Label("脉冲神经网络动手课", "Spiking neural networks, hands on")
PARTS = (
    (Label("从一个神经元开始", "It starts with one neuron"), range(5)),
    (Label("用脉冲的时刻学习", "Learning from the times of spikes"), range(5, 8)),
    (Label("用梯度训练", "Training by gradients"), range(8, 13)),
    (Label("事件与手势", "Events and gestures"), range(13, 15)),
    (Label("搭建与放大", "Building and scaling up"), range(15, 100)),
)


@dataclass(frozen=True)
class Site:
    """What a page needs to know of the site it is part of.

    Args:
        pages: all chapters.
        extra: pages besides: file name and title.
        url: where the site will be, ending in "/"; "" if nobody knows.
    """

    pages: Sequence[ChapterPage]
    extra: Sequence[tuple[str, Label]] = ()
    url: str = ""


def framed(
    site: Site,
    file_name: str,
    title: Label,
    lead: Label,
    main: str,
    kind: str,
    picture: str = "",
    side: str = "",
    widgets: Widgets | None = None,
    scripts: Sequence[str] = (),
) -> str:
    """A whole page.

    Args:
        site: the site.
        file_name: of this page.
        title, lead: what it is called, and what it is about, for tabs and previews.
        main: its content.
        kind: class of <body>.
        picture: address of a picture for previews.
        side: the side bar.
        widgets: those of the page.
        scripts: addresses of more scripts.
    """
    parts = {
        "title": escaped(f"{title.zh} · {title.en}"),
        "meta": _meta(site, file_name, title, lead, picture),
        "kind": kind,
        "styles": '<link rel="stylesheet" href="assets/kit.css">' if widgets and widgets.models else "",
        "early": asset("early.js"),
        "name": escaped(NAME),
        "side": side,
        "main": main,
        "foot": _foot(site),
        "scripts": "".join(f'<script src="{address}"></script>' for address in ("assets/site.js", *scripts)),
        "widgets": widgets.json() if widgets else '{"modules":[],"models":{}}',
    }
    return filled(asset("site.html"), parts)


def side_bar(site: Site, here: ChapterPage) -> str:
    """All chapters, and below the one that is open its sections."""
    items = []
    for part, pages in parts(site):
        items.append(f'<li class="part">{escaped(part)}</li>')
        for page in pages:
            at = ' aria-current="page"' if page is here else ""
            name = escaped(Label(page.chapter.title_zh, page.chapter.title_en))
            inner = _contents(page) if page is here else ""
            items.append(
                f'<li><a href="{page.file_name}"{at}><b>{page.chapter.key}</b><span>{name}</span></a>{inner}</li>'
            )
    summary = html("目录", "Contents")
    return (
        f'<nav class="side" aria-label="目录 · Contents"><details class="contents"><summary>{summary}</summary>'
        f"<ul>{''.join(items)}</ul></details></nav>"
    )


def parts(site: Site) -> list[tuple[Label, list[ChapterPage]]]:
    """The chapters, part by part, without empty parts."""
    found = [(name, [page for page in site.pages if page.chapter.number in numbers]) for name, numbers in PARTS]
    return [(name, pages) for name, pages in found if pages]


def pager(site: Site, here: ChapterPage) -> str:
    """The way to the chapters before and after."""
    at = list(site.pages).index(here)
    before = site.pages[at - 1] if at else None
    after = site.pages[at + 1] if at + 1 < len(site.pages) else None
    links = _link(before, "prev", html("上一章", "Previous")) + _link(after, "next", html("下一章", "Next"))
    return f'<nav class="pager" aria-label="上一章和下一章 · Previous and next">{links}</nav>'


def _link(page: ChapterPage | None, kind: str, word: str) -> str:
    if page is None:
        return ""
    name = escaped(Label(page.chapter.title_zh, page.chapter.title_en))
    text = f"<small>{word}</small><b>{page.chapter.key}</b> {name}"
    return f'<a class="{kind}" rel="{kind}" href="{page.file_name}">{text}</a>'


def _contents(page: ChapterPage) -> str:
    items = [
        f'<li><a href="#{section.anchor}">{escaped(section.title)}</a></li>'
        for section in page.sections
        if section.level == 2
    ]
    return f'<ol class="sections">{"".join(items)}</ol>'


def _meta(site: Site, file_name: str, title: Label, lead: Label, picture: str) -> str:
    """What search engines and messengers show. They take absolute addresses only, which needs `url`."""
    about = " · ".join(first_sentences(text, 110) for text in (lead.zh, lead.en) if text)
    tags = [
        f'<meta name="description" content="{escaped(about)}">',
        f'<meta property="og:type" content="{"website" if file_name == "index.html" else "article"}">',
        f'<meta property="og:site_name" content="{escaped(f"{NAME.zh} · {NAME.en}")}">',
        f'<meta property="og:title" content="{escaped(f"{title.zh} · {title.en}")}">',
        f'<meta property="og:description" content="{escaped(about)}">',
        '<meta property="og:locale" content="zh_CN">',
        '<meta property="og:locale:alternate" content="en_GB">',
    ]
    if picture:
        tags.append(f'<meta property="og:image" content="{site.url}{picture}">')
        tags.append('<meta name="twitter:card" content="summary_large_image">')
    if site.url:
        address = site.url + ("" if file_name == "index.html" else file_name)
        tags.append(f'<meta property="og:url" content="{address}">')
        tags.append(f'<link rel="canonical" href="{address}">')
    return "\n".join(tags)


def _foot(site: Site) -> str:
    more = "".join(f'<a href="{name}">{escaped(title)}</a>' for name, title in site.extra)
    get = html("获取课程，动手做练习", "Get the course, do the exercises")
    return f'<a href="index.html#start">{get}</a>{more}<span>course-snn {course_snn.__version__} · MIT</span>'
