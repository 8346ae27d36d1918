"""The `score` command's core: order, abstentions, evidence, and errors that name the line."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import numpy as np
import pytest

from transforms.errors import InputError
from transforms.score.calibration import NULL_LEVELS, Calibration, Line, bound
from transforms.score.detector import Detector
from transforms.score.features import BITS, VIEWS, extract, split_words
from transforms.score.hashing import HashSet
from transforms.score.linear import LinearModel
from transforms.score.lines import ScoredLine, score_lines, to_json
from transforms.score.params import ScoreParams
from transforms.score.plain import to_plain
from transforms.score.style import MEASURES, Curves

PROSE = "The old mill stands by the river and the water rises to the second step of its stair each spring. " * 4


@pytest.fixture(scope="module")
def detector(flat: Curves) -> Detector:
    """A detector that gives every English text the score 1.25, the log-ratio 0.5, and a p of .05."""
    weights = tuple(np.zeros(1 << BITS, dtype=np.int8) for _ in VIEWS)
    model = LinearModel(weights, (1.0,) * len(VIEWS), 1.25, np.zeros(1, dtype=np.uint64), flat)
    null = (1.0,) * (NULL_LEVELS.index(0.05) + 1) + (9.0,)
    line = Line(slope=1.0, offset=-0.75, limit=5.0, human=100, machine=100, scripts=("Latn",), null=null)
    return Detector(model, Calibration("", {"en": line}), "flat")


def identify(text: str) -> tuple[str, str, float]:
    return ("de" if "Mühle" in text else "en", "Latn", 1.0)


def score(detector: Detector, *lines: object, prior: float = 0.5, phrases: int = 0) -> list[ScoredLine]:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    return list(score_lines(texts, detector, identify, ScoreParams(prior_human=prior), phrases=phrases))


@pytest.fixture(scope="module")
def partial(detector: Detector) -> Detector:
    """The same with a skeleton that knows "nails" for a machine's word and "april" for a person's; slope 0.5."""
    weights, known = [view.copy() for view in detector.model.weights], split_words(to_plain("april nails")).hashes
    skeleton, known = VIEWS.index("skeleton"), np.sort(known)
    for word, weight in (("nails", 100), ("april", -50)):
        weights[skeleton][extract(word, HashSet.of(known))[skeleton]] = weight
    line = replace(detector.calibration.lines["en"], slope=0.5, limit=2.0)
    model = replace(detector.model, weights=tuple(weights), function_words=known)
    return Detector(model, replace(detector.calibration, lines={"en": line}), "partial")


def test_a_line_is_scored_with_all_its_fields(detector: Detector) -> None:
    assert score(detector, {"id": "a", "text": PROSE}) == [
        {
            "id": "a",
            "language": "en",
            "detector_score": 1.25,
            "human_probability": 0.3775,  # σ(−0.5)
            "p_null": 0.05,
            "abstain_reason": "",
            "evidence": [],
        }
    ]


def test_the_prior_and_the_evidence_move_the_probability(detector: Detector) -> None:
    lines = score(detector, {"id": 1, "text": PROSE + "[cite_start]The end."}, prior=0.8)
    assert lines[0]["evidence"] == [
        {"kind": "residue-markup", "detail": "a chatbot's own markup: [cite_start]", "log_ratio": 4.6052}
    ]
    assert lines[0]["human_probability"] == pytest.approx(1 / (1 + 0.25 * np.exp(0.5) * 100), abs=1e-4)


def test_an_abstention_has_no_probability_and_order_is_kept(detector: Detector) -> None:
    lines = score(
        detector,
        {"id": "short", "text": "Too short."},
        "",
        {"id": "german", "text": PROSE + "Mühle"},
        {"id": "told", "text": PROSE, "language": "de"},
        {"id": "last", "text": PROSE},
    )
    assert [(line["id"], line["abstain_reason"]) for line in lines] == [
        ("short", "too_short"),
        ("german", "language_not_calibrated"),
        ("told", "language_not_calibrated"),
        ("last", ""),
    ]
    assert [line["human_probability"] is None for line in lines] == [True, True, True, False]
    assert [line["p_null"] for line in lines] == [None, None, None, 0.05]


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("{", "not JSON"),
        ("[1]", "got list"),
        ('{"text": "x"}', "'id' is missing"),
        ('{"id": 1.5, "text": "x"}', "'id' is of type float"),
        ('{"id": true, "text": "x"}', "'id' is of type bool"),
        ('{"id": 1}', "'text' is missing"),
        ('{"id": 1, "text": ["x"]}', "'text' is of type list"),
        ('{"id": 1, "text": "x", "language": 3}', "'language' is of type int"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_named_with_the_cure(detector: Detector, line: str, complaint: str) -> None:
    with pytest.raises(InputError, match=rf"^line 2: .*{complaint}.*expected an object such as"):
        score(detector, {"id": 1, "text": "fine"}, line)


def test_earlier_lines_are_given_before_a_bad_one_fails(detector: Detector) -> None:
    lines = score_lines(['{"id": 1, "text": "fine"}', "{"], detector, identify, ScoreParams())
    assert next(lines)["id"] == 1
    with pytest.raises(InputError):
        next(lines)


@pytest.mark.parametrize("prior", [0.0, 1.0, -1.0, float("nan")])
def test_a_prior_out_of_range_is_a_problem(prior: float) -> None:
    assert "score.prior_human" in ScoreParams(prior_human=prior).problems()[0]
    assert ScoreParams().problems() == []


TALE = PROSE + "We argue about nails.\nAnd again about nails.\nApril is wet."


def test_an_explanation_is_given_only_if_asked_for(partial: Detector) -> None:
    assert "explanation" not in score(partial, {"id": 1, "text": TALE})[0]


def test_an_explanation_is_in_calibrated_units_and_adds_up(partial: Detector) -> None:
    line = score(partial, {"id": 1, "text": TALE}, phrases=1)[0]
    reasons = line["explanation"]
    assert reasons is not None
    assert line["detector_score"] is not None
    assert reasons["calibrated"]
    assert reasons["limit"] == 2.0
    assert reasons["bound"] == round(float(bound(0.05)), 4)
    assert reasons["constant"] == -0.125  # 0.5·1.25 − 0.75
    assert reasons["total"] == pytest.approx(0.5 * line["detector_score"] - 0.75, abs=1e-4)
    (machine,), (human,) = reasons["for_machine"], reasons["for_human"]
    assert "nails" in machine["text"]
    assert "April" in human["text"]
    assert machine["weight"] > 0 > human["weight"]
    parts = machine["weight"] + human["weight"] + reasons["rest"] + reasons["constant"]
    assert parts == pytest.approx(reasons["total"], abs=1e-9)


@pytest.mark.parametrize(
    ("slope", "offset", "limit", "counted"),
    [(0.1, 0.0, 2.0, "total"), (1.0, 4.0, 2.0, "bound"), (1.0, 4.0, 0.5, "limit"), (1.0, -9.0, 2.0, "-limit")],
)
def test_an_explanation_says_how_much_of_the_total_counts(
    detector: Detector, slope: float, offset: float, limit: float, counted: str
) -> None:
    line = replace(detector.calibration.lines["en"], slope=slope, offset=offset, limit=limit)
    scored = score(replace(detector, calibration=Calibration("", {"en": line})), {"id": 1, "text": TALE}, phrases=1)[0]
    reasons = scored["explanation"]
    assert reasons is not None
    values = {"total": reasons["total"], "bound": reasons["bound"], "limit": limit, "-limit": -limit}
    assert reasons["counted"] == values[counted]
    assert reasons["counted"] is not None
    assert scored["human_probability"] == pytest.approx(1 / (1 + np.exp(reasons["counted"])), abs=1e-4)


@pytest.mark.parametrize(("p", "accused"), [(0.025, False), (0.02, True)])
def test_by_default_a_text_is_called_machine_made_only_if_2_in_100_people_or_fewer_score_as_high(
    detector: Detector, p: float, accused: bool
) -> None:
    null = (1.0,) * (NULL_LEVELS.index(p) + 1)
    steepest = replace(detector.calibration.lines["en"], slope=9.0, null=null)
    known = Calibration("", {"en": steepest})
    (line,) = score(replace(detector, calibration=known), {"id": 1, "text": PROSE}, prior=ScoreParams().prior_human)
    assert line["p_null"] == p
    assert line["human_probability"] is not None
    assert (line["human_probability"] < 0.5) == accused
    assert known.log_likelihood_ratio(1.25, "en", "Latn") == 5.0  # a page of a corpus counts in full


def test_a_language_without_calibration_is_explained_in_units_of_the_score(partial: Detector) -> None:
    line = score(partial, {"id": 1, "text": TALE, "language": "de"}, phrases=1)[0]
    reasons = line["explanation"]
    assert line["abstain_reason"] == "language_not_calibrated"
    assert reasons is not None
    assert (reasons["calibrated"], reasons["constant"]) == (False, 1.25)
    assert (reasons["limit"], reasons["bound"], reasons["counted"]) == (None, None, None)
    assert reasons["total"] == line["detector_score"]
    assert reasons["for_machine"]


def test_style_is_explained_in_the_languages_in_which_it_is_measured(partial: Detector, curves: Curves) -> None:
    styled = replace(partial, model=replace(partial.model, curves=curves))
    english, german = score(styled, {"id": 1, "text": TALE}, {"id": 2, "text": TALE, "language": "de"}, phrases=2)
    reasons, without = english["explanation"], german["explanation"]
    assert reasons is not None
    assert without is not None
    assert (len(reasons["style_for_machine"]), len(reasons["style_for_human"])) == (2, 2)
    assert (without["style_for_machine"], without["style_for_human"], without["style_rest"]) == ([], [], 0.0)
    strongest = reasons["style_for_machine"][0]
    assert strongest["measure"] in MEASURES
    assert strongest["weight"] >= reasons["style_for_machine"][1]["weight"] > 0
    parts = [*reasons["for_machine"], *reasons["for_human"], *reasons["style_for_machine"], *reasons["style_for_human"]]
    carried = sum(part["weight"] for part in parts)
    rest = reasons["rest"] + reasons["style_rest"] + reasons["constant"]
    assert carried + rest == pytest.approx(reasons["total"], abs=1e-9)
    assert english["detector_score"] is not None
    assert reasons["total"] == pytest.approx(0.5 * english["detector_score"] - 0.75, abs=1e-4)


def test_a_text_without_a_score_has_no_explanation(partial: Detector) -> None:
    assert score(partial, {"id": 1, "text": "About nails in April."}, phrases=5)[0]["explanation"] is None


def test_json_shows_nothing_that_acts_on_a_terminal_and_loses_nothing(partial: Detector) -> None:
    text = PROSE + "About \u202enails\u2066 and\x9b31m \U000e0041tags\ufeff, 日本é. " * 2
    line = score(partial, {"id": "\x1b\x9b\u200f", "text": text}, phrases=3)[0]
    written = to_json(line)
    assert json.loads(written) == line
    assert not [c for c in written if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp")]
    assert "日本" in to_json({**line, "id": "日本"})


def test_json_of_lone_surrogates_can_be_written(partial: Detector) -> None:
    line = score(partial, {"id": "\ud800", "text": PROSE, "language": "\udfff"})[0]
    assert json.loads(to_json(line).encode()) == line
