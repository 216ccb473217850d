"""The networks of the exercise superfluous, in each of which one group is superfluous, and what goes in."""

import torch

from course_snn import network

STEPS = 8

# of each network: its groups of three IF neurons; its connections as (pre, post, weight, delay)
WIRED = {
    "A": ("c b a out", "input>a .5 1, input>b 2 1, input>c .4 1, a>out .4 1, b>out 0 1, c>out .4 1"),
    "B": ("c b a out", "input>a 1 1, input>b .05 1, a>c .6 1, c>out .4 1, b>out 2 1, a>out .3 1"),
    "C": ("out c a b", "input>a .6 1, a>b .5 1, b>out .5 1, a>c 1 1, c>c 1 1"),
    "D": ("b a out", "input>a .5 1, input>b 1 1, a>out .5 1, b>out 1 9"),
    "E": ("a b out c", "input>a .5 1, input>b .5 1, input>c 1 1, a>out .4 1, b>out -.3 1, c>a 0 1, c>b 0 2"),
    "F": ("a idle out", "input>out 1 1, input>a 1 1, a>out 1 1, input>idle 1 1"),
    "G": ("a b out", "input>out .3 1, input>a 1 1, a>out 1e-6 1, input>b 1 1, b>out 1 8"),
    "H": ("a b out", "input>out .5 1, input>a .7 1, a>out .5 1, input>b 1 1, b>out 0 1"),
    "I": ("a b out", "input>out .5 1, input>a .7 1, a>out .5 1, input>b 1 1, b>out 0 1"),
}
VOLTAGES = "G"  # decoded by final_step_voltage, where the others are by spike_counts
SIGNS = {"H": 47, "I": 55}  # seeds of the signs of weights, where they differ within a connection


def wired(name):
    """Return a network of WIRED; its neurons differ a little, so that counts do."""
    groups, text = WIRED[name]
    net, spread = network.Network(), torch.tensor([0.7, 1.0, 1.4])
    chance = torch.Generator().manual_seed(SIGNS.get(name, 0))
    net.input = network.Encoder(3, "null")
    for group in groups.split():
        setattr(net, group, network.NeuronGroup(3, "if"))
    for link in text.split(", "):
        ends, weight, delay = link.split()
        pre, post = ends.split(">")
        weight = float(weight) * torch.outer(spread, spread)
        if name in SIGNS:
            weight = weight * (2 * torch.randint(2, (3, 3), generator=chance) - 1)
        made = network.Connection(getattr(net, pre), getattr(net, post), weight=weight, delay=int(delay))
        net.add_connection(f"{pre}_{post}", made)
    net.output = network.Decoder(net.out, "final_step_voltage" if name in VOLTAGES else "spike_counts")
    net.set_runtime(float(STEPS))
    return net


def trains():
    """Return what goes in, [2, 8, 3]: a sparse sample, and a dense one."""
    chance = torch.Generator().manual_seed(0)
    return (torch.rand(2, STEPS, 3, generator=chance) < torch.tensor([[[0.1]], [[0.6]]])).float()
