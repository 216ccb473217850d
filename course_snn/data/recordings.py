"""Labelled recordings of an event camera, and the frames that a network is trained on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, overload

import numpy as np
import torch

from course_snn.arguments import whole
from course_snn.data import events as ev
from course_snn.data import given
from course_snn.data.events import Events, Integrate
from course_snn.data.images import Images
from course_snn.language import Label, tr

GESTURES = (
    tr("拍手", "hand clapping"),
    tr("右手挥动", "right hand wave"),
    tr("左手挥动", "left hand wave"),
    tr("右臂顺时针", "right arm clockwise"),
    tr("右臂逆时针", "right arm counter-clockwise"),
    tr("左臂顺时针", "left arm clockwise"),
    tr("左臂逆时针", "left arm counter-clockwise"),
    tr("前臂滚动", "arm roll"),
    tr("空气鼓", "air drums"),
    tr("空气吉他", "air guitar"),
    tr("其他", "other gestures"),
)


@dataclass(frozen=True, eq=False)
class Frames:
    """Recordings as frames, all of one length: what ``training.fit`` takes, with ``encode=data.time_first``.

    Args:
        images: [N, T, 2, H, W], float32, counts; channel 0 is OFF, channel 1 is ON; zeros behind a shorter recording.
        labels: [N], int64.
        lengths: [N], int64: how many of the T frames each recording really has.
        classes: names of the classes.
        source: "folder" or "synthetic".
    """

    images: torch.Tensor
    labels: torch.Tensor
    lengths: torch.Tensor
    classes: tuple[Label, ...]
    source: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "images", given.tensor("images", self.images))
        for name in ("labels", "lengths"):
            object.__setattr__(self, name, given.integers(name, getattr(self, name)))
        if not len(self.images) == len(self.labels) == len(self.lengths):
            raise ValueError(
                f"each sequence needs a label and a length: got {len(self.images)} sequences, "
                f"{len(self.labels)} labels and {len(self.lengths)} lengths."
            )

    @property
    def stand_in(self) -> bool:
        """Whether these frames come from synthetic recordings."""
        return self.source == "synthetic"

    @property
    def mask(self) -> torch.Tensor:
        """Which frames are real: bool [T, N], False where a shorter recording was filled up."""
        return ev.padded_mask(self.lengths, self.images.shape[1])

    def __len__(self) -> int:
        return len(self.labels)

    def __repr__(self) -> str:
        return f"Frames({len(self)} × {list(self.images.shape[1:])}, {len(self.classes)} classes, {self.source})"


@dataclass(frozen=True, eq=False)
class Recordings:
    """Labelled recordings of an event camera: ``events[n]`` shows ``classes[labels[n]]`` done by ``subjects[n]``.

    Args:
        events: a sequence of {"t", "x", "y", "p"} arrays: t in microseconds from the start of the recording, sorted;
            x the column, y the row; p 1 = ON, 0 = OFF. It may read a recording only when it is asked for.
        labels: [N], int64.
        subjects: [N], int64: who is seen.
        classes: names of the classes.
        height: rows of the sensor.
        width: columns of the sensor.
        source: "folder" (real, found in the data folder) or "synthetic" (made by a program).
    """

    events: Sequence[Events]
    labels: torch.Tensor
    subjects: torch.Tensor
    classes: tuple[Label, ...]
    height: int
    width: int
    source: str

    def __post_init__(self) -> None:
        if isinstance(self.events, Mapping) or not hasattr(self.events, "__getitem__"):
            raise TypeError(f"events must be a list of recordings, got {type(self.events).__name__}: write [events].")
        object.__setattr__(self, "labels", given.integers("labels", self.labels, below=len(self.classes)))
        object.__setattr__(self, "subjects", given.integers("subjects", self.subjects))
        for name in ("height", "width"):
            object.__setattr__(self, name, whole(name, getattr(self, name), at_least=1))
        if not len(self.events) == len(self.labels) == len(self.subjects):
            raise ValueError(
                f"each recording needs a label and a subject: got {len(self.events)} recordings, "
                f"{len(self.labels)} labels and {len(self.subjects)} subjects."
            )

    @property
    def stand_in(self) -> bool:
        """Whether these recordings are synthetic."""
        return self.source == "synthetic"

    def __len__(self) -> int:
        return len(self.labels)

    @overload
    def __getitem__(self, n: int) -> tuple[Events, int]: ...

    @overload
    def __getitem__(self, n: slice | Sequence[int] | torch.Tensor) -> Recordings: ...

    def __getitem__(self, n: int | slice | Sequence[int] | torch.Tensor) -> tuple[Events, int] | Recordings:
        """Return (events, label) of one recording, or several recordings as ``Recordings``."""
        if isinstance(n, (int, np.integer)):
            return self.events[int(n)], int(self.labels[n])
        if torch.is_tensor(n) and not n.dim() and not n.is_floating_point():
            return self[int(n)]
        where = torch.arange(len(self))[_places(n)]
        chosen = [self.events[i] for i in where.tolist()] if isinstance(self.events, (list, tuple)) else None
        picked = chosen if chosen is not None else Picked(self.events, tuple(where.tolist()))
        return replace(self, events=picked, labels=self.labels[where], subjects=self.subjects[where])

    def __repr__(self) -> str:
        people = len(self.subjects.unique())
        return (
            f"Recordings({len(self)} × {self.height}×{self.width}, {len(self.classes)} classes, "
            f"{people} subject{'s' * (people != 1)}, {self.source})"
        )

    def subset(self, n: int, seed: int = 0) -> Recordings:
        """Return ``n`` recordings chosen at random, the classes in the same proportions as here.

        Args:
            n: how many recordings, 1 … len(self).
            seed: seed of the choice.

        Raises:
            ValueError: there are fewer than ``n`` recordings.
        """
        numbers = Images(torch.arange(len(self)), self.labels, self.classes, self.source)
        return self[numbers.subset(n, seed).images]

    def split_by_subject(self, test_subjects: Iterable[int]) -> tuple[Recordings, Recordings]:
        """Return (train, test): the named people are in the test set only, so that nobody is in both.

        Args:
            test_subjects: numbers of the people to test on.

        Raises:
            ValueError: somebody who is not here; nobody left to train on, or to test on.
        """
        wanted, here = set(given.integers("test_subjects", test_subjects).tolist()), set(self.subjects.tolist())
        if wanted - here or not wanted or wanted == here:
            raise ValueError(f"test_subjects must be some, but not all, of {sorted(here)}; got {sorted(wanted)}.")
        test = torch.isin(self.subjects, torch.tensor(sorted(wanted)))
        return self[~test], self[test]

    def frames(
        self,
        by: str | Integrate = "number",
        *,
        T: int | None = None,
        duration: int | None = None,
        size: tuple[int, int] | None = None,
    ) -> Frames:
        """Sum each recording's events into frames.

        Args:
            by: "number" (T frames of equally many events), "time" (T frames of equal duration), "duration" (frames of
                a given duration; shorter recordings are filled up with zeros, see ``Frames.mask``), or a function of
                your own: (events, height, width) -> [T, 2, H, W].
            T: how many frames, for "number" and "time".
            duration: of one frame in microseconds, for "duration".
            size: (height, width) of the frames; by default that of the sensor.

        Shapes:
            N recordings → [N, T, 2, H, W].

        Raises:
            TypeError, ValueError: another way, or an argument that belongs to another way; frames of the wrong shape
                from a function; events as in ``checked``: the message ends with the number of the recording.
        """
        make = _maker(by, T, duration)
        sensor = self.height, self.width
        small = sensor if size is None else given.size(size, *sensor)
        if not len(self):
            raise ValueError("there are no recordings here: nothing to make frames of.")
        stacks = []
        for n in range(len(self)):
            events = self.events[n]
            try:
                stacks.append(_stack(make, events if size is None else ev.resized(events, *sensor, small), *small))
            except (TypeError, ValueError) as error:
                kind = TypeError if isinstance(error, TypeError) else ValueError
                raise kind(f"{error} (recording {n})") from error
        images, labels, lengths = ev.pad_collate(zip(stacks, self.labels, strict=True))
        return Frames(images, labels, lengths, self.classes, self.source)


class Unread(Sequence[Events]):
    """Recordings of which each is read when it is asked for; a slice reads none. A subclass writes ``read``."""

    @overload
    def __getitem__(self, n: int) -> Events: ...

    @overload
    def __getitem__(self, n: slice) -> Sequence[Events]: ...

    def __getitem__(self, n: int | slice) -> Events | Sequence[Events]:
        return Picked(self, tuple(range(len(self))[n])) if isinstance(n, slice) else self.read(n)

    def read(self, n: int) -> Events:
        """Return the events of recording ``n``."""
        raise NotImplementedError(f"{type(self).__name__} must define read(n), the events of a recording.")


@dataclass(frozen=True)
class Picked(Unread):
    """Some of a sequence's items, in an order of their own, each read when it is asked for.

    Args:
        items: the whole sequence.
        order: which of them.
    """

    items: Sequence[Events]
    order: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.order)

    def read(self, n: int) -> Events:
        return self.items[self.order[n]]


def time_first(x: torch.Tensor) -> torch.Tensor:
    """Turn a batch of frame sequences for a network: an encoder for ``training.fit``.

    Args:
        x: a batch of sequences.

    Shapes:
        [N, T, …] → [T, N, …]

    Raises:
        ValueError: fewer than two dimensions.
    """
    x = given.tensor("x", x)
    if x.dim() < 2:
        raise ValueError(f"x must be a batch of sequences [N, T, …], got {list(x.shape)}.")
    return x.transpose(0, 1).contiguous()


def _places(n: Any) -> slice | torch.Tensor:
    """Which recordings are meant by a slice, by their numbers, or by a yes or no for each."""
    if isinstance(n, slice):
        return n
    places = given.tensor("the numbers of recordings", n)
    return places if places.dtype == torch.bool else given.integers("the numbers of recordings", places)


def _stack(make: Integrate, events: Events, height: int, width: int) -> torch.Tensor:
    stack = given.tensor("frames", make(events, height, width)).float()
    if stack.dim() != 4 or stack.shape[1:] != (2, height, width):
        raise ValueError(f"your function must give [T, 2, {height}, {width}], but gave {list(stack.shape)}")
    return stack


def _maker(by: str | Integrate, T: int | None, duration: int | None) -> Integrate:
    ways = {"number": ("T", T, ev.frames_by_number), "time": ("T", T, ev.frames_by_time)}
    ways["duration"] = ("duration", duration, ev.frames_by_duration)
    if not isinstance(by, str) and callable(by):
        if T is not None or duration is not None:
            raise ValueError("your own function decides how many frames there are: leave out T and duration.")
        return by
    if not isinstance(by, str) or by not in ways:
        raise ValueError(f"by must be {', '.join(map(repr, ways))} or a function (events, height, width), got {by!r}.")
    name, value, function = ways[by]
    if value is None or (T is not None and duration is not None):
        other = "duration" if name == "T" else "T"
        raise ValueError(f"frames(by={by!r}) needs {name}=…, and no {other}.")
    return lambda events, height, width: function(events, value, height, width)
