"""The page of equal wrong answers: code side by side, differing words marked, and first of all what it does not say."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from html import escape
from pathlib import Path

from course_snn.course.classroom.alike import LEVELS, LITTLE, Group, given_to
from course_snn.course.classroom.code_form import pieces, without_check
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.parts import framed
from course_snn.course.classroom.similar import Found
from course_snn.course.classroom.similar_words import (
    HINT,
    HOW,
    NAMES,
    PRIVATE,
    common,
    reason,
    summary,
    told,
    visible,
)
from course_snn.course.exercise import find
from course_snn.course.files import write_text
from course_snn.course.page import STYLES
from course_snn.language import Label, escaped, html, html_table, tr

MARK = "course-snn-similar"  # in the first lines of a page that may be replaced
MOST_VERSIONS, MOST_CHARACTERS = 8, 6_000  # that are shown of a group, and of one code
_MOST_WORDS = 300  # of two codes of different length, to find out what differs


def page(found: Found, lang: str = "both") -> str:
    """The page as HTML that needs nothing else; it opens in ``lang``."""
    title = tr("一样的错误答案", "Equal wrong answers")
    body = [
        f"<!-- {MARK} -->",
        f"<h1>{escaped(title)}</h1>",
        f'<div class="note">{_paragraph(HINT)}</div>',
        *(_paragraph(text) for text in (summary(found), PRIVATE)),
        *(_paragraph(note, "aside") for note in found.notes),
        _folded(tr("怎样比较，怎样排序", "How answers are compared and ordered"), "".join(map(_paragraph, HOW))),
        _pairs(found),
        _levels(found.wrong),
    ]
    if found.right:
        body.append(f"<h2>{escaped(tr('一样的正确答案', 'Equal right answers'))}</h2>{_right(found)}")
    made = framed(f"{title.zh} · {title.en}", "\n".join(body), lang, styles=(*STYLES, "similar.css"))
    return made.encode("utf-8", "replace").decode()


def write(text: str, path: Path) -> Path:
    """Write the page, over an earlier one of its kind only; return the path.

    Raises:
        ClassroomError: the name is not that of a page, something else is there, or it cannot be written.
    """
    path = Path(path).expanduser()
    if path.suffix.lower() not in (".html", ".htm"):
        raise ClassroomError(tr(f"{path} 不是网页的名字，请以 .html 结尾", f"{path} names no page; end it in .html"))
    try:
        if path.exists() and MARK.encode() not in path.read_bytes()[:100_000]:
            raise ClassroomError(
                tr(f"{path} 是别的文件，不会覆盖。请换个名字", f"{path} is another file and stays. Give another name")
            )
        write_text(path, text)
    except OSError as error:
        raise ClassroomError(tr(f"{path} 写不进去：{error}", f"{path} cannot be written: {error}")) from error
    return path


def _levels(groups: Sequence[Group]) -> str:
    if not groups:
        return _paragraph(tr("没有一样的错误答案。", "No wrong answers are equal."))
    parts = []
    for level in LEVELS:
        chosen = [group for group in groups if group.level == level]
        cards = "".join(map(_card, chosen))
        if not chosen:
            continue
        if level == LITTLE:
            parts.append(f"<h2>{escaped(NAMES[level])}</h2>")
            parts.append(_folded(tr(f"{len(chosen)} 组", f"{len(chosen)} groups"), cards))
        else:
            parts.append(f"<h2>{escaped(NAMES[level])}</h2>{cards}")
    return "".join(parts)


def _right(found: Found) -> str:
    note = tr(
        f"答对的人想到一处很平常。与课程答案相同的 {found.as_published} 份没有列出。",
        f"Right answers agree often. {found.as_published} that are the course's own solution are not listed.",
    )
    shown = tr(f"{len(found.right)} 组", f"{len(found.right)} groups")
    return _paragraph(note) + _folded(shown, "".join(map(_card, found.right)))


def _pairs(found: Found) -> str:
    if not found.pairs:
        return ""
    heads = [escaped(tr("学生", "Students")), escaped(tr("练习", "Exercises"))]
    rows = [(_name(f"{one} · {other}"), escape(", ".join(names))) for one, other, names in found.pairs[:30]]
    title = tr("在几道题里都在同一组", "Together in more than one exercise")
    note = tr("不含“多半是巧合”的组，也不含十人以上的组。", "Without groups of likely chance, and of more than ten.")
    listed = f'<div class="scroll">{html_table(rows, heads, left=True)}</div>'
    return f"<h2>{escaped(title)}</h2>{_paragraph(note, 'aside')}{listed}"


def _card(group: Group) -> str:
    names = ", ".join(group.students)
    facts = [
        f"<dt>{html('判定', 'Verdict')}</dt><dd>{_seen(reason(group))}</dd>",
        f"<dt>{html('全班', 'The class')}</dt><dd>{escaped(common(group))}</dd>",
        f"<dt>{html('有多像', 'How alike')}</dt><dd>{escaped(told(group))}{_shared(group)}</dd>",
    ]
    return (
        f'<section class="group {group.level}"><h3><code>{escape(group.exercise)}</code> {_name(names)}</h3>'
        f"<dl>{''.join(facts)}</dl>{_versions(group)}{_course(group.exercise)}</section>"
    )


def _shared(group: Group) -> str:
    parts = [escaped(tr(f"；自己的词：{group.own} 个", f"; words of their own: {group.own}"))]
    for label, values in (
        (tr("；一样的名字：", "; names: "), group.names),
        (tr("；一样的注释：", "; comments: "), group.comments),
    ):
        if values:
            parts.append(escaped(label) + ", ".join(f"<code>{_text(value[:80])}</code>" for value in values[:8]))
    return "".join(parts)


def _versions(group: Group) -> str:
    versions = group.versions
    first = versions[0][0]
    columns = []
    for number, (code, students) in enumerate(versions[:MOST_VERSIONS]):
        other = first if number else versions[1][0] if len(versions) == 2 else code
        who = f"<figcaption>{_name(', '.join(students))}</figcaption>" if len(versions) > 1 else ""
        columns.append(f'<figure>{who}<pre tabindex="0">{marked(code, other)}</pre></figure>')
    more = versions[MOST_VERSIONS:]
    rest = ""
    if more:
        names = ", ".join(name for _, students in more for name in students)
        rest = f"<p>{html('没有列出', 'Not shown')}: {_name(names)}</p>"
    return f'<div class="versions">{"".join(columns)}</div>{rest}'


def _course(exercise: str) -> str:
    codes = (
        (tr("脚手架", "The stub"), without_check(given_to(exercise).stub_code)),
        (tr("课程的答案", "The course's solution"), find(exercise).source),
    )
    columns = "".join(
        f'<figure><figcaption>{escaped(label)}</figcaption><pre tabindex="0">{_text(code)}</pre></figure>'
        for label, code in codes
    )
    label = tr("与课程的比一比", "Compare with the course's own")
    return _folded(label, f'<div class="versions">{columns}</div>')


def marked(code: str, other: str) -> str:
    """The code as HTML, in which the words and comments that ``other`` has not are marked."""
    cut = pieces(code[:MOST_CHARACTERS])
    differing = _differing(cut, pieces(other[:MOST_CHARACTERS])) if code != other else set()
    shown = "".join(
        f"<mark>{_text(piece)}</mark>" if place in differing else _text(piece) for place, piece in enumerate(cut)
    )
    left = len(code) - MOST_CHARACTERS
    return shown + (f"\n<i>… {html(f'还有 {left} 个字符', f'{left} more characters')}</i>" if left > 0 else "")


def _differing(cut: Sequence[str], other: Sequence[str]) -> set[int]:
    """Return the places in ``cut`` of what differs. Spaces do not count."""
    remarks = {piece for piece in other if piece.startswith("#")}
    places = [place for place, piece in enumerate(cut) if _is_word(piece)]
    theirs = [piece for piece in other if _is_word(piece)]
    found = {place for place, piece in enumerate(cut) if piece.startswith("#") and piece not in remarks}
    mine = [cut[place] for place in places]
    if len(mine) == len(theirs):
        return found | {place for place, one, two in zip(places, mine, theirs, strict=True) if one != two}
    if max(len(mine), len(theirs)) > _MOST_WORDS:
        return found
    for kind, begin, end, _, _ in difflib.SequenceMatcher(None, mine, theirs).get_opcodes():
        found |= set(places[begin:end]) if kind != "equal" else set()
    return found


def _is_word(piece: str) -> bool:
    return not piece.isspace() and not piece.startswith("#")


def _text(text: str) -> str:
    return escape(visible(text))


def _name(text: str) -> str:
    return f'<span class="who">{_text(text)}</span>'


def _seen(label: Label) -> str:
    return escaped(tr(visible(label.zh), visible(label.en)))


def _paragraph(text: Label, kind: str = "") -> str:
    return f"<p{f' class={kind}' if kind else ''}>{_seen(text)}</p>"


def _folded(label: Label, content: str) -> str:
    return f"<details><summary>{escaped(label)}</summary>{content}</details>"
