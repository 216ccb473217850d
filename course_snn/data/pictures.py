"""One picture file: as RGB, or what is wrong or odd about it, in words. Nothing here stops a run."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from PIL import Image, UnidentifiedImageError

from course_snn.data import causes, contents
from course_snn.language import Label, tr

if TYPE_CHECKING:
    import torch

ENDINGS = (".jpg", ".jpeg", ".png", ".ppm", ".pgm", ".bmp", ".gif", ".tif", ".tiff", ".webp")
PLAIN = {"RGB", "L", "1", "P", "CMYK", "YCbCr", "LAB", "HSV"}  # as RGB they show what they showed
DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    EOFError,
    KeyError,
    struct.error,
    zlib.error,
)  # PIL raises these
JPEG, JPEG_END = b"\xff\xd8\xff", b"\xff\xd9"


class Odd(ValueError):
    """A picture that is not used, and why.

    Args:
        reason: the end of a sentence that begins with its name.
    """

    def __init__(self, reason: Label) -> None:
        super().__init__(reason)
        self.reason = reason


def opened(source: Path | BinaryIO, wholly: bool = True) -> Image.Image:
    """Return a picture as RGB; grey, palettes, CMYK and an alpha of which nothing shows are turned into it.

    Args:
        source: a path, or a file opened for reading.
        wholly: decode it; otherwise only its head is looked at, which finds no damage behind it.

    Raises:
        Odd: empty, truncated, damaged, no picture, too large to open, 16 bits or floating point (whose range nobody
            tells), really transparent, or a moving picture.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(source) as image:
                _accept(image)
                return _rgb(image) if wholly else image
    except Odd:
        raise
    except Image.DecompressionBombError as error:
        raise Odd(tr(f"图片太大，没有打开（{error}）", f"too large to be opened ({error})")) from error
    except UnidentifiedImageError as error:
        raise Odd(_strange(source)) from error
    except MemoryError as error:
        raise Odd(tr("图片太大，内存不够", "too large for the memory")) from error
    except DAMAGE as error:
        raise Odd(_damaged(source, error)) from error


def _accept(image: Image.Image) -> None:
    """Refuse what cannot be shown as RGB without changing what is seen."""
    if (frames := getattr(image, "n_frames", 1)) > 1:
        raise Odd(tr(f"动图或多页图，共 {frames} 幅", f"{frames} pictures in one file"))
    if image.mode.startswith(("I", "F")):
        raise Odd(tr(f"模式 {image.mode}：不是每通道 8 位", f"mode {image.mode}: not 8 bits a channel"))
    if image.mode not in PLAIN and not image.mode.endswith(("A", "a")):
        raise Odd(tr(f"模式 {image.mode} 不认识", f"of the unknown mode {image.mode}"))


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.endswith(("A", "a")) or "transparency" in image.info:
        image = image.convert("RGBA")
        if image.getchannel("A").getextrema() != (255, 255):
            raise Odd(tr("有透明部分，背景颜色不明", "partly transparent: nobody tells the colour behind it"))
    return image.convert("RGB")


def decoded(content: bytes) -> torch.Tensor:
    """Return a picture as uint8 [3, H, W].

    Args:
        content: the bytes of a picture file.

    Raises:
        Odd: as in ``opened``.
    """
    import torch
    from torchvision.io import ImageReadMode, decode_jpeg
    from torchvision.transforms.functional import pil_to_tensor

    if content.startswith(JPEG) and content.endswith(JPEG_END):  # five times as fast as PIL, and equal to it
        try:
            image = decode_jpeg(torch.frombuffer(bytearray(content), dtype=torch.uint8), ImageReadMode.RGB)
            return cast("torch.Tensor", image)  # of one picture, not of a list
        except RuntimeError:
            pass  # PIL knows more kinds, and says what is wrong
    return pil_to_tensor(opened(io.BytesIO(content)))


def _head(source: Path | BinaryIO) -> bytes:
    if isinstance(source, Path):
        return contents.beginning(source)
    source.seek(0)
    return source.read(512)


def _strange(source: Path | BinaryIO) -> Label:
    return contents.odd(_head(source)) or tr("不是图片，或开头已损坏", "no picture, or damaged at its beginning")


def _damaged(source: Path | BinaryIO, error: Exception) -> Label:
    if isinstance(error, OSError) and error.errno is not None:
        cause = causes.system(error)
        return tr(f"无法读取：{cause.zh}", f"cannot be read: {cause.en}")
    if "truncated" in str(error).lower():
        return tr(f"不完整（{error}）", f"cut off ({error})")
    return tr(f"已损坏（{error}）", f"damaged ({error})")
