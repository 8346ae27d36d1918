"""Errors a user can cure: each message names the value and the cure, and the command line prints only that."""

from __future__ import annotations

import posixpath
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


class DamageError(InputError):
    """A file of ours is there and can be read, but its bytes make no sense."""


class OutputError(FirsthandError):
    """The output cannot be written, or holds something else."""


class SpoolError(FirsthandError):
    """The folder for temporary files takes no more."""


class StoreError(FirsthandError):
    """An object store does not answer, refuses, or holds something else than a moment ago."""


class IntegrityError(FirsthandError):
    """A run's own accounts do not add up: nothing is reported as done."""


CURE = "delete it and give the same command again"
"""What to do about a damaged file of a run's own."""


def corpus_cure(shard: str) -> str:
    """What to do about a damaged file of an output's `corpus` folder."""
    output = posixpath.dirname(posixpath.dirname(shard))
    return f"`firsthand verify {output}` says what else is; `firsthand curate {output} --output {output}` makes it anew"


@contextmanager
def naming_damage(path: str, *, cure: str = CURE) -> Iterator[None]:
    """Turns a failure to make sense of a file into a DamageError that names it, one to read it into an InputError.

    `cure`: of the damage. A file that could not be read may be whole, so nobody is told to delete it.
    """
    try:
        yield
    except (ValueError, OSError, NotImplementedError) as error:
        # Arrow says of bytes that they are wrong, or of a kind it does not know, by one of these, the OSError bare. A
        # system's error has a number, a file system's (BeamIOError) a type of its own.
        if not isinstance(error, OSError) or (type(error) is OSError and error.errno is None):
            why = " ".join(str(error).split())  # Arrow writes some in several lines
            raise DamageError(f"{path} is damaged ({why}): {cure}") from error
        why = error.strerror or str(error)
        raise InputError(f"{path} cannot be read ({why}): see to that and give the same command again") from error
