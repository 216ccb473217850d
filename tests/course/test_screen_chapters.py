"""`course-snn list` and `course-snn progress`: everything said, in both languages, in 80 columns and on one screen."""

import io

import pytest
from rich.cells import cell_len
from rich.console import Console
from together import each_of

from course_snn.course import screen_chapters
from course_snn.course.chapters import CHAPTERS
from course_snn.course.options import in_words, tell
from course_snn.course.outline import outline
from course_snn.language import speaking

SCREENS = (screen_chapters.chapter_list, screen_chapters.progress_board)
SOME = ["00.count_spikes", "01.euler_step", "01.lif_trace"]
ALL = [task.id for chapter in CHAPTERS for task in outline(chapter).exercises]


def shown(screen, passed: list[str], lang: str, encoding: str = "utf-8", width: int = 80) -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")
    console = Console(width=width, file=file)
    with speaking(lang):
        for part in screen(passed, console, tell, in_words):
            console.print(part)
    file.flush()
    return file.buffer.getvalue().decode(encoding).splitlines()


@each_of("lang", ["zh", "en", "both"])
def test_eighty_columns_hold_every_title_minute_and_count(lang):
    for screen in SCREENS:
        lines = shown(screen, SOME, lang)
        whole = " ".join(" ".join(lines).split())
        assert max(map(cell_len, lines)) <= 80
        rows = {line[:2]: line for line in lines if line[:2].isdigit()}
        assert list(rows)[: len(CHAPTERS)] == [chapter.key for chapter in CHAPTERS]
        for chapter in CHAPTERS:
            assert lang == "en" or chapter.title_zh in whole
            assert lang != "en" or chapter.title_en in whole
        assert "██··· 2/5" in rows["01"] and "█ 1/1" in rows["00"] and f"3/{len(ALL)}" in whole
        assert "…" not in whole
    assert "10" in shown(SCREENS[0], SOME, lang)[1]
    if lang != "both":  # a usual terminal has 24 lines, one of them for the prompt
        assert len(shown(SCREENS[1], SOME, lang)) <= 22


@pytest.mark.parametrize("screen", SCREENS)
def test_bars_are_full_when_all_is_passed_only(screen):
    assert not [line for line in shown(screen, ALL, "en") if "·" in line]
    almost = shown(screen, ALL[:-1], "en")
    assert next(line[:2] for line in almost if "·" in line) == CHAPTERS[-1].key
    assert f"{len(ALL) - 1}/{len(ALL)} exercises" in "\n".join(almost)
    if screen is screen_chapters.progress_board:
        assert "·" in next(line for line in almost if line.startswith("█"))


def test_what_comes_next_is_named_with_its_command():
    assert "01.rheobase" in "\n".join(lines := shown(SCREENS[1], SOME, "en")) and lines[-1].endswith("course-snn lab 1")
    assert "00.count_spikes" in "\n".join(shown(SCREENS[1], [], "zh"))
    assert shown(SCREENS[1], ALL, "en")[-1] == "Every exercise is passed"


def test_a_terminal_without_blocks_gets_signs_it_has():
    lines = shown(SCREENS[0], SOME, "en", encoding="ascii")
    assert "##... 2/5" in lines[2] and "?" not in "".join(lines)
    assert "██··· 2/5" in shown(SCREENS[0], SOME, "zh", encoding="gbk")[2]
