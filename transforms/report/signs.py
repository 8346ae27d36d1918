"""How many pages carry a sign: evidence, rights signals, rules they break, reasons why the detector is silent."""

from __future__ import annotations

from transforms.report.tables import Tables

Counts = tuple[tuple[str, int], ...]

_RANKED = "SELECT sign, count(*) FROM ({signs}) signs(sign) GROUP BY sign ORDER BY count(*) DESC, sign"


def read_evidence(tables: Tables) -> Counts:
    """Kinds of evidence and the pages that show them, most pages first."""
    return _ranked(
        tables,
        "SELECT kind FROM (SELECT DISTINCT s.kind AS kind, id FROM (SELECT id, unnest(evidence) AS s FROM corpus))",
    )


def read_names(tables: Tables, column: str) -> Counts:
    """The names in a column of lists of ours, and the pages that have them, most pages first."""
    return _ranked(tables, f"SELECT unnest(list_distinct({column})) FROM corpus")


def read_abstentions(tables: Tables) -> Counts:
    """Why the detector gave no opinion, and on how many pages, most pages first."""
    return _ranked(tables, "SELECT abstain_reason FROM corpus WHERE abstain_reason <> ''")


def _ranked(tables: Tables, signs: str) -> Counts:
    return tuple((sign, pages) for sign, pages in tables.rows(_RANKED.format(signs=signs)))
