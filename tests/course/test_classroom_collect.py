"""Collecting: whose each hand-in is, the newest of several, what platforms make of names, and archives that bite."""

import csv
import io
import itertools
import os
import random
import stat
import struct
import sys
import time
import zipfile
import zlib
from pathlib import Path

import pytest
from together import each_of
from typer.testing import CliRunner

from course_snn import language
from course_snn.course.cells import dump
from course_snn.course.classroom import archives, mojibake, place, roster, sheet
from course_snn.course.classroom.collect import TABLE, collect, is_notebook, owners
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marked import Assignment, Student, mark
from course_snn.course.classroom.who import METADATA, NAME, Identity, Knows

ZHANG, LI, JANE = Student("2023001", "张伟", "一班"), Student("2023002", "李娜", "一班"), Student("2023003", "Jane Doe")
NAMESAKES = Student("2023004", "张伟丽"), Student("2023005", "Zoë Müller")
CLASS = roster.Roster((ZHANG, LI, JANE, *NAMESAKES))
NOON = time.mktime((2026, 9, 1, 12, 0, 0, 0, 0, -1))


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def notebook(student: Student | None = None, chapter: str = "01", says: str = "") -> bytes:
    """The bytes of a small hand-in."""
    check = {"cell_type": "code", "id": "ex", "metadata": {}, "outputs": [], "execution_count": None,
             "source": f'# {says}\ncourse.check("{chapter}.rheobase", rheobase)'}  # fmt: skip
    made = {"cells": [check], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return dump(mark(made, Assignment((chapter,)), student) if student else made)


def put(folder: Path, hand_ins: dict[str, bytes], start: float = NOON) -> Path:
    """Write files, each a minute later than the one before."""
    for minute, (path, content) in enumerate(hand_ins.items()):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
        os.utime(folder / path, (start + 60 * minute,) * 2)
    return folder


def info(name: str, encoding: str = "utf-8", minute: int = 0, mode: int = 0) -> zipfile.ZipInfo:
    """A member whose name is written in an encoding that nothing tells; UTF-8 is told."""

    class Member(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):
            return (name.encode(encoding), self.flag_bits) if encoding != "utf-8" else super()._encodeFilenameFlags()

    made = Member(name, (2026, 9, 1, 12, minute, 0))
    made.external_attr = mode << 16
    return made


def zipped(hand_ins: dict[str, bytes], encoding: str = "utf-8", mode: int = 0) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for minute, (name, content) in enumerate(hand_ins.items()):
            archive.writestr(info(name, encoding, minute, mode), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def table(lines) -> list[tuple]:
    return [(line.state, line.student.key, line.chapter, line.source.rpartition("/")[2], line.file) for line in lines]


def snapshot(folder: Path) -> dict[str, tuple]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


# Whose it is


@each_of(("path", "student"), [
    ("张伟_123456_assignsubmission_file_/01_lif_neuron.ipynb", ZHANG),
    ("Jane Doe_123456_assignsubmission_file_/x.ipynb", JANE),
    ("doejane_123_456_01_lif_neuron-1.ipynb", JANE), ("doejane_LATE_123_456_x.ipynb", JANE),
    ("mullerzoe_1_2_x.ipynb", NAMESAKES[1]), ("Zoë Müller_9_assignsubmission_file_/a.ipynb", NAMESAKES[1]),
    ("张伟_2023001_第一次作业.ipynb", ZHANG), ("2023001-张伟-第一次作业/01.ipynb", ZHANG),
    ("一班/2023002/作业.ipynb", LI), ("李娜的作业.ipynb", LI), ("作业 李娜 (2).ipynb", LI), ("李娜作业/张三.ipynb", LI),
    ("张伟丽.ipynb", NAMESAKES[0]), ("张伟.ipynb", ZHANG), ("第1次张伟丽作业.ipynb", NAMESAKES[0]),
    ("２０２３００２.ipynb", LI), ("Jane-Doe.ipynb", JANE), ("01_lif_neuron_2023003_Jane_Doe.ipynb", JANE),
    ("120230011.ipynb", None), ("20230011.ipynb", None), ("x.ipynb", None), ("王芳.ipynb", None),
])  # fmt: skip
def test_a_number_or_a_name_in_a_path_tells_whose_it_is(path, student):
    assert Knows(CLASS).identity(path, None) == Identity(student, NAME if student else "")


@each_of(("path", "student"), [
    ("张伟_123456_assignsubmission_file_/01_lif_neuron.ipynb", Student("", "张伟")),
    ("Jane Doe_123456_assignsubmission_file_/x.ipynb", Student("", "Jane Doe")),
    ("doejane_123_456_01_lif_neuron-1.ipynb", Student("123", "doejane")),
    ("doejane_LATE_123_456_x.ipynb", Student("123", "doejane")),
    ("张伟_2023001_第一次作业.ipynb", Student("2023001", "张伟")),
    ("2023001-张伟-作业/x.ipynb", Student("2023001", "张伟")),
    ("01_lif_neuron_2023001_张伟.ipynb", Student("2023001", "张伟")),
    ("01_lif_neuron.ipynb", None), ("final.ipynb", None),
])  # fmt: skip
def test_without_a_roster_the_ways_of_platforms_tell(path, student):
    assert Knows(None).identity(path, None).student == student


def test_what_a_notebook_says_comes_first_and_another_name_is_told():
    knows = Knows(CLASS)
    assert knows.identity("x.ipynb", Student("2023001")) == Identity(ZHANG, METADATA)
    assert knows.identity("张伟_2023001.ipynb", Student("2023001", "?")) == Identity(ZHANG, METADATA)
    assert knows.identity("李娜_2023002.ipynb", Student("2023001")) == Identity(ZHANG, METADATA, (LI,))
    assert knows.identity("李娜/2023001.ipynb", None) == Identity(ZHANG, NAME, (LI,))
    assert knows.identity("李娜.ipynb", Student("999", "nobody here")) == Identity(LI, NAME)
    assert knows.identity("张伟 李娜.ipynb", None) == Identity(None, "", (ZHANG, LI))
    for path in ("张伟_9_assignsubmission_file_/x.ipynb", "weizhang_1_2_x.ipynb"):
        same = Student("2023001", "张伟" if "张" in path else "Zhang Wei")
        assert Knows(None).identity(path, same) == Identity(same, METADATA)
    assert Knows(None).identity("李娜_9_assignsubmission_file_/x.ipynb", ZHANG).others == (Student("", "李娜"),)
    assert Knows(roster.Roster((Student("1", "Ann"),))).identity("x (1).ipynb", None) == Identity(None)
    assert Knows(None).identity("x.ipynb", Student("7", "Eve")) == Identity(Student("7", "Eve"), METADATA)


# Names in archives


@each_of(("name", "encoding"), [
    ("张伟_2023001_作业.ipynb", "gbk"), ("李娜.ipynb", "utf-8"), ("朱镕喆·作业.ipynb", "gbk"),
    ("第１次（补交）.ipynb", "gbk"),
    ("Zoë Müller é.ipynb", "cp437"), ("plain.ipynb", "cp437"), ("一班/王芳/x.ipynb", "gbk"),
])  # fmt: skip
def test_a_name_is_read_in_the_encoding_it_was_written_in(name, encoding):
    with zipfile.ZipFile(io.BytesIO(zipped({name: b""}, encoding))) as archive:
        assert [mojibake.member_name(member) for member in archive.infolist()] == [name]


def test_utf_8_that_no_flag_tells_and_the_field_of_info_zip():
    for raw, extra in (("张伟.ipynb".encode(), b""), ("李.ipynb".encode("big5"), "张伟.ipynb".encode())):
        member = zipfile.ZipInfo(raw.decode("cp437"))
        if extra:
            body = b"\1" + struct.pack("<L", zlib.crc32(raw)) + extra
            member.extra = struct.pack("<HH", 0x7075, len(body)) + body
        assert mojibake.member_name(member) == "张伟.ipynb"


def test_names_that_another_tool_unpacked_wrongly():
    wrong = "张伟_作业.ipynb".encode("gbk")
    assert mojibake.readable(wrong.decode("cp437").encode(), "?") == "张伟_作业.ipynb"
    assert mojibake.readable(wrong, os.fsdecode(wrong) if sys.platform != "win32" else "?") == "张伟_作业.ipynb"
    for name in ("Zoë Müller.ipynb", "张伟.ipynb", "Muñoz España.ipynb", "naïve café — Ω.ipynb"):
        assert mojibake.readable(name.encode(), name) == name


@each_of(("name", "is_one"), [
    ("x.ipynb", True), ("x.IPYNB", True), ("x (1).ipynb", True), ("x.ipynb.txt", True), ("x.ipynb (2).json", True),
    ("x.ipynb.download", True), ("x.py", False), ("x.ipynb.pdf", False), ("ipynb", False), ("x.txt", False),
])  # fmt: skip
def test_what_is_taken_for_a_notebook(name, is_one):
    assert is_notebook(name) == is_one


# What is collected


def test_the_newest_of_each_student_and_chapter_is_kept_and_everything_is_listed(tmp_path):
    source = put(tmp_path / "in", {
        "张伟.ipynb": notebook(ZHANG, says="first"),
        "b/01 (1).ipynb": notebook(ZHANG, says="newest"),
        "05.ipynb": notebook(ZHANG, "05"),
        "李娜.ipynb.txt": notebook(says="by name"),
        "Jane Doe.ipynb": notebook(JANE)[:100],
        "who.ipynb": notebook(),
        "eve.ipynb": notebook(Student("999", "Eve")),
        "report.pdf": b"%PDF", ".ipynb_checkpoints/张伟-checkpoint.ipynb": notebook(ZHANG, says="no"),
        "__MACOSX/._x.ipynb": b"", ".DS_Store": b"", "more.rar": b"Rar!", "broken.zip": b"PK\3\4",
    })  # fmt: skip
    before = snapshot(source)
    done = collect(source, tmp_path / "收", roster=CLASS)
    assert table(done.lines) == [
        ("handed in", "2023001", "01", "01 (1).ipynb", "2023001_张伟/01_lif_neuron.ipynb"),
        ("duplicate", "2023001", "01", "张伟.ipynb", ""),
        ("handed in", "2023001", "05", "05.ipynb", "2023001_张伟/05_stdp.ipynb"),
        ("handed in", "2023002", "01", "李娜.ipynb.txt", "2023002_李娜/01_lif_neuron.ipynb"),
        ("missing", "2023002", "05", "", ""),
        ("unreadable", "2023003", "", "Jane Doe.ipynb", "2023003_Jane_Doe/Jane_Doe.ipynb"),
        ("missing", "2023003", "01", "", ""),
        ("missing", "2023003", "05", "", ""),
        *[("missing", student.id, chapter, "", "") for student in NAMESAKES for chapter in ("01", "05")],
        ("stranger", "", "01", "eve.ipynb", "strangers/eve.ipynb"),
        ("stranger", "", "01", "who.ipynb", "strangers/who.ipynb"),
        ("no notebook", "", "", "report.pdf", ""),
        ("not read", "", "", "broken.zip", ""),
        ("not read", "", "", "more.rar", ""),
    ]
    assert (tmp_path / "收" / "2023001_张伟/01_lif_neuron.ipynb").read_bytes() == notebook(ZHANG, says="newest")
    assert snapshot(source) == before
    assert owners(done.folder)["2023002_李娜/01_lif_neuron.ipynb"] == LI and owners(source) == {}
    rows = list(csv.reader(io.StringIO((done.folder / TABLE).read_text(encoding="utf-8-sig"))))
    assert len(rows) == len(done.lines) + 1 and rows[0][0] == "学号 id" and rows[1][4] == "已交 handed in"
    assert (done.folder / TABLE).read_bytes().startswith(b"\xef\xbb\xbf")


def test_the_order_of_the_files_and_how_they_are_packed_do_not_matter(tmp_path):
    shuffled, results = random.Random(0), []
    hand_ins = {
        f"{student.id}/{n}.ipynb": notebook(student, says=f"{n}") for student in CLASS.students for n in range(4)
    }
    for number in range(4):
        names = list(hand_ins)
        shuffled.shuffle(names)
        names.sort(key=lambda name: int(name.rpartition("/")[2][0]))  # later ones are newer
        ordered = {name: hand_ins[name] for name in names}
        if number % 2:
            source = tmp_path / f"{number}.zip"
            source.write_bytes(zipped(ordered))
        else:
            source = put(tmp_path / f"{number}", ordered)
        done = collect(source, tmp_path / f"out{number}", roster=CLASS)
        results.append({line.file: (done.folder / line.file).read_bytes() for line in done.lines if line.file})
    assert all(result == results[0] for result in results) and len(results[0]) == len(CLASS.students)
    assert all(b"# 3" in content for content in results[0].values())


def test_where_times_are_equal_the_number_of_the_download_decides(tmp_path):
    source = put(tmp_path / "in", {"张伟.ipynb": notebook(says="a"), "张伟 (2).ipynb": notebook(says="c"),
                                   "张伟 (1).ipynb": notebook(says="b")})  # fmt: skip
    for path in source.iterdir():
        os.utime(path, (NOON, NOON))
    collect(source, tmp_path / "out", roster=CLASS)
    assert b"# c" in (tmp_path / "out" / "2023001_张伟/01_lif_neuron.ipynb").read_bytes()


def test_a_damaged_file_does_not_take_the_place_of_a_sound_one(tmp_path):
    source = put(tmp_path / "in", {"01_lif_neuron_张伟.ipynb": notebook(ZHANG), "01_lif_neuron_张伟 (1).ipynb": b"{"})
    done = collect(source, tmp_path / "out", roster=CLASS)
    assert table(done.lines)[:2] == [
        ("handed in", "2023001", "01", "01_lif_neuron_张伟.ipynb", "2023001_张伟/01_lif_neuron.ipynb"),
        ("duplicate", "2023001", "01", "01_lif_neuron_张伟 (1).ipynb", ""),
    ]


def test_who_hands_in_the_file_of_another_does_not_replace_it(tmp_path):
    hand_ins = {"张伟/1.ipynb": notebook(ZHANG, says="mine"), "李娜/1.ipynb": notebook(ZHANG, says="copied")}
    source = put(tmp_path / "in", hand_ins)
    for _ in range(2):
        done = collect(source, tmp_path / "out", roster=CLASS)
        assert b"mine" in (done.folder / "2023001_张伟/01_lif_neuron.ipynb").read_bytes()
        (line,) = [line for line in done.lines if line.state == "stranger"]
        assert b"copied" in (done.folder / line.file).read_bytes()
        assert line.notes[0].en == "names several: 2023001_张伟, 2023002_李娜"
    done = collect(put(tmp_path / "one", {"李娜/1.ipynb": notebook(ZHANG)}), tmp_path / "other", roster=CLASS)
    assert [(line.student, line.notes[0].en) for line in done.lines if line.file] == [
        (ZHANG, "the name of the file names somebody else: 2023002_李娜")
    ]
    done = collect(put(tmp_path / "late", {"张伟/1.ipynb": notebook(ZHANG, says="mine")}), done.folder, roster=CLASS)
    kept = {line.state: (done.folder / line.file).read_bytes() for line in done.lines if line.file}
    assert kept == {"handed in": notebook(ZHANG, says="mine"), "stranger": notebook(ZHANG)}
    there = {path.relative_to(done.folder).as_posix() for path in done.folder.glob("*/*.ipynb")}
    assert there == {line.file for line in done.lines if line.file}


def test_zips_of_platforms_nested_and_in_gbk(tmp_path):
    inner = zipped({"作业/01_lif_neuron.ipynb": notebook(says="inner")}, "gbk")
    source = tmp_path / "下载.zip"
    source.write_bytes(zipped({
        "第一次作业/张伟_2023001_作业.zip": inner,
        "第一次作业/李娜_2023002_.ipynb": notebook(says="gbk"),
        "第一次作业/Jane Doe_1_assignsubmission_file_/x.ipynb": notebook(),
    }, "gbk"))  # fmt: skip
    before = source.read_bytes()
    done = collect(source, tmp_path / "out", roster=CLASS)
    kept = [line for line in done.lines if line.file]
    assert [line.student for line in kept] == [ZHANG, LI, JANE]
    assert kept[0].source == "下载.zip/第一次作业/张伟_2023001_作业.zip/作业/01_lif_neuron.ipynb"
    assert source.read_bytes() == before


def test_another_run_keeps_the_newest_of_both_and_throws_nothing_away(tmp_path):
    out = tmp_path / "out"
    first = put(
        tmp_path / "1", {"张伟.ipynb": notebook(says="a"), "李娜.ipynb": notebook(says="b"), "q.ipynb": notebook()}
    )
    assert [line.state for line in collect(first, out).lines] == ["stranger"] * 3  # no roster: nobody is known
    again = collect(first, out, roster=CLASS)
    assert [line.file for line in again.lines if line.file] == [
        "2023001_张伟/01_lif_neuron.ipynb", "2023002_李娜/01_lif_neuron.ipynb", "strangers/q.ipynb",
    ]  # fmt: skip
    same = snapshot(out / "2023001_张伟") | snapshot(out / "2023002_李娜")
    assert table(collect(first, out, roster=CLASS).lines) == table(again.lines)
    assert snapshot(out / "2023001_张伟") | snapshot(out / "2023002_李娜") == same
    mended = out / "2023001_张伟/01_lif_neuron.ipynb"
    mended.write_bytes(notebook(says="mended by the teacher"))
    late = put(tmp_path / "2", {"张伟 late.ipynb": notebook(says="new")}, NOON + 9e5)
    done = collect(late, out, roster=CLASS)
    assert b"# new" in mended.read_bytes() and (out / "2023002_李娜/01_lif_neuron.ipynb").is_file()
    assert b"mended" in (out / place.HIDDEN / "replaced/2023001_张伟/01_lif_neuron.ipynb").read_bytes()
    assert [line.state for line in done.lines][:3] == ["handed in", "duplicate", "handed in"]
    early = put(tmp_path / "3", {"张伟.ipynb": notebook(says="older")}, NOON - 9e5)
    collect(early, out, roster=CLASS)
    assert b"# new" in mended.read_bytes()
    assert not (out / "strangers/张伟.ipynb").exists()


def test_a_table_has_no_formulas(tmp_path):
    evil = '=HYPERLINK("http://x","y")'
    source = put(tmp_path / "in", {"a.ipynb": notebook(Student(evil, "+1")), "-cmd.pdf": b"", "@x.txt": b""})
    done = collect(source, tmp_path / "out")
    rows = list(csv.reader(io.StringIO((done.folder / TABLE).read_text(encoding="utf-8-sig"))))
    cells = [cell for row in rows[1:] for cell in row if cell]
    assert f"'{evil}" in cells and "'+1" in cells and "'-cmd.pdf" in cells
    assert not any(cell.startswith(sheet.FORMULA) for cell in cells)


# Archives that bite


BOX = zipped({"x.ipynb": notebook()})


def members(content: bytes, limits: archives.Limits = archives.LIMITS, folder: Path | None = None):
    path = folder / "x.zip"
    path.write_bytes(content)
    return list(archives.walk(path, is_notebook, limits))


def test_nothing_is_written_outside_whatever_names_say(tmp_path):
    evil = ["../../evil.ipynb", f"{os.sep}tmp/../evil.ipynb", "C:\\evil.ipynb", "..\\..\\evil.ipynb",
            "a/../../../张伟.ipynb", "\\\\server\\share\\evil.ipynb", "con.ipynb", "张伟/../李娜/x.ipynb"]  # fmt: skip
    source = tmp_path / "here" / "x.zip"
    source.parent.mkdir()
    source.write_bytes(zipped({name: notebook(says=name) for name in evil}))
    told = {
        f"m{k}.ipynb": notebook(Student(name, name), says=name) for k, name in enumerate(("../..", "/etc", "..\\x"))
    }
    (source.parent / "y.zip").write_bytes(zipped(told))
    before = snapshot(tmp_path)
    for zip_, given in itertools.product(("x.zip", "y.zip"), (CLASS, None)):
        out = tmp_path / "deep" / "er" / f"{zip_} {given is None}"
        done = collect(source.parent / zip_, out, roster=given)
        kept = [line.file for line in done.lines if line.file]
        assert len(kept) == (len(evil) if zip_ == "x.zip" else 3)
        assert all((out / file).resolve().is_relative_to(out.resolve()) for file in kept)
    after = snapshot(tmp_path)
    assert {name for name in after if not name.startswith("deep/er/")} == set(before)
    assert all(after[name] == before[name] for name in before)


def test_links_in_archives_and_folders_are_not_followed(tmp_path):
    (tmp_path / "secret.ipynb").write_bytes(notebook(says="secret"))
    found = members(zipped({"张伟.ipynb": b"/etc/passwd"}, mode=stat.S_IFLNK | 0o777), folder=tmp_path)
    assert [(one.content, bool(one.refused)) for one in found] == [(b"", True)]
    folder = put(tmp_path / "in", {"李娜.ipynb": notebook()})
    try:
        (folder / "link.ipynb").symlink_to(tmp_path / "secret.ipynb")
        (folder / "loop").symlink_to(folder, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    found = {one.path: one for one in archives.walk(folder, is_notebook)}
    assert set(found) == {"李娜.ipynb", "link.ipynb", "loop"}
    assert [found[name].refused is None for name in ("李娜.ipynb", "link.ipynb", "loop")] == [True, False, False]


def test_reading_ends_whatever_an_archive_claims(tmp_path):
    small = archives.Limits(files=50, file=10_000, total=30_000, depth=2)
    found = members(zipped({"a.ipynb": b"0" * 10**6, "b.ipynb": notebook()}), small, tmp_path)
    assert [one.refused is None for one in found] == [False, True]
    found = members(zipped({f"{k}.ipynb": b"0" * 9_000 for k in range(9)}), small, tmp_path)
    assert [one.refused is None for one in found] == [True] * 3 + [False]
    found = members(zipped({f"{k}.txt": b"" for k in range(99)}), small, tmp_path)
    assert len(found) == 50 and found[-1].refused and not found[-2].refused
    nested = notebook()
    for k in range(4):
        nested = zipped({f"{k}.zip" if k else "x.ipynb": nested})
    (one,) = members(nested, small, tmp_path)
    assert one.refused.en == "too many zips in one another: unpack it"
    (one,) = members(zipped({"bomb.zip": b"0" * 10**6}), small, tmp_path)
    assert one.refused
    assert members(nested, archives.Limits(depth=4), tmp_path)[0].content == notebook()


@each_of(("content", "told"), [
    (b"", "no sound zip"), (b"PK\3\4 and more", "no sound zip"), (BOX[:-30], "no sound zip"),
    (BOX.replace(b"x.ipynb", b"\xff\xfe\0pynb", 1), "cannot be read"),
    (BOX.replace(b"\x14\0\0\0\x08\0", b"\x14\0\1\0\x08\0"), "encrypted"),
    (zipped({"x.7z": b""}), "no zip"),
])  # fmt: skip
def test_a_zip_that_cannot_be_read_is_listed(content, told, tmp_path):
    found = members(content, folder=tmp_path)
    assert [told in one.refused.en for one in found if one.refused] == [True], found


def test_damaged_bytes_in_a_zip_cost_their_own_member_only(tmp_path):
    content = bytearray(zipped({"a.ipynb": os.urandom(2000), "b.ipynb": notebook()}))
    content[200] ^= 255
    found = members(bytes(content), folder=tmp_path)
    assert [one.refused is None for one in found] == [False, True]


def test_garbage_never_stops_the_run(tmp_path):
    shuffled = random.Random(1)
    sound = zipped(
        {"张伟.ipynb": notebook(ZHANG), "b/c.txt": b"x" * 300, "n.zip": zipped({"李娜.ipynb": notebook(LI)})}
    )
    for _ in range(200):
        content = bytearray(sound)
        for _ in range(shuffled.randint(1, 8)):
            content[shuffled.randrange(len(content))] = shuffled.randrange(256)
        found = members(bytes(content[: shuffled.randint(1, len(content))]), folder=tmp_path)
        assert all(one.refused is not None or one.content or not is_notebook(one.path) for one in found)
        assert [path.name for path in tmp_path.rglob("*")] == ["x.zip"]


# Folders


@each_of(("where", "told"), [
    ("in", "one of"), ("in/out", "one of"), ("", "one of"), ("foreign", "new or empty folder"), ("nowhere", None),
])  # fmt: skip
def test_where_collecting_would_do_harm_it_says_so(where, told, tmp_path):
    source = put(tmp_path / "in", {"张伟.ipynb": notebook()})
    put(tmp_path / "foreign", {"thesis.tex": b"x"})
    if told is None:
        assert collect(source, tmp_path / where).lines
        return
    before = snapshot(tmp_path)
    with pytest.raises(ClassroomError, match=told):
        collect(source, tmp_path / where)
    assert snapshot(tmp_path) == before


def test_what_is_nothing_to_read_says_what_to_give(tmp_path):
    (tmp_path / "x.rar").write_bytes(b"Rar!")
    for source, told in (("nothing", "there is no"), ("x.rar", "neither a zip nor a folder")):
        with pytest.raises(ClassroomError, match=told):
            collect(tmp_path / source, tmp_path / "out")
    assert not (tmp_path / "out").exists()


@each_of(("lang", "parts"), [
    ("en", ("handed in 1", "missing 4", "stranger 1", "classroom grade", "the name of the file names somebody else")),
    ("zh", ("已交 1", "未交 4", "不知是谁的 1", "接下来", "笔记里和文件名里不是同一个人")),
])  # fmt: skip
def test_the_command_shows_the_table(lang, parts, tmp_path, monkeypatch):
    from course_snn.course.classroom import commands

    monkeypatch.setattr(language, "_chosen", lang)
    monkeypatch.setattr(commands.console, "width", 300)
    listed = tmp_path / "class.csv"
    listed.write_text("学号,姓名\n" + "".join(f"{one.id},{one.name}\n" for one in CLASS.students), encoding="utf-8")
    source = put(tmp_path / f"in {lang}", {"李娜.ipynb": notebook(ZHANG), "x.ipynb": notebook()})
    arguments = ["collect", str(source), str(tmp_path / f"out {lang}"), "--roster", str(listed)]
    done = CliRunner(env={"NO_COLOR": "1"}).invoke(commands.app, arguments)
    assert done.exit_code == 0, done.output
    for part in parts:
        assert part in done.output, (part, done.output)
