"""The judge's figures as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from training.calibrate import MIN_HUMAN
from training.corpus import Corpus
from training.fit import Floats
from training.metrics import Sides, auroc, estimate, over_folds, tpr_at_1_percent, upper_bound
from training.mixtures import SHARES, Mixture, mix, ratios
from transforms.probability import fuse
from transforms.score.params import ScoreParams

_LENGTHS = ((50, 100), (100, 200), (200, 400), (400, 10_000))
_LEAST = 20  # texts a row of a table needs
_FIGURES = ["AUROC", "TPR at 1 % FPR"]
_SEEDS = range(5)


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Held-out scores for one question; arrays [texts]."""

    unseen: str  # what the model had not seen: one of training.splits.QUESTIONS, or "nothing"
    score: Floats  # log-odds that a machine wrote it; NaN where not judged
    fold: NDArray[np.intp]  # fold in which it was judged, −1 if it was not
    misspelt: Mapping[float, Floats] = field(default_factory=dict)  # by share of words: scores of texts so disguised


def render(corpus: Corpus, words: Floats, trials: Mapping[str, Trial]) -> str:
    """The report. `words` [texts]: words of each text; `trials`: by what was unseen."""
    source, family, domain = trials["source"], trials["family"], trials["domain"]
    parts = [
        "# How the detector does on what it never saw\n",
        _INTRODUCTION,
        "## English, against human web pages of held-out sources\n",
        _table(["the model had not seen", "machine", "human pages", *_FIGURES], _overall(corpus, trials)),
        "*Nothing* is the figure in the model's own sources. It is here as a warning, not as a result. *Mean* is that "
        "of family, domain and attack.\n",
        "![Machine texts found against people accused](curves.svg)\n",
    ]
    for title, names, trial in (
        ("family of generators", corpus.family, family),
        ("source of machine text (source unseen)", corpus.origin, source),
        ("domain (domain unseen)", corpus.domain, domain),
        ("era of the generator (era unseen)", corpus.era, trials["era"]),
    ):
        parts += [f"## By {title}\n", _by_name(corpus, names, trial, attacked=False)]
    parts += [
        "## By disguise (disguised texts are never learned from)\n",
        _by_name(corpus, corpus.attack, family, True),
    ]
    parts += [_misspelt(corpus, family)]
    parts += ["## By length, family unseen\n", _by_length(corpus, words, family)]
    parts += ["## Mixtures of English web pages and unseen generators\n", _MIXTURES, _mixtures(corpus, family)]
    parts += ["![Reliability of human_probability](reliability.svg)\n"]
    parts += ["## People accused, by language\n", _FALSE_POSITIVES, _by_language(corpus, family)]
    parts += ["## Languages never seen\n", _STRANGERS, _strangers(corpus, trials["language"])]
    return "\n".join(parts).rstrip("\n") + "\n"


_INTRODUCTION = """Made by `python -m training.judge`; do not edit. Higher scores are more machine. Each figure is the
mean over folds of one model's figure on texts that it had not seen, weighted by machine texts; intervals are 95 %
bootstrap over texts within folds. Texts on which the detector has no opinion (too short, not prose) are left out.
"""
_MIXTURES = """All held-out English web pages with so many machine texts of unseen families that they make the share
given. Log-ratios by a calibration fitted on the other folds; the prior is estimated from the mixture alone, as
`firsthand curate` does, and gives `human_probability`. Mean of five draws of machine texts;
the interval is of the first.
*ECE*: expected calibration error over ten equal intervals.
"""
_FALSE_POSITIVES = f"""Share of human texts of held-out sources with `human_probability` below 0.5 under a prior of
{ScoreParams().prior_human}, by models that had not seen the generator's family either, calibrated on the other folds:
as the `score` command counts, whose ratios are bounded, with the one-sided 95 % *upper bound* of the rate, and by the
ratio that `curate` uses, bounded for ordinary scores only (*in a corpus*; there the prior is estimated). Left out are
languages of which the other folds hold fewer than {MIN_HUMAN} human texts, or on which the calibration of the other
folds abstains. *Found*: share of machine texts below 0.5, bounded. AUROC is within the language.
"""
_STRANGERS = """AUROC within a language of which the model had seen nothing, human or machine: what carries over.
"""


