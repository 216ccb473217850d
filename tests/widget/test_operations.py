"""OperationStepper against the vectors of the contract: its JavaScript, its Python, its guesses."""

from __future__ import annotations

import json

import pytest
from operations import VECTORS
from together import each_of

from course_snn.language import speaking
from course_snn.widget import OperationStepper
from course_snn.widget.assembly_model import FIRST, OPERATIONS, START, operate, visible


@pytest.fixture
def page(page_of):
    return page_of(OperationStepper)


def run(ops):
    """The paths that are seen after the operations, and the error of the last, by the widget's Python."""
    state, part, error = START, None, None
    for op in ops:
        try:
            state, part = operate(state, op)
        except ValueError as raised:
            part, error = None, raised
    seen = visible(part or state)
    links = sorted([c.path, c.pre, c.post] for c in seen.connections)
    return [m.path for m in seen.members], links, error


def test_the_table_is_plain_data_and_knows_every_operation():
    assert json.loads(json.dumps(VECTORS)) == VECTORS
    assert {op["do"] for row in VECTORS for op in row["do"]} == set(OPERATIONS)


@each_of("row", VECTORS)
def test_page_and_python_do_what_the_contract_says(page, row):
    shown = page("operateAll", row["do"])
    assert (shown["members"], sorted(shown["connections"])) == (row["members"], row["connections"])
    members, links, error = run(row["do"])
    assert (members, links) == (row["members"], row["connections"])
    assert (shown["error"] is not None) == (error is not None) == (row["raises"] == "ValueError")
    if error:
        assert shown["error"][1] == f"ValueError: {error}"
    assert [page("operationLine", op) for op in row["do"]] == row["lines"]


@each_of("operation", OPERATIONS)
def test_an_operation_first_stands_in_the_page_as_in_python(page, operation):
    start = states(page)
    assert page("firstOperation", start, operation) == FIRST[operation]


def states(page, *ops):
    """The state of the page after some operations."""
    state = as_page(START)
    for op in ops:
        state = page("operate", state, op)["state"]
    return state


def as_page(state):
    members = [vars(m) for m in state.members]
    return {"members": members, "connections": [vars(c) for c in state.connections], "next": state.next}


@each_of("row", [row for row in VECTORS if not row["raises"] and row["do"] and row["seen"] == "A"])
def test_objects_keep_their_identity_in_the_page_as_in_python(page, row):
    state = START
    for op in row["do"]:
        state, _ = operate(state, op)
    assert states(page, *row["do"]) == json.loads(json.dumps(as_page(state)))


@each_of("operation", [name for name in OPERATIONS if FIRST[name]])
def test_a_guess_is_right_where_it_names_what_is_there(page, operation):
    op, state = FIRST[operation], states(page)
    members, links, _ = run([op])
    there = [*members, *(path for path, _, _ in links)]
    right = page("judged", state, op, there)
    assert all(right.values()) and set(there) <= set(right)
    unchanged = page("judged", state, op, ["a", "b", "c", "ab", "bc"])
    assert all(unchanged.values()) == (operation == "replace_assembly")  # which changes the object, not the names
    assert page("judged", state, op, []) == {path: path not in there for path in right}


def test_a_guess_can_fall_for_what_a_copy_does_not_bring(page):
    choice = page("tickable", states(page), {"do": "copy_assembly", "name": "d", "of": "b"})
    assert choice == {"members": ["a", "b", "c", "d"], "connections": ["ab", "bc", "ad", "dc"]}


@each_of("row", VECTORS)
def test_every_group_has_a_place_of_its_own_that_stays(page, row):
    before, after = states(page, *row["do"][:-1]), states(page, *row["do"])
    place = page("slots", [before, after])
    spots = list(place["middles"].values())
    for k, (x, y) in enumerate(spots):
        assert 24 <= x <= 296 and 17 <= y <= place["height"] - 17
        assert not any(abs(x - a) < 60 and abs(y - b) < 50 for a, b in spots[:k])
    groups = [m["path"] for state in (before, after) for m in state["members"] if m["num"] is not None]
    assert set(place["middles"]) == set(groups)


@each_of(
    "done, said",
    [
        ("del", "takes a list of operations"),
        ([{"do": "delete"}], "there are add_assembly, del_assembly"),
        ([{"do": "del_assembly", "of": "z"}], "z is not in A, which has a, b, c"),
        ([{"do": "del_assembly"}], "what can be done there"),
        ([{"do": "replace_assembly", "of": "b", "num": 5}], r"ab has weights [3, 2], which do not fit 5 neurons"),
    ],
)
def test_operations_that_cannot_be_done_are_refused(done, said):
    with pytest.raises(ValueError) as error:
        OperationStepper(done=done)
    assert said in str(error.value)


@each_of("row", [row for row in VECTORS if row["do"] and not row["raises"]])
def test_the_picture_shows_before_and_after(row):
    before, after = OperationStepper(done=row["do"]).figure().axes
    with speaking("en"):
        shown = [{text.get_text() for text in ax.texts} for ax in (before, after)]
    groups = {path for path in row["members"] if path != "sub"}
    assert groups <= shown[1] and groups - shown[0] <= set(row["members"])
