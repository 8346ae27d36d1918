"""`firsthand plan` on a small real crawl: exact where it saw everything, from accounts too, and nothing left behind."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pipeline.cli import main
from pipeline.config import Config
from pipeline.estimate import Estimate
from pipeline.forecast import Request, forecast
from pipeline.forecast_view import render, to_json
from pipeline.sample import Sample
from tests.outputs import corpus

Forecast = tuple[Estimate, Sample]


@pytest.fixture(scope="session")
def whole(crawl: Path) -> Forecast:
    """The plan of one worker that looked at every page."""
    return forecast([str(crawl)], Config(), Request(workers=1, share=1.0), say=print)


@pytest.fixture(scope="session")
def counts(reference: Path) -> dict[str, Any]:
    """What the run it is compared with counted."""
    found: dict[str, Any] = json.loads((reference / "manifest.json").read_text(encoding="utf-8"))["counts"]
    return found


def test_a_sample_of_everything_counts_what_the_run_counts(whole: Forecast, counts: dict[str, Any]) -> None:
    volume = whole[0].volume
    assert (volume.records.value, volume.pages.value) == (counts["records"], counts["responses"])
    assert volume.rows.value == pytest.approx(counts["rows"])


def test_a_sample_of_everything_weighs_what_the_run_weighs(whole: Forecast, reference: Path) -> None:
    volume = whole[0].volume
    for folder, said in (("documents", volume.documents_bytes), ("corpus", volume.corpus_bytes)):
        size = sum(path.stat().st_size for path in (reference / folder).glob("*.parquet"))
        assert said.value == pytest.approx(size, rel=0.1)  # what a file weighs by itself is estimated


def test_the_accounts_of_a_run_are_a_sample_of_everything(crawl: Path, reference: Path, counts: dict[str, Any]) -> None:
    estimate, sample = forecast([str(crawl)], Config(), Request(workers=1, earlier=str(reference)), say=print)
    volume = estimate.volume
    assert (volume.pages.value, volume.pages.high) == (counts["responses"], counts["responses"])
    assert volume.rows.value == pytest.approx(len(corpus(reference)))
    size = sum(path.stat().st_size for path in (reference / "documents").glob("*.parquet"))
    assert volume.documents_bytes.value == pytest.approx(size)
    size = sum(path.stat().st_size for path in (reference / "corpus").glob("*.parquet"))
    assert volume.corpus_bytes.value == pytest.approx(size)
    spent = json.loads((reference / "manifest.json").read_text(encoding="utf-8"))["cpu_s"]
    assert sum(part.cpu_s for part in sample.parts) == pytest.approx(sum(spent.values()), abs=0.1)


def test_the_accounts_of_other_archives_leave_doubt(crawl: Path, reference: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.warc.gz"
    first = min(crawl.glob("*.warc.gz"))
    other.write_bytes(first.read_bytes())
    estimate, _ = forecast([str(other)], Config(), Request(workers=1, earlier=str(reference)), say=print)
    pages = estimate.volume.pages
    assert pages.low < pages.value < pages.high


def test_a_part_of_the_crawl_is_estimated_around_the_truth(crawl: Path, counts: dict[str, Any]) -> None:
    estimate, sample = forecast([str(crawl)], Config(), Request(workers=1, share=0.4, seed=1), say=print)
    pages = estimate.volume.pages
    assert 0 < sample.pages < counts["responses"]
    assert sample.pages <= pages.low <= counts["responses"] <= pages.high


def test_a_budget_of_pages_ends_the_sample(crawl: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", str(crawl), "--sample", "1", "--pages", "5", "--workers", "1", "--json"]) == 0
    sample = json.loads(capsys.readouterr().out)["sample"]
    assert 5 <= sample["pages"] < 20


def test_a_plan_leaves_no_file(crawl: Path, tmp_path: Path) -> None:
    before = sorted(crawl.iterdir())
    plan = [sys.executable, "-m", "pipeline", "plan", str(crawl), "--sample", "0.2", "--workers", "1"]
    subprocess.run(plan, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "TMPDIR": str(tmp_path)})
    assert sorted(crawl.iterdir()) == before
    assert list(tmp_path.iterdir()) == []


def test_the_table_is_no_wider_than_a_terminal(whole: Forecast) -> None:
    lines = render(*whole, width=80).splitlines()
    assert max(map(len, lines)) <= 80
    assert any(re.match(r"  pages \(responses\) +\d+", line) for line in lines)


def test_the_json_says_all_that_the_table_says(whole: Forecast) -> None:
    found = json.loads(to_json(*whole))
    assert found["volume"]["pages"]["value"] == whole[0].volume.pages.value
    assert found["cpu"]["low"] <= found["cpu"]["value"] <= found["cpu"]["high"]
    assert found["sample"]["pages"] == whole[1].pages


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        pytest.param(["--sample", "0"], 2, "above 0", id="a sample of nothing"),
        pytest.param(["--price-cpu-hour", "-1"], 2, "0 or more", id="a negative price"),
        pytest.param(["--engine", "abacus"], 2, "abacus", id="an unknown engine"),
        pytest.param(["--from", "none"], 1, "holds no extraction", id="no earlier extraction"),
    ],
)
def test_a_mistake_is_said_in_the_last_line(
    crawl: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    assert main(["plan", str(crawl), *arguments]) == code
    [*_, line] = capsys.readouterr().err.splitlines()
    assert line.startswith("firsthand: error: ")
    assert message in line


def test_archives_without_a_record_cannot_be_planned_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    assert main(["plan", str(tmp_path), "--workers", "1"]) == 1
    assert "no record" in capsys.readouterr().err
