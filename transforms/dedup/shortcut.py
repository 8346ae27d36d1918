"""Folding the short way: one look in a table for each character, where its neighbours cannot matter.

What Unicode's forms make of a character depends on what stands beside it only if it is, or becomes, a mark or the
second half of something composed. A text without such characters is folded one by one, to the same result as the whole
in `transforms.dedup.folding`, at a third of the cost. Of 565 texts of a mixed crawl beyond ASCII 550 are such.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from transforms.dedup.folding import KEEP, MARK, SPACE, class_table, fold, grows, text_of
from transforms.text import code_points

_TABULATED = 0x1FC00  # plane 0, and of what follows the emoji: no other character is met in many pages
_EMOJI = 0x1F000
_NOTHING = 0  # of what vanishes
_LONG = 0xFFFFFFFF  # of what has no single character
_MOST = 8  # different characters of a text that become several: each costs a pass
_LINE = ord("\n")
# Ideographs, Hangul syllables, surrogates and private use: Unicode's forms leave them as they are.
_LEFT_ALONE = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xD800, 0xF8FF))
_JAMO = ((0x1161, 0x1175), (0x11A8, 0x11C2))  # second halves of those syllables


class _Shortcut(NamedTuple):
    """What characters are folded to whose neighbours do not matter."""

    table: NDArray[np.uint32]  # [_TABULATED] the character, SPACE for what is not kept, _NOTHING, or _LONG
    several: dict[str, str]  # of those that are _LONG: what becomes several characters, such as ß


def take_shortcut(text: str) -> str | None:
    """`separate(fold(text))`, or None where it takes the long way."""
    points = code_points(text)
    if not points.size or int(points.max()) >= _TABULATED or grows(points):
        return None
    short = _shortcut()
    folded = short.table.take(points)
    if int(folded.max()) == _LONG:
        found = [chr(point) for point in np.unique(points[folded == _LONG]).tolist()]
        if len(found) > _MOST or not short.several.keys() >= set(found):
            return None
        for character in found:
            text = text.replace(character, short.several[character])
        folded = short.table.take(code_points(text))
    return _separate(folded)


def _separate(folded: NDArray[np.uint32]) -> str:
    """What is kept, one space for each run of what is not, none at the ends."""
    if folded.size and int(folded.min()) == _NOTHING:
        folded = folded[folded != _NOTHING]
    keep = folded > SPACE
    shown = keep.copy()
    shown[1:] |= keep[:-1]
    return text_of(folded[shown]).rstrip(" ")


@cache
def _shortcut() -> _Shortcut:
    """Every character is folded in a line of its own, which nothing composes across. Takes 20 ms, once a process."""
    table = np.where(class_table()[:_TABULATED] >= KEEP, np.arange(_TABULATED, dtype=np.uint32), np.uint32(SPACE))
    asked = np.ones(_TABULATED, dtype=np.bool_)
    asked[_LINE] = False
    for first, last in _LEFT_ALONE:
        asked[first : last + 1] = False
    asked[0x10000:_EMOJI] = False
    table[0x10000:_EMOJI] = _LONG
    points = np.flatnonzero(asked)
    alone = "\n".join(map(chr, points.tolist()))
    folded = fold(alone)
    compatible = unicodedata.normalize("NFKC", alone)
    second = _second_halves(alone)
    bound = np.zeros(points.size, dtype=np.bool_)
    for step in map(code_points, (alone, compatible, compatible.casefold(), folded)):
        bound[_lines(step)[second[step]]] = True
    table[points], several = _tabulate(points, folded, bound)
    return _Shortcut(table, several)


def _tabulate(
    points: NDArray[np.int64], folded: str, bound: NDArray[np.bool_]
) -> tuple[NDArray[np.uint32], dict[str, str]]:
    """What the table has for these characters, of the lines they are folded to, and which are bound to neighbours."""
    forms = code_points(folded)
    shown, line = forms != _LINE, _lines(forms)
    kept = class_table()[forms] >= KEEP
    count, count_kept = (np.bincount(line[which], minlength=points.size) for which in (shown, shown & kept))
    values = np.full(points.size, SPACE, dtype=np.uint32)
    values[count == 0] = _NOTHING
    values[line[kept]] = forms[kept]
    values[bound | ((count > 1) & (count_kept > 0))] = _LONG
    forms_of = folded.split("\n")
    several = {chr(points[place]): forms_of[place] for place in np.flatnonzero((values == _LONG) & ~bound).tolist()}
    return values, several


def _second_halves(alone: str) -> NDArray[np.bool_]:
    """bool [0x110000]: whether a code point is a mark, or stands behind another in what something decomposes to."""
    apart = code_points(unicodedata.normalize("NFD", alone))
    second: NDArray[np.bool_] = class_table() == MARK
    second[apart[1:][(apart[1:] != _LINE) & (apart[:-1] != _LINE)]] = True
    for first, last in _JAMO:
        second[first : last + 1] = True
    return second


def _lines(step: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The number of the line that each character stands in: int64, one a character."""
    return np.cumsum(step == _LINE)
