"""What a user may say about an export."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.export import condition
from transforms.schema import CORPUS

JSONL, MDS = "jsonl", "mds"
FORMATS = (JSONL, MDS)
ROWS, COPIES, BUCKETS = "rows", "copies", "buckets"
LAYOUTS = (ROWS, COPIES, BUCKETS)
ALL_COLUMNS = tuple(column.name for column in CORPUS)
COLUMNS = ("text", "id", "url", "language", "token_count", "human_weight", "expected_repeats", "weight_bucket")
"""The columns that are exported unless others are named."""
_MOST_SHARD_BYTES = 1 << 30  # an MDS shard addresses its samples by uint32, and a shard is made in memory


@dataclass(frozen=True, slots=True)
class Settings:
    """Which rows are exported, and how."""

    format: str = JSONL
    layout: str = ROWS  # every row once; `copies`: whole copies of it; `buckets`: once, in a folder of its weight band
    columns: tuple[str, ...] = COLUMNS
    where: str = ""  # an SQL condition on the columns of one row; "" takes all
    seed: int = 0  # of the order, and of the fraction of a copy
    shard_bytes: int = 1 << 27  # of a shard before compression, and of the memory it is made in
    window_bytes: int = 1 << 32  # of rows that are put in one order, and of the disk they wait on

    def problems(self) -> list[str]:
        """Every mistake, as a sentence."""
        unknown = [name for name in self.columns if name not in ALL_COLUMNS]
        checks = (
            (self.format in FORMATS, "format", self.format, f"one of {', '.join(FORMATS)}"),
            (self.layout in LAYOUTS, "layout", self.layout, f"one of {', '.join(LAYOUTS)}"),
            (bool(self.columns) and not unknown, "columns", unknown, "names that `firsthand schema` lists, or all"),
            (0 <= self.seed < 2**63, "seed", self.seed, "0 to 2^63 - 1"),
            (1 <= self.shard_bytes <= _MOST_SHARD_BYTES, "shard-bytes", self.shard_bytes, "1 byte to 1 GiB"),
            (self.window_bytes >= self.shard_bytes, "window-bytes", self.window_bytes, "at least shard-bytes"),
        )
        found = [f"--{name} is {value!r}, expected {expected}" for good, name, value, expected in checks if not good]
        return found + (condition.problems(self.where) if self.where else [])

    def read_columns(self, needed: tuple[str, ...]) -> list[str]:
        """The columns to read, in the schema's order: those exported, those `needed`, those the condition names.

        All, if the condition may speak of all: what it means does not depend on what is exported.
        """
        named = set(re.findall(r"\w+", self.where.lower()))
        if "*" in self.where or "columns" in named:
            return list(ALL_COLUMNS)
        wanted = {*self.columns, *needed, *(named & set(ALL_COLUMNS))}
        return [name for name in ALL_COLUMNS if name in wanted]
