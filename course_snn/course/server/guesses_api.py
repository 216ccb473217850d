"""The learner's guesses, kept with the progress: read all or one, write one."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any, NoReturn

from tornado import web

from course_snn.course import progress
from course_snn.course.server.answering import Answer

ID = re.compile(r"\d\d\.[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LARGEST = progress.GUESS_BYTES  # of JSON


class GuessesRoute(Answer):
    """`GET api/guesses`: every guess, {id: value}."""

    @web.authenticated
    async def get(self) -> None:
        await self.reply(progress.guesses)


class GuessRoute(Answer):
    """`GET api/guesses/<id>`: one guess, or null. `PUT`: keep one; the body is its value as JSON, null forgets it.

    409: the kept one is settled; 507: it cannot be written.
    """

    @web.authenticated
    async def get(self, name: str) -> None:
        await self.reply(lambda: progress.guesses().get(_known(name)))

    @web.authenticated
    async def put(self, name: str) -> None:
        try:
            saved = await asyncio.to_thread(progress.keep_guess, _known(name), value(self.request.body))
        except progress.SettledError as error:
            raise web.HTTPError(409, str(error)) from None
        except ValueError as error:
            raise web.HTTPError(400, str(error)) from None
        if not saved:
            raise web.HTTPError(
                507, f"The guess cannot be written: {progress.path()} or its folder is read-only or full."
            )
        self.set_status(204)
        self.finish()


def value(body: bytes) -> Any:
    """Return the value of a guess from the body of a request.

    Raises:
        tornado.web.HTTPError: 413, it is too large; 400, it is not JSON.
    """
    if len(body) > LARGEST:
        raise web.HTTPError(413, f"A guess has {len(body)} bytes; at most {LARGEST} are kept.")
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise web.HTTPError(400, "A guess is sent as one JSON value; this is not JSON.") from None


def _known(name: str) -> str:
    if not ID.fullmatch(name):
        raise web.HTTPError(400, 'A guess is named by its chapter and a word of letters and digits, as "05.window".')
    return name


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


ROUTES: list[tuple[str, type[Any]]] = [("api/guesses", GuessesRoute), ("api/guesses/([^/]+)", GuessRoute)]
