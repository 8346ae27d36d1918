"""Text to ids and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.collapse.model import UNKNOWN
from training.collapse.tokens import PARAGRAPH, Vocabulary, pieces


@settings(deadline=None)
@given(st.text())
def test_pieces_join_to_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_a_known_text_comes_back_letter_by_letter() -> None:
    text = "Don't stop (ever),\nit's \"re.match\" at 3.5 %; naïve_names too."
    vocabulary = Vocabulary.of([text], 100)
    assert vocabulary.decode(vocabulary.encode(text)) == text


def test_the_vocabulary_is_closed_and_ordered_by_frequency() -> None:
    vocabulary = Vocabulary.of(["a b b c c c"], 5)
    assert vocabulary.words == (PARAGRAPH, " c", " b")
    assert len(vocabulary) == 5
    assert vocabulary.encode("a b c").tolist() == [UNKNOWN, 4, 3]


def test_an_unknown_word_cannot_be_written() -> None:
    vocabulary = Vocabulary.of(["a b"], 10)
    with pytest.raises(ValueError, match="got 1"):
        vocabulary.decode(np.array([2, UNKNOWN], np.int32))
