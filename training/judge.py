"""`python -m training.judge --labelled DIR`: how the recipe does on what it never saw; writes training/report.md.

The judge fits the recipe again on parts of the labelled texts and scores the rest. It shares the fit with the trainer
and nothing else: splits, thresholds and figures are its own. Negatives are always human texts of held-out sources.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.corpus import Corpus, assign, read, scatter
from training.fit import Floats, Recipe, fit
from training.matrix import Samples, choose_function_words, sample
from training.report import Trial, render
from training.train import FUNCTION_WORDS
from transforms.filter.script import dominant_script
from transforms.score.abstention import MIN_WORDS

FOLDS = 3


@dataclass(frozen=True, slots=True, eq=False)
class Split:
    """One fold of one question; masks [texts]."""

    learn: NDArray[np.bool_]
    judge: NDArray[np.bool_]


def splits(corpus: Corpus, unseen: str) -> list[Split]:
    """The folds of "what if `unseen` is new", `unseen` one of "source", "family", "domain".

    In every fold its human sources are held out, and on the machine side its values of `unseen`. Disguised texts
    (attack) are never learned from; they are judged where their prompt is held out. A family is judged on held-out
    prompts, since other families answered the same ones.
    """
    human, attacked, prompt = ~corpus.machine, corpus.attack != "", scatter(corpus.group, FOLDS)
    names = {"source": corpus.origin, "family": corpus.family, "domain": corpus.domain}[unseen]
    part = np.zeros(len(corpus), dtype=np.intp)
    part[human] = assign(corpus.origin[human], FOLDS)
    part[corpus.machine] = assign(names[corpus.machine], FOLDS)
    found = []
    for fold in range(FOLDS):
        here, prompts = part == fold, prompt == fold
        fresh = here & ~attacked & (prompts if unseen == "family" else True)
        disguised = attacked & prompts
        found.append(
            Split(learn=~here & ~attacked & ~prompts, judge=np.where(human, here, fresh | disguised).astype(np.bool_))
        )
    return found


def try_out(corpus: Corpus, samples: Samples, unseen: str, recipe: Recipe) -> Trial:
    """Held-out scores of one question: a machine text with an attack may be judged in its prompt's fold only."""
    score = np.full(len(corpus), np.nan)
    fold_of = np.full(len(corpus), -1)
    for fold, split in enumerate(splits(corpus, unseen)):
        fitted = fit(corpus, samples, split.learn, recipe)
        rows = np.flatnonzero(split.judge[samples.text] & ~samples.crop & (samples.words >= MIN_WORDS))
        score[samples.text[rows]] = fitted.score(samples, rows)
        fold_of[samples.text[rows]] = fold
    return Trial(unseen, score, fold_of)


def at_home(corpus: Corpus, samples: Samples, recipe: Recipe) -> Trial:
    """Scores of a random fifth of the prompts by a model that knows every source: the figure that misleads."""
    held_out = scatter(corpus.group, 5) == 0
    rows = np.flatnonzero(held_out[samples.text] & ~samples.crop & (samples.words >= MIN_WORDS))
    score: Floats = np.full(len(corpus), np.nan)
    score[samples.text[rows]] = fit(corpus, samples, ~held_out, recipe).score(samples, rows)
    return Trial("nothing", score, np.where(np.isnan(score), -1, 0))


def main() -> None:
    """Judge the recipe and write the report."""
    parser = argparse.ArgumentParser(prog="python -m training.judge", description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True, help="directory of human.parquet and machine.parquet")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("report.md"))
    arguments = parser.parse_args()
    recipe = Recipe()
    corpus = read(arguments.labelled)
    samples = sample(corpus.texts, choose_function_words(corpus, FUNCTION_WORDS), recipe.seed)
    whole = np.flatnonzero(~samples.crop)
    words = np.zeros(len(corpus))
    words[samples.text[whole]] = samples.words[whole]
    script = np.array([dominant_script(text) for text in corpus.texts])
    trials = [try_out(corpus, samples, unseen, recipe) for unseen in ("source", "family", "domain")]
    report = render(corpus, words, script, [*trials, at_home(corpus, samples, recipe)])
    arguments.out.write_text(report, encoding="utf-8")


if __name__ == "__main__":
    main()
