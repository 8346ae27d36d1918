"""The judge's figures as Markdown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.calibrate import MIN_HUMAN, Held, calibrate
from training.corpus import Corpus
from training.fit import Floats
from training.metrics import auroc, estimate, tpr_at_1_percent, upper_bound
from transforms.probability import fuse
from transforms.score.calibration import Calibration
from transforms.score.params import ScoreParams

_LENGTHS = ((50, 100), (100, 200), (200, 400), (400, 10_000))
_LEAST = 20  # texts a row of a table needs
_PRIORS = (0.5, ScoreParams().prior_human)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Held-out scores for one question; arrays [texts]."""

    unseen: str  # what the model had not seen: "source", "family", "domain", or "nothing"
    score: Floats  # log-odds that a machine wrote it; NaN where not judged
    fold: NDArray[np.intp]  # fold in which it was judged, −1 if it was not


def render(corpus: Corpus, words: Floats, script: NDArray[np.str_], trials: list[Trial]) -> str:
    """The report. `words` [texts]: words of each text; `script` [texts]: its ISO 15924 code."""
    source, family = trials[0], trials[1]
    parts = [
        "# How the detector does on what it never saw\n",
        "Made by `python -m training.judge --labelled ../shared/data/labelled`; do not edit. Higher scores are more "
        "machine. Intervals are 95 % bootstrap over texts.\n",
        "## English, against human web pages of held-out sources\n",
        _table(
            ["the model had not seen", "machine", "human pages", "AUROC", "TPR at 1 % FPR"], _overall(corpus, trials)
        ),
        "*Nothing* is the figure in the model's own sources. It is here as a warning, not as a result.\n",
    ]
    for title, names, trial in (
        ("family of generators", corpus.family, family),
        ("source of machine text (source unseen)", corpus.origin, source),
        ("domain (domain unseen)", corpus.domain, trials[2]),
        ("attack (family unseen or not; disguised texts are never learned from)", corpus.attack, family),
    ):
        parts += [f"## By {title}\n", _by_name(corpus, names, trial, title.startswith("attack"))]
    parts += ["## By length, family unseen\n", _by_length(corpus, words, family)]
    parts += ["## People accused, by language\n", _FALSE_POSITIVES, _by_language(corpus, script, source)]
    return "\n".join(parts) + "\n"


_FALSE_POSITIVES = f"""Share of human texts of held-out sources with `human_probability` below 0.5, calibrated on the
other folds, under a balanced prior and under the default of the `score` command; *bound* is the one-sided 95 % upper
bound of the latter. Left out are languages of which the other folds hold fewer than {MIN_HUMAN} human texts, mostly
those with a single source. AUROC is within the language, source unseen; where all machine text of a language comes from
one source (Russian, Korean, Japanese), nothing of it is left to learn from, and the figure is that of a stranger.
"""


def _table(header: list[str], rows: Iterable[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _english_pages(corpus: Corpus, trial: Trial) -> Floats:
    return np.asarray(trial.score[(trial.fold >= 0) & corpus.web & (corpus.language == "en")], dtype=np.float64)


def _overall(corpus: Corpus, trials: list[Trial]) -> Iterable[list[str]]:
    english = corpus.machine & (corpus.language == "en")
    rows = [(trial.unseen, trial, english & (corpus.attack == "")) for trial in trials]
    rows.insert(3, ("disguise (attack)", trials[1], english & (corpus.attack != "")))
    for name, trial, positives in rows:
        human, machine = _english_pages(corpus, trial), trial.score[positives & (trial.fold >= 0)]
        yield [name, str(machine.size), str(human.size), *_figures(human, machine)]


def _figures(human: Floats, machine: Floats) -> list[str]:
    return [str(estimate(metric, human, machine)) for metric in (auroc, tpr_at_1_percent)]


def _by_name(corpus: Corpus, names: NDArray[np.str_], trial: Trial, attacked: bool) -> str:
    human = _english_pages(corpus, trial)
    judged = corpus.machine & (corpus.language == "en") & (trial.fold >= 0) & ((corpus.attack != "") == attacked)
    rows = []
    for name in np.unique(names[judged]):
        machine = trial.score[judged & (names == name)]
        if machine.size >= _LEAST:
            rows.append([str(name), str(machine.size), *_figures(human, machine)])
    return _table(["", "machine", "AUROC", "TPR at 1 % FPR"], rows)


def _by_length(corpus: Corpus, words: Floats, trial: Trial) -> str:
    rows = []
    english = (corpus.language == "en") & (trial.fold >= 0) & (corpus.attack == "")
    for low, high in _LENGTHS:
        part = english & (words >= low) & (words < high)
        human, machine = trial.score[part & corpus.web], trial.score[part & corpus.machine]
        rows.append([f"{low}–{high} words", str(machine.size), str(human.size), *_figures(human, machine)])
    return _table(["", "machine", "human pages", "AUROC", "TPR at 1 % FPR"], rows)


def _by_language(corpus: Corpus, script: NDArray[np.str_], trial: Trial) -> str:
    ratio = _ratios(corpus, script, trial)
    rows = []
    groups = [(str(code), corpus.language == code) for code in np.unique(corpus.language)]
    groups.append(("en, web pages", (corpus.language == "en") & corpus.web))
    for name, own in groups:
        human = ~corpus.machine & own & (trial.fold >= 0)
        machine = corpus.machine & own & (trial.fold >= 0) & (corpus.attack == "")
        judged = human & ~np.isnan(ratio)
        if np.count_nonzero(judged) < MIN_HUMAN:
            continue
        balanced, usual = (fuse(ratio[judged], 0.0, prior, False) < 0.5 for prior in _PRIORS)
        bound = upper_bound(int(usual.sum()), usual.size)
        separation = auroc(trial.score[human], trial.score[machine]) if machine.sum() >= _LEAST else float("nan")
        shares = [f"{balanced.mean():.3f}", f"{usual.mean():.3f}", f"{bound:.3f}"]
        rows.append([name, str(judged.sum()), *shares, str(machine.sum()), f"{separation:.3f}".replace("nan", "–")])
    header = ["language", "human", *(f"share, prior {prior}" for prior in _PRIORS), "bound", "machine", "AUROC"]
    return _table(header, rows)


def _ratios(corpus: Corpus, script: NDArray[np.str_], trial: Trial) -> Floats:
    """Log-ratios of every judged text [texts], by a calibration fitted on the other folds."""
    ratio = np.full(len(corpus), np.nan)
    held = Held(trial.score, corpus.machine, corpus.language, script, corpus.web)
    for fold in np.unique(trial.fold[trial.fold >= 0]):
        others = (trial.fold >= 0) & (trial.fold != fold) & (corpus.attack == "")
        lines = Calibration("", calibrate(held.at(others)))
        for code in lines.lines:
            for name in np.unique(script[corpus.language == code]):
                own = (trial.fold == fold) & (corpus.language == code) & (script == name)
                ratio[own] = lines.log_likelihood_ratio(trial.score[own], code, str(name))
    return ratio
