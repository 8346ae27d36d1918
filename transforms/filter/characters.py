"""What each code point is to the filter: part of a word, a mark of punctuation, space; and of which script."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.text import UNSPACED, Ranges, unspaced_table

# Classes, ordered so that everything from DIGIT on makes words.
SPACE, MARK, APOSTROPHE, STOP, SYMBOL, DIGIT, LETTER, SINGLE = range(8)

# Unicode's Sentence_Terminal (PropList.txt) for the scripts below, and the ellipsis. Thai and Lao end no sentence with
# a mark. The semicolon is left out though Greek asks with it: Latin text would end a sentence at every one.
SENTENCE_END = frozenset(
    ".!?…‼⁇⁈⁉‽"  # Latin, Cyrillic, Greek, Hebrew, Korean and whoever borrowed them
    "։՜՞؝؞؟۔܀܁܂߹।॥෴"  # Armenian, Arabic, Syriac, N'Ko, Indic, Sinhala
    "༎།၊။።፧፨᙮᠃᠉᥄᥅᪨᪩᪪᪫᭚᭛᭞᭟᰻᰼᱾᱿។៕"  # Tibetan, Myanmar, Ethiopic, Canadian, Mongolian, Limbu, Tai Tham, Bali, Khmer …
    "꓿꘎꘏꛳꛷꡶꡷꣎꣏꤯꧈꧉꩝꩞꩟꫰꫱꯫"  # Lisu, Vai, Bamum, Phags-pa, Saurashtra, Kayah, Java, Cham, Meetei
    "。．！？｡"
)
# An apostrophe between two letters belongs to the word (UAX #29, rules WB6 and WB7): don't, l’eau, oʻzbek.
_APOSTROPHES = "'’ʼʻ‘"
# Joiners and the soft hyphen stand inside words of Persian, Indic and hyphenated text, and end none.
_JOINERS = "\u200c\u200d\u00ad\u2060"

# Scripts in blocks (Unicode 15.1, Blocks.txt), first and last code point. Only letters are counted, so the digits and
# marks inside a block do no harm.
_SCRIPT_BLOCKS: dict[str, Ranges] = {
    "Latn": ((0x41, 0x2AF), (0x1D00, 0x1D25), (0x1D2C, 0x1DBF), (0x1E00, 0x1EFF), (0x2C60, 0x2C7F), (0xA722, 0xA7FF),
             (0xAB30, 0xAB6F), (0xFB00, 0xFB06), (0xFF21, 0xFF5A)),
    "Grek": ((0x370, 0x3FF), (0x1F00, 0x1FFF)),
    "Cyrl": ((0x400, 0x52F), (0x1C80, 0x1C8F), (0x2DE0, 0x2DFF), (0xA640, 0xA69F)),
    "Armn": ((0x530, 0x58F), (0xFB13, 0xFB17)),
    "Hebr": ((0x590, 0x5FF), (0xFB1D, 0xFB4F)),
    "Arab": ((0x600, 0x6FF), (0x750, 0x77F), (0x870, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC)),
    "Syrc": ((0x700, 0x74F), (0x860, 0x86F)),
    "Thaa": ((0x780, 0x7BF),),
    "Nkoo": ((0x7C0, 0x7FF),),
    "Deva": ((0x900, 0x97F), (0xA8E0, 0xA8FF)),
    "Beng": ((0x980, 0x9FF),),
    "Guru": ((0xA00, 0xA7F),),
    "Gujr": ((0xA80, 0xAFF),),
    "Orya": ((0xB00, 0xB7F),),
    "Taml": ((0xB80, 0xBFF),),
    "Telu": ((0xC00, 0xC7F),),
    "Knda": ((0xC80, 0xCFF),),
    "Mlym": ((0xD00, 0xD7F),),
    "Sinh": ((0xD80, 0xDFF),),
    "Tibt": ((0xF00, 0xFFF),),
    "Geor": ((0x10A0, 0x10FF), (0x1C90, 0x1CBF), (0x2D00, 0x2D2F)),
    "Hang": ((0x1100, 0x11FF), (0x3130, 0x318F), (0xA960, 0xA97F), (0xAC00, 0xD7FF), (0xFFA0, 0xFFDC)),
    "Ethi": ((0x1200, 0x139F), (0x2D80, 0x2DDF), (0xAB00, 0xAB2F)),
    "Cher": ((0x13A0, 0x13FF), (0xAB70, 0xABBF)),
    "Cans": ((0x1400, 0x167F), (0x18B0, 0x18FF)),
    "Mong": ((0x1800, 0x18AF),),
    "Olck": ((0x1C50, 0x1C7F),),
    "Tfng": ((0x2D30, 0x2D7F),),
    "Lisu": ((0xA4D0, 0xA4FF),),
    "Vaii": ((0xA500, 0xA63F),),
    "Mtei": ((0xAAE0, 0xAAFF), (0xABC0, 0xABFF)),
    "Adlm": ((0x1E900, 0x1E95F),),
    **UNSPACED,
}  # fmt: skip
SCRIPTS: tuple[str, ...] = ("Zyyy", *_SCRIPT_BLOCKS)
"""Scripts told apart, by index; the first stands for everything else."""

_CLASS_OF_CATEGORY = {"L": LETTER, "N": DIGIT, "M": MARK, "P": SYMBOL, "S": SYMBOL, "Z": SPACE, "C": SPACE}
_TABULATED = 0x20000  # planes 0 and 1; beyond them only ideographs and variation selectors are assigned


@cache
def script_table() -> NDArray[np.uint8]:
    """Index into `SCRIPTS` for every code point: uint8 [0x110000]."""
    table = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    for index, blocks in enumerate(_SCRIPT_BLOCKS.values(), start=1):
        for first, last in blocks:
            table[first : last + 1] = index
    return table


@cache
def letter_script_table() -> NDArray[np.uint8]:
    """Index into `SCRIPTS` for every letter, 0 for all other code points: uint8 [0x110000]."""
    return np.where(class_table() >= LETTER, script_table(), 0).astype(np.uint8)


@cache
def class_table() -> NDArray[np.uint8]:
    """SPACE … SINGLE for every code point: uint8 [0x110000]. Takes about 25 ms, once a process."""
    table = np.zeros(sys.maxunicode + 1, dtype=np.uint8)
    category = unicodedata.category
    table[:_TABULATED] = [_CLASS_OF_CATEGORY[category(chr(code))[0]] for code in range(_TABULATED)]
    table[_TABULATED:][unspaced_table()[_TABULATED:]] = LETTER
    table[0xE0100:0xE01F0] = MARK
    table[unspaced_table() & (table == LETTER)] = SINGLE
    for characters, kind in ((SENTENCE_END, STOP), (_APOSTROPHES, APOSTROPHE), (_JOINERS, MARK)):
        table[[ord(character) for character in characters]] = kind
    return table
