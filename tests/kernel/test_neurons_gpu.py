"""The loops for a GPU: run by Triton's interpreter on the CPU against stepping, compiled for a GPU that is not here."""

import importlib.util
import itertools
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from nodes import NODES, RESETS, SURROGATES, grads, noise

from course_snn import functional, kernel
from course_snn.kernel import plan, sequence
from course_snn.neuron import LIFNode, PLIFNode

MODELS = {name: make for name, make in NODES.items() if name != "LIF, learnt tau"}  # stepped on a GPU
triton = pytest.importorskip("triton", reason="Triton comes with torch on Linux only")


@pytest.fixture(scope="module")
def interpreted():
    """neurons_gpu, run line by line on the CPU."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRITON_INTERPRET", "1")
        spec = importlib.util.find_spec("course_snn.kernel.neurons_gpu")
        loops = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(loops)

        def on_tensors(loop):
            return lambda *a: loop(*(torch.from_numpy(x) if isinstance(x, np.ndarray) else x for x in a))

        yield SimpleNamespace(
            number=loops.number, forward=on_tensors(loops.forward), backward=on_tensors(loops.backward)
        )


@pytest.fixture
def on_gpu(interpreted, monkeypatch):
    """The kernel takes the interpreted loops, all neurons at once, and learnt numbers stay tensors."""
    calls = []
    monkeypatch.setattr(plan, "compiled", lambda *_: calls.append(1) or interpreted)
    monkeypatch.setattr(sequence, "in_parallel", lambda work, width, *_: [work(0, width)])
    return calls


def assert_same(fused: list[torch.Tensor], stepped: list[torch.Tensor]) -> None:
    assert torch.equal(fused[0], stepped[0])
    torch.testing.assert_close(fused[1], stepped[1], rtol=1e-6, atol=1e-6)
    for a, b in zip(fused[2:], stepped[2:], strict=True):
        torch.testing.assert_close(a, b, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("slope", SURROGATES)
@pytest.mark.parametrize("model", MODELS)
def test_equals_stepping(model, slope, on_gpu):
    x, v = noise(5, 3, 100) + 0.4, noise(3, 100, seed=1)  # more neurons than a program has
    for v_reset in RESETS.values():
        for detach in (False, True):
            node = NODES[model](v_threshold=0.7, v_reset=v_reset, surrogate=SURROGATES[slope], detach_reset=detach)
            assert_same(grads(node, x, v, lambda n, x: n.sequence(x)), grads(node, x, v, functional.stepped))
    assert on_gpu


@pytest.mark.parametrize("model", MODELS)
def test_a_still_input(model, on_gpu):
    x, v = noise(3, 100) + 0.6, noise(3, 100, seed=1)
    node = NODES[model](v_threshold=0.7)
    still = grads(node, x, v, lambda n, x: n.still(x, 4))
    assert_same(still, grads(node, x, v, lambda n, x: functional.stepped(n, x.expand(4, *x.shape))))
    assert on_gpu


@pytest.mark.parametrize("model", ["PLIF", "RIF"])
def test_what_is_learnt_may_stay_on_the_gpu(model, on_gpu):
    x, v, results = noise(5, 3, 100) + 0.4, noise(3, 100, seed=1), []
    for k in (0.3, torch.tensor(0.3)):
        this = plan.Plan(model.lower(), k, 0.7, -0.2, 0.7, SURROGATES["ATan"], False, 5)
        s, v_last = sequence._forward(this, x, v)
        results.append([s, v_last, *sequence._backward(this, x, v, noise(5, 3, 100, seed=2), v, True, True)])
    for a, b in zip(*results, strict=True):
        torch.testing.assert_close(a, b, rtol=1e-6, atol=1e-6)
    assert on_gpu


def test_channels_last_and_only_the_voltage(on_gpu):
    x = (noise(4, 3, 6, 5, 5) + 0.4).flatten(0, 1).contiguous(memory_format=torch.channels_last).unflatten(0, (4, 3))
    gradients = []
    for run in (LIFNode.sequence, functional.stepped):
        node, leaf = LIFNode(), x.clone().requires_grad_()
        run(node, leaf)
        gradients += torch.autograd.grad(node.v.square().sum(), leaf)
    torch.testing.assert_close(*gradients)
    assert on_gpu


MACHINE_CODE = """
import torch
from triton.backends.compiler import GPUTarget
from triton.compiler import ASTSource, compile
from course_snn.kernel import neurons_gpu as loops
from course_snn.kernel.charges import CHARGES

def machine_code(loop, pointers, choices, capability):
    names = loop.arg_names
    whole = {"width": "i32", "x_step": "i32", "v0_step": "i32", "s_step": "i32", "v_step": "i32"}
    kinds = {n: "*fp32" if n in pointers else whole.get(n, "fp32") for n in names if n not in choices}
    source = ASTSource(fn=loop, signature=kinds | dict.fromkeys(choices, "constexpr"), constexprs=choices)
    return compile(source, target=GPUTarget("cuda", capability, 32), options={"enable_fp_fusion": False}).asm

ahead = {"x", "v0", "out", "v_last"}
back = {"x", "v0", "grad_s", "grad_v", "slopes", "hidden", "grad_x", "grad_v0", "sums"}
for capability in (75, 90):
    for name, row in CHARGES.items():
        body, learnt = loops.BODIES[row.number], name not in ("if", "lif")
        k = {"k"} if learnt else set()
        fixed = {"steps": 4, "charged": body.h, "learnt": learnt, "block": 256}
        code = machine_code(loops.forward_kernel, ahead | k, fixed | {"keep_h": False}, capability)
        assert code["cubin"]
        assert "fma.rn" not in code["ptx"]
        for surrogate in range(6):
            slopes = {"slope_in_x": body.dx, "slope_in_v": body.dv, "slope_in_k": body.dk, "surrogate": surrogate}
            options = slopes | {"learn": learnt, "still": name == "if", "need_v0": True}
            assert machine_code(loops.backward_kernel, back | k, fixed | options, capability)["cubin"]
print("compiled")
"""


def test_compiles_for_a_gpu(tmp_path):
    run = [sys.executable, "-W", "ignore", "-c", MACHINE_CODE]
    env = {k: v for k, v in os.environ.items() if k != "TRITON_INTERPRET"} | {"TRITON_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(run, env=env, capture_output=True, text=True)
    assert done.stdout == "compiled\n", done.stderr


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_on_a_gpu():
    x, v = (noise(9, 3, 700) + 0.4).cuda(), noise(3, 700, seed=1).cuda()
    for model, slope, v_reset in itertools.product(MODELS.values(), SURROGATES.values(), RESETS.values()):
        node = model(v_threshold=0.7, v_reset=v_reset, surrogate=slope).cuda()
        assert kernel.fits(node, x)
        assert_same(grads(node, x, v, lambda n, x: n.sequence(x)), grads(node, x, v, functional.stepped))


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_learning_does_not_wait_for_the_gpu():
    x, node = torch.rand(4, 8, 100, device="cuda"), PLIFNode().cuda()
    node.sequence(x)
    node.reset()
    torch.cuda.set_sync_debug_mode("error")
    try:
        node.sequence(x).sum().backward()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert node.w.grad.item() != 0
