"""Texts that several notebooks and commands may write at once."""

from __future__ import annotations

from pathlib import Path

from course_snn.drafts import draft


def write_text(path: Path, text: str) -> None:
    """Replace the file at once; its folder is made if it is missing. UTF-8, line ends as given."""
    with draft(path, shared=True) as file:
        file.write(text.encode())
