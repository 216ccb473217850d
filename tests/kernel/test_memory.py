"""What a step frees need not be mapped and zeroed again for the next one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from course_snn.kernel import memory
from course_snn.kernel.memory import kept_memory

resource = pytest.importorskip("resource", reason="Unix only")
MIB = 1 << 20
PAGES_OF_A_PASS = """
import resource, statistics, torch
from course_snn.kernel import memory
from course_snn.neuron import LIFNode
x, node, pages = torch.randn(4, 64, 25000, requires_grad=True), LIFNode(), []
for _ in range(25):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    x.grad = None
    node.reset()
    node.sequence(x).sum().backward()
    pages.append(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
print(statistics.median(pages[5:]), memory._glibc() is not None)
"""
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
    with kept_memory():
        use(1)  # afterwards nothing is left over from other tests
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
def test_fused_neurons_use_their_memory_again():
    def pages(**environment: str) -> tuple[float, bool]:
        command = [sys.executable, "-c", PAGES_OF_A_PASS]
        out = subprocess.run(command, env=os.environ | environment, check=True, capture_output=True, text=True).stdout
        number, ours = out.split()
        return float(number), ours == "True"

    tensor = 4 * 64 * 25000 * 4 / resource.getpagesize()
    number, ours = pages()
    if not ours:
        pytest.skip("another allocator than glibc's, or one with rules of its own")
    assert number < tensor / 4
    number, ours = pages(MALLOC_TRIM_THRESHOLD_="1000000")  # who gives rules keeps them
    assert not ours
    assert number > tensor


@linux
def test_an_error_ends_the_block_as_well():
    with kept_memory():
        use(1)
    before = resident()
    with pytest.raises(ZeroDivisionError), kept_memory():
        use(20)
        _ = 1 / 0
    assert resident() - before < 16


@linux
def test_the_first_fused_call_may_come_within_the_block(monkeypatch):
    rules = []
    monkeypatch.setattr(memory, "_rule", rules.append)
    memory.keep_some.cache_clear()
    with kept_memory():
        memory.keep_some()
        assert rules[-1] is memory.MOST
    assert rules[-1] is memory.SOME
    memory.keep_some.cache_clear()


def test_elsewhere_nothing_is_changed(monkeypatch):
    monkeypatch.setattr("course_snn.kernel.memory._glibc", lambda: None)
    with kept_memory():
        assert torch.ones(3).sum() == 3
