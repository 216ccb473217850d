"""Files: everything comes back, training goes on to the bit, and whatever is wrong with a file is told."""

import copy
import io
import json
import pickle
import random
import zipfile

import pytest
import torch
from nets import S, abc, assert_same, labelled, links, outcome, small, two_layers
from test_network_plan import drawn
from together import each_of
from torch import nn

from course_snn import network as spaic
from course_snn.network import (
    SGD,
    STBP,
    STCA,
    STDP,
    Adam,
    Assembly,
    Backend,
    Connection,
    Decoder,
    Encoder,
    Network,
    NeuronGroup,
    Projection,
    SpikeMonitor,
    StateMonitor,
    saving,
)
from course_snn.network.saving import NetworkFileError

X, LABELS = labelled(40)


def everything():
    """One of each kind of part, link, learner, monitor; nested, shared, hidden; parameters for each neuron."""
    torch.manual_seed(4)
    net = Network()
    net.input = Encoder(shape=[1, 4, 4], encoding="latency")
    net.noise = Encoder(3, "poisson", unit_conversion=0.5)
    net.output = None
    del net.output
    net.sub = Assembly()
    net.late = Connection(net.noise, last := NeuronGroup(4, "if", v_th=0.5))  # before its end has a place
    net.sub.maps = NeuronGroup(shape=[2, 2, 2], neuron_model="clif", tau_m=15.0, V0=5.0)
    net.sub.exc = NeuronGroup(4, "lif", neuron_type="exc", tau_m=torch.tensor([5.0, 6.0, 7.0, 8.0]))
    net.sub.inh = NeuronGroup(
        4, "lif", neuron_type=["inh", "pv"], v_th=nn.Parameter(torch.tensor([1.0, 0.9, 0.8, 0.7]))
    )
    net.sub.burst = NeuronGroup(2, "izh", a=0.1, Vreset=-60.0)
    net.conv = Connection(net.input, net.sub.maps, "conv", kernel_size=3, bias=True, w_mean=0.5)
    net.full = Connection(net.sub.maps, net.sub.exc, delay=2, w_mean=0.3, w_min=-0.5, w_max=0.8, bias=[0.1, 0, 0, 0.2])
    net.sub.all = Projection(net.sub, net.sub, spaic.included("exc", "inh"), "one_to_one", w_mean=0.7)
    net.sub.loop = Connection(net.sub.inh, net.sub.exc, "sparse", delay=3, density=0.5)
    net.own = Connection(net.sub.exc, net.sub.exc, "random", probability=0.6)
    net.poked = Connection(net.noise, net.sub.burst, w_mean=20.0)
    net.last = last
    net.tip = Connection(net.sub.exc, net.last, delay=0, w_mean=0.4)
    net.read = Decoder(net.last, "spike_rates")
    net.sub.volts = Decoder(net.sub.exc, "final_step_voltage")
    net.guests = net.select_assembly(["last"])
    net.guests.again = Assembly()
    net.guests.again.add_connection if False else net.guests._attach("tip", net.tip)
    net.guests._attach("read", net.read)
    net.lost = NeuronGroup(3, "if")
    net.lost.assembly_hide()
    net.learner = STCA(0.4, [net.conv, net.full, net.sub.inh])
    net.sub.learner = STBP(0.6, net.tip)
    net.rule = STDP("nearest", net.own, Apost=0.02, w_norm=2.0, tau=15.0, w_min=-1.0)
    net.optim = Adam(lr=0.01, schedule="StepLR", maxstep=3, betas=(0.8, 0.99))
    net.seen, net.sub.spikes = StateMonitor(net.sub.maps, "M", nbatch=True, capacity=50), SpikeMonitor(net.sub.exc)
    net.weights = StateMonitor(net.own, "weight")
    net.alias = net.seen
    net.full.weight.requires_grad_(False)
    net.set_runtime(6.0)
    net.build(Backend(dt=0.5, seed=7))
    return net


def fed(net, N=2):
    return {"input": torch.rand(N, 16, generator=torch.Generator().manual_seed(1)),
            "noise": torch.rand(N, 3, generator=torch.Generator().manual_seed(2))}  # fmt: skip


def results(net):
    net.build()
    found = {}
    for k in range(2):
        net.feed(fed(net))
        found |= {f"{k} {name}": value.detach() for name, value in net.run().items()}
        net.feed(fed(net))
        found |= {f"{k} again {name}": value.detach() for name, value in net.run_continue().items()}
    found |= {f"v {name}": value for name, value in net.state_dict().items()}
    return found | {"seen": net.seen.values, "times": net.seen.times, "spikes": net.sub.spikes.values}


