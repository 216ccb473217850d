"""The site as files: what is in it and what must not be, what folder it takes, the same bytes each time."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import minicourse
import nbformat
import pytest
from minicourse import BEGIN, PROSE, STUB, code, markdown
from together import each_of
from typer.testing import CliRunner

from course_snn import figure, widget
from course_snn.course import chapters, exercise
from course_snn.course.judge import judge
from course_snn.course.site import build as building
from course_snn.course.site import extra, reading, verdicts
from course_snn.course.site.error import SiteError
from course_snn.course.site.markdown import markdown as to_html
from course_snn.course.site.markdown import mathml
from course_snn.widget import stored

TITLE = '# <span lang="zh">01 神经元</span><span class="lang-sep"> · </span><span lang="en">01 Neurons</span>'
HEAD = '## <span lang="zh">膜</span><span class="lang-sep"> · </span><span lang="en">Membrane</span>\n\n'
ALL = [one for chapter in chapters.CHAPTERS for one in exercise.chapter_exercises(chapter.key)]
LINK = re.compile(r'(?:href|src|srcset)="([^"]*)"')


def plain(text: str) -> str:
    """Text without tags, escapes and white space, so that no way of writing a solution hides it."""
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", text)).replace("\\n", ""))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> building.Built:
    """The site of the real chapters."""
    return building.build(tmp_path_factory.mktemp("site") / "whole")


def texts(built: building.Built) -> dict[str, str]:
    paths = (path for ending in ("html", "js", "css", "json") for path in built.folder.rglob(f"*.{ending}"))
    return {path.relative_to(built.folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def test_no_solution_is_published(whole: building.Built) -> None:
    solutions = {one.id: plain(one.source) for one in ALL}
    assert len(solutions) > 50
    for name, text in texts(whole).items():
        words = plain(text)
        assert [key for key, solution in solutions.items() if solution in words] == [], name
        assert not name.endswith("html") or "course-verdict" not in text, name
    published = plain(to_html(f"```python\n{ALL[1].source}\n```"))
    assert solutions[ALL[1].id] in published  # one that is published would be found


def test_every_exercise_says_how_to_do_it_and_offers_its_hints(whole: building.Built) -> None:
    for chapter in chapters.ready_chapters():
        page = (whole.folder / f"{chapter.slug}.html").read_text(encoding="utf-8")
        for one in exercise.chapter_exercises(chapter.key):
            place = page.split(f'data-exercise="{one.id}"')[1].split("</section>")[0]
            assert f"course-snn lab {chapter.key}" in place and "course-verdict" not in place
            assert [html.escape(en) in place for _, en in one.hints] == [True] * 3, one.id


def test_pages_are_light(whole: building.Built) -> None:
    assert len(whole.pages) == len(chapters.ready_chapters()) + len(extra.titles()) + 1
    assert whole.pages["index.html"] < 300_000
    assert max(whole.pages.values()) < 600_000


def test_every_link_leads_somewhere_and_no_id_is_given_twice(whole: building.Built) -> None:
    found = texts(whole)
    ids = {name: re.findall(r'\bid="([^"]+)"', text) for name, text in found.items() if name.endswith(".html")}
    assert [(name, key) for name, keys in ids.items() for key, n in Counter(keys).items() if n > 1] == []
    lost = []
    for name in ids:
        for link in LINK.findall(found[name]):
            file, _, anchor = unquote(html.unescape(link)).partition("#")
            if re.match(r"https?:|data:|mailto:", link):
                continue
            there = (whole.folder / file).is_file() if file else True
            if not there or (anchor and anchor not in ids[file or name]):
                lost.append((name, link))
    assert lost == []


def test_pictures_say_what_they_are_have_a_size_and_wait(whole: building.Built) -> None:
    for name, text in texts(whole).items():
        for tag in re.findall(r"<img [^>]*>", text) if re.match(r"\d\d_", name) else []:
            given = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            assert len(given["alt"]) > 3 and "Figure size" not in given["alt"] and "object at" not in given["alt"], tag
            assert int(given["width"]) > 0 and int(given["height"]) > 0 and given["loading"] == "lazy", tag
            spoken = re.search("[一-龥]", given["alt"]) is not None
            assert spoken is ("figure-en" not in given["class"]), tag


def test_the_search_knows_every_chapter_in_both_languages(whole: building.Built) -> None:
    text = (whole.folder / "assets/search.js").read_text(encoding="utf-8")
    rows = json.loads(text.removeprefix("courseSnn.index(").rstrip().removesuffix(");"))
    assert {row[0] for row in rows} == {f"{chapter.slug}.html" for chapter in chapters.ready_chapters()}
    for zh, en in ((row[6], row[7]) for row in rows if row[3] == 1):
        assert re.search("[一-龥]", zh) and not re.search("[一-龥]", en)
        assert len(re.findall("[A-Za-z]{3,}", en)) > 10
    assert any("基强度" in row[4] for row in rows) and any("rheobase" in row[7] for row in rows)


def small(folder: Path, *cells: nbformat.NotebookNode) -> Path:
    """A course of one chapter, or of two without cells given."""
    minicourse.write(folder / "01_lif_neuron.ipynb", *(cells or (markdown(TITLE), markdown(PROSE), code(BEGIN))))
    if not cells:
        minicourse.write(folder / "02_encoders.ipynb", markdown(HEAD), code(STUB, "exercise"))
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_notebooks_give_the_same_bytes(tmp_path: Path) -> None:
    notebooks = small(tmp_path / "notebooks")
    one = building.build(tmp_path / "one", notebooks=notebooks)
    two = building.build(tmp_path / "两 个", notebooks=notebooks)
    assert files(one.folder) == files(two.folder)
    assert {".nojekyll", building.MARKER, "index.html", "assets/search.js"} <= set(files(one.folder))
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(["notebooks", "one", "两 个"])


def test_only_a_new_folder_an_empty_one_or_a_site_is_written(tmp_path: Path) -> None:
    notebooks, folder = small(tmp_path / "notebooks"), tmp_path / "site"
    folder.mkdir()
    building.build(folder, notebooks=notebooks)
    (folder / "left over.html").touch()
    building.build(folder, notebooks=notebooks)
    assert not (folder / "left over.html").exists()
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "thesis.txt").write_text("mine", encoding="utf-8")
    for other in (taken, taken / "thesis.txt"):
        with pytest.raises(SiteError, match="taken"):
            building.build(other, notebooks=notebooks)
    assert (taken / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_a_site_stays_when_the_next_one_cannot_be_built(tmp_path: Path) -> None:
    notebooks, folder = small(tmp_path / "notebooks"), tmp_path / "site"
    before = files(building.build(folder, notebooks=notebooks).folder)
    small(notebooks, markdown("$\\nosuch$"))
    with pytest.raises(ValueError, match="nosuch"):
        building.build(folder, notebooks=notebooks)
    assert files(folder) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["notebooks", "site"]


def shown(data: dict) -> nbformat.NotebookNode:
    cell = code("show()")
    cell.outputs = [nbformat.v4.new_output("display_data", data)]
    return cell


def test_a_widget_is_data_in_the_page_and_code_beside_it(tmp_path: Path) -> None:
    bench = widget.LIFExplorer(current=0.2)
    pixel = figure._base64(figure.png(bench.figure()))
    known = {stored.MIME: stored.bundle(bench), "image/png": pixel}
    foreign = {stored.MIME: {"name": "Evil", "state": {"_esm": "alert(1)"}, "buffers": []}, "image/png": pixel}
    notebooks = small(tmp_path / "notebooks", markdown(TITLE), shown(known), shown(known), shown(foreign))
    folder = building.build(tmp_path / "site", notebooks=notebooks).folder
    page = (folder / "01_lif_neuron.html").read_text(encoding="utf-8")
    found = json.loads(re.search(r'id="course-widgets">(.*?)</script>', page)[1])
    assert [model["state"]["params"]["current"] for model in found["models"].values()] == [0.2, 0.2]
    assert page.count('class="course-widget"') == 2 and "alert(1)" not in page
    (module,) = (folder / "assets/widgets").iterdir()
    text = module.read_text(encoding="utf-8")
    assert json.loads(text.removeprefix('courseSnn.module("LIFExplorer",').rstrip()[:-2]) == stored.module(
        "LIFExplorer"
    )
    assert 'href="assets/kit.css"' in page
    assert 'href="assets/kit.css"' not in (folder / "index.html").read_text(encoding="utf-8")


def test_figures_are_files_once_in_each_theme(tmp_path: Path) -> None:
    drawn = widget.LIFExplorer().figure()
    notebooks = small(tmp_path / "notebooks", markdown(TITLE), markdown(HEAD), *map(shown, [figure.bundle(drawn)] * 2))
    folder = building.build(tmp_path / "site", notebooks=notebooks).folder
    kinds = {f"figure-{lang} theme-{theme} wide" for lang in ("en", "zh") for theme in ("light", "dark")}
    tags = re.findall(r"<img [^>]*>", (folder / "01_lif_neuron.html").read_text(encoding="utf-8"))
    assert {re.search('class="([^"]*)"', tag)[1] for tag in tags} == kinds
    assert len(list((folder / "img").iterdir())) == 4 and len(tags) == 8
    assert {re.search('alt="([^"]*)"', tag)[1] for tag in tags} == {
        "图：膜", "Figure: Membrane", "图 2：膜", "Figure 2: Membrane",
    }  # fmt: skip


def test_previews_are_absolute_where_the_address_is_known(tmp_path: Path) -> None:
    drawn = shown(figure.bundle(widget.LIFExplorer().figure()))
    notebooks = small(tmp_path / "notebooks", markdown(TITLE), markdown(PROSE), drawn)
    built = building.build(tmp_path / "site", url="https://example.org/snn", notebooks=notebooks)
    page = (built.folder / "01_lif_neuron.html").read_text(encoding="utf-8")
    assert re.search(r'og:image" content="https://example\.org/snn/img/\w+\.png"', page)
    assert '<link rel="canonical" href="https://example.org/snn/01_lif_neuron.html">' in page
    assert re.search(r'og:description" content="时间常数.*The time constant', page)


def test_pages_besides_the_chapters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "FOLDER", tmp_path / "pages")
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "teaching.md").write_text(f"{TITLE}\n\n{HEAD}{PROSE}", encoding="utf-8")
    folder = building.build(tmp_path / "site", notebooks=small(tmp_path / "notebooks")).folder
    assert '<h2 id="s2">' in (folder / "teaching.html").read_text(encoding="utf-8")
    assert 'href="teaching.html"' in (folder / "index.html").read_text(encoding="utf-8")


def test_with_verdicts_solutions_are_data_of_the_judge_only(tmp_path: Path) -> None:
    for name in verdicts.FILES:
        path = tmp_path / "pyodide" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    stub = code(STUB, "exercise")
    notebooks = small(tmp_path / "notebooks", markdown(TITLE), stub)
    built = building.build(tmp_path / "site", notebooks=notebooks, verdicts=tmp_path / "pyodide")
    found = texts(built)
    solution = plain(exercise.find("01.euler_step").source)
    assert [name for name, text in found.items() if solution in plain(text)] == ["assets/verdicts/course.json"]
    assert 'src="assets/verdicts/page.js"' in found["01_lif_neuron.html"]
    given = re.search('data-stub="([^"]*)"', found["01_lif_neuron.html"])[1]
    assert json.loads(html.unescape(given)) == STUB.split("\n\n")[0]


def test_the_command_says_what_it_wrote_or_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from course_snn import language
    from course_snn.course.commands import app

    monkeypatch.setattr(language, "_chosen", "both")
    monkeypatch.setattr(building, "build", partial(building.build, notebooks=small(tmp_path / "notebooks")))
    result = CliRunner().invoke(app, ["site", str(tmp_path / "site")])
    assert result.exit_code == 0, result.output
    assert "2 章" in result.output and "2 chapters" in result.output
    monkeypatch.setenv(verdicts.VARIABLE, str(tmp_path))
    result = CliRunner().invoke(app, ["site", str(tmp_path / "other"), "--verdicts"])
    assert isinstance(result.exception, SiteError) and "npm ci" in str(result.exception)
    assert not (tmp_path / "other").exists()


def test_words_of_both_languages_and_the_first_sentences() -> None:
    text = to_html(f"{HEAD}{PROSE}\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    zh, en = reading.words(text)
    assert zh == "膜 时间常数 τ。 a b 1 2" and en == "Membrane The time constant τ, see 02. a b 1 2"
    assert reading.lead(text) == ("时间常数 τ。", "The time constant τ, see 02.")
    assert '<div class="scroll"><table>' in text


@each_of(
    ("text", "most", "kept"),
    [
        ("一。二？三。", 4, "一。二？"),
        ("One. Two 0.1 three. Four.", 20, "One. Two 0.1 three."),
        ("A sentence that is too long.", 5, "A sentence that is too long."),
        ("No end", 3, "No end"),
    ],
)
def test_first_sentences(text: str, most: int, kept: str) -> None:
    assert reading.first_sentences(text, most) == kept


def test_words_below_a_letter_are_words() -> None:
    assert "<mi>reset</mi></msub>" in mathml("V_{reset}")
    assert "<mi>th</mi></msub>" in mathml("V_{th}")
    assert "<mi>ij</mi>" not in mathml("w_{ij}")


TELL = """
import json, sys
sys.path.insert(0, sys.argv[1])
import judging, numpy
from course_snn.course import exercise, judge
assert numpy.__file__.startswith(sys.argv[1])
answers, said = json.load(sys.stdin), []
for name, source in answers:
    said.append(json.loads(judging.judged(name, source)))
