"""One check of an output: what was looked at, and everything in it that is not as it should be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum

import pyarrow as pa

from transforms.errors import FirsthandError

MOST_NAMED = 5
"""Problems of one check that are told; the others are counted."""

# What Arrow raises for bytes that make no sense, and what a store or a disk raises.
UNREADABLE = (
    *(pa.ArrowException, OSError, FirsthandError),
    *(ValueError, KeyError, TypeError, AttributeError, OverflowError, MemoryError, RecursionError),
)


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    FAILED = "FAILED"
    SKIPPED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a verification."""

    name: str
    state: State
    said: str  # what was checked, with numbers; of a check that was not made, why
    problems: tuple[str, ...] = ()  # the first of them, a sentence each; they quote the output as it is
    found: int = 0  # all of them


@dataclass(slots=True)
class Findings:
    """The problems of one check while it runs. Memory does not grow with their number."""

    named: list[str] = field(default_factory=list)
    found: int = 0
    broken: bool = False  # something could not be read, so that the rest of the check means less

    def add(self, problem: str) -> None:
        """Note a problem."""
        self.found += 1
        if len(self.named) < MOST_NAMED:
            self.named.append(problem)

    def compare(self, what: str, *, found: object, expected: object) -> None:
        """Note a problem unless the two are equal."""
        if found != expected:
            self.add(f"{what} is {found}, it should be {expected}")

    @contextmanager
    def reading(self, name: str) -> Iterator[None]:
        """Makes a problem of the failure to read a file."""
        try:
            yield
        except UNREADABLE as error:
            self.broken = True
            self.add(f"{name} cannot be read: {' '.join(str(error).split()) or type(error).__name__}")

    def check(self, name: str, said: str, *, unread: str = "") -> Check:
        """The check, done; where no problem was seen and something was left `unread`, in words, it was not made."""
        if unread and not self.found:
            return skipped(name, unread)
        return Check(name, State.FAILED if self.found else State.OK, said, tuple(self.named), self.found)


def skipped(name: str, why: str) -> Check:
    """A check that could not be made."""
    return Check(name, State.SKIPPED, why)


def many(number: int, what: str) -> str:
    """A number of things in words: `1 row`, `1,234 rows`."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
