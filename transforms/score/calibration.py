"""From a detector's score to a likelihood ratio: one slope and one offset a language, learned on held-out texts.

log LR = clip(slope·score + offset, ±limit): Platt's form, whose log-odds under a balanced prior *are* the log-ratio.
The slope is never negative, so the ratio never falls as the score rises. A language with little machine text has its
line shrunk towards no information (slope 0, ratio 1); see training/calibrate.py.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from transforms.errors import InputError

FILE = "calibration.json"
MAX_LOG_RATIO = 5.0
"""No score is worth more than e^5 ≈ 150 to one: beyond, the tails of the held-out scores hold too few texts to tell."""


@dataclass(frozen=True, slots=True)
class Line:
    """log LR = slope·score + offset, clipped to ±limit; counts are of the held-out texts it was fitted on."""

    slope: float  # at least 0
    offset: float
    limit: float  # 0 to MAX_LOG_RATIO, nats
    human: int
    machine: int
    scripts: tuple[str, ...]  # ISO 15924, those its texts are written in


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


def encode(calibration: Calibration) -> str:
    """The calibration as the JSON of its file, readable and in one order."""
    lines = {language: asdict(line) for language, line in sorted(calibration.lines.items())}
    return json.dumps({"model_digest": calibration.model_digest, "lines": lines}, indent=1) + "\n"


def load(path: Path) -> Calibration:
    """The calibration in a file. Raises InputError if it is missing or a value is out of range."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        lines = {
            language: Line(**{**line, "scripts": tuple(line["scripts"])}) for language, line in values["lines"].items()
        }
        digest = str(values["model_digest"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: the calibration cannot be read ({error}); reinstall the package") from error
    for language, line in lines.items():
        sound = line.slope >= 0 and 0 <= line.limit <= MAX_LOG_RATIO and math.isfinite(line.slope + line.offset)
        if not sound:
            raise InputError(f"{path}: the line of {language!r} is out of range: {line}; reinstall the package")
    return Calibration(digest, lines)
