"""How an answer to an exercise of chapter 10 treats a patient: what it names, what it changes, whether that helps."""

import re
from collections.abc import Callable

import torch
from torch import nn

from course_snn import diagnosis
from course_snn.course import patients
from course_snn.course.exercise import Finding
from course_snn.course.plain import clipped

_FAULTS = {"A": "silent", "B": "vanishing", "C": "saturated"}
_PLACES = {"A": (4, 5, 6), "B": (11,), "C": (4, 5, 6)}  # where a treatment can help, last the layer of the cause

Change = tuple[int, str, bool]  # number of the layer, name of the parameter or setting, whether the patient had it


def tried(answer: Callable, name: str) -> object:
    """Let an answer treat a fresh patient; return the fault that it names and "healthy".

    An untouched stub gives ``...``.

    Args:
        answer: a function net -> (fault, net).
        name: which patient: "A", "B" or "C".

    Raises:
        Finding: the name is wrong, nothing was treated, or the treatment does not help; says which.
    """
    patient = patients.patient(name)
    treated = answer(patients.patient(name))
    if treated is ...:
        return ...
    fault, net = _pair(treated, patient)
    changed = _changes(patient, net)
    if fault is ... and not changed:
        return ...
    _check_name(fault, name)
    _check_treatment(patient, net, changed)
    report = _report(net)
    if not report.healthy:
        raise Finding(*_not_cured(name, changed, report))
    return fault, "healthy"


def _pair(treated: object, patient: nn.Module) -> tuple[object, nn.Module]:
    """Return the name of the fault and the network, which still has the layers of the patient."""
    if treated is None:
        raise Finding(
            "函数什么也没有返回：别忘了 return fault, net。", "Nothing came back: remember return fault, net."
        )
    if not isinstance(treated, (tuple, list)) or len(treated) != 2:
        kind = type(treated).__name__
        raise Finding(
            f"要返回两样东西：return fault, net；得到的是一个 {kind}。",
            f"Two things are to be returned, as in return fault, net; got one {kind}.",
        )
    fault, net = treated
    if isinstance(fault, nn.Module):
        raise Finding(
            "次序反了：先是病名，后是网络。", "The other way round: first the name of the fault, then the net."
        )
    kinds = [type(layer).__name__ for layer in patient]
    if not isinstance(net, nn.Module) or len(list(net.children())) != len(kinds):
        what = type(net).__name__
        raise Finding(
            f"第二个返回值应是治过的整个网络，得到的是 {what}。",
            f"The second thing returned should be the whole network, treated; got {what}.",
        )
    for number, (kind, layer) in enumerate(zip(kinds, net.children(), strict=True)):
        if type(layer).__name__ != kind:
            other = type(layer).__name__
            raise Finding(
                f"net[{number}] 原来是 {kind}，现在是 {other}：每层的种类要保持不变。",
                f"net[{number}] was a layer of kind {kind} and is now {other}: keep the kind of each layer.",
            )
    return fault, net


def _changes(patient: nn.Module, net: nn.Module) -> list[Change]:
    """Return the parameters and settings that are not as they were."""
    changed = []
    for number, (old, new) in enumerate(zip(patient, net.children(), strict=True)):
        before, now = _settings(old), _settings(new)
        different = [key for key in now if key not in before or not _same(before[key], now[key])]
        changed += [(number, key, _had(old, before, key)) for key in different]
        changed += [(number, key, True) for key in before if key not in now]
    return changed


def _had(layer: nn.Module, before: dict[str, object], key: str) -> bool:
    """Whether a layer had a setting, or had a part of another kind in its place."""
    part = key.rpartition(".")[0]
    replaced = part and not any(other.startswith(f"{part}.") for other in before)
    return key in before or bool(replaced and hasattr(layer, part.partition(" ")[0]))


def _settings(layer: nn.Module) -> dict[str, object]:
    """Return the parameters and settings of a layer by name, those of its surrogate under the surrogate's kind."""
    found: dict[str, object] = dict(layer.named_parameters(recurse=False))
    for path, part in layer.named_modules():
        prefix = f"{path} ({type(part).__name__})." if path else ""
        found[f"{prefix}kind"] = type(part).__name__
        settings = {key: value for key, value in vars(part).items() if key not in ("training", "v") and key[0] != "_"}
        found |= {prefix + key: value for key, value in settings.items()}
    return found


def _same(one: object, other: object) -> bool:
    if torch.is_tensor(one) or torch.is_tensor(other):
        return torch.is_tensor(one) and torch.is_tensor(other) and torch.equal(one, other)
    return repr(one) == repr(other)


def _check_name(fault: object, name: str) -> None:
    if fault is ...:
        raise Finding(
            "网络改过了，但病名还是 ...：把它写出来。", "The network was treated, but fault is still ...: name it."
        )
    if not isinstance(fault, str) or fault not in _FAULTS.values():
        said = clipped(lambda: repr(fault), 40)
        raise Finding(
            f'病名是 "silent"、"saturated"、"vanishing" 三个字符串之一，得到的是 {said}。',
            f'The fault is one of the strings "silent", "saturated" and "vanishing"; got {said}.',
        )
    if fault != _FAULTS[name]:
        raise Finding(f'病名不是 "{fault}"。', f'The fault is not "{fault}".')


def _check_treatment(patient: nn.Module, net: nn.Module, changed: list[Change]) -> None:
    if not changed:
        raise Finding(
            "病名对了，但交回来的网络和原来一样，什么也没有改变。",
            "The name is right, but the network that comes back is as it was: nothing has changed.",
        )
    if not any(known for _, _, known in changed):
        number, key, _ = changed[0]
        kind, name = type(patient[number]).__name__, re.sub(r" \(\w+\)", "", key).removesuffix(".kind")
        raise Finding(
            f"net[{number}]（{kind}）原来没有 {name} 这个属性，新添一个不起作用：名字和层的编号对吗？",
            f"net[{number}] ({kind}) had no {name}, and a new attribute changes nothing: are name and layer right?",
        )


def _report(net: nn.Module) -> diagnosis.Report:
    try:
        return diagnosis.examine(net.train(), *patients.digits(), T=4)
    except Exception as error:
        text = str(error)
        what = f"{type(error).__name__}: {clipped(lambda: text, 100)}"
        raise Finding(
            f"治过的网络运行不了：{what}", f"The network that came back cannot be run any more: {what}"
        ) from error


def _not_cured(name: str, changed: list[Change], report: diagnosis.Report) -> tuple[str, str]:
    """Return what to say of a treatment that did not help."""
    treated = sorted({number for number, _, _ in changed})
    layers = ", ".join(f"net[{number}]" for number in treated)
    ill = [f"{layer.name}: {word}" for layer, word in zip(report.layers, report.findings, strict=True)]
    ill = ", ".join(text for text in ill if "healthy" not in text)
    place = _PLACES[name]
    zh, en = "地方对了，改法还不对。", "The place is right, the change is not yet."
    if not set(treated) & set(place):
        zh = f"病根在第 {place[-1]} 层，那里没有治。"
        en = f"The cause is in layer {place[-1]}, which was not treated."
    return (
        f"病名对了，还没有治好：你改了 {layers}，医生仍说 {ill}。{zh}",
        f"The name is right, but the net is not cured: you changed {layers}, and the doctor still finds {ill}. {en}",
    )
