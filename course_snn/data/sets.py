"""MNIST, Fashion-MNIST, CIFAR-10: from the data folder, the network or an offline stand-in, and it says which."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable

import torch

from course_snn.data import batches, fetch, files, garments, search, standin, textures, trees
from course_snn.data.contents import DAMAGED, HINT, UNREADABLE, Fault, listed
from course_snn.data.files import Collection, DataError, Reading
from course_snn.data.images import Images
from course_snn.language import Label, announce, tr

Pair = tuple[torch.Tensor, torch.Tensor]  # uint8 [N, 28, 28] or [N, 3, 32, 32], labels [N]
Decode = Callable[[dict[str, bytes]], tuple[Pair, Pair]]
SIZE = 32  # of a picture that comes as a file of its own
StandIn = Callable[[], tuple[Pair, Pair]]


def idx_pairs(found: dict[str, bytes]) -> tuple[Pair, Pair]:
    """Return ((images, labels), (images, labels)) of the four files of MNIST's kind.

    Args:
        found: the content of each by its name.
    """
    parts = {name: read_idx(content) for name, content in found.items()}
    train, test = ((parts[f"{s}-images-idx3-ubyte"], parts[f"{s}-labels-idx1-ubyte"]) for s in ("train", "t10k"))
    return train, test


def read_idx(content: bytes) -> torch.Tensor:
    """Return the bytes of an idx file as a uint8 tensor of the shape that its header tells."""
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=4 + 4 * rank).reshape(shape)


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


def cifar10() -> tuple[Images, Images]:
    """Load small colour pictures of ten kinds of things, 50000 to train and 10000 to test; the stand-in: 2500 drawn.

    Read in this order: the batches that torchvision downloads (``cifar-10-batches-py``), their .tar.gz, pictures in
    ``CIFAR10/train/airplane`` … ``CIFAR10/test/truck`` as folders or as one zip; then a download. All are held as
    float32, 737 MB, as ``training.fit`` takes them; ``subset`` makes less of it.

    Returns:
        (train, test), images [N, 3, 32, 32]: red, green, blue.

    Raises:
        DataError: a file cannot be opened, or is damaged and no sound copy could be downloaded.

    Source: Krizhevsky 2009, "Learning multiple layers of features from tiny images", Toronto; the stand-in is
        synthetic, with classes of its own (``textures``).
    """
    what = tr(
        "由程序画出的十类彩色纹理和形状（合成数据）",
        "ten kinds of textures and shapes in colour, drawn by a program (synthetic)",
    )
    names = (
        tr("飞机", "airplane"), tr("汽车", "automobile"), tr("鸟", "bird"), tr("猫", "cat"), tr("鹿", "deer"),
        tr("狗", "dog"), tr("青蛙", "frog"), tr("马", "horse"), tr("船", "ship"), tr("卡车", "truck"),
    )  # fmt: skip
    return load(files.CIFAR10, names, textures.textures, what, batches.pairs, textures.classes())


def load(
    collection: Collection,
    classes: tuple[Label, ...],
    stand_in: StandIn,
    what: Label,
    decode: Decode = idx_pairs,
    stand_in_classes: tuple[Label, ...] = (),
) -> tuple[Images, Images]:
    """Load a collection as (train, test), and say where it came from.

    Args:
        collection: the files and where to fetch them.
        classes: names of the classes.
        stand_in: makes ((images, labels), (images, labels)) when the real set cannot be had.
        what: the stand-in in words.
        decode: makes the same of the files' contents by name.
        stand_in_classes: names of the stand-in's classes, where they are others.

    Raises:
        DataError: a file cannot be opened, or is damaged and no sound copy could be downloaded.
    """
    reading = files.read(collection)
    found, source = reading.found, "folder"
    if len(found) < len(collection.files):
        shown, faults = trees.read(collection, SIZE)
        if shown:
            announce(_shown_line(collection, shown, reading))
            return _both(shown.pairs, classes, "folder")
        reading.faults += faults
        if blocked := reading.of_kind(UNREADABLE):
            raise _unreadable(collection, blocked)
        try:
            found, source = fetch.download(collection), "download"
        except fetch.DownloadFailed as failure:
            if damaged := reading.of_kind(DAMAGED):
                raise _damage(collection, damaged, failure.reason) from failure
            pairs = stand_in()
            announce(_stand_in_line(collection, what, failure.reason, reading, [len(labels) for _, labels in pairs]))
            return _both(pairs, stand_in_classes or classes, "stand-in")
    pairs = decode(found)
    announce(_real_line(collection, source, reading, [len(labels) for _, labels in pairs]))
    return _both(pairs, classes, source)


def _both(pairs: tuple[Pair, Pair], classes: tuple[Label, ...], source: str) -> tuple[Images, Images]:
    train, test = (_images(pair, classes, source) for pair in pairs)
    return train, test


def _images(pair: Pair, classes: tuple[Label, ...], source: str) -> Images:
    pixels, labels = pair
    pixels = pixels.unsqueeze(1) if pixels.dim() == 3 else pixels
    return Images(pixels.to(torch.float32).div_(255), labels.to(torch.int64, copy=True), classes, source)


def _shown_line(collection: Collection, shown: trees.Shown, reading: Reading) -> Label:
    (_, labels), (_, labels_test) = shown.pairs
    name, kind, train, test = collection.name, shown.kind.removeprefix("."), len(labels), len(labels_test)
    zh = en = str(shown.place)
    if shown.place.is_relative_to(files.folder()):
        inside = shown.place.relative_to(files.folder()).as_posix()
        zh, en = f"数据文件夹里的 {inside}", f"{inside} in the data folder"
        zh, en = ("数据文件夹", "the data folder") if inside == "." else (zh, en)
    line = tr(
        f"{name}：真实图片，{kind} 格式，来自{zh}；训练 {train} 张，测试 {test} 张。",
        f"{name}: the real pictures, as {kind}, from {en}; {train} to train, {test} to test.",
    )
    if faults := reading.of_kind(DAMAGED) + shown.faults:
        which = listed(faults)
        line += tr(f"有文件没有使用：{which.zh}。", f" Not used: {which.en}.")
    return line


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
            f"或让 {search.FOLDER_VARIABLE} 指向别的文件夹，再运行这一格。",
            f"{collection.name}: {which.en}. Mend this (the permission, the link), move it elsewhere, or name another "
            f"folder in {search.FOLDER_VARIABLE}, and run this cell again.",
        )
    )
