"""Many texts at once, laid end to end: NumPy is called for a row of them, not for each.

A web page is short: of the 0.86 ms that one of four thousand characters takes alone, 0.45 are what the calls cost.
Nothing is found but what is found in each text by itself (`to_plain`, `split_words`, `view` in features.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.score.features import BITS, VIEWS, Stream, Words, split_words, streams
from transforms.score.hashing import HashSet, to_buckets
from transforms.score.plain import Plain, join_plain, most_characters

MOST_CHARACTERS = 1 << 17
"""Characters of a row, but for a longer text: what pages come in (pipeline/split.py), and no more memory than 30 MB."""

MOST_TEXTS = 64
"""Texts of a row: their numbers stand below the bits of a bucket, in 32 bits."""

_TEXT_BITS = np.uint32(MOST_TEXTS.bit_length() - 1)
_NOWHERE = np.uint32(0xFFFFFFFF)  # above every bucket of every text


@dataclass(frozen=True, slots=True)
class Row:
    """Texts laid end to end, a space behind each that has a word."""

    plain: Plain
    words: Words
    characters: NDArray[np.intp]  # [texts + 1] where each text begins, and the end
    members: NDArray[np.intp]  # [texts + 1] the first word of each text, and how many there are

    def texts(self) -> Iterator[tuple[Plain, Words]]:
        """Each text as by itself."""
        places, ordinals = self.characters.tolist(), self.members.tolist()
        for number in range(len(places) - 1):
            begin, end = places[number], max(places[number], places[number + 1] - 1)
            yield self._plain(begin, end), self._words(ordinals[number], ordinals[number + 1], begin)

    def _plain(self, begin: int, end: int) -> Plain:
        plain = self.plain
        return Plain(plain.folded[begin:end], plain.kind[begin:end], plain.upper[begin:end], plain.codes[begin:end])

    def _words(self, first: int, last: int, begin: int) -> Words:
        words = self.words
        starts = words.starts[first:last] - begin
        return Words(
            words.hashes[first:last], starts, words.lengths[first:last], words.kind[first:last], words.upper[first:last]
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What one view finds in the texts of a row: each distinct pair of a bucket and a text with an n-gram in it.

    In the order of the buckets, so that a table of two million weights is gone through once and not for each text.
    """

    buckets: NDArray[np.uint32]  # ascending
    texts: NDArray[np.uint32]  # numbers of the texts, ascending in each bucket


def cut(texts: Sequence[str]) -> Iterator[slice]:
    """The texts, in order, in rows."""
    first, room = 0, MOST_CHARACTERS
    for number, text in enumerate(texts):
        size = most_characters(text)
        room -= size
        if number > first and (room < 0 or number - first == MOST_TEXTS):
            yield slice(first, number)
            first, room = number, MOST_CHARACTERS - size
    if len(texts) > first:
        yield slice(first, len(texts))


def lay(texts: Sequence[str]) -> Row:
    """The row of these texts, at most `MOST_TEXTS`."""
    plain, characters = join_plain(texts)
    words = split_words(plain)
    return Row(plain, words, characters, np.searchsorted(words.starts, characters))


def views(row: Row, function_words: HashSet) -> tuple[Found, ...]:
    """For each of features.VIEWS the buckets of the n-grams in each text."""
    if not row.words.hashes.size:
        return (Found(np.zeros(0, dtype=np.uint32), np.zeros(0, dtype=np.uint32)),) * len(VIEWS)
    return tuple(
        _find(stream, row.members, apart=0) if stream.of_words else _find(stream, row.characters, apart=1)
        for stream in streams(row.plain, row.words, function_words)
    )


def _find(stream: Stream, bounds: NDArray[np.intp], *, apart: int) -> Found:
    """`bounds`: the first member of each text, and how many there are; the last `apart` of each belong to none."""
    hashes = stream.hashes()
    counts = np.array([part.size for part in hashes])
    owners = np.repeat(np.arange(bounds.size - 1, dtype=np.uint32), np.diff(bounds))
    keys = to_buckets(np.concatenate(hashes), BITS)
    keys <<= _TEXT_BITS
    keys |= np.concatenate([owners[:count] for count in counts])
    keys[_astride(stream.sizes, counts, bounds[1:], apart)] = _NOWHERE
    keys.sort()
    last = keys != _NOWHERE
    last[:-1] &= keys[1:] != keys[:-1]
    keys = keys.take(np.flatnonzero(last))  # a third of the time of keys[last], which guesses at each
    return Found(keys >> _TEXT_BITS, keys & np.uint32(MOST_TEXTS - 1))


def _astride(sizes: tuple[int, ...], counts: NDArray[np.intp], ends: NDArray[np.intp], apart: int) -> NDArray[np.intp]:
    """Where among the n-grams of all sizes, `counts` of each, those stand that reach over one of these ends."""
    back = [(number, back) for number, size in enumerate(sizes) for back in range(1, size + apart)]
    number, before = np.array(back).T
    begins = ends[:, None] - before
    held = (begins >= 0) & (begins < counts[number])
    return np.asarray((begins + (np.cumsum(counts) - counts)[number])[held])
