"""How much of a text is n-grams that repeat."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.filter.repetition import DUPLICATE, MOST_WORDS, TOP, Words, ngram_shares

WORDS = st.lists(st.sampled_from(["a", "bb", "ccc", "dddd"]), max_size=60)


def numbered(words: list[str]) -> Words:
    numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
    return Words(
        np.array([numbers[word] for word in words], dtype=np.int64),
        np.array([len(word) for word in words], dtype=np.int64),
        np.array([0, len(words)]),
    )


def fast(words: list[str]) -> dict[str, float]:
    return ngram_shares([numbered(words)])[0]


def share_of(words: list[str], covered: set[int]) -> float:
    return sum(len(words[i]) for i in covered) / sum(map(len, words)) if words else 0.0


def slow_top(words: list[str], n: int) -> float:
    grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    counts = Counter(grams)
    if not counts or max(counts.values()) < 2:
        return 0.0
    most = [gram for gram in counts if counts[gram] == max(counts.values())]
    best = max(most, key=lambda gram: sum(map(len, gram)))  # the first of the longest: Counter keeps the text's order
    return share_of(words, {i + k for i, gram in enumerate(grams) if gram == best for k in range(n)})


def slow_duplicate(words: list[str], n: int) -> float:
    seen: set[tuple[str, ...]] = set()
    covered: set[int] = set()
    for i in range(len(words) - n + 1):
        gram = tuple(words[i : i + n])
        if gram in seen:
            covered.update(range(i, i + n))
        seen.add(gram)
    return share_of(words, covered)


@settings(deadline=None, max_examples=400)
@given(WORDS)
def test_shares_equal_the_slow_and_obvious_count(words: list[str]) -> None:
    shares = fast(words)
    for n in TOP:
        assert shares[f"top_{n}gram_chars"] == pytest.approx(slow_top(words, n), abs=1e-12)
    for n in DUPLICATE:
        assert shares[f"dup_{n}gram_chars"] == pytest.approx(slow_duplicate(words, n), abs=1e-12)


@settings(deadline=None, max_examples=100)
@given(WORDS, WORDS)
def test_shares_of_passages_that_return_equal_the_slow_count(passage: list[str], other: list[str]) -> None:
    words = [*passage, "x1", *other, "x2", *passage, "x3", *passage]
    shares = fast(words)
    assert [shares[f"dup_{n}gram_chars"] for n in DUPLICATE] == pytest.approx(
        [slow_duplicate(words, n) for n in DUPLICATE], abs=1e-12
    )


def test_a_text_without_repetition_has_only_zeros() -> None:
    assert set(fast([str(i) for i in range(100)]).values()) == {0.0}


def test_no_words_give_zeros() -> None:
    assert set(fast([]).values()) == {0.0}


def test_one_word_repeated_fills_the_text() -> None:
    shares = fast(["spam"] * 20)
    assert [shares[f"top_{n}gram_chars"] for n in TOP] == [1.0, 1.0, 1.0]
    assert shares["dup_5gram_chars"] == 19 / 20  # all but the first word lie in a 5-gram seen before
    assert shares["dup_10gram_chars"] == 19 / 20


def test_shares_count_characters_not_words() -> None:
    # "aaaa b" occurs twice: 10 of 16 characters; "cc" stands alone
    assert fast(["aaaa", "b", "cc", "aaaa", "b", "dddd"])["top_2gram_chars"] == 10 / 16


def test_of_equally_frequent_ngrams_the_longest_counts() -> None:
    assert fast(["a", "b", "x", "cccc", "dddd", "y", "a", "b", "z", "cccc", "dddd"])["top_2gram_chars"] == 16 / 23


@settings(deadline=None, max_examples=200)
@given(st.lists(WORDS, max_size=8))
def test_texts_measured_together_have_the_shares_they_have_alone(texts: list[list[str]]) -> None:
    assert ngram_shares([numbered(words) for words in texts]) == [fast(words) for words in texts]


def test_texts_of_one_row_have_the_shares_they_have_alone() -> None:
    first, second = ["a", "bb", "a", "bb"], ["bb", "a", "bb", "a", "ccc"]
    numbers, lengths = np.array([0, 1, 0, 1, 2, 3, 2, 3, 4]), np.array([1, 2, 1, 2, 2, 1, 2, 1, 3])
    assert ngram_shares([Words(numbers, lengths, np.array([0, 4, 4, 9]))]) == [fast(first), fast([]), fast(second)]


def test_more_words_than_are_measured_at_once_are_measured_all_the_same() -> None:
    texts = [["spam"] * (MOST_WORDS // 2), ["a", "b", "a", "b"], ["egg"] * MOST_WORDS, ["x"], ["ham"] * MOST_WORDS]
    shares = ngram_shares([numbered(words) for words in texts])
    assert [found["top_2gram_chars"] for found in shares] == [1.0, 1.0, 1.0, 0.0, 1.0]
