"""What the values of an attribute say, by patterns that each value is tried on once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

_MOST_VALUES = 4096
_MAX_CHARS = 200  # of a value that is remembered


class Marks(dict[str | None, int]):
    """Values of an attribute, and which patterns match them: a bit for each. None is an attribute that is not there."""

    def __init__(self, patterns: Sequence[str], whole: Mapping[str, int] | None = None, **within: int) -> None:
        """`whole` are values and their bits; `within` are words that a value holds, in whatever case."""
        super().__init__({None: 0})
        self._whole, self._within = whole or {}, tuple(within.items())
        self._patterns = [(1 << number, re.compile(pattern)) for number, pattern in enumerate(patterns)]
        needles = {needle for pattern in patterns for branch in _branches(pattern) for needle in _needles(branch)}
        self._any = re.compile("|".join(sorted(needles)))

    def __missing__(self, value: str) -> int:
        found = self._whole.get(value, 0) | sum(bit for word, bit in self._within if word in value.lower())
        # Literals alone, so that the engine passes over what none of them begins with: a third of the time.
        if self._any.search(value):
            found |= sum(bit for bit, pattern in self._patterns if pattern.search(value))
        if len(value) <= _MAX_CHARS:
            if len(self) > _MOST_VALUES:
                self.clear()
                self[None] = 0
            self[value] = found
        return found


def _branches(pattern: str) -> list[str]:
    """The alternatives of a pattern."""
    return re.findall(r"(?:\([^()]*\)|[^|()])+", pattern)


def _needles(branch: str) -> list[str]:
    """Literals of which every match of an alternative holds one.

    >>> _needles("article-?text"), _needles("^(?:nav|post-nav)"), _needles("(?:entry|art)-content")
    (['article'], ['nav', 'post-nav'], ['-content'])
    """
    certain = re.split(r"\([^()]*\)\??|\[[^]]*\]\??|.\?|[\^$]", branch)
    if longest := max(certain, key=len):
        return [longest]
    return re.findall(r"[^|()?:]+", branch.strip("^$"))
