# %% 16.activations wrong: everything times T
import math


def activations(layers, shape, T, batch, width):
    total = 0
    for layer in layers:
        total += math.prod(shape) * T * batch * width
        if layer[0] == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        if layer[0] == "pool":
            shape = (shape[0], shape[1] // layer[1], shape[2] // layer[1])
            total += math.prod(shape) * T * batch * 8
        if layer[0] == "linear":
            shape = (layer[1],)
    return total

# %% 16.activations wrong: the first neuron's input counted T times
import math


def activations(layers, shape, T, batch, width):
    total, seen = 0, False
    for layer in layers:
        if layer[0] == "neuron":
            seen = True
        copies = T if seen else 1
        total += copies * batch * math.prod(shape) * width
        if layer[0] == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        if layer[0] == "pool":
            shape = (shape[0], shape[1] // layer[1], shape[2] // layer[1])
            total += copies * batch * math.prod(shape) * 8
        if layer[0] == "linear":
            shape = (layer[1],)
    return total

# %% 16.activations wrong: the batch is forgotten
def activations(layers, shape, T, batch, width):
    n = 1
    for s in shape:
        n *= s
    total, copies = 0, 1
    for kind, *rest in layers:
        total += copies * n * width
        if kind == "conv":
            c, k, p = rest
            shape = c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1
        elif kind == "pool":
            shape = shape[0], shape[1] // rest[0], shape[2] // rest[0]
        elif kind == "linear":
            shape = (rest[0],)
        elif kind == "neuron":
            copies = T
        n = 1
        for s in shape:
            n *= s
        if kind == "pool":
            total += copies * n * 8
    return total

# %% 16.activations wrong: no positions of the pooling
import math


def activations(layers, shape, T, batch, width):
    sizes, copies = [], 1
    for kind, *rest in layers:
        sizes.append(copies * math.prod(shape))
        if kind == "conv":
            shape = [rest[0]] + [s + 2 * rest[2] - rest[1] + 1 for s in shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // rest[0] for s in shape[1:]]
        elif kind == "linear":
            shape = rest
        else:
            copies = T
    return sum(sizes) * batch * width

# %% 16.activations wrong: positions as wide as the numbers
import math


def activations(layers, shape, T, batch, width):
    count, copies = 0, 1
    for kind, *rest in layers:
        count += copies * math.prod(shape)
        if kind == "conv":
            shape = [rest[0]] + [s + 2 * rest[2] - rest[1] + 1 for s in shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // rest[0] for s in shape[1:]]
            count += copies * math.prod(shape)
        elif kind == "linear":
            shape = rest
        else:
            copies = T
    return count * batch * width

# %% 16.activations wrong: outputs instead of inputs
import math


def activations(layers, shape, T, batch, width):
    total, copies = 0, 1
    for kind, *rest in layers:
        if kind == "conv":
            shape = [rest[0]] + [s + 2 * rest[2] - rest[1] + 1 for s in shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // rest[0] for s in shape[1:]]
            total += copies * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = rest
        else:
            copies = T
        total += copies * batch * math.prod(shape) * width
    return total

# %% 16.activations wrong: the output of the net as well
import math


def activations(layers, shape, T, batch, width):
    total, copies = 0, 1
    for kind, *rest in layers:
        total += copies * batch * math.prod(shape) * width
        if kind == "conv":
            shape = [rest[0]] + [s + 2 * rest[2] - rest[1] + 1 for s in shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // rest[0] for s in shape[1:]]
            total += copies * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = rest
        else:
            copies = T
    return total + copies * batch * math.prod(shape) * width

# %% 16.activations wrong: numbers instead of bytes
import math


def activations(layers, shape, T, batch, width):
    total, copies = 0, 1
    for kind, *rest in layers:
        total += copies * batch * math.prod(shape)
        if kind == "conv":
            shape = [rest[0]] + [s + 2 * rest[2] - rest[1] + 1 for s in shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // rest[0] for s in shape[1:]]
            total += copies * batch * math.prod(shape)
        elif kind == "linear":
            shape = rest
        else:
            copies = T
    return total

# %% 16.activations wrong: conv does not change the size
import math


def activations(layers, shape, T, batch, width):
    total, copies = 0, 1
    for kind, *rest in layers:
        total += copies * batch * math.prod(shape) * width
        if kind == "conv":
            shape = [rest[0], *shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // rest[0] for s in shape[1:]]
            total += copies * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = rest
        else:
            copies = T
    return total

# %% 16.activations wrong: a float
import math


def activations(layers, shape, T, batch, width):
    total, copies = 0.0, 1
    for kind, *rest in layers:
        total += copies * batch * math.prod(shape) * width
        if kind == "conv":
            shape = [rest[0]] + [s + 2 * rest[2] - rest[1] + 1 for s in shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // rest[0] for s in shape[1:]]
            total += copies * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = rest
        else:
            copies = T
    return total

# %% 16.activations wrong: pool halves whatever is given
import math


def activations(layers, shape, T, batch, width):
    total, copies = 0, 1
    for kind, *rest in layers:
        total += copies * batch * math.prod(shape) * width
        if kind == "conv":
            shape = [rest[0]] + [s + 2 * rest[2] - rest[1] + 1 for s in shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // 2 for s in shape[1:]]
            total += copies * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = rest
        else:
            copies = T
    return total

# %% 16.activations wrong: positions before the pool shrinks
import math


def activations(layers, shape, T, batch, width):
    total, copies = 0, 1
    for kind, *rest in layers:
        total += copies * batch * math.prod(shape) * (width + 8 * (kind == "pool"))
        if kind == "conv":
            shape = [rest[0]] + [s + 2 * rest[2] - rest[1] + 1 for s in shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // rest[0] for s in shape[1:]]
        elif kind == "linear":
            shape = rest
        else:
            copies = T
    return total

# %% 16.activations wrong: crashes at a neuron
import math


def activations(layers, shape, T, batch, width):
    total = 0
    for kind, a, *rest in layers:
        total += batch * T * math.prod(shape) * width
    return total

# %% 16.activations wrong: only neurons count
import math


def activations(layers, shape, T, batch, width):
    total, copies = 0, 1
    for kind, *rest in layers:
        if kind == "conv":
            shape = [rest[0]] + [s + 2 * rest[2] - rest[1] + 1 for s in shape[1:]]
        elif kind == "pool":
            shape = [shape[0]] + [s // rest[0] for s in shape[1:]]
        elif kind == "linear":
            shape = rest
        else:
            total += copies * batch * math.prod(shape) * width
            copies = T
    return total

# %% 16.activations right: layers built in torch on the meta device
import torch
from torch import nn


def activations(layers, shape, T, batch, width):
    x, total, copies = torch.empty(1, *shape, device="meta"), 0, 1
    for layer in layers:
        total += x.numel() * copies * batch * width
        if layer[0] == "conv":
            x = nn.Conv2d(x.shape[1], layer[1], layer[2], padding=layer[3], device="meta")(x)
        elif layer[0] == "pool":
            x = nn.functional.avg_pool2d(x, layer[1])
            total += x.numel() * copies * batch * 8
        elif layer[0] == "linear":
            x = x.new_empty(1, layer[1])
        elif layer[0] == "neuron":
            copies = T
    return total

# %% 16.activations right: a recursion
def activations(layers, shape, T, batch, width, copies=1):
    if not layers:
        return 0
    (kind, *how), *others = layers
    size = lambda dims: dims[0] * size(dims[1:]) if dims else 1
    here = copies * batch * size(list(shape)) * width
    if kind == "linear":
        after = (how[0],)
    elif kind == "conv":
        after = (how[0], shape[1] + 2 * how[2] - how[1] + 1, shape[2] + 2 * how[2] - how[1] + 1)
    elif kind == "pool":
        after = (shape[0], shape[1] // how[0], shape[2] // how[0])
        here += copies * batch * size(list(after)) * 8
    else:
        after, copies = shape, T
    return here + activations(others, after, T, batch, width, copies)

# %% 16.activations right: numpy whole numbers
import numpy as np


def activations(layers, shape, T, batch, width):
    shape, copies, total = np.array(shape), 1, np.int64(0)
    for layer in layers:
        total += copies * shape.prod() * width
        match layer:
            case ("conv", c, k, p):
                shape = np.concatenate([[c], shape[1:] + 2 * p - k + 1])
            case ("pool", k):
                shape = np.concatenate([shape[:1], shape[1:] // k])
                total += copies * shape.prod() * 8
            case ("linear", n):
                shape = np.array([n])
            case _:
                copies = T
    return total * batch

# %% 16.activations right: two lists, then a sum
import math


def activations(layers, shape, T, batch, width):
    first = [layer[0] for layer in layers].index("neuron")
    shapes = [tuple(shape)]
    for kind, *rest in layers:
        s = shapes[-1]
        if kind == "conv":
            s = (rest[0], *[d + 2 * rest[2] - rest[1] + 1 for d in s[1:]])
        elif kind == "pool":
            s = (s[0], *[d // rest[0] for d in s[1:]])
        elif kind == "linear":
            s = tuple(rest)
        shapes.append(s)
    inputs = sum(math.prod(s) * (1 if i <= first else T) for i, s in enumerate(shapes[:-1])) * batch * width
    places = sum(
        math.prod(shapes[i + 1]) * (1 if i <= first else T) for i, layer in enumerate(layers) if layer[0] == "pool"
    )
    return inputs + places * batch * 8

# %% 16.activations right: a tensor
import math


def activations(layers, shape, T, batch, width):
    kept, copies = torch.zeros((), dtype=torch.long), 1
    for kind, *rest in layers:
        kept += copies * batch * math.prod(shape) * width
        if kind == "conv":
            shape = (rest[0], *((d + 2 * rest[2] - rest[1]) // 1 + 1 for d in shape[1:]))
        if kind == "pool":
            shape = (shape[0], shape[1] // rest[0], shape[2] // rest[0])
            kept += copies * batch * math.prod(shape) * 8
        if kind == "linear":
            shape = (rest[0],)
        if kind == "neuron":
            copies = T
    return kept

# %% 16.recompute wrong: plain BPTT
def recompute(run, w, x_seq, v, k, grad_y):
    y, _ = run(w, x_seq, v)
    return torch.autograd.grad(y, w, grad_y)[0]

# %% 16.recompute wrong: truncated
def recompute(run, w, x_seq, v, k, grad_y):
    total = torch.zeros_like(w)
    for x, g in zip(x_seq.split(k), grad_y.split(k)):
        y, v = run(w, x, v.detach())
        total += torch.autograd.grad(y, w, g)[0]
    return total

# %% 16.recompute wrong: the graph of all blocks is kept
def recompute(run, w, x_seq, v, k, grad_y):
    loss = 0
    for x, g in zip(x_seq.split(k), grad_y.split(k)):
        y, v = run(w, x, v)
        loss = loss + (y * g).sum()
    return torch.autograd.grad(loss, w)[0]

# %% 16.recompute wrong: the states are all zero
def recompute(run, w, x_seq, v, k, grad_y):
    gv = torch.zeros_like(v)
    total = torch.zeros_like(w)
    for x, g in list(zip(x_seq.split(k), grad_y.split(k)))[::-1]:
        s = torch.zeros_like(v, requires_grad=True)
        y, e = run(w, x, s)
        gw, gv = torch.autograd.grad([y, e], [w, s], [g, gv])
        total += gw
    return total

# %% 16.recompute wrong: forwards through the blocks
def recompute(run, w, x_seq, v, k, grad_y):
    gv = torch.zeros_like(v)
    total = torch.zeros_like(w)
    for x, g in zip(x_seq.split(k), grad_y.split(k)):
        s = v.detach().requires_grad_()
        y, v = run(w, x, s)
        gw, gv = torch.autograd.grad([y, v], [w, s], [g, gv])
        total += gw
    return total

# %% 16.recompute wrong: only the last gradient is returned
def recompute(run, w, x_seq, v, k, grad_y):
    xs, gs = x_seq.split(k), grad_y.split(k)
    starts = [v]
    with torch.no_grad():
        for x in xs:
            starts.append(run(w, x, starts[-1])[1])
    gv = torch.zeros_like(v)
    for i in range(len(xs) - 1, -1, -1):
        s = starts[i].detach().requires_grad_()
        y, e = run(w, xs[i], s)
        gw, gv = torch.autograd.grad((y, e), (w, s), (gs[i], gv))
    return gw

# %% 16.recompute wrong: the last short block is left out
def recompute(run, w, x_seq, v, k, grad_y):
    n = len(x_seq) // k
    starts = [v]
    with torch.no_grad():
        for i in range(n):
            starts.append(run(w, x_seq[i * k : i * k + k], starts[-1])[1])
    gv, total = torch.zeros_like(v), torch.zeros_like(w)
    for i in reversed(range(n)):
        s = starts[i].detach().requires_grad_()
        out = run(w, x_seq[i * k : i * k + k], s)
        gw, gv = torch.autograd.grad(out, (w, s), (grad_y[i * k : i * k + k], gv))
        total = total + gw
    return total

# %% 16.recompute wrong: w.grad and nothing returned
def recompute(run, w, x_seq, v, k, grad_y):
    y, _ = run(w, x_seq, v)
    y.backward(grad_y)

# %% 16.recompute wrong: no graph at all
def recompute(run, w, x_seq, v, k, grad_y):
    with torch.no_grad():
        y, _ = run(w, x_seq[:k], v)
        return torch.autograd.grad(y, w, grad_y[:k])[0]

# %% 16.recompute wrong: the state does not ask for a gradient
def recompute(run, w, x_seq, v, k, grad_y):
    xs, gs = x_seq.split(k), grad_y.split(k)
    starts = [v]
    with torch.no_grad():
        for x in xs[:-1]:
            starts.append(run(w, x, starts[-1])[1])
    gv, total = torch.zeros_like(v), torch.zeros_like(w)
    for x, s, g in reversed(list(zip(xs, starts, gs))):
        y, e = run(w, x, s)
        gw, gv = torch.autograd.grad((y, e), (w, s), (g, gv))
        total += gw
    return total

# %% 16.recompute wrong: each block from the start of time
def recompute(run, w, x_seq, v, k, grad_y):
    gv, total = torch.zeros_like(v), torch.zeros_like(w)
    xs, gs = x_seq.split(k), grad_y.split(k)
    for i in range(len(xs))[::-1]:
        s = v
        with torch.no_grad():
            for x in xs[:i]:
                _, s = run(w, x, s)
        s = s.clone().requires_grad_()
        gw, gv = torch.autograd.grad(run(w, xs[i], s), (w, s), (gs[i], gv))
        total += gw
    return total

# %% 16.recompute wrong: the mean over the blocks
def recompute(run, w, x_seq, v, k, grad_y):
    xs, gs = x_seq.split(k), grad_y.split(k)
    starts = [v]
    with torch.no_grad():
        for x in xs[:-1]:
            starts.append(run(w, x, starts[-1])[1])
    gv, found = torch.zeros_like(v), []
    for x, s, g in reversed(list(zip(xs, starts, gs))):
        s = s.detach().requires_grad_()
        gw, gv = torch.autograd.grad(run(w, x, s), (w, s), (g, gv))
        found.append(gw)
    return torch.stack(found).mean(0)

# %% 16.recompute wrong: a tuple from autograd.grad
from torch.utils.checkpoint import checkpoint


def recompute(run, w, x_seq, v, k, grad_y):
    out = []
    for x in x_seq.split(k):
        y, v = checkpoint(run, w, x, v, use_reentrant=False)
        out.append(y)
    return torch.autograd.grad(torch.cat(out), w, grad_y)

# %% 16.recompute wrong: the gradient of the sum of outputs
from torch.utils.checkpoint import checkpoint


def recompute(run, w, x_seq, v, k, grad_y):
    out = []
    for x in x_seq.split(k):
        y, v = checkpoint(run, w, x, v, use_reentrant=False)
        out.append(y)
    return torch.autograd.grad(torch.cat(out).sum(), w)[0]

# %% 16.recompute right: torch's own checkpoint
from torch.utils.checkpoint import checkpoint


def recompute(run, w, x_seq, v, k, grad_y):
    out = []
    for x in x_seq.split(k):
        y, v = checkpoint(run, w, x, v, use_reentrant=False)
        out.append(y)
    return torch.autograd.grad(torch.cat(out), w, grad_y)[0]

# %% 16.recompute right: backward into w.grad
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    notes = {0: v}
    with torch.no_grad():
        for t in range(0, T, k):
            notes[t + k] = run(w, x_seq[t : t + k], notes[t])[1]
    later = torch.zeros_like(v)
    for t in reversed(range(0, T, k)):
        start = notes[t].clone().requires_grad_(True)
        y, end = run(w, x_seq[t : t + k], start)
        ((y * grad_y[t : t + k]).sum() + (end * later).sum()).backward()
        later = start.grad
    return w.grad

# %% 16.recompute right: a recursion
def recompute(run, w, x_seq, v, k, grad_y):
    def back(x_seq, grad_y, v):
        if len(x_seq) == 0:
            return torch.zeros_like(w), torch.zeros_like(v)
        with torch.no_grad():
            _, nxt = run(w, x_seq[:k], v)
        gw_later, gv_later = back(x_seq[k:], grad_y[k:], nxt)
        start = v.detach().requires_grad_()
        y, end = run(w, x_seq[:k], start)
        gw, gv = torch.autograd.grad((y, end), (w, start), (grad_y[:k], gv_later))
        return gw + gw_later, gv

    return back(x_seq, grad_y, v)[0]

# %% 16.recompute right: a vector-Jacobian product
def recompute(run, w, x_seq, v, k, grad_y):
    blocks = list(zip(x_seq.split(k), grad_y.split(k)))
    starts = []
    with torch.no_grad():
        for x, _ in blocks:
            starts.append(v)
            v = run(w, x, v)[1]
    total, after = 0, torch.zeros_like(v)
    while blocks:
        x, g = blocks.pop()
        _, back = torch.func.vjp(lambda w, s: run(w, x, s), w.detach(), starts.pop())
        gw, after = back((g, after))
        total = total + gw
    return total

# %% 16.recompute right: an autograd function of its own
class Block(torch.autograd.Function):
    @staticmethod
    def forward(ctx, run, w, x, v):
        ctx.run = run
        ctx.save_for_backward(w, x, v)
        return run(w, x, v)

    @staticmethod
    def backward(ctx, gy, gv):
        w, x, v = ctx.saved_tensors
        with torch.enable_grad():
            w, v = w.detach().requires_grad_(), v.detach().requires_grad_()
            y, end = ctx.run(w, x, v)
        gw, gv = torch.autograd.grad((y, end), (w, v), (gy, gv))
        return None, gw, None, gv


def recompute(run, w, x_seq, v, k, grad_y):
    ys = []
    for x in x_seq.split(k):
        y, v = Block.apply(run, w, x, v)
        ys.append(y)
    return torch.autograd.grad(torch.cat(ys), w, grad_y)[0]

# %% 16.ring wrong: the sum without the ring
def ring(parts, shift):
    total = [sum(row[c] for row in parts) for c in range(len(parts))]
    return [total for _ in parts]

# %% 16.ring wrong: only the first half
def ring(parts, shift):
    R = len(parts)
    parts = [list(p) for p in parts]
    for s in range(R - 1):
        came = shift([parts[r][(r - s) % R] for r in range(R)])
        for r in range(R):
            parts[r][(r - s - 1) % R] = parts[r][(r - s - 1) % R] + came[r]
    return parts

# %% 16.ring wrong: adds in the second half, too
def ring(parts, shift):
    R = len(parts)
    parts = [list(p) for p in parts]
    for s in range(2 * (R - 1)):
        came = shift([parts[r][(r - s) % R] for r in range(R)])
        for r in range(R):
            parts[r][(r - s - 1) % R] = parts[r][(r - s - 1) % R] + came[r]
    return parts

# %% 16.ring wrong: the mean
def ring(parts, shift):
    R = len(parts)
    parts = [list(p) for p in parts]
    for s in range(2 * (R - 1)):
        came = shift([parts[r][(r - s) % R] for r in range(R)])
        for r in range(R):
            c = (r - s - 1) % R
            parts[r][c] = parts[r][c] + came[r] if s < R - 1 else came[r]
    return [[chunk / R for chunk in row] for row in parts]

# %% 16.ring wrong: whole vectors go round
def ring(parts, shift):
    R = len(parts)
    lengths = [len(chunk) for chunk in parts[0]]
    mine = [torch.cat(row) for row in parts]
    total, moving = list(mine), list(mine)
    for _ in range(R - 1):
        moving = shift(moving)
        total = [a + b for a, b in zip(total, moving)]
    return [list(t.split(lengths)) for t in total]

# %% 16.ring wrong: changes parts
def ring(parts, shift):
    R = len(parts)
    for s in range(2 * (R - 1)):
        came = shift([parts[r][(r - s) % R] for r in range(R)])
        for r in range(R):
            c = (r - s - 1) % R
            parts[r][c] = parts[r][c] + came[r] if s < R - 1 else came[r]
    return parts

# %% 16.ring wrong: changes the tensors
def ring(parts, shift):
    R = len(parts)
    parts = [list(p) for p in parts]
    for s in range(R - 1):
        came = shift([parts[r][(r - s) % R] for r in range(R)])
        for r in range(R):
            parts[r][(r - s - 1) % R] += came[r]
    for s in range(R - 1):
        came = shift([parts[r][(r + 1 - s) % R] for r in range(R)])
        for r in range(R):
            parts[r][(r - s) % R] = came[r]
    return parts

# %% 16.ring wrong: chunk after chunk
def ring(parts, shift):
    R = len(parts)
    out = [list(p) for p in parts]
    for c in range(R):
        moving = [row[c] for row in parts]
        for _ in range(R - 1):
            moving = shift(moving)
            for r in range(R):
                out[r][c] = out[r][c] + moving[r]
    return out

# %% 16.ring wrong: from the right neighbour
def ring(parts, shift):
    R = len(parts)
    parts = [list(p) for p in parts]
    for s in range(2 * (R - 1)):
        came = shift([parts[r][(r + s) % R] for r in range(R)])
        for r in range(R):
            c = (r + s + 1) % R
            parts[r][c] = parts[r][c] + came[r] if s < R - 1 else came[r]
    return parts

# %% 16.ring wrong: a round too many
def ring(parts, shift):
    R = len(parts)
    parts = [list(p) for p in parts]
    for s in range(R):
        came = shift([parts[r][(r - s) % R] for r in range(R)])
        for r in range(R):
            parts[r][(r - s - 1) % R] = parts[r][(r - s - 1) % R] + came[r]
    for s in range(R):
        came = shift([parts[r][(r + 1 - s) % R] for r in range(R)])
        for r in range(R):
            parts[r][(r - s) % R] = came[r]
    return parts

# %% 16.ring wrong: one tensor for a rank
def ring(parts, shift):
    R = len(parts)
    parts = [list(p) for p in parts]
    for s in range(2 * (R - 1)):
        came = shift([parts[r][(r - s) % R] for r in range(R)])
        for r in range(R):
            c = (r - s - 1) % R
            parts[r][c] = parts[r][c] + came[r] if s < R - 1 else came[r]
    return torch.cat(parts[0])

# %% 16.ring wrong: shift of a single chunk
def ring(parts, shift):
    parts = [list(p) for p in parts]
    for s in range(len(parts) - 1):
        for r in range(len(parts)):
            parts[r][s] = parts[r][s] + shift(parts[r][s])
    return parts

# %% 16.ring wrong: idle rounds, and the sum by peeping
def ring(parts, shift):
    R = len(parts)
    for s in range(2 * (R - 1)):
        shift([row[s % R] for row in parts])
    return [[sum(row[c] for row in parts) for c in range(R)] for _ in range(R)]

# %% 16.ring wrong: the same number on all ranks
def ring(parts, shift):
    R = len(parts)
    parts = [list(p) for p in parts]
    for s in range(2 * (R - 1)):
        c = s % R
        came = shift([parts[r][c] for r in range(R)])
        for r in range(R):
            parts[r][c] = parts[r][c] + came[r] if s < R - 1 else came[r]
    return parts

# %% 16.ring right: one loop for both halves
def ring(parts, shift):
    R = len(parts)
    parts = [list(p) for p in parts]
    for s in range(2 * (R - 1)):
        came = shift([parts[r][(r - s) % R] for r in range(R)])
        for r in range(R):
            c = (r - s - 1) % R
            parts[r][c] = parts[r][c] + came[r] if s < R - 1 else came[r]
    return parts

# %% 16.ring right: whole sum of chunk r ends on rank r
def ring(parts, shift):
    size = len(parts)
    data = [[chunk.clone() for chunk in row] for row in parts]
    for step in range(1, size):
        messages = [data[r][(r - step) % size] for r in range(size)]
        for r, message in enumerate(shift(messages)):
            data[r][(r - 1 - step) % size] += message
    for step in range(size - 1):
        messages = [data[r][(r - step) % size] for r in range(size)]
        for r, message in enumerate(shift(messages)):
            data[r][(r - 1 - step) % size] = message
    return data

# %% 16.ring right: messages are carried along
def ring(parts, shift):
    n = len(parts)
    result = [[None] * n for _ in parts]
    moving = [parts[r][r] for r in range(n)]
    for s in range(1, n):
        arrived = shift(moving)
        moving = [arrived[r] + parts[r][(r - s) % n] for r in range(n)]
    for s in range(n):
        for r in range(n):
            result[r][(r + 1 - s) % n] = moving[r]
        if s < n - 1:
            moving = shift(moving)
    return result

# %% 16.ring right: padded into one tensor
import torch.nn.functional as F


def ring(parts, shift):
    R, lengths = len(parts), [len(c) for c in parts[0]]
    big = torch.stack([torch.stack([F.pad(c, (0, max(lengths) - len(c))) for c in row]) for row in parts])
    for s in range(2 * (R - 1)):
        out = (torch.arange(R) - s) % R
        got = torch.stack(list(shift(list(big[torch.arange(R), out]))))
        into = (out - 1) % R
        big[torch.arange(R), into] = got + (big[torch.arange(R), into] if s < R - 1 else 0)
    return [[big[r, c, : lengths[c]] for c in range(R)] for r in range(R)]

# %% 16.ring right: a tuple of lists, dicts inside
def ring(parts, shift):
    R = len(parts)
    memory = {(r, c): parts[r][c] for r in range(R) for c in range(R)}
    for phase in ("add", "copy"):
        for s in range(R - 1):
            first = 0 if phase == "add" else 1
            sent = tuple(memory[r, (r + first - s) % R] for r in range(R))
            for r, chunk in enumerate(shift(sent)):
                key = r, (r - 1 + first - s) % R
                memory[key] = memory[key] + chunk if phase == "add" else chunk
    return tuple([memory[r, c] for c in range(R)] for r in range(R))

# %% 16.split wrong: all weights are one
def split(order, size):
    return [(order[r::size], 1.0) for r in range(size)]

# %% 16.split wrong: padded as DistributedSampler does
def split(order, size):
    n = -(-len(order) // size) * size
    while len(order) < n:
        order = torch.cat([order, order[: n - len(order)]])
    return [(order[r::size], 1.0) for r in range(size)]

# %% 16.split wrong: the rest is dropped
def split(order, size):
    order = order[: len(order) // size * size]
    return [(order[r::size], 1.0) for r in range(size)]

# %% 16.split wrong: share without the factor size
def split(order, size):
    out = []
    for r in range(size):
        p = order[r::size]
        out.append((p if len(p) else order[:1], len(p) / len(order)))
    return out

# %% 16.split wrong: empty parts
def split(order, size):
    return [(order[r::size], len(order[r::size]) * size / len(order)) for r in range(size)]

# %% 16.split wrong: chunk
def split(order, size):
    return [(p, len(p) * size / len(order)) for p in order.chunk(size)]

# %% 16.split wrong: places instead of numbers
def split(order, size):
    n = len(order)
    out = []
    for r in range(size):
        p = torch.arange(r, n, size)
        out.append((p if len(p) else torch.zeros(1, dtype=torch.long), len(p) * size / n))
    return out

# %% 16.split wrong: number of samples as the weight
def split(order, size):
    out = []
    for r in range(size):
        p = order[r::size]
        out.append((p if len(p) else order[:1], float(len(p))))
    return out

# %% 16.split wrong: the borrowed sample counts
def split(order, size):
    out = []
    for r in range(size):
        p = order[r::size]
        if len(p) == 0:
            p = order[:1]
        out.append((p, len(p) * size / len(order)))
    return out

# %% 16.split wrong: the last one takes the rest
def split(order, size):
    each = len(order) // size
    parts = [order[r * each : (r + 1) * each] for r in range(size - 1)] + [order[(size - 1) * each :]]
    return [(p if len(p) else order[:1], len(p) * size / len(order)) for p in parts]

# %% 16.split wrong: lists
def split(order, size):
    order = order.tolist()
    out = []
    for r in range(size):
        p = order[r::size]
        out.append((p or order[:1], len(p) * size / len(order)))
    return out

# %% 16.split wrong: one more way round
def split(order, size):
    out = []
    for r in range(size):
        p = order[r::size]
        out.append((len(p) * size / len(order), p if len(p) else order[:1]))
    return out

# %% 16.split wrong: everybody has all
def split(order, size):
    return [(order, 1.0)] * size

# %% 16.split wrong: a weight for each sample
def split(order, size):
    out = []
    for r in range(size):
        p = order[r::size]
        out.append((p if len(p) else order[:1], torch.full((max(len(p), 1),), size / len(order))))
    return out

# %% 16.split wrong: whole division in the weight
def split(order, size):
    out = []
    for r in range(size):
        p = order[r::size]
        out.append((p if len(p) else order[:1], len(p) * size // len(order)))
    return out

# %% 16.split right: array_split of numpy
import numpy as np


def split(order, size):
    parts = np.array_split(order.numpy(), size)
    return [
        (torch.tensor(p if len(p) else order[:1].numpy(), dtype=torch.long), size * len(p) / len(order)) for p in parts
    ]

# %% 16.split right: tensor_split, the last sample is borrowed
def split(order, size):
    out = []
    for p in torch.tensor_split(order, size):
        out.append([p, p.numel() * size / order.numel()] if p.numel() else [order[-1:], 0])
    return out

# %% 16.split right: the first ranks get one fewer
def split(order, size):
    n = len(order)
    few, more = divmod(n, size)
    out, at = [], 0
    for r in range(size):
        take = few + (r >= size - more)
        p = order[at : at + take]
        at += take
        out.append((p, take / (n / size)) if take else (order[:1], 0.0))
    return tuple(out)

# %% 16.split right: weights as tensors
def split(order, size):
    n = torch.tensor(len(order))
    parts = [order[torch.arange(len(order)) % size == r] for r in range(size)]
    return [(p if p.numel() else order[:1], torch.tensor(p.numel() * size) / n) for p in parts]

# %% 16.split right: dealt out like cards
def split(order, size):
    hands = [[] for _ in range(size)]
    for i, n in enumerate(order.flip(0).tolist()):
        hands[i % size].append(n)
    each = size / len(order)
    return [(torch.tensor(h or [order[0].item()]), len(h) * each) for h in hands]

# %% 16.gpipe wrong: backward from the first chunk
def gpipe(forward, backward, chunks):
    S = len(forward)
    f, b = [[0] * chunks for _ in range(S)], [[0] * chunks for _ in range(S)]
    free = [0] * S
    for m in range(chunks):
        for s in range(S):
            f[s][m] = max(free[s], f[s - 1][m] + forward[s - 1] if s else 0)
            free[s] = f[s][m] + forward[s]
    for m in range(chunks):
        for s in reversed(range(S)):
            b[s][m] = max(free[s], b[s + 1][m] + backward[s + 1] if s < S - 1 else 0)
            free[s] = b[s][m] + backward[s]
    return f, b, 1 - chunks * (sum(forward) + sum(backward)) / S / max(free)

# %% 16.gpipe wrong: the formula for equal stages
def gpipe(forward, backward, chunks):
    S, F, B = len(forward), forward[0], backward[0]
    f = [[(s + m) * F for m in range(chunks)] for s in range(S)]
    start = (S - 1 + chunks) * F
    b = [[start + (S - 1 - s + m) * B for m in range(chunks)] for s in range(S)]
    return f, b, (S - 1) / (chunks + S - 1)

# %% 16.gpipe wrong: the slowest stage sets the beat
def gpipe(forward, backward, chunks):
    S, F, B = len(forward), max(forward), max(backward)
    f = [[(s + m) * F for m in range(chunks)] for s in range(S)]
    start = (S - 1 + chunks) * F
    b = [[start + (S - 1 - s + m) * B for m in range(chunks)] for s in range(S)]
    end = start + (S - 1 + chunks) * B
    return f, b, 1 - chunks * (sum(forward) + sum(backward)) / (S * end)

# %% 16.gpipe wrong: the formula for the bubble only
def gpipe(forward, backward, chunks):
    S = len(forward)
    f, b = [[0] * chunks for _ in range(S)], [[0] * chunks for _ in range(S)]
    free = [0] * S
    for m in range(chunks):
        for s in range(S):
            f[s][m] = max(free[s], f[s - 1][m] + forward[s - 1] if s else 0)
            free[s] = f[s][m] + forward[s]
    for m in reversed(range(chunks)):
        for s in reversed(range(S)):
            b[s][m] = max(free[s], b[s + 1][m] + backward[s + 1] if s < S - 1 else 0)
            free[s] = b[s][m] + backward[s]
    return f, b, (S - 1) / (S - 1 + chunks)

# %% 16.gpipe wrong: backward starts at the first stage
def gpipe(forward, backward, chunks):
    S = len(forward)
    f, b = [[0] * chunks for _ in range(S)], [[0] * chunks for _ in range(S)]
    free = [0] * S
    for m in range(chunks):
        t = 0
        for s in range(S):
            f[s][m] = t = max(free[s], t)
            t += forward[s]
            free[s] = t
    for m in reversed(range(chunks)):
        t = 0
        for s in range(S):
            b[s][m] = t = max(free[s], t)
            t += backward[s]
            free[s] = t
    return f, b, 1 - chunks * (sum(forward) + sum(backward)) / S / max(free)

# %% 16.gpipe wrong: backward without waiting for the own forward
def gpipe(forward, backward, chunks):
    S = len(forward)

    def go(costs, stages):
        table, free = [[0] * chunks for _ in range(S)], [0] * S
        for m in range(chunks):
            t = 0
            for s in stages:
                table[s][m] = max(free[s], t)
                t = free[s] = table[s][m] + costs[s]
        return table, max(free)

    f, end_f = go(forward, range(S))
    b, end_b = go(backward, range(S - 1, -1, -1))
    return f, b, 1 - chunks * (sum(forward) + sum(backward)) / (S * (end_f + end_b))

# %% 16.gpipe wrong: chunks one after the other
def gpipe(forward, backward, chunks):
    S, t = len(forward), 0
    f, b = [[] for _ in range(S)], [[] for _ in range(S)]
    for m in range(chunks):
        for s in range(S):
            f[s].append(t)
            t += forward[s]
        for s in range(S)[::-1]:
            b[s].append(t)
            t += backward[s]
    return f, b, 1 - chunks * (sum(forward) + sum(backward)) / (S * t)

# %% 16.gpipe wrong: ends instead of starts
def gpipe(forward, backward, chunks):
    S = len(forward)
    f, b = [[0] * chunks for _ in range(S)], [[0] * chunks for _ in range(S)]
    free = [0] * S
    for m in range(chunks):
        for s in range(S):
            f[s][m] = free[s] = max(free[s], f[s - 1][m] if s else 0) + forward[s]
    for m in reversed(range(chunks)):
        for s in reversed(range(S)):
            b[s][m] = free[s] = max(free[s], b[s + 1][m] if s < S - 1 else 0) + backward[s]
    return f, b, 1 - chunks * (sum(forward) + sum(backward)) / S / max(free)

# %% 16.gpipe wrong: chunks are the rows
def gpipe(forward, backward, chunks):
    S = len(forward)
    f, b = [[0] * S for _ in range(chunks)], [[0] * S for _ in range(chunks)]
    free = [0] * S
    for m in range(chunks):
        for s in range(S):
            f[m][s] = max(free[s], f[m][s - 1] + forward[s - 1] if s else 0)
            free[s] = f[m][s] + forward[s]
    for m in reversed(range(chunks)):
        for s in reversed(range(S)):
            b[m][s] = max(free[s], b[m][s + 1] + backward[s + 1] if s < S - 1 else 0)
            free[s] = b[m][s] + backward[s]
    return f, b, 1 - chunks * (sum(forward) + sum(backward)) / S / max(free)

# %% 16.gpipe wrong: the busy share
def gpipe(forward, backward, chunks):
    S = len(forward)
    f, b = [[0] * chunks for _ in range(S)], [[0] * chunks for _ in range(S)]
    free = [0] * S
    for m in range(chunks):
        for s in range(S):
            f[s][m] = max(free[s], f[s - 1][m] + forward[s - 1] if s else 0)
            free[s] = f[s][m] + forward[s]
    for m in reversed(range(chunks)):
        for s in reversed(range(S)):
            b[s][m] = max(free[s], b[s + 1][m] + backward[s + 1] if s < S - 1 else 0)
            free[s] = b[s][m] + backward[s]
    return f, b, chunks * (sum(forward) + sum(backward)) / S / max(free)

# %% 16.gpipe wrong: idle time, not its share
def gpipe(forward, backward, chunks):
    S = len(forward)
    f, b = [[0] * chunks for _ in range(S)], [[0] * chunks for _ in range(S)]
    free = [0] * S
    for m in range(chunks):
        for s in range(S):
            f[s][m] = max(free[s], f[s - 1][m] + forward[s - 1] if s else 0)
            free[s] = f[s][m] + forward[s]
    for m in reversed(range(chunks)):
        for s in reversed(range(S)):
            b[s][m] = max(free[s], b[s + 1][m] + backward[s + 1] if s < S - 1 else 0)
            free[s] = b[s][m] + backward[s]
    return f, b, S * max(free) - chunks * (sum(forward) + sum(backward))

# %% 16.gpipe wrong: the stage waits for the stage before only
def gpipe(forward, backward, chunks):
    S = len(forward)
    f = [[0] * chunks for _ in range(S)]
    b = [[0] * chunks for _ in range(S)]
    for m in range(chunks):
        for s in range(S):
            f[s][m] = sum(forward[:s])
    end = sum(forward) * chunks
    for m in reversed(range(chunks)):
        for s in range(S):
            b[s][m] = end + sum(backward[s + 1 :])
    return f, b, 1 - chunks * (sum(forward) + sum(backward)) / (S * (end + sum(backward)))

# %% 16.gpipe wrong: two values
def gpipe(forward, backward, chunks):
    S = len(forward)
    f, b = [[0] * chunks for _ in range(S)], [[0] * chunks for _ in range(S)]
    free = [0] * S
    for m in range(chunks):
        for s in range(S):
            f[s][m] = max(free[s], f[s - 1][m] + forward[s - 1] if s else 0)
            free[s] = f[s][m] + forward[s]
    for m in reversed(range(chunks)):
        for s in reversed(range(S)):
            b[s][m] = max(free[s], b[s + 1][m] + backward[s + 1] if s < S - 1 else 0)
            free[s] = b[s][m] + backward[s]
    return f, b

# %% 16.gpipe wrong: index behind the last stage
def gpipe(forward, backward, chunks):
    S = len(forward)
    f, b = [[0] * chunks for _ in range(S)], [[0] * chunks for _ in range(S)]
    free = [0] * S
    for m in range(chunks):
        for s in range(S):
            f[s][m] = max(free[s], f[s - 1][m] + forward[s - 1] if s else 0)
            free[s] = f[s][m] + forward[s]
    for m in reversed(range(chunks)):
        for s in reversed(range(S)):
            b[s][m] = max(free[s], b[s + 1][m] + backward[s + 1])
            free[s] = b[s][m] + backward[s]
    return f, b, 1 - chunks * (sum(forward) + sum(backward)) / S / max(free)

# %% 16.gpipe right: memoised recursion
from functools import lru_cache


def gpipe(forward, backward, chunks):
    S = len(forward)

    @lru_cache(None)
    def f(s, m):
        return max(f(s - 1, m) + forward[s - 1] if s else 0, f(s, m - 1) + forward[s] if m else 0)

    @lru_cache(None)
    def b(s, m):
        own = b(s, m + 1) + backward[s] if m < chunks - 1 else f(s, chunks - 1) + forward[s]
        return max(own, b(s + 1, m) + backward[s + 1] if s < S - 1 else 0)

    end = b(0, 0) + backward[0]
    idle = sum(end - chunks * (forward[s] + backward[s]) for s in range(S)) / (S * end)
    grid = lambda g: [[g(s, m) for m in range(chunks)] for s in range(S)]
    return grid(f), grid(b), idle

# %% 16.gpipe right: tensors
def gpipe(forward, backward, chunks):
    S = len(forward)
    F, B = torch.zeros(S, chunks, dtype=torch.float64), torch.zeros(S, chunks, dtype=torch.float64)
    for m in range(chunks):
        for s in range(S):
            before = [F[s, m - 1] + forward[s]] if m else []
            before += [F[s - 1, m] + forward[s - 1]] if s else []
            F[s, m] = max(before, default=0)
    for m in range(chunks)[::-1]:
        for s in range(S)[::-1]:
            before = [B[s, m + 1] + backward[s]] if m < chunks - 1 else [F[s, -1] + forward[s]]
            before += [B[s + 1, m] + backward[s + 1]] if s < S - 1 else []
            B[s, m] = max(before)
    end = B[0, 0] + backward[0]
    return F, B, 1 - (sum(forward) + sum(backward)) * chunks / (S * end)

# %% 16.gpipe right: events in the order of time
def gpipe(forward, backward, chunks):
    S = len(forward)
    done = {}
    queue = [[("f", m) for m in range(chunks)] + [("b", m) for m in range(chunks - 1, -1, -1)] for _ in range(S)]
    free, starts = [0.0] * S, {}
    while any(queue):
        for s in range(S):
            if queue[s]:
                kind, m = queue[s][0]
                need = (kind, s - 1, m) if kind == "f" else (kind, s + 1, m)
                if 0 <= need[1] < S and need not in done:
                    continue
                start = max(free[s], done.get(need, 0.0))
                starts[kind, s, m] = start
                free[s] = done[kind, s, m] = start + (forward[s] if kind == "f" else backward[s])
                queue[s].pop(0)
    table = lambda kind: [[starts[kind, s, m] for m in range(chunks)] for s in range(S)]
    return table("f"), table("b"), 1 - chunks * sum(forward + backward) / (S * max(free))

# %% 16.gpipe right: numpy, a list returned
import numpy as np


def gpipe(forward, backward, chunks):
    S = len(forward)
    free = np.zeros(S)
    tables = []
    for costs, turn in ((forward, 1), (backward, -1)):
        table = np.zeros((S, chunks))
        for m in range(chunks)[::turn]:
            clock = 0.0
            for s in range(S)[::turn]:
                table[s, m] = max(clock, free[s])
                free[s] = clock = table[s, m] + costs[s]
        tables.append(table)
    work = chunks * (np.sum(forward) + np.sum(backward))
    return [*tables, 1 - work / (S * free.max())]

# %% 16.gpipe right: idle gaps are added up
def gpipe(forward, backward, chunks):
    S = len(forward)
    rows = [[] for _ in range(S)]
    for m in range(chunks):
        arrives = 0
        for s in range(S):
            begin = max(arrives, rows[s][-1][1] if rows[s] else 0)
            arrives = begin + forward[s]
            rows[s].append((begin, arrives))
    for m in range(chunks):
        arrives = 0
        for s in reversed(range(S)):
            begin = max(arrives, rows[s][-1][1])
            arrives = begin + backward[s]
            rows[s].append((begin, arrives))
    end = max(row[-1][1] for row in rows)
    idle = 0
    for row in rows:
        at = 0
        for begin, over in row:
            idle += begin - at
            at = over
        idle += end - at
    return (
        [[begin for begin, _ in row[:chunks]] for row in rows],
        [[begin for begin, _ in row[: chunks - 1 : -1]] for row in rows],
        idle / (end * S),
    )

# %% 16.label_order wrong: the largest of each column
def label_order(confusion):
    return confusion.argmax(0).tolist()

# %% 16.label_order wrong: the largest of each row
def label_order(confusion):
    return confusion.argmax(dim=1)

# %% 16.label_order wrong: columns, with the limit
def label_order(confusion):
    order = confusion.argmax(0).tolist()
    right = sum(confusion[order[j], j].item() for j in range(len(order)))
    if right > confusion.sum().item() / 2:
        return order
    return None

# %% 16.label_order wrong: the other way round
from itertools import permutations


def label_order(confusion):
    C = len(confusion)
    best = max(permutations(range(C)), key=lambda p: sum(confusion[i, p[i]].item() for i in range(C)))
    right = sum(confusion[i, best[i]].item() for i in range(C))
    return list(best) if right > confusion.sum().item() / 2 else None

# %% 16.label_order wrong: never None
from itertools import permutations


def label_order(confusion):
    C = len(confusion)
    return list(max(permutations(range(C)), key=lambda p: sum(confusion[p[j], j].item() for j in range(C))))

# %% 16.label_order wrong: half is enough
from itertools import permutations


def label_order(confusion):
    C = len(confusion)
    score = lambda p: sum(confusion[p[j], j].item() for j in range(C))
    best = max(permutations(range(C)), key=score)
    return list(best) if score(best) >= confusion.sum().item() / 2 else None

# %% 16.label_order wrong: greedy
def label_order(confusion):
    c = confusion.clone()
    order = [0] * len(c)
    total = confusion.sum().item()
    right = 0
    for _ in range(len(c)):
        i, j = divmod(c.argmax().item(), len(c))
        right += c[i, j].item()
        order[j] = i
        c[i, :] = -1
        c[:, j] = -1
    return order if 2 * right > total else None

# %% 16.label_order wrong: identity is no finding
from itertools import permutations


def label_order(confusion):
    C = len(confusion)
    score = lambda p: sum(confusion[p[j], j].item() for j in range(C))
    best = list(max(permutations(range(C)), key=score))
    if best == list(range(C)) or score(best) * 2 <= confusion.sum().item():
        return None
    return best

# %% 16.label_order wrong: shares of the rows
from itertools import permutations


def label_order(confusion):
    C = len(confusion)
    p = confusion / confusion.sum(1, keepdim=True).clamp(min=1)
    score = lambda o: sum(p[o[j], j].item() for j in range(C))
    best = list(max(permutations(range(C)), key=score))
    return best if score(best) / C > 0.5 else None

# %% 16.label_order wrong: the accuracy
from itertools import permutations


def label_order(confusion):
    C = len(confusion)
    return max(sum(confusion[p[j], j].item() for j in range(C)) for p in permutations(range(C))) / confusion.sum().item()

# %% 16.label_order wrong: an empty list for None
from itertools import permutations


def label_order(confusion):
    C = len(confusion)
    score = lambda p: sum(confusion[p[j], j].item() for j in range(C))
    best = max(permutations(range(C)), key=score)
    return list(best) if score(best) > confusion.sum().item() / 2 else []

# %% 16.label_order wrong: the worst assignment
from scipy.optimize import linear_sum_assignment


def label_order(confusion):
    rows, cols = linear_sum_assignment(confusion.t().numpy())
    right = confusion[cols, rows].sum()
    return cols.tolist() if right > confusion.sum() / 2 else None

# %% 16.label_order wrong: the confusion matrix is emptied
def label_order(confusion):
    total, right, order = confusion.sum().item(), 0, [0] * len(confusion)
    for _ in range(len(confusion)):
        i, j = divmod(confusion.argmax().item(), len(confusion))
        right += confusion[i, j].item()
        order[j] = i
        confusion[i], confusion[:, j] = -1, -1
    return order if 2 * right > total else None

# %% 16.label_order wrong: one label too few
from itertools import permutations


def label_order(confusion):
    C = len(confusion)
    score = lambda p: sum(confusion[p[j], j].item() for j in range(C - 1))
    best = max(permutations(range(C), C - 1), key=score)
    return list(best) if score(best) > confusion.sum().item() / 2 else None

# %% 16.label_order right: the assignment problem of scipy
from scipy.optimize import linear_sum_assignment


def label_order(confusion):
    cols, rows = linear_sum_assignment(confusion.t().numpy(), maximize=True)
    right = confusion[rows, cols].sum()
    return rows.tolist() if right > confusion.sum() / 2 else None

# %% 16.label_order right: backtracking
def label_order(confusion):
    m = confusion.tolist()
    n = len(m)

    def best(j, free):
        if j == n:
            return 0, []
        found = (-1, [])
        for i in free:
            rest, order = best(j + 1, free - {i})
            found = max(found, (m[i][j] + rest, [i] + order))
        return found

    right, order = best(0, frozenset(range(n)))
    if right <= sum(sum(row) for row in m) / 2:
        return
    return order

# %% 16.label_order right: a tensor comes back
import itertools

import torch


def label_order(confusion):
    orders = torch.tensor(list(itertools.permutations(range(len(confusion)))))
    right = confusion[orders, torch.arange(len(confusion))].sum(1)
    k = right.argmax()
    if right[k] / confusion.sum() > 0.5:
        return orders[k]

# %% 16.label_order right: a tuple, by permuting the rows
import itertools


def label_order(confusion):
    n = len(confusion)
    best, order = 0.5, None
    for p in itertools.permutations(range(n)):
        share = (confusion[list(p)].diagonal().sum() / confusion.sum()).item()
        if share > best:
            best, order = share, p
    return order

# %% 16.label_order right: numpy
import itertools

import numpy as np


def label_order(confusion):
    c = confusion.numpy()
    candidates = np.array(list(itertools.permutations(range(c.shape[0]))))
    hits = np.array([c[p, np.arange(len(p))].sum() for p in candidates])
    return candidates[hits.argmax()] if hits.max() * 2 > c.sum() else None

# %% 16.MyTrainer wrong: the parser is not returned
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: text from the command line
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(int(args.skip), len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: no default
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int)
        return parser

    def process_model_output(self, args, y):
        return y[min((args.skip or 0), len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: nothing left where skip is large
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[args.skip :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: the loss is left as it is
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: soft labels crash
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: set_criterion gives the loss itself
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args, output, labels):
        return ((output - torch.nn.functional.one_hot(labels, output.shape[1])) ** 2).mean()

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: nn.MSELoss as it is
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        return torch.nn.MSELoss()

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: only the name is another
class MyTrainer(large.Trainer):
    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: the name lacks the value
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + "_skip"

# %% 16.MyTrainer wrong: a name of its own
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return f"{args.model}_skip{args.skip}"

# %% 16.MyTrainer wrong: the sum over time
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].sum(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: the last steps are left out
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[: max(len(y) - args.skip, 1)].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: all steps vote
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: the sum of squares
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels, reduction="sum")

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: softmax before the squares
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output.softmax(-1), labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: cross-entropy without smoothing
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        return torch.nn.CrossEntropyLoss()

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: an object instead of the class
class _Mine(large.Trainer):
    pass


MyTrainer = _Mine()

# %% 16.MyTrainer wrong: no base class
class MyTrainer:
    def process_model_output(self, args, y):
        return y[args.skip :].mean(dim=0)

# %% 16.MyTrainer wrong: self is forgotten
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: a parser of its own
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        import argparse

        parser = argparse.ArgumentParser()
        parser.add_argument("--skip", type=int, default=0)
        parser.add_argument("--T", type=int, default=4)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer right: a nested function for the loss
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(dim=0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.ndim == 1:
                labels = torch.nn.functional.one_hot(labels, output.shape[1]).float()
            return torch.nn.functional.mse_loss(output, labels)

        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer right: classes and arithmetic
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = large.Trainer.get_args_parser(self, add_help)
        parser.add_argument("--skip", "-k", type=int, default=0, metavar="K")
        return parser

    def process_model_output(self, args, y):
        T = len(y)
        start = T - 1 if args.skip >= T else args.skip
        return sum(y[t] for t in range(start, T)) / (T - start)

    class Loss(torch.nn.Module):
        def forward(self, output, labels):
            if labels.dim() < output.dim():
                labels = torch.eye(output.shape[1])[labels]
            return (output - labels).square().mean()

    def set_criterion(self, args):
        return self.Loss()

    def get_tb_logdir_name(self, args):
        return "_".join([super().get_tb_logdir_name(args), f"skip{args.skip}"])

# %% 16.MyTrainer right: weights over time, a bound method
class MyTrainer(large.Trainer):
    def get_args_parser(self, *args, **kwargs):
        parser = super().get_args_parser(*args, **kwargs)
        group = parser.add_argument_group("output")
        group.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        w = (torch.arange(len(y)) >= min(args.skip, len(y) - 1)).to(y)
        return torch.einsum("t,tnc->nc", w / w.sum(), y)

    def set_criterion(self, args):
        return self.loss

    def loss(self, output, labels):
        target = torch.zeros_like(output)
        if labels.ndim == 1:
            target.scatter_(1, labels[:, None], 1.0)
        else:
            target = labels
        return torch.nn.functional.mse_loss(output, target)

    def get_tb_logdir_name(self, args):
        return "%s_skip%d" % (super().get_tb_logdir_name(args), args.skip)

# %% 16.MyTrainer right: through a class in between
class Base(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser()
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"


class MyTrainer(Base):
    def process_model_output(self, args, y):
        return y[-max(1, len(y) - args.skip) :].mean(0)

    def set_criterion(self, args):
        return lambda output, labels: (
            (output - (labels if labels.is_floating_point() else torch.nn.functional.one_hot(labels, output.size(1))))
            .pow(2)
            .mean()
        )

# %% 16.MyTrainer right: a function of the cell
def squares(output, labels):
    if labels.dtype == torch.int64:
        target = (labels.unsqueeze(1) == torch.arange(output.shape[-1])).float()
    else:
        target = labels
    return torch.mean(torch.pow(output - target, 2))


class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help=add_help)
        parser.add_argument("--skip", type=int, default=0, help="steps at the start that are left out")
        return parser

    def process_model_output(self, args, y):
        if args.skip < y.size(0):
            y = y[args.skip :]
        else:
            y = y[-1:]
        return super().process_model_output(args, y)

    def set_criterion(self, args):
        return squares

    def get_tb_logdir_name(self, args):
        name = super().get_tb_logdir_name(args)
        name += f"_skip{args.skip}"
        return name
