"""Errors a user can cure: each message names the value and the cure, and the command line prints only that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class FirsthandError(Exception):
    """Base of all errors with a cure. The command line prints the message and exits with `exit_code`."""

    exit_code = 1


class UsageError(FirsthandError):
    """The command was asked for something it does not offer."""

    exit_code = 2


class ConfigError(UsageError):
    """The configuration has mistakes; all of them are in `problems`.

    One string is one problem: Beam makes an error from a worker anew from its message and the name of the step.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = (problems,) if isinstance(problems, str) else tuple(problems)
        super().__init__("; ".join(self.problems))


class InputError(FirsthandError):
    """An input is missing, empty, unreadable or no archive."""


class OutputError(FirsthandError):
    """The output cannot be written, or holds something else."""


class StoreError(FirsthandError):
    """An object store does not answer, refuses, or holds something else than a moment ago."""


class IntegrityError(FirsthandError):
    """A run's own accounts do not add up: nothing is reported as done."""


@contextmanager
def naming_damage(path: str) -> Iterator[None]:
    """Turns a failure to make sense of a file into an InputError that names it."""
    try:
        yield
    except (ValueError, OSError) as error:  # Arrow's are kinds of these
        raise InputError(f"{path} is damaged ({error}): delete it and give the same command again") from error
