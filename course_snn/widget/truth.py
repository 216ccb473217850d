"""Truth: where the truth appears, the learner's guess and what was measured lie over each other."""

from __future__ import annotations

from typing import Any

import traitlets
from matplotlib.figure import Figure

from . import guess_picture
from .control import Text
from .guess import FILES, Kept, asked
from .guess_words import distance_words


class Truth(Kept):
    """The guess and the truth over each other, and the distance in plain words.

    In the page it stays covered while there is no guess, until the learner asks for it. Once it was seen with a guess
    the guess is sealed: it stays as it was, until the learner chooses to guess again.

    Args:
        guess_id: the id of a question whose cell has been run; else ValueError.
        value: what the chapter measured: a number; a key of the options; for an order the keys, or a mapping
            key -> value, the largest first; for a curve (x, y), or y alone, one value a step. Tensors will do.
    """

    heading = ("你的猜测与答案", "Your guess and the truth")
    scripts = (*FILES, "truth.js")

    truth = traitlets.Dict().tag(sync=True)

    def __init__(self, guess_id: str, value: Any) -> None:
        if guess_id not in asked:
            known = ", ".join(map(repr, asked)) or "none yet"
            raise ValueError(f"Nobody was asked {guess_id!r}; asked: {known}. Run the cell with that question first.")
        guess = asked[guess_id]
        super().__init__(guess_id, guess.question, guess._kind)
        self.truth = guess._kind.truth(value)

    def words(self) -> Text | None:
        """The distance in plain words, (Chinese, English); None without a guess."""
        complete = self.value is not None and not (isinstance(self.value, list) and None in self.value)
        return distance_words(self.spec, self.value, self.truth["value"]) if complete else None

    def figure(self) -> Figure:
        return guess_picture.picture(self.spec, self.question, self.value, self.truth["value"], self.truth["values"])
