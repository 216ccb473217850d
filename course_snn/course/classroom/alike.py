"""Groups of equal wrong answers, as a hint: what stands in them that the exercise does not explain.

Who makes a common mistake writes what others write who make it. So a group counts by its *points*:

    points = min(own, 30) · known · (1 - k / (n + 1)) + min(names, 10) + 5 · min(comments, 4)

    own       words of the answer that stand neither in the chapter's stub nor in its solution
    known     1/4 if the mistake is one that the exercise foresees (or the answer is right), 1/2 if the verdict can
              name its cause otherwise, else 1
    k, n      students in the group, and those who answered the exercise
    names     names of three letters or more that two of the group chose alike, in code that agrees word by word
    comments  comments that two of the group have in common, and the chapter has not

The numbers are a choice, not a statistic; they only decide what is shown first.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from course_snn.course import chapters as book
from course_snn.course.classroom import marks
from course_snn.course.classroom.code_form import Form, comments, form, words
from course_snn.course.classroom.marks import Mark
from course_snn.course.classroom.tolerant import Cell, notebook
from course_snn.course.execute import EXERCISE_TAG, check_call
from course_snn.course.exercise import find

NOT_RIGHT = (marks.WRONG, marks.ERROR, marks.TIMEOUT, marks.KILLED)
MUCH, SOME, LITTLE = "much", "some", "little"
LEVELS = (MUCH, SOME, LITTLE)
_BOUNDS = ((15.0, MUCH), (6.0, SOME))
Answered = Mapping[str, Mapping[str, list[Mark]]]  # by exercise and student


@dataclass(frozen=True)
class Answer:
    """One answer: whose (``key`` tells students apart), from which file, its mark, its form and its code."""

    key: str
    student: str
    file: str
    mark: Mark
    form: Form
    code: str


@dataclass(frozen=True)
class Group:
    """Answers of several students to one exercise that have the same form.

    Args:
        exercise: its id.
        answers: all of them; several of one student may be among them.
        answered: how many students answered the exercise at all.
        same: how many of them got the same verdict, with the same reason.
        foreseen: whether the mistake is one that the exercise foresees.
        own, names, comments, points: see the module.
    """

    exercise: str
    answers: tuple[Answer, ...]
    answered: int
    same: int
    foreseen: bool
    own: int
    names: tuple[str, ...]
    comments: tuple[str, ...]
    points: float

    @property
    def mark(self) -> Mark:
        """The mark that most of the answers got."""
        return Counter(answer.mark for answer in self.answers).most_common(1)[0][0]

    @property
    def students(self) -> tuple[str, ...]:
        """The names, in order."""
        return tuple(sorted({answer.key: answer.student for answer in self.answers}.values()))

    @property
    def level(self) -> str:
        """MUCH, SOME or LITTLE: how much is equal that the exercise does not explain."""
        return next((level for bound, level in _BOUNDS if self.points >= bound), LITTLE)

    @property
    def versions(self) -> list[tuple[str, tuple[str, ...]]]:
        """Each different code and the students who have it, to the letter; what most have comes first."""
        found: dict[str, dict[str, str]] = defaultdict(dict)
        for answer in self.answers:
            found[answer.code][answer.key] = answer.student
        listed = [(code, tuple(sorted(students.values()))) for code, students in found.items()]
        return sorted(listed, key=lambda pair: (-len(pair[1]), pair))

    @property
    def to_the_letter(self) -> int:
        """How many students, at most, have the same code to the letter, comments and spaces included."""
        return _most(self.answers, lambda answer: answer.code)

    @property
    def word_by_word(self) -> int:
        """How many students, at most, have the same words, names included; spaces and comments may differ."""
        return _most(self.answers, lambda answer: tuple(words(answer.code)))


@dataclass(frozen=True)
class Given:
    """What the course itself says to an exercise: the forms and words of stub and solution, the mistakes' messages."""

    stub: Form
    solution: Form
    stub_code: str
    counts: Counter
    comments: frozenset[str]
    names: frozenset[str]
    mistakes: frozenset[str]


