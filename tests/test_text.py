"""What all stages agree on about characters."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.dedup.normalize import normalize
from transforms.dedup.shingles import token_hashes
from transforms.filter.tokens import tokenise
from transforms.score.features import count_words, split_words
from transforms.score.plain import to_plain
from transforms.text import UNSPACED, code_points, unspaced_table

NAMES = {
    "Thai": "THAI", "Laoo": "LAO", "Mymr": "MYANMAR", "Khmr": "KHMER", "Tale": "TAI LE", "Talu": "NEW TAI LUE",
    "Lana": "TAI THAM", "Tavt": "TAI VIET", "Bali": "BALINESE", "Java": "JAVANESE", "Yiii": "YI SYLLABLE",
    "Hira": ("HIRAGANA", "HENTAIGANA"), "Kana": ("KATAKANA", "HALFWIDTH KATAKANA"), "Bopo": "BOPOMOFO",
    "Hani": ("CJK UNIFIED", "CJK COMPATIBILITY IDEOGRAPH"),
}  # fmt: skip


@pytest.mark.parametrize("script", sorted(UNSPACED))
def test_ranges_of_a_script_hold_exactly_its_letters(script: str) -> None:
    inside = np.zeros(0x110000, dtype=np.bool_)
    for first, last in UNSPACED[script]:
        inside[first : last + 1] = True
    letters = [code for code in range(0x110000) if unicodedata.category(chr(code)) == "Lo"]
    named = [code for code in letters if unicodedata.name(chr(code), "").startswith(NAMES[script])]
    foreign = {code for code in letters if inside[code]} - set(named)
    assert inside[named].all()
    assert not foreign - {ord("〆")}  # an ideograph in all but name


def test_no_two_ranges_share_a_code_point() -> None:
    sizes = [last + 1 - first for ranges in UNSPACED.values() for first, last in ranges]
    assert min(sizes) > 0
    assert sum(sizes) == np.count_nonzero(unspaced_table())


@pytest.mark.parametrize(
    ("text", "letters"), [("ꦧꦱꦗꦮ", 4), ("ᬅᬓ᭄ᬱᬭ", 4), ("ꆈꌠꁱꂷ", 4), ("ᥖᥭᥰ", 3), ("พม", 2), ("漢字", 2)]
)
def test_every_stage_takes_letters_of_unspaced_scripts_one_by_one(text: str, letters: int) -> None:
    assert token_hashes(normalize(text)).size == letters
    assert len(tokenise(text).starts) == letters
    kinds = split_words(to_plain(text)).kind
    assert kinds.size >= letters  # to the detector a mark is a character of its own
    assert count_words(split_words(to_plain(text))) == kinds.size / 2


def test_code_points_of_a_lone_surrogate_are_given() -> None:
    assert code_points("a😀\ud800").tolist() == [0x61, 0x1F600, 0xD800]


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_code_points_are_those_of_the_characters(text: str) -> None:
    assert code_points(text).tolist() == [ord(character) for character in text]