def _table(header: list[str], rows: Iterable[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def sides(
    corpus: Corpus, trial: Trial, machine: NDArray[np.bool_], among: NDArray[np.bool_] | None = None
) -> list[Sides]:
    """For each fold the scores of its English web pages and of its English texts in `machine`; `among` [texts] limits
    both."""
    english = corpus.language == "en" if among is None else (corpus.language == "en") & among
    return [(trial.score[own & english & corpus.web], trial.score[own & english & machine]) for own in _folds(trial)]


def _figures(folds: list[Sides]) -> list[str]:
    return [str(estimate(metric, folds)) for metric in (auroc, tpr_at_1_percent)]


def _overall(corpus: Corpus, trials: Mapping[str, Trial]) -> Iterable[list[str]]:
    plain, attacked = corpus.machine & (corpus.attack == ""), corpus.attack != ""
    rows = {
        "family": sides(corpus, trials["family"], plain),
        "domain": sides(corpus, trials["domain"], plain),
        "attack": sides(corpus, trials["family"], attacked),
        "source": sides(corpus, trials["source"], plain),
        "era": sides(corpus, trials["era"], plain),
        "nothing": sides(corpus, trials["nothing"], plain),
    }
    for name, folds in rows.items():
        yield [
            name,
            *(str(sum(side.size for side in part)) for part in list(zip(*folds, strict=True))[::-1]),
            *_figures(folds),
        ]
        if name == "attack":
            three = [rows[k] for k in ("family", "domain", "attack")]
            means = [np.mean([over_folds(metric, folds) for folds in three]) for metric in (auroc, tpr_at_1_percent)]
            yield ["**mean**", "", "", *(f"**{mean:.3f}**" for mean in means)]


def _by_name(corpus: Corpus, names: NDArray[np.str_], trial: Trial, attacked: bool) -> str:
    judged = corpus.machine & (corpus.language == "en") & ~np.isnan(trial.score) & ((corpus.attack != "") == attacked)
    rows = []
    for name in np.unique(names[judged]):
        own = judged & (names == name)
        if np.count_nonzero(own) >= _LEAST:
            rows.append([str(name), str(np.count_nonzero(own)), *_figures(sides(corpus, trial, own))])
    return _table(["", "machine", *_FIGURES], rows)


def _misspelt(corpus: Corpus, trial: Trial) -> str:
    rows = []
    for share, score in {0.0: trial.score, **trial.misspelt}.items():
        same = ~np.isnan(trial.misspelt[max(trial.misspelt)]) if trial.misspelt else corpus.machine
        mixed = Trial(trial.unseen, np.where(corpus.machine, score, trial.score), trial.fold)
        rows.append(
            [f"{share:.0%}", str(np.count_nonzero(same)), *_figures(sides(corpus, mixed, same & ~np.isnan(score)))]
        )
    return _table(
        ["longer words with a typing mistake, same texts", "machine", *_FIGURES],
        rows,
    )


def _by_length(corpus: Corpus, words: Floats, trial: Trial) -> str:
    rows = []
    for low, high in _LENGTHS:
        folds = sides(corpus, trial, corpus.machine & (corpus.attack == ""), (words >= low) & (words < high))
        sizes = [str(sum(side.size for side in part)) for part in list(zip(*folds, strict=True))[::-1]]
        rows.append([f"{low}–{high} words", *sizes, *_figures(folds)])
    return _table(["", "machine", "human pages", *_FIGURES], rows)


def _mixtures(corpus: Corpus, trial: Trial) -> str:
    log_lr = ratios(corpus, trial.score, trial.fold)
    rows = []
    for share in SHARES:
        drawn: list[Mixture] = [mix(corpus, log_lr, share, seed) for seed in _SEEDS]
        estimated = [1 - mixture.prior.prior_human for mixture in drawn]
        first = drawn[0]
        low, high = 1 - first.prior.high, 1 - first.prior.low
        accused = np.mean([np.mean(mixture.probability[~mixture.machine] < 0.5) for mixture in drawn])
        error = np.mean([mixture.error for mixture in drawn])
        interval = f"[{low:.3f}, {high:.3f}]"
        figures = [f"{np.mean(estimated):.3f}", interval, f"{error:.3f}", f"{accused:.3f}"]
        rows.append([f"{share:.0%}", str(first.machine.size), *figures])
    return _table(["machine", "texts", "estimated", "interval", "ECE", "people with p < .5"], rows)


def _by_language(corpus: Corpus, trial: Trial) -> str:
    bounded = ratios(corpus, trial.score, trial.fold, bounded=True)
    plain = ratios(corpus, trial.score, trial.fold)
    rows = []
    groups = [(str(code), corpus.language == code) for code in np.unique(corpus.language)]
    english = corpus.language == "en"
    groups += [
        ("en, web pages", english & corpus.web),
        ("en, African newspapers", english & (corpus.origin == "masakhane-io/masakhane-news")),
        ("en, government", english & (corpus.domain == "government")),
        ("en, education", english & (corpus.domain == "education")),
        ("en, software packages", english & corpus.packaged),
    ]
    for name, own in groups:
        judged = ~corpus.machine & own & ~np.isnan(bounded)
        machine = corpus.machine & own & ~np.isnan(bounded) & (corpus.attack == "")
        if np.count_nonzero(judged) < (MIN_HUMAN if "," not in name else _LEAST):
            continue
        accused, accused_plainly, found = (
            _below(ratio) for ratio in (bounded[judged], plain[judged], bounded[machine])
        )
        highest = upper_bound(int(accused.sum()), accused.size)
        cells = [name, str(accused.size), f"{accused.mean():.3f}", f"{highest:.3f}", f"{accused_plainly.mean():.3f}"]
        if found.size >= _LEAST:
            folds = [(trial.score[judged & own], trial.score[machine & own]) for own in _folds(trial)]
            cells += [str(found.size), f"{found.mean():.3f}", f"{over_folds(auroc, folds):.3f}"]
        rows.append([*cells, *["–"] * (8 - len(cells))])
    header = ["language", "human", "accused", "upper bound", "in a corpus", "machine", "found", "AUROC"]
    return _table(header, rows)


def _below(log_lr: Floats) -> NDArray[np.bool_]:
    return np.asarray(fuse(log_lr, 0.0, ScoreParams().prior_human, False) < 0.5)


def _folds(trial: Trial) -> list[NDArray[np.bool_]]:
    return [trial.fold == fold for fold in np.unique(trial.fold[trial.fold >= 0])]


def _strangers(corpus: Corpus, trial: Trial) -> str:
    rows = []
    for code in np.unique(corpus.language[trial.fold >= 0]):
        own = (corpus.language == code) & ~np.isnan(trial.score)
        human, machine = trial.score[own & ~corpus.machine], trial.score[own & corpus.machine]
        if min(human.size, machine.size) >= _LEAST:
            rows.append([str(code), str(human.size), str(machine.size), str(estimate(auroc, [(human, machine)]))])
    return _table(["language", "human", "machine", "AUROC"], rows)
