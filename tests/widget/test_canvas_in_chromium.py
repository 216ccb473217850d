"""NetworkCanvas under mouse, touch and keyboard in a real browser, and the work of one of its frames."""

from __future__ import annotations

import random

import pytest
from mounted import INK, params, saved, show

from course_snn.widget import NetworkCanvas

pytestmark = pytest.mark.browser
SPOTS = [("x1", "input", 0.1), ("a", "if", 0.5), ("b", "lif", 0.9)]
ROW = {
    "groups": [{"name": name, "kind": kind, "x": x, "y": 0.5} for name, kind, x in SPOTS],
    "connections": [{"pre": "x1", "post": "a"}],
}


def graph(page):
    return params(page)["graph"]


def line(view):
    return view.locator(".csnn-code code").inner_text()


def middle(locator):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, start[1] - 30, steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


def box(view, name):
    return view.locator(f"[data-group='{name}']")


def links(page):
    return [(con["name"], con["pre"], con["post"]) for con in graph(page)["connections"]]


def test_drawing_a_connection_and_a_loop_changing_and_deleting_them(page):
    view = show(page, "NetworkCanvas", graph=ROW)
    drag(page, middle(box(view, "a").locator("i")), middle(box(view, "b")))
    assert links(page) == [("x1a", "x1", "a"), ("ab", "a", "b")]
    assert line(view) == 'net.add_connection("ab", network.Connection(net.a, net.b, weight=[[1.0]], delay=1))'
    weight, delay = view.locator(".csnn-inspector .csnn-range").all()
    weight.focus()
    page.keyboard.press("Home")
    assert graph(page)["connections"][1]["weight"] == -3 and line(view) == "net.ab.weight.data.fill_(-3.0)"
    assert view.locator("[data-connection='ab']").get_attribute("data-sign") == "inh"
    delay.focus()
    page.keyboard.press("ArrowRight")
    assert line(view) == "net.ab.delay = 2"
    drag(page, middle(box(view, "b").locator("i")), middle(box(view, "b")))
    assert links(page)[-1] == ("bb", "b", "b")
    count = saved(page)
    view.get_by_role("button", name="Delete").click()
    assert links(page)[-1][0] == "ab" and line(view) == 'net.del_connection("bb")' and saved(page) == count + 1
    for _ in range(5):
        view.get_by_role("button", name="Undo").click()
    assert graph(page) == NetworkCanvas(graph=ROW).params["graph"]
    assert view.get_by_role("button", name="Undo").is_disabled()


def test_a_tap_on_a_port_and_a_tap_on_a_box_connect(page):
    view = show(page, "NetworkCanvas", graph=ROW)
    page.mouse.click(*middle(box(view, "a").locator("i")))
    assert "Esc cancels" in view.inner_text()
    page.mouse.click(*middle(box(view, "b")))
    assert links(page)[-1] == ("ab", "a", "b")
    page.mouse.click(*middle(box(view, "a").locator("i")))
    page.mouse.click(*middle(box(view, "x1")))
    assert "nothing can connect to it" in view.inner_text() and len(links(page)) == 2


def test_a_loop_without_delay_is_refused_and_named(page):
    loop = ROW | {"connections": [{"pre": "a", "post": "b"}, {"pre": "b", "post": "a", "delay": 0}]}
    view = show(page, "NetworkCanvas", graph=loop)
    view.locator("[data-connection='ab']").click()
    delay = view.locator(".csnn-inspector .csnn-range").nth(1)
    delay.focus()
    count = saved(page)
    page.keyboard.press("Home")
    assert "a → b → a" in view.locator(".csnn-refused").inner_text() or "b → a → b" in view.inner_text()
    assert graph(page)["connections"][0]["delay"] == 1 and delay.input_value() == "1" and saved(page) == count


def test_moving_a_box_moves_nothing_in_python(page):
    view = show(page, "NetworkCanvas", graph=ROW)
    before = line(view)
    x, y = middle(box(view, "a"))
    drag(page, (x - 10, y), (x + 90, y + 60))
    a = graph(page)["groups"][1]
    assert a["x"] > 0.55 and a["y"] > 0.6 and saved(page) == 1 and line(view) == before
    view.get_by_role("button", name="Undo").click()
    assert graph(page)["groups"][1] == NetworkCanvas(graph=ROW).params["graph"]["groups"][1]


def test_by_keyboard(page):
    view = show(page, "NetworkCanvas", graph=ROW)
    box(view, "x1").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert view.locator(".csnn-what").inner_text() == "a"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowLeft")
    assert graph(page)["groups"][1]["y"] == pytest.approx(0.55) and graph(page)["groups"][1]["x"] == pytest.approx(0.42)
    assert page.evaluate("document.activeElement.dataset.group") == "a"
    view.get_by_label("connect to").select_option("a")
    assert links(page)[-1] == ("aa", "a", "a")
    view.locator("[data-connection='aa']").focus()
    page.keyboard.press("Delete")
    assert len(links(page)) == 1
    box(view, "a").focus()
    page.keyboard.press("Delete")
    assert links(page) == [] and line(view) == 'net.del_assembly("a")'
    assert page.evaluate("document.activeElement.dataset.group") == "x1"


