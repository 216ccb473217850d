"""The Trainer: it learns, every part of it can be replaced, and a run that was killed ends as if it had not been."""

import signal
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
import torch
from patience import PATIENCE
from pictures import folder
from small_trainer import MANY, Small, options
from together import each_of
from torch import nn
from torch.utils.data import TensorDataset
from torchvision.transforms import v2

from course_snn import language, training
from course_snn.training import commandline, large


@pytest.fixture(autouse=True)
def _english(monkeypatch):
    monkeypatch.setattr(language, "_chosen", "en")


@pytest.fixture(scope="module")
def ten(tmp_path_factory):
    """Ten kinds of stripes: 160 pictures to learn from, 60 to test on."""
    return folder(tmp_path_factory.mktemp("ten"), train=16)


@pytest.fixture(scope="module")
def three(tmp_path_factory):
    return folder(tmp_path_factory.mktemp("three"), classes=3, train=12, val=4, parts=("train", "val", "test"))


def weights(output, name="latest"):
    (home,) = output.iterdir()
    return torch.load(home / f"{name}.pt", weights_only=True)


# ---------------------------------------------------------------- learning, files


def test_learns_and_writes_what_it_saw(ten, tmp_path):
    trainer = Small()
    args = options(trainer, ten, tmp_path, "--epochs", "8")
    history = trainer.main(args)
    assert history.test.accuracy > 0.3 and history.best.validation_accuracy > 0.3  # chance is 0.1
    assert history.test_top5 >= history.test.accuracy and len(history["validation_top5"]) == 8
    home = tmp_path / trainer.get_tb_logdir_name(args)
    assert {"latest.pt", "best.pt", "args.json"} <= {path.name for path in home.iterdir()}
    again = trainer.main(options(trainer, ten, tmp_path, "--epochs", "8", "--test-only"))
    state = weights(tmp_path, "best")
    assert state["epoch"][0] == history.best.epoch and 0 <= again.test.accuracy <= 1

    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    log = EventAccumulator(str(home)).Reload()
    assert [event.value for event in log.Scalars("loss/train")] == pytest.approx(history["train_loss"])
    assert [event.step for event in log.Scalars("top5/validation")] == list(range(1, 9))
    assert log.Scalars("accuracy/test")[0].value == pytest.approx(history.test.accuracy)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no SIGKILL")
def test_a_run_that_was_killed_goes_on_to_the_same_weights(three, tmp_path):
    trainer, script = Small(), str(Path(__file__).with_name("small_trainer.py"))
    whole = trainer.main(options(trainer, three, tmp_path / "whole", *MANY))
    more = [*MANY, "--save-every", "0"]
    died = subprocess.run([sys.executable, script, three, tmp_path / "killed", "5", *more], timeout=PATIENCE)
    assert died.returncode == -signal.SIGKILL
    state = weights(tmp_path / "killed")
    assert (state["epoch"], state["batch"]) == (2, 1)
    again = trainer.main(options(trainer, three, tmp_path / "killed", *more, "--resume"))
    one, two = weights(tmp_path / "whole"), weights(tmp_path / "killed")
    for kind in ("net", "average"):
        assert all(torch.equal(one[kind][name], two[kind][name]) for name in one[kind]), kind
    assert again["validation_loss"] == whole["validation_loss"] and again.test[:2] == whole.test[:2]
    with pytest.raises(training.CheckpointError, match=r"--mixup-alpha: 0\.2 there, 0\.4 here"):
        trainer.main(_changed(options(trainer, three, tmp_path / "killed", *more, "--resume"), tmp_path))


def _changed(args, home):
    args.mixup_alpha = 0.4
    (old,) = (home / "killed").iterdir()
    old.rename(old.with_name(Small().get_tb_logdir_name(args)))
    return args


# ---------------------------------------------------------------- each part replaced


