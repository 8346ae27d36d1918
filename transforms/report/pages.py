"""Single pages of a corpus: how a row becomes a line, and which rows stand at the ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from transforms.report.languages import rounded
from transforms.report.story import PageLine
from transforms.report.tables import Tables

LINE = "id, url, title, language, token_count, human_probability, human_weight, detector_score, evidence"
"""SQL: the columns of a line, in the order of its fields."""

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


def page_line(row: Sequence[Any]) -> PageLine:
    """A line of the columns `LINE`."""
    row_id, url, title, language, tokens, probability, weight, score, evidence = row
    signs = tuple((str(sign["kind"]), str(sign["detail"])) for sign in evidence)
    return PageLine(row_id, url, title, language, tokens, rounded(probability), round(weight, 6), rounded(score), signs)
