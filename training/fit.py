"""Fitting the linear model: balanced weights, L2-regularised logistic regression, and its quantisation to int8."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

from training.corpus import Corpus
from training.matrix import Rows, Samples, assemble, shared_columns
from transforms.probability import sigmoid
from transforms.score.features import BITS, VIEWS
from transforms.score.hashing import U64
from transforms.score.linear import LinearModel

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is fitted."""

    seed: int = 20221130  # of the random crops
    origins: int = 4  # a feature is kept if it occurs in at least this many sources
    l2: float = 1e-5  # strength of the penalty against a mean loss; .96 → .97 AUROC on unseen families from 1e-6
    iterations: int = 80  # of L-BFGS
    words: int = 40  # shorter samples are not learned from; the detector abstains below 50
    language_share: tuple[tuple[str, float], ...] = (  # of the loss; other languages have too few
        ("en", 1.0),
        ("ru", 0.25),
        ("ko", 0.15),
        ("ja", 0.08),
        ("zh", 0.08),
        ("es", 0.06),
        ("fr", 0.04),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model before quantisation."""

    columns: tuple[NDArray[np.intp], ...]  # for each view the buckets that have a weight
    weights: Floats  # of these columns, view after view
    bias: float

    def score(self, samples: Samples, rows: Rows) -> Floats:
        """Log-odds that a machine wrote each of these samples: [rows]."""
        return np.asarray(_stack(samples, rows, self.columns) @ self.weights.astype(np.float32) + self.bias, np.float64)


def balance(corpus: Corpus, text: Rows, recipe: Recipe) -> Floats:
    """Weights of samples, sum 1: in each language both classes weigh the same, and a source of n samples weighs as √n.

    `text` [samples]: index of each sample's text. Languages outside the recipe weigh nothing, nor do those of which one
    class is missing: they would teach that the language is the class.
    """
    weights = np.zeros(text.size)
    for language, share in recipe.language_share:
        own = corpus.language[text] == language
        sides = [own & corpus.machine[text], own & ~corpus.machine[text]]
        if all(side.any() for side in sides):
            for side in sides:
                _, inverse, counts = np.unique(corpus.origin[text][side], return_inverse=True, return_counts=True)
                each = 1.0 / np.sqrt(counts)[inverse]
                weights[side] = share * each / each.sum()
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def fit(corpus: Corpus, samples: Samples, texts: NDArray[np.bool_], recipe: Recipe) -> Fit:
    """The model learned from the samples of these texts (mask [texts])."""
    languages = np.isin(corpus.language, [language for language, _ in recipe.language_share])
    rows = np.flatnonzero((texts & languages)[samples.text] & (samples.words >= recipe.words))
    whole = rows[~samples.crop[rows]]
    origin = corpus.origin[samples.text[whole]]
    columns = tuple(shared_columns(buckets, whole, origin, recipe.origins) for buckets in samples.views)
    text = samples.text[rows]
    solution = _solve(_stack(samples, rows, columns), corpus.machine[text], balance(corpus, text, recipe), recipe)
    return Fit(columns, solution[:-1], float(solution[-1]))


def _stack(samples: Samples, rows: Rows, columns: tuple[NDArray[np.intp], ...]) -> sp.csr_matrix:
    parts = [assemble(buckets, rows, kept) for buckets, kept in zip(samples.views, columns, strict=True)]
    return sp.hstack(parts, format="csr")


def _solve(matrix: sp.csr_matrix, machine: NDArray[np.bool_], weight: Floats, recipe: Recipe) -> Floats:
    """argmin Σ weight·log(1 + e^(−t·(X·w + b))) + l2/2·|w|², t = ±1: [columns + 1], the bias last."""
    transposed = matrix.T.tocsr()  # rows of the transpose are read in order: twice as fast as a scatter
    sign = np.where(machine, 1.0, -1.0)

    def loss(point: Floats) -> tuple[float, Floats]:
        margin = sign * (matrix @ point[:-1].astype(np.float32) + point[-1])
        slope = -sign * weight * sigmoid(-margin)
        gradient = np.append(transposed @ slope.astype(np.float32) + recipe.l2 * point[:-1], slope.sum())
        penalty = 0.5 * recipe.l2 * float(point[:-1] @ point[:-1])
        return float(weight @ np.logaddexp(0.0, -margin)) + penalty, gradient

    start = np.zeros(matrix.shape[1] + 1)
    options = {"maxiter": recipe.iterations, "maxcor": 8}
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x, dtype=np.float64)


def quantise(fitted: Fit, function_words: U64) -> LinearModel:
    """The model with int8 weights: in each view the 99.99th percentile is 127, and larger weights are clipped."""
    weights, scales, start = [], [], 0
    for columns in fitted.columns:
        values = fitted.weights[start : start + columns.size]
        start += columns.size
        scale = max(float(np.quantile(np.abs(values), 0.9999)) / 127.0, 1e-9) if values.size else 1e-9
        table = np.zeros(1 << BITS, dtype=np.int8)
        table[columns] = np.clip(np.rint(values / scale), -127, 127).astype(np.int8)
        weights.append(table)
        scales.append(scale)
    assert len(weights) == len(VIEWS)
    return LinearModel(tuple(weights), tuple(scales), round(fitted.bias, 9), function_words)