def test_groups_models_and_trains(page):
    view = show(page, "NetworkCanvas", graph=ROW)
    view.get_by_role("button", name="+ LIF").click()
    assert line(view) == 'net.add_assembly("c", network.NeuronGroup(1, "lif", tau_m=8.0, v_th=1.0))'
    view.get_by_label("model").select_option("if")
    assert line(view) == 'net.replace_assembly("c", network.NeuronGroup(1, "if", v_th=1.0))'
    box(view, "x1").click()
    view.get_by_label("and at steps").fill("30, 9 9")
    view.get_by_label("and at steps").press("Enter")
    assert graph(page)["groups"][0]["times"] == [9, 30] and "torch.tensor([9, 30])" in line(view)
    view.get_by_role("button", name="Step").click()
    view.get_by_role("button", name="Spike now").click()
    assert graph(page)["groups"][0]["times"] == [2, 9, 30]
    view.get_by_role("button", name="Step").click()
    assert "csnn-fires" in box(view, "x1").get_attribute("class")
    view.get_by_role("button", name="All Python").click()
    assert view.locator("pre").inner_text() == NetworkCanvas(graph=graph(page)).code()


def test_an_example_from_the_menu_can_be_undone(page):
    view = show(page, "NetworkCanvas", graph=ROW)
    view.get_by_label("Load an example").select_option("ring")
    assert graph(page) == NetworkCanvas(graph="ring").params["graph"]
    assert line(view).endswith("# … + 11")
    assert view.locator("code").get_attribute("title").count("\n") == 11
    view.get_by_role("button", name="Undo").click()
    assert graph(page) == NetworkCanvas(graph=ROW).params["graph"]


def test_python_can_change_the_graph(page):
    view = show(page, "NetworkCanvas", graph=ROW)
    page.evaluate(
        """graph => {
          const { model } = views.one;
          model.set('params', { ...model.get('params'), graph });
          for (const callback of model.heard.keys()) callback();
        }""",
        NetworkCanvas(graph="ring").params["graph"],
    )
    assert view.locator(".csnn-node").count() == 7


def crowd(count=30, links=60):
    """A graph as large as fits, in which nearly every connection carries a spike at any time."""
    r = random.Random(1)
    names = [f"n{k}" for k in range(count)]
    groups = [
        {"name": n, "kind": "input" if k < 8 else "lif", "x": k % 6 / 5, "y": k // 6 / 4} for k, n in enumerate(names)
    ]
    for group in groups[:8]:
        group["every"] = r.randint(1, 3)
    pairs = [(r.choice(names), r.choice(names[8:])) for _ in range(links)]
    return {
        "groups": groups,
        "connections": [{"pre": a, "post": b, "weight": r.choice((-1, 1)), "delay": r.randint(1, 4)} for a, b in pairs],
    }


COUNT_WORK = """() => {
  window.work = { calls: 0, texts: 0, pictures: 0, nodes: 0 };
  const type = CanvasRenderingContext2D.prototype;
  for (const name of Object.getOwnPropertyNames(type)) {
    const own = Object.getOwnPropertyDescriptor(type, name);
    if (typeof own.value !== 'function') continue;
    type[name] = function (...given) {
      work.calls += 1;
      work.texts += name.endsWith('Text') ? 1 : 0;
      work.pictures += name === 'drawImage' ? 1 : 0;
      return own.value.apply(this, given);
    };
  }
  new MutationObserver(found => { work.nodes += found.length; })
    .observe(document.body, { subtree: true, childList: true, attributes: true });
}"""


def test_a_frame_copies_what_stands_and_draws_only_what_moves(page):
    view = show(page, "NetworkCanvas", graph=crowd(), speed=10)
    page.evaluate(COUNT_WORK)
    view.get_by_role("button", name="Play").click()
    page.wait_for_function("work.pictures > 120")
    view.get_by_role("button", name="Pause").click()
    work = page.evaluate("work")
    frames, rest = divmod(work["pictures"], 4)  # one of the graph, three parts of the traces
    assert rest == 0 and work["texts"] == 0  # names and numbers are not written again
    assert work["calls"] / frames < 20 + 5 * 60 * 2.5  # five calls for each spike on its way
    assert work["nodes"] < 31 * frames


def test_playing_reaches_the_end_once_and_begins_anew(page):
    view = show(page, "NetworkCanvas", graph=ROW, speed=20)
    view.get_by_role("button", name="Play").click()
    page.wait_for_function("document.querySelector('.csnn-primary').textContent === 'Play'")
    at_end = page.evaluate(INK, "one")
    view.get_by_role("button", name="Play").click()
    view.get_by_role("button", name="Pause").click()
    assert page.evaluate(INK, "one") != at_end and saved(page) == 0


def test_with_reduced_motion_spikes_stand_in_the_middle_of_their_steps(page):
    page.emulate_media(reduced_motion="reduce")
    try:
        view = show(page, "NetworkCanvas", graph=ROW, speed=20)
        page.evaluate(COUNT_WORK)
        view.get_by_role("button", name="Play").click()
        page.wait_for_function("document.querySelector('.csnn-primary').textContent === 'Play'")
        drawn = page.evaluate("work.pictures") / 4
        assert 55 <= drawn <= 61  # once a step
    finally:
        page.emulate_media(reduced_motion="no-preference")


@pytest.mark.parametrize("width", [930, 382])
def test_it_fits_and_no_text_is_cut(page, width):
    page.set_viewport_size({"width": width + 16, "height": 900})
    for name in ("fan_in", "mutual", "ring", "self_loop", "delay_line", "chain"):
        view = show(page, "NetworkCanvas", id=name, graph=name)
        height = view.bounding_box()["height"]
        assert height <= (600 if width == 930 else 820), f"{name} is {height} px high"
        cut = view.locator(".csnn-node, .csnn-number, .csnn-button, .csnn-select").evaluate_all(
            "all => all.filter(e => e.scrollWidth > e.clientWidth + 2 && !e.querySelector('i')).map(e => e.outerHTML)"
        )
        assert not cut, cut
