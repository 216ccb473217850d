"""Hand-ins as a class makes them: right, wrong, mangled, hostile. Each goes with the states it must get."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from course_snn.course.chapters import find as chapter
from course_snn.course.chapters import notebook_path
from course_snn.course.exercise import chapter_exercises, find, solution_source

COUNT = "00.count_spikes"
HEAD = "def count_spikes(train):\n"
FORGED = """def euler_step(v, i, r, tau, dt):
    import json, os
    for name in ("difference", "assess", "judge"):
        import course_snn.course.compare, course_snn.course.judge
        for module in (course_snn.course.compare, course_snn.course.judge):
            setattr(module, name, lambda *values, **named: None)
    json.dumps = lambda *values, **named: '{"state": "passed", "passed": true, "outcomes": {}}'
    return 0.0
"""
LINES = """import os, json
TRY = {"timed_out": False, "seconds": 0.0, "printed": "", "value": 0.0, "changed": []}
FORGED = {"outcomes": {"exercise": "00.count_spikes", "tries": [TRY] * 5}}
for descriptor in range(3, 40):
    try:
        os.write(descriptor, (json.dumps(FORGED) + "\\\\n").encode())
        os.write(descriptor, (json.dumps({"over": "ended", "ready": True, "passed": True}) + "\\\\n").encode())
    except OSError:
        pass
def count_spikes(train):
    return len(train)
""".replace("\\\\n", "\\n")


@dataclass(frozen=True)
class Made:
    """A file's name and content, or what makes it, and the state of each exercise in it."""

    name: str
    content: bytes | Callable[[Path], None]
    states: dict[str, str]


def original(key: str) -> dict:
    return json.loads(notebook_path(chapter(key)).read_text(encoding="utf-8"))


def code(notebook: dict, exercise: str) -> dict:
    return next(cell for cell in notebook["cells"] if f'course.check("{exercise}"' in "".join(cell["source"]))


def check(exercise: str) -> str:
    return f'\n\ncourse.check("{exercise}", {find(exercise).name})'


def cell(source: str, **more: object) -> dict:
    return {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source, **more}


def solved(key: str, **answers: str) -> dict:
    """A notebook with the solutions, but for the answers that are given: source by the exercise's name."""
    notebook = original(key)
    for exercise in chapter_exercises(key):
        source = answers.get(exercise.name, solution_source(exercise.id))
        code(notebook, exercise.id)["source"] = source + check(exercise.id)
    return notebook


def states(key: str, **others: str) -> dict[str, str]:
    return {exercise.id: others.get(exercise.name, "passed") for exercise in chapter_exercises(key)}


def made(name: str, notebook: dict, **others: str) -> Made:
    key = next(key for key in ("00", "01", "03") if name.startswith(key))
    return Made(f"{name}.ipynb", json.dumps(notebook, ensure_ascii=False).encode(), states(key, **others))


def counting(name: str, state: str, source: str) -> Made:
    """A hand-in of chapter 00, which has one exercise."""
    return made(f"00_{name}", solved("00", count_spikes=source), count_spikes=state)


def hostile(canary: Path, port: int) -> list[Made]:
    """What takes too much, reaches out or forges; ``canary`` must live on, and nobody may call at ``port``.

    What must be killed for what it takes does so at the top of its cell, where it has time enough on a busy machine.
    """
    wreck = f"""import os, shutil
assert not os.path.exists({str(canary)!r})
for place in ({str(canary)!r}, {str(canary.parent)!r}, os.path.expanduser("~")):
    shutil.rmtree(place, ignore_errors=True)
    try:
        os.remove(place)
    except OSError:
        pass
"""
    reach = f'socket.create_connection(("127.0.0.1", {port}), 2).sendall(b"hello")'
    call = f"    import socket\n    {reach}\n    return sum(train)"
    return [
        counting("loop", "timeout", HEAD + "    while True:\n        pass"),
        counting("loop_at_top", "timeout", f"while True:\n    pass\n{HEAD}    return sum(train)"),
        counting("loop_that_catches", "timeout", HEAD + _CATCHES),
        counting("sleep", "timeout", HEAD + "    import time\n    time.sleep(1e6)"),
        counting("join", "timeout", HEAD + _JOINS),
        counting("regex", "timeout", HEAD + '    import re\n    return re.match("(a+)+$", "a" * 60 + "b")'),
        counting("algebra", "timeout", HEAD + _ALGEBRA),
        counting("recursion", "error", HEAD + "    return count_spikes(train)"),
        counting("memory", "error", HEAD + "    return bytearray(40 << 30)"),
        counting("memory_of_many", "killed", _MANY + HEAD + "    return sum(train)"),
        counting("forks", "killed", f"import os\nwhile True:\n    os.fork()\n{HEAD}    return sum(train)"),
        counting("files", "killed", _FILES + HEAD + "    return sum(train)"),
        counting("exit", "killed", HEAD + "    import os\n    os._exit(0)"),
        counting("exit_at_top", "killed", f"import os\nos._exit(0)\n{HEAD}    return sum(train)"),
        counting("sys_exit", "error", HEAD + "    raise SystemExit(0)"),
        counting(
            "kills_the_server", "killed", HEAD + "    import os\n    os.kill(os.getppid(), 9)\n    return sum(train)"
        ),
        counting("deletes", "passed", wreck + HEAD + "    return sum(train)"),
        counting("network", "error", HEAD + call),
        counting("lines", "wrong", LINES),
        counting("looks_around", "wrong", _LOOKS + HEAD + "    return LOOK and len(train)"),
        made("01_forged", solved("01", euler_step=FORGED), euler_step="wrong"),
        *_sly(),
    ]


