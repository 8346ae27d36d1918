"""Sources by domain, as the European template for the public summary of training content asks for them.

Article 53(1)(d) of Regulation (EU) 2024/1689; the Commission's template of July 2025, section on data crawled and
scraped: the domains of the top 10 % by size of the content, or the top 5 % or 1,000, whichever is less, for small and
medium enterprises; the period of collection; what kind of content. Size is counted in tokens: bytes of text would make
other scripts than the Latin look two or three times as large.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import cast

import pyarrow as pa

from transforms.report.domains import registrable
from transforms.report.folder import Folder
from transforms.report.glimpse import Glimpse
from transforms.report.hosts import HOST
from transforms.report.shards import naming_output
from transforms.report.tables import Tables, open_tables
from transforms.terminal import clean

MOST = 10_000  # domains that are listed without being asked for all: about 1 MB
SAMPLED = "sampled"  # stands where all rows would have to be read
LICENCE = "license:"  # begins the rights signals that are licences; the others are opt-outs

TOP_SHARE = 0.10  # of the domains, by size of their content
SMALL_SHARE, SMALL_MOST = 0.05, 1000

_LANGUAGES = 5  # of a domain that are named
_MAX_NAME = 253  # characters of a name in the DNS, RFC 1035 § 2.3.4; what is longer is none
_FORMULAS = tuple("=+-@＝＋－＠")  # at the start of a cell they make spreadsheets calculate, some in full width, too

_PIECES = f"""
    CREATE OR REPLACE TEMP TABLE source_pieces AS
    SELECT {HOST} AS host, language, dump, count(*) AS pages, sum(token_count) AS tokens, sum(record_length) AS bytes,
           min(nullif(date, '')) AS first, max(date) AS last
    FROM corpus GROUP BY ALL
"""
_HOSTS = """
    CREATE OR REPLACE TEMP TABLE source_hosts AS
    SELECT host, registrable(host) AS domain FROM (SELECT DISTINCT host FROM source_pieces)
"""
_SIGNALS = f"""
    CREATE OR REPLACE TEMP TABLE source_signals AS
    SELECT host, signal, count(*) AS pages
    FROM (SELECT {HOST} AS host, unnest(list_distinct(rights)) AS signal FROM corpus WHERE len(rights) > 0)
    GROUP BY ALL
"""
_DOMAINS = """
    CREATE OR REPLACE TEMP TABLE source_domains AS
    SELECT domain, count(DISTINCT host) AS hosts, sum(pages) AS pages, sum(tokens) AS tokens, sum(bytes) AS bytes,
           coalesce(min(first), '') AS first, max(last) AS last
    FROM source_pieces JOIN source_hosts USING (host) GROUP BY domain
"""
_TOTAL = """
    SELECT count(*), coalesce(sum(pages), 0), coalesce(sum(tokens), 0), coalesce(sum(bytes), 0),
           coalesce(min(nullif(first, '')), ''), coalesce(max(last), '')
    FROM source_domains
"""
_TOP = "SELECT * FROM source_domains ORDER BY tokens DESC, domain LIMIT ?"
_BY_DOMAIN = """
    WITH top AS (SELECT domain FROM source_domains ORDER BY tokens DESC, domain LIMIT ?)
    SELECT domain, {name}, sum(pages) FROM {table} JOIN source_hosts USING (host) JOIN top USING (domain)
    GROUP BY ALL ORDER BY domain, sum(pages) DESC, {name}
