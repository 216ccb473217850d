"""The index of the search: the words of every section, in both languages, in one file that is read on demand."""

from __future__ import annotations

import json
from collections.abc import Iterable

from course_snn.course.site.chapter import ChapterPage


def index(pages: Iterable[ChapterPage]) -> str:
    """The index as a script, which also a page from the disk may load.

    For each section, in the order of the course: file, number of the chapter, anchor, level of its heading, titles and
    words in Chinese and in English, and its code.
    """
    rows = [
        [
            page.file_name,
            page.chapter.key,
            section.anchor,
            section.level,
            section.title.zh,
            section.title.en,
            " ".join(filter(None, section.zh)),
            " ".join(filter(None, section.en)),
            "\n".join(section.code),
        ]
        for page in pages
        for section in page.sections
    ]
    return f"courseSnn.index({json.dumps(rows, ensure_ascii=False, separators=(',', ':'))});\n"