def _sly() -> list[Made]:
    """What looks for the solution, or leaves something to the next answer."""
    taken = "from course_snn.course.exercises.ch00.count_spikes import count_spikes"
    return [
        counting("takes_the_solution", "error", taken),
        counting("finds_the_solution", "wrong", _FINDS),
        counting("stops_the_server", "killed", f"import os\nos.kill(os.getppid(), 19)\n{HEAD}    return sum(train)"),
        counting("kills_everybody", "killed", f"import os\nos.kill(-1, 9)\n{HEAD}    return sum(train)"),
        counting("limits_the_server", "passed", _LIMITS + HEAD + "    return sum(train)"),
        counting("leaves_a_daemon", "passed", _DAEMON + HEAD + "    return sum(train)"),
        counting("closes_everything", "killed", f"import os\nos.closerange(0, 200)\n{HEAD}    return sum(train)"),
        counting("prints_much", "passed", HEAD + '    print("spikes" * 1_000_000)\n    return sum(train)'),
        counting("returns_much", "wrong", HEAD + "    return list(range(3_000_000))"),
        counting(
            "right_at_first",
            "wrong",
            f"CALLS = []\n{HEAD}    CALLS.append(1)\n    return sum(train) * (len(CALLS) < 7)",
        ),
    ]


_CATCHES = """    while True:
        try:
            while True:
                pass
        except BaseException:
            pass"""
_JOINS = """    import threading
    waiting = threading.Thread(target=threading.Event().wait, daemon=True)
    waiting.start()
    waiting.join()"""
_ALGEBRA = """    import numpy
    matrix = numpy.random.rand(4000, 4000)
    while True:
        matrix = numpy.linalg.svd(matrix)[0]"""
_FINDS = """import gc, sys, types
from course_snn.course import exercise
found = [one for one in gc.get_objects() if isinstance(one, types.FunctionType) and one.__name__ == "count_spikes"]
frame = sys._getframe()
while frame:
    values = [*frame.f_locals.values(), *frame.f_globals.values()]
    found += [value.solution for value in values if hasattr(value, "solution")]
    frame = frame.f_back
found = [one for one in found if isinstance(one, types.FunctionType) and one.__name__ == "count_spikes"]
try:
    found.append(exercise.find("00.count_spikes").solution)
except Exception:
    pass
def count_spikes(train):
    return found[0](train) if found else -1
"""
_LIMITS = """import os, resource
resource.prlimit(os.getppid(), resource.RLIMIT_AS, (1 << 20, 1 << 20))
resource.prlimit(os.getppid(), resource.RLIMIT_CPU, (1000, 1000))
os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)
"""
_DAEMON = """import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.makedirs("left/here")
        os.chmod("left/here", 0)
        os.chmod("left", 0)
        while True:
            time.sleep(0.01)
    os._exit(0)
"""
_MANY = """import os, time
for _ in range(4):
    if os.fork() == 0:
        filled = b"1" * (400 << 20)
        time.sleep(1e6)
time.sleep(1e6)
"""
_FILES = """for number in range(8):
    with open(f"{number}", "wb") as file:
        file.write(bytes(40 << 20))
"""
_LOOKS = """import os
LOOK = []
for top in ("/desk", "/home", "/root", "/tmp", "/srv", "/mnt", "/media"):
    for folder, folders, files in os.walk(top):
        folders[:] = [name for name in folders if name not in ("lib", "site-packages")]
        LOOK += [name for name in files if name.endswith(".ipynb")]
for process in (1, os.getppid()):
    for what in ("mem", "environ", "fd/1", "fd/3", "root", "cwd"):
        try:
            os.open(f"/proc/{process}/{what}", os.O_RDONLY)
            LOOK.append(what)
        except OSError:
            pass
for place in ("/", "/tmp", "/dev", "/usr", os.path.dirname(os.__file__)):
    try:
        open(f"{place}/written", "w")
        LOOK.append(place)
    except OSError:
        pass
assert not LOOK
"""


