"""Calibration is monotone, clipped, and silent where it knows too little."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.errors import InputError
from transforms.score import calibration
from transforms.score.calibration import MAX_LOG_RATIO, Calibration, Line

LINE = Line(slope=0.8, offset=-1.0, limit=4.0, human=500, machine=400, scripts=("Latn",))
KNOWN = Calibration("ab" * 32, {"en": LINE})


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2), st.floats(1e-6, 10), st.floats(-10, 10), st.floats(0, MAX_LOG_RATIO))
def test_the_ratio_never_falls_as_the_score_rises(
    scores: list[float], slope: float, offset: float, limit: float
) -> None:
    lines = {"en": dataclasses.replace(LINE, slope=slope, offset=offset, limit=limit)}
    ratio = Calibration("", lines).log_likelihood_ratio(np.sort(scores), "en", "Latn")
    assert (np.diff(ratio) >= 0).all()
    assert (np.abs(ratio) <= limit).all()


def test_the_ratio_is_the_clipped_line_in_any_shape() -> None:
    ratio = KNOWN.log_likelihood_ratio(np.array([[0.0, 2.5], [100.0, -100.0]], np.float32), "en", "Latn")
    assert ratio.dtype == np.float64
    assert ratio.tolist() == [[-1.0, 1.0], [4.0, -4.0]]


def test_a_score_that_says_nothing_is_no_calibration() -> None:
    flat = Calibration("", {"de": dataclasses.replace(LINE, slope=0.0)})
    assert flat.line("de", "Latn") is None
    assert np.isnan(flat.log_likelihood_ratio([0.0, 9.0], "de", "Latn")).all()


def test_no_score_gives_no_ratio() -> None:
    assert np.isnan(KNOWN.log_likelihood_ratio([np.nan, 0.0], "en", "Latn")).tolist() == [True, False]


@pytest.mark.parametrize(("language", "script"), [("xx", "Latn"), ("en", "Cyrl"), ("und", "Zyyy")])
def test_an_unknown_language_or_script_gives_no_ratio(language: str, script: str) -> None:
    assert KNOWN.line(language, script) is None
    assert np.isnan(KNOWN.log_likelihood_ratio([0.0, 9.0], language, script)).all()


def test_a_calibration_survives_its_file(tmp_path: Path) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(calibration.encode(KNOWN), encoding="utf-8")
    assert calibration.load(path) == KNOWN


@pytest.mark.parametrize("content", ["", "[]", '{"model_digest": "a"}', '{"model_digest": "a", "lines": {"en": {}}}'])
def test_a_damaged_calibration_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "calibration.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"calibration\.json"):
        calibration.load(path)


@pytest.mark.parametrize("change", [{"slope": -0.1}, {"limit": 9.0}, {"offset": float("nan")}])
def test_a_line_out_of_range_is_refused(tmp_path: Path, change: dict[str, float]) -> None:
    path = tmp_path / "calibration.json"
    line = dataclasses.replace(LINE, **change)
    path.write_text(calibration.encode(Calibration("", {"en": line})), encoding="utf-8")
    with pytest.raises(InputError, match="'en' is out of range"):
        calibration.load(path)
