"""What the course adds to Jupyter Server: routes below `<base_url>course-snn/`, behind the server's own token."""

from __future__ import annotations

from typing import Any

from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join

from course_snn.course.server import chapters_api, guesses_api, widgets_api

PREFIX = "course-snn"


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course_snn.course.server"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    web = server.web_app
    base = url_path_join(web.settings["base_url"], PREFIX)
    web.add_handlers(".*$", [(f"{base}/{route}", handler) for route, handler in routes()])


def routes() -> list[tuple[str, type[Any]]]:
    """Every route, as a regular expression below the prefix, and what answers it."""
    return [*chapters_api.ROUTES, *guesses_api.ROUTES, *widgets_api.ROUTES]
