"""All signals of a text together."""

from __future__ import annotations

import math
import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.filter.signals import MEASURED_WORDS, ROW_CHARACTERS, measure, measure_all, quality
from transforms.filter.stopwords import STOP_WORDS
from transforms.filter.tokens import count_tokens
from transforms.schema import SIGNALS

PER_WORD_OR_COUNT = {
    "words", "mean_word_length", "symbol_ratio", "newline_ratio", "stop_words", "curly_brackets", "lorem_ipsum",
    "javascript_lines", "policy_lines", "sentences",
}  # fmt: skip
RATIOS = set(SIGNALS) - PER_WORD_OR_COUNT


def test_signals_of_a_small_text_by_hand() -> None:
    text = "The cat and the dog.\n# 12 ideas... and more {x}\nLorem ipsum uses cookies.\nTurn on JavaScript! Now."
    signals = measure(text, "en").signals
    assert set(signals) == set(SIGNALS)
    # the cat and the dog | 12 ideas and more x | lorem ipsum uses cookies | turn on javascript now
    assert signals["words"] == 18
    assert signals["mean_word_length"] == pytest.approx(
        (3 + 3 + 3 + 3 + 3 + 2 + 5 + 3 + 4 + 1 + 5 + 5 + 4 + 7 + 4 + 2 + 10 + 3) / 18
    )
    assert signals["symbol_ratio"] == pytest.approx(1 / 18)
    assert signals["alpha_words"] == pytest.approx(17 / 18)
    assert signals["newline_ratio"] == pytest.approx(3 / 18)
    assert signals["stop_words"] == 2  # the, and
    assert signals["curly_brackets"] == 2
    assert signals["lorem_ipsum"] == 1
    assert signals["javascript_lines"] == 1
    assert signals["policy_lines"] == 1
    assert signals["sentences"] == 2  # "dog." and "ideas..."; the others are on lines C4 drops
    assert signals["line_punct"] == 3 / 4
    assert signals["short_lines"] == 1


def test_case_does_not_hide_repetition() -> None:
    assert measure("The end\nTHE END", "en").signals["dup_lines"] == 0.5
    assert measure("one two One Two", "en").signals["top_2gram_chars"] == 1


def test_symbols_are_hashes_or_ellipses_whichever_are_more() -> None:
    assert measure("# # # a b c d e f g h … ...", "en").signals["symbol_ratio"] == 3 / 8


def test_japanese_is_measured_in_half_words() -> None:
    signals = measure("私は猫が好きです。", "ja").signals
    assert signals["words"] == 4
    assert signals["mean_word_length"] == 2
    assert signals["stop_words"] == 3  # は, が, で
    assert signals["sentences"] == 1


def test_a_language_without_a_list_has_no_stop_words() -> None:
    assert measure("the and to of", "xh").signals["stop_words"] == 0


def test_stop_word_lists_are_lower_case_single_tokens() -> None:
    for language, words in STOP_WORDS.items():
        assert len(set(words)) == len(words), language
        assert all(count_tokens(word) == 1 and word == word.lower() for word in words), language


def test_token_count_is_that_of_count_tokens() -> None:
    text = "Don't stop -- 猫。"
    assert measure(text, "en").token_count == count_tokens(text) == 5


@settings(deadline=None, max_examples=300)
@given(st.text(st.characters(codec=None), max_size=400), st.sampled_from(["en", "ja", "und", "xh"]))
def test_any_text_has_finite_signals_and_shares_within_bounds(text: str, language: str) -> None:
    signals = measure(text, language).signals
    assert set(signals) == set(SIGNALS)
    assert all(math.isfinite(value) and value >= 0 for value in signals.values())
    assert all(signals[name] <= 1 for name in RATIOS)
    assert 0 <= quality(signals) <= 1


