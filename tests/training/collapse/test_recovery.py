"""Recovery R and its intervals, on results of which everything is known."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from training.collapse.arms import DEFAULT, ORACLE, UNWEIGHTED, Arm
from training.collapse.figure import draw
from training.collapse.recovery import Outcomes
from training.collapse.results import Record
from training.collapse.tables import Account, write_section
from training.collapse.world import Size
from transforms.errors import InputError

ARMS = {
    Arm(1.0, UNWEIGHTED, ""): 100.0,
    Arm(0.3, UNWEIGHTED, ""): 300.0,
    Arm(0.3, DEFAULT, "sharp"): 150.0,
    Arm(0.3, ORACLE, ""): 100.0,
}
ACCOUNT = Account(1, 12, 3.0, Size(), 3)


def record(arm: Arm, seed: int, generation: int, perplexity: float) -> Record:
    """A generation in which only perplexity is of interest."""
    return Record(arm, seed, generation, perplexity, 2 * perplexity, math.nan, 10, 0.7, 0.2, 0.5, 0.9)


def records() -> list[Record]:
    """Two generations of three seeds; each seed moves our arm by 10."""
    found = [record(Arm(1.0, UNWEIGHTED, ""), seed, 0, 100.0) for seed in range(3)]
    for seed in range(3):
        for generation in (1, 2):
            for arm, value in ARMS.items():
                moved = 10.0 * seed if arm.rule == DEFAULT else 0.0
                found.append(record(arm, seed, generation, value + moved))
    return found


def test_recovery_is_the_share_of_the_way_to_the_oracle() -> None:
    found = Outcomes.of(records()).recovery(Arm(0.3, DEFAULT, "sharp"))
    assert found.value == pytest.approx((0.75 + 0.70 + 0.65) / 3)
    assert found.half == pytest.approx(4.303 * 0.05 / math.sqrt(3), rel=1e-3)  # t at .975 with 2 degrees: 4.303


def test_recovery_of_the_ends_is_zero_and_one() -> None:
    outcomes = Outcomes.of(records())
    assert outcomes.recovery(Arm(0.3, UNWEIGHTED, "")).value == 0
    assert outcomes.recovery(Arm(0.3, ORACLE, "")).value == 1


def test_nothing_is_recovered_where_the_oracle_is_no_better() -> None:
    worse = [*records(), record(Arm(0.3, ORACLE, ""), 2, 2, 310.0)]
    assert math.isnan(Outcomes.of(worse).recovery(Arm(0.3, DEFAULT, "sharp")).value)


def test_arms_stand_in_one_order_whatever_finished_first() -> None:
    assert Outcomes.of(records()[::-1]).arms() == Outcomes.of(records()).arms()
    assert [arm.rule for arm in Outcomes.of(records()).arms()] == [UNWEIGHTED, UNWEIGHTED, ORACLE, DEFAULT]


def test_a_record_that_comes_again_replaces_the_earlier() -> None:
    twice = [*records(), record(Arm(0.3, DEFAULT, "sharp"), 2, 2, 100.0)]
    assert Outcomes.of(twice).recovery(Arm(0.3, DEFAULT, "sharp")).value == pytest.approx((0.75 + 0.70 + 1.0) / 3)


def test_tables_go_between_their_markers(tmp_path: Path) -> None:
    page = tmp_path / "study.md"
    page.write_text("before\n<!-- tier 1 begins -->\nold\n<!-- tier 1 ends -->\nafter\n", encoding="utf-8")
    write_section(records(), ACCOUNT, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- tier 1 begins -->\n3 seeds")
    assert text.endswith("\n<!-- tier 1 ends -->\nafter\n")
    assert "old" not in text
    assert "| ours β1 ρ0.1 | 160 ± 25 |" in text
    assert "0.70 ± 0.12" in text


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "study.md"
    page.write_text("by hand\n", encoding="utf-8")
    with pytest.raises(InputError, match="tier 1 begins"):
        write_section(records(), ACCOUNT, tmp_path)
    assert page.read_text(encoding="utf-8") == "by hand\n"


def test_the_figure_is_the_same_for_the_same_results(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for folder in (first, second):
        folder.mkdir()
        assert len(draw(records(), 1, folder, ["sharp", "blunt"])) == 2
    assert (first / "study-tier1.svg").read_bytes() == (second / "study-tier1.svg").read_bytes()
