"""For every pytest run, of tests/ and of notebooks/ alone: no machine's data, no network, little training."""

import os
import sys
import tempfile
from pathlib import Path

import pytest

LONG = ("notebooks", "browser", "widget", "course", "kernel", "training")  # folders: what takes long, longest first
COMPILED = Path(__file__).with_name("build") / "pycache"

if sys.dont_write_bytecode:  # asked for by the environment: each of a hundred processes would compile torch for itself
    sys.dont_write_bytecode, sys.pycache_prefix = False, str(COMPILED)
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(COMPILED)}  # beside no source


def pytest_configure(config: pytest.Config) -> None:
    """No test, nor the kernel of a notebook, reads the data of this machine or touches the network."""
    empty = tempfile.TemporaryDirectory(prefix="course-snn-no-data-")
    config.add_cleanup(empty.cleanup)
    os.environ |= {"COURSE_SNN_DATA": empty.name, "COURSE_SNN_OFFLINE": "1", "COURSE_SNN_PRESET": "quick"}
    if hasattr(config, "workerinput"):  # one of several processes that share the cores
        os.environ["OMP_NUM_THREADS"] = "1"


def pytest_itemcollected(item: pytest.Item) -> None:
    """The last output of a notebook's cell may come late on a busy machine: nbval would wait for 5 s."""
    if hasattr(item, "output_timeout"):
        item.output_timeout = 600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Short files last: two processes that take one file after another then end at the same time."""
    items.sort(key=lambda item: (*LONG, item.path.parent.name).index(item.path.parent.name))
