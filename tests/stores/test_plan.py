"""A plan of archives in a store fetches what its sample looks at, and little more."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from pipeline.config import Config
from pipeline.forecast import Request, forecast
from pipeline.run import check_flags
from tests.stores.bucket import Bucket
from transforms.read.archive import SNIFF_BYTES
from transforms.read.cursor import READ_BYTES

_RANGE = re.compile(r"Making request .*?bytes=(\d+)-(\d+)")


def test_a_window_is_fetched_by_little_more_than_itself(
    bucket: Bucket, crawl: Path, caplog: pytest.LogCaptureFixture
) -> None:
    if bucket.scheme != "s3":
        pytest.skip("only the client of S3 logs which bytes it asks for")
    check_flags(bucket.flags)
    whole = b"".join(path.read_bytes() for path in sorted(crawl.glob("*.warc.gz")))
    bucket.write("large/a.warc.gz", whole * (2 + 4 * READ_BYTES // len(whole)))
    with caplog.at_level(logging.DEBUG, logger="botocore.endpoint"):
        _, sample = forecast([bucket.address("large/a.warc.gz")], Config(), Request(workers=1, share=0.05), say=print)
    told = [_RANGE.search(record.getMessage()) for record in caplog.records]
    asked = [int(match[2]) + 1 - int(match[1]) for match in told if match]
    assert len(asked) >= len(sample.parts)
    assert max(asked) <= max(READ_BYTES, SNIFF_BYTES)
