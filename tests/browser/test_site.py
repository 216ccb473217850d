"""The web site of the course as a reader meets it: from the disk, in both languages, by keyboard, light and dark."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from driver import browser, new_page
from playwright.sync_api import BrowserContext, Page, Request, Route, expect

from course_snn import widget
from course_snn.course import chapters
from course_snn.course.exercise import find
from course_snn.course.judge import judge
from course_snn.course.site import verdicts
from course_snn.course.site.build import build
from course_snn.course.site.error import SiteError
from course_snn.widget import stored

READY = chapters.ready_chapters()
NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1366, "height": 768}
CONTRASTS = """() => {
  const parse = colour => {
    const own = document.createElement('canvas').getContext('2d');
    own.fillStyle = colour; own.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = own.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const cache = new Map(), read = c => { if (!cache.has(c)) cache.set(c, parse(c)); return cache.get(c); };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const ground = node => {
    const layers = [];
    for (let e = node; e; e = e.parentElement) layers.push(read(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const linear = v => v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => [r, g, b].map(linear)
    .reduce((sum, v, k) => sum + v * [0.2126, 0.7152, 0.0722][k], 0);
  const weak = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility({ visibilityProperty: true })) continue;
    if (e.closest('script, style, .csnn')) continue;
    const style = getComputedStyle(e), under = ground(e), a = light(over(read(style.color), under)), b = light(under);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), size = parseFloat(style.fontSize);
    const enough = size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5;
    seen += 1;
    if (ratio < enough) weak.push([walker.currentNode.data.trim().slice(0, 30), e.className, ratio.toFixed(2)]);
  }
  return { seen, weak };
}"""
INK = "place => [...place.querySelectorAll('canvas')].map(canvas => canvas.toDataURL()).join()"
FOCUS = """() => {
  const e = document.activeElement, shown = e.closest('.card') ?? e, box = shown.getBoundingClientRect();
  return { tag: e.tagName, href: e.getAttribute('href'), id: e.id, value: e.value ?? '',
    ring: getComputedStyle(shown).outlineStyle, inside: box.bottom > 0 && box.top < innerHeight };
}"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All chapters; whatever notebooks hold now, the bench of chapter 01 is stored alive."""
    notebooks = tmp_path_factory.mktemp("chapters")
    for chapter in READY:
        notebook = nbformat.read(chapters.notebook_path(chapter), as_version=4)
        for cell in notebook.cells if chapter.number == 1 else []:
            if cell.source == "widget.LIFExplorer()":
                cell.outputs[0]["data"][stored.MIME] = stored.bundle(widget.LIFExplorer())
        nbformat.write(notebook, notebooks / chapter.file_name)
    try:
        pyodide = verdicts.pyodide()
    except SiteError:  # npm did not bring it
        pyodide = None
    return build(tmp_path_factory.mktemp("site") / "课程 site", verdicts=pyodide, notebooks=notebooks).folder


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    with browser(tmp_path_factory.mktemp("profile"), locale="zh-CN", **WIDE) as context:
        yield context


@pytest.fixture
def tab(reader: BrowserContext, site: Path) -> Iterator[Page]:
    """A page for a new reader; it may fetch nothing from elsewhere, and the console must stay silent."""
    page, outside, said = new_page(reader), [], []

    def guard(route: Route, request: Request) -> None:
        if request.url.startswith(("file:", "data:", "blob:", "http://127.0.0.1")):
            route.continue_()
        else:
            outside.append(request.url)
            route.abort()

    page.route("**/*", guard)
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.goto((site / "index.html").as_uri())
    page.evaluate("localStorage.clear()")
    page.reload()
    yield page
    page.close()
    assert (outside, said, page.errors) == ([], [], [])


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - innerWidth")


def test_next_and_previous_walk_through_all_chapters(tab: Page) -> None:
    assert overflow(tab) <= 0
    tab.set_viewport_size(NARROW)
    assert overflow(tab) <= 0
    tab.locator(".card a").first.click()
    for number, chapter in enumerate(READY):
        assert tab.url.endswith(f"/{chapter.slug}.html")
        expect(tab.locator("h1")).to_contain_text(chapter.title_en)
        for lang in ("zh", "en"):
            tab.locator(f".course-switch button[value={lang}]").click()
            assert overflow(tab) <= 0, (chapter.slug, lang)
        if number + 1 < len(READY):
            tab.locator(".pager .next").click()
    expect(tab.locator(".pager .next")).to_have_count(0)
    tab.locator(".pager .prev").click()
    assert tab.url.endswith(f"/{READY[-2].slug}.html")


def test_language_and_theme_are_those_of_the_system_until_chosen_and_then_kept(tab: Page, site: Path) -> None:
    assert tab.evaluate("document.body.dataset.courseLang") == "zh"
    assert tab.title() == "脉冲神经网络动手课"
    root = tab.locator("html")
    for theme in ("light", "dark", "light"):
        tab.emulate_media(color_scheme=theme)
        expect(root).to_have_attribute("data-theme", theme)
    tab.get_by_role("button", name="English").click()
    tab.get_by_role("button", name="深色").click()
    expect(tab.locator("h1")).to_have_text(
        "脉冲神经网络动手课 · Spiking neural networks, hands on", use_inner_text=False
    )
    expect(tab.get_by_role("heading", level=1, name="Spiking neural networks, hands on", exact=True)).to_be_visible()
    tab.goto((site / f"{READY[1].slug}.html").as_uri())
    assert tab.evaluate("[document.body.dataset.courseLang, document.documentElement.dataset.theme]") == ["en", "dark"]
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 17, 17)"
    tab.get_by_role("button", name="中文").click()
    expect(tab.get_by_text("After this chapter you can")).to_be_hidden()
    tab.goto((site / "index.html").as_uri())
    expect(tab.get_by_role("link", name="继续读")).to_have_attribute("href", f"{READY[1].slug}.html")
    assert tab.evaluate("document.body.dataset.courseLang") == "zh"


