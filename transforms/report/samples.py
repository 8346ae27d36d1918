"""Rows by chance, to be read: always the same ones for the same corpus and seed, in whatever order its files lie."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest

from transforms.report.folder import Folder
from transforms.report.pages import READER, reader_page
from transforms.report.queries import naming_mistakes
from transforms.report.rows import fetch_rows
from transforms.report.story import ReaderPage
from transforms.report.tables import Tables, dataset, open_tables
from transforms.schema import CORPUS, arrow_schema

Drawn = tuple[str, str, str]  # hash of seed and id, the id, the shard that holds it


def read_sample(folder: Folder, rows: int, *, seed: int = 0, where: str | None = None) -> tuple[ReaderPage, ...]:
    """So many rows for which the SQL condition `where` holds: those with the smallest MD5 of seed and id.

    Each is as likely as any other, and the first n of a larger sample are the sample of n. Memory: the rows, and one
    row group; their text is read from the row groups that hold them only.

    Raises:
        UsageError: `where` is no condition on the columns.
        InputError: a file cannot be read.
    """
    with open_tables(folder) as tables:
        drawn = nsmallest(rows, _drawn(tables, folder, (rows, seed, where)))
    paths = sorted({path for _, _, path in drawn})
    found = fetch_rows(folder, paths, [row_id for _, row_id, _ in drawn], columns=READER)
    return tuple(reader_page(found[row_id], "at random") for _, row_id, _ in drawn)


def _drawn(tables: Tables, folder: Folder, asked: tuple[int, int, str | None]) -> Iterator[Drawn]:
    rows, seed, where = asked
    query = f"SELECT md5(concat(?, ':', id)) AS place, id FROM corpus WHERE ({where or 'true'}\n) ORDER BY ALL LIMIT ?"
    for path in folder.parquet("corpus"):  # shard by shard, because the text is fetched from those that were drawn
        tables.connection.register("corpus", dataset(folder, [path], arrow_schema(CORPUS)))
        with naming_mistakes("--where", where or ""):
            drawn = tables.rows(query, [seed, rows])
        yield from ((place, row_id, path) for place, row_id in drawn)
