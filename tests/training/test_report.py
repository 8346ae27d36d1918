"""The report answers every question, and its figures are those of the folds."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.training.conftest import DISGUISED, PAGES, Known
from training.metrics import auroc, over_folds
from training.report import Trial, render, sides
from training.splits import QUESTIONS


@pytest.fixture(scope="module")
def trials(known: Known) -> dict[str, Trial]:
    found = {name: Trial(name, known.score, known.fold) for name in (*QUESTIONS, "nothing")}
    english = known.corpus.machine & (known.corpus.language == "en") & (known.corpus.attack == "")
    misspelt = {share: np.where(english, known.score - 10 * share, np.nan) for share in (0.05, 0.15)}
    found["family"] = Trial("family", known.score, known.fold, misspelt)
    foreign = known.corpus.language != "en"
    found["language"] = Trial("language", np.where(foreign, known.score, np.nan), np.where(foreign, known.fold, -1))
    return found


@pytest.fixture(scope="module")
def report(known: Known, trials: dict[str, Trial]) -> str:
    words = np.linspace(50, 500, len(known.corpus))
    return render(known.corpus, words, trials)


def rows(report: str, heading: str) -> dict[str, list[str]]:
    """The table below a heading, by first cell."""
    section = report.split(f"## {heading}")[1].split("\n## ", maxsplit=1)[0]
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("|")]
    return {cells[0]: cells[1:] for cells in lines}


def test_every_question_has_its_row_or_table(report: str) -> None:
    overall = rows(report, "English, against human web pages")
    assert {"family", "domain", "attack", "source", "era", "nothing", "**mean**"} < set(overall)
    assert set(rows(report, "By family")) >= {f"family {k}" for k in range(4)}
    assert set(rows(report, "By era")) >= {"era 0", "era 1"}
    assert set(rows(report, "By domain")) >= {f"domain {k}" for k in range(3)}
    assert set(rows(report, "By source")) >= {f"m {k}" for k in range(12)}
    assert "paraphrase" in rows(report, "By disguise")
    assert set(rows(report, "Mixtures")) >= {"0%", "5%", "20%", "50%", "80%"}
    assert {"en", "ru", "en, web pages"} <= set(rows(report, "People accused"))
    assert "ru" in rows(report, "Languages never seen")
    assert "nan" not in report


def test_a_row_counts_its_texts_and_gives_the_mean_over_folds(
    known: Known, trials: dict[str, Trial], report: str
) -> None:
    machine, pages, figure, _ = rows(report, "English, against human web pages")["family"]
    assert (int(machine), int(pages)) == (PAGES - DISGUISED, PAGES)
    english, plain = known.corpus.language == "en", known.corpus.machine & (known.corpus.attack == "")
    folds = [
        (known.score[english & own & known.corpus.web], known.score[english & own & plain])
        for own in (known.fold == k for k in range(3))
    ]
    assert figure.startswith(f"{over_folds(auroc, folds):.3f} [")
    attacked = rows(report, "English, against human web pages")["attack"]
    assert int(attacked[0]) == DISGUISED


def test_the_mean_is_of_family_domain_and_attack(report: str) -> None:
    overall = rows(report, "English, against human web pages")
    for k in (2, 3):
        three = [float(overall[name][k].split()[0]) for name in ("family", "domain", "attack")]
        assert float(overall["**mean**"][k].strip("*")) == pytest.approx(np.mean(three), abs=0.001)


def test_mistakes_are_judged_on_the_same_texts(report: str) -> None:
    found = rows(report, "By disguise")
    assert {found[share][0] for share in ("0%", "5%", "15%")} == {str(PAGES - DISGUISED)}
    separation = [float(found[share][1].split()[0]) for share in ("0%", "5%", "15%")]
    assert separation == sorted(separation, reverse=True)
    assert separation[0] > separation[2] + 0.1


def test_lengths_limit_both_sides(report: str) -> None:
    counts = [tuple(map(int, cells[:2])) for name, cells in rows(report, "By length").items() if "–" in name]
    assert sum(machine for machine, _ in counts) == PAGES - DISGUISED
    assert sum(pages for _, pages in counts) == PAGES


def test_people_accused_are_counted_by_the_bounded_and_by_the_plain_ratio(report: str) -> None:
    """By the true ratio a score above 1.80 makes a machine 4 times as likely: 3.6 % of people, 76 % of machines."""
    human, accused, highest, plain, machine, found, separation = rows(report, "People accused")["en"]
    assert (int(human), int(machine)) == (PAGES, PAGES - DISGUISED)
    assert float(plain) == pytest.approx(0.036, abs=0.03)  # four standard errors, as below
    assert float(accused) <= 0.02 + 4 * (0.02 * 0.98 / PAGES) ** 0.5
    assert float(accused) < float(plain)
    assert float(accused) < float(highest)
    assert 0.4 < float(found) < 0.76 + 0.08
    assert float(separation) == pytest.approx(0.961, abs=0.02)  # Φ(2.5 / √2)


def test_without_machine_texts_nothing_is_said_of_them(report: str) -> None:
    assert rows(report, "People accused")["en, web pages"][4:] == ["–", "–", "–"]


def test_only_what_was_judged_is_compared(known: Known) -> None:
    fold = np.where(known.fold == 2, -1, known.fold)
    found = sides(known.corpus, Trial("family", known.score, fold), known.corpus.machine)
    assert [human.size for human, _ in found] == [PAGES // 3, PAGES // 3]


def test_every_interval_holds_its_figure(report: str) -> None:
    found = re.findall(r"(\d\.\d+) \[(\d\.\d+), (\d\.\d+)\]", report)
    assert len(found) > 50
    assert all(float(low) <= float(value) <= float(high) for value, low, high in found)
