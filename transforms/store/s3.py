"""Amazon S3, and what speaks its protocol."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)

from transforms.errors import StoreError
from transforms.store.objects import Stored, split_address
from transforms.store.ranges import open_ranges

# Between six attempts lies half a minute at most (botocore's standard mode: up to 1, 2, 4, 8 and 16 s); it tries again
# after a lost connection, a time-out, 429, 500, 502, 503 (also SlowDown) and 504. A shorter time-out would give up on
# stores that take their time over the end of a large upload.
_PATIENCE = Config(
    connect_timeout=10,
    read_timeout=60,
    max_pool_connections=32,
    retries={"mode": "standard", "total_max_attempts": 6},
)
_BODIES = 3  # times a body is asked for: botocore tries again until the headers have come, not after
_DELETED_AT_ONCE = 1000  # what DeleteObjects takes
# One request makes the object or leaves nothing. Larger ones go up in parts, of which a killed process leaves what only
# a lifecycle rule sweeps (AbortIncompleteMultipartUpload); boto3 itself aborts an upload that fails.
_UPLOAD = TransferConfig(multipart_threshold=256 << 20, multipart_chunksize=64 << 20, use_threads=False)
_MISSING = {"404", "NoSuchKey"}
_CHANGED = {"412", "PreconditionFailed"}


def connect(settings: dict[str, object]) -> S3Store:
    """A store by the settings of `boto3.client`; what they leave out is looked for where boto3 looks."""
    with _asking("s3://"):
        return S3Store(boto3.session.Session().client("s3", config=_PATIENCE, **settings))


class S3Store:
    """Objects at `s3://` addresses, by one client that threads share."""

    def __init__(self, client: Any) -> None:  # boto3 makes the classes of its clients at run time
        self._client = client

    def list(self, prefix: str) -> Iterator[Stored]:
        """See `ObjectStore`."""
        bucket, key = split_address(prefix)
        with _asking(prefix):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key):
                for entry in page.get("Contents", ()):
                    yield Stored(f"s3://{bucket}/{entry['Key']}", entry["Size"])

    def open(self, address: str, *, chunk: int) -> BinaryIO:
        """See `ObjectStore`: two requests and one a range."""
        bucket, key = split_address(address)
        with _asking(address):
            head = self._client.head_object(Bucket=bucket, Key=key)
        fetch = partial(self._fetch, address, head["ETag"])
        return open_ranges(address, head["ContentLength"], fetch, chunk=chunk)

    def _fetch(self, address: str, etag: str, start: int, end: int) -> bytes:
        bucket, key = split_address(address)
        wanted = {"Bucket": bucket, "Key": key, "Range": f"bytes={start}-{end - 1}", "IfMatch": etag}
        with _asking(address):
            for attempt in range(1, _BODIES + 1):
                try:
                    body: bytes = self._client.get_object(**wanted)["Body"].read()
                    return body
                except (HTTPClientError, IncompleteReadError):
                    if attempt == _BODIES:
                        raise
        raise AssertionError("unreachable")

    def put(self, address: str, file: BinaryIO) -> None:
        """See `ObjectStore`: one request below 256 MiB. The store compares checksums before the object appears."""
        bucket, key = split_address(address)
        file.seek(0)
        with _asking(address):
            self._client.upload_fileobj(file, bucket, key, Config=_UPLOAD)

    def delete(self, addresses: Iterable[str]) -> None:
        """See `ObjectStore`: a request for a thousand of a bucket."""
        buckets: dict[str, list[str]] = {}
        for address in addresses:
            bucket, key = split_address(address)
            buckets.setdefault(bucket, []).append(key)
        for bucket, keys in buckets.items():
            for at in range(0, len(keys), _DELETED_AT_ONCE):
                self._delete(bucket, keys[at : at + _DELETED_AT_ONCE])

    def _delete(self, bucket: str, keys: Sequence[str]) -> None:
        with _asking(f"s3://{bucket}/{keys[0]}"):
            answer = self._client.delete_objects(
                Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True}
            )
        for error in answer.get("Errors", ()):
            raise StoreError(f"s3://{bucket}/{error['Key']} cannot be deleted: {error['Message']} ({error['Code']})")


@contextmanager
def _asking(address: str) -> Iterator[None]:
    """Says in a line what went wrong; an object that is not there is a FileNotFoundError."""
    try:
        yield
    except ClientError as error:
        said = error.response.get("Error", {})
        code = str(said.get("Code", ""))
        if code in _MISSING:
            raise FileNotFoundError(f"no object at {address}") from error
        if code in _CHANGED:
            raise StoreError(f"{address} was replaced while it was read: run the same command again") from error
        raise StoreError(
            f"{address}: {said.get('Message') or 'refused'} ({code}): check the bucket and your credentials"
        ) from error
    except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError, ProfileNotFound) as error:
        raise StoreError(
            f"{address}: {error}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile, or run "
            "where the machine has a role"
        ) from error
    except (BotoCoreError, boto3.exceptions.Boto3Error) as error:
        line = " ".join(str(error).split())
        raise StoreError(f"{address}: {line}: check --s3_endpoint_url and the network") from error
