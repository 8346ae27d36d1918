"""The story of a real run, against sums row by row."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow.parquet as pq
import pytest

from transforms.report.figures import DISTRIBUTIONS, read_story
from transforms.report.folder import Folder
from transforms.report.story import Story

Row = dict[str, Any]


@pytest.fixture(scope="module")
def real(reference: Path) -> tuple[Story, list[Row], list[Row]]:
    rows, refused = (pq.read_table(reference / name).to_pylist() for name in ("corpus", "rejections"))
    return read_story(Folder(str(reference))), rows, refused


def counted(values: Iterable[object]) -> dict[object, int]:
    return dict(Counter(values))


def test_a_real_run_is_without_discrepancies(real: tuple[Story, list[Row], list[Row]]) -> None:
    story, rows, refused = real
    assert story.discrepancies == ()
    assert story.funnel.responses == len(rows) + sum(r["record_type"] == "response" for r in refused)
    found = counted((r["stage"], r["reason"], r["record_type"] == "response") for r in refused)
    assert {(r.stage, r.reason, r.responses): r.records for r in story.funnel.rejected} == found


def test_languages_of_a_real_run_are_their_rows(real: tuple[Story, list[Row], list[Row]]) -> None:
    story, rows, _ = real
    assert {e.language for e in story.languages} == {r["language"] for r in rows}
    for entry in (*story.languages, story.total):
        own = [r for r in rows if entry.language in (r["language"], "all")]
        tokens = np.array([r["token_count"] for r in own], float)
        weight = np.array([r["human_weight"] for r in own], float)
        human = np.array([np.nan if r["human_probability"] is None else r["human_probability"] for r in own], float)
        judged = ~np.isnan(human)
        assert (entry.pages, entry.tokens, entry.abstained) == (len(own), tokens.sum(), (~judged).sum())
        mean = np.average(human[judged], weights=tokens[judged]) if judged.any() else None
        assert entry.mean_probability == (pytest.approx(mean, abs=1e-5) if judged.any() else None)
        assert entry.mean_weight == pytest.approx((tokens * weight).sum() / tokens.sum(), abs=1e-5)
        kish = (tokens * weight).sum() ** 2 / (tokens * weight**2).sum() / tokens.sum()
        assert entry.effective_share == pytest.approx(kish, abs=1e-5)
        if judged.any():
            mass = (tokens * weight)[judged]
            machine = 1 - human[judged]
            assert entry.synthetic_weighted == pytest.approx((mass * machine).sum() / mass.sum(), abs=1e-5)
            assert entry.synthetic_unweighted == pytest.approx(np.average(machine, weights=tokens[judged]), abs=1e-5)


def test_the_synthetic_share_of_a_real_run_is_that_of_its_cells(
    real: tuple[Story, list[Row], list[Row]], reference: Path
) -> None:
    cells = json.loads((reference / "cells.json").read_bytes())["cells"]
    judged = [(c["tokens"] - c["abstained_tokens"], c["prior"]) for c in cells]
    total = sum(tokens for tokens, _ in judged)
    share = real[0].total.synthetic
    assert share is not None
    for name, value in (("prior_human", share.value), ("low", share.high), ("high", share.low)):
        assert value == pytest.approx(1 - sum(tokens * prior[name] for tokens, prior in judged) / total, abs=1e-6)


def test_hosts_dates_and_signs_of_a_real_run_are_its_rows(real: tuple[Story, list[Row], list[Row]]) -> None:
    story, rows, _ = real
    hosts = counted(urlsplit(r["url"]).hostname or "" for r in rows)
    assert story.hosts == len(hosts)
    assert {h.host: h.pages for h in story.top_hosts} == hosts
    assert dict(story.dates.fetched) == counted(r["date"][:7] for r in rows)
    assert dict(story.dates.published) == counted(r["published"][:4] for r in rows)
    assert dict(story.abstentions) == counted(r["abstain_reason"] for r in rows if r["abstain_reason"])
    assert dict(story.rules) == counted(rule for r in rows for rule in set(r["rules_failed"]))
    assert dict(story.rights) == counted(right for r in rows for right in set(r["rights"]))
    assert dict(story.evidence) == counted(kind for r in rows for kind in {e["kind"] for e in r["evidence"]})


def test_components_of_a_real_run_have_all_their_pages(real: tuple[Story, list[Row], list[Row]]) -> None:
    story, rows, refused = real
    several = [r for r in rows if r["duplicate_count"] > 1]
    assert several, "the crawl has duplicates"
    assert story.duplicates.components == len(several)
    assert story.duplicates.merged == sum(r["stage"] == "dedup" for r in refused)
    for component in story.duplicates.largest:
        detail = f"keeper={component.kept.id} component={component.component_id}"
        others = sorted((r["target_uri"], r["reason"]) for r in refused if r["detail"] == detail)
        assert component.pages == len(others) + 1
        assert list(component.others) == others[:10]


def test_distributions_of_a_real_run_hold_every_row_once(real: tuple[Story, list[Row], list[Row]]) -> None:
    story, rows, _ = real
    assert tuple(d.column for d in story.distributions) == DISTRIBUTIONS
    for found in story.distributions:
        pairs = [(r[found.column], r["token_count"]) for r in rows if r[found.column] is not None]
        values, tokens = (np.array(column, float) for column in zip(*pairs, strict=True))
        assert found.missing == len(rows) - len(values)
        assert found.pages == tuple(np.histogram(values, found.edges)[0])
        assert found.tokens == tuple(np.histogram(values, found.edges, weights=tokens)[0])
        assert found.mean == pytest.approx(values.mean(), abs=1e-6)
        assert found.quantiles == pytest.approx(np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]), rel=1e-5)
        assert (found.minimum, found.maximum) == pytest.approx((values.min(), values.max()), rel=1e-6)


def test_the_ends_of_a_real_run_are_in_order(real: tuple[Story, list[Row], list[Row]]) -> None:
    story, rows, _ = real
    judged = [r for r in rows if r["human_probability"] is not None]
    human = sorted(judged, key=lambda r: (-r["human_probability"], r["detector_score"], r["id"]))
    machine = sorted(judged, key=lambda r: (r["human_probability"], -r["detector_score"], r["id"]))
    assert [page.id for page in story.most_human] == [r["id"] for r in human[:10]]
    assert [page.id for page in story.most_machine] == [r["id"] for r in machine[:10]]
