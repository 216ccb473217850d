"""How a ``large.Trainer``'s parts become one run of the loop that ``fit`` has too."""

from __future__ import annotations

import json
import os
import warnings
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

from course_snn.arguments import number, whole
from course_snn.drafts import draft
from course_snn.kernel.memory import kept_memory
from course_snn.language import Label, say, tr
from course_snn.spelling import chosen
from course_snn.training import commandline, pictures, signature
from course_snn.training.checkpoint import Folder, load
from course_snn.training.evaluation import Forward, look_once, seeded
from course_snn.training.history import Epoch, History
from course_snn.training.run import Run
from course_snn.training.signature import Signature
from course_snn.training.step import Settings, averaged
from course_snn.training.stream import Loaded
from course_snn.training.synchronised import synchronise
from course_snn.training.team import Team

NO_PART_OF_THE_RUN = {  # what a resumed run may have otherwise
    "data", "workers", "output_dir", "resume", "save_every", "test_only", "quiet", "device", "wrap", "backend", "lang",
    "channels_last", "weights",
}  # fmt: skip
HALF = {"none": False, "bf16": torch.bfloat16, "fp16": torch.float16}
NORMS = (nn.modules.batchnorm._BatchNorm, nn.LayerNorm, nn.GroupNorm, nn.modules.instancenorm._InstanceNorm)
STEPS = "steps_per_epoch"  # told to set_lr_scheduler, no option


def check(args: Namespace, parser: commandline.Parser) -> None:
    """Fill in what is missing in ``args``, and refuse what cannot be.

    Raises:
        TypeError: a name that is no option. ValueError: a value that none of them takes.
    """
    commandline.known([name for name in vars(args) if name != STEPS], parser)
    for name in parser.names():
        if not hasattr(args, name):
            setattr(args, name, parser.get_default(name))
    pictures.settle(args)
    for name in ("epochs", "batch_size", "accumulate", "T"):
        whole(f"--{name.replace('_', '-')}", getattr(args, name), at_least=1)
    number("--lr", args.lr, above=0)
    for name in ("amp", "wrap", "auto_augment"):
        accepted = {"amp": HALF, "wrap": ("ddp", "fsdp"), "auto_augment": commandline.AUGMENTS}[name]
        chosen(f"--{name.replace('_', '-')}", getattr(args, name), dict.fromkeys(accepted))
    if args.model_ema is not None and not 0 < args.model_ema < 1:
        raise ValueError(f"--model-ema is a decay between 0 and 1, such as 0.999, got {args.model_ema:g}.")
    if args.lr_warmup_epochs is None:
        args.lr_warmup_epochs = args.epochs // 18


def device_of(args: Namespace) -> str | None:
    """Return the device that is asked for; None where a team finds each process its own."""
    if args.device != "auto":
        return args.device
    return "cuda" if torch.cuda.is_available() and "RANK" not in os.environ else None


