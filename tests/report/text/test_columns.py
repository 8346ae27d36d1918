"""A column as bars."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.report.story import Distribution, Values
from transforms.report.text.columns import column
from transforms.terminal import columns

SPREAD = Distribution(
    "token_count",
    2,
    3.0,
    (4.0, 10.5, 100.0, 1500.25, 4000.0),
    4096.0,
    812.125,
    (2.0, 64.0, 4096.0),
    (30, 10),
    (600, 90_000),
)


def test_numbers_read_like_this() -> None:
    bar = "█" * 30
    assert column(SPREAD, 80) == (
        "token_count: 40 pages, 2 without a value\n"
        "  from 3 to 4,096, mean 812.1\n"
        "  quantiles: 5 % 4, 25 % 10.5, 50 % 100, 75 % 1,500, 95 % 4,000\n"
        "  from     to  pages  tokens\n"
        f"  2 –      64     30     600  {bar}\n"
        f"  64 –  4,096     10  90,000  {bar[:10]}\n"
    )


def test_names_read_like_this() -> None:
    assert column(Values("language", 1, 5, (("en", 60), ("de", 2))), 80) == (
        "language: 5 values, 1 page without one\n"
        "  value  pages\n"
        f"  en        60  {'█' * 30}\n"
        "  de         2  █\n"
        "  and 3 other values\n"
    )


def test_a_column_without_values_is_two_lines_at_most() -> None:
    empty = Distribution("quality", 7, None, (), None, None, (), (), ())
    assert column(empty, 80) == "quality: 0 pages, 7 without a value\n"
    assert column(Values("title", 7, 0, ()), 80) == "title: 0 values, 7 pages without one\n  value  pages\n"


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.text(max_size=200), st.integers(1, 10**12)), max_size=5), st.integers(72, 120))
def test_whatever_a_value_says_stays_on_its_line(top: list[tuple[str, int]], width: int) -> None:
    shown = column(Values("title", 0, len(top), tuple(top)), width)
    assert max(map(columns, shown.split("\n"))) <= width
    assert shown.count("\n") == 2 + len(top)
    assert {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} == {"\n"}
