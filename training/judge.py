"""`python -m training.judge --labelled DIR --prose DIR`: how the recipe does on what it never saw: training/report.md.

The judge fits the recipe again on parts of the texts and scores the rest. It shares features, fit and the fitting of
calibrations with the trainer; what is held out, thresholds and figures are its own. Negatives are always human texts of
held-out sources. The list of function words is chosen once, from all texts, without a look at who wrote them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from training.corpus import Corpus, read, scatter
from training.disguise import misspell
from training.fit import Fit, Floats, Recipe, fit
from training.matrix import Samples, choose_function_words, sample
from training.plots import draw
from training.report import Trial, render
from training.splits import QUESTIONS, splits
from training.train import FUNCTION_WORDS
from transforms.score.hashing import U64

MISSPELT = (0.05, 0.15)  # shares of words with a typing mistake
_MISSPELT_TEXTS = 600  # a fold


def try_out(corpus: Corpus, samples: Samples, unseen: str, recipe: Recipe, function_words: U64) -> Trial:
    """Held-out scores of one question. Texts on which the detector has no opinion are not judged."""
    score, fold_of = np.full(len(corpus), np.nan), np.full(len(corpus), -1)
    misspelt = {share: np.full(len(corpus), np.nan) for share in MISSPELT}
    for fold, split in enumerate(splits(corpus, unseen)):
        fitted = fit(corpus, samples, split.learn, recipe)
        rows = np.flatnonzero(split.judge[samples.text] & ~samples.crop & samples.judged)
        score[samples.text[rows]] = fitted.score(samples, rows)
        fold_of[samples.text[rows]] = fold
        if unseen == "family":
            fresh = samples.text[rows][(corpus.machine & (corpus.language == "en"))[samples.text[rows]]]
            for share, kept in misspelt.items():
                _score_misspelt(corpus, fitted, function_words, fresh, share, kept)
    return Trial(unseen, score, fold_of, misspelt if unseen == "family" else {})


def _score_misspelt(corpus: Corpus, fitted: Fit, words: U64, rows: np.ndarray, share: float, kept: Floats) -> None:
    """Write the scores of some of the undisguised texts `rows`, misspelt, to `kept`."""
    rng = np.random.default_rng(7)
    plain = rows[corpus.attack[rows] == ""]
    chosen = np.sort(rng.choice(plain, min(_MISSPELT_TEXTS, plain.size), replace=False))
    texts = [misspell(corpus.texts[row], share, rng) for row in chosen]
    found = sample(texts, corpus.language[chosen], words, None)
    kept[chosen] = np.where(found.judged, fitted.score(found, np.arange(chosen.size)), np.nan)


def at_home(corpus: Corpus, samples: Samples, recipe: Recipe) -> Trial:
    """Scores of a random fifth of the prompts by a model that knows every source: the figure that misleads."""
    held_out = scatter(corpus.group, 5) == 0
    rows = np.flatnonzero(held_out[samples.text] & ~samples.crop & samples.judged)
    score: Floats = np.full(len(corpus), np.nan)
    score[samples.text[rows]] = fit(corpus, samples, ~held_out, recipe).score(samples, rows)
    return Trial("nothing", score, np.where(np.isnan(score), -1, 0), {})


def main() -> None:
    """Judge the recipe; write the report and its plots."""
    parser = argparse.ArgumentParser(prog="python -m training.judge", description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True, help="directory of human.parquet and machine.parquet")
    parser.add_argument("--prose", type=Path, required=True, help="directory that training.gather wrote")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="directory for report.md and plots")
    arguments = parser.parse_args()
    recipe = Recipe()
    corpus = read(arguments.labelled, arguments.prose)
    function_words = choose_function_words(corpus, FUNCTION_WORDS)
    samples = sample(corpus.texts, corpus.language, function_words, recipe.seed)
    trials = {unseen: try_out(corpus, samples, unseen, recipe, function_words) for unseen in QUESTIONS}
    trials["nothing"] = at_home(corpus, samples, recipe)
    whole = np.flatnonzero(~samples.crop)
    words = np.zeros(len(corpus))
    words[samples.text[whole]] = samples.words[whole]
    (arguments.out / "report.md").write_text(render(corpus, words, trials), encoding="utf-8")
    draw(corpus, trials, arguments.out)


if __name__ == "__main__":
    main()
