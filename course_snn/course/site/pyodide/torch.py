"""In the page there is no PyTorch: nothing is a tensor."""


class Tensor:
    """What no value in the page is."""


def is_tensor(value: object) -> bool:
    """Return False: there are none."""
    return False
