"""Names of files that every system takes (Windows refuses some characters, some words, and a dot at the end); texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import MutableSet, Sequence
from pathlib import PurePath

LONGEST = 60  # bytes in UTF-8: Windows takes 260 characters for a path, in which it may stand twice
_REFUSED = re.compile(r'[<>:"/\\|?*\s]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)", re.IGNORECASE)


def safe(text: str, longest: int = LONGEST) -> str:
    """The text as the name of a file or folder: the same to a reader, harmless to Windows, macOS and Linux."""
    text = "".join("_" if _invisible(character) else character for character in unicodedata.normalize("NFC", text))
    text = _REFUSED.sub("_", text).strip("_. ")
    if _RESERVED.match(text):
        text = f"_{text}"
    text = text.encode("utf-8", "replace")[:longest].decode("utf-8", "ignore").rstrip("_. ")
    return text or "_"


def _invisible(character: str) -> bool:
    """Whether it is a control or format character, half of one, or no character at all."""
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def free(name: str, taken: MutableSet[str], suffix: str = "") -> str:
    """``name + suffix``, with a number where it is taken already; upper and lower case do not count. Takes it."""
    number, made = 1, f"{name}{suffix}"
    while made.casefold() in taken:
        number += 1
        made = f"{name}-{number}{suffix}"
    taken.add(made.casefold())
    return made


def tidy(text: str) -> str:
    """A text that learners may have had a hand in, without what no page and no table can hold.

    Control characters and halves of characters become U+FFFD; line ends and tabs stay.
    """
    return "".join("\ufffd" if _unfit(one) else one for one in text)


def _unfit(one: str) -> bool:
    return (unicodedata.category(one) in ("Cc", "Cs") and one not in "\n\t") or one in "\ufffe\uffff"


def out_of_sight(path: PurePath) -> bool:
    """Whether a file lies where nobody put it: hidden, in a hidden folder, or in what macOS adds to a zip."""
    return any(part.startswith(".") or part == "__MACOSX" for part in path.parts)


def some(names: Sequence[str], most: int = 5) -> str:
    """The first names, and how many there are if that is not all."""
    return ", ".join(names[:most]) + (f" … ({len(names)})" if len(names) > most else "")
