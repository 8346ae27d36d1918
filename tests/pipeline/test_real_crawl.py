"""The main job on real crawl files: everything accounted for, no language shrunk, duplicates merged."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import main


@pytest.fixture(scope="module")
def output(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of a run over the development crawl."""
    folder = tmp_path_factory.mktemp("crawl") / "out"
    assert main(["run", str(shared_data / "crawl" / "*.warc.gz"), "--output", str(folder)]) == 0
    return folder


def ask(output: Path, query: str) -> list[tuple[object, ...]]:
    """The answer to a question about `corpus` and `rejections`."""
    with duckdb.connect() as connection:
        for view in ("corpus", "rejections"):
            connection.read_parquet(str(output / view / "*.parquet")).create_view(view)
        return connection.sql(query).fetchall()


def test_every_response_is_a_row_or_a_rejection(output: Path) -> None:
    counts = json.loads((output / "manifest.json").read_text())["counts"]
    [(rows, refused)] = ask(
        output,
        "SELECT (SELECT count(*) FROM corpus), (SELECT count(*) FROM rejections WHERE record_type = 'response')",
    )
    assert counts["responses"] == 696 == rows + refused
    assert counts["records"] == 700
    assert dict(ask(output, "SELECT reason, count(*) FROM rejections GROUP BY reason")) == counts["rejections"]


def test_a_record_leaves_once(output: Path) -> None:
    query = """
        SELECT count(*) FROM (SELECT warc_file, record_offset FROM corpus
        UNION ALL SELECT warc_file, record_offset FROM rejections) GROUP BY warc_file, record_offset HAVING count(*) > 1
    """
    assert ask(output, query) == []


def test_no_language_shrinks(output: Path) -> None:
    means = ask(output, "SELECT sum(token_count * human_weight) / sum(token_count) FROM corpus GROUP BY language")
    assert len(means) > 10
    # float32 keeps 24 bits of each weight: a mean of weights near 1 is off by less than 2^-23
    assert all(abs(float(str(mean)) - 1) < 2**-23 for (mean,) in means)
    [(least, most, nulls)] = ask(
        output, "SELECT min(human_weight), max(human_weight), count(*) - count(human_weight) FROM corpus"
    )
    assert 0.1 <= float(str(least)) < float(str(most)) <= 4
    assert nulls == 0


def test_an_abstention_has_no_probability_and_weighs_one(output: Path) -> None:
    query = "SELECT human_probability IS NULL, human_weight = 1 FROM corpus WHERE abstain_reason != ''"
    answers = ask(output, query)
    assert answers
    assert set(answers) == {(True, True)}
    assert ask(output, "SELECT count(*) FROM corpus WHERE abstain_reason = '' AND human_probability IS NULL") == [(0,)]


def test_text_older_than_chatbots_is_human(output: Path) -> None:
    query = "SELECT min(human_probability) FROM corpus WHERE first_seen BETWEEN '1990' AND '2022-11-29'"
    [(least,)] = ask(output, query)
    assert float(str(least)) >= 0.99499


def test_exact_copies_never_survive_and_components_have_one_row(output: Path) -> None:
    assert ask(output, "SELECT text_digest FROM corpus GROUP BY text_digest HAVING count(*) > 1") == []
    assert ask(output, "SELECT component_id FROM corpus GROUP BY component_id HAVING count(*) > 1") == []
    [(merged,)] = ask(output, "SELECT sum(duplicate_count - 1) FROM corpus")
    assert [(merged,)] == ask(output, "SELECT count(*) FROM rejections WHERE stage = 'dedup'")


def test_declared_machine_pages_weigh_least(output: Path, shared_data: Path) -> None:
    with open(shared_data / "crawl" / "pages.tsv", encoding="utf-8") as file:
        origin = {row["url"]: row["origin"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    weights: dict[str, list[float]] = {}
    for url, weight in ask(output, "SELECT url, human_weight FROM corpus"):
        weights.setdefault(origin[str(url)], []).append(float(str(weight)))
    assert max(weights["machine-declared"]) < 0.2
    mean = {name: sum(values) / len(values) for name, values in weights.items()}
    assert mean["machine-undeclared"] < 0.5 < mean["human-or-unknown"]


def test_archives_of_every_oddity_end_with_sums_that_come_out(shared_data: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert main(["run", str(shared_data / "oddities" / "*"), "--output", str(output), "--workers", "1"]) in (0, 3)
    manifest = json.loads((output / "manifest.json").read_text())
    counts = manifest["counts"]
    assert len(manifest["inputs"]) == len(list((shared_data / "oddities").iterdir()))
    assert counts["responses"] == counts["rows"] + sum(counts["rejections"].values())
    others = sum(counts["not_responses"].values()) + sum(counts["passed"].values())
    assert counts["records"] + counts["gaps"] == counts["responses"] + others
    [(rows, refused)] = ask(output, "SELECT (SELECT count(*) FROM corpus), (SELECT count(*) FROM rejections)")
    assert rows == counts["rows"]
    assert refused == sum(counts["rejections"].values()) + sum(counts["not_responses"].values())