def mangled() -> list[Made]:
    """What people and programs do to notebooks without meaning harm."""
    moved, deleted = solved("00"), solved("01")
    source = code(moved, COUNT)["source"]
    code(moved, COUNT)["source"] = "".join(code(original("00"), COUNT)["source"])
    moved["cells"].append(cell(source))
    deleted["cells"].remove(code(deleted, "01.rheobase"))
    deleted["cells"].remove(code(deleted, "01.firing_rate"))
    deleted["cells"].append(cell(solution_source("01.rheobase")))
    return [
        made("00_moved", moved),
        made("01_deleted", deleted, firing_rate="missing"),
        *_edited(),
        *_honest(),
        *_written_otherwise(),
        Made("00_cut.ipynb", json.dumps(solved("00")).encode()[:3000], {}),
        Made("notes.txt", b"I have no computer.", {}),
        Made("00_list.ipynb", b"[1, 2]", {}),
        *_odd_files(),
    ]


def _odd_files() -> list[Made]:
    """What is no file, or no name, that anybody expects."""
    right, deep = json.dumps(solved("00")).encode(), solved("00")
    deep["cells"].insert(1, cell("x = " + " + ".join(["1"] * 2000)))
    deep["metadata"]["x"] = float("nan")
    many = solved("00")
    many["cells"] += [cell("pass")] * 6000
    same = solved("00")
    for one in same["cells"]:
        one["id"] = "the same"
    return [
        made("00_deep_code", deep),
        made("00_ids", same),
        Made("00_deep.ipynb", b'{"cells":' + b"[" * 100_000, {}),
        Made("00_many.ipynb", json.dumps(many).encode(), {}),
        Made("00_[red]\x1b[31m\nname[bold].ipynb", right, states("00")),
        Made("00_page.html", b'<html><body class="jp-Notebook">', {}),
        Made("00_as_text.json", right, states("00")),
        Made("00_link.ipynb", lambda path: path.symlink_to("/etc/passwd"), {}),
        Made("00_pipe.ipynb", os.mkfifo, {}),
    ]


def _edited() -> list[Made]:
    renamed, helped = solved("00", count_spikes=HEAD.replace("count", "my") + "    return sum(train)"), solved("00")
    code(renamed, COUNT)["source"] = (
        "def my_spikes(train):\n    return sum(train)" + f'\n\ncourse.check("{COUNT}", my_spikes)'
    )
    twice = solved("00")
    twice["cells"].append(copy.deepcopy(code(original("00"), COUNT)) | {"id": "copied"})
    code(helped, COUNT)["source"] = HEAD + "    return total(train)" + check(COUNT)
    helped["cells"].insert(
        3, cell("LIMIT = 10\nwhile LIMIT < 0:\n    pass\n\ndef total(values):\n    return sum(values[:LIMIT])")
    )
    helped["cells"].insert(3, cell("while True:\n    pass"))
    broken = solved("00")
    broken["cells"].insert(4, cell("def half("))
    slip = solved("01", rheobase="def rheobase(r, v_threshold, v_reset)\n    return v_threshold / r")
    magic = solved("00", count_spikes=f"%%time\n{HEAD}    return sum(train)\n%timeit count_spikes([1])")
    return [
        made("00_renamed", renamed),
        made("00_twice", twice),
        made("00_helped", helped),
        made("00_syntax_elsewhere", broken),
        made("01_syntax", slip, rheobase="error"),
        made("00_magic", magic),
        made("00_result", solved("00", count_spikes="count_spikes = 3"), count_spikes="wrong"),
        made("01_two_places", _in_two_places()),
        made("00_late_error", solved("00", count_spikes=f"{HEAD}    return sum(train)\n\nprint(unknown)")),
    ]


