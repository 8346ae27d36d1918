"""What a user is told when a job fails, is stopped, or is only written as a template."""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING

import pytest

from tests.dataflow.conftest import said

if TYPE_CHECKING:
    from tests.dataflow.cloud import Cloud
    from tests.dataflow.service import Job

IMAGE = "us-docker.pkg.dev/our-project/firsthand/worker:1"
TRACEBACK = """Traceback (most recent call last):
  File "apache_beam/runners/common.py", line 1498, in process
transforms.errors.InputError: gs://our-bucket/one.warc.gz is damaged [while running 'ExtractSplits-ptransform-12']
"""
PAGE = "https://console.cloud.google.com/dataflow/jobs/us-central1/{}?project=our-project"


@pytest.fixture
def extract(cloud: Cloud) -> list[str]:
    """The command to extract an archive that lies in the bucket, up to Beam's flags."""
    from tests.dataflow.cloud import BUCKET

    cloud.upload("one.warc.gz", b"WARC/1.0\r\n\r\n")
    return ["extract", f"gs://{BUCKET}/one.warc.gz", "--output", f"gs://{BUCKET}/not-run", "--"]


def test_a_job_that_fails_is_told_in_a_line_with_its_cause_and_its_log(cloud: Cloud, extract: list[str]) -> None:
    from tests.dataflow.service import Verdict

    cloud.service.judge = lambda _: Verdict(("JOB_STATE_RUNNING", "JOB_STATE_FAILED"), (TRACEBACK,))
    process = cloud.firsthand(*extract, *cloud.flags("failing"), f"--sdk_container_image={IMAGE}")
    page = PAGE.format(cloud.service.last_id())
    assert process.returncode == 1
    assert said(process.stderr) == [
        f"firsthand: submitted to Dataflow: {page}",
        "firsthand: error: the job failed: transforms.errors.InputError: gs://our-bucket/one.warc.gz is damaged; "
        f"its log: {page}",
    ]
    job = cloud.service.created()[-1]
    assert job["name"] == "failing-extract"
    assert images(job) == [IMAGE]
    assert staged_names(cloud, job) == ["pipeline.pb"]  # the image has the package


def test_a_staging_bucket_that_is_not_there_is_told_at_once(cloud: Cloud, extract: list[str]) -> None:
    before = len(cloud.service.created())
    flags = [*cloud.flags("lost"), f"--sdk_container_image={IMAGE}", "--staging_location=gs://no-such-bucket/staging"]
    process = cloud.firsthand(*extract, *flags)
    assert process.returncode == 1
    [line] = said(process.stderr)
    assert line.startswith("firsthand: error: ")
    assert "there is no bucket no-such-bucket" in line
    assert len(cloud.service.created()) == before


def test_ctrl_c_stops_the_job(cloud: Cloud, extract: list[str]) -> None:
    from tests.dataflow.service import Verdict

    cloud.service.judge = lambda _: Verdict(("JOB_STATE_RUNNING",))
    cloud.service.polled.clear()
    with cloud.start(*extract, *cloud.flags("stopped"), f"--sdk_container_image={IMAGE}") as process:
        assert cloud.service.polled.wait(timeout=120)
        process.send_signal(signal.SIGINT)
        _, stderr = process.communicate(timeout=120)
    assert process.returncode == 130
    assert said(stderr)[1:] == [
        "firsthand: stopping the job",
        "firsthand: interrupted: what is committed stays, the same command goes on from there",
    ]
    asked = [json.loads(request.body) for request in cloud.service.requests if request.method == "PUT"]
    assert asked[-1]["requestedState"] in {"JOB_STATE_CANCELLED", 5}  # the number of that state


def test_what_the_service_refuses_is_told_in_a_line(cloud: Cloud, extract: list[str]) -> None:
    from tests.dataflow.service import Verdict

    why = "Current user cannot act as service account workers@our-project.iam.gserviceaccount.com"
    cloud.service.judge = lambda _: Verdict(refusal=why)
    process = cloud.firsthand(*extract, *cloud.flags("refused"), f"--sdk_container_image={IMAGE}")
    assert process.returncode == 1
    [line] = said(process.stderr)
    assert line.startswith("firsthand: error: the run stopped: Forbidden: 403 ")
    assert why in line


def test_a_template_is_written_and_nothing_runs(cloud: Cloud, extract: list[str]) -> None:
    from tests.dataflow.cloud import BUCKET

    before = len(cloud.service.created())
    place = f"gs://{BUCKET}/templates/extract.json"
    process = cloud.firsthand(
        *extract, *cloud.flags("template"), f"--sdk_container_image={IMAGE}", f"--template_location={place}"
    )
    assert process.returncode == 0
    assert said(process.stderr) == [f"firsthand: the template of the job is in {place}; nothing has run yet"]
    assert len(cloud.service.created()) == before
    template = json.loads(cloud.objects("templates/")["templates/extract.json"])
    assert template["name"] == "template"
    assert images(template) == [IMAGE]
    assert staged_names(cloud, template) == ["pipeline.pb"]
    assert [name for name in cloud.objects("not-run/") if "work" in name]  # the list that the job will read


def images(job: Job) -> list[str]:
    """The container images of the workers."""
    [pool] = job["environment"]["workerPools"]  # type: ignore[index]
    return [image["containerImage"] for image in pool["sdkHarnessContainerImages"]]


def staged_names(cloud: Cloud, job: Job) -> list[str]:
    """The names of the files staged for a job."""
    from tests.dataflow.cloud import staging_of

    return [name.rsplit("/", 1)[1] for name in cloud.objects(staging_of(job))]
