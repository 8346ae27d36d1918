"""The detector: one text in, the log-odds that a machine wrote it out, or a reason why it gives no opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from transforms.errors import InputError
from transforms.records import Assessment, Declaration
from transforms.score import calibration, linear
from transforms.score.abstention import UNCALIBRATED, judge_prose
from transforms.score.calibration import Calibration
from transforms.score.evidence import gather
from transforms.score.linear import LinearModel
from transforms.score.row import cut, lay, views
from transforms.score.style import LANGUAGES, measure_all

MODEL_DIRECTORY = Path(__file__).parent / "model"


class Asked(NamedTuple):
    """A text, and what is known of it."""

    text: str
    language: str  # ISO 639 code, as transforms.filter.language.identify gives it
    script: str  # ISO 15924, likewise
    declarations: Sequence[Declaration] = ()
    url: str = ""  # where it was published, "" if unknown: residue on pages about chatbots is no evidence


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
        """Score, reason for abstention, and evidence of one text: see `Asked`.

        A text that abstains for its language still has a score, so that a later calibration can use it.
        """
        return self.assess_all([Asked(text, language, script, declarations, url)])[0]

    def assess_all(self, asked: Sequence[Asked]) -> list[Assessment]:
        """What `assess` says of each, for less."""
        rows = cut([each.text for each in asked])
        return [assessment for row in rows for assessment in self._assess_row(asked[row])]

    def _assess_row(self, asked: Sequence[Asked]) -> list[Assessment]:
        row = lay([each.text for each in asked])
        reasons = [judge_prose(each.text, words) for each, (_, words) in zip(asked, row.texts(), strict=True)]
        styled = [not reason and each.language in LANGUAGES for each, reason in zip(asked, reasons, strict=True)]
        measured = measure_all(row.plain, row.words, row.members, styled)
        styles = [style if has else None for style, has in zip(measured, styled, strict=True)]
        scores = self.model.score_row(views(row, self.model.known), styles)
        return [self._conclude(*each) for each in zip(asked, reasons, scores, strict=True)]

    def _conclude(self, asked: Asked, reason: str, score: float) -> Assessment:
        evidence = gather(asked.text, asked.declarations, asked.url)
        if reason:
            return Assessment(None, reason, evidence)
        calibrated = self.calibration.line(asked.language, asked.script) is not None
        return Assessment(float(np.float32(score)), "" if calibrated else UNCALIBRATED, evidence)
