"""Calibration is monotone, clipped, bounded by how rare a score is, and silent where it knows too little."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import InputError
from transforms.score import calibration
from transforms.score.calibration import MAX_LOG_RATIO, NULL_LEVELS, Calibration, Line, bound

NO_NUMBERS = '{"model_digest": "a", "lines": {"en": {"scripts": ["Latn"], "null": ["low"]}}}'
RARE = tuple(-9.0 + 0.25 * i for i in range(len(NULL_LEVELS)))  # so low that every score above −3.5 is the rarest
LINE = Line(slope=0.8, offset=-1.0, limit=3.5, human=500, machine=400, scripts=("Latn",), null=RARE)
KNOWN = Calibration("ab" * 32, {"en": LINE})


@settings(deadline=None)
@given(
    scores=st.lists(st.floats(-1e6, 1e6) | st.floats(-9, 9), min_size=2),
    slope=st.floats(1e-6, 10),
    offset=st.floats(-10, 10),
    limit=st.floats(0, MAX_LOG_RATIO),
    null=st.lists(st.floats(-9, 9), max_size=len(NULL_LEVELS)),
)
def test_the_ratio_never_falls_and_p_never_rises_with_the_score(
    scores: list[float], slope: float, offset: float, limit: float, null: list[float]
) -> None:
    line = dataclasses.replace(LINE, slope=slope, offset=offset, limit=limit, null=tuple(sorted(null)))
    known = Calibration("", {"en": line})
    plain, bounded, p = (
        ask(np.sort(scores), "en", "Latn")
        for ask in (known.log_likelihood_ratio, known.bounded_log_ratio, known.p_null)
    )
    assert (np.diff(plain) >= 0).all()
    assert (np.abs(plain) <= limit).all()
    assert (np.diff(p) <= 0).all()
    assert (np.diff(bounded) >= 0).all()
    assert bounded.tolist() == np.where(plain < bound(p), plain, bound(p)).tolist()


def test_the_ratio_is_the_clipped_line_in_any_shape() -> None:
    ratio = KNOWN.log_likelihood_ratio(np.array([[0.0, 2.5], [100.0, -100.0]], np.float32), "en", "Latn")
    assert ratio.dtype == np.float64
    assert ratio.tolist() == [[-1.0, 1.0], [3.5, -3.5]]
    assert KNOWN.bounded_log_ratio(np.zeros((2, 0), np.float32), "en", "Latn").shape == (2, 0)


def test_what_people_score_too_bounds_the_ratio_of_a_single_text_and_not_of_a_corpus() -> None:
    steep = Calibration("", {"en": dataclasses.replace(LINE, slope=3.0, null=(0.0, 1.0, 1.0, 2.5))})
    assert steep.log_likelihood_ratio([0.2, 1.0, 2.5], "en", "Latn").tolist() == pytest.approx([-0.4, 2.0, 3.5])
    bounded = steep.bounded_log_ratio([0.2, 1.0, 2.5], "en", "Latn")
    assert bounded.tolist() == pytest.approx([-0.4, float(bound(0.3)), float(bound(0.25))])
    assert (bounded[1:] > 0).all()


def test_p_is_the_level_of_the_last_score_reached() -> None:
    few = Calibration("", {"en": dataclasses.replace(LINE, null=(0.0, 1.0, 1.0, 2.5))})
    p = few.p_null(np.array([[-0.1, 0.0, 0.9], [1.0, 2.5, 1e9]], np.float32), "en", "Latn")
    assert p.dtype == np.float64
    assert p.tolist() == [[1.0, 0.5, 0.5], [0.3, 0.25, 0.25]]  # the scores of .4 and .3 are one
    assert KNOWN.p_null([-9.1, 9.0], "en", "Latn").tolist() == [1.0, 0.001]


def test_without_a_score_that_is_rare_among_people_no_single_text_is_taken_for_a_machine_s() -> None:
    unknown = Calibration("", {"en": dataclasses.replace(LINE, null=())})
    assert unknown.p_null([-5.0, 5.0], "en", "Latn").tolist() == [1.0, 1.0]
    assert unknown.bounded_log_ratio([0.0, 5.0], "en", "Latn").tolist() == [-1.0, 0.0]


@settings(deadline=None)
@given(st.floats(1e-9, 1.0))
def test_the_bound_is_its_formula_below_1_over_e_and_no_evidence_above(p: float) -> None:
    expected = math.log(-1 / (math.e * p * math.log(p))) if p < 1 / math.e else 0.0
    assert bound(p) == pytest.approx(expected, abs=1e-9)
    assert bound(p) >= 0


def test_the_bound_of_no_p_is_none() -> None:
    assert np.isnan(bound([np.nan, 0.05])).tolist() == [True, False]


def test_a_score_that_says_nothing_is_no_calibration() -> None:
    flat = Calibration("", {"de": dataclasses.replace(LINE, slope=0.0)})
    assert flat.line("de", "Latn") is None
    assert np.isnan(flat.log_likelihood_ratio([0.0, 9.0], "de", "Latn")).all()
    assert np.isnan(flat.bounded_log_ratio([0.0, 9.0], "de", "Latn")).all()
    assert np.isnan(flat.p_null([0.0, 9.0], "de", "Latn")).all()


def test_no_score_gives_no_ratio_and_no_p() -> None:
    assert np.isnan(KNOWN.log_likelihood_ratio([np.nan, 0.0], "en", "Latn")).tolist() == [True, False]
    assert np.isnan(KNOWN.bounded_log_ratio([np.nan, 0.0], "en", "Latn")).tolist() == [True, False]
    assert np.isnan(KNOWN.p_null([np.nan, 0.0], "en", "Latn")).tolist() == [True, False]


@pytest.mark.parametrize(("language", "script"), [("xx", "Latn"), ("en", "Cyrl"), ("und", "Zyyy")])
def test_an_unknown_language_or_script_gives_no_ratio_and_no_p(language: str, script: str) -> None:
    assert KNOWN.line(language, script) is None
    assert np.isnan(KNOWN.log_likelihood_ratio([0.0, 9.0], language, script)).all()
    assert np.isnan(KNOWN.bounded_log_ratio([0.0, 9.0], language, script)).all()
    assert np.isnan(KNOWN.p_null([0.0, 9.0], language, script)).all()


def test_a_calibration_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(calibration.encode(KNOWN), encoding="utf-8")
    assert calibration.load(path) == KNOWN


@pytest.mark.parametrize(
    "content", ["", "[]", '{"model_digest": "a"}', '{"model_digest": "a", "lines": {"en": {}}}', NO_NUMBERS]
)
def test_a_damaged_calibration_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"calibration\.json"):
        calibration.load(path)


@pytest.mark.parametrize(
    "change",
    [
        {"slope": -0.1},
        {"limit": 9.0},
        {"offset": float("nan")},
        {"null": (0.0, 2.0, 1.0)},
        {"null": (0.0, float("nan"))},
        {"null": (float("nan"),)},
        {"null": (*RARE, 9.0)},
    ],
)
def test_a_line_out_of_range_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "calibration.json"
    line = dataclasses.replace(LINE, **change)
    path.write_text(calibration.encode(Calibration("", {"en": line})), encoding="utf-8")
    with pytest.raises(InputError, match="'en' is out of range"):
        calibration.load(path)


@pytest.mark.parametrize(
    "damage",
    [{"slope": "steep"}, {"offset": None}, {"slope": 10**400}, {"scripts": "Latn"}, {"human": "many"}, {"colour": 1}],
)
def test_a_line_that_is_no_line_is_an_error_that_names_the_file(tmp_path: Path, damage: dict[str, object]) -> None:
    path = tmp_path / "calibration.json"
    line = {"slope": 1, "offset": 0, "limit": 5, "human": 9, "machine": 9, "scripts": ["Latn"], "null": [0.5]}
    path.write_text(json.dumps({"model_digest": "d", "lines": {"en": {**line, **damage}}}), encoding="utf-8")
    with pytest.raises(InputError, match=r"calibration\.json"):
        calibration.load(path)


def test_nested_json_is_an_error_not_a_crash(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text("[" * 200_000, encoding="utf-8")
    with pytest.raises(InputError, match="cannot be read"):
        calibration.load(path)


def test_in_a_corpus_only_ordinary_scores_are_bounded() -> None:
    line = Line(2.0, 0.0, 5.0, 500, 400, ("Latn",), tuple(0.1 * place for place in range(len(NULL_LEVELS))))
    known = Calibration("d", {"en": line})
    scores = np.array([-1.0, 0.35, 0.65, 0.75, 3.0])
    asked = [ask(scores, "en", "Latn") for ask in (known.p_null, known.log_likelihood_ratio, known.bounded_log_ratio)]
    p, plain, bounded = asked
    assert p.tolist() == [1.0, 0.25, 0.1, 0.075, 0.001]
    assert known.corpus_log_ratio(scores, "en", "Latn").tolist() == [*bounded[:2], *plain[2:]]
    assert bounded[1] < plain[1]
    assert bounded[2] < plain[2]
    assert np.isnan(known.corpus_log_ratio([0.5], "de", "Latn")).all()
