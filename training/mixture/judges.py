"""Detectors that have not seen what they judge: fitted, quantised and calibrated as the shipped one, kept as files.

Fold k is judged by a detector that learned nothing of the fold's human sources, nor of what the question holds out of
its machine texts. Its calibration comes from the scores of the other folds, by the recipe of the shipped calibration.
Which words are function words is counted once, in all texts and without their labels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.calibrate import Held, calibrate
from training.corpus import Corpus
from training.fit import Recipe, fit, quantise
from training.matrix import Samples, choose_function_words, sample
from training.mixture.provenance import digest_of
from training.splits import Split, splits
from training.train import FUNCTION_WORDS
from transforms.filter.tokens import count_tokens
from transforms.score import linear
from transforms.score.abstention import UNCALIBRATED
from transforms.score.calibration import FILE, Calibration
from transforms.score.calibration import load as load_calibration
from transforms.score.detector import MODEL_DIRECTORY, Detector
from transforms.score.hashing import U64

QUESTIONS = ("family", "source", "domain")
"""What is held out of the machine texts; human sources always are."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What the pipeline knows of each text, from a detector that had not seen it; every array [texts]."""

    fold: NDArray[np.intp]  # whose detector judged it, −1 if none may
    tokens: NDArray[np.int32]
    score: NDArray[np.float32]  # log-odds, higher is more machine; NaN where there is none
    abstained: NDArray[np.bool_]  # no opinion, for another reason than the language
    evidence: NDArray[np.float64]  # sum of the log-ratios of what the text itself says


def judge(corpus: Corpus, cache: Path, recipe: Recipe | None = None) -> dict[str, Judged]:
    """All texts that each of `QUESTIONS` judges. What was judged is kept in `cache`, by a digest of what made it."""
    recipe = recipe or Recipe()
    made_of = digest_of(corpus, [__name__], repr(recipe))
    files = {unseen: cache / f"{unseen}-{made_of}.npz" for unseen in QUESTIONS}
    missing = [unseen for unseen, file in files.items() if not file.is_file()]
    if missing:
        cache.mkdir(parents=True, exist_ok=True)
        words = choose_function_words(corpus, FUNCTION_WORDS)
        samples = sample(corpus.texts, corpus.language, words, recipe.seed)
        for unseen in missing:
            _keep(_judge(corpus, samples, words, unseen, recipe), files[unseen])
    return {unseen: _load(file) for unseen, file in files.items()}


def _keep(judged: Judged, file: Path) -> None:
    part = file.with_suffix(".part.npz")
    np.savez_compressed(part, **{name: getattr(judged, name) for name in Judged.__dataclass_fields__})
    part.rename(file)


def _load(file: Path) -> Judged:
    with np.load(file, allow_pickle=False) as arrays:
        return Judged(*(arrays[name] for name in Judged.__dataclass_fields__))


def calibrations(corpus: Corpus, judged: Judged) -> list[Calibration]:
    """The calibration of each fold's detector, learned from the other folds.

    A language on which the shipped calibration gives no opinion has none here. That choice needs all folds: made again
    from two of them, it gives up English in one fold of three, and a third of the mixture with it.
    """
    usable = (judged.fold >= 0) & (corpus.attack == "") & np.isfinite(judged.score) & ~judged.abstained
    held = Held(judged.score.astype(np.float64), corpus.machine, corpus.language, corpus.script, corpus.web)
    given_up = {code for code, line in load_calibration(MODEL_DIRECTORY / FILE).lines.items() if line.slope == 0}
    found = []
    for fold in range(int(judged.fold.max()) + 1):
        lines = calibrate(held.at(usable & (judged.fold != fold)))
        flat = {code: replace(line, slope=0.0, offset=0.0) for code, line in lines.items() if code in given_up}
        found.append(Calibration("", lines | flat))
    return found


def _judge(corpus: Corpus, samples: Samples, words: U64, unseen: str, recipe: Recipe) -> Judged:
    size = len(corpus)
    fold_of, score = np.full(size, -1, np.intp), np.full(size, np.nan, np.float32)
    abstained, evidence, tokens = np.zeros(size, np.bool_), np.zeros(size), np.zeros(size, np.int32)
    for fold, split in enumerate(splits(corpus, unseen)):
        content = linear.encode(quantise(fit(corpus, samples, split.learn, recipe), words))
        detector = Detector(linear.decode(content, "the detector of a fold")[0], Calibration("", {}), f"fold-{fold}")
        for row in np.flatnonzero(split.judge & ~_known(corpus, split, unseen)).tolist():
            text, language = corpus.texts[row], str(corpus.language[row])
            opinion = detector.assess(text, language=language, script=str(corpus.script[row]))
            fold_of[row], tokens[row] = fold, count_tokens(text)
            score[row] = np.nan if opinion.detector_score is None else opinion.detector_score
            abstained[row] = opinion.abstain_reason not in ("", UNCALIBRATED)
            evidence[row] = sum(sign.log_ratio for sign in opinion.evidence)
    return Judged(fold_of, tokens, score, abstained, evidence)


def _known(corpus: Corpus, split: Split, unseen: str) -> NDArray[np.bool_]:
    """Machine texts [texts] whose family, source or domain the fold learns: disguised ones come by prompt alone."""
    names = {"family": corpus.family, "source": corpus.origin, "domain": corpus.domain}[unseen]
    return np.asarray(corpus.machine & np.isin(names, names[corpus.machine & split.learn]))
