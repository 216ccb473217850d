"""Equal wrong answers: what counts as equal, what counts as telling, and a page that holds whatever is handed in."""

import ast
import json
import math
import random
from html.parser import HTMLParser

import hand_ins
import pytest
from hand_ins import cell, code, solved
from hypothesis import example, given, settings
from hypothesis import strategies as st
from together import each_of
from typer.testing import CliRunner

from course_snn import language
from course_snn.course import judge
from course_snn.course.classroom import marks
from course_snn.course.classroom.alike import LITTLE, MUCH
from course_snn.course.classroom.code_form import form, pieces
from course_snn.course.classroom.commands import app
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.marks import Grades, Mark, Row
from course_snn.course.classroom.similar import similar
from course_snn.course.classroom.similar_page import marked, page, write
from course_snn.course.exercise import chapter_exercises, find

STEP = "01.euler_step"
HEAD = "def euler_step(v, i, r, tau, dt):\n"
PLUS = HEAD + "    return v + dt / tau * (v + r * i)"  # a mistake that the exercise foresees
ODD = """def euler_step(v, i, r, tau, dt):
    # the leak pulls harder the farther it is
    leakage = -abs(v) ** 1.5 if v > 0.25 else v ** 3 / 7
    driven = r * i * (1 - v / 4)
    for _ in range(3):
        leakage = leakage * 0.5 + driven / (2 + tau)
    return v + dt / tau * (leakage + driven)
"""
ODD_RENAMED = """def euler_step(volt, current, res, t, d):
    a = -abs(volt) ** 1.5 if volt > 0.25 else (volt ** 3) / 7
    b = res * current * (1 - volt / 4)
    for k in range(3):
        a = a * 0.5 + b / (2 + t)
    return volt + d / t * (a + b)
"""
NOBODY = Mark(marks.WRONG, "数值不同", "the values differ")


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


def judged(name: str, source: str) -> Mark:
    """The mark that the judge gives; only for answers that are written here."""
    space: dict = {"math": math}
    exec(source, space)
    exercise = find(name)
    verdict = judge.assess(exercise, judge.attempt(exercise, space[exercise.name]))
    return Mark.of(verdict.state, verdict.reason, verdict.named and not verdict.passed)


def classroom(folder, *entries, exercise=STEP):
    """A graded folder: for each (file, number, name, source, mark) a notebook of the chapter, all else solved."""
    rows, key, called = [], exercise[:2], find(exercise).name
    for file, number, name, source, mark in entries:
        notebook = source if isinstance(source, dict) else solved(key, **{called: source})
        notebook["metadata"]["course"] = {"student": {"id": number, "name": name}, "assignment": {"chapters": [key]}}
        path = folder / f"{file}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
        states = {one.id: Mark(marks.PASSED) for one in chapter_exercises(key)} | {exercise: mark}
        rows.append(Row(f"{file}.ipynb", f"{number} {name}".strip(), states))
    marks.save(Grades(tuple(one.id for one in chapter_exercises(key)), tuple(rows), "s"), folder)
    return folder


def others(count, source=PLUS, mark=None):
    mark = mark or judged(STEP, source)
    return [(f"p{k}", f"2023{k:03}", f"同学{k}", source, mark) for k in range(count)]


def test_a_folder_that_is_not_graded_says_what_to_run(tmp_path):
    with pytest.raises(ClassroomError, match="classroom grade"):
        similar(tmp_path)
    with pytest.raises(ClassroomError, match="no folder"):
        similar(tmp_path / "none")


def test_the_odd_one_comes_first_and_the_foreseen_mistake_last(tmp_path):
    found = similar(
        classroom(
            tmp_path,
            *others(8),
            ("a", "1", "张伟", ODD, NOBODY),
            ("b", "2", "王芳", ODD, NOBODY),
            ("c", "3", "李娜", ODD_RENAMED, NOBODY),
            ("d", "4", "Ann", HEAD + "    return 7 * v", NOBODY),
        )
    )
    odd, plus = found.wrong
    assert (odd.students, odd.level) == (("1 张伟", "2 王芳", "3 李娜"), MUCH)
    assert (odd.to_the_letter, odd.word_by_word, odd.answered, odd.same) == (2, 2, 12, 4)
    assert odd.comments == ("the leak pulls harder the farther it is",)
    assert odd.names == ("driven", "leakage")
    assert [students for _, students in odd.versions] == [("1 张伟", "2 王芳"), ("3 李娜",)]
    assert (len(plus.students), plus.level, plus.foreseen, plus.same, plus.points) == (8, LITTLE, True, 8, 0)
    assert (found.compared, found.students) == (12, 12)


