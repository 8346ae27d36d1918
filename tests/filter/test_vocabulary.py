"""Words that are equal, in one text and in many."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.filter.tokens import tokenise
from transforms.filter.vocabulary import number_words

MIXED_TEXT = st.text("aé1 .'’\n中のกั\u0301\u200c-#", max_size=60)


def words(text: str) -> list[str]:
    tokens = tokenise(text)
    return [text[start:end] for start, end in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)]


@given(st.lists(MIXED_TEXT, min_size=1, max_size=6))
@settings(deadline=None)
def test_words_have_one_number_exactly_if_they_are_equal_and_of_one_text(texts: list[str]) -> None:
    tokens = tokenise(*texts)
    numbers = number_words(tokens.keys(1000), tokens.words).numbers.tolist()
    known = [(number, word) for number, text in enumerate(texts) for word in words(text)]
    assert all(0 <= number < len(numbers) for number in numbers)
    assert len(set(zip(numbers, known, strict=True))) == len(set(numbers)) == len(set(known))


@given(st.lists(MIXED_TEXT, min_size=1, max_size=6), MIXED_TEXT)
@settings(deadline=None)
def test_a_vocabulary_holds_the_words_of_each_text_and_no_others(texts: list[str], asked: str) -> None:
    tokens = tokenise(*texts)
    known = number_words(tokens.keys(1000), tokens.words)
    keys = tokenise(asked).keys(1000)
    for number, text in enumerate(texts):
        found = known.found(keys, np.full(len(keys), number))
        assert found.tolist() == [word in words(text) for word in words(asked)]
