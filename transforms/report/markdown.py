"""Text in Markdown and in its YAML front matter: whatever came from a page is made harmless here."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

from transforms.terminal import clean

_LONGEST = 253  # characters of a name
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&@]|:(?=//)|(?<=www)\.)")
# CommonMark § 2.4: any ASCII punctuation may be escaped. Left as they are: what starts nothing within a line.
_PUNCTUATION = re.compile(r"([!-&(-+./:-@\[-`{-~])")


def escape(text: str, limit: int = _LONGEST) -> str:
    """The text on one line as itself, no character of it as markup, link or HTML.

    >>> print(escape("<b>*x*</b> www.example.org"))
    \\<b\\>\\*x\\*\\<\\/b\\> www\\.example\\.org
    """
    return _PUNCTUATION.sub(r"\\\1", clean(text, limit))


def prose(sentence: str) -> str:
    """A sentence of ours as itself; names in it may be anybody's, and no link is made of them.

    >>> print(prose("no <b> in human_weight: 1 (of 2)."))
    no \\<b\\> in human\\_weight: 1 (of 2).
    """
    return _MARKUP.sub(r"\\\1", sentence)


def code(text: str, limit: int = _LONGEST) -> str:
    """The text as code, also in a cell of a table: no link is made of it, as is of an address elsewhere.

    >>> print(code("a`|b"), code(""))
    `a'\\|b` (none)
    """
    shown = clean(text, limit).replace("`", "'").replace("|", "\\|")
    return f"`{shown}`" if shown else "(none)"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, left: int = 1) -> Iterator[str]:
    """The lines of a table of cells that are Markdown already; the first `left` columns to the left, numbers right."""
    yield _line(head)
    yield _line(["---" if column < left else "---:" for column in range(len(head))])
    yield from map(_line, rows)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def front_matter(entries: dict[str, object]) -> Iterator[str]:
    """The lines of a YAML front matter. Every value is JSON, which YAML includes: `"no"` stays Norwegian."""
    yield "---"
    for key, value in entries.items():
        yield f"{key}: {json.dumps(value, ensure_ascii=False)}"
    yield "---"
