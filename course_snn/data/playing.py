"""Playing events: a GIF that stops. (In a notebook, ``widget.EventPlayer`` plays them in the page.)"""

from __future__ import annotations

import io

import torch


def event_gif(frames: torch.Tensor, seconds: float = 0.1, scale: int = 4, repeats: int = 3) -> bytes:
    """Return frames of events as a GIF that plays a few times and stops: `IPython.display.Image(data=…)` shows it.

    Args:
        frames: [T, 2, H, W], counts; channel 0 is OFF, channel 1 is ON.
        seconds: how long each frame is shown, in hundredths at the finest.
        scale: each pixel becomes scale × scale.
        repeats: how often it plays, at least once.

    Raises:
        ValueError: another shape, or a number that is not positive.
    """
    from PIL import Image

    from course_snn.plotting.events import event_colours  # late: who reads data needs no matplotlib

    if scale < 1 or repeats < 1 or not seconds > 0:
        raise ValueError(f"scale, repeats and seconds must be positive, got {scale}, {repeats} and {seconds}")
    large = event_colours(frames).repeat(scale, axis=1).repeat(scale, axis=2)
    first, *rest = (Image.fromarray(picture) for picture in large)
    file, again = io.BytesIO(), {"loop": repeats - 1} if repeats > 1 else {}  # the number in a GIF counts repetitions
    first.save(file, "gif", save_all=True, append_images=rest, duration=max(10, round(1000 * seconds)), **again)
    return file.getvalue()
