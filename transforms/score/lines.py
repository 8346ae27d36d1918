"""The `score` command without its wiring: JSON lines of texts in, verdicts out, in order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NotRequired, TypedDict

from transforms.errors import InputError
from transforms.probability import fuse
from transforms.records import Assessment
from transforms.score.detector import Detector
from transforms.score.evidence import total_log_ratio
from transforms.score.explain import explain
from transforms.score.params import ScoreParams
from transforms.score.reasons import Reasons, to_reasons

Identify = Callable[[str], tuple[str, str, float]]
"""text → (ISO 639 code, ISO 15924 script, score), as transforms.filter.language.identify."""

_CURE = 'expected an object such as {"id": "1", "text": "…", "language": "en"}, language optional'

_UNSEEN = re.compile(
    "[\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""What JSON lets pass as it is though it acts on a terminal, reorders what is read, shows as nothing, or is a lone
surrogate, which no file in UTF-8 can hold."""


class Sign(TypedDict):
    """One piece of evidence; `log_ratio` in nats, positive points to a machine."""

    kind: str
    detail: str
    log_ratio: float


class ScoredLine(TypedDict):
    """One line of output."""

    id: str | int
    language: str
    detector_score: float | None  # uncalibrated log-odds, higher is more machine
    human_probability: float | None  # 0–1 under the assumed prior, by the bounded ratio; null if it abstained
    p_null: float | None  # at most this share of human texts of the language score as high; null if it abstained
    abstain_reason: str
    evidence: list[Sign]
    explanation: NotRequired[Reasons | None]  # if asked for; null if there is no score


def score_lines(
    lines: Iterable[str], detector: Detector, identify: Identify, params: ScoreParams, *, phrases: int = 0
) -> Iterator[ScoredLine]:
    """A verdict for each line with a text, in order; blank lines are skipped.

    A language given in a line is believed; its script is read from the text. With `phrases` above 0 a verdict explains
    its score by up to so many phrases and as many measures of style in each direction. Raises InputError naming the
    line if one is not of the form expected.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            name, text, language = _parse(line, number)
            found, script, _ = identify(text)
            scored = _judge(name, text, language or found, script, detector, params.prior_human)
            if phrases:
                scored["explanation"] = _explain(text, scored, script, detector, phrases)
            yield scored


def to_json(line: ScoredLine) -> str:
    """The verdict as one line of JSON, letters of any script as they are, whatever cannot be seen escaped."""
    return _UNSEEN.sub(lambda match: json.dumps(match[0])[1:-1], json.dumps(line, ensure_ascii=False))


def _parse(line: str, number: int) -> tuple[str | int, str, str]:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"line {number}: not JSON ({error}); {_CURE}") from error
    if not isinstance(values, dict):
        raise InputError(f"line {number}: got {type(values).__name__}; {_CURE}")
    name, text, language = values.get("id"), values.get("text"), values.get("language") or ""
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise InputError(f"line {number}: 'id' is {_show(name)}, neither a string nor a whole number; {_CURE}")
    if not isinstance(text, str):
        raise InputError(f"line {number}: 'text' is {_show(text)}, not a string; {_CURE}")
    if not isinstance(language, str):
        raise InputError(f"line {number}: 'language' is {_show(language)}, not a string; {_CURE}")
    return name, text, language


def _show(value: object) -> str:
    return "missing" if value is None else f"of type {type(value).__name__}"


def _judge(
    name: str | int, text: str, language: str, script: str, detector: Detector, prior_human: float
) -> ScoredLine:
    assessment = detector.assess(text, language=language, script=script)
    signs: list[Sign] = [
        {"kind": sign.kind, "detail": sign.detail, "log_ratio": round(sign.log_ratio, 4)}
        for sign in assessment.evidence
    ]
    score = assessment.detector_score
    return {
        "id": name,
        "language": language,
        "detector_score": None if score is None else round(score, 4),
        "human_probability": _probability(assessment, language, script, detector, prior_human),
        "p_null": _p_null(assessment, language, script, detector),
        "abstain_reason": assessment.abstain_reason,
        "evidence": signs,
    }


def _probability(
    assessment: Assessment, language: str, script: str, detector: Detector, prior_human: float
) -> float | None:
    if assessment.detector_score is None or assessment.abstain_reason:
        return None
    log_lr = detector.calibration.bounded_log_ratio(assessment.detector_score, language, script)
    return round(float(fuse(log_lr, total_log_ratio(assessment.evidence), prior_human, False)), 4)


def _p_null(assessment: Assessment, language: str, script: str, detector: Detector) -> float | None:
    if assessment.detector_score is None or assessment.abstain_reason:
        return None
    return float(detector.calibration.p_null(assessment.detector_score, language, script))


def _explain(text: str, scored: ScoredLine, script: str, detector: Detector, phrases: int) -> Reasons | None:
    if scored["detector_score"] is None:
        return None
    line = None if scored["p_null"] is None else detector.calibration.line(scored["language"], script)
    found = explain(detector.model, text, scored["language"], phrases)
    return to_reasons(found, line, scored["p_null"])
