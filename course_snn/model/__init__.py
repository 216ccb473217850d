"""Ready networks: spiking ResNets and SEW-ResNets, whose weights are named as torchvision names them."""

from course_snn.model.block import SpikingBasicBlock, SpikingBottleneck
from course_snn.model.resnet import (
    SpikingResNet,
    sew_resnet18,
    sew_resnet34,
    sew_resnet50,
    spiking_resnet18,
    spiking_resnet34,
    spiking_resnet50,
)
from course_snn.model.weights import load_weights

__all__ = [
    "SpikingBasicBlock", "SpikingBottleneck", "SpikingResNet", "load_weights", "sew_resnet18", "sew_resnet34",
    "sew_resnet50", "spiking_resnet18", "spiking_resnet34", "spiking_resnet50",
]  # fmt: skip
