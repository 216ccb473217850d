"""Weights from files and from torchvision's enums: taken whole, or refused with a reason; nothing is fetched."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.error import URLError

import pytest
import torch
import torchvision
from safetensors.torch import save_file
from torch import nn
from torchvision.models import ResNet18_Weights, ResNet50_Weights

from course_snn import model
from course_snn.neuron import PLIFNode

SMALL = partial(model.SpikingResNet, torchvision.models.resnet.BasicBlock, [1, 1, 1, 1], stem="cifar", num_classes=5)


def one_number_each(net: nn.Module) -> dict[str, torch.Tensor]:
    """A state_dict that makes a small file: each tensor holds one number, another one for each."""
    held = net.state_dict().items()
    return {name: torch.tensor(i, dtype=v.dtype).expand(v.shape) for i, (name, v) in enumerate(held)}


@pytest.fixture(scope="module")
def state():
    return one_number_each(SMALL())


def same(net: nn.Module, state: dict) -> bool:
    found = net.state_dict()
    return all(torch.equal(found[name], value) for name, value in state.items())


def test_files_of_every_kind(tmp_path: Path, state):
    wrapped = {f"module.{name}": value for name, value in state.items()}
    for number, held in enumerate([state, {"net": state, "epoch": [1, 0.5]}, {"model": wrapped}, wrapped]):
        path = tmp_path / f"{number}.pth"
        torch.save(held, path)
        for given in (path, str(path)):
            assert same(model.load_weights(SMALL(), given), state)
    save_file({name: value.contiguous() for name, value in state.items()}, tmp_path / "one.safetensors")
    assert same(model.load_weights(SMALL(), tmp_path / "one.safetensors"), state)


def test_what_neurons_learn_may_be_missing_and_stays(tmp_path: Path, state):
    torch.save(state, tmp_path / "relu.pt")
    net = model.load_weights(SMALL(node=partial(PLIFNode, 3.0)), tmp_path / "relu.pt")
    assert same(net, state) and net.layer1[0].sn2.tau == pytest.approx(3.0)
    torch.save(net.state_dict(), tmp_path / "plif.pt")
    with pytest.raises(ValueError, match=r"plif\.pt belongs to another network: it also has layer1\.0\.sn1\.w"):
        model.load_weights(SMALL(), tmp_path / "plif.pt")


def test_an_enum_is_read_from_torchs_cache_and_its_classes_are_checked_first(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    weights = ResNet18_Weights.IMAGENET1K_V1
    (tmp_path / "hub" / "checkpoints").mkdir(parents=True)
    held = one_number_each(torchvision.models.resnet18())
    torch.save(held, tmp_path / "hub" / "checkpoints" / weights.url.rsplit("/", 1)[-1])
    for make in (model.spiking_resnet18, model.sew_resnet18):
        assert same(make(weights=weights), held)


def test_nothing_is_fetched_for_a_network_that_does_not_fit(monkeypatch):
    def fetch(*args, **kwargs):
        raise AssertionError("fetched")

    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", fetch)
    for make, words in [
        (partial(model.spiking_resnet18, weights=ResNet50_Weights.DEFAULT), r"takes ResNet18_Weights\.IMAGENET1K_V1"),
        (partial(model.sew_resnet18, weights=ResNet18_Weights.DEFAULT, num_classes=10), r"1000 classes.*net\.fc = "),
        (partial(model.sew_resnet18, weights=ResNet18_Weights.DEFAULT, stem="cifar"), "7x7.* 3x3.* choose"),
    ]:
        with pytest.raises(ValueError, match=words):
            make()


def test_no_way_to_the_network_says_where_the_file_may_be_put(monkeypatch):
    def fetch(*args, **kwargs):
        raise URLError("no route")

    monkeypatch.setattr("torchvision.models._api.load_state_dict_from_url", fetch)
    with pytest.raises(OSError, match=r"no route.*give weights='resnet18-f37072fd\.pth'.*checkpoints"):
        model.spiking_resnet18(weights=ResNet18_Weights.DEFAULT, progress=False)


def test_errors_name_the_file_and_what_is_accepted(tmp_path: Path, state):
    torch.save(state, tmp_path / "five.pt")
    torch.save({"net": SMALL()}, tmp_path / "code.pt")
    torch.save({"epoch": 3}, tmp_path / "none.pt")
    (tmp_path / "cut.pt").write_bytes((tmp_path / "five.pt").read_bytes()[:500])
    (tmp_path / "cut.safetensors").write_bytes(b"abc")
    seven = {"layer1.0.conv1.weight": torch.zeros(64, 64, 5, 5)}
    torch.save(state | seven, tmp_path / "shape.pt")
    for net, given, error, words in [
        (SMALL(), tmp_path / "gone.pt", FileNotFoundError, r"no file .*gone\.pt: weights takes a file \.pt"),
        (SMALL(), 7, TypeError, r"the path of a file \.pt, \.pth or \.safetensors.*got 7"),
        (
            SMALL(num_classes=3),
            tmp_path / "five.pt",
            ValueError,
            r"for 5 classes, this network for 3\. Give num_classes=5",
        ),
        (
            SMALL(stem="imagenet"),
            tmp_path / "five.pt",
            ValueError,
            "convolution of 3x3, this network one of 7x7: stem=",
        ),
        (SMALL(), tmp_path / "shape.pt", ValueError, r"layer1\.0\.conv1\.weight is \[64, 64, 5, 5\], here it is"),
        (nn.Linear(2, 2), tmp_path / "five.pt", ValueError, r"lacks weight, bias, and also has conv1\.weight.* more"),
        (SMALL(), tmp_path / "code.pt", ValueError, r"code\.pt is damaged or holds more than tensors.*state_dict"),
        (SMALL(), tmp_path / "cut.pt", ValueError, r"cut\.pt is damaged"),
        (SMALL(), tmp_path / "cut.safetensors", ValueError, r"cut\.safetensors is damaged"),
        (SMALL(), tmp_path / "none.pt", ValueError, "holds no weights: it must be a state_dict"),
    ]:
        with pytest.raises(error, match=words):
            model.load_weights(net, given)


def test_safetensors_says_what_to_install(tmp_path: Path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "safetensors", None)
    (tmp_path / "one.safetensors").write_bytes(b"")
    with pytest.raises(ImportError, match="pip install safetensors"):
        model.load_weights(SMALL(), tmp_path / "one.safetensors")
