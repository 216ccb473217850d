"""CIFAR-10's pickles: what numpy reads, and nothing that a pickle asks to be run."""

import os
import pickle

import numpy as np
import pytest
import torch
from tiny_cifar import BATCHES, labels, old_pickle, pixels
from together import each_of

from course_snn.data import batches


def test_a_batch_as_python_2_wrote_it_is_read_as_numpy_has_it():
    assert b"cnumpy.core.multiarray\n" in BATCHES["data_batch_1"] and b"codecs" not in BATCHES["data_batch_1"]
    images, numbers = batches.batch(BATCHES["data_batch_1"])
    assert images.dtype == torch.uint8 and numbers.dtype == torch.int64
    assert np.array_equal(images.numpy(), pixels(1).reshape(-1, 3, 32, 32)) and numbers.tolist() == labels(1)
    assert images[3, 1, 2, 5] == pixels(1)[3, 1024 + 2 * 32 + 5]  # green, row 2, column 5


def test_train_is_the_five_batches_in_their_order_and_memory_holds_them_once():
    found = dict(reversed(BATCHES.items()))
    (images, numbers), (_, numbers_test) = batches.pairs(found)
    assert not found and len(images) == 100
    assert numbers.tolist() == [n for seed in range(1, 6) for n in labels(seed)] and numbers_test.tolist() == labels(6)


class Evil:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@each_of("function", [os.system, eval, getattr, np.load, np.frombuffer, torch.load, Evil])
@each_of("protocol", [2, 4])
def test_nothing_is_run(tmp_path, function, protocol):
    evil = pickle.dumps({b"data": Evil(function, f"touch {tmp_path / 'run'}")}, protocol=protocol)
    with pytest.raises(pickle.UnpicklingError, match="has no business in a file of pictures; it was not run"):
        batches.plain(evil)
    assert not list(tmp_path.iterdir())


WRONG = [
    {b"data": pixels(1)},
    {b"data": pixels(1)[:5], b"labels": labels(1)},
    {b"data": pixels(1).astype(float), b"labels": labels(1)},
    {b"data": pixels(1), b"labels": [b"cat"] * 20},
    [1, 2],
]


@each_of("thing", WRONG)
def test_another_content_is_refused(thing):
    with pytest.raises(ValueError, match=r"no batch of CIFAR-10: .*; wanted are b'data' uint8 \[N, 3072\]"):
        batches.batch(old_pickle(thing))
