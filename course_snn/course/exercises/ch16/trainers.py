"""Trainers that differ from a right one in one part."""

import argparse

from torch import nn

from course_snn.course.exercise import Mistake
from course_snn.training import large


class Changed:
    """Makes subclasses of a right trainer with one part done in another way."""

    def __init__(self, right):
        self.right = right

    def other(self, **parts):
        """Return the trainer with other parts."""
        return type("Wrong", (self.right,), parts)

    def output(self, function):
        """Return the trainer with ``function(skip, y)`` as its output."""
        return self.other(process_model_output=lambda trainer, args, y: function(args.skip, y))

    def loss(self, function):
        """Return the trainer with ``function(output, labels)`` as its loss."""
        return self.other(set_criterion=lambda trainer, args: function)

    def smoothed(self, when):
        """Return the trainer that smooths the labels of which ``when(labels)`` is true."""

        def criterion(trainer, args):
            def loss(output, labels):
                soft, share = one_hot(labels, output), args.label_smoothing if when(labels) else 0.0
                return ((output - soft * (1 - share) - share / output.shape[1]) ** 2).mean()

            return loss

        return self.other(set_criterion=criterion)

    def name(self, function):
        """Return the trainer with ``function(name, skip)`` as its name, where name is that of the base class."""
        return self.other(
            get_tb_logdir_name=lambda trainer, args: function(
                large.Trainer.get_tb_logdir_name(trainer, args), args.skip
            )
        )

    def argument(self, *names, give=lambda parser: parser, begin=None, **settings):
        """Return the trainer with another option, other ways to begin the parser and to give it back."""

        def get_args_parser(trainer, add_help=True):
            parser = begin() if begin else large.Trainer.get_args_parser(trainer, add_help)
            parser.add_argument(*names, **settings)
            return give(parser)

        return self.other(get_args_parser=get_args_parser)


def kept(y, first):
    """Return ``y`` from step ``first`` on, at least the last."""
    return y[min(max(first, 0), len(y) - 1) :]


def one_hot(labels, output=None):
    """Return labels [N] as [N, C], with C of the outputs or, without them, just large enough; soft ones as they are."""
    classes = -1 if output is None else output.shape[1]
    return nn.functional.one_hot(labels, classes) if labels.dim() == 1 else labels


def of_the_option(make):
    """Return the mistakes that concern --skip, with ``make`` to make the trainers."""
    return (
        Mistake(
            make.argument("--skip", type=int, default=0, give=lambda parser: None),
            "get_args_parser 没有 return parser：加完选项，要把解析器返回出来。",
            "get_args_parser lacks its return parser: hand the parser back when the option is added.",
        ),
        Mistake(
            make.argument("--skip", default=0),
            '没有写 type=int：命令行里的都是文字，"2" 不是 2。',
            'type=int is missing: what stands on a command line is text, and "2" is not 2.',
        ),
        Mistake(
            make.argument("--skip", type=float, default=0.0),
            "args.skip 是步数，整数：type=int。",
            "args.skip is a number of steps, a whole number: type=int.",
        ),
        Mistake(
            make.argument("--skip", type=int),
            "没有默认值：不写 --skip 时，args.skip 应是 0，default=0。",
            "There is no default: without --skip, args.skip should be 0, default=0.",
        ),
        Mistake(
            make.argument("--skip", type=int, default=1),
            "默认值应是 0：不写 --skip，就一步也不略去。",
            "The default should be 0: without --skip no step is left out.",
        ),
        Mistake(
            make.argument("--skip", type=int, default=0, begin=argparse.ArgumentParser),
            "别的选项都不见了：先要 parser = super().get_args_parser(add_help)，再往里加。",
            "All other options have gone: begin with parser = super().get_args_parser(add_help), and add to it.",
        ),
        Mistake(
            make.other(get_args_parser=large.Trainer.get_args_parser),
            "没有 --skip：在 get_args_parser 里加上它。",
            "There is no --skip: add it in get_args_parser.",
        ),
        Mistake(
            make.argument("--skip", type=int, required=True),
            "--skip 不是必须的：不写时是 0，去掉 required，写 default=0。",
            "--skip must not be required: without it args.skip is 0, so write default=0 in place of required.",
        ),
    )
