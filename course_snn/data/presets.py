"""How large the experiments are: the same cells end within minutes on a laptop, or train full-size on a GPU."""

import os
from typing import TypeVar

from course_snn.language import tr

VARIABLE = "COURSE_SNN_PRESET"
PRESETS = ("laptop", "full")
Value = TypeVar("Value")


def preset() -> str:
    """The preset that the environment variable COURSE_SNN_PRESET names: "laptop" (the default) or "full".

    Raises:
        ValueError: the variable names neither.
    """
    named = os.environ.get(VARIABLE, "").strip() or "laptop"
    if named not in PRESETS:
        raise ValueError(
            tr(
                f"环境变量 {VARIABLE} 是 {named!r}，只能是 'laptop' 或 'full'；改正它，或删去它（即 'laptop'）",
                f"the environment variable {VARIABLE} is {named!r}, but must be 'laptop' or 'full'; correct it, "
                "or unset it for 'laptop'",
            )
        )
    return named


def choose(*, laptop: Value, full: Value) -> Value:
    """The value for the current preset: ``epochs = data.choose(laptop=3, full=100)``.

    Args:
        laptop: value for the preset "laptop".
        full: value for the preset "full".
    """
    return {"laptop": laptop, "full": full}[preset()]
