"""The script most letters belong to."""

from __future__ import annotations

import unicodedata

import pytest

from transforms.filter.characters import (
    DIGIT,
    LETTER,
    MARK,
    SCRIPTS,
    SENTENCE_END,
    SINGLE,
    SPACE,
    STOP,
    SYMBOL,
    class_table,
    script_table,
)
from transforms.filter.script import dominant_script


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("", "Zyyy"),
        ("12 + 30 = 42 !?", "Zyyy"),
        ("plain words", "Latn"),
        ("Straße und Öl", "Latn"),
        ("Привет, world", "Cyrl"),
        ("Ελληνικά", "Grek"),
        ("مرحبا بالعالم", "Arab"),
        ("שלום", "Hebr"),
        ("नमस्ते दुनिया", "Deva"),
        ("ภาษาไทย", "Thai"),
        ("한국어 문장", "Hang"),
        ("中文文本", "Hani"),
        ("日本語のテキスト", "Jpan"),
        ("ひらがなだけ", "Jpan"),
        ("ｶﾀｶﾅ", "Jpan"),
        ("የአማርኛ ጽሑፍ", "Ethi"),
        ("հայերեն", "Armn"),
        ("ქართული", "Geor"),
        ("ᏣᎳᎩ", "Cher"),
        ("ꦧꦱꦗꦮ", "Java"),
        ("ᦅᧄ", "Talu"),
        ("\ud800\udfff", "Zyyy"),
        ("𐌰𐌱𐌲", "Zyyy"),  # Gothic is not among the scripts told apart
    ],
)
def test_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert dominant_script(text) == script


def test_a_brand_name_in_kana_does_not_make_chinese_japanese() -> None:
    assert dominant_script("这是一个关于产品的中文介绍页面我们非常喜欢它的味道" + "ア") == "Hani"


def test_digits_and_marks_inside_a_block_count_for_no_script() -> None:
    assert dominant_script("٠١٢٣٤٥٦٧٨٩ abc") == "Latn"


def test_blocks_hold_letters_of_their_script() -> None:
    names = {"Grek": "GREEK", "Cyrl": "CYRILLIC", "Deva": "DEVANAGARI", "Thai": "THAI", "Hebr": "HEBREW"}
    for script, word in names.items():
        codes = (script_table() == SCRIPTS.index(script)).nonzero()[0].tolist()
        letters = [chr(code) for code in codes if unicodedata.category(chr(code))[0] == "L"]
        foreign = [c for c in letters if word not in unicodedata.name(c, word)]
        assert len(foreign) <= 0.05 * len(letters), (script, foreign[:5])  # Coptic lives among the Greek


@pytest.mark.parametrize(
    ("character", "kind"),
    [("a", LETTER), ("é", LETTER), ("7", DIGIT), ("²", DIGIT), (" ", SPACE), ("\n", SPACE), ("\0", SPACE),
     ("#", SYMBOL), ("😀", SYMBOL), (".", STOP), ("。", STOP), ("\u0301", MARK), ("\u200c", MARK),
     ("的", SINGLE), ("ก", SINGLE), ("ি", MARK), ("한", LETTER), ("𠀀", SINGLE), ("\ufe0f", MARK)],
)  # fmt: skip
def test_class_of_a_character(character: str, kind: int) -> None:
    assert class_table()[ord(character)] == kind


def test_sentence_ends_are_no_letters() -> None:
    assert not [c for c in SENTENCE_END if c.isalnum() or c.isspace()]
