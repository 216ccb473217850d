"""The search over both languages: what it finds, in which order, and what it shows of it."""

import json
from pathlib import Path

from together import each_of

from course_snn.course.search import MOST, index, search

PANEL = Path(__file__).parents[2] / "labextension" / "static" / "panel_view.js"
CELL = (
    '## <span lang="zh">电压 的**漏**</span><span class="lang-sep"> · </span><span lang="en">The Leak</span>\n\n'
    '<div lang="zh">\n\n电位 $V_{th} \\le \\tau$ 会[漏](x)走。\n\n</div>\n\n'
    '<div lang="en">\n\nA `Voltage` **leaks**. $$x^2$$ Twice.\n\n```python\nsecret = 1\n```\n\n'
    "Other paragraph.\n\n</div>\n"
)


def write(folder, name, *cells):
    content = {"cells": [{"id": f"c{n}", "cell_type": kind, "source": text} for n, (kind, text) in enumerate(cells)]}
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def found(query, lang="zh", **given):
    return [(hit.chapter.key, hit.anchor) for hit in search(query, lang, **given)]


TOP = [
    ("hearing direction", ("03", "jeffress")),
    ("用延迟听出方向", ("03", "jeffress")),
    ("迟听出", ("03", "jeffress")),  # a part of no word
    ("03.WIRE", ("03", "ex5-text")),
    ("替代梯度", ("08", "opening-text")),
    ("surrogate gradients", ("08", "opening-text")),
    ("ＲＨＥＯＢＡＳＥ", ("01", "rheobase")),  # an input method left at full width
    ("rheobase", ("01", "rheobase")),
    ("突触 delay", ("03", "title")),  # both languages at once
]


@each_of("query, first", TOP)
def test_what_comes_first(query, first):
    assert found(query)[0] == first


def test_every_word_must_be_there_and_titles_and_early_chapters_come_first():
    hits = search("STDP", "en")
    assert len(hits) == MOST
    assert f"const MOST = {MOST};" in PANEL.read_text(encoding="utf-8")  # "the first 20", not "20 found"
    in_title = ["stdp" in f"{hit.zh} {hit.en}".lower() for hit in hits]
    assert in_title == sorted(in_title, reverse=True) and any(in_title) and not all(in_title)
    for group in (True, False):
        keys = [hit.chapter.number for hit, titled in zip(hits, in_title, strict=True) if titled is group]
        assert keys == sorted(keys)
    assert search("STDP xyzzy") == search("") == search("  \n") == []
    assert len(search("脉冲 " * 1000)) == MOST


def test_what_is_shown_is_plain_and_in_the_language_where_it_was_found(folder):
    write(folder, "01_lif_neuron.ipynb", ("markdown", CELL), ("code", "course.check('01.mine', mine)"))
    assert (search("漏")[0].zh, search("漏")[0].en) == ("电压 的漏", "The Leak")
    assert search("走", "en")[0].excerpt == "电位 V_th ≤ τ 会漏走。"
    assert search("leaks", "zh")[0].excerpt == "A Voltage leaks. … Twice."
    assert search("the leak", "en")[0].excerpt.startswith("A Voltage")  # in the title only: how the section begins
    assert search("01.mine")[0].anchor == "c0"
    assert search("secret") == search("span") == search("tau") == []


def test_a_long_text_is_cut_at_words(folder):
    long = " ".join(f"word{number}" for number in range(100))
    write(folder, "01_lif_neuron.ipynb", ("markdown", f'# T\n\n<div lang="en">\n\n{long}\n\n</div>'))
    excerpt = search("word50", "en")[0].excerpt
    assert excerpt[0] == excerpt[-1] == "…" and "word50" in excerpt and len(excerpt) < 120
    assert set(excerpt.strip("…").split()) < set(long.split())


def test_a_file_that_changed_is_read_again_and_no_other(folder):
    write(folder, "01_lif_neuron.ipynb", ("markdown", "# Owl"))
    write(folder, "02_encoders.ipynb", ("markdown", "# Bear"))
    before = index()
    assert found("owl") == [("01", "c0")] and index()[1] is before[1]
    write(folder, "01_lif_neuron.ipynb", ("markdown", "# Some Fox"))
    assert found("owl") == [] and found("fox") == [("01", "c0")] and index()[1] is before[1]
    (folder / "02_encoders.ipynb").write_text("{")
    assert found("bear") == [] and found("fox", folder=folder) == [("01", "c0")]
    assert found("fox", folder=folder / "nowhere") == []
