"""Texts in a row: each is found what it is found by itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.score import row as rows
from transforms.score.detector import Asked, Detector
from transforms.score.features import BITS, extract, split_words
from transforms.score.hashing import HashSet
from transforms.score.plain import MAX_CHARACTERS, to_plain
from transforms.score.row import MOST_CHARACTERS, MOST_TEXTS, cut, lay, views
from transforms.score.style import measure

PROSE = "The mill stands by the river, isn't it – and 北京很大。 every spring\n* the **water** rises… "
TEXTS = st.lists(
    st.one_of(
        st.text(alphabet=" \n\u00ad'a1B北.…]*|#ก\U0001f600\ud800", max_size=12),
        st.integers(1, 12).map(lambda times: PROSE * times),
        st.text(max_size=20),
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector.load()


@settings(deadline=None)
@given(TEXTS)
def test_a_text_in_a_row_is_what_it_is_alone(texts: list[str]) -> None:
    for text, (plain, words) in zip(texts, lay(texts).texts(), strict=True):
        alone = to_plain(text)
        for name in ("folded", "kind", "upper", "codes"):
            assert getattr(plain, name).tolist() == getattr(alone, name).tolist()
        split = split_words(alone)
        for name in ("hashes", "starts", "lengths", "kind", "upper"):
            assert getattr(words, name).tolist() == getattr(split, name).tolist()


@settings(deadline=None)
@given(TEXTS)
def test_no_bucket_is_of_words_of_two_texts(texts: list[str]) -> None:
    known = HashSet.of(split_words(to_plain("the by is and every")).hashes)
    alone = [extract(text, known) for text in texts]
    for view, found in enumerate(views(lay(texts), known)):
        assert found.buckets.max(initial=0) < 1 << BITS
        for number, text in enumerate(alone):
            assert found.buckets[found.texts == number].tolist() == text[view].tolist()


@settings(deadline=None, max_examples=30)
@given(TEXTS)
def test_a_text_in_a_row_is_scored_as_alone(detector: Detector, texts: list[str]) -> None:
    model, row = detector.model, lay(texts)
    styles = [measure(*text) if number % 2 else None for number, text in enumerate(row.texts())]
    alone = [model.score(extract(text, model.known), style) for text, style in zip(texts, styles, strict=True)]
    assert model.score_row(views(row, model.known), styles) == alone


@settings(deadline=None, max_examples=30)
@given(TEXTS)
def test_many_texts_are_assessed_as_each_is(detector: Detector, texts: list[str]) -> None:
    asked = [Asked(text, language, "Latn") for text, language in zip(texts, ("en", "de", "en") * 2, strict=False)]
    alone = [detector.assess(each.text, language=each.language, script=each.script) for each in asked]
    assert detector.assess_all(asked) == alone


def test_a_row_is_bounded_in_texts_and_in_characters() -> None:
    assert [*cut([])] == []
    assert [*cut(["a"] * (MOST_TEXTS + 1))] == [slice(0, MOST_TEXTS), slice(MOST_TEXTS, MOST_TEXTS + 1)]
    for letter, characters in (("a", MAX_CHARACTERS), ("…", 3 * MAX_CHARACTERS)):
        most = MOST_CHARACTERS // characters
        assert [*cut([letter * 10**5] * (most + 1))] == [slice(0, most), slice(most, most + 1)]


def test_the_numbers_of_texts_and_buckets_fit_into_a_key() -> None:
    last = (1 << BITS) * MOST_TEXTS - 1
    assert last < int(rows._NOWHERE)
    assert np.uint32(last) >> rows._TEXT_BITS == (1 << BITS) - 1
