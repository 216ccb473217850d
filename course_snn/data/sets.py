"""MNIST and Fashion-MNIST: from the data folder, else from the network, else an offline stand-in, and it says which."""

from __future__ import annotations

import struct
from collections.abc import Callable

import torch

from course_snn.data import fetch, files, garments, standin
from course_snn.data.files import Collection
from course_snn.data.images import Images
from course_snn.language import Label, announce, tr

Pair = tuple[torch.Tensor, torch.Tensor]  # uint8 [N, 28, 28], labels [N]
StandIn = Callable[[], tuple[Pair, Pair]]


def mnist() -> tuple[Images, Images]:
    """Load handwritten digits, 60000 to train and 10000 to test; the stand-in: scikit-learn's 1797 real digits.

    Returns:
        (train, test)

    Raises:
        DataError: a file is damaged, and no sound copy could be downloaded.

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
        DataError: a file is damaged, and no sound copy could be downloaded.

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
        DataError: a file is damaged, and no sound copy could be downloaded.
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
        DataError: a file is damaged, and no sound copy could be downloaded.
    """
    found, damaged = files.read(collection)
    source = "folder"
    if len(found) < len(collection.files):
        try:
            found, source = fetch.download(collection), "download"
        except fetch.DownloadFailed as failure:
            if damaged:
                raise files.damage(collection, damaged, failure.reason) from failure
            pairs = stand_in()
            _announce_stand_in(collection, what, failure.reason, [len(labels) for _, labels in pairs])
            train, test = (_images(pair, classes, "stand-in") for pair in pairs)
            return train, test
    x, labels, x_test, labels_test = (read_idx(found[file.name]) for file in collection.files)
    _announce(collection, source, damaged, [len(labels), len(labels_test)])
    return _images((x, labels), classes, source), _images((x_test, labels_test), classes, source)


def read_idx(content: bytes) -> torch.Tensor:
    """Return the bytes of an idx file as a uint8 tensor of the shape that its header tells."""
    rank = content[3]
    shape = struct.unpack_from(f">{rank}I", content, 4)
    return torch.frombuffer(bytearray(content), dtype=torch.uint8, offset=4 + 4 * rank).reshape(shape)


def _images(pair: Pair, classes: tuple[Label, ...], source: str) -> Images:
    pixels, labels = pair
    return Images(pixels.unsqueeze(1).to(torch.float32).div_(255), labels.to(torch.int64, copy=True), classes, source)


def _announce(collection: Collection, source: str, damaged: list, counts: list[int]) -> None:
    name, (train, test) = collection.name, counts
    zh = {"folder": "来自数据文件夹", "download": f"刚下载到 {collection.raw}"}[source]
    en = {"folder": "from the data folder", "download": f"just downloaded to {collection.raw}"}[source]
    zh, en = (
        f"{name}：真实数据，{zh}；训练 {train} 张，测试 {test} 张。",
        f"{name}: the real set, {en}; {train} to train, {test} to test.",
    )
    if damaged:
        names = ", ".join(path.name for path in damaged)
        zh, en = f"{zh}有文件损坏，没有使用：{names}。", f"{en} Damaged and not used: {names}."
    announce(tr(zh, en))


def _announce_stand_in(collection: Collection, what: Label, reason: Label, counts: list[int]) -> None:
    name, where, (train, test) = collection.name, collection.raw, counts
    announce(
        tr(
            f"{name}：用的是离线替身，{what.zh}；训练 {train} 张，测试 {test} 张。"
            f"真实数据不在 {where}，也没有下载（{reason.zh}）。",
            f"{name}: the offline stand-in, {what.en}; {train} to train, {test} to test. "
            f"The real set is not in {where}, and was not downloaded ({reason.en}).",
        )
    )
