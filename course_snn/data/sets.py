"""MNIST and Fashion-MNIST: from the data folder, else from the network, else an offline stand-in, and it says which."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable

import torch

from course_snn.data import fetch, files, garments, standin
from course_snn.data.contents import DAMAGED, HINT, UNREADABLE, Fault, listed
from course_snn.data.files import Collection, DataError, Reading
from course_snn.data.images import Images
from course_snn.language import Label, escaped, in_notebook, language, tr

Pair = tuple[torch.Tensor, torch.Tensor]  # uint8 [N, 28, 28], labels [N]
StandIn = Callable[[], tuple[Pair, Pair]]


def mnist() -> tuple[Images, Images]:
    """Load handwritten digits, 60000 to train and 10000 to test; the stand-in: scikit-learn's 1797 real digits.

    Returns:
        (train, test)

    Raises:
        DataError: a file cannot be opened, or is damaged and no sound copy could be downloaded.

    Source: LeCun, Bottou, Bengio & Haffner 1998, Proc. IEEE 86; stand-in: Alpaydin & Kaynak 1998, UCI, CC BY 4.0.
    """
    classes = tuple(tr(str(digit), str(digit)) for digit in range(10))
    what = tr(
        "scikit-learn 的 1797 个真实手写数字，放大到 28×28",
        "scikit-learn's 1797 real handwritten digits, enlarged to 28×28",
    )
    return load(files.MNIST, classes, standin.digits, what)


def fashion_mnist() -> tuple[Images, Images]:
    """Load pictures of ten kinds of clothing, 60000 to train and 10000 to test; the stand-in: 2500 drawn by program.

    Returns:
        (train, test)

    Raises:
        DataError: a file cannot be opened, or is damaged and no sound copy could be downloaded.

    Source: Xiao, Rasul & Vollgraf 2017, arXiv:1708.07747; the stand-in is synthetic (`garments`).
    """
    what = tr("由程序画出的十类服装（合成数据）", "ten kinds of garments drawn by a program (synthetic)")
    return load(files.FASHION_MNIST, garments.classes(), garments.garments, what)


def sequential_fashion_mnist() -> tuple[Images, Images]:
    """Load Fashion-MNIST to be read column by column: the same upright images, for `columns` as encoder.

        train, test = data.sequential_fashion_mnist()
        training.fit(net, train, test, encode=data.columns, …)      # net sees [T = 28, N, 28]

    Returns:
        (train, test)

    Raises:
        DataError: a file cannot be opened, or is damaged and no sound copy could be downloaded.
    """
    return fashion_mnist()


def load(collection: Collection, classes: tuple[Label, ...], stand_in: StandIn, what: Label) -> tuple[Images, Images]:
    """Load a collection as (train, test), and say where it came from.

    Args:
        collection: the files and where to fetch them.
        classes: names of the classes.
        stand_in: makes ((images, labels), (images, labels)) when the real set cannot be had.
        what: the stand-in in words.

    Raises:
        DataError: a file cannot be opened, or is damaged and no sound copy could be downloaded.
    """
    reading = files.read(collection)
    found, source = reading.found, "folder"
    if len(found) < len(collection.files):
        if blocked := reading.of_kind(UNREADABLE):
            raise _unreadable(collection, blocked)
        try:
            found, source = fetch.download(collection), "download"
        except fetch.DownloadFailed as failure:
            if damaged := reading.of_kind(DAMAGED):
                raise _damage(collection, damaged, failure.reason) from failure
            pairs = stand_in()
            announce(_stand_in_line(collection, what, failure.reason, reading, [len(labels) for _, labels in pairs]))
            train, test = (_images(pair, classes, "stand-in") for pair in pairs)
            return train, test
    x, labels, x_test, labels_test = (read_idx(found[file.name]) for file in collection.files)
    announce(_real_line(collection, source, reading, [len(labels), len(labels_test)]))
    return _images((x, labels), classes, source), _images((x_test, labels_test), classes, source)


def read_idx(content: bytes) -> torch.Tensor:
    """Return the bytes of an idx file as a uint8 tensor of the shape that its header tells."""
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=4 + 4 * rank).reshape(shape)


def _images(pair: Pair, classes: tuple[Label, ...], source: str) -> Images:
    pixels, labels = pair
    return Images(pixels.unsqueeze(1).to(torch.float32).div_(255), labels.to(torch.int64, copy=True), classes, source)


def _real_line(collection: Collection, source: str, reading: Reading, counts: list[int]) -> Label:
    name, (train, test) = collection.name, counts
    place = os.path.commonpath(reading.where) if reading.where else ""
    zh, en = (f"（{place}）", f" ({place})") if place != str(collection.raw) else ("", "")
    zh = {"folder": f"来自数据文件夹{zh}", "download": f"刚下载到 {collection.raw}"}[source]
    en = {"folder": f"from the data folder{en}", "download": f"just downloaded to {collection.raw}"}[source]
    line = tr(
        f"{name}：真实数据，{zh}；训练 {train} 张，测试 {test} 张。",
        f"{name}: the real set, {en}; {train} to train, {test} to test.",
    )
    if damaged := reading.of_kind(DAMAGED):
        which = listed(damaged)
        line += tr(f"有文件有问题，没有使用：{which.zh}。", f" Not the right files, and not used: {which.en}.")
    return line


def _stand_in_line(collection: Collection, what: Label, reason: Label, reading: Reading, counts: list[int]) -> Label:
    name, where, (train, test) = collection.name, collection.raw, counts
    missing = [file.name for file in collection.files if file.name not in reading.found]
    zh, en = f"真实数据不在 {where}", f"The real set is not in {where}"
    if reading.found:
        lost = ", ".join(missing)
        zh, en = f"真实数据不完整，{where} 缺 {lost}", f"{where} lacks {lost} of the real set"
    elif not files.folder().is_dir():
        zh, en = f"数据文件夹 {files.folder()} 不存在", f"The data folder {files.folder()} does not exist"
    line = tr(
        f"{name}：用的是离线替身，{what.zh}；训练 {train} 张，测试 {test} 张。{zh}，也没有下载（{reason.zh}）。",
        f"{name}: the offline stand-in, {what.en}; {train} to train, {test} to test. "
        f"{en}; the set was not downloaded ({reason.en}).",
    )
    if hints := reading.of_kind(HINT):
        which = listed(hints)
        line += tr(f"那里有：{which.zh}。", f" What lies there: {which.en}.")
    return line


def _damage(collection: Collection, damaged: list[Fault], reason: Label) -> DataError:
    """The error for damaged files of which no sound copy could be had, and why not."""
    which = listed(damaged)
    return DataError(
        tr(
            f"{collection.name}：文件有问题，不会使用：{which.zh}。也无法重新下载：{reason.zh}。"
            f"请把完好的文件放进 {collection.raw}，或联网后再运行这一格；删去这些文件，则用离线替身。",
            f"{collection.name}: not the right files, and not used: {which.en}. No sound copy could be downloaded: "
            f"{reason.en}. Put one into {collection.raw}, or run this cell again with a network connection; delete "
            "these files, and the offline stand-in is used.",
        )
    )


def _unreadable(collection: Collection, blocked: list[Fault]) -> DataError:
    """The error for files that are there and cannot be opened."""
    which = listed(blocked)
    return DataError(
        tr(
            f"{collection.name}：{which.zh}。请处理好（改权限、修链接），或把它移到别处，"
            f"或让 {files.FOLDER_VARIABLE} 指向别的文件夹，再运行这一格。",
            f"{collection.name}: {which.en}. Mend this (the permission, the link), move it elsewhere, or name another "
            f"folder in {files.FOLDER_VARIABLE}, and run this cell again.",
        )
    )


def announce(line: Label) -> None:
    """Show a line in both languages in a notebook; elsewhere print it in those that are wanted."""
    if not in_notebook():
        print(f"{line.zh}\n{line.en}" if language() == "both" else line)
        return
    from IPython.display import display

    display({"text/plain": line.en, "text/html": escaped(line)}, raw=True)
