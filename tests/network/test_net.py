"""Network: build, feed, fit, evaluate; killed and resumed to the bit; SPAIC's spellings in its errors."""

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from nets import S, abc, labelled, small, two_layers
from patience import PATIENCE
from together import each_of

from course_snn import network as spaic
from course_snn import training
from course_snn.network import (
    SGD,
    STCA,
    STDP,
    Adam,
    Backend,
    Connection,
    Decoder,
    Encoder,
    Network,
    NeuronGroup,
    StateMonitor,
)

DATA = labelled(40)
SCRIPT = """
import os, sys
sys.path[:0] = {paths!r}
import torch
torch.set_num_threads(1)
from nets import labelled, small
from course_snn import training
from course_snn.training import run
seen = 0
real = run.correct
def correct(out, labels):
    global seen
    seen += 1
    if seen == int(sys.argv[2]):
        os.kill(os.getpid(), 9)
    return real(out, labels)
run.correct = correct
small(3, encoding="poisson").fit(labelled(40), epochs=3, batch_size=8, checkpoint=sys.argv[1], progress=False)
"""


def options(**more):
    return dict(epochs=3, batch_size=8, progress=False) | more


def same(one, two):
    return all(torch.equal(p, q) for p, q in zip(one.parameters(), two.parameters(), strict=True))


