"""Names of files in the encoding they were written in: zips and old tools do not say which that is."""

from __future__ import annotations

import struct
import zipfile
import zlib

UTF8 = 0x800  # a member's flag: its name is UTF-8
_UNICODE_PATH = 0x7075  # Info-ZIP's extra field that holds the name in UTF-8
_COMMON = ("\u3000", "\u303f"), ("\u4e00", "\u9fff"), ("\uff00", "\uffef")  # punctuation, Chinese, full width


def member_name(member: zipfile.ZipInfo) -> str:
    """The name of a zip's member: as its flag says, else what its bytes most likely mean."""
    if member.flag_bits & UTF8:
        return member.filename
    try:
        raw = member.orig_filename.encode("cp437")
    except UnicodeEncodeError:  # zipfile knew better
        return member.filename
    return _unicode_path(member.extra, raw) or readable(raw, member.filename)


def readable(raw: bytes, otherwise: str) -> str:
    """The text of a name's bytes: UTF-8 if they are, else GBK if that gives Chinese, else as it was read.

    What one system wrote in GBK and another took for cp437 is found again.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return _chinese(raw) or otherwise.encode("utf-8", "replace").decode()
    if text.isascii():
        return text
    try:
        return _chinese(text.encode("cp437")) or text
    except UnicodeEncodeError:
        return text


def _chinese(raw: bytes) -> str | None:
    """The bytes as GBK; None if that gives anything but ASCII and Chinese."""
    for encoding in ("gb2312", "gb18030"):  # most names are of the smaller set, in which little else is valid
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        strange = [character for character in text if not character.isascii() and not _is_common(character)]
        if not strange and (encoding == "gb2312" or _mostly_known(text)):
            return text
    return None


def _is_common(character: str) -> bool:
    return character == "·" or any(first <= character <= last for first, last in _COMMON)


def _mostly_known(text: str) -> bool:
    """Whether most Chinese characters are of the smaller set: a rare one in a name, not é before a letter."""
    chinese = [character for character in text if not character.isascii()]
    known = sum(character.encode("gb2312", "ignore") != b"" for character in chinese)
    return known > 0 and known >= len(chinese) / 2


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name that Info-ZIP's extra field holds, if it is about these bytes."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(body) > 5 and struct.unpack_from("<L", body, 1)[0] == zlib.crc32(raw):
            return body[5:].decode("utf-8", "replace")
    return None
