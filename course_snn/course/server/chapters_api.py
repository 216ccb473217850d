"""What the course panel shows: the chapters that are served, how far the learner is in them, and a search in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tornado import web

from course_snn.course import progress
from course_snn.course.chapters import Chapter
from course_snn.course.outline import Task, next_exercise, outline, present
from course_snn.course.search import search
from course_snn.course.server.answering import Answer, served


class OutlineRoute(Answer):
    """`GET api/outline?near=FOLDER`: every chapter with its sections and exercises, and what comes next."""

    @web.authenticated
    async def get(self) -> None:
        await self.reply(course, self.root, self.get_argument("near", ""))


class SearchRoute(Answer):
    """`GET api/search?q=WORDS&lang=zh&near=FOLDER`: at most 20 sections that hold all the words."""

    @web.authenticated
    async def get(self) -> None:
        lang = self.get_argument("lang", "zh")
        await self.reply(results, self.root, self.get_argument("near", ""), self.get_argument("q", ""), lang)


def course(root: Path, near: str = "") -> dict[str, Any]:
    """Return what the panel shows, as plain data; "chapters" is empty where the server shows none."""
    folder = served(root, near)
    if folder is None:
        return {"chapters": [], "next": None, "passed": 0, "of": 0, "minutes": 0}
    passed = progress.load()["passed"]
    chapters = [_chapter(one, folder, root, set(passed)) for one in present(folder)]
    following = next_exercise(passed, folder=folder)
    totals = {name: sum(chapter[name] for chapter in chapters) for name in ("passed", "of", "minutes")}
    return {"chapters": chapters, "next": following and _task(following, False), **totals}


def results(root: Path, near: str, query: str, lang: str) -> list[dict[str, Any]]:
    """Return the sections that a search finds, as plain data."""
    folder = served(root, near)
    return [
        {
            "chapter": hit.chapter.key,
            "path": _path(hit.chapter, folder, root),
            "cell": hit.anchor,
            "title": [hit.zh, hit.en],
            "excerpt": hit.excerpt,
        }
        for hit in (search(query, lang, folder) if folder else ())
    ]


def _chapter(chapter: Chapter, folder: Path, root: Path, done: set[str]) -> dict[str, Any]:
    found = outline(chapter, folder)
    place = {cell: number for number, cell in enumerate(found.cells)}
    sections = [{"cell": one.anchor, "title": [one.zh, one.en], "place": place[one.anchor]} for one in found.sections]
    exercises = [_task(task, task.id in done) | {"place": place[task.cell]} for task in found.exercises]
    return {
        "key": chapter.key,
        "path": _path(chapter, folder, root),
        "title": [chapter.title_zh, chapter.title_en],
        "minutes": found.minutes,
        "passed": sum(task["passed"] for task in exercises),
        "of": len(exercises),
        "sections": sections,
        "exercises": exercises,
    }


def _task(task: Task, done: bool) -> dict[str, Any]:
    return {"id": task.id, "cell": task.cell, "title": [task.zh, task.en], "passed": done}


def _path(chapter: Chapter, folder: Path, root: Path) -> str:
    return (folder / chapter.file_name).relative_to(root).as_posix()


ROUTES: list[tuple[str, type[Any]]] = [("api/outline", OutlineRoute), ("api/search", SearchRoute)]
