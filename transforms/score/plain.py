"""A text reduced to what its words say: no layout, no Markdown, one kind of quote and dash.

Layout gives the class away in labelled data (newlines alone separate some sources with an AUROC of .95) and is lost or
changed by every extractor, so the detector must not see it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from transforms.score.hashing import CHARACTER_CODES, U64
from transforms.text import code_points, unspaced_table

MAX_CHARACTERS = 12_000
"""Only this many characters from the start are read: style is settled by then, and cost stays bounded."""

DROPPED, SPACE, LETTER, DIGIT, IDEOGRAPH, MARK = range(6)
"""Classes of characters: invisible, white space, letter of a word, digit, character that is a word, punctuation."""

_PLANE = 1 << 16
_SYMBOL = 0xFFFD  # stands for every character outside the basic plane: nearly all are emoji

_LINE_START = re.compile(
    r"\n[ \t]*(?:(?:```|~~~)[^\n]{0,40}|[#>|]{1,6}[ \t]*|(?:[-*+•·]|[(]?\d{1,3}[.)])[ \t]+|[-*_=|: \t]{3,200}(?=\n))"
)
_LINK_END = re.compile(r"\](?:\([^()\s]{0,300}\))?")
_SINGLE = {"*": "", "_": "", "`": "", "[": "", "|": " "}
MARKDOWN = re.compile(rf"{_LINE_START.pattern}|[{re.escape(''.join(_SINGLE))}]|{_LINK_END.pattern}")
"""Marks at the start of a line; emphasis and code marks; brackets and target of a link; table bars. Every repeat is
bounded, so the time is linear."""

_ELLIPSIS, _DOTS = "…", "..."
_QUOTES = {"'": "‘’‚‛ʼ＇´`′", '"': "“”„‟«»″＂", "-": "‐‑‒–—―−﹘－─", " ": "　\u00a0\u2007\u202f"}


@dataclass(frozen=True, slots=True)
class Plain:
    """The characters of a text after folding, single spaces between words; all arrays [characters]."""

    folded: NDArray[np.uint16]  # lower case, quotes and dashes unified, digits as "0"
    kind: NDArray[np.uint8]  # class of each character
    upper: NDArray[np.bool_]  # whether it was a capital
    codes: U64  # mixed code of each folded character


@cache
def _tables() -> tuple[NDArray[np.uint16], NDArray[np.uint8], NDArray[np.bool_]]:
    """For every character of the basic plane: what it folds to, its class, whether it is a capital."""
    folded = np.arange(_PLANE, dtype=np.uint16)
    kind = np.full(_PLANE, MARK, dtype=np.uint8)
    upper = np.zeros(_PLANE, dtype=np.bool_)
    for code in range(_PLANE):
        category = unicodedata.category(chr(code))
        if category[0] in "LM":
            lower = chr(code).lower()
            folded[code] = ord(lower[0])
            upper[code] = category in ("Lu", "Lt")
            kind[code] = LETTER
        elif category == "Nd":
            folded[code], kind[code] = ord("0"), DIGIT
        elif category[0] == "Z" or code in (9, 10, 11, 12, 13):
            folded[code], kind[code] = ord(" "), SPACE
        elif category in ("Cc", "Cf"):
            kind[code] = DROPPED
    for plain, variants in _QUOTES.items():
        codes = [ord(variant) for variant in variants]
        folded[codes], kind[codes] = ord(plain), kind[ord(plain)]
    single = unspaced_table()[:_PLANE]
    kind[single & (kind == LETTER)] = IDEOGRAPH
    return folded, kind, upper


def strip_markdown(text: str) -> str:
    """The text without the marks of Markdown, list numbers, and link targets; words and their order stay.

    As if all of `MARKDOWN` were replaced, in a third of the time: no other match holds a line break, which those at
    the start of a line begin with, and a link's end begins with a bracket that no other match holds.
    """
    text = _LINE_START.sub(" ", "\n" + text)
    if "]" in text:
        text = _LINK_END.sub("", text)
    for mark, instead in _SINGLE.items():
        text = text.replace(mark, instead)
    return text


def keep_line_break(match: re.Match[str]) -> str:
    """What stands instead of a match of `MARKDOWN`: a space where words would run together."""
    return " " if match[0][0] in "\n|" else ""


def to_plain(text: str) -> Plain:
    """The first `MAX_CHARACTERS` of a text without layout: the same for any layout of the words."""
    plain, _ = join_plain((text,))
    size = max(plain.kind.size - 1, 0)
    return Plain(plain.folded[:size], plain.kind[:size], plain.upper[:size], plain.codes[:size])


def join_plain(texts: Sequence[str]) -> tuple[Plain, NDArray[np.intp]]:
    """`to_plain` of all these texts end to end, a space behind each that is not empty then.

    And where each begins, and the end: intp [texts + 1].
    """
    stripped = [strip_markdown(text[:MAX_CHARACTERS]) for text in texts]
    code, kind = _classify(" ".join([*stripped, ""]))
    keep = _kept(kind)
    ends = np.cumsum([len(text) + (len(_DOTS) - 1) * text.count(_ELLIPSIS) + 1 for text in stripped])
    begins = np.concatenate(([0], np.cumsum(np.add.reduceat(keep, ends - np.diff(ends, prepend=0), dtype=np.intp))))
    code, kind = code[keep], kind[keep]
    folds, _, uppers = _tables()
    folded = folds.take(code)
    return Plain(folded, kind, uppers.take(code), CHARACTER_CODES.take(folded)), begins


def most_characters(text: str) -> int:
    """How many characters `to_plain` has of a text at the most."""
    return min(len(text), MAX_CHARACTERS) + (len(_DOTS) - 1) * text.count(_ELLIPSIS, 0, MAX_CHARACTERS)


def locate(text: str) -> NDArray[np.intp]:
    """Where each character of `to_plain(text)` stands in the text: intp [characters], ascending.

    The dots of an ellipsis stand in one place. Computed apart from to_plain, whose callers hardly ever ask.
    """
    marked = "\n" + text[:MAX_CHARACTERS]
    keep = np.ones(len(marked), dtype=np.bool_)
    for match in MARKDOWN.finditer(marked):
        keep[match.start() + len(keep_line_break(match)) : match.end()] = False
    places = np.flatnonzero(keep) - 1
    stripped = strip_markdown(text[:MAX_CHARACTERS])
    dots = np.where(code_points(stripped) == ord(_ELLIPSIS), len(_DOTS), 1)
    _, kind = _classify(stripped)
    shown = np.repeat(places, dots)[_kept(kind)]
    return np.asarray(shown[: to_plain(text).kind.size])


def _classify(stripped: str) -> tuple[NDArray[np.uint16], NDArray[np.uint8]]:
    """Each character, those outside the basic plane as `_SYMBOL`, and its class."""
    points = code_points(stripped.replace(_ELLIPSIS, _DOTS))
    if points.size and int(points.max()) >= _PLANE:
        points = np.where(points < _PLANE, points, _SYMBOL)
    code = points.astype(np.uint16)
    return code, _tables()[1].take(code)


def _kept(kind: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Which characters stay: the visible ones, of white space only the first of a run that follows a word."""
    visible = kind != DROPPED
    shown = kind[visible] if not visible.all() else kind
    space = shown == SPACE
    keep = np.ones(shown.size, dtype=np.bool_)
    keep[1:] = ~(space[1:] & space[:-1])
    keep[:1] = ~space[:1]
    if shown is kind:
        return keep
    visible[visible] = keep
    return np.asarray(visible)
