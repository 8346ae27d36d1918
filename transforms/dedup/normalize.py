"""The form in which two texts are compared: letters, marks and digits in one case; everything else is a space.

Compatibility forms are folded (NFKC), so that full-width letters, ligatures and composed accents compare equal.
Invisible characters (soft hyphen, joiners, variation selectors) vanish without splitting a word; punctuation, symbols,
markup characters, emoji and white space become one space. Combining marks are kept: without them the vowels of
Devanagari, Thai or Arabic would be lost and different words would compare equal.

Time and memory are linear in the text whatever it holds. Unicode's reordering of marks is not: it sorts each run of
them by insertion, so a run is cut to `MOST_MARKS` first. Nor is a compatibility form: U+FDFA has 18 characters, so a
text that such forms would make longer by `MOST_GROWTH` keeps them as they are.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from transforms.text import code_points

DIGEST_BYTES = 16  # 128 bits: among 2.5 billion texts two collide by chance with probability 1e-20
SPACE = 0x20
MOST_MARKS = 30
"""Marks in a row; the rest is left out. No word of any language has as many (UAX #15, 13, Stream-Safe Text Format)."""
MOST_GROWTH = 1_000_000
"""Characters by which compatibility forms may lengthen a text: ten times what a book has of them."""
_KEPT = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No"}  # Unicode general categories
_BREAK, _VANISH, _KEEP, _MARK = range(4)  # all from _KEEP on are kept
_LONGEST_FORM = 18  # characters, of U+FDFA
# Default_Ignorable_Code_Point (Unicode DerivedCoreProperties.txt) beyond category Cf, all of which vanishes here.
_IGNORABLE = (
    *(0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0),
    *range(0x180B, 0x1810),
    *range(0xFE00, 0xFE10),
    *range(0xE0100, 0xE01F0),
)
# Starters that decompose into nothing but marks.
_MARKS_AT_HEART = (0x0F73, 0x0F75, 0x0F81, 0xFF9E, 0xFF9F)
# No letter is assigned between the last ideographs of plane 3 and the selectors of plane 14.
_ASSIGNED = (*range(0x33480), *range(0xE0000, 0xE01F0))
_ASCII = bytes(ord(chr(i).lower()) if chr(i).isalnum() else SPACE for i in range(128)) + bytes(128)


def normalize(text: str) -> str:
    """`text` as compared: words of letters, marks and digits, case folded, one space apart, none at the ends.

    >>> normalize("  **Ｆull-width**, “quotes” &\\n co\\u00adoperate! ")
    'full width quotes cooperate'
    """
    if text.isascii():  # the same result as below at a tenth of the time
        return b" ".join(text.encode("ascii").translate(_ASCII).split()).decode("ascii")
    return _separate(_fold(text))


def text_digest(normal: str) -> str:
    """32 hex digits: BLAKE2b-128 over the UTF-8 bytes of a normalised text. Equal for exact duplicates only."""
    return hashlib.blake2b(normal.encode("utf-8"), digest_size=DIGEST_BYTES).hexdigest()


def _fold(text: str) -> str:
    """NFKC and case folding, without invisible characters; the second NFKC is Unicode's own (TR 44, NFKC_Casefold)."""
    points = code_points(text)
    form: Literal["NFC", "NFKC"] = "NFC" if _grows(points) else "NFKC"
    thinned = _thin(points)
    folded = unicodedata.normalize(form, text if thinned is points else _text(thinned)).casefold()
    points = code_points(folded)
    vanish = _classes()[points] == _VANISH
    if vanish.any():  # what stood on both sides may now compose
        folded = _text(points[~vanish])
    return unicodedata.normalize(form, folded)


def _grows(points: NDArray[np.uint32]) -> bool:
    """Whether NFKC makes these characters more by above `MOST_GROWTH`."""
    if points.size * (_LONGEST_FORM - 1) <= MOST_GROWTH:
        return False
    return int(_added()[points].sum(dtype=np.int64)) > MOST_GROWTH


def _thin(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """These characters without the marks of each run beyond `MOST_MARKS`; what vanishes does not end a run."""
    classes = _classes()[points]
    marks = classes == _MARK
    if np.count_nonzero(marks) <= MOST_MARKS:
        return points
    so_far = np.cumsum(marks, dtype=np.int32)
    before_run = np.maximum.accumulate(np.where(marks | (classes == _VANISH), np.int32(0), so_far))
    surplus = marks & (so_far - before_run > MOST_MARKS)
    return points[~surplus] if surplus.any() else points


def _separate(text: str) -> str:
    """`text` with every run of characters that are not kept as one space, and none at the ends."""
    points = _thin(code_points(text))
    keep = _classes()[points] >= _KEEP
    first_of_gap = np.zeros_like(keep)
    first_of_gap[1:] = keep[:-1] & ~keep[1:]
    return _text(np.where(keep, points, np.uint32(SPACE))[keep | first_of_gap]).rstrip(" ")


def _text(points: NDArray[np.uint32]) -> str:
    """The string of these code points."""
    return points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


@cache
def _classes() -> NDArray[np.uint8]:
    """uint8 [0x110000]: whether a code point is kept, as a mark or otherwise, breaks words, or vanishes."""
    classes = np.full(0x110000, _BREAK, dtype=np.uint8)
    for point in _ASSIGNED:
        character = chr(point)
        category = unicodedata.category(character)
        if category in _KEPT:
            classes[point] = _MARK if unicodedata.combining(character) else _KEEP
        elif category == "Cf":
            classes[point] = _VANISH
    classes[list(_IGNORABLE)] = _VANISH
    classes[list(_MARKS_AT_HEART)] = _MARK
    return classes


@cache
def _added() -> NDArray[np.uint8]:
    """uint8 [0x110000]: by how many characters NFKC lengthens a code point."""
    added = np.zeros(0x110000, dtype=np.uint8)
    for point in _ASSIGNED:
        if unicodedata.decomposition(chr(point)).startswith("<"):  # the forms that only compatibility undoes
            added[point] = len(unicodedata.normalize("NFKC", chr(point))) - 1
    return added
