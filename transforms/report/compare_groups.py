"""Components of duplicates of two outputs: which keep another copy, which became one, which fell apart."""

from __future__ import annotations

from transforms.report.comparison import Groups, Regrouping, Succession
from transforms.report.tables import Tables

_EXAMPLES, _URLS = 5, 3
_KEEPERS = """FROM corpus AS a JOIN other_corpus AS b USING (component_id)
    WHERE a.id <> b.id AND a.duplicate_count > 1 AND b.duplicate_count > 1"""
_SUCCESSIONS = f"""SELECT component_id, a.id, a.url, b.id, b.url {_KEEPERS}
    ORDER BY a.duplicate_count DESC, component_id LIMIT {_EXAMPLES}"""
_COUNT = f"SELECT count(*) {_KEEPERS}"
# The page of a rejected duplicate has no id there: archive and offset name it. Its detail ends with the component.
_MEMBERS = """SELECT warc_file, record_offset, component_id, url FROM {run}corpus {kept}
    UNION ALL SELECT warc_file, record_offset, right(detail, 32), target_uri
        FROM {run}rejections WHERE stage = 'dedup'"""
_WHOLES = f"""WITH whole AS ({_MEMBERS.format(run="{own}", kept="WHERE duplicate_count > 1")}),
        part AS ({_MEMBERS.format(run="{other}", kept="")}),
        found AS (
            SELECT whole.component_id, count(*) AS pages, count(DISTINCT part.component_id) AS parts,
                arg_min(whole.url, whole.url, {_URLS}) AS urls
            FROM whole JOIN part USING (warc_file, record_offset) GROUP BY whole.component_id HAVING parts > 1
        )
    SELECT component_id, pages, parts, urls, count(*) OVER () FROM found
    ORDER BY pages DESC, component_id LIMIT {_EXAMPLES}"""


def compare_groups(tables: Tables) -> Groups:
    """What became of the components."""
    merged = tables.rows(_WHOLES.format(own="other_", other=""))
    split = tables.rows(_WHOLES.format(own="", other="other_"))
    return Groups(
        successions=tables.rows(_COUNT)[0][0],
        succession_examples=tuple(Succession(*row) for row in tables.rows(_SUCCESSIONS)),
        merged=merged[0][4] if merged else 0,
        merged_examples=tuple(Regrouping(name, pages, parts, tuple(urls)) for name, pages, parts, urls, _ in merged),
        split=split[0][4] if split else 0,
        split_examples=tuple(Regrouping(name, pages, parts, tuple(urls)) for name, pages, parts, urls, _ in split),
    )