# ---------------------------------------------------------------- training


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_killed_at_a_batch_and_resumed(tmp_path):
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        whole = small(3, encoding="poisson")
        whole.fit(DATA, checkpoint=tmp_path / "whole", **options())
        rng = random.Random(os.getpid())
        batches = 3 * len(range(0, 36, 8))  # a tenth is kept for validation
        at = rng.randint(2, batches)
        here = Path(__file__).parent
        script = SCRIPT.format(paths=[str(here), str(here.parent)])
        died = subprocess.run([sys.executable, "-c", script, tmp_path / "killed", str(at)], timeout=PATIENCE)
        assert died.returncode == -signal.SIGKILL
        state = torch.load(tmp_path / "killed" / "latest.pt", weights_only=True)
        done = (state["epoch"] - 1) * (batches // 3) + state["batch"] if state["batch"] else None
        assert done is None or at - 2 <= done < at, at
        resumed = small(99, encoding="poisson")
        resumed.fit(DATA, checkpoint=tmp_path / "killed", resume=True, **options())
        assert same(whole, resumed), at
    finally:
        torch.set_num_threads(before)


def test_fit_is_a_plain_loop():
    net, other = small(), small()
    net.fit(DATA, **options(batch_size=40))  # one batch of all
    other.build()
    live = torch.optim.Adam(other.learner.parameters(), 0.02)
    for _ in range(3):
        live.zero_grad()
        torch.nn.functional.cross_entropy(other(DATA[0]), DATA[1]).backward()
        live.step()
    for p, q in zip(net.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(p, q, atol=1e-5, rtol=1e-4)
    assert not same(net, small()) and not net.training


def test_fit_learns_and_evaluate_counts():
    net = small(encoding="poisson")
    net.set_runtime(12.0)
    before = net.evaluate(DATA)
    history = net.fit(DATA, DATA, **options(epochs=12))
    after = net.evaluate(DATA)
    assert after.accuracy > before.accuracy and after.accuracy > 0.8
    assert history.test.accuracy == pytest.approx(after.accuracy) and after.loss < before.loss
    net.build(Backend(seed=1))
    out = net(DATA[0])
    assert abs((out.argmax(1) == DATA[1]).float().mean().item() - after.accuracy) < 0.2


def test_the_same_call_gives_the_same_weights():
    one, two = small(encoding="poisson"), small(encoding="poisson")
    for net in (one, two):
        net.fit(DATA, **options(seed=5))
    three = small(encoding="poisson")
    three.fit(DATA, **options(seed=6))
    assert same(one, two) and not same(one, three)


@each_of("decoding", ["spike_counts", "spike_rates", "voltage_sum", "final_step_voltage", "null"])
def test_every_decoder_with_a_gradient_learns(decoding):
    net = small()
    net.output.decoding = decoding
    before = [p.detach().clone() for p in net.parameters()]
    net.fit(DATA, **options(epochs=1))
    assert not all(torch.equal(p, b) for p, b in zip(net.parameters(), before, strict=True))
    assert 0 <= net.evaluate(DATA).accuracy <= 1


def test_first_spikes_have_no_gradient_but_an_accuracy():
    net = small()
    net.output.decoding = "first_spike"
    assert net.evaluate(DATA, loss=lambda out, y: out.mean()).accuracy >= 0
    with pytest.raises(ValueError, match="decoding 'first_spike' of 'output' has no gradient"):
        net.fit(DATA, **options())


@each_of("break_it, message", [
    (lambda n: delattr(n, "learner"), "nothing to train: give the network a learner, such as net.learner = STCA"),
    (lambda n: delattr(n, "optim"), "one optimiser, and this network has 0: net.optim = Adam"),
    (lambda n: setattr(n, "more", SGD(0.1)), "this network has 2: delete all but one"),
    (lambda n: delattr(n, "output"), "needs one decoder, and this network has 0"),
    (lambda n: setattr(n, "two", Decoder(n.layer1)), "needs one decoder, and this network has 2: hide the others"),
    (lambda n: vars(n).update(runtime=None), "how long.*set_runtime"),
    (lambda n: setattr(n, "second", Encoder(3)), "input, second: give the data by name"),
])  # fmt: skip
def test_what_fit_needs(break_it, message):
    net = small()
    break_it(net)
    with pytest.raises(ValueError, match=f"(?s){message}"):
        net.fit(DATA, **options())


def test_only_what_the_learner_says_learns():
    net = small()
    net.learner = STCA(0.5, net.layer2)
    before = {name: p.detach().clone() for name, p in net.named_parameters()}
    net.fit(DATA, **options(epochs=1))
    changed = {name for name, p in net.named_parameters() if not torch.equal(p, before[name])}
    assert changed == {"con2.weight", "con2.bias"}


def test_stdp_learns_in_training_mode_and_not_while_evaluating():
    net = two_layers("if")
    net.rule = STDP("full", net.con1, Apost=0.1, w_min=-1.0)
    net.input(S)
    before = net.con1.weight.detach().clone()
    net.eval().run()
    assert torch.equal(net.con1.weight, before)
    net.output.decoding = "spike_rates"
    net.evaluate((S.repeat(4, 1, 1), torch.zeros(4, dtype=torch.long)))
    assert torch.equal(net.con1.weight, before)
    net.train().run()
    assert not torch.equal(net.con1.weight, before)
    with pytest.raises(ValueError, match="STDP learns in every"):
        net.fit((S, torch.tensor([0])), epochs=1, progress=False)


def test_resume_needs_the_same_network(tmp_path):
    net = small()
    net.fit(DATA, checkpoint=tmp_path, **options(epochs=1))
    for change in (lambda n: n.replace_assembly("layer1", NeuronGroup(5, "lif", tau_m=3.0)),
                   lambda n: setattr(n, "learner", STCA(0.9, n)), lambda n: setattr(n.con1, "delay", 2),
                   lambda n: n.build(Backend(dt=0.5)), lambda n: n.set_runtime(9.0),
                   lambda n: setattr(n.input, "encoding", "poisson"), lambda n: setattr(n, "optim", Adam(0.5))):  # fmt: skip
        other = small()
        change(other)
        with pytest.raises(training.CheckpointError, match="belongs to another run"):
            other.fit(DATA, checkpoint=tmp_path, resume=True, **options(epochs=2))
    other = small(1)
    other.seen = StateMonitor(other.layer1, "V")  # who watches changes nothing
    other.fit(DATA, checkpoint=tmp_path, resume=True, **options(epochs=2))


# ---------------------------------------------------------------- build


def test_build_and_backend():
    backend = spaic.Torch_Backend()
    assert backend.backend_name == "pytorch" and spaic.Torch_Backend is Backend and backend.dt == 1.0
    net = two_layers()
    assert net.build(backend) is net and net.backend is backend
    assert net.build().backend is backend and repr(Backend(dt=0.5, seed=3)) == "Backend(dt=0.5, device=None, seed=3)"
    assert net.build(Backend(device="cpu")).con1.weight.device.type == "cpu"
    for given, error, message in [
        (dict(dt=0), ValueError, "dt"), (dict(dt="cpu"), TypeError, r"dt first, in ms: Backend\(device='cpu'\)"),
        (dict(seed=-1), ValueError, "seed"), (dict(seed=1.5), (TypeError, ValueError), "seed"),
        (dict(device="abacus"), RuntimeError, "abacus|device"), (dict(detla=1), TypeError, "detla"),
    ]:  # fmt: skip
        with pytest.raises(error, match=message):
            Backend(**given)
    for wrong in ("cpu", Backend, 3):
        with pytest.raises(TypeError, match="build takes a Backend"):
            net.build(wrong)


def test_build_begins_anew():
    net = two_layers("lif", delay=3)
    net.input(S)
    first = net.run()
    net.run_continue()
    net.build()
    assert torch.equal(net.run_continue(), first)


def test_the_plan_follows_every_edit():
    net = abc()

    def groups():
        net.run(1.0)
        return [net.plan.paths[g] for g in net.plan.groups]

    assert groups() == ["a", "b", "c"]
    net.d = NeuronGroup(1)
    assert groups() == ["a", "b", "c", "d"]
    net.b.assembly_hide()
    assert groups() == ["a", "c", "d"]
    net.b.hidden = False
    assert groups() == ["a", "b", "c", "d"]
    net.col = spaic.Assembly()
    net.col.inner = NeuronGroup(1)
    assert groups()[-1] == "col.inner"
    net.col.inner2 = NeuronGroup(1)
    assert groups()[-1] == "col.inner2"
    del net.col.inner
    assert groups()[-2:] == ["d", "col.inner2"]
    net.replace_assembly("d", new := NeuronGroup(4))
    assert groups()[-2] == "d" and new in net.plan.groups
    net.merge_assembly(abc())
    assert groups()[-4:] == ["a_1", "b_1", "c_1", "col.inner2"]
    half = net.select_assembly(["a", "b"])
    half.extra = NeuronGroup(1)  # not the network's
    assert "extra" not in groups()
    with net:
        late = NeuronGroup(2)
    assert "late" in groups()


# ---------------------------------------------------------------- SPAIC's words


@each_of(
    "act, error, message",
    [
        (lambda n: n.train(epochs=100), TypeError, "to learn call net.fit"),
        (lambda n: n.train(100), TypeError, "net.fit"),
        (lambda n: n.test(), AttributeError, r"no 'test'. Use evaluate\(data\)"),
        (lambda n: n.get_aprameters(), AttributeError, r"Use parameters\(\)"),
        (lambda n: n.get_parameters(), AttributeError, r"Use parameters\(\)"),
        (lambda n: n.set_backend("pytorch"), AttributeError, r"Use build\(backend\)"),
        (lambda n: n.layr1, AttributeError, "no 'layr1'. Did you mean 'layer1'"),
        (lambda n: n.run_continu(), AttributeError, "Did you mean 'run_continue'"),
        (lambda n: n.zzz, AttributeError, "has no 'zzz'.$"),
        (
            lambda n: NeuronGroup(2, neuron_model="lif", tau_n=3),
            TypeError,
            r"^NeuronGroup\(neuron_model='lif'\) has no parameter 'tau_n'. Did you mean 'tau_m'\? It takes tau_m, v_th",
        ),
        (
            lambda n: NeuronGroup(2, "lif", param={"v_tresh": 3}),
            TypeError,
            "no parameter 'v_tresh'. Did you mean 'v_th'",
        ),
        (
            lambda n: NeuronGroup(2, "LIF"),
            ValueError,
            "no neuron_model 'LIF'. Did you mean 'lif'.* There are if, lif, clif, izh",
        ),
        (lambda n: NeuronGroup(2, model="lif"), TypeError, "NeuronGroup calls 'model' 'neuron_model'"),
        (lambda n: NeuronGroup(neuron_number=2), TypeError, "calls 'neuron_number' 'num'"),
        (
            lambda n: NeuronGroup(2, neuron_modle="lif"),
            TypeError,
            "no parameter 'neuron_modle'. Did you mean 'neuron_model'",
        ),
        (lambda n: NeuronGroup(2, "lif", tau_m=-1.0), ValueError, "tau"),
        (lambda n: NeuronGroup(2, "lif", v_th=0), ValueError, "v_th"),
        (lambda n: NeuronGroup(2, "clif", tau_p=5, tau_q=5), ValueError, "tau_p and tau_q are equal"),
        (lambda n: NeuronGroup(0), ValueError, "num"),
        (lambda n: NeuronGroup(), TypeError, "needs num"),
        (lambda n: NeuronGroup(shape=[2, 0]), ValueError, "shape"),
        (lambda n: NeuronGroup("lif"), (TypeError, ValueError), "num"),
        (lambda n: Connection(n.layer1, n.layer2, max_delay=3), TypeError, "calls 'max_delay' 'delay'"),
        (lambda n: Network(nmae="n"), TypeError, "Did you mean 'name'"),
        (
            lambda n: spaic.Learner(algorithm="STCA", trainable=n),
            AttributeError,
            r"no 'Learner'. give the rule by its own name: STCA",
        ),
        (lambda n: spaic.MNIST("D:/", is_train=False), AttributeError, "course_snn.data.mnist"),
        (lambda n: spaic.Dataloader, AttributeError, "net.fit"),
        (lambda n: spaic.Networks, AttributeError, "Did you mean 'Network'"),
        (lambda n: spaic.StateMonitor(n.layer1, var_name="V"), TypeError, "no parameter 'var_name'"),
        (
            lambda n: spaic.Projection(n.layer1, n.layer2, polices="every"),
            TypeError,
            "no parameter 'polices'. Did you mean 'policies'",
        ),
    ],
)
def test_messages(act, error, message):
    with pytest.raises(error, match=message):
        act(small())


def test_capitals_of_parameters_do_not_matter():
    group = NeuronGroup(2, "lif", param={"tau_m": 8.0, "V_th": 1.5})
    assert group.neuron.v_threshold == 1.5 and group.param == {"tau_m": 8.0, "v_th": 1.5}
    with pytest.raises(TypeError, match="got 'v_th' twice"):
        NeuronGroup(2, "lif", param={"V_th": 1.5}, v_th=2.0)


def test_it_is_a_module_of_torch():
    net = two_layers()
    assert list(net.state_dict()) == ["con1.weight", "con2.weight"] and "con1" in repr(net) and hasattr(net, "layer1")
    assert not hasattr(net, "nothing") and net.input is net.at("input")
    net.eval()
    assert not net.layer1.training and net.train() is net
    net.requires_grad_(False)
    net.input(S)
    assert not net.run().requires_grad
    with torch.no_grad():
        assert two_layers()(S).tolist() == [[6, 1]]
    seen = []
    net.register_forward_hook(lambda *_: seen.append(1))
    net(S)
    assert seen == [1]


def test_input_where_no_part_has_that_name():
    net = Network()
    net.data, net.group = Encoder(2, "null"), NeuronGroup(2)
    net.input(torch.ones(1, 3, 2))
    assert net.data.data.shape == (1, 3, 2)
    net.run(3.0)
