"""Counts, probabilities and samples of the n-gram model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.collapse.model import END, UNKNOWN, Ids
from training.collapse.ngram import NGramModel, Shape, kish

WORDS = 12  # vocabulary, END and UNKNOWN among them
STRENGTHS = (2.0, 3.0, 1.5)


def texts(seed: int, count: int) -> list[Ids]:
    """Documents of 0 to 9 words, UNKNOWN among them."""
    rng = np.random.default_rng(seed)
    return [rng.integers(UNKNOWN, WORDS, rng.integers(0, 10)).astype(np.int32) for _ in range(count)]


def fitted(documents: list[Ids], weights: np.ndarray | None = None, *, order: int = 3, top: int = WORDS) -> NGramModel:
    """A model of these documents."""
    model = NGramModel(Shape(WORDS, order=order, strengths=STRENGTHS, temperature=0.7, top=top))
    model.fit(documents, np.ones(len(documents)) if weights is None else weights)
    return model


def next_words(model: NGramModel, before: Ids, *, known: bool = False) -> np.ndarray:
    """P(word | before) for every word of the vocabulary, given that it is not UNKNOWN if `known`."""
    begun = [np.append(before, word).astype(np.int32) for word in range(1, WORDS)]
    surprisals = [model.surprisal([words], known=known)[0][before.size] for words in begun]
    found: np.ndarray = np.exp(-np.array([model.surprisal([before], known=known)[0][-1], *surprisals]))
    return found


def by_hand(documents: list[Ids], weights: np.ndarray, before: list[int], word: int, order: int) -> float:
    """The formula of the module, by counting in plain Python."""
    lead = [END] * (order - 1)
    rows = [(lead + d.tolist() + [END], w) for d, w in zip(documents, weights.tolist(), strict=True)]
    p = 1.0 / WORDS
    for m in range(order):
        context = (lead + before)[len(lead) + len(before) - m :]
        told = total = 0.0
        for row, weight in rows:
            for i in range(len(lead), len(row)):
                if row[i - m : i] == context:
                    total += weight
                    told += weight * (row[i] == word)
        p = (told + STRENGTHS[m] * p) / (total + STRENGTHS[m])
    return p


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 1000), order=st.integers(1, 3), length=st.integers(0, 5))
def test_probabilities_are_those_of_the_formula_and_sum_to_one(seed: int, order: int, length: int) -> None:
    documents = texts(seed, 8)
    weights = np.random.default_rng(seed).uniform(0.1, 3.0, 8)
    model = fitted(documents, weights, order=order)
    before = np.random.default_rng(seed + 1).integers(UNKNOWN, WORDS, length).astype(np.int32)
    found = next_words(model, before)
    assert found.sum() == pytest.approx(1.0)
    scaled = kish(weights, np.array([d.size + 1.0 for d in documents]))
    for word in (END, UNKNOWN, 5):
        assert found[word] == pytest.approx(by_hand(documents, scaled, before.tolist(), word, order))


@given(seed=st.integers(0, 10), length=st.integers(0, 3))
@settings(deadline=None, max_examples=20)
def test_known_words_have_all_of_the_probability_that_unknown_ones_leave(seed: int, length: int) -> None:
    model, before = fitted(texts(seed, 8)), np.arange(2, 2 + length, dtype=np.int32)
    plain, known = next_words(model, before), next_words(model, before, known=True)
    rest = np.arange(WORDS) != UNKNOWN
    assert plain[UNKNOWN] > 0.001
    np.testing.assert_allclose(known[rest], plain[rest] / (1 - plain[UNKNOWN]), rtol=1e-9)


def test_a_document_of_weight_zero_was_not_there() -> None:
    documents = texts(1, 20)
    weights = np.array([2.0, 0.0] * 10)
    sizes = np.array([d.size + 1.0 for d in documents])
    some = fitted(documents, weights)
    alone = fitted(documents[::2])
    for ours, theirs in zip(some.surprisal(documents), alone.surprisal(documents), strict=True):
        np.testing.assert_allclose(ours, theirs)
    assert kish(weights, sizes)[::2] == pytest.approx(np.ones(10))


def test_only_the_ratios_of_weights_count() -> None:
    documents, weights = texts(2, 12), np.random.default_rng(2).uniform(0, 2, 12)
    ours, theirs = (fitted(documents, scale * weights).surprisal(documents) for scale in (1.0, 7.0))
    np.testing.assert_allclose(np.concatenate(ours), np.concatenate(theirs))


def test_uneven_weights_count_as_less_text() -> None:
    sizes = np.full(10, 5.0)
    uneven = np.array([9.1] + [0.1] * 9)
    assert kish(uneven, sizes) @ sizes == pytest.approx((uneven @ sizes) ** 2 / (uneven**2 @ sizes))
    assert kish(uneven, sizes) @ sizes < 0.13 * sizes.sum()


def test_first_words_are_sampled_as_temperature_and_top_say() -> None:
    model = fitted(texts(3, 40), top=4)
    p = next_words(model, np.zeros(0, np.int32))
    p[UNKNOWN] = 0
    p[np.argsort(-p)[4:]] = 0
    expected = p ** (1 / 0.7) / (p ** (1 / 0.7)).sum()
    sampled = model.sample(20_000, 1, seed=4)
    first = np.bincount([d[0] if d.size else END for d in sampled], minlength=WORDS) / 20_000
    # The standard deviation of a share is at most 0.5/√20,000 = 0.0035; five of them for the worst of four.
    np.testing.assert_allclose(first, expected, atol=0.018)


def test_every_word_follows_its_context_as_often_as_it_should() -> None:
    model = fitted(texts(5, 30))
    sampled = model.sample(20_000, 2, seed=6)
    after = [d for d in sampled if d.size and d[0] == 7]
    p = next_words(model, np.array([7], np.int32))
    p[UNKNOWN] = 0
    expected = p ** (1 / 0.7) / (p ** (1 / 0.7)).sum()
    second = np.bincount([d[1] if d.size > 1 else END for d in after], minlength=WORDS) / len(after)
    np.testing.assert_allclose(second, expected, atol=5 * 0.5 / np.sqrt(len(after)))


def test_samples_have_neither_end_nor_unknown_and_repeat_with_their_seed() -> None:
    model = fitted(texts(7, 30))
    sampled = model.sample(200, 6, seed=8)
    assert len(sampled) == 200
    assert max(d.size for d in sampled) == 6
    assert min(d.min() for d in sampled if d.size) > UNKNOWN
    assert [d.tolist() for d in sampled] == [d.tolist() for d in model.sample(200, 6, seed=8)]
    assert [d.tolist() for d in sampled] != [d.tolist() for d in model.sample(200, 6, seed=9)]


def test_fitting_forgets_what_was_before() -> None:
    model = fitted(texts(9, 10))
    model.sample(5, 5, seed=0)
    model.fit(texts(10, 10), np.ones(10))
    fresh = fitted(texts(10, 10))
    assert [d.tolist() for d in model.sample(50, 5, seed=1)] == [d.tolist() for d in fresh.sample(50, 5, seed=1)]
