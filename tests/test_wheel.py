"""The wheel in an empty environment, in a folder with Chinese characters and a space: no checkout, no network."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from jupyter_client import BlockingKernelClient
from patience import PATIENCE, until

from course_snn.course.chapters import CHAPTERS

OURS = {"course-lang", "course-snn.json", "settings"}  # what the wheel itself must bring below share/ and etc/
COMPILED = {"PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE"}  # see the checkout's conftest.py
COMMANDS = """
import sys
from course_snn.course.cli import main
for line in sys.argv[1:]:
    try:
        main(line.split("|"))
    except SystemExit as end:
        print("ended", line.split("|")[0], end.code or 0)
"""


@dataclass(frozen=True)
class Installed:
    """An environment that holds the wheel, a home and an empty folder to work in."""

    place: Path

    @property
    def programs(self) -> Path:
        return self.place / "环 境" / ("Scripts" if os.name == "nt" else "bin")

    @property
    def home(self) -> Path:
        return self.place / "家"

    @property
    def working(self) -> Path:
        return self.place / "空 文件夹"

    @property
    def runtime(self) -> Path:
        return self.place / "runtime"

    def environment(self) -> dict[str, str]:
        """That of a learner who has nothing else: no variable of ours, of Jupyter or of another Python."""
        other = ("JUPYTER", "COURSE_SNN_", "PYTHON", "VIRTUAL_ENV", "UV", "XDG_", "NBVAL", "PYTEST")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(other) or name in COMPILED}
        home = {"HOME": str(self.home), "USERPROFILE": str(self.home), "JUPYTER_RUNTIME_DIR": str(self.runtime)}
        fonts = {"MPLCONFIGDIR": matplotlib.get_configdir()}  # the list of fonts takes seconds to make
        return kept | home | fonts | {"COURSE_SNN_OFFLINE": "1", "PYTHONUTF8": "1"}

    def start(self, program: str, *arguments: str, **options: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [str(self.programs / program), *arguments], cwd=self.working, env=self.environment(), **options
        )


@pytest.fixture(scope="module")
def installed(wheel_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no uv, which installs the wheel: pip install uv")
        pytest.skip("no uv, which installs the wheel")
    made = Installed(tmp_path_factory.mktemp("installed") / "用户 张三")
    for folder in (made.home, made.working):
        folder.mkdir(parents=True)
    venv.create(made.programs.parent, symlinks=os.name != "nt")
    install = [uv, "pip", "install", "--offline", "--no-config", "--no-cache", "--no-deps", "--link-mode=copy"]
    install += [f"--python={made.programs / 'python'}", str(wheel_file)]
    subprocess.run(install, cwd=made.working, check=True, capture_output=True, timeout=PATIENCE)
    _lend_libraries(made.programs.parent)
    yield made
    if sys.pycache_prefix:  # nobody else needs what was compiled here
        shutil.rmtree(Path(sys.pycache_prefix, *made.place.parts[1:]), ignore_errors=True)


def _lend_libraries(environment: Path) -> None:
    """Let it import what the tests' environment holds, and link what is Jupyter's there, but nothing of the course."""
    places = {"base": str(environment), "platbase": str(environment)}
    own, lent = (Path(sysconfig.get_path("purelib", vars=more)) for more in (places, {}))
    (own / "lent.pth").write_text(f"{lent}\n", encoding="utf-8")  # its own .pth, the editable course, are not read
    for folder in ("share/jupyter", "etc/jupyter"):
        skipped = shutil.ignore_patterns(*OURS)
        shutil.copytree(
            Path(sys.prefix, folder), environment / folder, copy_function=_link, ignore=skipped, dirs_exist_ok=True
        )


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # on another disk
        shutil.copy2(source, target)


@dataclass(frozen=True)
class Server:
    """JupyterLab, as it tells itself in Jupyter's runtime folder."""

    told: dict[str, Any]

    def get(self, path: str, token: bool = True) -> Any:
        return self.send("GET", path, token)

    def send(self, method: str, path: str, token: bool = True) -> Any:
        headers = {"Authorization": f"token {self.told['token']}"} if token else {}
        asked = urllib.request.Request(f"{self.told['url']}{path}", headers=headers, method=method)
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            body = answer.read()
        return json.loads(body) if "json" in answer.headers.get("Content-Type", "") else body.decode()


