"""What can be counted in the words of many texts at once: marks, lengths, capitals, endings, what follows a comma.

A text has a thousand words, so that what NumPy's calls cost is more than what they do: a row of texts takes as many
calls as one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.score.features import Words, split_words
from transforms.score.hashing import U64
from transforms.score.plain import LETTER, Plain, to_plain

MARKS = {
    "commas": ",",
    "full stops": ".",
    "semicolons": ";",
    "colons": ":",
    "exclamation marks": "!",
    "question marks": "?",
    "dashes and hyphens": "-",
    "single quotes": "'",
    "double quotes": '"',
    "opening brackets": "(",
    "closing brackets": ")",
    "slashes": "/",
    "per cent signs": "%",
    "dollar signs": "$",
    "ampersands": "&",
    "numbers": "0",  # digits are folded to 0
}
LINKS = "and or but nor so yet"
ENDINGS = ("ing", "ion", "ent", "ity", "ive", "ed", "ly", "al", "s")
"""No word has two of them."""

_MARK_CODES = np.array([ord(mark) for mark in MARKS.values()])
_LONGEST = 24  # letters; longer words count as this
_LAST = 127  # code points from here on share one count
_ING = ENDINGS.index("ing") + 1

Counts = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tally:
    """Of each text of a row, its shares; and what measures of one text start from."""

    lettered: Counts  # [texts] words of letters, 1 if there are none
    lengths: Floats  # [texts, 5] mean, spread, words of 8 letters or more, of 11 or more, of 3 or fewer
    marks: Floats  # [texts, MARKS]
    capitals: Floats  # [texts, 2] capitalised words, those that begin no sentence
    commas: Floats  # [texts, 2] a comma before one of LINKS, before a word that ends in -ing
    endings: Floats  # [texts, ENDINGS]
    letters: NDArray[np.bool_]  # [words] which words are of letters
    ends: Counts  # ascending: words that end a sentence
    following: Counts  # [ends] the word behind each, or the last of its text


def tally(plain: Plain, words: Words, members: Counts) -> Tally:
    """`members`: [texts + 1] the first word of each text, and how many there are."""
    texts, sizes = members.size - 1, np.diff(members)
    owners = np.repeat(np.arange(texts), sizes)

    def count(codes: NDArray[np.integer], width: int) -> Counts:
        """How often each code below `width` is met in each text: [texts, width]."""
        return np.bincount(owners * width + codes, minlength=texts * width).reshape(texts, width)

    def total(places: Counts) -> Counts:
        """How many of these words are in each text: [texts]."""
        return np.bincount(owners.take(places), minlength=texts)

    first = np.minimum(plain.folded.take(words.starts), _LAST)
    letters = words.kind == LETTER
    short = np.minimum(words.lengths, _LONGEST).astype(np.uint8) * letters
    lengths = count(short, _LONGEST + 1)
    lengths[:, 0] = 0
    lettered = np.maximum(lengths.sum(axis=1), 1)
    all_words = np.maximum(sizes, 1)
    ends = np.flatnonzero((first == ord(".")) | (first == ord("!")) | (first == ord("?")))
    following = np.minimum(ends + 1, (members[1:] - 1).take(owners.take(ends)))
    begins = np.zeros(letters.size, dtype=np.bool_)
    begins[members[:-1][sizes > 0]] = True
    begins[following] = True
    capital = words.upper & letters
    capitals = (total(np.flatnonzero(capital)), total(np.flatnonzero(capital & ~begins)))
    endings = _endings(plain, words, short)
    behind = np.flatnonzero(first == ord(",")) + 1
    behind = behind[~np.isin(behind, members)]
    linked = behind[np.isin(words.hashes.take(behind), _links())]
    commas = (total(linked), total(behind[endings.take(behind) == _ING]))
    return Tally(
        lettered=lettered,
        lengths=_lengths(lengths, lettered),
        marks=count(first, _LAST + 1)[:, _MARK_CODES] / all_words[:, None],
        capitals=np.stack(capitals, axis=1) / lettered[:, None],
        commas=np.stack(commas, axis=1) / all_words[:, None],
        endings=count(endings, len(ENDINGS) + 1)[:, 1:] / lettered[:, None],
        letters=letters,
        ends=ends,
        following=following,
    )


def _lengths(counts: Counts, totals: Counts) -> Floats:
    """`counts`: words of each length; `totals`: of all lengths, 1 if there are none."""
    sizes = np.arange(_LONGEST + 1)
    means = (counts @ sizes / totals).tolist()
    squares = (counts @ sizes**2 / totals).tolist()
    spreads = [math.sqrt(max(square - mean**2, 0.0)) for square, mean in zip(squares, means, strict=True)]
    shares = [counts[:, some].sum(axis=1) / totals for some in (slice(8, None), slice(11, None), slice(4))]
    return np.stack([np.array(means), np.array(spreads), *shares], axis=1)


def _endings(plain: Plain, words: Words, lengths: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Which of `ENDINGS` each word has, counted from 1; 0 for none. At least two letters stand before it.

    `lengths`: of words of letters, at most `_LONGEST`; 0 for others.
    """
    last = words.starts + words.lengths - 1
    one, two, three = (plain.folded.take(np.maximum(last - back, 0)) for back in range(3))
    before = (two.astype(np.uint32) << np.uint32(16)) | three  # the two letters before the last
    found = np.zeros(lengths.size, dtype=np.uint8)
    for number, ending in enumerate(ENDINGS, start=1):
        held = (one == ord(ending[-1])) & (lengths > len(ending) + 1)
        if len(ending) == 2:
            held &= two == ord(ending[0])
        elif len(ending) == 3:
            held &= before == ord(ending[1]) << 16 | ord(ending[0])
        found += held * np.uint8(number)
    return found


@cache
def _links() -> U64:
    return np.sort(split_words(to_plain(LINKS)).hashes)
