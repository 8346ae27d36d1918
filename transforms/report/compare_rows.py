"""Rows of two outputs, matched by id: which are in one only and why, and what changed in the others."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.probability import CHATBOT_EPOCH
from transforms.rejection import Reason
from transforms.report.comparison import (
    CAUSES,
    EDGES,
    EVIDENCE,
    FIRST_SEEN,
    LIFT,
    PRIOR,
    SCORE,
    TEXT,
    Absent,
    Example,
    Move,
    Rows,
    Spread,
)
from transforms.report.tables import Tables
from transforms.schema import CORPUS

NOT_READ, NO_RECORD = "not read", "no record"
"""Reasons for which one run has no word of a row of the other: its archive was not read, or not this part of it."""

_MOVED, _EXAMPLES = 10, 3
_LEFT_OUT = ("text", "config_digest")  # text_digest tells of the one, the manifests of the other
_COMPARED = [column.name for column in CORPUS if column.name not in _LEFT_OUT and column.name != "id"]
_PAIRS = "corpus AS a JOIN other_corpus AS b USING (id)"
_CAUSE = f"""CASE
    WHEN a.human_weight = b.human_weight AND a.human_probability IS NOT DISTINCT FROM b.human_probability THEN ''
    WHEN (a.text_digest, a.token_count, a.language, a.language_script)
        <> (b.text_digest, b.token_count, b.language, b.language_script) THEN '{TEXT}'
    WHEN a.detector_score IS DISTINCT FROM b.detector_score OR a.abstain_reason <> b.abstain_reason THEN '{SCORE}'
    WHEN a.evidence <> b.evidence THEN '{EVIDENCE}'
    WHEN (a.first_seen BETWEEN '0' AND '{CHATBOT_EPOCH}') <> (b.first_seen BETWEEN '0' AND '{CHATBOT_EPOCH}')
        THEN '{FIRST_SEEN}'
    WHEN a.human_probability IS DISTINCT FROM b.human_probability THEN '{PRIOR}'
    ELSE '{LIFT}' END"""
_MOST = f"""SELECT a.id, a.url, a.language, a.human_probability, b.human_probability, a.human_weight, b.human_weight,
        {_CAUSE} AS cause
    FROM {_PAIRS} WHERE cause <> ''
    ORDER BY abs(b.human_weight - a.human_weight) DESC,
        abs(coalesce(b.human_probability, 0) - coalesce(a.human_probability, 0)) DESC, id LIMIT {_MOVED}"""
_CAUSES = f"SELECT {_CAUSE} AS cause, count(*) FROM {_PAIRS} GROUP BY cause"
_ABSENT = f"""WITH absent AS (
        SELECT id, url, warc_file, record_offset FROM {{own}}corpus ANTI JOIN {{other}}corpus USING (id)
    )
    SELECT coalesce(r.stage, '') AS stage,
        coalesce(r.reason, if(list_contains(?, warc_file), '{NO_RECORD}', '{NOT_READ}')) AS why,
        if(r.reason IN ('{Reason.QUALITY}', '{Reason.LANGUAGE}'), regexp_extract(r.detail, '^[^=,]+'), '') AS rule,
        count(*) AS rows,
        arg_min({{{{'id': id, 'url': url, 'detail': coalesce(r.detail, '')}}}}, id, {_EXAMPLES})
    FROM absent LEFT JOIN (SELECT * FROM {{other}}rejections WHERE record_type = 'response') AS r
        USING (warc_file, record_offset)
    GROUP BY ALL ORDER BY rows DESC, stage, why, rule"""
_RENAMED = f"""WITH
        gone AS (SELECT DISTINCT url FROM corpus ANTI JOIN other_corpus USING (id) WHERE url <> ''),
        new AS (SELECT DISTINCT url FROM other_corpus ANTI JOIN corpus USING (id) WHERE url <> '')
    SELECT count(*), arg_min(url, url, {_EXAMPLES}) FROM gone JOIN new USING (url)"""


def compare_rows(tables: Tables, first: Sequence[str], second: Sequence[str]) -> Rows:
    """What became of the rows; `first` and `second` are the archives that each run read, by short name."""
    causes = dict(tables.rows(_CAUSES))
    (renamed, examples), *_ = tables.rows(_RENAMED)
    return Rows(
        both=sum(causes.values()),
        only_first=_absent(tables, "", "other_", second),
        only_second=_absent(tables, "other_", "", first),
        renamed=renamed,
        renamed_examples=tuple(examples or ()),
        columns=_columns(tables),
        weights=_spread(tables, "human_weight"),
        probabilities=_spread(tables, "human_probability"),
        causes=tuple((cause, causes[cause]) for cause in CAUSES if cause in causes),
        moved=tuple(
            Move(page_id, url, language, (p, other_p), (weight, other_weight), cause)
            for page_id, url, language, p, other_p, weight, other_weight, cause in tables.rows(_MOST)
        ),
    )


def _absent(tables: Tables, own: str, other: str, archives: Sequence[str]) -> tuple[Absent, ...]:
    rows = tables.rows(_ABSENT.format(own=own, other=other), [list(archives)])
    return tuple(
        Absent(stage, reason, rule, count, tuple(Example(**each) for each in examples))
        for stage, reason, rule, count, examples in rows
    )


def _columns(tables: Tables) -> tuple[tuple[str, int], ...]:
    differ = ", ".join(f"count(*) FILTER (a.{name} IS DISTINCT FROM b.{name})" for name in _COMPARED)
    counts = tables.rows(f"SELECT {differ} FROM {_PAIRS}")[0]
    found = [(name, count) for name, count in zip(_COMPARED, counts, strict=True) if count]
    return tuple(sorted(found, key=lambda entry: (-entry[1], entry[0])))


def _spread(tables: Tables, column: str) -> Spread:
    """Bins count from the lowest: below −EDGES[-1] is 0, no change is in the middle."""
    size = " + ".join(f"CAST(abs(change) >= {edge} AS INTEGER)" for edge in EDGES)
    sql = f"""SELECT CAST(sign(change) * (1 + {size}) AS INTEGER) AS bin, count(*) FROM (
            SELECT CAST(b.{column} AS DOUBLE) - CAST(a.{column} AS DOUBLE) AS change FROM {_PAIRS}
        ) WHERE change IS NOT NULL GROUP BY bin"""
    counts = dict(tables.rows(sql))
    most = len(EDGES) + 1
    return Spread(tuple(counts.get(place, 0) for place in range(-most, most + 1)))
