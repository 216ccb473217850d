"""Folders of classes: torchvision's samples and labels, everything odd named, nothing that ends a run."""

import copy
import os

import pytest
from odd_pictures import CUT, FILES, SILENT, saved
from together import each_of
from torch.utils.data import DataLoader
from torchvision.datasets import ImageFolder
from torchvision.transforms import v2

from course_snn import data
from course_snn.data.files import DataError
from course_snn.language import speaking

TRANSFORM = v2.Compose([v2.Resize((8, 8)), v2.PILToTensor()])


@pytest.fixture
def place(tmp_path):
    """Two classes of sound pictures, with Chinese names, one of which holds a folder."""
    for name in ("猫/a.png", "猫/b.png", "狗/c.png", "狗/近/d.png"):
        path = tmp_path / "图片" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(saved())
    return tmp_path / "图片"


def fill(place, name="猫"):
    for file, (body, _) in FILES.items():
        (place / name / file).write_bytes(body)
    for file, body in SILENT.items():
        (place / name / file).write_bytes(body)


def test_sound_folders_are_torchvisions_and_nothing_is_said(place, capsys):
    ours, theirs = data.image_folder(place, TRANSFORM), ImageFolder(place, TRANSFORM)
    assert (ours.classes, ours.class_to_idx) == (theirs.classes, theirs.class_to_idx)
    assert (ours.samples, ours.targets, ours.imgs) == (theirs.samples, theirs.targets, theirs.imgs)
    assert all((a == b).all() and m == n for (a, m), (b, n) in zip(ours, theirs, strict=True))
    assert capsys.readouterr().out == "" and ours.skipped == {} and ours.empty == [] and isinstance(ours, ImageFolder)


def test_everything_odd_is_named_and_the_rest_is_used(place, capsys):
    fill(place)
    with speaking("en"):
        train = data.image_folder(place, TRANSFORM)
        early = dict(train.skipped)
        pictures = list(train)
        report = train.report()
    assert len(pictures) == len(train) and all(list(x.shape) == [3, 8, 8] for x, _ in pictures)
    named = {os.path.basename(path): str(reason.en) for path, reason in train.skipped.items()}
    assert set(named) == {name for name, (_, said) in FILES.items() if said}
    assert len(early) < len(named)  # some show it only when they are decoded
    for name in named:
        assert f"{os.path.join('猫', name)} ({named[name]})" in report
    said = capsys.readouterr().out
    assert "see report()" in said and said.count("stands in for it") == len(named) - len(early)


def test_a_damaged_picture_is_replaced_by_one_of_its_class_every_time(place, capsys):
    (place / "猫" / "b.png").write_bytes(CUT)
    train = data.image_folder(place)
    at = next(n for n, (path, _) in enumerate(train.samples) if path.endswith("b.png"))
    label = train.class_to_idx["猫"]
    for _ in range(2):
        picture, got = train[at]
        assert got == label and picture.tobytes() == train[train.targets.index(label)][0].tobytes()
    assert capsys.readouterr().out.count("b.png") <= 2  # once, in each language
    (place / "猫" / "a.png").write_bytes(b"")
    fresh = data.image_folder(place, look=False)
    with speaking("en"), pytest.raises(DataError, match="no picture of the class 猫 is sound"):
        fresh[at]


def test_check_leaves_out_what_is_damaged_beforehand(place, capsys):
    (place / "猫" / "b.png").write_bytes(CUT)
    train = data.image_folder(place, look=False)
    assert capsys.readouterr().out == "" and len(train) == 4
    with speaking("en"):
        report = train.check()
    assert len(train) == len(train.samples) == len(train.targets) == 3 and "b.png (cut off" in report
    assert [label for _, label in train] == train.targets and capsys.readouterr().out == ""


def test_an_error_of_the_transform_is_not_taken_for_damage(place):
    def broken(picture):
        raise ValueError("my own")

    with pytest.raises(ValueError, match="my own"):
        data.image_folder(place, broken)[0]


def test_spawned_workers_read_it_and_tell_what_they_found(place):
    (place / "猫" / "b.png").write_bytes(CUT)
    train = data.image_folder(place, TRANSFORM)
    batches = list(DataLoader(train, batch_size=3, num_workers=1, multiprocessing_context="spawn"))
    assert sum(len(labels) for _, labels in batches) == 4
    assert [os.path.basename(path) for path in train.skipped] == ["b.png"]
    assert copy.deepcopy(train).samples == train.samples


def test_hidden_folders_are_no_classes_and_empty_ones_keep_their_label(place, capsys):
    for name in (".ipynb_checkpoints", "__MACOSX", "空", "狗/.ipynb_checkpoints"):
        (place / name).mkdir()
    (place / ".ipynb_checkpoints" / "x.png").write_bytes(saved())
    (place / "狗" / ".ipynb_checkpoints" / "c-checkpoint.png").write_bytes(saved())
    (place / "notes.txt").write_text("beside the classes")
    with speaking("en"):
        train = data.image_folder(place)
    assert train.classes == ["狗", "猫", "空"] and train.empty == ["空"] and len(train) == 4 and not train.skipped
    assert "Without pictures, keeping their labels: 空." in capsys.readouterr().out


def test_the_order_of_labels_can_be_given_and_is_told_where_it_surprises(place, capsys):
    (place / "猫").rename(place / "10")
    (place / "狗").rename(place / "2")
    with speaking("en"):
        train = data.image_folder(place)
    assert "sorted as text (10, 2, …), so labels are not the names" in capsys.readouterr().out
    val = data.image_folder(place, classes=["2", "10", "11"])
    assert val.class_to_idx == {"2": 0, "10": 1, "11": 2} and val.empty == ["11"]
    with pytest.raises(ValueError, match="the label of '10' is 0 and 1, of '2' is 1 and 0; only val has '11'"):
        data.check_labels(train, val)
    data.check_labels(train, data.image_folder(place, classes=train.classes))
    with pytest.raises(
        ValueError, match=r"holds '10', which classes= does not name; it names 2, 100. Did you mean '100'"
    ):
        data.image_folder(place, classes=["2", "100"])
    with pytest.raises(ValueError, match="names a class twice"):
        data.image_folder(place, classes=["2", "10", "2"])


WRONG = [
    (lambda p: p / "nowhere", "there is no folder"),
    (lambda p: p.parent / "图", r"there is no folder .* Did you mean '图片'"),
    (lambda p: p / "猫" / "a.png", "a file, not a folder"),
    (lambda p: p / "猫", "holds no folders: the pictures of each class belong into a folder of its own"),
    (lambda p: p.parent, r"holds 图片 alone, and the classes lie in there: image_folder\("),
    (lambda p: p.parent / "split", r"holds train, val, which are no classes: open one of them, image_folder\(.*train"),
    (lambda p: p.parent / "none", r"no usable picture in .* Not used, 1: .*a.png \(empty, 0 bytes\)"),
]


@each_of(("where", "said"), WRONG)
def test_a_wrong_folder_is_told_with_what_to_do(place, tmp_path, where, said):
    path = where(place)  # before the folders beside it are there
    if path.name in ("split", "none"):
        for name in ("split/train/a", "split/val/a", "none/x"):
            (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / "none" / "x" / "a.png").write_bytes(b"")
    with speaking("en"), pytest.raises(DataError, match=said):
        data.image_folder(str(path))
