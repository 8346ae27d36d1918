"""The script most letters of a text belong to."""

from __future__ import annotations

import re

import numpy as np

from transforms.filter.characters import SCRIPTS, letter_script_table
from transforms.text import code_points

UNKNOWN = "Zyyy"
_ASCII_LETTER = re.compile(r"[A-Za-z]")
_HIRAGANA, _KATAKANA, _HAN = (SCRIPTS.index(name) for name in ("Hira", "Kana", "Hani"))
# Written Japanese is about half kana; Chinese pages quote a product name in kana now and then.
_KANA_SHARE = 0.1


def dominant_script(text: str) -> str:
    """The ISO 15924 code of most letters, `Zyyy` if there are none. Han with kana is `Jpan`, Han alone `Hani`.

    >>> dominant_script("Привет, world"), dominant_script("日本語のテキスト"), dominant_script("1 + 1")
    ('Cyrl', 'Jpan', 'Zyyy')
    """
    if text.isascii():
        return "Latn" if _ASCII_LETTER.search(text) else UNKNOWN
    counts = np.bincount(letter_script_table().take(code_points(text)), minlength=len(SCRIPTS))
    counts[0] = 0
    kana = int(counts[_HIRAGANA] + counts[_KATAKANA])
    japanese = kana > _KANA_SHARE * (kana + counts[_HAN])
    if japanese:
        counts[_HAN] += kana
        counts[[_HIRAGANA, _KATAKANA]] = 0
    best = int(counts.argmax())
    return "Jpan" if japanese and best == _HAN else SCRIPTS[best]
