"""Folding the long way: Unicode's own forms, one after the other, over a whole text.

Time and memory are linear in the text whatever it holds. Unicode's reordering of marks is not: it sorts each run of
them by insertion, so a run is cut to `MOST_MARKS` first. Nor is a compatibility form: U+FDFA has 18 characters, so a
text that such forms would make longer by `MOST_GROWTH` keeps them as they are.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from transforms.text import code_points

SPACE = 0x20
MOST_MARKS = 30
"""Marks in a row; the rest is left out. No word of any language has as many (UAX #15, 13, Stream-Safe Text Format)."""
MOST_GROWTH = 1_000_000
"""Characters by which compatibility forms may lengthen a text: ten times what a book has of them."""
BREAK, VANISH, KEEP, MARK = range(4)
"""Classes of code points: what breaks words, what vanishes; all from KEEP on are kept."""
_KEPT = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd", "Nl", "No"}  # Unicode general categories
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


def fold(text: str) -> str:
    """NFKC and case folding, without invisible characters; the second NFKC is Unicode's own (TR 44, NFKC_Casefold)."""
    points = code_points(text)
    form: Literal["NFC", "NFKC"] = "NFC" if grows(points) else "NFKC"
    thinned = _thin(points)
    folded = unicodedata.normalize(form, text if thinned is points else text_of(thinned)).casefold()
    points = code_points(folded)
    vanish = class_table()[points] == VANISH
    if vanish.any():  # what stood on both sides may now compose
        folded = text_of(points[~vanish])
    return unicodedata.normalize(form, folded)


def grows(points: NDArray[np.uint32]) -> bool:
    """Whether NFKC makes these characters more by above `MOST_GROWTH`."""
    if points.size * (_LONGEST_FORM - 1) <= MOST_GROWTH:
        return False
    return int(_added()[points].sum(dtype=np.int64)) > MOST_GROWTH


def _thin(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """These characters without the marks of each run beyond `MOST_MARKS`; what vanishes does not end a run."""
    classes = class_table()[points]
    marks = classes == MARK
    if np.count_nonzero(marks) <= MOST_MARKS:
        return points
    so_far = np.cumsum(marks, dtype=np.int32)
    before_run = np.maximum.accumulate(np.where(marks | (classes == VANISH), np.int32(0), so_far))
    surplus = marks & (so_far - before_run > MOST_MARKS)
    return points[~surplus] if surplus.any() else points


def separate(text: str) -> str:
    """`text` with every run of characters that are not kept as one space, and none at the ends."""
    points = _thin(code_points(text))
    keep = class_table()[points] >= KEEP
    first_of_gap = np.zeros_like(keep)
    first_of_gap[1:] = keep[:-1] & ~keep[1:]
    return text_of(np.where(keep, points, np.uint32(SPACE))[keep | first_of_gap]).rstrip(" ")


def text_of(points: NDArray[np.uint32]) -> str:
    """The string of these code points."""
    return points.astype("<u4", copy=False).tobytes().decode("utf-32-le", "surrogatepass")


@cache
def class_table() -> NDArray[np.uint8]:
    """uint8 [0x110000]: whether a code point is kept, as a mark or otherwise, breaks words, or vanishes."""
    classes = np.full(0x110000, BREAK, dtype=np.uint8)
    for point in _ASSIGNED:
        character = chr(point)
        category = unicodedata.category(character)
        if category in _KEPT:
            classes[point] = MARK if unicodedata.combining(character) else KEEP
        elif category == "Cf":
            classes[point] = VANISH
    classes[list(_IGNORABLE)] = VANISH
    classes[list(_MARKS_AT_HEART)] = MARK
    return classes


@cache
def _added() -> NDArray[np.uint8]:
    """uint8 [0x110000]: by how many characters NFKC lengthens a code point."""
    added = np.zeros(0x110000, dtype=np.uint8)
    for point in _ASSIGNED:
        if unicodedata.decomposition(chr(point)).startswith("<"):  # the forms that only compatibility undoes
            added[point] = len(unicodedata.normalize("NFKC", chr(point))) - 1
    return added
