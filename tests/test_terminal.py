"""Nothing a page says can act on a terminal, and tables keep to their width."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.terminal import clean, columns, fit, table


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\x1b[2J\x1b]0;owned\x07Title", "[2J]0;ownedTitle"),
        ("\x9b31mC1 introducer", "31mC1 introducer"),
        ("evil\u202egnp.exe\u202c", "evilgnp.exe"),
        ("\u2066isolated\u2069", "isolated"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("tags\U000e0041\U000e007f", "tags"),
        ("lines\r\n\tand\u2028separators\x0b\x85\xa0end", "lines and separators end"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("Grüße, 漢字, สวัสดี, e\u0301", "Grüße, 漢字, สวัสดี, e\u0301"),
    ],
)
def test_commands_and_tricks_are_removed_and_words_stay(text: str, cleaned: str) -> None:
    assert clean(text, 60) == cleaned


def test_a_long_text_is_cut_at_the_limit() -> None:
    assert clean("x" * 10_000_000, 60) == "x" * 60


@settings(deadline=None)
@given(st.text(st.characters(categories=None), max_size=80))
def test_cleaned_text_is_printable_on_one_line_and_stays_as_it_is(text: str) -> None:
    cleaned = clean(text, 60)
    assert len(cleaned) <= 60
    assert not {unicodedata.category(c) for c in cleaned} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert clean(cleaned, 60) == cleaned


@settings(deadline=None)
@given(st.text("ab漢e\u0301", max_size=30), st.integers(1, 20))
def test_fitted_text_is_a_beginning_that_fits(text: str, width: int) -> None:
    fitted = fit(text, width)
    assert columns(fitted) <= width
    assert fitted == text or (fitted.endswith("…") and text.startswith(fitted[:-1]))


def test_columns_of_a_table_are_aligned_by_what_a_terminal_shows() -> None:
    rows = [("name", "pages"), ("漢字", "12"), ("e\u0301", "7")]
    assert table(rows, left=1, width=40) == ["  name  pages", "  漢字     12", "  e\u0301         7"]


def test_a_table_that_is_too_wide_loses_the_end_of_its_first_column() -> None:
    assert table([("abcdefghij", "1", "22")], left=1, width=15) == ["  abcde…  1  22"]
