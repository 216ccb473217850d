"""What a process does that ``launch`` started: join the team, run the function, tell how it went."""

from __future__ import annotations

import contextlib
import faulthandler
import io
import linecache
import multiprocessing
import os
import pickle
import sys
import threading
import time
import traceback
from datetime import timedelta
from multiprocessing.connection import Connection, wait
from typing import Any

import cloudpickle
import numpy as np
import torch

from course_snn.training.team import MINUTES, join


def member(line: Connection, environment: dict[str, str], threads: int, timeout: float) -> None:
    """Run the function that comes through ``line``, and send back text, and in the end a result or an error."""
    faulthandler.enable()  # a crash in C++ says where it was
    os.environ.clear()  # it may come from an earlier day than this call
    os.environ.update(environment)
    torch.set_num_threads(threads)
    torch.seed()  # by chance: copies of one process would all draw the same
    np.random.seed()
    multiprocessing.set_start_method(None, force=True)  # for workers that load: the system's, not that of this process
    threading.Thread(target=_end_with_parent, daemon=True).start()
    speech = _Speech(line, f"[{environment['RANK']}] ")
    try:
        cells, function, arguments = pickle.loads(line.recv_bytes())
        linecache.cache.update(cells)
        with contextlib.redirect_stdout(speech), join(timeout=min(MINUTES, timedelta(seconds=timeout))) as team:
            try:
                report = "result", cloudpickle.dumps(function(team, *arguments))
            except BaseException as error:  # told before the others notice that this one leaves
                speech.tell_error(error)
                raise
        speech.flush()
        speech.say(*report)
    except KeyboardInterrupt as error:
        speech.tell_error(error)
    except BaseException as error:  # SystemExit too: nobody leaves without a word
        speech.tell_error(error)
        sys.exit(1)


class _Speech(io.TextIOBase):
    """What is printed, sent line by line with the rank before it; and what is told in the end."""

    def __init__(self, line: Connection, prefix: str) -> None:
        self.line, self.prefix, self.begun, self.lock, self.told = line, prefix, "", threading.Lock(), False

    def write(self, text: str) -> int:
        *lines, self.begun = (self.begun + text).split("\n")
        if lines:
            self.say("text", "".join(f"{self.prefix}{line}\n" for line in lines))
        return len(text)

    def flush(self) -> None:
        if self.begun:
            self.write("\n")

    def say(self, kind: str, value: Any) -> None:
        with self.lock, contextlib.suppress(OSError):  # nobody listens any more
            self.line.send_bytes(pickle.dumps((kind, value, time.time())))

    def tell_error(self, error: BaseException) -> None:
        """Tell how this process fails, the first time that it does."""
        if self.told:
            return
        self.told = True
        self.flush()
        if isinstance(error, KeyboardInterrupt):
            return self.say("stopped", str(error))
        theirs = error.__traceback__
        while theirs is not None and theirs.tb_next is not None and theirs.tb_frame.f_code is member.__code__:
            theirs = theirs.tb_next
        trace = "".join(traceback.format_exception(type(error), error, theirs))
        self.say("error", (f"{type(error).__name__}: {error}", trace))


def _end_with_parent() -> None:
    """Wait until the process that started this one is gone, and go too: a kernel may be restarted at any time."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
