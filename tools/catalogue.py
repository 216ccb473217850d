"""Write course_snn/widget/catalogue.json: what the server must know of each widget without importing torch.

Usage, after a widget, its controls or its scripts changed (a test says so):
    uv run python tools/catalogue.py
"""

import json
from pathlib import Path

from course_snn.widget import stored

FILE = Path(__file__).resolve().parents[1] / "course_snn" / "widget" / "catalogue.json"


def text() -> str:
    """The file: one line for each widget, so that two people who add one seldom meet."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(entry, ensure_ascii=False)}" for name, entry in stored.catalogue().items()
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
    print(f"{FILE.name}: {len(stored.names())} widgets, {FILE.stat().st_size} bytes")
