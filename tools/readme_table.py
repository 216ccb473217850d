"""Write the chapter tables of both READMEs from what a run measured.

Usage:
    uv run course-snn run --json assets/results/laptop.json
    uv run python tools/readme_table.py
"""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESULTS = ROOT / "assets" / "results" / "laptop.json"
MARKS = re.compile(r"(<!-- chapters: .*? -->\n).*?(<!-- /chapters -->)", re.S)

HEADS = {
    "en": ("Chapter", "Afterwards you can", "Read", "Run", "Checks", "Results"),
    "zh": ("章", "学完你能", "阅读", "运行", "练习", "结果"),
}
UNITS = {"en": ("min", "s"), "zh": ("分钟", "秒")}
# what the chapter is good for
AIMS = {
    "00": ("use the notebooks, the switch and the exercises", "会用笔记、语言开关和练习"),
    "01": ("derive, simulate and predict IF and LIF neurons", "推导、仿真并预测 IF 与 LIF 神经元"),
    "02": ("turn numbers and images into spikes, and back", "把数值和图像变成脉冲，再还原"),
    "03": ("build synapses with memory, delay and noise", "搭建有记忆、延迟和噪声的突触"),
    "04": ("explain every spike of a chain of modules", "解释一串模块里每个脉冲的来历"),
    "05": ("make synapses learn from the order of spikes", "让突触从脉冲的先后中学习"),
    "06": ("let neurons find the digits by themselves, without labels", "不用标签，让神经元自己找出数字"),
    "07": ("compute and learn with the times of single spikes", "用单个脉冲的时刻计算和学习"),
    "08": ("train through spikes, and write your own surrogate", "让梯度穿过脉冲，并写出自己的替代函数"),
    "09": ("train one layer on MNIST and watch it decide", "用一层神经元学会 MNIST，看它怎样判断"),
    "10": ("reach 99 % with convolutions, and heal sick networks", "用卷积达到 99 %，并治好生病的网络"),
    "11": ("look into a network's code, and count energy honestly", "看懂网络自己的编码，老实地算能耗"),
    "12": ("remember: feedback and stateful synapses compared", "学会记忆：比较反馈与有状态突触"),
    "13": ("turn the events of a camera into frames, and say what is lost", "把事件变成帧，并说清丢掉了什么"),
    "14": ("recognise gestures, and prove that time was used", "识别手势，并证明网络用上了时间"),
    "15": ("build networks as graphs, change, lesion and train them", "把网络搭成图，改它、损毁它、训练它"),
    "16": ("train what does not fit: memory, processes, pipelines", "训练放不下的网络：内存、多进程、流水线"),
}
# what it measured, in words around the recorded results
REACHED = {
    "00": ("{spike_count} spikes from the first neuron", "第一个神经元发出 {spike_count} 个脉冲"),
    "01": (
        "no spike at current 0.1, one every {period_at_0.12} steps at 0.12; rheobase {rheobase:.3f}",
        "电流 0.1 沉默，0.12 每 {period_at_0.12} 步一个脉冲；基强度 {rheobase:.3f}",
    ),
    "02": (
        "error at 16 steps: Poisson {poisson.error_at_16_steps:.3f}, latency {latency.error_at_16_steps:.3f}",
        "16 步的误差：泊松 {poisson.error_at_16_steps:.3f}，延迟 {latency.error_at_16_steps:.3f}",
    ),
    "03": (
        "{located_sources} sound directions located; noise of {best_noise:g} helps most",
        "定位 {located_sources} 个声源方向；噪声为 {best_noise:g} 时最有帮助",
    ),
    "04": (
        "seven modules, 800 spikes in, {fast.spikes_of_c} out, in step {fast.first_spike_of_c}",
        "七个模块，输入 800 个脉冲，输出 {fast.spikes_of_c} 个，在第 {fast.first_spike_of_c} 步",
    ),
    "05": (
        "weights of correlated inputs {correlated_mean_weight:.2f}, of independent ones {independent_mean_weight:.2f}",
        "相关输入的权重 {correlated_mean_weight:.2f}，独立输入 {independent_mean_weight:.2f}",
    ),
    "06": (
        "MNIST {test_accuracy:.1%} without labels, trained in {train_seconds:.0f} s",
        "MNIST：不用标签，训练 {train_seconds:.0f} 秒，{test_accuracy:.1%}",
    ),
    "07": (
        "MNIST {test_accuracy:.1%} in {train_seconds:.0f} s, at most one spike a pixel",
        "MNIST：每像素至多一个脉冲，{train_seconds:.0f} 秒达到 {test_accuracy:.1%}",
    ),
    "08": (
        "spike timing classified: {own_surrogate_accuracy:.1%}; a time constant of 8 learnt as {plif.tau_learnt:.1f}",
        "按脉冲时刻分类 {own_surrogate_accuracy:.1%}；时间常数 8 学成 {plif.tau_learnt:.1f}",
    ),
    "09": (
        "MNIST {test_accuracy:.1%} in {train_seconds:.0f} s with one layer, {two_layer_accuracy:.1%} with two",
        "MNIST：一层 {train_seconds:.0f} 秒达到 {test_accuracy:.1%}，两层 {two_layer_accuracy:.1%}",
    ),
    "10": (
        "MNIST {test_accuracy:.2%} in {train_seconds:.0f} s",
        "MNIST：{train_seconds:.0f} 秒达到 {test_accuracy:.2%}",
    ),
    "11": (
        "Fashion-MNIST {short.test_accuracy:.1%} in {short.train_seconds:.0f} s, {long.test_accuracy:.1%} in "
        "{long.train_seconds:.0f} s",
        "Fashion-MNIST：{short.train_seconds:.0f} 秒达到 {short.test_accuracy:.1%}，"
        "{long.train_seconds:.0f} 秒达到 {long.test_accuracy:.1%}",
    ),
    "12": (
        "three networks in {train_seconds.all:.0f} s: {test_accuracy.plain:.1%}, {test_accuracy.loop:.1%}, "
        "{test_accuracy.filter:.1%}",
        "三个网络共 {train_seconds.all:.0f} 秒：{test_accuracy.plain:.1%}、{test_accuracy.loop:.1%}、"
        "{test_accuracy.filter:.1%}",
    ),
    "13": (
        "{events} synthetic events in {kilobytes_as_events:.0f} kB; as video {kilobytes_as_video:.0f} kB",
        "{events} 个合成事件占 {kilobytes_as_events:.0f} kB，视频要 {kilobytes_as_video:.0f} kB",
    ),
    "14": (
        "synthetic gestures {test_accuracy:.1%} in {train_seconds:.0f} s; {bag_accuracy:.1%} without time",
        "合成手势：{train_seconds:.0f} 秒达到 {test_accuracy:.1%}；不看时间 {bag_accuracy:.1%}",
    ),
    "15": (
        "MNIST {test_accuracy.clif:.1%} in {train_seconds.clif:.0f} s by a graph that is silent in SPAIC",
        "MNIST：在 SPAIC 里沉默的网络，{train_seconds.clif:.0f} 秒达到 {test_accuracy.clif:.1%}",
    ),
    "16": (
        "CIFAR-10 {twenty_minutes.test_accuracy:.1%} in twenty minutes (logged); memory cut to {recomputed.memory:.0%}",
        "CIFAR-10：二十分钟达到 {twenty_minutes.test_accuracy:.1%}（存档）；内存降到 {recomputed.memory:.0%}",
    ),
}


