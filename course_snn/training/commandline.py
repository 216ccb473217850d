"""The options of ``large.Trainer``: one parser, which says what a misspelt option or value was meant to be."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from typing import Any, NoReturn

from course_snn import model
from course_snn.language import LANGUAGES, tr
from course_snn.spelling import chosen, meant

MODELS = tuple(name for name in model.__all__ if "resnet" in name and name[0].islower())
NEURONS = ("if", "lif", "plif")
OPTIMIZERS = ("sgd", "sgd_nesterov", "rmsprop", "adam", "adamw")
SCHEDULES = ("cosa", "step", "exp", "none")
OWN_MODEL = " For a network of your own override load_model(args, num_classes)."
AUGMENTS = ("none", "ta_wide", "ra", "augmix")


class Parser(argparse.ArgumentParser):
    """An ``ArgumentParser`` that takes whole names only, and tells a misspelt one from those that there are."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **{"allow_abbrev": False} | options)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Return the options as a Namespace; what is no option ends the program, with what may have been meant."""
        found, rest = self.parse_known_args(args, namespace)
        if rest:
            self._refuse(rest)
        return found

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")  # without the list of all options, in which it would be lost

    def _refuse(self, rest: list[str]) -> NoReturn:
        wrong = next((word for word in rest if word.startswith("-")), rest[0]).partition("=")[0]
        self.error(f"there is no option {wrong}.{meant(wrong, self._option_string_actions)} -h lists all.")

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            listed = ", ".join(map(str, action.choices))
            raise argparse.ArgumentError(
                action, f"no {value!r}.{meant(str(value), action.choices)} There are {listed}."
            )

    def names(self) -> list[str]:
        """Return the names that the parsed arguments have."""
        return [action.dest for action in self._actions if action.dest != "help"]


def known(given: Iterable[str], parser: Parser) -> None:
    """Raise TypeError for an argument that the parser does not have, as after a slip in ``args.epoch = 3``."""
    names = parser.names()
    for name in given:
        if name not in names:
            raise TypeError(f"args has {name!r}, which is no option.{meant(name, names)} There are {', '.join(names)}.")


def check_names(args: argparse.Namespace) -> None:
    """Raise ValueError for a name that the parts of ``Trainer`` itself do not know; those of a subclass may."""
    for what, name, there in (
        ("model", args.model, MODELS),
        ("optimizer", args.opt.lower(), OPTIMIZERS),
        ("schedule", args.lr_scheduler.lower(), SCHEDULES),
    ):
        chosen(what, name, dict.fromkeys(there), OWN_MODEL if what == "model" else "")


def parser_of_options(prog: str | None = None, add_help: bool = True) -> Parser:
    """Return the parser; programs that add to it begin with this one."""
    text = tr(
        "在一个图片文件夹或已知的数据集上训练脉冲网络", "Train a spiking network on a folder of pictures or a known set"
    )
    parser = Parser(prog=prog, description=text, add_help=add_help)
    for group in (_network, _data, _learning, _saving, _machine):
        group(parser)
    return parser


def _network(parser: Parser) -> None:
    group = parser.add_argument_group(tr("网络", "network"))
    add = group.add_argument
    add("--model", default="sew_resnet18", help=tr("网络的名称：", "name of the network: ") + ", ".join(MODELS))
    add("--T", type=int, default=4, help=tr("时间步数", "number of time steps"))
    add("--connect", default="add", help=tr("SEW 的连接方式：add、and、iand", "how SEW joins: add, and, iand"))
    add("--node", default="if", choices=NEURONS, help=tr("神经元：if、lif、plif", "neuron: if, lif, plif"))
    add("--tau", type=float, default=2.0, help=tr("lif、plif 的时间常数（步）", "their time constant (steps)"))
    text = tr("第一层：imagenet 或 cifar；不写就看图片大小", "first layer; by default by size of pictures")
    add("--stem", choices=("imagenet", "cifar"), help=text)
    add("--weights", metavar="FILE", help=tr("从这些权重开始", "begin with these weights"))


def _data(parser: Parser) -> None:
    group = parser.add_argument_group(tr("数据", "data"))
    add = group.add_argument
    text = tr(
        "含 train/ 和 val/ 或 test/ 的文件夹（每类一个子文件夹），或 cifar10 等数据集名称",
        "a folder with train/ and val/ or test/ (in each a folder for each class), or a known set such as cifar10",
    )
    add("--data", "--data-path", metavar="FOLDER|NAME", help=text)
    text = tr(
        "用什么选最好的一轮：auto、none、训练集的一部分（0.1）、val 或 test 文件夹",
        "what the best epoch is chosen by: auto, none, a part of the training data (0.1), the folder val or test",
    )
    add("--validation", default="auto", help=text)
    add("-j", "--workers", type=int, default=0, help=tr("读取图片的进程数", "processes that load pictures"))
    add("--train-crop-size", type=int, help=tr("训练图片的边长", "size of pictures in training"))
    add("--val-resize-size", type=int, help=tr("测试时先缩放到", "size to which they are resized for a test"))
    add("--val-crop-size", type=int, help=tr("测试时再裁剪到", "size to which they are cropped then"))
    add("--min-scale", type=float, default=0.08, help=tr("随机裁剪的最小面积", "least part of a random crop"))
    add("--hflip-prob", type=float, help=tr("左右翻转的概率", "probability of a flip"))
    add("--auto-augment", default="none", choices=AUGMENTS, help=tr("自动增强", "automatic augmentation"))
    add("--random-erase", type=float, default=0.0, help=tr("随机擦除的概率", "probability of random erasing"))
    add("--mixup-alpha", type=float, default=0.0, help=tr("MixUp 的 α，0 为不用", "alpha of MixUp, 0: none"))
    add("--cutmix-alpha", type=float, default=0.0, help=tr("CutMix 的 α，0 为不用", "alpha of CutMix, 0: none"))


