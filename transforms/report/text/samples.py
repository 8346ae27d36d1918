"""Sampled pages, a block each, to be read."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from transforms.report.story import ReaderPage
from transforms.report.text.extremes import facts, kind_of
from transforms.report.text.funnel import NAME
from transforms.terminal import clean, columns, fit

_LINES = 6  # of a text


def sample(page: ReaderPage, width: int) -> str:
    """The text of a page's block, ends with a newline; no line is wider than `width`."""
    return "".join(f"{fit(line, width)}\n" for line in _lines(page, width))


def _lines(page: ReaderPage, width: int) -> Iterator[str]:
    line = page.line
    yield clean(line.url, NAME)
    if title := clean(line.title, NAME):
        yield f"  “{fit(title, width - 4)}”"
    yield f"  {facts(line)}"
    merged = f", stands for {page.duplicate_count:,} pages" if page.duplicate_count > 1 else ""
    yield f"  fetched {clean(page.date, 20) or 'at an unknown time'}, quality {page.quality:.2f}{merged}"
    yield f"  id {clean(line.id, NAME)}"
    for kind, detail in line.evidence:
        yield f"  {kind_of(kind, detail)}"
    for what, names in (("rights", page.rights), ("rules broken", page.rules_failed)):
        if names:
            yield f"  {what}: {', '.join(clean(name, NAME) for name in names)}"
    text = list(islice(_wrapped(page.text, width - 4), _LINES + 1))
    yield from (f"  | {words}" for words in text[:_LINES])
    if page.cut or len(text) > _LINES:
        yield "  | …"


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of a text, cleaned and broken where they reach the width, at a space if there is one; none is empty."""
    for line in text.splitlines():
        rest = clean(line, len(line))
        while columns(rest) > width:
            end = _end(rest, width)
            yield rest[:end].rstrip()
            rest = rest[end:].lstrip()
        if rest:
            yield rest


def _end(text: str, width: int) -> int:
    """How many characters fit; up to the last space, unless that would leave most of the width empty."""
    most = next(end for end in range(min(width, len(text)), 0, -1) if end == 1 or columns(text[:end]) <= width)
    space = text.rfind(" ", 0, most + 1)
    return space if space > most // 2 else most
