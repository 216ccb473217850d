"""A term with the course: which chapters in which week, and which exercises in the lab and at home."""

from __future__ import annotations

from dataclasses import dataclass

from course_snn.course.exercise import chapter_exercises
from course_snn.language import Label

SESSION = 90  # minutes of a lecture, two of 45
FAST = ("01", "02", "08", "09", "10", "14")


@dataclass(frozen=True)
class Week:
    """One week: its chapters; ``note`` is what happens in a week without any, or what must be read before."""

    chapters: tuple[str, ...] = ()
    note: Label | None = None


_BEFORE_14 = Label(
    '课前读第 12 章两节：<a href="12_recurrent.html#loop">回路</a>、'
    '<a href="12_recurrent.html#filter">有记忆的突触</a>',
    'Read two sections of chapter 12 beforehand: <a href="12_recurrent.html#loop">the loop</a> and '
    '<a href="12_recurrent.html#filter">the synapse with a memory</a>',
)
_TALKS = Label(
    "项目报告或考试；余下的时间讨论第 14 章的三个实验", "Project talks or the exam; then the three tests of chapter 14"
)


def _weeks(*chapters: str) -> tuple[Week, ...]:
    return tuple(Week(tuple(week.split())) for week in chapters)


PLANS = {
    8: (*_weeks("00 01", "02", "08", "09", "10", "13"), Week(("14",), _BEFORE_14), Week((), _TALKS)),
    12: _weeks("00 01", "02", "03", "04", "05", "08", "09", "10", "11", "12", "13", "14"),
    16: _weeks("00 01", *(f"{number:02d}" for number in range(2, 17))),
}
SKIPPED = {8: frozenset({("14", "12")})}  # a need that a plan leaves to reading: chapter, what it needs

IN_LAB = {
    "00": "count_spikes",
    "01": "euler_step lif_trace",
    "02": "poisson_encode latency_times",
    "03": "exp_decay delay_line",
    "04": "pipeline_step arrival",
    "05": "stdp_window trace_step",
    "06": "learn_row compete",
    "07": "psp_scale voltage",
    "08": "sigmoid_slope after_spike",
    "09": "firing_rate rate_mse train_step",
    "10": "mend_a mend_b mend_c",
    "11": "spike_count or_pool",
    "12": "half_life run_loop",
    "13": "frame_numbers add_up",
    "14": "backwards voting",
    "15": "last_spikes mend_loop",
    "16": "activations label_order",
}
LAB_TASKS = {
    "00": Label("每台机器跑通全章，语言和进度都正常", "Every machine runs the chapter; language and progress work"),
    "01": Label("在实验台上找基强度，先算后拖", "Find the rheobase on the bench: compute it first, then drag"),
    "02": Label(
        "编码器画板：同一个数字，五种编码各数一遍脉冲", "Encoder board: one digit, count the spikes of five codes"
    ),
    "03": Label("STP 实验台：让一个突触抑制，再让它易化", "STP bench: make a synapse depress, then facilitate"),
    "04": Label("先在纸上推出脉冲的步，再用分步器对答案", "Work out the steps on paper, then check with the stepper"),
    "05": Label("学习窗口的实验台：两条迹各看什么", "The learning bench: what does each of the two traces see?"),
    "06": Label("赛跑的三个神经元：拆掉侧抑制再看", "Three neurons in a race; then without lateral inhibition"),
    "07": Label(
        "实验台：把 B 慢慢往后拖，峰何时跳走，功劳何时归零",
        "The bench: drag B later; when does the peak jump, when is its credit zero?",
    ),
    "08": Label(
        "替代梯度游乐场：把 α 推到两头，两人一组记录", "Surrogate playground: α to both ends, in pairs, on paper"
    ),
    "09": Label("画一个数字，看十个神经元怎样决定", "Draw a digit and watch ten neurons decide"),
    "10": Label("三个病人：先写诊断，再动手治", "Three patients: write the diagnosis down before the cure"),
    "11": Label(
        "能耗计算器：把那笔“省 460 倍”的账逐项拆开", "Energy calculator: take the bill with its factor of 460 apart"
    ),
    "12": Label("竖缝阅读器：找一张先错后对的图", "The slit reader: find a picture first wrong, then right"),
    "13": Label("同一段录像，三种切法各丢掉什么", "One recording cut in three ways: what does each lose?"),
    "14": Label(
        "倒放测试录像：先写下四种转圈和拍手各会认成什么",
        "Recordings backwards: write down first what rotations and claps become",
    ),
    "15": Label(
        "画布上的自环和延迟线：先写下发放的步，再播放",
        "Self-loop and delay line on the canvas: write the steps down, then play",
    ),
    "16": Label("三位考官：只许换批和次序，查出各犯何错", "Three examiners: change batches and order, find each fault"),
}


def in_lab(chapter: str) -> tuple[str, ...]:
    """The exercises of a chapter that are done in the lab hour."""
    return tuple(f"{chapter}.{name}" for name in IN_LAB[chapter].split())


def at_home(chapter: str) -> tuple[str, ...]:
    """The other exercises of the chapter, in the order of the notebook."""
    return tuple(one.id for one in chapter_exercises(chapter) if one.id not in in_lab(chapter))
