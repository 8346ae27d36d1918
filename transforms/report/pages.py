"""Single pages of a corpus: how a row becomes a line, and which rows stand at the ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.report.languages import rounded
from transforms.report.rows import Row
from transforms.report.story import PageLine, ReaderPage
from transforms.report.tables import Tables

LINE = "id, url, title, language, token_count, human_probability, human_weight, detector_score, evidence"
"""SQL: the columns of a line, in the order of its fields."""

MOST_CHARACTERS = 4_000
"""Of the text of a page to be read."""

READER = (*LINE.split(", "), "date", "quality", "rules_failed", "rights", "duplicate_count", "text")
"""The columns of a page to be read."""

_BY_CHANCE = f"SELECT {LINE} FROM corpus ORDER BY md5(concat(?, ':', id)), id LIMIT ?"
_MOST_HUMAN = f"""
    SELECT {LINE} FROM corpus WHERE human_probability IS NOT NULL
    ORDER BY human_probability DESC, detector_score, id LIMIT ?
"""
_MOST_MACHINE = f"""
    SELECT {LINE} FROM corpus WHERE human_probability IS NOT NULL
    ORDER BY human_probability, detector_score DESC, id LIMIT ?
"""


def read_ends(tables: Tables, limit: int) -> tuple[tuple[PageLine, ...], tuple[PageLine, ...]]:
    """The most human and the most machine-like pages, by probability, then by score; abstentions are neither."""
    human, machine = (tables.rows(query, [limit]) for query in (_MOST_HUMAN, _MOST_MACHINE))
    return tuple(page_line(row) for row in human), tuple(page_line(row) for row in machine)


def read_by_chance(tables: Tables, limit: int, *, seed: int) -> tuple[PageLine, ...]:
    """Pages by chance, those with the smallest MD5 of seed and id: always the same, each as likely as any other."""
    return tuple(page_line(row) for row in tables.rows(_BY_CHANCE, [seed, limit]))


def page_line(row: Sequence[Any]) -> PageLine:
    """A line of the columns `LINE`."""
    row_id, url, title, language, tokens, probability, weight, score, evidence = row
    signs = tuple((str(sign["kind"]), str(sign["detail"])) for sign in evidence)
    return PageLine(row_id, url, title, language, tokens, rounded(probability), round(weight, 6), rounded(score), signs)


def reader_page(row: Row, why: str) -> ReaderPage:
    """A page to be read of a row with the columns `READER`, without marks."""
    text = str(row["text"])
    return ReaderPage(
        line=page_line([row[name] for name in LINE.split(", ")]),
        why_here=why,
        date=str(row["date"]),
        quality=round(float(str(row["quality"])), 6),
        rules_failed=_names(row["rules_failed"]),
        rights=_names(row["rights"]),
        duplicate_count=int(str(row["duplicate_count"])),
        text=text[:MOST_CHARACTERS],
        cut=len(text) > MOST_CHARACTERS,
        highlights=(),
    )


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else ()
