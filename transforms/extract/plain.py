"""Plain text: normalised, without what no column should hold."""

from __future__ import annotations

import re
import unicodedata

_LINE_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# C0 and C1 controls but tab and newline, lone surrogates, U+FEFF (in text a leftover byte order mark), noncharacters.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]")
# C2PA text manifests are runs of variation selectors, thousands long; emoji and ideographs take one each.
_SELECTOR_RUN = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]{4,}")
# Of all these at least one character: few texts have any, and to look once takes a third of looking thrice.
_ODD = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufffe\uffff"
    "\U000e0100-\U000e01ef]"
)
_BLANK_LINES = re.compile(r"\n{3,}")


def normalise(text: str) -> str:
    """NFC without control characters but newline and tab, no trailing spaces, at most one blank line in a row.

    >>> normalise("e\\u0301\\r\\n\\r\\n\\r\\n\\x00b ")
    'é\\n\\nb'
    """
    if _ODD.search(text):
        text = _LINE_BREAKS.sub("\n", text)
        text = _SELECTOR_RUN.sub("", _UNWANTED.sub("", text))
    # Line by line: `\s+$` as a pattern is quadratic in a run of spaces, and a hostile page has 10⁶ of them.
    text = "\n".join(part.rstrip() for part in unicodedata.normalize("NFC", text).split("\n"))
    return (_BLANK_LINES.sub("\n\n", text) if "\n\n\n" in text else text).strip()


def line(text: str, *, limit: int) -> str:
    """Normalised text on one line, at most `limit` characters."""
    return " ".join(normalise(text[: 4 * limit]).split())[:limit].rstrip()