class LargeRun:
    """One run of a trainer.

    Args:
        trainer: whose parts are used.
        args: its options, checked.
        team: the processes that run it.
    """

    def __init__(self, trainer: Any, args: Namespace, team: Team) -> None:
        self.trainer, self.args, self.team, self.device = trainer, args, team, team.device
        if args.amp == "fp16" and self.device.type != "cuda":
            raise ValueError("--amp fp16 needs a GPU: a CPU computes in bf16.")
        self.say = tqdm.write if team.first and not args.quiet else lambda line: None
        self.folder = Path(args.output_dir).expanduser() / trainer.get_tb_logdir_name(args)
        self.train, self.validation, self.test, classes = self._sources()
        args.steps_per_epoch = len(self.train) if args.lr_by == "batch" else 1
        with seeded(args.seed, self.device):
            self.net = self._network(classes)
        self.average = None if args.model_ema is None else averaged(self.net, args.model_ema, team, args.wrap)
        wrapped = team.wrap(self.net, args.wrap)
        loss = Criterion(trainer, args)
        half = HALF[args.amp]
        self.forward = Forward(
            self.net, args.T, loss, None, self._over_time, half, self.device, team, wrapped, Measure(trainer, args)
        )

    # ------------------------------------------------------------ its parts

    def _sources(self) -> tuple[Loaded, Loaded | None, Loaded | None, int]:
        trainer, args = self.trainer, self.args
        sets = trainer.load_data(args) if self.team.first else None
        self.team.wait()  # the first may have fetched or unpacked something
        train, validation, test = sets or trainer.load_data(args)
        classes = trainer.num_classes(args, train)
        pair = (validation, "validation"), (test, "test")
        mixed = Loaded(train, args.batch_size, workers=args.workers, mix=trainer.mix(args, classes))
        mixed.place("train", self.device)
        others = [None if some is None else Loaded(some, args.batch_size, workers=args.workers) for some, _ in pair]
        for source, (_, name) in zip(others, pair, strict=True):
            if source is not None:
                source.place(name, self.device)
        sizes = ", ".join(f"{source.name} {len(source.dataset)}" for source in (mixed, *others) if source is not None)
        self.say(tr(f"{self.folder}：{classes} 类，{sizes}", f"{self.folder}: {classes} classes, {sizes}"))
        return mixed, others[0], others[1], classes

    def _network(self, classes: int) -> nn.Module:
        net = self.trainer.load_model(self.args, classes).to(self.device)
        if self.args.channels_last:
            net = net.to(memory_format=torch.channels_last)
        return synchronise(net) if self.args.sync_bn and self.team.size > 1 else net

    def _over_time(self, net: nn.Module, x: torch.Tensor) -> torch.Tensor:
        if self.args.channels_last and x.dim() == 4:
            x = x.to(memory_format=torch.channels_last)
        prepare = self.trainer.preprocess_train_sample if net.training else self.trainer.preprocess_test_sample
        out = self.trainer.run_model(self.args, net, prepare(self.args, x))
        return out[None] if out.dim() == 2 else out

    def _groups(self) -> list[dict]:
        """The weights that learn, those of normalisations apart if their decay is another."""
        weights, decay = [p for p in self.net.parameters() if p.requires_grad], self.args.norm_weight_decay
        if decay is None:
            return [{"params": weights}]
        norms = {id(p) for m in self.net.modules() if isinstance(m, NORMS) for p in m.parameters(recurse=False)}
        groups = [{"params": [p for p in weights if id(p) not in norms]}]
        return [*groups, {"params": [p for p in weights if id(p) in norms], "weight_decay": decay}]

    def _signature(self, optimizer: torch.optim.Optimizer, options: dict[str, str]) -> Signature:
        given = {k: v for k, v in vars(self.args).items() if k not in NO_PART_OF_THE_RUN}
        fixed = {f"--{name.replace('_', '-')}": str(value) for name, value in given.items()} | options
        for name, source in (("train", self.train), ("validation", self.validation), ("test", self.test)):
            fixed |= {name: "none"} if source is None else source.settings()
        return Signature(self.net, {"trainer": type(self.trainer), "optimizer": type(optimizer)}, fixed)

    # ------------------------------------------------------------ going

    def go(self) -> History:
        """Train, or only test, and return the history."""
        if self.args.test_only:
            return self._tested()
        args, team, trainer = self.args, self.team, self.trainer
        optimizer = trainer.set_optimizer(args, self._groups())
        options = signature.options(optimizer, self.net)  # before a schedule changes them
        schedule = trainer.set_lr_scheduler(args, optimizer)
        signature.leave(optimizer, self.net)
        settings = Settings(
            self.forward, optimizer, schedule, args.epochs, args.seed, None, args.save_every, args.accumulate,
            args.clip_grad_norm, self.average, args.lr_by,
        )  # fmt: skip
        folder = Folder(self.folder, self._signature(optimizer, options))
        run = Run(settings, self.train, self.validation, self.test, folder)
        wanted = args.resume or team.restart > 0
        if run.restore(team.share(folder.load() if wanted and team.first else None)):
            self.say(tr(f"接着第 {run.epoch} 轮第 {run.batch} 批", f"going on in epoch {run.epoch}, batch {run.batch}"))
        elif team.first:
            folder.fresh()
        return self._trained(run)

    def _trained(self, run: Run) -> History:
        writer = self._writer(run.epoch) if self.team.first else None
        try:
            with kept_memory():
                history = run.go(not self.args.quiet, writer, lambda row: self.say(self._line(row, run.history)))
        finally:
            if writer is not None:
                writer.close()
        if history.test is not None:
            self.say(self._test_line(history))
        return history

    def _tested(self) -> History:
        best = self.folder / "best.pt"
        load(self.net, best if best.exists() else self.folder / "latest.pt")
        if self.test is None:
            raise ValueError("--test-only: the data has no test/ and no val/.")
        history = History()
        history.test, history.test_top5 = look_once(self.forward, self.test, self.args.seed)
        self.say(self._test_line(history))
        return history

    def _writer(self, epoch: int) -> Any:
        """TensorBoard's log, and the options as text; of a resumed run what came after the checkpoint is taken out."""
        with draft(self.folder / "args.json") as file:
            file.write(json.dumps(vars(self.args), ensure_ascii=False, indent=1, default=str).encode())
        try:
            from torch.utils.tensorboard import SummaryWriter
        except ImportError as error:
            warnings.warn(f"no log for TensorBoard ({error}): pip install tensorboard.", stacklevel=2)
            return None
        return SummaryWriter(str(self.folder), purge_step=epoch)

    def _line(self, row: Epoch, history: History) -> Label:
        validated, five = row.validation_loss is not None, history.top5[-1].validation
        figures = [
            (tr("训练损失", "train loss"), row.train_loss, ".3f"),
            ("Acc@1", row.train_accuracy, ".1%"),
            *[(tr("验证损失", "validation loss"), row.validation_loss, ".3f")] * validated,
            *[("Acc@1", row.validation_accuracy, ".1%"), ("Acc@5", five, ".1%")] * validated,
            (tr("学习率", "lr"), row.lr, ".3g"),
            (tr("每秒图片", "images/s"), len(self.train.dataset) / row.seconds, ".0f"),
        ]
        return _told(f"{row.epoch}/{self.args.epochs}", figures)

    def _test_line(self, history: History) -> Label:
        assert history.test is not None
        test, five = history.test, history.test_top5
        figures = [(tr("损失", "loss"), test.loss, ".3f"), ("Acc@1", test.accuracy, ".1%"), ("Acc@5", five, ".1%")]
        return _told(tr("测试", "test"), figures)


