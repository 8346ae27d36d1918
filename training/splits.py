"""The questions that the judge asks of the recipe, each as folds: what is learned, what is judged.

In every fold but those of languages its human sources are held out, web pages spread over the folds. Disguised texts
(attack) are never learned from; they are judged where their prompt is held out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.corpus import Corpus, assign, scatter

FOLDS = 3
QUESTIONS = ("source", "family", "era", "domain", "language")

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """One fold of one question; masks [texts]."""

    learn: Bools
    judge: Bools


def human_folds(corpus: Corpus, folds: int) -> NDArray[np.intp]:
    """The fold of each human text, −1 for machines: a source is in one fold, each fold has its share of web pages."""
    part = np.full(len(corpus), -1, dtype=np.intp)
    with_pages = np.isin(corpus.origin, np.unique(corpus.origin[corpus.web]))
    for kind in (~corpus.machine & with_pages, ~corpus.machine & ~with_pages):
        part[kind] = assign(corpus.origin[kind], folds)
    return part


def splits(corpus: Corpus, unseen: str) -> list[Split]:
    """The folds of "what if `unseen` is new", one of `QUESTIONS`. A page gathered twice is judged once."""
    found = _languages(corpus) if unseen == "language" else _values(corpus, unseen)
    return [Split(split.learn, split.judge & ~corpus.repeated) for split in found]


def _values(corpus: Corpus, unseen: str) -> list[Split]:
    """A machine text is judged where its value of `unseen` is held out.

    A family is judged on held-out prompts, since other families answered the same ones. A domain is held out on both
    sides, web pages excepted: a domain of which only people's texts are known is one that was learned to be human.
    """
    human, attacked, prompt = ~corpus.machine, corpus.attack != "", scatter(corpus.group, FOLDS)
    names = {"source": corpus.origin, "family": corpus.family, "era": corpus.era, "domain": corpus.domain}[unseen]
    part = human_folds(corpus, FOLDS)
    part[corpus.machine] = assign(names[corpus.machine], FOLDS)
    found = []
    for fold in range(FOLDS):
        here, prompts = part == fold, prompt == fold
        fresh = here & ~attacked & (prompts if unseen == "family" else True)
        judge = np.where(human, here, fresh | (attacked & prompts)).astype(np.bool_)
        learn = ~here & ~attacked & ~(prompts & corpus.machine)
        if unseen == "domain":
            learn &= ~(human & ~corpus.web & np.isin(corpus.domain, np.unique(corpus.domain[fresh & corpus.machine])))
        found.append(Split(learn, judge))
    return found


def _languages(corpus: Corpus) -> list[Split]:
    """Languages but English in two folds; a fold's languages are held out entirely, their sources only there."""
    other = corpus.language != "en"
    part = np.full(len(corpus), -1, dtype=np.intp)
    part[other] = assign(corpus.language[other], 2)
    return [Split((part != fold) & (corpus.attack == ""), (part == fold) & (corpus.attack == "")) for fold in (0, 1)]
