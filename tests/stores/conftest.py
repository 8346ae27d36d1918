"""Two object stores on loopback, each with a bucket; they are processes, as the stores of a user are."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from pipeline.cli import main
from tests.stores.bucket import NAME, Bucket, GoogleBucket, RequestLog, S3Bucket

_NEEDS = {
    "s3": ("boto3", "moto", "flask"),
    "gs": ("google.cloud.storage", "gcp_storage_emulator"),
}
_ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "anyone",
    "AWS_SECRET_ACCESS_KEY": "anything",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def _missing(modules: tuple[str, ...]) -> list[str]:
    found = []
    for module in modules:
        try:
            absent = find_spec(module) is None
        except ImportError:  # a package above it
            absent = True
        found += [module] * absent
    return found


@contextmanager
def _emulator(command: list[str], ready: str) -> Iterator[tuple[re.Match[str], RequestLog]]:
    """A process, from the line of its log that says it is ready to its end; with that line, and the log as it grows."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    log = RequestLog()
    reader = threading.Thread(target=log.follow, args=(process.stdout,))
    try:
        said = next((match for line in process.stdout if (match := re.search(ready, line))), None)
        assert said is not None, f"{command} ended with {process.wait()}"
        reader.start()
        yield said, log
    finally:
        process.kill()
        process.wait()
        if reader.ident:
            reader.join()
        process.stdout.close()


@pytest.fixture(scope="package", params=["s3", "gs"])
def bucket(request: pytest.FixtureRequest) -> Iterator[Bucket]:
    """An empty bucket of each store in turn; skips where its emulator is not installed."""
    missing = _missing(_NEEDS[request.param])
    if missing:
        pytest.skip(f"needs {', '.join(missing)}: pip install 'firsthand[aws,gcp,stores]'")
    with pytest.MonkeyPatch.context() as environment:
        for name, value in _ACCOUNT.items():
            environment.setenv(name, value)
        if request.param == "s3":
            command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"]
            with _emulator(command, r"Running on (http://127\.0\.0\.1:\d+)") as (said, log):
                yield S3Bucket(said[1], log)
        else:
            command = [sys.executable, "-m", "tests.stores.google", NAME]
            with _emulator(command, r"serving (http://127\.0\.0\.1:\d+)") as (said, log):
                environment.setenv("STORAGE_EMULATOR_HOST", said[1])
                yield GoogleBucket(log)


@pytest.fixture(scope="package")
def archives(bucket: Bucket, crawl: Path) -> str:
    """The address of the crawl in the bucket, a folder with brackets in its name."""
    bucket.upload(crawl, "crawl [1]")
    return bucket.address("crawl [1]/")


@pytest.fixture(scope="package")
def finished(bucket: Bucket, archives: str) -> str:
    """The prefix of the output of a run from the bucket into the bucket with two processes; not to be changed."""
    output = bucket.address("finished")
    assert main(["run", archives, "--output", output, "--workers", "2", "--", *bucket.flags]) == 0
    return "finished"
