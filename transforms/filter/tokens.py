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
from transforms.text import code_points

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]

# Odd constants of SplitMix64 (Steele, Lea and Flood 2014) to spread a code point and its place over 64 bits.
_MIX_CODE, _MIX_PLACE = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)
_SHIFT = np.uint64(29)


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
        letters = np.concatenate(([0], np.cumsum(self.classes >= LETTER)))
        return int(np.count_nonzero(letters[self.ends] > letters[self.starts]))

    def keys(self, limit: int) -> NDArray[np.uint64]:
        """A 64-bit key for each of the first `limit` words, equal for equal words: uint64 [min(n, limit)].

        Different words share a key with probability 2^-64.
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
    before = np.concatenate(([False], inside[:-1]))
    starts = inside & ~before
    if single.any():
        starts |= classes == SINGLE
        starts |= inside & ~single & np.concatenate(([False], single[:-1]))
    places = np.flatnonzero(starts)
    return Tokens(codes, classes, places, _ends(inside, starts))


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
    """The sum over a word's characters of a mixed (code point, place in the word), modulo 2^64: uint64 [n]."""
    if not len(starts):
        return np.empty(0, dtype=np.uint64)
    first, last = int(starts[0]), int(ends[-1])
    place = np.arange(first, last)
    begins = np.zeros(last - first, dtype=np.int64)
    begins[starts - first] = starts
    place -= np.maximum.accumulate(begins)
    mixed = (codes[first:last].astype(np.uint64) + np.uint64(1)) * _MIX_CODE
    mixed ^= mixed >> _SHIFT
    mixed += place.astype(np.uint64) * _MIX_PLACE
    mixed ^= mixed >> _SHIFT
    mixed *= _MIX_CODE
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(mixed)))
    keys: NDArray[np.uint64] = sums[ends - first] - sums[starts - first]
    return keys


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
