"""Verdicts in the page, by Pyodide: chapters whose exercises need Python alone."""

from __future__ import annotations

from pathlib import Path

CHAPTERS = ("00", "01")


def write(assets: Path, pyodide: Path) -> None:
    raise NotImplementedError
