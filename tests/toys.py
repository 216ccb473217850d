"""Modules so simple that a test can tell by heart what comes out."""

from torch import nn


class Times(nn.Module):
    """x -> factor * x"""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, x):
        return x * self.factor
