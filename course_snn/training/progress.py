"""A progress bar that leaves nothing behind: no line in a terminal, no output in a stored notebook."""

from __future__ import annotations

import time
from collections.abc import Callable

from course_snn.language import Label, html, in_notebook, tr

SECONDS = 0.25  # between two drawings: drawing costs more than a small batch
WAIT = 1.0  # what ends sooner needs no bar


class Bar:
    """Progress over all batches of a run, drawn a few times a second at most.

    Args:
        total: number of batches. done: how many of them lie behind a resumed run.
        show: draw at all. In a terminal only where standard error is one.
    """

    def __init__(self, total: int, done: int = 0, show: bool = True) -> None:
        self.total, self.done, self.first = total, done, done
        self._start = time.monotonic()
        self._next = self._start + WAIT if show else float("inf")
        self._draw: Callable[[Label], None] | None = None
        self._close: Callable[[], None] = lambda: None

    def advance(self, note: Callable[[], Label]) -> None:
        """Count one batch; ``note()`` is asked for the text only when the bar is drawn."""
        self.done += 1
        now = time.monotonic()
        if now >= self._next:
            self._next = now + SECONDS
            if self._draw is None:
                self._draw, self._close = _notebook(self) if in_notebook() else _terminal(self)
            self._draw(note())

    def left(self) -> float:
        """Return the seconds that the rest will take at the speed so far."""
        return (time.monotonic() - self._start) / max(self.done - self.first, 1) * (self.total - self.done)

    def close(self) -> None:
        """Take the bar away."""
        self._close()
        self._next = float("inf")


def _notebook(bar: Bar) -> tuple[Callable[[Label], None], Callable[[], None]]:
    """A bar as one output that is updated in place, in the end with nothing: an empty bundle shows as nothing."""
    from IPython.display import DisplayHandle

    handle = DisplayHandle()
    handle.display({}, raw=True)

    def draw(note: Label) -> None:
        left = html(f"，还要约 {_clock(bar.left())}", f", about {_clock(bar.left())} left")
        markup = f'<progress max="{bar.total}" value="{bar.done}"></progress> {html(note.zh, note.en)} {left}'
        handle.update({"text/html": markup}, raw=True)

    return draw, lambda: handle.update({}, raw=True)


def _terminal(bar: Bar) -> tuple[Callable[[Label], None], Callable[[], None]]:
    from tqdm import tqdm  # disable=None: silent where standard error is not a terminal

    line = tqdm(total=bar.total, initial=bar.first, leave=False, disable=None, unit=tr("批", " batches"), mininterval=0)

    def draw(note: Label) -> None:
        line.set_postfix_str(note, refresh=False)
        line.update(bar.done - line.n)

    return draw, line.close


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes}:{seconds:02d}"
