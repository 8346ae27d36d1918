"""The script most letters of a text belong to."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from transforms.filter.characters import SCRIPTS, letter_script_table
from transforms.text import code_points

UNKNOWN = "Zyyy"
_ASCII_LETTER = re.compile(r"[A-Za-z]")
_LATIN, _HIRAGANA, _KATAKANA, _HAN = (SCRIPTS.index(name) for name in ("Latn", "Hira", "Kana", "Hani"))
_LAST_ASCII, _LOWER, _FIRST, _LETTERS = (np.uint32(number) for number in (0x7F, 0x20, ord("a"), 26))  # ASCII letters
# Written Japanese is about half kana; Chinese pages quote a product name in kana now and then.
_KANA_SHARE = 0.1


def dominant_script(text: str) -> str:
    """The ISO 15924 code of most letters, `Zyyy` if there are none. Han with kana is `Jpan`, Han alone `Hani`.

    >>> dominant_script("Привет, world"), dominant_script("日本語のテキスト"), dominant_script("1 + 1")
    ('Cyrl', 'Jpan', 'Zyyy')
    """
    if text.isascii():
        return "Latn" if _ASCII_LETTER.search(text) else UNKNOWN
    points = code_points(text)
    beyond = points > _LAST_ASCII
    foreign = np.count_nonzero(beyond)  # in most pages few: quotes, dashes, accents
    if _ascii_letters(points[: 2 * foreign]) >= foreign:
        return "Latn"
    counts = np.bincount(letter_script_table().take(points[beyond]), minlength=len(SCRIPTS))
    counts[0] = 0
    counts[_LATIN] += _ascii_letters(points)
    kana = int(counts[_HIRAGANA] + counts[_KATAKANA])
    japanese = kana > _KANA_SHARE * (kana + counts[_HAN])
    if japanese:
        counts[_HAN] += kana
        counts[[_HIRAGANA, _KATAKANA]] = 0
    best = int(counts.argmax())
    return "Jpan" if japanese and best == _HAN else SCRIPTS[best]


def _ascii_letters(points: NDArray[np.uint32]) -> int:
    return int(np.count_nonzero((points | _LOWER) - _FIRST < _LETTERS))
