"""The offline stand-in for MNIST: scikit-learn's real handwritten digits, drawn at MNIST's size."""

from __future__ import annotations

import csv
import gzip
import zlib
from importlib.util import find_spec
from pathlib import Path

import torch
from torch.nn import functional as F

from course_snn.data.files import DataError
from course_snn.language import tr

HEIGHT, WIDTH = 20, 24  # wider than high: the 8×8 digits are narrower than MNIST's


def digits() -> tuple[tuple[torch.Tensor, torch.Tensor], tuple[torch.Tensor, torch.Tensor]]:
    """Return ((images, labels), (images, labels)) to train and to test: uint8 [N, 28, 28] and [N].

    Each 8×8 digit is enlarged smoothly and set into 28×28, 20 high, its centre of mass in the middle, as MNIST's are.
    Of each class every fifth image is for testing: 1437 and 360, the same ones every time.

    Source: Alpaydin & Kaynak 1998, Optical Recognition of Handwritten Digits, UCI, CC BY 4.0.
    """
    small, labels = small_digits()
    large = F.interpolate(small[:, None] / 16, size=(HEIGHT, WIDTH), mode="bicubic", align_corners=False)
    images = _centred(_stroke(large).squeeze(1)).mul(255).round().to(torch.uint8)
    test = torch.zeros(len(labels), dtype=torch.bool)
    test[labels.argsort(stable=True)[::5]] = True
    return (images[~test], labels[~test]), (images[test], labels[test])


def small_digits() -> tuple[torch.Tensor, torch.Tensor]:
    """Read scikit-learn's 1797 digits, [1797, 8, 8] from 0 to 16, and their labels, without importing scikit-learn.

    Raises:
        DataError: scikit-learn's file is missing or damaged.
        ModuleNotFoundError: there is no scikit-learn.
    """
    found = find_spec("sklearn")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("these digits come with scikit-learn, which is not here: pip install scikit-learn.")
    path = Path(found.origin).parent / "datasets" / "data" / "digits.csv.gz"
    try:
        rows = csv.reader(gzip.decompress(path.read_bytes()).decode("ascii").splitlines())
        table = torch.tensor([[float(value) for value in row] for row in rows])
        if table.shape != (1797, 65):
            raise ValueError(f"{list(table.shape)}")
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise DataError(
            tr(
                f"替身也读不出来：scikit-learn 的 {path} 缺失或已损坏（{error}）；"
                "运行 uv sync --reinstall-package scikit-learn",
                f"the stand-in cannot be read either: scikit-learn's {path} is missing or damaged ({error}); "
                "run: uv sync --reinstall-package scikit-learn",
            )
        ) from error
    return table[:, :-1].reshape(-1, 8, 8), table[:, -1].long()


def _stroke(grey: torch.Tensor) -> torch.Tensor:
    """Sharpen enlarged edges to those of a pen: nothing below 0.3, full ink from 1 on."""
    t = ((grey - 0.3) / 0.7).clamp(0, 1)
    return t * t * (3 - 2 * t)


def _centred(images: torch.Tensor) -> torch.Tensor:
    """Set [N, 20, 24] into [N, 28, 28], moved by whole pixels so that the centre of mass lies in the middle."""
    mass = images.sum((1, 2))
    y = images.sum(2) @ torch.arange(float(HEIGHT)) / mass
    x = images.sum(1) @ torch.arange(float(WIDTH)) / mass
    top = (13.5 - y).round().long().clamp(0, 28 - HEIGHT)[:, None, None]
    left = (13.5 - x).round().long().clamp(0, 28 - WIDTH)[:, None, None]
    frame = torch.zeros(len(images), 28, 28)
    n = torch.arange(len(images))[:, None, None]
    frame[n, top + torch.arange(HEIGHT)[:, None], left + torch.arange(WIDTH)] = images
    return frame
