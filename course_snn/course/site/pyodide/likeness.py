"""In the page nothing is said about what all wrong values share: that takes NumPy."""


def likeness(*given: object) -> None:
    """Return None: nothing to say."""
