"""The zip that Gradescope takes as an autograder: the course, how it is installed there, and what is graded."""

from __future__ import annotations

import io
import json
import secrets
import stat
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from course_snn.course.chapters import Chapter, ChapterError
from course_snn.course.classroom import formats, own_wheel, place
from course_snn.course.classroom.assign import variant
from course_snn.course.classroom.error import ClassroomError
from course_snn.course.exercise import chapter_exercises
from course_snn.course.originals import versions
from course_snn.drafts import draft
from course_snn.language import tr

SETTINGS = "assignment.json"
MODULE = "course_snn.course.classroom.autograder"
SETUP = """\
#!/usr/bin/env bash
# Gradescope runs this once, when it builds the image: Python, the course and what it needs, readable by everybody.
set -euo pipefail
here="${COURSE_SNN_AUTOGRADER:-/autograder}/source"
export DEBIAN_FRONTEND=noninteractive UV_PYTHON_INSTALL_DIR=/opt/python UV_LINK_MODE=copy
apt-get update -q
apt-get install -yq --no-install-recommends ca-certificates python3 python3-venv bubblewrap util-linux passwd
python3 -m venv /opt/uv
/opt/uv/bin/pip install --quiet uv
/opt/uv/bin/uv venv --clear --python @PYTHON@ /opt/course-snn
/opt/uv/bin/uv pip install --python /opt/course-snn/bin/python --torch-backend=cpu --no-cache --compile-bytecode \\
    --constraint "$here/constraints.txt" "$here"/course_snn-*.whl
# the answers run as this user, who may read the course and nothing of the autograder
id course-student >/dev/null 2>&1 ||
    useradd --system --user-group --no-create-home --shell /usr/sbin/nologin course-student
package=$(/opt/course-snn/bin/python -c "import @MODULE@, course_snn; print(*course_snn.__path__)")
chmod 700 "$package/course/exercises" "$package/course/site" "$package/notebooks" "$here"  # where solutions stand
"""
RUN = """\
#!/usr/bin/env bash
# Gradescope runs this for each hand-in. Whatever happens, it leaves a results.json that says what.
folder="${COURSE_SNN_AUTOGRADER:-/autograder}"
python="${COURSE_SNN_PYTHON:-/opt/course-snn/bin/python}"
results="$folder/results/results.json"
umask 022
mkdir -p "$folder/results"
rm -rf "$results"
"$python" -P -m @MODULE@ "$folder"
if [ ! -s "$results" ]; then
    rm -rf "$results"
    printf '%s\\n' '{"score": 0, "output": "@LOST@"}' >"$results"
fi
exit 0
"""
LOST = (
    "批改程序没有运行完，这不是你的错，请告诉老师。 "
    "The autograder did not finish: not your fault, please tell your teacher."
)
README = """\
上传这个 zip 作为 Gradescope 编程作业（Programming Assignment）的 autograder，基础镜像用 Ubuntu 22.04 或更新。
满分填 {points}。学生交 {files}，文件名随意。答案在沙箱里运行；镜像里不能用 bubblewrap 时，由另一个没有权限的用户运行，
results.json 在答案的进程全部结束以后才由 root 写下；这时答案能访问网络。

Upload this zip as the autograder of a programming assignment on Gradescope; base image Ubuntu 22.04 or later.
Autograder points: {points}. Students submit {files}, under any name. Answers run in a sandbox; where the image allows
no bubblewrap, as another user without rights, and root writes results.json after all their processes have ended;
then answers can reach the network.
"""


def gradescope(chapters: Sequence[Chapter], out: Path, *, exam: bool = False, seed: str = "") -> Path:
    """Write the autograder of an assignment; returns the file.

    Args:
        chapters: which chapters are handed in.
        out: the zip to write; one that an earlier run made is replaced, and its hidden cases are kept.
        exam: if True, students see passed or not yet, without a reason.
        seed: makes the hidden cases; by default nobody knows it.

    Raises:
        ClassroomError: ``out`` is no zip, is somebody else's file, or cannot be written.
        ChapterError: a chapter that is not there.
    """
    formats.exercised(chapters)
    out = place.resolved(out)
    keys = sorted({chapter.key for chapter in chapters})
    missing = [chapter.key for chapter in chapters if chapter.file_name not in versions()]
    if missing:
        raise ChapterError(tr(f"课程里没有第 {missing[0]} 章", f"the course has no chapter {missing[0]}"))
    hidden = variant(seed) or _before(out) or secrets.token_hex(8)
    settings = {"version": 1, "chapters": keys, "exam": exam, "hidden": hidden}
    packed = _zip(settings, chapters)
    try:
        with draft(out) as file:
            file.write(packed)
    except OSError as error:
        raise ClassroomError(
            tr(f"{out} 写不进去：{error}。换一个地方", f"{out} cannot be written: {error}. Choose another place")
        ) from error
    return out


def _before(out: Path) -> str:
    """Return the seed of the zip that is replaced; "" if there is none."""
    if out.suffix.casefold() != ".zip":
        raise ClassroomError(
            tr(
                f"要写的是 zip 文件，{out.name} 不是：请写成 {out.name}.zip",
                f"this writes a zip: call it {out.name}.zip",
            )
        )
    if not out.exists():
        return ""
    try:
        with zipfile.ZipFile(out) as archive:
            return f"{json.loads(archive.read(SETTINGS))['hidden']}"
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise ClassroomError(
            tr(
                f"{out} 是别的文件，不会覆盖。换一个名字",
                f"{out} is another file and stays as it is. Choose another name",
            )
        ) from error


def _zip(settings: dict, chapters: Sequence[Chapter]) -> bytes:
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    points = sum(len(chapter_exercises(key)) for key in settings["chapters"])
    files = ", ".join(dict.fromkeys(chapter.file_name for chapter in chapters))
    name, wheel = own_wheel.wheel()
    contents = {
        "setup.sh": SETUP.replace("@PYTHON@", python).replace("@MODULE@", MODULE),
        "run_autograder": RUN.replace("@MODULE@", MODULE).replace("@LOST@", LOST),
        "README.txt": README.format(points=points * formats.POINTS, files=files),
        SETTINGS: json.dumps(settings, indent=1) + "\n",
        "constraints.txt": "\n".join([*own_wheel.versions_here(), ""]),
        name: wheel,
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in contents.items():
            archive.writestr(_entry(name, name in ("setup.sh", "run_autograder")), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _entry(name: str, program: bool) -> zipfile.ZipInfo:
    """Return a file of a zip with the rights of Unix, wherever it is made."""
    entry = zipfile.ZipInfo(name)
    entry.create_system = 3  # Unix
    entry.external_attr = (stat.S_IFREG | (0o755 if program else 0o644)) << 16
    return entry
