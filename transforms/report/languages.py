"""Sums over the rows of each language, which add up over batches, and the figures made from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

_SUMS = ("pages", "tokens", "scored", "probability", "weighted", "weighted_squares")


@dataclass(frozen=True, slots=True)
class Language:
    """The rows of one language, or of all."""

    language: str
    pages: int
    tokens: int
    abstained: int  # pages on which the detector gave no opinion
    mean_probability: float | None  # human_probability, mean over the other pages; None if there are none
    mean_weight: float | None  # human_weight, mean over tokens: 1 by construction; None without tokens
    effective_tokens: float  # (Σ n·w)² / Σ n·w² (Kish 1965): as many equally weighted tokens are as informative


def sum_by_language(batch: pa.Table) -> pa.Table:
    """One row a language: its name and the sums of _SUMS, from the columns of a batch of rows."""
    tokens = pc.cast(batch["token_count"], pa.float64())
    weight = pc.cast(batch["human_weight"], pa.float64())
    weighted = pc.multiply(tokens, weight)
    probability = pc.cast(batch["human_probability"], pa.float64())
    columns = {
        "language": batch["language"],
        "pages": pa.array([1] * batch.num_rows, pa.int64()),
        "tokens": pc.cast(batch["token_count"], pa.int64()),
        "scored": pc.cast(pc.is_valid(probability), pa.int64()),
        "probability": pc.fill_null(probability, 0.0),
        "weighted": weighted,
        "weighted_squares": pc.multiply(weighted, weight),
    }
    return add_sums([pa.table(columns)])


def add_sums(parts: Sequence[pa.Table]) -> pa.Table:
    """The sums of several tables of sums, again one row a language."""
    grouped = pa.concat_tables(parts).group_by("language").aggregate([(name, "sum") for name in _SUMS])
    return pa.table({"language": grouped["language"]} | {name: grouped[f"{name}_sum"] for name in _SUMS})


def describe_languages(sums: pa.Table) -> tuple[Language, ...]:
    """A description of each language, most tokens first, then by name."""
    found = [_describe(row["language"], row) for row in sums.to_pylist()]
    return tuple(sorted(found, key=lambda entry: (-entry.tokens, entry.language)))


def describe_total(sums: pa.Table) -> Language:
    """A description of all languages together, under the name "all"."""
    return _describe("all", {name: pc.sum(sums[name]).as_py() or 0 for name in _SUMS})


def _describe(language: str, sums: Mapping[str, int | float]) -> Language:
    tokens, scored, squares = int(sums["tokens"]), int(sums["scored"]), sums["weighted_squares"]
    return Language(
        language=language,
        pages=int(sums["pages"]),
        tokens=tokens,
        abstained=int(sums["pages"]) - scored,
        mean_probability=sums["probability"] / scored if scored else None,
        mean_weight=sums["weighted"] / tokens if tokens else None,
        effective_tokens=sums["weighted"] ** 2 / squares if squares else 0.0,
    )
