"""The component of a page: who else is in it, and why the keeper is the best copy by the order of the keeper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import numpy as np

from pipeline.why.run import Run
from pipeline.why.story import Capture, Copies, Copy
from transforms.dedup.signature import estimate_jaccard
from transforms.rejection import Reason
from transforms.report.rows import Row
from transforms.report.tables import open_tables
from transforms.write.rows import page_id

MOST_COPIES = 10

_DETAIL = re.compile(r"keeper=([0-9a-f]{32}) component=([0-9a-f]{32})")  # as transforms.write.shards writes it
_UNDATED = "~"  # sorts after every date, as in transforms.dedup.keeper
_OF_COMPONENT = """SELECT target_uri, warc_file, record_offset, reason FROM rejections
    WHERE stage = 'dedup' AND ends_with(detail, ?) ORDER BY target_uri, warc_file, record_offset LIMIT ?"""
_KEPT = ("url", "date", "quality", "text_digest", "warc_file", "record_offset", "duplicate_count", "human_weight")
_DOCUMENT = ("date", "quality", "text_digest", "signature")


def names_in(detail: str) -> tuple[str, str] | None:
    """Ids of keeper and component in the detail of a duplicate's rejection, None if they are not in it."""
    found = _DETAIL.fullmatch(detail)
    return (found[1], found[2]) if found else None


def copies_of(run: Run, page: Capture, row: Row | None) -> Copies | None:
    """The component of a page; None if it has no copy. `row`: that of the corpus, None for a rejected page."""
    if row is not None:
        if cast(int, row["duplicate_count"]) < 2:
            return None
        return _describe(run, page, page.id, str(row["component_id"]), row)
    names = names_in(page.detail)
    if names is None:
        return None
    keeper = run.corpus_rows([names[0]], columns=_KEPT).get(names[0])
    return None if keeper is None else _describe(run, page, *names, keeper)


def _describe(run: Run, page: Capture, keeper_id: str, component_id: str, keeper: Row) -> Copies:
    others = {each.id: each for each in _members(run, page, component_id)}
    place = (str(keeper["warc_file"]), cast(int, keeper["record_offset"]))
    places = {keeper_id: place} | {each.id: (each.warc_file, each.record_offset) for each in others.values()}
    documents = run.documents_rows(places, columns=_DOCUMENT)
    signatures = {name: np.frombuffer(cast(bytes, row["signature"]), "<u4") for name, row in documents.items()}
    best = Copy(keeper_id, str(keeper["url"]), str(keeper["date"]), _real(keeper["quality"]), None, True, True)
    told = tuple(_copy(each, keeper_id, documents, signatures) for each in others.values())
    return Copies(
        component_id=component_id,
        pages=cast(int, keeper["duplicate_count"]),
        keeper=best,
        others=told,
        decided_by=_decided_by(best, told[:1] if page.reason else told),
        threshold=run.config.dedup.threshold,
        hashes=next((signature.size for signature in signatures.values()), 0),
        keeper_weight=_real(keeper["human_weight"]),
    )


def _members(run: Run, page: Capture, component_id: str) -> Iterator[Capture]:
    """The pages of a component that were not kept, the one asked for first."""
    if page.reason:
        yield page
    with open_tables(run.folder) as tables:
        for uri, name, offset, reason in tables.rows(_OF_COMPONENT, [f"component={component_id}", MOST_COPIES]):
            place = (str(name), cast(int, offset))
            yield Capture(page_id(*place), str(uri), *place, "", "", "dedup", str(reason))


def _copy(
    page: Capture,
    keeper_id: str,
    documents: Mapping[str, Row],
    signatures: Mapping[str, np.ndarray[tuple[int], np.dtype[np.uint32]]],
) -> Copy:
    row = documents.get(page.id)
    pair = [signatures[name] for name in (page.id, keeper_id) if name in signatures]
    return Copy(
        id=page.id,
        url=page.url,
        date=None if row is None else str(row["date"]),
        quality=None if row is None else _real(row["quality"]),
        jaccard=float(estimate_jaccard(*pair)) if len(pair) == 2 else None,
        same_text=page.reason == Reason.DUPLICATE_EXACT,
        kept=False,
    )


def _decided_by(keeper: Copy, others: Sequence[Copy]) -> str:
    """What comes first in the order of copies in which the keeper differs from the next best copy at hand."""
    known = [copy for copy in others if copy.date is not None]
    if not known:
        return ""
    best, next_best = _order(keeper), min(map(_order, known))
    names = ("date", "quality", "id")
    return next((name for name, a, b in zip(names, best, next_best, strict=True) if a != b), "")


def _order(copy: Copy) -> tuple[str, float, str]:
    return copy.date or _UNDATED, -(copy.quality or 0.0), copy.id


def _real(value: object) -> float:
    return float(cast(float, value))
