"""Documents as the windows that a network learns from, a few tokens of many streams at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.collapse.model import END, Ids


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """What one update learns from; arrays are [steps, sequences], each column a piece of a stream of documents."""

    read: Ids
    told: Ids  # the token after each
    weights: NDArray[np.float32]  # of the told
    first: bool  # whether a pass begins with it, else it goes on where the last one ended


def windows(
    documents: Sequence[Ids],
    weights: NDArray[np.float64],
    rng: np.random.Generator,
    *,
    steps: int,
    sequences: int,
) -> Iterator[Window]:
    """Windows over all documents that weigh anything, in a new order each pass, for ever.

    Weights are scaled so that their token-weighted mean is 1. What is left over at the end of a pass, less than a
    window, is not learned from in that pass. Raises ValueError if no weight is above 0.
    """
    chosen = _weighing(weights)
    sizes = np.array([len(documents[i]) + 1 for i in chosen])
    scaled = weights[chosen] / (float(weights[chosen] @ sizes) / sizes.sum())
    columns = min(sequences, int(sizes.sum()))
    rows = int(sizes.sum()) // columns
    while True:
        order = rng.permutation(len(chosen))
        told = _stream([documents[chosen[i]] for i in order])
        read = np.concatenate([told[-1:], told[:-1]])  # every stream ends with END
        weight = np.repeat(scaled[order], sizes[order]).astype(np.float32)
        ids = np.stack([read, told])[:, : rows * columns].reshape(2, columns, rows)
        side = weight[: rows * columns].reshape(columns, rows).T
        for start in range(0, max(rows - steps, 0) + 1, steps):
            here = slice(start, start + steps)
            yield Window(ids[0, :, here].T, ids[1, :, here].T, side[here], start == 0)


def effective_tokens(documents: Sequence[Ids], weights: NDArray[np.float64]) -> float:
    """Kish's effective sample size in tokens, (Σw·n)² / Σw²·n, ends among them. Raises ValueError as `windows`."""
    chosen = _weighing(weights)
    sizes = np.array([len(documents[i]) + 1 for i in chosen])
    return float((weights[chosen] @ sizes) ** 2 / (weights[chosen] ** 2 @ sizes))


def _weighing(weights: NDArray[np.float64]) -> list[int]:
    chosen: list[int] = np.flatnonzero(weights > 0).tolist()
    if not chosen:
        raise ValueError(f"expected a document with a weight above 0, got none among {weights.size}")
    return chosen


def _stream(documents: Sequence[Ids]) -> Ids:
    end = np.array([END], np.int32)
    return np.concatenate([part for document in documents for part in (document, end)])
