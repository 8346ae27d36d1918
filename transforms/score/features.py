"""The views of a text that the detector weighs: which hashed n-grams of its skeleton, its frame, its characters occur.

Skeleton and frame keep function words and punctuation and show every other word only by its shape and last letters, the
frame more coarsely and in longer n-grams: they see how a text is built, not what it is about, so they carry over to
topics and generators never seen in training. n-grams of the words themselves add nothing to them (docs/log.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.score.hashing import U64, HashSet, buckets, hash_sizes, hash_words, mix
from transforms.score.plain import DIGIT, IDEOGRAPH, LETTER, MARK, SPACE, Plain, to_plain

BITS = 21
"""Each view has 2^21 buckets: 2 MiB of int8 weights."""

VIEWS = ("skeleton", "frame", "character")

_SKELETON_SIZES = (1, 2, 3, 4)
_FRAME_SIZES = (2, 3, 4, 5)
_CHARACTER_SIZES = (4,)
_APOSTROPHE = ord("'")
_SALT = 0x2545F4914F6CDD1D  # any odd constant: keeps shapes apart from words


@dataclass(frozen=True, slots=True)
class Words:
    """The words and punctuation marks of a text in order; all arrays [words]."""

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
        return hash_sizes(self.members, self.sizes, _SALT)


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
    spans -= kind.take(ends - 1) == SPACE
    hashes = hash_words(plain.codes, starts, inside)
    return Words(hashes, starts, spans, kind.take(starts), plain.upper.take(starts))


def mask_words(plain: Plain, words: Words, function_words: HashSet) -> tuple[U64, U64]:
    """Skeleton and frame, uint64 [words] each: a word's own hash if it is punctuation or in `function_words`,
    else its shape.

    In the skeleton: class, capital, length up to 8 letters, last three characters; in the frame: class, capital,
    whether it has 8 letters or more, last two. Only words of at least five letters show their last characters.
    """
    known = function_words.contains(words.hashes) | (words.kind == MARK)
    kind = words.kind.astype(np.uint64) * np.uint64(32) + words.upper * np.uint64(16)
    ending = _endings(plain, words)
    skeleton = ending[1] + kind + np.minimum(words.lengths, 8).astype(np.uint64) + np.uint64(_SALT)
    frame = ending[0] + kind + (words.lengths >= 8) + np.uint64(_SALT >> 1)
    shapes = mix(np.concatenate([skeleton, frame]))
    return np.where(known, words.hashes, shapes[: known.size]), np.where(known, words.hashes, shapes[known.size :])


def _endings(plain: Plain, words: Words) -> tuple[U64, U64]:
    """A code of the last two and of the last three characters of each word, 0 for words too short to have an ending."""
    last = words.starts + words.lengths - 1
    short = (words.lengths < 5) | (words.kind != LETTER)
    two = plain.codes.take(last) + plain.codes.take(np.maximum(last - 1, 0)) * np.uint64(3)
    three = two + plain.codes.take(np.maximum(last - 2, 0)) * np.uint64(5)
    two[short] = 0
    three[short] = 0
    return two, three


def extract(text: str, function_words: HashSet) -> tuple[NDArray[np.uint32], ...]:
    """For each of `VIEWS` the distinct buckets of the text's n-grams, ascending, each below 2^`BITS`.

    The specification: `row.views`, which finds those of many texts at once, is held to it by tests.
    """
    plain = to_plain(text)
    words = split_words(plain)
    return view(plain, words, function_words)


def view(plain: Plain, words: Words, function_words: HashSet) -> tuple[NDArray[np.uint32], ...]:
    """As `extract`, of a text that is already plain and split."""
    if words.hashes.size == 0:
        return tuple(np.zeros(0, dtype=np.uint32) for _ in VIEWS)
    found = streams(plain, words, function_words)
    return tuple(buckets(np.concatenate(stream.hashes()), BITS) for stream in found)


def streams(plain: Plain, words: Words, function_words: HashSet) -> tuple[Stream, ...]:
    """For each of `VIEWS` what its n-grams are made of; the text has at least one word."""
    skeleton, frame = mask_words(plain, words, function_words)
    return (
        Stream(skeleton, _SKELETON_SIZES, of_words=True),
        Stream(frame, _FRAME_SIZES, of_words=True),
        Stream(plain.codes, _CHARACTER_SIZES, of_words=False),
    )


def count_words(words: Words) -> float:
    """Words of prose: runs of letters count 1, an ideograph (Han, kana, Thai …) half a word, all else nothing."""
    return float(np.count_nonzero(words.kind == LETTER) + 0.5 * np.count_nonzero(words.kind == IDEOGRAPH))
