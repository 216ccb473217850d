"""Pictures in folders of classes, as torchvision's ImageFolder reads them; what is damaged or odd stops nothing."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch.utils.data import get_worker_info
from torchvision import datasets

from course_snn.data import contents, pictures, search
from course_snn.data.files import DataError
from course_snn.data.pictures import Odd
from course_snn.language import Label, announce, tr
from course_snn.spelling import meant

PARTS = {"train", "val", "valid", "validation", "test", "training", "testing"}
SYSTEM = {"thumbs.db", "desktop.ini", "__macosx"}  # what systems leave behind; hidden files need no name here
SHOWN = 4  # so many of each are named in the line that is announced; the report has all


def image_folder(
    path: str | os.PathLike[str],
    transform: Callable | None = None,
    *,
    classes: Sequence[str] | None = None,
    look: bool = True,
    replace: bool = True,
) -> ImageFolder:
    """Open a folder that holds a folder of pictures for each class, and say what in it is not used.

        train = data.image_folder("pictures/train", transform)
        val = data.image_folder("pictures/val", transform, classes=train.classes)    # the same labels, surely

    Args:
        path: the folder; its folders are the classes. Hidden ones, as JupyterLab makes, are none.
        transform: what happens to a picture, such as those of ``torchvision.transforms.v2``; it gets a PIL image, RGB.
        classes: names of the classes in the order of their labels; by default as text sorts them, "10" before "2".
        look: open the head of each file first (about 0.1 ms a file). Without it, as for a million files, what is odd
            is found when its turn comes.
        replace: let the next sound picture of its class stand in for one that is found damaged when it is decoded;
            False: raise ``pictures.Odd``, a ValueError, for a loader that leaves samples out itself.

    Returns:
        a ``torch.utils.data.Dataset`` of (picture, label), for a ``DataLoader`` with any number of workers.

    Raises:
        DataError: no such folder; no folders of classes in it, or folders such as train and val; no picture at all.
        ValueError: ``classes`` lacks a folder that is there, or names one twice.
    """
    return ImageFolder(path, transform, classes=classes, look=look, replace=replace)


class ImageFolder(datasets.ImageFolder):
    """torchvision's ImageFolder, with its attributes, that survives what people's folders hold.

    Grey pictures, palettes, CMYK and an alpha of which nothing shows become RGB. Empty, truncated and damaged files,
    16-bit and floating-point pictures, transparent and moving ones, and files that are no pictures are not used, and
    are named. What shows its damage only when it is decoded is named then, and the next sound picture of its class
    stands in for it; ``check`` finds all of these beforehand.

    Args:
        path, transform, classes, look, replace: see ``image_folder``.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        transform: Callable | None = None,
        *,
        classes: Sequence[str] | None = None,
        look: bool = True,
        replace: bool = True,
    ) -> None:
        self._order, self._look, self._replace = None if classes is None else list(classes), look, replace
        self._skipped: dict[str, Label] = {}
        self._called = os.fspath(path)  # what messages call it: as it was given
        place = _checked(Path(os.path.abspath(os.path.expanduser(path))))
        super().__init__(str(place), transform, loader=_load, is_valid_file=self._usable, allow_empty=True)
        if not self.samples:
            none = tr(f"{place} 里没有能用的图片。", f"there is no usable picture in {place}.")
            raise DataError(none + self._listed(self._skipped))
        self._found_damaged = torch.zeros(len(self.samples), dtype=torch.bool).share_memory_()  # workers write it, too
        if self.skipped or self.empty or self._sorted_as_text():
            announce(self._summary())

    def __getitem__(self, index: int) -> tuple[Any, int]:
        """Return (picture, label); for a damaged file the next sound picture of its class."""
        label = self.targets[index]
        for other in (place % len(self) for place in range(index, index + len(self))):
            if self.targets[other] != label or (self._replace and self._found_damaged[other]):
                continue
            try:
                picture = self.loader(self.samples[other][0])
            except Odd as odd:
                self._note(other, odd)
                if not self._replace:
                    raise
                continue
            return picture if self.transform is None else self.transform(picture), label
        name = self.classes[label]
        raise DataError(tr(f"类别 {name} 没有一张完好的图片。", f"no picture of the class {name} is sound."))

    @property
    def empty(self) -> list[str]:
        """Names of the classes without a picture; they keep their labels."""
        filled = set(self.targets)
        return [name for name, label in self.class_to_idx.items() if label not in filled]

    @property
    def skipped(self) -> dict[str, Label]:
        """{path: reason} of the files that are not used, those that workers found included."""
        for index in self._found_damaged.nonzero()[:, 0].tolist():
            path = self.samples[index][0]
            if path not in self._skipped:
                self._skipped[path] = _flaw(path) or tr("刚才无法读取", "could not be read a moment ago")
        return self._skipped

    def check(self) -> Label:
        """Decode every picture once (3 ms a photograph), leave out those that are damaged, and return the report."""
        found = {path: reason for path, _ in self.samples if (reason := _flaw(path))}
        self._skipped |= found
        self.samples = self.imgs = [sample for sample in self.samples if sample[0] not in found]
        self.targets = [label for _, label in self.samples]
        self._found_damaged = torch.zeros(len(self.samples), dtype=torch.bool).share_memory_()
        return self.report()

    def report(self) -> Label:
        """Everything that is not used, file by file, with the reason; and the classes without pictures."""
        return self._summary(most=len(self.skipped))

    def find_classes(self, directory: str | Path) -> tuple[list[str], dict[str, int]]:
        """Return (names of the classes, {name: label}); torchvision asks for them."""
        here = sorted(path.name for path in _folders(Path(directory)))
        names = here if self._order is None else self._order
        if missing := [name for name in here if name not in names]:
            raise ValueError(
                f"{directory} holds {', '.join(map(repr, missing))}, which classes= does not name; "
                f"it names {', '.join(names)}.{meant(missing[0], names)}"
            )
        if len(set(names)) < len(names):
            raise ValueError(f"classes= names a class twice: {', '.join(names)}.")
        return names, {name: label for label, name in enumerate(names)}

    def _usable(self, path: str) -> bool:
        inside = Path(path).relative_to(self.root).parts
        if any(part.startswith(".") or part.lower() in SYSTEM for part in inside):
            return False
        reason = _strange_name(Path(path)) or contents.obstacle(Path(path))
        if reason is None and self._look:
            reason = _flaw(path, wholly=False)
        if reason:
            self._skipped[path] = reason
        return not reason

    def _note(self, index: int, odd: Odd) -> None:
        path = self.samples[index][0]
        self._found_damaged[index] = True
        self._skipped[path] = odd.reason
        where = os.path.relpath(path, self.root)
        if not self._replace:
            return
        line = tr(
            f"{where} {odd.reason.zh}；由同类的下一张图片代替。",
            f"{where}: {odd.reason.en}; the next picture of its class stands in for it.",
        )
        if get_worker_info() is None:
            announce(line)
        else:
            print(line, file=sys.stderr)  # a worker has no notebook to show it in

    def _sorted_as_text(self) -> bool:
        digits = [name for name in self.classes if name.isdigit()]
        return self._order is None and digits != sorted(digits, key=int)

    def _summary(self, most: int = SHOWN) -> Label:
        line = tr(
            f"{self._called}：{len(self.classes)} 类，{len(self)} 张图片。",
            f"{self._called}: {len(self)} pictures of {len(self.classes)} classes.",
        )
        if self._sorted_as_text():
            order = ", ".join(self.classes[:4])
            line += tr(
                f"类名是数字，却按文字排序（{order}…），标签不等于类名；要按别的顺序，请给 classes=。",
                f" Their names are numbers but sorted as text ({order}, …), so labels are not the names; "
                "for another order give classes=.",
            )
        if names := ", ".join(self.empty):
            line += tr(f"没有图片的类别：{names}（标签保留）。", f" Without pictures, keeping their labels: {names}.")
        return line + self._listed(self.skipped, most)

    def _listed(self, skipped: dict[str, Label], most: int = SHOWN) -> Label:
        if not skipped:
            return tr("", "")
        shown = {os.path.relpath(path, self.root): reason for path, reason in list(skipped.items())[:most]}
        zh = "；".join(f"{path}（{reason.zh}）" for path, reason in shown.items())
        en = "; ".join(f"{path} ({reason.en})" for path, reason in shown.items())
        if more := len(skipped) - len(shown):
            zh, en = f"{zh}；另有 {more} 个，见 report()", f"{en}; and {more} more, see report()"
        return tr(f"没有使用 {len(skipped)} 个文件：{zh}。", f" Not used, {len(skipped)}: {en}.")