def test_the_points_are_those_that_the_module_states(tmp_path):
    source = HEAD + "    return v * 3.25 % 2"  # own words: *, 3.25, %, 2 are four, * stands in the solution
    found = similar(classroom(tmp_path, ("a", "1", "A", source, NOBODY), ("b", "2", "B", source, NOBODY)))
    assert [(group.own, group.points) for group in found.wrong] == [(3, pytest.approx(3 * (1 - 2 / 3)))]


def test_several_files_of_one_student_are_no_group_and_are_told(tmp_path):
    found = similar(classroom(tmp_path, ("a", "1", "A", ODD, NOBODY), ("old/a", "1", "A", ODD, NOBODY)))
    assert not found.wrong
    assert "a.ipynb = old/a.ipynb" in found.notes[0].en
    found = similar(
        classroom(tmp_path, *[(f"{k}", k, "", ODD, NOBODY) for k in "12"], ("3", "1", "", ODD_RENAMED, NOBODY))
    )
    assert [(group.students, len(group.answers)) for group in found.wrong] == [(("1", "2"), 3)]


def test_a_stub_is_no_answer_and_right_answers_come_on_request(tmp_path):
    stub = "".join(code(hand_ins.original("01"), STEP)["source"])
    right = HEAD + "    slope = (r * i - v) / tau\n    return v + dt * slope"
    entries = [
        *[(f"s{k}", f"s{k}", "", stub, NOBODY) for k in range(2)],
        *[(f"r{k}", f"r{k}", "", right, Mark(marks.PASSED)) for k in range(2)],
        *[(f"t{k}", f"t{k}", "", find(STEP).source, Mark(marks.PASSED)) for k in range(2)],
    ]
    folder = classroom(tmp_path, *entries)
    assert similar(folder).wrong == similar(folder).right == ()
    found = similar(folder, also_right=True)
    assert [group.students for group in found.right] == [("r0", "r1")]
    assert found.as_published == 2 + 6 * 4  # and the four other exercises of all six


def test_what_stands_in_other_cells_counts(tmp_path):
    def helped(body):
        notebook = solved("01", euler_step=HEAD + "    return change(v, i) + v")
        notebook["cells"].insert(3, cell(f"# helps\ndef change(a, b):\n    {body}\n\nunused = 3"))
        return notebook

    found = similar(
        classroom(
            tmp_path,
            ("a", "1", "", helped("return a * 9.5 - b"), NOBODY),
            ("b", "2", "", helped("return a * 9.5 - b  # mine"), NOBODY),
            ("c", "3", "", helped("return a * 9.25 - b"), NOBODY),
        )
    )
    assert [group.students for group in found.wrong] == [("1", "2")]
    assert "def change" in found.wrong[0].versions[0][0]
    assert "unused" not in found.wrong[0].versions[0][0]


def test_code_that_python_cannot_read_is_compared_word_by_word(tmp_path):
    slip = "def euler_step(v, i, r, tau, dt)\n    gain = 3.75 * r\n    return gain"
    error = Mark(marks.ERROR, "语法错误", "SyntaxError")
    found = similar(
        classroom(
            tmp_path,
            ("a", "1", "", slip, error),
            ("b", "2", "", slip.replace(" * ", "*") + "  # so", error),
            ("c", "3", "", slip.replace("gain", "g"), error),
            ("d", "4", "", slip + "\0", error),
        )
    )
    assert [(group.students, group.answers[0].form.tree) for group in found.wrong] == [(("1", "2"), False)]


def test_who_is_together_in_two_exercises_is_said(tmp_path):
    folder = classroom(tmp_path, ("a", "1", "A", ODD, NOBODY), ("b", "2", "B", ODD, NOBODY))
    grades = marks.load(folder)
    for row in grades.rows:
        row.states["01.rheobase"] = NOBODY
        path = folder / row.file
        notebook = json.loads(path.read_text(encoding="utf-8"))
        code(notebook, "01.rheobase")["source"] = (
            "def rheobase(r, v_threshold, v_reset):  # wild guess\n    guess = 3.5\n    other = guess ** guess\n"
            '    return (v_threshold - v_reset) / r + other\n\ncourse.check("01.rheobase", rheobase)'
        )
        path.write_text(json.dumps(notebook), encoding="utf-8")
    marks.save(grades, folder)
    assert similar(folder).pairs == (("1 A", "2 B", (STEP, "01.rheobase")),)


