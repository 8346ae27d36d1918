"""What weighing reads and writes: the kept rows of one documents file, as arrays of length n in one order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from transforms.weigh.cells import Cell


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """A column of strings with few distinct values: row i holds `values[codes[i]]`. `codes`: int32 [n]."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]


def encode_labels(strings: Iterable[str]) -> Labels:
    """The column as distinct values, in order of first appearance, and codes.

    >>> column = encode_labels(["en", "de", "en"])
    >>> column.values, column.codes.tolist()
    (('en', 'de'), [0, 1, 0])
    """
    codes: dict[str, int] = {}
    rows = [codes.setdefault(string, len(codes)) for string in strings]
    return Labels(tuple(codes), np.array(rows, np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class ScoredBlock:
    """The rows of one documents file that dedup kept. No field tells of quality: it must not move a weight."""

    file: int  # ordinal of the documents file
    row: NDArray[np.int32]  # row in that file
    language: Labels
    script: Labels
    host: Labels  # host or registered domain: pages of one host are not independent
    token_count: NDArray[np.int32]
    detector_score: NDArray[np.float32]  # log-odds, higher is more machine; not finite where there is none
    abstained: NDArray[np.bool_]
    evidence_log_ratio: NDArray[np.float64]  # sum of the clipped log-ratios, positive points to a machine
    before_chatbots: NDArray[np.bool_]  # this text was seen before transforms.probability.CHATBOT_EPOCH


@dataclass(frozen=True, slots=True, eq=False)
class LevelBlock:
    """The same rows once their probabilities are known. Row i is of cell `cells[cell_codes[i]]`."""

    file: int
    row: NDArray[np.int32]
    cells: tuple[Cell, ...]
    cell_codes: NDArray[np.int64]
    token_count: NDArray[np.int32]
    level: NDArray[np.int32]  # see transforms.weigh.weight.to_levels; 0 where abstained


@dataclass(frozen=True, slots=True, eq=False)
class WeightBlock:
    """The verdict on the same rows, in the same order."""

    file: int
    row: NDArray[np.int32]
    human_probability: NDArray[np.float32]  # 0–1, NaN where abstained
    human_weight: NDArray[np.float32]  # rho to cap, 1 where abstained
    expected_repeats: NDArray[np.float32]
    weight_bucket: NDArray[np.int8]  # 0 is the lightest band