_CHECK = f"\n\n{check(COUNT).strip()}"
HONEST = {  # cells before the answer, and the answer; run from top to bottom in a kernel, each passes
    "global": ["ONE = 1", HEAD + "    return sum(x == ONE for x in train)"],
    "changed": ["KINDS = []", "KINDS.append(1)", HEAD + "    return sum(x in KINDS for x in train)"],
    "filled": ["T = {}\nfor k in range(3):\n    T[k] = k", HEAD + "    return sum(T[x] for x in train)"],
    "around": [HEAD + "    return sum(train) + 1", "count_spikes = lambda train, f=count_spikes: f(train) - 1"],
    "same_name": ["dt = 1\nS = [dt * k for k in range(2)]", f"dt = 5\n{HEAD}    return sum(x == S[1] for x in train)"],
    "shell": ["files = !ls\nZERO = 0", HEAD + "    return sum(train) + ZERO"],
    "decorated": ["def same(f):\n    return f", f"@same\n{HEAD}    return sum(train)"],
    "object": ["class Sum:\n    def __call__(self, x):\n        return sum(x)", "count_spikes = Sum()"],
    "chinese": ["总和 = sum", "def count_spikes(脉冲):\n\treturn 总和(脉冲)"],
    "checked_twice": [HEAD + "    return 0" + _CHECK + f"\n\n{HEAD}    return sum(train)"],
    "check_elsewhere": [HEAD + "    return sum(train)", ""],
}


def _honest() -> list[Made]:
    found = []
    for name, (*before, answer) in HONEST.items():
        notebook = solved("00", count_spikes=answer)
        place = notebook["cells"].index(code(notebook, COUNT))
        notebook["cells"][place:place] = [cell(source) for source in before]
        found.append(made(f"00_{name}", notebook))
    return found


def _in_two_places() -> dict:
    """The function in one cell, its check in another, as an object that is called and no function."""
    notebook = solved("01")
    own = code(notebook, "01.euler_step")
    own["source"] = "from functools import partial\neuler_step = partial(step, 1.0)" + check("01.euler_step")
    step = "def step(unit: float, v: Volt, i, r, tau, dt):\n    return unit * (v + dt / tau * (-v + r * i))"
    place = notebook["cells"].index(own)
    notebook["cells"][place:place] = [cell("Volt = float"), cell(step)]
    return notebook


def _written_otherwise() -> list[Made]:
    other = solved("00")
    other["metadata"] = {"kernelspec": {"name": "julia", "language": "julia"}, "colab": {"provenance": []}, "x": None}
    other["nbformat_minor"] = 2
    for one in other["cells"]:
        one.pop("id")
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": []}]}
    for one in solved("00")["cells"]:
        kind = one["cell_type"]
        old["worksheets"][0]["cells"].append(
            {"cell_type": kind, "input" if kind == "code" else "source": one["source"]}
        )
    text = json.dumps(solved("00"), ensure_ascii=False, indent=1)
    right = states("00")
    return [
        made("00_other_kernel", other),
        made("00_nbformat_3", old),
        Made("00_bom.ipynb", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(), right),
        Made("00_gbk.ipynb", text.encode("gb18030"), right),
        Made(os.fsdecode("00_张伟.ipynb".encode("gbk")), text.encode(), right),
    ]


def ordinary() -> list[Made]:
    """Right, wrong and unfinished work."""
    plus = "def euler_step(v, i, r, tau, dt):\n    return v + dt / tau * (v + r * i)"
    first = original("01")
    code(first, "01.euler_step")["source"] = solution_source("01.euler_step") + check("01.euler_step")
    stubs = dict.fromkeys(("lif_trace", "rheobase", "firing_rate", "identify"), "unfinished")
    by_case = "def count_spikes(train):\n    return {6: 3, 1: 1, 3: 0, 8: 6, 0: 0}[len(train)]"
    known = [
        f"    if train == {train!r}:\n        return {sum(train)}\n"
        for train in ([0, 1, 0, 0, 1, 1], [1], [0, 0, 0], [1, 1, 0, 1, 1, 1, 1, 0], [])
    ]
    return [
        made("01_right", solved("01")),
        made("03_right", solved("03")),
        made("01_wrong", solved("01", euler_step=plus), euler_step="wrong"),
        made("01_begun", first, **stubs),
        made("00_untouched", original("00"), count_spikes="unfinished"),
        counting("length", "wrong", HEAD + "    return len(train)"),
        counting("visible_cases_only", "wrong", HEAD + "".join(known) + "    return 0"),
        counting("by_length", "error", by_case),
    ]


def write(hand_ins: list[Made], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for one in hand_ins:
        if callable(one.content):
            one.content(folder / one.name)
        else:
            (folder / one.name).write_bytes(one.content)
