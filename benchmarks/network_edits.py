"""Building large networks and editing them: what ``network_sides.py`` measures once, in seconds."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

NEURONS = 10  # of a group
REPEATS = 9


def pairs(groups: int, connections: int, seed: int = 0) -> list[tuple[int, int]]:
    """Ends of random connections, none from a group to itself; loops are likely."""
    draw = random.Random(seed)
    return [tuple(draw.sample(range(groups), 2)) for _ in range(connections)]


def seconds(do: Callable[[], object]) -> float:
    start = time.perf_counter()
    do()
    return time.perf_counter() - start


def ours_part(kind: type, groups: int, per_group: int = 3):
    """An assembly of that many groups with ``per_group`` connections each."""
    from course_snn.network import Connection, NeuronGroup

    part = kind()
    made = [NeuronGroup(NEURONS, neuron_model="lif") for _ in range(groups)]
    for i, group in enumerate(made):
        part.add_assembly(f"g{i}", group)
    for i, (pre, post) in enumerate(pairs(groups, per_group * groups)):
        part.add_connection(f"c{i}", Connection(made[pre], made[post], link_type="full"))
    return part


def ours_build(case: dict) -> dict[str, float]:
    from course_snn.network import Backend, Network

    nets = []
    construct = seconds(lambda: nets.append(ours_part(Network, case["groups"])))
    return {"construct": construct, "build": seconds(lambda: nets[0].build(Backend(dt=1.0)))}


def spaic_build(case: dict) -> dict[str, float]:
    import spaic

    nets = []

    def construct() -> None:
        net = spaic.Network()
        made = [spaic.NeuronGroup(NEURONS, model="lif") for _ in range(case["groups"])]
        for i, group in enumerate(made):
            net.add_assembly(f"g{i}", group)
        for i, (pre, post) in enumerate(pairs(case["groups"], 3 * case["groups"])):
            net.add_connection(f"c{i}", spaic.Connection(made[pre], made[post], link_type="full"))
        nets.append(net)

    first, backend = seconds(construct), spaic.Torch_Backend("cpu")
    nets[0].set_backend(backend)
    return {"construct": first, "build": seconds(nets[0].build)}


def ours_touching(case: dict) -> dict[str, float]:
    """Adding, replacing and deleting one group with some connections in a network of ``groups``, as medians."""
    from course_snn.network import Connection, Network, NeuronGroup

    net, times = ours_part(Network, case["groups"]), {"add": [], "replace": [], "delete": []}
    ends = list(net.assemblies.values())[: case["connections"]]
    for _ in range(REPEATS):
        new, other = (NeuronGroup(NEURONS, neuron_model="lif") for _ in range(2))
        links = [Connection(new, end, link_type="full") for end in ends]

        def add(new=new, links=links) -> None:
            net.add_assembly("new", new)
            for i, link in enumerate(links):
                net.add_connection(f"link{i}", link)

        times["add"].append(seconds(add))
        times["replace"].append(seconds(lambda other=other: net.replace_assembly("new", other)))
        times["delete"].append(seconds(lambda: net.del_assembly(name="new")))
    return {name: statistics.median(values) for name, values in times.items()}


def ours_parts(case: dict) -> dict[str, float]:
    """Copying, merging, selecting and deleting a part of ``groups`` groups beside 1,000 others, as medians."""
    from course_snn.network import Assembly, Network

    net, times = ours_part(Network, 1000), {"copy": [], "merge": [], "select": [], "delete": []}
    for _ in range(case["repeats"]):
        part, taken = ours_part(Assembly, case["groups"]), ours_part(Assembly, case["groups"])
        chosen = list(net.assemblies.values())[: case["groups"]]
        times["copy"].append(seconds(lambda part=part: net.copy_assembly("copy", part)))
        times["select"].append(seconds(lambda chosen=chosen: net.select_assembly(chosen)))
        times["delete"].append(seconds(lambda: net.del_assembly(name="copy")))
        times["merge"].append(seconds(lambda part=part, taken=taken: part.merge_assembly(taken)))
    return {name: statistics.median(values) for name, values in times.items()}


MEASURES = {
    ("ours", "build"): ours_build,
    ("SPAIC", "build"): spaic_build,
    ("ours", "touching"): ours_touching,
    ("ours", "parts"): ours_parts,
}