def _load(path: str) -> Image.Image:
    return pictures.opened(Path(path))


def _flaw(path: str, wholly: bool = True) -> Label | None:
    """Why a file is not used, or None."""
    try:
        pictures.opened(Path(path), wholly)
    except Odd as odd:
        return odd.reason
    return None


def _strange_name(path: Path) -> Label | None:
    if search.unfinished(path):
        return tr("没有下载完", "an unfinished download")
    if not path.name.lower().endswith(pictures.ENDINGS):
        return tr("不是课程读取的图片格式", "not one of the kinds of pictures that are read")
    return None


def _folders(place: Path) -> list[Path]:
    return [
        path
        for path in search.children(place)
        if not path.name.startswith(".") and path.name.lower() not in SYSTEM and path.is_dir()
    ]


def _checked(place: Path) -> Path:
    """The folder, if it is one of classes."""
    if closed := search.closed(place):
        raise DataError(tr(f"{place} {closed.zh}。", f"{place}: {closed.en}."))
    if not place.is_dir():
        near = meant(place.name, [path.name for path in search.children(place.parent)])
        raise DataError(tr(f"没有文件夹 {place}。", f"there is no folder {place}.") + near)
    folders = _folders(place)
    names = ", ".join(path.name for path in folders[:5])
    if folders and {path.name.lower() for path in folders} <= PARTS:
        raise DataError(
            tr(
                f"{place} 里是 {names}，不是各类别的文件夹；请打开其中一个。",
                f"{place} holds {names}, which are no classes: open one of them, image_folder({str(folders[0])!r}).",
            )
        )
    if not folders:
        raise DataError(
            tr(
                f"{place} 里没有类别文件夹；每一类的图片要放在自己的文件夹里。",
                f"{place} holds no folders: the pictures of each class belong into a folder of its own.",
            )
        )
    if len(folders) == 1 and len(_folders(folders[0])) > 1:
        raise DataError(
            tr(
                f"{place} 里只有 {names} 一个文件夹，各类别在它里面；请打开它。",
                f"{place} holds {names} alone, and the classes lie in there: image_folder({str(folders[0])!r}).",
            )
        )
    return place
