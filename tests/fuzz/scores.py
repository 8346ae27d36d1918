"""The detector on any text and the `score` command on any line: a finite score that its explanation adds up to."""

from __future__ import annotations

import json
import math

import numpy as np

from tests.fuzz.choices import Choices
from transforms.errors import InputError
from transforms.filter.language import identify
from transforms.records import Declaration
from transforms.score.detector import Detector
from transforms.score.evidence import KINDS
from transforms.score.explain import explain
from transforms.score.lines import score_lines, to_json
from transforms.score.params import ScoreParams
from transforms.score.plain import MAX_CHARACTERS, locate, to_plain

_DETECTOR = Detector.load()
_PARAMS = ScoreParams()


def check(data: bytes) -> None:
    """Score the input as a line of JSON and as a text, repeated as often as its first byte says."""
    choices = Choices(data)
    times, language = choices.number(100), choices.pick(("en", "de", "zh", "th", "xx"))
    line = choices.rest().decode("utf-8", "replace")
    _check_line(line)
    text = line * (times + 1)
    _check_line(json.dumps({"id": "1", "text": text, "language": language}))
    _check_text(text, language)


def _check_line(line: str) -> None:
    try:
        scored = list(score_lines([line], _DETECTOR, identify, _PARAMS, phrases=2))
    except InputError:
        return
    for verdict in scored:
        written = to_json(verdict)
        written.encode()
        assert "\n" not in written
        json.loads(written)


def _check_text(text: str, language: str) -> None:
    plain = to_plain(text)
    places = locate(text)
    assert plain.kind.size == places.size == plain.folded.size
    assert plain.kind.size <= 3 * MAX_CHARACTERS
    assert bool(np.all(places[1:] >= places[:-1]))
    assert places.size == 0 or 0 <= int(places[0]) <= int(places[-1]) < len(text)
    url = f"http://example.com/{text[:50]}"
    found = _DETECTOR.assess(text, language=language, script="Latn", declarations=_declared(text), url=url)
    assert (found.detector_score is None) <= bool(found.abstain_reason)
    for sign in found.evidence:
        assert sign.kind in KINDS
        assert len(sign.detail) <= 200
        assert math.isfinite(sign.log_ratio)
    if found.detector_score is not None:
        told = explain(_DETECTOR.model, text, language, 3)
        assert math.isfinite(found.detector_score)
        assert math.isclose(told.total, found.detector_score, rel_tol=1e-3, abs_tol=1e-3)


def _declared(text: str) -> tuple[Declaration, ...]:
    return (Declaration("ai-disclosure", text[:200]),)
