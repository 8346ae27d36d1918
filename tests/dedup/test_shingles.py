"""Shingle hashes stand for the distinct n-grams of tokens."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.normalize import normalize
from transforms.dedup.shingles import shingle_hashes, token_hashes

UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR")
MASK = (1 << 64) - 1
# Few characters, so that texts share shingles: words, ideographs, Thai with a vowel above, Khmer with a subscript.
MIXED = st.text(alphabet="ab  é中文กิក្1ㄱ\u0301", max_size=40).map(normalize)


def tokens(normal: str) -> list[str]:
    """Tokens by the rule, one character at a time, scripts told by their Unicode names."""
    found: list[str] = []
    before = "space"
    for char in normal:
        unspaced = unicodedata.name(char, "").startswith(UNSPACED)
        mark = unicodedata.category(char) in ("Mn", "Mc")
        kind = "space" if char == " " else "letter" if unspaced and not mark else "mark" if unspaced else "word"
        joins = (kind == "word" and before == "word") or (kind == "mark" and before in ("letter", "mark"))
        if joins:
            found[-1] += char
        elif kind != "space":
            found.append(char)
        before = kind
    return found


def shingles(normal: str, ngram: int) -> set[tuple[str, ...]]:
    """The set of n-grams of tokens, as tuples of strings."""
    parts = tokens(normal)
    length = min(ngram, len(parts))
    return {tuple(parts[i : i + length]) for i in range(len(parts) - length + 1)} if parts else set()


def jaccard(left: set[object], right: set[object]) -> float:
    return len(left & right) / len(left | right) if left | right else 0.0


@given(MIXED, MIXED, st.integers(1, 6))
@settings(deadline=None, max_examples=300)
def test_jaccard_of_hashes_is_jaccard_of_string_shingles(left: str, right: str, ngram: int) -> None:
    hashed = [set(shingle_hashes(text, ngram).tolist()) for text in (left, right)]
    strings = [shingles(text, ngram) for text in (left, right)]
    assert [len(s) for s in hashed] == [len(s) for s in strings]
    assert jaccard(*hashed) == jaccard(*strings)


@given(MIXED)
@settings(deadline=None)
def test_equal_tokens_have_equal_hashes_and_others_not(normal: str) -> None:
    parts, hashes = tokens(normal), token_hashes(normal).tolist()
    assert len(parts) == len(hashes)
    assert len(set(zip(parts, hashes, strict=True))) == len(set(parts)) == len(set(hashes))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("one two three", 3),
        ("我爱 python 编程", 5),  # two letters, a word, two letters
        ("python3中", 2),
        ("สวัสดี", 4),  # four consonants; vowels above belong to them
        ("ភាសាខ្មែរ", 5),  # subscripts and vowels belong to a consonant
        ("안녕 하세요", 2),  # Korean puts spaces between words
        ("हिन्दी में", 2),
    ],
)
def test_scripts_without_spaces_are_cut_into_letters(text: str, count: int) -> None:
    assert token_hashes(normalize(text)).size == count


@pytest.mark.parametrize(("text", "count"), [("", 0), ("one", 1), ("a b c d", 1), ("a b c d e", 1), ("a b c d e f", 2)])
def test_short_text_is_one_shingle_and_empty_text_none(text: str, count: int) -> None:
    assert shingle_hashes(text, 5).size == count


def test_hashes_are_distinct_and_ascending() -> None:
    hashes = shingle_hashes("a b c d e f " * 50, 5)
    assert hashes.dtype == np.uint32
    assert hashes.size == 6
    assert (np.diff(hashes.astype(np.int64)) > 0).all()


def test_arithmetic_is_exact_modulo_two_to_the_64() -> None:
    words = ["hash", "arithmetic", "x" * 3000]  # the last is longer than the table of powers

    def mix(value: int) -> int:
        for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
            value = ((value ^ (value >> 33)) * factor) & MASK
        return value ^ (value >> 33)

    def token(word: str) -> int:
        total, power = 0, 1
        for char in word:
            spread = (ord(char) * 0x9E3779B97F4A7C15) & MASK
            total += (spread ^ (spread >> 32)) * power
            power = (power * 0xC2B2AE3D27D4EB4F) & MASK
        return mix(total & MASK)

    expected = [token(word) for word in words]
    assert token_hashes(" ".join(words)).tolist() == expected
    combined = 0
    for value in expected:
        combined = (combined * 0x165667B19E3779F9 + value) & MASK
    assert shingle_hashes(" ".join(words), 5).tolist() == [mix(combined) >> 32]


@pytest.mark.parametrize("text", ["a " * 40_000, "x " * 20_000 + "y" * 100_000 + " z" * 40_000, "กั中 b " * 15_000])
def test_tokens_of_a_long_text_are_those_of_its_words(text: str) -> None:
    normal = text.strip()
    words = {word: token_hashes(word) for word in set(normal.split(" "))}
    assert np.array_equal(token_hashes(normal), np.concatenate([words[word] for word in normal.split(" ")]))
