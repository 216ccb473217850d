"""Whether this machine can run the course: each finding says what it means and what to do."""

from __future__ import annotations

import filecmp
import importlib
import re
import sys
import webbrowser
from collections.abc import Callable, Iterator, Sequence
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from course_snn.course import doctor_disk, kernelspecs, machine
from course_snn.course.chapters import ChapterError, holds_chapters, notebooks_dir, ready_chapters
from course_snn.course.finding import NOTE, OK, PROBLEM, Finding, command, install, reinstall
from course_snn.course.folder import learner_dir
from course_snn.course.machine import requirements
from course_snn.language import Label, tr

Look = Callable[[], Iterator[Finding]]


def examine() -> list[Finding]:
    """Everything the doctor looks at."""
    return vital() + others()


def vital() -> list[Finding]:
    """What every chapter needs: packages, notebooks, their kernel, its speed, the learner's progress."""
    return _look((_packages, _chapters, _kernel, _speed, doctor_disk.own_progress))


def others() -> list[Finding]:
    """The rest, in the order in which a learner meets it."""
    return _look(
        (
            _widgets, _extension, _menus, _fonts, doctor_disk.data, doctor_disk.recordings, _gpu, doctor_disk.disk,
            _browser, _versions,
        )
    )  # fmt: skip


def _look(looks: Sequence[Look]) -> list[Finding]:
    findings: list[Finding] = []
    for look in looks:
        try:
            findings += look()
        except Exception as error:  # a broken installation must not stop the doctor who is to find it
            name = look.__name__.strip("_")
            findings.append(Finding(PROBLEM, tr(name, name), f"{type(error).__name__}: {error}", reinstall()))
    return findings


def next_step(findings: Sequence[Finding]) -> str:
    """The command to type now."""
    if any(finding.state == PROBLEM for finding in findings):
        return command("doctor")
    return command("lab")


def _packages() -> Iterator[Finding]:
    what = tr("Python 与软件包", "Python and packages")
    findings = list(_versions())
    wrong = [finding for finding in findings if finding.state != OK]
    if not wrong:
        found = tr(
            f"Python {findings[0].found}，{len(findings) - 1} 个软件包版本都合适（{sys.executable}）",
            f"Python {findings[0].found}, {len(findings) - 1} packages of the right versions ({sys.executable})",
        )
        yield Finding(OK, what, found)
        return
    names = ", ".join(f"{finding.what} {finding.found}" for finding in wrong)
    yield Finding(PROBLEM, what, tr(f"版本不合适：{names}", f"wrong versions: {names}"), wrong[0].advice)


def _versions() -> Iterator[Finding]:
    wanted = metadata.metadata(machine.COURSE)["Requires-Python"]
    python = machine.versions()["python"] or ""
    fits = Requirement(f"python{wanted}").specifier.contains(python, prereleases=True)
    advice = tr(
        f"课程需要 Python {wanted}；uv 会装好它：uv sync", f"the course needs Python {wanted}; uv installs it: uv sync"
    )
    yield Finding(OK if fits else PROBLEM, tr("Python", "Python"), python, "" if fits else advice)
    for pin in requirements():
        yield version_finding(pin, machine.version(pin.name))


def version_finding(pin: Requirement, version: str | None) -> Finding:
    """Whether the installed version of a package (None: missing) is one that its pin allows."""
    what, todo = tr(pin.name, pin.name), install(str(pin))
    advice = tr(f"需要 {pin}；{todo.zh}", f"the course needs {pin}; {todo.en}")
    if version is None:
        return Finding(PROBLEM, what, tr("没有安装", "not installed"), advice)
    fits = pin.specifier.contains(version, prereleases=True)
    return Finding(OK if fits else PROBLEM, what, version, "" if fits else advice)


def _chapters() -> Iterator[Finding]:
    what = tr("章节", "Chapters")
    try:
        count = len(ready_chapters())
    except ChapterError as error:
        yield Finding(PROBLEM, what, tr("找不到", "not found"), str(error))
        return
    yield Finding(OK, what, tr(f"{count} 章（{_working_folder()}）", f"{count} ({_working_folder()})"))


def _working_folder() -> Path:
    """The learner's folder; the course's own where `course-snn lab` has not made it yet."""
    folder = learner_dir()
    return folder if holds_chapters(folder) else notebooks_dir()


