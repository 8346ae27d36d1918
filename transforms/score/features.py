"""The views of a text that the detector weighs: which hashed n-grams of words, of their skeleton, of characters occur.

The skeleton keeps function words and punctuation and shows every other word only by its shape and last three letters:
it sees how a text is built, not what it is about, so it carries over to topics and generators never seen in training.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.score.hashing import U64, buckets, hash_ngrams, hash_words, mix
from transforms.score.plain import DIGIT, IDEOGRAPH, LETTER, MARK, SPACE, Plain, to_plain

BITS = 21
"""Each view has 2^21 buckets: 2 MiB of int8 weights."""

VIEWS = ("word", "skeleton", "character")

_WORD_SIZES = (1, 2, 3)
_SKELETON_SIZES = (1, 2, 3, 4)
_CHARACTER_SIZES = (4,)
_APOSTROPHE = ord("'")
_SALT = 0x2545F4914F6CDD1D  # any odd constant: keeps shapes apart from words


@dataclass(frozen=True, slots=True)
class Words:
    """The words and punctuation marks of a text in order; all arrays [words] but `inside` [characters]."""

    hashes: U64  # of the folded word
    starts: NDArray[np.intp]  # index of its first character
    lengths: NDArray[np.intp]  # characters
    kind: NDArray[np.uint8]  # class of its first character: LETTER, DIGIT, IDEOGRAPH or MARK
    upper: NDArray[np.bool_]  # whether its first character was a capital


@dataclass(frozen=True, slots=True)
class Stream:
    """What the n-grams of one view are made of."""

    members: U64  # in the order of the text
    sizes: tuple[int, ...]  # members in an n-gram
    of_words: bool  # whether a member stands for a word, else for a character

    def hashes(self) -> list[U64]:
        """For each size the hashes of all n-grams in order: the i-th begins at member i."""
        return [hash_ngrams(self.members, size, size * _SALT) for size in self.sizes]


def split_words(plain: Plain) -> Words:
    """Runs of letters and digits (an apostrophe between letters belongs to them); each mark and ideograph by itself."""
    kind = plain.kind
    lettered = (kind == LETTER) | (kind == DIGIT)
    if kind.size > 2:
        inner = (plain.folded[1:-1] == _APOSTROPHE) & lettered[:-2] & lettered[2:]
        lettered[1:-1] |= inner
    begins = kind != SPACE
    begins[1:] &= ~(lettered[1:] & lettered[:-1])
    starts = np.flatnonzero(begins)
    if starts.size == 0:
        empty = np.zeros(0, dtype=np.intp)
        return Words(empty.astype(np.uint64), empty, empty, empty.astype(np.uint8), empty.astype(np.bool_))
    inside = kind != SPACE
    spans = np.diff(starts, append=kind.size)
    ends = starts + spans
    spans -= kind[ends - 1] == SPACE
    return Words(hash_words(plain.codes, starts, inside), starts, spans, kind[starts], plain.upper[starts])


def mask_words(plain: Plain, words: Words, function_words: U64) -> U64:
    """The skeleton: uint64 [words], the word's own hash if it is punctuation or in `function_words` (sorted), else its
    shape: class, capital, length up to 8 letters, and last three characters if it has at least five."""
    place = np.searchsorted(function_words, words.hashes)
    known = function_words[np.minimum(place, function_words.size - 1)] == words.hashes
    last = words.starts + words.lengths - 1
    codes = plain.codes
    suffix = codes[last]  # indexing copies
    for back, odd in ((1, 3), (2, 5)):
        suffix += codes[np.maximum(last - back, 0)] * np.uint64(odd)
    suffix[(words.lengths < 5) | (words.kind != LETTER)] = 0
    shape = words.kind.astype(np.uint64) * np.uint64(32) + words.upper * np.uint64(16)
    shape += np.minimum(words.lengths, 8).astype(np.uint64)
    return np.asarray(np.where(known | (words.kind == MARK), words.hashes, mix(suffix + shape + np.uint64(_SALT))))


def extract(text: str, function_words: U64) -> tuple[NDArray[np.uint32], ...]:
    """For each of `VIEWS` the distinct buckets of the text's n-grams, ascending, each below 2^`BITS`."""
    plain = to_plain(text)
    words = split_words(plain)
    return view(plain, words, function_words)


def view(plain: Plain, words: Words, function_words: U64) -> tuple[NDArray[np.uint32], ...]:
    """As `extract`, of a text that is already plain and split."""
    if words.hashes.size == 0:
        return tuple(np.zeros(0, dtype=np.uint32) for _ in VIEWS)
    found = streams(plain, words, function_words)
    return tuple(buckets(np.concatenate(stream.hashes()), BITS) for stream in found)


def streams(plain: Plain, words: Words, function_words: U64) -> tuple[Stream, ...]:
    """For each of `VIEWS` what its n-grams are made of; the text has at least one word."""
    return (
        Stream(words.hashes, _WORD_SIZES, of_words=True),
        Stream(mask_words(plain, words, function_words), _SKELETON_SIZES, of_words=True),
        Stream(plain.codes, _CHARACTER_SIZES, of_words=False),
    )


def count_words(words: Words) -> float:
    """Words of prose: runs of letters count 1, an ideograph (Han, kana, Thai …) half a word, all else nothing."""
    return float(np.count_nonzero(words.kind == LETTER) + 0.5 * np.count_nonzero(words.kind == IDEOGRAPH))
