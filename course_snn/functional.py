"""Operations on whole networks."""

from torch import nn


def reset_net(net: nn.Module) -> None:
    """Reset every module inside ``net`` that has a ``reset()``, SpikingJelly's neurons included, parts first.

    Call it between two independent inputs: membrane voltages left from the last batch are wrong for the next.
    """
    for module in reversed(list(net.modules())):
        if callable(getattr(module, "reset", None)):
            module.reset()
