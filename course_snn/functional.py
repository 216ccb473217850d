"""Operations on whole networks."""

from torch import nn


def reset_net(net: nn.Module) -> None:
    """Reset every module inside ``net`` that has a ``reset()``, SpikingJelly's neurons included.

    Call it between two independent inputs: membrane voltages left from the last batch are wrong for the next.
    """
    for module in net.modules():
        if module is not net and callable(getattr(module, "reset", None)):
            module.reset()
    if callable(getattr(net, "reset", None)):
        net.reset()