def test_everything_comes_back(tmp_path):
    net = everything()
    path = net.save(tmp_path / "net")
    assert path == tmp_path / "net.pt" and path.exists()
    state = torch.get_rng_state()
    twin = Network.load(tmp_path / "net")
    assert torch.equal(torch.get_rng_state(), state)
    assert saving.structure(twin) == saving.structure(net) and str(twin.plan) == str(net.plan)
    assert list(twin.state_dict()) == list(net.state_dict()) and links(twin) == links(net)
    assert [n for n, _ in twin.named_parameters()] == [n for n, _ in net.named_parameters()]
    assert list(twin._modules) == list(net._modules) and list(twin.sub._modules) == list(net.sub._modules)
    assert_same(results(net), results(twin))
    assert twin.guests.last is twin.last and twin.guests.tip is twin.tip and twin.guests.read is twin.read
    assert twin.last.owner is twin and twin.lost.hidden and twin.alias is twin.seen
    assert not twin.full.weight.requires_grad and twin.conv.weight.requires_grad
    assert twin.sub.inh.neuron.v_threshold.requires_grad and not twin.sub.exc.neuron.tau.requires_grad
    assert twin.backend.dt == 0.5 and twin.backend.seed == 7 and twin.runtime == 6.0
    assert twin.optim.options["betas"] in ([0.8, 0.99], (0.8, 0.99)) and twin.sub.inh.neuron_type == ("inh", "pv")
    twin.sub.del_assembly(name="exc")  # a network as any other
    assert "sub.loop" not in links(twin) and "full" not in links(twin)


@each_of("seed", range(0, 40, 5))
def test_random_networks_come_back(seed):
    net, T, x, again = drawn(seed)
    file = io.BytesIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(saving, "draft", lambda path, **_: _Held(file))
        net.save("x")
        patch.setattr(saving, "read", lambda path: torch.load(io.BytesIO(file.getvalue()), weights_only=True))
        twin = Network.load("x")
    assert_same(outcome(net, x, T, again), outcome(twin, x, T, again))


class _Held:
    def __init__(self, file):
        self.file = file

    def __enter__(self):
        return self.file

    def __exit__(self, *_):
        return None


def test_a_file_of_doubles_stays_double(tmp_path):
    net = small().double()
    twin = Network.load(net.save(tmp_path / "d"))
    assert all(
        torch.equal(p, q) and q.dtype == torch.float64 for p, q in zip(net.parameters(), twin.parameters(), strict=True)
    )


def test_weights_are_within_their_bounds_in_a_file(tmp_path):
    net = abc()
    net.x = Connection(net.a, net.b, w_max=0.5)
    with torch.no_grad():
        net.x.weight.fill_(3.0)
    assert Network.load(net.save(tmp_path / "n")).x.weight.max() == 0.5


# ---------------------------------------------------------------- going on


def by_hand(net, batches):
    for k in batches:
        loss = nn.functional.cross_entropy(net(X[4 * k : 4 * k + 4]), LABELS[4 * k : 4 * k + 4])
        net.optim.zero_grad()
        loss.backward()
        net.optim.step()


OPTIMS = {
    "Adam": lambda: Adam(0.05),
    "OneCycle": lambda: Adam(0.05, "OneCycleLR", 12),
    "Step": lambda: SGD(0.1, "StepLR", 3, momentum=0.9),
    "Cosine": lambda: SGD(0.1, "CosineAnnealingLR", 10, momentum=0.9),
}


@each_of("optim", OPTIMS)
def test_training_goes_on_to_the_bit(tmp_path_factory, optim):
    one, folder = small(), tmp_path_factory.mktemp("go")
    one.optim = OPTIMS[optim]()
    one.build()
    by_hand(one, range(4))
    two = Network.load(one.save(folder / "net"))
    two.build()
    by_hand(one, range(4, 10)), by_hand(two, range(4, 10))
    assert all(torch.equal(p, q) for p, q in zip(one.parameters(), two.parameters(), strict=True))


@each_of("optim", [lambda: Adam(0.05), lambda: Adam(0.05, "CosineAnnealingLR"), lambda: Adam(0.05, "StepLR", 4)])
def test_fit_goes_on_to_the_bit(tmp_path_factory, optim):
    one, folder = small(encoding="poisson"), tmp_path_factory.mktemp("go")
    one.optim = optim()
    options = dict(epochs=2, batch_size=8, progress=False)
    one.fit((X, LABELS), **options)
    middle = copy.deepcopy(one.state_dict())
    two = Network.load(one.save(folder / "net"))
    histories = [net.fit((X, LABELS), seed=1, **options) for net in (one, two)]
    assert all(torch.equal(p, q) for p, q in zip(one.parameters(), two.parameters(), strict=True))
    assert [e._replace(seconds=0) for e in histories[0].epochs] == [e._replace(seconds=0) for e in histories[1].epochs]
    assert not torch.equal(one.con1.weight, middle["con1.weight"])  # a schedule that had ended begins anew


