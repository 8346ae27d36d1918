"""What every stage must agree on about characters: texts as code points, and scripts that put no space between words.

What a stage makes of such a script is its own affair: to dedup and score its letters are tokens, to the filter half
words as well.
"""

from __future__ import annotations

import sys
from functools import cache

import numpy as np
from numpy.typing import NDArray

Ranges = tuple[tuple[int, int], ...]
"""First and last code point of each range."""

# The scripts whose letters are of line breaking class SA (context decides), AK (aksara; AL before Unicode 15.1) or ID
# (ideographic) in Unicode's LineBreak.txt (UAX #14), but for Hangul, which is written with spaces; and but for
# Ahom, Brahmi, Grantha, Dives Akuru, Tangut, Nüshu and Khitan, in which no web page is written. Each has the blocks
# (Blocks.txt) that hold its letters (Scripts.txt), with the digits and marks among them; ideographs to extension J.
UNSPACED: dict[str, Ranges] = {
    "Thai": ((0x0E00, 0x0E7F),),
    "Laoo": ((0x0E80, 0x0EFF),),
    "Mymr": ((0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F)),
    "Khmr": ((0x1780, 0x17FF),),
    "Tale": ((0x1950, 0x197F),),  # Tai Le
    "Talu": ((0x1980, 0x19DF),),  # New Tai Lue
    "Lana": ((0x1A20, 0x1AAF),),  # Tai Tham
    "Tavt": ((0xAA80, 0xAADF),),  # Tai Viet
    "Bali": ((0x1B00, 0x1B7F),),
    "Java": ((0xA980, 0xA9DF),),
    "Yiii": ((0xA000, 0xA4CF),),
    "Hira": ((0x3040, 0x309F), (0x1B001, 0x1B11F), (0x1B132, 0x1B132), (0x1B150, 0x1B152)),
    "Kana": ((0x30A0, 0x30FF), (0x31F0, 0x31FF), (0xFF66, 0xFF9F), (0x1B000, 0x1B000), (0x1B120, 0x1B122),
             (0x1B155, 0x1B155), (0x1B164, 0x1B167)),
    "Bopo": ((0x3100, 0x312F), (0x31A0, 0x31BF)),
    "Hani": ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
             (0x20000, 0x3347F)),
}  # fmt: skip
"""Scripts written without spaces between words, by ISO 15924 code; no two ranges share a code point."""


def code_points(text: str) -> NDArray[np.uint32]:
    """The code points of a text: uint32 [len(text)]. Lone surrogates, which hostile pages contain, are among them."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def unspaced_table() -> NDArray[np.bool_]:
    """Whether each code point lies in a range of `UNSPACED`, be it a letter or not: bool [0x110000]."""
    table = np.zeros(sys.maxunicode + 1, dtype=np.bool_)
    for ranges in UNSPACED.values():
        for first, last in ranges:
            table[first : last + 1] = True
    return table