class Own(Small):
    """Notes every part that is asked, and does something else in each."""

    def __init__(self):
        self.asked = []

    def __getattribute__(self, name):
        if name in PARTS:
            self.asked.append(name)
        return super().__getattribute__(name)

    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--do-something", type=int, default=0)
        return parser

    def get_tb_logdir_name(self, args):
        return super().get_tb_logdir_name(args) + f"_do{args.do_something}"

    def load_data(self, args):
        g = torch.Generator().manual_seed(0)
        return tuple(TensorDataset(torch.rand(n, 3, 8, 8, generator=g), torch.arange(n) % 4) for n in (20, 8, 8))

    def num_classes(self, args, train):
        return 4

    def load_model(self, args, num_classes):
        self.net = nn.Sequential(nn.Flatten(), nn.Linear(192, num_classes))
        return self.net

    def preprocess_train_sample(self, args, x):
        return x.unsqueeze(0).repeat(args.T, 1, 1, 1, 1)

    def preprocess_test_sample(self, args, x):
        return (x + 1).unsqueeze(0).repeat(args.T, 1, 1, 1, 1)

    def process_model_output(self, args, y):
        assert y.shape[0] == args.T
        return 2 * y.mean(0)

    def set_criterion(self, args):
        return lambda output, labels: nn.functional.mse_loss(output, nn.functional.one_hot(labels, 4).float())

    def set_optimizer(self, args, parameters):
        self.optimizer = torch.optim.Adamax(parameters, lr=args.lr)
        return self.optimizer

    def set_lr_scheduler(self, args, optimizer):
        return torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5)

    def cal_acc1_acc5(self, output, target):
        return torch.tensor(0.25), torch.tensor(1.0)


PARTS = [name for name in vars(Own) if not name.startswith("__")]


def test_every_part_may_be_another(tmp_path):
    trainer = Own()
    more = ["--do-something", "7", "--data", str(tmp_path), "--output-dir", str(tmp_path), "--lr", "0.1", "--T", "3"]
    args = trainer.get_args_parser().parse_args([*more, "--epochs", "2", "-b", "4", "--quiet"])
    history = trainer.main(args)
    assert set(PARTS) <= set(trainer.asked)
    assert history["lr"] == [0.1, 0.05] and isinstance(trainer.optimizer, torch.optim.Adamax)
    assert history["train_accuracy"] == [0.25, 0.25] == history["validation_accuracy"] and history.test_top5 == 1.0
    x, labels = trainer.load_data(args)[2].tensors
    y = 2 * trainer.net(x + 1)
    wanted = nn.functional.mse_loss(y, nn.functional.one_hot(labels, 4).float())
    assert history.test.loss == pytest.approx(wanted.item(), rel=1e-5)
    assert (tmp_path / trainer.get_tb_logdir_name(args)).name.endswith("_do7")

    class Percent(Own):
        def cal_acc1_acc5(self, output, target):
            return 25.0, 100.0

    with pytest.raises(ValueError, match=r"parts in \[0, 1\], got \[25\.0, 100\.0\]: divide percents by 100"):
        Percent().main(args)


# ---------------------------------------------------------------- options


def test_the_parser_is_returned_and_has_the_defaults_of_the_command():
    parser = large.Trainer().get_args_parser()
    args = parser.parse_args(["--data", "x"])
    assert isinstance(args, Namespace) and args.model == "sew_resnet18" and args.T == 4
    assert parser.parse_args(["--data-path", "x", "--wd", "0.1", "--model-ema"]).model_ema == 0.999


@each_of(
    ("words", "said"),
    [
        ("--lrr 3", "there is no option --lrr. Did you mean '--lr'?"),
        ("--batchsize=3", "there is no option --batchsize. Did you mean '--batch-size'?"),
        ("--epoch 3", "there is no option --epoch. Did you mean '--epochs'?"),
        ("--amp b16", "argument --amp: no 'b16'. Did you mean 'bf16'? There are none, bf16, fp16."),
        ("--T four", "argument --T: invalid int value: 'four'"),
        ("--data cifar01", "neither a folder nor a known set. Did you mean 'cifar10'?"),
        ("", "--data None is neither a folder nor a known set. Give the path"),
        ("--data cifar10 --model sew_resnet81", "no model 'sew_resnet81'. Did you mean 'sew_resnet18'?"),
        ("--data cifar10 --opt adamm", "no optimizer 'adamm'. Did you mean 'adam'?"),
        ("--data cifar10 --lr-scheduler cos", "no schedule 'cos'. Did you mean 'cosa'?"),
        ("--data cifar10 --epochs 0", "--epochs must be at least 1"),
        ("--data cifar10 --model-ema 2", "--model-ema is a decay between 0 and 1"),
    ],
)
def test_misspelt_options_are_refused_with_what_is_meant(words, said, capsys):
    with pytest.raises(SystemExit) as end:
        large.main(words.split())
    error = capsys.readouterr().err
    assert end.value.code == 2 and said in error and len(error.splitlines()) == 1, error


