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
# minutes to read, and what the chapter is good for
ABOUT = {
    "00": (10, "use the notebooks, the switch and the exercises", "会用笔记、语言开关和练习"),
    "01": (40, "derive, simulate and predict an IF or LIF neuron", "推导、仿真并预测 IF 与 LIF 神经元"),
    "02": (45, "turn numbers and images into spikes, and back", "把数值和图像变成脉冲，再还原"),
    "03": (45, "build synapses with memory, delay and noise", "搭建有记忆、延迟和噪声的突触"),
    "04": (40, "run a chain of modules step by step and explain every spike", "逐步运行一串模块，解释每个脉冲的来历"),
    "05": (45, "make synapses learn from the order of spikes", "让突触从脉冲的先后中学习"),
}
# the results that say most about a chapter, in this order
SHOWN = 3


def table(lang: str, report: dict) -> str:
    """Return the table of the executed chapters as Markdown, in "zh" or "en"."""
    rows = [HEADS[lang], ("---",) * len(HEADS[lang])]
    minute, second = UNITS[lang]
    for chapter in report["chapters"]:
        minutes, en, zh = ABOUT[chapter["chapter"]]
        slug = next((ROOT / "notebooks").glob(f"{chapter['chapter']}_*.ipynb")).name
        rows.append(
            (
                f"[{chapter['chapter']} {chapter['title'][lang]}](notebooks/{slug})",
                {"en": en, "zh": zh}[lang],
                f"{minutes} {minute}",
                f"{chapter['seconds']:.0f} {second}",
                f"{sum(chapter['checks'].values())}/{len(chapter['checks'])}",
                "; ".join(_result(record) for record in chapter["records"][:SHOWN]),
            )
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows) + "\n"


def _result(record: dict) -> str:
    value = f"{record['value']:.3g}" if isinstance(record["value"], float) else str(record["value"])
    return f"`{record['name']}` = {value}{' ' + record['unit'] if record['unit'] else ''}"


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
