"""Vectors of the ten operations of an Assembly: what is done to the example, and what is there afterwards.

Plain data, for every implementation of the contract: the widget's JavaScript, the widget's Python, and
course_snn.network itself. A row is a dict:

    do           the operations as data, as OperationStepper keeps them
    lines        the same as Python source, to run one after another with `A = example()`, `example` and `network`;
                 example() makes a new Network with groups a(2), b(3), c(2) and connections ab: a > b, bc: b > c
    seen         "A", or "part" (the assembly that the last line gives): what the next two are about
    members      paths of all that is visible in it, the tree depth first
    connections  [path, path of pre, path of post] of all that is visible in it, sorted
    raises       None, or the error of the last line; then the members and connections are those before that line

A path is the way from `seen`, by the names under which it holds things ("a_1" after a merge, whatever its owner).
"""

from __future__ import annotations

from typing import Any

AB, BC = ["ab", "a", "b"], ["bc", "b", "c"]
ALL = ["a", "b", "c"]
ADD_D = ({"do": "add_assembly", "name": "d", "num": 4}, 'A.add_assembly("d", network.NeuronGroup(4))')
DEL_B = ({"do": "del_assembly", "of": "b"}, "A.del_assembly(A.b)")
DEL_SUB = ({"do": "del_assembly", "of": "sub"}, "A.del_assembly(A.sub)")
COPY_A = ({"do": "copy_assembly", "name": "d", "of": "a"}, 'A.copy_assembly("d", A.a)')
COPY_B = ({"do": "copy_assembly", "name": "d", "of": "b"}, 'A.copy_assembly("d", A.b)')
COPY_ALL = ({"do": "copy_assembly", "name": "sub", "of": "A"}, 'A.copy_assembly("sub", A)')
MERGE = ({"do": "merge_assembly"}, "A.merge_assembly(example())")
LOOP = (
    {"do": "add_connection", "name": "bb", "pre": "b", "post": "b"},
    'A.add_connection("bb", network.Connection(A.b, A.b))',
)
ACROSS = (
    {"do": "add_connection", "name": "ac", "pre": "a", "post": "c"},
    'A.add_connection("ac", network.Connection(A.a, A.c))',
)
INTO_SUB = (
    {"do": "add_connection", "name": "csub_a", "pre": "c", "post": "sub.a"},
    'A.add_connection("csub_a", network.Connection(A.c, A.sub.a))',
)
DEL_AB = ({"do": "del_connection", "of": "ab"}, "A.del_connection(A.ab)")
HIDE_B = ({"do": "assembly_hide", "of": "b"}, "A.b.assembly_hide()")
SHOW_B = ({"do": "assembly_show", "of": "b"}, "A.b.assembly_show()")
HIDE_SUB = ({"do": "assembly_hide", "of": "sub"}, "A.sub.assembly_hide()")
SUB = ["sub", "sub.a", "sub.b", "sub.c"]
SUB_LINKS = [["sub.ab", "sub.a", "sub.b"], ["sub.bc", "sub.b", "sub.c"]]
MERGED = [["ab_1", "a_1", "b_1"], ["bc_1", "b_1", "c_1"]]


def fit(of: str, num: int) -> tuple[dict[str, Any], str]:
    """Put a new group of `num` neurons in the place of an old one."""
    line = f"A.replace_assembly(A.{of}, network.NeuronGroup({num}))"
    return {"do": "replace_assembly", "of": of, "num": num}, line


def select(*names: str) -> tuple[dict[str, Any], str]:
    """part = A.select_assembly([…])."""
    listed = ", ".join(f"A.{name}" for name in names)
    return {"do": "select_assembly", "of": list(names)}, f"part = A.select_assembly([{listed}])"


def row(steps: tuple, members: list[str], connections: list[list[str]], raises: str | None = None) -> dict[str, Any]:
    """One row of the table, out of (data, line) pairs."""
    seen = "part" if steps and steps[-1][0]["do"] == "select_assembly" else "A"
    kept = {"do": [op for op, _ in steps], "lines": [line for _, line in steps], "seen": seen}
    return kept | {"members": members, "connections": sorted(connections), "raises": raises}


