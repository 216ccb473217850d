"""How large the experiments are: minutes on a laptop, full-size on a GPU, or just large enough to see that they run."""

import os
from typing import TypeVar

from course_snn.language import tr

VARIABLE = "COURSE_SNN_PRESET"
PRESETS = ("laptop", "full", "quick")
Value = TypeVar("Value")


def preset() -> str:
    """The preset that the environment variable COURSE_SNN_PRESET names: "laptop" (the default), "full" or "quick".

    Raises:
        ValueError: the variable names none of them.
    """
    named = os.environ.get(VARIABLE, "").strip() or "laptop"
    if named not in PRESETS:
        raise ValueError(
            tr(
                f"环境变量 {VARIABLE} 是 {named!r}，只能是 'laptop'、'full' 或 'quick'；改正它，或删去它，即 'laptop'",
                f"the environment variable {VARIABLE} is {named!r}, but must be 'laptop', 'full' or 'quick'; correct "
                "it, or unset it for 'laptop'",
            )
        )
    return named


def choose(*, laptop: Value, full: Value, quick: Value | None = None) -> Value:
    """The value for the current preset: ``epochs = data.choose(laptop=3, full=100)``.

    Args:
        laptop: value for the preset "laptop".
        full: value for the preset "full".
        quick: value for the preset "quick", which the tests use: everything once, in a minute, on little data; by
            default that for "laptop".
    """
    return {"laptop": laptop, "full": full, "quick": laptop if quick is None else quick}[preset()]
