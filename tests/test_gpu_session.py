"""The session for the day a GPU can be had: its parts run, end by themselves, and do not stop one another."""

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from patience import PATIENCE, until

from course_snn.training import commandline

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / "tools"


def tool(name):
    spec = importlib.util.spec_from_file_location(name, TOOLS / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def parts(monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path, str(TOOLS)])
    return tool("gpu_parts")


@pytest.fixture
def session(monkeypatch):
    gpu_session = tool("gpu_session")
    monkeypatch.setattr(gpu_session, "surroundings", lambda device: {"machine": "this one"})
    return gpu_session


def read(folder, name):
    text = (folder / f"gpu_{name}.json").read_text(encoding="utf-8")
    assert str(ROOT) not in text and sys.prefix not in text  # results are published
    return json.loads(text)


def test_a_dry_run_writes_what_each_part_found(tmp_path):
    which = ["--only", "tests", "fused", "ch11"]  # the others: below, they take long to start
    command = [sys.executable, "tools/gpu_session.py", "--dry-run", *which, "--out", tmp_path]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    found = {name: read(tmp_path, name) for name in ("tests", "fused", "ch11")}
    assert done.returncode == 0, done.stdout + done.stderr
    assert {report["status"] for report in found.values()} == {"done"}
    assert found["tests"]["figures"]["tests"] >= 1 and not found["tests"]["figures"]["failures"]
    assert len(found["ch11"]["figures"]["epochs"]) == 2 and 0 <= found["ch11"]["figures"]["test_accuracy"] <= 1
    assert found["fused"]["dry_run"] and found["fused"]["versions"]["torch"] and "cores" in found["fused"]["machine"]


def test_steps_are_measured_in_every_precision_and_on_both_sides(parts):
    options, saved = parts.Options("cpu", time.monotonic() + PATIENCE, True), []
    parts.amp(options, saved.append)
    assert saved[-1]["float32"]["gradient_cosine"] == 1 and saved[-1]["bfloat16"]["gradient_cosine"] > 0.5
    parts.resnet(options, saved.append)
    assert set(saved[-1]["32x32"]) == {"batch", "T", "ours float32", "theirs float32"}
    assert all(found["ms"] > 0 for how, found in saved[-1]["32x32"].items() if "float32" in how)


def test_the_recipes_are_those_of_the_chapters(parts):
    args = commandline.parser_of_options().parse_args([*parts.RECIPE, *parts.FULL.split()])
    assert (args.data, args.T, args.amp) == ("cifar10", 4, "fp16")
    chapter = next((ROOT / "notebooks").glob("11_*.ipynb")).read_text(encoding="utf-8")
    for line in (
        r"notes = dict(epochs=64, batch_size=128, lr=0.1, optimizer=sgd, schedule=\"cosine\", loss=training.rate_mse)",
        "network(128, 128, 2048, rate_output=True)",
        "torch.optim.SGD(weights, lr, momentum=0.9)",
    ):
        assert line in chapter


WRITES = "import json, sys; open(sys.argv[1], 'w').write(json.dumps({'found': 1, 'machine': 'mine'}))"
FAILS = "import os, sys; print(os.path.abspath('tools')); sys.exit(3)"
HANGS = f"""
import subprocess, sys, time
{WRITES}
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep({PATIENCE})"])
open(sys.argv[2], "w").write(str(child.pid))
time.sleep({PATIENCE})
"""


def alive(pid):
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.mark.skipif(os.name == "nt", reason="looks for a process in the manner of POSIX")
def test_what_hangs_is_ended_with_what_it_started_and_what_fails_stops_nothing(session, tmp_path, capsys):
    pid = tmp_path / "pid"

    def part(name, code, limit=PATIENCE):
        command = ("-c", code, "{json}", str(pid))
        return session.Part(name, limit, 0, command, command)

    fakes = [part("fails", FAILS), part("hangs", HANGS, 6), part("writes", WRITES)]
    ended = session.session(fakes, tmp_path, 10 * PATIENCE, "cpu", False)
    assert ended == {"fails": "failed", "hangs": "stopped at its limit", "writes": "done"}
    assert read(tmp_path, "writes")["figures"] == {"found": 1}
    assert read(tmp_path, "fails")["output"] == ["./tools"] and read(tmp_path, "fails")["machine"] == "this one"
    assert "failed" in capsys.readouterr().out
    if pid.exists():  # on a machine so busy that it did not get there in time, nothing was started
        assert read(tmp_path, "hangs")["figures"] == {"found": 1}
        until(lambda: not alive(int(pid.read_text())))


def test_the_last_parts_keep_their_time_and_what_has_none_is_not_started(session, tmp_path):
    command = ("-c", WRITES, "{json}")
    parts = [session.Part("first", 500, 0, command, command), session.Part("last", 500, 400, command, command)]
    session.session(parts, tmp_path, 500 + session.MARGIN, "cpu", False)
    assert 90 < read(tmp_path, "first")["limit"] <= 100 < read(tmp_path, "last")["limit"]
    assert session.session(parts[1:], tmp_path, 300, "cpu", False) == {"last": "no time left"}
    assert sum(part.least for part in session.PARTS) + session.MARGIN < 60 * session.MINUTES <= 540
