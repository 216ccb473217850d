"""Check what `Exercise.vary` draws for many students: the solution passes, each likely mistake is refused and named.

``uv run python tools/check_varied.py [--seeds 100] [--judged 100] [--answers] [CHAPTER …]`` prints a line an exercise:
for how many seeds its solution passed; for how many the drawn cases alone, without the visible ones, refuse every
mistake and tell it from all others (so that it is named with them, too); how many mistakes the judge named of all, for
the first seeds; how often cases were drawn until they did, and how long that takes a processor. ``--answers`` judges
the recorded answers of tests/course/answers instead. Ends with 1 if a solution fails, a mistake passes or is not
named, or an answer is judged wrongly.
"""

import argparse
import sys
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from course_snn.course import guard
from course_snn.course.chapters import CHAPTERS
from course_snn.course.exercise import Exercise, chapter_exercises
from course_snn.course.judge import judge
from course_snn.course.varied import draw, generator, varied

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "course"))

from answered import answers, patient


def checked(exercise: Exercise, seeds: range, judged: int) -> tuple[Counter, list[str]]:
    """Return the counts of one exercise and what went wrong."""
    counts, odd = Counter(), []
    for seed in seeds:
        begun, tries = time.process_time(), Counter()
        cases, left = draw(_counting(exercise, tries), generator(exercise.id, str(seed), "student"))
        counts["ms"] += 1000 * (time.process_time() - begun)
        counts["tries"] += tries["tries"]
        counts["most"] = max(counts["most"], tries["tries"])
        counts["alone"] += not left
        own = patient(replace(exercise, cases=exercise.cases + cases))
        verdict = judge(own, exercise.solution)
        counts["passed"] += verdict.passed
        odd += [] if verdict.passed else [f"{exercise.id}, seed {seed}: {verdict}"]
        odd += [f"{exercise.id}, seed {seed}: told apart by the visible cases only: {left}"] if left else []
        for number, mistake in enumerate(exercise.mistakes if seed < judged else ()):
            verdict = judge(own, mistake.wrong)
            named = not verdict.passed and (verdict.reason.zh, verdict.reason.en) == (mistake.zh, mistake.en)
            counts["named"] += named
            odd += [] if named else [f"{exercise.id}, seed {seed}, mistake {number}: {verdict}"]
    return counts, odd


def _unguarded(fn: Callable[[], object], *_: object) -> guard.Outcome:
    """Stand in for `guard.call`: what is tried here is our own, and a thread for each case takes ten times as long."""
    began = time.monotonic()
    try:
        value = fn()
    except Exception as error:
        value = error
    return guard.Outcome(value, seconds=time.monotonic() - began)


def _counting(exercise: Exercise, tries: Counter) -> Exercise:
    def vary(rng):
        tries["tries"] += 1
        return exercise.vary(rng)

    return replace(exercise, vary=vary)


def check_mistakes(chapters: list[str], seeds: range, judged: int) -> bool:
    """Print the figures of each exercise that varies; return whether all is well."""
    well = True
    for exercise in (exercise for chapter in chapters for exercise in chapter_exercises(chapter)):
        if exercise.vary is None:
            continue
        counts, odd = checked(exercise, seeds, judged)
        n, of = len(seeds), min(judged, len(seeds)) * len(exercise.mistakes)
        print(
            f"{exercise.id:24} passed {counts['passed']}/{n}  alone {counts['alone']}/{n}  "
            f"named {counts['named']}/{of}  "
            f"{counts['tries'] / n:.1f} tries, at most {counts['most']}  {counts['ms'] / n:.0f} ms",
            *(f"    {line}" for line in odd[:6]),
            sep="\n",
            flush=True,
        )
        well &= counts["passed"] == n and counts["named"] == of
    return well


def check_answers(chapters: list[str], seeds: range) -> bool:
    """Judge the recorded answers by varied exercises; return whether all right ones pass and no wrong one does."""
    well = True
    for chapter in chapters:
        counts: Counter = Counter()
        for answer in answers(chapter):
            named = answer.judged().named
            for seed in seeds:
                verdict = answer.judged(lambda exercise, seed=seed: varied(exercise, str(seed), "student"))
                right = verdict.passed is answer.right
                counts["right" if right else "WRONG"] += 1
                counts["no longer named"] += named and not verdict.named and not answer.right
                if not right or (named and not verdict.named and not answer.right):
                    print(f"    {answer.exercise} {answer.what}, seed {seed}: {verdict!r}")
        print(chapter, dict(counts), flush=True)
        well &= not counts["WRONG"]
    return well


def main() -> None:
    """Check the chapters asked for, or all."""
    ready = [chapter.key for chapter in CHAPTERS if chapter.ready]
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("chapters", nargs="*", default=ready, metavar="CHAPTER")
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--judged", type=int, default=100, help="seeds for which every mistake is judged")
    parser.add_argument("--answers", action="store_true", help="judge the recorded answers instead of the mistakes")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    if not asked.answers:
        guard.call = _unguarded
    torch.set_num_threads(1)
    seeds = range(asked.seeds)
    well = (
        check_answers(asked.chapters, seeds) if asked.answers else check_mistakes(asked.chapters, seeds, asked.judged)
    )
    sys.exit(not well)


if __name__ == "__main__":
    main()
