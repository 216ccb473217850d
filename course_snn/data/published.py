"""The sets of pictures as they were published: which files, of which content, from where, and in which folder."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from course_snn.data import search

IDX = re.compile(r"(?<![a-z0-9])(train|t10k|test)[^a-z0-9]*(image|label)", re.IGNORECASE)
BATCH = re.compile(
    r"(?:(data)[^a-z0-9]*batch[^a-z0-9]*([1-5])|(test)[^a-z0-9]*batch)(?!.*\.(?:bin|mat)$)", re.IGNORECASE
)
TARBALL = re.compile(r"\.(tar|tgz|tar\.gz)$", re.IGNORECASE)


@dataclass(frozen=True)
class RawFile:
    """One file as published.

    Args:
        name: file name without .gz.
        size: bytes of its content, unpacked.
        sha256: SHA-256 of the same, in hexadecimal digits.
    """

    name: str
    size: int
    sha256: str

    def genuine(self, content: bytes) -> bool:
        """Whether this is the published content, to the last bit."""
        return len(content) == self.size and hashlib.sha256(content).hexdigest() == self.sha256


@dataclass(frozen=True)
class Collection:
    """A data set as it lies in a folder.

    Args:
        name: what it is called, as by torchvision.
        files: those that hold images and labels.
        mirrors: addresses of folders that hold the files packed, tried in this order.
        layout: the folder of its files within the data folder; by default ``<name>/raw``.
        archive: the one file in which mirrors have all of them; by default each is fetched by itself, as ``<name>.gz``.
        slots: finds in a file's name what tells it from the other files of the set.
        classes: folders of a class each, where the set also goes round as ``<train or test>/<class>/<picture>``.
    """

    name: str
    files: tuple[RawFile, ...]
    mirrors: tuple[str, ...]
    layout: str = ""
    archive: RawFile | None = None
    slots: re.Pattern[str] = IDX
    classes: tuple[str, ...] = ()

    @property
    def own(self) -> str:
        """The folder that is named for it."""
        return self.layout.partition("/")[0] or self.name

    @property
    def raw(self) -> Path:
        """Where its files lie: torchvision's layout."""
        if not self.layout:
            return search.home(search.folder(), self.name) / "raw"
        here = search.homes(search.folder(), self.own)
        return next((path for path in here if path.name == self.own and path.is_dir()), here[0])

    def slot(self, path: Path) -> str | None:
        """The file that a path is named for, however roughly: "Train_Images (1).gz" for "train-images-idx3-ubyte"."""
        wanted = self._key(path.name)
        return next((file.name for file in self.files if self._key(file.name) == wanted), None) if wanted else None

    def wanted(self, path: Path) -> RawFile:
        """The same, as it was published."""
        return next(file for file in self.files if file.name == self.slot(path))

    def near(self, path: Path) -> tuple[int, str]:
        """By how well a path is named: the published name, that of the packed file, others."""
        name = self.slot(path)
        return [name, f"{name}.gz", path.name].index(path.name), path.name

    def packed(self, path: Path) -> bool:
        """Whether a path is named for the archive, however roughly: "cifar-10-python (1).tar.gz"."""
        stem = TARBALL.sub("", path.name)
        return self.archive is not None and stem != path.name and search.named(Path(stem), self.own)

    def _key(self, name: str) -> tuple[str, ...] | None:
        found = None if name.startswith(".") else self.slots.search(name)
        return tuple((part or "").lower().replace("t10k", "test") for part in found.groups()) if found else None


def _idx(images: str, labels: str, test_images: str, test_labels: str) -> tuple[RawFile, RawFile, RawFile, RawFile]:
    return (
        RawFile("train-images-idx3-ubyte", 47040016, images),
        RawFile("train-labels-idx1-ubyte", 60008, labels),
        RawFile("t10k-images-idx3-ubyte", 7840016, test_images),
        RawFile("t10k-labels-idx1-ubyte", 10008, test_labels),
    )


MNIST = Collection(
    "MNIST",
    _idx(
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ),
    (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",  # PyTorch
        "https://dataset.bj.bcebos.com/mnist/",  # PaddlePaddle, Beijing
        "https://storage.googleapis.com/cvdf-datasets/mnist/",  # CVDF
    ),
)
FASHION_MNIST = Collection(
    "FashionMNIST",
    _idx(
        "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
        "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
        "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    ),
    (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",  # Zalando
        "https://dataset.bj.bcebos.com/fashion_mnist/",  # PaddlePaddle, Beijing
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
)
CIFAR10 = Collection(
    "CIFAR10",
    (
        RawFile("data_batch_1", 31035704, "54636561a3ce25bd3e19253c6b0d8538147b0ae398331ac4a2d86c6d987368cd"),
        RawFile("data_batch_2", 31035320, "766b2cef9fbc745cf056b3152224f7cf77163b330ea9a15f9392beb8b89bc5a8"),
        RawFile("data_batch_3", 31035999, "0f00d98ebfb30b3ec0ad19f9756dc2630b89003e10525f5e148445e82aa6a1f9"),
        RawFile("data_batch_4", 31035696, "3f7bb240661948b8f4d53e36ec720d8306f5668bd0071dcb4e6c947f78e9682b"),
        RawFile("data_batch_5", 31035623, "d91802434d8376bbaeeadf58a737e3a1b12ac839077e931237e0dcd43adcb154"),
        RawFile("test_batch", 31035526, "f53d8d457504f7cff4ea9e021afcf0e0ad8e24a91f3fc42091b8adef61157831"),
    ),
    (
        "https://www.cs.toronto.edu/~kriz/",  # its author
        "https://dataset.bj.bcebos.com/cifar/",  # PaddlePaddle, Beijing
    ),
    layout="cifar-10-batches-py",
    archive=RawFile(
        "cifar-10-python.tar.gz", 170498071, "6d958be074577803d12ecdefd02955f39262c83c16fe9348329d7fe0b5c001ce"
    ),
    slots=BATCH,
    classes=("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
)
