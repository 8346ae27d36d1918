"""The curves: held-out perplexity by generation, one panel a detector, legible on a light and on a dark page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

from training.collapse.arms import CUT, DEFAULT, ODDS, ORACLE, POWER, UNWEIGHTED, Arm
from training.collapse.recovery import Floats, Outcomes
from training.collapse.results import Record

mpl.use("Agg")
from matplotlib import pyplot as plt
from matplotlib import ticker
from matplotlib.axes import Axes

_INK = "#7a7a7a"  # contrast 4.3 to white, 4.6 to the #0d1117 of a dark page
_LINES = (
    # rule, label, colour, dashes: colours of equal contrast to light and dark, told apart by dashes as well
    (UNWEIGHTED, "no weights", "#d1495b", "-"),
    (ODDS, "odds p/(1−p)", "#a06cd5", ":"),
    (POWER, "p^10, resampled", "#b07d2b", "--"),
    (CUT, "cut at p = ½", "#5b8e3e", "-."),
    (DEFAULT, "human_weight", "#2b83ba", "-"),
    (ORACLE, "oracle", _INK, "--"),
)


def draw(records: Sequence[Record], tier: int, folder: Path, panels: Sequence[str]) -> list[Path]:
    """Write study-tier<n>.svg with a panel for each of these detectors that judged, and study-tier<n>-small.svg.

    The small one has the simulated detector's panel, the only one of tier 1 that speaks of a detector's quality; where
    there is none, the first.
    """
    outcomes = Outcomes.of(records)
    judged = {arm.detector for arm in outcomes.arms()}
    detectors = [detector for detector in panels if detector in judged]
    if not detectors:
        return []
    main = [detector for detector in detectors if detector.startswith("simulated")] or detectors
    share = min({arm.human for arm in outcomes.arms() if arm.detector}, key=lambda share: abs(share - 0.3))
    with mpl.rc_context():
        mpl.rcParams.update(
            {
                "svg.hashsalt": "firsthand",  # the same file for the same figures
                "text.color": _INK,
                "axes.labelcolor": _INK,
                "axes.edgecolor": _INK,
                "axes.titlecolor": _INK,
                "xtick.color": _INK,
                "ytick.color": _INK,
                "axes.spines.top": False,
                "axes.spines.right": False,
                "savefig.transparent": True,
            }
        )
        whole = _panels(outcomes, share, detectors, folder / f"study-tier{tier}.svg")
        return [
            whole,
            _panels(outcomes, share, main[:1], folder / f"study-tier{tier}-small.svg"),
        ]


def _panels(outcomes: Outcomes, share: float, detectors: Sequence[str], path: Path) -> Path:
    size = (4.2 * len(detectors) + 1.8, 3.6)
    figure, grid = plt.subplots(1, len(detectors), figsize=size, sharey=True, layout="constrained", squeeze=False)
    for axes, detector in zip(grid[0], detectors, strict=True):
        for rule, label, colour, dashes in _LINES:
            arm = Arm(share, rule, "" if rule in (UNWEIGHTED, ORACLE) else detector)
            _curve(axes, outcomes, arm, (label, colour, dashes))
        _curve(axes, outcomes, Arm(1.0, UNWEIGHTED, ""), ("human only", _INK, "-"))
        axes.set(title=f"{share:.0%} human; detector: {detector}", xlabel="generation", yscale="log")
        axes.xaxis.set_major_locator(ticker.MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(ticker.LogLocator(subs=(1, 2, 3, 5)))
        axes.yaxis.set_major_formatter("{x:,.0f}")
        axes.yaxis.set_minor_locator(ticker.NullLocator())
    grid[0][0].set_ylabel("perplexity of held-out human text")
    handles, labels = grid[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside right center", frameon=False)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return path


def _curve(axes: Axes, outcomes: Outcomes, arm: Arm, look: tuple[str, str, str]) -> None:
    """Mean over seeds by generation, with the range of the seeds; all begin at generation 0, which they share."""
    start = outcomes.values(Arm(1.0, UNWEIGHTED, ""), "perplexity", 0)
    later = [outcomes.values(arm, "perplexity", generation) for generation in range(1, outcomes.last + 1)]
    values: list[Floats] = [start, *later]
    if not all(seeds.size for seeds in values):
        return
    x, (label, colour, dashes) = np.arange(len(values)), look
    axes.plot(x, [seeds.mean() for seeds in values], label=label, color=colour, linestyle=dashes, linewidth=1.8)
    low, high = [seeds.min() for seeds in values], [seeds.max() for seeds in values]
    axes.fill_between(x, low, high, color=colour, alpha=0.15, lw=0)
