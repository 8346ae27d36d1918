"""Words, marks and sentences of a text: split once, as arrays, for every signal to share.

A word is a run of letters and digits with the marks that sit on them (vowel signs of Indic scripts, Persian joiners)
and with apostrophes between two letters (UAX #29, WB6 and WB7). A letter of a script written without spaces
(`UNSPACED`) is a word of its own and weighs half a word where words are counted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.filter.characters import (
    APOSTROPHE,
    DIGIT,
    LETTER,
    MARK,
    SINGLE,
    SPACE,
    STOP,
    class_table,
)
from transforms.powers import powers
from transforms.text import code_points

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

# Odd constants of SplitMix64 (Steele, Lea and Flood 2014): one spreads a code point over 64 bits, the powers of the
# other tell the places in a word apart.
_CODE, _PLACE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_INVERSE = np.uint64(pow(int(_PLACE), -1, 1 << 64))
_HALF = np.uint64(32)


@dataclass(frozen=True, slots=True)
class Tokens:
    """A tokenised text of c characters and n words."""

    codes: NDArray[np.uint32]  # [c] code points
    classes: NDArray[np.uint8]  # [c] classes of transforms.filter.characters
    starts: IntArray  # [n] place of the first character of each word
    ends: IntArray  # [n] place after the last

    @property
    def lengths(self) -> IntArray:
        """Characters in each word: int64 [n]."""
        return self.ends - self.starts

    def half_words(self) -> int:
        """Size of the text in half words: 2 for a word, 1 for a letter of an unspaced script."""
        return 2 * len(self.starts) - int(np.count_nonzero(self.classes == SINGLE))

    def words_with_letters(self) -> int:
        """Number of words with at least one letter."""
        if not len(self.starts):
            return 0
        # What stands between two words is of a lower class than any that makes words.
        return int(np.count_nonzero(np.maximum.reduceat(self.classes, self.starts) >= LETTER))

    def keys(self, limit: int) -> NDArray[np.uint64]:
        """A 64-bit key for each of the first `limit` words, equal for equal words: uint64 [min(n, limit)].

        Different words share a key with probability 2^-64, and its first b bits with 2^-b.
        """
        return word_keys(self.codes, self.starts[:limit], self.ends[:limit])

    def marks(self) -> int:
        """Number of punctuation marks and symbols outside words; a run of the same mark counts once."""
        mark = (self.classes >= APOSTROPHE) & (self.classes < DIGIT)
        again = mark[1:] & mark[:-1] & (self.codes[1:] == self.codes[:-1])
        return int(np.count_nonzero(mark)) - int(np.count_nonzero(again)) - self._joined_apostrophes()

    def _joined_apostrophes(self) -> int:
        return int(np.count_nonzero(_joined(self.classes))) if len(self.classes) > 2 else 0

    def sentences(self) -> int:
        """Number of sentence ends: a terminal mark before a space, a closing mark, the end, or in unspaced script."""
        stop = self.classes == STOP
        if not stop.any():
            return 0
        following = np.append(self.classes[1:], np.uint8(SPACE))
        breaks = (following != STOP) & ((following < DIGIT) | (following == SINGLE))
        return int(np.count_nonzero(stop & breaks))


def tokenise(text: str) -> Tokens:
    """The tokens of a text, case as given."""
    codes = code_points(text)
    classes = class_table().take(codes)
    inside = classes >= DIGIT
    if len(classes) > 2:
        inside[1:-1] |= _joined(classes)
    owners = classes
    if (classes == MARK).any():
        owners = _owners(classes)
        inside |= (classes == MARK) & (owners >= DIGIT)
    single = owners == SINGLE
    if not single.any():
        edges = np.flatnonzero(inside[1:] != inside[:-1]) + 1
        return Tokens(codes, classes, *_spans(edges, inside))
    before = np.concatenate(([False], inside[:-1]))
    starts = inside & ~before
    starts |= classes == SINGLE
    starts |= inside & ~single & np.concatenate(([False], single[:-1]))
    return Tokens(codes, classes, np.flatnonzero(starts), _ends(inside, starts))


def count_tokens(text: str) -> int:
    """Words and punctuation marks; each CJK or Thai letter is one, a run of the same mark is one.

    Counted in lower case, as the signals are measured: there a Turkish İ is a letter and a mark, of two code points.

    >>> count_tokens("Don't stop -- it's 5 o'clock!!")
    7
    >>> count_tokens("私は猫。")
    4
    """
    return tokens_in(tokenise(text.lower()))


def tokens_in(tokens: Tokens) -> int:
    """`count_tokens` of a text already tokenised."""
    return len(tokens.starts) + tokens.marks()


def word_keys(codes: NDArray[np.uint32], starts: IntArray, ends: IntArray) -> NDArray[np.uint64]:
    """A polynomial of the mixed code points of each word, modulo 2^64, mixed: uint64 [n]."""
    if not len(starts):
        return np.empty(0, dtype=np.uint64)
    first, last = int(starts[0]), int(ends[-1])
    mixed = codes[first:last] * _CODE
    mixed ^= mixed >> _HALF
    # Multiplied by the power of its place in the text; the sum over a word is divided by that of the word's start.
    mixed *= powers(_PLACE, last - first)[: last - first]
    sums = np.zeros(last - first + 1, dtype=np.uint64)
    np.cumsum(mixed, out=sums[1:])
    begins = starts - first
    keys: NDArray[np.uint64] = sums[ends - first] - sums[begins]
    keys *= powers(_INVERSE, last - first)[begins]
    keys ^= keys >> _HALF
    keys *= _CODE
    return keys ^ (keys >> _HALF)


def number_words(keys: NDArray[np.uint64]) -> IntArray:
    """Numbers below n for n keys, equal for equal keys: int64 [n]."""
    if not len(keys):
        return np.empty(0, dtype=np.int64)
    # The last bits of a key make room for its position: values sort several times faster than a stable argsort. Two
    # keys that differ in those bits alone are met with probability n³ / 2^65: .00003 in 100,000 words.
    bits = np.uint64(len(keys).bit_length())
    ordered = np.sort(keys >> bits << bits | np.arange(len(keys), dtype=np.uint64))
    order = (ordered & ((np.uint64(1) << bits) - np.uint64(1))).astype(np.int64)
    ordered >>= bits
    numbers = np.empty(len(keys), dtype=np.int64)
    numbers[order] = np.cumsum(np.concatenate(([False], ordered[1:] != ordered[:-1])))
    return numbers


def _spans(edges: IntArray, inside: BoolArray) -> tuple[IntArray, IntArray]:
    """Starts and ends of the runs of characters that are inside, given where a run of either kind begins."""
    first = [0] if inside[:1].any() else []
    last = [len(inside)] if inside[-1:].any() else []
    bounds = np.concatenate((first, edges, last)).astype(np.int64)
    return bounds[::2], bounds[1::2]


def _joined(classes: NDArray[np.uint8]) -> BoolArray:
    """Which inner characters are apostrophes between two letters: bool [c - 2]."""
    joined: BoolArray = (classes[1:-1] == APOSTROPHE) & (classes[:-2] == LETTER) & (classes[2:] == LETTER)
    return joined


def _owners(classes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """For each character the class of the nearest character at or before it that is no mark; SPACE if there is none."""
    places = np.where(classes == MARK, np.int32(-1), np.arange(len(classes), dtype=np.int32))
    places = np.maximum.accumulate(places)
    return np.where(places >= 0, classes[places], SPACE).astype(np.uint8)


def _ends(inside: BoolArray, starts: BoolArray) -> IntArray:
    """The place after each word's last character, given which characters are inside and which begin a word."""
    after_inside = np.append(inside[1:], False)
    after_start = np.append(starts[1:], False)
    return np.flatnonzero(inside & (~after_inside | after_start)) + 1
