# ruff: noqa

# %% 00.count_spikes wrong: counts the steps instead of the spikes
def count_spikes(train):
    return len(train)


# %% 00.count_spikes wrong: counts the steps without a spike
def count_spikes(train):
    return train.count(0)


# %% 00.count_spikes wrong: returns inside the loop, after the first step
def count_spikes(train):
    n = 0
    for s in train:
        if s == 1:
            n += 1
        return n


# %% 00.count_spikes wrong: leaves out the first step
def count_spikes(train):
    n = 0
    for k in range(1, len(train)):
        n += train[k]
    return n


# %% 00.count_spikes wrong: leaves out the last step
def count_spikes(train):
    n = 0
    for k in range(len(train) - 1):
        n += train[k]
    return n


# %% 00.count_spikes wrong: returns the rate, not the number
def count_spikes(train):
    return sum(train) / len(train)


# %% 00.count_spikes wrong: returns the steps of the spikes instead of their number
def count_spikes(train):
    return [k for k, s in enumerate(train) if s == 1]


# %% 00.count_spikes wrong: says only whether there is a spike
def count_spikes(train):
    return any(train)


# %% 00.count_spikes wrong: prints the number and returns nothing
def count_spikes(train):
    print(sum(train))


# %% 00.count_spikes wrong: the counter starts afresh in every step
def count_spikes(train):
    for s in train:
        n = 0
        if s == 1:
            n += 1
    return n


# %% 00.count_spikes wrong: the counter is kept between calls
def count_spikes(train, counter=[0]):
    for s in train:
        counter[0] += s
    return counter[0]


# %% 00.count_spikes wrong: spikes in neighbouring steps count as one
def count_spikes(train):
    n, last = 0, 0
    for s in train:
        if s == 1 and last == 0:
            n += 1
        last = s
    return n


# %% 00.count_spikes wrong: sets the counter to 1 instead of adding 1
def count_spikes(train):
    n = 0
    for s in train:
        if s == 1:
            n = +1
    return n


# %% 00.count_spikes wrong: the argument is ignored, an example stands in its place
def count_spikes(train):
    train = [0, 1, 1, 0, 1]
    return sum(train)


# %% 00.count_spikes wrong: returns the step of the first spike
def count_spikes(train):
    return train.index(1)


# %% 00.count_spikes wrong: counts how many different values there are
def count_spikes(train):
    return len(set(train))


# %% 00.count_spikes wrong: looks for the text "1" instead of the number
def count_spikes(train):
    return train.count("1")


# %% 00.count_spikes wrong: the counter starts at 1
def count_spikes(train):
    n = 1
    for s in train:
        if s:
            n += 1
    return n


# %% 00.count_spikes wrong: the sum is computed but never stored
def count_spikes(train):
    n = 0
    for s in train:
        n + s
    return n


# %% 00.count_spikes wrong: adds up the numbers of the steps
def count_spikes(train):
    n = 0
    for k in range(len(train)):
        if train[k] == 1:
            n += k
    return n


# %% 00.count_spikes wrong: reads one element past the end
def count_spikes(train):
    n = 0
    for k in range(len(train) + 1):
        n += train[k]
    return n


# %% 00.count_spikes wrong: returns a text
def count_spikes(train):
    return f"{sum(train)} spikes"


# %% 00.count_spikes wrong: stops at the first step without a spike
def count_spikes(train):
    n = 0
    for s in train:
        if s == 0:
            break
        n += 1
    return n


# %% 00.count_spikes wrong: returns nothing when there is no spike
def count_spikes(train):
    n = sum(train)
    if n > 0:
        return n


# %% 00.count_spikes wrong: uses the step number where the element is meant
def count_spikes(train):
    n = 0
    for k in range(len(train)):
        if k == 1:
            n += 1
    return n


# %% 00.count_spikes wrong: an endless loop, the step is never moved on
def count_spikes(train):
    n, k = 0, 0
    while k < len(train):
        if train[k] == 1:
            n += 1
    return n


# %% 00.count_spikes wrong: the list is emptied while counting
def count_spikes(train):
    n = 0
    while train:
        n += train.pop()
    return n


# %% 00.count_spikes right: a float, 3.0
def count_spikes(train):
    n = 0.0
    for s in train:
        n += s
    return n


# %% 00.count_spikes wrong: a tensor of one element in brackets instead of a number
def count_spikes(train):
    import torch

    return torch.tensor(train).sum(0, keepdim=True)


# %% 00.count_spikes right: sum
def count_spikes(train):
    return sum(train)


# %% 00.count_spikes right: method of the list
def count_spikes(train):
    return train.count(1)


# %% 00.count_spikes right: plain loop
def count_spikes(train):
    n = 0
    for s in train:
        if s == 1:
            n += 1
    return n


# %% 00.count_spikes right: comprehension
def count_spikes(train):
    return len([s for s in train if s])


# %% 00.count_spikes right: numpy, returns a numpy integer
def count_spikes(train):
    import numpy as np

    return np.count_nonzero(np.array(train) == 1)


# %% 00.count_spikes right: torch, returns a tensor without dimensions
def count_spikes(train):
    import torch

    return torch.tensor(train).sum()


# %% 00.count_spikes right: index and while
def count_spikes(train):
    n = k = 0
    while k < len(train):
        n += train[k]
        k += 1
    return n


# %% 00.count_spikes right: recursion
def count_spikes(train):
    if not train:
        return 0
    return train[0] + count_spikes(train[1:])


# %% 00.count_spikes right: Counter
from collections import Counter


def count_spikes(train):
    return Counter(train)[1]


# %% 00.count_spikes right: a lambda
count_spikes = lambda train: sum(1 for s in train if s == 1)


# %% 00.count_spikes wrong: counts backwards down to the second step
def count_spikes(train):
    n = 0
    for k in range(len(train) - 1, 0, -1):
        n += train[k]
    return n


# %% 00.count_spikes wrong: puts the counted spikes to 0
def count_spikes(train):
    n = 0
    for k, s in enumerate(train):
        if s:
            n += 1
            train[k] = 0
    return n


# %% 00.count_spikes wrong: counts in pairs of steps, so a last single step is lost
def count_spikes(train):
    return sum(a + b for a, b in zip(train[::2], train[1::2]))


# %% 00.count_spikes wrong: asks the first step before it knows that there is one
def count_spikes(train):
    n = train[0]
    for s in train[1:]:
        n += s
    return n


# %% 00.count_spikes right: reduce with an inner function, a numpy float
import functools


def count_spikes(train):
    import numpy as np

    return functools.reduce(lambda n, s: n + np.float64(s), train, np.float64(0))
