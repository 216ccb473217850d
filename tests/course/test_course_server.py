"""The course's routes on a real Jupyter Server, in this process: what they answer, to whom, and what they refuse."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from patience import PATIENCE
from together import each_of
from tornado.httpclient import AsyncHTTPClient, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

from course_snn.course import progress
from course_snn.course.chapters import FOLDER_VARIABLE, IN_CHECKOUT
from course_snn.course.server import PREFIX, _load_jupyter_server_extension
from course_snn.course.server.answering import served

TOKEN = "a-token-of-the-tests"
Ask = Callable[..., HTTPResponse]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two chapters, which is what the server shows."""
    folder = tmp_path_factory.mktemp("课程")
    for name in ("01_lif_neuron", "03_synapses"):
        (folder / f"{name}.ipynb").write_bytes((IN_CHECKOUT / f"{name}.ipynb").read_bytes())
    return folder


@pytest.fixture
def ask(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ask]:
    """Ask the server: `ask(path)`, `ask(path, "PUT", body, token="", headers={})`."""
    from jupyter_server.serverapp import ServerApp

    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    ServerApp.clear_instance()
    server = ServerApp.instance(token=TOKEN, root_dir=str(folder), base_url="/base/", allow_root=True)
    server.initialize(argv=[], find_extensions=False, new_httpserver=False)
    _load_jupyter_server_extension(server)

    async def answered(path: str, method: str, body: bytes | None, token: str, headers: dict) -> HTTPResponse:
        sockets = bind_unused_port()
        http = HTTPServer(server.web_app)
        http.add_socket(sockets[0])
        given = {"Authorization": f"token {token}"} if token else {}
        address = f"http://127.0.0.1:{sockets[1]}/base/{PREFIX}/{path}"
        try:
            return await AsyncHTTPClient().fetch(
                address, method=method, body=body, headers=given | headers, follow_redirects=False, raise_error=False
            )
        finally:
            http.stop()
            await http.close_all_connections()

    def one(path, method="GET", body=None, token=TOKEN, headers=None) -> HTTPResponse:
        return asyncio.run(answered(path, method, body, token, headers or {}))

    yield one
    ServerApp.clear_instance()


def content(response: HTTPResponse) -> Any:
    assert response.code == 200, (response.code, response.body)
    assert response.headers["Content-Type"].startswith("application/json")
    return json.loads(response.body)


def test_the_outline_is_what_is_served_and_how_far_one_is(ask: Ask) -> None:
    progress.passed("03.exp_decay")
    progress.passed("01.euler_step")
    told = content(ask("api/outline"))
    assert [(one["key"], one["path"], one["passed"], one["of"], one["minutes"]) for one in told["chapters"]] == [
        ("01", "01_lif_neuron.ipynb", 1, 5, 40),
        ("03", "03_synapses.ipynb", 1, 5, 60),
    ]
    assert (told["passed"], told["of"], told["minutes"]) == (2, 10, 100)
    assert told["next"] == {
        "id": "01.lif_trace",
        "cell": "ex-01-lif_trace",
        "title": ["练习 2：完整的 LIF", "Exercise 2: the whole LIF"],
        "passed": False,
    }
    chapter = told["chapters"][1]
    assert chapter["title"] == ["突触：电流、短期可塑性与延迟", "Synapses: currents, short-term plasticity, delay"]
    assert [one["passed"] for one in chapter["exercises"]] == [True, False, False, False, False]
    jeffress = next(one for one in chapter["sections"] if one["cell"] == "jeffress")
    wire = next(one for one in chapter["exercises"] if one["id"] == "03.wire")
    assert jeffress["title"] == ["用延迟听出方向", "Hearing direction by delay"] and jeffress["place"] < wire["place"]
    progress.passed("01.lif_trace")  # live: nothing is remembered
    assert content(ask("api/outline"))["next"]["id"] == "01.rheobase"


def test_search_finds_in_both_languages(ask: Ask) -> None:
    found = content(ask("api/search?q=%E5%BB%B6%E8%BF%9F%20%E7%BA%BF&lang=zh"))  # 延迟 线
    assert found[0]["chapter"] == "03" and found[0]["path"] == "03_synapses.ipynb"
    assert {"cell", "title", "excerpt"} < set(found[0])
    assert content(ask("api/search?q=jeffress&lang=en")) and content(ask("api/search")) == []


def test_guesses_are_kept(ask: Ask) -> None:
    value = {"curve": [1, 2.5], "text": "中文"}
    assert ask("api/guesses/05.window", "PUT", json.dumps(value).encode()).code == 204
    assert progress.guesses() == {"05.window": value}
    assert content(ask("api/guesses/05.window")) == value
    assert content(ask("api/guesses/05.none")) is None
    assert content(ask("api/guesses")) == {"05.window": value}
    assert ask("api/guesses/05.window", "PUT", b"null").code == 204
    assert progress.guesses() == {}