@pytest.fixture(scope="module")
def lab(installed: Installed) -> Iterator[Server]:
    """`course-snn lab`, typed in the empty folder."""
    log = installed.place / "lab.log"
    with log.open("wb") as output:
        process = installed.start(
            "course-snn", "lab", "--no-browser", "--lang=zh", "--port=18888", "--allow-root",
            stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            until(lambda: process.poll() is not None or _told(installed.runtime))
            assert process.poll() is None, log.read_text("utf-8", errors="replace")
            yield Server(_told(installed.runtime))
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _told(runtime: Path) -> dict[str, Any] | None:
    """What the server wrote of itself, once it answers."""
    for file in runtime.glob("jpserver-*.json"):
        with contextlib.suppress(ValueError, OSError):
            told = json.loads(file.read_text(encoding="utf-8"))
            urllib.request.urlopen(f"{told['url']}api", timeout=PATIENCE).close()
            return told
    return None


def test_lab_serves_this_machine_only_and_behind_a_token(lab: Server) -> None:
    assert lab.told["hostname"] == "127.0.0.1" and lab.told["url"].startswith("http://127.0.0.1:")
    assert len(lab.told["token"]) >= 32
    for path in ("api/contents", "course-snn/api/outline"):
        with pytest.raises(urllib.error.HTTPError, match="403"):
            lab.get(path, token=False)


def test_lab_lists_all_chapters_in_a_folder_of_the_learners_own(installed: Installed, lab: Server) -> None:
    assert Path(lab.told["root_dir"]) == installed.home / "my-course-snn"
    names = {file["name"] for file in lab.get("api/contents")["content"]}
    assert names == {chapter.file_name for chapter in CHAPTERS}
    outline = lab.get("course-snn/api/outline")["chapters"]
    assert [chapter["key"] for chapter in outline] == [chapter.key for chapter in CHAPTERS]
    assert all(chapter["sections"] and chapter["exercises"] for chapter in outline)
    assert list(installed.working.iterdir()) == []


def test_lab_has_the_extension_the_defaults_and_the_widgets_of_the_wheel(lab: Server) -> None:
    page = lab.get("lab")
    assert '"course-lang"' in page
    assert "course-lang" in lab.get("lab/extensions/course-lang/static/remoteEntry.js")
    assert lab.get("lab/api/settings/course-lang:plugin")["schema"]["properties"]["lang"]["default"] == "zh"
    notification = lab.get("lab/api/settings/@jupyterlab/apputils-extension:notification")
    assert notification["schema"]["properties"]["fetchNews"]["default"] == "false"
    assert "export" in lab.get("course-snn/widget/ChargingNeuron.js")


def test_a_kernel_of_lab_runs_the_first_cells_of_a_chapter(installed: Installed, lab: Server) -> None:
    chapter = json.loads((installed.home / "my-course-snn" / CHAPTERS[1].file_name).read_text(encoding="utf-8"))
    codes = ["".join(cell["source"]) for cell in chapter["cells"] if cell["cell_type"] == "code"][:2]
    assert all("course.begin" in code for code in codes)
    kernel = lab.send("POST", "api/kernels")["id"]
    client = BlockingKernelClient(connection_file=str(installed.runtime / f"kernel-{kernel}.json"))
    client.load_connection_file()
    client.start_channels()
    said: list[dict] = []
    try:
        client.wait_for_ready(timeout=PATIENCE)
        for code in (*codes, "import sys, course_snn; print(sys.prefix, course_snn.__file__, sep='|')"):
            reply = client.execute_interactive(code, timeout=PATIENCE, output_hook=said.append, allow_stdin=False)
            assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        lab.send("DELETE", f"api/kernels/{kernel}")
    shown = [message["content"] for message in said if message["msg_type"] in ("display_data", "execute_result")]
    assert any("application/vnd.jupyter.widget-view+json" in content["data"] for content in shown)
    prefix, package = said[-2]["content"]["text"].strip().split("|")
    assert Path(prefix) == installed.programs.parent
    assert Path(package).is_relative_to(installed.programs.parent)


def test_the_other_commands_find_all_they_need_in_the_wheel(installed: Installed) -> None:
    before = _files(installed)
    lines = ("start|我的 课程", "update|我的 课程", "list", "classroom|assign|01|发 作业|--exam")
    process = installed.start("python", "-c", COMMANDS, *lines, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = process.communicate(timeout=PATIENCE)[0].decode("utf-8")
    assert said.count("ended") == len(lines) and said.count(" 0\n") >= len(lines), said
    made = installed.working
    assert {path.name for path in (made / "我的 课程").glob("*.ipynb")} == {one.file_name for one in CHAPTERS}
    assert list((made / "发 作业").rglob("01*.ipynb"))
    assert _files(installed) == before  # nothing is written into the package


def _files(installed: Installed) -> set[Path]:
    return {path for path in installed.programs.parent.rglob("course_snn/**/*") if "__pycache__" not in path.parts}
