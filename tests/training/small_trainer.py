"""A Trainer with a network of a moment's size. Run as a script it trains, and is killed if it is told so."""

import os
import signal
import sys

import torch
from torch import nn

from course_snn import neuron, surrogate
from course_snn.training import large, run


def node():
    return neuron.IFNode(surrogate=surrogate.ATan(), detach_reset=True)


class Small(large.Trainer):
    def load_model(self, args, num_classes):
        return nn.Sequential(
            nn.Conv2d(3, 12, 3, padding=1, bias=False), nn.BatchNorm2d(12), node(), nn.MaxPool2d(2),
            nn.Conv2d(12, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), node(), nn.MaxPool2d(2),
            nn.Flatten(), nn.Linear(256, num_classes),
        )  # fmt: skip


SIZES = ["--T", "2", "--train-crop-size", "16", "--val-resize-size", "16", "--min-scale", "0.7", "--hflip-prob", "0"]
LEARNS = ["--epochs", "2", "-b", "16", "--opt", "adamw", "--lr", "0.01", "--seed", "3", "--quiet"]
MANY = ["--mixup-alpha", "0.2", "--cutmix-alpha", "0.5", "--model-ema", "0.8", "--clip-grad-norm", "1"]
MANY += ["--accumulate", "2", "--random-erase", "0.2"]


def options(trainer, folder, output, *more):
    parser = trainer.get_args_parser()
    return parser.parse_args([*SIZES, *LEARNS, "--data", str(folder), "--output-dir", str(output), *more])


if __name__ == "__main__":
    torch.set_num_threads(1)
    folder, output, at, *more = sys.argv[1:]
    learn, steps = run.Run._learn, []

    def step(self, part):
        learn(self, part)
        steps.append(1)
        if len(steps) == int(at):
            os.kill(os.getpid(), signal.SIGKILL)

    run.Run._learn = step
    trainer = Small()
    trainer.main(options(trainer, folder, output, *more))