# ---------------------------------------------------------------------------- what counts as equal

SAME = [
    ("def f(x):\n    return x + 1", "def f(y):\n    '''Add one.'''\n    return (y\n            + 1)  # one"),
    ("def f(x):\n    return [k * 2 for k in x if k]", "def f(a):\n    return [b * 2 for b in a if b]"),
    ("def f(x):\n    return [x for x in x]", "def f(x):\n    return [y for y in x]"),
    ("import torch\ndef f(x):\n    return torch.exp(x)", "from torch import exp as e\ndef f(x):\n    return e(x)"),
    ("import torch.nn.functional as F\ndef f(x):\n    return F.relu(x)", "import torch\ndef f(x):\n"
     "    return torch.nn.functional.relu(x)"),
    ("def f(x):\n    return g(x, a=1, b=2)", "def f(x):\n    return g(x, b=2, a=1)"),
    ("def g(x):\n    return x\ndef f(x):\n    return g(x)", "def f(y):\n    return h(y)\ndef h(z):\n    return z"),
    ("def g(x, y):\n    return x - y\ndef f(x):\n    return g(y=x, x=1)", "def h(a, b):\n    return a - b\n"
     "def f(x):\n    return h(a=1, b=x)"),
    ("def f(x: int) -> int:\n    y: int = 0x10\n    pass\n    return y", 'def f(x):\n    y = 16\n    return y'),
    ("def f(x):\n    try:\n        return 1\n    except ValueError as e:\n        return e",
     "def f(x):\n    try:\n        return 1\n    except ValueError as error:\n        return error"),
    ("def f(x):\n    match x:\n        case [a, *b]:\n            return a", "def f(y):\n    match y:\n"
     "        case [c, *d]:\n            return c"),
    ("def f(a):\n    class C:\n        a = 1\n        def g(self):\n            return a\n    return C",
     "def f(b):\n    class C:\n        a = 1\n        def g(self):\n            return b\n    return C"),
    ("def f(x):\n    return 'a'", 'print(1)\ndef f(x):\n    return "a"\nf(3)'),
    ("def f(x):\n    if (n := len(x)) > 2:\n        return n",
     "def f(x):\n    if (m := len(x)) > 2:\n        return m"),
]  # fmt: skip
DIFFERENT = [
    ("import torch\ndef f(x):\n    return torch.exp(x)", "import torch\ndef f(x):\n    return torch.sin(x)"),
    ("from torch import exp\ndef f(x):\n    return exp(x)",
     "from torch import sin as exp\ndef f(x):\n    return exp(x)"),
    ("def f(x):\n    return sum(x)", "def f(x):\n    return max(x)"),
    ("def f(x):\n    return x.a", "def f(x):\n    return x.b"),
    ("def f(x, y):\n    return x - y", "def f(x, y):\n    return y - x"),
    ("def f(x):\n    return 1", "def f(x):\n    return 1.0"),
    ("def f(x):\n    return 1", "def f(x):\n    return True"),
    ("def f(x):\n    return 0.0", "def f(x):\n    return -0.0"),
    ("def f(x):\n    return '1'", "def f(x):\n    return b'1'"),
    ("def f(x):\n    return g(a=x)", "def f(x):\n    return g(b=x)"),
    ("def f(x):\n    return g(**x, a=1)", "def f(x):\n    return g(a=1, **x)"),
    ("def f(x):\n    return x < 1", "def f(x):\n    return x <= 1"),
    ("def f(x):\n    y = x\n    return y", "def f(x):\n    y = x\n    return x"),
    ("def f(x):\n    return (x, 1)", "def f(x):\n    return [x, 1]"),
    ("def h(exp):\n    return exp\ndef f(x):\n    return h(exp(x))",
     "def h(sin):\n    return sin\ndef f(x):\n    return h(sin(x))"),
    ("class f:\n    a = 1\n    def g(self):\n        return a",
     "class f:\n    a = 1\n    def g(self):\n        return b"),
    ("class f:\n    def a(self):\n        return 1", "class f:\n    def b(self):\n        return 1"),
    ("def f(x):\n    return f'{x}'", "def f(x):\n    return f'{x!r}'"),
    ("def f(x):\n    global y\n    y = x", "def f(x):\n    global z\n    z = x"),
    ("def f(x=1):\n    return x", "def f(x=2):\n    return x"),
    ("def f(x, *y):\n    return x", "def f(x, y):\n    return x"),
    ("def f(x):\n    x += 1\n    return x", "def f(x):\n    x = x + 1\n    return x"),
    ("def f(x):\n    async def g(): pass\n    return x", "def f(x):\n    def g(): pass\n    return x"),
]  # fmt: skip


