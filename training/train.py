"""`python -m training.train --labelled DIR --prose DIR`: the shipped model and calibration, always the same bytes."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.calibrate import Held, calibrate
from training.corpus import Corpus, read
from training.crossfit import cross_folds, cross_scores
from training.fairness import abstain_where_unfair
from training.fit import Floats, Recipe, fit, quantise
from training.matrix import Samples, choose_function_words, sample
from transforms.score import calibration, linear

FUNCTION_WORDS = {"en": 300, "": 100}
FOLDS = 4


def train(corpus: Corpus, recipe: Recipe, folds: int = FOLDS) -> tuple[bytes, str]:
    """Content of the model file and of the calibration file.

    The model learns from all texts; its calibration from models that did not see the text's source, family or prompt.
    """
    words = choose_function_words(corpus, FUNCTION_WORDS)
    samples = sample(corpus.texts, corpus.language, words, recipe.seed)
    everything = np.ones(len(corpus), dtype=np.bool_)
    model = linear.encode(quantise(fit(corpus, samples, everything, recipe), words))
    _, digest = linear.decode(model, "the trained model")
    scores = cross_scores(corpus, samples, recipe, folds)
    counts = _that_count(corpus, samples, scores)
    held = Held(scores, corpus.machine, corpus.language, corpus.script, corpus.web).at(counts)
    lines = abstain_where_unfair(calibrate(held), held, cross_folds(corpus, folds)[counts])
    return model, calibration.encode(calibration.Calibration(digest, lines))


def _that_count(corpus: Corpus, samples: Samples, scores: Floats) -> NDArray[np.bool_]:
    """The texts that count for calibration [texts]: held out, and such that the detector has an opinion on them."""
    judged = np.zeros(len(corpus), dtype=np.bool_)
    whole = ~samples.crop
    judged[samples.text[whole]] = samples.judged[whole]
    return np.isfinite(scores) & judged


def main() -> None:
    """Train and write both files."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--labelled", type=Path, required=True, help="directory of human.parquet and machine.parquet")
    parser.add_argument("--prose", type=Path, required=True, help="directory that training.gather wrote")
    parser.add_argument("--out", type=Path, default=Path("transforms/score/model"), help="directory for the model")
    arguments = parser.parse_args()
    started = time.process_time()
    model, lines = train(read(arguments.labelled, arguments.prose), Recipe())
    arguments.out.mkdir(parents=True, exist_ok=True)
    (arguments.out / linear.FILE).write_bytes(model)
    (arguments.out / calibration.FILE).write_text(lines, encoding="utf-8")
    print(f"{arguments.out}: {len(model)} bytes, {time.process_time() - started:.0f} CPU seconds")


if __name__ == "__main__":
    main()