"""
_DETAILS = (("source_pieces", "language"), ("source_signals", "signal"))
_DUMPS = "SELECT dump, sum(pages) FROM source_pieces GROUP BY dump ORDER BY dump"


@dataclass(frozen=True, slots=True)
class Source:
    """The pages of one registrable domain; "" stands for URLs without a host."""

    domain: str
    hosts: int
    pages: int
    tokens: int
    archive_bytes: int  # of the records in the archives, compressed where these are
    first: str  # earliest fetch, ISO 8601, "" if no page is dated
    last: str  # latest
    languages: tuple[tuple[str, int], ...]  # and pages, most pages first
    opt_outs: tuple[tuple[str, int], ...]  # rights signals and pages
    licences: tuple[tuple[str, int], ...]  # licences declared and pages


@dataclass(frozen=True, slots=True)
class Sources:
    """The domains of the rows that were read."""

    domains: int  # number of different ones
    pages: int
    tokens: int
    archive_bytes: int
    first: str
    last: str
    dumps: tuple[tuple[str, int], ...]  # Common Crawl snapshots and pages, by name; "" is anything else
    listed: tuple[Source, ...]  # largest first
    of_rows: int | None = None  # rows of the corpus, if only some of them were read; None if `pages` are all

    @property
    def partial(self) -> bool:
        """Whether these are the sources of a sample: which domains have to be listed is then not known."""
        return self.of_rows is not None and self.pages < self.of_rows

    @property
    def top(self) -> int:
        """How many domains the top 10 % are."""
        return math.ceil(TOP_SHARE * self.domains)

    @property
    def top_small(self) -> int:
        """How many a small or medium enterprise has to list."""
        return min(math.ceil(SMALL_SHARE * self.domains), SMALL_MOST)


def sources_of(
    folder: Folder, *, glimpse: Glimpse | None = None, rows: pa.Table | None = None, most: int | None = MOST
) -> Sources:
    """The sources of an output, of all its rows or of those that a glimpse saw; `rows`: all, if they are read already.

    Raises:
        InputError: a file cannot be read.
    """
    corpus = rows if glimpse is None else glimpse.rows
    with naming_output(folder.root), open_tables(folder, corpus=corpus, rejections=()) as tables:
        found = read_sources(tables, most=most)
    return found if glimpse is None else replace(found, of_rows=max(glimpse.of_rows, found.pages))


def read_sources(tables: Tables, *, most: int | None = MOST) -> Sources:
    """The sources of the rows of the tables' corpus, the `most` largest of them, or all.

    Memory: that of the tables, and the sources that are listed.
    """
    connection = tables.connection
    connection.create_function("registrable", registrable, ["VARCHAR"], "VARCHAR")
    try:
        for statement in (_PIECES, _HOSTS, _SIGNALS, _DOMAINS):
            connection.execute(statement)
    finally:
        connection.remove_function("registrable")
    domains, *figures = cast("tuple[int, int, int, int, str, str]", tables.rows(_TOTAL)[0])
    limit = domains if most is None else most
    languages, signals = (_by_domain(tables, limit, *names) for names in _DETAILS)
    listed = [
        _source(cast("tuple[str, int, int, int, int, str, str]", row), languages, signals)
        for row in tables.rows(_TOP, [limit])
    ]
    dumps = cast("list[tuple[str, int]]", tables.rows(_DUMPS))
    pages, tokens, size, first, last = cast("tuple[int, int, int, str, str]", tuple(figures))
    return Sources(domains, pages, tokens, size, first, last, tuple(dumps), tuple(listed))


Pairs = tuple[tuple[str, int], ...]


def _by_domain(tables: Tables, limit: int, table: str, name: str) -> dict[str, Pairs]:
    rows = cast("list[tuple[str, str, int]]", tables.rows(_BY_DOMAIN.format(table=table, name=name), [limit]))
    found: dict[str, Pairs] = {}
    for domain, value, pages in rows:
        found[domain] = (*found.get(domain, ()), (value, pages))
    return found


def _source(
    row: tuple[str, int, int, int, int, str, str], languages: dict[str, Pairs], signals: dict[str, Pairs]
) -> Source:
    domain, hosts, pages, tokens, size, first, last = row
    found = signals.get(domain, ())
    return Source(
        domain=domain,
        hosts=hosts,
        pages=pages,
        tokens=tokens,
        archive_bytes=size,
        first=first,
        last=last,
        languages=languages[domain],
        opt_outs=tuple(pair for pair in found if not is_licence(pair[0])),
        licences=tuple(pair for pair in found if is_licence(pair[0])),
    )


def is_licence(signal: str) -> bool:
    """Whether a rights signal is a licence; it is an opt-out otherwise."""
    return signal.startswith(LICENCE)


_COLUMNS = (
    "rank", "domain", "hosts", "pages", "tokens", "archive_bytes", "token_share", "top_10_percent",
    "top_for_small_enterprises", "first_fetched", "last_fetched", "languages", "opt_outs", "licences", "rows_read",
    "of_rows",
)  # fmt: skip


def sources_csv(sources: Sources) -> bytes:
    """The listed sources as CSV (RFC 4180, UTF-8), the largest first; shares are of the tokens of all rows read.

    Every line says of how many rows they are. What was counted on a sample cannot say which domains are to be listed.

    A cell that a spreadsheet would take for a formula begins with an apostrophe. No name holds a semicolon, which many
    spreadsheets take for the end of a cell.
    """
    lines = io.StringIO()
    writer = csv.writer(lines)
    writer.writerow(_COLUMNS)
    for rank, source in enumerate(sources.listed, 1):
        writer.writerow(map(_cell, _line(rank, source, sources)))
    return lines.getvalue().encode()


def _line(rank: int, source: Source, sources: Sources) -> Sequence[object]:
    return (
        rank,
        _name(source.domain),
        source.hosts,
        source.pages,
        source.tokens,
        source.archive_bytes,
        f"{source.tokens / sources.tokens if sources.tokens else 0:.6f}",
        _mark(rank, sources.top, sources),
        _mark(rank, sources.top_small, sources),
        _name(source.first[:10]),
        _name(source.last[:10]),
        " ".join(_name(language) for language, _ in source.languages[:_LANGUAGES]),
        _counted(source.opt_outs),
        _counted(source.licences),
        sources.pages,
        sources.of_rows if sources.of_rows is not None else sources.pages,
    )


def _mark(rank: int, top: int, sources: Sources) -> str:
    if sources.partial:
        return SAMPLED
    return "yes" if rank <= top else "no"


def _counted(pairs: Iterable[tuple[str, int]]) -> str:
    return "; ".join(f"{_name(name)} {pages}" for name, pages in pairs)


def _name(text: str) -> str:
    return clean(text, _MAX_NAME).replace(";", ",")


def _cell(value: object) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULAS) else text
