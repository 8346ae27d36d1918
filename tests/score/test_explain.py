"""An explanation's books balance, and its phrases are stretches of the text that a person can read."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.score.detector import Detector
from transforms.score.explain import explain, weigh_words
from transforms.score.features import BITS, VIEWS, extract, split_words, streams
from transforms.score.hashing import to_buckets
from transforms.score.linear import LinearModel
from transforms.score.phrases import MAX_CHARACTERS, MAX_TOKENS, MAX_WORDS, choose
from transforms.score.plain import IDEOGRAPH, locate, to_plain
from transforms.score.style import Curves, measure

WRITTEN = ["\n", "# ", "the", "The", "mill", "it's", "3,5", "—", "(so)", "a…b", "**bold**", "[x](http://y.z/)"]
PIECES = [*WRITTEN, "北京很大", "ดีที่สุด"]
TEXTS = st.one_of(st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join), st.text(max_size=200))


def plain_words(text: str) -> list[str]:
    plain = to_plain(text)
    words = split_words(plain)
    shown = "".join(map(chr, plain.folded))
    return [shown[start : start + length] for start, length in zip(words.starts, words.lengths, strict=True)]


@pytest.fixture(scope="module")
def model(curves: Curves) -> LinearModel:
    """Random weights, so that every bucket of every view matters."""
    rng = np.random.default_rng(3)
    weights = tuple(rng.integers(-127, 128, 1 << BITS).astype(np.int8) for _ in VIEWS)
    scales = tuple(0.01 * (k + 1) for k in range(len(VIEWS)))
    return LinearModel(weights, scales, -0.75, np.sort(split_words(to_plain("the it's and")).hashes), curves)


def slow_weights(model: LinearModel, text: str) -> list[float]:
    """The same shares with dictionaries: every bucket once, equally to its n-grams, equally to their members."""
    plain = to_plain(text)
    words = split_words(plain)
    total = [0.0] * words.hashes.size
    starts = words.starts.tolist()
    for weights, scale, stream in zip(model.weights, model.scales, streams(plain, words, model.known), strict=True):
        places = defaultdict(list)
        for size, hashes in zip(stream.sizes, stream.hashes(), strict=True):
            for first, bucket in enumerate(to_buckets(hashes, BITS).tolist()):
                places[bucket].append(range(first, first + size))
        for bucket, grams in places.items():
            worth = scale * int(weights[bucket]) / len(places) ** 0.5
            for gram in grams:
                for member in gram:
                    word = member if stream.of_words else max(i for i, start in enumerate(starts) if start <= member)
                    total[word] += worth / len(grams) / len(gram)
    return total


@settings(deadline=None)
@given(TEXTS)
def test_all_words_and_the_bias_add_up_to_the_score(model: LinearModel, text: str) -> None:
    plain = to_plain(text)
    weights = weigh_words(model, plain, split_words(plain))
    score = model.score(extract(text, model.known), None)
    assert weights.sum() + model.bias == pytest.approx(score, abs=1e-9)


@settings(deadline=None, max_examples=50)
@given(TEXTS)
def test_words_are_given_what_their_n_grams_add(model: LinearModel, text: str) -> None:
    plain = to_plain(text)
    assert weigh_words(model, plain, split_words(plain)).tolist() == pytest.approx(slow_weights(model, text), abs=1e-9)


def score_of(model: LinearModel, text: str, language: str) -> float:
    """As the detector has it, without abstaining."""
    plain = to_plain(text)
    style = measure(plain, split_words(plain)) if language == "en" else None
    return model.score(extract(text, model.known), style)


@settings(deadline=None)
@given(TEXTS, st.sampled_from(["en", "de"]), st.integers(0, 6))
def test_phrases_traits_the_rest_and_the_constant_add_up_to_the_score(
    model: LinearModel, text: str, language: str, most: int
) -> None:
    found = explain(model, text, language, most)
    assert found.total == pytest.approx(score_of(model, text, language), abs=1e-9)
    signs = (*found.for_machine, *found.for_human, *found.style_for_machine, *found.style_for_human)
    carried = sum(sign.weight for sign in signs)
    assert carried + found.rest + found.style_rest + found.constant == pytest.approx(found.total, abs=1e-9)
    for side in (found.for_machine, found.style_for_machine, found.for_human, found.style_for_human):
        strengths = [abs(sign.weight) for sign in side]
        assert len(side) <= most
        assert strengths == sorted(strengths, reverse=True)
    assert all(sign.weight > 0 for sign in (*found.for_machine, *found.style_for_machine))
    assert all(sign.weight < 0 for sign in (*found.for_human, *found.style_for_human))


def test_a_language_whose_style_is_not_measured_has_no_traits(model: LinearModel) -> None:
    german = explain(model, "The mill, the mill. " * 9, "de", 3)
    assert (german.style_for_machine, german.style_for_human, german.style_rest) == ((), (), 0.0)
    english = explain(model, "The mill, the mill. " * 9, "en", 3)
    assert english.for_machine == german.for_machine
    assert len(english.style_for_machine) == len(english.style_for_human) == 3


@settings(deadline=None)
@given(TEXTS)
def test_phrases_are_stretches_of_the_text_within_their_limits(model: LinearModel, text: str) -> None:
    explanation = explain(model, text, "en", 5)
    every = plain_words(text)
    for phrase in (*explanation.for_machine, *explanation.for_human):
        words = split_words(to_plain(phrase.text))
        halves = int(np.count_nonzero(words.kind == IDEOGRAPH))
        assert phrase.text in text
        assert 0 < len(phrase.text) <= MAX_CHARACTERS
        assert not {"\n", "\r"} & set(phrase.text)
        assert halves <= MAX_TOKENS
        assert phrase.times <= len(every)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["oak", "elm", "the", "mill", ",", "—", "日", "本"]), min_size=1, max_size=40))
def test_phrases_are_whole_words_that_never_overlap(model: LinearModel, tokens: list[str]) -> None:
    text = " ".join(tokens)
    found = explain(model, text, "en", 4)
    used = 0
    for phrase in (*found.for_machine, *found.for_human):
        words = phrase.text.split(" ")
        assert set(words) <= set(tokens)
        assert words[0] not in ",—"
        assert sum({",": 0.0, "—": 0.0, "日": 0.5, "本": 0.5}.get(word, 1.0) for word in words) <= MAX_WORDS
        assert phrase.times <= sum(tokens[i : i + len(words)] == words for i in range(len(tokens)))
        used += phrase.times * len(words)
    assert used <= len(tokens)


@settings(deadline=None)
@given(TEXTS)
def test_places_of_phrases_hold_the_same_words_and_never_overlap(model: LinearModel, text: str) -> None:
    explanation = explain(model, text, "en", 5)
    words, where = split_words(to_plain(text)), locate(text)
    at = {int(where[start]): word for word, start in enumerate(words.starts.tolist())}
    until = {int(where[end - 1]) + 1: word for word, end in enumerate((words.starts + words.lengths).tolist())}
    places = []
    for phrase in (*explanation.for_machine, *explanation.for_human):
        hashes = [words.hashes[at[place.start] : until[place.end] + 1].tolist() for place in phrase.places]
        assert text[phrase.places[0].start : phrase.places[0].end][:MAX_CHARACTERS] == phrase.text
        assert all(same == hashes[0] for same in hashes)
        assert sum(place.weight for place in phrase.places) == pytest.approx(phrase.weight)
        places += phrase.places
    places.sort(key=lambda place: place.start)
    assert all(before.end <= after.start for before, after in pairwise(places))


def weighed(text: str, **weights: float) -> list[tuple[str, float, int]]:
    """The phrases of a text whose words have these weights; all others hardly any, towards a human."""
    given_weights = np.array([weights.get(word, -0.001) for word in plain_words(text)])
    found = choose(text, split_words(to_plain(text)), given_weights, 2)
    return [(phrase.text, round(phrase.weight, 2), phrase.times) for phrase in found if abs(phrase.weight) > 0.1]


def test_the_strongest_stretch_comes_first_and_words_against_it_end_it() -> None:
    assert weighed("oak elm fir ash", oak=1.0, elm=2.0, fir=-4.0, ash=0.5) == [
        ("fir", -4.0, 1),
        ("oak elm", 3.0, 1),
        ("ash", 0.5, 1),
    ]


def test_repetitions_are_one_phrase_quoted_as_first_written() -> None:
    text = "Old Oak with five words between and old oak with five words between and OLD oak"
    assert weighed(text, old=1.0, oak=1.0) == [("Old Oak", 6.0, 3)]


def test_a_phrase_has_at_most_six_words_and_ends_with_its_line() -> None:
    text = "a b c d e f g\nh i"
    assert weighed(text, **dict.fromkeys("abcdefghi", 1.0)) == [("a b c d e f", 6.0, 1), ("h i", 2.0, 1)]


def test_marks_belong_to_phrases_but_an_opening_bracket_ends_none() -> None:
    assert weighed("so, it (was", **{"so": 1.0, ",": 1.0, "it": 1.0, "(": 1.0, "was": -2.0}) == [
        ("so, it", 3.0, 1),
        ("was", -2.0, 1),
    ]


def test_markup_between_words_is_quoted_and_long_markup_parts_them() -> None:
    assert weighed("*one* **two**", one=1.0, two=1.0) == [("one* **two", 2.0, 1)]
    long = f"[one](https://example.org/{'x' * 80}) two"
    assert weighed(long, one=1.0, two=1.0) == [("one", 1.0, 1), ("two", 1.0, 1)]


def test_a_run_without_spaces_has_at_most_twelve_characters_and_keeps_its_signs() -> None:
    assert weighed("北" * 30, 北=1.0) == [("北" * 12, 24.0, 2), ("北" * 6, 6.0, 1)]
    phrases = weighed("ที่นี่", **{"ท": 1.0})
    assert phrases == [("ที่", 1.0, 1)]


def test_a_word_longer_than_a_phrase_is_cut() -> None:
    assert weighed("x" * 200, **{"x" * 200: 1.0}) == [("x" * MAX_CHARACTERS, 1.0, 1)]


def test_calibration_keeps_the_books(model: LinearModel) -> None:
    found = explain(model, "The old mill stands by the river. " * 5, "en", 3)
    scaled = found.calibrated(0.5, 2.0)
    assert scaled.total == pytest.approx(0.5 * found.total + 2.0)
    signs = (*scaled.for_machine, *scaled.for_human, *scaled.style_for_machine, *scaled.style_for_human)
    assert scaled.style_for_human[0].weight == 0.5 * found.style_for_human[0].weight
    carried = sum(sign.weight for sign in signs)
    assert carried + scaled.rest + scaled.style_rest + scaled.constant == pytest.approx(scaled.total)


def test_explanations_of_real_texts_add_up_to_the_shipped_detector_s_scores(shared_data: Path) -> None:
    detector = Detector.load()
    texts = pq.read_table(shared_data / "labelled" / "human.parquet", columns=["text"])["text"].to_pylist()[::400]
    for text in texts:
        found = explain(detector.model, text, "en", 5)
        phrases = (*found.for_machine, *found.for_human)
        assert found.total == pytest.approx(score_of(detector.model, text, "en"), abs=1e-9)
        assert all(phrase.text in text for phrase in phrases)
        carried = sum(sign.weight for sign in (*phrases, *found.style_for_machine, *found.style_for_human))
        assert carried + found.rest + found.style_rest + found.constant == pytest.approx(found.total, abs=1e-9)
