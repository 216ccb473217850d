"""Training on folders of pictures, on as many processes as there are: one class, every part of which can be replaced.

course-snn train --model sew_resnet18 --data FOLDER --T 4 --epochs 90
torchrun --nproc-per-node 2 -m course_snn.training.large --data FOLDER …      # the same run, shared by two
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import lr_scheduler

from course_snn import functional, model, neuron, surrogate
from course_snn.data import DataError
from course_snn.language import set_language
from course_snn.spelling import chosen
from course_snn.training import commandline, large_run, pictures
from course_snn.training.checkpoint import CheckpointError
from course_snn.training.history import History
from course_snn.training.interrupt import Interrupted
from course_snn.training.stream import labels_of
from course_snn.training.team import join

NEURONS = {
    "if": lambda args: None,  # the model's own: IF with ATan and a detached reset
    "lif": lambda args: partial(neuron.LIFNode, tau=args.tau, surrogate=surrogate.ATan(), detach_reset=True),
    "plif": lambda args: partial(neuron.PLIFNode, init_tau=args.tau, surrogate=surrogate.ATan(), detach_reset=True),
}
WAIT = timedelta(minutes=30)  # for the slowest process: a first epoch from a slow disk, a download


class Trainer:
    """Trains a classifier of pictures; a subclass replaces the parts that it writes anew.

        class Mine(Trainer):
            def load_model(self, args, num_classes):
                return MyNet(num_classes)

        trainer = Mine()
        args = trainer.get_args_parser().parse_args(["--data", "pictures", "--T", "4"])
        history = trainer.main(args)

    The parts have the names of SpikingJelly's ``train_classify.Trainer``. A run is one of ``training.fit``: the same
    checkpoints (latest.pt, best.pt), the same history, stopped and resumed in the same way.
    """

    # ------------------------------------------------------------ options

    def get_args_parser(self, add_help: bool = True) -> commandline.Parser:
        """Return the parser of all options; a subclass adds its own to what ``super()`` returns, and returns it."""
        return commandline.parser_of_options(add_help=add_help)

    def get_tb_logdir_name(self, args: Namespace) -> str:
        """Return the name of the run's folder in ``--output-dir``: what tells it from other runs."""
        learns = f"b{args.batch_size}_e{args.epochs}_{args.opt}_lr{args.lr:g}"
        more = {"wd": args.weight_decay, "ls": args.label_smoothing, "ma": args.mixup_alpha, "ca": args.cutmix_alpha}
        parts = [args.model, Path(args.data).name, f"T{args.T}", learns, *(f"{k}{v:g}" for k, v in more.items() if v)]
        return "_".join([*parts, *[f"ema{args.model_ema}"] * bool(args.model_ema), f"seed{args.seed}"])

    # ------------------------------------------------------------ network

    def load_model(self, args: Namespace, num_classes: int) -> nn.Module:
        """Return the network, written for one step: [N, 3, H, W] -> [N, num_classes]."""
        make = getattr(model, chosen("model", args.model, {name: name for name in commandline.MODELS}, _OWN_MODEL))
        options = {"connect": args.connect} if args.model.startswith("sew") else {}
        node = chosen("node", args.node, NEURONS)(args)
        return make(node=node, stem=args.stem, weights=args.weights, num_classes=num_classes, **options)

    def preprocess_train_sample(self, args: Namespace, x: torch.Tensor) -> torch.Tensor:
        """Return what the network gets of a batch x [N, C, H, W] in training: x, seen for T steps, or [T, N, …]."""
        return x

    def preprocess_test_sample(self, args: Namespace, x: torch.Tensor) -> torch.Tensor:
        """The same outside of training."""
        return x

    def run_model(self, args: Namespace, net: nn.Module, x: torch.Tensor) -> torch.Tensor:
        """Return the outputs [T, N, C] of the network for what a ``preprocess_…`` gave; [N, C] of one without time."""
        still = x.dim() < 5
        return functional.unroll(net, x, T=args.T) if still else functional.unroll(net, x)

    def process_model_output(self, args: Namespace, y: torch.Tensor) -> torch.Tensor:
        """Return one number for each class [N, C] from the outputs y [T, N, C]: by default their mean over time."""
        return y.mean(0)

    # ------------------------------------------------------------ data

    def load_data(self, args: Namespace) -> pictures.Datasets:
        """Return (train, validation, test): torch data sets of (picture [C, H, W], label); the last two may be None."""
        if pictures.is_folder(args):
            return self.load_ImageNet(args)
        return self.load_CIFAR10(args) if args.data.lower() == "cifar10" else self.load_known(args)

    def load_ImageNet(self, args: Namespace) -> pictures.Datasets:
        """Return the pictures of a folder in ImageNet's layout: train/, val/ or test/, in each a folder a class."""
        return self._apart(args, pictures.folder(args))

    def load_CIFAR10(self, args: Namespace) -> pictures.Datasets:
        """Return CIFAR-10 from ``course_snn.data``."""
        return self._apart(args, pictures.cifar10())

    def load_known(self, args: Namespace) -> pictures.Datasets:
        """Return a set that torchvision knows by name."""
        return self._apart(args, pictures.known(args.data))

    def _apart(self, args: Namespace, raw: pictures.Raw) -> pictures.Datasets:
        return pictures.apart(raw, args.validation, self.train_transform(args), self.test_transform(args))

    def train_transform(self, args: Namespace) -> Callable:
        """Return what happens to a picture before it is learnt from."""
        return pictures.train_transform(args)

    def test_transform(self, args: Namespace) -> Callable:
        """Return what happens to a picture before validation and test."""
        return pictures.test_transform(args)

    def mix(self, args: Namespace, num_classes: int) -> Callable | None:
        """Return a function (x, labels) -> (x, soft labels) of a training batch, such as MixUp, or None."""
        return pictures.mix(args, num_classes)

    def num_classes(self, args: Namespace, train: Any) -> int:
        """Return the number of classes: as many as have names, else one more than the highest label."""
        if getattr(train, "classes", None) is not None:
            return len(train.classes)
        labels = labels_of(train)
        if labels is None:
            raise ValueError("the data set has neither .classes nor .targets: override num_classes(args, train).")
        return int(labels.max()) + 1

    # ------------------------------------------------------------ learning

    def set_criterion(self, args: Namespace) -> Callable:
        """Return the loss, a function (output [N, C], labels [N] or soft labels [N, C]) -> one number."""
        return partial(F.cross_entropy, label_smoothing=args.label_smoothing)

    def set_optimizer(self, args: Namespace, parameters: list[dict]) -> torch.optim.Optimizer:
        """Return the optimizer of the given groups of parameters."""
        name = chosen("optimizer", args.opt.lower(), {name: name for name in commandline.OPTIMIZERS})
        common = dict(lr=args.lr, weight_decay=args.weight_decay)
        if name.startswith("sgd"):
            return torch.optim.SGD(parameters, momentum=args.momentum, nesterov="nesterov" in name, **common)
        if name == "rmsprop":
            return torch.optim.RMSprop(parameters, momentum=args.momentum, eps=0.0316, alpha=0.9, **common)
        return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[name](parameters, **common)

    def set_lr_scheduler(self, args: Namespace, optimizer: torch.optim.Optimizer) -> Any:
        """Return the schedule of the learning rate, or None: a linear warm-up, then half a cosine or falls.

        It is stepped after each epoch, with ``--lr-by batch`` after each batch; ``args.steps_per_epoch`` tells how many
        steps an epoch then has (else 1).
        """
        name = chosen("schedule", args.lr_scheduler.lower(), {name: name for name in commandline.SCHEDULES})
        steps, warmup = args.steps_per_epoch, args.lr_warmup_epochs * args.steps_per_epoch
        after = max(args.epochs * steps - warmup, 1)
        makes = {
            "cosa": lambda: lr_scheduler.CosineAnnealingLR(optimizer, after),
            "step": lambda: lr_scheduler.StepLR(optimizer, args.lr_step_size * steps, args.lr_gamma),
            "exp": lambda: lr_scheduler.ExponentialLR(optimizer, args.lr_gamma ** (1 / steps)),
            "none": lambda: lr_scheduler.ConstantLR(optimizer, 1.0, 1),
        }
        if not warmup:
            return makes[name]()
        rise = lr_scheduler.LinearLR(optimizer, args.lr_warmup_decay, total_iters=warmup)
        return lr_scheduler.SequentialLR(optimizer, [rise, makes[name]()], [warmup])

    def cal_acc1_acc5(self, output: torch.Tensor, target: torch.Tensor) -> tuple:
        """Return the parts of the samples, in [0, 1], whose class is the first, or among the first five, of the output.

        Args:
            output: [N, C], as ``process_model_output`` gives it.
            target: labels [N], or soft labels [N, C], of which the highest counts.
        """
        target = target.argmax(1) if target.dim() == 2 else target
        hits = output.topk(min(5, output.shape[1]), 1).indices == target[:, None]  # [N, 5]
        return hits[:, 0].float().mean(), hits.any(1).float().mean()

    # ------------------------------------------------------------ the run

    def main(self, args: Namespace) -> History:
        """Train as the options say, and return the history (with ``--test-only`` an empty one with ``test``).

        Raises:
            TypeError: an argument that is no option. ValueError: an option that cannot be. Interrupted: Ctrl-C.
        """
        if args.lang is not None:
            set_language(args.lang)
        large_run.check(args, self.get_args_parser())
        with join(args.backend, WAIT, large_run.device_of(args)) as team:
            return large_run.LargeRun(self, args, team).go()


_OWN_MODEL = " For a network of your own override load_model(args, num_classes)."


def main(arguments: Sequence[str] | None = None, prog: str | None = None) -> None:
    """Run the command: ``course-snn train``, and ``python -m course_snn.training.large`` under torchrun."""
    trainer = Trainer()
    parser = trainer.get_args_parser()
    parser.prog = prog or parser.prog
    args = parser.parse_args(arguments)
    try:
        large_run.check(args, parser)
    except (TypeError, ValueError) as error:
        parser.error(str(error))
    try:
        trainer.main(args)
    except (CheckpointError, DataError) as error:
        parser.error(str(error))
    except Interrupted as stopped:
        print(f"\n{stopped} --resume", file=sys.stderr)
        raise


if __name__ == "__main__":
    main()
