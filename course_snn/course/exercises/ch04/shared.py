"""What several exercises of chapter 04 share."""

from course_snn.course.exercise import Finding


class Times:
    """A toy module that multiplies."""

    def __init__(self, factor: int) -> None:
        self.factor, self.__name__ = factor, f"×{factor}"

    def __call__(self, x: int) -> int:
        return self.factor * has_arrived(x)


def has_arrived(x):
    if x is None:
        raise Finding(
            "左边的槽位是 None 时，信号还没有到：不要调用模块，右边直接写 None。",
            "Where the slot on the left is None, nothing has arrived: do not call the module, write None on its right.",
        )
    return x


def unchanged(given, modules):
    if given != modules:
        raise Finding("modules 被改掉了：要保持原样。", "modules was changed: leave it as it is.")


TOY = [Times(1), Times(10), Times(100)]
