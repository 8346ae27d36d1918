"""Whose people a calibration accuses too often, tried on sources that it was not learned from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from training.calibrate import Held, calibrate
from transforms.probability import fuse
from transforms.score.calibration import Calibration, Line
from transforms.score.params import ScoreParams

MAX_ACCUSED = 0.03
"""Share of a language's human texts that may have a `human_probability` below ½ as the `score` command counts."""


def abstain_where_unfair(lines: dict[str, Line], held: Held, fold: NDArray[np.intp]) -> dict[str, Line]:
    """The lines, those of languages in `accused_too_often` flat: a flat line says nothing, so the detector abstains."""
    flat = accused_too_often(held, fold)
    return {code: replace(line, slope=0.0, offset=0.0) if code in flat else line for code, line in lines.items()}


def accused_too_often(held: Held, fold: NDArray[np.intp]) -> set[str]:
    """Languages of which more than `MAX_ACCUSED` of the human texts are accused, beyond chance.

    A text is judged by a calibration fitted on the other folds; `fold` [texts], in which a source is never in two.
    Beyond chance: the one-sided 95 % lower bound of the rate (Clopper and Pearson 1934) lies above `MAX_ACCUSED`.
    """
    accused, judged = np.zeros(fold.size, np.bool_), np.zeros(fold.size, np.bool_)
    for here in np.unique(fold):
        tried = Calibration("", calibrate(held.at(fold != here)))
        for code in tried.lines:
            for script in np.unique(held.script[held.language == code]):
                own = (fold == here) & (held.language == code) & (held.script == script) & ~held.machine
                ratio = tried.bounded_log_ratio(held.score[own], code, str(script))
                judged[own] = ~np.isnan(ratio)
                accused[own] = fuse(ratio, 0.0, ScoreParams().prior_human, False) < 0.5
    found = set()
    for code in np.unique(held.language[judged]):
        own = judged & (held.language == code)
        count, size = int(np.count_nonzero(accused[own])), int(np.count_nonzero(own))
        if count and float(beta.ppf(0.05, count, size - count + 1)) > MAX_ACCUSED:
            found.add(str(code))
    return found
