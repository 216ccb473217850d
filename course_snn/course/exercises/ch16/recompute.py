"""Exercise 16.recompute."""

import torch

from course_snn.course.exercise import Exercise, Finding, Mistake


def recompute(run, w, x_seq, v, k, grad_y):
    blocks, starts = x_seq.split(k), [v]
    with torch.no_grad():  # forward: nothing is kept but the state at the start of each block
        for x in blocks[:-1]:
            starts.append(run(w, x, starts[-1])[1])
    grad_w, grad_v = torch.zeros_like(w), torch.zeros_like(v)
    for x, start, grad in reversed(list(zip(blocks, starts, grad_y.split(k), strict=True))):
        start = start.detach().requires_grad_()
        y, end = run(w, x, start)  # once more, now with a graph
        grad_block, grad_v = torch.autograd.grad((y, end), (w, start), (grad, grad_v))
        grad_w = grad_w + grad_block
    return grad_w


def _run(w, x, v):
    """Leaky neurons with a soft reset: x [k, N, n], v [N, m] -> spikes [k, N, m], v [N, m]."""
    spikes = []
    for now in x:
        v = 0.8 * v + now @ w.t()
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
    """Counts the tensors that autograd holds, and the most of them at a time."""

    def __init__(self):
        self.now = self.most = 0

    def pack(self, tensor):
        return _Held(self, tensor)


class _Held:
    def __init__(self, live, tensor):
        self.live, self.tensor = live, tensor
        live.now += 1
        live.most = max(live.most, live.now)

    def __del__(self):
        self.live.now -= 1


def _kept(function, *arguments):
    """Return what a function returns, and the most tensors that autograd held for it at a time."""
    live = _Live()
    with torch.autograd.graph.saved_tensors_hooks(live.pack, lambda held: held.tensor):
        return function(*arguments), live.most


def _given(T, k, seed):
    chance = torch.Generator().manual_seed(seed)
    w = torch.randn(3, 4, generator=chance).requires_grad_()
    x = torch.randn(T, 2, 4, generator=chance)
    v = torch.randn(2, 3, generator=chance)
    return w, x, v, k, torch.randn(T, 2, 3, generator=chance)


def _tried(answer, T, k, seed):
    w, x, v, k, grad_y = _given(T, k, seed)
    run = _Watched()
    made, most = _kept(answer, run, w, x, v, k, grad_y)
    if made is ... or made is None:
        return made
    changed = [n for n, now, then in zip("w x_seq v k grad_y".split(), (w, x, v, k, grad_y), _given(T, k, seed), strict=True)
               if n != "k" and not torch.equal(now, then)]  # fmt: skip
    if changed:
        raise Finding(f"{changed[0]} 被就地改掉了。", f"{changed[0]} was changed in place.")
    want = recompute(_run, *_given(T, k, seed))
    if torch.is_tensor(made) and made.shape == want.shape and torch.allclose(made, want, rtol=1e-4, atol=1e-4):
        _check_memory(run.calls, T, k, most)
    return made


def _check_memory(calls, T, k, most):
    longest = max(calls, default=0)
    if not calls:
        raise Finding("梯度对，但没有用 run。", "The gradient is right, but run was not used.")
    if longest > k:
        raise Finding(
            f"梯度对，但 run 一次得到了 {longest} 步：每次最多 k = {k} 步，这样内存才不随 T 增长。",
            f"The gradient is right, but run was given {longest} steps at once: at most k = {k}, so that memory does "
            "not grow with T.",
        )
    w, x, v, k, grad_y = _given(T, k, 0)
    _, block = _kept(lambda: _run(w, x[:k], v.requires_grad_()))
    if most > 2 * block + 4 and T > 3 * k:
        raise Finding(
            f"梯度对，但所有块的计算图同时留着（{most} 个张量，一块只有 {block} 个）：前向放在 torch.no_grad() 里，"
            "反向时再一块一块地重算。",
            f"The gradient is right, but the graphs of all blocks are kept at once ({most} tensors, where a block has "
            f"{block}): do the forward pass under torch.no_grad(), and compute block after block again on the way "
            "back.",
        )
    if sum(calls) > 2 * T:
        raise Finding(
            f"梯度对，但一共跑了 {sum(calls)} 步：前向 T 步，重算 T 步，不应超过 2T = {2 * T}。"
            "块的起始状态在前向时记下来。",
            f"The gradient is right, but it took {sum(calls)} steps: T forward and T again, not "
            f"more than 2T = {2 * T}. Keep the states at the starts of blocks on the way forward.",
        )