def groups(answers: Mapping[str, Sequence[Answer]], states: Collection[str], answered: Answered) -> list[Group]:
    """Return the answers that several students have alike, the most telling group first.

    Args:
        answers: by exercise.
        states: those of the answers that are compared.
        answered: the marks of all who answered, by exercise and student.
    """
    made = []
    for name, found in answers.items():
        alike: dict[str, list[Answer]] = defaultdict(list)
        for answer in found:
            if answer.mark.state in states:
                alike[answer.form.key].append(answer)
        given = given_to(name)
        known = {given.stub.key} | ({given.solution.key} if marks.PASSED in states else set())
        for key, group in alike.items():
            if key not in known and len({answer.key for answer in group}) > 1:
                made.append(_group(name, group, answered[name]))
    return sorted(made, key=lambda group: (-group.points, group.exercise, group.students))


def _group(name: str, answers: Sequence[Answer], answered: Mapping[str, list[Mark]]) -> Group:
    given, students = given_to(name), len({answer.key for answer in answers})
    mark = Counter(answer.mark for answer in answers).most_common(1)[0][0]
    same = sum(any(_same(mark, one) for one in marks_) for marks_ in answered.values())
    foreseen = mark.reason_en in given.mistakes
    own = sum((answers[0].form.counts - given.counts).values())
    names, told = _names_alike(answers, given), _comments_alike(answers, given)
    known = 0.25 if foreseen or mark.state == marks.PASSED else 0.5 if mark.named else 1.0
    points = min(own, 30) * known * (1 - students / (len(answered) + 1)) + min(len(names), 10) + 5 * min(len(told), 4)
    return Group(name, tuple(answers), len(answered), same, foreseen, own, names, told, points)


def _same(one: Mark, other: Mark) -> bool:
    return (one.state, one.reason_en) == (other.state, other.reason_en)


def as_published(answers: Mapping[str, Sequence[Answer]]) -> int:
    """Return how many right answers have the form of the course's solution."""
    return sum(
        answer.mark.state == marks.PASSED and answer.form.key == given_to(name).solution.key
        for name, found in answers.items()
        for answer in found
    )


def _names_alike(answers: Sequence[Answer], given: Given) -> tuple[str, ...]:
    """Return the names that two students chose alike, in code that agrees word by word."""
    by_words: dict[tuple[str, ...], list[Answer]] = defaultdict(list)
    for answer in answers:
        by_words[tuple(words(answer.code))].append(answer)
    agree = [group[0] for group in by_words.values() if len({answer.key for answer in group}) > 1]
    names = {name for answer in agree for name in answer.form.names - given.names if len(name) > 2}
    return tuple(sorted(names))


def _comments_alike(answers: Sequence[Answer], given: Given) -> tuple[str, ...]:
    who: dict[str, set[str]] = defaultdict(set)
    for answer in answers:
        for text in comments(answer.code) - given.comments:
            who[text].add(answer.key)
    return tuple(sorted(text for text, keys in who.items() if len(keys) > 1))


def _most(answers: Sequence[Answer], what: Callable[[Answer], object]) -> int:
    keys: dict[object, set[str]] = defaultdict(set)
    for answer in answers:
        keys[what(answer)].add(answer.key)
    return max(len(found) for found in keys.values())


@lru_cache
def _cells(chapter: str) -> tuple[Cell, ...]:
    return notebook(book.notebook_path(book.find(chapter)).read_bytes()).cells


@lru_cache
def statements(chapter: str) -> frozenset[str]:
    """Return the statements of the chapter itself, each as text."""
    return frozenset(ast.dump(one) for cell in _cells(chapter) if cell.tree for one in cell.tree.body)


@lru_cache
def given_to(name: str) -> Given:
    """Return what the course says to an exercise."""
    exercise, stub = find(name), ""
    for cell in _cells(name[:2]):
        if EXERCISE_TAG in cell.tags and check_call(cell.code, cell.number)[0] == name:
            stub = cell.code
    forms = form(stub, exercise.name), form(exercise.source, exercise.name)
    counts = Counter(words(stub)) | Counter(words(exercise.source)) | forms[0].counts | forms[1].counts
    told = comments(stub) | comments(exercise.source)
    mistakes = frozenset(mistake.en for mistake in exercise.mistakes)
    return Given(*forms, stub, counts, frozenset(told), forms[0].names | forms[1].names, mistakes)