def test_quality_by_hand() -> None:
    signals = {"words": 1000.0, "line_punct": 0.5, "short_lines": 0.25, "alpha_words": 1.0,
               "dup_line_chars": 0.0, "dup_5gram_chars": 0.25}  # fmt: skip
    assert quality(signals) == pytest.approx((0.5 + 0.75 + 1 + 1 + 0.75 + 1) / 6)


@pytest.mark.parametrize(
    ("signal", "better"),
    [("words", 1), ("line_punct", 1), ("alpha_words", 1), ("short_lines", -1), ("dup_line_chars", -1),
     ("dup_5gram_chars", -1)],
)  # fmt: skip
def test_quality_is_monotone_in_each_of_its_signals(signal: str, better: int) -> None:
    base = {"words": 0.0, "line_punct": 0.0, "short_lines": 0.0, "alpha_words": 0.0, "dup_line_chars": 0.0,
            "dup_5gram_chars": 0.0}  # fmt: skip
    steps = [0.0, 2.0, 100.0, 999.0] if signal == "words" else [0.0, 0.3, 0.6, 1.0]
    values = [better * quality(base | {signal: step}) for step in steps]
    assert values == sorted(values)
    assert values[0] < values[-1]


def one_word(size: int) -> str:
    return "a" * size


def one_line(size: int) -> str:
    return "word " * (size // 5)


def short_lines(size: int) -> str:
    return "a\n" * (size // 2)


def distinct_lines(size: int) -> str:
    return "\n".join(f"{i:07}" for i in range(size // 8))


def ideographs(size: int) -> str:
    return "日本語文" * (size // 4)


def marks(size: int) -> str:
    return "a\u0301\u0301\u0301" * (size // 4)


def cookie_lines(size: int) -> str:
    return "we use cookies.\n" * (size // 16)


SHAPES = [one_word, one_line, short_lines, distinct_lines, ideographs, marks, cookie_lines]


@pytest.mark.parametrize("shape", SHAPES)
def test_memory_grows_no_faster_than_the_text(shape: Callable[[int], str]) -> None:
    small, large = (peak_bytes(shape(size)) for size in (250_000, 1_000_000))
    assert large < 4.4 * small  # four times the text; a tenth for what does not scale
    assert large < 100 * 1_000_000  # bytes a character, most of them two int64 arrays


def peak_bytes(text: str) -> int:
    measure("warm up the tables", "en")
    tracemalloc.start()
    try:
        measure(text, "en")
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_ten_megabytes_on_one_line_are_measured_whole() -> None:
    signals = measure(one_line(10_000_000), "en").signals
    assert signals["words"] == 2_000_000
    assert signals["top_2gram_chars"] == 1


def test_ngrams_are_looked_for_in_the_first_words_only() -> None:
    text = " ".join(f"w{i}" for i in range(MEASURED_WORDS)) + " again and again" * 1000
    assert measure(text, "en").signals["dup_5gram_chars"] == 0


def test_a_text_among_others_is_measured_as_by_itself_however_long_they_are() -> None:
    huge = "w1 w2 and so " * 30_000  # 120,000 words, of which those above the limit are not looked for
    texts = [(text, "en") for text in ("one and one and one", huge, "the end of the end", huge, "so and so")]
    assert measure_all(texts) == [measure(*text) for text in texts]


def test_texts_that_share_a_row_have_fewer_words_than_are_looked_for() -> None:
    assert ROW_CHARACTERS < MEASURED_WORDS


def calls(text: str) -> int:
    """How many functions are called to measure a text: work done a line or a word at a time shows here."""
    count = 0

    def tally(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(tally)
    try:
        measure(text, "en")
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("shape", SHAPES)
def test_calls_grow_no_faster_than_the_text(shape: Callable[[int], str]) -> None:
    measure("warm up the tables", "en")
    small, large = (calls(shape(size)) for size in (16_000, 64_000))
    assert large <= 4 * small
    assert large <= 4 * 64_000 / 2 + 2_000  # four calls a line, of two characters at least; two thousand in any case
