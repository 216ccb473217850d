"""Playing events: a GIF that stops. (In a notebook, ``widget.EventPlayer`` plays them in the page.)"""

from __future__ import annotations

import io

import torch

from course_snn.arguments import number, whole

LONGEST, MOST = 655, 65_536  # a GIF counts hundredths of a second, and repetitions, in 16 bits


def event_gif(frames: torch.Tensor, seconds: float = 0.1, scale: int = 4, repeats: int = 3) -> bytes:
    """Return frames of events as a GIF that plays a few times and stops: `IPython.display.Image(data=…)` shows it.

    Args:
        frames: [T, 2, H, W], counts; channel 0 is OFF, channel 1 is ON.
        seconds: how long each frame is shown, in hundredths at the finest.
        scale: each pixel becomes scale × scale.
        repeats: how often it plays, at least once.

    Raises:
        TypeError, ValueError: another shape, or a number that is not positive, or not whole.
    """
    from PIL import Image

    from course_snn.plotting.events import event_colours  # late: who reads data needs no matplotlib

    scale, repeats = whole("scale", scale, at_least=1), whole("repeats", repeats, at_least=1)
    pictures = event_colours(frames)
    if number("seconds", seconds, above=0) * len(pictures) > LONGEST or repeats > MOST:
        raise ValueError(f"a GIF plays for at most {LONGEST} seconds, {MOST} times; take a smaller seconds or repeats.")
    first, *rest = (Image.fromarray(large) for large in pictures.repeat(scale, axis=1).repeat(scale, axis=2))
    file, again = io.BytesIO(), {"loop": repeats - 1} if repeats > 1 else {}  # the number in a GIF counts repetitions
    first.save(file, "gif", save_all=True, append_images=rest, duration=max(10, round(1000 * seconds)), **again)
    return file.getvalue()
