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

# %% 16.activations wrong: nothing T times
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        total += steps * batch * math.prod(shape) * width
        kind = layer[0]
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            pass
    return total

# %% 16.activations wrong: input once, the rest T times
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        total += steps * batch * math.prod(shape) * width
        kind = layer[0]
        steps = T
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations wrong: pool positions without batch
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        total += steps * batch * math.prod(shape) * width
        kind = layer[0]
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += steps * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations wrong: pool positions always T times
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        total += steps * batch * math.prod(shape) * width
        kind = layer[0]
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += T * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations wrong: padding counted once
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        total += steps * batch * math.prod(shape) * width
        kind = layer[0]
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + p - k + 1, shape[2] + p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations wrong: square pictures only
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        total += steps * batch * math.prod(shape) * width
        kind = layer[0]
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[1] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations wrong: batch forgotten
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        total += steps * math.prod(shape) * width
        kind = layer[0]
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations wrong: pool rounds up
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        total += steps * batch * math.prod(shape) * width
        kind = layer[0]
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], -(-shape[1] // k), -(-shape[2] // k))
            total += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations wrong: eats the layers
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    while layers:
        layer = layers.pop(0)
        total += steps * batch * math.prod(shape) * width
        kind = layer[0]
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations wrong: neurons keep nothing
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        kind = layer[0]
        if kind != 'neuron':
            total += steps * batch * math.prod(shape) * width
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations right: one loop
import math
def activations(layers, shape, T, batch, width):
    total = 0
    steps = 1
    for layer in layers:
        total += steps * batch * math.prod(shape) * width
        kind = layer[0]
        if kind == "conv":
            _, c, k, p = layer
            shape = (c, shape[1] + 2 * p - k + 1, shape[2] + 2 * p - k + 1)
        elif kind == "pool":
            k = layer[1]
            shape = (shape[0], shape[1] // k, shape[2] // k)
            total += steps * batch * math.prod(shape) * 8
        elif kind == "linear":
            shape = (layer[1],)
        else:
            steps = T
    return total

# %% 16.activations right: recursion
import math
def activations(layers, shape, T, batch, width):
    def after(layer, shape):
        if layer[0] == "conv":
            return (layer[1], *(n + 2 * layer[3] - layer[2] + 1 for n in shape[1:]))
        if layer[0] == "pool":
            return (shape[0], *(n // layer[1] for n in shape[1:]))
        return (layer[1],) if layer[0] == "linear" else shape

    def rest(layers, shape, steps):
        if not layers:
            return 0
        first, *others = layers
        new = after(first, shape)
        here = math.prod(shape) * width + (8 * math.prod(new) if first[0] == "pool" else 0)
        return steps * here + rest(others, new, T if first[0] == "neuron" else steps)

    return batch * rest(list(layers), tuple(shape), 1)

# %% 16.activations right: shapes first, sums after
import math
def activations(layers, shape, T, batch, width):
    shapes = [tuple(shape)]
    for kind, *a in layers:
        s = shapes[-1]
        if kind == "conv":
            s = (a[0], s[1] + 2 * a[2] - a[1] + 1, s[2] + 2 * a[2] - a[1] + 1)
        if kind == "pool":
            s = (s[0], s[1] // a[0], s[2] // a[0])
        if kind == "linear":
            s = (a[0],)
        shapes.append(s)
    first = [layer[0] for layer in layers].index("neuron")
    numbers = [math.prod(s) for s in shapes]
    once = sum(numbers[: first + 1]) * width
    often = sum(numbers[first + 1 : len(layers)]) * width
    for i, layer in enumerate(layers):
        if layer[0] == "pool":
            if i < first:
                once += 8 * numbers[i + 1]
            else:
                often += 8 * numbers[i + 1]
    return batch * (once + T * often)

# %% 16.activations right: real layers on meta tensors
def activations(layers, shape, T, batch, width):
    x = torch.empty(1, *shape, device="meta")
    seen, kept = False, 0
    for layer in layers:
        times = T if seen else 1
        kept += times * x.numel() * width
        if layer[0] == "conv":
            x = nn.Conv2d(x.shape[1], layer[1], layer[2], padding=layer[3], device="meta")(x)
        elif layer[0] == "pool":
            x = F.max_pool2d(x, layer[1])
            kept += times * x.numel() * 8
        elif layer[0] == "linear":
            x = torch.empty(1, layer[1], device="meta")
        else:
            seen = True
    return int(kept * batch)

# %% 16.activations right: match statement, numpy
import numpy as np
def activations(layers, shape, T, batch, width):
    bytes_, t = 0, 1
    for layer in layers:
        bytes_ += t * int(np.prod(shape)) * width
        match layer:
            case ("conv", c, k, p):
                shape = (c,) + tuple(n + 2 * p - k + 1 for n in shape[1:])
            case ("pool", k):
                shape = (shape[0],) + tuple(n // k for n in shape[1:])
                bytes_ += 8 * t * int(np.prod(shape))
            case ("linear", n):
                shape = (n,)
            case ("neuron",):
                t = T
    return bytes_ * batch

# %% 16.activations right: backwards from the second half
from math import prod
def activations(layers, shape, T, batch, width):
    once, often, seen = 0, 0, False
    for layer in list(layers):
        size = prod(shape) * width
        if layer[0] == "conv":
            c, h, w = shape
            h = h + 2 * layer[3] - (layer[2] - 1)
            w = w + 2 * layer[3] - (layer[2] - 1)
            shape = [layer[1], h, w]
        elif layer[0] == "linear":
            shape = [layer[1]]
        elif layer[0] == "pool":
            c, h, w = shape
            shape = [c, h // layer[1], w // layer[1]]
            size = size + prod(shape) * 8
        if seen:
            often = often + size
        else:
            once = once + size
        seen = seen or layer[0] == "neuron"
    return once * batch + often * batch * T

# %% 16.recompute wrong: truncated: no gradient through the state
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
    return grad_w

# %% 16.recompute wrong: state gradients added up
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = grad_v + gv
    return grad_w

# %% 16.recompute wrong: backward from the first block
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in range(len(starts)):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    return grad_w

# %% 16.recompute wrong: blocks counted from the end
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = max(T - (len(starts) - i) * k, 0)
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    return grad_w

# %% 16.recompute wrong: state at the end of a block
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            _, v = run(w, x_seq[t:t + k], v)
            starts.append(v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    return grad_w

# %% 16.recompute wrong: forward pass with a graph
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    if True:
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    return grad_w

# %% 16.recompute wrong: recomputes from the start each time
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    total, gv = torch.zeros_like(w), torch.zeros_like(v)
    for t in reversed(range(0, T, k)):
        s = v
        with torch.no_grad():
            for u in range(0, t, k):
                s = run(w, x_seq[u:u + k], s)[1]
        s = s.detach().requires_grad_()
        y, e = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, e], [w, s], [grad_y[t:t + k], gv])
        total += gw
    return total

# %% 16.recompute wrong: into w.grad, returns nothing
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    w.grad = grad_w

# %% 16.recompute right: backward into w.grad, which is None at the start
def recompute(run, w, x_seq, v, k, grad_y):
    starts, blocks, grads = [], x_seq.split(k), grad_y.split(k)
    with torch.no_grad():
        for x in blocks:
            starts.append(v)
            v = run(w, x, v)[1]
    g = torch.zeros_like(v)
    for x, s, gy in zip(blocks[::-1], starts[::-1], grads[::-1]):
        s = s.detach().requires_grad_()
        y, e = run(w, x, s)
        torch.autograd.backward([y, e], [gy, g])
        g = s.grad
    return w.grad

# %% 16.recompute wrong: the last state enters the loss
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.ones_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    return grad_w

# %% 16.recompute wrong: grad_y replaced by ones
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [torch.ones_like(y), grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    return grad_w

# %% 16.recompute wrong: step by step, notes every step's graph
def recompute(run, w, x_seq, v, k, grad_y):
    graphs = []
    for t in range(len(x_seq)):
        s = v.detach().requires_grad_()
        y, v = run(w, x_seq[t:t + 1], s)
        graphs.append((s, y, v))
    gw, gv = 0, torch.zeros_like(v)
    for t in reversed(range(len(x_seq))):
        s, y, e = graphs[t]
        a, gv = torch.autograd.grad([y, e], [w, s], [grad_y[t:t + 1], gv])
        gw = gw + a
    return gw

# %% 16.recompute wrong: k steps more to each block
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k + 1], s)
        gw, gv = torch.autograd.grad([y[:k], end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    return grad_w

# %% 16.recompute wrong: scales w to be clever
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    w.data.mul_(0.5)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    return grad_w

# %% 16.recompute right: autograd.grad
def recompute(run, w, x_seq, v, k, grad_y):
    T = len(x_seq)
    starts = []
    with torch.no_grad():
        for t in range(0, T, k):
            starts.append(v)
            _, v = run(w, x_seq[t:t + k], v)
    grad_w = torch.zeros_like(w)
    grad_v = torch.zeros_like(v)
    for i in reversed(range(len(starts))):
        t = i * k
        s = starts[i].detach().clone().requires_grad_()
        y, end = run(w, x_seq[t:t + k], s)
        gw, gv = torch.autograd.grad([y, end], [w, s], [grad_y[t:t + k], grad_v])
        grad_w = grad_w + gw
        grad_v = gv
    return grad_w

# %% 16.recompute right: backward() and w.grad
def recompute(run, w, x_seq, v, k, grad_y):
    blocks, grads = x_seq.split(k), grad_y.split(k)
    starts = [v.detach()]
    with torch.no_grad():
        for x in blocks[:-1]:
            starts.append(run(w, x, starts[-1])[1])
    w.grad = None
    g = None
    while starts:
        i = len(starts) - 1
        s = starts.pop().clone().requires_grad_(True)
        y, e = run(w, blocks[i], s)
        if g is None:
            y.backward(grads[i])
        else:
            torch.autograd.backward([y, e], [grads[i], g])
        g = s.grad
    return w.grad.clone()

# %% 16.recompute right: one scalar
def recompute(run, w, x_seq, v, k, grad_y):
    T = x_seq.shape[0]
    note = {}
    state = v
    with torch.no_grad():
        for t in range(T):
            if t % k == 0:
                note[t] = state
                state = run(w, x_seq[t:min(t + k, T)], state)[1]
    grad = torch.zeros_like(w)
    g = torch.zeros_like(v)
    for t in sorted(note, reverse=True):
        s = note[t].detach().requires_grad_()
        y, e = run(w, x_seq[t:t + k], s)
        loss = (y * grad_y[t:t + k]).sum() + (e * g).sum()
        a, b = torch.autograd.grad(loss, (w, s), allow_unused=True)
        grad += a
        g = b if b is not None else torch.zeros_like(v)
    return grad

# %% 16.recompute right: recursion
def recompute(run, w, x_seq, v, k, grad_y):
    def back(x, gy, s):
        """The gradients by w and by the state s at the start of x."""
        with torch.no_grad():
            later = run(w, x[:k], s)[1]
        if len(x) > k:
            gw, ge = back(x[k:], gy[k:], later)
        else:
            gw, ge = torch.zeros_like(w), torch.zeros_like(s)
        s = s.detach().requires_grad_()
        y, e = run(w, x[:k], s)
        a, b = torch.autograd.grad((y, e), (w, s), (gy[:k], ge))
        return gw + a, b

    return back(x_seq, grad_y, v)[0]

# %% 16.recompute right: torch.utils.checkpoint, reentrant
from torch.utils.checkpoint import checkpoint
def recompute(run, w, x_seq, v, k, grad_y):
    w.grad = None
    ys = []
    for x in x_seq.split(k):
        y, v = checkpoint(run, w, x, v, use_reentrant=True)
        ys.append(y)
    torch.cat(ys).backward(grad_y)
    return w.grad

# %% 16.recompute right: own autograd.Function
class Block(torch.autograd.Function):
    @staticmethod
    def forward(ctx, run, w, x, v):
        ctx.run, ctx.x = run, x
        ctx.save_for_backward(w, v)
        return run(w, x, v)

    @staticmethod
    def backward(ctx, gy, gv):
        w, v = ctx.saved_tensors
        with torch.enable_grad():
            w1, v1 = w.detach().requires_grad_(), v.detach().requires_grad_()
            y, e = ctx.run(w1, ctx.x, v1)
        a, b = torch.autograd.grad([y, e], [w1, v1], [gy, gv])
        return None, a, None, b


def recompute(run, w, x_seq, v, k, grad_y):
    ys = []
    for i in range(0, len(x_seq), k):
        y, v = Block.apply(run, w, x_seq[i:i + k], v)
        ys.append(y)
    return torch.autograd.grad(torch.cat(ys), w, grad_y)[0]

# %% 16.recompute right: last block not run twice
def recompute(run, w, x_seq, v, k, grad_y):
    cuts = list(range(0, len(x_seq), k))
    states = {0: v}
    for t in cuts[:-1]:
        with torch.no_grad():
            states[t + k] = run(w, x_seq[t:t + k], states[t])[1]
    total, g = torch.zeros_like(w), torch.zeros_like(v)
    for t in cuts[::-1]:
        s = states.pop(t).detach().clone()
        s.requires_grad = True
        out = run(w, x_seq[t:t + k], s)
        gw, g = torch.autograd.grad(out, (w, s), (grad_y[t:t + k], g))
        total.add_(gw)
        del out
    return total

# %% 16.ring wrong: sums directly, calls shift for show
def ring(parts, shift):
    R = len(parts)
    for i in range(2 * (R - 1)):
        shift([parts[r][(r - i) % R] for r in range(R)])
    return [[sum(parts[q][c] for q in range(R)) for c in range(R)] for _ in range(R)]

# %% 16.ring wrong: adds into parts
def ring(parts, shift):
    R = len(parts)
    mine = parts
    for i in range(R - 1):
        got = shift([mine[r][(r - i) % R] for r in range(R)])
        for r in range(R):
            c = (r - 1 - i) % R
            mine[r][c] = mine[r][c] + got[r]
    for i in range(R - 1):
        got = shift([mine[r][(r + 1 - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - i) % R] = got[r]
    return mine

# %% 16.ring wrong: shallow copy, in place
def ring(parts, shift):
    R = len(parts)
    mine = [list(chunks) for chunks in parts]
    for i in range(R - 1):
        got = shift([mine[r][(r - i) % R] for r in range(R)])
        for r in range(R):
            c = (r - 1 - i) % R
            mine[r][c] += got[r]
    for i in range(R - 1):
        got = shift([mine[r][(r + 1 - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - i) % R] = got[r]
    return mine

# %% 16.ring wrong: R rounds each
def ring(parts, shift):
    R = len(parts)
    mine = [[c.clone() for c in chunks] for chunks in parts]
    for i in range(R):
        got = shift([mine[r][(r - i) % R] for r in range(R)])
        for r in range(R):
            c = (r - 1 - i) % R
            mine[r][c] = mine[r][c] + got[r]
    for i in range(R):
        got = shift([mine[r][(r + 1 - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - i) % R] = got[r]
    return mine

# %% 16.ring wrong: wrong neighbour's chunk
def ring(parts, shift):
    R = len(parts)
    mine = [[c.clone() for c in chunks] for chunks in parts]
    for i in range(R - 1):
        got = shift([mine[r][(r - i) % R] for r in range(R)])
        for r in range(R):
            c = (r + 1 - i) % R
            mine[r][c] = mine[r][c] + got[r]
    for i in range(R - 1):
        got = shift([mine[r][(r + 1 - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - i) % R] = got[r]
    return mine

# %% 16.ring wrong: second half starts with chunk r
def ring(parts, shift):
    R = len(parts)
    mine = [[c.clone() for c in chunks] for chunks in parts]
    for i in range(R - 1):
        got = shift([mine[r][(r - i) % R] for r in range(R)])
        for r in range(R):
            c = (r - 1 - i) % R
            mine[r][c] = mine[r][c] + got[r]
    for i in range(R - 1):
        got = shift([mine[r][(r - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - 1 - i) % R] = got[r]
    return mine

# %% 16.ring wrong: passes on what arrived, not the sum
def ring(parts, shift):
    R = len(parts)
    mine = [[c.clone() for c in chunks] for chunks in parts]
    send = [parts[r][r] for r in range(R)]
    for i in range(R - 1):
        send = shift(send)
        for r in range(R):
            c = (r - 1 - i) % R
            mine[r][c] = mine[r][c] + send[r]
    for i in range(R - 1):
        got = shift([mine[r][(r + 1 - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - i) % R] = got[r]
    return mine

# %% 16.ring wrong: one chunk after another, R(R-1) rounds
def ring(parts, shift):
    R = len(parts)
    out = [[None] * R for _ in range(R)]
    for c in range(R):
        total = [parts[r][c].clone() for r in range(R)]
        send = [parts[r][c] for r in range(R)]
        for _ in range(R - 1):
            send = shift(send)
            total = [a + b for a, b in zip(total, send)]
        for r in range(R):
            out[r][c] = total[r]
    return out

# %% 16.ring wrong: equal lengths only (stack)
def ring(parts, shift):
    R = len(parts)
    mine = torch.stack([torch.stack(list(p)) for p in parts])
    for i in range(R - 1):
        got = shift([mine[r, (r - i) % R] for r in range(R)])
        for r in range(R):
            mine[r, (r - 1 - i) % R] += got[r]
    for i in range(R - 1):
        got = [g.clone() for g in shift([mine[r, (r + 1 - i) % R] for r in range(R)])]
        for r in range(R):
            mine[r, (r - i) % R] = got[r]
    return [list(m) for m in mine]

# %% 16.ring wrong: rank 0 only
def ring(parts, shift):
    R = len(parts)
    mine = [[c.clone() for c in chunks] for chunks in parts]
    for i in range(R - 1):
        got = shift([mine[r][(r - i) % R] for r in range(R)])
        for r in range(R):
            c = (r - 1 - i) % R
            mine[r][c] = mine[r][c] + got[r]
    for i in range(R - 1):
        got = shift([mine[r][(r + 1 - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - i) % R] = got[r]
    return mine[0]

# %% 16.ring wrong: two ranks only
def ring(parts, shift):
    if len(parts) == 1:
        return [list(parts[0])]
    a, b = shift([parts[0][0], parts[1][1]])
    s = [parts[0][1] + a, parts[1][0] + b]
    a, b = shift(s)
    return [[a, s[0]], [s[1], b]]

# %% 16.ring wrong: the same chunk from every rank
def ring(parts, shift):
    R = len(parts)
    mine = [[c.clone() for c in chunks] for chunks in parts]
    for i in range(R - 1):
        got = shift([mine[r][i] for r in range(R)])
        for r in range(R):
            c = i
            mine[r][c] = mine[r][c] + got[r]
    for i in range(R - 1):
        got = shift([mine[r][(r + 1 - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - i) % R] = got[r]
    return mine

# %% 16.ring wrong: fails with one rank
def ring(parts, shift):
    R = len(parts)
    mine = [[c.clone() for c in chunks] for chunks in parts]
    for i in range(R - 1):
        got = shift([mine[r][(r - i) % R] for r in range(R)])
        for r in range(R):
            c = (r - 1 - i) % R
            mine[r][c] = mine[r][c] + got[r]
    for i in range(R - 1):
        got = shift([mine[r][(r + 1 - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - i) % R] = got[r]
    got = shift([mine[r][0] for r in range(R)]) if R == 1 else got
    return mine

# %% 16.ring right: in place on the copies that arrive
def ring(parts, shift):
    R = len(parts)
    send = [parts[r][r] for r in range(R)]
    for i in range(R - 1):
        send = shift(send)
        for r in range(R):
            send[r] += parts[r][(r - 1 - i) % R]
    out = [[None] * R for _ in range(R)]
    for r in range(R):
        out[r][(r + 1) % R] = send[r]
    for i in range(R - 1):
        send = shift(send)
        for r in range(R):
            out[r][(r - i) % R] = send[r]
    return out

# %% 16.ring right: table of chunks
def ring(parts, shift):
    R = len(parts)
    mine = [[c.clone() for c in chunks] for chunks in parts]
    for i in range(R - 1):
        got = shift([mine[r][(r - i) % R] for r in range(R)])
        for r in range(R):
            c = (r - 1 - i) % R
            mine[r][c] = mine[r][c] + got[r]
    for i in range(R - 1):
        got = shift([mine[r][(r + 1 - i) % R] for r in range(R)])
        for r in range(R):
            mine[r][(r - i) % R] = got[r]
    return mine

# %% 16.ring right: running sum in hand
def ring(parts, shift):
    R = len(parts)
    send = [parts[r][r] for r in range(R)]
    for i in range(1, R):
        send = [a + parts[r][(r - i) % R] for r, a in enumerate(shift(send))]
    out = [{(r + 1) % R: send[r]} for r in range(R)]
    for i in range(R - 1):
        send = shift(send)
        for r in range(R):
            out[r][(r - i) % R] = send[r]
    return [[chunks[c].clone() for c in range(R)] for chunks in out]

# %% 16.ring right: another first chunk
def ring(parts, shift):
    R = len(parts)
    mine = [list(p) for p in parts]
    for i in range(R - 1):
        sent = [(r - 1 - i) % R for r in range(R)]
        got = shift([mine[r][sent[r]] for r in range(R)])
        for r in range(R):
            c = sent[r - 1]
            mine[r][c] = torch.add(mine[r][c], got[r])
    for i in range(R - 1):
        sent = [(r - i) % R for r in range(R)]
        got = shift([mine[r][sent[r]] for r in range(R)])
        for r in range(R):
            mine[r][sent[r - 1]] = got[r]
    return mine

# %% 16.ring right: one rank apart, deep copy, in place
import copy
def ring(parts, shift):
    R = len(parts)
    if R == 1:
        return copy.deepcopy(parts)
    a = copy.deepcopy(parts)
    for k in range(2 * R - 2):
        got = shift([a[r][(r - k) % R].clone() for r in range(R)])
        for r in range(R):
            c = (r - 1 - k) % R
            if k < R - 1:
                a[r][c] += got[r]
            else:
                a[r][c].copy_(got[r])
    return a

# %% 16.ring right: recursion
def ring(parts, shift):
    R = len(parts)

    def gather(send, i):
        if i == R:
            return send
        return gather([a + parts[r][(r - i) % R] for r, a in enumerate(shift(send))], i + 1)

    def around(send, i):
        return [send] + (around(shift(send), i + 1) if i < R - 1 else [])

    rounds = around(gather([parts[r][r] for r in range(R)], 1), 0)  # rounds[i][r] is chunk r + 1 - i
    return [[rounds[(r + 1 - c) % R][r] for c in range(R)] for r in range(R)]

# %% 16.ring right: a class for each rank
class Rank:
    def __init__(self, r, chunks):
        self.r, self.R, self.chunks = r, len(chunks), [c.clone() for c in chunks]

    def out(self, k):
        return self.chunks[(self.r - k) % self.R]

    def take(self, k, got):
        c = (self.r - 1 - k) % self.R
        self.chunks[c] = self.chunks[c] + got if k < self.R - 1 else got.clone()


def ring(parts, shift):
    ranks = [Rank(r, chunks) for r, chunks in enumerate(parts)]
    for k in range(2 * (len(parts) - 1)):
        for rank, got in zip(ranks, shift([rank.out(k) for rank in ranks])):
            rank.take(k, got)
    return [rank.chunks for rank in ranks]

# %% 16.split wrong: weight the wrong way up
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((order[:1], 0.0))
        else:
            pairs.append((part, n / (size * len(part))))
    return pairs

# %% 16.split wrong: blocks of ceil(n / size)
def split(order, size):
    n = len(order)
    each = -(-n // size)
    out = []
    for r in range(size):
        p = order[r * each:(r + 1) * each]
        out.append((p, size * len(p) / n) if len(p) else (order[:1], 0))
    return out

# %% 16.split wrong: filled up as DistributedSampler does
def split(order, size):
    n = -(-len(order) // size) * size
    full = order.repeat(-(-n // len(order)))[:n]
    return [(full[r::size], 1.0) for r in range(size)]

# %% 16.split wrong: idle ranks left out
def split(order, size):
    return [(p, size * len(p) / len(order)) for p in torch.tensor_split(order, size) if len(p)]

# %% 16.split wrong: weights over the busy ranks only
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((order[:1], 0.0))
        else:
            pairs.append((part, min(size, n) * len(part) / n))
    return pairs

# %% 16.split wrong: idle rank gets sample 0
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((torch.tensor([0]), 0.0))
        else:
            pairs.append((part, size * len(part) / n))
    return pairs

# %% 16.split wrong: idle rank gets -1
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((torch.tensor([-1]), 0.0))
        else:
            pairs.append((part, size * len(part) / n))
    return pairs

# %% 16.split wrong: positions instead of numbers
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = torch.arange(n)[r::size]
        if len(part) == 0:
            pairs.append((order[:1], 0.0))
        else:
            pairs.append((part, size * len(part) / n))
    return pairs

# %% 16.split wrong: lists instead of tensors
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((order[:1].tolist(), 0.0))
        else:
            pairs.append((part.tolist(), size * len(part) / n))
    return pairs

# %% 16.split wrong: int32
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((order[:1], 0.0))
        else:
            pairs.append((part.int(), size * len(part) / n))
    return pairs

# %% 16.split wrong: sorts order in place
def split(order, size):
    n = len(order)
    order.copy_(order.sort().values)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((order[:1], 0.0))
        else:
            pairs.append((part, size * len(part) / n))
    return pairs

# %% 16.split wrong: a part with no dimension
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((order[0], 0.0))
        else:
            pairs.append((part, size * len(part) / n))
    return pairs

# %% 16.split wrong: idle rank gets the whole batch
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((order.clone(), 0.0))
        else:
            pairs.append((part, size * len(part) / n))
    return pairs

# %% 16.split right: every size-th
def split(order, size):
    n = len(order)
    pairs = []
    for r in range(size):
        part = order[r::size]
        if len(part) == 0:
            pairs.append((order[:1], 0.0))
        else:
            pairs.append((part, size * len(part) / n))
    return pairs

# %% 16.split right: tensor_split
def split(order, size):
    n = order.numel()
    return [(p, p.numel() * size / n) if p.numel() else (order[-1:], 0) for p in torch.tensor_split(order, size)]

# %% 16.split right: divmod blocks, clones
def split(order, size):
    q, more = divmod(len(order), size)
    result, start = [], 0
    for r in range(size):
        count = q + (1 if r < more else 0)
        part = order[start:start + count].clone()
        start += count
        if count == 0:
            part = order[:1].clone()
        result.append([part, count / (len(order) / size)])
    return [tuple(pair) for pair in result]

# %% 16.split right: dealt like cards
def split(order, size):
    hands = [[] for _ in range(size)]
    for i, sample in enumerate(order.tolist()):
        hands[-1 - i % size].append(sample)
    first = order.tolist()[0]
    return [
        (torch.tensor(hand or [first], dtype=torch.int64), len(hand) * size / len(order)) for hand in hands
    ]

# %% 16.split right: sorted, exact fractions
from fractions import Fraction
def split(order, size):
    ids = sorted(order.tolist())
    n = len(ids)
    cuts = [r * n // size for r in range(size + 1)]
    out = []
    for a, b in zip(cuts, cuts[1:]):
        part = ids[a:b] if b > a else [ids[-1]]
        out.append((torch.tensor(part), Fraction(size * (b - a), n)))
    return out

# %% 16.split right: numpy array_split
import numpy as np
def split(order, size):
    out = []
    for part in np.array_split(order.numpy().copy(), size):
        weight = float(size * part.size / len(order))
        out.append((torch.from_numpy(part) if part.size else order[[0]], weight))
    return out

# %% 16.split right: recursion
def split(order, size):
    def cut(rest, ranks):
        if ranks == 0:
            return []
        n = len(rest) // ranks
        return [rest[:n]] + cut(rest[n:], ranks - 1)

    total = len(order)
    return [(p if len(p) > 0 else order[:1], size * len(p) / total) for p in cut(order, size)]

# %% 16.gpipe wrong: idle divided by busy
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    busy = M * (sum(forward) + sum(backward))
    bubble = (S * end - busy) / busy
    return there, back, bubble

# %% 16.gpipe wrong: back in the order of execution
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    busy = M * (sum(forward) + sum(backward))
    bubble = 1 - busy / (S * end)
    return there, [b[::-1] for b in back], bubble

# %% 16.gpipe wrong: each stage with its own clock
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[sum(forward[:s]) + m * forward[s] for m in range(M)] for s in range(S)]
    begin = there[-1][-1] + forward[-1]
    back = [[begin + sum(backward[s + 1:]) + (M - 1 - m) * backward[s] for m in range(M)] for s in range(S)]
    end = back[0][0] + backward[0]
    return there, back, 1 - M * (sum(forward) + sum(backward)) / (S * end)

# %% 16.gpipe wrong: one chunk through everything
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    F, B = sum(forward), sum(backward)
    there = [[m * F + sum(forward[:s]) for m in range(M)] for s in range(S)]
    back = [[M * F + (M - 1 - m) * B + sum(backward[s + 1:]) for m in range(M)] for s in range(S)]
    return there, back, 1 - 1 / S

# %% 16.gpipe wrong: does not wait for its own last chunk
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = ready if s else free[s]
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    busy = M * (sum(forward) + sum(backward))
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe wrong: forward waits with the wrong time
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    busy = M * (sum(forward) + sum(backward))
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe wrong: backward takes as long as forward
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + forward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + forward[s]
    end = max(free)
    busy = M * (2 * sum(forward))
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe wrong: backward begins when the chunk is through (1F1B)
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[None] * M for _ in range(S)]
    back = [[None] * M for _ in range(S)]
    free = [0.0] * S
    for m in range(M):
        t = 0.0
        for s in range(S):
            there[s][m] = max(t, free[s])
            t = free[s] = there[s][m] + forward[s]
        for s in reversed(range(S)):
            back[s][m] = max(t, free[s])
            t = free[s] = back[s][m] + backward[s]
    end = max(free)
    return there, back, 1 - M * (sum(forward) + sum(backward)) / (S * end)

# %% 16.gpipe wrong: one list for all stages
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M] * S
    back = [[0.0] * M] * S
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    busy = M * (sum(forward) + sum(backward))
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe wrong: the end at the last start
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(map(max, back))
    busy = M * (sum(forward) + sum(backward))
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe wrong: the end without backward
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = there[-1][-1] + forward[-1]
    busy = M * sum(forward)
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe wrong: idle until a stage's own end
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    busy = M * (sum(forward) + sum(backward))
    bubble = 1 - busy / sum(free)
    return there, back, bubble

# %% 16.gpipe wrong: busy with one chunk
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    busy = (sum(forward) + sum(backward))
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe wrong: integers
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0] * S
    forward, backward = [int(t) for t in forward], [int(t) for t in backward]
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    busy = M * (sum(forward) + sum(backward))
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe wrong: turns backward around in place
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    backward.reverse()
    busy = M * (sum(forward) + sum(backward))
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe right: two loops
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0.0] * M for _ in range(S)]
    back = [[0.0] * M for _ in range(S)]
    free = [0.0] * S
    for s in range(S):
        for m in range(M):
            ready = there[s - 1][m] + forward[s - 1] if s > 0 else 0.0
            there[s][m] = max(ready, free[s])
            free[s] = there[s][m] + forward[s]
    for s in reversed(range(S)):
        for m in reversed(range(M)):
            ready = back[s + 1][m] + backward[s + 1] if s < S - 1 else 0.0
            back[s][m] = max(ready, free[s])
            free[s] = back[s][m] + backward[s]
    end = max(free)
    busy = M * (sum(forward) + sum(backward))
    bubble = 1 - busy / (S * end)
    return there, back, bubble

# %% 16.gpipe right: recursion with a cache
from functools import cache
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks

    @cache
    def f(s, m):
        if s < 0 or m < 0:
            return 0.0
        before = f(s - 1, m) + forward[s - 1] if s else 0.0
        mine = f(s, m - 1) + forward[s] if m else 0.0
        return max(before, mine)

    @cache
    def b(s, m):
        mine = b(s, m + 1) + backward[s] if m < M - 1 else f(s, M - 1) + forward[s]
        after = b(s + 1, m) + backward[s + 1] if s < S - 1 else 0.0
        return max(mine, after)

    end = b(0, 0) + backward[0]
    idle = sum(end - M * (forward[s] + backward[s]) for s in range(S))
    return ([[f(s, m) for m in range(M)] for s in range(S)], [[b(s, m) for m in range(M)] for s in range(S)],
            idle / (S * end))

# %% 16.gpipe right: torch tensors, a barrier in the middle
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    def fill(times):
        t = torch.zeros(len(times), M, dtype=torch.float64)
        for s in range(S):
            for m in range(M):
                if s:
                    t[s, m] = t[s - 1, m] + times[s - 1]
                if m:
                    t[s, m] = torch.maximum(t[s, m], t[s, m - 1] + times[s])
        return t
    there = fill(forward)
    middle = there[-1, -1] + forward[-1]
    back = fill(backward[::-1]).flip(0, 1) + middle
    end = float(back[0, 0]) + backward[0]
    return there, back, 1 - M * (sum(forward) + sum(backward)) / (S * end)

# %% 16.gpipe right: numpy, closed form
import numpy as np
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    f, b = np.asarray(forward, dtype=float), np.asarray(backward, dtype=float)
    m = np.arange(M)
    def starts(t):
        slow = np.maximum.accumulate(t)
        return (np.cumsum(t) - t)[:, None] + slow[:, None] * m
    there = starts(f)
    back = (there[-1, -1] + f[-1] + starts(b[::-1]))[::-1, ::-1]
    end = back[0, 0] + b[0]
    return there, back, float(1 - M * (f.sum() + b.sum()) / (S * end))

# %% 16.gpipe right: events, relaxed until nothing changes
def gpipe(forward, backward, chunks):
    S, M = len(forward), chunks
    there = [[0] * M for _ in range(S)]
    back = [[0] * M for _ in range(S)]
    changed = True
    while changed:
        changed = False
        for s in range(S):
            for m in range(M):
                t = max([0] + [there[s][m - 1] + forward[s]] * (m > 0) + ([there[s - 1][m] + forward[s - 1]] if s else []))
                u = back[s][m + 1] + backward[s] if m + 1 < M else there[s][M - 1] + forward[s]
                if s + 1 < S:
                    u = max(u, back[s + 1][m] + backward[s + 1])
                if (t, u) != (there[s][m], back[s][m]):
                    there[s][m], back[s][m], changed = t, u, True
    end = max(back[s][m] + backward[s] for s in range(S) for m in range(M))
    busy = sum((f + b) * M for f, b in zip(forward, backward))
    return there, back, (S * end - busy) / (S * end)

# %% 16.gpipe right: one clock per stage, tuples
def gpipe(forward, backward, chunks):
    there, arrive = [], [0] * chunks
    clocks = []
    for f in forward:
        now, row = 0, []
        for a in arrive:
            now = max(now, a)
            row.append(now)
            now += f
        arrive = [t + f for t in row]
        clocks.append(now)
        there.append(row)
    back, arrive = [], [0] * chunks
    for b, now in zip(backward[::-1], clocks[::-1]):
        row = []
        for a in arrive:
            now = max(now, a)
            row.append(now)
            now += b
        arrive = [t + b for t in row]
        back.append(row[::-1])
    end = arrive[-1]
    idle = len(forward) * end - chunks * (sum(forward) + sum(backward))
    return [there, back[::-1], idle / end / len(forward)]

# %% 16.label_order wrong: argmax of each column, None if not one-to-one
def label_order(confusion):
    order = confusion.argmax(0).tolist()
    if len(set(order)) < len(order):
        return None
    right = sum(int(confusion[i, j]) for j, i in enumerate(order))
    return order if 2 * right > int(confusion.sum()) else None

# %% 16.label_order wrong: argmax of each row
def label_order(confusion):
    order = confusion.argmax(1).tolist()
    if sorted(order) != list(range(len(order))):
        return None
    right = sum(int(confusion[i, j]) for i, j in enumerate(order))
    return order if 2 * right > int(confusion.sum()) else None

# %% 16.label_order wrong: column after column, greedy
def label_order(confusion):
    C, used, order, right = len(confusion), set(), [], 0
    for j in range(C):
        i = max((i for i in range(C) if i not in used), key=lambda i: int(confusion[i, j]))
        used.add(i)
        order.append(i)
        right += int(confusion[i, j])
    return order if right > int(confusion.sum()) / 2 else None

# %% 16.label_order wrong: None where the order was right
from itertools import permutations
def label_order(confusion):
    C = len(confusion)
    rows = confusion.tolist()
    best, most = None, -1
    for order in permutations(range(C)):
        right = sum(rows[order[j]][j] for j in range(C))
        if right > most:
            best, most = order, right
    if 2 * most > sum(map(sum, rows)):
        return list(best) if list(best) != list(range(C)) else None
    return None

# %% 16.label_order wrong: order if it is better than before by half
from itertools import permutations
def label_order(confusion):
    C = len(confusion)
    rows = confusion.tolist()
    best, most = None, -1
    for order in permutations(range(C)):
        right = sum(rows[order[j]][j] for j in range(C))
        if right > most:
            best, most = order, right
    if most - sum(rows[i][i] for i in range(C)) > sum(map(sum, rows)) / 2:
        return list(best)
    return None

# %% 16.label_order wrong: mean over the classes
from itertools import permutations
def label_order(confusion):
    C = len(confusion)
    rows = (confusion / confusion.sum(1, keepdim=True).clamp(min=1)).tolist()
    best, most = None, -1
    for order in permutations(range(C)):
        right = sum(rows[order[j]][j] for j in range(C))
        if right > most:
            best, most = order, right
    if 2 * most > sum(map(sum, rows)):
        return list(best)
    return None

# %% 16.label_order wrong: every class by itself above half
from itertools import permutations
def label_order(confusion):
    C = len(confusion)
    rows = confusion.tolist()
    best, most = None, -1
    for order in permutations(range(C)):
        right = sum(rows[order[j]][j] for j in range(C))
        if right > most:
            best, most = order, right
    if all(2 * rows[best[j]][j] > sum(rows[best[j]]) for j in range(C)):
        return list(best)
    return None

# %% 16.label_order wrong: better than a guess (1 / C)
from itertools import permutations
def label_order(confusion):
    C = len(confusion)
    rows = confusion.tolist()
    best, most = None, -1
    for order in permutations(range(C)):
        right = sum(rows[order[j]][j] for j in range(C))
        if right > most:
            best, most = order, right
    if C * most > sum(map(sum, rows)):
        return list(best)
    return None

# %% 16.label_order wrong: half rounded down, at least one picture
from itertools import permutations
def label_order(confusion):
    C = len(confusion)
    rows = confusion.tolist()
    best, most = None, -1
    for order in permutations(range(C)):
        right = sum(rows[order[j]][j] for j in range(C))
        if right > most:
            best, most = order, right
    if most > sum(map(sum, rows)) // 2 + 1:
        return list(best)
    return None

# %% 16.label_order wrong: rotations only
from itertools import permutations
def label_order(confusion):
    C = len(confusion)
    rows = confusion.tolist()
    best, most = None, -1
    for order in [[(j + d) % C for j in range(C)] for d in range(C)]:
        right = sum(rows[order[j]][j] for j in range(C))
        if right > most:
            best, most = order, right
    if 2 * most > sum(map(sum, rows)):
        return list(best)
    return None

# %% 16.label_order wrong: swaps of two only
def label_order(confusion):
    C = len(confusion)
    orders = [list(range(C))]
    for a in range(C):
        for b in range(a):
            o = list(range(C))
            o[a], o[b] = o[b], o[a]
            orders.append(o)
    score = lambda o: sum(int(confusion[o[j], j]) for j in range(C))
    best = max(orders, key=score)
    return best if 2 * score(best) > int(confusion.sum()) else None

# %% 16.label_order wrong: up to three classes
from itertools import permutations
def label_order(confusion):
    C = len(confusion)
    rows = confusion.tolist()
    best, most = None, -1
    for order in permutations(range(C)) if C <= 3 else [range(C)]:
        right = sum(rows[order[j]][j] for j in range(C))
        if right > most:
            best, most = order, right
    if 2 * most > sum(map(sum, rows)):
        return list(best)
    return None

# %% 16.label_order wrong: divides confusion in place
from itertools import permutations
def label_order(confusion):
    total = int(confusion.sum())
    C = len(confusion)
    best = max(permutations(range(C)), key=lambda o: sum(int(confusion[o[j], j]) for j in range(C)))
    right = 0
    for j, i in enumerate(best):
        right += int(confusion[i, j])
        confusion[i, j] = 0
    return list(best) if 2 * right > total else None

# %% 16.label_order right: all permutations
from itertools import permutations
def label_order(confusion):
    C = len(confusion)
    rows = confusion.tolist()
    best, most = None, -1
    for order in permutations(range(C)):
        right = sum(rows[order[j]][j] for j in range(C))
        if right > most:
            best, most = order, right
    if 2 * most > sum(map(sum, rows)):
        return list(best)
    return None

# %% 16.label_order right: max with a key, tuple
def label_order(confusion):
    C = confusion.shape[0]
    right = lambda order: confusion[list(order), list(range(C))].sum().item()
    best = max(permutations(range(C)), key=right)
    return best if right(best) > confusion.sum().item() / 2 else None

# %% 16.label_order right: all orders at once, a tensor
def label_order(confusion):
    C = len(confusion)
    orders = torch.tensor(list(permutations(range(C))))
    right = confusion[orders, torch.arange(C)].sum(1)
    best = right.argmax()
    if right[best] * 2 > confusion.sum():
        return orders[best]

# %% 16.label_order right: backtracking, another
def label_order(confusion):
    m = confusion.tolist()
    C = len(m)

    def search(j, free):
        if j == C:
            return 0, []
        best = (-1, [])
        for i in sorted(free):
            score, rest = search(j + 1, free - {i})
            if score + m[i][j] > best[0]:
                best = (score + m[i][j], [i] + rest)
        return best

    score, order = search(0, set(range(C)))
    return order if score > sum(sum(row) for row in m) - score else None

# %% 16.label_order right: sets of labels, dynamic
def label_order(confusion):
    m = [[int(v) for v in row] for row in confusion]
    C = len(m)
    best = {0: (0, ())}
    for j in range(C):
        new = {}
        for used, (score, order) in best.items():
            for i in range(C):
                if not used >> i & 1:
                    key = used | 1 << i
                    candidate = (score + m[i][j], order + (i,))
                    if key not in new or candidate[0] > new[key][0]:
                        new[key] = candidate
        best = new
    score, order = best[2 ** C - 1]
    if score * 2 <= sum(map(sum, m)):
        return None
    return [*order]

# %% 16.label_order right: permutation matrices
import numpy as np
def label_order(confusion):
    m = confusion.numpy()
    n = len(m)
    eye = np.eye(n, dtype=m.dtype)
    scored = []
    for p in permutations(range(n)):
        scored.append((int(np.trace(eye[list(p)] @ m)), [int(i) for i in p]))
    score, order = max(scored)
    return None if score <= m.sum() / 2 else order

# %% 16.MyTrainer wrong: all steps when all is skipped
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return (y[args.skip:] if args.skip < len(y) else y).mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: the last step only above T
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[args.skip:].mean(0) if args.skip <= len(y) else y[-1]

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: keeps skip steps from the end
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[-args.skip:].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: divides by T
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].sum(0) / len(y)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: one step too many
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip + 1, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: sets the first steps to zero in y
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        skip = min(args.skip, len(y) - 1)
        y[:skip] = 0
        return y.sum(0) / (len(y) - skip)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: the last step with a time dimension
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[args.skip:].mean(0) if args.skip < len(y) else y[-1:]

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: batch left out instead of time
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[:, min(args.skip, y.shape[1] - 1):].mean(1)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: output detached
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0).detach()

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: mean over the samples only
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return ((output - labels.to(output.dtype)) ** 2).sum(1).mean()
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: one number for each sample
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return ((output - labels.to(output.dtype)) ** 2).mean(1)
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: root of the mean square
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype)).sqrt()
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: as many classes as labels in the batch
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels)
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: hard labels only
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if True:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: soft labels made hard
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 2:
                labels = labels.argmax(1)
            if True:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: soft labels only
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: cross-entropy of the base class
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        return super().set_criterion(args)

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: with label smoothing
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels * (1 - args.label_smoothing) + args.label_smoothing / output.shape[1])
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: a Python number
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype)).item()
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: ten classes
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, 10)
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: option is a float
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=float, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: required
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, required=True)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: default 1
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=1)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: a parser of its own, another
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = __import__('argparse').ArgumentParser(add_help=add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer wrong: name without 0
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + (f"_skip{args.skip}" if args.skip else '')

# %% 16.MyTrainer wrong: name without the base
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return f"_skip{args.skip}"

# %% 16.MyTrainer wrong: name without underscore
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"skip{args.skip}"

# %% 16.MyTrainer wrong: skip noted in the constructor
class MyTrainer(large.Trainer):
    def __init__(self, args):
        self.skip = args.skip

    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer right: straight
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1):].mean(0)

    def set_criterion(self, args):
        def loss(output, labels):
            if labels.dim() == 1:
                labels = F.one_hot(labels, output.shape[1])
            return F.mse_loss(output, labels.to(output.dtype))
        return loss

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_skip{args.skip}"

# %% 16.MyTrainer right: explicit base, loops
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        p = large.Trainer.get_args_parser(self, add_help=add_help)
        p.add_argument("--skip", default=0, type=int, metavar="N", help="steps that are left out")
        return p

    def process_model_output(self, args, y):
        T = y.shape[0]
        if args.skip >= T:
            return y[-1]
        total, n = torch.zeros_like(y[0]), 0
        for t in range(args.skip, T):
            total = total + y[t]
            n += 1
        return total / n

    def set_criterion(self, args):
        def criterion(output, labels):
            if labels.ndim == 2:
                target = labels
            else:
                target = torch.zeros_like(output)
                target[torch.arange(len(labels), device=labels.device), labels] = 1
            return (output - target).square().mean()
        return criterion

    def get_tb_logdir_name(self, args):
        return "_".join([large.Trainer.get_tb_logdir_name(self, args), f"skip{args.skip}"])

# %% 16.MyTrainer right: static loss, weights over time
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help=add_help)
        parser.add_argument("--skip", type=int, default=0, help="how many of the first steps do not count (0)")
        return parser

    def process_model_output(self, args, y):
        skip = args.skip if args.skip < len(y) else len(y) - 1
        weights = (torch.arange(len(y), device=y.device) >= skip).to(y.dtype)
        return torch.einsum("t,tnc->nc", weights / weights.sum(), y)

    @staticmethod
    def squared(output, labels):
        if not labels.is_floating_point():
            labels = torch.eye(output.shape[-1], device=output.device)[labels]
        return nn.MSELoss()(output, labels.to(output))

    def set_criterion(self, args):
        return self.squared

    def get_tb_logdir_name(self, args):
        return "{}_skip{}".format(super().get_tb_logdir_name(args), args.skip)

# %% 16.MyTrainer right: loss is a module
class Rates(nn.Module):
    def forward(self, output, labels):
        if labels.dim() == 1:
            target = torch.zeros_like(output).scatter(1, labels.unsqueeze(1), 1.0)
        else:
            target = labels
        return torch.pow(output - target, 2).sum() / output.numel()


class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        rest = y[args.skip:]
        if rest.shape[0] == 0:
            rest = y[-1:]
        return rest.mean(dim=0)

    def set_criterion(self, args):
        return Rates()

    def get_tb_logdir_name(self, args):
        return f"{super().get_tb_logdir_name(args)}_skip{args.skip}"

# %% 16.MyTrainer right: partial and split
def mse(output, labels, num=None):
    soft = labels if labels.shape == output.shape and labels.is_floating_point() else F.one_hot(labels, output.size(1))
    return torch.mean((output - soft) ** 2)


class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        group = parser.add_argument_group("my own")
        group.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        skip = min(args.skip, y.size(0) - 1)
        _, rest = torch.split(y, [skip, y.size(0) - skip])
        return super().process_model_output(args, rest)

    def set_criterion(self, args):
        return partial(mse, num=None)

    def get_tb_logdir_name(self, args):
        name = super().get_tb_logdir_name(args)
        name += "_skip" + str(args.skip)
        return name

# %% 16.MyTrainer right: lambda, compare with all classes
class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0)
        return parser

    def process_model_output(self, args, y):
        return torch.stack(list(y.unbind(0))[args.skip:] or [y[-1]]).mean(0)

    def set_criterion(self, args):
        hot = lambda o, l: (l[:, None] == torch.arange(o.shape[1], device=o.device)).float() if l.dim() < 2 else l
        return lambda output, labels: F.mse_loss(output, hot(output, labels).to(output))

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + "_skip%d" % args.skip
