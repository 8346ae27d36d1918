"""What the real Dataflow client asks of the service, and what workers make of what was staged."""

from __future__ import annotations

import io
import os
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.cli import main
from tests.dataflow.conftest import ROOT, Finished, said
from tests.outputs import corpus

if TYPE_CHECKING:
    from tests.dataflow.cloud import Cloud

_OWN = {"file_path", "warc_file", "config_digest"}  # columns that say where the archives lay


def staged(cloud: Cloud, finished: Finished, number: int) -> dict[str, bytes]:
    """The files staged for a job, by their names without folder."""
    from tests.dataflow.cloud import staging_of

    found = cloud.objects(staging_of(finished.jobs[number]))
    return {name.rsplit("/", 1)[1]: data for name, data in found.items()}


def test_a_run_is_two_jobs_of_different_names_that_succeed(finished: Finished) -> None:
    assert finished.process.returncode == 0, finished.process.stderr
    assert [job["name"] for job in finished.jobs] == ["contract-extract", "contract-curate"]


def test_each_job_is_announced_with_the_page_that_shows_it(finished: Finished) -> None:
    page = "https://console.cloud.google.com/dataflow/jobs/us-central1/2026-01-01_00_00_00-{}?project=our-project"
    *announced, sealed = said(finished.process.stderr)
    assert announced == [f"firsthand: submitted to Dataflow: {page.format(number)}" for number in (1, 2)]
    assert sealed.startswith("firsthand: sealed by ")


def test_workers_with_the_staged_package_alone_make_the_rows_of_a_local_run(
    cloud: Cloud, finished: Finished, tmp_path: Path
) -> None:
    assert main(["run", str(finished.crawl), "--output", str(tmp_path / "out"), "--workers", "1"]) == 0
    shards = [pq.read_table(io.BytesIO(data)) for name, data in cloud.objects("out/corpus/").items()]
    rows = sorted(pa.concat_tables(shards).to_pylist(), key=lambda row: str(row["id"]))
    local = corpus(tmp_path / "out")
    assert len(local) > 10
    assert [{k: v for k, v in row.items() if k not in _OWN} for row in rows] == [
        {k: v for k, v in row.items() if k not in _OWN} for row in local
    ]


@pytest.mark.parametrize(("number", "name"), [(0, "extract.json"), (1, "curate.json")])
def test_the_request_is_that_of_the_golden_file(
    cloud: Cloud, finished: Finished, number: int, name: str, tmp_path: Path
) -> None:
    from tests.dataflow.golden import FOLDER, difference, makers, readable

    got = readable(finished.jobs[number], staged(cloud, finished, number))
    beam, python = makers((FOLDER / name).read_text(encoding="utf-8"))
    if makers(got) != (beam, python):
        pytest.skip(f"golden/{name} is of Beam {beam} ({python})")
    assert not (found := difference(name, got, tmp_path / name)), f"\n{found}"


def test_the_package_holds_every_module_and_the_model(cloud: Cloud, finished: Finished) -> None:
    with tarfile.open(fileobj=io.BytesIO(staged(cloud, finished, 0)["workflow.tar.gz"])) as package:
        held = {name.split("/", 1)[1] for name in package.getnames() if "/" in name}
    paths = [path for top in ("pipeline", "transforms") for path in (cloud.checkout / top).rglob("*")]
    needed = {
        path.relative_to(cloud.checkout).as_posix()
        for path in paths
        if path.suffix == ".py" or path.parent.name == "model"
    }
    assert "transforms/score/model/linear.bin" in needed
    assert needed - held == set()


def test_a_job_does_not_grow_with_the_crawl(cloud: Cloud, finished: Finished) -> None:
    for number, request in enumerate(cloud.service.creations()[:2]):
        graph = staged(cloud, finished, number)["pipeline.pb"]
        assert b"crawl-0000" not in graph
        assert len(graph) < 250_000
        assert len(request.body) < 20_000  # Dataflow takes 10 MB


def test_credentials_are_in_the_header_alone(cloud: Cloud, finished: Finished) -> None:
    from tests.dataflow.cloud import ACCOUNT, secrets_of
    from tests.dataflow.service import TOKEN

    requests = cloud.service.creations()[: len(finished.jobs)]
    assert {request.authorization for request in requests} == {f"Bearer {TOKEN}"}
    told = [request.body.encode() for request in requests] + list(cloud.objects().values())
    for secret in (TOKEN, ACCOUNT, *secrets_of(cloud.credentials)):
        assert not any(secret.encode() in data for data in told)


def test_nothing_names_a_path_of_this_machine(cloud: Cloud, finished: Finished) -> None:
    from tests.dataflow.graph import pickles

    graphs = [staged(cloud, finished, number)["pipeline.pb"] for number in (0, 1)]
    functions = [function for graph in graphs for function in pickles(graph)]
    assert any(b"pipeline/graph.py" in function for function in functions)  # or there was nothing to see
    assert any(b"apache_beam/transforms/core.py" in function for function in functions)
    told = [request.body.encode() for request in cloud.service.creations()[:2]] + graphs + functions
    homes = (ROOT, Path.home(), cloud.checkout.parent, sys.prefix, Path(os.__file__).parent, "site-packages")
    for home in map(str, homes):
        assert not [data for data in told if home.encode() in data], home


def test_nobody_but_the_service_and_the_bucket_is_asked(cloud: Cloud, finished: Finished) -> None:
    assert finished.process.returncode == 0
    # Google's own library asks, beside every token, in which regions the account may be used; it can do without.
    assert set(cloud.service.outside) <= {"iamcredentials.googleapis.com:443"}
