"""What deduplication merged: how much, and the largest components with the pages they stand for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from transforms.original import LABEL
from transforms.rejection import Reason
from transforms.report.pages import LINE, page_line
from transforms.report.story import Component, Duplicates, EarlierCorpus
from transforms.report.tables import Tables

_COUNTS = "SELECT count(*), coalesce(sum(duplicate_count) - count(*), 0) FROM corpus WHERE duplicate_count > 1"
_LARGEST = f"""
    SELECT component_id, duplicate_count, {LINE} FROM corpus
    WHERE duplicate_count > 1 ORDER BY duplicate_count DESC, id LIMIT ?
"""
_EARLIER = r"""
    SELECT regexp_extract(detail, '^earlier=([0-9a-f]+) ', 1), count(*)
    FROM rejections WHERE stage = 'dedup' AND starts_with(detail, 'earlier=') GROUP BY ALL
"""
_OTHERS = f"""
    SELECT component, target_uri, reason FROM (
        SELECT regexp_extract(detail, ' component=([0-9a-f]+)$', 1) AS component, target_uri, reason
        FROM rejections WHERE reason IN ('{Reason.DUPLICATE_EXACT}', '{Reason.DUPLICATE_NEAR}')
    ) WHERE list_contains(?, component)
    QUALIFY row_number() OVER (PARTITION BY component ORDER BY target_uri, reason) <= ?
    ORDER BY component, target_uri, reason
"""


def read_duplicates(tables: Tables, *, components: int, others: int, against: Sequence[str] = ()) -> Duplicates:
    """The sums, and this many of the largest components with at most so many of their other pages.

    `against`: the heads of the earlier corpora; each is told, also if no page was dropped for it.
    """
    (several, merged), *_ = tables.rows(_COUNTS)
    largest = tables.rows(_LARGEST, [components])
    dropped = dict(tables.rows(_EARLIER)) if against else {}
    pages = _others(tables, [component for component, *_ in largest], others) if largest else {}
    return Duplicates(
        several,
        int(merged),
        tuple(
            Component(component, page_line(line), count, tuple(pages.get(component, ())))
            for component, count, *line in largest
        ),
        earlier=tuple(EarlierCorpus(head, int(dropped.get(head[:LABEL], 0))) for head in against),
    )


def _others(tables: Tables, components: Sequence[str], limit: int) -> dict[str, list[tuple[str, str]]]:
    pages: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for component, url, reason in tables.rows(_OTHERS, [list(components), limit]):
        pages[component].append((url, reason))
    return pages
