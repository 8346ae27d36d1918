"""What an export wrote: its files, and rows and tokens by language and weight band."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from pipeline.export.rows import Taken

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export."""

    path: str  # below its folder
    records: int
    bytes: int
    sha256: str  # 64 hex digits


@dataclass(frozen=True, slots=True)
class Sums:
    """Of some rows of the corpus. A monoid under `+`."""

    rows: int = 0  # of the source
    records: int = 0  # written: copies count
    tokens: int = 0  # `token_count` of the rows
    weighted_tokens: float = 0.0  # Σ token_count · human_weight, what training by weight should see
    expected_tokens: float = 0.0  # Σ token_count · expected_repeats, what copies come to on average
    written_tokens: int = 0  # of the records

    def __add__(self, other: Sums) -> Sums:
        pairs = zip(dataclasses.astuple(self), dataclasses.astuple(other), strict=True)
        return Sums(*(mine + theirs for mine, theirs in pairs))

    @property
    def mean_weight(self) -> float:
        """The weight of a token; 1 without tokens."""
        return self.weighted_tokens / self.tokens if self.tokens else 1.0


Cell = tuple[str, int]
"""Language and weight band."""


@dataclass(frozen=True, slots=True)
class Account:
    """What was written. A monoid under `+`, in the order of the files."""

    cells: Mapping[Cell, Sums] = field(default_factory=dict)
    files: tuple[ExportedFile, ...] = ()

    def __add__(self, other: Account) -> Account:
        keys = sorted({*self.cells, *other.cells})
        cells = {key: self.cells.get(key, Sums()) + other.cells.get(key, Sums()) for key in keys}
        return Account(cells, self.files + other.files)

    def total(self) -> Sums:
        """All rows."""
        return sum(self.cells.values(), Sums())

    def by_language(self) -> dict[str, Sums]:
        """The rows of each language, most written tokens first."""
        sums = _merged((language, cell) for (language, _), cell in self.cells.items())
        return dict(sorted(sums.items(), key=lambda item: (-item[1].written_tokens, item[0])))

    def by_band(self) -> dict[int, Sums]:
        """The rows of each weight band, the lightest first."""
        return dict(sorted(_merged((band, cell) for (_, band), cell in self.cells.items()).items()))

    def to_json(self) -> dict[str, object]:
        """As JSON values, `from_json` reads them."""
        cells = [[language, band, *dataclasses.astuple(sums)] for (language, band), sums in self.cells.items()]
        return {"cells": cells, "files": [dataclasses.astuple(file) for file in self.files]}

    @classmethod
    def from_json(cls, values: Mapping[str, list[list[object]]]) -> Account:
        """The account of JSON values; raises KeyError, TypeError or ValueError if they are something else."""
        cells = {(str(row[0]), int(str(row[1]))): Sums(*map(_number, row[2:])) for row in values["cells"]}  # type: ignore[arg-type]
        files = (ExportedFile(str(p), int(str(n)), int(str(size)), str(sha)) for p, n, size, sha in values["files"])
        return cls(cells, tuple(files))


def _number(value: object) -> int | float:
    if not isinstance(value, int | float):
        raise TypeError(f"expected a number, got {value!r}")
    return value


def _merged(pairs: Iterable[tuple[K, Sums]]) -> dict[K, Sums]:
    merged: dict[K, Sums] = {}
    for key, sums in pairs:
        merged[key] = merged.get(key, Sums()) + sums
    return merged


def count(taken: Taken) -> Account:
    """The account of rows as they are taken, of no file yet."""
    tokens = taken.rows["token_count"].to_numpy().astype(np.int64)
    weighted = tokens * taken.rows["human_weight"].to_numpy().astype(np.float64)
    expected = tokens * taken.rows["expected_repeats"].to_numpy().astype(np.float64)
    columns = (taken.copies, tokens, weighted, expected, tokens * taken.copies)
    cells = zip(taken.rows["language"].to_pylist(), taken.rows["weight_bucket"].to_pylist(), strict=True)
    rows = zip(cells, *(column.tolist() for column in columns), strict=True)
    return Account(_merged((cell, Sums(1, *values)) for cell, *values in rows))
