"""The figure of the study: what each rule leaves of the machines' share, and of the people least like people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from matplotlib import pyplot as plt

from training.mixture.figures import LOWEST, SHARE, Figure
from training.mixture.rules import CUT, DEFAULT, NONE, ODDS, ORACLE_CAPPED, POWER, name_of
from training.mixture.trials import Results
from training.plots import save

FILE = "study-mixtures.svg"
_LINES = {  # rule → label, colour, dashes
    NONE: ("no weights", "0.6", "-"),
    name_of(0.5, 0.1): ("β ½, ρ 0.1", "#8ab6d6", "-"),
    DEFAULT: ("β 1, ρ 0.1 (default)", "#2a6f97", "-"),
    name_of(2.0, 0.1): ("β 2, ρ 0.1", "#012a4a", "-"),
    CUT: ("cut at ½", "#c1121f", "--"),
    POWER: ("p^10", "#e08e0b", "--"),
    ODDS: ("odds", "#7b2d8e", "--"),
    ORACLE_CAPPED: ("who knows the truth, W = 4", "0.2", ":"),
}


def draw(pages: Mapping[float, Results], registers: Mapping[float, Results], directory: Path) -> None:
    """Write the figure as SVG: shares of mixtures of web pages, the tail of those of every register, both English.

    Intervals are drawn for the default. The tail of who knows the truth is out of the picture.
    """
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 4.6), layout="constrained")
    for axes, by_share, what in ((left, pages, SHARE), (right, registers, LOWEST)):
        for rule, (label, colour, dashes) in _LINES.items():
            shares, found = list(by_share), [results[Figure(rule, what, "en")] for results in by_share.values()]
            if rule != ORACLE_CAPPED or what == SHARE:
                values = [f.value for f in found]
                axes.plot(shares, values, dashes, color=colour, label=label, marker="o", markersize=3)
            if rule == DEFAULT:
                low, high = [f.low for f in found], [f.high for f in found]
                axes.fill_between(shares, low, high, color=colour, alpha=0.2, linewidth=0)
        axes.set(xlabel="machine texts before weighting, share of tokens", xlim=(0, 0.85))
        axes.spines[["top", "right"]].set_visible(False)
    left.set(ylabel="after weighting", ylim=(0, 0.85), title="What is left of the machines: web pages, English")
    right.set(ylabel="mean weight, every register", ylim=(0, 1.15), title="The tenth of people that looks least human")
    figure.legend(*left.get_legend_handles_labels(), frameon=False, loc="outside lower center", ncols=4)
    save(figure, directory / FILE)
