"""What a learner installs: the wheel, the lock file, the conda environment, the script of the CI."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version
from patience import PATIENCE
from typer.testing import CliRunner

import course_snn
from course_snn.course.chapters import ready_chapters

ROOT = Path(__file__).resolve().parents[1]
PUBLIC_INDEX = "https://pypi.org/simple"
PUBLIC_FILES = "https://files.pythonhosted.org/"


@pytest.fixture(scope="module")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def wheel(wheel_file: Path) -> zipfile.ZipFile:
    with zipfile.ZipFile(wheel_file) as archive:
        yield archive


def test_the_wheel_holds_everything_the_course_needs(root: Path, wheel: zipfile.ZipFile, project: dict) -> None:
    names = set(wheel.namelist())
    kept = f"course_snn-{project['project']['version']}.data/data"
    assert f"{kept}/etc/jupyter/jupyter_server_config.d/course-snn.json" in names
    data = f"{kept}/share/jupyter"
    assert f"{data}/lab/settings/overrides.json" in names
    extension = {path.relative_to(root / "labextension").as_posix() for path in files(root / "labextension")}
    assert {f"{data}/labextensions/course-lang/{name}" for name in extension} <= names
    package = {path.relative_to(root).as_posix() for path in files(root / "course_snn")}
    notebooks = {f"course_snn/notebooks/{chapter.file_name}" for chapter in ready_chapters()}
    results = {f"course_snn/assets/results/{path.name}" for path in files(root / "assets" / "results")}
    assert package | notebooks | results == {name for name in names if name.startswith("course_snn/")}
    assert len(wheel.namelist()) == len(names)
    assert not [name for name in names if "test" in name.lower() or (name.endswith(".ipynb") and name not in notebooks)]
    for wanted in (".js", ".css", ".html", ".otf", ".py"):
        assert any(name.endswith(wanted) for name in package), f"no {wanted} file in the package"


CODE_PAGE = """
import io, site, sys
opened, read = io.open_code, []
def in_code_page_936(name):  # as Python 3.11 and 3.12 read a .pth on a Chinese Windows
    read.append(name)
    return io.BytesIO(opened(name).read().decode("gbk").encode())
site.io.open_code = in_code_page_936
site.addsitedir(sys.argv[1])
import course_snn
print(len(read), course_snn.__file__)
"""


def test_an_editable_install_is_found_in_a_folder_with_chinese_characters(root: Path, tmp_path: Path) -> None:
    checkout, target = tmp_path / "用户张三" / "课程", tmp_path / "用户张三" / "环境"
    for name in (
        "course_snn",
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "labextension",
        "overrides.json",
        "jupyter_server_config.json",
    ):
        copy = shutil.copytree if (root / name).is_dir() else shutil.copy
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        copy(root / name, checkout / name)
    code = "import hatchling.build, sys; hatchling.build.build_editable(sys.argv[1])"
    target.mkdir()
    subprocess.run([sys.executable, "-c", code, str(target)], cwd=checkout, check=True, timeout=PATIENCE)
    with zipfile.ZipFile(next(target.glob("*.whl"))) as archive:
        archive.extractall(target)
    pth = list(target.glob("*.pth"))
    assert len(pth) == 1 and pth[0].read_bytes().isascii()

    shutil.copytree(Path(importlib.util.find_spec("editables").origin).parent, target / "editables")
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", CODE_PAGE, str(target)]  # without our own environment
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=PATIENCE)
    assert done.stdout.split() == ["1", str(checkout / "course_snn" / "__init__.py")], done.stderr


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


def test_one_version_everywhere(root: Path, project: dict) -> None:
    version = project["project"]["version"]
    assert course_snn.__version__ == version, "run: uv sync"
    assert yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))["version"] == version
    assert json.loads((root / "labextension" / "package.json").read_text(encoding="utf-8"))["version"] == version
    lock = tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))
    assert [package["version"] for package in lock["package"] if package["name"] == "course-snn"] == [version]
    changes = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    numbers = re.findall(r"^## \[(\d+\.\d+\.\d+)\]", changes, re.MULTILINE)
    assert numbers[0] == version and numbers == sorted(numbers, key=Version, reverse=True)


def test_the_command_tells_its_version(project: dict) -> None:
    from course_snn.course.commands import app

    result = CliRunner().invoke(app, ["--version"])
    assert (result.exit_code, result.output) == (0, f"course-snn {project['project']['version']}\n")


def test_the_version_costs_an_import_nothing() -> None:
    heavy = {"importlib.metadata", "torch", "numpy", "course_snn.neuron"}
    code = f"import sys; import course_snn; print({heavy!r} & set(sys.modules)); print(hasattr(course_snn, 'nonsense'))"
    result = subprocess.run(
        [sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert result.stdout.split() == ["set()", "False"], result.stderr


# Its tests refuse such places, and so name them.
NAMES_PLACES = {"tests/test_store.py", "tests/test_packaging.py"}
PLACE = re.compile(r"(?<![\w.:/-])/(?:work|root|home|Users|tmp|mnt|media|scratch)/|\b[A-Za-z]:\\+(?:Users|home|work)")


def tracked(root: Path) -> list[str]:
    git = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True, timeout=PATIENCE)
    if git.returncode:
        pytest.skip("not a git checkout")
    return [name for name in git.stdout.split("\0") if name and (root / name).is_file()]


def test_no_file_names_a_place_on_one_machine(root: Path) -> None:
    found = []
    for name in sorted(set(tracked(root)) - NAMES_PLACES):
        content = (root / name).read_bytes()
        if b"\0" not in content:
            lines = content.decode("utf-8").splitlines()
            found += [f"{name}:{n}: {line.strip()[:100]}" for n, line in enumerate(lines, 1) if PLACE.search(line)]
    assert not found, "say it by a variable, or from the checkout: " + "; ".join(found)


@pytest.mark.parametrize(
    "text", ['"/work/shared"', "in /home/me/x.pt", r"C:\Users\me", "=/tmp/a", "(/root/x)", "`/mnt/d`"]
)
def test_such_a_place_would_be_seen(text: str) -> None:
    assert PLACE.search(text)


@pytest.mark.parametrize("text", ["https://a.org/home/x", "build/tmp/x", "../shared/data", "tests/root/x", "C: and"])
def test_other_paths_are_not_meant(text: str) -> None:
    assert not PLACE.search(text)


def test_notebooks_belong_to_the_tests(project: dict) -> None:
    options = project["tool"]["pytest"]["ini_options"]
    assert set(options["testpaths"]) == {"tests", "notebooks"}
    assert {"--nbval-lax", "--nbval-current-env"} <= set(options["addopts"])


def test_the_ci_script_is_sound_bash(root: Path) -> None:
    script = root / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "\nuv run pytest\n" in text
    subprocess.run(["bash", "-n", str(script)], check=True, timeout=PATIENCE)