def test_what_cannot_be_written_as_utf_8_or_named_is_answered(ask: Ask) -> None:
    assert ask("api/guesses/01.half", "PUT", b'"\\ud800"').code == 400
    assert content(ask("api/guesses")) == {}
    assert ask("api/outline?near=" + "a" * 5000).code == 200


REFUSED = [
    ("05.window", b"{", 400, "not JSON"),
    ("05.window", b"", 400, "not JSON"),
    ("05.window", b"NaN", 400, "not JSON"),
    ("05.window", b"\xff", 400, "not JSON"),
    ("05.window", b"[" * 19_000, 400, "not JSON"),
    ("05.window", b'"%s"' % (b"x" * 20_000), 413, "20000"),
    ("05.window", b"[%s]" % b",".join([b"1e-7"] * 3990), 400, "20 kB"),  # more bytes in the file than here: 1e-07
    ("05.window", b"[" * 9 + b"]" * 9, 400, "8 deep"),
    ("window", b"1", 400, "05.window"),
    ("..%2f05.window", b"1", 400, "05.window"),
    ("05." + "x" * 65, b"1", 400, "05.window"),
]


@each_of("name, body, code, text", REFUSED)
def test_what_is_no_guess_is_refused_with_a_sentence(name, body, code, text, ask) -> None:
    answer = ask(f"api/guesses/{name}", "PUT", body)
    assert answer.code == code and text in json.loads(answer.body)["message"]
    assert progress.guesses() == {}


def test_a_settled_guess_is_only_forgotten(ask: Ask) -> None:
    put = lambda value: ask("api/guesses/05.window", "PUT", json.dumps(value).encode())  # noqa: E731
    settled = {"value": 7, "sealed": True}
    assert put({"value": 7, "sealed": False}).code == put(settled).code == put(settled).code == 204
    for other in ({"value": 7, "sealed": False}, {"value": 8, "sealed": True}, 7):
        answer = put(other)
        assert answer.code == 409 and "settled" in json.loads(answer.body)["message"]
        assert progress.guesses() == {"05.window": settled}
    assert put(None).code == put({"value": 8, "sealed": False}).code == 204


def test_a_guess_that_cannot_be_written_is_not_said_to_be(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "home").write_text("a note")
    monkeypatch.setenv("COURSE_SNN_HOME", str(tmp_path / "home"))
    answer = ask("api/guesses/05.window", "PUT", b"1")
    assert answer.code == 507 and "cannot be written" in json.loads(answer.body)["message"]


def test_only_who_has_the_token_is_answered_and_writing_needs_more(ask: Ask) -> None:
    for route in ("api/outline", "api/search?q=x", "api/guesses", "api/guesses/05.window"):
        assert ask(route, token="").code == 403
    assert ask("api/guesses/05.window", "PUT", b"1", token="").code == 403
    cookie = content_cookie(ask)
    answer = ask("api/guesses/05.window", "PUT", b"1", token="", headers={"Cookie": cookie})  # a page of somebody else
    assert answer.code == 403 and b"_xsrf" in answer.body and progress.guesses() == {}


def content_cookie(ask: Ask) -> str:
    """What the browser of somebody who is logged in sends along, wherever the request comes from."""
    answer = ask(f"api/outline?token={TOKEN}", token="")
    assert answer.code == 200
    return "; ".join(line.split(";")[0] for line in answer.headers.get_list("Set-Cookie"))


def test_the_folder_is_the_one_that_is_served(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(folder))
    assert served(folder) == folder
    assert served(tmp_path) is None  # the course's own folder lies elsewhere: JupyterLab could not open it
    for name in ("a", "b", ".hidden", "empty"):
        (tmp_path / name).mkdir()
        if name != "empty":
            (tmp_path / name / "01_lif_neuron.ipynb").touch()
    assert served(tmp_path) == tmp_path / "a" and served(tmp_path, "b") == tmp_path / "b"
    assert served(tmp_path, "empty") == served(tmp_path, "\0") == served(tmp_path, "../..") == tmp_path / "a"
    assert served(folder.parent) == folder  # named by the environment
    assert served(tmp_path / "nowhere") is None


WAITS = """
import asyncio, sys, threading
from course_snn.course import server
server.GRACE = float(sys.argv[1])
asyncio.run(server._start_jupyter_server_extension(None))
if sys.argv[2] == "waits":
    threading.Thread(target=threading.Event().wait).start()
sys.exit(3)
"""


@each_of(("grace", "thread", "status"), [("0.1", "waits", 0), (f"{2 * PATIENCE}", "none", 3)])
def test_a_thread_that_waits_for_ever_keeps_no_server_alive(grace, thread, status):
    ended = subprocess.run([sys.executable, "-c", WAITS, grace, thread], timeout=PATIENCE)
    assert ended.returncode == status