@each_of(("one", "other", "same"), [(*pair, True) for pair in SAME] + [(*pair, False) for pair in DIFFERENT])
def test_forms(one, other, same):
    first, second = form(one, "f"), form(other, "f")
    assert first.tree and second.tree
    assert (first.key == second.key) is same


TEMPLATE = """
import math
def {h}({a}, {b}=2):
    def {g}({c}):
        return {c} * {a} + sum({d} for {d} in range({b}))
    return {g}
def f({x}, {y}):
    {t} = [{u} + {y} for {u} in {x} if {u} > 0.5]
    {k} = lambda {v}: max({v}, {y}) - math.exp(-{v})
    try:
        {t}.append({h}({y})({k}(3)))
    except TypeError as {e}:
        {t} = [len(str({e}))]
    if ({w} := len({t})) > 1:
        {t} = {t}[:{w}]
    return [abs(round({k}({s}), 6)) for {s} in {t}]
"""
PLACES = "habgcdxytukvews"
TAKEN = {"f", "math", "sum", "range", "max", "TypeError", "len", "str", "abs", "round", "append", "exp"}
PLAIN = dict(zip(PLACES, (f"n_{place}" for place in PLACES), strict=True))


def renamed(**names):
    return TEMPLATE.format(**PLAIN | names)


def outcome(source):
    space: dict = {}
    try:
        exec(source, space)
        return repr(space["f"]([0.25, 1.0, 2.0], 3))
    except Exception as error:
        return type(error).__name__


@settings(max_examples=60, deadline=None)
@given(st.permutations([f"name{k}" for k in range(10)] + ["x", "y", "数", "Sum", "Exp"]), st.randoms())
def test_renaming_and_formatting_keep_a_form(names, chance):
    source = renamed(**dict(zip(PLACES, names, strict=True)))
    lines = [line + chance.choice(["", "  # why", "   "]) for line in source.split("\n")]
    if chance.random() < 0.5:
        lines = ast.unparse(ast.parse(source)).split("\n")
    spaced = "\n".join(line + chance.choice(["", "\n", "\n# so\n"]) for line in lines)
    assert form(spaced, "f").key == form(renamed(), "f").key


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(PLACES), st.sampled_from(["sum", "max", "math", "len", "n_x", "n_t", "n_y", "abs"]))
)
@example({"c": "n_a"})
def test_equal_forms_compute_the_same_whatever_names_collide(names):
    try:
        compile(source := renamed(**names), "cell", "exec")
    except SyntaxError:
        return
    if form(source, "f").key == form(renamed(), "f").key:
        assert outcome(source) == outcome(renamed())


def changed(tree: ast.Module, chance: random.Random) -> ast.Module:
    """The tree with one constant, operator or attribute changed."""
    kinds = (ast.Constant, ast.BinOp, ast.Compare, ast.Attribute)
    node = chance.choice([one for one in ast.walk(tree) if isinstance(one, kinds)])
    match node:
        case ast.Constant():
            node.value = node.value + chance.choice([1, 0.5])
        case ast.BinOp():
            node.op = ast.Pow() if not isinstance(node.op, ast.Pow) else ast.Mod()
        case ast.Compare():
            node.ops = [ast.NotEq()]
        case ast.Attribute():
            node.attr += "_"
    return tree


@settings(max_examples=60, deadline=None)
@given(st.randoms())
def test_a_changed_constant_operator_or_attribute_breaks_a_form(chance):
    source = ast.unparse(changed(ast.parse(renamed()), chance))
    assert form(source, "f").key != form(renamed(), "f").key


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("\"'\\#rfb\n ax1.*=({\0\ud800\u202e"), max_size=60))
def test_any_text_is_cut_into_pieces_that_make_it_again_and_has_a_form(text):
    assert "".join(pieces(text)) == text
    assert form(text, "f").key == form(text, "f").key


