"""A second launch: its processes may be copies of one that has loaded torch, and must not look like it."""

import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from patience import PATIENCE, until

from course_snn.training import Loaded, launch, launching

linux = pytest.mark.skipif(sys.platform != "linux", reason="copies of a process are made on Linux only")
SCRIPT = """
import os, sys, time
from pathlib import Path

def stays(team):
    Path(sys.argv[1], str(os.getpid())).touch()
    while True:
        time.sleep(0.05)

if __name__ == "__main__":
    from course_snn.training import launch
    launch(stays)
"""


def found(team):
    """What it draws, and the world in which it does."""
    return [random.random(), float(np.random.rand()), torch.rand(()).item()], os.environ.get("TODAY"), os.getcwd()


def loaded(team):
    """The labels that a worker of this process loads, from a data set that cannot be sent, as those of notebooks."""

    class Here(torch.utils.data.Dataset):
        def __len__(self):
            return 5

        def __getitem__(self, number):
            return torch.zeros(2), number

    return torch.cat([labels for _, labels in Loaded(Here(), 2, workers=1).batches()]).tolist()


@pytest.fixture(scope="module")
def two_launches(tmp_path_factory):
    folders, told = [tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")], []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TODAY", "the first")
        for folder in folders:
            patch.chdir(folder)
            told.append(launch(found, timeout=PATIENCE))
            patch.delenv("TODAY", raising=False)
    return folders, told


def test_each_draws_what_no_other_draws(two_launches):
    _, told = two_launches
    drawn = [number for ranks in told for numbers, *_ in ranks for number in numbers]
    assert len(drawn) == len(set(drawn)) == 12


def test_each_finds_the_world_as_it_is_now(two_launches):
    folders, told = two_launches
    for day, folder, ranks in zip(("the first", None), folders, told, strict=True):
        assert [world for _, *world in ranks] == [[day, str(folder.resolve())]] * 2


@linux
def test_workers_of_a_process_begin_as_they_would_without_launch():
    assert launch(loaded, timeout=PATIENCE) == [[0, 1, 2, 3, 4]] * 2


@linux
def test_each_process_loads_torch_itself_where_a_copy_would_not_do(monkeypatch):
    def start(length, gpu):
        monkeypatch.setattr(tempfile, "tempdir", "/".ljust(length, "d"))
        monkeypatch.setattr(torch.cuda, "is_available", lambda: gpu)
        return launching._context().get_start_method()

    assert start(60, gpu=False) == "forkserver"
    assert start(61, gpu=False) == start(4, gpu=True) == "spawn"  # the path of a socket is short; CUDA survives no fork


@linux
def test_who_started_them_may_die_and_leaves_nobody(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT, encoding="utf-8")
    started = subprocess.Popen([sys.executable, script, tmp_path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until(lambda: started.poll() is not None or len(_numbers(tmp_path)) == 2)
        assert started.poll() is None
        left = _numbers(tmp_path) + _children(started.pid)
        assert len(left) > 2
    finally:
        started.kill()
        started.wait()
    until(lambda: not any(map(_runs, left)))
    assert not [pid for pid in left if _runs(pid)]


def _numbers(folder: Path) -> list[int]:
    return [int(file.name) for file in folder.iterdir() if file.name.isdigit()]


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
