"""Layout, Markdown and typography are invisible to the detector; words and their order are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.score.features import count_words, extract, split_words
from transforms.score.hashing import HashSet
from transforms.score.plain import MARKDOWN, MAX_CHARACTERS, keep_line_break, locate, strip_markdown, to_plain

NONE = HashSet.of(np.zeros(0, dtype=np.uint64))


def shown(text: str) -> str:
    return "".join(chr(code) for code in to_plain(text).folded)


@pytest.mark.parametrize(
    "written",
    [
        "one two\nthree, four",
        "  one\ttwo\r\n\r\n three,\u00a0four\n",
        "# one two\nthree, four",
        "- one two\n- three, four",
        "1. one two\n2) three, four",
        "**one** `two` three, _four_",
        "[one two](https://example.org/x?y=z) three, four",
        "| one | two | three, four |",
        "one two\n---\nthree, four",
        "```python\none two three, four\n```",
        "o\u00adne two th\u200bree, four",
        "> one two\n> three, four",
    ],
)
def test_layout_and_markdown_leave_no_trace(written: str) -> None:
    assert shown(written) == "one two three, four"


def test_quotes_dashes_and_ellipses_are_unified() -> None:
    assert shown("“It’s” — «so»…") == shown('"It\'s" - "so"...') == '"it\'s" - "so"...'


@settings(deadline=None)
@given(st.lists(st.sampled_from(["oak", "river", "it's", "Don", "3,5", "的"]), min_size=1))
def test_white_space_of_any_kind_gives_the_same_features(words: list[str]) -> None:
    spaced = "\n\t ".join(words)
    for left, right in zip(extract(" ".join(words), NONE), extract(spaced, NONE), strict=True):
        assert left.tolist() == right.tolist()


def test_only_the_first_characters_are_read() -> None:
    text = "word " * MAX_CHARACTERS
    assert extract(text, NONE)[0].tolist() == extract(text[: MAX_CHARACTERS + 1], NONE)[0].tolist()
    assert to_plain(text).folded.size <= MAX_CHARACTERS


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("one two's three", 3.0),
        ("1 2 3 , .", 0.0),
        ("北京很大", 2.0),
        ("", 0.0),
        ("한국어 문장", 2.0),
        ("ไทย", 1.5),
        ("ｶﾀｶﾅ", 2.0),
        ("ㄅㄆㄇ", 1.5),
    ],
)
def test_words_are_counted_and_ideographs_count_half(text: str, words: float) -> None:
    assert count_words(split_words(to_plain(text))) == words


@settings(deadline=None)
@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    plain = to_plain(text)
    assert plain.folded.size == plain.kind.size == plain.upper.size <= len(text) * 3 + 1


HOSTILE = st.text(
    st.one_of(
        st.sampled_from("ab Z9\n\t #>|*-_`[]()~.…1\u00ad\u200b\u202e’“—的ไ"),
        st.characters(),
    ),
    max_size=80,
)


@settings(deadline=None)
@given(HOSTILE)
def test_every_character_is_found_where_it_was_written(text: str) -> None:
    plain, places = to_plain(text), locate(text)
    assert places.size == plain.folded.size
    assert np.all(np.diff(places) >= 0)
    written = "".join(text[place] for place in places)
    for shown, place, character in zip(plain.folded, places, written, strict=True):
        if character not in "…*_`|[]#>-=: +•·~(.)0123456789":  # a mark of Markdown may have left a space
            assert shown == to_plain(f"x{character}x").folded[1], place


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("  one\n\n2", [2, 3, 4, 5, 7]),
        ("# **a**\n- b", [4, 7, 10]),
        ("so… it", [0, 1, 2, 2, 2, 3, 4, 5]),
        ("[a](b) c", [1, 6, 7]),
        ("o\u00adne ", [0, 2, 3]),
        ("", []),
    ],
)
def test_places_are_those_of_the_text_as_written(text: str, places: list[int]) -> None:
    assert locate(text).tolist() == places


def test_places_end_where_reading_ends() -> None:
    assert locate("word " * MAX_CHARACTERS).max() < MAX_CHARACTERS


@settings(deadline=None, max_examples=400)
@given(st.text(alphabet="\n# >|-*_`~[]()=:\t 1.ab", max_size=60))
def test_marks_stripped_kind_by_kind_are_those_found_by_one_pattern(text: str) -> None:
    assert strip_markdown(text) == MARKDOWN.sub(keep_line_break, "\n" + text)
