"""The chapters of the course: their names in both languages, and where their notebooks lie."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from course_snn.language import Label, tr

FOLDER_VARIABLE = "COURSE_SNN_NOTEBOOKS"
CHECKOUT = Path(__file__).resolve().parents[2]  # where the course is not installed from a wheel
IN_CHECKOUT, IN_PACKAGE = CHECKOUT / "notebooks", Path(__file__).resolve().parents[1] / "notebooks"


class ChapterError(ValueError):
    """A chapter, or the folder of the chapters, that cannot be found; the message is for the learner."""


@dataclass(frozen=True)
class Chapter:
    """One notebook: `number` counts from 0, `slug` is its file name without the ending."""

    number: int
    slug: str
    title_zh: str
    title_en: str

    @property
    def key(self) -> str:
        """The two digits by which exercises and records name the chapter: "01"."""
        return f"{self.number:02d}"

    @property
    def title(self) -> Label:
        return tr(self.title_zh, self.title_en)

    @property
    def file_name(self) -> str:
        return f"{self.slug}.ipynb"

    @property
    def ready(self) -> bool:
        """Whether its notebook is there; the later chapters are still being written."""
        try:
            return (notebooks_dir() / self.file_name).is_file()
        except ChapterError:
            return False


def _chapters(*rows: tuple[str, str, str]) -> tuple[Chapter, ...]:
    return tuple(Chapter(number, f"{number:02d}_{name}", zh, en) for number, (name, zh, en) in enumerate(rows))


CHAPTERS = _chapters(
    ("start_here", "从这里开始", "Start here"),
    ("lif_neuron", "IF 与 LIF 神经元", "IF and LIF neurons"),
    ("encoders", "编码器：把数值变成脉冲", "Encoders: from numbers to spikes"),
    ("synapses", "突触：电流、短期可塑性与延迟", "Synapses: currents, short-term plasticity, delay"),
    ("simulator", "时钟驱动的仿真器", "The clock-driven simulator"),
    ("stdp", "脉冲时间依赖可塑性 STDP", "Spike-timing-dependent plasticity (STDP)"),
    ("unsupervised_digits", "用 STDP 无监督地认数字", "Digits without labels: STDP at work"),
    ("tempotron", "事件驱动：Tempotron", "Event-driven: the tempotron"),
    ("surrogate_gradients", "替代梯度", "Surrogate gradients"),
    ("single_layer_mnist", "单层 SNN 识别 MNIST", "A single-layer SNN on MNIST"),
    ("conv_mnist", "卷积 SNN 与 SNN 医生", "A convolutional SNN and the SNN doctor"),
    ("fashion_mnist", "卷积 SNN 识别 Fashion-MNIST", "A convolutional SNN on Fashion-MNIST"),
    ("recurrent", "循环连接与有状态突触", "Recurrent connections and stateful synapses"),
    ("event_data", "事件数据", "Event data"),
    ("dvs_gesture", "识别 DVS 手势", "Classifying DVS gestures"),
    ("building_networks", "用 SPAIC 的方式搭建网络", "Building networks the SPAIC way"),
    ("large_scale", "大规模训练", "Large-scale training"),
)


def notebooks_dir() -> Path:
    """The folder of the chapters: COURSE_SNN_NOTEBOOKS, else the first of these that holds any.

    `notebooks` in a checkout, the working folder, the package itself (what `course-snn start` copies).
    """
    if named := os.environ.get(FOLDER_VARIABLE, "").strip():
        folder = Path(named).expanduser()
        if not folder.is_dir():
            raise ChapterError(
                tr(
                    f"环境变量 {FOLDER_VARIABLE} 指向 {folder}，但那里没有文件夹；请改正或删去它",
                    f"{FOLDER_VARIABLE} names {folder}, which is not a folder; correct the variable or unset it",
                )
            )
        return folder.resolve()
    for folder in (IN_CHECKOUT, Path("."), IN_PACKAGE):
        if holds_chapters(folder):
            return folder.resolve()
    raise ChapterError(
        tr(
            f"找不到章节：{IN_CHECKOUT} 和当前文件夹里都没有。请进入放着笔记的文件夹再运行，"
            f"或用环境变量 {FOLDER_VARIABLE} 指出它",
            f"no chapters found: there are none in {IN_CHECKOUT} nor in the working folder. Run this in the folder of "
            f"your notebooks, or name it in {FOLDER_VARIABLE}",
        )
    )


def holds_chapters(folder: Path) -> bool:
    """Whether any chapter lies in the folder."""
    return any((folder / chapter.file_name).is_file() for chapter in CHAPTERS)


def only_packaged() -> bool:
    """Whether there are no notebooks but those in the package, in which nobody should work: an update replaces them."""
    return notebooks_dir() == IN_PACKAGE


def working_dir() -> Path:
    """Where a chapter is executed: in the folder of its notebook, but not inside the package."""
    return Path.cwd() if only_packaged() else notebooks_dir()


def build_dir() -> Path:
    """Where executed chapters go: `build` beside the folder of the notebooks; in the working folder if that is it."""
    folder = notebooks_dir()
    beside = os.environ.get(FOLDER_VARIABLE, "").strip() or folder == IN_CHECKOUT
    return (folder.parent if beside else Path.cwd()) / "build"


def notebook_path(chapter: Chapter, folder: Path | None = None) -> Path:
    """The chapter's notebook, which must exist; in the folder of the chapters if no other is given."""
    path = (folder or notebooks_dir()) / chapter.file_name
    if not path.is_file():
        raise ChapterError(
            tr(
                f"第 {chapter.key} 章“{chapter.title_zh}”还没有写好（没有 {path}）",
                f'chapter {chapter.key} "{chapter.title_en}" is not written yet (there is no {path})',
            )
        )
    return path


def ready_chapters() -> list[Chapter]:
    """All chapters whose notebooks are there, in order."""
    folder = notebooks_dir()
    return [chapter for chapter in CHAPTERS if (folder / chapter.file_name).is_file()]


def find(name: str) -> Chapter:
    """The chapter that a learner names by number ("1", "01"), by slug or by file ("notebooks/01_lif_neuron.ipynb")."""
    wanted = Path(name).name.removesuffix(".ipynb")
    for chapter in CHAPTERS:
        if wanted in (chapter.slug, chapter.slug[3:]) or (wanted.isdecimal() and int(wanted) == chapter.number):
            return chapter
    choices = ", ".join(chapter.slug for chapter in CHAPTERS)
    raise ChapterError(
        tr(
            f"没有名为 {name!r} 的章节；可以写编号（如 1 或 01）或名称：{choices}",
            f"there is no chapter {name!r}; give a number (1 or 01) or a name: {choices}",
        )
    )
