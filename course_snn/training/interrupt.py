"""Ctrl-C between two batches: never in the middle of one, so that what is saved is whole."""

from __future__ import annotations

import signal
import threading
from types import FrameType

from course_snn.language import tr
from course_snn.training.history import History


class Interrupted(KeyboardInterrupt):
    """You stopped ``fit``; the epochs so far are in ``training.last_history()``, and in ``.history`` here.

    Args:
        history: of the whole epochs.
        batch, batches: how many batches of the next one are done, of how many.
        saved: whether a checkpoint holds them.
    """

    def __init__(self, history: History, batch: int, batches: int, saved: bool) -> None:
        done = len(history)
        go_on = (
            tr("再次调用 fit(…, resume=True) 会接着训练。", "Call fit(…, resume=True) to go on from here.")
            if saved
            else tr("下次给出 checkpoint=文件夹，就能接着训练。", "With checkpoint=folder you could go on from here.")
        )
        where = tr(
            f"训练停在 {done} 轮又 {batch}/{batches} 批之后，记录在 training.last_history()。",
            f"stopped after {done} epochs and {batch} of {batches} batches; training.last_history() has them. ",
        )
        super().__init__(where + go_on)
        self.history = history


class Patience:
    """Within the block the first Ctrl-C only sets ``asked``; the second one interrupts at once.

    In a thread that is not the main one Python delivers no Ctrl-C, and nothing is changed.
    """

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Patience:
        self._before = signal.getsignal(signal.SIGINT)
        self._mine = threading.current_thread() is threading.main_thread() and callable(self._before)
        if self._mine:
            signal.signal(signal.SIGINT, self._first)
        return self

    def __exit__(self, *error: object) -> None:
        if self._mine:
            signal.signal(signal.SIGINT, self._before)

    def _first(self, number: int, frame: FrameType | None) -> None:
        self.asked = True
        signal.signal(signal.SIGINT, self._before)
