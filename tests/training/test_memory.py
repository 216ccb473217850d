"""kept_memory: what a step frees need not be mapped and zeroed again for the next one."""

import resource
import sys
from pathlib import Path

import pytest
import torch

from course_snn.training.memory import kept_memory

MIB = 1 << 20
linux = pytest.mark.skipif(sys.platform != "linux", reason="glibc only")


def use(times: int) -> float:
    """Fill ``times`` tensors of 48 MiB, one after the other; return the pages the system had to hand out for each."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(times):
        torch.empty(12 * MIB).fill_(1.0)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / times


def resident() -> float:
    """Memory of the process now, in MiB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / MIB


@linux
def test_freed_memory_is_used_again_within_the_block_and_given_back_after_it():
    use(1)
    before = resident()
    with kept_memory():
        use(20)  # until blocks of the right size lie about
        pages = use(4)
        kept = resident() - before
    if kept < 40:
        pytest.skip("another allocator than glibc's")
    assert pages < 48 * MIB / resource.getpagesize() / 3
    assert resident() - before < 16


@linux
def test_an_error_ends_the_block_as_well():
    use(1)
    before = resident()
    with pytest.raises(ZeroDivisionError), kept_memory():
        use(20)
        _ = 1 / 0
    assert resident() - before < 16


def test_elsewhere_nothing_is_changed(monkeypatch):
    monkeypatch.setattr("course_snn.training.memory._glibc", lambda: None)
    with kept_memory():
        assert torch.ones(3).sum() == 3
