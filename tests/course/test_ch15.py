"""The exercises of chapter 15 against the library itself, and their cases against what their texts promise."""

import pytest
import torch

from course_snn import network, neuron
from course_snn.course.exercises.ch15 import last_spikes, mend_loop, superfluous, unit_v0


def one(pre, post, delay):
    return network.Connection(pre, post, weight=[[1.0]], delay=delay)


def on_a_path(spikes, delays, loop, T):
    """Return the steps in which the last of a chain of IF neurons fires, by running it."""
    net = network.Network()
    net.input = network.Encoder(1, "null")
    before = net.input
    for place, delay in enumerate(delays):
        group = network.NeuronGroup(1, "if")
        net.add_assembly(f"group_{place}", group)
        net.add_connection(f"link_{place}", one(before, group, delay))
        before = group
    if loop is not None:
        net.loop = one(net.group_0, net.group_0, loop)
    net.monitor = network.SpikeMonitor(before)
    trains = torch.zeros(1, T, 1)
    trains[0, spikes] = 1.0
    net.input(trains)
    net.run(float(T))
    return [int(t) - 1 for t in net.monitor.spk_times[0]]


@pytest.mark.parametrize("case", last_spikes.EXERCISE.cases, ids=str)
def test_last_spikes_are_those_of_a_chain_of_neurons(case):
    assert last_spikes.last_spikes(*case) == on_a_path(*case)


@pytest.mark.parametrize(("tau_p", "tau_q"), unit_v0.EXERCISE.cases)
def test_v0_makes_the_peak_of_the_psp_one(tau_p, tau_q):
    t = torch.linspace(0, 4 * tau_p, 400_001, dtype=torch.float64)
    psp = unit_v0.unit_v0(tau_p, tau_q) * ((-t / tau_p).exp() - (-t / tau_q).exp())
    assert psp.max().item() == pytest.approx(1.0, abs=1e-6)
    assert pytest.approx(unit_v0.unit_v0(tau_p, tau_q)) == neuron.CLIFNode(tau_p=tau_p, tau_q=tau_q).V0


@pytest.mark.parametrize("case", mend_loop.EXERCISE.cases, ids=str)
def test_each_network_to_mend_has_one_loop_without_delay(case):
    net = mend_loop.drawn(case[0], {name: num for name, num in mend_loop.SIZES.items() if name in case[0]})
    with pytest.raises(ValueError, match="loop without delay"):
        net.build()
    on_loop = mend_loop._on_loop(net)
    assert mend_loop._tried(mend_loop.mend_loop, *case) == on_loop[-1]
    posts = [net.connections[name].post for name in on_loop]
    assert len(set(posts)) == len(posts)  # no group is met twice: it is one loop


@pytest.mark.parametrize("name", superfluous.WIRED)
def test_exactly_one_group_is_superfluous(name):
    net, x, found = superfluous.wired(name), superfluous.trains(), []
    whole = net(x)
    for key in superfluous._groups(net):
        net.at(key).assembly_hide()
        found += [key] if torch.equal(net(x), whole) else []
        net.at(key).assembly_show()
    assert found == [superfluous.superfluous(net, x)]
