"""From a detector's score to a likelihood ratio: one slope and one offset a language, learned on held-out texts.

log LR = clip(slope·score + offset, ±limit): Platt's form, whose log-odds under a balanced prior *are* the log-ratio.
The slope is never negative, so the ratio never falls as the score rises. A language with little machine text has its
line shrunk towards no information (slope 0, ratio 1); see training/calibrate.py.

The line is right on average over web pages, which is what a corpus asks. Of a single text of unknown kind more is
asked: p_null, a conformal p-value (Vovk, Gammerman, Shafer 2005), is the share of human texts of the language, pages
or others, whichever is larger, that score as high. A p-value bounds the ratio: no alternative makes it larger than
−1/(e·p·ln p) (Sellke, Bayarri, Berger 2001). `bounded_log_ratio` holds to that, so that however steep the line, at most
p of the people held out are given more. A corpus weighed by it would seem more human than it is: docs/weights.md.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transforms.errors import InputError

FILE = "calibration.json"
ORDINARY = 0.1
"""A score that more than this share of human texts reach is ordinary. From .075 down mixtures of web pages come out
more than 5 points low; bounded nowhere, one in six human texts but pages is called machine-made: docs/log.md."""

_MAX_CHARACTERS = 1 << 20  # ninety times what is shipped; more is cut, and so is no JSON
MAX_LOG_RATIO = 5.0
"""No score is worth more than e^5 ≈ 150 to one: beyond, the tails of the held-out scores hold too few texts to tell."""

NULL_LEVELS = (
    *(0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1, 0.075, 0.05, 0.04, 0.03, 0.025, 0.02, 0.015, 0.01),
    *(0.0075, 0.005, 0.004, 0.003, 0.002, 0.0015, 0.001),
)
"""The values `p_null` takes, besides 1: between two of them it is the larger."""


@dataclass(frozen=True, slots=True)
class Line:
    """log LR = slope·score + offset, clipped to ±limit; counts are of all held-out texts of the language."""

    slope: float  # at least 0
    offset: float
    limit: float  # 0 to MAX_LOG_RATIO, nats
    human: int
    machine: int
    scripts: tuple[str, ...]  # ISO 15924, those its texts are written in
    null: tuple[float, ...]  # ascending: the score from which on p_null is at most the first, second … of NULL_LEVELS


@dataclass(frozen=True, slots=True)
class Calibration:
    """The lines of the languages that are calibrated, and which model they belong to."""

    model_digest: str  # hex, as transforms.score.linear.load returns it
    lines: Mapping[str, Line]  # by ISO 639 code

    def line(self, language: str, script: str) -> Line | None:
        """The line of a language in a script (ISO 639, ISO 15924), None if it is not calibrated.

        It is not where too few human texts were at hand to bound its false positives, nor where the held-out machine
        texts, if any, score no higher than the human ones (slope 0): there the score says nothing. To n-grams a
        language in another script is another language.
        """
        line = self.lines.get(language)
        return line if line is not None and line.slope > 0 and script in line.scripts else None

    def log_likelihood_ratio(self, detector_score: ArrayLike, language: str, script: str) -> NDArray[np.float64]:
        """log P(score | machine) / P(score | human), any shape, float64; positive points to a machine.

        NaN where the score is NaN, and everywhere if the language is not calibrated in this script.
        """
        score = np.asarray(detector_score, dtype=np.float64)
        line = self.line(language, script)
        if line is None:
            return np.full(score.shape, np.nan)
        return np.asarray(np.clip(line.slope * score + line.offset, -line.limit, line.limit), dtype=np.float64)

    def corpus_log_ratio(self, detector_score: ArrayLike, language: str, script: str) -> NDArray[np.float64]:
        """`log_likelihood_ratio`, bounded where the score is `ORDINARY` among people: see `bound`. What `curate` uses.

        Bounded everywhere, a mixture's machine share is underestimated by up to 17 points; nowhere, whole sites of
        manuals and official prose count as machine-made, which the line, right about pages, does not know.
        """
        ratio = self.log_likelihood_ratio(detector_score, language, script)
        p = self.p_null(detector_score, language, script)
        return np.asarray(np.where(p > ORDINARY, np.minimum(ratio, bound(p)), ratio), dtype=np.float64)

    def bounded_log_ratio(self, detector_score: ArrayLike, language: str, script: str) -> NDArray[np.float64]:
        """`log_likelihood_ratio`, but at most what the score's rareness among people allows: see `bound`."""
        ratio = self.log_likelihood_ratio(detector_score, language, script)
        return np.asarray(np.minimum(ratio, bound(self.p_null(detector_score, language, script))), dtype=np.float64)

    def p_null(self, detector_score: ArrayLike, language: str, script: str) -> NDArray[np.float64]:
        """How rare so high a score is among people: one of `NULL_LEVELS` or 1, any shape, float64.

        Of human texts of the language like those held out in training at most the share p has a value of p or less.
        NaN as in `log_likelihood_ratio`.
        """
        score = np.asarray(detector_score, dtype=np.float64)
        line = self.line(language, script)
        return np.full(score.shape, np.nan) if line is None else _p_null(score, line)