def _backward(
    carry=lambda grad_v, new: new,
    begin=lambda v, starts, n: starts[n],
    blocks=reversed,
    collect=lambda total, new, n: total + new,
    grads=lambda grad_y, k, n: grad_y[n * k : (n + 1) * k],
    first=lambda v: torch.zeros_like(v),
    reads=lambda grad, y: grad,
):
    """``recompute`` with one thing done wrong."""

    def answer(run, w, x_seq, v, k, grad_y):
        parts, starts = x_seq.split(k), [v]
        with torch.no_grad():
            for x in parts[:-1]:
                starts.append(run(w, x, starts[-1])[1])
        total, grad_v = torch.zeros_like(w), first(v)
        for n in blocks(range(len(parts))):
            start = begin(v, starts, n).detach().requires_grad_()
            y, end = run(w, parts[n], start)
            given = reads(grads(grad_y, k, n), y), grad_v
            new_w, new_v = torch.autograd.grad((y, end), (w, start), given)
            total, grad_v = collect(total, new_w, n), carry(grad_v, new_v)
        return total

    return answer


def _bptt(run, w, x_seq, v, k, grad_y):
    return torch.autograd.grad(run(w, x_seq, v)[0], w, grad_y)[0]


def _blocks_kept(run, w, x_seq, v, k, grad_y):
    ys = []
    for x in x_seq.split(k):
        y, v = run(w, x, v)
        ys.append(y)
    return torch.autograd.grad(torch.cat(ys), w, grad_y)[0]


def _from_the_start(run, w, x_seq, v, k, grad_y):
    total, grad_v = torch.zeros_like(w), torch.zeros_like(v)
    for begin in reversed(range(0, len(x_seq), k)):
        start = v
        with torch.no_grad():
            for x in x_seq[:begin].split(k) if begin else ():
                start = run(w, x, start)[1]
        start = start.detach().requires_grad_()
        outs = run(w, x_seq[begin : begin + k], start)
        new, grad_v = torch.autograd.grad(outs, (w, start), (grad_y[begin : begin + k], grad_v))
        total = total + new
    return total


def _drops_the_rest(run, w, x_seq, v, k, grad_y):
    whole = len(x_seq) // k * k
    return recompute(run, w, x_seq[:whole], v, k, grad_y[:whole])


def _into_grad(run, w, x_seq, v, k, grad_y):
    w.grad = recompute(run, w, x_seq, v, k, grad_y)


def _of_v(run, w, x_seq, v, k, grad_y):
    v = v.clone().requires_grad_()
    return torch.autograd.grad(run(w, x_seq, v)[0], v, grad_y)[0]