def test_optimisers_of_learners_go_on_too(tmp_path):
    one = small()
    del one.optim
    one.learner.set_optimizer("Adam", lr=0.05)
    one.learner.set_schedule("StepLR", 2, gamma=0.5)

    def train(net, n):
        for _ in range(n):
            net.learner.optim_zero_grad()
            nn.functional.cross_entropy(net(X), LABELS).backward()
            net.learner.optim_step()

    train(one, 3)
    two = Network.load(one.save(tmp_path / "net"))
    train(one, 3), train(two, 3)
    assert all(torch.equal(p, q) for p, q in zip(one.parameters(), two.parameters(), strict=True))


def test_weights_alone(tmp_path):
    one, two = small(0), small(1)
    path = one.save_state(tmp_path / "w")
    two.state_from_dict(tmp_path / "w")
    assert_same(one.state_dict(), two.state_dict())
    three = small(2)
    three.state_from_dict(one.state_dict())
    assert_same(one.state_dict(), three.state_dict())
    four = small(3)
    four.state_from_dict(one.save(tmp_path / "whole"))
    assert_same(one.state_dict(), four.state_dict())
    with pytest.raises(NetworkFileError, match=r"w.pt holds weights alone: net.state_from_dict\('w'\)"):
        Network.load(path)
    with pytest.raises(RuntimeError, match=r"size mismatch|Missing key"):
        two_layers().state_from_dict(path)


# ---------------------------------------------------------------- files that are not as they should be


def test_a_file_that_is_cut_off(tmp_path):
    whole = small().save(tmp_path / "net").read_bytes()
    cut = tmp_path / "cut.pt"
    rng = random.Random(0)
    for size in sorted(
        {0, 1, 2, 30, len(whole) - 1, len(whole) - 2, len(whole) - 22, *rng.sample(range(len(whole)), 40)}
    ):
        cut.write_bytes(whole[:size])
        for read in (Network.load, small().state_from_dict):
            with pytest.raises(NetworkFileError, match=r"cut\.pt.*(cut off or damaged|was not written)"):
                read(cut)
    cut.write_bytes(whole)
    Network.load(cut)


def test_a_file_in_which_bytes_have_changed(tmp_path):
    net = small()
    whole = bytearray(net.save(tmp_path / "net").read_bytes())
    bad, rng, told = tmp_path / "bad.pt", random.Random(1), 0
    for place in rng.sample(range(len(whole)), 60):
        changed = bytearray(whole)
        changed[place] ^= 0x55
        bad.write_bytes(changed)
        try:
            twin = Network.load(bad)
        except NetworkFileError as error:
            told += "bad.pt" in str(error)
        else:  # a byte that means nothing, such as a date in the archive
            assert_same(net.state_dict(), twin.state_dict())
    assert told > 30


def test_files_of_others(tmp_path):
    path = small().save(tmp_path / "net")
    state = torch.load(path, weights_only=True)
    torch.save({**state, "format": "course_snn.network 9"}, other := tmp_path / "other.pt")
    with pytest.raises(NetworkFileError, match=r"other.pt has the format 'course_snn.network 9'; this version reads"):
        Network.load(other)
    for content in ({"a": 1}, [1, 2], torch.ones(3)):
        torch.save(content, other)
        with pytest.raises(NetworkFileError, match=r"other.pt was not written by Network.save"):
            Network.load(other)
    other.write_text("just words")
    with pytest.raises(NetworkFileError, match=r"other.pt is cut off or damaged"):
        Network.load(other)
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("notes.txt", "a zip, no network")
    with pytest.raises(NetworkFileError, match=r"other.pt"):
        Network.load(other)
    with pytest.raises(FileNotFoundError, match=r"there is no file .*none.pt; net.save\('none'\) writes one"):
        Network.load(tmp_path / "none")
    with pytest.raises(NetworkFileError):
        (tmp_path / "folder.pt").mkdir()
        Network.load(tmp_path / "folder")


class Evil:
    def __reduce__(self):
        return print, ("code was run",)


def test_no_code_of_a_file_is_run(tmp_path, capsys):
    state = torch.load(small().save(tmp_path / "net"), weights_only=True)
    for bad in ({**state, "structure": Evil()}, {**state, "more": Evil()}, Evil()):
        torch.save(bad, path := tmp_path / "evil.pt")
        with pytest.raises(NetworkFileError, match=r"evil.pt was not written by Network.save"):
            Network.load(path)
    with open(path, "wb") as file:
        pickle.dump(Evil(), file)
    with pytest.raises(NetworkFileError, match=r"evil.pt"):
        Network.load(path)
    assert capsys.readouterr().out == ""


