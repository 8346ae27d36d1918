"""Scores of texts by models that saw neither their source, nor their generator's family, nor their prompt."""

from __future__ import annotations

import numpy as np

from training.corpus import Corpus, assign, scatter
from training.fit import Floats, Recipe, fit
from training.matrix import Samples
from training.splits import human_folds


def cross_scores(corpus: Corpus, samples: Samples, recipe: Recipe, folds: int) -> Floats:
    """Held-out log-odds of the whole texts: float64 [texts], NaN for texts that no fold can judge fairly.

    Fold k is judged by a model fitted without its human sources, without its families of generators, and without its
    prompts (group). A human text is judged in its source's fold; a machine text in its family's fold, and only if no
    text of its prompt was learned: where families answered the same prompts, about one in `folds` is judged.
    """
    human, prompt = ~corpus.machine, scatter(corpus.group, folds)
    part = np.zeros(len(corpus), dtype=np.intp)  # fold of the source of a human text, of the family of a machine text
    part[human] = human_folds(corpus, folds)[human]
    part[corpus.machine] = assign(corpus.family[corpus.machine], folds)
    scores = np.full(len(corpus), np.nan)
    for fold in range(folds):
        held_out = (part == fold) | (prompt == fold)
        known = np.isin(corpus.group, np.unique(corpus.group[~held_out]))
        judged = (part == fold) & (human | ~known)
        rows = np.flatnonzero(judged[samples.text] & ~samples.crop)
        scores[samples.text[rows]] = fit(corpus, samples, ~held_out, recipe).score(samples, rows)
    return scores
