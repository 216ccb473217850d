"""A set of pictures as ``<train or test>/<class>/<picture>``, in a folder or in a zip that need not be unpacked."""

from __future__ import annotations

import os
import re
import zipfile
import zlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from course_snn.data import causes, pictures, search
from course_snn.data.contents import HINT, Fault
from course_snn.data.published import Collection
from course_snn.language import tr

if TYPE_CHECKING:
    import torch  # loaded where pictures are decoded: the doctor does not wait for it

    Pair = tuple[torch.Tensor, torch.Tensor]

SPLITS = ("train", "test")
DAMAGE = (OSError, ValueError, KeyError, EOFError, RuntimeError, zipfile.BadZipFile, zlib.error)


@dataclass
class Tree:
    """Pictures by split, and how to read them.

    Args:
        place: the folder, or the zip.
        names: of the pictures of each split, with their classes' numbers.
        content: name -> its bytes.
    """

    place: Path
    content: Callable[[str], bytes]
    names: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: {split: [] for split in SPLITS})

    def lacks(self, collection: Collection) -> list[str]:
        """The folders of classes in which there is nothing."""
        here = {split: {label for _, label in named} for split, named in self.names.items()}
        return [
            f"{split}/{one}" for split in SPLITS for n, one in enumerate(collection.classes) if n not in here[split]
        ]


@dataclass
class Shown:
    """What was read of a set in this form.

    Args:
        pairs: (images, labels) to train and to test, uint8 [N, 3, H, W] and [N].
        place: where it lay.
        kind: the ending of most names, such as ".jpg".
        faults: pictures that are not used.
    """

    pairs: tuple[Pair, Pair]
    place: Path
    kind: str
    faults: list[Fault]


def places(collection: Collection) -> list[Path]:
    """Return the folders and zips in which a set may lie in this form: a quick look that opens none of them.

    Args:
        collection: the set; one without names of classes does not come in this form.
    """
    if not collection.classes:
        return []
    data = search.folder()
    inside = dict(search.walk(search.homes(data, collection.own), collection.own, (*collection.classes, *SPLITS)))
    inside |= {} if search.of_another_set(data, collection.own) else dict(search.level(data))
    folders = [place for place, paths in inside.items() if set(SPLITS) <= {path.name.lower() for path in paths}]
    first = collection.classes[0]
    folders = [place for place in folders if _below(_below(place, "train"), first).is_dir()]
    zips = [path for paths in inside.values() for path in paths if path.suffix.lower() == ".zip"]
    named = [path for path in zips if search.named(path.with_suffix(""), collection.own) and zipfile.is_zipfile(path)]
    return list(dict.fromkeys(folders + named))


def read(collection: Collection, size: int) -> tuple[Shown | None, list[Fault]]:
    """Return (the first place that has pictures of every class to train and to test, or None; what is wrong elsewhere).

    Args:
        collection: the set.
        size: of a picture, rows and columns; others are not used.
    """
    faults: list[Fault] = []
    for place in places(collection):
        try:
            with ExitStack() as stack:
                tree = _folder(place, collection) if place.is_dir() else _zip(place, collection, stack)
                if not (lacks := tree.lacks(collection)):
                    return _shown(tree, size), faults
        except DAMAGE as error:
            said = causes.system(error) if isinstance(error, OSError) else tr(str(error), str(error))
            faults.append(Fault(place, HINT, tr(f"无法读取：{said.zh}", f"cannot be read: {said.en}")))
            continue
        which = ", ".join(lacks[:3]) + ", …" * (len(lacks) > 3)
        faults.append(Fault(place, HINT, tr(f"缺 {which}", f"lacks {which}")))
    return None, faults


def _shown(tree: Tree, size: int) -> Shown:
    faults: list[Fault] = []
    train, test = (_pair(tree, split, size, faults) for split in SPLITS)
    endings = [Path(name).suffix.lower() for named in tree.names.values() for name, _ in named]
    return Shown((train, test), tree.place, max(set(endings), key=endings.count), faults)


def _pair(tree: Tree, split: str, size: int, faults: list[Fault]) -> Pair:
    """Decode a split, the classes evenly mixed: first the first picture of each class."""
    import torch

    named = sorted(tree.names[split], key=lambda one: (Path(one[0]).name, one[1]))
    images, labels = torch.empty(len(named), 3, size, size, dtype=torch.uint8), []
    for name, label in named:
        try:
            image = pictures.decoded(tree.content(name))
            if image.shape[1:] != (size, size):
                tall, wide = image.shape[1:]
                raise pictures.Odd(tr(f"{wide}×{tall}，不是 {size}×{size}", f"{wide}×{tall}, not {size}×{size}"))
        except pictures.Odd as odd:
            faults.append(Fault(tree.place / name, HINT, odd.reason))
            continue
        images[len(labels)] = image
        labels.append(label)
    return images[: len(labels)], torch.tensor(labels, dtype=torch.int64)


def _below(folder: Path, name: str) -> Path:
    """The folder of this name, whatever its capitals."""
    return next((path for path in search.children(folder) if path.name.lower() == name), folder / name)


def _folder(place: Path, collection: Collection) -> Tree:
    tree = Tree(place, lambda name: (place / name).read_bytes())
    for split, named in tree.names.items():
        for label, one in enumerate(collection.classes):
            folder = _below(_below(place, split), one)
            inside = sorted(os.listdir(folder)) if folder.is_dir() else []
            named += [(f"{folder.parent.name}/{folder.name}/{name}", label) for name in inside if _picture(name)]
    return tree


def _zip(place: Path, collection: Collection, stack: ExitStack) -> Tree:
    archive = stack.enter_context(zipfile.ZipFile(place))
    tree, number = Tree(place, archive.read), {one: n for n, one in enumerate(collection.classes)}
    wanted = re.compile(rf"(?:.*/)?({'|'.join(SPLITS)})/({'|'.join(number)})/([^/]+)", re.IGNORECASE)
    for name in archive.namelist():
        found = wanted.fullmatch(name)
        if found and _picture(found[3]) and not name.startswith("__MACOSX"):
            tree.names[found[1].lower()].append((name, number[found[2].lower()]))
    return tree


def _picture(name: str) -> bool:
    return not name.startswith(".") and name.lower().endswith(pictures.ENDINGS)
