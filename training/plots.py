"""The judge's plots: reliability of human_probability on mixtures, and machine texts found against people accused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import matplotlib as mpl
import numpy as np

from training.corpus import Corpus
from training.mixtures import SHARES, mix, ratios
from training.report import Trial, sides

mpl.use("Agg")
mpl.rcParams["svg.hashsalt"] = "firsthand"  # the same file for the same figures
from matplotlib import pyplot as plt  # noqa: E402 - the backend is chosen first
from matplotlib.figure import Figure  # noqa: E402

RELIABILITY, CURVES = "reliability.svg", "curves.svg"
_BINS = np.linspace(0, 1, 11)


def draw(corpus: Corpus, trials: Mapping[str, Trial], directory: Path) -> None:
    """Write both plots as SVG."""
    _reliability(corpus, trials["family"], directory / RELIABILITY)
    _curves(corpus, trials, directory / CURVES)


def _reliability(corpus: Corpus, trial: Trial, path: Path) -> None:
    ratio = ratios(corpus, trial.score, trial.fold)
    figure, panels = plt.subplots(1, len(SHARES) - 1, figsize=(11, 3), sharey=True, layout="constrained")
    for axes, share in zip(panels, SHARES[1:], strict=True):
        mixture = mix(corpus, ratio, share)
        place = np.minimum(np.digitize(mixture.probability, _BINS) - 1, _BINS.size - 2)
        size = np.bincount(place, minlength=_BINS.size - 1)
        mean = np.bincount(place, weights=mixture.probability, minlength=size.size) / np.maximum(size, 1)
        people = np.bincount(place, weights=~mixture.machine, minlength=size.size) / np.maximum(size, 1)
        axes.plot([0, 1], [0, 1], color="0.7", linewidth=1)
        axes.scatter(mean[size > 0], people[size > 0], s=4 + 120 * size[size > 0] / size.sum(), color="#2a6f97")
        axes.set(title=f"{share:.0%} machine, ECE {mixture.error:.3f}", xlabel="human_probability")
    panels[0].set_ylabel("share human")
    save(figure, path)


def _curves(corpus: Corpus, trials: Mapping[str, Trial], path: Path) -> None:
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    rates = np.geomspace(0.002, 1, 60)
    for name in ("family", "domain", "source", "era"):
        folds = sides(corpus, trials[name], corpus.machine & (corpus.attack == ""))
        found = [[np.mean(machine > np.quantile(human, 1 - rate)) for rate in rates] for human, machine in folds]
        axes.plot(rates, np.average(found, axis=0, weights=[machine.size for _, machine in folds]), label=name)
    axes.set(xscale="log", xlabel="English web pages accused", ylabel="machine texts found", ylim=(0, 1))
    axes.axvline(0.01, color="0.7", linewidth=1)
    axes.legend(title="unseen", frameon=False)
    save(figure, path)


def save(figure: Figure, path: Path) -> None:
    """Write a figure as SVG, the same bytes for the same figures, and close it."""
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
