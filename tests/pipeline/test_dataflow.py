"""What Dataflow would miss in Beam's flags is told at once, each with its cure; jobs have names of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.dataflow import TemplateWritten, console_url, dataflow_problems, job_flags, staging_places
from pipeline.run import source_name
from transforms import errors

GIVEN = {
    "project": "our-project",
    "region": "us-central1",
    "temp_location": "gs://bucket/temp",
    "sdk_container_image": "pkg.dev/worker:1",
}


def found(*, has_checkout: bool = True, **changes: str | None) -> list[str]:
    flags = [f"--{name}={value}" for name, value in (GIVEN | changes).items() if value is not None]
    return dataflow_problems(flags, has_clients=True, has_checkout=has_checkout)


def test_flags_that_say_all_are_accepted() -> None:
    assert found() == []
    assert found(staging_location="gs://bucket/staging", job_name="crawl-2026-01", labels="a=b") == []


def test_everything_that_is_missing_is_told_at_once() -> None:
    lines = dataflow_problems([], has_clients=False, has_checkout=True)
    assert [re.findall(r"firsthand\[gcp\]|--[a-z_]+", line)[0] for line in lines] == [
        "firsthand[gcp]",
        "--project",
        "--region",
        "--temp_location",
        "--sdk_container_image",
    ]


def test_a_zone_is_no_region() -> None:
    assert found(region="europe-west4-b") == [
        "--region=europe-west4-b is a zone: give the region, europe-west4, and --worker_zone if it must be that one"
    ]


@pytest.mark.parametrize("place", ["/tmp/x", "bucket/x", "gs://bucket", "s3://bucket/x", "gs:///x", "gs://Bucket/x"])
@pytest.mark.parametrize("name", ["temp_location", "staging_location", "template_location"])
def test_staging_is_in_a_bucket(name: str, place: str) -> None:
    assert found(**{name: place}) == [f"--{name}={place} is no folder of a bucket: expected gs://BUCKET/PATH"]


@pytest.mark.parametrize("name", ["Crawl", "1crawl", "crawl-", "crawl_1", "c" * 56])
def test_a_name_that_dataflow_would_refuse_is_refused(name: str) -> None:
    [line] = found(job_name=name)
    assert line.startswith(f"--job_name={name}: expected at most 55 of a-z")


@pytest.mark.parametrize("name", ["extra_package", "extra_packages", "requirements_file", "sdk_container_image"])
def test_any_way_to_bring_the_package_will_do(name: str) -> None:
    assert found(**{"sdk_container_image": None, name: "x.tar.gz"}) == []


def test_a_checkout_can_be_sent_and_an_installed_wheel_cannot() -> None:
    [line] = found(sdk_container_image=None, has_checkout=True)
    assert line.endswith("or --setup_file=./setup.py in the checkout")
    [line] = found(sdk_container_image=None, has_checkout=False)
    assert line.endswith("or --extra_package=FILE, its sdist or wheel")


def test_a_setup_file_must_be_there_and_be_named_with_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    [line] = found(setup_file="./setup.py", has_checkout=False)
    assert line.startswith("--setup_file=./setup.py is not there: give --sdk_container_image=IMAGE")
    (tmp_path / "setup.py").touch()
    assert found(setup_file="./setup.py") == []
    assert found(setup_file="setup.py") == ["--setup_file=setup.py names no folder: give --setup_file=./setup.py"]


def test_each_job_of_a_command_has_its_own_name() -> None:
    names = [job_flags(["--job_name=crawl"], stage)[-2] for stage in ("extract", "curate")]
    assert names == ["--job_name=crawl-extract", "--job_name=crawl-curate"]


def test_a_template_is_one_job_and_keeps_its_name() -> None:
    flags = job_flags(["--job_name=crawl", "--template_location=gs://b/t"], "extract")
    assert flags[-2] == "--job_name=crawl"
    assert str(TemplateWritten(flags)) == "the template of the job is in gs://b/t; nothing has run yet"


def test_a_job_without_a_name_gets_one_of_its_own_that_names_no_user() -> None:
    names = {job_flags([], "curate")[-2] for _ in range(20)}
    assert len(names) == 20
    assert all(re.fullmatch(r"--job_name=firsthand-curate-\d{4}-\d{6}-[0-9a-f]{4}", name) for name in names)


def test_staging_places_are_those_that_the_flags_name() -> None:
    assert staging_places(["--temp_location=gs://b/t"]) == ["gs://b/t"]
    assert staging_places(["--temp_location=gs://b/t", "--staging_location", "gs://c/s"]) == ["gs://b/t", "gs://c/s"]


def test_nothing_is_staged_about_what_is_installed_here() -> None:
    assert job_flags(["--experiments=a"], "x")[-1] == "--experiments=disable_logging_submission_environment"


class Submitted:
    """A job that the service accepted."""

    has_job = True

    def job_id(self) -> str:
        return "2026-01-01_00_00_00-1"

    def cancel(self) -> None:
        """Nothing to stop."""


def test_the_console_shows_the_job() -> None:
    page = console_url(["--project=our-project", "--region", "us-central1"], Submitted())
    assert page == (
        "https://console.cloud.google.com/dataflow/jobs/us-central1/2026-01-01_00_00_00-1?project=our-project"
    )


def test_a_pickled_function_names_its_source_as_it_is_imported() -> None:
    assert source_name(errors.__file__) == "transforms/errors.py"
    assert source_name("transforms/errors.py") == "transforms/errors.py"
    assert source_name("/somewhere/else/x.py") == "x.py"
