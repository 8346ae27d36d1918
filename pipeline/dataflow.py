"""What Google Cloud Dataflow wants to know of a job: checked here, before Beam's client asks Google anything."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from pipeline.flags import flag_values

DATAFLOW = frozenset({"dataflow", "testdataflow"})  # what `engine_of` says of it

# Where Beam itself would refuse the value it says less, or only after it has looked for credentials.
_BUCKET_FOLDER = re.compile(r"gs://[a-z0-9][a-z0-9_.-]+[a-z0-9]/.*")
_JOB_NAME = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")  # Dataflow's rule for names of jobs
_ZONE = re.compile(r"([a-z]+-[a-z]+[0-9]+)-[a-z]")
_NAME_LENGTH = 63 - len("-extract")  # of a name the user gives: with the stage it is a label's value, at most 63
_PACKAGES = ("sdk_container_image", "setup_file", "extra_package", "extra_packages", "requirements_file")
_CHECKED = ("project", "region", "temp_location", "staging_location", "template_location", "job_name", *_PACKAGES)
_NEEDED = {
    "project": "--project=ID: the project whose account pays for the job",
    "region": "--region=REGION, such as us-central1: where the workers run, best where the buckets are",
    "temp_location": "--temp_location=gs://BUCKET/PATH: where the job keeps what it needs only while it runs",
}
_SETUP = Path(__file__).parent.parent / "setup.py"


def dataflow_problems(
    flags: Sequence[str], *, has_clients: bool | None = None, has_checkout: bool | None = None
) -> list[str]:
    """All that Dataflow would miss in these flags, a line each with its cure.

    `has_clients`: Google's libraries are installed. `has_checkout`: this code runs from a checkout, so that workers
    can be given it by --setup_file. Both are looked up if not given.
    """
    values = flag_values(flags, *_CHECKED)
    found = []
    if not (_has_clients() if has_clients is None else has_clients):
        found.append("Google's client libraries are not installed: pip install 'firsthand[gcp]'")
    found += [f"Dataflow needs {what}" for name, what in _NEEDED.items() if not values[name]]
    found += _ill_formed(values)
    found += _package_problems(values, checkout=_SETUP.exists() if has_checkout is None else has_checkout)
    return found


def _has_clients() -> bool:
    try:
        return find_spec("google.cloud.dataflow") is not None and find_spec("google.cloud.storage") is not None
    except ImportError:  # not even the package above it
        return False


def _ill_formed(values: Mapping[str, str | None]) -> list[str]:
    found = []
    zone = _ZONE.fullmatch(values["region"] or "")
    if zone:
        found.append(
            f"--region={zone[0]} is a zone: give the region, {zone[1]}, and --worker_zone if it must be that one"
        )
    for name in ("temp_location", "staging_location", "template_location"):
        place = values[name]
        if place and not _BUCKET_FOLDER.fullmatch(place):
            found.append(f"--{name}={place} is no folder of a bucket: expected gs://BUCKET/PATH")
    job = values["job_name"]
    if job and not (_JOB_NAME.fullmatch(job) and len(job) <= _NAME_LENGTH):
        found.append(
            f"--job_name={job}: expected at most {_NAME_LENGTH} of a-z, 0-9 and -, "
            "with a letter first and no - at the end"
        )
    return found


def _package_problems(values: Mapping[str, str | None], *, checkout: bool) -> list[str]:
    """Whether workers get this package: their image has it, or they install it as they start."""
    image = "--sdk_container_image=IMAGE, built by deploy/worker/Dockerfile"
    source = "--setup_file=./setup.py in the checkout" if checkout else "--extra_package=FILE, its sdist or wheel"
    if not any(values[name] for name in _PACKAGES):
        return [f"the workers need firsthand too: give {image}, or {source}"]
    setup = values["setup_file"]
    if setup and not os.path.isfile(setup):
        return [f"--setup_file={setup} is not there: give {image}, or {source}"]
    if setup and not os.path.dirname(setup):  # Beam enters the folder, and "" is none
        return [f"--setup_file={setup} names no folder: give --setup_file=./{setup}"]
    return []


def staging_places(flags: Sequence[str]) -> list[str]:
    """The folders of buckets into which Beam's client puts what a job needs before it asks for the job."""
    values = flag_values(flags, "temp_location", "staging_location")
    return [place for place in values.values() if place]


def job_flags(flags: Sequence[str], stage: str) -> list[str]:
    """The flags for one of the jobs of a command: a name of its own, and nothing about this machine.

    Dataflow refuses a second job of the same name while the first is active. By default Beam would name jobs after the
    user, and would stage a list of what is installed here, with paths. A template keeps its name: it is one job.
    """
    values = flag_values(flags, "job_name", "template_location")
    given = values["job_name"]
    if given is None:
        moment = time.strftime("%m%d-%H%M%S", time.gmtime())
        name = f"firsthand-{stage}-{moment}-{secrets.token_hex(2)}"
    else:
        name = given if values["template_location"] else f"{given}-{stage}"
    return [*flags, f"--job_name={name}", "--experiments=disable_logging_submission_environment"]


class TemplateWritten(Exception):
    """Instead of running, the job was written to where --template_location says."""

    def __init__(self, flags: Sequence[str]) -> None:
        self.location = str(flag_values(flags, "template_location")["template_location"])
        super().__init__(f"the template of the job is in {self.location}; nothing has run yet")


class SubmittedJob(Protocol):
    """What Beam's client returns of a job: without `has_job` it wrote a template instead."""

    has_job: bool

    def job_id(self) -> str:
        """The id that the service gave it."""

    def cancel(self) -> object:
        """Have the service stop it."""


def console_url(flags: Sequence[str], job: SubmittedJob) -> str:
    """Where a person sees how a job does."""
    values = flag_values(flags, "project", "region")
    return (
        f"https://console.cloud.google.com/dataflow/jobs/{values['region']}/{job.job_id()}?project={values['project']}"
    )
