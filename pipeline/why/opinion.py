"""What the detector says of a page, taken apart by the installed detector from the page's own text."""

from __future__ import annotations

import math
from typing import cast

from pipeline.manifest import calibration_digest
from pipeline.why.run import Run
from pipeline.why.story import Explained, Opinion, Push, Sign
from transforms.report.rows import Row
from transforms.score.abstention import ABSTENTIONS
from transforms.score.calibration import Line
from transforms.score.detector import Detector
from transforms.score.evidence import KINDS
from transforms.score.explain import Explanation, explain

_PHRASES = 5  # of each sign


def other_detector(run: Run, detector: Detector) -> str:
    """The installed detector where it is another one than the run's, "" where it is the same."""
    installed = (detector.model_id, calibration_digest())
    return "" if installed == (run.model, run.calibration) else f"{installed[0]}, calibration {installed[1]}"


def opinion_of(run: Run, row: Row, detector: Detector) -> Opinion:
    """The opinion on a row of the corpus, or of the documents."""
    language, script, score = str(row["language"]), str(row["language_script"]), row["detector_score"]
    line = detector.calibration.line(language, script)
    reason = str(row["abstain_reason"])
    signs = cast(list[dict[str, object]], row["evidence"])
    return Opinion(
        detector_score=cast(float | None, score),
        abstain_reason=reason,
        abstain_meaning=ABSTENTIONS.get(reason, ""),
        p_null=_p_null(row, detector) if "p_null" not in row else cast(float | None, row["p_null"]),
        model=run.model,
        other_detector=other_detector(run, detector),
        evidence=tuple(map(_sign, signs)),
        explained=None
        if score is None
        else _explained(explain(detector.model, str(row["text"]), language, _PHRASES), line),
    )


def _p_null(row: Row, detector: Detector) -> float | None:
    """How rare the score of a documents row is, which has no such column; None if nobody knows."""
    if row["detector_score"] is None or row["abstain_reason"]:
        return None
    score, language, script = float(cast(float, row["detector_score"])), row["language"], row["language_script"]
    p_null = float(detector.calibration.p_null(score, str(language), str(script)))
    return None if math.isnan(p_null) else p_null


def _sign(values: dict[str, object]) -> Sign:
    kind = str(values["kind"])
    meaning = KINDS[kind].meaning if kind in KINDS else ""
    return Sign(kind, meaning, str(values["detail"]), float(cast(float, values["log_ratio"])))


def _explained(found: Explanation, line: Line | None) -> Explained:
    if line is not None:
        found = found.calibrated(line.slope, line.offset)
    traits = (*found.style_for_machine, *found.style_for_human)
    return Explained(
        calibrated=line is not None,
        phrases=tuple(Push(each.text, each.weight, each.times) for each in (*found.for_machine, *found.for_human)),
        style=tuple(Push(f"{each.measure}: {each.value:.3g}, {each.level}", each.weight) for each in traits),
        other_words=found.rest,
        other_style=found.style_rest,
        constant=found.constant,
        total=found.total,
    )