def table(lang: str, report: dict) -> str:
    """Return the table of the executed chapters as Markdown, in "zh" or "en"."""
    rows = [HEADS[lang], ("---",) * len(HEADS[lang])]
    minute, second = UNITS[lang]
    for chapter in report["chapters"]:
        path = next((ROOT / "notebooks").glob(f"{chapter['chapter']}_*.ipynb"))
        minutes = re.search(r"约 (\d+) 分钟", path.read_text(encoding="utf-8"))[1]
        rows.append(
            (
                f"[{chapter['chapter']} {chapter['title'][lang]}](notebooks/{path.name})",
                AIMS[chapter["chapter"]][lang == "zh"],
                f"{minutes} {minute}",
                f"{chapter['seconds']:.0f} {second}",
                f"{sum(chapter['checks'].values())}/{len(chapter['checks'])}",
                _reached(chapter, lang),
            )
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def _reached(chapter: dict, lang: str) -> str:
    """Return the chapter's sentence with what was recorded put in; a name may hold dots."""
    values = {record["name"]: record["value"] for record in chapter["records"]}
    text = REACHED[chapter["chapter"]][lang == "zh"]
    return re.sub(r"\{([^}:]+):?([^}]*)\}", lambda found: format(values[found[1]], found[2]), text)


def filled(lang: str, text: str, report: dict) -> str:
    """Return a README's text with its chapter table written anew."""
    return MARKS.sub(lambda found: found[1] + table(lang, report) + found[2], text)


def main() -> None:
    report = json.loads(RESULTS.read_text(encoding="utf-8"))
    for lang, name in (("en", "README.md"), ("zh", "README.zh-CN.md")):
        path = ROOT / name
        path.write_text(filled(lang, path.read_text(encoding="utf-8"), report), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
