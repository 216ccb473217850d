"""Searching the chapters in both languages: by parts of words, so Chinese needs no segmentation."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from course_snn.course.chapters import Chapter, notebooks_dir
from course_snn.course.outline import CHECK, FENCE, Cell, cells, headings, present, stamp

MOST = 20  # results
AROUND = 36  # characters of an excerpt before and after what was found
LONGEST = 200  # characters of a query that are looked at
BLOCK = re.compile(r'<div lang="(zh|en)">(.*?)</div>', re.S)
HEADS = re.compile(r"^ {0,3}#{1,6}\s.*$", re.M)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
TAGS = re.compile(r"<[^>]+>|^[ >|*-]+|\s*\|[-:| ]*", re.M)
MARKS = re.compile(r"\*\*|`")
SHOWN, INLINE = re.compile(r"\$\$.+?\$\$", re.S), re.compile(r"\$([^$\n]+?)\$")
COMMAND = re.compile(r"\\(?:([a-zA-Z]+)|[,;! ])|[{}]")
BREAK = " ⏎ "  # between paragraphs: an excerpt does not run across


@dataclass(frozen=True)
class Piece:
    """A section with its prose: where it is, its titles and texts, Chinese and English, the ids of its exercises."""

    chapter: Chapter
    anchor: str
    titles: tuple[str, str]
    texts: tuple[str, str]
    names: str


@dataclass(frozen=True)
class Hit:
    """A section that holds what was looked for: its titles in both languages, the place in its text in one of them."""

    chapter: Chapter
    anchor: str
    zh: str
    en: str
    excerpt: str


def search(query: str, lang: str = "zh", folder: Path | None = None) -> list[Hit]:
    """Return the sections that hold every word of the query, in either language: titles first, early chapters first.

    Args:
        query: words, parts of words, ids of exercises; upper and lower case are the same.
        lang: "zh" or "en": the language of the excerpt, if what was found stands in it.
        folder: where the notebooks lie; the folder of the chapters by default.

    Returns:
        At most 20 sections; none for an empty query.
    """
    words = folded(query[:LONGEST]).split()
    found = ((_rank(piece, words), piece) for piece in index(folder)) if words else ()
    ranked = sorted((row for row in found if row[0] is not None), key=lambda row: row[0])
    return [Hit(piece.chapter, piece.anchor, *piece.titles, _excerpt(piece, words, lang)) for _, piece in ranked[:MOST]]


def folded(text: str) -> str:
    """A text as it is compared: full-width letters are the narrow ones, upper case is lower case."""
    return unicodedata.normalize("NFKC", text).casefold()


def index(folder: Path | None = None) -> list[Piece]:
    """Return every section of the chapters in the folder, in order; a file is read again only when it has changed."""
    paths = [(chapter, (folder or notebooks_dir()) / chapter.file_name) for chapter in present(folder)]
    return list(chain.from_iterable(_pieces(chapter, path, *stamp(path)) for chapter, path in paths))


@lru_cache(maxsize=64)
def _pieces(chapter: Chapter, path: Path, _changed: int, _size: int) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    titles, anchor, held = (chapter.title_zh, chapter.title_en), "", []
    for cell in cells(path):
        found = list(headings(cell.source)) if cell.kind == "markdown" else []
        if found:
            pieces += _piece(chapter, anchor, titles, held)
            titles, anchor, held = found[-1][1:], cell.id, []
        anchor = anchor or cell.id
        held.append(cell)
    return (*pieces, *_piece(chapter, anchor, titles, held))


def _piece(chapter: Chapter, anchor: str, titles: tuple[str, str], held: list[Cell]) -> list[Piece]:
    if not held:
        return []
    prose = [cell.source for cell in held if cell.kind == "markdown"]
    names = [name for cell in held if cell.kind == "code" for name in CHECK.findall(cell.source)]
    said = {"zh": [], "en": []}
    for lang, text in BLOCK.findall("\n".join(prose)):
        said[lang].append(_plain(text))
    texts = tuple(BREAK.join(said[lang]) for lang in ("zh", "en"))
    return [Piece(chapter, anchor, titles, texts, " ".join(names))]


def _plain(text: str) -> str:
    text = SHOWN.sub("…", LINK.sub(r"\1", HEADS.sub("", FENCE.sub("", text))))
    text = INLINE.sub(lambda found: COMMAND.sub(_letter, found[1]), text)
    text = MARKS.sub("", TAGS.sub(" ", text))
    paragraphs = (" ".join(paragraph.split()) for paragraph in re.split(r"\n\s*\n", text))
    return BREAK.join(filter(None, paragraphs))


def _letter(command: re.Match[str]) -> str:
    """A Greek letter for its name in a formula, nothing for a space or a brace."""
    name = command[1] or ""
    case = "SMALL" if name.islower() else "CAPITAL"
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {name}")
    except KeyError:
        return {"times": "×", "cdot": "·", "le": "≤", "ge": "≥", "to": "→", "infty": "∞"}.get(name, "")


def _rank(piece: Piece, words: list[str]) -> int | None:
    title, text = (folded("\n".join(said)) for said in (piece.titles, (*piece.texts, piece.names)))
    missing = [word for word in words if word not in title]
    return (1 if missing else 0) if all(word in text for word in missing) else None


def _excerpt(piece: Piece, words: list[str], lang: str) -> str:
    """The surroundings of the first word, in the language that holds more of them; the section's beginning if none."""
    found = [[place for word in words if (place := folded(text).find(word)) >= 0] for text in piece.texts]
    wanted = 1 if lang == "en" else 0
    best = wanted if len(found[wanted]) >= len(found[1 - wanted]) else 1 - wanted
    return _around(piece.texts[best], min(found[best], default=0))


def _around(text: str, place: int) -> str:
    begin, end = max(0, place - AROUND), min(len(text), place + 2 * AROUND)
    before, after = text[begin:place], text[place:end]
    begins, ends = begin == 0, end == len(text)
    if BREAK in before:
        before, begins = before.rpartition(BREAK)[2], True
    if BREAK in after:
        after, ends = after.partition(BREAK)[0], True
    if not begins and " " in before:  # no half words, where there are words
        before = before.partition(" ")[2]
    if not ends and " " in after:
        after = after.rpartition(" ")[0]
    return ("" if begins else "…") + before + after + ("" if ends else "…")
