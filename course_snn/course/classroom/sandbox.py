"""A process for the answers of people whom nobody knows: bubblewrap around a server that tries them.

Inside there are Python, the libraries and the course, read-only, and one empty folder; no network, no process of the
machine, no file of another hand-in. The server itself is `course_snn.course.classroom.server`.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import asdict, dataclass
from pathlib import Path

import course_snn
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.classroom.fence import NoSandbox, compiled_elsewhere, fenced, loops_elsewhere, obstacle
from course_snn.course.classroom.shipped import Shipped
from course_snn.language import tr

START, SILENCE, LOOK = 600.0, 60.0, 2.0  # s: a server that says nothing for so long has gone; look whether it stands
MODULE = "course_snn.course.classroom.server"


class Broken(ClassroomError):
    """The server of the sandbox does not start: a fault of ours or of the machine, of no hand-in."""


@dataclass(frozen=True)
class Limits:
    """What one answer may take.

    Args:
        memory: bytes, of all its processes together, beyond what Python and torch take.
        disk: bytes in its folder. file: bytes in one file. output: bytes that it may answer.
        processes: how many.
        cell: time for the top level of its cells, in s that a processor works for it.
        case: the longest time for a case, in s of a processor; what the exercise allows, if that is less.
        grace: time for each case beyond that, in s: for code that cannot be interrupted.
        patience: so many times as long it may take by the clock: the machine does other things, too.
    """

    memory: int = 2 << 30
    disk: int = 200 << 20
    file: int = 50 << 20
    output: int = 64 << 20
    processes: int = 32
    cell: float = 20.0
    case: float = 600.0
    grace: float = 10.0
    patience: float = 5.0


@dataclass(frozen=True)
class Tried:
    """What came out of the sandbox: lines that anybody may have written, and why it was over.

    ``why``: "ended", "timeout", "memory", "processes", "disk", "output", or "lost" where the server went with it.
    """

    lines: tuple[str, ...]
    why: str


class Sandbox:
    """A server that tries answers, started anew when it is lost.

    Args:
        chapters: the first cells of the chapters, by key.
        limits: what an answer may take.
        trust: whether to do without the sandbox; limits of processes, disk and network do not hold then.
        runner: a command that runs another with fewer rights, which then stands for the sandbox; see `trust`.

    Raises:
        NoSandbox: there is none here, and ``trust`` is False.
        CancelledError: it was closed meanwhile, in another thread.
    """

    def __init__(
        self, chapters: dict[str, str], limits: Limits, trust: bool = False, runner: Sequence[str] = ()
    ) -> None:
        trust = trust or bool(runner)
        if not trust and (reason := obstacle()):
            raise NoSandbox(reason)
        self._trust, self._process, self._closed, self._limits = trust, None, False, limits
        self._runner = tuple(runner)
        self._scratch = tempfile.TemporaryDirectory(prefix="course-snn-")
        self._setup = {
            "chapters": chapters,
            "limits": asdict(limits),
            "work": f"{Path(self._scratch.name, 'work')}" if trust else "/desk",
            "sandbox": not trust,
            "namespace": "" if trust else os.readlink("/proc/self/ns/pid"),
        }

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def attempt(self, exercise: Shipped, job: dict) -> Tried:
        """Let an answer be tried; see `Tester.run` for the job. Where the server is lost, once more.

        Raises:
            Broken: the server does not start.
        """
        head = {
            "chapter": exercise.exercise[:2],
            "modules": exercise.modules,
            "seconds": min(exercise.seconds, self._limits.case),
            "cases": exercise.cases,
        }
        lines = json.dumps(head), json.dumps(job | {"exercise": exercise.content, "seconds": head["seconds"]})
        tried = self._attempt(head["chapter"], *lines)
        return self._attempt(head["chapter"], *lines) if tried.why == "lost" else tried

    def _attempt(self, chapter: str, head: str, job: str) -> Tried:
        if self._process is None or self._process.poll() is not None:
            self._start()
        try:
            self._send(head, job)
        except OSError:
            return self._lost([])
        lines = []
        for message in self._messages(SILENCE if chapter in self._known else START):  # it is loaded first
            if "line" in message:
                lines.append(message["line"])
            if "over" in message:
                self._known.add(chapter)
                if message["over"] == "memory":  # some kinds outlive their process: the sandbox goes with them
                    self.stop()
                return Tried(tuple(lines), message["over"])
        return self._lost(lines)

    def stop(self) -> None:
        """End the server and whatever runs in the sandbox; the next attempt starts another."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()  # the first process of the namespace goes with it, and so do all others
            process.wait()
            for stream in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    stream.close()

    def close(self) -> None:
        """End the server for good; an attempt under way in another thread ends too."""
        self._closed = True
        self.stop()
        self._scratch.cleanup()

    def _lost(self, lines: list[str]) -> Tried:
        self.stop()
        if self._closed:
            raise CancelledError
        return Tried(tuple(lines), "lost")

    def _start(self) -> None:
        self.stop()
        work = Path(self._setup["work"])
        if self._trust:
            work.mkdir(exist_ok=True)
            if self._runner:  # perhaps another user, who may write there and look at nothing else of ours
                work.parent.chmod(0o711)
                work.chmod(0o777)
        python = [sys.executable, "-B", "-P", "-m", MODULE]
        command = [*self._runner, *python] if self._trust else [*fenced(work), *python]
        self._known: set[str] = set()
        self._heard: queue.Queue[bytes | None] = queue.Queue()
        errors = Path(self._scratch.name, "errors.txt")
        with errors.open("wb") as said:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                env=_environment(work),
                start_new_session=True,  # Ctrl-C is for the grader, which then ends it
            )
        if self._closed:
            self.stop()
            raise CancelledError
        threading.Thread(target=_listen, args=(self._process.stdout, self._heard), daemon=True).start()
        with contextlib.suppress(OSError):
            self._send(json.dumps(self._setup))
        if not any("ready" in message for message in self._messages(START, once=True)):
            self.stop()
            told = "\n".join(errors.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
            raise Broken(tr(f"沙箱里的服务没有启动：\n{told}", f"the server in the sandbox does not start:\n{told}"))

    def _send(self, *lines: str) -> None:
        self._process.stdin.write("".join(f"{line}\n" for line in lines).encode())
        self._process.stdin.flush()

    def _messages(self, patience: float, once: bool = False) -> Iterator[dict]:
        """Yield what the server says until it is gone, or silent for ``patience`` seconds."""
        waited = 0.0
        while True:
            try:
                line = self._heard.get(timeout=LOOK)
            except queue.Empty:
                waited += LOOK
                if waited >= patience or _stands_still(self._process, self._trust):
                    return
                continue
            if line is None:
                return
            waited = 0.0
            yield json.loads(line)
            if once:
                return


def _stands_still(process: subprocess.Popen | None, trust: bool) -> bool:
    """Whether somebody has stopped the server: an answer is the same user as it is."""
    try:
        pid = process.pid
        for _ in range(0 if trust else 2):  # bubblewrap, the first process of the namespace, the server
            pid = int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    except (OSError, IndexError, AttributeError):
        return False


def _listen(stream: object, heard: queue.Queue) -> None:
    with contextlib.suppress(OSError, ValueError):  # closed when the server is ended
        for line in stream:
            heard.put(line)
    heard.put(None)


def _environment(work: Path) -> dict[str, str]:
    kept = {
        name: os.environ[name] for name in ("LD_LIBRARY_PATH", "SYSTEMROOT", "COURSE_SNN_LANG") if name in os.environ
    }
    places = dict.fromkeys(("HOME", "TMPDIR", "COURSE_SNN_HOME", "MPLCONFIGDIR"), f"{work}")
    one = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "COURSE_SNN_OFFLINE"), "1")
    paths = {"PATH": "/usr/bin:/bin", "PYTHONPATH": f"{Path(course_snn.__file__).parents[1]}"}
    if compiled := compiled_elsewhere():
        paths["PYTHONPYCACHEPREFIX"] = f"{compiled}"
    if loops := loops_elsewhere():
        paths["NUMBA_CACHE_DIR"] = f"{loops}"
    return {**kept, **places, **one, **paths, "CUDA_VISIBLE_DEVICES": "", "MPLBACKEND": "agg", "PYTHONUTF8": "1",
            "PYTHONHASHSEED": "0", "LANG": "C.UTF-8", "USER": "student"}  # fmt: skip