def test_search_finds_words_of_both_languages(tab: Page) -> None:
    box = tab.get_by_role("combobox")
    results = tab.locator("#site-found [role=option] a")
    tab.keyboard.press("/")
    expect(box).to_be_focused()
    box.fill("基强度")
    expect(results.first).to_contain_text("基强度")
    assert results.first.get_attribute("href").startswith("01_lif_neuron.html#")
    box.fill("Gesture votes")
    expect(results.first).to_be_visible()
    assert "14" in results.first.inner_text()[:2]
    box.fill("surrogate GRADIENTS")
    expect(results.first).to_contain_text("Surrogate gradients")
    assert results.first.get_attribute("href") == "08_surrogate_gradients.html"  # the title of a chapter comes first
    box.fill("没有这样的词")
    expect(tab.locator("#site-found")).to_contain_text("没有找到")
    box.fill("rheobase")
    expect(results.first).to_contain_text("rheobase")
    box.press("ArrowDown")
    box.press("Enter")
    tab.wait_for_url("**/01_lif_neuron.html#*")
    assert tab.evaluate("document.querySelector(location.hash) !== null")


def test_the_keyboard_reaches_everything_and_shows_where_it_is(tab: Page) -> None:
    wanted = tab.evaluate("[...document.querySelectorAll('a[href], button, input')].filter(e => !e.hidden).length")
    met = []
    for _ in range(wanted):
        tab.keyboard.press("Tab")
        met.append(tab.evaluate(FOCUS))
    assert all(one["ring"] != "none" and one["inside"] for one in met), met
    assert met[0]["href"] == "#main" and [one["value"] for one in met if one["tag"] == "BUTTON"] == [
        "zh",
        "en",
        "both",
        "",
    ]
    assert "site-search" in {one["id"] for one in met}
    assert {f"{chapter.slug}.html" for chapter in READY} <= {one["href"] for one in met}


