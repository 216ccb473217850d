"""Work shared out between threads: complete, in order, on both kinds of threads, and honest about errors."""

import itertools
import threading

import pytest
import torch
from patience import PATIENCE

from course_snn.kernel import threads


@pytest.fixture(params=["torch's own", "pool"])
def kind(request, monkeypatch):
    if request.param == "pool":
        monkeypatch.setattr(threads, "_openmp", lambda process: None)
    elif threads._openmp(threads._FIRST_PROCESS) is None:
        pytest.skip("torch brings no GNU OpenMP here")
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("width", [64, 1000, 4099])
def test_every_column_once_and_in_order(kind, width):
    ranges = threads.in_parallel(lambda low, high: (low, high), width, threads.PARALLEL_FROM)
    assert ranges[0][0] == 0 and ranges[-1][1] == width
    assert all(a[1] == b[0] and a[0] < a[1] for a, b in itertools.pairwise(ranges))


def test_a_small_task_stays_in_this_thread(kind):
    here = threading.get_ident()
    assert threads.in_parallel(lambda *_: threading.get_ident(), 4096, threads.PARALLEL_FROM - 1) == [here]


def test_a_large_one_is_shared(kind):
    both = threading.Barrier(2)  # one thread could otherwise do both halves before the other is awake

    def work(low, high):
        both.wait(timeout=PATIENCE)
        return threading.get_ident()

    assert len(set(threads.in_parallel(work, 4096, threads.PARALLEL_FROM))) == 2


def test_an_error_arrives(kind):
    def work(low, high):
        if high == 4096:
            raise ZeroDivisionError("in the last piece")

    with pytest.raises(ZeroDivisionError, match="last piece"):
        threads.in_parallel(work, 4096, threads.PARALLEL_FROM)
