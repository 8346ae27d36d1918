"""The component of a page: who else is in it, and why the keeper is the best copy by the order of the keeper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import cast

import numpy as np

from pipeline.why.run import Run
from pipeline.why.story import Capture, Copies, Copy
from transforms.dedup.signature import estimate_jaccard
from transforms.original import Original
from transforms.rejection import Reason
from transforms.report.rows import Row
from transforms.report.tables import open_tables
from transforms.write.rows import page_id

MOST_COPIES = 10

_UNDATED = "~"  # sorts after every date, as in transforms.dedup.keeper
_OF_COMPONENT = """SELECT target_uri, warc_file, record_offset, reason FROM rejections
    WHERE stage = 'dedup' AND ends_with(detail, ?) ORDER BY target_uri, warc_file, record_offset LIMIT ?"""
_DROPPED = "SELECT count(*) FROM rejections WHERE stage = 'dedup' AND ends_with(detail, ?)"
_KEPT = ("url", "date", "quality", "text_digest", "warc_file", "record_offset", "duplicate_count", "human_weight")
_DOCUMENT = ("date", "quality", "text_digest", "signature")


def copies_of(run: Run, page: Capture, row: Row | None) -> Copies | None:
    """The component of a page; None if it has no copy. `row`: that of the corpus, None for a rejected page."""
    if row is not None:
        if cast(int, row["duplicate_count"]) < 2:
            return None
        return _describe(run, page, page.id, str(row["component_id"]), row, run)
    original = Original.of(page.detail)
    if original is None:
        return None
    holder = run.earlier_run(original.earlier) if original.earlier else run
    keeper = None if holder is None else holder.corpus_rows([original.keeper_id], columns=_KEPT).get(original.keeper_id)
    if holder is None or keeper is None:
        return None
    told = _describe(run, page, original.keeper_id, original.component_id, keeper, holder)
    if not original.earlier:
        return told
    with open_tables(run.folder) as tables:
        [(dropped,)] = tables.rows(_DROPPED, [f"component={original.component_id}"])
    return replace(told, earlier=holder.folder.root, pages=1 + cast(int, dropped))


def _describe(run: Run, page: Capture, keeper_id: str, component_id: str, keeper: Row, holder: Run) -> Copies:
    """`holder`: the run whose corpus has the keeper."""
    others = {each.id: each for each in _members(run, page, component_id)}
    place = {keeper_id: (str(keeper["warc_file"]), cast(int, keeper["record_offset"]))}
    places = {each.id: (each.warc_file, each.record_offset) for each in others.values()}
    documents = run.documents_rows(places, columns=_DOCUMENT) | holder.documents_rows(place, columns=_DOCUMENT)
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
