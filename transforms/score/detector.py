"""The detector: one text in, the log-odds that a machine wrote it out, or a reason why it gives no opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from transforms.errors import InputError
from transforms.records import Assessment, Declaration
from transforms.score import calibration, linear
from transforms.score.abstention import UNCALIBRATED, judge_prose
from transforms.score.calibration import Calibration
from transforms.score.evidence import gather
from transforms.score.features import split_words, view
from transforms.score.linear import LinearModel
from transforms.score.plain import to_plain
from transforms.score.style import LANGUAGES, measure

MODEL_DIRECTORY = Path(__file__).parent / "model"


@dataclass(frozen=True, slots=True, eq=False)
class Detector:
    """A model and its calibration. Holds no state: a score depends on the text and its language alone."""

    model: LinearModel
    calibration: Calibration
    model_id: str  # name and first digits of the digest, e.g. "linear-0123456789ab"

    @classmethod
    def load(cls, path: Path | None = None) -> Detector:
        """The shipped detector, or that of a directory. Raises InputError if its files are damaged or do not match."""
        directory = MODEL_DIRECTORY if path is None else path
        model, digest = linear.load(directory / linear.FILE)
        lines = calibration.load(directory / calibration.FILE)
        if lines.model_digest != digest:
            raise InputError(
                f"{directory}: {calibration.FILE} was made for model {lines.model_digest[:12]}, {linear.FILE} is "
                f"{digest[:12]}; take both from one run of `python -m training.train`"
            )
        return cls(model, lines, f"linear-{digest[:12]}")

    def assess(
        self, text: str, *, language: str, script: str, declarations: Sequence[Declaration] = (), url: str = ""
    ) -> Assessment:
        """Score, reason for abstention, and evidence of one text.

        `language`: ISO 639 code, `script`: ISO 15924, as transforms.filter.language.identify gives them; `url`: where
        the text was published, "" if unknown: residue on pages about chatbots is no evidence. A text that abstains for
        its language still has a score, so that a later calibration can use it.
        """
        plain = to_plain(text)
        words = split_words(plain)
        reason = judge_prose(text, words)
        evidence = gather(text, declarations, url)
        if reason:
            return Assessment(None, reason, evidence)
        style = measure(plain, words) if language in LANGUAGES else None
        score = self.model.score(view(plain, words, self.model.known), style)
        calibrated = self.calibration.line(language, script) is not None
        return Assessment(float(np.float32(score)), "" if calibrated else UNCALIBRATED, evidence)
