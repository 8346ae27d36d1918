"""A verdict for a person: everything it says, in 80 columns, and nothing that acts on a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.score.abstention import ABSTENTIONS
from transforms.score.block import WIDTH, to_block
from transforms.score.calibration import NULL_LEVELS
from transforms.score.lines import ScoredLine
from transforms.score.reasons import Measured, Reasons
from transforms.score.style import MEASURES
from transforms.score.traits import LEVELS
from transforms.terminal import columns

REASONS: Reasons = {
    "calibrated": True,
    "total": 0.5,
    "limit": 3.25,
    "bound": 0.8989,
    "counted": 0.5,
    "constant": -0.125,
    "rest": 0.025,
    "for_machine": [{"text": "nails and", "weight": 1.0, "times": 3}],
    "for_human": [{"text": "in April,", "weight": -0.4, "times": 1}],
    "style_rest": -0.15,
    "style_for_machine": [{"measure": "mean sentence length", "value": 21.25, "level": "high", "weight": 0.25}],
    "style_for_human": [{"measure": "share of colons", "value": 0.0, "level": "low", "weight": -0.1}],
}
LINE: ScoredLine = {
    "id": "a",
    "language": "en",
    "detector_score": 2.5,
    "human_probability": 0.7083,
    "p_null": 0.05,
    "abstain_reason": "",
    "evidence": [{"kind": "residue-link", "detail": "link copied from a chatbot: …", "log_ratio": 1.6094}],
    "explanation": REASONS,
}


def test_a_block_says_what_the_json_says() -> None:
    assert to_block(LINE).splitlines() == [
        "a (en)",
        "  score +2.50, higher is more machine",
        "  probability that a human wrote it: 0.708",
        "  human texts of the language that score as high: at most 5 %",
        "  signs",
        "     +1.61  link copied from a chatbot: …",
        "  phrases for a machine",
        "     +1.00  “nails and” × 3",
        "  phrases for a human",
        "     -0.40  “in April,”",
        "  style for a machine, beside that of other texts",
        "     +0.25  mean sentence length: 21.2, high",
        "  style for a human, beside that of other texts",
        "     -0.10  share of colons: 0, low",
        "  all told",
        "     +0.60  these phrases",
        "     +0.03  all other words",
        "     +0.15  these measures of style",
        "     -0.15  all other measures of style",
        "     -0.12  the same for every text of the language",
        "     +0.50  log-ratio of machine to human",
    ]


@pytest.mark.parametrize(
    ("total", "counted", "why"),
    [
        (7.5, 0.8989, "     +0.90  counted, for up to 5 % of human texts score as high"),
        (7.5, 3.25, "     +3.25  counted, for no score of the language counts more either way"),
        (7.5, 0.0, "     +0.00  counted, for up to 5 % of human texts score as high"),
        (-7.5, -3.25, "     -3.25  counted, for no score of the language counts more either way"),
    ],
)
def test_what_does_not_count_in_full_says_why(total: float, counted: float, why: str) -> None:
    block = to_block({**LINE, "explanation": {**REASONS, "total": total, "counted": counted}})
    assert block.splitlines()[-2:] == [f"     {total:+.2f}  log-ratio of machine to human", why]


@pytest.mark.parametrize("level", [1.0, *NULL_LEVELS])
def test_every_level_is_shown_in_full(level: float) -> None:
    block = to_block({**LINE, "p_null": level, "explanation": {**REASONS, "total": 7.5, "counted": 0.0}})
    first, second = (line for line in block.splitlines() if " % of" in line or "at most" in line)
    assert float(first.split()[-2]) == pytest.approx(100 * level)
    assert first.split()[-2] in second.split()


def test_without_an_explanation_only_the_opinion_is_shown() -> None:
    plain: ScoredLine = {
        "id": 7,
        "language": "en",
        "detector_score": -1.0,
        "human_probability": 0.9,
        "p_null": 1.0,
        "abstain_reason": "",
        "evidence": [],
    }
    assert len(to_block(plain).splitlines()) == 4
    short: ScoredLine = {
        **plain,
        "detector_score": None,
        "human_probability": None,
        "p_null": None,
        "abstain_reason": "too_short",
        "explanation": None,
    }
    assert to_block(short).startswith("7 (en)\n  no opinion, too_short: fewer than ")


def test_uncalibrated_phrases_say_so() -> None:
    block = to_block(
        {
            **LINE,
            "human_probability": None,
            "p_null": None,
            "abstain_reason": "language_not_calibrated",
            "explanation": {**REASONS, "calibrated": False, "limit": None, "bound": None, "counted": None},
        }
    )
    assert "phrases for a machine, not calibrated\n" in block
    assert "phrases for a human, not calibrated\n" in block
    assert "style for a machine, beside that of other texts, not calibrated\n" in block
    assert all(columns(line) <= WIDTH for line in block.splitlines())
    assert "log-ratio" not in block


def test_a_language_whose_style_is_not_measured_says_nothing_of_it() -> None:
    none: Reasons = {**REASONS, "style_for_machine": [], "style_for_human": [], "style_rest": 0.0}
    assert "style" not in to_block({**LINE, "explanation": none})


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_shown_in_full(measure: str) -> None:
    for level in LEVELS:
        trait: Measured = {"measure": measure, "value": -123456.789, "level": level, "weight": -10.0}
        block = to_block({**LINE, "explanation": {**REASONS, "style_for_human": [trait]}})
        assert f"    -10.00  {measure}: -1.23e+05, {level}\n" in block


@pytest.mark.parametrize("reason", sorted(ABSTENTIONS))
def test_every_abstention_fits(reason: str) -> None:
    block = to_block({**LINE, "human_probability": None, "p_null": None, "abstain_reason": reason})
    assert all(columns(line) <= WIDTH for line in block.splitlines())
    assert ABSTENTIONS[reason].split()[-1] in block


@settings(deadline=None)
@given(st.text(max_size=120), st.floats(-30, 30), st.integers(1, 999))
def test_no_line_is_wide_or_acts_on_a_terminal(text: str, weight: float, times: int) -> None:
    block = to_block(
        {
            **LINE,
            "id": text,
            "language": text,
            "evidence": [{"kind": "x", "detail": text, "log_ratio": weight}],
            "explanation": {**REASONS, "for_human": [{"text": text, "weight": weight, "times": times}]},
        }
    )
    lines = block.split("\n")
    assert len(lines) == len(to_block(LINE).split("\n"))
    assert all(columns(line) <= WIDTH for line in lines)
    assert not [c for line in lines for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs")]
