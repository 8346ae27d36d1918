"""The copies planted in a grown crawl (`benchmarks.grown`) that a run found."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.grown import ALONE, EXACT, NEAR
from benchmarks.truth import components_of

_PAGE = ["warc_file", "record_offset"]


@dataclass(frozen=True, slots=True)
class Found:
    """Copies found in one component with the page they are of; those whose pages were extracted both count."""

    exact: int
    exact_planted: int
    near: int
    near_planted: int
    others: int  # components found that join pages which are no copies of each other

    @classmethod
    def of(cls, truth: Path, output: Path) -> Self:
        """What the run in `output` found of this truth."""
        return cls.among(pq.read_table(truth), components_of(output))

    @classmethod
    def among(cls, truth: pa.Table, found: pa.Table) -> Self:
        """`truth`: warc_file, record_offset, component, kind; `found`: warc_file, record_offset, component_id."""
        pages = truth.join(found, _PAGE, join_type="inner").to_pylist()
        first = {page["component"]: page["component_id"] for page in pages if page["kind"] == ALONE}
        hits = {
            kind: [
                page["component_id"] == first[page["component"]]
                for page in pages
                if page["kind"] == kind and page["component"] in first
            ]
            for kind in (EXACT, NEAR)
        }
        planted = {(page["component_id"], page["component"]) for page in pages}
        joined = len(planted) - len({component for component, _ in planted})
        exact, near = hits[EXACT], hits[NEAR]
        return cls(sum(exact), len(exact), sum(near), len(near), joined)
