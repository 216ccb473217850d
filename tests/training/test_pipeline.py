"""A pipeline in one process: what comes out is what the whole network gives for the whole batch."""

import copy

import pytest
import torch
from together import each_of
from torch import nn
from torch.nn.functional import cross_entropy

from course_snn import functional, layer, neuron
from course_snn.training.pipeline import ModelPipeline

SPLITS = (None, 1, 2, 3, 7, 9, [4, 1, 2])


def parts():
    torch.manual_seed(0)
    inside = nn.Sequential(nn.Linear(8, 8), neuron.IFNode(v_reset=None))
    return [
        nn.Sequential(nn.Linear(6, 8), neuron.LIFNode()),
        nn.Sequential(nn.Linear(8, 8), nn.BatchNorm1d(8), neuron.PLIFNode()).eval(),
        layer.ElementWiseRecurrentContainer(inside, torch.add),
        nn.Linear(8, 4),
    ]


def built(split_sizes=None):
    pipeline = ModelPipeline(split_sizes)
    for part in parts():
        pipeline.append(part, "cpu")
    return pipeline


def sequence(T=5, N=7):
    return torch.randn(T, N, 6, generator=torch.Generator().manual_seed(0)) * 3


def learnt(net, run, x):
    x = x.clone().requires_grad_()
    y = run(net, x)
    cross_entropy(y.mean(0), torch.arange(x.shape[1]) % 4).backward()
    return [y.detach(), x.grad, *(p.grad for p in net.parameters())]


def assert_same(found, wanted):
    for a, b in zip(found, wanted, strict=True):
        assert a.shape == b.shape and (a - b).norm() <= 1e-6 * b.norm() + 1e-9


WHOLE = learnt(nn.Sequential(*parts()), functional.unroll, sequence())


@each_of("split_sizes", SPLITS)
def test_any_split_gives_values_and_gradients_of_the_whole_batch(split_sizes):
    assert_same(learnt(built(split_sizes), functional.unroll, sequence()), WHOLE)

    def step_by_step(net, x_seq):
        return torch.stack([net(x, split_sizes) for x in x_seq])

    assert_same(learnt(built(), step_by_step, sequence()), WHOLE)


def test_chunks_do_not_share_a_state():
    pipeline = ModelPipeline()  # the example of the reference: with one state it fires 1, 1, 0, 0 at every step
    pipeline.append(neuron.IFNode())
    spikes = torch.stack([pipeline(torch.full((4,), 0.6), 2) for _ in range(4)])
    assert spikes.tolist() == [[0.0] * 4, [1.0] * 4, [0.0] * 4, [1.0] * 4]


def test_reset_and_detach_reach_the_chunks():
    pipeline, x = built(2), sequence()
    first = functional.unroll(pipeline, x)
    assert not torch.equal(functional.unroll(pipeline, x), first)
    functional.reset_net(pipeline)
    assert torch.equal(functional.unroll(pipeline, x), first)
    functional.detach_net(pipeline)
    y = functional.unroll(pipeline, x)  # from the state that is held, without its graph
    held = [functional.unroll(nn.Sequential(*parts()), torch.cat([x, x]))[5:]]
    assert torch.allclose(y, held[0], atol=1e-6)
    y.sum().backward()
    functional.reset_net(pipeline)
    with pytest.raises(ValueError, match=r"chunks of \[7\].*\[2, 2, 2, 1\]"):
        pipeline(x[0], 7)
        pipeline(x[0], 2)


def test_state_moves_to_another_precision_with_the_pipeline():
    pipeline, x = built(2), sequence()
    functional.unroll(pipeline, x)
    doubled = copy.deepcopy(pipeline).double()
    assert torch.allclose(functional.unroll(doubled, x.double()), functional.unroll(pipeline, x).double(), atol=1e-5)


def test_chunks_follow_each_other_tick_by_tick():
    pipeline, calls = ModelPipeline(), []
    for number in range(4):
        pipeline.append(nn.Identity())
        pipeline.module_list[number].register_forward_hook(
            lambda module, inputs, y, number=number: calls.append((number, int(y.flatten()[0])))
        )
    pipeline(torch.tensor([[0.0], [1.0], [2.0]]), 1)
    ticks = [[(0, 0)], [(1, 0), (0, 1)], [(2, 0), (1, 1), (0, 2)], [(3, 0), (2, 1), (1, 2)], [(3, 1), (2, 2)], [(3, 2)]]
    assert calls == [call for tick in ticks for call in tick]


def test_constant_forward_is_a_loop_over_time():
    x = sequence()[0]
    wanted = functional.unroll(nn.Sequential(*parts()), x, 6)
    pipeline = built()
    assert torch.allclose(pipeline.constant_forward(x, 6, reduce=False), wanted, atol=1e-6)
    functional.reset_net(pipeline)
    assert torch.allclose(pipeline.constant_forward(x, 6), wanted.sum(0), atol=1e-5)
    later = functional.unroll(nn.Sequential(*parts()), x, 7)[6]
    assert torch.allclose(pipeline(x), later, atol=1e-6)  # no module has run ahead


def test_dropout_is_held_in_each_chunk():
    pipeline = ModelPipeline(2)
    pipeline.append(layer.Dropout(0.5))
    first, second = (pipeline(torch.ones(4, 50)) for _ in range(2))
    assert torch.equal(first, second) and not torch.equal(first[:2], first[2:])


def test_errors_say_what_to_do():
    pipeline = built()
    cases = [
        (lambda: ModelPipeline()(torch.ones(2, 6)), RuntimeError, r"append\(module, device\)"),
        (lambda: pipeline(torch.ones(4, 6), [1, 2]), ValueError, r"\[1, 2\] add up to 3.* 4 samples"),
        (lambda: pipeline(torch.ones(4, 6), 0), ValueError, "split_sizes must be at least 1"),
        (lambda: pipeline.append(torch.relu), TypeError, "append takes a module"),
        (lambda: pipeline.append(nn.Sequential(pipeline.module_list[0][1])), ValueError, "in the pipeline already"),
        (lambda: pipeline.constant_forward(torch.ones(4, 6), 0), ValueError, "T must be at least 1"),
    ]
    for call, error, message in cases:
        with pytest.raises(error, match=message):
            call()


def test_a_gpu_may_be_given_by_its_number(monkeypatch):
    moved = []
    monkeypatch.setattr(nn.Module, "to", lambda module, device: moved.append(device) or module)
    for device in (1, "2", "cuda:3", "cpu"):
        ModelPipeline().append(nn.Identity(), device)
    assert moved == [torch.device(f"cuda:{n}") for n in (1, 2, 3)] + [torch.device("cpu")]
