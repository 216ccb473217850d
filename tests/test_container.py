"""What can be checked of the Dockerfile and the dev container without Docker."""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import subprocess
import tomllib
import zipfile
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest
from packaging.specifiers import SpecifierSet
from patience import PATIENCE
from test_cli import invoke
from together import each_of
from wheels import build_wheel

from course_snn import figure
from course_snn.course import lab

ROOT = Path(__file__).resolve().parents[1]
KNOWN = {"FROM", "ENV", "RUN", "COPY", "WORKDIR", "USER", "EXPOSE", "HEALTHCHECK", "CMD"}  # all that ours needs
FONTS = {"fonts-wqy-microhei": "WenQuanYi Micro Hei"}  # Debian's package: the family that is in it
BUILT = "constraints.txt", "dist/*.whl"  # what the builder makes for itself


class Step(NamedTuple):
    """One instruction of the Dockerfile: its word, what follows, and the stage it belongs to."""

    word: str
    text: str
    stage: str


def read(text: str) -> list[Step]:
    """The instructions: comments left out, lines that end with a backslash joined to the next."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    found, stage = [], ""
    for line in re.sub(r"\s*\\\n\s*", " ", "\n".join(lines)).splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            stage = rest.partition(" AS ")[2]
        found.append(Step(word, rest.strip(), stage))
    return found


STEPS = read((ROOT / "Dockerfile").read_text(encoding="utf-8"))
LAST = STEPS[-1].stage


def those(word: str, stage: str | None = None) -> list[str]:
    return [step.text for step in STEPS if step.word == word and stage in (None, step.stage)]


def user() -> dict[str, str]:
    """The options of useradd, and under "name" who is added."""
    words = next(text for text in those("RUN", LAST) if "useradd" in text).split()
    return {"name": words[-1]} | dict(pairwise(words))


def copied() -> list[str]:
    """What is copied from the checkout."""
    steps = [text.split() for text in those("COPY") if not text.startswith("--from")]
    return [name for *names, _target in steps for name in names]


def ignored(name: str) -> bool:
    """Whether .dockerignore keeps a file from the builder: the last pattern that fits it, or a folder above, counts."""
    path, verdict = PurePosixPath(name), False
    above = [*map(str, path.parents)][:-1][::-1]
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        if (pattern := line.strip()) and not pattern.startswith("#"):
            wanted = pattern.removeprefix("!")
            tails = [wanted.removeprefix("**/")] if wanted.startswith("**/") else []
            names = [*above, name]
            fits = any(_fits(one, wanted) or any(_fits(PurePosixPath(one).name, t) for t in tails) for one in names)
            verdict = not pattern.startswith("!") if fits else verdict
    return verdict


def _fits(name: str, pattern: str) -> bool:
    return name.count("/") == pattern.count("/") and fnmatch.fnmatchcase(name, pattern)


def test_every_instruction_is_one_and_every_stage_is_known() -> None:
    assert {step.word for step in STEPS} <= KNOWN and STEPS[0].word == "FROM"
    stages = []
    for text in those("FROM"):
        image, _, name = text.partition(" AS ")
        if image not in stages:
            version = re.fullmatch(r"python:(3\.\d+)-slim-(bookworm|trixie)", image)  # pinned, slim, a Debian by name
            project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
            assert version and SpecifierSet(project["requires-python"]).contains(f"{version[1]}.1"), image
        stages.append(name)
    sources = [text.split()[0].removeprefix("--from=") for text in those("COPY") if text.startswith("--from")]
    assert set(sources) <= set(stages) and "" not in stages


def test_the_last_stage_is_no_root_speaks_utf8_and_ends_with_the_command() -> None:
    words = [step.word for step in STEPS if step.stage == LAST]
    assert those("USER", LAST) == [user()["--uid"]] and int(user()["--uid"]) >= 1000  # a number: Kubernetes asks
    assert those("WORKDIR", LAST) == [user()["--home-dir"]]
    assert words.index("USER") < words.index("WORKDIR") < words.index("CMD") == len(words) - 1
    assert "LANG=C.UTF-8" in those("ENV", "base")[0]


def test_nothing_secret_and_nothing_that_moves_by_itself() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    code = " ".join(f"{step.word} {step.text}" for step in STEPS)
    assert not re.search(r"token|password|secret|passwd|api_?key|https?://(?!127\.0\.0\.1)", code, re.IGNORECASE)
    assert "latest" not in text and "ADD " not in code and "sudo" not in code
    assert re.search(r"pip install \S+ uv==\d+\.\d+\.\d+ ", f"{those('RUN', 'build')[0]} ")
    assert re.findall(r"-p (\S+)", text) == [f"127.0.0.1:{lab.DEFAULT_PORT}:{lab.DEFAULT_PORT}"]


def test_all_that_is_copied_is_there_and_reaches_the_builder() -> None:
    for name in copied():
        assert (ROOT / name).exists(), name
        assert not ignored(name), name
    for name in ("course_snn/neuron.py", "labextension/static/remoteEntry.js", "assets/results/laptop.json"):
        assert (ROOT / name).is_file() and not ignored(name), name


@each_of(
    "name",
    [".git/config", ".venv/bin/python", "build/x", "dist/x.whl", ".env", "data/MNIST/raw/x", "tests/test_cli.py",
     "assets/hero/fields_dark.webp", "course_snn/__pycache__/neuron.pyc", "notebooks/.ipynb_checkpoints/x.ipynb",
     "course_snn/course/__pycache__/lab.pyc", "shared/x", "notebooks/x.part", "Dockerfile", "id_rsa"],
)  # fmt: skip
def test_the_builder_does_not_get(name: str) -> None:
    assert ignored(name)


def test_the_wheel_that_the_builder_makes_is_the_whole_course(root: Path, wheel_file: Path, tmp_path: Path) -> None:
    context, out = tmp_path / "src", tmp_path / "dist"
    out.mkdir()
    for name in copied():
        target = context / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (root / name).is_dir():
            shutil.copytree(root / name, target, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
        else:
            shutil.copy(root / name, target)
    contents = []
    for file in (wheel_file, build_wheel(context, out)):
        with zipfile.ZipFile(file) as wheel:
            contents.append(sorted((one.filename, one.CRC) for one in wheel.infolist()))
    assert contents[0] == contents[1]


def test_what_is_run_is_sound_and_names_what_is_there(root: Path) -> None:
    for text in those("RUN"):
        if shell := shutil.which("sh"):
            subprocess.run([shell, "-n", "-c", text], check=True, timeout=PATIENCE)
    installed = re.search(r"apt-get install ([^&]+)", those("RUN", "base")[0])[1].split()
    packages = {name for name in installed if not name.startswith("-")}
    assert "bubblewrap" in packages and "--no-install-recommends" in installed
    families = [FONTS[name] for name in packages if name in FONTS]
    assert families and set(families) <= set(figure.SYSTEM_FONTS)


def test_uv_knows_the_options_and_pins_every_library(root: Path, tmp_path: Path) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    if uv is None:
        pytest.skip("no uv")
    for line in re.findall(r"\buv [^&]+", " && ".join(those("RUN", "build"))):
        words = line.split()
        verb = words[1:3] if words[1] == "pip" else words[1:2]
        shown = subprocess.run([uv, *verb, "--help"], capture_output=True, text=True, timeout=PATIENCE).stdout
        options = [word for word in words if word.startswith("--")]
        assert [option for option in options if not re.search(rf"{option}\b", shown)] == [], line
    export = re.search(r"uv export [^&]+", those("RUN", "build")[1])[0].split()[1:]
    subprocess.run(
        [uv, *export[:-1], str(tmp_path / export[-1]), "--offline"], cwd=root, check=True, capture_output=True,
        timeout=PATIENCE,
    )  # fmt: skip
    pinned = (tmp_path / export[-1]).read_text(encoding="utf-8")
    lock = tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))
    versions = {package["name"]: package["version"] for package in lock["package"] if "version" in package}
    assert {f"{name}=={versions[name]}" for name in ("torch", "numpy", "jupyterlab")} <= set(
        re.split(r"[\s;]+", pinned)
    )


def test_the_command_opens_the_port_to_docker_and_keeps_the_token(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program, *arguments = json.loads(those("CMD", LAST)[0])
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert program in scripts
    command = served(monkeypatch, tmp_path, arguments)
    assert [part for part in command if "ServerApp.ip" in part] == ["--ServerApp.ip=0.0.0.0"]
    assert f"--ServerApp.port={lab.DEFAULT_PORT}" in command and "--no-browser" in command
    assert not [part for part in command if re.search("token|password|allow-root|allow_origin|disable", part)]
    assert those("EXPOSE", LAST) == [str(lab.DEFAULT_PORT)]
    test = json.loads(those("HEALTHCHECK", LAST)[0].partition(" CMD ")[2])
    compile(test[2], "HEALTHCHECK", "exec")
    assert test[:2] == ["python", "-c"] and f"http://127.0.0.1:{lab.DEFAULT_PORT}/api'" in test[2]


def served(monkeypatch: pytest.MonkeyPatch, folder: Path, arguments: list[str]) -> list[str]:
    """The command line of JupyterLab to which `course-snn` with these arguments comes."""
    seen: list[list[str]] = []
    (folder / "00_start_here.ipynb").write_text("{}", encoding="utf-8")

    def run(chapter, lang, port, browser, extra, edit) -> int:
        seen.append(lab.lab_command(folder, chapter, port, browser, extra))
        return 0

    monkeypatch.setattr(lab, "run_lab", run)
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    return seen[0]


def test_the_dev_container_is_the_same_image(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    folder = ROOT / ".devcontainer"
    told = json.loads((folder / "devcontainer.json").read_text(encoding="utf-8"))
    assert set(told) <= {"name", "build", "remoteUser", "containerEnv", "postAttachCommand", "forwardPorts",
                         "portsAttributes"}  # fmt: skip
    assert (folder / told["build"]["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert (folder / told["build"]["context"]).resolve() == ROOT and told["build"]["target"] == LAST
    assert told["remoteUser"] == user()["name"]
    assert told["forwardPorts"] == [lab.DEFAULT_PORT] == list(map(int, told["portsAttributes"]))
    program, *arguments = told["postAttachCommand"]
    assert program == json.loads(those("CMD", LAST)[0])[0]
    command = served(monkeypatch, tmp_path, arguments)
    assert "--ServerApp.ip=127.0.0.1" in command and "--no-browser" in command  # the editor forwards the port
    home = told["containerEnv"]["COURSE_SNN_HOME"]
    assert home.startswith("${containerWorkspaceFolder}/build/")  # outlives the container, and git leaves it out
    assert "/build/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
