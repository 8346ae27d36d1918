"""Which signals break which rules, at the threshold and beside it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields

import pytest

from transforms.filter.language import Language
from transforms.filter.rules import FAMILIES, RULES, checks, failures, signals_of
from transforms.filter.thresholds import (
    LIGHT,
    PUBLISHED,
    UNSPACED,
    Override,
    Thresholds,
    default_thresholds,
    parse_override,
)
from transforms.schema import SIGNALS

GOOD = dict.fromkeys(SIGNALS, 0.0) | {
    "words": 500.0, "mean_word_length": 5.0, "alpha_words": 1.0, "stop_words": 6.0, "line_punct": 0.9,
    "sentences": 30.0,
}  # fmt: skip


def failed_rules(signals: Mapping[str, float], thresholds: Thresholds) -> tuple[str, ...]:
    """The names of the rules these signals break."""
    return tuple(failure.rule for failure in failures(signals, thresholds))


def test_good_prose_breaks_nothing() -> None:
    assert failed_rules(GOOD, PUBLISHED) == ()


@pytest.mark.parametrize(
    ("rule", "signal", "kept", "broken"),
    [
        ("gopher_words", "words", 50, 49.5),
        ("gopher_words", "words", 100_000, 100_001),
        ("gopher_word_length", "mean_word_length", 3, 2.99),
        ("gopher_word_length", "mean_word_length", 10, 10.01),
        ("gopher_symbols", "symbol_ratio", 0.1, 0.101),
        ("gopher_bullets", "bullet_lines", 0.9, 0.91),
        ("gopher_ellipsis_lines", "ellipsis_lines", 0.3, 0.31),
        ("gopher_alpha_words", "alpha_words", 0.8, 0.79),
        ("gopher_stop_words", "stop_words", 2, 1),
        ("gopher_dup_lines", "dup_lines", 0.3, 0.31),
        ("gopher_dup_paragraphs", "dup_paragraphs", 0.3, 0.31),
        ("gopher_dup_paragraph_chars", "dup_paragraph_chars", 0.2, 0.21),
        ("gopher_top_ngram", "top_2gram_chars", 0.2, 0.201),
        ("gopher_top_ngram", "top_3gram_chars", 0.18, 0.181),
        ("gopher_top_ngram", "top_4gram_chars", 0.16, 0.161),
        ("gopher_dup_ngrams", "dup_5gram_chars", 0.15, 0.151),
        ("gopher_dup_ngrams", "dup_6gram_chars", 0.14, 0.141),
        ("gopher_dup_ngrams", "dup_7gram_chars", 0.13, 0.131),
        ("gopher_dup_ngrams", "dup_8gram_chars", 0.12, 0.121),
        ("gopher_dup_ngrams", "dup_9gram_chars", 0.11, 0.111),
        ("gopher_dup_ngrams", "dup_10gram_chars", 0.10, 0.101),
        ("c4_sentences", "sentences", 3, 2),
        ("c4_curly_brackets", "curly_brackets", 0, 1),
        ("c4_lorem_ipsum", "lorem_ipsum", 0, 1),
        ("fineweb_line_punct", "line_punct", 0.121, 0.12),
        ("fineweb_dup_line_chars", "dup_line_chars", 0.099, 0.10),
        ("fineweb_short_lines", "short_lines", 0.669, 0.67),
        ("fineweb_newlines", "newline_ratio", 0.3, 0.301),
    ],
)
def test_rule_breaks_at_its_published_threshold_and_not_beside_it(
    rule: str, signal: str, kept: float, broken: float
) -> None:
    assert failed_rules(GOOD | {signal: kept}, PUBLISHED) == ()
    assert failed_rules(GOOD | {signal: broken}, PUBLISHED) == (rule,)


def test_repeated_characters_break_fineweb_before_gopher() -> None:
    assert failed_rules(GOOD | {"dup_line_chars": 0.2}, PUBLISHED) == ("fineweb_dup_line_chars",)
    assert failed_rules(GOOD | {"dup_line_chars": 0.21}, PUBLISHED) == (
        "gopher_dup_line_chars",
        "fineweb_dup_line_chars",
    )


def test_every_threshold_can_break_a_rule() -> None:
    for field in fields(Thresholds):
        low = field.name.endswith(("_min", "_at_most"))
        always = math.inf if low else -math.inf
        broken = failed_rules(GOOD, Thresholds(**{field.name: always}))
        assert len(broken) == 1, field.name


def test_a_failure_tells_the_first_signal_that_shows_it() -> None:
    found = failures(GOOD | {"dup_7gram_chars": 0.5, "dup_9gram_chars": 0.4}, PUBLISHED)
    assert found == (("gopher_dup_ngrams", "dup_7gram_chars", 0.5),)


def test_every_rule_has_a_family_a_meaning_and_a_citation() -> None:
    assert FAMILIES == ("gopher_quality", "gopher_repetition", "c4", "fineweb")
    assert all(rule.meaning and ("20" in rule.citation or "datatrove" in rule.citation) for rule in RULES.values())
    assert all(name.startswith(rule.family.split("_")[0]) for name, rule in RULES.items())


def test_lighter_sets_reject_nothing_that_the_published_set_keeps_in_quality() -> None:
    for name in (field.name for field in fields(Thresholds)):
        published, light = getattr(PUBLISHED, name), getattr(LIGHT, name)
        assert light <= published if name.endswith(("_min", "_at_most")) else light >= published, name


def test_english_is_judged_by_the_published_numbers_only_where_it_is_sure() -> None:
    assert default_thresholds(Language("en", "Latn", 0.65)) is PUBLISHED
    assert default_thresholds(Language("en", "Latn", 0.64)).gopher_stop_words_min == -math.inf


def test_stop_words_are_asked_of_a_sure_language_with_a_list() -> None:
    assert default_thresholds(Language("de", "Latn", 0.9)) is LIGHT
    assert default_thresholds(Language("fi", "Latn", 0.4)).gopher_stop_words_min == -math.inf  # may be Oromo
    assert default_thresholds(Language("xh", "Latn", 0.9)).gopher_stop_words_min == -math.inf


@pytest.mark.parametrize(
    "found",
    [Language("ja", "Jpan", 0.9), Language("zh", "Hani", 0.9), Language("ja", "Latn", 0.9), Language("th", "Thai", 1.0),
     Language("und", "Khmr", 0.1)],
)  # fmt: skip
def test_unspaced_writing_has_no_word_length_and_no_line_punctuation_rule(found: Language) -> None:
    thresholds = default_thresholds(found)
    assert thresholds.gopher_dup_10gram_max == UNSPACED.gopher_dup_10gram_max == 0.307
    assert failed_rules(GOOD | {"mean_word_length": 1.0, "line_punct": 0.0}, thresholds) == ()


@pytest.mark.parametrize(
    "bad", ["", "words=3", "gopher_words_min", "gopher_words_min=", "gopher_words_min=nan", "de:x=1"]
)
def test_an_override_that_cannot_be_read_is_a_sentence_naming_it(bad: str) -> None:
    problem = parse_override(bad)
    assert isinstance(problem, str)
    assert repr(bad) in problem


def test_overrides_are_read() -> None:
    assert parse_override("gopher_bullets_max = inf") == Override("", "gopher_bullets_max", math.inf)
    assert parse_override("ja:fineweb_newlines_max=0.5") == Override("ja", "fineweb_newlines_max", 0.5)


def test_checks_break_exactly_the_rules_that_failures_names() -> None:
    signals = dict.fromkeys(SIGNALS, 0.5)
    broken = {check.rule for check in checks(signals, PUBLISHED) if check.broken}
    assert broken == {failure.rule for failure in failures(signals, PUBLISHED)}


def test_a_check_tells_how_the_value_stands_to_the_threshold() -> None:
    [few, many] = checks({"words": 12.0}, PUBLISHED)
    assert (few.comparison, few.threshold, few.broken) == ("<", 50.0, True)
    assert (many.comparison, many.threshold, many.broken) == (">", 100_000.0, False)
    assert [check.comparison for check in checks({"line_punct": 0.12, "short_lines": 0.67}, PUBLISHED)] == ["≤", "≥"]


def test_every_rule_looks_at_a_signal_of_the_schema() -> None:
    assert all(signals_of(rule) and set(signals_of(rule)) <= set(SIGNALS) for rule in RULES)
