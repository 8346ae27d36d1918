"""The form in which texts are compared."""

from __future__ import annotations

import hashlib
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.folding import fold, separate
from transforms.dedup.normalize import normalize, text_digest
from transforms.dedup.shortcut import take_shortcut

ANY_TEXT = st.text(alphabet=st.characters(), max_size=60)  # surrogates included


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", ""),
        (" \n\t…—!", ""),
        ("Don't STOP, (now)!", "don t stop now"),
        ("Don’t stop", "don t stop"),
        ("<b>bold</b> **bold** snake_case", "b bold b bold snake case"),
        ("v2.0 in 2023", "v2 0 in 2023"),
        ("Straße STRASSE", "strasse strasse"),
        ("Ｆｕｌｌ－ｗｉｄｔｈ ﬁn ①", "full width fin 1"),
        ("café cafe\u0301", "café café"),
        ("co\u00adop\u200berate", "cooperate"),
        ("می\u200cخواهم", "میخواهم"),
        ("हिन्दी में", "हिन्दी में"),
        ("ok ❤\ufe0f 👩\u200d💻 done", "ok done"),
        ("你好，世界。", "你好 世界"),
        ("สวัสดี", "สวัสดี"),
    ],
)
def test_text_is_normalised(text: str, normal: str) -> None:
    assert normalize(text) == normal


def test_lone_surrogates_break_words_and_raise_nothing() -> None:
    assert normalize("a\ud800b é") == "a b é"


@given(ANY_TEXT)
@settings(deadline=None)
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(ANY_TEXT)
@settings(deadline=None)
def test_only_letters_marks_digits_and_single_spaces_remain(text: str) -> None:
    normal = normalize(text)
    assert "  " not in normal
    assert normal == normal.strip(" ")
    assert all(char == " " or unicodedata.category(char)[0] in "LMN" for char in normal)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=80))
@settings(deadline=None)
def test_ascii_takes_its_short_way_to_the_same_result(text: str) -> None:
    assert f"{normalize(text)} é".lstrip() == normalize(f"{text} é")


@given(st.text(alphabet="aB \n.", max_size=20), st.text(alphabet="aB \n.", max_size=20))
@settings(deadline=None)
def test_digests_are_equal_exactly_for_equal_normal_forms(left: str, right: str) -> None:
    same = normalize(left) == normalize(right)
    assert (text_digest(normalize(left)) == text_digest(normalize(right))) == same


def test_digest_is_blake2b_of_128_bits() -> None:
    assert text_digest("é") == hashlib.blake2b("é".encode(), digest_size=16).hexdigest()
    assert text_digest("") == "cae66941d9efbd404e4d88758ea67670"


def test_of_a_tower_of_marks_thirty_are_compared() -> None:
    assert normalize("e" + "\u0323" * 31) == "ẹ" + "\u0323" * 29
    assert normalize("e" + "\u0323" * 30 + "o" + "\u0323" * 30) == "ẹ" + "\u0323" * 29 + "ọ" + "\u0323" * 29


@pytest.mark.parametrize(
    "tower",
    [
        "\u0301\u0316",  # a mark above and one below, which normal order swaps
        "\u0301\u034f\u0316\u034f",  # kept apart by a character that vanishes later
        "\u0301\uff9e",  # the second is a mark only once its compatibility form is taken
        "\u0301\u3164\u0316",
    ],
)
def test_a_tower_of_marks_out_of_order_costs_no_more_than_its_length(tower: str) -> None:
    # Sorted by insertion, this takes 1.2 × 10^11 steps: minutes.
    assert len(normalize("e" + tower * 250_000)) <= 40


def test_a_text_that_its_compatibility_forms_would_make_huge_keeps_them() -> None:
    assert normalize("\ufdfa") == "صلى الله عليه وسلم"
    assert normalize("\ufdfa " * 100_000).count("\ufdfa") == 100_000
    assert normalize("é" + "\ufdfa" * 50_000).count("صلى") == 50_000


@given(st.text(alphabet="e\u0301\u0316\u034f\uff9e\u0345\ufdfa\u200d ", min_size=50, max_size=120))
@settings(deadline=None)
def test_normalising_towers_twice_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x1FFFF), max_size=30))
@settings(deadline=None)
def test_the_short_way_leads_to_where_the_long_one_does(text: str) -> None:
    assert take_shortcut(text) in (None, separate(fold(text)))


def test_the_short_way_is_taken_by_texts_whose_characters_do_not_touch() -> None:
    assert take_shortcut("Straße, “naïve”… ™ 東京 😀 \u00ad한국") == "strasse naïve tm 東京 한국"
    characters = map(chr, (*range(0x3400), *range(0x3400, 0x1F000, 64), *range(0x1F000, 0x1F200)))
    lone = [character for character in characters if take_shortcut(character) is not None]
    assert len(lone) > 9_000
    for start in range(0, len(lone), 8):  # alone, beside each other, and beside themselves; eight may become several
        text = "\n".join(lone[start : start + 8]) + "é".join(2 * character for character in lone[start : start + 8])
        assert take_shortcut(text) == separate(fold(text))


@pytest.mark.parametrize("text", ["e\u0301", "हिन्दी", "\u1100\u1161", "İ", "ｶﾞ", "\U00020000"])
def test_what_its_neighbours_may_change_takes_the_long_way(text: str) -> None:
    assert take_shortcut(text) is None
    assert normalize(text) == separate(fold(text))
