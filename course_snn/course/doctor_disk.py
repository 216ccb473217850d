"""The doctor's looks at what lies on the disk: data, progress, room."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from course_snn.course import progress
from course_snn.course.finding import NOTE, OK, PROBLEM, Finding
from course_snn.data import files, search
from course_snn.language import tr

FREE_GIB = 2.0


def data() -> Iterator[Finding]:
    """Which of the sets of pictures are there."""
    what, folder = tr("数据集", "Data sets"), files.folder()
    if os.environ.get(search.FOLDER_VARIABLE, "").strip() and not folder.is_dir():
        yield Finding(
            PROBLEM,
            what,
            tr(
                f"{search.FOLDER_VARIABLE} 指向 {folder}，但那里没有文件夹",
                f"{search.FOLDER_VARIABLE} names {folder}, which is not a folder",
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
        place = files.place(collection)
        found = tr(f"真实数据，加载时校验（{place}）", f"real, checked when loaded ({place})")
        return Finding(OK, what, found)
    if state == files.DAMAGED:
        advice = tr("换成完好的文件，或联网后重新加载", "put sound files there, or load it with a network connection")
        return Finding(PROBLEM, what, tr(f"{collection.raw} 里有文件损坏", f"damaged in {collection.raw}"), advice)
    return Finding(
        NOTE,
        what,
        tr("没有；加载时下载，离线时用替身", "none; downloaded when loaded, offline a stand-in is used"),
        tr(
            f"已有数据时，用环境变量 {search.FOLDER_VARIABLE} 指出它们的文件夹",
            f"if you have it, name its folder in {search.FOLDER_VARIABLE}",
        ),
    )


def recordings() -> Iterator[Finding]:
    """Which recordings of event cameras are there."""
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


def own_progress() -> Iterator[Finding]:
    """Whether what the learner passes can be kept."""
    what, file = tr("学习进度", "Progress"), progress.path()
    try:
        with contextlib.suppress(FileNotFoundError):
            file.open("rb").close()
        nearest = next(folder for folder in file.parents if os.path.lexists(folder))
        tempfile.TemporaryFile(dir=nearest).close()
    except OSError as error:
        yield Finding(
            PROBLEM,
            what,
            tr(f"{file} 不能读写（{error}）", f"{file} cannot be read and written ({error})"),
            tr(
                f"修好它，或把 {progress.VARIABLE} 设为一个可写的文件夹",
                f"mend it, or set {progress.VARIABLE} to a folder you can write",
            ),
        )
    else:
        yield Finding(OK, what, str(file))


def disk() -> Iterator[Finding]:
    """Whether there is room for data and results."""
    free = shutil.disk_usage(Path.cwd()).free / 2**30
    enough = free >= FREE_GIB
    advice = tr(f"腾出至少 {FREE_GIB:g} GiB，好放数据和结果", f"free at least {FREE_GIB:g} GiB for data and results")
    yield Finding(
        OK if enough else NOTE,
        tr("可用磁盘空间", "Free disk space"),
        f"{free:.1f} GiB",
        "" if enough else advice,
    )