def _kernel() -> Iterator[Finding]:
    what = tr("笔记的内核", "Kernel of the notebooks")
    strays = kernelspecs.strays(_working_folder())
    for stray in strays:
        yield Finding(NOTE if stray.python is None else PROBLEM, what, stray.found, kernelspecs.CHOOSE)
    usual = kernelspecs.python_of(kernelspecs.KernelSpecManager(), kernelspecs.NATIVE_KERNEL_NAME)
    if usual is not None and not kernelspecs.ours(usual):
        found = tr(
            f"直接运行 jupyter lab 会用另一个 Python：{usual}", f"jupyter lab by itself takes another Python: {usual}"
        )
        yield Finding(NOTE, what, found, tr(f"这样打开课程：{command('lab')}", f"open the course by {command('lab')}"))
    elif not strays:
        yield Finding(OK, what, sys.executable)


def _speed() -> Iterator[Finding]:
    from course_snn.kernel import plan  # here: it needs torch

    what, trouble = tr("速度", "Speed"), plan.hindrance()
    if trouble is None:
        yield Finding(OK, what, tr("编译好的循环可用", "compiled loops can be used") + _where_loops_are_kept())
        return
    yield Finding(
        NOTE,
        what,
        tr(
            f"编译的循环用不了，神经元逐步计算，训练会慢好几倍（{type(trouble).__name__}: {trouble}）",
            f"no compiled loops: neurons are stepped, and training is several times slower "
            f"({type(trouble).__name__}: {trouble})",
        ),
        reinstall("numba"),
    )


def _where_loops_are_kept() -> Label:
    from course_snn.kernel import cache

    if not cache.kept():
        return tr("，但存不下来，每次启动都要重新编译", ", but cannot be kept: every start compiles them again")
    folder = cache.config.CACHE_DIR
    return tr(f"，存在 {folder}", f", kept in {folder}") if folder else tr("", "")


def _widgets() -> Iterator[Finding]:
    for name, package in (("@jupyter-widgets/jupyterlab-manager", "ipywidgets"), ("anywidget", "anywidget")):
        what = tr(f"交互控件 {package}", f"Widgets: {package}")
        importlib.import_module(package)
        if labextension(name):
            yield Finding(OK, what, tr("可用", "available"))
        else:
            found = tr("JupyterLab 里没有它的扩展", "its JupyterLab extension is missing")
            yield Finding(PROBLEM, what, found, reinstall(package))


def labextension(name: str) -> Path | None:
    """The folder of an installed JupyterLab extension, the first on Jupyter's path."""
    from jupyter_core.paths import jupyter_path

    folders = [Path(folder, name) for folder in jupyter_path("labextensions")]
    return next((folder for folder in folders if (folder / "package.json").is_file()), None)


def _extension() -> Iterator[Finding]:
    what = tr("语言切换", "Language switch")
    folder = labextension("course-lang")
    if folder is None:
        yield Finding(PROBLEM, what, tr("JupyterLab 里没有安装", "not installed in JupyterLab"), reinstall())
    elif stale(folder, Path(__file__).resolve().parents[2] / "labextension"):
        yield Finding(PROBLEM, what, tr("安装的是旧版本", "an older copy is installed"), reinstall())
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
        "" if pack else tr("菜单会一直是英文；", "menus stay English; ") + install("jupyterlab-language-pack-zh-CN"),
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
        "" if drawable else reinstall(),
    )


def _gpu() -> Iterator[Finding]:
    card = machine.gpu()
    advice = tr("不需要：每章都能在两个 CPU 核上跑完", "none needed: every chapter runs on two CPU cores")
    yield Finding(OK if card else NOTE, tr("显卡", "GPU"), card or tr("没有", "none"), "" if card else advice)


def _browser() -> Iterator[Finding]:
    what = tr("浏览器", "Browser")
    try:
        found = re.sub(r"^.*[/\\]", "", getattr(webbrowser.get(), "name", "")) or sys.platform
        yield Finding(OK, what, found)
    except webbrowser.Error:
        advice = tr(
            f"用 {command('lab --no-browser')}，再在别处的浏览器里打开它给出的地址",
            f"use {command('lab --no-browser')} and open the address it prints in a browser elsewhere",
        )
        yield Finding(NOTE, what, tr("没有找到", "none found"), advice)