def _p_null(score: NDArray[np.float64], line: Line) -> NDArray[np.float64]:
    levels = np.array([1.0, *NULL_LEVELS])
    passed = np.searchsorted(np.array(line.null, dtype=np.float64), score, side="right")
    return np.where(np.isnan(score), np.nan, levels[np.minimum(passed, len(line.null))])


def bound(p_null: ArrayLike) -> NDArray[np.float64]:
    """The largest log-ratio that a p-value in (0, 1] allows, any shape, nats: log(−1/(e·p·ln p)), 0 from p = 1/e on.

    >>> [round(float(bound(p)), 3) for p in (1.0, 0.05, 0.02, 0.001)]
    [0.0, 0.899, 1.548, 3.975]
    """
    p = np.minimum(np.asarray(p_null, dtype=np.float64), np.exp(-1.0))
    return np.asarray(np.maximum(-1.0 - np.log(p) - np.log(-np.log(p)), 0.0), dtype=np.float64)


def encode(calibration: Calibration) -> str:
    """The calibration as the JSON of its file, readable and in one order."""
    lines = {language: asdict(line) for language, line in sorted(calibration.lines.items())}
    return json.dumps({"model_digest": calibration.model_digest, "lines": lines}, indent=1) + "\n"


def _read_line(values: Any) -> Line:
    """The line. Raises TypeError, ValueError, KeyError or OverflowError if it is none."""
    scripts, known = values["scripts"], {field.name for field in fields(Line)}
    if set(values) != known or not isinstance(scripts, list) or not all(isinstance(name, str) for name in scripts):
        raise TypeError(f"expected {sorted(known)}, scripts a list of names, got {sorted(values)}, {scripts!r}")
    return Line(
        slope=float(values["slope"]),
        offset=float(values["offset"]),
        limit=float(values["limit"]),
        human=int(values["human"]),
        machine=int(values["machine"]),
        scripts=tuple(scripts),
        null=tuple(map(float, values["null"])),
    )


def load(path: Path) -> Calibration:
    """The calibration in a file. Raises InputError if it is missing or a value is out of range."""
    try:
        with path.open(encoding="utf-8") as file:
            values = json.loads(file.read(_MAX_CHARACTERS))
        lines = {language: _read_line(line) for language, line in values["lines"].items()}
        digest = str(values["model_digest"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise InputError(f"{path}: the calibration cannot be read ({error}); reinstall the package") from error
    for language, line in lines.items():
        sound = line.slope >= 0 and 0 <= line.limit <= MAX_LOG_RATIO and math.isfinite(line.slope + line.offset)
        rising = all(map(math.isfinite, line.null)) and all(a <= b for a, b in pairwise(line.null))
        if not (sound and rising and len(line.null) <= len(NULL_LEVELS)):
            raise InputError(f"{path}: the line of {language!r} is out of range: {line}; reinstall the package")
    return Calibration(digest, lines)
