"""Text for a terminal: made harmless, measured in columns, set in tables. What pages say is never trusted here."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import accumulate

_REMOVED = {"Cc", "Cf", "Cs", "Co", "Cn"}
"""Unicode categories that command a terminal (ESC, C1 controls), reorder or hide text (bidi overrides, zero-width
characters) or show as nothing. The joiners of Persian and Indic scripts go with them; the words stay readable."""


def clean(text: str, limit: int) -> str:
    """At most `limit` characters of `text` on one line, without any that could act on a terminal.

    >>> clean("\\x1b[31mred\\u202e\\ntitle", 60)
    '[31mred title'
    """
    words = " ".join(text[: 4 * limit].split())  # line and paragraph separators are spaces
    if not words.isprintable():  # most texts are, and asking is 30 times as fast as looking at every character
        words = " ".join("".join(c for c in words if unicodedata.category(c) not in _REMOVED).split())
    return words[:limit]


def shown(text: str) -> str:
    """All of `text` on one line, with escapes for what could act on a terminal: the file of that name can be found.

    >>> shown("a\\x1b[2J\\u202e\\n.warc.gz")
    'a\\\\x1b[2J\\\\u202e\\\\n.warc.gz'
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def columns(text: str) -> int:
    """How many columns a terminal needs for cleaned text: 2 for a wide character, 0 for a combining mark.

    >>> columns("añb"), columns("漢字")
    (3, 4)
    """
    return sum(map(_columns, text))


def fit(text: str, width: int) -> str:
    """The text if it needs at most `width` columns, else its beginning and an ellipsis; `width` is at least 1.

    >>> fit("abcdef", 6), fit("abcdef", 5), fit("漢字漢字", 6)
    ('abcdef', 'abcd…', '漢字…')
    """
    if columns(text) <= width:
        return text
    return text[: sum(end < width for end in accumulate(map(_columns, text)))] + "…"


def table(rows: Sequence[Sequence[str]], *, left: int, width: int) -> list[str]:
    """Lines of a table at most `width` columns wide, indented by two; the first row is the heading.

    The first `left` columns are aligned to the left, the others, numbers, to the right. What is too wide is taken from
    the first column.
    """
    widths = [max(columns(cell) for cell in cells) for cells in zip(*rows, strict=True)]
    widths[0] = max(min(widths[0], width - 2 - sum(widths[1:]) - 2 * (len(widths) - 1)), 1)
    return [_line(row, widths, left) for row in rows]


def _line(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    cells = [fit(cell, width) for cell, width in zip(row, widths, strict=True)]
    pads = [" " * (width - columns(cell)) for cell, width in zip(cells, widths, strict=True)]
    aligned = (cell + pad if i < left else pad + cell for i, (cell, pad) in enumerate(zip(cells, pads, strict=True)))
    return ("  " + "  ".join(aligned)).rstrip()


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