def test_a_slip_in_a_notebook_is_refused_too(three, tmp_path):
    trainer = Small()
    args = options(trainer, three, tmp_path)
    args.epoch = 3
    with pytest.raises(TypeError, match=r"args has 'epoch', which is no option\. Did you mean 'epochs'\?"):
        trainer.main(args)
    with pytest.raises(ValueError, match=r"--amp fp16 needs a GPU"):
        trainer.main(options(trainer, three, tmp_path, "--amp", "fp16", "--device", "cpu"))
    with pytest.raises(ValueError, match=r"--validation 'vall'\. Did you mean 'val'\?"):
        trainer.main(options(trainer, three, tmp_path, "--validation", "vall"))
    with pytest.raises(ValueError, match=r"holds no folder train/, but n0000"):
        trainer.main(options(trainer, three / "train", tmp_path))


def test_what_is_validated_on_and_what_is_tested_on(three, ten, tmp_path):
    def sizes(root, validation):
        args = options(Small(), root, tmp_path, "--validation", validation)
        large.large_run.check(args, Small().get_args_parser())
        return tuple(None if some is None else len(some) for some in Small().load_data(args))

    assert sizes(three, "auto") == (36, 12, 12) == sizes(three, "val")  # val/ chooses, test/ is read once
    assert sizes(ten, "auto") == (144, 16, 60)  # a tenth of train, for val/ is all there is to test on
    assert sizes(ten, "none") == (160, None, 60)
    assert sizes(ten, "val") == (160, 60, None)
    assert sizes(three, "0.25") == (27, 9, 12)
    args = options(Small(), ten, tmp_path)
    large.large_run.check(args, Small().get_args_parser())
    train, validation, test = Small().load_data(args)
    assert not set(train.only) & set(validation.only) and train.classes == test.classes
    assert validation.transform is not train.transform and validation[0][0].shape == (3, 16, 16)


def test_rates_rise_and_fall_as_they_are_told():
    def rates(*more, steps=1):
        args = large.Trainer().get_args_parser().parse_args(["--data", "x", "--lr", "1", "--epochs", "6", *more])
        args.lr_warmup_epochs, args.steps_per_epoch = args.lr_warmup_epochs or 0, steps
        optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], args.lr)
        schedule, seen = large.Trainer().set_lr_scheduler(args, optimizer), []
        for _ in range(6 * steps):
            seen.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        return seen

    half = [0.5 + 0.5 * torch.cos(torch.tensor(torch.pi * k / 4)).item() for k in range(4)]
    warm = ["--lr-warmup-epochs", "2", "--lr-warmup-decay", "0.5"]
    assert rates(*warm) == pytest.approx([0.5, 0.75, *half])
    assert rates(*warm, steps=3)[::3] == pytest.approx([0.5, 0.75, *half])
    assert rates("--lr-scheduler", "step", "--lr-step-size", "3") == pytest.approx([1, 1, 1, 0.1, 0.1, 0.1])
    assert rates("--lr-scheduler", "exp", "--lr-gamma", "0.5", steps=2)[2] == pytest.approx(0.5)
    assert rates("--lr-scheduler", "none") == [1.0] * 6


@each_of("words", ["--amp bf16 --channels-last --lr-by batch", "--norm-weight-decay 0 --opt sgd_nesterov --workers 1"])
def test_options_that_change_how_it_is_computed(words, three, tmp_path):
    trainer = Small()
    history = trainer.main(options(trainer, three, tmp_path, "--epochs", "1", *words.split()))
    assert len(history) == 1 and history.test.loss < 3


def test_mixed_labels_have_as_many_classes_as_the_data():
    args = large.Trainer().get_args_parser().parse_args(["--mixup-alpha", "0.2", "--cutmix-alpha", "1"])
    _, labels = large.Trainer().mix(args, 7)(torch.rand(4, 3, 8, 8), torch.tensor([0, 3, 6, 1]))
    assert labels.shape == (4, 7) and torch.allclose(labels.sum(1), torch.ones(4))
    assert large.Trainer().mix(large.Trainer().get_args_parser().parse_args([]), 7) is None


def test_names_of_models_are_those_of_course_snn():
    args = (
        large.Trainer().get_args_parser().parse_args(["--stem", "cifar", "--model", "sew_resnet18", "--node", "plif"])
    )
    net = large.Trainer().load_model(args, 7)
    assert net.fc.out_features == 7 and net.conv1.kernel_size == (3, 3) and hasattr(net.sn1, "w")
    assert len(commandline.MODELS) == 6
    assert isinstance(large.Trainer().train_transform(_settled("cifar10")), v2.Compose)


def _settled(data):
    args = large.Trainer().get_args_parser().parse_args(["--data", data])
    large.large_run.check(args, large.Trainer().get_args_parser())
    return args
