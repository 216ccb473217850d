"""What MemoryCalculator computes in the page, and whether the table that it is shipped with is still true."""

from __future__ import annotations

import json
import math

import pytest
from together import each_of

from course_snn import model
from course_snn.training import memory
from course_snn.widget import MemoryCalculator
from course_snn.widget import memory_table as tables
from course_snn.widget.memory_calculator import MACHINES


@pytest.fixture
def page(page_of):
    return page_of(MemoryCalculator)


def entry(made):
    p = made.params
    return made.table[p["net"]][p["precision"]]["still" if p["still"] else "sequence"]


@each_of("net", list(tables.NETS))
@each_of("way, block, optimizer", [
    ("bptt", 4, "adam"), ("recomputed", 4, "sgd"), ("recomputed", 7, "adam"), ("truncated", 32, "momentum"),
    ("online", 1, "adam"),
])  # fmt: skip
@each_of(
    "T, batch, precision, still", [(1, 1, "float32", True), (16, 64, "bfloat16", False), (50, 200, "float32", True)]
)
def test_equals_the_library(page, net, way, block, optimizer, T, batch, precision, still):
    how = dict(net=net, way=way, block=block, optimizer=optimizer, T=T, batch=batch, precision=precision, still=still)
    made = MemoryCalculator(**how)
    parts, speed = page.all([
        ("memoryOf", (entry(made), made.params)),
        ("speedOf", (entry(made), made.machines, made.params)),
    ])  # fmt: skip
    assert parts == made.memory()._asdict()
    assert speed["seconds"] == pytest.approx(made.speed().seconds)
    assert speed["relative"] == pytest.approx(made.speed().relative)
    assert speed["moved"] == pytest.approx(made.speed().moved)


def test_the_table_is_what_the_networks_give():
    for still in (True, False):
        found = tables.as_json(tables.computed("chapter_11", "float32", still))
        shipped = tables.table()["chapter_11"]["float32"]["still" if still else "sequence"]
        found = json.loads(json.dumps(found))
        moments, others = found.pop("moments"), shipped["moments"]
        assert found == {key: value for key, value in shipped.items() if key != "moments"}
        for T, batch in ((1, 1), (4, 32), (64, 512)):  # the threads of a machine decide about a few bytes
            most = [max(memory.Line(*line).at(T, batch) for line in lines) for lines in (moments, others)]
            assert most[0] == pytest.approx(most[1], rel=0.05)


def test_the_table_has_every_network_and_its_own_parameters():
    assert list(tables.table()) == list(tables.NETS)
    for name, net in tables.NETS.items():
        tensors = [*(made := net.make()).parameters(), *made.buffers()]
        size = sum(tensor.numel() * tensor.element_size() for tensor in tensors)
        for precision in tables.PRECISIONS:
            for still in (True, False):
                cost = tables.entry(name, precision, still).cost
                assert cost.parameters == size
                assert cost.data.at(3, 5) == 4 * 5 * math.prod(net.shape) * (1 if still else 3)


def test_operations_are_those_of_the_paper():
    once, step = tables.operations(model.spiking_resnet18(), (3, 224, 224), still=True)
    assert (once + step) / 2 == pytest.approx(1.8e9, rel=0.02)  # multiply-accumulates: He et al. 2016, table 1
    assert once == 2 * 112 * 112 * 64 * 3 * 49  # the first convolution alone


def test_a_roofline_by_hand():
    made = MemoryCalculator(net="resnet18_cifar", T=4, batch=128)
    found, speed = tables.entry("resnet18_cifar", "float32", True), made.speed()
    assert speed.operations == 3 * 128 * (found.once + 4 * found.step)
    for key, machine in MACHINES.items():
        assert speed.seconds[key] == max(speed.operations / machine.float32, speed.moved / machine.bandwidth)
    again = MemoryCalculator(net="resnet18_cifar", T=4, batch=128, way="recomputed", block=2).speed()
    assert 4 / 3 < again.relative < 1.34  # one more forward pass, and the first convolution once a block
