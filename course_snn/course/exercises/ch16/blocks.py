"""How a recomputed backward pass is tried: is the gradient that of BPTT, and was a block kept at a time?"""

import torch

from course_snn.course.exercise import Finding

NUM, WIDE = 2, 64
LEVELS = torch.linspace(-2, 2, WIDE)


def _run(w, x, v):
    """Leaky neurons with a soft reset behind fixed features: x [k, N, 4], v [N, 3] -> spikes [k, N, 3], v [N, 3]."""
    spikes = []
    for now in x:
        features = (now.repeat(1, WIDE // 4) + LEVELS).clamp(0, 1)
        v = 0.8 * v + (features[:, None] * w).sum(-1)  # small and element by element: no other threads wait
        soft = torch.sigmoid(4.0 * (v - 1.0))
        spike = soft + ((v >= 1.0).float() - soft).detach()  # 0 or 1, with the gradient of soft
        v = v - spike
        spikes.append(spike)
    return torch.stack(spikes), v


class _Watched:
    """``_run`` that notes how many steps it was given at a time."""

    def __init__(self):
        self.calls = []

    def __call__(self, w, x, v):
        for name, given, dims in (("w", w, 2), ("x", x, 3), ("v", v, 2)):
            if not torch.is_tensor(given) or given.ndim != dims:
                raise Finding(
                    f"run(w, x, v)：{name} 应是 {dims} 维张量。", f"run(w, x, v): {name} should have {dims} dimensions."
                )
        if not len(x):
            raise Finding("run 得到了一段空的 x。", "run was given an empty piece of x.")
        self.calls.append(len(x))
        return _run(w, x, v)


class _Live:
    """Counts the steps whose features autograd holds, and the most of them at a time."""

    def __init__(self):
        self.now = self.most = 0

    def pack(self, tensor):
        return _Held(self, tensor) if tensor.shape == (NUM, 1, WIDE) else tensor


class _Held:
    def __init__(self, live, tensor):
        self.live, self.tensor = live, tensor
        live.now += 1
        live.most = max(live.most, live.now)

    def __del__(self):
        self.live.now -= 1


def _unpack(held):
    return held.tensor if isinstance(held, _Held) else held


def _steps_kept(function, *arguments):
    """Return the most steps that autograd held at a time; 0 where it cannot be watched (``torch.func``)."""
    live = _Live()
    try:
        with torch.autograd.graph.saved_tensors_hooks(live.pack, _unpack):
            function(*arguments)
    except RuntimeError:
        return 0
    return live.most


def _given(T, k):
    chance = torch.Generator().manual_seed(10 * T + k)
    w = (torch.randn(3, WIDE, generator=chance) / 4).requires_grad_()
    x = torch.randn(T, NUM, 4, generator=chance)
    v = torch.randn(NUM, 3, generator=chance)
    return w, x, v, k, torch.randn(T, NUM, 3, generator=chance)


def _bptt(w, x, v, k, grad_y):
    return torch.autograd.grad(_run(w, x, v)[0], w, grad_y)[0]


def tried(answer, sizes):
    """Return the gradient that an answer finds, if it finds the right one by way of blocks.

    Args:
        answer: the learner's function. sizes: T and k, the steps in all and in a block.
    """
    T, k = sizes["T"], sizes["k"]
    w, x, v, _, grad_y = _given(T, k)
    run = _Watched()
    made = answer(run, w, x, v, k, grad_y)
    if made is ... or made is None:
        return made
    was = _given(T, k)
    for name, now, before in zip(("w", "x_seq", "v", "grad_y"), (w, x, v, grad_y), (*was[:3], was[4]), strict=True):
        if not torch.equal(now, before):
            raise Finding(f"{name} 被就地改掉了。", f"{name} was changed in place.")
    want = _bptt(*_given(T, k))
    if torch.is_tensor(made) and made.shape == want.shape and torch.allclose(made, want, rtol=1e-4, atol=1e-4):
        _check_way(run.calls, T, k, _steps_kept(answer, _run, *_given(T, k)))
    return made


def _check_way(calls, T, k, most):
    longest = max(calls, default=0)
    if not calls:
        raise Finding("梯度对，但没有用 run。", "The gradient is right, but run was not used.")
    if longest > k:
        raise Finding(
            f"梯度对，但 run 一次得到了 {longest} 步：每次最多 k = {k} 步，这样内存才不随 T 增长。",
            f"The gradient is right, but run was given {longest} steps at once: at most k = {k}, so that memory does "
            "not grow with T.",
        )
    if most > 2 * k:
        raise Finding(
            f"梯度对，但所有块的计算图同时留着（{most} 步，一块只有 {k} 步）：前向放在 torch.no_grad() 里，"
            "反向时再一块一块地重算。",
            f"The gradient is right, but the graphs of all blocks are kept at once ({most} steps, where a block has "
            f"{k}): do the forward pass under torch.no_grad(), and compute block after block again on the way "
            "back.",
        )
    if sum(calls) > 2 * T:
        raise Finding(
            f"梯度对，但一共跑了 {sum(calls)} 步：前向 T 步，重算 T 步，不应超过 2T = {2 * T}。"
            "块的起始状态在前向时记下来。",
            f"The gradient is right, but it took {sum(calls)} steps: T forward and T again, not "
            f"more than 2T = {2 * T}. Keep the states at the starts of blocks on the way forward.",
        )
