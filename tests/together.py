"""Many cases in one test, which lists every case that fails: pytest's own parameters make a test of each."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable

import pytest


def each_of(names: str | tuple[str, ...], cases: Iterable) -> Callable:
    """Run the test with every case, as ``pytest.mark.parametrize(names, cases)`` would, but as one test.

    A case that fails does not hide the next ones. Fixtures are made once and shared by all cases; several of these
    can stand above one another.
    """
    keys = names.replace(",", " ").split() if isinstance(names, str) else names
    cases = list(cases)

    def decorate(test: Callable) -> Callable:
        fixtures = [p for name, p in inspect.signature(test).parameters.items() if name not in keys]

        @functools.wraps(test)
        def together(**given) -> None:
            assert cases, f"no cases for {names}"
            failed = []
            for case in cases:
                values = dict(zip(keys, case if len(keys) > 1 else [case], strict=True))
                try:
                    test(**given, **values)
                except (Exception, pytest.fail.Exception) as error:
                    failed.append(f"{values}: {type(error).__name__}: {error}")
            assert not failed, f"{len(failed)} of {len(cases)} cases:\n" + "\n".join(failed)

        together.__signature__ = inspect.Signature(fixtures)
        return together

    return decorate
