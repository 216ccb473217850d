"""The widgets' code, taken from the installed package and never from a notebook."""

from __future__ import annotations

from typing import Any

ROUTES: list[tuple[str, type[Any]]] = []
