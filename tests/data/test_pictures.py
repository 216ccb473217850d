"""A picture as RGB, or what is odd about it."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from odd_pictures import FILES, NOISE, SMOOTH, of_array, saved
from PIL import Image
from together import each_of

from course_snn.data import pictures
from course_snn.data.pictures import Odd
from course_snn.language import speaking


@pytest.fixture
def lay(tmp_path):
    def lay(name):
        path = tmp_path / name
        path.write_bytes(FILES[name][0])
        return path

    return lay


READ = {name: said for name, (_, said) in FILES.items() if Path(name).suffix.lower() in pictures.ENDINGS}


@each_of(("name", "said"), READ.items())
def test_each_is_read_or_named_from_a_file_and_from_its_bytes(lay, name, said):
    path = lay(name)
    with speaking("en"):
        if said is None:
            image = pictures.opened(path)
            assert (image.mode, image.size) == ("RGB", SMOOTH.shape[1::-1])
            assert torch.equal(pictures.decoded(path.read_bytes()), torch.from_numpy(np.array(image)).permute(2, 0, 1))
            return
        with pytest.raises(Odd, match=said):
            pictures.opened(path)
        with pytest.raises(Odd, match=said):
            pictures.decoded(path.read_bytes())


@each_of("name", ["plain.png", "opaque.png", "图片 é.bmp", "见.webp", "really a png.jpg"])
def test_what_is_seen_stays(lay, name):
    assert np.array_equal(np.array(pictures.opened(lay(name))), SMOOTH)


def test_grey_and_printed_pictures_look_the_same_as_rgb(lay):
    grey = np.array(pictures.opened(lay("grey.jpg"))).astype(int)
    assert (grey[..., 0] == grey[..., 1]).all() and abs(grey[..., 0] - SMOOTH.mean(2)).mean() < 6
    assert abs(np.array(pictures.opened(lay("printed.jpg"))).astype(int) - SMOOTH).mean() < 12  # not its negative


def test_the_quick_decoder_gives_what_pil_gives():
    body = of_array(NOISE, "jpeg", quality=90)
    assert torch.equal(
        pictures.decoded(body), torch.from_numpy(np.array(Image.open(io.BytesIO(body)))).permute(2, 0, 1)
    )


def test_a_head_is_looked_at_without_decoding(lay):
    assert pictures.opened(lay("half.png"), wholly=False).size == (64, 64)
    with pytest.raises(Odd):
        pictures.opened(lay("moving.gif"), wholly=False)


def test_a_bomb_and_a_file_that_is_gone(monkeypatch, tmp_path):
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 50)
    with speaking("en"), pytest.raises(Odd, match="too large to be opened"):
        pictures.decoded(saved())
    with speaking("en"), pytest.raises(Odd, match=r"cannot be read: .*No such file"):
        pictures.opened(tmp_path / "gone.png")