FIT, MISFIT = fit("b", 3), fit("b", 5)
VECTORS = [
    row((), ALL, [AB, BC]),
    row((ADD_D,), [*ALL, "d"], [AB, BC]),
    row((ADD_D, ADD_D), [*ALL, "d"], [AB, BC], "ValueError"),
    row((DEL_B,), ["a", "c"], []),
    row((LOOP, DEL_B), ["a", "c"], []),
    row((COPY_A,), [*ALL, "d"], [AB, BC]),
    row((COPY_B,), [*ALL, "d"], [AB, BC]),
    row((ADD_D, COPY_A), [*ALL, "d"], [AB, BC], "ValueError"),
    row((COPY_ALL,), [*ALL, *SUB], [AB, BC, *SUB_LINKS]),
    row((COPY_ALL, DEL_B), ["a", "c", *SUB], SUB_LINKS),
    row((COPY_ALL, DEL_SUB), ALL, [AB, BC]),
    row((COPY_ALL, INTO_SUB), [*ALL, *SUB], [AB, BC, *SUB_LINKS, ["csub_a", "c", "sub.a"]]),
    row((COPY_ALL, INTO_SUB, DEL_SUB), ALL, [AB, BC]),
    row((FIT,), ALL, [AB, BC]),
    row((LOOP, FIT), ALL, [AB, BC, ["bb", "b", "b"]]),
    row((MISFIT,), ALL, [AB, BC], "ValueError"),
    row((LOOP, MISFIT), ALL, [AB, BC, ["bb", "b", "b"]], "ValueError"),
    row((HIDE_B, FIT), ALL, [AB, BC]),
    row((fit("a", 2),), ALL, [AB, BC]),
    row((fit("a", 5),), ALL, [AB, BC], "ValueError"),
    row((fit("c", 5),), ALL, [AB, BC], "ValueError"),
    row((DEL_AB, fit("a", 5)), ALL, [BC]),
    row(
        (
            COPY_ALL,
            INTO_SUB,
            fit("sub", 2),
        ),
        [*ALL, *SUB],
        [AB, BC, *SUB_LINKS, ["csub_a", "c", "sub.a"]],
        "ValueError",
    ),
    row((MERGE,), [*ALL, "a_1", "b_1", "c_1"], [AB, BC, *MERGED]),
    row(
        (MERGE, MERGE),
        [*ALL, "a_1", "b_1", "c_1", "a_2", "b_2", "c_2"],
        [AB, BC, *MERGED, ["ab_2", "a_2", "b_2"], ["bc_2", "b_2", "c_2"]],
    ),
    row((DEL_B, MERGE), ["a", "c", "a_1", "b", "c_1"], [["ab", "a_1", "b"], ["bc", "b", "c_1"]]),
    row((MERGE, DEL_B), ["a", "c", "a_1", "b_1", "c_1"], MERGED),
    row((select("a", "b"),), ["a", "b"], [AB]),
    row((select("a", "c"),), ["a", "c"], []),
    row((ACROSS, select("c", "a")), ["c", "a"], [["ac", "a", "c"]]),
    row((COPY_ALL, INTO_SUB, select("c", "sub")), ["c", *SUB], [*SUB_LINKS, ["csub_a", "c", "sub.a"]]),
    row((ACROSS,), ALL, [AB, BC, ["ac", "a", "c"]]),
    row((LOOP,), ALL, [AB, BC, ["bb", "b", "b"]]),
    row((ACROSS, ACROSS), ALL, [AB, BC, ["ac", "a", "c"]], "ValueError"),
    row((DEL_AB,), ALL, [BC]),
    row((HIDE_B,), ["a", "c"], []),
    row((HIDE_B, SHOW_B), ALL, [AB, BC]),
    row((HIDE_B, ADD_D), ["a", "c", "d"], []),
    row((COPY_ALL, HIDE_SUB), ALL, [AB, BC]),
    row((COPY_ALL, INTO_SUB, HIDE_SUB), ALL, [AB, BC]),
]
