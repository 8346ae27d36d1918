"""Fitting the linear model: balanced weights, L2-regularised logistic regression, and its quantisation to int8."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.optimize import minimize

from training.corpus import Corpus
from training.matrix import Rows, Samples, assemble, assemble_style, choose_edges, shared_columns
from transforms.errors import InputError
from transforms.probability import sigmoid
from transforms.score.features import BITS, VIEWS
from transforms.score.hashing import U64
from transforms.score.linear import LinearModel
from transforms.score.style import BINS, MEASURES, Curves

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is fitted."""

    seed: int = 20221130  # of the random crops
    origins: int = 4  # a feature is kept if it occurs in at least this many sources
    l2: float = 1e-4  # strength of the penalty against a mean loss; docs/log.md has 3e-5 to 5e-4
    iterations: int = 40  # of L-BFGS; more change nothing
    words: int = 40  # shorter samples are not learned from; the detector abstains below 50
    web: float = 8.0  # weight of a human web page: what the detector will see, and hardly any labelled set has
    packaged: float = 0.5  # of a human text from a software package: many kinds, but no pages
    least: int = 100  # texts that a language needs on both sides
    language_share: tuple[tuple[str, float], ...] = (  # of the loss; other languages have under 200 machine texts
        ("en", 1.0),
        ("ru", 0.2),
        ("ko", 0.12),
        ("ja", 0.1),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """A fitted model before quantisation."""

    columns: tuple[NDArray[np.intp], ...]  # for each view the buckets that have a weight
    edges: NDArray[np.float32]  # of the bins of style, [measures, BINS − 1]
    weights: Floats  # of these columns, view after view, then of the bins of style
    bias: float

    def score(self, samples: Samples, rows: Rows) -> Floats:
        """Log-odds that a machine wrote each of these samples: [rows]."""
        matrix = _stack(samples, rows, self.columns, self.edges)
        return np.asarray(matrix @ self.weights.astype(np.float32) + self.bias, np.float64)


def balance(corpus: Corpus, text: Rows, recipe: Recipe) -> Floats:
    """Weights of samples, sum 1: in each language both classes weigh the same, and a source of n samples weighs as √n,
    web pages `recipe.web` times and packaged prose `recipe.packaged` times as much as other human texts.

    `text` [samples]: index of each sample's text. Languages outside the recipe weigh nothing, nor do those of which a
    class has fewer than `recipe.least` samples: they would teach that the language is the class.
    """
    origin = np.where(corpus.packaged, "packages", corpus.origin)  # hundreds of them, alike: one source
    kind = np.where(corpus.web, recipe.web, np.where(corpus.packaged, recipe.packaged, 1.0))
    weights = np.zeros(text.size)
    for language, share in recipe.language_share:
        own = corpus.language[text] == language
        sides = [own & corpus.machine[text], own & ~corpus.machine[text]]
        if all(np.count_nonzero(side) >= recipe.least for side in sides):
            for side in sides:
                _, inverse, counts = np.unique(origin[text][side], return_inverse=True, return_counts=True)
                each = kind[text[side]] / np.sqrt(counts)[inverse]
                weights[side] = share * each / each.sum()
    if not weights.any():
        raise InputError(f"expected {recipe.least} texts of both classes in a language of the recipe, found none such")
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def fit(corpus: Corpus, samples: Samples, texts: NDArray[np.bool_], recipe: Recipe) -> Fit:
    """The model learned from the samples of these texts (mask [texts])."""
    languages = np.isin(corpus.language, [language for language, _ in recipe.language_share])
    rows = np.flatnonzero((texts & languages)[samples.text] & (samples.words >= recipe.words))
    whole = rows[~samples.crop[rows]]
    origin = np.where(corpus.packaged, "packages", corpus.origin)[samples.text[whole]]
    columns = tuple(shared_columns(buckets, whole, origin, recipe.origins) for buckets in samples.views)
    edges = choose_edges(samples.style[whole[samples.measured[whole]]])
    text = samples.text[rows]
    matrix = _stack(samples, rows, columns, edges)
    solution = _solve(matrix, corpus.machine[text], balance(corpus, text, recipe), recipe)
    return Fit(columns, edges, solution[:-1], float(solution[-1]))


def _stack(
    samples: Samples, rows: Rows, columns: tuple[NDArray[np.intp], ...], edges: NDArray[np.float32]
) -> sp.csr_matrix:
    parts = [assemble(buckets, rows, kept) for buckets, kept in zip(samples.views, columns, strict=True)]
    return sp.hstack([*parts, assemble_style(samples, rows, edges)], format="csr")


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
    weights, scales = [], []
    *views, style = np.split(fitted.weights, np.cumsum([columns.size for columns in fitted.columns]))
    for columns, values in zip(fitted.columns, views, strict=True):
        table = np.zeros(1 << BITS, dtype=np.int8)
        table[columns], scale = _to_int8(values)
        weights.append(table)
        scales.append(scale)
    assert len(weights) == len(VIEWS)
    bins, scale = _to_int8(style)
    curves = Curves(fitted.edges, bins.reshape(len(MEASURES), BINS), scale)
    return LinearModel(tuple(weights), tuple(scales), round(fitted.bias, 9), function_words, curves)


def _to_int8(values: Floats) -> tuple[NDArray[np.int8], float]:
    scale = max(float(np.quantile(np.abs(values), 0.9999)) / 127.0, 1e-9) if values.size else 1e-9
    return np.clip(np.rint(values / scale), -127, 127).astype(np.int8), scale
