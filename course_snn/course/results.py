"""Results of real runs that chapters show beside the learner's own: logged once, with machine and versions."""

from __future__ import annotations

import json
from typing import Any

from course_snn.course.chapters import CHECKOUT, IN_PACKAGE
from course_snn.language import tr

FOLDERS = CHECKOUT / "assets" / "results", IN_PACKAGE.parent / "assets" / "results"  # the second in a wheel


def logged(name: str) -> dict[str, Any]:
    """Return a logged result, ``assets/results/<name>.json``.

    Raises:
        FileNotFoundError: no such result; lists those there are.
    """
    for folder in FOLDERS:
        if (file := folder / f"{name}.json").is_file():
            return json.loads(file.read_text(encoding="utf-8"))
    known = ", ".join(sorted(file.stem for folder in FOLDERS for file in folder.glob("*.json"))) or "-"
    raise FileNotFoundError(
        tr(f"没有名为 {name!r} 的存档结果；现有：{known}", f"no logged result {name!r}; there are: {known}")
    )
