"""Ways to count the bytes kept for the backward pass, right or with one thing done wrong."""

import math


def counts(
    conv=lambda shape, c, k, p: (c, *(n + 2 * p - k + 1 for n in shape[1:])),
    pool=lambda shape, k: (shape[0], *(n // k for n in shape[1:])),
    keeps=lambda kind: True,
    position=lambda width: 8,
    positions=lambda before, after: after,
    later=lambda T: T,
    begin=lambda T: 1,
    early=0,
    outputs=False,
    total=lambda kept, last, T, batch, width: kept,
    out=lambda n, shape: (n,),
):
    """Return ``activations`` with one thing done in another way."""

    def answer(layers, shape, T, batch, width):
        kept, steps = 0, begin(T)
        for kind, *settings in layers:
            before, during = shape, steps
            if kind == "conv":
                shape = conv(shape, *settings)
            elif kind == "pool":
                shape = pool(shape, *settings)
                kept += steps * batch * math.prod(positions(before, shape)) * position(width)
            elif kind == "linear":
                shape = out(settings[0], shape)
            else:
                steps = later(T)
            if keeps(kind):
                kept += (
                    (steps if outputs or early else during) * batch * math.prod(shape if outputs else before) * width
                )
        return total(kept, steps * batch * math.prod(shape) * width, T, batch, width)

    return answer


def apart(inputs=lambda T, batch: (T, batch), positions=lambda T, batch: (T, batch), **other):
    """Return ``activations`` with T, batch, or other things of inputs and positions apart."""
    without = counts(position=lambda width: 0)

    def answer(layers, shape, T, batch, width):
        there = layers, shape, *positions(T, batch), width
        kept = counts(**other)(*there) - counts(position=lambda width: 0, **other)(*there)
        return kept + without(layers, shape, *inputs(T, batch), width)

    return answer


def weights(layers, shape, T, batch, width):
    """Return the bytes of the weights."""
    count = 0
    for kind, *settings in layers:
        if kind == "conv":
            channels, kernel, padding = settings
            count += channels * shape[0] * kernel**2
            shape = (channels, *(n + 2 * padding - kernel + 1 for n in shape[1:]))
        elif kind == "pool":
            shape = (shape[0], *(n // settings[0] for n in shape[1:]))
        elif kind == "linear":
            count += settings[0] * math.prod(shape)
            shape = (settings[0],)
    return count * width
