"""What the rejection of a duplicate says about the page that was kept instead: the `detail` of its row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

import pyarrow as pa
import pyarrow.compute as pc

LABEL = 16
"""Hex digits of the head of an earlier output that stand in a detail; its manifest entry has all 64."""
_DETAIL = re.compile(r"(?:earlier=([0-9a-f]{16}) )?keeper=([0-9a-f]{32}) component=([0-9a-f]{32})")


@dataclass(frozen=True, slots=True)
class Original:
    """Which page is kept, and where."""

    keeper_id: str
    component_id: str
    earlier: str  # first digits of the head of the earlier output whose corpus holds the keeper; "" if this one does

    @classmethod
    def of(cls, detail: str) -> Self | None:
        """What a detail says, None if it says something else.

        >>> Original.of("keeper=" + "1" * 32 + " component=" + "0" * 32).earlier
        ''
        """
        found = _DETAIL.fullmatch(detail)
        return None if found is None else cls(found[2], found[3], found[1] or "")


def details(keepers: pa.ChunkedArray, components: pa.ChunkedArray, earlier: pa.ChunkedArray) -> pa.ChunkedArray:
    """The details of many rows; `earlier` is null where the keeper is in the same output."""
    where = pc.coalesce(pc.binary_join_element_wise("earlier=", earlier, " ", ""), "")
    return pc.binary_join_element_wise(where, "keeper=", keepers, " component=", components, "")
