"""In the page a verdict draws no picture of an answer beside ours: that takes NumPy."""


def contrast(*given: object) -> None:
    """Return None: nothing to draw."""