EXERCISE = Exercise(
    id="16.recompute",
    solution=recompute,
    run=_tried,
    cases=((2, 2, 1), (8, 2, 2), (12, 3, 3), (11, 2, 4), (6, 1, 5), (3, 5, 6)),
    seconds=10.0,
    measured=("返回的梯度", "the gradient that is returned"),
    mistakes=(
        Mistake(
            _backward(carry=lambda grad_v, new: torch.zeros_like(new)),
            "块与块之间的梯度断了：这是截断的 BPTT。一块起始状态的梯度，就是前一块末尾状态的梯度，要传过去："
            "autograd.grad 的输出要两个，(y, end)，梯度也是两个，(grad, grad_v)。",
            "The gradient is cut off between blocks, which is truncated BPTT: the gradient of the state at the start of "
            "a block is that of the state at the end of the block before, so hand it on. Give autograd.grad two "
            "outputs, (y, end), and two gradients, (grad, grad_v).",
        ),
        Mistake(
            _backward(begin=lambda v, starts, n: torch.zeros_like(v)),
            "每一块都从 0 开始了：要从这一块开头时的状态开始，前向时记下来的。",
            "Every block begins with zeros: begin with the state at the start of the block, noted on the way forward.",
        ),
        Mistake(
            _backward(begin=lambda v, starts, n: v),
            "每一块都从 v 开始了：v 只是第一块的起始状态，后面的在前向时记下来。",
            "Every block begins with v, which is the start of the first only: note the others on the way forward.",
        ),
        Mistake(
            _backward(begin=lambda v, starts, n: starts[max(n - 1, 0)]),
            "起始状态错了一块：第 n 块从第 n-1 块末尾的状态开始。",
            "The states are off by one block: block n begins with the state at the end of block n-1.",
        ),
        Mistake(
            _backward(begin=lambda v, starts, n: starts[min(n + 1, len(starts) - 1)]),
            "起始状态错了一块：用这一块开头的，不是末尾的。",
            "The states are off by one block: use the one at the start of the block, not at its end.",
        ),
        Mistake(
            _backward(blocks=iter),
            "反向要从最后一块往前走：梯度是从后往前传的。",
            "Go backwards from the last block: gradients travel from the end to the start.",
        ),
        Mistake(
            _backward(collect=lambda total, new, n: new),
            "只留下了第一块的：w 在每一块里都用到，各块的梯度要相加。",
            "Only the first block is left: w is used in each of them, so add the gradients up.",
        ),
        Mistake(
            _backward(collect=lambda total, new, n: total + new / 1 if n else total),
            "少了第一块：每一块的梯度都要加进去。",
            "The first block is missing: add the gradients of all blocks.",
        ),
        Mistake(
            lambda run, w, x_seq, v, k, grad_y: recompute(run, w, x_seq, v, k, grad_y) / -(-len(x_seq) // k),
            "各块的梯度要相加，不是平均。",
            "Add the gradients of the blocks; do not average them.",
        ),
        Mistake(
            _backward(carry=lambda grad_v, new: grad_v + new),
            "状态的梯度累加了：autograd.grad 已经把后面传来的算进去，直接换成新的。",
            "The gradients of the state are added up: autograd.grad has already taken the one from behind into account, "
            "so replace it.",
        ),
        Mistake(
            _backward(first=torch.ones_like),
            "最后一块之后没有损失：grad_v 从 0 开始，不是 1。",
            "There is no loss behind the last block: grad_v begins with 0, not with 1.",
        ),
        Mistake(
            _backward(reads=lambda grad, y: torch.ones_like(y)),
            "没有用 grad_y：输出的梯度是给定的，不都是 1。",
            "grad_y is not used: the gradient of the outputs is given, and not 1 everywhere.",
        ),
        Mistake(
            _backward(grads=lambda grad_y, k, n: grad_y[: len(grad_y[n * k : (n + 1) * k])]),
            "每一块都用了 grad_y 开头的几步：它也要像 x_seq 那样分块。",
            "Every block takes the first steps of grad_y: split it just as x_seq.",
        ),
        Mistake(
            _drops_the_rest,
            "T 不一定是 k 的倍数：最后一块短一些，也要算。",
            "T need not be a multiple of k: the last block is shorter, and counts, too.",
        ),
        Mistake(
            _bptt,
            "梯度对，但整个序列一次算完，计算图有 T 步：每次只给 run 一块，最多 k 步。",
            "The gradient is right, but the whole sequence is computed at once, with a graph of T steps: give run one "
            "block at a time, at most k steps.",
        ),
        Mistake(
            _blocks_kept,
            "梯度对，但各块的计算图都留着，内存和 BPTT 一样：前向放在 torch.no_grad() 里，反向时重算。",
            "The gradient is right, but the graphs of all blocks are kept, as in BPTT: do the forward pass under "
            "torch.no_grad(), and compute the blocks again on the way back.",
        ),
        Mistake(
            _from_the_start,
            "梯度对，但每一块都从头重跑：块的起始状态在前向时记下来，就只要 2T 步。",
            "The gradient is right, but for each block all is run from the start: note the states at the starts of "
            "blocks on the way forward, and 2T steps are enough.",
        ),
        Mistake(
            _into_grad,
            "没有返回什么：把梯度返回出来，w.grad 里的不算。",
            "Nothing came back: return the gradient; what lies in w.grad does not count.",
        ),
        Mistake(
            lambda run, w, x_seq, v, k, grad_y: (recompute(run, w, x_seq, v, k, grad_y),),
            "返回的是元组：torch.autograd.grad 总是给元组，取第 0 个。",
            "A tuple came back: torch.autograd.grad always gives one, so take its item 0.",
        ),
        Mistake(
            _of_v,
            "这是对 v 的梯度：要对 w 的。",
            "That is the gradient by v: wanted is the one by w.",
        ),
        Mistake(
            lambda run, w, x_seq, v, k, grad_y: -recompute(run, w, x_seq, v, k, grad_y),
            "符号反了：要的是梯度，不是更新的方向。",
            "The sign is wrong: wanted is the gradient, not the direction of the update.",
        ),
    ),
    hints=(
        (
            "前向：在 torch.no_grad() 里一块一块地跑，只记下每块开头的状态。",
            "Forward: run block after block under torch.no_grad(), and note the state at the start of each only.",
        ),
        (
            "反向：从最后一块开始，start = 记下的状态.detach().requires_grad_()，再跑一次 run，求对 w 和 start 的梯度。",
            "Backward: from the last block on, start = the noted state.detach().requires_grad_(), run once more, and "
            "find the gradients by w and by start.",
        ),
        (
            "torch.autograd.grad((y, end), (w, start), (grad, grad_v)) 一次给出两个梯度；第二个就是前一块的 grad_v，"
            "最后一块的 grad_v 是 0。第一个加起来。",
            "torch.autograd.grad((y, end), (w, start), (grad, grad_v)) gives both; the second is the grad_v of the block "
            "before, and that of the last block is 0. Add up the first.",
        ),
    ),
)
