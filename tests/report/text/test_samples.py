"""A sampled page as a block of text."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.report.story import PageLine, ReaderPage
from transforms.report.text.samples import sample
from transforms.terminal import columns

LINE = PageLine("0f", "http://a.example/", "A title", "en", 9, 0.75, 1.25, -2.5, (("residue", "oaicite"),))


def page(text: str, line: PageLine = LINE, *, cut: bool = False) -> ReaderPage:
    return ReaderPage(line, "at random", "2024-05-01T02:03:04Z", 0.5, ("rule",), ("noai",), 3, text, cut, ())


def test_a_page_reads_like_this() -> None:
    assert sample(page("First line.\n\n  Second\tline."), 80) == (
        "http://a.example/\n"
        "  “A title”\n"
        "  p(human) 0.750, score -2.50, weight 1.250, en, 9 tokens\n"
        "  fetched 2024-05-01T02:03:04Z, quality 0.50, stands for 3 pages\n"
        "  id 0f\n"
        "  residue: oaicite\n"
        "  rights: noai\n"
        "  rules broken: rule\n"
        "  | First line.\n"
        "  | Second line.\n"
    )


def text_of(text: str, width: int = 72, *, cut: bool = False) -> list[str]:
    return [line[4:] for line in sample(page(text, cut=cut), width).splitlines() if line.startswith("  | ")]


def test_long_lines_are_broken_at_spaces_and_wide_ones_at_their_columns() -> None:
    assert text_of("word " * 20) == ["word " * 12 + "word", "word " * 6 + "word"]
    assert text_of("漢" * 50) == ["漢" * 34, "漢" * 16]


def test_a_text_is_shown_up_to_six_lines() -> None:
    assert text_of("\n".join("abcdefgh")) == [*"abcdef", "…"]
    assert text_of("a", cut=True) == ["a", "…"]


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=400), st.integers(72, 120))
def test_whatever_a_page_says_stays_on_its_lines(text: str, width: int) -> None:
    line = PageLine(text, text, text, text, 1, None, 1.0, None, ((text, text),))
    shown = sample(page(text, line), width)
    assert max(map(columns, shown.split("\n"))) <= width
    assert {c for c in shown if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")} == {"\n"}