def _learning(parser: Parser) -> None:
    group = parser.add_argument_group(tr("学习", "learning"))
    add = group.add_argument
    add("--epochs", type=int, default=90, help=tr("轮数", "epochs"))
    text = tr("一步学习的样本数，所有进程合计", "samples in one step, of all processes together")
    add("-b", "--batch-size", type=int, default=32, help=text)
    add("--accumulate", type=int, default=1, help=tr("一批分几份依次计算", "pieces in which a batch is computed"))
    add("--opt", default="sgd", help=tr("优化器：", "optimizer: ") + ", ".join(OPTIMIZERS))
    add("--lr", type=float, default=0.1, help=tr("学习率", "learning rate"))
    add("--momentum", type=float, default=0.9, help=tr("动量", "momentum"))
    add("--wd", "--weight-decay", dest="weight_decay", type=float, default=0.0, help=tr("权重衰减", "weight decay"))
    text = tr("归一化层的权重衰减，不写则与 --wd 相同", "weight decay of normalisations, by default as --wd")
    add("--norm-weight-decay", type=float, help=text)
    add("--label-smoothing", type=float, default=0.1, help=tr("标签平滑", "label smoothing"))
    add("--lr-scheduler", default="cosa", help=tr("学习率计划：", "schedule: ") + ", ".join(SCHEDULES))
    text = tr("学习率每轮变一次，还是每批变一次", "whether the rate changes with each epoch or each batch")
    add("--lr-by", default="epoch", choices=("epoch", "batch"), help=text)
    text = tr("预热轮数，不写则为总轮数的 1/18", "epochs of warm-up, by default one in 18")
    add("--lr-warmup-epochs", type=int, help=text)
    add(
        "--lr-warmup-decay",
        type=float,
        default=0.01,
        help=tr("预热从几倍学习率开始", "part of the rate to begin with"),
    )
    add("--lr-step-size", type=int, default=30, help=tr("step：每几轮降一次", "step: epochs from fall to fall"))
    add("--lr-gamma", type=float, default=0.1, help=tr("step、exp：降到几倍", "step, exp: factor of a fall"))
    add("--clip-grad-norm", type=float, help=tr("梯度范数的上限", "largest norm of the gradient"))
    text = tr("权重的滑动平均，衰减率默认 0.999", "average the weights; decay 0.999 if none is given")
    add("--model-ema", type=float, nargs="?", const=0.999, metavar="DECAY", help=text)
    text = tr("半精度：bf16 或 fp16（后者要 GPU）", "half precision: bf16, or fp16 on a GPU")
    add("--amp", default="none", choices=("none", "bf16", "fp16"), help=text)
    text = tr("数据按通道在后排列，GPU 上较快", "channels last in memory, faster on a GPU")
    add("--channels-last", action="store_true", help=text)
    text = tr("归一化用整批数据，而不只是本进程的", "normalise over the whole batch, not a process's part of it")
    add("--sync-bn", action=argparse.BooleanOptionalAction, default=True, help=text)
    add("--seed", type=int, default=0, help=tr("一切随机数的种子", "seed of everything random"))


def _saving(parser: Parser) -> None:
    group = parser.add_argument_group(tr("保存", "saving"))
    add = group.add_argument
    add("--output-dir", default="runs", help=tr("放结果的文件夹", "folder of all runs"))
    add("--resume", action="store_true", help=tr("接着上次训练", "go on with the run in its folder"))
    add("--save-every", type=float, default=300.0, help=tr("每隔几秒存一次", "seconds from checkpoint to checkpoint"))
    add("--test-only", action="store_true", help=tr("只测试最好的权重", "test the best weights, no training"))
    add("--quiet", action="store_true", help=tr("不显示进度", "show no progress"))


def _machine(parser: Parser) -> None:
    group = parser.add_argument_group(tr("机器", "machine"))
    add = group.add_argument
    add("--device", default="auto", help="auto, cpu, cuda, cuda:1 …")
    add(
        "--wrap",
        default="ddp",
        choices=("ddp", "fsdp"),
        help=tr("多进程如何分担网络", "how processes share it"),
    )
    add("--backend", help=tr("进程通信：gloo、nccl", "how processes talk: gloo, nccl"))
    add("--lang", choices=LANGUAGES, help=tr("语言", "language"))