named = [[x.id, [judge.judge(x, m.wrong).reason.zh for m in x.mistakes]]
         for key in ("00", "01") for x in exercise.chapter_exercises(key)]
json.dump([said, named], sys.stdout)
"""
EULER = "def euler_step(v, i, r, tau, dt):\n    "
WRONG = [
    ("01.euler_step", f"{EULER}return ..."),
    ("01.euler_step", f"{EULER}return v + [1]"),
    ("01.euler_step", f"{EULER}return 'a'"),
    ("01.euler_step", f"{EULER}print(v)\n    return 100 * v + i - tau"),
    ("01.lif_trace", "def lif_trace(currents, r, tau, v_threshold):\n    return [1.0], [True]"),
    ("01.lif_trace", "def lif_trace(currents, r, tau, v_threshold):\n    return [[1], [2, 3]], []"),
    ("00.count_spikes", "def count_spikes(train):\n    train.append(0)\n    return sum(train)"),
]


def test_the_judge_of_the_page_says_what_the_judge_of_the_course_says(tmp_path: Path) -> None:
    """In Python without NumPy and torch, as in the page."""
    for name, text in verdicts.sources().items():
        path = tmp_path / "worker" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    right = [(one.id, f"import math\n{one.source}") for one in ALL if one.id[:2] in verdicts.CHAPTERS]
    broken = [("01.euler_step", "def euler_step(v:\n  return"), ("01.euler_step", "other = 1")]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", TELL, str(tmp_path / "worker")],
        input=json.dumps([*right, *WRONG, *broken]), capture_output=True, text=True, encoding="utf-8",
        env={"PYTHONUTF8": "1", "COURSE_SNN_LANG": "zh"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said, named = json.loads(done.stdout)
    assert [one["passed"] for one in said] == [True] * len(right) + [False] * (len(WRONG) + 2)
    for (name, source), one in zip(WRONG, said[len(right) :], strict=False):
        cell: dict = {}
        exec(compile(source, "<ipython-input-1>", "exec"), cell)
        verdict = judge(exercise.find(name), cell[exercise.find(name).name])
        if verdict.named or verdict.found is None or "error" in verdict.reason.en:
            assert html.escape(verdict.reason.en.split(" (line")[0]) in one["html"], source
    assert "SyntaxError" in said[-2]["html"] and "euler_step" in said[-1]["html"]
    for name, reasons in named:
        assert reasons == [mistake.zh for mistake in exercise.find(name).mistakes], name
