"""The report of a class as one page, in both languages; it needs no network and no other file."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from html import escape

from course_snn.course.classroom import states
from course_snn.course.classroom.choices import BELOW
from course_snn.course.classroom.discrimination import EXPLAINED, SAYS, SUSPECT, Item
from course_snn.course.classroom.marks import UNREADABLE
from course_snn.course.classroom.parts import cell, counted, exercise, framed, name, number, table
from course_snn.course.classroom.report import Belief, Person, Report, lacking, line
from course_snn.course.site.misconceptions import notes
from course_snn.language import Label, escaped, html

NARROW = 5  # per cent: a narrower part of a bar has no room for its number
_TELLING = Label("哪些题分不出高下", "Exercises that do not discriminate")


def page(report: Report, lang: str = "", below: float = BELOW) -> str:
    """Return the report as HTML.

    Args:
        report: what the marks say.
        lang: in which language it opens, "zh", "en" or "both"; "" to follow the reader's browser.
        below: who passed less than so many per cent needs help, unless the reader says otherwise.
    """
    body = [
        f"<h1>{html('班级报告', 'Class report')}</h1>",
        _facts(report),
        _notices(report),
        _went(report),
        _beliefs(report),
        _help(report, below),
        _telling(report.items()),
        _files(report),
    ]
    return framed("班级报告 · Class report", f'<div class="report">{"".join(body)}</div>', lang, ("report.js",))


def _facts(report: Report) -> str:
    shares = [person.share for person in report.people]
    middle = f"{statistics.median(shares):.0f}%" if shares else "–"
    facts = [
        (f"{len(report.people)}", html("名学生", "students")),
        (f"{len(report.rows)}", html("个文件", "files")),
        (f"{len(report.exercises)}", html("道练习", "exercises")),
        (middle, html("通过率（中位数）", "of exercises passed (median)")),
    ]
    return f'<ul class="facts">{"".join(f"<li><b>{value}</b> {text}</li>" for value, text in facts)}</ul>'


def _notices(report: Report) -> str:
    told = []
    if count := len(report.strangers):
        told.append(
            html(
                f"{count} 个文件不属于名单上的任何人，没有算进去，见最后一节。",
                f"{counted(count, 'file')} of nobody in the class: not counted, see the last section.",
            )
        )
    if count := sum(not person.known for person in report.people):
        told.append(
            html(
                f"{count} 个文件没有写是谁的，每个文件算一名学生。先运行 classroom collect，就能对上名单。",
                f"Without a name: {counted(count, 'file')}, each counted as a student. Run classroom collect first "
                "to match them with a roster.",
            )
        )
    if count := sum(not person.files for person in report.people):
        told.append(
            html(
                f"{count} 名学生没有能批的笔记，也算在内。",
                f"{counted(count, 'student')} with no notebook to grade: counted as well.",
            )
        )
    if report.exam:
        told.append(html("其中有考试。", "Some of this is an exam."))
    return f'<div class="note">{"".join(f"<p>{text}</p>" for text in told)}</div>' if told else ""


def _went(report: Report) -> str:
    legend = "".join(f'<li><i class="s-{group.name}"></i>{escaped(group.title)}</li>' for group in states.GROUPS)
    bars, rows = [], []
    shown = [state for state in states.WORDS if any(report.counts(one)[state] for one in report.exercises)]
    for key in report.exercises:
        counts, of = report.counts(key), max(1, len(report.people))
        parts = [(group, sum(counts[state] for state in group.states)) for group in states.GROUPS]
        row = "".join(
            f'<span class="s-{group.name}" style="width:{100 * count / of:.4g}%">'
            f"{f'<b>{count}</b>' if 100 * count / of >= NARROW else ''}</span>"
            for group, count in parts
            if count
        )
        bars.append(f'<li>{exercise(key)}<span class="row">{row}</span></li>')
        cells = "".join(number(counts[state]) for state in shown)
        rows.append(f'<tr><th scope="row">{exercise(key)}</th>{cells}</tr>')
    heads = [(Label("练习", "Exercise"), ""), *((states.WORDS[state], "number") for state in shown)]
    caption = html("每种状态的学生人数；图里的数都在这里", "Students in each state; the numbers of the picture")
    return (
        f"<h2>{html('各题做得怎样', 'How each exercise went')}</h2>"
        f'<ul class="legend">{legend}</ul><ul class="states" aria-hidden="true">{"".join(bars)}</ul>'
        f"{table(heads, rows, Label('各题做得怎样', 'How each exercise went'), 'went', caption)}"
    )


def _beliefs(report: Report) -> str:
    found, rest = report.beliefs(), report.unnamed()
    most = max((len(one.people) for one in found), default=1)
    often, once = ([one for one in found if (len(one.people) > 1) == several] for several in (True, False))
    told = html(
        f"课程能叫出名字的错误，按犯的人数排列；另有 {rest} 份错误的答案说不出原因"
        f"{'，可用 classroom similar 看看有没有一样的' if rest else ''}。",
        f"The mistakes that the course knows by name, by how many students make them; of {rest} more wrong answers it "
        f"does not know the cause{'; classroom similar shows which are alike' if rest else ''}.",
    )
    parts = [f"<h2>{html('常见的错误', 'What the class gets wrong')}</h2>", f'<p class="how">{told}</p>']
    if often:
        parts.append(f'<ol class="beliefs">{"".join(_belief(one, most) for one in often)}</ol>')
    if once:
        head = html(f"只有一人犯的错误：{len(once)} 种", f"Mistakes of one student each: {len(once)}")
        items = "".join(_belief(one, most) for one in once)
        parts.append(
            f'<details{"" if often else " open"}><summary>{head}</summary><ol class="beliefs">{items}</ol></details>'
        )
    if not found:
        parts.append(f"<p>{html('没有认得出的错误。', 'No mistake was recognised.')}</p>")
    return "".join(parts)


def _belief(one: Belief, most: int) -> str:
    count, who = len(one.people), ", ".join(name(person.called) for person in one.people)
    more = f"<p>{html('学生：', 'Who: ')}{who}</p>"
    for note in notes():
        if note.exercise == one.exercise and one.reason.en.startswith(note.begins):
            more += f"<p>{html('学生以为：', 'The student believes: ')}{escaped(note.believes)}</p>"
            more += f"<p>{html('可以问：', 'Ask: ')}{escaped(note.ask)}</p>"
    head = html("谁，怎么问", "Who, and what to ask") if "<p>" in more[3:] else html("谁", "Who")
    return (
        f'<li><div class="bar-of"><i style="width:{60 * count / most:.4g}%"></i>'
        f"<b>{html(f'{count} 人', f'{count}')}</b> {exercise(one.exercise)}</div>"
        f'<p class="reason">{escaped(one.reason)}</p>'
        f"<details><summary>{head}</summary>{more}</details></li>"
    )


def _help(report: Report, below: float) -> str:
    order = {id(person): place for place, (person, _) in enumerate(report.helped(below))}
    people = sorted(report.people, key=lambda one: order.get(id(one), len(order)))
    heads = [
        (Label("学生", "Student"), ""),
        (Label("通过", "Passed"), "number"),
        *((group.title, "number") for group in states.GROUPS[1:]),
        (Label("为什么", "Why"), ""),
    ]
    rule = html(
        f"规则：通过的练习不到全部 {len(report.exercises)} 道的 <span class='limit'>{below:g}</span>%（默认 {BELOW}%，"
        "即通常的及格线，未交的算没通过），或者有章没交、有文件打不开。后面几列的数说明卡在哪里：不对是概念，运行不了是"
        "编程，没做完是时间。",
        f"The rule: fewer than <span class='limit'>{below:g}</span> % of all {len(report.exercises)} exercises passed "
        f"({BELOW} % by default, the usual pass mark in China; what was not handed in is not passed), or a chapter not "
        "handed in or unreadable. The other columns tell what holds a student up: wrong is the idea, does not run is "
        "programming, unfinished is time.",
    )
    count, of = len(order), len(people)
    caption = html(
        f"<span class='helped'>{count}</span> 人，全班 {of} 人", f"<span class='helped'>{count}</span> of {of} students"
    )
    ask = (
        f'<div class="ask" hidden><label>{html("通过率低于", "Passed less than")} '
        f'<input type="number" id="below" min="0" max="101" step="5" value="{below:g}"> %</label>'
        f'<label><input type="checkbox" id="everybody"> {html("显示全班", "show everybody")}</label></div>'
    )
    rows = [_person(person, below) for person in people]
    return (
        f"<h2>{html('谁需要帮助', 'Who needs help')}</h2>"
        f'<p class="how">{rule}</p>{ask}{table(heads, rows, Label("谁需要帮助", "Who needs help"), "people", caption)}'
    )


def _person(person: Person, below: float) -> str:
    missing, low = lacking(person), person.share < below
    share = f"{person.passed}/{len(person.marks)} ({person.share:.0f}%)"
    limit = f'<span class="limit">{below:g}</span>'
    why = f'<li class="low"{"" if low else " hidden"}>{html(f"通过不到 {limit}%", f"passed less than {limit} %")}</li>'
    why += "".join(f"<li>{escaped(text)}</li>" for text in (*missing, *person.notes))
    group = f" <small>{name(person.student.group)}</small>" if person.student.group else ""
    cells = [
        f'<th scope="row" data-value="{escape(line(person.called))}">{name(person.called)}{group}</th>',
        number(person.share, share),
        *(number(person.count(one)) for one in states.GROUPS[1:]),
        cell(f'<ul class="why">{why}</ul>', f"{len(missing) + low}"),
    ]
    marked = ' class="marked"' if missing or low else ""
    return (
        f'<tr{marked} data-share="{person.share:.6g}" data-lacking="{str(bool(missing)).lower()}">{"".join(cells)}</tr>'
    )


def _telling(items: Sequence[Item]) -> str:
    heads = [
        (Label("练习", "Exercise"), ""),
        (Label("交的人", "Handed in"), "number"),
        (Label("通过", "Passed"), "number"),
        (Label("区分度 r", "r"), "number"),
        (Label("说明", "What it says"), ""),
    ]
    rows = [_item(item) for item in items]
    count = sum(item.finding in SUSPECT for item in items)
    told = html("没有发现分不出高下的题。", "None was found.")
    if count:
        told = html(
            f"{count} 道题分不出高下，行首有标记。", f"There {'is' if count == 1 else 'are'} {count}, marked below."
        )
    head = escaped(_TELLING)
    return (
        f'<h2>{head}</h2><p>{told}</p><p class="how">{escaped(EXPLAINED)}</p>{table(heads, rows, _TELLING, "telling")}'
    )


def _item(item: Item) -> str:
    marked = ' class="marked"' if item.finding in SUSPECT else ""
    return (
        f'<tr{marked}><th scope="row">{exercise(item.exercise)}</th>{number(item.students)}'
        f"{number(100 * item.passed / max(1, item.students), _percent(item))}{_r(item)}"
        f"{cell(escaped(SAYS[item.finding]), item.finding)}</tr>"
    )


def _percent(item: Item) -> str:
    return f"{item.passed} ({100 * item.passed / item.students:.0f}%)" if item.students else "–"


def _r(item: Item) -> str:
    if item.r is None:
        return '<td class="number" data-value="2">–</td>'
    return number(item.r, f"{item.r:.2f} [{item.low:.2f}, {item.high:.2f}]".replace("-", "−"))


def _files(report: Report) -> str:
    strangers = {row.file for row in report.strangers}
    heads = [(Label("文件", "File"), ""), (Label("学生", "Student"), ""), (Label("看什么", "What to look at"), "")]
    rows = []
    for row in report.rows:
        told = [Label("不属于名单上的任何人", "nobody's in the class")] if row.file in strangers else []
        if any(mark.state == UNREADABLE for mark in row.states.values()) or not row.states:
            told.append(Label("打不开", "unreadable"))
        told += row.flags
        if told:
            rows.append(f"<tr><td>{name(row.file)}</td><td>{name(row.student)}</td><td>{_list(told)}</td></tr>")
    title = Label("要看一眼的文件", "Files to look at")
    head = escaped(title)
    if not rows:
        return f"<h2>{head}</h2><p>{html('没有。', 'None.')}</p>"
    told = html(
        f"{len(rows)} 个文件，共 {len(report.rows)} 个。标记只说哪里值得看，不是结论。",
        f"{len(rows)} of {len(report.rows)} files. A flag says where to look and is no verdict.",
    )
    return f'<h2>{head}</h2><p class="how">{told}</p>{table(heads, rows, title, "files")}'


def _list(texts: Sequence[Label]) -> str:
    return f'<ul class="why">{"".join(f"<li>{escaped(text)}</li>" for text in texts)}</ul>'
