"""The judgement on a crawl leaves out what was learned, and says how old a page of unknown origin is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from training.crawl import Scored, beginning, by_language, kinds, most_machine_like, prevalence, score_pages, table
from transforms.probability import fuse
from transforms.score.calibration import NULL_LEVELS, Calibration, Line, bound
from transforms.score.detector import Detector
from transforms.score.features import BITS, VIEWS
from transforms.score.linear import LinearModel
from transforms.score.style import BINS, MEASURES, Curves

PROSE = "The old mill stands by the river and the water rises to the second step of its stair each spring. " * 4


def test_a_page_begins_alike_however_it_was_extracted() -> None:
    left = beginning(
        "The Mill.\n\nIt stands by the river, and the water rises to the second step of its stair each year."
    )
    right = beginning("the mill – it stands by the RIVER and the water rises to the second step of its stair, each…")
    assert left == right
    assert len(left) == 60


def test_pages_of_unknown_origin_are_split_at_the_epoch(tmp_path: Path) -> None:
    path = tmp_path / "pages.tsv"
    rows = [
        ("a", "2022-11-29", "human-or-unknown"),
        ("b", "2022-11-30", "human-or-unknown"),
        ("c", "", "human-or-unknown"),
        ("d", "2026-01-01", "machine-declared"),
    ]
    lines = ["url\tfetched_or_published_date\torigin", *("\t".join(row) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert kinds(path) == {
        "a": "human-or-unknown, before 2022-11-30",
        "b": "human-or-unknown, since 2022-11-30",
        "c": "human-or-unknown, undated",
        "d": "machine-declared",
    }


def page(kind: str, score: float | None, *, url: str = "http://a.example/", language: str = "en") -> Scored:
    """A page whose log-ratio is its score."""
    log_lr = np.nan if score is None else score
    return Scored(url, language, kind, score, log_lr, float(fuse(log_lr, 0.0, 0.8, False)))


@pytest.fixture(scope="module")
def detector() -> Detector:
    """A detector that gives every English text the score 1.25, the log-ratio 4, and a p of .05."""
    weights = tuple(np.zeros(1 << BITS, dtype=np.int8) for _ in VIEWS)
    flat = Curves(np.zeros((len(MEASURES), BINS - 1), np.float32), np.zeros((len(MEASURES), BINS), np.int8), 1.0)
    model = LinearModel(weights, (1.0,) * len(VIEWS), 1.25, np.zeros(1, dtype=np.uint64), flat)
    null = (1.0,) * (NULL_LEVELS.index(0.05) + 1)
    line = Line(slope=4.0, offset=-1.0, limit=5.0, human=100, machine=100, scripts=("Latn",), null=null)
    return Detector(model, Calibration("", {"en": line}), "flat")


def test_pages_are_accused_by_the_bounded_ratio_and_counted_by_the_plain_one(
    tmp_path: Path, detector: Detector
) -> None:
    learned = "Not this one, for it was learned from. " + PROSE
    rows = {"a": (PROSE, "en"), "b": (PROSE, "de"), "c": (learned, "en"), "d": (PROSE, "en")}
    columns = {
        "url": list(rows),
        "text": [text for text, _ in rows.values()],
        "language": [language for _, language in rows.values()],
        "language_script": ["Latn"] * len(rows),
    }
    (tmp_path / "documents").mkdir()
    pq.write_table(pa.table(columns), tmp_path / "documents" / "0.parquet")
    found = list(score_pages(tmp_path, {"a": "x", "b": "y", "c": "z"}, {beginning(learned)}, detector))
    assert [(each.url, each.kind, each.score) for each in found] == [("a", "x", 1.25), ("b", "y", None)]
    assert found[0].log_lr == 4.0
    assert found[0].human_probability == float(fuse(bound(0.05), 0.0, 0.8, False)) > 0.5
    assert np.isnan(found[1].log_lr)
    assert np.isnan(found[1].human_probability)


def test_the_table_counts_scores_and_accusations_among_the_pages_that_were_judged() -> None:
    pages = [page("old", -1.0), page("old", 3.0), page("old", None), page("new", None)]
    cells = ["old", "3", "1", "-0.80", "1.00", "2.80", "0", "0", "0", "1", "0", "0", "0", "1", "1/2"]
    assert table(pages).splitlines()[2:] == ["| " + " | ".join(cells) + " |"]
    assert len(table(pages).splitlines()[0].split(" | ")) == len(cells)


def test_only_pages_that_may_be_by_people_are_accused_or_listed() -> None:
    people, machines = "human-or-unknown, undated", "machine-declared"
    pages = [
        page(people, 5.0, url="http://a.example/1"),
        page(people, -5.0, url="http://a.example/2"),
        page(people, None, url="http://a.example/3"),
        page(people, 1.0, url="http://a.example/4", language="de"),
        page(machines, 9.0, url="http://a.example/5"),
    ]
    assert by_language(pages) == "de 0/1, en 1/2"
    listed = most_machine_like(pages).splitlines()
    assert [line.rsplit("/", 1)[1] for line in listed] == ["1", "4", "2"]
    assert listed[0] == "* 5.00, en, undated: http://a.example/1"


def test_the_share_of_machine_pages_is_estimated_from_those_judged() -> None:
    rng = np.random.default_rng(1)
    machine = np.arange(800) % 5 == 0
    scores = 3 * rng.normal(3.0 * machine, 1.0) - 4.5  # log-ratios of N(3, 1) to N(0, 1)
    pages = [page("x", float(score), url=f"http://h{n}.example/") for n, score in enumerate(scores)]
    share = prevalence([*pages, page("x", None)])
    assert share.pages == 800
    assert share.prior_human == pytest.approx(0.8, abs=0.06)  # four standard errors of a labelled share
    assert share.low < 0.8 < share.high
