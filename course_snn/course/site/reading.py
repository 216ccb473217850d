"""The words of a piece of HTML, in each of the two languages: for the search, for cards, for previews."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import NamedTuple

VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
UNREAD = {"script", "style", "annotation", "svg"}
BLOCKS = {"p", "li", "h1", "h2", "h3", "h4", "td", "th", "div", "summary", "pre", "tr", "section", "details"}


class Block(NamedTuple):
    """A paragraph, heading, cell …: its tag, and what it says in each language."""

    tag: str
    zh: str
    en: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, str, bool]] = []  # tag, language ("" for both), whether it is left out
        self.blocks: list[tuple[str, list[str], list[str]]] = [("", [], [])]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.blocks.append((tag, [], []))
        if tag in VOID:
            return
        given = dict(attrs)
        _, lang, left = self.open[-1] if self.open else ("", "", False)
        left = left or tag in UNREAD or given.get("class") == "lang-sep"
        self.open.append((tag, given.get("lang") or lang, left))

    def handle_endtag(self, tag: str) -> None:
        if tag in (one for one, _, _ in self.open):
            while self.open.pop()[0] != tag:
                pass
        if tag in BLOCKS:
            self.blocks.append(("", [], []))

    def handle_data(self, data: str) -> None:
        _, lang, left = self.open[-1] if self.open else ("", "", False)
        if left:
            return
        _, zh, en = self.blocks[-1]
        if not lang.startswith("en"):
            zh.append(data)
        if not lang.startswith("zh"):
            en.append(data)


def blocks(html: str) -> list[Block]:
    """What the HTML says, block by block, without those that say nothing."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = [Block(tag, tidy("".join(zh)), tidy("".join(en))) for tag, zh, en in reader.blocks]
    return [block for block in found if block.zh or block.en]


def words(html: str) -> tuple[str, str]:
    """All that the HTML says, in Chinese and in English."""
    found = blocks(html)
    return " ".join(b.zh for b in found if b.zh), " ".join(b.en for b in found if b.en)


def lead(html: str) -> tuple[str, str]:
    """The first paragraph in each language."""
    paragraphs = [block for block in blocks(html) if block.tag == "p"]
    return next((b.zh for b in paragraphs if b.zh), ""), next((b.en for b in paragraphs if b.en), "")


def first_sentences(text: str, most: int) -> str:
    """As many whole sentences as fit into ``most`` characters; the first one anyway."""
    parts = re.findall(r".+?(?:[。！？]|[.!?](?=\s|$)|$)\s*", text)
    kept = ""
    for part in parts:
        if kept and len(kept + part) > most:
            break
        kept += part
    return kept.strip()


def tidy(text: str) -> str:
    """Return a text with single spaces."""
    return re.sub(r"\s+", " ", text).strip()
