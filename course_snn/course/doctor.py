"""Whether this machine can run the course: each finding says what it means and what to do."""

from __future__ import annotations

import filecmp
import importlib
import os
import re
import shutil
import sys
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from course_snn.course import machine
from course_snn.course.chapters import ChapterError, notebooks_dir, ready_chapters
from course_snn.course.machine import requirements
from course_snn.data import files
from course_snn.language import Label, tr

OK, NOTE, PROBLEM = "ok", "note", "problem"
REINSTALL = tr("运行 uv sync --reinstall-package course-snn", "run: uv sync --reinstall-package course-snn")
FREE_GIB = 2.0


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `state` is ok, note (works, but know this) or problem (something will not work)."""

    state: str
    what: Label
    found: str
    advice: str = ""


def examine() -> list[Finding]:
    """Everything the doctor looks at, in the order in which a learner meets it."""
    looks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _versions, _chapters, _widgets, _extension, _menus, _fonts, _gpu, _data, _recordings, _progress, _disk,
        _browser,
    )  # fmt: skip
    findings: list[Finding] = []
    for look in looks:
        try:
            findings += look()
        except Exception as error:  # a broken installation must not stop the doctor who is to find it
            name = look.__name__.strip("_")
            findings.append(Finding(PROBLEM, tr(name, name), f"{type(error).__name__}: {error}", REINSTALL))
    return findings


def _versions() -> Iterator[Finding]:
    wanted = metadata.metadata(machine.COURSE)["Requires-Python"]
    python = machine.versions()["python"] or ""
    fits = Requirement(f"python{wanted}").specifier.contains(python, prereleases=True)
    yield Finding(
        OK if fits else PROBLEM,
        tr("Python", "Python"),
        python,
        ""
        if fits
        else tr(
            f"课程需要 Python {wanted}；uv 会装好它：uv sync",
            f"the course needs Python {wanted}; uv installs it: uv sync",
        ),
    )
    for pin in requirements():
        yield version_finding(pin, machine.version(pin.name))


def version_finding(pin: Requirement, version: str | None) -> Finding:
    """Whether the installed version of a package (None: missing) is one that its pin allows."""
    what = tr(pin.name, pin.name)
    advice = tr(f"需要 {pin}；运行 uv sync", f"the course needs {pin}; run: uv sync")
    if version is None:
        return Finding(PROBLEM, what, tr("没有安装", "not installed"), advice)
    fits = pin.specifier.contains(version, prereleases=True)
    return Finding(OK if fits else PROBLEM, what, version, "" if fits else advice)


def _chapters() -> Iterator[Finding]:
    what = tr("章节", "Chapters")
    try:
        count = len(ready_chapters())
        yield Finding(OK, what, f"{count} ({notebooks_dir()})")
    except ChapterError as error:
        yield Finding(PROBLEM, what, tr("找不到", "not found"), str(error))


def _widgets() -> Iterator[Finding]:
    for name, package in (("jupyterlab-manager", "ipywidgets"), ("anywidget", "anywidget")):
        folder = labextension("@jupyter-widgets/jupyterlab-manager" if package == "ipywidgets" else name)
        importlib.import_module(package)
        yield Finding(
            OK if folder else PROBLEM,
            tr(f"交互控件 {package}", f"Widgets: {package}"),
            tr("可用", "available")
            if folder
            else tr("JupyterLab 里没有它的扩展", "its JupyterLab extension is missing"),
            ""
            if folder
            else tr(f"运行 uv sync --reinstall-package {package}", f"run: uv sync --reinstall-package {package}"),
        )


def labextension(name: str) -> Path | None:
    """The folder of an installed JupyterLab extension, the first on Jupyter's path."""
    from jupyter_core.paths import jupyter_path

    folders = [Path(folder, name) for folder in jupyter_path("labextensions")]
    return next((folder for folder in folders if (folder / "package.json").is_file()), None)


def _extension() -> Iterator[Finding]:
    what = tr("语言切换", "Language switch")
    folder = labextension("course-lang")
    if folder is None:
        yield Finding(PROBLEM, what, tr("JupyterLab 里没有安装", "not installed in JupyterLab"), REINSTALL)
    elif stale(folder, Path(__file__).resolve().parents[2] / "labextension"):
        yield Finding(PROBLEM, what, tr("安装的是旧版本", "an older copy is installed"), REINSTALL)
    else:
        yield Finding(OK, what, tr("已安装", "installed"))


def stale(installed: Path, source: Path) -> bool:
    """Whether the checkout holds a file of the extension that the installed copy lacks or has otherwise."""
    files = [path.relative_to(source) for path in source.rglob("*") if path.is_file()]
    return any(
        not (installed / name).is_file() or not filecmp.cmp(installed / name, source / name, shallow=False)
        for name in files
    )


def _menus() -> Iterator[Finding]:
    pack = machine.version("jupyterlab-language-pack-zh-CN")
    yield Finding(
        OK if pack else NOTE,
        tr("JupyterLab 的中文菜单", "JupyterLab's menus in Chinese"),
        tr("可用", "available") if pack else tr("没有", "missing"),
        "" if pack else tr("菜单会一直是英文；运行 uv sync", "menus stay English; run: uv sync"),
    )


