"""Which language is spoken, and labels that know both."""

import copy
import pickle
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from course_snn import language as lang
from course_snn.language import (
    Label,
    escaped,
    html,
    html_table,
    language,
    plain_table,
    say,
    set_language,
    speaking,
    tr,
)

SYSTEM = ("LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def settings(tmp_path, monkeypatch):
    """A world that says nothing: no choice, no variable, no JupyterLab setting, an English system."""
    for name in (lang.VARIABLE, "JUPYTERLAB_SETTINGS_DIR", *SYSTEM):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setattr(lang, "_chosen", None)
    monkeypatch.setattr(lang, "_chinese_drawable", True)
    file = tmp_path / lang.SETTING
    file.parent.mkdir(parents=True)
    return file


@pytest.mark.parametrize(
    ("name", "expected"), [("zh_CN.UTF-8", "zh"), ("zh_TW", "zh"), ("en_GB.UTF-8", "en"), ("de_DE", "en"), ("C", "en")]
)
def test_system_decides_last(monkeypatch, name, expected):
    monkeypatch.setenv("LANG", name)
    assert language() == expected


def test_locale_variables_rank_as_in_posix(monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert language() == "zh"


def test_order_of_the_sources(monkeypatch, settings):
    settings.write_text('{"lang": "zh"}')
    assert language() == "zh"
    monkeypatch.setenv(lang.VARIABLE, "both")
    assert language() == "both"
    set_language("en")
    assert language() == "en"
    set_language(None)
    assert language() == "both"


def test_the_switch_is_followed_while_running(settings):
    settings.write_text('{"lang": "zh"}')
    assert language() == "zh"
    settings.write_text('{"lang": "both"}')
    assert language() == "both"
    settings.unlink()
    assert language() == "en"


@pytest.mark.parametrize(
    "text",
    [
        '{"lang": "zh"}',
        '// Course language\n{\n  // zh, en or both\n  "lang": "zh",\n}\n',
        '/* "lang": "en" */ {"note": "http://x//y /* no comment */", "lang": "zh" /* , */ }',
        '{"quoted": "a \\" // b", "list": [1, 2,], "comma": ",}", "lang": "zh"}',
        '\ufeff{"lang": "zh"}',
    ],
)
def test_settings_are_json_with_comments(settings, text):
    settings.write_text(text, encoding="utf-8")
    assert language() == "zh"


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"lang": "auto"}', '{"lang": 7}', '{"lang": "fr"}', '{"other": 1}'])
def test_unreadable_settings_say_nothing(settings, monkeypatch, text):
    monkeypatch.setenv("LANG", "zh_CN")
    settings.write_text(text)
    assert language() == "zh"


def test_settings_that_are_not_text(settings):
    settings.write_bytes(b"\xff\xfe\x00{")
    assert language() == "en"


def test_wrong_variable_names_what_is_accepted(monkeypatch):
    monkeypatch.setenv(lang.VARIABLE, "chinese")
    with pytest.raises(ValueError, match=r"COURSE_SNN_LANG is 'chinese'.*'zh', 'en', 'both'"):
        language()
    with pytest.raises(ValueError, match="'fr'"):
        set_language("fr")


def test_speaking_goes_back_even_after_an_error():
    set_language("en")
    with pytest.raises(RuntimeError), speaking("zh"):
        assert language() == "zh"
        raise RuntimeError
    assert language() == "en"


@pytest.mark.parametrize(("now", "shown"), [("zh", "膜电位"), ("en", "potential"), ("both", "膜电位")])
def test_a_label_reads_in_the_language_of_its_making(now, shown):
    with speaking(now):
        label = tr("膜电位", "potential")
    assert label == shown
    assert (label.zh, label.en) == ("膜电位", "potential")
    assert str(label) is label


def test_labels_add_to_labels():
    with speaking("en"):
        label = "→ " + tr("电压", "voltage") + " (mV)" + tr("，一", ", one")
    assert isinstance(label, Label)
    assert label == "→ voltage (mV), one"
    assert label.zh == "→ 电压 (mV)，一"


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))])
def test_labels_survive_copies(again):
    label = again(tr("电压", "voltage"))
    assert (label, label.zh, label.en) == ("voltage", "电压", "voltage")


def test_say():
    label = tr("电压", "voltage")
    assert [say(label, one) for one in ("zh", "en", "both")] == ["电压", "voltage", "电压"]
    assert say("x", "zh") == "x"


def test_labels_are_english_where_no_font_draws_chinese():
    lang.set_chinese_drawable(False)
    with speaking("zh"):
        assert tr("电压", "voltage") == "voltage"
        assert language() == "zh"


def test_html_holds_both():
    assert html("<b>是</b>", "yes") == (
        '<span lang="zh"><b>是</b></span><span class="lang-sep"> · </span><span lang="en">yes</span>'
    )


def test_escaped_text_is_text_in_html_in_both_languages():
    assert escaped('<b> & "quoted"') == "&lt;b&gt; &amp; &quot;quoted&quot;"
    assert escaped(tr("<是>", "<yes>")) == html("&lt;是&gt;", "&lt;yes&gt;")


def read(table):
    """Return (tag, style, text) of each cell of an HTML table, row by row, as an XML parser sees it."""
    parsed = ElementTree.fromstring(table)
    rows = [[(cell.tag, cell.get("style"), "".join(cell.itertext())) for cell in row] for row in parsed.iter("tr")]
    return [part.tag for part in parsed], rows


def test_a_table_in_html():
    parts, rows = read(html_table([["1", "<b>x</b>"], ["2", escaped("<y>")]], ["n", html("名", "name")]))
    assert parts == ["thead", "tbody"]
    assert rows == [
        [("th", None, "n"), ("th", None, "名 · name")],
        [("td", None, "1"), ("td", None, "x")],
        [("td", None, "2"), ("td", None, "<y>")],
    ]
    parts, rows = read(html_table([["1"]], left=True))
    assert parts == ["tbody"] and rows == [[("td", "text-align:left", "1")]]


def test_a_table_in_plain_english_lines_up():
    with speaking("zh"):
        text = plain_table([["1", "0.5"], ["10", tr("没有", "none")]], [tr("轮", "epoch"), tr("损失", "loss")])
    assert text == "epoch  loss\n    1   0.5\n   10  none"
    assert plain_table([["a", "b"]]) == "a  b" and plain_table([]) == ""


def test_importing_it_is_cheap():
    code = "import sys, course_snn.language; print({'matplotlib', 'torch', 'jupyter_core'} & set(sys.modules))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "set()"


@pytest.mark.parametrize(("spoken", "lines"), [("zh", "你好\n"), ("en", "hello\n"), ("both", "你好\nhello\n")])
def test_a_line_is_announced_in_what_is_spoken(spoken, lines, capsys):
    with lang.speaking(spoken):
        lang.announce(lang.tr("你好", "hello"))
    assert capsys.readouterr().out == lines


def test_a_notebook_is_told_in_both_languages(monkeypatch):
    import IPython.display

    shown = []
    monkeypatch.setattr(lang, "in_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", lambda data, raw: shown.append(data))
    lang.announce(lang.tr("你<好>", "hello"))
    assert shown[0]["text/plain"] == "hello"
    assert "你&lt;好&gt;" in shown[0]["text/html"] and "hello" in shown[0]["text/html"]
