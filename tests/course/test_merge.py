"""The merge of a new chapter with a learner's answers: nothing the learner wrote is lost, nothing untouched is old."""

import copy
import random

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from together import each_of

from course_snn.course import beside, cells
from course_snn.course.merge import merge

STUB = 'def f(x):\n    ...\n\n\ncourse.check("01.{name}", f)'


def cell(name: str | None, source: str, kind: str = "code", **more) -> dict:
    runs = {"outputs": [], "execution_count": None} if kind == "code" else {}
    made = {"cell_type": kind, "id": name, "metadata": {}, "source": source.splitlines(keepends=True), **runs, **more}
    return {key: value for key, value in made.items() if value is not None or key == "execution_count"}


def notebook(*made: dict, **metadata) -> dict:
    return {"cells": list(made), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def texts(book: dict) -> list[str]:
    return [cells.source(cell) for cell in book["cells"]]


def edited(book: dict, name: str, source: str, **more) -> dict:
    book = copy.deepcopy(book)
    next(cell for cell in book["cells"] if cell["id"] == name).update(source=source, **more)
    return book


ONE, TWO = STUB.format(name="one"), STUB.format(name="two")
BASE = notebook(cell("a", "# Title", "markdown"), cell("b", "x = 1"), cell("c", ONE), cell("d", "y"))


def test_what_the_learner_left_alone_becomes_the_new_version():
    new = notebook(cell("d", "y"), cell("e", "new"), cell("a", "# Other", "markdown"), cell("c", ONE))
    merged = merge(BASE, BASE, new)
    assert merged.notebook == new and merged.kept == [] and set(merged.changed) == {"a", "b", "e"}


def test_an_answer_stays_with_its_output_while_the_rest_moves_on():
    ran = {"outputs": [{"output_type": "stream", "name": "stdout", "text": "passed"}], "execution_count": 4}
    mine = edited(BASE, "c", ONE.replace("...", "return x"), **ran)
    mine = edited(mine, "d", "y", **ran)
    new = edited(edited(BASE, "b", "x = 2"), "a", "# Better")
    merged = merge(BASE, mine, new)
    assert texts(merged.notebook) == ["# Better", "x = 2", cells.source(mine["cells"][2]), "y"]
    assert [one.get("execution_count") for one in merged.notebook["cells"]] == [None, None, 4, 4]
    assert merged.kept == ["c"] and merged.both == [] and merged.changed == ["a", "b"]
    assert merge(BASE, edited(BASE, "d", "y", **ran), edited(BASE, "d", "z")).notebook["cells"][3]["outputs"] == []


@each_of("kind, source", [("code", "z = ```\n3"), ("markdown", "## Words"), ("raw", "raw")])
def test_where_both_changed_a_cell_the_courses_text_stands_below_and_does_not_run(kind, source):
    base = notebook(cell("a", "old", kind), cell("own-next", "x"))
    mine = edited(base, "a", "mine")
    mine["cells"].insert(1, cell("mine", "my own"))
    new = edited(base, "a", source)
    merged = merge(base, mine, new)
    kept, note, own, last = merged.notebook["cells"]
    assert [cells.source(kept), cells.source(own), cells.source(last)] == ["mine", "my own", "x"]
    assert note["cell_type"] == "markdown" and source in cells.source(note) and merged.both == ["a"]
    assert 'lang="zh"' in cells.source(note) and 'lang="en"' in cells.source(note)
    assert (kind == "markdown") or cells.source(note).count("````" if "```" in source else "```") == 2
    nbformat.validate(nbformat.from_dict(merged.notebook))
    assert merge(new, merged.notebook, new).notebook == merged.notebook

    newest = edited(base, "a", "newest")  # the note that nobody wrote in gives way to the next
    again = merge(new, merged.notebook, newest).notebook
    assert len(again["cells"]) == 4 and "newest" in texts(again)[1] and source not in texts(again)[1]
    annotated = edited(merged.notebook, note["id"], cells.source(note) + "\nmy remark")
    assert any("my remark" in text for text in texts(merge(new, annotated, newest).notebook))


def test_own_cells_stay_after_their_neighbour_and_deleted_ones_stay_away():
    mine = copy.deepcopy(BASE)
    mine["cells"] = [cell("first", "0"), mine["cells"][0], cell("m1", "1"), cell("m2", "2"), *mine["cells"][2:]]
    mine["cells"].append(cell("last", "3"))
    new = copy.deepcopy(BASE)
    new["cells"] = [new["cells"][3], cell("e", "new"), *new["cells"][:3]]
    merged = merge(BASE, mine, new)
    assert [one["id"] for one in merged.notebook["cells"]] == ["first", "d", "last", "e", "a", "m1", "m2", "c"]
    back = merge(BASE, mine, edited(new, "b", "x = 3"))  # the course says something else there now
    assert "x = 3" in texts(back.notebook)


def test_what_the_course_took_out_goes_unless_the_learner_worked_in_it():
    new = notebook(BASE["cells"][0], BASE["cells"][3])
    mine = edited(BASE, "c", "my answer")
    assert texts(merge(BASE, mine, new).notebook) == ["# Title", "my answer", "y"]


@each_of("damage", ["renumbered", "missing", "doubled", "course renumbers"])
def test_cells_are_known_without_their_ids(damage):
    answer = ONE.replace("...", "return x")
    mine, new = edited(BASE, "c", answer), edited(BASE, "b", "x = 2")
    if damage == "renumbered":
        for number, one in enumerate(mine["cells"]):
            one["id"] = f"{number:08x}"
    elif damage == "missing":
        mine["nbformat_minor"] = 4
        for one in mine["cells"]:
            del one["id"]
    elif damage == "doubled":
        mine["cells"].insert(3, cell("c", "a copy of mine"))
    else:
        for number, one in enumerate(new["cells"]):
            one["id"] = f"n{number}"
        new["cells"][1]["source"] = BASE["cells"][1]["source"]
    merged = merge(BASE, mine, new)
    wanted = ["# Title", "x = 1" if damage == "course renumbers" else "x = 2", answer, "y"]
    assert [text for text in texts(merged.notebook) if text != "a copy of mine"] == wanted
    assert ("a copy of mine" in texts(merged.notebook)) == (damage == "doubled")
    names = [one["id"] for one in merged.notebook["cells"]]
    assert len(set(names)) == len(names)
    nbformat.validate(nbformat.from_dict(merged.notebook))


def test_an_exercise_is_known_by_its_name_where_id_and_text_are_lost():
    answer, stub = ONE.replace("...", "return x"), ONE.replace("...", "return 0")
    mine, new = edited(BASE, "c", answer, id="lost"), edited(BASE, "c", stub, id="renumbered")
    merged = merge(BASE, mine, new)
    assert merged.both == ["renumbered"] and merged.notebook["cells"][2]["id"] == "renumbered"
    assert texts(merged.notebook)[2] == answer and stub in texts(merged.notebook)[3]


def test_exercises_that_changed_places_under_numbered_ids_are_not_mistaken_for_each_other():
    base = notebook(cell("cell-1", ONE), cell("cell-2", TWO))
    new = notebook(cell("cell-1", TWO), cell("cell-2", ONE))
    mine = edited(base, "cell-1", answer := ONE.replace("...", "return 1"))
    merged = merge(base, mine, new)
    assert texts(merged.notebook) == [TWO, answer] and merged.both == []


def test_without_a_copy_of_what_was_handed_out_answers_stay_and_nothing_is_lost():
    answer = ONE.replace("...", "return x")
    mine, new = edited(edited(BASE, "c", answer), "b", "x = 100"), edited(BASE, "a", "# Better")
    merged = merge(None, mine, new)
    assert merged.both == ["a", "b"] and set(merged.kept) == {"a", "b", "c"}
    found = texts(merged.notebook)
    assert "# Better" in found[1] and {"# Title", "x = 100", answer, "y"} <= set(found) and len(found) == 6


def test_the_newlines_of_windows_are_no_change():
    book = notebook(cell("a", "one\ntwo"))
    windows = edited(book, "a", "one\r\ntwo")
    assert merge(book, windows, edited(book, "a", "new")).kept == []


def test_metadata_is_merged_entry_by_entry():
    base = notebook(cell("a", "x"), kernelspec={"name": "python3"}, language_info={"version": "1"})
    mine, new = copy.deepcopy(base), copy.deepcopy(base)
    base["cells"][0]["metadata"] = {"tags": ["exercise"], "gone": 1}
    mine["cells"][0]["metadata"] = {"tags": ["exercise"], "gone": 1, "collapsed": True}
    new["cells"][0]["metadata"] = {"tags": ["exercise", "more"]}
    mine["metadata"] |= {"kernelspec": {"name": "other"}, "language_info": {"version": "2"}}
    merged = merge(base, mine, new).notebook
    assert merged["cells"][0]["metadata"] == {"tags": ["exercise", "more"], "collapsed": True}
    assert merged["metadata"] == {"kernelspec": {"name": "other"}, "language_info": {"version": "2"}}


KINDS = st.sampled_from(["code", "markdown", "raw"])
SOURCES = st.sampled_from(["", "x", "y = 1", "# T", "中文\n$v$", "a\r\nb", *(STUB.format(name=n) for n in "pqr")])
BOOKS = st.lists(st.tuples(KINDS, SOURCES), max_size=7).map(
    lambda made: notebook(*(cell(f"c{number}", source, kind) for number, (kind, source) in enumerate(made)))
)


def shaken(book: dict, rng: random.Random, who: str) -> dict:
    """The notebook after some random edits: of text, place, number, names, metadata and outputs."""
    book = copy.deepcopy(book)
    for step in range(rng.randrange(6)):
        made, at = book["cells"], rng.randrange(len(book["cells"]) + 1)
        what = rng.choice(["add", "copy", "edit", "edit", "delete", "move", "id", "no id", "type", "run"])
        if what == "add" or not made:
            made.insert(at, cell(f"{who}{step}", f"{who} {rng.random()}", rng.choice(["code", "markdown"])))
            continue
        at = min(at, len(made) - 1)
        if what == "copy":
            made.insert(rng.randrange(len(made)), copy.deepcopy(made[at]))
        elif what == "edit":
            made[at]["source"] = f"{cells.source(made[at])}\n# {who} {rng.random()}"
        elif what == "delete":
            del made[at]
        elif what == "move":
            made.insert(rng.randrange(len(made)), made.pop(at))
        elif what == "id":
            made[at]["id"] = f"{who}-{step}"
        elif what == "no id":
            made[at].pop("id", None)
        elif what == "type":
            made[at]["cell_type"] = "markdown"
        elif made[at]["cell_type"] == "code":
            made[at]["execution_count"] = rng.randrange(9)
    return book


@settings(max_examples=300, deadline=None)
@given(BOOKS, st.randoms(use_true_random=False))
def test_whatever_both_did_nothing_of_the_learners_is_lost(base, rng):
    mine, new = shaken(base, rng, "mine"), shaken(base, rng, "new")
    for cell_ in new["cells"]:
        cell_.setdefault("id", "x")
    before = copy.deepcopy((base, mine, new))
    for given_out in (base, None):
        merged = merge(given_out, mine, new)
        assert before == (base, mine, new)
        found, handed_out = texts(merged.notebook), {cells.source(cell) for cell in base["cells"]}
        assert not [text for text in texts(mine) if text not in found and (given_out is None or text not in handed_out)]
        names = [one["id"] for one in merged.notebook["cells"]]
        assert len(set(names)) == len(names)
        shown = "\n".join(found)
        for one in new["cells"]:  # the course's text is there, or the learner deleted exactly it
            text = cells.source(one)
            guessed = given_out is None and cells.exercise(one)  # then it is taken for a stub that was answered
            assert text in shown or text in handed_out or text in texts(mine) or guessed
        again = merge(new, merged.notebook, new)
        assert again.notebook == merged.notebook and not again.both


@settings(max_examples=200, deadline=None)
@given(BOOKS, st.randoms(use_true_random=False))
def test_a_learner_who_changed_nothing_has_the_new_version_exactly(base, rng):
    new = shaken(base, rng, "new")
    for number, one in enumerate(new["cells"]):
        one["id"] = one.get("id") if one.get("id") not in {c["id"] for c in new["cells"][:number]} else f"u{number}"
        one["id"] = one["id"] or f"v{number}"
    merged = merge(base, base, new)
    assert merged.notebook == new and merged.kept == merged.both == []


def test_a_note_that_was_written_in_is_nobodys_to_remove():
    note = beside.beside(cell("a", "text"))
    assert beside.is_stale(note, {"a"}) and not beside.is_stale(note, {"b"})
    assert not beside.is_stale(note | {"source": "mine"}, {"a"})


@each_of(
    "content",
    [b"", b"{", b"[]", b'{"nbformat": 3, "worksheets": []}', b'{"nbformat": 4, "cells": 1}', b"\xff\xfe",
     b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}', b"[" * 100_000,
     b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": [], "metadata": []}]}'],
)  # fmt: skip
def test_what_is_no_notebook_is_not_read_as_one(content):
    with pytest.raises(cells.NotANotebook):
        cells.parse(content)
    assert cells.stamped(content) == content


def test_a_notebook_is_written_as_jupyter_writes_it(root):
    for path in sorted((root / "notebooks").glob("0[01]_*.ipynb")):
        content = path.read_bytes()
        assert cells.dump(cells.parse(content)) == content
        done = cells.parse(cells.stamped(content))
        assert done["metadata"]["language_info"] == cells.language_info()
        assert done["cells"] == cells.parse(content)["cells"]
        assert cells.stamped(cells.stamped(content)) == cells.stamped(content)
    half = notebook(cell("a", "\ud83d"))
    assert cells.parse(cells.dump(half)) == half
    other = cells.dump(notebook(kernelspec={"name": "julia"}))
    assert cells.stamped(other) == other
