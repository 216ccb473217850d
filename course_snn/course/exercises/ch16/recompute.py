"""Exercise 16.recompute."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises.ch16.blocks import tried


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
            for x in parts:
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
    return recompute(run, w, x_seq[:whole], v, k, grad_y[:whole]) if whole else torch.zeros_like(w)


def _into_grad(run, w, x_seq, v, k, grad_y):
    w.grad = recompute(run, w, x_seq, v, k, grad_y)


def _of_v(run, w, x_seq, v, k, grad_y):
    v = v.clone().requires_grad_()
    return torch.autograd.grad(run(w, x_seq, v)[0], v, grad_y)[0]


def _block(run, w, x, v, grad_y, grad_v):
    v = v.detach().requires_grad_()
    y, end = run(w, x, v)
    return torch.autograd.grad((y[: len(grad_y)], end), (w, v), (grad_y, grad_v))


def _cut_from_the_end(run, w, x_seq, v, k, grad_y):
    T, starts = len(x_seq), [v]
    with torch.no_grad():
        for x in x_seq.split(k)[:-1]:
            starts.append(run(w, x, starts[-1])[1])
    total, grad_v = torch.zeros_like(w), torch.zeros_like(v)
    for n in reversed(range(len(starts))):
        t = max(T - (len(starts) - n) * k, 0)
        new, grad_v = _block(run, w, x_seq[t : t + k], starts[n], grad_y[t : t + k], grad_v)
        total = total + new
    return total


def _one_step_more(run, w, x_seq, v, k, grad_y):
    starts = [v]
    with torch.no_grad():
        for x in x_seq.split(k)[:-1]:
            starts.append(run(w, x, starts[-1])[1])
    total, grad_v = torch.zeros_like(w), torch.zeros_like(v)
    for n in reversed(range(len(starts))):
        t = n * k
        new, grad_v = _block(run, w, x_seq[t : t + k + 1], starts[n], grad_y[t : t + k], grad_v)
        total = total + new
    return total


EXERCISE = Exercise(
    id="16.recompute",
    solution=recompute,
    run=tried,
    cases=tuple(({"T": T, "k": k},) for T, k in ((2, 2), (8, 2), (12, 3), (11, 2), (6, 1), (3, 5))),
    seconds=10.0,
    measured=("返回的梯度", "the gradient that is returned"),
    mistakes=(
        Mistake(
            _backward(carry=lambda grad_v, new: torch.zeros_like(new)),
            "块与块之间的梯度断了：这是截断的 BPTT。一块起始状态的梯度，就是前一块末尾状态的梯度，要传过去："
            "autograd.grad 的输出要两个，(y, end)，梯度也是两个，(grad, grad_v)。",
            "The gradient is cut off between blocks, which is truncated BPTT: the gradient of the state at the "
            "start of "
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
            _backward(begin=lambda v, starts, n: starts[n + 1]),
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
            "The gradients of the state are added up: autograd.grad has already taken the one from behind into "
            "account, "
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
        Mistake(
            _cut_from_the_end,
            "反向时块是从末尾切的，与前向的不同：两次都从头切，第 n 块从第 n·k 步开始，短的是最后一块。",
            "On the way back the blocks are cut from the end, and are others than on the way forward: cut from "
            "the start both times, block n begins with step n·k, and the last is the short one.",
        ),
        Mistake(
            _one_step_more,
            "每块多跑了一步：x_seq[t:t + k + 1] 有 k+1 步，末尾的状态就不是下一块开头的了。",
            "Each block has one step too many: x_seq[t:t + k + 1] has k+1, and the state at its end is not "
            "that at the start of the next.",
        ),
    ),
    hints=(
        (
            "前向：在 torch.no_grad() 里一块一块地跑，只记下每块开头的状态。",
            "Forward: run block after block under torch.no_grad(), and note the state at the start of each only.",
        ),
        (
            "反向：从最后一块开始，start = 记下的状态.detach().requires_grad_()，再跑一次 run，求对 w 和 start "
            "的梯度。",
            "Backward: from the last block on, start = the noted state.detach().requires_grad_(), run once more, and "
            "find the gradients by w and by start.",
        ),
        (
            "torch.autograd.grad((y, end), (w, start), (grad, grad_v)) 一次给出两个梯度；第二个就是前一块的 grad_v，"
            "最后一块的 grad_v 是 0。第一个加起来。",
            "torch.autograd.grad((y, end), (w, start), (grad, grad_v)) gives both; the second is the grad_v of the "
            "block "
            "before, and that of the last block is 0. Add up the first.",
        ),
    ),
)
