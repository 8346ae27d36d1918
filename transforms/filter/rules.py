"""The published quality rules: which signals of a text break which of them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple

from transforms.filter.thresholds import Thresholds

GOPHER = "Rae et al. 2021, Scaling Language Models (Gopher), appendix A.1.1"
GOPHER_TABLE = "Rae et al. 2021, Scaling Language Models (Gopher), table A1"
C4 = "Raffel et al. 2020, Exploring the Limits of Transfer Learning (T5, C4), section 2.2"
FINEWEB = "Penedo et al. 2024, The FineWeb Datasets, section 3.6"
FINEWEB_CODE = "datatrove, fineweb_quality_filter.py (in FineWeb's code, not in its paper)"


class Rule(NamedTuple):
    """What a rule is for."""

    family: str  # "gopher_quality", "gopher_repetition", "c4" or "fineweb"
    meaning: str  # what a text does that breaks it, with the published (English) threshold
    citation: str


RULES: dict[str, Rule] = {
    "gopher_words": Rule("gopher_quality", "fewer than 50 or more than 100,000 words", GOPHER),
    "gopher_word_length": Rule("gopher_quality", "mean word length outside 3–10 characters", GOPHER),
    "gopher_symbols": Rule("gopher_quality", "more than 0.1 `#` or ellipses a word", GOPHER),
    "gopher_bullets": Rule("gopher_quality", "more than 90 % of lines begin with a bullet", GOPHER),
    "gopher_ellipsis_lines": Rule("gopher_quality", "more than 30 % of lines end with an ellipsis", GOPHER),
    "gopher_alpha_words": Rule("gopher_quality", "fewer than 80 % of words have a letter", GOPHER),
    "gopher_stop_words": Rule("gopher_quality", "fewer than two different stop words of the language", GOPHER),
    "gopher_dup_lines": Rule("gopher_repetition", "more than 30 % of lines repeat another", GOPHER_TABLE),
    "gopher_dup_paragraphs": Rule("gopher_repetition", "more than 30 % of paragraphs repeat another", GOPHER_TABLE),
    "gopher_dup_line_chars": Rule("gopher_repetition", "more than 20 % of characters in repeated lines", GOPHER_TABLE),
    "gopher_dup_paragraph_chars": Rule(
        "gopher_repetition", "more than 20 % of characters in repeated paragraphs", GOPHER_TABLE
    ),
    "gopher_top_ngram": Rule(
        "gopher_repetition", "the commonest 2-, 3- or 4-gram holds more than 20, 18, 16 % of characters", GOPHER_TABLE
    ),
    "gopher_dup_ngrams": Rule(
        "gopher_repetition",
        "n-grams seen before hold more than 15, 14, 13, 12, 11, 10 % of characters, n = 5 … 10",
        GOPHER_TABLE,
    ),
    "c4_sentences": Rule("c4", "fewer than 3 sentences outside lines about JavaScript or policies", C4),
    "c4_curly_brackets": Rule("c4", "a curly bracket", C4),
    "c4_lorem_ipsum": Rule("c4", "the words lorem ipsum", C4),
    "fineweb_line_punct": Rule("fineweb", "at most 12 % of lines end in terminal punctuation", FINEWEB),
    "fineweb_dup_line_chars": Rule("fineweb", "at least 10 % of characters in repeated lines", FINEWEB),
    "fineweb_short_lines": Rule("fineweb", "at least 67 % of lines of at most 30 characters", FINEWEB),
    "fineweb_newlines": Rule("fineweb", "more than 0.3 line breaks a word", FINEWEB_CODE),
}
"""Every rule by its stable name."""

FAMILIES: tuple[str, ...] = tuple(dict.fromkeys(rule.family for rule in RULES.values()))


class _Check(NamedTuple):
    rule: str
    signal: str
    breaks: Callable[[float, float], bool]  # (signal, threshold)
    threshold: str  # name of the field in Thresholds


_CHECKS: tuple[_Check, ...] = (
    _Check("gopher_words", "words", operator.lt, "gopher_words_min"),
    _Check("gopher_words", "words", operator.gt, "gopher_words_max"),
    _Check("gopher_word_length", "mean_word_length", operator.lt, "gopher_word_length_min"),
    _Check("gopher_word_length", "mean_word_length", operator.gt, "gopher_word_length_max"),
    _Check("gopher_symbols", "symbol_ratio", operator.gt, "gopher_symbols_max"),
    _Check("gopher_bullets", "bullet_lines", operator.gt, "gopher_bullets_max"),
    _Check("gopher_ellipsis_lines", "ellipsis_lines", operator.gt, "gopher_ellipsis_lines_max"),
    _Check("gopher_alpha_words", "alpha_words", operator.lt, "gopher_alpha_words_min"),
    _Check("gopher_stop_words", "stop_words", operator.lt, "gopher_stop_words_min"),
    _Check("gopher_dup_lines", "dup_lines", operator.gt, "gopher_dup_lines_max"),
    _Check("gopher_dup_paragraphs", "dup_paragraphs", operator.gt, "gopher_dup_paragraphs_max"),
    _Check("gopher_dup_line_chars", "dup_line_chars", operator.gt, "gopher_dup_line_chars_max"),
    _Check("gopher_dup_paragraph_chars", "dup_paragraph_chars", operator.gt, "gopher_dup_paragraph_chars_max"),
    *(_Check("gopher_top_ngram", f"top_{n}gram_chars", operator.gt, f"gopher_top_{n}gram_max") for n in range(2, 5)),
    *(_Check("gopher_dup_ngrams", f"dup_{n}gram_chars", operator.gt, f"gopher_dup_{n}gram_max") for n in range(5, 11)),
    _Check("c4_sentences", "sentences", operator.lt, "c4_sentences_min"),
    _Check("c4_curly_brackets", "curly_brackets", operator.gt, "c4_curly_brackets_max"),
    _Check("c4_lorem_ipsum", "lorem_ipsum", operator.gt, "c4_lorem_ipsum_max"),
    _Check("fineweb_line_punct", "line_punct", operator.le, "fineweb_line_punct_at_most"),
    _Check("fineweb_dup_line_chars", "dup_line_chars", operator.ge, "fineweb_dup_line_chars_at_least"),
    _Check("fineweb_short_lines", "short_lines", operator.ge, "fineweb_short_lines_at_least"),
    _Check("fineweb_newlines", "newline_ratio", operator.gt, "fineweb_newlines_max"),
)


class Failure(NamedTuple):
    """A rule that a text breaks, and the signal that shows it."""

    rule: str  # a key of `RULES`
    signal: str  # a key of transforms.schema.SIGNALS
    value: float


class Checked(NamedTuple):
    """One comparison of a rule: it holds `signal` against `threshold`, and `broken` says how that came out."""

    rule: str  # a key of `RULES`
    signal: str  # a key of transforms.schema.SIGNALS
    value: float
    comparison: str  # how value and threshold stand to each other where the rule is broken: "<", "≤", ">" or "≥"
    threshold: float  # ±inf where the rule is off
    broken: bool


_COMPARISONS: dict[Callable[[float, float], bool], str] = {
    operator.lt: "<",
    operator.le: "≤",
    operator.gt: ">",
    operator.ge: "≥",
}


def checks(signals: Mapping[str, float], thresholds: Thresholds) -> tuple[Checked, ...]:
    """Every comparison that the rules make of the signals at hand, in the order of `RULES`, broken or not."""
    return tuple(
        Checked(check.rule, check.signal, value, _COMPARISONS[check.breaks], limit, check.breaks(value, limit))
        for check in _CHECKS
        if check.signal in signals
        for value, limit in [(signals[check.signal], float(getattr(thresholds, check.threshold)))]
    )


def signals_of(rule: str) -> tuple[str, ...]:
    """The signals a rule looks at, each once."""
    return tuple(dict.fromkeys(check.signal for check in _CHECKS if check.rule == rule))


def failures(signals: Mapping[str, float], thresholds: Thresholds) -> tuple[Failure, ...]:
    """The rules these signals break, each once, in the order of `RULES`, with the first signal that shows it."""
    found: dict[str, Failure] = {}
    for check in _CHECKS:
        value = signals[check.signal]
        if check.breaks(value, getattr(thresholds, check.threshold)) and check.rule not in found:
            found[check.rule] = Failure(check.rule, check.signal, value)
    return tuple(found.values())
