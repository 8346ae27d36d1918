"""Measures of style equal what a person would count, and curves weigh them as they were learned."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.matrix import assemble_style, choose_edges, sample
from transforms.score import style
from transforms.score.features import split_words
from transforms.score.plain import LETTER, MAX_CHARACTERS, to_plain
from transforms.score.row import lay
from transforms.score.style import BINS, MEASURES, Curves, measure, measure_all
from transforms.score.tally import ENDINGS, MARKS

TALE = (
    "The old mill stands by the river, and every spring the water rises to the second step of its stair. My father "
    "used to mark the height with a nail, one for each year he remembered, until the wall was full of them! Nobody "
    "could say any more which nail was which... We still go there on the first day of April, with bread (and cheese), "
    "arguing about the nails; it's 50% habit & I don't mind. “Why?” she asked. Yes. However, that is/was a well-known "
    "$3 story: really a responsibility.\nAnd so it goes"
)
TEXTS = [
    TALE,
    "one two three four five",
    "He said so. He said no. He said so. He said no! And, but, or, and so, going, and being, singing.",
    "Ünïcode wörter, 北京很大。 и ещё слова, “quoted” — yes? ไทย 12.5 x2 2x o'clock",
    "a " * 300 + "b. " + "different words ending this sentence of many many letters. " * 3,
    ". . . ! ? , , ; : - '",
    "The end. " * 40 + "x" * 90 + " supercalifragilisticexpialidocious.",
    "No full stop and nothing listed but capitals LIKE These",
]
PIECES = [
    "The",
    "the",
    "mill",
    "ran,",
    "going",
    "and",
    ",",
    ".",
    "!",
    "“No”",
    "I'm",
    "7",
    "%",
    "北",
    "é",
    "\n",
    "—",
    "x" * 30,
]
MIXED = st.one_of(st.lists(st.sampled_from(PIECES), max_size=80).map(" ".join), st.text(max_size=200))


def measured(text: str) -> dict[str, float]:
    plain = to_plain(text)
    return dict(zip(MEASURES, measure(plain, split_words(plain)).tolist(), strict=True))


def share(count: float, total: float) -> float:
    return count / total if total else 0.0


class Told:
    """A text as a list of words and marks, each a string, for slow counting."""

    def __init__(self, text: str) -> None:
        plain = to_plain(text)
        words = split_words(plain)
        shown = "".join(map(chr, plain.folded))
        self.tokens = [shown[start : start + size] for start, size in zip(words.starts, words.lengths, strict=True)]
        self.lettered = (words.kind == LETTER).tolist()
        self.upper = words.upper.tolist()
        self.words = [token for token, letters in zip(self.tokens, self.lettered, strict=True) if letters]

    def of_words(self, count: float) -> float:
        return share(count, len(self.words))

    def sentences(self) -> list[list[str]]:
        """Tokens up to and with each end mark; the last may have none."""
        found: list[list[str]] = [[]]
        for token in self.tokens:
            found[-1].append(token)
            if token in ".!?":
                found.append([])
        return found


def slow_measures(text: str) -> dict[str, float]:
    told = Told(text)
    if len(told.tokens) < 5:
        return dict.fromkeys(MEASURES, 0.0)
    return {**slow_words(told), **slow_marks(told), **slow_sentences(told), **slow_variety(told), **slow_endings(told)}


def slow_words(told: Told) -> dict[str, float]:
    sizes = [min(len(word), 24) for word in told.words]
    mean = told.of_words(sum(sizes))
    found = {
        "mean word length": mean,
        "spread of word lengths": math.sqrt(told.of_words(sum((size - mean) ** 2 for size in sizes))),
        "words of 8 letters or more": told.of_words(sum(size >= 8 for size in sizes)),
        "words of 11 letters or more": told.of_words(sum(size >= 11 for size in sizes)),
        "words of 3 letters or fewer": told.of_words(sum(size <= 3 for size in sizes)),
    }
    for name, listed in style._WORDS.items():
        found[f"share of {name}"] = told.of_words(sum(word in listed.split() for word in told.words))
    return found


def slow_marks(told: Told) -> dict[str, float]:
    marks = MARKS.items()
    found = {
        f"share of {name}": share(sum(t[0] == mark for t in told.tokens), len(told.tokens)) for name, mark in marks
    }
    capital = [upper and letters for upper, letters in zip(told.upper, told.lettered, strict=True)]
    inside = [k > 0 and told.tokens[k - 1] not in ".!?" for k in range(len(told.tokens))]
    found["capitalised words"] = told.of_words(sum(capital))
    found["capitals inside sentences"] = told.of_words(sum(a and b for a, b in zip(capital, inside, strict=True)))
    return found


def slow_sentences(told: Told) -> dict[str, float]:
    sentences = told.sentences()
    sizes = [len(sentence) for sentence in sentences if len(sentence) > 2]
    after = [told.tokens[k + 1] for k, token in enumerate(told.tokens[:-1]) if token in ".!?"]
    last = max((k for k, token in enumerate(told.tokens) if token in ".!?"), default=-1)
    if 0 <= last < len(told.tokens) - 1:
        after = after[:-1]  # what follows the last end mark begins no whole sentence
    mean = share(sum(sizes), len(sizes))
    spread = math.sqrt(share(sum((size - mean) ** 2 for size in sizes), len(sizes)))
    steps = [abs(a - b) for a, b in pairwise(sizes)]
    return {
        "mean sentence length": mean,
        "spread of sentence lengths": spread,
        "evenness of sentence lengths": share(spread, mean),
        "median sentence length": float(np.median(sizes)) if sizes else 0.0,
        "longest sentence": max(sizes, default=0),
        "sentences of under 8 words": share(sum(size < 8 for size in sizes), len(sizes)),
        "sentences of over 35 words": share(sum(size > 35 for size in sizes), len(sizes)),
        "change between sentences": share(share(sum(steps), len(steps)), mean),
        "sentences that begin alike": 1 - share(len(set(after)), len(after)) if after else 0.0,
    }


def slow_variety(told: Told) -> dict[str, float]:
    words, counts = told.words, Counter(told.words)
    total = max(len(words), 2)
    found = {
        f"variety of the first {most} words": share(len(set(words[:most])), max(min(most, len(words)), 1))
        for most in (100, 250)
    }
    found["words used once"] = sum(times == 1 for times in counts.values()) / total
    found["growth of vocabulary"] = math.log(max(len(counts), 1)) / math.log(total)
    found["concentration of vocabulary"] = sum(times**2 for times in counts.values()) / total**2
    for name, size in (("pairs", 2), ("triples", 3), ("runs of four", 4)):
        runs = [tuple(told.tokens[k : k + size]) for k in range(len(told.tokens) - size + 1)]
        found[f"repeated {name}"] = 1 - len(set(runs)) / len(runs)
    return found


def slow_endings(told: Told) -> dict[str, float]:
    following = [k + 1 for k, token in enumerate(told.tokens[:-1]) if token == ","]
    linking = style._WORDS["and, or, but"].split()
    trailing = [k for k in following if told.lettered[k] and re.fullmatch(".{2,}ing", told.tokens[k])]
    found = {
        "comma before and, or, but": sum(told.tokens[k] in linking for k in following) / len(told.tokens),
        "comma before -ing": len(trailing) / len(told.tokens),
    }
    for ending in ENDINGS:
        ends = [word for word in told.words if word.endswith(ending) and len(word) > len(ending) + 1]
        found[f"words ending in -{ending}"] = told.of_words(len(ends))
    return found


@pytest.mark.parametrize("text", TEXTS)
def test_measures_equal_the_slow_count(text: str) -> None:
    assert measured(text) == pytest.approx(slow_measures(text), rel=1e-5, abs=1e-6)


@settings(deadline=None)
@given(MIXED)
def test_measures_of_any_text_equal_the_slow_count(text: str) -> None:
    assert measured(text) == pytest.approx(slow_measures(text), rel=1e-5, abs=1e-6)


@settings(deadline=None)
@given(MIXED)
def test_shares_are_between_0_and_1_and_lengths_are_finite(text: str) -> None:
    for name, value in measured(text).items():
        assert 0 <= value < (1.001 if not re.search("length|longest|change", name) else 1e5), name


@pytest.mark.parametrize("text", ["", " \n", "word", "?!", "one two three four", "**" * 50, "\u200b" * 9])
def test_nothing_is_measured_in_a_text_of_hardly_any_words(text: str) -> None:
    assert set(measured(text).values()) == {0.0}


@pytest.mark.parametrize("text", ["…" * 40, "北京很大" * 30, "12 34 56 78 90", "ไทย" * 20, ", " * 30])
def test_a_text_without_a_word_of_letters_is_measured(text: str) -> None:
    found = measured(text)
    assert found == pytest.approx(slow_measures(text), abs=1e-6)
    assert found["mean word length"] == found["capitalised words"] == found["words used once"] == 0.0


def test_a_long_text_is_measured_to_where_reading_ends() -> None:
    text = (TALE + " ") * (2 * MAX_CHARACTERS // len(TALE))
    assert measured(text) == measured(text[:MAX_CHARACTERS])
    assert measured(text) == pytest.approx(slow_measures(text[:MAX_CHARACTERS]), rel=1e-5, abs=1e-6)


def test_figures_of_a_text_counted_by_hand() -> None:
    found = measured("I ran home, and slept. Was it late? Going home, I ran home.")  # 13 words, 5 marks
    expected = {
        "share of commas": 2 / 18,
        "share of question marks": 1 / 18,
        "mean word length": 42 / 13,
        "mean sentence length": 6.0,  # of 7, 4 and 7 words and marks
        "median sentence length": 7.0,
        "evenness of sentence lengths": math.sqrt(2) / 6,
        "change between sentences": 3 / 6,
        "share of I, me, we, us": 2 / 13,
        "share of forms of be": 1 / 13,
        "capitalised words": 4 / 13,
        "capitals inside sentences": 1 / 13,
        "repeated pairs": 3 / 17,
        "comma before and, or, but": 1 / 18,
        "words ending in -ing": 1 / 13,
        "words used once": 6 / 13,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-6)


@settings(deadline=None)
@given(st.lists(st.tuples(MIXED, st.booleans()), min_size=1, max_size=5))
def test_texts_in_a_row_have_the_measures_of_each(told: list[tuple[str, bool]]) -> None:
    row = lay([text for text, _ in told])
    together = measure_all(row.plain, row.words, row.members, [asked for _, asked in told])
    for (text, asked), values in zip(told, together, strict=True):
        plain = to_plain(text)
        expected = measure(plain, split_words(plain)) if asked else np.zeros(len(MEASURES), np.float32)
        assert values.tolist() == expected.tolist()


def test_no_ending_ends_with_another() -> None:
    assert [pair for pair in permutations(ENDINGS, 2) if pair[0].endswith(pair[1])] == []


def test_every_measure_has_a_name_of_its_own_and_every_word_one_list() -> None:
    assert len(set(MEASURES)) == len(MEASURES)
    listed = [word for words in style._WORDS.values() for word in words.split()]
    assert [word for word, times in Counter(listed).items() if times > 1] == []


@settings(deadline=None)
@given(MIXED)
def test_curves_place_and_weigh_what_they_score(curves: Curves, text: str) -> None:
    plain = to_plain(text)
    values = measure(plain, split_words(plain))
    slow = [sum(float(value) >= float(edge) for edge in row) for value, row in zip(values, curves.edges, strict=True)]
    assert curves.place(values).tolist() == slow
    each = [int(curves.weights[k, place]) * curves.scale / math.sqrt(len(MEASURES)) for k, place in enumerate(slow)]
    assert curves.weigh(values).tolist() == pytest.approx(each)
    assert curves.score(values) == pytest.approx(sum(each), abs=1e-9)


def test_a_value_on_an_edge_lies_in_the_bin_that_begins_there_even_of_equal_edges() -> None:
    edges = np.tile(np.array([0, 0, 0, 0, 0.25, 0.25, 0.5, 0.5, 0.5, 1, 2], np.float32), (len(MEASURES), 1))
    curves = Curves(edges, np.zeros((len(MEASURES), BINS), np.int8), 1.0)
    for value, place in (
        (-1, 0),
        (0, 4),
        (0.2, 4),
        (0.25, 6),
        (0.4, 6),
        (0.5, 9),
        (1, 10),
        (1.5, 10),
        (2, 11),
        (9, 11),
    ):
        assert set(curves.place(np.full(len(MEASURES), value, np.float32)).tolist()) == {place}


def test_curves_score_as_the_matrix_they_were_learned_from(curves: Curves) -> None:
    texts = [*TEXTS, TALE]
    language = np.array(["en"] * len(TEXTS) + ["de"])
    found = sample(texts, language, np.zeros(1, np.uint64), None)
    edges = choose_edges(found.style[found.measured])
    assert (np.diff(edges, axis=1) >= 0).all()
    fitted = Curves(edges, curves.weights, curves.scale)
    matrix = assemble_style(found, np.arange(len(texts)), edges)
    scores = matrix @ (curves.weights.ravel() * curves.scale)
    expected = [fitted.score(values) for values in found.style[:-1]] + [0.0]
    assert scores.tolist() == pytest.approx(expected, abs=1e-5)