def test_contrast_in_both_themes(tab: Page, site: Path) -> None:
    for name in ("index.html", f"{READY[1].slug}.html"):
        tab.goto((site / name).as_uri())
        tab.emulate_media(reduced_motion="reduce")
        for theme in ("light", "dark"):
            tab.emulate_media(color_scheme=theme)
            expect(tab.locator("html")).to_have_attribute("data-theme", theme)
            tab.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true; })")
            found = tab.evaluate(CONTRASTS)
            assert found["seen"] > 40 and found["weak"] == [], (name, theme)


def test_widgets_live_from_the_disk(tab: Page, site: Path) -> None:
    tab.goto((site / f"{READY[1].slug}.html").as_uri())
    expect(tab.locator(".csnn").first).to_be_visible()
    assert tab.locator(".csnn").count() < tab.locator(".course-widget").count()  # only what is near is loaded
    tab.locator(".course-widget").first.scroll_into_view_if_needed()
    bench = tab.locator(".course-live").first
    expect(bench.locator("canvas").first).to_be_visible()
    before = bench.evaluate(INK)
    bench.locator("input[type=range]").first.press("End")
    tab.wait_for_function(f"([place, before]) => ({INK})(place) !== before", arg=[bench.element_handle(), before])
    tab.get_by_role("button", name="English").click()
    expect(bench).to_contain_text("one neuron")


def test_guesses_are_kept(tab: Page) -> None:
    assert tab.evaluate("courseSnn.host") == "site"
    tab.evaluate("courseSnn.guesses.set('05.window', { t: [1, 2] })")
    tab.reload()
    assert tab.evaluate("courseSnn.guesses.get('05.window')") == {"t": [1, 2]}
    assert tab.evaluate("courseSnn.guesses.get('never')") is None


def test_who_asks_for_less_motion_sees_none(tab: Page) -> None:
    tab.emulate_media(reduced_motion="no-preference")
    tab.reload()
    assert tab.evaluate("document.getAnimations().length") > 0
    tab.emulate_media(reduced_motion="reduce")
    tab.reload()
    assert tab.evaluate("document.getAnimations().length") == 0


def test_exercises_from_the_disk_say_how(tab: Page, site: Path) -> None:
    tab.goto((site / f"{READY[1].slug}.html").as_uri())
    place = tab.locator(".exercise").first
    expect(place.get_by_text("uv run course-snn lab 01").first).to_be_visible()
    expect(place.locator("textarea")).to_have_count(0)


@pytest.fixture
def served(site: Path) -> Iterator[str]:
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *told: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def test_the_page_judges_exercises_where_it_is_served(tab: Page, site: Path, served: str) -> None:
    if not (site / "assets/verdicts").is_dir():
        pytest.skip("no pyodide: npm ci --prefix tools/pyodide")
    tab.goto(f"{served}/{READY[1].slug}.html")
    place = tab.locator('[data-exercise="01.euler_step"]')
    box, verdict = place.locator("textarea"), place.locator(".verdict")

    def answer(line: str) -> None:
        box.fill(f"def euler_step(v, i, r, tau, dt):\n    {line}")
        box.press("Shift+Enter")

    answer("return v + dt / tau * (v + r * i)")
    named = judge(find("01.euler_step"), lambda v, i, r, tau, dt: v + dt / tau * (v + r * i))
    assert named.named
    expect(verdict.locator('[data-passed="false"]')).to_contain_text(named.reason.zh)
    tab.evaluate("courseSnn.seconds = 1")
    answer("while True: pass")
    expect(verdict).to_contain_text("超时了")
    answer("return v + dt / tau * (-v + r * i)")
    expect(verdict.locator('[data-passed="true"]')).to_be_visible()
    tab.reload()
    expect(box).to_have_value("def euler_step(v, i, r, tau, dt):\n    return v + dt / tau * (-v + r * i)")
    assert tab.evaluate("localStorage.getItem('course-snn:passed')") == '["01.euler_step"]'
