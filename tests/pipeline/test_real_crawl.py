"""The main job on real crawl files: everything accounted for, no language shrunk, duplicates merged."""

from __future__ import annotations

import csv
import json
import re
from itertools import combinations
from pathlib import Path

import duckdb
import pytest

from pipeline.cli import main


@pytest.fixture
def output(real_output: Path) -> Path:
    """The output of a run over the development crawl."""
    return real_output


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
    given = "human_probability IS NULL, p_null IS NULL"
    answers = ask(output, f"SELECT {given}, human_weight = 1 FROM corpus WHERE abstain_reason != ''")
    assert answers
    assert set(answers) == {(True, True, True)}
    assert set(ask(output, f"SELECT {given} FROM corpus WHERE abstain_reason = ''")) == {(False, False)}


def test_how_rare_a_score_is_among_people_falls_as_the_score_rises(output: Path) -> None:
    query = """
        SELECT p_null - lag(p_null) OVER (PARTITION BY language, language_script ORDER BY detector_score)
        FROM corpus WHERE p_null IS NOT NULL
    """
    steps = [float(str(step)) for (step,) in ask(output, query) if step is not None]
    assert max(steps) == 0.0 > min(steps)
    [(least, most)] = ask(output, "SELECT min(p_null), max(p_null) FROM corpus")
    assert 0.0 < float(str(least)) < float(str(most)) <= 1.0


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


@pytest.fixture(scope="module")
def unfiltered(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with every page that has text: quality rules drop most pages of the known clusters."""
    folder = tmp_path_factory.mktemp("unfiltered") / "out"
    assert main(["run", str(shared_data / "crawl"), "--output", str(folder), "--set", "filter.reject=[]"]) == 0
    return folder


@pytest.fixture(scope="module")
def components(unfiltered: Path) -> dict[str, str]:
    """The component of every document, by id: of rows from the corpus, of their copies from the rejections."""
    kept = ask(unfiltered, "SELECT id, component_id FROM corpus")
    dropped = ask(
        unfiltered,
        f"""SELECT id, split_part(detail, 'component=', 2) FROM rejections
        JOIN '{unfiltered}/documents/*.parquet' USING (warc_file, record_offset) WHERE rejections.stage = 'dedup'""",
    )
    return {str(key): str(component) for key, component in (*kept, *dropped)}


@pytest.fixture(scope="module")
def shingled(unfiltered: Path) -> dict[str, tuple[str, frozenset[tuple[str, ...]]]]:
    """URL and word 5-grams of every document, by id: a definition of our own, apart from the pipeline's."""
    rows = ask(unfiltered, f"SELECT id, url, text FROM '{unfiltered}/documents/*.parquet'")
    return {str(key): (str(url), word_5grams(str(text))) for key, url, text in rows}


def word_5grams(text: str) -> frozenset[tuple[str, ...]]:
    """Runs of five words, lower case; Chinese and Japanese characters are words."""
    words = re.findall(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+", text.lower())
    return frozenset(tuple(words[start : start + 5]) for start in range(max(1, len(words) - 4)))


def jaccard(left: frozenset[tuple[str, ...]], right: frozenset[tuple[str, ...]]) -> float:
    """Size of the intersection over size of the union."""
    return len(left & right) / len(left | right)


def test_near_duplicates_of_known_clusters_are_merged(
    shared_data: Path,
    components: dict[str, str],
    shingled: dict[str, tuple[str, frozenset[tuple[str, ...]]]],
) -> None:
    with open(shared_data / "crawl" / "pages.tsv", encoding="utf-8") as file:
        pages = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        cluster = {page["url"]: page["neardup_cluster"] for page in pages if page["neardup_cluster"]}
    members = [(key, cluster[url], grams) for key, (url, grams) in shingled.items() if url in cluster]
    near = [
        (left[0], right[0])
        for left, right in combinations(members, 2)
        if left[1] == right[1] and jaccard(left[2], right[2]) >= 0.8
    ]
    assert len(near) > 50
    merged = sum(components[left] == components[right] for left, right in near)
    assert merged / len(near) >= 0.97


def test_components_hold_together_at_a_jaccard_index_of_065(
    components: dict[str, str], shingled: dict[str, tuple[str, frozenset[tuple[str, ...]]]]
) -> None:
    by_component: dict[str, list[str]] = {}
    for key, component in components.items():
        by_component.setdefault(component, []).append(key)
    joined = [keys for keys in by_component.values() if len(keys) > 1]
    assert len(joined) > 10
    for keys in joined:
        reached, waiting = {keys[0]}, [keys[0]]
        while waiting:
            grams = shingled[waiting.pop()][1]
            found = [key for key in keys if key not in reached and jaccard(grams, shingled[key][1]) >= 0.65]
            reached.update(found)
            waiting += found
        assert reached == set(keys)