def _fonts() -> Iterator[Finding]:
    from course_snn import figure

    figure.use_style()
    drawable = figure.can_draw("膜电位随时间变化")
    yield Finding(
        OK if drawable else PROBLEM,
        tr("图中的中文字体", "Chinese in figures"),
        tr("可用", "available")
        if drawable
        else tr("没有中文字体，图中只有英文", "no Chinese font: labels stay English"),
        "" if drawable else REINSTALL,
    )


def _gpu() -> Iterator[Finding]:
    card = machine.gpu()
    advice = tr("不需要：每章都能在两个 CPU 核上跑完", "none needed: every chapter runs on two CPU cores")
    yield Finding(OK if card else NOTE, tr("显卡", "GPU"), card or tr("没有", "none"), "" if card else advice)


def _data() -> Iterator[Finding]:
    what, folder = tr("数据集", "Data sets"), files.folder()
    if os.environ.get(files.FOLDER_VARIABLE, "").strip() and not folder.is_dir():
        yield Finding(
            PROBLEM,
            what,
            tr(
                f"{files.FOLDER_VARIABLE} 指向 {folder}，但那里没有文件夹",
                f"{files.FOLDER_VARIABLE} names {folder}, which is not a folder",
            ),
            tr(
                "建立这个文件夹，或改正、删去这个环境变量",
                "make the folder, or correct or unset the variable",
            ),
        )
        return
    for collection in files.COLLECTIONS:
        yield data_finding(collection)


def data_finding(collection: files.Collection) -> Finding:
    """Whether the files of a data set are there: a quick look at names and sizes, no checksums."""
    what = tr(f"数据集 {collection.name}", f"Data set {collection.name}")
    state = files.state(collection)
    if state == files.PRESENT:
        found = tr(f"真实数据，加载时校验（{collection.raw}）", f"real, checked when loaded ({collection.raw})")
        return Finding(OK, what, found)
    if state == files.DAMAGED:
        advice = tr("换成完好的文件，或联网后重新加载", "put sound files there, or load it with a network connection")
        return Finding(PROBLEM, what, tr(f"{collection.raw} 里有文件损坏", f"damaged in {collection.raw}"), advice)
    return Finding(
        NOTE,
        what,
        tr("没有；加载时下载，离线时用替身", "none; downloaded when loaded, offline a stand-in is used"),
        tr(
            f"已有数据时，用环境变量 {files.FOLDER_VARIABLE} 指出它们的文件夹",
            f"if you have it, name its folder in {files.FOLDER_VARIABLE}",
        ),
    )


def _recordings() -> Iterator[Finding]:
    from course_snn.data import dvs128, nmnist  # here: they need torch

    for name, root, present in (
        ("DVS128 Gesture", dvs128.root(), dvs128.present()),
        ("N-MNIST", nmnist.root(), nmnist.present()),
    ):
        what = tr(f"数据集 {name}", f"Data set {name}")
        if present:
            yield Finding(OK, what, tr(f"真实数据，读取时检查（{root}）", f"real, checked when read ({root})"))
            continue
        yield Finding(
            NOTE,
            what,
            tr("没有；课程不需要它", "none; the course does not need it"),
            tr(
                f"想用时手动下载到 {root}；加载时的报错说明怎么做",
                f"to use it, download it by hand to {root}; the error that loading raises says how",
            ),
        )


def _progress() -> Iterator[Finding]:
    from course_snn.course import progress

    file = progress.path()
    nearest = next(folder for folder in file.parents if folder.exists())
    writable = _writable(nearest)
    yield Finding(
        OK if writable else PROBLEM,
        tr("学习进度", "Progress"),
        str(file) if writable else tr(f"无法写入 {nearest}", f"cannot write to {nearest}"),
        ""
        if writable
        else tr("把 COURSE_SNN_HOME 设为一个可写的文件夹", "set COURSE_SNN_HOME to a folder you can write"),
    )


def _writable(folder: Path) -> bool:
    import tempfile

    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _disk() -> Iterator[Finding]:
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    enough = free >= FREE_GIB
    advice = tr(f"腾出至少 {FREE_GIB:g} GiB，好放数据和结果", f"free at least {FREE_GIB:g} GiB for data and results")
    yield Finding(
        OK if enough else NOTE,
        tr("可用磁盘空间", "Free disk space"),
        f"{free:.1f} GiB",
        "" if enough else advice,
    )


def _browser() -> Iterator[Finding]:
    what = tr("浏览器", "Browser")
    try:
        found = re.sub(r"^.*[/\\]", "", getattr(webbrowser.get(), "name", "")) or sys.platform
        yield Finding(OK, what, found)
    except webbrowser.Error:
        advice = tr(
            "用 course-snn lab --no-browser，再在别处的浏览器里打开它给出的地址",
            "use course-snn lab --no-browser and open the address it prints in a browser elsewhere",
        )
        yield Finding(NOTE, what, tr("没有找到", "none found"), advice)
