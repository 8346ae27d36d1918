"""Words, marks and sentences of texts: split once, as arrays, for every signal to share.

A word is a run of letters and digits with the marks that sit on them (vowel signs of Indic scripts, Persian joiners)
and with apostrophes between two letters (UAX #29, WB6 and WB7). A letter of a script written without spaces
(`UNSPACED`) is a word of its own and weighs half a word where words are counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from transforms.filter.characters import (
    APOSTROPHE,
    DIGIT,
    LETTER,
    MARK,
    SINGLE,
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
_WINDOW = 1 << 15  # characters hashed at a time, but for a longer word: their powers are kept


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokenised texts laid end to end, a line break behind each: c characters, n words."""

    codes: NDArray[np.uint32]  # [c] code points
    classes: NDArray[np.uint8]  # [c] classes of transforms.filter.characters
    starts: IntArray  # [n] place of the first character of each word
    ends: IntArray  # [n] place after the last
    rare: IntArray  # places of the classes MARK to SYMBOL, ascending: one character in twenty, so looked for once
    characters: IntArray  # [texts + 1] where each text begins, and c
    words: IntArray  # [texts + 1] the first word of each text, and n

    @property
    def lengths(self) -> IntArray:
        """Characters in each word: int64 [n]."""
        return self.ends - self.starts

    def word_characters(self) -> IntArray:
        """Characters in the words of each text: int64 [texts]."""
        total = np.zeros(len(self.starts) + 1, dtype=np.int64)
        np.cumsum(self.lengths, out=total[1:])
        return np.diff(total[self.words])

    def half_words(self) -> IntArray:
        """Size of each text in half words, 2 for a word, 1 for a letter of an unspaced script: int64 [texts]."""
        halves = 2 * np.diff(self.words)
        single = self.classes == SINGLE
        return halves - self._count(np.flatnonzero(single)) if single.any() else halves

    def words_with_letters(self) -> IntArray:
        """Number of words with at least one letter: int64 [texts]."""
        digits = np.flatnonzero(self.classes[self.starts] < LETTER)  # words that begin with one
        spans = np.stack((self.starts[digits], self.ends[digits]), axis=1).ravel()
        without = digits[np.maximum.reduceat(self.classes, spans)[::2] < LETTER] if len(digits) else digits
        words: IntArray = np.diff(self.words) - np.diff(np.searchsorted(without, self.words))
        return words

    def keys(self, limit: int) -> NDArray[np.uint64]:
        """A 64-bit key for each of the first `limit` words, equal for equal words: uint64 [min(n, limit)].

        Different words share a key with probability 2^-64, and its first b bits with 2^-b.
        """
        starts, ends = self.starts[:limit], self.ends[:limit]
        if len(self.codes) <= _WINDOW:
            return word_keys(self.codes, starts, ends)
        edges = np.unique(np.searchsorted(starts, np.arange(0, len(self.codes) + _WINDOW, _WINDOW))).tolist()
        spans = [slice(first, last) for first, last in pairwise(edges)] or [slice(0)]
        return np.concatenate([word_keys(self.codes, starts[span], ends[span]) for span in spans])

    def marks(self) -> IntArray:
        """Number of punctuation marks and symbols outside words, a run of the same mark as one: int64 [texts]."""
        places = self.rare[self.classes[self.rare] != MARK]
        codes = self.codes[places]
        again = (places[1:] == places[:-1] + 1) & (codes[1:] == codes[:-1])
        joined = places[_joining(self.classes, places)]
        return self._count(places) - self._count(places[1:][again]) - self._count(joined)

    def sentences(self) -> IntArray:
        """Number of sentence ends in each text: int64 [texts].

        A terminal mark before a space, a closing mark or the end is one, and any in unspaced script.
        """
        places = self.rare[self.classes[self.rare] == STOP]
        following = self.classes[places + 1]  # a line break is behind every text
        breaks = (following != STOP) & ((following < DIGIT) | (following == SINGLE))
        return self._count(places[breaks])

    def _count(self, places: IntArray) -> IntArray:
        """How many of these ascending places are in each text: int64 [texts]."""
        return np.diff(np.searchsorted(places, self.characters))


def tokenise(*texts: str) -> Tokens:
    """The tokens of these texts, case as given. Nothing is found but what is found in each by itself."""
    codes = code_points("\n".join((*texts, "")))
    classes = class_table().take(codes)
    inside = classes >= DIGIT
    rare = np.flatnonzero(classes - np.uint8(MARK) < DIGIT - MARK)
    kinds = classes[rare]
    quotes, marks = rare[kinds == APOSTROPHE], rare[kinds == MARK]
    inside[quotes[_joining(classes, quotes)]] = True
    owners = _owners(classes, marks)
    inside[marks] = owners >= DIGIT
    starts, ends = _spans(inside)
    single = classes == SINGLE
    if single.any():
        alone = np.flatnonzero(single)
        cuts = _cuts(classes, inside, alone, np.concatenate((alone, marks[owners == SINGLE])))
        starts, ends = np.sort(np.concatenate((starts, cuts))), np.sort(np.concatenate((ends, cuts)))
    characters = np.cumsum([0, *(len(text) + 1 for text in texts)])
    return Tokens(codes, classes, starts, ends, rare, characters, np.searchsorted(starts, characters))


def count_tokens(text: str) -> int:
    """Words and punctuation marks; each CJK or Thai letter is one, a run of the same mark is one.

    Counted in lower case, as the signals are measured: there a Turkish İ is a letter and a mark, of two code points.

    >>> count_tokens("Don't stop -- it's 5 o'clock!!")
    7
    >>> count_tokens("私は猫。")
    4
    """
    return int(tokens_in(tokenise(text.lower()))[0])


def tokens_in(tokens: Tokens) -> IntArray:
    """`count_tokens` of texts already tokenised: int64 [texts]."""
    return np.diff(tokens.words) + tokens.marks()


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


def _joining(classes: NDArray[np.uint8], places: IntArray) -> BoolArray:
    """Which of these places hold an apostrophe between two letters: bool [places]; the last place of all is none."""
    letter = np.uint8(LETTER)  # before the first place of all is taken to be the last, which is no letter
    joining: BoolArray = classes[places] == APOSTROPHE
    joining &= classes[places - 1] == letter
    joining &= classes[places + 1] == letter
    return joining


def _owners(classes: NDArray[np.uint8], marks: IntArray) -> NDArray[np.uint8]:
    """For each mark the class of the nearest character before it that is none; before the first of all is a space."""
    first = np.ones(len(marks), dtype=np.bool_)
    np.not_equal(marks[1:], marks[:-1] + 1, out=first[1:])
    owners: NDArray[np.uint8] = classes[marks[first] - 1][np.cumsum(first) - 1]
    return owners


def _spans(inside: BoolArray) -> tuple[IntArray, IntArray]:
    """Starts and ends of the runs of characters that are inside; the last character is not."""
    edges = np.empty_like(inside)
    edges[0] = inside[0]
    np.not_equal(inside[1:], inside[:-1], out=edges[1:])
    bounds = np.flatnonzero(edges)
    return bounds[::2], bounds[1::2]


def _cuts(classes: NDArray[np.uint8], inside: BoolArray, alone: IntArray, covered: IntArray) -> IntArray:
    """Where a run is cut: before each SINGLE (`alone`), and behind it and its marks (`covered`) before another word."""
    behind = covered + 1
    following = classes[behind]
    return np.concatenate((alone[inside[alone - 1]], behind[(following == DIGIT) | (following == LETTER)]))
