"""How a Trainer that a learner changed is tried: its parts are called as ``main`` calls them, without training."""

import argparse
import contextlib
import inspect
import io

import torch

from course_snn.course.exercise import Finding
from course_snn.course.plain import clipped
from course_snn.training import large

LABELS = torch.tensor([1, 0, 1])  # of four classes: not all are in a batch
SOFT = torch.tensor([[0.25, 0.75, 0, 0], [1.0, 0, 0, 0], [0, 0.4, 0, 0.6]])  # of MixUp


def tried(answer, options):
    """Return what the parts of a changed Trainer do: output, loss of labels, loss of soft labels, name.

    Args:
        answer: the learner's class. options: of the command line, by name.
    """
    if answer is ...:
        return ...
    if not isinstance(answer, type) or not issubclass(answer, large.Trainer):
        raise Finding(
            "MyTrainer 应是继承 large.Trainer 的类：class MyTrainer(large.Trainer)。",
            "MyTrainer should be a class that inherits from large.Trainer: class MyTrainer(large.Trainer).",
        )
    trainer, base = answer(), large.Trainer()
    parser = _call(trainer, "get_args_parser")
    if parser is ...:
        return ...
    _check_parser(parser, base.get_args_parser())
    args = _parsed(parser, options)
    losses = _losses(trainer, args)
    return _output(trainer, args), *losses, _shortened(trainer, base, args)


def _call(trainer, name, *arguments):
    """Call a method; one that takes other arguments is named."""
    method = getattr(trainer, name)
    try:
        inspect.signature(method).bind(*arguments)
    except TypeError:
        base = inspect.signature(getattr(large.Trainer, name)).parameters
        takes = f"{name}({', '.join(base)})"
        raise Finding(
            f"参数对不上：这个方法是 {takes}，不要漏了 self。",
            f"The arguments do not match: this method is {takes}; mind self.",
        ) from None
    return method(*arguments)


def _check_parser(parser, base):
    if parser is None:
        raise Finding(
            "get_args_parser 返回了 None：最后要 return parser。",
            "get_args_parser returned None: end it with return parser.",
        )
    if not isinstance(parser, argparse.ArgumentParser):
        kind = type(parser).__name__
        raise Finding(
            f"get_args_parser 应返回解析器，得到的是 {kind}。", f"get_args_parser should return the parser; got {kind}."
        )
    have = {option for action in parser._actions for option in action.option_strings}
    if lost := [option for action in base._actions for option in action.option_strings if option not in have]:
        raise Finding(
            f"选项 {lost[-1]} 不见了：先要 parser = super().get_args_parser(add_help)，再往里加。",
            f"The option {lost[-1]} has gone: begin with parser = super().get_args_parser(add_help), and add to it.",
        )


def _parsed(parser, options):
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            args = parser.parse_args(["--data", "pictures", *words])
    except SystemExit:
        raise Finding(
            f"解析器不认识 --data pictures {' '.join(words)}：是不是少了 --skip，或它没有默认值？",
            f"The parser does not accept --data pictures {' '.join(words)}: is there an option --skip, with a default?",
        ) from None
    skip, want = getattr(args, "skip", None), options.get("skip", 0)
    if type(skip) is not int:
        kind = type(skip).__name__
        raise Finding(
            f"args.skip 应是整数（type=int，default=0），这里是 {kind}。",
            f"args.skip should be a whole number (type=int, default=0), and is {kind}.",
        )
    if skip != want:
        raise Finding(f"args.skip 应是 {want}，这里是 {skip}。", f"args.skip should be {want}, and is {skip}.")
    return args


def _numbers(*shape):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(1)).requires_grad_()


def _output(trainer, args):
    y = _numbers(4, 3, 2)
    given = y * 1.0
    out = _call(trainer, "process_model_output", args, given)
    if not torch.equal(given, y):
        raise Finding("y 被就地改掉了。", "y was changed in place.")
    _check_gradient("process_model_output", out)
    return out


def _losses(trainer, args):
    """Return the loss of whole labels and of soft ones."""
    criterion = _call(trainer, "set_criterion", args)
    if criterion is ...:
        return ..., ...
    if not callable(criterion):
        kind = type(criterion).__name__
        raise Finding(
            f"set_criterion 应返回一个函数 (output, labels) -> 损失，得到的是 {kind}。",
            f"set_criterion should return a function (output, labels) -> loss; got {kind}.",
        )
    return [
        _loss(criterion, LABELS, "整数标签 [N]", "whole labels [N]"),
        _loss(criterion, SOFT, "软标签 [N, C]", "soft labels [N, C]"),
    ]


def _loss(criterion, labels, zh, en):
    output, given = _numbers(3, 4), labels.clone()
    try:
        found = criterion(output, given)
        if torch.is_tensor(found) and found.requires_grad and found.dim() == 0:
            found.backward()  # what would fail in training fails here
    except (RuntimeError, ValueError, IndexError, TypeError) as error:
        if "ellipsis" in str(error):
            raise
        text = clipped(lambda error=error: error, 160)
        raise Finding(
            f"标签是{zh}时，损失出错了（{type(error).__name__}）：{text}",
            f"With {en} the loss raises a {type(error).__name__}: {text}",
        ) from None
    if not torch.equal(given, labels):
        raise Finding("labels 被就地改掉了。", "The labels were changed in place.")
    if not torch.is_tensor(found) and found is not None and found is not ...:
        kind = type(found).__name__
        raise Finding(
            f"损失应是一个数的张量，得到的是 {kind}：不要 item、float 或 numpy，不然梯度就断了。",
            f"The loss should be a tensor of one number, and is {kind}: no item, float or numpy, which cut the "
            "gradient off.",
        )
    _check_gradient("set_criterion", found)
    return found


def _check_gradient(name, made):
    if torch.is_tensor(made) and not made.requires_grad:
        raise Finding(
            f"{name} 断开了梯度：不要 detach、no_grad、item、argmax 或 numpy。",
            f"{name} cuts the gradient off: no detach, no_grad, item, argmax or numpy.",
        )


def _shortened(trainer, base, args):
    """Return the name with what the base class gives left out, so that the verdict shows what was added."""
    name, given = _call(trainer, "get_tb_logdir_name", args), base.get_tb_logdir_name(args)
    if isinstance(name, str) and not name.startswith(given):
        raise Finding(
            f"名称应以基类给的开头，{given}…，得到的是 {clipped(lambda: name, 80)}。",
            f"The name should begin with what the base class gives, {given}…, and is {clipped(lambda: name, 80)}.",
        )
    return f"…{name[len(given) :]}" if isinstance(name, str) else name
