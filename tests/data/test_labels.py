"""Two data sets that should mean the same classes by the same labels."""

import types

import pytest
from together import each_of

from course_snn import data
from course_snn.language import tr


def having(**attributes):
    return types.SimpleNamespace(**attributes)


AGREE = [
    (["a", "b"], ("a", "b")),
    ({"b": 1, "a": 0}, ["a", "b"]),
    (having(class_to_idx={"a": 0, "b": 1}), having(classes=["a", "b"])),
    (having(classes=(tr("猫", "cat"), tr("狗", "dog"))), having(class_to_idx={"cat": 0, "dog": 1})),
]


@each_of(("train", "val"), AGREE)
def test_the_same_labels(train, val):
    data.check_labels(train, val)


DIFFER = [
    (["a", "b", "c"], ["a", "c"], "the label of 'c' is 2 and 1; only train has 'b'"),
    (["a", "b"], ["b", "a"], "the label of 'a' is 0 and 1, of 'b' is 1 and 0"),
    (["a"], [".ipynb_checkpoints", "a"], "the label of 'a' is 0 and 1; only val has '.ipynb_checkpoints'"),
    ({"a": 0}, {"A": 0}, "only train has 'a'; only val has 'A'"),
]


@each_of(("train", "val", "said"), DIFFER)
def test_every_difference_is_named(train, val, said):
    with pytest.raises(ValueError, match="do not give the classes the same labels") as caught:
        data.check_labels(train, val)
    assert said in str(caught.value)


@each_of("wrong", [3, "cat", [1, 2], having(images=1)])
def test_what_names_no_classes(wrong):
    with pytest.raises(TypeError, match="val must have class_to_idx or classes"):
        data.check_labels(["a"], wrong)
