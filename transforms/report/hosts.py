"""The hosts of a corpus: who wrote how much of it."""

from __future__ import annotations

from transforms.report.languages import rounded
from transforms.report.story import HostFigures
from transforms.report.tables import Tables

HOST = r"""lower(regexp_extract(url, '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#]*@)?(\[[^\]/?#]*\]|[^/?#:]*)', 1))"""
"""SQL: the host of `url` in lower case without user and port (RFC 3986 §3.2), "" if it has none; an IPv6 address keeps
its brackets. A regular expression of RE2: linear in the length of the URL."""

_BY_HOST = f"""
    SELECT host, count(*), sum(n), fsum(n * p) / nullif(sum(n) FILTER (p IS NOT NULL), 0), fsum(n * w)
    FROM (
        SELECT {HOST} AS host, token_count AS n, human_probability::DOUBLE AS p, human_weight::DOUBLE AS w FROM corpus
    )
    GROUP BY host
"""


def read_hosts(tables: Tables, limit: int) -> tuple[int, tuple[HostFigures, ...]]:
    """The number of different hosts and those with the most pages; of equals the first by name."""
    found = tables.rows(
        f"SELECT *, count(*) OVER () FROM ({_BY_HOST}) hosts(host, pages, tokens, probability, weighted) "
        "ORDER BY pages DESC, host LIMIT ?",
        [limit],
    )
    return (found[0][-1] if found else 0), tuple(_figures(*row[:-1]) for row in found)


def _figures(host: str, pages: int, tokens: int, probability: float | None, weighted: float) -> HostFigures:
    return HostFigures(
        host, pages, int(tokens), rounded(probability), round(weighted / int(tokens), 6) if tokens else None
    )
