"""What a learner installs: the wheel, the lock file, the conda environment, the script of the CI."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

PUBLIC_INDEX = "https://pypi.org/simple"
PUBLIC_FILES = "https://files.pythonhosted.org/"


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built here by the same hatchling, without the network."""
    out = tmp_path_factory.mktemp("wheel")
    code = "import hatchling.build, sys; hatchling.build.build_wheel(sys.argv[1])"
    import sys

    subprocess.run([sys.executable, "-c", code, str(out)], cwd=root, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as archive:
        yield archive


def test_the_wheel_holds_everything_the_course_needs(root: Path, wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    data = "course_snn-0.1.0.data/data/share/jupyter"
    assert f"{data}/lab/settings/overrides.json" in names
    extension = {path.relative_to(root / "labextension").as_posix() for path in files(root / "labextension")}
    assert {f"{data}/labextensions/course-lang/{name}" for name in extension} <= names
    package = {path.relative_to(root).as_posix() for path in files(root / "course_snn")}
    assert package == {name for name in names if name.startswith("course_snn/")}
    for wanted in (".js", ".css", ".html", ".otf", ".py"):
        assert any(name.endswith(wanted) for name in package), f"no {wanted} file in the package"


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_the_wheel_offers_the_command_and_its_licences(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    entry = wheel.read(next(name for name in names if name.endswith("entry_points.txt"))).decode()
    assert "course-snn = course_snn.course.cli:main" in entry
    assert any(name.endswith("licenses/LICENSE") for name in names)
    fonts = [name for name in names if name.endswith((".otf", ".ttf"))]
    assert fonts
    assert any("OFL" in name for name in names), "a bundled font needs its licence beside it"


def test_the_extension_describes_itself_rightly(root: Path, project: dict) -> None:
    package = json.loads((root / "labextension" / "package.json").read_text(encoding="utf-8"))
    assert package["version"] == project["project"]["version"]
    lab = package["jupyterlab"]
    assert (root / "labextension" / lab["_build"]["load"]).is_file()
    schema = json.loads((root / "labextension" / lab["schemaDir"] / "course-lang" / "plugin.json").read_text("utf-8"))
    commands = [item["command"] for item in schema["jupyter.lab.menus"]["main"][0]["items"] if "command" in item]
    script = (root / "labextension" / lab["_build"]["load"]).read_text(encoding="utf-8")
    assert commands == ["course-lang:zh", "course-lang:en", "course-lang:both"]
    assert "display:none" not in re.sub(r"//.*", "", script).replace(" ", "").replace(".lang-sep{display:none", "")
    overrides = json.loads((root / "overrides.json").read_text(encoding="utf-8"))
    assert overrides["@jupyterlab/apputils-extension:notification"] == {"fetchNews": "false", "checkForUpdates": False}


def test_the_lock_names_only_the_public_index(root: Path) -> None:
    lock = tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))
    sources = [package["source"] for package in lock["package"]]
    assert [source for source in sources if "registry" not in source] == [{"editable": "."}]
    assert {source["registry"] for source in sources if "registry" in source} == {PUBLIC_INDEX}
    kept = [
        item["url"]
        for package in lock["package"]
        for item in [*package.get("wheels", []), *([package["sdist"]] if "sdist" in package else [])]
    ]
    assert len(kept) > 500
    assert all(url.startswith(PUBLIC_FILES) for url in kept)


def test_the_lock_fits_the_pins(root: Path, project: dict) -> None:
    lock = tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))
    locked = {package["name"]: package["version"] for package in lock["package"] if "version" in package}
    for line in [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]:
        pin = Requirement(line)
        assert pin.specifier.contains(locked[pin.name.lower()], prereleases=True), line


def test_conda_and_pyproject_say_the_same(root: Path, project: dict) -> None:
    environment = yaml.safe_load((root / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = environment["dependencies"]
    assert environment["name"] == project["project"]["name"]
    assert f"python {project['project']['requires-python']}" in conda
    assert pip["pip"] == [*project["project"]["dependencies"], "--editable ."]


def test_notebooks_belong_to_the_tests(project: dict) -> None:
    options = project["tool"]["pytest"]["ini_options"]
    assert set(options["testpaths"]) == {"tests", "notebooks"}
    assert {"--nbval-lax", "--nbval-current-env"} <= set(options["addopts"])


def test_the_ci_script_is_sound_bash(root: Path) -> None:
    script = root / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "\nuv run pytest\n" in text
    subprocess.run(["bash", "-n", str(script)], check=True, timeout=30)