# ---------------------------------------------------------------------------- the page

HOSTILE = [
    "def euler_step(*a):\n    return '</script><script>alert(1)</script><img src=x onerror=alert(2)>' #--><b>",
    "def euler_step(*a):\n    return " + "(" * 150 + "1" + ")" * 150,
    "def euler_step(*a):\n    return " + "-" * 5000 + "1",
    "def euler_step(*a):\n    return " + "+".join(["1"] * 40_000),
    "def euler_step(*a):\n    return " + "f(" * 90 + ")" * 90,
    "def euler_step(*a):\n    return '\u202e\u2066\ud800\x1b[2J'\0",
    "def euler_step(*a):\n    return 0x" + "f" * 100_000,
    "def euler_step(*a):\n    return " + "+".join(["1"] * 2000),
    "\n" * 100_000 + "check(" * 10_000,
    "'\\" * 90_000,
    '"""' + "'''" * 30_000,
    "#" * 190_000,
    "x" * 300_000,
]


@each_of("source", [*HOSTILE, "f(" * 100_000, "\0", ""])
def test_hostile_code_has_a_form(source):
    assert form(source, "f").key == form(source, "f").key
    assert "".join(pieces(source)) == source


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes = [], set()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}


def test_hostile_code_and_names_stay_text(tmp_path):
    said = [source[:80].encode("utf-8", "replace").decode() for source in HOSTILE]
    entries = [
        (f"{who}{k}", f"<b>{who}&{k}", "张伟", source, Mark(marks.ERROR, f"<i>{said[k]}", f"</dd>{said[k]}"))
        for k, source in enumerate(HOSTILE)
        for who in "ab"
    ]
    found = similar(classroom(tmp_path, *entries))
    assert len(found.wrong) == len(HOSTILE)
    text = page(found)
    text.encode()
    tags = _Tags()
    tags.feed(text)
    assert tags.tags.count("script") == 3 and not {"img", "b"} & set(tags.tags)
    assert "onerror" not in tags.attributes
    assert not set("\u202e\u2066\x1b\0") & set(text)
    assert "http" not in text.replace("http://www.w3.org", "")
    assert len(text) < 600_000


def test_what_differs_is_marked():
    assert marked("a = b  # x", "a = c # y") == "a = <mark>b</mark>  <mark># x</mark>"
    assert marked("a  =  b", "a = b") == "a  =  b"
    assert marked("f(a, <b)", "f(a)") == "f(a<mark>,</mark> <mark>&lt;</mark><mark>b</mark>)"


def test_the_page_says_first_that_it_is_a_hint_and_holds_both_languages(tmp_path):
    found = similar(classroom(tmp_path, ("a", "1", "张伟", ODD, NOBODY), ("b", "2", "王芳", ODD_RENAMED, NOBODY)))
    text = page(found, "zh")
    assert text.index("This is a hint, never a verdict") < text.index("张伟")
    assert text.index("这是提示，不是结论") < text.index("张伟")
    assert 'data-course-lang="zh"' in text and "the values differ" in text and "数值不同" in text
    assert "<mark>leakage</mark>" in text and "<mark>a</mark>" in text


def test_the_command_writes_the_page_and_nothing_over_other_files(tmp_path):
    folder = classroom(tmp_path / "班级", ("a", "1", "张伟", ODD, NOBODY), ("b", "2", "王芳", ODD, NOBODY), *others(3))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for _ in range(2):
        done = CliRunner().invoke(app, ["similar", str(folder)], catch_exceptions=False)
        assert done.exit_code == 0
    assert "never a verdict" in " ".join(done.output.split())
    assert "张伟" in done.output and "1 more group: most likely chance" in " ".join(done.output.split())
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path in before} == before
    assert (folder / "similar.html").is_file()
    (tmp_path / "mine.html").write_text("mine", encoding="utf-8")
    for name in ("mine.html", "notes.ipynb"):
        with pytest.raises(ClassroomError):
            write("text", tmp_path / name)
    assert (tmp_path / "mine.html").read_text(encoding="utf-8") == "mine"
