"""The library: the column fires asynchronously and irregularly because it is inhibited; two of them pass spikes on."""

import pytest
import torch
from together import each_of

from course_snn import network
from course_snn.network import Backend, Connection, Encoder, Network
from course_snn.network.library import Column, TwoColumns


def driven(seed, hide=False, steps=1500, **given):
    """The spikes of the excitatory neurons of a column that gets 15 spikes a second in each fibre, [T, neurons]."""
    torch.manual_seed(seed)
    net = Network()
    net.source, net.column = Encoder(80, "poisson"), Column(**given)
    net.link = Connection(net.source, net.column.entry, "one_to_one", w_mean=1.0)
    if hide:
        net.column.inh.assembly_hide()
    net.build(Backend(seed=seed))
    net.source(torch.full((1, 80), 0.015))
    with torch.no_grad():
        net.run(steps)
    return {name: net._last.seen(part)[200:, 0] for part, name in net.plan.paths.items() if part in net._last.spikes}


def irregularity(spikes):
    trains = [train.nonzero()[:, 0].double().diff() for train in spikes.t()]
    return torch.stack([gaps.std() / gaps.mean() for gaps in trains if len(gaps) >= 5]).mean()


def correlation(spikes, steps=5):
    """Mean correlation of two neurons' counts in bins of some steps."""
    counts = spikes.unflatten(0, (-1, steps)).sum(1)
    rho = torch.corrcoef(counts.t()[counts.var(0) > 0])
    return (rho.sum() - len(rho)) / (len(rho) * (len(rho) - 1))


@each_of("seed", [0, 1, 2])
def test_a_column_fires_asynchronously_and_irregularly(seed):
    spikes = driven(seed)
    exc = spikes["column.exc"]
    rates = 1000 * exc.mean(0)
    assert 5 < rates.mean() < 30 and (rates > 0).float().mean() > 0.85 and rates.max() < 150
    assert 5 < 1000 * spikes["column.inh"].mean() < 30
    assert irregularity(exc) > 0.7
    assert correlation(exc) < 0.1


@each_of("seed", [0, 1])
def test_without_inhibition_a_column_fires_in_nearly_every_step(seed):
    free, kept = driven(seed, hide=True)["column.exc"], driven(seed)["column.exc"]
    assert 1000 * free.mean() > 500 > 10 * 1000 * kept.mean()
    assert irregularity(free) < 0.2


def test_more_inhibition_means_fewer_spikes():
    few, more, most = (driven(0, g=g)["column.exc"].mean() for g in (9.0, 5.0, 3.0))
    assert few < more < most


def test_the_entry_passes_on_each_spike():
    spikes = driven(3, steps=400)
    torch.testing.assert_close(spikes["column.entry"][1:], spikes["source"][:-1])


def test_a_column_has_the_synapses_that_it_says():
    column = Column(exc=400, inh=100, entry=300, density=0.3, weight=0.2, g=4.0, drive=0.5, delay=2, tau_m=10.0)
    expected = {"entry_exc": (0.5, 0.1), "entry_inh": (0.5, 0.1), "exc_exc": (0.2, 0.3), "exc_inh": (0.2, 0.3),
                "inh_exc": (-0.8, 0.3), "inh_inh": (-0.8, 0.3)}  # fmt: skip
    assert set(column.connections) == set(expected)
    for name, (weight, density) in expected.items():
        connection = column.connections[name]
        there = connection.effective() != 0
        assert torch.allclose(connection.effective()[there], torch.tensor(weight)) and connection.delay == 2
        assert there.float().mean() == pytest.approx(density, abs=0.02)
        assert f"{connection.pre.address()}_{connection.post.address()}" == name
    for name in ("exc_exc", "inh_inh"):
        assert not column.connections[name].effective().diagonal().any()  # no neuron drives itself
    assert column.exc.param == column.inh.param == {"tau_m": 10.0}


def test_signs_stay_when_weights_change():
    column = Column()
    for connection in column.connections.values():
        with torch.no_grad():
            connection.weight.mul_(-1)
        connection.confine()
        assert not connection.effective().any()


def test_a_column_can_be_copied_and_refuses_what_is_nothing():
    net = Network()
    net.one = Column(8, 2, 8)
    net.copy_assembly("other", net.one)
    assert isinstance(net.other, Column) and list(net.other.connections) == list(net.one.connections)
    with pytest.raises(ValueError, match="weight"):
        Column(weight=-0.1)
    with pytest.raises(ValueError, match="probability"):
        Column(density=1.5)


def test_in_a_with_block_a_column_is_one_part():
    with Network() as net:
        left, right = Column(8, 2, 8), Column(8, 2, 8)
        up = Connection(left.exc, right.entry, "one_to_one", w_mean=1.0)
    assert set(net.assemblies) == {"left", "right"} and set(net.connections) == {"up"}
    assert up.address() == "up" and left.exc_exc.address() == "left.exc_exc"


def test_two_columns_pass_spikes_on(tmp_path):
    torch.manual_seed(1)
    net = TwoColumns()
    net.build(Backend(seed=1))
    net.source(torch.full((1, 80), 0.015))
    with torch.no_grad():
        rates = net.run(1000)
    assert rates.shape == (1, 80) and 1 < 1000 * rates.mean() < 40
    torch.testing.assert_close(net._last.seen(net.second.entry)[1:], net._last.seen(net.first.exc)[:-1])
    again = network.Network.load(net.save(tmp_path / "two"))
    again.build(Backend(seed=1))
    again.source(torch.full((1, 80), 0.015))
    with torch.no_grad():
        torch.testing.assert_close(again.run(1000), rates)


def test_without_the_way_back_each_column_is_a_loop_of_its_own():
    net = TwoColumns(size=20)
    net.del_connection(name="down")
    first, second = (set(stage.parts) for stage in net.plan.stages if stage.stepped == "loop")
    assert first == {net.first.exc, net.first.inh} and second == {net.second.exc, net.second.inh}
