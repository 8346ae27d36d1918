"""Scores of texts by models that saw neither their source, nor their generator's family, nor their prompt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.corpus import Corpus, assign, scatter
from training.fit import Floats, Recipe, fit
from training.matrix import Samples
from training.splits import human_folds


def cross_folds(corpus: Corpus, folds: int) -> NDArray[np.intp]:
    """The fold of each human text's source and of each machine text's family: [texts]."""
    part = human_folds(corpus, folds)
    part[corpus.machine] = assign(corpus.family[corpus.machine], folds)
    return part


def cross_scores(corpus: Corpus, samples: Samples, recipe: Recipe, folds: int) -> Floats:
    """Held-out log-odds of the whole texts: float64 [texts], NaN for texts that no fold can judge fairly.

    Fold k is judged by a model fitted without its human sources, without its families of generators, and without its
    prompts (group). A human text is judged in its source's fold; a machine text in its family's fold, and only if no
    text of its prompt was learned: where families answered the same prompts, about one in `folds` is judged.
    """
    human, prompt, part = ~corpus.machine, scatter(corpus.group, folds), cross_folds(corpus, folds)
    scores = np.full(len(corpus), np.nan)
    for fold in range(folds):
        held_out = (part == fold) | (prompt == fold)
        known = np.isin(corpus.group, np.unique(corpus.group[~held_out]))
        judged = (part == fold) & (human | ~known)
        rows = np.flatnonzero(judged[samples.text] & ~samples.crop)
        scores[samples.text[rows]] = fit(corpus, samples, ~held_out, recipe).score(samples, rows)
    return scores
