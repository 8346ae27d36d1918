"""The stretches of a text whose words together weigh most: short, whole words, quoted as written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from transforms.score.features import Words
from transforms.score.hashing import hash_ngrams
from transforms.score.plain import IDEOGRAPH, MARK, locate
from transforms.text import code_points

MAX_WORDS = 6
"""Words in a phrase; a mark counts nothing, a character of a script without spaces half."""

MAX_TOKENS = 12
"""Words, marks and such characters in a phrase, all told."""

MAX_CHARACTERS = 80
"""Characters of a phrase, with all that stands between its words."""

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a text, in characters, and what its words add to the score."""

    start: int
    end: int
    weight: float  # nats; positive points to a machine


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some words of a text, and what they add to its score."""

    text: str  # as first chosen: a stretch of the text as written, on one line
    weight: float  # nats over all its places; positive points to a machine
    places: tuple[Place, ...]  # at least one, the quoted one first; none overlaps any other phrase's

    @property
    def times(self) -> int:
        """How often it stands in the text."""
        return len(self.places)

    def scaled(self, factor: float) -> Phrase:
        """The same phrase, its weight `factor` (above 0) times as large."""
        places = tuple(replace(place, weight=factor * place.weight) for place in self.places)
        return replace(self, weight=factor * self.weight, places=places)


def choose(text: str, words: Words, weights: Floats, most: int) -> Iterator[Phrase]:
    """Again and again the stretch of largest |Σ weights| that overlaps none before it, with its repetitions.

    At most `most` of each sign. `words`: of the text; `weights`: float64 [words].
    """
    if words.hashes.size == 0:
        return
    places = locate(text)
    begin, end = places[words.starts], places[words.starts + words.lengths - 1] + 1
    sums = _sum_stretches(weights)
    sums[~_readable(text, words.kind, begin, end)] = 0.0
    left = {1.0: most, -1.0: most}
    while True:
        first, length = _strongest(sums, left)
        sign = float(np.sign(sums[first, length - 1]))
        if not left.get(sign):
            return
        left[sign] -= 1
        taken = tuple(
            Place(int(begin[word]), int(end[word + length - 1]), weight)
            for word, weight in _take(sums, _repetitions(words, first, length), length, sign)
        )
        stop = min(end[first + length - 1], begin[first] + MAX_CHARACTERS)  # only a single word is ever cut
        yield Phrase(text[begin[first] : stop], sum(place.weight for place in taken), taken)


def _sum_stretches(weights: Floats) -> Floats:
    """Σ weights[i : i+n+1] at [i, n]: float64 [words, MAX_TOKENS], 0 beyond the end."""
    before = np.concatenate([[0.0], np.cumsum(weights)])
    sums = np.zeros((weights.size, MAX_TOKENS))
    for n in range(min(MAX_TOKENS, weights.size)):
        sums[: weights.size - n, n] = before[n + 1 :] - before[: weights.size - n]
    return sums


def _readable(text: str, kind: NDArray[np.uint8], begin: Places, end: Places) -> NDArray[np.bool_]:
    """Which stretches a person can read: bool [words, MAX_TOKENS], laid out as the sums.

    They begin with a word, do not end with an opening bracket or quote, lie on one line, keep to the limits, and part
    no letter of a script without spaces from its vowel and tone signs.
    """
    points = code_points(text[: end[-1]])
    line = np.cumsum((points == ord("\n")) | (points == ord("\r")))[begin]
    size = np.where(kind == MARK, 0.0, np.where(kind == IDEOGRAPH, 0.5, 1.0))
    before = np.concatenate([[0.0], np.cumsum(size)])
    opens = _is_of(points[begin], ("Ps", "Pi"))
    sign = _is_of(points[begin], ("Mn", "Mc")) & (kind == IDEOGRAPH)
    splits = np.append(sign, False)  # whether a cut before word i parts a sign from its letter
    readable = np.zeros((kind.size, MAX_TOKENS), dtype=np.bool_)
    for n in range(min(MAX_TOKENS, kind.size)):
        some = kind.size - n
        fits = (end[n:] - begin[:some] <= MAX_CHARACTERS) | (n == 0)
        fits &= (before[n + 1 :] - before[:some] <= MAX_WORDS) & (line[n:] == line[:some])
        fits &= (kind[:some] != MARK) & ~opens[n:] & ~splits[:some] & ~splits[n + 1 :]
        readable[:some, n] = fits
    return readable


def _is_of(points: NDArray[np.uint32], categories: tuple[str, ...]) -> NDArray[np.bool_]:
    """Whether each character is of one of these categories of Unicode."""
    distinct, which = np.unique(points, return_inverse=True)
    return np.array([unicodedata.category(chr(point)) in categories for point in distinct], dtype=np.bool_)[which]


def _strongest(sums: Floats, left: dict[float, int]) -> tuple[int, int]:
    """First word and length of the stretch of largest |sum| of a sign of which some are left."""
    high, low = int(np.argmax(sums)), int(np.argmin(sums))
    flat = sums.ravel()
    best = high if left[1.0] and (flat[high] >= -flat[low] or not left[-1.0]) else low
    return best // MAX_TOKENS, best % MAX_TOKENS + 1


def _repetitions(words: Words, first: int, length: int) -> list[int]:
    """First words of the stretches of the same words, `first` before all others."""
    hashes = hash_ngrams(words.hashes, length, 0)
    same = np.flatnonzero(hashes == hashes[first])
    return [first, *same[same != first].tolist()]


def _take(sums: Floats, firsts: list[int], length: int, sign: float) -> Iterator[tuple[int, float]]:
    """First word and sum of those of these stretches that are still free and point the same way.

    They are used up in `sums`.
    """
    for first in firsts:
        if sums[first, length - 1] * sign > 0:
            yield first, float(sums[first, length - 1])
            for n in range(MAX_TOKENS):
                sums[max(0, first - n) : first + length, n] = 0.0
