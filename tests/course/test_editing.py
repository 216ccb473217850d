"""`course-snn lab --edit`: JupyterLab sees a complete notebook, the file keeps what belongs to no machine."""

import asyncio
import shutil

import nbformat
import pytest

from course_snn.course import cells
from course_snn.course.editing import Originals


@pytest.fixture
def manager(tmp_path, root) -> Originals:
    for path in (root / "notebooks").glob("00_*.ipynb"):
        shutil.copy(path, tmp_path / "chapter.ipynb")
    (tmp_path / "text.md").write_text("text")
    return Originals(root_dir=str(tmp_path))


def test_a_chapter_is_shown_complete_and_saved_as_it_was(manager, tmp_path):
    before = (tmp_path / "chapter.ipynb").read_bytes()
    model = asyncio.run(manager.get("chapter.ipynb", content=True))
    assert model["content"].metadata.language_info == cells.language_info()
    nbformat.validate(model["content"])
    asyncio.run(manager.save({"type": "notebook", "format": "json", "content": model["content"]}, "chapter.ipynb"))
    assert (tmp_path / "chapter.ipynb").read_bytes() == before
    model["content"].cells[0].source += "\nmore"
    asyncio.run(manager.save({"type": "notebook", "format": "json", "content": model["content"]}, "chapter.ipynb"))
    after = cells.parse((tmp_path / "chapter.ipynb").read_bytes())
    assert cells.source(after["cells"][0]).endswith("more")
    assert after["metadata"] == cells.parse(before)["metadata"]


def test_other_files_and_models_without_content_pass(manager):
    assert asyncio.run(manager.get("text.md"))["content"] == "text"
    assert asyncio.run(manager.get("chapter.ipynb", content=False))["content"] is None
    assert asyncio.run(manager.get(""))["type"] == "directory"
    asyncio.run(manager.save({"type": "file", "format": "text", "content": "new"}, "text.md"))
    assert asyncio.run(manager.get("text.md"))["content"] == "new"
