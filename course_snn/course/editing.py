"""The contents manager of `course-snn lab --edit`: the course's notebooks stay as they are kept, whoever opens them."""

from __future__ import annotations

from typing import Any

import nbformat
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from course_snn.course.cells import language_info, stamp
from course_snn.course.store import LANGUAGE


class Originals(AsyncLargeFileManager):
    """Files as ever, but notebooks are shown with this Python's language complete and saved without it.

    JupyterLab calls a notebook modified that does not name the very version of the kernel's Python; in the course's
    own files that would differ from machine to machine.
    """

    async def get(self, path: str, content: bool = True, *arguments: Any, **options: Any) -> dict[str, Any]:
        """Return the model of a file."""
        model = await super().get(path, content, *arguments, **options)
        if content and model["type"] == "notebook":
            model["content"] = nbformat.from_dict(stamp(model["content"]))
        return model

    async def save(self, model: dict[str, Any], path: str = "") -> dict[str, Any]:
        """Write the model of a file."""
        if model.get("type") == "notebook" and isinstance(notebook := model.get("content"), dict):
            metadata = notebook.get("metadata", {})
            if metadata.get("language_info") == language_info():
                kept = notebook | {"metadata": metadata | {"language_info": LANGUAGE}}
                model = model | {"content": kept}
        return await super().save(model, path)
