"""Exercise 14.backwards."""

import torch

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises import drawn


def backwards(frames):
    return frames.flip(0).flip(1)


_FRAMES = torch.arange(3 * 2 * 2 * 3.0).reshape(3, 2, 2, 3)


def _vary(rng):
    def frames(T, height, width):
        return (drawn.grid(rng, (T, 2, height, width), 0, 9, 1),)

    return frames(3, 2, 3), frames(2, 3, 2), frames(drawn.whole(rng, 4, 6), 2, 2)


EXERCISE = Exercise(
    id="14.backwards",
    solution=backwards,
    vary=_vary,
    cases=((_FRAMES,), (_FRAMES.flip(3)[:2] ** 2,), (_FRAMES.repeat(2, 1, 1, 1) % 7,)),
    keeps=True,
    mistakes=(
        Mistake(
            lambda frames: frames.flip(0),
            "次序倒过来了，极性还没有：倒着放时，变亮成了变暗，两个通道要互换。",
            "The order is reversed, the polarity is not: backwards, brighter is darker; exchange the channels.",
        ),
        Mistake(
            lambda frames: frames.flip(1),
            "通道换了，时间还是正着走：第 0 维才是时间。",
            "The channels are exchanged, but time still runs forwards: dimension 0 is time.",
        ),
        Mistake(
            lambda frames: frames.flip(0).flip(1).flip(3),
            "你把画面也左右翻转了：倒放不是照镜子，空间不动。",
            "You have mirrored the picture as well: a film played backwards is not a mirror; leave space alone.",
        ),
        Mistake(
            lambda frames: frames.flip(0, 1, 2, 3),
            "你把画面也翻转了：只有时间和极性要变，空间不动，不要翻转第 2、3 维。",
            "You have turned the picture as well: only time and polarity change; leave dimensions 2 and 3 alone.",
        ),
        Mistake(
            lambda frames: frames.flip(0, 2),
            "翻转的是画面的行（第 2 维）；极性是第 1 维。",
            "You have flipped the rows of the picture, dimension 2; polarity is dimension 1.",
        ),
        Mistake(
            lambda frames: frames.flip(1, 2),
            "极性换了，但另一个翻转的是画面的行（第 2 维）；时间是第 0 维。",
            "Polarity is exchanged, but the other flip is along the rows, dimension 2; time is dimension 0.",
        ),
        Mistake(
            lambda frames: -frames.flip(0),
            "事件的个数不会是负的：极性写在通道里，互换通道，不要变号。",
            "Counts of events are never negative: polarity is the channel, so exchange them, without a minus.",
        ),
        Mistake(
            lambda frames: 1 - frames.flip(0),
            "不是 0 变 1、1 变 0：极性写在通道里，要把两个通道互换。",
            "Not 0 to 1 and 1 to 0: polarity is the channel, so the two channels change places.",
        ),
        Mistake(
            lambda frames: frames.flip(0)[:, [1, 1]],
            "两个通道成了一样的：互换时前一个先被盖掉了。用 flip(1)，或者先留一份副本（clone）。",
            "Both channels are the same now: one was overwritten before it was moved. Use flip(1), or keep a copy "
            "(clone).",
        ),
        Mistake(
            lambda frames: frames.roll(1, 0).flip(1),
            "roll 只是把最后一帧移到最前面；倒放要把次序整个反过来，flip(0)。",
            "roll only moves the last frame to the front; backwards means the whole order reversed, flip(0).",
        ),
        Mistake(
            lambda frames: frames.transpose(0, 1).flip(0, 1),
            "时间和极性换了位置：形状还是 [T, 2, H, W]，不要转置。",
            "Time and polarity changed places: the shape stays [T, 2, H, W], so do not transpose.",
        ),
    ),
    hints=(
        ("frames 的形状是 [T, 2, H, W]：时间是第 0 维。", "frames is [T, 2, H, W]: time is dimension 0."),
        (
            "倒着看，变亮（ON）就成了变暗（OFF）：通道是第 1 维。",
            "Seen backwards, brighter (ON) is darker (OFF): the channels are dimension 1.",
        ),
        ("张量的 flip(d) 把第 d 维倒过来，用两次。", "A tensor's flip(d) reverses dimension d; use it twice."),
    ),
)
