"""Whose hand-in it is: what the notebook says, the roster's number or name in the name of the file, how platforms name.

Moodle       Jane Doe_12345_assignsubmission_file_/01_lif_neuron.ipynb
Canvas       doejane_LATE_12345_67890_01_lif_neuron-1.ipynb
Chaoxing     张伟_2023001_第一次作业.ipynb, 2023001-张伟-第一次作业/01_lif_neuron.ipynb
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from course_snn.course.classroom.marked import Student
from course_snn.course.classroom.roster import Roster, plain

METADATA, NAME = "metadata", "name"  # where it was read
_HAN = "\u3400-\u9fff·"
_NUMBER = r"(?P<id>[a-z]{0,3}\d{4,20})"
_PLATFORMS = (
    r"(?P<name>[^/]+?)_\d+_assignsubmission_\w+",
    r"(?P<name>[^_/]+)_(?:late_)?(?P<id>\d+)_\d+_.+",
    rf"(?P<name>[{_HAN}]{{2,20}})[_\-\s]+{_NUMBER}(?:[_\-\s.].*)?",
    rf"(?:.*[_\-\s])?{_NUMBER}[_\-\s]+(?P<name>[{_HAN}]{{2,20}})(?:[_\-\s.].*)?",
)


@dataclass(frozen=True)
class Identity:
    """Whose it is.

    Args:
        student: the student; None if nobody can tell.
        how: METADATA, NAME, or "" for nobody.
        others: who else is named by another part: the name of the file where the notebook names somebody else.
    """

    student: Student | None
    how: str = ""
    others: tuple[Student, ...] = ()


class Knows:
    """Tells whose hand-ins are, by a roster; without one, by what notebooks and platforms say."""

    def __init__(self, roster: Roster | None) -> None:
        self.roster = roster
        students = roster.students if roster else ()
        self.ids = [(_id_pattern(student.id), student) for student in students if student.id]
        self.han = [(student.name, student) for student in students if re.search(f"[{_HAN}]", student.name)]
        self.latin: dict[str, list[Student]] = {}
        for student in students:
            for way in _ways(student.name):
                self.latin.setdefault(way, []).append(student)

    def identity(self, path: str, told: Student | None) -> Identity:
        """Whose the file at ``path`` is, of which the notebook says that it is ``told``'s."""
        named = [found for part in reversed(path.split("/")) for found in self._in(part)]
        found = [(self._known(told), METADATA)] if told else []
        found += [(student, NAME) for student in named]
        students = [(student, how) for student, how in found if student is not None]
        if not students:
            return Identity(None)
        first, how = students[0]
        if how == NAME and len({student.key for student in self._in_first(path)}) > 1:
            return Identity(None, others=tuple(dict.fromkeys(named)))
        return Identity(first, how, tuple(dict.fromkeys(s for s, _ in students[1:] if s.key != first.key)))

    def _known(self, told: Student) -> Student | None:
        """The roster's student whom a notebook names; without a roster, whom it names."""
        return told if self.roster is None else self.roster.find(told.id)

    def _in_first(self, path: str) -> list[Student]:
        """Whom the innermost part of the path names that names anybody."""
        return next((found for part in reversed(path.split("/")) if (found := self._in(part))), [])

    def _in(self, part: str) -> list[Student]:
        """Whom one part of a path names."""
        if self.roster is None:
            return _by_platform(part)
        text = plain(part)
        numbers = [student for pattern, student in self.ids if pattern.search(text)]
        return numbers or self._by_name(text)

    def _by_name(self, text: str) -> list[Student]:
        within = [(name, student) for name, student in self.han if plain(name) in text]
        alone = [(name, student) for name, student in within if _stands_alone(plain(name), text)]
        names = alone or within
        longest = [s for name, s in names if not any(name != other and name in other for other, _ in names)]
        words = [_compact(word) for word in re.split(r"[_/.,;()\[\]]+|\s-\s", text)]
        return longest or list(dict.fromkeys(s for word in words for s in self.latin.get(word, [])))


def _id_pattern(number: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![0-9a-z]){re.escape(plain(number))}(?![0-9a-z])")


def _stands_alone(name: str, text: str) -> bool:
    return re.search(rf"(?<![{_HAN}]){re.escape(name)}(?![{_HAN}])", text) is not None


def _ways(name: str) -> set[str]:
    """How platforms write a name of Latin letters: first or last name first, nothing between them."""
    words = [_compact(word) for word in re.split(r"[\s,]+", name)]
    words = [word for word in words if word]
    if not words or not any(character.isascii() for character in "".join(words)):
        return set()
    return {"".join(words), "".join([words[-1], *words[:-1]]), "".join([*words[1:], words[0]])}


def _compact(text: str) -> str:
    """Letters and digits only, without accents, in lower case."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if character.isalnum())


def _by_platform(part: str) -> list[Student]:
    text = unicodedata.normalize("NFKC", part)
    found = next(filter(None, (re.fullmatch(pattern, text, re.IGNORECASE) for pattern in _PLATFORMS)), None)
    if found is None:
        return []
    groups = found.groupdict()
    return [Student((groups.get("id") or "").strip(), groups["name"].strip())]