def _told(what: str, figures: list[tuple]) -> Label:
    """Return one line: a name and a number for each figure."""
    line = tr(say(what, "zh"), say(what, "en"))
    for name, value, form in figures:
        line = line + tr(f"  {say(name, 'zh')} {value:{form}}", f"  {say(name, 'en')} {value:{form}}")
    return line


class Criterion:
    """The loss of a trainer on the outputs of a network over time.

    Args:
        trainer, args: whose ``set_criterion`` and ``process_model_output`` are used.
    """

    counts_classes = True  # each class is one output: labels beyond are found before a GPU stumbles over them

    def __init__(self, trainer: Any, args: Namespace) -> None:
        self.trainer, self.args, self.loss = trainer, args, trainer.set_criterion(args)

    def __call__(self, out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        return self.loss(self.trainer.process_model_output(self.args, out), labels)


class Measure:
    """How many samples are right, and right among five, by a trainer's ``cal_acc1_acc5``.

    Args:
        trainer, args: whose parts are used.
    """

    def __init__(self, trainer: Any, args: Namespace) -> None:
        self.trainer, self.args, self.looked = trainer, args, False

    @torch.no_grad()
    def __call__(self, out: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        found: Callable = self.trainer.cal_acc1_acc5
        parts = [torch.as_tensor(part, device=out.device) for part in found(self._output(out), labels)]
        counts = torch.stack([part.reshape(()).double() * len(labels) for part in parts])
        if not self.looked and float(counts.max()) > len(labels):
            raise ValueError(
                f"cal_acc1_acc5 must return parts in [0, 1], got {[float(part) for part in parts]}: divide percents by "
                "100."
            )
        self.looked = True  # once: looking waits for a GPU
        return counts.round().long()

    def _output(self, out: torch.Tensor) -> torch.Tensor:
        return self.trainer.process_model_output(self.args, out)