STRUCTURES = {
    "a model that is not here": (
        lambda s: s["parts"][1].update(neuron_model="mine"),
        "no neuron_model 'mine'.*register it",
    ),
    "an encoding": (lambda s: s["parts"][0].update(encoding="mine"), "no encoding 'mine'.*register it first"),
    "a parameter": (lambda s: s["parts"][1]["param"].update(tau_x=1), "has no parameter 'tau_x'"),
    "an end": (lambda s: s["parts"][3].update(about=["input", "nowhere"]), "there is no part 'nowhere'"),
    "a kind": (lambda s: s["parts"][0].update(kind="Robot"), "Robot"),
    "a size": (lambda s: s["parts"][1].update(num=9), "size mismatch"),
    "no parts": (lambda s: s.pop("parts"), "'parts'"),
    "a wrong type": (lambda s: s.update(parts=3), "iterable"),
    "a number": (lambda s: s.update(dt="x"), "dt"),
}


@each_of("case", STRUCTURES)
def test_structures_that_cannot_be_made(tmp_path_factory, case):
    change, message = STRUCTURES[case]
    folder = tmp_path_factory.mktemp("s")
    state = torch.load(small().save(folder / "net"), weights_only=True)
    change(said := json.loads(state["structure"]))
    torch.save({**state, "structure": json.dumps(said)}, folder / "changed.pt")
    with pytest.raises(
        NetworkFileError, match=rf"(?s)changed.pt holds a network that cannot be made here.*({message})"
    ):
        Network.load(folder / "changed.pt")


def test_what_a_file_cannot_hold(tmp_path):
    class Mine(STCA):
        pass

    cases = [
        (
            lambda n: setattr(n, "head", nn.Linear(2, 2)),
            TypeError,
            "'head' is a Linear, which a file of networks cannot hold",
        ),
        (lambda n: setattr(n, "learner", Mine(0.5, n)), TypeError, "holds no Mine"),
        (
            lambda n: n.optim.set_schedule("LambdaLR", lr_lambda=lambda k: 1),
            TypeError,
            "schedule_options.*lr_lambda.*function",
        ),
        (
            lambda n: (setattr(n, "seen", StateMonitor(n.layer1)), n.del_assembly(name="layer1")),
            ValueError,
            "StateMonitor is about 'layer1', which is not in this network",
        ),
        (
            lambda n: n.del_assembly(name="layer2"),
            ValueError,
            "Decoder is about 'layer2', which is not in this network",
        ),
    ]
    for change, error, message in cases:
        net = small()
        change(net)
        with pytest.raises(error, match=message):
            net.save(tmp_path / "no")
        assert list(tmp_path.iterdir()) == []  # nothing half written


def test_an_old_file_stays_when_writing_fails(tmp_path, monkeypatch):
    net = small()
    path = net.save(tmp_path / "net")
    before = path.read_bytes()

    def fails(*_):
        raise OSError("disk full")

    monkeypatch.setattr(torch, "save", fails)
    with pytest.raises(OSError, match="disk full"):
        net.save(tmp_path / "net")
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


# ---------------------------------------------------------------- pickles


def test_networks_can_be_pickled():
    net = everything()
    net.feed(fed(net))
    sum(v.sum() for v in net.run().values()).backward()
    twin = pickle.loads(pickle.dumps(net))
    assert links(twin) == links(net) and twin.learner.watches == (twin.conv, twin.full, twin.sub.inh)
    assert twin.guests.tip is twin.tip and twin.tip in twin.last.joins and twin.last.homes.keys() == {twin, twin.guests}
    assert_same(results(net), results(twin))
    group = pickle.loads(pickle.dumps(net.sub.exc))
    assert group.owner is None and not group.joins and group.num == 4
    con = pickle.loads(pickle.dumps(net.tip))
    assert con.pre.num == 4 and con.owner is None


def test_a_long_chain_can_be_copied_pickled_and_saved(tmp_path):
    net = Network()
    net.g0 = NeuronGroup(1)
    for k in range(1, 600):
        net.add_assembly(f"g{k}", NeuronGroup(1))
        net.add_connection(f"c{k}", Connection(net.at(f"g{k - 1}"), net.at(f"g{k}")))
    for twin in (copy.deepcopy(net), pickle.loads(pickle.dumps(net)), Network.load(net.save(tmp_path / "long"))):
        assert links(twin) == links(net) and twin.run(2.0) is None


def test_a_network_of_the_contract_after_all_that(tmp_path):
    net = two_layers("lif")
    net.learner = STCA(0.5, net)
    for twin in (Network.load(net.save(tmp_path / "n")), pickle.loads(pickle.dumps(net)), copy.deepcopy(net)):
        twin.input(S)
        assert twin.run().tolist() == [[6, 1]]
