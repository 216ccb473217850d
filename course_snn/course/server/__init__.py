"""What the course adds to Jupyter Server: routes below `<base_url>course-snn/`, behind the server's own token."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join

from course_snn.course.server import chapters_api, guesses_api, widgets_api

PREFIX = "course-snn"
GRACE = 5.0  # s that the process may still take once its main thread has ended


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "course_snn.course.server"}]


def _load_jupyter_server_extension(server: ServerApp) -> None:
    web = server.web_app
    base = url_path_join(web.settings["base_url"], PREFIX)
    web.add_handlers(".*$", [(f"{base}/{route}", handler) for route, handler in routes()])


async def _start_jupyter_server_extension(server: ServerApp) -> None:
    threading.Thread(target=_end_with_the_main_thread, daemon=True).start()


def _end_with_the_main_thread() -> None:
    """End the process when all is put away, though a thread should still wait for work.

    A request that is under way when the server stops leaves a thread of AnyIO behind that nobody tells to end, and
    Python waits for it for ever: https://github.com/jupyterlab/jupyterlab/issues/10442.
    """
    threading.main_thread().join()
    time.sleep(GRACE)  # what ends by itself does so, and this thread with it
    os._exit(0)


def routes() -> list[tuple[str, type[Any]]]:
    """Every route, as a regular expression below the prefix, and what answers it."""
    return [*chapters_api.ROUTES, *guesses_api.ROUTES, *widgets_api.ROUTES]
