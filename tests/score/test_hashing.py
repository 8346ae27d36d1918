"""Vectorised hashing equals the same hashing done slowly with Python's own integers."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.score.features import BITS, VIEWS, extract, split_words
from transforms.score.hashing import CHARACTER_CODES, GOLDEN, HashSet, buckets, hash_ngrams, hash_sizes, mix
from transforms.score.plain import DIGIT, LETTER, MARK, to_plain

MASK = (1 << 64) - 1
SALT = 0x2545F4914F6CDD1D
TEXTS = st.text(
    alphabet=st.one_of(
        st.sampled_from("abcdeABC  ,.'-\n0123"),
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("的我テ한éßй"),
    ),
    max_size=120,
)


def slow_mix(value: int) -> int:
    value = (value + GOLDEN) & MASK
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def slow_ngrams(members: list[int], size: int) -> list[int]:
    """Σ members[i+k]·GOLDEN^(size−k) + size·SALT modulo 2^64."""
    return [
        (sum(m * pow(GOLDEN, size - k, 1 << 64) for k, m in enumerate(members[i : i + size])) + size * SALT) & MASK
        for i in range(len(members) - size + 1)
    ]


def slow_word(word: str) -> int:
    terms = (slow_mix(ord(c)) * pow(GOLDEN, k, 1 << 64) for k, c in enumerate(word))
    return slow_mix(sum(terms) & MASK)


def slow_shape(word: str, *, kind: int, upper: bool, frame: bool) -> int:
    """What a masked word shows: class, capital, length and last characters, more coarsely in the frame."""
    last = tuple(zip(reversed(word), (1, 3) if frame else (1, 3, 5), strict=False))
    ending = sum(slow_mix(ord(c)) * odd for c, odd in last) if len(word) >= 5 and kind == LETTER else 0
    length, salt = (len(word) >= 8, SALT >> 1) if frame else (min(len(word), 8), SALT)
    return slow_mix((ending + kind * 32 + upper * 16 + length + salt) & MASK)


def slow_buckets(members: list[int], sizes: tuple[int, ...]) -> list[int]:
    grams = [gram for size in sizes for gram in slow_ngrams(members, size)]
    return sorted({((gram * 0xD6E8FEB86659FD93) & MASK) >> (64 - BITS) for gram in grams})


def slow_extract(text: str, function_words: set[int]) -> list[list[int]]:
    plain = to_plain(text)
    folded = [chr(code) for code in plain.folded.tolist()]
    words: list[tuple[str, int, bool]] = []
    lettered = [kind in (LETTER, DIGIT) for kind in plain.kind.tolist()]
    inside = list(lettered)
    for i in range(1, len(folded) - 1):
        inside[i] |= folded[i] == "'" and lettered[i - 1] and lettered[i + 1]
    for i, character in enumerate(folded):
        if inside[i] and i and inside[i - 1]:
            words[-1] = (words[-1][0] + character, *words[-1][1:])
        elif character != " ":
            words.append((character, int(plain.kind[i]), bool(plain.upper[i])))
    if not words:
        return [[] for _ in VIEWS]
    masked = {
        frame: [
            slow_word(word)
            if kind == MARK or slow_word(word) in function_words
            else slow_shape(word, kind=kind, upper=upper, frame=frame)
            for word, kind, upper in words
        ]
        for frame in (False, True)
    }
    return [
        slow_buckets(masked[False], (1, 2, 3, 4)),
        slow_buckets(masked[True], (2, 3, 4, 5)),
        slow_buckets([slow_mix(ord(character)) for character in folded], (4,)),
    ]


@settings(deadline=None)
@given(TEXTS)
def test_features_equal_the_slow_reference(text: str) -> None:
    known = split_words(to_plain("a b's c, 的 de the")).hashes
    found = extract(text, HashSet.of(known))
    assert [index.tolist() for index in found] == slow_extract(text, set(known.tolist()))


def test_a_long_mixed_text_equals_the_slow_reference() -> None:
    text = "The cat's “mat” — 12 dogs\u200b ran; 北京很大。 Ünïcode-Wörter, и ещё 한국어 " * 20 + "x" * 100 + " 😀 end"
    known = split_words(to_plain("the и ran")).hashes
    assert [index.tolist() for index in extract(text, HashSet.of(known))] == slow_extract(text, set(known.tolist()))


@settings(deadline=None)
@given(st.lists(st.integers(0, MASK), max_size=12), st.integers(1, 5))
def test_ngrams_equal_the_slow_reference(members: list[int], size: int) -> None:
    hashed = hash_ngrams(np.array(members, dtype=np.uint64), size, size * SALT)
    assert hashed.tolist() == slow_ngrams(members, size)
    several = hash_sizes(np.array(members, dtype=np.uint64), tuple(range(1, size + 1)), SALT)
    assert [part.tolist() for part in several] == [slow_ngrams(members, k) for k in range(1, size + 1)]


def test_mixing_is_splitmix64() -> None:
    assert int(mix(np.zeros(1, dtype=np.uint64))[0]) == 0xE220A8397B1DCDAF  # first output of splitmix64 seeded with 0
    assert CHARACTER_CODES[[65, 65535]].tolist() == [slow_mix(65), slow_mix(65535)]


def test_buckets_are_distinct_and_ascending() -> None:
    index = buckets(mix(np.arange(50_000, dtype=np.uint64)), 12)
    assert index.tolist() == list(range(4096))  # 50,000 balls leave one of 4,096 boxes empty once in 50 such draws


@settings(deadline=None)
@given(st.sets(st.integers(0, MASK), max_size=40), st.lists(st.integers(0, MASK), max_size=40))
def test_a_set_holds_its_hashes_and_no_other(members: set[int], others: list[int]) -> None:
    asked = np.array([*members, *others], dtype=np.uint64)
    found = HashSet.of(np.array(sorted(members), dtype=np.uint64)).contains(asked)
    assert found.tolist() == [value in members for value in asked.tolist()]


def test_a_set_holds_hashes_that_want_the_same_slot() -> None:
    crowd = (np.uint64(7) << np.uint64(48)) | (mix(np.arange(500, dtype=np.uint64)) >> np.uint64(16))
    found = HashSet.of(crowd).contains(np.concatenate([crowd, crowd + np.uint64(1)]))
    assert found.tolist() == [True] * 500 + [False] * 500
