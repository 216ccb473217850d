"""What is said of an answer that ran out of time."""

from course_snn.language import Label, tr


def out_of_time(tried: dict) -> Label:
    """Return how long it took and where it was, and whether its loop can end at all; ``tried`` as `judge` has it."""
    line = f"第 {tried['line']} 行", f"line {tried['line']}"
    where = (f"，停在{line[0]}", f", at {line[1]}") if tried["line"] else ("", "")
    took, limit = f"{max(tried['seconds'], tried['limit']):.3g}", f"{tried['limit']:.3g}"
    if tried["stuck"]:
        return tr(
            f"超时了：你的代码运行了 {took} 秒还停不下来，也无法打断{where[0]}。请重启内核（Kernel → Restart）后再试。",
            f"Out of time: after {took} s your code does not end and cannot be interrupted{where[1]}. Restart the "
            "kernel (Kernel → Restart), then try again.",
        )
    if tried["endless"]:
        return tr(
            f"超时了：{line[0]}的循环永远不会结束，因为变量不再变化（等了 {took} 秒）。",
            f"Out of time: the loop in {line[1]} would never end, since no variable changes any more (after {took} s).",
        )
    return tr(
        f"超时了：你的代码用了 {took} 秒（限 {limit} 秒）{where[0]}。是循环停不下来，还是做了多余的工作？",
        f"Out of time: your code took {took} s (limit {limit} s){where[1]}. Does a loop not end, or does it do more "
        "work than it needs?",
    )
